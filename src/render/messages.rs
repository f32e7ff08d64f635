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

/// Lets a template write messages, with its own escape function for words of others in them.
pub(crate) fn register(templates: &mut Handlebars<'_>, escape: fn(&str) -> String) {
    templates.register_helper("t", Box::new(MessageHelper(escape)));
    templates.register_helper("lang", Box::new(LanguageHelper));
}

/// Writes a message; it has the escape function of its template.
struct MessageHelper(fn(&str) -> String);

/// Writes the language of the messages.
struct LanguageHelper;

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
pub(crate) mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

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

    /// The words that a template has of its own.
    pub(crate) fn own_words(template: &str) -> Vec<String> {
        let call = Regex::new(r"\{\{[^}]*\}\}\}?").unwrap();
        let tag = Regex::new(r"<[^>]*>|&[a-z]+;|```").unwrap();
        let spoken = Regex::new(r#"(?:aria-label|alt|placeholder|title)="([^"]*)""#).unwrap();
        let word = Regex::new(r"\p{L}{2,}").unwrap();
        let silent = call.replace_all(template, "");
        let mut texts = vec![tag.replace_all(&silent, " ").into_owned()];
        texts.extend(
            spoken
                .captures_iter(&silent)
                .map(|found| found[1].to_owned()),
        );
        let words = texts.iter().flat_map(|text| word.find_iter(text));
        words.map(|word| word.as_str().to_owned()).collect()
    }

    /// The messages that a template calls for.
    pub(crate) fn called(template: &str) -> BTreeSet<String> {
        let call = Regex::new(r#"\{\{t "([a-z0-9-]+)""#).unwrap();
        let found = call.captures_iter(template);
        found.map(|found| found[1].to_owned()).collect()
    }

    /// The messages that a script shows by their names.
    pub(crate) fn shown(script: &str) -> BTreeSet<String> {
        let named = Regex::new(
            r#"(?:message|Words\.counted|counted)\([^"`)]*"([a-z0-9-]+)"(?: : "([a-z0-9-]+)")?"#,
        )
        .unwrap();
        let found = named.captures_iter(script);
        let keys = found.flat_map(|found| {
            let keys = found.iter().skip(1).flatten();
            keys.map(|key| key.as_str().to_owned()).collect::<Vec<_>>()
        });
        keys.collect()
    }

    /// Texts of a script that readers would see: of several words, or with a capital letter first.
    pub(crate) fn own_texts(script: &str) -> Vec<String> {
        let text = Regex::new(r#""([^"\n]*)"|`([^`\n]*)`"#).unwrap();
        let shown = Regex::new(r"^\p{Lu}\p{Ll}+$|\p{L}{2,} \p{L}{2,}").unwrap();
        let place = Regex::new(r"\$\{[^}]*\}").unwrap();
        // Names of keys, and what browsers know by these names.
        let known = ["Escape", "Arrow", "encrypted-media", "use strict"];
        let code: String = script
            .lines()
            .filter(|line| !line.trim().starts_with("//"))
            .collect();
        let texts = text.captures_iter(&code).filter_map(|found| {
            let said = found.iter().skip(1).flatten().next()?.as_str();
            let said = place.replace_all(said, "").into_owned();
            let is_selector = said.contains(['.', '#', '[']);
            let is_known = known.iter().any(|known| said.contains(known));
            (!is_selector && !is_known && shown.is_match(&said)).then_some(said)
        });
        texts.collect()
    }

    #[test]
    fn every_word_of_a_template_is_a_message() {
        for (name, template) in all() {
            assert_eq!(own_words(template), [""; 0], "{name}");
        }
        let planted = "<p>{{t \"link\"}} <b title=\"Spoken\">Seen</b></p>";
        assert_eq!(own_words(planted), ["Seen", "Spoken"]);
    }

    #[test]
    fn every_message_of_a_template_and_of_a_script_is_there() {
        let keys: BTreeSet<String> = all()
            .iter()
            .flat_map(|(_, template)| called(template))
            .collect();
        assert!(keys.len() > 40, "{}", keys.len());
        for key in keys {
            assert!(Locale::of("en").find(&key, []).is_some(), "{key}");
        }
        let script = include_str!("html/script.js");
        let messages = html::script_messages("en");
        for key in shown(script) {
            assert!(messages.contains_key(&*key), "{key}");
        }
        for key in messages.keys() {
            let is_made = ["heading-", "length-"]
                .iter()
                .any(|made| key.starts_with(made));
            assert!(is_made || script.contains(&format!("\"{key}\"")), "{key}");
        }
    }

    #[test]
    fn no_script_has_words_of_its_own() {
        let is_script = |name: &str| Path::new(name).extension().is_some_and(|kind| kind == "js");
        let scripts = html::ASSETS.into_iter();
        for (name, script) in scripts.filter(|(name, _)| is_script(name)) {
            assert_eq!(own_texts(script), [""; 0], "{name}");
        }
        let planted = "say(\"Loading\"); say(`${count} talks found`); open(\".card\");";
        assert_eq!(own_texts(planted), ["Loading", " talks found"]);
    }
}
