//! The line, for one talk and for all of them: an entry is fetched, summarized and categorized.
//!
//! All talks run as one join, so results come back in the catalog's order; how many visits or
//! requests are under way at once is the business of `YtDlp` and `Client`. A talk that fails is a
//! talk with a problem; only a failed store or a fault that every talk would meet ends the run.

mod again;
mod outcome;

pub(crate) use crate::pipeline::outcome::{Outcome, Postponed, RunError};

use std::cell::Cell;
use std::error::Error;

use futures::FutureExt;
use futures::stream::{FuturesOrdered, StreamExt};
use tokio::sync::Mutex;
use tokio::task::yield_now;

use crate::catalog::Entry;
use crate::fetch::{Fetched, Fetcher, work_after};
use crate::llm::client::Client;
use crate::llm::error::LlmError;
use crate::pipeline::outcome::{ReportState, TaskError};
use crate::report::{Event, Reporter};
use crate::summarize::{Categorized, Resolved, SummarizeError, Summarizer, work_after_summary};
use crate::talk::{Filing, SummarizedTalk, Talk};
use crate::work::{How, Task, Work};

/// The line.
#[derive(Debug)]
pub(crate) struct Pipeline<'a> {
    fetcher: Fetcher<'a>,
    summarizer: Option<Summarizer<'a>>,
    client: Option<&'a Client>,
    reporter: &'a dyn Reporter,
    stopped: Cell<bool>,
    /// Whether the endpoint was found to take requests.
    is_ready: Mutex<bool>,
}

/// A talk that waits for the others, to be filed by its words.
#[derive(Debug)]
struct WaitingTalk {
    /// The older category that may stand in.
    now: Option<Filing>,
    work: Work,
    report_state: ReportState,
}

impl<'a> Pipeline<'a> {
    /// Without a summarizer the line ends after fetching; the client is what a stop closes.
    #[must_use]
    pub(crate) fn new(
        fetcher: Fetcher<'a>,
        summarizer: Option<Summarizer<'a>>,
        client: Option<&'a Client>,
        reporter: &'a dyn Reporter,
    ) -> Self {
        Self {
            fetcher,
            summarizer,
            client,
            reporter,
            stopped: Cell::new(false),
            is_ready: Mutex::new(false),
        }
    }

    /// Whether the run was told to stop.
    #[must_use]
    pub(crate) fn was_stopped(&self) -> bool {
        self.stopped.get()
    }

    /// Carries all entries down the line; `work` says for which of them something may be made.
    pub(crate) async fn run(
        &self,
        entries: &[&Entry],
        work: impl Fn(&Entry) -> Work,
    ) -> Result<Vec<Outcome>, RunError> {
        let tasks: &[Task] = if self.summarizer.is_some() {
            &Task::ALL
        } else {
            &[Task::Fetch]
        };
        let works: Vec<Work> = entries.iter().map(|entry| work(entry)).collect();
        self.reporter.report(Event::Began {
            talks: works.iter().filter(|work| work.makes()).count(),
            tasks,
        });
        self.fetcher.prefetch(entries);
        let talks = entries.iter().zip(works).map(|(entry, work)| {
            // In a box of its own a talk is moved as an address, and not with all that it may ever
            // hold.
            Box::pin(async move {
                let outcome = self.talk(entry, work).await;
                if outcome.is_err() {
                    self.stop();
                }
                outcome
            })
        });
        let through = side_by_side(talks).await;
        // Where one fault ends the run, the other talks only say that it was stopped.
        let through: Result<Vec<_>, RunError> = through.into_iter().collect();
        let outcomes = match through {
            Ok(through) => self.file_waiting(through).await,
            Err(error) => Err(error),
        };
        self.reporter.report(Event::Finished);
        outcomes
    }

    /// Lets nothing new start; what is under way is finished and kept.
    pub(crate) fn stop(&self) {
        self.stopped.set(true);
        self.fetcher.stop();
        self.client.into_iter().for_each(Client::stop);
    }

