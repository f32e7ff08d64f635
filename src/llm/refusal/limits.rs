//! The limits that a refusal tells: how many tokens fit the context, and how many a reply may have.
//!
//! Pure. They are told in words, so the words around a number say which one is meant; a number that
//! cannot be told from others is not used.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::llm::refusal::RefusalBody;

/// No context is smaller; a smaller number means something else.
const LEAST_CONTEXT: u64 = 256;
/// A reply of fewer tokens holds no summary.
const LEAST_REPLY: u32 = 200;

/// How it is said how much fits, the number last; the first that matches counts.
static CONTEXTS: LazyLock<[Regex; 10]> = LazyLock::new(|| {
    [
        r"> *(?:max(?:imum)? *)?([0-9][0-9,_]*)",
        r"(?:context|prompt|model|sequence)[ _](?:length|size|window|limit)(?:limit)?(?: is| of| limit|:)*(?: only)?[ (=]*([0-9][0-9,_]*)",
        r"(?:context|length|window|model)[^.;0-9]{0,30}maximum[^0-9]{0,3}\(?([0-9][0-9,_]*)",
        r"must (?:be|have) (?:<=|less than(?: or equal to)?|at most|fewer than|no more than) *`?([0-9][0-9,_]*)",
        r"(?:budget|limit)(?: of| is)?[ (:=]+([0-9][0-9,_]*)",
        r"(?:max|maximum)(?: allowed)?(?: number)?(?: of)?(?: input| prompt)?(?: size| tokens| length| limit)*(?: allowed)?(?: is| of|:)*[ (]*([0-9][0-9,_]*)",
        r"([0-9][0-9,_]*)[ -]tokens? (?:limit|maximum|context)",
        r"([0-9][0-9,_]*) (?:max|maximum)\b",
        r"(?:n_ctx|max_seq_len|max_model_len)\W{1,5}([0-9]+)",
        r"(?:up to|at most|cannot exceed|only supports?|exceeds?(?: the)?(?: limit of)?) ([0-9][0-9,_]*)",
    ]
    .map(|pattern| Regex::new(pattern).expect("the pattern is well-formed"))
});

static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("[0-9][0-9,_]*").expect("the pattern is well-formed"));

/// How it is said how long the prompt is, the number last.
static PROMPTS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        r"(?:has|have|contains?|given:?|with) (?:at least )?([0-9][0-9,_]*) `?(?:input|prompt)s?`? tokens",
        r"([0-9][0-9,_]*) (?:tokens )?(?:in the messages|in your prompt|of text input|from the input)",
        r"([0-9][0-9,_]*) \+ [0-9][0-9,_]* *>",
    ]
    .map(|pattern| Regex::new(pattern).expect("the pattern is well-formed"))
});

/// How it is said how long the prompt and the longest reply are together.
static TOTAL: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?:requested|max_total_tokens|total tokens):?(?: about| a total of| up to)? *\(?([0-9][0-9,_]*)";
    Regex::new(pattern).expect("the pattern is well-formed")
});

/// How a limit of the reply is said to be too high, whatever else is named beside it.
static LIMIT_OF_THE_REPLY: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = concat!(
        r"[`'\x22]?max_?(?:completion_?|new_?|output_?)?tokens[`'\x22]?(?: *\(?[0-9]+\)?)?",
        r" (?:must be|should be|can(?:not|'t| not)|may not|is too (?:large|high|big))",
    );
    Regex::new(pattern).expect("the pattern is well-formed")
});

impl RefusalBody {
    /// How many tokens fit the model's context, where a refusal for length says it.
    pub(in crate::llm) fn context(&self) -> Option<u64> {
        if let Some(tokens) = self.json.pointer("/error/n_ctx").and_then(Value::as_u64) {
            return Some(tokens);
        }
        let told = CONTEXTS
            .iter()
            .filter_map(|pattern| number(&pattern.captures(&self.beginning)?[1]));
        told.into_iter().find(|tokens| *tokens >= LEAST_CONTEXT)
    }

    /// How many tokens a reply may have, fewer than were asked for; where the refusal says it.
    pub(in crate::llm) fn most_of_a_reply(&self, asked: u32) -> Option<u32> {
        let told = NUMBER.find_iter(&self.beginning);
        let told = told.filter_map(|found| u32::try_from(number(found.as_str())?).ok());
        let is_exclusive = self.says(&["exclusive", "less than", "smaller than", "lower than"])
            && !self.says(&["or equal"]);
        let most = told
            .filter(|most| (LEAST_REPLY..asked).contains(most))
            .max()?;
        Some(most - u32::from(is_exclusive))
    }

