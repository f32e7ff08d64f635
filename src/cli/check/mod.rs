//! `check`: one quality report over what is cached, for people and for CI.
//!
//! Nothing is made and nobody is asked, but for `--again`. Transcripts are read one at a time.

mod again;
mod text;

use std::collections::HashMap;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cache::{Cache, CacheError};
use crate::catalog::{Catalog, Entry};
use crate::check::categories;
use crate::check::results::{self, Filed, Reasons};
use crate::check::times::{self, Part};
use crate::check::titles::{self, Author};
use crate::check::{Finding, Kind, Section, Source, form, mojibake, names, speech};
use crate::cli::check::again::Opinions;
use crate::cli::check::text::Length;
use crate::cli::workshop::Workshop;
use crate::cli::{Ending, Failure, Globals, Selection, dollars, output, page, run};
use crate::fetch::FetchError;
use crate::pipeline::Outcome;
use crate::report::lines::Lines;
use crate::report::{Verbosity, causes};
use crate::summarize::SummarizeError;
use crate::summarize::near_miss::Trusted;
use crate::talk::id::{TalkId, VideoId};
use crate::talk::{Choice, SummarizedTalk, Talk};
use crate::work::Stage;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Only these talks, and nothing about the categories: ids or links, or ID@START for one part
    /// of a video; an id that begins with `-` as `--only=ID`
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Only findings of this kind
    #[arg(long, value_name = "KIND", num_args = 1.., value_delimiter = ',')]
    kind: Vec<Kind>,
    /// Have a model file each talk a second time, and say which talks change category: one small
    /// request a talk, paid for once
    #[arg(long)]
    again: bool,
    /// Stop before `--again` costs more than this, in US dollars
    #[arg(long, value_name = "USD", value_parser = dollars, requires = "again")]
    max_cost: Option<f64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    talks: usize,
    findings: &'a [Finding],
}

/// Looks at everything that is cached, and says what a reader would stumble over.
pub(super) fn check(globals: &Globals, arguments: &CheckArgs) -> Result<Ending, Failure> {
    if arguments.kind.contains(&Kind::Unstable) && !arguments.again {
        let error = "`unstable` is found only by asking a model again";
        return Err(Failure::usage(error, Some("add `--again`")));
    }
    let workshop = Workshop::open(globals)?;
    let catalog = &workshop.catalog;
    let entries = run::selected(catalog, &Selection::only(&arguments.only))?;
    let outcomes = page::recalled(&workshop, &entries, &Lines::new(Verbosity::Quiet))?;

    let unstable = if arguments.again {
        again::again(globals, &workshop, arguments.max_cost, &entries, &outcomes)?
    } else {
        Opinions::none()
    };

    let is_wanted = |kind: Kind| arguments.kind.is_empty() || arguments.kind.contains(&kind);
    let glossary = Trusted::of(&catalog.glossary);
    let mut findings = Vec::new();
    for (entry, outcome) in entries.iter().zip(&outcomes) {
        let mut about = about_words(catalog, entry, outcome, &glossary);
        about.extend(about_results(&workshop, outcome));
        about.extend(unstable.about(&entry.id));
        // Of all that is looked at, only this takes time.
        if is_wanted(Kind::PromptInjection) || is_wanted(Kind::Damaged) {
            about.extend(about_speech(&workshop.cache, &outcome.talk.talk));
        }
        about.sort_by_key(|finding| finding.kind);
        findings.extend(about);
    }
    if arguments.only.is_empty() {
        findings.extend(about_categories(catalog, &outcomes));
    }
    if is_wanted(Kind::Times) {
        findings.extend(about_times(&workshop, &entries));
    }
    findings.retain(|finding| is_wanted(finding.kind));

    let report = match (arguments.json, &arguments.kind[..]) {
        (true, _) => output::json(&Report {
            talks: outcomes.len(),
            findings: &findings,
        }),
        (false, []) => text::report(outcomes.len(), &findings, Length::Short),
        (false, _) => text::report(outcomes.len(), &findings, Length::Whole),
    };
    output::print(&report)?;
    Ok(match unstable.ending {
        Ending::Complete if !findings.is_empty() => Ending::Incomplete,
        ending => ending,
    })
}

/// What is wrong with talks that are parts of a recording. What cannot be read has been said.
fn about_times(workshop: &Workshop, entries: &[&Entry]) -> Vec<Finding> {
    let length = |video: &VideoId| {
        let metadata = workshop
            .cache
            .shelf(video)
            .and_then(|shelf| shelf.metadata());
        metadata.ok()??.duration
    };
    let parts = entries.iter().filter(|entry| entry.id.start.is_some());
    let parts: Vec<Part> = parts
        .map(|entry| Part {
            talk: entry.id.clone(),
            end: entry.end,
            length: length(&entry.id.video),
        })
        .collect();
    times::findings(&parts)
}

