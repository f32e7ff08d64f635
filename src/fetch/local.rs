//! The organizer's own caption files: `ID.vtt`, `ID.srt`, `ID.json3`, `ID.srv1`, `ID.txt`.
//!
//! A file is known by its size and the time of its last change; only where they differ from what
//! the cache remembers is it read, and only where its digest differs too is it parsed again.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use thiserror::Error;

use crate::cache::FileStamp;
use crate::fetch::captions::{self, CaptionFormat, CaptionsError};
use crate::fs::{self, FileError};
use crate::talk::id::VideoId;
use crate::talk::transcript::{CaptionKind, Transcript};

/// The extensions that are looked for, the first that is there wins.
const EXTENSIONS: [&str; 5] = ["vtt", "srt", "json3", "srv1", "txt"];

/// A caption file of the organizer's.
#[derive(Debug)]
pub(super) struct CaptionFile {
    path: PathBuf,
    format: CaptionFormat,
    name: String,
    size: u64,
    modified: Timestamp,
}

/// A caption file that cannot be used.
#[derive(Debug, Error)]
pub enum LocalError {
    /// It could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is not of the format that its name says.
    #[error("`{}` cannot be used", path.display())]
    Captions {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: CaptionsError,
    },
}

impl CaptionFile {
    /// Looks for a video's file in the captions folder.
    pub(super) fn find(folder: &Path, video: &VideoId) -> Result<Option<Self>, LocalError> {
        for extension in EXTENSIONS {
            let name = format!("{video}.{extension}");
            let path = folder.join(&name);
            let (Some((size, modified)), Some(format)) = (
                fs::size_and_time(&path)?,
                CaptionFormat::from_extension(extension),
            ) else {
                continue;
            };
            let modified = Timestamp::try_from(modified).unwrap_or(Timestamp::UNIX_EPOCH);
            return Ok(Some(Self {
                path,
                format,
                name,
                size,
                modified,
            }));
        }
        Ok(None)
    }

    /// Whether a stamp says that nothing has changed since.
    pub(super) fn is_as(&self, stamp: &FileStamp) -> bool {
        (&stamp.name, stamp.size, stamp.modified) == (&self.name, self.size, self.modified)
    }

    /// Reads the file's bytes, and the stamp that it is known by from now on.
    pub(super) fn read(&self) -> Result<(Vec<u8>, FileStamp), LocalError> {
        let bytes = fs::read(&self.path)?;
        let digest = FileStamp::digest_of(&bytes);
        let stamp = FileStamp {
            name: self.name.clone(),
            size: self.size,
            modified: self.modified,
            digest,
        };
        Ok((bytes, stamp))
    }

    /// Parses the file's bytes.
    pub(super) fn transcript(
        &self,
        bytes: &[u8],
        language: &str,
    ) -> Result<Transcript, LocalError> {
        let cues = captions::cues(self.format, bytes).map_err(|source| LocalError::Captions {
            path: self.path.clone(),
            source,
        })?;
        Ok(Transcript {
            language: Some(language.to_owned()),
            kind: CaptionKind::Organizer,
            cues,
        })
    }
}
