//! Categories that mean the same: a reader could not tell in which of them to look.
//!
//! Only whole words, their inflections and slips of the pen are compared; what merely has to do
//! with each other stays apart, and so do "Track A" and "Track B".

use std::collections::HashSet;

use crate::check::{CategorySection, Finding, Kind};
use crate::talk::language::{Language, telling_stems};

/// Words that say nothing about what is in a category, in English and in other languages.
const FILLERS: &str = "talk talks session sessions topic topics general misc miscellaneous other \
    others various varia etc more everything else stuff unsorted uncategorized \
    allgemein allgemeines andere anderes sonstige sonstiges verschiedenes vorträge weitere weiteres \
    autre autres divers diverses général otro otros otras varios varias altro altri vari \
    outro outros diversos";

/// Words that join others.
const JOINING: &str = "and or of the for in on with to und oder der die das für mit et ou de du des \
    la le les pour y o del el los las para e di per da do dos";

/// Every two categories that mean the same; the smaller one could become part of the larger.
#[must_use]
pub(super) fn findings(
    sections: &[CategorySection<'_>],
    language: Option<Language>,
) -> Vec<Finding> {
    let names: Vec<CategoryName> = sections
        .iter()
        .map(|section| CategoryName::of(section, language))
        .collect();
    let mut twins = Vec::new();
    for (at, one) in names.iter().enumerate() {
        for (other, section) in names[at + 1..].iter().zip(&sections[at + 1..]) {
            let Some(likeness) = one.likeness(other) else {
                continue;
            };
            let first = &sections[at];
            let (smaller, larger) = if first.talks < section.talks {
                (first.name, section.name)
            } else {
                (section.name, first.name)
            };
            let message = format!("\"{}\" and \"{}\" {likeness}", first.name, section.name);
            twins.push(Finding {
                suggestion: Some(larger.to_owned()),
                ..Finding::of_conference(Kind::Twins, smaller, message)
            });
        }
    }
    twins
}

/// What is compared of a category.
struct CategoryName {
    /// Letters and digits alone, in lower case.
    letters: String,
    words: Vec<StemmedWord>,
    initials: String,
    /// What stands between "and", "&" and the like.
    parts: Vec<Vec<StemmedWord>>,
    description: Vec<StemmedWord>,
}

/// A word and its stem.
struct StemmedWord {
    word: String,
    stem: String,
}

impl CategoryName {
    fn of(section: &CategorySection<'_>, language: Option<Language>) -> Self {
        let stemmed = |words: Vec<String>| {
            words
                .into_iter()
                .map(|word| StemmedWord::of(word, language))
                .collect()
        };
        let (fillers, telling): (Vec<_>, Vec<_>) = words(section.name)
            .into_iter()
            .partition(|word| is_filler(word));
        let telling = if telling.is_empty() { fillers } else { telling };
        Self {
            letters: section
                .name
                .chars()
                .filter(|c| is_of_word(*c))
                .flat_map(char::to_lowercase)
                .collect(),
            initials: telling
                .iter()
                .filter_map(|word| word.chars().next())
                .collect(),
            words: stemmed(telling),
            parts: parts(section.name).into_iter().map(stemmed).collect(),
            description: stemmed(words(section.description)),
        }
    }

    /// In what way the two are alike, if they are.
    fn likeness(&self, other: &Self) -> Option<&'static str> {
        let is_part_of = |part: &Self, whole: &Self| {
            whole.parts.len() > 1 && whole.parts.iter().any(|words| are_same(words, &part.words))
        };
        let is_short_for =
            |short: &Self, long: &Self| long.words.len() > 1 && short.letters == long.initials;
        if self.letters == other.letters || are_same(&self.words, &other.words) {
            Some("have the same name in other words")
        } else if is_slip(&self.letters, &other.letters) {
            Some("differ by one letter")
        } else if is_short_for(self, other) || is_short_for(other, self) {
            Some("may be the short and the long form of one name")
        } else if is_part_of(self, other) || is_part_of(other, self) {
            Some("overlap: one is a part of the other")
        } else if are_described_alike(&self.description, &other.description) {
            Some("have the same description")
        } else {
            None
        }
    }
}

impl StemmedWord {
    fn of(word: String, language: Option<Language>) -> Self {
        let stem = telling_stems(&word, language)
            .pop()
            .unwrap_or_else(|| word.clone());
        Self { word, stem }
    }

    /// Whether both are one word, inflected or not. A stem alone says too little: "operators" and
    /// "operations" share theirs.
    fn is(&self, other: &Self) -> bool {
        const SHORT_TAIL: usize = 1;
        const LONG_TAIL: usize = 4;
        let common = self
            .word
            .chars()
            .zip(other.word.chars())
            .take_while(|(a, b)| a == b)
            .count();
        let tails = [&self.word, &other.word].map(|word| word.chars().count() - common);
        let is_inflection =
            tails.iter().min() <= Some(&SHORT_TAIL) && tails.iter().max() <= Some(&LONG_TAIL);
        self.word == other.word || (self.stem == other.stem && is_inflection)
    }
}

fn are_same(some: &[StemmedWord], others: &[StemmedWord]) -> bool {
    let is_among = |word: &StemmedWord| others.iter().any(|other| other.is(word));
    !some.is_empty() && some.len() == others.len() && some.iter().all(is_among)
}

