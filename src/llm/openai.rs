//! The wire format of `OpenAI`'s Chat Completions, and of the many servers that speak it.
//!
//! Pure: a request goes out as a JSON body, a body comes back as a [`Completion`]. Servers differ
//! in what they accept; a [`Dialect`] says how much is asked of one, and [`simpler`] what to leave
//! out after a refusal. Format: <https://platform.openai.com/docs/api-reference/chat>.

use serde_json::{Map, Value, json};

use crate::llm::{ChatRequest, Completion, FieldKind, Finish, ReplyShape, Usage};

/// What is asked of a server beyond the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) structure: Structure,
    pub(super) limit: Limit,
    pub(super) sampling: Sampling,
}

/// How the shape of the reply is asked for, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Structure {
    JsonSchema,
    JsonObject,
    PromptAlone,
}

/// The name of the field that limits the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    MaxTokens,
    MaxCompletionTokens,
}

/// Whether the model lets itself be told how to sample; reasoning models do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sampling {
    Deterministic,
    AsTheModelLikes,
}

impl Dialect {
    /// What is asked of a server that has not refused anything yet.
    pub(super) const FULL: Self = Self {
        structure: Structure::JsonSchema,
        limit: Limit::MaxTokens,
        sampling: Sampling::Deterministic,
    };
}

/// The dialect to try after a server refused this one with status 400 and a message; `None` where
/// nothing is left to leave out.
pub(super) fn simpler(dialect: Dialect, message: &str) -> Option<Dialect> {
    let names_limit = message.contains("max_tokens") || message.contains("max_completion_tokens");
    if names_limit && dialect.limit == Limit::MaxTokens {
        return Some(Dialect {
            limit: Limit::MaxCompletionTokens,
            ..dialect
        });
    }
    if message.contains("temperature") && dialect.sampling == Sampling::Deterministic {
        return Some(Dialect {
            sampling: Sampling::AsTheModelLikes,
            ..dialect
        });
    }
    let structure = match dialect.structure {
        Structure::JsonSchema => Structure::JsonObject,
        Structure::JsonObject => Structure::PromptAlone,
        Structure::PromptAlone => return None,
    };
    Some(Dialect {
        structure,
        ..dialect
    })
}

/// The body of a request.
pub(super) fn body(request: &ChatRequest, dialect: Dialect) -> Value {
    let mut body = json!({ "model": request.model, "messages": request.messages });
    match dialect.limit {
        Limit::MaxTokens => body["max_tokens"] = json!(request.parameters.max_tokens),
        Limit::MaxCompletionTokens => {
            body["max_completion_tokens"] = json!(request.parameters.max_tokens);
        }
    }
    if dialect.sampling == Sampling::Deterministic {
        body["temperature"] = json!(request.parameters.temperature);
        body["seed"] = json!(0);
    }
    match dialect.structure {
        Structure::JsonSchema => {
            let schema = json!({ "name": request.shape.name, "strict": true, "schema": schema(&request.shape) });
            body["response_format"] = json!({ "type": "json_schema", "json_schema": schema });
        }
        Structure::JsonObject => body["response_format"] = json!({ "type": "json_object" }),
        Structure::PromptAlone => {}
    }
    body
}

/// The JSON schema of a reply, within what strict mode allows.
fn schema(shape: &ReplyShape) -> Value {
    let mut properties = Map::new();
    for field in &shape.fields {
        let kind = match &field.kind {
            FieldKind::Text => json!({ "type": "string" }),
            FieldKind::OneOf(values) => json!({ "type": "string", "enum": values }),
            FieldKind::Flag => json!({ "type": "boolean" }),
        };
        properties.insert(field.name.clone(), kind);
    }
    let required: Vec<&str> = shape
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Reads the body of a reply; `None` where it holds no completion.
pub(super) fn completion(body: &Value) -> Option<Completion> {
    let choice = body.get("choices")?.get(0)?;
    let message = choice.get("message")?;
    let text = message["content"].as_str().unwrap_or_default();
    let declined = message["refusal"]
        .as_str()
        .is_some_and(|refusal| !refusal.is_empty());
    let finish = match choice["finish_reason"].as_str() {
        _ if declined => Finish::Refused,
        Some("length") => Finish::Length,
        Some("content_filter") => Finish::Refused,
        _ => Finish::Done,
    };
    let usage = &body["usage"];
    let count = |value: &Value| value.as_u64().unwrap_or(0);
    let usage = Usage {
        prompt_tokens: count(&usage["prompt_tokens"]),
        cached_tokens: count(&usage["prompt_tokens_details"]["cached_tokens"]),
        completion_tokens: count(&usage["completion_tokens"]),
    };
    Some(Completion {
        text: text.to_owned(),
        finish,
        usage,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::llm::{Field, Message, Parameters, ProviderKind, Role};

    fn request() -> ChatRequest {
        let field = |name: &str, kind| Field {
            name: name.into(),
            kind,
        };
        ChatRequest {
            provider: ProviderKind::OpenAi,
            model: "small".into(),
            parameters: Parameters {
                temperature: 0.0,
                max_tokens: 100,
            },
            messages: vec![Message {
                role: Role::User,
                content: "Which one?".into(),
            }],
            shape: ReplyShape {
                name: "choice".into(),
                fields: vec![
                    field("category", FieldKind::OneOf(vec!["A".into(), "B".into()])),
                    field("none_fits", FieldKind::Flag),
                ],
            },
        }
    }

    #[test]
    fn a_full_request_asks_for_a_schema() {
        expect![[r#"{"max_tokens":100,"messages":[{"content":"Which one?","role":"user"}],"model":"small","response_format":{"json_schema":{"name":"choice","schema":{"additionalProperties":false,"properties":{"category":{"enum":["A","B"],"type":"string"},"none_fits":{"type":"boolean"}},"required":["category","none_fits"],"type":"object"},"strict":true},"type":"json_schema"},"seed":0,"temperature":0.0}"#]]
        .assert_eq(&body(&request(), Dialect::FULL).to_string());
    }

    #[test]
    fn a_server_that_refuses_is_asked_for_less_each_time() {
        let mut dialect = Dialect::FULL;
        let mut bodies = Vec::new();
        for message in [
            "Unsupported parameter: 'max_tokens'",
            "'temperature' is not supported",
            "no response_format",
            "no",
        ] {
            dialect = simpler(dialect, message).unwrap();
            bodies.push(body(&request(), dialect).to_string());
        }
        assert_eq!(simpler(dialect, "no"), None);
        let last = bodies.last().unwrap();
        expect![[r#"{"max_completion_tokens":100,"messages":[{"content":"Which one?","role":"user"}],"model":"small"}"#]].assert_eq(last);
    }

    #[test]
    fn a_reply_is_read_with_its_usage() {
        let body = json!({
            "choices": [{ "message": { "content": "hi" }, "finish_reason": "length" }],
            "usage": { "prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": { "cached_tokens": 4 } },
        });
        let usage = Usage {
            prompt_tokens: 12,
            cached_tokens: 4,
            completion_tokens: 3,
        };
        let read = Completion {
            text: "hi".into(),
            finish: Finish::Length,
            usage,
        };
        assert_eq!(completion(&body), Some(read));
    }

    #[test]
    fn a_refusal_and_a_missing_usage_are_read_too() {
        let body = json!({ "choices": [{ "message": { "content": null, "refusal": "no" }, "finish_reason": "stop" }] });
        assert_eq!(completion(&body).unwrap().finish, Finish::Refused);
        assert_eq!(completion(&json!({ "error": "busy" })), None);
        assert_eq!(completion(&json!({ "choices": [] })), None);
    }
}
