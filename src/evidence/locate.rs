//! Finds where a sentence is said by its words alone.
//!
//! What is said counts by the words that it shares with the sentence, each by how rare it is in the
//! talk and less each time that it is said again (Okapi BM25, Robertson and Zaragoza 2009). Three
//! things count the same: the one cue of a passage that says most of it, what is said around the
//! passage, and the subject there, since that is talked about for longer than a passage.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::evidence::SpokenWords;
use crate::talk::evidence::{Evidence, FoundBy};
use crate::talk::language::{Language, telling_stems};

/// How many cues a passage has at most.
const PASSAGE: usize = 8;
/// How many words on either side of a passage's middle are looked at: what is said around it, and
/// the subject. In words, since a cue can be a breath or a speech.
const AROUND: [usize; 2] = [60, 400];
/// How soon a word that is said again counts no more (`k1` of BM25).
const SATURATION: f64 = 1.2;
/// How much a long stretch is set back (`b` of BM25).
const LENGTH: f64 = 0.5;
/// How many words further two are at most that stand together: in the sentence, and where it is
/// said.
const TOGETHER: (usize, usize) = (2, 3);
/// What a place scores at least for each of the sentence's words, by how rare it is.
const NEAR: f64 = 1.2;
/// How much a word counts that stands beside the sentence.
const BESIDE: f64 = 1.0 / 3.0;

/// Fewer cues do not show how rare a word is: in a talk of one cue, all are everywhere.
const FEW: usize = 20;

/// A sentence that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'s> {
    /// The sentence.
    pub sentence: &'s str,
    /// What its text says besides; empty where it stands alone.
    pub beside: &'s str,
}

impl<'s> From<&'s str> for Sought<'s> {
    fn from(sentence: &'s str) -> Self {
        let beside = "";
        Self { sentence, beside }
    }
}

/// A passage and how it fits a sentence.
struct Fit {
    cues: Range<usize>,
    score: f64,
}

