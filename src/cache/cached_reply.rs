//! A reply that is in the cache, and what it says.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::cache::file_name::FileName;
use crate::cache::{Reply, Request};
use crate::llm::room::{less_effort, more_room};
use crate::llm::{ChatRequest, Completion};
use crate::talk::provenance::{Model, Provenance};

/// A reply that is in the cache.
#[derive(Debug, Clone)]
pub struct CachedReply {
    pub(super) path: PathBuf,
    pub(super) name: FileName,
    /// When it was made.
    pub made_at: Timestamp,
    /// What was asked.
    pub request: Request,
    /// What came back.
    pub reply: Reply,
    /// Whether it came out of an archive, so that no request of ours made it.
    pub from_archive: bool,
}

/// What the cache has for a request.
#[derive(Debug)]
pub enum Lookup {
    /// The reply.
    Hit(Box<CachedReply>),
    /// A reply that failed the check; asking again would cost again.
    Rejected,
    /// Nothing.
    Miss,
}

impl CachedReply {
    /// What a model said, if one was asked and its reply is one that its provider gives.
    #[must_use]
    pub fn completion(&self) -> Option<Completion> {
        match (&self.request, &self.reply) {
            (Request::Chat(chat), Reply::Model(body)) => {
                let completion = chat.provider.completion(body);
                completion.filter(|completion| !completion.is_far_longer(chat.parameters))
            }
            _ => None,
        }
    }

    /// Whether it holds no completion since it is far longer than what was asked for.
    #[must_use]
    pub(crate) fn is_far_too_long(&self) -> bool {
        let (Request::Chat(chat), Reply::Model(body)) = (&self.request, &self.reply) else {
            return false;
        };
        let completion = chat.provider.completion(body);
        completion.is_some_and(|completion| completion.is_far_longer(chat.parameters))
    }

    /// The request to ask next, where the model was cut off while it was thinking.
    #[must_use]
    pub fn with_more_room(&self) -> Option<ChatRequest> {
        match (&self.request, &self.reply) {
            (Request::Chat(chat), Reply::Model(body)) => more_room(chat, body),
            _ => None,
        }
    }

    /// The request to ask next, where it was cut off so and there is no more room.
    #[must_use]
    pub fn with_less_effort(&self) -> Option<ChatRequest> {
        match (&self.request, &self.reply) {
            (Request::Chat(chat), Reply::Model(body)) => less_effort(chat, body),
            _ => None,
        }
    }

    /// How the result came about.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        let model = match &self.request {
            Request::Chat(chat) => Some(Model {
                provider: chat.provider.name(),
                name: chat.model.clone(),
            }),
            _ => None,
        };
        Provenance {
            model,
            at: self.made_at,
            from_archive: self.from_archive,
        }
    }
}
