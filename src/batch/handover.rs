//! A batch is handed over: its lines are uploaded, and a batch is made of them. Before and after each
//! step that can be lost, the cache notes how far it has come, so that whoever goes on pays once.

use std::fs::File;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;
use tokio::time::sleep;

use crate::cache::{Batch, BatchState, Cache, CacheError};
use crate::llm::client::{Client, Wait};
use crate::llm::error::LlmError;

/// A batch that was ordered and is not listed after this was not made.
const LISTED_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// Why a batch is not handed over.
#[derive(Debug, Error)]
pub(crate) enum HandoverError {
    /// The endpoint did not take it, or nobody knows.
    #[error("the batch was not made")]
    Endpoint(#[source] LlmError),
    /// How far it has come could not be noted.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// What came of a batch whose handing over was interrupted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It had been handed over, or was ended long before.
    Done,
    /// It had not been made. Nothing is paid for, and its requests are due again.
    Dropped,
    /// Nobody knows: the endpoint does not list its batches.
    Unclear,
}

/// Uploads the lines of a batch and has it made.
pub(crate) async fn hand_over(
    cache: &Cache,
    client: &Client,
    batch: &mut Batch,
    lines: &File,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<(), HandoverError> {
    let uploaded = client.upload_lines(&batch.name, lines, waiting).await;
    let file = uploaded.map_err(HandoverError::Endpoint)?;
    cache.note_batch(batch, BatchState::Uploaded { file: file.clone() })?;
    let since = Timestamp::now();
    let ordering = BatchState::Ordering {
        file: file.clone(),
        since,
    };
    cache.note_batch(batch, ordering)?;
    match client.make_batch(&batch.name, &file, waiting).await {
        Ok(made) => Ok(cache.note_batch(batch, BatchState::Running { id: made.id })?),
        Err(lost @ LlmError::AnswerLost { .. }) => Err(HandoverError::Endpoint(lost)),
        Err(error) => {
            cache.note_batch(batch, BatchState::Uploaded { file })?;
            Err(HandoverError::Endpoint(error))
        }
    }
}

/// Finds out what came of a batch that somebody was killed over while handing it over.
pub(crate) async fn settle(
    cache: &Cache,
    client: &Client,
    batch: &mut Batch,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<Settled, HandoverError> {
    let (file, since) = match &batch.state {
        BatchState::Uploading | BatchState::Uploaded { .. } => {
            cache.drop_batch(batch)?;
            return Ok(Settled::Dropped);
        }
        BatchState::Ordering { file, since } => (file.clone(), *since),
        _ => return Ok(Settled::Done),
    };
    loop {
        let age = Timestamp::now().duration_since(since);
        let found = client.find_batch(&file, waiting).await;
        match found {
            Ok(Some(found)) => {
                cache.note_batch(batch, BatchState::Running { id: found.id })?;
                return Ok(Settled::Done);
            }
            Ok(None) if age >= LISTED_AFTER => {
                cache.drop_batch(batch)?;
                return Ok(Settled::Dropped);
            }
            // It may be listed a little later.
            Ok(None) => sleep(Duration::try_from(LISTED_AFTER - age).unwrap_or_default()).await,
            Err(LlmError::NotFound { .. } | LlmError::UnknownPath { .. }) => {
                return Ok(Settled::Unclear);
            }
            Err(LlmError::Refused { status: 405, .. }) => return Ok(Settled::Unclear),
            Err(error) => return Err(HandoverError::Endpoint(error)),
        }
    }
}
