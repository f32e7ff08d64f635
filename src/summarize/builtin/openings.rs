//! Weighs for each word of English captions without stops how likely a sentence opens there.
//!
//! Evidence is added up in log odds: the words around, pairs of them, a filler or a silence in
//! between. The weights of `opening_words.txt` and `opening_pairs.txt`, in tenths, say how often a
//! stop stands at such places in punctuated talks and conversations about software. It knows words
//! and silences, and no grammar.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use crate::summarize::builtin::clauses::SpokenWord;
use crate::summarize::builtin::cuts::{BREATH, telling_pause};
use crate::summarize::builtin::tidy::bare;
use crate::talk::language::fold;

/// How likely a sentence opens at each word, from 0 to 1; one value more than there are words,
/// for the end.
pub(super) fn openings(said: &[SpokenWord<'_>]) -> Vec<f64> {
    /// Whatever the evidence, a doubt remains.
    const SUREST: f64 = 0.97;
    let pause = telling_pause(said);
    let words: Vec<String> = said
        .iter()
        .map(|word| fold(bare(word.text)).into_owned())
        .collect();
    let repeats = repeats(&words);
    let chance = |at: usize| {
        let evidence = BIAS
            + words_around(&words, at)
            + pairs(&words, at)
            + recurrence(&words, at, &repeats)
            + silence(&said[at], pause);
        1.0 / (1.0 + (-evidence).exp())
    };
    let is_end = |at: usize| at == 0 || at == said.len();
    (0..=said.len())
        .map(|at| {
            if is_end(at) {
                SUREST
            } else {
                chance(at).min(SUREST)
            }
        })
        .collect()
}

/// Most words open no sentence.
const BIAS: f64 = -3.7;

/// How far around a place words are looked at: two before it, and three from it on.
const BEFORE: usize = 2;
const WINDOW: usize = 5;

/// A word, or a kind of words, and what it says at each place of the window.
static WORDS: LazyLock<HashMap<&'static str, [f64; WINDOW]>> = LazyLock::new(|| {
    let lines = include_str!("opening_words.txt").lines();
    lines.map(|line| weighed(line, 1)).collect()
});

/// Two words, and what they say around a place and behind it.
static PAIRS: LazyLock<HashMap<(&'static str, &'static str), [f64; 2]>> = LazyLock::new(|| {
    let lines = include_str!("opening_pairs.txt").lines();
    lines
        .map(|line| {
            let (pair, weights) = weighed(line, 2);
            (pair.split_once(' ').expect("a pair is two words"), weights)
        })
        .collect()
});

/// Reads a line of some words and `N` weights in tenths.
fn weighed<const N: usize>(line: &str, words: usize) -> (&str, [f64; N]) {
    let end = line.match_indices(' ').nth(words - 1);
    let (words, weights) = line.split_at(end.expect("weights follow the words").0);
    let mut weights = weights
        .split_whitespace()
        .map(|weight| weight.parse::<f64>().expect("a weight is a number") / 10.0);
    let weights = std::array::from_fn(|_| weights.next().expect("no weight is missing"));
    (words, weights)
}

/// What the words around a place say; beyond both ends there is nothing.
fn words_around(words: &[String], at: usize) -> f64 {
    const EDGE: &str = "|";
    (0..WINDOW)
        .map(|place| {
            let word = (at + place)
                .checked_sub(BEFORE)
                .and_then(|at| words.get(at));
            let kind = word.map_or(EDGE, |word| kind(word));
            WORDS[kind][place]
        })
        .sum()
}

/// The word itself where its weights are known, else its kind.
fn kind(word: &str) -> &str {
    const ENDINGS: [&str; 9] = [
        "-ing", "-ed", "-ly", "-tion", "-ity", "-er", "-al", "-es", "-s",
    ];
    /// A stem of fewer letters is none.
    const STEM: usize = 3;
    if WORDS.contains_key(word) {
        return word;
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return "#";
    }
    let has_ending = |ending: &&&str| {
        let stem = word.strip_suffix(&ending[1..]);
        stem.is_some_and(|stem| stem.len() >= STEM)
    };
    ENDINGS.iter().find(has_ending).unwrap_or(&"*")
}

