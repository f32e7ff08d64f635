//! What is there of each talk and what it still takes, looked up in the cache for `status` and
//! `--dry-run`. Nobody is asked, nothing is kept, and no lock is waited for.

use crate::catalog::Entry;
use crate::cli::workshop::Workshop;
use crate::fetch::outlook::{Next, Outlook};
use crate::report::Verbosity;
use crate::report::lines::Lines;
use crate::status::forecast::Forecast;
use crate::summarize::Summarizer;
use crate::summarize::plan::{Fetched, Plan};
use crate::work::Stage;

/// What was found out about a talk.
pub(super) struct Surveyed<'a> {
    pub(super) entry: &'a Entry,
    pub(super) outlook: Outlook,
    pub(super) plan: Plan,
}

/// Looks at talks one by one; `and_then` is told of each while the summarizer is at hand.
pub(super) fn survey<'a, T>(
    workshop: &Workshop,
    entries: &[&'a Entry],
    redo: &[Stage],
    mut and_then: impl FnMut(&Summarizer<'_>, &Surveyed<'a>) -> T,
) -> (Vec<T>, Forecast) {
    let silent = Lines::new(Verbosity::Quiet);
    let (fetcher, summarizer) = workshop.asking_nobody(redo, &silent);
    let mut surveyed = Vec::with_capacity(entries.len());
    let mut told = Vec::with_capacity(entries.len());
    for entry in entries {
        let outlook = fetcher.outlook(entry);
        let fetched = match outlook.next {
            Next::Nothing => Fetched::AsFarAsItGoes,
            Next::Read | Next::Visit | Next::Transcribe => Fetched::NotYet,
        };
        let plan = summarizer.plan(entry, &outlook.talk, fetched);
        let talk = Surveyed {
            entry,
            plan: futures::executor::block_on(plan),
            outlook,
        };
        told.push(and_then(&summarizer, &talk));
        surveyed.push(talk);
    }
    let forecast = Forecast::of(surveyed.iter().map(|talk| (&talk.outlook, &talk.plan)));
    (told, forecast)
}
