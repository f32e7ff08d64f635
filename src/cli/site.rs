//! `site`: the pages of many conferences, each in a folder of its own, and an index of them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::catalog::Entry;
use crate::cli::closing::{self, Goal};
use crate::cli::workshop::Workshop;
use crate::cli::{Ending, Failure, Globals, page, print_failure, thumbnails};
use crate::fs::{self, Existing};
use crate::numbers::counted;
use crate::pipeline::Outcome;
use crate::render::Format;
use crate::render::page::Home;
use crate::report::lines::Lines;
use crate::report::{Verbosity, say};
use crate::site::{self, Conference, Folders};

/// What the index is called by those above it and below it.
const INDEX: &str = "index.html";
/// The script that the index loads to search.
const SEARCH: &str = "search.js";

#[derive(Debug, Args)]
pub(super) struct SiteArgs {
    /// The conferences' catalogs, or the folders that they are in, as the index is to list them
    #[arg(required = true, value_name = "CATALOG")]
    catalogs: Vec<PathBuf>,
    /// The folder for the index, with a folder for each conference
    #[arg(long, value_name = "DIR", default_value = "site")]
    output: PathBuf,
    /// What stands over the index
    #[arg(long, value_name = "TEXT", default_value = "Conferences")]
    title: String,
}

/// Makes the site from the caches. Nobody outside is asked, and a conference that cannot be used
/// costs itself alone.
pub(super) fn site(globals: &Globals, arguments: &SiteArgs) -> Result<Ending, Failure> {
    let mut folders = Folders::default();
    let mut conferences = Vec::new();
    let mut ending = Ending::Complete;
    for catalog in once(&arguments.catalogs) {
        match conference(globals, arguments, &catalog, &mut folders) {
            Ok((conference, whole)) => {
                conferences.push(conference);
                if whole == Ending::Incomplete {
                    ending = whole;
                }
            }
            Err(failure) => {
                print_failure(&failure);
                say(format_args!(
                    "{} is left out of the site",
                    catalog.display()
                ));
                ending = Ending::Incomplete;
            }
        }
    }
    if conferences.is_empty() {
        let hint = "`proceedings --catalog FILE render` tries one alone";
        return Err(Failure::usage("no conference can be used", Some(hint)));
    }
    let index = site::index(&arguments.title, &conferences);
    let index = index.map_err(|error| Failure::run(error, None::<String>))?;
    for (name, text) in [(SEARCH, site::search(&conferences)), (INDEX, index)] {
        let written = fs::write(
            &arguments.output.join(name),
            text.as_bytes(),
            Existing::Replace,
        );
        let hint = "choose another folder with `--output`";
        written.map_err(|error| Failure::run(error, Some(hint)))?;
    }
    if globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "wrote {} with {}",
            arguments.output.join(INDEX).display(),
            counted(conferences.len(), "conference")
        ));
    }
    Ok(ending)
}

/// The catalogs that are meant, each of them once.
fn once(named: &[PathBuf]) -> Vec<PathBuf> {
    let catalogs = named.iter().map(|path| {
        if path.is_dir() {
            path.join("catalog.toml")
        } else {
            path.clone()
        }
    });
    let mut seen = HashSet::new();
    catalogs
        // A catalog that is not there is reported when it is opened.
        .filter(|path| seen.insert(fs::without_links(path).unwrap_or_else(|_| path.clone())))
        .collect()
}

/// Makes the page of one conference, and says whether its talks have all that is on it.
fn conference(
    globals: &Globals,
    arguments: &SiteArgs,
    catalog: &Path,
    folders: &mut Folders,
) -> Result<(Conference, Ending), Failure> {
    let workshop = Workshop::open(&Globals {
        catalog: catalog.to_owned(),
        ..globals.clone()
    })?;
    let entries: Vec<&Entry> = workshop.catalog.visible().collect();
    let outcomes = page::recalled(&workshop, &entries, &Lines::new(Verbosity::Quiet))?;
    let folder = folders.named_after(&workshop.catalog.title);
    let output = arguments.output.join(&folder);
    let mut header = page::header(&workshop, Some(&output))?;
    header.home = Some(Home {
        title: arguments.title.clone(),
        href: format!("../{INDEX}"),
    });
    let mut formats = workshop.catalog.formats.clone();
    if !formats.contains(&Format::Html) {
        formats.push(Format::Html);
    }
    page::write_under(&header, &workshop, &outcomes, &formats, &output)?;
    thumbnails::say_lacking(globals, &workshop, &entries)?;
    let whole = report(catalog, &workshop, &outcomes);
    let conference = Conference::new(folder, &header, &page::talks(&outcomes));
    Ok((conference, whole))
}

fn report(catalog: &Path, workshop: &Workshop, outcomes: &[Outcome]) -> Ending {
    let lacks = |outcome: &&Outcome| closing::lacks(outcome, &workshop.catalog, Goal::Page);
    let lacking = outcomes.iter().filter(lacks).count();
    if lacking == 0 {
        return Ending::Complete;
    }
    let verb = if lacking == 1 { "lacks" } else { "lack" };
    say(format_args!(
        "{}: {lacking} of {} talks {verb} summary or category",
        catalog.display(),
        outcomes.len()
    ));
    Ending::Incomplete
}
