//! `batch status`: how far the batches have come, here and at their endpoint. Nothing is changed.

use crate::batch::collection::look;
use crate::cache::{Batch, BatchState, Batches, Cache};
use crate::cli::arguments::Globals;
use crate::cli::batch::collect::{not_collected, say_progress};
use crate::cli::batch::export::settings;
use crate::cli::batch::{batches_of, endpoint, is_here, say_damaged, say_elsewhere, waits};
use crate::cli::ending::{Ending, Failure};
use crate::cli::runtime::{carry_out, reporter};
use crate::cli::setup;
use crate::llm::client::batches::BatchClient;
use crate::numbers::pluralize;
use crate::report::lines::Lines;
use crate::report::{Reporter, Verbosity, say};

/// Says how it stands with each batch.
pub(super) fn status(globals: &Globals) -> Result<Ending, Failure> {
    let catalog = setup::catalog(globals)?;
    let cache = Cache::new(catalog.cache.clone());
    setup::share(globals, &catalog, &cache)?;
    let silent = Lines::new(Verbosity::Quiet);
    carry_out(cache.sharing([], async {}), || (), &silent)??;
    let Batches {
        known: batches,
        damaged,
    } = cache.batches()?;
    damaged.iter().for_each(say_damaged);
    let is_running = |batch: &Batch| matches!(batch.state, BatchState::Running { .. });
    if batches.is_empty() && damaged.is_empty() {
        say(format_args!(
            "there are no batches; `proceedings batch submit` makes them"
        ));
    }
    if globals.offline || !batches.iter().any(is_running) {
        batches.iter().for_each(say_kept);
        return Ok(Ending::Complete);
    }
    let llm = settings(catalog.llm.as_ref())?;
    let client = endpoint(globals, llm)?;
    let endpoint = batches_of(&client)?;
    let shown_by = reporter(globals.verbosity, Some(llm));
    let told = tell(&endpoint, &batches, &*shown_by);
    carry_out(told, || client.stop(), &*shown_by)?
}

async fn tell(
    endpoint: &BatchClient<'_>,
    batches: &[Batch],
    reporter: &dyn Reporter,
) -> Result<Ending, Failure> {
    for batch in batches {
        match &batch.state {
            BatchState::Running { id } if is_here(endpoint, batch) => {
                let progress = look(endpoint, batch, id, &waits(reporter)).await;
                say_progress(endpoint, batch, &progress.map_err(not_collected)?);
            }
            BatchState::Running { .. } => say_elsewhere(endpoint, batch),
            _ => say_kept(batch),
        }
    }
    Ok(Ending::Complete)
}

/// What is known of a batch without asking anybody.
fn say_kept(batch: &Batch) {
    let day = |at: &jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
    let how = match &batch.state {
        BatchState::Exported => "written into files".to_owned(),
        BatchState::Uploading | BatchState::Uploaded { .. } => {
            "being handed over; if no run is at work, `proceedings batch submit` begins it anew"
                .to_owned()
        }
        BatchState::Ordering { .. } => {
            "being made; if no run is at work, `proceedings batch collect` looks whether it was"
                .to_owned()
        }
        BatchState::Running { .. } => "at its endpoint".to_owned(),
        BatchState::Collected { at } => format!("collected on {}", day(at)),
        BatchState::Ended { at, why } => format!("ended on {}: {why}", day(at)),
    };
    let requests = pluralize(batch.requests.len(), "request");
    say(format_args!("batch {}: {requests}, {how}", batch.name));
}
