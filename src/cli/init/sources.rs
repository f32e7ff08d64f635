//! What `init` is given to start from: links, ids or a file of them, which `id_list.rs` reads.
//!
//! Every way in which `YouTube` writes its links is understood. Where one leads to no videos, the
//! error says which one to give.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use url::Url;

use crate::cli::ending::Failure;
use crate::cli::init::described::seconds;
use crate::cli::init::id_list;
use crate::talk::id::{MalformedId, VideoId};
use crate::talk::list::{is_playlist_id, is_youtube, link, playlist_of};

/// How the ids of mixes begin, which are made up for each visitor beside a video.
const MIX: &str = "RD";

/// What a source turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum VideoSource {
    Video {
        video: VideoId,
        /// The playlist that the link names besides.
        playlist: Option<String>,
        /// The moment that the link leads to, in seconds.
        start: Option<u64>,
    },
    /// The link of a list of videos.
    List(String),
    /// The link of a list that a file names among videos, which are worth having without it.
    ListAmongVideos(String),
}

/// Reads what stands on the command line and in a file of ids.
pub(super) fn sources(texts: &[String], ids: Option<&Path>) -> Result<Vec<VideoSource>, Failure> {
    let texts = texts.iter().map(|text| with_each_video(text));
    let texts: Vec<String> = texts
        .flat_map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let given = texts.iter().map(|text| {
        source(text).map_err(|error| Failure::usage(error.to_string(), Some(error.hint())))
    });
    let mut sources: Vec<VideoSource> = given.collect::<Result<_, Failure>>()?;
    if let Some(path) = ids {
        sources.extend(id_list::read(path)?);
    }
    Ok(sources)
}

/// A text in which a link of the kind `watch_videos?video_ids=` is replaced by one for each video.
pub(super) fn with_each_video(text: &str) -> Cow<'_, str> {
    static SEVERAL: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r#"[^\s"'<>()]*watch_videos\?(?:[^\s"'<>()]*&)?video_ids=([\w%,-]+)[^\s"'<>()]*"#;
        Regex::new(pattern).expect("the pattern is valid")
    });
    SEVERAL.replace_all(text, |found: &Captures<'_>| {
        let ids = found[1].replace("%2C", ",").replace("%2c", ",");
        let ids = ids.split(',').filter(|id| !id.is_empty());
        let links = ids.map(|id| format!("https://youtu.be/{id}"));
        links.collect::<Vec<_>>().join(" ")
    })
}

/// A text that leads to no videos.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoSource {
    /// It is no link and no id.
    #[error(transparent)]
    Malformed(#[from] MalformedId),
    /// It leads elsewhere.
    #[error("`{0}` is no link of YouTube")]
    OtherSite(String),
    /// It leads to the playlists of a channel.
    #[error("`{0}` is a list of playlists, not of videos")]
    Playlists(String),
    /// It leads to a page of `YouTube` without videos.
    #[error("`{0}` leads to no videos")]
    NoVideos(String),
}

impl NoSource {
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::Malformed(_) => {
                "a playlist is given as its link; an id that begins with `-` stands after `--`"
            }
            Self::OtherSite(_) => {
                "only recordings on YouTube can be listed; a file of ids is given with `--ids FILE`"
            }
            Self::Playlists(_) => {
                "open the conference's playlist there and give its own link, https://www.youtube.com/playlist?list=…"
            }
            Self::NoVideos(_) => {
                "give the link of a playlist, https://www.youtube.com/playlist?list=…, or of a channel's videos, https://www.youtube.com/@NAME/videos"
            }
        }
    }
}

/// What a link or an id leads to.
pub(super) fn source(text: &str) -> Result<VideoSource, NoSource> {
    let text = text.trim();
    if is_playlist_id(text) {
        return Ok(VideoSource::List(playlist(text)));
    }
    let link = link(text);
    let list = link
        .as_ref()
        .filter(|link| is_youtube(link))
        .and_then(playlist_of);
    match (VideoId::from_id_or_link(text), list, link) {
        (Ok(video), list, link) => {
            let list = list.filter(|id| !id.starts_with(MIX));
            let playlist = list.as_deref().map(playlist);
            let start = link.as_ref().and_then(start_of);
            Ok(VideoSource::Video {
                video,
                playlist,
                start,
            })
        }
        (Err(_), Some(list), _) => Ok(VideoSource::List(playlist(&list))),
        (Err(_), None, Some(link)) if is_youtube(&link) => channel(text, &link),
        (Err(_), None, Some(_)) => Err(NoSource::OtherSite(text.to_owned())),
        (Err(malformed), None, None) => Err(malformed.into()),
    }
}

