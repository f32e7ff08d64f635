//! The endpoint's batches: lines are uploaded, a batch is ordered, and files of replies come back. How a
//! provider wants that is said in `llm/batch/`.
//!
//! Only an order costs anything, so it alone is not tried again where the answer was lost: the batch may
//! have been made. Who asks then looks for it ([`BatchClient::find_batch`]). Lines and replies go from
//! disk to disk.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, Write};
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::answer::EndpointAnswer;
use super::{Client, Wait};
use crate::encoding;
use crate::llm::address::redact_url;
use crate::llm::batch::{
    BatchEndpoint, BatchLimits, BatchListPage, BatchWire, Likeness, Order, OrderBody, RemoteBatch,
    Upload,
};
use crate::llm::error::LlmError;
use crate::llm::provider::{self, Body as CallBody};
use crate::llm::{ChatRequest, DEFAULT_CONTEXT_TOKENS};

/// How long a file may be on its way.
const FILE_TIMEOUT: Duration = Duration::from_hours(2);
/// How much of a file is read at once.
const CHUNK: usize = 1 << 18;
/// How often it is looked whether an uploaded file may be used.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How often in all.
const LOOKS: usize = 240;
/// So many pages of batches are looked through for one.
const PAGES: usize = 50;
/// Of what kind lines are.
const LINES: &str = "application/jsonl";

/// Whoever hears of waits.
type OnWait<'w> = &'w dyn Fn(Wait<'_>);

/// An endpoint that has batches.
#[derive(Clone, Copy)]
pub(crate) struct BatchClient<'c> {
    client: &'c Client,
    wire: &'static dyn BatchWire,
}

/// What the list of batches says of one that was ordered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ListedBatch {
    /// This is it.
    One(RemoteBatch),
    /// It is not there.
    Nothing,
    /// Any of several may be it.
    Several,
}

impl Client {
    /// The batches of the endpoint, if its wire format has any.
    #[must_use]
    pub(crate) fn batches(&self) -> Option<BatchClient<'_>> {
        let wire = self.provider.batches()?;
        Some(BatchClient { client: self, wire })
    }
}

