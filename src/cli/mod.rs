//! The command line: flags, one file a command, errors with hints, exit codes.
//!
//! Here flags, environment and catalog become what the rooms below are made of; nothing below
//! reads a flag or the environment. Standard output carries data only.

mod cache;
mod captions;
mod categories;
mod check;
mod closing;
mod credentials;
mod diff;
mod doctor;
mod import;
mod init;
mod output;
mod packaging;
mod page;
mod plan;
mod review;
mod run;
mod selection;
mod site;
mod spent;
mod status;
mod survey;
mod thumbnails;
mod tools;
mod workshop;

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::cache::CacheError;
use crate::fetch::supervise::supervise;
use crate::pipeline::RunError;
use crate::render::Format;
use crate::report::{Verbosity, say};
use crate::status::Station;
use crate::talk::id::VideoId;

/// Turns a conference's recordings into a page: two sentences a talk, grouped by category, with
/// everything cached on disk.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, subcommand_negates_reqs = true)]
#[command(
    after_help = "Exit codes: 0 all selected talks have what the command makes; 1 the run failed; \
    2 wrong usage or a bad catalog; 3 finished, but some of them lack it, or `check` found something; 130 stopped by Ctrl-C."
)]
struct Cli {
    /// The conference's catalog
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "catalog.toml"
    )]
    catalog: PathBuf,
    /// Ask nobody outside: use only what is cached
    #[arg(long, global = true)]
    offline: bool,
    /// Say more: what was found done, and every wait
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Say only what went wrong
    #[arg(short, long, global = true)]
    quiet: bool,
    /// When to use color
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a catalog from a playlist, links or ids, or add to it what is new
    Init(init::InitArgs),
    /// Fetch, summarize, categorize and render: the main job, and what runs without a command
    Build(MakeArgs),
    /// Fetch metadata and captions only
    Fetch(Selection),
    /// Summarize and categorize what is fetched
    #[command(alias = "summarise")]
    Summarize(MakeArgs),
    /// Make the page from the cache
    Render(page::RenderArgs),
    /// Make the pages of many conferences, and an index that searches all their talks
    Site(site::SiteArgs),
    /// Say what is cached, stale, missing or failed and why, and what a build would take
    Status(status::StatusArgs),
    /// Look over what is cached before it is published: form, names, titles, categories, gaps
    Check(check::CheckArgs),
    /// Read, correct and approve the talks on a page of this machine
    Review(review::ReviewArgs),
    /// Show what two catalogs, with other models or prompts, make of the same talks
    Diff(diff::DiffArgs),
    /// Propose the categories of a conference
    Categories(categories::CategoriesArgs),
    /// Match caption files with talks
    #[command(subcommand)]
    Captions(captions::CaptionsCommand),
    /// Take pages made earlier, in the origin's format, into a catalog and a cache
    Import(import::ImportArgs),
    /// Look after the cache: verify it, prune it, pass it on
    #[command(subcommand)]
    Cache(cache::CacheCommand),
    /// Say what is missing or old, and how to mend it
    Doctor(doctor::DoctorArgs),
    /// Print a script that has a shell complete commands and flags
    Completions(packaging::CompletionsArgs),
    /// Print the manual page
    Man,
    /// Run a command under supervision
    #[command(hide = true)]
    Supervise(SuperviseArgs),
}

/// Which talks are worked on, and what is done again.
#[derive(Debug, Default, Args)]
struct Selection {
    /// Only these talks: ids or links, or ID@START for one part of a video; an id that begins with
    /// `-` as `--only=ID`
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Only the first so many of the talks
    #[arg(long, value_name = "N", value_parser = above_nothing)]
    limit: Option<NonZeroUsize>,
    /// Make this again; what is there is kept beside it
    #[arg(long, value_name = "STAGE", value_delimiter = ',')]
    redo: Vec<Station>,
}

impl Selection {
    /// These talks alone, or all where none is named.
    fn only(talks: &[String]) -> Self {
        Self {
            only: talks.to_vec(),
            ..Self::default()
        }
    }
}

/// What a command that asks a model works on, and what it may cost.
#[derive(Debug, Default, Args)]
struct MakeArgs {
    #[command(flatten)]
    selection: Selection,
    /// Only say what it would take: visits, requests, tokens and dollars
    #[arg(long)]
    dry_run: bool,
    /// Stop before the run costs more than this, in US dollars
    #[arg(long, value_name = "USD", value_parser = dollars)]
    max_cost: Option<f64>,
}

#[derive(Debug, Args)]
struct SuperviseArgs {
    #[arg(long)]
    folder: PathBuf,
    #[arg(long, value_parser = humantime::parse_duration)]
    limit: Duration,
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// What holds for every command.
#[derive(Debug, Clone)]
struct Globals {
    catalog: PathBuf,
    offline: bool,
    verbosity: Verbosity,
}

impl Globals {
    /// The same for another catalog.
    fn of_catalog(&self, catalog: &Path) -> Self {
        Self {
            catalog: catalog.to_owned(),
            ..self.clone()
        }
    }
}

/// How a command ended well, or nearly so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Every talk has what the command makes.
    Complete,
    /// Some talks lack it.
    Incomplete,
    /// The user stopped the run.
    Stopped,
}

