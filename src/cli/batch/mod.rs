//! `batch`: requests that nobody waits for, at half price or on an engine of one's own.
//!
//! They are those that a build would send now, and their replies come into the same places. What a
//! reply leads to, such as a correction or the category, is asked by the next build or batch.

mod collect;
mod export;
mod import;
mod status;
mod submit;

use clap::Subcommand;

use crate::batch::handover::{HandoverError, Settled, settle};
use crate::cache::{Batch, BatchState, Batches, Cache, CacheError, DamagedBatch};
use crate::catalog::LlmSettings;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::outside;
use crate::fs::Lock;
use crate::llm::batch::BatchEndpoint;
use crate::llm::client::batches::BatchClient;
use crate::llm::client::{Client, Wait};
use crate::llm::error::LlmError;
use crate::numbers::pluralize;
use crate::report::{Event, Reporter, Verbosity, say};

#[derive(Debug, Subcommand)]
pub(super) enum BatchCommand {
    /// Send the requests of a build as batches to the model's provider, at half price
    Submit(submit::BatchSubmitArgs),
    /// Show how far the batches have come
    Status,
    /// Fetch the replies of the batches that have ended
    Collect,
    /// Let a batch be: its requests are due again, and its replies are not fetched
    Forget(collect::BatchForgetArgs),
    /// Write the requests that a build would send into files, and send nothing
    Export(export::BatchExportArgs),
    /// Take the replies out of files
    Import(import::BatchImportArgs),
}

/// What concerns batches.
pub(super) fn batch(globals: &Globals, command: &BatchCommand) -> Result<Ending, Failure> {
    match command {
        BatchCommand::Submit(arguments) => submit::submit(globals, arguments),
        BatchCommand::Status => status::status(globals),
        BatchCommand::Collect => collect::collect(globals),
        BatchCommand::Forget(arguments) => collect::forget(globals, arguments),
        BatchCommand::Export(arguments) => export::export(globals, arguments),
        BatchCommand::Import(arguments) => import::import(globals, arguments),
    }
}

/// The right to work on the batches of a cache, which one run has at a time.
fn right_to_batches(cache: &Cache) -> Result<Lock, Failure> {
    cache.lock_batches()?.ok_or_else(|| {
        let error = "another run works on the batches of this cache";
        Failure::run(error, Some("run again when it has ended"))
    })
}

/// The endpoint that batches are handed to.
fn endpoint(globals: &Globals, llm: &LlmSettings) -> Result<Client, Failure> {
    let client = outside::client(globals, llm)?;
    client.ok_or_else(|| {
        if globals.offline {
            let error = "batches are at an endpoint, and `--offline` asks nobody";
            return Failure::usage(error, None::<String>);
        }
        let error =
            "the catalog is not trusted with its key, so the program does not ask the model";
        let hint = "read [llm] in the catalog; if you agree, run the command once with `--trust`";
        Failure::run(error, Some(hint))
    })
}

/// The batches of an endpoint; refused in words where it has none.
fn batches_of(client: &Client) -> Result<BatchClient<'_>, Failure> {
    client.batches().ok_or_else(|| {
        let error = "the catalog asks ollama, which has no batches";
        Failure::usage(
            error,
            Some("run `proceedings build`, which asks it at once"),
        )
    })
}

/// Tells a reporter of waits.
fn waits(reporter: &dyn Reporter) -> impl Fn(Wait<'_>) {
    |wait: Wait<'_>| {
        reporter.report(Event::Waiting {
            talk: None,
            why: wait.error,
            delay: wait.delay,
            is_first: wait.is_first,
        });
    }
}

/// Says where something is about to be sent for the first time.
fn announce(client: &Client, reporter: &dyn Reporter) {
    if let Some(to) = client.first_use() {
        let what = "titles, descriptions and transcripts of the talks";
        reporter.report(Event::Sending { what, to: &to });
    }
}

/// Whether a batch was handed to the endpoint that the catalog names.
fn is_here(endpoint: &BatchClient<'_>, batch: &Batch) -> bool {
    batch.endpoint() == Some(endpoint.endpoint())
}

