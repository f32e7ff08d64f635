//! How videos and talks are known, and the links that lead to them.
//!
//! Ids are parsed once, at the edge, and safe in paths, links and anchors from then on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use url::Url;

use crate::talk::{clock, parse_clock};

/// The id that `YouTube` gives a video: eleven letters, digits, `-` or `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VideoId(String);

/// How a talk is known: by its video, or by its video and where it starts in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TalkId {
    /// The recording.
    pub video: VideoId,
    /// Seconds into the recording, for a part of it.
    pub start: Option<u64>,
}

/// A text that was to be a video id or a link to a video, and is neither.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video")]
pub struct MalformedId(pub String);

impl VideoId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a bare id or one of the links to a video: `watch?v=`, `youtu.be/`, `/live/`, `/shorts/`,
    /// `/embed/` and their like, with or without a scheme, or one that leads there by way of another
    /// site.
    pub fn from_id_or_link(text: &str) -> Result<Self, MalformedId> {
        let text = text.trim();
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let malformed = || MalformedId(text.to_owned());
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&with_scheme).map_err(|_| malformed())?;
        in_link(&url, DETOURS).ok_or_else(malformed)
    }

    /// The id of a recording that is not on `YouTube`, made of its link: the same link has the same
    /// id for ever. Its last letter is one that no id of `YouTube`'s ends with, and no two such ids
    /// differ only in case.
    #[must_use]
    pub fn of_link(link: &Url) -> Self {
        let digest = Sha256::digest(link.as_str());
        let bits = digest[..8]
            .iter()
            .fold(0, |bits: u64, byte| bits << 8 | u64::from(*byte));
        let letters = (1..=LETTERS_OF_DIGEST).map(|nth| {
            let letter = bits >> (64 - 5 * nth) & 31;
            char::from(DIGEST_LETTERS[usize::try_from(letter).unwrap_or_default()])
        });
        Self(letters.chain([LAST_LETTER]).collect())
    }
}

/// The letters of a digest in the id of a link, five bits each.
const DIGEST_LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const LETTERS_OF_DIGEST: u32 = 10;
/// An id of `YouTube`'s is a number of 64 bits, so only every fourth letter can be its last.
const LAST_LETTER: char = 'x';

/// By way of so many other sites a link may lead.
const DETOURS: usize = 4;
/// What looks like an id in a link and stands for a list.
const LISTS: [&str; 2] = ["videoseries", "live_stream"];
/// What other sites call the link that they lead to.
const TARGETS: [&str; 9] = [
    "u", "q", "url", "next", "continue", "src", "z", "target", "redirect",
];
/// Pages of `YouTube` that only lead on.
const DETOURING: [&str; 4] = ["redirect", "attribution_link", "oembed", "signin"];

/// The id in a link, or in the one that it leads to.
fn in_link(url: &Url, detours: usize) -> Option<VideoId> {
    let own = own_id(url);
    own.or_else(|| {
        let detours = detours.checked_sub(1)?;
        targets(url).find_map(|target| in_link(&target, detours))
    })
}

/// The id of the video whose page or picture a link is.
fn own_id(url: &Url) -> Option<VideoId> {
    let host = url.host_str().unwrap_or_default();
    let is_host = |known: &str| host == known || host.ends_with(&format!(".{known}"));
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    let segments: Vec<&str> = segments
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let is_short = ["youtu.be", "y2u.be", "yt.be"]
        .iter()
        .any(|known| is_host(known));
    let is_page = is_youtube(host) || is_short;
    let is_player = is_page || is_other_player(host);
    let candidate = match segments[..] {
        ["vi" | "vi_webp" | "an_webp", id, ..]
            if is_host("ytimg.com") || is_host("youtube.com") =>
        {
            Some(id.to_owned())
        }
        ["video", id, ..] if is_page || host == "studio.youtube.com" => Some(id.to_owned()),
        [
            "live" | "shorts" | "embed" | "v" | "e" | "watch" | "podcast",
            id,
            ..,
        ] if is_player => Some(id.to_owned()),
        [page, ..] if DETOURING.contains(&page) => None,
        [id, ..] if is_short || is_other_player(host) => Some(id.to_owned()),
        _ => None,
    };
    let by_query = || is_player.then(|| video_in_query(url)).flatten();
    let is_detour = segments
        .first()
        .is_some_and(|page| DETOURING.contains(page));
    let id = candidate.and_then(|text| id_before_rest(&text));
    id.or_else(|| by_query().filter(|_| !is_detour))
}

/// The id that a link names as `v=`, in whatever case, also where its equals sign is encoded.
fn video_in_query(url: &Url) -> Option<VideoId> {
    let mut pairs = url.query_pairs();
    pairs.find_map(|(key, value)| {
        let key = key.trim_start_matches("amp;");
        let value = match key.split_once('=') {
            Some((key, value)) if key.eq_ignore_ascii_case("v") => value.to_owned(),
            _ if key.eq_ignore_ascii_case("v") || key == "vi" => value.into_owned(),
            _ => return None,
        };
        id_before_rest(value.trim())
    })
}

