//! A local page on which a conference's talks are read, corrected and approved.
//!
//! `server.rs` speaks HTTP to the browser and knows no talk; `editor.rs` holds the conference and is
//! asked over a channel, one question at a time, so that nothing is shared and no two changes
//! meet. A correction is written into `catalog.toml` before it is shown, and nothing else is ever
//! written but the replies of a model, which `rewrite.rs` has asked beside the editor. Where the conference comes from is the business of whoever opens the editor.

mod approval;
mod change;
mod editor;
mod measure;
mod questions;
mod rewrite;
mod server;
mod split;
mod view;

use thiserror::Error;

use crate::cache::Cache;
use crate::catalog::Catalog;
use crate::catalog::edit::EditError;
use crate::check::Finding;
use crate::render::page::Header;
use crate::render::{TemplateError, Templates};
use crate::report::causes;
use crate::talk::SummarizedTalk;

pub(crate) use crate::review::editor::Editor;
pub(crate) use crate::review::rewrite::{Consent, Rewrite, RewriteAnswer};
pub(crate) use crate::review::server::Server;

/// A conference as it stands in its catalog and its cache.
#[derive(Debug)]
pub(crate) struct Conference {
    pub catalog: Catalog,
    /// Where transcripts are.
    pub cache: Cache,
    /// What the page is made with.
    pub templates: Templates,
    /// What stands over the page.
    pub header: Header,
    /// The talks, one for each entry of the catalog, hidden ones included.
    pub talks: Vec<ReviewedTalk>,
    /// What was found about the conference as a whole.
    pub findings: Vec<Finding>,
}

/// A talk to read.
#[derive(Debug)]
pub(crate) struct ReviewedTalk {
    /// What stands on the page.
    pub talk: SummarizedTalk,
    /// What it lacks.
    pub about_results: Vec<Finding>,
    /// What is doubtful about its words, but for what only its transcript tells.
    pub about_words: Vec<Finding>,
}

/// Whether the page may change the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Access {
    /// It shows, and changes nothing.
    ReadOnly,
    /// What is corrected is written into the catalog.
    Edit,
    /// The same, and these models are asked for other summaries, by their names.
    EditAndAsk { models: Vec<String> },
}

/// Why a conference cannot be read, in words for people.
#[derive(Debug, Clone, Error)]
#[error("{error}")]
pub(crate) struct Trouble {
    pub error: String,
    pub hint: Option<String>,
}

/// Why the page does not get what it asks for.
#[derive(Debug, Error)]
enum Refusal {
    #[error("this review is read-only")]
    ReadOnly,
    #[error(
        "the catalog was changed elsewhere; the page shows it as it is now, and nothing was written"
    )]
    Overtaken,
    #[error("`{0}` is not in the catalog")]
    UnknownTalk(String),
    #[error("`{0}` is none of the categories")]
    UnknownCategory(String),
    #[error("the page shows no `{0}`")]
    UnknownPicture(String),
    #[error("this is not saved: {0}")]
    NotInForm(String),
    #[error("there is no summary yet that could be approved")]
    NothingToApprove,
    #[error("there is no talk to review without findings")]
    NothingClean,
    #[error("both a wrong and a right name are needed")]
    NothingToPutRight,
    #[error("no title was chosen that names its speakers")]
    NothingToSplit,
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("{}", causes(.0))]
    NotWritten(EditError),
    #[error("{}", causes(.0))]
    NotRendered(TemplateError),
    #[error(transparent)]
    Unreadable(#[from] Trouble),
    #[error("this review asks no model")]
    AsksNobody,
    #[error(transparent)]
    NoReply(Trouble),
    #[error("the review has ended")]
    Ended,
}

impl Refusal {
    fn hint(&self) -> Option<String> {
        match self {
            Self::ReadOnly => Some("start it again with `--edit`".to_owned()),
            Self::AsksNobody => Some("start it again with `--edit --ask`".to_owned()),
            Self::Overtaken => Some("look at it and do it again".to_owned()),
            Self::NotInForm(_) => Some("correct it, or save it as it is".to_owned()),
            Self::NothingToApprove => Some("write one, or hide the talk".to_owned()),
            Self::NotWritten(error) => error.hint(),
            Self::Unreadable(trouble) | Self::NoReply(trouble) => trouble.hint.clone(),
            _ => None,
        }
    }
}

impl From<EditError> for Refusal {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Overtaken(_) => Self::Overtaken,
            error => Self::NotWritten(error),
        }
    }
}
