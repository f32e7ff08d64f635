//! The words of a text, as `search.js` of the pages reads them: the same letters whatever their case,
//! accents and width. Pure.
//!
//! Whoever looks for a word gives its beginning, so a word is listed from its start and from each
//! capital within it (`PyTorch` as `pytorch` and `torch`), and it runs on over hyphens ("argo-cd" as
//! `argo`, `cd` and `argocd`). Scripts without gaps between words are listed by letters and by pairs
//! of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// So many bytes of a word are listed.
const LONGEST: usize = 64;
/// So many folded letters are remembered.
const MOST_FOLDS: usize = 10_000;

/// Accents of Latin, Greek, Cyrillic, Hebrew and Arabic. The marks of other scripts are letters.
static ACCENTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\x{300}-\x{36f}\x{483}-\x{487}\x{591}-\x{5c7}\x{610}-\x{61a}\x{64b}-\x{65f}\x{670}\x{1ab0}-\x{1aff}\x{1dc0}-\x{1dff}\x{20d0}-\x{20ff}\x{fe20}-\x{fe2f}]",
    )
});
static LETTER: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\p{L}\p{N}\p{M}]"));
static INVISIBLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\p{Cf}\x{fe00}-\x{fe0f}]+$"));
static WITHOUT_GAPS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]",
    )
});

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is well-formed")
}

/// Reads the words of texts.
#[derive(Debug, Default)]
pub(super) struct WordReader {
    folds: HashMap<String, Folded>,
    letters: String,
    words: Vec<FoldedWord>,
    /// Where words may be looked for beside their starts: at capitals within them.
    humps: Vec<usize>,
}

/// A letter with its marks, as it is compared.
#[derive(Debug, Clone, Default)]
struct Folded {
    /// Nothing where it is no letter.
    letters: String,
    is_capital: bool,
    is_invisible: bool,
    /// Whether its script has no gaps, so that it is a word of its own.
    is_alone: bool,
}

/// A word among the letters of a text.
#[derive(Debug, Clone, Copy)]
struct FoldedWord {
    start: usize,
    end: usize,
    /// Whether nothing but a hyphen is between it and the word before it.
    is_joined: bool,
    is_alone: bool,
}

/// Where in a text the reader is.
#[derive(Default)]
struct Place {
    is_word: bool,
    is_after_sign: bool,
    is_after_small: bool,
    gap: u8,
}

impl WordReader {
    /// The words by which texts can be found, with how often they have each.
    pub(super) fn count<'t>(
        &mut self,
        texts: impl Iterator<Item = &'t str>,
    ) -> HashMap<String, u32> {
        let mut counts: HashMap<String, u32> = HashMap::new();
        for text in texts {
            self.read(text, |word| match counts.get_mut(word) {
                Some(count) => *count = count.saturating_add(1),
                None => drop(counts.insert(word.to_owned(), 1)),
            });
        }
        counts
    }

    /// A text as it is compared: its words with single spaces between them.
    pub(super) fn key(&mut self, text: &str) -> String {
        self.split(text);
        let words = self.words.iter();
        let words = words.map(|word| &self.letters[word.start..word.end]);
        words.collect::<Vec<_>>().join(" ")
    }

    /// Calls `found` with each word that a text can be found by, as often as it has it.
    fn read(&mut self, text: &str, mut found: impl FnMut(&str)) {
        self.split(text);
        let mut humps = &*self.humps;
        for (at, word) in self.words.iter().enumerate() {
            let inside = humps.iter().take_while(|hump| **hump < word.end).count();
            let (own, rest) = humps.split_at(inside);
            humps = rest;
            // Whoever looks for one or two letters wants a word of its own.
            let is_long = |hump: &usize| self.letters[*hump..word.end].chars().nth(2).is_some();
            let own = own.iter().copied().filter(is_long);
            let starts = [word.start].into_iter().chain(own);
            for start in starts {
                for end in self.ends(at) {
                    if end - start > LONGEST {
                        found(head(&self.letters[start..end]));
                        break;
                    }
                    found(&self.letters[start..end]);
                }
            }
        }
    }

    /// Where what begins with a word may end: with it, and with those that hyphens join to it.
    fn ends(&self, at: usize) -> impl Iterator<Item = usize> {
        let rest = &self.words[at + 1..];
        let joined = rest.iter().take_while(|word| word.is_joined);
        let most = if self.words[at].is_alone {
            1
        } else {
            usize::MAX
        };
        let joined = joined.take(most).map(|word| word.end);
        [self.words[at].end].into_iter().chain(joined)
    }

    /// Puts the letters of a text in one row, and notes where words are among them.
    fn split(&mut self, text: &str) {
        self.letters.clear();
        self.words.clear();
        self.humps.clear();
        let mut place = Place::default();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let mut following = rest[first.len_utf8()..].chars();
            let next = following.next();
            let is_plain = first.is_ascii() && next.is_none_or(|next| next <= '\u{2ff}');
            let length = if is_plain { 1 } else { cluster(rest) };
            let (cluster, after) = rest.split_at(length);
            if is_plain {
                self.push_ascii(first, next, &mut place);
            } else {
                let folded = self.fold(cluster);
                self.push(cluster, &folded, after.chars().next(), &mut place);
            }
            rest = after;
        }
    }

    fn push_ascii(&mut self, c: char, next: Option<char>, place: &mut Place) {
        let is_sign = place.is_word && matches!(c, '+' | '#');
        if !c.is_ascii_alphanumeric() && !is_sign {
            place.leave(c);
            return;
        }
        if place.is_after_sign && !is_sign {
            place.close();
        }
        self.begin(place, c.is_ascii_uppercase(), next, false);
        self.letters.push(c.to_ascii_lowercase());
        self.go_on(place, is_sign, c.is_ascii_uppercase());
    }

    fn push(&mut self, cluster: &str, folded: &Folded, next: Option<char>, place: &mut Place) {
        if folded.letters.is_empty() {
            if !folded.is_invisible {
                place.leave(cluster.chars().next().unwrap_or(' '));
            }
            return;
        }
        if place.is_after_sign || folded.is_alone {
            place.close();
        }
        self.begin(place, folded.is_capital, next, folded.is_alone);
        self.letters.push_str(&folded.letters);
        self.go_on(place, false, folded.is_capital);
        if folded.is_alone {
            place.gap = 1;
            place.close();
        }
    }

    /// Begins a word, or goes on with one.
    fn begin(&mut self, place: &Place, is_capital: bool, next: Option<char>, is_alone: bool) {
        let start = self.letters.len();
        if !place.is_word {
            self.words.push(FoldedWord {
                start,
                end: start,
                is_joined: place.gap == 1,
                is_alone,
            });
        } else if is_capital && (place.is_after_small || next.is_some_and(char::is_lowercase)) {
            self.humps.push(start);
        }
    }

    fn go_on(&mut self, place: &mut Place, is_sign: bool, is_capital: bool) {
        if let Some(word) = self.words.last_mut() {
            word.end = self.letters.len();
        }
        *place = Place {
            is_word: true,
            is_after_sign: is_sign,
            is_after_small: !is_sign && !is_capital,
            gap: 0,
        };
    }

    fn fold(&mut self, cluster: &str) -> Folded {
        if let Some(folded) = self.folds.get(cluster) {
            return folded.clone();
        }
        if self.folds.len() >= MOST_FOLDS {
            self.folds.clear();
        }
        let folded = fold(cluster);
        self.folds.insert(cluster.to_owned(), folded.clone());
        folded
    }
}

