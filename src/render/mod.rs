//! The page in its formats: for people Handlebars templates over view structs, embedded and
//! overridable; for programs view structs that are serialized.
//!
//! Pure but for reading templates: the same talks give the same bytes. Templates are compiled in
//! strict mode before anything is fetched or paid for, and each format brings its own escape
//! function, since titles, descriptions, captions and replies are untrusted text.

mod anchors;
mod card;
mod classic;
mod common;
pub(crate) mod crawlers;
mod csv;
mod display_title;
pub(crate) mod escape;
pub(crate) mod feed;
mod groups;
pub(crate) mod html;
pub(crate) mod icon;
pub(crate) mod inputs;
mod json;
pub(crate) mod logo;
mod markdown;
pub(crate) mod messages;
pub(crate) mod page;
pub(crate) mod pictures;
pub(crate) mod preview;
pub(crate) mod recognize;
pub(crate) mod similar;
pub(crate) mod talk_pages;
mod trial;

pub(crate) use crate::render::trial::trial;

use std::path::{Path, PathBuf};

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fs::{self, FileError};
use crate::limits;
use crate::render::html::talk::TalkPageView;
use crate::render::html::{Assets, HtmlPage};
use crate::render::page::{Header, Page};
use crate::render::talk_pages::{TalkFolders, TalkPage, talk_pages};
use crate::render::trial::{bare, trial_transcript};
use crate::talk::SummarizedTalk;
use crate::talk::transcript::Transcript;
use crate::templates::{self, TemplateFault};

/// A way of writing the page down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Markdown for GitHub and elsewhere.
    Markdown,
    /// One self-contained file to publish.
    Html,
    /// Markdown exactly as the origin writes it.
    Classic,
    /// The page's data for programs, with where they come from.
    Json,
    /// An Atom feed.
    Feed,
    /// A table for spreadsheets.
    Csv,
}

/// A format that is made with a template.
#[derive(Debug, Clone, Copy)]
enum Template {
    Markdown,
    Html,
    Talk,
    Classic,
}

/// The compiled templates.
#[derive(Debug)]
pub struct Templates {
    markdown: Handlebars<'static>,
    html: Handlebars<'static>,
    talk: Handlebars<'static>,
    assets: Assets,
    classic: Handlebars<'static>,
    /// What they were made of.
    sources: [Vec<Source>; 4],
}

/// The folder of an organizer's own templates.
#[derive(Debug, Clone, Copy)]
struct OwnFiles<'a> {
    folder: &'a Path,
    /// Where a file may be, over all links.
    readable: &'a [PathBuf],
}

/// The name of a template, or of a part of one, and its text.
type Source = (&'static str, String);

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
    pub const ALL: [Self; 6] = [
        Self::Markdown,
        Self::Html,
        Self::Classic,
        Self::Json,
        Self::Feed,
        Self::Csv,
    ];

    /// The name in the catalog and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Classic => "classic",
            Self::Json => "json",
            Self::Feed => "feed",
            Self::Csv => "csv",
        }
    }

    /// The file that the page is written to.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Markdown => "page.md",
            Self::Html => "index.html",
            Self::Classic => "classic.md",
            Self::Json => "page.json",
            Self::Feed => "feed.xml",
            Self::Csv => "page.csv",
        }
    }
}

impl Template {
    fn name(self) -> &'static str {
        match self {
            Self::Markdown => "page.md",
            Self::Html => "page.html",
            Self::Talk => "talk.html",
            Self::Classic => "classic.md",
        }
    }

    fn embedded(self) -> &'static str {
        match self {
            Self::Markdown => include_str!("page.md.hbs"),
            Self::Html => include_str!("page.html.hbs"),
            Self::Talk => include_str!("talk.html.hbs"),
            Self::Classic => include_str!("classic.md.hbs"),
        }
    }

    fn partials(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Html => &html::PARTIALS,
            Self::Talk => &html::talk::PARTIALS,
            Self::Markdown | Self::Classic => &[],
        }
    }

    fn escape(self) -> fn(&str) -> String {
        match self {
            // The cards of the Markdown page are HTML; what is text goes through the helpers.
            Self::Markdown => escape::attribute_in_markdown,
            Self::Html | Self::Talk => escape::html,
            Self::Classic => escape::classic,
        }
    }
}

impl Templates {
    /// The embedded templates alone.
    pub(crate) fn embedded() -> Result<Self, TemplateError> {
        Self::load_over_embedded(None)
    }

