//! `batch`: requests that nobody waits for, at half price or on an engine of one's own.
//!
//! They are those that a build would send now, and their replies come into the same places. What a
//! reply leads to, such as a correction or the category, is asked by the next build or batch.

mod export;
mod import;

use clap::Subcommand;

use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum BatchCommand {
    /// Write the requests that a build would send into files, and send nothing
    Export(export::BatchExportArgs),
    /// Take the replies out of files
    Import(import::BatchImportArgs),
}

/// What concerns batches.
pub(super) fn batch(globals: &Globals, command: &BatchCommand) -> Result<Ending, Failure> {
    match command {
        BatchCommand::Export(arguments) => export::export(globals, arguments),
        BatchCommand::Import(arguments) => import::import(globals, arguments),
    }
}
