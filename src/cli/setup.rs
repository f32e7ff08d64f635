//! What stands ready before a run: catalog, cache, prompts and templates, checked.

use crate::cache::{Cache, CacheError};
use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::{credentials, trust};
use crate::doctor::project::unused_files;
use crate::fetch::{Fetcher, Visiting};
use crate::llm::client::Client;
use crate::pipeline::{Outcome, Pipeline};
use crate::prompts::{Prompts, Quotes};
use crate::render::Templates;
use crate::render::logo::Logo;
use crate::report::{Reporter, Verbosity, say};
use crate::requests::Requests;
use crate::requests::budget::Budget;
use crate::store::{self, Store};
use crate::summarize::misheard::UsedNames;
use crate::summarize::{Decider, Summarizer};
use crate::work::{Redo, Work};

/// What to do about a catalog without talks.
const NO_TALKS: &str = "add them with `proceedings init PLAYLIST-URL`, or write the ids of their videos: `talks = [\"VIDEO-ID\"]`";

/// What stands ready before a run: everything that can be wrong about it has been looked at.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) catalog: Catalog,
    pub(super) cache: Cache,
    pub(super) prompts: Prompts,
    pub(super) templates: Templates,
    pub(super) logo: Option<Logo>,
    names: UsedNames,
}

/// Puts the store behind a cache that the catalog names, unless the run is offline.
pub(super) fn share(globals: &Globals, catalog: &Catalog, cache: &Cache) -> Result<(), Failure> {
    let address = catalog.store.as_ref();
    if let Some(address) = address.filter(|_| !globals.offline) {
        let store = Store::open(address, &credentials::of_stores());
        cache.share_through(store.map_err(CacheError::from)?);
    }
    Ok(())
}

impl Setup {
    pub(super) fn open(globals: &Globals) -> Result<Self, Failure> {
        let catalog = catalog(globals)?;
        let mend = "correct the template, or delete it to get the embedded one";
        let quotes = if catalog.evidence {
            Quotes::Wanted
        } else {
            Quotes::Unwanted
        };
        let folder = catalog.folder.join("prompts");
        let prompts = Prompts::load(&folder, &catalog.readable, quotes);
        let prompts = prompts.map_err(|error| Failure::usage(error, Some(mend)))?;
        let templates = Templates::load(&catalog.folder.join("templates"), &catalog.readable);
        let templates = templates.map_err(|error| Failure::usage(error, Some(mend)))?;
        let logo = catalog.logo.as_ref();
        let logo = logo.map(|logo| Logo::load(logo, &catalog.readable));
        let logo = logo.transpose().map_err(|error| {
            let hint = error.hint();
            Failure::usage(error, Some(hint))
        })?;
        let folder = catalog.cache.clone();
        if folder.exists() && !folder.is_dir() {
            let error = format!("the cache `{}` is no folder", folder.display());
            return Err(Failure::run(error, Some("move the file away")));
        }
        if catalog.store.is_some() && !globals.offline {
            store::ensure_installed().map_err(|error| {
                let hint = error.hint();
                Failure::usage(error, Some(hint))
            })?;
        }
        let cache = Cache::new(folder);
        Ok(Self {
            catalog,
            cache,
            prompts,
            templates,
            logo,
            names: UsedNames::default(),
        })
    }

    /// Puts the store behind the cache that the catalog names, for a run that may keep something.
    pub(super) fn share(&self, globals: &Globals) -> Result<(), Failure> {
        share(globals, &self.catalog, &self.cache)
    }

    /// Names the files beside the catalog that look like prompts or templates and are not used.
    pub(super) fn say_unused(&self, globals: &Globals) {
        if globals.verbosity > Verbosity::Quiet {
            for unused in unused_files(&self.catalog.folder, &self.catalog.readable) {
                say(format_args!("{unused}"));
            }
        }
    }

    /// What decides about summaries and categories.
    pub(super) fn decider<'a>(&'a self, redo: &'a [Redo]) -> Decider<'a> {
        Decider {
            catalog: &self.catalog,
            cache: &self.cache,
            prompts: &self.prompts,
            redo,
            names: &self.names,
        }
    }

    /// The way to a model's replies.
    pub(super) fn requests<'a>(
        &'a self,
        client: &'a Client,
        budget: Option<&'a Budget>,
        reporter: &'a dyn Reporter,
    ) -> Requests<'a> {
        Requests {
            cache: &self.cache,
            client,
            budget,
            price: self.catalog.llm.as_ref().and_then(|llm| llm.price),
            reporter,
        }
    }

    /// These talks, as far as they are cached.
    pub(super) fn recall(
        &self,
        entries: &[&Entry],
        reporter: &dyn Reporter,
    ) -> Result<Vec<Outcome>, Failure> {
        self.take_up(entries, Work::Recall, reporter)
    }

    /// The same, with an excerpt of each talk of which nothing is cached that could be shown. The
    /// cache stays as it is.
    pub(super) fn recall_or_excerpt(
        &self,
        entries: &[&Entry],
        reporter: &dyn Reporter,
    ) -> Result<Vec<Outcome>, Failure> {
        self.take_up(entries, Work::RecallOrExcerpt, reporter)
    }

    fn take_up(
        &self,
        entries: &[&Entry],
        work: Work,
        reporter: &dyn Reporter,
    ) -> Result<Vec<Outcome>, Failure> {
        let never = Visiting::Never;
        let fetcher = Fetcher::new(&self.catalog, &self.cache, never, None, &[], reporter);
        let summarizer = Summarizer {
            decider: self.decider(&[]),
            requests: None,
            reporter,
        };
        let pipeline = Pipeline::new(fetcher, Some(summarizer), None, reporter);
        let outcomes = futures::executor::block_on(pipeline.run(entries, |_| work));
        outcomes.map_err(Failure::from)
    }
}

/// The catalog, checked, without what it is not trusted to do. There is nothing to do for one without
/// talks.
pub(super) fn catalog(globals: &Globals) -> Result<Catalog, Failure> {
    let mut catalog = Catalog::load(&globals.catalog).map_err(|error| {
        let hint = error.hint();
        Failure::usage(error, hint)
    })?;
    if catalog.talks.is_empty() {
        let error = format!("there are no talks in {}", globals.catalog.display());
        return Err(Failure::usage(error, Some(NO_TALKS)));
    }
    trust::withhold_untrusted(globals, &mut catalog);
    let read = catalog.read_other_terms();
    read.map_err(|error| {
        let hint = error.hint();
        Failure::usage(error, hint)
    })?;
    Ok(catalog)
}