    /// Compiles the templates; files in `folder` win over the embedded ones, unless they lead out of
    /// what may be read.
    pub fn load(folder: &Path, readable: &[PathBuf]) -> Result<Self, TemplateError> {
        Self::load_over_embedded(Some(OwnFiles { folder, readable }))
    }

    /// What the page for browsers is made of, as a digest, where that is not all embedded.
    #[must_use]
    pub(crate) fn own_page(&self) -> Option<String> {
        let [_, sources, ..] = &self.sources;
        let embedded = sources_over_embedded(Template::Html, None).ok()?;
        if *sources == embedded && self.assets.are_embedded() {
            return None;
        }
        Some(inputs::digest(&(sources, &self.assets)))
    }

    fn load_over_embedded(own: Option<OwnFiles<'_>>) -> Result<Self, TemplateError> {
        let assets = Assets::load(own).map_err(TemplateError::File)?;
        let load = |template| {
            let sources = sources_over_embedded(template, own)?;
            let folder = own.map_or(Path::new(""), |own| own.folder);
            Ok((compile(template, folder, &sources, &assets)?, sources))
        };
        let (markdown, of_markdown) = load(Template::Markdown)?;
        let (html, of_html) = load(Template::Html)?;
        let (talk, of_talk) = load(Template::Talk)?;
        let (classic, of_classic) = load(Template::Classic)?;
        Ok(Self {
            markdown,
            html,
            talk,
            assets,
            classic,
            sources: [of_markdown, of_html, of_talk, of_classic],
        })
    }

    /// Writes the page in a format.
    pub fn render(
        &self,
        format: Format,
        header: &Header,
        talks: &[&SummarizedTalk],
    ) -> Result<String, TemplateError> {
        match format {
            Format::Markdown => render_markdown(&self.markdown, header, talks),
            Format::Html => render_html(&self.html, &self.assets, header, talks),
            Format::Classic => render_classic(&self.classic, header, talks),
            Format::Json => Ok(json::page(header, talks)),
            Format::Feed => Ok(feed::feed(header, talks)),
            Format::Csv => Ok(csv::table(talks)),
        }
    }

    /// Writes the page of a talk, with what was said in it where that is to be shown.
    pub(crate) fn render_talk(
        &self,
        header: &Header,
        page: &TalkPage<'_>,
        transcript: Option<&Transcript>,
    ) -> Result<String, TemplateError> {
        render_talk(&self.talk, &self.assets, header, page, transcript)
    }
}

/// The parts of a template and then the template itself; files in `folder` win over embedded ones.
fn sources_over_embedded(
    template: Template,
    own: Option<OwnFiles<'_>>,
) -> Result<Vec<Source>, TemplateError> {
    let whole = (template.name(), template.embedded());
    let all = template.partials().iter().copied().chain([whole]);
    let read = all.map(|(name, embedded)| {
        let read = own.map_or(Ok(None), |own| own.read(&file_name(name)));
        let source = read.map_err(TemplateError::File)?;
        let source = source.unwrap_or_else(|| embedded.to_owned());
        Ok((name, source.replace("\r\n", "\n")))
    });
    read.collect()
}

impl OwnFiles<'_> {
    /// The file of a name, where there is one that may be read.
    fn read(&self, name: &str) -> Result<Option<String>, FileError> {
        fs::read_text_within(&self.folder.join(name), limits::TEMPLATE, self.readable)
    }
}

fn compile(
    template: Template,
    folder: &Path,
    sources: &[Source],
    assets: &Assets,
) -> Result<Handlebars<'static>, TemplateError> {
    let mut templates = templates::strict_registry(template.escape());
    templates.register_helper("md", Box::new(Text(escape::markdown)));
    templates.register_helper("text", Box::new(Text(escape::html_in_markdown)));
    messages::register(&mut templates, template.escape());
    for (name, source) in sources {
        let registered = templates::register(&mut templates, name, source);
        registered.map_err(|source| TemplateError::Broken {
            path: folder.join(file_name(name)),
            source,
        })?;
    }
    for (name, _) in sources {
        let checked = templates::check_calls(&templates, name);
        checked.map_err(|(name, source)| TemplateError::Broken {
            path: folder.join(file_name(&name)),
            source,
        })?;
    }
    try_rendering(&templates, template, assets)?;
    let in_one = inline_partials(sources);
    let in_one = templates::register(&mut templates, template.name(), &in_one);
    in_one.map_err(|source| TemplateError::Broken {
        path: folder.join(file_name(template.name())),
        source,
    })?;
    Ok(templates)
}

