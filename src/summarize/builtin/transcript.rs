//! Takes the two most telling units from what was said.
//!
//! It only chooses: `units` cuts and tidies, `rank` scores. The second unit must not say the same
//! as the first, and both stand in the order of speech, as the later one often builds on the
//! earlier.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use crate::summarize::builtin::rank::rank;
use crate::summarize::builtin::tidy::bare;
use crate::summarize::builtin::units::{Unit, units};
use crate::summarize::builtin::{Material, SENTENCES};
use crate::summarize::sentences::{sentences, words};
use crate::talk::language::{Language, fold};
use crate::talk::transcript::Cue;

/// Takes up to two sentences from a transcript, in the order of speech; what is written about the
/// talk stands in front where it says more.
///
/// A second sentence is only taken where it is surely one.
pub(super) fn from_transcript(material: &Material<'_>, written: &[String]) -> Vec<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 8..=45;
    const SURELY_WHOLE: f64 = -1.2;
    let language = language(material.cues);
    let mut units = units(material.cues, language);
    // A unit that reads as two sentences would break the promise of two.
    units.retain(|unit| LENGTHS.contains(&words(&unit.text)) && sentences(&unit.text).len() == 1);
    if units.is_empty() {
        return Vec::new();
    }
    units.extend(written.iter().map(|sentence| Unit::written(sentence)));
    let mut chosen = Vec::new();
    for candidate in rank(
        &units,
        &subject(material.title, material.speakers),
        language,
    ) {
        let is_good = chosen.is_empty()
            || (candidate.unit.wholeness >= SURELY_WHOLE && candidate.score > 0.0);
        let is_new = !chosen.iter().any(|taken| candidate.resembles(taken));
        if chosen.len() < SENTENCES && is_good && is_new {
            chosen.push(candidate);
        }
    }
    chosen.sort_by(|a, b| a.unit.place.total_cmp(&b.unit.place));
    chosen
        .into_iter()
        .map(|candidate| with_names(&candidate.unit.text, material.title))
        .collect()
}

/// Writes names as the title does, where captions in lower case lost that: "wasm" as "WASM".
fn with_names(text: &str, title: &str) -> String {
    let is_name = |word: &&str| word.chars().skip(1).any(char::is_uppercase);
    let names: Vec<&str> = title.unicode_words().filter(is_name).collect();
    let as_titled = |word: &str| {
        names
            .iter()
            .find(|name| word == name.to_lowercase())
            .copied()
    };
    text.split_word_bounds()
        .map(|word| as_titled(word).unwrap_or(word))
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
