//! What a refusal means for the request and for the run.
//!
//! Pure. The status says what kind of refusal it may be, and codes and whole phrases which one it
//! is: a passing limit may speak of quota and billing too, and a forbidden request of keys.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::StatusCode;

use crate::llm::refusal::RefusalBody;

/// What a refusal means for the request and for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::llm) enum Meaning {
    KeyRejected,
    /// There is no credit left.
    AccountEmpty,
    /// What may be asked for in a day is used up.
    DayUsedUp,
    /// Nobody is served where the request comes from.
    NotServedHere,
    /// There is no such path or model.
    NotThere,
    /// Ollama knows the model and does not have it.
    NotPulled,
    /// Something speaks https that was spoken to in http.
    WantsHttps,
    /// The prompt does not fit the context.
    TooLong,
    /// The model is being loaded.
    Loading,
    /// A little later it may go well.
    Busy,
    /// This request will never be accepted.
    Refused,
}

/// How it is said that an account is empty.
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
    "insufficient credits",
    "insufficient balance",
    "requires more credits",
    "purchase credits",
    "insufficient account balance",
    "account is in good standing",
    "arrearage",
    "unpaid",
    "payment required",
    "payment method",
    "spending limit",
    "credit limit",
    "budget_exceeded",
    "budget has been exceeded",
    "over budget",
    "freetieronly",
    "欠费",
    "余额不足",
];

/// How it is said that the quota of a day is used up; those of a minute pass.
const DAY: &[&str] = &[
    "perday",
    "per day",
    "per-day",
    "per_day",
    "(tpd)",
    "(rpd)",
    "daily limit",
    "daily quota",
    "daily request",
    "daily token",
    "daily free",
    "limit for today",
    "quota for today",
    "limit of the day",
    "daily usage",
    "daily cap",
    "weekly",
    "monthly",
    "5 hour",
    "5-hour",
    "until tomorrow",
    "resets tomorrow",
    "in 24 hours",
    "per 24 hours",
    "every 24 hours",
    "per 86400s",
    "hourly",
    "usage limit reached",
    "当日",
    "明日",
    "每日",
    "diario",
    "tageslimit",
    "täglich",
    "quotidien",
];

/// How it is said that a country is not served.
const ELSEWHERE: &[&str] = &[
    "location is not supported",
    "location not supported",
    "unsupported_country",
    "country, region, or territory",
    "country not supported",
    "country is not supported",
    "region not supported",
    "region is not supported",
    "region is not allowed",
    "unsupported region",
    "not available in your country",
    "not available in your region",
    "not available in your location",
    "not supported in your country",
    "not supported in your region",
    "from unsupported countries",
    "unsupported countries, regions",
    "地区不支持",
    "地区暂不支持",
];

/// The same in other words.
static ELSEWHERE_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:country|countries|region|territory|location|area)\b[^.]{0,30}",
        r"\b(?:not|isn't|unsupported|restricted|blocked|banned|prohibited|unavailable|forbidden|denied)\b",
        r"|\b(?:not|isn't|unavailable|restricted|blocked|prohibited)\b[^.]{0,30}",
        r"\bin (?:your|this) (?:current )?(?:country|region|territory|location|area)\b",
    ))
});

/// A prompt that is too long, in other words. A reply may be said to be so in the same ones.
static TOO_LONG_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:prompt|input|inputs|context|messages?|conversation|tokens?)\b[^.]{0,60}",
        r"(?:\bexceed|\btoo (?:long|many|large|big)\b|\b(?:longer|larger|greater) than\b|\bover the\b|\bonly supports?\b)",
        r"|\btoo many tokens\b|\b(?:shorten|truncate) (?:your|the) (?:prompt|input|messages?)\b",
        r"|\bexceed[^.]{0,40}\b(?:prompt|input|context|tokens)\b",
    ))
});

