//! The cache: what was fetched and what was paid for, in files made to be committed and reviewed.
//!
//! `cache/<video id>/<stage>-<digest>.json`. Metadata and transcripts are named by the digest of
//! their content, replies by the digest of the request. A reply is never overwritten and never
//! deleted: a repeat is `<stage>-<digest>.2.json`, one that failed the check is `….rejected.json`.
//! Every file says whose it is; a file of another talk in the folder is passed over, and on a disk
//! that does not tell upper from lower case two videos may share a folder. What is about
//! all talks at once stands in `cache/categories/`, and what is asked in batches in `cache/batches/`.
//! Nothing else in the program knows this layout.

mod archive;
mod arrivals;
mod batches;
mod cached_reply;
mod contents;
mod envelope;
mod error;
mod evidence;
mod file_name;
mod import;
mod ledger;
mod locks;
mod owner;
mod page_set;
mod pages;
mod prefetch;
mod prune;
mod request;
mod request_key;
mod shared;
mod snapshot;
mod thumbnails;
mod verify;
mod writing;

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

use tokio::sync::OnceCell;

pub(crate) use crate::cache::archive::{ArchiveError, TranscriptPolicy};
use crate::cache::batches::OpenBatches;
pub(crate) use crate::cache::batches::{Batch, BatchState, Batches, DamagedBatch, PackedRequests};
pub(crate) use crate::cache::cached_reply::CachedReply;
pub use crate::cache::cached_reply::Lookup;
pub(crate) use crate::cache::contents::FileFlaw;
pub(crate) use crate::cache::envelope::{CaptionSource, FileStamp, RememberedFailure};
use crate::cache::envelope::{digest_of, is_about_another};
pub(crate) use crate::cache::error::CacheError;
pub(crate) use crate::cache::evidence::EvidenceRequest;
use crate::cache::file_name::qualified_name;
pub use crate::cache::import::{Archive, ImportRules, Makers};
pub(crate) use crate::cache::import::{ArchivedFile, Fate, FileBeside};
pub(crate) use crate::cache::ledger::BilledUsage;
pub(crate) use crate::cache::locks::OwnerLock;
pub use crate::cache::owner::Owner;
pub(crate) use crate::cache::page_set::PageSet;
use crate::cache::prefetch::Prefetch;
pub(crate) use crate::cache::prune::{UnusedFile, UnusedReason, Worth};
pub(crate) use crate::cache::request::{ExcerptRequest, WordsRequest};
pub use crate::cache::request::{Reply, Request};
pub(crate) use crate::cache::request_key::RequestKey;
pub(crate) use crate::cache::snapshot::Snapshot;
pub(crate) use crate::cache::thumbnails::CachedThumbnail;
use crate::fs::{self, Writer};
use crate::llm::estimated_tokens;
use crate::store::Store;
use crate::talk::Talk;
use crate::talk::id::VideoId;
use crate::talk::transcript::{Transcript, TranscriptRef};

/// The folder that holds everything.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    has_waited: Cell<bool>,
    writer: OnceCell<Writer>,
    /// The snapshot that was listed last, until something is written.
    last_snapshot: RefCell<Option<Rc<Snapshot>>>,
    ahead: RefCell<Option<Prefetch>>,
    open_batches: RefCell<Option<OpenBatches>>,
    /// What several machines share, if the catalog names it.
    store: OnceCell<Store>,
}

impl Cache {
    /// A cache in a folder, which is made when something is first kept.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            has_waited: Cell::new(false),
            writer: OnceCell::new(),
            last_snapshot: RefCell::default(),
            ahead: RefCell::default(),
            open_batches: RefCell::default(),
            store: OnceCell::new(),
        }
    }

    /// What is kept of a video now.
    pub fn snapshot(&self, video: &VideoId) -> Result<Rc<Snapshot>, CacheError> {
        let snapshot = Snapshot::open(self.folder.join(video.as_str()))?;
        Ok(self.set_last_snapshot(snapshot))
    }

    /// Says which videos a run will look at, in which order, so that they are read ahead of it.
    pub fn prefetch(&self, videos: Vec<VideoId>) {
        let ahead = Prefetch::start(self.folder.clone(), videos);
        self.ahead.replace(Some(ahead));
    }

    /// What this run knows to be kept of a video. Another run may have kept more since, so this is
    /// for looking and not for paying. A talk that is only recalled comes down the line in one go,
    /// and its folder is listed once instead of at each stage.
    pub fn last_snapshot(&self, video: &VideoId) -> Result<Rc<Snapshot>, CacheError> {
        let last_snapshot = self.last_snapshot.borrow().clone();
        if let Some(snapshot) = last_snapshot.filter(|snapshot| snapshot.is_of(video)) {
            return Ok(snapshot);
        }
        let mut ahead = self.ahead.borrow_mut();
        match ahead.as_mut().and_then(|ahead| ahead.take(video)) {
            Some(snapshot) => Ok(self.set_last_snapshot(snapshot)),
            None => self.snapshot(video),
        }
    }

    /// What was said in a talk; none where nobody knows, be it only of this part of a recording.
    pub fn words_of(&self, talk: &Talk) -> Result<Option<Transcript>, CacheError> {
        let Some(reference) = &talk.transcript else {
            return Ok(None);
        };
        let whole = self
            .snapshot(&talk.id.video)?
            .transcript(&reference.digest)?;
        Ok(whole.and_then(|whole| whole.of_talk(talk)))
    }

    /// Whether anything is kept of a video, be it that a visit has failed.
    pub fn has_any(&self, video: &VideoId) -> Result<bool, CacheError> {
        Ok(!fs::names(&self.folder.join(video.as_str()))?.is_empty())
    }

    fn set_last_snapshot(&self, snapshot: Snapshot) -> Rc<Snapshot> {
        let snapshot = Rc::new(snapshot);
        self.last_snapshot.replace(Some(Rc::clone(&snapshot)));
        snapshot
    }

    fn path(&self, video: &VideoId, name: &str) -> PathBuf {
        self.folder.join(video.as_str()).join(name)
    }

    /// Where a file stands of which a video has one, or is to stand.
    fn path_of_single(&self, video: &VideoId, name: &str) -> Result<PathBuf, CacheError> {
        let apart = self.path(video, &qualified_name(name, video.as_str()));
        let usual = self.path(video, name);
        let is_anothers =
            || fs::read(&usual).is_ok_and(|file| is_about_another(&file, video.as_str()));
        let is_apart = fs::size_and_time(&apart)?.is_some() || is_anothers();
        Ok(if is_apart { apart } else { usual })
    }
}

/// What is known of a transcript without reading it.
pub(crate) fn reference_to(transcript: &Transcript) -> TranscriptRef {
    let text = transcript.text();
    TranscriptRef {
        digest: digest_of(transcript),
        language: transcript.language.clone(),
        kind: transcript.kind,
        words: transcript.words(),
        characters: text.chars().count(),
        tokens: estimated_tokens(&text),
    }
}

/// What waits for the disk is done beside the thread that carries the run.
async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.expect("work on files does not panic")
}

#[cfg(test)]
mod tests;
