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
mod earlier;
pub(crate) mod estimate;
pub(crate) mod fault;
pub(crate) mod form;
pub(crate) mod language;
pub(crate) mod names;
pub(crate) mod near_miss;
mod parts;
mod questions;
pub(crate) mod reply;
pub(crate) mod sentences;
pub(crate) mod untrusted;

use thiserror::Error;

use crate::cache::{CacheError, CachedReply, Owner, Reply, Request};
use crate::catalog::Entry;
use crate::llm::Billed;
use crate::llm::error::LlmError;
use crate::prompts::PromptError;
use crate::report::{Event, Reporter};
use crate::requests::{RequestError, Requests, SendPermit, Slot};
use crate::summarize::conversation::{Conversation, FromReply, ReplyOutcome};
pub(crate) use crate::summarize::decision::{Decider, Decision};
use crate::summarize::fault::Fault;
use crate::summarize::questions::PromptSource;
use crate::summarize::untrusted::escape_untrusted;
use crate::talk::provenance::Provenance;
use crate::talk::{Choice, Filing, SummarizedTalk, Summary, Talk};
use crate::work::{How, Stage, Work};

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

/// Why a talk has no summary or no category.
#[derive(Debug, Error)]
pub(crate) enum SummarizeError {
    /// There are neither captions nor an abstract.
    #[error("there is no transcript and no abstract to summarize")]
    NothingToRead,
    /// Nothing is said in the part of the recording that the talk is.
    #[error("nothing is said between the `start` and the `end` of the talk")]
    NothingSaid,
    /// What was transcribed has no times, and the talk is a part of the recording.
    #[error("the transcription has no times, so the talk cannot be told from the rest")]
    NoTimes,
    /// The transcript is known and not there.
    #[error("the transcript is not in the cache")]
    TranscriptMissing,
    /// Nothing is cached and nothing may be made.
    #[error("nothing usable is cached")]
    NotCached,
    /// The reply and the corrected reply both failed the check.
    #[error("both replies of the model were set aside; the last one: {0}")]
    Rejected(Fault),
    /// The prompt could not be rendered.
    #[error("the prompt could not be made")]
    Prompt(#[source] PromptError),
    /// A request has no reply.
    #[error(transparent)]
    Request(#[from] RequestError),
}

impl SummarizeError {
    /// Whether the run must end.
    #[must_use]
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_fatal())
    }

    /// Whether it only says that the run was stopped.
    #[must_use]
    pub(crate) fn is_stop(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_stop())
    }

    /// Whether it only says that the run's budget is used up.
    #[must_use]
    pub(crate) fn is_over_budget(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_over_budget())
    }

    /// Whether something was tried and went wrong, as against what was left undone.
    #[must_use]
    pub(crate) fn is_failure(&self) -> bool {
        !self.is_stop() && !self.is_over_budget() && !matches!(self, Self::NotCached)
    }

    /// Whether the model's replies were of no use.
    #[must_use]
    pub(crate) fn is_rejection(&self) -> bool {
        matches!(
            self,
            Self::Rejected(_) | Self::Request(RequestError::RejectedEarlier)
        )
    }

    /// The file of the cache that could not be read, if that is it.
    #[must_use]
    pub(crate) fn unreadable(&self) -> Option<&CacheError> {
        match self {
            Self::Request(RequestError::Cache(error)) => Some(error),
            _ => None,
        }
    }

    /// Whether the endpoint has said how much fits, in refusing a prompt that does not.
    fn names_context(&self) -> bool {
        matches!(
            self,
            Self::Request(RequestError::Llm(LlmError::ContextTooLong {
                context: Some(_),
                ..
            }))
        )
    }

    /// Whether a file is damaged in whose place another may be made.
    fn is_damage(&self) -> bool {
        self.unreadable().is_some_and(CacheError::is_damage)
    }

    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NothingToRead => Some(
                "put a caption file into the captions folder, or write the talk's `summary` into the catalog",
            ),
            Self::NothingSaid => Some("check `start` and `end` of the talk in the catalog"),
            Self::NoTimes => Some(
                "name a model under [transcribe] that gives times, such as whisper-1, and run with `--redo transcript`",
            ),
            Self::TranscriptMissing => Some("run `proceedings fetch --redo transcript`"),
            Self::NotCached => Some("run `proceedings build`"),
            Self::Rejected(_) | Self::Request(RequestError::RejectedEarlier) => Some(
                "try `--redo summary` or `--redo category`, a stronger model, or write it into the catalog",
            ),
            Self::Prompt(_) => Some("mend the template in `prompts/`"),
            Self::Request(error) => error.hint(),
        }
    }
}

