//! `--dry-run`: what a run would take, said before anything is asked or paid for.

use std::collections::HashSet;
use std::io::{self, Write};

use crate::catalog::Entry;
use crate::cli::closing::{self, Goal};
use crate::cli::workshop::Workshop;
use crate::cli::{Ending, Failure, Globals, Selection, run};
use crate::fetch::Fetcher;
use crate::llm::Price;
use crate::report::lines::Lines;
use crate::report::{Verbosity, causes};
use crate::summarize::Summarizer;
use crate::summarize::plan::{Estimate, Fetched, Need};
use crate::talk::id::VideoId;
use crate::work::{Stage, Work};

/// What a run would take, added up.
#[derive(Debug, Default)]
struct Sum {
    visits: HashSet<VideoId>,
    summaries: Estimate,
    categories: Estimate,
    planned: u64,
    unknown: u64,
    hopeless: Vec<String>,
}

/// Says what a run would take. Nobody outside is asked.
pub(super) fn dry_run(
    globals: &Globals,
    selection: &Selection,
    goal: Goal,
) -> Result<Ending, Failure> {
    let workshop = Workshop::open(globals)?;
    let entries = run::selected(&workshop.catalog, selection)?;
    let redo: Vec<Stage> = selection.redo.iter().copied().map(Stage::from).collect();
    let sum = futures::executor::block_on(added_up(&workshop, &entries, &redo));
    let price = closing::price(&workshop.catalog);
    let printed = print(&sum, goal, price, workshop.catalog.llm.is_some());
    printed.map_err(|error| Failure::run(error, None::<String>))?;
    Ok(Ending::Complete)
}

async fn added_up(workshop: &Workshop, entries: &[&Entry], redo: &[Stage]) -> Sum {
    let silent = Lines::new(Verbosity::Quiet);
    let Workshop {
        catalog,
        cache,
        prompts,
        ..
    } = workshop;
    let fetcher = Fetcher::new(catalog, cache, None, None, redo, &silent);
    let summarizer = Summarizer {
        catalog,
        cache,
        prompts,
        client: None,
        budget: None,
        redo,
        reporter: &silent,
    };
    let mut sum = Sum::default();
    for entry in entries {
        let fetched = if fetcher.would_visit(entry).await {
            sum.visits.insert(entry.id.video.clone());
            Fetched::NotYet
        } else {
            Fetched::AsFarAsItGoes
        };
        let talk = fetcher.fetch(entry, Work::Recall).await.talk;
        let plan = summarizer.plan(entry, &talk, fetched).await;
        match plan.summary {
            Need::Nothing => {}
            Need::Model(estimate) => {
                sum.planned += 1;
                sum.summaries.add(estimate);
            }
            Need::Unknown => sum.unknown += 1,
            Need::Hopeless(error) => {
                sum.hopeless
                    .push(format!("{}: {}", entry.id, causes(&error)));
            }
        }
        if let Need::Model(estimate) = plan.category {
            sum.categories.add(estimate);
        }
    }
    sum
}

fn print(sum: &Sum, goal: Goal, price: Option<Price>, has_model: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if goal != Goal::Summarize {
        writeln!(out, "fetch      {} visits to YouTube", sum.visits.len())?;
    }
    if !has_model {
        return writeln!(out, "summarize  excerpts, which cost nothing");
    }
    writeln!(out, "summarize  {}", said(sum.summaries, price))?;
    writeln!(out, "categorize {}", said(sum.categories, price))?;
    let mut all = sum.summaries;
    all.add(sum.categories);
    writeln!(out, "in all     {}", said(all, price))?;
    if sum.unknown > 0 {
        let guess = match price {
            Some(price) if sum.planned > 0 => {
                let each = price.of(sum.summaries.usage) / to_float(sum.planned);
                format!(
                    "; as much for each of them as for the others makes ${:.4} more",
                    each * to_float(sum.unknown)
                )
            }
            _ => String::new(),
        };
        let unknown = sum.unknown;
        writeln!(
            out,
            "not in it: {unknown} summaries of talks that are not fetched yet{guess}"
        )?;
    }
    for hopeless in &sum.hopeless {
        writeln!(out, "cannot be made: {hopeless}")?;
    }
    writeln!(
        out,
        "estimates on the high side; a corrective request now and then comes on top"
    )
}

fn said(estimate: Estimate, price: Option<Price>) -> String {
    let Estimate { requests, usage } = estimate;
    let cost = match price {
        Some(price) => format!("${:.4}", price.of(usage)),
        None if requests == 0 => "$0".to_owned(),
        None => "cost unknown (the catalog names no `price`)".to_owned(),
    };
    let (read, written) = (usage.prompt_tokens, usage.completion_tokens);
    format!("{requests} requests, about {read} tokens in, {written} out, {cost}")
}

#[expect(clippy::cast_precision_loss, reason = "no catalog has 2^52 talks")]
fn to_float(count: u64) -> f64 {
    count as f64
}
