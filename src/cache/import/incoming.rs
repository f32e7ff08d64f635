//! The files of one talk in an archive: examined, decided about, and then let in together.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use zip::result::ZipError;

use crate::cache::archive::ArchiveError;
use crate::cache::arrivals::{Arrival, Arrivals};
use crate::cache::contents::{Contents, ExaminedFile, FileFlaw, FileKind, examine};
use crate::cache::envelope::{FileStamp, folder_of};
use crate::cache::file_name::CAPTIONS;
use crate::cache::import::side::Side;
use crate::cache::import::{
    Archive, ArchivedFile, Fate, ImportRules, ListedFile, Makers, WantedTalks,
};
use crate::cache::writing::write_in_place;
use crate::cache::{Cache, CacheError};
use crate::fs::Existing;
use crate::talk::id::VideoId;

/// The files of one talk, on their way in.
pub(super) struct Incoming<'a> {
    cache: &'a Cache,
    archive: &'a mut Archive,
    rules: &'a ImportRules<'a>,
    wanted: &'a WantedTalks,
    /// What is here, and what is about to be, by the folder.
    here: HashMap<String, Vec<ExaminedFile>>,
    files: Vec<ArchivedFile>,
    /// What is to be written.
    planned: Vec<PlannedFile<'a>>,
}

/// A file that is to be written.
struct PlannedFile<'a> {
    entry: &'a ListedFile,
    /// The place in the list of files.
    file: usize,
    folder: String,
    path: PathBuf,
    existing: Existing,
    made_at: Timestamp,
    /// What was examined, by its digest.
    bytes: String,
}

impl<'a> Incoming<'a> {
    pub(super) fn new(
        cache: &'a Cache,
        archive: &'a mut Archive,
        rules: &'a ImportRules<'a>,
        wanted: &'a WantedTalks,
    ) -> Self {
        Self {
            cache,
            archive,
            rules,
            wanted,
            here: HashMap::new(),
            files: Vec::new(),
            planned: Vec::new(),
        }
    }

    /// Says what becomes of a file, and where it is to be written.
    pub(super) fn look_at(&mut self, entry: &'a ListedFile) -> Result<(), ArchiveError> {
        let name = entry.name.clone();
        let file = if self.wanted.has(entry) {
            match self.read_examined(entry) {
                Ok((contents, bytes)) => self.decide(entry, contents, &bytes)?,
                Err(flaw) => ArchivedFile::undated(name, Fate::Refused(Some(flaw))),
            }
        } else {
            ArchivedFile::undated(name, Fate::OtherTalk)
        };
        self.files.push(file);
        Ok(())
    }

    fn read_examined(&mut self, entry: &ListedFile) -> Result<(Contents, Vec<u8>), FileFlaw> {
        let bytes = self.archive.read(entry)?;
        let contents = examine(&entry.kind, &entry.folder, Path::new(&entry.name), &bytes)?;
        Ok((contents.not_from_the_future(self.rules.now)?, bytes))
    }

    /// What becomes of a sound file; one that comes in is planned.
    fn decide(
        &mut self,
        entry: &'a ListedFile,
        contents: Contents,
        bytes: &[u8],
    ) -> Result<ArchivedFile, ArchiveError> {
        let name = entry.name.clone();
        let made_at = Some(contents.made_at);
        if !self.wanted.has_owner(&entry.kind, &contents.owner) {
            let other = ArchivedFile::undated(name, Fate::OtherTalk);
            return Ok(ArchivedFile { made_at, ..other });
        }
        let folder = folder_of(&contents.owner).to_owned();
        if !self.here.contains_key(&folder) {
            let here = self.cache.examine(&folder)?;
            self.here.insert(folder.clone(), here);
        }
        let side = Side {
            here: &self.here[&folder],
            owner: &contents.owner,
            makers: self.rules.makers,
        };
        let (fate, rival) = side.fate(entry, &contents);
        if fate.is_taken() {
            let (path, existing) = self.place(&entry.kind, &folder, side.next_name(entry))?;
            self.planned.push(PlannedFile {
                entry,
                file: self.files.len(),
                folder: folder.clone(),
                path: path.clone(),
                existing,
                made_at: contents.made_at,
                bytes: FileStamp::digest_of(bytes),
            });
            self.count_as_here(entry, folder, path, contents);
        }
        Ok(ArchivedFile {
            name,
            made_at: made_at.filter(|_| entry.kind != FileKind::Thumbnail),
            here: rival,
            fate,
        })
    }

