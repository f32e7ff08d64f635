//! Room for a model that thinks: a reply that was cut off before its first word is asked for again
//! with a higher limit, and where none is left, with less effort.
//!
//! Pure. Thoughts count against the limit of a reply, so a model may use it up before it answers.
//! The request with more room is a request of its own: the reply that was cut off stays what the
//! first one brought, and both are kept and found again.

use serde_json::Value;

use crate::llm::thoughts::{Spoken, split_thoughts};
use crate::llm::{ChatRequest, Completion, Effort, Finish, ProviderKind};

/// How much more room there is each time.
const FACTOR: u32 = 4;
/// No thoughts about two sentences are longer.
const MOST: u32 = 32_768;

/// The same request with more room, where its reply was cut off while the model was thinking.
#[must_use]
pub(crate) fn more_room(request: &ChatRequest, reply: &Value) -> Option<ChatRequest> {
    if !was_cut_while_thinking(request.provider, reply) {
        return None;
    }
    // A server that stops far before the limit has run into another one, such as its context.
    let limit = request.parameters.max_tokens;
    let is_used_up = written(reply).is_none_or(|tokens| tokens * 10 >= u64::from(limit) * 9);
    let mut roomier = request.clone();
    roomier.parameters.max_tokens = next(limit).filter(|_| is_used_up)?;
    Some(roomier)
}

/// The same request with less effort, where its reply was cut off while the model was thinking and
/// more room is not to be had.
#[must_use]
pub(crate) fn less_effort(request: &ChatRequest, reply: &Value) -> Option<ChatRequest> {
    let is_cut = was_cut_while_thinking(request.provider, reply);
    if !is_cut || more_room(request, reply).is_some() {
        return None;
    }
    let mut easier = request.clone();
    easier.tuning.effort = Some(lower(request.tuning.effort)?);
    Some(easier)
}

/// The effort after one that was too much.
fn lower(effort: Option<Effort>) -> Option<Effort> {
    match effort {
        None | Some(Effort::Medium | Effort::High) => Some(Effort::Low),
        Some(Effort::Low) => Some(Effort::None),
        Some(Effort::None) => None,
    }
}

/// Whether a request asks for as much effort as another, or for what follows after it.
pub(crate) fn is_effort_for(effort: Option<Effort>, wanted: Option<Effort>) -> bool {
    effort == wanted || (effort.is_some() && effort == lower(wanted))
}

/// The limit after one that was too low; `None` where it is high enough for every model.
pub(super) fn next(limit: u32) -> Option<u32> {
    let next = limit.saturating_mul(FACTOR).min(MOST);
    (next > limit).then_some(next)
}

/// Whether two requests differ at most in the room for the reply.
pub(crate) fn differ_in_room_alone(one: u32, other: u32) -> bool {
    let (less, more) = (one.min(other), one.max(other));
    std::iter::successors(Some(less), |limit| next(*limit)).any(|limit| limit == more)
}

/// Whether a reply was cut off before the model had said a word of its answer.
pub(super) fn was_cut_while_thinking(provider: ProviderKind, reply: &Value) -> bool {
    let completion = provider.completion(reply);
    let is_cut = |said: Completion| said.finish == Finish::Length && is_thought(&said.text);
    completion.is_some_and(is_cut) && is_thought(&said(provider, reply))
}

/// Whether a text is no more than a thought.
fn is_thought(text: &str) -> bool {
    match split_thoughts(text) {
        Spoken::Thought(_) => true,
        Spoken::Words(words) => words.is_empty(),
    }
}

/// What a reply says beside thoughts that stand in a place of their own.
fn said(provider: ProviderKind, reply: &Value) -> String {
    match provider {
        ProviderKind::OpenAi => {
            let message = &reply["choices"][0]["message"];
            texts(&message["content"]) + &texts(&message["tool_calls"][0]["function"]["arguments"])
        }
        ProviderKind::Ollama => texts(&reply["message"]["content"]),
        ProviderKind::Anthropic => texts(&reply["content"]),
        ProviderKind::Gemini => texts(&reply["candidates"][0]["content"]["parts"]),
    }
}

fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter(|part| part["thought"] != true)
            .map(texts)
            .collect(),
        // What a tool was given is an answer, too.
        Value::Object(part) => match part.get("text") {
            Some(text) => texts(text),
            None if part.contains_key("input") => "{".to_owned(),
            None => String::new(),
        },
        _ => String::new(),
    }
}

