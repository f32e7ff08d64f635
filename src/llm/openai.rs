//! The wire format of `OpenAI`'s Chat Completions, and of the many servers that speak it.
//!
//! Pure: a request goes out as a JSON body, a body comes back as a [`Completion`]. The shape of a
//! reply is asked for as a strict JSON schema, else as any JSON object, else in words alone.
//! Format: <https://platform.openai.com/docs/api-reference/chat>.

use serde_json::{Value, json};

use crate::llm::conversation::turns;
use crate::llm::dialect::{Dialect, Structure, ThinkingForms, Wire};
use crate::llm::provider::{Call, Provider, count};
use crate::llm::{ChatRequest, Completion, Finish, Usage};

/// Chat Completions.
pub(super) struct OpenAi;

static WIRE: Wire = Wire {
    limit: ("max_tokens", Some("max_completion_tokens")),
    structure: [&["response_format", "json_schema"], &["response_format"]],
    thinking: &["reasoning_effort"],
    thinking_forms: ThinkingForms::One,
    needed: &["model", "messages"],
};

impl Provider for OpenAi {
    fn chat(&self, request: &ChatRequest, dialect: &Dialect, _context: u64) -> Call {
        let mut body = json!({
            "model": request.model,
            "messages": turns(request, dialect.opening),
            "max_tokens": dialect.limit(request.parameters.max_tokens),
            "temperature": request.parameters.temperature,
            "seed": 0,
        });
        if let Some(effort) = request.tuning.effort {
            body["reasoning_effort"] = json!(effort.name());
        }
        match dialect.structure {
            Structure::Strongest => {
                let schema = json!({
                    "name": request.shape.name,
                    "strict": true,
                    "schema": request.shape.json_schema(),
                });
                body["response_format"] = json!({ "type": "json_schema", "json_schema": schema });
            }
            Structure::Weaker => body["response_format"] = json!({ "type": "json_object" }),
            Structure::PromptAlone => {}
        }
        Call::post("chat/completions", body)
    }

