//! What yt-dlp prints about a video, as far as it is needed, read leniently.
//!
//! Pure. yt-dlp writes numbers as integers or floats and leaves fields out or null, so everything
//! but the id is optional and numbers are read as they come.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use crate::talk::transcript::CaptionKind;
use crate::talk::{Chapter, Metadata};

/// The JSON of a video.
#[derive(Debug, Deserialize)]
pub(super) struct VideoJson {
    pub(super) id: String,
    title: Option<String>,
    description: Option<String>,
    channel: Option<String>,
    uploader: Option<String>,
    upload_date: Option<String>,
    duration: Option<f64>,
    language: Option<String>,
    chapters: Option<Vec<ChapterJson>>,
    subtitles: Option<Tracks>,
    automatic_captions: Option<Tracks>,
    #[serde(rename = "_version")]
    version: Option<VersionJson>,
}

#[derive(Debug, Deserialize)]
struct VersionJson {
    version: Option<String>,
}

/// Tracks in their formats, by language.
type Tracks = BTreeMap<String, Option<Vec<TrackJson>>>;

#[derive(Debug, Deserialize)]
struct ChapterJson {
    start_time: Option<f64>,
    title: Option<String>,
}

#[derive(Debug, Deserialize)]
struct TrackJson {
    url: Option<String>,
}

/// A caption track that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Track {
    /// yt-dlp's key for it, such as `en`, `en-US` or `de-orig`.
    pub(super) language: String,
    pub(super) kind: CaptionKind,
}

impl Track {
    /// The language that is spoken in it.
    pub(super) fn spoken(&self) -> &str {
        self.language
            .strip_suffix("-orig")
            .unwrap_or(&self.language)
    }
}

impl VideoJson {
    pub(super) fn metadata(&self) -> Metadata {
        let chapters = self.chapters.iter().flatten();
        let chapters = chapters.filter_map(|chapter| {
            let title = chapter.title.clone().filter(|title| !title.is_empty())?;
            Some(Chapter {
                start: seconds(chapter.start_time?)?,
                title,
            })
        });
        Metadata {
            title: self.title.clone().unwrap_or_default(),
            description: self.description.clone().unwrap_or_default(),
            channel: self.channel.clone().or_else(|| self.uploader.clone()),
            date: self.upload_date.as_deref().and_then(iso_date),
            duration: self.duration.and_then(seconds),
            language: self.language.clone(),
            chapters: chapters.collect(),
        }
    }

    /// The track to read: manual captions of the wanted language, of whatever region, else the
    /// automatic ones of the language that is spoken. Machine translations are never among them.
    pub(super) fn track_for(&self, wanted: &str) -> Option<Track> {
        let primary = |tag: &str| tag.split('-').next().unwrap_or(tag).to_lowercase();
        let manual = spoken_tracks(self.subtitles.as_ref());
        let exact = manual.iter().find(|key| **key == wanted);
        let regional = || manual.iter().find(|key| primary(key) == primary(wanted));
        if let Some(key) = exact.or_else(regional) {
            return Some(Track {
                language: (*key).to_owned(),
                kind: CaptionKind::Manual,
            });
        }
        let automatic = spoken_tracks(self.automatic_captions.as_ref());
        let exact = automatic.iter().find(|key| **key == wanted);
        let original = || automatic.iter().find(|key| key.ends_with("-orig"));
        let of_video = || {
            automatic
                .iter()
                .find(|key| Some(**key) == self.language.as_deref())
        };
        let found = exact
            .or_else(original)
            .or_else(of_video)
            .or(automatic.first());
        if let Some(key) = found {
            return Some(Track {
                language: (*key).to_owned(),
                kind: CaptionKind::Automatic,
            });
        }
        // Somebody's captions in another language are still what was said.
        let of_video = manual
            .iter()
            .find(|key| Some(**key) == self.language.as_deref());
        let key = of_video.or(manual.first())?;
        Some(Track {
            language: (*key).to_owned(),
            kind: CaptionKind::Manual,
        })
    }

    /// The version of yt-dlp that printed this.
    pub(super) fn version(&self) -> Option<&str> {
        self.version.as_ref()?.version.as_deref()
    }

    /// Whether yt-dlp fetches a track of that key when it is asked to, translations included.
    pub(super) fn offers(&self, key: &str) -> bool {
        let tracks = [&self.subtitles, &self.automatic_captions];
        tracks
            .into_iter()
            .flatten()
            .any(|tracks| tracks.contains_key(key))
    }

