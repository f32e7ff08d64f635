//! Faults that come with the status of a success: an error in the body, a choice that broke off, a
//! candidate without a word, a model that is only being loaded.
//!
//! Pure. Such a fault means what the status would mean that the endpoint should have sent; where it
//! names none, it is taken for one that passes.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::llm::refusal::RefusalBody;
use crate::llm::{Completion, Finish, ProviderKind};

/// A fault in the body of a success.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ReplyFault {
    /// An error, with the status that it should have had.
    Error(RefusalBody, StatusCode),
    /// The model was done and has said nothing.
    Empty,
    /// The model is being loaded.
    Loading,
}

/// What kinds of errors are called, each with the status that it stands for; the first that an
/// error speaks of counts.
const KINDS: &[(StatusCode, &[&str])] = &[
    (
        StatusCode::UNAUTHORIZED,
        &[
            "authentication_error",
            "invalid_api_key",
            "unauthenticated",
            "unauthorized",
            "invalid api key",
            "incorrect api key",
            "no auth credentials",
            "user not found",
            "invalid token",
            "token invalid",
            "token expired",
        ],
    ),
    (
        StatusCode::PAYMENT_REQUIRED,
        &[
            "billing_error",
            "payment required",
            "insufficient credits",
            "insufficient balance",
        ],
    ),
    (
        StatusCode::FORBIDDEN,
        &["permission_error", "permission_denied"],
    ),
    (StatusCode::NOT_FOUND, &["not_found"]),
    (
        StatusCode::TOO_MANY_REQUESTS,
        &[
            "rate_limit",
            "rate limit",
            "resource_exhausted",
            "too many requests",
            "too_many_requests",
        ],
    ),
    (
        StatusCode::BAD_REQUEST,
        &["invalid_request", "invalid_argument", "bad_request"],
    ),
];

/// Finds the fault in a body that came with success.
pub(super) fn reply_fault(provider: ProviderKind, body: &Value) -> Option<ReplyFault> {
    let choice = &body["choices"][0];
    if is_error(&body["error"]) || body["type"] == "error" || body["object"] == "error" {
        return (!has_words(provider, body)).then(|| error(body.clone()));
    }
    if body["success"] == false && body["errors"].is_array() {
        return Some(error(body.clone()));
    }
    if is_error(&choice["error"]) {
        return Some(error(json!({ "error": choice["error"] })));
    }
    if has_broken_off(choice) {
        return Some(error(json!({ "error": "the model broke off" })));
    }
    match provider {
        ProviderKind::Ollama if body["done_reason"] == "load" && !has_words(provider, body) => {
            Some(ReplyFault::Loading)
        }
        ProviderKind::Gemini if is_empty_candidate(body) => Some(ReplyFault::Empty),
        ProviderKind::OpenAi if has_not_begun(body) => Some(ReplyFault::Empty),
        // A gateway may say what is wrong in whatever form it likes.
        _ if provider.completion(body).is_none() && RefusalBody::of(body.clone()).is_told() => {
            Some(error(body.clone()))
        }
        _ => None,
    }
}

/// Whether a choice says that something else than the model has ended it.
fn has_broken_off(choice: &Value) -> bool {
    const BROKEN: [&str; 9] = [
        "error",
        "failed",
        "abort",
        "aborted",
        "cancelled",
        "canceled",
        "network_error",
        "timeout",
        // DeepSeek's word for an overload.
        "insufficient_system_resource",
    ];
    let reason = choice["finish_reason"].as_str().unwrap_or_default();
    BROKEN
        .iter()
        .any(|broken| reason.eq_ignore_ascii_case(broken))
}

/// Whether a model was done before it had written a token, as one that is only just started.
fn has_not_begun(body: &Value) -> bool {
    let says_nothing = |said: &Completion| {
        said.text.is_empty() && said.thoughts.is_empty() && said.arguments.is_empty()
    };
    let completion = ProviderKind::OpenAi.completion(body);
    completion.is_some_and(|said| said.finish == Finish::Done && says_nothing(&said))
        && body["usage"]["completion_tokens"] == 0
}

fn is_error(error: &Value) -> bool {
    match error {
        Value::String(text) => !text.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => false,
    }
}

