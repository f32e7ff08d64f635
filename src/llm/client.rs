//! The one place that sends requests to models: limits, time-outs, retries and the stop live here.
//!
//! What a caller needs is a [`Permit`]; it may then load what the request is about and send it. A
//! passing fault (an overload, a reset, a body cut off) is tried again with back-off and jitter,
//! or when the server says. A rejected key or an empty account is not, and is fatal for the run.

pub mod questions;
pub mod transcription;

use std::cell::Cell;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use bytes::Bytes;
use futures::future::{self, Either};
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use url::Url;

use crate::http;
use crate::llm::address::{address, is_loopback, shown};
use crate::llm::body;
use crate::llm::dialect::Dialect;
use crate::llm::error::LlmError;
use crate::llm::key::{Authorization, ExtraHeaders, RunKey};
use crate::llm::lanes::Lanes;
use crate::llm::limits::{Limits, Started};
use crate::llm::provider::{Body, Call};
use crate::llm::refusal::{self, Meaning, Refusal};
use crate::llm::{ChatRequest, DEFAULT_CONTEXT_TOKENS, ProviderKind, quota};

/// An endpoint that asks for a longer wait costs the talk; the next run asks again.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// What a client is made of.
#[derive(Debug)]
pub struct ClientSettings {
    /// The wire format.
    pub provider: ProviderKind,
    /// Where the endpoint is, up to and without what the wire format adds.
    pub base_url: Url,
    /// The model's name.
    pub model: String,
    /// The key.
    pub authorization: Authorization,
    /// More headers for every request.
    pub headers: ExtraHeaders,
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
pub struct Wait<'a> {
    /// What went wrong.
    pub error: &'a LlmError,
    /// How long until the next try.
    pub delay: Duration,
    /// Whether it is the first wait of the run.
    pub is_first: bool,
}

/// An endpoint, with its limits. The requests of a run are carried by one thread.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    provider: ProviderKind,
    base: Url,
    model: String,
    key: RunKey,
    headers: ExtraHeaders,
    permits: Semaphore,
    stopped: Semaphore,
    lanes: Lanes,
    limits: Limits,
    turn: Semaphore,
    first_wait: Duration,
    dialect: Cell<Dialect>,
    exploring: Semaphore,
    context: OnceCell<Option<u64>>,
    announced: Cell<bool>,
    has_waited: Cell<bool>,
}

/// The right to be at work on one request. How many of them are sent at once is decided anew for
/// each try: an endpoint that has too much to do gets fewer.
#[derive(Debug)]
pub struct Permit<'a>(#[expect(dead_code, reason = "held, not read")] SemaphorePermit<'a>);

