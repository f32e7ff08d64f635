//! A whole conference in an archive: catalog, logo, prompts, templates and caption files, beside the files
//! of the cache.
//!
//! They are in a folder of their own in the archive. An archive may be anybody's: only files that a
//! conference has are taken, each to the place that its name has here whatever the catalog says, and
//! none in the place of one that is here unless that is asked for. `--list` and the import itself
//! decide in one place.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::cache::{
    Archive, ArchivedFile, CacheError, Fate, FileBeside, FileFlaw, TranscriptPolicy,
};
use crate::catalog::edit::{Draft, backup_path};
use crate::catalog::{Catalog, CatalogError, has_caption_extension};
use crate::cli::ending::Failure;
use crate::fetch::local::LocalError;
use crate::fetch::local::folder::CaptionFolder;
use crate::fs::{self, Existing, FileError};
use crate::limits;
use crate::render::logo;
use crate::{prompts, render};

/// The catalog in an archive, whatever its name was.
pub(super) const CATALOG: &str = "catalog.toml";
const PROMPTS: &str = "prompts";
const TEMPLATES: &str = "templates";
const CAPTIONS: &str = "captions";
const LOGO: &str = "logo";

/// The files of a conference on their way into an archive.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// Names and contents.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// The caption files that cannot go along, by their names.
    pub(super) left: Vec<String>,
}

/// A conference in an archive, and what becomes of it here.
#[derive(Debug)]
pub(super) struct ArchivedConference {
    pub(super) catalog: Catalog,
    pub(super) files: Vec<ArchivedFile>,
    /// Whether something of it is written.
    existing: Existing,
    /// What is written, the catalog last: after an import that was cut short, the next goes on.
    places: Vec<(FileBeside, PathBuf)>,
}

/// A conference in an archive that cannot be taken.
#[derive(Debug, Error)]
enum ConferenceError {
    /// A file of it is damaged, or too large.
    #[error("the conference in the archive cannot be unpacked")]
    Unpacked(#[source] FileFlaw),
    /// Its catalog is none.
    #[error("the catalog in the archive cannot be used")]
    Catalog(#[source] CatalogError),
    /// Its catalog says that files are elsewhere than in their usual places.
    #[error(
        "the catalog in the archive keeps its {key} in `{}`, not in `{}`",
        place.display(),
        usual.display()
    )]
    Elsewhere {
        key: &'static str,
        place: PathBuf,
        usual: PathBuf,
    },
}

impl From<ConferenceError> for Failure {
    fn from(error: ConferenceError) -> Self {
        let hint = "nothing was taken; ask for an archive that `proceedings cache export --all` has written";
        Self::run(error, Some(hint))
    }
}

/// The files of a conference that go along with its cache.
pub(super) fn pack(
    path: &Path,
    catalog: &Catalog,
    words: TranscriptPolicy,
) -> Result<Outgoing, Failure> {
    // A link that leads elsewhere does not bring along what is there.
    let may_be_read = |from: &Path| fs::confine(from, &catalog.readable).is_ok();
    let logo = catalog.logo.as_deref().filter(|logo| may_be_read(logo));
    let named = logo.map(|logo| format!("{LOGO}/{LOGO}.{}", extension_of(logo)));
    let portable = portable(path, catalog, named.as_deref())?;
    let mut files = vec![(CATALOG.to_owned(), portable.into_bytes())];
    let mut left = Vec::new();
    let mut take = |name: String, from: &Path| -> Result<(), Failure> {
        if from.is_file() && may_be_read(from) {
            files.push((name, fs::read(from).map_err(unreadable)?));
        }
        Ok(())
    };
    if let Some((name, from)) = named.zip(logo) {
        take(name, from)?;
    }
    for (file, _) in prompts::embedded() {
        let from = catalog.folder.join(PROMPTS).join(&file);
        take(format!("{PROMPTS}/{file}"), &from)?;
    }
    for file in render::template_files() {
        let from = catalog.folder.join(TEMPLATES).join(&file);
        take(format!("{TEMPLATES}/{file}"), &from)?;
    }
    if words == TranscriptPolicy::Included {
        let videos = catalog.talks.iter().map(|entry| &entry.id.video);
        let videos: BTreeSet<_> = videos.collect();
        let folder = CaptionFolder::new(catalog);
        for file in folder.claimed(&videos).map_err(unreadable_captions)? {
            let from = catalog.fetch.captions.join(&file);
            if is_caption_file(&file) && may_be_read(&from) {
                take(format!("{CAPTIONS}/{file}"), &from)?;
            } else {
                left.push(file);
            }
        }
    }
    Ok(Outgoing { files, left })
}

