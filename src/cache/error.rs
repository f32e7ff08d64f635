//! What goes wrong with a file of the cache, and what to do next.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::fs::FileError;
use crate::store::StoreError;

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
    /// The store that is shared said no.
    #[error(transparent)]
    Store(Box<StoreError>),
    /// A file is kept here and did not come into the store that is shared.
    #[error("`{}` is kept on this machine and is not in the shared cache yet; the next run puts it there", path.display())]
    NotShared {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<StoreError>,
    },
    /// What is in use is not known while another run writes.
    #[error("another run writes into the cache")]
    Busy,
    /// The system gave no random number for the name of a batch.
    #[error("no name can be made for a batch")]
    Unnamed(#[source] io::Error),
    /// The file is of a later version of this program.
    #[error("`{}` was written by a later version of proceedings", path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
    },
}

impl CacheError {
    /// Whether nobody can read the file, so that nothing is lost where another takes its place.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(_) => "check the permissions of the cache folder and the space on its disk",
            Self::Damaged { .. } => {
                "move the file away, or restore it from your repository, and run again"
            }
            Self::Store(error) | Self::NotShared { source: error, .. } => error.hint(),
            Self::Busy => "run again when it has ended",
            Self::Unnamed(_) => "run again",
            Self::TooNew { .. } => "install the current version of proceedings",
        }
    }
}

impl From<StoreError> for CacheError {
    fn from(error: StoreError) -> Self {
        Self::Store(Box::new(error))
    }
}
