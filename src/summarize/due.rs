//! What a model would be asked next about a talk, with all its words: listed, and asked by nobody here.
//!
//! A talk that is too long is asked about in parts first; the question about the talk itself is due once
//! the notes on all of them are kept.

use std::borrow::Cow;

use crate::cache::RequestKey;
use crate::llm::ChatRequest;
use crate::requests::{RequestError, Slot, ensure_fits, ensure_in_no_batch};
use crate::summarize::SummarizeError;
use crate::summarize::condense::Notes;
use crate::summarize::conversation::Conversation;
use crate::summarize::decision::Decider;
use crate::summarize::questions::PromptSource;
use crate::summarize::untrusted::escape_untrusted;
use crate::work::Stage;

/// A request that is to be sent.
#[derive(Debug)]
pub(crate) struct DueRequest {
    /// Where its reply belongs.
    pub key: RequestKey,
    /// As it is kept: the words of the talk stand in it as their digest.
    pub chat: ChatRequest,
    /// As it is sent.
    pub filled: ChatRequest,
}

impl DueRequest {
    /// Whether it asks for notes on a part of a talk.
    #[must_use]
    pub(crate) fn is_about_part(&self) -> bool {
        self.key.stage == Stage::Part
    }
}

/// The notes on the parts of a talk, as far as they are kept.
enum KeptNotes {
    All(String),
    /// Some are not: what is to be asked for them.
    Lacking(Vec<DueRequest>),
}

impl Decider<'_> {
    /// The requests that a conversation needs next, for a model that so many tokens fit.
    pub(crate) fn due(
        &self,
        conversation: Conversation<'_>,
        context: u64,
    ) -> Result<Vec<DueRequest>, SummarizeError> {
        let conversation = self.with_misheard_names(conversation)?;
        let conversation = self.fit(conversation, context)?;
        let chat = &conversation.chat;
        let filled = match &conversation.source {
            PromptSource::Abstract => chat.clone(),
            PromptSource::Transcript { placeholder } => {
                let words = self.spoken(conversation.talk)?;
                chat.with(placeholder, &escape_untrusted(&words))
            }
            PromptSource::Notes { placeholder } => {
                match self.kept_notes(&conversation, context)? {
                    KeptNotes::All(notes) => chat.with(placeholder, &escape_untrusted(&notes)),
                    KeptNotes::Lacking(parts) => return Ok(parts),
                }
            }
        };
        let filled = conversation.within(Cow::Owned(filled), context);
        let due = self.due_request(conversation.slot(), chat, filled.into_owned(), context)?;
        Ok(vec![due])
    }

    fn kept_notes(
        &self,
        conversation: &Conversation<'_>,
        context: u64,
    ) -> Result<KeptNotes, SummarizeError> {
        let talk = conversation.talk;
        let division = self.division(talk, context)?;
        let mut texts = self.parts_of(talk, &division)?;
        loop {
            let (mut notes, mut due) = (Vec::new(), Vec::new());
            for text in &texts {
                let (question, kept) = self.part_question(talk, text, &division)?;
                match kept {
                    Some(kept) => {
                        question.ensure_read_whole(&kept)?;
                        notes.push(division.notes_in(&kept)?);
                    }
                    None => {
                        let slot = question.slot(talk, self.earlier_notes());
                        let filled = question.filled();
                        due.push(self.due_request(slot, &question.chat, filled, context)?);
                    }
                }
            }
            if !due.is_empty() {
                return Ok(KeptNotes::Lacking(due));
            }
            match division.join_notes(conversation, texts.len(), notes)? {
                Notes::Short(notes) => return Ok(KeptNotes::All(notes)),
                Notes::Long(fewer) => texts = fewer,
            }
        }
    }

    /// A request with where its reply belongs, unless it does not fit the model, or is in a batch already.
    fn due_request(
        &self,
        slot: Slot<'_>,
        chat: &ChatRequest,
        filled: ChatRequest,
        context: u64,
    ) -> Result<DueRequest, RequestError> {
        ensure_fits(&filled, context)?;
        ensure_in_no_batch(self.cache, slot)?;
        let key = slot.key().expect("what is asked about a talk has its talk");
        Ok(DueRequest {
            key,
            chat: chat.clone(),
            filled,
        })
    }
}
