//! Lines as they stood on the screen into cues as they were spoken.
//!
//! Players keep a line on the screen long after its last word, so what a format calls a line's end
//! says little about the speech. Here a cue ends with its words, and a pause is a gap between cues.

use std::collections::HashMap;
use std::time::Duration;

use super::cleanup;
use crate::talk::transcript::{Cue, Span};

/// How long a word is taken to last: formats give at most the time at which it begins.
const WORD: Duration = Duration::from_millis(300);
/// Lines whose times differ by no more may be the same one.
const TWIN: Duration = Duration::from_millis(20);
/// So many lines of one text are looked at for a twin.
const TWINS: usize = 64;
/// A silence this long within a line is a pause of the speaker.
const PAUSE: Duration = Duration::from_secs(1);
/// No recording is longer; what a damaged file says beyond it is no time.
pub(super) const LONGEST: Duration = Duration::from_hours(10_000);

/// Some text of a line, and when it begins to be spoken where the format says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CaptionPiece {
    pub(super) at: Option<Duration>,
    pub(super) text: String,
}

/// A line of captions and when it is shown; `end` is `None` where the format gives none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CaptionLine {
    pub(super) start: Duration,
    pub(super) end: Option<Duration>,
    pub(super) pieces: Vec<CaptionPiece>,
}

struct Utterance {
    span: Span,
    text: String,
}

/// A time within a recording; `None` for what cannot be one.
pub(super) fn time(seconds: f64) -> Option<Duration> {
    let time = Duration::try_from_secs_f64(seconds).ok()?;
    (time <= LONGEST).then_some(time)
}

/// Turns lines into cues in the order of time, split at pauses and cleaned of all but the words.
pub(super) fn cues(mut lines: Vec<CaptionLine>) -> Vec<Cue> {
    drop_twins(&mut lines);
    // In a track that times words, a line of one word carries no offset and is timed all the same.
    let times_words = lines
        .iter()
        .flat_map(|line| &line.pieces)
        .any(|piece| piece.at.is_some());
    let mut utterances: Vec<_> = lines
        .into_iter()
        .flat_map(|line| utterances(line, times_words))
        .collect();
    utterances.sort_by_key(|utterance| utterance.span.start);
    for next in 1..utterances.len() {
        let limit = utterances[next].span.start;
        let span = &mut utterances[next - 1].span;
        span.end = span.end.min(limit);
    }
    utterances
        .into_iter()
        .filter_map(|Utterance { span, text }| {
            Some(Cue {
                span: Some(span),
                text: cleanup::clean(&text)?,
            })
        })
        .collect()
}

/// Lines that are alike in start, end and text, but for their blanks and some milliseconds, stand
/// there twice and were said once.
fn drop_twins(lines: &mut Vec<CaptionLine>) {
    let mut known: HashMap<String, Vec<(Duration, Duration)>> = HashMap::new();
    lines.retain(|line| {
        let text: String = line
            .pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        let Some(end) = line.end.filter(|end| *end > line.start) else {
            return true;
        };
        let times = known.entry(words.join(" ")).or_default();
        let is_near = |one: Duration, other: Duration| one.abs_diff(other) <= TWIN;
        let is_long = end > line.start + TWIN * 4;
        let is_known = times
            .iter()
            .rev()
            .take(TWINS)
            .any(|(known_start, known_end)| {
                let is_same = (*known_start, *known_end) == (line.start, end);
                is_same || is_long && is_near(*known_start, line.start) && is_near(*known_end, end)
            });
        times.push((line.start, end));
        !is_known
    });
}

fn utterances(line: CaptionLine, times_words: bool) -> Vec<Utterance> {
    let mut utterances: Vec<Utterance> = Vec::new();
    let mut clock = line.start;
    for piece in line.pieces {
        let at = piece.at.unwrap_or(clock).max(line.start);
        clock = at.saturating_add(duration_of(&piece.text));
        match utterances.last_mut() {
            Some(last) if at.saturating_sub(last.span.end) <= PAUSE => {
                last.text.push_str(&piece.text);
                last.span.end = clock.max(last.span.start);
            }
            _ => {
                let span = Span {
                    start: at,
                    end: clock,
                };
                utterances.push(Utterance {
                    span,
                    text: piece.text,
                });
            }
        }
    }
    if let (Some(last), Some(shown_until)) = (utterances.last_mut(), line.end) {
        let end = if times_words {
            last.span.end.min(shown_until)
        } else {
            shown_until
        };
        last.span.end = end.max(last.span.start);
    }
    utterances
}

fn duration_of(text: &str) -> Duration {
    let words = text.split_whitespace().count();
    WORD.saturating_mul(u32::try_from(words).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::{Expect, expect};

    use super::{CaptionLine, CaptionPiece, cues};
    use crate::fetch::captions::tests::listing;

    fn line(start: u64, end: u64, pieces: &[(Option<u64>, &str)]) -> CaptionLine {
        let pieces = pieces.iter().map(|&(at, text)| CaptionPiece {
            at: at.map(Duration::from_millis),
            text: text.to_owned(),
        });
        CaptionLine {
            start: Duration::from_millis(start),
            end: Some(Duration::from_millis(end)),
            pieces: pieces.collect(),
        }
    }

    fn check(lines: Vec<CaptionLine>, expected: &Expect) {
        expected.assert_eq(&listing(&cues(lines)));
    }

    #[test]
    fn line_that_stays_on_screen_ends_where_the_next_begins() {
        check(
            vec![
                line(0, 5000, &[(None, "the borrow checker")]),
                line(2000, 7000, &[(None, "is your friend")]),
            ],
            &expect![[r"
                0.00-2.00 the borrow checker
                2.00-7.00 is your friend
            "]],
        );
    }

    #[test]
    fn pause_after_a_line_shows_once_words_are_timed() {
        check(
            vec![
                line(0, 9000, &[(None, "any"), (Some(400), " questions")]),
                line(8000, 9000, &[(None, "good")]),
            ],
            &expect![[r"
                0.00-0.70 any questions
                8.00-8.30 good
            "]],
        );
    }

    #[test]
    fn pause_within_a_line_splits_it() {
        check(
            vec![line(
                0,
                9000,
                &[
                    (None, "well"),
                    (Some(4000), " let"),
                    (Some(5200), " us see"),
                ],
            )],
            &expect![[r"
                0.00-0.30 well
                4.00-5.80 let us see
            "]],
        );
    }

    #[test]
    fn lines_alike_in_start_end_and_text_are_said_once() {
        let twin = || line(0, 1000, &[(None, "no")]);
        check(
            vec![twin(), line(1000, 2000, &[(None, "no")]), twin()],
            &expect![[r"
                0.00-1.00 no
                1.00-2.00 no
            "]],
        );
    }

    #[test]
    fn times_without_sense_keep_every_word() {
        check(
            vec![
                line(9000, 8000, &[(None, "late"), (Some(100), " early")]),
                line(0, 0, &[]),
            ],
            &expect![[r"
                9.00-9.00 late early
            "]],
        );
    }
}
