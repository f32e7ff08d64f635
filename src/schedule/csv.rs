//! Tables, as every planning tool and every spreadsheet saves them.
//!
//! CSV, separated by commas, semicolons or tabs, or the JSON of the session export for organizers of
//! pretalx. The columns are called by the words that tools and people use for them. A line is a
//! session, or one of its speakers.

use std::collections::BTreeSet;

use csv::{ReaderBuilder, StringRecord, Trim};
use serde_json::{Map, Value};

use crate::schedule::json::{line, list, text};
use crate::schedule::plain::{plain_line, plain_text};
use crate::schedule::speakers::speakers;
use crate::schedule::{ScheduleError, Session, announcement, is_accepted, language};

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What columns are called, the likeliest first, in small letters without signs and digits.
const TITLE: &str = "
    title sessiontitle talktitle proposaltitle submissiontitle presentationtitle papertitle eventtitle
    videotitle titel titre título titulo titolo tytuł vortragstitel titelderveranstaltung
    session talk presentation vortrag sessionname talkname eventname beitrag nameofsession subject topictitle name
";
const SPEAKERS: &str = "
    speakers speakernames speaker speakername speakersnames presenters presenter presentername authors author
    names fullname vortragende vortragender referent referenten referentin referentinnen sprecher
    sprecherin sprecherinnen intervenant intervenants intervenante conférencier conférenciers orateur
    orateurs ponente ponentes relatore relatori oradores orador prelegent prelegenci owner host hosts
    moderator panelists name
";
const ABSTRACT: &str = "
    abstract sessionabstract talkabstract shortabstract shortdescription summary kurzbeschreibung
    zusammenfassung résumé resume resumen
";
const DESCRIPTION: &str = "
    description sessiondescription talkdescription longdescription fulldescription details content
    beschreibung beschreibungstext inhalt descripción descripcion descrizione descrição descricao opis
";
const TRACK: &str = "
    track tracks sessiontrack assignedtrack trackname category categories kategorie topic topics thema themen
    themenbereich stream theme thème theme piste parcours pista categoría categoria área area
";
const LANGUAGE: &str = "language lang sprache vortragssprache langue idioma lingua locale contentlocale spokenlanguage";
const STATUS: &str = "status state proposalstate sessionstatus acceptance zustand statut estado";

/// Reads a table.
pub(super) fn sessions(text: &str) -> Result<Vec<Session>, ScheduleError> {
    // Excel's own note of the separator.
    let text = match text.split_once('\n') {
        Some((first, rest)) if first.to_lowercase().starts_with("sep=") => rest,
        _ => text,
    };
    let most = SEPARATORS.iter().max_by_key(|separator| {
        let header = reader(text, **separator).headers().cloned();
        (header.map_or(0, |header| header.len()), **separator == b',')
    });
    let mut reader = reader(text, *most.expect("there are separators"));
    let header = reader.headers().map_err(ScheduleError::Table)?.clone();
    let columns = Columns::of(&header).ok_or_else(|| ScheduleError::NoTitles {
        columns: header.iter().map(plain_line).collect::<Vec<_>>().join(", "),
    })?;
    let records: Result<Vec<StringRecord>, csv::Error> = reader.records().collect();
    Ok(columns.sessions(&records.map_err(ScheduleError::Table)?))
}

/// Reads a list of objects as a table; none if this is something else.
pub(super) fn of_objects(json: &Value) -> Option<Vec<Session>> {
    let rows: Option<Vec<&Map<String, Value>>> = list(json).iter().map(Value::as_object).collect();
    let rows = rows?;
    let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.keys()).collect();
    let columns = Columns::of(&names.iter().map(|name| name.as_str()).collect())?;
    let cell = |value: &Value| match value {
        Value::Array(several) => several
            .iter()
            .filter_map(line)
            .collect::<Vec<_>>()
            .join("\n"),
        value => text(value).unwrap_or_default().to_owned(),
    };
    let records = rows.iter().map(|row| {
        let cells = names
            .iter()
            .map(|name| row.get(*name).map(cell).unwrap_or_default());
        cells.collect()
    });
    Some(columns.sessions(&records.collect::<Vec<StringRecord>>()))
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(separator).flexible(true).trim(Trim::All);
    builder.from_reader(text.as_bytes())
}

/// Where in a line is what.
struct Columns {
    title: usize,
    speakers: Vec<usize>,
    r#abstract: Option<usize>,
    description: Option<usize>,
    track: Option<usize>,
    language: Option<usize>,
    status: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Option<Self> {
        let names: Vec<String> = header.iter().map(bare).collect();
        let all = |called: &str| {
            let likeliest = called
                .split_whitespace()
                .find(|name| names.iter().any(|column| column == name));
            let is_it = |(_, column): &(usize, &String)| Some(column.as_str()) == likeliest;
            names
                .iter()
                .enumerate()
                .filter(is_it)
                .map(|(at, _)| at)
                .collect::<Vec<usize>>()
        };
        let first = |called: &str| all(called).first().copied();
        let title = first(TITLE)?;
        let speakers = all(SPEAKERS).into_iter().filter(|column| *column != title);
        Some(Self {
            title,
            speakers: speakers.collect(),
            r#abstract: first(ABSTRACT),
            description: first(DESCRIPTION),
            track: first(TRACK),
            language: first(LANGUAGE),
            status: first(STATUS),
        })
    }

    fn sessions(&self, records: &[StringRecord]) -> Vec<Session> {
        let state = |record: &StringRecord| Some(record.get(self.status?)?.to_owned());
        let is_taken =
            |record: &&StringRecord| state(record).is_none_or(|state| is_accepted(&state));
        let taken = records.iter().filter(is_taken);
        taken.map(|record| self.session(record)).collect()
    }

    fn session(&self, record: &StringRecord) -> Session {
        let text = |at: Option<usize>| {
            at.and_then(|at| record.get(at))
                .filter(|text| !text.is_empty())
        };
        let paragraphs = |at: Option<usize>| text(at).map(plain_text);
        let named = self.speakers.iter().filter_map(|at| text(Some(*at)));
        Session {
            title: text(Some(self.title)).map(plain_line).unwrap_or_default(),
            speakers: named.flat_map(speakers).collect(),
            r#abstract: announcement(paragraphs(self.r#abstract), paragraphs(self.description)),
            track: text(self.track).map(plain_line),
            language: text(self.language).and_then(language),
            ..Session::default()
        }
    }
}

/// `Speaker(s)`, `speakers`, `Speaker 2`: the name of a column in small letters alone.
fn bare(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphabetic());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::{check, problem};

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
            let sessions = crate::schedule::sessions(bytes).unwrap();
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
