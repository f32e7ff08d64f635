//! JSON that holds halves of characters, where somebody has cut a text in the middle of an emoji.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::bytes::{Captures, Regex};
use serde::de::DeserializeOwned;

/// What is whole, and may look like half a character; or else half of one. Characters beyond the
/// first 65,536 are escaped as two halves.
static ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
    let regex = Regex::new(
        r"(?i)(?<whole>\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\ud[89a-f][0-9a-f]{2}",
    );
    regex.expect("the pattern is valid")
});

/// Reads JSON. Half a character is no text in any encoding, and is read as a sign that something
/// is missing.
pub(crate) fn json<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(json).or_else(|error| match replace_half_characters(json) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(whole) => serde_json::from_slice(&whole),
    })
}

/// JSON in which no character is cut in half.
#[must_use]
pub(crate) fn replace_half_characters(json: &[u8]) -> Cow<'_, [u8]> {
    ESCAPES.replace_all(json, |escape: &Captures<'_>| match escape.name("whole") {
        Some(whole) => whole.as_bytes().to_vec(),
        None => br"\ufffd".to_vec(),
    })
}
