//! The pages of single talks, written beside the page of their conference.
//!
//! A page that would be made of the same stays as it is, and a build with nothing to do reads no
//! transcript and none of these pages. What no talk has any more goes, if it is ours.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use crate::cache::PageSet;
use crate::catalog::{Catalog, Entry};
use crate::cli::ending::Failure;
use crate::cli::page::{self, WrittenPages};
use crate::cli::setup::Setup;
use crate::fs::{self, Existing, FileError};
use crate::numbers::pluralize;
use crate::render::Format;
use crate::render::inputs::Inputs;
use crate::render::page::Header;
use crate::render::recognize::is_marked;
use crate::render::talk_pages::{
    FOLDER, INDEX, TalkFolders, TalkPage, Words, is_folder, talk_pages,
};
use crate::report::{causes, say};
use crate::talk::SummarizedTalk;
use crate::talk::id::TalkId;
use crate::talk::transcript::Transcript;

/// Where the pages of talks are, if the catalog wants them.
pub(super) fn folders(catalog: &Catalog) -> Option<TalkFolders> {
    let videos = catalog.talks.iter().map(|entry| &entry.id.video);
    catalog.pages.then(|| TalkFolders::of(videos))
}

/// Sees to it that these pages take the place of nothing that somebody else has written.
pub(super) fn ensure_own(setup: &Setup, formats: &[Format], output: &Path) -> Result<(), Failure> {
    let Some(folders) = folders(&setup.catalog) else {
        return Ok(());
    };
    if !formats.contains(&Format::Html) {
        return Ok(());
    }
    let folder = output.join(FOLDER);
    let set = setup.cache.page_set(&folder);
    for entry in setup.catalog.visible() {
        let path = page_of(&folders.name(&entry.id));
        if set.is_as_written(&path) {
            continue;
        }
        // What cannot be read is somebody else's, or shows what is wrong when it is written.
        let Ok(there) = fs::read(&folder.join(&path)) else {
            continue;
        };
        if !there.is_empty() && !is_marked(&String::from_utf8_lossy(&there)) {
            return Err(page::not_ours(&folder.join(path)));
        }
    }
    Ok(())
}

/// What the pages of talks are written from, and where to.
pub(super) struct PagesOfTalks<'a> {
    pub(super) setup: &'a Setup,
    pub(super) header: &'a Header,
    pub(super) talks: &'a [&'a SummarizedTalk],
    pub(super) output: &'a Path,
}

/// What pages of talks are made of.
pub(super) struct TalkInputs {
    /// All of them together, with what is alike among them.
    pub(super) whole: String,
    /// Each of them, beside what is its own.
    pub(super) each: Inputs,
}