/// What is said of a reply, not of a prompt.
const OF_THE_REPLY: &[&str] = &[
    "max_tokens",
    "max_completion_tokens",
    "max_new_tokens",
    "max_output_tokens",
    "maxoutputtokens",
    "max_output",
    "num_predict",
    "completion tokens",
    "output token",
    "maximum output",
    "maximum tokens you requested",
    "rate limit",
    "rate_limit",
    "per minute",
    "per second",
    "too many requests",
    "thinking",
    "reasoning",
];

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is well-formed")
}

/// How it is said that a prompt is too long.
const TOO_LONG: &[&str] = &[
    "context_length",
    "context length",
    "context size",
    "context limit",
    "context window",
    "context_window",
    "contextwindow",
    "exceed_context",
    "max_model_len",
    "max_seq_len",
    "maximum model length",
    "model maximum",
    "maximum number of tokens",
    "maximum prompt length",
    "maximum input length",
    "+ `max_new_tokens` must be <=",
    "`inputs` must have less than",
    "prompt is too long",
    "prompt too long",
    "prompt_too_long",
    "input is too long",
    "input too long",
    "input_too_large",
    "inputs too long",
    "messages is too long",
    "exceeds budget",
    "tokens_limit_reached",
    "token limit exceeded",
    "token length exceed",
    "too many input tokens",
    "too many prompt tokens",
    "too many total text bytes",
    "too large for model",
    "reduce the length of",
    "range of input length",
    "request too large",
    "request_too_large",
    "string_above_max_length",
    "model token limit",
    "context shift is disabled",
    "maximum sequence length",
    "sequence length of input",
    "max_prompt_length",
    "zu lang",
    "demasiado larg",
    "trop long",
    "longueur maximale",
    "troppo lung",
    "longo demais",
    "слишком длин",
    "превышает максимальн",
    "过长",
    "超长",
    "上下文长度",
    "長すぎ",
    "너무 깁니다",
    "너무 길",
];

/// How it is said that a model is being loaded.
const LOADING: &[&str] = &[
    "loading model",
    "loading the model",
    "model is loading",
    "is currently loading",
    "being loaded",
    "still loading",
    "is initializing",
    "model is starting",
    "is starting up",
    "is warming up",
    "warming up the model",
    "scaling up from zero",
    "model_loading",
    "loading weights",
];

/// How it is said, with any status, that a key is wrong.
const WRONG_KEY: &[&str] = &[
    "api_key_invalid",
    "api key not valid",
    "invalid api key",
    "invalid_api_key",
    "incorrect api key",
    "api key is invalid",
    "api key is missing",
    "missing api key",
    "no api key",
    "api key expired",
    "invalid authorization",
    "missing authorization",
    "authentication failed",
    "login fail",
    "令牌已过期",
];

/// How it is said, with any status, that there is no such model, or none that talks.
const NO_SUCH_MODEL: &[&str] = &[
    "model_not_found",
    "model not found",
    "model not exist",
    "model does not exist",
    "invalid model:",
    "invalid model name",
    "invalid_model",
    "unknown model",
    "not a valid model",
    "model identifier is invalid",
    "no models loaded",
    "no model loaded",
    "list of deployed models",
    "decommissioned",
    "model_terms_required",
    "with on-demand throughput",
    "does not support chat",
    "not a chat model",
    "模型不存在",
];

/// The same with the name of the model.
static NO_SUCH_MODEL_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\bmodel [`'"]?[\w./:-]+[`'"]? (?:was |is )?(?:not found|does not exist)"#)
});

/// How it is said, with the status of another fault, that there is too much to do.
const TOO_MUCH_TO_DO: &[&str] = &[
    "overloaded",
    "server is busy",
    "too many requests",
    "rate limit exceeded",
    "rate_limit_exceeded",
    "try again later",
];

/// What the form of a reply is asked for with, as servers name it that fail over it.
const ABOUT_STRUCTURE: &[&str] = &[
    "guided decoding",
    "json schema",
    "json_schema",
    "response_format",
    "grammar",
];

const ABOUT_KEY: &[&str] = &[
    "api key",
    "api_key",
    "apikey",
    "credential",
    "permission",
    "unauthorized",
];