fn has_words(provider: ProviderKind, body: &Value) -> bool {
    let completion = provider.completion(body);
    completion.is_some_and(|said| !said.text.trim().is_empty() || !said.arguments.is_empty())
}

/// A candidate of Gemini's that says nothing, though nothing kept it from speaking.
fn is_empty_candidate(body: &Value) -> bool {
    let candidate = &body["candidates"][0];
    let is_done = matches!(
        candidate["finishReason"].as_str(),
        None | Some("STOP" | "OTHER" | "FINISH_REASON_UNSPECIFIED" | "MALFORMED_FUNCTION_CALL")
    );
    candidate.is_object()
        && is_done
        && body["promptFeedback"]["blockReason"].is_null()
        && !has_words(ProviderKind::Gemini, body)
}

fn error(body: Value) -> ReplyFault {
    let code = [
        &body["error"]["code"],
        &body["error"]["status"],
        &body["code"],
        &body["status"],
        &body["statusCode"],
        &body["status_code"],
        &body["http_code"],
    ];
    let code = code.into_iter().find_map(status);
    let code = code.or_else(|| minimax_status(&body["base_resp"]["status_code"]));
    let refusal = RefusalBody::of(body);
    let by_kind = || {
        let kind = KINDS.iter().find(|(_, words)| refusal.says(words));
        kind.map(|(status, _)| *status)
    };
    let status = match code {
        _ if refusal.is_about_the_path() => StatusCode::NOT_FOUND,
        Some(status) => status,
        None => {
            let implied = by_kind().or_else(|| refusal.implied_status());
            implied.unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
        }
    };
    ReplyFault::Error(refusal, status)
}

/// The status that one of `MiniMax`'s codes stands for, by its list of errors.
fn minimax_status(code: &Value) -> Option<StatusCode> {
    Some(match code.as_u64()? {
        1004 | 2049 => StatusCode::UNAUTHORIZED,
        1008 => StatusCode::PAYMENT_REQUIRED,
        1002 | 1039 | 2045 => StatusCode::TOO_MANY_REQUESTS,
        1026 | 1027 | 2013 => StatusCode::BAD_REQUEST,
        _ => return None,
    })
}

