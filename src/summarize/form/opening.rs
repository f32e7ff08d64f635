//! Openings of sentences that say nothing: "This talk …", "The speaker says that …", "In this video, …".
//!
//! Pure. Such an opening can be cut off where a whole sentence is left, which English alone tells by its
//! words: behind a comma, and behind "that".

use crate::summarize::form::{faults, whole_words};
use crate::summarize::sentences::{ends_as_sentence, sentences};

/// The opening that says nothing: "This talk …", "The speaker …", "In this video …".
pub(super) fn boilerplate(sentence: &str) -> Option<String> {
    const SUBJECTS: &[&str] = &[
        "talk",
        "speaker",
        "speakers",
        "video",
        "presentation",
        "presenter",
        "presenters",
        "session",
        "keynote",
        "transcript",
        "recording",
        "summary",
        "vortrag",
        "redner",
        "sprecher",
        "referent",
    ];
    const DETERMINERS: &[&str] = &["this", "the", "dieser", "der", "diese", "die"];
    let folded = sentence.to_lowercase();
    let inside = folded.strip_prefix("in ");
    let mut opening = whole_words(inside.unwrap_or(&folded)).filter(|word| !word.is_empty());
    let (determiner, subject) = (opening.next()?, opening.next()?);
    let is_about_itself = DETERMINERS.contains(&determiner) && SUBJECTS.contains(&subject);
    let says_nothing = is_about_itself
        && (inside.is_some() || opening.find(|word| !is_adverb(word)).is_some_and(tells));
    says_nothing.then(|| beginning(sentence))
}

/// A sentence without an opening that says nothing, where that leaves a whole one.
#[must_use]
pub(crate) fn cut_opening(sentence: &str, language: &str) -> Option<String> {
    boilerplate(sentence)?;
    let rest = behind_opening(sentence)?;
    let mut letters = rest.chars();
    let first = letters.next()?;
    let word = rest.split_whitespace().next()?;
    // What a name such as eBPF begins with stays as it is.
    let is_name = word.chars().skip(1).any(char::is_uppercase);
    let rest = if is_name {
        rest.to_owned()
    } else {
        first.to_uppercase().chain(letters).collect()
    };
    // Some openings stand behind others: "In this talk, the speaker says that …".
    let rest = match boilerplate(&rest) {
        Some(_) => cut_opening(&rest, language)?,
        None => rest,
    };
    let is_whole = sentences(&rest).len() == 1
        && ends_as_sentence(&rest)
        && begins_clause(&rest)
        && faults(&rest, language).is_empty();
    is_whole.then_some(rest)
}

/// What comes behind an opening, if that is a clause of its own.
fn behind_opening(sentence: &str) -> Option<&str> {
    let words = |text: &str| text.split_whitespace().count();
    if let Some((opening, rest)) = sentence.split_once(", ")
        && words(opening) == 3
        && opening.to_lowercase().starts_with("in ")
    {
        return Some(rest);
    }
    let (opening, rest) = sentence.split_once(" that ")?;
    // What is told follows the verb at once: in "shows a cache that is warm", it is a cache.
    let is_verb = opening.split_whitespace().last().is_some_and(tells);
    ((3..=4).contains(&words(opening)) && is_verb).then_some(rest)
}

/// Whether words may begin a clause of their own, and not go on with another one.
fn begins_clause(rest: &str) -> bool {
    const GO_ON: &[&str] = &[
        "and",
        "but",
        "or",
        "which",
        "who",
        "whose",
        "where",
        "when",
        "while",
        "because",
        "as",
        "with",
        "by",
        "from",
        "including",
        "are",
        "is",
        "was",
        "were",
        "can",
        "will",
        "has",
        "have",
        "had",
        "may",
        "would",
        "should",
        "could",
        "must",
    ];
    let word = whole_words(rest).find(|word| !word.is_empty());
    let word = word.unwrap_or_default().to_lowercase();
    // "Exploring caches and queues" is no sentence, and "Testing is hard" is one that is not cut.
    !GO_ON.contains(&&*word) && !word.ends_with("ing")
}

