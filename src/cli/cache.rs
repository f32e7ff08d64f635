//! `cache`: looks after the folder that everything is kept in.
//!
//! Nobody outside is asked. Only `prune` removes anything, and of what was paid for only what it
//! was told to. What lies where is the business of `cache/`.

mod conference;
mod import;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use crate::cache::{
    ArchiveError, Cache, FileFlaw, TranscriptPolicy, UnusedFile, UnusedReason, Worth,
};
use crate::catalog::Catalog;
use crate::cli::arguments::Globals;
use crate::cli::cache::conference::Outgoing;
use crate::cli::ending::{Ending, Failure};
use crate::cli::output::{json, print};
use crate::cli::setup;
use crate::numbers::{pluralize, thousands};
use crate::printable::printable;
use crate::report::{Verbosity, causes, say};
use crate::talk::id::{TalkId, VideoId};

#[derive(Debug, Subcommand)]
pub(super) enum CacheCommand {
    /// Read every file and say which are damaged, edited or in the wrong place
    Verify(VerifyArgs),
    /// List what no catalog uses, and remove it when you say so
    Prune(PruneArgs),
    /// Write the cache of the catalog's talks into one archive
    Export(ExportArgs),
    /// Take from an archive what this cache lacks
    Import(import::CacheImportArgs),
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct PruneArgs {
    /// Other catalogs that use this cache; the files of their talks stay
    #[arg(long, value_name = "FILE", num_args = 1..)]
    used_by: Vec<PathBuf>,
    /// Also remove replies that you paid for, when no catalog lists their talk any more
    #[arg(long)]
    paid: bool,
    /// Remove what is listed without asking
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The archive to write, such as `my-conference.zip`
    #[arg(value_name = "FILE")]
    archive: PathBuf,
    /// Take catalog, prompts, templates and caption files along: the archive is the whole conference
    #[arg(long)]
    all: bool,
    /// Leave out the transcripts: the page still renders, but a changed prompt has nothing to read
    #[arg(long)]
    without_transcripts: bool,
}

/// What `verify --json` prints.
#[derive(Serialize)]
struct VerifyJson {
    files: usize,
    findings: Vec<FlawJson>,
    /// The replies that no request here made.
    arrived: Vec<ArrivedJson>,
}

#[derive(Serialize)]
struct FlawJson {
    path: String,
    message: String,
    /// The later reply that is used in its place.
    replaced_by: Option<String>,
}

#[derive(Serialize)]
struct ArrivedJson {
    path: String,
    /// The archive that it came out of.
    archive: String,
    /// When it came.
    at: Timestamp,
}

/// What concerns the cache as a whole.
pub(super) fn cache(globals: &Globals, command: &CacheCommand) -> Result<Ending, Failure> {
    let note = |line: String| {
        if globals.verbosity != Verbosity::Quiet {
            say(format_args!("{line}"));
        }
    };
    let open = || -> Result<(Catalog, Cache), Failure> {
        let catalog = setup::catalog(globals)?;
        let cache = Cache::new(catalog.cache.clone());
        Ok((catalog, cache))
    };
    match command {
        CacheCommand::Verify(arguments) => verify(&open()?.1, arguments),
        CacheCommand::Prune(arguments) => {
            let (catalog, cache) = open()?;
            prune(&cache, catalog, arguments, note)
        }
        CacheCommand::Export(arguments) => {
            let (catalog, cache) = open()?;
            export(globals, &cache, &catalog, arguments, note)
        }
        // The catalog may still be in the archive.
        CacheCommand::Import(arguments) => import::import(globals, arguments, note),
    }
}

fn verify(cache: &Cache, arguments: &VerifyArgs) -> Result<Ending, Failure> {
    let verified = cache.verify(Timestamp::now())?;
    let shown = |path: &Path| path.display().to_string();
    let lines = verified.findings.iter().map(|finding| FlawJson {
        path: shown(&finding.path),
        message: match &finding.flaw {
            // It names the file itself.
            FileFlaw::Unreadable(error) => causes(error),
            flaw => format!("`{}`: {flaw}", finding.path.display()),
        },
        replaced_by: finding.replaced_by.as_deref().map(shown),
    });
    let arrived = verified.arrived.iter().map(|(path, arrival)| ArrivedJson {
        path: shown(path),
        archive: arrival.archive.clone(),
        at: arrival.at,
    });
    let report = VerifyJson {
        files: verified.files,
        findings: lines.collect(),
        arrived: arrived.collect(),
    };
    print(&if arguments.json {
        json(&report)
    } else {
        text(&report)
    })?;
    Ok(if report.findings.iter().all(FlawJson::is_replaced) {
        Ending::Complete
    } else {
        Ending::Incomplete
    })
}

impl FlawJson {
    /// Whether no run misses the file. What was paid for is still lost with it.
    fn is_replaced(&self) -> bool {
        self.replaced_by.is_some()
    }
}

fn text(report: &VerifyJson) -> String {
    let lines = report.findings.iter().map(|line| match &line.replaced_by {
        Some(later) => format!("{}; `{later}` is used in its place\n", line.message),
        None => format!("{}\n", line.message),
    });
    let replaced = report.findings.iter().filter(|line| line.is_replaced());
    let replaced = replaced.count();
    let outcome = match (report.findings.len() - replaced, replaced) {
        (0, 0) => "all are in order",
        (0, _) => "all that are used are in order",
        (1, _) => {
            "one is damaged or in the wrong place; restore it from your repository, or move it away"
        }
        _ => {
            "these are damaged or in the wrong place; restore them from your repository, or move them away"
        }
    };
    let closing = format!("{}: {outcome}\n", pluralize(report.files, "file"));
    let advice = match replaced {
        0 => "",
        _ => "what is replaced can be restored, or removed by `proceedings cache prune --paid`\n",
    };
    let arrived = from_archives(&report.arrived);
    lines.chain([closing, advice.to_owned(), arrived]).collect()
}

/// How many replies came out of which archive.
fn from_archives(arrived: &[ArrivedJson]) -> String {
    let mut archives: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for reply in arrived {
        let day = reply.at.strftime("%Y-%m-%d").to_string();
        *archives.entry((&reply.archive, day)).or_default() += 1;
    }
    let lines = archives.into_iter().map(|((archive, day), count)| {
        let replies = if count == 1 { "reply" } else { "replies" };
        format!(
            "no request here made {} {replies}, out of the archive `{}` on {day}; `--json` names each\n",
            thousands(count),
            printable(archive)
        )
    });
    lines.collect()
}

fn prune(
    cache: &Cache,
    catalog: Catalog,
    arguments: &PruneArgs,
    note: impl Fn(String),
) -> Result<Ending, Failure> {
    let mut listed = talks(catalog);
    for path in &arguments.used_by {
        let other = Catalog::load(path).map_err(|error| {
            let hint = error.hint();
            Failure::usage(error, hint)
        })?;
        listed.extend(talks(other));
    }
    let unused = cache.find_unused(&listed)?;
    let is_wanted = |file: &UnusedFile| arguments.paid || file.worth == Worth::Free;
    let (wanted, kept): (Vec<UnusedFile>, Vec<UnusedFile>) =
        unused.into_iter().partition(is_wanted);
    let lines: String = wanted.iter().map(line).collect();
    print(&lines)?;
    if !kept.is_empty() {
        note(format!(
            "replies that you paid for or imported stay: {} ({}); `--paid` lists them too",
            pluralize(kept.len(), "file"),
            size(&kept)
        ));
    }
    if wanted.is_empty() {
        note("there is nothing to remove".to_owned());
        return Ok(Ending::Complete);
    }
    let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !arguments.yes && !can_ask {
        note(format!("{}; `--yes` removes them", total(&wanted)));
        return Ok(Ending::Complete);
    }
    if arguments.yes || is_confirmed(&total(&wanted))? {
        let removed = cache.remove(wanted, &listed)?;
        note(format!("removed: {}", total(&removed)));
    } else {
        note("nothing was removed".to_owned());
    }
    Ok(Ending::Complete)
}

fn export(
    globals: &Globals,
    cache: &Cache,
    catalog: &Catalog,
    arguments: &ExportArgs,
    note: impl Fn(String),
) -> Result<Ending, Failure> {
    let videos: BTreeSet<VideoId> = catalog
        .talks
        .iter()
        .map(|entry| entry.id.video.clone())
        .collect();
    let words = if arguments.without_transcripts {
        TranscriptPolicy::LeftOut
    } else {
        TranscriptPolicy::Included
    };
    let packed = if arguments.all {
        conference::pack(&globals.catalog, catalog, words)?
    } else {
        Outgoing::default()
    };
    let exported = cache.export(&videos, words, &packed.files, &arguments.archive);
    let count = exported.map_err(unusable)?;
    if count == 0 {
        let error = "nothing of these talks is cached, so no archive was written";
        return Err(Failure::run(error, Some("run `proceedings build` first")));
    }
    for file in &packed.left {
        say(format_args!(
            "`{}` lies outside of the captions folder, so it is not in the archive",
            printable(file)
        ));
    }
    note(format!(
        "{} in {}; `proceedings cache import` takes them over",
        pluralize(count, "file"),
        arguments.archive.display()
    ));
    Ok(Ending::Complete)
}

fn talks(catalog: Catalog) -> Vec<TalkId> {
    catalog.talks.into_iter().map(|entry| entry.id).collect()
}

fn is_confirmed(total: &str) -> Result<bool, Failure> {
    say(format_args!("Remove {total}? [y/N]"));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.map_err(|error| Failure::run(error, None::<String>))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn line(file: &UnusedFile) -> String {
    let why = match file.why {
        UnusedReason::NotListed => "its talk is in no catalog",
        UnusedReason::Superseded => "a newer one is used",
        UnusedReason::Replaced => "it is damaged, and a later one is used",
        UnusedReason::Over => "its batch is over",
    };
    let path: &Path = &file.path;
    format!("{}: {why}\n", path.display())
}

fn total(files: &[UnusedFile]) -> String {
    format!("{}, {}", pluralize(files.len(), "file"), size(files))
}

fn size(files: &[UnusedFile]) -> impl std::fmt::Display {
    indicatif::DecimalBytes(files.iter().map(|file| file.bytes).sum())
}

fn unusable(error: ArchiveError) -> Failure {
    let hint = error.hint();
    Failure::run(error, Some(hint))
}