impl PagesOfTalks<'_> {
    /// Writes the pages that would differ from what is there, takes away those that no talk has any
    /// more, and says both. `with_similar` finds the talks that are alike, if a page is made at all.
    pub(super) fn write<'h>(
        &self,
        inputs: Option<&TalkInputs>,
        with_similar: impl FnOnce() -> &'h Header,
        written: &mut WrittenPages,
    ) -> Result<(), Failure> {
        let folder = self.output.join(FOLDER);
        let mut set = self.setup.cache.page_set(&folder);
        let mut pages = talk_pages(self.header, self.talks);
        let whole = inputs.map(|inputs| &*inputs.whole);
        let paths = pages.iter().map(|page| page_of(&page.folder));
        let paths: Vec<String> = paths.collect();
        let mut count = 0;
        if !whole.is_some_and(|whole| set.is_whole(whole, &paths)) {
            let header = with_similar();
            pages = talk_pages(header, self.talks);
            let private = private(&self.setup.catalog);
            set.begin(whole);
            for (page, path) in pages.iter().zip(&paths) {
                let is_public =
                    self.setup.catalog.transcripts && !private.contains(&page.talk.talk.id);
                let words = if is_public { Words::Shown } else { Words::Kept };
                let inputs = inputs.map(|inputs| inputs.each.of_talk(page, words));
                let is_current = |inputs: &String| set.has_written(path, inputs);
                if !inputs.as_ref().is_some_and(is_current) {
                    self.write_page(page, words, inputs, &mut set)?;
                    count += 1;
                }
            }
        }
        remove_others(&pages, &folder, &mut set, &mut written.lines).map_err(page::not_written)?;
        self.setup.cache.remember_set(&set);
        if count > 0 {
            let pages = pluralize(count, "page");
            let line = format!("wrote {pages} of talks in {}", folder.display());
            written.lines.push(line);
        } else if !pages.is_empty() {
            written
                .lines
                .push(format!("{} is up to date", folder.display()));
        }
        let paths = paths.into_iter().map(|path| format!("{FOLDER}/{path}"));
        written.beside.extend(paths);
        Ok(())
    }

    fn write_page(
        &self,
        page: &TalkPage<'_>,
        words: Words,
        inputs: Option<String>,
        set: &mut PageSet,
    ) -> Result<(), Failure> {
        let folder = self.output.join(FOLDER);
        let path = page_of(&page.folder);
        let place = folder.join(&path);
        fs::confine(&place, &[folder]).map_err(page::not_followed)?;
        let (transcript, is_whole) = match words {
            Words::Shown => transcript(self.setup, page),
            Words::Kept => (None, true),
        };
        let templates = &self.setup.templates;
        let html = templates.render_talk(self.header, page, transcript.as_ref());
        let html = html.map_err(page::not_rendered)?;
        let done = fs::write(&place, html.as_bytes(), Existing::Replace);
        done.map_err(page::not_written)?;
        match inputs {
            // Once what was said can be read, the page is made anew.
            Some(inputs) if is_whole => set.add(&path, &inputs, html.as_bytes()),
            _ => set.forget(&path),
        }
        Ok(())
    }
}

/// The talks whose words are not to be published.
pub(super) fn private(catalog: &Catalog) -> BTreeSet<&TalkId> {
    let private = catalog.talks.iter().filter(|entry| !entry.transcript);
    private.map(|entry: &Entry| &entry.id).collect()
}

/// The page in a folder of a talk, seen from the folder of all of them.
fn page_of(folder: &str) -> String {
    format!("{folder}/{INDEX}")
}

/// What was said in a talk, and whether that is all there is to know: a transcript that cannot be read,
/// or was left out of a commit, costs no page.
fn transcript(setup: &Setup, page: &TalkPage<'_>) -> (Option<Transcript>, bool) {
    let talk = &page.talk.talk;
    match setup.decider(&[]).transcript(talk) {
        Ok(transcript) => (transcript, true),
        Err(error) => {
            say(format_args!(
                "the page of {} is without its transcript: {}",
                talk.id,
                causes(&error)
            ));
            (None, false)
        }
    }
}

/// Takes away the pages of talks that have none any more, with their folders.
fn remove_others(
    pages: &[TalkPage<'_>],
    folder: &Path,
    set: &mut PageSet,
    lines: &mut Vec<String>,
) -> Result<(), FileError> {
    if fs::is_link(folder) {
        // What lies there belongs to somebody else.
        return Ok(());
    }
    // A disk may have kept the case of an earlier name.
    let names = pages.iter().map(|page| page.folder.to_ascii_lowercase());
    let names: HashSet<String> = names.collect();
    for name in fs::names(folder)? {
        if names.contains(&name.to_ascii_lowercase()) || !is_folder(&name) {
            continue;
        }
        let (path, owner) = (page_of(&name), folder.join(&name));
        let place = folder.join(&path);
        if fs::is_link(&owner) || fs::is_link(&place) {
            continue;
        }
        let there = match fs::read(&place) {
            Err(error) if error.is_not_found() => continue,
            there => there?,
        };
        let is_ours = if set.knows(&path) {
            set.is_as_written(&path)
        } else {
            is_marked(&String::from_utf8_lossy(&there))
        };
        if is_ours {
            fs::remove_if_there(&place)?;
            fs::remove_if_empty(&owner)?;
            set.forget(&path);
            lines.push(format!(
                "removed {}, since no talk has this page any more",
                place.display()
            ));
        } else {
            lines.push(format!(
                "{} stays, although no talk has this page any more, because somebody has changed it",
                place.display()
            ));
        }
    }
    fs::remove_if_empty(folder)
}
