//! What can be wrong with a reply of a model, in words that a corrective request can be made of.
//!
//! Pure. `form.rs` finds what is wrong with the sentences, `reply.rs` all else.

use thiserror::Error;

use crate::numbers::pluralize;

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
    /// It declines, or says where it has its words from.
    #[error("it says \"{0}\"; write about the talk alone")]
    Disclaimer(String),
    /// A sentence begins with its number or its name.
    #[error("a sentence begins with \"{0}\"; write the sentence alone")]
    Label(String),
    /// A sentence calls its readers.
    #[error("a sentence begins with \"{0}\"; tell what the talk says, and call nobody")]
    Call(String),
    /// It is told in the first person.
    #[error("it says \"{0}\"; write the names of those who speak")]
    FirstPerson(String),
    /// A sentence is in capitals.
    #[error("a sentence is in capitals; write it as sentences are written")]
    Shouted,
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

impl Fault {
    /// Whether the rest of a summary can stay as it is when this is mended.
    #[must_use]
    pub(crate) fn leaves_rest(&self) -> bool {
        match self {
            Self::NotOneSentence(..)
            | Self::Boilerplate(_)
            | Self::Pronoun(_)
            | Self::Markup(_)
            | Self::Pictograph(_) => true,
            Self::Several(faults) => faults.iter().all(Self::leaves_rest),
            _ => false,
        }
    }

    /// The fault as it is told to people. Its other words belong to the corrective request, which a
    /// change of them would have everybody pay for again.
    #[must_use]
    pub(crate) fn for_people(&self) -> String {
        match self {
            Self::Refused => "the model declined to answer".to_owned(),
            Self::CutOff => "the reply was cut off before its end".to_owned(),
            Self::FarTooLong => "the reply is far longer than what was asked for".to_owned(),
            Self::NotTheObject => "the reply is not in the form that was asked for".to_owned(),
            Self::NotTwo(count) => {
                format!("the summary has {}, not two", pluralize(*count, "sentence"))
            }
            Self::NotOneSentence(text, count) => format!(
                "one of its two sentences is {count} sentences (\"{}\")",
                beginning(text)
            ),
            Self::Unfinished(text) => {
                format!(
                    "a sentence does not end with a full stop (\"{}\")",
                    beginning(text)
                )
            }
            Self::Length(text, count) => format!(
                "a sentence has {}, and 6 to 60 are allowed (\"{}\")",
                pluralize(*count, "word"),
                beginning(text)
            ),
            Self::Boilerplate(start) => format!("a sentence begins with \"{start}\""),
            Self::Pronoun(pronoun) => format!("it guesses a speaker's pronoun (\"{pronoun}\")"),
            Self::Disclaimer(words) => {
                format!("it speaks of the model or its task (\"{words}\")")
            }
            Self::Label(label) => format!("a sentence begins with its label (\"{label}\")"),
            Self::Call(call) => format!("a sentence calls the readers (\"{call}\")"),
            Self::FirstPerson(word) => format!("it is told in the first person (\"{word}\")"),
            Self::Shouted => "a sentence is in capitals".to_owned(),
            Self::Markup(found) => format!("it has markup or an address in it (\"{found}\")"),
            Self::Pictograph(found) => format!("it has a pictograph in it (\"{found}\")"),
            Self::Leak(words) => format!("it repeats the instructions (\"{words}\")"),
            Self::Language { found, wanted } => format!("it is in {found}, not in {wanted}"),
            Self::UnknownCategory(name) => {
                format!("the model named \"{name}\", which is not one of your categories")
            }
            Self::Several(faults) => {
                let faults: Vec<String> = faults.iter().map(Self::for_people).collect();
                faults.join("; ")
            }
        }
    }
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
