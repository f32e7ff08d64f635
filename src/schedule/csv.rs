//! Tables, as every planning tool and every spreadsheet saves them.
//!
//! CSV, separated by commas, semicolons or tabs, or the JSON of the session export for organizers of
//! pretalx. The columns are called by the words that tools and people use for them, and those with
//! links to videos are known by the links. A line is a session, or one of its speakers.

use std::collections::BTreeSet;

use csv::{ReaderBuilder, StringRecord, Trim};
use serde_json::{Map, Value};

use crate::schedule::column_names::{
    ABSTRACT, DESCRIPTION, FIRST_NAME, ID, LANGUAGE, LAST_NAME, OTHER_SPEAKERS, OWNERS, RECORDINGS,
    SPEAKERS, STATUS, TITLE, TITLE_WORDS, TRACK, TRACKS_OF_SCHED,
};
use crate::schedule::json::{list, name, text};
use crate::schedule::links::{is_file, with_links};
use crate::schedule::plain::{plain_line, plain_text};
use crate::schedule::speakers::speakers;
use crate::schedule::{
    Schedule, ScheduleError, Session, announcement, grid, html_tables, is_accepted, known,
    language, video,
};

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
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

/// Reads the table of a page that holds the most sessions.
pub(super) fn of_page(page: &str) -> Option<Schedule> {
    let tables = html_tables::tables(page).into_iter();
    let read = tables.filter_map(|table| {
        let plan = grid::sessions(&table);
        of_records(table).ok().or(plan.map(known))
    });
    let has_speakers = |schedule: &Schedule| {
        let mut sessions = schedule.sessions.iter();
        sessions.any(|session| !session.speakers.is_empty())
    };
    read.filter(has_speakers)
        .max_by_key(|schedule| schedule.sessions.len())
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
    let is_rule = |cell: &str| cell.chars().all(|letter| matches!(letter, '-' | ':' | ' '));
    record.iter().all(is_rule) && record.iter().any(|cell| cell.contains("--"))
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
    let header: StringRecord = names.iter().map(|name| name.as_str()).collect();
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
    let records = rows.iter().map(|row| {
        let cells = names
            .iter()
            .map(|name| row.get(*name).map(cell).unwrap_or_default());
        cells.collect()
    });
    schedule(&header, &records.collect::<Vec<StringRecord>>())
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(separator).flexible(true).trim(Trim::All);
    builder.has_headers(false);
    builder.from_reader(text.as_bytes())
}

/// Where in a line is what.
struct Columns {
    title: usize,
    speakers: Vec<usize>,
    /// First and last name of each speaker.
    names: Vec<(usize, usize)>,
    id: Option<usize>,
    /// Links to videos and captions, the likeliest first.
    videos: Vec<usize>,
    r#abstract: Option<usize>,
    description: Option<usize>,
    track: Option<usize>,
    tracks_of_sched: Option<usize>,
    language: Option<usize>,
    status: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord, records: &[StringRecord]) -> Option<Self> {
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
        let called_so = |name: &String| TITLE_WORDS.iter().any(|word| name.contains(word));
        let title = first(TITLE).or_else(|| names.iter().position(called_so))?;
        let in_parts: Vec<(usize, usize)> =
            all(FIRST_NAME).into_iter().zip(all(LAST_NAME)).collect();
        let is_owner = |column: &usize| !in_parts.is_empty() && OWNERS.contains(&&*names[*column]);
        let speakers = all(SPEAKERS).into_iter();
        let speakers = speakers.filter(|column| *column != title && !is_owner(column));
        let mut speakers: Vec<usize> = speakers.collect();
        let in_parts = if speakers.is_empty() {
            in_parts
        } else {
            Vec::new()
        };
        if !speakers.is_empty() || !in_parts.is_empty() {
            speakers.extend(all(OTHER_SPEAKERS));
        }
        Some(Self {
            title,
            names: in_parts,
            speakers,
            id: first(ID).filter(|column| *column != title),
            videos: videos(&names, records),
            r#abstract: first(ABSTRACT),
            description: first(DESCRIPTION),
            track: first(TRACK),
            tracks_of_sched: first(TRACKS_OF_SCHED),
            language: first(LANGUAGE),
            status: first(STATUS),
        })
    }

    /// How many of the columns are known by their names.
    fn count(&self) -> usize {
        let single = [
            self.r#abstract,
            self.description,
            self.track,
            self.tracks_of_sched,
            self.language,
            self.status,
        ];
        1 + self.names.len() + self.speakers.len() + single.into_iter().flatten().count()
    }

    fn sessions(&self, records: &[StringRecord]) -> Vec<Session> {
        let state = |record: &StringRecord| Some(record.get(self.status?)?.to_owned());
        let is_taken =
            |record: &&StringRecord| state(record).is_none_or(|state| is_accepted(&state));
        let mut sessions: Vec<Session> = Vec::new();
        let mut last = None;
        for record in records.iter().filter(is_taken) {
            let session = self.session(record);
            let id = self
                .id
                .and_then(|at| record.get(at))
                .filter(|id| !id.is_empty());
            match sessions.last_mut() {
                Some(known) if is_again(known, &session, id, last) => {
                    let new = session.speakers.into_iter();
                    let new: Vec<String> =
                        new.filter(|name| !known.speakers.contains(name)).collect();
                    known.speakers.extend(new);
                }
                _ => sessions.push(session),
            }
            last = id.or(last);
        }
        sessions
    }

    /// The columns that hold something and that nothing is taken from.
    fn unused(&self, header: &StringRecord, records: &[StringRecord]) -> Vec<String> {
        let single = [
            Some(self.title),
            self.r#abstract,
            self.description,
            self.track,
            self.tracks_of_sched,
            self.language,
            self.status,
            self.id,
        ];
        let names = self.names.iter().flat_map(|(first, last)| [*first, *last]);
        let used: BTreeSet<usize> = single
            .into_iter()
            .flatten()
            .chain(names)
            .chain(self.speakers.iter().copied())
            .chain(self.videos.iter().copied())
            .collect();
        let holds_something = |at: usize| {
            records
                .iter()
                .any(|record| record.get(at).is_some_and(|cell| !cell.is_empty()))
        };
        let unused = header
            .iter()
            .enumerate()
            .filter(|(at, name)| !used.contains(at) && !name.is_empty() && holds_something(*at));
        unused.map(|(_, name)| plain_line(name)).collect()
    }

    fn session(&self, record: &StringRecord) -> Session {
        let text = |at: Option<usize>| {
            at.and_then(|at| record.get(at))
                .filter(|text| !text.is_empty())
        };
        let paragraphs = |at: Option<usize>| text(at).map(plain_text);
        let named = self.speakers.iter().filter_map(|at| text(Some(*at)));
        let in_parts = self.names.iter().filter_map(|(first, last)| {
            let parts = [text(Some(*first)), text(Some(*last))]
                .into_iter()
                .flatten();
            let name = plain_line(&parts.collect::<Vec<_>>().join(" "));
            (!name.is_empty()).then_some(name)
        });
        let links = self.videos.iter().filter_map(|at| record.get(*at));
        let links = links.map(link_in);
        let first_of_sched = || text(self.tracks_of_sched)?.split([',', ';']).next();
        let track = text(self.track).or_else(first_of_sched);
        let session = Session {
            title: text(Some(self.title)).map(title).unwrap_or_default(),
            speakers: in_parts.chain(named.flat_map(speakers)).collect(),
            r#abstract: announcement(paragraphs(self.r#abstract), paragraphs(self.description)),
            track: track.map(plain_line),
            language: text(self.language).and_then(language),
            ..Session::default()
        };
        with_links(session, links)
    }
}

