//! The stages without a model: excerpts, and categories by the words that talk and description
//! share. They cost nothing, and never displace what somebody wrote or chose.

use crate::cache::{ExcerptRequest, Reply, Request, WordsRequest};
use crate::summarize::builtin::{self, Material};
use crate::summarize::{Made, SummarizeError, Summarizer};
use crate::talk::provenance::FiledBy;
use crate::talk::{Choice, Filing, Freshness, Origin, Summary, Talk};
use crate::work::{How, Stage, Work};

/// Goes up when the built-in summarizer becomes a better one.
const VERSION: u32 = 1;

impl Summarizer<'_> {
    /// An excerpt, only where nobody has written anything.
    pub(super) async fn excerpt(&self, talk: &Talk, work: Work) -> Made<Summary> {
        match self.old_summary(talk) {
            Ok(Some(written)) if written.origin != Origin::Excerpt => {
                return Made::found(
                    Summary {
                        freshness: Freshness::Current,
                        ..written
                    },
                    How::Cached,
                );
            }
            Ok(_) => {}
            Err(error) => return Made::failed(error),
        }
        let request = Request::Excerpt(ExcerptRequest {
            version: VERSION,
            title: talk.title.clone(),
            description: talk.description.clone(),
            transcript: talk.words_key(),
        });
        let new = async |work| self.make_excerpt(talk, &request, work).await;
        self.settle(Stage::Summary, work, new, || self.old_summary(talk))
            .await
    }

    async fn make_excerpt(
        &self,
        talk: &Talk,
        request: &Request,
        work: Work,
    ) -> Result<Summary, SummarizeError> {
        let summary = |text, making| Summary {
            text,
            origin: Origin::Excerpt,
            making: Some(making),
            freshness: Freshness::Current,
        };
        if let Some(kept) = self.recalled(talk, Stage::Summary, request, work)?
            && let Reply::Excerpt(text) = &kept.reply
        {
            return Ok(summary(text.clone(), kept.making()));
        }
        if work == Work::Recall {
            return Err(SummarizeError::NotCached);
        }
        let transcript = self.transcript(talk)?;
        let material = Material {
            title: &talk.title,
            speakers: &talk.speakers,
            description: &talk.description,
            cues: transcript
                .as_ref()
                .map_or(&[], |transcript| &transcript.cues),
        };
        let text = builtin::excerpt(&material).join(" ");
        if text.is_empty() {
            return Err(SummarizeError::NothingToRead);
        }
        let reply = Reply::Excerpt(text.clone());
        let kept = self.keep(talk, Stage::Summary, request, reply).await?;
        Ok(summary(text, kept.making()))
    }

    /// A category by words, only where nobody has chosen one.
    pub(super) async fn category_by_words(
        &self,
        talk: &Talk,
        summary: &Summary,
        work: Work,
    ) -> Made<Filing> {
        match self.chosen_filing(talk) {
            Ok(Some(chosen)) => return Made::found(chosen, How::Cached),
            Ok(None) => {}
            Err(error) => return Made::failed(error),
        }
        let categories = self.catalog.categories.iter();
        let request = WordsRequest {
            version: VERSION,
            title: talk.title.clone(),
            text: format!("{}\n{}", summary.text, talk.description),
            transcript: talk.words_key(),
            categories: categories
                .map(|c| (c.name.clone(), c.description.clone()))
                .collect(),
        };
        let new = async |work| self.compare_words(talk, &request, work).await;
        self.settle(Stage::Category, work, new, || self.old_filing(talk))
            .await
    }

    async fn compare_words(
        &self,
        talk: &Talk,
        words: &WordsRequest,
        work: Work,
    ) -> Result<Filing, SummarizeError> {
        let filing = |choice, making| Filing {
            choice,
            filed_by: FiledBy::Words,
            making: Some(making),
            freshness: Freshness::Current,
        };
        let request = Request::Words(words.clone());
        if let Some(kept) = self.recalled(talk, Stage::Category, &request, work)?
            && let Reply::Words(choice) = &kept.reply
        {
            return Ok(filing(choice.clone(), kept.making()));
        }
        if work == Work::Recall {
            return Err(SummarizeError::NotCached);
        }
        let transcript = self.transcript(talk)?;
        let spoken = transcript
            .map(|transcript| transcript.text())
            .unwrap_or_default();
        let categories: Vec<(&str, &str)> = words
            .categories
            .iter()
            .map(|(name, description)| (name.as_str(), description.as_str()))
            .collect();
        let found = builtin::category::category(
            &words.title,
            &format!("{}\n{spoken}", words.text),
            &categories,
        );
        let choice = found.map_or(Choice::NoneFits, |index| {
            Choice::Category(categories[index].0.to_owned())
        });
        let reply = Reply::Words(choice.clone());
        let kept = self.keep(talk, Stage::Category, &request, reply).await?;
        Ok(filing(choice, kept.making()))
    }
}
