//! `render`: makes the page from the cache.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::cache::Cache;
use crate::catalog::Entry;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::output::print;
use crate::cli::page::{Overwrite, WrittenPages};
use crate::cli::setup::Setup;
use crate::cli::{final_report, page, thumbnails};
use crate::fetch::failure::{FetchFailure, Reason};
use crate::pipeline::Outcome;
use crate::render::Format;
use crate::report::Verbosity;
use crate::report::lines::Lines;
use crate::summarize::SummarizeError;
use crate::work::Goal;

#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    /// A format of the page [default: those of the catalog]
    #[arg(long, value_name = "FORMAT", num_args = 1.., value_delimiter = ',')]
    format: Vec<Format>,
    /// The folder for the page, or `-` to print one format
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Make no page when a result is stale
    #[arg(long)]
    strict: bool,
    /// Replace files that this program did not write, if they are in the page's place
    #[arg(long)]
    force: bool,
}

/// Makes the page from the cache. Nobody outside is asked.
pub(super) fn render(globals: &Globals, arguments: &RenderArgs) -> Result<Ending, Failure> {
    let setup = Setup::open(globals)?;
    setup.say_unused(globals);
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

    if !is_printed {
        let overwrite = Overwrite::by_flag(arguments.force);
        page::ensure_own(&setup, formats, output, overwrite)?;
    }
    let entries: Vec<&Entry> = catalog.visible().collect();
    let mut outcomes = setup.recall(&entries, &Lines::new(Verbosity::Quiet))?;
    say_what_to_fetch(&setup.cache, &mut outcomes)?;
    if arguments.strict {
        final_report::refuse_stale(&outcomes)?;
    }
    page::withhold_words(catalog, &mut outcomes);
    let pages = if is_printed {
        let header = page::header(&setup, None)?;
        print(&page::print_page(
            &setup,
            &page::talks(&outcomes),
            *format,
            &header,
        )?)?;
        WrittenPages::default()
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

/// Of a talk that was never visited, it is said that it is not fetched. Where that is so of all
/// talks, there is no page to make yet.
fn say_what_to_fetch(cache: &Cache, outcomes: &mut [Outcome]) -> Result<(), Failure> {
    let mut unvisited = 0;
    for outcome in outcomes.iter_mut() {
        let lacks_words = matches!(outcome.summary, Some(SummarizeError::NothingToRead));
        let video = &outcome.talk.talk.id.video;
        if lacks_words && outcome.fetch.is_none() && !cache.has_any(video)? {
            outcome.fetch = Some(FetchFailure::new(Reason::Offline).into());
            unvisited += 1;
        }
    }
    if unvisited == 0 || unvisited < outcomes.len() {
        return Ok(());
    }
    let error = "nothing is fetched yet, so there is nothing to render";
    let hint = "run `proceedings build`, which fetches, summarizes and renders";
    Err(Failure::run(error, Some(hint)))
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
