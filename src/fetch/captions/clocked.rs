//! Transcripts as text with clocks: `YouTube`'s panel, Otter, Rev, Meet, Zoom, and what Whisper prints.
//!
//! A clock stands on a line of its own, behind the name of who speaks, or before the words. Clocks
//! run forward; one that does not is speech, as is a single one.

use std::sync::LazyLock;
use std::time::Duration;

use regex::{Captures, Regex};

use super::lines::{CaptionLine, CaptionPiece};
use super::times::clock;

/// Of lines that begin with a clock and go on with words, so many in ten make a transcript.
const SHARE: usize = 3;
/// What stands before the first clock is the head of a page if that clock is earlier.
const BEGINNING: Duration = Duration::from_mins(1);
/// What pages and programs say around a transcript; with a dot at the end, how it begins.
const FRAME: &[&str] = &[
    "transcript",
    "search in video",
    "search transcript",
    "show transcript",
    "sync to video time",
    "follow along using the transcript.",
    "chapters",
    "attendees",
    "transkript",
    "im video suchen",
    "transcription",
    "rechercher dans la vidéo",
    "transcripción",
    "transcribed by…",
    "meeting ended after…",
    "this editable transcript was…",
    "this transcript was…",
    "transcription ended after…",
    "english (auto-generated)",
];

const CLOCK: &str = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?";

static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\[(]?(?<start>CLOCK)\s*(?:-->|->|→|–|—|-|to)\s*(?<end>CLOCK)[\])]?:?(?:\s+(?<words>.*))?$",
    )
});
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:[\[(](?<start>CLOCK)[\])]:?|(?<bare>CLOCK)(?:\s*[-–—:|])?)(?:\s+(?<words>.*))?$")
});
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    let name =
        r"(?<name>[\p{Lu}\p{Lo}\p{N}][^\s:\[\]()]*(?:\s+[\p{Lu}\p{Lo}\p{N}&][^\s:\[\]()]*){0,5}?)";
    pattern(&format!(
        r"^\[?{name}\]?\s*[:,|–-]?\s*(?:[\[(](?<start>CLOCK)[\])]:?(?:\s+(?<words>.*))?|(?<bare>CLOCK):?)$"
    ))
});
static SPELLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\d+ (?:hour|minute|second)s?(?:, \d+ (?:minute|second)s?)*"));

fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace("CLOCK", CLOCK)).expect("the pattern is valid")
}

/// A line with a clock.
#[derive(Debug)]
struct Stamp<'a> {
    at: Duration,
    end: Option<Duration>,
    words: &'a str,
    /// Whether it could be a sentence that begins with a time of day.
    is_loose: bool,
}

/// Reads what was said behind each clock; none where there are no clocks to speak of.
pub(super) fn lines(text: &str) -> Option<Vec<CaptionLine>> {
    let rows: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|row| !row.is_empty())
        .collect();
    let stamps = stamps(&rows);
    let (count, loose) = (
        stamps.iter().flatten().count(),
        stamps
            .iter()
            .flatten()
            .filter(|stamp| stamp.is_loose)
            .count(),
    );
    if count < 2 || loose == count && loose * 10 < rows.len() * SHARE {
        return None;
    }
    let first = stamps.iter().flatten().next()?.at;
    let mut lines: Vec<CaptionLine> = Vec::new();
    let mut spelled = false;
    for (row, stamp) in rows.iter().zip(&stamps) {
        match stamp {
            Some(stamp) => {
                end_before(&mut lines, stamp.at);
                lines.push(line(stamp.at, stamp.end, stamp.words));
                spelled = stamp.words.is_empty();
            }
            None => {
                let words = if spelled { strip_clock(row) } else { row };
                spelled = false;
                say(&mut lines, words, first);
            }
        }
    }
    Some(lines)
}

/// Says words behind the last clock, or at the beginning.
fn say(lines: &mut Vec<CaptionLine>, words: &str, first: Duration) {
    let is_head = lines.is_empty() && first < BEGINNING;
    if is_head || is_frame(words) {
        return;
    }
    match lines.last_mut() {
        Some(line) => line.pieces.push(piece(words)),
        None => lines.push(line(Duration::ZERO, None, words)),
    }
}

fn end_before(lines: &mut [CaptionLine], at: Duration) {
    if let Some(last) = lines.last_mut() {
        last.end = last.end.or(Some(at));
    }
}

fn line(start: Duration, end: Option<Duration>, words: &str) -> CaptionLine {
    CaptionLine {
        start,
        end,
        pieces: vec![piece(words)],
    }
}

fn piece(words: &str) -> CaptionPiece {
    CaptionPiece {
        at: None,
        text: format!("\n{words}"),
    }
}

