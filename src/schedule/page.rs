//! What a page of a conference or of a wiki holds: its tables, each cell as plain text, or as a link of
//! Markdown where all of it is one; and what it tells search engines (JSON-LD). Pure.

use std::sync::LazyLock;

use csv::StringRecord;
use regex::Regex;
use serde_json::Value;

use crate::schedule::links::is_file;
use crate::schedule::plain::plain_text;
use crate::schedule::video;

/// The rows of each table.
pub(super) fn tables(page: &str) -> Vec<Vec<StringRecord>> {
    static TABLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<table\b.*?</table\s*>"));
    static ROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<tr\b[^>]*>"));
    static CELL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<t[dh]\b[^>]*>"));
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)</t[drh]\s*>"));
    let cells = |row: &str| {
        let ends = CELL.find_iter(row).skip(1).map(|tag| tag.start());
        let ends: Vec<usize> = ends.chain([row.len()]).collect();
        let cells = CELL.find_iter(row).zip(ends).map(|(tag, end)| Cell {
            text: text(END.split(&row[tag.end()..end]).next().unwrap_or_default()),
            rows: span(tag.as_str(), &ROWS),
            columns: span(tag.as_str(), &COLUMNS),
        });
        cells.collect()
    };
    let tables = TABLE.find_iter(page);
    tables
        .map(|table| spread(ROW.split(table.as_str()).skip(1).map(cells)))
        .collect()
}

/// A cell of a table, and over how many rows and columns it reaches.
struct Cell {
    text: String,
    rows: usize,
    columns: usize,
}

static ROWS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\browspan\s*=\s*["']?([0-9]{1,3})"#));
static COLUMNS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\bcolspan\s*=\s*["']?([0-9]{1,2})"#));

fn span(tag: &str, attribute: &Regex) -> usize {
    let span = attribute
        .captures(tag)
        .and_then(|told| told[1].parse().ok());
    span.unwrap_or(1).max(1)
}

/// Rows in which each cell stands in its column: what reaches over several rows stands in each of
/// them, and what reaches over several columns in the first.
fn spread(rows: impl Iterator<Item = Vec<Cell>>) -> Vec<StringRecord> {
    // What reaches down into the next rows: its text, and over how many of them.
    let mut above: Vec<(String, usize)> = Vec::new();
    let row = |cells: Vec<Cell>| {
        let mut cells = cells.into_iter();
        let mut row = StringRecord::new();
        loop {
            let at = row.len();
            if let Some((text, left)) = above.get_mut(at).filter(|(_, left)| *left > 0) {
                *left -= 1;
                row.push_field(text);
                continue;
            }
            let Some(cell) = cells.next() else {
                let is_under = above.iter().skip(at).any(|(_, left)| *left > 0);
                if !is_under {
                    break;
                }
                row.push_field("");
                continue;
            };
            for column in 0..cell.columns {
                let text = if column == 0 { cell.text.as_str() } else { "" };
                let at = row.len();
                if above.len() <= at {
                    above.resize(at + 1, (String::new(), 0));
                }
                above[at] = (text.to_owned(), cell.rows - 1);
                row.push_field(text);
            }
        }
        row
    };
    rows.map(row).collect()
}

/// What a page tells search engines about its talks.
pub(super) fn data(page: &str) -> Vec<Value> {
    static DATA: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?is)<script\b[^>]*\btype\s*=\s*["']?application/ld\+json\b[^>]*>(.*?)</script"#)
    });
    let texts = DATA.captures_iter(page);
    texts
        .filter_map(|text| serde_json::from_str(&text[1]).ok())
        .collect()
}

/// What a cell says, with the recording that it links to.
fn text(cell: &str) -> String {
    static LINK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?i)\bhref\s*=\s*["']?([^"'\s>]+)"#));
    let text = plain_text(cell);
    let mut links = LINK.captures_iter(cell).map(|link| {
        let link = &link[1];
        html_escape::decode_html_entities(link).into_owned()
    });
    match links.find(|link| video(link).is_some() || is_file(link)) {
        Some(link) => format!("[{}]({link})", text.replace('\n', " ")),
        None => text,
    }
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("well-formed")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::{check, problem};

    #[test]
    fn tables_of_pages_are_read_with_their_links() {
        check(
            "<!DOCTYPE html>\n<html><body><table><tr><td>menu</table><table class=\"x\"><tbody>\
             <tr><th>Title</th><th>Speakers</th><th>Abstract</th></tr>\
             <tr><td><a href=\"https://youtu.be/AAAAAAAAA00\">Caches &amp; co</a></td><td>Ada Quill,<br/>Ben Oak</td><td><p>Keys.</p><p>Values.</p></td></tr>\
             <tr><td>Tides</td><td>Cleo Fir</td><td></td></tr></tbody></table></body></html>",
            &expect![[r#"
                Caches & co | Ada Quill; Ben Oak |  |  | Expected | "Keys.\n\nValues." | AAAAAAAAA00
                Tides | Cleo Fir |  |  | Expected | -
            "#]],
        );
        check(
            "<html><table><tr><th>Time<th>Room A<th>Room B<tr><td>09:00<td>Caches<br>Ada Quill<td>Keys<br>Cleo Fir<tr><td>10:00<td colspan=2>Lunch<td></table></html>",
            &expect![[r#"
                Caches | Ada Quill |  |  | Expected | -
                Keys | Cleo Fir |  |  | Expected | -
            "#]],
        );
    }

    #[test]
    fn a_page_without_such_a_table_is_named() {
        for page in [
            "<html><p>Sessions</p></html>",
            "<html><table><tr><td>a<td>b<tr><td>c<td>d</table></html>",
        ] {
            assert_eq!(problem(page), "this is a web page");
        }
    }
}
