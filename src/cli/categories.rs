//! `categories suggest`: a list of categories for talks that are summarized, as TOML.
//!
//! The list goes to standard output, or with `--write` into the catalog, where it replaces nothing
//! unasked. What is proposed, and what a good list is, is the business of `suggest/`.

use clap::{Args, Subcommand};
use toml_edit::Item;

use crate::alike::TalkText;
use crate::alike::weights::ReadTalks;
use crate::catalog::edit::{Draft, EditError};
use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::{Globals, parse_dollars};
use crate::cli::ending::{Ending, Failure};
use crate::cli::output::print;
use crate::cli::outside::{self, Payees};
use crate::cli::runtime::{carry_out, reporter};
use crate::cli::setup::Setup;
use crate::cli::usage_report;
use crate::llm::client::Client;
use crate::report::lines::Lines;
use crate::report::tally::Tally;
use crate::report::{Verbosity, say};
use crate::suggest::proposal::{PromptLine, Proposal};
use crate::suggest::{self, Suggester, Suggestion, Wish, tables};
use crate::talk::SummarizedTalk;
use crate::work::Task;

#[derive(Debug, Args)]
pub(super) struct CategoriesArgs {
    #[command(subcommand)]
    command: CategoriesCommand,
}

#[derive(Debug, Subcommand)]
enum CategoriesCommand {
    /// Propose 5 to 12 categories from titles and summaries, as TOML
    Suggest(SuggestArgs),
}

#[derive(Debug, Args)]
struct SuggestArgs {
    /// Write them into the catalog; your comments stay
    #[arg(long)]
    write: bool,
    /// Replace the categories that the catalog lists
    #[arg(long, requires = "write")]
    replace: bool,
    /// Ask for a new list, although one is cached
    #[arg(long)]
    again: bool,
    /// Stop before the run costs more than this, in US dollars
    #[arg(long, value_name = "USD", value_parser = parse_dollars)]
    max_cost: Option<f64>,
}

/// What concerns the list of categories.
pub(super) fn categories(globals: &Globals, arguments: &CategoriesArgs) -> Result<Ending, Failure> {
    match &arguments.command {
        CategoriesCommand::Suggest(arguments) => suggest(globals, arguments),
    }
}

fn suggest(globals: &Globals, arguments: &SuggestArgs) -> Result<Ending, Failure> {
    let setup = Setup::open(globals)?;
    let catalog = &setup.catalog;
    if arguments.write && !arguments.replace && !catalog.categories.is_empty() {
        return Err(Failure::usage(
            "the catalog lists categories already, and `--write` alone does not replace them",
            Some("look at the list without `--write`, or replace them with `--write --replace`"),
        ));
    }
    let outcomes = recall_summarized(globals, &setup)?;
    let talks: Vec<PromptLine> = outcomes.iter().map(line).collect();
    let Some(llm) = &catalog.llm else {
        if arguments.again {
            return Err(Failure::usage(
                "without a model, the list for these talks is always the same",
                Some("leave out `--again`, or name an endpoint under [llm] in the catalog"),
            ));
        }
        let mut read = ReadTalks::default();
        for talk in &outcomes {
            read.read(TalkText {
                title: &talk.talk.title,
                text: &talk.written(),
            });
        }
        let suggestion = suggest::suggest_by_words(&talks, &read, &catalog.language);
        let suggestion = suggestion.map_err(|error| {
            let hint = error.hint();
            Failure::run(error, hint)
        })?;
        if globals.verbosity > Verbosity::Quiet {
            say(format_args!(
                "the catalog names no model, so the words that talks share propose the categories"
            ));
            report_remarks(&suggestion);
        }
        return deliver(globals, catalog, arguments, &suggestion, &talks);
    };
    setup.share(globals)?;
    let client = outside::client(globals, llm)?;
    let payees = Payees {
        llm: Some(llm),
        transcribe: None,
    };
    let budget = outside::budget(payees, arguments.max_cost)?;
    let shown_by = reporter(globals.verbosity, Some(llm));
    let tally = Tally::new(&*shown_by);
    let requests = |client| setup.requests(client, budget.as_ref(), &tally);
    let suggester = Suggester {
        catalog,
        llm,
        cache: &setup.cache,
        prompts: &setup.prompts,
        requests: client.as_ref().map(requests),
        wish: if arguments.again {
            Wish::Another
        } else {
            Wish::Latest
        },
    };
    let stop = || client.iter().for_each(Client::stop);
    let videos = catalog.visible().map(|entry| &entry.id.video);
    let suggestion = setup.cache.sharing(videos, suggester.suggest(&talks));
    let suggestion = carry_out(suggestion, stop, &tally)??;
    if globals.verbosity > Verbosity::Quiet {
        usage_report::report_single_requests(&tally, Task::Categorize, catalog);
    }
    let suggestion = match suggestion {
        Err(error) if error.is_stop() => return Ok(Ending::Stopped),
        suggestion => suggestion.map_err(|error| {
            let hint = error.hint();
            Failure::run(error, hint)
        })?,
    };
    if globals.verbosity > Verbosity::Quiet {
        report_remarks(&suggestion);
    }
    deliver(globals, catalog, arguments, &suggestion, &talks)
}

