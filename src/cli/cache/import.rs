//! `cache import`: what is taken out of an archive, said before and after; `--list` changes nothing.
//!
//! What may come in is decided in `cache/import.rs`.

use std::path::PathBuf;

use clap::Args;
use indicatif::DecimalBytes;
use jiff::Timestamp;

use super::{talks, unusable};
use crate::cache::{Archive, ArchivedFile, Cache, Fate, ImportRules, Makers};
use crate::catalog::Catalog;
use crate::cli::ending::{Ending, Failure};
use crate::cli::output::print;
use crate::numbers::pluralize;
use crate::printable::printable;
use crate::report::{causes, say};
use crate::talk::id::TalkId;

/// So many files are named that were not taken; `--list` names all.
const MOST_NAMED: usize = 20;

#[derive(Debug, Args)]
pub(in crate::cli) struct CacheImportArgs {
    /// An archive that `cache export` has written
    #[arg(value_name = "FILE")]
    archive: PathBuf,
    /// Change nothing; list what is in the archive beside what is here
    #[arg(long)]
    list: bool,
    /// Also take results of talks that are not in the catalog
    #[arg(long)]
    all_talks: bool,
    /// The archive is your own, as a backup is: the newer result is used, and nothing is marked
    #[arg(long)]
    own: bool,
    /// Unpack up to so many megabytes, in place of a gigabyte or ten times the archive's size
    #[arg(long, value_name = "N")]
    max_megabytes: Option<u64>,
}

/// Takes what the archive has and this cache has not.
pub(super) fn import(
    cache: &Cache,
    catalog: Catalog,
    arguments: &CacheImportArgs,
    note: impl Fn(String),
) -> Result<Ending, Failure> {
    let listed: Vec<TalkId> = talks(catalog);
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
    let mut archive = Archive::open(&arguments.archive).map_err(unusable)?;
    let (files, bytes) = archive.extent(&rules);
    note(format!(
        "{} in {}, {} unpacked",
        pluralize(files, "file"),
        arguments.archive.display(),
        DecimalBytes(bytes)
    ));
    let files = if arguments.list {
        let files = cache.compare_with(&mut archive, &rules);
        let files = files.map_err(unusable)?;
        print(&files.iter().map(line).collect::<String>())?;
        files
    } else {
        let files = cache.import(&mut archive, &rules).map_err(unusable)?;
        report(&files, note);
        files
    };
    let is_refused = |file: &ArchivedFile| matches!(file.fate, Fate::Refused(_));
    Ok(if files.iter().any(is_refused) {
        Ending::Incomplete
    } else {
        Ending::Complete
    })
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
    let replaced = count(|fate| matches!(fate, Fate::Newer));
    if replaced > 0 {
        note(format!(
            "{} newer than what came out of an archive before, and used in its place",
            pluralize(replaced, "file")
        ));
    }
    let stays = count(|fate| matches!(fate, Fate::Stays));
    if stays > 0 {
        note(format!(
            "{} not taken, since what is here stays; `--list` shows both sides",
            pluralize(stays, "file")
        ));
    }
    let others = count(|fate| matches!(fate, Fate::OtherTalk));
    if others > 0 {
        note(format!(
            "{} not taken, of talks that are not in the catalog; `--all-talks` takes them",
            pluralize(others, "file")
        ));
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
        Fate::Known => "known already".to_owned(),
        Fate::Stays => "what is here stays".to_owned(),
        Fate::OtherTalk => "its talk is not in the catalog".to_owned(),
        Fate::Refused(None) => "it is no file of a cache".to_owned(),
        Fate::Refused(Some(flaw)) => printable(&causes(flaw)),
    }
}
