//! What each word of the titles is worth, and how alike a name and a title are by it.
//!
//! A word that one title has tells it from all others; a word that all have, the event's or the
//! year, tells nothing. Which of the likenesses make a pair is not decided here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter;
use std::ops::Bound::{Included, Unbounded};

use super::Pair;
use super::words::{is_beside, is_number};

/// What a word of a name counts that no title knows, as a share of a word that one title has. It
/// may be a speaker, or it may be what makes this another talk.
const UNKNOWN: f64 = 0.35;
/// What a word counts that is spelled almost like another.
const MISSPELLED: f64 = 0.85;
/// What is left of a likeness between "part 1" and "part 2".
const OTHER_NUMBER: f64 = 0.6;
/// What a word counts at most that so many titles have that it tells none of them.
const COMMON: f64 = 0.3;
/// What a word counts at least.
const LEAST: f64 = 0.1;
/// In bytes, how long a word is at least that may be several.
const LONG: usize = 8;

/// The words of the titles, and how much each of them says.
#[derive(Debug)]
pub(super) struct Vocabulary<'a> {
    titles: Vec<Title<'a>>,
    words: BTreeMap<&'a str, TitleWord>,
    /// How rare words are among names and titles.
    anywhere: Rarity<'a>,
}

/// A word that titles have.
#[derive(Debug, Default)]
struct TitleWord {
    titles: Vec<usize>,
    /// 1 for a word of one title, 0 for one of all titles.
    rarity: f64,
}

#[derive(Debug)]
struct Title<'a> {
    /// The numbers that few titles have.
    numbers: Vec<&'a str>,
    /// Whether it begins with a number.
    is_counted: bool,
    weight: f64,
}

/// A word of the titles that a word of a name stands for.
struct WordMatch<'a> {
    known: &'a TitleWord,
    /// How surely it is meant.
    share: f64,
}

/// What a name and a title share.
#[derive(Debug, Default, Clone, Copy)]
struct Shared {
    weight: f64,
    /// How much of it is in words that count for nothing in a name where they are not shared.
    beside: f64,
    /// How little of it is chance.
    evidence: f64,
}

impl TitleWord {
    /// What the word counts in a text.
    fn weight(&self, word: &str) -> f64 {
        let weight = LEAST + (1.0 - LEAST) * self.rarity;
        if is_number(word) {
            weight.min(COMMON)
        } else {
            weight
        }
    }
}

impl<'a> Vocabulary<'a> {
    /// The vocabulary of titles that are to be compared with names, all of them as their words.
    pub(super) fn of(titles: &'a [Vec<String>], names: &'a [Vec<String>]) -> Self {
        let in_titles = Rarity::of(titles.iter());
        let anywhere = Rarity::of(titles.iter().chain(names));
        let mut words: BTreeMap<&str, TitleWord> = BTreeMap::new();
        for (index, title) in titles.iter().enumerate() {
            for word in set(title) {
                let known = words.entry(word).or_default();
                known.titles.push(index);
                known.rarity = in_titles.weight(word, 1).min(anywhere.weight(word, 2));
            }
        }
        let titles = titles.iter().map(|title| Title {
            numbers: numbers(title)
                .filter(|number| anywhere.weight(number, 2) > COMMON)
                .collect(),
            is_counted: title.first().is_some_and(|word| is_number(word)),
            weight: set(title).map(|word| words[word].weight(word)).sum(),
        });
        Self {
            titles: titles.collect(),
            words,
            anywhere,
        }
    }

    /// The titles that share words with a name, and how alike they are.
    pub(super) fn similar_titles(&self, name: &[String]) -> Vec<Pair> {
        let mut weight = 0.0;
        let mut shared: HashMap<usize, Shared> = HashMap::new();
        let words: Vec<&str> = name.iter().flat_map(|word| self.parts(word)).collect();
        let last = words.last().copied();
        for word in BTreeSet::from_iter(words) {
            let meant = self.possible_matches(word, last == Some(word));
            let is_beside = is_beside(word);
            if !is_beside {
                weight += match meant.first() {
                    Some(meant) => meant.known.weight(word),
                    None => UNKNOWN * self.anywhere.weight(word, 2),
                };
            }
            for WordMatch { known, share } in meant {
                for title in &known.titles {
                    let shared = shared.entry(*title).or_default();
                    let weight = share * known.weight(word);
                    shared.weight += weight;
                    if is_beside {
                        shared.beside += weight;
                    } else {
                        shared.evidence += share * known.rarity;
                    }
                }
            }
        }
        let all_numbers: Vec<&str> = numbers(name).collect();
        let later_numbers: Vec<&str> = numbers(name.get(1..).unwrap_or_default()).collect();
        let alike = shared.into_iter().map(|(index, shared)| {
            let title = &self.titles[index];
            // What a name begins with counts the files, unless the title is counted too.
            let own = if title.is_counted {
                &all_numbers
            } else {
                &later_numbers
            };
            let likeness = likeness(shared, weight + shared.beside, title.weight);
            let score = if are_others(own, &title.numbers) {
                likeness * OTHER_NUMBER
            } else {
                likeness
            };
            Pair { index, score }
        });
        alike.collect()
    }

