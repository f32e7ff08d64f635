//! A talk becomes a summary and a category: from the catalog, from the cache, from a model, or
//! from the built-in summarizer.
//!
//! The organizer's words come first. What is cached for exactly this request is next, and only
//! then is something made. Where nothing new can be had, the newest usable result stands in and is
//! called stale. [`Decider`] decides that without asking anybody, and [`Summarizer`] carries it out.
//! Nothing here knows a terminal or sends HTTP.

pub(crate) mod builtin;
mod builtin_stage;
pub(crate) mod changes;
mod condense;
mod conversation;
mod decision;
mod due;
mod earlier;
mod error;
pub(crate) mod estimate;
pub(crate) mod fault;
pub(crate) mod form;
mod labels;
pub(crate) mod misheard;
pub(crate) mod names;
pub(crate) mod near_miss;
mod parts;
mod places;
mod questions;
mod recall;
pub(crate) mod reply;
mod rewrite;
pub(crate) mod sentences;
pub(crate) mod support;
pub(crate) mod untrusted;

use std::borrow::Cow;

use crate::catalog::Entry;
use crate::llm::{Billed, ChatRequest};
use crate::report::{Event, Reporter};
use crate::requests::{RequestError, Requests, SendPermit};
pub(crate) use crate::summarize::conversation::Conversation;
use crate::summarize::conversation::{FromReply, ReplyOutcome};
pub(crate) use crate::summarize::decision::{Decider, Decision};
pub(crate) use crate::summarize::due::DueRequest;
pub(crate) use crate::summarize::error::{SummarizeError, work_after_summary};
use crate::summarize::form::Strictness;
use crate::summarize::questions::PromptSource;
pub(crate) use crate::summarize::questions::reply_tokens;
use crate::summarize::support::Support;
use crate::summarize::untrusted::escape_untrusted;
use crate::talk::{Choice, Filing, Freshness, Origin, SummarizedTalk, Summary, Talk};
use crate::work::{How, Work};

/// What carries decisions out: it has summaries written and categories chosen.
#[derive(Debug)]
pub(crate) struct Summarizer<'a> {
    /// What is to be done.
    pub decider: Decider<'a>,
    /// The endpoint; none means that no model is asked.
    pub requests: Option<Requests<'a>>,
    /// Who hears of progress.
    pub reporter: &'a dyn Reporter,
}

/// A result, a reason why it is not what was wanted, or both: an older result may stand in.
#[derive(Debug)]
pub(crate) struct Resolved<T> {
    pub value: Option<T>,
    /// How it was come by.
    pub how: How,
    pub problem: Option<SummarizeError>,
}

/// How far a talk has come on its way to a category.
#[derive(Debug)]
pub(crate) enum Categorized {
    /// To the end of it.
    Through(Resolved<Filing>),
    /// It is filed by its words, with all that wait as it does. Something older may stand in.
    Waits(Option<Filing>),
}

impl<T> Resolved<T> {
    fn found(value: T, how: How) -> Self {
        Self {
            value: Some(value),
            how,
            problem: None,
        }
    }

    /// What stands in for a result that could not be fetched. Where none was to be made, that is no
    /// problem, unless none will be made as things are.
    pub(crate) fn standing_in(now: Option<T>, because: Option<SummarizeError>, work: Work) -> Self {
        let was_to_be_made =
            |error: &SummarizeError| work.makes() && !matches!(error, SummarizeError::NotCached);
        match now {
            Some(_) => Self {
                value: now,
                how: How::Stale,
                problem: because.filter(|error| was_to_be_made(error) || error.is_rejection()),
            },
            None => Self {
                value: None,
                how: How::Missing,
                problem: because,
            },
        }
    }
}

