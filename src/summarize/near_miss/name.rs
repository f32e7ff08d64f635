//! A name, and what makes another name of it.
//!
//! Many names only look alike: a part that has a meaning of its own (`CPython` and Cython, Git and
//! `GitOps`, Llama 2 and Llama 3) or an ending (Autoscaler and Autoscaling) makes another word on
//! purpose. Those are told apart here, by rules and not by a list of names.

use std::ops::RangeInclusive;

use crate::sound::Reading;

/// How many letters a name may have: two are alike too soon, and no name has many.
pub(super) const LETTERS_OF_A_NAME: RangeInclusive<usize> = 3..=40;

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
    /// Whether it is several words.
    is_spaced: bool,
}

impl Name {
    pub(super) fn of(text: &str) -> Self {
        Self {
            reading: Reading::of(text),
            parts: parts(text).into_iter().map(Reading::of).collect(),
            is_acronym: is_acronym(text),
            is_spaced: text.trim().contains(char::is_whitespace),
        }
    }

    /// Its letters and digits, without accents and in lower case.
    pub(super) fn letters(&self) -> &str {
        &self.reading.folded
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
        if !self.shares_parts_with(other) {
            return self.reading.likeness(&other.reading);
        }
        let pairs = self.parts.iter().zip(&other.parts);
        pairs
            .filter(|(a, b)| a.folded != b.folded)
            .map(|(heard, name)| part_likeness(heard, name, self.is_spaced))
            .fold(LIKENESS_OF_THE_SAME, f64::min)
    }

    /// Whether this differs from a name in a way that makes another name, or a form of a word.
    pub(super) fn is_told_from(&self, other: &Self) -> bool {
        digits(self.letters()) != digits(other.letters())
            || differs_by_affix(self.letters(), other.letters())
            || differs_by_ending(self.letters(), other.letters())
            || lacks_part(&self.parts, &other.parts)
            || lacks_part(&other.parts, &self.parts)
            || differs_though_short(self, other)
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
        let is_silent = matches!(ending, "e" | "h" | "w");
        return !is_silent && !is_doubled(ending, short.chars().next_back());
    }
    if let Some(front) = long.strip_suffix(short) {
        return !is_doubled(front, short.chars().next());
    }
    let singular = short.strip_suffix('s');
    singular.is_some_and(|singular| singular.len() > 2 && long.starts_with(singular))
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
    "ies", "y", "al", "ally", "able", "ability", "ity", "ment", "ments", "ize", "ized", "izer",
    "ist", "ists", "ism", "ic", "ics", "ian", "ians", "ly", "ful", "ive", "less", "ness",
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

/// What a letter that stands alone is called.
fn letter_name(letter: &str) -> Option<&'static str> {
    Some(match letter {
        "a" => "ay",
        "b" => "bee",
        "c" => "see",
        "d" => "dee",
        "e" => "ee",
        "f" => "ef",
        "g" => "gee",
        "h" => "aitch",
        "i" => "eye",
        "j" => "jay",
        "k" => "kay",
        "l" => "el",
        "m" => "em",
        "n" => "en",
        "o" => "oh",
        "p" => "pee",
        "q" => "cue",
        "r" => "ar",
        "s" => "es",
        "t" => "tee",
        "u" => "you",
        "v" => "vee",
        "w" => "doubleyou",
        "x" => "ex",
        "y" => "why",
        "z" => "zee",
        _ => return None,
    })
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
