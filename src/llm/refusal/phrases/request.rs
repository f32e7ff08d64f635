//! How it is said that one request does not go well, in this form or at this time: codes, whole
//! phrases and patterns, in lower case.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

/// A prompt that is too long, in other words. A reply may be said to be so in the same ones.
pub(in crate::llm::refusal) static TOO_LONG_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:prompt|input|inputs|context|messages?|conversation|tokens?)\b[^.]{0,60}",
        r"(?:\bexceed|\btoo (?:long|many|large|big)\b|\b(?:longer|larger|greater) than\b|\bover the\b|\bonly supports?\b)",
        r"|\btoo many tokens\b|\b(?:shorten|truncate) (?:your|the) (?:prompt|input|messages?)\b",
        r"|\bexceed[^.]{0,40}\b(?:prompt|input|context|tokens)\b",
    ))
});

/// What is said of a reply, not of a prompt.
pub(in crate::llm::refusal) const OF_THE_REPLY: &[&str] = &[
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

/// How it is said that a prompt is too long.
pub(in crate::llm::refusal) const TOO_LONG: &[&str] = &[
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
pub(in crate::llm::refusal) const LOADING: &[&str] = &[
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

/// How it is said, with the status of another fault, that there is too much to do.
pub(in crate::llm::refusal) const TOO_MUCH_TO_DO: &[&str] = &[
    "overloaded",
    "server is busy",
    "too many requests",
    "rate limit exceeded",
    "rate_limit_exceeded",
    "throttl",
    "slow down",
    "try again later",
];

/// What the form of a reply is asked for with, as servers name it that fail over it.
pub(in crate::llm::refusal) const ABOUT_STRUCTURE: &[&str] = &[
    "guided decoding",
    "json schema",
    "json_schema",
    "response_format",
    "grammar",
];

/// What a filter of content says. The request is at fault, and no other form of it helps.
pub(in crate::llm::refusal) const FILTERED: &[&str] = &[
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
pub(in crate::llm::refusal) const NOT_GENERATED: &[&str] = &[
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

pub(in crate::llm::refusal) const ABOUT_ROLES: &[&str] = &[
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
pub(in crate::llm::refusal) static ABOUT_ROLES_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:role|roles)\b[^.]{0,20}\bsystem\b|\bsystem\b[^.a-z]{0,3}(?:role|角色)|\brole\b[^.]{0,40}\b(?:odd|even|first)\b|\bmessages?\b[^.]{0,40}\bodd\b",
    )
});
