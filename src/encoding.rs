//! What others have written as text, whatever program has written it.
//!
//! A mark at the beginning of a file tells the encoding; without one it is UTF-8 if that is
//! possible, else Windows-1252, in which every file is some text. JSON may hold halves of
//! characters, where somebody has cut a text in the middle of an emoji. Pure.

use std::borrow::Cow;
use std::sync::LazyLock;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
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

/// The text of a file.
#[must_use]
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let is_utf8 = match str::from_utf8(bytes) {
        Ok(_) => true,
        // A file cut within a letter is still UTF-8; error_len() is None for just that case.
        Err(error) => error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii(),
    };
    let encoding = if is_utf8 { UTF_8 } else { WINDOWS_1252 };
    encoding.decode_without_bom_handling(bytes).0
}

/// Reads JSON. Half a character is no text in any encoding, and is read as a sign that something
/// is missing.
pub fn json<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(json).or_else(|error| match whole(json) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(whole) => serde_json::from_slice(&whole),
    })
}

/// JSON in which no character is cut in half.
#[must_use]
pub fn whole(json: &[u8]) -> Cow<'_, [u8]> {
    ESCAPES.replace_all(json, |escape: &Captures<'_>| match escape.name("whole") {
        Some(whole) => whole.as_bytes().to_vec(),
        None => br"\ufffd".to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_many_programs_are_text() {
        for bytes in [
            "Zoë".as_bytes(),
            b"\xef\xbb\xbfZo\xc3\xab",
            b"\xff\xfeZ\0o\0\xeb\0",
            b"\xfe\xff\0Z\0o\0\xeb",
            b"Zo\xeb",
        ] {
            assert_eq!(decoded(bytes), "Zoë", "{bytes:?}");
        }
        assert_eq!(decoded(b"Zo\xc3\xab Zo\xc3"), "Zoë Zo\u{fffd}");
    }

    #[test]
    fn half_a_character_costs_nothing_but_itself() {
        for (written, text) in [
            (r#""a \ud83d""#, "a \u{fffd}"),
            (r#""\uD83D b \uDE00""#, "\u{fffd} b \u{fffd}"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud83d\ude00 \ud800""#, "😀 \u{fffd}"),
            (r#""\\ud83d \ud83d""#, "\\ud83d \u{fffd}"),
        ] {
            assert_eq!(
                json::<String>(written.as_bytes()).unwrap(),
                text,
                "{written}"
            );
        }
        assert!(json::<String>(br#""cut"#).is_err());
    }
}
