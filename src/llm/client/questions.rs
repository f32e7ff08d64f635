//! What the endpoint is asked about itself. The answers are good to know, and nothing depends on them:
//! a question is asked once, briefly, and takes nothing off the limits.

use std::time::Duration;

use serde_json::Value;

use super::Client;
use crate::llm::error::LlmError;
use crate::llm::models::{self, Offer};
use crate::llm::provider::Call;

/// How long an answer is waited for.
pub const PATIENCE: Duration = Duration::from_secs(10);

impl Client {
    /// How many tokens fit the model's context: by the catalog, else by the endpoint, which is
    /// asked once; `None` where neither says.
    pub async fn context_tokens(&self) -> Option<u64> {
        *self.context.get_or_init(|| self.told_context()).await
    }

    /// The same as far as it is known without asking.
    #[must_use]
    pub fn known_context(&self) -> Option<u64> {
        self.context.get().copied().flatten()
    }

    async fn told_context(&self) -> Option<u64> {
        let provider = self.provider.provider();
        for question in provider.questions(&self.model) {
            // A server that does not know the question is no fault; one that is not there will be
            // found out by the first request.
            let Ok(body) = self.asked(&question).await else {
                continue;
            };
            if let Some(tokens) = provider.context_tokens(&self.model, &body) {
                return Some(tokens);
            }
        }
        None
    }

    /// Asks for the model, once and for nothing.
    pub async fn offer(&self) -> Result<Offer, LlmError> {
        let provider = self.provider.provider();
        let mut questions = provider.questions(&self.model).into_iter();
        let Some(question) = questions.next() else {
            return Ok(Offer::Unsaid);
        };
        let key = self.key_header().await?;
        let request = self.request(&question).timeout(PATIENCE);
        let response = self.response(request, key).await?;
        if !response.status().is_success() {
            return Err(self.failure(response).await);
        }
        let reply = response.bytes().await;
        let reply = reply.map_err(|error| self.network(error))?;
        let body = serde_json::from_slice(&reply).unwrap_or_default();
        Ok(models::offer(self.provider, &self.model, &body))
    }

    /// The reply to a question about the endpoint, which takes nothing off the limits.
    async fn asked(&self, question: &Call) -> Result<Value, LlmError> {
        let key = self.unless_stopped(self.key_header()).await??;
        let request = self.request(question).timeout(PATIENCE);
        let response = self.unless_stopped(self.response(request, key)).await??;
        response.json().await.map_err(|error| self.network(error))
    }
}
