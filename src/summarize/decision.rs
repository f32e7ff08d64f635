//! What is to be done for a talk's summary and category, decided by what is cached and what the
//! catalog says.
//!
//! Nobody is asked and nothing is kept. The run carries a decision out, `--dry-run` and `status` add
//! up what it takes, and whoever only looks takes what is there now.

use std::rc::Rc;

use crate::cache::{Cache, Snapshot};
use crate::catalog::{Catalog, Entry, LlmSettings};
use crate::llm::{Billed, ChatRequest};
use crate::prompts::Prompts;
use crate::requests::{RequestError, ensure_in_no_batch};
use crate::summarize::SummarizeError;
use crate::summarize::conversation::{Conversation, FromReply};
use crate::summarize::form::Strictness;
use crate::summarize::misheard::UsedNames;
use crate::summarize::names;
use crate::summarize::questions::PromptSource;
use crate::summarize::reply::{Rules, TwoSentences};
use crate::talk::provenance::{FiledBy, Provenance};
use crate::talk::transcript::Transcript;
use crate::talk::{
    Choice, Filing, Freshness, Origin, SummarizedTalk, Summary, Talk, WrittenSentence,
};
use crate::work::{How, Redo, Stage, Work};

/// What decides: a conference and what is cached of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decider<'a> {
    /// The conference.
    pub catalog: &'a Catalog,
    /// Where results are kept.
    pub cache: &'a Cache,
    /// How models are asked.
    pub prompts: &'a Prompts,
    /// Which cached results are passed over where something may be made.
    pub redo: &'a [Redo],
    /// What the conference calls things.
    pub names: &'a UsedNames,
}

/// What is to be done for a result.
#[derive(Debug)]
pub(crate) enum Decision<'a, T> {
    /// It is there; the bills are those of the replies that it was read from.
    Use(T, How, Vec<Billed>),
    /// A model is to be asked. Something older may stand in.
    Ask(Conversation<'a>, Option<T>),
    /// It is to be made here, which costs nothing. Something older may stand in.
    Make(Option<T>),
    /// It cannot be had, because; something older may stand in. Why a talk without a summary has
    /// no category is said of its summary.
    Nothing(Option<SummarizeError>, Option<T>),
    /// None is wanted: the conference has no categories.
    Unwanted,
}

impl<T> Decision<'_, T> {
    /// What can be shown now.
    #[must_use]
    pub(crate) fn now(&self) -> Option<&T> {
        match self {
            Self::Use(value, ..) => Some(value),
            Self::Ask(_, now) | Self::Make(now) | Self::Nothing(_, now) => now.as_ref(),
            Self::Unwanted => None,
        }
    }
}

