//! How many requests are under way at once: as many as the catalog allows, fewer while the endpoint
//! has too much to do.
//!
//! A refusal for load halves the limit, and as many successes in a row as it allows requests raise it
//! by one. The requests that were under way when the limit was lowered say nothing new: whether the
//! narrower way is wide enough is seen by what enters it. Until one request has gone well, only a few
//! are under way: what every request would meet (a key that is rejected, a country that is not served)
//! ends the run when the first of them meets it, and need not be met by many. That costs a run part
//! of a round of latency.

use std::cell::Cell;
use std::num::NonZeroUsize;

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many requests are under way until one of them has gone well.
const FIRST: usize = 6;

/// How many requests an endpoint gets at once: fewer after a refusal, more after successes.
#[derive(Debug)]
pub(super) struct AdaptiveLimit {
    free: Semaphore,
    most: usize,
    open: Cell<usize>,
    /// Lanes that are closed as soon as their requests are through.
    closing: Cell<usize>,
    successes: Cell<usize>,
    narrowed: Cell<u64>,
    has_succeeded: Cell<bool>,
}

/// A request that counts against the limit; dropping it makes room for the next.
#[derive(Debug)]
pub(super) struct InFlight<'a> {
    limit: &'a AdaptiveLimit,
    permit: Option<SemaphorePermit<'a>>,
    narrowed: u64,
}

impl AdaptiveLimit {
    pub(super) fn new(most: NonZeroUsize) -> Self {
        let first = most.get().min(FIRST);
        Self {
            free: Semaphore::new(first),
            most: most.get(),
            open: Cell::new(first),
            closing: Cell::new(0),
            successes: Cell::new(0),
            narrowed: Cell::new(0),
            has_succeeded: Cell::new(false),
        }
    }

    /// Opens all lanes, unless the endpoint has had too much to do with a few already.
    fn open_all(&self) {
        if self.narrowed.get() == 0 {
            self.free.add_permits(self.most - self.open.get());
            self.open.set(self.most);
        }
    }

    /// Waits until one more request may be sent, in the order of arrival.
    pub(super) async fn enter(&self) -> InFlight<'_> {
        let permit = self.free.acquire().await;
        InFlight {
            limit: self,
            permit: Some(permit.expect("the lanes are never closed for good")),
            narrowed: self.narrowed.get(),
        }
    }

    fn narrow(&self) {
        let open = self.open.get();
        let fewer = (open / 2).max(1);
        let surplus = open - fewer;
        let closed = self.free.forget_permits(surplus);
        self.closing.set(self.closing.get() + surplus - closed);
        self.open.set(fewer);
        self.successes.set(0);
        self.narrowed.set(self.narrowed.get() + 1);
    }

    fn widen(&self) {
        self.open.set(self.open.get() + 1);
        match self.closing.get() {
            0 => self.free.add_permits(1),
            closing => self.closing.set(closing - 1),
        }
        self.successes.set(0);
    }
}

impl InFlight<'_> {
    /// The request was answered.
    pub(super) fn note_success(&self) {
        let limit = self.limit;
        if !limit.has_succeeded.replace(true) {
            limit.open_all();
        }
        limit.successes.set(limit.successes.get() + 1);
        if limit.successes.get() >= limit.open.get() && limit.open.get() < limit.most {
            limit.widen();
        }
    }

    /// The endpoint had too much to do.
    pub(super) fn note_overload(&self) {
        if self.narrowed == self.limit.narrowed.get() {
            self.limit.narrow();
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let closing = self.limit.closing.get();
        if closing > 0 {
            self.limit.closing.set(closing - 1);
            self.permit
                .take()
                .into_iter()
                .for_each(SemaphorePermit::forget);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    /// Lanes on which a request has gone well already.
    fn limit(most: usize) -> AdaptiveLimit {
        let limit = new_lanes(most);
        enter(&limit).unwrap().note_success();
        limit.successes.set(0);
        limit
    }

    fn new_lanes(most: usize) -> AdaptiveLimit {
        AdaptiveLimit::new(NonZeroUsize::new(most).unwrap())
    }

    fn enter(limit: &AdaptiveLimit) -> Option<InFlight<'_>> {
        limit.enter().now_or_never()
    }

    fn enter_all(limit: &AdaptiveLimit) -> Vec<InFlight<'_>> {
        std::iter::from_fn(|| enter(limit)).collect()
    }

    #[test]
    fn no_more_enter_than_are_allowed() {
        let limit = limit(3);
        let all = enter_all(&limit);
        assert_eq!(all.len(), 3);
        drop(all);
        assert_eq!(enter_all(&limit).len(), 3);
    }

    #[test]
    fn a_first_round_goes_and_all_when_one_has_gone_well() {
        let limit = new_lanes(60);
        let round = enter_all(&limit);
        assert_eq!(round.len(), FIRST);
        round[0].note_success();
        assert_eq!(enter_all(&limit).len(), 60 - FIRST);
        drop(round);
        assert_eq!(enter_all(&limit).len(), 60);
        assert_eq!(enter_all(&new_lanes(2)).len(), 2);
    }

    #[test]
    fn who_was_refused_at_first_is_not_sent_all_at_once() {
        let limit = new_lanes(60);
        let round = enter_all(&limit);
        round[0].note_overload();
        round[1].note_success();
        drop(round);
        assert_eq!(enter_all(&limit).len(), FIRST / 2);
    }

    #[test]
    fn a_refusal_halves_the_lanes_and_those_under_way_say_it_once() {
        let limit = limit(8);
        let mut all = enter_all(&limit);
        for in_flight in &all {
            in_flight.note_overload();
        }
        // Four have to leave before anybody may enter again.
        for _ in 0..4 {
            drop(all.pop());
            assert!(enter(&limit).is_none());
        }
        drop(all.pop());
        let fifth = enter(&limit).unwrap();
        fifth.note_overload();
        drop((all, fifth));
        assert_eq!(enter_all(&limit).len(), 2);
    }

    #[test]
    fn what_is_free_is_closed_at_once() {
        let limit = limit(8);
        enter(&limit).unwrap().note_overload();
        assert_eq!(enter_all(&limit).len(), 4);
    }

    #[test]
    fn one_lane_is_left() {
        let limit = limit(1);
        for _ in 0..3 {
            enter(&limit).unwrap().note_overload();
        }
        assert_eq!(enter_all(&limit).len(), 1);
    }

    #[test]
    fn as_many_successes_as_there_are_lanes_open_one_more() {
        let limit = limit(4);
        enter(&limit).unwrap().note_overload();
        let mut open = Vec::new();
        for _ in 0..12 {
            enter(&limit).unwrap().note_success();
            open.push(enter_all(&limit).len());
        }
        assert_eq!(open, [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
    }

    #[test]
    fn a_lane_that_was_to_be_closed_is_kept_where_there_is_room_again() {
        let limit = limit(4);
        let all = enter_all(&limit);
        all[0].note_overload();
        all[1].note_success();
        all[2].note_success();
        drop(all);
        assert_eq!(enter_all(&limit).len(), 3);
    }
}
