//! Captions that grow or scroll by words: each screen begins with words that the one before ended
//! with, and only the words behind them are new.
//!
//! So are windows of three rows and more, lines that grow word by word, and both of them written
//! on one row. In captions that people wrote a beginning that is repeated was said twice; so
//! nothing is taken from a track in which this is not the rule.

use super::cleanup::rows_joined;
use super::lines::{CaptionLine, CaptionPiece};
use super::rolling::Screen;

/// Fewer screens that grow may be chance.
const LEAST: usize = 3;

/// The first letter of the Thai script: all scripts before it in Unicode write blanks between words.
const THAI: char = '\u{e00}';

/// Whether a track grows: of the screens that follow another, every third one.
pub(super) fn grows(screens: &[Screen]) -> bool {
    let texts: Vec<String> = screens.iter().map(shown).collect();
    let pairs = || screens.windows(2).zip(texts.windows(2));
    let following = pairs().filter(|(screens, _)| screens[1].follows(&screens[0]));
    let growing = following
        .clone()
        .filter(|(_, texts)| is_grown(&texts[0], &texts[1]));
    let (following, growing) = (following.count(), growing.count());
    growing >= LEAST && growing * 3 >= following
}

/// Turns screens into lines that hold the new words alone.
pub(super) fn lines(screens: Vec<Screen>) -> Vec<CaptionLine> {
    let mut lines = Vec::with_capacity(screens.len());
    let mut before: Option<(Screen, String)> = None;
    for screen in screens {
        let text = shown(&screen);
        let repeated = match &before {
            Some((last, shown)) if screen.follows(last) => overlap(shown, &text),
            _ => 0,
        };
        let mut new = &text[repeated..];
        // A word that was shown in part is the same one.
        if let Some((part, rest)) = rest_of_word(before.as_ref(), &screen, &text)
            && let Some(piece) = lines
                .last_mut()
                .and_then(|line: &mut CaptionLine| line.pieces.last_mut())
        {
            piece.text.push_str(part);
            new = rest;
        }
        let new = new.trim();
        lines.extend((!new.is_empty()).then(|| CaptionLine {
            start: screen.start,
            end: screen.end,
            pieces: vec![CaptionPiece {
                at: None,
                text: new.to_owned(),
            }],
        }));
        before = Some((screen, text));
    }
    lines
}

/// The rest of the word in whose midst the screen before broke off, and what stands behind it.
fn rest_of_word<'a>(
    before: Option<&(Screen, String)>,
    screen: &Screen,
    text: &'a str,
) -> Option<(&'a str, &'a str)> {
    let (last, shown) = before?;
    let rest = text
        .strip_prefix(&**shown)
        .filter(|_| screen.follows(last))?;
    let is_within =
        shown.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric);
    let has_blanks = text.chars().all(|letter| letter < THAI);
    let end = rest.find(' ').unwrap_or(rest.len());
    (is_within && has_blanks).then(|| rest.split_at(end))
}

fn shown(screen: &Screen) -> String {
    rows_joined(&screen.text())
}

/// Whether a text goes on from one before it: from all of it, or from some words of it.
fn is_grown(before: &str, text: &str) -> bool {
    let repeated = overlap(before, text);
    let shared = &text[..repeated];
    let is_more = !text[repeated..].trim().is_empty();
    let words = units(text).take_while(|(at, _)| *at < repeated).count();
    let is_same = shared.trim() == before.trim();
    let grows_by_letters = text.len() > before.len() && text.starts_with(before);
    is_more && (words > 1 || words == 1 && is_same) || !before.is_empty() && grows_by_letters
}

/// How many bytes of a text's beginning are the words that the text before it ended with.
fn overlap(before: &str, text: &str) -> usize {
    let units: Vec<(usize, &str)> = units(text).collect();
    let words: Vec<String> = units.iter().map(|(_, unit)| bare(unit)).collect();
    let before: Vec<String> = self::units(before).map(|(_, unit)| bare(unit)).collect();
    let longest = (1..=before.len().min(words.len()))
        .rev()
        .find(|&count| before.ends_with(&words[..count]));
    longest.map_or(0, |count| {
        let (at, unit) = units[count - 1];
        at + unit.len()
    })
}

