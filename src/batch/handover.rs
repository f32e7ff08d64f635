//! A batch is handed over: its lines are uploaded, and a batch is ordered of them; some endpoints take the
//! lines with the order. Before and after each step that can be lost, the cache notes how far it has come,
//! so that whoever goes on pays once.

use std::fs::File;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::time::sleep;

use crate::cache::{Batch, BatchState, Cache, CacheError};
use crate::llm::batch::Order;
use crate::llm::client::Wait;
use crate::llm::client::batches::{BatchClient, ListedBatch};
use crate::llm::error::LlmError;

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
    Unlisted,
    /// Nobody knows: several batches of the endpoint may be it.
    Ambiguous,
}

/// Uploads the lines of a batch and has it made.
pub(crate) async fn hand_over(
    cache: &Cache,
    endpoint: &BatchClient<'_>,
    batch: &mut Batch,
    lines: &File,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<(), HandoverError> {
    let uploaded = endpoint.upload_lines(&batch.name, lines, waiting).await;
    let file = uploaded.map_err(HandoverError::Endpoint)?;
    if let Some(file) = file.clone() {
        let uploaded = BatchState::Uploaded { file };
        cache.note_batch(batch, uploaded).await?;
    }
    let before = batch.state.clone();
    let newest = endpoint.newest_batch(waiting).await;
    let newest = newest.map_err(HandoverError::Endpoint)?;
    let since = Timestamp::now();
    let ordering = BatchState::Ordering {
        file: file.clone(),
        newest: newest.clone(),
        since,
    };
    cache.note_batch(batch, ordering).await?;
    let order = Order {
        name: &batch.name,
        file: file.as_deref(),
        requests: batch.requests.len(),
        newest: newest.as_deref(),
    };
    match endpoint.make_batch(&order, lines, waiting).await {
        Ok(made) => {
            let running = BatchState::Running { id: made.id };
            Ok(cache.note_batch(batch, running).await?)
        }
        Err(lost @ LlmError::AnswerLost { .. }) => Err(HandoverError::Endpoint(lost)),
        Err(error) => {
            cache.note_batch(batch, before).await?;
            Err(HandoverError::Endpoint(error))
        }
    }
}

/// Finds out what came of a batch that somebody was killed over while handing it over.
pub(crate) async fn settle(
    cache: &Cache,
    endpoint: &BatchClient<'_>,
    batch: &mut Batch,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<Settled, HandoverError> {
    let (file, newest, since) = match &batch.state {
        BatchState::Uploading | BatchState::Uploaded { .. } => {
            cache.drop_batch(batch).await?;
            return Ok(Settled::Dropped);
        }
        BatchState::Ordering {
            file,
            newest,
            since,
        } => (file.clone(), newest.clone(), *since),
        _ => return Ok(Settled::Done),
    };
    let name = batch.name.clone();
    let order = Order {
        name: &name,
        file: file.as_deref(),
        requests: batch.requests.len(),
        newest: newest.as_deref(),
    };
    let listed_after = endpoint.limits().listed_after;
    loop {
        let age = Timestamp::now().duration_since(since);
        match endpoint.find_batch(&order, waiting).await {
            Ok(ListedBatch::One(found)) => {
                let running = BatchState::Running { id: found.id };
                cache.note_batch(batch, running).await?;
                return Ok(Settled::Done);
            }
            Ok(ListedBatch::Several) => return Ok(Settled::Ambiguous),
            Ok(ListedBatch::Nothing) if age >= listed_after => {
                cache.drop_batch(batch).await?;
                return Ok(Settled::Dropped);
            }
            // It may be listed a little later.
            Ok(ListedBatch::Nothing) => {
                let rest = Duration::try_from(listed_after - age);
                sleep(rest.unwrap_or_default()).await;
            }
            Err(error) if error.is_unsupported() => return Ok(Settled::Unlisted),
            Err(error) => return Err(HandoverError::Endpoint(error)),
        }
    }
}
