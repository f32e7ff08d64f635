//! A conference's schedule as its planning tool exports it: sessions with titles, speakers,
//! abstracts and tracks.
//!
//! Pure: bytes in, sessions out. What a file is, its content tells and not its name. Exports of
//! pretalx, frab, Sessionize, Sched and Indico, pentabarf's XML, calendars, lists in YAML, TOML and
//! Markdown, pages, and tables as CSV and as wikis write them are read, one file a format; what the sessions have to do with videos is in `matching.rs`.

pub(crate) mod breaks;
mod column_names;
mod columns;
mod csv;
mod grid;
mod ical;
mod indico;
mod json;
mod link_list;
mod links;
pub(crate) mod matching;
mod nested;
mod page;
mod pentabarf;
mod plain;
mod pretalx;
mod ruled;
mod sched;
mod sessionize;
mod speakers;
mod talk_list;
mod wiki;

use std::sync::LazyLock;

use ::csv::StringRecord;
use regex::Regex;
use serde_json::Value;
use thiserror::Error;
use url::Url;

use crate::encoding::decode;
use crate::schedule::breaks::is_break;
use crate::talk::UNCATEGORIZED;
use crate::talk::id::{TalkId, VideoId};

/// An abstract of fewer words leaves the telling to the description.
const TELLING: usize = 60;

/// What a schedule says about a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Session {
    /// Its title, on one line and never empty.
    pub title: String,
    pub speakers: Vec<String>,
    /// What it was announced with, as plain text.
    pub r#abstract: Option<String>,
    /// The track it is in.
    pub track: Option<String>,
    /// The language that is spoken (BCP 47), where it is known.
    pub language: Option<String>,
    /// Whether a recording of it is to be looked for.
    pub recording: Recording,
    /// Its recording on `YouTube`, where the schedule links to it.
    pub video: Option<TalkId>,
    /// Its recording on another host, where the schedule links to the file.
    pub media: Option<Url>,
    /// Its captions, where the schedule links to them.
    pub captions: Option<Url>,
    /// The day on which it was held, `2026-02-01`.
    pub date: Option<String>,
    /// How long it was planned to be, in seconds.
    pub duration: Option<u64>,
}

/// A schedule as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Its sessions, without breaks and what was turned down.
    pub sessions: Vec<Session>,
    /// The columns or fields of a table that nothing was taken from.
    pub unused: Vec<String>,
    /// The name of the conference, where it says so.
    pub title: Option<String>,
}

/// Whether there should be a recording of a session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Recording {
    /// It would be missed.
    #[default]
    Expected,
    /// There may be one: the session is part of the frame, or was not to be recorded.
    Possible,
}

impl Session {
    /// Its title behind the names of its speakers.
    #[must_use]
    pub(crate) fn full_title(&self) -> String {
        if self.speakers.is_empty() {
            self.title.clone()
        } else {
            format!("{}: {}", self.speakers.join(", "), self.title)
        }
    }

    /// The talk that its recording on another host than `YouTube` is.
    #[must_use]
    pub(crate) fn talk_elsewhere(&self) -> Option<TalkId> {
        let link = self.media.as_ref()?;
        Some(TalkId::whole(VideoId::of_link(link)))
    }
}

/// A file that is no schedule.
#[derive(Debug, Error)]
pub(crate) enum ScheduleError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is a page, not an export.
    #[error("this is a web page")]
    WebPage,
    /// It is XML of another kind.
    #[error("this XML is no schedule")]
    Xml,
    /// It is XML that breaks off.
    #[error("line {line}: this XML is damaged")]
    DamagedXml {
        /// The line, counted from 1.
        line: u32,
        /// What is wrong there.
        #[source]
        source: roxmltree::Error,
    },
    /// It was to be YAML.
    #[error("line {line}: this is no valid YAML")]
    DamagedYaml {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong there.
        #[source]
        source: Box<serde_saphyr::Error>,
    },
    /// It was to be TOML.
    #[error("this is no valid TOML")]
    DamagedToml {
        /// What is wrong, and in which line.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// It is YAML or TOML of another kind.
    #[error("this {format} is no list of talks")]
    NoList { format: &'static str },
    /// It is the file of a spreadsheet program.
    #[error("this is the file of a spreadsheet program")]
    Spreadsheet,
    /// It is neither JSON nor a table.
    #[error("line {line}: this is no valid JSON")]
    Json {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        #[source]
        source: serde_json::Error,
    },
    /// It is JSON of another kind.
    #[error("this JSON is no schedule of pretalx, frab, Sessionize, Sched or Indico")]
    UnknownJson,
    /// It is a table, and nobody knows where its titles are.
    #[error("no column of this table holds titles: {columns}")]
    NoTitles {
        /// What its columns are called.
        columns: String,
    },
    /// It cannot be read as a table.
    #[error("this is no table")]
    Table(#[source] ::csv::Error),
    /// It is a schedule, and there is no session in it.
    #[error("there are no sessions in this schedule")]
    NoSessions,
}

impl ScheduleError {
    #[must_use]
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Xml
            | Self::WebPage
            | Self::UnknownJson
            | Self::Json { .. }
            | Self::DamagedXml { .. }
            | Self::Empty => {
                "export it again: from pretalx `…/schedule/export/schedule.json` or its XML, from Sessionize an API endpoint in JSON, \"All data\" or \"Sessions\"; or save a table as CSV"
            }
            Self::DamagedYaml { .. } | Self::DamagedToml { .. } | Self::NoList { .. } => {
                "a list of talks has a `title` for each, as rubyevents' videos.yml has"
            }
            Self::Spreadsheet => "save it as CSV there",
            Self::NoTitles { .. } | Self::Table(_) => {
                "the first line names the columns, such as title, speakers, abstract, track"
            }
            Self::NoSessions => "export it when the schedule is public",
        }
    }
}

