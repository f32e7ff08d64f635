//! What a run would take, in words: for `--dry-run`, and for `status`.

use crate::cli::arguments::{Globals, Selection};
use crate::cli::ending::{Ending, Failure};
use crate::cli::selection::{redone, selected};
use crate::cli::survey::survey;
use crate::cli::workshop::Workshop;
use crate::cli::{output, spent};
use crate::llm::Price;
use crate::numbers::{counted, thousands};
use crate::status::forecast::{Forecast, Recordings};
use crate::summarize::plan::Estimate;
use crate::work::Goal;

/// From here on a list is long.
const LONG: usize = 20;
const UNREAD: &str = "nobody knows yet how much there is to read";

/// Says what a run would take. Nobody outside is asked.
pub(super) fn dry_run(
    globals: &Globals,
    selection: &Selection,
    goal: Goal,
) -> Result<Ending, Failure> {
    let workshop = Workshop::open(globals)?;
    let entries = selected(&workshop.catalog, selection)?;
    let redo = redone(selection, goal)?;
    let (_, forecast) = survey(&workshop, &entries, &redo, |_, _| ());
    let mut lines = lines(&workshop, &forecast, goal);
    for (talk, why) in forecast.hopeless.iter().take(LONG) {
        lines.push(format!("cannot be made: {talk}: {why}"));
    }
    let more = forecast.hopeless.len().saturating_sub(LONG);
    if more > 0 {
        lines.push(format!(
            "… and {more} more; `proceedings status` lists them"
        ));
    }
    output::print(&(lines.join("\n") + "\n"))?;
    Ok(Ending::Complete)
}

/// What a run would take, a line each.
pub(super) fn lines(workshop: &Workshop, forecast: &Forecast, goal: Goal) -> Vec<String> {
    let catalog = &workshop.catalog;
    let price = spent::price(catalog);
    let mut lines = Vec::new();
    if goal != Goal::Summarize {
        let visits = counted(forecast.visits, "visit");
        lines.push(format!("fetch      {visits} to YouTube"));
        if forecast.recordings.count > 0 {
            let settings = catalog.transcribe.as_ref();
            let price = settings.and_then(|settings| settings.price_per_minute);
            lines.push(format!("transcribe {}", heard(&forecast.recordings, price)));
        }
    }
    if catalog.llm.is_none() {
        lines.push("summarize  excerpts, which cost nothing".to_owned());
        return lines;
    }
    let known = forecast.known();
    let unfetched = unfetched(forecast.unfetched());
    if known.requests == 0 && forecast.unfetched() > 0 {
        lines.push(format!("summarize  {unfetched}: {UNREAD}"));
    } else {
        lines.push(format!("summarize  {}", said(forecast.summaries, price)));
        lines.push(format!("categorize {}", said(forecast.categories, price)));
        lines.push(format!("in all     {}", said(known, price)));
        if forecast.unfetched() > 0 {
            lines.push(format!("not in it  {unfetched}: {UNREAD}"));
        }
    }
    if forecast.guess.talks > 0 {
        let of = match forecast.unknown {
            0 => "for them".to_owned(),
            _ => format!("for {} of them", forecast.guess.talks),
        };
        let guess = forecast.guess.estimate;
        lines.push(format!("a guess    {of} {}", said(guess, price)));
        let mut all = known;
        all.add(guess);
        lines.push(format!("with it    {}", said(all, price)));
    }
    if known.requests > 0 {
        lines.push("Sums err on the high side; a corrective request may come on top.".to_owned());
    }
    lines
}

fn unfetched(talks: usize) -> String {
    format!("{} whose captions are not fetched", counted(talks, "talk"))
}

fn said(estimate: Estimate, price: Option<Price>) -> String {
    let Estimate { requests, usage } = estimate;
    if requests == 0 {
        return "nothing to ask".to_owned();
    }
    let cost = match price {
        Some(price) => format!("${:.4}", price.of(usage)),
        None => "cost unknown (the catalog names no `price`)".to_owned(),
    };
    let requests = counted(requests, "request");
    let (read, written) = (usage.prompt_tokens, usage.completion_tokens);
    format!(
        "{requests}, about {} tokens in, {} out, {cost}",
        thousands(read),
        thousands(written)
    )
}

fn heard(recordings: &Recordings, price: Option<f64>) -> String {
    let minutes = recordings.seconds.div_ceil(60);
    let (some, cost) = match (recordings.without_length, price) {
        (0, Some(price)) => (String::new(), format!("${:.4}", to_float(minutes) * price)),
        (more, Some(price)) => (
            format!(" and {more} of unknown length"),
            format!("at least ${:.4}", to_float(minutes) * price),
        ),
        (_, None) => (
            String::new(),
            "cost unknown (the catalog names no `price_per_minute`)".to_owned(),
        ),
    };
    let count = counted(recordings.count, "recording");
    format!("{count}, {minutes} min{some}, {cost}")
}

#[expect(clippy::cast_precision_loss, reason = "no catalog has 2^52 minutes")]
fn to_float(count: u64) -> f64 {
    count as f64
}
