//! What a site is called, and in which language it speaks. Pure.

use std::collections::BTreeSet;

use crate::locale::Locale;

/// The title of a site and its language, which its own pages have in common.
#[derive(Debug)]
pub(crate) struct SiteHead {
    pub(crate) title: String,
    /// The language of the program's own words (BCP 47).
    pub(crate) language: String,
}

impl SiteHead {
    /// A site of this title, or of the usual one in its language.
    #[must_use]
    pub(crate) fn new(title: Option<String>, language: &str) -> Self {
        let usual = || Locale::of(language).text("conferences-label");
        Self {
            title: title.unwrap_or_else(usual),
            language: language.to_owned(),
        }
    }

    /// The words of its own pages.
    pub(super) fn locale(&self) -> &'static Locale {
        Locale::of(&self.language)
    }
}

/// The language that a site has where nobody names one: that of all of its pages, and else English.
#[must_use]
pub(crate) fn common_language<'a>(languages: impl IntoIterator<Item = &'a str>) -> &'static str {
    let tags: BTreeSet<&str> = languages
        .into_iter()
        .map(|language| Locale::of(language).tag())
        .collect();
    let only = tags.first().filter(|_| tags.len() == 1);
    Locale::of(only.copied().unwrap_or_default()).tag()
}
