//! Where the sentences of a summary are said, whoever wrote them.
//!
//! It follows from the sentences and the transcript alone, so nobody is asked. What is found is kept,
//! and a talk of which it is known is shown without reading its transcript. A talk without a
//! transcript, or with one that cannot be read, has no places; that is said where it is fetched.

use crate::cache::EvidenceRequest;
use crate::evidence::SpokenWords;
use crate::summarize::decision::Decider;
use crate::summarize::sentences::sentences;
use crate::summarize::{SummarizeError, Summarizer};
use crate::talk::evidence::{PlacedSentence, SummaryEvidence};
use crate::talk::{Summary, Talk, WrittenSentence, one_line};
use crate::work::Work;

/// Goes up when places are to be looked for anew. It did not when what stands beside a sentence came
/// to count: a page that is there keeps its places.
const EVIDENCE_VERSION: u32 = 1;

impl Summarizer<'_> {
    /// Finds or recalls where each sentence of a summary is said. Empty where nobody can look, or
    /// where the catalog wants none.
    pub(crate) fn places(&self, talk: &Talk, summary: &Summary, work: Work) -> Vec<PlacedSentence> {
        let Some(request) = self.decider.evidence_request(talk, summary) else {
            return Vec::new();
        };
        let sentences = request.sentences.clone();
        let Some(found) = self.evidence(talk, request, work) else {
            return Vec::new();
        };
        let placed = sentences.into_iter().zip(found);
        placed
            .map(|(WrittenSentence { text, .. }, evidence)| PlacedSentence { text, evidence })
            .collect()
    }

    fn evidence(
        &self,
        talk: &Talk,
        request: EvidenceRequest,
        work: Work,
    ) -> Option<SummaryEvidence> {
        let known = self
            .decider
            .snapshot(talk)
            .ok()?
            .evidence(&talk.id, &request);
        if known.is_some() {
            return known;
        }
        let found = self.decider.look_for(talk, &request.sentences).ok()??;
        // What is shown in passing is not kept, and neither is where it is said.
        if work != Work::RecallOrExcerpt {
            let cache = self.decider.cache;
            cache.keep_evidence(&talk.id, request, found.clone());
        }
        Some(found)
    }
}

impl Decider<'_> {
    /// What the places of a summary's sentences are found by.
    fn evidence_request(&self, talk: &Talk, summary: &Summary) -> Option<EvidenceRequest> {
        let transcript = talk.words_key().filter(|_| self.catalog.evidence)?;
        let sentences = written(summary);
        (!sentences.is_empty()).then_some(EvidenceRequest {
            version: EVIDENCE_VERSION,
            transcript,
            sentences,
        })
    }

    /// Looks for sentences in what was said; none where nobody knows what was.
    fn look_for(
        &self,
        talk: &Talk,
        sentences: &[WrittenSentence],
    ) -> Result<Option<SummaryEvidence>, SummarizeError> {
        let transcript = self.transcript(talk)?;
        Ok(transcript.map(|transcript| {
            let spoken = SpokenWords::of(&transcript);
            let places = sentences.iter().enumerate();
            places
                .map(|(at, sentence)| spoken.place(sentence, &beside(sentences, at)))
                .collect()
        }))
    }
}

/// What a summary says besides one of its sentences.
fn beside(sentences: &[WrittenSentence], one: usize) -> String {
    let others = sentences.iter().enumerate().filter(|(at, _)| *at != one);
    let texts: Vec<&str> = others.map(|(_, other)| other.text.as_str()).collect();
    texts.join(" ")
}

/// The sentences of a summary, as a model gave them, else as they are told apart here.
fn written(summary: &Summary) -> Vec<WrittenSentence> {
    if summary.sentences.is_empty() {
        let text = one_line(&summary.text);
        let sentence = |text: &str| WrittenSentence {
            text: text.to_owned(),
            quote: None,
        };
        return sentences(&text).into_iter().map(sentence).collect();
    }
    let sentences = summary.sentences.iter();
    sentences
        .map(|sentence| WrittenSentence {
            text: one_line(&sentence.text),
            quote: sentence.quote.clone(),
        })
        .collect()
}
