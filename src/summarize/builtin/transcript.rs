//! Takes the most telling sentences from what was said.
//!
//! It only chooses: `units` cuts and tidies, `rank` scores. What is not surely a whole sentence, or
//! does not say what the talk is about, is left out; then `terms` says what the talk mentions. Two
//! sentences must not say the same, and stand in the order of speech, as the later one often
//! builds on the earlier.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use crate::summarize::builtin::rank::{Ranked, rank};
use crate::summarize::builtin::terms::{FEWEST, frequent_terms, mention};
use crate::summarize::builtin::tidy::bare;
use crate::summarize::builtin::units::{Unit, units};
use crate::summarize::builtin::{Material, SENTENCES};
use crate::summarize::near_miss::is_ordinary_word;
use crate::summarize::sentences::{sentences, words};
use crate::talk::language::{Language, fold, is_function_word};
use crate::talk::transcript::Cue;

/// Takes up to two sentences from a transcript, in the order of speech; what is written about the
/// talk stands in front where it says more.
///
/// Where fewer than two are surely sentences, one about what is mentioned follows. Where nothing
/// can be told of the talk, it is the best that there is.
pub(super) fn from_transcript(material: &Material<'_>, written: &[String]) -> Vec<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 8..=45;
    let language = language(material.cues);
    let mut units = units(material.cues, language);
    // A unit that reads as two sentences would break the promise of two.
    units.retain(|unit| {
        LENGTHS.contains(&words(&unit.text))
            && sentences(&unit.text).len() == 1
            && !ends_in_a_name(&unit.text, material.speakers)
    });
    if units.is_empty() {
        return Vec::new();
    }
    units.extend(written.iter().map(|sentence| Unit::written(sentence)));
    let subject = subject(material.title, material.speakers);
    let ranked = rank(&units, &subject, language);
    let terms = language.map_or_else(Vec::new, |language| frequent_terms(material, language));
    let second = if terms.is_empty() { GOOD } else { SURELY_GOOD };
    let mut texts: Vec<String> = choose(&ranked, second)
        .into_iter()
        .map(|chosen| chosen.unit.text.clone())
        .collect();
    if let Some(language) = language.filter(|_| !terms.is_empty() && texts.len() < SENTENCES) {
        let named = if texts.is_empty() {
            terms.len()
        } else {
            FEWEST
        };
        texts.push(mention(&terms[..named], language));
    }
    if texts.is_empty() {
        texts.extend(ranked.first().map(|best| best.unit.text.clone()));
    }
    texts
        .iter()
        .map(|text| with_names(text, material))
        .collect()
}

/// How whole and how telling a sentence is at least.
type Least = (f64, f64);

const FIRST: Least = (-2.4, 0.65);
/// A second sentence need not be there, so it is a good one,
const GOOD: Least = (-1.3, 0.3);
/// and a better one where something else can take its place.
const SURELY_GOOD: Least = (-1.3, 1.6);

/// Chooses up to two sentences that are whole and telling enough.
fn choose<'a, 'u>(ranked: &'a [Ranked<'u>], second: Least) -> Vec<&'a Ranked<'u>> {
    let mut chosen: Vec<&Ranked<'_>> = Vec::new();
    for candidate in ranked {
        let (whole, telling) = if chosen.is_empty() { FIRST } else { second };
        let is_good = candidate.unit.wholeness >= whole && candidate.score >= telling;
        let is_new = !chosen.iter().any(|taken| candidate.resembles(taken));
        if chosen.len() < SENTENCES && is_good && is_new {
            chosen.push(candidate);
        }
    }
    chosen.sort_by(|a, b| a.unit.place.total_cmp(&b.unit.place));
    chosen
}

/// Whether somebody is called at the end: some captions put down who speaks next.
fn ends_in_a_name(text: &str, speakers: &[String]) -> bool {
    let mut words = text.split_whitespace().rev().map(|word| fold(bare(word)));
    let last = words.next().unwrap_or_default();
    let belongs = words.next().is_some_and(|word| is_function_word(&word));
    let mut names = speakers.iter().flat_map(|name| name.split_whitespace());
    !belongs && names.any(|name| fold(name) == last)
}

/// Writes names as the title and the speakers do, where captions in lower case lost that: "wasm" as
/// "WASM", "quill" as "Quill".
fn with_names(text: &str, material: &Material<'_>) -> String {
    // An ordinary word has a capital in a title, too.
    let is_name = |word: &&str| word.chars().skip(1).any(char::is_uppercase);
    let is_no_word = |word: &&str| !is_ordinary_word(&fold(word));
    let titled = material.title.unicode_words().filter(is_name);
    let speakers = material.speakers.iter();
    let called = speakers
        .flat_map(|name| name.unicode_words())
        .filter(is_no_word);
    let names: Vec<&str> = titled.chain(called).collect();
    let as_written = |word: &str| {
        names
            .iter()
            .find(|name| word == name.to_lowercase())
            .copied()
    };
    text.split_word_bounds()
        .map(|word| as_written(word).unwrap_or(word))
        .collect()
}

fn language(cues: &[Cue]) -> Option<Language> {
    const ENOUGH: usize = 200;
    let sample: Vec<&str> = cues
        .iter()
        .take(ENOUGH)
        .map(|cue| cue.text.as_str())
        .collect();
    Language::of(&sample.join(" "))
}

/// The title without the speakers, whose names say nothing about the subject.
fn subject(title: &str, speakers: &[String]) -> String {
    let names: Vec<Cow<'_, str>> = speakers
        .iter()
        .flat_map(|name| name.split_whitespace())
        .map(fold)
        .collect();
    // File names stand in for titles, too: "day2_polite_guest".
    title
        .split(|c: char| c.is_whitespace() || c == '_')
        .filter(|word| !names.contains(&fold(bare(word))))
        .collect::<Vec<_>>()
        .join(" ")
}
