//! The replies to a batch are fetched once it has ended, and come in as any others.

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::batch::intake::{Intake, IntakeError};
use crate::batch::reply_files::ReplyFiles;
use crate::cache::{Batch, BatchState, Cache, CacheError};
use crate::llm::batch::{RemoteBatch, RemoteStatus, answer_line};
use crate::llm::client::Wait;
use crate::llm::client::batches::BatchClient;
use crate::llm::error::LlmError;

/// No endpoint works on a batch for longer.
const LONGEST_RUN: SignedDuration = SignedDuration::from_hours(48);

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
    /// Its replies answer the requests of others.
    OfOthers,
    /// What came in place of its replies is nothing that replies are written in.
    Unreadable,
}

/// What came of collecting a batch.
#[derive(Debug)]
pub(crate) enum Collected {
    /// Its replies are here.
    Replies(ReplyFiles, Intake),
    /// There is nothing that could be taken in, for this reason.
    Nothing(Progress),
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
    endpoint: &BatchClient<'_>,
    batch: &Batch,
    id: &str,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<Progress, CollectError> {
    let told = match endpoint.batch(id, waiting).await {
        Err(error) if error.is_not_there() => {
            let after_its_end = time_since(batch.made_at) - LONGEST_RUN;
            return Ok(not_there(endpoint, after_its_end));
        }
        told => told.map_err(CollectError::Endpoint)?,
    };
    let has_files = !told.files.is_empty();
    Ok(match told.status {
        RemoteStatus::UnderWay(_) => Progress::UnderWay(told),
        RemoteStatus::Archived => Progress::Gone,
        RemoteStatus::Failed if !has_files => Progress::Refused(told.refusals),
        RemoteStatus::Completed if !has_files => Progress::WithoutFiles,
        _ => Progress::Ready(told),
    })
}

/// Fetches the replies to a batch that has ended and takes them in. The batch is over then: what has
/// no reply is due again.
pub(crate) async fn collect(
    cache: &Cache,
    endpoint: &BatchClient<'_>,
    batch: &mut Batch,
    ended: &RemoteBatch,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<Collected, CollectError> {
    let mut replies = ReplyFiles::of(batch.provider);
    for name in &ended.files {
        let file = tempfile::tempfile().map_err(IntakeError::Unreadable)?;
        match endpoint.download_lines(name, &file, waiting).await {
            Ok(()) => replies.add(file).map_err(IntakeError::Unreadable)?,
            Err(error) if error.is_not_there() => {
                let ended_at = ended.ended_at.unwrap_or(batch.made_at);
                let progress = not_there(endpoint, time_since(ended_at));
                return Ok(Collected::Nothing(progress));
            }
            Err(error) => return Err(CollectError::Endpoint(error)),
        }
    }
    if let Some(flaw) = flaw_of(&replies, batch) {
        return Ok(Collected::Nothing(flaw));
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
    let collected = BatchState::Collected { at };
    cache.note_batch(batch, collected).await?;
    Ok(Collected::Replies(replies, intake))
}

/// What is wrong with replies of which none is of use.
fn flaw_of(replies: &ReplyFiles, batch: &Batch) -> Option<Progress> {
    let is_ours = |key| replies.has(key);
    if replies.lines == 0 || batch.requests.iter().any(is_ours) {
        None
    } else if replies.unreadable == replies.lines {
        Some(Progress::Unreadable)
    } else {
        Some(Progress::OfOthers)
    }
}

/// What it means that the endpoint does not know a batch, or its files, so long after it has ended.
fn not_there(endpoint: &BatchClient<'_>, after_its_end: SignedDuration) -> Progress {
    if after_its_end >= endpoint.limits().kept_for {
        Progress::Gone
    } else {
        Progress::Unknown
    }
}

fn time_since(then: Timestamp) -> SignedDuration {
    Timestamp::now().duration_since(then)
}
