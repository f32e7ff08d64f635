//! The captions folder: which of its files is which talk's.
//!
//! A file is a talk's because the catalog says so, or because its name does. The folder is listed
//! once, however many talks ask.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;

use crate::catalog::FetchSettings;
use crate::fetch::local::names::CaptionName;
use crate::fetch::local::{CaptionFile, LocalError};
use crate::fs::{self, FileError};
use crate::talk::id::VideoId;

/// How alike two names must be for the one to be meant where the other is written.
const ALIKE: f64 = 0.8;

/// The organizer's captions folder.
#[derive(Debug)]
pub struct CaptionFolder<'a> {
    settings: &'a FetchSettings,
    listing: OnceCell<Listing>,
}

/// What is in the folder.
#[derive(Debug)]
struct Listing {
    names: Vec<CaptionName>,
    /// The places of the names that say their video.
    by_video: HashMap<VideoId, Vec<usize>>,
}

impl<'a> CaptionFolder<'a> {
    /// The folder that a catalog names. Nothing is read yet.
    #[must_use]
    pub fn new(settings: &'a FetchSettings) -> Self {
        let listing = OnceCell::new();
        Self { settings, listing }
    }

    /// Whether a video has a file, be it there or only named by the catalog.
    pub fn has(&self, video: &VideoId) -> Result<bool, FileError> {
        let is_named = self.settings.caption_files.contains_key(video);
        Ok(is_named || self.listing()?.by_video.contains_key(video))
    }

    /// The names of the files that belong to none of these videos. What belongs to one in another
    /// language or format is not among them.
    pub fn unclaimed(&self, videos: &BTreeSet<&VideoId>) -> Result<Vec<CaptionName>, FileError> {
        let named: Vec<CaptionName> = self
            .settings
            .caption_files
            .values()
            .filter_map(|file| CaptionName::parse(file))
            .collect();
        let is_claimed = |name: &&CaptionName| {
            let by_name = name.video().is_some_and(|video| videos.contains(&video));
            by_name || named.iter().any(|named| is_same(&named.stem, &name.stem))
        };
        let names = self.listing()?.names.iter();
        Ok(names.filter(|name| !is_claimed(name)).cloned().collect())
    }

    /// Looks for a video's file: the one that the catalog names, else the one that is named by the
    /// video's id, and of several the one in the wanted language.
    pub(in crate::fetch) fn find(
        &self,
        video: &VideoId,
        wanted: &str,
    ) -> Result<Option<CaptionFile>, LocalError> {
        if let Some(named) = self.settings.caption_files.get(video) {
            return self.named(named).map(Some);
        }
        let listing = self.listing()?;
        let places = listing.by_video.get(video).into_iter().flatten();
        let mut names: Vec<&CaptionName> = places.map(|place| &listing.names[*place]).collect();
        names.sort_by(|a, b| a.rank(wanted).cmp(&b.rank(wanted)));
        for name in names {
            if let Some(file) = CaptionFile::open(&self.settings.captions, name)? {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// The file of a name in the catalog, which may spell an accent as one letter where the disk
    /// spells it as two, or the other way about.
    fn named(&self, named: &str) -> Result<CaptionFile, LocalError> {
        let names = &self.listing()?.names;
        let as_written = CaptionName::parse(named);
        let as_spelled = names.iter().find(|name| is_same(&name.file, named));
        for name in as_written.iter().chain(as_spelled) {
            if let Some(file) = CaptionFile::open(&self.settings.captions, name)? {
                return Ok(file);
            }
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

    fn listing(&self) -> Result<&Listing, FileError> {
        if let Some(listing) = self.listing.get() {
            return Ok(listing);
        }
        let names = fs::names(&self.settings.captions)?;
        let names: Vec<_> = names
            .iter()
            .filter_map(|file| CaptionName::parse(file))
            .collect();
        let mut by_video: HashMap<VideoId, Vec<usize>> = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            if let Some(video) = name.video() {
                by_video.entry(video).or_default().push(place);
            }
        }
        Ok(self.listing.get_or_init(|| Listing { names, by_video }))
    }
}

/// Whether two names look the same to whoever reads them.
fn is_same(a: &str, b: &str) -> bool {
    a.nfc().eq(b.nfc())
}
