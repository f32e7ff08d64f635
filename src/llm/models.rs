//! The models that an endpoint lists.
//!
//! Pure. Servers agree on ids in `data`; how many tokens fit, each says in a word of its own, if
//! at all. Format: <https://platform.openai.com/docs/api-reference/models/list>.

use serde_json::Value;

/// Under these names servers say how many tokens fit: vLLM and `SGLang`; `OpenRouter` and Together;
/// Groq; Mistral.
const CONTEXT: [&str; 4] = [
    "max_model_len",
    "context_length",
    "context_window",
    "max_context_length",
];

/// A model that an endpoint offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its name in requests.
    pub id: String,
    /// How many tokens fit its context, where the endpoint says.
    pub context_tokens: Option<u64>,
}

/// Reads the list; `None` where it is none.
pub(super) fn listed(body: &Value) -> Option<Vec<Model>> {
    let list = body["data"].as_array().or_else(|| body.as_array())?;
    let model = |entry: &Value| {
        let context = CONTEXT.iter().find_map(|name| entry[*name].as_u64());
        Some(Model {
            id: entry["id"].as_str()?.to_owned(),
            context_tokens: context,
        })
    };
    Some(list.iter().filter_map(model).collect())
}

impl Model {
    /// Whether requests for `name` reach this model: a tag, a date or the kind may be left out.
    #[must_use]
    pub fn answers_to(&self, name: &str) -> bool {
        let id = self.id.strip_prefix("models/").unwrap_or(&self.id);
        let name = name.strip_prefix("models/").unwrap_or(name);
        let Some(rest) = id.strip_prefix(name) else {
            return false;
        };
        let is_date = |rest: &str| rest.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        rest.is_empty() || rest == ":latest" || (rest.len() > 8 && is_date(rest))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_read_in_every_form() {
        let of = |id: &str, context_tokens| Model {
            id: id.to_owned(),
            context_tokens,
        };
        for (body, models) in [
            (
                json!({ "object": "list", "data": [{ "id": "gpt-4o-mini", "owned_by": "system" }] }),
                Some(vec![of("gpt-4o-mini", None)]),
            ),
            (
                json!({ "data": [{ "id": "a", "max_model_len": 8192 }, { "no": "id" }] }),
                Some(vec![of("a", Some(8192))]),
            ),
            (
                json!([{ "id": "b", "context_length": 131_072 }]),
                Some(vec![of("b", Some(131_072))]),
            ),
            (json!({ "data": [] }), Some(Vec::new())),
            (json!({ "error": "no" }), None),
            (json!("<html>"), None),
        ] {
            assert_eq!(listed(&body), models, "{body}");
        }
    }

    #[test]
    fn a_model_answers_to_its_name_and_to_its_alias() {
        for (id, name, answers) in [
            ("llama3.2", "llama3.2", true),
            ("llama3.2:latest", "llama3.2", true),
            ("llama3.2:1b", "llama3.2", false),
            ("models/gemini-3-flash", "gemini-3-flash", true),
            ("claude-haiku-4-5-20251001", "claude-haiku-4-5", true),
            ("gpt-4o-2024-08-06", "gpt-4o", true),
            ("gpt-4o-mini", "gpt-4o", false),
            ("gpt-4", "gpt-4o", false),
            ("gpt-4-1", "gpt-4", false),
        ] {
            let model = Model {
                id: id.to_owned(),
                context_tokens: None,
            };
            assert_eq!(model.answers_to(name), answers, "{id} {name}");
        }
    }
}
