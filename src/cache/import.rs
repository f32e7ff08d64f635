//! What is taken out of an archive, which may be anybody's.
//!
//! Only files of a cache are looked at, each is examined before it comes in, and what comes in is
//! noted in `arrivals.rs`. Nothing takes the place of what was made here: that stays, and where
//! both are there it is used. What the archive says of sizes, names and dates is not believed.
//! `--list` and the import itself decide in one place, `side.rs`.

mod batches;
mod incoming;
mod metered;
mod side;

use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::cache::Cache;
use crate::cache::archive::{ArchiveError, CONFERENCE};
use crate::cache::contents::{FileFlaw, FileKind};
use crate::cache::import::incoming::Incoming;
use crate::cache::import::metered::Metered;
use crate::cache::owner::CATEGORIES;
use crate::cache::prune::ListedOwners;
use crate::fs::{self, Lock};
use crate::talk::id::{TalkId, VideoId};

/// No file of ours is larger, in bytes.
const LARGEST: u64 = 64 << 20;
/// What the smallest file takes on a disk.
const BLOCK: u64 = 4096;
/// The longest list of files that is read, in bytes: of some hundred thousand files.
const LONGEST_DIRECTORY: u64 = 64 << 20;
/// What may be unpacked without a word, in bytes, however small the archive is.
const USUAL: u64 = 1 << 30;
/// And how many times the archive's size, where that is more.
const USUAL_RATIO: u64 = 10;
/// Locked while one import is at work.
const IMPORTS: &str = "imports";

/// An archive that lies open.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    size: u64,
    zip: ZipArchive<Metered>,
    /// The files in it that could be of a cache, those of a folder together.
    entries: Vec<ListedFile>,
    /// The files of a conference that are not of its cache.
    beside: Vec<FileBeside>,
    /// The records of batches, in the order of their names.
    batches: Vec<FileBeside>,
    /// The names of all others.
    others: Vec<String>,
}

/// Who made what is in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Makers {
    /// Others: what was made here stays in use, and what is taken is noted as theirs.
    Others,
    /// The archive's owner is this cache's: the newer one is used, whichever that is.
    Ourselves,
}

/// What may be taken.
#[derive(Debug, Clone, Copy)]
pub struct ImportRules<'a> {
    /// The talks of which results are taken; none: of all.
    pub talks: Option<&'a [TalkId]>,
    /// Who made them.
    pub makers: Makers,
    /// How many bytes may be unpacked; none: as many as is usual.
    pub most: Option<u64>,
    /// The time by which a date is in the future.
    pub now: Timestamp,
}

/// A file of an archive, and what becomes of it here.
#[derive(Debug)]
pub struct ArchivedFile {
    /// Its name in the archive.
    pub name: String,
    /// When it says that it was made, where it is sound and says so.
    pub made_at: Option<Timestamp>,
    /// When that was made which is here in its place.
    pub here: Option<Timestamp>,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a file of an archive.
#[derive(Debug)]
pub enum Fate {
    /// It is taken, and nothing here is in its place.
    New,
    /// It is taken, and used in the place of what is here and older.
    Newer,
    /// It is taken, and what is here goes, as was asked for.
    Replaces,
    /// It is here already.
    Known,
    /// It is not taken: what is here stays.
    Stays,
    /// It is not taken: it belongs to another catalog than the one that is here.
    OtherCatalog,
    /// It is not taken: no talk of the catalog has it.
    OtherTalk,
    /// It is not taken: it is of a batch that somebody else may have submitted.
    OthersBatch,
    /// It is not taken, since something is wrong with it; none where it is no file of ours.
    Refused(Option<FileFlaw>),
}

impl Fate {
    /// Whether the file comes in.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::New | Self::Newer | Self::Replaces)
    }
}

/// A file in the list of an archive that could be of a cache.
#[derive(Debug)]
struct ListedFile {
    index: usize,
    name: String,
    kind: FileKind,
    /// The folder in the archive, and its name there.
    folder: String,
    file: String,
    /// What the archive says of its size.
    size: u64,
}

/// A file of a conference that is not of its cache. It is as little believed as the others.
#[derive(Debug, Clone)]
pub struct FileBeside {
    index: usize,
    /// Its name in the folder of the conference.
    pub name: String,
    /// What the archive says of its size.
    size: u64,
}

/// What is done beside looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Look,
    Take,
}

