//! What a run would take, in words: for `--dry-run`, and for `status`.

use crate::cli::arguments::{Globals, Selection};
use crate::cli::ending::{Ending, Failure};
use crate::cli::output;
use crate::cli::outside::{self, Payees};
use crate::cli::selection::{check_redo, select};
use crate::cli::setup::Setup;
use crate::cli::survey::{Foreseen, survey};
use crate::cli::terminal::ListLength;
use crate::cli::usage_report::{Prices, to_be_paid, typical_cost};
use crate::fetch::Visiting;
use crate::llm::Usage;
use crate::numbers::{pluralize, thousands};
use crate::requests::budget::Budget;
use crate::status::forecast::{Forecast, Recordings};
use crate::summarize::estimate::Estimate;
use crate::summarize::reply_tokens;
use crate::work::{Goal, Redo, Work};

const UNREAD: &str = "the length is not known until the captions are fetched";

/// Says what a run would take. Nobody outside is asked.
pub(super) fn dry_run(
    globals: &Globals,
    selection: &Selection,
    max_cost: Option<f64>,
    goal: Goal,
) -> Result<Ending, Failure> {
    let setup = Setup::open(globals)?;
    let payees = Payees::of(&setup.catalog, globals, goal);
    let budget = outside::budget(payees, max_cost)?;
    let entries = select(&setup.catalog, selection)?;
    check_redo(&selection.redo, goal)?;
    let foreseen = foreseen(globals, &selection.redo, goal);
    let (_, forecast) = survey(&setup, &entries, foreseen, |_, _| ());
    let mut lines = lines(&setup, &forecast, goal);
    if let Some(budget) = budget {
        lines.extend(over_budget(&setup, &forecast, &budget, goal));
    }
    let shown = ListLength::Short.of(&forecast.hopeless);
    for (talk, why) in shown {
        lines.push(format!("cannot be made: {talk}: {why}"));
    }
    let more = forecast.hopeless.len() - shown.len();
    if more > 0 {
        lines.push(format!(
            "… and {more} more; `proceedings status` lists them"
        ));
    }
    output::print_report(&(lines.join("\n") + "\n"))?;
    Ok(Ending::Complete)
}

/// That a budget ends the run early, if it does.
fn over_budget(setup: &Setup, forecast: &Forecast, budget: &Budget, goal: Goal) -> Option<String> {
    let known = match goal {
        Goal::Fetch => Estimate::default(),
        Goal::Summarize | Goal::Page | Goal::ClassicPage => forecast.known(),
    };
    let (tokens, minutes) = to_be_paid(known, &forecast.recordings);
    let cost = Prices::of(&setup.catalog).dollars(tokens, minutes)?;
    let most = budget.most();
    if cost > most {
        return Some(format!("The run stops before it costs more than ${most}."));
    }
    // Each request sets aside the most that it can cost, and so does the last one.
    let needed = cost + longest_reply(setup, known)?;
    (needed > most).then(|| {
        let needed = (needed * 10_000.0).ceil() / 10_000.0;
        format!(
            "The run may stop before the end: before each request it sets aside the most that the \
             reply can cost. `--max-cost {needed:.4}` is enough."
        )
    })
}

/// What the longest reply to one of these requests costs, in US dollars.
fn longest_reply(setup: &Setup, requests: Estimate) -> Option<f64> {
    let llm = setup.catalog.llm.as_ref().filter(|_| requests.requests > 0);
    let Some(llm) = llm else {
        return Some(0.0);
    };
    let usage = Usage {
        completion_tokens: reply_tokens(llm).into(),
        ..Usage::default()
    };
    Some(llm.price?.of(usage))
}

/// What is to be foreseen of a run.
pub(super) fn foreseen<'a>(globals: &Globals, redo: &'a [Redo], goal: Goal) -> Foreseen<'a> {
    let (visiting, work) = match goal {
        _ if globals.offline => (Visiting::Never, Work::MakeOffline),
        Goal::Summarize => (Visiting::Never, Work::Make),
        Goal::Fetch | Goal::Page | Goal::ClassicPage => (Visiting::Planned, Work::Make),
    };
    Foreseen {
        redo,
        visiting,
        work,
    }
}

