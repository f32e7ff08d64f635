//! Which requests are in batches whose replies may still come.

use std::collections::HashMap;
use std::rc::Rc;

use crate::cache::batches::{Batches, DamagedBatch};
use crate::cache::{Cache, CacheError, RequestKey};
use crate::talk::id::TalkId;
use crate::work::Stage;

/// The requests of the open batches.
#[derive(Debug)]
pub(in crate::cache) struct OpenBatches {
    /// Whether this run was among those who write when it read them: nobody has begun a batch since.
    is_lasting: bool,
    /// By the talk that a request is about, and its stage: with another prompt it would be another
    /// request, and asks for the same.
    batches: HashMap<(TalkId, Stage), Rc<str>>,
}

impl Cache {
    /// The open batch that asks about a talk at a stage. The records are read once, and once more when
    /// this run has come among those who write. A batch whose record is damaged may be open.
    pub(crate) fn batch_of(
        &self,
        talk: &TalkId,
        stage: Stage,
    ) -> Result<Option<Rc<str>>, CacheError> {
        let writes = self.writer.initialized();
        let mut open = self.open_batches.borrow_mut();
        let open = match open.take() {
            Some(known) if known.is_lasting || !writes => open.insert(known),
            _ => open.insert(OpenBatches {
                is_lasting: writes,
                batches: self.open_requests()?,
            }),
        };
        Ok(open.batches.get(&(talk.clone(), stage)).cloned())
    }

    fn open_requests(&self) -> Result<HashMap<(TalkId, Stage), Rc<str>>, CacheError> {
        let Batches { known, damaged } = self.batches()?;
        let mut open = HashMap::new();
        let mut add = |name: String, requests: Vec<RequestKey>| {
            let name: Rc<str> = name.into();
            let about = requests.into_iter().map(|key| (key.talk, key.stage));
            open.extend(about.map(|about| (about, Rc::clone(&name))));
        };
        for batch in known.into_iter().filter(|batch| batch.state.is_open()) {
            add(batch.name, batch.requests);
        }
        for batch in damaged {
            let requests = self.requests_of_damaged(&batch);
            // Where that is damaged, too, any talk may be asked about.
            add(batch.name, requests.map_err(|_| batch.flaw)?);
        }
        Ok(open)
    }

    /// What a batch asks is beside its record.
    fn requests_of_damaged(&self, batch: &DamagedBatch) -> Result<Vec<RequestKey>, CacheError> {
        let asked = self.asked_in(&batch.name)?;
        asked.map(|asked| asked.map(|(key, _)| key)).collect()
    }
}
