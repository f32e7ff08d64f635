//! The stages with a model: what is asked, and the one corrective request.
//!
//! In a request the transcript stands as its digest, so that a run with nothing to do reads no
//! transcript; the words take its place only while a permit to send them is held. A reply is kept
//! whole before it is read.

use serde_json::Value;

use crate::cache::{CachedReply, Reply, Request};
use crate::catalog::LlmSettings;
use crate::llm::client::{Client, Permit, Wait};
use crate::llm::{ChatRequest, Completion, Field, FieldKind, Message, Parameters, ReplyShape};
use crate::prompts::{CategoryLine, CategoryView, SummaryView};
use crate::report::Event;
use crate::summarize::reply::{self, Fault, Rules};
use crate::summarize::{Made, SummarizeError, Summarizer};
use crate::talk::{Filing, Freshness, Origin, Summary, Talk, language_name};
use crate::work::{Stage, Work};

/// An abstract stands in for a transcript from this many words on.
const ABSTRACT_WORDS: usize = 60;
/// How many tokens fit a model's context where nobody says.
const CONTEXT_TOKENS: u64 = 32_000;
/// The longest reply that is paid for; the room that reasoning models need to think is in it.
const REPLY_TOKENS: u32 = 2_048;
/// How freely a model may speak when its first reply could not be used.
const CORRECTIVE_TEMPERATURE: f32 = 1.0;
/// What a transcript's place in a request begins with; what names the words and `]]` follow.
const PLACE: &str = "[[transcript ";

/// What a model reads of a talk.
enum Source {
    Transcript {
        /// What stands for the words in the request.
        place: String,
    },
    Abstract,
}

impl Source {
    fn of(talk: &Talk) -> Result<Self, SummarizeError> {
        let has_abstract = talk.description.split_whitespace().count() >= ABSTRACT_WORDS;
        match talk.words_key() {
            Some(key) => Ok(Self::Transcript {
                place: format!("{PLACE}{key}]]"),
            }),
            None if has_abstract => Ok(Self::Abstract),
            None => Err(SummarizeError::NothingToRead),
        }
    }

    fn origin(&self) -> Origin {
        match self {
            Self::Transcript { .. } => Origin::Transcript,
            Self::Abstract => Origin::Abstract,
        }
    }
}

/// Whether a request was about a transcript, not about an abstract.
pub(super) fn is_about_transcript(chat: &ChatRequest) -> bool {
    chat.messages
        .iter()
        .any(|message| message.content.contains(PLACE))
}

