//! A talk becomes a summary and a category: from the catalog, from the cache, from a model, or
//! from the built-in summarizer.
//!
//! The organizer's words come first. What is cached for exactly this request is next, and only
//! then is something made. Where nothing new can be had, the newest usable result stands in and is
//! called stale. Nothing here knows a terminal or sends HTTP.

mod again;
pub mod builtin;
mod builtin_stage;
pub mod changes;
mod condense;
pub mod form;
pub(crate) mod language;
mod model_stage;
pub mod names;
pub mod near_miss;
mod old;
mod parts;
pub mod plan;
mod questions;
pub mod reply;
pub mod sentences;
pub(crate) mod untrusted;

use std::rc::Rc;

use thiserror::Error;

use crate::cache::{Cache, CacheError, CachedReply, Lookup, Reply, Request, Shelf};
use crate::catalog::{Catalog, Entry};
use crate::llm::budget::Budget;
use crate::llm::client::Client;
use crate::llm::error::LlmError;
use crate::prompts::{PromptError, Prompts};
use crate::report::Reporter;
use crate::summarize::old::Old;
use crate::summarize::reply::Fault;
use crate::talk::provenance::FiledBy;
use crate::talk::transcript::{CaptionKind, Transcript};
use crate::talk::{Choice, Filing, Freshness, Origin, Summary, Talk};
use crate::work::{How, Stage, Work};

/// What writes summaries and chooses categories.
#[derive(Debug)]
pub struct Summarizer<'a> {
    /// The conference.
    pub catalog: &'a Catalog,
    /// Where results are kept.
    pub cache: &'a Cache,
    /// How models are asked.
    pub prompts: &'a Prompts,
    /// The endpoint; none means that no model is asked.
    pub client: Option<&'a Client>,
    /// What the run may cost; none means whatever it takes.
    pub budget: Option<&'a Budget>,
    /// The stages whose cached results are passed over.
    pub redo: &'a [Stage],
    /// Who hears of progress.
    pub reporter: &'a dyn Reporter,
}

/// A result, a reason why it is not what was wanted, or both: an older result may stand in.
#[derive(Debug)]
pub struct Made<T> {
    /// The result.
    pub value: Option<T>,
    /// How it was come by.
    pub how: How,
    /// What went wrong.
    pub problem: Option<SummarizeError>,
}

/// Why a talk has no summary or no category.
#[derive(Debug, Error)]
pub enum SummarizeError {
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
    /// They did so in an earlier run.
    #[error("the model's replies were set aside in an earlier run")]
    RejectedEarlier,
    /// The prompt with the transcript is longer than the model's context.
    #[error("prompt and reply have about {tokens} tokens, and {context} fit the model")]
    TooLong {
        /// What the prompt has.
        tokens: u64,
        /// What fits.
        context: u64,
    },
    /// The server has cut the prompt without a word.
    #[error("the server read {read} of about {sent} tokens, so it cut the talk off")]
    Truncated {
        /// About how many tokens were sent.
        sent: u64,
        /// How many the server says it read.
        read: u64,
    },
    /// The request could have cost more than is left of the budget.
    #[error("the budget of ${most} does not allow it")]
    OverBudget {
        /// The budget in US dollars.
        most: f64,
    },
    /// The request could not be completed.
    #[error("no reply of the model")]
    Llm(#[source] LlmError),
    /// The prompt could not be rendered.
    #[error("the prompt could not be made")]
    Prompt(#[source] PromptError),
    /// A file of the cache could not be read.
    #[error("the cache could not be read")]
    Cache(#[source] CacheError),
    /// A result could not be kept. The run ends: what is paid for must not be lost.
    #[error("a result could not be kept")]
    NotKept(#[source] CacheError),
}

impl SummarizeError {
    /// Whether the run must end.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::NotKept(_) => true,
            Self::Llm(error) => error.is_fatal(),
            _ => false,
        }
    }

    /// Whether it only says that the run was stopped.
    #[must_use]
    pub fn is_stop(&self) -> bool {
        matches!(self, Self::Llm(LlmError::Stopped))
    }

    /// Whether it only says that the run's budget is used up.
    #[must_use]
    pub fn is_over_budget(&self) -> bool {
        matches!(self, Self::OverBudget { .. })
    }

    /// Whether something was tried and went wrong, as against what was left undone.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        !self.is_stop() && !self.is_over_budget() && !matches!(self, Self::NotCached)
    }

    /// Whether the endpoint has said how much fits, in refusing a prompt that does not.
    fn names_context(&self) -> bool {
        matches!(
            self,
            Self::Llm(LlmError::ContextTooLong {
                context: Some(_),
                ..
            })
        )
    }

    /// Whether a file is damaged in whose place another may be made.
    fn is_damage(&self) -> bool {
        matches!(self, Self::Cache(error) if error.is_damage())
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
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
            Self::Rejected(_) | Self::RejectedEarlier => Some(
                "try `--redo summary` or `--redo category`, a stronger model, or write it into the catalog",
            ),
            Self::TooLong { .. } => Some(
                "set `context_tokens` in the catalog if the model takes more, or choose another model",
            ),
            Self::Truncated { .. } => Some(
                "start the server with a longer context, or set `context_tokens` in the catalog to what it reads: longer talks are then read in parts",
            ),
            Self::OverBudget { .. } => {
                Some("run again with a larger `--max-cost`; what was paid for is kept")
            }
            Self::Llm(error) => error.hint(),
            Self::Prompt(_) => Some("mend the template in `prompts/`"),
            Self::Cache(error) | Self::NotKept(error) => error.hint(),
        }
    }
}

