//! What has been paid for so far, and what is kept of talks that the catalog does not list.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use crate::cache::{BilledUsage, CacheError};
use crate::cli::selection::Only;
use crate::cli::setup::Setup;
use crate::llm::{Price, Usage};
use crate::report::causes;
use crate::talk::id::{TalkId, VideoId};

/// What the cache holds beside what the page needs.
#[derive(Debug, Default)]
pub(super) struct PaidReplies {
    /// What was paid for, by model.
    pub(super) bills: BTreeMap<String, Bill>,
    /// The videos and talks that the catalog does not list.
    pub(super) unlisted: BTreeSet<String>,
    /// Files that cannot be read, and so are in no bill.
    pub(super) unreadable: Vec<String>,
}

/// What a model was paid for.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Bill {
    /// How many requests it has answered.
    pub(super) requests: u64,
    /// Of how many it is not known what they used.
    pub(super) without_usage: u64,
    /// The tokens of the others.
    pub(super) usage: Usage,
    /// Those of them that came with a batch, at half the price.
    pub(super) batched: Usage,
    /// How long it has listened.
    pub(super) listened: Duration,
    /// What a million tokens cost today; none means that nobody says.
    pub(super) price: Option<Price>,
    /// What a minute costs today.
    pub(super) price_per_minute: Option<f64>,
}

impl Bill {
    /// What it came to at today's price; none where that is not known.
    pub(super) fn dollars(&self) -> Option<f64> {
        if self.without_usage > 0 {
            return None;
        }
        if self.listened.is_zero() {
            let price = self.price?;
            Some(price.of(self.usage) - price.halved().of(self.batched))
        } else {
            Some(self.price_per_minute? * self.minutes())
        }
    }

    pub(super) fn minutes(&self) -> f64 {
        self.listened.as_secs_f64() / 60.0
    }
}

/// Reads all replies; with `--only`, those about these talks.
pub(super) fn read_replies(setup: &Setup, only: &Only) -> Result<PaidReplies, CacheError> {
    let catalog = &setup.catalog;
    let talks: HashSet<String> = catalog.talks.iter().map(|e| e.id.to_string()).collect();
    let videos: HashSet<&VideoId> = catalog.talks.iter().map(|entry| &entry.id.video).collect();
    let is_wanted = |owner: &str| {
        let talk = TalkId::from_id_or_link(owner);
        only.is_everything() || talk.is_ok_and(|talk| only.has(&talk))
    };
    let mut kept = PaidReplies::default();
    for paid in setup.cache.ledger()? {
        let paid = match paid {
            Ok(paid) => paid,
            Err(error) => {
                kept.unreadable.push(causes(&error));
                continue;
            }
        };
        if !is_wanted(&paid.owner) {
            continue;
        }
        let llm = catalog.llm.as_ref().filter(|llm| llm.model == paid.model);
        let listener = catalog.transcribe.as_ref();
        let listener = listener.filter(|listener| listener.model == paid.model);
        let bill = kept.bills.entry(paid.model).or_default();
        bill.price = llm.and_then(|llm| llm.price);
        bill.price_per_minute = listener.and_then(|listener| listener.price_per_minute);
        bill.requests += 1;
        match paid.used {
            Some(BilledUsage::Tokens(usage)) => {
                bill.usage.add(usage);
                if paid.by_batch {
                    bill.batched.add(usage);
                }
            }
            Some(BilledUsage::Sound(length)) => bill.listened += length,
            None => bill.without_usage += 1,
        }
        // A part of a recording that is listed, though this part is not.
        if paid.owner.contains('@') && !talks.contains(&paid.owner) {
            kept.unlisted.insert(paid.owner);
        }
    }
    let of_videos = setup.cache.videos()?;
    let unlisted = of_videos.iter().filter(|video| !videos.contains(video));
    kept.unlisted.extend(unlisted.map(ToString::to_string));
    kept.unlisted.retain(|talk| is_wanted(talk));
    Ok(kept)
}