/// The links that a link leads to: in its query, behind its `#`, in its path.
fn targets(url: &Url) -> impl Iterator<Item = Url> {
    let base = Url::parse("https://www.youtube.com/").ok();
    let named = TARGETS.iter().filter_map(|wanted| {
        let mut pairs = url.query_pairs();
        let (_, target) = pairs.find(|(key, _)| key == wanted)?;
        Some(target.into_owned())
    });
    let is_own = url.host_str().is_some_and(is_youtube);
    let behind = url.fragment().filter(|_| is_own).map(|page| {
        let page = page.trim_start_matches(['!', '/']);
        let is_query = page.starts_with("v=");
        let page = page.rsplit_once("p/u/").map_or(page, |(_, played)| played);
        let id = page.rsplit('/').next().unwrap_or_default();
        match (is_query, id.parse::<VideoId>()) {
            (true, _) => format!("watch?{page}"),
            (false, Ok(id)) => format!("watch?v={id}"),
            (false, Err(_)) => page.to_owned(),
        }
    });
    let path = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy();
    let in_path = path
        .find("http")
        .filter(|_| path.contains("://"))
        .map(|at| {
            let query = url
                .query()
                .map(|query| format!("?{query}"))
                .unwrap_or_default();
            format!("{}{query}", &path[at..])
        });
    let encoded = (is_own && path.contains('?')).then(|| path.clone().into_owned());
    let targets: Vec<String> = named.chain(behind).chain(in_path).chain(encoded).collect();
    targets
        .into_iter()
        .filter_map(move |target| base.as_ref()?.join(&target).ok())
}

/// Whether a host is `YouTube`'s, also under the name of a country.
fn is_youtube(host: &str) -> bool {
    const HOSTS: [&str; 4] = [
        "youtube.com",
        "youtube-nocookie.com",
        "youtubekids.com",
        "youtube.googleapis.com",
    ];
    let is_host = |known: &str| {
        host == known
            || host
                .strip_suffix(known)
                .is_some_and(|above| above.ends_with('.'))
    };
    let of_country = || {
        let name = host.strip_prefix("www.").unwrap_or(host);
        let country = name.strip_prefix("youtube.")?;
        let country = country.strip_prefix("com.").unwrap_or(country);
        Some(country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_lowercase()))
    };
    (HOSTS.iter().any(|known| is_host(known)) || of_country() == Some(true))
        && !host.starts_with("studio.")
}

/// Whether a host is one of the other players of `YouTube`'s videos, which link as it does.
fn is_other_player(host: &str) -> bool {
    ["yewtu.be", "farside.link"].contains(&host)
        || ["invidious.", "inv.", "piped.", "redirect.invidious."]
            .iter()
            .any(|name| host.starts_with(name))
}

/// An id, whatever a careless copy has left behind it.
fn id_before_rest(text: &str) -> Option<VideoId> {
    let is_of_id = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let id = text.split(|letter| !is_of_id(letter)).next()?;
    id.parse().ok().filter(|_| !LISTS.contains(&id))
}

impl FromStr for VideoId {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        let is_id = text.len() == 11
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if is_id {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedId(text.to_owned()))
        }
    }
}

impl TryFrom<String> for VideoId {
    type Error = MalformedId;

    fn try_from(text: String) -> Result<Self, MalformedId> {
        text.parse()
    }
}

impl From<VideoId> for String {
    fn from(id: VideoId) -> Self {
        id.0
    }
}

impl fmt::Display for VideoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TalkId {
    /// A talk that is a whole video.
    #[must_use]
    pub fn whole(video: VideoId) -> Self {
        Self { video, start: None }
    }

    /// Reads an id or a link to a video, with `@1:02:30` behind it for a part of the video.
    pub fn from_id_or_link(text: &str) -> Result<Self, MalformedId> {
        let part = text.rsplit_once('@');
        let part = part.and_then(|(video, start)| Some((video, parse_clock(start)?)));
        let (video, start) = part.map_or((text, None), |(video, start)| (video, Some(start)));
        match VideoId::from_id_or_link(video) {
            Ok(video) => Ok(Self { video, start }),
            Err(_) => Err(MalformedId(text.to_owned())),
        }
    }

    /// Where it is on `YouTube`.
    #[must_use]
    pub(super) fn url(&self) -> String {
        match self.start {
            None => format!("https://www.youtube.com/watch?v={}", self.video),
            Some(start) => self.url_at(start),
        }
    }

    /// Where a moment of it is on `YouTube`, given in seconds of the recording.
    #[must_use]
    pub(super) fn url_at(&self, seconds: u64) -> String {
        format!(
            "https://www.youtube.com/watch?v={}&t={seconds}s",
            self.video
        )
    }
}