/// What a run would take, a line each.
pub(super) fn lines(setup: &Setup, forecast: &Forecast, goal: Goal) -> Vec<String> {
    let catalog = &setup.catalog;
    let prices = Prices::of(catalog);
    let mut lines = Vec::new();
    if goal != Goal::Summarize {
        let visits = pluralize(forecast.visits, "visit");
        let visits = format!("{visits} to YouTube");
        let downloads = pluralize(forecast.downloads, "caption file");
        let downloads = format!("{downloads} by link");
        lines.push(match (forecast.visits, forecast.downloads) {
            (_, 0) => format!("fetch      {visits}"),
            (0, _) => format!("fetch      {downloads}"),
            _ => format!("fetch      {visits}, {downloads}"),
        });
        if forecast.recordings.count > 0 {
            lines.push(format!(
                "transcribe {}",
                format_recordings(&forecast.recordings, prices)
            ));
        }
        if forecast.perhaps.count > 0 {
            let perhaps = format_recordings(&forecast.perhaps, prices);
            lines.push(format!(
                "maybe      up to {perhaps}, if there are no captions"
            ));
        }
    }
    if goal == Goal::Fetch {
        return lines;
    }
    if catalog.llm.is_none() {
        lines.push("summarize  excerpts, which cost nothing".to_owned());
        return lines;
    }
    let known = forecast.known();
    let unfetched = format_unfetched(forecast.unfetched());
    let unread = match forecast.guess.talks {
        0 => typical_cost(forecast.unknown, prices.tokens),
        _ => UNREAD.to_owned(),
    };
    if known.requests == 0 && forecast.unfetched() > 0 {
        lines.push(format!("summarize  {unfetched}: {unread}"));
    } else {
        let recordings = &forecast.recordings;
        let none = Recordings::default();
        lines.push(format!(
            "summarize  {}",
            format_estimate(forecast.summaries, &none, prices)
        ));
        lines.push(format!(
            "categorize {}",
            format_estimate(forecast.categories, &none, prices)
        ));
        lines.push(format!(
            "in all     {}",
            format_estimate(known, recordings, prices)
        ));
        if forecast.unfetched() > 0 {
            lines.push(format!("not in it  {unfetched}: {unread}"));
        }
    }
    if forecast.guess.talks > 0 {
        let of = match forecast.unknown {
            0 => "for them".to_owned(),
            _ => format!("for {} of them", forecast.guess.talks),
        };
        let guess = forecast.guess.estimate;
        let guessed = format_estimate(guess, &Recordings::default(), prices);
        lines.push(format!("a guess    {of} {guessed}"));
        if forecast.unknown > 0 {
            let others = typical_cost(forecast.unknown, prices.tokens);
            lines.push(format!("the others {others}"));
        }
        let mut all = known;
        all.add(guess);
        let all = format_estimate(all, &forecast.recordings, prices);
        lines.push(format!("with it    {all}"));
    }
    if known.requests > 0 {
        lines.push("These sums are rather too high than too low. The model may get one more request when a reply breaks the rules.".to_owned());
    }
    lines
}

fn format_unfetched(talks: usize) -> String {
    format!(
        "{} whose captions are not fetched",
        pluralize(talks, "talk")
    )
}

fn format_estimate(estimate: Estimate, recordings: &Recordings, prices: Prices) -> String {
    let Estimate { requests, usage } = estimate;
    let listened = match recordings.count {
        0 => String::new(),
        count => format!("{}, ", pluralize(count, "recording")),
    };
    if requests == 0 && recordings.count == 0 {
        return "no requests".to_owned();
    }
    let least = if recordings.without_length > 0 {
        "at least "
    } else {
        ""
    };
    let (tokens, minutes) = to_be_paid(estimate, recordings);
    let cost = prices.cost(tokens, minutes);
    let requests = pluralize(requests, "request");
    let (read, written) = (usage.prompt_tokens, usage.completion_tokens);
    format!(
        "{listened}{requests}, about {} tokens in, {} out, {least}{cost}",
        thousands(read),
        thousands(written)
    )
}

fn format_recordings(recordings: &Recordings, prices: Prices) -> String {
    let minutes = recordings.minutes();
    let more = match recordings.without_length {
        0 => String::new(),
        more => format!(" and {more} of unknown length"),
    };
    let least = match recordings.without_length {
        0 => "",
        _ => "at least ",
    };
    let count = pluralize(recordings.count, "recording");
    let cost = prices.cost(None, Some(minutes));
    format!("{count}, {:.0} min{more}, {least}{cost}", minutes.ceil())
}
