//! What an endpoint means by a status that is no success, and the words in which it says so.
//!
//! Pure. Endpoints share statuses for different things, so the body decides where it has to. Only
//! the codes and the beginning of the message are looked at: what follows may repeat the prompt,
//! and talks speak of context lengths and billing too.

use reqwest::StatusCode;
use serde_json::Value;

/// What a refusal means for the request and for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    KeyRejected,
    /// There is no credit left, or no quota for today.
    AccountEmpty,
    /// There is no such path or model.
    NotThere,
    /// Ollama knows the model and does not have it.
    NotPulled,
    /// The prompt does not fit the context.
    TooLong,
    /// A little later it may go well.
    Busy,
    /// This request will never be accepted.
    Refused,
}

/// The body of a refusal.
#[derive(Debug)]
pub(super) struct Refusal {
    json: Value,
    message: String,
    /// Codes and the beginning of the message, in lower case.
    words: String,
}

/// How it is said that an account is empty or its quota used up. A passing limit may speak of quota
/// and billing too, so these are codes and whole phrases.
const EMPTY: &[&str] = &[
    "insufficient_quota",
    "exceeded_current_quota",
    "billing_not_active",
    "billing_hard_limit",
    "billing_error",
    "credit balance is too low",
    "specified api usage limits",
    "used all available credits",
    "key limit exceeded",
    // Gemini's limits of a day; those of a minute pass.
    "perday",
];

/// How it is said that a prompt is too long.
const TOO_LONG: &[&str] = &[
    "context_length",
    "context length",
    "context size",
    "context limit",
    "contextwindowexceeded",
    "exceed_context",
    "maximum model length",
    "maximum number of tokens",
    "prompt is too long",
    "input is too long",
    "request too large",
];

const ABOUT_KEY: &[&str] = &[
    "api key",
    "api_key",
    "apikey",
    "credential",
    "permission",
    "unauthorized",
];

impl Refusal {
    pub(super) fn new(body: &str) -> Self {
        let json: Value = serde_json::from_str(body).unwrap_or_default();
        // Some wrap the error into a list.
        let json = match json {
            Value::Array(mut all) if !all.is_empty() => all.swap_remove(0),
            json => json,
        };
        let message = message(&json).unwrap_or(body).to_owned();
        let mut words: String = message.chars().take(400).collect();
        codes(&json["error"], &mut words);
        words.make_ascii_lowercase();
        Self {
            json,
            message,
            words,
        }
    }

    pub(super) fn json(&self) -> &Value {
        &self.json
    }

    /// The endpoint's words.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn meaning(&self, status: StatusCode) -> Meaning {
        match status.as_u16() {
            400 if self.says(&["api_key_invalid"]) => Meaning::KeyRejected,
            402 => Meaning::AccountEmpty,
            400 | 403 | 429 if self.says(EMPTY) => Meaning::AccountEmpty,
            401 => Meaning::KeyRejected,
            // Moderation and firewalls forbid single requests; only words about the key mean us.
            403 if self.says(ABOUT_KEY) || self.words.trim().is_empty() => Meaning::KeyRejected,
            404 if self.says(&["try pulling it", "model '"]) && self.says(&["not found"]) => {
                Meaning::NotPulled
            }
            404 => Meaning::NotThere,
            400 | 413 | 422 | 429 if self.says(TOO_LONG) => Meaning::TooLong,
            // Ollama's words for a model that this machine cannot run, now or later.
            500 if self.says(&["requires more system memory"]) => Meaning::Refused,
            408 | 409 | 429 | 500.. => Meaning::Busy,
            _ => Meaning::Refused,
        }
    }

    fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.contains(word))
    }
}

/// Whether a status says that the endpoint has too much to do, so that fewer requests at once help.
pub(super) fn is_overload(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 503 | 529)
}

/// The message within a JSON error.
fn message(json: &Value) -> Option<&str> {
    let places = [&json["error"]["message"], &json["error"], &json["message"]];
    places.into_iter().find_map(Value::as_str)
}

