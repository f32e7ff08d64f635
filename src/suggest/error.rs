//! Why there is no list of categories, and what to do next.

use thiserror::Error;

use crate::cache::CacheError;
use crate::llm::error::LlmError;
use crate::prompts::PromptError;
use crate::summarize::fault::Fault;

/// Why there is no list of categories.
#[derive(Debug, Error)]
pub enum SuggestError {
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
    #[error("both replies of the model were set aside; the last one: {0}")]
    Rejected(Fault),
    /// They could not be read in an earlier run.
    #[error("the model's replies were set aside in an earlier run")]
    RejectedEarlier,
    /// Even a small part of the talks is longer than the model's context.
    #[error("prompt and reply have about {tokens} tokens, and {context} fit the model")]
    TooLong {
        /// What the prompt has.
        tokens: u64,
        /// What fits.
        context: u64,
    },
    /// The server has cut the prompt without a word.
    #[error("the server read {read} of about {sent} tokens, so it did not read all talks")]
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
    Llm(#[from] LlmError),
    /// The prompt could not be rendered.
    #[error("the prompt could not be made")]
    Prompt(#[source] PromptError),
    /// A file of the cache could not be read.
    #[error("the cache could not be read")]
    Cache(#[source] CacheError),
    /// A reply could not be kept.
    #[error("a result could not be kept")]
    NotKept(#[source] CacheError),
}

impl SuggestError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooFewTalks { .. } => Some(
                "run `proceedings build` first if talks lack a summary; so few need no categories",
            ),
            Self::NotCached => Some("run it without `--offline`"),
            Self::Rejected(_) | Self::RejectedEarlier => Some("try `--again`, or a stronger model"),
            Self::TooLong { .. } => Some(
                "set `context_tokens` in the catalog if the model takes more, or choose another model",
            ),
            Self::Truncated { .. } => Some(
                "start the server with a longer context, or set `context_tokens` in the catalog to what it reads",
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
