//! The prompts: Handlebars templates, one for each purpose, embedded and overridable.
//!
//! A file of the same name in the catalog's `prompts/` wins. All are compiled and rendered once at
//! start-up, in strict mode, so that a broken template is found before anything is paid for. The
//! part before the line `--- user ---` of the template is the system message, the part after it the user
//! message; no value that is put in can move that border.

pub(crate) mod read_back;
mod trial;

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use handlebars::{Context, Handlebars, RenderError};
use serde::Serialize;
use thiserror::Error;

use crate::fs::{self, FileError};
use crate::limits;
use crate::llm::{Message, Role};
use crate::prompts::trial::try_out;
use crate::templates::{self, TemplateFault};

const SUMMARY: &str = "summary";
const CATEGORY: &str = "category";
const CONDENSE: &str = "condense";
const CATEGORIES: &str = "categories";
const SUPPORT: &str = "support";
const HINT: &str = "hint";
const SUMMARY_CORRECTION: &str = "summary-correction";
const CATEGORY_CORRECTION: &str = "category-correction";
const CATEGORIES_CORRECTION: &str = "categories-correction";
const SUPPORT_CORRECTION: &str = "support-correction";
const BOUNDARY: &str = "\n--- user ---\n";

/// The prompts that the program brings along, by name.
const EMBEDDED: [(&str, &str); 10] = [
    (SUMMARY, include_str!("../prompts/summary.hbs")),
    (CATEGORY, include_str!("../prompts/category.hbs")),
    (CONDENSE, include_str!("../prompts/condense.hbs")),
    (CATEGORIES, include_str!("../prompts/categories.hbs")),
    (SUPPORT, include_str!("../prompts/support.hbs")),
    (HINT, include_str!("../prompts/hint.hbs")),
    (
        SUMMARY_CORRECTION,
        include_str!("../prompts/summary-correction.hbs"),
    ),
    (
        CATEGORY_CORRECTION,
        include_str!("../prompts/category-correction.hbs"),
    ),
    (
        CATEGORIES_CORRECTION,
        include_str!("../prompts/categories-correction.hbs"),
    ),
    (
        SUPPORT_CORRECTION,
        include_str!("../prompts/support-correction.hbs"),
    ),
];

/// The prompts that the program brought along before, by name. What was asked with them and is
/// cached counts as what would be asked today, so none of it is paid for again.
const EARLIER: [(&str, &str); 3] = [
    (SUMMARY, include_str!("../prompts/earlier/summary.hbs")),
    (CONDENSE, include_str!("../prompts/earlier/condense.hbs")),
    (
        SUMMARY_CORRECTION,
        include_str!("../prompts/earlier/summary-correction.hbs"),
    ),
];

/// A field of the reply that a prompt names which asks for quotes.
const QUOTE_FIELD: &str = "first_quote";

/// The files of the embedded prompts as they are called in the folder `prompts`, with their text.
pub(crate) fn embedded() -> impl Iterator<Item = (String, &'static str)> {
    EMBEDDED
        .into_iter()
        .map(|(name, source)| (format!("{name}.hbs"), source))
}

/// What `summary.hbs` sees.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct SummaryView<'a> {
    /// The conference's name.
    pub conference: &'a str,
    /// The name of the language to write in.
    pub language: &'a str,
    pub title: &'a str,
    pub speakers: &'a [String],
    /// The description, empty where there is none.
    pub description: &'a str,
    /// The day of the talk, empty where nobody knows it.
    pub date: &'a str,
    /// The titles of the chapters.
    pub chapters: &'a [String],
    /// Names as they are written at this conference.
    pub terms: &'a [String],
    /// What was said.
    pub transcript: &'a str,
    /// The names in it that were probably misheard, empty where there are none: a line each between
    /// marks, what was heard, an arrow, and the name.
    pub misheard: &'a str,
    /// Whether quotes of what was said are asked for.
    pub quotes: bool,
}

