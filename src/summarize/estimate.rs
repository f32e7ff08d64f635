//! What it would take to carry a decision out: requests and about how many tokens.
//!
//! Nothing is asked and nothing is kept. Tokens are estimated as they are before a request is
//! sent, so an estimate errs on the high side; a corrective request now and then comes on top.

use crate::llm::{DEFAULT_CONTEXT_TOKENS, Usage, estimated_tokens};
use crate::summarize::SummarizeError;
use crate::summarize::conversation::Conversation;
use crate::summarize::decision::Decider;
use crate::summarize::questions::{PromptSource, placeholder};
use crate::summarize::untrusted::escape_untrusted;
use crate::talk::{Freshness, Origin, Summary, Talk};
use crate::work::Stage;

/// About how many tokens the replies have.
const SUMMARY_TOKENS: u64 = 90;
/// What its quotes have.
const QUOTES_TOKENS: u64 = 60;
const NOTES_TOKENS: u64 = 350;
const CATEGORY_TOKENS: u64 = 20;
/// A summary of the usual length, for a category that is chosen by one.
const SOME_SUMMARY_WORDS: usize = 50;

/// About how many tokens a talk of a conference has, with all that is asked about it: half an hour
/// of speech.
pub(crate) const TYPICAL_TALK_TOKENS: u64 = 6_000;

/// Requests, and about what they use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Estimate {
    pub requests: u64,
    /// About what they use.
    pub usage: Usage,
}

/// What something takes: about, and at most, where a reply has to be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EstimateRange {
    pub about: Estimate,
    pub most: Estimate,
}

impl Estimate {
    fn one(prompt_tokens: u64, completion_tokens: u64) -> Self {
        let usage = Usage {
            prompt_tokens,
            completion_tokens,
            ..Usage::default()
        };
        Self { requests: 1, usage }
    }

    /// About what so many talks take of which nothing is known.
    #[must_use]
    pub(crate) fn typical(talks: usize) -> Self {
        let talks = talks as u64;
        let usage = Usage {
            prompt_tokens: TYPICAL_TALK_TOKENS * talks,
            completion_tokens: (SUMMARY_TOKENS + QUOTES_TOKENS + CATEGORY_TOKENS) * talks,
            ..Usage::default()
        };
        Self {
            requests: 2 * talks,
            usage,
        }
    }

    /// Adds what something else takes.
    pub(crate) fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.usage.add(other.usage);
    }
}

/// What stands in for a summary that is still to be written, where a category is to be chosen by it.
#[must_use]
pub(crate) fn some_summary() -> Summary {
    Summary {
        text: "word ".repeat(SOME_SUMMARY_WORDS),
        sentences: Vec::new(),
        origin: Origin::Transcript,
        freshness: Freshness::Current,
        provenance: None,
    }
}

/// What asking for a category would take.
#[must_use]
pub(crate) fn estimate_of_category(conversation: &Conversation<'_>) -> Estimate {
    Estimate::one(conversation.chat.estimated_tokens(), CATEGORY_TOKENS)
}

/// About how many tokens a reply has at a stage.
#[must_use]
pub(crate) fn reply_tokens_at(stage: Stage) -> u64 {
    match stage {
        Stage::Part => NOTES_TOKENS,
        Stage::Category => CATEGORY_TOKENS,
        _ => SUMMARY_TOKENS + QUOTES_TOKENS,
    }
}

impl Decider<'_> {
    /// What asking for a summary would take, of a talk whose words are known. The endpoint is not
    /// asked how much fits it.
    pub(crate) fn estimate_of_summary(
        &self,
        conversation: &Conversation<'_>,
    ) -> Result<Estimate, SummarizeError> {
        let talk = conversation.talk;
        let context = self.given_context().unwrap_or(DEFAULT_CONTEXT_TOKENS);
        let prompt = conversation.chat.estimated_tokens();
        let is_about_notes = matches!(conversation.source, PromptSource::Notes { .. });
        if is_about_notes || self.is_long(conversation, Some(context)) {
            self.estimate_of_parts(talk, prompt, context)
        } else {
            Ok(Estimate::one(
                prompt + self.size(talk)?,
                self.reply_tokens(),
            ))
        }
    }

    /// The same of a talk whose words nobody knows yet, without them.
    pub(crate) fn estimate_without_words(&self, talk: &Talk) -> Result<Estimate, SummarizeError> {
        let placeholder = placeholder("");
        let source = PromptSource::Transcript { placeholder };
        let bare = self.summary_conversation(talk, source, "", self.llm())?;
        let prompt = bare.chat.estimated_tokens();
        Ok(Estimate::one(prompt, self.reply_tokens()))
    }

    /// About how many tokens a summary has with its quotes.
    fn reply_tokens(&self) -> u64 {
        if self.prompts.ask_for_quotes() {
            SUMMARY_TOKENS + QUOTES_TOKENS
        } else {
            SUMMARY_TOKENS
        }
    }

    /// What the notes that are not kept yet and the summary of all notes take.
    fn estimate_of_parts(
        &self,
        talk: &Talk,
        prompt: u64,
        context: u64,
    ) -> Result<Estimate, SummarizeError> {
        let division = self.division(talk, context)?;
        let texts = self.parts_of(talk, &division)?;
        let notes = texts.len() as u64 * NOTES_TOKENS;
        let mut estimate = Estimate::one(prompt + notes, self.reply_tokens());
        for text in &texts {
            let (question, kept) = self.part_question(talk, text, &division)?;
            if kept.is_none() {
                estimate.add(Estimate::one(question.tokens(), NOTES_TOKENS));
            }
        }
        Ok(estimate)
    }

    /// About how many tokens were spoken; 0 where nobody knows what was said.
    fn size(&self, talk: &Talk) -> Result<u64, SummarizeError> {
        match &talk.transcript {
            Some(transcript) if transcript.tokens > 0 && talk.id.start.is_none() => {
                Ok(transcript.tokens)
            }
            Some(_) => {
                let transcript = self.transcript(talk)?;
                let words = transcript.map(|transcript| transcript.text());
                let words = words.unwrap_or_default();
                if words.trim().is_empty() {
                    return Err(SummarizeError::NothingSaid);
                }
                Ok(estimated_tokens(&escape_untrusted(&words)))
            }
            None => Ok(0),
        }
    }
}
