//! Titles such as "Caches - Ann Lee, Acme", in a title and its speakers. Pure.
//!
//! Nothing tells a name from other words for certain, so a person sees all proposals first. Those that
//! may well be wrong are told from the others, and so are those that would change a title in the
//! catalog. Speakers that an organizer has written stay as they are.

use crate::catalog::Entry;
use crate::review::ReviewedTalk;
use crate::summarize::near_miss::is_ordinary_word;
use crate::talk::one_line;

/// What is between a title and a name, as uploaders write it.
const SEPARATORS: [&str; 4] = [" - ", " – ", " — ", " | "];
/// What may begin a family name in small letters.
const PARTICLES: [&str; 12] = [
    "van", "von", "der", "den", "de", "del", "di", "da", "dos", "du", "la", "le",
];
/// No name has them, and many titles do.
const NO_NAMES: [&str; 19] = [
    "a", "an", "the", "and", "or", "of", "for", "to", "in", "on", "at", "with", "by", "from",
    "how", "why", "your", "our", "not",
];

/// A title that names its speakers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SplitTitle {
    pub(super) title: String,
    pub(super) speakers: Vec<String>,
    /// What else stands with the names, such as where somebody works; it is said nowhere afterwards.
    pub(super) dropped: Vec<String>,
    pub(super) certainty: Certainty,
}

/// Whether somebody should look twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    Likely,
    Doubtful,
    /// The title stands in the catalog: an organizer has written it there, or an import.
    OwnTitle,
}

/// What becomes of a talk whose title names its speakers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Split {
    Proposed(SplitTitle),
    /// The organizer has written its speakers.
    LeftAlone,
}

impl Split {
    pub(super) fn is_proposed(&self) -> bool {
        matches!(self, Self::Proposed(_))
    }
}

/// The titles to split, each with the place of its talk in the catalog.
pub(super) fn find_splits<'a>(
    conference: &str,
    talks: impl Iterator<Item = (&'a Entry, &'a ReviewedTalk)>,
) -> Vec<(usize, Split)> {
    let found = talks.enumerate().filter_map(|(place, (entry, reviewed))| {
        let talk = &reviewed.talk.talk;
        let mut split = split(&one_line(&talk.title), conference)?;
        if !entry.speakers.is_empty() {
            return Some((place, Split::LeftAlone));
        }
        if entry.title.is_some() {
            split.certainty = Certainty::OwnTitle;
        }
        talk.speakers
            .is_empty()
            .then_some((place, Split::Proposed(split)))
    });
    found.collect()
}

/// Splits a title before the last part that begins with a name.
fn split(title: &str, conference: &str) -> Option<SplitTitle> {
    let mut rest = title;
    while let Some((before, part)) = cut_last(rest) {
        if letters(part) != letters(conference) {
            break;
        }
        rest = before;
    }
    let mut before = rest;
    while let Some((shorter, last)) = cut_last(before) {
        // Parts that hang together with it, as in "Acme - Labs", are behind it.
        let start = before.len() - last.len();
        let part = rest[start..].trim();
        before = shorter;
        if let Some((speakers, dropped, certainty)) = read_names(part) {
            let has_words = before.chars().any(char::is_alphabetic);
            return has_words.then(|| SplitTitle {
                title: before.to_owned(),
                speakers,
                dropped,
                certainty,
            });
        }
    }
    None
}

/// A title before its last separator, and what is behind it.
fn cut_last(title: &str) -> Option<(&str, &str)> {
    let cuts = SEPARATORS.iter().filter_map(|separator| {
        let at = title.rfind(separator)?;
        Some((at, separator.len()))
    });
    let (at, length) = cuts.max()?;
    Some((title[..at].trim_end(), title[at + length..].trim()))
}

