//! The working commands: `build`, `fetch` and `summarize`.
//!
//! A run borrows all its parts from here: catalog, cache, prompts, templates, yt-dlp, the endpoint
//! and whoever shows progress. Ctrl-C is heard here too.

use std::collections::HashSet;
use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::cache::Cache;
use crate::catalog::{Catalog, Entry, LlmSettings};
use crate::cli::closing::{self, Made};
use crate::cli::{Ending, Failure, Globals, Selection, page};
use crate::fetch::Fetcher;
use crate::fetch::yt_dlp::{YtDlp, YtDlpSettings};
use crate::llm::client::{ApiKey, Authorization, Client, ClientSettings};
use crate::pipeline::{Outcome, Pipeline, RunError};
use crate::prompts::Prompts;
use crate::render::Templates;
use crate::report::bars::Bars;
use crate::report::lines::Lines;
use crate::report::tally::Tally;
use crate::report::{Event, Reporter, Verbosity};
use crate::summarize::Summarizer;
use crate::talk::{TalkId, VideoId};
use crate::work::{Stage, Work};

/// What stands ready before a run: everything that can be wrong about it has been looked at.
#[derive(Debug)]
pub(super) struct Workshop {
    pub(super) catalog: Catalog,
    pub(super) cache: Cache,
    pub(super) prompts: Prompts,
    pub(super) templates: Templates,
}

impl Workshop {
    pub(super) fn open(globals: &Globals) -> Result<Self, Failure> {
        let catalog = Catalog::load(&globals.catalog).map_err(|error| {
            let hint = error.hint();
            Failure::usage(error, hint)
        })?;
        let mend = "mend the template, or take it away to get the embedded one";
        let prompts = Prompts::load(&catalog.folder.join("prompts"));
        let prompts = prompts.map_err(|error| Failure::usage(error, Some(mend)))?;
        let templates = Templates::load(&catalog.folder.join("templates"));
        let templates = templates.map_err(|error| Failure::usage(error, Some(mend)))?;
        let cache = Cache::new(catalog.folder.join("cache"));
        Ok(Self {
            catalog,
            cache,
            prompts,
            templates,
        })
    }
}

/// How far down the line a run goes, and what it may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Fetch,
    Summarize,
    Build,
}

/// Fetch, summarize, categorize, render.
pub(super) fn build(globals: &Globals, selection: &Selection) -> Result<Ending, Failure> {
    work(globals, selection, Goal::Build)
}

/// Metadata and captions only.
pub(super) fn fetch(globals: &Globals, selection: &Selection) -> Result<Ending, Failure> {
    work(globals, selection, Goal::Fetch)
}

/// Summaries and categories of what is fetched.
pub(super) fn summarize(globals: &Globals, selection: &Selection) -> Result<Ending, Failure> {
    work(globals, selection, Goal::Summarize)
}

fn work(globals: &Globals, selection: &Selection, goal: Goal) -> Result<Ending, Failure> {
    let workshop = Workshop::open(globals)?;
    let catalog = &workshop.catalog;
    let selected = selected(catalog, selection)?;
    let redo: Vec<Stage> = selection.redo.iter().copied().map(Stage::from).collect();
    let asks_youtube = !globals.offline && goal != Goal::Summarize;
    let asks_model = !globals.offline && goal != Goal::Fetch;
    let yt_dlp = if asks_youtube {
        Some(yt_dlp(catalog)?)
    } else {
        None
    };
    let client = match &catalog.llm {
        Some(llm) if asks_model => Some(client(llm)?),
        _ => None,
    };
    let shown_by = reporter(globals.verbosity, catalog.llm.as_ref());
    let tally = Tally::new(&*shown_by);
    let summarizer = (goal != Goal::Fetch).then(|| Summarizer {
        catalog,
        cache: &workshop.cache,
        prompts: &workshop.prompts,
        client: client.as_ref(),
        redo: &redo,
        reporter: &tally,
    });
    let fetcher = Fetcher::new(catalog, &workshop.cache, yt_dlp.as_ref(), &redo, &tally);
    let pipeline = Pipeline::new(
        fetcher,
        summarizer,
        yt_dlp.as_ref(),
        client.as_ref(),
        &tally,
    );

    let entries: Vec<&Entry> = match goal {
        Goal::Build => catalog.visible().collect(),
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::run(error, None::<String>))?;
    let outcomes = runtime.block_on(until_stopped(&pipeline, &entries, work_on, &tally));
    let outcomes = outcomes.map_err(|error| {
        let hint = error.hint();
        Failure::run(error, hint)
    })?;
    drop(runtime);

    let made = match goal {
        Goal::Fetch => Made::Fetched,
        Goal::Summarize => Made::Summarized,
        Goal::Build => Made::Page,
    };
    let was_stopped = pipeline.was_stopped();
    let pages = if goal == Goal::Build && !was_stopped {
        page::write(&workshop, &outcomes, &catalog.formats, &catalog.output)?
    } else {
        Vec::new()
    };
    let ending = closing::report(globals, catalog, &outcomes, Some(&tally), made, &pages);
    if was_stopped {
        Ok(Ending::Stopped)
    } else {
        Ok(ending)
    }
}

