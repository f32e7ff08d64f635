//! Sentences that are shown again for each word, with that word in capitals or between asterisks, and
//! are said once.
//!
//! Tools for karaoke and short videos write them where a format has no colours. What somebody says
//! again louder has other words in capitals too; so nothing is joined in a track in which the emphasis
//! does not move on from one word to another again and again.

use std::time::Duration;

use super::lines::CaptionPiece;
use super::rolling::Screen;

/// Fewer moves may be chance.
const LEAST: usize = 2;
/// A sentence in which the emphasis moves is the same one, after a gap of this length too.
const GAP: Duration = Duration::from_secs(2);
const AROUND: [char; 2] = ['*', '_'];

/// How a screen differs from the one before, whose words are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// A word has lost its emphasis, and another one has it.
    Moves,
    /// Emphasis appears, or goes: what has it now cannot be told from other words, such as a number.
    Toggles,
}

/// Whether the emphasis moves through the sentences of a track.
pub(super) fn moves(screens: &[Screen]) -> bool {
    let pairs = screens.windows(2);
    let moving = pairs.filter(|pair| change(&pair[0], &pair[1]) == Some(Change::Moves));
    moving.take(LEAST).count() == LEAST
}

/// Joins the screens of each such sentence into one, without its emphasis.
pub(super) fn merge(screens: Vec<Screen>) -> Vec<Screen> {
    if !moves(&screens) {
        return screens;
    }
    let pairs = screens.windows(2);
    let again: Vec<bool> = pairs.map(|pair| is_again(&pair[0], &pair[1])).collect();
    let mut merged: Vec<Screen> = Vec::with_capacity(screens.len());
    for (place, screen) in screens.into_iter().enumerate() {
        let is_again = place > 0 && again[place - 1];
        match merged.last_mut() {
            Some(sentence) if is_again => {
                sentence.end = screen.end.max(sentence.end);
                sentence.rows = plainer(sentence, &screen);
            }
            _ => merged.push(screen),
        }
    }
    merged
}

fn is_again(before: &Screen, screen: &Screen) -> bool {
    match change(before, screen) {
        Some(Change::Moves) => screen.start <= before.shown_until().saturating_add(GAP),
        Some(Change::Toggles) => screen.follows(before),
        None => false,
    }
}

fn change(before: &Screen, screen: &Screen) -> Option<Change> {
    let (one, other) = (words(before), words(screen));
    let is_same = one.len() == other.len()
        && one.iter().zip(&other).all(|(one, other)| {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_word(one, other))
        });
    if !is_same || before.times_words() || screen.times_words() {
        return None;
    }
    let pairs = || one.iter().flatten().zip(other.iter().flatten());
    let (goes, appears) = (
        pairs().any(|(one, other)| is_emphasized(one, other)),
        pairs().any(|(one, other)| is_emphasized(other, one)),
    );
    let stays = pairs().any(|(one, other)| one == other);
    match (goes, appears) {
        (true, true) => Some(Change::Moves),
        (false, false) => None,
        _ => stays.then_some(Change::Toggles),
    }
}

/// The words of each row.
fn words(screen: &Screen) -> Vec<Vec<String>> {
    let rows = screen.texts();
    let words = |row: &String| row.split_whitespace().map(str::to_owned).collect();
    rows.iter().map(words).collect()
}

fn is_word(one: &str, other: &str) -> bool {
    one == other || is_emphasized(one, other) || is_emphasized(other, one)
}

/// Whether this is the other word, in capitals or between asterisks.
fn is_emphasized(word: &str, plain: &str) -> bool {
    let (bare, of_plain) = (word.replace(AROUND, ""), plain.replace(AROUND, ""));
    let is_in_capitals =
        |word: &str| word.contains(char::is_uppercase) && !word.contains(char::is_lowercase);
    let is_raised = is_in_capitals(&bare) && !is_in_capitals(&of_plain);
    let is_set_off = word.len() - bare.len() > plain.len() - of_plain.len();
    bare.to_lowercase() == of_plain.to_lowercase()
        && (is_set_off || is_raised)
        && (bare == of_plain || is_raised)
}

/// The rows of a sentence, each word as it is written with less emphasis.
fn plainer(sentence: &Screen, screen: &Screen) -> Vec<Vec<CaptionPiece>> {
    let rows = words(sentence).into_iter().zip(words(screen));
    let plain = rows.map(|(known, new)| {
        let words = known.into_iter().zip(new);
        let words = words.map(|(known, new)| {
            if is_emphasized(&known, &new) {
                new
            } else {
                known
            }
        });
        vec![CaptionPiece {
            at: None,
            text: words.collect::<Vec<_>>().join(" "),
        }]
    });
    plain.collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    /// Compares what subtitles of a second each give with what is expected of them.
    fn check(texts: &[&str], expected: &Expect) {
        let mut file = String::new();
        for (second, text) in texts.iter().enumerate() {
            let end = second + 1;
            writeln!(
                file,
                "{end}\n00:00:{second:02},000 --> 00:00:{end:02},000\n{text}\n"
            )
            .unwrap();
        }
        tests::check(CaptionFormat::Srt, &file, expected);
    }

    #[test]
    fn a_sentence_with_each_word_emphasized_is_said_once() {
        check(
            &[
                "TIDES never\nsleep.",
                "Tides NEVER\nsleep.",
                "Tides never\nSLEEP.",
                "NOR do 3 ships.",
                "Nor DO 3 ships.",
                "Nor do 3 ships.",
                "Nor do 3 SHIPS.",
            ],
            &expect![[r"
                0.00-3.00 Tides never sleep.
                3.00-7.00 Nor do 3 ships.
            "]],
        );
        check(
            &[
                "*Tides* never sleep.",
                "Tides *never* sleep.",
                "Tides never *sleep.*",
            ],
            &expect![[r"
                0.00-3.00 Tides never sleep.
            "]],
        );
    }

    #[test]
    fn what_is_said_again_louder_is_kept() {
        check(
            &[
                "Are we live?",
                "ARE WE LIVE?",
                "We are live.",
                "We ARE live.",
            ],
            &expect![[r"
                0.00-1.00 Are we live?
                1.00-2.00 ARE WE LIVE?
                2.00-3.00 We are live.
                3.00-4.00 We ARE live.
            "]],
        );
    }
}