/// What `category.hbs` sees.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct CategoryView<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    /// The description, empty where there is none.
    pub description: &'a str,
    /// The categories in the organizer's order.
    pub categories: Vec<CategoryLine<'a>>,
}

/// What `condense.hbs` sees.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct CondenseView<'a> {
    /// The name of the language to write in.
    pub language: &'a str,
    pub title: &'a str,
    pub speakers: &'a [String],
    /// Names as they are written at this conference.
    pub terms: &'a [String],
    /// How long the notes may be, in words.
    pub words: u64,
    /// What was said in this part.
    pub transcript: &'a str,
    /// The names in it that were probably misheard, as for a summary.
    pub misheard: &'a str,
    /// Whether the notes hold quotes of what was said.
    pub quotes: bool,
}

/// What `support.hbs` sees.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct SupportView<'a> {
    pub title: &'a str,
    pub speakers: &'a [String],
    /// The day of the talk, empty where nobody knows it.
    pub date: &'a str,
    pub first_sentence: &'a str,
    /// What is said around its place, empty where that is not found.
    pub first_passage: &'a str,
    pub second_sentence: &'a str,
    /// The same for the second.
    pub second_passage: &'a str,
}

/// What `hint.hbs` sees.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct HintView<'a> {
    /// What a person wants of the summary.
    pub hint: &'a str,
}

/// What `categories.hbs` sees.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct CategoriesView<'a> {
    /// The conference's name.
    pub conference: &'a str,
    /// The name of the language to write in.
    pub language: &'a str,
    /// How many categories are wanted at least.
    pub least: usize,
    /// And at most.
    pub most: usize,
    /// How many talks a category holds at least.
    pub smallest: usize,
    /// And at most.
    pub largest: usize,
    /// The field of the reply that holds the numbers.
    pub key: &'a str,
    /// Whether the lines are categories that were proposed for parts of the talks.
    pub are_proposals: bool,
    /// The talks, or the proposals.
    pub lines: Vec<NumberedLine<'a>>,
}

/// One talk, or one proposal, in a prompt.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct NumberedLine<'a> {
    /// Its number, from 1 on.
    pub number: usize,
    /// Its title or name.
    pub title: &'a str,
    /// Its summary or description.
    pub text: &'a str,
}

/// One category in a prompt.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CategoryLine<'a> {
    pub name: &'a str,
    /// What belongs into it.
    pub description: &'a str,
}

/// What the prompts for corrections see.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct CorrectionView<'a> {
    /// What was wrong with the reply.
    pub fault: &'a str,
    /// Whether only that is to be mended.
    pub keeps_rest: bool,
}

/// Whether models are asked for quotes of what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    Wanted,
    Unwanted,
}

/// The compiled prompts.
#[derive(Debug)]
pub(crate) struct Prompts {
    templates: Handlebars<'static>,
    /// The line that stands in the compiled templates for the border between the messages.
    border: String,
    sources: Vec<(&'static str, String)>,
    /// The names of those that stand in files of the organizer's.
    own: Vec<&'static str>,
    quotes: Quotes,
    others: OnceLock<Vec<Self>>,
}

/// A prompt that cannot be used.
#[derive(Debug, Error)]
pub(crate) enum PromptError {
    /// The file could not be read.
    #[error("cannot load a prompt")]
    File(#[source] FileError),
    /// The template is malformed, or names a field that does not exist.
    #[error("the prompt `{}` cannot be used", path.display())]
    Broken {
        /// The file, or the name of the embedded template.
        path: PathBuf,
        /// What is wrong, with the line.
        #[source]
        source: TemplateFault,
    },
    /// The template has no user message.
    #[error("the prompt `{}` has no line `--- user ---`", .0.display())]
    NoUserMessage(PathBuf),
}

impl<'a> CorrectionView<'a> {
    /// Something new is wanted.
    fn of(fault: &'a str) -> Self {
        Self {
            fault,
            keeps_rest: false,
        }
    }
}

impl Prompts {
    /// Compiles the prompts; files in `folder` win over the embedded ones, unless they lead out of
    /// what may be read.
    pub(crate) fn load(
        folder: &Path,
        readable: &[PathBuf],
        quotes: Quotes,
    ) -> Result<Self, PromptError> {
        let mut sources = Vec::new();
        let mut own = Vec::new();
        for (name, embedded) in EMBEDDED {
            let path = folder.join(format!("{name}.hbs"));
            let read = fs::read_text_within(&path, limits::TEMPLATE, readable);
            let source = match read.map_err(PromptError::File)? {
                Some(source) => {
                    own.push(name);
                    source
                }
                None => embedded.to_owned(),
            };
            sources.push((name, source.replace("\r\n", "\n")));
        }
        Self::compile(sources, own, quotes, folder)
    }

