//! A request goes out with its key when the limits let it.

use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response};

use super::Client;
use super::answer::EndpointAnswer;
use crate::http::{self, BodyError};
use crate::limits;
use crate::llm::address::{address, is_loopback, redact_url};
use crate::llm::body;
use crate::llm::error::LlmError;
use crate::llm::provider::{Body, Call};
use crate::llm::quota;
use crate::llm::rate_limiter::SentSoFar;
use crate::llm::refusal::meaning::is_overload;

impl Client {
    pub(super) fn request(&self, call: &Call) -> RequestBuilder {
        let address = address(&self.base, &call.path);
        let request = match &call.body {
            Body::Nothing => self.http.get(address),
            Body::Json(body) => self.http.post(address).json(body),
        };
        let with =
            |request: RequestBuilder, (name, value): &(&str, &str)| request.header(*name, *value);
        call.headers.iter().fold(request, with)
    }

    /// Sends a request with its key, when the limits let it, and returns what a success brings.
    pub(super) async fn send(
        &self,
        request: RequestBuilder,
        tokens: u64,
    ) -> Result<EndpointAnswer<Bytes>, LlmError> {
        self.not_stopped()?;
        let key = self.unless_stopped(self.key_header()).await??;
        let in_flight = self.unless_stopped(self.adaptive_limit.enter()).await?;
        let start = self.unless_stopped(self.wait_for_limits(tokens)).await?;
        self.not_stopped()?;
        let response = self.receive(request, key).await?;
        let left = quota::remaining(response.headers(), Timestamp::now());
        self.rate_limiter.observe(start, &left, Instant::now());
        let status = response.status();
        if !status.is_success() {
            let answer = self.failure(response).await;
            // A model that is being loaded has not too much to do.
            if is_overload(status) && !matches!(answer, Err(LlmError::Loading { .. })) {
                in_flight.note_overload();
            }
            return answer;
        }
        in_flight.note_success();
        self.read(response).await.map(EndpointAnswer::Read)
    }

    /// The body of a success, unpacked.
    pub(super) async fn read(&self, response: Response) -> Result<Bytes, LlmError> {
        match http::read_body(response, limits::REPLY).await {
            Ok(bytes) => body::inflate(bytes.into(), limits::REPLY).ok_or(LlmError::TooLarge),
            Err(BodyError::TooLarge { .. }) => Err(LlmError::TooLarge),
            Err(BodyError::Network(error)) => Err(self.network(error)),
        }
    }

    fn not_stopped(&self) -> Result<(), LlmError> {
        if self.permits.is_closed() {
            return Err(LlmError::Stopped);
        }
        Ok(())
    }

    pub(super) async fn receive(
        &self,
        request: RequestBuilder,
        key: HeaderMap,
    ) -> Result<Response, LlmError> {
        // What the catalog says comes last, so that it wins.
        let request = request.headers(key).headers(self.headers.map.clone());
        request.send().await.map_err(|error| self.network(error))
    }

    /// Waits until a request may start; those who came first go first.
    async fn wait_for_limits(&self, tokens: u64) -> SentSoFar {
        let _turn = self.turn.acquire().await;
        while let Some(wait) = self.rate_limiter.wait(Instant::now(), tokens) {
            tokio::time::sleep(wait).await;
        }
        self.rate_limiter.start(Instant::now(), tokens)
    }

    /// Looks whether a request could be made at all, as far as this machine knows.
    pub(crate) async fn ready(&self) -> Result<(), LlmError> {
        self.key_header().await.map(drop)
    }

    pub(super) async fn key_header(&self) -> Result<HeaderMap, LlmError> {
        let carries_secret = self.key.is_wanted() || !self.headers.secrets.is_empty();
        let is_open = self.base.scheme() == "http" && !is_loopback(&self.base);
        if carries_secret && is_open && !self.unencrypted_key {
            let address = redact_url(&self.base);
            return Err(LlmError::KeyUnencrypted { address });
        }
        let mut headers = HeaderMap::new();
        if let Some(key) = self.key.get().await? {
            let (name, scheme) = self.provider.provider().key_header();
            headers.insert(name, key.header(scheme)?);
        }
        Ok(headers)
    }
}
