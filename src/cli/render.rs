//! `render`: makes the page from the cache.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::catalog::Entry;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::output::print;
use crate::cli::setup::Setup;
use crate::cli::{final_report, page, thumbnails};
use crate::render::Format;
use crate::report::Verbosity;
use crate::report::lines::Lines;
use crate::work::Goal;

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
    let setup = Setup::open(globals)?;
    let catalog = &setup.catalog;
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
    let outcomes = setup.recall(&entries, &Lines::new(Verbosity::Quiet))?;
    if arguments.strict {
        final_report::refuse_stale(&outcomes)?;
    }
    let pages = if is_printed {
        let header = page::header(&setup, None)?;
        print(&page::render_page(
            &setup,
            &page::talks(&outcomes),
            *format,
            &header,
        )?)?;
        Vec::new()
    } else {
        page::write(&setup, &outcomes, formats, output)?
    };
    thumbnails::say_lacking(globals, &setup, &entries)?;
    Ok(final_report::report(
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

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
