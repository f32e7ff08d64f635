//! The numbers of a text, each with what it measures.
//!
//! A number is what `words.rs` makes of it, in digits whichever way it is written. A word of measure
//! ("bytes", "hours") within a few words behind it says what it measures; those words are known in
//! English alone. Whether a number is right is not known here: only whether a text has it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::evidence::words::{FoldedWord, WordKind, words};
use crate::talk::language::Language;

/// A number of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// In digits.
    pub(crate) value: String,
    /// Where it stands, with its measure if that follows at once.
    pub(crate) range: Range<usize>,
    /// Whether it is written in digits.
    pub(crate) is_in_digits: bool,
    measures: HashSet<Measure>,
}

/// What is measured, and in what: a row of `MEASURES` and a place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Measure {
    dimension: usize,
    unit: usize,
}

/// Words of measure, by dimension; those of one unit stand together.
const MEASURES: [&[&str]; 3] = [
    &[
        "nanosecond nanoseconds ns",
        "microsecond microseconds us",
        "millisecond milliseconds millis ms",
        "second seconds sec secs",
        "minute minutes min mins",
        "hour hours hr hrs",
        "day days",
        "week weeks",
        "month months",
        "year years",
    ],
    &[
        "bit bits",
        "byte bytes",
        "kilobyte kilobytes kb kib",
        "megabyte megabytes meg megs mb mib",
        "gigabyte gigabytes gig gigs gb gib",
        "terabyte terabytes tb tib",
        "petabyte petabytes pb pib",
    ],
    &[
        "dollar dollars bucks",
        "euro euros",
        "pound pounds",
        "cent cents",
        "yen",
    ],
];

/// How many words behind a number its measure is looked for: "600 operations a second".
const REACH: usize = 3;

/// The numbers of a text, in its order.
pub(crate) fn quantities(text: &str, language: Option<Language>) -> Vec<Quantity> {
    of_words(text, &words(text, language))
}

fn of_words(text: &str, words: &[FoldedWord]) -> Vec<Quantity> {
    let numbers = words.iter().enumerate();
    numbers
        .filter(|(_, word)| word.kind == WordKind::Number)
        .map(|(at, word)| {
            let behind = words[at + 1..].iter().take(REACH);
            let measure_at_once = words.get(at + 1).filter(|next| measure(next).is_some());
            let end = measure_at_once.map_or(word.range.end, |next| next.range.end);
            Quantity {
                value: word.folded.clone(),
                range: word.range.start..end,
                is_in_digits: text[word.range.clone()].contains(|c: char| c.is_numeric()),
                // What stands behind the next number is the next one's.
                measures: behind
                    .take_while(|word| word.kind != WordKind::Number)
                    .filter_map(measure)
                    .collect(),
            }
        })
        .collect()
}

fn measure(word: &FoldedWord) -> Option<Measure> {
    let is_unit = |unit: &&str| unit.split(' ').any(|name| name == word.folded);
    let mut dimensions = MEASURES.iter().enumerate();
    dimensions.find_map(|(dimension, units)| {
        let unit = units.iter().position(is_unit)?;
        Some(Measure { dimension, unit })
    })
}

impl Quantity {
    /// Whether it says what it measures.
    pub(crate) fn is_measured(&self) -> bool {
        !self.measures.is_empty()
    }
}

/// The numbers that some texts have.
#[derive(Debug, Default, Clone)]
pub(crate) struct KnownQuantities {
    measures: HashMap<String, HashSet<Measure>>,
    /// Numbers that are said as two: 2048 as "20 48".
    joined: HashSet<String>,
}

impl KnownQuantities {
    /// Reads one more text.
    pub(crate) fn read(&mut self, text: &str, language: Option<Language>) {
        let mut before: Option<(String, usize)> = None;
        for quantity in quantities(text, language) {
            if let Some((value, end)) = &before
                && text[*end..quantity.range.start].trim().is_empty()
            {
                self.joined.insert(value.clone() + &quantity.value);
            }
            let measures = self.measures.entry(quantity.value.clone()).or_default();
            measures.extend(&quantity.measures);
            before = Some((quantity.value, quantity.range.end));
        }
    }

    /// Whether the texts have a number, at once or in parts: 0.17 as "zero point seventeen".
    pub(crate) fn has(&self, value: &str) -> bool {
        let is_said = |value: &str| self.measures.contains_key(value);
        let is_said_in_parts = || {
            let parts = value.split('.').map(|part| part.trim_start_matches('0'));
            value.contains('.') && parts.filter(|part| !part.is_empty()).all(is_said)
        };
        is_said(value) || self.joined.contains(value) || is_said_in_parts()
    }

    /// Whether the texts have the number of a quantity, and each time with another measure of the
    /// same dimension.
    pub(crate) fn measure_otherwise(&self, quantity: &Quantity) -> bool {
        let Some(known) = self.measures.get(&quantity.value) else {
            return false;
        };
        quantity.measures.iter().any(|measure| {
            let mut of_dimension = known.iter().filter(|k| k.dimension == measure.dimension);
            of_dimension.clone().next().is_some() && of_dimension.all(|k| k.unit != measure.unit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> KnownQuantities {
        let mut known = KnownQuantities::default();
        known.read(text, Some(Language::English));
        known
    }

    #[test]
    fn a_number_is_known_however_it_is_written() {
        let known = known(
            "it takes twenty five servers, version zero point seventeen, key of 20 48 bits, 1,000 of them",
        );
        for value in ["25", "0.17", "2048", "1000"] {
            assert!(known.has(value), "{value}");
        }
        for value in ["26", "0.18", "481000", "100"] {
            assert!(!known.has(value), "{value}");
        }
    }

    #[test]
    fn another_measure_of_the_same_kind_is_another_statement() {
        let known = known("it handles 600 operations per second and 300 kilobytes, in 5 steps");
        let is_measured_otherwise = |text: &str| {
            let found = quantities(text, Some(Language::English));
            known.measure_otherwise(&found[0])
        };
        for text in ["600 operations a minute", "300-byte proofs"] {
            assert!(is_measured_otherwise(text), "{text}");
        }
        for text in [
            "600 operations a second",
            "600 dollars",
            "300 kB",
            "5 minutes",
            "7 minutes",
        ] {
            assert!(!is_measured_otherwise(text), "{text}");
        }
    }

    #[test]
    fn a_quantity_knows_how_it_is_written() {
        let text = "Three nodes and 24 hours";
        let found = quantities(text, Some(Language::English));
        let found: Vec<_> = found
            .iter()
            .map(|q| (&text[q.range.clone()], q.is_in_digits, q.is_measured()))
            .collect();
        assert_eq!(found, [("Three", false, false), ("24 hours", true, true)]);
    }
}
