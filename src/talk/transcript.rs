//! What was said in a recording, and when.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::talk::Talk;

/// A stretch of a recording, measured from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaptionKind {
    /// A file of the organizer's own.
    Organizer,
    /// Captions that somebody wrote.
    Manual,
    /// Captions by speech recognition.
    Automatic,
    /// A model that the catalog names has listened.
    Transcribed,
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

/// A transcript that is in the cache, and what is known of it without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// About how many tokens its text has; 0 where an earlier version did not say.
    #[serde(default)]
    pub tokens: u64,
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

    /// What was said in a talk: of a part of a recording, what was said in that part. None where a
    /// recording was transcribed without times, so that nobody can tell its parts.
    #[must_use]
    pub(crate) fn of_talk(self, talk: &Talk) -> Option<Self> {
        let Some(start) = talk.id.start else {
            return Some(self);
        };
        let has_times = || self.cues.iter().all(|cue| cue.span.is_some());
        // An organizer's file may be of the part alone; what was transcribed is of the whole.
        let is_of_whole = self.kind == CaptionKind::Transcribed;
        (!is_of_whole || has_times()).then(|| self.between(start, talk.end))
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

    /// What is said at a place, with as much on either side as there is room for in so many words.
    #[must_use]
    pub fn around(&self, place: Span, words: usize) -> Self {
        let cues = &self.cues;
        let is_there = |cue: &Cue| {
            let span = cue.span;
            span.is_some_and(|span| span.start < place.end && span.end > place.start)
        };
        let words_of = |cue: &Cue| cue.text.split_whitespace().count();
        let mut start = cues.iter().position(is_there).unwrap_or(0);
        let mut end = cues
            .iter()
            .rposition(is_there)
            .map_or(start, |last| last + 1);
        let mut count: usize = cues[start..end].iter().map(words_of).sum();
        loop {
            let (before, after) = (start.checked_sub(1), cues.get(end));
            if count >= words || (before.is_none() && after.is_none()) {
                break;
            }
            if let Some(before) = before {
                start = before;
                count += words_of(&cues[before]);
            }
            if let Some(after) = after {
                end += 1;
                count += words_of(after);
            }
        }
        Self {
            language: self.language.clone(),
            kind: self.kind,
            cues: cues[start..end].to_vec(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::id::TalkId;

    #[test]
    fn a_part_of_a_recording_has_its_own_words_or_none_that_are_known() {
        let cue = |span: Option<[u64; 2]>, text: &str| Cue {
            span: span.map(|[start, end]| Span {
                start: Duration::from_secs(start),
                end: Duration::from_secs(end),
            }),
            text: text.to_owned(),
        };
        let id = TalkId {
            video: "rustyCache1".parse().unwrap(),
            start: Some(10),
        };
        let part = Talk {
            end: Some(20),
            ..Talk::bare(id, "Caches")
        };
        let timed = vec![cue(Some([5, 9]), "before"), cue(Some([12, 15]), "within")];
        let untimed = vec![cue(None, "of the whole recording")];
        for (kind, cues, expected) in [
            (CaptionKind::Transcribed, timed, Some("within")),
            (CaptionKind::Transcribed, untimed.clone(), None),
            (CaptionKind::Manual, untimed, Some("of the whole recording")),
        ] {
            let whole = Transcript {
                language: Some("en".to_owned()),
                kind,
                cues,
            };
            let words = whole.of_talk(&part).map(|transcript| transcript.text());
            assert_eq!(words.as_deref(), expected);
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
