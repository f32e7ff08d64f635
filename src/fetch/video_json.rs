//! What yt-dlp prints about a video, as far as it is needed, read leniently.
//!
//! Pure. yt-dlp writes numbers as integers or floats and leaves fields out or null, so everything
//! but the id is optional and numbers are read as they come.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use crate::talk::transcript::CaptionKind;
use crate::talk::{Chapter, Metadata, is_foreign, is_language};

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
    chapters: Option<Vec<YtDlpChapter>>,
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
struct YtDlpChapter {
    start_time: Option<f64>,
    title: Option<String>,
}

#[derive(Debug, Deserialize)]
struct TrackJson {
    url: Option<String>,
}

/// How many characters tell tracks of one language apart.
const NAME: usize = 11;

/// A caption track that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Track {
    /// yt-dlp's key for it, such as `en`, `en-US` or `de-orig`.
    pub(super) language: String,
    pub(super) kind: CaptionKind,
}

impl Track {
    /// The language that is spoken in it, without what marks it as the original, and without the
    /// eleven characters that tell a track with a name of its own from others of its language.
    pub(super) fn spoken(&self) -> &str {
        let key = self
            .language
            .strip_suffix("-orig")
            .unwrap_or(&self.language);
        let named = key
            .len()
            .checked_sub(NAME + 1)
            .and_then(|at| key.split_at_checked(at));
        named
            .filter(|(language, name)| {
                is_language(language) && name.strip_prefix('-').is_some_and(is_name)
            })
            .map_or(key, |(language, _)| language)
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
        let manual = spoken_tracks(self.subtitles.as_ref());
        let track = |key: &str, kind| Track {
            language: key.to_owned(),
            kind,
        };
        if let Some(key) = of_language(&manual, wanted) {
            return Some(track(key, CaptionKind::Manual));
        }
        if let Some(key) = self.automatic_for(wanted) {
            return Some(track(key, CaptionKind::Automatic));
        }
        // Somebody's captions in another language are still what was said.
        let of_video = self.language.as_deref();
        let of_video = of_video.and_then(|spoken| of_language(&manual, spoken));
        let key = of_video.or(manual.first().copied())?;
        Some(track(key, CaptionKind::Manual))
    }

    /// The automatic captions of what is spoken. `YouTube` marks the tracks of dubs as originals, too,
    /// so the language that it names for the video comes before any mark.
    fn automatic_for(&self, wanted: &str) -> Option<&str> {
        let automatic = spoken_tracks(self.automatic_captions.as_ref());
        let of_video = self.language.as_deref().and_then(|spoken| {
            let wanted = Some(wanted).filter(|wanted| !is_foreign(wanted, spoken));
            let exact = wanted.and_then(|wanted| automatic.iter().find(|key| **key == wanted));
            let original = format!("{spoken}-orig");
            let original = || automatic.iter().find(|key| **key == original);
            exact
                .or_else(original)
                .copied()
                .or_else(|| of_language(&automatic, spoken))
        });
        let exact = || automatic.iter().find(|key| **key == wanted);
        let original = || automatic.iter().find(|key| key.ends_with("-orig"));
        let others = || exact().or_else(original).or(automatic.first()).copied();
        of_video.or_else(others)
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

/// Whether what stands behind a language is no script, region or variant of it.
fn is_name(text: &str) -> bool {
    let is_subtag = |part: &str| match part.len() {
        2 | 4 => part.bytes().all(|byte| byte.is_ascii_alphabetic()),
        3 => part.bytes().all(|byte| byte.is_ascii_digit()),
        5..=8 => part.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        _ => false,
    };
    !text.split('-').all(is_subtag)
}

/// The track of exactly this language, else of another region.
fn of_language<'a>(keys: &[&'a str], language: &str) -> Option<&'a str> {
    let exact = keys.iter().find(|key| **key == language);
    let regional = || keys.iter().find(|key| !is_foreign(key, language));
    exact.or_else(regional).copied()
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
    fn the_spoken_language_comes_before_the_marks_of_dubs() {
        for (spoken, tracks, expected) in [
            ("de", &["de-orig", "en-orig"][..], "de-orig"),
            ("en-US", &["de-orig", "en-US-orig", "es-orig"], "en-US-orig"),
            ("en", &["de-orig", "en-orig", "fr-orig"], "en-orig"),
            ("pt-BR", &["en", "pt-BR"], "pt-BR"),
            ("pt", &["en-orig", "pt-BR-orig"], "pt-BR-orig"),
        ] {
            let tracks: Vec<(&str, &str)> = tracks.iter().map(|key| (*key, "lang=x")).collect();
            let mut video = video(&[], &tracks);
            video.language = Some(spoken.to_owned());
            let expected = Some((expected.to_owned(), CaptionKind::Automatic));
            assert_eq!(taken(&video, "en"), expected, "{spoken}");
        }
    }

    #[test]
    fn tracks_with_names_are_of_their_language() {
        for (key, language) in [
            ("en-nP7-2PuUl7o", "en"),
            ("zh-Hans-abc_defghi1", "zh-Hans"),
            ("de-orig", "de"),
            ("en-US", "en-US"),
            ("sr-Cyrl-RS", "sr-Cyrl-RS"),
            ("ca-valencia", "ca-valencia"),
            ("en-GB-oxendict", "en-GB-oxendict"),
        ] {
            let track = Track {
                language: key.to_owned(),
                kind: CaptionKind::Manual,
            };
            assert_eq!(track.spoken(), language, "{key}");
        }
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
