//! One archive of a cache, for another machine or a colleague.
//!
//! A ZIP file with the paths of the cache in it. The same cache gives the same bytes. What is taken
//! from such a one is the business of `import.rs`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use indicatif::DecimalBytes;
use thiserror::Error;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use crate::cache::batches::{self, BATCHES};
use crate::cache::contents::FileKind;
use crate::cache::envelope::is_about_another;
use crate::cache::owner::CATEGORIES;
use crate::cache::{Cache, CacheError};
use crate::fs::{self, Existing, FileError};
use crate::plain;
use crate::talk::id::VideoId;
use crate::work::Stage;

/// The folder in an archive that holds the rest of a conference: what is no part of the cache.
pub(crate) const CONFERENCE: &str = "conference/";

/// Whether what was said goes into an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TranscriptPolicy {
    /// Transcripts are in it.
    Included,
    /// They are not: the page can be rendered, and nothing that was said is passed on.
    LeftOut,
}

/// Why an archive could not be written or read.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The archive itself could not be opened or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is no archive, or a damaged one.
    #[error("cannot read the archive `{}`: {}", path.display(), plain::of_archive(flaw))]
    Unreadable {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        flaw: ZipError,
    },
    /// It holds more than may be unpacked.
    #[error(
        "the archive `{}` would unpack to {}; the limit is {}",
        path.display(),
        DecimalBytes(*bytes),
        DecimalBytes(*most)
    )]
    TooLarge {
        /// The archive.
        path: PathBuf,
        /// How many bytes it would take on a disk.
        bytes: u64,
        /// How many it may take.
        most: u64,
    },
    /// Another import is at work.
    #[error("another `cache import` writes into this cache")]
    Busy,
    /// A file of the cache could not be read or written.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl ArchiveError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(_) => "check the path of the archive",
            Self::Unreadable { .. } => "name a file that `proceedings cache export` has written",
            Self::TooLarge { .. } => {
                "nothing was taken; if you know who made the archive, allow more with `--max-megabytes`"
            }
            Self::Busy => "run again when it has ended",
            Self::Cache(error) => error.hint(),
        }
    }
}

impl Cache {
    /// Writes what is kept of these videos, what is about all talks, and the records of batches into one
    /// archive.
    /// Failures are left out: another machine may fare better. `others` are the files of the
    /// conference that go along, with their names. Returns how many files are in it; without any, no
    /// archive is written.
    pub fn export(
        &self,
        videos: &BTreeSet<VideoId>,
        words: TranscriptPolicy,
        others: &[(String, Vec<u8>)],
        archive: &Path,
    ) -> Result<usize, ArchiveError> {
        let mut files = Vec::new();
        let ids = videos.iter().map(VideoId::as_str);
        for folder in ids.chain([CATEGORIES]) {
            let path = self.folder.join(folder);
            for name in fs::names(&path).map_err(CacheError::File)? {
                if is_exported(&name, words) {
                    files.push((folder, path.join(&name), name));
                }
            }
        }
        let batches = self.folder.join(BATCHES);
        for name in fs::names(&batches).map_err(CacheError::File)? {
            if batches::is_name(&name) {
                files.push((BATCHES, batches.join(&name), name));
            }
        }
        if files.is_empty() && others.is_empty() {
            return Ok(0);
        }
        let mut unread = None;
        let mut written = others.len();
        let outcome = fs::write_with(archive, Existing::Replace, |file| {
            let mut archive = ZipWriter::new(file);
            for (name, bytes) in others {
                let name = format!("{CONFERENCE}{name}");
                archive.start_file(name, SimpleFileOptions::default())?;
                archive.write_all(bytes)?;
            }
            for (folder, path, name) in &files {
                let bytes = match fs::read(path) {
                    Ok(bytes) => bytes,
                    // A run has set it aside meanwhile.
                    Err(error) if error.is_not_found() => continue,
                    Err(error) => {
                        unread = Some(error);
                        return Err(io::Error::other("a file of the cache could not be read"));
                    }
                };
                // Where two videos share a folder, each has its own in the archive.
                if is_about_another(&bytes, folder) {
                    continue;
                }
                written += 1;
                archive.start_file(format!("{folder}/{name}"), SimpleFileOptions::default())?;
                archive.write_all(&bytes)?;
            }
            archive.finish()?;
            Ok(())
        });
        match (outcome, unread) {
            (_, Some(error)) => Err(CacheError::File(error).into()),
            (outcome, None) => Ok(outcome.map(|_| written)?),
        }
    }
}

/// Whether a file goes into an archive.
fn is_exported(name: &str, words: TranscriptPolicy) -> bool {
    match FileKind::of(name) {
        None | Some(FileKind::Failure) => false,
        Some(FileKind::Captions | FileKind::Thumbnail | FileKind::Evidence) => true,
        Some(FileKind::Result(name)) => {
            let is_speech = matches!(name.stage, Stage::Transcript | Stage::Transcription);
            words == TranscriptPolicy::Included || !is_speech
        }
    }
}
