//! How it stands with every talk at each stage: what is there, what is stale and why, what is
//! missing and what could be done about it.
//!
//! Pure: what was found out about a talk comes in, rows and sums go out. What a run would take is
//! in `forecast.rs`. Nothing here knows the cache, the terminal or a clock.

pub(crate) mod decisions;
pub(crate) mod forecast;
mod rows;

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

pub(crate) use crate::status::rows::{CategorySource, Changes, TalkFacts, hidden_row, row};
use crate::talk::id::TalkId;

/// The stages at which every talk has a result, of all that the line keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TalkStage {
    /// What `YouTube` says about the video.
    Metadata,
    /// What was said in it.
    Transcript,
    /// Two sentences about the talk.
    Summary,
    /// Where it is filed.
    Category,
}

/// How it stands with a talk at a stage. The words are a promise to those who read `--json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// It is there, and is what would be made today.
    Cached,
    /// The organizer has written it, or decides it by a rule.
    Written,
    /// It was taken over from a page made earlier.
    Imported,
    /// It was made without a model, and none is named.
    BuiltIn,
    /// Something older stands in, since what it was made of has changed.
    Stale,
    /// It is not there.
    Missing,
    /// It could not be fetched, and the reason is known.
    Failed,
    /// A model's replies were of no use and have been set aside.
    SetAside,
    /// A file of the cache cannot be read.
    Damaged,
    /// The catalog hides the talk.
    Hidden,
    /// Nothing is wanted there: the catalog lists no categories.
    None,
}

/// What is known of a talk at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Cell {
    /// How it stands.
    pub state: State,
    /// What has changed since it was made, a word each; see `Change::name`.
    pub changed: Vec<&'static str>,
    /// Why it is so, in one line.
    pub why: Option<String>,
    /// When that was found out.
    pub at: Option<Timestamp>,
    /// What to do about it.
    pub next: Option<String>,
}

/// What is known of a talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub talk: TalkId,
    pub title: String,
    /// How it stands at each stage, in their order.
    pub cells: [Cell; 4],
}

/// Talks at a stage that are in the same state for the same reason.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group<'a> {
    pub stage: TalkStage,
    /// What is the same for all of them.
    pub cell: &'a Cell,
    pub talks: Vec<&'a TalkId>,
}

/// What is the same for all talks of a group.
#[derive(PartialEq, Eq, Hash)]
struct Saying<'a> {
    stage: TalkStage,
    state: State,
    why: Option<&'a str>,
    day: Option<Date>,
    next: Option<&'a str>,
}

impl TalkStage {
    /// All of them, in the order of the line.
    pub(crate) const ALL: [Self; 4] = [
        Self::Metadata,
        Self::Transcript,
        Self::Summary,
        Self::Category,
    ];

    /// The word in the table and on the command line.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Transcript => "transcript",
            Self::Summary => "summary",
            Self::Category => "category",
        }
    }
}

impl State {
    /// All of them, in the order of the table.
    pub(crate) const ALL: [Self; 11] = [
        Self::Cached,
        Self::Written,
        Self::Imported,
        Self::BuiltIn,
        Self::Stale,
        Self::Missing,
        Self::Failed,
        Self::SetAside,
        Self::Damaged,
        Self::Hidden,
        Self::None,
    ];

    /// The word in the table and on the command line.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cached => "cached",
            Self::Written => "written",
            Self::Imported => "imported",
            Self::BuiltIn => "built-in",
            Self::Stale => "stale",
            Self::Missing => "missing",
            Self::Failed => "failed",
            Self::SetAside => "set-aside",
            Self::Damaged => "damaged",
            Self::Hidden => "hidden",
            Self::None => "none",
        }
    }

    /// What it means, in a few words.
    #[must_use]
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Cached => "in the cache and up to date",
            Self::Written => {
                "written by you: in the catalog, by a rule in it, or in your caption file"
            }
            Self::Imported => "from a page made earlier",
            Self::BuiltIn => "made without a model, since the catalog names none",
            Self::Stale => "the page shows an older one",
            Self::Missing => "not there",
            Self::Failed => "a try failed",
            Self::SetAside => "the model's replies could not be used",
            Self::Damaged => "a file of the cache cannot be read",
            Self::Hidden => "the catalog hides the talk",
            Self::None => "not needed, since the catalog lists no categories",
        }
    }

    /// Whether somebody should look at it, or a run has something to do.
    #[must_use]
    pub(crate) fn wants_attention(self) -> bool {
        match self {
            Self::Stale | Self::Missing | Self::Failed | Self::SetAside | Self::Damaged => true,
            Self::Cached
            | Self::Written
            | Self::Imported
            | Self::BuiltIn
            | Self::Hidden
            | Self::None => false,
        }
    }
}

impl Row {
    /// The cells with their stages.
    pub(crate) fn stages(&self) -> impl Iterator<Item = (TalkStage, &Cell)> {
        TalkStage::ALL.into_iter().zip(&self.cells)
    }
}

/// How many talks are in which state at a stage, for the states that occur.
#[must_use]
pub(crate) fn totals(rows: &[Row], stage: TalkStage) -> Vec<(State, usize)> {
    let counts = State::ALL.map(|state| {
        let cells = rows.iter().flat_map(Row::stages);
        let same = cells.filter(|(at, cell)| (*at, cell.state) == (stage, state));
        (state, same.count())
    });
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    counts.collect()
}

/// The cells that somebody should look at, those together that say the same.
#[must_use]
pub(crate) fn groups<'a>(
    cells: impl Iterator<Item = (&'a TalkId, TalkStage, &'a Cell)>,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut places: HashMap<Saying<'a>, usize> = HashMap::new();
    for (talk, stage, cell) in cells.filter(|(.., cell)| cell.state.wants_attention()) {
        let saying = Saying {
            stage,
            state: cell.state,
            why: cell.why.as_deref(),
            day: cell.at.map(|at| at.to_zoned(TimeZone::UTC).date()),
            next: cell.next.as_deref(),
        };
        let place = *places.entry(saying).or_insert_with(|| {
            let talks = Vec::new();
            groups.push(Group { stage, cell, talks });
            groups.len() - 1
        });
        groups[place].talks.push(talk);
    }
    groups.sort_by_key(|group| (group.stage, group.cell.state));
    groups
}
