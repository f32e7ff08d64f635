//! What is decided about a talk at all stages, in the order of the line, and what that takes.

use crate::catalog::Entry;
use crate::fetch::decision::{FetchDecision, Next};
use crate::fetch::work_after;
use crate::summarize::estimate::{Estimate, estimate_of_category, some_summary};
use crate::summarize::{Conversation, Decider, Decision, SummarizeError, work_after_summary};
use crate::talk::{Filing, Summary};
use crate::work::Work;

/// What is decided about a talk.
#[derive(Debug)]
pub(crate) struct Decisions<'a> {
    /// What the catalog says.
    pub entry: &'a Entry,
    /// What is to be done to know it.
    pub fetch: &'a FetchDecision,
    /// What is to be done for its summary.
    pub summary: Decision<'a, Summary>,
    /// What is to be done for its category, with the summary that it will have.
    pub category: Decision<'a, Filing>,
    /// The category that it has with the summary that is there now.
    pub filing: Option<Filing>,
}

/// What a decision takes.
#[derive(Debug)]
pub(crate) enum Need {
    /// Nothing: it is there, or costs nothing.
    Nothing,
    /// A model is asked.
    Requests(Estimate),
    /// A model is asked, and how much it reads is not known yet: what is here is without the words
    /// of the talk.
    Words(Estimate),
    /// It cannot be made as things are.
    Impossible(SummarizeError),
}

/// What a run would ask about a talk now.
#[derive(Debug)]
pub(crate) enum NextQuestion<'a> {
    /// Nothing.
    Nothing,
    /// The next of a conversation.
    Of(Conversation<'a>),
    /// What is to be asked is known once the talk is fetched.
    AfterFetching,
    /// It cannot be asked as things are.
    Impossible(SummarizeError),
}

impl<'a> Decisions<'a> {
    /// Decides about a talk as a run would.
    #[must_use]
    pub(crate) fn of(
        decider: &Decider<'_>,
        entry: &'a Entry,
        fetch: &'a FetchDecision,
        work: Work,
    ) -> Self {
        let talk = &fetch.talk;
        let work = work_after(work, fetch.damage());
        let summary = decider.summary(entry, talk, work);
        let now = summary.now();
        let written = some_summary();
        let is_new = matches!(summary, Decision::Ask(..)) || waits_for_words(&summary, fetch, work);
        let by = if is_new { Some(&written) } else { now };
        let problem = match &summary {
            Decision::Nothing(problem, _) => problem.as_ref(),
            _ => None,
        };
        let work = work_after_summary(work, problem);
        let category = decider.category(entry, talk, by, work);
        let filing = if is_new {
            let present = decider.category(entry, talk, now, Work::Recall);
            present.now().cloned()
        } else {
            category.now().cloned()
        };
        Self {
            entry,
            fetch,
            summary,
            category,
            filing,
        }
    }

    /// Whether the summary waits for what is to be fetched.
    #[must_use]
    pub(crate) fn waits_for_words(&self) -> bool {
        waits_for_words(&self.summary, self.fetch, Work::Make)
    }

    /// What a run would ask about the talk now. Where that is for its summary, nobody knows yet what
    /// will be asked for its category.
    #[must_use]
    pub(crate) fn next_question(self) -> NextQuestion<'a> {
        let waits = self.waits_for_words();
        match (self.summary, self.category) {
            (Decision::Ask(..), _) if self.fetch.next != Next::Nothing => {
                NextQuestion::AfterFetching
            }
            (Decision::Nothing(..), _) if waits => NextQuestion::AfterFetching,
            (Decision::Ask(conversation, _), _) | (_, Decision::Ask(conversation, _)) => {
                NextQuestion::Of(conversation)
            }
            (Decision::Nothing(Some(error), _), _) | (_, Decision::Nothing(Some(error), _)) => {
                NextQuestion::Impossible(error)
            }
            _ => NextQuestion::Nothing,
        }
    }

    /// What the summary and the category take, and what keeps them from being made.
    #[must_use]
    pub(crate) fn needs(self, decider: &Decider<'_>) -> [Need; 2] {
        let waits = self.waits_for_words();
        let is_in_batch =
            matches!(&self.summary, Decision::Nothing(Some(error), _) if error.is_in_batch());
        let summary = match self.summary {
            // What the talk is announced with will not be read once its words are there.
            Decision::Ask(..) if brings_words(self.fetch) => need_of_words(decider, self.fetch),
            Decision::Ask(conversation, _) => {
                let estimate = decider.estimate_of_summary(&conversation);
                estimate.map_or_else(Need::Impossible, Need::Requests)
            }
            Decision::Nothing(_, _) if waits => need_of_words(decider, self.fetch),
            Decision::Nothing(Some(error), _) => need_after(error),
            _ => Need::Nothing,
        };
        let category = match self.category {
            Decision::Ask(conversation, _) => Need::Requests(estimate_of_category(&conversation)),
            _ if is_in_batch => Need::Nothing,
            Decision::Nothing(Some(error), _) => need_after(error),
            _ => Need::Nothing,
        };
        [summary, category]
    }
}

/// What is in a batch is paid for with it.
fn need_after(error: SummarizeError) -> Need {
    if error.is_in_batch() {
        Need::Nothing
    } else {
        Need::Impossible(error)
    }
}

fn waits_for_words(summary: &Decision<'_, Summary>, fetch: &FetchDecision, work: Work) -> bool {
    let lacks_words = match summary {
        Decision::Nothing(Some(error), _) => error.is_lack_of_words(),
        _ => false,
    };
    lacks_words && fetch.next != Next::Nothing && work.asks()
}

/// Whether the words of a talk are to be had before it is summarized.
fn brings_words(fetch: &FetchDecision) -> bool {
    fetch.talk.transcript.is_none() && fetch.next != Next::Nothing
}

/// The words of a caption file that is to be read are known, of the whole recording at least.
fn need_of_words(decider: &Decider<'_>, fetch: &FetchDecision) -> Need {
    let mut bare = match decider.estimate_without_words(&fetch.talk) {
        Ok(bare) => bare,
        Err(error) => return Need::Impossible(error),
    };
    match &fetch.talk.transcript {
        Some(transcript) if fetch.talk.id.start.is_none() && transcript.tokens > 0 => {
            bare.usage.prompt_tokens += transcript.tokens;
            Need::Requests(bare)
        }
        _ => Need::Words(bare),
    }
}
