//! The nouns of the program: what a talk is, how it is known and what is known about it.
//!
//! Values here are parsed once, at the edge, and are right from then on. This file does no I/O,
//! reads no clock and knows neither the catalog's syntax nor the layout of the cache.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

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

/// A stretch of a recording, measured from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// When it begins.
    pub start: Duration,
    /// When it ends; never before `start`.
    pub end: Duration,
}

/// A piece of a transcript: a few words, and when they were said where that is known.
///
/// Written as one line, `12.340 15.000 the words`, or `- - the words` without times, so that a
/// transcript in the cache can be read and reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cue {
    /// When it was said.
    pub span: Option<Span>,
    /// The words, without line breaks.
    pub text: String,
}

/// Where the words of a transcript come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaptionKind {
    /// A file of the organizer's own.
    Organizer,
    /// Captions that somebody wrote.
    Manual,
    /// Captions by speech recognition.
    Automatic,
}

/// What was said, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The language that is spoken (BCP 47), where it is known.
    pub language: Option<String>,
    /// Where the words come from.
    pub kind: CaptionKind,
    /// The words.
    pub cues: Vec<Cue>,
}

/// A part of a recording with a title of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Seconds from the start of the recording.
    pub start: u64,
    /// Its title.
    pub title: String,
}

/// What `YouTube` says about a video.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The title.
    pub title: String,
    /// The description, line breaks kept.
    pub description: String,
    /// The channel's name.
    pub channel: Option<String>,
    /// The day of publication, `2024-09-12`.
    pub date: Option<String>,
    /// The length in seconds.
    pub duration: Option<u64>,
    /// The language that is spoken (BCP 47).
    pub language: Option<String>,
    /// The chapters in the order of time.
    pub chapters: Vec<Chapter>,
}

/// A transcript that is in the cache, and what is known of it without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptRef {
    /// SHA-256 of its content, as far as file names carry it.
    pub digest: String,
    /// The language that is spoken (BCP 47).
    pub language: Option<String>,
    /// Where the words come from.
    pub kind: CaptionKind,
    /// How many words it has.
    pub words: usize,
    /// How many characters its text has.
    pub characters: usize,
}

/// A talk as it was fetched, the organizer's own words already in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// How it is known.
    pub id: TalkId,
    /// Where it ends in the recording, in seconds, for a part of it.
    pub end: Option<u64>,
    /// The title; the id where none is known.
    pub title: String,
    /// Who speaks, as far as the organizer says.
    pub speakers: Vec<String>,
    /// The description, empty where there is none.
    pub description: String,
    /// The day of publication, `2024-09-12`.
    pub date: Option<String>,
    /// The length in seconds.
    pub duration: Option<u64>,
    /// The language that is spoken (BCP 47).
    pub language: Option<String>,
    /// The chapters that lie within the talk.
    pub chapters: Vec<Chapter>,
    /// What was said.
    pub transcript: Option<TranscriptRef>,
}

/// A category of the conference, or none of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// The category of this name, as the catalog spells it.
    Category(String),
    /// No listed category fits.
    NoneFits,
}

/// A summary that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The words.
    pub text: String,
    /// Where they come from.
    pub origin: Origin,
    /// Whether they belong to what would be asked today.
    pub freshness: Freshness,
}

/// Where a summary comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The organizer wrote it.
    Organizer,
    /// A model wrote it and read the transcript.
    Transcript,
    /// A model wrote it and read the abstract, for want of a transcript.
    Abstract,
    /// It is an excerpt of the talk's own words.
    Excerpt,
    /// It was taken over from a page made earlier.
    Import,
}

/// Whether a cached result belongs to what would be asked today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It does.
    Current,
    /// Prompt, model, transcript or categories have changed since.
    Stale,
}

/// What stands on the page about a talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummarizedTalk {
    /// The talk.
    pub talk: Talk,
    /// Its summary.
    pub summary: Option<Summary>,
    /// What a page made earlier said where its summary should have been.
    pub imported_failure: Option<String>,
    /// Its category; none where the conference has no categories or none was found.
    pub category: Option<Filing>,
}

/// The category of a talk, and whether it is up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// The category.
    pub choice: Choice,
    /// Whether it belongs to what would be asked today.
    pub freshness: Freshness,
}

/// What a section is called that holds the talks without a category.
pub const UNCATEGORIZED: &str = "Uncategorized";

