//! Finds names that were misheard: words of a summary that sound like a trusted name and are
//! spelled like it, but are not it.
//!
//! Pure, and never sure: what is found is reported, not replaced. Nothing is said where people
//! used the word themselves, where two trusted names are near, or where the text has the right
//! name as well, since two spellings in one text mean two things. An organizer who lists a word in
//! the glossary is not asked about it again.

mod cues;
mod english;
mod forms;
mod mentions;
mod name;
mod phrase;
mod spoken;
mod trusted;
mod words;

#[cfg(test)]
mod tests;

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;

use crate::sound::fold;
use crate::summarize::near_miss::name::LIKENESS_OF_THE_SAME;
use crate::summarize::near_miss::phrase::{LowerCase, Phrase, phrases};
use crate::summarize::near_miss::trusted::{Side, Target};
use crate::summarize::near_miss::words::{KnownWords, Look, Word, words};
use crate::talk::language::Language;

pub(crate) use crate::summarize::near_miss::english::is_ordinary as is_ordinary_word;
pub(crate) use crate::summarize::near_miss::mentions::names_only_here;
pub use crate::summarize::near_miss::spoken::{Misheard, misheard};
pub use crate::summarize::near_miss::trusted::Trusted;
pub(crate) use crate::summarize::near_miss::trusted::{NameSource, TrustedName};

/// A word or phrase that seems to be a misheard name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// As it stands in the text.
    pub word: String,
    /// Where it stands first, in bytes.
    pub range: Range<usize>,
    /// The name that it seems to be meant for.
    pub suggestion: TrustedName,
}

/// Finds what seems to be misheard in a text about a talk: each word once, in the order of the
/// text.
#[must_use]
pub fn near_misses(text: &str, trusted: &Trusted) -> Vec<NearMiss> {
    near_misses_among(text, &words(text), trusted, LowerCase::MayBeName)
}

