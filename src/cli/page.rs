//! The pages of a conference, made of talks that are at hand and written beside their pictures.

use std::env;
use std::path::Path;
use std::time::SystemTime;

use crate::catalog::Entry;
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::thumbnails;
use crate::cli::workshop::Workshop;
use crate::fs::{self, Existing};
use crate::pipeline::Outcome;
use crate::render::Format;
use crate::render::inputs::Inputs;
use crate::render::page::Header;
use crate::report::Verbosity;
use crate::report::lines::Lines;
use crate::talk::SummarizedTalk;

/// The page of a catalog in one format, as far as it is cached.
pub(super) fn in_format(globals: &Globals, format: Format) -> Result<String, Failure> {
    let workshop = Workshop::open(globals)?;
    let entries: Vec<&Entry> = workshop.catalog.visible().collect();
    let outcomes = workshop.recalled(&entries, &Lines::new(Verbosity::Quiet))?;
    let header = header(&workshop, None)?;
    rendered(&workshop, &talks(&outcomes), format, &header)
}

/// Writes the page in each format, whole or not at all, and says where. One that is there already,
/// made of the same, stays.
pub(super) fn write(
    workshop: &Workshop,
    outcomes: &[Outcome],
    formats: &[Format],
    output: &Path,
) -> Result<Vec<String>, Failure> {
    let mut header = header(workshop, Some(output))?;
    header.has_feed |= formats.contains(&Format::Feed);
    write_under(&header, workshop, outcomes, formats, output)
}

/// As `write`, with something of the caller's own over the talks.
pub(super) fn write_under(
    header: &Header,
    workshop: &Workshop,
    outcomes: &[Outcome],
    formats: &[Format],
    output: &Path,
) -> Result<Vec<String>, Failure> {
    let talks = talks(outcomes);
    let inputs = program().map(|it| Inputs::new(&it, &workshop.templates, header, &talks));
    let mut pages = Vec::new();
    for format in formats {
        let path = output.join(format.file_name());
        let inputs = inputs.as_ref().map(|inputs| inputs.of(*format));
        let make = || rendered(workshop, &talks, *format, header);
        pages.push(write_page(workshop, &path, inputs.as_deref(), make)?);
    }
    thumbnails::remove_unused(&header.pictures, output)?;
    Ok(pages)
}

/// Writes one page, unless it is there as it would be made of these inputs, and says which.
fn write_page(
    workshop: &Workshop,
    path: &Path,
    inputs: Option<&str>,
    make: impl FnOnce() -> Result<String, Failure>,
) -> Result<String, Failure> {
    let cache = &workshop.cache;
    if inputs.is_some_and(|inputs| cache.has_written(path, inputs)) {
        return Ok(format!("{} is up to date", path.display()));
    }
    let page = make()?;
    let written = fs::write(path, page.as_bytes(), Existing::Replace);
    written.map_err(|error| {
        let hint = "make room, or choose another folder with `output` in the catalog or `--output`";
        Failure::run(error, Some(hint))
    })?;
    if let Some(inputs) = inputs {
        cache.remember_written(path, inputs, page.as_bytes());
    }
    Ok(format!("wrote {}", path.display()))
}

/// Which program this is, as far as its file tells: another one may make other pages.
fn program() -> Option<(u64, SystemTime)> {
    fs::size_and_time(&env::current_exe().ok()?).ok()?
}

/// The talks of these outcomes.
pub(super) fn talks(outcomes: &[Outcome]) -> Vec<&SummarizedTalk> {
    outcomes.iter().map(|outcome| &outcome.talk).collect()
}

/// The page in one format.
pub(super) fn rendered(
    workshop: &Workshop,
    talks: &[&SummarizedTalk],
    format: Format,
    header: &Header,
) -> Result<String, Failure> {
    let page = workshop.templates.render(format, header, talks);
    page.map_err(|error| {
        Failure::run(
            error,
            Some("mend the template, or take it away to get the embedded one"),
        )
    })
}

/// What stands over the talks. The pictures of a page that brings its own are laid beside it, where
/// it is written into a folder.
pub(super) fn header(workshop: &Workshop, output: Option<&Path>) -> Result<Header, Failure> {
    let catalog = &workshop.catalog;
    let categories = catalog.categories.iter();
    Ok(Header {
        title: catalog.title.clone(),
        intro: catalog.intro.clone(),
        language: catalog.language.clone(),
        categories: categories
            .map(|category| (category.name.clone(), category.description.clone()))
            .collect(),
        pictures: thumbnails::pictures(workshop, output)?,
        url: catalog.url.clone(),
        home: None,
        has_feed: catalog.formats.contains(&Format::Feed),
    })
}