/// A title, which may be the words of a link in Markdown.
fn title(cell: &str) -> String {
    let link = || cell.strip_prefix('[')?.strip_suffix(')')?.split_once("](");
    plain_line(link().map_or(cell, |(words, _)| words))
}

/// The link that a cell is, also in Markdown.
fn link_in(cell: &str) -> &str {
    let link = || cell.strip_prefix('[')?.strip_suffix(')')?.split_once("](");
    link().map_or(cell, |(_, link)| link)
}

/// Whether a line is one more speaker of the session above it.
fn is_again(above: &Session, session: &Session, id: Option<&str>, last: Option<&str>) -> bool {
    let is_rest = session.title.is_empty() && id.is_none();
    let is_same = id.is_some() && id == last && session.title == above.title;
    !session.speakers.is_empty() && (is_rest || is_same)
}

/// The columns in which cells are links to videos or captions: recordings first, what is live last.
fn videos(names: &[String], records: &[StringRecord]) -> Vec<usize> {
    let is_video = |cell: &str| video(cell).is_some() || is_file(cell);
    let is_link = |cell: &str| {
        let link = link_in(cell);
        !link.contains(char::is_whitespace) && is_video(link)
    };
    let holds_links = |at: &usize| {
        records
            .iter()
            .any(|record| record.get(*at).is_some_and(is_link))
    };
    let mut columns: Vec<usize> = (0..names.len()).filter(holds_links).collect();
    columns.sort_by_key(|at| {
        let rank = RECORDINGS.iter().position(|part| names[*at].contains(part));
        (
            names[*at].contains("live"),
            rank.unwrap_or(RECORDINGS.len()),
        )
    });
    columns
}

/// `Speaker(s)`, `speakers`, `Speaker 2`: the name of a column in small letters alone, without what
/// explains it in brackets.
fn bare(name: &str) -> String {
    const EXPLAINS: [&str; 6] = [
        "name",
        "affiliation",
        "separated",
        "optional",
        "words",
        "require",
    ];
    let explained = name
        .trim_end()
        .strip_suffix(')')
        .and_then(|name| name.rsplit_once(" ("));
    let explained = explained.filter(|(_, inside)| {
        let inside = inside.to_lowercase();
        EXPLAINS.iter().any(|word| inside.contains(word))
    });
    let name = explained.map_or(name, |(name, _)| name);
    let letters = name.chars().filter(|letter| letter.is_alphabetic());
    letters.flat_map(char::to_lowercase).collect()
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
    fn the_names_of_columns_in_the_reference_are_known() {
        let reference = include_str!("../../docs/schedules.md");
        for (column, known) in [
            ("title (it must be there)", super::TITLE),
            ("abstract", super::ABSTRACT),
            ("description", super::DESCRIPTION),
            ("track", super::TRACK),
            ("language", super::LANGUAGE),
        ] {
            let row = reference.split(&format!("\n| {column} | ")).nth(1);
            let names = row.and_then(|row| row.split(" |").next()).unwrap();
            for name in names.split(", ").map(super::bare) {
                let is_known = known.split_whitespace().any(|word| word == name);
                assert!(is_known, "{column}: {name}");
            }
        }
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
