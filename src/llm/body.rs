//! The body of a success, from bytes to JSON.
//!
//! Servers and what stands before them add a mark of the encoding, white space to keep the
//! connection, a compression or a stream of events that nobody asked for, and numbers that JSON does
//! not have. A reply that was paid for is read all the same. Pure.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use serde_json::Value;

use crate::encoding;
use crate::llm::events;

/// No completion is longer, and a few bytes can be inflated to whatever fills a memory.
const MOST_BYTES: u64 = 64 << 20;
/// No reply is nested deeper, and a reader that calls itself runs out of stack.
const DEEPEST: usize = 64;

/// What a body says; none where it is not JSON in any form.
pub(super) fn value(bytes: &[u8]) -> Option<Value> {
    let bytes = inflate(bytes, MOST_BYTES);
    let text = encoding::decode(&bytes);
    let is_padding = |c: char| c.is_whitespace() || matches!(c, '\0' | '\u{feff}');
    let text = text.trim_matches(is_padding);
    match json(text) {
        Some(Value::Array(events)) => events::join(events),
        Some(value) => Some(value),
        None => events::join(parse_events(text)?),
    }
}

/// JSON, and what is nearly JSON: Python servers write `NaN`.
pub(super) fn json(text: &str) -> Option<Value> {
    let strict = encoding::json(text.as_bytes()).ok();
    strict.or_else(|| is_shallow(text).then(|| json5::from_str(text).ok())?)
}

/// Whether a text has so few brackets within each other that any reader can follow.
pub(crate) fn is_shallow(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().all(|byte| {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth <= DEEPEST
    })
}

/// The events of a stream, or the lines of one. What is no field of an event is a comment.
fn parse_events(text: &str) -> Option<Vec<Value>> {
    const FIELDS: [&str; 5] = ["data:", "event:", "id:", "retry:", ":"];
    let is_stream = FIELDS.iter().any(|field| text.starts_with(field));
    let payload = |line: &'_ str| -> Option<String> {
        let line = line.trim();
        let is_field = FIELDS.iter().any(|field| line.starts_with(field));
        let said = match line.strip_prefix("data:") {
            Some(said) => said.trim(),
            None if is_stream && is_field => "",
            None => line,
        };
        (!said.is_empty() && said != "[DONE]").then(|| said.to_owned())
    };
    let lines: Vec<String> = text.lines().filter_map(payload).collect();
    let each: Option<Vec<Value>> = lines.iter().map(|line| json(line)).collect();
    each.or_else(|| {
        let all = lines.join("\n");
        let whole = encoding::replace_half_characters(all.as_bytes());
        let values = serde_json::Deserializer::from_slice(&whole).into_iter();
        values.collect::<Result<_, _>>().ok()
    })
}

fn inflate(bytes: &[u8], most: u64) -> Cow<'_, [u8]> {
    let mut inflated = Vec::new();
    let read = match bytes {
        [0x1f, 0x8b, ..] => {
            let decoder = MultiGzDecoder::new(bytes);
            decoder.take(most).read_to_end(&mut inflated)
        }
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => {
            let decoder = ZlibDecoder::new(bytes);
            decoder.take(most).read_to_end(&mut inflated)
        }
        _ => return Cow::Borrowed(bytes),
    };
    match read {
        Ok(_) => Cow::Owned(inflated),
        Err(_) => Cow::Borrowed(bytes),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const BODY: &str = r#"{"choices":[{"message":{"content":"Zoë"}}],"usage":null}"#;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(text: &str) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_body_is_read_whatever_is_around_it() {
        let utf16 = |text: &str| -> Vec<u8> {
            let marked = format!("\u{feff}{text}");
            marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
        };
        let expected: Value = serde_json::from_str(BODY).unwrap();
        for (what, bytes) in [
            ("as it is", BODY.into()),
            ("a mark", format!("\u{feff}{BODY}").into()),
            ("another encoding", utf16(BODY)),
            (
                "Latin-1",
                BODY.replace('ë', "?")
                    .into_bytes()
                    .iter()
                    .map(|b| if *b == b'?' { 0xeb } else { *b })
                    .collect(),
            ),
            ("white space", format!("\n    \n\n   \n{BODY}\n\n").into()),
            ("zeros", format!("{BODY}\0\0").into()),
            ("gzip", gzip(BODY)),
            ("a mark in gzip", gzip(&format!("\u{feff}{BODY}"))),
            ("zlib", zlib(BODY)),
            (
                "a comment",
                format!(": PROCESSING\n\n: PROCESSING\n\n{BODY}").into(),
            ),
            ("a list of one", format!("[{BODY}]").into()),
            (
                "an event",
                format!("data: {BODY}\n\ndata: [DONE]\n\n").into(),
            ),
            (
                "an event with its name",
                format!("event: message\r\nid: 1\r\ndata:{BODY}\r\n\r\n").into(),
            ),
        ] {
            assert_eq!(value(&bytes).as_ref(), Some(&expected), "{what}");
        }
    }

    #[test]
    fn numbers_that_json_does_not_have_are_nothing() {
        for number in ["NaN", "Infinity", "-Infinity"] {
            let body = format!(r#"{{"choices": [], "metrics": {{"time": {number}, "n": 3}}}}"#);
            let expected = json!({ "choices": [], "metrics": { "time": null, "n": 3 } });
            assert_eq!(value(body.as_bytes()), Some(expected), "{number}");
        }
    }

    #[test]
    fn what_says_nothing_is_none() {
        for bytes in [
            &b""[..],
            b"<!doctype html><title>Sign in</title>",
            b"upstream connect error",
            b"data: [DONE]\n\n",
            b"[]",
            br#"{"choices":[{"message":{"content":"cut"#,
            b"\x1f\x8bno gzip",
            b"\xff\xfe",
        ] {
            assert_eq!(value(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn neither_depth_nor_size_ends_the_program() {
        for deep in ["[", "{\"a\":", "{a:["] {
            assert_eq!(value(deep.repeat(100_000).as_bytes()), None);
            assert_eq!(
                value(format!("data: {}", deep.repeat(100_000)).as_bytes()),
                None
            );
        }
        assert_eq!(inflate(&gzip(&" ".repeat(5_000)), 1_000).len(), 1_000);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = value(&bytes);
        }

        #[test]
        fn no_stream_panics(text in r#"(data: ?|event: |\{|\}|\[|\]|"choices":|"delta":|"content":|"type":|"error":|"a"|null|1|,|\n){0,40}"#) {
            let _ = value(text.as_bytes());
        }
    }
}
