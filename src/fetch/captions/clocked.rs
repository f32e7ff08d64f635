//! Transcripts as text with clocks: `YouTube`'s panel, Otter, Rev, Meet, Zoom, lyrics, and what
//! Whisper prints.
//!
//! A clock stands on a line of its own, behind the name of who speaks, before the words or within
//! them. Clocks run forward; one that does not is speech, as is a single one.

use std::collections::HashSet;
use std::iter;
use std::sync::LazyLock;
use std::time::Duration;

use regex::{Captures, Regex};

use super::lines::{CaptionLine, CaptionPiece};
use super::markup;
use super::names::{self, NAME};
use super::patterns::pattern_of;
use super::spelled_clocks::without_spelled_clock;
use super::times::clock;
use super::transcript_rows::{is_frame, rows};

/// Of lines that begin with a clock and go on with words, so many in ten make a transcript.
const SHARE: usize = 3;
/// What stands before the first clock is the head of a page if that clock is earlier.
pub(super) const BEGINNING: Duration = Duration::from_mins(1);
const HALF_A_DAY: Duration = Duration::from_hours(12);
/// `1:02:03`, in hundredths or frames, with the half of the day.
const CLOCK: &str = r"(?:(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,9}|[:;]\d{2})?(?:\s?[AaPp][Mm]\b)?)";
/// `1h02m03s`, which may be how long something lasts where it stands alone.
const LETTERS: &str = r"(?:\d{1,2}h\s?)?\d{1,3}m\s?\d{1,2}s";
/// A clock, or seconds that say that they are.
const MARK: &str = r"(?:CLOCK|LETTERS|\d{1,6}(?:\.\d{1,9})?s)";
const FRAMES: &str = r"\d{1,2}[:;]\d{2}[:;]\d{2}[:;.]\d{2}";

/// The forms of a line with a clock, the surest first.
static FORMS: LazyLock<[Regex; 9]> = LazyLock::new(|| {
    [
        r"^[\[({<](?<start>CLOCK|\d{1,6}\.\d{1,9}s?)\s*(?:-->|->|→|–|—|-|to)\s*(?<end>CLOCK|\d{1,6}\.\d{1,9}s?)[\])}>]:?\s*(?<words>.*)$",
        r"^(?<start>CLOCK)\s*(?:-->|->|→|–|—|-|to)\s*(?<end>CLOCK):?(?:\s+(?<words>.*))?$",
        r"^(?:\d{1,5}[\s:]+)?(?<start>FRAMES)(?:\s*[-–—]\s*|[\s,]+)(?<end>FRAMES)(?:[\s,]+(?<words>.*))?$",
        r"^[\[({<](?<start>MARK)[\])}>]\s*[-–—:|]?\s*(?<words>.*)$",
        r"^(?<bare>CLOCK)(?:[-–—:|=\s]+(?<words>.*)|(?<glued>\p{L}.*))?$",
        r"^(?<bare>LETTERS)[-–—:|\s]+(?<words>.*)$",
        r"^NAME\t+(?<start>CLOCK)\t+(?<words>.*)$",
        r"^\[?NAME\]?\s*[:,|@–-]?\s*(?:[\[(<](?<start>MARK)[\])>]:?\s*(?<words>.*)|(?<bare>CLOCK):?)$",
        r"^(?<before>.*[\p{P}\p{L}])\s+[\[(](?<start>MARK)[\])]$",
    ]
    .map(pattern)
});
/// A pattern in which the names of the parts above stand for them.
pub(super) fn pattern(text: &str) -> Regex {
    let parts = [
        ("MARK", MARK),
        ("CLOCK", CLOCK),
        ("LETTERS", LETTERS),
        ("FRAMES", FRAMES),
        ("NAME", NAME),
    ];
    pattern_of(text, &parts)
}

/// A line with a clock.
#[derive(Debug)]
struct Stamp<'a> {
    at: Duration,
    end: Option<Duration>,
    words: &'a str,
    /// Whether it could be a sentence that begins or ends with a time of day.
    is_loose: bool,
}

