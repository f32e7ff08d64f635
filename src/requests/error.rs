//! Why a request has no reply, and what to do next: the same for whoever asks.

use thiserror::Error;

use crate::cache::CacheError;
use crate::llm::error::LlmError;

/// Why a request has no reply.
#[derive(Debug, Error)]
pub(crate) enum RequestError {
    /// The replies to it failed the check in an earlier run.
    #[error("the model's replies were set aside in an earlier run")]
    RejectedEarlier,
    /// The prompt with all that it is about is longer than the model's context.
    #[error("prompt and reply have about {tokens} tokens, and {context} fit the model")]
    TooLong {
        /// What the prompt and the reply have, in tokens.
        tokens: u64,
        /// What fits, in tokens.
        context: u64,
    },
    /// The server has cut the prompt without a word.
    #[error("the server read only {read} of about {sent} tokens")]
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
    /// The request is in a batch, whose reply will be paid for.
    #[error("the request is in the batch {batch}, whose replies are not collected yet")]
    InBatch {
        /// The name that the batch has here.
        batch: String,
    },
    /// The request could not be completed.
    #[error("the model did not reply")]
    Llm(#[source] LlmError),
    /// A file of the cache could not be read.
    #[error("the cache could not be read")]
    Cache(#[source] CacheError),
    /// A result could not be kept. The run ends: what is paid for must not be lost.
    #[error("a result could not be saved")]
    NotKept(#[source] CacheError),
}

impl RequestError {
    /// Whether the run must end.
    #[must_use]
    pub(crate) fn is_fatal(&self) -> bool {
        match self {
            Self::NotKept(_) => true,
            Self::Llm(error) => error.is_fatal(),
            _ => false,
        }
    }

    /// Whether it only says that the run was stopped.
    #[must_use]
    pub(crate) fn is_stop(&self) -> bool {
        matches!(self, Self::Llm(LlmError::Stopped))
    }

    /// Whether it only says that the run's budget is used up.
    #[must_use]
    pub(crate) fn is_over_budget(&self) -> bool {
        matches!(self, Self::OverBudget { .. })
    }

    /// Whether it only says that the reply will come with a batch.
    #[must_use]
    pub(crate) fn is_in_batch(&self) -> bool {
        matches!(self, Self::InBatch { .. })
    }

    /// What to do next. How replies that were set aside are asked for again, the command knows.
    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::RejectedEarlier => None,
            Self::TooLong { .. } => Some(
                "set `context_tokens` in the catalog if the model takes more, or choose another model",
            ),
            Self::Truncated { .. } => Some(
                "start the server with a longer context, or set `context_tokens` in the catalog to what it reads: longer talks are then read in parts",
            ),
            Self::OverBudget { .. } => {
                Some("run again with a larger `--max-cost`; what was paid for is kept")
            }
            Self::InBatch { .. } => Some(
                "run `proceedings batch collect`, and `proceedings build` once it has brought the replies",
            ),
            Self::Llm(error) => error.hint(),
            Self::Cache(error) | Self::NotKept(error) => Some(error.hint()),
        }
    }
}