/// How many tokens a reply has, where it says so.
fn written(reply: &Value) -> Option<u64> {
    let count = |place: &&str| reply.pointer(place).and_then(Value::as_u64);
    let thoughts = count(&"/usageMetadata/thoughtsTokenCount").unwrap_or(0);
    let gemini = count(&"/usageMetadata/candidatesTokenCount").unwrap_or(0) + thoughts;
    [
        "/usage/completion_tokens",
        "/usage/output_tokens",
        "/eval_count",
    ]
    .iter()
    .find_map(count)
    .or((gemini > 0).then_some(gemini))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::llm::samples::request;

    fn check(provider: ProviderKind, reply: &Value, expected: Option<u32>) {
        let mut request = request();
        request.provider = provider;
        let roomier = more_room(&request, reply);
        let limit = roomier
            .as_ref()
            .map(|roomier| roomier.parameters.max_tokens);
        assert_eq!(limit, expected, "{reply}");
        if let Some(mut roomier) = roomier {
            roomier.parameters = request.parameters;
            assert_eq!(roomier, request);
        }
    }

    #[test]
    fn who_was_cut_off_while_thinking_gets_more_room() {
        let openai = |message: Value, tokens: u64| json!({ "choices": [{ "message": message, "finish_reason": "length" }], "usage": { "completion_tokens": tokens } });
        for (reply, limit) in [
            (openai(json!({ "content": "" }), 100), Some(400)),
            (
                openai(json!({ "content": null, "reasoning_content": "{hm" }), 100),
                Some(400),
            ),
            (
                openai(json!({ "content": "<think>\nhm {" }), 100),
                Some(400),
            ),
            (openai(json!({ "content": "[THINK]hm {" }), 100), Some(400)),
            (
                openai(
                    json!({ "content": "<|channel|>analysis<|message|>hm" }),
                    100,
                ),
                Some(400),
            ),
            (
                openai(json!({ "content": "<think>hm</think>" }), 100),
                Some(400),
            ),
            (
                openai(json!({ "content": "<think>hm</think>{\"a" }), 100),
                None,
            ),
            (openai(json!({ "content": "{\"category" }), 100), None),
            // The context is full, and no limit would help.
            (openai(json!({ "content": "" }), 40), None),
            (
                json!({ "choices": [{ "message": { "content": "" }, "finish_reason": "stop" }] }),
                None,
            ),
            (
                json!({ "choices": [{ "message": { "content": "" }, "finish_reason": "length" }] }),
                Some(400),
            ),
            (json!({ "error": "no" }), None),
        ] {
            check(ProviderKind::OpenAi, &reply, limit);
        }
        let anthropic = json!({ "content": [{ "type": "thinking", "thinking": "hm" }], "stop_reason": "max_tokens", "usage": { "output_tokens": 100 } });
        check(ProviderKind::Anthropic, &anthropic, Some(400));
        let tool = json!({ "content": [{ "type": "tool_use", "input": {} }], "stop_reason": "max_tokens" });
        check(ProviderKind::Anthropic, &tool, None);
        let gemini = json!({ "candidates": [{ "content": { "parts": [{ "text": "hm", "thought": true }] }, "finishReason": "MAX_TOKENS" }], "usageMetadata": { "thoughtsTokenCount": 97 } });
        check(ProviderKind::Gemini, &gemini, Some(400));
        let ollama = json!({ "message": { "content": "", "thinking": "hm" }, "done_reason": "length", "eval_count": 100 });
        check(ProviderKind::Ollama, &ollama, Some(400));
    }

    #[test]
    fn where_no_more_room_is_to_be_had_there_is_less_effort() {
        let cut = |tokens: u64| json!({ "choices": [{ "message": { "content": "" }, "finish_reason": "length" }], "usage": { "completion_tokens": tokens } });
        let check = |limit: u32, effort: Option<Effort>, reply: &Value, expected| {
            let mut request = request();
            request.parameters.max_tokens = limit;
            request.tuning.effort = effort;
            let easier = less_effort(&request, reply);
            let lowered = easier.as_ref().and_then(|easier| easier.tuning.effort);
            assert_eq!(lowered, expected, "{limit} {effort:?}");
            if let Some(mut easier) = easier {
                assert!(is_effort_for(easier.tuning.effort, effort));
                easier.tuning = request.tuning.clone();
                assert_eq!(easier, request);
            }
        };
        // Something else than the limit has stopped it.
        check(2_048, None, &cut(1_000), Some(Effort::Low));
        check(2_048, None, &cut(2_048), None);
        check(32_768, None, &cut(32_768), Some(Effort::Low));
        check(32_768, Some(Effort::High), &cut(32_768), Some(Effort::Low));
        check(32_768, Some(Effort::Low), &cut(32_768), Some(Effort::None));
        check(32_768, Some(Effort::None), &cut(32_768), None);
        let said =
            json!({ "choices": [{ "message": { "content": "{" }, "finish_reason": "length" }] });
        check(32_768, None, &said, None);
        assert!(!is_effort_for(None, Some(Effort::None)));
        assert!(!is_effort_for(Some(Effort::High), Some(Effort::Low)));
    }

    #[test]
    fn there_is_an_end_to_it() {
        let limits = std::iter::successors(Some(2_048), |limit| next(*limit));
        assert_eq!(limits.collect::<Vec<_>>(), [2_048, 8_192, 32_768]);
        assert_eq!(next(40_000), None);
        assert!(differ_in_room_alone(2_048, 32_768) && differ_in_room_alone(8_192, 2_048));
        assert!(differ_in_room_alone(5, 5) && !differ_in_room_alone(2_048, 2_049));
    }
}
