//! The cache: what was fetched and what was paid for, in files made to be committed and reviewed.
//!
//! `cache/<video id>/<stage>-<digest>.json`. Metadata and transcripts are named by the digest of
//! their content, replies by the digest of the request. A reply is never overwritten and never
//! deleted: a repeat is `<stage>-<digest>.2.json`, one that failed the check is `….rejected.json`.
//! Every file says whose it is; a file of another talk in the folder is passed over. What is about
//! all talks at once stands in `cache/categories/`. Nothing else in the program knows this layout.

mod archive;
mod contents;
mod file_name;
mod ledger;
mod locks;
mod prune;
mod request;
mod shelf;
mod suggestion;
mod thumbnails;
mod verify;

use std::cell::{Cell, RefCell};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::sync::OnceCell;

pub use crate::cache::archive::{ArchiveError, Refused, Taken, Words};
pub use crate::cache::contents::Flaw;
use crate::cache::contents::Kind;
use crate::cache::file_name::{FileName, Standing};
pub use crate::cache::ledger::Paid;
pub use crate::cache::prune::{Unused, Why, Worth};
pub use crate::cache::request::{ExcerptRequest, Reply, Request, WordsRequest};
pub use crate::cache::shelf::{CachedReply, Lookup, Shelf};
use crate::cache::suggestion::CATEGORIES;
pub use crate::cache::thumbnails::CachedThumbnail;
pub use crate::cache::verify::{Finding, Verified};
use crate::fs::{self, Existing, FileError, Writer};
use crate::llm::estimated_tokens;
use crate::talk::Metadata;
use crate::talk::id::{TalkId, VideoId};
use crate::talk::transcript::{Transcript, TranscriptRef};
use crate::work::Stage;

/// The version of the files that this program writes.
const VERSION: u32 = 1;
/// How a file of that version begins.
const OPENING: &[u8] = b"{\n  \"version\": 1,\n";
/// The file that says which transcript a video has, so that nobody needs to read it to know.
const CAPTIONS: &str = "captions.json";

/// The folder that holds everything.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    has_waited: Cell<bool>,
    writer: OnceCell<Writer>,
    /// The shelf that was listed last, until something is written.
    at_hand: RefCell<Option<Rc<Shelf>>>,
}

/// A file of the cache that could not be read or written.
#[derive(Debug, Error)]
pub enum CacheError {
    /// The file system said no.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is not what it should be.
    #[error("`{}` is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The file is of a later version of this program.
    #[error("`{}` was written by a later version of proceedings", path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
    },
}

impl CacheError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::File(_) => {
                Some("check that the cache folder can be written and the disk has room")
            }
            Self::Damaged { .. } => {
                Some("move the file away, or restore it from your repository, and run again")
            }
            Self::TooNew { .. } => Some("install the current version of proceedings"),
        }
    }
}

/// Something that was fetched, with whose it is.
#[derive(Debug, Serialize, Deserialize)]
struct FetchedFile<T> {
    version: u32,
    talk: String,
    stage: Stage,
    made_at: Timestamp,
    content: T,
}

/// A reply, with whose it is and what was asked.
#[derive(Debug, Serialize, Deserialize)]
struct ReplyFile {
    version: u32,
    talk: String,
    stage: Stage,
    made_at: Timestamp,
    request: Request,
    reply: Reply,
}

/// Where a reply is kept, and whose it is.
#[derive(Clone, Copy)]
struct Place<'a> {
    folder: &'a str,
    owner: &'a str,
    stage: Stage,
}

/// Which transcript a video has, and what is known of it without reading it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CaptionsFile {
    version: u32,
    talk: String,
    made_at: Timestamp,
    transcript: TranscriptRef,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    file: Option<FileStamp>,
}

/// How an organizer's caption file is known again without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// The name in the captions folder.
    pub name: String,
    /// The size in bytes.
    pub size: u64,
    /// When it was changed.
    pub modified: Timestamp,
    /// SHA-256 of its bytes, for when size or time differ, as after a checkout.
    pub digest: String,
}

/// Why a stage has no result, remembered so that it need not be found out again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedFailure {
    /// Whose failure it is.
    pub talk: String,
    /// When it was found out.
    pub at: Timestamp,
    /// The reason, a word of the stage that failed.
    pub reason: String,
    /// One line for people.
    pub message: String,
}

