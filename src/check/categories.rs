//! A muddle of categories: twins, drawers with one talk or none, and a drawer for everything.
//!
//! Two categories are twins where a reader could not tell in which of them to look. Only whole
//! words, their inflections and slips of the pen are compared; what merely has to do with each
//! other stays apart.

use std::collections::HashSet;

use crate::check::{Finding, Kind};
use crate::summarize::language::{Language, telling_stems};
use crate::talk::UNCATEGORIZED;

/// A category as a reader of the page finds it.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    /// Its name.
    pub name: &'a str,
    /// What belongs into it, empty where the organizer does not say.
    pub description: &'a str,
    /// How many talks are in it.
    pub talks: usize,
}

/// What is wrong with the categories of a conference that is in a language (BCP 47);
/// `uncategorized` talks fit none of them.
#[must_use]
pub fn findings(sections: &[Section<'_>], uncategorized: usize, language: &str) -> Vec<Finding> {
    let mut findings = twins(sections, Language::named(language));
    for section in sections {
        let name = section.name;
        match section.talks {
            0 => findings.push(about(
                Kind::EmptyCategory,
                name,
                format!("no talk is in \"{name}\""),
            )),
            1 => findings.push(about(
                Kind::Singleton,
                name,
                format!("one talk alone is in \"{name}\""),
            )),
            _ => {}
        }
        if is_vague(name) {
            let message = format!("\"{name}\" does not say what is in it");
            findings.push(about(Kind::VagueCategory, name, message));
        }
    }
    findings.extend(junk_drawer(sections, uncategorized));
    findings
}

fn about(kind: Kind, name: &str, message: String) -> Finding {
    Finding::of_conference(kind, name, message)
}

/// A category that holds too large a part of the talks. Of few talks, or among few categories,
/// one always does.
fn junk_drawer(sections: &[Section<'_>], uncategorized: usize) -> Option<Finding> {
    const FEWEST_TALKS: usize = 10;
    const FEWEST_CATEGORIES: usize = 3;
    const MOST_PERCENT: usize = 40;
    let none = Section {
        name: UNCATEGORIZED,
        description: "",
        talks: uncategorized,
    };
    let largest = sections
        .iter()
        .chain([&none])
        .max_by_key(|section| section.talks)?;
    let all: usize = uncategorized + sections.iter().map(|section| section.talks).sum::<usize>();
    let is_judged = all >= FEWEST_TALKS && sections.len() >= FEWEST_CATEGORIES;
    let holds_too_much = largest.talks * 100 > all * MOST_PERCENT;
    (is_judged && holds_too_much).then(|| {
        let Section { name, talks, .. } = largest;
        let percent = talks * 100 / all;
        let message = format!("{talks} of {all} talks ({percent}%) are in \"{name}\"");
        about(Kind::JunkDrawer, name, message)
    })
}

/// Words that say nothing about what is in a category.
const FILLERS: &[&str] = &[
    "talk",
    "talks",
    "session",
    "sessions",
    "topic",
    "topics",
    "general",
    "misc",
    "miscellaneous",
    "other",
    "others",
    "various",
    "varia",
    "etc",
    "more",
    "everything",
    "else",
    "stuff",
    "unsorted",
    "uncategorized", // and in other languages
    "allgemein",
    "allgemeines",
    "andere",
    "anderes",
    "sonstige",
    "sonstiges",
    "verschiedenes",
    "vorträge",
    "weitere",
    "weiteres",
    "autre",
    "autres",
    "divers",
    "diverses",
    "général",
    "otro",
    "otros",
    "otras",
    "varios",
    "varias",
    "altro",
    "altri",
    "vari",
    "outro",
    "outros",
    "diversos",
];

/// Words that join others.
const JOINING: &[&str] = &[
    "and", "or", "of", "the", "for", "in", "on", "with", "to", "und", "oder", "der", "die", "das",
    "für", "mit", "et", "ou", "de", "du", "des", "la", "le", "les", "pour", "y", "o", "del", "el",
    "los", "las", "para", "e", "di", "per", "da", "do", "dos", "das",
];

fn is_vague(name: &str) -> bool {
    let words = words(name);
    !words.is_empty() && words.iter().all(|word| FILLERS.contains(&word.as_str()))
}

/// Every two categories that mean the same; the smaller one could become part of the larger.
fn twins(sections: &[Section<'_>], language: Option<Language>) -> Vec<Finding> {
    let names: Vec<Name> = sections
        .iter()
        .map(|section| Name::of(section, language))
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
                ..about(Kind::Twins, smaller, message)
            });
        }
    }
    twins
}

