//! Names that were probably misheard in what was said, and when.
//!
//! A model is told the same of them before it writes a summary. The transcript is never changed.

use crate::catalog::Glossary;
use crate::check::names::doubt;
use crate::check::{Finding, Kind, Source};
use crate::numbers::pluralize;
use crate::summarize::misheard::misheard_names;
use crate::summarize::near_miss::Trusted;
use crate::talk::transcript::{Span, Transcript};
use crate::talk::{Talk, clock, one_line};

/// So many times are said of a name that was heard more often.
const TIMES: usize = 3;

/// The names of a talk that its transcript probably has wrong; `used` holds what the conference calls
/// things.
#[must_use]
pub(crate) fn findings(
    talk: &Talk,
    transcript: &Transcript,
    used: &Trusted,
    glossary: &Glossary,
) -> Vec<Finding> {
    let text = transcript.text();
    let mut starts = Vec::with_capacity(transcript.cues.len());
    let mut length = 0;
    for cue in &transcript.cues {
        starts.push(length);
        length += cue.text.len() + 1;
    }
    let time = |place: usize| -> Option<u64> {
        let cue = starts.partition_point(|start| *start <= place);
        let Span { start, .. } = transcript.cues[cue.checked_sub(1)?].span?;
        Some(start.as_secs())
    };
    let found = misheard_names(talk, &text, used, glossary).into_iter();
    found
        .map(|found| {
            let heard = one_line(&found.heard);
            let name = found.suggestion.name;
            let source = Source::from(found.suggestion.source);
            let times = found.places.iter().filter_map(|place| time(place.start));
            let times: Vec<String> = times.map(clock).collect();
            let message = doubt(&heard, &name, source) + &heard_at(&times);
            Finding {
                suggestion: Some(name),
                source: Some(source),
                ..Finding::about(&talk.id, Kind::Misheard, heard, message)
            }
        })
        .collect()
}

/// Says when a name was heard; nothing where nobody knows.
fn heard_at(times: &[String]) -> String {
    let (told, more) = times.split_at(times.len().min(TIMES));
    match (told.len(), more.len()) {
        (0, _) => String::new(),
        (_, 0) => format!("; heard at {}", told.join(", ")),
        (_, more) => {
            let more = pluralize(more, "more place");
            format!("; heard at {} and {more}", told.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;
    use crate::catalog::Catalog;
    use crate::talk::id::TalkId;
    use crate::talk::transcript::{CaptionKind, Cue};

    /// What is found in a talk about Chainguard, where another talk has this title.
    fn found(glossary: &str, other: &str) -> Vec<String> {
        let said = [
            "hello and welcome to this talk",
            "good morning. I am here for Chain",
            "yard today and Chainyard is what we do",
            "at Chainyard we have what it takes",
            "so that was it from Chainyard",
        ];
        let cues = (0..).zip(said).map(|(at, text)| Cue {
            span: Some(Span {
                start: Duration::from_secs(60 * at),
                end: Duration::from_secs(60 * at + 5),
            }),
            text: text.to_owned(),
        });
        let transcript = Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            cues: cues.collect(),
        };
        let talk = Talk::bare(
            TalkId::whole("-cBplHNM4RA".parse().unwrap()),
            "Small Images with Chainguard",
        );
        let text = format!("title = \"Test Conf\"\n[glossary]\n{glossary}");
        let catalog = Catalog::parse(Path::new("catalog.toml"), &text).unwrap();
        let used = Trusted::of(&catalog.glossary).and_used(&catalog.title, [(other, "", &[][..])]);
        let found = findings(&talk, &transcript, &used, &catalog.glossary).into_iter();
        found.map(|finding| finding.message).collect()
    }

    #[test]
    fn a_name_is_found_with_the_times_at_which_it_was_misheard() {
        assert_eq!(
            found("", ""),
            ["\"Chainyard\" may be \"Chainguard\", as the title has it; heard at 2:00, 3:00, 4:00"]
        );
    }

    #[test]
    fn what_the_glossary_knows_is_not_asked_about() {
        assert!(found("heard = { \"chainyard\" = \"Chainguard\" }", "").is_empty());
        assert!(found("terms = [\"Chainyard\"]", "").is_empty());
    }

    #[test]
    fn what_another_talk_spells_so_is_not_misheard() {
        assert!(found("", "A Year with Chainyard").is_empty());
        assert!(!found("", "A year with chains in a yard").is_empty());
    }
}
