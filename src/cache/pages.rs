//! Pages as they were written last, and what they were made of: one that would be made of the same
//! and is there as it was written need not be made again.
//!
//! This only saves time. It stands with the locks, where no commit takes it along, and a page of
//! which nothing is known here is made.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cache::envelope::{FileStamp, digest_of, to_pretty_json};
use crate::cache::{Cache, locks};
use crate::fs::{self, Existing, FileError};

/// A page as it was written.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct WrittenPage {
    /// What it was made of, as a digest.
    inputs: String,
    /// What was written, as a digest.
    bytes: String,
}

impl Cache {
    /// Whether a page stands in a place that was made of this, and nobody has touched it since.
    #[must_use]
    pub fn has_written(&self, page: &Path, inputs: &str) -> bool {
        let is_as_written = || {
            let note = fs::read(&self.note_on(page)?)?;
            let known: Option<WrittenPage> = serde_json::from_slice(&note).ok();
            let Some(known) = known.filter(|known| known.inputs == inputs) else {
                return Ok(false);
            };
            Ok::<_, FileError>(known.bytes == FileStamp::digest_of(&fs::read(page)?))
        };
        // What cannot be read is made anew, and then it shows what is wrong.
        is_as_written().unwrap_or(false)
    }

    /// Whether a page stands in a place as it was written there last, whatever it was made of.
    #[must_use]
    pub fn is_as_written(&self, page: &Path) -> bool {
        let is_as_written = || {
            let note = fs::read(&self.note_on(page)?)?;
            let known: Option<WrittenPage> = serde_json::from_slice(&note).ok();
            let bytes = FileStamp::digest_of(&fs::read(page)?);
            Ok::<_, FileError>(known.is_some_and(|known| known.bytes == bytes))
        };
        is_as_written().unwrap_or(false)
    }

    /// Remembers a page that was written. Where there is no cache, or it cannot be written, the page
    /// is made again the next time.
    pub fn remember_written(&self, page: &Path, inputs: &str, bytes: &[u8]) {
        let known = WrittenPage {
            inputs: inputs.to_owned(),
            bytes: FileStamp::digest_of(bytes),
        };
        if self.folder.is_dir() {
            let noted = self.note_on(page).and_then(|note| {
                locks::make_folder(&self.folder)?;
                fs::write(&note, &to_pretty_json(&known), Existing::Replace)
            });
            drop(noted);
        }
    }

    /// The file that says how a page was written.
    pub(super) fn note_on(&self, page: &Path) -> Result<PathBuf, FileError> {
        let page = fs::absolute(page)?;
        let name = format!("page-{}.json", digest_of(&page.to_string_lossy()));
        Ok(self.folder.join(locks::LOCKS).join(name))
    }
}
