//! The endpoint's batches: a file is uploaded, a batch is made of it, and files of replies come back.
//!
//! Only making a batch costs anything, so it alone is not tried again where the answer was lost: it may
//! have been made. Who asks then looks for it ([`Client::find_batch`]). Files go from disk to disk.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::answer::EndpointAnswer;
use super::{Client, Wait};
use crate::encoding;
use crate::llm::ChatRequest;
use crate::llm::address::address;
use crate::llm::batch::{self, Page, RemoteBatch, RemoteFile};
use crate::llm::error::LlmError;

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

/// Whoever hears of waits.
type Waiting<'w> = &'w dyn Fn(Wait<'_>);

impl Client {
    /// The line of a batch that asks for this, as the endpoint has been found to want it.
    #[must_use]
    pub(crate) fn batch_line(&self, id: &str, request: &ChatRequest) -> Vec<u8> {
        let request = self.with_room(request);
        let dialect = self.known_dialect(&request.shape.name);
        batch::request_line_in(&dialect, batch::endpoint(&self.base), id, &request)
    }

    /// Where the endpoint is, as records name it.
    #[must_use]
    pub(crate) fn batches_address(&self) -> String {
        batch::shown_base(&self.base)
    }

    /// Uploads the lines of a batch under a name, and waits until they may be used; returns the id of
    /// the file.
    pub(crate) async fn upload_lines(
        &self,
        name: &str,
        lines: &File,
        waiting: Waiting<'_>,
    ) -> Result<String, LlmError> {
        let upload = async || {
            let part = Part::stream_with_length(body_of(lines)?, size_of(lines)?);
            let part = part.file_name(format!("{name}.jsonl"));
            let part = part.mime_str("application/jsonl");
            let part = part.expect("the media type is well-formed");
            let form = Form::new().text("purpose", "batch").part("file", part);
            let request = self.http.post(self.under_base("files"));
            self.ask_json(request.multipart(form).timeout(FILE_TIMEOUT))
                .await
        };
        let uploaded = self.patiently(waiting, upload).await?;
        let mut file = self.told(&uploaded, RemoteFile::read)?;
        for _ in 0..LOOKS {
            if file.is_ready() {
                return Ok(file.id);
            }
            self.unless_stopped(tokio::time::sleep(LOOK_AGAIN)).await?;
            let path = format!("files/{}", file.id);
            let ask = async || self.ask_json(self.http.get(self.under_base(&path))).await;
            file = self.told(&self.patiently(waiting, ask).await?, RemoteFile::read)?;
        }
        Err(LlmError::Refused {
            status: StatusCode::OK.as_u16(),
            message: "the uploaded file is still being processed".to_owned(),
        })
    }

    /// Has a batch made of an uploaded file. Where the answer is lost, it may have been made.
    pub(crate) async fn make_batch(
        &self,
        name: &str,
        file: &str,
        waiting: Waiting<'_>,
    ) -> Result<RemoteBatch, LlmError> {
        let wanted = json!({
            "input_file_id": file,
            "endpoint": batch::endpoint(&self.base),
            "completion_window": "24h",
            "metadata": { "proceedings": name },
        });
        let make = async || {
            let request = self.http.post(self.under_base("batches"));
            let request = request.header("Idempotency-Key", name).json(&wanted);
            let made = self.ask_json(request).await;
            // What was refused was not made; anything else is not known.
            made.map_err(|error| match error {
                busy @ LlmError::Busy { status: 429, .. } => busy,
                lost if lost.is_passing() => LlmError::AnswerLost {
                    source: Box::new(lost),
                },
                error => error,
            })
        };
        let made = self.patiently(waiting, make).await?;
        self.told(&made, RemoteBatch::read)
    }

    /// Looks for the batch that was made of a file.
    pub(crate) async fn find_batch(
        &self,
        file: &str,
        waiting: Waiting<'_>,
    ) -> Result<Option<RemoteBatch>, LlmError> {
        let mut after: Option<String> = None;
        for _ in 0..PAGES {
            let ask = async || {
                let mut list = self.under_base("batches");
                list.query_pairs_mut().append_pair("limit", "100");
                if let Some(after) = &after {
                    list.query_pairs_mut().append_pair("after", after);
                }
                self.ask_json(self.http.get(list)).await
            };
            let page = self.patiently(waiting, ask).await?;
            let Page { batches, more } = self.told(&page, Page::read)?;
            let last = batches.last().map(|batch| batch.id.clone());
            let found = batches
                .into_iter()
                .find(|batch| batch.input.as_deref() == Some(file));
            if found.is_some() || !more || last.is_none() || last == after {
                return Ok(found);
            }
            after = last;
        }
        Ok(None)
    }

    /// How far a batch has come.
    pub(crate) async fn batch(
        &self,
        id: &str,
        waiting: Waiting<'_>,
    ) -> Result<RemoteBatch, LlmError> {
        let path = format!("batches/{id}");
        let ask = async || self.ask_json(self.http.get(self.under_base(&path))).await;
        let told = self.patiently(waiting, ask).await?;
        self.told(&told, RemoteBatch::read)
    }

    /// Fetches a file of replies to the end of another one.
    pub(crate) async fn download_lines(
        &self,
        id: &str,
        into: &File,
        waiting: Waiting<'_>,
    ) -> Result<(), LlmError> {
        let begin = size_of(into)?;
        let path = format!("files/{id}/content");
        let fetch = async || {
            // What a try has brought that broke off is brought again.
            into.set_len(begin).map_err(LlmError::Disk)?;
            let request = self.http.get(self.under_base(&path)).timeout(FILE_TIMEOUT);
            let key = self.unless_stopped(self.key_header()).await??;
            let mut response = self.unless_stopped(self.receive(request, key)).await??;
            if !response.status().is_success() {
                return self
                    .failure(response)
                    .await
                    .and_then(EndpointAnswer::or_refused);
            }
            let mut into = into;
            into.seek(io::SeekFrom::Start(begin))
                .map_err(LlmError::Disk)?;
            while let Some(chunk) = response
                .chunk()
                .await
                .map_err(|error| self.network(error))?
            {
                into.write_all(&chunk).map_err(LlmError::Disk)?;
            }
            Ok(())
        };
        self.patiently(waiting, fetch).await
    }

    /// Tries again what passes.
    async fn patiently<T>(
        &self,
        waiting: Waiting<'_>,
        ask: impl AsyncFn() -> Result<T, LlmError>,
    ) -> Result<T, LlmError> {
        let mut retries = self.retries();
        loop {
            match ask().await {
                Ok(told) => return Ok(told),
                Err(error) => retries.wait_after(error, waiting).await?,
            }
        }
    }

    async fn ask_json(&self, request: RequestBuilder) -> Result<Value, LlmError> {
        let bytes = self.send(request, 0).await?.or_refused()?;
        encoding::json(&bytes).map_err(|_| self.no_completion(&bytes))
    }

    /// What an answer says, if it is what was asked for.
    fn told<T>(
        &self,
        answer: &Value,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, LlmError> {
        read(answer).ok_or_else(|| self.no_completion(answer.to_string().as_bytes()))
    }

    fn under_base(&self, path: &str) -> reqwest::Url {
        address(&batch::base(&self.base), path)
    }
}

fn size_of(file: &File) -> Result<u64, LlmError> {
    let known = file.metadata().map_err(LlmError::Disk)?;
    Ok(known.len())
}

/// A file from its beginning, read piece by piece while it is sent.
fn body_of(lines: &File) -> Result<Body, LlmError> {
    let mut lines = lines.try_clone().map_err(LlmError::Disk)?;
    lines.rewind().map_err(LlmError::Disk)?;
    let pieces = stream::unfold(lines, |mut lines| async move {
        let mut piece = vec![0; CHUNK];
        let read = lines.read(&mut piece);
        match read {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(Bytes::from(piece)), lines))
            }
            Err(error) => Some((Err(error), lines)),
        }
    });
    Ok(Body::wrap_stream(pieces))
}
