//! The one place that sends requests to models: limits, time-outs, retries and the stop live here.
//!
//! What a caller needs is a [`Permit`]; it may then load what the request is about and send it. What
//! passes is tried again (`retrying.rs`), what the endpoint does not take is left out
//! (`attempt.rs`), a request goes out when the limits let it (`sending.rs`), and what is no success
//! is told (`answer.rs`).

mod answer;
mod attempt;
pub(crate) mod batches;
pub(crate) mod questions;
mod retrying;
mod sending;
pub(crate) mod transcription;

use std::cell::{Cell, RefCell};
use std::mem::Discriminant;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use futures::future::{self, Either};
use serde_json::Value;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use url::Url;

use crate::http;
use crate::llm::adaptive_limit::AdaptiveLimit;
use crate::llm::address::is_loopback;
use crate::llm::dialect::known::KnownDialect;
use crate::llm::error::LlmError;
use crate::llm::key::{ApiKey, Authorization, ExtraHeaders, RunKey};
use crate::llm::rate_limiter::RateLimiter;
use crate::llm::{ChatRequest, Effort, ProviderKind, Usage};

/// What a client is made of.
#[derive(Debug)]
pub(crate) struct ClientSettings {
    /// The wire format.
    pub provider: ProviderKind,
    /// Where the endpoint is, up to and without what the wire format adds.
    pub base_url: Url,
    pub model: String,
    /// The key.
    pub authorization: Authorization,
    /// More headers for every request.
    pub headers: ExtraHeaders,
    /// Whether a key may go to another machine over plain http.
    pub unencrypted_key: bool,
    /// How many requests may be under way at once.
    pub concurrency: NonZeroUsize,
    /// How many requests may start within a minute.
    pub requests_per_minute: Option<NonZeroU32>,
    /// How many prompt tokens may be sent within a minute.
    pub tokens_per_minute: Option<NonZeroU32>,
    /// How many tokens fit the model's context, where the catalog says.
    pub context_tokens: Option<NonZeroU32>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long to wait after the first passing fault; doubled each time.
    pub first_wait: Duration,
}

/// Why a request waits.
#[derive(Debug)]
pub(crate) struct Wait<'a> {
    pub error: &'a LlmError,
    /// How long until the next try.
    pub delay: Duration,
    /// Whether it is the first wait of the run, or the first for a model that is being loaded.
    pub is_first: bool,
}

/// Where something is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination<'a> {
    pub host: &'a str,
    /// Where the secrets come from that go along, in words: `the variable OPENAI_API_KEY`.
    pub secrets: Vec<String>,
}

/// An endpoint, with its limits. The requests of a run are carried by one thread.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    provider: ProviderKind,
    base: Url,
    model: String,
    key: RunKey,
    headers: ExtraHeaders,
    unencrypted_key: bool,
    permits: Semaphore,
    stopped: Semaphore,
    adaptive_limit: AdaptiveLimit,
    rate_limiter: RateLimiter,
    turn: Semaphore,
    timeout: Duration,
    first_wait: Duration,
    known: RefCell<KnownDialect>,
    exploring: Semaphore,
    context: OnceCell<Option<u64>>,
    /// What fits by the word of a refusal.
    told_context: Cell<Option<u64>>,
    /// What fits of a prompt and its reply together, by the word of a refusal of a long reply.
    shared_context: Cell<Option<u64>>,
    /// The limit of a reply that thoughts have been seen to need.
    room: Cell<u32>,
    /// How much the model is to think where the catalog does not say, since there is no more room.
    effort: Cell<Option<Effort>>,
    announced: Cell<bool>,
    has_waited: Cell<bool>,
    has_waited_for_loading: Cell<bool>,
    /// How many talks in a row got an answer of this kind.
    same_answer: Cell<Option<(Discriminant<LlmError>, u32)>>,
    /// How many talks in a row were refused in these words.
    refused_alike: RefCell<Option<(String, u32)>>,
}

/// The right to be at work on one request. How many of them are sent at once is decided anew for
/// each try: an endpoint that has too much to do gets fewer.
#[derive(Debug)]
pub(crate) struct Permit<'a>(#[expect(dead_code, reason = "held, not read")] SemaphorePermit<'a>);

