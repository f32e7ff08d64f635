//! A transcript as paragraphs, each with the time at which to begin to listen.
//!
//! Pure. Captions know neither sentences nor paragraphs, so a new one begins at a pause, or where
//! one has become long.

use std::time::Duration;

use serde::Serialize;

use crate::talk::clock;
use crate::talk::transcript::{Cue, Span, Transcript};

/// How many seconds of silence end a paragraph.
const PAUSE: u64 = 3;
/// How many words a paragraph has before a pause may end it, and before it is ended anyway.
const SHORT: usize = 20;
const LONG: usize = 60;

/// A few sentences.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Paragraph {
    /// When it begins, in seconds, where that is known.
    pub(super) start: Option<u64>,
    /// The same for people: `12:30`.
    pub(super) time: Option<String>,
    pub(super) text: String,
}

/// Puts what was said into paragraphs.
pub(super) fn paragraphs(transcript: &Transcript) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut words = 0;
    let mut end = None;
    for cue in &transcript.cues {
        let pause = seconds(cue, |span| span.start)
            .zip(end)
            .map_or(0, |(start, end): (u64, u64)| start.saturating_sub(end));
        let is_over = words >= LONG || (words >= SHORT && pause >= PAUSE);
        match paragraphs.last_mut().filter(|_| !is_over) {
            Some(paragraph) => {
                paragraph.text.push(' ');
                paragraph.text.push_str(&cue.text);
            }
            None => {
                let start = seconds(cue, |span| span.start);
                paragraphs.push(Paragraph {
                    start,
                    time: start.map(clock),
                    text: cue.text.clone(),
                });
                words = 0;
            }
        }
        words += cue.text.split_whitespace().count();
        end = seconds(cue, |span| span.end);
    }
    paragraphs
}

fn seconds(cue: &Cue, of: impl Fn(&Span) -> Duration) -> Option<u64> {
    cue.span.as_ref().map(|span| of(span).as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::transcript::CaptionKind;

    fn transcript(lines: &[&str]) -> Transcript {
        let cue = |line: &&str| Cue::try_from((*line).to_owned()).unwrap();
        Transcript {
            language: None,
            kind: CaptionKind::Automatic,
            cues: lines.iter().map(cue).collect(),
        }
    }

    #[test]
    fn a_pause_or_many_words_begin_a_new_paragraph() {
        let ten = "one two three four five six seven eight nine ten";
        let line = |start: u64| format!("{start}.000 {}.500 {ten}", start + 2);
        // A short remark before a pause stays with what follows.
        let starts = [0, 10, 13, 30, 33, 36, 39, 42, 45, 48];
        let lines: Vec<String> = starts.into_iter().map(line).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let found = paragraphs(&transcript(&lines));
        let times: Vec<_> = found.iter().map(|p| p.time.clone().unwrap()).collect();
        assert_eq!(times, ["0:00", "0:30", "0:48"]);
        assert_eq!(found[0].text, [ten; 3].join(" "));
        assert_eq!(found[1].start, Some(30));
    }

    #[test]
    fn words_without_times_are_shown_without_times() {
        let found = paragraphs(&transcript(&["- - no times", "- - at all"]));
        assert_eq!(
            found,
            [Paragraph {
                start: None,
                time: None,
                text: "no times at all".to_owned()
            }]
        );
    }
}
