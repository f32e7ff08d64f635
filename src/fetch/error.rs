//! Why a talk is not known as it should be, and what to do next.

use thiserror::Error;

use crate::cache::CacheError;
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::local::LocalError;
use crate::fetch::transcribe::error::TranscribeError;

/// Why a talk is not known as it should be.
#[derive(Debug, Error)]
pub(crate) enum FetchError {
    /// `YouTube`, yt-dlp or the network.
    #[error(transparent)]
    Failed(#[from] FetchFailure),
    /// There are no captions, and nobody could listen in their place.
    #[error("{lack}, and it was not transcribed")]
    NotTranscribed {
        /// What is the matter with the captions.
        lack: FetchFailure,
        /// Why it was not transcribed.
        #[source]
        source: TranscribeError,
    },
    /// A caption file of the organizer's.
    #[error(transparent)]
    Local(#[from] LocalError),
    /// A file of the cache could not be read.
    #[error("the cache could not be read")]
    Cache(#[source] CacheError),
    /// What was fetched could not be kept. The run ends.
    #[error("the fetched data could not be saved")]
    NotKept(#[source] CacheError),
}

impl FetchError {
    /// Whether the run must end.
    #[must_use]
    pub(crate) fn is_fatal(&self) -> bool {
        match self {
            Self::NotKept(_) => true,
            Self::NotTranscribed { source, .. } => source.is_fatal(),
            _ => false,
        }
    }

    /// Whether a file of the cache could not be read.
    #[must_use]
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Cache(_))
    }

    /// Whether a model may listen instead.
    pub(super) fn is_lack_of_captions(&self) -> bool {
        matches!(self, Self::Failed(failure) if failure.reason.is_lack_of_captions())
    }

    /// Whether it only says that the run's budget is used up.
    #[must_use]
    pub(crate) fn is_over_budget(&self) -> bool {
        matches!(self, Self::NotTranscribed { source, .. } if source.is_over_budget())
    }

    /// Whether it only says that fetching stopped before the talk's turn came.
    #[must_use]
    pub(crate) fn is_not_visited(&self) -> bool {
        matches!(self, Self::Failed(failure) if failure.reason == Reason::NotVisited)
    }

    /// Whether the next talks would meet it, too, so that fetching may have stopped for it.
    #[must_use]
    pub(crate) fn stops_visits(&self) -> bool {
        match self {
            Self::Failed(FetchFailure { reason, .. }) => {
                reason.streak_to_stop().is_some() || reason.is_hopeless()
            }
            _ => false,
        }
    }

    /// Whether it only says that the run was stopped.
    #[must_use]
    pub(crate) fn is_stop(&self) -> bool {
        match self {
            Self::Failed(failure) => failure.reason == Reason::Stopped,
            Self::NotTranscribed { source, .. } => source.is_stop(),
            _ => false,
        }
    }

    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Failed(failure) => Some(failure.reason.next_step()),
            Self::NotTranscribed { source, .. } => source.hint(),
            Self::Local(error) => Some(error.hint()),
            Self::Cache(error) | Self::NotKept(error) => Some(error.hint()),
        }
    }
}
