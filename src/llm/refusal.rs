//! What an endpoint says when it refuses: its message, its codes, and the places that it points at.
//!
//! Pure. Endpoints share statuses for different things, so the body decides where it has to: what a
//! refusal means is in `meaning.rs`, which fields it is about in `fields.rs`, which limits it tells
//! in `limits.rs`. Only the codes and the beginning of the message are looked at: what follows may
//! repeat the prompt, and talks speak of context lengths and billing too.

pub(super) mod fields;
pub(super) mod limits;
pub(super) mod meaning;
mod phrases;

use serde_json::Value;

use crate::printable::printable;

/// How much of a message is looked at, in characters.
const BEGINNING: usize = 400;

/// Where a message may stand, the most telling place first.
const MESSAGES: &[&str] = &[
    "/error/message",
    "/error/detail",
    "/error",
    "/message",
    "/detail",
    "/errors/0/message",
    "/errors/0",
    "/msg",
    "/error_description",
    "/error_msg",
    "/errmsg",
    "/error/msg",
    "/title",
    // MiniMax's place for it, beside a reply that is none.
    "/base_resp/status_msg",
];

/// Keys under which a refusal names a field of the request, or the way to it.
const PLACES: &[&str] = &[
    "param",
    "parameter",
    "loc",
    "field",
    "path",
    "pointer",
    "instancePath",
    "keys",
    "additionalProperty",
    "property",
    "target",
    "name",
];
/// Keys under which it lists names of fields.
const LISTS: &[&str] = &[
    "keys",
    "fields",
    "extra_fields",
    "unknown_fields",
    "unsupported_params",
    "unsupported_parameters",
];
/// Keys under which it says more than its message does.
const DETAILS: &[&str] = &[
    "details",
    "detail",
    "description",
    "issue",
    "message",
    "msg",
];
/// What is below these is the request again, or more about the fault.
const REPEATED: &[&str] = &["input", "ctx", "body", "request", "url", "metadata"];

/// The body of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RefusalBody {
    json: Value,
    message: String,
    /// The beginning of the message, in lower case.
    beginning: String,
    /// The same, and codes after it.
    words: String,
    /// The places in the request that it points at, such as `body.seed`.
    places: Vec<String>,
    /// What it says beside its message.
    details: Vec<String>,
}

impl RefusalBody {
    pub(super) fn new(body: &str) -> Self {
        let json: Value = serde_json::from_str(body).unwrap_or_default();
        match json {
            Value::Null => Self::of_text(body),
            json => Self::of(json),
        }
    }

    /// Reads a body that is JSON.
    pub(super) fn of(json: Value) -> Self {
        // Some wrap the error into a list.
        let json = match json {
            Value::Array(mut all) if !all.is_empty() => all.swap_remove(0),
            json => json,
        };
        let Some(message) = message(&json) else {
            return Self {
                places: places(&json),
                details: details(&json),
                ..Self::of_text(&json.to_string())
            };
        };
        // A gateway may pass on the whole body of another as the message.
        if let Some(inner) = inner(&message) {
            return Self::of(inner);
        }
        let beginning = beginning(&message);
        let mut words = beginning.clone();
        codes(&json, &mut words);
        words.make_ascii_lowercase();
        Self {
            places: places(&json),
            details: details(&json),
            json,
            message,
            beginning,
            words,
        }
    }

    fn of_text(text: &str) -> Self {
        let beginning = beginning(text);
        Self {
            json: Value::Null,
            message: text.to_owned(),
            words: beginning.clone(),
            beginning,
            places: Vec::new(),
            details: Vec::new(),
        }
    }

    pub(super) fn json(&self) -> &Value {
        &self.json
    }

    /// Whether the message stands where messages stand.
    pub(super) fn is_told(&self) -> bool {
        !self.json.is_null()
    }

    /// The endpoint's words.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Whether it is a page for a browser, which says nothing about the request.
    pub(super) fn is_page(&self) -> bool {
        self.json.is_null() && html_page(&self.message).is_some()
    }

    pub(super) fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.contains(word))
    }
}

/// As much of a message as is looked at, in lower case.
fn beginning(message: &str) -> String {
    let beginning: String = message.chars().take(BEGINNING).collect();
    beginning.to_ascii_lowercase()
}

