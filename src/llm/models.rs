//! Whether an endpoint has a model, by what it answers when it is asked for it. Pure.
//!
//! Servers of Chat Completions list what they have; others are asked for the model by its name and
//! refuse where they have none of that name.

use serde_json::Value;

use crate::llm::ProviderKind;

/// What an endpoint says of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Offer {
    /// It has it, and so many tokens fit, where it says.
    Has {
        /// How many.
        context_tokens: Option<u64>,
    },
    /// It has these and not the model.
    HasNot {
        /// Their names.
        others: Vec<String>,
    },
    /// It says nothing of models.
    Unsaid,
}

/// Reads the answer to the first question about a model.
pub(super) fn offer(provider: ProviderKind, model: &str, body: &Value) -> Offer {
    let has = |id: &str| Offer::Has {
        context_tokens: provider.provider().context_tokens(id, body),
    };
    if provider != ProviderKind::OpenAi {
        return if body.is_object() {
            has(model)
        } else {
            Offer::Unsaid
        };
    }
    let list = body["data"].as_array().or_else(|| body.as_array());
    let list = list.map(Vec::as_slice).unwrap_or_default();
    let ids = || list.iter().filter_map(|entry| entry["id"].as_str());
    // llama.cpp has one model, and takes any name for it.
    let takes_any = list.iter().any(|entry| entry["owned_by"] == "llamacpp");
    match ids().find(|id| takes_any || answers_to(id, model)) {
        Some(id) => has(id),
        None if ids().next().is_none() => Offer::Unsaid,
        None => Offer::HasNot {
            others: ids().map(str::to_owned).collect(),
        },
    }
}

/// Whether requests for `name` reach the model of this id: a tag, a date and the kind may be left
/// out.
fn answers_to(id: &str, name: &str) -> bool {
    let [id, name] = [id, name].map(|name| name.trim_start_matches("models/"));
    let Some(rest) = id.strip_prefix(name) else {
        return false;
    };
    let is_date = |rest: &str| rest.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    rest.is_empty() || rest == ":latest" || (rest.len() > 8 && is_date(rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_tells_whether_the_model_is_there() {
        let has = |context_tokens| Offer::Has { context_tokens };
        let has_not = |others: &[&str]| Offer::HasNot {
            others: others.iter().map(|&other| other.to_owned()).collect(),
        };
        for (body, says) in [
            (
                json!({ "data": [{ "id": "other" }, { "id": "small" }] }),
                has(None),
            ),
            (
                json!({ "data": [{ "id": "other" }, { "id": "small:latest", "max_model_len": 8192 }] }),
                has(Some(8192)),
            ),
            (json!([{ "id": "small" }]), has(None)),
            (
                json!({ "data": [{ "id": "a" }, { "no": "id" }, { "id": "b" }] }),
                has_not(&["a", "b"]),
            ),
            (
                json!({ "data": [{ "id": "/x.gguf", "owned_by": "llamacpp", "meta": { "n_ctx": 4096 } }] }),
                has(Some(4096)),
            ),
            (json!({ "data": [] }), Offer::Unsaid),
            (json!({ "error": "no" }), Offer::Unsaid),
            (Value::Null, Offer::Unsaid),
        ] {
            assert_eq!(offer(ProviderKind::OpenAi, "small", &body), says, "{body}");
        }
    }

    #[test]
    fn others_answer_for_the_model_alone() {
        let body = json!({ "inputTokenLimit": 1_048_576 });
        let has = Offer::Has {
            context_tokens: Some(1_048_576),
        };
        assert_eq!(offer(ProviderKind::Gemini, "small", &body), has);
        let page = Value::Null;
        assert_eq!(offer(ProviderKind::Gemini, "small", &page), Offer::Unsaid);
    }

    #[test]
    fn a_model_answers_to_its_name_and_to_its_alias() {
        for (id, name, answers) in [
            ("llama3.2", "llama3.2", true),
            ("llama3.2:latest", "llama3.2", true),
            ("llama3.2:1b", "llama3.2", false),
            ("models/gemini-3-flash", "gemini-3-flash", true),
            ("gpt-4o-2024-08-06", "gpt-4o", true),
            ("gpt-4o-mini", "gpt-4o", false),
            ("gpt-4", "gpt-4o", false),
            ("gpt-4-1", "gpt-4", false),
        ] {
            assert_eq!(answers_to(id, name), answers, "{id} {name}");
        }
    }
}
