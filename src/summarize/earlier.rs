//! Results that are in the cache from earlier, and which of them may stand in.

use crate::cache::{CachedReply, Reply, Request};
use crate::requests::RequestError;
use crate::summarize::SummarizeError;
use crate::summarize::decision::Decider;
use crate::summarize::form::Strictness;
use crate::summarize::questions::{is_about_transcript, truncation};
use crate::summarize::reply;
use crate::talk::provenance::FiledBy;
use crate::talk::{Choice, Filing, Freshness, Origin, Summary, Talk};
use crate::work::Stage;

/// What the page of the origin says where it failed.
const ORIGIN_FAILURE: &str = "Failed to generate summary.";

impl Decider<'_> {
    /// The summary to fall back on: the newest that somebody wrote, else the newest excerpt.
    pub(super) fn earlier_summary(&self, talk: &Talk) -> Result<Option<Summary>, SummarizeError> {
        let replies = self.replies(talk, Stage::Summary)?;
        let usable: Vec<Summary> = replies
            .iter()
            .filter_map(|kept| self.usable_summary(talk, kept))
            .collect();
        let written = usable
            .iter()
            .find(|summary| summary.origin != Origin::Excerpt);
        Ok(written.or(usable.first()).cloned())
    }

    /// The category to fall back on: the newest that somebody chose, else the newest by words.
    pub(super) fn earlier_filing(&self, talk: &Talk) -> Result<Option<Filing>, SummarizeError> {
        let replies = self.replies(talk, Stage::Category)?;
        let usable = || {
            replies
                .iter()
                .filter_map(|kept| Some((kept, self.usable_filing(kept)?)))
        };
        let chosen = usable().find(|(kept, _)| is_chosen(kept));
        Ok(chosen.or_else(|| usable().next()).map(|(_, filing)| filing))
    }

    /// The newest category that somebody chose, which a comparison of words does not displace.
    pub(super) fn chosen_filing(&self, talk: &Talk) -> Result<Option<Filing>, SummarizeError> {
        let replies = self.replies(talk, Stage::Category)?;
        let chosen = replies.iter().filter(|kept| is_chosen(kept));
        let mut filings = chosen.filter_map(|kept| self.usable_filing(kept));
        // That nothing fitted is no choice to hold on to: the categories may be others now.
        let filing = filings.find(|filing| filing.choice != Choice::NoneFits);
        Ok(filing.map(|filing| Filing {
            freshness: Freshness::Current,
            ..filing
        }))
    }

    /// What an imported page says instead of a summary. The page of the origin alone shows it, so
    /// that a cache which cannot be read is reported elsewhere.
    #[must_use]
    pub(crate) fn imported_failure(&self, talk: &Talk) -> Option<String> {
        let replies = self.replies(talk, Stage::Summary).unwrap_or_default();
        replies.into_iter().find_map(|kept| match kept.reply {
            Reply::ImportedSummary(text) if text.trim() == ORIGIN_FAILURE => Some(text),
            _ => None,
        })
    }

    pub(super) fn replies(
        &self,
        talk: &Talk,
        stage: Stage,
    ) -> Result<Vec<CachedReply>, SummarizeError> {
        let replies = self.snapshot(talk)?.replies(&talk.id, stage);
        Ok(replies.map_err(RequestError::Cache)?)
    }

    pub(super) fn usable_summary(&self, talk: &Talk, kept: &CachedReply) -> Option<Summary> {
        let provenance = Some(kept.provenance());
        let (text, origin, freshness) = match (&kept.reply, &kept.request) {
            (Reply::Model(_), Request::Chat(chat)) => {
                let completion = kept.completion()?;
                if truncation(chat, talk, &completion).is_some() {
                    return None;
                }
                let rules = self.rules(chat, Strictness::Earlier);
                let today = self.rules(chat, Strictness::Today);
                let sentences = reply::summary(&completion, rules).value();
                let sentences = sentences.or_else(|_| reply::summary(&completion, today).value());
                let sentences = sentences.ok()?;
                let origin = if is_about_transcript(chat) {
                    Origin::Transcript
                } else {
                    Origin::Abstract
                };
                let stale = Freshness::Stale;
                return Some(self.build_written(&sentences, origin, provenance, stale));
            }
            (Reply::Excerpt(text), _) => (text.clone(), Origin::Excerpt, Freshness::Stale),
            (Reply::ImportedSummary(text), _) => (text.clone(), Origin::Import, Freshness::Current),
            _ => return None,
        };
        let says_something = !text.trim().is_empty() && text.trim() != ORIGIN_FAILURE;
        says_something.then(|| self.build_summary(&text, origin, provenance, freshness))
    }

    pub(super) fn usable_filing(&self, kept: &CachedReply) -> Option<Filing> {
        let (choice, filed_by, freshness) = match &kept.reply {
            Reply::Model(_) => (
                reply::category(&kept.completion()?, &self.catalog.categories)
                    .value()
                    .ok()?,
                FiledBy::Model,
                Freshness::Stale,
            ),
            Reply::Words(choice) => (choice.clone(), FiledBy::Words, Freshness::Stale),
            Reply::ImportedCategory(choice) => {
                (choice.clone(), FiledBy::Import, Freshness::Current)
            }
            _ => return None,
        };
        let choice = match choice {
            Choice::Category(name) => {
                Choice::Category(self.catalog.categories.named(&name)?.name.clone())
            }
            Choice::NoneFits => Choice::NoneFits,
        };
        Some(Filing {
            choice,
            filed_by,
            provenance: Some(kept.provenance()),
            freshness,
        })
    }
}

pub(super) fn is_chosen(kept: &CachedReply) -> bool {
    !matches!(kept.reply, Reply::Words(_))
}
