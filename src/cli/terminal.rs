//! Texts for a terminal: as wide as it is, no longer than is read, and without what would steer it.

use console::Term;

use crate::render::escape;
use crate::report;

/// From here on a list is long: nobody reads it beside others.
pub(super) const LONG: usize = 20;

/// How much of a long list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListLength {
    /// The first few, and how many more there are.
    Short,
    /// All of it.
    Whole,
}

impl ListLength {
    /// What is shown of a list.
    pub(super) fn of<T>(self, list: &[T]) -> &[T] {
        match self {
            Self::Short => &list[..list.len().min(LONG)],
            Self::Whole => list,
        }
    }
}

/// How wide the terminal is; none where standard output is not one.
pub(super) fn width() -> Option<usize> {
    report::width(&Term::stdout())
}

/// A text in lines that are no wider than this, unless a word is.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    report::wrap_after(text, width, width)
}

/// A text without what would steer a terminal or turn its lines around.
pub(super) fn sanitize(text: &str) -> String {
    escape::without_controls(text).replace(['\n', '\r', '\t'], " ")
}
