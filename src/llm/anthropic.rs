//! The wire format of Anthropic's Messages.
//!
//! Pure. The shape of a reply is asked for as a structured output, else through a tool that the
//! model has to call, else in words alone. The rules, which all talks share, are marked for the
//! provider's cache; the transcript is not: to write it there costs a quarter more, and only a
//! corrective request, which few talks need, would read it.
//! Format: <https://platform.claude.com/docs/en/api/messages>.

use reqwest::header::HeaderName;
use serde_json::{Value, json};

use crate::llm::conversation::turns;
use crate::llm::dialect::{Dialect, Structure, ThinkingForms, Wire};
use crate::llm::provider::{self, Call, Provider, count};
use crate::llm::{ChatRequest, Completion, Effort, Finish, Role, Usage, content};

/// Messages.
pub(super) struct Anthropic;

pub(super) const VERSION: &[(&str, &str)] = &[("anthropic-version", "2023-06-01")];

static WIRE: Wire = Wire {
    limit: ("max_tokens", None),
    structure: [
        &["output_config", "output_format", "format"],
        &["tools", "tool_choice", "input_schema"],
    ],
    thinking: &["thinking", "effort"],
    thinking_forms: ThinkingForms::One,
    needed: &["model", "messages", "max_tokens", "system"],
};

impl Provider for Anthropic {
    fn chat(&self, request: &ChatRequest, dialect: &Dialect, _context: u64) -> Call {
        let turns = turns(request, dialect.opening);
        let (rules, turns): (Vec<_>, Vec<_>) =
            turns.into_iter().partition(|m| m.role == Role::System);
        let rules: Vec<&str> = rules.iter().map(|m| m.content.as_str()).collect();
        let mut body = json!({
            "model": request.model,
            "max_tokens": dialect.limit(request.parameters.max_tokens),
            "messages": turns,
        });
        if !rules.is_empty() {
            let text = rules.join("\n\n");
            let cached =
                json!([{ "type": "text", "text": text, "cache_control": { "type": "ephemeral" } }]);
            body["system"] = match dialect.structure {
                Structure::Strongest | Structure::Weaker => cached,
                Structure::PromptAlone => Value::from(text),
            };
        }
        body["temperature"] = json!(request.parameters.temperature);
        let schema = request.shape.json_schema();
        match dialect.structure {
            Structure::Strongest => {
                body["output_config"] =
                    json!({ "format": { "type": "json_schema", "schema": schema } });
            }
            Structure::Weaker => {
                let name = &request.shape.name;
                body["tools"] = json!([{
                    "name": name,
                    "description": "Takes the answer.",
                    "input_schema": schema,
                }]);
                body["tool_choice"] = json!({ "type": "tool", "name": name });
            }
            Structure::PromptAlone => {}
        }
        match request.tuning.effort {
            None => {}
            Some(Effort::None) => body["thinking"] = json!({ "type": "disabled" }),
            Some(effort) => body["output_config"]["effort"] = json!(effort.name()),
        }
        Call {
            headers: VERSION,
            ..Call::post("v1/messages", body)
        }
    }

    fn wire(&self) -> &'static Wire {
        &WIRE
    }

    fn completion(&self, body: &Value) -> Option<Completion> {
        let said = body.get("content").filter(|content| !content.is_null())?;
        let text = match said {
            Value::Array(blocks) => blocks.iter().map(words).collect(),
            said => content::words(said),
        };
        let finish = match body["stop_reason"].as_str() {
            Some("max_tokens" | "model_context_window_exceeded") => Finish::Length,
            Some("refusal") => Finish::Refused,
            _ => Finish::Done,
        };
        let (usage, read_tokens) = read_usage(body);
        Some(Completion {
            text,
            arguments: Vec::new(),
            thoughts: content::thoughts(said),
            finish,
            usage,
            read_tokens,
        })
    }

    fn usage(&self, body: &Value) -> Option<Usage> {
        read_usage(body).0
    }

    fn key_header(&self) -> (HeaderName, &'static str) {
        (HeaderName::from_static("x-api-key"), "")
    }

    fn questions(&self, model: &str) -> Vec<Call> {
        vec![Call {
            headers: VERSION,
            ..Call::get(format!("v1/models/{model}"))
        }]
    }

    fn context_tokens(&self, _model: &str, body: &Value) -> Option<u64> {
        body["max_input_tokens"].as_u64()
    }
}

/// What was used, and how much of the prompt was read.
fn read_usage(body: &Value) -> (Option<Usage>, Option<u64>) {
    let usage = &body["usage"];
    let cached = count(&usage["cache_read_input_tokens"]).unwrap_or(0);
    let written = count(&usage["cache_creation_input_tokens"]).unwrap_or(0);
    let read = count(&usage["input_tokens"]).map(|fresh| fresh + written + cached);
    let used = provider::usage(read, Some(cached), count(&usage["output_tokens"]));
    (used, read.filter(|tokens| *tokens > 0))
}