/// Reads a schedule. Breaks and what was turned down are left out, and what stands there twice is
/// one session.
pub(crate) fn read(bytes: &[u8]) -> Result<Schedule, ScheduleError> {
    let text = decode(bytes);
    let has_old_breaks = text.contains('\r') && !text.contains('\n');
    let text = if has_old_breaks {
        text.replace('\r', "\n").into()
    } else {
        text
    };
    let text = text.trim();
    let read = match text.chars().next() {
        None => return Err(ScheduleError::Empty),
        Some('<') if text.starts_with("<?xml") || text.contains("<schedule") => {
            pentabarf::read(text)?
        }
        Some('<') => of_page(text).ok_or(ScheduleError::WebPage)?,
        Some(_) if wiki::has_table(text) => of_tables(wiki::tables(text))?,
        Some(_) if is_toml(text) => of_toml(text)?,
        Some('{' | '[') => of_json(text)?,
        Some(_) if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") => {
            return Err(ScheduleError::Spreadsheet);
        }
        Some(_) if ical::is_calendar(text) => known(ical::sessions(text)),
        Some(_) if talk_list::is_list(text) => of_yaml(text)?,
        Some(_) if ruled::has_table(text) => of_tables(ruled::tables(text))?,
        Some(_) if link_list::is_list(text) => known(link_list::sessions(text)),
        Some(_) => csv::read(text)?,
    };
    let mut read = read;
    let has_recording = |session: &Session| session.video.is_some() || session.media.is_some();
    let is_session = |session: &Session| {
        let is_named = !session.title.is_empty() && !is_break(&session.title);
        is_named && (!speakers::is_nobody(&session.title) || has_recording(session))
    };
    let sessions = deduplicate(
        std::mem::take(&mut read.sessions)
            .into_iter()
            .filter(is_session),
    );
    if sessions.is_empty() {
        return Err(ScheduleError::NoSessions);
    }
    Ok(Schedule { sessions, ..read })
}

/// A schedule of a format of which each field is known.
fn known(sessions: Vec<Session>) -> Schedule {
    Schedule {
        sessions,
        ..Schedule::default()
    }
}

fn of_tables(tables: Vec<Vec<StringRecord>>) -> Result<Schedule, ScheduleError> {
    csv::of_tables(tables).ok_or(ScheduleError::NoSessions)
}

/// Reads the tables of a page, or what it tells search engines.
fn of_page(page: &str) -> Option<Schedule> {
    let in_tables = csv::of_tables(page::tables(page));
    in_tables.or_else(|| nested::read(&Value::Array(page::data(page))))
}

fn of_json(text: &str) -> Result<Schedule, ScheduleError> {
    let json = parse(text).map_err(|source| ScheduleError::Json {
        line: source.line(),
        source,
    })?;
    let of_tools = indico::sessions(&json)
        .or_else(|| sched::sessions(&json))
        .or_else(|| pretalx::of_schedule(&json))
        .or_else(|| sessionize::sessions(&json))
        .or_else(|| pretalx::of_api(&json));
    let of_any = of_tools.map(known).or_else(|| csv::of_objects(&json));
    let has_titles = |schedule: &Schedule| {
        let mut sessions = schedule.sessions.iter();
        sessions.any(|session| !session.title.is_empty())
    };
    if !of_any.as_ref().is_some_and(has_titles)
        && let Some(found) = nested::read(&json)
    {
        return Ok(found);
    }
    of_any.ok_or(ScheduleError::UnknownJson)
}

/// Reads JSON, also an object a line.
fn parse(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text).or_else(|error| {
        let objects = serde_json::Deserializer::from_str(text).into_iter();
        let objects: serde_json::Result<Vec<Value>> = objects.collect();
        objects.map(Value::Array).map_err(|_| error)
    })
}

/// Whether a text begins as TOML does: with the name of a table, or with a field.
fn is_toml(text: &str) -> bool {
    static BEGIN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^(?:\[\[?[A-Za-z][\w.-]*\]\]?\s*(?:#.*)?$|[A-Za-z][\w-]* = ["'\[0-9])"#)
            .expect("well-formed")
    });
    let mut lines = text.lines().map(str::trim_end);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| BEGIN.is_match(line))
}

