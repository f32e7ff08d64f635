//! Regular expressions that are put together from named parts.

use regex::Regex;

/// A pattern in which the names of the parts stand for them; a part may hold the names of later ones.
pub(super) fn pattern_of(text: &str, parts: &[(&str, &str)]) -> Regex {
    let text = parts.iter().fold(text.to_owned(), |text, (name, part)| {
        text.replace(name, part)
    });
    Regex::new(&text).expect("the pattern is valid")
}
