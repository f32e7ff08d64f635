//! The talks that are most like a talk, and the words that they share.
//!
//! A short text has few words of its subject, and another talk about it may have others. So each
//! talk borrows words from the talks that are most like it, and is compared by both.

use crate::alike::graph::{Graph, nearest};
use crate::alike::weights::{ReadTalks, StemIndex, Weights};

/// A talk that is like another.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour {
    /// Which of the talks.
    pub talk: usize,
    /// The words that both have, the weightiest first.
    pub words: Vec<String>,
}

/// How many words show why two talks are alike.
const WORDS: usize = 5;
/// How often words are borrowed.
const ROUNDS: usize = 2;
/// Among so many more that are alike for borrowed words, those are looked for that share own ones.
const SPARE: usize = 5;

/// For each talk up to so many others that are most like it, the most alike first. Talks that
/// share no word are not alike; of equals the earlier one comes first.
#[must_use]
pub fn neighbours(talks: &ReadTalks, most: usize) -> Vec<Vec<Neighbour>> {
    let (vocabulary, own) = (&talks.vocabulary, talks.weights());
    let mut weights = own.clone();
    for _ in 0..ROUNDS {
        let graph = Graph::of(&weights);
        weights = graph.borrow(&own);
    }
    let nearest = nearest(&weights, most + SPARE).into_iter().enumerate();
    nearest
        .map(|(at, nearest)| {
            let alike = nearest.into_iter().filter_map(|(other, _)| {
                let words = shared_words(vocabulary, &own[at], &own[other]);
                (!words.is_empty()).then_some(Neighbour { talk: other, words })
            });
            alike.take(most).collect()
        })
        .collect()
}

fn shared_words(vocabulary: &StemIndex, one: &Weights, other: &Weights) -> Vec<String> {
    let mut shared = one.shared_stems(other);
    shared.sort_by(|(a, one), (b, other)| other.total_cmp(one).then(a.cmp(b)));
    let words = shared.into_iter().take(WORDS);
    words
        .map(|(stem, _)| vocabulary.word(stem).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alike::TalkText;

    const TALKS: [TalkText<'_>; 6] = [
        talk("Baking with rye", "Sourdough, flour and patience."),
        talk("Soldering at home", "Irons, flux and fumes."),
        talk("Sourdoughs of the Alps", "Rye flour from high valleys."),
        talk("Old irons", "Flux for every solder."),
        talk("Zebra", "Quagga."),
        talk("", ""),
    ];

    const fn talk<'a>(title: &'a str, text: &'a str) -> TalkText<'a> {
        TalkText { title, text }
    }

    fn read(talks: &[TalkText<'_>]) -> ReadTalks {
        talks.iter().copied().collect()
    }

    #[test]
    fn neighbours_share_words_and_those_without_any_have_none() {
        let found = neighbours(&read(&TALKS), 3);
        let talks: Vec<Vec<usize>> = found
            .iter()
            .map(|found| found.iter().map(|neighbour| neighbour.talk).collect())
            .collect();
        let expected: [&[usize]; 6] = [&[2], &[3], &[0], &[1], &[], &[]];
        assert_eq!(talks, expected);
        let mut words = found[0][0].words.clone();
        words.sort();
        assert_eq!(words, ["Sourdough", "flour", "rye"]);
    }

    #[test]
    fn the_same_talks_have_the_same_neighbours_again() {
        assert_eq!(neighbours(&read(&TALKS), 3), neighbours(&read(&TALKS), 3));
    }

    #[test]
    fn of_equals_the_earlier_comes_first_and_no_more_than_wanted_come() {
        let talks = [talk("Rye", "bread"); 5];
        let found = neighbours(&read(&talks), 2);
        let talks: Vec<usize> = found[3].iter().map(|neighbour| neighbour.talk).collect();
        assert_eq!(talks, [0, 1]);
    }
}