fn of_toml(text: &str) -> Result<Schedule, ScheduleError> {
    let toml: Value = toml::from_str(text).map_err(|source| ScheduleError::DamagedToml {
        source: Box::new(source),
    })?;
    nested::read(&toml).ok_or(ScheduleError::NoList { format: "TOML" })
}

fn of_yaml(text: &str) -> Result<Schedule, ScheduleError> {
    let yaml: Value =
        serde_saphyr::from_str(text).map_err(|source| ScheduleError::DamagedYaml {
            line: source.location().map_or(1, |location| location.line()),
            source: Box::new(source),
        })?;
    let listed = talk_list::sessions(&yaml).map(known);
    listed
        .or_else(|| nested::read(&yaml))
        .ok_or(ScheduleError::NoList { format: "YAML" })
}

/// The recording that a link leads to.
fn video(link: &str) -> Option<TalkId> {
    let is_link = link.contains("youtu");
    let video = is_link
        .then(|| VideoId::from_id_or_link(link).ok())
        .flatten();
    video.map(TalkId::whole)
}

/// The day of a moment such as `2026-02-01T12:00:00+01:00`, where it is held.
fn day(moment: &str) -> Option<String> {
    let day = moment.trim().get(..10)?;
    let date: jiff::civil::Date = day.parse().ok()?;
    Some(date.to_string())
}

/// Seconds of a length in hours and minutes, `00:50`.
fn length(text: &str) -> Option<u64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let minutes = minutes.split(':').next()?;
    let (hours, minutes): (u64, u64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds = hours
        .checked_mul(3600)?
        .checked_add(minutes.checked_mul(60)?)?;
    (minutes < 60 && (1..=48 * 3600).contains(&seconds)).then_some(seconds)
}

/// A session that is given twice, or in a line a speaker, is one.
fn deduplicate(sessions: impl Iterator<Item = Session>) -> Vec<Session> {
    let mut kept: Vec<Session> = Vec::new();
    for session in sessions {
        let same = kept.iter_mut().find(|known| {
            let same_abstract =
                known.r#abstract.is_some() && known.r#abstract == session.r#abstract;
            let agree = |one: bool, other: bool, same: bool| !one || !other || same;
            let (video, media) = (&known.video, &known.media);
            let may_be_one = agree(
                video.is_some(),
                session.video.is_some(),
                *video == session.video,
            ) && agree(
                media.is_some(),
                session.media.is_some(),
                *media == session.media,
            );
            known.title == session.title
                && may_be_one
                && (same_abstract || known.speakers == session.speakers)
        });
        match same {
            Some(known) => {
                let new = session.speakers.into_iter();
                let new: Vec<String> = new.filter(|name| !known.speakers.contains(name)).collect();
                known.speakers.extend(new);
                known.video = known.video.take().or(session.video);
                known.media = known.media.take().or(session.media);
                known.captions = known.captions.take().or(session.captions);
            }
            None => kept.push(session),
        }
    }
    kept
}

/// The tracks in the order in which they appear.
#[must_use]
pub(crate) fn tracks(sessions: &[Session]) -> Vec<String> {
    let mut tracks: Vec<String> = Vec::new();
    for track in sessions.iter().filter_map(|session| session.track.as_ref()) {
        if track != UNCATEGORIZED && !tracks.contains(track) {
            tracks.push(track.clone());
        }
    }
    tracks
}

/// What a session was announced with: its abstract, and the description behind one that says little.
fn announcement(short: Option<String>, long: Option<String>) -> Option<String> {
    let says_little = |text: &str| text.split_whitespace().count() < TELLING;
    match (short, long) {
        (Some(short), Some(long)) if long.contains(&short) => Some(long),
        (Some(short), Some(long)) if says_little(&short) => Some(format!("{short}\n\n{long}")),
        (short, long) => short.or(long),
    }
}

/// Whether a session of this state was taken into the programme.
fn is_accepted(state: &str) -> bool {
    const NOT: [&str; 4] = ["draft", "submitted", "nominated", "no"];
    const PARTS: [&str; 14] = [
        "reject",
        "withdr",
        "cancel",
        "declin",
        "delete",
        "waitlist",
        "waiting list",
        "not accept",
        "abgelehnt",
        "zurückgezogen",
        "refus",
        "rechaz",
        "recusad",
        "afgewezen",
    ];
    let state = state.trim().to_lowercase();
    !NOT.contains(&&*state) && !PARTS.iter().any(|part| state.contains(part))
}

/// A language as schedules name it, `en`, `deu` or `English`, as a tag.
fn language(name: &str) -> Option<String> {
    let name = name.trim();
    let primary = name.split(['-', '_']).next().unwrap_or(name).to_lowercase();
    let mut letters = name.chars();
    let capitalized = letters
        .next()?
        .to_uppercase()
        .chain(letters)
        .collect::<String>();
    let known = isolang::Language::from_639_1(&primary)
        .or_else(|| isolang::Language::from_639_3(&primary))
        .or_else(|| isolang::Language::from_name(&capitalized))?;
    known.to_639_1().map(str::to_owned)
}

#[cfg(test)]
mod tests;
