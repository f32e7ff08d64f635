//! The tables of a page, as wikis and pages of conferences have them: each cell as plain text, or as a
//! link of Markdown where all of it is one. Pure.

use std::sync::LazyLock;

use csv::StringRecord;
use regex::Regex;

use crate::schedule::links::is_file;
use crate::schedule::plain::plain_text;
use crate::schedule::video;

/// The rows of each table.
pub(super) fn tables(page: &str) -> Vec<Vec<StringRecord>> {
    static TABLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<table\b.*?</table\s*>"));
    static ROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<tr\b[^>]*>"));
    static CELL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<t[dh]\b[^>]*>"));
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)</t[drh]\s*>"));
    let row = |row: &str| {
        let cells = CELL.split(row).skip(1);
        let cells = cells.map(|cell| text(END.split(cell).next().unwrap_or_default()));
        cells.collect::<StringRecord>()
    };
    let tables = TABLE.find_iter(page);
    tables
        .map(|table| ROW.split(table.as_str()).skip(1).map(row).collect())
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