/// The visible talks that have a summary.
fn recall_summarized(globals: &Globals, setup: &Setup) -> Result<Vec<SummarizedTalk>, Failure> {
    let entries: Vec<&Entry> = setup.catalog.visible().collect();
    let outcomes = setup.recall(&entries, &Lines::new(Verbosity::Quiet))?;
    let all = outcomes.len();
    let talks = outcomes.into_iter().map(|outcome| outcome.talk);
    let talks: Vec<SummarizedTalk> = talks.filter(|talk| talk.summary.is_some()).collect();
    if talks.is_empty() {
        return Err(Failure::run(
            "no talk has a summary yet, and summaries are needed to propose categories",
            Some("run `proceedings build` first"),
        ));
    }
    let without = all - talks.len();
    if without > 0 && globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "{without} of {all} talks have no summary and were left out"
        ));
    }
    Ok(talks)
}

fn summary(talk: &SummarizedTalk) -> &str {
    talk.summary.as_ref().map_or("", |summary| &summary.text)
}

/// A talk as a line of the prompt.
fn line(talk: &SummarizedTalk) -> PromptLine {
    suggest::line(&talk.talk.title, summary(talk))
}

/// What was done to the list, and what is still wrong with it.
fn report_remarks(suggestion: &Suggestion) {
    for mending in &suggestion.mendings {
        say(format_args!("changed: {mending}"));
    }
    for flaw in &suggestion.flaws {
        say(format_args!("problem: {flaw}"));
    }
    let unplaced = suggestion.unplaced;
    if unplaced > 0 && suggestion.flaws.is_empty() {
        let verb = if unplaced == 1 {
            "talk is expected in none of them and is"
        } else {
            "talks are expected in none of them and are"
        };
        say(format_args!(
            "{unplaced} {verb} filed by `build` where they fit best"
        ));
    }
}

fn deliver(
    globals: &Globals,
    catalog: &Catalog,
    arguments: &SuggestArgs,
    suggestion: &Suggestion,
    talks: &[PromptLine],
) -> Result<Ending, Failure> {
    let is_good = suggestion.flaws.is_empty();
    if arguments.write && is_good {
        write(globals, catalog, &suggestion.categories, talks)?;
        return Ok(Ending::Complete);
    }
    let text = tables::text(&suggestion.categories, talks);
    print(&text)?;
    if !is_good {
        let kept = if arguments.write {
            "the catalog was not changed; "
        } else {
            ""
        };
        let next = if catalog.llm.is_some() {
            "ask for another list with `--again`, or name a stronger model"
        } else {
            "name a model under [llm] in the catalog, or write `[[categories]]` yourself"
        };
        say(format_args!("{kept}next: {next}"));
        return Ok(Ending::Incomplete);
    }
    if globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "next: `proceedings categories suggest --write` writes them into {} and costs nothing more",
            globals.catalog.display()
        ));
    }
    Ok(Ending::Complete)
}

/// Puts the categories into the catalog.
fn write(
    globals: &Globals,
    catalog: &Catalog,
    categories: &[Proposal],
    talks: &[PromptLine],
) -> Result<(), Failure> {
    let failed = |error: EditError| {
        let hint = error.hint();
        Failure::run(error, hint)
    };
    ensure_still_listed(catalog, categories)?;
    let mut draft = Draft::load(&globals.catalog).map_err(failed)?;
    draft.document.remove(tables::KEY);
    let tables = tables::tables(categories, talks);
    draft
        .document
        .insert(tables::KEY, Item::ArrayOfTables(tables));
    draft.save().map_err(failed)?;
    if globals.verbosity > Verbosity::Quiet {
        let path = globals.catalog.display();
        say(format_args!(
            "wrote {} categories into {path} (backup: {path}.bak)",
            categories.len()
        ));
        say(format_args!(
            "next: read them, then run `proceedings build`: it files each talk with one small request"
        ));
    }
    Ok(())
}

/// Sees to it that the list has the categories that the organizer has filed talks under.
fn ensure_still_listed(catalog: &Catalog, categories: &[Proposal]) -> Result<(), Failure> {
    let is_listed = |name: &str| categories.iter().any(|category| category.name == name);
    let lost = catalog.talks.iter().flat_map(|entry| {
        let names = entry.category.iter().chain(&entry.also);
        let lost = names.filter(|name| !is_listed(name));
        lost.map(|name| format!("{} under `{name}`", entry.id))
    });
    let lost: Vec<String> = lost.collect();
    if lost.is_empty() {
        return Ok(());
    }
    let error = format!(
        "the catalog files talks under categories that the new list lacks: {}",
        lost.join(", ")
    );
    Err(Failure::usage(
        error,
        Some(
            "take `category` and `also` of these talks out of the catalog, or take over by hand what `categories suggest` prints",
        ),
    ))
}
