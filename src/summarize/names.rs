//! Names as they are written: what speech recognition heard is put right by the glossary.
//!
//! Pure. Only what the organizer listed is replaced; nothing is guessed.

use crate::catalog::Glossary;

/// Puts every whole word or phrase right that the glossary's `heard` lists, whatever its case.
#[must_use]
pub(crate) fn correct(text: &str, glossary: &Glossary) -> String {
    let mut text = text.to_owned();
    for (heard, name) in &glossary.heard {
        text = replace(&text, heard, name);
    }
    text
}

/// Whether a text has this as a whole word or phrase, whatever its case.
#[must_use]
pub(crate) fn mentions(text: &str, heard: &str) -> bool {
    replace(text, heard, "") != text
}

fn replace(text: &str, heard: &str, name: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(c) = rest.chars().next() {
        let at_word_start = !(before.is_some_and(char::is_alphanumeric) && c.is_alphanumeric());
        match strip_folded(rest, heard).filter(|_| at_word_start && !heard.is_empty()) {
            Some(after) if !after.starts_with(char::is_alphanumeric) => {
                result.push_str(name);
                before = name.chars().last();
                rest = after;
            }
            _ => {
                result.push(c);
                before = Some(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    result
}

/// What follows a prefix that is compared letter by letter, whatever its case.
fn strip_folded<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in prefix.chars() {
        let found = rest.next()?;
        if !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heard_names_are_put_right_as_whole_words() {
        let heard = [
            ("Chainyard", "Chainguard"),
            ("soup kitchen", "Supkitch"),
            ("ö b", "ÖB"),
        ];
        let heard = heard
            .map(|(heard, name)| (heard.to_owned(), name.to_owned()))
            .into();
        let glossary = Glossary {
            heard,
            ..Glossary::default()
        };
        for (text, wanted) in [
            (
                "Chainyard's images and CHAINYARD.",
                "Chainguard's images and Chainguard.",
            ),
            (
                "Chainyards and XChainyard stay.",
                "Chainyards and XChainyard stay.",
            ),
            ("a Soup Kitchen, soup  kitchen", "a Supkitch, soup  kitchen"),
            ("Ö B fährt", "ÖB fährt"),
            ("", ""),
        ] {
            assert_eq!(correct(text, &glossary), wanted);
        }
    }
}
