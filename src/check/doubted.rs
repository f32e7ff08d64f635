//! Sentences of a summary that a model does not find supported when it is asked.

use crate::check::{Finding, Kind, sentences_of};
use crate::summarize::support::Support;
use crate::talk::Summary;
use crate::talk::id::TalkId;

/// The sentences of which a model says so.
#[must_use]
pub(crate) fn findings(talk: &TalkId, summary: &Summary, support: &Support) -> Vec<Finding> {
    let why = match support.missing.as_str() {
        "" => String::new(),
        missing => format!(": \"{missing}\""),
    };
    let sentences = sentences_of(summary).into_iter().zip(support.of_sentences);
    sentences
        .filter(|(_, is_supported)| !is_supported)
        .map(|(sentence, _)| {
            let message = format!("a model does not find a sentence in what is said there{why}");
            Finding::about(talk, Kind::Doubted, sentence, message)
        })
        .collect()
}
