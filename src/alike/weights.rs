//! Talks as the words that tell them apart.
//!
//! A word weighs by how often a talk has it, which counts ever less, and by how few talks have it.
//! Each talk weighs one in all, so that a long one is no more like others than a short one.

use std::collections::HashMap;

use crate::alike::TalkText;
use crate::talk::language::{Language, telling_stems, telling_words};

/// How often a word of the title counts.
pub(super) const TITLE: usize = 2;
/// The weightiest words tell a talk; a transcript has thousands, and its last say nothing.
const MOST_STEMS: usize = 100;

/// The stems of all talks, by numbers.
#[derive(Debug, Default)]
pub(super) struct StemIndex {
    numbers: HashMap<String, usize>,
    /// In the order in which the talks have them.
    stems: Vec<String>,
    /// How each is written, with how often: "Kernels" and "kernel".
    written: Vec<Vec<(String, usize)>>,
    /// How many talks have each.
    talks_with: Vec<usize>,
    talks: usize,
    /// What the talks are written in, in the order in which they come.
    languages: Vec<Language>,
}

/// What a talk or a category weighs by its stems, in the order of their numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Weights(pub(super) Vec<(usize, f64)>);

/// The stems of a talk.
#[derive(Debug, Default)]
pub(super) struct TalkStems {
    /// Those of the title, in the order of their numbers.
    pub(super) title: Vec<usize>,
    /// Those of the text in the same order, with how often it has each.
    pub(super) text: Vec<(usize, usize)>,
}

/// Talks by their stems; the texts themselves are not kept.
#[derive(Debug, Default)]
pub struct ReadTalks {
    pub(super) vocabulary: StemIndex,
    /// The stems of each talk, in the order in which they were read.
    pub(super) stems: Vec<TalkStems>,
}

/// Counts as numbers to calculate with.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words and talks stay far below 2^52"
)]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}

impl ReadTalks {
    /// Reads one talk more.
    pub fn read(&mut self, talk: TalkText<'_>) {
        self.stems.push(self.vocabulary.read(talk));
    }

    /// How many there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.stems.len()
    }

    /// What each talk weighs by its stems.
    pub(super) fn weights(&self) -> Vec<Weights> {
        let weights = |talk| self.vocabulary.weights_of(talk);
        self.stems.iter().map(weights).collect()
    }
}

impl<'a> FromIterator<TalkText<'a>> for ReadTalks {
    fn from_iter<T: IntoIterator<Item = TalkText<'a>>>(talks: T) -> Self {
        let mut read = Self::default();
        for talk in talks {
            read.read(talk);
        }
        read
    }
}

impl Weights {
    /// The same, so that it weighs one.
    pub(super) fn scaled(mut self) -> Self {
        let length = self
            .0
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f64>();
        if length > 0.0 {
            let length = length.sqrt();
            for (_, weight) in &mut self.0 {
                *weight /= length;
            }
        }
        self
    }

    /// The sum of others, each so many times.
    pub(super) fn sum_of<'w>(parts: impl Iterator<Item = (&'w Self, f64)>) -> Self {
        let mut stems: Vec<(usize, f64)> = Vec::new();
        for (part, times) in parts {
            let weights = part.0.iter();
            stems.extend(weights.map(|(stem, weight)| (*stem, weight * times)));
        }
        // What is equal stays in the order of the parts, and so does the sum.
        stems.sort_by_key(|(stem, _)| *stem);
        stems.dedup_by(|(stem, weight), (before, sum)| {
            let is_same = stem == before;
            if is_same {
                *sum += *weight;
            }
            is_same
        });
        Self(stems)
    }

    /// All that it weighs.
    pub(super) fn sum(&self) -> f64 {
        self.0.iter().map(|(_, weight)| weight).sum()
    }

    /// How much of its weight two share: between scaled ones the cosine.
    pub(super) fn shared(&self, other: &Self) -> f64 {
        let stems = self.shared_stems(other).into_iter();
        stems.map(|(_, weight)| weight).sum()
    }

    /// The stems that both have, with what they weigh in both together.
    pub(super) fn shared_stems(&self, other: &Self) -> Vec<(usize, f64)> {
        let mut theirs = other.0.iter().peekable();
        let mut shared = Vec::new();
        for (stem, weight) in &self.0 {
            while theirs.next_if(|(other, _)| other < stem).is_some() {}
            if let Some((_, other)) = theirs.next_if(|(other, _)| other == stem) {
                shared.push((*stem, weight * other));
            }
        }
        shared
    }

    /// The weightiest stems, so that they weigh one.
    pub(super) fn trimmed(mut self) -> Self {
        let weights = &mut self.0;
        if weights.len() > MOST_STEMS {
            weights.sort_unstable_by(|(a, one), (b, other)| other.total_cmp(one).then(a.cmp(b)));
            weights.truncate(MOST_STEMS);
            weights.sort_unstable_by_key(|(stem, _)| *stem);
        }
        self.scaled()
    }
}