/// The moment that a link leads to, in seconds.
fn start_of(link: &Url) -> Option<u64> {
    let mut pairs = link.query_pairs();
    let named = pairs.find(|(key, _)| matches!(key.trim_start_matches("amp;"), "t" | "start"));
    let named = named.map(|(_, value)| value.into_owned());
    let named = named.or_else(|| Some(link.fragment()?.strip_prefix("t=")?.to_owned()));
    seconds(&named?)
}

/// A link to a channel, or to one of its tabs.
fn channel(text: &str, link: &Url) -> Result<VideoSource, NoSource> {
    let segments: Vec<&str> = link.path_segments().into_iter().flatten().collect();
    let (channel, tab) = match segments[..] {
        [handle, ref tab @ ..] if handle.starts_with('@') => (handle.to_owned(), tab),
        [kind @ ("c" | "channel" | "user"), name, ref tab @ ..] => (format!("{kind}/{name}"), tab),
        ["watch" | "shorts" | "live" | "embed" | "v", ..] => {
            return Err(MalformedId(text.to_owned()).into());
        }
        _ => return Err(NoSource::NoVideos(text.to_owned())),
    };
    let list = |tab: &str| VideoSource::List(format!("https://www.youtube.com/{channel}/{tab}"));
    match tab.first().copied().unwrap_or_default() {
        "" | "featured" | "videos" => Ok(list("videos")),
        tab @ ("streams" | "shorts") => Ok(list(tab)),
        "playlists" | "podcasts" | "releases" | "courses" => {
            Err(NoSource::Playlists(text.to_owned()))
        }
        _ => Err(NoSource::NoVideos(text.to_owned())),
    }
}

