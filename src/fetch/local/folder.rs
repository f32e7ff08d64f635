//! The captions folder: which of its files is which talk's.
//!
//! A file is a talk's because the catalog says so, or because its name does. The folder is listed
//! once, however many talks ask. What leads out of the folders that the catalog may read in is not
//! there.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use unicode_normalization::UnicodeNormalization;

use crate::catalog::{Catalog, FetchSettings};
use crate::fetch::local::names::{CaptionName, by_fit};
use crate::fetch::local::{CaptionFile, LocalError};
use crate::fs::{self, FileError};
use crate::talk::id::VideoId;

/// How alike two names must be for the one to be meant where the other is written.
const ALIKE: f64 = 0.8;

/// The organizer's captions folder.
#[derive(Debug)]
pub(crate) struct CaptionFolder<'a> {
    settings: &'a FetchSettings,
    /// Where its files may be, over all links.
    readable: &'a [PathBuf],
    place: OnceCell<FolderPlace>,
    listing: OnceCell<FolderListing>,
}

/// Where the folder leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FolderPlace {
    /// Into the catalog's folder. A link in it came with the catalog, and may lead anywhere.
    WithCatalog,
    /// Into a folder that is trusted with what lies in it.
    Trusted,
    Elsewhere,
}

/// What is in the folder.
#[derive(Debug)]
struct FolderListing {
    names: Vec<CaptionName>,
    /// The names that are none of caption files.
    others: Vec<String>,
    /// The places of the names that say their video.
    by_video: HashMap<VideoId, Vec<usize>>,
}

