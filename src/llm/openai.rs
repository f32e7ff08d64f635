//! The wire format of `OpenAI`'s Chat Completions, and of the many servers that speak it.
//!
//! Pure: a request goes out as a JSON body, a body comes back as a [`Completion`]. The shape of a
//! reply is asked for as a strict JSON schema, else as any JSON object, else in words alone.
//! Format: <https://platform.openai.com/docs/api-reference/chat>.

use serde_json::{Value, json};

use crate::llm::conversation::turns;
use crate::llm::dialect::{Dialect, Structure, ThinkingForms, Wire};
use crate::llm::ollama::fills_context;
use crate::llm::provider::{self, Call, Provider, count, first_count};
use crate::llm::{ChatRequest, Completion, Finish, Usage, content};

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
        let message = choice.get("message").or_else(|| choice.get("delta"));
        // Servers of text completions write the words into the choice itself.
        let message = message.or_else(|| choice.get("text").map(|_| choice))?;
        let declined = message["refusal"]
            .as_str()
            .is_some_and(|refusal| !refusal.is_empty());
        let reason = choice["finish_reason"].as_str().unwrap_or_default();
        let finish = match reason.to_ascii_lowercase().as_str() {
            _ if declined || has_been_filtered(body) => Finish::Refused,
            // The others are Mistral's name for the context, and names that gateways pass on.
            "length" | "model_length" | "max_tokens" => Finish::Length,
            reason if FILTERED.contains(&reason) => Finish::Refused,
            _ => Finish::Done,
        };
        let (usage, read_tokens) = read_usage(body);
        Some(Completion {
            text: content::words(message.get("content").unwrap_or(&message["text"])),
            arguments: calls(message),
            thoughts: thoughts(message),
            finish,
            usage,
            read_tokens,
        })
    }

    fn usage(&self, body: &Value) -> Option<Usage> {
        read_usage(body).0
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

/// How it is said why a reply ended that a filter has ended: `OpenAI`'s word, and those of other
/// wire formats that gateways pass on.
const FILTERED: &[&str] = &[
    "content_filter",
    "content_filtered",
    "safety",
    "refusal",
    "sensitive",
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "guardrail_intervened",
    "error_toxic",
];

/// Whether a filter says beside the reply that it has held something back, as `MiniMax`'s does.
fn has_been_filtered(body: &Value) -> bool {
    ["input_sensitive", "output_sensitive"]
        .iter()
        .any(|name| body[*name] == true)
}

/// What tools were called with; before there were tools there was one function. Last comes what a
/// client has read of the words.
fn calls(message: &Value) -> Vec<String> {
    let calls = message["tool_calls"].as_array().into_iter().flatten();
    let functions = calls.flat_map(|call| [&call["function"], call]);
    functions
        .chain([&message["function_call"]])
        .filter_map(content::arguments)
        .chain(content::as_json(&message["parsed"]))
        .collect()
}

/// The thoughts: `DeepSeek` and older servers name them first, vLLM, Groq and `OpenRouter` second.
fn thoughts(message: &Value) -> String {
    const NAMES: [&str; 5] = [
        "reasoning_content",
        "reasoning",
        "thinking",
        "thought",
        "reasoning_details",
    ];
    let told = NAMES.iter().map(|name| content::all(&message[*name]));
    let within = content::thoughts(&message["content"]);
    told.chain([within])
        .find(|thoughts| !thoughts.is_empty())
        .unwrap_or_default()
}

/// What was used, and how much of the prompt was read.
fn read_usage(body: &Value) -> (Option<Usage>, Option<u64>) {
    let usage = &body["usage"];
    let prompt = first_count(&[&usage["prompt_tokens"], &usage["input_tokens"]]);
    // The second is DeepSeek's name for it, the third Moonshot's.
    let cached = first_count(&[
        &usage["prompt_tokens_details"]["cached_tokens"],
        &usage["prompt_cache_hit_tokens"],
        &usage["cached_tokens"],
    ]);
    let rest = || count(&usage["total_tokens"])?.checked_sub(prompt?);
    let written = first_count(&[&usage["completion_tokens"], &usage["output_tokens"]]);
    let read = prompt.filter(|tokens| *tokens > 0);
    let read = match (body["system_fingerprint"].as_str(), cached) {
        (Some("fp_ollama"), None) => read.filter(|tokens| fills_context(*tokens)),
        _ => read.map(|tokens| tokens.max(cached.unwrap_or(0))),
    };
    (provider::usage(prompt, cached, written.or_else(rest)), read)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::llm::samples::{request, show, steps};

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
        .assert_eq(&show(&OpenAi.chat(&request(), &Dialect::FULL, 8_000)));
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
            usage: Some(usage),
            read_tokens: Some(12),
            ..Completion::default()
        };
        assert_eq!(OpenAi.completion(&body), Some(read));
    }

    fn said(message: &Value) -> Completion {
        let body = json!({ "choices": [{ "message": message, "finish_reason": "stop" }] });
        OpenAi.completion(&body).unwrap()
    }

    #[test]
    fn thoughts_are_told_apart_from_words() {
        for (server, message) in [
            (
                "DeepSeek",
                json!({ "content": "hi", "reasoning_content": "Hm." }),
            ),
            (
                "vLLM",
                json!({ "content": "hi", "reasoning": "Hm.", "reasoning_content": null }),
            ),
            (
                "OpenRouter",
                json!({ "content": "hi", "reasoning": null, "reasoning_details": [{ "type": "reasoning.text", "text": "Hm." }] }),
            ),
            (
                "Mistral",
                json!({ "content": [{ "type": "thinking", "thinking": [{ "type": "text", "text": "Hm." }] }, { "type": "text", "text": "hi" }] }),
            ),
        ] {
            let read = said(&message);
            assert_eq!(
                (read.text.as_str(), read.thoughts.as_str()),
                ("hi", "Hm."),
                "{server}"
            );
        }
    }

    #[test]
    fn what_tools_are_called_with_is_kept() {
        for message in [
            json!({ "content": null, "tool_calls": [{ "type": "function", "function": { "name": "json_tool_call", "arguments": "{\"a\":1}" } }] }),
            json!({ "content": "", "tool_calls": [{ "function": { "arguments": { "a": 1 } } }] }),
            json!({ "content": "", "tool_calls": null, "function_call": { "arguments": "{\"a\":1}" } }),
        ] {
            let read = said(&message);
            assert_eq!(
                (read.text.as_str(), read.arguments),
                ("", vec!["{\"a\":1}".to_owned()]),
                "{message}"
            );
        }
    }

    #[test]
    fn words_may_stand_in_the_choice_itself() {
        let body = json!({ "choices": [{ "text": "hi", "finish_reason": "stop" }] });
        assert_eq!(OpenAi.completion(&body).unwrap().text, "hi");
    }

    #[test]
    fn a_usage_that_is_not_told_is_unknown() {
        for (usage, expected) in [
            (json!(null), None),
            (json!({}), None),
            (
                json!({ "prompt_tokens": null, "completion_tokens": null }),
                None,
            ),
            (json!({ "prompt_tokens": 0, "completion_tokens": 0 }), None),
            (json!({ "prompt_tokens": 0, "completion_tokens": 9 }), None),
            (json!({ "prompt_tokens": 5 }), None),
            (json!({ "prompt_tokens": -1, "completion_tokens": 9 }), None),
            (
                json!({ "prompt_tokens": "812", "completion_tokens": "9" }),
                Some((812, 9)),
            ),
            (
                json!({ "prompt_tokens": "many", "completion_tokens": 9 }),
                None,
            ),
            (
                json!({ "prompt_tokens": 812.0, "completion_tokens": 59.5 }),
                Some((812, 60)),
            ),
            (
                json!({ "prompt_tokens": 5, "total_tokens": 8 }),
                Some((5, 3)),
            ),
            (
                json!({ "input_tokens": 5, "output_tokens": 3 }),
                Some((5, 3)),
            ),
        ] {
            let body = json!({ "choices": [{ "message": { "content": "hi" } }], "usage": usage });
            let read = OpenAi.completion(&body).unwrap();
            let told = read
                .usage
                .map(|usage| (usage.prompt_tokens, usage.completion_tokens));
            assert_eq!(told, expected, "{usage}");
        }
    }

    #[test]
    fn a_count_without_what_was_cached_does_not_tell_of_a_cut() {
        for (from, usage, read) in [
            (
                "fp_ollama",
                json!({ "prompt_tokens": 26, "completion_tokens": 9 }),
                None,
            ),
            (
                "fp_ollama",
                json!({ "prompt_tokens": 4096, "completion_tokens": 9 }),
                Some(4096),
            ),
            (
                "fp_ollama",
                json!({ "prompt_tokens": 900, "completion_tokens": 9, "prompt_tokens_details": { "cached_tokens": 874 } }),
                Some(900),
            ),
            (
                "fp_1",
                json!({ "prompt_tokens": 26, "completion_tokens": 9 }),
                Some(26),
            ),
            ("fp_1", json!({ "prompt_tokens": 26 }), Some(26)),
            (
                "fp_1",
                json!({ "prompt_tokens": 26, "cached_tokens": 874 }),
                Some(874),
            ),
            ("fp_1", json!(null), None),
        ] {
            let body = json!({ "system_fingerprint": from, "choices": [{ "message": { "content": "hi" } }], "usage": usage });
            assert_eq!(
                OpenAi.completion(&body).unwrap().read_tokens,
                read,
                "{usage}"
            );
        }
    }

    #[test]
    fn cached_tokens_have_several_names() {
        for usage in [
            json!({ "prompt_tokens": 9, "completion_tokens": 1, "prompt_cache_hit_tokens": 5, "prompt_cache_miss_tokens": 4 }),
            json!({ "prompt_tokens": 9, "completion_tokens": 1, "cached_tokens": 5 }),
            json!({ "prompt_tokens": 9, "completion_tokens": 1, "prompt_tokens_details": { "cached_tokens": 5 } }),
            // One that leaves what was cached out of the prompt.
            json!({ "prompt_tokens": 4, "completion_tokens": 1, "cached_tokens": 5 }),
        ] {
            let body = json!({ "choices": [{ "message": { "content": "" } }], "usage": usage });
            let usage = OpenAi.completion(&body).unwrap().usage.unwrap();
            assert_eq!((usage.prompt_tokens, usage.cached_tokens), (9, 5), "{body}");
        }
        let body =
            json!({ "choices": [{ "message": {} }], "usage": { "prompt_tokens_details": null } });
        assert_eq!(OpenAi.completion(&body).unwrap().usage, None);
    }

    #[test]
    fn a_refusal_and_a_missing_usage_are_read_too() {
        let body = json!({ "choices": [{ "message": { "content": null, "refusal": "no" }, "finish_reason": "stop" }] });
        assert_eq!(OpenAi.completion(&body).unwrap().finish, Finish::Refused);
        assert_eq!(OpenAi.completion(&json!({ "error": "busy" })), None);
        assert_eq!(OpenAi.completion(&json!({ "choices": [] })), None);
    }

    #[test]
    fn what_a_filter_has_ended_was_declined_in_the_words_of_any_gateway() {
        for (reason, is_sensitive, finish) in [
            ("content_filter", false, Finish::Refused),
            ("PROHIBITED_CONTENT", false, Finish::Refused),
            ("Safety", false, Finish::Refused),
            ("stop", true, Finish::Refused),
            ("stop", false, Finish::Done),
            ("MAX_TOKENS", false, Finish::Length),
        ] {
            let choice = json!({ "message": { "content": "" }, "finish_reason": reason });
            let body = json!({ "choices": [choice], "output_sensitive": is_sensitive });
            assert_eq!(OpenAi.completion(&body).unwrap().finish, finish, "{reason}");
        }
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
        let questions: String = OpenAi.questions("small").iter().map(show).collect();
        expect![[r#"
            GET models
            GET ../props
            GET model/info
        "#]]
        .assert_eq(&questions);
    }
}