    /// From now on a planned file is one of those that are here: the next is compared with it.
    fn count_as_here(
        &mut self,
        entry: &ListedFile,
        folder: String,
        path: PathBuf,
        contents: Contents,
    ) {
        let arrival = Some(self.arrival(contents.made_at));
        let here = self.here.entry(folder).or_default();
        here.retain(|file| file.path != path);
        here.push(ExaminedFile {
            kind: kind_of(&path, &entry.kind),
            path,
            arrival,
            bytes: entry.size,
            contents: Ok(contents),
        });
    }

    /// Where a file that is taken is written, and whether what lies there may go: what was fetched
    /// can be had again, and a reply never can.
    fn place(
        &self,
        kind: &FileKind,
        folder: &str,
        name: String,
    ) -> Result<(PathBuf, Existing), CacheError> {
        let home = self.cache.folder.join(folder);
        Ok(match (kind, folder.parse::<VideoId>(), name) {
            (FileKind::Captions, Ok(video), _) => {
                let path = self.cache.path_of_single(&video, CAPTIONS)?;
                (path, Existing::Replace)
            }
            (FileKind::Evidence, _, name) => (home.join(name), Existing::Replace),
            (FileKind::Result(name), ..) if !kind.is_reply() => {
                (home.join(name.to_string()), Existing::Replace)
            }
            (_, _, name) => (home.join(name), Existing::Keep),
        })
    }

    fn arrival(&self, made_at: Timestamp) -> Arrival {
        Arrival {
            made_at,
            archive: self.archive.file_name(),
            at: self.rules.now,
        }
    }

    /// Notes what comes, and then lets it in.
    pub(super) fn take(&mut self) -> Result<(), ArchiveError> {
        if self.rules.makers == Makers::Others {
            self.note_arrivals()?;
        }
        for planned in &self.planned {
            let bytes = self.archive.read(planned.entry).ok();
            let unchanged = bytes.filter(|bytes| FileStamp::digest_of(bytes) == planned.bytes);
            let Some(bytes) = unchanged else {
                let changed = ZipError::Io(io::Error::other("it has changed meanwhile"));
                self.files[planned.file].fate = Fate::Refused(Some(FileFlaw::Packed(changed)));
                continue;
            };
            let written = write_in_place(&planned.path, &bytes, planned.existing);
            if !written.map_err(CacheError::File)? {
                // A run was quicker and has kept something of its own there.
                self.files[planned.file].fate = Fate::Stays;
            }
        }
        Ok(())
    }

    fn note_arrivals(&self) -> Result<(), ArchiveError> {
        for folder in self.here.keys() {
            let coming = self.planned.iter().filter(|file| file.folder == *folder);
            let mut coming = coming.filter_map(PlannedFile::noted_name).peekable();
            if coming.peek().is_none() {
                continue;
            }
            let home = self.cache.folder.join(folder);
            let mut arrivals = Arrivals::read(&home)?;
            for (name, made_at) in coming {
                arrivals.add(name, self.arrival(made_at));
            }
            arrivals.write(&home)?;
        }
        Ok(())
    }

    pub(super) fn takes_any(&self) -> bool {
        !self.planned.is_empty()
    }

    /// What becomes of each file that was looked at.
    pub(super) fn into_files(self) -> Vec<ArchivedFile> {
        self.files
    }
}

impl PlannedFile<'_> {
    /// What is noted of it.
    fn noted_name(&self) -> Option<(String, Timestamp)> {
        let name = self.path.file_name()?.to_str()?.to_owned();
        Some((name, self.made_at)).filter(|_| self.entry.kind != FileKind::Thumbnail)
    }
}

/// What a file is by the name that it has here.
fn kind_of(path: &Path, kind: &FileKind) -> FileKind {
    let name = path.file_name().and_then(|name| name.to_str());
    name.and_then(FileKind::of).unwrap_or_else(|| kind.clone())
}
