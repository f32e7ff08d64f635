//! The records of batches in an archive. A record says who is asked for replies and keeps builds from
//! asking, so only one's own come in.

use std::path::Path;

use crate::cache::archive::ArchiveError;
use crate::cache::batches::{self, BATCHES};
use crate::cache::contents::FileFlaw;
use crate::cache::import::{Act, Archive, ArchivedFile, Fate, FileBeside, ImportRules, Makers};
use crate::cache::writing::write_in_place;
use crate::cache::{Cache, CacheError};
use crate::fs::{self, Existing};

/// The name of a file of batches, by its name in an archive.
pub(super) fn file_of(name: &str) -> Option<&str> {
    let file = name.strip_prefix(BATCHES)?.strip_prefix('/')?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    (batches::is_name(file) && file.chars().all(is_plain)).then_some(file)
}

impl Cache {
    /// What becomes of the records of batches in an archive.
    pub(super) fn go_through_batches(
        &self,
        archive: &mut Archive,
        rules: &ImportRules<'_>,
        act: Act,
    ) -> Result<Vec<ArchivedFile>, ArchiveError> {
        let mut files = Vec::new();
        let mut right = None;
        // What was asked comes before the record that leads to it.
        for file in archive.batches.clone().iter().rev() {
            let place = self.folder.join(BATCHES).join(&file.name);
            let name = format!("{BATCHES}/{}", file.name);
            let fate = match (rules.makers, sound(archive, file)) {
                (Makers::Others, _) => Fate::OthersBatch,
                (Makers::Ourselves, Err(flaw)) => Fate::Refused(Some(flaw)),
                (Makers::Ourselves, Ok(bytes)) => match fs::read(&place) {
                    Ok(here) if here == bytes => Fate::Known,
                    Ok(_) => Fate::Stays,
                    Err(error) if error.is_not_found() => {
                        if act == Act::Take {
                            if right.is_none() {
                                right = Some(self.lock_batches()?.ok_or(ArchiveError::Busy)?);
                            }
                            write_in_place(&place, &bytes, Existing::Keep)
                                .map_err(CacheError::File)?;
                        }
                        Fate::New
                    }
                    Err(error) => return Err(CacheError::File(error).into()),
                },
            };
            files.push(ArchivedFile::undated(name, fate));
        }
        Ok(files)
    }
}

/// The bytes of a file, if it can be one of ours.
fn sound(archive: &mut Archive, file: &FileBeside) -> Result<Vec<u8>, FileFlaw> {
    let bytes = archive.read_at(file.index, file.size)?;
    if batches::is_record(&file.name) {
        batches::examine(Path::new(&file.name), &bytes)?;
    }
    Ok(bytes)
}
