//! `batch export`: the requests that a build would send now, in files for an engine.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::batch::listing::{Unlisted, list};
use crate::cache::PackedRequests;
use crate::catalog::LlmSettings;
use crate::cli::arguments::{Globals, Selection, parse_positive};
use crate::cli::batch::{are, right_to_batches};
use crate::cli::ending::{Ending, Failure};
use crate::cli::selection::select;
use crate::cli::setup::Setup;
use crate::cli::shard::Shard;
use crate::cli::terminal::ListLength;
use crate::fetch::{Fetcher, Visiting};
use crate::fs::{self, Existing, FileError};
use crate::llm::{DEFAULT_CONTEXT_TOKENS, ProviderKind, batch};
use crate::numbers::{pluralize, thousands};
use crate::report::lines::Lines;
use crate::report::{Verbosity, say};
use crate::summarize::DueRequest;

#[derive(Debug, Args)]
pub(in crate::cli) struct BatchExportArgs {
    /// The folder to write the files into
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Only shard K of N of the talks
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// At most so many requests a file: an engine that is stopped loses the replies of one file
    #[arg(long, value_name = "N", default_value = "500", value_parser = parse_positive)]
    lines: NonZeroUsize,
}

/// The files of an export while they are written.
struct Export<'a> {
    folder: &'a Path,
    shard: Option<Shard>,
    most: usize,
    lines: usize,
    /// What goes into the next file.
    bytes: Vec<u8>,
    files: usize,
    packed: PackedRequests,
}

/// Writes the requests into files. Nobody outside is asked.
pub(super) fn export(globals: &Globals, arguments: &BatchExportArgs) -> Result<Ending, Failure> {
    let setup = Setup::open(globals)?;
    let catalog = &setup.catalog;
    let llm = chat_settings(catalog.llm.as_ref())?;
    let selection = Selection {
        shard: arguments.shard,
        ..Selection::default()
    };
    let entries = select(catalog, &selection)?;
    let _right = right_to_batches(&setup.cache)?;
    let mut export = Export::new(arguments);
    export.ensure_new()?;
    let silent = Lines::new(Verbosity::Quiet);
    let planned = Visiting::Planned;
    let fetcher = Fetcher::new(catalog, &setup.cache, planned, None, &[], &silent);
    let decider = setup.decider(&[]);
    let context = decider.given_context().unwrap_or(DEFAULT_CONTEXT_TOKENS);
    let (unlisted, failed) = list(&fetcher, &decider, &entries, context, |due| {
        match export.add(&due) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    });
    let written = match failed {
        Some(error) => Err(error),
        None => export.write(),
    };
    written.map_err(|error| Failure::run(error, Some("check the path of the folder")))?;
    let requests = export.packed.len();
    if requests > 0 {
        setup.cache.begin_batch(&llm.model, None, export.packed)?;
    }
    if globals.verbosity > Verbosity::Quiet {
        let files = pluralize(export.files, "file");
        let folder = arguments.folder.display();
        match requests {
            0 => say(format_args!("there is nothing to ask now")),
            _ => say(format_args!(
                "{} in {files} in {folder}; run them, put the replies there, and take them over with `proceedings batch import {folder}`",
                pluralize(requests, "request")
            )),
        }
    }
    say_unlisted(globals, &unlisted, llm);
    Ok(Ending::Complete)
}

/// The model of a catalog.
pub(super) fn settings(llm: Option<&LlmSettings>) -> Result<&LlmSettings, Failure> {
    llm.ok_or_else(|| {
        let error = "batches ask a model, and the catalog names none";
        Failure::usage(error, Some("add a table [llm]"))
    })
}

/// The same, if it is asked in Chat Completions, which engines read from files.
fn chat_settings(llm: Option<&LlmSettings>) -> Result<&LlmSettings, Failure> {
    let llm = settings(llm)?;
    match llm.provider {
        ProviderKind::OpenAi => Ok(llm),
        other => {
            let error = format!(
                "files are written as Chat Completions, and the catalog asks {} in another format",
                other.name()
            );
            let hint = "name an endpoint that speaks Chat Completions under [llm], or run `proceedings batch submit`";
            Err(Failure::usage(error, Some(hint)))
        }
    }
}

/// Says which talks have no request in a batch, and why.
pub(super) fn say_unlisted(globals: &Globals, unlisted: &Unlisted, llm: &LlmSettings) {
    if globals.verbosity > Verbosity::Quiet {
        if unlisted.unfetched > 0 {
            say(format_args!(
                "{} not fetched yet, so nobody knows what to ask; `proceedings fetch` fetches them",
                are(unlisted.unfetched, "talk")
            ));
        }
        if unlisted.in_batch > 0 {
            say(format_args!(
                "{} in a batch already; `proceedings batch collect` brings the replies",
                are(unlisted.in_batch, "talk")
            ));
        }
        if unlisted.in_parts > 0 && llm.context_tokens.is_none() {
            say(format_args!(
                "{} too long for {} tokens and asked about in parts first; if the model reads more, set `context_tokens` in the catalog",
                are(unlisted.in_parts, "talk"),
                thousands(DEFAULT_CONTEXT_TOKENS)
            ));
        }
    }
    let shown = ListLength::Short.of(&unlisted.impossible);
    for (talk, why) in shown {
        say(format_args!("cannot be asked: {talk}: {why}"));
    }
    let more = unlisted.impossible.len() - shown.len();
    if more > 0 {
        say(format_args!(
            "… and {more} more; `proceedings status` lists them"
        ));
    }
}

impl<'a> Export<'a> {
    fn new(arguments: &'a BatchExportArgs) -> Self {
        Self {
            folder: &arguments.folder,
            shard: arguments.shard,
            most: arguments.lines.get(),
            lines: 0,
            bytes: Vec::new(),
            files: 0,
            packed: PackedRequests::new(),
        }
    }

    /// Refuses a folder that an earlier export was written into: its files would be run again.
    fn ensure_new(&self) -> Result<(), Failure> {
        let first = self.place(1);
        if first.exists() {
            let error = format!("`{}` is there already", first.display());
            let hint = "name another folder, or remove the files of the earlier export";
            return Err(Failure::usage(error, Some(hint)));
        }
        Ok(())
    }

    fn place(&self, number: usize) -> PathBuf {
        let shard = self.shard.map(|shard| format!("-{}", shard.name()));
        let shard = shard.unwrap_or_default();
        self.folder
            .join(format!("requests{shard}-{number:04}.jsonl"))
    }

    fn add(&mut self, due: &DueRequest) -> Result<(), FileError> {
        if self.lines == self.most {
            self.write()?;
        }
        let line = batch::request_line(&due.key.to_string(), &due.filled);
        self.bytes.extend_from_slice(&line);
        self.lines += 1;
        self.packed.add(due.key.clone(), &due.chat);
        Ok(())
    }

    /// Writes what is left into a file of its own.
    fn write(&mut self) -> Result<(), FileError> {
        if self.lines > 0 {
            self.files += 1;
            fs::write(&self.place(self.files), &self.bytes, Existing::Replace)?;
            self.bytes.clear();
            self.lines = 0;
        }
        Ok(())
    }
}
