//! What is wrong in a catalog, and where in its text.

use std::ops::Range;

/// A problem and the place in the text where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) span: Range<usize>,
    pub(super) text: String,
    pub(super) hint: Option<String>,
    pub(super) grounds: Grounds,
}

/// What a problem is seen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grounds {
    /// The text there, which is no TOML.
    Syntax,
    /// The place itself.
    Itself,
    /// Something else that is not there. Where the catalog is not understood as a whole, it may be
    /// there all the same.
    Absence,
}

impl Problem {
    pub(super) fn new(span: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
            hint: None,
            grounds: Grounds::Itself,
        }
    }

    /// The same with what to write instead.
    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The same, seen by what is not there.
    pub(super) fn by_absence(self) -> Self {
        Self {
            grounds: Grounds::Absence,
            ..self
        }
    }
}

/// The problems of one catalog, as they are found.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// What was read, or nothing where it has a problem, which is noted.
    pub(super) fn note<T>(&mut self, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.push(problem)).ok()
    }

    /// The same with a value in its place, which nobody sees: a catalog with problems is none.
    pub(super) fn note_or_default<T: Default>(&mut self, read: Result<T, Problem>) -> T {
        self.note(read).unwrap_or_default()
    }

    pub(super) fn into_inner(self) -> Vec<Problem> {
        self.0
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(problems: Vec<Problem>) -> Self {
        Self(problems)
    }
}
