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
