//! Ollama's own wire format, `/api/chat`.
//!
//! Pure. Beside its OpenAI-compatible one it is worth having because the size of the context can be
//! asked for, and because the server can be kept from cutting a prompt without a word. The shape of
//! a reply is asked for as a JSON schema, else as any JSON, else in words alone.
//! Format: <https://docs.ollama.com/api>.

use serde_json::{Value, json};

use crate::llm::conversation::{last_reply, turns};
use crate::llm::dialect::{Dialect, Structure, ThinkingForms, Wire};
use crate::llm::provider::{self, Call, Provider, count};
use crate::llm::{ChatRequest, Completion, DEFAULT_CONTEXT_TOKENS, Effort, Finish, Usage, content};

/// `/api/chat`.
pub(super) struct Ollama;

static WIRE: Wire = Wire {
    limit: ("num_predict", None),
    structure: [&["format"], &["format"]],
    thinking: &["think"],
    thinking_forms: ThinkingForms::One,
    needed: &["model", "messages", "stream"],
};

impl Provider for Ollama {
    fn chat(&self, request: &ChatRequest, dialect: &Dialect, context: u64) -> Call {
        let mut body = json!({
            "model": request.model,
            "messages": turns(request, dialect.opening),
            "options": {
                "num_ctx": context,
                "num_predict": dialect.limit(request.parameters.max_tokens),
                "temperature": request.parameters.temperature,
                "seed": 0,
            },
            "stream": false,
        });
        if let Some(think) = think(request) {
            body["think"] = think;
        }
        body["truncate"] = json!(false);
        body["shift"] = json!(false);
        match dialect.structure {
            Structure::Strongest => body["format"] = request.shape.json_schema(),
            Structure::Weaker => body["format"] = json!("json"),
            Structure::PromptAlone => {}
        }
        Call::post("api/chat", body)
    }

    fn wire(&self) -> &'static Wire {
        &WIRE
    }

    fn completion(&self, body: &Value) -> Option<Completion> {
        let message = body.get("message").filter(|message| message.is_object())?;
        let calls = message["tool_calls"].as_array().into_iter().flatten();
        let calls = calls.map(|call| &call["function"]);
        let finish = match body["done_reason"].as_str() {
            Some("length") => Finish::Length,
            _ => Finish::Done,
        };
        let (usage, read_tokens) = read_usage(body);
        Some(Completion {
            text: content::words(&message["content"]),
            arguments: calls.filter_map(content::arguments).collect(),
            thoughts: message["thinking"].as_str().unwrap_or_default().to_owned(),
            finish,
            usage,
            read_tokens,
        })
    }

    fn usage(&self, body: &Value) -> Option<Usage> {
        read_usage(body).0
    }

    fn questions(&self, model: &str) -> Vec<Call> {
        vec![Call::post("api/show", json!({ "model": model }))]
    }

    /// What the model was set up with, else what it was trained for, but no more than what is
    /// usual: Ollama takes memory for all the context that is asked for.
    fn context_tokens(&self, _model: &str, body: &Value) -> Option<u64> {
        let parameters = body["parameters"].as_str().unwrap_or_default();
        let set_up = parameters
            .lines()
            .find_map(|line| line.trim().strip_prefix("num_ctx"))
            .and_then(|number| number.trim().parse().ok());
        let trained = || {
            let facts = body["model_info"].as_object()?;
            let is_context = |(name, _): &(&String, &Value)| name.ends_with(".context_length");
            let tokens = facts.iter().find(is_context)?.1.as_u64()?;
            Some(tokens.min(DEFAULT_CONTEXT_TOKENS))
        };
        set_up.or_else(trained)
    }
}

/// What was used, and how much of the prompt was read.
fn read_usage(body: &Value) -> (Option<Usage>, Option<u64>) {
    let read = count(&body["prompt_eval_count"]);
    let cached = count(&body["prompt_eval_cached_count"]);
    let used = provider::usage(read, cached, count(&body["eval_count"]));
    let is_told = |tokens: &u64| cached.is_some() || fills_context(*tokens);
    (used, read.filter(is_told))
}

/// Whether a count of tokens is that of a context which is full. Some versions leave out of the
/// count what they had cached, so only what fills a context tells of a prompt that was cut.
pub(super) fn fills_context(tokens: u64) -> bool {
    const STEP: u64 = 1_024;
    tokens > STEP / 2 && (tokens + 2) % STEP <= 2
}

