//! The tables of `MediaWiki` (`mediawiki.org/wiki/Help:Tables`), each link as one of Markdown. Pure.

use std::sync::LazyLock;

use csv::StringRecord;
use regex::{Captures, Regex};

/// Whether a text has such a table.
pub(super) fn has_table(text: &str) -> bool {
    static BEGIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^:*\{\|(?:\s*$|\s*\w+\s*=)"));
    BEGIN.is_match(text)
}

/// The rows of each table.
pub(super) fn tables(text: &str) -> Vec<Vec<StringRecord>> {
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    let mut is_inside = false;
    for line in text.lines().map(str::trim) {
        if line.trim_start_matches(':').starts_with("{|") {
            tables.push(vec![Vec::new()]);
            is_inside = true;
        }
        let Some(table) = tables.last_mut().filter(|_| is_inside) else {
            continue;
        };
        let row = table.last_mut().expect("a table begins with a row");
        if line.starts_with("|}") {
            is_inside = false;
        } else if line.starts_with("|-") {
            table.push(Vec::new());
        } else if let Some(cells) = line.strip_prefix('!') {
            row.extend(
                cells
                    .split("!!")
                    .flat_map(|cells| cells.split("||"))
                    .map(cell),
            );
        } else if let Some(cells) = line.strip_prefix('|').filter(|rest| !rest.starts_with('+')) {
            row.extend(cells.split("||").map(cell));
        } else if let Some(cell) = row.last_mut().filter(|_| !line.is_empty()) {
            cell.extend(["\n", line]);
        }
    }
    let rows = |table: Vec<Vec<String>>| {
        let rows = table.into_iter().filter(|row| !row.is_empty());
        rows.map(StringRecord::from).collect()
    };
    tables.into_iter().map(rows).collect()
}

/// What a cell says without its attributes, such as `style="…" |`.
fn cell(cell: &str) -> String {
    static ATTRIBUTES: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"^\s*(?:\w+\s*=\s*(?:"[^"]*"|\w+)\s*)+\|"#));
    static LINK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\[(https?://[^\s\]]+)(?:\s+([^\]]*))?\]"));
    static PAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]"));
    static QUOTES: LazyLock<Regex> = LazyLock::new(|| pattern("'{2,5}"));
    let cell = ATTRIBUTES.replace(cell, "");
    let cell = PAGE.replace_all(&cell, "$1");
    let cell = LINK.replace_all(&cell, |link: &Captures<'_>| {
        let words = link.get(2).map_or("link", |words| words.as_str());
        format!("[{words}]({})", &link[1])
    });
    QUOTES.replace_all(&cell, "").trim().to_owned()
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("well-formed")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::check;

    #[test]
    fn cells_are_read_line_by_line_and_side_by_side() {
        check(
            "Our talks:\n{| class=\"wikitable\"\n|+ Monday\n! Title\n! Speaker\n! Abstract\n|-\n| style=\"x\" | '''Caches'''\n| [[User:Ada|Ada Quill]]\n| Keys\nand values.\n|-\n| Tides || Cleo Fir ||\n|}\nMore.\n",
            &expect![[r#"
                Caches | Ada Quill |  |  | Expected | "Keys\nand values."
                Tides | Cleo Fir |  |  | Expected | -
            "#]],
        );
    }
}
