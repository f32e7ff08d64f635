//! What lies in the cache and nothing needs: listed with its reason, and removed when asked to.
//!
//! The newest metadata and the transcript in use of a listed talk are never unused, and neither is
//! any of its replies: another prompt or model may ask for them again. A file that cannot be read
//! is left alone, unless a later reply replaces it; `verify.rs` names it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::cache::arrivals::ARRIVALS;
use crate::cache::contents::{Contents, ExaminedFile, FileKind};
use crate::cache::envelope::folder_of;
use crate::cache::owner::CATEGORIES;
use crate::cache::{Cache, CacheError};
use crate::fs;
use crate::talk::id::TalkId;
use crate::work::Stage;

/// A file that nothing needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedFile {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Why nothing needs it.
    pub why: UnusedReason,
    /// What it would take to have it again.
    pub worth: Worth,
}

/// Why nothing needs a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnusedReason {
    /// No catalog lists its talk.
    NotListed,
    /// There is a newer one, which is used instead.
    Superseded,
    /// It is damaged, and a later reply is used in its place.
    Replaced,
    /// It is of a batch that is over.
    Over,
}

/// What it would take to have a file again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// A visit, or a moment.
    Free,
    /// Money, or the page that it was imported from.
    Paid,
}

impl Cache {
    /// The files that none of these talks needs, in the order of their paths.
    pub fn find_unused(&self, listed: &[TalkId]) -> Result<Vec<UnusedFile>, CacheError> {
        let listed = ListedOwners::of(listed);
        let mut unused = Vec::new();
        for folder in self.folders()? {
            let files = self.examine(&folder)?;
            let used = FilesInUse::of(&files);
            for file in &files {
                let (why, worth) = match &file.contents {
                    Ok(contents) if !listed.has(&file.kind, &contents.owner) => {
                        (UnusedReason::NotListed, contents.worth())
                    }
                    Ok(contents) if used.is_superseded(file, contents) => {
                        (UnusedReason::Superseded, contents.worth())
                    }
                    Err(_) if file.replaced_by(&files).is_some() => {
                        (UnusedReason::Replaced, Worth::Paid)
                    }
                    _ => continue,
                };
                unused.push(UnusedFile {
                    path: file.path.clone(),
                    bytes: file.bytes,
                    why,
                    worth,
                });
            }
        }
        unused.extend(self.batches_that_are_over()?);
        Ok(unused)
    }

    /// Removes files that none of these talks needs, and the folders that are empty then. Nobody
    /// may be writing meanwhile, and what a run has come to use since is left. Returns what is gone.
    pub fn remove(
        &self,
        unused: Vec<UnusedFile>,
        listed: &[TalkId],
    ) -> Result<Vec<UnusedFile>, CacheError> {
        let _alone = self.write_alone()?;
        let _right = self.lock_batches()?.ok_or(CacheError::Busy)?;
        let still = self.find_unused(listed)?;
        let still: HashSet<&Path> = still.iter().map(|file| file.path.as_path()).collect();
        let mut removed = unused;
        removed.retain(|file| still.contains(file.path.as_path()));
        for file in &removed {
            fs::remove_if_there(&file.path)?;
        }
        let folders: BTreeSet<&Path> = removed
            .iter()
            .filter_map(|file| file.path.parent())
            .collect();
        for folder in folders {
            // It speaks of files that are gone.
            if fs::names(folder)? == [ARRIVALS] {
                fs::remove_if_there(&folder.join(ARRIVALS))?;
            }
            fs::remove_if_empty(folder)?;
        }
        Ok(removed)
    }
}

impl Contents {
    fn worth(&self) -> Worth {
        if self.is_free {
            Worth::Free
        } else {
            Worth::Paid
        }
    }
}

/// Whose files are needed.
pub(super) struct ListedOwners {
    owners: HashSet<String>,
    /// Their folders, in lower case.
    folders: HashSet<String>,
}

impl ListedOwners {
    pub(super) fn of(talks: &[TalkId]) -> Self {
        let ids = talks.iter().map(TalkId::to_string);
        let videos = talks.iter().map(|talk| talk.video.to_string());
        let owners: HashSet<String> = ids.chain(videos).chain([CATEGORIES.into()]).collect();
        let folders = owners
            .iter()
            .map(|owner| folder_of(owner).to_ascii_lowercase());
        Self {
            folders: folders.collect(),
            owners,
        }
    }

    pub(super) fn has(&self, kind: &FileKind, owner: &str) -> bool {
        // A picture is known by its folder, which two videos may share on some disks.
        self.owners.contains(owner) || (*kind == FileKind::Thumbnail && self.has_folder(owner))
    }

    /// Whether a folder can hold files that are needed, on some disks those of two videos.
    pub(super) fn has_folder(&self, folder: &str) -> bool {
        self.folders.contains(&folder.to_ascii_lowercase())
    }
}

/// Which of what was fetched is in use, by owner.
#[derive(Default)]
struct FilesInUse<'a> {
    /// Made here or not, and when: the greatest is in use.
    metadata: HashMap<&'a str, (bool, Timestamp)>,
    transcripts: HashMap<&'a str, &'a str>,
    /// The digests of the transcripts that can be read.
    legible: HashSet<&'a str>,
    /// When the places of each owner's sentences were looked for last.
    places: HashMap<&'a str, Timestamp>,
}

impl<'a> FilesInUse<'a> {
    fn of(files: &'a [ExaminedFile]) -> Self {
        let mut used = Self::default();
        for file in files {
            let Ok(contents) = &file.contents else {
                continue;
            };
            let owner = contents.owner.as_str();
            match (&file.kind, &contents.transcript) {
                (FileKind::Captions, Some(digest)) => {
                    used.transcripts.insert(owner, digest);
                }
                (FileKind::Result(name), _) if name.stage == Stage::Metadata => {
                    let rank = (file.arrival.is_none(), contents.made_at);
                    let newest = used.metadata.entry(owner).or_insert(rank);
                    *newest = rank.max(*newest);
                }
                (FileKind::Result(_), Some(digest)) => {
                    used.legible.insert(digest);
                }
                (FileKind::Evidence, _) => {
                    let newest = used.places.entry(owner).or_insert(contents.made_at);
                    *newest = contents.made_at.max(*newest);
                }
                _ => {}
            }
        }
        used
    }

    fn is_superseded(&self, file: &ExaminedFile, contents: &Contents) -> bool {
        let Contents {
            owner,
            made_at,
            transcript,
            ..
        } = contents;
        let is_of_another_transcript = || {
            let in_use = self.transcripts.get(folder_of(owner)).copied();
            in_use.is_some() && in_use != transcript.as_deref()
        };
        match &file.kind {
            FileKind::Result(name) if name.stage == Stage::Metadata => {
                self.metadata.get(owner.as_str()) > Some(&(file.arrival.is_none(), *made_at))
            }
            FileKind::Result(name) if name.stage == Stage::Transcript => is_of_another_transcript(),
            // Older sentences may be shown again; their places are then found again, where there is
            // something to read.
            FileKind::Evidence => {
                let digest = transcript.as_deref();
                let is_older = self.places.get(owner.as_str()) > Some(made_at);
                is_of_another_transcript()
                    || (is_older && digest.is_some_and(|digest| self.legible.contains(digest)))
            }
            _ => false,
        }
    }
}
