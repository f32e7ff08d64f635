//! The tables `[llm]` that `init` writes: for each provider a model that is good enough and cheap, with
//! its price. `docs/endpoints.md` lists the same, and a test holds the two together.

use crate::llm::ProviderKind;

/// What `[llm]` says for a provider, a line each, without the line `[llm]` itself.
#[must_use]
pub(crate) fn lines(provider: ProviderKind) -> &'static [&'static str] {
    match provider {
        ProviderKind::OpenAi => &[
            "model = \"gpt-5.4-nano\"",
            "effort = \"none\"",
            "price = { input = 0.20, cached_input = 0.02, output = 1.25 }",
        ],
        ProviderKind::Anthropic => &[
            "provider = \"anthropic\"",
            "model = \"claude-haiku-4-5\"",
            "price = { input = 1.00, output = 5.00 }",
        ],
        ProviderKind::Gemini => &[
            "provider = \"gemini\"",
            "model = \"gemini-3.5-flash-lite\"",
            "price = { input = 0.30, cached_input = 0.03, output = 2.50 }",
        ],
        ProviderKind::Ollama => &[
            "provider = \"ollama\"",
            "model = \"qwen3:8b\"",
            "context_tokens = 32000",
            "concurrency = 2",
        ],
    }
}

/// The table with a comment behind what needs one.
#[must_use]
pub(crate) fn table(provider: ProviderKind) -> String {
    let lines = lines(provider)
        .iter()
        .map(|line| match line.split(" = ").next() {
            Some("price") => format!("{line}   # US dollars a million tokens\n"),
            _ => format!("{line}\n"),
        });
    let key = match provider.default_key_variable() {
        Some(variable) => format!("   # the key is read from the variable {variable}"),
        None => String::new(),
    };
    format!("[llm]{key}\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Catalog;

    const PROVIDERS: [ProviderKind; 4] = [
        ProviderKind::OpenAi,
        ProviderKind::Anthropic,
        ProviderKind::Gemini,
        ProviderKind::Ollama,
    ];

    #[test]
    fn every_provider_has_a_table_that_reads_back() {
        for provider in PROVIDERS {
            let text = format!("title = \"T\"\n{}", table(provider));
            let catalog = Catalog::parse(Path::new("catalog.toml"), &text).unwrap();
            let llm = catalog.llm.unwrap();
            assert_eq!((llm.provider, llm.base_url), (provider, None));
            let is_paid = provider.default_key_variable().is_some();
            assert_eq!(llm.price.is_some(), is_paid, "{text}");
        }
    }

    #[test]
    fn the_document_about_endpoints_lists_the_same() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/endpoints.md");
        let Ok(document) = std::fs::read_to_string(path) else {
            eprintln!("skipped: {path} is not there");
            return;
        };
        for provider in PROVIDERS {
            let lines = lines(provider).join("\n");
            assert!(document.contains(&format!("\n{lines}\n```")), "{lines}");
        }
    }
}
