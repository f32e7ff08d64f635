//! What a model replied, checked: lenient in form, strict in meaning.
//!
//! A think block, a Markdown fence, chatter around the JSON, a stray comma, a wrapper or another
//! style of the keys do not matter. What `form.rs` asks of a summary does. Pure; a [`Fault`] says in
//! words what a corrective request can be made of.

mod answers;
mod keys;
mod labelled;
mod listed;
mod plain;
mod quotes;
mod support;
mod values;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::catalog::Categories;
use crate::encoding;
use crate::llm::body::is_shallow;
use crate::llm::thoughts::{Spoken, split_thoughts};
use crate::llm::{Completion, Finish};
use crate::summarize::fault::Fault;
use crate::summarize::form::{self, Strictness};
pub(crate) use crate::summarize::reply::answers::answers;
pub(crate) use crate::summarize::reply::keys::{field, text};
pub(crate) use crate::summarize::reply::support::support;
use crate::summarize::sentences::sentences;
use crate::talk::{Choice, one_line};

/// Two sentences, and each of them is one. A quote may come with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoSentences {
    sentences: [String; 2],
    quotes: [Option<String>; 2],
}

/// What was understood of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood<T> {
    /// The reply, read in the form that was asked for.
    pub as_asked: Result<T, Fault>,
    /// Where this is a fault: the answer in another form or in another place, if there is one.
    /// Earlier versions did not look there, and may have asked again.
    pub otherwise: Option<Result<T, Fault>>,
}

impl TwoSentences {
    fn without_quotes(sentences: [String; 2]) -> Self {
        Self {
            sentences,
            quotes: [None, None],
        }
    }

    /// The two as one paragraph.
    #[must_use]
    pub fn text(&self) -> String {
        self.sentences.join(" ")
    }

    /// Each with its quote.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let quotes = self.quotes.iter().map(Option::as_deref);
        self.sentences.iter().map(String::as_str).zip(quotes)
    }
}

/// What a summary was to be like.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The language to write in (BCP 47).
    pub language: &'a str,
    /// The instructions that the model was given, none of which belongs into a summary.
    pub instructions: &'a str,
    /// The names of the glossary, which the instructions list and a summary may, too.
    pub terms: &'a [String],
    /// Whether it is new, or was accepted by an earlier version.
    pub strictness: Strictness,
}

/// A summary, in the forms in which models give it.
#[derive(Deserialize)]
struct SummaryReply {
    first_sentence: Option<String>,
    first_quote: Option<Value>,
    second_sentence: Option<String>,
    second_quote: Option<Value>,
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

/// Where a talk belongs, in a model's words.
enum FiledReply {
    NoneFits,
    Under(String),
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

impl<T> Understood<T> {
    pub(crate) fn new(
        completion: &Completion,
        as_asked: Result<T, Fault>,
        otherwise: impl FnOnce() -> Option<Result<T, Fault>>,
    ) -> Self {
        let may_be_there = as_asked.is_err() && completion.finish != Finish::Refused;
        Self {
            as_asked,
            otherwise: may_be_there.then(otherwise).flatten(),
        }
    }

    /// What is made of the answer, in whichever form it is.
    pub(crate) fn map<U>(self, mut make: impl FnMut(T) -> U) -> Understood<U> {
        Understood {
            as_asked: self.as_asked.map(&mut make),
            otherwise: self.otherwise.map(|answer| answer.map(&mut make)),
        }
    }

    /// Whether it says something that can be used, in whichever form.
    pub(crate) fn is_usable(&self) -> bool {
        self.as_asked.is_ok() || matches!(self.otherwise, Some(Ok(_)))
    }

