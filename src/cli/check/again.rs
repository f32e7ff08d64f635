//! `check --again`: whether talks stay where they are when a model files them a second time.

use std::collections::HashMap;

use crate::catalog::Entry;
use crate::check::Finding;
use crate::check::categories::unstable;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::outside::{self, Payees};
use crate::cli::runtime::{carry_out, reporter};
use crate::cli::setup::Setup;
use crate::cli::usage_report;
use crate::fetch::{Fetcher, Visiting};
use crate::pipeline::{Outcome, Pipeline};
use crate::report::tally::Tally;
use crate::report::{Verbosity, say};
use crate::summarize::{SummarizeError, Summarizer};
use crate::talk::SummarizedTalk;
use crate::talk::id::TalkId;
use crate::work::Work;

/// What came of asking again.
#[derive(Debug)]
pub(super) struct Opinions {
    unstable: HashMap<TalkId, Finding>,
    /// Whether everybody who was asked gave an answer.
    pub(super) ending: Ending,
}

impl Opinions {
    /// Nobody was asked.
    pub(super) fn none() -> Self {
        Self {
            unstable: HashMap::new(),
            ending: Ending::Complete,
        }
    }

    pub(super) fn about(&self, talk: &TalkId) -> Option<Finding> {
        self.unstable.get(talk).cloned()
    }
}

/// Has every talk filed a second time that the organizer has not filed, and says on standard error
/// what that cost.
pub(super) fn again(
    globals: &Globals,
    setup: &Setup,
    max_cost: Option<f64>,
    entries: &[&Entry],
    outcomes: &[Outcome],
) -> Result<Opinions, Failure> {
    let Setup { catalog, cache, .. } = setup;
    let Some(llm) = &catalog.llm else {
        let error = "`--again` asks a model, and the catalog names none";
        return Err(Failure::usage(error, Some("add a table [llm]")));
    };
    let client = outside::client(globals, llm)?;
    let payees = Payees {
        llm: Some(llm),
        transcribe: None,
    };
    let budget = outside::budget(payees, max_cost)?;
    let shown_by = reporter(globals.verbosity, Some(llm));
    let tally = Tally::new(&*shown_by);
    let requests = |client| setup.requests(client, budget.as_ref(), &tally);
    let decider = setup.decider(&[]);
    let summarizer = Summarizer {
        decider,
        requests: client.as_ref().map(requests),
        reporter: &tally,
    };
    let fetcher = Fetcher::new(catalog, cache, Visiting::Never, None, &[], &tally);
    let pipeline = Pipeline::new(fetcher, Some(summarizer), client.as_ref(), &tally);

    let is_open = |entry: &Entry, talk: &SummarizedTalk| {
        let is_decided = decider.decided_category(entry, &talk.talk).is_some();
        !is_decided && talk.summary.is_some() && talk.category.is_some()
    };
    let talks: Vec<&SummarizedTalk> = entries
        .iter()
        .zip(outcomes)
        .filter(|(entry, outcome)| is_open(entry, &outcome.talk))
        .map(|(_, outcome)| &outcome.talk)
        .collect();
    let work = if client.is_some() {
        Work::Make
    } else {
        Work::Recall
    };
    let asked = pipeline.run_again(&talks, work);
    let opinions = carry_out(asked, || pipeline.stop(), &tally)?;
    if globals.verbosity > Verbosity::Quiet {
        usage_report::report_total(globals, &tally, catalog);
    }
    let opinions = opinions?;

    let answered = opinions.iter().filter(|made| made.value.is_some()).count();
    let changed = talks.iter().zip(&opinions).filter_map(|(talk, made)| {
        let first = &talk.category.as_ref()?.choice;
        unstable(&talk.talk.id, first, made.value.as_ref()?)
    });
    let unstable: HashMap<TalkId, Finding> = changed
        .filter_map(|finding| Some((finding.talk.clone()?, finding)))
        .collect();
    let problems = || opinions.iter().filter_map(|made| made.problem.as_ref());
    let over_budget = problems().find(|problem| problem.is_over_budget());
    say_how_many(unstable.len(), answered, talks.len(), over_budget);
    let ending = match problems().any(SummarizeError::is_failure) {
        _ if pipeline.was_stopped() => Ending::Stopped,
        true => Ending::Incomplete,
        false => Ending::Complete,
    };
    Ok(Opinions { unstable, ending })
}

fn say_how_many(
    changed: usize,
    answered: usize,
    talks: usize,
    over_budget: Option<&SummarizeError>,
) {
    let unasked = match (talks - answered, over_budget) {
        (0, _) => String::new(),
        (unasked, None) => format!("; {unasked} more have no second answer"),
        (unasked, Some(why)) => format!("; {unasked} more have no second answer: {why}"),
    };
    say(format_args!(
        "asked again, {changed} of {answered} talks change category{unasked}"
    ));
}