/// The clock of each row that has one and does not run backwards.
fn stamps<'a>(rows: &[&'a str]) -> Vec<Option<Stamp<'a>>> {
    let mut latest = Duration::ZERO;
    let in_order = rows.iter().map(|row| {
        let stamp = stamp(row).filter(|stamp| stamp.at >= latest)?;
        latest = stamp.at;
        Some(stamp)
    });
    in_order.collect()
}

fn stamp(row: &str) -> Option<Stamp<'_>> {
    let found = [&*RANGE, &*BEFORE, &*BEHIND]
        .into_iter()
        .find_map(|pattern| pattern.captures(row))?;
    let text = |name: &str| found.name(name).map(|text| text.as_str());
    let words = words(&found, row);
    Some(Stamp {
        at: clock(text("start").or(text("bare"))?)?,
        end: text("end").and_then(clock),
        words,
        is_loose: text("bare").is_some() && !words.is_empty(),
    })
}

fn words<'a>(found: &Captures<'_>, row: &'a str) -> &'a str {
    found.name("words").map_or("", |words| &row[words.range()])
}

/// Pages for those who cannot see them spell each clock out before the words.
fn strip_clock(row: &str) -> &str {
    SPELLED
        .find(row)
        .map_or(row, |spelled| row[spelled.end()..].trim_start())
}

fn is_frame(row: &str) -> bool {
    let row = row.to_lowercase();
    FRAME.iter().any(|frame| match frame.strip_suffix('…') {
        Some(beginning) => row.starts_with(beginning),
        None => row == *frame,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::lines;
    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Text, file, expected);
    }

    #[test]
    fn the_panel_of_youtube_is_read_with_its_times() {
        check(
            "Transcript\nSearch in video\n0:00\nso hello and welcome\n0:03\n3 secondsto a talk\n1:02:07\nand that is at 10:30 sharp the end\n",
            &expect![[r"
                0.00-3.00 so hello and welcome
                3.00-3727.00 to a talk
                3727.00-3729.40 and that is at 10:30 sharp the end
            "]],
        );
    }

    #[test]
    fn clocks_stand_behind_names_and_before_words() {
        let expected = expect![[r"
            3.00-9.00 So hello and welcome.
            9.00-3612.00 Thank you.
            3612.00-3612.90 We close now.
        "]];
        for file in [
            "Ada Quill  0:03\nSo hello and welcome.\n\nSpeaker 2  0:09\nThank you.\n\nAda Quill  1:00:12\nWe close now.\n\nTranscribed by https://otter.ai\n",
            "Ada Quill (00:03):\nSo hello and welcome.\n\nSpeaker 2 (00:09):\nThank you.\n\nAda Quill (01:00:12):\nWe close now.\n",
            "Speaker 1: (00:03) So hello and welcome.\nSpeaker 2: (00:09) Thank you.\nSpeaker 1: (01:00:12) We close now.\n",
            "[00:00:03] So hello and welcome.\n[00:00:09] Thank you.\n[01:00:12] We close now.\n",
            "[Ada Quill] 00:00:03\nSo hello and welcome.\n\n[Ben Oak] 00:00:09\nThank you.\n\n[Ada Quill] 01:00:12\nWe close now.\n",
            "00:03 - So hello and welcome.\n00:09 - Thank you.\n1:00:12 - We close now.\n",
        ] {
            check(file, &expected);
        }
        check(
            "[00:00.000 --> 00:02.000]  Hello there.\n[00:02.000 --> 00:04.500]  This is a talk.\n",
            &expect![[r"
                0.00-2.00 Hello there.
                2.00-4.50 This is a talk.
            "]],
        );
        check(
            "TinyConf panel (2026-05-10 09:00 GMT+2) – Transcript\nAttendees\nAda Quill, Ben Oak\nTranscript\n\n00:00:00\n \nAda Quill: Tides are slow.\nBen Oak: But they come.\n\n00:05:00\n \nAda Quill: And go again.\nMeeting ended after 00:06:12\n",
            &expect![[r"
                0.00-300.00 Ada Quill: Tides are slow. Ben Oak: But they come.
                300.00-301.50 Ada Quill: And go again.
            "]],
        );
    }

    #[test]
    fn times_of_day_in_speech_are_no_clocks() {
        for speech in [
            "We meet at\n10:30\nand go on.",
            "10:30 is early.\nSo we sleep.\nAnd sleep.\nThen we rise.\nAnd eat.\nAnd drink.\n11:00 is late.\nBut fine.",
            "12:00\nlate\n11:00\nearlier",
        ] {
            assert!(lines(speech).is_none(), "{speech}");
        }
    }
}