/// Runs the line, and tells it to stop at the first Ctrl-C. The second leaves at once: what is kept
/// is kept whole, and the lifeline ends the visits.
async fn until_stopped(
    pipeline: &Pipeline<'_>,
    entries: &[&Entry],
    work_on: impl Fn(&Entry) -> Work,
    reporter: &dyn Reporter,
) -> Result<Vec<Outcome>, RunError> {
    let run = pipeline.run(entries, work_on);
    let mut run = std::pin::pin!(run);
    tokio::select! {
        outcomes = &mut run => return outcomes,
        _ = tokio::signal::ctrl_c() => {
            reporter.report(Event::Stopping);
            pipeline.stop();
        }
    }
    tokio::select! {
        outcomes = &mut run => outcomes,
        _ = tokio::signal::ctrl_c() => leave(),
    }
}

#[expect(clippy::exit, reason = "the second Ctrl-C means now")]
fn leave() -> ! {
    std::process::exit(130)
}

/// The entries to work on.
fn selected<'a>(catalog: &'a Catalog, selection: &Selection) -> Result<Vec<&'a Entry>, Failure> {
    let is_listed = |video: &&VideoId| !catalog.talks.iter().any(|entry| entry.id.video == **video);
    if let Some(unknown) = selection.only.iter().find(is_listed) {
        let error = format!("`{unknown}` is not in the catalog");
        return Err(Failure::usage(
            error,
            Some("`--only` takes ids or links of talks that the catalog lists"),
        ));
    }
    let is_wanted =
        |entry: &&Entry| selection.only.is_empty() || selection.only.contains(&entry.id.video);
    let entries = catalog.visible().filter(is_wanted);
    Ok(entries
        .take(selection.limit.unwrap_or(usize::MAX))
        .collect())
}

/// yt-dlp with the catalog's manners, under our own supervision. Nothing is started yet.
pub(super) fn yt_dlp(catalog: &Catalog) -> Result<YtDlp, Failure> {
    let settings = &catalog.fetch;
    Ok(YtDlp::new(YtDlpSettings {
        supervisor: supervisor()?,
        yt_dlp: settings.yt_dlp.clone(),
        arguments: settings.yt_dlp_args.clone(),
        concurrency: settings.concurrency.get(),
        pause: settings.pause,
        timeout: settings.timeout,
    }))
}

/// The program that supervises yt-dlp: this one.
pub(super) fn supervisor() -> Result<PathBuf, Failure> {
    env::current_exe()
        .map_err(|error| Failure::run(error, Some("start proceedings by its full path")))
}

fn client(llm: &LlmSettings) -> Result<Client, Failure> {
    let own_address =
        || Url::parse(llm.provider.default_base_url()).expect("our own address is well-formed");
    let settings = ClientSettings {
        provider: llm.provider,
        base_url: llm.base_url.clone().unwrap_or_else(own_address),
        authorization: authorization(llm),
        concurrency: llm.concurrency,
        requests_per_minute: llm.requests_per_minute,
        tokens_per_minute: llm.tokens_per_minute,
        timeout: llm.timeout,
        first_wait: Duration::from_secs(1),
    };
    Client::new(settings).map_err(|error| Failure::run(error, None::<String>))
}

/// A named variable is read; without a name only the provider's own address wants a key.
fn authorization(llm: &LlmSettings) -> Authorization {
    let variable = match (&llm.api_key_env, &llm.base_url) {
        (Some(variable), _) => variable.as_str(),
        (None, Some(_)) => return Authorization::None,
        (None, None) => llm.provider.default_key_variable(),
    };
    match env::var(variable) {
        Ok(key) if !key.trim().is_empty() => Authorization::Key(ApiKey::new(&key)),
        _ => Authorization::Missing {
            variable: variable.to_owned(),
        },
    }
}

fn reporter(verbosity: Verbosity, llm: Option<&LlmSettings>) -> Box<dyn Reporter> {
    if io::stderr().is_terminal() && verbosity != Verbosity::Quiet {
        Box::new(Bars::new(verbosity, llm.and_then(|llm| llm.price)))
    } else {
        Box::new(Lines::new(verbosity))
    }
}
