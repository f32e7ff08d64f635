//! The program's own words in templates: `{{t "listen-at" time=place.time}}` writes a message in the
//! language of the page, and `{{lang}}` the tag of the language that it is in.
//!
//! The language stands in the field `language` of what a template sees. Words of others in a message go
//! through the escape function of the template, and the message stays as it is.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderErrorReason,
};

use crate::locale::Locale;
use crate::templates;

/// Writes a message; it has the escape function of its template.
pub(super) struct MessageHelper(pub(super) fn(&str) -> String);

/// Writes the language of the messages.
pub(super) struct LanguageHelper;

impl HelperDef for MessageHelper {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let key = templates::value(helper)?.as_str().unwrap_or_default();
        let mut words = Vec::new();
        for (name, word) in helper.hash() {
            if word.is_value_missing() {
                let path = word.relative_path().cloned();
                return Err(RenderErrorReason::MissingVariable(path).into());
            }
            let word = word.value().as_str().unwrap_or_default();
            words.push((*name, self.0(word)));
        }
        let words = words.iter().map(|(name, word)| (*name, word.as_str()));
        let message = locale(context).find(key, words);
        let missing = || RenderErrorReason::Other(format!("there is no message `{key}`"));
        Ok(out.write(&message.ok_or_else(missing)?)?)
    }
}

impl HelperDef for LanguageHelper {
    fn call<'reg: 'rc, 'rc>(
        &self,
        _: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        Ok(out.write(locale(context).tag())?)
    }
}

/// The words for the page that a template sees.
fn locale(page: &Context) -> &'static Locale {
    let language = page.data().get("language");
    let language = language.and_then(|language| language.as_str());
    Locale::of(language.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regex::Regex;

    use super::*;
    use crate::render::html;

    /// The templates that people read.
    fn all() -> Vec<(&'static str, &'static str)> {
        let wholes = [
            ("page.html", include_str!("page.html.hbs")),
            ("talk.html", include_str!("talk.html.hbs")),
            ("page.md", include_str!("page.md.hbs")),
        ];
        html::PARTIALS.into_iter().chain(wholes).collect()
    }

    #[test]
    fn every_word_of_a_template_is_a_message() {
        let call = Regex::new(r"\{\{[^}]*\}\}\}?").unwrap();
        let tag = Regex::new(r"<[^>]*>|&[a-z]+;|```").unwrap();
        let spoken = Regex::new(r#"(?:aria-label|alt|placeholder|title)="([^"]*)""#).unwrap();
        let word = Regex::new(r"\p{L}{2,}").unwrap();
        for (name, template) in all() {
            let silent = call.replace_all(template, "");
            let mut texts = vec![tag.replace_all(&silent, " ").into_owned()];
            texts.extend(
                spoken
                    .captures_iter(&silent)
                    .map(|found| found[1].to_owned()),
            );
            for text in texts {
                let found: Vec<&str> = word.find_iter(&text).map(|word| word.as_str()).collect();
                assert!(found.is_empty(), "{name}: {found:?}");
            }
        }
    }

    #[test]
    fn every_message_of_a_template_and_of_a_script_is_there() {
        let called = Regex::new(r#"\{\{t "([a-z0-9-]+)""#).unwrap();
        let mut keys = BTreeSet::new();
        for (_, template) in all() {
            keys.extend(
                called
                    .captures_iter(template)
                    .map(|found| found[1].to_owned()),
            );
        }
        assert!(keys.len() > 40, "{}", keys.len());
        for key in keys {
            assert!(Locale::of("en").find(&key, []).is_some(), "{key}");
        }
        let script = include_str!("html/script.js");
        let messages = html::script_messages("en");
        let named = Regex::new(r#"message\([^"`)]*"([a-z0-9-]+)"(?: : "([a-z0-9-]+)")?"#).unwrap();
        for found in named.captures_iter(script) {
            for key in found.iter().skip(1).flatten() {
                assert!(messages.contains_key(key.as_str()), "{}", key.as_str());
            }
        }
        for key in messages.keys() {
            let is_made = ["heading-", "length-"]
                .iter()
                .any(|made| key.starts_with(made));
            assert!(is_made || script.contains(&format!("\"{key}\"")), "{key}");
        }
    }

    /// Texts of a script that readers would see: of several words, or with a capital letter first.
    #[test]
    fn no_script_has_words_of_its_own() {
        let text = Regex::new(r#""([^"\n]*)"|`([^`\n]*)`"#).unwrap();
        let shown = Regex::new(r"^\p{Lu}\p{Ll}+$|\p{L}{2,} \p{L}{2,}").unwrap();
        let place = Regex::new(r"\$\{[^}]*\}").unwrap();
        // Names of keys, and what browsers know by these names.
        let known = ["Escape", "Arrow", "encrypted-media"];
        for script in ["script.js", "talk.js", "player.js"] {
            let (_, code) = html::ASSETS
                .into_iter()
                .find(|(name, _)| name.ends_with(&format!("/{script}")))
                .unwrap();
            let code: String = code
                .lines()
                .filter(|line| !line.trim().starts_with("//"))
                .collect();
            for found in text.captures_iter(&code) {
                let said = found.iter().skip(1).flatten().next().unwrap().as_str();
                let said = place.replace_all(said, "");
                let is_selector = said.contains(['.', '#', '[']);
                let is_known = known.iter().any(|known| said.contains(known));
                assert!(
                    is_selector || is_known || !shown.is_match(&said),
                    "{script}: {said}"
                );
            }
        }
    }
}