impl Place {
    /// Ends the word, if there is one.
    fn close(&mut self) {
        self.is_word = false;
        self.is_after_sign = false;
        self.is_after_small = false;
    }

    /// Goes over what is between words.
    fn leave(&mut self, c: char) {
        self.close();
        self.gap = self.gap.saturating_add(if is_hyphen(c) { 1 } else { 2 });
    }
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '\'' | '’' | '-' | '\u{2010}'..='\u{2013}' | '.' | '/')
}

/// How long a letter with its marks is. Korean syllables may come in their parts, which only together
/// are one.
fn cluster(text: &str) -> usize {
    let is_korean_part = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}');
    let parts = length_of(text, is_korean_part);
    if parts > 0 {
        return parts;
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    first + length_of(&text[first..], is_combining_mark)
}

/// How long the part of a text is that has such letters alone.
fn length_of(text: &str, is_one: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_one(c)).unwrap_or(text.len())
}

fn fold(cluster: &str) -> Folded {
    let decomposed: String = cluster.nfkd().collect();
    let bare = ACCENTS.replace_all(&decomposed, "");
    let composed: String = bare.nfc().collect();
    let mut letters = String::new();
    for c in composed.to_lowercase().chars() {
        match plain(c) {
            Some(plain) => letters.push_str(plain),
            None if LETTER.is_match(c.encode_utf8(&mut [0; 4])) => letters.push(c),
            None => {}
        }
    }
    Folded {
        letters,
        is_capital: cluster != cluster.to_lowercase(),
        is_invisible: INVISIBLE.is_match(cluster),
        is_alone: WITHOUT_GAPS.is_match(cluster),
    }
}

/// What is no letter with an accent for Unicode, and is one for those who have no key for it.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// The part of a word that is listed.
fn head(word: &str) -> &str {
    let mut end = LONGEST.min(word.len());
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    &word[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let mut words = Vec::new();
        WordReader::default().read(text, |word| words.push(word.to_owned()));
        words.join(" ")
    }

    #[test]
    fn a_word_is_listed_from_each_place_at_which_it_may_begin() {
        for (text, expected) in [
            ("Hello, world!", "hello world"),
            ("PyTorch, not ArgoCD", "pytorch torch not argocd"),
            ("HTTPServer", "httpserver server"),
            ("Zoë Müller, Straße", "zoe muller strasse"),
            ("argo-cd", "argo argocd cd"),
            ("state-of-the", "state stateof stateofthe of ofthe the"),
            ("don't", "don dont t"),
            ("C++ and C#, not 1+", "c++ and c# not 1+"),
            ("a - b", "a b"),
            ("２０２４ ﬁne", "2024 fine"),
            ("入門 Go", "入 入門 門 go"),
            ("Kubernetes入門", "kubernetes 入 入門 門"),
            ("soft\u{ad}ware", "software"),
            ("кёж", "кеж"),
            ("", ""),
            ("– …", ""),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn the_end_of_an_endless_word_is_not_listed() {
        let text = "é".repeat(1_000) + "a-" + &"b-".repeat(1_000);
        let mut longest = 0;
        let mut count = 0;
        WordReader::default().read(&text, |word| {
            longest = longest.max(word.len());
            count += 1;
        });
        assert_eq!(longest, LONGEST);
        assert!(count < 100_000, "{count}");
    }
}
