//! What a model is asked: the conversations for a summary, for notes on a part, for a category.
//!
//! In a request a placeholder names the words of a talk, so that it can be known
//! without reading them; [`PromptSource`] says what takes that place.

use std::num::NonZeroU32;

use crate::catalog::{Category, LlmSettings};
use crate::llm::{ChatRequest, Completion, Field, FieldKind, Message, Parameters, ReplyShape};
use crate::prompts::{CategoryLine, CategoryView, CondenseView, SummaryView};
use crate::summarize::SummarizeError;
use crate::summarize::decision::Decider;
use crate::summarize::untrusted::{escape_untrusted, escape_untrusted_line};
use crate::talk::{Origin, Summary, Talk, language_name};

/// An abstract stands in for a transcript from this many words on.
const ABSTRACT_WORDS: usize = 60;
/// The longest reply that is paid for where the catalog does not say. Whoever thinks for longer is
/// asked again with more room.
const REPLY_TOKENS: u32 = 2_048;
/// How long the notes on a part of a transcript may be.
const NOTES_WORDS: u64 = 250;
/// What a transcript's placeholder in a request begins with; what names the words and `]]` follow.
pub(super) const PLACEHOLDER: &str = "[[transcript ";
/// What stands in a placeholder between the name of the words and that of what is asked about
/// its parts.
pub(super) const NOTES_SEPARATOR: &str = " in notes ";

/// What a model reads of a talk. A placeholder stands for the words in the request.
#[derive(Debug, Clone)]
pub(super) enum PromptSource {
    /// All that was said.
    Transcript { placeholder: String },
    /// Notes on its parts, since all of it is too long.
    Notes { placeholder: String },
    /// The abstract, since nobody knows what was said.
    Abstract,
}

impl PromptSource {
    pub(super) fn of(talk: &Talk) -> Result<Self, SummarizeError> {
        let has_abstract = || talk.description.split_whitespace().count() >= ABSTRACT_WORDS;
        match talk.words_key() {
            Some(key) => Ok(Self::Transcript {
                placeholder: placeholder(&key),
            }),
            None if has_abstract() => Ok(Self::Abstract),
            None => Err(SummarizeError::NothingToRead),
        }
    }

    pub(super) fn origin(&self) -> Origin {
        match self {
            Self::Transcript { .. } | Self::Notes { .. } => Origin::Transcript,
            Self::Abstract => Origin::Abstract,
        }
    }
}

/// The longest reply that is paid for; the room that reasoning models need to think is in it.
pub(crate) fn reply_tokens(llm: &LlmSettings) -> u32 {
    llm.max_tokens.map_or(REPLY_TOKENS, NonZeroU32::get)
}

/// What stands in a request for words that are named so.
pub(super) fn placeholder(name: &str) -> String {
    format!("{PLACEHOLDER}{name}]]")
}

/// Whether a request was about a transcript, not about an abstract.
pub(super) fn is_about_transcript(chat: &ChatRequest) -> bool {
    let mut messages = chat.messages.iter();
    messages.any(|message| message.content.contains(PLACEHOLDER))
}

/// About how many tokens were sent and how many were read, where the server has cut the prompt
/// without a word. Of notes and of parts of a recording the size is not known without reading them.
pub(super) fn truncation(
    chat: &ChatRequest,
    talk: &Talk,
    completion: &Completion,
) -> Option<(u64, u64)> {
    let whole = talk.words_key().map(|key| placeholder(&key));
    let is_there = |placeholder: &String| {
        chat.messages
            .iter()
            .any(|m| m.content.contains(placeholder))
    };
    let words = match (whole.filter(is_there), &talk.transcript) {
        (Some(_), Some(transcript)) if talk.id.start.is_none() => transcript.tokens,
        _ => 0,
    };
    let sent = chat.estimated_tokens() + words;
    completion.cut_to(sent).map(|read| (sent, read))
}

