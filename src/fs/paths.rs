//! Where paths lead, and whether that is where they may.

use std::fs;
use std::io;
use std::path::{self, Component, Path, PathBuf};

use crate::fs::FileError;

/// What is not done with a path that leads elsewhere.
pub(super) const FOLLOW: &str = "follow";

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

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::{Existing, write};

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
}