impl Summarizer<'_> {
    /// Finds or makes the summary of a talk.
    pub(crate) async fn summary(
        &self,
        entry: &Entry,
        talk: &Talk,
        work: Work,
    ) -> Resolved<Summary> {
        let decision = self.decider.summary(entry, talk, work);
        let make = async || self.make_excerpt(entry, talk, work).await;
        let made = self.carry_out(decision, work, make).await;
        let is_written = |summary: &Summary| summary.origin != Origin::Excerpt;
        let is_to_be_shown = |error: &SummarizeError| {
            work == Work::RecallOrExcerpt && matches!(error, SummarizeError::NotCached)
        };
        match made.problem {
            Some(error)
                if (error.is_rejection() || is_to_be_shown(&error))
                    && !made.value.as_ref().is_some_and(is_written) =>
            {
                Box::pin(self.excerpt_meanwhile(entry, talk, work, error)).await
            }
            // A build would still look for something to read.
            Some(SummarizeError::NothingToRead) if work == Work::RecallOrExcerpt => Resolved {
                problem: Some(SummarizeError::NotCached),
                ..made
            },
            problem => Resolved { problem, ..made },
        }
    }

    /// Readers get an excerpt as long as there is no reply of a model that can be used.
    async fn excerpt_meanwhile(
        &self,
        entry: &Entry,
        talk: &Talk,
        work: Work,
        because: SummarizeError,
    ) -> Resolved<Summary> {
        let decision = self.decider.excerpt(entry, talk, work);
        let make = async || self.make_excerpt(entry, talk, work).await;
        let made = self.carry_out(decision, work, make).await;
        let fatal = made.problem.filter(SummarizeError::is_fatal);
        let excerpt = made.value.map(|excerpt| Summary {
            freshness: Freshness::Stale,
            ..excerpt
        });
        Resolved {
            how: excerpt.as_ref().map_or(How::Missing, |_| How::Stale),
            value: excerpt,
            problem: fatal.or(Some(because)),
        }
    }

    /// Finds the category of a talk or has a model choose it. A conference without categories has
    /// none to find.
    pub(crate) async fn category(
        &self,
        entry: &Entry,
        talk: &Talk,
        summary: Option<&Summary>,
        work: Work,
    ) -> Categorized {
        match self.decider.category(entry, talk, summary, work) {
            Decision::Make(now) => Categorized::Waits(now),
            decision => {
                let make = async || Err(SummarizeError::NotCached);
                Categorized::Through(self.carry_out(decision, work, make).await)
            }
        }
    }

    /// Finds out or recalls where a talk is filed when a model is asked again.
    pub(crate) async fn opinion(&self, talk: &SummarizedTalk, work: Work) -> Resolved<Choice> {
        let decision = self.decider.opinion(talk, work);
        let make = async || Err(SummarizeError::NotCached);
        let made: Resolved<Filing> = self.carry_out(decision, work, make).await;
        Resolved {
            value: made.value.map(|filing| filing.choice),
            how: made.how,
            problem: made.problem,
        }
    }

    /// Finds out or recalls whether what is said supports a summary.
    pub(crate) async fn support(&self, talk: &SummarizedTalk, work: Work) -> Resolved<Support> {
        let decision = self.decider.support(talk, work);
        let make = async || Err(SummarizeError::NotCached);
        self.carry_out(decision, work, make).await
    }

    /// Writes or recalls another summary of a talk, with a person's hint.
    pub(crate) async fn rewrite(&self, talk: &Talk, hint: &str) -> Resolved<Summary> {
        let decision = self.decider.rewrite(talk, hint);
        let make = async || Err(SummarizeError::NotCached);
        self.carry_out(decision, Work::Make, make).await
    }

    async fn carry_out<T: FromReply>(
        &self,
        decision: Decision<'_, T>,
        work: Work,
        make: impl AsyncFnOnce() -> Result<T, SummarizeError>,
    ) -> Resolved<T> {
        let (now, made) = match decision {
            Decision::Use(value, how, billed) => {
                self.tell_of_recalls(billed);
                return Resolved::found(value, how);
            }
            Decision::Unwanted => {
                return Resolved {
                    value: None,
                    how: How::Given,
                    problem: None,
                };
            }
            Decision::Nothing(because, now) => return Resolved::standing_in(now, because, work),
            Decision::Ask(conversation, now) => (now, Box::pin(self.ask(conversation)).await),
            Decision::Make(now) => (now, make().await),
        };
        match made {
            Ok(value) => Resolved::found(value, How::New),
            Err(error) => Resolved::standing_in(now, Some(error), work),
        }
    }

    /// Asks a model, and once more with the fault named if its reply cannot be used.
    async fn ask<T: FromReply>(&self, conversation: Conversation<'_>) -> Result<T, SummarizeError> {
        self.tell_of_recalls(conversation.billed());
        let requests = self.requests.as_ref().ok_or(SummarizeError::NotCached)?;
        let conversation = self.decider.with_misheard_names(conversation)?;
        let context = requests.context(conversation.wanted_context()).await;
        let mut conversation = self.decider.fit(conversation, context)?;
        loop {
            let slot = conversation.slot();
            let send = async |permit: &SendPermit<'_>| {
                let mut filled = self.fill(&conversation, permit).await?;
                if conversation.has_added_room() {
                    filled = conversation.within(filled, permit.context().await);
                }
                let kept = permit.chat(slot, &filled).await;
                kept.map_err(SummarizeError::from)
            };
            let kept = match requests.reply(slot, send).await {
                // The refusal has told how much fits.
                Err(error) if error.names_context() => {
                    let context = requests.context(u64::MAX).await;
                    conversation = self.decider.shorten(conversation, context).ok_or(error)?;
                    continue;
                }
                reply => reply?,
            };
            match self.decider.hear(conversation, kept, Strictness::Today)? {
                ReplyOutcome::Answer(value, _) => return Ok(value),
                ReplyOutcome::Open(corrected) => conversation = corrected,
                ReplyOutcome::Rejected(fault, replies) => {
                    for kept in &replies {
                        let set_aside = self.decider.cache.reject(kept);
                        set_aside.map_err(RequestError::NotKept)?;
                    }
                    let replies = replies.len();
                    return Err(SummarizeError::Rejected { fault, replies });
                }
            }
        }
    }

    /// The next question of a conversation with the words of the talk, which are in memory only
    /// while the permit is held.
    async fn fill<'c>(
        &self,
        conversation: &'c Conversation<'_>,
        permit: &SendPermit<'_>,
    ) -> Result<Cow<'c, ChatRequest>, SummarizeError> {
        let Conversation { talk, chat, .. } = conversation;
        let (placeholder, words) = match &conversation.source {
            PromptSource::Transcript { placeholder } => (placeholder, self.decider.spoken(talk)?),
            PromptSource::Notes { placeholder } => {
                (placeholder, self.notes(conversation, permit).await?)
            }
            PromptSource::Abstract => return Ok(Cow::Borrowed(chat)),
        };
        Ok(Cow::Owned(
            chat.with(placeholder, &escape_untrusted(&words)),
        ))
    }

    fn tell_of_recalls(&self, billed: impl IntoIterator<Item = Billed>) {
        for billed in billed {
            self.reporter.report(Event::Recalled { billed });
        }
    }
}
