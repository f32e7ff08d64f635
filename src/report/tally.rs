//! What a run did, counted while it went by.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use crate::llm::Usage;
use crate::llm::transcription::Heard;
use crate::report::{Event, Reporter};
use crate::work::{How, Step};

/// Counts events on their way to whoever shows them.
#[derive(Debug)]
pub struct Tally<'a> {
    shown_by: &'a dyn Reporter,
    results: RefCell<HashMap<(Step, How), usize>>,
    requests: Cell<u64>,
    usage: Cell<Usage>,
    listened: Cell<Listened>,
}

/// The recordings that a model has listened to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listened {
    /// How many.
    pub recordings: usize,
    /// Of how many the length is not known.
    pub without_length: usize,
    /// How long the others are together.
    pub length: Duration,
}

impl<'a> Tally<'a> {
    /// Counts from zero.
    #[must_use]
    pub fn new(shown_by: &'a dyn Reporter) -> Self {
        let (results, requests, usage) = (RefCell::default(), Cell::new(0), Cell::default());
        let listened = Cell::default();
        Self {
            shown_by,
            results,
            requests,
            usage,
            listened,
        }
    }

    /// How many talks came by the result of a step in this way.
    #[must_use]
    pub fn results(&self, step: Step, how: How) -> usize {
        self.results
            .borrow()
            .get(&(step, how))
            .copied()
            .unwrap_or(0)
    }

    /// How many requests a model was asked.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.get()
    }

    /// What these requests used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.usage.get()
    }

    /// What was transcribed.
    #[must_use]
    pub fn listened(&self) -> Listened {
        self.listened.get()
    }
}

impl Reporter for Tally<'_> {
    fn report(&self, event: Event<'_>) {
        match event {
            Event::Ended { step, how, .. } => {
                *self.results.borrow_mut().entry((step, how)).or_default() += 1;
            }
            Event::Asked {
                step: Step::Summarize | Step::Categorize,
                ..
            } => {
                self.requests.set(self.requests.get() + 1);
            }
            Event::Answered {
                usage: Some(used), ..
            } => {
                let mut usage = self.usage.get();
                usage.add(used);
                self.usage.set(usage);
            }
            Event::Transcribed {
                heard: Some(Heard { length }),
                ..
            } => {
                let mut listened = self.listened.get();
                listened.recordings += 1;
                listened.without_length += usize::from(length.is_none());
                listened.length += length.unwrap_or_default();
                self.listened.set(listened);
            }
            _ => {}
        }
        self.shown_by.report(event);
    }
}
