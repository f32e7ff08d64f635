//! Checks the endpoint that writes: whether it answers, takes the key and has the model.
//!
//! One request for the list of models, which costs nothing; no completion is ever asked for. The
//! key is never shown, and neither are a user and password in the address.

use std::error::Error;
use std::time::Duration;

use url::Url;

use crate::doctor::{Check, NOT_ASKED, Name};
use crate::llm::client::Client;
use crate::llm::error::LlmError;
use crate::llm::models::Model;
use crate::report::causes;

/// How long the endpoint may take to list its models.
pub const LIMIT: Duration = Duration::from_secs(10);

/// What the endpoint is asked for.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// Where it is.
    pub address: &'a Url,
    /// The model's name.
    pub model: &'a str,
    /// How many tokens fit its context, if the catalog says.
    pub context_tokens: Option<u64>,
    /// The key.
    pub key: Key<'a>,
}

/// Where the key is to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    /// Requests carry none.
    NotWanted,
    /// This variable holds it.
    Set(&'a str),
    /// This variable is to hold it, and does not.
    Missing(&'a str),
}

/// What an endpoint answers when it is asked for its models.
type Answer = Result<Option<Vec<Model>>, LlmError>;

/// Asks the endpoint, with a client that sends no key where it is missing; none means that nobody
/// outside is to be asked.
pub async fn checks(wanted: &Wanted<'_>, client: Option<&Client>) -> Vec<Check> {
    let Some(client) = client else {
        let offline = |name| Check::not_checked(name, NOT_ASKED);
        return vec![
            offline(Name::Endpoint),
            key_check(wanted, None),
            offline(Name::Model),
        ];
    };
    let answer = client.models().await;
    vec![
        endpoint_check(wanted, &answer),
        key_check(wanted, Some(&answer)),
        model_check(wanted, &answer),
    ]
}

/// What is to be said where the catalog names no endpoint.
#[must_use]
pub fn none() -> Check {
    let found = "the catalog names none: summaries are excerpts of the talks' own words";
    Check::not_checked(Name::Endpoint, found)
}

fn endpoint_check(wanted: &Wanted<'_>, answer: &Answer) -> Check {
    let shown = shown(wanted.address);
    let mend = "check `base_url` in the catalog, that the endpoint is running, and the proxy";
    let broken = |found: String| Check::broken(Name::Endpoint, found, mend);
    match answer {
        Ok(Some(_)) => Check::fine(Name::Endpoint, format!("{shown} answers")),
        Err(LlmError::Unauthorized { .. } | LlmError::KeyMissing { .. }) => {
            Check::fine(Name::Endpoint, format!("{shown} answers"))
        }
        Ok(None) | Err(LlmError::NotFound { .. } | LlmError::Refused { .. }) => Check::advice(
            Name::Endpoint,
            format!("{shown} answers, but not with a list of its models"),
            "if requests fail too, check `base_url` in the catalog: most addresses end in `/v1`",
        ),
        Err(LlmError::Exhausted { message }) => Check::broken(
            Name::Endpoint,
            format!("{shown} says that the account has no credit left: {message}"),
            "add credit",
        ),
        Err(LlmError::Busy { status, .. }) => Check::advice(
            Name::Endpoint,
            format!("{shown} is busy (status {status})"),
            "ask again a little later",
        ),
        Err(LlmError::Unreachable { source, .. } | LlmError::Network(source)) => {
            if source.is_timeout() {
                broken(format!(
                    "no answer from {shown} within {} seconds",
                    LIMIT.as_secs()
                ))
            } else {
                broken(format!("{shown} cannot be reached: {}", deepest(source)))
            }
        }
        Err(error) => broken(causes(error)),
    }
}

fn key_check(wanted: &Wanted<'_>, answer: Option<&Answer>) -> Check {
    let status = match answer {
        Some(Err(LlmError::Unauthorized { status, .. })) => Some(*status),
        _ => None,
    };
    match (wanted.key, status) {
        (Key::Missing(variable), _) => Check::broken(
            Name::ApiKey,
            format!("the variable {variable} is not set"),
            "set it, or name another one as `api_key_env` in the catalog",
        ),
        (Key::NotWanted, Some(_)) => Check::broken(
            Name::ApiKey,
            "the endpoint wants one, and the catalog names none",
            "put it into a variable, and name that as `api_key_env` in the catalog",
        ),
        (Key::NotWanted, None) => Check::not_checked(Name::ApiKey, "none is sent"),
        (Key::Set(variable), None) => Check::fine(Name::ApiKey, format!("{variable} is set")),
        // Keys may be good for completions alone.
        (Key::Set(variable), Some(403)) => Check::advice(
            Name::ApiKey,
            format!("{variable} is set, but may not be used to list models (status 403)"),
            "if requests fail too, get a key with more rights",
        ),
        (Key::Set(variable), Some(status)) => Check::broken(
            Name::ApiKey,
            format!("{variable} is set, and the endpoint rejects it (status {status})"),
            "set it to a valid key",
        ),
    }
}

fn model_check(wanted: &Wanted<'_>, answer: &Answer) -> Check {
    let name = wanted.model;
    let models = match answer {
        Ok(Some(models)) if !models.is_empty() => models,
        _ => {
            let found = format!("`{name}`: the endpoint does not say which models it has");
            return Check::not_checked(Name::Model, found);
        }
    };
    let Some(model) = models.iter().find(|model| model.answers_to(name)) else {
        let nearest = nearest(models, name);
        return Check::broken(
            Name::Model,
            format!("`{name}` is not among the models that the endpoint lists"),
            format!("set `model` in the catalog to one of them, such as `{nearest}`"),
        );
    };
    match (model.context_tokens, wanted.context_tokens) {
        (None, _) => Check::fine(Name::Model, format!("`{name}` is there")),
        (Some(fit), Some(believed)) if believed > fit => Check::advice(
            Name::Model,
            format!("{fit} tokens fit `{name}`, and the catalog says {believed}"),
            format!("set `context_tokens = {fit}`, or start the model with more"),
        ),
        (Some(fit), _) => Check::fine(Name::Model, format!("`{name}` is there; {fit} tokens fit")),
    }
}

fn nearest<'a>(models: &'a [Model], name: &str) -> &'a str {
    let similarity = |model: &&Model| strsim::jaro_winkler(&model.id, name);
    let nearest = models
        .iter()
        .max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
    nearest.map_or("", |model| &model.id)
}

