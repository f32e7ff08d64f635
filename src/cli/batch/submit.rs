//! `batch submit`: the requests that a build would send now go to the model's provider as batches.
//!
//! One talk is asked about first, as a build does, at the full price: a wrong key, and a field that the
//! endpoint does not take, are found out now and not a day later. Whoever knows the endpoint does without.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;

use clap::Args;

use crate::batch::handover::hand_over;
use crate::batch::listing::{Unlisted, list};
use crate::cache::{Batch, Cache, PackedRequests};
use crate::catalog::{Entry, LlmSettings};
use crate::cli::arguments::{Globals, Selection, parse_dollars};
use crate::cli::batch::export::{say_unlisted, settings};
use crate::cli::batch::{
    announce, batches_of, endpoint, not_handed_over, right_to_batches, settle_all, waits,
};
use crate::cli::ending::{Ending, Failure};
use crate::cli::outside::{self, Payees};
use crate::cli::runtime::{carry_out, reporter};
use crate::cli::selection::select;
use crate::cli::setup::{self, Setup};
use crate::cli::shard::Shard;
use crate::cli::usage_report::{Prices, report_total};
use crate::fetch::{Fetcher, Visiting};
use crate::llm::client::Client;
use crate::llm::client::batches::BatchClient;
use crate::llm::{DEFAULT_CONTEXT_TOKENS, Price, Usage};
use crate::numbers::{pluralize, thousands};
use crate::pipeline::{Outcome, Pipeline};
use crate::report::lines::Lines;
use crate::report::tally::Tally;
use crate::report::{Reporter, Verbosity, causes, say};
use crate::requests::Requests;
use crate::summarize::estimate::reply_tokens_at;
use crate::summarize::{Decider, DueRequest, Summarizer};
use crate::talk::id::TalkId;
use crate::work::{Task, Work};

#[derive(Debug, Args)]
pub(in crate::cli) struct BatchSubmitArgs {
    /// Only shard K of N of the talks
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Submit no more than this can cost at half price, in US dollars
    #[arg(long, value_name = "USD", value_parser = parse_dollars)]
    max_cost: Option<f64>,
    /// Ask about no talk first at the full price; what the endpoint does not take shows with the replies
    #[arg(long)]
    without_trial: bool,
}

/// What is put together for batches.
struct Assembly<'a> {
    endpoint: BatchClient<'a>,
    price: Option<Price>,
    /// What all of it may cost at most, in US dollars.
    most: Option<f64>,
    part: OpenBatch,
    /// Those that are full.
    full: Vec<OpenBatch>,
    usage: Usage,
    bound: f64,
}

/// What was put together.
struct Assembled<'a> {
    assembly: Assembly<'a>,
    /// The batches, each with its lines.
    batches: Vec<(Batch, File)>,
    unlisted: Unlisted,
    is_over_budget: bool,
}

/// What becomes one batch.
struct OpenBatch {
    packed: PackedRequests,
    lines: BufWriter<File>,
    bytes: u64,
}

/// Why no more requests are put together.
enum StopReason {
    OverBudget,
    Failed(io::Error),
}

/// Hands the requests over.
pub(super) fn submit(globals: &Globals, arguments: &BatchSubmitArgs) -> Result<Ending, Failure> {
    let setup = Setup::open(globals)?;
    let llm = settings(setup.catalog.llm.as_ref())?;
    let client = endpoint(globals, llm)?;
    let endpoint = batches_of(&client)?;
    let payees = Payees {
        llm: Some(llm),
        transcribe: None,
    };
    outside::budget(payees, arguments.max_cost)?;
    let _right = right_to_batches(&setup.cache)?;
    let shown_by = reporter(globals.verbosity, Some(llm));
    catch_up(globals, &client, &*shown_by)?;
    setup.share(globals)?;
    let settled = settle_all(globals, &setup.cache, &endpoint, &*shown_by);
    let settled = carry_out(settled, || client.stop(), &*shown_by)?;
    let is_clear = settled.map_err(not_handed_over)?;
    let selection = Selection {
        shard: arguments.shard,
        ..Selection::default()
    };
    let entries = select(&setup.catalog, &selection)?;
    let first = first_due(&setup, &entries).filter(|_| !arguments.without_trial);
    let spent = match first {
        Some(talk) => pilot(globals, &setup, &client, arguments.max_cost, &talk)?,
        None => 0.0,
    };
    let most = arguments.max_cost.map(|most| most - spent);
    let assembled = async {
        let assembled = assemble(&setup, endpoint, llm, most, &entries)?;
        for (batch, _) in &assembled.batches {
            setup.cache.share_batch(batch).await?;
        }
        Ok::<_, Failure>(assembled)
    };
    let waiting = || say(format_args!("waiting for another machine that submits"));
    let alone = setup.cache.alone_with_batches(waiting, assembled);
    let assembled = carry_out(alone, || client.stop(), &*shown_by)?;
    let Assembled {
        assembly,
        batches,
        unlisted,
        is_over_budget,
    } = assembled??;
    say_unlisted(globals, &unlisted, llm);
    if batches.is_empty() && globals.verbosity > Verbosity::Quiet {
        say(format_args!("there is nothing to submit now"));
    }
    for (mut batch, lines) in batches {
        announce(&client, &*shown_by);
        let waiting = waits(&*shown_by);
        let handing = hand_over(&setup.cache, &endpoint, &mut batch, &lines, &waiting);
        let handed = carry_out(handing, || client.stop(), &*shown_by)?;
        handed.map_err(not_handed_over)?;
        if globals.verbosity > Verbosity::Quiet {
            let requests = pluralize(batch.requests.len(), "request");
            say(format_args!("batch {}: {requests}", batch.name));
        }
    }
    assembly.say_cost(globals, llm);
    if is_over_budget {
        let most = arguments.max_cost.unwrap_or_default();
        say(format_args!(
            "the budget of ${most} does not allow more; submit again with a larger `--max-cost`"
        ));
    }
    Ok(if is_over_budget || !is_clear {
        Ending::Incomplete
    } else {
        Ending::Complete
    })
}

