//! Tables of start, end and text: Whisper's TSV in milliseconds, the labels of Audacity in seconds,
//! and what services save for spreadsheets, whose first line names the columns.

use std::time::Duration;

use csv::{ReaderBuilder, StringRecord};

use super::blocks::{self, Block};
use super::lines::{self, CaptionLine};
use super::times::clock;
use super::{CaptionFormat, CaptionsError, rolling, written_breaks};

const SEPARATORS: [u8; 3] = [b'\t', b',', b';'];
/// What columns are called, in small letters without blanks and signs.
const STARTS: [&str; 20] = [
    "start",
    "starttime",
    "begin",
    "from",
    "in",
    "timestamp",
    "time",
    "startms",
    "starts",
    "startsec",
    "startseconds",
    "starttimems",
    "timecode",
    "timecodein",
    "startzeit",
    "beginn",
    "von",
    "début",
    "inicio",
    "inizio",
];
const ENDS: [&str; 17] = [
    "end",
    "endtime",
    "to",
    "out",
    "stop",
    "endms",
    "ends",
    "endsec",
    "endseconds",
    "endtimems",
    "timecodeout",
    "finish",
    "endzeit",
    "ende",
    "bis",
    "fin",
    "fine",
];
const TEXTS: [&str; 12] = [
    "text",
    "transcript",
    "caption",
    "captions",
    "subtitle",
    "content",
    "sentence",
    "dialogue",
    "words",
    "texte",
    "texto",
    "testo",
];

/// The unit of numbers in a table: by what they are divided to be seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit(f64);

const SECONDS: Unit = Unit(1.0);
const MILLISECONDS: Unit = Unit(1000.0);
/// Lines last longer than so many milliseconds, and shorter than so many seconds.
const LONG: f64 = 60.0;
/// What ends before so many units is no recording in milliseconds.
const SHORT: f64 = 1000.0;

/// When something is said: a number whose unit the table does not say, or a clock.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moment {
    Number(f64),
    Clock(Duration),
}

/// A line of a table.
#[derive(Debug)]
struct Row<'a> {
    start: Moment,
    end: Option<Moment>,
    texts: Vec<&'a str>,
}

/// Where in a table is what; without a header, start, end and text come first.
#[derive(Debug, Clone, Copy)]
struct Columns {
    separator: u8,
    start: usize,
    end: Option<usize>,
    text: usize,
    /// Whether the text goes on to the end of the line, whatever is in it.
    is_last: bool,
    /// The unit that the name of the column says.
    unit: Option<Unit>,
}

impl Columns {
    const BARE: Self = Self {
        separator: b'\t',
        start: 0,
        end: Some(1),
        text: 2,
        is_last: true,
        unit: None,
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
                unit: unit(first.split(char::from(separator)).nth(start)?),
            })
        })
    }

    fn row<'a>(&self, record: &'a StringRecord) -> Option<Row<'a>> {
        let start = moment(record.get(self.start)?)?;
        let end = self.end.and_then(|end| moment(record.get(end)?));
        if self.end.is_some() && end.is_none() {
            return None;
        }
        let most = if self.is_last { usize::MAX } else { 1 };
        Some(Row {
            start,
            end,
            texts: record.iter().skip(self.text).take(most).collect(),
        })
    }
}

impl Row<'_> {
    fn block(&self, unit: Unit) -> Option<Block<'_>> {
        let start = unit.time(self.start)?;
        let end = self.end.and_then(|end| unit.time(end));
        Some(Block {
            start,
            end: end.filter(|end| *end >= start),
            lines: self
                .texts
                .iter()
                .flat_map(|text| text.split('\n'))
                .collect(),
        })
    }
}

