//! The flags that several commands have.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::cli::shard::Shard;
use crate::report::Verbosity;
use crate::work::{Redo, Stage};

/// What holds for every command.
#[derive(Debug, Clone)]
pub(super) struct Globals {
    pub(super) catalog: PathBuf,
    pub(super) offline: bool,
    pub(super) verbosity: Verbosity,
    pub(super) trust: Trust,
}

/// How it is decided whether a catalog may do more than a document does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// The command line says yes, and that is remembered.
    Given,
    /// The environment says yes to every catalog.
    GivenToAll,
    /// By what was answered, and where that is nothing, on a terminal, by asking.
    Asked,
    /// By what was answered; what is left out is said.
    Remembered,
    /// By what was answered; what is left out has been said, or does not matter.
    Silent,
}

impl Globals {
    /// The same for another catalog.
    pub(super) fn of_catalog(&self, catalog: &Path) -> Self {
        Self {
            catalog: catalog.to_owned(),
            ..self.clone()
        }
    }

    /// The same once everything about trust has been asked and said.
    pub(super) fn once_trust_is_settled(&self) -> Self {
        let is_given = matches!(self.trust, Trust::Given | Trust::GivenToAll);
        Self {
            trust: if is_given { self.trust } else { Trust::Silent },
            ..self.clone()
        }
    }
}

/// Which talks are worked on, and what is done again.
#[derive(Debug, Default, Args)]
pub(super) struct Selection {
    /// Only these talks: ids or links, or ID@START for one part of a video; an id that begins with
    /// `-` as `--only=ID`
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Only the first N talks
    #[arg(long, value_name = "N", value_parser = parse_positive)]
    pub(super) limit: Option<NonZeroUsize>,
    /// Only shard K of N, for machines that share the work; a talk is always in the same one
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
    /// Make this stage again; the old files stay. `failed` asks again only for replies that were
    /// set aside
    #[arg(long, value_name = "STAGE", value_delimiter = ',')]
    pub(super) redo: Vec<Redo>,
}

impl Selection {
    /// These talks alone, or all where none is named.
    pub(super) fn only(talks: &[String]) -> Self {
        Self {
            only: talks.to_vec(),
            ..Self::default()
        }
    }
}

/// What a command that asks a model works on, and what it may cost.
#[derive(Debug, Default, Args)]
pub(super) struct MakeArgs {
    #[command(flatten)]
    pub(super) selection: Selection,
    /// Change nothing; say how many visits, requests, tokens and dollars it would take
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Stop before the run costs more than this, in US dollars
    #[arg(long, value_name = "USD", value_parser = parse_dollars)]
    pub(super) max_cost: Option<f64>,
    /// Add the report of the run to this file, as Markdown
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(super) summary: Option<PathBuf>,
}

impl ValueEnum for Redo {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Stage(Stage::Metadata),
            Self::Stage(Stage::Transcript),
            Self::Stage(Stage::Summary),
            Self::Stage(Stage::Category),
            Self::Failed,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Stage(stage) => stage.name(),
            Self::Failed => "failed",
        }))
    }
}

/// What `build` does.
#[derive(Debug, Default, Args)]
pub(super) struct BuildArgs {
    #[command(flatten)]
    pub(super) make: MakeArgs,
    /// Replace files that this program did not write, if they are in the page's place
    #[arg(long)]
    pub(super) force: bool,
}

/// How many; none at all is no number of talks to work on.
pub(super) fn parse_positive(text: &str) -> Result<NonZeroUsize, String> {
    let count = text.parse().ok();
    count.ok_or_else(|| "write a whole number above 0".to_owned())
}

/// An amount of money; what is no number or below zero is none.
pub(super) fn parse_dollars(text: &str) -> Result<f64, String> {
    let amount = text.trim_start_matches('$').parse().ok();
    amount
        .filter(|amount: &f64| amount.is_finite() && *amount >= 0.0)
        .ok_or_else(|| "write an amount of US dollars, such as 2.50".to_owned())
}
