//! The command line: flags, one file a command, errors with hints, exit codes.
//!
//! First stand the commands, of which none knows another, then the files that they share. Here
//! flags, environment and catalog become what the rooms below are made of; nothing below reads a
//! flag or the environment. Standard output carries data only.

mod cache;
mod captions;
mod categories;
mod check;
mod diff;
mod doctor;
mod import;
mod init;
mod packaging;
mod render;
mod review;
mod run;
mod site;
mod status;

mod arguments;
mod credentials;
mod ending;
mod final_report;
mod findings;
mod output;
mod page;
mod plan;
mod runtime;
mod selection;
mod setup;
mod survey;
mod terminal;
mod thumbnails;
mod tools;
mod usage_report;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand};

use crate::cli::arguments::{Globals, MakeArgs};
use crate::fetch::supervise::supervise;
use crate::report::{Verbosity, say};
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
    Fetch(MakeArgs),
    /// Summarize and categorize what is fetched
    #[command(alias = "summarise")]
    Summarize(MakeArgs),
    /// Make the page from the cache
    Render(render::RenderArgs),
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

#[derive(Debug, Args)]
struct SuperviseArgs {
    #[arg(long)]
    folder: PathBuf,
    #[arg(long, value_parser = humantime::parse_duration)]
    limit: Duration,
    #[arg(last = true, required = true)]
    command: Vec<String>,
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
        Command::Fetch(arguments) => run::fetch(&globals, &arguments),
        Command::Summarize(arguments) => run::summarize(&globals, &arguments),
        Command::Render(arguments) => render::render(&globals, &arguments),
        Command::Site(arguments) => site::site(&globals, &arguments),
        Command::Status(arguments) => status::status(&globals, &arguments),
        Command::Check(arguments) => check::check(&globals, &arguments),
        Command::Review(arguments) => review::review(&globals, &arguments),
        Command::Diff(arguments) => diff::diff(&globals, &arguments),
        Command::Categories(arguments) => categories::categories(&globals, &arguments),
        Command::Captions(captions::CaptionsCommand::Match(arguments)) => {
            captions::match_files(&globals, &arguments)
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
    ending::exit_code(result)
}

/// An id that looks like short flags. What begins with two dashes is rather a slip in a long one.
fn dashed_id(argument: &OsStr) -> Option<VideoId> {
    let text = argument.to_str()?;
    let is_dashed = text.starts_with('-') && !text.starts_with("--");
    text.parse().ok().filter(|_| is_dashed)
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