/// How it is said, with any status, that the path is wrong.
const NO_SUCH_PATH: &[&str] = &[
    "unexpected endpoint",
    "unrecognized request url",
    "unknown endpoint",
    "unknown path",
    "unknown url",
    "invalid url",
    "no such endpoint",
    "no route for",
    "no route matched",
    "route not found",
    "cannot post ",
    "cannot get ",
    "endpoint not found",
    "endpoint does not exist",
];

const WANTS_HTTPS: &[&str] = &[
    "plain http request was sent to https port",
    "http request to an https server",
    "requires tls",
];

/// What a filter of content says. The request is at fault, and no other form of it helps.
const FILTERED: &[&str] = &[
    "content_filter",
    "content management policy",
    "content policy",
    "content_policy",
    "responsibleaipolicyviolation",
    "moderation",
    "data_inspection_failed",
    "inappropriate content",
    "flagged",
    "safety system",
    "prohibited_content",
    "sensitive content",
    "sensitive words",
    "new_sensitive",
    "content filtering",
    "content exists risk",
    "content violates",
    "unsafe content",
    "guardrail",
    "responsible ai",
    "censorship",
    "敏感内容",
];

/// What is said where a model did not keep to the schema: another try at this one request without
/// it may go well, and no other request is at fault.
const NOT_GENERATED: &[&str] = &[
    "json_validate_failed",
    "failed to generate json",
    "failed_generation",
    "failed to validate json",
    "did not match schema",
    "does not match the expected schema",
    "tool_use_failed",
    "failed during generation",
    "failed to call a function",
    "invalid json output",
];

const ABOUT_ROLES: &[&str] = &[
    "system role",
    "role system",
    "role 'system'",
    "role `system`",
    "role \"system\"",
    "roles must alternate",
    "must alternate",
    "system message",
    "system prompt",
    "developer instruction",
    "system instruction",
    "systeminstruction",
    "system_instruction",
    "variant `system`",
    "only user and assistant roles",
    "user and assistant roles are supported",
    "first message must be from user",
    "first message must use the \"user\" role",
    "role of first message must be user",
];

/// The same in other words.
static ABOUT_ROLES_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?:role|roles)\b[^.]{0,20}\bsystem\b|\bsystem\b[^.a-z]{0,3}(?:role|角色)")
});

impl RefusalBody {
    pub(in crate::llm) fn meaning(&self, status: StatusCode) -> Meaning {
        match status.as_u16() {
            400 | 426 if self.says(WANTS_HTTPS) => Meaning::WantsHttps,
            402 => Meaning::AccountEmpty,
            400 | 403 | 412 | 422 | 429 | 500 if self.says(EMPTY) => Meaning::AccountEmpty,
            400 | 403 | 451 if self.is_about_country() => Meaning::NotServedHere,
            451 if !self.is_about_content() => Meaning::NotServedHere,
            429 if self.says(DAY) => Meaning::DayUsedUp,
            401 => Meaning::KeyRejected,
            400 | 422 | 500 if self.is_about_a_wrong_key() => Meaning::KeyRejected,
            403 if self.says(TOO_MUCH_TO_DO) => Meaning::Busy,
            // Moderation and firewalls forbid single requests; only words about the key mean us.
            403 if self.is_page() || self.is_about_content() => Meaning::Refused,
            400 | 403 | 422 | 500 if self.lacks_the_model() => Meaning::NotThere,
            403 if self.says(ABOUT_KEY) || self.words.trim().is_empty() => Meaning::KeyRejected,
            400 | 404 | 425 | 429 | 500 | 502..=504 if self.is_loading() => Meaning::Loading,
            404 if self.says(&["try pulling it", "model '"]) && self.says(&["not found"]) => {
                Meaning::NotPulled
            }
            404 => Meaning::NotThere,
            400 if self.is_about_the_path() => Meaning::NotThere,
            400 | 422 if self.room_beside_the_prompt().is_some() => Meaning::Refused,
            413 => Meaning::TooLong,
            400 | 422 | 429 | 500 if self.says(TOO_LONG) => Meaning::TooLong,
            400 | 422 if self.is_too_long_in_words() => Meaning::TooLong,
            // Ollama's words for a model that this machine cannot run, now or later.
            500 if self.says(&["requires more system memory"]) => Meaning::Refused,
            500 if self.is_about_form() => Meaning::Refused,
            400 if self.says(TOO_MUCH_TO_DO) && !self.is_about_content() => Meaning::Busy,
            501 => Meaning::Refused,
            408 | 409 | 425 | 429 | 499.. => Meaning::Busy,
            _ => Meaning::Refused,
        }
    }

