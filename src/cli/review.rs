//! `review`: opens the page on which talks are read, corrected and approved.
//!
//! The address is what the command prints to standard output. What the editor shows is read here,
//! by the same steps as `render` and `check` take. Ctrl-C is how a review ends well.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;
use tokio::sync::oneshot;
use url::Url;

use crate::catalog::edit::{self, EditError};
use crate::catalog::{Catalog, Entry};
use crate::check::{Finding, Kind, repetition};
use crate::cli::arguments::{Globals, parse_dollars};
use crate::cli::ending::{Ending, Failure};
use crate::cli::rewrite::{SecondCatalog, Writer};
use crate::cli::runtime::carry_out;
use crate::cli::setup::{self, Setup};
use crate::cli::{findings, output, page, trust};
use crate::numbers::pluralize;
use crate::pipeline::Outcome;
use crate::render::Templates;
use crate::report::lines::Lines;
use crate::report::{Event, Reporter, Verbosity, causes, say};
use crate::review::{Access, Conference, Editor, ReviewedTalk, Rewrite, Server, Trouble};
use crate::trust::SensitiveSetting;

#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// Write corrections and approvals into the catalog; without it the page changes nothing
    #[arg(long)]
    edit: bool,
    /// Let the page ask the model for other summaries, with your hints; it says the cost first
    #[arg(long, requires = "edit")]
    ask: bool,
    /// Also ask the model that this catalog names, and show both summaries side by side
    #[arg(long, value_name = "CATALOG", requires = "ask")]
    second: Option<PathBuf>,
    /// Ask for nothing more once this is spent, in US dollars
    #[arg(long, value_name = "USD", value_parser = parse_dollars, requires = "ask")]
    max_cost: Option<f64>,
    /// Listen on this port of 127.0.0.1 [default: a free one]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1024..))]
    port: Option<u16>,
    /// Open the page in your browser
    #[arg(long)]
    open: bool,
}

/// A port that cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on port {port} of 127.0.0.1")]
struct CannotListen {
    port: u16,
    #[source]
    error: io::Error,
}

/// A page that leads to the review. Programs tell everybody on this machine what they are started
/// with, so the browser is started with the path of this page, which only this user can read, and
/// not with the address.
#[derive(Debug)]
struct Doorway(NamedTempFile);

impl Doorway {
    fn to(address: &str, catalog: &Path) -> io::Result<Self> {
        let page = format!(
            "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={address}\">\n<title>Review</title>\n\
             <a href=\"{address}\">To the review</a>\n"
        );
        let mut named = tempfile::Builder::new();
        named.prefix("proceedings-review-").suffix(".html");
        let folder = catalog
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        // A browser that comes as a snap sees no temporary files of others.
        let beside = || named.tempfile_in(folder.unwrap_or(Path::new(".")));
        let made = if cfg!(target_os = "linux") {
            beside().or_else(|_| named.tempfile())
        } else {
            named.tempfile()
        };
        let mut file = made?;
        file.write_all(page.as_bytes())?;
        Ok(Self(file))
    }

    fn open(&self) -> bool {
        let path = std::path::absolute(self.0.path());
        let address = path.ok().and_then(|path| Url::from_file_path(path).ok());
        address.is_some_and(|address| webbrowser::open(address.as_str()).is_ok())
    }
}

/// Serves the review page until Ctrl-C.
pub(super) fn review(globals: &Globals, arguments: &ReviewArgs) -> Result<Ending, Failure> {
    // A catalog that cannot be used is told as every command tells it, and what it wants to do is asked
    // once, though it is read again with every change.
    let setup = Setup::open(globals)?;
    let Setup {
        catalog, templates, ..
    } = setup;
    drop(preview_templates(globals, templates)?);
    let second = arguments.second.as_deref().map(|path| {
        let catalog = setup::catalog(&globals.of_catalog(path))?;
        Ok::<_, Failure>(SecondCatalog { path, catalog })
    });
    let second = second.transpose()?;
    let globals = &globals.once_trust_is_settled();
    if arguments.edit {
        edit::try_saving(&globals.catalog).map_err(unwritable)?;
    }
    let reporter = Lines::new(globals.verbosity);
    let most = arguments.max_cost;
    let open = || Writer::open(globals, &catalog, second.as_ref(), most, &reporter);
    let writer = arguments.ask.then(open).transpose()?;
    let access = match &writer {
        Some(writer) => Access::EditAndAsk {
            models: writer.names(),
        },
        None if arguments.edit => Access::Edit,
        None => Access::ReadOnly,
    };
    let editor = Editor::open(globals.catalog.clone(), access.clone(), |before| {
        conference(globals, before)
    });
    let mut editor = editor.map_err(|trouble| {
        let hint = trouble.hint.clone();
        Failure::run(trouble, hint)
    })?;
    let port = arguments.port.unwrap_or(0);
    let server = Server::open(port).map_err(|error| {
        let hint = "choose another port with `--port`, or leave it out and take one that is free";
        Failure::run(CannotListen { port, error }, Some(hint))
    })?;

    let address = server.address();
    output::print(&format!("{address}\n"))?;
    if globals.verbosity != Verbosity::Quiet {
        say_how(&access, &globals.catalog);
    }
    // It is there for as long as the review is.
    let doorway = arguments
        .open
        .then(|| Doorway::to(&address, &globals.catalog));
    let is_open = |doorway: &io::Result<Doorway>| doorway.as_ref().is_ok_and(Doorway::open);
    if doorway.as_ref().is_some_and(|doorway| !is_open(doorway)) {
        say(format_args!(
            "no browser could be opened; open the address in one"
        ));
    }

    let (stop, stopped) = oneshot::channel();
    let write = writer
        .as_ref()
        .map(|writer| async |rewrite: Rewrite| writer.write(&rewrite).await);
    let served = server.serve(&mut editor, write.as_ref(), stopped);
    let stop = || {
        writer.iter().for_each(Writer::stop);
        // Should nobody hear it, the review has ended already.
        let _ = stop.send(());
    };
    let served = carry_out(served, stop, &Silent)?;
    served.map_err(|error| Failure::run(error, None::<String>))?;
    if let Some(writer) = &writer {
        writer.report();
    }
    if editor.changes() > 0 && globals.verbosity != Verbosity::Quiet {
        say_what_changed(editor.changes(), &globals.catalog);
    }
    Ok(Ending::Complete)
}

