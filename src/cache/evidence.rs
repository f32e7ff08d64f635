//! Where the sentences of a summary are said: `cache/<video id>/evidence-<digest>.json`.
//!
//! It follows from the sentences and the transcript, and is kept so that nobody reads a transcript
//! to show it again. The name is the digest of what it was found by, so a file that is there is
//! current. It only saves time: one that cannot be read is a miss, and a new one takes its place.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cache::contents::{Contents, FileFlaw};
use crate::cache::envelope::{VERSION, digest_of, parse, to_pretty_json};
use crate::cache::file_name::is_digest;
use crate::cache::writing::write_in_place;
use crate::cache::{Cache, CacheError, Snapshot};
use crate::fs::Existing;
use crate::talk::WrittenSentence;
use crate::talk::evidence::SummaryEvidence;
use crate::talk::id::TalkId;

/// What the places of sentences are found by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRequest {
    /// The version of the search: it costs nothing, so a better one may replace what was found.
    pub version: u32,
    /// The digest of the transcript, and which part of it was looked at.
    pub transcript: String,
    /// The sentences, with what a model quoted for them.
    pub sentences: Vec<WrittenSentence>,
}

/// What was found, with whose it is and what it was found by.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EvidenceFile {
    version: u32,
    talk: String,
    made_at: Timestamp,
    request: EvidenceRequest,
    places: SummaryEvidence,
}

impl EvidenceRequest {
    fn file_name(&self, owner: &str) -> String {
        format!("evidence-{}.json", digest_of(&(owner, self)))
    }
}

impl Snapshot {
    /// Where these sentences are said, if that is known: a place or none for each.
    #[must_use]
    pub fn evidence(&self, talk: &TalkId, request: &EvidenceRequest) -> Option<SummaryEvidence> {
        let owner = talk.to_string();
        let name = request.file_name(&owner);
        if !self.others.contains(&name) {
            return None;
        }
        let file: EvidenceFile = self.read(&name).ok()?;
        let is_it = file.talk == owner
            && file.request == *request
            && file.places.len() == request.sentences.len();
        is_it.then_some(file.places)
    }
}

impl Cache {
    /// Keeps where these sentences are said. Where the cache cannot be written, it is found out again
    /// the next time.
    pub fn keep_evidence(&self, talk: &TalkId, request: EvidenceRequest, places: SummaryEvidence) {
        drop(self.try_to_keep(talk, request, places));
    }

    fn try_to_keep(
        &self,
        talk: &TalkId,
        request: EvidenceRequest,
        places: SummaryEvidence,
    ) -> Result<(), CacheError> {
        let owner = talk.to_string();
        let path = self.path(&talk.video, &request.file_name(&owner));
        let file = EvidenceFile {
            version: VERSION,
            talk: owner,
            made_at: Timestamp::now(),
            request,
            places,
        };
        self.join_writers_at_once()?;
        self.last_snapshot.take();
        write_in_place(&path, &to_pretty_json(&file), Existing::Replace)?;
        Ok(())
    }
}

/// Whether a file of this name holds places.
pub(super) fn is_name(name: &str) -> bool {
    let digest = name.strip_prefix("evidence-");
    let digest = digest.and_then(|rest| rest.strip_suffix(".json"));
    digest.is_some_and(is_digest)
}

/// Reads a file whole and compares it with its name.
pub(super) fn examine(path: &Path, bytes: &[u8]) -> Result<Contents, FileFlaw> {
    let file: EvidenceFile = parse(path, bytes)?;
    let right = file.request.file_name(&file.talk);
    if !path.ends_with(&right) {
        return Err(FileFlaw::Misnamed { right });
    }
    let digest = file.request.transcript.split(' ').next();
    Ok(Contents {
        transcript: digest.map(str::to_owned),
        owner: file.talk,
        made_at: file.made_at,
        is_free: true,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::talk::evidence::{Evidence, FoundBy};
    use crate::talk::transcript::Span;

    fn request(text: &str) -> EvidenceRequest {
        EvidenceRequest {
            version: 1,
            transcript: "3fa9c1d2e4b59a07 from 1:00 to 2:00".to_owned(),
            sentences: vec![WrittenSentence {
                text: text.to_owned(),
                quote: None,
            }],
        }
    }

    fn places() -> SummaryEvidence {
        vec![Some(Evidence {
            quote: "the queue was full".to_owned(),
            span: Span {
                start: Duration::from_millis(61_230),
                end: Duration::from_millis(65_001),
            },
            found_by: FoundBy::Words,
        })]
    }

    fn talk(id: &str) -> TalkId {
        TalkId {
            video: id.parse().unwrap(),
            start: Some(60),
        }
    }

    #[test]
    fn places_are_found_by_what_they_were_found_by() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let talk = talk("rustyCache1");
        let known = |talk: &TalkId, text: &str| {
            let snapshot = cache.snapshot(&talk.video).unwrap();
            snapshot.evidence(talk, &request(text))
        };
        assert_eq!(known(&talk, "It was full."), None);
        cache.keep_evidence(&talk, request("It was full."), places());
        assert_eq!(known(&talk, "It was full."), Some(places()));
        assert_eq!(known(&talk, "It was empty."), None);
        let another = self::talk("rustyCache2");
        assert_eq!(known(&another, "It was full."), None);
        let verified = cache.verify(Timestamp::now()).unwrap();
        assert_eq!(verified.files, 1);
        assert!(verified.findings.is_empty(), "{:?}", verified.findings);
    }

    #[test]
    fn what_cannot_be_read_is_a_miss_and_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let talk = talk("rustyCache1");
        let known = || {
            let snapshot = cache.snapshot(&talk.video).unwrap();
            snapshot.evidence(&talk, &request("It was full."))
        };
        let name = request("It was full.").file_name(&talk.to_string());
        let path = folder.path().join("rustyCache1").join(name);
        cache.keep_evidence(&talk, request("It was full."), places());
        let whole = std::fs::read_to_string(&path).unwrap();
        for damage in [
            whole[..whole.len() / 2].to_owned(),
            whole.replace("full.", "empty."),
            whole.replace("61.23", "-1"),
            whole.replace("rustyCache1", "rustyCache2"),
        ] {
            std::fs::write(&path, &damage).unwrap();
            assert_eq!(known(), None, "{damage}");
            let verified = cache.verify(Timestamp::now()).unwrap();
            assert_eq!(verified.findings.len(), 1, "{damage}");
            cache.keep_evidence(&talk, request("It was full."), places());
            assert_eq!(known(), Some(places()));
        }
    }
}
