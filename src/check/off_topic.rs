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
        let nearness = sources.nearness(&stems).unwrap_or(1.0);
        stems.len() >= FEWEST_WORDS && nearness < SHARED
    };
    let strange = sentences.iter().filter(is_strange);
    strange
        .map(|sentence| {
            let message = "a sentence has hardly any words of the talk".to_owned();
            Finding::about(talk, Kind::OffTopic, *sentence, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sources::tests::sources;

    const CACHE: &str = "A cache keyed by every input never serves a stale answer to the team.";
    const PENGUINS: &str = "Penguins find their way home across the ice after months at sea.";

    fn found(sentence: &str, said: &str) -> usize {
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        findings(&talk, &[sentence], &sources(said)).len()
    }

    #[test]
    fn a_sentence_of_another_talk_is_found() {
        let said = "so the cache has a key and every input of the build goes into it and then a \
            stale answer is never served and the team can explain it "
            .repeat(8);
        assert_eq!((found(CACHE, &said), found(PENGUINS, &said)), (0, 1));
        // Of a minute nobody can tell.
        assert_eq!(
            found(PENGUINS, "so the cache has a key and we can explain it"),
            0
        );
        // Nothing is compared with what is said in another language.
        let german =
            "und dann haben wir gesehen, dass der Speicher einen Schlüssel hat ".repeat(30);
        assert_eq!(found(PENGUINS, &german), 0);
    }
}
