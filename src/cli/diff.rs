//! `diff`: what two catalogs make of the same talks, on the terminal and as a page.
//!
//! Only the cache is read. What is not there is listed with the command that makes it.

mod json;
mod settings;
pub(super) mod text;

use std::cell::Cell;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::catalog::Entry;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::selection::Only;
use crate::cli::setup::Setup;
use crate::cli::usage_report::{self, Prices};
use crate::cli::{output, terminal};
use crate::compare::page::{Heading, Setting, html};
use crate::compare::{Both, CategoryListing, ComparedSide, Comparison, Lacking, compare_sides};
use crate::fs::{self, Existing};
use crate::numbers::pluralize;
use crate::pipeline::Outcome;
use crate::report::tally::RequestUsage;
use crate::report::{Event, Reporter, Verbosity, causes, say};
use crate::summarize::SummarizeError;

#[derive(Debug, Args)]
#[command(after_long_help = json::SCHEMA)]
pub(super) struct DiffArgs {
    /// A catalog
    #[arg(value_name = "A")]
    a: PathBuf,
    /// A catalog of the same talks, with another model or other prompts
    #[arg(value_name = "B")]
    b: PathBuf,
    /// Also write the comparison as a page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Only these talks: ids or links, or ID@START for one part of a video; an id that begins with
    /// `-` as `--only=ID`
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One of the two catalogs, with all that is cached for its settings.
struct ComparedCatalog<'a> {
    path: &'a Path,
    setup: Setup,
    outcomes: Vec<Outcome>,
    paid: RequestUsage,
}

/// Counts the replies that are found, with what they used when they were made.
#[derive(Debug, Default)]
struct UsageCounter(Cell<RequestUsage>);

impl Reporter for UsageCounter {
    fn report(&self, event: Event<'_>) {
        if let Event::Recalled { billed, .. } = event {
            let mut asked = self.0.get();
            asked.add(billed);
            self.0.set(asked);
        }
    }
}

/// Compares two catalogs. Nobody outside is asked.
pub(super) fn diff(globals: &Globals, arguments: &DiffArgs) -> Result<Ending, Failure> {
    let open = |path| Setup::open(&globals.of_catalog(path));
    let (a, b) = (open(&arguments.a)?, open(&arguments.b)?);
    let only = Only::of(&arguments.only, &[&a.catalog, &b.catalog])?;
    let sides = [
        open_side(&arguments.a, a, &only)?,
        open_side(&arguments.b, b, &only)?,
    ];
    let [a, b] = sides.each_ref().map(side);
    let comparison = compare_sides(&a, &b);
    let heading = heading(&sides, &comparison);

    if arguments.json {
        output::print(&json::json(&heading, &comparison))?;
    } else {
        output::print_report(&text::text(&heading, &comparison, terminal::width()))?;
    }
    if let Some(path) = &arguments.html {
        write(path, &heading, &comparison)?;
        if globals.verbosity > Verbosity::Quiet {
            say(format_args!("wrote {}", path.display()));
        }
    }
    for (side, lacking) in sides.iter().zip(&comparison.lacking) {
        explain_how_to_make(side, lacking, &only);
    }
    if comparison.lacking.iter().all(Vec::is_empty) {
        Ok(Ending::Complete)
    } else {
        Ok(Ending::Incomplete)
    }
}

fn open_side<'a>(
    path: &'a Path,
    setup: Setup,
    only: &Only,
) -> Result<ComparedCatalog<'a>, Failure> {
    let entries: Vec<&Entry> = only.among(setup.catalog.visible()).collect();
    let paid = UsageCounter::default();
    let outcomes = setup.recall(&entries, &paid)?;
    Ok(ComparedCatalog {
        path,
        setup,
        outcomes,
        paid: paid.0.get(),
    })
}

