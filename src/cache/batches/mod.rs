//! Requests that were handed to a batch, or written into files for an engine:
//! `cache/batches/<name>.json` says where they are and how far they have come, and
//! `<name>.requests.gz` what was asked, so that a reply is kept as what it answers even where prompts
//! and models have changed since.
//!
//! Nothing here sends anything. As long as a batch is open, nobody else pays for its requests
//! ([`Cache::batch_of`]).

mod open;
mod requests;
mod sharing;
mod upkeep;

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(super) use crate::cache::batches::open::OpenBatches;
pub(crate) use crate::cache::batches::requests::PackedRequests;
pub(super) use crate::cache::batches::upkeep::{examine, is_name, is_record};
use crate::cache::envelope::{VERSION, read_if_there, to_pretty_json};
use crate::cache::writing::write_in_place;
use crate::cache::{Cache, CacheError, RequestKey};
use crate::fs::{self, Existing, Lock};
use crate::llm::ProviderKind;
use crate::llm::batch::BatchEndpoint;

/// The folder, which no video can have: an id has eleven letters.
pub(super) const BATCHES: &str = "batches";
/// How the names of the files end that say how far a batch has come.
const RECORD: &str = ".json";
/// How the names of those end that say what was asked.
const REQUESTS: &str = ".requests.gz";
/// How the name of a file ends with replies that belong to other talks.
const MISPLACED: &str = ".misplaced.jsonl";
/// How the name of a record ends that was damaged, and was taken out of the way.
const DAMAGED: &str = ".damaged";
/// Locked while somebody works on batches.
const LOCK: &str = "batches";

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BatchState {
    /// Its requests stand in files, for whoever runs them.
    Exported,
    /// Its lines are about to be uploaded. Nothing is paid for.
    Uploading,
    /// They are uploaded. Nothing is paid for.
    Uploaded {
        /// The id of the file at the endpoint.
        file: String,
    },
    /// The endpoint is about to be told to make a batch of them. Whoever was killed then has to look
    /// whether it was made.
    Ordering {
        /// The id of the file at the endpoint, where the lines were uploaded before.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        file: Option<String>,
        /// The newest batch that the endpoint had before, where that is what tells this one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        newest: Option<String>,
        /// Since when.
        since: Timestamp,
    },
    /// It is at the endpoint, which is paid for what it answers.
    Running {
        /// The id of the batch at the endpoint.
        id: String,
    },
    /// Its replies are here.
    Collected {
        /// Since when.
        at: Timestamp,
    },
    /// No replies will come.
    Ended {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: String,
    },
}

/// What is known of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Batch {
    version: u32,
    /// The name that it has here.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The model that is asked.
    pub model: String,
    /// The wire format that the endpoint is spoken to in.
    #[serde(skip_serializing_if = "is_usual", default)]
    pub provider: ProviderKind,
    /// The address of the endpoint that it was handed to, without what may be secret in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent_to: Option<String>,
    /// How far it has come.
    pub state: BatchState,
    /// Its requests.
    pub requests: Vec<RequestKey>,
}

/// The batches of a cache.
#[derive(Debug, Default)]
pub(crate) struct Batches {
    /// Those whose records can be read, the oldest first.
    pub known: Vec<Batch>,
    /// The others.
    pub damaged: Vec<DamagedBatch>,
}

/// A batch whose record nobody can read. It may be at an endpoint, so its requests wait for it.
#[derive(Debug)]
pub(crate) struct DamagedBatch {
    pub name: String,
    /// What is wrong with the record, with its path.
    pub flaw: CacheError,
}

/// Whether a wire format is the one that records do not name.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_usual(provider: &ProviderKind) -> bool {
    *provider == ProviderKind::default()
}

impl Batch {
    /// Where it was handed to, if it was.
    #[must_use]
    pub(crate) fn endpoint(&self) -> Option<BatchEndpoint> {
        Some(BatchEndpoint {
            provider: self.provider,
            address: self.sent_to.clone()?,
        })
    }
}

impl BatchState {
    /// Whether the replies may still come and are paid for then.
    #[must_use]
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Uploading
            | Self::Uploaded { .. }
            | Self::Ordering { .. }
            | Self::Running { .. } => true,
            Self::Exported | Self::Collected { .. } | Self::Ended { .. } => false,
        }
    }
}

