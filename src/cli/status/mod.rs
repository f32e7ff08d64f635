//! `status`: how it stands with every talk at each stage, what a build would take, and what has
//! been paid for.
//!
//! Only files are read. Nobody is asked and no lock is waited for, so it can be said while another
//! run is at work, without yt-dlp and without a key.

mod bills;
mod json;
mod text;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::selection::Only;
use crate::cli::setup::Setup;
use crate::cli::status::bills::{PaidReplies, read_replies};
use crate::cli::survey::survey;
use crate::cli::terminal::ListLength;
use crate::cli::{output, plan, terminal};
use crate::status::decisions::Decisions;
use crate::status::forecast::Forecast;
use crate::status::{self, CategorySource, Changes, Row, State, TalkFacts, TalkStage};
use crate::summarize::Decider;
use crate::summarize::changes::PromptPatterns;
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
    stage: Vec<TalkStage>,
    /// List every talk, not only those that need attention
    #[arg(long, conflicts_with = "state")]
    all: bool,
    /// Print JSON, about every talk unless `--state` chooses
    #[arg(long)]
    json: bool,
}

/// All that is said.
struct StatusReport<'a> {
    setup: &'a Setup,
    /// The stages that are looked at.
    stages: Vec<TalkStage>,
    /// Every talk that was looked at; the hidden ones last.
    rows: &'a [Row],
    /// Those of them that are listed.
    listed: Vec<&'a Row>,
    /// Whether a long list is shown whole.
    length: ListLength,
    forecast: &'a Forecast,
    kept: &'a PaidReplies,
}

/// Says how it stands.
pub(super) fn status(globals: &Globals, arguments: &StatusArgs) -> Result<Ending, Failure> {
    let setup = Setup::open(globals)?;
    let catalog = &setup.catalog;
    let only = Only::of(&arguments.only, &[catalog])?;
    let entries: Vec<&Entry> = only.among(catalog.visible()).collect();
    let prompted = PromptPatterns::by(&setup.prompts);
    let prompted = prompted.map_err(|error| Failure::usage(error, Some("correct the template")))?;
    let foreseen = plan::foreseen(globals, &[], Goal::Page);
    let (mut rows, forecast) = survey(&setup, &entries, foreseen, |decider, decisions| {
        row(catalog, decider, &prompted, decisions)
    });
    let hidden = catalog.talks.iter().filter(|entry| entry.hide);
    rows.extend(only.among(hidden).map(status::hidden_row));
    let kept = read_replies(&setup, &only)?;

    let stages: Vec<TalkStage> = TalkStage::ALL
        .into_iter()
        .filter(|stage| arguments.stage.is_empty() || arguments.stage.contains(stage))
        .collect();
    let is_listed = |row: &&Row| {
        let mut cells = row.stages().filter(|(at, _)| stages.contains(at));
        cells.any(|(_, cell)| arguments.lists(cell.state))
    };
    let report = StatusReport {
        setup: &setup,
        listed: rows.iter().filter(is_listed).collect(),
        stages,
        rows: &rows,
        length: arguments.length(),
        forecast: &forecast,
        kept: &kept,
    };
    if arguments.json {
        output::print(&json::json(&report))?;
    } else {
        output::print_report(&text::text(&report, terminal::width()))?;
    }
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
    fn length(&self) -> ListLength {
        let has_filter = !(self.only.is_empty() && self.state.is_empty() && self.stage.is_empty());
        if self.all || has_filter {
            ListLength::Whole
        } else {
            ListLength::Short
        }
    }
}

impl StatusReport<'_> {
    /// What a build would take, a line each.
    fn build(&self) -> Vec<String> {
        plan::lines(self.setup, self.forecast, Goal::Page)
    }
}

/// Why results are stale is looked up only where they are.
fn row(
    catalog: &Catalog,
    decider: &Decider<'_>,
    prompted: &PromptPatterns,
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
        _ if catalog.categories.is_empty() => CategorySource::Nowhere,
        Some((_, FiledBy::TitleRule)) => CategorySource::ByRule,
        Some(_) => CategorySource::ByHand,
        None if was_imported && decider.is_filed_by_import(talk).unwrap_or_default() => {
            CategorySource::ByImport
        }
        None if catalog.llm.is_some() => CategorySource::ByModel,
        None => CategorySource::ByWords,
    };
    status::row(&TalkFacts {
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

impl ValueEnum for TalkStage {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
