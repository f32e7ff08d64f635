//! `id`, `video` and `captions` of a talk: where its recording is, on `YouTube` or on another host, and
//! where its captions are.
//!
//! Links to other hosts are http or https, carry no password, and hold no quote that could end the
//! attribute of a page.

use std::collections::HashMap;

use toml::Spanned;
use url::{Host, Url};

use crate::catalog::Entry;
use crate::catalog::problem::Problem;
use crate::catalog::raw::RawTalk;
use crate::talk::id::VideoId;
use crate::talk::list::names_a_list;

/// Where a recording is.
pub(super) struct RecordingPlace {
    pub(super) video: VideoId,
    /// Its link, if it is not on `YouTube`.
    pub(super) recording: Option<Url>,
    /// The link of its captions, if they come by one.
    pub(super) captions: Option<Url>,
}

/// The links of the recordings that were met before, and of their captions.
pub(super) type Recordings = HashMap<VideoId, [Option<Url>; 2]>;

/// Reads where the recording of a talk is.
pub(super) fn place(raw: &RawTalk) -> Result<RecordingPlace, (String, Option<String>)> {
    let id = (!raw.id.is_empty()).then(|| id(&raw.id)).transpose()?;
    let on_youtube = raw.video.as_deref();
    let on_youtube = on_youtube.and_then(|video| VideoId::from_id_or_link(video).ok());
    let recording = match &raw.video {
        Some(video) if on_youtube.is_none() => Some(link("video", video)?),
        _ => None,
    };
    let captions = raw.captions.as_deref();
    let captions = captions.map(|text| link("captions", text)).transpose()?;
    let Some(recording) = recording else {
        return place_on_youtube(id, on_youtube, captions);
    };
    if raw.title.is_none() {
        let text = format!("the talk at {recording} has no `title`");
        let hint = "add one: only YouTube is asked for titles";
        return Err((text, Some(hint.to_owned())));
    }
    Ok(RecordingPlace {
        video: id.unwrap_or_else(|| VideoId::of_link(&recording)),
        recording: Some(recording),
        captions,
    })
}

fn place_on_youtube(
    id: Option<VideoId>,
    video: Option<VideoId>,
    captions: Option<Url>,
) -> Result<RecordingPlace, (String, Option<String>)> {
    if let (Some(id), Some(video)) = (&id, &video)
        && id != video
    {
        let text = format!("`id` and `video` name two videos, `{id}` and `{video}`");
        return Err((text, None));
    }
    let Some(video) = id.or(video) else {
        return Err((
            "the talk has no `id`".to_owned(),
            Some(
                "add `id = \"…\"`, or `video = \"https://…\"` where it is not on YouTube"
                    .to_owned(),
            ),
        ));
    };
    Ok(RecordingPlace {
        video,
        recording: None,
        captions,
    })
}

/// An id, or a link to a video on `YouTube`.
fn id(text: &str) -> Result<VideoId, (String, Option<String>)> {
    VideoId::from_id_or_link(text).map_err(|error| {
        let link = text.trim();
        if names_a_list(text) {
            let error = format!("`{link}` is a playlist, and a talk is one video");
            let hint =
                format!("take it out and run `proceedings init \"{link}\"`, which adds its videos");
            return (error, Some(hint));
        }
        let is_link = link.starts_with("http://") || link.starts_with("https://");
        let hint =
            "write a recording on another host as `{ video = \"https://…\", title = \"…\" }`";
        (error.to_string(), is_link.then(|| hint.to_owned()))
    })
}

/// A link that may stand on a page.
fn link(key: &str, text: &str) -> Result<Url, (String, Option<String>)> {
    // A quote may stand in an address as it is, and would end the attribute that the address is in.
    let link = Url::parse(&text.trim().replace('\'', "%27")).ok();
    let is_web = |link: &Url| matches!(link.scheme(), "http" | "https") && link.has_host();
    let Some(link) = link.filter(is_web) else {
        let text = format!("`{key}` is no http or https link: `{text}`");
        let file = if key == "captions" { "vtt" } else { "mp4" };
        let hint = format!("write a whole link, such as `https://media.example/talk.{file}`");
        return Err((text, Some(hint)));
    };
    if !link.username().is_empty() || link.password().is_some() {
        let text = format!("the link in `{key}` holds a user name or a password");
        let hint = "use a link that everybody may open; no password is sent";
        return Err((text, Some(hint.to_owned())));
    }
    Ok(link)
}

/// A host by its name or address, as links have it.
pub(super) fn host(text: &Spanned<String>) -> Result<String, Problem> {
    let name = text.get_ref().trim();
    let host = Host::parse(name).map(|host| host.to_string());
    host.map_err(|_| {
        let problem = format!("`{name}` is no name of a host");
        let hint =
            "write it without `http://` and without a port, such as `media.intranet.example`";
        Problem::new(text.span(), problem).with_hint(hint)
    })
}

/// Sees to it that all parts of a recording say the same about where it is, and its captions.
pub(super) fn check_parts(known: &mut Recordings, entry: &Entry) -> Result<(), String> {
    let links = [entry.recording.clone(), entry.captions.clone()];
    let video = &entry.id.video;
    let Some(others) = known.get(video) else {
        known.insert(video.clone(), links);
        return Ok(());
    };
    for (key, (link, other)) in ["video", "captions"].iter().zip(links.iter().zip(others)) {
        if link != other {
            return Err(format!("the parts of `{video}` differ in `{key}`"));
        }
    }
    Ok(())
}
