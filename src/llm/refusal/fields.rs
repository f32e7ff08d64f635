//! Which fields of a request a refusal is about, and what it wants in their place.
//!
//! Pure. The places that it points at come first, then names in quotes, then bare names, then the
//! words that people use for a field. Only what was sent can be meant. Of several names the first
//! is the one to blame, with those of the same list: what follows is advice.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::llm::refusal::{BEGINNING, RefusalBody};

/// The fields that were sent, each with the words that stand for it beside its name.
pub(in crate::llm) type SentFields = BTreeMap<String, &'static [&'static str]>;

/// A name, or a path to one.
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|\[)[A-Za-z0-9_]+\]?)*"));

static ANOTHER_NAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?i)(?:(?:use|try|with) [`'"]?([a-z_]\w*)[`'"]? instead|did you mean [`'"]?([a-z_]\w*)|(?:renamed|moved|changed) to [`'"]?([a-z_]\w*)|(?:replaced by|in favou?r of) [`'"]?([a-z_]\w*)|(?:use|set|specify|expected) [`'"]?([a-z_]*tokens[a-z_]*))"#,
    )
});

static WANTED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"(?i)\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+)[`'"]? must be (?:set to )?[`'"]?(true|false)\b"#)
});

/// How it is said that a reply has to come as a stream of events, or must not.
static STREAM: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?i)\bstream(?:ing)?\b[^.]{0,40}\b(?:must|should|has to|needs to) be (?:set to )?[`'"]?(true|false|enabled)\b|\bonly supports? stream"#,
    )
});

/// What stands before a list of the values that there are.
static LIST: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:one of|(?:supported|allowed|valid|possible|accepted|permitted) values?(?: are| is)?|supports only|only supports|choose from|expected)[:\s\[(]",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is well-formed")
}

impl RefusalBody {
    /// Those of the fields that were sent that the refusal is about, the ones to blame.
    pub(in crate::llm) fn named(&self, sent: &SentFields) -> Vec<String> {
        let places = self.places.iter();
        let pointed: Vec<String> = places.filter_map(|place| last_in(place, sent)).collect();
        if !pointed.is_empty() {
            return pointed;
        }
        let beginning: String = self.message.chars().take(BEGINNING).collect();
        let texts = std::iter::once(&beginning).chain(&self.details);
        let named = texts.flat_map(|text| {
            [Spelling::Quoted, Spelling::Bare].map(|spelling| first_list(text, sent, spelling))
        });
        let mut named = named.filter(|named| !named.is_empty());
        named
            .next()
            .unwrap_or_else(|| self.in_other_words(sent).into_iter().collect())
    }

    fn in_other_words(&self, sent: &SentFields) -> Option<String> {
        let spaced = |name: &str| name.contains('_') && self.says(&[&name.replace('_', " ")]);
        let is_meant = |(name, words): &(&String, &&[&str])| spaced(name) || self.says(words);
        let meant = sent.iter().find(is_meant);
        meant.map(|(name, _)| name.clone())
    }

    /// Whether it is a value that is refused, and not its field.
    pub(in crate::llm) fn is_about_a_value(&self) -> bool {
        self.says(&[
            "invalid value",
            "out of range",
            "is too large",
            "is too high",
            "is too big",
            "exceeds",
            "非法",
        ])
    }

    /// The name that a refusal wants a field to have.
    pub(in crate::llm) fn name_instead_of(&self, field: &str) -> Option<String> {
        let names = ANOTHER_NAME.captures(&self.message)?;
        let name = names.iter().skip(1).flatten().next()?.as_str();
        (name != field && (name.contains('_') || self.message.contains("nstead")))
            .then(|| name.to_owned())
    }

    /// A field that a refusal wants to be there, and its value.
    pub(in crate::llm) fn wanted(&self) -> Option<(String, Value)> {
        let is_true = |word: &str| !word.eq_ignore_ascii_case("false");
        if let Some(wanted) = WANTED.captures(&self.message) {
            return Some((wanted[1].to_owned(), is_true(&wanted[2]).into()));
        }
        let stream = STREAM.captures(&self.message)?;
        let is_wanted = stream.get(1).is_none_or(|word| is_true(word.as_str()));
        Some(("stream".to_owned(), is_wanted.into()))
    }