    /// Carries one entry down the line.
    async fn talk(
        &self,
        entry: &Entry,
        work: Work,
    ) -> Result<(Outcome, Option<WaitingTalk>), RunError> {
        let mut report_state = ReportState::of(work);
        let before_visit = async |talk: &Talk| self.check_endpoint(entry, talk, work).await;
        let fetched = self.fetcher.fetch(entry, work, before_visit).await;
        let Fetched { talk, how, problem } = fetched.map_err(RunError::NotReady)?;
        let fetch = self.finish(Task::Fetch, &talk, how, problem, &mut report_state)?;
        report_state.lacks_fetch = fetch.is_some();
        let Some(summarizer) = &self.summarizer else {
            return Ok((Outcome::fetched(talk, work, fetch), None));
        };

        let work_left = work_after(work, fetch.as_ref().filter(|error| error.is_damage()));
        let made = summarizer.summary(entry, &talk, work_left).await;
        let summary = made.value;
        let summary_problem = self.finish(
            Task::Summarize,
            &talk,
            made.how,
            made.problem,
            &mut report_state,
        )?;
        let work_left = work_after_summary(work_left, summary_problem.as_ref());
        let categorized = summarizer.category(entry, &talk, summary.as_ref(), work_left);
        let (made, now) = match categorized.await {
            Categorized::Through(made) => (Some(made), None),
            Categorized::Waits(now) => (None, Some(now)),
        };
        let (category, category_problem) = match made {
            Some(made) => {
                let state = &mut report_state;
                let problem =
                    self.finish(Task::Categorize, &talk, made.how, made.problem, state)?;
                (made.value, problem)
            }
            None => (None, None),
        };

        let imported_failure = if summary.is_none() {
            summarizer.decider.imported_failure(&talk)
        } else {
            None
        };
        let places = match &summary {
            Some(summary) => summarizer.places(&talk, summary, work),
            None => Vec::new(),
        };
        let talk = SummarizedTalk {
            talk,
            summary,
            places,
            imported_failure,
            category,
            also: entry.also.clone(),
        };
        let outcome = Outcome {
            talk,
            work,
            fetch,
            summary: summary_problem,
            category: category_problem,
        };
        let waiting = now.map(|now| WaitingTalk {
            now,
            work: work_left,
            report_state,
        });
        Ok((outcome, waiting))
    }

    /// Files the talks by their words that wait for it, now that all talks are known. Of a run that
    /// was stopped not all are, so that they wait for the next one.
    async fn file_waiting(
        &self,
        through: Vec<(Outcome, Option<WaitingTalk>)>,
    ) -> Result<Vec<Outcome>, RunError> {
        let (mut outcomes, waiting): (Vec<Outcome>, Vec<Option<WaitingTalk>>) =
            through.into_iter().unzip();
        let waiting = waiting.into_iter().enumerate();
        let waiting = waiting.filter_map(|(at, waiting)| Some((at, waiting?)));
        let waiting: Vec<(usize, WaitingTalk)> = waiting.collect();
        let Some(summarizer) = self.summarizer.as_ref().filter(|_| !waiting.is_empty()) else {
            return Ok(outcomes);
        };
        let made = if self.was_stopped() {
            let unmade = |(_, waiting): &(usize, WaitingTalk)| {
                let because = Some(SummarizeError::NotCached);
                Resolved::standing_in(waiting.now.clone(), because, waiting.work)
            };
            waiting.iter().map(unmade).collect()
        } else {
            let talks: Vec<&SummarizedTalk> =
                outcomes.iter().map(|outcome| &outcome.talk).collect();
            let wanted = waiting.iter();
            let wanted = wanted.map(|(at, waiting)| (*at, waiting.now.clone(), waiting.work));
            summarizer
                .file_by_words(&talks, &wanted.collect::<Vec<_>>())
                .await
        };
        for (made, (at, mut waiting)) in made.into_iter().zip(waiting) {
            let outcome = &mut outcomes[at];
            let talk = &outcome.talk.talk;
            let state = &mut waiting.report_state;
            outcome.category =
                self.finish(Task::Categorize, talk, made.how, made.problem, state)?;
            outcome.talk.category = made.value;
        }
        Ok(outcomes)
    }

