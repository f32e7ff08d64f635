//! Finds where a sentence is said by its words alone.
//!
//! A passage counts by the words that it shares with the sentence, each by how rare it is in the
//! talk and less each time that it is said again (Okapi BM25, Robertson and Zaragoza 2009). What is
//! said around a passage counts half, since a subject is talked about for longer than a passage.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::evidence::SpokenWords;
use crate::talk::evidence::{Evidence, FoundBy};
use crate::talk::language::{Language, telling_stems};

/// How many cues a passage has at most.
const PASSAGE: usize = 8;
/// How many cues on either side are looked at, and what they count.
const AROUND: [(usize, f64); 3] = [(0, 1.0), (8, 0.5), (30, 0.5)];
/// How soon a word that is said again counts no more (`k1` of BM25).
const SATURATION: f64 = 1.2;
/// How much a long passage is set back (`b` of BM25).
const LENGTH: f64 = 0.5;
/// How much of the weight of a sentence's words a passage shares at least.
const SHARED: f64 = 0.3;

/// A passage and how it fits a sentence.
struct Fit {
    cues: Range<usize>,
    score: f64,
}

impl SpokenWords {
    /// Finds where something like a sentence is said; none where its words are hardly in the talk,
    /// or where no time is known.
    #[must_use]
    pub fn locate(&self, sentence: &str) -> Option<Evidence> {
        self.locate_beside(sentence, "")
    }

    /// Finds where something like a sentence is said that stands in a text whose other words were
    /// likely said near it. Only of an answer to one question that is known: the two sentences of
    /// a summary may be said far apart.
    #[must_use]
    pub fn locate_beside(&self, sentence: &str, text: &str) -> Option<Evidence> {
        /// What a word of the text beside the sentence counts.
        const BESIDE: f64 = 0.2;
        let stems = stems(sentence, self.language);
        let others = self::stems(text, self.language);
        let mut wanted: HashMap<&str, f64> =
            each_once(&others).map(|stem| (stem, BESIDE)).collect();
        wanted.extend(each_once(&stems).map(|stem| (stem, 1.0)));
        let cues = self.best_passage(&wanted)?.cues;
        if !self.shares_enough(&stems, &cues) {
            return None;
        }
        self.passage(cues)
    }

    /// Finds the passage that is nearest to a sentence by its words, however few of them it has.
    /// Only to measure the finding: a page must be able to say that there is no place.
    #[must_use]
    pub fn nearest(&self, sentence: &str) -> Option<Evidence> {
        let stems = stems(sentence, self.language);
        let wanted = each_once(&stems).map(|stem| (stem, 1.0)).collect();
        self.passage(self.best_passage(&wanted)?.cues)
    }

    fn passage(&self, cues: Range<usize>) -> Option<Evidence> {
        let words = self.of_cue[cues.start].start..self.of_cue[cues.end - 1].end;
        Some(Evidence {
            span: self.span(cues)?,
            ..self.evidence(words, FoundBy::Words)?
        })
    }

    fn best_passage(&self, wanted: &HashMap<&str, f64>) -> Option<Fit> {
        let count = self.cues.len();
        let starts = 0..(count + 1).saturating_sub(PASSAGE).max(count.min(1));
        // How many words there are before each cue, and how many of each that is wanted.
        let lengths = running_totals(self.stems.iter().map(Vec::len));
        // In an order of their own: a sum of decimals depends on it.
        let mut wanted: Vec<(&str, f64)> = wanted.iter().map(|(stem, w)| (*stem, *w)).collect();
        wanted.sort_by_key(|(stem, _)| *stem);
        let mut scores = vec![0.0; starts.len()];
        for (around, share) in AROUND {
            let stretches: Vec<Range<usize>> = starts
                .clone()
                .map(|at| at.saturating_sub(around)..(at + PASSAGE + around).min(count))
                .collect();
            let all: usize = stretches
                .iter()
                .map(|s| lengths[s.end] - lengths[s.start])
                .sum();
            let mean = (ratio(all) / ratio(stretches.len())).max(1.0);
            for (stem, weight) in &wanted {
                let Some(_) = self.cues_with.get(*stem) else {
                    continue;
                };
                let said = |cue: &Vec<String>| cue.iter().filter(|said| said == stem).count();
                let said = running_totals(self.stems.iter().map(said));
                let worth = share * weight * self.rarity(stem);
                for (score, stretch) in scores.iter_mut().zip(&stretches) {
                    let times = ratio(said[stretch.end] - said[stretch.start]);
                    let length = ratio(lengths[stretch.end] - lengths[stretch.start]) / mean;
                    let set_back = SATURATION * (1.0 - LENGTH + LENGTH * length);
                    *score += worth * times * (SATURATION + 1.0) / (times + set_back);
                }
            }
        }
        let mut best: Option<Fit> = None;
        for (start, score) in starts.zip(scores) {
            // The first of those that are as good.
            if score > best.as_ref().map_or(0.0, |best| best.score) {
                let cues = start..(start + PASSAGE).min(count);
                best = Some(Fit { cues, score });
            }
        }
        best
    }

    fn shares_enough(&self, stems: &[String], cues: &Range<usize>) -> bool {
        let said: HashSet<&str> = self.stems[cues.clone()]
            .iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let weight = |stem: &str| self.rarity(stem);
        let whole: f64 = each_once(stems).map(weight).sum();
        let shared = each_once(stems).filter(|stem| said.contains(stem));
        let shared: f64 = shared.map(weight).sum();
        shared > 0.0 && shared >= SHARED * whole
    }

    /// How rare a stem is in the talk.
    pub(super) fn rarity(&self, stem: &str) -> f64 {
        let all = self.cues.len();
        let with = self.cues_with.get(stem).copied().unwrap_or(0);
        (1.0 + ratio(all - with.min(all)) / (ratio(with) + 0.5)).ln()
    }
}

fn ratio(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// What there is before each place, and at the end.
fn running_totals(counts: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut total = 0;
    let mut totals = vec![0];
    totals.extend(counts.map(|count| {
        total += count;
        total
    }));
    totals
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
