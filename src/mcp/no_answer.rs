//! Why a question has no answer: in words that an assistant can act on.

use serde::Serialize;
use serde_json::Value;

/// Why there is no answer, and what to do next.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct NoAnswer {
    error: String,
    next: String,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nearest: Vec<String>,
}

impl NoAnswer {
    pub(super) fn new(error: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            next: next.into(),
            nearest: Vec::new(),
        }
    }

    /// The same with what was probably meant.
    pub(super) fn with_nearest(self, nearest: impl IntoIterator<Item = String>) -> Self {
        Self {
            nearest: nearest.into_iter().collect(),
            ..self
        }
    }

    pub(super) fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("texts serialize")
    }
}
