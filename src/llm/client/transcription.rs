//! The endpoint that transcribes: the same limits, retries and stop, another path and another body.
//!
//! Every try is an upload and may be paid for, so what has taken too long is not tried again.

use std::cell::Cell;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::answer::EndpointAnswer;
use super::{Client, ClientSettings, Permit, Wait};
use crate::llm::address::address;
use crate::llm::error::LlmError;
use crate::llm::transcription::{self, Detail, TranscriptionRequest};

/// An endpoint that transcribes.
#[derive(Debug)]
pub(crate) struct TranscriptionClient {
    client: Client,
    /// What the endpoint is known to reply.
    detail: Cell<Detail>,
}

/// A recording's sound, in whatever container it came.
#[derive(Debug, Clone)]
pub(crate) struct Audio {
    /// The container's usual extension, such as `webm`.
    pub extension: String,
    /// All of it.
    pub bytes: Bytes,
}

/// Whether a transcription is of use without times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    /// The words are wanted, whenever they were said.
    Welcome,
    /// A part of the recording is to be told from the rest.
    Needed,
}

impl TranscriptionClient {
    /// Sets up a client; nothing is sent yet.
    pub(crate) fn new(settings: ClientSettings) -> Result<Self, LlmError> {
        let client = Client::new(settings)?;
        let detail = Cell::new(Detail::Segments);
        Ok(Self { client, detail })
    }

    /// The limits, the first use and the stop.
    #[must_use]
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Looks whether a request could be made at all, so that nothing is fetched for one in vain.
    pub(crate) async fn ready(&self) -> Result<(), LlmError> {
        self.client.ready().await
    }

    /// Sends a recording and returns the body of the reply, which may be anything that is paid for.
    ///
    /// Passing faults are tried again up to five times; `waiting` hears of every wait.
    pub(crate) async fn transcribe(
        &self,
        _permit: &Permit<'_>,
        request: &TranscriptionRequest,
        audio: &Audio,
        times: Times,
        waiting: &dyn Fn(Wait<'_>),
    ) -> Result<Value, LlmError> {
        let mut retries = self.client.retries();
        loop {
            match self.attempt(request, audio, times).await {
                Ok(body) => {
                    self.client.same_answer.set(None);
                    return Ok(body);
                }
                Err(error) => retries.wait_after(error, waiting).await?,
            }
        }
    }

    async fn attempt(
        &self,
        request: &TranscriptionRequest,
        audio: &Audio,
        times: Times,
    ) -> Result<Value, LlmError> {
        let known = match times {
            Times::Needed => Detail::Segments,
            Times::Welcome => self.detail.get(),
        };
        match self.upload(request, audio, known).await {
            Err(LlmError::Refused {
                status: 400 | 422,
                message,
            }) if known == Detail::Segments
                && times == Times::Welcome
                && transcription::is_about_detail(&message) =>
            {
                let body = self.upload(request, audio, Detail::Words).await?;
                self.detail.set(Detail::Words);
                Ok(body)
            }
            result => result,
        }
    }

    async fn upload(
        &self,
        request: &TranscriptionRequest,
        audio: &Audio,
        detail: Detail,
    ) -> Result<Value, LlmError> {
        let fields = transcription::fields(request, detail).into_iter();
        let form = fields.fold(Form::new(), |form, (name, value)| form.text(name, value));
        // Endpoints tell the container by the name of the file.
        let file = Part::stream(audio.bytes.clone())
            .file_name(format!("audio.{}", audio.extension))
            .mime_str(transcription::media_type(&audio.extension))
            .expect("the media types are well-formed");
        let address = address(&self.client.base, "audio/transcriptions");
        let sent = self
            .client
            .http
            .post(address)
            .multipart(form.part("file", file));
        let answer = self.client.send(sent, 0).await;
        let bytes = match answer.and_then(EndpointAnswer::or_refused) {
            Err(LlmError::Network(source)) if source.is_timeout() => {
                return Err(LlmError::TimedOut(source));
            }
            // A recording has no context to fit into: the file is too large.
            Err(LlmError::ContextTooLong { message, .. }) => {
                let status = StatusCode::PAYLOAD_TOO_LARGE.as_u16();
                return Err(LlmError::Refused { status, message });
            }
            reply => reply?,
        };
        let body = transcription::body(&bytes);
        body.ok_or_else(|| self.client.no_completion(&bytes))
    }
}
