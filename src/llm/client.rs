//! The one place that sends HTTP: limits, time-outs, retries and the stop of a run live here.
//!
//! What a caller needs is a [`Permit`]; it may then load what the request is about and send it. A
//! passing fault (an overload, a reset, a body cut off) is tried again with back-off and jitter,
//! or when the server says. A rejected key or an empty account is not, and is fatal for the run.

mod models;
pub mod transcription;

use std::cell::Cell;
use std::fmt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use bytes::Bytes;
use futures::future::{self, Either};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::{Host, Url};

use crate::llm::error::LlmError;
use crate::llm::openai::{self, Dialect};
use crate::llm::refusal::{self, Meaning};
use crate::llm::{ChatRequest, ProviderKind};

/// An endpoint that asks for a longer wait costs the talk; the next run asks again.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// A key, never shown.
#[derive(Clone)]
pub struct ApiKey(String);

/// Whether requests carry a key.
#[derive(Debug, Clone)]
pub enum Authorization {
    /// The endpoint wants none.
    None,
    /// Every request carries this one.
    Key(ApiKey),
    /// One is wanted, and the variable that is to hold it is not set.
    Missing {
        /// The variable.
        variable: String,
    },
}

/// What a client is made of.
#[derive(Debug)]
pub struct ClientSettings {
    /// The wire format.
    pub provider: ProviderKind,
    /// Where the endpoint is, up to and without `/chat/completions`.
    pub base_url: Url,
    /// The key.
    pub authorization: Authorization,
    /// How many requests may be under way at once.
    pub concurrency: NonZeroUsize,
    /// How many requests may start within a minute.
    pub requests_per_minute: Option<NonZeroU32>,
    /// How many prompt tokens may be sent within a minute.
    pub tokens_per_minute: Option<NonZeroU32>,
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
    address: Url,
    authorization: Authorization,
    permits: Semaphore,
    stopped: Semaphore,
    requests: Option<DefaultDirectRateLimiter>,
    tokens: Option<(NonZeroU32, DefaultDirectRateLimiter)>,
    first_wait: Duration,
    dialect: Cell<Dialect>,
    announced: Cell<bool>,
    has_waited: Cell<bool>,
}

/// The right to send one request.
#[derive(Debug)]
pub struct Permit<'a>(#[expect(dead_code, reason = "held, not read")] SemaphorePermit<'a>);