    /// The status that an endpoint should have sent with such words, where they leave no doubt.
    pub(in crate::llm) fn implied_status(&self) -> Option<StatusCode> {
        if self.is_about_the_path() || self.lacks_the_model() {
            Some(StatusCode::NOT_FOUND)
        } else if self.is_about_a_wrong_key() {
            Some(StatusCode::UNAUTHORIZED)
        } else if self.says(EMPTY) {
            Some(StatusCode::PAYMENT_REQUIRED)
        } else if self.is_about_country() {
            Some(StatusCode::FORBIDDEN)
        } else if self.says(TOO_LONG) || self.is_about_content() {
            Some(StatusCode::BAD_REQUEST)
        } else {
            None
        }
    }

    fn is_about_country(&self) -> bool {
        self.says(ELSEWHERE) || ELSEWHERE_IN_WORDS.is_match(&self.words)
    }

    fn is_too_long_in_words(&self) -> bool {
        static CHARACTERS: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"\bat most [0-9]+ characters\b"));
        let is_content = |place: &String| place.starts_with("body.messages");
        let is_long_content =
            CHARACTERS.is_match(&self.words) && self.places.iter().any(is_content);
        is_long_content || (TOO_LONG_IN_WORDS.is_match(&self.words) && !self.says(OF_THE_REPLY))
    }

    /// Whether the key is said to be wrong, whatever the status.
    fn is_about_a_wrong_key(&self) -> bool {
        let is_header = |place: &String| place.eq_ignore_ascii_case("header.authorization");
        self.says(WRONG_KEY) || self.places.iter().any(is_header)
    }

    /// Whether the model is said not to be there, whatever the status.
    fn lacks_the_model(&self) -> bool {
        self.says(NO_SUCH_MODEL) || NO_SUCH_MODEL_IN_WORDS.is_match(&self.words)
    }

    /// Whether it is the form of the request that a server fails over.
    pub(in crate::llm) fn is_about_form(&self) -> bool {
        self.is_about_roles() || self.says(ABOUT_STRUCTURE)
    }

    fn is_loading(&self) -> bool {
        self.says(LOADING) || self.json["estimated_time"].is_number()
    }

    /// Whether it is the model that is said not to be there.
    pub(in crate::llm) fn is_about_the_model(&self) -> bool {
        let is_missing = [
            "not found",
            "not_found",
            "does not exist",
            "no such",
            "unknown model",
        ];
        self.lacks_the_model() || (self.says(&["model"]) && self.says(&is_missing))
    }

    /// Whether the path is said to be wrong, whatever the status.
    pub(in crate::llm) fn is_about_the_path(&self) -> bool {
        self.says(NO_SUCH_PATH)
    }

    /// Whether a filter declined what the request is about.
    pub(in crate::llm) fn is_about_content(&self) -> bool {
        self.says(FILTERED)
    }

    /// Whether the model failed at this one request.
    pub(in crate::llm) fn is_about_generation(&self) -> bool {
        self.says(NOT_GENERATED)
    }

    /// Whether the conversation may not begin with rules of its own.
    pub(in crate::llm) fn is_about_roles(&self) -> bool {
        let is_role = |place: &String| place.contains("messages") && place.ends_with("role");
        self.says(ABOUT_ROLES)
            || ABOUT_ROLES_IN_WORDS.is_match(&self.words)
            || self.places.iter().any(is_role)
    }
}

/// Whether a status says that the endpoint has too much to do, so that fewer requests at once help.
pub(in crate::llm) fn is_overload(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 503 | 529)
}

#[cfg(test)]
mod tests;
