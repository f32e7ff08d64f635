//! Why a recording was not transcribed, and what may be done about it.

use thiserror::Error;

use crate::fetch::failure::{FetchFailure, Reason};
use crate::llm::error::LlmError;
use crate::llm::transcription::TranscriptionFault;
use crate::requests::RequestError;

/// Why a recording was not transcribed.
#[derive(Debug, Error)]
pub(crate) enum TranscribeError {
    /// It is longer than the catalog allows.
    #[error("the recording has {minutes} minutes, and `max_minutes` allows {most}")]
    TooLong {
        /// Its length.
        minutes: u64,
        /// What the catalog allows.
        most: u32,
    },
    /// Its sound is larger than the catalog allows.
    #[error("the audio has {:.1} MB, and `max_megabytes` allows {most}", megabytes(*bytes))]
    TooLarge {
        /// The size at the lowest bitrate.
        bytes: u64,
        /// What the catalog allows.
        most: u32,
    },
    /// There is no sound.
    #[error("the audio could not be fetched")]
    Audio(#[source] FetchFailure),
    /// The model gives no times, and they are needed.
    #[error("a talk is a part of the recording, and the model gives no times")]
    NoTimes,
    /// Nobody knows what it would cost.
    #[error("the length of the recording is unknown, so its cost is too")]
    UnknownLength,
    /// The reply cannot be used.
    #[error("the model's reply was set aside")]
    Rejected(#[source] TranscriptionFault),
    /// It could not be used in an earlier run either, with the fault where that can still be read.
    #[error("the model's reply was set aside in an earlier run")]
    RejectedEarlier(#[source] Option<TranscriptionFault>),
    /// The request has no reply.
    #[error(transparent)]
    Request(#[from] RequestError),
}

impl TranscribeError {
    /// Whether the run must end.
    #[must_use]
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_fatal())
    }

    /// Whether it only says that the run was stopped.
    #[must_use]
    pub(crate) fn is_stop(&self) -> bool {
        match self {
            Self::Request(error) => error.is_stop(),
            Self::Audio(failure) => failure.reason == Reason::Stopped,
            _ => false,
        }
    }

    /// Whether it only says that the run's budget is used up.
    #[must_use]
    pub(crate) fn is_over_budget(&self) -> bool {
        matches!(self, Self::Request(error) if error.is_over_budget())
    }

    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooLong { .. } => Some(
                "raise `max_minutes` in the catalog, or put a caption file into the captions folder",
            ),
            Self::TooLarge { .. } => Some(
                "name a server that takes more, such as speaches or whisper.cpp, and raise `max_megabytes`; or put a caption file into the captions folder",
            ),
            Self::Audio(failure) => Some(failure.reason.next_step()),
            Self::NoTimes => Some("name a model that gives times, such as whisper-1"),
            Self::UnknownLength => {
                Some("set `max_minutes` in the catalog; the budget then reserves so many")
            }
            Self::Request(RequestError::Llm(LlmError::Refused { status: 413, .. })) => Some(
                "lower `max_megabytes` to what the endpoint takes, or name one that takes more",
            ),
            Self::Rejected(_)
            | Self::RejectedEarlier(_)
            | Self::Request(RequestError::RejectedEarlier) => Some(
                "run `proceedings build --redo failed`, which asks again only for what was set aside; or name another model, or put a caption file into the captions folder",
            ),
            Self::Request(error) => error.hint(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no recording has 2^52 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / super::MEGABYTE as f64
}
