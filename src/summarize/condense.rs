//! Talks that are too long for a model: notes are taken on their parts, and the summary is made of
//! the notes.
//!
//! Each part's notes are a reply of their own in the cache, so a run that is interrupted pays for
//! no part twice. Which words a part has is in its request, not which number it has: with a larger
//! context there are other parts.

use crate::cache::{CachedReply, FileStamp, Owner, Request};
use crate::catalog::LlmSettings;
use crate::llm::{ChatRequest, DEFAULT_CONTEXT_TOKENS, estimated_tokens};
use crate::requests::{Earlier, PaidQuestion, RequestError, SendPermit, Slot, recall};
use crate::summarize::conversation::{self, Conversation};
use crate::summarize::decision::Decider;
use crate::summarize::fault::Fault;
use crate::summarize::misheard::list_in;
use crate::summarize::parts::{beginning, gather, parts};
use crate::summarize::questions::{NOTES_SEPARATOR, PromptSource, placeholder};
use crate::summarize::rewrite::hint_in;
use crate::summarize::untrusted::escape_untrusted;
use crate::summarize::{SummarizeError, Summarizer, reply};
use crate::talk::Talk;
use crate::work::{Stage, Work};

/// The smallest part that is worth a request, in tokens.
const LEAST_PART: u64 = 256;

/// The longest notes that are read, in tokens: more than twice what is asked for. A model that
/// writes more has begun to repeat itself.
const MOST_NOTES: u64 = 1000;

/// How a talk that is too long is read: what fits one request.
pub(super) struct Division {
    /// The longest part, in tokens.
    most: u64,
    /// How many tokens fit the model.
    context: u64,
}

/// Notes on all parts of a talk, put together.
pub(super) enum Notes {
    /// Short enough for the conversation that they belong to.
    Short(String),
    /// Too long; notes are to be taken on these texts, which are fewer.
    Long(Vec<String>),
}

/// The question about one part of a transcript.
pub(super) struct PartQuestion<'p> {
    /// As it is kept, with a place for the words.
    pub(super) chat: ChatRequest,
    placeholder: String,
    text: &'p str,
}

impl Division {
    /// The longest notes on one part, in tokens.
    fn most_notes(&self) -> u64 {
        MOST_NOTES.min(self.most)
    }

    /// The notes of a reply, no longer than a part.
    pub(super) fn notes_in(&self, kept: &CachedReply) -> Result<String, SummarizeError> {
        let notes = read_notes(kept);
        let notes = notes.map_err(|fault| SummarizeError::Rejected { fault, replies: 1 })?;
        Ok(beginning(&notes, self.most_notes()).to_owned())
    }

    /// Puts the notes on so many parts together.
    pub(super) fn join_notes(
        &self,
        conversation: &Conversation<'_>,
        parts: usize,
        mut notes: Vec<String>,
    ) -> Result<Notes, SummarizeError> {
        let reply = u64::from(conversation.chat.parameters.max_tokens);
        let frame = conversation.chat.estimated_tokens() + reply;
        let room_for_notes = self.context.saturating_sub(frame);
        let all = notes.join("\n\n");
        let tokens = estimated_tokens(&all);
        if tokens <= room_for_notes {
            return Ok(Notes::Short(all));
        }
        if notes.len() == 1 && room_for_notes >= LEAST_PART {
            return Ok(Notes::Short(beginning(&all, room_for_notes).to_owned()));
        }
        // Notes on notes, as long as that makes fewer of them: of two that are half as long as a
        // part it makes one.
        let mut fewer = gather(&notes, self.most);
        if fewer.len() >= parts {
            for note in &mut notes {
                *note = beginning(note, self.most / 2 - 1).to_owned();
            }
            fewer = gather(&notes, self.most);
        }
        if fewer.len() >= parts {
            let tokens = tokens + conversation.chat.estimated_tokens();
            let context = self.context;
            return Err(RequestError::TooLong { tokens, context }.into());
        }
        Ok(Notes::Long(fewer))
    }
}

impl PartQuestion<'_> {
    /// The question with the words of its part.
    pub(super) fn filled(&self) -> ChatRequest {
        self.chat
            .with(&self.placeholder, &escape_untrusted(self.text))
    }

    /// About how many tokens the question has with its words.
    pub(super) fn tokens(&self) -> u64 {
        self.chat.estimated_tokens() + estimated_tokens(self.text)
    }

    /// Refuses notes of which the model read only a part of the question: a server cut it in silence.
    /// Who refuses what is too long does not do that as well.
    pub(super) fn ensure_read_whole(&self, kept: &CachedReply) -> Result<(), RequestError> {
        let sent = self.tokens();
        let completion = kept.completion();
        match completion.and_then(|completion| completion.cut_to(sent)) {
            Some(read) => Err(RequestError::Truncated { sent, read }),
            None => Ok(()),
        }
    }

    /// Where the notes are kept.
    pub(super) fn slot<'q>(&'q self, talk: &'q Talk, earlier: Earlier) -> Slot<'q> {
        Slot {
            owner: Owner::Talk(&talk.id),
            stage: Stage::Part,
            question: PaidQuestion::Chat(&self.chat),
            earlier,
        }
    }
}

