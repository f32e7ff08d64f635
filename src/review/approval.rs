//! What a reviewer's approval stands for: the words that were read.
//!
//! The catalog keeps `approved = "<digest>"` of the title, speakers, summary and category that
//! were on the screen. Should any of them change, by whatever way, the digest is another one and
//! the talk is to be read again.

use std::fmt::Write;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::talk::{Choice, SummarizedTalk};

/// The digest of what the page says about a talk.
pub(super) fn of_talk(talk: &SummarizedTalk) -> String {
    let summary = talk.summary.as_ref().map(|summary| &summary.text);
    let category = talk.category.as_ref().map(|filing| &filing.choice);
    let category = match category {
        Some(Choice::Category(name)) => Some(name),
        Some(Choice::NoneFits) | None => None,
    };
    of_text(&json!([talk.talk.title, talk.talk.speakers, summary, category]).to_string())
}

/// The digest of a text: the first 64 bits of its SHA-256 in hex.
pub(super) fn of_text(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest
        .iter()
        .take(8)
        .fold(String::with_capacity(16), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("writing to a string does not fail");
            hex
        })
}
