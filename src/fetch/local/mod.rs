//! The organizer's own caption files.
//!
//! A file is known by its size and the time of its last change; only where they differ from what
//! the cache remembers is it read, and only where its digest differs too is it parsed again.
//! Which file is whose is in `folder.rs`.

pub(crate) mod folder;
pub(crate) mod names;
pub(crate) mod passed_over;
pub(crate) mod proposals;

use std::path::PathBuf;

use jiff::Timestamp;
use thiserror::Error;

use crate::cache::FileStamp;
use crate::encoding::decode_as;
use crate::fetch::captions::{self, CaptionFormat, CaptionsError};
use crate::fetch::local::names::CaptionName;
use crate::fs::{self, FileError};
use crate::limits;
use crate::talk::transcript::{CaptionKind, Transcript};

/// A caption file of the organizer's.
#[derive(Debug)]
pub(super) struct CaptionFile {
    path: PathBuf,
    format: CaptionFormat,
    name: String,
    /// What the name says about it.
    language: Option<String>,
    size: u64,
    modified: Timestamp,
}

/// A caption file that cannot be used.
#[derive(Debug, Error)]
pub(crate) enum LocalError {
    /// It could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The catalog names one that is not in the captions folder.
    #[error(
        "the catalog names the caption file `{file}`, and there is no such file{}",
        nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
    )]
    NotThere {
        /// What the catalog names.
        file: String,
        /// The name in the folder that is most like it.
        nearest: Option<String>,
    },
    /// It is not of the format that its name says.
    #[error("`{}` cannot be used", path.display())]
    Captions {
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: CaptionsError,
    },
}

impl LocalError {
    #[must_use]
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::NotThere { .. } => {
                "put the file into the captions folder, or correct `[fetch.caption_files]` in the catalog"
            }
            Self::File(_) | Self::Captions { .. } => {
                "correct the caption file, or take it out of the captions folder"
            }
        }
    }
}

impl CaptionFile {
    /// The file at a path, by its name in the folder, if it is there.
    fn open(path: PathBuf, name: &CaptionName) -> Result<Option<Self>, LocalError> {
        let known = fs::size_and_time(&path)?;
        let Some((size, modified)) = known else {
            return Ok(None);
        };
        Ok(Some(Self {
            path,
            format: name.format,
            name: name.file.clone(),
            language: name.language.clone(),
            size,
            modified: Timestamp::try_from(modified).unwrap_or(Timestamp::UNIX_EPOCH),
        }))
    }

    /// Whether a stamp says that nothing has changed since.
    pub(super) fn is_as(&self, stamp: &FileStamp) -> bool {
        (&stamp.name, stamp.size, stamp.modified) == (&self.name, self.size, self.modified)
    }

    /// Reads the file's bytes, and the stamp that it is known by from now on.
    pub(super) fn read(&self) -> Result<(Vec<u8>, FileStamp), LocalError> {
        let bytes = fs::read_at_most(&self.path, limits::CAPTIONS)?;
        let digest = FileStamp::digest_of(&bytes);
        let stamp = FileStamp {
            name: self.name.clone(),
            size: self.size,
            modified: self.modified,
            digest,
        };
        Ok((bytes, stamp))
    }

    /// Parses the file's bytes. They are in the language that the name says, else in the wanted
    /// one.
    pub(super) fn transcript(&self, bytes: &[u8], wanted: &str) -> Result<Transcript, LocalError> {
        let language = self.language_or(wanted);
        let read = captions::read(self.format, bytes, Some(language));
        let captions = read.map_err(|source| LocalError::Captions {
            path: self.path.clone(),
            source,
        })?;
        Ok(Transcript {
            language: Some(language.to_owned()),
            kind: CaptionKind::Organizer,
            cues: captions,
        })
    }

    /// The encoding that the bytes are read in, where it is guessed and may be wrong.
    pub(super) fn doubtful_encoding(&self, bytes: &[u8], wanted: &str) -> Option<&'static str> {
        decode_as(bytes, Some(self.language_or(wanted))).doubtful
    }

    fn language_or<'a>(&'a self, wanted: &'a str) -> &'a str {
        self.language.as_deref().unwrap_or(wanted)
    }
}