    /// Whether a limit of the reply is refused as such, and not beside a prompt.
    pub(in crate::llm) fn is_about_the_limit_of_a_reply(&self) -> bool {
        let Some(limit) = LIMIT_OF_THE_REPLY.find(&self.beginning) else {
            return false;
        };
        let before = self.beginning[..limit.start()].trim_end();
        let is_summand = before.ends_with(['+', '&']) || before.ends_with(" and");
        !is_summand && self.prompt().is_none()
    }

    /// How long a reply may be beside its prompt, shorter than was asked for, where a refusal for
    /// length tells how much fits. Where it does not tell how long the prompt is, the estimate does.
    pub(in crate::llm) fn room_beside_the_prompt(&self, asked: u32, estimate: u64) -> Option<u32> {
        let prompt = self.prompt().or_else(|| self.rest_of_the_total(asked));
        // Who says "at least" has not counted to the end.
        let prompt = match prompt {
            Some(prompt) if self.says(&["at least"]) => prompt.max(estimate),
            Some(prompt) => prompt,
            None => estimate,
        };
        let room = self.context()?.checked_sub(prompt)?;
        let room = u32::try_from(room).ok()?;
        (LEAST_REPLY..asked).contains(&room).then_some(room)
    }

    /// How many tokens the prompt has.
    fn prompt(&self) -> Option<u64> {
        let told = |pattern: &Regex| number(&pattern.captures(&self.beginning)?[1]);
        PROMPTS.iter().find_map(told)
    }

    /// What is left of all that was asked for without the reply.
    fn rest_of_the_total(&self, asked: u32) -> Option<u64> {
        let total = number(&TOTAL.captures(&self.beginning)?[1])?;
        total.checked_sub(asked.into())
    }
}