impl Decider<'_> {
    /// The request for a summary, with the list of the names that were misheard.
    pub(super) fn summary_request(
        &self,
        talk: &Talk,
        source: &PromptSource,
        misheard: &str,
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        // An abstract is no place to look: nobody says it at any second.
        let quotes = self.prompts.ask_for_quotes() && !matches!(source, PromptSource::Abstract);
        let described = escape_untrusted(&talk.description);
        let (description, transcript) = match source {
            PromptSource::Transcript { placeholder } | PromptSource::Notes { placeholder } => {
                (&*described, placeholder.as_str())
            }
            PromptSource::Abstract => ("", &*described),
        };
        let chapters = talk.chapters.iter().map(|chapter| &chapter.title);
        let view = SummaryView {
            conference: &escape_untrusted(&self.catalog.title),
            language: language_name(&self.catalog.language),
            title: &escape_untrusted_line(&talk.title),
            speakers: &escape_untrusted_lines(&talk.speakers),
            description,
            date: talk.date.as_deref().unwrap_or_default(),
            chapters: &escape_untrusted_lines(chapters),
            terms: &self.terms(),
            transcript,
            misheard,
            quotes,
        };
        let messages = self
            .prompts
            .summary(&view)
            .map_err(SummarizeError::Prompt)?;
        let text = |name: &str| Field {
            name: name.to_owned(),
            kind: FieldKind::Text,
        };
        // Each sentence comes before its quote: it is written as it would be without one.
        let names: &[&str] = if quotes {
            &[
                "first_sentence",
                "first_quote",
                "second_sentence",
                "second_quote",
            ]
        } else {
            &["first_sentence", "second_sentence"]
        };
        let fields = names.iter().copied().map(text).collect();
        Ok(chat_request(
            llm,
            messages,
            ReplyShape {
                name: "summary".to_owned(),
                fields,
            },
        ))
    }

    pub(super) fn category_request(
        &self,
        talk: &Talk,
        summary: &Summary,
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        let categories: Vec<_> = self.catalog.categories.iter().collect();
        self.request_to_choose_among(&categories, talk, summary, llm)
    }

    /// The request for a second opinion: the list stands in the opposite order, since what comes first
    /// is what models like best. The same question would only be answered from the cache, or with
    /// the same likeliest words; a choice that this changes hung on the order and not on the talk.
    pub(super) fn opinion_request(
        &self,
        talk: &Talk,
        summary: &Summary,
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        let mut categories: Vec<_> = self.catalog.categories.iter().collect();
        categories.reverse();
        self.request_to_choose_among(&categories, talk, summary, llm)
    }

    /// The request for one of these categories, in this order.
    fn request_to_choose_among(
        &self,
        categories: &[&Category],
        talk: &Talk,
        summary: &Summary,
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        let description = escape_untrusted(&talk.description);
        let escape = |text| escape_untrusted(text);
        let listed = categories
            .iter()
            .map(|c| (escape(&c.name), escape(&c.description)));
        let listed: Vec<_> = listed.collect();
        let lines = listed
            .iter()
            .map(|(name, description)| CategoryLine { name, description });
        let view = CategoryView {
            title: &escape_untrusted_line(&talk.title),
            summary: &escape_untrusted_line(&summary.text),
            description: &description,
            categories: lines.collect(),
        };
        let messages = self
            .prompts
            .category(&view)
            .map_err(SummarizeError::Prompt)?;
        let names = categories
            .iter()
            .map(|category| category.name.clone())
            .collect();
        let fields = vec![
            Field {
                name: "category".to_owned(),
                kind: FieldKind::OneOf(names),
            },
            Field {
                name: "none_fits".to_owned(),
                kind: FieldKind::Flag,
            },
        ];
        Ok(chat_request(
            llm,
            messages,
            ReplyShape {
                name: "category".to_owned(),
                fields,
            },
        ))
    }

    /// The names of the glossary. They come from a catalog that somebody else may have written.
    fn terms(&self) -> Vec<String> {
        let terms = self.catalog.glossary.terms.iter();
        terms
            .map(|term| escape_untrusted(term).into_owned())
            .collect()
    }

    /// The request for notes on the words that take the place of a placeholder, with the list of the
    /// names in them that were misheard.
    pub(super) fn condense_request(
        &self,
        talk: &Talk,
        placeholder: &str,
        misheard: &str,
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        let view = CondenseView {
            language: language_name(&self.catalog.language),
            title: &escape_untrusted_line(&talk.title),
            speakers: &escape_untrusted_lines(&talk.speakers),
            terms: &self.terms(),
            words: NOTES_WORDS,
            transcript: placeholder,
            misheard,
            quotes: self.prompts.ask_for_quotes(),
        };
        let messages = self
            .prompts
            .condense(&view)
            .map_err(SummarizeError::Prompt)?;
        let shape = ReplyShape {
            name: "notes".to_owned(),
            fields: vec![Field {
                name: "notes".to_owned(),
                kind: FieldKind::Text,
            }],
        };
        Ok(chat_request(llm, messages, shape))
    }
}

pub(super) fn chat_request(
    llm: &LlmSettings,
    messages: Vec<Message>,
    shape: ReplyShape,
) -> ChatRequest {
    let parameters = Parameters {
        temperature: 0.0,
        max_tokens: reply_tokens(llm),
    };
    ChatRequest {
        provider: llm.provider,
        model: llm.model.clone(),
        parameters,
        messages,
        shape,
        tuning: llm.tuning.clone(),
    }
}

pub(super) fn escape_untrusted_lines<'a>(
    texts: impl IntoIterator<Item = &'a String>,
) -> Vec<String> {
    let texts = texts.into_iter();
    texts.map(|text| escape_untrusted_line(text)).collect()
}