impl Cache {
    /// Notes requests as a batch, with what was asked: files for whoever runs them or, with an endpoint,
    /// what is about to be uploaded there. The right to work on batches is held.
    pub(crate) fn begin_batch(
        &self,
        model: &str,
        endpoint: Option<BatchEndpoint>,
        packed: PackedRequests,
    ) -> Result<Batch, CacheError> {
        let made_at = Timestamp::now();
        let (requests, asked) = packed.finish();
        let batch = Batch {
            version: VERSION,
            name: new_name(made_at)?,
            made_at,
            model: model.to_owned(),
            state: match endpoint {
                Some(_) => BatchState::Uploading,
                None => BatchState::Exported,
            },
            provider: endpoint
                .as_ref()
                .map_or_else(ProviderKind::default, |to| to.provider),
            sent_to: endpoint.map(|to| to.address),
            requests,
        };
        // Whoever finds the record finds what was asked.
        let place = self.batch_file(&batch.name, REQUESTS);
        write_in_place(&place, &asked, Existing::Keep)?;
        self.keep_batch(&batch)?;
        Ok(batch)
    }

    /// Notes how far a batch has come, here and in the store. The right to work on batches is held.
    pub(crate) async fn note_batch(
        &self,
        batch: &mut Batch,
        state: BatchState,
    ) -> Result<(), CacheError> {
        batch.state = state;
        self.keep_batch(batch)?;
        self.put_batch_file(batch, RECORD, Existing::Replace).await
    }

    /// Removes what is known of a batch that nobody is paid for. Where others have seen it, its end is
    /// noted: nothing in a store is deleted.
    pub(crate) async fn drop_batch(&self, batch: &mut Batch) -> Result<(), CacheError> {
        if self.store.get().is_some() {
            let why = "it was not made".to_owned();
            let at = Timestamp::now();
            return self.note_batch(batch, BatchState::Ended { at, why }).await;
        }
        self.open_batches.take();
        fs::remove_if_there(&self.batch_file(&batch.name, RECORD))?;
        fs::remove_if_there(&self.batch_file(&batch.name, REQUESTS))?;
        Ok(())
    }

    /// Keeps lines with replies that were paid for and belong to other talks than they say.
    pub(crate) fn keep_misplaced(&self, batch: &Batch, lines: &[u8]) -> Result<(), CacheError> {
        let place = self.batch_file(&batch.name, MISPLACED);
        write_in_place(&place, lines, Existing::Replace)?;
        Ok(())
    }

    fn keep_batch(&self, batch: &Batch) -> Result<(), CacheError> {
        self.open_batches.take();
        let place = self.batch_file(&batch.name, RECORD);
        write_in_place(&place, &to_pretty_json(batch), Existing::Replace)?;
        Ok(())
    }

    /// All batches. One whose record cannot be read costs no other.
    pub(crate) fn batches(&self) -> Result<Batches, CacheError> {
        let mut batches = Batches::default();
        let names = fs::names(&self.folder.join(BATCHES))?;
        for name in names.iter().filter_map(|name| name.strip_suffix(RECORD)) {
            match read_if_there(&self.batch_file(name, RECORD)) {
                Ok(batch) => batches.known.extend(batch),
                Err(flaw @ (CacheError::Damaged { .. } | CacheError::TooNew { .. })) => {
                    let name = name.to_owned();
                    batches.damaged.push(DamagedBatch { name, flaw });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(batches)
    }

    /// Takes the record of a batch out of the way that nobody can read: its requests are due again.
    pub(crate) fn set_record_aside(&self, batch: &DamagedBatch) -> Result<(), CacheError> {
        self.open_batches.take();
        let from = self.batch_file(&batch.name, RECORD);
        Ok(fs::rename(&from, &self.batch_file(&batch.name, DAMAGED))?)
    }

    /// Keeps out all who write, so that nobody asks for what is being put into a batch.
    pub(crate) fn write_alone(&self) -> Result<Lock, CacheError> {
        self.exclude_writers()?.ok_or(CacheError::Busy)
    }

    /// Takes the right to work on batches; `None` where somebody is at work on them.
    pub(crate) fn lock_batches(&self) -> Result<Option<Lock>, CacheError> {
        self.try_lock(LOCK)
    }

    fn batch_file(&self, name: &str, ending: &str) -> PathBuf {
        self.folder.join(BATCHES).join(format!("{name}{ending}"))
    }
}

/// A name that no other batch has, in the order of time.
fn new_name(made_at: Timestamp) -> Result<String, CacheError> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| CacheError::Unnamed(io::Error::other(error)))?;
    let random = u32::from_le_bytes(bytes);
    Ok(format!(
        "{}-{random:08x}",
        made_at.strftime("%Y%m%d-%H%M%S")
    ))
}
