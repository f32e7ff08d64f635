//! Progress on a terminal: a bar a task, and a line with requests, tokens, cost and time left.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::llm::{Billed, Price, Usage};
use crate::numbers::thousands;
use crate::printable::presentable;
use crate::report::{Event, Reporter, Verbosity, fold, line, width};
use crate::work::{How, Task};

/// Draws events as bars.
#[derive(Debug)]
pub(crate) struct Bars {
    verbosity: Verbosity,
    price: Option<Price>,
    screen: MultiProgress,
    tasks: RefCell<HashMap<Task, TaskBar>>,
    footer: ProgressBar,
    usage: Cell<Usage>,
}

/// The bar of one task.
#[derive(Debug)]
struct TaskBar {
    bar: ProgressBar,
    under_way: usize,
    transcribing: usize,
    cached: usize,
    stale: usize,
    missing: usize,
}

impl Bars {
    /// Nothing is drawn before the first event.
    #[must_use]
    pub(crate) fn new(verbosity: Verbosity, price: Option<Price>) -> Self {
        let footer = ProgressBar::hidden();
        let (screen, tasks) = (MultiProgress::new(), RefCell::default());
        Self {
            verbosity,
            price,
            screen,
            tasks,
            footer,
            usage: Cell::default(),
        }
    }

    fn begin(&self, talks: usize, tasks: &[Task]) {
        let style = ProgressStyle::with_template(
            "{prefix:>10} {bar:28.cyan/dim} {pos:>4}/{len}  {wide_msg}",
        );
        let style = style
            .expect("the template is well-formed")
            .progress_chars("━╸─");
        for task in tasks {
            let bar = self.screen.add(ProgressBar::new(talks as u64));
            bar.set_style(style.clone());
            bar.set_prefix(task.name());
            bar.tick();
            let bar = TaskBar {
                bar,
                under_way: 0,
                transcribing: 0,
                cached: 0,
                stale: 0,
                missing: 0,
            };
            self.tasks.borrow_mut().insert(*task, bar);
        }
        let footer = ProgressStyle::with_template("{spinner:>10} {elapsed_precise}  {wide_msg}");
        self.screen.add(self.footer.clone());
        self.footer
            .set_style(footer.expect("the template is well-formed"));
        self.footer.enable_steady_tick(Duration::from_millis(200));
    }

    fn change(&self, task: Task, change: impl FnOnce(&mut TaskBar)) {
        if let Some(bar) = self.tasks.borrow_mut().get_mut(&task) {
            change(bar);
            bar.bar.set_message(bar.message());
        }
    }

    fn add_usage(&self, used: Usage) {
        let mut usage = self.usage.get();
        usage.add(used);
        self.usage.set(usage);
        let cost = self
            .price
            .map(|price| format!(", ${:.4}", price.of(usage)))
            .unwrap_or_default();
        let Usage {
            prompt_tokens,
            completion_tokens,
            ..
        } = usage;
        self.footer.set_message(format!(
            "{} tokens in, {} out{cost}",
            thousands(prompt_tokens),
            thousands(completion_tokens)
        ));
    }
}

impl TaskBar {
    fn message(&self) -> String {
        let mut parts = Vec::new();
        for (count, what) in [
            (self.under_way, "under way"),
            (self.transcribing, "transcribing"),
            (self.cached, "cached"),
            (self.stale, "stale"),
            (self.missing, "missing"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        let left = self.bar.eta();
        if self.under_way > 0 && left > Duration::from_secs(2) {
            parts.push(format!(
                "{} left",
                humantime::format_duration(Duration::from_secs(left.as_secs()))
            ));
        }
        parts.join(", ")
    }
}

impl Reporter for Bars {
    fn report(&self, event: Event<'_>) {
        match event {
            Event::Began { talks, tasks } => self.begin(talks, tasks),
            Event::Asked { task, .. } => self.change(task, |bar| bar.under_way += 1),
            Event::Answered { task, billed, .. } => {
                self.change(task, |bar| bar.under_way = bar.under_way.saturating_sub(1));
                if let Some(Billed::Tokens(usage)) = billed {
                    self.add_usage(usage);
                }
            }
            Event::Transcribing { .. } => self.change(Task::Fetch, |bar| bar.transcribing += 1),
            Event::Transcribed { .. } => self.change(Task::Fetch, |bar| {
                bar.transcribing = bar.transcribing.saturating_sub(1);
            }),
            Event::Ended { task, how, .. } => self.change(task, |bar| {
                bar.bar.inc(1);
                match how {
                    How::Cached => bar.cached += 1,
                    How::Stale => bar.stale += 1,
                    How::Missing => bar.missing += 1,
                    How::Given | How::New => {}
                }
            }),
            Event::Finished => {
                self.footer.finish_and_clear();
                self.tasks
                    .borrow()
                    .values()
                    .for_each(|task| task.bar.abandon());
            }
            _ => {}
        }
        // The closing report names every problem; while the bars run a line each would drown them.
        let is_problem =
            matches!(event, Event::Ended { .. }) && self.verbosity < Verbosity::Verbose;
        if let Some(line) = line(event, self.verbosity).filter(|_| !is_problem) {
            let width = width(&Term::stderr());
            drop(self.screen.println(fold(&presentable(&line), width)));
        }
    }
}
