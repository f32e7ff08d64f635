//! Names in summaries that may be misheard.
//!
//! What people wrote about a talk is trusted; what sounds like it and is spelled otherwise is
//! reported, and never replaced. The organizer's own summaries are among what people wrote.

use crate::check::{Finding, Kind, Source};
use crate::summarize::near_miss::{self, Trusted, near_misses};
use crate::talk::{Origin, Summary, Talk};

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
            let message = format!(
                "\"{}\" may be \"{name}\", as the {} has it",
                found.word,
                source.name()
            );
            Finding {
                suggestion: Some(name),
                source: Some(source),
                ..Finding::about(&talk.id, Kind::Name, found.word, message)
            }
        })
        .collect()
}

impl From<near_miss::NameSource> for Source {
    fn from(source: near_miss::NameSource) -> Self {
        match source {
            near_miss::NameSource::Glossary => Self::Glossary,
            near_miss::NameSource::Speakers => Self::Speakers,
            near_miss::NameSource::Title => Self::Title,
            near_miss::NameSource::Chapter => Self::Chapter,
            near_miss::NameSource::Description => Self::Description,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::Freshness;
    use crate::talk::id::TalkId;
    use crate::talk::provenance::TitleOrigin;

    #[test]
    fn a_misheard_name_has_its_suggestion_and_where_that_stands() {
        let talk = Talk {
            id: TalkId::whole("-cBplHNM4RA".parse().unwrap()),
            recording: None,
            end: None,
            title: "Small Images".to_owned(),
            title_origin: TitleOrigin::YouTube,
            speakers: Vec::new(),
            description: "How Chainguard keeps images small.".to_owned(),
            date: None,
            duration: None,
            language: None,
            chapters: Vec::new(),
            transcript: None,
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
}
