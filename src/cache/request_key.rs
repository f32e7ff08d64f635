//! The place of a reply to a request about a talk, as a text that batches carry along.
//!
//! A batch gives every line a text of its own that comes back with the reply: at most 64 letters,
//! digits, `-` and `_`. Ours leads back to the file of the reply.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::cache::Request;
use crate::cache::file_name::is_digest;
use crate::talk::id::{TalkId, VideoId};
use crate::work::Stage;

/// The place of a reply: stage, digest of the request, and talk. Written as
/// `summary-3fa9c1d2e4b59a07-jAtrviDGpwE`, with the second behind it where a part begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct RequestKey {
    /// At which stage.
    pub stage: Stage,
    digest: String,
    /// About which talk.
    pub talk: TalkId,
}

/// A text that is no key of ours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no key of a request")]
pub(crate) struct MalformedKey(String);

impl RequestKey {
    /// The key of a request about a talk.
    #[must_use]
    pub(crate) fn of(talk: &TalkId, stage: Stage, request: &Request) -> Self {
        Self {
            stage,
            digest: request.digest(talk, stage),
            talk: talk.clone(),
        }
    }

    /// What tells the request from every other.
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    fn parse(text: &str) -> Option<Self> {
        const VIDEO: usize = 11;
        let (stage, rest) = text.split_once('-')?;
        let (digest, rest) = rest.split_once('-')?;
        let (video, start) = rest.split_at_checked(VIDEO)?;
        let start = match start.strip_prefix('-') {
            Some(seconds) => Some(seconds.parse().ok()?),
            None if start.is_empty() => None,
            None => return None,
        };
        let video: VideoId = video.parse().ok()?;
        let key = Self {
            stage: Stage::named(stage)?,
            digest: Some(digest).filter(|digest| is_digest(digest))?.to_owned(),
            talk: TalkId { video, start },
        };
        Some(key).filter(|key| key.to_string() == text)
    }
}

impl fmt::Display for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (stage, video) = (self.stage.name(), &self.talk.video);
        write!(f, "{stage}-{}-{video}", self.digest)?;
        match self.talk.start {
            Some(start) => write!(f, "-{start}"),
            None => Ok(()),
        }
    }
}

impl FromStr for RequestKey {
    type Err = MalformedKey;

    fn from_str(text: &str) -> Result<Self, MalformedKey> {
        Self::parse(text).ok_or_else(|| MalformedKey(text.to_owned()))
    }
}

impl TryFrom<String> for RequestKey {
    type Error = MalformedKey;

    fn try_from(text: String) -> Result<Self, MalformedKey> {
        text.parse()
    }
}

impl From<RequestKey> for String {
    fn from(key: RequestKey) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        for text in [
            "summary-3fa9c1d2e4b59a07-jAtrviDGpwE",
            "category-3fa9c1d2e4b59a07--cBplHNM4RA",
            "part-3fa9c1d2e4b59a07-dayLongRec1-3750",
            "part-3fa9c1d2e4b59a07-AAAAAAAAAA--3750",
            "transcription-3fa9c1d2e4b59a07-jAtrviDGpwE-0",
        ] {
            assert_eq!(text.parse::<RequestKey>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn every_key_may_stand_in_a_batch() {
        let longest = RequestKey {
            stage: Stage::Transcription,
            digest: "3fa9c1d2e4b59a07".to_owned(),
            talk: TalkId {
                video: "-cBplHNM4RA".parse().unwrap(),
                start: Some(u64::MAX),
            },
        };
        let longest = longest.to_string();
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        assert!(
            longest.len() <= 64 && longest.chars().all(is_allowed),
            "{longest}"
        );
    }

    #[test]
    fn what_is_not_written_so_is_no_key() {
        for text in [
            "",
            "request-1",
            "summary-3fa9c1d2e4b59a07",
            "summary-3fa9c1d2e4b59a07-short",
            "summary-3fa9-jAtrviDGpwE",
            "notes-3fa9c1d2e4b59a07-jAtrviDGpwE",
            "summary-3fa9c1d2e4b59a07-jAtrviDGpwE-",
            "summary-3fa9c1d2e4b59a07-jAtrviDGpwE-07",
            "summary-3fa9c1d2e4b59a07-jAtrviDGpwE-+7",
            "summary-3fa9c1d2e4b59a07-jAtrviDGpwé",
            "summary-3fa9c1d2e4b59a07-../../../ab",
        ] {
            assert!(text.parse::<RequestKey>().is_err(), "{text}");
        }
    }
}