    /// What the reply says, in whichever form.
    pub fn value(self) -> Result<T, Fault> {
        self.as_asked
            .or_else(|fault| self.otherwise.unwrap_or(Err(fault)))
    }
}

/// Reads a summary that was to follow these rules.
#[must_use]
pub fn summary(completion: &Completion, rules: Rules<'_>) -> Understood<TwoSentences> {
    let as_asked = summary_as_asked(completion, rules);
    Understood::new(completion, as_asked, || {
        let read = answers(completion, pair).into_iter();
        let found = best(read.map(|pair| check(pair, rules)));
        let found = found.or_else(|| summary_beside_broken_quotes(completion, rules));
        found.or_else(|| {
            ensure_finished(completion).ok()?;
            let pair = summary_without_json(completion, rules.language)?;
            check(pair, rules).ok().map(Ok)
        })
    })
}

/// The summary of a reply that keeps to no schema: fields without JSON, or two sentences as they are.
fn summary_without_json(completion: &Completion, language: &str) -> Option<TwoSentences> {
    let labelled = answers::labelled_fields(completion).and_then(|fields| pair(&fields));
    let labelled = labelled.filter(|pair| plain::is_about_a_talk(&pair.text(), language));
    labelled.or_else(|| {
        let words = answers::plain_words(completion)?;
        plain::pair(&words, language).map(TwoSentences::without_quotes)
    })
}

fn summary_as_asked(completion: &Completion, rules: Rules<'_>) -> Result<TwoSentences, Fault> {
    ensure_finished(completion)?;
    let reply: SummaryReply = object(&completion.text).ok_or(Fault::NotTheObject)?;
    let pair = match (reply.first_sentence, reply.second_sentence, reply.summary) {
        (Some(first), Some(second), _) => TwoSentences {
            sentences: [one_line(&first), one_line(&second)],
            quotes: [reply.first_quote, reply.second_quote]
                .map(|quote| quote.as_ref().and_then(text).and_then(quotes::quote)),
        },
        (None, None, Some(SummaryText(text))) => {
            let text = one_line(&text);
            let parts: Vec<String> = sentences(&text).into_iter().map(str::to_owned).collect();
            let count = parts.len();
            let pair = <[String; 2]>::try_from(parts).map_err(|_| Fault::NotTwo(count))?;
            TwoSentences::without_quotes(pair)
        }
        _ => return Err(Fault::NotTheObject),
    };
    check(pair, rules)
}

/// The summary of a reply that only its quotes keep from being read.
fn summary_beside_broken_quotes(
    completion: &Completion,
    rules: Rules<'_>,
) -> Option<Result<TwoSentences, Fault>> {
    let mended = Completion {
        text: quotes::mend(&completion.text)?,
        finish: Finish::Done,
        ..completion.clone()
    };
    let as_asked = summary_as_asked(&mended, rules);
    // What was cut off before the last quote is not whole.
    (as_asked != Err(Fault::NotTheObject)).then_some(as_asked)
}

/// The two sentences of an object, under whatever keys.
fn pair(value: &Value) -> Option<TwoSentences> {
    const FIRST: &[&str] = &[
        "firstsentence",
        "sentence1",
        "sentenceone",
        "1stsentence",
        "first",
        "s1",
        "1",
    ];
    const SECOND: &[&str] = &[
        "secondsentence",
        "sentence2",
        "sentencetwo",
        "2ndsentence",
        "second",
        "s2",
        "2",
    ];
    const BOTH: &[&str] = &["summary", "sentences", "twosentences"];
    if let Value::Array(list) = value {
        return two(list).map(TwoSentences::without_quotes);
    }
    let object = value.as_object()?;
    let (first, second) = (field(object, FIRST), field(object, SECOND));
    if let (Some(first), Some(second)) = (first, second) {
        return Some(TwoSentences {
            sentences: [one_line(text(first)?), one_line(text(second)?)],
            quotes: quotes::quotes(object),
        });
    }
    let pair = match field(object, BOTH)? {
        Value::String(both) => {
            let both = one_line(both);
            let parts: Vec<String> = sentences(&both).into_iter().map(str::to_owned).collect();
            <[String; 2]>::try_from(parts).ok()
        }
        Value::Array(list) => two(list),
        _ => None,
    };
    pair.map(TwoSentences::without_quotes)
}

/// The two texts of a list.
fn two(list: &[Value]) -> Option<[String; 2]> {
    let [first, second] = list else {
        return None;
    };
    Some([one_line(text(first)?), one_line(text(second)?)])
}

/// Two sentences, if they follow the rules.
fn check(pair: TwoSentences, rules: Rules<'_>) -> Result<TwoSentences, Fault> {
    let text = pair.text();
    let in_one = pair
        .sentences
        .iter()
        .flat_map(|sentence| form::refusals(sentence, rules.language, rules.strictness));
    let (in_both, terms) = match rules.strictness {
        Strictness::Today => {
            let sentences = pair.sentences.each_ref().map(String::as_str);
            (
                form::check_sentences(&sentences, rules.language),
                rules.terms,
            )
        }
        Strictness::Earlier => (form::check_text(&text, rules.language), &[][..]),
    };
    let in_both = in_both.err();
    let leaked = form::leak(&text, rules.instructions, terms).map(Fault::Leak);
    let mut faults: Vec<Fault> = in_one.chain(in_both).chain(leaked).collect();
    match faults.len() {
        0 => Ok(pair),
        1 => Err(faults.remove(0)),
        _ => Err(Fault::Several(faults)),
    }
}

/// The first that can be used, else the first.
fn best<T>(read: impl Iterator<Item = Result<T, Fault>>) -> Option<Result<T, Fault>> {
    let mut first = None;
    for read in read {
        if read.is_ok() {
            return Some(read);
        }
        first = first.or(Some(read));
    }
    first
}

/// Reads notes on a part of a transcript. Nobody publishes them, so they may come in any form.
pub(crate) fn notes(completion: &Completion) -> Result<String, Fault> {
    #[derive(Deserialize)]
    struct NotesReply {
        notes: String,
    }
    if completion.finish == Finish::Refused {
        return Err(Fault::Refused);
    }
    let as_asked = object(&completion.text).map(|reply: NotesReply| reply.notes);
    let found = || answers(completion, read_notes).into_iter().next();
    // What was thought will do, where there is nothing else.
    let said = || match completion.text.rsplit_once("</think>") {
        Some((_, said)) => said.trim().to_owned(),
        None => completion.text.trim().to_owned(),
    };
    let notes = as_asked.or_else(found).unwrap_or_else(said);
    if notes.trim().is_empty() {
        return Err(Fault::NotTheObject);
    }
    Ok(notes)
}

/// The notes of an object: a text, or a list of them.
fn read_notes(value: &Value) -> Option<String> {
    match field(value.as_object()?, &["notes", "note"])? {
        Value::String(notes) => Some(notes.clone()),
        Value::Array(list) => {
            let notes: Option<Vec<&str>> = list.iter().map(text).collect();
            notes.map(|notes| notes.join("\n"))
        }
        _ => None,
    }
}

/// Reads a category; only those of the list can be had.
#[must_use]
pub(crate) fn category(completion: &Completion, categories: &Categories) -> Understood<Choice> {
    let chosen = |reply: FiledReply| match reply {
        FiledReply::NoneFits => Ok(Choice::NoneFits),
        FiledReply::Under(name) => match listed::find_meant(categories, &name) {
            Some(category) => Ok(Choice::Category(category.name.clone())),
            None => Err(Fault::UnknownCategory(name)),
        },
    };
    let as_asked = category_as_asked(completion, categories);
    Understood::new(completion, as_asked, || {
        let found = best(answers(completion, read_category).into_iter().map(chosen));
        found.or_else(|| {
            ensure_finished(completion).ok()?;
            let labelled = answers::labelled_fields(completion);
            let labelled = labelled.and_then(|fields| read_category(&fields));
            let said = labelled.or_else(|| answers::plain_words(completion).map(FiledReply::Under));
            chosen(said?).ok().map(Ok)
        })
    })
}

fn category_as_asked(completion: &Completion, categories: &Categories) -> Result<Choice, Fault> {
    ensure_finished(completion)?;
    let reply: CategoryReply = object(&completion.text).ok_or(Fault::NotTheObject)?;
    if reply.none_fits {
        return Ok(Choice::NoneFits);
    }
    match categories.named(&reply.category) {
        Some(category) => Ok(Choice::Category(category.name.clone())),
        None => Err(Fault::UnknownCategory(reply.category)),
    }
}

/// Where an object says that a talk belongs, under whatever keys.
fn read_category(value: &Value) -> Option<FiledReply> {
    const NAMES: &[&str] = &[
        "category",
        "categoryname",
        "categories",
        "selectedcategory",
        "chosencategory",
        "bestcategory",
        "label",
        "choice",
        "answer",
        "classification",
        "topic",
        "track",
        "name",
    ];
    let object = value.as_object()?;
    let fits_none = field(object, &["nonefits", "nonefit"]);
    let is_none = keys::flag(fits_none)?;
    let named = field(object, NAMES);
    match named.and_then(text) {
        _ if is_none => Some(FiledReply::NoneFits),
        Some(name) => Some(FiledReply::Under(name.to_owned())),
        None => None,
    }
}

/// Whether the model said all that it wanted to say.
pub(crate) fn ensure_finished(completion: &Completion) -> Result<(), Fault> {
    match completion.finish {
        Finish::Done => Ok(()),
        Finish::Length => Err(Fault::CutOff),
        Finish::Refused => Err(Fault::Refused),
    }
}

/// What a model says after it has thought.
fn answer(text: &str) -> &str {
    match split_thoughts(text) {
        Spoken::Words(words) => words,
        Spoken::Thought(_) => "",
    }
}

/// Finds the object of the wanted shape in the form that was asked for: the text itself, or from a
/// `{` to the last `}`. JSON5 forgives stray commas and single quotes.
pub(crate) fn object<T: DeserializeOwned>(text: &str) -> Option<T> {
    let answer = answer(text);
    let end = answer.rfind('}')? + 1;
    let starts = answer[..end]
        .match_indices('{')
        .map(|(start, _)| start)
        .take(8);
    let candidates = starts.map(|start| &answer[start..end]);
    candidates.into_iter().find_map(|json| {
        let strict = encoding::json(json.as_bytes()).ok();
        strict.or_else(|| is_shallow(json).then(|| json5::from_str(json).ok())?)
    })
}

#[cfg(test)]
mod tests;
