//! Talks that are too long for a model: notes are taken on their parts, and the summary is made of
//! the notes.
//!
//! Each part's notes are a reply of their own in the cache, so a run that is interrupted pays for
//! no part twice. Which words a part has is in its request, not which number it has: with a larger
//! context there are other parts.

use crate::cache::{FileStamp, Reply, Request};
use crate::catalog::LlmSettings;
use crate::llm::client::{Client, Permit};
use crate::llm::{ChatRequest, DEFAULT_CONTEXT_TOKENS, estimated_tokens};
use crate::summarize::model_stage::Question;
use crate::summarize::parts::{gathered, parts};
use crate::summarize::questions::{IN_NOTES, place, reply_tokens};
use crate::summarize::untrusted::untrusted;
use crate::summarize::{SummarizeError, Summarizer, reply};
use crate::talk::Talk;
use crate::work::{Stage, Work};

/// What fits every model; only for more is the endpoint asked how much that is.
const ALWAYS_FITS: u64 = 4_000;
/// The smallest part that is worth a request.
pub(super) const LEAST_PART: u64 = 256;

impl Summarizer<'_> {
    /// How many tokens fit the model's context, for so many that are to fit: what the catalog says,
    /// else what the endpoint says.
    pub(super) async fn context(&self, wanted: u64) -> u64 {
        let told = match (self.given_context(), self.client) {
            (None, Some(client)) if wanted > ALWAYS_FITS => client.context_tokens().await,
            (given, _) => given,
        };
        told.unwrap_or(DEFAULT_CONTEXT_TOKENS)
    }

    /// How many tokens fit the model's context as far as the catalog says.
    pub(super) fn given_context(&self) -> Option<u64> {
        let given = self.catalog.llm.as_ref().and_then(|llm| llm.context_tokens);
        given.map(|tokens| u64::from(tokens.get()))
    }

    /// Whether a question is too long for the model. Of a part of a recording that is known only
    /// once it is read, which is done where the whole recording would be too long.
    pub(super) async fn is_long(&self, question: &Question<'_>) -> bool {
        let recording = question.talk.transcript.as_ref();
        let words = match recording.map(|transcript| transcript.tokens) {
            // An earlier version did not count.
            Some(0) => DEFAULT_CONTEXT_TOKENS,
            counted => counted.unwrap_or(0),
        };
        let wanted = question.chat.estimated_tokens() + words + reply_of(&question.chat);
        let context = self.context(wanted).await;
        self.is_long_for(question, Some(context))
    }

    pub(super) fn is_long_for(&self, question: &Question<'_>, context: Option<u64>) -> bool {
        let Some(room) = context.map(|context| context.saturating_sub(reply_of(&question.chat)))
        else {
            return false;
        };
        let has = |words: u64| question.chat.estimated_tokens() + words > room;
        let recording = question.talk.transcript.as_ref();
        match recording.map_or(0, |transcript| transcript.tokens) {
            tokens if tokens > 0 && !has(tokens) => false,
            tokens if tokens > 0 && question.talk.id.start.is_none() => true,
            _ => match self.transcript(question.talk) {
                Ok(Some(transcript)) => has(estimated_tokens(&untrusted(&transcript.text()))),
                _ => false,
            },
        }
    }

    /// What stands in a request for the notes on a talk; none where there is no transcript. It
    /// names the words, and what is asked about them.
    pub(super) fn place_of_notes(
        &self,
        talk: &Talk,
        llm: &LlmSettings,
    ) -> Result<Option<String>, SummarizeError> {
        let Some(key) = talk.words_key() else {
            return Ok(None);
        };
        let asked = Request::Chat(self.condense_request(talk, &place(&key), llm)?);
        let asked = asked.digest(&talk.id, Stage::Part);
        Ok(Some(place(&format!("{key}{IN_NOTES}{asked}"))))
    }

    /// Notes on all parts of a talk, short enough for the question that they belong to.
    pub(super) async fn notes(
        &self,
        question: &Question<'_>,
        client: &Client,
        permit: &Permit<'_>,
    ) -> Result<String, SummarizeError> {
        let talk = question.talk;
        let llm = self.catalog.llm.as_ref();
        let llm = llm.expect("there is a client, so there is an endpoint");
        let words = self.transcript(talk)?;
        let words = words.ok_or(SummarizeError::TranscriptMissing)?;
        let context = self.context(u64::MAX).await;
        let reply = u64::from(reply_tokens(llm));
        let room = |prompt: u64| context.saturating_sub(prompt + reply);
        let room_for_notes = room(question.chat.estimated_tokens());
        let prompt = self.condense_request(talk, "", llm)?.estimated_tokens();
        let most = room(prompt);
        let too_long = |tokens| SummarizeError::TooLong { tokens, context };
        if most < LEAST_PART {
            return Err(too_long(prompt + LEAST_PART + reply));
        }
        let mut texts = parts(&words.cues, most);
        drop(words);
        if texts.is_empty() {
            return Err(SummarizeError::NothingSaid);
        }
        loop {
            let mut notes = Vec::with_capacity(texts.len());
            for text in &texts {
                notes.push(self.notes_on(talk, text, llm, client, permit).await?);
            }
            let all = notes.join("\n\n");
            let tokens = estimated_tokens(&all);
            if tokens <= room_for_notes {
                return Ok(all);
            }
            // Notes on notes, as long as that makes fewer of them.
            let fewer = gathered(&notes, most);
            if fewer.len() >= texts.len() {
                return Err(too_long(tokens + question.chat.estimated_tokens()));
            }
            texts = fewer;
        }
    }

    /// The notes on one part: from the cache, else from the model.
    async fn notes_on(
        &self,
        talk: &Talk,
        text: &str,
        llm: &LlmSettings,
        client: &Client,
        permit: &Permit<'_>,
    ) -> Result<String, SummarizeError> {
        let digest = FileStamp::digest_of(text.as_bytes());
        let place = place(&format!("part {}", &digest[..16]));
        let chat = self.condense_request(talk, &place, llm)?;
        let request = Request::Chat(chat.clone());
        let recalled = match self.recalled(talk, Stage::Part, &request, Work::Recall) {
            // What makes the summary anew may try a part again that nothing came of.
            Err(SummarizeError::RejectedEarlier) if self.redo.contains(&Stage::Summary) => None,
            recalled => recalled?,
        };
        let kept = match recalled {
            Some(kept) => kept,
            None => {
                let filled = chat.with(&place, &untrusted(text));
                let body = self
                    .sent(talk, Stage::Part, &filled, client, permit)
                    .await?;
                let reply = Reply::Model(body);
                self.keep(talk, Stage::Part, &request, reply).await?
            }
        };
        let read = kept.completion().ok_or(reply::Fault::NotTheObject);
        let sent = chat.estimated_tokens() + estimated_tokens(text);
        if let Ok(completion) = &read
            && completion.usage.shows_less_than(sent)
            && !client.refuses_for_length()
        {
            let read = completion.usage.prompt_tokens;
            return Err(SummarizeError::Truncated { sent, read });
        }
        match read.and_then(|completion| reply::notes(&completion)) {
            Ok(notes) => Ok(notes),
            Err(fault) => {
                self.cache.reject(&kept).map_err(SummarizeError::NotKept)?;
                Err(SummarizeError::Rejected(fault))
            }
        }
    }
}

/// The room that a request leaves for its reply.
fn reply_of(chat: &ChatRequest) -> u64 {
    chat.parameters.max_tokens.into()
}