/// `jAtrviDGpwE`, or `E98Pv36f0YI@1:02:30` for a part of a video.
impl fmt::Display for TalkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.start {
            None => self.video.fmt(f),
            Some(start) => write!(f, "{}@{}", self.video, clock(start)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_links_name_the_same_video() {
        for text in [
            "-cBplHNM4RA",
            "https://www.youtube.com/watch?v=-cBplHNM4RA",
            "https://youtube.com/watch?list=PLx&v=-cBplHNM4RA&t=3s",
            "https://youtu.be/-cBplHNM4RA?si=abc",
            "youtu.be/-cBplHNM4RA",
            "m.youtube.com/live/-cBplHNM4RA",
            " https://www.youtube.com/shorts/-cBplHNM4RA ",
            "https://www.youtube-nocookie.com/embed/-cBplHNM4RA",
            "https://www.youtube.com/e/-cBplHNM4RA",
            "https://www.youtube.com/?v=-cBplHNM4RA",
            "https://www.youtube.com/watch/-cBplHNM4RA",
            "https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D-cBplHNM4RA%26feature%3Dshare",
            "https://www.google.com/url?q=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D-cBplHNM4RA&sa=D",
            "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2F-cBplHNM4RA",
            "https://www.youtube.com/watch?v=-cBplHNM4RA&amp;t=538s",
            "https://www.youtube.com/watch?v=-cBplHNM4RA%26t%3D5s",
            "https://youtu.be/-cBplHNM4RA.",
            "https://i.ytimg.com/vi/-cBplHNM4RA/hqdefault.jpg",
            "https://yewtu.be/watch?v=-cBplHNM4RA",
            "https://youtube.googleapis.com/v/-cBplHNM4RA",
            "https://studio.youtube.com/video/-cBplHNM4RA/edit",
            "https://gaming.youtube.com/watch?v=-cBplHNM4RA",
            "https://www.youtubekids.com/watch?v=-cBplHNM4RA",
            "https://youtu.be/live/-cBplHNM4RA?si=x",
            "https://youtu.be/watch?v=-cBplHNM4RA",
            "https://www.youtube.com/Watch?V=-cBplHNM4RA",
            "https://www.youtube.com/watch?vi=-cBplHNM4RA",
            "https://www.youtube.com/watch#v=-cBplHNM4RA",
            "https://www.youtube.com/#!/watch?v=-cBplHNM4RA",
            "https://www.youtube.com/user/TinyConf#p/u/1/-cBplHNM4RA",
            "https://www.youtube.com/watch%3Fv%3D-cBplHNM4RA",
            "https://www.youtube.com/live_chat?is_popout=1&v=-cBplHNM4RA",
            "https://www.youtube.com/signin?next=%2Fwatch%3Fv%3D-cBplHNM4RA",
            "https://consent.youtube.com/m?continue=https%3A%2F%2Fyoutu.be%2F-cBplHNM4RA",
            "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2F-cBplHNM4RA&v=rustyCache1",
            "https://web.archive.org/web/2020/https://www.youtube.com/watch?v=-cBplHNM4RA",
            "https://piped.video/embed/-cBplHNM4RA",
            "https://www.youtube.de/watch?v=-cBplHNM4RA",
        ] {
            assert_eq!(
                VideoId::from_id_or_link(text).unwrap().as_str(),
                "-cBplHNM4RA",
                "{text}"
            );
        }
        assert_eq!(
            VideoId::from_id_or_link("_9xohmSa2G8").unwrap().as_str(),
            "_9xohmSa2G8"
        );
    }

    #[test]
    fn a_link_to_another_host_has_one_id_for_ever() {
        for (link, id) in [
            (
                "https://video.example.org/2025/janson/welcome.mp4",
                "uu7lxzaphmx",
            ),
            (
                "https://video.example.org/2025/janson/welcome.webm",
                "tq5r6xjqz5x",
            ),
        ] {
            let made = VideoId::of_link(&link.parse().unwrap());
            assert_eq!(made.as_str(), id);
            assert_eq!(made.as_str().parse(), Ok(made));
        }
    }

    #[test]
    fn a_part_is_read_as_it_is_written() {
        for (text, talk) in [
            ("E98Pv36f0YI", "E98Pv36f0YI"),
            ("E98Pv36f0YI@1:02:30", "E98Pv36f0YI@1:02:30"),
            ("E98Pv36f0YI@3750", "E98Pv36f0YI@1:02:30"),
            ("https://youtu.be/E98Pv36f0YI@0", "E98Pv36f0YI@0:00"),
        ] {
            assert_eq!(TalkId::from_id_or_link(text).unwrap().to_string(), talk);
        }
        for text in [
            "@1:02:30",
            "E98Pv36f0YI@",
            "E98Pv36f0YI@noon",
            "youtube.com/@12",
        ] {
            assert!(TalkId::from_id_or_link(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "abc",
            "twelveletter",
            "../../../etc",
            "https://example.com/watch?v=-cBplHNM4RA",
            "https://example.com/-cBplHNM4RA",
            "https://notyoutube.com/embed/-cBplHNM4RA",
            "https://www.youtube.com/embed/videoseries?list=PLx",
            "https://www.youtube.com/embed/live_stream?channel=UCx",
            "https://www.youtube.com/@channel",
            "jAtrviDGpw/",
        ] {
            assert!(VideoId::from_id_or_link(text).is_err(), "{text}");
        }
    }
}
