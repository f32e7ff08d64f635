//! When the next request may start: the catalog's limits a minute, and what the endpoint has said
//! is left.
//!
//! The catalog's limits hold for every minute, wherever it begins. Requests are also spread over
//! it: no more than a tenth of them start within six seconds, but two always may. What is left by
//! the word of the endpoint is used up, and then its reset is waited for.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use crate::llm::quota::{QuotaUnit, Remaining};

const MINUTE: Duration = Duration::from_mins(1);
const TENTH: Duration = Duration::from_secs(6);
/// Nobody hears of a wait for a reset; a longer one is left to the endpoint, which refuses with a
/// time of its own, and of that one they hear.
const LONGEST_SILENCE: Duration = Duration::from_mins(2);

/// Holds requests to the limits of an endpoint.
#[derive(Debug)]
pub(super) struct RateLimiter {
    requests: Vec<Window>,
    tokens: Option<Window>,
    so_far: Cell<SentSoFar>,
    told: RefCell<Vec<ReportedLimit>>,
}

/// What has been started in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct SentSoFar {
    requests: u64,
    tokens: u64,
}

/// What the endpoint has said: at which count of ours nothing is left, and until when.
#[derive(Debug, Clone, Copy)]
struct ReportedLimit {
    unit: QuotaUnit,
    end: u64,
    reset: Instant,
}

impl RateLimiter {
    pub(super) fn new(
        requests_per_minute: Option<NonZeroU32>,
        tokens_per_minute: Option<NonZeroU32>,
    ) -> Self {
        let windows = |limit: NonZeroU32| {
            let most = u64::from(limit.get());
            let spread = Window::new(TENTH, (most / 10).max(2));
            [Window::new(MINUTE, most), spread]
        };
        Self {
            requests: requests_per_minute.into_iter().flat_map(windows).collect(),
            tokens: tokens_per_minute.map(|limit| Window::new(MINUTE, u64::from(limit.get()))),
            so_far: Cell::default(),
            told: RefCell::default(),
        }
    }

    /// How long a request with so many tokens has to wait; `None` if it may start.
    pub(super) fn wait(&self, now: Instant, tokens: u64) -> Option<Duration> {
        let of_requests = self
            .requests
            .iter()
            .filter_map(|window| window.wait(now, 1));
        let of_tokens = self
            .tokens
            .iter()
            .filter_map(|window| window.wait(now, tokens));
        let then = self.with(tokens);
        let told = self.told.borrow();
        let of_told = told.iter().filter_map(|told| {
            let reset = told.reset.saturating_duration_since(now);
            let is_used_up = then.count(told.unit) > told.end;
            (is_used_up && !reset.is_zero() && reset <= LONGEST_SILENCE).then_some(reset)
        });
        of_requests.chain(of_tokens).chain(of_told).max()
    }

    /// Notes that a request starts.
    pub(super) fn start(&self, now: Instant, tokens: u64) -> SentSoFar {
        self.requests.iter().for_each(|window| window.note(now, 1));
        self.tokens
            .iter()
            .for_each(|window| window.note(now, tokens));
        self.so_far.set(self.with(tokens));
        self.so_far.get()
    }

    /// Notes what the endpoint has said in reply to a request: what started since then is taken
    /// off what was left.
    pub(super) fn observe(&self, start: SentSoFar, left: &[Remaining], now: Instant) {
        if left.is_empty() {
            return;
        }
        let told = left.iter().map(|left| ReportedLimit {
            unit: left.unit,
            end: start.count(left.unit).saturating_add(left.amount),
            reset: now + left.reset,
        });
        *self.told.borrow_mut() = told.collect();
    }

    fn with(&self, tokens: u64) -> SentSoFar {
        let so_far = self.so_far.get();
        SentSoFar {
            requests: so_far.requests + 1,
            tokens: so_far.tokens + tokens,
        }
    }
}

impl SentSoFar {
    fn count(self, unit: QuotaUnit) -> u64 {
        match unit {
            QuotaUnit::Requests => self.requests,
            QuotaUnit::Tokens => self.tokens,
        }
    }
}

/// At most so much within a length of time, wherever it begins.
#[derive(Debug)]
struct Window {
    length: Duration,
    most: u64,
    starts: RefCell<VecDeque<(Instant, u64)>>,
}

impl Window {
    fn new(length: Duration, most: u64) -> Self {
        Self {
            length,
            most,
            starts: RefCell::default(),
        }
    }

    /// How long until there is room; what is larger than the window waits for an empty one.
    fn wait(&self, now: Instant, amount: u64) -> Option<Duration> {
        let mut starts = self.starts.borrow_mut();
        while starts
            .front()
            .is_some_and(|(at, _)| now >= *at + self.length)
        {
            starts.pop_front();
        }
        let mut used: u64 = starts.iter().map(|(_, amount)| amount).sum();
        let mut room_at = None;
        for (at, gone) in starts.iter() {
            if used + amount <= self.most {
                break;
            }
            used -= gone;
            room_at = Some(*at + self.length);
        }
        room_at.map(|at| at.saturating_duration_since(now))
    }

