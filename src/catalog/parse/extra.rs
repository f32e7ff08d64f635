//! `extra` under `[llm]`: fields of the body of a request that an endpoint wants. Pure.
//!
//! What makes a request one of ours stays ours, and a key stands in no catalog.

use serde_json::{Map, Value};
use toml::Spanned;

use crate::catalog::credentials::carries_a_secret;
use crate::catalog::problem::Problem;

/// Fields that every request has of its own.
const OURS: &[&str] = &["model", "messages", "contents", "stream"];
/// What a date of TOML looks like to JSON.
const DATE: &str = "$__toml_private_datetime";

/// Checks the fields.
pub(super) fn fields(raw: Spanned<Map<String, Value>>) -> Result<Map<String, Value>, Problem> {
    let problem = |text: String, hint: Option<&str>| Problem {
        hint: hint.map(str::to_owned),
        ..Problem::new(raw.span(), text)
    };
    for (name, value) in raw.get_ref() {
        if OURS.contains(&name.as_str()) {
            let text = format!("`extra` cannot hold `{name}`, which every request has of its own");
            return Err(problem(text, None));
        }
        if carries_a_secret(&name.to_lowercase()) {
            let text =
                format!("`extra` holds a key, `{name}`, and a key is not written into a catalog");
            let hint = "put it into an environment variable, and that into `headers`";
            return Err(problem(text, Some(hint)));
        }
        if !is_json(value) {
            let text = format!("`{name}` in `extra` has no form in JSON");
            return Err(problem(text, Some("write a date as a text in quotes")));
        }
    }
    Ok(raw.into_inner())
}

/// TOML has dates and numbers that JSON lacks.
fn is_json(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => values.iter().all(is_json),
        Value::Object(fields) => !fields.contains_key(DATE) && fields.values().all(is_json),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::expect;
    use serde_json::json;

    use crate::catalog::{Catalog, LlmSettings};
    use crate::llm::Effort;

    fn parse(lines: &str) -> Result<LlmSettings, String> {
        let text = format!("title = \"T\"\n[llm]\nmodel = \"m\"\n{lines}");
        match Catalog::parse(Path::new("c"), &text) {
            Ok(catalog) => Ok(catalog.llm.unwrap()),
            Err(error) => Err(match error.hint() {
                Some(hint) => format!("{error} | {hint}\n"),
                None => format!("{error}\n"),
            }),
        }
    }

    #[test]
    fn a_catalog_may_say_how_long_and_how_hard_to_think_and_what_an_endpoint_wants() {
        let settings = parse(
            "max_tokens = 8192\neffort = \"low\"\n\
             extra = { enable_thinking = false, provider = { order = [\"a\"], sort = 1.5 } }",
        );
        let settings = settings.unwrap();
        assert_eq!(settings.max_tokens.unwrap().get(), 8192);
        assert_eq!(settings.tuning.effort, Some(Effort::Low));
        let extra =
            json!({ "enable_thinking": false, "provider": { "order": ["a"], "sort": 1.5 } });
        assert_eq!(serde_json::Value::from(settings.tuning.extra), extra);
        let plain = parse("").unwrap();
        assert_eq!((plain.max_tokens, plain.tuning.effort), (None, None));
        assert!(plain.tuning.extra.is_empty());
    }

    #[test]
    fn slips_are_told_with_their_line() {
        let told = [
            "effort = \"hard\"",
            "max_tokens = 0",
            "extra = \"enable_thinking\"",
            "extra = { model = \"other\" }",
            "extra = { api_key = \"sk-secret\" }",
            "extra = { since = 2026-01-01 }",
            "extra = { top_p = nan }",
        ]
        .map(|lines| parse(lines).unwrap_err());
        assert!(!told.concat().contains("sk-secret"));
        expect![[r#"
            c:4: unknown value `hard` | known here: none, low, medium, high
            c:4: invalid value: integer `0`, expected a whole number above 0
            c:4: invalid type: string "enable_thinking", expected a table
            c:4: `extra` cannot hold `model`, which every request has of its own
            c:4: `extra` holds a key, `api_key`, and a key is not written into a catalog | put it into an environment variable, and that into `headers`
            c:4: `since` in `extra` has no form in JSON | write a date as a text in quotes
            c:4: `top_p` in `extra` has no form in JSON | write a date as a text in quotes
        "#]].assert_eq(&told.concat());
    }
}
