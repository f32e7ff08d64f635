//! Refusals, and what is asked after them.

use std::fmt::Write;

use expect_test::{Expect, expect};
use serde_json::json;

use super::*;
use crate::llm::ProviderKind;
use crate::llm::samples::{body, request, steps_of};

/// What changes in the body after each of the refusals, as lines that go and lines that come.
fn check_of(request: &ChatRequest, refusals: &[&str], expected: &Expect) {
    let provider = request.provider.provider();
    let mut dialect = Dialect::FULL;
    let mut told = String::new();
    for refusal in refusals {
        let before = body(provider, request, &dialect);
        let next = dialect.after(
            &RefusalBody::new(refusal),
            provider.wire(),
            &before,
            request,
        );
        let Some((next, blame)) = next else {
            told.push_str("nothing is tried\n");
            break;
        };
        dialect = next;
        let after = body(provider, request, &dialect);
        writeln!(told, "{blame:?}: {}", changes(&before, &after)).unwrap();
    }
    expected.assert_eq(&told);
}

fn check(provider: ProviderKind, refusals: &[&str], expected: &Expect) {
    let mut request = ChatRequest {
        provider,
        ..request()
    };
    request.parameters.max_tokens = 2048;
    check_of(&request, refusals, expected);
}

fn changes(before: &Value, after: &Value) -> String {
    let [before, after] = [before, after].map(|body| {
        let mut leaves = BTreeSet::new();
        leaves_of("", body, &mut leaves);
        leaves
    });
    let gone = before.difference(&after).map(|leaf| format!("-{leaf}"));
    let come = after.difference(&before).map(|leaf| format!("+{leaf}"));
    gone.chain(come).collect::<Vec<_>>().join(" ")
}

/// Fields with their values, the schema and the words left out.
fn leaves_of(path: &str, value: &Value, leaves: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}/{name}");
                match name.as_str() {
                    "schema" | "format" | "responseJsonSchema" | "responseSchema"
                    | "input_schema" | "tools" => {
                        leaves.insert(path);
                    }
                    _ => leaves_of(&path, value, leaves),
                }
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                leaves_of(&format!("{path}/{at}"), value, leaves);
            }
        }
        value => {
            leaves.insert(format!("{path}={value}"));
        }
    }
}

