//! How far a talk's summary or filing has come, by what models were asked about it and have replied.
//!
//! What was paid for counts as long as it answers the question: also when the prompts, or the names
//! that the model was told, have changed since.

use std::iter::once;

use crate::cache::{Lookup, Request, Snapshot};
use crate::catalog::LlmSettings;
use crate::llm::ChatRequest;
use crate::requests::{Earlier, RequestError};
use crate::summarize::SummarizeError;
use crate::summarize::conversation::{Conversation, FromReply, ReplyOutcome};
use crate::summarize::decision::{Decider, Decision};
use crate::summarize::fault::Fault;
use crate::summarize::form::Strictness;
use crate::summarize::questions::PromptSource;
use crate::talk::{Filing, Summary, Talk};
use crate::work::{How, Stage, Work};

impl Decider<'_> {
    /// How far the talk's filing by a model has come.
    pub(super) fn recall_filing<'t>(
        &self,
        talk: &'t Talk,
        stage: Stage,
        chat: Result<ChatRequest, SummarizeError>,
        work: Work,
    ) -> Result<Decision<'t, Filing>, SummarizeError> {
        let conversation = Conversation::new(talk, stage, chat?, PromptSource::Abstract);
        self.recall(conversation, work)
    }

    /// How far the talk's summary has come, by the prompts of today or, where these have not led to
    /// one, by those that count as they do: what was paid for with them is not paid for again.
    pub(super) fn recall_summary<'t>(
        &self,
        talk: &'t Talk,
        llm: &LlmSettings,
        work: Work,
    ) -> Result<Decision<'t, Summary>, SummarizeError> {
        let whole = self.recall_whole(talk, "", llm, work);
        let may_have_another = is_open(&whole) && !self.redoes(Stage::Summary, work);
        if !may_have_another || !self.snapshot(talk)?.has_replies(Stage::Summary) {
            return whole;
        }
        let lists = self.lists_told(talk);
        for told in &lists {
            if let found @ Ok(Decision::Use(..)) = self.recall_whole(talk, told, llm, work) {
                return found;
            }
        }
        let recalled = self.or_in_notes(whole, talk, "", llm, work);
        if !is_open(&recalled) {
            return recalled;
        }
        for told in &lists {
            match self.recall_summary_as_asked(talk, told, llm, work) {
                Ok(Decision::Ask(conversation, _)) if !conversation.has_begun() => {}
                Err(_) if is_begun(&recalled) => {}
                settled => return settled,
            }
        }
        for prompts in self.prompts.others().map_err(SummarizeError::Prompt)? {
            let decider = Decider { prompts, ..*self };
            for told in once("").chain(lists.iter().map(String::as_str)) {
                match decider.recall_summary_as_asked(talk, told, llm, work) {
                    Ok(Decision::Ask(..)) => {}
                    settled @ Ok(_) => return settled,
                    Err(error @ SummarizeError::RejectedEarlier(_)) if !is_begun(&recalled) => {
                        return Err(error);
                    }
                    Err(_) => {}
                }
            }
        }
        recalled
    }

    /// The same by these prompts alone, whichever way it is made, where the model was told this list
    /// of misheard names.
    fn recall_summary_as_asked<'t>(
        &self,
        talk: &'t Talk,
        told: &str,
        llm: &LlmSettings,
        work: Work,
    ) -> Result<Decision<'t, Summary>, SummarizeError> {
        let whole = self.recall_whole(talk, told, llm, work);
        if is_open(&whole) {
            self.or_in_notes(whole, talk, told, llm, work)
        } else {
            whole
        }
    }

    /// How far the summary has come that is made of all that was said. A run with nothing to do
    /// renders one prompt for a talk, or two where the model was told of misheard names, and reads no
    /// transcript.
    fn recall_whole<'t>(
        &self,
        talk: &'t Talk,
        told: &str,
        llm: &LlmSettings,
        work: Work,
    ) -> Result<Decision<'t, Summary>, SummarizeError> {
        let whole = self.summary_conversation(talk, PromptSource::of(talk)?, told, llm)?;
        self.recall(whole, work)
    }

    /// The same, or how far the one has come that is made of notes.
    fn or_in_notes<'t>(
        &self,
        whole: Result<Decision<'t, Summary>, SummarizeError>,
        talk: &'t Talk,
        told: &str,
        llm: &LlmSettings,
        work: Work,
    ) -> Result<Decision<'t, Summary>, SummarizeError> {
        let Some(notes) = self.notes_conversation(talk, told, llm)? else {
            return whole;
        };
        match self.recall(notes, work) {
            // What was cut is asked about in parts once the catalog says that it is too long.
            Ok(Decision::Ask(notes, _)) if notes.earlier == Earlier::Latest => {
                let source = PromptSource::of(talk)?;
                let conversation = self.summary_conversation(talk, source, told, llm)?;
                if self.is_long(&conversation, self.given_context()) {
                    Ok(Decision::Ask(notes, None))
                } else {
                    whole
                }
            }
            settled => settled,
        }
    }

    /// How far a conversation has come by what is kept of it, unless that is passed over.
    pub(super) fn recall<'a, T: FromReply>(
        &self,
        mut conversation: Conversation<'a>,
        work: Work,
    ) -> Result<Decision<'a, T>, SummarizeError> {
        let Conversation { talk, stage, .. } = conversation;
        if self.redoes(stage, work) {
            conversation.earlier = Earlier::Nothing;
            return Ok(Decision::Ask(conversation, None));
        }
        if !self.snapshot(talk)?.has_replies(stage) {
            return Ok(Decision::Ask(conversation, None));
        }
        if !self.redoes_failed(work) {
            return self.replay(conversation);
        }
        let (chat, source) = (conversation.chat.clone(), conversation.source.clone());
        match self.replay(conversation) {
            Err(error) if error.is_of_no_use() => {
                let mut anew = Conversation::new(talk, stage, chat, source);
                anew.earlier = error.usable_replies();
                Ok(Decision::Ask(anew, None))
            }
            replayed => replayed,
        }
    }

    /// How far a conversation has come by all that is kept of it.
    fn replay<'a, T: FromReply>(
        &self,
        mut conversation: Conversation<'a>,
    ) -> Result<Decision<'a, T>, SummarizeError> {
        loop {
            let kept = match self.lookup(&conversation, &conversation.chat)? {
                Lookup::Hit(kept) => *kept,
                Lookup::Rejected => {
                    let snapshot = self.snapshot(conversation.talk)?;
                    let fault = self.fault_of_set_aside::<T>(&snapshot, conversation);
                    return Err(SummarizeError::RejectedEarlier(fault));
                }
                Lookup::Miss => return Ok(Decision::Ask(conversation, None)),
            };
            match self.hear(conversation, kept, Strictness::Earlier)? {
                ReplyOutcome::Open(next) => conversation = next,
                ReplyOutcome::Answer(value, billed) => {
                    return Ok(Decision::Use(value, How::Cached, billed));
                }
                ReplyOutcome::Rejected(fault, replies) => {
                    let replies = replies.len();
                    return Err(SummarizeError::Rejected { fault, replies });
                }
            }
        }
    }

    /// Why the replies of a conversation were set aside: they are read once more. None where they
    /// cannot be read, or would be good enough today.
    fn fault_of_set_aside<T: FromReply>(
        &self,
        snapshot: &Snapshot,
        mut conversation: Conversation<'_>,
    ) -> Option<Fault> {
        loop {
            let request = Request::Chat(conversation.chat.clone());
            let talk = &conversation.talk.id;
            let kept = snapshot.set_aside(talk, conversation.stage, &request)?;
            match self.hear::<T>(conversation, kept, Strictness::Today) {
                Ok(ReplyOutcome::Open(next)) => conversation = next,
                Ok(ReplyOutcome::Rejected(fault, _))
                | Err(SummarizeError::Rejected { fault, .. }) => {
                    return Some(fault);
                }
                Ok(ReplyOutcome::Answer(..)) | Err(_) => return None,
            }
        }
    }

    /// What is kept of a reply to this chat in place of the conversation's own.
    pub(super) fn lookup(
        &self,
        conversation: &Conversation<'_>,
        chat: &ChatRequest,
    ) -> Result<Lookup, SummarizeError> {
        let Conversation { talk, stage, .. } = conversation;
        let request = Request::Chat(chat.clone());
        let lookup = self.snapshot(talk)?.reply(&talk.id, *stage, &request);
        Ok(lookup.map_err(RequestError::Cache)?)
    }
}

/// Whether a model has said something already in a conversation that goes on.
fn is_begun<T>(recalled: &Result<Decision<'_, T>, SummarizeError>) -> bool {
    match recalled {
        Ok(Decision::Ask(conversation, _)) => conversation.has_begun(),
        _ => false,
    }
}

/// Whether a summary may have been made another way.
fn is_open<T>(recalled: &Result<Decision<'_, T>, SummarizeError>) -> bool {
    matches!(recalled, Ok(Decision::Ask(..))) || is_truncated(recalled)
}

fn is_truncated<T>(heard: &Result<T, SummarizeError>) -> bool {
    matches!(
        heard,
        Err(SummarizeError::Request(RequestError::Truncated { .. }))
    )
}
