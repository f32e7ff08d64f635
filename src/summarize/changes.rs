//! Why a result is stale: what has changed between the request that it answers and the one that
//! would be asked today.
//!
//! The cache keeps requests whole, so this can be said of what was made long ago. A reply that
//! needed the corrective request is judged by the conversation's opening.

use std::fmt;

use crate::cache::{CachedReply, ExcerptRequest, Reply, Request, WordsRequest};
use crate::catalog::{Entry, LlmSettings};
use crate::llm::room::{differ_in_room_alone, is_effort_for};
use crate::llm::{ChatRequest, Message};
use crate::prompts::read_back::{Patterns, PromptValue, Values};
use crate::prompts::{PromptError, Prompts};
use crate::summarize::SummarizeError;
use crate::summarize::builtin_stage::excerpt_request;
use crate::summarize::decision::Decider;
use crate::summarize::earlier::is_chosen;
use crate::summarize::misheard::list_in;
use crate::summarize::questions::{NOTES_SEPARATOR, PLACEHOLDER, PromptSource};
use crate::talk::{Origin, Summary, Talk};
use crate::work::Stage;

/// The messages with which a conversation begins; what follows them is the corrective request.
const OPENING: usize = 2;

/// What is not as it was when a result was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// The wire format that the endpoint speaks.
    Provider {
        /// What it was.
        was: &'static str,
    },
    Model {
        /// What it was.
        was: String,
    },
    /// How freely the model may speak, or what its reply is to look like.
    Parameters,
    /// A prompt, as the organizer or this program writes it.
    Prompt {
        /// Where it stands: `prompts/summary.hbs`, or in this program.
        place: String,
    },
    /// A value that the prompt is filled with.
    Value(PromptValue),
    /// What there was to read: the abstract alone, where there is a transcript now.
    Source,
    /// Nobody was asked: what stands there is made without a model.
    Asked,
    /// The built-in summarizer, with this program.
    Program,
    /// Something that cannot be told.
    Unknown,
}

/// The patterns by which the words of a talk are told from those of the prompts.
#[derive(Debug)]
pub(crate) struct PromptPatterns {
    summary: Patterns,
    /// Those of the prompts that count as today's do.
    other_summaries: Vec<Patterns>,
    category: Patterns,
}

impl PromptPatterns {
    /// Looks at the prompts as they are today.
    pub(crate) fn by(prompts: &Prompts) -> Result<Self, PromptError> {
        let others = prompts.others()?.iter();
        Ok(Self {
            summary: prompts.summary_patterns()?,
            other_summaries: others
                .map(Prompts::summary_patterns)
                .collect::<Result<_, _>>()?,
            category: prompts.category_patterns()?,
        })
    }
}

impl Change {
    /// The word in `status --json`.
    #[must_use]
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Provider { .. } => "provider",
            Self::Model { .. } => "model",
            Self::Parameters => "parameters",
            Self::Prompt { .. } => "prompt",
            Self::Value(PromptValue::Conference) => "conference",
            Self::Value(PromptValue::Language) => "language",
            Self::Value(PromptValue::Title) => "title",
            Self::Value(PromptValue::Speakers) => "speakers",
            Self::Value(PromptValue::Description) => "description",
            Self::Value(PromptValue::Date) => "date",
            Self::Value(PromptValue::Chapters) => "chapters",
            Self::Value(PromptValue::Terms) => "glossary",
            Self::Value(PromptValue::Transcript) => "transcript",
            Self::Value(PromptValue::Misheard) => "misheard",
            Self::Value(PromptValue::Summary) => "summary",
            Self::Value(PromptValue::Categories) => "categories",
            Self::Source => "source",
            Self::Asked => "built-in",
            Self::Program => "program",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider { was } => write!(f, "the provider was {was}"),
            Self::Model { was } => write!(f, "the model was {was}"),
            Self::Parameters => f.write_str("the parameters of the request changed"),
            Self::Prompt { place } => write!(f, "{place} changed"),
            Self::Value(PromptValue::Conference) => f.write_str("the conference's title changed"),
            Self::Value(PromptValue::Title) => f.write_str("the talk's title changed"),
            Self::Value(PromptValue::Terms) => f.write_str("the terms of the glossary changed"),
            Self::Value(_) => write!(f, "the {} changed", self.name()),
            Self::Source => f.write_str("there was no transcript, only the abstract"),
            Self::Asked => f.write_str("it was made without a model"),
            Self::Program => f.write_str("the built-in summarizer is a newer one"),
            Self::Unknown => f.write_str("the request changed"),
        }
    }
}

