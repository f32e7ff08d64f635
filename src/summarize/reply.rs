//! What a model replied, checked: lenient in form, strict in meaning.
//!
//! A think block, a Markdown fence, chatter around the JSON or a stray comma do not matter. What
//! `form.rs` asks of a summary does. Pure; a [`Fault`] says in words what a corrective request can
//! be made of.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::catalog::Categories;
use crate::encoding;
use crate::llm::{Completion, Finish};
use crate::summarize::fault::Fault;
use crate::summarize::form;
use crate::summarize::sentences::sentences;
use crate::talk::{Choice, one_line};

/// Two sentences, and each of them is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoSentences([String; 2]);

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
    use crate::llm::Usage;

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
            finish: Finish::Done,
            usage: Usage::default(),
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
            let read = summary(&completion(&json(first, SECOND)), ENGLISH);
            let read = read.unwrap_or_else(|fault| panic!("{first}: {fault}"));
            assert_eq!(read.text(), format!("{first} {SECOND}"));
        }
    }
}
