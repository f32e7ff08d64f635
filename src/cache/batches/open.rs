//! Which requests are in batches whose replies may still come.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::SystemTime;

use crate::cache::batches::{BATCHES, Batch, RECORD};
use crate::cache::{Cache, CacheError};
use crate::fs;
use crate::talk::id::TalkId;
use crate::work::Stage;

/// The requests of the open batches, as they were when the records were looked at last.
#[derive(Debug, Default)]
pub(in crate::cache) struct OpenBatches {
    /// The records that were read, each with its size and the time of its last change.
    seen: Vec<(String, (u64, SystemTime))>,
    /// By the talk that a request is about, and its stage: with another prompt it would be another
    /// request, and asks for the same.
    batches: HashMap<(TalkId, Stage), Rc<str>>,
}

impl Cache {
    /// The open batch that asks about a talk at a stage, as far as is known now: the records are read
    /// again where one has changed.
    pub(crate) fn batch_of(
        &self,
        talk: &TalkId,
        stage: Stage,
    ) -> Result<Option<Rc<str>>, CacheError> {
        let folder = self.folder.join(BATCHES);
        let mut seen = Vec::new();
        for name in fs::names(&folder)? {
            if name.ends_with(RECORD)
                && let Some(stamp) = fs::size_and_time(&folder.join(&name))?
            {
                seen.push((name, stamp));
            }
        }
        let mut open = self.open_batches.borrow_mut();
        if open.seen != seen {
            open.batches = by_talk(self.batches()?);
            open.seen = seen;
        }
        Ok(open.batches.get(&(talk.clone(), stage)).cloned())
    }
}

fn by_talk(batches: Vec<Batch>) -> HashMap<(TalkId, Stage), Rc<str>> {
    let open = batches.into_iter().filter(|batch| batch.state.is_open());
    let requests = open.flat_map(|batch| {
        let name: Rc<str> = batch.name.into();
        batch
            .requests
            .into_iter()
            .map(move |key| ((key.talk, key.stage), Rc::clone(&name)))
    });
    requests.collect()
}
