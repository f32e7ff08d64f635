//! The fields of an object, however their keys are written: `firstSentence`, `First Sentence`,
//! `1. first_sentence`. Pure.

use serde_json::{Map, Value};

/// The value of the first of these keys that an object has. The keys are given folded.
pub(crate) fn field<'a>(object: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a Value> {
    let folded: Vec<(String, &Value)> = object.iter().map(|(key, v)| (fold(key), v)).collect();
    let as_written = |key: &&str| folded.iter().find(|(name, _)| name == key);
    let numbered = |key: &&str| {
        let without = |name: &str| name.trim_matches(|c: char| c.is_ascii_digit()) == *key;
        folded.iter().find(|(name, _)| without(name))
    };
    let found = keys.iter().find_map(as_written);
    let found = found.or_else(|| keys.iter().find_map(numbered));
    found.map(|(_, value)| *value)
}

/// The text of a field: a text, a list with one, an object with nothing else, or what an object
/// calls its text.
pub(crate) fn text(value: &Value) -> Option<&str> {
    const NAMES: &[&str] = &["text", "value", "sentence", "name"];
    match value {
        Value::String(text) => Some(text),
        Value::Array(list) => match list.as_slice() {
            [only] => text(only),
            _ => None,
        },
        Value::Object(object) if object.len() == 1 => object.values().next().and_then(text),
        Value::Object(object) => field(object, NAMES)?.as_str(),
        _ => None,
    }
}

/// Yes or no; nothing is no.
pub(crate) fn flag(value: Option<&Value>) -> Option<bool> {
    match value {
        None | Some(Value::Null) => Some(false),
        Some(Value::Bool(flag)) => Some(*flag),
        Some(Value::Number(number)) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Some(Value::Object(object)) => flag(Some(field(object, &["value"])?)),
        Some(value) => match text(value)?.trim().to_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
    }
}

/// The letters and digits of a key, in lower case.
fn fold(key: &str) -> String {
    let letters = key.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_is_known_in_every_style() {
        for key in [
            "first_sentence",
            "firstSentence",
            "FirstSentence",
            "First Sentence",
            "first-sentence",
            "**first_sentence**",
            "1. first_sentence",
            "first_sentence_1",
            "FIRST_SENTENCE:",
        ] {
            let object = json!({ "other": 1, key: "A" });
            let found = field(object.as_object().unwrap(), &["firstsentence"]);
            assert_eq!(found, Some(&json!("A")), "{key}");
        }
        for key in [
            "first",
            "sentence",
            "first_sentences",
            "not_first_sentence",
            "",
        ] {
            let object = json!({ key: "A" });
            let found = field(object.as_object().unwrap(), &["firstsentence"]);
            assert_eq!(found, None, "{key}");
        }
    }

    #[test]
    fn a_key_as_it_was_asked_for_comes_first() {
        let object = json!({ "sentence1": "B", "first_sentence": "A" });
        let found = field(object.as_object().unwrap(), &["firstsentence", "sentence1"]);
        assert_eq!(found, Some(&json!("A")));
    }

    #[test]
    fn texts_and_flags_are_read_in_every_form() {
        for (value, expected) in [
            (json!("A"), Some("A")),
            (json!(["A"]), Some("A")),
            (json!({ "name": "A" }), Some("A")),
            (json!(["A", "B"]), None),
            (json!({ "type": "string", "value": "A" }), Some("A")),
            (json!({ "name": "A", "description": "B" }), Some("A")),
            (json!({ "one": "A", "other": "B" }), None),
            (json!([]), None),
            (json!(null), None),
            (json!(1), None),
        ] {
            assert_eq!(text(&value), expected, "{value}");
        }
        for (value, expected) in [
            (json!(true), Some(true)),
            (json!("True"), Some(true)),
            (json!(0), Some(false)),
            (json!(null), Some(false)),
            (json!({ "value": false }), Some(false)),
            (json!({ "type": "boolean", "value": "yes" }), Some(true)),
            (json!("maybe"), None),
            (json!([true]), None),
        ] {
            assert_eq!(flag(Some(&value)), expected, "{value}");
        }
        assert_eq!(flag(None), Some(false));
    }
}
