//! What has been paid for so far, and what is kept of talks that the catalog does not list.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::cache::CacheError;
use crate::cli::selection::Only;
use crate::cli::workshop::Workshop;
use crate::llm::{Price, Usage};
use crate::report::causes;
use crate::talk::id::{TalkId, VideoId};

/// What the cache holds beside what the page needs.
#[derive(Debug, Default)]
pub(super) struct Kept {
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
    /// Of how many the tokens are not known, as of recordings.
    pub(super) without_usage: u64,
    /// What the others used.
    pub(super) usage: Usage,
    /// What a million tokens cost today; none means that nobody says.
    pub(super) price: Option<Price>,
}

impl Bill {
    /// What it came to at today's price; none where that is not known.
    pub(super) fn dollars(&self) -> Option<f64> {
        let price = self.price.filter(|_| self.without_usage == 0)?;
        Some(price.of(self.usage))
    }
}

/// Reads all replies; with `--only`, those about these talks.
pub(super) fn kept(workshop: &Workshop, only: &Only) -> Result<Kept, CacheError> {
    let catalog = &workshop.catalog;
    let talks: HashSet<String> = catalog.talks.iter().map(|e| e.id.to_string()).collect();
    let videos: HashSet<&VideoId> = catalog.talks.iter().map(|entry| &entry.id.video).collect();
    let is_wanted = |owner: &str| {
        let talk = TalkId::from_id_or_link(owner);
        only.is_everything() || talk.is_ok_and(|talk| only.has(&talk))
    };
    let mut kept = Kept::default();
    for paid in workshop.cache.ledger()? {
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
        let llm = catalog.llm.as_ref();
        let price = llm.filter(|llm| llm.model == paid.model);
        let price = price.and_then(|llm| llm.price);
        let bill = kept.bills.entry(paid.model).or_default();
        bill.price = price;
        bill.requests += 1;
        match paid.usage {
            Some(usage) => bill.usage.add(usage),
            None => bill.without_usage += 1,
        }
        // A part of a recording that is listed, though this part is not.
        if paid.owner.contains('@') && !talks.contains(&paid.owner) {
            kept.unlisted.insert(paid.owner);
        }
    }
    let of_videos = workshop.cache.videos()?;
    let unlisted = of_videos.iter().filter(|video| !videos.contains(video));
    kept.unlisted.extend(unlisted.map(ToString::to_string));
    kept.unlisted.retain(|talk| is_wanted(talk));
    Ok(kept)
}