impl<T> Made<T> {
    fn found(value: T, how: How) -> Self {
        Self {
            value: Some(value),
            how,
            problem: None,
        }
    }

    fn failed(problem: SummarizeError) -> Self {
        Self {
            value: None,
            how: How::Missing,
            problem: Some(problem),
        }
    }
}

impl Summarizer<'_> {
    /// Finds or makes the summary of a talk.
    pub async fn summary(&self, entry: &Entry, talk: &Talk, work: Work) -> Made<Summary> {
        if let Some(text) = &entry.summary {
            let (text, origin) = (text.clone(), Origin::Organizer);
            return Made::found(
                Summary {
                    text,
                    origin,
                    making: None,
                    freshness: Freshness::Current,
                },
                How::Given,
            );
        }
        let mut made = match &self.catalog.llm {
            Some(llm) => self.summary_by_model(talk, llm, work).await,
            None => self.excerpt(entry, talk, work).await,
        };
        if let Some(summary) = &mut made.value {
            summary.text = names::corrected(&summary.text, &self.catalog.glossary);
        }
        made
    }

    /// Finds or makes the category of a talk. A conference without categories has none to find.
    pub async fn category(
        &self,
        entry: &Entry,
        talk: &Talk,
        summary: Option<&Summary>,
        work: Work,
    ) -> Made<Filing> {
        let by_title = self.catalog.categories.by_title(&talk.title);
        let decided = match (&entry.category, by_title) {
            (Some(name), _) => Some((name, FiledBy::Organizer)),
            (None, rule) => rule.map(|category| (&category.name, FiledBy::TitleRule)),
        };
        if let Some((name, filed_by)) = decided {
            let filing = Filing {
                choice: Choice::Category(name.clone()),
                filed_by,
                making: None,
                freshness: Freshness::Current,
            };
            return Made::found(filing, How::Given);
        }
        if self.catalog.categories.is_empty() {
            // A page that was imported may say that nothing fits; only what was imported is current.
            let old = self.old_filing(talk).unwrap_or_default();
            let imported = old.filter(Old::is_current);
            return Made {
                value: imported,
                how: How::Given,
                problem: None,
            };
        }
        // A talk that nobody could read is not filed anew; why is said of its summary.
        let Some(summary) = summary else {
            return match self.old_filing(talk) {
                Ok(Some(old)) => Made::found(old, How::Cached),
                Ok(None) => Made {
                    value: None,
                    how: How::Missing,
                    problem: None,
                },
                Err(error) => Made::failed(error),
            };
        };
        match &self.catalog.llm {
            Some(llm) => self.category_by_model(talk, summary, llm, work).await,
            None => self.category_by_words(talk, summary, work).await,
        }
    }

    /// The result for exactly this request if it is cached, else the newest one that was imported,
    /// else a new one, else the newest old one.
    async fn settle<T: Old>(
        &self,
        stage: Stage,
        work: Work,
        new: impl AsyncFn(Work) -> Result<T, SummarizeError>,
        newest: impl FnOnce() -> Result<Option<T>, SummarizeError>,
    ) -> Made<T> {
        let redo = work == Work::Make && self.redo.contains(&stage);
        let exact = if redo {
            Err(SummarizeError::NotCached)
        } else {
            new(Work::Recall).await
        };
        let mut error = match exact {
            Ok(value) => return Made::found(value, How::Cached),
            Err(error) => error,
        };
        let old = match newest() {
            Ok(Some(imported)) if imported.is_current() && !redo => {
                return Made::found(imported, How::Cached);
            }
            Ok(old) => old,
            Err(error) if redo && error.is_damage() => None,
            Err(error) => return Made::failed(error),
        };
        if work == Work::Make && matches!(error, SummarizeError::NotCached) {
            error = match new(Work::Make).await {
                Ok(value) => return Made::found(value, How::New),
                Err(error) => error,
            };
        }
        let was_to_be_made = work == Work::Make && !matches!(error, SummarizeError::NotCached);
        match old {
            Some(old) if was_to_be_made => Made {
                problem: Some(error),
                ..Made::found(old, How::Stale)
            },
            Some(old) => Made::found(old, How::Stale),
            None => Made::failed(error),
        }
    }

    /// The reply to exactly this request, unless it is to be had anew.
    fn recalled(
        &self,
        talk: &Talk,
        stage: Stage,
        request: &Request,
        work: Work,
    ) -> Result<Option<CachedReply>, SummarizeError> {
        if work == Work::Make && self.redo.contains(&stage) {
            return Ok(None);
        }
        // Before anything is paid for, the folder is looked at as it is now.
        let shelf = match work {
            Work::Recall => self.shelf_at_hand(talk)?,
            Work::Make => self.shelf(talk)?,
        };
        match shelf
            .reply(&talk.id, stage, request)
            .map_err(SummarizeError::Cache)?
        {
            Lookup::Hit(kept) => Ok(Some(*kept)),
            Lookup::Rejected => Err(SummarizeError::RejectedEarlier),
            Lookup::Miss => Ok(None),
        }
    }

    async fn keep(
        &self,
        talk: &Talk,
        stage: Stage,
        request: &Request,
        reply: Reply,
    ) -> Result<CachedReply, SummarizeError> {
        let kept = self.cache.keep_reply(&talk.id, stage, request, reply).await;
        kept.map_err(SummarizeError::NotKept)
    }

    /// What was said in a talk; of a part of a recording, what was said in that part.
    fn transcript(&self, talk: &Talk) -> Result<Option<Transcript>, SummarizeError> {
        let Some(reference) = &talk.transcript else {
            return Ok(None);
        };
        let kept = self
            .shelf(talk)?
            .transcript(&reference.digest)
            .map_err(SummarizeError::Cache)?;
        let transcript = kept.ok_or(SummarizeError::TranscriptMissing)?;
        let has_times = || transcript.cues.iter().all(|cue| cue.span.is_some());
        match talk.id.start {
            None => Ok(Some(transcript)),
            // An organizer's file may be of the part alone; what was transcribed is of the whole.
            Some(_) if transcript.kind == CaptionKind::Transcribed && !has_times() => {
                Err(SummarizeError::NoTimes)
            }
            Some(start) => Ok(Some(transcript.between(start, talk.end))),
        }
    }

    fn shelf(&self, talk: &Talk) -> Result<Rc<Shelf>, SummarizeError> {
        self.cache
            .shelf(&talk.id.video)
            .map_err(SummarizeError::Cache)
    }

    fn shelf_at_hand(&self, talk: &Talk) -> Result<Rc<Shelf>, SummarizeError> {
        self.cache
            .shelf_at_hand(&talk.id.video)
            .map_err(SummarizeError::Cache)
    }
}
