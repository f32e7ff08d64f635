//! A stream of events, joined to the one body that would have come without it.
//!
//! Pure. Each wire format has its own events; which it is shows in the events themselves. A stream
//! that ends before it says why is taken for a reply that was cut off.

use serde_json::{Map, Value, json};

use crate::llm::content;

/// The body that these events are the pieces of; none where they are no reply.
pub(super) fn join(events: Vec<Value>) -> Option<Value> {
    let has = |pointer: &str| events.iter().any(|event| event.pointer(pointer).is_some());
    let is_refusal = |event: &Value| event["message"].is_string() && event["code"].is_number();
    let is_error = |event: &&Value| {
        event["error"].is_object() || event["type"] == "error" || is_refusal(event)
    };
    if let Some(error) = events.iter().find(is_error) {
        let mut error = error.clone();
        let usage = |name: &str| events.iter().rev().find(|event| event[name].is_object());
        for name in ["usage", "usageMetadata"] {
            if let Some(event) = usage(name).filter(|_| error[name].is_null()) {
                error[name] = event[name].clone();
            }
        }
        return Some(error);
    }
    if has("/choices/0/delta") {
        Some(chat_completion(&events))
    } else if events.iter().any(|event| event["type"] == "message_start") {
        Some(message(&events))
    } else if events.len() > 1 && has("/candidates") {
        Some(generated_content(&events))
    } else if events.len() > 1 && has("/message") && has("/done") {
        Some(chat(&events))
    } else {
        let mut whole = events.into_iter().filter(Value::is_object);
        let last = whole.next_back()?;
        // The events of OpenAI's Responses end with all of it.
        Some(match &last["response"] {
            response if last["type"] == "response.completed" => response.clone(),
            _ => last,
        })
    }
}

/// `OpenAI`'s chunks.
fn chat_completion(events: &[Value]) -> Value {
    let mut body = Map::new();
    let mut message = json!({ "role": "assistant", "content": null });
    let mut calls: Vec<Value> = Vec::new();
    let mut finish = Value::from("length");
    for event in events {
        for (name, value) in event.as_object().into_iter().flatten() {
            if name != "choices" && !value.is_null() {
                body.insert(name.clone(), value.clone());
            }
        }
        let choice = &event["choices"][0];
        for (name, piece) in choice["delta"].as_object().into_iter().flatten() {
            match (name.as_str(), piece) {
                ("role", _) | (_, Value::Null) => {}
                ("tool_calls", pieces) => add_calls(&mut calls, pieces),
                ("content", piece) => append(&mut message["content"], &content::words(piece)),
                (name, Value::String(piece)) => append(&mut message[name], piece),
                (name, piece) => message[name] = piece.clone(),
            }
        }
        if !choice["finish_reason"].is_null() {
            finish = choice["finish_reason"].clone();
        }
    }
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    let choice = json!({ "index": 0, "message": message, "finish_reason": finish });
    body.insert("choices".to_owned(), json!([choice]));
    body.insert("object".to_owned(), json!("chat.completion"));
    body.into()
}

/// Adds the pieces of calls to the calls, which they name by number.
fn add_calls(calls: &mut Vec<Value>, pieces: &Value) {
    for piece in pieces.as_array().into_iter().flatten() {
        let at = piece["index"].as_u64().unwrap_or(0);
        let is_meant = |call: &&mut Value| call["index"] == at;
        let Some(call) = calls.iter_mut().find(is_meant) else {
            let mut first = piece.clone();
            if first.is_object() {
                first["index"] = at.into();
                calls.push(first);
            }
            continue;
        };
        if let Some(more) = piece["function"]["arguments"].as_str() {
            append(&mut call["function"]["arguments"], more);
        }
    }
}

/// Anthropic's events.
fn message(events: &[Value]) -> Value {
    let mut body = json!({ "type": "message", "stop_reason": "max_tokens" });
    let mut blocks: Vec<Value> = Vec::new();
    for event in events {
        match event["type"].as_str() {
            Some("message_start") => merge(&mut body, &event["message"]),
            Some("content_block_start") => blocks.push(event["content_block"].clone()),
            Some("content_block_delta") => {
                if let Some(block) = blocks.last_mut().filter(|block| block.is_object()) {
                    add_to_block(block, &event["delta"]);
                }
            }
            Some("message_delta") => {
                merge(&mut body, &event["delta"]);
                merge(&mut body["usage"], &event["usage"]);
            }
            _ => {}
        }
    }
    blocks.iter_mut().for_each(close_block);
    body["content"] = blocks.into();
    body
}