fn status(code: &Value) -> Option<StatusCode> {
    let code = match code {
        Value::String(code) => code.parse().ok()?,
        code => code.as_u64()?,
    };
    let status = StatusCode::from_u16(u16::try_from(code).ok()?).ok()?;
    (status.is_client_error() || status.is_server_error()).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(provider: ProviderKind, body: &Value, expected: Option<u16>) {
        let found = match reply_fault(provider, body) {
            Some(ReplyFault::Error(_, status)) => Some(status.as_u16()),
            Some(ReplyFault::Empty) => Some(0),
            Some(ReplyFault::Loading) => Some(1),
            None => None,
        };
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn an_error_in_a_success_has_the_status_that_it_should_have_had() {
        for (body, status) in [
            (
                json!({ "error": { "message": "User not found.", "code": 401 } }),
                401,
            ),
            (json!({ "error": { "message": "pay", "code": "402" } }), 402),
            (
                json!({ "error": { "message": "limited", "code": 429 } }),
                429,
            ),
            (json!({ "error": { "message": "upstream" } }), 503),
            (json!({ "error": "Invalid API key" }), 401),
            (json!({ "error": { "message": "no", "code": 1302 } }), 503),
            (
                json!({ "error": { "message": "no", "type": "rate_limit_error" } }),
                429,
            ),
            (
                json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } }),
                503,
            ),
            (
                json!({ "type": "error", "error": { "type": "authentication_error", "message": "no" } }),
                401,
            ),
            (
                json!({ "object": "error", "message": "no seed", "code": 400 }),
                400,
            ),
            (
                json!({ "error": "Unexpected endpoint or method. (POST /chat/completions)" }),
                404,
            ),
            (
                json!({ "message": "no Route matched with those values" }),
                404,
            ),
            (
                json!({ "success": false, "errors": [{ "message": "busy", "code": 3040 }] }),
                503,
            ),
            (
                json!({ "choices": [{ "error": { "code": 502, "message": "idle" }, "finish_reason": "error", "message": { "content": "half" } }] }),
                502,
            ),
            (
                json!({ "choices": [{ "finish_reason": "error", "message": { "content": "half" } }] }),
                503,
            ),
            (json!({ "code": 401, "message": "Key is not valid." }), 401),
            (json!({ "statusCode": 429, "message": "Slow down." }), 429),
            (
                json!({ "error_code": 18, "error_msg": "Open api qps request limit reached" }),
                503,
            ),
            (json!({ "detail": "Too many requests" }), 429),
            (
                json!({ "error": "Your account has insufficient balance." }),
                402,
            ),
            (
                json!({ "choices": null, "base_resp": { "status_code": 1002, "status_msg": "RPM" } }),
                429,
            ),
            (
                json!({ "choices": null, "base_resp": { "status_code": 2013, "status_msg": "invalid params, temperature out of range" } }),
                400,
            ),
            (
                json!({ "choices": null, "base_resp": { "status_code": 1008, "status_msg": "insufficient balance" } }),
                402,
            ),
            (
                json!({ "choices": null, "base_resp": { "status_code": 1004, "status_msg": "login fail: carry the key" } }),
                401,
            ),
            (json!({ "code": "10001", "message": "token invalid" }), 401),
            (
                json!({ "error": { "message": "The model m does not exist." } }),
                404,
            ),
            (
                json!({ "error": { "message": "This service is not available in your country." } }),
                403,
            ),
            (
                json!({ "error": { "message": "This model's maximum context length is 4096 tokens." } }),
                400,
            ),
            (
                json!({ "choices": [{ "finish_reason": "network_error", "message": { "content": "half" } }] }),
                503,
            ),
            (
                json!({ "choices": [{ "finish_reason": "insufficient_system_resource", "message": { "content": "" } }] }),
                503,
            ),
        ] {
            check(ProviderKind::OpenAi, &body, Some(status));
        }
    }

    #[test]
    fn a_model_that_says_nothing_has_only_just_begun() {
        let gemini = |candidate: Value| json!({ "candidates": [candidate] });
        for (body, expected) in [
            (
                gemini(json!({ "content": { "role": "model" }, "finishReason": "STOP" })),
                Some(0),
            ),
            (
                gemini(json!({ "content": { "parts": [{ "text": " " }] } })),
                Some(0),
            ),
            (
                gemini(
                    json!({ "content": { "parts": [{ "text": "hi" }] }, "finishReason": "STOP" }),
                ),
                None,
            ),
            (
                gemini(json!({
                    "content": { "parts": [{ "functionCall": { "name": "reply", "args": { "a": 1 } } }] },
                    "finishReason": "STOP",
                })),
                None,
            ),
            (
                gemini(json!({ "content": {}, "finishReason": "SAFETY" })),
                None,
            ),
            (
                gemini(json!({ "content": {}, "finishReason": "MAX_TOKENS" })),
                None,
            ),
            (
                json!({ "promptFeedback": { "blockReason": "OTHER" } }),
                None,
            ),
        ] {
            check(ProviderKind::Gemini, &body, expected);
        }
        let openai = |tokens: u64, message: Value| json!({ "choices": [{ "message": message, "finish_reason": "stop" }], "usage": { "prompt_tokens": 9, "completion_tokens": tokens } });
        for (body, expected) in [
            (openai(0, json!({ "content": "" })), Some(0)),
            (openai(0, json!({ "content": null })), Some(0)),
            (openai(3, json!({ "content": "" })), None),
            (openai(0, json!({ "content": "", "reasoning": "hm" })), None),
        ] {
            check(ProviderKind::OpenAi, &body, expected);
        }
        let ollama = |content: &str, reason: &str| json!({ "message": { "content": content }, "done_reason": reason });
        check(ProviderKind::Ollama, &ollama("", "load"), Some(1));
        check(ProviderKind::Ollama, &ollama("", "stop"), None);
        check(ProviderKind::Ollama, &ollama("hi", "load"), None);
    }

    #[test]
    fn a_completion_is_no_fault() {
        let choice =
            json!([{ "message": { "content": "not_found, error" }, "finish_reason": "stop" }]);
        for body in [
            json!({ "choices": choice }),
            json!({ "choices": choice, "error": null }),
            json!({ "choices": choice, "error": "" }),
            json!({ "choices": choice, "error": { "message": "a warning" } }),
            json!({ "choices": [] }),
            json!({ "odd": true }),
        ] {
            check(ProviderKind::OpenAi, &body, None);
        }
    }
}
