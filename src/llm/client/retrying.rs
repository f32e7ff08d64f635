//! What passes is tried again: an overload, a reset, a body cut off, a model that is being loaded.
//!
//! With back-off and jitter, or later where the server says so. A rejected key or an empty account
//! does not pass, and is fatal for the run.

use std::mem;
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::{Client, Wait};
use crate::llm::error::LlmError;
use crate::llm::refusal::RefusalBody;

/// A run does not wait longer; the next run asks again.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(10);
/// After so many talks in a row with the same lasting answer, the next will get it too.
const TALKS_TO_STOP: u32 = 3;
/// How often what passes is tried again.
const RETRIES: usize = 5;
/// How often a request is tried where no endpoint seems to be.
const HOPELESS_TRIES: u32 = 3;
/// A model may take so many times as long to load as a request may take.
const LOADING_TIMES: u32 = 3;
/// Whether a model is loaded is asked about again after so many times the first wait, at the latest.
const LOADING_WAIT: u32 = 8;

/// How long what passes is still tried again.
#[derive(Debug)]
pub(super) struct Retries<'c> {
    client: &'c Client,
    delays: ExponentialBackoff,
    delays_of_loading: ExponentialBackoff,
    begun: Instant,
    hopeless_tries: u32,
}

impl Client {
    pub(super) fn retries(&self) -> Retries<'_> {
        let delays = ExponentialBuilder::default()
            .with_min_delay(self.first_wait)
            .with_jitter();
        let longest = |times| self.first_wait.saturating_mul(times);
        let usual = delays.with_max_delay(longest(60)).with_max_times(RETRIES);
        let loading = delays.with_max_delay(longest(LOADING_WAIT));
        Retries {
            client: self,
            delays: usual.build(),
            delays_of_loading: loading.without_max_times().build(),
            begun: Instant::now(),
            hopeless_tries: 0,
        }
    }
}

impl Client {
    /// Makes an answer fatal that one talk after the other gets, so that not all of them are tried.
    /// What passes has not passed where no talk has ever had a reply.
    fn fatal_if_same(&self, error: LlmError) -> LlmError {
        let lasts = error.is_passing() && self.known.borrow().is_nothing();
        if !lasts && !error.may_meet_all() {
            self.same_answer.set(None);
            return error;
        }
        let kind = mem::discriminant(&error);
        let before = self.same_answer.get().filter(|(same, _)| *same == kind);
        let talks = before.map_or(0, |(_, talks)| talks) + 1;
        self.same_answer.set(Some((kind, talks)));
        fatal_after(talks, error)
    }

    /// Makes a refusal fatal that one talk after the other gets in the same words, as long as none
    /// has ever had a reply; what a filter or a model has against one talk is no such refusal.
    pub(super) fn fatal_if_refused_alike(
        &self,
        error: LlmError,
        refusal: &RefusalBody,
    ) -> LlmError {
        let is_of_talk = refusal.is_about_content() || refusal.is_about_generation();
        if is_of_talk || !self.known.borrow().is_nothing() {
            return error;
        }
        let words = error.to_string();
        let mut refused = self.refused_alike.borrow_mut();
        let before = refused.take().filter(|(same, _)| *same == words);
        let talks = before.map_or(0, |(_, talks)| talks) + 1;
        *refused = Some((words, talks));
        fatal_after(talks, error)
    }
}

/// An answer that so many talks in a row have got.
fn fatal_after(talks: u32, answer: LlmError) -> LlmError {
    if talks < TALKS_TO_STOP {
        return answer;
    }
    LlmError::SameForAll {
        talks,
        answer: Box::new(answer),
    }
}

impl Retries<'_> {
    /// Waits until another try is worth while. It gives the fault back where it is no passing one, or
    /// patience is at its end.
    pub(super) async fn wait_after(
        &mut self,
        error: LlmError,
        waiting: &dyn Fn(Wait<'_>),
    ) -> Result<(), LlmError> {
        let client = self.client;
        // Where nothing listens at all, or a page for people answers, half a minute changes nothing.
        if matches!(error, LlmError::Unreachable { .. } | LlmError::Page { .. }) {
            self.hopeless_tries += 1;
        }
        let is_hopeless = self.hopeless_tries >= HOPELESS_TRIES;
        let delay = match error {
            LlmError::Loading { .. } if self.begun.elapsed() < client.timeout * LOADING_TIMES => {
                self.delays_of_loading.next()
            }
            LlmError::Loading { .. } => None,
            _ if error.is_passing() && !is_hopeless => self.delays.next(),
            _ => None,
        };
        let Some(delay) = delay else {
            return Err(client.fatal_if_same(error));
        };
        // Who says "at once" again and again does not know when.
        let delay = error.retry_after().map_or(delay, |told| told.max(delay));
        if delay > LONGEST_WAIT {
            return Err(error);
        }
        let has_waited = match error {
            LlmError::Loading { .. } => &client.has_waited_for_loading,
            _ => &client.has_waited,
        };
        waiting(Wait {
            error: &error,
            delay,
            is_first: !has_waited.replace(true),
        });
        client.unless_stopped(tokio::time::sleep(delay)).await
    }
}
