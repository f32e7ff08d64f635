//! The page in its formats: Handlebars templates over view structs, embedded and overridable.
//!
//! Pure but for reading templates: the same talks give the same bytes. Templates are compiled in
//! strict mode before anything is fetched or paid for, and each format brings its own escape
//! function, since titles, descriptions, captions and replies are untrusted text.

mod classic;
pub(crate) mod escape;
pub(crate) mod html;
mod intro;
pub mod page;
pub mod pictures;

use std::path::{Path, PathBuf};

use handlebars::{
    Context, Handlebars, Helper, Output, RenderContext, RenderError, RenderErrorReason,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fs::{self, FileError};
use crate::render::html::{Assets, HtmlPage};
use crate::render::page::{Header, Home, Page};
use crate::render::pictures::Pictures;
use crate::talk::id::TalkId;
use crate::talk::{Chapter, Choice, Filing, Freshness, Origin, SummarizedTalk, Summary, Talk};
use crate::templates::{self, TemplateFault};

/// A way of writing the page down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Markdown for GitHub and elsewhere.
    Markdown,
    /// One self-contained file to publish.
    Html,
    /// Markdown exactly as the origin writes it.
    Classic,
}

/// The compiled templates.
#[derive(Debug)]
pub struct Templates {
    markdown: Handlebars<'static>,
    html: Handlebars<'static>,
    assets: Assets,
    classic: Handlebars<'static>,
}

/// A page template that cannot be used.
#[derive(Debug, Error)]
pub enum TemplateError {
    /// The file could not be read.
    #[error("cannot load a page template")]
    File(#[source] FileError),
    /// The template is malformed, or names a field that does not exist.
    #[error("the page template `{}` cannot be used", path.display())]
    Broken {
        /// The file, or the name of the embedded template.
        path: PathBuf,
        /// What is wrong, with the line.
        #[source]
        source: TemplateFault,
    },
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Html, Self::Classic];

    /// The name in the catalog and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Classic => "classic",
        }
    }

    /// The file that the page is written to.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Markdown => "page.md",
            Self::Html => "index.html",
            Self::Classic => "classic.md",
        }
    }

    fn template_name(self) -> &'static str {
        match self {
            Self::Markdown => "page.md.hbs",
            Self::Html => "page.html.hbs",
            Self::Classic => "classic.md.hbs",
        }
    }

    fn embedded(self) -> &'static str {
        match self {
            Self::Markdown => include_str!("page.md.hbs"),
            Self::Html => include_str!("page.html.hbs"),
            Self::Classic => include_str!("classic.md.hbs"),
        }
    }

    fn partials(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Html => &html::PARTIALS,
            Self::Markdown | Self::Classic => &[],
        }
    }

    fn escape(self) -> fn(&str) -> String {
        match self {
            // The cards of the Markdown page are HTML, what is not goes through the helper `md`.
            Self::Markdown | Self::Html => escape::html,
            Self::Classic => escape::classic,
        }
    }
}

impl Templates {
    /// Compiles the templates; files in `folder` win over the embedded ones.
    pub fn load(folder: &Path) -> Result<Self, TemplateError> {
        let assets = Assets::load(folder).map_err(TemplateError::File)?;
        Ok(Self {
            markdown: compiled(Format::Markdown, folder, &assets)?,
            html: compiled(Format::Html, folder, &assets)?,
            classic: compiled(Format::Classic, folder, &assets)?,
            assets,
        })
    }

    /// Writes the page in a format.
    pub fn render(
        &self,
        format: Format,
        header: &Header,
        talks: &[SummarizedTalk],
    ) -> Result<String, TemplateError> {
        let templates = match format {
            Format::Markdown => &self.markdown,
            Format::Html => &self.html,
            Format::Classic => &self.classic,
        };
        written(templates, &self.assets, format, header, talks)
    }
}

