//! Why there is no list of categories, and what to do next.

use thiserror::Error;

use crate::printable::printable;
use crate::prompts::PromptError;
use crate::requests::RequestError;
use crate::summarize::fault::Fault;

/// Why there is no list of categories.
#[derive(Debug, Error)]
pub(crate) enum SuggestError {
    /// There is nothing that could be divided.
    #[error("categories are suggested for {least} summarized talks or more, and there are {count}")]
    TooFewTalks {
        /// How many have one.
        count: usize,
        /// How many are wanted.
        least: usize,
    },
    /// Nothing is kept for these talks and nobody may be asked.
    #[error("no suggestion is cached for the summaries as they are")]
    NotCached,
    /// The reply and the corrected reply could not be read.
    #[error("no reply of the model could be used; the last one: {}", printable(&.0.to_string()))]
    Rejected(Fault),
    /// The prompt could not be rendered.
    #[error("the prompt could not be made")]
    Prompt(#[source] PromptError),
    /// A request has no reply.
    #[error(transparent)]
    Request(#[from] RequestError),
}

impl SuggestError {
    /// Whether nobody was asked, since nobody may be.
    #[must_use]
    pub(crate) fn is_unasked(&self) -> bool {
        match self {
            Self::NotCached => true,
            Self::Request(error) => error.is_over_budget(),
            _ => false,
        }
    }

    /// Whether it only says that the run was stopped.
    #[must_use]
    pub(crate) fn is_stop(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_stop())
    }

    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooFewTalks { .. } => Some(
                "run `proceedings build` first if talks lack a summary; so few need no categories",
            ),
            Self::NotCached => Some(
                "run it without `--offline`, and with `--trust` if you trust the catalog with its key",
            ),
            Self::Rejected(_) | Self::Request(RequestError::RejectedEarlier) => {
                Some("try `--again`, or a stronger model")
            }
            Self::Prompt(_) => Some("correct the template in `prompts/`"),
            Self::Request(error) => error.hint(),
        }
    }
}
