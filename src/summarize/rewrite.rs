//! Another summary of a talk, asked for with a hint of a person who has read the one that is there.
//!
//! The question is that for a summary with the hint behind it, and a place in the cache of its own:
//! no run takes such a summary for the one that it would ask for. What becomes of it is decided by
//! whoever asked.

use crate::llm::{DEFAULT_CONTEXT_TOKENS, Role, Usage};
use crate::summarize::SummarizeError;
use crate::summarize::conversation::Conversation;
use crate::summarize::decision::{Decider, Decision};
use crate::summarize::estimate::{Estimate, EstimateRange};
use crate::summarize::questions::PromptSource;
use crate::summarize::untrusted::escape_untrusted_line;
use crate::talk::{Summary, Talk};
use crate::work::{Stage, Work};

/// What a hint stands between in a request. No text of others has these marks.
const OPEN: &str = "<hint>\n";
const CLOSE: &str = "\n</hint>";
/// What a correction adds to a question, beside the reply that it is about.
const CORRECTION_TOKENS: u64 = 200;

impl Decider<'_> {
    /// What is to be done for another summary of a talk, with a hint.
    #[must_use]
    pub(crate) fn rewrite<'t>(&self, talk: &'t Talk, hint: &str) -> Decision<'t, Summary> {
        let wanted = self.recall_rewrite(talk, hint);
        self.decide(Stage::Rewrite, Work::Make, wanted, || Ok(None))
    }

    fn recall_rewrite<'t>(
        &self,
        talk: &'t Talk,
        hint: &str,
    ) -> Result<Decision<'t, Summary>, SummarizeError> {
        let llm = self.catalog.llm.as_ref();
        let llm = llm.ok_or(SummarizeError::NotCached)?;
        let source = PromptSource::of(talk)?;
        let told = match source {
            PromptSource::Abstract => String::new(),
            _ => self.list_of_misheard(talk, &self.spoken(talk)?),
        };
        let hint = escape_untrusted_line(hint);
        let whole = self.summary_conversation(talk, source, &told, llm)?;
        let whole = self.recall(self.with_hint(whole, &hint)?, Work::Make);
        if !matches!(whole, Ok(Decision::Ask(..))) {
            return whole;
        }
        let Some(notes) = self.notes_conversation(talk, &told, llm)? else {
            return whole;
        };
        match self.recall(self.with_hint(notes, &hint)?, Work::Make) {
            Ok(Decision::Ask(..)) => whole,
            settled => settled,
        }
    }

    /// The same conversation with a hint at the end of its question. Without one, it stays as it is.
    pub(super) fn with_hint<'t>(
        &self,
        mut conversation: Conversation<'t>,
        hint: &str,
    ) -> Result<Conversation<'t>, SummarizeError> {
        if hint.is_empty() {
            return Ok(conversation);
        }
        let hint = format!("{OPEN}{hint}{CLOSE}");
        let words = self.prompts.hint(&hint).map_err(SummarizeError::Prompt)?;
        let mut messages = conversation.chat.messages.iter_mut().rev();
        if let Some(question) = messages.find(|message| message.role == Role::User) {
            question.content = format!("{}\n\n{words}", question.content);
        }
        conversation.stage = Stage::Rewrite;
        Ok(conversation)
    }

    /// What asking for another summary would take.
    pub(crate) fn estimate_of_rewrite(
        &self,
        conversation: &Conversation<'_>,
    ) -> Result<EstimateRange, SummarizeError> {
        let about = self.estimate_of_summary(conversation)?;
        let reply = u64::from(conversation.chat.parameters.max_tokens);
        let context = self.given_context().unwrap_or(DEFAULT_CONTEXT_TOKENS);
        // The question is sent a second time, with the reply and what is wrong with it.
        let again = about.usage.prompt_tokens.min(context) + reply + CORRECTION_TOKENS;
        let usage = Usage {
            prompt_tokens: about.usage.prompt_tokens + again,
            completion_tokens: reply * (about.requests + 1),
            ..Usage::default()
        };
        let requests = about.requests + 1;
        Ok(EstimateRange {
            about,
            most: Estimate { requests, usage },
        })
    }
}

/// The hint that a conversation has; empty where it has none.
#[must_use]
pub(super) fn hint_in<'c>(conversation: &'c Conversation<'_>) -> &'c str {
    let mut messages = conversation.chat.messages.iter();
    let question = messages.find(|message| message.role == Role::User);
    let between = |text: &'c str| Some(text.rsplit_once(OPEN)?.1.split_once(CLOSE)?.0);
    let hint = question.filter(|_| conversation.stage == Stage::Rewrite);
    hint.and_then(|question| between(&question.content))
        .unwrap_or_default()
}
