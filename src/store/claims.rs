//! Claims: an object for each thing that one machine at a time is at work on.
//!
//! A claim is taken by a conditional put, so that of two machines one has it. Whoever holds it renews
//! it; one that was not renewed for a while is dead and may be taken over, again by a conditional put
//! on what was seen. Whether it was renewed is told by watching it and not by comparing clocks, which
//! differ between machines. A claim that is given up stays as an object that says so, since stores do
//! not delete under a condition.

use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use futures::future::join_all;
use object_store::path::Path;
use object_store::{
    Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use crate::store::{Store, StoreError};

/// The folder of the claims.
pub(super) const CLAIMS: &str = ".claims";

/// When is done what.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClaimTimes {
    /// How often whoever holds a claim renews it.
    pub(super) renew: Duration,
    /// How long a claim is watched without being renewed until it is dead.
    pub(super) dead: Duration,
    /// How often a claim is looked at that another machine holds.
    pub(super) look_again: Duration,
}

/// The claims of this machine.
#[derive(Debug)]
pub(super) struct Claims {
    /// Who this is among the others.
    holder: String,
    pub(super) times: ClaimTimes,
    held: RefCell<HashMap<String, HeldClaim>>,
    /// Rings when a claim is given up.
    given_up: Notify,
}

#[derive(Debug, Clone)]
struct HeldClaim {
    state: ClaimState,
    writes: u64,
    version: UpdateVersion,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClaimState {
    /// Somebody here is at work.
    InUse,
    /// Nobody is any more, which the others are still to be told.
    GivenUp,
    /// They are just being told.
    Leaving,
}

/// The right to be at work on something, until it is dropped.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    claims: &'a Claims,
    name: String,
}

/// A claim as an object.
#[derive(Debug, Serialize, Deserialize)]
struct ClaimFile {
    /// Whose it is, or was.
    holder: String,
    is_free: bool,
    /// How often it was written, so that no two contents are the same.
    writes: u64,
}

impl Default for Claims {
    fn default() -> Self {
        Self {
            holder: Uuid::new_v4().to_string(),
            times: ClaimTimes {
                renew: Duration::from_secs(15),
                dead: Duration::from_mins(1),
                look_again: Duration::from_millis(500),
            },
            held: RefCell::default(),
            given_up: Notify::new(),
        }
    }
}