impl ApiKey {
    /// A key; white space around it is dropped.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(key.trim().to_owned())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

impl Client {
    /// Sets up a client; nothing is sent yet.
    pub fn new(settings: ClientSettings) -> Result<Self, LlmError> {
        let mut http = reqwest::Client::builder()
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout.min(Duration::from_secs(20)))
            .user_agent(concat!("proceedings/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&settings.base_url) {
            http = http.no_proxy();
        }
        let per_minute = |limit: NonZeroU32| RateLimiter::direct(Quota::per_minute(limit));
        // What may start at once comes on top of what may start in the minute after it.
        let requests = |limit: NonZeroU32| {
            let at_once =
                NonZeroU32::new((limit.get() / 10).max(2)).map_or(limit, |some| some.min(limit));
            RateLimiter::direct(Quota::per_minute(limit).allow_burst(at_once))
        };
        Ok(Self {
            http: http.build().map_err(LlmError::Network)?,
            provider: settings.provider,
            address: address(settings.base_url, "chat/completions"),
            authorization: settings.authorization,
            permits: Semaphore::new(settings.concurrency.get()),
            stopped: Semaphore::new(0),
            requests: settings.requests_per_minute.map(requests),
            tokens: settings
                .tokens_per_minute
                .map(|limit| (limit, per_minute(limit))),
            first_wait: settings.first_wait,
            dialect: Cell::new(Dialect::FULL),
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
        self.address
            .host_str()
            .filter(|_| is_first && !is_loopback(&self.address))
    }

    /// How many tokens fit the model's context, where the endpoint says so.
    #[expect(clippy::unused_async, reason = "the endpoint will be asked")]
    pub async fn context_tokens(&self) -> Option<u64> {
        None
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
    async fn retried(
        &self,
        attempt: impl AsyncFn() -> Result<Value, LlmError>,
        waiting: &dyn Fn(Wait<'_>),
    ) -> Result<Value, LlmError> {
        let mut delays = ExponentialBuilder::default()
            .with_min_delay(self.first_wait)
            .with_max_delay(self.first_wait.saturating_mul(60))
            .with_max_times(5)
            .with_jitter()
            .build();
        let mut tries = 0;
        loop {
            let error = match attempt().await {
                Ok(body) => return Ok(body),
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
        let known = self.dialect.get();
        let mut dialect = known;
        loop {
            self.keep_to_limits(request).await?;
            let result = self.send(&openai::body(request, dialect)).await;
            match result {
                Err(LlmError::Refused {
                    status: status @ (400 | 422),
                    message,
                }) => {
                    let simpler = openai::simpler(dialect, &message);
                    dialect = simpler.ok_or(LlmError::Refused { status, message })?;
                }
                // Only what has worked is remembered: one odd request must not weaken the others.
                Ok(body) if dialect != known => {
                    self.dialect.set(dialect);
                    return Ok(body);
                }
                result => return result,
            }
        }
    }

    async fn keep_to_limits(&self, request: &ChatRequest) -> Result<(), LlmError> {
        if self.permits.is_closed() {
            return Err(LlmError::Stopped);
        }
        let limits = async {
            if let Some(requests) = &self.requests {
                requests.until_ready().await;
            }
            if let Some((limit, tokens)) = &self.tokens {
                let wanted = u32::try_from(request.estimated_tokens()).unwrap_or(u32::MAX);
                let wanted = NonZeroU32::new(wanted)
                    .unwrap_or(NonZeroU32::MIN)
                    .min(*limit);
                // A request larger than the limit of a whole minute waits for a whole minute.
                let ready = tokens.until_n_ready(wanted).await;
                ready.expect("what is wanted is within the limit");
            }
        };
        self.unless_stopped(limits).await
    }

    async fn send(&self, body: &Value) -> Result<Value, LlmError> {
        let bytes = self.reply_to(self.post()?.json(body)).await?;
        let no_completion = || LlmError::NoCompletion {
            start: self.told(&String::from_utf8_lossy(&bytes)),
        };
        let body: Value = serde_json::from_slice(&bytes).map_err(|_| no_completion())?;
        match self.provider.completion(&body) {
            Some(_) => Ok(body),
            None => Err(no_completion()),
        }
    }

    /// A request to the endpoint with its key, and no body yet.
    fn post(&self) -> Result<RequestBuilder, LlmError> {
        let request = self.http.post(self.address.clone());
        Ok(request.headers(self.headers()?))
    }

    /// Sends a request and returns what a success brings, whatever that is.
    async fn reply_to(&self, request: RequestBuilder) -> Result<Bytes, LlmError> {
        let response = request.send().await.map_err(|error| self.network(error))?;
        if !response.status().is_success() {
            return Err(self.failure(response).await);
        }
        response.bytes().await.map_err(|error| self.network(error))
    }

    fn headers(&self) -> Result<HeaderMap, LlmError> {
        let mut headers = HeaderMap::new();
        match &self.authorization {
            Authorization::None => {}
            Authorization::Missing { variable } => {
                return Err(LlmError::KeyMissing {
                    variable: variable.clone(),
                });
            }
            Authorization::Key(ApiKey(key)) => {
                // A key with a line break in it is as good as a rejected one.
                let rejected = LlmError::Unauthorized {
                    provider: self.provider,
                    status: 401,
                };
                let value = HeaderValue::from_str(&format!("Bearer {key}"));
                let mut value = value.map_err(|_| rejected)?;
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
        }
        Ok(headers)
    }

    fn network(&self, error: reqwest::Error) -> LlmError {
        let source = error.without_url();
        if source.is_connect() {
            LlmError::Unreachable {
                address: self.address.to_string(),
                source,
            }
        } else {
            LlmError::Network(source)
        }
    }

    async fn failure(&self, response: Response) -> LlmError {
        let status = response.status();
        let retry_after = refusal::retry_after(response.headers());
        let body = response.text().await.unwrap_or_default();
        let message = self.told(&refusal::message(&body));
        let status_code = status.as_u16();
        match refusal::meaning(status, &body) {
            Meaning::KeyRejected => LlmError::Unauthorized {
                provider: self.provider,
                status: status_code,
            },
            Meaning::AccountEmpty => LlmError::Exhausted { message },
            Meaning::NotThere => LlmError::NotFound {
                address: self.address.to_string(),
                message,
            },
            Meaning::TooLong => LlmError::ContextTooLong { message },
            Meaning::Busy => LlmError::Busy {
                status: status_code,
                message,
                retry_after,
            },
            Meaning::Refused => LlmError::Refused {
                status: status_code,
                message,
            },
        }
    }

    /// The start of what an endpoint says, without the key should it repeat it.
    fn told(&self, text: &str) -> String {
        match &self.authorization {
            Authorization::Key(ApiKey(key)) if !key.is_empty() => {
                refusal::excerpt(&text.replace(key, "…"))
            }
            _ => refusal::excerpt(text),
        }
    }
}

/// Whether an address is on this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn address(mut base: Url, path: &str) -> Url {
    let path = format!("{}/{path}", base.path().trim_end_matches('/'));
    base.set_path(&path);
    base
}

#[cfg(test)]
mod tests;
