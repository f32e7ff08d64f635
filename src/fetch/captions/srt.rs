//! `SubRip`: a number, a line of times, lines of text.
//!
//! It has no standard; this reads what is common. `{\an8}` and its like place a line on the
//! screen. Files converted from `YouTube`'s automatic captions roll, as those do.

use super::lines::Line;
use super::rolling::{self, Screen};
use super::{CaptionFormat, CaptionsError, blocks, markup};

/// Reads what is newly said in each subtitle; numbers and markup are left out.
pub(super) fn lines(text: &str) -> Result<Vec<Line>, CaptionsError> {
    let blocks = blocks::blocks(CaptionFormat::Srt, text, strip_number)?;
    let screens = blocks.into_iter().map(|block| Screen {
        start: block.start,
        end: block.end,
        rows: block
            .lines
            .iter()
            .map(|line| markup::pieces(&without_overrides(line)))
            .collect(),
    });
    Ok(rolling::lines(screens.collect()))
}

/// Removes the number of the next subtitle, also from files in which every line is followed by a
/// blank one, but not a number that is all the text there is.
fn strip_number(lines: &mut Vec<&str>) {
    let Some(last) = lines.iter().rposition(|line| !line.trim().is_empty()) else {
        return;
    };
    let is_number = lines[last].trim().bytes().all(|byte| byte.is_ascii_digit());
    let touches_the_times = last + 1 == lines.len();
    let stands_apart = last > 0 && lines[last - 1].trim().is_empty();
    if is_number && (touches_the_times || stands_apart) {
        lines.truncate(last);
    }
}

fn without_overrides(line: &str) -> String {
    let mut parts = line.split("{\\");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((_, text)) => kept.push_str(text),
            None => kept.extend(["{\\", part]),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Srt, file, expected);
    }

    #[test]
    fn numbers_and_markup_are_left_out() {
        check(
            "1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}<i>Thank you</i>\r\nfor coming.\r\n\r\n\
             2\r\n00:00:03.000 --> 00:00:04.000 X1:0 Y1:0\r\n2\r\n\r\n\
             3\r\n00:00:05,000 --> 00:00:06,000\r\nA Vec<u8>, {curly} too.\r\n",
            &expect![[r"
                1.00-2.50 Thank you for coming.
                3.00-4.00 2
                5.00-6.00 A Vec<u8>, {curly} too.
            "]],
        );
    }

    #[test]
    fn blank_lines_may_be_doubled_or_missing() {
        let expected = expect![[r"
            1.00-2.00 one line
            2.00-3.00 and another
        "]];
        check(
            "1\n\n00:00:01,000 --> 00:00:02,000\n\none line\n\n\n\n2\n\n00:00:02,000 --> 00:00:03,000\n\nand another\n\n",
            &expected,
        );
        check(
            "1\n00:00:01,000 --> 00:00:02,000\none line\n2\n00:00:02,000 --> 00:00:03,000\nand another",
            &expected,
        );
    }

    #[test]
    fn converted_automatic_captions_say_each_line_once() {
        check(
            "1\n00:00:00,000 --> 00:00:02,000\nyes\n\n2\n00:00:02,000 --> 00:00:02,010\nyes\n\n\
             3\n00:00:02,010 --> 00:00:04,000\nyes\nyes we can\n\n4\n00:00:04,000 --> 00:00:04,010\nyes we can\n",
            &expect![[r"
                0.00-2.00 yes
                2.01-4.00 yes we can
            "]],
        );
    }

    #[test]
    fn window_that_scrolls_a_row_at_a_time_says_each_row_once() {
        check(
            "1\n00:00:00,000 --> 00:00:04,000\none\n\n2\n00:00:02,000 --> 00:00:06,000\none\ntwo\n\n\
             3\n00:00:04,000 --> 00:00:08,000\ntwo\nthree\n\n4\n00:00:06,000 --> 00:00:08,000\nthree\nfour\n",
            &expect![[r"
                0.00-2.00 one
                2.00-4.00 two
                4.00-6.00 three
                6.00-8.00 four
            "]],
        );
    }

    #[test]
    fn chorus_is_kept() {
        check(
            "1\n00:00:00,000 --> 00:00:02,000\nLouder!\n\n2\n00:00:02,000 --> 00:00:04,000\nLouder!\n",
            &expect![[r"
                0.00-2.00 Louder!
                2.00-4.00 Louder!
            "]],
        );
    }
}
