//! Weighs for each word of English captions without stops how likely a thought opens there.
//!
//! Evidence is added up in log odds: the word and what follows it, the word before, a filler or a
//! silence in between. The weights are rounded from how often a stop stands at such places in
//! punctuated captions of talks. It knows words and silences, and no grammar beyond `clauses`.

use std::time::Duration;

use crate::summarize::builtin::clauses::{Reader, SpokenWord, WordRole, asks};
use crate::summarize::builtin::cuts::{BREATH, telling_pause};
use crate::summarize::builtin::tidy::{bare, is_listed, is_listed_pair};
use crate::talk::language::is_function_word;

/// How likely a thought opens at each word, from 0 to 1; one value more than there are words,
/// for the end.
pub(super) fn openings(said: &[SpokenWord<'_>]) -> Vec<f64> {
    /// Whatever the evidence, a doubt remains.
    const SUREST: f64 = 0.97;
    let pause = telling_pause(said);
    let chance = |at: usize| {
        let evidence =
            BIAS + word_before(&said[at - 1]) + word(said, at) + silence(&said[at], pause);
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

/// Most words open no thought.
const BIAS: f64 = -1.5;

/// What the word before says: whether a thought can end with it.
fn word_before(word: &SpokenWord<'_>) -> f64 {
    const ANSWERS: &str = "right okay ok yeah yes cool great mhm alright thanks";
    let is_unfinished = is_function_word(bare(word.text)) || word.is(WordRole::Subordinator);
    if is_listed(word.text, ANSWERS) {
        2.0
    } else if word.is(WordRole::Closer) {
        -0.7
    } else if is_unfinished || word.is(WordRole::Determiner) {
        -2.3
    } else {
        0.0
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

/// What a word and those behind it say.
fn word(said: &[SpokenWord<'_>], at: usize) -> f64 {
    const ANSWERS: &str = "okay ok yeah yes oh thank thanks alright hello hi";
    const PHRASES: &str =
        "all right|first of|by the|of course|for example|in other|in fact|speaking of|at least";
    const DEGREES: &str = "so that|so many|so much|so far|so long|so on|so few|so called|so good";
    const BEFORE_DEGREES: &str = "is are was were be or think do not and i'm it's";
    const COUNTED: &str = "is to we you i it if when don't never always use make the";
    let reader = Reader::new(said);
    let text = |at: usize| said.get(at).map_or("", |word| word.text);
    let is = |at: usize, role| said.get(at).is_some_and(|word| word.is(role));
    let (this, next) = (&said[at], text(at + 1));
    match this.text {
        "so" if is_listed_pair("so", next, DEGREES) => -2.0,
        "so" if is_listed(text(at - 1), BEFORE_DEGREES) => -2.0,
        "so" => 2.7,
        "but" => 0.75,
        _ if is_listed(this.text, ANSWERS) || is_listed_pair(this.text, next, PHRASES) => 2.1,
        "and" if is_listed(next, "then so now") => 0.55,
        "and" if is(at + 1, WordRole::Subordinator) || is(at + 1, WordRole::Scene) => 1.4,
        "and" if reader.opens(at + 1) => 0.4,
        "and" => -0.3,
        _ if asks(said, at) => 1.0,
        "if" | "when" => 0.0,
        "one" | "two" | "three" | "four" | "first" | "second" | "third"
            if is_listed(next, COUNTED) =>
        {
            0.8
        }
        _ if is(at, WordRole::Marker) || is(at, WordRole::Adverb) => {
            if reader.opens(at + 1) || is(at + 1, WordRole::Determiner) {
                0.5
            } else {
                -0.6
            }
        }
        _ if is(at, WordRole::Clause) => 0.95,
        _ if is(at, WordRole::Pointer) && !is_listed(this.text, "it you") && reader.opens(at) => {
            0.85
        }
        _ if reader.opens(at) => 0.1,
        _ if is(at, WordRole::Scene) && (at + 2..at + 6).any(|at| reader.opens(at)) => -0.9,
        _ if is(at, WordRole::Continuer) || is(at, WordRole::Scene) => -2.2,
        _ if is(at, WordRole::Verb) => -1.8,
        word if is_function_word(bare(word)) => -1.3,
        _ => -2.0,
    }
}
