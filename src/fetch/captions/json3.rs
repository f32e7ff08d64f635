//! `YouTube`'s json3: a JSON object of timed events, as its own player reads it.
//!
//! Undocumented; the field names are those of the timedtext answers. Events without `segs` set up
//! windows, events with `aAppend` scroll them by a newline; neither says a word. Times are in
//! milliseconds, those of words count from their event's start.

use std::time::Duration;

use serde::Deserialize;

use super::lines::{self, CaptionLine, CaptionPiece};
use super::{CaptionFormat, CaptionsError, rolling};
use crate::encoding;

// Zeros are left out of the file, and nulls have been seen: every field may be missing.
#[derive(Deserialize)]
struct Json3File {
    events: Option<Vec<Json3Event>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Json3Event {
    t_start_ms: Option<f64>,
    d_duration_ms: Option<f64>,
    segs: Option<Vec<Segment>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Segment {
    utf8: Option<String>,
    t_offset_ms: Option<f64>,
}

/// Reads the events that say something; a cut file is an error with the line where it ends.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let track: Json3File =
        encoding::json(text.as_bytes()).map_err(|error| CaptionsError::NotValid {
            format: CaptionFormat::Json3,
            line: error.line(),
            reason: error.into(),
        })?;
    let events = track.events.into_iter().flatten();
    Ok(rolling::of_lines(events.filter_map(line).collect()))
}

fn line(event: Json3Event) -> Option<CaptionLine> {
    let start = event.t_start_ms.map(milliseconds).unwrap_or_default();
    let pieces: Vec<_> = event
        .segs?
        .into_iter()
        .map(|segment| CaptionPiece {
            at: segment
                .t_offset_ms
                .map(|offset| start.saturating_add(milliseconds(offset))),
            text: segment.utf8.unwrap_or_default(),
        })
        .collect();
    let says_something = pieces.iter().any(|piece| !piece.text.trim().is_empty());
    says_something.then(|| CaptionLine {
        start,
        end: event
            .d_duration_ms
            .map(|length| start.saturating_add(milliseconds(length))),
        pieces,
    })
}

/// A time before the recording, or beyond all measure, becomes its start.
fn milliseconds(number: f64) -> Duration {
    lines::time(number / 1000.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Json3, file, expected);
    }

    #[test]
    fn automatic_captions_end_with_their_last_word() {
        check(
            r#"{"wireMagic": "pb3", "events": [
                {"tStartMs": 0, "dDurationMs": 90000, "id": 1, "wpWinPosId": 1},
                {"tStartMs": 1000, "dDurationMs": 9000, "wWinId": 1, "segs": [
                    {"utf8": "hello", "acAsrConf": 0}, {"utf8": " Ghent", "tOffsetMs": 480}]},
                {"tStartMs": 5990, "dDurationMs": 4010, "aAppend": 1, "segs": [{"utf8": "\n"}]},
                {"tStartMs": 6000, "dDurationMs": 4000, "segs": [
                    {"utf8": "so"}, {"utf8": " let's", "tOffsetMs": 2500},
                    {"utf8": " begin", "tOffsetMs": 2900}]}]}"#,
            &expect![[r"
                1.00-1.78 hello Ghent
                6.00-6.30 so
                8.50-9.20 let's begin
            "]],
        );
    }

    #[test]
    fn manual_captions_keep_their_own_ends() {
        check(
            r#"{"events": [{"tStartMs": 400, "dDurationMs": 3600,
                            "segs": [{"utf8": "Welcome back,\nall of you."}]}]}"#,
            &expect![[r"
                0.40-4.00 Welcome back, all of you.
            "]],
        );
    }

    #[test]
    fn fields_may_be_missing_fractional_or_absurd() {
        check(
            r#"{"events": [{"segs": [{"utf8": "first"}, {}]}, {},
                {"tStartMs": 1500.5, "dDurationMs": null, "segs": [{"utf8": "second"}]},
                {"tStartMs": -3, "dDurationMs": 1e300, "segs": [{"utf8": "third"}]}]}"#,
            &expect![[r"
                0.00-0.00 first
                0.00-0.00 third
                1.50-1.80 second
            "]],
        );
    }

    #[test]
    fn cut_file_is_not_valid() {
        check(
            "{\"events\": [\n{\"tStartMs\": 1, \"se",
            &expect!["line 2: EOF while parsing a string at line 2 column 19"],
        );
    }

    #[test]
    fn track_without_words_has_no_text() {
        check("{}", &expect!["captions hold no text"]);
        check(
            r#"{"events": [{"segs": [{"utf8": "[Music]"}]}]}"#,
            &expect!["captions hold no text"],
        );
    }
}
