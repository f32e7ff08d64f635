//! Writes that happen whole or not at all.
//!
//! A new file is written beside its place, synced, renamed, and its folder synced, so that a
//! reader or a power cut sees the old state or the new one and nothing between.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::Path;
use std::time::Duration;

use backon::{BlockingRetryable, ExponentialBuilder};
use tempfile::NamedTempFile;

use crate::fs::paths::folder_of;
use crate::fs::{FileError, names};

/// How the names of files begin that are being written.
const WRITING: &str = ".writing-";

/// Whether a file is replaced that stands in the place already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// The new file takes its place.
    Replace,
    /// The old file stays, and the write says so.
    Keep,
}

/// Makes a folder and the folders above it. A new folder outlives a power cut once the one that
/// it stands in is synced.
pub(crate) fn create_dir_all(path: &Path) -> Result<(), FileError> {
    let is_new = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let new: Vec<&Path> = path.ancestors().take_while(is_new).collect();
    fs::create_dir_all(path).map_err(|source| FileError::new("create the folder", path, source))?;
    new.into_iter().try_for_each(sync_folder)
}

/// Renames a file within its folder and syncs the folder.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    rename_with_retries(from, to).map_err(|source| FileError::new("rename", from, source))?;
    sync_folder(to)
}

/// Windows refuses to rename while somebody reads the old file, or looks it over for viruses; that
/// passes.
fn rename_with_retries(from: &Path, to: &Path) -> io::Result<()> {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    let passes = |error: &io::Error| {
        let code = error.raw_os_error();
        cfg!(windows) && matches!(code, Some(ACCESS_DENIED | SHARING_VIOLATION))
    };
    let waits = ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(10))
        .with_max_times(7);
    (|| fs::rename(from, to)).retry(waits).when(passes).call()
}

/// Removes a file; that there is none is fine.
pub(crate) fn remove_if_there(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FileError::new("remove", path, error))
        }
        _ => Ok(()),
    }
}

/// Removes a folder if nothing is left in it; that there is none is fine.
pub(crate) fn remove_if_empty(folder: &Path) -> Result<(), FileError> {
    use io::ErrorKind::{DirectoryNotEmpty, NotFound};
    match fs::remove_dir(folder) {
        Err(error) if !matches!(error.kind(), DirectoryNotEmpty | NotFound) => {
            Err(FileError::new("remove", folder, error))
        }
        _ => Ok(()),
    }
}

/// Tries whether files can be written in a folder: only trying shows what permissions, quotas and
/// read-only disks allow.
pub(crate) fn try_writing(folder: &Path) -> Result<(), FileError> {
    let trial = folder.join(format!("{WRITING}trial-{}", std::process::id()));
    let written = File::create_new(&trial).and_then(|mut file| {
        file.write_all(b"written to see whether this folder can be written to")?;
        file.sync_all()
    });
    let failed = |source| FileError::new("write to", folder, source);
    let removed = match fs::remove_file(&trial) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    };
    written.and(removed).map_err(failed)
}

