//! The stages with a model: what is asked, and the one corrective request.
//!
//! In a request the transcript stands as its digest, so that a run with nothing to do reads no
//! transcript; the words take its place only while a permit to send them is held. A reply is kept
//! whole before it is read.

use serde_json::Value;

use crate::cache::{CachedReply, Reply, Request};
use crate::catalog::LlmSettings;
use crate::llm::client::{Client, Permit, Wait};
use crate::llm::{ChatRequest, Completion, Usage};
use crate::report::Event;
use crate::summarize::questions::{Source, truncation};
use crate::summarize::reply::{self, Fault, Rules};
use crate::summarize::untrusted::untrusted;
use crate::summarize::{Made, SummarizeError, Summarizer};
use crate::talk::provenance::FiledBy;
use crate::talk::{Filing, Freshness, Summary, Talk};
use crate::work::{Stage, Work};

/// How freely a model may speak when its first reply could not be used.
const CORRECTIVE_TEMPERATURE: f32 = 1.0;

/// One question to a model about a talk.
pub(super) struct Question<'a> {
    pub(super) talk: &'a Talk,
    pub(super) stage: Stage,
    pub(super) chat: ChatRequest,
    pub(super) source: Source,
}

impl Summarizer<'_> {
    /// A summary by a model.
    pub(super) async fn summary_by_model(
        &self,
        talk: &Talk,
        llm: &LlmSettings,
        work: Work,
    ) -> Made<Summary> {
        let new = async |work| {
            if work == Work::Recall {
                return self.recalled_summary(talk, llm).await;
            }
            let whole = self.summary_question(talk, Source::of(talk)?, llm)?;
            if !self.is_long(&whole).await {
                match self.asked_for_summary(whole, work).await {
                    // The refusal has told how much fits.
                    Err(error) if error.names_context() && self.is_long_now(talk, llm).await? => {}
                    settled => return settled,
                }
            }
            let notes = self.question_about_notes(talk, llm)?;
            let notes = notes.ok_or(SummarizeError::TranscriptMissing)?;
            self.asked_for_summary(notes, work).await
        };
        self.settle(Stage::Summary, work, new, || self.old_summary(talk))
            .await
    }

    /// Whether the whole talk is too long, by what the endpoint has said since.
    async fn is_long_now(&self, talk: &Talk, llm: &LlmSettings) -> Result<bool, SummarizeError> {
        let whole = self.summary_question(talk, Source::of(talk)?, llm)?;
        Ok(self.is_long(&whole).await)
    }

    pub(super) fn summary_question<'a>(
        &self,
        talk: &'a Talk,
        source: Source,
        llm: &LlmSettings,
    ) -> Result<Question<'a>, SummarizeError> {
        let chat = self.summary_request(talk, &source, llm)?;
        Ok(Question {
            talk,
            stage: Stage::Summary,
            chat,
            source,
        })
    }

    /// The question about notes on the parts of a transcript, where there is a transcript.
    fn question_about_notes<'a>(
        &self,
        talk: &'a Talk,
        llm: &LlmSettings,
    ) -> Result<Option<Question<'a>>, SummarizeError> {
        let place = self.place_of_notes(talk, llm)?;
        let question = place.map(|place| self.summary_question(talk, Source::Notes { place }, llm));
        question.transpose()
    }

    /// The summary that is cached, whichever way it was made. A run with nothing to do renders one
    /// prompt a talk and reads no transcript.
    pub(super) async fn recalled_summary(
        &self,
        talk: &Talk,
        llm: &LlmSettings,
    ) -> Result<Summary, SummarizeError> {
        let whole = || self.summary_question(talk, Source::of(talk)?, llm);
        let error = match self.asked_for_summary(whole()?, Work::Recall).await {
            Err(error @ (SummarizeError::NotCached | SummarizeError::Truncated { .. })) => error,
            settled => return settled,
        };
        let Some(notes) = self.question_about_notes(talk, llm)? else {
            return Err(error);
        };
        match self.asked_for_summary(notes, Work::Recall).await {
            // What was cut is asked about in parts once the catalog says that it is too long.
            Err(SummarizeError::NotCached)
                if !self.is_long_for(&whole()?, self.given_context()) =>
            {
                Err(error)
            }
            settled => settled,
        }
    }

    async fn asked_for_summary(
        &self,
        question: Question<'_>,
        work: Work,
    ) -> Result<Summary, SummarizeError> {
        let origin = question.source.origin();
        let check = |chat: &ChatRequest, completion: &Completion| {
            let rules = Rules {
                language: &self.catalog.language,
                instructions: chat.instructions(),
            };
            reply::summary(completion, rules)
        };
        let (sentences, kept) = self.ask(question, work, check).await?;
        Ok(Summary {
            text: sentences.text(),
            origin,
            making: Some(kept.making()),
            freshness: Freshness::Current,
        })
    }

    /// A category by a model, which reads title, summary and description and no transcript.
    pub(super) async fn category_by_model(
        &self,
        talk: &Talk,
        summary: &Summary,
        llm: &LlmSettings,
        work: Work,
    ) -> Made<Filing> {
        let new = async |work| {
            let chat = self.category_request(talk, summary, llm)?;
            let question = Question {
                talk,
                stage: Stage::Category,
                chat,
                source: Source::Abstract,
            };
            let check = |_: &ChatRequest, completion: &Completion| {
                reply::category(completion, &self.catalog.categories)
            };
            let (choice, kept) = self.ask(question, work, check).await?;
            Ok(Filing {
                choice,
                filed_by: FiledBy::Model,
                making: Some(kept.making()),
                freshness: Freshness::Current,
            })
        };
        self.settle(Stage::Category, work, new, || self.old_filing(talk))
            .await
    }

    /// Asks a model, and once more with the fault named if its reply cannot be used. What it said
    /// is given with the reply that it was found in.
    pub(super) async fn ask<T>(
        &self,
        mut question: Question<'_>,
        work: Work,
        check: impl Fn(&ChatRequest, &Completion) -> Result<T, Fault>,
    ) -> Result<(T, CachedReply), SummarizeError> {
        let (mut first, mut completion) = self.reply(&question, work).await?;
        let mut cut_off = Vec::new();
        while let Some(roomier) = first.with_more_room() {
            question.chat = roomier;
            cut_off.push(first);
            (first, completion) = self.reply(&question, work).await?;
        }
        if let Some((sent, read)) = truncation(&question.chat, question.talk, &completion) {
            return Err(SummarizeError::Truncated { sent, read });
        }
        let fault = match check(&question.chat, &completion) {
            Ok(value) => return Ok((value, first)),
            Err(fault) => fault,
        };
        let correction = match question.stage {
            Stage::Category | Stage::Opinion => {
                self.prompts.category_correction(&fault.to_string())
            }
            _ => self.prompts.summary_correction(&fault.to_string()),
        };
        let correction = correction.map_err(SummarizeError::Prompt)?;
        question.chat = question.chat.followed_by(&completion.text, correction);
        // Asked for its likeliest words, a small model says the same again.
        question.chat.parameters.temperature = CORRECTIVE_TEMPERATURE;
        let (second, completion) = self.reply(&question, work).await?;
        let fault = match check(&question.chat, &completion) {
            Ok(value) => return Ok((value, second)),
            Err(fault) => fault,
        };
        for kept in cut_off.into_iter().chain([first, second]) {
            self.cache.reject(&kept).map_err(SummarizeError::NotKept)?;
        }
        Err(SummarizeError::Rejected(fault))
    }

    /// The reply to a question: from the cache, else from the model, and kept before it is read.
    async fn reply(
        &self,
        question: &Question<'_>,
        work: Work,
    ) -> Result<(CachedReply, Completion), SummarizeError> {
        let Question {
            talk, stage, chat, ..
        } = question;
        // Thousands of questions may wait for a permit: each is held once meanwhile.
        let request = || Request::Chat(chat.clone());
        let recalled = self.recalled(talk, *stage, &request(), work)?;
        let kept = match (recalled, self.client) {
            (Some(kept), _) => {
                if let Some(Completion { usage, .. }) = kept.completion() {
                    let talk = &talk.id;
                    self.reporter.report(Event::Recalled { talk, usage });
                }
                kept
            }
            (None, Some(client)) if work == Work::Make => {
                let permit = client.permit().await.map_err(SummarizeError::Llm)?;
                let waiting = || self.reporter.report(Event::Locked { talk: &talk.id });
                let lock = client
                    .unless_stopped(self.cache.lock(&talk.id, waiting))
                    .await;
                let lock = lock.map_err(SummarizeError::Llm)?;
                let _lock = lock.map_err(SummarizeError::NotKept)?;
                let request = request();
                // Another run may have asked meanwhile; what it paid for is not paid for again.
                match self.recalled(talk, *stage, &request, work)? {
                    Some(kept) => kept,
                    None => {
                        let kept = self.bought(question, &request, client, &permit).await?;
                        // What cannot be read is asked for once more, and both are kept.
                        match kept.completion() {
                            Some(_) => kept,
                            None => self.bought(question, &request, client, &permit).await?,
                        }
                    }
                }
            }
            (None, _) => return Err(SummarizeError::NotCached),
        };
        let completion = kept.completion();
        let completion = completion.ok_or(SummarizeError::Rejected(Fault::NotTheObject))?;
        Ok((kept, completion))
    }

    /// Sends a question and keeps what came before it is read.
    async fn bought(
        &self,
        question: &Question<'_>,
        request: &Request,
        client: &Client,
        permit: &Permit<'_>,
    ) -> Result<CachedReply, SummarizeError> {
        let body = self.paid(question, client, permit).await?;
        let Question { talk, stage, .. } = question;
        self.keep(talk, *stage, request, Reply::Model(body)).await
    }

    /// Sends a question; the words of the talk are in memory only while the permit is held.
    async fn paid(
        &self,
        question: &Question<'_>,
        client: &Client,
        permit: &Permit<'_>,
    ) -> Result<Value, SummarizeError> {
        let Question {
            talk,
            stage,
            chat,
            source,
        } = question;
        let filled = match source {
            Source::Transcript { place } => {
                let words = self.transcript(talk)?;
                let words = words.ok_or(SummarizeError::TranscriptMissing)?.text();
                if words.trim().is_empty() {
                    return Err(SummarizeError::NothingSaid);
                }
                chat.with(place, &untrusted(&words))
            }
            Source::Notes { place } => {
                let notes = self.notes(question, client, permit).await?;
                chat.with(place, &untrusted(&notes))
            }
            Source::Abstract => chat.clone(),
        };
        self.sent(talk, *stage, &filled, client, permit).await
    }

    /// Sends a request that says everything.
    pub(super) async fn sent(
        &self,
        talk: &Talk,
        stage: Stage,
        filled: &ChatRequest,
        client: &Client,
        permit: &Permit<'_>,
    ) -> Result<Value, SummarizeError> {
        self.fits(filled).await?;
        let reserved = match self.budget {
            None => None,
            Some(budget) => {
                let most = budget.most();
                let roomy = client.with_room(filled);
                let reserved = client.unless_stopped(budget.reserve(&roomy)).await;
                let reserved = reserved.map_err(SummarizeError::Llm)?;
                Some(reserved.ok_or(SummarizeError::OverBudget { most })?)
            }
        };
        if let Some(host) = client.first_use() {
            self.reporter.report(Event::Sending { host });
        }
        let step = stage.into();
        self.reporter.report(Event::Asked {
            step,
            talk: &talk.id,
        });
        let waiting = |wait: Wait<'_>| {
            self.reporter.report(Event::Waiting {
                talk: &talk.id,
                why: wait.error,
                delay: wait.delay,
                is_first: wait.is_first,
            });
        };
        let result = client.complete(permit, filled, &waiting).await;
        // What cannot be read does not say what it used, and may be paid for all the same.
        let used = |body| match filled.provider.completion(body) {
            Some(completion) => completion.usage,
            None => Usage::default(),
        };
        let usage = result.as_ref().ok().map(used);
        self.reporter.report(Event::Answered {
            step,
            talk: &talk.id,
            usage,
        });
        if let (Some(reserved), Some(usage)) = (reserved, usage) {
            reserved.settle(usage);
        }
        result.map_err(SummarizeError::Llm)
    }

    /// Nothing is cut off silently: what does not fit is an error.
    async fn fits(&self, chat: &ChatRequest) -> Result<(), SummarizeError> {
        let tokens = chat.estimated_tokens() + u64::from(chat.parameters.max_tokens);
        let context = self.context(tokens).await;
        if tokens > context {
            Err(SummarizeError::TooLong { tokens, context })
        } else {
            Ok(())
        }
    }
}
