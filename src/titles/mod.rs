//! Names that mean the same talk: file names, session titles and video titles, paired.
//!
//! A pair is one that nothing else comes near: whoever acts on a wrong pair does harm, and whoever
//! gets none looks for himself. Words count by how rare they are among the titles, so that what
//! all of them share (the event, the year) decides nothing. Pure; knows no files and no catalog.

mod vocabulary;
mod words;

use crate::titles::vocabulary::Vocabulary;
use crate::titles::words::words;

/// A title that a name stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Which of the titles.
    pub index: usize,
    /// How sure it is, 0 to 1.
    pub score: f64,
}

/// Below this a likeness is chance.
const ALIKE: f64 = 0.75;
/// How much further than the best its rival must fall short: so many times as far, and so much more.
const RIVAL: (f64, f64) = (1.5, 0.04);

/// Pairs each of `names` with the one of `titles` that means the same, where that is clear: the
/// index and how sure (0..=1). Each title is given away once.
///
/// Of all pairs, those go together that are each other's best and have no near rival; what they
/// leave is looked at again, since what was a rival may be gone.
#[must_use]
pub fn pairs(names: &[&str], titles: &[&str]) -> Vec<Option<Pair>> {
    let names: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
    let titles: Vec<Vec<String>> = titles.iter().map(|title| words(title)).collect();
    let vocabulary = Vocabulary::of(&titles, &names);
    // What is less alike than the nearest rival of the weakest pair changes nothing.
    let (times, more) = RIVAL;
    let least = 1.0 - times * (1.0 - ALIKE) - more;
    let likenesses = names.iter().map(|name| {
        let mut alike = vocabulary.similar_titles(name);
        alike.retain(|pair| pair.score >= least);
        alike
    });
    let likenesses: Vec<Vec<Pair>> = likenesses.collect();
    let mut paired: Vec<Option<Pair>> = vec![None; names.len()];
    let mut is_taken = vec![false; titles.len()];
    loop {
        let clear = clear_pairs(&likenesses, &paired, &is_taken);
        if clear.is_empty() {
            return paired;
        }
        for (name, pair) in clear {
            is_taken[pair.index] = true;
            paired[name] = Some(pair);
        }
    }
}

/// The pairs among what is free that are each other's best, without a near rival on either side.
fn clear_pairs(
    likenesses: &[Vec<Pair>],
    paired: &[Option<Pair>],
    is_taken: &[bool],
) -> Vec<(usize, Pair)> {
    let mut by_name = vec![Contest::default(); likenesses.len()];
    let mut by_title = vec![Contest::default(); is_taken.len()];
    for (name, alike) in likenesses.iter().enumerate() {
        if paired[name].is_some() {
            continue;
        }
        for pair in alike.iter().filter(|pair| !is_taken[pair.index]) {
            by_name[name].enter(pair.index, pair.score);
            by_title[pair.index].enter(name, pair.score);
        }
    }
    let winners = by_name.iter().enumerate().filter_map(|(name, contest)| {
        let (index, score) = contest.winner()?;
        let is_mutual = by_title[index]
            .winner()
            .is_some_and(|(best, _)| best == name);
        is_mutual.then_some((name, Pair { index, score }))
    });
    winners.collect()
}

/// The best of those that want the same, and how near the next one comes.
#[derive(Debug, Clone, Default)]
struct Contest {
    best: Option<(usize, f64)>,
    second: f64,
}

impl Contest {
    fn enter(&mut self, who: usize, score: f64) {
        match self.best {
            Some((_, best)) if best >= score => self.second = self.second.max(score),
            best => {
                self.second = best.map_or(0.0, |(_, score)| score);
                self.best = Some((who, score));
            }
        }
    }

    /// The best, if it is good, and the second falls short of full likeness by clearly more.
    fn winner(&self) -> Option<(usize, f64)> {
        let (times, more) = RIVAL;
        self.best.filter(|(_, score)| {
            *score >= ALIKE && 1.0 - self.second >= times * (1.0 - score) + more
        })
    }
}

#[cfg(test)]
mod tests {
    use super::pairs;

    const TITLES: [&str; 8] = [
        "Ada Quill: Caches that explain themselves | Example Conf 2026",
        "Ben Oak: Schedulers, a love story (part 1) | Example Conf 2026",
        "Ben Oak: Schedulers, a love story (part 2) | Example Conf 2026",
        "Keynote: Why we still print | Example Conf 2026",
        "Lightning talks, Friday | Example Conf 2026",
        "Lightning talks, Saturday | Example Conf 2026",
        "[DE] Größe zählt nicht - Zoë Ångström | Example Conf 2026",
        "東京のRust入門 | Example Conf 2026",
    ];

    /// The titles that a few names are paired with, by their numbers.
    fn paired(names: &[&str]) -> Vec<Option<usize>> {
        let pairs = pairs(names, &TITLES);
        pairs.into_iter().map(|pair| Some(pair?.index)).collect()
    }

    #[test]
    fn names_of_many_styles_find_their_title() {
        for (name, index) in [
            ("03_Ada-Quill__Caches that explain themselves (final v2)", 0),
            ("caches-that-explain-themselves.en", 0),
            ("CachesThatExplainThemselves", 0),
            ("CACHES THAT EXPLIAN THEMSELVES_SUBTITLES", 0),
            ("Example Conf 2026 - 12 - Caches that expl", 0),
            ("Schedulers, a love story - Part 2", 2),
            ("why we still print", 3),
            ("Grosse zahlt nicht", 6),
            ("東京のRust入門_ja", 7),
        ] {
            assert_eq!(paired(&[name]), [Some(index)], "{name}");
        }
    }

    #[test]
    fn names_that_could_be_either_of_two_get_neither() {
        for name in [
            "Schedulers, a love story",
            "Lightning talks",
            "Ben Oak",
            "Example Conf 2026",
            "final",
            "",
        ] {
            assert_eq!(paired(&[name]), [None], "{name}");
        }
        let twice = [
            "Caches that explain themselves",
            "caches_that_explain_themselves",
        ];
        assert_eq!(paired(&twice), [None, None]);
    }

    #[test]
    fn names_of_other_talks_get_nothing() {
        for name in [
            "Schedulers, a love story - part 3",
            "How printers are made",
            "01 Opening | Example Conf 2026",
            "Keynote - Nobody Known",
        ] {
            assert_eq!(paired(&[name]), [None], "{name}");
        }
    }

    #[test]
    fn what_a_clear_pair_takes_is_no_rival_any_more() {
        let names = ["Lightning talks, Friday", "Lightning talks"];
        assert_eq!(paired(&names[..1]), [Some(4)]);
        assert_eq!(paired(&names), [Some(4), Some(5)]);
    }

    #[test]
    fn a_title_is_given_away_once() {
        let names = ["Why we still print", "Why we still print, the sequel"];
        assert_eq!(paired(&names), [Some(3), None]);
    }

    #[test]
    fn a_single_title_is_not_everybodys() {
        let [yes, no] = pairs(
            &["01 printing, explained", "02 caches"],
            &["Printing, explained"],
        )[..] else {
            panic!("one answer a name")
        };
        assert!(yes.is_some_and(|pair| pair.index == 0 && pair.score > 0.9));
        assert_eq!(no, None);
        assert!(pairs(&[], &["a"]).is_empty());
        assert_eq!(pairs(&["a"], &[]), [None]);
    }
}
