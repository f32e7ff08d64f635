//! `status`: how it stands with every talk at each stage, what a build would take, and what has
//! been paid for.
//!
//! Only files are read. Nobody is asked and no lock is waited for, so it can be said while another
//! run is at work, without yt-dlp and without a key.

mod json;
mod paid;
mod text;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::selection::Only;
use crate::cli::status::paid::{Kept, kept};
use crate::cli::survey::survey;
use crate::cli::workshop::Workshop;
use crate::cli::{output, plan, terminal};
use crate::status::decisions::Decisions;
use crate::status::forecast::Forecast;
use crate::status::{self, Changes, Filed, Row, Seen, State, Station};
use crate::summarize::Decider;
use crate::summarize::changes::Prompted;
use crate::talk::provenance::FiledBy;
use crate::talk::{Freshness, Origin};
use crate::work::Goal;

#[derive(Debug, Args)]
#[command(after_long_help = json::SCHEMA)]
pub(super) struct StatusArgs {
    /// Only these talks: ids or links, or ID@START for one part of a video; an id that begins with
    /// `-` as `--only=ID`
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Only talks that are in one of these states at a stage
    #[arg(long, value_name = "STATE", num_args = 1.., value_delimiter = ',')]
    state: Vec<State>,
    /// Only these stages
    #[arg(long, value_name = "STAGE", num_args = 1.., value_delimiter = ',')]
    stage: Vec<Station>,
    /// Every talk, and not only those that want attention
    #[arg(long, conflicts_with = "state")]
    all: bool,
    /// Print JSON; without `--state` of every talk
    #[arg(long)]
    json: bool,
}

/// All that is said.
struct Report<'a> {
    workshop: &'a Workshop,
    /// The stages that are looked at.
    stations: Vec<Station>,
    /// Every talk that was looked at; the hidden ones last.
    rows: &'a [Row],
    /// Those of them that are listed.
    listed: Vec<&'a Row>,
    /// Whether a long list is shown whole.
    length: Length,
    forecast: &'a Forecast,
    kept: &'a Kept,
}

/// How much of a long list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    /// The first talks, and how many more there are.
    Short,
    /// All of it.
    Whole,
}

/// Says how it stands.
pub(super) fn status(globals: &Globals, arguments: &StatusArgs) -> Result<Ending, Failure> {
    let workshop = Workshop::open(globals)?;
    let catalog = &workshop.catalog;
    let only = Only::of(&arguments.only, &[catalog])?;
    let entries: Vec<&Entry> = only.among(catalog.visible()).collect();
    let prompted = Prompted::by(&workshop.prompts);
    let prompted = prompted.map_err(|error| Failure::usage(error, Some("mend the template")))?;
    let foreseen = plan::foreseen(globals, &[], Goal::Page);
    let (mut rows, forecast) = survey(&workshop, &entries, foreseen, |decider, decisions| {
        row(catalog, decider, &prompted, decisions)
    });
    let hidden = catalog.talks.iter().filter(|entry| entry.hide);
    rows.extend(only.among(hidden).map(status::hidden));
    let kept = kept(&workshop, &only)?;

    let stations: Vec<Station> = Station::ALL
        .into_iter()
        .filter(|station| arguments.stage.is_empty() || arguments.stage.contains(station))
        .collect();
    let is_listed = |row: &&Row| {
        let mut cells = row.stations().filter(|(at, _)| stations.contains(at));
        cells.any(|(_, cell)| arguments.lists(cell.state))
    };
    let report = Report {
        workshop: &workshop,
        listed: rows.iter().filter(is_listed).collect(),
        stations,
        rows: &rows,
        length: arguments.length(),
        forecast: &forecast,
        kept: &kept,
    };
    output::print(&if arguments.json {
        json::json(&report)
    } else {
        text::text(&report, terminal::width())
    })?;
    Ok(Ending::Complete)
}

impl StatusArgs {
    /// Whether talks are listed that are in this state.
    fn lists(&self, state: State) -> bool {
        match &self.state[..] {
            [] if self.all || self.json => true,
            [] => state.wants_attention(),
            states => states.contains(&state),
        }
    }

    /// What is asked for by name is listed whole.
    fn length(&self) -> Length {
        let has_filter = !(self.only.is_empty() && self.state.is_empty() && self.stage.is_empty());
        if self.all || has_filter {
            Length::Whole
        } else {
            Length::Short
        }
    }
}

impl Report<'_> {
    /// What a build would take, a line each.
    fn build(&self) -> Vec<String> {
        plan::lines(self.workshop, self.forecast, Goal::Page)
    }
}

/// Why results are stale is looked up only where they are.
fn row(
    catalog: &Catalog,
    decider: &Decider<'_>,
    prompted: &Prompted,
    decisions: &Decisions<'_>,
) -> Row {
    let (entry, talk) = (decisions.entry, &decisions.fetch.talk);
    let mut changes = Changes::default();
    let summary = decisions.summary.now();
    if summary.is_some_and(|summary| summary.freshness == Freshness::Stale) {
        let found = decider.changes_of_summary(entry, talk, prompted);
        changes.summary = found.unwrap_or_default();
    }
    let filing = decisions.filing.as_ref();
    if let Some(summary) = summary
        && filing.is_some_and(|filing| filing.freshness == Freshness::Stale)
    {
        let found = decider.changes_of_category(talk, summary, prompted);
        changes.category = found.unwrap_or_default();
    }
    let was_imported = summary.is_some_and(|summary| summary.origin == Origin::Import);
    let filed = match decider.decided_category(entry, talk) {
        _ if catalog.categories.is_empty() => Filed::Nowhere,
        Some((_, FiledBy::TitleRule)) => Filed::ByRule,
        Some(_) => Filed::ByHand,
        None if was_imported && decider.is_filed_by_import(talk).unwrap_or_default() => {
            Filed::ByImport
        }
        None if catalog.llm.is_some() => Filed::ByModel,
        None => Filed::ByWords,
    };
    status::row(&Seen {
        decisions,
        changes: &changes,
        filed,
    })
}

impl ValueEnum for State {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.meaning()))
    }
}

impl ValueEnum for Station {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
