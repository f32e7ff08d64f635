//! What is told of a talk while it comes down the line, and what is not worth a line.

use std::error::Error;

use crate::fetch::FetchError;
use crate::pipeline::RunError;
use crate::summarize::SummarizeError;
use crate::work::Work;

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
