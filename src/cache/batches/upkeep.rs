//! The records of batches, looked after: read whole and compared with what was asked, named where they
//! are over, and passed on with a cache.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::cache::batches::{BATCHES, Batch, BatchState, RECORD, REQUESTS};
use crate::cache::contents::FileFlaw;
use crate::cache::envelope::parse;
use crate::cache::prune::{UnusedFile, UnusedReason, Worth};
use crate::cache::{Cache, CacheError, RequestKey, Snapshot};
use crate::fs;

/// Whether a file of this name is ours, in the folder of batches.
pub(in crate::cache) fn is_name(name: &str) -> bool {
    name.ends_with(RECORD) || name.ends_with(REQUESTS)
}

/// Whether a file of this name says how far a batch has come.
pub(in crate::cache) fn is_record(name: &str) -> bool {
    name.ends_with(RECORD)
}

impl Cache {
    /// The files of batches, each with what is wrong with it, if anything is.
    pub(in crate::cache) fn examine_batches(
        &self,
    ) -> Result<Vec<(PathBuf, Option<FileFlaw>)>, CacheError> {
        let mut examined = Vec::new();
        for name in self.batch_names()? {
            let path = self.batch_file(&name, RECORD);
            let asked = self.batch_file(&name, REQUESTS);
            match read(&path, &name) {
                Ok(batch) => {
                    examined.push((path, None));
                    examined.push((asked, self.ensure_asked(&batch).err()));
                }
                // A run was killed before it noted the batch: nothing was handed over.
                Err(FileFlaw::Unreadable(CacheError::File(error))) if error.is_not_found() => {}
                Err(flaw) => examined.push((path, Some(flaw))),
            }
        }
        Ok(examined)
    }

    /// Compares what was asked in a batch with its record.
    fn ensure_asked(&self, batch: &Batch) -> Result<(), FileFlaw> {
        let mut listed = batch.requests.iter();
        for asked in self.asked_in(&batch.name)? {
            let (key, request) = asked?;
            let right = RequestKey::of(&key.talk, key.stage, &request);
            if listed.next() != Some(&key) || right != key {
                let right = right.to_string();
                return Err(FileFlaw::Misnamed { right });
            }
        }
        match listed.next() {
            Some(missing) => Err(FileFlaw::Misnamed {
                right: missing.to_string(),
            }),
            None => Ok(()),
        }
    }

    /// The files of batches that are over: collected, ended, or exported and answered.
    pub(in crate::cache) fn batches_that_are_over(&self) -> Result<Vec<UnusedFile>, CacheError> {
        let mut over = Vec::new();
        for batch in self.batches()?.known {
            let is_over = match batch.state {
                BatchState::Collected { .. } | BatchState::Ended { .. } => true,
                BatchState::Exported => self.is_answered(&batch)?,
                _ => false,
            };
            for ending in [RECORD, REQUESTS].into_iter().filter(|_| is_over) {
                let path = self.batch_file(&batch.name, ending);
                if let Some((bytes, _)) = fs::size_and_time(&path)? {
                    over.push(UnusedFile {
                        path,
                        bytes,
                        why: UnusedReason::Over,
                        worth: Worth::Free,
                    });
                }
            }
        }
        over.extend(self.requests_without_record()?);
        Ok(over)
    }

    /// What was asked in batches that a run was killed over before it noted them.
    fn requests_without_record(&self) -> Result<Vec<UnusedFile>, CacheError> {
        let mut left = Vec::new();
        for name in self.batch_names()? {
            let path = self.batch_file(&name, REQUESTS);
            let has_record = fs::size_and_time(&self.batch_file(&name, RECORD))?.is_some();
            if let Some((bytes, _)) = fs::size_and_time(&path)?.filter(|_| !has_record) {
                left.push(UnusedFile {
                    path,
                    bytes,
                    why: UnusedReason::Over,
                    worth: Worth::Free,
                });
            }
        }
        Ok(left)
    }

    /// Whether every request of a batch has a reply.
    fn is_answered(&self, batch: &Batch) -> Result<bool, CacheError> {
        for key in &batch.requests {
            let folder = self.folder.join(key.talk.video.as_str());
            let snapshot = Snapshot::open(folder)?;
            if snapshot.highest_number(key.stage, key.digest()) == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The names of the batches of which something is here.
    fn batch_names(&self) -> Result<Vec<String>, CacheError> {
        let names = fs::names(&self.folder.join(BATCHES))?;
        let batch = |name: &String| {
            let name = name
                .strip_suffix(RECORD)
                .or_else(|| name.strip_suffix(REQUESTS))?;
            Some(name.to_owned())
        };
        let mut seen = HashSet::new();
        let names = names.iter().filter_map(batch);
        Ok(names.filter(|name| seen.insert(name.clone())).collect())
    }
}

/// Reads a record whole and compares it with its name.
fn read(path: &Path, name: &str) -> Result<Batch, FileFlaw> {
    let bytes = fs::read(path).map_err(CacheError::File)?;
    let batch = examine(path, &bytes)?;
    if batch.name == name {
        Ok(batch)
    } else {
        Err(FileFlaw::Misnamed {
            right: format!("{}{RECORD}", batch.name),
        })
    }
}

/// What stands in a record.
pub(in crate::cache) fn examine(path: &Path, bytes: &[u8]) -> Result<Batch, FileFlaw> {
    Ok(parse(path, bytes)?)
}
