//! Names of who speaks that stand alone on a line, beside a clock.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::voices::is_voice;

/// How names are written: up to six words that begin with capital letters, numbers or letters of
/// scripts without capitals, and perhaps an employer in brackets.
pub(super) const NAME: &str = r"(?<name>[\p{Lu}\p{Lo}\p{N}][^\s:\[\]()]*(?:\s+[\p{Lu}\p{Lo}\p{N}&][^\s:\[\]()]*){0,5}?(?:\s+\([^()\d]{1,40}\))?:?)";

static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    let word = r"\p{Lu}[\p{L}\p{N}'’_-]*\.?";
    let rest = r"(?:\s+(?:de|van|von|der|la|\p{Lu}[\p{L}\p{N}'’_-]*\.?|\p{N}+))";
    let pattern = format!(r"^{word}{rest}{{0,4}}(?:\s+\([^()]{{1,40}}\))?:?$");
    Regex::new(&pattern).expect("the pattern is valid")
});

/// Whether a text can be the name of a person, in a script with capital letters.
pub(super) fn is_name(text: &str) -> bool {
    ALONE.is_match(text) && !text.ends_with('.') || is_voice(text)
}

/// The rows that hold nothing else than a name beside their clock, which stands before, on or
/// behind the row of the clock throughout a text. Of each row, `words` are what it says behind its
/// clock, and none where it has no clock.
pub(super) fn places(rows: &[String], words: &[Option<&str>]) -> HashSet<usize> {
    let stamps = || (0..rows.len()).filter(|place| words[*place].is_some());
    let has_text = |place: usize| place < rows.len() && words[place].is_none();
    let on_row = stamps().filter(|place| {
        let name = words[*place].unwrap_or_default();
        is_name(name) && has_text(place + 1)
    });
    let behind = stamps().map(|place| place + 1).filter(|place| {
        let follows_bare = words[place - 1] == Some("");
        follows_bare && has_text(*place) && has_text(place + 1) && is_name(&rows[*place])
    });
    let before = stamps().filter_map(|place| place.checked_sub(1));
    let before = before.filter(|place| has_text(*place) && is_name(&rows[*place]));
    let all = stamps().count();
    let candidates: [HashSet<usize>; 3] = [on_row.collect(), behind.collect(), before.collect()];
    let is_rule = |places: &HashSet<usize>| places.len() > 1 && places.len() * 3 >= all * 2;
    candidates.into_iter().find(is_rule).unwrap_or_default()
}
