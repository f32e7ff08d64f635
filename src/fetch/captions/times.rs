//! Lines of times in the spellings that people and their tools have.
//!
//! `00:00:01,500 --> 00:00:03,200` is the usual one; others write blanks, a colon or nothing before
//! the milliseconds, frames, dots, letters or underscores for colons, digits of other scripts, other arrows or
//! dashes alone, brackets around it, the number of the cue before it, no end at all, or times before
//! the recording begins.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::lines::{LONGEST, time};
use super::patterns::pattern_of;

/// How many frames a second has where a file counts them and does not say.
const FRAMES: u64 = 25;
/// How many it has where semicolons say that some numbers are left out (SMPTE 12M): 29.97, counted
/// as 30.
const DROP_FRAMES: u64 = 30;

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
    pattern(
        r"^(?:\d{1,6}[.)]?\s+)?(?:0 days\s+)?(?<start>CLOCK)\s*ARROW\s*(?:(?:0 days\s+)?(?<end>CLOCK)|NaN[NaN:.,]*)?(?:\s+(?<rest>\S.*))?$",
    )
});
/// Dashes alone, between clocks that leave no doubt.
static DASHES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\d{1,6}\s+)?(?<start>FULL)(?:\s*[-–—]{1,3}\s*|\s+,?\s*)(?<end>FULL)(?<rest>$)")
});
/// Whole seconds, which a file with no other times counts in.
static SECONDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?<start>\d{1,6})\s*-->\s*(?<end>\d{1,6})(?<rest>$)"));

fn pattern(text: &str) -> Regex {
    let parts = [
        (
            "CLOCK",
            r"(?:\d+h\d+m\d+s\d*|\d+(?:\.\d+)?m?s\b|\d+(?:\.\d*)?[eE][-+]?\d+|[-−+]?\s?\d+(?:\s*[:;.,：；，．'’_]\s*[-−]?\d+)*Z?)",
        ),
        ("FULL", r"\d{1,2}:\d{2}:\d{2}[.,:;]\d{1,3}"),
        (
            "ARROW",
            r"(?:-\s?-\s?[>＞]|-+[>＞]|=+>|[–—]+\s?>|>>+|[→⟶➔➜⇒]|--&gt;)",
        ),
    ];
    pattern_of(text, &parts)
}

/// Reads a line of times; `None` for all else.
pub(super) fn times(line: &str) -> Option<CueTimes<'_>> {
    let line = bare(line);
    let has_arrow = has_arrow(line);
    let parts = if has_arrow {
        LINE.captures(line)?
    } else {
        let begins_so = line.starts_with(|first: char| first.is_ascii_digit());
        begins_so.then(|| DASHES.captures(line)).flatten()?
    };
    let text = |name: &str| parts.name(name).map_or("", |part| part.as_str());
    let (start, rest) = (text("start"), text("rest"));
    let end = Some(text("end")).filter(|end| !end.is_empty());
    // "2 -> 3" is speech; and a clock that goes to a number is cut.
    let has_marks = |side: &str| {
        side.contains([
            ':', '：', '.', ',', '，', '\'', '’', 'h', 's', 'e', 'E', '_',
        ])
    };
    let is_whole = match end {
        Some(end) => has_marks(end),
        None => start.matches(':').count() == 2 && rest.is_empty(),
    };
    if !has_marks(start) || !is_whole {
        return None;
    }
    let start = moment(start)?.within();
    let end = match end {
        Some(end) => moment(end)?.within(),
        None => None,
    };
    Some(CueTimes {
        start,
        end: end.filter(|end| start.is_none_or(|start| *end >= start)),
        text: if begins_with_setting(rest) { "" } else { rest },
    })
}

/// Whether a line has what points from a start to an end.
pub(super) fn has_arrow(line: &str) -> bool {
    line.contains(['>', '＞', '→', '⟶', '➔', '➜', '⇒']) || line.contains("--&gt;")
}

/// Reads a line of whole seconds, such as `1 --> 2`, which is speech in most files.
pub(super) fn whole_seconds(line: &str) -> Option<CueTimes<'_>> {
    let parts = SECONDS.captures(line.trim())?;
    let seconds = |name: &str| Some(Duration::from_secs(number(&parts[name])?));
    let (start, end) = (seconds("start")?, seconds("end")?);
    (start <= end && end <= LONGEST).then_some(CueTimes {
        start: Some(start),
        end: Some(end),
        text: "",
    })
}

/// A line without quotes, brackets or markup around all of it, and without a comma at its end.
fn bare(line: &str) -> &str {
    const AROUND: [(&str, &str); 5] = [
        ("[", "]"),
        ("(", ")"),
        ("\"", "\""),
        ("**", "**"),
        ("<b>", "</b>"),
    ];
    let line = line.trim();
    let inside = AROUND
        .iter()
        .find_map(|(open, close)| line.strip_prefix(*open)?.strip_suffix(*close));
    let is_end = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';');
    inside.unwrap_or(line).trim_end_matches(is_end).trim_start()
}