/// A catalog that no change could be written into, which is said before anybody makes one.
fn unwritable(error: EditError) -> Failure {
    let hint = "check the permissions of its folder, or run `proceedings review` without `--edit`";
    match error {
        EditError::File(error) => Failure::run(error, Some(hint)),
        error => Failure::run(error, Some(hint)),
    }
}

/// Nothing is said of Ctrl-C, which is how a review ends.
#[derive(Debug)]
struct Silent;

impl Reporter for Silent {
    fn report(&self, _: Event<'_>) {}
}

fn say_how(access: &Access, catalog: &Path) {
    let catalog = catalog.display();
    match access {
        Access::Edit | Access::EditAndAsk { .. } => say(format_args!(
            "open this address in a browser; each change is written to {catalog} at once; press Ctrl-C to finish"
        )),
        Access::ReadOnly => say(format_args!(
            "open this address in a browser; without `--edit` it changes nothing; press Ctrl-C to finish"
        )),
    }
}

fn say_what_changed(changes: usize, catalog: &Path) {
    let catalog = catalog.display();
    let changes = pluralize(changes, "change");
    say(format_args!(
        "saved {changes} in {catalog} (backup: {catalog}.bak); run `proceedings render` to update the page"
    ));
}

/// The conference as it stands now, hidden talks included.
fn conference(globals: &Globals, before: Option<&Conference>) -> Result<Conference, Trouble> {
    let trouble = |failure: Failure| Trouble {
        error: causes(&*failure.error),
        hint: failure.hint,
    };
    let setup = Setup::open(globals).map_err(trouble)?;
    let catalog = &setup.catalog;
    let entries: Vec<&Entry> = catalog.talks.iter().collect();
    let outcomes = setup.recall(&entries, &Lines::new(Verbosity::Quiet));
    let outcomes = outcomes.map_err(trouble)?;

    let glossary = findings::trusted(catalog, &outcomes);
    let mut talks = Vec::with_capacity(entries.len());
    for (place, (entry, outcome)) in entries.iter().zip(&outcomes).enumerate() {
        let known = before.and_then(|before| known_findings(before, catalog, place, outcome));
        let about_words = known.unwrap_or_else(|| {
            let mut found = findings::about_words(catalog, entry, outcome, &glossary);
            found.sort_by_key(|finding| finding.kind);
            found
        });
        let mut about_results = findings::about_results(&setup, outcome);
        // What is stale is said beside it.
        about_results.retain(|finding| finding.kind != Kind::Stale);
        talks.push(ReviewedTalk {
            talk: outcome.talk.clone(),
            about_results,
            about_words,
        });
    }

    for finding in repetition::across(outcomes.iter().map(|outcome| &outcome.talk)) {
        let of_talk =
            |reviewed: &&mut ReviewedTalk| Some(&reviewed.talk.talk.id) == finding.talk.as_ref();
        if let Some(reviewed) = talks.iter_mut().find(of_talk) {
            reviewed.about_results.push(finding);
        }
    }

    let visible = entries
        .iter()
        .zip(outcomes)
        .filter(|(entry, _)| !entry.hide);
    let visible: Vec<Outcome> = visible.map(|(_, outcome)| outcome).collect();
    let findings = findings::about_categories(catalog, &visible);
    let header = page::header(&setup, None).map_err(trouble)?;
    Ok(Conference {
        header,
        catalog: setup.catalog,
        cache: setup.cache,
        templates: preview_templates(globals, setup.templates).map_err(trouble)?,
        talks,
        findings,
    })
}

/// What the preview is made with. It is shown beside the page that may change the catalog, so it is
/// made with the catalog's own templates only where these are trusted.
fn preview_templates(globals: &Globals, templates: Templates) -> Result<Templates, Failure> {
    let Some(digest) = templates.own_page() else {
        return Ok(templates);
    };
    let own = SensitiveSetting::Preview { digest };
    if trust::untrusted(globals, vec![own]).is_empty() {
        return Ok(templates);
    }
    Templates::embedded().map_err(|error| Failure::run(error, None::<String>))
}

/// What was found before about the words of a talk, if nothing has changed that they are compared
/// with. To look for names again in a hundred talks would be felt at every key.
fn known_findings(
    before: &Conference,
    catalog: &Catalog,
    place: usize,
    outcome: &Outcome,
) -> Option<Vec<Finding>> {
    let known = before.talks.get(place)?;
    let title = |catalog: &Catalog| catalog.talks.get(place).map(|entry| entry.title.is_some());
    let is_same = known.talk == outcome.talk
        && title(&before.catalog) == title(catalog)
        && before.catalog.glossary == catalog.glossary
        && before.catalog.language == catalog.language;
    is_same.then(|| known.about_words.clone())
}
