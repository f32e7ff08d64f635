//! Several speakers in one text, as tables have them. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::schedule::plain::plain_text;
use crate::talk::one_line;

/// What follows a comma and is no name of its own.
const TITLES: [&str; 14] = [
    "jr", "sr", "ii", "iii", "iv", "phd", "ph.d", "md", "m.d", "msc", "mba", "esq", "inc", "ltd",
];

/// What is written where nobody is named, or nobody yet.
const NOBODY: [&str; 17] = [
    "nan",
    "n/a",
    "na",
    "none",
    "null",
    "nil",
    "tbd",
    "tba",
    "tbc",
    "?",
    "—",
    "–",
    "unknown",
    "undefined",
    "to be announced",
    "to be confirmed",
    "no speaker",
];

/// What is part of a family name.
const PARTICLES: [&str; 19] = [
    "van", "von", "vom", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "la",
    "le", "ter", "ten", "zu", "af",
];

/// The names in a text that lists them by semicolons or lines, else by commas, `&` and "and".
/// Family names that stand first, as in lists for sorting, go behind the given ones.
pub(super) fn speakers(text: &str) -> Vec<String> {
    // Numbers in square brackets lead to a list of affiliations.
    static MARK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\s*\[[0-9, *†‡]{1,6}\]").expect("well-formed"));
    static MAIL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*[<(\[]?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+[>)\]]?").expect("well-formed")
    });
    let text = MAIL.replace_all(text, "");
    let text = MARK.replace_all(&text, "");
    let text = plain_text(&text);
    let is_clear = |letter: char| matches!(letter, ';' | '\n' | '|' | '；' | '、');
    let names: Vec<String> = if text.contains(is_clear) {
        let names: Vec<&str> = text.split(is_clear).map(str::trim).collect();
        in_spoken_order(&names).unwrap_or_else(|| names.into_iter().map(str::to_owned).collect())
    } else if let Some(names) = at_slashes(&text) {
        names.into_iter().map(str::to_owned).collect()
    } else {
        let names: Vec<&str> = at_conjunctions(&text);
        in_spoken_order(&names).unwrap_or_else(|| split_at_commas(&text))
    };
    let is_around =
        |letter: char| letter.is_whitespace() || matches!(letter, ',' | '&' | '-' | '*');
    let names = names
        .iter()
        .map(|name| one_line(name.trim_matches(is_around)));
    let mut speakers: Vec<String> = Vec::new();
    for name in names.filter(|name| !name.is_empty() && !is_nobody(name)) {
        if !speakers.contains(&name) {
            speakers.push(name);
        }
    }
    speakers
}

/// Names that are all written as "Quill, Ada"; none where one of them is not.
fn in_spoken_order(names: &[&str]) -> Option<Vec<String>> {
    let is_around = |letter: char| letter.is_whitespace() || matches!(letter, ',' | '&');
    let names = names.iter().map(|name| name.trim_matches(is_around));
    let names = names.filter(|name| !name.is_empty());
    let turned: Option<Vec<Vec<String>>> = names.map(turned_pairs).collect();
    let turned: Vec<String> = turned?.into_iter().flatten().collect();
    (!turned.is_empty()).then_some(turned)
}

/// "Ada Quill" and "Ben Oak" for "Quill, Ada, Oak, Ben"; none where one of the pairs is no such name.
fn turned_pairs(names: &str) -> Option<Vec<String>> {
    let parts = split_outside_brackets(names, &[","]);
    let (pairs, rest) = parts.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let pairs = pairs
        .iter()
        .map(|[family, given]| turned(&format!("{},{given}", family.trim())));
    pairs.collect()
}

/// "Ada Quill" for "Quill, Ada", "van der Quill, Ada" and "Quill, Ada M."; none for "Ada Quill, Ink & Co".
fn turned(name: &str) -> Option<String> {
    let (name, employer) = match name.split_once(" (") {
        Some((name, employer)) if employer.ends_with(')') => (name, format!(" ({employer}")),
        _ => (name, String::new()),
    };
    let (family, given) = name.split_once(',')?;
    let (family, given) = (family.trim(), given.trim());
    let mut words = family.split_whitespace();
    let is_family = words.next_back().is_some() && words.all(is_particle);
    let mut others = given.split_whitespace();
    let is_initial = |word: &str| word.chars().filter(|letter| letter.is_alphabetic()).count() == 1;
    let is_given = others.next().is_some_and(|first| !is_title(first)) && others.all(is_initial);
    (is_family && is_given && !given.contains(',')).then(|| format!("{given} {family}{employer}"))
}

/// Whether a text says that nobody is named.
pub(super) fn is_nobody(text: &str) -> bool {
    let text = text.trim().trim_matches(['(', ')']).to_lowercase();
    NOBODY.contains(&text.as_str())
}

/// Whole names with slashes between them; none where a slash is within one.
fn at_slashes(text: &str) -> Option<Vec<&str>> {
    let names: Vec<&str> = text.split('/').map(str::trim).collect();
    let is_whole = |name: &&str| name.split_whitespace().count() >= 2;
    (names.len() > 1 && names.iter().all(is_whole) && !text.contains('(')).then_some(names)
}

