//! A model is asked about talks that are through: what it costs is said, and how it ended.

use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::outside::{self, Payees};
use crate::cli::runtime::{carry_out, reporter};
use crate::cli::setup::Setup;
use crate::cli::usage_report;
use crate::fetch::{Fetcher, Visiting};
use crate::pipeline::{Pipeline, RunError};
use crate::report::Verbosity;
use crate::report::tally::Tally;
use crate::summarize::{Resolved, SummarizeError, Summarizer};
use crate::talk::SummarizedTalk;
use crate::work::Work;

/// Which question it is, and what it may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inquiry {
    /// The flag that asks for it.
    pub flag: &'static str,
    /// In US dollars.
    pub max_cost: Option<f64>,
}

/// What came of asking about some talks.
#[derive(Debug)]
pub(super) struct ModelAnswers<T> {
    /// One for each talk, in their order.
    of_talks: Vec<Resolved<T>>,
    was_stopped: bool,
}

impl<T> ModelAnswers<T> {
    /// What was answered, beside the talks that were asked about.
    pub(super) fn beside<'a>(
        &'a self,
        talks: &'a [&'a SummarizedTalk],
    ) -> impl Iterator<Item = (&'a SummarizedTalk, &'a T)> {
        let talks = talks.iter().zip(&self.of_talks);
        talks.filter_map(|(talk, made)| Some((*talk, made.value.as_ref()?)))
    }

    /// How many have an answer, and what is to be said of the others.
    pub(super) fn answered(&self) -> (usize, String) {
        let answered = self.of_talks.iter().filter(|made| made.value.is_some());
        let answered = answered.count();
        let over_budget = self.problems().find(|problem| problem.is_over_budget());
        let unasked = match (self.of_talks.len() - answered, over_budget) {
            (0, _) => String::new(),
            (unasked, None) => format!("; {unasked} more have no second answer"),
            (unasked, Some(why)) => format!("; {unasked} more have no second answer: {why}"),
        };
        (answered, unasked)
    }

    pub(super) fn ending(&self) -> Ending {
        match self.problems().any(SummarizeError::is_failure) {
            _ if self.was_stopped => Ending::Stopped,
            true => Ending::Incomplete,
            false => Ending::Complete,
        }
    }

    fn problems(&self) -> impl Iterator<Item = &SummarizeError> {
        self.of_talks
            .iter()
            .filter_map(|made| made.problem.as_ref())
    }
}

/// Asks about every one of some talks, and says on standard error what that cost.
pub(super) fn ask<T>(
    globals: &Globals,
    setup: &Setup,
    inquiry: Inquiry,
    question: impl AsyncFnOnce(&Pipeline<'_>, Work) -> Result<Vec<Resolved<T>>, RunError>,
) -> Result<ModelAnswers<T>, Failure> {
    let Setup { catalog, cache, .. } = setup;
    let Some(llm) = &catalog.llm else {
        let error = format!(
            "`{}` asks a model, and the catalog names none",
            inquiry.flag
        );
        return Err(Failure::usage(error, Some("add a table [llm]")));
    };
    setup.share(globals)?;
    let client = outside::client(globals, llm)?;
    let payees = Payees {
        llm: Some(llm),
        transcribe: None,
    };
    let budget = outside::budget(payees, inquiry.max_cost)?;
    let shown_by = reporter(globals.verbosity, Some(llm));
    let tally = Tally::new(&*shown_by);
    let requests = |client| setup.requests(client, budget.as_ref(), &tally);
    let summarizer = Summarizer {
        decider: setup.decider(&[]),
        requests: client.as_ref().map(requests),
        reporter: &tally,
    };
    let fetcher = Fetcher::new(catalog, cache, Visiting::Never, None, &[], &tally);
    let pipeline = Pipeline::new(fetcher, Some(summarizer), client.as_ref(), &tally);
    let work = if client.is_some() {
        Work::Make
    } else {
        Work::Recall
    };
    let videos = catalog.visible().map(|entry| &entry.id.video);
    let asked = cache.sharing(videos, question(&pipeline, work));
    let of_talks = carry_out(asked, || pipeline.stop(), &tally)??;
    if globals.verbosity > Verbosity::Quiet {
        usage_report::report_total(globals, &tally, catalog);
    }
    Ok(ModelAnswers {
        of_talks: of_talks?,
        was_stopped: pipeline.was_stopped(),
    })
}
