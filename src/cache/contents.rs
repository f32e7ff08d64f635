//! What a file of the cache holds, and whether name and folder tell the truth about it.
//!
//! For those that look after the whole cache (`verify.rs`, `prune.rs`, `archive.rs`). Runs
//! read what they need through `snapshot.rs` instead.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use zip::result::ZipError;

use crate::cache::arrivals::{Arrival, Arrivals};
use crate::cache::envelope::{
    CaptionsFile, FetchedFile, RememberedFailure, ReplyFile, digest_of, folder_of, parse,
};
use crate::cache::file_name::{CAPTIONS, FileName, NO_THUMBNAIL, failure_name, unqualified_name};
use crate::cache::ledger::is_reply;
use crate::cache::owner::CATEGORIES;
use crate::cache::{Cache, CacheError, Reply, evidence, thumbnails};
use crate::fs;
use crate::plain;
use crate::talk::Metadata;
use crate::talk::id::VideoId;
use crate::talk::transcript::Transcript;
use crate::work::Stage;

/// What the name of a file says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileKind {
    /// The result of a stage.
    Result(FileName),
    /// Which transcript a video has.
    Captions,
    /// Why a stage has no result.
    Failure,
    /// The picture of a video.
    Thumbnail,
    /// Where the sentences of a summary are said.
    Evidence,
}

/// What a sound file holds.
#[derive(Debug)]
pub(super) struct Contents {
    /// Whose it is: a talk's id, or `categories`.
    pub(super) owner: String,
    pub(super) made_at: Timestamp,
    /// The transcript that the file is, or points to.
    pub(super) transcript: Option<String>,
    /// Whether it can be had again for nothing.
    pub(super) is_free: bool,
}

/// A file of ours, and what is in it.
#[derive(Debug)]
pub(super) struct ExaminedFile {
    pub(super) kind: FileKind,
    pub(super) path: PathBuf,
    /// How it came here, where it came out of an archive.
    pub(super) arrival: Option<Arrival>,
    pub(super) bytes: u64,
    pub(super) contents: Result<Contents, FileFlaw>,
}

/// What is wrong with a file.
#[derive(Debug, Error)]
pub enum FileFlaw {
    /// It cannot be read, is no JSON of ours, or is of a later version.
    #[error(transparent)]
    Unreadable(#[from] CacheError),
    /// It lies in an archive and cannot be taken out of it whole.
    #[error("it cannot be unpacked: {}", plain::of_archive(.0))]
    Packed(ZipError),
    /// It lies in an archive, and is larger than any of ours, or than the archive says.
    #[error("it is larger than the archive says, or than any file of a cache")]
    TooLarge,
    /// It says that it was made at a time that is still to come.
    #[error("it is dated {}, which is in the future", day(*made_at))]
    FromTheFuture {
        /// When it says that it was made.
        made_at: Timestamp,
    },
    /// It is to be a picture, and is none or not all of one.
    #[error("it is no whole picture")]
    NotAPicture,
    /// It is about something else than its folder.
    #[error("it is about `{owner}`, but it is in the folder `{folder}`")]
    Misplaced {
        /// What it is about.
        owner: String,
        /// Where it lies.
        folder: String,
    },
    /// Its content has another digest than its name says: somebody has edited or renamed it.
    #[error("its content belongs under the name `{right}`")]
    Misnamed {
        /// The name that its content has.
        right: String,
    },
}

/// Clocks go wrong by minutes; a day is more than any that is looked after.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_hours(24);

impl Contents {
    /// Refuses what is dated in the future, and would be taken for the newest until then.
    pub(super) fn not_from_the_future(self, now: Timestamp) -> Result<Self, FileFlaw> {
        let made_at = self.made_at;
        if made_at.duration_since(now) > CLOCK_TOLERANCE {
            Err(FileFlaw::FromTheFuture { made_at })
        } else {
            Ok(self)
        }
    }
}

/// A point in time as people write it.
fn day(at: Timestamp) -> impl Display {
    at.strftime("%Y-%m-%d")
}

impl FileKind {
    /// What a name says; `None` for files that are not ours.
    pub(super) fn of(name: &str) -> Option<Self> {
        let apart = unqualified_name(name);
        let usual = apart.as_deref().unwrap_or(name);
        if usual == CAPTIONS {
            return Some(Self::Captions);
        }
        let is_failure = |stage: &Stage| failure_name(*stage) == usual;
        if usual == NO_THUMBNAIL || Stage::ALL.iter().any(is_failure) {
            return Some(Self::Failure);
        }
        if thumbnails::is_name(name) {
            return Some(Self::Thumbnail);
        }
        if evidence::is_name(name) {
            return Some(Self::Evidence);
        }
        FileName::parse(name).map(Self::Result)
    }

    /// Whether it says that it is what somebody answered.
    pub(super) fn is_reply(&self) -> bool {
        matches!(self, Self::Result(name) if is_reply(name.stage))
    }
}

impl ExaminedFile {
    /// The sound later reply to the same request that is used in the place of this one, where this
    /// one is damaged.
    pub(super) fn replaced_by<'a>(&self, folder: &'a [Self]) -> Option<&'a Self> {
        let (FileKind::Result(name), Err(FileFlaw::Unreadable(CacheError::Damaged { .. }))) =
            (&self.kind, &self.contents)
        else {
            return None;
        };
        folder.iter().find(|other| match &other.kind {
            FileKind::Result(later) => other.contents.is_ok() && later.replaces(name),
            _ => false,
        })
    }
}

