//! The ids and links in JSON: exports of playlists, answers of `YouTube`'s API, notes of one's own.
//!
//! Only a value that is an id or a link as a whole counts. Descriptions hold links too, and most of
//! them lead to other videos.

use serde_json::Value;

use crate::cli::init::id_list::{looks_like_id, on_line};
use crate::cli::init::sources::{VideoSource, source, with_each_video};
use crate::talk::id::VideoId;
use crate::talk::list::link;

/// What ids of videos are called, in small letters without signs.
const IDS: [&str; 8] = [
    "videoid",
    "youtubeid",
    "youtubevideoid",
    "ytid",
    "youtube",
    "displayid",
    "id",
    "video",
];
/// Parts of names of what belongs to a video and is none.
const OTHERS: [&str; 4] = ["channel", "uploader", "author", "owner"];
/// So deep ids may lie.
const DEPTH: usize = 32;

/// The sources in JSON, or in an object a line; none where it is something else or holds none.
pub(super) fn sources(text: &str) -> Option<Vec<VideoSource>> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let values: Vec<Value> = values.collect::<serde_json::Result<_>>().ok()?;
    let mut found = Vec::new();
    for value in &values {
        look(value, "", DEPTH, &mut found);
    }
    // A list that holds videos is not one more source.
    let is_video = |source: &VideoSource| matches!(source, VideoSource::Video { .. });
    if found.iter().any(is_video) {
        found.retain(is_video);
    }
    (!found.is_empty()).then_some(found)
}

/// Looks through a value, which what holds it calls so.
fn look(value: &Value, called: &str, depth: usize, found: &mut Vec<VideoSource>) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match value {
        Value::Array(items) => {
            for item in items {
                look(item, called, depth, found);
            }
        }
        Value::Object(object) => {
            let is_id = |name: &String| name.parse::<VideoId>().is_ok();
            if object.keys().all(is_id) {
                let ids = object.keys().filter(|name| looks_like_id(name));
                found.extend(ids.filter_map(|name| source(name).ok()));
            }
            for (name, value) in object {
                look(value, name, depth, found);
            }
        }
        Value::String(text) => found.extend(named(text, called)),
        _ => {}
    }
}

/// What a text leads to that is called so.
fn named(text: &str, called: &str) -> Vec<VideoSource> {
    let letters = called.chars().filter(char::is_ascii_alphanumeric);
    let called: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    if OTHERS.iter().any(|other| called.contains(other)) {
        return Vec::new();
    }
    if text.parse::<VideoId>().is_ok() {
        // In a list of texts, and as `id`, a word of as many letters may be anything.
        let is_certain = IDS.contains(&&*called) && !matches!(&*called, "id" | "video");
        let is_id = is_certain
            || (IDS.contains(&&*called)
                || called.is_empty()
                || called.ends_with("ids")
                || called.ends_with("videos"))
                && looks_like_id(text);
        return source(text).ok().filter(|_| is_id).into_iter().collect();
    }
    let is_marked = text.starts_with("youtube:") || text.starts_with("<iframe");
    if is_marked {
        return on_line(text).unwrap_or_default();
    }
    let is_link = text.contains('/') && link(text).is_some();
    let links = with_each_video(text);
    let links = links.split(' ').filter(|_| is_link);
    links.filter_map(|link| source(link).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        let one = |source: VideoSource| match source {
            VideoSource::Video { video, .. } => video.to_string(),
            VideoSource::List(link) | VideoSource::ListAmongVideos(link) => link,
        };
        let mut found: Vec<String> = sources(text).into_iter().flatten().map(one).collect();
        found.dedup();
        found.join(" ")
    }

    #[test]
    fn ids_and_links_of_exports_are_found() {
        for text in [
            r#"{"entries": [{"id": "-cBplHNM4RA", "title": "kernelSched"}, {"url": "https://youtu.be/rustyCach31"}]}"#,
            "{\"id\": \"-cBplHNM4RA\"}\n{\"url\": \"https:\\/\\/youtu.be\\/rustyCach31\", \"id\": 7}\n",
            r#"{"items": [{"id": "UExhYmM", "snippet": {"channelId": "UCabc", "description": "See https://youtu.be/AAAAAAAAA00", "resourceId": {"videoId": "-cBplHNM4RA"}}}, {"id": {"videoId": "rustyCach31"}}]}"#,
            r#"{"_type": "playlist", "webpage_url": "https://www.youtube.com/playlist?list=PLtinyconf2024", "entries": [{"id": "-cBplHNM4RA", "channel_url": "https://www.youtube.com/@tinyconf"}, {"id": "rustyCach31"}]}"#,
            r#"["-cBplHNM4RA", "rustyCach31"]"#,
            r#"{"-cBplHNM4RA": {"title": "Caches"}, "rustyCach31": {}}"#,
            r#"[{"video": "youtube:-cBplHNM4RA"}, {"embed": "<iframe src=\"//www.youtube.com/embed/rustyCach31\"></iframe>"}]"#,
            r#"["https://www.youtube.com/watch_videos?video_ids=-cBplHNM4RA,rustyCach31"]"#,
        ] {
            assert_eq!(found(text), "-cBplHNM4RA rustyCach31", "{text}");
        }
        assert_eq!(
            found(r#"{"playlist": "https://www.youtube.com/playlist?list=PLtinyconf2024"}"#),
            "https://www.youtube.com/playlist?list=PLtinyconf2024"
        );
    }

    #[test]
    fn words_and_other_texts_are_none() {
        for text in [
            r#"{"title": "performance", "id": "engineering", "slug": "-cBplHNM4RA"}"#,
            r#"{"notes": "see https://youtu.be/-cBplHNM4RA there"}"#,
            "-cBplHNM4RA",
            "[Caches](https://youtu.be/-cBplHNM4RA)",
            "{\"id\": \"-cBplHNM4RA\",}",
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }
}
