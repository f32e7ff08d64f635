//! A conversation with a model about one result: the question, and the one corrective request.
//!
//! In a request the transcript stands as its digest, so that a run with nothing to do reads no
//! transcript. Here a reply is read and what comes after it is chosen; nothing is sent.

use std::borrow::Cow;

use crate::cache::{CachedReply, Lookup, Owner, Request};
use crate::llm::{Billed, ChatRequest, Completion, DEFAULT_CONTEXT_TOKENS};
use crate::prompts::CorrectionView;
use crate::requests::{Earlier, PaidQuestion, RequestError, Slot};
use crate::summarize::SummarizeError;
use crate::summarize::decision::Decider;
use crate::summarize::fault::Fault;
use crate::summarize::form::Strictness;
use crate::summarize::questions::{PromptSource, truncation};
use crate::summarize::reply::{self, Understood};
use crate::talk::provenance::{FiledBy, Provenance};
use crate::talk::{Filing, Freshness, Summary, Talk};
use crate::work::Stage;

/// How freely a model may speak when its first reply could not be used.
const CORRECTIVE_TEMPERATURE: f32 = 1.0;

/// What is asked next about a talk, and what was said before.
#[derive(Debug)]
pub(crate) struct Conversation<'a> {
    pub(super) talk: &'a Talk,
    pub(super) stage: Stage,
    pub(super) chat: ChatRequest,
    pub(super) source: PromptSource,
    /// The reply that could not be used, which the chat goes on from.
    first: Option<Box<CachedReply>>,
    /// Replies before it that were cut off while the model was thinking.
    cut_off: Vec<CachedReply>,
    /// Which replies of earlier runs will do.
    pub(super) earlier: Earlier,
}

/// What a reply makes of a conversation.
pub(super) enum ReplyOutcome<'a, T> {
    /// The result, and what the replies were paid for that it took.
    Answer(T, Vec<Billed>),
    /// The model is to be asked.
    Open(Conversation<'a>),
    /// The reply and the corrected reply both failed the check.
    Rejected(Fault, Vec<CachedReply>),
}

/// Refuses a reply to fewer words than were sent.
fn ensure_read_whole(
    conversation: &Conversation<'_>,
    completion: &Completion,
) -> Result<(), RequestError> {
    match truncation(&conversation.chat, conversation.talk, completion) {
        Some((sent, read)) => Err(RequestError::Truncated { sent, read }),
        None => Ok(()),
    }
}

/// What a reply says, if it is one that can be read.
pub(super) fn read(kept: &CachedReply) -> Result<Completion, Fault> {
    kept.completion().ok_or_else(|| {
        if kept.is_far_too_long() {
            Fault::FarTooLong
        } else {
            Fault::NotTheObject
        }
    })
}

/// A result that is read from a model's reply.
pub(super) trait FromReply: Sized {
    /// Reads the reply, if it is what was asked for.
    fn read(
        decider: &Decider<'_>,
        conversation: &Conversation<'_>,
        completion: &Completion,
        kept: &CachedReply,
        strictness: Strictness,
    ) -> Understood<Self>;

    fn freshness(&self) -> Freshness;

    fn provenance(&self) -> Option<&Provenance>;

    /// Whether it counts as what would be made today, as what was imported does.
    fn is_current(&self) -> bool {
        self.freshness() == Freshness::Current
    }

    /// Whether it came out of an archive, and was made by others.
    fn is_from_archive(&self) -> bool {
        let provenance = self.provenance();
        provenance.is_some_and(|provenance| provenance.from_archive)
    }
}

impl<'a> Conversation<'a> {
    pub(super) fn new(
        talk: &'a Talk,
        stage: Stage,
        chat: ChatRequest,
        source: PromptSource,
    ) -> Self {
        Self {
            talk,
            stage,
            chat,
            source,
            first: None,
            cut_off: Vec::new(),
            earlier: Earlier::Latest,
        }
    }