impl Decider<'_> {
    /// What is to be done for the summary of a talk.
    #[must_use]
    pub(crate) fn summary<'t>(
        &self,
        entry: &Entry,
        talk: &'t Talk,
        work: Work,
    ) -> Decision<'t, Summary> {
        if let Some(text) = &entry.summary {
            let given = Summary {
                text: text.clone(),
                sentences: Vec::new(),
                origin: Origin::Organizer,
                provenance: None,
                freshness: Freshness::Current,
            };
            return Decision::Use(given, How::Given, Vec::new());
        }
        match &self.catalog.llm {
            Some(llm) => self.summary_by_model(talk, llm, work),
            None => self.excerpt(entry, talk, work),
        }
    }

    /// Whether a model is asked about a talk once it is fetched.
    #[must_use]
    pub(crate) fn will_ask(&self, entry: &Entry, talk: &Talk, work: Work) -> bool {
        match self.summary(entry, talk, work) {
            Decision::Ask(..) => true,
            Decision::Nothing(Some(error), _) => work.asks() && error.is_lack_of_words(),
            Decision::Use(summary, ..) => {
                let category = self.category(entry, talk, Some(&summary), work);
                matches!(category, Decision::Ask(..))
            }
            _ => false,
        }
    }

    /// A summary that was read from the cache or from a reply, with the names that the glossary puts
    /// right.
    pub(super) fn build_summary(
        &self,
        text: &str,
        origin: Origin,
        provenance: Option<Provenance>,
        freshness: Freshness,
    ) -> Summary {
        Summary {
            text: names::correct(text, &self.catalog.glossary),
            sentences: Vec::new(),
            origin,
            provenance,
            freshness,
        }
    }

    /// The same of what a model wrote, sentence by sentence.
    pub(super) fn build_written(
        &self,
        written: &TwoSentences,
        origin: Origin,
        provenance: Option<Provenance>,
        freshness: Freshness,
    ) -> Summary {
        let corrected = |(text, quote): (&str, Option<&str>)| WrittenSentence {
            text: names::correct(text, &self.catalog.glossary),
            quote: quote.map(str::to_owned),
        };
        Summary {
            sentences: written.each().map(corrected).collect(),
            ..self.build_summary(&written.text(), origin, provenance, freshness)
        }
    }

    /// What is to be done for the category of a talk with this summary.
    #[must_use]
    pub(crate) fn category<'t>(
        &self,
        entry: &Entry,
        talk: &'t Talk,
        summary: Option<&Summary>,
        work: Work,
    ) -> Decision<'t, Filing> {
        if let Some((name, filed_by)) = self.decided_category(entry, talk) {
            let given = Filing {
                choice: Choice::Category(name.to_owned()),
                filed_by,
                provenance: None,
                freshness: Freshness::Current,
            };
            return Decision::Use(given, How::Given, Vec::new());
        }
        if self.catalog.categories.is_empty() {
            // A page that was imported may say that nothing fits; only what was imported is current.
            let old = self.earlier_filing(talk).unwrap_or_default();
            return match old.filter(FromReply::is_current) {
                Some(imported) => Decision::Use(imported, How::Given, Vec::new()),
                None => Decision::Unwanted,
            };
        }
        // A talk that nobody could read is not filed anew; why is said of its summary.
        let Some(summary) = summary else {
            return match self.earlier_filing(talk) {
                Ok(Some(old)) => Decision::Use(old, How::Cached, Vec::new()),
                Ok(None) => Decision::Nothing(None, None),
                Err(error) => Decision::Nothing(Some(error), None),
            };
        };
        // An excerpt only stands in for a summary, and so does a comparison of words for a choice.
        let llm = self.catalog.llm.as_ref();
        match llm.filter(|_| summary.origin != Origin::Excerpt) {
            Some(llm) => {
                let chat = self.category_request(talk, summary, llm);
                let wanted = self.recall_filing(talk, Stage::Category, chat, work);
                self.decide(Stage::Category, work, wanted, || self.earlier_filing(talk))
            }
            None => self.category_by_words(talk, summary, work),
        }
    }

    /// What is to be done to have a talk filed a second time.
    #[must_use]
    pub(crate) fn opinion<'t>(&self, talk: &'t SummarizedTalk, work: Work) -> Decision<'t, Filing> {
        let (Some(llm), Some(summary)) = (&self.catalog.llm, &talk.summary) else {
            return Decision::Nothing(Some(SummarizeError::NotCached), None);
        };
        let chat = self.opinion_request(&talk.talk, summary, llm);
        let wanted = self.recall_filing(&talk.talk, Stage::Opinion, chat, work);
        self.decide(Stage::Opinion, work, wanted, || Ok(None))
    }

    /// The category that the organizer decides, by the entry or by a rule on titles.
    #[must_use]
    pub(crate) fn decided_category<'e>(
        &'e self,
        entry: &'e Entry,
        talk: &Talk,
    ) -> Option<(&'e str, FiledBy)> {
        let by_title = || {
            let category = self.catalog.categories.by_title(&talk.title)?;
            Some((category.name.as_str(), FiledBy::TitleRule))
        };
        let by_entry = entry.category.as_deref();
        by_entry
            .map(|name| (name, FiledBy::Organizer))
            .or_else(by_title)
    }

    fn summary_by_model<'t>(
        &self,
        talk: &'t Talk,
        llm: &LlmSettings,
        work: Work,
    ) -> Decision<'t, Summary> {
        let wanted = self.recall_summary(talk, llm, work);
        match self.decide(Stage::Summary, work, wanted, || self.earlier_summary(talk)) {
            Decision::Ask(_, now) if !self.has_words(talk) => {
                Decision::Nothing(Some(SummarizeError::TranscriptMissing), now)
            }
            Decision::Ask(conversation, now) => match self.check_notes(&conversation) {
                Ok(()) => Decision::Ask(conversation, now),
                Err(error) => Decision::Nothing(Some(error), now),
            },
            decision => decision,
        }
    }

    /// Whether all that is to be read of a talk is there.
    fn has_words(&self, talk: &Talk) -> bool {
        talk.transcript.as_ref().is_none_or(|transcript| {
            let snapshot = self.snapshot(talk);
            snapshot.is_ok_and(|snapshot| snapshot.has_transcript(&transcript.digest))
        })
    }

    /// The result for exactly this request if it is cached, else the newest one that was imported,
    /// else a request for a new one, else the newest old one. `wanted` says how far the result has
    /// come that would be made today.
    pub(super) fn decide<'t, T: FromReply>(
        &self,
        stage: Stage,
        work: Work,
        wanted: Result<Decision<'t, T>, SummarizeError>,
        old: impl FnOnce() -> Result<Option<T>, SummarizeError>,
    ) -> Decision<'t, T> {
        let wanted = match wanted {
            Ok(Decision::Use(value, how, billed)) if value.is_from_archive() => {
                // It displaces nothing that counts and was made here.
                let own = old().ok().flatten();
                let own = own.filter(|own| own.is_current() && !own.is_from_archive());
                return match own {
                    Some(own) => Decision::Use(own, How::Cached, Vec::new()),
                    None => Decision::Use(value, how, billed),
                };
            }
            Ok(found @ Decision::Use(..)) => return found,
            wanted => wanted,
        };
        let redo = self.redoes(stage, work);
        let now = match old() {
            Ok(Some(imported)) if imported.is_current() && !redo => {
                return Decision::Use(imported, How::Cached, Vec::new());
            }
            Ok(now) => now,
            Err(error) if redo && error.is_damage() => None,
            Err(error) => return Decision::Nothing(Some(error), None),
        };
        match wanted {
            Ok(Decision::Ask(..)) if work.asks() && self.is_withheld() => {
                Decision::Nothing(Some(SummarizeError::NotTrusted), now)
            }
            Ok(Decision::Ask(conversation, _)) if work.asks() => {
                match ensure_in_no_batch(self.cache, conversation.slot()) {
                    Ok(()) => Decision::Ask(conversation, now),
                    Err(error) => Decision::Nothing(Some(error.into()), now),
                }
            }
            Ok(Decision::Make(_)) if work.makes() || (work.makes_excerpts() && now.is_none()) => {
                Decision::Make(now)
            }
            Ok(_) => Decision::Nothing(Some(SummarizeError::NotCached), now),
            Err(error) => Decision::Nothing(Some(error), now),
        }
    }

    pub(super) fn summary_conversation<'t>(
        &self,
        talk: &'t Talk,
        source: PromptSource,
        misheard: &str,
        llm: &LlmSettings,
    ) -> Result<Conversation<'t>, SummarizeError> {
        let chat = self.summary_request(talk, &source, misheard, llm)?;
        Ok(Conversation::new(talk, Stage::Summary, chat, source))
    }

    /// Whether the model is asked nothing, since its key is not trusted.
    fn is_withheld(&self) -> bool {
        self.catalog.llm.as_ref().is_some_and(|llm| llm.is_withheld)
    }

    /// Whether a stage's results are passed over.
    pub(super) fn redoes(&self, stage: Stage, work: Work) -> bool {
        work.makes() && self.redo.contains(&Redo::Stage(stage))
    }

    /// Whether a model is asked again where its replies were of no use.
    pub(super) fn redoes_failed(&self, work: Work) -> bool {
        work.makes() && self.redo.contains(&Redo::Failed)
    }

    pub(super) fn rules<'c>(&'c self, chat: &'c ChatRequest, strictness: Strictness) -> Rules<'c> {
        Rules {
            language: &self.catalog.language,
            instructions: chat.instructions(),
            terms: &self.catalog.glossary.terms,
            strictness,
        }
    }

    /// What was said in a talk; of a part of a recording, what was said in that part.
    pub(crate) fn transcript(&self, talk: &Talk) -> Result<Option<Transcript>, SummarizeError> {
        let Some(reference) = &talk.transcript else {
            return Ok(None);
        };
        let snapshot = self.cache.snapshot(&talk.id.video);
        let kept = snapshot.and_then(|snapshot| snapshot.transcript(&reference.digest));
        let kept = kept.map_err(RequestError::Cache)?;
        let transcript = kept.ok_or(SummarizeError::TranscriptMissing)?;
        let transcript = transcript.of_talk(talk);
        transcript.ok_or(SummarizeError::NoTimes).map(Some)
    }

    /// All the words of a talk that is to be summarized.
    pub(super) fn spoken(&self, talk: &Talk) -> Result<String, SummarizeError> {
        let words = self.transcript(talk)?;
        let words = words.ok_or(SummarizeError::TranscriptMissing)?.text();
        if words.trim().is_empty() {
            return Err(SummarizeError::NothingSaid);
        }
        Ok(words)
    }

    pub(super) fn snapshot(&self, talk: &Talk) -> Result<Rc<Snapshot>, SummarizeError> {
        let snapshot = self.cache.last_snapshot(&talk.id.video);
        Ok(snapshot.map_err(RequestError::Cache)?)
    }
}
