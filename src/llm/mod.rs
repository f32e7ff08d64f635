//! Language models: what is asked, what comes back, and what it costs.
//!
//! A [`ChatRequest`] is our own: it names no address and no key and is the same whatever wire
//! format carries it, so the cache can be named by its digest. Providers are pure and turn it into
//! a call and a body into a [`Completion`]; only `client.rs` sends anything.

mod adaptive_limit;
pub(crate) mod address;
mod anthropic;
pub(crate) mod batch;
pub(crate) mod body;
pub(crate) mod client;
mod completion;
mod content;
mod conversation;
mod dialect;
pub(crate) mod error;
mod events;
mod foreign;
mod gemini;
pub(crate) mod key;
pub(crate) mod models;
mod ollama;
mod openai;
mod provider;
pub(crate) mod quota;
mod rate_limiter;
mod refusal;
mod reply_fault;
pub(crate) mod room;
#[cfg(test)]
mod samples;
pub(crate) mod thoughts;
pub(crate) mod transcription;

use reqwest::header::HeaderName;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use crate::llm::completion::Completion;
pub(crate) use crate::llm::completion::{Billed, Finish, Price, Usage};

/// How many tokens fit a model's context where nobody says.
pub(crate) const DEFAULT_CONTEXT_TOKENS: u64 = 32_000;

/// The wire formats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// Chat Completions, as `OpenAI`, Ollama, vLLM, llama.cpp and many others speak it.
    #[default]
    OpenAi,
    /// Messages, as Anthropic speaks it.
    Anthropic,
    /// `generateContent`, as Gemini speaks it.
    Gemini,
    /// `/api/chat`, as Ollama speaks it.
    Ollama,
}

/// One request to a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRequest {
    /// The wire format.
    pub provider: ProviderKind,
    /// The model's name.
    pub model: String,
    /// How the model is to sample.
    pub parameters: Parameters,
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// What the reply is to look like.
    pub shape: ReplyShape,
    /// What the catalog asks of the model beyond that; nothing where it asks for nothing.
    #[serde(default, skip_serializing_if = "Tuning::is_nothing")]
    pub tuning: Tuning,
}

/// What a catalog asks of its model beyond what everybody asks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tuning {
    /// How much the model is to think.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Fields of the body that the endpoint wants.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// How much a model is to think, where it lets itself be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Not at all.
    None,
    /// A little.
    Low,
    /// As much as is usual.
    Medium,
    /// A lot.
    High,
}

/// How the model is to sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// 0 asks for the likeliest words, so that the same talk gets the same reply.
    pub temperature: f32,
    /// The longest reply, in tokens, that is paid for.
    pub max_tokens: u32,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// The words.
    pub content: String,
}

/// Who speaks in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The rules.
    System,
    /// The one who asks.
    User,
    /// The model.
    Assistant,
}

/// A JSON object that is asked for: its name, and its fields in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyShape {
    /// What the object is called.
    pub name: String,
    /// Its fields, every one required.
    pub fields: Vec<Field>,
}

/// One field of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its key.
    pub name: String,
    /// Its values.
    pub kind: FieldKind,
}

/// What a field of a reply may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Any text.
    Text,
    /// One of these texts.
    OneOf(Vec<String>),
    /// Yes or no.
    Flag,
    /// A list of whole numbers.
    Numbers,
    /// A list of objects with these fields, every one required.
    Objects(Vec<Field>),
}

impl ProviderKind {
    /// The name in the catalog and in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
        }
    }

    /// The address that is used where the catalog names none.
    #[must_use]
    pub fn default_base_url(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
            Self::Ollama => "http://localhost:11434",
        }
    }

    /// The environment variable that holds the key for the provider's own address, if it wants one.
    #[must_use]
    pub fn default_key_variable(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("OPENAI_API_KEY"),
            Self::Anthropic => Some("ANTHROPIC_API_KEY"),
            Self::Gemini => Some("GEMINI_API_KEY"),
            Self::Ollama => None,
        }
    }

    /// The header that carries the key.
    #[must_use]
    pub fn key_header(self) -> HeaderName {
        self.provider().key_header().0
    }

    /// Reads a stored or received body; `None` where it holds no completion.
    #[must_use]
    pub fn completion(self, body: &Value) -> Option<Completion> {
        let own = self.provider().completion(body);
        own.or_else(|| foreign::completion(body))
    }
}

impl ChatRequest {
    /// The same conversation, gone on with: the model's reply and what is asked about it.
    #[must_use]
    pub fn follow_up(&self, reply: &str, question: String) -> Self {
        let mut next = self.clone();
        next.messages.push(Message {
            role: Role::Assistant,
            content: reply.to_owned(),
        });
        next.messages.push(Message {
            role: Role::User,
            content: question,
        });
        next
    }

    /// What the model is told about its task; what the task is about is not in it.
    #[must_use]
    pub fn instructions(&self) -> &str {
        let mut messages = self.messages.iter();
        let system = messages.find(|message| message.role == Role::System);
        system.map_or("", |message| message.content.as_str())
    }

    /// The same request with every occurrence of a text in its messages replaced.
    #[must_use]
    pub fn with(&self, placeholder: &str, text: &str) -> Self {
        let mut filled = self.clone();
        for message in &mut filled.messages {
            message.content = message.content.replace(placeholder, text);
        }
        filled
    }

    /// About how many tokens the prompt has; see `estimated_tokens`.
    #[must_use]
    pub fn estimated_tokens(&self) -> u64 {
        const FRAME_OF_A_MESSAGE: u64 = 8;
        let of = |message: &Message| estimated_tokens(&message.content) + FRAME_OF_A_MESSAGE;
        self.messages.iter().map(of).sum()
    }
}

impl Tuning {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Effort {
    /// The words that endpoints have for it, the least first.
    pub(in crate::llm) const NAMES: [&'static str; 5] =
        ["none", "minimal", "low", "medium", "high"];

    /// The name in the catalog and in most wire formats.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl ReplyShape {
    /// The JSON schema, within what strict modes allow.
    fn json_schema(&self) -> Value {
        schema_of(&self.fields)
    }
}

/// The JSON schema of an object with these fields. They keep their order, since a model writes them
/// in the order of the schema, and what it has written leads to what it writes next.
fn schema_of(fields: &[Field]) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let kind = match &field.kind {
            FieldKind::Text => json!({ "type": "string" }),
            FieldKind::OneOf(values) => json!({ "type": "string", "enum": values }),
            FieldKind::Flag => json!({ "type": "boolean" }),
            FieldKind::Numbers => json!({ "type": "array", "items": { "type": "integer" } }),
            FieldKind::Objects(fields) => json!({ "type": "array", "items": schema_of(fields) }),
        };
        properties.insert(field.name.clone(), kind);
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": names(fields),
        "additionalProperties": false,
    })
}

/// The keys of fields, in order.
fn names(fields: &[Field]) -> Vec<&str> {
    fields.iter().map(|field| field.name.as_str()).collect()
}

/// About how many tokens a text has: a quarter of its ASCII characters and every other character
/// that is no space, which errs on the high side for all scripts.
#[must_use]
pub(crate) fn estimated_tokens(text: &str) -> u64 {
    if text.is_ascii() {
        return text.len().div_ceil(4) as u64;
    }
    let ascii = text.chars().filter(char::is_ascii).count();
    let other = text
        .chars()
        .filter(|c| !c.is_ascii() && !c.is_whitespace())
        .count();
    (ascii.div_ceil(4) + other) as u64
}
