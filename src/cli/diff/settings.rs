//! Which settings of two catalogs differ, as far as they change what models are asked.

use crate::cache::FileStamp;
use crate::catalog::Catalog;
use crate::cli::setup::Setup;
use crate::compare::Both;
use crate::compare::page::Setting;

/// The settings that differ, with what they are on each side.
pub(super) fn differing_settings(sides: Both<&Setup>) -> Vec<Setting> {
    let [a, b] = sides.map(settings);
    a.into_iter()
        .zip(b)
        .filter(|((_, a), (_, b))| a != b)
        .map(|((name, a), (_, b))| Setting {
            name,
            values: [a, b],
        })
        .collect()
}

/// All settings in the order in which they are shown; the same ones for every catalog.
fn settings(setup: &Setup) -> Vec<(String, String)> {
    let Setup {
        catalog, prompts, ..
    } = setup;
    let llm = catalog.llm.as_ref();
    let model = llm.map_or("none: excerpts".to_owned(), |llm| llm.model.clone());
    let provider = llm.map_or(String::new(), |llm| llm.provider.name().to_owned());
    let base_url = llm.and_then(|llm| llm.base_url.as_ref());
    let endpoint = base_url.and_then(|url| url.host_str()).unwrap_or_default();
    let mut settings = vec![
        ("conference", catalog.title.clone()),
        ("model", model),
        ("provider", provider),
        ("endpoint", endpoint.to_owned()),
        ("language", catalog.language.clone()),
        ("categories", categories(catalog)),
        ("glossary", glossary(catalog)),
    ];
    // The categories may be called the same and be told apart by other descriptions.
    let descriptions = catalog
        .categories
        .iter()
        .map(|category| &*category.description);
    settings.push((
        "described",
        digest(&descriptions.collect::<Vec<_>>().join("\n")),
    ));
    let prompts = prompts
        .sources()
        .map(|(name, source)| (format!("{name}.hbs"), digest(source)));
    let settings = settings.into_iter();
    settings
        .map(|(name, value)| (name.to_owned(), value))
        .chain(prompts)
        .collect()
}

fn categories(catalog: &Catalog) -> String {
    let names: Vec<&str> = catalog
        .categories
        .iter()
        .map(|category| &*category.name)
        .collect();
    names.join(", ")
}

fn glossary(catalog: &Catalog) -> String {
    let heard = catalog.glossary.heard.iter();
    let heard = heard.map(|(heard, name)| format!("{heard} = {name}"));
    let terms: Vec<String> = catalog
        .glossary
        .terms
        .iter()
        .cloned()
        .chain(heard)
        .collect();
    terms.join(", ")
}

fn digest(text: &str) -> String {
    FileStamp::digest_of(text.as_bytes())
}
