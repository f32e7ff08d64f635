//! Looks at every file of the cache: whether it can be read, is where it belongs, and holds what
//! its name says. Nothing is changed.

use std::path::PathBuf;

use crate::cache::contents::{Flaw, examined};
use crate::cache::{Cache, CacheError};
use crate::fs;

/// A file that is not as it should be.
#[derive(Debug)]
pub struct Finding {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What a look at the whole cache has brought.
#[derive(Debug)]
pub struct Verified {
    /// How many files of ours there are.
    pub files: usize,
    /// Those that are not as they should be, in the order of their paths.
    pub findings: Vec<Finding>,
}

impl Cache {
    /// Reads every file of the cache. Folders and files that are not ours are passed over.
    pub fn verify(&self) -> Result<Verified, CacheError> {
        let mut verified = Verified {
            files: 0,
            findings: Vec::new(),
        };
        for folder in self.folders()? {
            for (kind, path) in self.files(&folder)? {
                verified.files += 1;
                let bytes = fs::read(&path).map_err(|error| Flaw::Unreadable(error.into()));
                let examined = bytes.and_then(|bytes| examined(&kind, &folder, &path, &bytes));
                if let Err(flaw) = examined {
                    verified.findings.push(Finding { path, flaw });
                }
            }
        }
        Ok(verified)
    }
}