impl<'a> CaptionFolder<'a> {
    /// The folder that a catalog names. Nothing is read yet.
    #[must_use]
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        Self {
            settings: &catalog.fetch,
            readable: &catalog.readable,
            place: OnceCell::new(),
            listing: OnceCell::new(),
        }
    }

    /// Whether there is a file of a video.
    pub(crate) fn has(&self, video: &VideoId, wanted: &str) -> Result<bool, LocalError> {
        match self.find(video, wanted) {
            Err(LocalError::NotThere { .. }) => Ok(false),
            found => found.map(|file| file.is_some()),
        }
    }

    /// The files that belong to none of these videos. What belongs to one in another language or
    /// format is not among them.
    pub(crate) fn unclaimed(
        &self,
        videos: &BTreeSet<&VideoId>,
    ) -> Result<Vec<CaptionName>, LocalError> {
        Ok(self.tell_apart(videos)?.1)
    }

    /// The files that belong to these videos, each by its name below the folder.
    pub(crate) fn claimed(
        &self,
        videos: &BTreeSet<&VideoId>,
    ) -> Result<BTreeSet<String>, LocalError> {
        let (claimed, _) = self.tell_apart(videos)?;
        let listed = claimed.into_iter().map(|name| name.file);
        let named = self.settings.caption_files.values();
        // What the catalog names may be spelled as the disk spells it not.
        let named = named.map(|file| self.find_named(file).map(|file| file.name));
        let is_there =
            |file: &Result<String, LocalError>| !matches!(file, Err(LocalError::NotThere { .. }));
        listed.map(Ok).chain(named.filter(is_there)).collect()
    }

    /// The files that belong to these videos, and the others.
    fn tell_apart(
        &self,
        videos: &BTreeSet<&VideoId>,
    ) -> Result<(Vec<CaptionName>, Vec<CaptionName>), LocalError> {
        let names = &self.listing()?.names;
        let in_catalog = self.settings.caption_files.values();
        let in_catalog: HashSet<String> = in_catalog.map(|file| compose(file)).collect();
        let is_in_catalog = |name: &&CaptionName| in_catalog.contains(&compose(&name.file));
        let stems: HashSet<String> = names
            .iter()
            .filter(is_in_catalog)
            .map(|name| compose(&name.stem))
            .collect();
        let is_claimed = |name: &CaptionName| {
            let by_name = name.video().is_some_and(|video| videos.contains(&video));
            by_name || stems.contains(&compose(&name.stem))
        };
        Ok(names.iter().cloned().partition(is_claimed))
    }

    /// What is in the folder and is not read, since its name is none of a caption file.
    pub(crate) fn unread(&self) -> Result<&[String], LocalError> {
        Ok(&self.listing()?.others)
    }

    /// The files that the catalog names and that are not there.
    pub(crate) fn not_there(&self) -> Result<Vec<&'a str>, LocalError> {
        let mut missing = Vec::new();
        for file in self.settings.caption_files.values() {
            match self.find_named(file) {
                Err(LocalError::NotThere { .. }) => missing.push(file.as_str()),
                found => drop(found?),
            }
        }
        missing.sort_unstable();
        Ok(missing)
    }

    /// Looks for a video's file: the one that the catalog names, else the one that is named by the
    /// video's id, and of several the one in the wanted language.
    pub(in crate::fetch) fn find(
        &self,
        video: &VideoId,
        wanted: &str,
    ) -> Result<Option<CaptionFile>, LocalError> {
        if let Some(named) = self.settings.caption_files.get(video) {
            return self.find_named(named).map(Some);
        }
        let listing = self.listing()?;
        let places = listing.by_video.get(video).into_iter().flatten();
        let mut names: Vec<&CaptionName> = places.map(|place| &listing.names[*place]).collect();
        names.sort_by(by_fit(wanted));
        for name in names {
            if let Some(file) = self.open(name)? {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// The file of a name in the catalog, which may spell an accent as one letter where the disk
    /// spells it as two, or the other way about.
    fn find_named(&self, named: &str) -> Result<CaptionFile, LocalError> {
        let as_written = CaptionName::parse(named);
        let as_written = as_written.map(|name| self.open(&name));
        if let Some(file) = as_written.transpose()?.flatten() {
            return Ok(file);
        }
        let names = &self.listing()?.names;
        let spelled = compose(named);
        let as_spelled = names.iter().find(|name| compose(&name.file) == spelled);
        let as_spelled = as_spelled.map(|name| self.open(name));
        if let Some(file) = as_spelled.transpose()?.flatten() {
            return Ok(file);
        }
        let likeness = |name: &CaptionName| strsim::jaro_winkler(&name.file, named);
        let nearest = names
            .iter()
            .filter(|name| likeness(name) >= ALIKE)
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        Err(LocalError::NotThere {
            file: named.to_owned(),
            nearest: nearest.map(|name| name.file.clone()),
        })
    }

    /// The file of a name, if it is there and may be read.
    fn open(&self, name: &CaptionName) -> Result<Option<CaptionFile>, LocalError> {
        let folder = &self.settings.captions;
        let path = folder.join(&name.file);
        let is_in_folder = path.parent() == Some(folder);
        let may_be_read = match self.place() {
            FolderPlace::WithCatalog if is_in_folder => {
                !fs::is_link(&path) || fs::confine(&path, self.readable).is_ok()
            }
            FolderPlace::Trusted if is_in_folder => true,
            _ => fs::confine(&path, self.readable).is_ok(),
        };
        if may_be_read {
            CaptionFile::open(path, name)
        } else {
            Ok(None)
        }
    }

    fn place(&self) -> FolderPlace {
        *self.place.get_or_init(|| {
            let leads_into = |folders| fs::confine(&self.settings.captions, folders).is_ok();
            match self.readable {
                [own, ..] if leads_into(std::slice::from_ref(own)) => FolderPlace::WithCatalog,
                trusted if leads_into(trusted) => FolderPlace::Trusted,
                _ => FolderPlace::Elsewhere,
            }
        })
    }

    fn listing(&self) -> Result<&FolderListing, FileError> {
        if let Some(listing) = self.listing.get() {
            return Ok(listing);
        }
        let files = match self.place() {
            FolderPlace::Elsewhere => Vec::new(),
            _ => fs::names(&self.settings.captions)?,
        };
        let (mut names, mut others) = (Vec::new(), Vec::new());
        for file in files.into_iter().filter(|file| !file.starts_with('.')) {
            match CaptionName::parse(&file) {
                Some(name) => names.push(name),
                None => others.push(file),
            }
        }
        let mut by_video: HashMap<VideoId, Vec<usize>> = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            if let Some(video) = name.video() {
                by_video.entry(video).or_default().push(place);
            }
        }
        Ok(self.listing.get_or_init(|| FolderListing {
            names,
            others,
            by_video,
        }))
    }
}

/// A name as all of the spellings of its accents have it in common.
fn compose(name: &str) -> String {
    name.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "rustyCache1.vtt",
            "rustyCache1.docx",
            "notes",
            ".DS_Store",
            "rustyCache1.info.json",
        ] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let catalog = format!(
            "title = \"T\"\ntalks = [\"rustyCache1\"]\n[fetch]\ncaptions = '{}'\n",
            folder.path().display()
        );
        let place = folder.path().join("catalog.toml");
        let catalog = Catalog::parse(&place, &catalog).unwrap();
        let folder = CaptionFolder::new(&catalog);
        assert_eq!(
            folder.unread().unwrap(),
            ["notes", "rustyCache1.docx", "rustyCache1.info.json"]
        );
    }

    #[test]
    fn an_accent_may_be_spelled_in_the_catalog_as_the_disk_spells_it_not() {
        let folder = tempfile::tempdir().unwrap();
        // As macOS writes names: letter and accent apart.
        std::fs::write(folder.path().join("Cafe\u{301}.vtt"), "").unwrap();
        std::fs::write(folder.path().join("Cafe\u{301}.de.srt"), "").unwrap();
        let catalog = format!(
            "title = \"T\"\ntalks = [\"rustyCache1\"]\n[fetch]\ncaptions = '{}'\ncaption_files.rustyCache1 = \"Caf\u{e9}.vtt\"\n",
            folder.path().display()
        );
        let place = folder.path().join("catalog.toml");
        let catalog = Catalog::parse(&place, &catalog).unwrap();
        let folder = CaptionFolder::new(&catalog);
        let video = &catalog.talks[0].id.video;
        assert!(folder.has(video, "en").unwrap());
        assert!(
            folder
                .unclaimed(&BTreeSet::from([video]))
                .unwrap()
                .is_empty()
        );
    }
}
