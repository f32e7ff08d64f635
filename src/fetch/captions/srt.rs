//! `SubRip`: a number, a line of times, lines of text.
//!
//! It has no standard; this reads what is common. `{\an8}` and its like place a line on the
//! screen. Files converted from `YouTube`'s automatic captions roll, as those do.

use super::blocks::{Block, Blocks};
use super::lines::CaptionLine;
use super::{CaptionFormat, CaptionsError, blocks, joined, rolling, written_breaks};

/// Reads what is newly said in each subtitle; numbers and markup are left out.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let undoubled = blocks::without_doubled_breaks(text);
    let text = undoubled.as_deref().unwrap_or(text);
    let blocks = split_numbers(blocks::blocks(CaptionFormat::Srt, text, 0)?);
    let blocks = written_breaks::split(joined::on_one_clock(parts(blocks)));
    let screens = blocks
        .iter()
        .map(|block| blocks::screen(block, block.lines.iter().copied()));
    Ok(rolling::lines(screens.collect()))
}

/// Takes the numbers out of the text above them, each with its subtitle. In a file that numbers
/// nothing, a number is speech.
fn split_numbers(file: Blocks<'_>) -> Vec<(Option<u64>, Block<'_>)> {
    let Blocks {
        mut header,
        mut blocks,
    } = file;
    if let Some(decorated) = Decoration::of(&header) {
        return decorated.split(&header, blocks);
    }
    let first = above(&mut header, 0);
    if first.is_some() && blocks::are_named_below(&blocks, |name| number(name).is_some()) {
        blocks::strip_names(&mut blocks);
    }
    let mut numbers = vec![first];
    let (mut last, count) = (first.unwrap_or_default(), blocks.len());
    if has_numbers(first, &blocks) {
        for (place, block) in blocks.iter_mut().enumerate() {
            let number = if place + 1 < count {
                above(&mut block.lines, last)
            } else {
                below(&mut block.lines, last)
            };
            last = number.unwrap_or(last);
            numbers.push(number);
        }
    } else {
        numbers.resize(count, None);
    }
    numbers.into_iter().zip(blocks).collect()
}

/// What stands around the numbers of a file that writes more than them: `Subtitle 7`, `[7]`, `7/90`.
struct Decoration(String);

impl Decoration {
    /// That of the line above the first times.
    fn of(header: &[&str]) -> Option<Self> {
        let line = header.last()?.trim();
        let has_number = line.contains(|letter: char| letter.is_ascii_digit());
        (has_number && number(line).is_none()).then(|| Self(without_digits(line)))
    }

    fn fits(&self, line: &str) -> bool {
        without_digits(line.trim()) == self.0
    }

    /// Takes such lines out from above all times.
    fn split<'a>(
        &self,
        header: &[&'a str],
        blocks: Vec<Block<'a>>,
    ) -> Vec<(Option<u64>, Block<'a>)> {
        let mut numbers = vec![header.last().and_then(|line| first_number(line))];
        let mut blocks = blocks;
        let last = blocks.len().saturating_sub(1);
        for block in blocks.iter_mut().take(last) {
            let line = block.lines.pop_if(|line| self.fits(line));
            numbers.push(line.and_then(first_number));
        }
        numbers.into_iter().zip(blocks).collect()
    }
}

fn without_digits(line: &str) -> String {
    let digits = |letter: &char| letter.is_ascii_digit();
    let mut bare: String = line.chars().filter(|letter| !digits(letter)).collect();
    bare.make_ascii_lowercase();
    bare
}

fn first_number(line: &str) -> Option<u64> {
    let mut numbers = line.split(|letter: char| !letter.is_ascii_digit());
    numbers.find(|digits| !digits.is_empty())?.parse().ok()
}

/// Whether a file numbers its subtitles: its first, or most of the others.
fn has_numbers(first: Option<u64>, blocks: &[Block]) -> bool {
    let touched = blocks.iter().filter(|block| {
        let last = block.lines.last().and_then(|line| number(line));
        let above = block.lines.iter().rev().nth(1);
        last.is_some() && above.is_some_and(|line| line.trim().is_empty())
    });
    first.is_some() || touched.count() * 2 > blocks.len()
}

