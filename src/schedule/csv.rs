//! Tables, as every planning tool and every spreadsheet saves them.
//!
//! CSV, separated by commas, semicolons or tabs, or the JSON of the session export for organizers of
//! pretalx. What the columns hold is the business of `columns.rs`; a table that names none may be a plan
//! of a day, which `grid.rs` reads.

use std::collections::BTreeSet;

use csv::{ReaderBuilder, StringRecord, Trim};
use serde_json::{Map, Value};

use crate::schedule::columns::Columns;
use crate::schedule::json::{list, name, text};
use crate::schedule::links;
use crate::schedule::plain::plain_line;
use crate::schedule::{Schedule, ScheduleError, grid, known};

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// What the columns are called for the links that lie somewhere in an object.
const LINKS: &str = "recordings";
/// Among so many lines the columns are named; those above say what the table is.
const HEAD: usize = 12;

/// Reads a table.
pub(super) fn read(text: &str) -> Result<Schedule, ScheduleError> {
    // Excel's own note of the separator.
    let text = match text.split_once('\n') {
        Some((first, rest)) if first.to_lowercase().starts_with("sep=") => rest,
        _ => text,
    };
    let widest = |separator: u8| {
        let first = reader(text, separator).into_records().take(HEAD).flatten();
        first.map(|record| record.len()).max().unwrap_or(0)
    };
    // What is not quoted may hold more commas than there are columns.
    let named = |separator: u8| {
        let first = reader(text, separator).into_records().take(HEAD).flatten();
        let columns = first.filter_map(|record| Columns::of(&record, &[]));
        columns.map(|columns| columns.count()).max().unwrap_or(0)
    };
    // Tables of wikis set off the names of their columns by two bars.
    let is_of_wiki = text.lines().any(|line| line.starts_with("||"));
    let unified = is_of_wiki.then(|| text.replace("||", "|"));
    let text = unified.as_deref().unwrap_or(text);
    let most = SEPARATORS
        .iter()
        .max_by_key(|separator| (named(**separator), widest(**separator), **separator == b','));
    let records = |separator: u8| {
        let records = reader(text, separator).into_records();
        records.collect::<Result<Vec<StringRecord>, csv::Error>>()
    };
    let given = records(*most.expect("there are separators")).map_err(ScheduleError::Table)?;
    of_records(given).or_else(|error| {
        let plans = SEPARATORS.iter().filter_map(|separator| {
            let plan = grid::sessions(&records(*separator).ok()?)?;
            Some(known(plan))
        });
        plans.max_by_key(|plan| plan.sessions.len()).ok_or(error)
    })
}

/// Reads the table of a page that holds the most sessions, and those that begin with the same line,
/// as where each day has one.
pub(super) fn of_tables(tables: Vec<Vec<StringRecord>>) -> Option<Schedule> {
    let has_speakers = |schedule: &Schedule| {
        let mut sessions = schedule.sessions.iter();
        sessions.any(|session| !session.speakers.is_empty())
    };
    let read = tables.into_iter().filter_map(|table| {
        let first = table.first().cloned();
        let plan = grid::sessions(&table);
        let schedule = of_records(table).ok().or(plan.map(known))?;
        has_speakers(&schedule).then_some((first, schedule))
    });
    let read: Vec<(Option<StringRecord>, Schedule)> = read.collect();
    let largest = read
        .iter()
        .max_by_key(|(_, schedule)| schedule.sessions.len());
    let begin = largest?.0.clone();
    let alike = read.into_iter().filter(|(first, _)| *first == begin);
    alike
        .map(|(_, schedule)| schedule)
        .reduce(|all, next| Schedule {
            sessions: [all.sessions, next.sessions].concat(),
            ..all
        })
}

fn of_records(mut records: Vec<StringRecord>) -> Result<Schedule, ScheduleError> {
    records.retain(|record| !is_line(record));
    let place = header(&records);
    let records = records.split_off(place.min(records.len()));
    let empty = StringRecord::new();
    let (header, records) = records.split_first().unwrap_or((&empty, &[]));
    schedule(header, records).ok_or_else(|| ScheduleError::NoTitles {
        columns: header.iter().map(plain_line).collect::<Vec<_>>().join(", "),
    })
}

