//! Looks at every file of the cache: whether it can be read, is where it belongs, holds what its
//! name says, and is dated as what was made can be; and who made it. Nothing is changed.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::cache::arrivals::{ARRIVALS, Arrival, Arrivals};
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
    /// The replies that no request here made, with the archives that they came out of.
    pub arrived: Vec<(PathBuf, Arrival)>,
}

impl Cache {
    /// Reads every file of the cache. Folders and files that are not ours are passed over.
    pub fn verify(&self, now: Timestamp) -> Result<Verification, CacheError> {
        let mut verified = Verification {
            files: 0,
            findings: Vec::new(),
            arrived: Vec::new(),
        };
        for folder in self.folders()? {
            let home = self.folder.join(&folder);
            let arrivals = Arrivals::read(&home).unwrap_or_else(|error| {
                verified.findings.push(FlawedFile {
                    path: home.join(ARRIVALS),
                    flaw: error.into(),
                    replaced_by: None,
                });
                Arrivals::default()
            });
            let files = self.examine_beside(&folder, &arrivals)?;
            verified.files += files.len();
            let replaced = files.iter().map(|file| file.replaced_by(&files));
            let replaced: Vec<Option<PathBuf>> = replaced
                .map(|later| later.map(|later| later.path.clone()))
                .collect();
            for (file, replaced_by) in files.into_iter().zip(replaced) {
                if file.kind.is_reply()
                    && let Some(arrival) = file.arrival
                {
                    verified.arrived.push((file.path.clone(), arrival));
                }
                let contents = file.contents;
                let dated = contents.and_then(|contents| contents.not_from_the_future(now));
                if let Err(flaw) = dated {
                    verified.findings.push(FlawedFile {
                        path: file.path,
                        flaw,
                        replaced_by,
                    });
                }
            }
        }
        for (path, flaw) in self.examine_batches()? {
            verified.files += 1;
            verified.findings.extend(flaw.map(|flaw| FlawedFile {
                path,
                flaw,
                replaced_by: None,
            }));
        }
        Ok(verified)
    }
}
