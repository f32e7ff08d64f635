//! Any bytes as the reply of an endpoint, packed or not, in one piece or as events: no panic, and
//! only what is a summary is taken for one.
//!
//! The first byte chooses the wire format.

use proceedings::testing::{ProviderKind, Rules, Strictness, notes, reply_body, summary};

const PROVIDERS: [ProviderKind; 4] = [
    ProviderKind::OpenAi,
    ProviderKind::Anthropic,
    ProviderKind::Gemini,
    ProviderKind::Ollama,
];

/// Reads the bytes as a reply.
pub(crate) fn check(bytes: &[u8]) {
    let Some((&choice, body)) = bytes.split_first() else {
        return;
    };
    let provider = PROVIDERS[usize::from(choice) % PROVIDERS.len()];
    let Some(body) = reply_body(body) else {
        return;
    };
    let Some(completion) = provider.completion(&body) else {
        return;
    };
    let rules = Rules {
        language: "en",
        instructions: "Write exactly two sentences about the talk and nothing else.",
        terms: &[],
        strictness: Strictness::Today,
    };
    if let Ok(found) = summary(&completion, rules).value() {
        let text = found.text();
        assert!(text.split_whitespace().count() >= 12, "{text}");
        assert!(!text.contains(['\n', '\r']), "{text}");
    }
    if let Some(notes) = notes(&completion) {
        assert!(!notes.trim().is_empty());
    }
}
