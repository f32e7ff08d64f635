//! The words by which servers say why they refuse.

pub(super) mod request;
pub(super) mod run;

use regex::Regex;

pub(super) fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is well-formed")
}