/// The first three words.
fn beginning(sentence: &str) -> String {
    let words: Vec<&str> = sentence.split_whitespace().take(3).collect();
    words.join(" ")
}

fn is_adverb(word: &str) -> bool {
    word.ends_with("ly") || matches!(word, "also" | "then" | "first" | "auch" | "zuerst" | "dann")
}

/// Whether a verb has a talk, or the one who gives it, for its subject: behind "session" other
/// words make a name of it, as in "the session layer".
fn tells(word: &str) -> bool {
    const VERBS: &[&str] = &[
        "address",
        "advocate",
        "aim",
        "analyze",
        "argue",
        "begin",
        "break",
        "claim",
        "compare",
        "conclude",
        "consider",
        "cover",
        "deal",
        "delve",
        "demonstrate",
        "describe",
        "detail",
        "discuss",
        "dive",
        "emphasize",
        "end",
        "examine",
        "explain",
        "explore",
        "express",
        "feature",
        "focus",
        "give",
        "go",
        "highlight",
        "illustrate",
        "introduce",
        "look",
        "mention",
        "note",
        "offer",
        "open",
        "outline",
        "point",
        "present",
        "propose",
        "provide",
        "reveal",
        "review",
        "say",
        "share",
        "show",
        "start",
        "state",
        "suggest",
        "summarize",
        "take",
        "talk",
        "teach",
        "tell",
        "touch",
        "trace",
        "walk",
        "was",
        "were",
        "is",
        "are",
        "has",
        "will",
        "can",
    ];
    const GERMAN: &[&str] = &[
        "behandelt",
        "beleuchtet",
        "berichtet",
        "beschreibt",
        "betont",
        "bietet",
        "diskutiert",
        "erklärt",
        "erläutert",
        "erzählt",
        "geht",
        "gibt",
        "handelt",
        "ist",
        "präsentiert",
        "sagt",
        "schildert",
        "spricht",
        "stellt",
        "untersucht",
        "vergleicht",
        "war",
        "wird",
        "zeigt",
    ];
    let is_form_of = |verb: &&str| {
        let ending = word.strip_prefix(*verb);
        ending.is_some_and(|ending| matches!(ending, "" | "s" | "es" | "d" | "ed" | "ing"))
    };
    GERMAN.contains(&word) || VERBS.iter().any(is_form_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_is_cut_where_a_whole_sentence_is_left() {
        for (sentence, rest) in [
            (
                "In this talk, Mira Okafor measures how long caches stay warm.",
                "Mira Okafor measures how long caches stay warm.",
            ),
            (
                "The speaker says that caches stay warm for a night.",
                "Caches stay warm for a night.",
            ),
            (
                "In this session, the presenter clearly explains that eBPF maps are very small caches.",
                "eBPF maps are very small caches.",
            ),
            (
                "This presentation shows that half of all reads are warm.",
                "Half of all reads are warm.",
            ),
        ] {
            assert_eq!(cut_opening(sentence, "en").as_deref(), Some(rest));
        }
    }

    #[test]
    fn what_is_left_must_be_a_whole_sentence() {
        for sentence in [
            "Mira Okafor measures how long caches stay warm.",
            "The speaker explains how caches stay warm for a night.",
            "This talk is about caches that stay warm for a night.",
            "In this talk about caches, Mira Okafor measures how long they stay warm.",
            "In this talk, exploring caches and queues of many machines.",
            "In this talk, Mira Okafor wins.",
            "In this talk, he measures how long caches stay warm.",
            "In this talk, Mira Okafor measures how long caches stay",
            "This talk covers caches that are warm and queues that are not.",
            "The speaker shows a cache that is warm for a whole night.",
            "This session covers tools that are used by many people.",
            "The speaker describes tools that Google builds on every day of the year.",
            "Der Redner sagt, dass Speicher eine ganze Nacht lang warm bleiben.",
        ] {
            assert_eq!(cut_opening(sentence, "en"), None, "{sentence}");
        }
    }
}
