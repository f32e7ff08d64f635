//! A limit to what a run may cost, looked at before money is spent.
//!
//! Each request reserves the most that it can cost, whether tokens or minutes of sound; what it did
//! cost takes the reservation's place when the reply is there. A request that does not fit beside the
//! others waits for them, and once one does not fit at all, no further one is sent.

use std::cell::Cell;

use tokio::sync::Notify;

/// What a run may cost, and what it has cost so far, in US dollars.
#[derive(Debug)]
pub(crate) struct Budget {
    most: f64,
    spent: Cell<f64>,
    reserved: Cell<f64>,
    is_used_up: Cell<bool>,
    released: Notify,
}

/// The most that one try at a request can cost, set aside until its reply is there.
#[derive(Debug)]
pub(crate) struct Reservation<'a> {
    budget: &'a Budget,
    cost: f64,
    is_held: Cell<bool>,
}

impl Budget {
    /// A budget of so many US dollars.
    #[must_use]
    pub(crate) fn new(most: f64) -> Self {
        Self {
            most,
            spent: Cell::new(0.0),
            reserved: Cell::new(0.0),
            is_used_up: Cell::new(false),
            released: Notify::new(),
        }
    }

    /// Sets aside the most that a request can cost, in US dollars; `None` where the budget does not
    /// allow it.
    pub(crate) async fn reserve(&self, cost: f64) -> Option<Reservation<'_>> {
        self.set_aside(cost).await.then(|| Reservation {
            budget: self,
            cost,
            is_held: Cell::new(true),
        })
    }

    /// Whether the budget allows so much beside what others may cost, which is waited for.
    async fn set_aside(&self, cost: f64) -> bool {
        loop {
            if self.is_used_up.get() {
                return false;
            }
            if self.spent.get() + self.reserved.get() + cost <= self.most {
                self.reserved.set(self.reserved.get() + cost);
                return true;
            }
            if self.spent.get() + cost > self.most {
                self.is_used_up.set(true);
                // Those that wait for room will find none either.
                self.released.notify_waiters();
                return false;
            }
            self.released.notified().await;
        }
    }

    /// The budget in US dollars.
    #[must_use]
    pub(crate) fn most(&self) -> f64 {
        self.most
    }
}

impl Reservation<'_> {
    /// Books what the request did cost, in US dollars. Where nobody knows, it has cost the most that
    /// it could.
    pub(crate) fn commit(&self, cost: Option<f64>) {
        let cost = cost.unwrap_or(self.cost);
        self.budget.spent.set(self.budget.spent.get() + cost);
        self.release();
    }

    /// Books what a try did cost that brought no reply, and sets the most aside for the next one;
    /// whether the budget allows it.
    pub(crate) async fn renew(&self, cost: Option<f64>) -> bool {
        self.commit(cost);
        let is_allowed = self.budget.set_aside(self.cost).await;
        self.is_held.set(is_allowed);
        is_allowed
    }

    fn release(&self) {
        if self.is_held.replace(false) {
            let left = (self.budget.reserved.get() - self.cost).max(0.0);
            self.budget.reserved.set(left);
            self.budget.released.notify_waiters();
        }
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn what_does_not_fit_beside_the_others_waits_for_them() {
        let budget = Budget::new(1.6);
        let first = budget.reserve(1.0).now_or_never().flatten().unwrap();
        let mut second = std::pin::pin!(budget.reserve(1.0));
        assert!(second.as_mut().now_or_never().is_none());
        first.commit(Some(0.5));
        let second = second.now_or_never().flatten().unwrap();
        second.commit(Some(0.5));
        assert!(budget.reserve(1.0).now_or_never().unwrap().is_none());
    }

    #[test]
    fn a_request_that_failed_has_cost_nothing() {
        let budget = Budget::new(1.0);
        drop(budget.reserve(1.0).now_or_never().flatten().unwrap());
        assert!(budget.reserve(1.0).now_or_never().unwrap().is_some());
    }

    #[test]
    fn a_try_in_vain_is_booked_and_the_next_one_has_to_fit_beside_it() {
        let budget = Budget::new(1.5);
        let request = budget.reserve(1.0).now_or_never().flatten().unwrap();
        assert!(request.renew(Some(0.25)).now_or_never().unwrap());
        assert!(request.renew(Some(0.25)).now_or_never().unwrap());
        assert!(!request.renew(Some(0.25)).now_or_never().unwrap());
        drop(request);
        assert!(budget.reserve(0.5).now_or_never().unwrap().is_none());
    }

    #[test]
    fn a_reply_that_does_not_say_what_it_used_has_used_it_all() {
        let budget = Budget::new(1.5);
        let first = budget.reserve(1.0).now_or_never().flatten().unwrap();
        first.commit(None);
        assert!(budget.reserve(1.0).now_or_never().unwrap().is_none());
    }
}
