//! Numbers and names of a summary that no source has.
//!
//! A number counts as it is, in words or in digits, and with its measure; small counts in words
//! ("three problems") are the writer's own. A name counts where it is written like one, and is
//! found by its letters, by its initials or by its sound. In a talk of another language than
//! English numbers may be said in words that nobody here reads, so only long ones count; and in a
//! translation names of countries and the like are others, so only names count that no word is
//! written like.

use crate::check::sources::TalkSources;
use crate::check::{Finding, Kind};
use crate::evidence::quantities::{Quantity, quantities};
use crate::summarize::near_miss::{Trusted, names_only_here};
use crate::talk::id::TalkId;
use crate::talk::language::{Language, telling_stems};

/// The numbers and names of some sentences that no source of their talk has, each once.
#[must_use]
pub(crate) fn findings(talk: &TalkId, sentences: &[&str], sources: &TalkSources) -> Vec<Finding> {
    let text = sentences.join(" ");
    let language = Language::of(&text);
    let numbers = numbers(&text, language, sources).into_iter();
    let names = names(&text, language, sources).into_iter();
    let mut findings: Vec<Finding> = Vec::new();
    for (words, message) in numbers.chain(names) {
        if findings.iter().all(|found| found.text != words) {
            findings.push(Finding::about(talk, Kind::Unsupported, words, message));
        }
    }
    findings
}

fn numbers(text: &str, language: Option<Language>, sources: &TalkSources) -> Vec<(String, String)> {
    let known = &sources.quantities;
    let found = quantities(text, language).into_iter();
    found
        .filter(|number| counts(number, sources))
        .filter_map(|number| {
            let words = &text[number.range.clone()];
            let message = if !known.has(&number.value) {
                format!("\"{words}\" stands in no source of the talk")
            } else if known.measure_otherwise(&number) {
                format!("\"{words}\": the sources have this number with another unit")
            } else {
                return None;
            };
            Some((words.to_owned(), message))
        })
        .collect()
}

/// Whether a number is one that its talk must have.
fn counts(number: &Quantity, sources: &TalkSources) -> bool {
    /// Up to here a writer counts what is there.
    const OWN_COUNTS: f64 = 12.0;
    const LONG: usize = 4;
    let value: f64 = number.value.parse().unwrap_or(f64::INFINITY);
    match sources.language {
        Some(Language::English) => {
            number.is_in_digits || number.is_measured() || value > OWN_COUNTS
        }
        _ => number.is_in_digits && number.value.len() >= LONG,
    }
}

fn names(text: &str, language: Option<Language>, sources: &TalkSources) -> Vec<(String, String)> {
    let names = names_only_here(text, "", &Trusted::default()).into_iter();
    let is_translated = language != sources.language;
    names
        .filter(|name| !is_translated || is_written_as_no_word(name))
        .filter(|name| !sources.have(name))
        .filter_map(|name| {
            let is_strange = |part: &&str| !is_said(part, language, sources);
            parts(&name).find(is_strange)?;
            let message = format!("\"{name}\" stands in no source of the talk");
            Some((name, message))
        })
        .collect()
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
    parts.filter(|part| !part.is_empty())
}

fn is_said(part: &str, language: Option<Language>, sources: &TalkSources) -> bool {
    let digits = part.trim_matches(|c: char| !c.is_numeric());
    let is_number = !digits.is_empty() && digits.len() == part.len();
    let stems = telling_stems(part, language);
    // Numbers are looked at as such; what says nothing needs no source.
    is_number
        || stems.is_empty()
        || sources.have(part)
        || stems.iter().all(|stem| sources.have_stem(stem))
        || sources.have_sound_of(part)
}

fn is_written_as_no_word(name: &str) -> bool {
    let has_inner_capital = name.chars().skip(1).any(char::is_uppercase);
    !name.contains(' ') && has_inner_capital
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sources::tests::sources;

    fn found(sentence: &str, said: &str) -> Vec<String> {
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        let findings = findings(&talk, &[sentence], &sources(said)).into_iter();
        findings.map(|finding| finding.text).collect()
    }

    const SAID: &str = "so we moved twenty five servers to cube control in| two thousand and nineteen and \
        the carpenter did it in 300 milliseconds and that is what it is about in the end";

    #[test]
    fn what_some_source_has_is_right() {
        for sentence in [
            "In 2019 Mira Okafor moved 25 servers to kubectl, which took the team three steps.",
            "Karpenter needs 300 ms for it, she says, and that was told in September 2024.",
            "Carpenter, in short, is what it is all about in the end of the story.",
        ] {
            assert!(
                found(sentence, SAID).is_empty(),
                "{:?}",
                found(sentence, SAID)
            );
        }
    }

    #[test]
    fn what_no_source_has_is_named() {
        for (sentence, expected) in [
            ("In 2018 the team moved its 25 servers to kubectl.", "2018"),
            (
                "The team moved its 25 million servers to kubectl.",
                "25 million",
            ),
            (
                "It all took 300 seconds in the end of the story.",
                "300 seconds",
            ),
            ("It was all moved by Jonas Hall in the end.", "Jonas Hall"),
            ("It was all moved to HashForge in the end.", "HashForge"),
        ] {
            assert_eq!(found(sentence, SAID), [expected], "{sentence}");
        }
    }

    #[test]
    fn of_another_language_only_the_plain_is_compared() {
        let said =
            "und dann haben wir fünfundzwanzig Server in Wien gesehen, und das war es mit dem da ";
        assert!(
            found(
                "The team of Vienna moved its 25 servers to the new site.",
                said
            )
            .is_empty()
        );
        assert_eq!(
            found(
                "The team of Vienna moved to HashForge with it in 2018.",
                said
            ),
            ["2018", "HashForge"]
        );
    }
}
