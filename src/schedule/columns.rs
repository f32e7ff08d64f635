//! The columns of a table: which is which by its name, or by the links in it, and what a line says.
//!
//! A line is a session, or one of its speakers.

use std::collections::BTreeSet;

use csv::StringRecord;

use crate::schedule::column_names::{
    ABSTRACT, DESCRIPTION, FIRST_NAME, ID, LANGUAGE, LAST_NAME, NOT_NAMES, OTHER_SPEAKERS, OWNERS,
    SPEAKER_WORDS, SPEAKERS, STATUS, TITLE, TITLE_WORDS, TRACK, TRACKS_OF_SCHED,
};
use crate::schedule::links::{self, link_in, with_links};
use crate::schedule::plain::{plain_line, plain_text};
use crate::schedule::speakers::speakers;
use crate::schedule::{Session, announcement, is_accepted, language};

/// Where in a line is what.
pub(super) struct Columns {
    title: usize,
    speakers: Vec<usize>,
    /// First and last name of each speaker.
    names: Vec<(usize, usize)>,
    id: Option<usize>,
    /// Links to videos and captions, the likeliest first, each with the name of its column.
    videos: Vec<(usize, String)>,
    r#abstract: Option<usize>,
    description: Option<usize>,
    track: Option<usize>,
    tracks_of_sched: Option<usize>,
    language: Option<usize>,
    status: Option<usize>,
}

impl Columns {
    pub(super) fn of(header: &StringRecord, records: &[StringRecord]) -> Option<Self> {
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
        if speakers.is_empty() && in_parts.is_empty() {
            let is_called_so = |column: &usize| {
                let has = |words: &[&str]| words.iter().any(|word| names[*column].contains(word));
                *column != title && has(&SPEAKER_WORDS) && !has(&NOT_NAMES)
            };
            speakers = (0..names.len()).filter(is_called_so).collect();
        }
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
    pub(super) fn count(&self) -> usize {
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

    pub(super) fn sessions(&self, records: &[StringRecord]) -> Vec<Session> {
        let state = |record: &StringRecord| Some(record.get(self.status?)?.to_owned());
        let is_taken = |record: &&StringRecord| {
            state(record).is_none_or(|state| is_accepted(&state)) && !self.is_header(record)
        };
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

    /// Whether a line names the columns once more, as where pages or days follow each other.
    fn is_header(&self, record: &StringRecord) -> bool {
        let is_named = |at: usize, names: &str| {
            let name = record.get(at).map(bare).unwrap_or_default();
            names.split_whitespace().any(|known| known == name)
        };
        let speakers = self.speakers.iter();
        is_named(self.title, TITLE)
            && speakers.clone().next().is_some()
            && speakers.clone().all(|at| is_named(*at, SPEAKERS))
    }

    /// The columns that hold something and that nothing is taken from.
    pub(super) fn unused(&self, header: &StringRecord, records: &[StringRecord]) -> Vec<String> {
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
            .chain(self.videos.iter().map(|(at, _)| *at))
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
        let links = self.videos.iter();
        let links = links.filter_map(|(at, called)| link_in(record.get(*at)?, called));
        let links: Vec<String> = links.collect();
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
        with_links(session, links.iter().map(String::as_str))
    }
}

/// A title, which may be the words of a link in Markdown or in a formula.
fn title(cell: &str) -> String {
    let of_markdown = || {
        Some(
            cell.strip_prefix('[')?
                .strip_suffix(')')?
                .split_once("](")?
                .0,
        )
    };
    let of_formula = || {
        let inside = cell.strip_prefix("=HYPERLINK(")?.strip_suffix(')')?;
        let words = inside.rsplit_once([',', ';'])?.1.trim();
        Some(words.trim_matches('"'))
    };
    plain_line(of_markdown().or_else(of_formula).unwrap_or(cell))
}

/// Whether a line is one more speaker of the session above it.
fn is_again(above: &Session, session: &Session, id: Option<&str>, last: Option<&str>) -> bool {
    let is_rest = session.title.is_empty() && id.is_none();
    let is_same = id.is_some() && id == last && session.title == above.title;
    !session.speakers.is_empty() && (is_rest || is_same)
}

/// The columns in which cells are links to videos or captions: recordings first, what is live last.
fn videos(names: &[String], records: &[StringRecord]) -> Vec<(usize, String)> {
    let holds_links = |(at, called): &(usize, &String)| {
        let mut cells = records.iter().filter_map(|record| record.get(*at));
        cells.any(|cell| link_in(cell, called).is_some())
    };
    let columns = names.iter().enumerate().filter(holds_links);
    let mut columns: Vec<(usize, String)> = columns.map(|(at, name)| (at, name.clone())).collect();
    columns.sort_by_key(|(_, name)| links::rank(name));
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
}
