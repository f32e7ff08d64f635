//! Several speakers in one text, as tables have them. Pure.

use crate::schedule::plain::plain_text;
use crate::talk::one_line;

/// What follows a comma and is no name of its own.
const TITLES: [&str; 14] = [
    "jr", "sr", "ii", "iii", "iv", "phd", "ph.d", "md", "m.d", "msc", "mba", "esq", "inc", "ltd",
];

/// The names in a text that lists them by semicolons or lines, else by commas, `&` and "and".
pub(super) fn speakers(text: &str) -> Vec<String> {
    let text = plain_text(text);
    let is_clear = |letter: char| matches!(letter, ';' | '\n' | '|' | '；' | '、');
    let names: Vec<String> = if text.contains(is_clear) {
        text.split(is_clear).map(str::to_owned).collect()
    } else {
        split_at_commas(&text)
    };
    let is_around = |letter: char| letter.is_whitespace() || matches!(letter, ',' | '&' | '-');
    let names = names
        .iter()
        .map(|name| one_line(name.trim_matches(is_around)));
    let mut speakers: Vec<String> = Vec::new();
    for name in names.filter(|name| !name.is_empty()) {
        if !speakers.contains(&name) {
            speakers.push(name);
        }
    }
    speakers
}

/// Splits at commas and conjunctions, but not within brackets and not before "Jr.".
fn split_at_commas(text: &str) -> Vec<String> {
    let is_title = |part: &str| {
        let part = part.trim().trim_end_matches('.').to_lowercase();
        TITLES.contains(&part.as_str())
    };
    let is_word = |part: &str| part.split_whitespace().count() == 1;
    if let Some((last, first)) = text.split_once(',')
        && is_word(last)
        && is_word(first)
        && !is_title(first)
    {
        // "Quill, Ada" is how lists for sorting write one name.
        return vec![format!("{} {}", first.trim(), last.trim())];
    }
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
    let mut parts = Vec::new();
    let (mut begin, mut depth) = (0, 0_usize);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let ends_here = BETWEEN
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
            ("Quill, Ada; Oak, Ben", vec!["Quill, Ada", "Oak, Ben"]),
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
