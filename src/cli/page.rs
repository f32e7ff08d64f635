//! The pages of a conference, made of talks that are at hand and written beside their pictures.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::env;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::setup::Setup;
use crate::cli::talk_pages::{PagesOfTalks, TalkInputs};
use crate::cli::{crawlers, preview, talk_pages, thumbnails};
use crate::fs::{self, Existing, FileError};
use crate::pipeline::Outcome;
use crate::render::TemplateError;
use crate::render::inputs::Inputs;
use crate::render::page::Header;
use crate::render::recognize::is_page;
use crate::render::similar::with_similar;
use crate::render::{self, Format};
use crate::report::Verbosity;
use crate::report::lines::Lines;
use crate::talk::SummarizedTalk;
use crate::talk::id::VideoId;

/// Which files a page may take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overwrite {
    /// Those that this program has written.
    Own,
    /// Whatever stands there.
    All,
}

impl Overwrite {
    /// What the flag `--force` says.
    pub(super) fn by_flag(is_forced: bool) -> Self {
        if is_forced { Self::All } else { Self::Own }
    }
}

/// Sees to it that the pages in these formats take the place of nothing that somebody else has
/// written. Found out before a page is written, and before anything is paid for.
pub(super) fn ensure_own(
    setup: &Setup,
    formats: &[Format],
    output: &Path,
    overwrite: Overwrite,
) -> Result<(), Failure> {
    if overwrite == Overwrite::All {
        return Ok(());
    }
    ensure_own_formats(setup, formats, output)?;
    talk_pages::ensure_own(setup, formats, output)
}

/// The same for the pages of the conference alone.
pub(super) fn ensure_own_formats(
    setup: &Setup,
    formats: &[Format],
    output: &Path,
) -> Result<(), Failure> {
    let talks = setup.catalog.talks.iter();
    let videos: HashSet<&VideoId> = talks.map(|entry| &entry.id.video).collect();
    for format in formats {
        let path = output.join(format.file_name());
        // What cannot be read is somebody else's, or shows what is wrong when it is written.
        let Ok(there) = fs::read(&path) else {
            continue;
        };
        let is_page = is_page(*format, &String::from_utf8_lossy(&there), &videos);
        if !there.is_empty() && !is_page && !setup.cache.is_as_written(&path) {
            return Err(not_ours(&path));
        }
    }
    Ok(())
}

/// That a file stays, since somebody else has written it.
pub(super) fn not_ours(path: &Path) -> Failure {
    let path = path.display();
    let error = format!("`{path}` was not written by this program, so it stays as it is");
    let hint = "move it away, choose another folder with `output` in the catalog or `render --output DIR`, or replace it with `--force`";
    Failure::run(error, Some(hint))
}

/// That pages are not written where a link leads.
pub(super) fn not_followed(error: FileError) -> Failure {
    let hint = "delete the link, or name its folder with `render --output DIR`";
    Failure::run(error, Some(hint))
}

/// The page of a catalog in one format, as far as it is cached.
pub(super) fn render_format(globals: &Globals, format: Format) -> Result<String, Failure> {
    let setup = Setup::open(globals)?;
    let entries: Vec<&Entry> = setup.catalog.visible().collect();
    let mut outcomes = setup.recall(&entries, &Lines::new(Verbosity::Quiet))?;
    withhold_words(&setup.catalog, &mut outcomes);
    let header = header(&setup, None)?;
    print_page(&setup, &talks(&outcomes), format, &header)
}

/// The page in one format with all that it shows, for whoever makes only this one.
pub(super) fn print_page(
    setup: &Setup,
    talks: &[&SummarizedTalk],
    format: Format,
    header: &Header,
) -> Result<String, Failure> {
    if shows_similar(format) {
        render_page(setup, talks, format, &with_similar(header, talks))
    } else {
        render_page(setup, talks, format, header)
    }
}

/// What is told of pages that were written.
#[derive(Debug, Default)]
pub(super) struct WrittenPages {
    /// A line a page.
    pub(super) lines: Vec<String>,
    /// The one for a browser, if there is one.
    pub(super) to_open: Option<PathBuf>,
    /// What else was written or is as it was written: pages of single talks and files for crawlers,
    /// seen from the folder.
    pub(super) beside: Vec<String>,
}

/// Writes the page in each format, whole or not at all, and says where. One that is there already,
/// made of the same, stays.
pub(super) fn write(
    setup: &Setup,
    outcomes: &[Outcome],
    formats: &[Format],
    output: &Path,
) -> Result<WrittenPages, Failure> {
    let mut header = header(setup, Some(output))?;
    header.has_feed |= formats.contains(&Format::Feed);
    write_with_header(&header, setup, outcomes, formats, output)
}

