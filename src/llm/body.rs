//! The body of a success, from bytes to JSON.
//!
//! Servers and what stands before them add a mark of the encoding, white space to keep the
//! connection, a compression or a stream of events that nobody asked for, and numbers that JSON does
//! not have. A reply that was paid for is read all the same. Pure.

use std::io::{ErrorKind, Read};

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use serde_json::Value;

use crate::encoding;
use crate::limits;
use crate::llm::events;

/// What a body says; none where it is not JSON in any form.
pub(super) fn value(bytes: &[u8]) -> Option<Value> {
    let text = encoding::decode(bytes);
    let is_padding = |c: char| c.is_whitespace() || matches!(c, '\0' | '\u{feff}');
    let text = text.trim_matches(is_padding);
    if !has_few_values(text) {
        return None;
    }
    match json(text) {
        Some(Value::Array(events)) => events::join(events),
        // A gateway may write the whole body into a string.
        Some(Value::String(inner)) if inner.trim_start().starts_with('{') => json(&inner),
        Some(value) => Some(value),
        None => match parse_events(text) {
            Some(events) => events::join(events),
            None => embedded(text),
        },
    }
}

/// The one object of a text that a server has written something around. A page has none, and of a
/// stream it would be a piece.
fn embedded(text: &str) -> Option<Value> {
    if text.starts_with('<') || is_stream(text) {
        return None;
    }
    let text = &text[text.find('{')?..];
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value: Value = values.next()?.ok()?;
    let is_only = !text[values.byte_offset()..].contains('{');
    (is_only && value.is_object()).then_some(value)
}

/// What a body says as it comes over the wire.
pub(crate) fn unpacked_value(bytes: &[u8]) -> Option<Value> {
    value(&inflate(Bytes::copy_from_slice(bytes), limits::REPLY)?)
}

/// JSON, and what is nearly JSON: Python servers write `NaN`.
pub(super) fn json(text: &str) -> Option<Value> {
    let strict = encoding::json(text.as_bytes()).ok();
    // Raw line breaks within strings are white space elsewhere.
    let on_one_line = || encoding::json(text.replace(char::is_control, " ").as_bytes()).ok();
    let strict = strict.or_else(on_one_line);
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
        depth <= limits::DEPTH
    })
}

/// Whether a text has so few values and lines that all of them fit into a memory.
fn has_few_values(text: &str) -> bool {
    let begins_value = |byte: &u8| matches!(byte, b',' | b'[' | b'{' | b'\n' | b'\r');
    let mut values = text.bytes().filter(begins_value);
    values.nth(limits::VALUES).is_none()
}

/// What the lines of a stream begin with.
const FIELDS: [&str; 5] = ["data:", "event:", "id:", "retry:", ":"];

fn is_stream(text: &str) -> bool {
    FIELDS.iter().any(|field| text.starts_with(field))
}

/// The events of a stream, or the lines of one. What is no field of an event is a comment.
fn parse_events(text: &str) -> Option<Vec<Value>> {
    let is_stream = is_stream(text);
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
    let lines: Vec<String> = text.split(['\n', '\r']).filter_map(payload).collect();
    let each: Option<Vec<Value>> = lines.iter().map(|line| json(line)).collect();
    each.or_else(|| {
        let all = lines.join("\n");
        let whole = encoding::replace_half_characters(all.as_bytes());
        let values = serde_json::Deserializer::from_slice(&whole).into_iter();
        values.collect::<Result<_, _>>().ok()
    })
}

/// What was packed for the way, unpacked; none where that is more than it may be. What only looks
/// packed stays as it is.
pub(super) fn inflate(bytes: Bytes, most: u64) -> Option<Bytes> {
    let mut inflated = Vec::new();
    let read = match &*bytes {
        [0x1f, 0x8b, ..] => {
            let decoder = MultiGzDecoder::new(&*bytes);
            decoder.take(most + 1).read_to_end(&mut inflated)
        }
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => {
            let decoder = ZlibDecoder::new(&*bytes);
            decoder.take(most + 1).read_to_end(&mut inflated)
        }
        // Without a mark of its own; such bytes hardly ever are a text.
        _ if std::str::from_utf8(&bytes).is_err() => {
            let decoder = DeflateDecoder::new(&*bytes);
            let read = decoder.take(most + 1).read_to_end(&mut inflated);
            read.and_then(|length| match inflated.first() {
                Some(b'{' | b'[') => Ok(length),
                _ => Err(ErrorKind::InvalidData.into()),
            })
        }
        _ => return Some(bytes),
    };
    match read {
        Ok(_) if inflated.len() as u64 > most => None,
        Ok(_) => Some(inflated.into()),
        Err(_) => Some(bytes),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
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

    fn deflate(text: &str) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
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
            ("deflate", deflate(BODY)),
            ("a guard against scripts", format!(")]}}',\n{BODY}").into()),
            (
                "a warning",
                format!("Warning: no cache in line 3\n{BODY}").into(),
            ),
            (
                "a comment after it",
                format!("{BODY}\n<!-- served -->").into(),
            ),
            ("lengths of chunks", format!("3e\r\n{BODY}\r\n0\r\n").into()),
            ("a function", format!("callback({BODY});").into()),
            ("a string", serde_json::to_vec(BODY).unwrap()),
            (
                "line breaks of another age",
                format!("data: {BODY}\r\rdata: [DONE]\r\r").into(),
            ),
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
            let bytes = inflate(bytes.into(), 1_000).unwrap();
            assert_eq!(value(&bytes).as_ref(), Some(&expected), "{what}");
        }
    }

    #[test]
    fn raw_line_breaks_in_strings_are_read() {
        let read = value(b"{\"choices\": [],\n \"text\": \"one\ntwo\"}");
        assert_eq!(read, Some(json!({ "choices": [], "text": "one two" })));
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
            b"data: {\"choices\":[]}\n\ndata: {\"cho",
            b"{\"done\":false}\n{\"do",
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
        let many = format!("[{}0]", "0,".repeat(limits::VALUES));
        assert_eq!(value(many.as_bytes()), None);
        for packed in [gzip, zlib] {
            let bomb = Bytes::from(packed(&" ".repeat(5_000)));
            assert_eq!(inflate(bomb.clone(), 4_999), None);
            assert_eq!(inflate(bomb, 5_000).unwrap().len(), 5_000);
        }
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
