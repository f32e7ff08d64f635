//! Where a talk says what a summary says of it.
//!
//! Pure. A quote is aligned with the words that were spoken (`align`); a sentence without one is
//! looked for by its own words (`locate`); of what is found a short stretch is shown (`stretch`);
//! and whether a passage supports a sentence is judged by what they share (`support`). Nothing here
//! proves anything: a place to look is what comes of it.

mod align;
mod locate;
mod numerals;
pub(crate) mod quantities;
mod stretch;
mod support;
mod words;

use std::collections::HashMap;
use std::ops::Range;

pub use crate::evidence::locate::Sought;
use crate::evidence::words::{FoldedWord, words};
use crate::talk::evidence::{Evidence, FoundBy};
use crate::talk::language::Language;
use crate::talk::transcript::{Cue, Span, Transcript};

/// The words of a transcript in the form in which they are compared, each with its cue.
#[derive(Debug, Clone)]
pub struct SpokenWords {
    cues: Vec<Cue>,
    language: Option<Language>,
    words: Vec<CueWord>,
    /// Which of the words each cue has.
    of_cue: Vec<Range<usize>>,
    /// How many cues have a stem.
    cues_with: HashMap<String, usize>,
    /// The stems of each cue.
    stems: Vec<Vec<String>>,
}

#[derive(Debug, Clone)]
struct CueWord {
    word: FoldedWord,
    cue: usize,
}

impl SpokenWords {
    /// Reads a transcript.
    #[must_use]
    pub fn of(transcript: &Transcript) -> Self {
        let language = transcript.language.as_deref().and_then(Language::named);
        let language = language.or_else(|| Language::of(&transcript.text()));
        let mut spoken = Vec::new();
        let mut of_cue = Vec::with_capacity(transcript.cues.len());
        for (cue, Cue { text, .. }) in transcript.cues.iter().enumerate() {
            let first = spoken.len();
            let words = words(text, language).into_iter();
            spoken.extend(words.map(|word| CueWord { word, cue }));
            of_cue.push(first..spoken.len());
        }
        let stems: Vec<Vec<String>> = transcript
            .cues
            .iter()
            .map(|cue| locate::stems(&cue.text, language))
            .collect();
        let mut cues_with: HashMap<String, usize> = HashMap::new();
        for stem in stems.iter().flat_map(|stems| locate::each_once(stems)) {
            *cues_with.entry(stem.to_owned()).or_default() += 1;
        }
        Self {
            cues: transcript.cues.clone(),
            language,
            words: spoken,
            of_cue,
            cues_with,
            stems,
        }
    }

    /// What is said from one word to another, and when; none where no time is known.
    fn evidence(&self, run: Range<usize>, found_by: FoundBy) -> Option<Evidence> {
        let (first, last) = (self.words.get(run.start)?, self.words.get(run.end - 1)?);
        Some(Evidence {
            quote: self.text(&run),
            span: self.span(first.cue..last.cue + 1)?,
            found_by,
        })
    }

    fn span(&self, cues: Range<usize>) -> Option<Span> {
        let first = self.cues.get(cues.start)?.span?;
        let last = self.cues.get(cues.end - 1)?.span?;
        Some(Span {
            start: first.start,
            end: last.end.max(first.start),
        })
    }

    /// The words of a run as the transcript has them, on one line.
    fn text(&self, run: &Range<usize>) -> String {
        let words = &self.words[run.clone()];
        let last_cue = words.last().map(|last| last.cue);
        let pieces = words.chunk_by(|a, b| a.cue == b.cue).map(|words| {
            let (first, last) = (&words[0], &words[words.len() - 1]);
            let text = &self.cues[first.cue].text;
            // Where the run goes on, so does the stop that parts two sentences of it.
            let behind = &text[last.word.range.end..];
            let stop = behind.find(char::is_whitespace).unwrap_or(behind.len());
            let stop = if Some(last.cue) == last_cue { 0 } else { stop };
            &text[first.word.range.start..last.word.range.end + stop]
        });
        crate::talk::one_line(&pieces.collect::<Vec<_>>().join(" "))
    }
}
