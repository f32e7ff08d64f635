//! Words in the forms in which wire formats and gateways write them: a text, a list of parts, an
//! object that somebody has read already. Pure.

use serde_json::Value;

/// The words of a content, without what is marked as a thought.
pub(super) fn words(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter(|part| !is_thought(part))
            .map(part)
            .collect(),
        Value::Object(_) => match part(content) {
            text if text.is_empty() => content.to_string(),
            text => text,
        },
        _ => String::new(),
    }
}

/// The thoughts in a content that is a list of parts.
pub(super) fn thoughts(content: &Value) -> String {
    let parts = content.as_array().into_iter().flatten();
    let thoughts = parts.filter(|part| is_thought(part));
    thoughts.map(part).collect()
}

/// All that a content says, thought or not.
pub(super) fn all(content: &Value) -> String {
    part(content)
}

/// What a tool was called with, as JSON: some servers write it as a text, others as an object, and
/// not all of them in the same place.
pub(super) fn arguments(call: &Value) -> Option<String> {
    const NAMES: [&str; 3] = ["arguments", "input", "parameters"];
    let given = NAMES.iter().map(|name| &call[*name]);
    given.into_iter().find_map(as_json)
}

/// An object that somebody has read already, or the text of it.
pub(super) fn as_json(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(_) => Some(value.to_string()),
        _ => None,
    }
}

fn is_thought(part: &Value) -> bool {
    const THOUGHTS: [&str; 4] = ["thinking", "reasoning", "redacted", "thought"];
    let kind = part["type"].as_str().unwrap_or_default();
    part["thought"] == true || THOUGHTS.iter().any(|thought| kind.starts_with(thought))
}

/// The words of one part, which may be parts themselves.
fn part(part: &Value) -> String {
    const NAMES: [&str; 7] = [
        "text",
        "thinking",
        "reasoning",
        "content",
        "value",
        "output_text",
        "summary",
    ];
    match part {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(self::part).collect(),
        Value::Object(_) => {
            let mut said = NAMES.iter().map(|name| self::part(&part[*name]));
            let said = said.find(|text| !text.is_empty());
            let given = || as_json(&part["json"]).or_else(|| arguments(part));
            said.or_else(given).unwrap_or_default()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_found_in_every_form() {
        for (content, said, thought) in [
            (json!("hi"), "hi", ""),
            (json!(null), "", ""),
            (json!([]), "", ""),
            (json!(["h", "i"]), "hi", ""),
            (
                json!([{ "type": "text", "text": "h" }, { "type": "output_text", "text": "i" }]),
                "hi",
                "",
            ),
            (
                json!([{ "type": "text", "text": { "value": "hi", "annotations": [] } }]),
                "hi",
                "",
            ),
            (
                json!([{ "type": "thinking", "thinking": [{ "type": "text", "text": "Hm." }], "closed": true }, { "type": "text", "text": "hi" }]),
                "hi",
                "Hm.",
            ),
            (
                json!([{ "type": "reasoning", "text": "Hm." }, { "text": "hi" }]),
                "hi",
                "Hm.",
            ),
            (
                json!([{ "type": "image_url", "image_url": { "url": "x" } }, 7, null]),
                "",
                "",
            ),
            (json!({ "type": "text", "text": "hi" }), "hi", ""),
            (
                json!([{ "type": "json", "json": { "category": "A" } }]),
                "{\"category\":\"A\"}",
                "",
            ),
            (
                json!([{ "type": "tool_use", "name": "x", "input": { "category": "A" } }]),
                "{\"category\":\"A\"}",
                "",
            ),
            (json!({ "category": "A" }), "{\"category\":\"A\"}", ""),
        ] {
            assert_eq!(words(&content), said, "{content}");
            assert_eq!(thoughts(&content), thought, "{content}");
        }
    }
}