/// Whether what stands behind the times places the cue, `align:start`, `X1:40`, or says how long it
/// lasts, `(1.5s)`.
fn begins_with_setting(rest: &str) -> bool {
    let length = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix("s)"));
    if length.is_some_and(|length| bare_seconds(length).is_some()) {
        return true;
    }
    let first = rest.split_whitespace().next().unwrap_or_default();
    first
        .split_once(':')
        .is_some_and(|(name, value)| is_name(name) && !value.is_empty())
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
    let is_half_read = || {
        line.split_once("-->").is_some_and(|sides| {
            let is_clock = |side: &str| side.matches(':').count() == 2 && moment(side).is_some();
            is_clock(sides.0) || is_clock(sides.1)
        })
    };
    line.contains("-->") && begins_so || has_arrow && has_clocks && !has_words || is_half_read()
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
    if let Some(count) = text.trim().strip_suffix("ms") {
        return time(count.parse::<f64>().ok()? / 1000.0).map(Moment::At);
    }
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    let text: String = letters.map(narrow).collect();
    let text = text.trim_end_matches('Z').trim_start_matches('+');
    let text = text.trim_end_matches(['.', 's']);
    if text.contains(['e', 'E']) {
        return bare_seconds(text).map(Moment::At);
    }
    // What is negative in any of its fields was computed, and lies before the recording.
    if text.contains('-') {
        return clock(&text.replace('-', "")).map(|_| Moment::Before);
    }
    clock(text).map(Moment::At)
}

/// A sign of a clock in plain letters: of wide and Arabic digits, and `1h2m3s`.
fn narrow(letter: char) -> char {
    const ZEROS: [char; 3] = ['\u{660}', '\u{6f0}', '\u{ff10}'];
    let digit = ZEROS.iter().find_map(|zero| {
        let value = u32::from(letter).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    });
    match letter {
        '：' | '；' | 'h' | 'm' | '_' => ':',
        '，' | '\'' | '’' => ',',
        '．' | 's' => '.',
        '−' => '-',
        letter => digit.unwrap_or(letter),
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
        (3.., [clock @ .., last]) if fields.len() == 4 => {
            let frames = if text.contains(';') {
                DROP_FRAMES
            } else {
                FRAMES
            };
            (clock, fourth(last, frames)?)
        }
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
fn fourth(digits: &str, rate: u64) -> Option<String> {
    let frames = number(digits)?;
    Some(match digits.len() {
        0..=2 => format!("{:03}", (frames * 1000 / rate).min(999)),
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
            "1.5e0 --> 0.32E+1",
            "00:01,5-->00:03,20",
            "00:00:01,500 -> 00:00:03,200",
            "00:00:01,500 – > 00:00:03,200",
            "00:00:01,500 → 00:00:03,200",
            "00:00:01,500 - -> 00:00:03,200",
            "00:00:01,500 --&gt; 00:00:03,200",
            "00.00.01.500 --> 00.00.03.200",
            "00:00:01,500.0999999 --> 00:00:03,200.799995",
            "00：00：01，500 --> 00：00：03，200",
            "00：00：01，500 --＞ 00：00：03，200",
            "٠٠:٠٠:٠١,٥٠٠ --> ٠٠:٠٠:٠٣,٢٠٠",
            "00:00:01'500 --> 00:00:03'200",
            "00h00m01s500 --> 00h00m03s200",
            "7 00:00:01,500 --> 00:00:03,200",
            "[00:00:01,500 --> 00:00:03,200]",
            "\"00:00:01,500 --> 00:00:03,200\"",
            "00:00:01,500 - 00:00:03,200",
            "00:00:01.500 -- 00:00:03.200",
            "00:00:01,500 , 00:00:03,200",
            "00:00:01,500 --> +00:00:03,200",
            "00_00_01,500 --> 00_00_03,200",
            "00:00:01,500 00:00:03,200",
            "12 00:00:01,500 00:00:03,200",
            "00:00:01,500 --> 00:00:03,200;",
            "00:00:01,500 >> 00:00:03,200",
            "00:00:01,500 ⟶ 00:00:03,200",
            "1.5s --> 3.2s",
            "1500ms --> 3200ms",
            "0 days 00:00:01.500000 --> 0 days 00:00:03.200000",
            "00:00:01.500Z --> 00:00:03.200Z",
            "**00:00:01,500 --> 00:00:03,200**",
            "00:00:01,500 --> 00:00:03,200 (1.7s)",
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
            ("00:00:-2,500 --> 00:00:01,000", (None, Some(1000), "")),
            ("00:00:02,500 --> ", (Some(2500), None, "")),
            ("00:00:02.500 --> NaN:NaN:NaN.NaN", (Some(2500), None, "")),
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
            "3 >> 2",
            "a >> b",
            "5s >> 3",
            "10:30 11:00",
            "10:30",
            "10:30 - 11:00",
            "see 00:00:01 --> there",
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
            "OO:OO:O1,OOO --> 00:00:02,000",
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
