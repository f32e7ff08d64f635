//! Tables of start, end and text between tabs: Whisper's TSV in milliseconds, and the labels of
//! Audacity in seconds.

use std::time::Duration;

use super::blocks::{self, Block};
use super::lines::CaptionLine;
use super::times::{bare_seconds, clock};
use super::{CaptionFormat, CaptionsError, rolling};

/// Reads what is newly said in each line of a table.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let mut blocks: Vec<Block> = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        match row(line) {
            Some(block) => blocks.push(block),
            None if line.trim().is_empty() || blocks.is_empty() && is_header(line) => {}
            None => {
                return Err(CaptionsError::NotValid {
                    format: CaptionFormat::Tsv,
                    line: number,
                    reason: "a line without start, end and text".into(),
                });
            }
        }
    }
    let screens = blocks
        .iter()
        .map(|block| blocks::screen(block, block.lines.iter().copied()));
    Ok(rolling::lines(screens.collect()))
}

/// Whether a text is such a table, as its first lines tell.
pub(super) fn is_table(text: &str) -> bool {
    let mut lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .peekable();
    let has_header = lines.next_if(|line| is_header(line)).is_some();
    let rows = lines
        .by_ref()
        .take(2)
        .filter(|line| row(line).is_some())
        .count();
    rows == 2
        || rows == 1 && has_header && lines.next().is_none()
        || has_header && rows == 0 && lines.next().is_none()
}

fn is_header(line: &str) -> bool {
    let mut columns = line.split('\t').map(|column| column.trim().to_lowercase());
    columns
        .next()
        .is_some_and(|start| start.starts_with("start"))
        && columns.next().is_some_and(|end| end.starts_with("end"))
}

fn row(line: &str) -> Option<Block<'_>> {
    let mut columns = line.splitn(3, '\t');
    let (start, end) = (time(columns.next()?)?, time(columns.next()?)?);
    Some(Block {
        start,
        end: (end >= start).then_some(end),
        lines: vec![columns.next().unwrap_or_default()],
    })
}

/// Whole numbers are milliseconds, fractions seconds.
fn time(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    match (is_number, text.contains('.')) {
        (true, true) => bare_seconds(text),
        (true, false) => bare_seconds(text).map(|time| time / 1000),
        (false, _) => text.contains(':').then(|| clock(text)).flatten(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::is_table;
    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Tsv, file, expected);
    }

    #[test]
    fn tables_of_whisper_and_audacity_are_read() {
        let expected = expect![[r"
            0.00-2.00 Hello there.
            2.00-4.50 This is a talk.
        "]];
        check(
            "start\tend\ttext\n0\t2000\tHello there.\n2000\t4500\tThis is a talk.\n",
            &expected,
        );
        check(
            "0.000000\t2.000000\tHello there.\n2.000000\t4.500000\tThis is a talk.\n",
            &expected,
        );
        check(
            "Start\tEnd\tText\n00:00:00\t00:00:02\tHello there.\n00:00:02\t00:00:04.5\tThis is a talk.\n",
            &expected,
        );
    }

    #[test]
    fn other_tables_are_not_taken_for_one() {
        assert!(is_table("start\tend\ttext\n0\t1\ta"));
        assert!(!is_table("name\tcity\nAda\tGhent"));
        assert!(!is_table("1\t2\n"));
        check(
            "0\t2000\ta\nb",
            &expect!["line 2: a line without start, end and text"],
        );
    }
}
