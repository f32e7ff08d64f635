//! Many pages of one kind in one folder, as they were written last: one note tells of all of them,
//! since there are thousands and each build asks about each.
//!
//! A page is known by its size and time; only where these differ is it read. As with single pages, this
//! saves time, and it tells what was written here from what somebody else has put there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cache::envelope::{FileStamp, to_pretty_json};
use crate::cache::{Cache, locks};
use crate::fs::{self, Existing};

/// The pages of a folder.
#[derive(Debug)]
pub(crate) struct PageSet {
    folder: PathBuf,
    note: Note,
    is_changed: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    /// What all of them together were made of, as a digest.
    whole: Option<String>,
    /// By their paths, seen from the folder.
    pages: BTreeMap<String, SetPage>,
}

/// A page as it was written.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SetPage {
    /// What it was made of, as a digest.
    inputs: String,
    /// What was written, as a digest, and what the disk said of it then.
    bytes: String,
    size: u64,
    modified: Timestamp,
}

impl Cache {
    /// What is known of the pages of a folder. Of a note that cannot be read, nothing is.
    #[must_use]
    pub(crate) fn page_set(&self, folder: &Path) -> PageSet {
        let note = self.note_on(folder).and_then(|note| fs::read(&note));
        let note = note
            .ok()
            .and_then(|note| serde_json::from_slice(&note).ok());
        PageSet {
            folder: folder.to_owned(),
            note: note.unwrap_or_default(),
            is_changed: false,
        }
    }

    /// Remembers the pages of a folder, where anything has changed. Where there is no cache, or it
    /// cannot be written, they are made again the next time.
    pub(crate) fn remember_set(&self, set: &PageSet) {
        if set.is_changed && self.folder.is_dir() {
            let noted = self.note_on(&set.folder).and_then(|note| {
                locks::make_folder(&self.folder)?;
                fs::write(&note, &to_pretty_json(&set.note), Existing::Replace)
            });
            drop(noted);
        }
    }
}

impl PageSet {
    /// Whether the pages of these paths are there as they were made of this, all of them in one go.
    #[must_use]
    pub(crate) fn is_whole(&self, whole: &str, paths: &[String]) -> bool {
        self.note.whole.as_deref() == Some(whole)
            && paths.iter().all(|path| self.is_as_written(path))
    }

    /// Notes what the pages are made of that are written from now on.
    pub(crate) fn begin(&mut self, whole: Option<&str>) {
        self.note.whole = whole.map(str::to_owned);
        self.is_changed = true;
    }

    /// Whether a page is there that was made of this, and nobody has touched it since.
    #[must_use]
    pub(crate) fn has_written(&self, path: &str, inputs: &str) -> bool {
        let known = self.note.pages.get(path);
        known.is_some_and(|page| page.inputs == inputs && self.is_unchanged(path, page))
    }

    /// Whether a page is there as it was written last, whatever it was made of.
    #[must_use]
    pub(crate) fn is_as_written(&self, path: &str) -> bool {
        let known = self.note.pages.get(path);
        known.is_some_and(|page| self.is_unchanged(path, page))
    }

    /// Whether anything is known of a page.
    #[must_use]
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.note.pages.contains_key(path)
    }

    /// Notes a page that has just been written.
    pub(crate) fn add(&mut self, path: &str, inputs: &str, bytes: &[u8]) {
        let Some((size, modified)) = self.stamp(path) else {
            return;
        };
        let page = SetPage {
            inputs: inputs.to_owned(),
            bytes: FileStamp::digest_of(bytes),
            size,
            modified,
        };
        self.note.pages.insert(path.to_owned(), page);
        self.is_changed = true;
    }

    /// Forgets a page that is gone, or that is to be made again.
    pub(crate) fn forget(&mut self, path: &str) {
        self.is_changed |= self.note.pages.remove(path).is_some();
    }

    fn is_unchanged(&self, path: &str, page: &SetPage) -> bool {
        match self.stamp(path) {
            None => false,
            Some(stamp) if stamp == (page.size, page.modified) => true,
            Some(_) => fs::read(&self.folder.join(path))
                .is_ok_and(|there| FileStamp::digest_of(&there) == page.bytes),
        }
    }

    /// What the disk says of a page.
    fn stamp(&self, path: &str) -> Option<(u64, Timestamp)> {
        let (size, modified) = fs::size_and_time(&self.folder.join(path)).ok()??;
        Some((size, Timestamp::try_from(modified).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_until_somebody_changes_it() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"));
        fs::create_dir_all(&folder.path().join("cache")).unwrap();
        let pages = folder.path().join("talk");
        let put = |text: &str| {
            fs::write(
                &pages.join("one/index.html"),
                text.as_bytes(),
                Existing::Replace,
            )
            .unwrap();
        };
        put("written");
        let mut set = cache.page_set(&pages);
        assert!(!set.knows("one/index.html"));
        set.add("one/index.html", "inputs", b"written");
        cache.remember_set(&set);

        let set = cache.page_set(&pages);
        assert!(set.has_written("one/index.html", "inputs"));
        assert!(!set.has_written("one/index.html", "others"));
        assert!(!set.has_written("two/index.html", "inputs"));
        put("changed!");
        assert!(set.knows("one/index.html") && !set.is_as_written("one/index.html"));
        // As after a checkout: the same bytes at another time.
        put("written");
        assert!(set.is_as_written("one/index.html"));

        let mut set = set;
        set.forget("one/index.html");
        cache.remember_set(&set);
        assert!(!cache.page_set(&pages).knows("one/index.html"));
    }
}