/// How much to think. Some models do not keep to the schema when they are told not to think, so
/// after a reply in plain words they think as they like.
fn think(request: &ChatRequest) -> Option<Value> {
    let in_words = |reply: &str| !reply.trim().is_empty() && !reply.contains('{');
    match request.tuning.effort {
        Some(Effort::None) => Some(json!(false)),
        Some(effort) => Some(json!(effort.name())),
        None if last_reply(request).is_some_and(in_words) => None,
        None => Some(json!(false)),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::llm::samples::{request, show, steps};

    #[test]
    fn a_full_request_asks_for_a_schema_and_for_the_context() {
        expect![[r#"
            POST api/chat
            {
              "model": "small",
              "messages": [
                {
                  "role": "system",
                  "content": "Choose well."
                },
                {
                  "role": "user",
                  "content": "Which one?"
                }
              ],
              "options": {
                "num_ctx": 8000,
                "num_predict": 100,
                "temperature": 0.0,
                "seed": 0
              },
              "stream": false,
              "think": false,
              "truncate": false,
              "shift": false,
              "format": {
                "type": "object",
                "properties": {
                  "why": {
                    "type": "string"
                  },
                  "category": {
                    "type": "string",
                    "enum": [
                      "A",
                      "B"
                    ]
                  },
                  "none_fits": {
                    "type": "boolean"
                  }
                },
                "required": [
                  "why",
                  "category",
                  "none_fits"
                ],
                "additionalProperties": false
              }
            }
        "#]]
        .assert_eq(&show(&Ollama.chat(&request(), &Dialect::FULL, 8_000)));
    }

    #[test]
    fn a_server_that_refuses_is_asked_for_less_each_time() {
        let refusals = ["invalid format", "no temperature", "no", "no"];
        expect![[r#"
            invalid format
                {"model":"small","messages":[{"role":"system","content":"Choose well."},{"role":"user","content":"Which one?"}],"options":{"num_ctx":8000,"num_predict":100,"temperature":0.0,"seed":0},"stream":false,"think":false,"truncate":false,"shift":false,"format":"json"}
            no temperature
                {"model":"small","messages":[{"role":"system","content":"Choose well."},{"role":"user","content":"Which one?"}],"options":{"num_ctx":8000,"num_predict":100,"seed":0},"stream":false,"think":false,"truncate":false,"shift":false,"format":"json"}
            no
                {"model":"small","messages":[{"role":"system","content":"Choose well."},{"role":"user","content":"Which one?"}],"options":{"num_ctx":8000,"num_predict":100,"seed":0},"stream":false,"think":false,"truncate":false,"shift":false}
            nothing is left to leave out
        "#]].assert_eq(&steps(&Ollama, &refusals));
    }

    #[test]
    fn a_reply_is_read_with_its_usage() {
        let body = json!({
            "model": "small",
            "message": { "role": "assistant", "content": "hi", "thinking": "Hm." },
            "done": true,
            "done_reason": "length",
            "prompt_eval_count": 12,
            "eval_count": 3,
        });
        let usage = Usage {
            prompt_tokens: 12,
            cached_tokens: 0,
            completion_tokens: 3,
        };
        let read = Completion {
            text: "hi".into(),
            thoughts: "Hm.".into(),
            finish: Finish::Length,
            usage: Some(usage),
            ..Completion::default()
        };
        assert_eq!(Ollama.completion(&body), Some(read));
        let bare = json!({ "message": { "content": "" }, "done_reason": "stop" });
        assert_eq!(Ollama.completion(&bare).unwrap().usage, None);
        assert_eq!(Ollama.completion(&json!({ "error": "no" })), None);
    }

    #[test]
    fn only_a_full_context_tells_of_a_cut() {
        for (counts, read) in [
            (json!({ "prompt_eval_count": 26 }), None),
            (json!({}), None),
            (json!({ "prompt_eval_count": 4096 }), Some(4096)),
            (json!({ "prompt_eval_count": 2047 }), Some(2047)),
            (json!({ "prompt_eval_count": 0 }), None),
            (
                json!({ "prompt_eval_count": 26, "prompt_eval_cached_count": 0 }),
                Some(26),
            ),
        ] {
            let mut body = counts.clone();
            body["message"] = json!({ "content": "hi" });
            assert_eq!(
                Ollama.completion(&body).unwrap().read_tokens,
                read,
                "{counts}"
            );
        }
    }

    #[test]
    fn the_context_is_what_the_model_was_set_up_with_or_what_is_usual() {
        let info = |tokens: u64| json!({ "general.architecture": "llama", "llama.context_length": tokens, "llama.block_count": 28 });
        for (body, expected) in [
            (json!({ "model_info": info(8192) }), Some(8192)),
            (
                json!({ "model_info": info(131_072) }),
                Some(DEFAULT_CONTEXT_TOKENS),
            ),
            (
                json!({ "model_info": info(131_072), "parameters": "stop \"x\"\nnum_ctx                        65536" }),
                Some(65_536),
            ),
            (json!({ "model_info": {} }), None),
            (json!({ "error": "model not found" }), None),
        ] {
            assert_eq!(Ollama.context_tokens("small", &body), expected, "{body}");
        }
        let questions: String = Ollama.questions("small").iter().map(show).collect();
        expect![[r#"
            POST api/show
            {
              "model": "small"
            }
        "#]]
        .assert_eq(&questions);
    }
}