fn compiled(
    format: Format,
    folder: &Path,
    assets: &Assets,
) -> Result<Handlebars<'static>, TemplateError> {
    let mut templates = templates::strict(format.escape());
    templates.register_helper("md", Box::new(markdown_text));
    let whole = (format.name(), format.embedded());
    for (name, embedded) in format.partials().iter().copied().chain([whole]) {
        let path = folder.join(file_name(format, name));
        let source = match fs::read_to_string(&path) {
            Ok(source) => source,
            Err(error) if error.is_not_found() => embedded.to_owned(),
            Err(error) => return Err(TemplateError::File(error)),
        };
        let source = source.replace("\r\n", "\n");
        let registered = templates.register_template_string(name, source);
        registered.map_err(|error| TemplateError::Broken {
            path,
            source: error.into(),
        })?;
    }
    // With everything there and with nothing there, so that every branch is tried.
    let (header, talks) = trial();
    written(&templates, assets, format, &header, &talks)?;
    written(&templates, assets, format, &Header::default(), &[])?;
    Ok(templates)
}

/// The file of a template, seen from the folder of templates: that of a format, or that of a part.
fn file_name(format: Format, template: &str) -> String {
    if template == format.name() {
        format.template_name().to_owned()
    } else {
        format!("{template}.hbs")
    }
}

fn written(
    templates: &Handlebars<'static>,
    assets: &Assets,
    format: Format,
    header: &Header,
    talks: &[SummarizedTalk],
) -> Result<String, TemplateError> {
    match format {
        Format::Markdown => rendered(templates, format, &Page::new(header, talks)),
        Format::Html => {
            let page = Page::new(header, talks);
            rendered(templates, format, &HtmlPage::new(header, &page, assets))
        }
        Format::Classic => rendered(templates, format, &classic::page(header, talks)),
    }
}

fn rendered(
    templates: &Handlebars<'static>,
    format: Format,
    page: &impl Serialize,
) -> Result<String, TemplateError> {
    templates.render(format.name(), page).map_err(|error| {
        let template = error.template_name.as_deref().unwrap_or(format.name());
        TemplateError::Broken {
            path: file_name(format, template).into(),
            source: error.into(),
        }
    })
}

/// A page on which everything is known that can be known.
fn trial() -> (Header, [SummarizedTalk; 2]) {
    let text = || "text".to_owned();
    let video = "-----------".parse().expect("eleven dashes are an id");
    let talk = Talk {
        id: TalkId {
            video,
            start: Some(0),
        },
        end: Some(60),
        title: text(),
        speakers: vec![text()],
        description: text(),
        date: Some(text()),
        duration: Some(60),
        language: Some(text()),
        chapters: vec![Chapter {
            start: 0,
            title: text(),
        }],
        transcript: None,
    };
    let summary = Summary {
        text: text(),
        origin: Origin::Excerpt,
        freshness: Freshness::Current,
    };
    let header = Header {
        title: text(),
        intro: Some(text()),
        language: text(),
        categories: vec![(text(), text())],
        pictures: Pictures::Linked,
        url: "https://conf.example".parse().ok(),
        home: Some(Home {
            title: text(),
            href: text(),
        }),
    };
    let category = Some(Filing {
        choice: Choice::Category(text()),
        freshness: Freshness::Current,
    });
    let talk = SummarizedTalk {
        talk,
        summary: Some(summary),
        imported_failure: None,
        category,
    };
    let mut other = talk.clone();
    other.talk.language = Some("de".to_owned());
    other.category = None;
    (header, [talk, other])
}

/// The helper `md`: text that stands in Markdown outside of HTML.
fn markdown_text(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> Result<(), RenderError> {
    let param = helper
        .param(0)
        .ok_or(RenderErrorReason::ParamNotFoundForIndex("md", 0))?;
    if param.is_value_missing() {
        let name = param.relative_path().cloned();
        return Err(RenderErrorReason::MissingVariable(name).into());
    }
    let text = param.value().as_str().unwrap_or_default();
    out.write(&escape::markdown(text))?;
    Ok(())
}
