//! Every request that a build would send now. Nobody is asked, and nothing is kept.

use std::ops::ControlFlow;

use crate::catalog::Entry;
use crate::fetch::Fetcher;
use crate::report::causes;
use crate::status::decisions::{Decisions, NextQuestion};
use crate::summarize::{Decider, DueRequest, SummarizeError};
use crate::talk::id::TalkId;
use crate::work::Work;

/// What is not among the requests that were listed.
#[derive(Debug, Default)]
pub(crate) struct Unlisted {
    /// How many talks are not fetched yet.
    pub unfetched: usize,
    /// How many are in a batch already.
    pub in_batch: usize,
    /// How many are asked about in parts first.
    pub in_parts: usize,
    /// The talks that cannot be asked about as things are, with the reason.
    pub impossible: Vec<(TalkId, String)>,
}

/// Lists what would be asked about talks, in their order, for a model that so many tokens fit; `each`
/// gets every request and may end the list.
pub(crate) fn list<E>(
    fetcher: &Fetcher<'_>,
    decider: &Decider<'_>,
    entries: &[&Entry],
    context: u64,
    mut each: impl FnMut(DueRequest) -> ControlFlow<E>,
) -> (Unlisted, Option<E>) {
    let mut unlisted = Unlisted::default();
    fetcher.prefetch(entries);
    for entry in entries {
        let fetch = fetcher.decide(entry, Work::Make);
        let decisions = Decisions::of(decider, entry, &fetch, Work::Make);
        let due = match decisions.next_question() {
            NextQuestion::Nothing => continue,
            NextQuestion::AfterFetching => {
                unlisted.unfetched += 1;
                continue;
            }
            NextQuestion::Of(conversation) => decider.due(conversation, context),
            NextQuestion::Impossible(error) => Err(error),
        };
        match due {
            Ok(due) => {
                unlisted.in_parts += usize::from(due.iter().any(DueRequest::is_about_part));
                for request in due {
                    if let ControlFlow::Break(end) = each(request) {
                        return (unlisted, Some(end));
                    }
                }
            }
            Err(error) => unlisted.note(&entry.id, &error),
        }
    }
    (unlisted, None)
}

impl Unlisted {
    fn note(&mut self, talk: &TalkId, error: &SummarizeError) {
        if error.is_in_batch() {
            self.in_batch += 1;
        } else {
            self.impossible.push((talk.clone(), causes(error)));
        }
    }
}
