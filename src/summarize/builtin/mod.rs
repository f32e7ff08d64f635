//! The built-in summarizer: excerpts where the conference names no LLM.
//!
//! It needs no key, no server and no download. A summary is up to two sentences that somebody wrote
//! about the talk or said in it, so the only thing it can get wrong is the choice. Where it finds
//! fewer that are surely whole, it counts, and says which terms a talk mentions most. The same talk
//! always gives the same excerpt.

mod clauses;
mod cuts;
pub(crate) mod description;
mod openings;
mod phrases;
mod rank;
mod ratio;
mod terms;
mod tidy;
mod transcript;
mod units;
mod wholeness;

use crate::summarize::builtin::description::from_description;
use crate::talk::transcript::Cue;

/// What the built-in summarizer reads of a talk.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The title, which says what to look for.
    pub title: &'a str,
    /// The speakers, whose names say nothing about the subject.
    pub speakers: &'a [String],
    /// The description as published with the recording.
    pub description: &'a str,
    /// The transcript.
    pub cues: &'a [Cue],
}

/// Takes two sentences from the description, else up to two from what it has and what was said;
/// empty where there is nothing to take.
#[must_use]
pub fn excerpt(material: &Material<'_>) -> Vec<String> {
    let written = from_description(material.title, material.description);
    if written.len() == SENTENCES {
        return written;
    }
    let taken = transcript::from_transcript(material, &written);
    if taken.is_empty() { written } else { taken }
}

/// How many sentences an excerpt has at most, and should have.
const SENTENCES: usize = 2;

#[cfg(test)]
mod tests;
