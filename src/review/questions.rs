//! What the page asks the editor, and what it gets.

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::review::Refusal;
use crate::review::change::{Edit, NameFix};

/// A question of the page, and where the answer goes.
#[derive(Debug)]
pub(super) struct PendingQuestion<Q = Question> {
    pub(super) question: Q,
    pub(super) answer: oneshot::Sender<Result<PageAnswer, Refusal>>,
}

/// What the page asks.
#[derive(Debug)]
pub(super) enum Question {
    Conference,
    Transcript(String),
    Measure(SummaryDraft),
    /// How texts differ from the summary that is shown.
    Compare(SummaryDrafts),
    Preview(NameFix),
    Edit(VersionedChange<TalkEdit>),
    FixName(VersionedChange<NameFix>),
    /// Which talks nobody has read yet and nothing is found about.
    ListClean,
    ApproveClean(VersionedChange<()>),
    /// Which titles name their speakers.
    ListSplits,
    /// Splits the titles of these talks, by their ids.
    SplitTitles(VersionedChange<Vec<String>>),
    Undo(VersionedChange<()>),
    Page,
    /// A picture, by its address seen from the page.
    Picture(String),
}

/// A change, and the revision of the conference that it is meant for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionedChange<T> {
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
pub(super) struct SummaryDraft {
    pub(super) talk: String,
    pub(super) text: String,
}

/// Texts, one of which may become a talk's summary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SummaryDrafts {
    pub(super) talk: String,
    pub(super) texts: Vec<String>,
}

/// What the page gets.
#[derive(Debug)]
pub(super) enum PageAnswer {
    Json(Value),
    Page(String),
    Picture(Vec<u8>),
}
