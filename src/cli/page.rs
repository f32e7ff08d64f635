//! `render`, and the writing of pages that `build` ends with.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::catalog::{Catalog, Entry};
use crate::cli::closing::{self, Goal};
use crate::cli::workshop::Workshop;
use crate::cli::{Ending, Failure, Globals};
use crate::fetch::Fetcher;
use crate::fs::{self, Existing};
use crate::pipeline::{Outcome, Pipeline};
use crate::render::Format;
use crate::render::page::Header;
use crate::render::pictures::Pictures;
use crate::report::lines::Lines;
use crate::report::{Reporter, Verbosity};
use crate::summarize::Summarizer;
use crate::talk::{Freshness, SummarizedTalk};
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
    if arguments.strict && outcomes.iter().any(is_stale) {
        let error = "some results are stale, and `--strict` refuses them";
        return Err(Failure::run(error, Some("`proceedings build` renews them")));
    }
    let pages = if is_printed {
        print(&rendered(&workshop, &outcomes, *format)?)?;
        Vec::new()
    } else {
        write(&workshop, &outcomes, formats, output)?
    };
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
    rendered(&workshop, &outcomes, format)
}

/// These talks, as far as they are cached.
pub(super) fn recalled(
    workshop: &Workshop,
    entries: &[&Entry],
    reporter: &dyn Reporter,
) -> Result<Vec<Outcome>, Failure> {
    let Workshop {
        catalog,
        cache,
        prompts,
        ..
    } = workshop;
    let fetcher = Fetcher::new(catalog, cache, None, None, &[], reporter);
    let summarizer = Summarizer {
        catalog,
        cache,
        prompts,
        client: None,
        budget: None,
        redo: &[],
        reporter,
    };
    let pipeline = Pipeline::new(fetcher, Some(summarizer), None, reporter);
    let outcomes = futures::executor::block_on(pipeline.run(entries, |_| Work::Recall));
    outcomes.map_err(Failure::from)
}

fn is_stale(outcome: &Outcome) -> bool {
    let summary = outcome
        .talk
        .summary
        .as_ref()
        .map(|summary| summary.freshness);
    let category = outcome
        .talk
        .category
        .as_ref()
        .map(|filing| filing.freshness);
    [summary, category].contains(&Some(Freshness::Stale))
}

/// Writes the page in each format, whole or not at all, and says where.
pub(super) fn write(
    workshop: &Workshop,
    outcomes: &[Outcome],
    formats: &[Format],
    output: &Path,
) -> Result<Vec<String>, Failure> {
    let mut pages = Vec::new();
    for format in formats {
        let page = rendered(workshop, outcomes, *format)?;
        let path = output.join(format.file_name());
        let written = fs::write(&path, page.as_bytes(), Existing::Replace);
        written.map_err(|error| {
            Failure::run(
                error,
                Some("choose another folder with `output` in the catalog"),
            )
        })?;
        pages.push(path.display().to_string());
    }
    Ok(pages)
}

fn rendered(workshop: &Workshop, outcomes: &[Outcome], format: Format) -> Result<String, Failure> {
    let talks: Vec<SummarizedTalk> = outcomes
        .iter()
        .map(|outcome| outcome.talk.clone())
        .collect();
    let page = workshop
        .templates
        .render(format, &header(&workshop.catalog), &talks);
    page.map_err(|error| {
        Failure::run(
            error,
            Some("mend the template, or take it away to get the embedded one"),
        )
    })
}

pub(super) fn header(catalog: &Catalog) -> Header {
    let categories = catalog.categories.iter();
    Header {
        title: catalog.title.clone(),
        intro: catalog.intro.clone(),
        language: catalog.language.clone(),
        categories: categories
            .map(|category| (category.name.clone(), category.description.clone()))
            .collect(),
        pictures: Pictures::Linked,
        url: catalog.url.clone(),
    }
}

/// Prints a page or what else is asked for; that its reader has had enough is no failure.
pub(super) fn print(page: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(page.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::run(error, None::<String>))
        }
        _ => Ok(()),
    }
}
