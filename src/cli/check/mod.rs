//! `check`: one quality report over what is cached, for people and for CI.
//!
//! Nothing is made and nobody is asked, but for `--again` and `--evidence`. Transcripts are read one at a time.

mod again;
mod asking;
mod text;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::check::{Finding, Kind, repetition};
use crate::cli::arguments::{Globals, Selection, parse_dollars};
use crate::cli::check::again::Opinions;
use crate::cli::ending::{Ending, Failure};
use crate::cli::findings::{
    about_categories, about_results, about_speech, about_times, about_words, note_where_heard,
    trusted,
};
use crate::cli::output;
use crate::cli::selection::select;
use crate::cli::setup::Setup;
use crate::cli::terminal::ListLength;
use crate::report::Verbosity;
use crate::report::lines::Lines;
use crate::summarize::misheard::used_names;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Only these talks, and nothing about the categories: ids or links, or ID@START for one part
    /// of a video; an id that begins with `-` as `--only=ID`
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Only findings of this kind
    #[arg(long, value_name = "KIND", num_args = 1.., value_delimiter = ',')]
    kind: Vec<Kind>,
    /// Ask the model a second time for the category of each talk, and name the talks that change:
    /// one small request a talk, paid once
    #[arg(long, group = "asking")]
    again: bool,
    /// Ask the model whether what is said in each talk supports its summary, and name the sentences
    /// that it doubts: one small request a talk, paid once
    #[arg(long, group = "asking")]
    evidence: bool,
    /// Stop before `--again` or `--evidence` costs more than this, in US dollars
    #[arg(long, value_name = "USD", value_parser = parse_dollars, requires = "asking")]
    max_cost: Option<f64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What only transcripts tell.
const OF_TRANSCRIPTS: [Kind; 5] = [
    Kind::Misheard,
    Kind::PromptInjection,
    Kind::Damaged,
    Kind::Unsupported,
    Kind::OffTopic,
];

/// What `--json` prints.
#[derive(Serialize)]
struct CheckReport<'a> {
    talks: usize,
    findings: &'a [Finding],
}

impl CheckArgs {
    /// Whether a model is asked.
    pub(super) fn asks(&self) -> bool {
        self.again || self.evidence
    }
}

/// Looks at everything that is cached, and says what a reader would stumble over.
pub(super) fn check(globals: &Globals, arguments: &CheckArgs) -> Result<Ending, Failure> {
    if arguments.kind.contains(&Kind::Unstable) && !arguments.again {
        let error = "`unstable` is found only by asking a model again";
        return Err(Failure::usage(error, Some("add `--again`")));
    }
    if arguments.kind.contains(&Kind::Doubted) && !arguments.evidence {
        let error = "`doubted` is found only by asking a model";
        return Err(Failure::usage(error, Some("add `--evidence`")));
    }
    let setup = Setup::open(globals)?;
    let catalog = &setup.catalog;
    let entries = select(catalog, &Selection::only(&arguments.only))?;
    let outcomes = setup.recall(&entries, &Lines::new(Verbosity::Quiet))?;

    let max_cost = arguments.max_cost;
    let opinions = match (arguments.again, arguments.evidence) {
        (true, _) => again::again(globals, &setup, max_cost, &entries, &outcomes)?,
        (_, true) => again::evidence(globals, &setup, max_cost, &outcomes)?,
        _ => Opinions::none(),
    };

    let is_wanted = |kind: Kind| arguments.kind.is_empty() || arguments.kind.contains(&kind);
    let glossary = trusted(catalog, &outcomes);
    let talks = outcomes.iter().map(|outcome| &outcome.talk.talk);
    let used = used_names(catalog, talks);
    let mut findings = Vec::new();
    for (entry, outcome) in entries.iter().zip(&outcomes) {
        let mut about = about_words(catalog, entry, outcome, &glossary);
        if is_wanted(Kind::Name) {
            note_where_heard(&setup.cache, &outcome.talk.talk, &mut about);
        }
        about.extend(about_results(&setup, outcome));
        about.extend(opinions.about(&entry.id));
        // Of all that is looked at, only this takes time.
        if OF_TRANSCRIPTS.into_iter().any(is_wanted) {
            about.extend(about_speech(&setup, outcome, &used));
        }
        about.sort_by_key(|finding| finding.kind);
        findings.extend(about);
    }
    if arguments.only.is_empty() {
        findings.extend(repetition::across(
            outcomes.iter().map(|outcome| &outcome.talk),
        ));
        findings.extend(about_categories(catalog, &outcomes));
    }
    if is_wanted(Kind::Times) {
        findings.extend(about_times(&setup, &entries));
    }
    findings.retain(|finding| is_wanted(finding.kind));

    let talks = outcomes.len();
    let report = |length| text::report(talks, &findings, length);
    match (arguments.json, &arguments.kind[..]) {
        (true, _) => output::print(&output::json(&CheckReport {
            talks,
            findings: &findings,
        })),
        (false, []) => output::print_report(&report(ListLength::Short)),
        (false, _) => output::print_report(&report(ListLength::Whole)),
    }?;
    Ok(match opinions.ending {
        Ending::Complete if !findings.is_empty() => Ending::Incomplete,
        ending => ending,
    })
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.meaning()))
    }
}