    fn compile(
        sources: Vec<(&'static str, String)>,
        own: Vec<&'static str>,
        quotes: Quotes,
        folder: &Path,
    ) -> Result<Self, PromptError> {
        let mut prompts = templates::strict_registry(handlebars::no_escape);
        let border = border();
        for (name, source) in &sources {
            let name = *name;
            let path = folder.join(format!("{name}.hbs"));
            let begins_conversation =
                [SUMMARY, CATEGORY, CONDENSE, CATEGORIES, SUPPORT].contains(&name);
            if begins_conversation && !source.contains(BOUNDARY) {
                return Err(PromptError::NoUserMessage(path));
            }
            let broken = |source| PromptError::Broken {
                path: path.clone(),
                source,
            };
            let marked = if begins_conversation {
                source.replace(BOUNDARY, &border)
            } else {
                source.clone()
            };
            templates::register(&mut prompts, name, &marked).map_err(broken)?;
            let checked = templates::check_calls(&prompts, name);
            checked.map_err(|(name, source)| PromptError::Broken {
                path: folder.join(format!("{name}.hbs")),
                source,
            })?;
            try_out(&prompts, name).map_err(|error| broken(error.into()))?;
        }
        Ok(Self {
            templates: prompts,
            border,
            sources,
            own,
            quotes,
            others: OnceLock::new(),
        })
    }

    /// The same prompts as they may have been before: with quotes or without, and as the program
    /// brought them along earlier. A result that was asked for with one of them is as good as one
    /// that would be asked for today. What the organizer wrote is the same in all of them.
    pub(crate) fn others(&self) -> Result<&[Self], PromptError> {
        if let Some(others) = self.others.get() {
            return Ok(others);
        }
        let mut others = Vec::new();
        let earlier = |name: &str| {
            let mut earlier = EARLIER.iter().filter(|(known, _)| *known == name);
            earlier.next().filter(|_| !self.own.contains(&name))
        };
        let was = |(name, source): &(&'static str, String)| match earlier(name) {
            Some((_, earlier)) => (*name, earlier.replace("\r\n", "\n")),
            None => (*name, source.clone()),
        };
        let sources: Vec<_> = self.sources.iter().map(was).collect();
        if sources != self.sources {
            let own = self.own.clone();
            others.push(Self::compile(sources, own, self.quotes, Path::new(""))?);
        }
        if self.names_quotes() {
            others.push(Self {
                templates: self.templates.clone(),
                border: self.border.clone(),
                sources: self.sources.clone(),
                own: self.own.clone(),
                quotes: match self.quotes {
                    Quotes::Wanted => Quotes::Unwanted,
                    Quotes::Unwanted => Quotes::Wanted,
                },
                others: OnceLock::new(),
            });
        }
        Ok(self.others.get_or_init(|| others))
    }

    /// Whether a summary is asked for with quotes. An organizer's prompt that names none gets the
    /// reply that it was written for.
    pub(crate) fn ask_for_quotes(&self) -> bool {
        self.quotes == Quotes::Wanted && self.names_quotes()
    }

    fn names_quotes(&self) -> bool {
        let mut sources = self.sources();
        sources.any(|(name, source)| name == SUMMARY && source.contains(QUOTE_FIELD))
    }

    /// The prompts as they are written, by name.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.sources
            .iter()
            .map(|(name, source)| (*name, source.as_str()))
    }

