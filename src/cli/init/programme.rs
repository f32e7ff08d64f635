//! What a schedule says about the talks of a draft.
//!
//! A talk gets what its entry does not say yet; nothing that an organizer wrote is changed. Talks
//! and sessions without a counterpart are named.

use std::collections::{HashMap, HashSet};

use toml_edit::{Array, Value};

use crate::cache::Cache;
use crate::catalog::edit::{Draft, EditError};
use crate::catalog::lines::one_line;
use crate::catalog::write::{TRACKS, TRACKS_AS_CATEGORIES};
use crate::catalog::{Catalog, Entry};
use crate::cli::ending::Failure;
use crate::cli::init::edit_failure;
use crate::numbers::pluralize;
use crate::report::say;
use crate::schedule::matching::matches;
use crate::schedule::{Recording, Schedule, Session, tracks};
use crate::talk::id::{TalkId, VideoId};
use crate::work::Stage;

/// Of more lines than these nobody reads the rest.
const MOST_LINES: usize = 20;

/// How the note of a session without a video begins.
const NO_VIDEO: &str = "# no video: ";

/// What came of a schedule.
#[derive(Debug)]
pub(super) struct FilledProgramme {
    /// How many talks have found their session.
    matched: usize,
    /// How many of them did not say all of it.
    mended: usize,
    /// How many talks there are to match, and of how many no title is known yet.
    visible: usize,
    untitled: usize,
    /// The talks of which `YouTube` tells no title, with the reason.
    withheld: Vec<String>,
    /// The talks without a session.
    talks: Vec<String>,
    /// The sessions without a video.
    sessions: Vec<String>,
    /// The columns of the schedule that nothing was taken from.
    unused: Vec<String>,
}

/// Fills in what the sessions say. `own` are the talks that stood in the catalog before, `listed`
/// the titles of the videos that were listed now.
pub(super) fn fill(
    draft: &mut Draft,
    Schedule {
        sessions, unused, ..
    }: &Schedule,
    own: &HashSet<TalkId>,
    listed: &HashMap<VideoId, String>,
) -> Result<FilledProgramme, Failure> {
    let catalog = draft.catalog().map_err(edit_failure)?;
    let cache = Cache::new(catalog.cache.clone());
    let titles = titles(draft, &catalog, &cache, listed);
    let ids = catalog.talks.iter().map(|entry| &entry.id);
    let talks: Vec<(&TalkId, &str)> = ids.zip(titles.iter().map(String::as_str)).collect();
    let session_of = matches(sessions, &talks);
    let categories = categories(&catalog, sessions);

    let mut mended = 0;
    let mut is_filed = false;
    for (talk, (entry, session)) in catalog.talks.iter().zip(&session_of).enumerate() {
        let Some(session) = session.filter(|_| !entry.hide) else {
            continue;
        };
        let origin = if own.contains(&entry.id) {
            EntryOrigin::Organizer
        } else {
            EntryOrigin::ThisRun
        };
        let keys = missing_keys(
            entry,
            origin,
            &sessions[session],
            &categories,
            &catalog.language,
        );
        mended += usize::from(!keys.is_empty());
        if origin == EntryOrigin::ThisRun && draft.remark(talk) == Some(&sessions[session].title) {
            draft.drop_remark(talk);
        }
        for (key, value) in keys {
            is_filed |= key == "category";
            draft.set(talk, key, value);
        }
    }
    if is_filed && catalog.categories.is_empty() {
        draft.add_categories(&tracks(sessions), TRACKS_AS_CATEGORIES);
    }

    let talks = catalog.talks.iter().zip(&session_of).zip(&titles);
    let visible: Vec<_> = talks.filter(|((entry, _), _)| !entry.hide).collect();
    let without = visible.iter().filter(|((_, session), _)| session.is_none());
    let (untitled, talks): (Vec<_>, Vec<_>) = without.partition(|(_, title)| title.is_empty());
    let (withheld, untitled) =
        split_withheld(untitled.iter().map(|((entry, _), _)| *entry), &cache);
    let talks = talks
        .iter()
        .map(|((entry, _), title)| format!("{}  {}", entry.id, one_line(title)));
    let is_missed = |(at, session): &(usize, &Session)| {
        session.recording == Recording::Expected && !session_of.contains(&Some(*at))
    };
    let missed = sessions.iter().enumerate().filter(is_missed);
    let missed: Vec<String> = missed
        .map(|(_, session)| one_line(&session.full_title()))
        .collect();
    // A session may be that of a talk whose title nobody knows yet.
    if untitled.is_empty() {
        note(draft, &missed)?;
    }
    let found = session_of.iter().flatten();
    let found = found.map(|session| one_line(&sessions[*session].full_title()));
    drop_notes(draft, found.filter(|session| !missed.contains(session)));
    Ok(FilledProgramme {
        matched: session_of.iter().flatten().count(),
        mended,
        visible: visible.len(),
        untitled: untitled.len(),
        withheld,
        talks: talks.collect(),
        sessions: missed,
        unused: unused.clone(),
    })
}

/// Whose words stand in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EntryOrigin {
    /// The organizer's, which are never changed.
    Organizer,
    /// Those of the recording's chapters, which the schedule knows better.
    ThisRun,
}

/// What each talk is called, as far as anything says so; what is unknown is empty.
fn titles(
    draft: &Draft,
    catalog: &Catalog,
    cache: &Cache,
    listed: &HashMap<VideoId, String>,
) -> Vec<String> {
    let cached = |video: &VideoId| cache.snapshot(video).ok()?.metadata().ok()?;
    let entries = catalog.talks.iter().enumerate();
    let titles = entries.map(|(talk, entry)| {
        let written = entry.title.clone();
        if entry.id.start.is_some() {
            return written;
        }
        let video = &entry.id.video;
        let written = written.or_else(|| listed.get(video).cloned());
        let written = written.or_else(|| cached(video).map(|metadata| metadata.title));
        written.or_else(|| draft.remark(talk).map(str::to_owned))
    });
    titles.map(Option::unwrap_or_default).collect()
}

