//! JSON that lists what was said: Whisper's, and that of its many relatives.
//!
//! They agree on a list of objects with a text and a start, and on little else: the list is called
//! `segments`, `transcription` or `chunks`, or is all there is; times are seconds, milliseconds or
//! clocks, and go to an end or last for a duration.

use std::time::Duration;

use serde_json::{Map, Value};

use super::lines::{self, CaptionLine, CaptionPiece};
use super::times::clock;
use super::{CaptionFormat, CaptionsError};
use crate::encoding;

/// What the list is called, the likeliest first.
const LISTS: [&str; 12] = [
    "segments",
    "transcription",
    "chunks",
    "utterances",
    "transcript",
    "captions",
    "subtitles",
    "cues",
    "paragraphs",
    "sentences",
    "results",
    "monologues",
];
const TEXTS: [&str; 5] = ["text", "transcript", "content", "utf8", "caption"];
const STARTS: [&str; 6] = [
    "start",
    "start_time",
    "startTime",
    "begin",
    "from",
    "offset",
];
const ENDS: [&str; 5] = ["end", "end_time", "endTime", "to", "stop"];
const LENGTHS: [&str; 3] = ["duration", "dur", "length"];
const MILLISECONDS: [&str; 4] = ["startMs", "start_ms", "tStartMs", "begin_ms"];
const ENDS_IN_MILLISECONDS: [&str; 3] = ["endMs", "end_ms", "finish_ms"];
/// Of a list whose last time is beyond this, in seconds, the times are milliseconds.
const LONGEST_IN_SECONDS: f64 = 100_000.0;

/// Reads the list; a file that breaks off, or holds none, is an error.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let not_valid = |line, reason| CaptionsError::NotValid {
        format: CaptionFormat::Segments,
        line,
        reason,
    };
    let json: Value = encoding::json(text.as_bytes())
        .map_err(|error| not_valid(error.line().max(1), error.into()))?;
    let list =
        list(&json, 3).ok_or_else(|| not_valid(1, "it lists nothing that was said".into()))?;
    let scale = scale(&list);
    Ok(list.into_iter().map(|item| line(item, scale)).collect())
}

/// The first list of objects with a text, so deep in the file at most.
fn list(json: &Value, depth: usize) -> Option<Vec<&Map<String, Value>>> {
    match json {
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(Value::as_object).collect();
            let items = items.filter(|items| items.iter().any(|item| said(item).is_some()));
            items.or_else(|| {
                json.as_array()?
                    .iter()
                    .find_map(|item| list(item, depth.checked_sub(1)?))
            })
        }
        Value::Object(object) => {
            let known = LISTS.iter().filter_map(|name| object.get(*name));
            let others = object.values();
            let depth = depth.checked_sub(1)?;
            known.chain(others).find_map(|value| list(value, depth))
        }
        _ => None,
    }
}

fn said(item: &Map<String, Value>) -> Option<&str> {
    TEXTS.iter().find_map(|name| item.get(*name)?.as_str())
}

/// By what times are divided to be seconds.
fn scale(list: &[&Map<String, Value>]) -> f64 {
    let numbers = list
        .iter()
        .filter_map(|item| STARTS.iter().find_map(|name| item.get(*name)?.as_f64()));
    let latest = numbers.fold(0.0, f64::max);
    if latest > LONGEST_IN_SECONDS {
        1000.0
    } else {
        1.0
    }
}

fn line(item: &Map<String, Value>, scale: f64) -> CaptionLine {
    let field = |names: &[&str]| names.iter().find_map(|name| item.get(*name));
    let seconds = |names: &[&str]| field(names).and_then(|value| time(value, scale));
    let milliseconds = |names: &[&str]| field(names).and_then(|value| time(value, 1000.0));
    // whisper.cpp has its times in an object, and others in a list of two.
    let nested = |place: &str| {
        item.get("offsets")
            .and_then(|times| time(times.get(place)?, 1000.0))
    };
    let stamped = |place: usize| {
        item.get("timestamp")
            .and_then(|times| time(times.get(place)?, scale))
    };
    let start = nested("from")
        .or_else(|| milliseconds(&MILLISECONDS))
        .or_else(|| seconds(&STARTS));
    let start = start.or_else(|| stamped(0)).unwrap_or_default();
    let end = nested("to")
        .or_else(|| milliseconds(&ENDS_IN_MILLISECONDS))
        .or_else(|| seconds(&ENDS));
    let length = || seconds(&LENGTHS).map(|length| start.saturating_add(length));
    CaptionLine {
        start,
        end: end
            .or_else(|| stamped(1))
            .or_else(length)
            .filter(|end| *end >= start),
        pieces: vec![CaptionPiece {
            at: None,
            text: said(item).unwrap_or_default().to_owned(),
        }],
    }
}

fn time(value: &Value, scale: f64) -> Option<Duration> {
    match value {
        Value::Number(number) => lines::time(number.as_f64()? / scale),
        Value::String(text) if text.contains(':') => clock(text.trim()),
        Value::String(text) => {
            lines::time(text.trim().trim_end_matches('s').parse::<f64>().ok()? / scale)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Segments, file, expected);
    }

    #[test]
    fn whisper_and_its_relatives_are_read() {
        let expected = expect![[r"
            0.00-2.00 Hello there.
            2.00-4.50 This is a talk.
        "]];
        for file in [
            r#"{"text": " Hello there. This is a talk.", "segments": [{"id": 0, "start": 0.0, "end": 2.0, "text": " Hello there."},
                {"id": 1, "start": 2.0, "end": 4.5, "text": " This is a talk.", "words": [{"word": "This", "start": 2.0}]}], "language": "en"}"#,
            r#"{"transcription": [{"timestamps": {"from": "00:00:00,000"}, "offsets": {"from": 0, "to": 2000}, "text": " Hello there."},
                {"offsets": {"from": 2000, "to": 4500}, "text": " This is a talk."}]}"#,
            r#"{"text": "x", "chunks": [{"timestamp": [0.0, 2.0], "text": " Hello there."}, {"timestamp": [2.0, 4.5], "text": " This is a talk."}]}"#,
            r#"[{"text": "Hello there.", "start": 0, "duration": 2.0}, {"text": "This is a talk.", "start": 2, "duration": 2.5}]"#,
            r#"{"results": {"channels": [1], "utterances": [{"start": "0", "end": "2.0s", "transcript": "Hello there."},
                {"start": "0:02", "end": "0:04.5", "transcript": "This is a talk."}]}}"#,
        ] {
            check(file, &expected);
        }
    }

    #[test]
    fn times_beyond_a_day_are_milliseconds() {
        check(
            r#"[{"text": "late", "start": 600000, "end": 601000}]"#,
            &expect![[r"
                600.00-601.00 late
            "]],
        );
    }

    #[test]
    fn other_json_is_not_valid() {
        check(
            r#"{"name": "package", "files": [1]}"#,
            &expect!["line 1: it lists nothing that was said"],
        );
        check(
            "{\"segments\": [\n{",
            &expect!["line 2: EOF while parsing an object at line 2 column 1"],
        );
    }
}
