//! What it would take to make what is missing: requests and about how many tokens.
//!
//! Nothing is asked and nothing is kept. Tokens are estimated as they are before a request is
//! sent, so a plan errs on the high side; a corrective request now and then comes on top.

use crate::cache::Request;
use crate::catalog::{Entry, LlmSettings};
use crate::llm::{Usage, estimated_tokens};
use crate::summarize::condense::LEAST_PART;
use crate::summarize::old::Old;
use crate::summarize::questions::{Source, place, reply_tokens};
use crate::summarize::{Made, SummarizeError, Summarizer};
use crate::talk::{Filing, Freshness, Origin, Summary, Talk};
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
    /// A model would be asked, and how much it would read is not known yet: what is here is
    /// without the words of the talk.
    Words(Estimate),
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

/// A result as it is, and what it would take to have it as it should be.
#[derive(Debug)]
pub struct Prospect<T> {
    /// What the page shows now.
    pub now: Option<T>,
    /// What is needed.
    pub need: Need,
}

/// What it would take to make what a talk lacks.
#[derive(Debug)]
pub struct Plan {
    /// Its summary.
    pub summary: Prospect<Summary>,
    /// Its category.
    pub category: Prospect<Filing>,
}

/// Whether all is known of a talk that can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// It is, or nothing more can be had.
    AsFarAsItGoes,
    /// It is to be fetched.
    NotYet,
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
        let Made { value, problem, .. } = self.summary(entry, talk, Work::Recall).await;
        let need = self.need_of_summary(entry, talk, value.as_ref(), problem, fetched);
        let summary = Prospect {
            need: need.await,
            now: value,
        };
        let Made { value, problem, .. } = self
            .category(entry, talk, summary.now.as_ref(), Work::Recall)
            .await;
        let need = self.need_of_category(entry, talk, &summary, value.as_ref(), problem);
        let category = Prospect { need, now: value };
        Plan { summary, category }
    }

    async fn need_of_summary(
        &self,
        entry: &Entry,
        talk: &Talk,
        now: Option<&Summary>,
        problem: Option<SummarizeError>,
        fetched: Fetched,
    ) -> Need {
        let is_again = self.redo.contains(&Stage::Summary);
        let is_settled = now.is_some_and(Old::is_current) && !is_again;
        let llm = match (&self.catalog.llm, problem) {
            (_, Some(error @ SummarizeError::Cache(_))) if !(is_again && error.is_damage()) => {
                return Need::Hopeless(error);
            }
            (Some(llm), _) if entry.summary.is_none() && !is_settled => llm,
            _ => return Need::Nothing,
        };
        let planned = async {
            let source = Source::of(talk);
            let is_unread = fetched == Fetched::NotYet && !self.has_words(talk)?;
            let is_unknown = match &talk.transcript {
                Some(_) => talk.id.start.is_some(),
                None => source.is_err(),
            };
            if is_unread && is_unknown {
                let place = place("");
                let bare = self.summary_question(talk, Source::Transcript { place }, llm)?;
                let prompt = bare.chat.estimated_tokens();
                return Ok(Need::Words(Estimate::one(prompt, SUMMARY_TOKENS)));
            }
            let source = source?;
            if !is_again {
                match self.recalled_summary(talk, llm).await {
                    Ok(_) | Err(SummarizeError::NotCached) => {}
                    Err(error) => return Err(error),
                }
            }
            if talk.transcript.is_some() && !is_unread && !self.has_words(talk)? {
                return Err(SummarizeError::TranscriptMissing);
            }
            let whole = self.summary_question(talk, source, llm)?;
            let prompt = whole.chat.estimated_tokens();
            Ok(Need::Model(if self.is_long(&whole).await {
                self.estimate_of_notes(talk, prompt, llm).await?
            } else {
                Estimate::one(prompt + self.size(talk)?, SUMMARY_TOKENS)
            }))
        };
        planned.await.unwrap_or_else(Need::Hopeless)
    }

    fn need_of_category(
        &self,
        entry: &Entry,
        talk: &Talk,
        summary: &Prospect<Summary>,
        now: Option<&Filing>,
        problem: Option<SummarizeError>,
    ) -> Need {
        let is_decided =
            entry.category.is_some() || self.catalog.categories.by_title(&talk.title).is_some();
        let llm = match &self.catalog.llm {
            Some(llm) if !is_decided && !self.catalog.categories.is_empty() => llm,
            _ => return Need::Nothing,
        };
        let is_new = matches!(summary.need, Need::Model(_) | Need::Words(_));
        let some_words = || "word ".repeat(SOME_SUMMARY_WORDS);
        let summary = match &summary.now {
            Some(summary) if !is_new => summary.clone(),
            _ if is_new => Summary {
                text: some_words(),
                origin: Origin::Transcript,
                freshness: Freshness::Current,
                making: None,
            },
            // A talk that nobody could read is not filed anew.
            _ => return Need::Nothing,
        };
        let is_again = self.redo.contains(&Stage::Category);
        let imported = || matches!(self.old_filing(talk), Ok(Some(old)) if old.is_current());
        let is_settled = now.is_some_and(Old::is_current) && (!is_new || imported());
        if is_settled && !is_again {
            return Need::Nothing;
        }
        let planned = || -> Result<Need, SummarizeError> {
            let chat = self.category_request(talk, &summary, llm)?;
            let request = Request::Chat(chat.clone());
            if !is_new && !is_again {
                self.recalled(talk, Stage::Category, &request, Work::Recall)?;
            }
            Ok(Need::Model(Estimate::one(
                chat.estimated_tokens(),
                CATEGORY_TOKENS,
            )))
        };
        match problem {
            Some(error @ SummarizeError::Cache(_)) if !(is_again && error.is_damage()) => {
                Need::Hopeless(error)
            }
            _ => planned().unwrap_or_else(Need::Hopeless),
        }
    }

    /// Whether what was said in a talk is in the cache.
    fn has_words(&self, talk: &Talk) -> Result<bool, SummarizeError> {
        let shelf = self.shelf(talk)?;
        let transcript = talk.transcript.as_ref();
        Ok(transcript.is_some_and(|transcript| shelf.has_transcript(&transcript.digest)))
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
        let room = context.saturating_sub(each + u64::from(reply_tokens(llm)));
        if room < LEAST_PART {
            let tokens = each + LEAST_PART + u64::from(reply_tokens(llm));
            return Err(SummarizeError::TooLong { tokens, context });
        }
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
                let words = transcript.map(|transcript| transcript.text());
                let words = words.unwrap_or_default();
                if words.trim().is_empty() {
                    return Err(SummarizeError::NothingSaid);
                }
                Ok(estimated_tokens(&words))
            }
            None => Ok(0),
        }
    }
}
