//! SBV, which `YouTube` Studio saves: a line of two times and a comma, then lines of text.

use std::time::Duration;

use super::blocks::{self, Block};
use super::lines::CaptionLine;
use super::times::clock;
use super::{CaptionFormat, CaptionsError, rolling, written_breaks};

/// Reads what is newly said in each cue.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in text.split('\n') {
        if let Some((start, end)) = times(line) {
            blocks.push(Block {
                start,
                end: (end >= start).then_some(end),
                lines: Vec::new(),
            });
        } else if let Some(block) = blocks.last_mut() {
            block.lines.push(line);
        }
    }
    if blocks.is_empty() {
        return Err(CaptionsError::NotValid {
            format: CaptionFormat::Sbv,
            line: 1,
            reason: "no line gives a time".into(),
        });
    }
    let blocks = written_breaks::split(blocks);
    let screens = blocks.iter().map(|block| {
        let rows = block.lines.iter().flat_map(|line| line.split("[br]"));
        blocks::screen(block, rows)
    });
    Ok(rolling::lines(screens.collect()))
}

/// Whether a line is one of times, which no other format writes.
pub(super) fn is_times(line: &str) -> bool {
    times(line).is_some()
}

fn times(line: &str) -> Option<(Duration, Duration)> {
    let is_part = |letter: char| letter.is_ascii_digit() || ":.,".contains(letter);
    let line = line.trim().replace(", ", ",");
    let (start, end) = line.split_once(',').filter(|_| line.chars().all(is_part))?;
    // "10:30,11:00" is speech, or the columns of a table.
    let is_precise = |clock: &str| {
        let colons = clock.matches(':').count();
        colons == 2 || colons == 1 && clock.contains('.')
    };
    if !is_precise(start) || !is_precise(end) {
        return None;
    }
    Some((clock(start)?, clock(end)?))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Sbv, file, expected);
    }

    #[test]
    fn cues_are_read_with_their_rows() {
        check(
            "0:00:01.000,0:00:03.000\nYouTube Studio saves\ncaptions like this.\n\n0:00:03.000,0:00:05.000\nSecond, 10:30,11:00.\n",
            &expect![[r"
                1.00-3.00 YouTube Studio saves captions like this.
                3.00-5.00 Second, 10:30,11:00.
            "]],
        );
        check(
            "00:01.000, 00:03.000\nOne.\n\n00:03.000, 00:05.000\nTwo.\n",
            &expect![[r"
                1.00-3.00 One.
                3.00-5.00 Two.
            "]],
        );
        check(
            "0:00:01.599,0:00:04.000\n>> one[br]two &amp; three\n",
            &expect![[r"
                1.60-4.00 one two & three
            "]],
        );
    }

    #[test]
    fn what_gives_no_time_is_not_valid() {
        check("so we begin", &expect!["line 1: no line gives a time"]);
    }
}
