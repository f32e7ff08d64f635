//! The working commands: `build`, `fetch` and `summarize`.
//!
//! A run borrows all its parts from here: catalog, cache, prompts, templates, yt-dlp, the endpoint
//! and whoever shows progress.

use std::collections::HashSet;

use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::{BuildArgs, Globals, MakeArgs};
use crate::cli::ending::{Ending, Failure};
use crate::cli::outside::Outside;
use crate::cli::page::{Overwrite, WrittenPages};
use crate::cli::run_summary::summarize_to;
use crate::cli::runtime::{carry_out, reporter};
use crate::cli::selection::{check_redo, select};
use crate::cli::setup::Setup;
use crate::cli::{final_report, page, plan, thumbnails, usage_report};
use crate::fetch::transcribe::Transcriber;
use crate::fetch::{Fetcher, Visiting};
use crate::pipeline::Pipeline;
use crate::report::tally::Tally;
use crate::report::{begin_to_note, say};
use crate::summarize::Summarizer;
use crate::talk::id::TalkId;
use crate::work::{Goal, Redo, Work};

/// Makes the page, with all that it takes.
pub(super) fn build(globals: &Globals, arguments: &BuildArgs) -> Result<Ending, Failure> {
    let summary = arguments.make.summary.as_deref();
    summarize_to(summary, "build", || make_page(globals, arguments))
}

/// Fetches metadata and captions.
pub(super) fn fetch(globals: &Globals, arguments: &MakeArgs) -> Result<Ending, Failure> {
    let work = || work(globals, arguments, Goal::Fetch);
    summarize_to(arguments.summary.as_deref(), "fetch", work)
}

/// Makes the summaries and categories of what is fetched.
pub(super) fn summarize(globals: &Globals, arguments: &MakeArgs) -> Result<Ending, Failure> {
    let work = || work(globals, arguments, Goal::Summarize);
    summarize_to(arguments.summary.as_deref(), "summarize", work)
}

fn make_page(globals: &Globals, arguments: &BuildArgs) -> Result<Ending, Failure> {
    let BuildArgs { make, force } = arguments;
    if make.dry_run {
        return work(globals, make, Goal::Page);
    }
    let setup = Setup::open(globals)?;
    let Catalog {
        formats, output, ..
    } = &setup.catalog;
    page::ensure_own(&setup, formats, output, Overwrite::by_flag(*force))?;
    work_with(globals, &setup, make, Goal::Page)
}

/// Brings all selected talks as far as the goal, or only says what that would take.
fn work(globals: &Globals, arguments: &MakeArgs, goal: Goal) -> Result<Ending, Failure> {
    if arguments.dry_run {
        return plan::dry_run(globals, &arguments.selection, arguments.max_cost, goal);
    }
    work_with(globals, &Setup::open(globals)?, arguments, goal)
}

fn work_with(
    globals: &Globals,
    setup: &Setup,
    arguments: &MakeArgs,
    goal: Goal,
) -> Result<Ending, Failure> {
    setup.say_unused(globals);
    let selection = &arguments.selection;
    let catalog = &setup.catalog;
    let selected = select(catalog, selection)?;
    let redo = &selection.redo[..];
    check_redo(redo, goal)?;
    setup.share(globals)?;
    let outside = Outside::open(globals, catalog, goal, arguments.max_cost)?;
    let shown_by = reporter(globals.verbosity, catalog.llm.as_ref());
    let tally = Tally::new(&*shown_by);
    let pipeline = assemble(setup, &outside, redo, goal, &tally);

    let entries: Vec<&Entry> = match goal {
        Goal::Page | Goal::ClassicPage => catalog.visible().collect(),
        // Nothing is made of the talks that were not selected, so there is nothing to show either.
        Goal::Fetch | Goal::Summarize => selected.clone(),
    };
    let chosen: HashSet<&TalkId> = selected.iter().map(|entry| &entry.id).collect();
    let work_on = |entry: &Entry| match chosen.contains(&entry.id) {
        true if globals.offline => Work::MakeOffline,
        true => Work::Make,
        false => Work::Recall,
    };
    let videos = entries.iter().map(|entry| &entry.id.video);
    let run = setup.cache.sharing(videos, pipeline.run(&entries, work_on));
    let outcomes = carry_out(run, || pipeline.stop(), &tally)??;
    if arguments.summary.is_some() {
        begin_to_note();
    }
    let mut outcomes = outcomes.map_err(|error| {
        usage_report::report_work(globals, catalog, &tally, goal);
        if goal == Goal::Page {
            say_page_not_written();
        }
        Failure::from(error)
    })?;

    let mut was_stopped = pipeline.was_stopped();
    if !was_stopped && goal != Goal::Summarize {
        let ending = thumbnails::gather(globals, setup, &selected, redo, &tally)?;
        was_stopped = ending == Ending::Stopped;
    }
    let pages = if goal == Goal::Page && !was_stopped {
        page::withhold_words(catalog, &mut outcomes);
        page::write(setup, &outcomes, &catalog.formats, &catalog.output)?
    } else {
        WrittenPages::default()
    };
    let ending = final_report::report(globals, catalog, &outcomes, Some(&tally), goal, &pages);
    if was_stopped {
        if goal == Goal::Page {
            say_page_not_written();
        }
        // What was of no use and is there now is not asked for again.
        if redo.iter().any(|redo| *redo != Redo::Failed) {
            final_report::explain_resuming(&outcomes);
        }
        Ok(Ending::Stopped)
    } else {
        Ok(ending)
    }
}

/// Puts the line together of its parts.
fn assemble<'a>(
    setup: &'a Setup,
    outside: &'a Outside,
    redo: &'a [Redo],
    goal: Goal,
    tally: &'a Tally<'a>,
) -> Pipeline<'a> {
    let Setup { catalog, cache, .. } = setup;
    let client = outside.writer.as_ref();
    let requests = |client| setup.requests(client, outside.budget.as_ref(), tally);
    let summarizer = (goal != Goal::Fetch).then(|| Summarizer {
        decider: setup.decider(redo),
        requests: client.map(requests),
        reporter: tally,
    });
    let (visiting, transcriber) = match &outside.visitors {
        None => (Visiting::Never, None),
        Some((yt_dlp, captions)) => {
            let listening = catalog.transcribe.as_ref().zip(outside.listener.as_ref());
            let transcriber = listening.map(|(settings, listener)| {
                let requests = requests(listener.client());
                Transcriber::new(catalog, settings, yt_dlp, listener, requests, redo)
            });
            (Visiting::With(yt_dlp, captions), transcriber)
        }
    };
    let fetcher = Fetcher::new(catalog, cache, visiting, transcriber, redo, tally);
    Pipeline::new(fetcher, summarizer, client, tally)
}

fn say_page_not_written() {
    say(format_args!(
        "The page was not written. `proceedings render` makes it from the cache."
    ));
}