impl Client {
    /// Sets up a client; nothing is sent yet.
    pub(crate) fn new(settings: ClientSettings) -> Result<Self, LlmError> {
        let mut http = http::client(settings.timeout);
        if is_loopback(&settings.base_url) {
            http = http.no_proxy();
        }
        let given = settings.context_tokens.map(|n| Some(u64::from(n.get())));
        Ok(Self {
            http: http.build().map_err(LlmError::Network)?,
            provider: settings.provider,
            base: settings.base_url,
            model: settings.model,
            key: RunKey::new(settings.authorization),
            headers: settings.headers,
            unencrypted_key: settings.unencrypted_key,
            permits: Semaphore::new(settings.concurrency.get()),
            stopped: Semaphore::new(0),
            adaptive_limit: AdaptiveLimit::new(settings.concurrency),
            rate_limiter: RateLimiter::new(
                settings.requests_per_minute,
                settings.tokens_per_minute,
            ),
            turn: Semaphore::new(1),
            timeout: settings.timeout,
            first_wait: settings.first_wait,
            known: RefCell::new(KnownDialect::nothing()),
            exploring: Semaphore::new(1),
            context: OnceCell::new_with(given),
            told_context: Cell::new(None),
            shared_context: Cell::new(None),
            room: Cell::new(0),
            effort: Cell::new(None),
            announced: Cell::new(false),
            has_waited: Cell::new(false),
            has_waited_for_loading: Cell::new(false),
            same_answer: Cell::new(None),
            refused_alike: RefCell::new(None),
        })
    }

    /// Waits for a turn.
    pub(crate) async fn permit(&self) -> Result<Permit<'_>, LlmError> {
        let permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| LlmError::Stopped)?;
        Ok(Permit(permit))
    }

    /// Lets nothing new start; what is under way is finished.
    pub(crate) fn stop(&self) {
        self.permits.close();
        self.stopped.close();
    }

    /// Waits for something else than the endpoint, unless the run stops meanwhile.
    pub(crate) async fn unless_stopped<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, LlmError> {
        let (work, stopped) = (std::pin::pin!(work), std::pin::pin!(self.stopped.acquire()));
        match future::select(work, stopped).await {
            Either::Left((done, _)) => Ok(done),
            Either::Right(_) => Err(LlmError::Stopped),
        }
    }

    /// Where something is about to be sent for the first time, unless that is this machine.
    pub(crate) fn first_use(&self) -> Option<Destination<'_>> {
        let is_first = !self.announced.replace(true);
        let host = self.base.host_str();
        let host = host.filter(|_| is_first && !is_loopback(&self.base))?;
        let in_headers = self.headers.secrets.iter().filter_map(ApiKey::source);
        let secrets: Vec<String> = self.key.source().into_iter().chain(in_headers).collect();
        Some(Destination { host, secrets })
    }

    /// Which key is sent, in words, if one is.
    fn key_in_words(&self) -> Option<String> {
        let source = self.key.source();
        let from = |source| format!("the API key from {source}");
        let unknown = || self.key.is_wanted().then(|| "the API key".to_owned());
        let in_headers = || {
            let is_there = !self.headers.secrets.is_empty();
            is_there.then(|| "the key in `headers` of catalog.toml".to_owned())
        };
        source.map(from).or_else(unknown).or_else(in_headers)
    }

    /// Sends a request and returns the body of the reply: one of a completion, or, where what came
    /// cannot be read and may be paid for, a text.
    ///
    /// Passing faults are tried again up to five times, and a model that is being loaded is waited
    /// for; `waiting` hears of every wait, and `in_vain` of every fault that is billed like a reply
    /// and may forbid another try.
    pub(crate) async fn complete(
        &self,
        _permit: &Permit<'_>,
        request: &ChatRequest,
        waiting: &dyn Fn(Wait<'_>),
        in_vain: impl AsyncFn(Usage) -> Result<(), LlmError>,
    ) -> Result<Value, LlmError> {
        let mut retries = self.retries();
        loop {
            match self.attempt(request, &in_vain).await {
                Ok(body) => {
                    self.same_answer.set(None);
                    return Ok(body);
                }
                Err(error) => retries.wait_after(error, waiting).await?,
            }
        }
    }
}

#[cfg(test)]
mod tests;
