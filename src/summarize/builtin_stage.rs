//! The stages without a model: excerpts, and categories by the words that talk and description
//! share. They cost nothing, and never displace what somebody wrote or chose.

use crate::cache::{ExcerptRequest, Lookup, Owner, Reply, Request, WordsRequest};
use crate::catalog::Entry;
use crate::requests::RequestError;
use crate::summarize::builtin::{self, Material};
use crate::summarize::decision::{Decider, Decision};
use crate::summarize::{SummarizeError, Summarizer};
use crate::talk::provenance::{FiledBy, Provenance};
use crate::talk::{Choice, Filing, Freshness, Origin, Summary, Talk};
use crate::work::{How, Stage, Work};

/// Goes up when the built-in summarizer takes better excerpts: a build then takes them anew.
const EXCERPTS_VERSION: u32 = 2;
/// Goes up when the built-in summarizer compares categories in a better way.
const WORDS_VERSION: u32 = 1;

/// What is written about the talk itself. The description of a recording says nothing of its parts.
fn own_description<'a>(entry: &Entry, talk: &'a Talk) -> &'a str {
    match (talk.id.start, &entry.r#abstract) {
        (Some(_), None) => "",
        _ => &talk.description,
    }
}

impl Decider<'_> {
    /// An excerpt, only where nobody has written anything.
    pub(super) fn excerpt<'t>(
        &self,
        entry: &Entry,
        talk: &Talk,
        work: Work,
    ) -> Decision<'t, Summary> {
        match self.earlier_summary(talk) {
            Ok(Some(written)) if written.origin != Origin::Excerpt => {
                let freshness = Freshness::Current;
                let current = Summary {
                    freshness,
                    ..written
                };
                return Decision::Use(current, How::Cached, Vec::new());
            }
            Ok(_) => {}
            Err(error) => return Decision::Nothing(Some(error), None),
        }
        let request = Request::Excerpt(excerpt_request(entry, talk));
        let read = |reply, provenance| match reply {
            Reply::Excerpt(text) => Some(self.excerpt_summary(&text, Some(provenance))),
            _ => None,
        };
        let wanted = self.recall_made(talk, Stage::Summary, &request, work, read);
        self.decide(Stage::Summary, work, wanted, || self.earlier_summary(talk))
    }

    /// A category by words, only where nobody has chosen one.
    pub(super) fn category_by_words<'t>(
        &self,
        talk: &Talk,
        summary: &Summary,
        work: Work,
    ) -> Decision<'t, Filing> {
        match self.chosen_filing(talk) {
            Ok(Some(chosen)) => return Decision::Use(chosen, How::Cached, Vec::new()),
            Ok(None) => {}
            Err(error) => return Decision::Nothing(Some(error), None),
        }
        let request = Request::Words(self.words_request(talk, summary));
        let read = |reply, provenance| match reply {
            Reply::Words(choice) => Some(filing_by_words(choice, Some(provenance))),
            _ => None,
        };
        let wanted = self.recall_made(talk, Stage::Category, &request, work, read);
        self.decide(Stage::Category, work, wanted, || self.earlier_filing(talk))
    }

    /// What is compared today.
    pub(super) fn words_request(&self, talk: &Talk, summary: &Summary) -> WordsRequest {
        let categories = self.catalog.categories.iter();
        WordsRequest {
            version: WORDS_VERSION,
            title: talk.title.clone(),
            text: format!("{}\n{}", summary.text, talk.description),
            transcript: talk.words_key(),
            categories: categories
                .map(|c| (c.name.clone(), c.description.clone()))
                .collect(),
        }
    }

    fn excerpt_summary(&self, text: &str, provenance: Option<Provenance>) -> Summary {
        self.build_summary(text, Origin::Excerpt, provenance, Freshness::Current)
    }

    fn recall_made<'t, T>(
        &self,
        talk: &Talk,
        stage: Stage,
        request: &Request,
        work: Work,
        read: impl FnOnce(Reply, Provenance) -> Option<T>,
    ) -> Result<Decision<'t, T>, SummarizeError> {
        if self.redoes(stage, work) {
            return Ok(Decision::Make(None));
        }
        let lookup = self.snapshot(talk)?.reply(&talk.id, stage, request);
        let kept = match lookup.map_err(RequestError::Cache)? {
            Lookup::Hit(kept) => *kept,
            Lookup::Rejected | Lookup::Miss => return Ok(Decision::Make(None)),
        };
        let provenance = kept.provenance();
        let made = read(kept.reply, provenance);
        Ok(match made {
            Some(made) => Decision::Use(made, How::Cached, Vec::new()),
            None => Decision::Make(None),
        })
    }
}

impl Summarizer<'_> {
    pub(super) async fn make_excerpt(
        &self,
        entry: &Entry,
        talk: &Talk,
        work: Work,
    ) -> Result<Summary, SummarizeError> {
        let transcript = self.decider.transcript(talk)?;
        let material = Material {
            title: &talk.title,
            speakers: &talk.speakers,
            description: own_description(entry, talk),
            cues: transcript
                .as_ref()
                .map_or(&[], |transcript| &transcript.cues),
        };
        let text = builtin::excerpt(&material).join(" ");
        if text.is_empty() {
            return Err(match transcript {
                Some(_) if talk.id.start.is_some() => SummarizeError::NothingSaid,
                _ => SummarizeError::NothingToRead,
            });
        }
        let request = Request::Excerpt(excerpt_request(entry, talk));
        let reply = Reply::Excerpt(text.clone());
        let provenance = self.keep(talk, work, &request, reply).await?;
        Ok(self.decider.excerpt_summary(&text, provenance))
    }

    pub(super) async fn compare_words(
        &self,
        talk: &Talk,
        summary: &Summary,
        work: Work,
    ) -> Result<Filing, SummarizeError> {
        let words = self.decider.words_request(talk, summary);
        let transcript = self.decider.transcript(talk)?;
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
        let request = Request::Words(words);
        let provenance = self.keep(talk, work, &request, reply).await?;
        Ok(filing_by_words(choice, provenance))
    }

    /// Keeps what was made, unless this run only looks at what is there.
    async fn keep(
        &self,
        talk: &Talk,
        work: Work,
        request: &Request,
        reply: Reply,
    ) -> Result<Option<Provenance>, SummarizeError> {
        if !work.makes() {
            return Ok(None);
        }
        let stage = match request {
            Request::Words(_) => Stage::Category,
            _ => Stage::Summary,
        };
        let cache = self.decider.cache;
        let kept = cache.keep_reply(Owner::Talk(&talk.id), stage, request, reply);
        let kept = kept.await.map_err(RequestError::NotKept)?;
        Ok(Some(kept.provenance()))
    }
}

/// What the built-in summarizer would read today.
pub(super) fn excerpt_request(entry: &Entry, talk: &Talk) -> ExcerptRequest {
    ExcerptRequest {
        version: EXCERPTS_VERSION,
        title: talk.title.clone(),
        description: own_description(entry, talk).to_owned(),
        transcript: talk.words_key(),
    }
}

fn filing_by_words(choice: Choice, provenance: Option<Provenance>) -> Filing {
    Filing {
        choice,
        filed_by: FiledBy::Words,
        provenance,
        freshness: Freshness::Current,
    }
}
