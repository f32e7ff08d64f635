//! The quotes that come with the sentences of a summary. They only help to find a place, so none of
//! them is ever a fault of the reply: what is odd is left out, and what breaks the JSON around it,
//! as words in quotation marks do, or has no end, is mended. Pure.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::summarize::reply::keys::{field, text};
use crate::talk::one_line;

/// The longest quote that is kept, in characters: more than twice what is asked for. Whoever copies
/// more has not chosen.
const MOST_CHARACTERS: usize = 400;

/// The quotes of an object, in the order of its sentences.
pub(super) fn quotes(object: &Map<String, Value>) -> [Option<String>; 2] {
    const FIRST: &[&str] = &["firstquote", "quote1", "quoteone", "1stquote"];
    const SECOND: &[&str] = &["secondquote", "quote2", "quotetwo", "2ndquote"];
    [FIRST, SECOND].map(|keys| field(object, keys).and_then(text).and_then(quote))
}

/// A quote on one line and without the marks around it.
pub(super) fn quote(text: &str) -> Option<String> {
    const MARKS: &[char] = &['"', '“', '”', '„', '«', '»', '\'', '‘', '’', '…', ' '];
    let line = one_line(text);
    let quote = line.trim_matches(MARKS);
    let is_odd = quote.is_empty() || quote.chars().nth(MOST_CHARACTERS).is_some();
    (!is_odd).then(|| quote.to_owned())
}

/// The text of a reply with its quotes as JSON has them; `None` where it has no quotes.
pub(super) fn mend(text: &str) -> Option<String> {
    static QUOTE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#""(?:first|second)_quote"\s*:\s*"#).expect("our own pattern compiles")
    });
    static AFTER_FIRST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#",\s*"second_sentence"\s*:"#).expect("our own pattern compiles")
    });
    let mut mended = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(found) = QUOTE.find(rest) {
        let value = &rest[found.end()..];
        let end = match AFTER_FIRST.find(value) {
            Some(next) => next.start(),
            None => value.rfind('}').unwrap_or(value.len()),
        };
        mended.push_str(&rest[..found.end()]);
        mended.push_str(&in_json(value[..end].trim()));
        rest = &value[end..];
    }
    if mended.is_empty() {
        return None;
    }
    mended.push_str(if rest.is_empty() { "}" } else { rest });
    Some(mended)
}

/// A quote as a JSON string: as it is, if it is one.
fn in_json(value: &str) -> Cow<'_, str> {
    if serde_json::from_str::<String>(value).is_ok() {
        return Cow::Borrowed(value);
    }
    let words = value.strip_prefix('"').unwrap_or(value);
    let words = words.strip_suffix('"').unwrap_or(words);
    let words = words.replace("\\\"", "\"").replace("\\n", " ");
    Cow::Owned(Value::String(words).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quotes_are_read_in_the_styles_of_keys_and_odd_ones_are_left_out() {
        for (object, expected) in [
            (
                json!({ "first_quote": "so we\n tried", "secondQuote": "“it worked”" }),
                [Some("so we tried"), Some("it worked")],
            ),
            (
                json!({ "quote1": ["so we tried"], "quote2": null }),
                [Some("so we tried"), None],
            ),
            (
                json!({ "first_quote": 7, "second_quote": { "a": 1, "b": 2 } }),
                [None, None],
            ),
            (
                json!({ "first_quote": "…", "second_quote": "word ".repeat(200) }),
                [None, None],
            ),
            (json!({}), [None, None]),
        ] {
            let found = quotes(object.as_object().unwrap());
            assert_eq!(found.each_ref().map(Option::as_deref), expected, "{object}");
        }
    }

    #[test]
    fn quotes_that_break_the_json_around_them_are_mended() {
        let around = |first: &str, second: &str| {
            format!(
                "{{\"first_sentence\": \"A.\", \"first_quote\": {first}, \"second_sentence\": \"B.\", \"second_quote\": {second}"
            )
        };
        for (first, second, expected) in [
            (
                "\"he said \"no\" to it\"",
                "\"and \"yes\" later\"}",
                ["he said \"no\" to it", "and \"yes\" later"],
            ),
            ("\"a \\\"b\\\" c\"", "\"fine\"}", ["a \"b\" c", "fine"]),
            ("so we tried", "it worked\n}", ["so we tried", "it worked"]),
            // Cut off.
            (
                "\"so we tried\"",
                "\"and it worked and it",
                ["so we tried", "and it worked and it"],
            ),
        ] {
            let mended = mend(&around(first, second)).unwrap();
            let object: Value = serde_json::from_str(&mended).unwrap();
            assert_eq!(
                [&object["first_quote"], &object["second_quote"]],
                expected,
                "{mended}"
            );
            assert_eq!(
                [&object["first_sentence"], &object["second_sentence"]],
                ["A.", "B."]
            );
        }
        assert_eq!(mend("{\"first_sentence\": \"A.\"}"), None);
    }
}
