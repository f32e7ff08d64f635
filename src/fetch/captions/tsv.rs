//! Tables of start, end and text: Whisper's TSV in milliseconds, the labels of Audacity in seconds,
//! and what services save for spreadsheets, whose first line names the columns.

use std::time::Duration;

use csv::{ReaderBuilder, StringRecord};

use super::blocks::{self, Block};
use super::lines::CaptionLine;
use super::rolling::Screen;
use super::times::{bare_seconds, clock};
use super::{CaptionFormat, CaptionsError, rolling};

const SEPARATORS: [u8; 3] = [b'\t', b',', b';'];
/// What columns are called, in small letters without blanks and signs.
const STARTS: [&str; 8] = [
    "start",
    "starttime",
    "begin",
    "from",
    "in",
    "timestamp",
    "time",
    "startms",
];
const ENDS: [&str; 6] = ["end", "endtime", "to", "out", "stop", "endms"];
const TEXTS: [&str; 9] = [
    "text",
    "transcript",
    "caption",
    "captions",
    "subtitle",
    "content",
    "sentence",
    "dialogue",
    "words",
];

/// Where in a table is what; without a header, start, end and text come first.
#[derive(Debug, Clone, Copy)]
struct Columns {
    separator: u8,
    start: usize,
    end: Option<usize>,
    text: usize,
    /// Whether the text goes on to the end of the line, whatever is in it.
    is_last: bool,
}

impl Columns {
    const BARE: Self = Self {
        separator: b'\t',
        start: 0,
        end: Some(1),
        text: 2,
        is_last: true,
    };

    /// Those that the first line of a text names, if it does.
    fn named(first: &str) -> Option<Self> {
        SEPARATORS.into_iter().find_map(|separator| {
            let names = first.split(char::from(separator)).map(bare);
            let names: Vec<String> = names.collect();
            let place = |known: &[&str]| names.iter().position(|name| known.contains(&&**name));
            let (start, end) = (place(&STARTS)?, place(&ENDS));
            let last = names.len().checked_sub(1)?;
            let text = place(&TEXTS).or(end.filter(|end| *end < last).map(|_| last))?;
            Some(Self {
                separator,
                start,
                end,
                text,
                is_last: text == last,
            })
        })
    }

    fn row<'a>(&self, record: &'a StringRecord) -> Option<Block<'a>> {
        let start = time(record.get(self.start)?)?;
        let end = self.end.and_then(|end| time(record.get(end)?));
        if self.end.is_some() && end.is_none() {
            return None;
        }
        let most = if self.is_last { usize::MAX } else { 1 };
        Some(Block {
            start,
            end: end.filter(|end| *end >= start),
            lines: record.iter().skip(self.text).take(most).collect(),
        })
    }
}

/// Reads what is newly said in each line of a table.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let named = Columns::named(first_line(text));
    let columns = named.unwrap_or(Columns::BARE);
    let not_valid =
        |line: u64, reason: Box<dyn std::error::Error + Send + Sync>| CaptionsError::NotValid {
            format: CaptionFormat::Tsv,
            line: usize::try_from(line).unwrap_or(usize::MAX),
            reason,
        };
    let mut screens: Vec<Screen> = Vec::new();
    for record in reader(text, columns, named.is_some()).records() {
        let record = record.map_err(|error| not_valid(1, error.into()))?;
        let line = record.position().map_or(1, csv::Position::line);
        if is_empty(&record) || is_frequency(&record) {
            continue;
        }
        let block = columns.row(&record);
        let block =
            block.ok_or_else(|| not_valid(line, "a line without start, end and text".into()))?;
        screens.push(blocks::screen(
            &block,
            block.lines.iter().flat_map(|text| text.split('\n')),
        ));
    }
    Ok(rolling::lines(screens))
}

/// Whether a text is such a table, as its first lines tell.
pub(super) fn is_table(text: &str) -> bool {
    let named = Columns::named(first_line(text));
    let columns = named.unwrap_or(Columns::BARE);
    let records = reader(text, columns, named.is_some())
        .into_records()
        .flatten();
    let records = records.filter(|record| !is_empty(record) && !is_frequency(record));
    let first: Vec<bool> = records
        .take(2)
        .map(|record| columns.row(&record).is_some())
        .collect();
    let is_whole = first.len() == 2 || named.is_some();
    is_whole && first.iter().all(|is_row| *is_row)
}

fn first_line(text: &str) -> &str {
    text.lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
}

/// Between tabs, quotes are letters as others.
fn reader(text: &str, columns: Columns, has_header: bool) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(columns.separator).flexible(true);
    builder
        .quoting(columns.separator != b'\t')
        .has_headers(has_header);
    builder.from_reader(text.as_bytes())
}

fn is_empty(record: &StringRecord) -> bool {
    record.iter().all(|cell| cell.trim().is_empty())
}

/// Audacity writes the frequencies of a label below it.
fn is_frequency(record: &StringRecord) -> bool {
    record.get(0).is_some_and(|first| first.trim() == "\\")
}

/// `Start time (s)`, `start_time`: the name of a column in small letters alone.
fn bare(name: &str) -> String {
    let name = name.split('(').next().unwrap_or_default();
    let letters = name.chars().filter(|letter| letter.is_alphabetic());
    letters.flat_map(char::to_lowercase).collect()
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
    fn tables_of_spreadsheets_are_read_by_the_names_of_their_columns() {
        let expected = expect![[r"
            0.00-2.00 Hello, there.
            2.00-4.50 This is a talk.
        "]];
        check(
            "Speaker,Start time,End time,Text\nAda Quill,00:00:00,00:00:02,\"Hello, there.\"\nBen Oak,00:00:02,00:00:04.500,This is a talk.\n",
            &expected,
        );
        check(
            "\"Number\";\"start\";\"end\";\"transcript\"\n1;0;2000;\"Hello,\nthere.\"\n2;2000;4500;This is a talk.\n",
            &expected,
        );
        check(
            "0.000000\t2.000000\tHello, there.\n\\\t100.0\t200.0\n2.000000\t4.500000\tThis is a talk.\n",
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
