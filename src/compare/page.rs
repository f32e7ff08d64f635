//! A comparison as a page: one file of HTML that needs nothing else, and runs nothing.

use serde::Serialize;
use thiserror::Error;

use crate::compare::{Both, Comparison};
use crate::render::escape;
use crate::templates::{self, TemplateFault};

const TEMPLATE: &str = include_str!("page.html.hbs");
const NAME: &str = "comparison";

/// What the page shows above the talks.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Heading {
    /// The conference's name.
    pub title: String,
    /// The language of the page's summaries (BCP 47).
    pub language: String,
    /// The two catalogs.
    pub catalogs: Both<String>,
    /// The settings that differ.
    pub settings: Vec<Setting>,
    /// What it comes to, for both sides or for each.
    pub totals: Vec<Setting>,
    /// The totals of both sides together, a sentence each.
    pub sums: Vec<String>,
}

/// A setting or sum, with what it is on each side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Setting {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub values: Both<String>,
}

/// A page that could not be made.
#[derive(Debug, Error)]
#[error("the page of the comparison cannot be made")]
pub(crate) struct PageError(#[from] TemplateFault);

#[derive(Serialize)]
struct ComparisonView<'a> {
    heading: &'a Heading,
    comparison: &'a Comparison,
}

/// Writes the page.
pub(crate) fn html(heading: &Heading, comparison: &Comparison) -> Result<String, PageError> {
    let mut templates = templates::strict_registry(escape::html);
    let registered = templates.register_template_string(NAME, TEMPLATE.replace("\r\n", "\n"));
    registered.map_err(|error| PageError(error.into()))?;
    let view = ComparisonView {
        heading,
        comparison,
    };
    let page = templates.render(NAME, &view);
    page.map_err(|error| PageError(error.into()))
}
