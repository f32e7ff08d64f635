//! Locks between runs on one cache: file locks, which die with their owner.
//!
//! They stand apart from the results, in a folder that no commit takes along.

use std::time::Duration;

use crate::cache::{Cache, CacheError};
use crate::fs::{self, Existing, Lock};
use crate::talk::id::TalkId;

/// How often a lock is looked at that another run holds.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// The folder of the locks, which no commit needs: it ignores itself.
const LOCKS: &str = ".locks";

impl Cache {
    /// Waits until no other run is at work on a talk; `waiting` is called at the first wait of all.
    /// Dropping the future gives up.
    pub async fn lock(&self, talk: &TalkId, waiting: impl FnOnce()) -> Result<Lock, CacheError> {
        let start = talk
            .start
            .map(|start| format!("-{start}"))
            .unwrap_or_default();
        self.lock_named(&format!("{}{start}", talk.video), waiting)
            .await
    }

    pub(super) async fn lock_named(
        &self,
        name: &str,
        waiting: impl FnOnce(),
    ) -> Result<Lock, CacheError> {
        let folder = self.folder.join(LOCKS);
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            fs::write(&ignore, b"*\n", Existing::Keep)?;
        }
        let path = folder.join(name);
        let mut waiting = Some(waiting).filter(|_| !self.has_waited.get());
        loop {
            if let Some(lock) = fs::try_lock(&path)? {
                return Ok(lock);
            }
            if let Some(waiting) = waiting.take() {
                self.has_waited.set(true);
                waiting();
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
