//! What the links of a session lead to: its recording on `YouTube`, a recording on another host, its
//! captions.
//!
//! Pure. A link is told by itself: by `YouTube`'s address, or by the kind of file at its end. Of several
//! files the one is taken whose captions are there, and which most browsers play.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use url::Url;

use crate::schedule::column_names::{NOT_OF_RECORDINGS, RECORDINGS};
use crate::schedule::{Session, video};
use crate::talk::id::VideoId;
use crate::talk::is_media_file;

/// The kinds of files that hold captions and nothing else.
const CAPTIONS: [&str; 9] = [
    "vtt", "srt", "ttml", "dfxp", "sbv", "smi", "ass", "ssa", "srv3",
];
/// What most browsers play, the likeliest first.
const PLAYED: [&str; 3] = ["mp4", "m4v", "webm"];

/// A link to a file of a session: the recording itself, or its captions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinkKind {
    Recording,
    Captions,
}

/// Puts into a session what its links lead to.
#[must_use]
pub(super) fn with_links<'a>(session: Session, links: impl Iterator<Item = &'a str>) -> Session {
    let mut on_youtube = None;
    let mut files: Vec<(LinkKind, Url)> = Vec::new();
    for link in links {
        on_youtube = on_youtube.or_else(|| video(link));
        files.extend(file(link));
    }
    let of = |kind: LinkKind| {
        let files = files.iter().filter(move |(is, _)| *is == kind);
        files.map(|(_, link)| link)
    };
    let has_captions =
        |link: &Url| of(LinkKind::Captions).any(|captions| stem(captions) == stem(link));
    let recording = of(LinkKind::Recording).min_by_key(|link| {
        let played = PLAYED.iter().position(|kind| *kind == extension(link));
        (!has_captions(link), played.unwrap_or(PLAYED.len()))
    });
    let is_of_recording =
        |captions: &Url| recording.is_some_and(|link| stem(link) == stem(captions));
    let captions = of(LinkKind::Captions).min_by_key(|captions| !is_of_recording(captions));
    Session {
        video: on_youtube,
        media: recording.cloned(),
        captions: captions.cloned(),
        ..session
    }
}

/// The links to recordings and captions in an object, whatever its fields are called: those in fields
/// that are called after recordings first. What is in longer texts, or about people, counts not.
pub(super) fn in_object(object: &Value) -> Vec<String> {
    const DEPTH: usize = 5;
    let mut found = Vec::new();
    gather(object, "", DEPTH, &mut found);
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, link)| link).collect()
}

/// Finds links below a field of this name, each with its rank.
fn gather(value: &Value, called: &str, depth: usize, found: &mut Vec<(usize, String)>) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match value {
        Value::String(text) => {
            let rank = rank(called);
            found.extend(link_in(text, called).map(|link| (rank, link)));
        }
        Value::Array(values) => {
            for value in values {
                gather(value, called, depth, found);
            }
        }
        Value::Object(fields) => {
            let label = ["name", "title", "type", "provider", "description"];
            let label = label.iter().find_map(|name| fields.get(*name)?.as_str());
            for (name, value) in fields {
                let name = name.to_lowercase();
                if NOT_OF_RECORDINGS.iter().any(|other| name.contains(other)) {
                    continue;
                }
                // A link is called by its field, by what holds it, or by the label beside it.
                let called = format!(
                    "{called} {name} {}",
                    label.unwrap_or_default().to_lowercase()
                );
                gather(value, &called, depth, found);
            }
        }
        _ => {}
    }
}

/// How little a name says that a recording is behind it: what is live comes last.
pub(super) fn rank(called: &str) -> usize {
    let rank = RECORDINGS.iter().position(|part| called.contains(part));
    let rank = rank.unwrap_or(RECORDINGS.len());
    if called.contains("live") {
        rank + RECORDINGS.len()
    } else {
        rank
    }
}

/// The link to a recording or to captions that a text is, below such a name: the whole of it, the link
/// of a formula or of Markdown, or one among other words where the name is that of recordings. Under
/// the name of an id a bare id is one, too.
pub(super) fn link_in(text: &str, called: &str) -> Option<String> {
    static LINK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"https?://[^\s"'<>()\[\]|]+"#).expect("well-formed"));
    let text = text.trim();
    let is_of_recordings = RECORDINGS.iter().any(|part| called.contains(part));
    let leads_there = |link: &str| video(link).is_some() || is_file(link);
    let is_whole = !text.contains(char::is_whitespace) && leads_there(text);
    if is_whole {
        return Some(text.to_owned());
    }
    if is_of_recordings && called.contains("youtube")
        || called.contains("video") && called.contains("id")
    {
        let id: Option<VideoId> = text.parse().ok();
        if let Some(id) = id {
            return Some(format!("https://youtu.be/{id}"));
        }
    }
    let is_made = text.starts_with('=') || text.starts_with('[');
    let mut links = LINK.find_iter(text).map(|link| link.as_str());
    links
        .find(|link| (is_made || is_of_recordings) && leads_there(link))
        .map(str::to_owned)
}

/// Whether a text is the link of a recording or of captions.
pub(super) fn is_file(text: &str) -> bool {
    file(text).is_some()
}

fn file(link: &str) -> Option<(LinkKind, Url)> {
    let link = Url::parse(link.trim()).ok()?;
    if !matches!(link.scheme(), "http" | "https") || !link.username().is_empty() {
        return None;
    }
    if is_media_file(&link) {
        return Some((LinkKind::Recording, link));
    }
    let is_captions = CAPTIONS.contains(&&*extension(&link));
    is_captions.then_some((LinkKind::Captions, link))
}

fn extension(link: &Url) -> String {
    let extension = link.path().rsplit_once('.');
    extension.map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

/// Host and path without what tells the kinds of one recording's files apart: `talk.av1.webm` and
/// `talk.vtt` are of one.
fn stem(link: &Url) -> (Option<&str>, &str) {
    let path = link.path();
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let end = path[name..].find('.').map_or(path.len(), |dot| name + dot);
    (link.host_str(), &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_told_with_the_captions_that_are_its_own() {
        let of = |links: &[&str]| {
            let session = with_links(Session::default(), links.iter().copied());
            let name = |link: Option<Url>| link.map_or("-".to_owned(), Url::into);
            let on_youtube = session
                .video
                .map_or("-".to_owned(), |video| video.to_string());
            let (media, captions): (String, String) = (name(session.media), name(session.captions));
            format!("{on_youtube} {media} {captions}")
        };
        for (links, expected) in [
            (
                &[
                    "https://v.example/a.av1.webm",
                    "https://v.example/a.mp4",
                    "https://v.example/a.vtt",
                ][..],
                "- https://v.example/a.mp4 https://v.example/a.vtt",
            ),
            (
                &[
                    "https://x.example/demo.mp4",
                    "https://o.example/b.srt",
                    "https://v.example/a.webm",
                    "https://v.example/a.vtt",
                ],
                "- https://v.example/a.webm https://v.example/a.vtt",
            ),
            (
                &[
                    "https://youtu.be/AAAAAAAAA00",
                    "https://v.example/slides.pdf",
                    "https://v.example/a.VTT?v=2",
                ],
                "AAAAAAAAA00 - https://v.example/a.VTT?v=2",
            ),
            (
                &[
                    "file:///etc/passwd.vtt",
                    "https://me:x@v.example/a.mp4",
                    "a.mp4",
                ],
                "- - -",
            ),
        ] {
            assert_eq!(of(links), expected, "{links:?}");
        }
    }
}