impl Cache {
    /// The names of the folders that are ours, sorted.
    pub(super) fn folders(&self) -> Result<Vec<String>, CacheError> {
        let is_ours = |name: &String| name == CATEGORIES || name.parse::<VideoId>().is_ok();
        let names = fs::names(&self.folder)?.into_iter();
        Ok(names.filter(is_ours).collect())
    }

    /// The files in a folder that are ours, in the order of their names, each read whole. What a
    /// run has removed or set aside meanwhile is passed over.
    pub(super) fn examine(&self, folder: &str) -> Result<Vec<ExaminedFile>, CacheError> {
        let arrivals = Arrivals::read(&self.folder.join(folder))?;
        self.examine_beside(folder, &arrivals)
    }

    /// The same where it is known already which of them came out of archives.
    pub(super) fn examine_beside(
        &self,
        folder: &str,
        arrivals: &Arrivals,
    ) -> Result<Vec<ExaminedFile>, CacheError> {
        let place = self.folder.join(folder);
        let mut files = Vec::new();
        for name in fs::names(&place)? {
            let Some(kind) = FileKind::of(&name) else {
                continue;
            };
            let path = place.join(&name);
            let (bytes, contents) = match fs::read(&path) {
                Ok(bytes) => (bytes.len(), examine(&kind, folder, &path, &bytes)),
                Err(error) if error.is_not_found() => continue,
                Err(error) => (0, Err(FileFlaw::Unreadable(error.into()))),
            };
            let arrival = match &contents {
                Ok(contents) => arrivals.of(&name, contents.made_at).cloned(),
                Err(_) => None,
            };
            files.push(ExaminedFile {
                kind,
                path,
                arrival,
                bytes: bytes as u64,
                contents,
            });
        }
        Ok(files)
    }
}

/// Reads a file whole and compares it with its name and its folder.
pub(super) fn examine(
    kind: &FileKind,
    folder: &str,
    path: &Path,
    bytes: &[u8],
) -> Result<Contents, FileFlaw> {
    let contents = match kind {
        FileKind::Captions => {
            let file: CaptionsFile = parse(path, bytes)?;
            Contents {
                owner: file.talk,
                made_at: file.made_at,
                transcript: Some(file.transcript.digest),
                is_free: true,
            }
        }
        FileKind::Failure => {
            let file: RememberedFailure = parse(path, bytes)?;
            Contents {
                owner: file.talk,
                made_at: file.at,
                transcript: None,
                is_free: true,
            }
        }
        // Its name is the digest of whose it is, and so it is at home wherever it lies.
        FileKind::Thumbnail if thumbnails::is_whole(bytes) => Contents {
            owner: folder.to_owned(),
            made_at: Timestamp::UNIX_EPOCH,
            transcript: None,
            is_free: true,
        },
        FileKind::Thumbnail => return Err(FileFlaw::NotAPicture),
        FileKind::Evidence => evidence::examine(path, bytes)?,
        FileKind::Result(name) => match name.stage {
            Stage::Metadata => examine_fetched::<Metadata>(name, path, bytes)?,
            Stage::Transcript => Contents {
                transcript: Some(name.digest.clone()),
                ..examine_fetched::<Transcript>(name, path, bytes)?
            },
            _ => examine_reply(name, path, bytes)?,
        },
    };
    if is_at_home(&contents.owner, folder) {
        Ok(contents)
    } else {
        Err(FileFlaw::Misplaced {
            owner: contents.owner,
            folder: folder.to_owned(),
        })
    }
}

fn examine_fetched<T: DeserializeOwned + Serialize>(
    name: &FileName,
    path: &Path,
    bytes: &[u8],
) -> Result<Contents, FileFlaw> {
    let file: FetchedFile<T> = parse(path, bytes)?;
    ensure_named(name, file.stage, digest_of(&file.content))?;
    Ok(Contents {
        owner: file.talk,
        made_at: file.made_at,
        transcript: None,
        is_free: true,
    })
}

fn examine_reply(name: &FileName, path: &Path, bytes: &[u8]) -> Result<Contents, FileFlaw> {
    let file: ReplyFile = parse(path, bytes)?;
    ensure_named(
        name,
        file.stage,
        file.request.digest_for(&file.talk, file.stage),
    )?;
    Ok(Contents {
        owner: file.talk,
        made_at: file.made_at,
        transcript: None,
        is_free: matches!(file.reply, Reply::Excerpt(_) | Reply::Words(_)),
    })
}

fn ensure_named(name: &FileName, stage: Stage, digest: String) -> Result<(), FileFlaw> {
    let right = FileName {
        stage,
        digest,
        ..name.clone()
    };
    if right == *name {
        Ok(())
    } else {
        let right = right.to_string();
        Err(FileFlaw::Misnamed { right })
    }
}

/// Whether a folder is that of an owner. On a disk that does not tell upper from lower case, two
/// videos may share a folder.
fn is_at_home(owner: &str, folder: &str) -> bool {
    if folder == CATEGORIES {
        return owner == CATEGORIES;
    }
    let video = folder_of(owner);
    video.parse::<VideoId>().is_ok() && video.eq_ignore_ascii_case(folder)
}
