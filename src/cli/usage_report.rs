//! What a run did in each task, and what it paid for, in words.

use crate::catalog::Catalog;
use crate::cli::arguments::Globals;
use crate::llm::{Price, Usage};
use crate::numbers::{pluralize, thousands};
use crate::report::tally::{RequestUsage, Tally, TranscriptionUsage};
use crate::report::{Verbosity, say};
use crate::status::forecast::Recordings;
use crate::summarize::estimate::{Estimate, TYPICAL_TALK_TOKENS};
use crate::work::{Goal, How, Task};

/// What things cost, in US dollars, as far as the catalog says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prices {
    pub(super) tokens: Option<Price>,
    /// Of a minute of sound.
    pub(super) minute: Option<f64>,
}

impl Prices {
    /// The prices that a catalog names.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let transcribe = catalog.transcribe.as_ref();
        Self {
            tokens: catalog.llm.as_ref().and_then(|llm| llm.price),
            minute: transcribe.and_then(|settings| settings.price_per_minute),
        }
    }

    /// What a batch costs, which is half.
    pub(super) fn halved(self) -> Self {
        Self {
            tokens: self.tokens.map(Price::halved),
            ..self
        }
    }

    /// What tokens and minutes cost together; what was not used needs no price.
    pub(super) fn dollars(self, usage: Option<Usage>, minutes: Option<f64>) -> Option<f64> {
        let tokens = match usage {
            Some(usage) => self.tokens?.of(usage),
            None => 0.0,
        };
        let sound = match minutes {
            Some(minutes) => self.minute? * minutes,
            None => 0.0,
        };
        Some(tokens + sound)
    }

    /// The same in words. A price that nobody named is unknown, and not nothing.
    pub(super) fn cost(self, usage: Option<Usage>, minutes: Option<f64>) -> String {
        match self.dollars(usage, minutes) {
            Some(dollars) => format!("${dollars:.4}"),
            None if usage.is_some() && self.tokens.is_none() => {
                "cost unknown (the catalog names no `price`)".to_owned()
            }
            None => "cost unknown (the catalog names no `price_per_minute`)".to_owned(),
        }
    }
}

/// What talks cost of which nothing is known yet, as a guess.
pub(super) fn typical_cost(talks: usize, price: Option<Price>) -> String {
    let tokens = thousands(TYPICAL_TALK_TOKENS);
    let count = pluralize(talks, "talk");
    match price {
        Some(price) => {
            let dollars = price.of(Estimate::typical(talks).usage);
            format!("typically {tokens} tokens a talk: about ${dollars:.2} for {count}")
        }
        None => {
            format!("typically {tokens} tokens a talk; for the cost, name the `price` in [llm]")
        }
    }
}

/// The tokens of an estimate, and the minutes of recordings: no requests needs no price.
pub(super) fn to_be_paid(
    estimate: Estimate,
    recordings: &Recordings,
) -> (Option<Usage>, Option<f64>) {
    let tokens = (estimate.requests > 0).then_some(estimate.usage);
    let minutes = (recordings.count > 0).then(|| recordings.minutes());
    (tokens, minutes)
}

/// Says what was done, also by a run that ended badly.
pub(super) fn report_work(globals: &Globals, catalog: &Catalog, tally: &Tally<'_>, goal: Goal) {
    if globals.verbosity > Verbosity::Quiet {
        report_tasks(tally, catalog, goal);
        report_transcriptions(tally, catalog);
        report_total(globals, tally, catalog);
    }
}

fn report_tasks(tally: &Tally<'_>, catalog: &Catalog, goal: Goal) {
    let steps: &[Task] = match goal {
        Goal::Fetch => &[Task::Fetch],
        _ if catalog.categories.is_empty() => &[Task::Fetch, Task::Summarize],
        _ => &Task::ALL,
    };
    for task in steps {
        let ways = [
            (How::New, "new"),
            (How::Cached, "cached"),
            (How::Stale, "stale"),
            (How::Given, "given"),
            (How::Missing, "missing"),
        ];
        let counts = ways.map(|(how, word)| (tally.results(*task, how), word));
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if counts.is_empty() {
            continue;
        }
        let asked = tally.asked(*task);
        let used = if asked.requests == 0 {
            String::new()
        } else {
            format!("; {}", format_usage(asked, Prices::of(catalog)))
        };
        say(format_args!(
            "{:<10} {}{used}",
            task.name(),
            counts.join(", ")
        ));
    }
}

