//! Learns from talks which words are said in each category, and says where the words of a talk are
//! likeliest.
//!
//! The measure is that of a naive Bayes classifier over weighted stems, smoothed by what is common to
//! all talks. A talk belongs to a category by a share, and what it says itself does not count for it.

use crate::alike::weights::{Weights, number};

/// How many words the text of a talk is worth where categories are compared by all words of their
/// talks: between 2 and 20 little changes.
const WORDS_OF_A_TALK: f64 = 6.0;
/// What is less is a slip of calculation.
const NEXT_TO_NOTHING: f64 = 1e-9;

/// What there is to learn from: the talks, what each stem weighs in all of them, and all stems.
pub(super) struct Lesson<'a> {
    talks: &'a [Weights],
    common: Vec<f64>,
    all: f64,
    /// Whether more than one talk has a stem.
    is_shared: Vec<bool>,
}

/// What is said in the categories, and how much.
pub(super) struct CategoryWords {
    /// For each category what each stem weighs.
    stems: Vec<Vec<f64>>,
    sums: Vec<f64>,
    /// How much an average category says.
    average: f64,
}

impl<'a> Lesson<'a> {
    pub(super) fn of(talks: &'a [Weights], stems: usize) -> Self {
        let mut common = vec![0.0; stems];
        for talk in talks {
            add(&mut common, talk, 1.0);
        }
        let mut talks_with = vec![0; stems];
        for (stem, _) in talks.iter().flat_map(|talk| &talk.0) {
            talks_with[*stem] += 1;
        }
        Self {
            talks,
            all: common.iter().sum(),
            common,
            is_shared: talks_with.into_iter().map(|talks| talks > 1).collect(),
        }
    }

    /// What the talks say that are in the categories by these shares, beside what is known of the
    /// categories before.
    pub(super) fn hear(&self, before: &[Weights], shares: &[Vec<f64>]) -> CategoryWords {
        let mut stems = vec![vec![0.0; self.common.len()]; before.len()];
        for (said, category) in stems.iter_mut().zip(before) {
            add(said, category, 1.0);
        }
        for (talk, shares) in self.talks.iter().zip(shares) {
            let shared = stems.iter_mut().zip(shares);
            for (said, share) in shared.filter(|(_, share)| **share > NEXT_TO_NOTHING) {
                add(said, talk, *share);
            }
        }
        let sums: Vec<f64> = stems.iter().map(|said| said.iter().sum()).collect();
        let average = sums.iter().sum::<f64>() / number(sums.len());
        CategoryWords {
            stems,
            sums,
            average,
        }
    }

    /// In which category a talk belongs, as shares, by what is said in them and what it was told
    /// before. A category that nothing spoke for is none.
    pub(super) fn shares(&self, said: &CategoryWords, talk: &Weights, told: &[f64]) -> Vec<f64> {
        let common = talk.0.iter().map(|(stem, _)| self.common[*stem] / self.all);
        let common: Vec<f64> = common.collect();
        let likelier = |(category, told): (usize, &f64)| match *told {
            0.0 => f64::NEG_INFINITY,
            told => told.ln() + WORDS_OF_A_TALK * self.likelier(said, category, talk, 0.0, &common),
        };
        let scores: Vec<f64> = told.iter().enumerate().map(likelier).collect();
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        to_shares(scores.into_iter().map(|score| (score - most).exp()))
    }

    /// Whether the words of a talk are likelier in a category, by what the other talks say there,
    /// than in all other talks.
    pub(super) fn others_speak_for(
        &self,
        said: &CategoryWords,
        talk: &Weights,
        shares: &[f64],
    ) -> bool {
        let others = self.all - talk.sum();
        let common = talk.0.iter();
        let common = common.map(|(stem, weight)| (self.common[*stem] - weight) / others);
        let common: Vec<f64> = common.collect();
        shares.iter().enumerate().any(|(category, share)| {
            self.likelier(said, category, talk, *share, &common) > NEXT_TO_NOTHING
        })
    }

    /// How much likelier the words of a talk are in a category than they are `common`, as a
    /// logarithm. What the talk says there itself, by its share, does not count, and neither do
    /// words that it alone has. A category says what nobody says there as often as anybody does,
    /// for as much as an average category says.
    fn likelier(
        &self,
        said: &CategoryWords,
        category: usize,
        talk: &Weights,
        share: f64,
        common: &[f64],
    ) -> f64 {
        let sum = said.sums[category] - share * talk.sum() + said.average;
        let stems = talk.0.iter().zip(common);
        let shared = stems.filter(|((stem, _), _)| self.is_shared[*stem]);
        let likelier = shared.map(|((stem, weight), common)| {
            let others = (said.stems[category][*stem] - weight * share).max(0.0);
            weight * ((others + said.average * common) / (sum * common)).ln()
        });
        likelier.sum()
    }
}

/// The same, so that it is one in all; nothing stays nothing.
pub(super) fn to_shares(parts: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut parts: Vec<f64> = parts.collect();
    let sum: f64 = parts.iter().sum();
    if sum > 0.0 {
        for part in &mut parts {
            *part /= sum;
        }
    }
    parts
}

fn add(sums: &mut [f64], weights: &Weights, times: f64) {
    for (stem, weight) in &weights.0 {
        sums[*stem] += weight * times;
    }
}
