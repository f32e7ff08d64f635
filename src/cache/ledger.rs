//! What the cache holds as a whole: whose folders there are, and what was paid for.
//!
//! Every reply of a model counts, also one that was set aside, one that answers an older request,
//! and one of a talk that no catalog lists any more: it was paid for.

use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::cache::envelope::read_if_there;
use crate::cache::{Cache, CacheError, Snapshot};
use crate::fs;
use crate::llm::{ProviderKind, Usage, transcription};
use crate::talk::id::VideoId;
use crate::work::Stage;

/// A reply that was paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidReply {
    /// Whose it is: a talk, or `categories`.
    pub owner: String,
    /// The model.
    pub model: String,
    /// What it used; none where the reply does not say.
    pub used: Option<BilledUsage>,
    /// Whether it came with a batch, which costs half.
    pub by_batch: bool,
}

/// What a reply is paid by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BilledUsage {
    /// The tokens that were read and written.
    Tokens(Usage),
    /// How long the recording is that was listened to.
    Sound(Duration),
}

/// A file with a reply, as far as a bill needs it.
#[derive(Deserialize)]
struct Receipt {
    talk: String,
    #[serde(default)]
    batch: Option<IgnoredAny>,
    request: BilledRequest,
    reply: BilledReply,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum BilledRequest {
    Chat {
        provider: ProviderKind,
        model: String,
    },
    Transcription {
        model: String,
    },
    Excerpt(IgnoredAny),
    Words(IgnoredAny),
    Import(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum BilledReply {
    Model(Value),
    Excerpt(IgnoredAny),
    Words(IgnoredAny),
    ImportedSummary(IgnoredAny),
    ImportedCategory(IgnoredAny),
}

impl Cache {
    /// The videos of which something is kept, in the order of their ids.
    pub fn videos(&self) -> Result<Vec<VideoId>, CacheError> {
        let names = fs::names(&self.folder)?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// What was paid for, folder by folder. A file that cannot be read is an error of its own.
    pub fn ledger(
        &self,
    ) -> Result<impl Iterator<Item = Result<PaidReply, CacheError>>, CacheError> {
        let folders = self.folders()?.into_iter();
        let snapshots = folders.map(|name| Snapshot::open(self.folder.join(name)));
        Ok(snapshots.flat_map(|snapshot| match snapshot {
            Ok(snapshot) => snapshot.paid_replies(),
            Err(error) => vec![Err(error)],
        }))
    }
}

impl Snapshot {
    fn paid_replies(&self) -> Vec<Result<PaidReply, CacheError>> {
        let replies = self.files.iter().filter(|file| is_reply(file.stage));
        let receipts = replies.map(|file| read_if_there::<Receipt>(&self.path(file)));
        receipts
            .filter_map(|receipt| receipt.map(|receipt| receipt.and_then(billed)).transpose())
            .collect()
    }
}

/// What a reply cost, if anybody was paid for it.
fn billed(receipt: Receipt) -> Option<PaidReply> {
    let BilledReply::Model(body) = receipt.reply else {
        return None;
    };
    let (model, used) = match receipt.request {
        BilledRequest::Chat { provider, model } => {
            let completion = provider.completion(&body);
            let usage = completion.and_then(|completion| completion.usage);
            let tokens = usage.map(BilledUsage::Tokens);
            (model, tokens)
        }
        BilledRequest::Transcription { model } => {
            let length = transcription::length(&body);
            (model, length.map(BilledUsage::Sound))
        }
        BilledRequest::Excerpt(_) | BilledRequest::Words(_) | BilledRequest::Import(_) => {
            return None;
        }
    };
    Some(PaidReply {
        owner: receipt.talk,
        model,
        used,
        by_batch: receipt.batch.is_some(),
    })
}

/// Whether a stage's files are replies, which may have been paid for.
pub(super) fn is_reply(stage: Stage) -> bool {
    !matches!(stage, Stage::Metadata | Stage::Transcript)
}