/// What is wrong with the words about a talk.
pub(in crate::cli) fn about_words(
    catalog: &Catalog,
    entry: &Entry,
    outcome: &Outcome,
    glossary: &Trusted,
) -> Vec<Finding> {
    let SummarizedTalk {
        talk,
        summary,
        category,
        ..
    } = &outcome.talk;
    let author = match entry.title {
        Some(_) => Author::Organizer,
        None => Author::Uploader,
    };
    let mut findings = titles::findings(talk, author);
    findings.extend(mojibake::finding(&talk.id, &talk.title, Source::Title));
    findings.extend(speech::in_texts(talk));
    if let Some(summary) = summary {
        findings.extend(form::findings(&talk.id, summary, &catalog.language));
        findings.extend(names::findings(talk, summary, glossary));
        findings.extend(mojibake::finding(&talk.id, &summary.text, Source::Summary));
    }
    if let Some(filing) = category {
        findings.extend(categories::homeless(talk, &filing.choice));
    }
    findings
}

/// What a talk lacks and what of it is stale. Where the cache is damaged, nobody knows.
pub(in crate::cli) fn about_results(workshop: &Workshop, outcome: &Outcome) -> Vec<Finding> {
    let talk = &outcome.talk;
    let reasons = match (unreadable(outcome), reasons(&workshop.cache, outcome)) {
        (Some(error), _) => return vec![results::damaged(&talk.talk.id, error)],
        (None, Err(error)) => return vec![results::damaged(&talk.talk.id, &error)],
        (None, Ok(reasons)) => reasons,
    };
    let filed = if workshop.catalog.categories.is_empty() {
        Filed::Nowhere
    } else {
        Filed::ByCategory
    };
    let mut findings = results::missing(talk, &reasons, filed);
    findings.extend(results::stale(talk));
    findings
}

/// The file of the cache that a talk could not be recalled for.
fn unreadable(outcome: &Outcome) -> Option<&CacheError> {
    match (&outcome.fetch, &outcome.summary, &outcome.category) {
        (Some(FetchError::Cache(error)), ..)
        | (_, Some(SummarizeError::Cache(error)), _)
        | (_, _, Some(SummarizeError::Cache(error))) => Some(error),
        _ => None,
    }
}

/// Why a talk lacks what it lacks, as far as this run or an earlier one has found out.
fn reasons(cache: &Cache, outcome: &Outcome) -> Result<Reasons, CacheError> {
    let shelf = cache.shelf(&outcome.talk.talk.id.video)?;
    Ok(Reasons {
        video: shelf.failure(Stage::Metadata)?,
        captions: shelf.failure(Stage::Transcript)?,
        transcript: outcome.fetch.as_ref().map(|error| causes(error)),
        summary: outcome.summary.as_ref().map(|error| causes(error)),
        category: outcome.category.as_ref().map(|error| causes(error)),
    })
}

/// Whether somebody speaks to a model in a recording. Its transcript is read for this, and dropped.
fn about_speech(cache: &Cache, talk: &Talk) -> Option<Finding> {
    let reference = talk.transcript.as_ref()?;
    let shelf = cache.shelf(&talk.id.video);
    let transcript = match shelf.and_then(|shelf| shelf.transcript(&reference.digest)) {
        Ok(transcript) => transcript?,
        Err(error) => return Some(results::damaged(&talk.id, &error)),
    };
    match talk.id.start {
        None => speech::in_transcript(&talk.id, &transcript),
        Some(start) => speech::in_transcript(&talk.id, &transcript.between(start, talk.end)),
    }
}

/// What is wrong with the categories of all talks together.
pub(in crate::cli) fn about_categories(catalog: &Catalog, outcomes: &[Outcome]) -> Vec<Finding> {
    let mut filed: HashMap<&Choice, Vec<&TalkId>> = HashMap::new();
    for SummarizedTalk { talk, category, .. } in outcomes.iter().map(|outcome| &outcome.talk) {
        if let Some(filing) = category {
            filed.entry(&filing.choice).or_default().push(&talk.id);
        }
    }
    let under = |choice: &Choice| filed.get(choice).cloned().unwrap_or_default();
    let sections = catalog.categories.iter().map(|category| {
        let talks = under(&Choice::Category(category.name.clone()));
        Section {
            name: &category.name,
            description: &category.description,
            talks: talks.len(),
            only: match talks[..] {
                [talk] => Some(talk),
                _ => None,
            },
        }
    });
    let sections: Vec<Section<'_>> = sections.collect();
    let homeless = under(&Choice::NoneFits).len();
    let mut findings = categories::findings(&sections, homeless, &catalog.language);
    // While most talks wait to be filed, there is nothing in a category yet.
    let is_early = filed.values().map(Vec::len).sum::<usize>() * 2 < outcomes.len();
    if is_early {
        findings.retain(|f| !matches!(f.kind, Kind::EmptyCategory | Kind::Singleton));
    }
    findings
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.meaning()))
    }
}
