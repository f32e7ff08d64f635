//! The stages without a model: excerpts, and categories by the words of all talks. They cost
//! nothing, and never displace what somebody wrote or chose.
//!
//! A talk that is filed so stays where it is as long as its own words and the categories do: the
//! other talks teach where it goes, but one that is added later moves none.

use crate::alike::TalkText;
use crate::alike::filing::{CategoryText, file};
use crate::alike::weights::ReadTalks;
use crate::cache::{ExcerptRequest, Lookup, Owner, Reply, Request, WordsRequest};
use crate::catalog::{Category, Entry};
use crate::requests::RequestError;
use crate::summarize::builtin::{self, Material};
use crate::summarize::decision::{Decider, Decision};
use crate::summarize::{Resolved, SummarizeError, Summarizer};
use crate::talk::provenance::{FiledBy, Provenance};
use crate::talk::{Choice, Filing, Freshness, Origin, SummarizedTalk, Summary, Talk};
use crate::work::{How, Stage, Work};

/// Goes up when the built-in summarizer takes better excerpts: a build then takes them anew, which
/// costs nothing. Those of before stay in the cache, and are shown as stale until then.
const EXCERPTS_VERSION: u32 = 3;
/// Goes up when the built-in summarizer compares categories in a better way.
const WORDS_VERSION: u32 = 2;

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
        let transcript = if entry.transcript {
            self.decider.transcript(talk)?
        } else {
            None
        };
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

    /// Files the talks that wait, by their words and by what the others teach that are filed
    /// already. The result has the order of those that wait.
    pub(crate) async fn file_by_words(
        &self,
        talks: &[&SummarizedTalk],
        waiting: &[(usize, Option<Filing>, Work)],
    ) -> Vec<Resolved<Filing>> {
        let mut read = ReadTalks::default();
        let mut decided = Vec::new();
        let teachers = talks.iter().filter_map(|talk| {
            let Choice::Category(name) = &talk.category.as_ref()?.choice else {
                return None;
            };
            let is_this = |category: &Category| category.name == *name;
            let category = self.decider.catalog.categories.iter().position(is_this)?;
            Some((talk, category))
        });
        for (talk, category) in teachers {
            read.read(TalkText {
                title: &talk.talk.title,
                text: &talk.written(),
            });
            decided.push(Some(category));
        }
        let mut wanted = Vec::new();
        for (at, ..) in waiting {
            let request = self.words_wanted(talks[*at], &mut read);
            if request.is_ok() {
                decided.push(None);
            }
            wanted.push(request);
        }
        let taught = decided.iter().flatten().count();
        let categories = self.decider.catalog.categories.iter();
        let categories: Vec<CategoryText<'_>> = categories
            .map(|category| CategoryText {
                name: &category.name,
                description: &category.description,
            })
            .collect();
        let mut filed = file(read, &categories, &decided).into_iter().skip(taught);
        let mut results = Vec::new();
        for (wanted, (at, now, work)) in wanted.into_iter().zip(waiting) {
            let made = match wanted {
                Ok(request) => {
                    let found = filed.next().flatten();
                    let choice = found.map_or(Choice::NoneFits, |found| {
                        Choice::Category(categories[found].name.to_owned())
                    });
                    self.keep_filing(&talks[*at].talk, *work, request, choice)
                        .await
                }
                Err(error) => Err(error),
            };
            results.push(match made {
                Ok(filing) => Resolved::found(filing, How::New),
                Err(error) => Resolved::standing_in(now.clone(), Some(error), *work),
            });
        }
        results
    }

    /// What is compared of a talk, which is read with all that was said in it.
    fn words_wanted(
        &self,
        talk: &SummarizedTalk,
        read: &mut ReadTalks,
    ) -> Result<WordsRequest, SummarizeError> {
        let summary = talk.summary.as_ref().ok_or(SummarizeError::NotCached)?;
        let words = self.decider.words_request(&talk.talk, summary);
        let transcript = self.decider.transcript(&talk.talk)?;
        let spoken = transcript
            .map(|transcript| transcript.text())
            .unwrap_or_default();
        read.read(TalkText {
            title: &words.title,
            text: &format!("{}\n{spoken}", words.text),
        });
        Ok(words)
    }

    async fn keep_filing(
        &self,
        talk: &Talk,
        work: Work,
        words: WordsRequest,
        choice: Choice,
    ) -> Result<Filing, SummarizeError> {
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

/// What the built-in summarizer would read today. An excerpt shows the words themselves, so it is
/// taken of no transcript that is not to be published.
pub(super) fn excerpt_request(entry: &Entry, talk: &Talk) -> ExcerptRequest {
    ExcerptRequest {
        version: EXCERPTS_VERSION,
        title: talk.title.clone(),
        description: own_description(entry, talk).to_owned(),
        transcript: talk.words_key().filter(|_| entry.transcript),
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