/// A word as live captions may spell it anew: in small letters, without the stop behind it.
fn bare(word: &str) -> String {
    let trimmed = word.trim_matches(|letter: char| letter.is_ascii_punctuation());
    let word = if trimmed.is_empty() { word } else { trimmed };
    word.to_lowercase()
}

/// The words of a text and where they begin; of scripts without blanks, the letters.
fn units(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let has_blanks = text.contains(' ') || text.chars().all(|letter| letter < THAI);
    let mut at = 0;
    text.split_inclusive(move |letter: char| letter == ' ' || !has_blanks)
        .map(move |unit| {
            at += unit.len();
            (at - unit.len(), unit.trim_end())
        })
        .filter(|(_, unit)| !unit.is_empty())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use crate::fetch::captions::{CaptionFormat, cues};

    /// What is said in cues of a second each.
    fn said(texts: &[&str]) -> Vec<String> {
        let mut file = "WEBVTT\n\n".to_owned();
        for (second, text) in texts.iter().enumerate() {
            writeln!(
                file,
                "00:{second:02}.000 --> 00:{:02}.000\n{text}\n",
                second + 1
            )
            .unwrap();
        }
        let cues = cues(CaptionFormat::Vtt, file.as_bytes()).unwrap();
        cues.into_iter().map(|cue| cue.text).collect()
    }

    #[test]
    fn windows_of_any_height_say_each_row_once() {
        assert_eq!(
            said(&[
                "one\ntwo\nthree",
                "two\nthree\nfour",
                "three\nfour\nfive",
                "four\nfive\nsix"
            ]),
            ["one two three", "four", "five", "six"]
        );
        assert_eq!(
            said(&[
                "FOUR SHIPS",
                "FOUR SHIPS\nCAME IN,",
                "FOUR SHIPS\nCAME IN,\nONE STAYED",
                "CAME IN,\nONE STAYED\nAND ONE SANK."
            ]),
            ["FOUR SHIPS", "CAME IN,", "ONE STAYED", "AND ONE SANK."]
        );
    }

    #[test]
    fn lines_that_grow_word_by_word_say_each_word_once() {
        assert_eq!(
            said(&[
                "so",
                "so we",
                "so we looked",
                "so we looked at it",
                "and",
                "and then",
                "and then we left"
            ]),
            ["so", "we", "looked", "at it", "and", "then", "we left"]
        );
        assert_eq!(
            said(&[
                "本日",
                "本日は所有",
                "本日は所有権に",
                "本日は所有権について"
            ]),
            ["本日", "は所有", "権に", "ついて"]
        );
    }

    #[test]
    fn words_that_grow_by_letters_or_are_spelled_anew_are_said_once() {
        assert_eq!(
            said(&["h", "hel", "hello", "hello th", "hello there"]),
            ["hello", "there"]
        );
        assert_eq!(
            said(&[
                "so we",
                "So we looked.",
                "So we looked. and left",
                "And left, quickly."
            ]),
            ["so we", "looked.", "and left", "quickly."]
        );
    }

    #[test]
    fn rows_that_were_flattened_say_each_row_once() {
        assert_eq!(
            said(&[
                "so we looked",
                "so we looked and the nodes were green",
                "and the nodes were green but not the edges",
                "but not the edges and that is all"
            ]),
            [
                "so we looked",
                "and the nodes were green",
                "but not the edges",
                "and that is all"
            ]
        );
    }

    #[test]
    fn beginnings_that_people_repeat_are_kept() {
        for texts in [
            vec!["Louder!", "Louder!", "No no no."],
            vec![
                "We came.",
                "We came to see.",
                "And so on.",
                "On the tide.",
                "It is over.",
                "Really.",
            ],
            vec!["no", "no", "no", "no"],
            vec!["R&D", "R&D naïve", "naïve no", "no naïve", "naïve no"],
        ] {
            assert_eq!(said(&texts), texts);
        }
    }
}
