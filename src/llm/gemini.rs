//! The wire format of Gemini's `generateContent`.
//!
//! Pure. The shape of a reply is asked for as a JSON schema, else as the older schema of this API,
//! else in words alone; Gemma models, which take no rules either, then read the rules in the first
//! message. Thinking is switched off where the model allows it: thoughts are billed, and they share
//! the limit of the reply. Format: <https://ai.google.dev/api/generate-content>.

use reqwest::header::HeaderName;
use serde_json::{Map, Value, json};

use crate::llm::conversation::is_spoken;
use crate::llm::dialect::{Dialect, RulesPosition, Structure, Thinking, ThinkingForms, Wire};
use crate::llm::provider::{self, Call, Provider, count};
use crate::llm::{
    ChatRequest, Completion, Effort, Field, FieldKind, Finish, Message, Role, Usage, content, names,
};

/// `generateContent`.
pub(super) struct Gemini;

static WIRE: Wire = Wire {
    limit: ("maxOutputTokens", None),
    structure: [
        &["responseJsonSchema", "responseMimeType"],
        &["responseSchema", "responseMimeType"],
    ],
    thinking: &["thinkingConfig", "thinkingBudget", "thinkingLevel"],
    thinking_forms: ThinkingForms::Two,
    needed: &["contents", "generationConfig", "systemInstruction"],
};

impl Provider for Gemini {
    fn chat(&self, request: &ChatRequest, dialect: &Dialect, _context: u64) -> Call {
        let mut settings = json!({
            "maxOutputTokens": dialect.limit(request.parameters.max_tokens),
            "temperature": request.parameters.temperature,
            "seed": 0,
        });
        if let Some(thinking) = thinking(request.tuning.effort, dialect.thinking) {
            settings["thinkingConfig"] = thinking;
        }
        let schema = match dialect.structure {
            Structure::Strongest => Some(("responseJsonSchema", request.shape.json_schema())),
            Structure::Weaker => Some(("responseSchema", older_schema(&request.shape.fields))),
            Structure::PromptAlone => None,
        };
        if let Some((name, schema)) = schema {
            settings["responseMimeType"] = json!("application/json");
            settings[name] = schema;
        }
        // The API takes no empty part, and an empty reply is one that was declined.
        let spoken = request.messages.iter().filter(|m| is_spoken(m));
        let takes_rules = dialect.structure != Structure::PromptAlone
            && dialect.opening == RulesPosition::OwnMessage;
        let (rules, turns): (Vec<_>, Vec<_>) =
            spoken.partition(|m| takes_rules && m.role == Role::System);
        let mut body = json!({ "contents": contents(&turns), "generationConfig": settings });
        if !rules.is_empty() {
            let parts: Vec<Value> = rules.iter().map(|m| part(m)).collect();
            body["systemInstruction"] = json!({ "parts": parts });
        }
        Call::post(
            format!("{}:generateContent", path_of_model(&request.model)),
            body,
        )
    }

    /// Some models only say that an argument is invalid. Thinking is what they differ in, and what
    /// is missed least, so it goes first.
    fn wire(&self) -> &'static Wire {
        &WIRE
    }

    fn completion(&self, body: &Value) -> Option<Completion> {
        let candidate = &body["candidates"][0];
        let was_blocked = !body["promptFeedback"]["blockReason"].is_null();
        if candidate.is_null() && !was_blocked {
            return None;
        }
        let parts = candidate["content"]["parts"].as_array();
        let parts = parts.into_iter().flatten();
        let text = |is_thought: bool| -> String {
            let meant = parts
                .clone()
                .filter(|part| (part["thought"] == true) == is_thought);
            meant.filter_map(|part| part["text"].as_str()).collect()
        };
        let calls = parts.clone().map(|part| &part["functionCall"]["args"]);
        let finish = match candidate["finishReason"].as_str() {
            _ if was_blocked => Finish::Refused,
            Some("MAX_TOKENS") => Finish::Length,
            Some("SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII") => {
                Finish::Refused
            }
            _ => Finish::Done,
        };
        let (usage, read_tokens) = read_usage(body);
        Some(Completion {
            text: text(false),
            arguments: calls.filter_map(content::as_json).collect(),
            thoughts: text(true),
            finish,
            usage,
            read_tokens,
        })
    }

    fn usage(&self, body: &Value) -> Option<Usage> {
        read_usage(body).0
    }

    fn key_header(&self) -> (HeaderName, &'static str) {
        (HeaderName::from_static("x-goog-api-key"), "")
    }

    fn questions(&self, model: &str) -> Vec<Call> {
        vec![Call::get(path_of_model(model))]
    }

    fn context_tokens(&self, _model: &str, body: &Value) -> Option<u64> {
        body["inputTokenLimit"].as_u64()
    }
}

