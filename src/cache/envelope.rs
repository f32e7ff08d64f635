//! What a file of the cache looks like inside: an envelope that says its version and whose it is,
//! around what was fetched or what was asked and answered.
//!
//! A later version of this program reads what this one writes, so these types are a promise; what
//! names and folders mean is said elsewhere. The digests that name files are taken here.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cache::{CacheError, Reply, Request};
use crate::fs::{self, FileError};
use crate::hex::hex;
use crate::talk::transcript::TranscriptRef;
use crate::work::Stage;

/// The version of the files that this program writes.
pub(super) const VERSION: u32 = 1;
/// How a file of that version begins.
const OPENING: &[u8] = b"{\n  \"version\": 1,\n";

/// Something that was fetched, with whose it is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FetchedFile<T> {
    pub(super) version: u32,
    pub(super) talk: String,
    pub(super) stage: Stage,
    pub(super) made_at: Timestamp,
    pub(super) content: T,
}

/// A reply, with whose it is and what was asked, or what is to be known of that.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReplyFile<R = Request> {
    pub(super) version: u32,
    pub(super) talk: String,
    pub(super) stage: Stage,
    pub(super) made_at: Timestamp,
    /// The batch that it came with, where it did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) batch: Option<String>,
    pub(super) request: R,
    pub(super) reply: Reply,
}

/// Which transcript a video has, and what is known of it without reading it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct CaptionsFile {
    pub(super) version: u32,
    pub(super) talk: String,
    pub(super) made_at: Timestamp,
    pub(super) transcript: TranscriptRef,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) file: Option<FileStamp>,
    /// The link that the captions came from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) link: Option<String>,
}

/// Where the captions of a transcript came from, if not with a visit to the video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaptionSource {
    /// The organizer's file.
    File(FileStamp),
    /// The link in the catalog.
    Link(String),
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
    /// The link that was asked in vain, where it was one of the catalog's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<String>,
}

impl FileStamp {
    /// The digest of a file's bytes.
    #[must_use]
    pub fn digest_of(bytes: &[u8]) -> String {
        short_digest(bytes)
    }
}

/// Reads a file of ours and sees to it that it is of a version we know.
pub(super) fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, CacheError> {
    parse(path, &fs::read(path)?)
}

/// The same for a file that another run may just have removed or set aside.
pub(super) fn read_if_there<T: for<'de> Deserialize<'de>>(
    path: &Path,
) -> Result<Option<T>, CacheError> {
    if_there(read(path))
}

/// What was read, unless another run has just removed the file or set it aside.
pub(super) fn if_there<T>(read: Result<T, CacheError>) -> Result<Option<T>, CacheError> {
    match read {
        Err(CacheError::File(error)) if error.is_not_found() => Ok(None),
        read => read.map(Some),
    }
}

/// What stands in a file of ours, if it is of a version we know.
pub(super) fn parse<T: for<'de> Deserialize<'de>>(
    path: &Path,
    bytes: &[u8],
) -> Result<T, CacheError> {
    let damaged = |source| CacheError::Damaged {
        path: path.to_owned(),
        source,
    };
    if version(bytes).map_err(damaged)? > VERSION {
        return Err(CacheError::TooNew {
            path: path.to_owned(),
        });
    }
    serde_json::from_slice(bytes).map_err(damaged)
}

/// The folder of what a file is about: a talk's id begins with its video's.
pub(super) fn folder_of(owner: &str) -> &str {
    owner.split('@').next().unwrap_or(owner)
}

/// Whether a file of ours says that it belongs into another folder than this.
pub(super) fn is_about_another(file: &[u8], folder: &str) -> bool {
    #[derive(Deserialize)]
    struct OwnerOnly {
        talk: String,
    }
    let about: Result<OwnerOnly, _> = serde_json::from_slice(file);
    about.is_ok_and(|about| folder_of(&about.talk) != folder)
}

/// Whether a later version of this program wrote the file that stands in a place.
pub(super) fn is_of_later_version(path: &Path) -> Result<bool, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(version(&bytes).is_ok_and(|version| version > VERSION)),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

fn version(bytes: &[u8]) -> serde_json::Result<u32> {
    #[derive(Deserialize)]
    struct VersionOnly {
        #[serde(default)]
        version: u32,
    }
    // A file as we write it says so first; only others are read through to find out.
    if bytes.starts_with(OPENING) {
        return Ok(VERSION);
    }
    let VersionOnly { version } = serde_json::from_slice(bytes)?;
    Ok(version)
}

pub(super) fn to_pretty_json<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("our own types serialize");
    bytes.push(b'\n');
    bytes
}

/// The digest of anything that serializes: SHA-256 of its compact JSON, the first 64 bits in hex.
pub(super) fn digest_of<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_vec(value).expect("our own types serialize");
    short_digest(&json)
}

fn short_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}