impl Archive {
    /// Opens an archive and reads the list of its files.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let unreadable = |flaw| ArchiveError::Unreadable {
            path: path.to_owned(),
            flaw,
        };
        let file = fs::open(path)?;
        let size = file.metadata().map_err(|error| unreadable(error.into()))?;
        let (file, left) = Metered::new(file, LONGEST_DIRECTORY);
        let mut zip = ZipArchive::new(file).map_err(unreadable)?;
        left.set(u64::MAX);
        let (mut entries, mut others) = (Vec::new(), Vec::new());
        let (mut beside, mut batches) = (Vec::new(), Vec::new());
        for index in 0..zip.len() {
            let packed = zip.by_index_raw(index).map_err(unreadable)?;
            let name = String::from_utf8_lossy(packed.name_raw()).into_owned();
            let is_plain = !packed.is_dir() && !packed.is_symlink();
            if let Some(name) = name.strip_prefix(CONFERENCE).filter(|_| is_plain) {
                let (name, size) = (name.to_owned(), packed.size());
                beside.push(FileBeside { index, name, size });
                continue;
            }
            if let Some(file) = batches::file_of(&name).filter(|_| is_plain) {
                let (name, size) = (file.to_owned(), packed.size());
                batches.push(FileBeside { index, name, size });
                continue;
            }
            match destination_of(&name).filter(|_| is_plain) {
                Some((folder, file, kind)) => entries.push(ListedFile {
                    index,
                    folder,
                    file,
                    kind,
                    size: packed.size(),
                    name,
                }),
                None if packed.is_dir() => {}
                None => others.push(name),
            }
        }
        others.sort_unstable();
        batches.sort_by(|a, b| a.name.cmp(&b.name));
        // Of a talk's files, the pointer comes last: whether it is taken depends on the transcripts
        // that are here. Repeats keep their order.
        entries.sort_by_cached_key(|entry| {
            let number = match &entry.kind {
                FileKind::Result(name) => name.number,
                _ => 0,
            };
            let is_pointer = entry.kind == FileKind::Captions;
            let folder = entry.folder.to_ascii_lowercase();
            (folder, is_pointer, number, entry.name.clone())
        });
        Ok(Self {
            path: path.to_owned(),
            size: size.len(),
            zip,
            entries,
            beside,
            batches,
            others,
        })
    }

    /// How many files would be looked at, and how many bytes they take by what the archive says; a
    /// small one takes what the smallest takes on a disk.
    #[must_use]
    pub fn extent(&self, rules: &ImportRules<'_>) -> (usize, u64) {
        let wanted = WantedTalks::of(rules);
        let looked_at = self.entries.iter().filter(|entry| wanted.has(entry));
        looked_at.fold((0, 0), |(files, bytes), entry| {
            (files + 1, bytes.saturating_add(entry.size.max(BLOCK)))
        })
    }

    /// The files of a conference that the archive brings beside those of its cache.
    #[must_use]
    pub fn beside(&self) -> &[FileBeside] {
        &self.beside
    }

    /// The bytes of such a file, if they are no more than so many.
    pub fn read_beside(&mut self, file: &FileBeside, most: u64) -> Result<Vec<u8>, FileFlaw> {
        if file.size > most {
            return Err(FileFlaw::TooLarge);
        }
        self.read_at(file.index, file.size)
    }

    /// Refuses an archive whose conference, with the files of its cache that are wanted, would take
    /// more than may be unpacked.
    pub fn ensure_fits(&self, rules: &ImportRules<'_>) -> Result<(), ArchiveError> {
        let beside = self.beside.iter().map(|file| file.size.max(BLOCK));
        let (_, bytes) = self.extent(rules);
        self.refuse_too_large(beside.fold(bytes, u64::saturating_add), rules.most)
    }

    fn refuse_too_large(&self, bytes: u64, most: Option<u64>) -> Result<(), ArchiveError> {
        let usual = USUAL.max(self.size.saturating_mul(USUAL_RATIO));
        let most = most.unwrap_or(usual);
        if bytes > most {
            let path = self.path.clone();
            return Err(ArchiveError::TooLarge { path, bytes, most });
        }
        Ok(())
    }

    /// The bytes of a file; a flaw where they are more than the archive says.
    fn read(&mut self, entry: &ListedFile) -> Result<Vec<u8>, FileFlaw> {
        self.read_at(entry.index, entry.size)
    }

    fn read_at(&mut self, index: usize, size: u64) -> Result<Vec<u8>, FileFlaw> {
        if size > LARGEST {
            return Err(FileFlaw::TooLarge);
        }
        let file = self.zip.by_index(index).map_err(FileFlaw::Packed)?;
        let mut bytes = Vec::new();
        // One more than it may have is read, so that more is noticed.
        let read = file.take(size + 1).read_to_end(&mut bytes);
        read.map_err(|error| FileFlaw::Packed(ZipError::Io(error)))?;
        if bytes.len() as u64 > size {
            return Err(FileFlaw::TooLarge);
        }
        Ok(bytes)
    }

    fn file_name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