/// Why a command ended badly.
#[derive(Debug)]
struct Failure {
    error: Box<dyn Error>,
    hint: Option<String>,
    fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Exit code 1.
    Failed,
    /// Exit code 2.
    Usage,
}

impl Failure {
    /// The run failed.
    fn run(error: impl Into<Box<dyn Error>>, hint: Option<impl Into<String>>) -> Self {
        Self {
            error: error.into(),
            hint: hint.map(Into::into),
            fate: Fate::Failed,
        }
    }

    /// The command line or the catalog is wrong.
    fn usage(error: impl Into<Box<dyn Error>>, hint: Option<impl Into<String>>) -> Self {
        Self {
            fate: Fate::Usage,
            ..Self::run(error, hint)
        }
    }
}

impl From<CacheError> for Failure {
    fn from(error: CacheError) -> Self {
        let hint = error.hint();
        Self::run(error, hint)
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let hint = error.hint();
        Self::run(error, hint)
    }
}

/// Runs the program with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    run_with(std::env::args_os())
}

fn run_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            drop(error.print());
            if let Some(id) = arguments.iter().find_map(|argument| dashed_id(argument)) {
                say(format_args!(
                    "hint: an id that begins with `-` is written as `--only={id}`, or after `--`"
                ));
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    set_color(cli.color);
    let globals = Globals {
        catalog: cli.catalog,
        offline: cli.offline,
        verbosity: match (cli.quiet, cli.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        },
    };
    let result = match cli.command.unwrap_or(Command::Build(MakeArgs::default())) {
        Command::Init(arguments) => init::init(&globals, &arguments),
        Command::Build(arguments) => run::build(&globals, &arguments),
        Command::Fetch(selection) => run::fetch(&globals, &selection),
        Command::Summarize(arguments) => run::summarize(&globals, &arguments),
        Command::Render(arguments) => page::render(&globals, &arguments),
        Command::Site(arguments) => site::site(&globals, &arguments),
        Command::Status(arguments) => status::status(&globals, &arguments),
        Command::Check(arguments) => check::check(&globals, &arguments),
        Command::Review(arguments) => review::review(&globals, &arguments),
        Command::Diff(arguments) => diff::diff(&globals, &arguments),
        Command::Categories(arguments) => categories::categories(&globals, &arguments),
        Command::Captions(captions::CaptionsCommand::Match(arguments)) => {
            captions::matched(&globals, &arguments)
        }
        Command::Import(arguments) => import::import(&globals, &arguments),
        Command::Cache(command) => cache::cache(&globals, &command),
        Command::Doctor(arguments) => doctor::doctor(&globals, &arguments),
        Command::Completions(arguments) => packaging::completions(Cli::command(), &arguments),
        Command::Man => packaging::man(Cli::command()),
        Command::Supervise(SuperviseArgs {
            folder,
            limit,
            command,
        }) => {
            return supervise(&folder, limit, &command);
        }
    };
    match result {
        Ok(Ending::Complete) => ExitCode::SUCCESS,
        Ok(Ending::Incomplete) => ExitCode::from(3),
        Ok(Ending::Stopped) => ExitCode::from(130),
        Err(failure) => {
            print_failure(&failure);
            ExitCode::from(if failure.fate == Fate::Usage { 2 } else { 1 })
        }
    }
}

/// An id that looks like short flags. What begins with two dashes is rather a slip in a long one.
fn dashed_id(argument: &OsStr) -> Option<VideoId> {
    let text = argument.to_str()?;
    let is_dashed = text.starts_with('-') && !text.starts_with("--");
    text.parse().ok().filter(|_| is_dashed)
}

fn print_failure(failure: &Failure) {
    let label =
        |word: &str, style: console::Style| style.for_stderr().bold().apply_to(word.to_owned());
    let bad = console::Style::new().red();
    say(format_args!("{} {}", label("error:", bad), failure.error));
    let mut cause = failure.error.source();
    while let Some(error) = cause {
        say(format_args!("  caused by: {error}"));
        cause = error.source();
    }
    if let Some(hint) = &failure.hint {
        say(format_args!(
            "{} {hint}",
            label("hint:", console::Style::new().cyan())
        ));
    }
}

/// How many; none at all is no number of talks to work on.
fn above_nothing(text: &str) -> Result<NonZeroUsize, String> {
    let count = text.parse().ok();
    count.ok_or_else(|| "a whole number above 0 is wanted".to_owned())
}

/// An amount of money; what is no number or below zero is none.
fn dollars(text: &str) -> Result<f64, String> {
    let amount = text.trim_start_matches('$').parse().ok();
    amount
        .filter(|amount: &f64| amount.is_finite() && *amount >= 0.0)
        .ok_or_else(|| "an amount of US dollars is wanted, such as 2.50".to_owned())
}

/// `NO_COLOR` and terminals are looked at by the library; only a plain wish overrides it.
fn set_color(choice: ColorChoice) {
    let is_wanted = match choice {
        ColorChoice::Auto => return,
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    };
    console::set_colors_enabled(is_wanted);
    console::set_colors_enabled_stderr(is_wanted);
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.name()))
    }
}