/// Of talks without a title, those whose video does not tell it, each with the reason in words, and
/// those that nobody has asked for yet.
fn split_withheld<'e>(
    untitled: impl Iterator<Item = &'e Entry>,
    cache: &Cache,
) -> (Vec<String>, Vec<&'e Entry>) {
    let (mut withheld, mut unasked) = (Vec::new(), Vec::new());
    for entry in untitled {
        let snapshot = cache.snapshot(&entry.id.video).ok();
        match snapshot.and_then(|snapshot| snapshot.failure(Stage::Metadata).ok()?) {
            Some(failure) => withheld.push(format!("{}  {}", entry.id, one_line(&failure.message))),
            None => unasked.push(entry),
        }
    }
    (withheld, unasked)
}

/// The category of each track: one of the catalog's, or the track itself where there are none yet.
fn categories(catalog: &Catalog, sessions: &[Session]) -> HashMap<String, String> {
    let tracks = tracks(sessions);
    let make_categories = catalog.categories.is_empty() && TRACKS.contains(&tracks.len());
    let filed = tracks.into_iter().filter_map(|track| {
        let name = match catalog.categories.named(&track) {
            Some(category) => category.name.clone(),
            None if make_categories => track.clone(),
            None => return None,
        };
        Some((track, name))
    });
    filed.collect()
}

/// What a session says and an entry does not.
fn missing_keys(
    entry: &Entry,
    origin: EntryOrigin,
    session: &Session,
    categories: &HashMap<String, String>,
    language: &str,
) -> Vec<(&'static str, Value)> {
    let mut keys: Vec<(&'static str, Value)> = Vec::new();
    if entry.title.is_none() || origin == EntryOrigin::ThisRun {
        keys.push(("title", session.title.as_str().into()));
    }
    if entry.speakers.is_empty() && !session.speakers.is_empty() {
        let speakers: Array = session.speakers.iter().collect();
        keys.push(("speakers", speakers.into()));
    }
    let category = session
        .track
        .as_ref()
        .and_then(|track| categories.get(track));
    if let Some(category) = category.filter(|_| entry.category.is_none()) {
        keys.push(("category", category.into()));
    }
    let spoken = session
        .language
        .as_ref()
        .filter(|spoken| *spoken != language);
    if let Some(spoken) = spoken.filter(|_| entry.language.is_none()) {
        keys.push(("language", spoken.into()));
    }
    // The last and longest; on lines of its own.
    if let Some(text) = session
        .r#abstract
        .as_ref()
        .filter(|_| entry.r#abstract.is_none())
    {
        keys.push(("abstract", format!("{text}\n").into()));
    }
    keys
}

/// Notes the sessions without a video behind the talks; what stands there already is not noted again.
fn note(draft: &mut Draft, missed: &[String]) -> Result<(), Failure> {
    let lines = missed
        .iter()
        .map(|session| format!("  {NO_VIDEO}{session}"));
    let known: HashSet<&str> = draft.text().lines().map(str::trim).collect();
    let lines: Vec<String> = lines.filter(|line| !known.contains(line.trim())).collect();
    if lines.is_empty() {
        return Ok(());
    }
    match draft.append(&format!("{}\n", lines.join("\n"))) {
        // Where talks are tables, no list holds a note: the sessions are named in the report alone.
        Err(EditError::TablesOfTalks) => Ok(()),
        noted => noted.map_err(edit_failure),
    }
}

/// Takes out what an earlier run has noted of sessions that have found their video.
fn drop_notes(draft: &mut Draft, found: impl Iterator<Item = String>) {
    let lines = draft.text().lines().map(str::trim);
    let notes = lines.filter(|line| line.starts_with(NO_VIDEO));
    let notes: HashSet<String> = notes.map(str::to_owned).collect();
    let outdated = found.map(|session| format!("{NO_VIDEO}{session}"));
    for note in outdated.filter(|note| notes.contains(note)) {
        draft.drop_comment(&note);
    }
}

impl FilledProgramme {
    /// Whether more sessions may find their talks once the titles are fetched.
    pub(super) fn waits_for_titles(&self) -> bool {
        self.untitled > 0
    }

    pub(super) fn report(&self) {
        if !self.unused.is_empty() {
            say(format_args!(
                "columns of the schedule that are not used: {}",
                self.unused.join(", ")
            ));
        }
        if self.untitled > 0 {
            say(format_args!(
                "the program matches sessions by title, but {} of {} talks have no title yet",
                self.untitled, self.visible
            ));
            if self.untitled == self.visible {
                return;
            }
        }
        say(format_args!(
            "the schedule matches {}, and {} got data from it",
            pluralize(self.matched, "talk"),
            self.mended
        ));
        say_list("no session for", "talk", &self.talks);
        say_list("no title for", "talk", &self.withheld);
        if !self.withheld.is_empty() {
            say(format_args!(
                "give each of them the `title` of its session in the catalog, or `hide = true`"
            ));
        }
        say_list("no video for", "session", &self.sessions);
    }
}

fn say_list(what: &str, of: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    say(format_args!("{what} {}:", pluralize(items.len(), of)));
    for item in items.iter().take(MOST_LINES) {
        say(format_args!("  {item}"));
    }
    if items.len() > MOST_LINES {
        say(format_args!("  and {} more", items.len() - MOST_LINES));
    }
}
