//! Files, with their paths in the errors, and writes that happen whole or not at all.
//!
//! A new file is written beside its place, synced, renamed, and its folder synced, so that a
//! reader or a power cut sees the old state or the new one and nothing between.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{self, Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

use backon::{BlockingRetryable, ExponentialBuilder};
use tempfile::NamedTempFile;
use thiserror::Error;

use crate::limits;
use crate::plain;
use crate::printable::printable;

/// How the names of files begin that are being written.
const WRITING: &str = ".writing-";

/// What is not done with a path that leads elsewhere.
const FOLLOW: &str = "follow";

/// What stands in a file that is locked by those who write, for people who look into it.
const NOTE: &[u8] =
    b"A run is writing, or was killed while it did: then the next one sweeps what is left.\n";

/// A file or folder that could not be read or written.
#[derive(Debug, Error)]
#[error("cannot {action} `{}`", printable(&path.display().to_string()))]
pub struct FileError {
    action: &'static str,
    path: PathBuf,
    source: SystemError,
}

/// What the system says of it, in plain words.
#[derive(Debug, Error)]
#[error("{}", plain::of_system(.0))]
struct SystemError(io::Error);

impl FileError {
    fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self {
            action,
            path: path.to_owned(),
            source: SystemError(source),
        }
    }

    /// The path, where it leads to a folder.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        Some(&*self.path).filter(|path| path.is_dir())
    }

    /// Whether the permissions are against it, or the disk can only be read.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        let kind = self.source.0.kind();
        matches!(
            kind,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
        )
    }

    /// Whether it leads out of the folders that it was to be in.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.action == FOLLOW
    }

    /// Whether the file is simply not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.source.0.kind() == io::ErrorKind::NotFound
    }
}

/// Whether a file is replaced that stands in the place already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// The new file takes its place.
    Replace,
    /// The old file stays and the write is an error of the kind `AlreadyExists`.
    Keep,
}

/// Reads a whole file as text.
pub(crate) fn read_to_string(path: &Path) -> Result<String, FileError> {
    read_text_at_most(path, limits::FILE)
}

/// Reads a whole file as text. A file of more bytes than `most` is an error.
pub(crate) fn read_text_at_most(path: &Path, most: u64) -> Result<String, FileError> {
    text(path, read_at_most(path, most)?)
}

/// What was read of a file, as text.
fn text(path: &Path, bytes: Vec<u8>) -> Result<String, FileError> {
    let no_text = |_| {
        let error = io::Error::new(io::ErrorKind::InvalidData, "it is not valid UTF-8");
        FileError::new("read", path, error)
    };
    String::from_utf8(bytes).map_err(no_text)
}

/// Reads a whole file as text, where there is one and its path stays in these folders.
pub(crate) fn read_text_within(
    path: &Path,
    most: u64,
    folders: &[PathBuf],
) -> Result<Option<String>, FileError> {
    let bytes = read_within(path, most, folders)?;
    bytes.map(|bytes| text(path, bytes)).transpose()
}

/// Reads a whole file, where there is one and its path stays in these folders. What is no file, such
/// as a pipe that nobody writes into, is an error.
pub(crate) fn read_within(
    path: &Path,
    most: u64,
    folders: &[PathBuf],
) -> Result<Option<Vec<u8>>, FileError> {
    let known = match fs::metadata(path) {
        Ok(known) => known,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(FileError::new("read", path, source)),
    };
    match confine(path, folders) {
        Err(error) if error.is_elsewhere() => return Ok(None),
        confined => drop(confined?),
    }
    if !known.is_file() {
        let error = io::Error::other("it is no file");
        return Err(FileError::new("read", path, error));
    }
    read_at_most(path, most).map(Some)
}

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    read_at_most(path, limits::FILE)
}

/// Reads a whole file. A file of more bytes than `most` is an error.
pub(crate) fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    let read = || {
        let file = File::open(path)?;
        let mut bytes = Vec::new();
        let size = file.metadata().map_or(0, |known| known.len());
        bytes.reserve_exact(usize::try_from(size.min(most)).unwrap_or(0));
        read_all(file, &mut bytes, most).map(|()| bytes)
    };
    read().map_err(|source| FileError::new("read", path, source))
}

