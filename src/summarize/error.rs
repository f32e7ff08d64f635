//! Why a talk has no summary or no category, and what to do next.

use thiserror::Error;

use crate::cache::CacheError;
use crate::llm::error::LlmError;
use crate::printable::printable;
use crate::prompts::PromptError;
use crate::requests::{Earlier, RequestError};
use crate::summarize::fault::Fault;
use crate::work::Work;

/// Why a talk has no summary or no category.
#[derive(Debug, Error)]
pub(crate) enum SummarizeError {
    /// There are neither captions nor an abstract.
    #[error("the talk has no transcript and no abstract to summarize")]
    NothingToRead,
    /// Nothing is said in the part of the recording that the talk is.
    #[error("there are no words between `start` and `end` of the talk")]
    NothingSaid,
    /// What was transcribed has no times, and the talk is a part of the recording.
    #[error("the transcription has no times, so the talk cannot be told from the rest")]
    NoTimes,
    /// The transcript is known and not there.
    #[error("the transcript is not in the cache")]
    TranscriptMissing,
    /// No place in the talk is like its summary.
    #[error("no place in the talk is like its summary")]
    NothingToCompare,
    /// Nothing is cached and nothing may be made.
    #[error("nothing is cached that could be shown")]
    NotCached,
    /// The key of the model is not trusted on this machine.
    #[error(
        "the catalog is not trusted with its key or with a folder, so the program does not ask the model"
    )]
    NotTrusted,
    /// No reply has passed the check.
    #[error("{}: {}", were_set_aside(*replies), printable(&fault.for_people()))]
    Rejected {
        /// What is wrong with the last one.
        fault: Fault,
        /// How many there are.
        replies: usize,
    },
    /// The same in an earlier run, with the fault where it can still be read off the replies.
    #[error("the model's replies were set aside in an earlier run{}", because(.0.as_ref()))]
    RejectedEarlier(Option<Fault>),
    /// The prompt could not be rendered.
    #[error("the prompt could not be made")]
    Prompt(#[source] PromptError),
    /// A request has no reply.
    #[error(transparent)]
    Request(#[from] RequestError),
}

/// That so many replies to one question were set aside.
fn were_set_aside(replies: usize) -> String {
    match replies {
        1 => "the model's reply was set aside".to_owned(),
        2 => "both replies of the model were set aside".to_owned(),
        _ => format!("all {replies} replies of the model were set aside"),
    }
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

    /// Whether it only says that the reply will come with a batch.
    #[must_use]
    pub(crate) fn is_in_batch(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_in_batch())
    }

    /// Whether something was tried and went wrong, as against what was left undone.
    #[must_use]
    pub(crate) fn is_failure(&self) -> bool {
        let is_undone = matches!(
            self,
            Self::NotCached | Self::NotTrusted | Self::NothingToCompare
        );
        !self.is_stop() && !self.is_over_budget() && !self.is_in_batch() && !is_undone
    }

    /// Whether the model's replies could not be used.
    #[must_use]
    pub(crate) fn is_rejection(&self) -> bool {
        matches!(
            self,
            Self::Rejected { .. }
                | Self::RejectedEarlier(_)
                | Self::Request(RequestError::RejectedEarlier)
        )
    }

    /// Whether a reply is there, and asking again is what may help.
    pub(super) fn is_of_no_use(&self) -> bool {
        self.is_rejection() || matches!(self, Self::Request(RequestError::Truncated { .. }))
    }

    /// Which earlier replies will do where the model is asked again for this. What was not set aside,
    /// and is of no use by what is asked of replies today, will not do.
    pub(super) fn usable_replies(&self) -> Earlier {
        match self {
            Self::RejectedEarlier(_) | Self::Request(RequestError::RejectedEarlier) => {
                Earlier::Usable
            }
            _ => Earlier::Nothing,
        }
    }

    /// Whether all that is wrong is that the words of the talk are not there.
    #[must_use]
    pub(crate) fn is_lack_of_words(&self) -> bool {
        matches!(self, Self::NothingToRead | Self::TranscriptMissing)
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
    pub(super) fn names_context(&self) -> bool {
        matches!(
            self,
            Self::Request(RequestError::Llm(LlmError::ContextTooLong {
                context: Some(_),
                ..
            }))
        )
    }

    /// Whether a file is damaged in whose place another may be made.
    pub(super) fn is_damage(&self) -> bool {
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
            Self::NothingToCompare => {
                Some("compare the two yourself: `proceedings review` shows them side by side")
            }
            Self::NotCached => Some("run `proceedings build`"),
            Self::NotTrusted => {
                Some("read [llm] in the catalog; if you agree, run the command once with `--trust`")
            }
            Self::Rejected { .. }
            | Self::RejectedEarlier(_)
            | Self::Request(RequestError::RejectedEarlier) => Some(
                "run `proceedings build --redo failed`, which asks again only for what was set aside; or name a stronger model, or write the talk's `summary` or `category` into the catalog",
            ),
            Self::Prompt(_) => Some("correct the template in `prompts/`"),
            Self::Request(error) => error.hint(),
        }
    }
}

/// What is done for a talk's category: while its summary is in a batch, nobody pays for a category by
/// the older summary.
#[must_use]
pub(crate) fn work_after_summary(work: Work, problem: Option<&SummarizeError>) -> Work {
    match problem {
        Some(error) if error.is_in_batch() => Work::Recall,
        _ => work,
    }
}

fn because(fault: Option<&Fault>) -> String {
    let fault = fault.map(|fault| printable(&fault.for_people()));
    fault.map(|fault| format!(": {fault}")).unwrap_or_default()
}