#[test]
fn only_what_is_refused_goes() {
    check(
        ProviderKind::OpenAi,
        &[
            r#"{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted"}]}"#,
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "Unsupported value: 'temperature' does not support 0 with this model.",
            "max_completion_tokens is too large: 2048. At most 1024",
            "max_completion_tokens is not supported",
            "response_format.json_schema.strict is not supported",
            "Invalid schema for response_format 'choice': unsupported keyword",
            "'response_format.type' must be 'json_schema' or 'text'",
            "no",
        ],
        &expect![[r#"
            Form: -/seed=0
            Form: -/max_tokens=2048 +/max_completion_tokens=2048
            Form: -/temperature=0.0
            Form: -/max_completion_tokens=2048 +/max_completion_tokens=1024
            Form: -/max_completion_tokens=1024
            Form: -/response_format/json_schema/strict=true
            Form: -/response_format/json_schema/name="choice" -/response_format/json_schema/schema -/response_format/type="json_schema" +/response_format/type="json_object"
            Form: -/response_format/type="json_object"
            nothing is tried
        "#]],
    );
}

#[test]
fn every_wire_format_gives_up_what_is_named() {
    check(
        ProviderKind::Anthropic,
        &[
            "`temperature` is deprecated for this model.",
            "system.0.cache_control: Extra inputs are not permitted",
            "output_config: Extra inputs are not permitted",
            "max_tokens: 2048 > 1024, which is too many",
            "max_tokens is odd",
        ],
        &expect![[r#"
            Form: -/temperature=0.0
            Form: -/system/0/cache_control/type="ephemeral"
            Form: -/output_config/format +/tool_choice/name="choice" +/tool_choice/type="tool" +/tools
            Form: -/max_tokens=2048 +/max_tokens=1024
            nothing is tried
        "#]],
    );
    check(
        ProviderKind::Gemini,
        &[
            "Budget 0 is invalid. This model only works in thinking mode.",
            "Unknown name \"seed\" at 'generation_config': Cannot find field.",
            "Developer instruction is not enabled for this model",
            "JSON mode is not enabled for this model",
            "Request contains an invalid argument.",
        ],
        &expect![[r#"
            Form: -/generationConfig/thinkingConfig/thinkingBudget=0 +/generationConfig/thinkingConfig/thinkingBudget=512
            Form: -/generationConfig/seed=0
            Form: -/contents/0/parts/0/text="Which one?" -/systemInstruction/parts/0/text="Choose well." +/contents/0/parts/0/text="Choose well." +/contents/0/parts/1/text="Which one?"
            Form: -/generationConfig/responseJsonSchema +/generationConfig/responseSchema
            Unclear: -/generationConfig/thinkingConfig/thinkingBudget=512
        "#]],
    );
    check(
        ProviderKind::Ollama,
        &[
            "\"m\" does not support thinking",
            "invalid option: seed",
            "unknown field \"shift\"",
            "invalid format",
        ],
        &expect![[r#"
            Form: -/think=false
            Form: -/options/seed=0
            Form: -/shift=false
            Form: 
        "#]],
    );
}

#[test]
fn the_rules_move_where_a_server_wants_no_message_of_theirs() {
    check(
        ProviderKind::OpenAi,
        &["System role not supported", "System role not supported"],
        &expect![[r#"
            Form: -/messages/0/content="Choose well." -/messages/0/role="system" -/messages/1/content="Which one?" -/messages/1/role="user" +/messages/0/content="Choose well.\n\nWhich one?" +/messages/0/role="user"
            Unclear: -/response_format/json_schema/name="choice" -/response_format/json_schema/schema -/response_format/json_schema/strict=true -/response_format/type="json_schema" +/response_format/type="json_object"
        "#]],
    );
    check(
        ProviderKind::Anthropic,
        &["system message is not supported"],
        &expect![[r#"
            Form: -/messages/0/content="Which one?" -/system/0/cache_control/type="ephemeral" -/system/0/text="Choose well." -/system/0/type="text" +/messages/0/content="Choose well.\n\nWhich one?"
        "#]],
    );
}

#[test]
fn a_field_that_is_wanted_comes() {
    check(
        ProviderKind::OpenAi,
        &["parameter.enable_thinking must be set to false for non-streaming calls"; 2],
        &expect![[r#"
            Form: +/enable_thinking=false
            Form: -/enable_thinking=false
        "#]],
    );
}

#[test]
fn effort_takes_a_value_that_is_listed_and_else_goes() {
    let mut request = request();
    request.tuning.effort = Some(Effort::None);
    check_of(
        &request,
        &[
            "'reasoning_effort' does not support 'none'. Supported values are: 'minimal', 'low', 'medium'.",
            "Unrecognized request argument supplied: reasoning_effort",
        ],
        &expect![[r#"
            Form: -/reasoning_effort="none" +/reasoning_effort="minimal"
            Form: -/reasoning_effort="minimal"
        "#]],
    );
    request.tuning.effort = Some(Effort::Low);
    request.provider = ProviderKind::Gemini;
    check_of(
        &request,
        &["Thinking level is not supported for this model."; 2],
        &expect![[r#"
            Form: -/generationConfig/thinkingConfig/thinkingLevel="low" +/generationConfig/thinkingConfig/thinkingBudget=1024
            Form: -/generationConfig/thinkingConfig/thinkingBudget=1024
        "#]],
    );
    request.provider = ProviderKind::Anthropic;
    check_of(
        &request,
        &["output_config.effort: Extra inputs are not permitted"],
        &expect![[r#"
            Form: -/output_config/effort="low"
        "#]],
    );
}

#[test]
fn what_the_catalog_adds_is_sent_and_never_given_up() {
    let mut request = request();
    request.tuning.extra = [("enable_thinking", json!(false)), ("seed", json!(7))]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
    let sent = body(request.provider.provider(), &request, &Dialect::FULL);
    assert_eq!(
        (&sent["enable_thinking"], &sent["seed"]),
        (&json!(false), &json!(7))
    );
    check_of(
        &request,
        &["Unknown field: enable_thinking"],
        &expect![[r#"
        nothing is tried
    "#]],
    );
    request.provider = ProviderKind::Ollama;
    request.tuning.extra = [("options".to_owned(), json!({ "num_gpu": 0 }))]
        .into_iter()
        .collect();
    let sent = body(request.provider.provider(), &request, &Dialect::FULL);
    assert_eq!(
        (&sent["options"]["num_gpu"], &sent["options"]["seed"]),
        (&json!(0), &json!(0))
    );
}

#[test]
fn a_filter_is_not_argued_with_and_a_failed_generation_blames_its_request() {
    check(
        ProviderKind::OpenAi,
        &["The response was filtered due to content management policy: response_format"],
        &expect![[r#"
            nothing is tried
        "#]],
    );
    check(
        ProviderKind::OpenAi,
        &[r#"{"error":{"message":"Failed to generate JSON.","code":"json_validate_failed"}}"#; 3],
        &expect![[r#"
            Request: -/response_format/json_schema/name="choice" -/response_format/json_schema/schema -/response_format/json_schema/strict=true -/response_format/type="json_schema" +/response_format/type="json_object"
            Request: -/response_format/type="json_object"
            nothing is tried
        "#]],
    );
}

#[test]
fn a_shorter_reply_is_asked_for_where_the_prompt_alone_fits() {
    let mut request = request();
    request.parameters.max_tokens = 8_192;
    let fitting = |dialect: &Dialect, words: &str| {
        dialect.with_shorter_reply(&RefusalBody::new(words), &request)
    };
    let limit = |dialect: Option<Dialect>| dialect.and_then(|dialect| dialect.most_tokens);
    let too_long = "Your request exceeded model token limit: 8192 (requested: 8748)";
    let shorter = fitting(&Dialect::FULL, too_long);
    assert_eq!(limit(shorter.clone()), Some(7_636));
    // Who refuses that, too, counts otherwise than it says.
    assert_eq!(limit(fitting(&shorter.unwrap(), too_long)), Some(3_818));
    let unsaid = fitting(&Dialect::FULL, "Input is too long.");
    assert_eq!(limit(unsaid.clone()), Some(4_096));
    let once_more = fitting(&unsaid.unwrap(), "Input is too long.");
    assert_eq!(limit(once_more.clone()), Some(2_048));
    assert_eq!(
        limit(fitting(&once_more.unwrap(), "Input is too long.")),
        None
    );
}

#[test]
fn a_limit_that_is_refused_without_a_number_is_halved() {
    let mut request = request();
    request.parameters.max_tokens = 8_192;
    let refusal = r#"{"error":{"code":"1210","message":"max_tokens 参数非法。"}}"#;
    let steps = steps_of(&request, ProviderKind::OpenAi.provider(), &[refusal]);
    assert!(steps.contains(r#""max_tokens":4096"#), "{steps}");
}
