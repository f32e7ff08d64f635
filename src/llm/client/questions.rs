//! What the endpoint is asked about itself. The answers are good to know, and nothing depends on them:
//! a question is asked once, briefly, and takes nothing off the limits.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;
use url::Url;

use super::answer::EndpointAnswer;
use super::{Client, Wait};
use crate::encoding;
use crate::llm::error::LlmError;
use crate::llm::models::{self, Offer};
use crate::llm::provider::Call;
use crate::llm::reply_fault::{ReplyFault, reply_fault};

/// How long an answer is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

impl Client {
    /// How many tokens fit the model's context: by the catalog, else by the endpoint, which is
    /// asked once, but no more than a refusal has named; `None` where nobody says.
    pub(crate) async fn context_tokens(&self) -> Option<u64> {
        let known = *self
            .context
            .get_or_init(|| self.context_by_questions())
            .await;
        known.into_iter().chain(self.told_context.get()).min()
    }

    /// The same as far as it is known without asking.
    #[must_use]
    pub(crate) fn known_context(&self) -> Option<u64> {
        let known = self.context.get().copied().flatten();
        known.into_iter().chain(self.told_context.get()).min()
    }

    async fn context_by_questions(&self) -> Option<u64> {
        let provider = self.provider.provider();
        for question in provider.questions(&self.model) {
            // A server that does not know the question is no fault; one that is not there will be
            // found out by the first request.
            let Ok(body) = self.ask(&question).await else {
                continue;
            };
            if let Some(tokens) = provider.context_tokens(&self.model, &body) {
                return Some(tokens);
            }
        }
        None
    }

    /// Whether the endpoint is one that refuses what is too long, and so cuts nothing off.
    pub(crate) fn refuses_for_length(&self) -> bool {
        self.told_context.get().is_some()
    }

    /// Asks for the model, once and for nothing.
    pub(crate) async fn offer(&self) -> Result<Offer, LlmError> {
        let provider = self.provider.provider();
        let mut questions = provider.questions(&self.model).into_iter();
        let Some(question) = questions.next() else {
            return Ok(Offer::Unsaid);
        };
        let key = self.key_header().await?;
        let request = self.request(&question).timeout(PATIENCE);
        let response = self.receive(request, key).await?;
        if !response.status().is_success() {
            return self
                .failure(response)
                .await
                .and_then(EndpointAnswer::or_refused);
        }
        let reply = self.read(response).await?;
        let Ok(body) = encoding::json(&reply) else {
            return match self.no_completion(&reply) {
                page @ LlmError::Page { .. } => Err(page),
                _ => Ok(Offer::Unsaid),
            };
        };
        if let Some(ReplyFault::Error(refusal, status)) = reply_fault(self.provider, &body) {
            let answer = self.answer_to(refusal, status, &HeaderMap::new());
            return answer.and_then(EndpointAnswer::or_refused);
        }
        Ok(models::offer(self.provider, &self.model, &body))
    }

    /// Looks whether requests can be made: with the key, and to an endpoint that is there and serves
    /// us. What else it says is left to the first request, since not all answer questions as well.
    pub(crate) async fn check(&self, waiting: &dyn Fn(Wait<'_>)) -> Result<(), LlmError> {
        let ask = async || {
            let offer = self.unless_stopped(self.offer()).await?;
            match offer {
                Err(
                    error @ (LlmError::KeyMissing { .. }
                    | LlmError::KeyCommand { .. }
                    | LlmError::KeyUnusable(_)
                    | LlmError::Unreachable { .. }
                    | LlmError::Certificate { .. }
                    | LlmError::WrongScheme { .. }
                    | LlmError::NotServedHere { .. }),
                ) => Err(error),
                // Of keys that may not ask for models, 403 is said.
                Err(error @ LlmError::Unauthorized { status, .. })
                    if status != 403 && self.is_at_home() =>
                {
                    Err(error)
                }
                _ => Ok(()),
            }
        };
        let mut retries = self.retries();
        loop {
            match ask().await {
                Ok(()) => return Ok(()),
                Err(error) => retries.wait_after(error, waiting).await?,
            }
        }
    }

    /// Whether the endpoint is the provider's own, whose answers about a key hold for all it is
    /// asked.
    fn is_at_home(&self) -> bool {
        let own = Url::parse(self.provider.default_base_url()).ok();
        own.is_some_and(|own| own.host() == self.base.host())
    }

    /// The reply to a question about the endpoint, which takes nothing off the limits.
    async fn ask(&self, question: &Call) -> Result<Value, LlmError> {
        let key = self.unless_stopped(self.key_header()).await??;
        let request = self.request(question).timeout(PATIENCE);
        let response = self.unless_stopped(self.receive(request, key)).await??;
        let reply = self.read(response).await?;
        encoding::json(&reply).map_err(|_| self.no_completion(&reply))
    }
}
