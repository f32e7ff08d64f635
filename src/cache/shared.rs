//! A cache that several machines share: behind the folder stands a store, such as a bucket of S3.
//!
//! The folder is the cache that a run works with, and the store has a copy of what cost something or
//! says which transcript a video has. At the start of a run both bring the other what it lacks; with
//! the lock of an owner comes a claim in the store, and what others kept for that owner meanwhile;
//! and what is kept goes into the store in the same breath. Nothing in the store is deleted, and no
//! reply is overwritten.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use futures::{StreamExt, TryStreamExt, stream};

use crate::cache::file_name::{CAPTIONS, FileName, ReplyStatus, unqualified_name};
use crate::cache::owner::CATEGORIES;
use crate::cache::writing::write_in_place;
use crate::cache::{Cache, CacheError, run_blocking};
use crate::fs::{self, Existing};
use crate::store::Store;
use crate::talk::id::VideoId;

/// How many objects are brought in or put there at once.
const AT_ONCE: usize = 32;

/// The names of the files in folders of the cache.
type Names = HashMap<String, BTreeSet<String>>;

impl Cache {
    /// Puts a store behind the folder, unless there is one.
    pub(crate) fn share_through(&self, store: Store) {
        // The first one stays.
        let _ = self.store.set(store);
    }

    /// Carries out a run that works on these videos. Where a store is behind the folder, each brings
    /// the other what it lacks before, and what the run claims is given up after it.
    pub(crate) async fn sharing<T>(
        &self,
        videos: impl IntoIterator<Item = &VideoId>,
        run: impl Future<Output = T>,
    ) -> Result<T, CacheError> {
        let Some(store) = self.store.get() else {
            return Ok(run.await);
        };
        let folders = videos.into_iter().map(VideoId::as_str).chain([CATEGORIES]);
        let folders: BTreeSet<&str> = folders.collect();
        self.join_writers().await?;
        let there = by_folder(store.names(None).await?);
        self.bring_in(store, &folders, &there).await?;
        self.put_there(store, &folders, &there).await?;
        self.agree_on_batches(store).await?;
        Ok(store.while_claimed(run).await)
    }

    /// Brings in what others kept in a folder.
    pub(super) async fn catch_up(&self, store: &Store, folder: &str) -> Result<(), CacheError> {
        let names = store.names(Some(folder)).await?;
        let there = by_folder(names);
        self.bring_in(store, &BTreeSet::from([folder]), &there)
            .await
    }

    async fn bring_in(
        &self,
        store: &Store,
        folders: &BTreeSet<&str>,
        there: &Names,
    ) -> Result<(), CacheError> {
        let mut lacking = Vec::new();
        for folder in folders {
            let Some(there) = there.get(*folder) else {
                continue;
            };
            let here = self.names_of(folder)?;
            let is_wanted = |name: &&String| is_shared(name) && !is_known(name, &here, there);
            let wanted = there.iter().filter(is_wanted);
            lacking.extend(wanted.map(|name| format!("{folder}/{name}")));
        }
        let brought = lacking.iter().map(async |name| {
            let bytes = store.get(name).await?;
            let path = self.folder.join(name);
            let written = run_blocking(move || write_in_place(&path, &bytes, Existing::Keep));
            Ok::<_, CacheError>(written.await.map(drop)?)
        });
        let brought = stream::iter(brought).buffer_unordered(AT_ONCE);
        brought.try_collect::<()>().await?;
        self.last_snapshot.take();
        Ok(())
    }

    /// Puts there what an earlier run could not, and what was here before there was a store.
    async fn put_there(
        &self,
        store: &Store,
        folders: &BTreeSet<&str>,
        there: &Names,
    ) -> Result<(), CacheError> {
        let nothing = BTreeSet::new();
        let mut lacking = Vec::new();
        for folder in folders {
            let there = there.get(*folder).unwrap_or(&nothing);
            let here = self.names_of(folder)?;
            let is_lacking = |name: &&String| is_shared(name) && !there.contains(*name);
            let names = here.iter().filter(is_lacking);
            lacking.extend(names.map(|name| format!("{folder}/{name}")));
        }
        let put = lacking.iter().map(async |name| {
            let path = self.folder.join(name);
            let bytes = run_blocking(move || fs::read(&path)).await?;
            Ok::<_, CacheError>(store.put(name, bytes, Existing::Keep).await?)
        });
        let put = stream::iter(put).buffer_unordered(AT_ONCE);
        put.try_collect::<()>().await
    }

    /// Puts there what was just kept in the folder.
    pub(super) async fn put_kept(
        &self,
        path: &Path,
        bytes: &[u8],
        existing: Existing,
    ) -> Result<(), CacheError> {
        let name = path.file_name().and_then(|name| name.to_str());
        let (Some(store), Some(name)) = (self.store.get(), name.filter(|name| is_shared(name)))
        else {
            return Ok(());
        };
        let folder = path.parent().and_then(Path::file_name);
        let folder = folder
            .and_then(|folder| folder.to_str())
            .unwrap_or_default();
        let put = store
            .put(&format!("{folder}/{name}"), bytes.to_vec(), existing)
            .await;
        put.map_err(|source| CacheError::NotShared {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    fn names_of(&self, folder: &str) -> Result<BTreeSet<String>, CacheError> {
        Ok(fs::names(&self.folder.join(folder))?.into_iter().collect())
    }
}

/// Names of objects by their folders.
fn by_folder(names: Vec<String>) -> Names {
    let mut by_folder = Names::new();
    for name in names {
        if let Some((folder, file)) = name.split_once('/') {
            let files = by_folder.entry(folder.to_owned()).or_default();
            files.insert(file.to_owned());
        }
    }
    by_folder
}

/// Whether a file is for all who share the cache: a result, or which transcript a video has. Pictures,
/// places and failures cost nothing, and each machine has its own.
fn is_shared(name: &str) -> bool {
    let plain = unqualified_name(name);
    FileName::parse(name).is_some() || plain.as_deref().unwrap_or(name) == CAPTIONS
}

/// Whether a file is here already. A reply that was set aside, here or there, is here under one name: as
/// it was kept until this machine has looked at it, and then as what it is.
fn is_known(name: &str, here: &BTreeSet<String>, there: &BTreeSet<String>) -> bool {
    let Some(file) = FileName::parse(name) else {
        return here.contains(name);
    };
    let (kept, aside) = [ReplyStatus::Kept, ReplyStatus::Rejected]
        .map(|status| {
            FileName {
                status,
                ..file.clone()
            }
            .to_string()
        })
        .into();
    here.contains(&kept)
        || here.contains(&aside)
        || file.status == ReplyStatus::Kept && there.contains(&aside)
}
