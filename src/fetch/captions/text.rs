//! Plain text: paragraphs, or lines where no blank line makes paragraphs.
//!
//! Where clocks stand in it, its cues have times; else they have none.

use super::{cleanup, clocked, lines};
use crate::talk::transcript::Cue;

/// Reads one cue a clock, or else a paragraph, however long.
pub(super) fn cues(text: &str) -> Vec<Cue> {
    match clocked::lines(text) {
        Some(lines) => lines::cues(lines),
        None => paragraphs(text),
    }
}

fn paragraphs(text: &str) -> Vec<Cue> {
    let lines: Vec<_> = text.trim().lines().collect();
    let is_blank = |line: &&str| line.trim().is_empty();
    let paragraphs: Vec<_> = if lines.iter().any(is_blank) {
        lines
            .split(is_blank)
            .map(|paragraph| paragraph.join("\n"))
            .collect()
    } else {
        lines.into_iter().map(str::to_owned).collect()
    };
    let texts = paragraphs
        .iter()
        .filter_map(|paragraph| cleanup::clean(paragraph));
    texts.map(|text| Cue { span: None, text }).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Text, file, expected);
    }

    #[test]
    fn blank_lines_make_paragraphs() {
        check(
            "Good evening.\nI write parsers.\n \t\n\n(applause)\n\nThey break.\n",
            &expect![[r"
                Good evening. I write parsers.
                They break.
            "]],
        );
    }

    #[test]
    fn without_blank_lines_each_line_stands_alone() {
        check(
            "Good evening.\r\nI write parsers.\r\n",
            &expect![[r"
                Good evening.
                I write parsers.
            "]],
        );
    }

    #[test]
    fn marks_alone_have_no_text() {
        check("[Music]\n♪\n>>", &expect!["captions hold no text"]);
    }
}
