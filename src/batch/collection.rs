//! The replies to a batch are fetched once it has ended, and come in as any others.

use std::fs::File;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::batch::intake::{Intake, IntakeError};
use crate::batch::reply_files::ReplyFiles;
use crate::cache::{Batch, BatchState, Cache, CacheError};
use crate::llm::batch::{RemoteBatch, RemoteStatus, answer_line};
use crate::llm::client::{Client, Wait};
use crate::llm::error::LlmError;

/// Endpoints keep the files of a batch for thirty days.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(29 * 24);

/// How it stands with a batch at its endpoint.
#[derive(Debug)]
pub(crate) enum Progress {
    /// It goes on.
    UnderWay(RemoteBatch),
    /// It ended so, and its replies can be fetched.
    Ready(RemoteBatch),
    /// It was refused as a whole, for these reasons. Nothing is paid for.
    Refused(Vec<String>),
    /// It is said to be completed, and there is no file.
    WithoutFiles,
    /// It is so old that its files are gone.
    Gone,
    /// The endpoint does not know it: another account's key asks, or somebody has deleted it.
    Unknown,
}

/// What came of collecting a batch.
#[derive(Debug)]
pub(crate) struct Collected {
    pub replies: ReplyFiles,
    pub intake: Intake,
}

/// Why a batch could not be collected. It stays as it is, and what came in stays, too.
#[derive(Debug, Error)]
pub(crate) enum CollectError {
    /// The endpoint was asked in vain.
    #[error("the batch cannot be collected")]
    Endpoint(#[source] LlmError),
    /// The replies could not be taken in.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The cache could not be read or written.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// Asks how it stands with a batch that runs at the endpoint under an id.
pub(crate) async fn look(
    client: &Client,
    batch: &Batch,
    id: &str,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<Progress, CollectError> {
    let told = match client.batch(id, waiting).await {
        Err(LlmError::NotFound { .. } | LlmError::UnknownPath { .. }) => {
            return Ok(unknown(batch));
        }
        told => told.map_err(CollectError::Endpoint)?,
    };
    let has_files = told.output.is_some() || told.errors.is_some();
    Ok(match told.status {
        RemoteStatus::UnderWay(_) => Progress::UnderWay(told),
        RemoteStatus::Failed if !has_files => Progress::Refused(told.refusals),
        RemoteStatus::Completed if !has_files => Progress::WithoutFiles,
        _ => Progress::Ready(told),
    })
}

/// Fetches the replies to a batch that has ended and takes them in. The batch is over then: what has
/// no reply is due again.
pub(crate) async fn collect(
    cache: &Cache,
    client: &Client,
    batch: &mut Batch,
    ended: &RemoteBatch,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<Option<Collected>, CollectError> {
    let mut replies = ReplyFiles::default();
    for id in ended.output.iter().chain(&ended.errors) {
        let file = tempfile::tempfile().map_err(IntakeError::Unreadable)?;
        match download(client, id, &file, waiting).await? {
            Fetched::There => replies.add(file).map_err(IntakeError::Unreadable)?,
            Fetched::NotThere => return Ok(None),
        }
    }
    let mut intake = Intake::default();
    intake.take(cache, batch, &mut replies).await?;
    let misplaced = intake.misplaced.iter();
    let misplaced = misplaced.map(|reply| answer_line(&reply.key.to_string(), &reply.body));
    let misplaced: Vec<u8> = misplaced.flatten().collect();
    if !misplaced.is_empty() {
        cache.keep_misplaced(batch, &misplaced)?;
    }
    let at = Timestamp::now();
    cache.note_batch(batch, BatchState::Collected { at })?;
    Ok(Some(Collected { replies, intake }))
}

/// Whether a file was there to be fetched.
enum Fetched {
    There,
    NotThere,
}

async fn download(
    client: &Client,
    id: &str,
    file: &File,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<Fetched, CollectError> {
    match client.download_lines(id, file, waiting).await {
        Ok(()) => Ok(Fetched::There),
        Err(LlmError::NotFound { .. } | LlmError::UnknownPath { .. }) => Ok(Fetched::NotThere),
        Err(error) => Err(CollectError::Endpoint(error)),
    }
}

/// What it means that the endpoint does not know a batch or its files.
pub(crate) fn unknown(batch: &Batch) -> Progress {
    if Timestamp::now().duration_since(batch.made_at) >= KEPT_FOR {
        Progress::Gone
    } else {
        Progress::Unknown
    }
}
