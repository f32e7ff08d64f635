//! `batch collect`: the replies of the batches that have ended come in. `batch forget`: they do not.

use clap::Args;
use jiff::Timestamp;

use crate::batch::collection::{self, CollectError, Collected, Progress, look};
use crate::cache::{Batch, BatchState, Batches, Cache, DamagedBatch};
use crate::cli::arguments::Globals;
use crate::cli::batch::export::settings;
use crate::cli::batch::import::{ending, not_taken, report};
use crate::cli::batch::{
    are, batches_of, endpoint, is_here, not_handed_over, right_to_batches, say_elsewhere,
    settle_all, stopped, waits,
};
use crate::cli::ending::{Ending, Failure};
use crate::cli::runtime::{carry_out, reporter};
use crate::cli::setup;
use crate::cli::usage_report::Prices;
use crate::llm::batch::{RemoteBatch, RemoteStatus};
use crate::llm::client::batches::BatchClient;
use crate::llm::error::LlmError;
use crate::numbers::thousands;
use crate::report::lines::Lines;
use crate::report::{Reporter, Verbosity, say};

/// The code of a refusal that is over once other batches are.
const ENQUEUED: &str = "token_limit_exceeded";

#[derive(Debug, Args)]
pub(in crate::cli) struct BatchForgetArgs {
    /// The name of the batch, as `batch status` shows it
    #[arg(value_name = "NAME")]
    name: String,
}

/// Collects what can be collected.
pub(super) fn collect(globals: &Globals) -> Result<Ending, Failure> {
    let catalog = setup::catalog(globals)?;
    let cache = Cache::new(catalog.cache.clone());
    let llm = settings(catalog.llm.as_ref())?;
    let client = endpoint(globals, llm)?;
    let endpoint = batches_of(&client)?;
    let _right = right_to_batches(&cache)?;
    setup::share(globals, &catalog, &cache)?;
    let shown_by = reporter(globals.verbosity, Some(llm));
    let prices = Prices::of(&catalog);
    let all = collect_all(globals, &cache, &endpoint, prices, &*shown_by);
    let videos = catalog.visible().map(|entry| &entry.id.video);
    carry_out(cache.sharing(videos, all), || client.stop(), &*shown_by)??
}

async fn collect_all(
    globals: &Globals,
    cache: &Cache,
    endpoint: &BatchClient<'_>,
    prices: Prices,
    reporter: &dyn Reporter,
) -> Result<Ending, Failure> {
    let settled = settle_all(globals, cache, endpoint, reporter).await;
    let mut is_whole = settled.map_err(not_handed_over)?;
    let mut batches = cache.batches()?.known;
    batches.retain(|batch| matches!(batch.state, BatchState::Running { .. }));
    if batches.is_empty() && is_whole && globals.verbosity > Verbosity::Quiet {
        say(format_args!("no batch is open"));
    }
    for mut batch in batches {
        if !is_here(endpoint, &batch) {
            say_elsewhere(endpoint, &batch);
            is_whole = false;
            continue;
        }
        let came = collect_one(globals, cache, endpoint, &mut batch, prices, reporter).await?;
        is_whole &= came == Ending::Complete;
    }
    Ok(if is_whole {
        Ending::Complete
    } else {
        Ending::Incomplete
    })
}

async fn collect_one(
    globals: &Globals,
    cache: &Cache,
    endpoint: &BatchClient<'_>,
    batch: &mut Batch,
    prices: Prices,
    reporter: &dyn Reporter,
) -> Result<Ending, Failure> {
    let BatchState::Running { id } = batch.state.clone() else {
        return Ok(Ending::Complete);
    };
    let waiting = waits(reporter);
    let mut progress = look(endpoint, batch, &id, &waiting)
        .await
        .map_err(not_collected)?;
    if let Progress::Ready(ended) = progress {
        let collected = collection::collect(cache, endpoint, batch, &ended, &waiting).await;
        match collected.map_err(not_collected)? {
            Collected::Replies(replies, intake) => {
                say_ended(globals, batch, &ended);
                report(globals, &replies, &intake, prices);
                return Ok(ending(&replies, &intake));
            }
            Collected::Nothing(why) => progress = why,
        }
    }
    say_progress(endpoint, batch, &progress);
    let why = match &progress {
        Progress::Refused(reasons) => reasons.join("; "),
        Progress::Gone => "its files are gone".to_owned(),
        _ => return Ok(Ending::Incomplete),
    };
    let at = Timestamp::now();
    let ended = BatchState::Ended { at, why };
    cache.note_batch(batch, ended).await?;
    Ok(Ending::Incomplete)
}

