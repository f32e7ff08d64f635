//! A name, and what makes another name of it.
//!
//! Many names only look alike: a part that has a meaning of its own (`CPython` and Cython, Git and
//! `GitOps`, Llama 2 and Llama 3) or an ending (Autoscaler and Autoscaling) makes another word on
//! purpose. Those are told apart here, by rules and not by a list of names.

use std::ops::RangeInclusive;

use crate::sound::{Phonemes, Reading, letter_name};
use crate::summarize::near_miss::english::is_ordinary;

/// How many letters a name may have: two are alike too soon, and no name has many.
pub(super) const LETTERS_OF_A_NAME: RangeInclusive<usize> = 3..=40;

/// How many letters may be heard where a name was meant.
pub(super) const LETTERS_THAT_ARE_HEARD: RangeInclusive<usize> = 2..=40;

/// How alike a name is to itself.
pub(super) const LIKENESS_OF_THE_SAME: f64 = 2.0;

/// A name, or what stands where a name may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// As a whole, without spaces.
    reading: Reading,
    /// The parts it shows: `Iron` and `RDP`.
    parts: Vec<Reading>,
    is_acronym: bool,
    /// Whether it has a capital behind its first letter.
    has_capitals_inside: bool,
    /// Whether it is several words.
    is_spaced: bool,
}

impl Name {
    pub(super) fn of(text: &str) -> Self {
        Self {
            reading: Reading::of(text),
            parts: parts(text).into_iter().map(Reading::of).collect(),
            is_acronym: is_acronym(text),
            has_capitals_inside: text.chars().skip(1).any(char::is_uppercase),
            is_spaced: text.trim().contains(char::is_whitespace),
        }
    }

    /// Its letters and digits, without accents and in lower case.
    pub(super) fn letters(&self) -> &str {
        &self.reading.folded
    }

    /// The letters and digits of each part.
    pub(super) fn part_letters(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.folded.as_str())
    }

    /// Whether both begin with the same letter, as they are heard.
    pub(super) fn begins_like(&self, other: &Self) -> bool {
        self.reading.begins_like(&other.reading)
    }

    /// Whether both have the same number of parts, and one part is the same.
    pub(super) fn shares_parts_with(&self, other: &Self) -> bool {
        let mut pairs = self.parts.iter().zip(&other.parts);
        self.parts.len() == other.parts.len() && pairs.any(|(a, b)| a.folded == b.folded)
    }

    /// How alike the two are, from 0 to 2.
    ///
    /// Where a part is the same, the others must be alike by themselves.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        const ALL_BUT_A_LETTER: f64 = LIKENESS_OF_THE_SAME - 0.2;
        if self.lacks_silent_letter_of(other) || self.lacks_vowel_of(other) {
            return ALL_BUT_A_LETTER;
        }
        if !self.shares_parts_with(other) {
            return self.reading.likeness(&other.reading);
        }
        let pairs = self.parts.iter().zip(&other.parts);
        pairs
            .filter(|(a, b)| a.folded != b.folded)
            .map(|(heard, name)| part_likeness(heard, name, self.is_spaced))
            .fold(LIKENESS_OF_THE_SAME, f64::min)
    }

    /// How alike the two are where the words beside them are the same: by their sound alone, where
    /// they are not alike otherwise.
    pub(super) fn likeness_beside(&self, other: &Self) -> f64 {
        const LEAST: f64 = 0.6;
        let likeness = self.reading.likeness(&other.reading);
        let may_be_name = self.begins_like(other) && !is_ordinary(self.letters());
        if likeness > 0.0 || !may_be_name {
            return likeness;
        }
        let [heard, name] = [self, other].map(|name| Phonemes::of(name.letters()));
        heard
            .likeness(&name, LEAST)
            .map_or(0.0, |sound| 1.0 + sound)
    }

    /// Whether this differs from a name in a way that makes another name, or a form of a word.
    pub(super) fn is_told_from(&self, other: &Self) -> bool {
        if self.lacks_silent_letter_of(other) || self.lacks_vowel_of(other) {
            return false;
        }
        self.is_another_form_of(other)
            || lacks_part(&self.parts, &other.parts)
            || lacks_part(&other.parts, &self.parts)
            || differs_though_short(self, other)
    }

    /// Whether this is made of the same word as another name.
    pub(super) fn is_another_form_of(&self, other: &Self) -> bool {
        self.is_other_spelling_of(other)
            || digits(self.letters()) != digits(other.letters())
            || differs_by_affix(self.letters(), other.letters())
            || (differs_by_ending(self.letters(), other.letters()) && !self.is_made_like(other))
    }

    /// Whether one is British and the other American English: "catalysed", "catalyzed".
    fn is_other_spelling_of(&self, other: &Self) -> bool {
        let british = |name: &Self| name.letters().replace("iz", "is").replace("yz", "ys");
        self.letters() != other.letters() && british(self) == british(other)
    }

    /// Two letters that are a name without the letter that is not heard: "Ry" for Rye.
    fn lacks_silent_letter_of(&self, other: &Self) -> bool {
        let ending = other.letters().strip_prefix(self.letters());
        self.letters().len() == 2 && !self.is_acronym && ending.is_some_and(is_silent)
    }

    /// An acronym that is a name but for a vowel inside, which was not spelled out: "PFT" for
    /// PEFT, "PDP" for `PyDP`.
    fn lacks_vowel_of(&self, other: &Self) -> bool {
        const SHORTEST: usize = 3;
        let (heard, name) = (self.letters(), other.letters());
        let may_lack = self.is_acronym && heard.len() >= SHORTEST && name.len() == heard.len() + 1;
        let is_vowel = |at: &usize| name[*at..].starts_with(['a', 'e', 'i', 'o', 'u', 'y']);
        let is_without = |at: usize| [&name[..at], &name[at + 1..]].concat() == heard;
        may_lack && other.has_capitals_inside && (1..heard.len()).filter(is_vowel).any(is_without)
    }

    /// Whether both are put together in the same way, and share a part: an ending inside such a
    /// name is no ending of a word ("`OpenMind`" for `OpenMined`).
    fn is_made_like(&self, other: &Self) -> bool {
        let is_put_together = |name: &Self| !name.is_spaced && name.parts.len() > 1;
        is_put_together(self) && is_put_together(other) && self.shares_parts_with(other)
    }
}