impl Client {
    /// Sets up a client; nothing is sent yet.
    pub fn new(settings: ClientSettings) -> Result<Self, LlmError> {
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
            permits: Semaphore::new(settings.concurrency.get()),
            stopped: Semaphore::new(0),
            lanes: Lanes::new(settings.concurrency),
            limits: Limits::new(settings.requests_per_minute, settings.tokens_per_minute),
            turn: Semaphore::new(1),
            first_wait: settings.first_wait,
            dialect: Cell::new(Dialect::FULL),
            exploring: Semaphore::new(1),
            context: OnceCell::new_with(given),
            announced: Cell::new(false),
            has_waited: Cell::new(false),
        })
    }

    /// Waits for a turn.
    pub async fn permit(&self) -> Result<Permit<'_>, LlmError> {
        let permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| LlmError::Stopped)?;
        Ok(Permit(permit))
    }

    /// Lets nothing new start; what is under way is finished.
    pub fn stop(&self) {
        self.permits.close();
        self.stopped.close();
    }

    /// Waits for something else than the endpoint, unless the run stops meanwhile.
    pub async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, LlmError> {
        let (work, stopped) = (std::pin::pin!(work), std::pin::pin!(self.stopped.acquire()));
        match future::select(work, stopped).await {
            Either::Left((done, _)) => Ok(done),
            Either::Right(_) => Err(LlmError::Stopped),
        }
    }

    /// The host that is about to be sent something for the first time, where it is not this machine.
    pub fn first_use(&self) -> Option<&str> {
        let is_first = !self.announced.replace(true);
        self.base
            .host_str()
            .filter(|_| is_first && !is_loopback(&self.base))
    }

    /// Sends a request and returns the body of the reply, which is one of a completion.
    ///
    /// Passing faults are tried again up to five times; `waiting` hears of every wait.
    pub async fn complete(
        &self,
        _permit: &Permit<'_>,
        request: &ChatRequest,
        waiting: &dyn Fn(Wait<'_>),
    ) -> Result<Value, LlmError> {
        self.retried(async || self.attempt(request).await, waiting)
            .await
    }

    /// Tries until it goes well, the fault is no passing one, or patience is at its end.
    async fn retried<T>(
        &self,
        attempt: impl AsyncFn() -> Result<T, LlmError>,
        waiting: &dyn Fn(Wait<'_>),
    ) -> Result<T, LlmError> {
        let mut delays = ExponentialBuilder::default()
            .with_min_delay(self.first_wait)
            .with_max_delay(self.first_wait.saturating_mul(60))
            .with_max_times(5)
            .with_jitter()
            .build();
        let mut tries = 0;
        loop {
            let error = match attempt().await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            // Where nothing listens at all, nothing will in half a minute either.
            tries += 1;
            let is_hopeless = matches!(error, LlmError::Unreachable { .. }) && tries > 2;
            let may_pass = error.is_passing() && !is_hopeless;
            let Some(delay) = delays.next().filter(|_| may_pass) else {
                return Err(error);
            };
            let delay = error.retry_after().unwrap_or(delay);
            if delay > LONGEST_WAIT {
                return Err(error);
            }
            waiting(Wait {
                error: &error,
                delay,
                is_first: !self.has_waited.replace(true),
            });
            self.unless_stopped(tokio::time::sleep(delay)).await?;
        }
    }

    async fn attempt(&self, request: &ChatRequest) -> Result<Value, LlmError> {
        let provider = self.provider.provider();
        // Ollama has to be told how much is to fit, and others do not care.
        let context = match self.provider {
            ProviderKind::Ollama => self.context_tokens().await,
            _ => None,
        };
        let context = context.unwrap_or(DEFAULT_CONTEXT_TOKENS);
        let mut dialect = self.dialect.get();
        let mut exploring = None;
        loop {
            let call = provider.chat(request, dialect, context);
            match self.completion_for(&call, request).await {
                Err(LlmError::Refused {
                    status: status @ (400 | 422),
                    message,
                }) => {
                    if exploring.is_none() {
                        // One request finds out what the endpoint takes, and the others wait for it.
                        let turn = self.unless_stopped(self.exploring.acquire()).await?;
                        exploring = Some(turn);
                        let found = self.dialect.get();
                        if found != dialect {
                            dialect = found;
                            continue;
                        }
                    }
                    let simpler = provider.simpler(dialect, &message);
                    dialect = simpler.ok_or(LlmError::Refused { status, message })?;
                }
                Ok(body) => {
                    // Only what has worked is remembered: one odd request must not weaken the others.
                    if exploring.is_some() {
                        self.dialect.set(dialect);
                    }
                    return Ok(body);
                }
                result => return result,
            }
        }
    }

    async fn completion_for(&self, call: &Call, request: &ChatRequest) -> Result<Value, LlmError> {
        let bytes = self.send(call, request.estimated_tokens()).await?;
        let no_completion = || LlmError::NoCompletion {
            start: self.told(&String::from_utf8_lossy(&bytes)),
        };
        let body = body::value(&bytes).ok_or_else(no_completion)?;
        match self.provider.completion(&body) {
            Some(_) => Ok(body),
            None => Err(no_completion()),
        }
    }

    async fn send(&self, call: &Call, tokens: u64) -> Result<Bytes, LlmError> {
        self.reply_to(self.request(call), tokens).await
    }

    fn request(&self, call: &Call) -> RequestBuilder {
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
    async fn reply_to(&self, request: RequestBuilder, tokens: u64) -> Result<Bytes, LlmError> {
        if self.permits.is_closed() {
            return Err(LlmError::Stopped);
        }
        let key = self.unless_stopped(self.key_header()).await??;
        let lane = self.unless_stopped(self.lanes.enter()).await?;
        let start = self.unless_stopped(self.allowed(tokens)).await?;
        let response = self.response(request, key).await?;
        let left = quota::left(response.headers(), Timestamp::now());
        self.limits.heard(start, &left, Instant::now());
        let status = response.status();
        if refusal::is_overload(status) {
            lane.was_refused();
        }
        if !status.is_success() {
            return Err(self.failure(response).await);
        }
        lane.succeeded();
        response.bytes().await.map_err(|error| self.network(error))
    }

    async fn response(
        &self,
        request: RequestBuilder,
        key: HeaderMap,
    ) -> Result<Response, LlmError> {
        // What the catalog says comes last, so that it wins.
        let request = request.headers(key).headers(self.headers.map.clone());
        request.send().await.map_err(|error| self.network(error))
    }

    /// Waits until a request may start; those who came first go first.
    async fn allowed(&self, tokens: u64) -> Started {
        let _turn = self.turn.acquire().await;
        while let Some(wait) = self.limits.wait(Instant::now(), tokens) {
            tokio::time::sleep(wait).await;
        }
        self.limits.start(Instant::now(), tokens)
    }

    async fn key_header(&self) -> Result<HeaderMap, LlmError> {
        let mut headers = HeaderMap::new();
        if let Some(key) = self.key.get().await? {
            let (name, scheme) = self.provider.provider().key_header();
            // A key with a line break in it is as good as a rejected one.
            let rejected = LlmError::Unauthorized {
                provider: self.provider,
                status: 401,
            };
            let value = HeaderValue::from_str(&format!("{scheme}{}", key.reveal()));
            let mut value = value.map_err(|_| rejected)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(headers)
    }

    fn network(&self, error: reqwest::Error) -> LlmError {
        let source = error.without_url();
        if source.is_connect() {
            LlmError::Unreachable {
                address: shown(&self.base),
                source,
            }
        } else {
            LlmError::Network(source)
        }
    }

    async fn failure(&self, response: Response) -> LlmError {
        let status = response.status();
        let address = shown(response.url());
        let headers = response.headers().clone();
        let body = response.text().await.unwrap_or_default();
        let refusal = Refusal::new(&body);
        let message = self.told(refusal.message());
        let status_code = status.as_u16();
        if let Some(place) = headers.get(LOCATION).filter(|_| status.is_redirection()) {
            let place = self.told(&String::from_utf8_lossy(place.as_bytes()));
            let message = format!("it has moved to {place}");
            return LlmError::NotFound { address, message };
        }
        match refusal.meaning(status) {
            Meaning::KeyRejected => LlmError::Unauthorized {
                provider: self.provider,
                status: status_code,
            },
            Meaning::AccountEmpty => LlmError::Exhausted { message },
            Meaning::NotThere => LlmError::NotFound { address, message },
            Meaning::NotPulled => LlmError::NotPulled { message },
            Meaning::TooLong => LlmError::ContextTooLong { message },
            Meaning::Busy => LlmError::Busy {
                status: status_code,
                message,
                retry_after: quota::retry_after(&headers, refusal.json(), Timestamp::now()),
            },
            Meaning::Refused => LlmError::Refused {
                status: status_code,
                message,
            },
        }
    }

    /// The start of what an endpoint says, without the secrets should it repeat them.
    fn told(&self, text: &str) -> String {
        let secrets = self.headers.secrets.iter().chain(self.key.known());
        let hidden = secrets.fold(text.to_owned(), |text, secret| secret.hidden_in(&text));
        refusal::excerpt(&hidden)
    }
}

#[cfg(test)]
mod tests;