    fn note(&self, now: Instant, amount: u64) {
        self.starts.borrow_mut().push_back((now, amount));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate_limiter(requests: Option<u32>, tokens: Option<u32>) -> RateLimiter {
        let limit = |limit: Option<u32>| limit.and_then(NonZeroU32::new);
        RateLimiter::new(limit(requests), limit(tokens))
    }

    /// When so many requests with so many tokens each start, in seconds, if none is kept waiting
    /// longer than it has to be.
    fn starts(rate_limiter: &RateLimiter, count: usize, tokens: u64) -> Vec<u64> {
        let begin = Instant::now();
        let mut now = begin;
        let start = || {
            while let Some(wait) = rate_limiter.wait(now, tokens) {
                now += wait;
            }
            rate_limiter.start(now, tokens);
            (now - begin).as_secs()
        };
        std::iter::repeat_with(start).take(count).collect()
    }

    /// The most starts within any minute.
    fn busiest_minute(starts: &[u64]) -> usize {
        let minute = |from: u64| {
            starts
                .iter()
                .filter(move |at| (from..from + 60).contains(*at))
        };
        let counts = starts.iter().map(|from| minute(*from).count());
        counts.max().unwrap_or(0)
    }

    #[test]
    fn no_minute_has_more_starts_than_the_limit_and_none_is_wasted() {
        for limit in [1, 2, 3, 10, 60, 500] {
            let count = 5 * limit as usize;
            let starts = starts(&rate_limiter(Some(limit), None), count, 1);
            assert_eq!(busiest_minute(&starts), limit as usize, "{limit}");
            let last = starts.last().unwrap();
            assert!((239..301).contains(last), "{limit}: {last}");
        }
    }

    #[test]
    fn after_a_rest_the_limit_is_kept_too() {
        let rate_limiter = rate_limiter(Some(20), None);
        let begin = Instant::now();
        let mut times = Vec::new();
        let mut now = begin;
        for round in 0..60 {
            now += Duration::from_secs(if round % 7 == 0 { 25 } else { 0 });
            while let Some(wait) = rate_limiter.wait(now, 1) {
                now += wait;
            }
            rate_limiter.start(now, 1);
            times.push((now - begin).as_secs());
        }
        assert!(busiest_minute(&times) <= 20);
    }

    #[test]
    fn the_first_requests_start_at_once_and_the_others_are_spread() {
        let of_sixty = starts(&rate_limiter(Some(60), None), 13, 1);
        assert_eq!(of_sixty[..6], [0; 6]);
        assert_eq!(of_sixty[6..12], [6; 6]);
        assert_eq!(starts(&rate_limiter(Some(5), None), 3, 1), [0, 0, 6]);
        assert_eq!(starts(&rate_limiter(None, None), 100, 1), [0; 100]);
    }

    #[test]
    fn tokens_are_limited_by_the_minute() {
        let starts = starts(&rate_limiter(None, Some(100)), 5, 40);
        assert_eq!(starts, [0, 0, 60, 60, 120]);
    }

    #[test]
    fn a_request_above_the_limit_has_a_minute_of_its_own() {
        let starts = starts(&rate_limiter(None, Some(100)), 3, 150);
        assert_eq!(starts, [0, 60, 120]);
    }

    fn left(unit: QuotaUnit, amount: u64, seconds: u64) -> Remaining {
        let reset = Duration::from_secs(seconds);
        Remaining {
            unit,
            amount,
            reset,
        }
    }

    #[test]
    fn what_is_left_is_used_up_and_then_the_reset_is_waited_for() {
        let rate_limiter = rate_limiter(None, None);
        let now = Instant::now();
        let first = rate_limiter.start(now, 10);
        rate_limiter.observe(first, &[left(QuotaUnit::Requests, 2, 30)], now);
        for expected in [None, None, Some(Duration::from_secs(30))] {
            assert_eq!(rate_limiter.wait(now, 10), expected);
            rate_limiter.start(now, 10);
        }
        let later = now + Duration::from_secs(29);
        assert_eq!(rate_limiter.wait(later, 10), Some(Duration::from_secs(1)));
        assert_eq!(rate_limiter.wait(now + Duration::from_secs(30), 10), None);
    }

    #[test]
    fn a_request_waits_where_fewer_tokens_are_left_than_it_has() {
        let rate_limiter = rate_limiter(None, None);
        let now = Instant::now();
        let first = rate_limiter.start(now, 10);
        rate_limiter.observe(first, &[left(QuotaUnit::Tokens, 25, 30)], now);
        assert_eq!(rate_limiter.wait(now, 25), None);
        assert_eq!(rate_limiter.wait(now, 26), Some(Duration::from_secs(30)));
    }

    #[test]
    fn what_started_before_the_endpoint_spoke_is_taken_off() {
        let rate_limiter = rate_limiter(None, None);
        let now = Instant::now();
        let first = rate_limiter.start(now, 1);
        let second = rate_limiter.start(now, 1);
        let third = rate_limiter.start(now, 1);
        let told = |amount| [left(QuotaUnit::Requests, amount, 30)];
        rate_limiter.observe(third, &told(0), now);
        assert!(rate_limiter.wait(now, 1).is_some());
        // Replies come in any order; an older one says the same.
        rate_limiter.observe(first, &told(2), now);
        assert!(rate_limiter.wait(now, 1).is_some());
        rate_limiter.observe(second, &told(2), now);
        assert!(rate_limiter.wait(now, 1).is_none());
        // A reply that says nothing leaves what was said.
        rate_limiter.observe(third, &told(0), now);
        rate_limiter.observe(third, &[], now);
        assert!(rate_limiter.wait(now, 1).is_some());
    }

    #[test]
    fn a_reset_that_is_too_far_off_is_left_to_the_endpoint() {
        let rate_limiter = rate_limiter(None, None);
        let now = Instant::now();
        let first = rate_limiter.start(now, 1);
        rate_limiter.observe(first, &[left(QuotaUnit::Requests, 0, 121)], now);
        assert_eq!(rate_limiter.wait(now, 1), None);
        rate_limiter.observe(first, &[left(QuotaUnit::Requests, 0, 120)], now);
        assert_eq!(rate_limiter.wait(now, 1), Some(LONGEST_SILENCE));
    }
}