impl Unit {
    /// The unit that the lines of a table have in common. Fractions are of seconds; whole numbers
    /// are milliseconds, but where every second line would be over at once.
    fn of(rows: &[Row<'_>]) -> Self {
        let number = |moment: Moment| match moment {
            Moment::Number(number) => Some(number),
            Moment::Clock(_) => None,
        };
        let starts: Vec<f64> = rows.iter().filter_map(|row| number(row.start)).collect();
        let ends = rows.iter().map(|row| number(row.end?));
        let ends: Option<Vec<f64>> = ends.collect();
        let ends = ends.unwrap_or_else(|| starts.iter().skip(1).copied().collect());
        if starts
            .iter()
            .chain(&ends)
            .any(|number| number.fract() != 0.0)
        {
            return SECONDS;
        }
        let lengths = starts.iter().zip(&ends).map(|(start, end)| end - start);
        let mut lengths: Vec<f64> = lengths.collect();
        lengths.sort_by(f64::total_cmp);
        let latest = ends.iter().copied().fold(0.0, f64::max);
        match lengths.get(lengths.len() / 2) {
            Some(usual) if *usual < LONG || latest < SHORT => SECONDS,
            _ => MILLISECONDS,
        }
    }

    fn time(self, moment: Moment) -> Option<Duration> {
        match moment {
            Moment::Number(number) => lines::time(number.max(0.0) / self.0),
            Moment::Clock(at) => Some(at),
        }
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
    let records = reader(text, columns, named.is_some()).into_records();
    let records: Result<Vec<StringRecord>, csv::Error> = records.collect();
    let mut records = records.map_err(|error| not_valid(1, error.into()))?;
    records.retain(|record| !is_empty(record) && !is_frequency(record));
    let no_row = |record: &StringRecord| {
        let line = record.position().map_or(1, csv::Position::line);
        not_valid(line, "a line without start, end and text".into())
    };
    let rows = records
        .iter()
        .map(|record| columns.row(record).ok_or_else(|| no_row(record)));
    let rows: Vec<Row> = rows.collect::<Result<_, CaptionsError>>()?;
    let unit = columns.unit.unwrap_or_else(|| Unit::of(&rows));
    let blocks = rows.iter().zip(&records);
    let blocks = blocks.map(|(row, record)| row.block(unit).ok_or_else(|| no_row(record)));
    let blocks: Vec<Block> = blocks.collect::<Result<_, CaptionsError>>()?;
    let blocks = written_breaks::split(blocks);
    let screens = blocks
        .iter()
        .map(|block| blocks::screen(block, block.lines.iter().copied()));
    Ok(rolling::lines(screens.collect()))
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

/// The unit that the name of a column says: `Start (s)`, `start_ms`.
fn unit(name: &str) -> Option<Unit> {
    let words = name.split(|letter: char| !letter.is_alphabetic());
    let mut words = words.map(str::to_lowercase);
    words.find_map(|word| match word.as_str() {
        "s" | "sec" | "secs" | "seconds" => Some(SECONDS),
        "ms" | "msec" | "milliseconds" | "millis" => Some(MILLISECONDS),
        _ => None,
    })
}

/// A clock, or a number in any spelling of programs: `12`, `1.5`, `1e-05`, `1,5`.
fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.contains(':') {
        return clock(text).map(Moment::Clock);
    }
    let text = text.strip_suffix('s').unwrap_or(text).replace(',', ".");
    let is_number = text.contains(|letter: char| letter.is_ascii_digit());
    let number: f64 = text.trim().parse().ok().filter(|_| is_number)?;
    Some(Moment::Number(number))
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
            "Startzeit;Endzeit;Sprecher;Text\n00:00:00;00:00:02;Ada Quill;Hello, there.\n00:00:02;00:00:04.5;Ben Oak;This is a talk.\n",
            &expected,
        );
        check(
            "0.000000\t2.000000\tHello, there.\n\\\t100.0\t200.0\n2.000000\t4.500000\tThis is a talk.\n",
            &expected,
        );
    }

    #[test]
    fn numbers_are_read_in_every_spelling_and_unit() {
        let expected = expect![[r"
            0.00-2.00 Hello there.
            2.00-100.00 This is a talk.
        "]];
        for file in [
            "start\tend\ttext\n1e-05\t2.0\tHello there.\n2.0E0\t1.0E2\tThis is a talk.\n",
            "start,end,text\n-0.0,2,Hello there.\n2.,1e2,This is a talk.\n",
            "0,000000\t2,000000\tHello there.\n2,000000\t100,0\tThis is a talk.\n",
            "start\tend\ttext\n0s\t2.0s\tHello there.\n2.0s\t100.0s\tThis is a talk.\n",
            "Start (ms),End (ms),Text\n0,2000,Hello there.\n2000,100000,This is a talk.\n",
            "start_s,end_s,text\n0,2,Hello there.\n2,100,This is a talk.\n",
            "start\tend\ttext\n0.0\t2000.0\tHello there.\n2000.0\t100000.0\tThis is a talk.\n",
        ] {
            check(file, &expected);
        }
        check(
            "start,end,text\n0,4,Hello there.\n4,9,This is a talk.\n",
            &expect![[r"
                0.00-4.00 Hello there.
                4.00-9.00 This is a talk.
            "]],
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
