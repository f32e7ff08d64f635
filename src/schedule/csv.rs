//! Tables as CSV, as every planning tool and every spreadsheet saves them.
//!
//! Separated by commas, semicolons or tabs; the first line names the columns, in the words that
//! tools and people use for them. A line is a session, or one of its speakers.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::schedule::plain::{plain_line, plain_text};
use crate::schedule::speakers::speakers;
use crate::schedule::{ScheduleError, Session, is_accepted, language};

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What columns are called, the likeliest first, in small letters without signs and digits.
const TITLE: &str = "
    title sessiontitle talktitle proposaltitle submissiontitle presentationtitle papertitle eventtitle
    videotitle titel titre título titulo titolo tytuł vortragstitel titelderveranstaltung
    session talk presentation vortrag sessionname talkname eventname beitrag nameofsession subject topictitle
";
const SPEAKERS: &str = "
    speakers speakernames speaker speakername speakersnames presenters presenter presentername authors author
    names fullname vortragende vortragender referent referenten referentin referentinnen sprecher
    sprecherin sprecherinnen intervenant intervenants intervenante conférencier conférenciers orateur
    orateurs ponente ponentes relatore relatori oradores orador prelegent prelegenci owner host hosts
    moderator panelists name
";
const ABSTRACT: &str = "
    abstract sessionabstract talkabstract shortabstract description sessiondescription talkdescription
    longdescription fulldescription shortdescription details summary content beschreibung kurzbeschreibung
    beschreibungstext zusammenfassung inhalt résumé resume descripción descripcion resumen descrizione
    descrição descricao opis
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
    let mut sessions = Vec::new();
    for record in reader.records() {
        let record = record.map_err(ScheduleError::Table)?;
        if columns
            .status
            .and_then(|at| record.get(at))
            .is_none_or(is_accepted)
        {
            sessions.push(columns.session(&record));
        }
    }
    Ok(sessions)
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
        Some(Self {
            title: first(TITLE)?,
            speakers: all(SPEAKERS),
            r#abstract: first(ABSTRACT),
            track: first(TRACK),
            language: first(LANGUAGE),
            status: first(STATUS),
        })
    }

    fn session(&self, record: &StringRecord) -> Session {
        let text = |at: Option<usize>| {
            at.and_then(|at| record.get(at))
                .filter(|text| !text.is_empty())
        };
        let named = self.speakers.iter().filter_map(|at| text(Some(*at)));
        Session {
            title: text(Some(self.title)).map(plain_line).unwrap_or_default(),
            speakers: named.flat_map(speakers).collect(),
            r#abstract: text(self.r#abstract).map(plain_text),
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