impl Decider<'_> {
    /// How many tokens fit the model's context as far as the catalog says.
    pub(crate) fn given_context(&self) -> Option<u64> {
        let given = self.catalog.llm.as_ref().and_then(|llm| llm.context_tokens);
        given.map(|tokens| u64::from(tokens.get()))
    }

    /// Whether a conversation is too long for a context. Of a part of a recording that is known only
    /// once it is read, which is done where the whole recording would be too long.
    pub(super) fn is_long(&self, conversation: &Conversation<'_>, context: Option<u64>) -> bool {
        let reply = conversation.chat.parameters.max_tokens.into();
        let Some(room) = context.map(|context| context.saturating_sub(reply)) else {
            return false;
        };
        let has = |words: u64| conversation.chat.estimated_tokens() + words > room;
        let recording = conversation.talk.transcript.as_ref();
        match recording.map_or(0, |transcript| transcript.tokens) {
            tokens if tokens > 0 && !has(tokens) => false,
            tokens if tokens > 0 && conversation.talk.id.start.is_none() => true,
            _ => match self.transcript(conversation.talk) {
                Ok(Some(transcript)) => {
                    has(estimated_tokens(&escape_untrusted(&transcript.text())))
                }
                _ => false,
            },
        }
    }

    /// The conversation about a talk in the form that fits a context: about all that was said, or
    /// about notes on its parts.
    pub(super) fn fit<'t>(
        &self,
        conversation: Conversation<'t>,
        context: u64,
    ) -> Result<Conversation<'t>, SummarizeError> {
        let is_whole = matches!(conversation.source, PromptSource::Transcript { .. });
        if !is_whole || !self.is_long(&conversation, Some(context)) {
            return Ok(conversation);
        }
        let llm = self.llm();
        let misheard = list_in(&conversation.chat);
        let notes = self.notes_conversation(conversation.talk, misheard, llm)?;
        let mut notes = notes.ok_or(SummarizeError::TranscriptMissing)?;
        notes.earlier = conversation.earlier;
        self.with_hint(notes, hint_in(&conversation))
    }

    /// The same conversation about notes, where a model has refused to read it whole and has said how
    /// much it reads.
    pub(super) fn shorten<'t>(
        &self,
        conversation: Conversation<'t>,
        context: u64,
    ) -> Option<Conversation<'t>> {
        if matches!(conversation.source, PromptSource::Notes { .. }) {
            return None;
        }
        let fitted = self.fit(conversation, context).ok()?;
        matches!(fitted.source, PromptSource::Notes { .. }).then_some(fitted)
    }

    /// The conversation about notes on the parts of a transcript, where there is a transcript. Its
    /// place names the words, and what is asked about them.
    pub(super) fn notes_conversation<'t>(
        &self,
        talk: &'t Talk,
        misheard: &str,
        llm: &LlmSettings,
    ) -> Result<Option<Conversation<'t>>, SummarizeError> {
        let placeholder = self.placeholder_of_notes(talk, llm)?;
        let about = |placeholder| {
            let source = PromptSource::Notes { placeholder };
            self.summary_conversation(talk, source, misheard, llm)
        };
        placeholder.map(about).transpose()
    }

    pub(super) fn placeholder_of_notes(
        &self,
        talk: &Talk,
        llm: &LlmSettings,
    ) -> Result<Option<String>, SummarizeError> {
        let Some(key) = talk.words_key() else {
            return Ok(None);
        };
        let asked = Request::Chat(self.condense_request(talk, &placeholder(&key), "", llm)?);
        let asked = asked.digest(&talk.id, Stage::Part);
        Ok(Some(placeholder(&format!("{key}{NOTES_SEPARATOR}{asked}"))))
    }

    /// How a talk is divided for a model with this context.
    pub(super) fn division(&self, talk: &Talk, context: u64) -> Result<Division, SummarizeError> {
        let prompt = self.condense_request(talk, "", "", self.llm())?;
        let frame = prompt.estimated_tokens() + u64::from(prompt.parameters.max_tokens);
        let most = context.saturating_sub(frame);
        if most < LEAST_PART {
            let tokens = frame + LEAST_PART;
            return Err(RequestError::TooLong { tokens, context }.into());
        }
        Ok(Division { most, context })
    }

    /// The words of a talk in parts.
    pub(super) fn parts_of(
        &self,
        talk: &Talk,
        division: &Division,
    ) -> Result<Vec<String>, SummarizeError> {
        let words = self.transcript(talk)?;
        let words = words.ok_or(SummarizeError::TranscriptMissing)?;
        let texts = parts(&words.cues, division.most);
        if texts.is_empty() {
            return Err(SummarizeError::NothingSaid);
        }
        Ok(texts)
    }

    /// The question about one part of a transcript as it was asked, with the notes that it brought,
    /// else as it is to be asked: with a list of misheard names, where that fits.
    pub(super) fn part_question<'p>(
        &self,
        talk: &Talk,
        text: &'p str,
        division: &Division,
    ) -> Result<(PartQuestion<'p>, Option<CachedReply>), SummarizeError> {
        let question = self.part_question_with(talk, text, "")?;
        if let Some(kept) = self.recall_notes(talk, &question)? {
            return Ok((question, Some(kept)));
        }
        let list = self.list_of_misheard(talk, text);
        if list.is_empty() {
            return Ok((question, None));
        }
        let told = self.part_question_with(talk, text, &list)?;
        if told.tokens() + u64::from(told.chat.parameters.max_tokens) > division.context {
            return Ok((question, None));
        }
        let kept = self.recall_notes(talk, &told)?;
        Ok((told, kept))
    }

    fn part_question_with<'p>(
        &self,
        talk: &Talk,
        text: &'p str,
        misheard: &str,
    ) -> Result<PartQuestion<'p>, SummarizeError> {
        let digest = FileStamp::digest_of(text.as_bytes());
        let placeholder = placeholder(&format!("part {}", &digest[..16]));
        let chat = self.condense_request(talk, &placeholder, misheard, self.llm())?;
        Ok(PartQuestion {
            chat,
            placeholder,
            text,
        })
    }

    /// Which notes of earlier runs will do. What makes the summary anew may try a part again that
    /// nothing came of.
    pub(super) fn earlier_notes(&self) -> Earlier {
        if self.redoes(Stage::Summary, Work::Make) || self.redoes_failed(Work::Make) {
            Earlier::Usable
        } else {
            Earlier::Latest
        }
    }

    /// Whether the notes for a conversation can be had: not where a model's notes on a part were set
    /// aside and nobody wants to ask again. The endpoint is not asked how much fits it.
    pub(super) fn check_notes(
        &self,
        conversation: &Conversation<'_>,
    ) -> Result<(), SummarizeError> {
        let talk = conversation.talk;
        if self.earlier_notes() != Earlier::Latest
            || !self.snapshot(talk)?.has_set_aside(Stage::Part)
        {
            return Ok(());
        }
        let context = self.given_context().unwrap_or(DEFAULT_CONTEXT_TOKENS);
        let is_about_notes = matches!(conversation.source, PromptSource::Notes { .. });
        if !is_about_notes && !self.is_long(conversation, Some(context)) {
            return Ok(());
        }
        let division = self.division(talk, context)?;
        for text in self.parts_of(talk, &division)? {
            self.part_question(talk, &text, &division)?;
        }
        Ok(())
    }

    /// The notes on a part that earlier runs have brought.
    fn recall_notes(
        &self,
        talk: &Talk,
        question: &PartQuestion<'_>,
    ) -> Result<Option<CachedReply>, SummarizeError> {
        match recall(self.cache, question.slot(talk, self.earlier_notes())) {
            Err(RequestError::RejectedEarlier) => {
                let request = Request::Chat(question.chat.clone());
                let kept = self.snapshot(talk)?;
                let kept = kept.set_aside(&talk.id, Stage::Part, &request);
                let fault = kept.and_then(|kept| read_notes(&kept).err());
                Err(SummarizeError::RejectedEarlier(fault))
            }
            recalled => Ok(recalled?),
        }
    }

    pub(super) fn llm(&self) -> &LlmSettings {
        let llm = self.catalog.llm.as_ref();
        llm.expect("whoever asks a model has an endpoint")
    }
}

