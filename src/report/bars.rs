//! Progress on a terminal: a bar a step, and a line with requests, tokens, cost and time left.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::llm::{Billed, Price, Usage};
use crate::numbers::thousands;
use crate::report::{Event, Reporter, Verbosity, line};
use crate::work::{How, Step};

/// Draws events as bars.
#[derive(Debug)]
pub struct Bars {
    verbosity: Verbosity,
    price: Option<Price>,
    screen: MultiProgress,
    steps: RefCell<HashMap<Step, StepBar>>,
    footer: ProgressBar,
    usage: Cell<Usage>,
}

/// The bar of one step.
#[derive(Debug)]
struct StepBar {
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
    pub fn new(verbosity: Verbosity, price: Option<Price>) -> Self {
        let footer = ProgressBar::hidden();
        let (screen, steps) = (MultiProgress::new(), RefCell::default());
        Self {
            verbosity,
            price,
            screen,
            steps,
            footer,
            usage: Cell::default(),
        }
    }

    fn begin(&self, talks: usize, steps: &[Step]) {
        let style = ProgressStyle::with_template(
            "{prefix:>10} {bar:28.cyan/dim} {pos:>4}/{len}  {wide_msg}",
        );
        let style = style
            .expect("the template is well-formed")
            .progress_chars("━╸─");
        for step in steps {
            let bar = self.screen.add(ProgressBar::new(talks as u64));
            bar.set_style(style.clone());
            bar.set_prefix(step.name());
            bar.tick();
            let bar = StepBar {
                bar,
                under_way: 0,
                transcribing: 0,
                cached: 0,
                stale: 0,
                missing: 0,
            };
            self.steps.borrow_mut().insert(*step, bar);
        }
        let footer = ProgressStyle::with_template("{spinner:>10} {elapsed_precise}  {wide_msg}");
        self.screen.add(self.footer.clone());
        self.footer
            .set_style(footer.expect("the template is well-formed"));
        self.footer.enable_steady_tick(Duration::from_millis(200));
    }

    fn change(&self, step: Step, change: impl FnOnce(&mut StepBar)) {
        if let Some(bar) = self.steps.borrow_mut().get_mut(&step) {
            change(bar);
            bar.bar.set_message(bar.message());
        }
    }

    fn used(&self, used: Usage) {
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

impl StepBar {
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
            Event::Began { talks, steps } => self.begin(talks, steps),
            Event::Asked { step, .. } => self.change(step, |bar| bar.under_way += 1),
            Event::Answered { step, billed, .. } => {
                self.change(step, |bar| bar.under_way = bar.under_way.saturating_sub(1));
                if let Billed::Tokens(usage) = billed {
                    self.used(usage);
                }
            }
            Event::Transcribing { .. } => self.change(Step::Fetch, |bar| bar.transcribing += 1),
            Event::Transcribed { .. } => self.change(Step::Fetch, |bar| {
                bar.transcribing = bar.transcribing.saturating_sub(1);
            }),
            Event::Ended { step, how, .. } => self.change(step, |bar| {
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
                self.steps
                    .borrow()
                    .values()
                    .for_each(|step| step.bar.abandon());
            }
            _ => {}
        }
        // The closing report names every problem; while the bars run a line each would drown them.
        let is_problem =
            matches!(event, Event::Ended { .. }) && self.verbosity < Verbosity::Verbose;
        if let Some(line) = line(event, self.verbosity).filter(|_| !is_problem) {
            drop(self.screen.println(line));
        }
    }
}