fn are_described_alike(some: &[StemmedWord], others: &[StemmedWord]) -> bool {
    const FEWEST_WORDS: usize = 4;
    const PERCENT: usize = 80;
    let [some, others] =
        [some, others].map(|words| words.iter().map(|word| &word.stem).collect::<HashSet<_>>());
    let shared = some.intersection(&others).count();
    let all = some.union(&others).count();
    some.len().min(others.len()) >= FEWEST_WORDS && shared * 100 >= all * PERCENT
}

/// Whether one long word is the other with a letter wrong. What only has more letters before it
/// ("asynchronous") is another word, and digits are told apart on purpose.
fn is_slip(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 9;
    let is_long = one.chars().count().min(other.chars().count()) >= SHORTEST;
    let has_digit = |text: &str| text.contains(|c: char| c.is_numeric());
    let is_affixed = one.ends_with(other) || other.ends_with(one);
    is_long
        && !has_digit(one)
        && !has_digit(other)
        && !is_affixed
        && strsim::osa_distance(one, other) == 1
}

/// Whether a word says nothing about what is in a category.
pub(super) fn is_filler(word: &str) -> bool {
    is_listed(word, FILLERS)
}

fn is_listed(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

/// The words of a name or description in lower case, without those that join.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !is_of_word(c))
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && !is_listed(word, JOINING))
        .collect()
}

/// Letters and digits, and what makes names of `C++` and `C#`.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '+' || c == '#'
}

/// The words of each of the things that a name joins: "Data & Analytics" is two.
fn parts(name: &str) -> Vec<Vec<String>> {
    const JOINTS: &[&str] = &["&", "+", "and", "und", "et", "y", "e"];
    let spaced = name.replace(['&', ',', '/'], " & ");
    let chunks: Vec<&str> = spaced.split_whitespace().collect();
    let parts = chunks.split(|chunk| JOINTS.contains(chunk));
    parts.map(|part| words(&part.join(" "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names and descriptions, the larger category first.
    fn twins(one: (&str, &str), other: (&str, &str)) -> Vec<Finding> {
        let section = |(name, description), talks| CategorySection {
            name,
            description,
            talks,
            only: None,
        };
        let sections = [section(one, 1), section(other, 0)];
        findings(&sections, Language::named("en"))
    }

    #[test]
    fn twins_are_two_names_for_one_thing() {
        for (one, other, likeness) in [
            ("DevOps", "Dev Ops", "have the same name in other words"),
            ("AI & ML", "ML and AI", "have the same name in other words"),
            ("Database", "Databases", "have the same name in other words"),
            (
                "Security",
                "Security Talks",
                "have the same name in other words",
            ),
            ("Testing", "Tests", "have the same name in other words"),
            ("Observability", "Observabilty", "differ by one letter"),
            (
                "ML",
                "Machine Learning",
                "may be the short and the long form of one name",
            ),
            (
                "AI/ML",
                "Artificial Intelligence & Machine Learning",
                "may be the short and the long form of one name",
            ),
            (
                "Analytics",
                "Data & Analytics",
                "overlap: one is a part of the other",
            ),
        ] {
            for (one, other) in [(one, other), (other, one)] {
                let twins = twins((one, ""), (other, ""));
                let [twin] = &twins[..] else {
                    panic!("{one} and {other}: {twins:?}")
                };
                assert_eq!(
                    twin.message,
                    format!("\"{one}\" and \"{other}\" {likeness}")
                );
                assert_eq!(
                    (twin.text.as_str(), twin.suggestion.as_deref()),
                    (other, Some(one))
                );
            }
        }
    }

    #[test]
    fn neighbours_are_no_twins() {
        for (one, other) in [
            ("Track A", "Track B"),
            ("Room 1", "Room 2"),
            ("C", "C++"),
            ("C++", "C#"),
            ("Frontend", "Backend"),
            ("Synchronous Systems", "Asynchronous Systems"),
            ("Synchronous", "Asynchronous"),
            ("Virtualization", "Visualization"),
            ("Kubernetes Operators", "Kubernetes Operations"),
            ("Data Integration", "Data Integrity"),
            ("IT Operations", "Operations"),
            ("Go Tooling", "Tooling"),
            ("Compute", "Computer Vision"),
            ("Cloud Security", "Cloud Networking"),
            ("Unsupervised Learning", "Supervised Learning"),
            ("Python 2", "Python 3"),
        ] {
            let twins = twins((one, ""), (other, ""));
            assert!(twins.is_empty(), "{twins:?}");
        }
    }

    #[test]
    fn a_description_that_stands_twice_is_noticed() {
        let speed = ("Speed", "caches, profiling, latency, throughput");
        let said = |description| {
            let twins = twins(speed, ("Disks", description)).into_iter();
            twins.map(|twin| twin.message).collect::<Vec<_>>()
        };
        assert_eq!(
            said("throughput and latency, caching, profiling"),
            ["\"Speed\" and \"Disks\" have the same description"]
        );
        assert!(said("storage, file systems, latency, backups").is_empty());
        assert!(said("").is_empty());
    }
}
