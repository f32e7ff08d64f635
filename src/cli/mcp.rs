//! `mcp`: lets an assistant ask about conferences, over standard input and output.
//!
//! What it answers from is read here, by the same steps as `site` takes: nobody outside is asked, and
//! nothing is written. Ctrl-C ends it at once, since there is nothing to keep.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;

use crate::catalog::Entry;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::runtime::runtime;
use crate::cli::setup::Setup;
use crate::cli::{catalogs, page};
use crate::mcp::{Library, ListedConference, McpServer};
use crate::report::lines::Lines;
use crate::report::{Verbosity, say};

#[derive(Debug, Args)]
pub(super) struct McpArgs {
    /// The conferences' catalogs or their folders [default: the one of `--catalog`]
    #[arg(value_name = "CATALOG")]
    catalogs: Vec<PathBuf>,
}

/// Answers an assistant's questions until its program has no more.
pub(super) fn mcp(globals: &Globals, arguments: &McpArgs) -> Result<Ending, Failure> {
    let named = if arguments.catalogs.is_empty() {
        std::slice::from_ref(&globals.catalog)
    } else {
        &arguments.catalogs[..]
    };
    let catalogs = catalogs::deduplicate(named);
    let conferences = conferences(globals, &catalogs);
    if conferences.is_empty() {
        return Err(catalogs::none_can_be_used());
    }
    if io::stdin().is_terminal() {
        say(format_args!(
            "this command speaks to an assistant's program, which starts it itself (docs/mcp.md); press Ctrl-C to finish"
        ));
    }
    let globals = globals.once_trust_is_settled();
    let again = move || self::conferences(&globals, &catalogs);
    let server = McpServer::new(Library::new(conferences, again));
    let runtime = runtime().map_err(|error| Failure::run(error, None::<String>))?;
    let answered = runtime.block_on(server.answer());
    answered.map_err(|error| {
        let hint = "name `proceedings mcp` in the settings of an assistant, as docs/mcp.md shows";
        Failure::run(error, Some(hint))
    })?;
    Ok(Ending::Complete)
}

/// The conferences that can be used, with their talks as far as they are cached; of the others it is
/// said why not.
fn conferences(globals: &Globals, catalogs: &[PathBuf]) -> Vec<ListedConference> {
    let read = |catalog: &PathBuf| {
        let conference = conference(&globals.of_catalog(catalog));
        catalogs::ok_or_report(catalog, conference, "the answers")
    };
    catalogs.iter().filter_map(read).collect()
}

fn conference(globals: &Globals) -> Result<ListedConference, Failure> {
    catalogs::ensure_there(&globals.catalog)?;
    let setup = Setup::open(globals)?;
    let entries: Vec<&Entry> = setup.catalog.visible().collect();
    let mut outcomes = setup.recall_or_excerpt(&entries, &Lines::new(Verbosity::Quiet))?;
    page::withhold_words(&setup.catalog, &mut outcomes);
    // Where what was said is not published, an assistant does not read it either.
    let private = entries.iter().zip(&mut outcomes);
    for (_, outcome) in private.filter(|(entry, _)| !entry.transcript) {
        outcome.talk.talk.transcript = None;
    }
    Ok(ListedConference {
        talks: outcomes.into_iter().map(|outcome| outcome.talk).collect(),
        catalog: setup.catalog,
        cache: setup.cache,
    })
}
