//! Files: read up to a limit, written whole or not at all, with their paths in the errors.

mod lock;
mod paths;
mod write;

pub(crate) use lock::{Lock, Writer, try_lock};
pub(crate) use paths::{absolute, confine, folder_of, is_link, links, resolve, resolve_links};
pub(crate) use write::{
    Existing, create_dir_all, not_scratched, remove_if_empty, remove_if_there, rename, scratch,
    sweep, try_writing, write, write_derived, write_private, write_with,
};

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use thiserror::Error;

use crate::fs::paths::FOLLOW;
use crate::limits;
use crate::plain;
use crate::printable::printable;

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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn an_error_names_its_path() {
        let error = read_to_string(Path::new("no/such/file")).unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.to_string(), "cannot read `no/such/file`");
    }
}