    fn wire(&self) -> &'static Wire {
        &WIRE
    }

    fn completion(&self, body: &Value) -> Option<Completion> {
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
        // The second is DeepSeek's name for it, the third Moonshot's.
        let cached = [
            &usage["prompt_tokens_details"]["cached_tokens"],
            &usage["prompt_cache_hit_tokens"],
            &usage["cached_tokens"],
        ];
        let usage = Usage {
            prompt_tokens: count(&usage["prompt_tokens"]),
            cached_tokens: cached.into_iter().find_map(Value::as_u64).unwrap_or(0),
            completion_tokens: count(&usage["completion_tokens"]),
        };
        Some(Completion {
            text: text.to_owned(),
            finish,
            usage,
        })
    }

    /// The list of models says it at vLLM, llama.cpp, `OpenRouter` and others; older llama.cpp
    /// and `LiteLLM` have places of their own.
    fn questions(&self, _model: &str) -> Vec<Call> {
        ["models", "../props", "model/info"].map(Call::get).into()
    }

    fn context_tokens(&self, model: &str, body: &Value) -> Option<u64> {
        const NAMES: &[&str] = &[
            "/max_model_len",
            "/context_length",
            "/context_window",
            "/max_context_length",
            "/meta/n_ctx",
            "/model_info/max_input_tokens",
        ];
        let list = body["data"].as_array().map(Vec::as_slice);
        let is_meant =
            |entry: &&Value| [&entry["id"], &entry["model_name"]].contains(&&Value::from(model));
        // A server with one model takes any name for it.
        let entry = match list.unwrap_or_default() {
            [only] => Some(only),
            list => list.iter().find(is_meant),
        };
        let told = |name: &&str| entry?.pointer(name)?.as_u64();
        let of_the_server = || body["default_generation_settings"]["n_ctx"].as_u64();
        NAMES
            .iter()
            .find_map(told)
            .or_else(of_the_server)
            .filter(|tokens| *tokens > 0)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::llm::samples::{request, shown, steps};

    #[test]
    fn a_full_request_asks_for_a_schema() {
        expect![[r#"
            POST chat/completions
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
              "max_tokens": 100,
              "temperature": 0.0,
              "seed": 0,
              "response_format": {
                "type": "json_schema",
                "json_schema": {
                  "name": "choice",
                  "strict": true,
                  "schema": {
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
              }
            }
        "#]]
        .assert_eq(&shown(&OpenAi.chat(&request(), &Dialect::FULL, 8_000)));
    }

    #[test]
    fn a_server_that_refuses_is_asked_for_less_each_time() {
        let refusals = [
            "Unsupported parameter: 'max_tokens'",
            "'temperature' is not supported",
            "no response_format",
            "no",
            "no",
        ];
        expect![[r#"
            Unsupported parameter: 'max_tokens'
                {"model":"small","messages":[{"role":"system","content":"Choose well."},{"role":"user","content":"Which one?"}],"max_completion_tokens":100,"temperature":0.0,"seed":0,"response_format":{"type":"json_schema","json_schema":{"name":"choice","strict":true,"schema":{"type":"object","properties":{"why":{"type":"string"},"category":{"type":"string","enum":["A","B"]},"none_fits":{"type":"boolean"}},"required":["why","category","none_fits"],"additionalProperties":false}}}}
            'temperature' is not supported
                {"model":"small","messages":[{"role":"system","content":"Choose well."},{"role":"user","content":"Which one?"}],"max_completion_tokens":100,"seed":0,"response_format":{"type":"json_schema","json_schema":{"name":"choice","strict":true,"schema":{"type":"object","properties":{"why":{"type":"string"},"category":{"type":"string","enum":["A","B"]},"none_fits":{"type":"boolean"}},"required":["why","category","none_fits"],"additionalProperties":false}}}}
            no response_format
                {"model":"small","messages":[{"role":"system","content":"Choose well."},{"role":"user","content":"Which one?"}],"max_completion_tokens":100,"seed":0,"response_format":{"type":"json_object"}}
            no
                {"model":"small","messages":[{"role":"system","content":"Choose well."},{"role":"user","content":"Which one?"}],"max_completion_tokens":100,"seed":0}
            nothing is left to leave out
        "#]].assert_eq(&steps(&OpenAi, &refusals));
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
        assert_eq!(OpenAi.completion(&body), Some(read));
    }

    #[test]
    fn cached_tokens_have_several_names() {
        for usage in [
            json!({ "prompt_tokens": 9, "prompt_cache_hit_tokens": 5, "prompt_cache_miss_tokens": 4 }),
            json!({ "prompt_tokens": 9, "cached_tokens": 5 }),
            json!({ "prompt_tokens": 9, "prompt_tokens_details": { "cached_tokens": 5 } }),
        ] {
            let body = json!({ "choices": [{ "message": { "content": "" } }], "usage": usage });
            let usage = OpenAi.completion(&body).unwrap().usage;
            assert_eq!((usage.prompt_tokens, usage.cached_tokens), (9, 5), "{body}");
        }
        let body =
            json!({ "choices": [{ "message": {} }], "usage": { "prompt_tokens_details": null } });
        assert_eq!(OpenAi.completion(&body).unwrap().usage, Usage::default());
    }

    #[test]
    fn a_refusal_and_a_missing_usage_are_read_too() {
        let body = json!({ "choices": [{ "message": { "content": null, "refusal": "no" }, "finish_reason": "stop" }] });
        assert_eq!(OpenAi.completion(&body).unwrap().finish, Finish::Refused);
        assert_eq!(OpenAi.completion(&json!({ "error": "busy" })), None);
        assert_eq!(OpenAi.completion(&json!({ "choices": [] })), None);
    }

    #[test]
    fn the_context_is_found_wherever_a_server_says_it() {
        let list = |entry: Value| json!({ "object": "list", "data": [{ "id": "other" }, entry] });
        for (server, body, expected) in [
            (
                "vLLM",
                list(json!({ "id": "small", "max_model_len": 4096 })),
                Some(4096),
            ),
            (
                "OpenRouter",
                list(json!({ "id": "small", "context_length": 131_072 })),
                Some(131_072),
            ),
            (
                "Groq",
                list(json!({ "id": "small", "context_window": 8192 })),
                Some(8192),
            ),
            (
                "llama.cpp",
                json!({ "data": [{ "id": "/models/x.gguf", "meta": { "n_ctx_train": 32_768, "n_ctx": 8192 } }] }),
                Some(8192),
            ),
            (
                "an older llama.cpp",
                json!({ "data": [{ "id": "/models/x.gguf", "meta": { "n_ctx_train": 32_768 } }] }),
                None,
            ),
            (
                "its properties",
                json!({ "default_generation_settings": { "n_ctx": 8192 } }),
                Some(8192),
            ),
            (
                "its router",
                json!({ "default_generation_settings": { "n_ctx": 0 } }),
                None,
            ),
            (
                "LiteLLM",
                list(
                    json!({ "model_name": "small", "model_info": { "max_input_tokens": 128_000 } }),
                ),
                Some(128_000),
            ),
            (
                "OpenAI",
                list(json!({ "id": "small", "owned_by": "openai" })),
                None,
            ),
            (
                "another model",
                list(json!({ "id": "large", "max_model_len": 4096 })),
                None,
            ),
            ("an error", json!({ "error": "not found" }), None),
            ("nothing", Value::Null, None),
        ] {
            assert_eq!(OpenAi.context_tokens("small", &body), expected, "{server}");
        }
        let questions: String = OpenAi.questions("small").iter().map(shown).collect();
        expect![[r#"
            GET models
            GET ../props
            GET model/info
        "#]]
        .assert_eq(&questions);
    }
}
