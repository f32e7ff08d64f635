//! A limit to what a run may cost, looked at before money is spent.
//!
//! Each request reserves the most that it can cost; what it did cost takes the reservation's place
//! when the reply is there. A request that does not fit beside the others waits for them, and once
//! one does not fit at all, no further one is sent.

use std::cell::Cell;

use tokio::sync::Notify;

use crate::llm::{ChatRequest, Price, Usage};

/// What a run may cost, and what it has cost so far, in US dollars.
#[derive(Debug)]
pub struct Budget {
    price: Price,
    most: f64,
    spent: Cell<f64>,
    reserved: Cell<f64>,
    is_used_up: Cell<bool>,
    released: Notify,
}

/// The most that one request can cost, set aside until its reply is there.
#[derive(Debug)]
pub struct Reservation<'a> {
    budget: &'a Budget,
    cost: f64,
}

impl Budget {
    /// A budget of so many US dollars.
    #[must_use]
    pub fn new(price: Price, most: f64) -> Self {
        Self {
            price,
            most,
            spent: Cell::new(0.0),
            reserved: Cell::new(0.0),
            is_used_up: Cell::new(false),
            released: Notify::new(),
        }
    }

    /// Sets aside the most that a request can cost; `None` where the budget does not allow it.
    pub async fn reserve(&self, request: &ChatRequest) -> Option<Reservation<'_>> {
        let cost = self.price.of(Usage {
            prompt_tokens: request.estimated_tokens(),
            cached_tokens: 0,
            completion_tokens: request.parameters.max_tokens.into(),
        });
        loop {
            if self.is_used_up.get() {
                return None;
            }
            if self.spent.get() + self.reserved.get() + cost <= self.most {
                self.reserved.set(self.reserved.get() + cost);
                return Some(Reservation { budget: self, cost });
            }
            if self.spent.get() + cost > self.most {
                self.is_used_up.set(true);
                // Those that wait for room will find none either.
                self.released.notify_waiters();
                return None;
            }
            self.released.notified().await;
        }
    }

    /// The budget in US dollars.
    #[must_use]
    pub fn most(&self) -> f64 {
        self.most
    }
}

impl Reservation<'_> {
    /// The reply is there. Where it does not say what it used, it is taken to have used it all.
    pub fn settle(self, usage: Usage) {
        let is_told = usage.prompt_tokens + usage.completion_tokens > 0;
        let cost = if is_told {
            self.budget.price.of(usage)
        } else {
            self.cost
        };
        self.budget.spent.set(self.budget.spent.get() + cost);
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let left = (self.budget.reserved.get() - self.cost).max(0.0);
        self.budget.reserved.set(left);
        self.budget.released.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;
    use crate::llm::{Message, Parameters, ProviderKind, ReplyShape, Role, Tuning};

    /// A request that costs at most a dollar: 400,000 tokens in, 600,000 out.
    fn request() -> ChatRequest {
        ChatRequest {
            provider: ProviderKind::OpenAi,
            model: "small".into(),
            parameters: Parameters {
                temperature: 0.0,
                max_tokens: 600_000,
            },
            messages: vec![Message {
                role: Role::User,
                content: "word".repeat(400_000 - 8),
            }],
            shape: ReplyShape {
                name: "notes".into(),
                fields: Vec::new(),
            },
            tuning: Tuning::default(),
        }
    }

    fn budget(most: f64) -> Budget {
        let price = Price {
            input: 1.0,
            cached_input: None,
            output: 1.0,
        };
        Budget::new(price, most)
    }

    const HALF: Usage = Usage {
        prompt_tokens: 400_000,
        cached_tokens: 0,
        completion_tokens: 100_000,
    };

    #[test]
    fn what_does_not_fit_beside_the_others_waits_for_them() {
        let (budget, request) = (budget(1.6), request());
        let first = budget.reserve(&request).now_or_never().flatten().unwrap();
        let mut second = std::pin::pin!(budget.reserve(&request));
        assert!(second.as_mut().now_or_never().is_none());
        first.settle(HALF);
        let second = second.now_or_never().flatten().unwrap();
        second.settle(HALF);
        assert!(budget.reserve(&request).now_or_never().unwrap().is_none());
    }

    #[test]
    fn a_request_that_failed_has_cost_nothing() {
        let (budget, request) = (budget(1.0), request());
        drop(budget.reserve(&request).now_or_never().flatten().unwrap());
        assert!(budget.reserve(&request).now_or_never().unwrap().is_some());
    }

    #[test]
    fn a_reply_that_does_not_say_what_it_used_has_used_it_all() {
        let (budget, request) = (budget(1.5), request());
        let first = budget.reserve(&request).now_or_never().flatten().unwrap();
        first.settle(Usage::default());
        assert!(budget.reserve(&request).now_or_never().unwrap().is_none());
    }
}