/// How alike a part is: a letter that is a word of its own ("R RDP" for "`IronRDP`") is heard by
/// what it is called.
fn part_likeness(heard: &Reading, name: &Reading, is_spaced: bool) -> f64 {
    const ENOUGH: f64 = 0.75;
    match letter_name(&heard.folded) {
        Some(letter) if is_spaced && name.folded.len() > 1 => {
            let sound = Reading::of(letter).sound_likeness(name);
            if sound < ENOUGH { 0.0 } else { 2.0 * sound }
        }
        Some(_) => 0.0,
        None if differs_by_affix(&heard.folded, &name.folded) => 0.0,
        None => heard.likeness(name),
    }
}

/// Splits a name where it shows its parts: at spaces and marks, and before capitals.
fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for word in name.split(|c: char| !c.is_alphanumeric()) {
        let letters: Vec<(usize, char)> = word.char_indices().collect();
        let mut start = 0;
        for (at, window) in letters.windows(2).enumerate() {
            let ((_, before), (offset, c)) = (window[0], window[1]);
            let after = letters.get(at + 2).map(|&(_, after)| after);
            let opens_word =
                after.is_some_and(char::is_lowercase) && !is_plural_end(&word[offset..]);
            if c.is_uppercase() && (!before.is_uppercase() || opens_word) {
                parts.push(&word[start..offset]);
                start = offset;
            }
        }
        parts.push(&word[start..]);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The end of `LLMs`.
fn is_plural_end(rest: &str) -> bool {
    rest.chars().skip(1).eq(['s'])
}

fn is_acronym(name: &str) -> bool {
    let name = name.strip_suffix('s').unwrap_or(name);
    name.chars().count() > 1 && !name.contains(|c: char| !c.is_uppercase())
}

fn digits(letters: &str) -> impl PartialEq {
    letters
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>()
}

/// Something before or behind makes another name (`PyTorch` of Torch), unless it is a doubled
/// letter or an ending that is not heard.
fn differs_by_affix(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let is_doubled = |letter: &str, at: Option<char>| at.is_some_and(|at| letter.chars().eq([at]));
    if let Some(ending) = long.strip_prefix(short) {
        return !is_silent(ending) && !is_doubled(ending, short.chars().next_back());
    }
    if let Some(front) = long.strip_suffix(short) {
        return !is_doubled(front, short.chars().next());
    }
    let singular = short.strip_suffix('s');
    singular.is_some_and(|singular| singular.len() > 2 && long.starts_with(singular))
}

/// Whether an ending is not heard.
fn is_silent(ending: &str) -> bool {
    matches!(ending, "e" | "h" | "w")
}

/// Another ending makes another form of a word.
fn differs_by_ending(a: &str, b: &str) -> bool {
    const SHORTEST_STEM: usize = 3;
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    (SHORTEST_STEM..=common).any(|at| ENDINGS.contains(&&a[at..]) && ENDINGS.contains(&&b[at..]))
}

/// Endings of English words.
const ENDINGS: &[&str] = &[
    "", "a", "s", "es", "d", "ed", "er", "ers", "ing", "ings", "ion", "ions", "ation", "ations",
    "ies", "ied", "y", "ify", "ified", "al", "ally", "able", "ability", "ity", "ment", "ments",
    "ize", "ized", "izer", "ist", "ists", "ism", "ic", "ics", "ian", "ians", "ly", "ful", "ive",
    "less", "ness",
];

/// Whether all parts of one name are parts of the other, which has more.
fn lacks_part(fewer: &[Reading], more: &[Reading]) -> bool {
    let mut more_parts = more.iter();
    let is_next = |part: &Reading| more_parts.any(|other| other.folded == part.folded);
    fewer.len() < more.len() && fewer.iter().all(is_next)
}

/// Few letters are soon alike: three must be heard the same, and acronyms of four may differ in
/// vowels only. What is written as a short acronym was heard as one.
fn differs_though_short(heard: &Name, name: &Name) -> bool {
    const SHORT: usize = 3;
    const SHORT_ACRONYM: usize = 4;
    let is_short = heard.letters().len().min(name.letters().len()) <= SHORT;
    let [a, b] = [heard, name].map(|name| name.reading.respelled.as_str());
    let is_short_acronym = |name: &Name| name.is_acronym && name.letters().len() <= SHORT_ACRONYM;
    (is_short && (a != b || a.len() < SHORT))
        || (is_short_acronym(heard) && !name.is_acronym)
        || ((is_short_acronym(heard) || is_short_acronym(name)) && frame(a) != frame(b))
}

/// A name with one sign for all vowels that follow each other.
fn frame(respelled: &str) -> String {
    let mut frame = String::with_capacity(respelled.len());
    for c in respelled.chars() {
        let c = if matches!(c, 'a' | 'e' | 'i' | 'o' | 'u') {
            'a'
        } else {
            c
        };
        if c != 'a' || !frame.ends_with('a') {
            frame.push(c);
        }
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_their_parts() {
        for (name, expected) in [
            ("IronRDP", &["Iron", "RDP"][..]),
            ("RDPClient", &["RDP", "Client"]),
            ("vLLM", &["v", "LLM"]),
            ("LLMs", &["LLMs"]),
            ("Le Sceller", &["Le", "Sceller"]),
            ("Torch.Compile", &["Torch", "Compile"]),
            ("k8s", &["k8s"]),
            ("ÉcoleÉté", &["École", "Été"]),
            ("", &[]),
        ] {
            assert_eq!(parts(name), expected);
        }
    }

    #[test]
    fn meaning_tells_names_apart_and_doubled_letters_do_not() {
        let is_told = |a, b| Name::of(a).is_told_from(&Name::of(b));
        for (a, b) in [
            ("PyTorch", "Torch"),
            ("DevOps", "DevSecOps"),
            ("SIMD", "SIMT"),
        ] {
            assert!(is_told(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("GEM", "GEMM"),
            ("Cell", "CEL"),
            ("Lava", "LLaVA"),
            ("OPIA", "OPEA"),
        ] {
            assert!(!is_told(a, b), "{a} {b}");
        }
    }
}