impl Cache {
    /// What would become of each file of an archive. Nothing is changed.
    pub fn compare_with(
        &self,
        archive: &mut Archive,
        rules: &ImportRules<'_>,
    ) -> Result<Vec<ArchivedFile>, ArchiveError> {
        self.go_through(archive, rules, Act::Look)
    }

    /// Takes what an archive has and the cache has not, and says what became of each of its files.
    pub fn import(
        &self,
        archive: &mut Archive,
        rules: &ImportRules<'_>,
    ) -> Result<Vec<ArchivedFile>, ArchiveError> {
        self.go_through(archive, rules, Act::Take)
    }

    fn go_through(
        &self,
        archive: &mut Archive,
        rules: &ImportRules<'_>,
        act: Act,
    ) -> Result<Vec<ArchivedFile>, ArchiveError> {
        let (_, bytes) = archive.extent(rules);
        archive.refuse_too_large(bytes, rules.most)?;
        let others = archive.others.iter();
        let mut files: Vec<ArchivedFile> = others
            .map(|name| ArchivedFile::undated(name.clone(), Fate::Refused(None)))
            .collect();
        let wanted = WantedTalks::of(rules);
        let entries = std::mem::take(&mut archive.entries);
        let of_one_talk = entries.chunk_by(|a, b| a.folder.eq_ignore_ascii_case(&b.folder));
        let mut alone: Option<Lock> = None;
        let gone_through: Result<(), ArchiveError> =
            of_one_talk.into_iter().try_for_each(|entries| {
                let mut incoming = Incoming::new(self, archive, rules, &wanted);
                for entry in entries {
                    incoming.look_at(entry)?;
                }
                if act == Act::Take && incoming.takes_any() {
                    // Where nothing is taken, nothing need be writable.
                    if alone.is_none() {
                        self.join_writers_at_once()?;
                        let lock = self.try_lock(IMPORTS)?;
                        alone = Some(lock.ok_or(ArchiveError::Busy)?);
                    }
                    incoming.take()?;
                }
                files.extend(incoming.into_files());
                Ok(())
            });
        archive.entries = entries;
        gone_through?;
        files.extend(self.go_through_batches(archive, rules, act)?);
        Ok(files)
    }
}

impl ArchivedFile {
    /// A file that says nothing of when it was made.
    pub(crate) fn undated(name: String, fate: Fate) -> Self {
        Self {
            name,
            made_at: None,
            here: None,
            fate,
        }
    }
}

/// Of whom results are taken.
struct WantedTalks {
    /// None: of all.
    owners: Option<ListedOwners>,
}

impl WantedTalks {
    fn of(rules: &ImportRules<'_>) -> Self {
        let owners = rules.talks.map(ListedOwners::of);
        Self { owners }
    }

    /// Whether a file lies in a folder that can hold wanted ones.
    fn has(&self, entry: &ListedFile) -> bool {
        let owners = self.owners.as_ref();
        owners.is_none_or(|owners| owners.has_folder(&entry.folder))
    }

    fn has_owner(&self, kind: &FileKind, owner: &str) -> bool {
        let owners = self.owners.as_ref();
        owners.is_none_or(|owners| owners.has(kind, owner))
    }
}

/// The folder of a file of an archive, and what it is; none where it is no file of a cache.
fn destination_of(name: &str) -> Option<(String, String, FileKind)> {
    let (folder, file) = name.split_once('/')?;
    let is_folder = folder == CATEGORIES || folder.parse::<VideoId>().is_ok();
    let kind = FileKind::of(file).filter(|_| is_folder)?;
    Some((folder.to_owned(), file.to_owned(), kind))
}