/// The catalog without settings of where things are on this machine: in the folder where it
/// arrives, they are in their usual places.
fn portable(path: &Path, catalog: &Catalog, logo: Option<&str>) -> Result<String, Failure> {
    let mut draft = Draft::load(path).map_err(|error| {
        let hint = error.hint();
        Failure::usage(error, hint)
    })?;
    draft.document.remove("cache");
    match (draft.document.get_mut(LOGO), logo) {
        (Some(there), Some(name)) => *there = toml_edit::value(name),
        _ => drop(draft.document.remove(LOGO)),
    }
    if !is_within(&catalog.folder, &catalog.output) {
        draft.document.remove("output");
    }
    let fetch = draft.document.get_mut("fetch");
    if let Some(fetch) = fetch.and_then(|fetch| fetch.as_table_like_mut()) {
        fetch.remove(CAPTIONS);
    }
    Ok(draft.edited_text())
}

impl ArchivedConference {
    /// Looks at the conference of an archive; `None` where it brings none.
    pub(super) fn of(
        archive: &mut Archive,
        path: &Path,
        existing: Existing,
    ) -> Result<Option<Self>, Failure> {
        let beside = archive.beside().to_vec();
        let Some(file) = beside.iter().find(|file| file.name == CATALOG) else {
            return Ok(None);
        };
        let bytes = archive.read_beside(file, limits::CATALOG);
        let bytes = bytes.map_err(ConferenceError::Unpacked)?;
        let text = String::from_utf8_lossy(&bytes);
        let catalog = Catalog::parse(path, &text).map_err(ConferenceError::Catalog)?;
        ensure_usual_places(&catalog)?;
        let is_here = path.exists();
        let is_same = is_here && fs::read(path).is_ok_and(|here| here == bytes);
        let mut incoming = Self {
            catalog,
            files: Vec::new(),
            existing,
            places: Vec::new(),
        };
        let belongs = !is_here || is_same || existing == Existing::Replace;
        let mut names = HashSet::new();
        for file in beside.iter().filter(|file| file.name != CATALOG) {
            // On some disks, names that differ in case or in how an accent is spelled are one.
            let is_first = names.insert(file.name.nfc().collect::<String>().to_lowercase());
            let place = incoming.place_of(&file.name).filter(|_| is_first);
            let fate = match place {
                None => Fate::Refused(None),
                Some(_) if !belongs => Fate::OtherCatalog,
                Some(place) => incoming.decide(archive, file, place),
            };
            incoming
                .files
                .push(ArchivedFile::undated(file.name.clone(), fate));
        }
        let fate = match (is_here, is_same) {
            (false, _) => Fate::New,
            (_, true) => Fate::Known,
            _ if existing == Existing::Replace => Fate::Replaces,
            _ => Fate::Stays,
        };
        if fate.is_taken() {
            incoming.places.push((file.clone(), path.to_owned()));
        }
        incoming
            .files
            .push(ArchivedFile::undated(CATALOG.to_owned(), fate));
        Ok(Some(incoming))
    }

    /// Whether the catalog of the archive is, or becomes, the one that is here.
    pub(super) fn is_ours(&self) -> bool {
        let is_kept =
            |file: &ArchivedFile| file.name == CATALOG && matches!(file.fate, Fate::Stays);
        !self.files.iter().any(is_kept)
    }