impl Cache {
    /// A cache in a folder, which is made when something is first kept.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            has_waited: Cell::new(false),
            writer: OnceCell::new(),
            at_hand: RefCell::default(),
        }
    }

    /// What is kept of a video now.
    pub fn shelf(&self, video: &VideoId) -> Result<Rc<Shelf>, CacheError> {
        let shelf = Rc::new(Shelf::open(self.folder.join(video.as_str()))?);
        self.at_hand.replace(Some(Rc::clone(&shelf)));
        Ok(shelf)
    }

    /// What this run knows to be kept of a video. Another run may have kept more since, so this is
    /// for looking and not for paying. A talk that is only recalled comes down the line in one go,
    /// and its folder is listed once instead of at each stage.
    pub fn shelf_at_hand(&self, video: &VideoId) -> Result<Rc<Shelf>, CacheError> {
        let at_hand = self.at_hand.borrow().clone();
        match at_hand.filter(|shelf| shelf.is_of(video)) {
            Some(shelf) => Ok(shelf),
            None => self.shelf(video),
        }
    }

    /// The names of the folders that are ours, sorted.
    fn folders(&self) -> Result<Vec<String>, CacheError> {
        let is_ours = |name: &String| name == CATEGORIES || name.parse::<VideoId>().is_ok();
        let names = fs::names(&self.folder)?.into_iter();
        Ok(names.filter(is_ours).collect())
    }

    /// The files in a folder that are ours, in the order of their names, and what each says it is.
    fn files(&self, folder: &str) -> Result<Vec<(Kind, PathBuf)>, CacheError> {
        let folder = self.folder.join(folder);
        let names = fs::names(&folder)?.into_iter();
        let files = names.filter_map(|name| Some((Kind::of(&name)?, folder.join(name))));
        Ok(files.collect())
    }

    /// Keeps what `YouTube` says about a video.
    pub async fn keep_metadata(
        &self,
        video: &VideoId,
        metadata: &Metadata,
    ) -> Result<(), CacheError> {
        let digest = digest_of(metadata);
        self.keep_fetched(video, Stage::Metadata, &digest, metadata)
            .await?;
        self.forget_failure(video, Stage::Metadata)
    }

    /// Keeps what was said in a video, as the transcript that it has from now on; `file` is the
    /// organizer's file that it was read from.
    pub async fn keep_transcript(
        &self,
        video: &VideoId,
        transcript: &Transcript,
        file: Option<FileStamp>,
    ) -> Result<TranscriptRef, CacheError> {
        let reference = reference_to(transcript);
        self.keep_fetched(video, Stage::Transcript, &reference.digest, transcript)
            .await?;
        self.point_to_transcript(video, reference.clone(), file)
            .await?;
        Ok(reference)
    }

    /// Says which transcript a video has.
    pub async fn point_to_transcript(
        &self,
        video: &VideoId,
        transcript: TranscriptRef,
        file: Option<FileStamp>,
    ) -> Result<(), CacheError> {
        let talk = video.to_string();
        let file = CaptionsFile {
            version: VERSION,
            talk,
            made_at: now(),
            transcript,
            file,
        };
        self.write(self.path(video, CAPTIONS), pretty(&file), Existing::Replace)
            .await?;
        self.forget_failure(video, Stage::Transcript)
    }

    /// Keeps a reply in the breath in which it arrives, beside every earlier one.
    pub async fn keep_reply(
        &self,
        talk: &TalkId,
        stage: Stage,
        request: &Request,
        reply: Reply,
    ) -> Result<CachedReply, CacheError> {
        let place = Place {
            folder: talk.video.as_str(),
            owner: &talk.to_string(),
            stage,
        };
        self.keep_in(place, request, reply).await
    }

    async fn keep_in(
        &self,
        place: Place<'_>,
        request: &Request,
        reply: Reply,
    ) -> Result<CachedReply, CacheError> {
        let Place {
            folder,
            owner,
            stage,
        } = place;
        let digest = request.digest_for(owner, stage);
        let folder = self.folder.join(folder);
        let made_at = now();
        let file = ReplyFile {
            version: VERSION,
            talk: owner.to_owned(),
            stage,
            made_at,
            request: request.clone(),
            reply,
        };
        let bytes = pretty(&file);
        let mut number = 1 + Shelf::open(folder.clone())?.highest_number(stage, &digest);
        loop {
            let name = FileName {
                stage,
                digest: digest.clone(),
                number,
                standing: Standing::Kept,
            };
            let path = folder.join(name.to_string());
            if self
                .write(path.clone(), bytes.clone(), Existing::Keep)
                .await?
            {
                return Ok(CachedReply {
                    path,
                    name,
                    made_at,
                    request: file.request,
                    reply: file.reply,
                });
            }
            number += 1;
        }
    }

    /// Sets a reply aside that failed the check: kept, and never used.
    pub fn reject(&self, reply: &CachedReply) -> Result<(), CacheError> {
        let mut name = FileName {
            standing: Standing::Rejected,
            ..reply.name.clone()
        };
        let mut rejected = reply.path.with_file_name(name.to_string());
        self.at_hand.take();
        // Another run may have asked the same at the same time, and set its own reply aside.
        while fs::size_and_time(&rejected)?.is_some() {
            name.number += 1;
            rejected.set_file_name(name.to_string());
        }
        match fs::rename(&reply.path, &rejected) {
            // Another run has read the same reply and was quicker.
            Err(error) if error.is_not_found() => Ok(()),
            renamed => Ok(renamed?),
        }
    }

    /// Remembers why a stage of a video has no result.
    pub async fn keep_failure(
        &self,
        video: &VideoId,
        stage: Stage,
        reason: &str,
        message: &str,
    ) -> Result<(), CacheError> {
        self.remember(video, &failure_name(stage), reason, message)
            .await
    }

    async fn remember(
        &self,
        video: &VideoId,
        name: &str,
        reason: &str,
        message: &str,
    ) -> Result<(), CacheError> {
        let failure = RememberedFailure {
            talk: video.to_string(),
            at: now(),
            reason: reason.to_owned(),
            message: message.to_owned(),
        };
        self.write(self.path(video, name), pretty(&failure), Existing::Replace)
            .await?;
        Ok(())
    }

    fn forget_failure(&self, video: &VideoId, stage: Stage) -> Result<(), CacheError> {
        self.at_hand.take();
        Ok(fs::remove_if_there(
            &self.path(video, &failure_name(stage)),
        )?)
    }

    async fn keep_fetched<T: Serialize>(
        &self,
        video: &VideoId,
        stage: Stage,
        digest: &str,
        content: T,
    ) -> Result<(), CacheError> {
        let name = FileName {
            stage,
            digest: digest.to_owned(),
            number: 1,
            standing: Standing::Kept,
        };
        let talk = video.to_string();
        let file = FetchedFile {
            version: VERSION,
            talk,
            stage,
            made_at: now(),
            content,
        };
        // The same content again is as old as this visit: the newest file is the one that counts.
        self.write(
            self.path(video, &name.to_string()),
            pretty(&file),
            Existing::Replace,
        )
        .await?;
        Ok(())
    }

    fn path(&self, video: &VideoId, name: &str) -> PathBuf {
        self.folder.join(video.as_str()).join(name)
    }

    async fn write(
        &self,
        path: PathBuf,
        bytes: Vec<u8>,
        existing: Existing,
    ) -> Result<bool, CacheError> {
        self.enter().await?;
        let written = beside_the_run(move || fs::write(&path, &bytes, existing)).await;
        self.at_hand.take();
        Ok(written?)
    }
}

