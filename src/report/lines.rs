//! Progress as plain lines, for logs and pipes: one for each result that is new or missing.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::report::{Event, Reporter, Verbosity, line, say};
use crate::work::{How, Task};

/// Writes events as lines.
#[derive(Debug)]
pub(crate) struct Lines {
    verbosity: Verbosity,
    talks: Cell<usize>,
    ended: RefCell<HashMap<Task, usize>>,
}

impl Lines {
    /// Nothing is written before the first event.
    #[must_use]
    pub(crate) fn new(verbosity: Verbosity) -> Self {
        Self {
            verbosity,
            talks: Cell::new(0),
            ended: RefCell::default(),
        }
    }

    /// How many talks are through with a task, this one included.
    fn count(&self, task: Task) -> usize {
        let mut ended = self.ended.borrow_mut();
        let count = ended.entry(task).or_default();
        *count += 1;
        *count
    }
}

impl Reporter for Lines {
    fn report(&self, event: Event<'_>) {
        match event {
            Event::Began { talks, .. } => self.talks.set(talks),
            Event::Transcribing { talk } if self.verbosity >= Verbosity::Normal => {
                say(format_args!("transcribing {talk}"));
            }
            Event::Ended {
                task,
                talk,
                how,
                problem: None,
            } => {
                let count = self.count(task);
                let least = if how == How::New {
                    Verbosity::Normal
                } else {
                    Verbosity::Verbose
                };
                if self.verbosity >= least {
                    let how = match how {
                        How::New => "",
                        How::Cached => " (cached)",
                        How::Given => " (given)",
                        How::Stale => " (stale)",
                        How::Missing => " (missing)",
                    };
                    say(format_args!(
                        "{:<10} {count}/{} {talk}{how}",
                        task.name(),
                        self.talks.get()
                    ));
                }
            }
            event => {
                if let Event::Ended { task, .. } = event {
                    self.count(task);
                }
                if let Some(line) = line(event, self.verbosity) {
                    say(format_args!("{line}"));
                }
            }
        }
    }
}
