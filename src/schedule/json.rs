//! What the exports in JSON have in common: texts in one language or several, and names.

use serde_json::Value;

use crate::schedule::plain::{plain_line, plain_text};

/// A text, or what a text in several languages says in English, else in the first of them.
pub(super) fn text(value: &Value) -> Option<&str> {
    let text = match value {
        Value::String(text) => Some(text.as_str()),
        Value::Object(languages) => {
            let english = languages.get("en").and_then(Value::as_str);
            let mut others = languages.values().filter_map(Value::as_str);
            english
                .filter(|text| !text.trim().is_empty())
                .or_else(|| others.find(|text| !text.trim().is_empty()))
        }
        _ => None,
    };
    text.filter(|text| !text.trim().is_empty())
}

/// A title or a name on one line.
pub(super) fn line(value: &Value) -> Option<String> {
    text(value).map(plain_line).filter(|line| !line.is_empty())
}

/// An abstract as plain text.
pub(super) fn paragraphs(value: &Value) -> Option<String> {
    text(value).map(plain_text).filter(|text| !text.is_empty())
}

/// The items of a list; none where it is no list.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
