//! Line breaks that a tool has written as letters: `first row\nsecond row`, `first row|second row`.
//!
//! Talks about programming say `\n` and `|` too. So a sign is a line break only where the whole file
//! writes its rows so: no cue has rows of its own, the sign stands in a third of the cues and in two at
//! least, and always touches a word before it and one behind it, but no quote, bracket or colon.
//! Where it has blanks on both sides it must stand once in most of the cues, and in three at least.

use super::blocks::Block;

/// The longer ones first.
const SIGNS: [&str; 3] = ["\\r\\n", "\\n", "|"];
/// What stands beside a sign in code, and beside a path.
const CODE: &[char] = &[
    '\\', '|', ':', '"', '\'', '`', '(', ')', '[', ']', '{', '}', '=', '“', '”',
];

/// Cuts the lines of all blocks at such signs.
pub(super) fn split(blocks: Vec<Block<'_>>) -> Vec<Block<'_>> {
    let has_rows = |block: &Block| texts(block).count() > 1;
    if blocks.iter().any(has_rows) {
        return blocks;
    }
    match SIGNS.iter().find(|sign| breaks_throughout(&blocks, sign)) {
        Some(sign) => blocks.iter().map(|block| cut(block, sign)).collect(),
        None => blocks,
    }
}

/// Whether a file is one line in which `\n` stands for each line break, as in JSON. Behind a blank it is
/// speech.
pub(super) fn are_all(text: &str) -> bool {
    let text = text.trim();
    !text.contains('\n') && text.matches("\\n").count() > 1 && !text.contains(" \\n")
}

/// Such a line with its line breaks.
pub(super) fn broken(text: &str) -> String {
    text.replace("\\r\\n", "\n").replace("\\n", "\n")
}

fn texts<'a>(block: &Block<'a>) -> impl Iterator<Item = &'a str> {
    let lines = block.lines.iter().map(|line| line.trim());
    lines.filter(|line| !line.is_empty())
}

fn cut<'a>(block: &Block<'a>, sign: &str) -> Block<'a> {
    let rows = block.lines.iter().flat_map(|line| line.split(sign));
    Block {
        lines: rows.map(str::trim).collect(),
        ..*block
    }
}

fn breaks_throughout(blocks: &[Block], sign: &str) -> bool {
    let rows: Vec<Vec<&str>> = blocks
        .iter()
        .flat_map(texts)
        .map(|text| text.split(sign).collect())
        .collect();
    let broken: Vec<&Vec<&str>> = rows.iter().filter(|rows| is_broken(rows)).collect();
    let joints = || rows.iter().flat_map(|rows| rows.windows(2));
    let is_glued = joints().all(|joint| is_glued(joint[0], joint[1]));
    let is_apart = joints().all(|joint| is_apart(joint[0], joint[1]))
        && broken.iter().all(|rows| rows.len() == 2);
    is_glued && broken.len() >= 2 && broken.len() * 3 >= rows.len()
        || is_apart && broken.len() >= 3 && broken.len() * 2 > rows.len()
}

/// Whether something is said before a sign and behind it.
fn is_broken(rows: &[&str]) -> bool {
    rows.iter().filter(|row| !row.trim().is_empty()).count() > 1
}

fn is_glued(before: &str, behind: &str) -> bool {
    let touches = |letter: char| !letter.is_whitespace() && !CODE.contains(&letter);
    let goes_on = behind.trim().is_empty() || !behind.trim_start().starts_with(CODE);
    before.ends_with(touches) && goes_on
}

fn is_apart(before: &str, behind: &str) -> bool {
    let is_word = |text: &str| !text.trim().is_empty();
    let has_blanks = before.ends_with(' ') && behind.starts_with(' ');
    let is_code = before.trim_end().ends_with(CODE) || behind.trim_start().starts_with(CODE);
    has_blanks && is_word(before) && is_word(behind) && !is_code
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use crate::fetch::captions::{CaptionFormat, cues};

    fn said(format: CaptionFormat, file: &str) -> Vec<String> {
        let cues = cues(format, file.as_bytes()).unwrap();
        cues.into_iter().map(|cue| cue.text).collect()
    }

    /// What is said in subtitles of a second each.
    fn in_srt(texts: &[&str]) -> Vec<String> {
        let mut file = String::new();
        for (second, text) in texts.iter().enumerate() {
            let (number, end) = (second + 1, second + 1);
            writeln!(
                file,
                "{number}\n00:00:{second:02},000 --> 00:00:{end:02},000\n{text}\n"
            )
            .unwrap();
        }
        said(CaptionFormat::Srt, &file)
    }

    #[test]
    fn signs_that_break_lines_throughout_a_file_are_no_words() {
        assert_eq!(
            in_srt(&[r"The harbour\nsleeps.", "So do we.", r"Until\nthe morning."]),
            ["The harbour sleeps.", "So do we.", "Until the morning."]
        );
        assert_eq!(
            in_srt(&[r"The harbour\r\nsleeps.", r"Until,\r\nof course, noon."]),
            ["The harbour sleeps.", "Until, of course, noon."]
        );
        assert_eq!(
            in_srt(&["The harbour|sleeps.", "<i>Until</i>|the morning."]),
            ["The harbour sleeps.", "Until the morning."]
        );
        assert_eq!(
            in_srt(&["The harbour | sleeps.", "Until | noon.", "And | then?"]),
            ["The harbour sleeps.", "Until noon.", "And then?"]
        );
        assert_eq!(
            said(
                CaptionFormat::Vtt,
                "WEBVTT\n\n00:01.000 --> 00:02.000\nThe harbour\\nsleeps.\n\n00:02.000 --> 00:03.000\nUntil\\nnoon.\n"
            ),
            ["The harbour sleeps.", "Until noon."]
        );
        assert_eq!(
            said(
                CaptionFormat::Tsv,
                "start\tend\ttext\n0\t2000\tThe harbour\\nsleeps.\n2000\t4000\tUntil\\nnoon.\n"
            ),
            ["The harbour sleeps.", "Until noon."]
        );
    }

    #[test]
    fn a_file_that_was_escaped_whole_is_read() {
        assert_eq!(
            said(CaptionFormat::Text, r"The harbour sleeps.\n\nSo do we.\n"),
            ["The harbour sleeps.", "So do we."]
        );
        assert_eq!(
            said(
                CaptionFormat::Srt,
                r"1\r\n00:00:01,000 --> 00:00:02,000\r\nThe harbour\r\nsleeps.\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nSo do we.\r\n"
            ),
            ["The harbour sleeps.", "So do we."]
        );
        assert_eq!(
            said(CaptionFormat::Text, r"Write \n here, and \n there."),
            [r"Write \n here, and \n there."]
        );
    }

    #[test]
    fn speech_about_such_signs_is_kept() {
        for texts in [
            [r"Write \n at the end.", r"Or \n\n for two.", "Done."],
            [r"printf(hello\nworld\n);", r"and then\nagain", "Done."],
            [r"Open C:\new\names.", r"Then D:\new.", "Done."],
            [
                "ls | wc counts files.",
                "ps | grep finds one.",
                "So we count.",
            ],
            ["So |x| x + 1 is one.", "And |y| y too.", "Done."],
            ["It is string|null here.", "And a number.", "Nothing else."],
        ] {
            assert_eq!(in_srt(&texts), texts);
        }
        assert_eq!(
            in_srt(&["first|one\nrow", "second|two\nrow"]),
            ["first|one row", "second|two row"]
        );
    }
}
