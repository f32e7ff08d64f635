//! What a model replied, checked: lenient in form, strict in meaning.
//!
//! A think block, a Markdown fence, chatter around the JSON or a stray comma do not matter. What
//! `form.rs` asks of a summary does. Pure; a [`Fault`] says in words what a corrective request can
//! be made of.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::catalog::Categories;
use crate::encoding;
use crate::llm::{Completion, Finish};
use crate::summarize::form;
use crate::summarize::sentences::sentences;
use crate::talk::{Choice, one_line};

/// Two sentences, and each of them is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoSentences([String; 2]);

/// Why a reply cannot be used. The words go to the model in the corrective request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The model, or a filter, declined.
    #[error("the request was declined")]
    Refused,
    /// The reply was cut at the limit of tokens.
    #[error("the answer was too long and was cut off")]
    CutOff,
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
    #[error("{}", listed(.0))]
    Several(Vec<Fault>),
}

impl TwoSentences {
    /// The two as one paragraph.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.join(" ")
    }
}

/// What a summary was to be like.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The language to write in (BCP 47).
    pub language: &'a str,
    /// The instructions that the model was given, none of which belongs into a summary.
    pub instructions: &'a str,
}

/// A summary, in the forms in which models give it.
#[derive(Deserialize)]
struct SummaryReply {
    first_sentence: Option<String>,
    second_sentence: Option<String>,
    summary: Option<SummaryText>,
}

/// A summary in one piece: servers without schemas give it as a text or as a list.
struct SummaryText(String);

#[derive(Deserialize)]
struct CategoryReply {
    category: String,
    #[serde(default)]
    none_fits: bool,
}

impl<'de> Deserialize<'de> for SummaryText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            serde_json::Value::Array(parts) => {
                let parts: Vec<&str> = parts.iter().filter_map(|part| part.as_str()).collect();
                Ok(Self(parts.join(" ")))
            }
            _ => Err(serde::de::Error::custom(
                "neither a text nor a list of texts",
            )),
        }
    }
}

/// Reads a summary that was to follow these rules.
pub fn summary(completion: &Completion, rules: Rules<'_>) -> Result<TwoSentences, Fault> {
    finished(completion)?;
    let reply: SummaryReply = object(&completion.text).ok_or(Fault::NotTheObject)?;
    let pair = match (reply.first_sentence, reply.second_sentence, reply.summary) {
        (Some(first), Some(second), _) => [one_line(&first), one_line(&second)],
        (None, None, Some(SummaryText(text))) => {
            let text = one_line(&text);
            let parts: Vec<String> = sentences(&text).into_iter().map(str::to_owned).collect();
            let count = parts.len();
            <[String; 2]>::try_from(parts).map_err(|_| Fault::NotTwo(count))?
        }
        _ => return Err(Fault::NotTheObject),
    };
    let text = pair.join(" ");
    let in_one = pair
        .iter()
        .flat_map(|sentence| form::faults(sentence, rules.language));
    let in_both = form::text(&text, rules.language).err();
    let leaked = form::leak(&text, rules.instructions).map(Fault::Leak);
    let mut faults: Vec<Fault> = in_one.chain(in_both).chain(leaked).collect();
    match faults.len() {
        0 => Ok(TwoSentences(pair)),
        1 => Err(faults.remove(0)),
        _ => Err(Fault::Several(faults)),
    }
}

/// Reads notes on a part of a transcript. Nobody publishes them, so they may come in any form.
pub fn notes(completion: &Completion) -> Result<String, Fault> {
    #[derive(Deserialize)]
    struct NotesReply {
        notes: String,
    }
    if completion.finish == Finish::Refused {
        return Err(Fault::Refused);
    }
    let written = object(&completion.text).map(|reply: NotesReply| reply.notes);
    let notes = written.unwrap_or_else(|| answer(&completion.text).to_owned());
    if notes.trim().is_empty() {
        return Err(Fault::NotTheObject);
    }
    Ok(notes)
}

/// Reads a category; only those of the list can be had.
pub fn category(completion: &Completion, categories: &Categories) -> Result<Choice, Fault> {
    finished(completion)?;
    let reply: CategoryReply = object(&completion.text).ok_or(Fault::NotTheObject)?;
    if reply.none_fits {
        return Ok(Choice::NoneFits);
    }
    match categories.named(&reply.category) {
        Some(category) => Ok(Choice::Category(category.name.clone())),
        None => Err(Fault::UnknownCategory(reply.category)),
    }
}