/// An address without the user and password in it.
fn shown(address: &Url) -> String {
    let mut address = address.clone();
    // An address of http has a host, and so may have a user or none.
    let _ = address.set_username("").and(address.set_password(None));
    address.set_query(None);
    address.to_string()
}

/// What is at the bottom of it: the layers above say no more.
fn deepest(error: &dyn Error) -> String {
    let mut deepest = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::llm::ProviderKind;

    fn address() -> Url {
        "http://me:secret@127.0.0.1:9/v1".parse().unwrap()
    }

    fn all(answer: &Answer, key: Key<'_>, context_tokens: Option<u64>) -> String {
        let wanted = Wanted {
            address: &address(),
            model: "small",
            context_tokens,
            key,
        };
        let checks = [
            endpoint_check(&wanted, answer),
            key_check(&wanted, Some(answer)),
            model_check(&wanted, answer),
        ];
        let line = |check: Check| {
            let mend = check
                .mend
                .map_or(String::new(), |mend| format!(" | {mend}"));
            format!("{:?}: {}{mend}\n", check.verdict, check.found)
        };
        checks.into_iter().map(line).collect()
    }

    fn models(context_tokens: Option<u64>) -> Vec<Model> {
        let model = |id: &str| Model {
            id: id.to_owned(),
            context_tokens,
        };
        vec![model("other"), model("small:latest")]
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is called with literals")]
    fn check(answer: Answer, key: Key<'_>, expected: Expect) {
        let report = all(&answer, key, None);
        assert!(!report.contains("secret"), "{report}");
        expected.assert_eq(&report);
    }

    #[test]
    fn an_endpoint_that_lists_the_model_is_fine() {
        check(
            Ok(Some(models(None))),
            Key::NotWanted,
            expect![[r#"
            Fine: http://127.0.0.1:9/v1 answers
            NotChecked: none is sent
            Fine: `small` is there
        "#]],
        );
        check(
            Ok(Some(models(Some(8192)))),
            Key::Set("SOME_KEY"),
            expect![[r#"
            Fine: http://127.0.0.1:9/v1 answers
            Fine: SOME_KEY is set
            Fine: `small` is there; 8192 tokens fit
        "#]],
        );
    }

    #[test]
    fn what_the_catalog_believes_to_fit_must_fit() {
        let report = all(&Ok(Some(models(Some(8192)))), Key::NotWanted, Some(32_000));
        assert!(report.contains("set `context_tokens = 8192`"), "{report}");
        let report = all(
            &Ok(Some(models(Some(32_768)))),
            Key::NotWanted,
            Some(32_000),
        );
        assert!(
            report.contains("`small` is there; 32768 tokens fit"),
            "{report}"
        );
    }

    #[test]
    fn a_model_that_is_not_listed_is_broken_and_one_that_nobody_lists_is_not() {
        let other = Model {
            id: "smaller".to_owned(),
            context_tokens: None,
        };
        check(
            Ok(Some(vec![other])),
            Key::NotWanted,
            expect![[r#"
                Fine: http://127.0.0.1:9/v1 answers
                NotChecked: none is sent
                Broken: `small` is not among the models that the endpoint lists | set `model` in the catalog to one of them, such as `smaller`
            "#]],
        );
        check(
            Ok(Some(Vec::new())),
            Key::NotWanted,
            expect![[r#"
            Fine: http://127.0.0.1:9/v1 answers
            NotChecked: none is sent
            NotChecked: `small`: the endpoint does not say which models it has
        "#]],
        );
        check(
            Ok(None),
            Key::NotWanted,
            expect![[r#"
            Advice: http://127.0.0.1:9/v1 answers, but not with a list of its models | if requests fail too, check `base_url` in the catalog: most addresses end in `/v1`
            NotChecked: none is sent
            NotChecked: `small`: the endpoint does not say which models it has
        "#]],
        );
    }

    #[test]
    fn a_key_is_missing_rejected_or_good_for_less() {
        let rejected = |status| LlmError::Unauthorized {
            provider: ProviderKind::OpenAi,
            status,
        };
        check(
            Err(rejected(401)),
            Key::Set("SOME_KEY"),
            expect![[r#"
                Fine: http://127.0.0.1:9/v1 answers
                Broken: SOME_KEY is set, and the endpoint rejects it (status 401) | set it to a valid key
                NotChecked: `small`: the endpoint does not say which models it has
            "#]],
        );
        check(
            Err(rejected(403)),
            Key::Set("SOME_KEY"),
            expect![[r#"
                Fine: http://127.0.0.1:9/v1 answers
                Advice: SOME_KEY is set, but may not be used to list models (status 403) | if requests fail too, get a key with more rights
                NotChecked: `small`: the endpoint does not say which models it has
            "#]],
        );
        check(
            Err(rejected(401)),
            Key::Missing("SOME_KEY"),
            expect![[r#"
                Fine: http://127.0.0.1:9/v1 answers
                Broken: the variable SOME_KEY is not set | set it, or name another one as `api_key_env` in the catalog
                NotChecked: `small`: the endpoint does not say which models it has
            "#]],
        );
        check(
            Err(rejected(401)),
            Key::NotWanted,
            expect![[r#"
                Fine: http://127.0.0.1:9/v1 answers
                Broken: the endpoint wants one, and the catalog names none | put it into a variable, and name that as `api_key_env` in the catalog
                NotChecked: `small`: the endpoint does not say which models it has
            "#]],
        );
    }

    #[test]
    fn a_busy_endpoint_may_be_fine_a_little_later() {
        let busy = LlmError::Busy {
            status: 503,
            message: "loading".to_owned(),
            retry_after: None,
        };
        check(
            Err(busy),
            Key::NotWanted,
            expect![[r#"
            Advice: http://127.0.0.1:9/v1 is busy (status 503) | ask again a little later
            NotChecked: none is sent
            NotChecked: `small`: the endpoint does not say which models it has
        "#]],
        );
    }
}