/// The names in a part, and what else is in it. Behind a comma is where people work, or the next name
/// where another one follows: "Ann Lee, Acme", but "Ann Lee, Bo Chenwi & Cy Day".
fn read_names(part: &str) -> Option<(Vec<String>, Vec<String>, Certainty)> {
    let joined = part.replace(" and ", " & ").replace(';', " & ");
    let groups = joined.split(" & ");
    let groups = groups.map(|group| group.split(',').map(str::trim).collect());
    let groups: Vec<Vec<&str>> = groups.collect();
    if !is_name(groups.first()?.first()?) {
        return None;
    }
    let (mut speakers, mut dropped) = (Vec::new(), Vec::new());
    let mut is_doubtful = false;
    for (place, group) in groups.iter().enumerate() {
        let is_last = place + 1 == groups.len();
        for (nth, word) in group.iter().enumerate() {
            let may_be_name = is_name(word) && !is_ordinary(word);
            let is_speaker = if nth == 0 {
                is_name(word)
            } else {
                may_be_name && !is_last
            };
            is_doubtful |= may_be_name && nth > 0;
            let list = if is_speaker {
                &mut speakers
            } else {
                &mut dropped
            };
            list.push((*word).to_owned());
        }
    }
    let ordinary = speakers.iter().filter(|name| is_ordinary(name)).count();
    // "Caches - Lessons Learned" names nobody.
    if ordinary == speakers.len() && dropped.is_empty() {
        return None;
    }
    is_doubtful |= ordinary > 0 || dropped.iter().any(|word| word.contains(" - "));
    let certainty = if is_doubtful {
        Certainty::Doubtful
    } else {
        Certainty::Likely
    };
    Some((speakers, dropped, certainty))
}

/// Whether all words of a text are such as anybody may use.
fn is_ordinary(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.all(|word| is_ordinary_word(&word.to_lowercase()))
}

/// Whether a text is written as the name of a person is: two to four words with capitals.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_particle = |word: &str| PARTICLES.contains(&word);
    let is_written_so = |word: &&str| {
        let has_letters_alone = word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-'));
        let is_common = NO_NAMES.contains(&word.to_lowercase().as_str());
        let begins = word.starts_with(char::is_uppercase) || is_particle(word);
        has_letters_alone && begins && !is_common
    };
    let is_abbreviation =
        |word: &&str| word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    (2..=4).contains(&words.len())
        && words.iter().all(is_written_so)
        && !words.iter().any(is_abbreviation)
        && words.last().is_some_and(|last| !is_particle(last))
}

fn letters(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, expected: &str) {
        let found = split(title, "Some Conf 2026").map(|split| {
            let mark = match split.certainty {
                Certainty::Likely => "",
                Certainty::Doubtful => "?",
                Certainty::OwnTitle => "!",
            };
            let [speakers, dropped] = [split.speakers, split.dropped].map(|list| list.join("; "));
            format!("{} / {speakers} / {dropped}{mark}", split.title)
        });
        assert_eq!(found.unwrap_or_default(), expected, "{title}");
    }

    #[test]
    fn a_title_gives_its_names_to_the_speakers() {
        for (title, expected) in [
            ("Caches - Mira Okafor, Acme", "Caches / Mira Okafor / Acme"),
            ("Caches - Mira Okafor", "Caches / Mira Okafor / "),
            (
                "Caches: Why - and How - Mira van Okafor, Acme - Labs",
                "Caches: Why - and How / Mira van Okafor / Acme - Labs?",
            ),
            (
                "Caches – Mira Okafor & Bo Chenwi, Acme",
                "Caches / Mira Okafor; Bo Chenwi / Acme",
            ),
            (
                "Caches - Mira Okafor, Acme and Bo Chenwi, Red Hat",
                "Caches / Mira Okafor; Bo Chenwi / Acme; Red Hat",
            ),
            (
                "Caches - Mira Okafor, Acme; Bo Chenwi, Labs",
                "Caches / Mira Okafor; Bo Chenwi / Acme; Labs",
            ),
            (
                "Caches - Mira Okafor, Ada Quillson & Bo Chenwi",
                "Caches / Mira Okafor; Ada Quillson; Bo Chenwi / ?",
            ),
            (
                "Caches - Mira Okafor , Ada Quillson & Bo Chenwi, Acme",
                "Caches / Mira Okafor; Ada Quillson; Bo Chenwi / Acme?",
            ),
            (
                "Caches - Mira Okafor, UC Berkeley",
                "Caches / Mira Okafor / UC Berkeley",
            ),
            (
                "Caches - Mira Okafor, Ada Quillson",
                "Caches / Mira Okafor / Ada Quillson?",
            ),
            (
                "Caches - Mira Okafor | Some Conf 2026",
                "Caches / Mira Okafor / ",
            ),
            ("Caches - Young Stone, Acme", "Caches / Young Stone / Acme?"),
        ] {
            check(title, expected);
        }
    }

    #[test]
    fn a_title_without_a_name_stays_whole() {
        for title in [
            "Caches",
            "Caches - Lessons Learned",
            "Caches - The Good Parts, Again",
            "Caches - Part 2",
            "Caches - Mira",
            "Caches - how Mira Okafor mends them",
            "Mira Okafor - Caches",
            "- Mira Okafor",
            "Caches | Some Conf 2026",
            "東京 - 入門",
            "Caches - ",
            "",
        ] {
            check(title, "");
        }
    }
}