fn at_conjunctions(text: &str) -> Vec<&str> {
    const BETWEEN: [&str; 5] = [" & ", " and ", " und ", " et ", " / "];
    BETWEEN.iter().fold(vec![text], |parts, between| {
        parts.iter().flat_map(|part| part.split(*between)).collect()
    })
}

/// Whether a word is part of a family name, as "van" is.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word.to_lowercase().as_str())
}

fn is_title(part: &str) -> bool {
    let part = part.trim().trim_end_matches('.').to_lowercase();
    TITLES.contains(&part.as_str())
}

/// Splits at commas and conjunctions, but not within brackets and not before "Jr.".
fn split_at_commas(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in parts(text) {
        match names.last_mut() {
            Some(name) if is_title(part) => {
                name.push_str(", ");
                name.push_str(part.trim());
            }
            _ => names.push(part.trim().to_owned()),
        }
    }
    names
}

fn parts(text: &str) -> Vec<&str> {
    const BETWEEN: [&str; 9] = [
        ",", " & ", " and ", " und ", " et ", " y ", " e ", " + ", " / ",
    ];
    split_outside_brackets(text, &BETWEEN)
}

fn split_outside_brackets<'a>(text: &'a str, between: &[&str]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut begin, mut depth) = (0, 0_usize);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let ends_here = between
            .iter()
            .find(|between| text[at..].starts_with(**between));
        if let Some(between) = ends_here.filter(|_| depth == 0 && at >= begin) {
            parts.push(&text[begin..at]);
            begin = at + between.len();
        }
    }
    parts.push(&text[begin..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_speakers_are_told_apart() {
        for (text, expected) in [
            ("Ada Quill", vec!["Ada Quill"]),
            ("Ada Quill, Ben Oak", vec!["Ada Quill", "Ben Oak"]),
            (
                "Ada Quill, Ben Oak, and Cleo Fir",
                vec!["Ada Quill", "Ben Oak", "Cleo Fir"],
            ),
            ("Ada Quill & Ben Oak", vec!["Ada Quill", "Ben Oak"]),
            ("Ada Quill and Ben Oak", vec!["Ada Quill", "Ben Oak"]),
            ("Quill, Ada; Oak, Ben", vec!["Ada Quill", "Ben Oak"]),
            ("Quill, Ada\nOak, Ben\n", vec!["Ada Quill", "Ben Oak"]),
            ("Quill, Ada & Oak, Ben", vec!["Ada Quill", "Ben Oak"]),
            ("Quill, Ada and Oak, Ben", vec!["Ada Quill", "Ben Oak"]),
            (
                "van der Oak, Ben; Quill, Ada M.",
                vec!["Ben van der Oak", "Ada M. Quill"],
            ),
            (
                "Quill, Ada (Ink); Oak, Ben (Paper, Inc.)",
                vec!["Ada Quill (Ink)", "Ben Oak (Paper, Inc.)"],
            ),
            ("Quill, Ada, Oak, Ben", vec!["Ada Quill", "Ben Oak"]),
            (
                "Quill, Ada (Ink, Inc.), van der Oak, Ben and Fir, Cleo M.",
                vec!["Ada Quill (Ink, Inc.)", "Ben van der Oak", "Cleo M. Fir"],
            ),
            (
                "Ada Quill, Ink, Ben Oak, Paper",
                vec!["Ada Quill", "Ink", "Ben Oak", "Paper"],
            ),
            ("Quill, Ada, Oak", vec!["Quill", "Ada", "Oak"]),
            (
                "Ada Quill <ada@example.org>, Ben Oak (b.oak@mail.example.org)",
                vec!["Ada Quill", "Ben Oak"],
            ),
            (
                "Ada Quill (Ink)*; Ben Oak*",
                vec!["Ada Quill (Ink)", "Ben Oak"],
            ),
            ("Quill, Ada;", vec!["Ada Quill"]),
            (
                "Ada Quill, PhD; Ben Oak, Ink",
                vec!["Ada Quill, PhD", "Ben Oak, Ink"],
            ),
            ("Quill, PhD", vec!["Quill, PhD"]),
            ("Ada, Ben and Cleo", vec!["Ada", "Ben", "Cleo"]),
            ("Ada Quill\nBen Oak\n", vec!["Ada Quill", "Ben Oak"]),
            ("Quill, Ada", vec!["Ada Quill"]),
            (
                "Ada Quill, PhD, Ben Oak, Jr.",
                vec!["Ada Quill, PhD", "Ben Oak, Jr."],
            ),
            (
                "Ada Quill (Ink, Paper & Co), Ben Oak",
                vec!["Ada Quill (Ink, Paper & Co)", "Ben Oak"],
            ),
            (
                "Ada (Ink) and Ben (Oak) & Cleo",
                vec!["Ada (Ink)", "Ben (Oak)", "Cleo"],
            ),
            ("Ada Quill, Ada Quill", vec!["Ada Quill"]),
            ("Alexandra Land", vec!["Alexandra Land"]),
            ("", vec![]),
            (" ; , ", vec![]),
        ] {
            assert_eq!(speakers(text), expected, "{text}");
        }
    }
}
