//! Openings that say nothing.

use crate::summarize::form::whole_words;

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
