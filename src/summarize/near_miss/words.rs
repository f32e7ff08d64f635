//! The words of a text, and what their capitals tell.
//!
//! A capital says little where a sentence, a quotation or a bracket opens, so each word knows
//! whether it stands there. Addresses, handles and hashtags are no words. Nothing here knows which
//! words are names.

use std::collections::HashSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::sound::fold;
use crate::summarize::near_miss::english::is_ordinary;
use crate::summarize::sentences::sentences;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// `kernel`, and what has no capitals at all.
    Lower,
    /// `Kernel`.
    Capital,
    /// `eBPF`, `OPEA`, `aarch64`: no ordinary word is written like that.
    Name,
}

/// A word of a text.
#[derive(Debug, Clone)]
pub(super) struct Word<'a> {
    /// As it stands there, without the ending of a possessive.
    pub(super) text: &'a str,
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// How it is written.
    pub(super) look: Look,
    /// Whether any word would have a capital there.
    pub(super) opens: bool,
    /// What parts it from the word before, if they may be parts of one name.
    pub(super) link: Option<WordJoint>,
}

/// What stands between two words that may be parts of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordJoint {
    /// A single space.
    Space,
    /// A hyphen or a dot.
    Mark,
}

/// Which words and pairs of words a text uses, whatever their case.
#[derive(Debug, Default, Clone)]
pub(super) struct KnownWords {
    words: HashSet<String>,
    /// Without the space between them.
    pairs: HashSet<String>,
}

impl KnownWords {
    pub(super) fn of(words: &[Word<'_>]) -> Self {
        let mut vocabulary = Self::default();
        vocabulary.read(words);
        vocabulary
    }

    pub(super) fn read(&mut self, words: &[Word<'_>]) {
        let mut before = String::new();
        for word in words {
            let folded = fold(word.text);
            if word.link.is_some() {
                self.pairs.insert(before + &folded);
            }
            self.words.insert(folded.clone());
            before = folded;
        }
    }

    /// Reads only what is written as a name: words with a capital that are no ordinary ones, and
    /// pairs of words with capitals.
    pub(super) fn read_names(&mut self, words: &[Word<'_>]) {
        for (at, word) in words.iter().enumerate() {
            if word.look == Look::Lower {
                continue;
            }
            let folded = fold(word.text);
            let before = at.checked_sub(1).map(|before| &words[before]);
            if let Some(before) = before.filter(|_| word.link.is_some())
                && before.look != Look::Lower
            {
                self.pairs.insert(fold(before.text) + &folded);
            }
            if word.look == Look::Name || !is_ordinary(&folded) {
                self.words.insert(folded);
            }
        }
    }

    /// Whether a text uses it, as a word or as a pair.
    pub(super) fn has(&self, folded: &str) -> bool {
        self.has_word(folded) || self.has_pair(folded)
    }

    pub(super) fn has_word(&self, folded: &str) -> bool {
        self.words.contains(folded)
    }

    pub(super) fn has_pair(&self, folded: &str) -> bool {
        self.pairs.contains(folded)
    }
}

/// Splits a text into its words.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    sentences(text)
        .into_iter()
        .flat_map(|sentence| words_of_sentence(sentence, offset_in(text, sentence)))
        .collect()
}

fn words_of_sentence(sentence: &str, start: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut last_end = None;
    for (at, word) in sentence.unicode_word_indices() {
        if is_address(chunk_at(sentence, at)) {
            last_end = None;
            continue;
        }
        for part in parts(word) {
            let at = offset_in(sentence, part);
            let end = at + part.len();
            words.push(Word {
                text: part,
                range: start + at..start + end,
                look: look(part),
                opens: opens(&sentence[..at]),
                link: last_end.and_then(|last: usize| link(&sentence[last..at])),
            });
            last_end = Some(end);
        }
    }
    words
}

fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

/// What stands around a place, as far as the next white space on either side.
fn chunk_at(text: &str, at: usize) -> &str {
    let before = text[..at].split(char::is_whitespace).next_back();
    let start = at - before.map_or(0, str::len);
    let end = text[at..].find(char::is_whitespace);
    &text[start..end.map_or(text.len(), |length| at + length)]
}

fn is_address(chunk: &str) -> bool {
    chunk.contains("://") || chunk.contains("www.") || chunk.contains('@') || is_hashtag(chunk)
}

fn is_hashtag(chunk: &str) -> bool {
    chunk
        .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '#')
        .starts_with('#')
}

/// Splits what UAX #29 holds together: `Torch.Compile` is two words.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let possessive = ["'s", "’s", "'S", "’S"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending));
    possessive
        .unwrap_or(word)
        .split(['.', '_', ':', ','])
        .filter(|part| !part.is_empty())
}

fn look(word: &str) -> Look {
    let has_inner_capital = word.chars().skip(1).any(char::is_uppercase);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let has_digit = word.contains(char::is_numeric);
    if has_inner_capital || (has_digit && letters > 1) {
        Look::Name
    } else if word.starts_with(char::is_uppercase) {
        Look::Capital
    } else {
        Look::Lower
    }
}

fn opens(before: &str) -> bool {
    let is_first = !before.contains(char::is_alphanumeric);
    let opener = |c: char| matches!(c, ':' | '|' | '•' | '/' | '–' | '—' | '(' | '[');
    let quote = |c: char| matches!(c, '"' | '\'' | '“' | '‘' | '«' | '„' | '‚');
    // A quotation mark opens where a space goes before it, and closes elsewhere.
    let unquoted = before.trim_end_matches(quote);
    let is_quoted = unquoted.len() < before.len() && unquoted.ends_with(char::is_whitespace);
    is_first || is_quoted || before.trim_end().ends_with(opener)
}

fn link(between: &str) -> Option<WordJoint> {
    match between {
        " " | "\u{a0}" => Some(WordJoint::Space),
        "-" | "\u{2010}" | "\u{2011}" | "." => Some(WordJoint::Mark),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: &Expect) {
        let shown: Vec<String> = words(text)
            .into_iter()
            .map(|word| {
                assert_eq!(&text[word.range.clone()], word.text);
                let opens = if word.opens { "^" } else { "" };
                let link = match word.link {
                    Some(WordJoint::Space) => " ",
                    Some(WordJoint::Mark) => "-",
                    None => "|",
                };
                format!("{link}{opens}{}:{:?}", word.text, word.look)
            })
            .collect();
        expected.assert_eq(&shown.concat());
    }

    #[test]
    fn words_know_how_they_are_written_and_where_they_stand() {
        check(
            "The eBPF agent of O'Hara's team, Torch.Compile. Then: “Über-Alles” (OPEA) on aarch64.",
            &expect![
                "|^The:Capital eBPF:Name agent:Lower of:Lower O'Hara:Name|team:Lower|Torch:Capital-Compile:Capital|^Then:Capital|^Über:Capital-Alles:Capital|^OPEA:Name|on:Lower aarch64:Name"
            ],
        );
    }

    #[test]
    fn addresses_handles_and_hashtags_are_no_words() {
        check(
            "See https://example.org/Some/Page, me@Example.org, @Handle, (#RustLang) and C#.",
            &expect!["|^See:Capital|and:Lower C:Capital"],
        );
    }
}