/// What was used, and how much of the prompt was read.
fn read_usage(body: &Value) -> (Option<Usage>, Option<u64>) {
    let usage = &body["usageMetadata"];
    // A count of nothing is left out.
    let counted = |name: &str| count(&usage[name]).unwrap_or(0);
    let written = counted("candidatesTokenCount") + counted("thoughtsTokenCount");
    let read = count(&usage["promptTokenCount"]);
    let cached = count(&usage["cachedContentTokenCount"]);
    let used = provider::usage(read, cached, Some(written));
    (used, read.filter(|tokens| *tokens > 0))
}

/// How much to think. Older models count the tokens of their thoughts, newer ones have levels; the
/// second form is what the other ones take, or the least that every model takes that thinks at all.
fn thinking(effort: Option<Effort>, form: Thinking) -> Option<Value> {
    let budget = |tokens: u32| Some(json!({ "thinkingBudget": tokens }));
    match (form, effort) {
        (Thinking::AsTheModelLikes, _) => None,
        (Thinking::Told, None | Some(Effort::None)) => budget(0),
        (Thinking::Told, Some(effort)) => Some(json!({ "thinkingLevel": effort.name() })),
        (Thinking::ToldOtherwise, None | Some(Effort::None)) => budget(512),
        (Thinking::ToldOtherwise, Some(Effort::Low)) => budget(1_024),
        (Thinking::ToldOtherwise, Some(Effort::Medium)) => budget(8_192),
        (Thinking::ToldOtherwise, Some(Effort::High)) => budget(24_576),
    }
}

/// Where a model is, below the address of the server.
pub(super) fn path_of_model(model: &str) -> String {
    if model.contains('/') {
        model.to_owned()
    } else {
        format!("models/{model}")
    }
}

fn part(message: &Message) -> Value {
    json!({ "text": message.content })
}

/// The conversation; what one side says in a row is one turn.
fn contents(messages: &[&Message]) -> Vec<Value> {
    let speaker = |message: &Message| match message.role {
        Role::System | Role::User => "user",
        Role::Assistant => "model",
    };
    let turns = messages.chunk_by(|one, next| speaker(one) == speaker(next));
    let turn = |turn: &[&Message]| {
        let parts: Vec<Value> = turn.iter().map(|message| part(message)).collect();
        json!({ "role": speaker(turn[0]), "parts": parts })
    };
    turns.map(turn).collect()
}

