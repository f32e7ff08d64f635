//! Whether a reply was mixed up with that to another talk.
//!
//! Pure. A model quotes what it read, so a reply shares runs of words with the transcript of its talk.
//! One that shares none with its own, and some with another's, belongs to the other. A reply
//! without words of the talk, such as a category, tells nothing.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// So many words in a row are hardly said in two talks by chance.
const RUN: usize = 6;
/// So many runs of another talk are needed: seven words in a row.
const ENOUGH: usize = 2;
/// Words are weighed by it, so that their order counts.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The runs of words in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Runs(HashSet<u64>);

/// Replies that share no run with their own talk, each by its number.
#[derive(Debug, Default)]
pub(super) struct Doubtful {
    replies: HashMap<u64, Vec<usize>>,
    found: HashMap<usize, (String, usize)>,
}

impl Runs {
    pub(super) fn of(text: &str) -> Self {
        Self(runs(text).collect())
    }

    /// Whether there is nothing to compare.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text has any of them.
    pub(super) fn are_in(&self, text: &str) -> bool {
        runs(text).any(|run| self.0.contains(&run))
    }
}

impl Doubtful {
    pub(super) fn is_empty(&self) -> bool {
        self.replies.is_empty()
    }

    /// Adds the runs of a reply.
    pub(super) fn add(&mut self, reply: usize, runs: Runs) {
        for run in runs.0 {
            self.replies.entry(run).or_default().push(reply);
        }
    }

    /// Looks for them in what is said in another recording.
    pub(super) fn look_into(&mut self, video: &str, transcript: &str) {
        let mut shared: HashMap<usize, HashSet<u64>> = HashMap::new();
        for run in runs(transcript) {
            for reply in self.replies.get(&run).into_iter().flatten() {
                shared.entry(*reply).or_default().insert(run);
            }
        }
        for (reply, runs) in shared {
            let best = self.found.get(&reply).map_or(ENOUGH - 1, |(_, runs)| *runs);
            if runs.len() > best {
                self.found.insert(reply, (video.to_owned(), runs.len()));
            }
        }
    }

    /// The recording whose words a reply has, if there is one.
    pub(super) fn belongs_to(&self, reply: usize) -> Option<&str> {
        self.found.get(&reply).map(|(video, _)| video.as_str())
    }
}

/// Each run of words, as a number that no other run has but by chance.
fn runs(text: &str) -> impl Iterator<Item = u64> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(|word| {
        let mut hasher = DefaultHasher::new();
        for c in word.chars().flat_map(char::to_lowercase) {
            c.hash(&mut hasher);
        }
        hasher.finish()
    });
    let words: Vec<u64> = words.collect();
    let join = |run: &[u64]| {
        run.iter().fold(0, |joined: u64, word| {
            joined.wrapping_mul(FACTOR).wrapping_add(*word)
        })
    };
    let runs: Vec<u64> = words.windows(RUN).map(join).collect();
    runs.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CACHES: &str = "so today we look at a cache\nthat everybody in the team can explain\nthe key is made of every input there is";
    const PANELS: &str = "welcome to the panel\nwho reads the pages that we write for them and why";

    /// Whose words a reply under the key of the talk about caches has.
    fn belongs_to(reply: &str) -> Option<String> {
        let runs = Runs::of(reply);
        if runs.is_empty() || runs.are_in(CACHES) {
            return None;
        }
        let mut doubtful = Doubtful::default();
        doubtful.add(0, runs);
        doubtful.look_into("caches", CACHES);
        doubtful.look_into("panels", PANELS);
        doubtful.belongs_to(0).map(str::to_owned)
    }

    #[test]
    fn a_reply_with_the_words_of_another_talk_is_found_out() {
        for (reply, expected) in [
            (
                r#"{"first_quote":"The key is made of every input, there is"}"#,
                None,
            ),
            (
                r#"{"first_quote":"the pages that we write for them and why"}"#,
                Some("panels"),
            ),
            // A quote of its own says more than words of others.
            (
                r#"{"first_quote":"a cache that everybody in the team can explain","second_quote":"the pages that we write for them and why"}"#,
                None,
            ),
            // Six words may be said by chance, and what nobody says tells nothing.
            (r#"{"first_quote":"who reads the pages that we"}"#, None),
            (
                r#"{"first_quote":"nobody has ever said these words in any of the talks"}"#,
                None,
            ),
            (r#"{"category":"Systems","none_fits":false}"#, None),
            ("", None),
        ] {
            assert_eq!(belongs_to(reply).as_deref(), expected, "{reply}");
        }
    }

    #[test]
    fn the_order_of_words_counts() {
        assert!(Runs::of("everybody in the team can explain").are_in(CACHES));
        assert!(!Runs::of("explain can team the in everybody").are_in(CACHES));
    }
}
