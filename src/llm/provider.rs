//! What the wire formats have in common: a request goes out as a [`Call`], a body comes back as a
//! [`Completion`].
//!
//! Pure. A provider knows no key, no address and no clock; sending, retries and limits exist once,
//! in the client.

use reqwest::header::{AUTHORIZATION, HeaderName};
use serde_json::Value;

use crate::llm::anthropic::Anthropic;
use crate::llm::dialect::{Dialect, Wire};
use crate::llm::gemini::Gemini;
use crate::llm::ollama::Ollama;
use crate::llm::openai::OpenAi;
use crate::llm::{ChatRequest, Completion, ProviderKind, Usage};

/// What is sent, without the address that it goes to and the key that it goes with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    /// The path under the base address, which may already end with its first part; a leading
    /// `../` leaves the last part of the base.
    pub(super) path: String,
    /// The headers that the wire format wants.
    pub(super) headers: &'static [(&'static str, &'static str)],
    pub(super) body: Body,
}

/// The body of a call, and with it the method.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    /// None: something is asked for with `GET`.
    Nothing,
    /// JSON, with `POST`.
    Json(Value),
}

/// A wire format.
pub(super) trait Provider {
    /// The call for a request, but for the names and fields in which servers differ; `context` is
    /// how many tokens are to fit, where a server lets itself be told.
    fn chat(&self, request: &ChatRequest, dialect: &Dialect, context: u64) -> Call;

    /// What the wire format calls its fields.
    fn wire(&self) -> &'static Wire;

    /// Reads a stored or received body; `None` where it holds no completion.
    fn completion(&self, body: &Value) -> Option<Completion>;

    /// What a body says that it is billed for, be it a completion or not.
    fn usage(&self, body: &Value) -> Option<Usage>;

    /// The header that carries the key, and what stands before the key in it.
    fn key_header(&self) -> (HeaderName, &'static str) {
        (AUTHORIZATION, "Bearer ")
    }

    /// What to ask a server about a model, one after the other until one reply tells.
    fn questions(&self, model: &str) -> Vec<Call>;

    /// How many tokens fit a model's context, if the reply to a question tells.
    fn context_tokens(&self, model: &str, body: &Value) -> Option<u64>;
}

impl ProviderKind {
    pub(super) fn provider(self) -> &'static dyn Provider {
        match self {
            Self::OpenAi => &OpenAi,
            Self::Anthropic => &Anthropic,
            Self::Gemini => &Gemini,
            Self::Ollama => &Ollama,
        }
    }
}

impl Call {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            headers: &[],
            body: Body::Nothing,
        }
    }

    pub(super) fn post(path: impl Into<String>, body: Value) -> Self {
        Self {
            body: Body::Json(body),
            ..Self::get(path)
        }
    }
}

/// A count of tokens in a reply, if it is one. Some servers write it with a decimal point.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is not in this range is no count"
)]
pub(super) fn count(value: &Value) -> Option<u64> {
    const MOST: f64 = 1e15;
    // Some gateways write numbers as texts.
    let written = || value.as_str()?.trim().parse().ok();
    let number = || {
        value
            .as_f64()
            .or_else(written)
            .filter(|number| (0.0..MOST).contains(number))
    };
    value.as_u64().or_else(|| Some(number()?.ceil() as u64))
}

/// The first of these values that is a count.
pub(super) fn first_count(values: &[&Value]) -> Option<u64> {
    values.iter().find_map(|value| count(value))
}

/// What was used, where both sides are told. A server that says that it has cached more than it
/// was sent does not count what it has cached among the prompt.
pub(super) fn usage(
    prompt: Option<u64>,
    cached: Option<u64>,
    completion: Option<u64>,
) -> Option<Usage> {
    let (prompt, cached) = (prompt?, cached.unwrap_or(0));
    let prompt_tokens = if cached > prompt {
        prompt + cached
    } else {
        prompt
    };
    let completion_tokens = completion?;
    // No prompt is empty: a server writes 0 that does not count.
    let is_told = prompt_tokens > 0;
    is_told.then_some(Usage {
        prompt_tokens,
        cached_tokens: cached,
        completion_tokens,
    })
}

/// The call for a request in a dialect, as it is sent.
pub(super) fn call(
    provider: &dyn Provider,
    request: &ChatRequest,
    dialect: &Dialect,
    context: u64,
) -> Call {
    let mut call = provider.chat(request, dialect, context);
    if let Body::Json(body) = call.body {
        call.body = Body::Json(dialect.spell(body, request));
    }
    call
}
