//! How much is asked of a server beyond the messages.
//!
//! Servers and models differ in what they accept. The first request asks for everything; after a
//! refusal [`Dialect::simpler`] says what to leave out, and what worked is remembered for the run.
//! Pure; what each step means on the wire is the business of the providers.

/// What is asked of a server beyond the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) structure: Structure,
    pub(super) limit: Limit,
    pub(super) sampling: Sampling,
    pub(super) thinking: Thinking,
}

/// How the shape of the reply is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Structure {
    /// In the strongest form that the wire format has.
    Strongest,
    /// In its second form.
    Weaker,
    /// In words alone.
    PromptAlone,
}

/// The name of the field that limits the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    MaxTokens,
    MaxCompletionTokens,
}

/// Whether the model lets itself be told how to sample; reasoning models do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sampling {
    Deterministic,
    AsTheModelLikes,
}

/// How much the model is to think; two sentences need none, and thoughts are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thinking {
    Off,
    Little,
    AsTheModelLikes,
}

impl Dialect {
    /// What is asked of a server that has not refused anything yet.
    pub(super) const FULL: Self = Self {
        structure: Structure::Strongest,
        limit: Limit::MaxTokens,
        sampling: Sampling::Deterministic,
        thinking: Thinking::Off,
    };

    /// The dialect to try after a server refused this one with a message; `None` where nothing is
    /// left to leave out.
    pub(super) fn simpler(self, message: &str) -> Option<Self> {
        if message.contains("temperature") && self.sampling == Sampling::Deterministic {
            return Some(Self {
                sampling: Sampling::AsTheModelLikes,
                ..self
            });
        }
        let structure = match self.structure {
            Structure::Strongest => Structure::Weaker,
            Structure::Weaker => Structure::PromptAlone,
            Structure::PromptAlone => return None,
        };
        Some(Self { structure, ..self })
    }
}
