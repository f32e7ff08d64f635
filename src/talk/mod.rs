//! The nouns of the program: what a talk is, how it is known and what is known about it.
//!
//! Values here are parsed once, at the edge, and are right from then on. This file does no I/O,
//! reads no clock and knows neither the catalog's syntax nor the layout of the cache.

pub(crate) mod evidence;
pub(crate) mod id;
pub(crate) mod language;
pub(crate) mod list;
pub(crate) mod paragraphs;
pub(crate) mod provenance;
pub(crate) mod transcript;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::talk::evidence::PlacedSentence;
use crate::talk::id::TalkId;
use crate::talk::provenance::{FiledBy, Provenance, TitleOrigin};
use crate::talk::transcript::TranscriptRef;

/// A part of a recording with a title of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// A talk as it was fetched, the organizer's own words already in place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Talk {
    /// How it is known.
    pub id: TalkId,
    /// Where its recording is, if that is not `YouTube`.
    pub recording: Option<Url>,
    /// Where it ends in the recording, in seconds, for a part of it.
    pub end: Option<u64>,
    /// The title; the id where none is known.
    pub title: String,
    /// Where the title comes from.
    pub title_origin: TitleOrigin,
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

impl Talk {
    /// A talk of which nothing else is known.
    #[cfg(test)]
    pub(crate) fn bare(id: TalkId, title: &str) -> Self {
        Self {
            id,
            recording: None,
            end: None,
            title: title.to_owned(),
            title_origin: TitleOrigin::YouTube,
            speakers: Vec::new(),
            description: String::new(),
            date: None,
            duration: None,
            language: None,
            chapters: Vec::new(),
            transcript: None,
        }
    }

    /// Where a click on it leads.
    #[must_use]
    pub fn url(&self) -> String {
        match (&self.recording, self.id.start) {
            (None, _) => self.id.url(),
            (Some(link), start) => {
                let moment = start.and_then(|start| moment_of(link, start));
                moment.unwrap_or_else(|| link.to_string())
            }
        }
    }

    /// Where a click on a moment leads, given in seconds of the recording; to its start where no link
    /// leads to a moment.
    #[must_use]
    pub fn url_at(&self, seconds: u64) -> String {
        self.moment(seconds).unwrap_or_else(|| self.url())
    }

    /// The link that leads to a moment, given in seconds of the recording; none where none does.
    #[must_use]
    pub fn moment(&self, seconds: u64) -> Option<String> {
        match &self.recording {
            None => Some(self.id.url_at(seconds)),
            Some(link) => moment_of(link, seconds),
        }
    }
}

/// A moment of a recording, as W3C's media fragments have it. Only files of sound and pictures are
/// known to begin there: of a page nobody knows what it makes of it.
fn moment_of(link: &Url, seconds: u64) -> Option<String> {
    let can_begin_there = is_media_file(link) && link.fragment().is_none();
    can_begin_there.then(|| {
        let mut link = link.clone();
        link.set_fragment(Some(&format!("t={seconds}")));
        link.into()
    })
}

/// Whether a link leads to a recording itself, and not to a page about it.
pub(crate) fn is_media_file(link: &Url) -> bool {
    const MEDIA: [&str; 10] = [
        "mp4", "webm", "m4v", "mov", "ogv", "mkv", "mp3", "m4a", "ogg", "opus",
    ];
    let extension = link.path().rsplit_once('.');
    extension.is_some_and(|(_, extension)| MEDIA.contains(&&*extension.to_ascii_lowercase()))
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Summary {
    /// The words.
    pub text: String,
    /// The same sentence by sentence, where a model wrote them; else empty.
    pub sentences: Vec<WrittenSentence>,
    /// Where they come from.
    pub origin: Origin,
    /// How they came about, where they are from the cache.
    pub provenance: Option<Provenance>,
    /// Whether they belong to what would be asked today.
    pub freshness: Freshness,
}

/// A sentence of a summary as a model gave it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WrittenSentence {
    /// The words.
    pub text: String,
    /// What was said in the talk, in the model's copy, to show where the sentence comes from.
    pub quote: Option<String>,
}

/// Where a summary comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// It does.
    Current,
    /// Prompt, model, transcript or categories have changed since.
    Stale,
}