impl Store {
    /// Waits until nobody else is at work on what has this name; `waiting` is called at the first
    /// wait. Whoever asks sees to it that nobody else here does.
    pub(crate) async fn claim(
        &self,
        name: &str,
        waiting: impl FnOnce(),
    ) -> Result<Claim<'_>, StoreError> {
        let claim = || Claim {
            claims: &self.claims,
            name: name.to_owned(),
        };
        if self.claims.take_back(name) {
            return Ok(claim());
        }
        let ClaimTimes {
            dead, look_again, ..
        } = self.claims.times;
        let mut waiting = Some(waiting);
        let mut watched: Option<(UpdateVersion, Instant)> = None;
        loop {
            let taken = match self.look_at(name).await? {
                None => {
                    let state = ClaimState::InUse;
                    self.write_claim(name, state, 0, PutMode::Create).await?
                }
                Some((found, version)) => {
                    let is_as_before = watched.as_ref().filter(|(before, _)| *before == version);
                    let since = is_as_before.map_or_else(Instant::now, |(_, since)| *since);
                    watched = Some((version.clone(), since));
                    if found.is_free || since.elapsed() >= dead {
                        let (state, mode) = (ClaimState::InUse, PutMode::Update(version));
                        self.write_claim(name, state, found.writes + 1, mode)
                            .await?
                    } else {
                        None
                    }
                }
            };
            if let Some(held) = taken {
                self.claims.held.borrow_mut().insert(name.to_owned(), held);
                return Ok(claim());
            }
            if let Some(waiting) = waiting.take() {
                waiting();
            }
            sleep(look_again).await;
        }
    }

    /// Carries out what takes claims: they are renewed meanwhile, and given up when they are dropped.
    pub(crate) async fn while_claimed<T>(&self, work: impl Future<Output = T>) -> T {
        let done = tokio::select! {
            done = work => done,
            never = self.look_after_claims() => match never {},
        };
        self.leave_claims().await;
        done
    }

    async fn look_after_claims(&self) -> Infallible {
        let renew = self.claims.times.renew;
        let mut next = Instant::now() + renew;
        loop {
            tokio::select! {
                () = self.claims.given_up.notified() => {}
                () = sleep_until(next) => {
                    self.renew_claims().await;
                    next = Instant::now() + renew;
                }
            }
            self.leave_claims().await;
        }
    }

    /// Tells the others that this machine is still at work. A claim that is not renewed is lost after
    /// a while, and then somebody pays twice; nothing else goes wrong.
    async fn renew_claims(&self) {
        let in_use = self.claims.of_state(ClaimState::InUse);
        let renewed = in_use.into_iter().map(async |(name, held)| {
            let (state, mode) = (ClaimState::InUse, PutMode::Update(held.version));
            let written = self.write_claim(&name, state, held.writes + 1, mode);
            let written = written.await;
            let mut all = self.claims.held.borrow_mut();
            match (written, all.get_mut(&name)) {
                (Ok(Some(renewed)), Some(held)) => {
                    held.writes = renewed.writes;
                    held.version = renewed.version;
                }
                // Another machine has taken it for dead.
                (Ok(None), _) => drop(all.remove(&name)),
                (Ok(Some(_)), None) | (Err(_), _) => {}
            }
        });
        join_all(renewed).await;
    }

    /// Gives up the claims that nobody here needs any more.
    async fn leave_claims(&self) {
        let given_up = self.claims.of_state(ClaimState::GivenUp).into_iter();
        // Those that were being left when the work came to its end.
        let leaving = self.claims.of_state(ClaimState::Leaving);
        let left = given_up.chain(leaving).map(async |(name, held)| {
            let (state, mode) = (ClaimState::Leaving, PutMode::Update(held.version));
            self.claims.set_state(&name, state);
            // Where the others cannot be told, they see that the claim is dead.
            drop(self.write_claim(&name, state, held.writes + 1, mode).await);
            let mut all = self.claims.held.borrow_mut();
            if all
                .get(&name)
                .is_some_and(|held| held.state == ClaimState::Leaving)
            {
                all.remove(&name);
            }
        });
        join_all(left).await;
    }

    /// A claim as it is now; none where nobody ever had it.
    async fn look_at(&self, name: &str) -> Result<Option<(ClaimFile, UpdateVersion)>, StoreError> {
        let failed = |error: &dyn ToString| self.failed("give", name, &error.to_string());
        let found = match self.objects.get(&path(name)).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(&error)),
        };
        let version = UpdateVersion {
            e_tag: found.meta.e_tag.clone(),
            version: found.meta.version.clone(),
        };
        let bytes = found.bytes().await.map_err(|error| failed(&error))?;
        let file = serde_json::from_slice(&bytes).map_err(|error| failed(&error))?;
        Ok(Some((file, version)))
    }

    /// Writes under a condition that a claim is held here, or by nobody any more; none where the condition
    /// does not hold.
    async fn write_claim(
        &self,
        name: &str,
        state: ClaimState,
        writes: u64,
        mode: PutMode,
    ) -> Result<Option<HeldClaim>, StoreError> {
        let file = ClaimFile {
            holder: self.claims.holder.clone(),
            is_free: state != ClaimState::InUse,
            writes,
        };
        let bytes = serde_json::to_vec(&file).expect("our own types serialize");
        let payload = PutPayload::from(bytes);
        let (path, options) = (path(name), PutOptions::from(mode));
        match self.objects.put_opts(&path, payload, options).await {
            Ok(written) => Ok(Some(HeldClaim {
                state,
                writes,
                version: written.into(),
            })),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(None),
            Err(error) => Err(self.failed("keep", name, &error)),
        }
    }
}

