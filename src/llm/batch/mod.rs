//! The wire formats of batches: lines that ask and lines that answer, what is told of a batch, and where
//! all of it is.
//!
//! Pure, with a file a provider. The body of a line is the body of a request that is sent alone; only
//! `client/batches.rs` sends anything. The lines of `openai.rs` are also what vLLM's `run-batch` and
//! other engines read and write.

mod anthropic;
mod gemini;
mod openai;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use crate::llm::ProviderKind;
use crate::llm::batch::anthropic::AnthropicBatches;
use crate::llm::batch::gemini::GeminiBatches;
use crate::llm::batch::openai::OpenAiBatches;
pub(crate) use crate::llm::batch::openai::{answer_line, request_line};
use crate::llm::dialect::Dialect;
use crate::llm::reply_fault::{ReplyFault, reply_fault};

/// Where a batch is handed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BatchEndpoint {
    /// The wire format.
    pub provider: ProviderKind,
    /// The address, without what may be secret in it.
    pub address: String,
}

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemoteFile {
    pub id: String,
    /// Whether a batch may be made of it. Some endpoints read a file through first.
    pub is_ready: bool,
}

/// A batch as the endpoint tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemoteBatch {
    pub id: String,
    pub status: RemoteStatus,
    /// The name that it was ordered under, where the endpoint tells it.
    pub name: Option<String>,
    /// The file that it was made of, where the endpoint tells it.
    pub input: Option<String>,
    /// The files with replies and errors, as far as there are any.
    pub files: Vec<String>,
    /// Why it was refused: codes and words.
    pub refusals: Vec<String>,
    /// How many requests are through.
    pub through: u64,
    /// How many there are.
    pub total: u64,
    /// Since when it has ended, where the endpoint tells it.
    pub ended_at: Option<Timestamp>,
}

/// How far a batch has come at the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RemoteStatus {
    /// It goes on; in the endpoint's word.
    UnderWay(String),
    /// It was refused, and nothing is paid for.
    Failed,
    /// It ended; what is through is paid for.
    Completed,
    /// Its time was up before all were through; what is through is paid for.
    Expired,
    /// Somebody cancelled it; what is through is paid for.
    Cancelled,
    /// It ended so long ago that its replies are gone.
    Archived,
}

/// A page of the list of batches, the newest first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BatchListPage {
    pub batches: Vec<RemoteBatch>,
    /// What to ask for the next page with, if there is one.
    pub next: Option<String>,
}

/// What is ordered as a batch, and what the batch is found by where the answer is lost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    /// The name that the batch has here.
    pub name: &'a str,
    /// The file of its lines, where they were uploaded before.
    pub file: Option<&'a str>,
    /// How many requests it has.
    pub requests: usize,
    /// The newest batch that the endpoint had before.
    pub newest: Option<&'a str>,
}

/// Whether a batch of the endpoint is the one that was ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It is another.
    Other,
    /// It may be it, as far as anybody can tell.
    Alike,
    /// It is it.
    Same,
}

/// How much one batch may hold, and what may be expected of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchLimits {
    pub requests: usize,
    /// The size of all lines.
    pub bytes: u64,
    /// A batch that was ordered and is not listed after this was not made.
    pub listed_after: SignedDuration,
    /// So long after the end of a batch its replies are there.
    pub kept_for: SignedDuration,
    /// The same in words.
    pub kept_in_words: &'static str,
}

/// How lines come to the endpoint before a batch is ordered.
#[derive(Debug, PartialEq)]
pub(super) enum Upload {
    /// As a file in a form, to this address.
    Form(Url),
    /// As a file that is announced at this address, which says where to send it.
    Announced(Url),
    /// Not at all: the order has them.
    InOrder,
}

/// What is sent to order a batch.
#[derive(Debug, PartialEq)]
pub(super) enum OrderBody {
    /// An object that names the uploaded file.
    Json(Value),
    /// The lines as a list, between these.
    Lines(&'static str, &'static str),
}

/// What a line brings.
#[derive(Debug, PartialEq)]
pub(crate) enum ReplyLine {
    /// It is no JSON object.
    Unreadable,
    /// It is a request.
    Request,
    /// It does not say what it answers.
    WithoutId,
    /// The reply to the request of this id, else why there is none.
    Reply(String, Result<Value, String>),
}