/// Writes what is too much to hold into a file without a name in a folder, to be read again from its
/// start. It is gone once it is closed.
pub(crate) fn scratch(
    folder: &Path,
    content: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<File, FileError> {
    create_dir_all(folder)?;
    let written = tempfile::tempfile_in(folder).and_then(|mut file| {
        content(&mut file)?;
        file.rewind()?;
        Ok(file)
    });
    written.map_err(|source| not_scratched(folder, source))
}

/// That such a file could not be written or read.
pub(crate) fn not_scratched(folder: &Path, source: io::Error) -> FileError {
    FileError::new("set words aside in", folder, source)
}

/// Writes a file whole that can be made again at any time, so nobody waits until the disk has it: after a
/// power cut, an empty one may be in its place.
pub(crate) fn write_derived(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let failed = |source| FileError::new("write", path, source);
    let mut file = create_beside(path)?;
    share_alike(file.as_file(), path).map_err(failed)?;
    file.as_file_mut().write_all(content).map_err(failed)?;
    replace(file, path).map_err(failed)
}

/// Removes what killed runs were writing in a folder. Nobody may be writing there now.
pub(crate) fn sweep(folder: &Path) -> Result<(), FileError> {
    let names = names(folder)?;
    let left = names.iter().filter(|name| name.starts_with(WRITING));
    left.map(|name| folder.join(name))
        .try_for_each(|path| remove_if_there(&path))
}

/// Writes a file whole: temporary file in the same folder, sync, rename, sync of the folder.
///
/// Returns `false` where a file stands in the place and is to be kept.
pub(crate) fn write(path: &Path, content: &[u8], existing: Existing) -> Result<bool, FileError> {
    write_with(path, existing, |file| file.write_all(content))
}

/// The same for content that is too large to hold.
pub(crate) fn write_with(
    path: &Path,
    existing: Existing,
    content: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<bool, FileError> {
    let failed = |source| FileError::new("write", path, source);
    let mut file = create_beside(path)?;
    share_alike(file.as_file(), path).map_err(failed)?;
    content(file.as_file_mut()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    let placed = match existing {
        Existing::Replace => replace(file, path),
        Existing::Keep => match file.persist_noclobber(path) {
            // A disk like exFAT knows no rename that refuses, and no links: there we look first.
            Err(refused) if !is_taken(path) => replace(refused.file, path),
            placed => placed.map(drop).map_err(|refused| refused.error),
        },
    };
    match placed {
        Ok(()) => sync_folder(path).map(|()| true),
        Err(_) if existing == Existing::Keep && is_taken(path) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// Writes a file whole that only its user can read, whatever stands in its place.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let failed = |source| FileError::new("write", path, source);
    let folder = folder_of(path);
    create_dir_all(folder)?;
    // Temporary files are private to their owner.
    let begun = tempfile::Builder::new().prefix(WRITING).tempfile_in(folder);
    let mut file = begun.map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    replace(file, path).map_err(failed)?;
    sync_folder(path)
}

/// Puts a new file into its place, whatever stands there.
fn replace(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let (_open, begun) = file.into_parts();
    rename_with_retries(&begun, path)?;
    // Nothing stands any more where it was begun.
    drop(begun.keep());
    Ok(())
}

/// A new file beside a place, in a folder that is made where there is none yet.
fn create_beside(path: &Path) -> Result<NamedTempFile, FileError> {
    let folder = folder_of(path);
    let mut named = tempfile::Builder::new();
    named.prefix(WRITING);
    // Temporary files are private to their owner; what we keep is made as any other file is.
    let begin = || named.make_in(folder, |path| File::create_new(path));
    let mut begun = begin();
    if begun.is_err() {
        // The folder is made only now, since it is there nearly always.
        create_dir_all(folder)?;
        begun = begin();
    }
    begun.map_err(|source| FileError::new("write", path, source))
}

/// Whether anything stands in a place, be it a link that leads nowhere.
fn is_taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whoever may read or write the file that stands in the place may do so with the new one. Where
/// they agree nothing is asked of the disk, as one without permissions refuses to be asked.
#[cfg(unix)]
fn share_alike(file: &File, place: &Path) -> io::Result<()> {
    match fs::metadata(place).map(|there| there.permissions()) {
        Ok(there) if there != file.metadata()?.permissions() => file.set_permissions(there),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn share_alike(_file: &File, _place: &Path) -> io::Result<()> {
    Ok(())
}

/// A rename is durable once the folder is synced; Windows cannot open folders and needs no sync.
fn sync_folder(path: &Path) -> Result<(), FileError> {
    if cfg!(unix) {
        let folder = folder_of(path);
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|source| FileError::new("sync the folder", folder, source))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::read;

    #[test]
    fn a_kept_file_is_not_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/file.json");
        assert!(write(&path, b"first", Existing::Keep).unwrap());
        assert!(!write(&path, b"second", Existing::Keep).unwrap());
        assert_eq!(read(&path).unwrap(), b"first");
        assert!(write(&path, b"third", Existing::Replace).unwrap());
        assert_eq!(read(&path).unwrap(), b"third");
        assert_eq!(names(path.parent().unwrap()).unwrap(), ["file.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn who_may_read_a_file_may_read_what_takes_its_place() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        fs::write(&usual, "as any other program writes it").unwrap();
        write(&ours, b"new", Existing::Keep).unwrap();
        assert_eq!(mode(&ours), mode(&usual));
        for chosen in [0o600, 0o664] {
            fs::set_permissions(&ours, fs::Permissions::from_mode(chosen)).unwrap();
            write(&ours, b"newer", Existing::Replace).unwrap();
            assert_eq!(mode(&ours), chosen);
        }
    }
}
