//! Locks between runs on one cache: file locks, which die with their owner, and claims where a store is
//! shared.
//!
//! They stand apart from the results, in a folder that no commit takes along, as does what
//! `pages.rs` remembers. One lock is a talk's,
//! so that two runs pay once; another is shared by all who write, so that what a killed one left is
//! swept by the next.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cache::envelope::digest_of;
use crate::cache::{Cache, CacheError, Owner, run_blocking};
use crate::fs::{self, Existing, FileError, Lock, Writer};
use crate::store::Claim;

/// How often a lock is looked at that another run holds.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// The folder of the locks, which no commit needs: it ignores itself.
pub(super) const LOCKS: &str = ".locks";
/// What everybody locks who writes; no talk has this name.
const WRITERS: &str = "writers";

/// The lock of an owner: nobody else is at work on what it has, on this machine or another one.
#[derive(Debug)]
pub(crate) struct OwnerLock<'a> {
    _claim: Option<Claim<'a>>,
    _lock: Lock,
}

impl Cache {
    /// Waits until no other run is at work on what an owner has; `waiting` is called at the first wait
    /// of all. Dropping the future gives up.
    pub(crate) async fn lock(
        &self,
        owner: Owner<'_>,
        waiting: impl FnOnce(),
    ) -> Result<OwnerLock<'_>, CacheError> {
        // A digest tells talks apart also where a disk does not tell upper from lower case.
        let name = match owner {
            Owner::Talk(talk) => digest_of(&talk.to_string()),
            Owner::AllTalks => owner.folder().to_owned(),
        };
        // What cannot be kept is found out before it is paid for.
        self.join_writers().await?;
        let path = self.folder.join(LOCKS).join(&name);
        let waiting = || {
            if !self.has_waited.replace(true) {
                waiting();
            }
        };
        let mut waiting = Some(waiting);
        let lock = loop {
            if let Some(lock) = fs::try_lock(&path)? {
                break lock;
            }
            if let Some(waiting) = waiting.take() {
                waiting();
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        };
        let claim = match self.store.get() {
            None => None,
            Some(store) => {
                let waiting = || waiting.into_iter().for_each(|waiting| waiting());
                let claim = store.claim(&name, waiting).await?;
                self.catch_up(store, owner.folder()).await?;
                self.bring_new_batches(store).await?;
                Some(claim)
            }
        };
        Ok(OwnerLock {
            _claim: claim,
            _lock: lock,
        })
    }

    /// Comes in among those who write. The first one after a kill sweeps what was being written.
    pub(super) async fn join_writers(&self) -> Result<(), CacheError> {
        let entered = self.writer.get_or_try_init(async || {
            let cache = self.folder.clone();
            run_blocking(move || join(&cache)).await
        });
        Ok(entered.await.map(drop)?)
    }

    /// The same for those who carry no run, or cannot wait.
    pub(super) fn join_writers_at_once(&self) -> Result<(), CacheError> {
        if !self.writer.initialized() {
            // Who came in meanwhile stays in; a note that this one takes along, `enter` writes again.
            drop(self.writer.set(join(&self.folder)?));
        }
        Ok(())
    }

    /// Takes a lock of this name; `None` where somebody holds it.
    pub(super) fn try_lock(&self, name: &str) -> Result<Option<Lock>, CacheError> {
        make_folder(&self.folder)?;
        Ok(fs::try_lock(&self.folder.join(LOCKS).join(name))?)
    }

    /// Keeps out all who write; `None` where one of them is at work.
    pub(super) fn exclude_writers(&self) -> Result<Option<Lock>, CacheError> {
        Ok(fs::try_lock(&writers_lock(&self.folder)?)?)
    }
}

fn join(cache: &Path) -> Result<Writer, FileError> {
    Writer::enter(&writers_lock(cache)?, || sweep(cache))
}

/// The lock of those who write, in its folder.
fn writers_lock(cache: &Path) -> Result<PathBuf, FileError> {
    make_folder(cache)?;
    Ok(cache.join(LOCKS).join(WRITERS))
}

/// Makes the folder that no commit takes along.
pub(super) fn make_folder(cache: &Path) -> Result<(), FileError> {
    fs::confine(&cache.join(LOCKS), &[cache.to_owned()])?;
    let ignore = cache.join(LOCKS).join(".gitignore");
    if !ignore.exists() {
        fs::write(&ignore, b"*\n", Existing::Keep)?;
    }
    Ok(())
}

fn sweep(cache: &Path) -> Result<(), FileError> {
    for folder in fs::names(cache)? {
        let folder = cache.join(folder);
        if folder.is_dir() && !fs::is_link(&folder) {
            fs::sweep(&folder)?;
        }
    }
    Ok(())
}