fn playlist(id: &str) -> String {
    format!("https://www.youtube.com/playlist?list={id}")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn every_link_of_youtube_is_understood() {
        let read = |text: &&str| {
            let source = match source(text) {
                Ok(VideoSource::Video {
                    video,
                    playlist: None,
                    ..
                }) => format!("video {video}"),
                Ok(VideoSource::Video {
                    video,
                    playlist: Some(list),
                    ..
                }) => format!("video {video} of {list}"),
                Ok(VideoSource::List(link) | VideoSource::ListAmongVideos(link)) => {
                    format!("list {link}")
                }
                Err(error) => error.to_string(),
            };
            format!("{text} -> {source}\n")
        };
        let texts = [
            "rustyCache1",
            "https://youtu.be/-cBplHNM4RA?si=x",
            "https://www.youtube.com/watch?v=-cBplHNM4RA&list=PLtinyconf2024&index=3",
            "https://www.youtube.com/watch?v=-cBplHNM4RA&list=RD-cBplHNM4RA",
            "https://www.youtube.com/watch?list=PLtinyconf2024",
            "https://m.youtube.com/playlist?list=PLtinyconf2024&si=x",
            "youtube.com/playlist?list=PLtinyconf2024",
            "PLtinyconf2024",
            "https://www.youtube.com/playlist?list=PLtiny26abc",
            "https://www.youtube.com/playlist?list=PL26",
            "https://www.youtube.com/playlist?list=WL",
            "https://www.youtube.com/playlist?list=",
            "https://www.youtube.com/playlist?list=../etc",
            "PLtiny26abc",
            "https://www.youtube.com/playlist",
            "https://www.youtube.com/@tinyconf",
            "@tinyconf",
            "https://www.youtube.com/@tinyconf/featured",
            "https://www.youtube.com/@tinyconf/streams?view=0",
            "https://www.youtube.com/@tinyconf/playlists",
            "https://www.youtube.com/c/TinyConf/videos/",
            "https://www.youtube.com/channel/UCabc/podcasts",
            "https://www.youtube.com/@tinyconf/about",
            "https://www.youtube.com/",
            "https://youtu.be/short",
            "https://vimeo.com/123456789",
            "https://notyoutube.com/playlist?list=PLtinyconf2024",
            "https://www.youtube.com/watch?v=abc",
            "htps://www.youtube.com/@tinyconf",
            "talks.txt",
            "nonsense",
            "",
        ];
        expect![[r#"
            rustyCache1 -> video rustyCache1
            https://youtu.be/-cBplHNM4RA?si=x -> video -cBplHNM4RA
            https://www.youtube.com/watch?v=-cBplHNM4RA&list=PLtinyconf2024&index=3 -> video -cBplHNM4RA of https://www.youtube.com/playlist?list=PLtinyconf2024
            https://www.youtube.com/watch?v=-cBplHNM4RA&list=RD-cBplHNM4RA -> video -cBplHNM4RA
            https://www.youtube.com/watch?list=PLtinyconf2024 -> list https://www.youtube.com/playlist?list=PLtinyconf2024
            https://m.youtube.com/playlist?list=PLtinyconf2024&si=x -> list https://www.youtube.com/playlist?list=PLtinyconf2024
            youtube.com/playlist?list=PLtinyconf2024 -> list https://www.youtube.com/playlist?list=PLtinyconf2024
            PLtinyconf2024 -> list https://www.youtube.com/playlist?list=PLtinyconf2024
            https://www.youtube.com/playlist?list=PLtiny26abc -> list https://www.youtube.com/playlist?list=PLtiny26abc
            https://www.youtube.com/playlist?list=PL26 -> list https://www.youtube.com/playlist?list=PL26
            https://www.youtube.com/playlist?list=WL -> list https://www.youtube.com/playlist?list=WL
            https://www.youtube.com/playlist?list= -> `https://www.youtube.com/playlist?list=` leads to no videos
            https://www.youtube.com/playlist?list=../etc -> `https://www.youtube.com/playlist?list=../etc` leads to no videos
            PLtiny26abc -> video PLtiny26abc
            https://www.youtube.com/playlist -> `https://www.youtube.com/playlist` leads to no videos
            https://www.youtube.com/@tinyconf -> list https://www.youtube.com/@tinyconf/videos
            @tinyconf -> list https://www.youtube.com/@tinyconf/videos
            https://www.youtube.com/@tinyconf/featured -> list https://www.youtube.com/@tinyconf/videos
            https://www.youtube.com/@tinyconf/streams?view=0 -> list https://www.youtube.com/@tinyconf/streams
            https://www.youtube.com/@tinyconf/playlists -> `https://www.youtube.com/@tinyconf/playlists` is a list of playlists, not of videos
            https://www.youtube.com/c/TinyConf/videos/ -> list https://www.youtube.com/c/TinyConf/videos
            https://www.youtube.com/channel/UCabc/podcasts -> `https://www.youtube.com/channel/UCabc/podcasts` is a list of playlists, not of videos
            https://www.youtube.com/@tinyconf/about -> `https://www.youtube.com/@tinyconf/about` leads to no videos
            https://www.youtube.com/ -> `https://www.youtube.com/` leads to no videos
            https://youtu.be/short -> `https://youtu.be/short` leads to no videos
            https://vimeo.com/123456789 -> `https://vimeo.com/123456789` is no link of YouTube
            https://notyoutube.com/playlist?list=PLtinyconf2024 -> `https://notyoutube.com/playlist?list=PLtinyconf2024` is no link of YouTube
            https://www.youtube.com/watch?v=abc -> `https://www.youtube.com/watch?v=abc` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
            htps://www.youtube.com/@tinyconf -> `htps://www.youtube.com/@tinyconf` is no link of YouTube
            talks.txt -> `talks.txt` is no link of YouTube
            nonsense -> `nonsense` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
             -> `` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
        "#]]
        .assert_eq(&texts.iter().map(read).collect::<String>());
    }

    #[test]
    fn a_link_of_several_videos_is_one_for_each() {
        let each = "https://youtu.be/-cBplHNM4RA https://youtu.be/rustyCache1";
        for link in [
            "https://www.youtube.com/watch_videos?video_ids=-cBplHNM4RA,rustyCache1",
            "youtube.com/watch_videos?video_ids=-cBplHNM4RA%2CrustyCache1&title=Talks",
            "http://youtube.com/watch_videos?title=Talks&video_ids=-cBplHNM4RA,rustyCache1,",
        ] {
            assert_eq!(with_each_video(link), each, "{link}");
        }
        assert_eq!(with_each_video("watch_videos"), "watch_videos");
    }
}