/// The same among the words of a text.
fn near_misses_among(
    text: &str,
    words: &[Word<'_>],
    trusted: &Trusted,
    lower_case: LowerCase,
) -> Vec<NearMiss> {
    let has_capital = |word: &Word<'_>| word.look != Look::Lower;
    if lower_case == LowerCase::IsNoName && !words.iter().any(has_capital) {
        return Vec::new();
    }
    // In German every noun has a capital, and only of English it is known which words are
    // ordinary. In other languages nothing is compared with what may be no name.
    let targets: Vec<&Target> = match trusted.language_of(text) {
        Some(Language::English) => trusted.targets().collect(),
        _ => trusted
            .targets()
            .filter(|target| target.is_sure())
            .collect(),
    };
    let used = LazyCell::new(|| KnownWords::of(words));
    let hits = phrases(text, words, lower_case).filter_map(|phrase| {
        let beside = hit_beside(&phrase, &targets, trusted, &used);
        match beside {
            // Such a name is one word.
            Some(beside) if beside.name.name.contains('-') => Some(beside),
            beside => hit(phrase, &targets, trusted, &used).or(beside),
        }
    });
    let mut seen = HashSet::new();
    best_of_each_place(hits.collect())
        .into_iter()
        .map(|hit| NearMiss {
            word: text[hit.range.clone()].to_owned(),
            range: hit.range,
            suggestion: hit.name,
        })
        .filter(|found| seen.insert(found.word.clone()))
        .collect()
}

/// A place in the text, and the trusted name that seems to be meant there.
struct NameHit {
    range: Range<usize>,
    name: TrustedName,
    likeness: f64,
}

/// A word that is heard beside the same word as a name: "Cloud Code" for "Claude Code". Less is
/// needed there, since the rest of the name was heard right.
fn hit_beside(
    phrase: &Phrase<'_, '_>,
    targets: &[&Target],
    trusted: &Trusted,
    used: &KnownWords,
) -> Option<NameHit> {
    const NEEDED: f64 = 1.55;
    phrase.single()?;
    let sides = [Side::Before, Side::Behind].into_iter().zip(phrase.beside);
    let beside = sides.filter_map(|(side, word)| Some((side, word?)));
    let hits = beside.flat_map(|(side, word)| {
        let folded = fold(word.text);
        targets.iter().filter_map(move |target| {
            let whole = target.with_neighbor(side, &folded)?;
            let likeness = phrase.name.likeness_beside(&target.name);
            let range =
                phrase.range.start.min(word.range.start)..phrase.range.end.max(word.range.end);
            let heard = match side {
                Side::Before => [&folded, phrase.name.letters()].concat(),
                Side::Behind => [phrase.name.letters(), &folded].concat(),
            };
            let is_meant = likeness >= NEEDED
                && phrase.name.letters() != target.name.letters()
                && !phrase.name.is_told_from(&target.name)
                && !trusted.knows_pair(&heard)
                && !used.has_pair(&fold(whole));
            is_meant.then(|| NameHit {
                range,
                name: TrustedName {
                    name: whole.to_owned(),
                    source: target.trusted.source,
                },
                likeness,
            })
        })
    });
    hits.max_by(|a, b| a.likeness.total_cmp(&b.likeness))
}

fn hit(
    phrase: Phrase<'_, '_>,
    targets: &[&Target],
    trusted: &Trusted,
    used: &KnownWords,
) -> Option<NameHit> {
    let (likeness, target) = match split_name(&phrase, targets) {
        Some(_) if trusted.knows_pair(phrase.name.letters()) => return None,
        Some(target) => (LIKENESS_OF_THE_SAME, target),
        None if trusted.knows(phrase.name.letters()) => return None,
        None => nearest(&phrase, targets)?,
    };
    let is_near = likeness >= phrase.needed(&target.name);
    let letters = target.name.letters();
    let has_right_name_too =
        used.has_word(letters) || (!target.is_one_word() && used.has_pair(letters));
    (is_near && !has_right_name_too).then_some(NameHit {
        range: phrase.range,
        name: target.trusted.clone(),
        likeness,
    })
}

/// The name that a phrase is, but for its spaces: "Chain Guard" for "Chainguard".
fn split_name<'t>(phrase: &Phrase<'_, '_>, targets: &[&'t Target]) -> Option<&'t Target> {
    let is_same =
        |target: &&&Target| target.is_one_word() && target.name.letters() == phrase.name.letters();
    let same = targets.iter().find(is_same).copied();
    same.filter(|_| phrase.is_spaced())
}

/// The name that is most alike, unless another one is nearly as much.
fn nearest<'t>(phrase: &Phrase<'_, '_>, targets: &[&'t Target]) -> Option<(f64, &'t Target)> {
    const MARGIN: f64 = 0.15;
    let (mut most, mut second) = (None, 0.0);
    for &target in targets {
        if !target.may_be_meant_for(&phrase.name) {
            continue;
        }
        let likeness = phrase.name.likeness(&target.name);
        let most_so_far = most.map_or(0.0, |(likeness, _)| likeness);
        if likeness <= second || phrase.name.is_told_from(&target.name) {
            continue;
        }
        if likeness > most_so_far {
            (most, second) = (Some((likeness, target)), most_so_far);
        } else {
            second = likeness;
        }
    }
    most.filter(|(likeness, _)| likeness - second >= MARGIN)
}

/// Keeps the likeliest of those that overlap, or the longest, in the order of the text.
fn best_of_each_place(mut hits: Vec<NameHit>) -> Vec<NameHit> {
    hits.sort_by(|a, b| {
        let by_length = || b.range.len().cmp(&a.range.len());
        b.likeness.total_cmp(&a.likeness).then_with(by_length)
    });
    let mut best: Vec<NameHit> = Vec::new();
    for hit in hits {
        let is_apart = |other: &NameHit| {
            hit.range.end <= other.range.start || other.range.end <= hit.range.start
        };
        if best.iter().all(is_apart) {
            best.push(hit);
        }
    }
    best.sort_by_key(|hit| hit.range.start);
    best
}
