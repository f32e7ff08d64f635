//! The simple tables of reStructuredText (`docutils.sourceforge.io/docs/ref/rst/restructuredtext.html`):
//! rules of `=` above and below say where each column is. Pure.

use csv::StringRecord;

/// Whether a text has such a table.
pub(super) fn has_table(text: &str) -> bool {
    text.lines().filter(|line| is_rule(line)).count() >= 2
}

/// The rows of each table: what is between the rules, and what is above a blank first column.
pub(super) fn tables(text: &str) -> Vec<Vec<StringRecord>> {
    let mut tables: Vec<Vec<StringRecord>> = Vec::new();
    let mut columns: Vec<usize> = Vec::new();
    let mut rules = 0;
    for line in text.lines() {
        if is_rule(line) {
            rules += 1;
            if rules == 1 {
                columns = starts(line);
                tables.push(Vec::new());
            }
            // The third rule ends a table: one is above its head and one below.
            rules %= 3;
        } else if rules > 0 && !line.trim().is_empty() {
            let row = cells(line, &columns);
            tables.last_mut().expect("a rule begins a table").push(row);
        }
    }
    tables
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains("== ") && line.chars().all(|letter| matches!(letter, '=' | ' '))
}

/// Where the columns begin, in characters.
fn starts(rule: &str) -> Vec<usize> {
    let letters: Vec<char> = rule.chars().collect();
    let begins = |at: &usize| letters[*at] == '=' && (*at == 0 || letters[*at - 1] == ' ');
    (0..letters.len()).filter(begins).collect()
}

fn cells(line: &str, columns: &[usize]) -> StringRecord {
    let letters: Vec<char> = line.chars().collect();
    let ends = columns.iter().skip(1).copied().chain([letters.len()]);
    let cells = columns.iter().zip(ends).map(|(begin, end)| {
        let cell = letters.get(*begin..end.min(letters.len()));
        let cell: String = cell.unwrap_or_default().iter().collect();
        cell.trim().to_owned()
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::check;

    #[test]
    fn columns_are_where_the_rules_say() {
        check(
            "Talks\n=====\n\n====== ==========\nTitle  Speaker\n====== ==========\nZüge   Zoë Fir\nTides  Cleo Fir\n====== ==========\n\nMore.\n",
            &expect![[r#"
                Züge | Zoë Fir |  |  | Expected | -
                Tides | Cleo Fir |  |  | Expected | -
            "#]],
        );
    }
}