    /// Writes what is to be taken.
    pub(super) fn take(&self, archive: &mut Archive) -> Result<(), Failure> {
        for (file, place) in &self.places {
            let bytes = archive.read_beside(file, limits::FILE);
            let bytes = bytes.map_err(ConferenceError::Unpacked)?;
            if file.name == CATALOG && self.existing == Existing::Replace {
                // As every command does that changes a catalog.
                if let Ok(here) = fs::read(place) {
                    fs::write(&backup_path(place), &here, Existing::Replace).map_err(unwritable)?;
                }
            }
            fs::write(place, &bytes, self.existing).map_err(unwritable)?;
        }
        Ok(())
    }

    /// What becomes of a file that has this place here.
    fn decide(
        &mut self,
        archive: &mut Archive,
        file: &FileBeside,
        (place, most): (PathBuf, u64),
    ) -> Fate {
        // A folder that is a link could lead anywhere.
        let home = self.catalog.folder.clone();
        if let Err(error) = fs::confine(&place, &[home]) {
            let flaw = FileFlaw::Unreadable(CacheError::File(error));
            return Fate::Refused(Some(flaw));
        }
        let bytes = match archive.read_beside(file, most) {
            Ok(bytes) => bytes,
            Err(flaw) => return Fate::Refused(Some(flaw)),
        };
        let fate = match fs::read_at_most(&place, most) {
            Err(error) if error.is_not_found() => Fate::New,
            Ok(here) if here == bytes => return Fate::Known,
            _ if self.existing == Existing::Replace => Fate::Replaces,
            _ => return Fate::Stays,
        };
        self.places.push((file.clone(), place));
        fate
    }

    /// Where a file of the archive belongs, and how large it may be; `None` where a conference has no
    /// such file.
    fn place_of(&self, name: &str) -> Option<(PathBuf, u64)> {
        let (kind, file) = name.split_once('/')?;
        let (is_known, most) = match kind {
            PROMPTS => (
                prompts::embedded().any(|(known, _)| known == file),
                limits::TEMPLATE,
            ),
            TEMPLATES => (
                render::template_files().iter().any(|known| known == file),
                limits::TEMPLATE,
            ),
            CAPTIONS => (is_caption_file(file), limits::CAPTIONS),
            LOGO => (is_logo(file), limits::LOGO),
            _ => return None,
        };
        is_known.then(|| (self.catalog.folder.join(kind).join(file), most))
    }
}

/// Refuses a catalog that keeps its cache or its captions elsewhere than in their usual places: what
/// comes in as a caption file must not lie among the files of a cache, or among anybody's.
fn ensure_usual_places(catalog: &Catalog) -> Result<(), Failure> {
    let folder = &catalog.folder;
    for (key, place, usual) in [
        ("cache", &catalog.cache, folder.join("cache")),
        ("captions", &catalog.fetch.captions, folder.join(CAPTIONS)),
    ] {
        if *place != usual {
            let place = place.clone();
            return Err(ConferenceError::Elsewhere { key, place, usual }.into());
        }
    }
    Ok(())
}

/// The extension that a logo has in an archive: its own, if that is one of a picture.
fn extension_of(logo: &Path) -> &str {
    let own = logo.extension().and_then(OsStr::to_str);
    let own = own.filter(|own| logo::EXTENSIONS.contains(own));
    own.unwrap_or(logo::EXTENSIONS[0])
}

/// Whether this is the name of a logo in an archive.
fn is_logo(name: &str) -> bool {
    name.split_once('.')
        .is_some_and(|(stem, extension)| stem == LOGO && logo::EXTENSIONS.contains(&extension))
}

