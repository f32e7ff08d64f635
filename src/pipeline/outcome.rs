//! What a talk came to at the end of the line, what of it is told on the way, and why a run may end
//! before.

use std::error::Error;

use thiserror::Error;

use crate::fetch::FetchError;
use crate::llm::error::LlmError;
use crate::summarize::SummarizeError;
use crate::talk::{Origin, SummarizedTalk, Talk};
use crate::work::Work;

/// A talk at the end of the line, with everything that went wrong on the way.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The talk, as far as it came.
    pub talk: SummarizedTalk,
    /// What was to be done for it.
    pub work: Work,
    /// What could not be fetched.
    pub fetch: Option<FetchError>,
    /// What is wrong with its summary.
    pub summary: Option<SummarizeError>,
    /// What is wrong with its category.
    pub category: Option<SummarizeError>,
}

/// Why something is not made that would be made later, and what to do about it.
pub(crate) type Postponed<'a> = (&'a dyn Error, Option<&'static str>);

/// Why a run ended before it was through. What was made until then is kept.
#[derive(Debug, Error)]
pub(crate) enum RunError {
    /// A talk could not be fetched, and neither could any other.
    #[error("fetching cannot go on")]
    Fetch(#[from] FetchError),
    /// No model can be asked, so nobody was visited for one.
    #[error("the model cannot be asked, so nothing was fetched")]
    NotReady(#[source] LlmError),
    /// A talk could not be summarized, and neither could any other.
    #[error("the model cannot write summaries")]
    Summarize(#[from] SummarizeError),
}

impl RunError {
    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Fetch(error) => error.hint(),
            Self::NotReady(error) => error.hint(),
            Self::Summarize(error) => error.hint(),
        }
    }
}

impl Outcome {
    /// A talk of a line that ends after fetching.
    pub(super) fn fetched(talk: Talk, work: Work, fetch: Option<FetchError>) -> Self {
        let talk = SummarizedTalk {
            talk,
            summary: None,
            places: Vec::new(),
            imported_failure: None,
            category: None,
            also: Vec::new(),
        };
        Self {
            talk,
            work,
            fetch,
            summary: None,
            category: None,
        }
    }

    /// Why the talk is not what a command makes of it, in the order of the line.
    #[must_use]
    pub(crate) fn problem(&self) -> Option<&(dyn Error + 'static)> {
        if let Some(fetch) = self.fetch_at_fault() {
            return Some(fetch);
        }
        let problem = self.summary.as_ref().or(self.category.as_ref());
        problem.map(|error| error as &(dyn Error + 'static))
    }

    /// What went wrong in the fetching, where that is why the talk is not what it should be.
    fn fetch_at_fault(&self) -> Option<&FetchError> {
        let has_nothing = matches!(
            self.summary,
            Some(SummarizeError::NothingToRead | SummarizeError::NotCached)
        );
        let is_at_fault = has_nothing || self.is_damaged();
        self.fetch.as_ref().filter(|_| is_at_fault)
    }

    /// Whether what was fetched of the talk cannot be read.
    #[must_use]
    pub(crate) fn is_damaged(&self) -> bool {
        self.fetch.as_ref().is_some_and(FetchError::is_damage)
    }

    /// Whether the talk is not through because the run was stopped.
    #[must_use]
    pub(crate) fn was_stopped(&self) -> bool {
        let in_fetch = self.fetch.as_ref().is_some_and(FetchError::is_stop);
        in_fetch
            || self
                .summary
                .iter()
                .chain(&self.category)
                .any(SummarizeError::is_stop)
    }

    /// Whether readers get an excerpt only since a model's replies were of no use.
    #[must_use]
    pub(crate) fn shows_excerpt_meanwhile(&self) -> bool {
        let is_rejection = self
            .summary
            .as_ref()
            .is_some_and(SummarizeError::is_rejection);
        let summary = self.talk.summary.as_ref();
        is_rejection && summary.is_some_and(|summary| summary.origin == Origin::Excerpt)
    }

    /// Whether something was to be made in vain, whatever stands in. Where nothing was to be made, an
    /// older result that somebody wrote will do.
    #[must_use]
    pub(crate) fn falls_short(&self) -> bool {
        let is_in_vain = self.summary.is_some() || self.category.is_some();
        (is_in_vain && self.work.makes_excerpts()) || self.shows_excerpt_meanwhile()
    }

    /// What the run's budget has kept from being made.
    #[must_use]
    pub(crate) fn over_budget(&self) -> Option<Postponed<'_>> {
        if let Some(FetchError::NotTranscribed { source, .. }) = &self.fetch
            && source.is_over_budget()
        {
            return Some((source, source.hint()));
        }
        let mut problems = self.summary.iter().chain(&self.category);
        let problem = problems.find(|problem| problem.is_over_budget())?;
        Some((problem, problem.hint()))
    }

    /// What will come with a batch.
    #[must_use]
    pub(crate) fn in_batch(&self) -> Option<Postponed<'_>> {
        let mut problems = self.summary.iter().chain(&self.category);
        let problem = problems.find(|problem| problem.is_in_batch())?;
        Some((problem, problem.hint()))
    }

    /// What to do about it.
    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        if let Some(fetch) = self.fetch_at_fault() {
            return fetch.hint();
        }
        let problem = self.summary.as_ref().or(self.category.as_ref());
        problem.and_then(SummarizeError::hint)
    }
}

/// What of a talk is told.
#[derive(Debug)]
pub(super) struct ReportState {
    /// A task that the run was stopped before is not told, and none that comes after it.
    pub(super) goes_on: bool,
    /// Whether something of the talk could not be fetched.
    pub(super) lacks_fetch: bool,
}

impl ReportState {
    /// What is only recalled is not worth a line.
    pub(super) fn of(work: Work) -> Self {
        Self {
            goes_on: work.makes(),
            lacks_fetch: false,
        }
    }
}

/// What goes wrong at a task, as the line sees it.
pub(super) trait TaskError: Error + Into<RunError> + 'static {
    /// Whether the run was stopped before the task.
    fn is_stop(&self) -> bool;
    /// Whether every other talk would meet it, too.
    fn is_fatal(&self) -> bool;
    /// Whether it is neither said already nor said later.
    fn is_news(&self, report_state: &ReportState) -> bool;
}

impl TaskError for FetchError {
    fn is_stop(&self) -> bool {
        self.is_stop()
    }

    fn is_fatal(&self) -> bool {
        self.is_fatal()
    }

    /// What is over the budget, and what was not visited since fetching stopped, is counted.
    fn is_news(&self, _: &ReportState) -> bool {
        !self.is_over_budget() && !self.is_not_visited()
    }
}

impl TaskError for SummarizeError {
    fn is_stop(&self) -> bool {
        self.is_stop()
    }

    fn is_fatal(&self) -> bool {
        self.is_fatal()
    }

    /// What could not be fetched, and that the catalog is not trusted, has been said already; what is
    /// over the budget, or in a batch, is counted.
    fn is_news(&self, report_state: &ReportState) -> bool {
        let is_known = report_state.lacks_fetch && matches!(self, Self::NothingToRead);
        let is_counted = self.is_over_budget() || self.is_in_batch();
        !is_known && !is_counted && !matches!(self, Self::NotTrusted)
    }
}
