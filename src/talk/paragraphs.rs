//! A transcript as paragraphs, each with the time at which to begin to listen.
//!
//! Pure. Captions know no paragraphs, so a new one begins at a pause, or where one has become long:
//! then at the end of a sentence, as far as the captions have full stops.

use std::ops::Range;
use std::time::Duration;

use serde::Serialize;

use crate::talk::clock;
use crate::talk::transcript::{Cue, Span, Transcript};

/// How many seconds of silence end a paragraph.
const PAUSE: u64 = 3;
/// How many words a paragraph has before a pause may end it, before the end of a sentence may, and
/// before it is ended anyway.
const SHORT: usize = 20;
const LONG: usize = 60;
const LONGEST: usize = 120;
/// So many characters count as a word where a script has no blanks between words.
const CHARACTERS: usize = 8;

/// How sentences end.
const ENDS: [char; 8] = ['.', '?', '!', '…', '。', '？', '！', '।'];

/// A few sentences.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Paragraph {
    /// When it begins, in seconds, where that is known.
    pub(crate) start: Option<u64>,
    /// The same for people: `12:30`.
    pub(crate) time: Option<String>,
    pub(crate) text: String,
    /// The cues that it is made of, as far as it is known when they are said.
    pub(crate) cues: Vec<TimedCue>,
}

/// Where in its paragraph a cue is, and when it is said.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TimedCue {
    /// Where its words begin and end in the text, in the units in which a browser counts (UTF-16).
    pub(crate) text: Range<usize>,
    /// When they are said, in milliseconds.
    pub(crate) said: Range<u64>,
}

/// Puts what was said into paragraphs.
pub(crate) fn paragraphs(transcript: &Transcript) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut words = 0;
    let mut end = None;
    for cue in &transcript.cues {
        let pause = seconds(cue, |span| span.start)
            .zip(end)
            .map_or(0, |(start, end): (u64, u64)| start.saturating_sub(end));
        match paragraphs.last_mut() {
            Some(paragraph) if !paragraph.is_over(words, pause) => paragraph.push(cue),
            _ => {
                paragraphs.push(Paragraph::beginning_with(cue));
                words = 0;
            }
        }
        words += words_of(&cue.text);
        end = seconds(cue, |span| span.end);
    }
    paragraphs
}

impl Paragraph {
    fn beginning_with(cue: &Cue) -> Self {
        let start = seconds(cue, |span| span.start);
        let mut paragraph = Self {
            start,
            time: start.map(clock),
            text: String::new(),
            cues: Vec::new(),
        };
        paragraph.push(cue);
        paragraph
    }

    /// Whether the next cue begins another one; `words` have been said in this one, and `pause` seconds
    /// nothing since.
    fn is_over(&self, words: usize, pause: u64) -> bool {
        let ends_here = self.text.ends_with(ENDS) || !self.text.contains(ENDS);
        words >= LONGEST || (words >= LONG && ends_here) || (words >= SHORT && pause >= PAUSE)
    }

    fn push(&mut self, Cue { span, text }: &Cue) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let at = length(&self.text);
        self.text.push_str(text);
        self.cues.extend(span.map(|span| TimedCue {
            text: at..at + length(text),
            said: milliseconds(span),
        }));
    }
}

/// When a stretch begins and ends, in milliseconds.
pub(crate) fn milliseconds(Span { start, end }: Span) -> Range<u64> {
    let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    milliseconds(start)..milliseconds(end)
}

/// How many words a text has, or would have in a script that puts blanks between them.
fn words_of(text: &str) -> usize {
    let words = text.split_whitespace().count();
    words.max(text.chars().count() / CHARACTERS)
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
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
        let second = &found[0].cues[1];
        assert_eq!(second.text, ten.len() + 1..2 * ten.len() + 1);
        assert_eq!(second.said, 10_000..12_500);
    }

    #[test]
    fn a_long_paragraph_goes_on_to_the_end_of_a_sentence_if_there_are_sentences() {
        let first_words = |lines: &[String]| -> Vec<usize> {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let found = paragraphs(&transcript(&lines));
            found.iter().map(|p| words_of(&p.text)).collect()
        };
        let ten = "one two three four five six seven eight nine ten";
        let lines = |ends: &[usize]| -> Vec<String> {
            let end = |at| if ends.contains(&at) { "." } else { "" };
            (0..14)
                .map(|at| format!("{at}.000 {at}.900 {ten}{}", end(at)))
                .collect()
        };
        assert_eq!(first_words(&lines(&[])), [60, 60, 20]);
        assert_eq!(first_words(&lines(&[1, 7, 13])), [80, 60]);
        assert_eq!(first_words(&lines(&[1])), [120, 20]);
        let japanese =
            |at| format!("{at}.000 {at}.900 キャッシュの鍵はすべての入力から作られます。");
        let japanese: Vec<String> = (0..60).map(japanese).collect();
        assert_eq!(first_words(&japanese).len(), 2);
    }

    #[test]
    fn a_browser_finds_the_words_of_a_cue() {
        let found = paragraphs(&transcript(&["1.000 2.000 ein 🦀", "2.000 3.000 läuft"]));
        let units: Vec<u16> = found[0].text.encode_utf16().collect();
        let words = |cue: &TimedCue| String::from_utf16(&units[cue.text.clone()]).unwrap();
        let words: Vec<String> = found[0].cues.iter().map(words).collect();
        assert_eq!(words, ["ein 🦀", "läuft"]);
    }

    #[test]
    fn words_without_times_are_shown_without_times() {
        let found = paragraphs(&transcript(&["- - no times", "- - at all"]));
        assert_eq!(
            found,
            [Paragraph {
                start: None,
                time: None,
                text: "no times at all".to_owned(),
                cues: Vec::new(),
            }]
        );
    }
}
