//! Why a model gave no completion, and what may be done about it.
//!
//! Passing faults may be gone a little later; fatal ones would meet every other request too.

use std::error;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::limits;
use crate::plain;

/// Why there is no completion.
#[derive(Debug, Error)]
pub(crate) enum LlmError {
    /// The reply goes on after any that could be one.
    #[error(
        "the reply is larger than {}, so the rest was not read",
        limits::size(limits::REPLY)
    )]
    TooLarge,
    /// The run stops; nothing was sent.
    #[error("the run was stopped before its request was sent")]
    Stopped,
    /// The key is wanted and not there.
    #[error("the environment variable `{variable}` is not set or is empty")]
    KeyMissing { variable: String },
    /// The command that is to print the key did not.
    #[error("`{}` gave no API key", program.display())]
    KeyCommand {
        program: PathBuf,
        #[source]
        source: KeyCommandError,
    },
    /// The key cannot be sent as it is.
    #[error("the API key holds {0}, so it cannot be sent")]
    KeyUnusable(KeyFlaw),
    /// Everybody on the way could read the key.
    #[error("the key would go to `{address}` unencrypted, so nothing is sent")]
    KeyUnencrypted {
        /// Where it would go.
        address: String,
    },
    /// The endpoint does not accept the key.
    #[error("{host} rejected {} (status {status})", key.as_deref().unwrap_or("a request without an API key"))]
    Unauthorized {
        /// Who rejected it.
        host: String,
        /// The key that was sent, in words: `the API key from the variable OPENAI_API_KEY`.
        key: Option<String>,
        /// 401 or 403.
        status: u16,
    },
    /// The account is empty or its quota used up.
    #[error("the account has no credit or quota left: {message}")]
    Exhausted {
        /// The endpoint's words.
        message: String,
    },
    /// The endpoint takes no more requests for a while that is too long to wait for.
    #[error("the quota is used up{until}: {message}", until = .until.as_deref().map(|at| format!(" until about {at}")).unwrap_or_default())]
    UsedUp {
        /// The endpoint's words.
        message: String,
        /// When it is renewed, as far as the endpoint says.
        until: Option<String>,
    },
    /// The endpoint serves nobody where the request comes from.
    #[error("the endpoint does not serve this country or region: {message}")]
    NotServedHere {
        /// The endpoint's words.
        message: String,
    },
    /// The prompt is longer than the model's context.
    #[error("the prompt does not fit the model's context: {message}")]
    ContextTooLong {
        /// The endpoint's words.
        message: String,
        /// How many tokens fit, where it says.
        context: Option<u64>,
    },
    /// The endpoint has no such address or model.
    #[error("`{address}` has no such model or path: {message}")]
    NotFound {
        /// Where it was asked.
        address: String,
        /// The endpoint's words.
        message: String,
    },
    /// The endpoint has no such model, or does not serve it to this key.
    #[error("the endpoint does not serve the model: {message}")]
    NoSuchModel {
        /// The endpoint's words.
        message: String,
    },
    /// The endpoint sends us elsewhere.
    #[error("`{address}` has moved to {place}")]
    Moved {
        /// Where it was asked.
        address: String,
        /// Where it is said to be.
        place: String,
    },
    /// The endpoint, or something before it, forbids a request without blaming its content.
    #[error("`{address}` forbids the request (status 403): {message}")]
    Forbidden {
        /// Where it was asked.
        address: String,
        /// The endpoint's words.
        message: String,
    },
    /// Something answers with a page for browsers.
    #[error("`{address}` answered with {page} instead of a reply")]
    Page {
        /// Where it was asked.
        address: String,
        /// What the page is called.
        page: String,
    },
    /// Talk after talk gets an answer that will not be another one for the next.
    #[error("{talks} talks in a row got the same answer")]
    SameForAll {
        /// How many.
        talks: u32,
        #[source]
        answer: Box<LlmError>,
    },
    /// The endpoint answers, and knows no such path.
    #[error("the server does not know the path `{address}`: {message}")]
    UnknownPath {
        /// Where it was asked.
        address: String,
        /// The endpoint's words.
        message: String,
    },
    /// One side speaks https and the other does not.
    #[error("`{address}` does not speak {spoken}: {message}")]
    WrongScheme {
        /// Where it was asked.
        address: String,
        /// How it was spoken to.
        spoken: String,
        /// The endpoint's words, or the cause.
        message: String,
    },
    /// The endpoint's certificate is not trusted.
    #[error(
        "the certificate of `{address}` is not trusted: {}",
        plain::of_network(cause)
    )]
    Certificate {
        /// Where it was asked.
        address: String,
        /// What is wrong with it.
        cause: reqwest::Error,
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
    /// The endpoint is loading its model.
    #[error("the endpoint is still loading its model: {message}")]
    Loading {
        /// The endpoint's words.
        message: String,
        /// How long it asks us to wait.
        retry_after: Option<Duration>,
    },
    /// The model was done and has said nothing.
    #[error("the model sent an empty reply")]
    Empty,
    /// Nothing listens there.
    #[error(
        "cannot reach `{address}`{}: {}",
        through_proxy(cause),
        plain::of_network(cause)
    )]
    Unreachable {
        /// Where it was asked.
        address: String,
        /// What was in the way.
        cause: reqwest::Error,
    },
    /// The connection broke, or nothing came in time.
    #[error("the connection failed: {}", plain::of_network(.0))]
    Network(reqwest::Error),
    /// Nobody knows whether what was asked for was done: the answer was lost.
    #[error("the answer was lost, so it is not known whether the endpoint did it")]
    AnswerLost {
        #[source]
        source: Box<LlmError>,
    },
    /// A file on its way to the endpoint, or from it, could not be read or written.
    #[error("a file of a batch could not be read or written: {}", plain::of_system(.0))]
    Disk(std::io::Error),
    /// What was sent is a large piece of work, and it was not done in time; it may be paid for.
    #[error("the endpoint took longer than the time limit")]
    TimedOut(reqwest::Error),
    /// The endpoint answered with something else than a completion.
    #[error("the endpoint did not answer with a reply of a model: {start}")]
    NoCompletion {
        /// How the reply starts.
        start: String,
    },
}

