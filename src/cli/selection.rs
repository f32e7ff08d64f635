//! Which talks a command works on, and what is done again.
//!
//! `--only` names whole videos with all their parts, and single parts; `--shard` takes a part of what is
//! left, and `--limit` the first of that. A name that no talk has is
//! refused with the nearest one that some talk has.

use std::fmt;
use std::num::NonZeroUsize;

use crate::catalog::nearest::did_you_mean;
use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::Selection;
use crate::cli::ending::Failure;
use crate::talk::id::TalkId;
use crate::work::{Goal, Redo, Stage, Task};

/// The talks that `--only` names; all where it names none. A name without a start stands for its
/// video and all parts of it.
#[derive(Debug)]
pub(super) struct Only(Vec<TalkId>);

impl Only {
    /// Reads the names of talks that stand in one of the catalogs.
    pub(super) fn of(names: &[String], catalogs: &[&Catalog]) -> Result<Self, Failure> {
        let entries = || catalogs.iter().flat_map(|catalog| &catalog.talks);
        let named = |name: &String| {
            let talk = TalkId::from_id_or_link(name).ok();
            let known = talk.filter(|talk| entries().any(|entry| is_of(&entry.id, talk)));
            known.ok_or_else(|| unknown(name, entries()))
        };
        names.iter().map(named).collect::<Result<_, _>>().map(Self)
    }

    /// Whether no talk is named, and so all are meant.
    pub(super) fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a talk is meant.
    pub(super) fn has(&self, talk: &TalkId) -> bool {
        self.is_everything() || self.0.iter().any(|name| is_of(talk, name))
    }

    /// Those of the entries that are meant.
    pub(super) fn among<'a>(
        &self,
        entries: impl Iterator<Item = &'a Entry>,
    ) -> impl Iterator<Item = &'a Entry> {
        entries.filter(|entry| self.has(&entry.id))
    }

    /// The first name that none of the entries has.
    pub(super) fn not_among(&self, entries: &[&Entry]) -> Option<&TalkId> {
        let is_without = |name: &&TalkId| !entries.iter().any(|entry| is_of(&entry.id, name));
        self.0.iter().find(is_without)
    }
}

/// As `--only` takes them.
impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&names.join(","))
    }
}

/// The entries to work on. A hidden talk that is asked for by name would be passed over without a
/// word.
pub(super) fn select<'a>(
    catalog: &'a Catalog,
    selection: &Selection,
) -> Result<Vec<&'a Entry>, Failure> {
    let visible: Vec<&Entry> = catalog.visible().collect();
    let only = Only::of(&selection.only, &[catalog])?;
    if let Some(hidden) = only.not_among(&visible) {
        let error = format!("the catalog hides `{hidden}`");
        return Err(Failure::usage(error, Some("take `hide` out of its entry")));
    }
    let is_in_shard = |entry: &&Entry| selection.shard.is_none_or(|shard| shard.has(&entry.id));
    Ok(only
        .among(visible.into_iter())
        .filter(is_in_shard)
        .take(selection.limit.map_or(usize::MAX, NonZeroUsize::get))
        .collect())
}

/// Refuses to do a stage again that the command does not come to: it would be passed over without a
/// word.
pub(super) fn check_redo(redo: &[Redo], goal: Goal) -> Result<(), Failure> {
    let mut stages = redo.iter().filter_map(|redo| match redo {
        Redo::Stage(stage) => Some(*stage),
        Redo::Failed => None,
    });
    let is_fetched = |stage: &Stage| Task::from(*stage) == Task::Fetch;
    let (command, other, strange) = match goal {
        Goal::Fetch => (
            "fetch",
            "summarize",
            stages.find(|stage| !is_fetched(stage)),
        ),
        Goal::Summarize => ("summarize", "fetch", stages.find(is_fetched)),
        Goal::Page | Goal::ClassicPage => return Ok(()),
    };
    match strange.map(Stage::name) {
        None => Ok(()),
        Some(stage) => Err(Failure::usage(
            format!("`{command}` does not make the stage {stage}"),
            Some(format!("`proceedings {other} --redo {stage}` does")),
        )),
    }
}

/// Whether a talk is the one of this name, or a part of it.
fn is_of(talk: &TalkId, name: &TalkId) -> bool {
    talk.video == name.video && (name.start.is_none() || name.start == talk.start)
}

fn unknown<'a>(name: &str, entries: impl Iterator<Item = &'a Entry>) -> Failure {
    let talks: Vec<String> = entries.map(|entry| entry.id.to_string()).collect();
    let nearest = did_you_mean(name, talks.iter().map(String::as_str));
    let usual = "`--only` takes ids and links of talks in the catalog, and ID@START for one part of a video";
    let hint = nearest.unwrap_or_else(|| usual.to_owned());
    Failure::usage(format!("the catalog has no talk `{name}`"), Some(hint))
}
