//! What the exports in JSON have in common: texts in one language or several, and names.

use serde_json::Value;

use crate::schedule::plain::{plain_line, plain_text};
use crate::talk::is_language;

/// A text, or what a text in several languages says in English, else in the first of them. Other
/// objects are no texts: the first of their fields may be anything, such as an account.
pub(super) fn text(value: &Value) -> Option<&str> {
    let text = match value {
        Value::String(text) => Some(text.as_str()),
        // WordPress says both how it was written and how it is shown.
        Value::Object(forms) if forms.contains_key("rendered") => forms["rendered"].as_str(),
        // OpenReview says who may read a text.
        Value::Object(forms) if forms.get("value").is_some_and(Value::is_string) => {
            forms["value"].as_str()
        }
        Value::Object(languages) if languages.keys().all(|key| is_language_key(key)) => {
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

fn is_language_key(key: &str) -> bool {
    let primary = key.split(['-', '_']).next().unwrap_or(key);
    (2..=3).contains(&primary.len()) && is_language(primary)
}

/// What fields with the name of a person are called, the likeliest first.
const NAMES: [&str; 8] = [
    "public_name",
    "full_public_name",
    "fullName",
    "full_name",
    "display_name",
    "displayName",
    "name",
    "title",
];
const PARTS_OF_NAMES: [(&str, &str); 8] = [
    ("first_name", "last_name"),
    ("firstName", "lastName"),
    ("givenName", "familyName"),
    ("firstName", "familyName"),
    ("FirstName", "LastName"),
    ("given_name", "family_name"),
    ("given", "family"),
    ("first", "last"),
];

/// Fields below which a person is, beside what they do.
const WITHIN: [&str; 4] = ["person", "speaker", "profile", "user"];

/// The name of a person: a text, or an object that has one.
pub(super) fn name(person: &Value) -> Option<String> {
    let in_parts = || {
        PARTS_OF_NAMES.iter().find_map(|(first, last)| {
            let parts = [line(&person[*first])?, line(&person[*last])?];
            Some(parts.join(" "))
        })
    };
    let whole = || NAMES.iter().find_map(|name| line(&person[*name]));
    let within = || WITHIN.iter().find_map(|field| name(&person[*field]));
    match person {
        Value::String(_) => line(person),
        Value::Object(_) => in_parts().or_else(whole).or_else(within),
        _ => None,
    }
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