    /// A word that no title has may be several that they have, written as one.
    fn parts<'w>(&self, word: &'w str) -> Vec<&'w str> {
        if self.words.contains_key(word) || word.len() < LONG {
            return vec![word];
        }
        // For each byte, the fewest words that end there and where the last of them begins.
        let mut fewest: Vec<Option<(usize, usize)>> = vec![None; word.len() + 1];
        fewest[0] = Some((0, 0));
        for end in 1..=word.len() {
            let starts = (0..end - 1).filter_map(|start| {
                let (before, _) = fewest[start]?;
                let part = word.get(start..end)?;
                self.words.contains_key(part).then_some((before + 1, start))
            });
            fewest[end] = starts.min();
        }
        let Some(last) = fewest[word.len()] else {
            return vec![word];
        };
        let starts = iter::successors(Some(last), |(_, start)| {
            fewest[*start].filter(|_| *start > 0)
        });
        let mut end = word.len();
        let parts = starts.map(|(_, start)| {
            let part = &word[start..end];
            end = start;
            part
        });
        parts.collect()
    }

    /// What a word may stand for: itself, else the words of titles that are spelled almost like
    /// it, and for the last one of a name, which may be cut, those that begin with it.
    fn possible_matches(&self, word: &str, is_last: bool) -> Vec<WordMatch<'_>> {
        if let Some(known) = self.words.get(word) {
            return vec![WordMatch { known, share: 1.0 }];
        }
        let letters = word.chars().count();
        // Few slips are in the first letter, and words with another one are many.
        let first = word.chars().next().map_or(0, char::len_utf8);
        let first = &word[..first];
        let nearby = self.words.range::<str, _>((Included(first), Unbounded));
        let nearby = nearby.take_while(|(known, _)| known.starts_with(first));
        let alike = nearby.filter(|(known, _)| {
            let is_cut = is_last && letters >= 3 && known.starts_with(word);
            is_cut || letters >= 5 && !is_number(word) && strsim::osa_distance(word, known) <= 1
        });
        let meant = alike.map(|(_, known)| WordMatch {
            known,
            share: MISSPELLED,
        });
        meant.collect()
    }
}

/// In how many texts each word stands.
#[derive(Debug)]
struct Rarity<'a> {
    texts: HashMap<&'a str, usize>,
    all: usize,
}

impl<'a> Rarity<'a> {
    fn of(all: impl Iterator<Item = &'a Vec<String>>) -> Self {
        let mut rarity = Self {
            texts: HashMap::new(),
            all: 0,
        };
        for text in all {
            rarity.all += 1;
            for word in set(text) {
                *rarity.texts.entry(word).or_default() += 1;
            }
        }
        rarity
    }

    /// 1 for a word that at most so many texts have, 0 for a word of all of them.
    fn weight(&self, word: &str, few: usize) -> f64 {
        let texts = self.texts.get(word).copied().unwrap_or_default();
        if texts <= few {
            return 1.0;
        }
        let [texts, few, all] = [texts, few, self.all].map(count);
        (all / texts).ln() / (all / few).ln()
    }
}

/// How alike two texts are that share so much of what they weigh. What one holds in full and the
/// other in part is alike the more, the more it is.
fn likeness(shared: Shared, name: f64, title: f64) -> f64 {
    let part_of = |whole: f64| {
        if whole > 0.0 {
            (shared.weight / whole).min(1.0)
        } else {
            0.0
        }
    };
    let (of_name, of_title) = (part_of(name), part_of(title));
    let (more, less) = (of_name.max(of_title), of_name.min(of_title));
    let evidence = shared.evidence / (shared.evidence + 0.5);
    more * (less + (1.0 - less) * evidence)
}

/// Whether each of two texts has a number that the other lacks in that place, as "part 1" and
/// "part 2" do.
fn are_others(name: &[&str], title: &[&str]) -> bool {
    let mut rest = name;
    let mut shared = 0;
    for number in title {
        if let Some(position) = rest.iter().position(|own| own == number) {
            rest = &rest[position + 1..];
            shared += 1;
        }
    }
    shared < title.len() && shared < name.len()
}

fn set(words: &[String]) -> impl Iterator<Item = &str> {
    BTreeSet::from_iter(words).into_iter().map(String::as_str)
}

fn numbers(words: &[String]) -> impl Iterator<Item = &str> {
    words
        .iter()
        .map(String::as_str)
        .filter(|word| is_number(word))
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}