impl Decider<'_> {
    /// What has changed since the summary was made that stands in for a talk's own.
    pub(crate) fn changes_of_summary(
        &self,
        entry: &Entry,
        talk: &Talk,
        prompted: &PromptPatterns,
    ) -> Result<Vec<Change>, SummarizeError> {
        let replies = self.replies(talk, Stage::Summary)?;
        let usable = || {
            let both = replies.iter();
            both.filter_map(|kept| Some((kept, self.usable_summary(talk, kept)?)))
        };
        let written = usable().find(|(_, summary)| summary.origin != Origin::Excerpt);
        let Some((kept, _)) = written.or_else(|| usable().next()) else {
            return Ok(Vec::new());
        };
        match (&self.catalog.llm, &kept.request) {
            (Some(llm), Request::Chat(old)) => {
                let new = self.summary_request_like(old, talk, llm)?;
                Ok(compare(
                    old,
                    &new,
                    &prompted.summary,
                    &prompted.other_summaries,
                ))
            }
            (Some(_), _) => Ok(vec![Change::Asked]),
            (None, Request::Excerpt(old)) => Ok(excerpts(old, &excerpt_request(entry, talk))),
            (None, _) => Ok(vec![Change::Unknown]),
        }
    }

    /// What has changed since the category was chosen that stands in for a talk's own.
    pub(crate) fn changes_of_category(
        &self,
        talk: &Talk,
        summary: &Summary,
        prompted: &PromptPatterns,
    ) -> Result<Vec<Change>, SummarizeError> {
        let replies = self.replies(talk, Stage::Category)?;
        let usable = || {
            let all = replies.iter();
            all.filter(|kept| self.usable_filing(kept).is_some())
        };
        let is_chosen = |kept: &&CachedReply| is_chosen(kept);
        let Some(kept) = usable().find(is_chosen).or_else(|| usable().next()) else {
            return Ok(Vec::new());
        };
        match (&self.catalog.llm, &kept.request) {
            (Some(llm), Request::Chat(old)) => {
                let new = self.category_request(talk, summary, llm)?;
                Ok(compare(old, &new, &prompted.category, &[]))
            }
            (Some(_), _) => Ok(vec![Change::Asked]),
            (None, Request::Words(old)) => Ok(words(old, &self.words_request(talk, summary))),
            (None, _) => Ok(vec![Change::Unknown]),
        }
    }

    /// Whether the category that counts for a talk was taken over from a page made earlier.
    pub(crate) fn is_filed_by_import(&self, talk: &Talk) -> Result<bool, SummarizeError> {
        let replies = self.replies(talk, Stage::Category)?;
        let newest = replies
            .iter()
            .find(|kept| self.usable_filing(kept).is_some());
        Ok(newest.is_some_and(|kept| matches!(kept.reply, Reply::ImportedCategory(_))))
    }

    /// Today's request, about the notes on a talk's parts if the old one was, and with the misheard
    /// names that the old one told of.
    fn summary_request_like(
        &self,
        old: &ChatRequest,
        talk: &Talk,
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        let was_about_notes = old
            .messages
            .iter()
            .any(|m| m.content.contains(NOTES_SEPARATOR));
        let source = match self.placeholder_of_notes(talk, llm)? {
            Some(place) if was_about_notes => PromptSource::Notes { placeholder: place },
            _ => PromptSource::of(talk)?,
        };
        self.summary_request(talk, &source, list_in(old), llm)
    }
}

