//! The stages with a model: what is asked, and the one corrective request.
//!
//! In a request the transcript stands as its digest, so that a run with nothing to do reads no
//! transcript; the words take its place only while a permit to send them is held. A reply is kept
//! whole before it is read.

use serde_json::Value;

use crate::cache::{CachedReply, Reply, Request};
use crate::catalog::LlmSettings;
use crate::llm::client::{Client, Permit, Wait};
use crate::llm::{Billed, ChatRequest, Completion};
use crate::report::Event;
use crate::summarize::questions::{Source, truncation};
use crate::summarize::reply::{self, Fault, Rules, Understood};
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
                return self.asked_for_summary(whole, work).await;
            }
            let notes = self.question_about_notes(talk, llm)?;
            let notes = notes.ok_or(SummarizeError::TranscriptMissing)?;
            self.asked_for_summary(notes, work).await
        };
        self.settle(Stage::Summary, work, new, || self.old_summary(talk))
            .await
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
        check: impl Fn(&ChatRequest, &Completion) -> Understood<T>,
    ) -> Result<(T, CachedReply), SummarizeError> {
        let (first, completion) = self.reply(&question, work).await?;
        if let Some((sent, read)) = truncation(&question.chat, question.talk, &completion) {
            return Err(SummarizeError::Truncated { sent, read });
        }
        let understood = check(&question.chat, &completion);
        let fault = match understood.as_asked {
            Ok(value) => return Ok((value, first)),
            Err(fault) => fault,
        };
        let mut correction = self.correction(&question, &completion, &fault)?;
        if let Some(otherwise) = understood.otherwise
            && !self.is_kept(&question, &correction, work)?
        {
            match otherwise {
                Ok(value) => return Ok((value, first)),
                Err(fault) => {
                    correction = self.correction(&question, &completion, &fault)?;
                }
            }
        }
        question.chat = correction;
        let (second, completion) = self.reply(&question, work).await?;
        let fault = match check(&question.chat, &completion).value() {
            Ok(value) => return Ok((value, second)),
            Err(fault) => fault,
        };
        for kept in [first, second] {
            self.cache.reject(&kept).map_err(SummarizeError::NotKept)?;
        }
        Err(SummarizeError::Rejected(fault))
    }

    /// The conversation, gone on with: the reply is sent back with its fault.
    fn correction(
        &self,
        question: &Question<'_>,
        completion: &Completion,
        fault: &Fault,
    ) -> Result<ChatRequest, SummarizeError> {
        let fault = fault.to_string();
        let words = match question.stage {
            Stage::Category | Stage::Opinion => self.prompts.category_correction(&fault),
            _ => self.prompts.summary_correction(&fault),
        };
        let words = words.map_err(SummarizeError::Prompt)?;
        let mut next = question.chat.followed_by(&completion.text, words);
        // Asked for its likeliest words, a small model says the same again.
        next.parameters.temperature = CORRECTIVE_TEMPERATURE;
        Ok(next)
    }

    /// Whether an earlier version, which understood less, has asked this and got a reply.
    fn is_kept(
        &self,
        question: &Question<'_>,
        correction: &ChatRequest,
        work: Work,
    ) -> Result<bool, SummarizeError> {
        let request = Request::Chat(correction.clone());
        match self.recalled(question.talk, question.stage, &request, work) {
            Ok(kept) => Ok(kept.is_some()),
            Err(SummarizeError::RejectedEarlier) => Ok(false),
            Err(error) => Err(error),
        }
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
                if let Some(completion) = kept.completion() {
                    let (talk, billed) = (&talk.id, Billed::by(Some(&completion)));
                    self.reporter.report(Event::Recalled { talk, billed });
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
                        let body = self.paid(question, client, &permit).await?;
                        let reply = Reply::Model(body);
                        self.keep(talk, *stage, &request, reply).await?
                    }
                }
            }
            (None, _) => return Err(SummarizeError::NotCached),
        };
        let completion = kept.completion();
        let completion = completion.ok_or(SummarizeError::Rejected(Fault::NotTheObject))?;
        Ok((kept, completion))
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
                let reserved = client.unless_stopped(budget.reserve(filled)).await;
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
        let body = result.as_ref().ok();
        let completion = body.and_then(|body| filled.provider.completion(body));
        let billed = Billed::by(completion.as_ref());
        self.reporter.report(Event::Answered {
            step,
            talk: &talk.id,
            billed,
        });
        if let Some(reserved) = reserved {
            reserved.settle(billed);
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
