//! `review`: opens the page on which talks are read, corrected and approved.
//!
//! The address is what the command prints to standard output. What the desk shows is read here,
//! by the same steps as `render` and `check` take. Ctrl-C is how a review ends well.

use std::path::Path;

use clap::Args;
use tokio::sync::oneshot;

use crate::catalog::Entry;
use crate::check::Kind;
use crate::cli::workshop::Workshop;
use crate::cli::{Ending, Failure, Globals, check, page, run};
use crate::pipeline::Outcome;
use crate::report::lines::Lines;
use crate::report::{Verbosity, causes, say};
use crate::review::{Access, Conference, Desk, Door, ReviewedTalk, Trouble};
use crate::summarize::near_miss::Trusted;

#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// Write what is corrected and approved into the catalog; without it the page changes nothing
    #[arg(long)]
    edit: bool,
    /// Listen on this port of 127.0.0.1; without it on one that is free
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1024..))]
    port: Option<u16>,
    /// Open the page in your browser
    #[arg(long)]
    open: bool,
}

/// Serves the review page until Ctrl-C.
pub(super) fn review(globals: &Globals, arguments: &ReviewArgs) -> Result<Ending, Failure> {
    // A catalog that cannot be used is told as every command tells it.
    drop(Workshop::open(globals)?);
    let access = if arguments.edit {
        Access::Edit
    } else {
        Access::ReadOnly
    };
    let desk = Desk::open(globals.catalog.clone(), access, || conference(globals));
    let mut desk = desk.map_err(|trouble| {
        let hint = trouble.hint.clone();
        Failure::run(trouble, hint)
    })?;
    let door = Door::open(arguments.port.unwrap_or(0)).map_err(|error| {
        let hint = "choose another one with `--port`, or leave it out";
        Failure::run(error, Some(hint))
    })?;

    let address = door.address();
    page::print(&format!("{address}\n"))?;
    if globals.verbosity != Verbosity::Quiet {
        say_how(access, &globals.catalog);
    }
    if arguments.open && webbrowser::open(&address).is_err() {
        say(format_args!(
            "no browser could be opened; open the address in one"
        ));
    }

    let (stop, stopped) = oneshot::channel();
    let served = door.serve(&mut desk, stopped);
    let stop = || {
        // Should nobody hear it, the review has ended already.
        let _ = stop.send(());
    };
    let served = run::carried_out(served, stop, &Lines::new(Verbosity::Quiet))?;
    served.map_err(|error| Failure::run(error, None::<String>))?;
    if desk.changes() > 0 && globals.verbosity != Verbosity::Quiet {
        say_what_changed(desk.changes(), &globals.catalog);
    }
    Ok(Ending::Complete)
}

fn say_how(access: Access, catalog: &Path) {
    let catalog = catalog.display();
    match access {
        Access::Edit => say(format_args!(
            "open this address in a browser; changes are written to {catalog} at once, and Ctrl-C ends the review"
        )),
        Access::ReadOnly => say(format_args!(
            "open this address in a browser; nothing is changed without `--edit`, and Ctrl-C ends the review"
        )),
    }
}

fn say_what_changed(changes: usize, catalog: &Path) {
    let catalog = catalog.display();
    let changes = match changes {
        1 => "1 change".to_owned(),
        changes => format!("{changes} changes"),
    };
    say(format_args!(
        "{changes} in {catalog}, which stands as it was before in {catalog}.bak; `proceedings render` makes the page"
    ));
}

/// The conference as it stands now, hidden talks included.
fn conference(globals: &Globals) -> Result<Conference, Trouble> {
    let trouble = |failure: Failure| Trouble {
        error: causes(&*failure.error),
        hint: failure.hint,
    };
    let workshop = Workshop::open(globals).map_err(trouble)?;
    let entries: Vec<&Entry> = workshop.catalog.talks.iter().collect();
    let outcomes = page::recalled(&workshop, &entries, &Lines::new(Verbosity::Quiet));
    let outcomes = outcomes.map_err(trouble)?;
    let glossary = Trusted::of(&workshop.catalog.glossary);
    let talks = entries.iter().zip(&outcomes);
    let talks = talks.map(|(entry, outcome)| reviewed(&workshop, entry, outcome, &glossary));
    let talks = talks.collect();

    let visible = entries
        .iter()
        .zip(outcomes)
        .filter(|(entry, _)| !entry.hide);
    let visible: Vec<Outcome> = visible.map(|(_, outcome)| outcome).collect();
    let findings = check::about_categories(&workshop.catalog, &visible);
    Ok(Conference {
        header: page::header(&workshop.catalog),
        catalog: workshop.catalog,
        cache: workshop.cache,
        templates: workshop.templates,
        talks,
        findings,
    })
}

fn reviewed(
    workshop: &Workshop,
    entry: &Entry,
    outcome: &Outcome,
    glossary: &Trusted,
) -> ReviewedTalk {
    let mut findings = check::about_words(&workshop.catalog, entry, outcome, glossary);
    findings.extend(check::about_results(workshop, outcome));
    // Whether something is stale is said beside it.
    findings.retain(|finding| finding.kind != Kind::Stale);
    findings.sort_by_key(|finding| finding.kind);
    ReviewedTalk {
        talk: outcome.talk.clone(),
        findings,
    }
}
