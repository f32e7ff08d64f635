//! Sentences of a summary whose words are hardly in their talk: another talk's, or nobody's.
//!
//! Weak evidence: a summary says things in words of its own. So a sentence is named only where no
//! stretch of the talk has a third of its words. What is said in another language than the summary
//! is not compared.

use crate::check::sources::TalkSources;
use crate::check::{Finding, Kind};
use crate::talk::id::TalkId;
use crate::talk::language::{Language, telling_stems};

/// How much of a sentence's words one stretch of the talk has at least; chosen on the first half
/// of the talks of `benches/gold/doubts.jsonl`.
const SHARED: f64 = 0.33;
/// With fewer words nothing is told.
const FEWEST_WORDS: usize = 4;

/// The sentences that no stretch of the talk is like.
#[must_use]
pub(crate) fn findings(talk: &TalkId, sentences: &[&str], sources: &TalkSources) -> Vec<Finding> {
    let language = Language::of(&sentences.join(" "));
    if language.is_none() || language != sources.language {
        return Vec::new();
    }
    let is_strange = |sentence: &&&str| {
        let mut stems = telling_stems(sentence, language);
        stems.sort_unstable();
        stems.dedup();
        stems.len() >= FEWEST_WORDS && sources.nearness(&stems) < SHARED
    };
    let strange = sentences.iter().filter(is_strange);
    strange
        .map(|sentence| {
            let message = "a sentence has hardly any words of the talk".to_owned();
            Finding::about(talk, Kind::OffTopic, *sentence, message)
        })
        .collect()
}