impl Summarizer<'_> {
    /// Notes on all parts of a talk, short enough for the conversation that they belong to.
    pub(super) async fn notes(
        &self,
        conversation: &Conversation<'_>,
        permit: &SendPermit<'_>,
    ) -> Result<String, SummarizeError> {
        let talk = conversation.talk;
        let context = permit.context().await;
        let division = self.decider.division(talk, context)?;
        let mut texts = self.decider.parts_of(talk, &division)?;
        loop {
            let mut notes = Vec::with_capacity(texts.len());
            for text in &texts {
                notes.push(self.notes_on(talk, text, &division, permit).await?);
            }
            let parts = texts.len();
            match division.join_notes(conversation, parts, notes)? {
                Notes::Short(notes) => return Ok(notes),
                Notes::Long(fewer) => texts = fewer,
            }
        }
    }

    /// The notes on one part, no longer than a part: from the cache, else from the model.
    async fn notes_on(
        &self,
        talk: &Talk,
        text: &str,
        division: &Division,
        permit: &SendPermit<'_>,
    ) -> Result<String, SummarizeError> {
        let (question, kept) = self.decider.part_question(talk, text, division)?;
        let slot = question.slot(talk, self.decider.earlier_notes());
        let cache = self.decider.cache;
        let kept = match kept {
            Some(kept) => kept,
            None => permit.chat(slot, &question.filled()).await?,
        };
        if !permit.refuses_for_length() {
            question.ensure_read_whole(&kept)?;
        }
        let notes = division.notes_in(&kept);
        if let Err(SummarizeError::Rejected { .. }) = &notes {
            cache.reject(&kept).map_err(RequestError::NotKept)?;
        }
        notes
    }
}

fn read_notes(kept: &CachedReply) -> Result<String, Fault> {
    let completion = conversation::read(kept)?;
    reply::notes(&completion)
}