    /// The replies that are there already, the oldest first.
    fn replies(&self) -> impl Iterator<Item = &CachedReply> {
        self.cut_off.iter().chain(self.first.as_deref())
    }

    /// What they were paid for.
    pub(super) fn billed(&self) -> impl Iterator<Item = Billed> {
        let replies = self.replies();
        replies.map(|kept| Billed::by(kept.completion().as_ref()))
    }

    /// Whether a model has said something already.
    pub(super) fn has_begun(&self) -> bool {
        self.replies().next().is_some()
    }

    /// The conversation, begun again with another request, since this reply was cut off.
    fn anew(mut self, chat: ChatRequest, cut_off: CachedReply) -> Self {
        self.chat = chat;
        self.cut_off.push(cut_off);
        self
    }

    /// All replies of a conversation that ends with this one.
    fn end(self, last: CachedReply) -> Vec<CachedReply> {
        let first = self.first.map(|first| *first);
        self.cut_off
            .into_iter()
            .chain(first)
            .chain([last])
            .collect()
    }

    /// Whether there is more room for thoughts than the catalog says.
    pub(super) fn has_added_room(&self) -> bool {
        !self.cut_off.is_empty()
    }

    /// The filled request with as much of the added room as fits a context.
    pub(super) fn within<'c>(
        &self,
        filled: Cow<'c, ChatRequest>,
        context: u64,
    ) -> Cow<'c, ChatRequest> {
        let Some(opening) = self.opening() else {
            return filled;
        };
        let fits = context.saturating_sub(filled.estimated_tokens());
        let fits = u32::try_from(fits).unwrap_or(u32::MAX);
        let limit = fits.max(opening.parameters.max_tokens);
        if filled.parameters.max_tokens <= limit {
            return filled;
        }
        let mut within = filled.into_owned();
        within.parameters.max_tokens = limit;
        Cow::Owned(within)
    }

    /// Whether the model was told to think less than the catalog says.
    fn has_less_effort(&self) -> bool {
        let is_less = |opening: &ChatRequest| opening.tuning.effort != self.chat.tuning.effort;
        self.opening().is_some_and(is_less)
    }

    /// The first request, where its reply was cut off.
    fn opening(&self) -> Option<&ChatRequest> {
        match &self.cut_off.first()?.request {
            Request::Chat(chat) => Some(chat),
            _ => None,
        }
    }

    /// How many tokens it may have with the words of its talk and the reply, where that is looked up
    /// without reading them.
    pub(super) fn wanted_context(&self) -> u64 {
        let recording = self.talk.transcript.as_ref();
        let words = match recording.map(|transcript| transcript.tokens) {
            // An earlier version did not count.
            Some(0) => DEFAULT_CONTEXT_TOKENS,
            counted => counted.unwrap_or(0),
        };
        self.chat.estimated_tokens() + words + u64::from(self.chat.parameters.max_tokens)
    }

    /// Where the reply to the next question is kept.
    pub(super) fn slot(&self) -> Slot<'_> {
        Slot {
            owner: Owner::Talk(&self.talk.id),
            stage: self.stage,
            question: PaidQuestion::Chat(&self.chat),
            earlier: self.earlier,
        }
    }
}

