//! Talks that are through are looked at a second time, for `check`.

use crate::pipeline::{Pipeline, RunError, side_by_side};
use crate::report::Event;
use crate::summarize::support::Support;
use crate::summarize::{Resolved, SummarizeError, Summarizer};
use crate::talk::{Choice, SummarizedTalk};
use crate::work::{Task, Work};

impl Pipeline<'_> {
    /// Has talks filed a second time, without a look at the first.
    pub(crate) async fn run_again(
        &self,
        talks: &[&SummarizedTalk],
        work: Work,
    ) -> Result<Vec<Resolved<Choice>>, RunError> {
        let question = async |summarizer: &Summarizer<'_>, talk: &SummarizedTalk| {
            summarizer.opinion(talk, work).await
        };
        self.ask_about(talks, Task::Categorize, question).await
    }

    /// Has summaries compared with what is said where they seem to come from.
    pub(crate) async fn run_support(
        &self,
        talks: &[&SummarizedTalk],
        work: Work,
    ) -> Result<Vec<Resolved<Support>>, RunError> {
        let question = async |summarizer: &Summarizer<'_>, talk: &SummarizedTalk| {
            summarizer.support(talk, work).await
        };
        self.ask_about(talks, Task::Summarize, question).await
    }

    async fn ask_about<T>(
        &self,
        talks: &[&SummarizedTalk],
        task: Task,
        question: impl AsyncFn(&Summarizer<'_>, &SummarizedTalk) -> Resolved<T>,
    ) -> Result<Vec<Resolved<T>>, RunError> {
        let Some(summarizer) = &self.summarizer else {
            return Ok(Vec::new());
        };
        self.reporter.report(Event::Began {
            talks: talks.len(),
            tasks: &[task],
        });
        let answers = talks.iter().map(async |talk| {
            let made = question(summarizer, talk).await;
            if !made.problem.as_ref().is_some_and(SummarizeError::is_stop) {
                let problem = made.problem.as_ref().filter(|error| error.is_failure());
                self.report_end(task, &talk.talk, made.how, problem);
            }
            match made.problem {
                Some(error) if error.is_fatal() => {
                    self.stop();
                    Err(RunError::Summarize(error))
                }
                problem => Ok(Resolved { problem, ..made }),
            }
        });
        let answers = side_by_side(answers).await;
        self.reporter.report(Event::Finished);
        answers.into_iter().collect()
    }
}