    /// Looks once whether the model can be asked that a talk is to be fetched for: nobody wants to
    /// have visited `YouTube` for nothing.
    async fn check_endpoint(&self, entry: &Entry, talk: &Talk, work: Work) -> Result<(), LlmError> {
        let Some(summarizer) = &self.summarizer else {
            return Ok(());
        };
        let Some(requests) = &summarizer.requests else {
            return Ok(());
        };
        if !summarizer.decider.will_ask(entry, talk, work) {
            return Ok(());
        }
        // Who waits here goes on in the order in which the talks set out.
        let mut is_ready = self.is_ready.lock().await;
        if *is_ready {
            return Ok(());
        }
        match requests.check().await {
            Ok(()) => *is_ready = true,
            // Of a stop each task tells by itself.
            Err(LlmError::Stopped) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Tells of the end of a task, if that is to be told, and splits a problem that ends the run from
    /// one that costs its talk.
    fn finish<E: TaskError>(
        &self,
        task: Task,
        talk: &Talk,
        how: How,
        problem: Option<E>,
        report_state: &mut ReportState,
    ) -> Result<Option<E>, RunError> {
        report_state.goes_on &= !problem.as_ref().is_some_and(E::is_stop);
        if report_state.goes_on {
            let news = problem
                .as_ref()
                .filter(|problem| problem.is_news(report_state));
            self.report_end(task, talk, how, news);
        }
        match problem {
            Some(error) if error.is_fatal() => Err(error.into()),
            problem => Ok(problem),
        }
    }

    /// Tells of a talk that is through with a task. Once the run has been told to stop, problems
    /// are not worth a line.
    fn report_end(
        &self,
        task: Task,
        talk: &Talk,
        how: How,
        problem: Option<&(impl Error + 'static)>,
    ) {
        let problem = problem
            .filter(|_| !self.was_stopped())
            .map(|error| error as &dyn Error);
        self.reporter.report(Event::Ended {
            task,
            talk: &talk.id,
            how,
            problem,
        });
    }
}

/// Carries talks side by side, and gives what they came to in their order. They set out one after
/// the other, and what comes back meanwhile is seen to in between: the first requests are under way
/// while the last talks are still looked for in the cache, and a talk that was only recalled is
/// through before the next one sets out.
async fn side_by_side<T>(talks: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut under_way = FuturesOrdered::new();
    let mut through = Vec::with_capacity(talks.size_hint().0);
    for talk in talks {
        under_way.push_back(talk);
        while let Some(Some(outcome)) = under_way.next().now_or_never() {
            through.push(outcome);
        }
        if !under_way.is_empty() {
            yield_now().await;
        }
    }
    while let Some(outcome) = under_way.next().await {
        through.push(outcome);
    }
    through
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[tokio::test]
    async fn who_set_out_first_is_seen_to_while_others_still_set_out() {
        let seen = RefCell::new(Vec::new());
        let talks = [2, 0, 1]
            .into_iter()
            .enumerate()
            .map(async |(place, waits)| {
                seen.borrow_mut().push((place, "set out"));
                for _ in 0..waits {
                    yield_now().await;
                }
                seen.borrow_mut().push((place, "through"));
                place
            });
        assert_eq!(side_by_side(talks).await, [0, 1, 2]);
        let seen = seen.into_inner();
        let at = |event| seen.iter().position(|seen| *seen == event).unwrap();
        assert!(at((1, "through")) < at((2, "set out")), "{seen:?}");
        assert!(at((1, "through")) < at((0, "through")), "{seen:?}");
        assert!(at((0, "through")) < at((2, "through")), "{seen:?}");
    }
}
