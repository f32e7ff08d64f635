//! JSON that lists what was said: Whisper's, and that of its many relatives.
//!
//! They agree on a list of objects with a text and a start, and on little else: the list is called
//! `segments`, `transcription` or `chunks`, lies deep in other objects, or is all there is; times are
//! seconds, milliseconds, ticks or clocks, and go to an end or last for a duration. Some list words
//! alone, which `spoken_words.rs` joins.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use super::lines::{CaptionLine, CaptionPiece};
use super::segment_times::{Scale, Times};
use super::spoken_words::{self, is_word_list};
use super::{CaptionFormat, CaptionsError, rolling, written_breaks};
use crate::encoding;

/// Below what the list lies, the likeliest first. Words come last, since sentences read better.
const HOLDERS: [&str; 35] = [
    "segments",
    "transcription",
    "chunks",
    "utterances",
    "recognizedPhrases",
    "phrases",
    "captions",
    "subtitles",
    "cues",
    "snippets",
    "monologues",
    "audio_segments",
    "paragraphs",
    "sentences",
    "transcript",
    "transcripts",
    "body",
    "blocks",
    "channels",
    "alternatives",
    "nBest",
    "results",
    "result",
    "response",
    "videos",
    "insights",
    "data",
    "content",
    "combinedPhrases",
    "words",
    "word_segments",
    "items",
    "elements",
    "timestamps",
    "text",
];
const TEXTS: [&str; 10] = [
    "text",
    "transcript",
    "content",
    "utf8",
    "caption",
    "display",
    "body",
    "value",
    "sentence",
    "snippet",
];
/// Of several readings the first is the likeliest.
const READINGS: [&str; 2] = ["alternatives", "nBest"];
/// What only the description of a video has.
const VIDEO: [&str; 3] = ["formats", "webpage_url", "comments"];
/// So deep lists may lie in a file.
const DEPTH: usize = 24;

/// What a list holds: a line, or a text without a time.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    times: Times,
    text: String,
}

/// Reads the list; a file that breaks off, or holds none, is an error.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let not_valid = |line, reason| CaptionsError::NotValid {
        format: CaptionFormat::Segments,
        line,
        reason,
    };
    let json = parse(text).map_err(|error| not_valid(error.line().max(1), error.into()))?;
    if VIDEO.iter().all(|key| json.get(*key).is_none())
        && let Some(lines) = said_in(&json).filter(|lines| !lines.is_empty())
    {
        return Ok(rolling::of_lines(lines));
    }
    Err(not_valid(1, "it lists nothing that was said".into()))
}

/// Reads JSON, an object a line, or with the numbers that Python writes and nobody else reads.
fn parse(text: &str) -> serde_json::Result<Value> {
    static NO_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?<before>[:\[,]\s*)(?:NaN|-?Infinity)\b").expect("the pattern is valid")
    });
    encoding::json(text.as_bytes()).or_else(|error| {
        let objects = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        match objects.collect::<serde_json::Result<Vec<Value>>>() {
            Ok(objects) => Ok(Value::Array(objects)),
            Err(_) => {
                let numbers = NO_NUMBER.replace_all(text, "${before}null");
                serde_json::from_str(&numbers).map_err(|_| error)
            }
        }
    })
}

/// The lines of a file, or its text where it gives no times.
fn said_in(json: &Value) -> Option<Vec<CaptionLine>> {
    if let Some(lines) = timed(json, "", DEPTH) {
        return Some(lines);
    }
    let texts = match json {
        Value::Array(items) => items.iter().filter_map(untimed_item).collect(),
        Value::Object(object) => untimed(object),
        _ => Vec::new(),
    };
    (!texts.is_empty()).then(|| texts.into_iter().map(untimed_line).collect())
}

/// What is said in a value with times, under the name that it has in what holds it.
fn timed(json: &Value, name: &str, depth: usize) -> Option<Vec<CaptionLine>> {
    let depth = depth.checked_sub(1)?;
    match json {
        Value::Array(items) if is_word_list(name, items) => spoken_words::lines(items, None),
        Value::Array(items) => {
            let said: Vec<Said> = items.iter().filter_map(said).collect();
            if !said.is_empty() && said.iter().any(|said| said.times.is_known()) {
                return Some(lines_of(said));
            }
            let likeliest = if READINGS.contains(&name) {
                1
            } else {
                items.len()
            };
            let parts = items.iter().take(likeliest);
            let lines: Vec<CaptionLine> = parts
                .filter_map(|item| timed(item, "", depth))
                .flatten()
                .collect();
            (!lines.is_empty()).then_some(lines)
        }
        Value::Object(object) => {
            if let Some(said) = said(json).filter(|said| said.times.is_known()) {
                return Some(lines_of(vec![said]));
            }
            let known = HOLDERS
                .iter()
                .filter_map(|name| object.get_key_value(*name));
            let others = object.iter();
            known.chain(others).find_map(|(name, value)| {
                let words = value.as_array().filter(|words| is_word_list(name, words));
                match words {
                    Some(words) => spoken_words::lines(words, own_text(object)),
                    None => timed(value, name, depth),
                }
            })
        }
        _ => None,
    }
}

