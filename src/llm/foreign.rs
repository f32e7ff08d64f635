//! Replies in a form that was not asked for: that of another wire format, a bare text, or either with
//! a gateway's wrapper around it. They are paid for all the same.
//!
//! Pure. Only what says something counts: else a body that tells of a fault would be a reply.

use serde_json::Value;

use crate::llm::{Completion, Finish, ProviderKind, content};

/// Where a gateway puts the reply of the server behind it.
const WRAPPERS: [&str; 5] = ["data", "result", "output", "response", "body"];

/// Where servers of other kinds put their words.
const TEXTS: [&str; 6] = [
    "output_text",
    "output",
    "generated_text",
    "response",
    "completion",
    "results",
];

/// What a body says that is no completion of its wire format.
pub(super) fn completion(body: &Value) -> Option<Completion> {
    let inner = unwrap(body);
    let bodies = || std::iter::once(body).chain(&inner);
    let of_a_wire = || bodies().find_map(completion_of_a_wire);
    of_a_wire().or_else(|| bodies().find_map(bare_completion))
}

fn completion_of_a_wire(body: &Value) -> Option<Completion> {
    const WIRES: [ProviderKind; 4] = [
        ProviderKind::OpenAi,
        ProviderKind::Anthropic,
        ProviderKind::Gemini,
        ProviderKind::Ollama,
    ];
    let read = WIRES.iter();
    let mut read = read.filter_map(|wire| wire.provider().completion(body));
    read.find(|said| !said.text.trim().is_empty() || !said.arguments.is_empty())
}

/// A text, with the usage beside it.
fn bare_completion(body: &Value) -> Option<Completion> {
    let is_error = |said: &Value| !said["error"].is_null();
    let said = TEXTS.iter().map(|name| &body[*name]);
    let mut said = said.filter(|said| !is_error(said)).map(content::words);
    let text = said.find(|text| !matches!(text.trim(), "" | "{}"))?;
    let is_cut = body["status"] == "incomplete" || body["finish_reason"] == "length";
    Some(Completion {
        text,
        finish: if is_cut { Finish::Length } else { Finish::Done },
        usage: ProviderKind::OpenAi.provider().usage(body),
        ..Completion::default()
    })
}

/// What is within the wrappers, with the usage that stands outside.
fn unwrap(body: &Value) -> Vec<Value> {
    let within = WRAPPERS.iter().filter_map(|name| match &body[*name] {
        inner @ Value::Object(_) => Some(inner.clone()),
        Value::String(text) if text.starts_with('{') => serde_json::from_str(text).ok(),
        _ => None,
    });
    let with_usage = within.map(|mut inner: Value| {
        if inner["usage"].is_null() && body["usage"].is_object() {
            inner["usage"] = body["usage"].clone();
        }
        inner
    });
    with_usage.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn replies_of_other_kinds_are_read() {
        let chat = json!({ "choices": [{ "message": { "content": "hi" } }] });
        for body in [
            json!({ "type": "message", "content": [{ "type": "text", "text": "hi" }] }),
            json!({ "message": { "role": "assistant", "content": "hi" }, "done": true }),
            json!({ "candidates": [{ "content": { "parts": [{ "text": "hi" }] } }] }),
            json!({ "object": "response", "output": [{ "type": "reasoning", "summary": [{ "text": "hm" }] }, { "type": "message", "content": [{ "type": "output_text", "text": "hi" }] }] }),
            json!({ "code": 0, "msg": "success", "data": chat }),
            json!({ "result": chat, "success": true, "errors": [] }),
            json!({ "result": { "response": "hi" }, "success": true }),
            json!({ "output": { "choices": [{ "message": { "content": "hi" } }] } }),
            json!({ "output": { "text": "hi" } }),
            json!({ "statusCode": 200, "body": chat.to_string() }),
            json!({ "generated_text": "hi" }),
            json!({ "results": [{ "text": "hi" }] }),
        ] {
            let text = completion(&body).map(|said| said.text);
            assert_eq!(text.as_deref(), Some("hi"), "{body}");
        }
        let answer = json!({ "result": { "response": { "category": "A" } } });
        assert_eq!(completion(&answer).unwrap().text, r#"{"category":"A"}"#);
    }

    #[test]
    fn usage_outside_a_wrapper_counts() {
        let body = json!({ "output": { "text": "hi" }, "usage": { "input_tokens": 8, "output_tokens": 4 } });
        let usage = completion(&body).unwrap().usage.unwrap();
        assert_eq!((usage.prompt_tokens, usage.completion_tokens), (8, 4));
    }

    #[test]
    fn what_tells_of_a_fault_is_no_reply() {
        for body in [
            json!({ "error": { "message": "no" } }),
            json!({ "message": { "detail": "no" } }),
            json!({ "message": "no", "code": 500, "data": null }),
            json!({ "success": false, "result": {}, "response": {} }),
            json!({ "response": { "error": "no" } }),
            json!({ "detail": "no" }),
            json!({ "candidates": [{ "content": {} }] }),
            json!({}),
            json!("hi"),
        ] {
            assert_eq!(completion(&body), None, "{body}");
        }
    }
}