/// What stands on the page about a talk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SummarizedTalk {
    /// The talk.
    pub talk: Talk,
    /// Its summary.
    pub summary: Option<Summary>,
    /// Its sentences, and where each is said; empty where nobody could look.
    pub places: Vec<PlacedSentence>,
    /// What a page made earlier said where its summary should have been.
    pub imported_failure: Option<String>,
    /// Its category; none where the conference has no categories or none was found.
    pub category: Option<Filing>,
    /// Other categories that the organizer sees it in, too.
    pub also: Vec<String>,
}

impl SummarizedTalk {
    /// Takes out what may not be published where what was said may not: its quotes, and an excerpt of
    /// the time when it might.
    pub(crate) fn withhold_words(&mut self) {
        self.places.clear();
        let is_old_excerpt = |summary: &mut Summary| {
            summary.origin == Origin::Excerpt && summary.freshness == Freshness::Stale
        };
        self.summary.take_if(is_old_excerpt);
    }

    /// The other categories that it belongs to, but for the one that it is filed under.
    pub(crate) fn other_categories(&self) -> impl Iterator<Item = &str> {
        let own = match self.category.as_ref().map(|filing| &filing.choice) {
            Some(Choice::Category(name)) => Some(name),
            Some(Choice::NoneFits) | None => None,
        };
        let also = self.also.iter().filter(move |name| Some(*name) != own);
        also.map(String::as_str)
    }

    /// What was written about it beside its title: summary and description.
    #[must_use]
    pub(crate) fn written(&self) -> String {
        let summary = self.summary.as_ref().map_or("", |summary| &summary.text);
        format!("{summary}\n{}", self.talk.description)
    }

    /// How many of its results are stale.
    #[must_use]
    pub fn stale_results(&self) -> usize {
        let summary = self.summary.as_ref().map(|summary| summary.freshness);
        let category = self.category.as_ref().map(|filing| filing.freshness);
        let results = [summary, category].into_iter().flatten();
        results
            .filter(|freshness| *freshness == Freshness::Stale)
            .count()
    }
}

/// The category of a talk, and whether it is up to date.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Filing {
    /// The category.
    pub choice: Choice,
    /// Who chose it.
    pub filed_by: FiledBy,
    /// How that came about, where it is from the cache.
    pub provenance: Option<Provenance>,
    /// Whether it belongs to what would be asked today.
    pub freshness: Freshness,
}

/// What a section is called that holds the talks without a category.
pub(crate) const UNCATEGORIZED: &str = "Uncategorized";

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

/// The English name of a language (BCP 47), else its tag: `English` for `en-GB`.
#[must_use]
pub(crate) fn language_name(tag: &str) -> &str {
    language(tag).map_or(tag, |language| language.to_name())
}

/// Whether a tag (BCP 47) begins with a language that exists (ISO 639-1 or 639-3).
#[must_use]
pub(crate) fn is_language(tag: &str) -> bool {
    language(tag).is_some()
}

/// Whether two tags (BCP 47) begin with different languages.
#[must_use]
pub(crate) fn is_foreign(tag: &str, other: &str) -> bool {
    let primary = |tag: &str| tag.split('-').next().unwrap_or(tag).to_lowercase();
    primary(tag) != primary(other)
}

/// The ISO 639-3 code of the language that a tag (BCP 47) begins with.
#[must_use]
pub(crate) fn iso_639_3(tag: &str) -> Option<&'static str> {
    language(tag).map(|language| language.to_639_3())
}

fn language(tag: &str) -> Option<isolang::Language> {
    let primary = tag.split('-').next().unwrap_or(tag).to_lowercase();
    isolang::Language::from_639_1(&primary).or_else(|| isolang::Language::from_639_3(&primary))
}

/// A text on one line, with single spaces.
#[must_use]
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes seconds as people do: `1:02:30`, `4:05`.
#[must_use]
pub(crate) fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Reads `1:02:30`, `4:05` or `245` as seconds.
#[must_use]
pub(crate) fn parse_clock(text: &str) -> Option<u64> {
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
    fn a_moment_is_asked_for_only_of_files_that_begin_there() {
        for (link, expected) in [
            ("https://v.example/a.mp4", "https://v.example/a.mp4#t=90"),
            (
                "https://v.example/a.av1.WebM?v=2",
                "https://v.example/a.av1.WebM?v=2#t=90",
            ),
        ] {
            assert_eq!(moment_of(&link.parse().unwrap(), 90).unwrap(), expected);
        }
        for link in [
            "https://v.example/a.mp4#part",
            "https://vimeo.com/123456789",
            "https://v.example/",
        ] {
            assert_eq!(moment_of(&link.parse().unwrap(), 90), None);
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
}
