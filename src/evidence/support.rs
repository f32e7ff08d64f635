//! Whether what is said anywhere in a talk supports a sentence.
//!
//! Weak evidence, and to be shown as such: the score is the share of the sentence's words that one
//! place says in their order. Where the sentence names somebody whose words the transcript tells
//! apart, what others say supports nothing. A sentence can have every word of a place and still
//! turn it round.

use crate::evidence::SpokenWords;
use crate::evidence::locate::ratio;
use crate::evidence::words::{FoldedWord, WordKind, words};

/// How much of a sentence one place says at least where that counts as support. Chosen on one half
/// of the judged meetings, and nearly the same on the other: `docs/decisions.md` has the figures.
const SUPPORTED: f64 = 0.55;
/// How many words the name of a voice has at most.
const NAME: usize = 4;

impl SpokenWords {
    /// Whether one place says enough of a sentence.
    #[must_use]
    pub fn supports(&self, sentence: &str) -> bool {
        self.support(sentence) >= SUPPORTED
    }

    /// How much of a sentence one place says in its order: from 0, nothing, to 1.
    #[must_use]
    pub fn support(&self, sentence: &str) -> f64 {
        let wanted = words(sentence, self.language);
        let wanted: Vec<&str> = wanted.iter().filter_map(said).collect();
        let (mut by_all, mut by_named) = (0, None);
        let mut is_named = false;
        for cue in 0..self.cues.len() {
            if let Some(voice) = self.voice(cue) {
                is_named = wanted.windows(voice.len()).any(|words| words == voice);
            }
            let shared = in_order(&wanted, &self.said_from(cue, 2 * wanted.len()));
            by_all = by_all.max(shared);
            if is_named {
                by_named = by_named.max(Some(shared));
            }
        }
        ratio(by_named.unwrap_or(by_all)) / ratio(wanted.len().max(1))
    }

    /// What is said from a cue on: in the cue and, until there are enough words, in those after it
    /// that begin with no other voice.
    fn said_from(&self, cue: usize, enough: usize) -> Vec<&str> {
        let mut said: Vec<&str> = self.said_in(cue).collect();
        for next in cue + 1..self.cues.len() {
            if said.len() >= enough || self.voice(next).is_some() {
                break;
            }
            said.extend(self.said_in(next));
        }
        said
    }

    /// The words of the name that begins a cue: "Ada Lovelace: …".
    fn voice(&self, cue: usize) -> Option<Vec<&str>> {
        let colon = self.cues[cue].text.find(':')?;
        let words = self.words[self.of_cue[cue].clone()].iter();
        let name: Vec<&str> = words
            .take_while(|spoken| spoken.word.range.end <= colon)
            .map(|spoken| spoken.word.folded.as_str())
            .collect();
        (1..=NAME).contains(&name.len()).then_some(name)
    }

    fn said_in(&self, cue: usize) -> impl Iterator<Item = &str> {
        let words = self.words[self.of_cue[cue].clone()].iter();
        words.filter_map(|spoken| said(&spoken.word))
    }
}

/// A word as it is compared; fillers are none.
fn said(word: &FoldedWord) -> Option<&str> {
    (word.kind != WordKind::Filler).then_some(word.folded.as_str())
}

/// How many words two texts have in the same order (the longest common subsequence).
fn in_order(one: &[&str], other: &[&str]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for word in one {
        let mut before = 0;
        for (at, said) in other.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if said == word {
                before + 1
            } else {
                above.max(row[at])
            };
            before = above;
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use crate::evidence::SpokenWords;
    use crate::talk::transcript::{CaptionKind, Cue, Transcript};

    fn spoken(said: &[&str]) -> SpokenWords {
        let cue = |text: &&str| Cue {
            span: None,
            text: (*text).to_owned(),
        };
        SpokenWords::of(&Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            cues: said.iter().map(cue).collect(),
        })
    }

    #[test]
    fn a_sentence_is_supported_by_what_one_place_says_of_it_in_its_order() {
        let spoken = spoken(&["the garbage collector um stops threads", "lunch is late"]);
        let said = spoken.support("The garbage collector stops threads.");
        let half_said = spoken.support("Threads stops the collector.");
        assert!(said > 0.99, "{said}");
        assert!(half_said < 0.6 && half_said > 0.0, "{half_said}");
        assert!(spoken.supports("The garbage collector stops every thread."));
        assert!(!spoken.supports("Penguins swim."));
        assert!(spoken.support("").abs() < f64::EPSILON);
    }

    #[test]
    fn a_sentence_is_supported_across_short_cues() {
        let spoken = spoken(&["so the garbage", "collector stops", "all of the threads"]);
        let said = spoken.support("The garbage collector stops all of the threads.");
        assert!(said > 0.99, "{said}");
    }

    #[test]
    fn what_others_say_does_not_support_what_somebody_said() {
        let spoken = spoken(&[
            "Ada: the cache is too small",
            "and it is slow",
            "Ben: we need more tests",
        ]);
        assert!(spoken.supports("Ada says the cache is too small."));
        assert!(spoken.supports("Ada says it is slow."));
        assert!(!spoken.supports("Ben says the cache is too small."));
        assert!(spoken.supports("The cache is too small."));
    }
}