/// Says that a batch has ended, and how.
fn say_ended(globals: &Globals, batch: &Batch, ended: &RemoteBatch) {
    let how = match ended.status {
        RemoteStatus::Expired => {
            "its time was up; what was answered before is paid for and comes in"
        }
        RemoteStatus::Cancelled => {
            "it was cancelled; what was answered before is paid for and comes in"
        }
        RemoteStatus::Failed => "it failed; what was answered before comes in",
        RemoteStatus::Completed | RemoteStatus::UnderWay(_) | RemoteStatus::Archived => "completed",
    };
    let is_odd = ended.status != RemoteStatus::Completed;
    if is_odd || globals.verbosity > Verbosity::Quiet {
        say(format_args!("batch {}: {how}", batch.name));
    }
}

/// Says how it stands with a batch that brings no replies now, and what to do.
pub(super) fn say_progress(endpoint: &BatchClient<'_>, batch: &Batch, progress: &Progress) {
    let name = &batch.name;
    let requests = are(batch.requests.len(), "request");
    let (how, next) = match progress {
        Progress::UnderWay(told) => {
            let RemoteStatus::UnderWay(word) = &told.status else {
                return;
            };
            let (through, total) = (thousands(told.through), thousands(told.total));
            (
                format!("{word}, {through} of {total} requests are through"),
                None,
            )
        }
        Progress::Ready(_) => (
            "its replies can be fetched".to_owned(),
            Some("run `proceedings batch collect`".to_owned()),
        ),
        Progress::Refused(reasons) => {
            let next = if reasons.iter().any(|reason| reason.contains(ENQUEUED)) {
                "the account has as many tokens waiting as it may have; run `proceedings batch submit` again when its other batches have ended, or submit shards of the talks"
            } else {
                "mend what it says, then run `proceedings batch submit` again"
            };
            let why = reasons.join("; ");
            (
                format!("it was refused: {why}; nothing is paid for, and {requests} due again"),
                Some(next.to_owned()),
            )
        }
        Progress::WithoutFiles => (
            "it is said to be completed, and there is no file with replies".to_owned(),
            Some(format!(
                "run `proceedings batch collect` again a little later; if it stays so, `proceedings batch forget {name}`"
            )),
        ),
        Progress::Gone => (
            format!(
                "the endpoint keeps replies for {}, and these are gone; {requests} due again",
                endpoint.limits().kept_in_words
            ),
            Some("run `proceedings batch submit` or `proceedings build`".to_owned()),
        ),
        Progress::Unknown => (
            "the endpoint does not know it, or its files, with the key of now".to_owned(),
            Some(format!(
                "run `proceedings batch collect` again a little later; if it stays so, use the key that it was submitted with, or, if it was deleted, `proceedings batch forget {name}`"
            )),
        ),
        Progress::Unreadable => (
            "what came in place of its replies cannot be read".to_owned(),
            Some("run `proceedings batch collect` again a little later".to_owned()),
        ),
        Progress::OfOthers => (
            "its replies answer none of its requests, so nothing was taken in".to_owned(),
            Some(format!(
                "look for the batch of that minute at your provider; if there is none, run `proceedings batch forget {name}`"
            )),
        ),
    };
    say(format_args!("batch {name}: {how}"));
    if let Some(next) = next {
        say(format_args!("    next: {next}"));
    }
}

/// Ends a batch without its replies.
pub(super) fn forget(globals: &Globals, arguments: &BatchForgetArgs) -> Result<Ending, Failure> {
    let catalog = setup::catalog(globals)?;
    let cache = Cache::new(catalog.cache.clone());
    let _right = right_to_batches(&cache)?;
    setup::share(globals, &catalog, &cache)?;
    let silent = Lines::new(Verbosity::Quiet);
    carry_out(cache.sharing([], async {}), || (), &silent)??;
    let Batches { known, damaged } = cache.batches()?;
    let is_named = |batch: &&DamagedBatch| batch.name == arguments.name;
    if let Some(batch) = damaged.iter().find(is_named) {
        cache.set_record_aside(batch)?;
        say(format_args!(
            "batch {}: forgotten; its requests are due again, and what the endpoint has answered may be on its bill",
            batch.name
        ));
        return Ok(Ending::Complete);
    }
    let named = known.into_iter().filter(|batch| batch.state.is_open());
    let Some(mut batch) = named.into_iter().find(|batch| batch.name == arguments.name) else {
        let error = format!("no open batch is called `{}`", arguments.name);
        return Err(Failure::usage(
            error,
            Some("`proceedings batch status` names them"),
        ));
    };
    let at = Timestamp::now();
    let why = "it was forgotten".to_owned();
    let noted = cache.note_batch(&mut batch, BatchState::Ended { at, why });
    carry_out(noted, || (), &silent)??;
    say(format_args!(
        "batch {}: forgotten; {} due again, and what the endpoint has answered may be on its bill",
        batch.name,
        are(batch.requests.len(), "request")
    ));
    Ok(Ending::Complete)
}

pub(super) fn not_collected(error: CollectError) -> Failure {
    match error {
        CollectError::Intake(error) => not_taken(error),
        CollectError::Cache(error) => error.into(),
        CollectError::Endpoint(LlmError::Stopped) => stopped(),
        CollectError::Endpoint(ref source) => {
            let hint = source.hint();
            Failure::run(error, hint)
        }
    }
}