impl StemIndex {
    /// What a talk weighs by its stems.
    fn weights_of(&self, talk: &TalkStems) -> Weights {
        let titled = talk.title.iter().map(|stem| (*stem, TITLE));
        let mut counts: Vec<(usize, usize)> = titled.chain(talk.text.iter().copied()).collect();
        counts.sort_unstable();
        counts.dedup_by(|(stem, count), (before, sum)| {
            let is_same = stem == before;
            if is_same {
                *sum += *count;
            }
            is_same
        });
        let weigh =
            |(stem, count): (usize, usize)| (stem, (1.0 + number(count).ln()) * self.rarity(stem));
        Weights(counts.into_iter().map(weigh).collect()).trimmed()
    }

    /// How many stems there are.
    pub(super) fn len(&self) -> usize {
        self.stems.len()
    }

    pub(super) fn stems(&self) -> &[String] {
        &self.stems
    }

    /// The word that a stem stands for, as it is written most often.
    pub(super) fn word(&self, stem: usize) -> &str {
        let forms = self.written[stem].iter().rev();
        let most = forms.max_by_key(|(_, count)| *count);
        most.map_or(&self.stems[stem], |(form, _)| form)
    }

    /// In how many talks a stem is.
    pub(super) fn talks_with(&self, stem: usize) -> usize {
        self.talks_with[stem]
    }

    /// What a stem weighs in itself: the more, the fewer talks have it. One that all talks have
    /// still weighs something, since a conference may have a single talk.
    pub(super) fn rarity(&self, stem: usize) -> f64 {
        (number(self.talks + 2) / number(self.talks_with[stem] + 1)).ln()
    }

    /// The stems of words about the talks, once each, in every language that a talk has; new ones
    /// become part of the vocabulary.
    pub(super) fn stems_of(&mut self, words: &str) -> Vec<usize> {
        let stems = self.in_languages(words).into_iter();
        once_each(stems.map(|stem| self.number_of(stem)).collect())
    }

    /// The same, without those that no talk has.
    pub(super) fn known_stems_of(&self, words: &str) -> Vec<usize> {
        let stems = self.in_languages(words);
        let known = stems.iter().filter_map(|stem| self.numbers.get(stem));
        once_each(known.copied().collect())
    }

    fn in_languages(&self, words: &str) -> Vec<String> {
        let languages = match self.languages.as_slice() {
            [] => &[Language::English],
            languages => languages,
        };
        let languages = languages.iter();
        languages
            .flat_map(|language| telling_stems(words, Some(*language)))
            .collect()
    }

    fn read(&mut self, talk: TalkText<'_>) -> TalkStems {
        self.talks += 1;
        let language = Language::of(&format!("{} {}", talk.title, talk.text));
        let language = language.unwrap_or(Language::English);
        if !self.languages.contains(&language) {
            self.languages.push(language);
        }
        let mut numbers = |words: &str| {
            let words = telling_words(words, Some(language)).into_iter();
            let mut numbers: Vec<usize> = words
                .map(|(stem, written)| self.count_written(stem, written))
                .collect();
            numbers.sort_unstable();
            numbers
        };
        let (mut title, text) = (numbers(talk.title), numbers(talk.text));
        title.dedup();
        let text: Vec<(usize, usize)> = text
            .chunk_by(|one, other| one == other)
            .map(|same| (same[0], same.len()))
            .collect();
        let untitled = text.iter().filter(|(stem, _)| !title.contains(stem));
        for stem in untitled.map(|(stem, _)| stem).chain(&title) {
            self.talks_with[*stem] += 1;
        }
        TalkStems { title, text }
    }

    fn count_written(&mut self, stem: String, written: &str) -> usize {
        let number = self.number_of(stem);
        let forms = &mut self.written[number];
        match forms.iter_mut().find(|(form, _)| form == written) {
            Some((_, count)) => *count += 1,
            None => forms.push((written.to_owned(), 1)),
        }
        number
    }

    fn number_of(&mut self, stem: String) -> usize {
        if let Some(number) = self.numbers.get(&stem) {
            return *number;
        }
        let number = self.stems.len();
        self.stems.push(stem.clone());
        self.written.push(Vec::new());
        self.talks_with.push(0);
        self.numbers.insert(stem, number);
        number
    }
}

fn once_each(mut stems: Vec<usize>) -> Vec<usize> {
    stems.sort_unstable();
    stems.dedup();
    stems
}