/// Why a command gave no key.
#[derive(Debug, Clone, Error)]
pub(crate) enum KeyCommandError {
    /// It does not start.
    #[error("cannot start it: {0}")]
    NotStarted(String),
    /// It took too long.
    #[error("it took longer than {}", humantime::format_duration(*.0))]
    TimedOut(Duration),
    #[error("{0}")]
    Failed(String),
    /// It printed nothing.
    #[error("it printed nothing")]
    Empty,
}

/// What is wrong with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum KeyFlaw {
    /// It has more than one line.
    #[error("a line break")]
    LineBreak,
    /// It has a character that no header can carry.
    #[error("a character that no header can carry")]
    Character,
}

impl LlmError {
    /// Whether the same request may succeed a little later.
    #[must_use]
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. }
                | Self::Loading { .. }
                | Self::Empty
                | Self::Unreachable { .. }
                | Self::Network(_)
                | Self::NoCompletion { .. }
                | Self::Page { .. }
        )
    }

    /// Whether the endpoint has nothing there for this key. Google forbids what is not there.
    #[must_use]
    pub(crate) fn is_not_there(&self) -> bool {
        match self {
            Self::NotFound { .. }
            | Self::UnknownPath { .. }
            | Self::Forbidden { .. }
            | Self::Unauthorized { status: 403, .. } => true,
            Self::SameForAll { answer, .. } => answer.is_not_there(),
            _ => false,
        }
    }

    /// Whether the endpoint does not answer such questions.
    #[must_use]
    pub(crate) fn is_unsupported(&self) -> bool {
        matches!(
            self,
            Self::NotFound { .. }
                | Self::UnknownPath { .. }
                | Self::Refused {
                    status: 405 | 501,
                    ..
                }
        )
    }

    /// Whether every talk may well get the same answer, though one alone does not show that.
    #[must_use]
    pub(super) fn may_meet_all(&self) -> bool {
        matches!(
            self,
            Self::Page { .. }
                | Self::Forbidden { .. }
                | Self::Refused {
                    status: 405 | 407 | 410,
                    ..
                }
        )
    }

    /// Whether anything has left this machine.
    #[must_use]
    pub(crate) fn was_sent(&self) -> bool {
        !matches!(
            self,
            Self::Stopped
                | Self::KeyMissing { .. }
                | Self::KeyCommand { .. }
                | Self::KeyUnusable(_)
                | Self::Unreachable { .. }
                | Self::Certificate { .. }
        )
    }

    /// How to set the variable, where that is what is missing.
    #[must_use]
    pub(crate) fn how_to_set(&self) -> Option<String> {
        match self {
            Self::KeyMissing { variable } => Some(how_to_set(variable)),
            _ => None,
        }
    }

    /// Whether every other request would fail in the same way.
    #[must_use]
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::KeyMissing { .. }
                | Self::KeyCommand { .. }
                | Self::KeyUnusable(_)
                | Self::KeyUnencrypted { .. }
                | Self::Unauthorized { .. }
                | Self::Exhausted { .. }
                | Self::UsedUp { .. }
                | Self::NotServedHere { .. }
                | Self::NotFound { .. }
                | Self::NoSuchModel { .. }
                | Self::Moved { .. }
                | Self::SameForAll { .. }
                | Self::UnknownPath { .. }
                | Self::WrongScheme { .. }
                | Self::Certificate { .. }
                | Self::NotPulled { .. }
                | Self::Unreachable { .. }
        )
    }

    /// Whether something came that the endpoint may charge for.
    #[must_use]
    pub(crate) fn may_be_billed(&self) -> bool {
        matches!(self, Self::TooLarge)
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } | Self::Loading { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::KeyMissing { .. } => {
                Some("set the variable, or name another one in catalog.toml")
            }
            Self::KeyCommand { .. } => {
                Some("run the `api_key_command` of catalog.toml yourself to see what is wrong")
            }
            Self::Unauthorized { key: None, .. } => {
                Some("put a key into a variable, and name that as `api_key_env` in catalog.toml")
            }
            Self::Unauthorized { .. } => Some(
                "put a valid key there, or name another variable as `api_key_env` in catalog.toml",
            ),
            Self::Exhausted { .. } => Some(
                "add credit, or wait until the quota is renewed, then run again: nothing is paid for twice",
            ),
            Self::KeyUnusable(_) => {
                Some("put the key alone into its variable, on one line and without quotation marks")
            }
            Self::KeyUnencrypted { .. } => Some(
                "write `https://` in `base_url` of catalog.toml; or, if you trust the network, `unencrypted_key = true` beside it",
            ),
            Self::UsedUp { .. } => Some(
                "run again when the quota is renewed, or choose another model: nothing is paid for twice",
            ),
            Self::NotServedHere { .. } => {
                Some("choose an endpoint that serves your country, in `base_url` of catalog.toml")
            }
            Self::UnknownPath { .. } => {
                Some("check `base_url` in catalog.toml: most addresses end in `/v1`")
            }
            Self::WrongScheme { spoken, .. } if spoken == "https" => {
                Some("write `http://` in `base_url` of catalog.toml")
            }
            Self::WrongScheme { .. } => Some("write `https://` in `base_url` of catalog.toml"),
            Self::Certificate { cause, .. } if deepest(cause).contains("CaUsedAsEndEntity") => {
                Some(
                    "the server shows the certificate of an authority in place of its own: make one for the server that the authority signs, and put the authority's into the file that SSL_CERT_FILE names",
                )
            }
            Self::Certificate { .. } => Some(
                "put the certificate of the server, or of the authority that signed it, into a file, and the file's path into the environment variable SSL_CERT_FILE",
            ),
            Self::Loading { .. } => Some(
                "wait until the server has loaded its model, or raise `timeout` in catalog.toml",
            ),
            Self::NotPulled { .. } => {
                Some("get it with `ollama pull` and its name, or check `model` in catalog.toml")
            }
            Self::NotFound { .. } => Some("check `base_url` and `model` in catalog.toml"),
            Self::NoSuchModel { .. } => Some(
                "check `model` in catalog.toml; `proceedings doctor` names one that the endpoint has",
            ),
            Self::Moved { .. } => Some("write the new address as `base_url` into catalog.toml"),
            Self::Forbidden { .. } => Some(
                "check `base_url` in catalog.toml, the rights of your key, and whether a firewall or proxy answers instead of the endpoint",
            ),
            Self::Page { .. } => Some(
                "check `base_url` in catalog.toml (most addresses end in `/v1`), and whether a proxy or a sign-in page answers instead of the endpoint",
            ),
            Self::SameForAll { answer, .. } => answer.hint(),
            Self::Network(_) => Some(
                "check the network and the proxy; if the endpoint speaks https, write `https://` in `base_url` of catalog.toml",
            ),
            Self::NoCompletion { .. } | Self::TooLarge => {
                Some("check whether a proxy or a sign-in page answers instead of the endpoint")
            }
            Self::Unreachable { cause, .. } if plain::is_about_proxy(cause) => {
                Some("check the proxy that the variable HTTPS_PROXY or ALL_PROXY names")
            }
            Self::Unreachable { .. } => Some(
                "check `base_url` in catalog.toml, that the endpoint is running, and the network",
            ),
            Self::AnswerLost { .. } => Some(
                "run `proceedings batch submit` or `batch collect` again: they look whether it was done",
            ),
            Self::Disk(_) => Some("check the space on the disk"),
            Self::TimedOut(_) => Some("raise `timeout` in catalog.toml, then run again"),
            Self::ContextTooLong { .. } => Some(
                "set `context_tokens` in catalog.toml to what the model takes, and longer talks are read in parts; or choose a model with a longer context",
            ),
            Self::Busy { .. } => Some(
                "look whether the endpoint tells of a fault, and run again later: nothing is paid for twice",
            ),
            Self::Refused { status, .. } => Some(hint_after(*status)),
            _ => None,
        }
    }
}