/// Brings in what other machines have paid for that share the cache, so that it is not asked for again.
fn catch_up(globals: &Globals, client: &Client, reporter: &dyn Reporter) -> Result<(), Failure> {
    // Its cache goes, so that the batches can be put together alone.
    let setup = Setup::open(&globals.once_trust_is_settled())?;
    setup.share(globals)?;
    let videos = setup.catalog.visible().map(|entry| &entry.id.video);
    let brought = setup.cache.sharing(videos, async {});
    Ok(carry_out(brought, || client.stop(), reporter)??)
}

/// The first talk that something is to be asked about.
fn first_due(setup: &Setup, entries: &[&Entry]) -> Option<TalkId> {
    let silent = Lines::new(Verbosity::Quiet);
    let planned = Visiting::Planned;
    let fetcher = Fetcher::new(&setup.catalog, &setup.cache, planned, None, &[], &silent);
    let decider = setup.decider(&[]);
    let context = decider.given_context().unwrap_or(DEFAULT_CONTEXT_TOKENS);
    let stop_at = |due: DueRequest| ControlFlow::Break(due.key.talk);
    list(&fetcher, &decider, entries, context, stop_at).1
}

/// Asks about one talk as a build does, and says what that has cost, in US dollars. The client knows
/// then what the endpoint takes.
fn pilot(
    globals: &Globals,
    setup: &Setup,
    client: &Client,
    max_cost: Option<f64>,
    talk: &TalkId,
) -> Result<f64, Failure> {
    let catalog = &setup.catalog;
    let llm = settings(catalog.llm.as_ref())?;
    // Whoever writes into this one has done so when it goes, so that the batches can be put together
    // alone.
    let cache = Cache::new(catalog.cache.clone());
    setup::share(globals, catalog, &cache)?;
    let payees = Payees {
        llm: Some(llm),
        transcribe: None,
    };
    let budget = outside::budget(payees, max_cost)?;
    let shown_by = reporter(globals.verbosity, Some(llm));
    let tally = Tally::new(&*shown_by);
    let summarizer = Summarizer {
        decider: Decider {
            cache: &cache,
            ..setup.decider(&[])
        },
        requests: Some(Requests {
            cache: &cache,
            ..setup.requests(client, budget.as_ref(), &tally)
        }),
        reporter: &tally,
    };
    let fetcher = Fetcher::new(catalog, &cache, Visiting::Never, None, &[], &tally);
    let pipeline = Pipeline::new(fetcher, Some(summarizer), Some(client), &tally);
    let entries: Vec<&Entry> = catalog
        .visible()
        .filter(|entry| entry.id == *talk)
        .collect();
    let run = pipeline.run(&entries, |_| Work::Make);
    let run = cache.sharing([&talk.video], run);
    let outcomes = carry_out(run, || pipeline.stop(), &tally)???;
    if globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "{talk} was asked about first, at the full price, to see what the endpoint takes"
        ));
        report_total(globals, &tally, catalog);
    }
    if pipeline.was_stopped() {
        return Err(Failure::stopped("stopped; nothing was submitted"));
    }
    ensure_answered(&outcomes)?;
    let used = Task::ALL.map(|task| tally.asked(task).usage);
    let dollars = |price: Price| used.map(|usage| price.of(usage)).iter().sum();
    Ok(llm.price.map_or(0.0, dollars))
}

/// Refuses to go on where the endpoint has not answered. What the model has written need not be of use.
fn ensure_answered(outcomes: &[Outcome]) -> Result<(), Failure> {
    let problems = outcomes
        .iter()
        .flat_map(|outcome| outcome.summary.iter().chain(&outcome.category));
    let mut problems = problems.filter(|problem| !problem.is_rejection() && !problem.is_in_batch());
    match problems.find(|problem| problem.is_failure() || problem.is_over_budget()) {
        Some(problem) => {
            let error = format!(
                "the first talk could not be asked about, so nothing was submitted: {}",
                causes(problem)
            );
            Err(Failure::run(error, problem.hint()))
        }
        None => Ok(()),
    }
}

