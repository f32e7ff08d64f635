//! `cache import`: what is taken out of an archive, said before and after; `--list` changes nothing.
//!
//! What may come in is decided in `cache/import.rs`.

use std::path::PathBuf;

use clap::Args;
use indicatif::DecimalBytes;
use jiff::Timestamp;

use super::conference::{ArchivedConference, CATALOG};
use super::unusable;
use crate::cache::{Archive, ArchivedFile, Cache, Fate, ImportRules, Makers};
use crate::catalog::Catalog;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::output::print;
use crate::cli::setup;
use crate::fs::Existing;
use crate::numbers::pluralize;
use crate::printable::printable;
use crate::report::{causes, say};
use crate::talk::id::TalkId;

/// So many files are named that were not taken; `--list` names all.
const MOST_NAMED: usize = 20;

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "these are flags, each of its own"
)]
pub(in crate::cli) struct CacheImportArgs {
    /// An archive that `cache export` has written
    #[arg(value_name = "FILE")]
    archive: PathBuf,
    /// Change nothing; list the archive's files beside yours
    #[arg(long)]
    list: bool,
    /// Also take results of talks that are not in the catalog
    #[arg(long)]
    all_talks: bool,
    /// The archive is your own backup: use the newer result, and mark nothing as foreign
    #[arg(long)]
    own: bool,
    /// Take the archive's catalog, prompts, templates and captions in the place of yours
    #[arg(long)]
    force: bool,
    /// Unpack at most N megabytes [default: 1000, or ten times the archive]
    #[arg(long, value_name = "N")]
    max_megabytes: Option<u64>,
}

/// Takes what the archive has and is not here: files of the cache, and where no catalog is here yet,
/// the whole conference.
pub(super) fn import(
    globals: &Globals,
    arguments: &CacheImportArgs,
    note: impl Fn(String),
) -> Result<Ending, Failure> {
    let mut archive = Archive::open(&arguments.archive).map_err(unusable)?;
    let existing = if arguments.force {
        Existing::Replace
    } else {
        Existing::Keep
    };
    let incoming = ArchivedConference::of(&mut archive, &globals.catalog, existing)?;
    let own: Catalog;
    let catalog = match &incoming {
        Some(incoming) if incoming.is_ours() => &incoming.catalog,
        None if !globals.catalog.exists() => return Err(no_catalog(globals)),
        _ => {
            own = setup::catalog(globals)?;
            &own
        }
    };
    let cache = Cache::new(catalog.cache.clone());
    let entries = catalog.talks.iter();
    let listed: Vec<TalkId> = entries.map(|entry| entry.id.clone()).collect();
    let most = arguments.max_megabytes;
    let rules = ImportRules {
        talks: Some(&*listed).filter(|_| !arguments.all_talks),
        makers: if arguments.own {
            Makers::Ourselves
        } else {
            Makers::Others
        },
        most: most.map(|megabytes| megabytes.saturating_mul(1_000_000)),
        now: Timestamp::now(),
    };
    archive.ensure_fits(&rules).map_err(unusable)?;
    let (count, bytes) = archive.extent(&rules);
    note(format!(
        "{} in {}, {} unpacked",
        pluralize(count, "file"),
        arguments.archive.display(),
        DecimalBytes(bytes)
    ));
    if let Some(incoming) = incoming.as_ref().filter(|_| !arguments.list) {
        incoming.take(&mut archive)?;
    }
    let of_cache = if arguments.list {
        cache.compare_with(&mut archive, &rules)
    } else {
        cache.import(&mut archive, &rules)
    };
    let mut files = incoming.map_or(Vec::new(), |incoming| incoming.files);
    files.extend(of_cache.map_err(unusable)?);
    if arguments.list {
        print(&files.iter().map(line).collect::<String>())?;
    } else {
        report(&files, note);
    }
    let is_refused = |file: &ArchivedFile| matches!(file.fate, Fate::Refused(_));
    Ok(if files.iter().any(is_refused) {
        Ending::Incomplete
    } else {
        Ending::Complete
    })
}

