//! What a command line may say: the commands and the flags that all of them have.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Arg, Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::cli::arguments::{BuildArgs, Globals, MakeArgs, Trust};
use crate::cli::{
    batch, cache, captions, categories, check, diff, doctor, import, init, mcp, packaging, prompts,
    render, review, site, status, trust,
};
use crate::home;
use crate::report::{Verbosity, say};
use crate::talk::id::VideoId;

/// Over the flags that all commands have, in the help of each.
const EVERYWHERE: &str = "Options of every command";

/// Turns a conference's recordings into a page: two sentences a talk, grouped by category, with
/// everything cached on disk.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, subcommand_negates_reqs = true)]
#[command(
    after_help = "Exit codes: 0 everything was made for all selected talks; 1 the run failed; \
    2 wrong usage or a bad catalog; 3 finished, but some talks lack something, or a check found something; \
    130 stopped with Ctrl-C."
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that is there or not"
)]
struct CommandLine {
    /// The conference's catalog
    #[arg(
        long,
        global = true,
        help_heading = EVERYWHERE,
        value_name = "FILE",
        default_value = "catalog.toml"
    )]
    catalog: PathBuf,
    /// Use no network, only the cache
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    offline: bool,
    /// Trust this catalog: it may run programs and send keys as it says; read it first
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    trust: bool,
    /// Show more detail: also what was already cached, and every wait
    #[arg(
        short,
        long,
        global = true,
        help_heading = EVERYWHERE,
        conflicts_with = "quiet"
    )]
    verbose: bool,
    /// Show only what went wrong
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    quiet: bool,
    /// When to use color
    #[arg(
        long,
        global = true,
        help_heading = EVERYWHERE,
        value_name = "WHEN",
        default_value = "auto"
    )]
    color: ColorChoice,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Start a catalog from a playlist, links or ids, or add new videos to it
    Init(init::InitArgs),
    /// Fetch, summarize, categorize and render; runs also when you name no command
    Build(BuildArgs),
    /// Fetch metadata and captions only
    Fetch(MakeArgs),
    /// Summarize and categorize what is fetched
    #[command(alias = "summarise")]
    Summarize(MakeArgs),
    /// Make the page from the cache
    Render(render::RenderArgs),
    /// Make the pages of many conferences, and an index that searches all their talks
    Site(site::SiteArgs),
    /// Show what is cached, stale, missing or failed and why, and what a build would cost
    Status(status::StatusArgs),
    /// Look for mistakes before you publish: form, names, titles, categories, gaps
    Check(check::CheckArgs),
    /// Read, correct and approve the talks on a page of this machine
    Review(review::ReviewArgs),
    /// Let an assistant search and read the talks (Model Context Protocol)
    Mcp(mcp::McpArgs),
    /// Compare what two models or prompts wrote about the same talks
    Diff(diff::DiffArgs),
    /// Propose the categories of a conference
    Categories(categories::CategoriesArgs),
    /// Match caption files with talks
    #[command(subcommand)]
    Captions(captions::CaptionsCommand),
    /// Turn pages of the earlier tool into a catalog and a cache
    Import(import::ImportArgs),
    /// Have requests answered as a batch, at half price or by an engine of your own
    #[command(subcommand)]
    Batch(batch::BatchCommand),
    /// Verify the cache, prune it or pass it on
    #[command(subcommand)]
    Cache(cache::CacheCommand),
    /// Write the prompts into files, so that you can change them
    #[command(subcommand)]
    Prompts(prompts::PromptsCommand),
    /// Find what is missing or old, and say how to fix it
    Doctor(doctor::DoctorArgs),
    /// Print a shell completion script
    Completions(packaging::CompletionsArgs),
    /// Print the manual page
    Man,
    /// Run a command under supervision
    #[command(hide = true)]
    Supervise(SuperviseArgs),
}

#[derive(Debug, Args)]
pub(super) struct SuperviseArgs {
    #[arg(long)]
    pub(super) folder: PathBuf,
    #[arg(long, value_parser = humantime::parse_duration)]
    pub(super) limit: Duration,
    #[arg(long, value_name = "VARIABLE")]
    pub(super) hide: Vec<String>,
    #[arg(last = true, required = true)]
    pub(super) command: Vec<String>,
}

/// Reads the command line of this process. Where it names no command to carry out, that has been
/// said, and the exit code is left.
pub(super) fn read() -> Result<(Globals, Command), ExitCode> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let read = parse(&arguments).map_err(|error| {
        drop(error.print());
        if let Some(id) = arguments.iter().find_map(|argument| dashed_id(argument)) {
            let how = if arguments.iter().any(|argument| argument == "init") {
                format!("after `--`: `init -- {id}`")
            } else {
                format!("as `--only={id}`, or after `--`")
            };
            say(format_args!(
                "hint: an id that begins with `-` is written {how}"
            ));
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })?;
    set_color(read.color);
    let command = read.command.unwrap_or(Command::Build(BuildArgs::default()));
    let globals = Globals {
        catalog: read.catalog,
        offline: read.offline,
        verbosity: match (read.quiet, read.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        },
        trust: match trust::is_given_to_all() {
            _ if read.trust => Trust::Given,
            true => Trust::GivenToAll,
            false => command.trust(),
        },
    };
    Ok((globals, command))
}

fn parse(arguments: &[OsString]) -> Result<CommandLine, clap::Error> {
    let mut description = description();
    let mut matches = description.try_get_matches_from_mut(arguments)?;
    CommandLine::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut description))
}

/// All commands and flags, also for completions and the manual page.
pub(super) fn description() -> clap::Command {
    expand_homes(CommandLine::command())
}

/// Every flag that is a path may begin with `~/`, which shells leave alone behind a `=`.
fn expand_homes(command: clap::Command) -> clap::Command {
    let is_path = |argument: &Arg| argument.get_value_parser().type_id() == TypeId::of::<PathBuf>();
    let expand =
        |path: PathBuf| home::expand(&path).map_err(|error| format!("{error}; {}", error.hint()));
    let expanded = command.mut_args(|argument| {
        if is_path(&argument) {
            argument.value_parser(PathBufValueParser::new().try_map(expand))
        } else {
            argument
        }
    });
    expanded.mut_subcommands(expand_homes)
}

impl Command {
    /// Those that start programs and send requests ask; the others only say what is left out.
    fn trust(&self) -> Trust {
        match self {
            Self::Init(_)
            | Self::Build(_)
            | Self::Fetch(_)
            | Self::Summarize(_)
            | Self::Review(_)
            | Self::Categories(_)
            | Self::Batch(_)
            | Self::Doctor(_) => Trust::Asked,
            Self::Check(arguments) if arguments.asks() => Trust::Asked,
            Self::Render(_)
            | Self::Site(_)
            | Self::Mcp(_)
            | Self::Status(_)
            | Self::Check(_)
            | Self::Diff(_)
            | Self::Captions(_)
            | Self::Cache(_) => Trust::Remembered,
            Self::Import(_)
            | Self::Prompts(_)
            | Self::Completions(_)
            | Self::Man
            | Self::Supervise(_) => Trust::Silent,
        }
    }
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
