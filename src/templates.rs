//! Handlebars as it is used here, for prompts and pages alike: strict, with faults in our words.
//!
//! A misspelled field is an error wherever it stands, also in a condition, where Handlebars' own
//! strict mode takes it for an empty one. Knows nothing of what is rendered.

mod nesting;

use std::io;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, RenderContext,
    RenderError, RenderErrorReason, Renderable, TemplateError, TemplateErrorReason,
};
use serde_json::Value;
use thiserror::Error;

use crate::limits;

/// An empty set of templates that tolerates no misspelled field; `escape` makes texts harmless.
#[must_use]
pub(crate) fn strict_registry(escape: fn(&str) -> String) -> Handlebars<'static> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_escape_fn(escape);
    templates.register_helper("if", Box::new(Condition { holds_when: true }));
    templates.register_helper("unless", Box::new(Condition { holds_when: false }));
    templates
}

/// Compiles a template and puts it under its name.
pub(crate) fn register(
    templates: &mut Handlebars<'_>,
    name: &str,
    source: &str,
) -> Result<(), TemplateFault> {
    templates.register_template(name, nesting::compile(name, source)?);
    Ok(())
}

/// Looks whether a template comes to an end with all that it calls, which is to be known before it is
/// rendered: one that calls itself would end the program. A fault comes with the name of the template
/// that it is in.
pub(crate) fn check_calls(
    templates: &Handlebars<'_>,
    name: &str,
) -> Result<(), (String, TemplateFault)> {
    nesting::check_calls(templates, name)
}

/// Renders a template with what it sees. One that makes more than [`limits::RENDERED`] is at fault:
/// loops within loops over all talks fill any memory.
pub(crate) fn render(
    templates: &Handlebars<'_>,
    name: &str,
    seen: &Context,
) -> Result<String, RenderError> {
    let mut text = Limited(Vec::new());
    templates.render_with_context_to_write(name, seen, &mut text)?;
    String::from_utf8(text.0).map_err(RenderError::from)
}

/// A text that grows to [`limits::RENDERED`] bytes.
struct Limited(Vec<u8>);

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.0.len() + bytes.len()) as u64 > limits::RENDERED {
            let most = limits::size(limits::RENDERED);
            return Err(io::Error::other(format!("it makes more than {most}")));
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is wrong with a template, and in which line.
#[derive(Debug, Error)]
#[error("line {line}: {fault}")]
pub struct TemplateFault {
    line: usize,
    fault: String,
}

impl TemplateFault {
    fn new(line: usize, fault: String) -> Self {
        Self { line, fault }
    }
}

impl From<TemplateError> for TemplateFault {
    fn from(error: TemplateError) -> Self {
        let fault = match error.reason() {
            // The parser goes on with a list of all that could stand there, in words of its own.
            TemplateErrorReason::InvalidSyntax(_) => "malformed here or just before".to_owned(),
            reason => shorten(&reason.to_string()),
        };
        Self {
            line: error.pos().map_or(1, |(line, _)| line),
            fault,
        }
    }
}

impl From<RenderError> for TemplateFault {
    fn from(error: RenderError) -> Self {
        let fault = match error.reason() {
            RenderErrorReason::MissingVariable(Some(name)) => format!("there is no field `{name}`"),
            RenderErrorReason::IOError(error) => error.to_string(),
            reason => shorten(&reason.to_string()),
        };
        Self {
            line: error.line_no.unwrap_or(1),
            fault,
        }
    }
}

/// The beginning of what is said: it repeats what stands in the template, however long that is.
fn shorten(fault: &str) -> String {
    const MOST: usize = 200;
    match fault.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &fault[..end]),
        None => fault.to_owned(),
    }
}

/// What a helper is called with; a misspelled field is an error.
pub(crate) fn value<'a>(helper: &'a Helper<'_>) -> Result<&'a Value, RenderErrorReason> {
    let field = helper.param(0).ok_or_else(|| {
        RenderErrorReason::Other(format!("`{}` is given no field", helper.name()))
    })?;
    if field.is_value_missing() {
        let name = field.relative_path().cloned();
        return Err(RenderErrorReason::MissingVariable(name));
    }
    Ok(field.value())
}

/// `if` and `unless` as Handlebars has them, but for a misspelled field, which is an error and not
/// the same as an empty one.
struct Condition {
    holds_when: bool,
}

impl HelperDef for Condition {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        templates: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rendering: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let holds = value(helper)?.is_truthy(false) == self.holds_when;
        let branch = if holds {
            helper.template()
        } else {
            helper.inverse()
        };
        branch.map_or(Ok(()), |branch| {
            branch.render(templates, context, rendering, out)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_within_loops_fill_no_memory() {
        let mut templates = strict_registry(handlebars::no_escape);
        let line = "a".repeat(128 << 10);
        let source =
            format!("{{{{#each all}}}}{{{{#each ../all}}}}{line}{{{{/each}}}}{{{{/each}}}}");
        register(&mut templates, "page", &source).unwrap();
        let rendered = |talks: usize| {
            let seen = Context::wraps(serde_json::json!({ "all": vec![0; talks] })).unwrap();
            render(&templates, "page", &seen)
                .map_err(|error| TemplateFault::from(error).to_string())
        };
        assert_eq!(rendered(2).unwrap().len(), 4 * line.len());
        let fault = rendered(64).unwrap_err();
        assert!(fault.ends_with("it makes more than 256 MiB"), "{fault}");
    }
}
