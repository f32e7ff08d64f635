//! What lies in the cache and nothing needs: listed with its reason, and removed when asked to.
//!
//! The newest metadata and the transcript in use of a listed talk are never unused, and neither is
//! any of its replies: another prompt or model may ask for them again. A file that cannot be read
//! is left alone; `verify.rs` names it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::cache::contents::{Contents, Kind, examined};
use crate::cache::suggestion::CATEGORIES;
use crate::cache::{Cache, CacheError};
use crate::fs;
use crate::talk::id::TalkId;
use crate::work::Stage;

/// A file that nothing needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Why nothing needs it.
    pub why: Why,
    /// What it would take to have it again.
    pub worth: Worth,
}

/// Why nothing needs a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// No catalog lists its talk.
    NotListed,
    /// There is a newer one, which is used instead.
    Superseded,
}

/// What it would take to have a file again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// A visit, or a moment.
    Free,
    /// Money, or the page that it was imported from.
    Paid,
}

/// A file of ours that could be read.
struct Known {
    kind: Kind,
    path: PathBuf,
    bytes: u64,
    contents: Contents,
}

impl Cache {
    /// The files that none of these talks needs, in the order of their paths.
    pub fn unused(&self, listed: &[TalkId]) -> Result<Vec<Unused>, CacheError> {
        let talks = listed.iter().map(TalkId::to_string);
        let videos = listed.iter().map(|talk| talk.video.to_string());
        let owners: BTreeSet<String> = talks.chain(videos).chain([CATEGORIES.into()]).collect();
        let mut unused = Vec::new();
        for folder in self.folders()? {
            let known = self.known(&folder)?;
            let used = Used::of(&known);
            for file in &known {
                let why = if !owners.contains(&file.contents.owner) {
                    Why::NotListed
                } else if used.is_superseded(file) {
                    Why::Superseded
                } else {
                    continue;
                };
                unused.push(Unused {
                    path: file.path.clone(),
                    bytes: file.bytes,
                    why,
                    worth: file.worth(),
                });
            }
        }
        Ok(unused)
    }

    fn known(&self, folder: &str) -> Result<Vec<Known>, CacheError> {
        let mut known = Vec::new();
        for (kind, path) in self.files(folder)? {
            let bytes = fs::read(&path)?;
            if let Ok(contents) = examined(&kind, folder, &path, &bytes) {
                known.push(Known {
                    kind,
                    path,
                    bytes: bytes.len() as u64,
                    contents,
                });
            }
        }
        Ok(known)
    }

    /// Removes files, and the folders that are empty then.
    pub fn remove(&self, unused: &[Unused]) -> Result<(), CacheError> {
        for file in unused {
            fs::remove_if_there(&file.path)?;
        }
        let folders: BTreeSet<&Path> = unused
            .iter()
            .filter_map(|file| file.path.parent())
            .collect();
        for folder in folders {
            fs::remove_if_empty(folder)?;
        }
        Ok(())
    }
}

impl Known {
    fn worth(&self) -> Worth {
        if self.contents.is_free {
            Worth::Free
        } else {
            Worth::Paid
        }
    }

    fn stage(&self) -> Option<Stage> {
        match &self.kind {
            Kind::Result(name) => Some(name.stage),
            Kind::Captions | Kind::Failure => None,
        }
    }
}

/// Which of what was fetched is in use, by owner.
#[derive(Default)]
struct Used<'a> {
    metadata: HashMap<&'a str, Timestamp>,
    transcripts: HashMap<&'a str, &'a str>,
}

impl<'a> Used<'a> {
    fn of(known: &'a [Known]) -> Self {
        let mut used = Self::default();
        for Known { kind, contents, .. } in known {
            let owner = contents.owner.as_str();
            match (kind, &contents.transcript) {
                (Kind::Captions, Some(digest)) => {
                    used.transcripts.insert(owner, digest);
                }
                (Kind::Result(name), _) if name.stage == Stage::Metadata => {
                    let newest = used.metadata.entry(owner).or_insert(contents.made_at);
                    *newest = contents.made_at.max(*newest);
                }
                _ => {}
            }
        }
        used
    }

    fn is_superseded(&self, file: &Known) -> bool {
        let Contents {
            owner,
            made_at,
            transcript,
            ..
        } = &file.contents;
        match file.stage() {
            Some(Stage::Metadata) => self.metadata.get(owner.as_str()) > Some(made_at),
            Some(Stage::Transcript) => {
                let in_use = self.transcripts.get(owner.as_str()).copied();
                in_use.is_some() && in_use != transcript.as_deref()
            }
            _ => false,
        }
    }
}