/// The wire format of a provider's batches. The address that a catalog names is `endpoint` everywhere.
pub(super) trait BatchWire {
    /// How much one batch may hold, and what may be expected of it.
    fn limits(&self) -> &'static BatchLimits;

    /// The headers that the wire format wants.
    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The address below which batches are, as records name it.
    fn base(&self, endpoint: &Url) -> Url;

    /// The dialect of requests in a batch, where a request that is sent alone has this one.
    fn dialect(&self, alone: Dialect) -> Dialect {
        alone
    }

    /// A line that asks for this.
    fn request_line(&self, endpoint: &Url, id: &str, body: &Value) -> Vec<u8>;

    /// How lines come to the endpoint.
    fn upload(&self, endpoint: &Url) -> Upload;

    /// Where to ask about an uploaded file.
    fn file(&self, endpoint: &Url, id: &str) -> Url;

    /// What is told of an uploaded file.
    fn read_file(&self, told: &Value) -> Option<RemoteFile>;

    /// Where a batch for a model is ordered, and with what.
    fn order(&self, endpoint: &Url, model: &str, order: &Order<'_>) -> (Url, OrderBody);

    /// Where the batches are listed, from the first or from a later page on.
    fn list(&self, endpoint: &Url, page: Option<&str>) -> Url;

    /// Reads a page of the list.
    fn read_page(&self, told: &Value) -> Option<BatchListPage>;

    /// Whether a listed batch is the one that was ordered.
    fn likeness(&self, listed: &RemoteBatch, order: &Order<'_>) -> Likeness;

    /// Where to ask about a batch.
    fn batch(&self, endpoint: &Url, id: &str) -> Url;

    /// Reads what is told of a batch.
    fn read_batch(&self, told: &Value) -> Option<RemoteBatch>;

    /// Where a file of replies is.
    fn replies(&self, endpoint: &Url, file: &str) -> Url;

    /// Reads a line of replies by the same rules as a reply that comes alone.
    fn reply_line(&self, line: &[u8]) -> ReplyLine;
}

impl ProviderKind {
    /// The wire format of its batches, if it has any.
    pub(super) fn batches(self) -> Option<&'static dyn BatchWire> {
        match self {
            Self::OpenAi => Some(&OpenAiBatches),
            Self::Anthropic => Some(&AnthropicBatches),
            Self::Gemini => Some(&GeminiBatches),
            Self::Ollama => None,
        }
    }
}

/// Reads a line of replies in a provider's format; in that of engines where it has none.
#[must_use]
pub(crate) fn reply_line(provider: ProviderKind, line: &[u8]) -> ReplyLine {
    let wire = provider.batches().unwrap_or(&OpenAiBatches);
    wire.reply_line(line)
}

/// An id, or the name of a file. An empty one means that there is none.
fn id(value: &Value) -> Option<String> {
    let id = value.as_str().filter(|id| !id.is_empty())?;
    Some(id.to_owned())
}

/// A point in time, if it is one.
fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// A body that came as a success, if it holds a reply; else what it says.
fn whole(provider: ProviderKind, body: Value) -> Result<Value, Option<String>> {
    match reply_fault(provider, &body) {
        Some(ReplyFault::Error(refusal, _)) => Err(Some(refusal.message().to_owned())),
        Some(ReplyFault::Empty) => Err(Some("the model sent an empty reply".to_owned())),
        Some(ReplyFault::Loading) => Err(Some("the model was still being loaded".to_owned())),
        None if provider.completion(&body).is_none() => Err(None),
        None => Ok(body),
    }
}

/// What an error says.
fn in_words(error: &Value) -> Option<String> {
    let within = &error["error"]["message"];
    let said = [
        &error["message"],
        within,
        &error["detail"],
        error,
        &error["code"],
    ];
    let said = said.into_iter().find_map(Value::as_str);
    said.filter(|said| !said.is_empty()).map(str::to_owned)
}

/// What is said where a line has neither a reply nor a reason.
const NO_REPLY: &str = "it has no reply";

/// A line of JSON.
fn line(value: &impl serde::Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).expect("our own types serialize");
    line.push(b'\n');
    line
}