    /// The one of some values that a refusal lists in place of the one that was sent: the next one
    /// below it, else the next one above.
    pub(in crate::llm) fn value_instead_of<'a>(
        &self,
        value: &str,
        known: &[&'a str],
    ) -> Option<&'a str> {
        let sent = known.iter().position(|known| *known == value)?;
        let list = LIST.find(&self.words);
        let list = list.map_or("", |start| &self.words[start.end()..]);
        let listed: Vec<&str> = list.split(|c: char| !c.is_alphanumeric()).collect();
        let is_listed = |name: &&&str| {
            let quoted = ["'", "\"", "`"].map(|quote| format!("{quote}{name}{quote}"));
            let is_quoted = quoted.iter().any(|name| self.words.contains(name));
            **name != value && (is_quoted || listed.contains(*name))
        };
        let below = known[..sent].iter().rev().find(is_listed);
        below
            .or_else(|| known[sent..].iter().find(is_listed))
            .copied()
    }
}

/// How names stand in a message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Quoted,
    Bare,
}

/// The first field that a message names, with those that follow in the same list.
fn first_list(message: &str, sent: &SentFields, spelling: Spelling) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    let mut end = 0;
    for token in TOKEN.find_iter(message) {
        let before = &message[..token.start()];
        if spelling == Spelling::Quoted && !before.ends_with(['\'', '"', '`', '“', '‘']) {
            continue;
        }
        let Some(name) = last_in(token.as_str(), sent) else {
            continue;
        };
        if !named.is_empty() && !is_list(&message[end..token.start()]) {
            break;
        }
        end = token.end();
        if !named.contains(&name) {
            named.push(name);
        }
    }
    named
}

/// Whether what stands between two names makes a list of them.
fn is_list(between: &str) -> bool {
    let words = between.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .all(|word| matches!(word, "and" | "or"))
}

/// The innermost part of a path that is a field that was sent.
fn last_in(path: &str, sent: &SentFields) -> Option<String> {
    let parts = path.rsplit(['.', '[', ']', '/']);
    let mut found = parts.filter_map(|part| sent.keys().find(|name| same(name, part)));
    found.next().cloned()
}