/// Whether this is the name of a caption file below the captions folder, on every disk.
fn is_caption_file(name: &str) -> bool {
    let is_plain = |part: Component<'_>| match part {
        Component::Normal(part) => part.to_str().is_some_and(is_plain_name),
        _ => false,
    };
    let mut parts = Path::new(name).components();
    !name.ends_with('/') && parts.all(is_plain) && has_caption_extension(name)
}

/// Whether a name means the same on every system: on Windows some characters and names do not.
fn is_plain_name(name: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.trim_end_matches(|last: char| last.is_ascii_digit() || "¹²³".contains(last));
    let is_device = DEVICES
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device));
    let is_odd = |letter: char| letter.is_control() || "\\/:*?\"<>|".contains(letter);
    !name.starts_with('.') && !name.ends_with(['.', ' ']) && !is_device && !name.contains(is_odd)
}

/// Whether a place is below a folder, as it is written.
fn is_within(folder: &Path, place: &Path) -> bool {
    let below = place.strip_prefix(folder).ok();
    below.is_some_and(|below| {
        let is_plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        place.is_absolute() == folder.is_absolute() && below.components().all(is_plain)
    })
}

fn unreadable(error: FileError) -> Failure {
    Failure::run(error, Some("check its permissions, and export again"))
}

fn unreadable_captions(error: LocalError) -> Failure {
    let hint = error.hint();
    Failure::run(error, Some(hint))
}

fn unwritable(error: FileError) -> Failure {
    let hint = "make the folder of the catalog writable, and import again";
    Failure::run(error, Some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_a_conference_have_a_place() {
        let catalog = "title = \"T\"\ntalks = [\"rustyCache1\"]\n";
        let incoming = ArchivedConference {
            catalog: Catalog::parse(Path::new("conf/catalog.toml"), catalog).unwrap(),
            files: Vec::new(),
            existing: Existing::Keep,
            places: Vec::new(),
        };
        let place = |name: &str| {
            let (place, _) = incoming.place_of(name)?;
            Some(place.to_string_lossy().replace('\\', "/"))
        };
        for (name, is_known) in [
            ("prompts/summary.hbs", true),
            ("templates/page.md.hbs", true),
            ("templates/html/style.css", true),
            ("captions/rustyCache1.vtt", true),
            ("captions/2026/Key note.SRT", true),
            ("captions/Größe 10.vtt", true),
            ("logo/logo.svg", true),
            ("logo/evil.svg", false),
            ("logo/logo.svg.sh", false),
            ("captions/../evil.vtt", false),
            ("captions/./evil.vtt", false),
            ("captions//etc/evil.vtt", false),
            ("captions/..\\evil.vtt", false),
            ("captions/C:evil.vtt", false),
            ("captions/evil.vtt:stream.vtt", false),
            ("captions/.hidden.vtt", false),
            ("captions/.git/config.txt", false),
            ("captions/COM1.vtt", false),
            ("captions/nul.en.vtt", false),
            ("captions/a./evil.vtt", false),
            ("captions/evil\u{1b}[2J.vtt", false),
            ("captions/run.sh", false),
            ("captions/evil.vtt/", false),
            ("prompts/../catalog.toml", false),
            ("prompts/tone.hbs", false),
            ("prompts/", false),
            ("evil.toml", false),
            ("cache/rustyCache1/x.json", false),
        ] {
            let expected = is_known.then(|| format!("conf/{name}"));
            assert_eq!(place(name), expected, "{name}");
        }
    }

    #[test]
    fn whether_a_place_is_below_a_folder_is_told_by_how_it_is_written() {
        for (folder, place, expected) in [
            ("", "page", true),
            ("conf", "conf/page", true),
            ("conf", "conf/./page", true),
            ("/conf", "/conf/page", true),
            ("", "/page", false),
            ("", "../page", false),
            ("conf", "conf/../page", false),
            ("conf", "/conf/page", false),
        ] {
            let is_within = is_within(Path::new(folder), Path::new(place));
            assert_eq!(is_within, expected, "{folder} {place}");
        }
    }
}