/// The last of these templates with the parts that it calls in their places, callers before called.
///
/// Handlebars copies all that a part may see each time that it is called, which is the whole page
/// for most of them. Faults have been found before this, where files and lines are told.
fn inline_partials(sources: &[Source]) -> String {
    let Some(((_, whole), parts)) = sources.split_last() else {
        return String::new();
    };
    let mut whole = whole.clone();
    for (name, part) in parts {
        // In a part that is called, `../` counts the call.
        if !part.contains("../") {
            whole = whole.replace(&format!("{{{{> {name}}}}}\n"), part);
        }
    }
    whole
}

/// The files that templates can be in, seen from the folder of templates.
#[must_use]
pub(crate) fn template_files() -> Vec<String> {
    let templates = [
        Template::Markdown,
        Template::Html,
        Template::Talk,
        Template::Classic,
    ];
    let parts = templates
        .iter()
        .flat_map(|template| template.partials().iter().map(|(name, _)| *name));
    let wholes = templates.iter().map(|template| template.name());
    let files = wholes.chain(parts).map(file_name);
    let assets = html::ASSETS.map(|(name, _)| name.to_owned());
    files.chain(assets).collect()
}

/// The file of a template, or of a part of one, seen from the folder of templates.
fn file_name(template: &str) -> String {
    format!("{template}.hbs")
}

/// Renders with everything there and with nothing there, so that every branch is tried.
fn try_rendering(
    templates: &Handlebars<'static>,
    template: Template,
    assets: &Assets,
) -> Result<(), TemplateError> {
    let (header, talks) = trial();
    let talks: Vec<&SummarizedTalk> = talks.iter().collect();
    if let Template::Talk = template {
        let said = trial_transcript();
        for page in talk_pages(&header, &talks) {
            render_talk(templates, assets, &header, &page, Some(&said))?;
        }
        let bare = bare(talks[0]);
        let header = Header {
            talk_pages: Some(TalkFolders::default()),
            ..Header::default()
        };
        for page in talk_pages(&header, &[&bare]) {
            render_talk(templates, assets, &header, &page, None)?;
        }
        return Ok(());
    }
    for (header, talks) in [(&header, &talks[..]), (&Header::default(), &[])] {
        match template {
            Template::Markdown => render_markdown(templates, header, talks)?,
            Template::Html => render_html(templates, assets, header, talks)?,
            Template::Classic | Template::Talk => render_classic(templates, header, talks)?,
        };
    }
    Ok(())
}

/// What templates see is a copy of the page, which is not kept beside it.
fn render_markdown(
    templates: &Handlebars<'static>,
    header: &Header,
    talks: &[&SummarizedTalk],
) -> Result<String, TemplateError> {
    let seen = Context::wraps(Page::new(header, talks));
    render_seen(templates, Template::Markdown, seen)
}

fn render_html(
    templates: &Handlebars<'static>,
    assets: &Assets,
    header: &Header,
    talks: &[&SummarizedTalk],
) -> Result<String, TemplateError> {
    let seen = {
        let page = Page::new(header, talks);
        Context::wraps(HtmlPage::new(header, &page, assets.of_page()))
    };
    render_seen(templates, Template::Html, seen)
}

fn render_classic(
    templates: &Handlebars<'static>,
    header: &Header,
    talks: &[&SummarizedTalk],
) -> Result<String, TemplateError> {
    let seen = Context::wraps(classic::page(header, talks));
    render_seen(templates, Template::Classic, seen)
}

fn render_talk(
    templates: &Handlebars<'static>,
    assets: &Assets,
    header: &Header,
    page: &TalkPage<'_>,
    transcript: Option<&Transcript>,
) -> Result<String, TemplateError> {
    let seen = Context::wraps(TalkPageView::new(
        header,
        page,
        transcript,
        assets.of_talk(),
    ));
    render_seen(templates, Template::Talk, seen)
}

/// Renders a template with what it sees.
fn render_seen(
    templates: &Handlebars<'static>,
    template: Template,
    seen: Result<Context, RenderError>,
) -> Result<String, TemplateError> {
    let page = seen.and_then(|seen| templates::render(templates, template.name(), &seen));
    page.map_err(|error| {
        let name = error.template_name.as_deref().unwrap_or(template.name());
        TemplateError::Broken {
            path: file_name(name).into(),
            source: error.into(),
        }
    })
}

/// A helper that writes a text with an escape function of its own. In a page of Markdown `md` is
/// for text outside of HTML, and `text` for the text of HTML.
struct Text(fn(&str) -> String);

impl HelperDef for Text {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let text = templates::value(helper)?.as_str().unwrap_or_default();
        Ok(out.write(&self.0(text))?)
    }
}
