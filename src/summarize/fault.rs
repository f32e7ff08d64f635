//! What can be wrong with a reply of a model, in words that a corrective request can be made of.
//!
//! Pure. `form.rs` finds what is wrong with the sentences, `reply.rs` all else.

use thiserror::Error;

/// Why a reply cannot be used. The words go to the model in the corrective request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The model, or a filter, declined.
    #[error("the request was declined")]
    Refused,
    /// The reply was cut at the limit of tokens.
    #[error("the answer was too long and was cut off")]
    CutOff,
    /// The reply has many times the length of what was asked for.
    #[error("it is far longer than what was asked for")]
    FarTooLong,
    /// There is no JSON object of the right shape.
    #[error("it is not the JSON object that was asked for")]
    NotTheObject,
    /// A summary does not have two sentences.
    #[error("it has {0} sentences, and exactly two are wanted")]
    NotTwo(usize),
    /// One of the two texts is not one sentence.
    #[error("\"{}\" has {} sentences, and one is wanted", beginning(.0), .1)]
    NotOneSentence(String, usize),
    /// A sentence does not end as sentences do.
    #[error("\"{}\" does not end with a full stop", beginning(.0))]
    Unfinished(String),
    /// A sentence is too short or too long.
    #[error("\"{}\" has {} words, and 6 to 60 are wanted", beginning(.0), .1)]
    Length(String, usize),
    /// A sentence opens with boilerplate.
    #[error("no sentence may begin with \"{0}\"; begin with a person, a project or a method")]
    Boilerplate(String),
    /// A pronoun was guessed for a person.
    #[error("it says \"{0}\"; write the name again, or \"they\"")]
    Pronoun(String),
    /// There is markup or an address in it.
    #[error("it contains \"{0}\"; plain text without markup and addresses is wanted")]
    Markup(String),
    /// There is a pictograph in it.
    #[error("it contains \"{0}\"; plain words are wanted")]
    Pictograph(char),
    /// The instructions were repeated.
    #[error("it repeats the instructions (\"{0}\"); write about the talk alone")]
    Leak(String),
    /// It is written in another language.
    #[error("it is written in {found}, and {wanted} is wanted")]
    Language {
        /// The language that was found.
        found: String,
        /// The language that was asked for.
        wanted: String,
    },
    /// The category is not listed.
    #[error("\"{0}\" is not in the list of categories")]
    UnknownCategory(String),
    /// There is more than one fault; a corrective request names them all.
    #[error("{}", list(.0))]
    Several(Vec<Fault>),
}

/// Enough of a sentence to know it by: a model that reads all of it again writes it again.
fn beginning(sentence: &str) -> String {
    const WORDS: usize = 6;
    let words: Vec<&str> = sentence.split_whitespace().collect();
    match words.get(..WORDS) {
        Some(first) if words.len() > WORDS => format!("{} …", first.join(" ")),
        _ => sentence.to_owned(),
    }
}

fn list(faults: &[Fault]) -> String {
    let faults: Vec<String> = faults.iter().map(Fault::to_string).collect();
    faults.join("; ")
}
