//! What a site is made of, kept in the site itself, so that what is made no more can go.
//!
//! A file goes only while it is, byte for byte, what was written there: whatever somebody else has
//! put or changed stays. What cannot be read takes nothing away.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fs::{self, Existing, FileError};

/// Where it is kept, beside the index.
const FILE: &str = ".proceedings-site.json";
const VERSION: u32 = 1;

/// Files of a site, by their paths seen from the index, with what was written there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest(BTreeMap<String, String>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestFile {
    version: u32,
    files: BTreeMap<String, String>,
}

/// What became of files that are made no more.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Removal {
    /// Those that are gone.
    pub removed: BTreeSet<String>,
    /// Those that somebody has changed since they were written.
    pub changed: BTreeSet<String>,
}

impl Manifest {
    /// What an earlier run has written; none where that is not told in words that we know.
    pub(crate) fn load(site: &Path) -> Result<Option<Self>, FileError> {
        let text = match fs::read(&site.join(FILE)) {
            Err(error) if error.is_not_found() => return Ok(Some(Self::default())),
            text => text?,
        };
        let kept: Option<ManifestFile> = serde_json::from_slice(&text).ok();
        let known = kept.filter(|kept| kept.version == VERSION);
        Ok(known.map(|ManifestFile { mut files, .. }| {
            files.retain(|path, _| is_within(path));
            Self(files)
        }))
    }

    /// Whether a file is there as an earlier run has written it.
    #[must_use]
    pub(crate) fn is_as_written(&self, site: &Path, path: &str) -> bool {
        let there = || fs::read(&site.join(path)).ok();
        let written = self.0.get(path);
        written.is_some_and(|written| there().is_some_and(|there| digest(&there) == *written))
    }

    /// Notes a file that has just been written.
    pub(crate) fn add(&mut self, site: &Path, path: String) -> Result<(), FileError> {
        let digest = digest(&fs::read(&site.join(&path))?);
        self.0.insert(path, digest);
        Ok(())
    }

    /// Notes what an earlier run has written, too.
    pub(crate) fn add_earlier(&mut self, earlier: Self) {
        for (path, digest) in earlier.0 {
            self.0.entry(path).or_insert(digest);
        }
    }

    /// Keeps it beside the index.
    pub(crate) fn save(&self, site: &Path) -> Result<(), FileError> {
        let json = json(&ManifestFile {
            version: VERSION,
            files: self.0.clone(),
        });
        fs::write(&site.join(FILE), json.as_bytes(), Existing::Replace).map(drop)
    }

    /// Takes away what an earlier run has written and this one has not.
    pub(crate) fn clear(&self, site: &Path, earlier: &Self) -> Result<Removal, FileError> {
        let mut cleared = Removal::default();
        let gone = earlier.0.iter();
        for (path, written) in gone.filter(|(path, _)| !self.0.contains_key(*path)) {
            let place = site.join(path);
            // What this says may come from anybody; only a file in this folder is ours to remove.
            let is_within = fs::confine(&place, &[site.to_owned()]).is_ok();
            if !is_within || fs::is_link(&place) {
                cleared.changed.insert(path.clone());
                continue;
            }
            match fs::read(&place) {
                Err(error) if error.is_not_found() => {}
                Ok(content) if digest(&content) != *written => {
                    cleared.changed.insert(path.clone());
                }
                content => {
                    content?;
                    fs::remove_if_there(&place)?;
                    cleared.removed.insert(path.clone());
                }
            }
        }
        Ok(cleared)
    }
}

fn json(kept: &ManifestFile) -> String {
    let json = serde_json::to_string_pretty(kept).expect("texts are always JSON");
    format!("{json}\n")
}

/// Whether a path leads nowhere but into the site.
fn is_within(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    parts.all(|part| matches!(part, Component::Normal(_)))
}

fn digest(content: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site with these files, and the note of them.
    fn site(files: &[&str]) -> (tempfile::TempDir, Manifest) {
        let folder = tempfile::tempdir().unwrap();
        let mut written = Manifest::default();
        for file in files {
            let path = folder.path().join(file);
            fs::write(&path, file.as_bytes(), Existing::Replace).unwrap();
            written.add(folder.path(), (*file).to_owned()).unwrap();
        }
        (folder, written)
    }

    #[test]
    fn what_is_made_no_more_goes_unless_somebody_has_changed_it() {
        let (folder, earlier) = site(&["index.html", "a/index.html", "b/index.html", "b/page.md"]);
        earlier.save(folder.path()).unwrap();
        assert_eq!(Manifest::load(folder.path()).unwrap().unwrap(), earlier);
        let own = folder.path().join("b/page.md");
        fs::write(&own, b"moved", Existing::Replace).unwrap();

        let mut now = Manifest::default();
        now.add(folder.path(), "index.html".to_owned()).unwrap();
        let cleared = now.clear(folder.path(), &earlier).unwrap();
        let removed = ["a/index.html", "b/index.html"].map(str::to_owned);
        assert_eq!(cleared.removed, removed.into());
        assert_eq!(cleared.changed, ["b/page.md".to_owned()].into());
        assert_eq!(fs::read(&own).unwrap(), b"moved");
        assert!(folder.path().join("index.html").exists());
        let again = now.clear(folder.path(), &earlier).unwrap();
        assert!(again.removed.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_nothing_that_is_removed() {
        use std::os::unix::fs::symlink;
        let (folder, earlier) = site(&["a/index.html", "b/index.html"]);
        let (other, _) = site(&["index.html"]);
        // They hold, byte for byte, what the note says was written.
        let precious = other.path().join("index.html");
        fs::write(&precious, b"a/index.html", Existing::Replace).unwrap();
        std::fs::remove_dir_all(folder.path().join("a")).unwrap();
        symlink(other.path(), folder.path().join("a")).unwrap();
        let link = folder.path().join("b/index.html");
        std::fs::remove_file(&link).unwrap();
        std::fs::write(other.path().join("b"), "b/index.html").unwrap();
        symlink(other.path().join("b"), &link).unwrap();
        let cleared = Manifest::default().clear(folder.path(), &earlier).unwrap();
        assert_eq!(cleared.removed.len(), 0);
        assert_eq!(cleared.changed.len(), 2);
        assert_eq!(fs::read(&precious).unwrap(), b"a/index.html");
        assert!(other.path().join("b").exists() && fs::is_link(&link));
    }

    #[test]
    fn a_note_that_is_damaged_newer_or_leads_elsewhere_takes_nothing_away() {
        let (folder, _) = site(&[]);
        let elsewhere =
            r#"{ "version": 1, "files": { "../a": "b", "/a": "b", "a/../../b": "b" } }"#;
        for (text, expected) in [
            ("", None),
            ("{", None),
            (r#"{ "version": 2, "files": { "a": "b" } }"#, None),
            (elsewhere, Some(Manifest::default())),
        ] {
            fs::write(
                &folder.path().join(FILE),
                text.as_bytes(),
                Existing::Replace,
            )
            .unwrap();
            let written = Manifest::load(folder.path()).unwrap();
            assert_eq!(written, expected, "{text}");
        }
    }
}
