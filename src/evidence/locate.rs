//! Finds where a sentence is said by its words alone.
//!
//! A passage counts by the words that it shares with the sentence, each by how rare it is in the
//! talk (inverse document frequency, Spärck Jones), and a word that is said again counts less each
//! time (as in BM25, Robertson and others).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::evidence::SpokenWords;
use crate::talk::evidence::{Evidence, FoundBy};
use crate::talk::language::{Language, telling_stems};

/// How many cues a passage has at most.
const PASSAGE: usize = 8;
/// How much of the weight of a sentence's words a passage shares at least.
const SHARED: f64 = 0.3;

impl SpokenWords {
    /// Finds where something like a sentence is said; none where its words are hardly in the talk,
    /// or where no time is known.
    #[must_use]
    pub fn locate(&self, sentence: &str) -> Option<Evidence> {
        let cues = self.best_passage(sentence)?;
        let words = self.of_cue[cues.start].start..self.of_cue[cues.end - 1].end;
        if words.is_empty() {
            return None;
        }
        Some(Evidence {
            span: self.span(cues)?,
            ..self.evidence(words, FoundBy::Words)?
        })
    }

    fn best_passage(&self, sentence: &str) -> Option<Range<usize>> {
        let stems = stems(sentence, self.language);
        let wanted: HashMap<&str, f64> = each_once(&stems)
            .map(|stem| (stem, self.rarity(stem)))
            .collect();
        let whole: f64 = wanted.values().sum();
        let count = self.cues.len();
        let mut best: Option<(f64, Range<usize>)> = None;
        for start in 0..count.saturating_sub(PASSAGE - 1).max(count.min(1)) {
            let passage = start..(start + PASSAGE).min(count);
            let said: HashSet<&str> = self.stems[passage.clone()]
                .iter()
                .flatten()
                .map(String::as_str)
                .collect();
            let score: f64 = wanted
                .iter()
                .filter(|(stem, _)| said.contains(*stem))
                .map(|(_, weight)| weight)
                .sum();
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, passage));
            }
        }
        best.filter(|(score, _)| *score >= SHARED * whole && *score > 0.0)
            .map(|(_, passage)| passage)
    }

    /// How rare a stem is in the talk.
    fn rarity(&self, stem: &str) -> f64 {
        let all = self.cues.len();
        let with = self.cues_with.get(stem).copied().unwrap_or(0);
        let ratio = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        (1.0 + ratio(all - with.min(all)) / (ratio(with) + 0.5)).ln()
    }
}

/// The stems of the words that say something.
pub(super) fn stems(text: &str, language: Option<Language>) -> Vec<String> {
    telling_stems(text, language)
}

pub(super) fn each_once(stems: &[String]) -> impl Iterator<Item = &str> {
    let mut seen = HashSet::new();
    stems
        .iter()
        .map(String::as_str)
        .filter(move |stem| seen.insert(*stem))
}
