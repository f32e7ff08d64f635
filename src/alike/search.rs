//! Finds talks by words: each word that a talk has speaks for it, by how rare it is among the talks,
//! and less each time that it comes again (Okapi BM25, Robertson and Zaragoza 2009).

use crate::alike::weights::{ReadTalks, TITLE, TalkStems, number};

/// How soon a word that comes again counts no more (`k1` of BM25).
const SATURATION: f64 = 1.2;
/// How much a long talk is set back (`b` of BM25).
const LENGTH: f64 = 0.75;

impl ReadTalks {
    /// The talks that have any of these words, by their places in the order in which they were read.
    /// The best come first, and equals in that order.
    #[must_use]
    pub(crate) fn search(&self, words: &str) -> Vec<usize> {
        let wanted = self.vocabulary.known_stems_of(words);
        let lengths: Vec<f64> = self.stems.iter().map(length).collect();
        let mean = (lengths.iter().sum::<f64>() / number(lengths.len().max(1))).max(1.0);
        let score = |(talk, length): (&TalkStems, &f64)| -> f64 {
            let set_back = SATURATION * (1.0 - LENGTH + LENGTH * length / mean);
            let scores = wanted.iter().map(|stem| {
                let times = number(times(talk, *stem));
                self.vocabulary.rarity(*stem) * times * (SATURATION + 1.0) / (times + set_back)
            });
            scores.sum()
        };
        let scored = self.stems.iter().zip(&lengths).map(score).enumerate();
        let mut scored: Vec<(usize, f64)> = scored.filter(|(_, score)| *score > 0.0).collect();
        scored.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        scored.into_iter().map(|(at, _)| at).collect()
    }

    /// The words that the talks have, as they are written most often.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        (0..self.vocabulary.len()).map(|stem| self.vocabulary.word(stem))
    }
}

/// How many words a talk has that say something.
fn length(talk: &TalkStems) -> f64 {
    let in_text: usize = talk.text.iter().map(|(_, count)| count).sum();
    number(TITLE * talk.title.len() + in_text)
}

/// How often a talk has a word, which counts more in its title.
fn times(talk: &TalkStems, stem: usize) -> usize {
    let in_title = talk.title.binary_search(&stem).map_or(0, |_| TITLE);
    let in_text = talk.text.binary_search_by_key(&stem, |(stem, _)| *stem);
    in_title + in_text.map_or(0, |at| talk.text[at].1)
}

#[cfg(test)]
mod tests {
    use crate::alike::TalkText;
    use crate::alike::weights::ReadTalks;

    fn read(talks: &[(&str, &str)]) -> ReadTalks {
        let talks = talks.iter();
        talks
            .map(|(title, text)| TalkText { title, text })
            .collect()
    }

    #[test]
    fn the_rarer_words_of_the_shorter_talk_come_first() {
        let talks = read(&[
            (
                "Welcome",
                "We look at caches and at the kernel, and then at caches.",
            ),
            ("Kernels", "The schedulers of kernels are explained."),
            (
                "Caching",
                "Caches of a compiler: how a cache is filled and when it is emptied.",
            ),
            ("Closing", "Thanks to all, and see you soon."),
        ]);
        for (words, expected) in [
            ("kernel", &[1, 0][..]),
            ("the Caches", &[2, 0]),
            ("scheduler caching", &[1, 2, 0]),
            ("what is it about?", &[]),
            ("zebra", &[]),
            ("", &[]),
        ] {
            assert_eq!(talks.search(words), expected, "{words}");
        }
        assert!(talks.words().any(|word| word == "schedulers"));
    }

    #[test]
    fn words_are_looked_for_in_every_language_of_the_talks() {
        let talks = read(&[
            (
                "Keynote",
                "The history of the compiler is told by those who were there.",
            ),
            (
                "Rückblick",
                "Die Geschichte der Übersetzer wird von denen erzählt, die dabei waren.",
            ),
        ]);
        assert_eq!(talks.search("Geschichten"), [1]);
        assert_eq!(talks.search("compilers"), [0]);
    }

    #[test]
    fn where_nothing_is_read_nothing_is_found() {
        assert_eq!(read(&[]).search("kernel"), [0; 0]);
    }
}
