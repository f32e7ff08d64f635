//! Plans of a day: times in the first column, a room or a track in each other one, and in each cell a
//! session; or the same with times in the first row.
//!
//! A cell is a title, with speakers below it, behind it or before it. Where both stand on one line, most
//! cells of the plan must be written alike, since titles have dashes and brackets too. Pure.

use std::sync::LazyLock;

use csv::StringRecord;
use regex::Regex;

use crate::schedule::Session;
use crate::schedule::breaks::is_break;
use crate::schedule::links::with_links;
use crate::schedule::plain::{plain_line, plain_text};
use crate::schedule::speakers::{is_particle, speakers};

/// A plan has as many times as this, and as many columns.
const LEAST: usize = 2;
/// What the names of rooms have in them. A column that is called otherwise is a track.
const ROOMS: [&str; 16] = [
    "room", "hall", "stage", "theat", "audit", "raum", "saal", "bühne", "salle", "sala", "aula",
    "floor", "building", "venue", "track", "stream",
];

/// Reads a plan; none if a table is something else.
pub(super) fn sessions(records: &[StringRecord]) -> Option<Vec<Session>> {
    let rows: Vec<Vec<&str>> = records.iter().map(|row| row.iter().collect()).collect();
    let rows = if has_times_above(&rows) {
        turned(&rows)
    } else {
        rows
    };
    let begin = rows.iter().position(|row| is_timed(row))?;
    let times = rows.iter().filter(|row| is_timed(row)).count();
    let names = rows[..begin].iter().rev().find(|row| count(row) > 1)?;
    if times < LEAST || times * 2 < rows.len() - begin || names.len() <= LEAST {
        return None;
    }
    let cells = cells(&rows[begin..]);
    let texts = || cells.iter().map(|(_, text)| text.as_str());
    let spoken = texts().filter(|text| !is_break(text) && text.lines().count() == 1);
    let all = spoken.clone().count();
    let form = Form::ALL.into_iter().find(|form| {
        let fitting = spoken.clone().filter(|text| form.split(text).is_some());
        fitting.count() * 2 > all
    });
    let are_tracks = !names.iter().skip(1).any(|name| is_room(name));
    let session = |(column, text): &(usize, String)| {
        let track = names.get(*column).filter(|_| are_tracks);
        let track = track.map(|name| plain_line(name));
        Session {
            track: track.filter(|name| !name.is_empty()),
            ..session(text, form)
        }
    };
    Some(cells.iter().map(session).collect())
}

/// How title and speakers stand on one line.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// `Caches (Ada Quill)`
    Brackets,
    /// `Caches - Ada Quill`
    Behind,
    /// `Ada Quill: Caches`
    Before,
}

impl Form {
    const ALL: [Self; 3] = [Self::Brackets, Self::Behind, Self::Before];

    /// The title and the speakers of a line.
    fn split(self, line: &str) -> Option<(&str, &str)> {
        static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(.*\S)\s*(?:\s[-–—|/]\s|\sby\s|\|)\s*(.*)$").expect("well-formed")
        });
        static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(.*?)\s*(?::\s|\s[-–—|]\s|\|)\s*(.*)$").expect("well-formed")
        });
        let (title, names) = match self {
            Self::Brackets => line.strip_suffix(')')?.rsplit_once('(')?,
            Self::Behind => {
                let parts = BEHIND.captures(line)?;
                (parts.get(1)?.as_str(), parts.get(2)?.as_str())
            }
            Self::Before => {
                let parts = BEFORE.captures(line)?;
                (parts.get(2)?.as_str(), parts.get(1)?.as_str())
            }
        };
        let title = title.trim();
        (!title.is_empty() && are_names(names)).then_some((title, names))
    }
}

fn session(text: &str, form: Option<Form>) -> Session {
    let (links, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| is_link(line));
    let (title, names) = match lines[..] {
        [] => ("", ""),
        [line] => form.and_then(|form| form.split(line)).unwrap_or((line, "")),
        [one, other, ..] if are_names(one) && !are_names(bare(other)) => (other, one),
        [one, other, ..] if are_names(bare(other)) => (one, bare(other)),
        [one, ..] => (one, ""),
    };
    let session = Session {
        title: plain_line(title),
        speakers: speakers(names),
        ..Session::default()
    };
    with_links(session, links.into_iter())
}

/// The cells with their columns, each with what stands below it in rows without a time.
fn cells(rows: &[Vec<&str>]) -> Vec<(usize, String)> {
    let mut cells: Vec<(usize, String)> = Vec::new();
    let mut begin = 0;
    for row in rows {
        let named = row.iter().enumerate().skip(1);
        let named = named
            .map(|(column, cell)| (column, plain_text(cell)))
            .filter(|(_, text)| !text.is_empty());
        if is_timed(row) {
            begin = cells.len();
            cells.extend(named);
        } else if row.first().is_none_or(|first| first.is_empty()) {
            for (column, text) in named {
                match cells[begin..].iter_mut().find(|(at, _)| *at == column) {
                    Some((_, above)) => above.extend(["\n", &text]),
                    None => cells.push((column, text)),
                }
            }
        }
    }
    for (_, text) in &mut cells {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let lines = lines.into_iter().filter(|line| !line.is_empty());
        *text = lines.collect::<Vec<_>>().join("\n");
    }
    cells
}