/// What differs between two requests to a model. `others` are the patterns of the prompts that the
/// old one may have been made of as well.
fn compare(
    old: &ChatRequest,
    new: &ChatRequest,
    patterns: &Patterns,
    others: &[Patterns],
) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.provider != new.provider {
        let was = old.provider.name();
        changes.push(Change::Provider { was });
    }
    if old.model != new.model {
        let was = old.model.clone();
        changes.push(Change::Model { was });
    }
    let is_corrected = old.messages.len() > OPENING;
    let temperatures = [old, new].map(|chat| chat.parameters.temperature);
    let same_words = differ_in_room_alone(old.parameters.max_tokens, new.parameters.max_tokens)
        && is_effort_for(old.tuning.effort, new.tuning.effort)
        && old.tuning.extra == new.tuning.extra
        && (is_corrected || temperatures[0].total_cmp(&temperatures[1]).is_eq());
    if !same_words {
        changes.push(Change::Parameters);
    }
    let [was, is] = [old, new].map(opening);
    if was != is {
        let other = |was| others.iter().find_map(|other| other.values(was));
        match (patterns.values(was), other(was), patterns.values(is)) {
            (Some(was), _, Some(is)) => changes.extend(values(&was, &is)),
            (None, Some(was), Some(mut is)) => {
                // A prompt of earlier says nothing of the day.
                is.remove(&PromptValue::Date);
                changes.extend(values(&was, &is));
            }
            _ => changes.push(Change::Prompt {
                place: patterns.place.clone(),
            }),
        }
    } else if old.shape != new.shape {
        changes.push(Change::Parameters);
    }
    if changes.is_empty() {
        changes.push(Change::Unknown);
    }
    changes
}

fn opening(chat: &ChatRequest) -> &[Message] {
    &chat.messages[..chat.messages.len().min(OPENING)]
}

/// What differs between what two conversations of one prompt were made of.
fn values(was: &Values, is: &Values) -> Vec<Change> {
    let [read, reads] = [was, is].map(|values| {
        let words = values.get(&PromptValue::Transcript);
        words.map_or("", String::as_str)
    });
    if !read.contains(PLACEHOLDER) && reads.contains(PLACEHOLDER) {
        // The abstract stood in the transcript's place, and so not in its own.
        return vec![Change::Source];
    }
    let mut changed: Vec<PromptValue> = was.keys().chain(is.keys()).copied().collect();
    changed.sort_unstable();
    changed.dedup();
    changed.retain(|value| was.get(value) != is.get(value));
    // The notes on a transcript's parts are named by what is asked about them, too.
    let words =
        [read, reads].map(|place| place.split_once(NOTES_SEPARATOR).map(|(words, _)| words));
    if words[0].is_some() && words[0] == words[1] && changed == [PromptValue::Transcript] {
        let place = "the prompt condense.hbs".to_owned();
        return vec![Change::Prompt { place }];
    }
    changed.retain(|value| {
        *value != PromptValue::Transcript || words[0].is_none() || words[0] != words[1]
    });
    changed.into_iter().map(Change::Value).collect()
}

fn excerpts(old: &ExcerptRequest, new: &ExcerptRequest) -> Vec<Change> {
    differing([
        (Change::Program, old.version != new.version),
        (Change::Value(PromptValue::Title), old.title != new.title),
        (
            Change::Value(PromptValue::Description),
            old.description != new.description,
        ),
        (
            Change::Value(PromptValue::Transcript),
            old.transcript != new.transcript,
        ),
    ])
}

fn words(old: &WordsRequest, new: &WordsRequest) -> Vec<Change> {
    differing([
        (Change::Program, old.version != new.version),
        (Change::Value(PromptValue::Title), old.title != new.title),
        (Change::Value(PromptValue::Summary), old.text != new.text),
        (
            Change::Value(PromptValue::Transcript),
            old.transcript != new.transcript,
        ),
        (
            Change::Value(PromptValue::Categories),
            old.categories != new.categories,
        ),
    ])
}

