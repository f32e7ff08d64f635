//! One archive of a cache, for another machine or a colleague, and what is taken from such a one.
//!
//! A ZIP file with the paths of the cache in it. The same cache gives the same bytes. What comes
//! in is untrusted: only files of ours are taken, each is examined first, and none takes the place
//! of a reply that is here.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use thiserror::Error;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::cache::contents::{Contents, FileFlaw, FileKind, examine};
use crate::cache::envelope::{folder_of, is_about_another};
use crate::cache::file_name::{CAPTIONS, FileName};
use crate::cache::owner::CATEGORIES;
use crate::cache::writing::write_in_place;
use crate::cache::{Cache, CacheError, Snapshot};
use crate::fs::{self, Existing, FileError};
use crate::talk::id::VideoId;
use crate::work::Stage;

/// No file of ours is larger, in bytes; what an archive says of its sizes is not believed.
const LARGEST: u64 = 64 << 20;

/// Whether what was said goes into an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TranscriptPolicy {
    /// Transcripts are in it.
    Included,
    /// They are not: the page can be rendered, and nothing that was said is passed on.
    LeftOut,
}

/// Why an archive could not be written or read.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The archive itself could not be opened or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is no archive, or a damaged one.
    #[error("the archive `{}` cannot be read", path.display())]
    Unreadable {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: ZipError,
    },
    /// A file of the cache could not be read or written.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl ArchiveError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(_) => "check the path of the archive",
            Self::Unreadable { .. } => {
                "it is to be a file that `proceedings cache export` has written"
            }
            Self::Cache(error) => error.hint(),
        }
    }
}

/// What was taken from an archive.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// How many files are here now that were not.
    pub new: usize,
    /// How many were here already, or stand behind something newer that is here.
    pub known: usize,
    /// Those that were not taken.
    pub refused: Vec<RefusedFile>,
}

/// A file of an archive that was not taken.
#[derive(Debug)]
pub struct RefusedFile {
    /// Its name in the archive.
    pub name: String,
    /// What is wrong with it; none where it is no file of a cache.
    pub flaw: Option<FileFlaw>,
}

/// A folder and a file in it, and what that file is.
type Destination<'a> = (&'a str, &'a str, FileKind);

/// A file of an archive that may be taken.
struct ArchivedFile<'a> {
    /// Where it belongs, which on some disks is a folder that another video's files lie in too.
    folder: String,
    name: &'a str,
    kind: FileKind,
    contents: Contents,
    bytes: Vec<u8>,
}

impl<'a> ArchivedFile<'a> {
    fn examine(path: &str, place: Destination<'a>, bytes: Vec<u8>) -> Result<Self, FileFlaw> {
        let (folder, name, kind) = place;
        let contents = examine(&kind, folder, Path::new(path), &bytes)?;
        Ok(Self {
            folder: folder_of(&contents.owner).to_owned(),
            name,
            kind,
            contents,
            bytes,
        })
    }
}

impl Cache {
    /// Writes what is kept of these videos, and what is about all talks, into one archive.
    /// Failures are left out: another machine may fare better. Returns how many files are in it.
    pub fn export(
        &self,
        videos: &BTreeSet<VideoId>,
        words: TranscriptPolicy,
        archive: &Path,
    ) -> Result<usize, ArchiveError> {
        let mut files = Vec::new();
        let ids = videos.iter().map(VideoId::as_str);
        for folder in ids.chain([CATEGORIES]) {
            let path = self.folder.join(folder);
            for name in fs::names(&path).map_err(CacheError::File)? {
                if is_exported(&name, words) {
                    files.push((folder, path.join(&name), name));
                }
            }
        }
        let mut unread = None;
        let mut written = 0;
        let outcome = fs::write_with(archive, Existing::Replace, |file| {
            let mut archive = ZipWriter::new(file);
            for (folder, path, name) in &files {
                let bytes = match fs::read(path) {
                    Ok(bytes) => bytes,
                    // A run has set it aside meanwhile.
                    Err(error) if error.is_not_found() => continue,
                    Err(error) => {
                        unread = Some(error);
                        return Err(io::Error::other("a file of the cache could not be read"));
                    }
                };
                // Where two videos share a folder, each has its own in the archive.
                if is_about_another(&bytes, folder) {
                    continue;
                }
                written += 1;
                archive.start_file(format!("{folder}/{name}"), SimpleFileOptions::default())?;
                archive.write_all(&bytes)?;
            }
            archive.finish()?;
            Ok(())
        });
        match (outcome, unread) {
            (_, Some(error)) => Err(CacheError::File(error).into()),
            (outcome, None) => Ok(outcome.map(|_| written)?),
        }
    }

