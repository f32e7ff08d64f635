//! Looks at every file of the cache: whether it can be read, is where it belongs, and holds what
//! its name says. Nothing is changed.

use std::path::PathBuf;

use crate::cache::contents::FileFlaw;
use crate::cache::{Cache, CacheError};

/// A file that is not as it should be.
#[derive(Debug)]
pub struct FlawedFile {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub flaw: FileFlaw,
    /// The later reply to the same request that is used in its place, if there is a sound one.
    pub replaced_by: Option<PathBuf>,
}

/// What a look at the whole cache has brought.
#[derive(Debug)]
pub struct Verification {
    /// How many files of ours there are.
    pub files: usize,
    /// Those that are not as they should be, in the order of their paths.
    pub findings: Vec<FlawedFile>,
}

impl Cache {
    /// Reads every file of the cache. Folders and files that are not ours are passed over.
    pub fn verify(&self) -> Result<Verification, CacheError> {
        let mut verified = Verification {
            files: 0,
            findings: Vec::new(),
        };
        for folder in self.folders()? {
            let files = self.examine(&folder)?;
            verified.files += files.len();
            let replaced = files.iter().map(|file| file.replaced_by(&files));
            let replaced: Vec<Option<PathBuf>> = replaced
                .map(|later| later.map(|later| later.path.clone()))
                .collect();
            for (file, replaced_by) in files.into_iter().zip(replaced) {
                if let Err(flaw) = file.contents {
                    verified.findings.push(FlawedFile {
                        path: file.path,
                        flaw,
                        replaced_by,
                    });
                }
            }
        }
        Ok(verified)
    }
}