impl Claims {
    /// Whether a claim was given up here that the others have not been told of: it is in use again.
    fn take_back(&self, name: &str) -> bool {
        let mut held = self.held.borrow_mut();
        let held = held.get_mut(name);
        let given_up = held.filter(|held| held.state == ClaimState::GivenUp);
        given_up
            .map(|held| held.state = ClaimState::InUse)
            .is_some()
    }

    fn of_state(&self, state: ClaimState) -> Vec<(String, HeldClaim)> {
        let held = self.held.borrow();
        let held = held.iter().filter(|(_, held)| held.state == state);
        held.map(|(name, held)| (name.clone(), held.clone()))
            .collect()
    }

    fn set_state(&self, name: &str, state: ClaimState) {
        if let Some(held) = self.held.borrow_mut().get_mut(name) {
            held.state = state;
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.claims.set_state(&self.name, ClaimState::GivenUp);
        self.claims.given_up.notify_one();
    }
}

fn path(name: &str) -> Path {
    Path::from_iter([CLAIMS, name])
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Arc;

    use object_store::memory::InMemory;

    use super::*;

    /// A machine with a store that others share, on which all goes fast.
    fn machine(objects: &Arc<InMemory>) -> Store {
        let objects = Box::new(Arc::clone(objects));
        let mut store = Store::of(objects, Path::from("conf"), "memory:".to_owned());
        store.claims.times = ClaimTimes {
            renew: Duration::from_millis(20),
            dead: Duration::from_millis(200),
            look_again: Duration::from_millis(5),
        };
        store
    }

    #[tokio::test]
    async fn one_machine_at_a_time_has_a_claim() {
        let objects = Arc::new(InMemory::new());
        let (at_work, most) = (Cell::new(0), Cell::new(0));
        let machines: Vec<Store> = (0..4).map(|_| machine(&objects)).collect();
        let work = machines.iter().map(|machine| {
            machine.while_claimed(async {
                for _ in 0..5 {
                    let claim = machine.claim("talk", || {}).await.unwrap();
                    at_work.set(at_work.get() + 1);
                    most.set(at_work.get().max(most.get()));
                    sleep(Duration::from_millis(3)).await;
                    at_work.set(at_work.get() - 1);
                    drop(claim);
                }
            })
        });
        join_all(work).await;
        assert_eq!(most.get(), 1);
    }

    #[tokio::test]
    async fn a_claim_is_held_as_long_as_it_is_renewed_and_then_for_a_while() {
        let objects = Arc::new(InMemory::new());
        let (holder, other) = (machine(&objects), machine(&objects));
        let waited = Cell::new(0);
        let waiting = || waited.set(waited.get() + 1);
        let claim = holder.while_claimed(async {
            let claim = holder.claim("talk", || {}).await.unwrap();
            // Much longer than a claim lives that nobody renews.
            let try_it = tokio::time::timeout(Duration::from_secs(1), other.claim("talk", waiting));
            assert!(try_it.await.is_err());
            claim
        });
        let claim = claim.await;
        assert_eq!(waited.get(), 1);
        // The holder is gone without a word.
        std::mem::forget(claim);
        let gone = Instant::now();
        drop(other.claim("talk", || {}).await.unwrap());
        assert!(gone.elapsed() >= Duration::from_millis(200));
    }

    #[tokio::test]
    async fn a_machine_that_slept_finds_its_claim_taken_and_takes_nothing_back() {
        let objects = Arc::new(InMemory::new());
        let (asleep, other) = (machine(&objects), machine(&objects));
        let lost = asleep.claim("talk", || {}).await.unwrap();
        let taken = other.claim("talk", || {}).await.unwrap();
        drop(lost);
        asleep.while_claimed(async {}).await;
        let again = tokio::time::timeout(Duration::from_millis(100), asleep.claim("talk", || {}));
        other
            .while_claimed(async { assert!(again.await.is_err()) })
            .await;
        drop(taken);
        other.while_claimed(async {}).await;
        let free = tokio::time::timeout(Duration::from_millis(100), asleep.claim("talk", || {}));
        assert!(free.await.is_ok());
    }
}