    /// Takes what an archive has and the cache has not. Of two that exclude each other, the newer
    /// one is used; no reply is lost.
    pub fn import(&self, archive: &Path) -> Result<ImportReport, ArchiveError> {
        let unreadable = |source| ArchiveError::Unreadable {
            path: archive.to_owned(),
            source,
        };
        let mut archive = ZipArchive::new(fs::open(archive)?).map_err(unreadable)?;
        let mut taken = ImportReport::default();
        // Pointers come last: whether they are taken depends on the transcripts that are here.
        let names = archive.file_names();
        let names: Result<Vec<String>, _> = names.map(|name| name.map(Cow::into_owned)).collect();
        let mut order = names.map_err(unreadable)?;
        order.retain(|name| !name.ends_with('/'));
        let is_pointer =
            |name: &String| matches!(destination_of(name), Some((.., FileKind::Captions)));
        order.sort_by_key(|name| (is_pointer(name), name.clone()));
        for name in order {
            let Some(place) = destination_of(&name) else {
                taken.refused.push(RefusedFile { name, flaw: None });
                continue;
            };
            let arrival = match content(&mut archive, &name) {
                Ok(Some(bytes)) => ArchivedFile::examine(&name, place, bytes).map_err(Some),
                Ok(None) => Err(None),
                Err(error) => Err(Some(FileFlaw::Packed(error))),
            };
            match arrival {
                Ok(arrival) => {
                    if self.import_file(&arrival)? {
                        taken.new += 1;
                    } else {
                        taken.known += 1;
                    }
                }
                Err(flaw) => taken.refused.push(RefusedFile { name, flaw }),
            }
        }
        Ok(taken)
    }

    /// Whether a file was taken.
    fn import_file(&self, arrival: &ArchivedFile<'_>) -> Result<bool, CacheError> {
        let ArchivedFile {
            folder,
            name,
            kind,
            contents,
            bytes,
        } = arrival;
        let home = self.folder.join(folder);
        let path = match (kind, folder.parse()) {
            (FileKind::Captions, Ok(video)) => self.path_of_single(&video, CAPTIONS)?,
            _ => home.join(name),
        };
        let here = made_at(kind, folder, &path)?;
        let is_newer = |here: Timestamp| contents.made_at > here;
        let place = match kind {
            FileKind::Failure => None,
            FileKind::Thumbnail => here.is_none().then_some((path, Existing::Replace)),
            FileKind::Captions => {
                let words = contents.transcript.as_deref().unwrap_or_default();
                let has_words = || Ok::<_, CacheError>(Snapshot::open(home)?.has_transcript(words));
                let is_wanted = match here {
                    None => true,
                    Some(here) => is_newer(here) && has_words()?,
                };
                is_wanted.then_some((path, Existing::Replace))
            }
            FileKind::Result(name) if is_fetched(name.stage) => {
                let is_wanted = here.is_none_or(is_newer);
                is_wanted.then_some((path, Existing::Replace))
            }
            FileKind::Result(_) if !path.exists() => Some((path, Existing::Keep)),
            FileKind::Result(_) if here.is_some_and(|here| !is_newer(here)) => None,
            FileKind::Result(name) => {
                let last = Snapshot::open(home.clone())?.highest_number(name.stage, &name.digest);
                let repeat = FileName {
                    number: last + 1,
                    ..name.clone()
                };
                Some((home.join(repeat.to_string()), Existing::Keep))
            }
        };
        let Some((path, existing)) = place else {
            return Ok(false);
        };
        self.join_writers_at_once()?;
        match write_in_place(&path, bytes, existing)? {
            // A run was quicker and has kept a reply of its own there.
            false if existing == Existing::Keep => self.import_file(arrival),
            is_taken => Ok(is_taken),
        }
    }
}

/// When the file was made that stands in a place; none where there is none or a damaged one.
fn made_at(kind: &FileKind, folder: &str, path: &Path) -> Result<Option<Timestamp>, CacheError> {
    let bytes = match fs::read(path) {
        Err(error) if error.is_not_found() => return Ok(None),
        bytes => bytes?,
    };
    let contents = examine(kind, folder, path, &bytes).ok();
    Ok(contents.map(|contents| contents.made_at))
}

fn is_fetched(stage: Stage) -> bool {
    matches!(stage, Stage::Metadata | Stage::Transcript)
}

/// Whether a file goes into an archive.
fn is_exported(name: &str, words: TranscriptPolicy) -> bool {
    match FileKind::of(name) {
        None | Some(FileKind::Failure) => false,
        Some(FileKind::Captions | FileKind::Thumbnail) => true,
        Some(FileKind::Result(name)) => {
            let is_speech = matches!(name.stage, Stage::Transcript | Stage::Transcription);
            words == TranscriptPolicy::Included || !is_speech
        }
    }
}

/// Where a file of an archive belongs; none where it is no file of a cache.
fn destination_of(name: &str) -> Option<Destination<'_>> {
    let (folder, file) = name.split_once('/')?;
    let is_folder = folder == CATEGORIES || folder.parse::<VideoId>().is_ok();
    let kind = FileKind::of(file).filter(|_| is_folder)?;
    Some((folder, file, kind))
}

/// The bytes of a file of an archive; none where they are too many for one of ours.
fn content(archive: &mut ZipArchive<File>, name: &str) -> Result<Option<Vec<u8>>, ZipError> {
    let file = archive.by_name(name)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= LARGEST))
}