fn add_to_block(block: &mut Value, delta: &Value) {
    for (from, to) in [
        ("text", "text"),
        ("thinking", "thinking"),
        ("partial_json", "partial_json"),
    ] {
        if let Some(piece) = delta[from].as_str() {
            append(&mut block[to], piece);
        }
    }
}

/// What a tool is called with comes as pieces of JSON.
fn close_block(block: &mut Value) {
    if let Some(pieces) = block["partial_json"].as_str() {
        let whole = serde_json::from_str(pieces);
        block["input"] = whole.unwrap_or_else(|_| pieces.into());
    }
}

/// Gemini's responses, each with some more parts.
fn generated_content(events: &[Value]) -> Value {
    let mut body = json!({});
    let mut parts: Vec<Value> = Vec::new();
    let mut finish = Value::from("MAX_TOKENS");
    for event in events {
        merge(&mut body, event);
        let candidate = &event["candidates"][0];
        let more = candidate["content"]["parts"].as_array();
        parts.extend(more.into_iter().flatten().cloned());
        if !candidate["finishReason"].is_null() {
            finish = candidate["finishReason"].clone();
        }
    }
    let content = json!({ "role": "model", "parts": parts });
    body["candidates"] = json!([{ "content": content, "finishReason": finish }]);
    body
}

/// Ollama's lines, the last of which has the counts.
fn chat(events: &[Value]) -> Value {
    let mut body = json!({});
    let mut message = json!({ "role": "assistant", "content": "" });
    for event in events {
        for name in ["content", "thinking"] {
            if let Some(piece) = event["message"][name].as_str() {
                append(&mut message[name], piece);
            }
        }
        if !event["message"]["tool_calls"].is_null() {
            message["tool_calls"] = event["message"]["tool_calls"].clone();
        }
        merge(&mut body, event);
    }
    if body["done"] != true {
        body["done_reason"] = "length".into();
    }
    body["message"] = message;
    body
}

/// Takes over what is said in a later event.
fn merge(body: &mut Value, later: &Value) {
    if !body.is_object() {
        *body = json!({});
    }
    for (name, value) in later.as_object().into_iter().flatten() {
        if !value.is_null() {
            body[name.as_str()] = value.clone();
        }
    }
}

