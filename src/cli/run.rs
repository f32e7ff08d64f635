//! The working commands: `build`, `fetch` and `summarize`.
//!
//! A run borrows all its parts from here: catalog, cache, prompts, templates, yt-dlp, the endpoint
//! and whoever shows progress. Ctrl-C is heard here too.

use std::collections::HashSet;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;

use crate::catalog::{Catalog, Entry, LlmSettings};
use crate::cli::closing::{self, Goal};
use crate::cli::selection::Only;
use crate::cli::workshop::{self, Workshop};
use crate::cli::{Ending, Failure, Globals, MakeArgs, Selection, page, plan, spent, thumbnails};
use crate::fetch::Fetcher;
use crate::fetch::transcribe::Transcriber;
use crate::pipeline::Pipeline;
use crate::report::bars::Bars;
use crate::report::lines::Lines;
use crate::report::tally::Tally;
use crate::report::{Event, Reporter, Verbosity, say};
use crate::summarize::Summarizer;
use crate::talk::id::TalkId;
use crate::work::{Stage, Step, Work};

/// Fetch, summarize, categorize, render.
pub(super) fn build(globals: &Globals, arguments: &MakeArgs) -> Result<Ending, Failure> {
    make(globals, arguments, Goal::Page)
}

/// Metadata and captions only.
pub(super) fn fetch(globals: &Globals, selection: &Selection) -> Result<Ending, Failure> {
    work(globals, selection, None, Goal::Fetch)
}

/// Summaries and categories of what is fetched.
pub(super) fn summarize(globals: &Globals, arguments: &MakeArgs) -> Result<Ending, Failure> {
    make(globals, arguments, Goal::Summarize)
}

fn make(globals: &Globals, arguments: &MakeArgs, goal: Goal) -> Result<Ending, Failure> {
    let selection = &arguments.selection;
    if arguments.dry_run {
        return plan::dry_run(globals, selection, goal);
    }
    work(globals, selection, arguments.max_cost, goal)
}

fn work(
    globals: &Globals,
    selection: &Selection,
    max_cost: Option<f64>,
    goal: Goal,
) -> Result<Ending, Failure> {
    let workshop = Workshop::open(globals)?;
    let catalog = &workshop.catalog;
    let selected = selected(catalog, selection)?;
    let redo = redone(selection, goal)?;
    let asks_youtube = !globals.offline && goal != Goal::Summarize;
    let asks_model = !globals.offline && goal != Goal::Fetch;
    let yt_dlp = if asks_youtube {
        Some(workshop::yt_dlp(catalog)?)
    } else {
        None
    };
    let client = match &catalog.llm {
        Some(llm) if asks_model => Some(workshop::client(llm)?),
        _ => None,
    };
    let budget = match (&catalog.llm, max_cost) {
        (Some(llm), Some(most)) => Some(workshop::budget(llm, most)?),
        _ => None,
    };
    let listener = match &catalog.transcribe {
        Some(settings) if asks_youtube => Some(workshop::transcription_client(settings)?),
        _ => None,
    };
    let shown_by = reporter(globals.verbosity, catalog.llm.as_ref());
    let tally = Tally::new(&*shown_by);
    let summarizer = (goal != Goal::Fetch).then(|| Summarizer {
        catalog,
        cache: &workshop.cache,
        prompts: &workshop.prompts,
        client: client.as_ref(),
        budget: budget.as_ref(),
        redo: &redo,
        reporter: &tally,
    });
    let cache = &workshop.cache;
    let transcriber = match (&catalog.transcribe, &listener, &yt_dlp) {
        (Some(settings), Some(listener), Some(yt_dlp)) => Some(Transcriber::new(
            catalog, settings, cache, yt_dlp, listener, &redo, &tally,
        )),
        _ => None,
    };
    let fetcher = Fetcher::new(catalog, cache, yt_dlp.as_ref(), transcriber, &redo, &tally);
    let pipeline = Pipeline::new(fetcher, summarizer, client.as_ref(), &tally);

    let entries: Vec<&Entry> = match goal {
        Goal::Page | Goal::ClassicPage => catalog.visible().collect(),
        // Nothing is made of the talks that were not selected, so there is nothing to show either.
        Goal::Fetch | Goal::Summarize => selected.clone(),
    };
    let chosen: HashSet<&TalkId> = selected.iter().map(|entry| &entry.id).collect();
    let work_on = |entry: &Entry| {
        if chosen.contains(&entry.id) {
            Work::Make
        } else {
            Work::Recall
        }
    };
    let run = pipeline.run(&entries, work_on);
    let outcomes = carried_out(run, || pipeline.stop(), &tally)?;
    let outcomes = outcomes.map_err(|error| {
        spent::work_done(globals, catalog, &tally, goal);
        if goal == Goal::Page {
            say(format_args!(
                "the page was not written; `proceedings render` makes it of what is cached"
            ));
        }
        Failure::from(error)
    })?;

    let mut was_stopped = pipeline.was_stopped();
    if !was_stopped && goal != Goal::Summarize {
        let ending = thumbnails::gather(globals, &workshop, &selected, &redo, &tally)?;
        was_stopped = ending == Ending::Stopped;
    }
    let pages = if goal == Goal::Page && !was_stopped {
        page::write(&workshop, &outcomes, &catalog.formats, &catalog.output)?
    } else {
        Vec::new()
    };
    let ending = closing::report(globals, catalog, &outcomes, Some(&tally), goal, &pages);
    if was_stopped {
        if !redo.is_empty() {
            closing::how_to_go_on(&outcomes);
        }
        Ok(Ending::Stopped)
    } else {
        Ok(ending)
    }
}