/// As `write`, with something of the caller's own over the talks.
pub(super) fn write_with_header(
    header: &Header,
    setup: &Setup,
    outcomes: &[Outcome],
    formats: &[Format],
    output: &Path,
) -> Result<WrittenPages, Failure> {
    let talks = talks(outcomes);
    let inputs = program().map(|it| Inputs::new(&it, &setup.templates, header, &talks));
    let with_similar = LazyCell::new(|| with_similar(header, &talks));
    let mut pages = WrittenPages::default();
    for format in formats {
        let path = output.join(format.file_name());
        let inputs = inputs.as_ref().map(|inputs| inputs.of(*format));
        let make = || {
            let header = if shows_similar(*format) {
                &*with_similar
            } else {
                header
            };
            render_page(setup, &talks, *format, header)
        };
        let line = write_page(setup, &path, inputs.as_deref(), make)?;
        pages.lines.push(line);
        if *format == Format::Html {
            pages.to_open = Some(path);
        }
    }
    if formats.contains(&Format::Html) {
        let talk_inputs = inputs
            .as_ref()
            .zip(program())
            .map(|(all, program)| TalkInputs {
                whole: all.of_talks(&(
                    setup.catalog.transcripts,
                    talk_pages::private(&setup.catalog),
                )),
                each: Inputs::new(&program, &setup.templates, header, &[(); 0]),
            });
        let of_talks = PagesOfTalks {
            setup,
            header,
            talks: &talks,
            output,
        };
        of_talks.write(talk_inputs.as_ref(), || &with_similar, &mut pages)?;
        let of_page = inputs.as_ref().map(|inputs| inputs.of(Format::Html));
        let preview = preview::write(setup, header, &talks, of_page.as_deref(), output)?;
        pages.beside.extend(preview);
        let talks = render::talk_pages::talk_pages(header, &talks);
        let files = render::crawlers::of_conference(header, &talks, formats);
        pages.beside.extend(crawlers::write(&files, output)?);
    }
    thumbnails::remove_unused(&header.pictures, output)?;
    Ok(pages)
}

/// Writes one page, unless it is there as it would be made of these inputs, and says which.
fn write_page(
    setup: &Setup,
    path: &Path,
    inputs: Option<&str>,
    make: impl FnOnce() -> Result<String, Failure>,
) -> Result<String, Failure> {
    let cache = &setup.cache;
    if inputs.is_some_and(|inputs| cache.has_written(path, inputs)) {
        return Ok(format!("{} is up to date", path.display()));
    }
    let page = make()?;
    let written = fs::write(path, page.as_bytes(), Existing::Replace);
    written.map_err(not_written)?;
    if let Some(inputs) = inputs {
        cache.remember_written(path, inputs, page.as_bytes());
    }
    Ok(format!("wrote {}", path.display()))
}

/// That a page could not be written.
pub(super) fn not_written(error: FileError) -> Failure {
    let hint = if error.is_denied() {
        "check the permissions of the folder, or choose another one with `output` in the catalog or `render --output DIR`"
    } else {
        "make room on the disk, or choose another folder with `output` in the catalog or `render --output DIR`"
    };
    Failure::run(error, Some(hint))
}

/// That a template made no page.
pub(super) fn not_rendered(error: TemplateError) -> Failure {
    let hint = "correct the template, or delete it to get the embedded one";
    Failure::run(error, Some(hint))
}

/// Which program this is, as far as its file tells: another one may make other pages.
fn program() -> Option<(u64, SystemTime)> {
    fs::size_and_time(&env::current_exe().ok()?).ok()?
}

/// Whether the pages in a format show which talks are alike.
fn shows_similar(format: Format) -> bool {
    matches!(format, Format::Html | Format::Json)
}

/// Takes out of talks what is not to be published of them. For whoever makes pages for others, before
/// they are made.
pub(super) fn withhold_words(catalog: &Catalog, outcomes: &mut [Outcome]) {
    let private = talk_pages::private(catalog);
    for Outcome { talk, .. } in outcomes {
        if private.contains(&talk.talk.id) {
            talk.withhold_words();
        }
    }
}

/// The talks of these outcomes.
pub(super) fn talks(outcomes: &[Outcome]) -> Vec<&SummarizedTalk> {
    outcomes.iter().map(|outcome| &outcome.talk).collect()
}

/// The page in one format.
pub(super) fn render_page(
    setup: &Setup,
    talks: &[&SummarizedTalk],
    format: Format,
    header: &Header,
) -> Result<String, Failure> {
    let page = setup.templates.render(format, header, talks);
    page.map_err(not_rendered)
}

/// What stands over the talks. The pictures of a page that brings its own are laid beside it, where
/// it is written into a folder.
pub(super) fn header(setup: &Setup, output: Option<&Path>) -> Result<Header, Failure> {
    let catalog = &setup.catalog;
    let categories = catalog.categories.iter();
    Ok(Header {
        title: catalog.title.clone(),
        intro: catalog.intro.clone(),
        language: catalog.language.clone(),
        categories: categories
            .map(|category| (category.name.clone(), category.about.clone()))
            .collect(),
        pictures: thumbnails::pictures(setup, output)?,
        url: catalog.url.clone(),
        home: None,
        has_feed: catalog.formats.contains(&Format::Feed),
        place: catalog.place.clone(),
        dates: catalog.dates.clone(),
        website: catalog.website.clone(),
        logo: setup.logo.clone(),
        similar: None,
        talk_pages: output.and_then(|_| talk_pages::folders(catalog)),
    })
}