/// Whether two spellings are of one name: `maxTokens` and `max_tokens` are.
fn same(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(|c| !matches!(c, '_' | '-'));
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    !other.is_empty() && letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent() -> SentFields {
        let fields: [(&str, &'static [&'static str]); 8] = [
            ("max_tokens", &[]),
            ("temperature", &[]),
            ("seed", &[]),
            ("response_format", &["json mode", "structured output"]),
            ("strict", &[]),
            ("reasoning_effort", &["thinking"]),
            ("maxOutputTokens", &[]),
            ("cache_control", &[]),
        ];
        fields.map(|(name, words)| (name.to_owned(), words)).into()
    }

    fn check(body: &str, expected: &[&str]) {
        assert_eq!(RefusalBody::new(body).named(&sent()), expected, "{body}");
    }

    #[test]
    fn the_field_that_is_refused_is_found_in_everyones_words() {
        for (message, expected) in [
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                &["max_tokens"][..],
            ),
            (
                "Unsupported value: 'temperature' does not support 0 with this model.",
                &["temperature"],
            ),
            (
                "litellm.UnsupportedParamsError: m does not support parameters: ['seed', 'temperature'], for model=m. To drop these, set `litellm.drop_params=True`",
                &["seed", "temperature"],
            ),
            (
                "doesn't support temperature=0.1 while reasoning is active, unless reasoning_effort resolves to 'none'",
                &["temperature"],
            ),
            ("Torch XLA does not support per-request seed.", &["seed"]),
            (
                "Unrecognized request argument supplied: reasoning_effort",
                &["reasoning_effort"],
            ),
            (
                "Unrecognized request arguments supplied: seed, reasoning_effort",
                &["reasoning_effort", "seed"],
            ),
            (
                "Argument not supported on this model: reasoningEffort",
                &["reasoning_effort"],
            ),
            (
                "system.0.cache_control: Extra inputs are not permitted",
                &["cache_control"],
            ),
            (
                "'response_format.type' must be 'json_schema' or 'text'",
                &["response_format"],
            ),
            (
                "response_format.json_schema.strict is not supported",
                &["strict"],
            ),
            (
                "JSON mode is not enabled for this model",
                &["response_format"],
            ),
            ("The response format is not known", &["response_format"]),
            ("Thinking is not supported", &["reasoning_effort"]),
            (
                "Invalid JSON payload received. Unknown name \"seed\": Cannot find field.",
                &["seed"],
            ),
            ("json: unknown field \"seed\"", &["seed"]),
            ("The seeds of doubt", &[]),
            ("Bad request", &[]),
        ] {
            let mut found = RefusalBody::new(message).named(&sent());
            found.sort();
            assert_eq!(found, expected, "{message}");
        }
    }

    #[test]
    fn the_places_that_it_points_at_come_first() {
        let detail = json!([{ "type": "extra_forbidden", "loc": ["body", "seed"], "msg": "temperature aside, no" }]);
        for (body, expected) in [
            (
                json!({ "error": { "message": "seed or temperature", "param": "temperature" } }),
                "temperature",
            ),
            (json!({ "detail": detail }), "seed"),
            (
                json!({ "object": "error", "message": { "detail": detail } }),
                "seed",
            ),
            (
                json!({ "error": { "message": "no", "details": [{ "fieldViolations": [{ "field": "generation_config.max_output_tokens", "description": "no" }] }] } }),
                "maxOutputTokens",
            ),
            (
                json!({ "error": { "message": "no", "param": "response_format.json_schema" } }),
                "response_format",
            ),
        ] {
            check(&body.to_string(), &[expected]);
        }
        for body in [
            json!({ "errors": [{ "field": "seed", "message": "not allowed" }] }),
            json!({ "title": "Bad Request", "errors": { "seed": ["It is not known."] } }),
            json!({ "error": { "issues": [{ "code": "unrecognized_keys", "keys": ["seed"], "path": [], "message": "no" }] } }),
            json!({ "message": "no", "errors": [{ "instancePath": "", "params": { "additionalProperty": "seed" } }] }),
            json!({ "errors": [{ "detail": "no", "source": { "pointer": "/seed" } }] }),
            json!({ "title": "no", "invalid-params": [{ "name": "seed", "reason": "no" }] }),
            json!({ "error": { "message": "no", "target": "seed", "details": [] } }),
            json!({ "error": { "message": "no", "errors": [{ "property": "seed", "constraints": {} }] } }),
            json!({ "error": "no", "detail": { "extra_fields": ["seed"] } }),
            json!({ "error": { "message": "no", "details": "property 'seed' is not supported" } }),
            json!({ "error": { "message": "no", "details": [{ "fieldViolations": [{ "field": "", "description": "seed: not supported" }] }] } }),
            json!({ "error": "Bad Request", "message": ["property seed should not exist"] }),
            json!({ "detail": [{ "loc": ["body"], "msg": "seed is not known", "input": { "param": "temperature" } }] }),
        ] {
            check(&body.to_string(), &["seed"]);
        }
        // A place that nothing of ours stands at says nothing.
        let body = json!({ "error": { "message": "seed", "param": "messages[0].role" } });
        check(&body.to_string(), &["seed"]);
    }

    #[test]
    fn what_is_wanted_instead_is_read() {
        let name = |message: &str| RefusalBody::new(message).name_instead_of("max_tokens");
        assert_eq!(
            name("Use 'max_completion_tokens' instead."),
            Some("max_completion_tokens".to_owned())
        );
        assert_eq!(
            name("unknown field; did you mean `max_new_tokens`?"),
            Some("max_new_tokens".to_owned())
        );
        assert_eq!(
            name("max_tokens was renamed to max_length"),
            Some("max_length".to_owned())
        );
        assert_eq!(
            name("max_tokens is deprecated, please use `max_output_tokens`."),
            Some("max_output_tokens".to_owned())
        );
        assert_eq!(name("use max_tokens instead"), None);
        assert_eq!(name("not supported"), None);
        let wanted = RefusalBody::new(
            "parameter.enable_thinking must be set to false for non-streaming calls",
        );
        assert_eq!(
            wanted.wanted(),
            Some(("enable_thinking".to_owned(), Value::Bool(false)))
        );
        for (words, is_wanted) in [
            (
                "This model only support stream mode, please enable it.",
                true,
            ),
            ("Stream must be set to true", true),
            ("'stream' is required and has to be false", false),
        ] {
            let wanted = Some(("stream".to_owned(), Value::Bool(is_wanted)));
            assert_eq!(RefusalBody::new(words).wanted(), wanted, "{words}");
        }
        assert_eq!(RefusalBody::new("seed must be set").wanted(), None);
        let known = ["none", "minimal", "low", "medium", "high"];
        let refusal = RefusalBody::new(
            "does not support 'none'. Supported values are: 'low', 'medium', and 'high'.",
        );
        assert_eq!(refusal.value_instead_of("none", &known), Some("low"));
        let refusal =
            RefusalBody::new("Invalid value: 'medium'. Supported values are: 'none' and 'high'.");
        assert_eq!(refusal.value_instead_of("medium", &known), Some("none"));
        for words in [
            "reasoning_effort must be one of: low, medium, high",
            "Invalid reasoning effort. Allowed values: [low, high]",
            "Input tag none found, expected one of low | medium | high",
        ] {
            let refusal = RefusalBody::new(words);
            assert_eq!(
                refusal.value_instead_of("none", &known),
                Some("low"),
                "{words}"
            );
        }
        assert_eq!(RefusalBody::new("no").value_instead_of("low", &known), None);
    }
}
