//! The command line: one file a command, errors with hints, exit codes.
//!
//! First stand the commands, of which none knows another, then the files that they share. Here
//! flags, environment and catalog become what the rooms below are made of; nothing below reads a
//! flag or the environment. Standard output carries data only.

mod batch;
mod cache;
mod captions;
mod categories;
mod check;
mod diff;
mod doctor;
mod import;
mod init;
mod mcp;
mod packaging;
mod prompts;
mod render;
mod review;
mod rewrite;
mod run;
mod site;
mod status;

mod arguments;
mod catalogs;
mod command_line;
mod crawlers;
mod credentials;
mod ending;
mod final_report;
mod findings;
mod output;
mod outside;
mod page;
mod plan;
mod preview;
mod run_summary;
mod runtime;
mod selection;
mod setup;
mod shard;
mod survey;
mod talk_pages;
mod terminal;
mod thumbnails;
mod tools;
mod trust;
mod usage_report;

use std::process::ExitCode;

use crate::cli::captions::CaptionsCommand;
use crate::cli::command_line::Command;
use crate::cli::prompts::PromptsCommand;
use crate::fetch::supervise::supervise;
use crate::trust::environment::hidden_from_yt_dlp;

/// Runs the program with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    let (globals, command) = match command_line::read() {
        Ok(read) => read,
        Err(code) => return code,
    };
    let result = match command {
        Command::Init(arguments) => init::init(&globals, &arguments),
        Command::Build(arguments) => run::build(&globals, &arguments),
        Command::Fetch(arguments) => run::fetch(&globals, &arguments),
        Command::Summarize(arguments) => run::summarize(&globals, &arguments),
        Command::Render(arguments) => render::render(&globals, &arguments),
        Command::Site(arguments) => site::site(&globals, &arguments),
        Command::Status(arguments) => status::status(&globals, &arguments),
        Command::Check(arguments) => check::check(&globals, &arguments),
        Command::Review(arguments) => review::review(&globals, &arguments),
        Command::Mcp(arguments) => mcp::mcp(&globals, &arguments),
        Command::Diff(arguments) => diff::diff(&globals, &arguments),
        Command::Categories(arguments) => categories::categories(&globals, &arguments),
        Command::Captions(CaptionsCommand::Match(arguments)) => {
            captions::match_files(&globals, &arguments)
        }
        Command::Import(arguments) => import::import(&globals, &arguments),
        Command::Batch(command) => batch::batch(&globals, &command),
        Command::Cache(command) => cache::cache(&globals, &command),
        Command::Prompts(PromptsCommand::Export(arguments)) => {
            prompts::export(&globals, &arguments)
        }
        Command::Doctor(arguments) => doctor::doctor(&globals, &arguments),
        Command::Completions(arguments) => {
            packaging::completions(command_line::description(), &arguments)
        }
        Command::Man => packaging::man(command_line::description()),
        Command::Supervise(supervised) => {
            let hidden = hidden_from_yt_dlp(credentials::variables());
            let hidden = [hidden, supervised.hide].concat();
            let (folder, limit) = (&supervised.folder, supervised.limit);
            return supervise(folder, limit, &supervised.command, &hidden);
        }
    };
    ending::exit_code(result)
}
