//! `render`, the writing of pages that `build` and `site` end with, and the talks as far as they are
//! cached, which every command that only looks begins with.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::catalog::Entry;
use crate::cli::closing::{self, Goal};
use crate::cli::output::print;
use crate::cli::workshop::Workshop;
use crate::cli::{Ending, Failure, Globals, thumbnails};
use crate::fs::{self, Existing};
use crate::pipeline::{Outcome, Pipeline};
use crate::render::Format;
use crate::render::page::Header;
use crate::report::lines::Lines;
use crate::report::{Reporter, Verbosity};
use crate::talk::SummarizedTalk;
use crate::work::Work;

#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    /// A format of the page; without any, those of the catalog
    #[arg(long, value_name = "FORMAT", num_args = 1.., value_delimiter = ',')]
    format: Vec<Format>,
    /// The folder for the page, or `-` to print one format
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Refuse to make a page with results that are stale
    #[arg(long)]
    strict: bool,
}

/// Makes the page from the cache. Nobody outside is asked.
pub(super) fn render(globals: &Globals, arguments: &RenderArgs) -> Result<Ending, Failure> {
    let workshop = Workshop::open(globals)?;
    let catalog = &workshop.catalog;
    let formats = if arguments.format.is_empty() {
        &catalog.formats
    } else {
        &arguments.format
    };
    let output = arguments.output.as_deref().unwrap_or(&catalog.output);
    let is_printed = output == Path::new("-");
    let ((true, [format]) | (false, [format, ..])) = (is_printed, &formats[..]) else {
        let error = if is_printed {
            "`--output -` prints one format"
        } else {
            "the catalog names no format"
        };
        return Err(Failure::usage(
            error,
            Some("name one with `--format markdown`, `html`, `classic`, `json`, `feed` or `csv`"),
        ));
    };

    let entries: Vec<&Entry> = catalog.visible().collect();
    let outcomes = recalled(&workshop, &entries, &Lines::new(Verbosity::Quiet))?;
    if arguments.strict {
        closing::nothing_stale(&outcomes)?;
    }
    let pages = if is_printed {
        let header = header(&workshop, None)?;
        print(&rendered(&workshop, &talks(&outcomes), *format, &header)?)?;
        Vec::new()
    } else {
        write(&workshop, &outcomes, formats, output)?
    };
    thumbnails::say_lacking(globals, &workshop, &entries)?;
    Ok(closing::report(
        globals,
        catalog,
        &outcomes,
        None,
        if formats == &[Format::Classic] {
            Goal::ClassicPage
        } else {
            Goal::Page
        },
        &pages,
    ))
}

/// The page of a catalog in one format, as far as it is cached.
pub(super) fn in_format(globals: &Globals, format: Format) -> Result<String, Failure> {
    let workshop = Workshop::open(globals)?;
    let entries: Vec<&Entry> = workshop.catalog.visible().collect();
    let outcomes = recalled(&workshop, &entries, &Lines::new(Verbosity::Quiet))?;
    let header = header(&workshop, None)?;
    rendered(&workshop, &talks(&outcomes), format, &header)
}

/// These talks, as far as they are cached.
pub(super) fn recalled(
    workshop: &Workshop,
    entries: &[&Entry],
    reporter: &dyn Reporter,
) -> Result<Vec<Outcome>, Failure> {
    let (fetcher, summarizer) = workshop.asking_nobody(&[], reporter);
    let pipeline = Pipeline::new(fetcher, Some(summarizer), None, reporter);
    let outcomes = futures::executor::block_on(pipeline.run(entries, |_| Work::Recall));
    outcomes.map_err(Failure::from)
}

/// Writes the page in each format, whole or not at all, and says where.
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
    let mut pages = Vec::new();
    for format in formats {
        let page = rendered(workshop, &talks, *format, header)?;
        let path = output.join(format.file_name());
        let written = fs::write(&path, page.as_bytes(), Existing::Replace);
        written.map_err(|error| {
            Failure::run(
                error,
                Some("make room, or choose another folder with `output` in the catalog or `--output`"),
            )
        })?;
        pages.push(path.display().to_string());
    }
    thumbnails::remove_unused(&header.pictures, output)?;
    Ok(pages)
}

/// The talks of these outcomes.
pub(super) fn talks(outcomes: &[Outcome]) -> Vec<&SummarizedTalk> {
    outcomes.iter().map(|outcome| &outcome.talk).collect()
}

fn rendered(
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