/// What was asked beside the talks themselves.
pub(super) fn report_single_requests(tally: &Tally<'_>, task: Task, catalog: &Catalog) {
    let asked = tally.asked(task);
    if asked.requests > 0 {
        say(format_args!(
            "asked: {}",
            format_usage(asked, Prices::of(catalog))
        ));
    }
}

/// What requests used and cost, and beside them so many minutes of sound.
pub(super) fn format_usage(asked: RequestUsage, prices: Prices) -> String {
    format_usage_with_sound(asked, None, prices)
}

fn format_usage_with_sound(asked: RequestUsage, minutes: Option<f64>, prices: Prices) -> String {
    let RequestUsage {
        requests,
        unanswered,
        untold,
        usage,
    } = asked;
    let requests = pluralize(requests, "request");
    let in_vain = match unanswered {
        0 => String::new(),
        _ => format!(" ({unanswered} without a reply)"),
    };
    if untold > 0 && usage == Usage::default() {
        return format!(
            "{requests}{in_vain}, tokens and cost unknown (the endpoint does not say what it used)"
        );
    }
    let cost = prices.cost(Some(usage), minutes);
    let cost = match untold {
        0 => cost,
        _ if cost.starts_with('$') => {
            format!("at least {cost} (the endpoint does not say what {untold} of them used)")
        }
        _ => cost,
    };
    format!("{requests}{in_vain}, {}, {cost}", format_tokens(usage))
}

/// Tokens in words; that none of them were cached says nothing.
pub(super) fn format_tokens(usage: Usage) -> String {
    let cached = match usage.cached_tokens {
        0 => String::new(),
        cached => format!(" ({} of them cached)", thousands(cached)),
    };
    format!(
        "{} tokens in{cached}, {} out",
        thousands(usage.prompt_tokens),
        thousands(usage.completion_tokens)
    )
}

fn report_transcriptions(tally: &Tally<'_>, catalog: &Catalog) {
    let listened = tally.listened();
    if listened.recordings == 0 {
        return;
    }
    let minutes = minutes(listened);
    let cost = Prices::of(catalog).cost(None, Some(minutes));
    let cost = match listened.without_length {
        0 => cost,
        more => format!("at least {cost} (the length of {more} is unknown)"),
    };
    let recordings = pluralize(listened.recordings, "recording");
    say(format_args!(
        "transcribe {recordings}, {:.0} min, {cost}",
        minutes.ceil()
    ));
}

fn minutes(listened: TranscriptionUsage) -> f64 {
    listened.length.as_secs_f64() / 60.0
}

/// What the whole run cost, and with `--verbose` each talk. What recordings alone cost has been said.
pub(super) fn report_total(globals: &Globals, tally: &Tally<'_>, catalog: &Catalog) {
    let mut total = RequestUsage::default();
    for asked in Task::ALL.map(|task| tally.asked(task)) {
        total.join(asked);
    }
    if total.requests == 0 {
        return;
    }
    let prices = Prices::of(catalog);
    if globals.verbosity >= Verbosity::Verbose {
        for (talk, asked) in tally.asked_by_talk() {
            say(format_args!("  {talk}  {}", format_usage(asked, prices)));
        }
    }
    let listened = tally.listened();
    let (recordings, sound) = match listened.recordings {
        0 => (String::new(), None),
        count => (
            format!("{}, ", pluralize(count, "recording")),
            Some(minutes(listened)),
        ),
    };
    let least = match listened.without_length {
        0 => "",
        _ => "at least ",
    };
    let asked = format_usage_with_sound(total, sound, prices);
    say(format_args!("in all     {least}{recordings}{asked}"));
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
        let prices = Prices {
            tokens: Some(Price {
                input: 1.0,
                cached_input: None,
                output: 2.0,
            }),
            minute: None,
        };
        for (bills, said) in [
            (vec![tokens], "1 request, 1,000 tokens in, 50 out, $0.0011"),
            (
                vec![tokens, Billed::Unknown],
                "2 requests, 1,000 tokens in, 50 out, at least $0.0011 (the endpoint does not say what 1 of them used)",
            ),
            (
                vec![Billed::Unknown, Billed::Nothing],
                "2 requests (1 without a reply), tokens and cost unknown (the endpoint does not say what it used)",
            ),
        ] {
            let mut asked = RequestUsage::default();
            for bill in bills {
                asked.add(bill);
            }
            assert_eq!(format_usage(asked, prices), said);
        }
    }
}