/// A body within a message.
fn inner(message: &str) -> Option<Value> {
    let json: Value = serde_json::from_str(message).ok()?;
    (json.is_object() && self::message(&json).is_some()).then_some(json)
}

/// The message within a JSON error, with what an endpoint behind it has said.
fn message(json: &Value) -> Option<String> {
    let message = MESSAGES
        .iter()
        .find_map(|place| text(json.pointer(place)?))?;
    // Web frameworks name the status first: "Bad Request".
    let message = match (json["error"].as_str(), text(&json["message"])) {
        (Some(error), Some(said)) if error != said => format!("{error}: {said}"),
        _ => message,
    };
    let behind = [&json["error"]["metadata"]["raw"], &json["metadata"]["raw"]];
    Some(match behind.into_iter().find_map(text) {
        Some(behind) => format!("{message}: {behind}"),
        None => message,
    })
}

/// A message as a text: as it is, or as a list of faults, each with its place.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(faults) => {
            let told: Vec<String> = faults.iter().filter_map(fault).collect();
            (!told.is_empty()).then(|| told.join("; "))
        }
        Value::Object(_) => value.get("detail").and_then(text),
        _ => None,
    }
}

/// One fault of a list, as Python servers tell them.
fn fault(fault: &Value) -> Option<String> {
    let said = [fault, &fault["msg"], &fault["message"]];
    let said = said.into_iter().find_map(Value::as_str)?;
    Some(match path(&fault["loc"]) {
        Some(place) => format!("{place}: {said}"),
        None => said.to_owned(),
    })
}

fn path(parts: &Value) -> Option<String> {
    let parts = parts.as_array()?.iter().map(|part| match part {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    });
    Some(parts.collect::<Vec<_>>().join("."))
}

/// The places in the request that a refusal points at, whatever form its faults have.
fn places(json: &Value) -> Vec<String> {
    let mut places = Vec::new();
    gather_places(json, 0, &mut places);
    places
}

fn gather_places(value: &Value, depth: usize, places: &mut Vec<String>) {
    const DEEPEST: usize = 8;
    match value {
        _ if depth > DEEPEST => {}
        Value::Array(values) => {
            for value in values {
                gather_places(value, depth + 1, places);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    _ if REPEATED.contains(&name.as_str()) => {}
                    // Each of these is a list of faults, under the name of the field at fault.
                    Value::Object(faults) if name == "errors" => {
                        places.extend(faults.keys().cloned());
                    }
                    Value::String(place) if PLACES.contains(&name.as_str()) => {
                        places.push(place.clone());
                    }
                    // Names that are not known stand beside each other; others lead to one place.
                    Value::Array(names) if LISTS.contains(&name.as_str()) => {
                        let names = names.iter().filter_map(Value::as_str);
                        places.extend(names.map(str::to_owned));
                    }
                    Value::Array(_) if PLACES.contains(&name.as_str()) => {
                        places.extend(path(value));
                    }
                    value => gather_places(value, depth + 1, places),
                }
            }
        }
        _ => {}
    }
    places.retain(|place| !place.is_empty());
}

/// What a refusal says beside its message.
fn details(json: &Value) -> Vec<String> {
    let mut details = Vec::new();
    gather_details(json, 0, &mut details);
    details
}

fn gather_details(value: &Value, depth: usize, details: &mut Vec<String>) {
    const DEEPEST: usize = 8;
    match value {
        _ if depth > DEEPEST => {}
        Value::Array(values) => {
            for value in values {
                gather_details(value, depth + 1, details);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    _ if REPEATED.contains(&name.as_str()) => {}
                    Value::String(said) if DETAILS.contains(&name.as_str()) => {
                        details.push(said.chars().take(BEGINNING).collect());
                    }
                    value => gather_details(value, depth + 1, details),
                }
            }
        }
        _ => {}
    }
}

/// The short words in which an error says what it is.
fn codes(json: &Value, words: &mut String) {
    let mut add = |code: &Value| match code {
        Value::String(code) => {
            words.push(' ');
            words.push_str(code);
        }
        Value::Number(code) => {
            words.push_str(" code=");
            words.push_str(&code.to_string());
        }
        _ => {}
    };
    let error = &json["error"];
    for error in [error, json, &error["innererror"], &json["errors"][0]] {
        for name in ["type", "code", "status", "error_type"] {
            add(&error[name]);
        }
    }
    for detail in error["details"].as_array().into_iter().flatten() {
        add(&detail["reason"]);
        for violation in detail["violations"].as_array().into_iter().flatten() {
            add(&violation["quotaId"]);
        }
    }
}

