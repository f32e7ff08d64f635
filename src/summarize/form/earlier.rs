//! The rules that earlier versions held a reply to.
//!
//! They stay as they were, with all that was unfair about them: what a reply was refused for is
//! part of the correction that was asked for and paid. Nothing new is measured by them.

use crate::summarize::fault::Fault;
use crate::summarize::form::{WORDS, is_english, whole_words};
use crate::summarize::sentences::{ends_as_sentence, is_pictograph, sentences, words};

/// All that was wrong with one sentence of a summary in a language (BCP 47), the worst first.
#[must_use]
pub(super) fn faults(sentence: &str, language: &str) -> Vec<Fault> {
    let one = match sentences(sentence).len() {
        1 if ends_as_sentence(sentence) => None,
        1 => Some(Fault::Unfinished(sentence.to_owned())),
        count => Some(Fault::NotOneSentence(sentence.to_owned(), count)),
    };
    let count = words(sentence);
    let guessed = if is_english(language) {
        pronoun(sentence)
    } else {
        None
    };
    let pictograph = sentence.chars().find(|c| is_pictograph(*c));
    let faults = [
        one,
        (!WORDS.contains(&count)).then(|| Fault::Length(sentence.to_owned(), count)),
        boilerplate(sentence).map(Fault::Boilerplate),
        guessed.map(Fault::Pronoun),
        markup(sentence).map(|found| Fault::Markup(found.to_owned())),
        pictograph.map(Fault::Pictograph),
    ];
    faults.into_iter().flatten().collect()
}

/// The opening that says nothing: "This talk …", "The speaker …", "In this video …".
fn boilerplate(sentence: &str) -> Option<String> {
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
    let opening = folded.strip_prefix("in ").unwrap_or(&folded);
    let mut opening = whole_words(opening);
    let (determiner, subject) = (opening.next()?, opening.next()?);
    let says_nothing = DETERMINERS.contains(&determiner) && SUBJECTS.contains(&subject);
    says_nothing.then(|| {
        sentence
            .split_whitespace()
            .take(3)
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn pronoun(sentence: &str) -> Option<String> {
    const GUESSED: &[&str] = &["he", "she", "his", "her", "him"];
    whole_words(sentence)
        .find(|word| GUESSED.contains(&word.to_lowercase().as_str()))
        .map(str::to_owned)
}

fn markup(sentence: &str) -> Option<&'static str> {
    const MARKS: &[&str] = &[
        "**", "```", "](", "</", "<script", "<a ", "<b>", "<i>", "<br", "<p>", "<img", "http://",
        "https://", "www.",
    ];
    MARKS.iter().copied().find(|mark| sentence.contains(mark))
}