    /// The conversation that asks for a summary.
    pub(crate) fn summary(&self, view: &SummaryView<'_>) -> Result<Vec<Message>, PromptError> {
        self.conversation(SUMMARY, view)
    }

    /// The conversation that asks for a category.
    pub(crate) fn category(&self, view: &CategoryView<'_>) -> Result<Vec<Message>, PromptError> {
        self.conversation(CATEGORY, view)
    }

    /// The conversation that asks for notes on a part of a transcript.
    pub(crate) fn condense(&self, view: &CondenseView<'_>) -> Result<Vec<Message>, PromptError> {
        self.conversation(CONDENSE, view)
    }

    /// The conversation that asks for a list of categories.
    pub(crate) fn categories(
        &self,
        view: &CategoriesView<'_>,
    ) -> Result<Vec<Message>, PromptError> {
        self.conversation(CATEGORIES, view)
    }

    /// The conversation that asks whether a summary is supported.
    pub(crate) fn support(&self, view: &SupportView<'_>) -> Result<Vec<Message>, PromptError> {
        self.conversation(SUPPORT, view)
    }

    /// What is added to the question for a summary that a person wants otherwise.
    pub(crate) fn hint(&self, hint: &str) -> Result<String, PromptError> {
        self.render(HINT, &HintView { hint })
    }

    /// What is said about a summary that cannot be used.
    pub(crate) fn summary_correction(
        &self,
        view: &CorrectionView<'_>,
    ) -> Result<String, PromptError> {
        self.render(SUMMARY_CORRECTION, view)
    }

    /// What is said about a category that cannot be used.
    pub(crate) fn category_correction(&self, fault: &str) -> Result<String, PromptError> {
        self.render(CATEGORY_CORRECTION, &CorrectionView::of(fault))
    }

    /// What is said about a verdict on a summary that cannot be used.
    pub(crate) fn support_correction(&self, fault: &str) -> Result<String, PromptError> {
        self.render(SUPPORT_CORRECTION, &CorrectionView::of(fault))
    }

    /// What is said about a list of categories that cannot be used.
    pub(crate) fn categories_correction(&self, fault: &str) -> Result<String, PromptError> {
        self.render(CATEGORIES_CORRECTION, &CorrectionView::of(fault))
    }

    fn conversation(&self, name: &str, view: &impl Serialize) -> Result<Vec<Message>, PromptError> {
        let rendered = self.render(name, view)?;
        let parts = rendered.split_once(&self.border);
        let (system, user) = parts.ok_or_else(|| PromptError::NoUserMessage(name.into()))?;
        let messages = [(Role::System, system), (Role::User, user)];
        Ok(messages
            .map(|(role, content)| Message {
                role,
                content: content
                    .replace(self.border.trim(), BOUNDARY.trim())
                    .trim()
                    .to_owned(),
            })
            .into())
    }

    fn render(&self, name: &str, view: &impl Serialize) -> Result<String, PromptError> {
        let broken = |error: RenderError| PromptError::Broken {
            path: name.into(),
            source: error.into(),
        };
        let seen = Context::wraps(view).map_err(broken)?;
        let rendered = templates::render(&self.templates, name, &seen).map_err(broken)?;
        Ok(rendered.trim().to_owned())
    }
}

/// A line that nobody can know who writes a title or a category.
fn border() -> String {
    let nonce = RandomState::new().build_hasher().finish();
    format!("\n--- user {nonce:016x} ---\n")
}

#[cfg(test)]
mod tests;
