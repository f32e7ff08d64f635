//! Ordinary English words.
//!
//! What counts are the stems of the two commonest classes of SCOWL, the word lists that spelling
//! checkers are made of. Of the rarer words many are the names of projects. The list is made from
//! Debian's package `scowl`, and its notice stands beside it:
//!
//! ```sh
//! cd /usr/share/dict/scowl
//! cat {english,american,british}-words.{10,20} |
//!   iconv -f latin1 -t utf8 | grep -v "'" | LC_ALL=C sort -u > english_words.txt
//! ```

use std::collections::HashSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::talk::language::Language;

/// A word a line, sorted.
const WORDS: &str = include_str!("english_words.txt");

/// Whether a word in lower case is an ordinary one, or an inflection of one.
pub(crate) fn is_ordinary(word: &str) -> bool {
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
    WORDS
        .lines()
        .map(|word| stemmer.stem(word).into_owned())
        .collect()
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
