//! Whose a reply is: a talk's, or all talks' at once.
//!
//! What is about all talks has a folder of its own, which no video can have: its name has ten
//! letters, and an id eleven. In all else it is kept like the other replies.

use std::borrow::Cow;

use crate::cache::{Cache, CacheError, Lookup, Request, Snapshot};
use crate::talk::id::TalkId;
use crate::work::Stage;

/// The folder of what is about all talks, and the owner that its files name.
pub(super) const CATEGORIES: &str = "categories";

/// Whose a reply is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// One talk's.
    Talk(&'a TalkId),
    /// All talks' together, as a list of categories is.
    AllTalks,
}

impl<'a> Owner<'a> {
    /// The talk, where it is one's.
    #[must_use]
    pub fn talk(self) -> Option<&'a TalkId> {
        match self {
            Self::Talk(talk) => Some(talk),
            Self::AllTalks => None,
        }
    }

    /// The folder below the cache.
    pub(super) fn folder(self) -> &'a str {
        match self {
            Self::Talk(talk) => talk.video.as_str(),
            Self::AllTalks => CATEGORIES,
        }
    }

    /// The name that the files carry.
    pub(super) fn name(self) -> Cow<'static, str> {
        match self {
            Self::Talk(talk) => Cow::Owned(talk.to_string()),
            Self::AllTalks => Cow::Borrowed(CATEGORIES),
        }
    }
}

impl Cache {
    /// What is kept for a request now: the folder is listed anew, as whoever is about to pay wants it.
    pub fn reply(
        &self,
        owner: Owner<'_>,
        stage: Stage,
        request: &Request,
    ) -> Result<Lookup, CacheError> {
        match owner {
            Owner::Talk(talk) => self.snapshot(&talk.video)?.reply(talk, stage, request),
            Owner::AllTalks => {
                let snapshot = Snapshot::open(self.folder.join(CATEGORIES))?;
                snapshot.reply_for(CATEGORIES, stage, request)
            }
        }
    }
}
