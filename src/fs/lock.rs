//! Locks that die with their owners, and a note of those who write.

use std::fs::{File, TryLockError};
use std::io::{self, Seek, Write};
use std::path::Path;

use crate::fs::FileError;
use crate::fs::paths::is_link;

/// What stands in a file that is locked by those who write, for people who look into it.
const NOTE: &[u8] =
    b"A run is writing, or was killed while it did: then the next one sweeps what is left.\n";

/// A lock that others respect as long as it is held. It dies with its owner, however that ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held, not read")] Option<File>);

/// Takes a lock if nobody else holds it; `None` where somebody does. A disk that knows no locks is
/// no reason to stop: then there is nothing to respect.
pub(crate) fn try_lock(path: &Path) -> Result<Option<Lock>, FileError> {
    let file = open_to_lock(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(Some(file)))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(_)) => Ok(Some(Lock(None))),
    }
}

/// A place among those who write into the same folders. Whoever comes in as the first of all finds
/// out whether the last one was killed.
#[derive(Debug)]
pub(crate) struct Writer(File);

impl Writer {
    /// Comes in; `after_a_kill` is called where somebody was killed in here and nobody is in now.
    /// A disk that knows no locks is no reason to stop: there, nobody finds out.
    pub(crate) fn enter(
        path: &Path,
        after_a_kill: impl FnOnce() -> Result<(), FileError>,
    ) -> Result<Self, FileError> {
        let failed = |source| FileError::new("write", path, source);
        let mut file = open_to_lock(path)?;
        if file.try_lock().is_ok() {
            if file.metadata().map_err(failed)?.len() > 0 {
                after_a_kill()?;
            }
            file.write_all(NOTE).map_err(failed)?;
            file.sync_all().map_err(failed)?;
            file.unlock().map_err(failed)?;
        }
        // Nobody writes before this, so it does no harm if another one sweeps in between.
        drop(file.lock_shared());
        // Whoever left meanwhile as the last one took the note along.
        if file.metadata().map_err(failed)?.len() == 0 {
            file.rewind().map_err(failed)?;
            file.write_all(NOTE).map_err(failed)?;
            file.sync_all().map_err(failed)?;
        }
        Ok(Self(file))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The last one to leave takes the note along; where that fails, a sweep finds nothing.
        if self.0.unlock().is_ok() && self.0.try_lock().is_ok() {
            drop(self.0.set_len(0));
        }
    }
}

/// Opens a file that is there to be locked, and makes it where there is none.
fn open_to_lock(path: &Path) -> Result<File, FileError> {
    // What it is a link to would be written into.
    if is_link(path) {
        let link = io::Error::other("it is a link");
        return Err(FileError::new("lock", path, link));
    }
    let opened = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    opened.map_err(|source| FileError::new("open", path, source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::{Existing, read, write};

    #[cfg(unix)]
    #[test]
    fn a_link_is_no_lock() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (precious, lock) = (folder.path().join("precious"), folder.path().join("lock"));
        write(&precious, b"precious", Existing::Keep).unwrap();
        symlink(&precious, &lock).unwrap();
        assert!(try_lock(&lock).is_err());
        assert!(Writer::enter(&lock, || Ok(())).is_err());
        assert_eq!(read(&precious).unwrap(), b"precious");
    }
}