/// Reads a file that nobody but its user can have written, as [`write_private`] leaves it.
///
/// On Unix, one that another user owns, or that its group or everybody may write, is an error.
pub(crate) fn read_private(path: &Path) -> Result<Vec<u8>, FileError> {
    let refused = |source| FileError::new("trust", path, source);
    ensure_private(path).map_err(refused)?;
    read(path)
}

#[cfg(unix)]
fn ensure_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;

    const WRITABLE_BY_OTHERS: u32 = 0o022;
    let file = fs::symlink_metadata(path)?;
    let is_own = file.uid() == nix::unistd::geteuid().as_raw();
    if is_own && file.is_file() && file.mode() & WRITABLE_BY_OTHERS == 0 {
        return Ok(());
    }
    let why = "another user could have written it";
    Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
}

#[cfg(not(unix))]
fn ensure_private(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads a whole file into a buffer, in the place of what is in there. The file is not asked for its
/// size, which takes a small one about as long as to be read.
pub(crate) fn read_into(path: &Path, buffer: &mut Vec<u8>) -> Result<(), FileError> {
    buffer.clear();
    let read = File::open(path).and_then(|file| read_all(file, buffer, limits::FILE));
    read.map_err(|source| FileError::new("read", path, source))
}

/// Reads all that comes, up to a limit: a device and a pipe have no size to be asked for.
pub(crate) fn read_all(from: impl Read, buffer: &mut Vec<u8>, most: u64) -> io::Result<()> {
    from.take(most + 1).read_to_end(buffer)?;
    if buffer.len() as u64 > most {
        let message = format!("it is larger than {}", limits::size(most));
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(())
}

/// The size of a file in bytes and the time of its last change; `None` where there is no file.
pub(crate) fn size_and_time(path: &Path) -> Result<Option<(u64, SystemTime)>, FileError> {
    let known =
        fs::metadata(path).and_then(|known| Ok((known.is_file(), known.len(), known.modified()?)));
    match known {
        Ok((true, size, modified)) => Ok(Some((size, modified))),
        Ok((false, ..)) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FileError::new("look at", path, source)),
    }
}

/// The file itself, where a path leads to it over symbolic links.
pub(crate) fn resolve_links(path: &Path) -> Result<PathBuf, FileError> {
    fs::canonicalize(path).map_err(|source| FileError::new("read", path, source))
}

/// Where a path leads, over all links, be there something or not yet.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf, FileError> {
    // The folder of a catalog in the working folder has no name.
    let is_named = !path.as_os_str().is_empty();
    let whole = absolute(if is_named { path } else { Path::new(".") })?;
    // What is there is resolved by the system; what is not there yet is below it.
    for there in whole.ancestors() {
        let Ok(mut resolved) = fs::canonicalize(there) else {
            continue;
        };
        let missing = whole.strip_prefix(there).unwrap_or(Path::new(""));
        for part in missing.components() {
            match part {
                Component::ParentDir => drop(resolved.pop()),
                part => resolved.push(part),
            }
        }
        return Ok(resolved);
    }
    Ok(whole)
}

/// Where a path leads, if that is in one of these folders. Whoever may write there could put a link
/// into the way between this and the use of the path: this guards against what lies there, not
/// against somebody who is at work on this machine meanwhile.
pub(crate) fn confine(path: &Path, folders: &[PathBuf]) -> Result<PathBuf, FileError> {
    let place = resolve(path)?;
    for folder in folders {
        if place.starts_with(resolve(folder)?) {
            return Ok(place);
        }
    }
    let elsewhere = format!("it leads to `{}`, which is elsewhere", place.display());
    Err(FileError::new(FOLLOW, path, io::Error::other(elsewhere)))
}

/// Whether a path is a link itself.
pub(crate) fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|known| known.is_symlink())
}

