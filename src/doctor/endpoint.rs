//! Checks the endpoint that writes: whether it answers, takes the key and has the model.
//!
//! One request about the model, which costs nothing; no completion is ever asked for. The key is
//! never shown, and neither are a user and password in the address.

use std::error::Error;

use url::Url;

use crate::doctor::{Check, CheckName, NOT_ASKED};
use crate::llm::ProviderKind;
use crate::llm::address::redact_url;
use crate::llm::client::Client;
use crate::llm::client::questions::PATIENCE;
use crate::llm::error::{LlmError, how_to_set};
use crate::llm::models::Offer;
use crate::plain;
use crate::printable::printable;
use crate::report::causes;

/// What the endpoint is asked for.
#[derive(Debug)]
pub(crate) struct CheckedEndpoint<'a> {
    /// The wire format.
    pub provider: ProviderKind,
    pub address: &'a Url,
    pub model: &'a str,
    /// How many tokens fit its context, if the catalog says.
    pub context_tokens: Option<u64>,
    pub key: Key,
}

/// Where the key is to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// Requests carry none.
    NotWanted,
    /// This variable holds it.
    Variable(String),
    /// This command prints it.
    Command(String),
    /// This variable is to hold it, or a part of a header, and does not.
    Missing(String),
}

/// What comes of asking for a model.
type OfferResult = Result<Offer, LlmError>;

/// Asks the endpoint, with a client that sends no key where it is missing; none means that nobody
/// outside is to be asked.
pub(crate) async fn checks(wanted: &CheckedEndpoint<'_>, client: Option<&Client>) -> Vec<Check> {
    let Some(client) = client else {
        let offline = |name| Check::not_checked(name, NOT_ASKED);
        return vec![
            offline(CheckName::Endpoint),
            key_check(wanted, None),
            offline(CheckName::Model),
        ];
    };
    let answer = client.offer().await;
    vec![
        endpoint_check(wanted, &answer),
        key_check(wanted, Some(&answer)),
        model_check(wanted, &answer),
    ]
}

/// What is to be said where the catalog names no endpoint.
#[must_use]
pub(crate) fn no_endpoint() -> Check {
    let found = "the catalog names none: summaries are excerpts of the talks' own words";
    Check::not_checked(CheckName::Endpoint, found)
}

/// What is to be said where the endpoint is asked nothing, since its key is not trusted.
#[must_use]
pub(crate) fn withheld() -> Check {
    let found = "not checked: the catalog is not trusted with its key or with a folder";
    Check::not_checked(CheckName::Endpoint, found)
}

/// What is to be said where the headers of the catalog cannot be sent.
#[must_use]
pub(crate) fn unusable(error: &dyn Error, mend: Option<String>) -> Check {
    let mend = mend.unwrap_or_else(|| "check `headers` in the catalog".to_owned());
    Check::broken(CheckName::ApiKey, causes(error), mend)
}

fn endpoint_check(wanted: &CheckedEndpoint<'_>, answer: &OfferResult) -> Check {
    let shown = redact_url(wanted.address);
    let mend = "check `base_url` in the catalog, that the endpoint is running, and the proxy";
    let fine = || Check::fine(CheckName::Endpoint, format!("{shown} answers"));
    match answer {
        Ok(Offer::Has { .. } | Offer::HasNot { .. })
        | Err(
            LlmError::Unauthorized { .. }
            | LlmError::NotPulled { .. }
            | LlmError::NoSuchModel { .. },
        ) => fine(),
        Err(LlmError::NotFound { .. }) if wanted.provider != ProviderKind::OpenAi => fine(),
        Ok(Offer::Unsaid) | Err(LlmError::NotFound { .. } | LlmError::Refused { .. }) => {
            Check::advice(
                CheckName::Endpoint,
                format!("{shown} answers, but does not list its models"),
                "if requests fail too, check `base_url` in the catalog: most addresses end in `/v1`",
            )
        }
        Err(
            LlmError::KeyMissing { .. }
            | LlmError::KeyCommand { .. }
            | LlmError::KeyUnusable(_)
            | LlmError::KeyUnencrypted { .. },
        ) => Check::not_checked(
            CheckName::Endpoint,
            format!("{shown} was not asked, because the key is missing"),
        ),
        Err(LlmError::Exhausted { message }) => Check::broken(
            CheckName::Endpoint,
            format!("{shown} says that there is no credit or quota left: {message}"),
            "add credit, or wait until the quota is renewed",
        ),
        Err(error @ LlmError::Loading { .. }) => Check::advice(
            CheckName::Endpoint,
            format!("{shown}: {error}"),
            "run `proceedings doctor` again a little later",
        ),
        Err(
            error @ (LlmError::UnknownPath { .. }
            | LlmError::WrongScheme { .. }
            | LlmError::Certificate { .. }
            | LlmError::NotServedHere { .. }
            | LlmError::Moved { .. }
            | LlmError::Forbidden { .. }
            | LlmError::Page { .. }
            | LlmError::UsedUp { .. }),
        ) => Check::broken(
            CheckName::Endpoint,
            causes(error),
            error.hint().unwrap_or(mend),
        ),
        Err(LlmError::Busy { status, .. }) => Check::advice(
            CheckName::Endpoint,
            format!("{shown} is busy (status {status})"),
            "run `proceedings doctor` again a little later",
        ),
        Err(
            LlmError::Unreachable { cause, .. }
            | LlmError::Network(cause)
            | LlmError::TimedOut(cause),
        ) => {
            let why = if cause.is_timeout() {
                format!(
                    "no answer from {shown} within {} seconds",
                    PATIENCE.as_secs()
                )
            } else {
                format!("{shown} cannot be reached: {}", plain::of_network(cause))
            };
            Check::broken(CheckName::Endpoint, why, mend)
        }
        Err(error) => Check::broken(CheckName::Endpoint, causes(error), mend),
    }
}