/// What is compared of a category.
struct Name {
    /// Letters and digits alone, in lower case.
    letters: String,
    words: Vec<Word>,
    initials: String,
    /// What stands between "and", "&" and the like.
    parts: Vec<Vec<Word>>,
    description: Vec<Word>,
}

/// A word and its stem.
struct Word {
    word: String,
    stem: String,
}

impl Name {
    fn of(section: &Section<'_>, language: Option<Language>) -> Self {
        let stemmed = |words: Vec<String>| {
            words
                .into_iter()
                .map(|word| Word::of(word, language))
                .collect()
        };
        let is_filler = |word: &String| FILLERS.contains(&word.as_str());
        let (fillers, telling): (Vec<_>, Vec<_>) =
            words(section.name).into_iter().partition(is_filler);
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

impl Word {
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

fn are_same(some: &[Word], others: &[Word]) -> bool {
    let is_among = |word: &Word| others.iter().any(|other| other.is(word));
    !some.is_empty() && some.len() == others.len() && some.iter().all(is_among)
}

fn are_described_alike(some: &[Word], others: &[Word]) -> bool {
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

/// The words of a name or description in lower case, without those that join.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !is_of_word(c))
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && !JOINING.contains(&word.as_str()))
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

    fn section(name: &str, talks: usize) -> Section<'_> {
        Section {
            name,
            description: "",
            talks,
        }
    }

    fn found(sections: &[Section<'_>], uncategorized: usize) -> Vec<String> {
        let findings = findings(sections, uncategorized, "en").into_iter();
        findings
            .map(|finding| format!("{}: {}", finding.kind, finding.message))
            .collect()
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
                let twins = twins(&[section(one, 3), section(other, 2)], Language::named("en"));
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
            let twins = twins(&[section(one, 1), section(other, 1)], Language::named("en"));
            assert!(twins.is_empty(), "{twins:?}");
        }
    }

    #[test]
    fn a_description_that_stands_twice_is_noticed() {
        let caches = |name, description| Section {
            name,
            description,
            talks: 2,
        };
        let said = |description| {
            let first = caches("Speed", "caches, profiling, latency, throughput");
            found(&[first, caches("Disks", description)], 0)
        };
        assert_eq!(
            said("throughput and latency, caching, profiling"),
            ["twins: \"Speed\" and \"Disks\" have the same description"]
        );
        assert!(said("storage, file systems, latency, backups").is_empty());
        assert!(said("").is_empty());
    }

    #[test]
    fn drawers_are_too_full_too_empty_or_without_a_label() {
        let sections = [
            section("Systems", 5),
            section("Keynotes", 1),
            section("Quiet", 0),
            section("Other Topics", 4),
        ];
        assert_eq!(
            found(&sections, 0),
            [
                "singleton: one talk alone is in \"Keynotes\"",
                "empty-category: no talk is in \"Quiet\"",
                "vague-category: \"Other Topics\" does not say what is in it",
                "junk-drawer: 5 of 10 talks (50%) are in \"Systems\"",
            ]
        );
    }

    #[test]
    fn many_talks_in_one_place_are_no_junk_where_they_must_be() {
        let three = |talks| {
            [
                section("Systems", talks),
                section("People", 3),
                section("Pages", 3),
            ]
        };
        assert!(found(&three(3), 0).is_empty(), "few talks");
        assert!(
            found(&three(4), 0).is_empty(),
            "40 percent are no more than 40"
        );
        assert!(!found(&three(5), 0).is_empty());
        assert!(found(&[section("Systems", 15), section("People", 5)], 0).is_empty());
        assert_eq!(
            found(&three(3), 8),
            ["junk-drawer: 8 of 17 talks (47%) are in \"Uncategorized\""]
        );
    }
}
