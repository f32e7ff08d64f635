//! Chooses a category by the words that it shares with a talk.
//!
//! A word counts by how few categories have it: where every second category names "data", the
//! word decides nothing. A category whose name is met is more likely than one whose description
//! is, and the title says more than the text. Thin evidence gives no category: an honest gap is
//! easier to mend than a wrong section.

use std::collections::{HashMap, HashSet};

use crate::summarize::builtin::ratio::ratio;
use crate::talk::language::{Language, telling_stems};

/// Chooses the category whose name and description share the most telling words with the talk;
/// `None` where none does.
///
/// `categories` are names and descriptions in catalog order; the result is an index into them.
/// The earlier category wins a tie.
#[must_use]
pub(crate) fn category(title: &str, text: &str, categories: &[(&str, &str)]) -> Option<usize> {
    let language = Language::of(&format!("{title} {text}"));
    let stems = |text: &str| telling_stems(text, language.or(Some(Language::English)));
    let categories: Vec<CategoryStems> = categories
        .iter()
        .map(|(name, description)| CategoryStems {
            name: stems(name).into_iter().collect(),
            description: stems(description).into_iter().collect(),
        })
        .collect();
    let talk = TalkStems {
        title: stems(title).into_iter().collect(),
        text: count_stems(stems(text)),
    };
    let weights = weights(&categories);
    let mut best: Option<(usize, f64)> = None;
    for (at, category) in categories.iter().enumerate() {
        let score = talk.score(category, &weights);
        if score > best.map_or(0.0, |(_, score)| score) {
            best = Some((at, score));
        }
    }
    best.filter(|&(at, _)| talk.has_evidence_for(&categories[at]))
        .map(|(at, _)| at)
}

/// The stems of a category.
struct CategoryStems {
    name: HashSet<String>,
    description: HashSet<String>,
}

impl CategoryStems {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.name
            .iter()
            .chain(self.description.difference(&self.name))
    }
}

/// The stems of a talk; those of the text with how often each occurs.
struct TalkStems {
    title: HashSet<String>,
    text: HashMap<String, usize>,
}

impl TalkStems {
    fn score(&self, category: &CategoryStems, weights: &HashMap<String, f64>) -> f64 {
        const NAME: f64 = 2.0;
        const TITLE: f64 = 3.0;
        let mut parts: Vec<f64> = category
            .all()
            .map(|stem| {
                let in_title = if self.title.contains(stem) {
                    TITLE
                } else {
                    0.0
                };
                let in_text = self
                    .text
                    .get(stem)
                    .map_or(0.0, |&count| 1.0 + ratio(count, 1).ln());
                let in_name = if category.name.contains(stem) {
                    NAME
                } else {
                    1.0
                };
                in_name * weights.get(stem).copied().unwrap_or(0.0) * (in_title + in_text)
            })
            .collect();
        // A sum of floats depends on its order, and the order of a set is not ours to know.
        parts.sort_by(f64::total_cmp);
        // A long description meets more words by chance.
        parts.iter().sum::<f64>() / ratio(parts.len().max(1), 1).powf(0.25)
    }

    /// One word of the title is enough; of the text it takes two, or one that keeps coming up.
    fn has_evidence_for(&self, category: &CategoryStems) -> bool {
        const KEEPS_COMING_UP: usize = 3;
        let in_title = category.all().any(|stem| self.title.contains(stem));
        let counts: Vec<usize> = category
            .all()
            .filter_map(|stem| self.text.get(stem).copied())
            .collect();
        in_title || counts.len() >= 2 || counts.iter().any(|&count| count >= KEEPS_COMING_UP)
    }
}

fn count_stems(stems: Vec<String>) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for stem in stems {
        *counts.entry(stem).or_insert(0) += 1;
    }
    counts
}

/// Weighs each stem by how few of the categories have it.
fn weights(categories: &[CategoryStems]) -> HashMap<String, f64> {
    let all = categories
        .iter()
        .flat_map(CategoryStems::all)
        .cloned()
        .collect();
    let total = ratio(categories.len() + 1, 1);
    count_stems(all)
        .into_iter()
        .map(|(stem, count)| (stem, (total / ratio(count, 1)).ln()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::category;

    const CATEGORIES: &[(&str, &str)] = &[
        ("Performance", "profiling, latency, throughput, kernels"),
        (
            "Security",
            "vulnerabilities, cryptography, supply chain, data protection",
        ),
        ("Data", "databases, pipelines, storage, data quality"),
        ("C++", "the language and its compilers"),
        ("Community", ""),
    ];

    #[test]
    fn telling_words_choose() {
        for (title, text, expected) in [
            (
                "Profiles that help",
                "We profiled a web server.",
                Some("Performance"),
            ),
            (
                "Locking the door",
                "Signing releases keeps the supply chain free of a known vulnerability.",
                Some("Security"),
            ),
            ("Moving a database", "A tale of one weekend.", Some("Data")),
            ("Modern C++ at home", "Ranges and modules.", Some("C++")),
            (
                "Growing communities",
                "How to find helpers.",
                Some("Community"),
            ),
            ("Lunch", "There will be soup.", None),
            ("Lunch", "The latency of the soup.", None),
            (
                "Waiting",
                "Latency here, latency there, latency everywhere.",
                Some("Performance"),
            ),
            ("", "", None),
        ] {
            let chosen = category(title, text, CATEGORIES).map(|at| CATEGORIES[at].0);
            assert_eq!(chosen, expected, "{title}");
        }
    }

    #[test]
    fn word_of_many_categories_decides_nothing_against_a_rare_one() {
        let categories = [
            ("Cloud data", "data"),
            ("Web data", "data"),
            ("Science", "telescopes and data"),
        ];
        assert_eq!(category("Data of telescopes", "", &categories), Some(2));
    }

    #[test]
    fn first_category_wins_a_tie() {
        assert_eq!(
            category("Parsers", "", &[("Parsers", ""), ("Parsers", "")]),
            Some(0)
        );
    }

    #[test]
    fn german_talk_finds_its_category() {
        let categories = [
            ("Sicherheit", "Angriffe, Verschlüsselung"),
            ("Netze", "Router, Protokolle"),
        ];
        let text = "Wir zeigen, wie ein Angriff auf den Dienst möglich ist und was die Verschlüsselung hilft.";
        assert_eq!(category("Ein offenes Tor", text, &categories), Some(0));
    }

    #[test]
    fn no_categories_give_none() {
        assert_eq!(category("Parsers", "parsers", &[]), None);
    }
}