/// Finds out what came of the batches that somebody was killed over while handing them over; whether
/// all of that is known now.
async fn settle_all(
    globals: &Globals,
    cache: &Cache,
    endpoint: &BatchClient<'_>,
    reporter: &dyn Reporter,
) -> Result<bool, HandoverError> {
    let mut is_clear = true;
    let Batches { known, damaged } = cache.batches()?;
    for batch in &damaged {
        say_damaged(batch);
        is_clear = false;
    }
    for mut batch in known {
        let was_ordered = matches!(batch.state, BatchState::Ordering { .. });
        if was_ordered && !is_here(endpoint, &batch) {
            say_elsewhere(endpoint, &batch);
            is_clear = false;
            continue;
        }
        let settled = settle(cache, endpoint, &mut batch, &waits(reporter)).await?;
        let is_quiet = globals.verbosity == Verbosity::Quiet;
        match settled {
            Settled::Done if was_ordered && !is_quiet => {
                say(format_args!(
                    "batch {}: a run was interrupted while it handed it over; it was made, and is collected like the others",
                    batch.name
                ));
            }
            Settled::Dropped if !is_quiet => {
                say(format_args!(
                    "batch {}: a run was interrupted before it was made; {} due again",
                    batch.name,
                    are(batch.requests.len(), "request")
                ));
            }
            Settled::Done | Settled::Dropped => {}
            Settled::Unlisted | Settled::Ambiguous => {
                is_clear = false;
                let why = match settled {
                    Settled::Ambiguous => "several batches of the endpoint may be it",
                    _ => "the endpoint does not list its batches",
                };
                say(format_args!(
                    "batch {}: a run was interrupted while it handed it over, and {why}",
                    batch.name
                ));
                say(format_args!(
                    "    next: look whether your provider lists it; if not, run `proceedings batch forget {}`",
                    batch.name
                ));
            }
        }
    }
    Ok(is_clear)
}

/// Says that nobody knows how far a batch has come.
fn say_damaged(batch: &DamagedBatch) {
    let DamagedBatch { name, flaw } = batch;
    say(format_args!(
        "batch {name}: {flaw}; it may be at its endpoint, so its requests wait"
    ));
    let next = match flaw {
        CacheError::TooNew { .. } => "install a newer version of proceedings".to_owned(),
        _ => format!(
            "restore the file from your repository or a backup; if there is none, run `proceedings batch forget {name}`"
        ),
    };
    say(format_args!("    next: {next}"));
}

/// Says that a batch is at another endpoint than the catalog's.
fn say_elsewhere(endpoint: &BatchClient<'_>, batch: &Batch) {
    let shown = |at: &BatchEndpoint| format!("{} ({})", at.address, at.provider.name());
    let at = batch.endpoint();
    say(format_args!(
        "batch {}: it is at {}, and the catalog names {}",
        batch.name,
        at.as_ref().map_or("no endpoint".to_owned(), shown),
        shown(&endpoint.endpoint())
    ));
    say(format_args!(
        "    next: run the command with a catalog that names its endpoint"
    ));
}

fn not_handed_over(error: HandoverError) -> Failure {
    match error {
        HandoverError::Cache(error) => error.into(),
        HandoverError::Endpoint(LlmError::Stopped) => stopped(),
        HandoverError::Endpoint(LlmError::NotFound { .. } | LlmError::UnknownPath { .. }) => {
            let hint = "the endpoint may know no batches; `proceedings batch export` writes the requests into files";
            Failure::run(error, Some(hint))
        }
        HandoverError::Endpoint(
            LlmError::Busy { status: 429, .. }
            | LlmError::Exhausted { .. }
            | LlmError::UsedUp { .. },
        ) => {
            let hint = "look at your credit, and at how many tokens may wait in batches at once; submit again when others have ended, or fewer talks, such as `--shard 1/4`";
            Failure::run(error, Some(hint))
        }
        HandoverError::Endpoint(ref source) => {
            let hint = source.hint();
            Failure::run(error, hint)
        }
    }
}

/// That the user wants no more.
fn stopped() -> Failure {
    Failure::stopped("stopped; the next `proceedings batch submit` or `batch collect` goes on")
}

/// `1 request is`, `2 requests are`.
fn are(count: usize, noun: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", pluralize(count, noun))
}