fn lines_of(said: Vec<Said>) -> Vec<CaptionLine> {
    let scale = Scale::of(said.iter().map(|said| &said.times));
    let lines = said.into_iter().map(|said| {
        let (start, end) = said.times.span(scale);
        CaptionLine {
            start,
            end,
            pieces: vec![CaptionPiece {
                at: None,
                text: said.text,
            }],
        }
    });
    lines.collect()
}

fn untimed_line(text: &str) -> CaptionLine {
    let text = if written_breaks::are_all(text) {
        written_breaks::broken(text)
    } else {
        text.to_owned()
    };
    CaptionLine {
        start: std::time::Duration::ZERO,
        end: None,
        pieces: vec![CaptionPiece { at: None, text }],
    }
}

/// The text of an object that says nothing else, or those of its blocks and results.
fn untimed(object: &Map<String, Value>) -> Vec<&str> {
    if let Some(text) = own_text(object) {
        return vec![text];
    }
    let below = HOLDERS
        .iter()
        .filter_map(|name| object.get(*name)?.as_array());
    let mut texts = below.map(|items| items.iter().filter_map(untimed_item).collect());
    texts
        .find(|texts: &Vec<&str>| !texts.is_empty())
        .unwrap_or_default()
}

/// The text of an item that has no time: it is a text, has one, or holds one in its block.
fn untimed_item(item: &Value) -> Option<&str> {
    let within = || item.get("data").unwrap_or(item).as_object();
    let in_object = || own_text(within()?).or_else(|| own_text(reading(within()?)?));
    item.as_str().or_else(in_object)
}

/// An item of a list with a text: an object, or start, end and text as a list of three.
fn said(item: &Value) -> Option<Said> {
    if let Value::Array(parts) = item {
        let (Value::Number(_), Value::Number(_), Value::String(text)) =
            (parts.first()?, parts.get(1)?, parts.get(2)?)
        else {
            return None;
        };
        return Some(Said {
            times: Times::between(&parts[0], &parts[1]),
            text: text.clone(),
        });
    }
    let object = item.as_object()?;
    let object = match object.get("transcriptSegmentRenderer") {
        Some(renderer) => renderer.as_object()?,
        None => object,
    };
    let text = text(object).or_else(|| text(reading(object)?))?;
    let times = Times::of(object);
    Some(Said { times, text })
}

/// The first of several readings.
fn reading(object: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let readings = READINGS.iter().find_map(|name| object.get(*name));
    readings?.as_array()?.first()?.as_object()
}

fn own_text(object: &Map<String, Value>) -> Option<&str> {
    let mut texts = TEXTS.iter().filter_map(|name| object.get(*name)?.as_str());
    texts.find(|text| !text.trim().is_empty())
}