fn number(text: &str) -> Option<u64> {
    text.replace([',', '_'], "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_is_read_in_everyones_words() {
        for (words, context) in [
            (
                "This model's maximum context length is 6000 tokens. However, you requested 8,192 tokens (7000 in the messages, 1192 in the completion).",
                Some(6000),
            ),
            (
                "This model's maximum prompt length is 131072 but the request contains 150,000 tokens.",
                Some(131_072),
            ),
            (
                "[input_too_large] Current message (1149677 tokens) exceeds budget (975424 tokens)",
                Some(975_424),
            ),
            (
                "Request body too large for m model. Max size: 8000 tokens.",
                Some(8000),
            ),
            (
                "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 2500 `inputs` tokens and 2048 `max_new_tokens`",
                Some(4096),
            ),
            (
                "`inputs` must have less than 1024 tokens. Given: 2500",
                Some(1024),
            ),
            (
                "The estimated number of input and maximum output tokens (5000) exceeded this model context window limit (4096).",
                Some(4096),
            ),
            (
                "Input length (265330) exceeds model's maximum context length (262144).",
                Some(262_144),
            ),
            (
                "prompt is too long: 210000 tokens > 200000 maximum",
                Some(200_000),
            ),
            (
                "input length and `max_tokens` exceed context limit: 199000 + 2048 > 200000, decrease input length",
                Some(200_000),
            ),
            (
                "The input token count (1196265) exceeds the maximum number of tokens allowed (1048576).",
                Some(1_048_576),
            ),
            (
                "the request exceeds the available context size (4096 tokens), try increasing it",
                Some(4096),
            ),
            (
                "prompt tokens (281096) exceed customer model maximum (278528) for m",
                Some(278_528),
            ),
            (
                "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
                Some(32_768),
            ),
            (
                "The input (61000 tokens) is longer than the model's context length (40960 tokens).",
                Some(40_960),
            ),
            (
                "Requested token count exceeds the model's maximum context length of 40960 tokens. You requested a total of 42000 tokens: 39952 tokens from the input messages and 2048 tokens for the completion.",
                Some(40_960),
            ),
            (
                "The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
                Some(8192),
            ),
            (
                "too many tokens: total number of tokens in the prompt cannot exceed 4081",
                Some(4081),
            ),
            (
                "Prompt has 9000 tokens, exceeding the model's limit of 8192.",
                Some(8192),
            ),
            (
                "input token count is 40000 but model only supports up to 32768",
                Some(32_768),
            ),
            ("Sequence length of input 9000 > max 8192", Some(8192)),
            (
                "length of prompt_tokens (163280) must be less than max_seq_len (32768).",
                Some(32_768),
            ),
            (
                "Your request exceeded model token limit: 8192 (requested: 10000)",
                Some(8192),
            ),
            ("Prompt too long", None),
            (
                "Please reduce the length of the messages or completion.",
                None,
            ),
        ] {
            assert_eq!(RefusalBody::new(words).context(), context, "{words}");
        }
        let body = r#"{"error":{"message":"too long","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}"#;
        assert_eq!(RefusalBody::new(body).context(), Some(4096));
    }

    #[test]
    fn a_limit_of_replies_is_the_largest_number_below_what_was_asked() {
        for (words, most) in [
            (
                "max_tokens is too large: 2048. This model supports at most 1024 completion tokens, whereas you provided 2048.",
                Some(1024),
            ),
            (
                "max_tokens: 2048 > 1000, which is the maximum allowed number of output tokens for claude-3-20240229",
                Some(1000),
            ),
            ("Range of max_tokens should be [1, 2000]", Some(2000)),
            (
                "maxOutputTokens must be from 1 (inclusive) to 1025 (exclusive) but was 2048",
                Some(1024),
            ),
            ("max_tokens must be less than or equal to `512`", Some(512)),
            ("max_tokens must be less than 512", Some(511)),
            (
                "The maximum tokens you requested exceeds the model limit of 1024. Try again with a value that is lower than 1024.",
                Some(1023),
            ),
            ("max_tokens must be at least 4096", None),
            ("max_tokens is not supported", None),
            ("max_tokens must be at most 10", None),
        ] {
            assert_eq!(
                RefusalBody::new(words).most_of_a_reply(2048),
                most,
                "{words}"
            );
        }
    }

    #[test]
    fn the_room_beside_the_prompt_is_read_in_everyones_words() {
        for (words, room) in [
            (
                "This model's maximum context length is 8192 tokens. However, you requested 8748 tokens (556 in the messages, 8192 in the completion).",
                Some(7636),
            ),
            (
                "'max_tokens' is too large: 8192. This model's maximum context length is 8192 tokens and your request has 556 input tokens.",
                Some(7636),
            ),
            (
                "This model's maximum context length is 8192 tokens. However, you requested 8192 output tokens and your prompt contains at least 1 input tokens",
                Some(7592),
            ),
            (
                "`inputs` tokens + `max_new_tokens` must be <= 8192. Given: 556 `inputs` tokens and 8192 `max_new_tokens`",
                Some(7636),
            ),
            (
                "maximum context length is 8192 tokens. However, you requested about 8748 tokens (556 of text input, 8192 in the output).",
                Some(7636),
            ),
            (
                "maximum context length of 8192 tokens. You requested a total of 8748 tokens: 556 tokens from the input messages and 8192 tokens for the completion.",
                Some(7636),
            ),
            (
                "Your request exceeded model token limit: 8192 (requested: 8748)",
                Some(7636),
            ),
            (
                "Request too large on tokens per minute (TPM): Limit 8192, Requested 8748",
                Some(7636),
            ),
            (
                "max_total_tokens (8748) must be less than or equal to max_seq_len (8192)",
                Some(7636),
            ),
            (
                "input length and `max_tokens` exceed context limit: 796 + 8192 > 8192",
                Some(7396),
            ),
            // Who does not tell the prompt is believed about the context.
            (
                "the request exceeds the available context size (8192 tokens)",
                Some(7592),
            ),
            (
                "the request exceeds the available context size (16384 tokens)",
                None,
            ),
            (
                "This model's maximum context length is 8192 tokens. However, you requested 16292 tokens (8100 in the messages, 8192 in the completion).",
                None,
            ),
            ("Prompt too long", None),
        ] {
            let refusal = RefusalBody::new(words);
            assert_eq!(refusal.room_beside_the_prompt(8192, 600), room, "{words}");
        }
    }

    #[test]
    fn a_limit_of_the_reply_is_no_context() {
        for (words, is_of_the_reply) in [
            (
                "`max_tokens` must be less than or equal to `4096`, the maximum value for `max_tokens` is less than the `context_window` for this model",
                true,
            ),
            (
                "max_tokens (32768) cannot exceed 8192. Please reduce the length of max output tokens generated.",
                true,
            ),
            ("maxOutputTokens must be from 1 to 8193", true),
            (
                "'max_tokens' or 'max_completion_tokens' is too large: 2048. This model's maximum context length is 4096 tokens and your request has 3000 input tokens.",
                false,
            ),
            ("`inputs` tokens + `max_new_tokens` must be <= 8192.", false),
            (
                "input length and `max_tokens` must be at most 8192 together",
                false,
            ),
            (
                "max_total_tokens (33900) must be less than or equal to max_seq_len (32768)",
                false,
            ),
        ] {
            let refusal = RefusalBody::new(words);
            assert_eq!(
                refusal.is_about_the_limit_of_a_reply(),
                is_of_the_reply,
                "{words}"
            );
        }
    }

    #[test]
    fn a_code_is_no_limit() {
        let body = r#"{"error":{"code":"1210","message":"max_tokens 参数非法"}}"#;
        assert_eq!(RefusalBody::new(body).most_of_a_reply(8192), None);
    }
}
