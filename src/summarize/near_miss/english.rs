//! Ordinary English words.
//!
//! The list is that of the crate `memorable-wordlist`, which puts the commoner words first; what
//! counts are the stems of its first half. Of the rarer ones many are the names of projects.

use std::collections::HashSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::summarize::language::Language;

/// How many words of the list are taken.
const COMMON: usize = 8_000;

/// Whether a word in lower case is an ordinary one, or an inflection of one.
pub(super) fn is_ordinary(word: &str) -> bool {
    let stem = || Stemmer::create(Algorithm::English).stem(word);
    Language::English.has_function_word(word) || STEMS.contains(stem().as_ref())
}

/// Whether a word in lower case is ordinary, or made of two that are: "datafile".
pub(super) fn is_ordinary_or_compound(word: &str) -> bool {
    const SHORTEST: usize = 3;
    let is_compound = |at| {
        let halves = word.split_at_checked(at);
        halves.is_some_and(|(front, back)| is_ordinary(front) && is_ordinary(back))
    };
    is_ordinary(word) || (SHORTEST..=word.len().saturating_sub(SHORTEST)).any(is_compound)
}

static STEMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let stemmer = Stemmer::create(Algorithm::English);
    let words = memorable_wordlist::WORDS.iter().take(COMMON);
    words.map(|word| stemmer.stem(word).into_owned()).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_are_as_ordinary_as_their_words() {
        for word in ["cloud", "clouds", "the", "it", "scheduling", "doctors"] {
            assert!(is_ordinary(word), "{word}");
        }
        for word in ["ractor", "kubernetes", "datafile", "le", "", "ö"] {
            assert!(!is_ordinary(word), "{word}");
        }
    }

    #[test]
    fn two_ordinary_words_make_an_ordinary_one() {
        assert!(is_ordinary_or_compound("datafile"));
        for word in ["ractor", "kubectl", "übermut", ""] {
            assert!(!is_ordinary_or_compound(word), "{word}");
        }
    }
}