impl SpokenWords {
    /// Finds where something like a sentence is said; none where its own words are hardly in the
    /// talk, or where no time is known.
    #[must_use]
    pub fn locate<'s>(&self, sought: impl Into<Sought<'s>>) -> Option<Evidence> {
        let sought = sought.into();
        let stems = stems(sought.sentence, self.language);
        let whole: f64 = each_once(&stems).map(|stem| self.rarity(stem)).sum();
        let fits = self.fits(&stems);
        let is_said = fits.iter().any(|fit| fit.score >= NEAR * whole);
        is_said.then(|| self.best_passage(fits, &stems, sought.beside))?
    }

    /// Finds the passage that is nearest to a sentence by its words, however few of them it has.
    /// Only to measure the finding: a page must be able to say that there is no place.
    #[must_use]
    pub fn nearest<'s>(&self, sought: impl Into<Sought<'s>>) -> Option<Evidence> {
        let sought = sought.into();
        let stems = stems(sought.sentence, self.language);
        self.best_passage(self.fits(&stems), &stems, sought.beside)
    }

    /// The passage that fits best, with what stands beside the sentence; the first of those that are
    /// as good.
    fn best_passage(&self, fits: Vec<Fit>, stems: &[String], beside: &str) -> Option<Evidence> {
        let fits = self.with_beside(fits, stems, beside).into_iter();
        let best = fits.reduce(|best, fit| if fit.score > best.score { fit } else { best });
        self.passage(best?.cues)
    }

    fn passage(&self, cues: Range<usize>) -> Option<Evidence> {
        let words = self.of_cue[cues.start].start..self.of_cue[cues.end - 1].end;
        Some(Evidence {
            span: self.span(cues)?,
            ..self.evidence(words, FoundBy::Words)?
        })
    }

    /// The passages with a cue that says anything of a sentence, each with what it scores by the
    /// sentence's own words.
    fn fits(&self, stems: &[String]) -> Vec<Fit> {
        let wanted: Vec<&str> = each_once(stems)
            .filter(|stem| self.cues_with.contains_key(*stem))
            .collect();
        let cues: Vec<Range<usize>> = (0..self.cues.len()).map(|cue| cue..cue + 1).collect();
        let mut of_cues = self.scores(&wanted, &cues);
        for (cue, score) in self.together(stems) {
            of_cues[cue] += score;
        }
        let around = AROUND.map(|reach| self.scores_around(&wanted, reach));
        let passages = passages(self.cues.len()).enumerate();
        let fits = passages.filter_map(|(at, cues)| {
            let most = of_cues[cues.clone()].iter().copied().fold(0.0, f64::max);
            let score = around.iter().fold(most, |score, around| score + around[at]);
            (most > 0.0).then_some(Fit { cues, score })
        });
        fits.collect()
    }

    /// The same passages, set forward by what is said around them of the words beside the sentence.
    fn with_beside(&self, mut fits: Vec<Fit>, stems: &[String], beside: &str) -> Vec<Fit> {
        let own: HashSet<&str> = stems.iter().map(String::as_str).collect();
        let beside = self::stems(beside, self.language);
        let wanted: Vec<&str> = each_once(&beside)
            .filter(|stem| !own.contains(stem) && self.cues_with.contains_key(*stem))
            .collect();
        if wanted.is_empty() {
            return fits;
        }
        for reach in AROUND {
            let around = self.scores_around(&wanted, reach);
            for fit in &mut fits {
                // There is a passage from each cue on.
                fit.score += BESIDE * around[fit.cues.start];
            }
        }
        fits
    }

    /// What is said so many words around each passage scores.
    fn scores_around(&self, wanted: &[&str], reach: usize) -> Vec<f64> {
        let passages = passages(self.cues.len());
        let stretches: Vec<_> = passages.map(|at| self.around(&at, reach)).collect();
        self.scores(wanted, &stretches)
    }

    /// The cues that meet so many words on either side of a passage's middle.
    fn around(&self, passage: &Range<usize>, reach: usize) -> Range<usize> {
        let words = self.of_cue[passage.start].start..self.of_cue[passage.end - 1].end;
        let middle = usize::midpoint(words.start, words.end);
        let (first, last) = (middle.saturating_sub(reach), middle + reach);
        let start = self.of_cue.partition_point(|words| words.end <= first);
        let end = self.of_cue.partition_point(|words| words.start < last);
        start.min(passage.start)..end.max(start + 1).min(self.cues.len())
    }

    /// What stretches score by the words that each shares with a sentence.
    fn scores(&self, wanted: &[&str], stretches: &[Range<usize>]) -> Vec<f64> {
        let lengths = running_totals(self.stems.iter().map(Vec::len));
        let length = |stretch: &Range<usize>| ratio(lengths[stretch.end] - lengths[stretch.start]);
        let whole: f64 = stretches.iter().map(length).sum();
        let mean = (whole / ratio(stretches.len())).max(1.0);
        let mut scores = vec![0.0; stretches.len()];
        for stem in wanted {
            let said = |cue: &Vec<String>| cue.iter().filter(|said| said == stem).count();
            let said = running_totals(self.stems.iter().map(said));
            let worth = self.rarity(stem) * (SATURATION + 1.0);
            for (score, stretch) in scores.iter_mut().zip(stretches) {
                let times = ratio(said[stretch.end] - said[stretch.start]);
                let set_back = SATURATION * (1.0 - LENGTH + LENGTH * length(stretch) / mean);
                *score += worth * times / (times + set_back);
            }
        }
        scores
    }

    /// What cues score by pairs of words that stand together there as they do in the sentence.
    fn together(&self, stems: &[String]) -> Vec<(usize, f64)> {
        let mut pairs: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (at, stem) in stems.iter().enumerate() {
            for other in stems[at + 1..].iter().take(TOGETHER.0) {
                if stem != other {
                    pairs.insert(in_order(stem, other), Vec::new());
                }
            }
        }
        let wanted: HashSet<&str> = stems.iter().map(String::as_str).collect();
        let said: Vec<(usize, &str)> = (0..)
            .zip(&self.stems)
            .flat_map(|(cue, stems)| stems.iter().map(move |stem| (cue, stem.as_str())))
            .collect();
        for (at, (cue, stem)) in said.iter().enumerate() {
            if !wanted.contains(stem) {
                continue;
            }
            for (_, other) in &said[at.saturating_sub(TOGETHER.1)..at] {
                if let Some(cues) = pairs.get_mut(&in_order(stem, other))
                    && cues.last() != Some(cue)
                {
                    cues.push(*cue);
                }
            }
        }
        let scored = pairs.into_values().flat_map(|cues| {
            let rarity = self.rarity_in(cues.len());
            cues.into_iter().map(move |cue| (cue, rarity))
        });
        scored.collect()
    }

    /// How rare a stem is in the talk.
    pub(super) fn rarity(&self, stem: &str) -> f64 {
        self.rarity_in(self.cues_with.get(stem).copied().unwrap_or(0))
    }

    /// How rare it is that so many cues have something.
    fn rarity_in(&self, with: usize) -> f64 {
        let without = self.cues.len().max(FEW).saturating_sub(with);
        (1.0 + ratio(without) / (ratio(with) + 0.5)).ln()
    }
}

