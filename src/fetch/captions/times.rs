//! Lines of times in the spellings that people and their tools have.
//!
//! `00:00:01,500 --> 00:00:03,200` is the usual one; others write blanks, a colon or nothing before
//! the milliseconds, frames, dots for colons, other arrows, or times before the recording begins.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::lines::{LONGEST, time};

/// How many frames a second has where a file counts them and does not say.
const FRAMES: u64 = 25;

/// What a line of times says. A start before the recording begins is `None`, as is an end before
/// the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CueTimes<'a> {
    pub(super) start: Option<Duration>,
    pub(super) end: Option<Duration>,
    /// What was said on the same line.
    pub(super) text: &'a str,
}

static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^\s*(?<start>[-−]?\s?\d+(?:\s*[:;.,：；，．]\s*\d+)*)
        \s*(?:-\s?-\s?>|-+>|=+>|[–—]+\s?>|→|--&gt;)\s*
        (?<end>[-−]?\s?\d+(?:\s*[:;.,：；，．]\s*\d+)*)(?:\s+(?<rest>\S.*))?\s*$",
    )
    .expect("the pattern is valid")
});

/// Reads a line of times; `None` for all else.
pub(super) fn times(line: &str) -> Option<CueTimes<'_>> {
    let may_be = line.contains(['>', '→']) || line.contains("--&gt;");
    let parts = may_be.then(|| LINE.captures(line)).flatten()?;
    let (start, end) = (moment(&parts["start"])?, moment(&parts["end"])?);
    // "2 -> 3" is speech; and a clock that goes to a number is cut.
    let has_marks = |side: &str| parts[side].contains([':', '：', '.', ',']);
    if !has_marks("start") || !has_marks("end") {
        return None;
    }
    let (start, end) = (start.within(), end.within());
    let rest = parts.name("rest").map_or("", |rest| rest.as_str());
    let is_setting = |word: &str| {
        word.split_once(':')
            .is_some_and(|(name, value)| is_name(name) && !value.is_empty())
    };
    let has_settings = rest.split_whitespace().next().is_some_and(is_setting);
    Some(CueTimes {
        start,
        end: end.filter(|end| start.is_none_or(|start| *end >= start)),
        text: if has_settings { "" } else { rest },
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a line that cannot be read was to be one of times; such a line is never speech.
pub(super) fn is_damaged(line: &str) -> bool {
    let line = line.trim_start();
    let begins_so = line.starts_with(|first: char| first.is_ascii_digit())
        || line.starts_with(['-', '−', ':', '.'])
            && line.contains(|letter: char| letter.is_ascii_digit());
    let has_words = line.contains(char::is_alphabetic);
    let has_clocks = line.matches(':').count() >= 2;
    let has_arrow = line.contains("->") || line.contains('→');
    line.contains("-->") && begins_so || has_arrow && has_clocks && !has_words
}

/// A point in time, as far as it lies within a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Before,
    At(Duration),
}

impl Moment {
    fn within(self) -> Option<Duration> {
        match self {
            Self::Before => None,
            Self::At(at) => Some(at),
        }
    }
}

fn moment(text: &str) -> Option<Moment> {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(narrow)
        .collect();
    match text.strip_prefix('-') {
        Some(before) => clock(before).map(|_| Moment::Before),
        None => clock(&text).map(Moment::At),
    }
}

fn narrow(letter: char) -> char {
    match letter {
        '：' | '；' => ':',
        '，' => ',',
        '．' => '.',
        '−' => '-',
        letter => letter,
    }
}

/// Reads a clock without blanks in any of its spellings.
pub(super) fn clock(text: &str) -> Option<Duration> {
    let is_mark = |letter: char| !letter.is_ascii_digit();
    let colons = text.chars().filter(|letter| is_mark(*letter));
    let colons = colons.take_while(|mark| matches!(mark, ':' | ';')).count();
    let fields: Vec<&str> = text.split(is_mark).collect();
    if text.contains(|letter| is_mark(letter) && !":;.,".contains(letter)) {
        return None;
    }
    let (clock, fraction) = match (colons, &fields[..]) {
        (3.., [clock @ .., last]) if fields.len() == 4 => (clock, fourth(last)?),
        (0, [clock @ .., last]) if fields.len() == 4 => (clock, (*last).to_owned()),
        (3.., _) | (0, [_, _, _, ..]) => return None,
        (_, fields) => {
            let (clock, rest) = fields.split_at((colons + 1).min(fields.len()));
            (clock, rest.first().unwrap_or(&"0").to_string())
        }
    };
    seconds(clock, &fraction)
}

/// What stands behind three colons: milliseconds, or frames of two digits.
fn fourth(digits: &str) -> Option<String> {
    let frames = number(digits)?;
    Some(match digits.len() {
        0..=2 => format!("{:03}", (frames * 1000 / FRAMES).min(999)),
        _ => digits.to_owned(),
    })
}

/// Hours, minutes and seconds, of which the first may be missing. Seconds of more than three digits
/// have their milliseconds at the end.
fn seconds(clock: &[&str], fraction: &str) -> Option<Duration> {
    let (last, above) = clock.split_last()?;
    let (whole, fraction) = match last.len() {
        4.. if !above.is_empty() => last.split_at_checked(last.len() - 3)?,
        _ => (*last, fraction),
    };
    let mut minutes = 0_u64;
    for field in above {
        minutes = minutes.checked_mul(60)?.checked_add(number(field)?)?;
    }
    number(fraction)?;
    let seconds = format!("{}.{fraction}", number(whole)?).parse().ok()?;
    let seconds = Duration::try_from_secs_f64(seconds).ok()?;
    let at = seconds.checked_add(Duration::from_secs(minutes.checked_mul(60)?))?;
    (at <= LONGEST).then_some(at)
}

fn number(digits: &str) -> Option<u64> {
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits {
        digits.parse().ok()
    } else {
        None
    }
}

/// Reads seconds as programs write them; what cannot be a time is none.
pub(super) fn bare_seconds(text: &str) -> Option<Duration> {
    time(text.trim().parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Start and end in milliseconds, and the text behind them.
    fn read(line: &str) -> Option<(Option<u128>, Option<u128>, &str)> {
        let CueTimes { start, end, text } = times(line)?;
        let milliseconds = |at: Option<Duration>| at.map(|at| at.as_millis());
        Some((milliseconds(start), milliseconds(end), text))
    }

    #[test]
    fn times_are_read_in_every_spelling() {
        for line in [
            "00:00:01,500 --> 00:00:03,200",
            "00:00:01.500 --> 00:00:03.200 align:start position:0%",
            "00:00:01:500 --> 00:00:03:200",
            "00:00:01500 --> 00:00:03200",
            "00:00:01, 500 --> 00:00:03, 200 X1:0 Y1:0",
            "00: 00: 01,500 --> 00: 00: 03,200",
            "0:1.5 --> 0:3.2",
            "1.5 --> 3.2",
            "00:01,5-->00:03,20",
            "00:00:01,500 -> 00:00:03,200",
            "00:00:01,500 – > 00:00:03,200",
            "00:00:01,500 → 00:00:03,200",
            "00:00:01,500 - -> 00:00:03,200",
            "00:00:01,500 --&gt; 00:00:03,200",
            "00.00.01.500 --> 00.00.03.200",
            "00:00:01,500.0999999 --> 00:00:03,200.799995",
            "00：00：01，500 --> 00：00：03，200",
        ] {
            assert_eq!(read(line), Some((Some(1500), Some(3200), "")), "{line}");
        }
        for (line, expected) in [
            ("00:00:20 --> 00:00:24", (Some(20_000), Some(24_000), "")),
            (
                "100:00:00,000 --> 100:00:01,000",
                (Some(360_000_000), Some(360_001_000), ""),
            ),
            ("00:00:01:05 --> 00:00:02:10", (Some(1200), Some(2400), "")),
            ("-00:00:01,200 --> 00:00:01,500", (None, Some(1500), "")),
            ("-00:00:03,000 --> -00:00:01,000", (None, None, "")),
            ("00:02.000-->00:01.000 line:0", (Some(2000), None, "")),
            (
                "00:01.000 --> 00:02.000 so we begin",
                (Some(1000), Some(2000), "so we begin"),
            ),
        ] {
            assert_eq!(read(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn speech_is_no_time_and_damaged_times_are_no_speech() {
        for speech in [
            "a --> b",
            "2 -> 3",
            "from 10:30 -> 11:00 we eat",
            "x => 3",
            "10:30",
            "",
        ] {
            assert_eq!(times(speech), None, "{speech}");
            assert!(!is_damaged(speech), "{speech}");
        }
        for damaged in [
            "00:01.000 --> 0x:02.000",
            "00:00:0l,000 --> 00:00:02,000",
            "-00:01 -->",
            "00:01:02 -> :",
        ] {
            assert_eq!(times(damaged), None, "{damaged}");
            assert!(is_damaged(damaged), "{damaged}");
        }
    }

    #[test]
    fn clocks_beyond_all_measure_are_none() {
        for wrong in ["", "a:b", "99999999999999999999:00", "1:2.", "1:1e3", ":"] {
            assert_eq!(clock(wrong), None, "{wrong}");
        }
    }
}