/// The links in a folder; none where there is no folder.
pub(crate) fn links(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let failed = |source| FileError::new("list", folder, source);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut links = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_symlink() {
            links.push(entry.path());
        }
    }
    Ok(links)
}

/// A path that leads to the same place from everywhere.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, FileError> {
    path::absolute(path).map_err(|source| FileError::new("find", path, source))
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

/// Opens a file to read it piece by piece.
pub(crate) fn open(path: &Path) -> Result<File, FileError> {
    File::open(path).map_err(|source| FileError::new("read", path, source))
}

/// The names in a folder, sorted; none where there is no folder. Names that are not Unicode are
/// nobody's of ours and are left out.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, FileError> {
    let failed = |source| FileError::new("list", folder, source);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Ok(name) = entry.map_err(failed)?.file_name().into_string() {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
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

/// Whether a file begins with these bytes; one that is not there does not.
pub(crate) fn begins_with(path: &Path, bytes: &[u8]) -> Result<bool, FileError> {
    let mut head = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(bytes.len() as u64).read_to_end(&mut head));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(FileError::new("read", path, source)),
        Ok(_) => Ok(head == bytes),
    }
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

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
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

    #[test]
    fn no_file_is_read_past_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        fs::write(&path, "x".repeat(2_049)).unwrap();
        assert_eq!(read_at_most(&path, 2_049).unwrap().len(), 2_049);
        let error = read_at_most(&path, 2_048).unwrap_err();
        assert_eq!(error.source.to_string(), "it is larger than 2 KiB");
        let endless = read_all(io::repeat(b'x'), &mut Vec::new(), 5 << 20);
        assert_eq!(endless.unwrap_err().to_string(), "it is larger than 5 MiB");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_end_is_no_file_to_wait_for() {
        let error = read_text_at_most(Path::new("/dev/zero"), 1 << 20).unwrap_err();
        assert_eq!(error.source.0.kind(), io::ErrorKind::FileTooLarge);
        let mut buffer = Vec::new();
        let sparse = tempfile::NamedTempFile::new().unwrap();
        sparse.as_file().set_len(limits::FILE + 1).unwrap();
        assert!(read_at_most(sparse.path(), 1 << 20).is_err());
        assert!(read_into(Path::new("/dev/full"), &mut buffer).is_err());
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

    #[cfg(unix)]
    #[test]
    fn a_path_is_followed_within_its_folders_alone() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (home, other) = (folder.path().join("home"), folder.path().join("other"));
        write(&home.join("own/file"), b"own", Existing::Keep).unwrap();
        write(&other.join("file"), b"other", Existing::Keep).unwrap();
        symlink("own/file", home.join("within")).unwrap();
        symlink(&other, home.join("out")).unwrap();
        symlink(other.join("not there"), home.join("dangling")).unwrap();
        let within = |path: &str, folders: &[&Path]| {
            let folders: Vec<PathBuf> = folders.iter().map(|&folder| folder.to_owned()).collect();
            match confine(&home.join(path), &folders) {
                Err(error) => (error.action == FOLLOW).then_some(false),
                Ok(_) => Some(true),
            }
        };
        for (path, is_within) in [
            ("own/file", true),
            ("within", true),
            ("own/new/and/deep", true),
            ("own/../within", true),
            ("own/new/../../../other/file", false),
            ("../other/file", false),
            ("/etc/passwd", false),
            ("out", false),
            ("out/file", false),
            ("out/new", false),
            ("../home-of-another", false),
        ] {
            assert_eq!(within(path, &[&home]), Some(is_within), "{path}");
        }
        assert_eq!(within("out/file", &[&home, &other]), Some(true));
        assert_eq!(within("own/file", &[]), Some(false));
        // A file takes the place of a link that leads nowhere, and does not follow it.
        assert_eq!(within("dangling", &[&home]), Some(true));
    }

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

    #[test]
    fn an_error_names_its_path() {
        let error = read_to_string(Path::new("no/such/file")).unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.to_string(), "cannot read `no/such/file`");
    }
}