fn in_order<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    if a < b { (a, b) } else { (b, a) }
}

/// The passages of so many cues, one from each cue on.
fn passages(count: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = (count + 1).saturating_sub(PASSAGE).max(count.min(1));
    (0..starts).map(move |start| start..(start + PASSAGE).min(count))
}

pub(super) fn ratio(count: usize) -> f64 {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Sought;
    use crate::evidence::SpokenWords;
    use crate::talk::transcript::{CaptionKind, Cue, Span, Transcript};

    /// A talk of a hundred cues, a second each, that says nothing but what it is given.
    fn spoken(said: &[(u64, &str)]) -> SpokenWords {
        let text = |at: u64| {
            let said = said.iter().find(|(cue, _)| *cue == at);
            said.map_or("and so on and so forth", |(_, text)| text)
        };
        let cue = |at: u64| Cue {
            span: Some(Span {
                start: Duration::from_secs(at),
                end: Duration::from_secs(at + 1),
            }),
            text: text(at).to_owned(),
        };
        SpokenWords::of(&Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            cues: (0..100).map(cue).collect(),
        })
    }

    fn place<'s>(spoken: &SpokenWords, sought: impl Into<Sought<'s>>) -> Option<(u64, u64)> {
        let found = spoken.locate(sought)?;
        Some((found.span.start.as_secs(), found.span.end.as_secs()))
    }

    #[test]
    fn a_sentence_is_found_where_its_words_stand_together() {
        let spoken = spoken(&[
            (10, "the garbage in the street"),
            (20, "my stamps are in a collection"),
            (60, "and the garbage collection stops all threads"),
            (90, "threads of wool"),
        ]);
        let (start, end) = place(&spoken, "Garbage collection stops threads.").unwrap();
        assert!(start <= 60 && 60 < end && end - start <= 8, "{start}–{end}");
    }

    #[test]
    fn of_two_places_that_say_it_the_one_at_its_subject_is_found() {
        let spoken = spoken(&[
            (10, "the index fits in memory"),
            (70, "postgres writes a log of queries"),
            (80, "the index fits in memory"),
            (88, "a query of postgres is slow"),
        ]);
        let (start, end) = place(&spoken, "The index of Postgres fits in memory.").unwrap();
        assert!(start <= 80 && 80 < end, "{start}–{end}");
    }

    #[test]
    fn of_two_places_that_say_it_the_one_where_the_rest_of_its_text_is_said_is_found() {
        let spoken = spoken(&[
            (10, "the staff were asked"),
            (70, "pay and pensions of the teachers"),
            (76, "the staff were asked"),
        ]);
        let sentence = "The staff were asked, too.";
        let (start, end) = place(&spoken, sentence).unwrap();
        assert!(start <= 10 && 10 < end, "{start}–{end}");
        let beside = "Teachers hope for pensions.";
        let (start, end) = place(&spoken, Sought { sentence, beside }).unwrap();
        assert!(start <= 76 && 76 < end, "{start}–{end}");
    }

    #[test]
    fn what_stands_beside_a_sentence_of_another_talk_gives_it_no_place() {
        let spoken = spoken(&[(10, "the garbage collection of the street stops all threads")]);
        let sentence = "Penguins of Patagonia hatch eggs beside street lamps.";
        let beside = "Garbage collection stops all threads.";
        assert_eq!(place(&spoken, Sought { sentence, beside }), None);
    }

    #[test]
    fn a_sentence_of_another_talk_has_no_place_though_one_is_nearest() {
        let spoken = spoken(&[(10, "the garbage in the street")]);
        let sentence = "Penguins of Patagonia hatch eggs beside street lamps.";
        assert_eq!(place(&spoken, sentence), None);
        let nearest = spoken.nearest(sentence).unwrap();
        let (start, end) = (nearest.span.start.as_secs(), nearest.span.end.as_secs());
        assert!(start <= 10 && 10 < end, "{start}–{end}");
        assert_eq!(spoken.nearest("Penguins hatch."), None);
    }
}