/// What may help after a refusal with this status.
fn hint_after(status: u16) -> &'static str {
    match status {
        405 => {
            "check `base_url` in catalog.toml: something else than the endpoint may be at this address"
        }
        407 => {
            "write the name and the password of the proxy into the variable HTTPS_PROXY: `http://NAME:PASSWORD@HOST`"
        }
        421 => {
            "check the name of the host in `base_url` of catalog.toml: the server answers for another one"
        }
        426 => "check the beginning of `base_url` in catalog.toml: the server may want `https://`",
        431 => "shorten the key, or `headers` in catalog.toml",
        _ => {
            "check `model`, and `effort` and `extra` if they are there, in catalog.toml; or write the talk's `summary` or `category` into it"
        }
    }
}

/// How a variable with a key is set for the commands that follow.
#[must_use]
pub(crate) fn how_to_set(variable: &str) -> String {
    format!(
        "set it with `export {variable}=…` (in PowerShell: `$env:{variable} = \"…\"`), or name another variable in catalog.toml"
    )
}

fn through_proxy(cause: &reqwest::Error) -> &'static str {
    if plain::is_about_proxy(cause) {
        " through the proxy"
    } else {
        ""
    }
}

/// What is at the bottom of an error: the layers above say no more.
#[must_use]
pub(crate) fn deepest(error: &dyn error::Error) -> String {
    let mut deepest = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}