/// Puts the requests together and notes them, while nobody else can ask for them.
fn assemble<'a>(
    setup: &Setup,
    endpoint: BatchClient<'a>,
    llm: &LlmSettings,
    most: Option<f64>,
    entries: &[&Entry],
) -> Result<Assembled<'a>, Failure> {
    // What has come in since the other one was looked into is to be seen.
    let cache = Cache::new(setup.catalog.cache.clone());
    let _alone = cache.write_alone()?;
    let silent = Lines::new(Verbosity::Quiet);
    let planned = Visiting::Planned;
    let fetcher = Fetcher::new(&setup.catalog, &cache, planned, None, &[], &silent);
    let decider = Decider {
        cache: &cache,
        ..setup.decider(&[])
    };
    let context = endpoint
        .client()
        .known_context()
        .unwrap_or(DEFAULT_CONTEXT_TOKENS);
    let failed = |error: io::Error| {
        Failure::run(
            error,
            Some("check the space on the disk of the temporary files"),
        )
    };
    let mut assembly = Assembly {
        endpoint,
        price: llm.price.map(Price::halved),
        most,
        part: OpenBatch::new().map_err(failed)?,
        full: Vec::new(),
        usage: Usage::default(),
        bound: 0.0,
    };
    let (unlisted, end) = list(&fetcher, &decider, entries, context, |due| {
        assembly.add(&due)
    });
    let is_over_budget = match end {
        Some(StopReason::Failed(error)) => return Err(failed(error)),
        Some(StopReason::OverBudget) => true,
        None => false,
    };
    let last = std::mem::replace(&mut assembly.part, OpenBatch::new().map_err(failed)?);
    assembly.full.push(last);
    let mut batches = Vec::new();
    for part in std::mem::take(&mut assembly.full) {
        if part.packed.len() > 0 {
            let lines = part.lines.into_inner();
            let lines = lines.map_err(|error| failed(error.into_error()))?;
            let to = Some(endpoint.endpoint());
            batches.push((cache.begin_batch(&llm.model, to, part.packed)?, lines));
        }
    }
    Ok(Assembled {
        assembly,
        batches,
        unlisted,
        is_over_budget,
    })
}

impl Assembly<'_> {
    fn add(&mut self, due: &DueRequest) -> ControlFlow<StopReason> {
        let usage = |completion_tokens| Usage {
            prompt_tokens: due.filled.estimated_tokens(),
            cached_tokens: 0,
            completion_tokens,
        };
        let filled = self.endpoint.client().with_room(&due.filled);
        let at_most = usage(filled.parameters.max_tokens.into());
        let bound = self.bound + self.price.map_or(0.0, |price| price.of(at_most));
        if self.most.is_some_and(|most| bound > most) {
            return ControlFlow::Break(StopReason::OverBudget);
        }
        match self.write(due) {
            Err(error) => ControlFlow::Break(StopReason::Failed(error)),
            Ok(()) => {
                self.bound = bound;
                self.usage.add(usage(reply_tokens_at(due.key.stage)));
                ControlFlow::Continue(())
            }
        }
    }

    fn write(&mut self, due: &DueRequest) -> io::Result<()> {
        let line = self
            .endpoint
            .request_line(&due.key.to_string(), &due.filled);
        let length = line.len() as u64;
        let most = self.endpoint.limits();
        let is_full =
            self.part.packed.len() == most.requests || self.part.bytes + length > most.bytes;
        if is_full {
            let full = std::mem::replace(&mut self.part, OpenBatch::new()?);
            self.full.push(full);
        }
        self.part.lines.write_all(&line)?;
        self.part.bytes += length;
        self.part.packed.add(due.key.clone(), &due.chat);
        Ok(())
    }

    /// Says what the batches cost.
    fn say_cost(&self, globals: &Globals, llm: &LlmSettings) {
        if self.usage == Usage::default() || globals.verbosity == Verbosity::Quiet {
            return;
        }
        let prices = Prices {
            tokens: llm.price,
            minute: None,
        };
        let cost = prices.halved().cost(Some(self.usage), None);
        let most = match self.price {
            Some(_) => format!(", at most ${:.4}", self.bound),
            None => String::new(),
        };
        say(format_args!(
            "in all     about {} tokens in, {} out, {cost} at half price{most}",
            thousands(self.usage.prompt_tokens),
            thousands(self.usage.completion_tokens)
        ));
        say(format_args!(
            "    next: `proceedings batch collect` brings the replies, within a day as a rule; until then, a build goes on with the other talks"
        ));
    }
}

impl OpenBatch {
    fn new() -> io::Result<Self> {
        Ok(Self {
            packed: PackedRequests::new(),
            lines: BufWriter::new(tempfile::tempfile()?),
            bytes: 0,
        })
    }
}