/// That there is no catalog, neither here nor in the archive.
fn no_catalog(globals: &Globals) -> Failure {
    let error = format!(
        "there is no {}, and the archive brings no catalog",
        globals.catalog.display()
    );
    let hint = "export with `proceedings cache export --all`, or start a catalog with `proceedings init PLAYLIST-URL`";
    Failure::usage(error, Some(hint))
}

/// Says what became of the files.
fn report(files: &[ArchivedFile], note: impl Fn(String)) {
    let count = |is_it: fn(&Fate) -> bool| files.iter().filter(|file| is_it(&file.fate)).count();
    let taken = count(Fate::is_taken);
    let known = count(|fate| matches!(fate, Fate::Known));
    note(format!(
        "{} taken, {known} known already",
        pluralize(taken, "file")
    ));
    let say_how_many = |is_it: fn(&Fate) -> bool, what: &str| {
        if let found @ 1.. = count(is_it) {
            note(format!("{} {what}", pluralize(found, "file")));
        }
    };
    say_how_many(
        |fate| matches!(fate, Fate::Newer),
        "newer than what came out of an archive before, and used in its place",
    );
    say_how_many(
        |fate| matches!(fate, Fate::Replaces),
        "replaced, as `--force` asks for",
    );
    say_how_many(
        |fate| matches!(fate, Fate::OtherCatalog),
        "not taken: you have another catalog than the archive; `--force` takes the archive's",
    );
    say_how_many(
        |fate| matches!(fate, Fate::Stays),
        "not taken, since what is here stays; `--list` shows both sides",
    );
    say_how_many(
        |fate| matches!(fate, Fate::OtherTalk),
        "not taken, of talks that are not in the catalog; `--all-talks` takes them",
    );
    say_how_many(
        |fate| matches!(fate, Fate::OthersBatch),
        "not taken, of batches; `--own` takes them, if you submitted them yourself",
    );
    let is_catalog = |file: &ArchivedFile| file.name == CATALOG && file.fate.is_taken();
    if files.iter().any(is_catalog) {
        note("catalog.toml came out of the archive; read it before you build".to_owned());
    }
    let refused = files.iter().filter_map(|file| match &file.fate {
        Fate::Refused(_) => Some((file, outcome(file))),
        _ => None,
    });
    let refused: Vec<_> = refused.collect();
    for (file, why) in refused.iter().take(MOST_NAMED) {
        say(format_args!("not taken: {}: {why}", printable(&file.name)));
    }
    if let Some(more @ 1..) = refused.len().checked_sub(MOST_NAMED) {
        say(format_args!(
            "not taken: {more} more; `--list` names each of them"
        ));
    }
}

/// Both sides of a file, and what becomes of it.
fn line(file: &ArchivedFile) -> String {
    let date = |at: Option<Timestamp>| {
        at.map_or("-".to_owned(), |at| {
            at.strftime("%Y-%m-%d %H:%M").to_string()
        })
    };
    format!(
        "{}\tarchive {}\there {}\t{}\n",
        printable(&file.name),
        date(file.made_at),
        date(file.here),
        outcome(file)
    )
}

fn outcome(file: &ArchivedFile) -> String {
    match &file.fate {
        Fate::New => "new".to_owned(),
        Fate::Newer => "newer, and used in the place of what is here".to_owned(),
        Fate::Replaces => "replaces what is here".to_owned(),
        Fate::OtherCatalog => "it belongs to another catalog than yours".to_owned(),
        Fate::Known => "known already".to_owned(),
        Fate::Stays => "what is here stays".to_owned(),
        Fate::OtherTalk => "its talk is not in the catalog".to_owned(),
        Fate::OthersBatch => "it is of a batch, which `--own` takes".to_owned(),
        Fate::Refused(None) => "it is no file of a cache or a conference".to_owned(),
        Fate::Refused(Some(flaw)) => printable(&causes(flaw)),
    }
}
