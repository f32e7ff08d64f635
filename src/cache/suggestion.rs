//! Suggested lists of categories: `cache/categories/suggestion-<digest>.json`.
//!
//! They are about all talks at once, so they have a folder of their own, which no video can have:
//! its name has ten letters, and an id eleven. In all else they are kept like the other replies.

use crate::cache::writing::Place;
use crate::cache::{Cache, CacheError, CachedReply, Lookup, Reply, Request, Shelf};
use crate::fs::Lock;
use crate::work::Stage;

/// The folder, and whose the replies are.
pub(super) const CATEGORIES: &str = "categories";

impl Cache {
    /// What is kept for a request for a list of categories.
    pub fn suggestion(&self, request: &Request) -> Result<Lookup, CacheError> {
        let shelf = Shelf::open(self.folder.join(CATEGORIES))?;
        shelf.reply_for(CATEGORIES, Stage::Suggestion, request)
    }

    /// Keeps the reply to a request for a list of categories, beside every earlier one.
    pub async fn keep_suggestion(
        &self,
        request: &Request,
        reply: Reply,
    ) -> Result<CachedReply, CacheError> {
        let place = Place {
            folder: CATEGORIES,
            owner: CATEGORIES,
            stage: Stage::Suggestion,
        };
        self.keep_in(place, request, reply).await
    }

    /// Waits until no other run asks for a list of categories; `waiting` is called at the first
    /// wait.
    pub async fn lock_suggestions(&self, waiting: impl FnOnce()) -> Result<Lock, CacheError> {
        self.lock_named(CATEGORIES, waiting).await
    }
}