fn side<'a>(opened: &'a ComparedCatalog<'_>) -> ComparedSide<'a> {
    let catalog = &opened.setup.catalog;
    ComparedSide {
        talks: opened
            .outcomes
            .iter()
            .map(|outcome| &outcome.talk)
            .collect(),
        glossary: &catalog.glossary,
        filing: if catalog.categories.is_empty() {
            CategoryListing::None
        } else {
            CategoryListing::Categories
        },
    }
}

fn heading(sides: &Both<ComparedCatalog<'_>>, comparison: &Comparison) -> Heading {
    let totals = comparison.totals;
    let compared = totals.same + totals.reworded;
    let each = |name: &str, value: &dyn Fn(usize) -> String| Setting {
        name: name.to_owned(),
        values: [value(0), value(1)],
    };
    let not_compared = |side: usize| comparison.lacking[side].len();
    Heading {
        title: sides[0].setup.catalog.title.clone(),
        language: sides[0].setup.catalog.language.clone(),
        catalogs: sides.each_ref().map(|side| side.path.display().to_string()),
        settings: settings::differing_settings(sides.each_ref().map(|side| &side.setup)),
        totals: vec![
            each("length", &|side| {
                format!("{} words on average", totals.words[side])
            }),
            each("misheard?", &|side| {
                pluralize(totals.misheard[side], "name")
            }),
            each("lacking", &|side| {
                format!(
                    "{} of {} talks",
                    not_compared(side),
                    sides[side].outcomes.len()
                )
            }),
            each("paid for", &|side| cost(&sides[side])),
        ],
        sums: vec![
            format!("{} of {compared} summaries differ", totals.reworded),
            format!("{} of {} categories differ", totals.refiled, totals.filed),
        ],
    }
}

/// What the replies of a side used when they were made.
fn cost(side: &ComparedCatalog<'_>) -> String {
    if side.paid.requests == 0 {
        return "nothing".to_owned();
    }
    usage_report::format_usage(side.paid, Prices::of(&side.setup.catalog))
}

fn write(path: &Path, heading: &Heading, comparison: &Comparison) -> Result<(), Failure> {
    let page = html(heading, comparison);
    let page = page.map_err(|error| Failure::run(error, None::<String>))?;
    let written = fs::write(path, page.as_bytes(), Existing::Replace);
    written.map_err(|error| Failure::run(error, Some("choose another file with `--html`")))?;
    Ok(())
}

/// Says how a side comes by what it lacks, and of which talks no run would mend it.
fn explain_how_to_make(side: &ComparedCatalog<'_>, lacking: &[Lacking], only: &Only) {
    let is_lacking = |outcome: &&Outcome| {
        let id = outcome.talk.talk.id.to_string();
        lacking.iter().any(|lacking| lacking.talk.id == id)
    };
    let lacking = side.outcomes.iter().filter(is_lacking);
    let (to_make, failed): (Vec<&Outcome>, Vec<&Outcome>) = lacking.partition(|outcome| {
        let problem = outcome.summary.as_ref().or(outcome.category.as_ref());
        // Talks that nobody has visited yet have nothing to read either.
        problem.is_none_or(|problem| {
            matches!(
                problem,
                SummarizeError::NotCached | SummarizeError::NothingToRead
            )
        })
    });
    let path = side.path.display().to_string();
    for outcome in failed {
        let problem = outcome.problem().map(causes).unwrap_or_default();
        say(format_args!("{path}: {}: {problem}", outcome.talk.talk.id));
        if let Some(hint) = outcome.hint() {
            say(format_args!("    next: {hint}"));
        }
    }
    if to_make.is_empty() {
        return;
    }
    let is_fetched = |outcome: &&Outcome| outcome.talk.talk.transcript.is_some();
    let command = if to_make.iter().all(is_fetched) {
        "summarize"
    } else {
        "build"
    };
    let selection = if only.is_everything() {
        String::new()
    } else {
        format!(" --only={only}")
    };
    let talks = pluralize(to_make.len(), "talk");
    say(format_args!(
        "to make what {path} lacks of {talks}: `proceedings {command} --catalog {}{selection}`",
        shell_words::quote(&path)
    ));
}
