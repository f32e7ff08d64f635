//! Ordinary English words.
//!
//! `english.txt` holds the stems of the ten thousand commonest words: the word lists of SCOWL at
//! the sizes 10 and 20, whose copyright notice stands beside it. Larger lists told hardly more.
//! No names are known here.

use std::collections::HashSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::summarize::language::Language;

/// Whether a word in lower case is an ordinary one, or an inflection of one.
pub(super) fn is_ordinary(word: &str) -> bool {
    let stem = || Stemmer::create(Algorithm::English).stem(word);
    Language::English.has_function_word(word) || STEMS.contains(stem().as_ref())
}

/// Whether a word in lower case is ordinary, or made of two that are: "dataloader".
pub(super) fn is_ordinary_or_compound(word: &str) -> bool {
    const SHORTEST: usize = 3;
    let is_compound = |at| {
        let halves = word.split_at_checked(at);
        halves.is_some_and(|(front, back)| is_ordinary(front) && is_ordinary(back))
    };
    is_ordinary(word) || (SHORTEST..=word.len().saturating_sub(SHORTEST)).any(is_compound)
}

static STEMS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("english.txt").lines().collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_are_as_ordinary_as_their_words() {
        for word in ["cloud", "clouds", "the", "it", "scheduling", "doctors"] {
            assert!(is_ordinary(word), "{word}");
        }
        for word in ["ractor", "kubernetes", "dataloader", "le", "", "ö"] {
            assert!(!is_ordinary(word), "{word}");
        }
    }

    #[test]
    fn two_ordinary_words_make_an_ordinary_one() {
        assert!(is_ordinary_or_compound("dataloader"));
        for word in ["ractor", "kubectl", "übermut", ""] {
            assert!(!is_ordinary_or_compound(word), "{word}");
        }
    }
}
