//! What is wrong in a catalog, and where in its text.

use std::ops::Range;

/// A problem and the place in the text where it is.
pub(super) struct Problem {
    pub(super) span: Range<usize>,
    pub(super) text: String,
    pub(super) hint: Option<String>,
}

impl Problem {
    pub(super) fn new(span: Range<usize>, text: String) -> Self {
        Self {
            span,
            text,
            hint: None,
        }
    }
}
