//! Why a model gave no completion, and what may be done about it.
//!
//! Passing faults may be gone a little later; fatal ones would meet every other request too.

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::llm::ProviderKind;

/// Why there is no completion.
#[derive(Debug, Error)]
pub enum LlmError {
    /// The run stops; nothing was sent.
    #[error("the run was stopped before its request was sent")]
    Stopped,
    /// The key is wanted and not there.
    #[error("the environment variable `{variable}` is not set")]
    KeyMissing {
        /// The variable.
        variable: String,
    },
    /// The command that is to print the key did not.
    #[error("`{}` gave no API key", program.display())]
    KeyCommand {
        /// The program.
        program: PathBuf,
        /// The cause.
        #[source]
        source: KeyCommandError,
    },
    /// The endpoint does not accept the key.
    #[error("{provider} rejected the API key (status {status})", provider = provider.name())]
    Unauthorized {
        /// Who rejected it.
        provider: ProviderKind,
        /// 401 or 403.
        status: u16,
    },
    /// The account is empty or its quota used up.
    #[error("the account has no credit or quota left: {message}")]
    Exhausted {
        /// The endpoint's words.
        message: String,
    },
    /// The prompt is longer than the model's context.
    #[error("the prompt does not fit the model's context: {message}")]
    ContextTooLong {
        /// The endpoint's words.
        message: String,
    },
    /// The endpoint has no such address or model.
    #[error("`{address}` knows no such model or path: {message}")]
    NotFound {
        /// Where it was asked.
        address: String,
        /// The endpoint's words.
        message: String,
    },
    /// Ollama does not have the model.
    #[error("the endpoint does not have the model: {message}")]
    NotPulled {
        /// The endpoint's words.
        message: String,
    },
    /// The endpoint does not accept the request.
    #[error("the endpoint refused the request with status {status}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The endpoint's words.
        message: String,
    },
    /// Too many requests, or the endpoint is overloaded.
    #[error("the endpoint is busy (status {status}): {message}")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// The endpoint's words.
        message: String,
        /// How long it asks us to wait.
        retry_after: Option<Duration>,
    },
    /// Nothing listens there.
    #[error("cannot reach `{address}`")]
    Unreachable {
        /// Where it was asked.
        address: String,
        /// The cause.
        #[source]
        source: reqwest::Error,
    },
    /// The connection broke, or nothing came in time.
    #[error("the connection failed")]
    Network(#[source] reqwest::Error),
    /// What was sent is a large piece of work, and it was not done in time; it may be paid for.
    #[error("the endpoint took longer than the time limit")]
    TimedOut(#[source] reqwest::Error),
    /// The endpoint answered with something else than a completion.
    #[error("the reply is no completion: {start}")]
    NoCompletion {
        /// How the reply starts.
        start: String,
    },
}

/// Why a command gave no key.
#[derive(Debug, Clone, Error)]
pub enum KeyCommandError {
    /// It does not start.
    #[error("cannot start it: {0}")]
    NotStarted(String),
    /// It took too long.
    #[error("it took longer than {}", humantime::format_duration(*.0))]
    TimedOut(Duration),
    /// It failed.
    #[error("{0}")]
    Failed(String),
    /// It printed nothing.
    #[error("it printed nothing")]
    Empty,
}

impl LlmError {
    /// Whether the same request may succeed a little later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. }
                | Self::Unreachable { .. }
                | Self::Network(_)
                | Self::NoCompletion { .. }
        )
    }

    /// Whether every other request would fail in the same way.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::KeyMissing { .. }
                | Self::KeyCommand { .. }
                | Self::Unauthorized { .. }
                | Self::Exhausted { .. }
                | Self::NotFound { .. }
                | Self::NotPulled { .. }
                | Self::Unreachable { .. }
        )
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::KeyMissing { .. } => {
                Some("set the variable, or name another one in catalog.toml")
            }
            Self::KeyCommand { .. } => {
                Some("run the `api_key_command` of catalog.toml yourself to see what is wrong")
            }
            Self::Unauthorized { .. } => Some(
                "put a valid key into the variable that `api_key_env` names, or mend `api_key_command`",
            ),
            Self::Exhausted { .. } => Some(
                "add credit, or wait until the quota is renewed, then run again: nothing is paid for twice",
            ),
            Self::NotPulled { .. } => {
                Some("get it with `ollama pull` and its name, or check `model` in catalog.toml")
            }
            Self::NotFound { .. } => Some("check `base_url` and `model` in catalog.toml"),
            Self::Unreachable { .. } => {
                Some("check `base_url` in catalog.toml and that the endpoint is running")
            }
            Self::TimedOut(_) => Some("raise `timeout` in catalog.toml, then run again"),
            Self::ContextTooLong { .. } => Some("choose a model with a longer context"),
            _ => None,
        }
    }
}