impl VideoId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a bare id or one of the usual links to a video: `watch?v=`, `youtu.be/`, `/live/`,
    /// `/shorts/`, `/embed/`, with or without a scheme.
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
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches("www.").trim_start_matches("m.");
        let mut segments = url.path_segments().into_iter().flatten();
        let candidate = match (host, segments.next()) {
            ("youtu.be", Some(id)) => Some(id.to_owned()),
            ("youtube.com" | "music.youtube.com" | "youtube-nocookie.com", Some(first)) => {
                match first {
                    "watch" => {
                        let mut pairs = url.query_pairs();
                        pairs
                            .find(|(key, _)| key == "v")
                            .map(|(_, id)| id.into_owned())
                    }
                    "live" | "shorts" | "embed" | "v" => segments.next().map(str::to_owned),
                    _ => None,
                }
            }
            _ => None,
        };
        candidate
            .and_then(|id| id.parse().ok())
            .ok_or_else(malformed)
    }
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

    /// Where a click on the talk leads.
    #[must_use]
    pub fn url(&self) -> String {
        match self.start {
            None => format!("https://www.youtube.com/watch?v={}", self.video),
            Some(start) => format!("https://www.youtube.com/watch?v={}&t={start}s", self.video),
        }
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

impl Talk {
    /// What names the words of this talk: the digest of the transcript and, for a part of a
    /// recording, which part of it.
    #[must_use]
    pub fn words_key(&self) -> Option<String> {
        let digest = &self.transcript.as_ref()?.digest;
        Some(match (self.id.start, self.end) {
            (None, _) => digest.clone(),
            (Some(start), None) => format!("{digest} from {}", clock(start)),
            (Some(start), Some(end)) => format!("{digest} from {} to {}", clock(start), clock(end)),
        })
    }
}

impl Transcript {
    /// The words as one text, a line a cue.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.cues.iter().map(|cue| cue.text.as_str()).collect();
        lines.join("\n")
    }

    /// How many words were said.
    #[must_use]
    pub fn words(&self) -> usize {
        self.cues
            .iter()
            .map(|cue| cue.text.split_whitespace().count())
            .sum()
    }

    /// What was said between two points in time, given in seconds; cues without times are kept.
    #[must_use]
    pub fn between(&self, start: u64, end: Option<u64>) -> Self {
        let start = Duration::from_secs(start);
        let end = end.map_or(Duration::MAX, Duration::from_secs);
        let inside = |cue: &&Cue| cue.span.is_none_or(|s| s.start >= start && s.start < end);
        Self {
            language: self.language.clone(),
            kind: self.kind,
            cues: self.cues.iter().filter(inside).cloned().collect(),
        }
    }
}

impl From<Cue> for String {
    fn from(cue: Cue) -> Self {
        match cue.span {
            None => format!("- - {}", cue.text),
            Some(Span { start, end }) => {
                format!(
                    "{:.3} {:.3} {}",
                    start.as_secs_f64(),
                    end.as_secs_f64(),
                    cue.text
                )
            }
        }
    }
}

impl TryFrom<String> for Cue {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        let mut fields = line.splitn(3, ' ');
        let (Some(start), Some(end), Some(text)) = (fields.next(), fields.next(), fields.next())
        else {
            return Err(format!("`{line}` is not `START END WORDS`"));
        };
        let seconds = |field: &str| {
            let seconds: f64 = field.parse().map_err(|_| format!("`{field}` is no time"))?;
            Duration::try_from_secs_f64(seconds).map_err(|_| format!("`{field}` is no time"))
        };
        let span = match (start, end) {
            ("-", "-") => None,
            _ => Some(Span {
                start: seconds(start)?,
                end: seconds(end)?,
            }),
        };
        Ok(Self {
            span,
            text: text.to_owned(),
        })
    }
}

/// The English name of a language (BCP 47), else its tag: `English` for `en-GB`.
#[must_use]
pub fn language_name(tag: &str) -> &str {
    let primary = tag.split('-').next().unwrap_or(tag).to_lowercase();
    isolang::Language::from_639_1(&primary).map_or(tag, |language| language.to_name())
}

/// Writes seconds as people do: `1:02:30`, `4:05`.
#[must_use]
pub fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Reads `1:02:30`, `4:05` or `245` as seconds.
#[must_use]
pub fn parse_clock(text: &str) -> Option<u64> {
    let fields: Vec<u64> = text
        .trim()
        .split(':')
        .map(|field| field.parse().ok())
        .collect::<Option<_>>()?;
    let sexagesimal = fields.iter().skip(1).all(|&field| field < 60);
    let in_range = sexagesimal && (1..=3).contains(&fields.len());
    in_range.then(|| {
        fields.iter().fold(0, |total: u64, field| {
            total.saturating_mul(60).saturating_add(*field)
        })
    })
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
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "abc",
            "twelveletter",
            "../../../etc",
            "https://example.com/watch?v=-cBplHNM4RA",
            "https://www.youtube.com/@channel",
            "jAtrviDGpw/",
        ] {
            assert!(VideoId::from_id_or_link(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_read_and_written_alike() {
        for (text, seconds) in [("0:00", 0), ("4:05", 245), ("1:02:30", 3750)] {
            assert_eq!(parse_clock(text), Some(seconds));
            assert_eq!(clock(seconds), text);
        }
        assert_eq!(parse_clock("90"), Some(90));
        for text in ["", "1:2:3:4", "1:75", "-1", "soon"] {
            assert_eq!(parse_clock(text), None, "{text}");
        }
    }

    #[test]
    fn a_cue_is_one_readable_line() {
        let span = Span {
            start: Duration::from_millis(12_340),
            end: Duration::from_secs(15),
        };
        for (cue, line) in [
            (
                Cue {
                    span: Some(span),
                    text: "hello  there".into(),
                },
                "12.340 15.000 hello  there",
            ),
            (
                Cue {
                    span: None,
                    text: "- - dashes".into(),
                },
                "- - - - dashes",
            ),
        ] {
            assert_eq!(String::from(cue.clone()), line);
            assert_eq!(Cue::try_from(line.to_owned()).unwrap(), cue);
        }
        assert!(Cue::try_from("1 NaN x".to_owned()).is_err());
    }
}