/// The first words of a text, on one line and fit to be shown.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 200;
    if let Some(page) = html_page(text) {
        return page;
    }
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = printable(&line);
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

/// What an HTML page is called in a message, if the text is one: people know it by its title.
#[must_use]
pub(super) fn html_page(text: &str) -> Option<String> {
    const BEGINNINGS: &[&str] = &["<!doctype html", "<html", "<head", "<body"];
    const LONGEST: usize = 80;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let lower = text.to_ascii_lowercase();
    if !BEGINNINGS.iter().any(|begin| lower.starts_with(begin)) {
        return None;
    }
    let title = lower.find("<title").and_then(|start| {
        let start = start + lower[start..].find('>')? + 1;
        let end = start + lower[start..].find('<')?;
        let title = html_escape::decode_html_entities(&text[start..end]);
        let title: Vec<&str> = title.split_whitespace().collect();
        let title: String = title.join(" ").chars().take(LONGEST).collect();
        Some(printable(&title)).filter(|title| !title.is_empty())
    });
    Some(match title {
        Some(title) => format!("an HTML page titled '{title}'"),
        None => "an HTML page".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_is_called_by_its_title() {
        for (text, said) in [
            (
                "<!DOCTYPE html><html><head><title>404 Not\nFound</title></head><body>…",
                "an HTML page titled '404 Not Found'",
            ),
            (
                "\u{feff} <HTML><TITLE lang=en>Sign in &amp; go</TITLE>",
                "an HTML page titled 'Sign in & go'",
            ),
            ("<html><title></title>", "an HTML page"),
            ("<html><title>cut", "an HTML page"),
            ("<html", "an HTML page"),
            ("<think>", "<think>"),
            ("no page", "no page"),
        ] {
            assert_eq!(excerpt(text), said);
        }
    }

    #[test]
    fn the_message_is_found_wherever_it_stands() {
        for (body, message) in [
            (json!({ "error": { "message": "no" } }), "no"),
            (json!({ "error": "no" }), "no"),
            (json!([{ "error": { "message": "no" } }]), "no"),
            (
                json!({ "object": "error", "message": "no", "param": null }),
                "no",
            ),
            (json!({ "detail": "Not Found" }), "Not Found"),
            (
                json!({ "detail": [{ "loc": ["body", "seed"], "msg": "Extra inputs" }] }),
                "body.seed: Extra inputs",
            ),
            (
                json!({ "message": { "detail": [{ "loc": ["body", "messages", 0], "msg": "no" }, { "msg": "nor" }] } }),
                "body.messages.0: no; nor",
            ),
            (
                json!({ "success": false, "errors": [{ "message": "no", "code": 7 }] }),
                "no",
            ),
            (
                json!({ "error": { "message": "Provider returned error", "metadata": { "raw": "busy" } } }),
                "Provider returned error: busy",
            ),
            (
                json!({ "error": { "message": "{\"error\":{\"message\":\"deep\"}}" } }),
                "deep",
            ),
            (
                json!({ "statusCode": 400, "error": "Bad Request", "message": ["no seed", "no strict"] }),
                "Bad Request: no seed; no strict",
            ),
            (
                json!({ "choices": null, "base_resp": { "status_code": 1004, "status_msg": "login fail" } }),
                "login fail",
            ),
            (json!({ "odd": 1 }), "{\"odd\":1}"),
        ] {
            assert_eq!(
                RefusalBody::new(&body.to_string()).message(),
                message,
                "{body}"
            );
        }
        assert_eq!(
            RefusalBody::new("<html>no</html>").message(),
            "<html>no</html>"
        );
    }

    #[test]
    fn an_excerpt_is_one_line_without_orders_to_the_terminal() {
        assert_eq!(excerpt("a\n  b\tc"), "a b c");
        assert_eq!(
            excerpt("bad \u{1b}[31mred\u{0} \u{202e}x"),
            "bad \u{fffd}[31mred\u{fffd} \u{fffd}x"
        );
        assert_eq!(excerpt(&"é".repeat(300)).chars().count(), 201);
    }
}
