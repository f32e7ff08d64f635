//! What the page asks the desk, and what it gets.

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use tokio::sync::oneshot;

use crate::catalog::edit::EditError;
use crate::render::TemplateError;
use crate::report::causes;
use crate::review::Trouble;
use crate::review::change::{Edit, NameFix};

/// A question of the page, and where the answer goes.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) answer: oneshot::Sender<Result<Answer, Refusal>>,
}

/// What the page asks.
#[derive(Debug)]
pub(super) enum Question {
    Conference,
    Transcript(String),
    Measure(Words),
    Preview(NameFix),
    Edit(Seen<TalkEdit>),
    FixName(Seen<NameFix>),
    Undo(Seen<()>),
    Page,
    /// A picture, by its address seen from the page.
    Picture(String),
}

/// A change, and the revision of the conference that it is meant for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen<T> {
    pub(super) revision: String,
    pub(super) change: T,
}

/// A correction, and the talk that it is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TalkEdit {
    pub(super) talk: String,
    pub(super) edit: Edit,
}

/// Words that may become a talk's summary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) talk: String,
    pub(super) text: String,
}

/// What the page gets.
#[derive(Debug)]
pub(super) enum Answer {
    Json(Value),
    Page(String),
    Picture(Vec<u8>),
}

/// Why the page does not get what it asks for.
#[derive(Debug, Error)]
pub(super) enum Refusal {
    #[error("this review is read-only")]
    ReadOnly,
    #[error("something was changed elsewhere; all is shown as it is now, and nothing was written")]
    Overtaken,
    #[error("`{0}` is not in the catalog")]
    UnknownTalk(String),
    #[error("`{0}` is none of the categories")]
    UnknownCategory(String),
    #[error("the page shows no `{0}`")]
    UnknownPicture(String),
    #[error("this is not saved yet: {0}")]
    NotInForm(String),
    #[error("there is no summary yet that could be approved")]
    NothingToApprove,
    #[error("a misheard name and another one in its place are wanted")]
    NothingToPutRight,
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("{}", causes(.0))]
    NotWritten(EditError),
    #[error("{}", causes(.0))]
    NotRendered(TemplateError),
    #[error(transparent)]
    Unreadable(#[from] Trouble),
    #[error("the review has ended")]
    Ended,
}

impl Refusal {
    /// What to do next.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::ReadOnly => Some("start it again with `--edit`".to_owned()),
            Self::Overtaken => Some("look at it and do it again".to_owned()),
            Self::NotInForm(_) => Some("mend it, or save it as it is".to_owned()),
            Self::NothingToApprove => Some("write one, or hide the talk".to_owned()),
            Self::NotWritten(error) => error.hint(),
            Self::Unreadable(trouble) => trouble.hint.clone(),
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