    /// Whether there are captions, all of them machine translations.
    pub(super) fn has_translations(&self) -> bool {
        self.automatic_captions
            .as_ref()
            .is_some_and(|tracks| !tracks.is_empty())
    }
}

/// The keys of the tracks in which somebody speaks; a live chat and translations are none.
fn spoken_tracks(tracks: Option<&Tracks>) -> Vec<&str> {
    let usable = tracks.into_iter().flatten().filter(|(key, formats)| {
        let formats = formats.as_deref().unwrap_or_default();
        *key != "live_chat" && !formats.is_empty() && !formats.iter().any(is_translation)
    });
    usable.map(|(key, _)| key.as_str()).collect()
}

/// `YouTube` names the target of a machine translation as `tlang` in the track's address.
fn is_translation(track: &TrackJson) -> bool {
    let url = track.url.as_deref().and_then(|url| Url::parse(url).ok());
    url.is_some_and(|url| url.query_pairs().any(|(key, _)| key == "tlang"))
}

/// Whole seconds; times that are none are left out.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be in range"
)]
pub(super) fn seconds(seconds: f64) -> Option<u64> {
    (0.0..1e9).contains(&seconds).then_some(seconds as u64)
}

/// `20240912` as `2024-09-12`.
fn iso_date(date: &str) -> Option<String> {
    let is_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    is_date.then(|| format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn video(subtitles: &[&str], automatic: &[(&str, &str)]) -> VideoJson {
        let manual: BTreeMap<&str, Value> = subtitles
            .iter()
            .map(|key| {
                (
                    *key,
                    json!([{ "ext": "json3", "url": "https://y/t?lang=x" }]),
                )
            })
            .collect();
        let automatic: BTreeMap<&str, Value> = automatic
            .iter()
            .map(|(key, query)| {
                (
                    *key,
                    json!([{ "ext": "json3", "url": format!("https://y/t?{query}") }]),
                )
            })
            .collect();
        let json = json!({ "id": "x", "subtitles": manual, "automatic_captions": automatic, "language": "de" });
        VideoJson::deserialize(json).unwrap()
    }

    fn taken(video: &VideoJson, wanted: &str) -> Option<(String, CaptionKind)> {
        video
            .track_for(wanted)
            .map(|track| (track.language, track.kind))
    }

    #[test]
    fn the_track_of_the_spoken_language_is_taken_and_never_a_translation() {
        let german = [
            ("de", "lang=de"),
            ("de-orig", "lang=de"),
            ("en", "lang=de&tlang=en"),
        ];
        let manual = |key: &str| Some((key.to_owned(), CaptionKind::Manual));
        let automatic = |key: &str| Some((key.to_owned(), CaptionKind::Automatic));
        assert_eq!(taken(&video(&[], &german), "en"), automatic("de-orig"));
        assert_eq!(taken(&video(&[], &german), "de"), automatic("de"));
        assert_eq!(taken(&video(&["en-GB"], &german), "en"), manual("en-GB"));
        assert_eq!(taken(&video(&["en-GB", "en"], &german), "en"), manual("en"));
        assert_eq!(taken(&video(&["fr"], &german), "en"), automatic("de-orig"));
        assert_eq!(taken(&video(&["fr"], &[]), "en"), manual("fr"));
        assert_eq!(taken(&video(&["live_chat"], &[]), "en"), None);
        assert_eq!(
            taken(&video(&[], &[("en", "lang=de&tlang=en")]), "en"),
            None
        );
    }

    #[test]
    fn numbers_and_nulls_are_read_as_they_come() {
        let json = json!({
            "id": "x", "title": "T", "duration": 86.0, "upload_date": "20240912", "subtitles": null,
            "automatic_captions": { "en": null }, "uploader": "U",
            "chapters": [{ "start_time": 30.0, "title": "A" }, { "start_time": 7, "title": null }, {}],
        });
        let video = VideoJson::deserialize(json).unwrap();
        assert_eq!(video.track_for("en"), None);
        let metadata = video.metadata();
        assert_eq!(
            (metadata.duration, metadata.date.as_deref()),
            (Some(86), Some("2024-09-12"))
        );
        assert_eq!(
            metadata.chapters,
            [Chapter {
                start: 30,
                title: "A".into()
            }]
        );
        assert_eq!(metadata.channel.as_deref(), Some("U"));
    }
}
