//! What `status --json` prints. Keys and words are a promise; new ones may be added.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::Catalog;
use crate::cli::output;
use crate::cli::status::StatusReport;
use crate::cli::status::bills::Bill;
use crate::cli::usage_report::{Prices, to_be_paid};
use crate::llm::Usage;
use crate::status::forecast::Recordings;
use crate::status::{self, Cell};
use crate::summarize::estimate::Estimate;

/// What `--help` says about it.
pub(super) const SCHEMA: &str = r#"What `--json` prints (what is not known is null; dollars are never guessed to be 0):
  talks     [{"id", "title", "stages": {STAGE: {"state", "changed", "why", "at", "next"}}}]
            `changed` lists what a stale result has outrun: provider, model, parameters, prompt,
            conference, language, title, speakers, description, chapters, glossary, transcript,
            summary, categories, source, built-in, program, unknown; `at` is when a failure was
            found out
  totals    {STAGE: {STATE: how many}}, of all talks that were looked at, whatever is listed
  build     {"visits", "downloads", "recordings", "minutes", "requests", "tokens_in", "tokens_out", "dollars",
            "not_fetched", "guess", "cannot_be_made"}: `minutes` are those of the `recordings`
            that are transcribed; `not_fetched` talks are not in the sum; `guess`, with requests, tokens and dollars, is about `talks` of them;
            `cannot_be_made` counts results that no build can make
  paid      [{"model", "requests", "tokens_in", "cached_tokens_in", "tokens_out", "minutes",
            "dollars"}], at the price that the catalog names today; `minutes` were listened to
  unlisted  ids of talks that are in the cache and not in the catalog

Exit code: 0 whatever is found.

Examples:
  proceedings status --state failed,set-aside,damaged
  proceedings status --stage summary --state stale
  proceedings status --json --state missing,failed | jq -e '.talks == []'"#;

#[derive(Serialize)]
struct StatusJson<'a> {
    talks: Vec<TalkStatusJson<'a>>,
    totals: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
    build: BuildJson,
    paid: Vec<PaidJson<'a>>,
    unlisted: Vec<&'a str>,
}

#[derive(Serialize)]
struct TalkStatusJson<'a> {
    id: String,
    title: &'a str,
    stages: BTreeMap<&'static str, &'a Cell>,
}

#[derive(Serialize)]
struct BuildJson {
    visits: usize,
    downloads: usize,
    recordings: usize,
    minutes: f64,
    requests: u64,
    tokens_in: u64,
    tokens_out: u64,
    dollars: Option<f64>,
    not_fetched: usize,
    guess: Option<GuessJson>,
    cannot_be_made: usize,
}

#[derive(Serialize)]
struct GuessJson {
    talks: usize,
    requests: u64,
    tokens_in: u64,
    tokens_out: u64,
    dollars: Option<f64>,
}

#[derive(Serialize)]
struct PaidJson<'a> {
    model: &'a str,
    requests: u64,
    tokens_in: u64,
    cached_tokens_in: u64,
    tokens_out: u64,
    minutes: f64,
    dollars: Option<f64>,
}

/// The report as JSON.
pub(super) fn json(report: &StatusReport<'_>) -> String {
    let catalog = &report.setup.catalog;
    let forecast = report.forecast;
    let known = forecast.known();
    let guess = forecast.guess.estimate;
    let talks = report.listed.iter().map(|row| TalkStatusJson {
        id: row.talk.to_string(),
        title: &row.title,
        stages: row
            .stages()
            .filter(|(stage, _)| report.stages.contains(stage))
            .map(|(stage, cell)| (stage.name(), cell))
            .collect(),
    });
    let totals = report.stages.iter().map(|stage| {
        let states = status::totals(report.rows, *stage).into_iter();
        let states = states.map(|(state, count)| (state.name(), count));
        (stage.name(), states.collect())
    });
    let view = StatusJson {
        talks: talks.collect(),
        totals: totals.collect(),
        build: BuildJson {
            visits: forecast.visits,
            downloads: forecast.downloads,
            recordings: forecast.recordings.count,
            minutes: forecast.recordings.minutes(),
            requests: known.requests,
            tokens_in: known.usage.prompt_tokens,
            tokens_out: known.usage.completion_tokens,
            dollars: dollars(known, &forecast.recordings, catalog),
            not_fetched: forecast.unfetched(),
            guess: (forecast.guess.talks > 0).then(|| GuessJson {
                talks: forecast.guess.talks,
                requests: guess.requests,
                tokens_in: guess.usage.prompt_tokens,
                tokens_out: guess.usage.completion_tokens,
                dollars: dollars(guess, &Recordings::default(), catalog),
            }),
            cannot_be_made: forecast.hopeless.len(),
        },
        paid: report.kept.bills.iter().map(paid_json).collect(),
        unlisted: report.kept.unlisted.iter().map(String::as_str).collect(),
    };
    output::json(&view)
}

fn dollars(estimate: Estimate, recordings: &Recordings, catalog: &Catalog) -> Option<f64> {
    let (tokens, minutes) = to_be_paid(estimate, recordings);
    Prices::of(catalog).dollars(tokens, minutes)
}

fn paid_json<'a>((model, bill): (&'a String, &Bill)) -> PaidJson<'a> {
    let Usage {
        prompt_tokens,
        cached_tokens,
        completion_tokens,
    } = bill.usage;
    PaidJson {
        model,
        requests: bill.requests,
        tokens_in: prompt_tokens,
        cached_tokens_in: cached_tokens,
        tokens_out: completion_tokens,
        minutes: bill.minutes(),
        dollars: bill.dollars(),
    }
}