fn append(text: &mut Value, piece: &str) {
    match text {
        Value::String(text) => text.push_str(piece),
        text => *text = piece.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::{Completion, Finish, ProviderKind, Usage};

    fn read(provider: ProviderKind, events: Value) -> Option<Completion> {
        let Value::Array(events) = events else {
            panic!("events are a list")
        };
        provider.completion(&join(events)?)
    }

    fn usage(prompt_tokens: u64, completion_tokens: u64) -> Usage {
        Usage {
            prompt_tokens,
            cached_tokens: 0,
            completion_tokens,
        }
    }

    #[test]
    fn chunks_are_one_completion() {
        let chunk = |delta: Value, finish: Value| json!({ "object": "chat.completion.chunk", "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] });
        let events = json!([
            chunk(json!({ "role": "assistant", "content": null, "reasoning_content": "H" }), Value::Null),
            chunk(json!({ "reasoning_content": "m." }), Value::Null),
            chunk(json!({ "content": "{\"a\"" }), Value::Null),
            chunk(json!({ "content": [{ "type": "text", "text": ":1}" }] }), Value::Null),
            chunk(json!({}), json!("stop")),
            { "choices": [], "usage": { "prompt_tokens": 8, "completion_tokens": 2 } },
        ]);
        let read = read(ProviderKind::OpenAi, events).unwrap();
        assert_eq!(
            (read.text.as_str(), read.thoughts.as_str()),
            ("{\"a\":1}", "Hm.")
        );
        assert_eq!((read.finish, read.usage), (Finish::Done, Some(usage(8, 2))));
    }

    #[test]
    fn the_pieces_of_a_call_are_one_call() {
        let call = |index: u64, piece: &str| json!({ "choices": [{ "delta": { "tool_calls": [{ "index": index, "function": { "arguments": piece } }] } }] });
        let events = json!([
            call(0, "{\"a\""),
            call(1, "{}"),
            call(0, ":1}"),
            { "choices": [{ "delta": {}, "finish_reason": "tool_calls" }] },
        ]);
        let read = read(ProviderKind::OpenAi, events).unwrap();
        assert_eq!(read.arguments, ["{\"a\":1}", "{}"]);
    }

    #[test]
    fn events_of_a_message_are_one_message() {
        let events = json!([
            { "type": "message_start", "message": { "type": "message", "content": [], "stop_reason": null, "usage": { "input_tokens": 8, "output_tokens": 1 } } },
            { "type": "content_block_start", "index": 0, "content_block": { "type": "thinking", "thinking": "" } },
            { "type": "content_block_delta", "index": 0, "delta": { "type": "thinking_delta", "thinking": "Hm." } },
            { "type": "content_block_start", "index": 1, "content_block": { "type": "text", "text": "" } },
            { "type": "ping" },
            { "type": "content_block_delta", "index": 1, "delta": { "type": "text_delta", "text": "{\"a\":" } },
            { "type": "content_block_delta", "index": 1, "delta": { "type": "text_delta", "text": "1}" } },
            { "type": "content_block_start", "index": 2, "content_block": { "type": "tool_use", "input": {} } },
            { "type": "content_block_delta", "index": 2, "delta": { "type": "input_json_delta", "partial_json": "{\"b\":" } },
            { "type": "content_block_delta", "index": 2, "delta": { "type": "input_json_delta", "partial_json": "2}" } },
            { "type": "message_delta", "delta": { "stop_reason": "end_turn" }, "usage": { "output_tokens": 5 } },
            { "type": "message_stop" },
        ]);
        let read = read(ProviderKind::Anthropic, events).unwrap();
        assert_eq!(
            (read.text.as_str(), read.thoughts.as_str()),
            ("{\"a\":1}{\"b\":2}", "Hm.")
        );
        assert_eq!((read.finish, read.usage), (Finish::Done, Some(usage(8, 5))));
    }

    #[test]
    fn responses_with_parts_are_one_response() {
        let part = |text: &str| json!({ "candidates": [{ "content": { "role": "model", "parts": [{ "text": text }] } }], "usageMetadata": { "promptTokenCount": 8 } });
        let last = json!({ "candidates": [{ "content": { "parts": [{ "text": "!" }] }, "finishReason": "STOP" }], "usageMetadata": { "promptTokenCount": 8, "candidatesTokenCount": 3 } });
        let read = read(ProviderKind::Gemini, json!([part("h"), part("i"), last])).unwrap();
        assert_eq!(
            (read.text.as_str(), read.finish, read.usage),
            ("hi!", Finish::Done, Some(usage(8, 3)))
        );
    }

    #[test]
    fn lines_are_one_message() {
        let line = |text: &str| json!({ "message": { "role": "assistant", "content": text }, "done": false });
        let last = json!({ "message": { "content": "" }, "done": true, "done_reason": "stop", "prompt_eval_count": 8, "eval_count": 3 });
        let read = read(ProviderKind::Ollama, json!([line("h"), line("i"), last])).unwrap();
        assert_eq!(
            (read.text.as_str(), read.finish, read.usage),
            ("hi", Finish::Done, Some(usage(8, 3)))
        );
    }

    #[test]
    fn a_stream_without_an_end_was_cut_off() {
        let streams = [
            (
                ProviderKind::OpenAi,
                json!([{ "choices": [{ "delta": { "content": "h" } }] }]),
            ),
            (
                ProviderKind::Anthropic,
                json!([{ "type": "message_start", "message": {} }]),
            ),
            (
                ProviderKind::Gemini,
                json!([{ "candidates": [{}] }, { "candidates": [{}] }]),
            ),
            (
                ProviderKind::Ollama,
                json!([{ "message": { "content": "h" }, "done": false }, { "message": { "content": "i" }, "done": false }]),
            ),
        ];
        for (provider, events) in streams {
            let read = read(provider, events).unwrap();
            assert_eq!(read.finish, Finish::Length, "{provider:?}");
        }
    }

    #[test]
    fn an_error_among_the_events_is_what_is_said() {
        let error = json!({ "error": { "code": 502, "message": "upstream" } });
        let events = vec![
            json!({ "choices": [{ "delta": { "content": "h" } }] }),
            error.clone(),
        ];
        assert_eq!(join(events), Some(error.clone()));
        let usage = json!({ "prompt_tokens": 8, "completion_tokens": 3 });
        let mut billed = error.clone();
        billed["usage"] = usage.clone();
        let events = vec![error, json!({ "choices": [], "usage": usage })];
        assert_eq!(join(events), Some(billed));
        let refusal = json!({ "message": "Internal error", "code": 500 });
        let events = vec![
            json!({ "choices": [{ "delta": { "content": "h" } }] }),
            refusal.clone(),
        ];
        assert_eq!(join(events), Some(refusal));
        assert_eq!(join(vec![json!(1), json!("a"), Value::Null]), None);
    }
}