/// Reads what was said behind each clock; none where there are no clocks to speak of.
pub(super) fn lines(text: &str) -> Option<Vec<CaptionLine>> {
    let rows = rows(text);
    let stamps = stamps(&rows);
    let count = stamps.iter().flatten().count();
    let loose = stamps.iter().flatten().filter(|stamp| stamp.is_loose);
    let loose = loose.count();
    if count < 2 || loose == count && loose * 10 < rows.len() * SHARE {
        return None;
    }
    let first = stamps.iter().flatten().next()?.at;
    let words: Vec<Option<&str>> = stamps
        .iter()
        .map(|stamp| stamp.as_ref().map(|stamp| stamp.words))
        .collect();
    let names = names::places(&rows, &words);
    let mut lines: Vec<CaptionLine> = Vec::new();
    let mut spelled = None;
    for (place, (row, stamp)) in rows.iter().zip(&stamps).enumerate() {
        let is_name = names.contains(&place);
        match stamp {
            Some(stamp) => {
                let words = if is_name { "" } else { stamp.words };
                end_before(&mut lines, stamp.at);
                lines.push(line(
                    stamp.at,
                    stamp.end,
                    without_spelled_clock(words, stamp.at),
                ));
                spelled = stamp.words.is_empty().then_some(stamp.at);
            }
            None if is_name => {}
            None => {
                let words = spelled
                    .take()
                    .map_or(&**row, |at| without_spelled_clock(row, at));
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
        Some(line) => line.pieces.extend(pieces(words)),
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
        pieces: pieces(words),
    }
}

fn pieces(words: &str) -> Vec<CaptionPiece> {
    let row = format!("\n{}", markup::without_overrides(words));
    markup::pieces(&row)
}

/// The clock of each row that has one, without those that most others contradict.
fn stamps(rows: &[String]) -> Vec<Option<Stamp<'_>>> {
    let mut stamps: Vec<Option<Stamp>> = rows.iter().map(|row| stamp(row)).collect();
    let clocks = stamps.iter().enumerate();
    let clocks = clocks.filter_map(|(place, stamp)| Some((place, stamp.as_ref()?.at)));
    let kept = longest_run(&clocks.collect::<Vec<_>>());
    for (place, stamp) in stamps.iter_mut().enumerate() {
        if !kept.contains(&place) {
            *stamp = None;
        }
    }
    stamps
}

/// The places of as many clocks as run forward together.
pub(super) fn longest_run(clocks: &[(usize, Duration)]) -> HashSet<usize> {
    // For each length, the clock with which a run of it can end the earliest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(clocks.len());
    for (index, (_, at)) in clocks.iter().enumerate() {
        let length = ends.partition_point(|end| clocks[*end].1 <= *at);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let run = iter::successors(ends.last().copied(), |index| before[*index]);
    run.map(|index| clocks[index].0).collect()
}

fn stamp(row: &str) -> Option<Stamp<'_>> {
    // Most rows of a long text have no digit, and are looked at no further.
    if !row.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let found = FORMS.iter().find_map(|form| form.captures(row))?;
    let text = |name: &str| found.name(name).map(|text| text.as_str());
    let words = words(&found, row);
    Some(Stamp {
        at: time(text("start").or(text("bare"))?)?,
        end: text("end").and_then(time),
        words,
        is_loose: text("bare").is_some() && !words.is_empty() || text("before").is_some(),
    })
}

fn words<'a>(found: &Captures<'_>, row: &'a str) -> &'a str {
    let words = ["words", "glued", "before"]
        .into_iter()
        .find_map(|name| found.name(name));
    words.map_or("", |words| &row[words.range()])
}

/// Reads a clock, or seconds.
fn time(text: &str) -> Option<Duration> {
    let lower = text.to_ascii_lowercase();
    let afternoon = lower.strip_suffix("pm");
    let text = afternoon.or(lower.strip_suffix("am")).unwrap_or(&lower);
    let text = text.trim_end_matches([' ', 's']);
    let at = clock(&text.replace(['h', 'm'], ":").replace(' ', ""))?;
    let is_late = afternoon.is_some() && at < HALF_A_DAY;
    Some(if is_late { at + HALF_A_DAY } else { at })
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
    fn a_panel_that_was_pasted_as_one_row_is_cut_at_its_clocks() {
        check(
            "0:00 so hello and welcome 0:03 to a talk 0:07 about bees 0:09 which begins at 10:30 sharp 0:14 and ends",
            &expect![[r#"
                0.00-3.00 so hello and welcome
                3.00-7.00 to a talk
                7.00-9.00 about bees
                9.00-14.00 which begins at 10:30 sharp
                14.00-14.60 and ends
            "#]],
        );
        check(
            "(00:12) We keep bees. (00:15) They hum.\n",
            &expect![[r#"
                12.00-15.00 We keep bees.
                15.00-15.60 They hum.
            "#]],
        );
    }

    #[test]
    fn time_codes_of_editing_programs_are_read() {
        check(
            "00;00;04;15 - 00;00;07;00\nSpeaker 1\nWe keep bees.\n\n00;00;07;00 - 00;00;09;10\nSpeaker 2\nOn the roof?\n",
            &expect![[r#"
                4.50-7.00 We keep bees.
                7.00-9.33 On the roof?
            "#]],
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
    fn pairs_of_clocks_alone_on_a_row_are_no_words() {
        for number in ["", "0001 "] {
            check(
                &format!(
                    "<begin subtitles>\n\n{number}00:00:03:00 00:00:05:00\nSo we begin.\n\n{number}00:00:12:00 00:00:14:00\nThen we go on.\n\n<end subtitles>\n"
                ),
                &expect![[r"
                    3.00-5.00 So we begin.
                    12.00-14.00 Then we go on.
                "]],
            );
        }
    }

    #[test]
    fn names_below_spans_of_time_are_no_words() {
        let expected = expect![[r"
            0.12-3.48 So we begin.
            3.48-7.04 Then we go on.
        "]];
        for (open, close) in [("", ""), ("[", "]")] {
            check(
                &format!(
                    "{open}00:00:00:03 - 00:00:03:12{close}\nUnknown\nSo we begin.\n\n{open}00:00:03:12 - 00:00:07:01{close}\nUnknown\n Then we go on.\n"
                ),
                &expected,
            );
        }
    }

    #[test]
    fn clocks_are_read_in_the_forms_of_many_programs() {
        let expected = expect![[r"
            1.00-5.00 So we begin.
            5.00-9.00 Then we go on.
            9.00-9.90 We close now.
        "]];
        for form in [
            "[CLOCK] Ada Quill\nWORDS",
            "CLOCK - Ada Quill (Ink Inc)\n  WORDS",
            "[CLOCK] - Ada Quill\nWORDS",
            "Ada Quill\n   CLOCK\nWORDS",
            "Ada Quill:\tCLOCK\tWORDS",
            "Ada Quill @ CLOCK\nWORDS",
            "Ada Quill (Ink Inc) CLOCK\nWORDS",
            "Ada Quill: [CLOCK] WORDS",
            "[CLOCK]WORDS",
            "CLOCKWORDS",
            "CLOCK:WORDS",
            "CLOCK=WORDS",
            "{CLOCK} WORDS",
            "<CLOCK> WORDS",
            "WORDS [CLOCK]",
            "- **CLOCK** WORDS",
            "**Ada Quill** (CLOCK)\n\nWORDS",
            "### CLOCK\n\nWORDS",
            "[CLOCK](https://example.org/?t=1) WORDS",
            "| CLOCK | WORDS |",
        ] {
            for clocks in [
                ["0:01", "0:05", "0:09"],
                ["00:00:01.000", "00:00:05.000", "00:00:09.000"],
            ] {
                let said = ["So we begin.", "Then we go on.", "We close now."];
                let parts = clocks.iter().zip(said);
                let parts = parts
                    .map(|(clock, words)| form.replace("CLOCK", clock).replace("WORDS", words));
                check(&parts.collect::<Vec<_>>().join("\n\n"), &expected);
            }
        }
        check(
            "[00:00:01] So we begin. [00:00:05] Then we go on. [00:00:09] We close now.",
            &expected,
        );
        for clocks in [
            ["1.0s", "5.0s", "9.0s"],
            ["0m01s", "0m05s", "0m09s"],
            ["00:00:01:00", "00:00:05:00", "00:00:09:00"],
        ] {
            let [first, second, third] = clocks;
            check(
                &format!(
                    "[{first}] So we begin.\n[{second}] Then we go on.\n[{third}] We close now."
                ),
                &expected,
            );
        }
        check(
            "[1.00s -> 5.00s]  So we begin.\n[5.00s -> 9.00s]  Then we go on.\n[9.00s -> 9.90s]  We close now.",
            &expected,
        );
    }

    #[test]
    fn afternoon_comes_after_morning() {
        check(
            "Ada Quill 11:59:58 AM\nSo hello.\nBen Oak 1:00:05 PM\nAnd again.\n",
            &expect![[r"
                43198.00-46805.00 So hello.
                46805.00-46805.60 And again.
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
