//! Which files of a folder came out of an archive, so that nobody takes them for made here.
//!
//! This stands in a file beside them, `arrivals.json`: no byte of a reply is touched, and earlier
//! versions of this program pass it over. A file is known by its name and by when it says that it
//! was made, so what is made here later under the same name counts as made here. No archive can
//! bring such a file along.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cache::CacheError;
use crate::cache::envelope::{VERSION, read_if_there, to_pretty_json};
use crate::fs::{self, Existing};

/// The file that says it.
pub(super) const ARRIVALS: &str = "arrivals.json";
/// How the names of replies end that were set aside.
const REJECTED: &str = ".rejected.json";

/// The files of a folder that came out of archives, by their names.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Arrivals {
    version: u32,
    files: BTreeMap<String, Arrival>,
}

/// How a file came here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// When the file says that it was made.
    pub(super) made_at: Timestamp,
    /// The name of the archive that it came out of.
    pub archive: String,
    /// When it came.
    pub at: Timestamp,
}

impl Arrivals {
    /// What is known of the files in a folder.
    pub(super) fn read(folder: &Path) -> Result<Self, CacheError> {
        let known = read_if_there(&folder.join(ARRIVALS))?;
        Ok(known.unwrap_or_default())
    }

    /// Whether a file of this name may have come out of an archive.
    pub(super) fn has(&self, name: &str) -> bool {
        self.named(name).is_some()
    }

    /// How a file came here; none where it was made here.
    pub(super) fn of(&self, name: &str, made_at: Timestamp) -> Option<&Arrival> {
        let arrival = self.named(name)?;
        Some(arrival).filter(|arrival| arrival.made_at == made_at)
    }

    /// Notes a file that is about to come.
    pub(super) fn add(&mut self, name: String, arrival: Arrival) {
        self.files.insert(name, arrival);
    }

    /// Keeps it in the folder. Whoever is killed after this has noted a file that is not there,
    /// which does no harm; the other way about, a stranger's file would count as made here.
    pub(super) fn write(&mut self, folder: &Path) -> Result<(), CacheError> {
        self.version = VERSION;
        let bytes = to_pretty_json(self);
        fs::write(&folder.join(ARRIVALS), &bytes, Existing::Replace)?;
        Ok(())
    }

    /// A reply that was set aside since is still the one that came.
    fn named(&self, name: &str) -> Option<&Arrival> {
        let before = || Some(name.strip_suffix(REJECTED)?.to_owned() + ".json");
        let set_aside = || self.files.get(&before()?);
        self.files.get(name).or_else(set_aside)
    }
}
