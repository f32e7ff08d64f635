//! How many requests are under way at once: as many as the catalog allows, fewer while the endpoint
//! has too much to do.
//!
//! A refusal for load halves the lanes, and as many successes in a row as there are lanes open one
//! more. The requests that were under way when the lanes were narrowed say nothing new: whether the
//! narrower way is wide enough is seen by what enters it. Until one request has gone well, only a few
//! are under way: what every request would meet (a key that is rejected, a country that is not
//! served) need not be met by all of them at once.

use std::cell::Cell;
use std::num::NonZeroUsize;

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many requests are under way until one of them has gone well.
const FIRST: usize = 4;

/// The lanes to an endpoint.
#[derive(Debug)]
pub(super) struct Lanes {
    free: Semaphore,
    most: usize,
    open: Cell<usize>,
    /// Lanes that are closed as soon as their requests are through.
    closing: Cell<usize>,
    successes: Cell<usize>,
    narrowed: Cell<u64>,
    has_succeeded: Cell<bool>,
}

/// A request's lane; dropping it leaves the lane.
#[derive(Debug)]
pub(super) struct Lane<'a> {
    lanes: &'a Lanes,
    permit: Option<SemaphorePermit<'a>>,
    narrowed: u64,
}

impl Lanes {
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

    /// Waits for a lane, in the order of arrival.
    pub(super) async fn enter(&self) -> Lane<'_> {
        let permit = self.free.acquire().await;
        Lane {
            lanes: self,
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

impl Lane<'_> {
    /// The request was answered.
    pub(super) fn succeeded(&self) {
        let lanes = self.lanes;
        if !lanes.has_succeeded.replace(true) {
            lanes.open_all();
        }
        lanes.successes.set(lanes.successes.get() + 1);
        if lanes.successes.get() >= lanes.open.get() && lanes.open.get() < lanes.most {
            lanes.widen();
        }
    }

    /// The endpoint had too much to do.
    pub(super) fn was_refused(&self) {
        if self.narrowed == self.lanes.narrowed.get() {
            self.lanes.narrow();
        }
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        let closing = self.lanes.closing.get();
        if closing > 0 {
            self.lanes.closing.set(closing - 1);
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
    fn lanes(most: usize) -> Lanes {
        let lanes = new_lanes(most);
        enter(&lanes).unwrap().succeeded();
        lanes.successes.set(0);
        lanes
    }

    fn new_lanes(most: usize) -> Lanes {
        Lanes::new(NonZeroUsize::new(most).unwrap())
    }

    fn enter(lanes: &Lanes) -> Option<Lane<'_>> {
        lanes.enter().now_or_never()
    }

    fn enter_all(lanes: &Lanes) -> Vec<Lane<'_>> {
        std::iter::from_fn(|| enter(lanes)).collect()
    }

    #[test]
    fn no_more_enter_than_are_allowed() {
        let lanes = lanes(3);
        let all = enter_all(&lanes);
        assert_eq!(all.len(), 3);
        drop(all);
        assert_eq!(enter_all(&lanes).len(), 3);
    }

    #[test]
    fn a_few_go_first_and_all_when_one_has_gone_well() {
        let lanes = new_lanes(9);
        let few = enter_all(&lanes);
        assert_eq!(few.len(), FIRST);
        few[0].succeeded();
        assert_eq!(enter_all(&lanes).len(), 9 - FIRST);
        drop(few);
        assert_eq!(enter_all(&lanes).len(), 9);
        assert_eq!(enter_all(&new_lanes(2)).len(), 2);
    }

    #[test]
    fn who_was_refused_at_first_is_not_sent_all_at_once() {
        let lanes = new_lanes(9);
        let few = enter_all(&lanes);
        few[0].was_refused();
        few[1].succeeded();
        drop(few);
        assert_eq!(enter_all(&lanes).len(), FIRST / 2);
    }

    #[test]
    fn a_refusal_halves_the_lanes_and_those_under_way_say_it_once() {
        let lanes = lanes(8);
        let mut all = enter_all(&lanes);
        for lane in &all {
            lane.was_refused();
        }
        // Four have to leave before anybody may enter again.
        for _ in 0..4 {
            drop(all.pop());
            assert!(enter(&lanes).is_none());
        }
        drop(all.pop());
        let fifth = enter(&lanes).unwrap();
        fifth.was_refused();
        drop((all, fifth));
        assert_eq!(enter_all(&lanes).len(), 2);
    }

    #[test]
    fn what_is_free_is_closed_at_once() {
        let lanes = lanes(8);
        enter(&lanes).unwrap().was_refused();
        assert_eq!(enter_all(&lanes).len(), 4);
    }

    #[test]
    fn one_lane_is_left() {
        let lanes = lanes(1);
        for _ in 0..3 {
            enter(&lanes).unwrap().was_refused();
        }
        assert_eq!(enter_all(&lanes).len(), 1);
    }

    #[test]
    fn as_many_successes_as_there_are_lanes_open_one_more() {
        let lanes = lanes(4);
        enter(&lanes).unwrap().was_refused();
        let mut open = Vec::new();
        for _ in 0..12 {
            enter(&lanes).unwrap().succeeded();
            open.push(enter_all(&lanes).len());
        }
        assert_eq!(open, [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
    }

    #[test]
    fn a_lane_that_was_to_be_closed_is_kept_where_there_is_room_again() {
        let lanes = lanes(4);
        let all = enter_all(&lanes);
        all[0].was_refused();
        all[1].succeeded();
        all[2].succeeded();
        drop(all);
        assert_eq!(enter_all(&lanes).len(), 3);
    }
}
