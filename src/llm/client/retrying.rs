//! What passes is tried again: an overload, a reset, a body cut off, a model that is being loaded.
//!
//! With back-off and jitter, or later where the server says so. A rejected key or an empty account
//! does not pass, and is fatal for the run.

use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};

use super::{Client, Wait};
use crate::llm::error::LlmError;

/// A run does not wait longer; the next run asks again.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(10);
/// How often what passes is tried again.
const RETRIES: usize = 5;
/// A model may take so many times as long to load as a request may take.
const LOADING_TIMES: u32 = 3;
/// Whether a model is loaded is asked about again after so many times the first wait, at the latest.
const LOADING_WAIT: u32 = 8;

impl Client {
    /// Tries until it goes well, the fault is no passing one, or patience is at its end.
    pub(super) async fn retry<T>(
        &self,
        attempt: impl AsyncFn() -> Result<T, LlmError>,
        waiting: &dyn Fn(Wait<'_>),
    ) -> Result<T, LlmError> {
        let mut delays = self.delays();
        let mut loading = self.delays_of_loading();
        let begun = Instant::now();
        let mut tries = 0;
        loop {
            let error = match attempt().await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            // Where nothing listens at all, nothing will in half a minute either.
            tries += 1;
            let is_hopeless = matches!(error, LlmError::Unreachable { .. }) && tries > 2;
            let delay = match error {
                LlmError::Loading { .. } if begun.elapsed() < self.timeout * LOADING_TIMES => {
                    loading.next()
                }
                LlmError::Loading { .. } => None,
                _ if error.is_passing() && !is_hopeless => delays.next(),
                _ => None,
            };
            let Some(delay) = delay else {
                return Err(error);
            };
            // Who says "at once" again and again does not know when.
            let delay = error.retry_after().map_or(delay, |told| told.max(delay));
            if delay > LONGEST_WAIT {
                return Err(error);
            }
            let has_waited = match error {
                LlmError::Loading { .. } => &self.has_waited_for_loading,
                _ => &self.has_waited,
            };
            waiting(Wait {
                error: &error,
                delay,
                is_first: !has_waited.replace(true),
            });
            self.unless_stopped(tokio::time::sleep(delay)).await?;
        }
    }

    fn delays(&self) -> impl Iterator<Item = Duration> {
        ExponentialBuilder::default()
            .with_min_delay(self.first_wait)
            .with_max_delay(self.first_wait.saturating_mul(60))
            .with_max_times(RETRIES)
            .with_jitter()
            .build()
    }

    fn delays_of_loading(&self) -> impl Iterator<Item = Duration> {
        ExponentialBuilder::default()
            .with_min_delay(self.first_wait)
            .with_max_delay(self.first_wait.saturating_mul(LOADING_WAIT))
            .without_max_times()
            .with_jitter()
            .build()
    }
}
