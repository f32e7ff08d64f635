//! What a run did at each step, and what it paid for, in words.

use crate::catalog::Catalog;
use crate::cli::Globals;
use crate::cli::closing::Goal;
use crate::llm::{Price, Usage};
use crate::numbers::{counted, thousands};
use crate::report::tally::{Asked, Tally};
use crate::report::{Verbosity, say};
use crate::work::{How, Step};

/// Says what was done, also by a run that ended badly.
pub(super) fn work_done(globals: &Globals, catalog: &Catalog, tally: &Tally<'_>, goal: Goal) {
    if globals.verbosity > Verbosity::Quiet {
        steps(tally, catalog, goal);
        transcriptions(tally, catalog);
        total(globals, tally, catalog);
    }
}

fn steps(tally: &Tally<'_>, catalog: &Catalog, goal: Goal) {
    let steps: &[Step] = match goal {
        Goal::Fetch => &[Step::Fetch],
        _ if catalog.categories.is_empty() => &[Step::Fetch, Step::Summarize],
        _ => &Step::ALL,
    };
    for step in steps {
        let ways = [
            (How::New, "new"),
            (How::Cached, "cached"),
            (How::Stale, "stale"),
            (How::Given, "given"),
            (How::Missing, "missing"),
        ];
        let counts = ways.map(|(how, word)| (tally.results(*step, how), word));
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if counts.is_empty() {
            continue;
        }
        let asked = tally.asked(*step);
        let used = if asked.requests == 0 {
            String::new()
        } else {
            format!("; {}", used(asked, price(catalog)))
        };
        say(format_args!(
            "{:<10} {}{used}",
            step.name(),
            counts.join(", ")
        ));
    }
}

pub(super) fn price(catalog: &Catalog) -> Option<Price> {
    catalog.llm.as_ref().and_then(|llm| llm.price)
}

/// What was asked beside the talks themselves.
pub(super) fn asked_once(tally: &Tally<'_>, catalog: &Catalog) {
    let asked = tally.asked(Step::Categorize);
    if asked.requests > 0 {
        say(format_args!("asked: {}", used(asked, price(catalog))));
    }
}

/// What requests used and cost. A price that nobody named is unknown, and not nothing.
pub(super) fn used(asked: Asked, price: Option<Price>) -> String {
    let Asked {
        requests,
        unanswered,
        untold,
        usage,
    } = asked;
    let requests = counted(requests, "request");
    let in_vain = match unanswered {
        0 => String::new(),
        _ => format!(" ({unanswered} without a reply)"),
    };
    if untold > 0 && usage == Usage::default() {
        return format!(
            "{requests}{in_vain}, tokens and cost unknown (the endpoint does not say what it used)"
        );
    }
    let cost = match price {
        Some(price) if untold == 0 => format!("${:.4}", price.of(usage)),
        Some(price) => format!(
            "at least ${:.4} (the endpoint does not say what {untold} of them used)",
            price.of(usage)
        ),
        None => "cost unknown (the catalog names no `price`)".to_owned(),
    };
    format!(
        "{requests}{in_vain}, {} tokens in ({} of them cached), {} out, {cost}",
        thousands(usage.prompt_tokens),
        thousands(usage.cached_tokens),
        thousands(usage.completion_tokens),
    )
}

fn transcriptions(tally: &Tally<'_>, catalog: &Catalog) {
    let listened = tally.listened();
    if listened.recordings == 0 {
        return;
    }
    let minutes = listened.length.as_secs_f64() / 60.0;
    let settings = catalog.transcribe.as_ref();
    let price = settings.and_then(|settings| settings.price_per_minute);
    let cost = match (price, listened.without_length) {
        (None, _) => "cost unknown (the catalog names no `price_per_minute`)".to_owned(),
        (Some(price), 0) => format!("${:.4}", minutes * price),
        (Some(price), more) => {
            format!(
                "at least ${:.4} (the length of {more} is unknown)",
                minutes * price
            )
        }
    };
    let recordings = counted(listened.recordings, "recording");
    say(format_args!(
        "transcribe {recordings}, {:.0} min, {cost}",
        minutes.ceil()
    ));
}

/// What the whole run cost, and with `--verbose` each talk.
pub(super) fn total(globals: &Globals, tally: &Tally<'_>, catalog: &Catalog) {
    let mut total = Asked::default();
    for asked in Step::ALL.map(|step| tally.asked(step)) {
        total.join(asked);
    }
    if total.requests == 0 {
        return;
    }
    if globals.verbosity >= Verbosity::Verbose {
        for (talk, asked) in tally.asked_by_talk() {
            say(format_args!("  {talk}  {}", used(asked, price(catalog))));
        }
    }
    say(format_args!("in all     {}", used(total, price(catalog))));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::Billed;

    #[test]
    fn what_is_not_told_is_not_said_to_be_nothing() {
        let tokens = Billed::Tokens(Usage {
            prompt_tokens: 1_000,
            cached_tokens: 0,
            completion_tokens: 50,
        });
        let price = Price {
            input: 1.0,
            cached_input: None,
            output: 2.0,
        };
        for (bills, said) in [
            (
                vec![tokens],
                "1 request, 1,000 tokens in (0 of them cached), 50 out, $0.0011",
            ),
            (
                vec![tokens, Billed::Unknown],
                "2 requests, 1,000 tokens in (0 of them cached), 50 out, at least $0.0011 (the endpoint does not say what 1 of them used)",
            ),
            (
                vec![Billed::Unknown, Billed::Nothing],
                "2 requests (1 without a reply), tokens and cost unknown (the endpoint does not say what it used)",
            ),
        ] {
            let mut asked = Asked::default();
            for bill in bills {
                asked.add(bill);
            }
            assert_eq!(used(asked, Some(price)), said);
        }
    }
}
