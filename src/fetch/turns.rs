//! Whose turn it is to ask somebody outside: so many at once, a rest after each, and a halt for all
//! where we are told that we ask too much.
//!
//! `YouTube` and the servers of captions are asked with the same manners; each has turns of its own.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use futures::future::{self, Either};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::fetch::failure::{FetchFailure, Reason};

/// The turns of those who ask.
#[derive(Debug)]
pub(crate) struct Turns {
    pause: Duration,
    permits: Semaphore,
    stopped: Semaphore,
    /// When the rests end that are due after finished visits, the earliest first.
    rests: RefCell<VecDeque<Instant>>,
    /// Before this nothing is asked, since somebody has said that we ask too much.
    held_until: Cell<Option<Instant>>,
}

/// The right to ask, until it is dropped. Whoever asks next rests first.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    /// None while others go first.
    permit: Option<SemaphorePermit<'a>>,
}

impl Turns {
    /// So many may ask at once, and each rests so long afterwards.
    pub(super) fn new(concurrency: usize, pause: Duration) -> Self {
        Self {
            pause,
            permits: Semaphore::new(concurrency),
            stopped: Semaphore::new(0),
            rests: RefCell::default(),
            held_until: Cell::default(),
        }
    }

    /// Lets nothing new start; what is under way is finished.
    pub(super) fn stop(&self) {
        self.permits.close();
        self.stopped.close();
    }

    /// Waits for a point in time, unless the run stops meanwhile.
    async fn wait_until(&self, until: Instant) -> Result<(), FetchFailure> {
        self.unless_stopped(tokio::time::sleep_until(until)).await
    }

    /// Waits for something else than an answer, unless the run stops meanwhile.
    pub(super) async fn unless_stopped<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, FetchFailure> {
        match future::select(pin!(work), pin!(self.stopped.acquire())).await {
            Either::Left((done, _)) => Ok(done),
            Either::Right(_) => Err(FetchFailure::new(Reason::Stopped)),
        }
    }

    /// Waits until it may ask.
    pub(super) async fn wait_for_turn(&self) -> Result<Turn<'_>, FetchFailure> {
        let permit = Some(self.acquire().await?);
        Ok(Turn {
            turns: self,
            permit,
        })
    }

    async fn acquire(&self) -> Result<SemaphorePermit<'_>, FetchFailure> {
        let stopped = |_| FetchFailure::new(Reason::Stopped);
        let permit = self.permits.acquire().await.map_err(stopped)?;
        // The rest is taken before the next visit, so that what this one brings is kept at once.
        let rest = self.rests.borrow_mut().pop_front();
        while let Some(until) = rest.max(self.held_until.get())
            && until > Instant::now()
        {
            self.wait_until(until).await?;
        }
        Ok(permit)
    }
}

impl Turn<'_> {
    /// Lets others ask, and asks again after a while.
    pub(crate) async fn give_way(&mut self, delay: Duration) -> Result<(), FetchFailure> {
        self.end();
        self.turns.wait_until(Instant::now() + delay).await?;
        self.permit = Some(self.turns.acquire().await?);
        Ok(())
    }

    /// Asks again after a while, and nobody else before.
    pub(crate) async fn hold(&mut self, delay: Duration) -> Result<(), FetchFailure> {
        let until = Instant::now() + delay;
        let held_until = &self.turns.held_until;
        held_until.set(held_until.get().max(Some(until)));
        self.turns.wait_until(until).await
    }

    fn end(&mut self) {
        if self.permit.take().is_some() {
            let rested = Instant::now() + self.turns.pause;
            self.turns.rests.borrow_mut().push_back(rested);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.end();
    }
}