/// Whether the model said all that it wanted to say.
pub(crate) fn finished(completion: &Completion) -> Result<(), Fault> {
    match completion.finish {
        Finish::Done => Ok(()),
        Finish::Length => Err(Fault::CutOff),
        Finish::Refused => Err(Fault::Refused),
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

fn listed(faults: &[Fault]) -> String {
    let faults: Vec<String> = faults.iter().map(Fault::to_string).collect();
    faults.join("; ")
}

/// What a model says after it has thought.
fn answer(text: &str) -> &str {
    let thought = text.rsplit_once("</think>");
    thought.map_or(text, |(_, answer)| answer).trim()
}

/// Finds the object of the wanted shape: the text itself, or from a `{` to the last `}`, so that
/// what a model writes around it does not matter. JSON5 forgives stray commas and single quotes.
pub(crate) fn object<T: DeserializeOwned>(text: &str) -> Option<T> {
    let answer = answer(text);
    let end = answer.rfind('}')? + 1;
    let starts = answer[..end]
        .match_indices('{')
        .map(|(start, _)| start)
        .take(8);
    let candidates = starts.map(|start| &answer[start..end]);
    candidates.into_iter().find_map(|json| {
        encoding::json(json.as_bytes())
            .ok()
            .or_else(|| json5::from_str(json).ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str =
        "Node.js 22.1 starts three times faster once its caches are filled at build time.";
    const SECOND: &str =
        "Measurements by Dr. J. R. Okafor show where the remaining 40 ms go, e.g. into DNS.";

    const ENGLISH: Rules<'static> = Rules {
        language: "en",
        instructions: "You write the programme page of a conference, in two sentences.",
    };

    fn completion(text: &str) -> Completion {
        Completion {
            text: text.to_owned(),
            ..Completion::default()
        }
    }

    fn json(first: &str, second: &str) -> String {
        serde_json::json!({ "first_sentence": first, "second_sentence": second }).to_string()
    }

    #[test]
    fn the_form_of_a_good_summary_does_not_matter() {
        let good = json(FIRST, SECOND);
        let comma = good.replace("\"}", "\",}");
        for text in [
            good.clone(),
            format!("Here it is:\n```json\n{good}\n```\nAnything else?"),
            format!("<think>maybe {{\"first_sentence\": 1}}</think>\n{good}"),
            comma,
            format!("{{\"summary\": \"{FIRST} {SECOND}\"}}"),
            format!("{{\"summary\": [\"{FIRST}\", \"{SECOND}\"]}}"),
            json(&format!("  {FIRST}\n"), SECOND),
        ] {
            let read = summary(&completion(&text), ENGLISH)
                .unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(read.text(), format!("{FIRST} {SECOND}"));
        }
    }

    #[test]
    fn every_fault_is_named() {
        let with = |first: &str| {
            summary(&completion(&json(first, SECOND)), ENGLISH)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            with("Caches are explained. They are fast, and they are not mysterious at all."),
            "\"Caches are explained. They are fast, …\" has 2 sentences, and one is wanted"
        );
        assert_eq!(
            with("Caches that can be explained are trusted by the whole team"),
            "\"Caches that can be explained are …\" does not end with a full stop"
        );
        assert_eq!(
            with("Caches are fast."),
            "\"Caches are fast.\" has 3 words, and 6 to 60 are wanted"
        );
        assert_eq!(
            with("This talk shows how a cache can be explained."),
            "no sentence may begin with \"This talk shows\"; begin with a person, a project or a method"
        );
        assert_eq!(
            with("In this video, the cache of a build system is explained."),
            "no sentence may begin with \"In this video,\"; begin with a person, a project or a method"
        );
        assert_eq!(
            with("Mira Okafor explains the cache that she built last year."),
            "it says \"she\"; write the name again, or \"they\""
        );
        assert_eq!(
            with("A cache is explained with **bold** claims about its keys."),
            "it contains \"**\"; plain text without markup and addresses is wanted"
        );
        assert_eq!(
            with("<script>alert(1)</script>Teams that work on caches learn a lot."),
            "it contains \"</\"; plain text without markup and addresses is wanted"
        );
        assert_eq!(
            with("This talk is short. She explains it."),
            "\"This talk is short. She explains …\" has 2 sentences, and one is wanted; no sentence may begin with \"This talk is\"; begin with a person, a project or a method; it says \"She\"; write the name again, or \"they\""
        );
        assert_eq!(
            summary(&completion("I'm sorry."), ENGLISH),
            Err(Fault::NotTheObject)
        );
        assert_eq!(summary(&completion(""), ENGLISH), Err(Fault::NotTheObject));
        assert_eq!(
            summary(
                &completion("{\"summary\": \"Only one sentence is in this summary here.\"}"),
                ENGLISH
            ),
            Err(Fault::NotTwo(1))
        );
        let cut = Completion {
            finish: Finish::Length,
            ..completion(&json(FIRST, SECOND))
        };
        assert_eq!(summary(&cut, ENGLISH), Err(Fault::CutOff));
        let declined = Completion {
            finish: Finish::Refused,
            ..completion("")
        };
        assert_eq!(summary(&declined, ENGLISH), Err(Fault::Refused));
    }

    #[test]
    fn words_that_only_look_like_faults_pass() {
        for first in [
            "The talk-back channel of a conference gets a protocol of its own.",
            "The Sessions API of browsers is compared with three older ways.",
            "Theirs is the sheer number of hers-and-his jokes in naming things.",
        ] {
            let fault = summary(&completion(&json(first, SECOND)), ENGLISH).err();
            assert!(
                !matches!(fault, Some(Fault::Boilerplate(_))) || first.starts_with("The talk-back"),
                "{first}: {fault:?}"
            );
        }
    }
}