impl FileStamp {
    /// The digest of a file's bytes.
    #[must_use]
    pub fn digest_of(bytes: &[u8]) -> String {
        hex16(&Sha256::digest(bytes))
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
async fn beside_the_run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.expect("work on files does not panic")
}

/// The digest of anything that serializes: SHA-256 of its compact JSON, the first 64 bits in hex.
fn digest_of<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_vec(value).expect("our own types serialize");
    hex16(&Sha256::digest(json))
}

fn hex16(digest: &[u8]) -> String {
    let mut hex = String::with_capacity(16);
    for byte in digest.iter().take(8) {
        write!(hex, "{byte:02x}").expect("writing to a string does not fail");
    }
    hex
}

fn pretty<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("our own types serialize");
    bytes.push(b'\n');
    bytes
}

fn failure_name(stage: Stage) -> String {
    format!("failed-{}.json", stage.name())
}

fn now() -> Timestamp {
    Timestamp::now()
}

/// Reads a file of ours and sees to it that it is of a version we know.
fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, CacheError> {
    parsed(path, &fs::read(path)?)
}

/// What stands in a file of ours, if it is of a version we know.
fn parsed<T: for<'de> Deserialize<'de>>(path: &Path, bytes: &[u8]) -> Result<T, CacheError> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(default)]
        version: u32,
    }
    let damaged = |source| CacheError::Damaged {
        path: path.to_owned(),
        source,
    };
    // A file as we write it says so first; only others are read through to find out.
    if !bytes.starts_with(OPENING) {
        let Version { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if version > VERSION {
            return Err(CacheError::TooNew {
                path: path.to_owned(),
            });
        }
    }
    serde_json::from_slice(bytes).map_err(damaged)
}

#[cfg(test)]
mod tests;
