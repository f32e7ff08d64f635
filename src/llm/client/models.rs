//! Asks an endpoint for the list of its models: one request, tried once, that costs nothing.

use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use url::Url;

use crate::llm::client::{ApiKey, Authorization, Client};
use crate::llm::error::LlmError;
use crate::llm::models::{self, Model};

impl Client {
    /// The models that the endpoint lists; `None` where it answers with something else.
    pub async fn models(&self) -> Result<Option<Vec<Model>>, LlmError> {
        let request = self
            .http
            .get(models_address(&self.address))
            .headers(self.headers()?)
            .headers(self.headers_of_anthropic());
        let response = request.send().await.map_err(|error| self.network(error))?;
        if !response.status().is_success() {
            return Err(self.failure(response).await);
        }
        let body = response
            .bytes()
            .await
            .map_err(|error| self.network(error))?;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        Ok(models::listed(&body))
    }

    /// Anthropic takes chats in this wire format, but lists its models in its own alone.
    fn headers_of_anthropic(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Authorization::Key(ApiKey(key)) = &self.authorization
            && self.address.host_str() == Some("api.anthropic.com")
            && let Ok(mut value) = HeaderValue::from_str(key)
        {
            value.set_sensitive(true);
            headers.insert("x-api-key", value);
            headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
        }
        headers
    }
}

fn models_address(chat: &Url) -> Url {
    let mut address = chat.clone();
    let base = chat.path().trim_end_matches("/chat/completions");
    address.set_path(&format!("{base}/models"));
    address
}