/// The shape in the subset of `OpenAPI` that was there before JSON schemas.
fn older_schema(fields: &[Field]) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let kind = match &field.kind {
            FieldKind::Text => json!({ "type": "STRING" }),
            FieldKind::OneOf(values) => json!({ "type": "STRING", "enum": values }),
            FieldKind::Flag => json!({ "type": "BOOLEAN" }),
            FieldKind::Numbers => json!({ "type": "ARRAY", "items": { "type": "INTEGER" } }),
            FieldKind::Objects(fields) => json!({ "type": "ARRAY", "items": older_schema(fields) }),
        };
        properties.insert(field.name.clone(), kind);
    }
    let names = names(fields);
    json!({ "type": "OBJECT", "properties": properties, "required": names, "propertyOrdering": names })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::llm::provider::Body;
    use crate::llm::samples::{request, show, steps};
    use crate::llm::schema_of;

    #[test]
    fn lists_of_objects_have_a_schema_in_both_forms() {
        let field = |name: &str, kind| Field {
            name: name.into(),
            kind,
        };
        let object = vec![
            field("name", FieldKind::Text),
            field("talks", FieldKind::Numbers),
        ];
        let fields = vec![field("categories", FieldKind::Objects(object))];
        expect![[r#"
            {
              "type": "OBJECT",
              "properties": {
                "categories": {
                  "type": "ARRAY",
                  "items": {
                    "type": "OBJECT",
                    "properties": {
                      "name": {
                        "type": "STRING"
                      },
                      "talks": {
                        "type": "ARRAY",
                        "items": {
                          "type": "INTEGER"
                        }
                      }
                    },
                    "required": [
                      "name",
                      "talks"
                    ],
                    "propertyOrdering": [
                      "name",
                      "talks"
                    ]
                  }
                }
              },
              "required": [
                "categories"
              ],
              "propertyOrdering": [
                "categories"
              ]
            }"#]]
        .assert_eq(&format!("{:#}", older_schema(&fields)));
        expect![[r#"
            {
              "type": "object",
              "properties": {
                "categories": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "name": {
                        "type": "string"
                      },
                      "talks": {
                        "type": "array",
                        "items": {
                          "type": "integer"
                        }
                      }
                    },
                    "required": [
                      "name",
                      "talks"
                    ],
                    "additionalProperties": false
                  }
                }
              },
              "required": [
                "categories"
              ],
              "additionalProperties": false
            }"#]]
        .assert_eq(&format!("{:#}", schema_of(&fields)));
    }

    #[test]
    fn a_full_request_asks_for_a_schema_and_no_thoughts() {
        expect![[r#"
            POST models/small:generateContent
            {
              "contents": [
                {
                  "role": "user",
                  "parts": [
                    {
                      "text": "Which one?"
                    }
                  ]
                }
              ],
              "generationConfig": {
                "maxOutputTokens": 100,
                "temperature": 0.0,
                "seed": 0,
                "thinkingConfig": {
                  "thinkingBudget": 0
                },
                "responseMimeType": "application/json",
                "responseJsonSchema": {
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
              },
              "systemInstruction": {
                "parts": [
                  {
                    "text": "Choose well."
                  }
                ]
              }
            }
        "#]]
        .assert_eq(&show(&Gemini.chat(&request(), &Dialect::FULL, 8_000)));
    }

    #[test]
    fn a_model_that_refuses_is_asked_for_less_each_time() {
        let refusals = [
            "temperature is out of range",
            "Budget 0 is invalid. This model only works in thinking mode.",
            "Request contains an invalid argument.",
            "Unknown name \"responseJsonSchema\"",
            "JSON mode is not enabled",
            "no",
        ];
        expect![[r#"
            temperature is out of range
                {"contents":[{"role":"user","parts":[{"text":"Which one?"}]}],"generationConfig":{"maxOutputTokens":100,"seed":0,"thinkingConfig":{"thinkingBudget":0},"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"why":{"type":"string"},"category":{"type":"string","enum":["A","B"]},"none_fits":{"type":"boolean"}},"required":["why","category","none_fits"],"additionalProperties":false}},"systemInstruction":{"parts":[{"text":"Choose well."}]}}
            Budget 0 is invalid. This model only works in thinking mode.
                {"contents":[{"role":"user","parts":[{"text":"Which one?"}]}],"generationConfig":{"maxOutputTokens":100,"seed":0,"thinkingConfig":{"thinkingBudget":512},"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"why":{"type":"string"},"category":{"type":"string","enum":["A","B"]},"none_fits":{"type":"boolean"}},"required":["why","category","none_fits"],"additionalProperties":false}},"systemInstruction":{"parts":[{"text":"Choose well."}]}}
            Request contains an invalid argument.
                {"contents":[{"role":"user","parts":[{"text":"Which one?"}]}],"generationConfig":{"maxOutputTokens":100,"seed":0,"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"why":{"type":"string"},"category":{"type":"string","enum":["A","B"]},"none_fits":{"type":"boolean"}},"required":["why","category","none_fits"],"additionalProperties":false}},"systemInstruction":{"parts":[{"text":"Choose well."}]}}
            Unknown name "responseJsonSchema"
                {"contents":[{"role":"user","parts":[{"text":"Which one?"}]}],"generationConfig":{"maxOutputTokens":100,"seed":0,"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"why":{"type":"STRING"},"category":{"type":"STRING","enum":["A","B"]},"none_fits":{"type":"BOOLEAN"}},"required":["why","category","none_fits"],"propertyOrdering":["why","category","none_fits"]}},"systemInstruction":{"parts":[{"text":"Choose well."}]}}
            JSON mode is not enabled
                {"contents":[{"role":"user","parts":[{"text":"Choose well."},{"text":"Which one?"}]}],"generationConfig":{"maxOutputTokens":100,"seed":0}}
            nothing is left to leave out
        "#]].assert_eq(&steps(&Gemini, &refusals));
    }

    #[test]
    fn a_model_that_takes_no_rules_reads_them_in_the_first_message() {
        let corrective = request().follow_up("C", "Again, please.".into());
        let dialect = Dialect {
            structure: Structure::PromptAlone,
            ..Dialect::FULL
        };
        expect![[r#"
            POST models/small:generateContent
            {
              "contents": [
                {
                  "role": "user",
                  "parts": [
                    {
                      "text": "Choose well."
                    },
                    {
                      "text": "Which one?"
                    }
                  ]
                },
                {
                  "role": "model",
                  "parts": [
                    {
                      "text": "C"
                    }
                  ]
                },
                {
                  "role": "user",
                  "parts": [
                    {
                      "text": "Again, please."
                    }
                  ]
                }
              ],
              "generationConfig": {
                "maxOutputTokens": 100,
                "temperature": 0.0,
                "seed": 0,
                "thinkingConfig": {
                  "thinkingBudget": 0
                }
              }
            }
        "#]]
        .assert_eq(&show(&Gemini.chat(&corrective, &dialect, 8_000)));
    }

    #[test]
    fn an_empty_reply_is_left_out_of_the_conversation() {
        let corrective = request().follow_up("", "Again, please.".into());
        let Body::Json(body) = Gemini.chat(&corrective, &Dialect::FULL, 8_000).body else {
            panic!("a request has a body");
        };
        assert_eq!(body["contents"].as_array().unwrap().len(), 1);
        assert_eq!(body["contents"][0]["parts"][1]["text"], "Again, please.");
    }

    #[test]
    fn a_reply_is_read_and_its_thoughts_are_counted_and_left_out() {
        let body = json!({
            "candidates": [{
                "content": { "role": "model", "parts": [
                    { "text": "Let me see.", "thought": true },
                    { "text": "{\"category\":" },
                    { "text": "\"A\"}" },
                ] },
                "finishReason": "STOP",
            }],
            "usageMetadata": { "promptTokenCount": 50, "cachedContentTokenCount": 40, "candidatesTokenCount": 7, "thoughtsTokenCount": 3 },
        });
        let usage = Usage {
            prompt_tokens: 50,
            cached_tokens: 40,
            completion_tokens: 10,
        };
        let read = Completion {
            text: "{\"category\":\"A\"}".into(),
            thoughts: "Let me see.".into(),
            usage: Some(usage),
            read_tokens: Some(50),
            ..Completion::default()
        };
        assert_eq!(Gemini.completion(&body), Some(read));
    }

    #[test]
    fn what_a_function_is_called_with_is_kept() {
        let call = json!({ "functionCall": { "name": "choice", "args": { "category": "A" } } });
        let body = json!({ "candidates": [{ "content": { "parts": [call] } }] });
        let read = Gemini.completion(&body).unwrap();
        assert_eq!(read.arguments, ["{\"category\":\"A\"}"]);
        assert_eq!((read.text.as_str(), read.usage), ("", None));
    }

    #[test]
    fn why_the_model_stopped_is_read() {
        for (reason, finish) in [
            ("MAX_TOKENS", Finish::Length),
            ("SAFETY", Finish::Refused),
            ("RECITATION", Finish::Refused),
            ("PROHIBITED_CONTENT", Finish::Refused),
            ("OTHER", Finish::Done),
        ] {
            let body = json!({ "candidates": [{ "finishReason": reason }] });
            assert_eq!(Gemini.completion(&body).unwrap().finish, finish, "{reason}");
        }
        let blocked = json!({ "promptFeedback": { "blockReason": "SAFETY" }, "usageMetadata": { "promptTokenCount": 9 } });
        let blocked = Gemini.completion(&blocked).unwrap();
        assert_eq!(
            (blocked.finish, blocked.usage.unwrap().prompt_tokens),
            (Finish::Refused, 9)
        );
        assert_eq!(
            Gemini.completion(&json!({ "error": { "code": 500 } })),
            None
        );
        assert_eq!(Gemini.completion(&json!({ "candidates": [] })), None);
    }

    #[test]
    fn a_model_may_be_named_with_its_kind() {
        for (model, path) in [
            ("small", "GET models/small\n"),
            ("models/small", "GET models/small\n"),
            ("tunedModels/mine", "GET tunedModels/mine\n"),
        ] {
            assert_eq!(show(&Gemini.questions(model)[0]), path);
        }
        let body = json!({ "name": "models/small", "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536 });
        assert_eq!(Gemini.context_tokens("small", &body), Some(1_048_576));
    }
}
