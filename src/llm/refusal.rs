//! What an endpoint means by a status that is no success, and the words in which it says so.
//!
//! Pure. Endpoints share statuses for different things, so the body decides where it has to.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

/// What a refusal means for the request and for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    KeyRejected,
    AccountEmpty,
    /// There is no such path or model.
    NotThere,
    /// The prompt does not fit the context.
    TooLong,
    /// A little later it may go well.
    Busy,
    /// This request will never be accepted.
    Refused,
}

/// Reads a refusal.
pub(super) fn meaning(status: StatusCode, body: &str) -> Meaning {
    let says = |words: &[&str]| words.iter().any(|word| body.contains(word));
    match status {
        StatusCode::UNAUTHORIZED => Meaning::KeyRejected,
        // Moderation and firewalls forbid single requests; only words about the key mean us.
        StatusCode::FORBIDDEN if is_about_key(body) => Meaning::KeyRejected,
        StatusCode::PAYMENT_REQUIRED => Meaning::AccountEmpty,
        // A passing limit may speak of quota and billing too; only the code tells.
        StatusCode::TOO_MANY_REQUESTS if says(&["insufficient_quota", "billing_not_active"]) => {
            Meaning::AccountEmpty
        }
        StatusCode::NOT_FOUND => Meaning::NotThere,
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE if says(CONTEXT) => {
            Meaning::TooLong
        }
        _ if is_busy(status) => Meaning::Busy,
        _ => Meaning::Refused,
    }
}

/// How servers speak of a prompt that is too long.
const CONTEXT: &[&str] = &[
    "context_length",
    "context length",
    "context size",
    "maximum model length",
    "exceed_context",
];

fn is_about_key(body: &str) -> bool {
    let body = body.to_lowercase();
    let words = [
        "api key",
        "api_key",
        "apikey",
        "credential",
        "permission",
        "unauthorized",
    ];
    body.trim().is_empty() || words.iter().any(|word| body.contains(word))
}

fn is_busy(status: StatusCode) -> bool {
    let passing = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::CONFLICT,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    status.is_server_error() || passing.contains(&status)
}

/// Seconds; the other form of the header, a date, is left to our own back-off.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: f64 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// The message within a JSON error, else the body as it is.
pub(super) fn message(body: &str) -> String {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let message = json["error"]["message"]
        .as_str()
        .or_else(|| json["error"].as_str());
    message
        .or_else(|| json["message"].as_str())
        .unwrap_or(body)
        .to_owned()
}

/// The first words of a text, on one line.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 200;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}