impl BatchClient<'_> {
    /// The endpoint.
    #[must_use]
    pub(crate) fn client(&self) -> &Client {
        self.client
    }

    /// Where the endpoint is, as records name it.
    #[must_use]
    pub(crate) fn endpoint(&self) -> BatchEndpoint {
        BatchEndpoint {
            provider: self.client.provider,
            address: redact_url(&self.wire.base(&self.client.base)),
        }
    }

    /// How much one batch may hold, and what may be expected of it.
    #[must_use]
    pub(crate) fn limits(&self) -> &'static BatchLimits {
        self.wire.limits()
    }

    /// The line of a batch that asks for this, as the endpoint has been found to want it.
    #[must_use]
    pub(crate) fn request_line(&self, id: &str, request: &ChatRequest) -> Vec<u8> {
        let request = self.client.with_room(request);
        let known = self.client.known_dialect(&request.shape.name);
        let dialect = self.wire.dialect(known);
        let provider = self.client.provider.provider();
        let call = provider::call(provider, &request, &dialect, DEFAULT_CONTEXT_TOKENS);
        let body = match call.body {
            CallBody::Json(body) => body,
            CallBody::Nothing => Value::Null,
        };
        self.wire.request_line(&self.client.base, id, &body)
    }

    /// Uploads the lines of a batch under a name, and waits until they may be used; returns the id of
    /// the file, if the order is to name one.
    pub(crate) async fn upload_lines(
        &self,
        name: &str,
        lines: &File,
        waiting: OnWait<'_>,
    ) -> Result<Option<String>, LlmError> {
        let upload = self.wire.upload(&self.client.base);
        let upload = async || match &upload {
            Upload::Form(to) => self.upload_in_form(to, name, lines).await.map(Some),
            Upload::Announced(to) => self.upload_announced(to, name, lines).await.map(Some),
            Upload::InOrder => Ok(None),
        };
        match self.patiently(waiting, upload).await? {
            Some(uploaded) => self.until_ready(&uploaded, waiting).await.map(Some),
            None => Ok(None),
        }
    }

    async fn upload_in_form(&self, to: &Url, name: &str, lines: &File) -> Result<Value, LlmError> {
        let body = body_of(from_beginning(lines)?);
        let part = Part::stream_with_length(body, size_of(lines)?);
        let part = part.file_name(format!("{name}.jsonl")).mime_str(LINES);
        let part = part.expect("the media type is well-formed");
        let form = Form::new().text("purpose", "batch").part("file", part);
        let request = self.post(to.clone()).multipart(form);
        self.ask_json(request.timeout(FILE_TIMEOUT)).await
    }

    async fn upload_announced(
        &self,
        at: &Url,
        name: &str,
        lines: &File,
    ) -> Result<Value, LlmError> {
        let size = size_of(lines)?;
        let announcement = json!({ "file": { "displayName": name } });
        let request = self.post(at.clone()).json(&announcement);
        let request = request
            .header("X-Goog-Upload-Protocol", "resumable")
            .header("X-Goog-Upload-Command", "start")
            .header("X-Goog-Upload-Header-Content-Length", size)
            .header("X-Goog-Upload-Header-Content-Type", LINES);
        let answer = self.receive(request).await?;
        let to = answer.headers().get("X-Goog-Upload-URL");
        let to = to.and_then(|to| to.to_str().ok()?.parse().ok());
        let to: Url = to.ok_or_else(|| self.client.no_completion(b"no address to upload to"))?;
        let request = self.post(at_same_host(&to, at));
        let request = request
            .header("X-Goog-Upload-Offset", "0")
            .header("X-Goog-Upload-Command", "upload, finalize")
            .header(CONTENT_LENGTH, size)
            .body(body_of(from_beginning(lines)?));
        self.ask_json(request.timeout(FILE_TIMEOUT)).await
    }

    /// Waits until an uploaded file may be used, and returns its id.
    async fn until_ready(&self, uploaded: &Value, waiting: OnWait<'_>) -> Result<String, LlmError> {
        let mut file = self.told(uploaded, |told| self.wire.read_file(told))?;
        for _ in 0..LOOKS {
            if file.is_ready {
                return Ok(file.id);
            }
            let pause = tokio::time::sleep(LOOK_AGAIN);
            self.client.unless_stopped(pause).await?;
            let at = self.wire.file(&self.client.base, &file.id);
            let told = self.ask_about(&at, waiting).await?;
            file = self.told(&told, |told| self.wire.read_file(told))?;
        }
        Err(LlmError::Refused {
            status: StatusCode::OK.as_u16(),
            message: "the uploaded file is still being processed".to_owned(),
        })
    }

    /// The newest batch of the endpoint, where one that is ordered is known by being newer; none where
    /// nobody lists them.
    pub(crate) async fn newest_batch(
        &self,
        waiting: OnWait<'_>,
    ) -> Result<Option<String>, LlmError> {
        if self.wire.upload(&self.client.base) != Upload::InOrder {
            return Ok(None);
        }
        match self.page(None, waiting).await {
            Ok(page) => Ok(page.batches.into_iter().next().map(|batch| batch.id)),
            Err(error) if error.is_unsupported() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Has a batch made of lines. Where the answer is lost, it may have been made.
    pub(crate) async fn make_batch(
        &self,
        order: &Order<'_>,
        lines: &File,
        waiting: OnWait<'_>,
    ) -> Result<RemoteBatch, LlmError> {
        let (to, body) = self
            .wire
            .order(&self.client.base, &self.client.model, order);
        let make = async || {
            let request = self.post(to.clone());
            let request = request.header("Idempotency-Key", order.name);
            let request = match &body {
                OrderBody::Json(wanted) => request.json(wanted),
                OrderBody::Lines(open, close) => with_lines(request, open, lines, close)?,
            };
            let made = self.ask_json(request).await;
            let made = made.and_then(|made| self.told(&made, |told| self.wire.read_batch(told)));
            // What was refused was not made; anything else is not known.
            made.map_err(|error| match error {
                busy @ LlmError::Busy { status: 429, .. } => busy,
                lost if lost.is_passing() || matches!(lost, LlmError::TooLarge) => {
                    LlmError::AnswerLost {
                        source: Box::new(lost),
                    }
                }
                error => error,
            })
        };
        self.patiently(waiting, make).await
    }

    /// Looks for the batch that was ordered.
    pub(crate) async fn find_batch(
        &self,
        order: &Order<'_>,
        waiting: OnWait<'_>,
    ) -> Result<ListedBatch, LlmError> {
        let mut alike = None;
        let mut at = None;
        for _ in 0..PAGES {
            let BatchListPage { batches, next } = self.page(at.as_deref(), waiting).await?;
            for batch in batches {
                if order.newest == Some(batch.id.as_str()) {
                    return Ok(alike.map_or(ListedBatch::Nothing, ListedBatch::One));
                }
                match self.wire.likeness(&batch, order) {
                    Likeness::Same => return Ok(ListedBatch::One(batch)),
                    Likeness::Alike if alike.is_some() => return Ok(ListedBatch::Several),
                    Likeness::Alike => alike = Some(batch),
                    Likeness::Other => {}
                }
            }
            if next.is_none() || next == at {
                break;
            }
            at = next;
        }
        Ok(alike.map_or(ListedBatch::Nothing, ListedBatch::One))
    }

    async fn page(&self, at: Option<&str>, waiting: OnWait<'_>) -> Result<BatchListPage, LlmError> {
        let list = self.wire.list(&self.client.base, at);
        let told = self.ask_about(&list, waiting).await?;
        self.told(&told, |told| self.wire.read_page(told))
    }

    /// How far a batch has come.
    pub(crate) async fn batch(
        &self,
        id: &str,
        waiting: OnWait<'_>,
    ) -> Result<RemoteBatch, LlmError> {
        let at = self.wire.batch(&self.client.base, id);
        let told = self.ask_about(&at, waiting).await?;
        self.told(&told, |told| self.wire.read_batch(told))
    }

    /// Fetches a file of replies to the end of another one.
    pub(crate) async fn download_lines(
        &self,
        file: &str,
        into: &File,
        waiting: OnWait<'_>,
    ) -> Result<(), LlmError> {
        let begin = size_of(into)?;
        let from = self.wire.replies(&self.client.base, file);
        let fetch = async || {
            // What a try has brought that broke off is brought again.
            into.set_len(begin).map_err(LlmError::Disk)?;
            let request = self.get(from.clone()).timeout(FILE_TIMEOUT);
            let mut response = self.receive(request).await?;
            let mut into = into;
            into.seek(io::SeekFrom::Start(begin))
                .map_err(LlmError::Disk)?;
            let lost = |error| self.client.network(error);
            while let Some(chunk) = response.chunk().await.map_err(lost)? {
                into.write_all(&chunk).map_err(LlmError::Disk)?;
            }
            Ok(())
        };
        self.patiently(waiting, fetch).await
    }

    /// Tries again what passes.
    async fn patiently<T>(
        &self,
        waiting: OnWait<'_>,
        ask: impl AsyncFn() -> Result<T, LlmError>,
    ) -> Result<T, LlmError> {
        let mut retries = self.client.retries();
        loop {
            match ask().await {
                Ok(told) => return Ok(told),
                Err(error) => retries.wait_after(error, waiting).await?,
            }
        }
    }

    fn get(&self, from: Url) -> RequestBuilder {
        self.with_headers(self.client.http.get(from))
    }

    fn post(&self, to: Url) -> RequestBuilder {
        self.with_headers(self.client.http.post(to))
    }

    fn with_headers(&self, request: RequestBuilder) -> RequestBuilder {
        let headers = self.wire.headers().iter();
        headers.fold(request, |request, (name, value)| {
            request.header(*name, *value)
        })
    }

    /// Sends a request with its key, and returns a success before its body is read.
    async fn receive(&self, request: RequestBuilder) -> Result<Response, LlmError> {
        let client = self.client;
        let key = client.unless_stopped(client.key_header()).await??;
        let received = client.unless_stopped(client.receive(request, key));
        let response = received.await??;
        if response.status().is_success() {
            Ok(response)
        } else {
            let refused = client.failure(response).await;
            refused.and_then(EndpointAnswer::or_refused)
        }
    }

    async fn ask_about(&self, at: &Url, waiting: OnWait<'_>) -> Result<Value, LlmError> {
        let ask = async || self.ask_json(self.get(at.clone())).await;
        self.patiently(waiting, ask).await
    }

    async fn ask_json(&self, request: RequestBuilder) -> Result<Value, LlmError> {
        let bytes = self.client.send(request, 0).await?.or_refused()?;
        encoding::json(&bytes).map_err(|_| self.client.no_completion(&bytes))
    }

    /// What an answer says, if it is what was asked for.
    fn told<T>(
        &self,
        answer: &Value,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, LlmError> {
        let unread = || self.client.no_completion(answer.to_string().as_bytes());
        read(answer).ok_or_else(unread)
    }
}

/// An address that an endpoint has told, at the host that it was asked at: what is sent there, and the
/// key, go nowhere else.
fn at_same_host(told: &Url, asked: &Url) -> Url {
    let mut address = asked.clone();
    address.set_path(told.path());
    address.set_query(told.query());
    address
}

/// A request with lines as a JSON list, between what opens it and what closes it.
fn with_lines(
    request: RequestBuilder,
    open: &'static str,
    lines: &File,
    close: &'static str,
) -> Result<RequestBuilder, LlmError> {
    // The end of the last line is no comma.
    let size = size_of(lines)?.saturating_sub(1);
    let listed = Listed(from_beginning(lines)?.take(size));
    let whole = Cursor::new(open).chain(listed).chain(Cursor::new(close));
    let request = request
        .header(CONTENT_TYPE, "application/json")
        .header(CONTENT_LENGTH, size + (open.len() + close.len()) as u64)
        .timeout(FILE_TIMEOUT);
    Ok(request.body(body_of(whole)))
}

/// Lines of JSON with commas for their ends.
struct Listed<R>(R);

impl<R: Read> Read for Listed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(into)?;
        // Within JSON a line never ends.
        for end in into[..read].iter_mut().filter(|byte| **byte == b'\n') {
            *end = b',';
        }
        Ok(read)
    }
}

fn size_of(lines: &File) -> Result<u64, LlmError> {
    let known = lines.metadata().map_err(LlmError::Disk)?;
    Ok(known.len())
}

fn from_beginning(lines: &File) -> Result<File, LlmError> {
    let mut lines = lines.try_clone().map_err(LlmError::Disk)?;
    lines.rewind().map_err(LlmError::Disk)?;
    Ok(lines)
}

/// What is read piece by piece while it is sent.
fn body_of(source: impl Read + Send + 'static) -> Body {
    let pieces = stream::unfold(source, |mut source| async move {
        let mut piece = vec![0; CHUNK];
        let read = source.read(&mut piece);
        match read {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(Bytes::from(piece)), source))
            }
            Err(error) => Some((Err(error), source)),
        }
    });
    Body::wrap_stream(pieces)
}