impl<T> Resolved<T> {
    fn found(value: T, how: How) -> Self {
        Self {
            value: Some(value),
            how,
            problem: None,
        }
    }

    /// What stands in for a result that could not be had. Where none was to be made, that is no
    /// problem.
    fn standing_in(now: Option<T>, because: Option<SummarizeError>, work: Work) -> Self {
        let was_to_be_made =
            |error: &SummarizeError| work.makes() && !matches!(error, SummarizeError::NotCached);
        match now {
            Some(_) => Self {
                value: now,
                how: How::Stale,
                problem: because.filter(was_to_be_made),
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
        let make = async || self.make_excerpt(entry, talk).await;
        self.carry_out(decision, work, make).await
    }

    /// Finds or makes the category of a talk. A conference without categories has none to find.
    pub(crate) async fn category(
        &self,
        entry: &Entry,
        talk: &Talk,
        summary: Option<&Summary>,
        work: Work,
    ) -> Resolved<Filing> {
        let decision = self.decider.category(entry, talk, summary, work);
        let make = async || match summary {
            Some(summary) => self.compare_words(talk, summary).await,
            None => Err(SummarizeError::NotCached),
        };
        self.carry_out(decision, work, make).await
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
            Decision::Ask(conversation, now) => (now, Box::pin(self.ask(conversation, work)).await),
            Decision::Make(now) => (now, make().await),
        };
        match made {
            Ok(value) => Resolved::found(value, How::New),
            Err(error) => Resolved::standing_in(now, Some(error), work),
        }
    }

    /// Asks a model, and once more with the fault named if its reply cannot be used.
    async fn ask<T: FromReply>(
        &self,
        conversation: Conversation<'_>,
        work: Work,
    ) -> Result<T, SummarizeError> {
        self.tell_of_recalls(conversation.billed());
        let requests = self.requests.as_ref().ok_or(SummarizeError::NotCached)?;
        let context = requests.context(conversation.wanted_context()).await;
        let mut conversation = self.decider.fitted(conversation, context)?;
        loop {
            let slot = self.decider.slot(&conversation, work);
            let send = async |permit: &SendPermit<'_>| self.send(&conversation, slot, permit).await;
            let kept = match requests.reply(slot, send).await {
                // The refusal has told how much fits.
                Err(error) if error.names_context() => {
                    let context = requests.context(u64::MAX).await;
                    conversation = self.decider.shortened(conversation, context).ok_or(error)?;
                    continue;
                }
                reply => reply?,
            };
            match self.decider.hear(conversation, kept)? {
                ReplyOutcome::Answer(value, _) => return Ok(value),
                ReplyOutcome::Open(corrected) => conversation = corrected,
                ReplyOutcome::Rejected(fault, replies) => {
                    for kept in replies {
                        let set_aside = self.decider.cache.reject(&kept);
                        set_aside.map_err(RequestError::NotKept)?;
                    }
                    return Err(SummarizeError::Rejected(fault));
                }
            }
        }
    }

    /// Sends the next question of a conversation; the words of the talk are in memory only while the
    /// permit is held.
    async fn send(
        &self,
        conversation: &Conversation<'_>,
        slot: Slot<'_>,
        permit: &SendPermit<'_>,
    ) -> Result<CachedReply, SummarizeError> {
        let (placeholder, words) = match &conversation.source {
            PromptSource::Transcript { placeholder } => {
                (placeholder, self.words(conversation.talk)?)
            }
            PromptSource::Notes { placeholder } => {
                (placeholder, self.notes(conversation, permit).await?)
            }
            PromptSource::Abstract => return Ok(permit.chat(slot, &conversation.chat).await?),
        };
        let filled = conversation
            .chat
            .with(placeholder, &escape_untrusted(&words));
        drop(words);
        Ok(permit.chat(slot, &filled).await?)
    }

    fn words(&self, talk: &Talk) -> Result<String, SummarizeError> {
        let words = self.decider.transcript(talk)?;
        let words = words.ok_or(SummarizeError::TranscriptMissing)?.text();
        if words.trim().is_empty() {
            return Err(SummarizeError::NothingSaid);
        }
        Ok(words)
    }

    async fn keep(
        &self,
        talk: &Talk,
        stage: Stage,
        request: &Request,
        reply: Reply,
    ) -> Result<Provenance, SummarizeError> {
        let cache = self.decider.cache;
        let kept = cache.keep_reply(Owner::Talk(&talk.id), stage, request, reply);
        Ok(kept.await.map_err(RequestError::NotKept)?.provenance())
    }

    fn tell_of_recalls(&self, billed: impl IntoIterator<Item = Billed>) {
        for billed in billed {
            self.reporter.report(Event::Recalled { billed });
        }
    }
}
