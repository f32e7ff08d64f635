//! What a run did, counted while it went by.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use crate::llm::transcription::ReceivedTranscription;
use crate::llm::{Billed, Usage};
use crate::report::{Event, Reporter};
use crate::talk::id::TalkId;
use crate::work::{How, Task};

/// Counts events on their way to whoever shows them.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    shown_by: &'a dyn Reporter,
    results: RefCell<HashMap<(Task, How), usize>>,
    asked: RefCell<HashMap<Task, RequestUsage>>,
    talks: RefCell<HashMap<TalkId, RequestUsage>>,
    listened: Cell<TranscriptionUsage>,
}

/// What a model was asked, and what it used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RequestUsage {
    /// How many requests were made.
    pub requests: u64,
    /// How many of them brought no reply.
    pub unanswered: u64,
    /// Of how many it is not known what they used.
    pub untold: u64,
    /// What the others used.
    pub usage: Usage,
}

/// The recordings that a model has listened to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TranscriptionUsage {
    /// How many.
    pub recordings: usize,
    /// Of how many the length is not known.
    pub without_length: usize,
    /// How long the others are together.
    pub length: Duration,
}

impl RequestUsage {
    /// Counts a request, and what is known of its bill.
    pub(crate) fn add(&mut self, billed: Billed) {
        self.requests += 1;
        match billed {
            Billed::Nothing => self.unanswered += 1,
            Billed::Unknown => self.untold += 1,
            Billed::Tokens(usage) => self.usage.add(usage),
        }
    }

    /// Counts what was asked elsewhere.
    pub(crate) fn join(&mut self, other: Self) {
        self.requests += other.requests;
        self.unanswered += other.unanswered;
        self.untold += other.untold;
        self.usage.add(other.usage);
    }
}

impl<'a> Tally<'a> {
    /// Counts from zero.
    #[must_use]
    pub(crate) fn new(shown_by: &'a dyn Reporter) -> Self {
        Self {
            shown_by,
            results: RefCell::default(),
            asked: RefCell::default(),
            talks: RefCell::default(),
            listened: Cell::default(),
        }
    }

    /// How many talks came by the result of a task in this way.
    #[must_use]
    pub(crate) fn results(&self, task: Task, how: How) -> usize {
        self.results
            .borrow()
            .get(&(task, how))
            .copied()
            .unwrap_or(0)
    }

    /// What a model was asked in a task.
    #[must_use]
    pub(crate) fn asked(&self, task: Task) -> RequestUsage {
        self.asked.borrow().get(&task).copied().unwrap_or_default()
    }

    /// What a model was asked about each talk, those first that used most.
    #[must_use]
    pub(crate) fn asked_by_talk(&self) -> Vec<(TalkId, RequestUsage)> {
        let talks = self.talks.borrow();
        let mut talks: Vec<_> = talks
            .iter()
            .map(|(id, asked)| (id.clone(), *asked))
            .collect();
        talks.sort_by_key(|(id, asked)| {
            let tokens = asked.usage.prompt_tokens + asked.usage.completion_tokens;
            (Reverse(tokens), id.clone())
        });
        talks
    }

    /// What was transcribed.
    #[must_use]
    pub(crate) fn listened(&self) -> TranscriptionUsage {
        self.listened.get()
    }
}

impl Reporter for Tally<'_> {
    fn report(&self, event: Event<'_>) {
        match event {
            Event::Ended { task, how, .. } => {
                *self.results.borrow_mut().entry((task, how)).or_default() += 1;
            }
            Event::Answered {
                task: task @ (Task::Summarize | Task::Categorize),
                talk,
                billed: Some(billed),
            } => {
                self.asked.borrow_mut().entry(task).or_default().add(billed);
                if let Some(talk) = talk {
                    let mut talks = self.talks.borrow_mut();
                    talks.entry(talk.clone()).or_default().add(billed);
                }
            }
            Event::Transcribed {
                heard: Some(ReceivedTranscription { length }),
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
