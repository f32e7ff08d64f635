//! JSON that stands in a text, one value after the other, with whatever is written around it.
//!
//! Pure. Raw line breaks within strings, Python's words and comments, quotes as they are printed,
//! missing commas and all that JSON5 takes are read; what has no end is no value, so nothing that was cut off is read as if it were whole.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

use crate::encoding;
use crate::llm::body::is_shallow;

/// So many brackets are tried before a text is given up.
const MOST_TRIES: usize = 1_000;

/// An object or a list, with where it stands.
#[derive(Debug, PartialEq)]
pub(super) struct LocatedValue {
    pub(super) range: Range<usize>,
    pub(super) value: Value,
}

/// The objects and lists of a text, none of which is within another.
pub(super) fn places(text: &str) -> Vec<LocatedValue> {
    let mut places: Vec<LocatedValue> = Vec::new();
    let starts = text.match_indices(['{', '[']).take(MOST_TRIES);
    for (start, _) in starts {
        let is_within = |place: &LocatedValue| start < place.range.end;
        if places.last().is_some_and(is_within) {
            continue;
        }
        let Some(end) = end_of(&text[start..]) else {
            continue;
        };
        let range = start..start + end;
        if let Some(value) = value(&text[range.clone()]) {
            places.push(LocatedValue { range, value });
        }
    }
    places
}

/// Where the bracket closes that a text begins with; brackets within strings do not count.
fn end_of(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut in_string = false;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                open.pop().filter(|wanted| *wanted == byte)?;
                if open.is_empty() {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// A value in JSON, or in what models take for it.
pub(super) fn value(text: &str) -> Option<Value> {
    if !is_shallow(text) {
        return None;
    }
    let strict = encoding::json(text.as_bytes()).ok();
    let json5 = strict.or_else(|| json5::from_str(text).ok());
    let mended = json5.or_else(|| json5::from_str(&mend(text)).ok());
    // Quotes as they are printed.
    let straight = || text.replace(['“', '”', '„', '‟'], "\"");
    mended.or_else(|| json5::from_str(&mend(&straight())).ok())
}

/// The text with its strings, and what stands between them, as JSON5 has them.
fn mend(text: &str) -> String {
    let mut mended = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '#']) {
        let (between, found) = rest.split_at(at);
        mended.push_str(&mend_between(between));
        if found.starts_with('#') {
            let end = found.find('\n').unwrap_or(found.len());
            rest = &found[end..];
            continue;
        }
        if ends_with_value(&mended) {
            mended.push(',');
        }
        let (string, after) = found.split_at(string_length(found));
        mended.push_str(&mend_string(string));
        rest = after;
    }
    mended.push_str(&mend_between(rest));
    mended
}

/// Whether a comma is missing before what follows.
fn ends_with_value(json: &str) -> bool {
    let is_end = |c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | '}' | ']');
    json.trim_end().ends_with(is_end)
}

/// How long the string is that a text begins with.
fn string_length(text: &str) -> usize {
    let quote = text.as_bytes()[0];
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            byte if byte == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A string with its line breaks escaped.
fn mend_string(string: &str) -> String {
    let string = string.replace(['\r', '\u{2028}', '\u{2029}'], " ");
    string.replace('\n', "\\n")
}

/// Python's words and the punctuation of other scripts in JSON's.
fn mend_between(between: &str) -> String {
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(?:True|False|None)\b").expect("the pattern is valid"));
    let words = WORD.replace_all(between, |word: &Captures<'_>| match &word[0] {
        "True" => "true",
        "False" => "false",
        _ => "null",
    });
    words.replace('：', ":").replace('，', ",")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn values(text: &str) -> Value {
        let places = places(text).into_iter();
        places.map(|place| place.value).collect()
    }

    #[test]
    fn values_are_found_among_words() {
        for (text, expected) in [
            (r#"{"a":1}"#, json!([{ "a": 1 }])),
            (r#"{"a":1}}"#, json!([{ "a": 1 }])),
            (r#"{{"a":1}"#, json!([{ "a": 1 }])),
            (r#"{"a":1}{"a":2}"#, json!([{ "a": 1 }, { "a": 2 }])),
            (
                r#"Okay {so} [that] is {"a":{"b":[1]}}. {done}"#,
                json!([{ "a": { "b": [1] } }]),
            ),
            (
                r#"{"a":"} {"} {"b":"\"}"}"#,
                json!([{ "a": "} {" }, { "b": "\"}" }]),
            ),
            (r#"Say "{" and then {"a":1}"#, json!([{ "a": 1 }])),
            (r#"[{"a":1},{"a":2}]"#, json!([[{ "a": 1 }, { "a": 2 }]])),
            (
                "{'a': 'b', 'c': True, 'd': None,}",
                json!([{ "a": "b", "c": true, "d": null }]),
            ),
            ("{a: False}", json!([{ "a": false }])),
            (
                "{\"a\": \"one\ntwo\r\nthree\", \"b\": 1}",
                json!([{ "a": "one\ntwo \nthree", "b": 1 }]),
            ),
            ("{\"a\": \"True\nNone\"}", json!([{ "a": "True\nNone" }])),
            (
                "{ # the answer\n\"a\": \"b # c\" # it's done\n}",
                json!([{ "a": "b # c" }]),
            ),
            (
                "{\"a\": true\n\"b\": \"c\" \"d\": [\"e\" \"f\"]}",
                json!([{ "a": true, "b": "c", "d": ["e", "f"] }]),
            ),
            ("{“a”: „b“}", json!([{ "a": "b" }])),
            ("{\"a\"：\"b\"，\"c\"：1}", json!([{ "a": "b", "c": 1 }])),
            (r#"{"a": "one "two" three"}"#, json!([])),
            (r#"{"a": "cut"#, json!([])),
            (r#"{"a": ["cut"}"#, json!([])),
            ("no braces", json!([])),
        ] {
            assert_eq!(values(text), expected, "{text}");
        }
    }

    #[test]
    fn many_brackets_before_a_value_do_not_hide_it() {
        let text = format!("{} {{\"a\":1}}", "{7} ".repeat(300));
        assert_eq!(values(&text), json!([{ "a": 1 }]));
        for deep in ["{", "[", "{\"a\":[", "{\"a\":{\"a\":1}"] {
            places(&deep.repeat(20_000));
            places(&format!("{}{}", deep.repeat(5_000), "}".repeat(5_000)));
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            places(&text);
        }

        #[test]
        fn what_is_found_stands_there(before in "[a-z {}\\[\\]\"',:\\\\\n]{0,20}", after in "[a-z {}\\[\\]\"',:\\\\\n]{0,20}") {
            let text = format!("{before}{{\"k\": \"v\"}}{after}");
            for place in places(&text) {
                let is_there = |c: char| text[place.range.clone()].contains(c);
                prop_assert!(is_there('{') || is_there('['), "{text}");
            }
        }
    }
}