/// The short words in which an error says what it is.
fn codes(error: &Value, words: &mut String) {
    let mut add = |code: &Value| {
        if let Some(code) = code.as_str() {
            words.push(' ');
            words.push_str(code);
        }
    };
    for name in ["type", "code", "status"] {
        add(&error[name]);
    }
    for detail in error["details"].as_array().into_iter().flatten() {
        add(&detail["reason"]);
        for violation in detail["violations"].as_array().into_iter().flatten() {
            add(&violation["quotaId"]);
        }
    }
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    /// Refusals, each with its status, code and message, and what they mean.
    fn check(
        body: impl Fn(&str, &str) -> Value,
        refusals: &[(u16, &str, &str)],
        expected: &Expect,
    ) {
        let line = |(status, code, message): &(u16, &str, &str)| {
            let refusal = Refusal::new(&body(code, message).to_string());
            assert_eq!(refusal.message(), *message);
            let meaning = refusal.meaning(StatusCode::from_u16(*status).unwrap());
            format!("{status} {meaning:?}: {message}\n")
        };
        expected.assert_eq(&refusals.iter().map(line).collect::<String>());
    }

    #[test]
    fn openai_and_those_who_speak_like_it() {
        check(
            |code, message| json!({ "error": { "message": message, "type": "kind", "param": null, "code": code } }),
            &[
                (401, "invalid_api_key", "Wrong key."),
                (429, "insufficient_quota", "Plan and billing, please."),
                (
                    429,
                    "rate_limit_exceeded",
                    "Wait; /account/billing has more quota.",
                ),
                (
                    429,
                    "rate_limit_exceeded",
                    "Request too large on tokens per min.",
                ),
                (
                    413,
                    "rate_limit_exceeded",
                    "Request too large for model `m` on TPM.",
                ),
                (400, "context_length_exceeded", "Too many tokens."),
                (400, "billing_hard_limit_reached", "Hard limit."),
                (400, "unsupported_parameter", "No such parameter."),
                (404, "model_not_found", "The model `m` does not exist."),
                (403, "403", "Key limit exceeded (total limit)."),
                (403, "403", "Flagged by moderation."),
                (500, "server_error", "Oops."),
            ],
            &expect![[r#"
                401 KeyRejected: Wrong key.
                429 AccountEmpty: Plan and billing, please.
                429 Busy: Wait; /account/billing has more quota.
                429 TooLong: Request too large on tokens per min.
                413 TooLong: Request too large for model `m` on TPM.
                400 TooLong: Too many tokens.
                400 AccountEmpty: Hard limit.
                400 Refused: No such parameter.
                404 NotThere: The model `m` does not exist.
                403 AccountEmpty: Key limit exceeded (total limit).
                403 Refused: Flagged by moderation.
                500 Busy: Oops.
            "#]],
        );
    }

    #[test]
    fn anthropic() {
        check(
            |kind, message| json!({ "type": "error", "error": { "type": kind, "message": message } }),
            &[
                (401, "authentication_error", "invalid x-api-key"),
                (403, "permission_error", "Your key may not do this."),
                (402, "billing_error", "Pay, please."),
                (
                    400,
                    "invalid_request_error",
                    "Your credit balance is too low for this.",
                ),
                (
                    400,
                    "invalid_request_error",
                    "You have reached your specified API usage limits.",
                ),
                (
                    400,
                    "invalid_request_error",
                    "prompt is too long: 210000 tokens > 200000 maximum",
                ),
                (
                    400,
                    "invalid_request_error",
                    "input and `max_tokens` exceed context limit: 199000 + 2048",
                ),
                (
                    400,
                    "invalid_request_error",
                    "`temperature` is deprecated for this model.",
                ),
                (404, "not_found_error", "model: claude-0"),
                (413, "request_too_large", "Request exceeds the maximum size"),
                (
                    429,
                    "rate_limit_error",
                    "This would exceed your rate limit.",
                ),
                (529, "overloaded_error", "Overloaded"),
            ],
            &expect![[r#"
                401 KeyRejected: invalid x-api-key
                403 KeyRejected: Your key may not do this.
                402 AccountEmpty: Pay, please.
                400 AccountEmpty: Your credit balance is too low for this.
                400 AccountEmpty: You have reached your specified API usage limits.
                400 TooLong: prompt is too long: 210000 tokens > 200000 maximum
                400 TooLong: input and `max_tokens` exceed context limit: 199000 + 2048
                400 Refused: `temperature` is deprecated for this model.
                404 NotThere: model: claude-0
                413 Refused: Request exceeds the maximum size
                429 Busy: This would exceed your rate limit.
                529 Busy: Overloaded
            "#]],
        );
    }

    #[test]
    fn gemini() {
        let body = |reason: &str, message: &str| {
            json!({ "error": { "code": 400, "message": message, "status": "SOME_STATUS", "details": [
                { "reason": reason },
                { "violations": [{ "quotaId": reason }] },
                { "retryDelay": "20s" },
            ] } })
        };
        let refusals = [
            (400, "API_KEY_INVALID", "API key not valid."),
            (403, "PERMISSION_DENIED", "The caller may not."),
            (
                429,
                "GenerateRequestsPerMinutePerProjectPerModel",
                "Quota exceeded.",
            ),
            (
                429,
                "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
                "Quota exceeded.",
            ),
            (
                400,
                "",
                "The input token count (9) exceeds the maximum number of tokens allowed (8).",
            ),
            (400, "", "Request contains an invalid argument."),
            (
                404,
                "",
                "models/gemini-0 is not found for API version v1beta.",
            ),
            (503, "", "The model is overloaded."),
        ];
        check(
            body,
            &refusals,
            &expect![[r#"
            400 KeyRejected: API key not valid.
            403 KeyRejected: The caller may not.
            429 Busy: Quota exceeded.
            429 AccountEmpty: Quota exceeded.
            400 TooLong: The input token count (9) exceeds the maximum number of tokens allowed (8).
            400 Refused: Request contains an invalid argument.
            404 NotThere: models/gemini-0 is not found for API version v1beta.
            503 Busy: The model is overloaded.
        "#]],
        );
        // Some addresses of Google wrap the same into a list.
        let wrapped = |reason: &str, message: &str| json!([body(reason, message)]);
        check(
            wrapped,
            &refusals[..1],
            &expect![[r#"
            400 KeyRejected: API key not valid.
        "#]],
        );
    }

    #[test]
    fn ollama() {
        check(
            |_, message| json!({ "error": message }),
            &[
                (404, "", "model 'llama0' not found"),
                (404, "", "model \"llama0\" not found, try pulling it first"),
                (404, "", "404 page not found"),
                (400, "", "the input length exceeds the context length"),
                (400, "", "\"llama0\" does not support chat"),
                (
                    500,
                    "",
                    "model requires more system memory (9 GiB) than is available (3 GiB)",
                ),
                (503, "", "server busy, please try again"),
            ],
            &expect![[r#"
                404 NotPulled: model 'llama0' not found
                404 NotPulled: model "llama0" not found, try pulling it first
                404 NotThere: 404 page not found
                400 TooLong: the input length exceeds the context length
                400 Refused: "llama0" does not support chat
                500 Refused: model requires more system memory (9 GiB) than is available (3 GiB)
                503 Busy: server busy, please try again
            "#]],
        );
    }

    #[test]
    fn what_a_refusal_repeats_of_the_prompt_means_nothing() {
        let said = "Validation failed.".to_owned() + &" words".repeat(80);
        for body in [
            json!({ "error": { "message": said + " context length, insufficient_quota" } }),
            json!({ "message": "no", "input": "context length, insufficient_quota" }),
        ] {
            let refusal = Refusal::new(&body.to_string());
            assert_eq!(refusal.meaning(StatusCode::BAD_REQUEST), Meaning::Refused);
        }
    }

    #[test]
    fn a_page_and_nothing_at_all_are_read_by_their_status() {
        let meaning =
            |status, body| Refusal::new(body).meaning(StatusCode::from_u16(status).unwrap());
        assert_eq!(meaning(403, "  "), Meaning::KeyRejected);
        assert_eq!(meaning(403, "<html>Firewall</html>"), Meaning::Refused);
        assert_eq!(meaning(502, "<html>Bad gateway</html>"), Meaning::Busy);
        assert_eq!(meaning(404, ""), Meaning::NotThere);
    }
}
