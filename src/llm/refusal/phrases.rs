//! The words by which servers say why they refuse: codes and whole phrases, in lower case.

use std::sync::LazyLock;

use regex::Regex;

/// How it is said that an account is empty.
pub(super) const EMPTY: &[&str] = &[
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
pub(super) const DAY: &[&str] = &[
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
pub(super) const ELSEWHERE: &[&str] = &[
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
pub(super) static ELSEWHERE_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:country|countries|region|territory|location|area)\b[^.]{0,30}",
        r"\b(?:not|isn't|unsupported|restricted|blocked|banned|prohibited|unavailable|forbidden|denied)\b",
        r"|\b(?:not|isn't|unavailable|restricted|blocked|prohibited)\b[^.]{0,30}",
        r"\bin (?:your|this) (?:current )?(?:country|region|territory|location|area)\b",
    ))
});

/// A prompt that is too long, in other words. A reply may be said to be so in the same ones.
pub(super) static TOO_LONG_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:prompt|input|inputs|context|messages?|conversation|tokens?)\b[^.]{0,60}",
        r"(?:\bexceed|\btoo (?:long|many|large|big)\b|\b(?:longer|larger|greater) than\b|\bover the\b|\bonly supports?\b)",
        r"|\btoo many tokens\b|\b(?:shorten|truncate) (?:your|the) (?:prompt|input|messages?)\b",
        r"|\bexceed[^.]{0,40}\b(?:prompt|input|context|tokens)\b",
    ))
});

/// What is said of a reply, not of a prompt.
pub(super) const OF_THE_REPLY: &[&str] = &[
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

pub(super) fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is well-formed")
}

/// How it is said that a prompt is too long.
pub(super) const TOO_LONG: &[&str] = &[
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
pub(super) const LOADING: &[&str] = &[
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
pub(super) const WRONG_KEY: &[&str] = &[
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
pub(super) const NO_SUCH_MODEL: &[&str] = &[
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
pub(super) static NO_SUCH_MODEL_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\bmodel [`'"]?[\w./:-]+[`'"]? (?:was |is )?(?:not found|does not exist)"#)
});

/// How it is said, with the status of another fault, that there is too much to do.
pub(super) const TOO_MUCH_TO_DO: &[&str] = &[
    "overloaded",
    "server is busy",
    "too many requests",
    "rate limit exceeded",
    "rate_limit_exceeded",
    "try again later",
];

/// What the form of a reply is asked for with, as servers name it that fail over it.
pub(super) const ABOUT_STRUCTURE: &[&str] = &[
    "guided decoding",
    "json schema",
    "json_schema",
    "response_format",
    "grammar",
];

pub(super) const ABOUT_KEY: &[&str] = &[
    "api key",
    "api_key",
    "apikey",
    "credential",
    "permission",
    "unauthorized",
];

/// How it is said, with any status, that the path is wrong.
pub(super) const NO_SUCH_PATH: &[&str] = &[
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

pub(super) const WANTS_HTTPS: &[&str] = &[
    "plain http request was sent to https port",
    "http request to an https server",
    "requires tls",
];

/// What a filter of content says. The request is at fault, and no other form of it helps.
pub(super) const FILTERED: &[&str] = &[
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
pub(super) const NOT_GENERATED: &[&str] = &[
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

pub(super) const ABOUT_ROLES: &[&str] = &[
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
pub(super) static ABOUT_ROLES_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?:role|roles)\b[^.]{0,20}\bsystem\b|\bsystem\b[^.a-z]{0,3}(?:role|角色)")
});