/// Carries out a run, and tells it to stop at the first Ctrl-C. The second leaves at once: what is
/// kept is kept whole, and the lifeline ends the visits.
pub(super) fn carried_out<T>(
    run: impl Future<Output = T>,
    stop: impl FnOnce(),
    reporter: &dyn Reporter,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::run(error, None::<String>))?;
    Ok(runtime.block_on(until_stopped(run, stop, reporter)))
}

async fn until_stopped<T>(
    run: impl Future<Output = T>,
    stop: impl FnOnce(),
    reporter: &dyn Reporter,
) -> T {
    let mut run = std::pin::pin!(run);
    tokio::select! {
        // Ctrl-C is listened to before the first talk begins.
        biased;
        _ = tokio::signal::ctrl_c() => {
            reporter.report(Event::Stopping);
            stop();
        }
        done = &mut run => return done,
    }
    tokio::select! {
        done = &mut run => done,
        _ = tokio::signal::ctrl_c() => leave(),
    }
}

#[expect(clippy::exit, reason = "the second Ctrl-C means now")]
fn leave() -> ! {
    std::process::exit(130)
}

/// The entries to work on. A hidden talk that is asked for by name would be passed over without a
/// word.
pub(super) fn selected<'a>(
    catalog: &'a Catalog,
    selection: &Selection,
) -> Result<Vec<&'a Entry>, Failure> {
    let visible: Vec<&Entry> = catalog.visible().collect();
    let only = Only::of(&selection.only, &[catalog])?;
    if let Some(hidden) = only.not_among(&visible) {
        let error = format!("`{hidden}` is hidden in the catalog");
        return Err(Failure::usage(error, Some("take `hide` out of its entry")));
    }
    Ok(only
        .among(visible.into_iter())
        .take(selection.limit.map_or(usize::MAX, NonZeroUsize::get))
        .collect())
}

/// The stages to do again. One that the command does not come to would be passed over without a
/// word.
pub(super) fn redone(selection: &Selection, goal: Goal) -> Result<Vec<Stage>, Failure> {
    let redo: Vec<Stage> = selection.redo.iter().copied().map(Stage::from).collect();
    let is_fetched = |stage: &&Stage| Step::from(**stage) == Step::Fetch;
    let (command, other, strange) = match goal {
        Goal::Fetch => (
            "fetch",
            "summarize",
            redo.iter().find(|stage| !is_fetched(stage)),
        ),
        Goal::Summarize => ("summarize", "fetch", redo.iter().find(is_fetched)),
        Goal::Page | Goal::ClassicPage => return Ok(redo),
    };
    match strange.map(|stage| stage.name()) {
        None => Ok(redo),
        Some(stage) => Err(Failure::usage(
            format!("`{command}` makes no {stage}"),
            Some(format!("`proceedings {other} --redo {stage}` does")),
        )),
    }
}

pub(super) fn reporter(verbosity: Verbosity, llm: Option<&LlmSettings>) -> Box<dyn Reporter> {
    if io::stderr().is_terminal() && verbosity != Verbosity::Quiet {
        Box::new(Bars::new(verbosity, llm.and_then(|llm| llm.price)))
    } else {
        Box::new(Lines::new(verbosity))
    }
}