/// What the two words around a place say, and the two behind it.
fn pairs(words: &[String], at: usize) -> f64 {
    let pair = |first: usize| {
        let second = words.get(first + 1)?;
        PAIRS.get(&(words[first].as_str(), second.as_str()))
    };
    pair(at - 1).map_or(0.0, |weights| weights[0]) + pair(at).map_or(0.0, |weights| weights[1])
}

/// How often each two words follow each other.
fn repeats(words: &[String]) -> HashMap<(&str, &str), usize> {
    let mut counts = HashMap::new();
    for pair in words.windows(2) {
        *counts
            .entry((pair[0].as_str(), pair[1].as_str()))
            .or_insert(0) += 1;
    }
    counts
}

/// Two words that a talk says again and again belong together: "merkle tree".
fn recurrence(words: &[String], at: usize, repeats: &HashMap<(&str, &str), usize>) -> f64 {
    const OFTEN: usize = 4;
    let (before, word) = (words[at - 1].as_str(), words[at].as_str());
    let times = repeats.get(&(before, word)).copied().unwrap_or_default();
    let telling = [before, word]
        .iter()
        .filter(|word| !WORDS.contains_key(*word))
        .count();
    match (telling, times) {
        (2, OFTEN..) => -3.7,
        (2, 2..) => -2.3,
        (1, 2..) => -0.6,
        _ => 0.0,
    }
}

/// What a filler or a silence before a word says.
fn silence(word: &SpokenWord<'_>, pause: Duration) -> f64 {
    let paused = match word.pause {
        silence if silence >= pause.saturating_mul(3) => 5.0,
        silence if silence >= pause => 3.5,
        silence if silence >= BREATH => 1.3,
        _ => 0.0,
    };
    let hesitated = if word.hesitates { 1.9 } else { 0.0 };
    paused + hesitated
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{SpokenWord, kind, openings};
    use crate::summarize::builtin::clauses::roles;

    /// How likely a sentence opens at each word of a speech, where a bar is a silence.
    fn openings_of(speech: &str) -> Vec<f64> {
        let mut words = Vec::new();
        let mut pause = Duration::ZERO;
        for text in speech.split_whitespace() {
            if text == "|" {
                pause = Duration::from_secs(1);
                continue;
            }
            words.push(SpokenWord {
                text,
                roles: roles(text),
                pause,
                hesitates: false,
            });
            pause = Duration::ZERO;
        }
        openings(&words)
    }

    #[test]
    fn a_sentence_opens_where_its_words_say_so() {
        for (speech, at) in [
            ("we lost every key so today we keep them", 4),
            ("the queue was full we had to wait", 4),
            ("the queue was full | queues are like that", 4),
        ] {
            let likely = openings_of(speech);
            let within = 1..likely.len() - 1;
            let best = within.max_by(|&a, &b| likely[a].total_cmp(&likely[b]));
            assert_eq!(best, Some(at), "{speech}: {likely:?}");
        }
    }

    #[test]
    fn words_that_are_said_together_again_and_again_are_not_parted() {
        let once = openings_of("hash merkle tree");
        let often = openings_of(&"hash merkle tree ".repeat(5));
        assert!(often[2] < once[2]);
    }

    #[test]
    fn unknown_words_are_told_by_their_endings() {
        for (word, expected) in [
            ("the", "the"),
            ("pickling", "-ing"),
            ("sting", "*"),
            ("mempools", "-s"),
            ("42nd", "#"),
            ("", "*"),
        ] {
            assert_eq!(kind(word), expected, "{word}");
        }
    }
}