/// Removes the number of the next subtitle, also from files in which every line is followed by a
/// blank one. What is not the next number must stand apart from the text above it.
fn above(lines: &mut Vec<&str>, before: u64) -> Option<u64> {
    let place = lines.iter().rposition(|line| !line.trim().is_empty())?;
    let number = number(lines[place])?;
    let touches_the_times = place + 1 == lines.len();
    let stands_apart = place == 0 || lines[place - 1].trim().is_empty();
    let is_next = number == before.saturating_add(1);
    let is_number = stands_apart && (touches_the_times || is_next) || touches_the_times && is_next;
    is_number.then(|| lines.truncate(place))?;
    Some(number)
}

/// Removes the number of a subtitle that the end of the file has cut off.
fn below(lines: &mut Vec<&str>, before: u64) -> Option<u64> {
    let place = lines.iter().rposition(|line| !line.trim().is_empty())?;
    let is_next = number(lines[place])? == before.saturating_add(1);
    let stands_apart = place > 0 && lines[place - 1].trim().is_empty();
    (is_next && stands_apart).then(|| lines.truncate(place))?;
    None
}

/// `12`, and `#12` or `12.` as some write it.
fn number(line: &str) -> Option<u64> {
    let line = line
        .trim()
        .trim_start_matches('#')
        .trim_end_matches(['.', ':']);
    let is_number = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| line.parse().unwrap_or(u64::MAX))
}

/// The parts of a file whose numbers begin anew.
fn parts(blocks: Vec<(Option<u64>, Block<'_>)>) -> Vec<(Option<f64>, Vec<Block<'_>>)> {
    let mut parts: Vec<(Option<f64>, Vec<Block>)> = vec![(None, Vec::new())];
    for (number, block) in blocks {
        let is_under_way = parts.last().is_some_and(|(_, part)| part.len() > 1);
        if is_under_way && number.is_some_and(|number| number <= 1) {
            parts.push((None, Vec::new()));
        }
        if let Some((_, part)) = parts.last_mut() {
            part.push(block);
        }
    }
    parts
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
    fn numbers_are_speech_where_nothing_is_numbered() {
        check(
            "00:00:01,000 --> 00:00:02,000\nHow many?\n\n00:00:02,000 --> 00:00:03,000\n42\n\n\
             00:00:03,000 --> 00:00:04,000\nIn the year\n\n2026\n\n00:00:04,000 --> 00:00:05,000\nthey came.\n",
            &expect![[r"
                1.00-2.00 How many?
                2.00-3.00 42
                3.00-4.00 In the year 2026
                4.00-5.00 they came.
            "]],
        );
    }

    #[test]
    fn numbers_may_be_out_of_order_decorated_or_left_behind() {
        check(
            "#1.\n00:00:01,000 --> 00:00:02,000\na 7\n\n9999\n00:00:02,000 --> 00:00:03,000\n8\n\n\
             4\n00:00:03,000 --> 00:00:04,000\nb\n5\n00:00:04,000 --> 00:00:05,000\nthe end\n\n6\n",
            &expect![[r"
                1.00-2.00 a 7
                2.00-3.00 8
                3.00-4.00 b
                4.00-5.00 the end
            "]],
        );
    }

    #[test]
    fn numbers_may_stand_in_words_or_brackets_and_without_blank_lines() {
        let expected = expect![[r"
            1.00-2.00 one
            2.00-3.00 two
            3.00-4.00 three 3
        "]];
        let file = |numbers: [&str; 3], blank: &str| {
            let [first, second, third] = numbers;
            format!(
                "{first}\n00:00:01,000 --> 00:00:02,000\none\n{blank}{second}\n00:00:02,000 --> 00:00:03,000\ntwo\n{blank}{third}\n00:00:03,000 --> 00:00:04,000\nthree\n3"
            )
        };
        for numbers in [
            ["Subtitle 1", "Subtitle 2", "Subtitle 3"],
            ["[1]", "[2]", "[3]"],
            ["1)", "2)", "3)"],
            ["1/3", "2/3", "3/3"],
            ["1.0", "2.0", "3.0"],
        ] {
            check(&file(numbers, "\n"), &expected);
        }
        check(&file(["12", "19", "15"], ""), &expected);
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