/// The place of the line that names the columns: the first, or one further down that names more.
fn header(records: &[StringRecord]) -> usize {
    let named =
        |record: &StringRecord| Columns::of(record, &[]).map_or(0, |columns| columns.count());
    let mut first = records.iter().take(HEAD);
    match records.first().map(named) {
        Some(0 | 1) => first.position(|record| named(record) > 1).unwrap_or(0),
        _ => 0,
    }
}

/// Whether a line only rules a table off, as in Markdown.
fn is_line(record: &StringRecord) -> bool {
    let is_rule = |cell: &str| cell.chars().all(|letter| "-=+: ".contains(letter));
    record.iter().all(is_rule)
        && record
            .iter()
            .any(|cell| cell.contains("--") || cell.contains("=="))
}

/// What a table says; none where no column holds titles.
fn schedule(header: &StringRecord, records: &[StringRecord]) -> Option<Schedule> {
    let columns = Columns::of(header, records)?;
    Some(Schedule {
        sessions: columns.sessions(records),
        unused: columns.unused(header, records),
        title: None,
    })
}

/// Reads a list of objects as a table; none if this is something else.
pub(super) fn of_objects(json: &Value) -> Option<Schedule> {
    let rows: Option<Vec<&Map<String, Value>>> = list(json).iter().map(Value::as_object).collect();
    let rows = rows?;
    let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.keys()).collect();
    // Links are found by what they are, wherever they lie.
    let found: Vec<Vec<String>> = list(json).iter().map(links::in_object).collect();
    let most = found.iter().map(Vec::len).max().unwrap_or(0);
    let header: StringRecord = names
        .iter()
        .map(|name| name.as_str())
        .chain(std::iter::repeat_n(LINKS, most))
        .collect();
    let one = |value: &Value| text(value).map(str::to_owned).or_else(|| name(value));
    let cell = |value: &Value| match value {
        Value::Array(several) => several
            .iter()
            .filter_map(one)
            .collect::<Vec<_>>()
            .join("\n"),
        Value::Number(number) => number.to_string(),
        value => one(value).unwrap_or_default(),
    };
    let records = rows.iter().zip(found).map(|(row, links)| {
        let cells = names
            .iter()
            .map(|name| row.get(*name).map(cell).unwrap_or_default());
        let missing = most - links.len();
        cells
            .chain(links)
            .chain(std::iter::repeat_n(String::new(), missing))
            .collect()
    });
    schedule(&header, &records.collect::<Vec<StringRecord>>())
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(separator).flexible(true).trim(Trim::All);
    builder.has_headers(false);
    builder.from_reader(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::{check, problem};

    #[test]
    fn names_of_people_in_parts_are_read() {
        let expected = expect![[r#"
            Caches | Ada Quill; Ben Oak |  |  | Expected | -
        "#]];
        for table in [
            "Session ID,Session Name,Presenter First Name,Presenter Last Name\n1,Caches,Ada,Quill\n1,Caches,Ben,Oak\n",
            r#"[{"title": "Caches", "authors": [{"first": "Ada", "last": "Quill"}, {"first": "Ben", "last": "Oak"}]}]"#,
            r#"[{"title": "Caches", "speakers": [{"given": "Ada", "family": "Quill"}, {"given": "Ben", "family": "Oak"}]}]"#,
        ] {
            check(table, &expected);
        }
    }

    #[test]
    fn tables_of_wikis_and_forms_are_read() {
        let expected = expect![[r#"
            Caches | Ada Quill (Ink) |  |  | Expected | "Keys."
            Tides | Cleo Fir |  |  | Expected | -
        "#]];
        for table in [
            "h1. Programme\n|| Title || Speaker || Abstract ||\n| Caches | Ada Quill (Ink) | Keys. |\n| Tides | Cleo Fir | |\n",
            "Title,Speaker(s) (name and affiliation),Abstract (200 words)\nCaches,Ada Quill (Ink),Keys.\nTides,Cleo Fir,\n",
        ] {
            check(table, &expected);
        }
        check(
            "| Talk | Speaker |\n|---|---|\n| [Caches](https://youtu.be/AAAAAAAAA00) | Ada Quill |\n",
            &expect![[r#"
                Caches | Ada Quill |  |  | Expected | - | AAAAAAAAA00
            "#]],
        );
    }

    #[test]
    fn tables_of_many_tools_are_read() {
        check(
            "Session Id,Title,Description,Owner,Speakers,Track,Status,Language\n\
             1,\"Caches, explained\",\"Keys.\n\nValues.\",x,\"Ada Quill, Ben Oak\",Storage,Accepted,English\n\
             2,Turned down,,,,,Declined,\n\
             3,Lunch,,,,,Accepted,\n",
            &expect![[r#"
                Caches, explained | Ada Quill; Ben Oak | Storage | en | Expected | "Keys.\n\nValues."
            "#]],
        );
        check(
            "sep=;\nTitel;Referent*in;Kurzbeschreibung;Kategorie;Sprache\nSchlüssel;Jördis Özdemir;<p>Über Schlüssel.</p>;Speicher;Deutsch\n",
            &expect![[r#"
                Schlüssel | Jördis Özdemir | Speicher |  | Expected | "Über Schlüssel."
            "#]],
        );
        check(
            "Proposal title\tSpeaker 1\tSpeaker 2\tAbstract\nCaches\tAda Quill\tBen Oak\t\nshort line\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak |  |  | Expected | -
                short line |  |  |  | Expected | -
            "#]],
        );
        check(
            "Session,Name,Abstract\nCaches,Ada Quill,Keys.\nCaches,Ben Oak,Keys.\nKeynote,Ada Quill,\nKeynote,Ben Oak,\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak |  |  | Expected | "Keys."
                Keynote | Ada Quill |  |  | Expected | -
                Keynote | Ben Oak |  |  | Expected | -
            "#]],
        );
    }

    #[test]
    fn tables_of_sched_have_their_tracks_in_the_type_of_event() {
        check(
            "Event Name,Event Start,Event End,Event Type,Event Subtype,Description,Speakers,Venue\n\
             Caches,2026-02-01 10:00,2026-02-01 10:45,\"Storage, Databases\",Advanced,Keys.,\"Ada Quill, Ben Oak\",Hall\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak | Storage |  | Expected | "Keys."
            "#]],
        );
    }

    #[test]
    fn tables_with_commas_in_their_cells_and_old_line_breaks_are_read() {
        check(
            "Title\tSpeakers\tTrack\rCaches\tQuill, Ada; Oak, Ben; Fir, Cleo\tStorage\r",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak; Cleo Fir | Storage |  | Expected | -
            "#]],
        );
    }

    #[test]
    fn forms_ask_for_names_and_name_those_who_speak_too() {
        check(
            "Timestamp,What is your name?,Title of your talk\n1 Feb,Ada Quill,Caches\n",
            &expect![[r#"
                Caches | Ada Quill |  |  | Expected | -
            "#]],
        );
        check(
            "Title,First Name,Last Name,Co-Speaker\nCaches,Ada,Quill,Ben Oak\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak |  |  | Expected | -
            "#]],
        );
    }

    #[test]
    fn family_names_that_stand_first_are_put_behind() {
        check(
            "Title,Speakers,Abstract\nCaches,\"Quill, Ada; Oak, Ben\",Keys.\nKeynote,\"Quill, Ada\",\nPanel,\"Quill, Ada\",All.\nPanel,\"van Oak, Ben\",All.\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak |  |  | Expected | "Keys."
                Keynote | Ada Quill |  |  | Expected | -
                Panel | Ada Quill; Ben van Oak |  |  | Expected | "All."
            "#]],
        );
    }

    #[test]
    fn columns_are_found_below_a_heading_and_in_other_languages() {
        let expected = expect![[r#"
            Caches | Ada Quill; Ben Oak | Storage |  | Expected | "Keys."
        "#]];
        for table in [
            "TinyConf 2026;;;\n;;;\nTitel;Spreker;Spoor;Samenvatting\nCaches;Ada Quill, Ben Oak;Storage;Keys.\n",
            "Schedule of TinyConf\n\nTitle,Presenter,Co-Presenter,Track,Abstract\nCaches,Ada Quill,Ben Oak,Storage,Keys.\n",
            "Title,Speaker 1 First Name,Speaker 1 Last Name,Speaker 2 First Name,Speaker 2 Last Name,Track,Abstract\n[Caches](https://example.org),Ada,Quill,Ben,Oak,Storage,Keys.\n",
            "タイトル,登壇者,トラック,概要\nCaches,Ada Quill、Ben Oak,Storage,Keys.\n",
            "Название;Докладчик;Трек;Аннотация\nCaches;Ada Quill, Ben Oak;Storage;Keys.\n",
            "# Talks\n\n| Title of the session | Speakers | Track | Abstract |\n|:---|---|---|---|\n| Caches | Ada Quill, Ben Oak | Storage | Keys. |\n",
        ] {
            check(table, &expected);
        }
    }

    #[test]
    fn a_line_may_be_one_more_speaker_and_link_to_the_recording() {
        check(
            "Session Id,Title,Description,Owner,Track,Live Link,Recording Link,Speaker Id,FirstName,LastName\n\
             101,Caches,Keys.,Press Office,Storage,https://youtu.be/AAAAAAAAA09,https://youtu.be/AAAAAAAAA00,s1,Ada,Quill\n\
             ,,,,,,,s2,Ben,Oak\n\
             102,Keynote,,Press Office,,,,s1,Ada,Quill\n\
             102,Keynote,,Press Office,,,,s3,Cleo,Fir\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak | Storage |  | Expected | "Keys." | AAAAAAAAA00
                Keynote | Ada Quill; Cleo Fir |  |  | Expected | -
            "#]],
        );
        check(
            "Title,Speaker,Recording\nLightning talks,Ada Quill,https://youtu.be/AAAAAAAAA00\nLightning talks,Ada Quill,https://youtu.be/AAAAAAAAA01\n",
            &expect![[r#"
                Lightning talks | Ada Quill |  |  | Expected | - | AAAAAAAAA00
                Lightning talks | Ada Quill |  |  | Expected | - | AAAAAAAAA01
            "#]],
        );
    }

    #[test]
    fn columns_that_are_not_used_are_named() {
        let table = "Title,Speaker,Room,Slides,Empty\nCaches,Ada Quill,Hall,https://example.org,\n";
        let schedule = crate::schedule::read(table.as_bytes()).unwrap();
        assert_eq!(schedule.unused, ["Room", "Slides"]);
    }

    #[test]
    fn the_names_in_unknown_objects_are_no_accounts() {
        check(
            &serde_json::json!([{ "name": "Caches", "presenters": [{ "username": "aquill", "name": "Ada Quill" }], "topic": { "id": "7", "title": "Storage" } }]).to_string(),
            &expect![[r#"
                Caches | Ada Quill | Storage |  | Expected | -
            "#]],
        );
    }

    #[test]
    fn the_session_export_for_organizers_is_a_table_in_json() {
        let rows = serde_json::json!([
            { "ID": "ABC123", "Proposal title": "Caches", "Proposal state": "confirmed", "Track": { "en": "Storage" },
              "Abstract": "Keys.", "Description": "And *values*.", "Language": "de",
              "Speaker IDs": ["XYZ789"], "Speaker names": ["Ada Quill", "Ben Oak"], "Room": null, "Duration": 30 },
            { "ID": "DEF456", "Proposal title": "Turned down", "Proposal state": "rejected" },
        ]);
        check(
            &rows.to_string(),
            &expect![[r#"
            Caches | Ada Quill; Ben Oak | Storage | de | Expected | "Keys.\n\nAnd values."
        "#]],
        );
    }

    #[test]
    fn tables_in_other_encodings_are_read() {
        for bytes in [
            b"\xef\xbb\xbfTitle;Speaker\nGr\xc3\xb6\xc3\x9fe;Zo\xc3\xab \xc3\x85ngstr\xc3\xb6m\n"
                .as_slice(),
            b"Title;Speaker\r\nGr\xf6\xdfe;Zo\xeb \xc5ngstr\xf6m\r\n",
        ] {
            let sessions = crate::schedule::read(bytes).unwrap().sessions;
            assert_eq!(sessions[0].title, "Größe");
            assert_eq!(sessions[0].speakers, ["Zoë Ångström"]);
        }
    }

    #[test]
    fn what_is_no_table_of_sessions_is_told() {
        expect!["no column of this table holds titles: When, Where"]
            .assert_eq(&problem("When,Where\n10:00,Hall\n"));
        expect!["no column of this table holds titles: nonsense"].assert_eq(&problem("nonsense"));
        expect!["there are no sessions in this schedule"].assert_eq(&problem("Title,Speaker\n"));
        expect!["the file is empty"].assert_eq(&problem(" \n"));
    }
}
