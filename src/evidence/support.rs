//! Whether what is said anywhere in a talk supports a sentence.
//!
//! Weak evidence, and to be shown as such: the score is the share of the sentence's words, each by
//! how rare it is, that the one cue has that shares most. A sentence can have every word of a cue
//! and still turn it round.

use std::collections::HashSet;

use crate::evidence::SpokenWords;
use crate::evidence::locate::{each_once, stems};

impl SpokenWords {
    /// How much of a sentence stands together in one cue: from 0, nothing, to 1.
    #[must_use]
    pub fn support(&self, sentence: &str) -> f64 {
        let stems = stems(sentence, self.language);
        let wanted: Vec<(&str, f64)> = each_once(&stems)
            .map(|stem| (stem, self.rarity(stem)))
            .collect();
        let whole: f64 = wanted.iter().map(|(_, weight)| weight).sum();
        if whole <= 0.0 {
            return 0.0;
        }
        let shared = self.stems.iter().map(|said| {
            let said: HashSet<&str> = said.iter().map(String::as_str).collect();
            let shared = wanted.iter().filter(|(stem, _)| said.contains(stem));
            shared.map(|(_, weight)| weight).sum::<f64>()
        });
        shared.fold(0.0, f64::max) / whole
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::SpokenWords;
    use crate::talk::transcript::{CaptionKind, Cue, Transcript};

    #[test]
    fn a_sentence_is_supported_by_what_one_cue_says_of_it() {
        let cue = |text: &str| Cue {
            span: None,
            text: text.to_owned(),
        };
        let spoken = SpokenWords::of(&Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            cues: vec![
                cue("the garbage collector stops threads"),
                cue("lunch is late"),
            ],
        });
        let said = spoken.support("The garbage collector stops every thread.");
        let half_said = spoken.support("The collector is late.");
        assert!(said > 0.99, "{said}");
        assert!(half_said < said && half_said > 0.0, "{half_said}");
        assert!(spoken.support("Penguins swim.").abs() < f64::EPSILON);
        assert!(spoken.support("").abs() < f64::EPSILON);
    }
}