fn key_check(wanted: &CheckedEndpoint<'_>, answer: Option<&OfferResult>) -> Check {
    let source = match &wanted.key {
        Key::Variable(variable) => format!("the variable {variable} is set"),
        Key::Command(program) => format!("the command `{program}` prints one"),
        Key::NotWanted => String::new(),
        Key::Missing(variable) => {
            return Check::broken(
                CheckName::ApiKey,
                format!("the variable {variable} is not set"),
                how_to_set(variable),
            );
        }
    };
    let is_wanted = wanted.key != Key::NotWanted;
    match answer {
        Some(Err(LlmError::Unauthorized { .. })) if !is_wanted => Check::broken(
            CheckName::ApiKey,
            "the endpoint needs one, and the catalog names none",
            "put the key into a variable, and name that variable as `api_key_env` in the catalog",
        ),
        _ if !is_wanted => Check::not_checked(CheckName::ApiKey, "none is sent"),
        // Keys may be good for completions alone.
        Some(Err(LlmError::Unauthorized { status: 403, .. })) => Check::advice(
            CheckName::ApiKey,
            format!("{source}, but it may not ask for models (status 403)"),
            "if requests fail too, get a key with more rights",
        ),
        Some(Err(LlmError::Unauthorized { status, .. })) => Check::broken(
            CheckName::ApiKey,
            format!("{source}, and the endpoint rejects it (status {status})"),
            "get a valid key",
        ),
        Some(Err(
            error @ (LlmError::KeyCommand { .. }
            | LlmError::KeyUnusable(_)
            | LlmError::KeyUnencrypted { .. }),
        )) => Check::broken(
            CheckName::ApiKey,
            causes(error),
            error.hint().unwrap_or_default(),
        ),
        None if matches!(wanted.key, Key::Command(_)) => {
            Check::not_checked(CheckName::ApiKey, "its command is not run")
        }
        _ => Check::fine(CheckName::ApiKey, source),
    }
}

fn model_check(wanted: &CheckedEndpoint<'_>, answer: &OfferResult) -> Check {
    let name = wanted.model;
    let context_tokens = match answer {
        Ok(Offer::Has { context_tokens }) => *context_tokens,
        Ok(Offer::HasNot { others }) => {
            let nearest = printable(nearest(others, name));
            return Check::broken(
                CheckName::Model,
                format!("`{name}` is not among the models that the endpoint lists"),
                format!("set `model` in the catalog to one of them, such as `{nearest}`"),
            );
        }
        Err(error @ (LlmError::NotPulled { .. } | LlmError::NoSuchModel { .. })) => {
            let hint = error.hint().unwrap_or_default();
            return Check::broken(CheckName::Model, error.to_string(), hint);
        }
        Err(LlmError::NotFound { message, .. }) if wanted.provider != ProviderKind::OpenAi => {
            return Check::broken(
                CheckName::Model,
                format!("the endpoint knows no `{name}`: {message}"),
                "check `model` and `base_url` in the catalog",
            );
        }
        Ok(Offer::Unsaid) | Err(_) => {
            let found = format!("`{name}`: the endpoint does not say whether it has it");
            return Check::not_checked(CheckName::Model, found);
        }
    };
    match (context_tokens, wanted.context_tokens) {
        (None, _) => Check::fine(CheckName::Model, format!("`{name}` is there")),
        (Some(fit), Some(believed)) if believed > fit => Check::advice(
            CheckName::Model,
            format!("{fit} tokens fit `{name}`, and the catalog says {believed}"),
            format!("set `context_tokens = {fit}`, or start the model with more"),
        ),
        (Some(fit), _) => Check::fine(
            CheckName::Model,
            format!("`{name}` is there; {fit} tokens fit"),
        ),
    }
}

fn nearest<'a>(models: &'a [String], name: &str) -> &'a str {
    let similarity = |model: &&String| strsim::jaro_winkler(model, name);
    let nearest = models
        .iter()
        .max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
    nearest.map_or("", String::as_str)
}

#[cfg(test)]
mod tests;
