//! Names in summaries that may be misheard.
//!
//! What people wrote about a talk is trusted; what sounds like it and is spelled otherwise is
//! reported, and never replaced. The organizer's own summaries are among what people wrote.

use std::fmt::Write;

use crate::check::{Finding, Kind, Source};
use crate::summarize::near_miss::{self, Trusted, near_misses};
use crate::talk::transcript::Transcript;
use crate::talk::{Origin, Summary, Talk, clock, one_line};

/// Names in the summary of a talk that are nearly ones to be trusted; `glossary` holds those of the
/// conference.
#[must_use]
pub(crate) fn findings(talk: &Talk, summary: &Summary, glossary: &Trusted) -> Vec<Finding> {
    if summary.origin == Origin::Organizer {
        return Vec::new();
    }
    let near_misses = near_misses(&summary.text, &glossary.and_talk(talk)).into_iter();
    near_misses
        .map(|found| {
            let name = found.suggestion.name;
            let source = Source::from(found.suggestion.source);
            let message = doubt(&found.word, &name, source);
            Finding {
                suggestion: Some(name),
                source: Some(source),
                ..Finding::about(&talk.id, Kind::Name, found.word, message)
            }
        })
        .collect()
}

/// Says what a name may be, and what spells it so.
pub(super) fn doubt(heard: &str, name: &str, source: Source) -> String {
    let source = source.name();
    format!("\"{heard}\" may be \"{name}\", as the {source} has it")
}

/// Says in a finding where the words were heard first, if they were.
pub(crate) fn note_place(finding: &mut Finding, transcript: &Transcript) {
    let cues = transcript.cues.iter().enumerate();
    let wanted = finding.text.to_lowercase();
    let mut places = cues.filter_map(|(at, cue)| {
        // A name may begin in one line and end in the next.
        let next = transcript.cues.get(at + 1);
        let next = next.map_or("", |next| next.text.split_whitespace().next().unwrap_or(""));
        let said = one_line(&format!("{} {next}", cue.text)).to_lowercase();
        let span = cue.span.as_ref()?;
        has_words(&said, &wanted).then_some(span.start)
    });
    if let Some(start) = places.next() {
        let _ = write!(finding.message, "; heard at {}", clock(start.as_secs()));
    }
}

/// Whether a text has these words, and not only their letters.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, found)| {
        let is_apart = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        is_apart(text[..at].chars().next_back())
            && is_apart(text[at + found.len()..].chars().next())
    })
}

impl From<near_miss::NameSource> for Source {
    fn from(source: near_miss::NameSource) -> Self {
        match source {
            near_miss::NameSource::Glossary => Self::Glossary,
            near_miss::NameSource::Speakers => Self::Speakers,
            near_miss::NameSource::Title => Self::Title,
            near_miss::NameSource::Chapter => Self::Chapter,
            near_miss::NameSource::Description => Self::Description,
            near_miss::NameSource::Conference => Self::Conference,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::talk::Freshness;
    use crate::talk::id::TalkId;
    use crate::talk::transcript::{CaptionKind, Cue, Span};

    #[test]
    fn a_misheard_name_has_its_suggestion_and_where_that_stands() {
        let talk = Talk {
            description: "How Chainguard keeps images small.".to_owned(),
            ..Talk::bare(
                TalkId::whole("-cBplHNM4RA".parse().unwrap()),
                "Small Images",
            )
        };
        let found = |origin| {
            let summary = Summary {
                text: "The images of Chainyard hold what a program needs and nothing else."
                    .to_owned(),
                sentences: Vec::new(),
                origin,
                provenance: None,
                freshness: Freshness::Current,
            };
            findings(&talk, &summary, &Trusted::default())
        };
        for origin in [Origin::Import, Origin::Transcript, Origin::Excerpt] {
            let found = found(origin);
            let [finding] = &found[..] else {
                panic!("{found:?}")
            };
            let suggested = (finding.suggestion.as_deref(), finding.source);
            assert_eq!(finding.text, "Chainyard");
            assert_eq!(suggested, (Some("Chainguard"), Some(Source::Description)));
            assert_eq!(
                finding.message,
                "\"Chainyard\" may be \"Chainguard\", as the description has it"
            );
        }
        assert!(found(Origin::Organizer).is_empty());
    }

    #[test]
    fn a_finding_says_where_it_was_heard() {
        let cue = |start, text: &str| Cue {
            span: Some(Span {
                start: Duration::from_secs(start),
                end: Duration::from_secs(start + 5),
            }),
            text: text.to_owned(),
        };
        let transcript = Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            cues: vec![
                cue(60, "all the chainyards of the world are"),
                cue(65, "what we run on Chain"),
                cue(70, "yard is small"),
            ],
        };
        for (text, message) in [
            ("Chain Yard", "misheard; heard at 1:05"),
            ("Chainyard", "misheard"),
        ] {
            let id = TalkId::whole("-cBplHNM4RA".parse().unwrap());
            let mut finding = Finding::about(&id, Kind::Name, text, "misheard".to_owned());
            note_place(&mut finding, &transcript);
            assert_eq!(finding.message, message);
        }
    }
}
