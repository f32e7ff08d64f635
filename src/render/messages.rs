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
pub(super) struct Message(pub(super) fn(&str) -> String);

/// Writes the language of the messages.
pub(super) struct Language;

impl HelperDef for Message {
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

impl HelperDef for Language {
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
