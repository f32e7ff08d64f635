//! Batches of a cache that several machines share: each finds those of the others in the store behind the
//! folder, so that nobody pays for their requests twice and anybody can collect them.
//!
//! Of two records of one batch, the one counts that has come further. What was asked stays as it is.

use std::collections::BTreeSet;

use crate::cache::batches::{BATCHES, Batch, BatchState, Batches, RECORD, REQUESTS};
use crate::cache::envelope::parse;
use crate::cache::writing::write_in_place;
use crate::cache::{Cache, CacheError};
use crate::fs::{self, Existing};
use crate::store::Store;

impl Cache {
    /// Carries out what one machine at a time may do with the batches that all share: to put together what
    /// is due, and to note it. `waiting` is called where another one is at it.
    pub(crate) async fn alone_with_batches<T>(
        &self,
        waiting: impl FnOnce(),
        work: impl Future<Output = T>,
    ) -> Result<T, CacheError> {
        let Some(store) = self.store.get() else {
            return Ok(work.await);
        };
        let alone = async {
            let _claim = store.claim(BATCHES, waiting).await?;
            self.agree_on_batches(store).await?;
            Ok(work.await)
        };
        store.while_claimed(alone).await
    }

    /// Has the records here and in the store agree.
    pub(in crate::cache) async fn agree_on_batches(&self, store: &Store) -> Result<(), CacheError> {
        let there = batches_there(store).await?;
        // One that is damaged here may be whole there.
        let Batches { known, damaged: _ } = self.batches()?;
        for batch in &known {
            if there.contains(&batch.name) {
                self.agree_on(store, batch).await?;
            } else if batch.sent_to.is_some() {
                self.share_batch(batch).await?;
            }
        }
        let known: BTreeSet<&String> = known.iter().map(|batch| &batch.name).collect();
        for name in there.iter().filter(|name| !known.contains(name)) {
            self.bring_batch(store, name).await?;
        }
        self.open_batches.take();
        Ok(())
    }

    /// Brings in the batches that others have begun since.
    pub(in crate::cache) async fn bring_new_batches(
        &self,
        store: &Store,
    ) -> Result<(), CacheError> {
        for name in batches_there(store).await? {
            if fs::size_and_time(&self.batch_file(&name, RECORD))?.is_none() {
                self.bring_batch(store, &name).await?;
                self.open_batches.take();
            }
        }
        Ok(())
    }

    async fn agree_on(&self, store: &Store, here: &Batch) -> Result<(), CacheError> {
        let path = self.batch_file(&here.name, RECORD);
        let bytes = store.get(&object(&here.name, RECORD)).await?;
        let there = parse::<Batch>(&path, &bytes).map(|there| progress(&there.state));
        let here_is = progress(&here.state);
        match there {
            Ok(there) if there > here_is => {
                write_in_place(&path, &bytes, Existing::Replace)?;
            }
            Ok(there) if there == here_is => {}
            // Nobody can read it there, or it is behind.
            _ => self.put_batch_file(here, RECORD, Existing::Replace).await?,
        }
        Ok(())
    }

    /// What was asked comes first: whoever finds the record finds it.
    async fn bring_batch(&self, store: &Store, name: &str) -> Result<(), CacheError> {
        for (ending, existing) in [(REQUESTS, Existing::Keep), (RECORD, Existing::Replace)] {
            let bytes = store.get(&object(name, ending)).await?;
            write_in_place(&self.batch_file(name, ending), &bytes, existing)?;
        }
        Ok(())
    }

    /// Puts a batch into the store, if there is one.
    pub(crate) async fn share_batch(&self, batch: &Batch) -> Result<(), CacheError> {
        self.put_batch_file(batch, REQUESTS, Existing::Keep).await?;
        self.put_batch_file(batch, RECORD, Existing::Replace).await
    }

    /// Puts a file of a batch into the store, if there is one.
    pub(super) async fn put_batch_file(
        &self,
        batch: &Batch,
        ending: &str,
        existing: Existing,
    ) -> Result<(), CacheError> {
        let Some(store) = self.store.get() else {
            return Ok(());
        };
        let path = self.batch_file(&batch.name, ending);
        let name = object(&batch.name, ending);
        let put = store.put(&name, fs::read(&path)?, existing);
        put.await.map_err(|source| CacheError::NotShared {
            path,
            source: Box::new(source),
        })
    }
}

/// The names of the batches in a store.
async fn batches_there(store: &Store) -> Result<BTreeSet<String>, CacheError> {
    let names = store.names(Some(BATCHES)).await?;
    let name = |object: &String| {
        let (_, file) = object.split_once('/')?;
        Some(file.strip_suffix(RECORD)?.to_owned())
    };
    Ok(names.iter().filter_map(name).collect())
}

/// What a file of a batch is called in a store.
fn object(name: &str, ending: &str) -> String {
    format!("{BATCHES}/{name}{ending}")
}

/// How far a batch has come, as a number that grows.
fn progress(state: &BatchState) -> u8 {
    match state {
        BatchState::Exported => 0,
        BatchState::Uploading => 1,
        BatchState::Uploaded { .. } => 2,
        BatchState::Ordering { .. } => 3,
        BatchState::Running { .. } => 4,
        BatchState::Collected { .. } | BatchState::Ended { .. } => 5,
    }
}