/// The words of a block: what is said, or what the tool is called with.
fn words(block: &Value) -> String {
    match block["type"].as_str() {
        Some("text") => block["text"].as_str().unwrap_or_default().to_owned(),
        Some("tool_use") => content::as_json(&block["input"]).unwrap_or_default(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::llm::samples::{request, show, steps};

    #[test]
    fn a_full_request_asks_for_a_structured_output_and_has_its_rules_cached() {
        expect![[r#"
            POST v1/messages
            anthropic-version: 2023-06-01
            {
              "model": "small",
              "max_tokens": 100,
              "messages": [
                {
                  "role": "user",
                  "content": "Which one?"
                }
              ],
              "system": [
                {
                  "type": "text",
                  "text": "Choose well.",
                  "cache_control": {
                    "type": "ephemeral"
                  }
                }
              ],
              "temperature": 0.0,
              "output_config": {
                "format": {
                  "type": "json_schema",
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
        .assert_eq(&show(&Anthropic.chat(&request(), &Dialect::FULL, 8_000)));
    }

    #[test]
    fn a_server_that_refuses_is_asked_for_less_each_time() {
        let refusals = [
            "`temperature` is deprecated",
            "output_config: no",
            "no",
            "no",
        ];
        expect![[r#"
            `temperature` is deprecated
                {"model":"small","max_tokens":100,"messages":[{"role":"user","content":"Which one?"}],"system":[{"type":"text","text":"Choose well.","cache_control":{"type":"ephemeral"}}],"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"why":{"type":"string"},"category":{"type":"string","enum":["A","B"]},"none_fits":{"type":"boolean"}},"required":["why","category","none_fits"],"additionalProperties":false}}}}
            output_config: no
                {"model":"small","max_tokens":100,"messages":[{"role":"user","content":"Which one?"}],"system":[{"type":"text","text":"Choose well.","cache_control":{"type":"ephemeral"}}],"tools":[{"name":"choice","description":"Takes the answer.","input_schema":{"type":"object","properties":{"why":{"type":"string"},"category":{"type":"string","enum":["A","B"]},"none_fits":{"type":"boolean"}},"required":["why","category","none_fits"],"additionalProperties":false}}],"tool_choice":{"type":"tool","name":"choice"}}
            no
                {"model":"small","max_tokens":100,"messages":[{"role":"user","content":"Which one?"}],"system":"Choose well."}
            nothing is left to leave out
        "#]].assert_eq(&steps(&Anthropic, &refusals));
    }

    #[test]
    fn an_empty_reply_is_left_out_of_the_conversation() {
        let corrective = request().follow_up("", "Again, please.".into());
        let call = show(&Anthropic.chat(&corrective, &Dialect::FULL, 8_000));
        assert!(
            !call.contains("assistant") && call.contains("Again, please."),
            "{call}"
        );
        let corrective = request().follow_up("B", "Again, please.".into());
        let call = show(&Anthropic.chat(&corrective, &Dialect::FULL, 8_000));
        assert!(call.contains("assistant"), "{call}");
    }

    #[test]
    fn a_reply_is_read_with_all_that_its_prompt_took() {
        let body = json!({
            "type": "message",
            "content": [{ "type": "thinking", "thinking": "Hm." }, { "type": "text", "text": "{\"a\":1}" }],
            "stop_reason": "end_turn",
            "usage": { "input_tokens": 10, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 30, "output_tokens": 5 },
        });
        let usage = Usage {
            prompt_tokens: 60,
            cached_tokens: 30,
            completion_tokens: 5,
        };
        let read = Completion {
            text: "{\"a\":1}".into(),
            thoughts: "Hm.".into(),
            usage: Some(usage),
            read_tokens: Some(60),
            ..Completion::default()
        };
        assert_eq!(Anthropic.completion(&body), Some(read));
    }

    #[test]
    fn what_the_tool_was_given_is_the_reply() {
        let body = json!({
            "content": [{ "type": "tool_use", "name": "choice", "input": { "category": "A" } }],
            "stop_reason": "tool_use",
            "usage": { "input_tokens": 10, "output_tokens": 5 },
        });
        let read = Anthropic.completion(&body).unwrap();
        assert_eq!(
            (read.text.as_str(), read.finish),
            (r#"{"category":"A"}"#, Finish::Done)
        );
    }

    #[test]
    fn a_proxy_may_write_its_words_as_one_text() {
        let body = json!({ "content": "hi", "usage": { "output_tokens": 5 } });
        let read = Anthropic.completion(&body).unwrap();
        assert_eq!(
            (read.text.as_str(), read.usage, read.read_tokens),
            ("hi", None, None)
        );
    }

    #[test]
    fn why_the_model_stopped_is_read() {
        for (reason, finish) in [
            ("max_tokens", Finish::Length),
            ("model_context_window_exceeded", Finish::Length),
            ("refusal", Finish::Refused),
            ("stop_sequence", Finish::Done),
        ] {
            let body = json!({ "content": [], "stop_reason": reason });
            assert_eq!(
                Anthropic.completion(&body).unwrap().finish,
                finish,
                "{reason}"
            );
        }
        let error = json!({ "type": "error", "error": { "type": "api_error" } });
        assert_eq!(Anthropic.completion(&error), None);
    }

    #[test]
    fn the_context_is_told_by_the_model() {
        let questions: String = Anthropic.questions("small").iter().map(show).collect();
        expect![[r#"
            GET v1/models/small
            anthropic-version: 2023-06-01
        "#]]
        .assert_eq(&questions);
        let body = json!({ "id": "small", "max_input_tokens": 200_000, "max_tokens": 64_000 });
        assert_eq!(Anthropic.context_tokens("small", &body), Some(200_000));
        assert_eq!(
            Anthropic.context_tokens("small", &json!({ "id": "small" })),
            None
        );
    }
}