impl Decider<'_> {
    /// Reads a reply: it holds the result, or is to be corrected, or neither it nor the one before
    /// it can be used.
    pub(super) fn hear<'a, T: FromReply>(
        &self,
        conversation: Conversation<'a>,
        kept: CachedReply,
        strictness: Strictness,
    ) -> Result<ReplyOutcome<'a, T>, SummarizeError> {
        let completion = read(&kept).map_err(|fault| SummarizeError::Rejected {
            fault,
            replies: conversation.replies().count() + 1,
        })?;
        let is_first = conversation.first.is_none();
        if is_first {
            if let Some(roomier) = kept.with_more_room() {
                return Ok(ReplyOutcome::Open(conversation.anew(roomier, kept)));
            }
            ensure_read_whole(&conversation, &completion)?;
        }
        let understood = self.understand::<T>(&conversation, &completion, &kept, strictness)?;
        let judged = if is_first {
            self.judge(&conversation, &completion, understood)?
        } else {
            understood.value().map_err(|fault| (fault, None))
        };
        match judged {
            Ok(value) => {
                let billed = Billed::by(Some(&completion));
                let billed = conversation.billed().chain([billed]).collect();
                Ok(ReplyOutcome::Answer(value, billed))
            }
            Err((fault, Some(correction))) => self.go_on(conversation, kept, fault, correction),
            Err((fault, None)) => Ok(ReplyOutcome::Rejected(fault, conversation.end(kept))),
        }
    }

    /// What the first reply is good for: the result, or a fault and the request that corrects it.
    /// What an earlier version, which understood less, has asked about the reply counts.
    fn judge<T>(
        &self,
        conversation: &Conversation<'_>,
        completion: &Completion,
        understood: Understood<T>,
    ) -> Result<Result<T, (Fault, Option<ChatRequest>)>, SummarizeError> {
        let fault = match understood.as_asked {
            Ok(value) => return Ok(Ok(value)),
            Err(fault) => fault,
        };
        let correction = self.correction(conversation, completion, &fault)?;
        let asked = self.correction_of_another_time(conversation, completion, &correction)?;
        // Who declines once declines again, and a filter does.
        if fault == Fault::Refused
            && asked.is_none()
            && matches!(self.lookup(conversation, &correction)?, Lookup::Miss)
        {
            return Ok(Err((fault, None)));
        }
        let correction = asked.unwrap_or(correction);
        let Some(otherwise) = understood.otherwise else {
            return Ok(Err((fault, Some(correction))));
        };
        if matches!(self.lookup(conversation, &correction)?, Lookup::Hit(_)) {
            return Ok(Err((fault, Some(correction))));
        }
        match otherwise {
            Ok(value) => Ok(Ok(value)),
            Err(fault) => {
                let correction = self.correction(conversation, completion, &fault)?;
                Ok(Err((fault, Some(correction))))
            }
        }
    }

    /// Goes on after a first reply with a fault: with the correction, or with less thought where the
    /// reply was cut off, since a correction would be cut off like it.
    fn go_on<'a, T>(
        &self,
        conversation: Conversation<'a>,
        kept: CachedReply,
        fault: Fault,
        correction: ChatRequest,
    ) -> Result<ReplyOutcome<'a, T>, SummarizeError> {
        if let Some(easier) = kept.with_less_effort()
            && matches!(self.lookup(&conversation, &correction)?, Lookup::Miss)
        {
            if conversation.has_less_effort() {
                return Ok(ReplyOutcome::Rejected(fault, conversation.end(kept)));
            }
            return Ok(ReplyOutcome::Open(conversation.anew(easier, kept)));
        }
        Ok(ReplyOutcome::Open(Conversation {
            chat: correction,
            first: Some(Box::new(kept)),
            ..conversation
        }))
    }

    /// What a reply says by the rules of today. One that is there from earlier is also read by the
    /// rules that it was asked for under: what they accepted was paid for and stays, and what was
    /// asked because of them is not asked again in other words.
    fn understand<T: FromReply>(
        &self,
        conversation: &Conversation<'_>,
        completion: &Completion,
        kept: &CachedReply,
        strictness: Strictness,
    ) -> Result<Understood<T>, SummarizeError> {
        let read = |strictness| T::read(self, conversation, completion, kept, strictness);
        let today = read(Strictness::Today);
        if strictness == Strictness::Today {
            return Ok(today);
        }
        let earlier = read(Strictness::Earlier);
        if conversation.first.is_some() {
            return Ok(if earlier.is_usable() { earlier } else { today });
        }
        let was_corrected = |understood: &Understood<T>| match &understood.as_asked {
            Err(fault) => {
                let correction = self.correction(conversation, completion, fault)?;
                let lookup = self.lookup(conversation, &correction)?;
                let is_there = || {
                    let asked =
                        self.correction_of_another_time(conversation, completion, &correction)?;
                    Ok::<_, SummarizeError>(asked.is_some())
                };
                Ok::<_, SummarizeError>(matches!(lookup, Lookup::Hit(_)) || is_there()?)
            }
            Ok(_) => Ok(false),
        };
        let goes_by_earlier =
            was_corrected(&earlier)? || (earlier.is_usable() && !was_corrected(&today)?);
        Ok(if goes_by_earlier { earlier } else { today })
    }

    /// The chat, gone on with: the reply is sent back with its fault.
    fn correction(
        &self,
        conversation: &Conversation<'_>,
        completion: &Completion,
        fault: &Fault,
    ) -> Result<ChatRequest, SummarizeError> {
        let keeps_rest = fault.leaves_rest();
        let fault = fault.to_string();
        let words = match conversation.stage {
            Stage::Category | Stage::Opinion => self.prompts.category_correction(&fault),
            Stage::Support => self.prompts.support_correction(&fault),
            _ => self.prompts.summary_correction(&CorrectionView {
                fault: &fault,
                keeps_rest,
            }),
        };
        let words = words.map_err(SummarizeError::Prompt)?;
        let mut next = conversation.chat.follow_up(&completion.text, words);
        // Asked for its likeliest words, a small model says the same again.
        next.parameters.temperature = CORRECTIVE_TEMPERATURE;
        Ok(next)
    }

    /// The correction that was asked for when the program, or the organizer, said it in other words.
    /// A model has answered it, and is not paid for the same again.
    fn correction_of_another_time(
        &self,
        conversation: &Conversation<'_>,
        completion: &Completion,
        correction: &ChatRequest,
    ) -> Result<Option<ChatRequest>, SummarizeError> {
        let Conversation {
            talk, stage, chat, ..
        } = conversation;
        let is_sought = matches!(conversation.earlier, Earlier::Latest)
            && matches!(self.lookup(conversation, correction)?, Lookup::Miss);
        if !is_sought {
            return Ok(None);
        }
        let goes_on = |asked: &ChatRequest| {
            let ours = chat.follow_up(&completion.text, String::new());
            let before = ours.messages.len() - 1;
            asked.provider == chat.provider
                && asked.model == chat.model
                && asked.shape == chat.shape
                && asked.messages.len() == ours.messages.len()
                && asked.messages[..before] == ours.messages[..before]
        };
        let replies = self.snapshot(talk)?.replies(&talk.id, *stage);
        let replies = replies.map_err(RequestError::Cache)?;
        let asked = replies.into_iter().filter_map(|kept| match kept.request {
            Request::Chat(asked) => Some(asked),
            _ => None,
        });
        Ok(asked.into_iter().find(goes_on))
    }
}

impl FromReply for Summary {
    fn read(
        decider: &Decider<'_>,
        conversation: &Conversation<'_>,
        completion: &Completion,
        kept: &CachedReply,
        strictness: Strictness,
    ) -> Understood<Self> {
        let rules = decider.rules(&conversation.chat, strictness);
        let origin = conversation.source.origin();
        reply::summary(completion, rules).map(|sentences| {
            decider.build_written(
                &sentences,
                origin,
                Some(kept.provenance()),
                Freshness::Current,
            )
        })
    }

    fn freshness(&self) -> Freshness {
        self.freshness
    }

    fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }
}

impl FromReply for Filing {
    fn read(
        decider: &Decider<'_>,
        _: &Conversation<'_>,
        completion: &Completion,
        kept: &CachedReply,
        _: Strictness,
    ) -> Understood<Self> {
        reply::category(completion, &decider.catalog.categories).map(|choice| Self {
            choice,
            filed_by: FiledBy::Model,
            provenance: Some(kept.provenance()),
            freshness: Freshness::Current,
        })
    }

    fn freshness(&self) -> Freshness {
        self.freshness
    }

    fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }
}
