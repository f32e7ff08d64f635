//! Talks that are through are filed a second time, for `check`.

use crate::pipeline::{Pipeline, RunError, side_by_side};
use crate::report::Event;
use crate::summarize::{Resolved, SummarizeError};
use crate::talk::{Choice, SummarizedTalk};
use crate::work::{Task, Work};

impl Pipeline<'_> {
    /// Has talks filed a second time, without a look at the first.
    pub(crate) async fn run_again(
        &self,
        talks: &[&SummarizedTalk],
        work: Work,
    ) -> Result<Vec<Resolved<Choice>>, RunError> {
        let Some(summarizer) = &self.summarizer else {
            return Ok(Vec::new());
        };
        self.reporter.report(Event::Began {
            talks: talks.len(),
            tasks: &[Task::Categorize],
        });
        let opinions = talks.iter().map(async |talk| {
            let made = summarizer.opinion(talk, work).await;
            if !made.problem.as_ref().is_some_and(SummarizeError::is_stop) {
                let problem = made.problem.as_ref().filter(|error| error.is_failure());
                self.report_end(Task::Categorize, &talk.talk, made.how, problem);
            }
            match made.problem {
                Some(error) if error.is_fatal() => {
                    self.stop();
                    Err(RunError::Summarize(error))
                }
                problem => Ok(Resolved { problem, ..made }),
            }
        });
        let opinions = side_by_side(opinions).await;
        self.reporter.report(Event::Finished);
        opinions.into_iter().collect()
    }
}