/// The text of an object, also where it is written in runs.
fn text(object: &Map<String, Value>) -> Option<String> {
    let in_runs = || {
        let runs = object.get("snippet")?.get("runs")?.as_array()?;
        Some(runs.iter().filter_map(|run| run["text"].as_str()).collect())
    };
    let any = || TEXTS.iter().find_map(|name| object.get(*name)?.as_str());
    any().map(str::to_owned).or_else(in_runs)
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
    fn lists_deep_in_answers_of_services_are_read() {
        let expected = expect![[r"
            0.00-2.00 Hello there.
            2.00-4.50 This is a talk.
        "]];
        for file in [
            r#"{"recognizedPhrases": [{"offsetInTicks": 0, "durationInTicks": 20000000, "nBest": [{"lexical": "hello there", "display": "Hello there."}, {"display": "Hello their."}]},
                {"offsetInTicks": 20000000, "durationInTicks": 25000000, "nBest": [{"display": "This is a talk."}]}]}"#,
            r#"{"videos": [{"insights": {"transcript": [{"text": "Hello there.", "instances": [{"start": "0:00:00", "end": "0:00:02"}]},
                {"text": "This is a talk.", "instances": [{"start": "0:00:02", "end": "0:00:04.5"}]}]}}]}"#,
            r#"{"actions": [{"panel": {"initialSegments": [{"transcriptSegmentRenderer": {"startMs": "0", "endMs": "2000", "snippet": {"runs": [{"text": "Hello "}, {"text": "there."}]}}},
                {"transcriptSegmentRenderer": {"startMs": "2000", "endMs": "4500", "snippet": {"runs": [{"text": "This is a talk."}]}}}]}}]}"#,
            r#"{"phrases": [{"offsetMilliseconds": 0, "durationMilliseconds": 2000, "text": "Hello there."}, {"offsetMilliseconds": 2000, "durationMilliseconds": 2500, "text": "This is a talk."}]}"#,
            r#"[[0.0, 2.0, "Hello there."], [2.0, 4.5, "This is a talk."]]"#,
            "{\"start\": 0, \"end\": 2, \"text\": \"Hello there.\"}\n{\"start\": 2, \"end\": 4.5, \"text\": \"This is a talk.\"}\n",
            r#"{"segments": [{"start": 0, "end": 2, "avg_logprob": NaN, "text": "Hello there."}, {"start": 2, "end": 4.5, "text": "This is a talk."}]}"#,
            r#"{"utterances": [{"start": 0, "end": 2000, "text": "Hello there."}, {"start": 2000, "end": 4500, "text": "This is a talk."}], "text": "x"}"#,
        ] {
            check(file, &expected);
        }
    }

    #[test]
    fn numbers_and_units_of_times_are_read_in_every_spelling() {
        let expected = expect![[r"
            0.00-2.00 Hello there.
            2.00-4.50 This is a talk.
        "]];
        for (start, middle, end) in [
            ("1e-05", "2.0E0", "4.5e0"),
            (r#""1e-05""#, r#""2.0E+0""#, r#"" 4.5 s""#),
            (r#""0ms""#, r#""2000ms""#, r#""4500 ms""#),
            (r#""0,0""#, r#""2,0""#, r#""4,5""#),
            (r#""PT0S""#, r#""PT2S""#, r#""PT4.5S""#),
            (
                "{}",
                r#"{"seconds": "2"}"#,
                r#"{"seconds": 4, "nanos": 500000000}"#,
            ),
        ] {
            let file = format!(
                r#"{{"segments": [{{"start": {start}, "end": {middle}, "text": "Hello there."}}, {{"start": {middle}, "end": {end}, "text": "This is a talk."}}]}}"#
            );
            check(&file, &expected);
        }
    }

    #[test]
    fn a_text_alone_has_no_times_of_its_own() {
        check(
            r#"{"text": "Hello there.", "usage": {"seconds": 4}}"#,
            &expect![[r"
                0.00-0.60 Hello there.
            "]],
        );
    }

    #[test]
    fn texts_without_times_are_read_in_lists_too() {
        let expected = expect![[r"
            0.00-0.00 Hello there.
            0.00-0.60 We begin.
        "]];
        for file in [
            r#"["Hello there.", "We begin."]"#,
            r#"[{"text": "Hello there."}, {"text": "We begin."}]"#,
            r#"{"kind": "manual", "transcript": [{"speaker": "a", "text": "Hello there."}, {"text": "We begin."}]}"#,
            r#"{"blocks": [{"type": "paragraph", "data": {"text": "Hello there."}}, {"data": {"text": "We begin."}}]}"#,
        ] {
            check(file, &expected);
        }
    }

    #[test]
    fn lines_that_are_shown_again_for_each_word_are_said_once() {
        let expected = expect![[r"
            0.00-1.30 Tides never sleep.
            2.00-3.00 But we do.
        "]];
        for texts in [
            [
                "<u>Tides</u> never sleep.",
                "Tides <u>never</u> sleep.",
                "Tides never <u>sleep.</u>",
            ],
            [
                "TIDES never sleep.",
                "Tides NEVER sleep.",
                "Tides never SLEEP.",
            ],
        ] {
            let [one, two, three] = texts;
            let file = format!(
                r#"{{"segments": [{{"start": 0, "end": 0.4, "text": "{one}"}}, {{"start": 0.4, "end": 0.8, "text": "{two}"}}, {{"start": 0.8, "end": 1.3, "text": "{three}"}}, {{"start": 2, "end": 3, "text": "But we do."}}]}}"#
            );
            check(&file, &expected);
        }
    }

    #[test]
    fn line_breaks_that_were_escaped_twice_are_no_words() {
        check(
            r#"{"segments": [{"start": 0, "end": 1, "text": "The harbour\\nsleeps."}, {"start": 1, "end": 2, "text": "Until\\nnoon."}]}"#,
            &expect![[r#"
                0.00-1.00 The harbour sleeps.
                1.00-2.00 Until noon.
            "#]],
        );
        check(
            r#"{"text": "The harbour\\nsleeps.\\nSo do we."}"#,
            &expect![[r"
                0.00-1.80 The harbour sleeps. So do we.
            "]],
        );
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
            r#"{"id": "a", "formats": [{"url": "b"}], "comments": [{"text": "great", "start": 1}]}"#,
            &expect!["line 1: it lists nothing that was said"],
        );
        check(
            "{\"segments\": [\n{",
            &expect!["line 2: EOF while parsing an object at line 2 column 1"],
        );
    }
}
