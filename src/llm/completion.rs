//! What comes back from a model, and what it costs.

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::llm::Parameters;

/// What a model replied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    /// Its words.
    pub text: String,
    /// What it called tools with, as JSON: some servers put the answer there.
    pub arguments: Vec<String>,
    /// What it thought, where the server tells: some servers take the answer for a thought.
    pub thoughts: String,
    /// Why it stopped.
    pub finish: Finish,
    /// What it used; none where the server does not say, which is not nothing.
    pub usage: Option<Usage>,
    /// How many tokens of the prompt the server has read; none where it does not say, or where
    /// what it says leaves out what it had cached.
    pub read_tokens: Option<u64>,
}

impl Completion {
    /// Whether it is far longer than what was asked for: no model at work has written that.
    #[must_use]
    pub(crate) fn is_far_longer(&self, asked: Parameters) -> bool {
        let arguments = self.arguments.iter().map(String::len).sum::<usize>();
        let length = self.text.len() + self.thoughts.len() + arguments;
        let tokens = u64::from(asked.max_tokens);
        length as u64 > limits::TEXT.max(tokens.saturating_mul(limits::TEXT_PER_TOKEN))
    }
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Finish {
    /// It was done.
    #[default]
    Done,
    /// The reply was cut at the limit of tokens.
    Length,
    /// It, or a filter, declined.
    Refused,
}

/// Tokens that were used.
#[expect(
    clippy::struct_field_names,
    reason = "other things than tokens are used elsewhere"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt as the server counted them, cached ones included.
    pub prompt_tokens: u64,
    /// Tokens of the prompt that the provider had cached. What it writes into its cache, which
    /// Anthropic bills at 1.25 times the price, is not among them.
    pub cached_tokens: u64,
    /// Tokens of the reply, thoughts included.
    pub completion_tokens: u64,
}

/// What is known of what a request is billed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Billed {
    /// No reply came, and nothing is billed.
    Nothing,
    /// A reply came that does not say what it used.
    Unknown,
    /// These tokens.
    Tokens(Usage),
}

/// What tokens cost, in US dollars a million.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `input` and `output`")]
pub struct Price {
    /// Tokens of the prompt.
    pub input: f64,
    /// Tokens of the prompt that the provider had cached; none means the price of `input`.
    pub cached_input: Option<f64>,
    /// Tokens of the reply.
    pub output: f64,
}

impl Completion {
    /// How many tokens a server says that it has read of a prompt of about so many, where these are
    /// far fewer: it has cut the prompt without a word. Estimates err on the high side, by a half
    /// at most.
    #[must_use]
    pub fn cut_to(&self, sent: u64) -> Option<u64> {
        const TOO_FEW_TO_TELL: u64 = 1_500;
        let is_cut = |read: &u64| sent > TOO_FEW_TO_TELL && read.saturating_mul(5) < sent * 2;
        self.read_tokens.filter(is_cut)
    }
}

impl Billed {
    /// What is known of a request that brought this completion, or none.
    #[must_use]
    pub(crate) fn by(completion: Option<&Completion>) -> Self {
        match completion {
            None => Self::Nothing,
            Some(completion) => completion.usage.map_or(Self::Unknown, Self::Tokens),
        }
    }
}

impl Usage {
    /// Adds what another request used.
    pub fn add(&mut self, other: Self) {
        self.prompt_tokens += other.prompt_tokens;
        self.cached_tokens += other.cached_tokens;
        self.completion_tokens += other.completion_tokens;
    }
}

impl Price {
    /// The price of a batch: every provider that has them takes half.
    #[must_use]
    pub fn halved(self) -> Self {
        Self {
            input: self.input / 2.0,
            cached_input: self.cached_input.map(|price| price / 2.0),
            output: self.output / 2.0,
        }
    }

    /// What a usage costs, in US dollars.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no run uses 2^52 tokens")]
    pub fn of(&self, usage: Usage) -> f64 {
        let cached = usage.cached_tokens.min(usage.prompt_tokens);
        let fresh = usage.prompt_tokens - cached;
        let per_million = fresh as f64 * self.input
            + cached as f64 * self.cached_input.unwrap_or(self.input)
            + usage.completion_tokens as f64 * self.output;
        per_million / 1e6
    }
}
