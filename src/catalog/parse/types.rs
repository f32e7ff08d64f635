//! What serde says of a catalog, in words for people who write catalogs: what is wrong, and what to
//! write in its place.
//!
//! serde gives the unknown word and the known ones in no other form than its message.

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use crate::catalog::nearest::{did_you_mean, nearest};
use crate::catalog::parse::document::RemovedPart;
use crate::catalog::problem::Problem;
use crate::catalog::raw::{RawCatalog, RawFetch, RawGlossary, RawLlm, RawTranscribe};

/// The problem that an error of serde is, and the part of the document that it is about.
pub(super) fn problem(
    text: &str,
    error: &toml::de::Error,
    part: Option<&RemovedPart<'_>>,
) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let (wrong, expected) = halves(error);
    if let Some(key) = missing_key(error) {
        let problem = Problem::new(span, format!("the key `{key}` is missing"));
        return problem.with_hint(to_add(key));
    }
    if wrong.starts_with("unknown") {
        let (given, known) = unknown(error).unwrap_or_default();
        let hint = did_you_mean(given, known.iter().copied()).or_else(|| elsewhere(given));
        let wrong = wrong.replacen("unknown field", "unknown key", 1).replacen(
            "unknown variant",
            "unknown value",
            1,
        );
        return Problem::new(span, wrong)
            .with_hint(hint.unwrap_or_else(|| format!("known here: {}", known.join(", "))));
    }
    let wrong = wrong
        .replacen("invalid type: map", "invalid type: table", 1)
        .replacen("invalid type: sequence", "invalid type: list", 1);
    let problem = Problem::new(
        span,
        match expected {
            "" => wrong,
            "a string" => format!("{wrong}, expected a text in quotes"),
            "a sequence" => format!("{wrong}, expected a list in square brackets"),
            "a map" => format!("{wrong}, expected a table"),
            "a boolean" => format!("{wrong}, expected `true` or `false`"),
            "f64" => format!("{wrong}, expected a number"),
            _ if expected.starts_with("a nonzero") => {
                format!("{wrong}, expected a whole number above 0")
            }
            _ => format!("{wrong}, expected {expected}"),
        },
    );
    let hint = part.and_then(|part| to_write(text, expected, part));
    match hint {
        Some(hint) => problem.with_hint(hint),
        None => problem,
    }
}

/// The key that an error finds missing.
pub(super) fn missing_key(error: &toml::de::Error) -> Option<&str> {
    let rest = error.message().strip_prefix("missing field `")?;
    rest.split('`').next()
}

/// The known key that somebody has misspelled.
pub(super) fn meant_key(error: &toml::de::Error) -> Option<&str> {
    let (given, known) = unknown(error)?;
    nearest(given, known.into_iter())
}

/// An unknown word, and those that are known in its place.
fn unknown(error: &toml::de::Error) -> Option<(&str, Vec<&str>)> {
    let (wrong, expected) = halves(error);
    let is_unknown = wrong.starts_with("unknown field") || wrong.starts_with("unknown variant");
    let given = wrong.split('`').nth(1).filter(|_| is_unknown)?;
    Some((given, expected.split('`').skip(1).step_by(2).collect()))
}

/// Where a key belongs that is known, but not where it is.
fn elsewhere(key: &str) -> Option<String> {
    if keys::<RawCatalog>().iter().any(|known| known == key) {
        return Some(format!(
            "`{key}` is about the whole catalog: write it above the first line in square brackets"
        ));
    }
    let tables = [
        ("[llm]", keys::<RawLlm>()),
        ("[transcribe]", keys::<RawTranscribe>()),
        ("[glossary]", keys::<RawGlossary>()),
        ("[fetch]", keys::<RawFetch>()),
    ];
    let has_key = |(_, keys): &&(&str, Vec<String>)| keys.iter().any(|known| known == key);
    let owners = tables.iter().filter(has_key);
    let owners: Vec<String> = owners.map(|(name, _)| format!("`{name}`")).collect();
    (!owners.is_empty()).then(|| format!("`{key}` belongs below {}", owners.join(" or ")))
}

/// The keys of a table, which are told to whoever writes one that is none of them.
fn keys<T: for<'de> Deserialize<'de>>() -> Vec<String> {
    let error = toml::from_str::<T>("\"\" = 0").err();
    let known = error.as_ref().and_then(unknown);
    let known = known.map_or_else(Vec::new, |(_, known)| known);
    known.into_iter().map(str::to_owned).collect()
}

/// What is wrong, and what was expected in its place.
fn halves(error: &toml::de::Error) -> (&str, &str) {
    let message = error.message().lines().next().unwrap_or_default();
    message.rsplit_once(", expected ").unwrap_or((message, ""))
}

/// The line that a table without the key lacks.
fn to_add(key: &str) -> String {
    match key {
        "model" => {
            "add a line such as `model = \"gpt-5.4-nano\"`, with the name of the model".to_owned()
        }
        "input" | "output" => {
            format!("add `{key} = …`, in US dollars a million tokens")
        }
        _ => format!("add `{key} = \"…\"`"),
    }
}

/// What to write in the place of a value of the wrong type.
fn to_write(text: &str, expected: &str, part: &RemovedPart<'_>) -> Option<String> {
    let RemovedPart { key, value, .. } = part;
    let is_list_of_tables = matches!(key.as_str(), "categories" | "talks");
    if key == "glossary" {
        return Some(
            "write `[glossary]`, with one bracket on each side, and below it `terms = [\"NAME\"]`"
                .to_owned(),
        );
    }
    match (value.get_ref(), expected) {
        (DeValue::Table(_), "a sequence") if is_list_of_tables => Some(format!(
            "write `[[{key}]]`, with two brackets on each side, above each of them"
        )),
        (DeValue::String(name), "a table with a `name`") if key == "categories" => Some(format!(
            "write `[[categories]]`, and `name = \"{name}\"` on the line below it"
        )),
        (DeValue::String(word), "a boolean") => {
            let word = word.trim().to_lowercase();
            let meant = match word.as_str() {
                "no" | "false" | "off" | "0" | "n" => "false",
                _ => "true",
            };
            Some(format!("write `{key} = {meant}`, without quotes"))
        }
        (_, "a map") if key == "heard" => {
            Some("write `heard = { \"as it was heard\" = \"as it is written\" }`".to_owned())
        }
        (DeValue::Array(_), "a string") => {
            Some("write one text in quotes, without square brackets".to_owned())
        }
        (DeValue::String(word), "a sequence") => Some(format!("write `{key} = [\"{word}\"]`")),
        (DeValue::String(word), _) if is_number(expected) && word.trim().parse::<f64>().is_ok() => {
            Some(format!("write `{key} = {}`, without quotes", word.trim()))
        }
        (DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_), "a string") => {
            let written = written(text, value)?;
            Some(format!("write `{key} = \"{written}\"`"))
        }
        _ => None,
    }
}

fn is_number(expected: &str) -> bool {
    let numbers = ["f64", "usize", "u32", "u64", "a nonzero"];
    numbers.iter().any(|number| expected.starts_with(number))
}

fn written<'a>(text: &'a str, value: &Spanned<DeValue<'_>>) -> Option<&'a str> {
    text.get(value.span())
}