fn differing<const N: usize>(changes: [(Change, bool); N]) -> Vec<Change> {
    let differ = changes.into_iter().filter(|(_, differs)| *differs);
    differ.map(|(change, _)| change).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::llm::{Field, FieldKind, Parameters, ProviderKind, ReplyShape, Tuning};
    use crate::prompts::{Quotes, SummaryView};

    fn request(prompts: &Prompts, edit: impl Fn(&mut SummaryView<'static>)) -> ChatRequest {
        let mut view = SummaryView {
            conference: "Test Conf",
            language: "English",
            title: "Caches",
            description: "What it does.",
            transcript: "[[transcript 3fa9c1d2e4b59a07]]",
            ..SummaryView::default()
        };
        edit(&mut view);
        ChatRequest {
            provider: ProviderKind::OpenAi,
            model: "small".to_owned(),
            parameters: Parameters {
                temperature: 0.0,
                max_tokens: 2048,
            },
            messages: prompts.summary(&view).unwrap(),
            shape: ReplyShape {
                name: "summary".to_owned(),
                fields: vec![Field {
                    name: "first_sentence".to_owned(),
                    kind: FieldKind::Text,
                }],
            },
            tuning: Tuning::default(),
        }
    }

    fn check(
        edit: impl Fn(&mut SummaryView<'static>),
        then: impl Fn(&mut ChatRequest),
        expected: &Expect,
    ) {
        let prompts = Prompts::load(Path::new("no/such/folder"), &[], Quotes::Wanted).unwrap();
        let patterns = prompts.summary_patterns().unwrap();
        let new = request(&prompts, |_| ());
        let mut old = request(&prompts, edit);
        then(&mut old);
        let changes = compare(&old, &new, &patterns, &[]);
        let said: Vec<String> = changes.iter().map(Change::to_string).collect();
        expected.assert_eq(&said.join("\n"));
    }

    #[test]
    fn what_has_changed_is_told_from_the_request_alone() {
        static NAMES: [String; 1] = [String::new()];
        let nothing = |_: &mut ChatRequest| ();
        check(
            |view| view.title = "Cashes",
            nothing,
            &expect!["the talk's title changed"],
        );
        check(
            |view| view.description = "",
            nothing,
            &expect!["the description changed"],
        );
        check(
            |view| view.speakers = &NAMES,
            nothing,
            &expect!["the speakers changed"],
        );
        check(
            |view| view.terms = &NAMES,
            nothing,
            &expect!["the terms of the glossary changed"],
        );
        check(
            |view| view.transcript = "[[transcript 0000000000000000]]",
            nothing,
            &expect!["the transcript changed"],
        );
        check(
            |view| (view.transcript, view.description) = ("What it does.", ""),
            nothing,
            &expect!["there was no transcript, only the abstract"],
        );
        check(
            |view| view.language = "German",
            |chat| {
                chat.model = "large".to_owned();
                chat.provider = ProviderKind::Ollama;
                chat.parameters.max_tokens = 1;
            },
            &expect![[r#"
                the provider was ollama
                the model was large
                the parameters of the request changed
                the language changed"#]],
        );
    }

    #[test]
    fn a_changed_prompt_is_named() {
        check(
            |_| (),
            |chat| {
                let rules = &mut chat.messages[0].content;
                *rules = rules.replace("Be concrete", "Be brief");
            },
            &expect!["the embedded prompt summary.hbs changed"],
        );
    }

    #[test]
    fn a_reply_that_was_corrected_is_judged_by_its_opening() {
        check(
            |view| view.title = "Cashes",
            |chat| {
                *chat = chat.follow_up("One.", "That was one.".to_owned());
                chat.parameters.temperature = 1.0;
            },
            &expect!["the talk's title changed"],
        );
    }

    #[test]
    fn notes_on_parts_change_with_what_is_asked_about_them() {
        let place =
            |notes: &str| format!("[[transcript 3fa9c1d2e4b59a07{NOTES_SEPARATOR}{notes}]]");
        let made_of = |title: &str, notes: &str| {
            let pairs = [
                (PromptValue::Title, title.to_owned()),
                (PromptValue::Transcript, place(notes)),
            ];
            Values::from(pairs)
        };
        let said = |was: &Values, is: &Values| -> Vec<String> {
            values(was, is).iter().map(Change::to_string).collect()
        };
        let now = made_of("Caches", "1");
        assert_eq!(
            said(&made_of("Caches", "0"), &now),
            ["the prompt condense.hbs changed"]
        );
        assert_eq!(
            said(&made_of("Cashes", "0"), &now),
            ["the talk's title changed"]
        );
    }
}
