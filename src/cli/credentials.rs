//! The key and the headers of an endpoint: what the catalog names, with what the environment holds.
//!
//! That something is not set is an error only when a request is due.

use std::env;
use std::time::Duration;

use url::Url;

use crate::catalog::{CommandLine, HeaderPiece, LlmSettings, RequestHeader};
use crate::cli::ending::Failure;
use crate::llm::ProviderKind;
use crate::llm::key::{ApiKey, Authorization, ExtraHeaders, KeyCommand};
use crate::store;
use crate::trust::environment::hidden_from_key_commands;

/// How long the command that prints the key may take: somebody may have to type a passphrase.
const LIMIT: Duration = Duration::from_mins(1);

/// The key and the headers for the requests of a run.
pub(super) fn read(llm: &LlmSettings) -> Result<(Authorization, ExtraHeaders), Failure> {
    let mut headers = ExtraHeaders::default();
    for header in &llm.headers {
        let (text, secrets) = match fill(header) {
            Ok(filled) => filled,
            Err(variable) => return Ok((Authorization::Missing { variable }, headers)),
        };
        headers.add(&header.name, &text, secrets).map_err(|error| {
            let error = format!("the header `{}` cannot be sent: {error}", header.name);
            Failure::usage(error, Some("check the variables that it names"))
        })?;
    }
    Ok((authorization(llm), headers))
}

/// A named variable is read; without a name only the provider's own address wants a key.
fn authorization(llm: &LlmSettings) -> Authorization {
    if let Some(CommandLine { program, arguments }) = llm.api_key_command.clone() {
        return Authorization::Command(KeyCommand {
            program,
            arguments,
            hidden_variables: hidden_from_key_commands(variables()),
            limit: LIMIT,
        });
    }
    let key_header = llm.provider.key_header();
    let is_in_headers = llm.headers.iter().any(|header| header.name == key_header);
    if is_in_headers && llm.api_key_env.is_none() {
        return Authorization::None;
    }
    authorization_from_variable(
        llm.api_key_env.as_deref(),
        llm.base_url.as_ref(),
        llm.provider,
    )
}

/// The key in a variable: the one that is named, else the provider's usual one for its own address.
pub(super) fn authorization_from_variable(
    named: Option<&str>,
    base_url: Option<&Url>,
    provider: ProviderKind,
) -> Authorization {
    let usual = provider.default_key_variable();
    let usual = usual.filter(|_| base_url.is_none());
    match named.or(usual) {
        None => Authorization::None,
        Some(name) => match variable(name) {
            Ok(key) => Authorization::Key(ApiKey::of_variable(name, &key)),
            Err(variable) => Authorization::Missing { variable },
        },
    }
}

/// The text of a header, and what in it is secret; else the variable that is not set.
fn fill(header: &RequestHeader) -> Result<(String, Vec<ApiKey>), String> {
    let mut text = String::new();
    let mut secrets = Vec::new();
    for piece in &header.value {
        match piece {
            HeaderPiece::Text(piece) => text.push_str(piece),
            HeaderPiece::Variable(name) => {
                let value = variable(name)?;
                text.push_str(value.trim());
                secrets.push(ApiKey::of_variable(name, &value));
            }
        }
    }
    Ok((text, secrets))
}

/// The names of all variables, but for those that are no text.
pub(super) fn variables() -> Vec<String> {
    let names = env::vars_os().map(|(name, _)| name.into_string());
    names.filter_map(Result::ok).collect()
}

/// The variables that say how a store is reached, and with which keys.
pub(super) fn of_stores() -> Vec<(String, String)> {
    let is_of_store = |name: &str| store::VARIABLES.iter().any(|it| name.starts_with(it));
    let all = env::vars_os();
    let texts =
        all.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.filter(|(name, _)| is_of_store(name)).collect()
}

/// What a variable holds, else its name.
fn variable(name: &str) -> Result<String, String> {
    let value = env::var(name).ok();
    let value = value.filter(|value| !value.trim().is_empty());
    value.ok_or_else(|| name.to_owned())
}