/// Names without brackets around them and without a word that says what they are.
fn bare(names: &str) -> &str {
    let inside = names
        .strip_prefix('(')
        .and_then(|names| names.strip_suffix(')'));
    let names = inside.unwrap_or(names);
    let word = names
        .split_once(':')
        .filter(|(word, _)| !word.contains(' '));
    word.map_or(names, |(_, names)| names).trim()
}

/// Whether a text is a list of names, each of two words at least that begin with capitals.
fn are_names(text: &str) -> bool {
    let is_name = |name: &String| {
        let name = name.split(" (").next().unwrap_or_default();
        let words: Vec<&str> = name.split_whitespace().collect();
        let is_part = |word: &&str| {
            word.starts_with(|first: char| first.is_alphabetic() && !first.is_lowercase())
                || is_particle(word)
        };
        (2..=5).contains(&words.len())
            && words.iter().all(is_part)
            && !name.contains(|letter: char| letter.is_ascii_digit() || "?!:".contains(letter))
    };
    let names = speakers(text);
    !names.is_empty() && names.iter().all(is_name)
}

fn is_room(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_letter = name.chars().count() < 2;
    is_letter
        || ROOMS.iter().any(|room| name.contains(room))
        || name.contains(|sign: char| sign.is_numeric())
}

fn is_link(line: &str) -> bool {
    line.starts_with("https://") || line.starts_with("http://")
}

fn count(row: &[&str]) -> usize {
    row.iter().filter(|cell| !cell.is_empty()).count()
}

/// Whether a row begins with a time of day.
fn is_timed(row: &[&str]) -> bool {
    row.first().is_some_and(|first| is_time(first)) && row.len() > 1
}

/// `9:00`, `09.00-09.45`, `9 am`, `10:30 – 11:00 Uhr`.
fn is_time(text: &str) -> bool {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        let clock = r"(?:\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?)";
        let pattern = format!(r"(?i)^{clock}(?:\s*(?:-|–|—|to|bis)\s*{clock})?(?:\s*(?:h|uhr))?$");
        Regex::new(&pattern).expect("well-formed")
    });
    TIME.is_match(text.trim())
}

/// Whether the times stand in the first row.
fn has_times_above(rows: &[Vec<&str>]) -> bool {
    let Some(first) = rows.first() else {
        return false;
    };
    let times = first.iter().filter(|cell| is_time(cell)).count();
    times >= LEAST && times * 2 >= first.len()
}

fn turned<'a>(rows: &[Vec<&'a str>]) -> Vec<Vec<&'a str>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let column = |at: usize| {
        let cells = rows.iter().map(|row| row.get(at).copied().unwrap_or(""));
        cells.collect()
    };
    (0..width).map(column).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::{check, problem};

    #[test]
    fn plans_with_a_room_in_each_column_are_read() {
        let expected = expect![[r#"
            Caches at scale | Ada Quill; Ben Oak |  |  | Expected | -
            Keys for all | Cleo Fir |  |  | Expected | -
            Values in depth | Dan van der Elm |  |  | Expected | -
        "#]];
        for plan in [
            "Time,Room A,Room B\n09:00,\"Caches at scale\nAda Quill, Ben Oak\",\"Keys for all\nCleo Fir\"\n10:00,Coffee,Coffee\n10:30,\"Values in depth\n(Dan van der Elm)\",\n",
            "Monday;Hall 1;Hall 2\n9:00-9:45;Caches at scale (Ada Quill, Ben Oak);Keys for all (Cleo Fir)\n9:45-10:00;Lunch;\n10.00-10.45;Values in depth (Dan van der Elm);\n",
            "TinyConf\n\n\tMain stage\tRoom B\n9 am\tCaches at scale - Ada Quill & Ben Oak\tKeys for all - Cleo Fir\n10 am\tValues in depth - Dan van der Elm\t\n",
            "Uhrzeit,Saal 1,Saal 2\n9:00 Uhr,Caches at scale,Keys for all\n,\"Ada Quill, Ben Oak\",Cleo Fir\n10:00 Uhr,Values in depth,\n,Dan van der Elm,\n",
            "Room,09:00,10:00,10:30\nA,\"Ada Quill, Ben Oak: Caches at scale\",Break,Dan van der Elm: Values in depth\nB,Cleo Fir: Keys for all,Break,\n",
        ] {
            check(plan, &expected);
        }
    }

    #[test]
    fn columns_that_are_no_rooms_are_tracks_and_titles_keep_their_dashes() {
        check(
            "Time,Storage,Networks\n09:00,Caches - Part Two,Keys\n10:00,Values,Tides\n",
            &expect![[r#"
                Caches - Part Two |  | Storage |  | Expected | -
                Keys |  | Networks |  | Expected | -
                Values |  | Storage |  | Expected | -
                Tides |  | Networks |  | Expected | -
            "#]],
        );
    }

    #[test]
    fn other_tables_are_no_plans() {
        for table in ["Time,Place,City\n09:00,a,b\n", "a,b,c\n1,2,3\n4,5,6\n"] {
            assert!(problem(table).starts_with("no column"), "{table}");
        }
    }
}