/// One question to a model about a talk.
struct Question<'a> {
    talk: &'a Talk,
    stage: Stage,
    chat: ChatRequest,
    source: Source,
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
            let source = Source::of(talk)?;
            let chat = self.summary_request(talk, &source, llm)?;
            let origin = source.origin();
            let instructions = chat.instructions().to_owned();
            let rules = Rules {
                language: &self.catalog.language,
                instructions: &instructions,
            };
            let check = |completion: &Completion| reply::summary(completion, rules);
            let question = Question {
                talk,
                stage: Stage::Summary,
                chat,
                source,
            };
            let sentences = self.ask(question, work, check).await?;
            Ok(Summary {
                text: sentences.text(),
                origin,
                freshness: Freshness::Current,
            })
        };
        self.settle(Stage::Summary, work, new, || self.old_summary(talk))
            .await
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
            let check =
                |completion: &Completion| reply::category(completion, &self.catalog.categories);
            let choice = self.ask(question, work, check).await?;
            Ok(Filing {
                choice,
                freshness: Freshness::Current,
            })
        };
        self.settle(Stage::Category, work, new, || self.old_filing(talk))
            .await
    }

    /// Asks a model, and once more with the fault named if its reply cannot be used.
    async fn ask<T>(
        &self,
        mut question: Question<'_>,
        work: Work,
        check: impl Fn(&Completion) -> Result<T, Fault>,
    ) -> Result<T, SummarizeError> {
        let (first, completion) = self.reply(&question, work).await?;
        let fault = match check(&completion) {
            Ok(value) => return Ok(value),
            Err(fault) => fault,
        };
        let correction = match question.stage {
            Stage::Category => self.prompts.category_correction(&fault.to_string()),
            _ => self.prompts.summary_correction(&fault.to_string()),
        };
        let correction = correction.map_err(SummarizeError::Prompt)?;
        question.chat = question.chat.followed_by(&completion.text, correction);
        // Asked for its likeliest words, a small model says the same again.
        question.chat.parameters.temperature = CORRECTIVE_TEMPERATURE;
        let (second, completion) = self.reply(&question, work).await?;
        let fault = match check(&completion) {
            Ok(value) => return Ok(value),
            Err(fault) => fault,
        };
        for kept in [first, second] {
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
        let request = Request::Chat(chat.clone());
        let kept = match (self.recalled(talk, *stage, &request, work)?, self.client) {
            (Some(kept), _) => kept,
            (None, Some(client)) if work == Work::Make => {
                let permit = client.permit().await.map_err(SummarizeError::Llm)?;
                let waiting = || self.reporter.report(Event::Locked { talk: &talk.id });
                let lock = client
                    .unless_stopped(self.cache.lock(&talk.id, waiting))
                    .await;
                let lock = lock.map_err(SummarizeError::Llm)?;
                let _lock = lock.map_err(SummarizeError::NotKept)?;
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
        let body = match &kept.reply {
            Reply::Model(body) => chat.provider.completion(body),
            _ => None,
        };
        let completion = body.ok_or(SummarizeError::Rejected(Fault::NotTheObject))?;
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
            Source::Abstract => chat.clone(),
        };
        self.fits(&filled)?;
        if let Some(host) = client.first_use() {
            self.reporter.report(Event::Sending { host });
        }
        let step = (*stage).into();
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
        let result = client.complete(permit, &filled, &waiting).await;
        let usage = result
            .as_ref()
            .ok()
            .and_then(|body| chat.provider.completion(body))
            .map(|c| c.usage);
        self.reporter.report(Event::Answered {
            step,
            talk: &talk.id,
            usage,
        });
        result.map_err(SummarizeError::Llm)
    }

    /// Nothing is cut off silently: what does not fit is an error.
    fn fits(&self, chat: &ChatRequest) -> Result<(), SummarizeError> {
        let given = self.catalog.llm.as_ref().and_then(|llm| llm.context_tokens);
        let context = given.map_or(CONTEXT_TOKENS, |tokens| u64::from(tokens.get()));
        let tokens = chat.estimated_tokens() + u64::from(chat.parameters.max_tokens);
        if tokens > context {
            Err(SummarizeError::TooLong { tokens, context })
        } else {
            Ok(())
        }
    }

    fn summary_request(
        &self,
        talk: &Talk,
        source: &Source,
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        let described = untrusted(&talk.description);
        let (description, transcript) = match source {
            Source::Transcript { place } => (described, place.clone()),
            Source::Abstract => (String::new(), described),
        };
        let view = SummaryView {
            conference: &self.catalog.title,
            language: language_name(&self.catalog.language),
            title: &talk.title,
            speakers: &talk.speakers,
            description: &description,
            chapters: talk
                .chapters
                .iter()
                .map(|chapter| chapter.title.as_str())
                .collect(),
            terms: &self.catalog.glossary.terms,
            transcript: &transcript,
        };
        let messages = self
            .prompts
            .summary(&view)
            .map_err(SummarizeError::Prompt)?;
        let sentence = |name: &str| Field {
            name: name.to_owned(),
            kind: FieldKind::Text,
        };
        let fields = vec![sentence("first_sentence"), sentence("second_sentence")];
        Ok(chat_request(
            llm,
            messages,
            ReplyShape {
                name: "summary".to_owned(),
                fields,
            },
        ))
    }

    fn category_request(
        &self,
        talk: &Talk,
        summary: &Summary,
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        let description = untrusted(&talk.description);
        let lines = self.catalog.categories.iter();
        let lines = lines.map(|c| CategoryLine {
            name: &c.name,
            description: &c.description,
        });
        let view = CategoryView {
            title: &talk.title,
            summary: &summary.text,
            description: &description,
            categories: lines.collect(),
        };
        let messages = self
            .prompts
            .category(&view)
            .map_err(SummarizeError::Prompt)?;
        let names = self
            .catalog
            .categories
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
}

fn chat_request(llm: &LlmSettings, messages: Vec<Message>, shape: ReplyShape) -> ChatRequest {
    let parameters = Parameters {
        temperature: 0.0,
        max_tokens: REPLY_TOKENS,
    };
    ChatRequest {
        provider: llm.provider,
        model: llm.model.clone(),
        parameters,
        messages,
        shape,
    }
}

/// Speech and descriptions cannot close the tags that fence them in.
fn untrusted(text: &str) -> String {
    text.replace("</", "< /")
}
