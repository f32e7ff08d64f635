//! Why a recording was not transcribed, and what may be done about it.

use thiserror::Error;

use crate::cache::CacheError;
use crate::fetch::failure::{FetchFailure, Reason};
use crate::llm::error::LlmError;
use crate::llm::transcription::Fault;

/// Why a recording was not transcribed.
#[derive(Debug, Error)]
pub enum TranscribeError {
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
    /// The endpoint sent no reply.
    #[error("no reply of the endpoint")]
    Llm(#[source] LlmError),
    /// The reply cannot be used.
    #[error("the reply was set aside")]
    Rejected(#[source] Fault),
    /// So it was in an earlier run.
    #[error("the reply was set aside in an earlier run")]
    RejectedEarlier,
    /// A file of the cache could not be read.
    #[error("the cache could not be read")]
    Cache(#[source] CacheError),
    /// What was paid for could not be kept. The run ends.
    #[error("a result could not be kept")]
    NotKept(#[source] CacheError),
}

impl TranscribeError {
    /// Whether the run must end.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::NotKept(_) => true,
            Self::Llm(error) => error.is_fatal(),
            _ => false,
        }
    }

    /// Whether it only says that the run was stopped.
    #[must_use]
    pub fn is_stop(&self) -> bool {
        match self {
            Self::Llm(error) => matches!(error, LlmError::Stopped),
            Self::Audio(failure) => failure.reason == Reason::Stopped,
            _ => false,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooLong { .. } => Some(
                "raise `max_minutes` in the catalog, or put a caption file into the captions folder",
            ),
            Self::TooLarge { .. } => Some(
                "name a server that takes more, such as speaches or whisper.cpp, and raise `max_megabytes`; or put a caption file into the captions folder",
            ),
            Self::Audio(failure) => Some(failure.reason.next_step()),
            Self::NoTimes => Some("name a model that gives times, such as whisper-1"),
            Self::Llm(LlmError::Refused { status: 413, .. }) => Some(
                "lower `max_megabytes` to what the endpoint takes, or name one that takes more",
            ),
            Self::Llm(error) => error.hint(),
            Self::Rejected(_) | Self::RejectedEarlier => Some(
                "try `--redo transcript` or another model, or put a caption file into the captions folder",
            ),
            Self::Cache(error) | Self::NotKept(error) => error.hint(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no recording has 2^52 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / super::MEGABYTE as f64
}
