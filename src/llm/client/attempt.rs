//! One try at a request: in the dialect that the endpoint is known to take, and after a refusal in
//! one that gives up what the refusal is about.

use std::borrow::Cow;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::Client;
use super::answer::EndpointAnswer;
use crate::llm::body;
use crate::llm::dialect::{Blame, Dialect};
use crate::llm::error::LlmError;
use crate::llm::provider::{self, Body};
use crate::llm::reply_fault::{ReplyFault, reply_fault};
use crate::llm::{ChatRequest, DEFAULT_CONTEXT_TOKENS, ProviderKind, Usage, room};

/// So many forms of a request are tried. No endpoint refuses more fields than there are.
const MOST_FORMS: usize = 12;

impl Client {
    /// The request with as much room for the reply, and as little effort, as thoughts have been seen
    /// to need in this run; what it can cost is known by this one.
    pub(crate) fn with_room<'a>(&self, request: &'a ChatRequest) -> Cow<'a, ChatRequest> {
        let told = [self.known_context(), self.shared_context.get()];
        let context = told.into_iter().flatten().min();
        let context = context.unwrap_or(DEFAULT_CONTEXT_TOKENS);
        let fits = context.saturating_sub(request.estimated_tokens());
        let room = self.room.get().min(u32::try_from(fits).unwrap_or(u32::MAX));
        let effort = request.tuning.effort.or(self.effort.get());
        if room <= request.parameters.max_tokens && effort == request.tuning.effort {
            return Cow::Borrowed(request);
        }
        let mut roomier = request.clone();
        roomier.parameters.max_tokens = room.max(request.parameters.max_tokens);
        roomier.tuning.effort = effort;
        Cow::Owned(roomier)
    }

    pub(super) async fn attempt(
        &self,
        request: &ChatRequest,
        in_vain: &impl AsyncFn(Usage) -> Result<(), LlmError>,
    ) -> Result<Value, LlmError> {
        let request = &*self.with_room(request);
        let provider = self.provider.provider();
        // Ollama has to be told how much is to fit, and others do not care.
        let context = match self.provider {
            ProviderKind::Ollama => self.context_tokens().await,
            _ => None,
        };
        let context = context.unwrap_or(DEFAULT_CONTEXT_TOKENS);
        let shape = &request.shape.name;
        let mut dialect = self.known_dialect(shape);
        let mut blame = Blame::Form;
        let mut exploring = None;
        for _ in 0..MOST_FORMS {
            let call = provider::call(provider, request, &dialect, context);
            let sent = self.send(self.request(&call), request.estimated_tokens());
            let read = async |bytes: Bytes| self.read_completion(&bytes, in_vain).await;
            let (error, refusal) = match sent.await?.and_then(read).await? {
                EndpointAnswer::Read(body) => {
                    self.known.borrow_mut().note_success(shape, &dialect, blame);
                    self.notice_thoughts(request, &body);
                    return Ok(body);
                }
                EndpointAnswer::Refused(error, refusal) => (error, refusal),
            };
            if let LlmError::ContextTooLong { context, .. } = error {
                let Some(shorter) = dialect.with_shorter_reply(&refusal, request) else {
                    self.told_context.set(context.or(self.told_context.get()));
                    return Err(error);
                };
                self.shared_context
                    .set(context.or(self.shared_context.get()));
                (dialect, blame) = (shorter, Blame::Request);
                continue;
            }
            if exploring.is_none() {
                // One request finds out what the endpoint takes, and the others wait for it.
                let turn = self.unless_stopped(self.exploring.acquire()).await?;
                exploring = Some(turn);
                let found = self.known_dialect(shape);
                if found != dialect {
                    dialect = found;
                    continue;
                }
            }
            let Body::Json(sent) = &call.body else {
                return Err(error);
            };
            let wire = provider.wire();
            if let Some((next, blamed)) = dialect.after(&refusal, wire, sent, request) {
                dialect = next;
                blame = blame.max(blamed);
                continue;
            }
            // Where any talk had a reply, it is this one that is odd.
            let is_first = self.known.borrow().is_nothing();
            match dialect.without_seed(&refusal, wire, sent) {
                Some(next) if is_first => (dialect, blame) = (next, Blame::Form),
                _ => return Err(self.fatal_if_refused_alike(error, &refusal)),
            }
        }
        Err(LlmError::Refused {
            status: StatusCode::BAD_REQUEST.as_u16(),
            message: "no form of the request is accepted".to_owned(),
        })
    }

    pub(super) fn known_dialect(&self, shape: &str) -> Dialect {
        self.known.borrow().of(shape).clone()
    }

    /// Where thoughts used up the limit of a reply, the next ones get more at once; where there is no
    /// more, the model is told to think less, unless the catalog says how much it is to think.
    fn notice_thoughts(&self, request: &ChatRequest, body: &Value) {
        if let Some(roomier) = room::more_room(request, body) {
            let next = roomier.parameters.max_tokens;
            self.room.set(self.room.get().max(next));
        } else if request.tuning.effort.is_none()
            && let Some(easier) = room::less_effort(request, body)
        {
            self.effort.set(easier.tuning.effort);
        }
    }

    /// What a success holds, which is a completion or should have been one.
    async fn read_completion(
        &self,
        bytes: &[u8],
        in_vain: &impl AsyncFn(Usage) -> Result<(), LlmError>,
    ) -> Result<EndpointAnswer<Value>, LlmError> {
        let Some(body) = body::value(bytes) else {
            return self.unreadable(bytes).map(EndpointAnswer::Read);
        };
        let fault = reply_fault(self.provider, &body);
        if fault.is_none() && self.provider.completion(&body).is_some() {
            return Ok(EndpointAnswer::Read(body));
        }
        if fault.is_none() && has_words(&body) {
            return self.unreadable(bytes).map(EndpointAnswer::Read);
        }
        if let Some(usage) = self.provider.provider().usage(&body) {
            in_vain(usage).await?;
        }
        match fault {
            Some(fault) => self.fault(fault),
            None => Err(self.no_completion(bytes)),
        }
    }

    /// A fault in a body that came with success, as what it should have been.
    fn fault(&self, fault: ReplyFault) -> Result<EndpointAnswer<Value>, LlmError> {
        match fault {
            ReplyFault::Empty => Err(LlmError::Empty),
            ReplyFault::Loading => Err(LlmError::Loading {
                message: "it says so in place of a reply".to_owned(),
                retry_after: None,
            }),
            ReplyFault::Error(refusal, status) => {
                self.answer_to(refusal, status, &HeaderMap::new())
            }
        }
    }

    /// A page or nothing at all is nobody's reply, and may be another a little later. Anything else
    /// may be paid for, and is kept as it came.
    fn unreadable(&self, bytes: &[u8]) -> Result<Value, LlmError> {
        let text = String::from_utf8_lossy(bytes);
        let start = text.trim_start();
        if start.is_empty() || start.starts_with('<') {
            return Err(self.no_completion(bytes));
        }
        Ok(Value::String(self.without_secrets(&text)))
    }
}

/// Whether a body has a text that may be a reply, in a place that nobody knows.
fn has_words(body: &Value) -> bool {
    const FEWEST: usize = 8;
    match body {
        Value::String(text) => text.split_whitespace().count() >= FEWEST,
        Value::Array(values) => values.iter().any(has_words),
        Value::Object(fields) => fields.values().any(has_words),
        _ => false,
    }
}
