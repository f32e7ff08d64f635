//! What is decided about each talk, for `status` and `--dry-run`. Nobody is asked, nothing is kept, and
//! no lock is waited for.

use crate::catalog::Entry;
use crate::cli::setup::Setup;
use crate::fetch::decision::FetchDecision;
use crate::fetch::{Fetcher, Visiting};
use crate::report::Verbosity;
use crate::report::lines::Lines;
use crate::status::decisions::Decisions;
use crate::status::forecast::{Forecast, Speech};
use crate::summarize::Decider;
use crate::work::{Redo, Work};

/// What is to be foreseen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Foreseen<'a> {
    /// What is done again.
    pub(super) redo: &'a [Redo],
    /// Whether videos are visited.
    pub(super) visiting: Visiting<'a>,
    /// What may be done for the talks.
    pub(super) work: Work,
}

/// Decides about talks one by one, and adds up what that takes; `look` sees each decision.
pub(super) fn survey<T>(
    setup: &Setup,
    entries: &[&Entry],
    foreseen: Foreseen<'_>,
    mut look: impl FnMut(&Decider<'_>, &Decisions<'_>) -> T,
) -> (Vec<T>, Forecast) {
    let Foreseen {
        redo,
        visiting,
        work,
    } = foreseen;
    let silent = Lines::new(Verbosity::Quiet);
    let catalog = &setup.catalog;
    let fetcher = Fetcher::new(catalog, &setup.cache, visiting, None, redo, &silent);
    let decider = setup.decider(redo);
    let fetches = entries.iter().map(|entry| fetcher.decide(entry, work));
    let fetches: Vec<FetchDecision> = fetches.collect();
    let speech = Speech::of(&fetches);
    let mut forecast = Forecast::of_fetching(&fetches);
    let seen = entries.iter().zip(&fetches).map(|(entry, fetch)| {
        let decisions = Decisions::of(&decider, entry, fetch, work);
        let seen = look(&decider, &decisions);
        forecast.add(fetch, decisions.needs(&decider), &speech);
        seen
    });
    let seen = seen.collect();
    (seen, forecast)
}
