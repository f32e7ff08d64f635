//! `MicroDVD` and `MPL2`: a line of two numbers in braces or brackets, then rows between bars.
//!
//! `{25}{75}` counts frames, of which the first line may say how many a second has; `[10][30]` counts
//! tenths of a second.

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::{self, Block};
use super::lines::{self, CaptionLine};
use super::{CaptionFormat, CaptionsError, rolling};

/// How many frames a second has where the file does not say.
const FRAMES: f64 = 25.0;
const TENTHS: f64 = 10.0;

static LINE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^(?:\{(\d{1,9})\}\{(\d{0,9})\}|\[(\d{1,9})\]\[(\d{0,9})\])(.*)$";
    Regex::new(pattern).expect("the pattern is valid")
});

/// A line, whose times are counted in units of so many a second, if the format says.
struct CountedLine<'a> {
    start: f64,
    end: Option<f64>,
    rate: Option<f64>,
    text: &'a str,
}

/// Reads what is newly said in each line.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let mut counted = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        match read(line) {
            Some(line) => counted.push(line),
            None if line.trim().is_empty() => {}
            None => {
                return Err(CaptionsError::NotValid {
                    format: CaptionFormat::MicroDvd,
                    line: number,
                    reason: "a line that begins with no pair of numbers".into(),
                });
            }
        }
    }
    let rate = counted.first().and_then(said_rate);
    if rate.is_some() {
        counted.remove(0);
    }
    let blocks = counted.into_iter().map(|line| block(&line, rate));
    let screens = blocks.map(|block| {
        let rows = block.lines.iter().flat_map(|line| line.split('|'));
        blocks::screen(&block, rows.map(without_style))
    });
    Ok(rolling::lines(screens.collect()))
}

/// Whether a text is of such lines, as its first ones tell.
pub(super) fn is_counted(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let first: Vec<bool> = lines.take(3).map(|line| read(line).is_some()).collect();
    !first.is_empty() && first.iter().all(|is_one| *is_one)
}

fn read(line: &str) -> Option<CountedLine<'_>> {
    let parts = LINE.captures(line.trim())?;
    let number = |place: usize| parts.get(place)?.as_str().parse().ok();
    let in_tenths = parts.get(3).is_some();
    let (start, end) = if in_tenths { (3, 4) } else { (1, 2) };
    Some(CountedLine {
        start: number(start)?,
        end: number(end),
        rate: in_tenths.then_some(TENTHS),
        text: parts.get(5).map_or("", |text| text.as_str()),
    })
}

/// How many frames a second has, which the first line says in the place of words.
fn said_rate(line: &CountedLine<'_>) -> Option<f64> {
    let rate: f64 = line.text.trim().replace(',', ".").parse().ok()?;
    let is_rate = line.rate.is_none() && line.start <= 1.0 && (5.0..=240.0).contains(&rate);
    is_rate.then_some(rate)
}

fn block<'a>(line: &CountedLine<'a>, rate: Option<f64>) -> Block<'a> {
    let rate = line.rate.or(rate).unwrap_or(FRAMES);
    let start = lines::time(line.start / rate).unwrap_or_default();
    let end = line.end.and_then(|end| lines::time(end / rate));
    Block {
        start,
        end: end.filter(|end| *end >= start),
        lines: vec![line.text],
    }
}

/// A row without the stroke that slants it.
fn without_style(row: &str) -> &str {
    row.trim_start_matches('/')
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Text, file, expected);
    }

    #[test]
    fn frames_and_tenths_are_counted() {
        check(
            "{1}{1}50\n{50}{100}So we begin.\n{100}{}{y:i}Then we|go on.\n",
            &expect![[r"
                1.00-2.00 So we begin.
                2.00-3.20 Then we go on.
            "]],
        );
        check(
            "[10][30]So we begin.\n[30][50]/Then we|go on.\n",
            &expect![[r"
                1.00-3.00 So we begin.
                3.00-5.00 Then we go on.
            "]],
        );
    }

    #[test]
    fn other_lines_among_them_are_not_valid() {
        check(
            "{1}{2}a\n{2}{3}b\n{3}{4}c\nd",
            &expect!["line 4: a line that begins with no pair of numbers"],
        );
    }
}
