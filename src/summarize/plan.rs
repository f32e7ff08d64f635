//! What it would take to make what is missing: requests and about how many tokens.
//!
//! Nothing is asked and nothing is kept. Tokens are estimated as they are before a request is
//! sent, so a plan errs on the high side; a corrective request now and then comes on top.

use crate::catalog::{Entry, LlmSettings};
use crate::llm::{Usage, estimated_tokens};
use crate::summarize::old::Old;
use crate::summarize::questions::{REPLY_TOKENS, Source};
use crate::summarize::{SummarizeError, Summarizer};
use crate::talk::{Freshness, Origin, Summary, Talk};
use crate::work::{Stage, Work};

/// About how many tokens the replies have.
const SUMMARY_TOKENS: u64 = 90;
const NOTES_TOKENS: u64 = 350;
const CATEGORY_TOKENS: u64 = 20;
/// A summary of the usual length, for a category that is chosen by one.
const SOME_SUMMARY_WORDS: usize = 50;

/// What it would take to make a result.
#[derive(Debug)]
pub enum Need {
    /// Nothing: it is there, or costs nothing.
    Nothing,
    /// A model would be asked.
    Model(Estimate),
    /// That depends on what was said, which is not known yet.
    Unknown,
    /// It cannot be made as things are.
    Hopeless(SummarizeError),
}

/// Requests, and about what they use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Estimate {
    /// How many requests.
    pub requests: u64,
    /// About what they use.
    pub usage: Usage,
}

/// What it would take to make what a talk lacks.
#[derive(Debug)]
pub struct Plan {
    /// For its summary.
    pub summary: Need,
    /// For its category.
    pub category: Need,
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

    /// Adds what something else takes.
    pub fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.usage.add(other.usage);
    }
}

impl Summarizer<'_> {
    /// What making a talk's summary and category would take.
    pub async fn plan(&self, entry: &Entry, talk: &Talk, fetched: Fetched) -> Plan {
        let summary = self.need_of_summary(entry, talk, fetched).await;
        let category = match &summary {
            Need::Hopeless(_) => Need::Nothing,
            Need::Nothing => self.need_of_category(entry, talk, None).await,
            Need::Model(_) | Need::Unknown => {
                let some = "word ".repeat(SOME_SUMMARY_WORDS);
                self.need_of_category(entry, talk, Some(some)).await
            }
        };
        Plan { summary, category }
    }

    async fn need_of_summary(&self, entry: &Entry, talk: &Talk, fetched: Fetched) -> Need {
        let (Some(llm), None) = (&self.catalog.llm, &entry.summary) else {
            return Need::Nothing;
        };
        let source = match Source::of(talk) {
            Err(SummarizeError::NothingToRead) if fetched == Fetched::NotYet => {
                return Need::Unknown;
            }
            source => source,
        };
        let planned = async {
            let whole = self.summary_question(talk, source?, llm)?;
            let estimate = if self.is_long(&whole).await {
                let prompt = whole.chat.estimated_tokens();
                self.estimate_of_notes(talk, prompt, llm).await?
            } else {
                Estimate::one(
                    whole.chat.estimated_tokens() + self.size(talk)?,
                    SUMMARY_TOKENS,
                )
            };
            if self.redo.contains(&Stage::Summary) {
                return Ok(Need::Model(estimate));
            }
            match self.recalled_summary(talk, llm).await {
                Ok(_) => return Ok(Need::Nothing),
                Err(SummarizeError::NotCached) => {}
                Err(error) => return Err(error),
            }
            let old = self.old_summary(talk)?;
            if old.is_some_and(|old| old.is_current()) {
                return Ok(Need::Nothing);
            }
            Ok(Need::Model(estimate))
        };
        planned.await.unwrap_or_else(Need::Hopeless)
    }

    async fn need_of_category(&self, entry: &Entry, talk: &Talk, new: Option<String>) -> Need {
        let is_decided =
            entry.category.is_some() || self.catalog.categories.by_title(&talk.title).is_some();
        let (Some(llm), false, false) = (
            &self.catalog.llm,
            is_decided,
            self.catalog.categories.is_empty(),
        ) else {
            return Need::Nothing;
        };
        let planned = async {
            let summary = match new {
                Some(text) => Summary {
                    text,
                    origin: Origin::Transcript,
                    making: None,
                    freshness: Freshness::Current,
                },
                None => match self.summary(entry, talk, Work::Recall).await.value {
                    Some(summary) => summary,
                    None => return Ok(Need::Nothing),
                },
            };
            let chat = self.category_request(talk, &summary, llm)?;
            let need = Need::Model(Estimate::one(chat.estimated_tokens(), CATEGORY_TOKENS));
            if self.redo.contains(&Stage::Category) {
                return Ok(need);
            }
            let filed = self
                .category_by_model(talk, &summary, llm, Work::Recall)
                .await;
            if filed.value.is_some_and(|filing| filing.is_current()) {
                return Ok(Need::Nothing);
            }
            match filed.problem {
                None | Some(SummarizeError::NotCached) => {}
                Some(error) => return Err(error),
            }
            Ok(need)
        };
        planned.await.unwrap_or_else(Need::Hopeless)
    }

    /// What notes on all parts and the summary of them take.
    async fn estimate_of_notes(
        &self,
        talk: &Talk,
        prompt: u64,
        llm: &LlmSettings,
    ) -> Result<Estimate, SummarizeError> {
        let words = self.size(talk)?;
        let each = self.condense_request(talk, "", llm)?.estimated_tokens();
        let context = self.context(u64::MAX).await;
        let room = context
            .saturating_sub(each + u64::from(REPLY_TOKENS))
            .max(1);
        let parts = words.div_ceil(room);
        let mut estimate = Estimate::one(prompt + parts * NOTES_TOKENS, SUMMARY_TOKENS);
        // A part repeats a little of the one before it.
        estimate.add(Estimate {
            requests: parts,
            usage: Usage {
                prompt_tokens: parts * each + words + words / 20,
                completion_tokens: parts * NOTES_TOKENS,
                ..Usage::default()
            },
        });
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
                Ok(transcript.map_or(0, |words| estimated_tokens(&words.text())))
            }
            None => Ok(0),
        }
    }
}

/// Whether all is known of a talk that can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// It is, or nothing more can be had.
    AsFarAsItGoes,
    /// It is to be fetched.
    NotYet,
}
