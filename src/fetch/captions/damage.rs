//! Properties over damaged files: whatever the bytes, no parser panics, and what it gives is sound.
//!
//! `PROPTEST_CASES=1000000 cargo test --lib captions::damage` tries for longer; `fuzz/` has the
//! same for `cargo fuzz`, which learns from the parsers' own branches.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::{prop_assert, prop_oneof, proptest, sample};

use super::round_trip::{files, files_that_roll_not, talk};
use super::{CaptionFormat, CaptionsError, cues};
use crate::talk::transcript::Cue;

const FORMATS: [CaptionFormat; 13] = [
    CaptionFormat::Json3,
    CaptionFormat::Vtt,
    CaptionFormat::Srt,
    CaptionFormat::Srv1,
    CaptionFormat::TimedText,
    CaptionFormat::Ttml,
    CaptionFormat::Sami,
    CaptionFormat::Sbv,
    CaptionFormat::Ass,
    CaptionFormat::Segments,
    CaptionFormat::Tsv,
    CaptionFormat::MicroDvd,
    CaptionFormat::Text,
];

/// Pieces of files, which get deeper into a parser than arbitrary bytes do.
const SHREDS: &[&str] = &[
    "WEBVTT",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " ",
    "\u{a0}",
    "\u{200b}",
    "\u{2028}",
    "00:00:01.000",
    "99:99:99,999",
    "307445734561825860:00.000",
    " --> ",
    "<c>",
    "</",
    "<",
    ">",
    ">>",
    "<00:01.5>",
    "{\\",
    "}",
    "1",
    "NOTE",
    "no",
    "[Music]",
    "[",
    "♪",
    "&amp;",
    "&lt;",
    "&#10;",
    "&#0;",
    "&#x110000;",
    "é",
    "<transcript>",
    "<text start=\"1e99\">",
    "<text start=\"1.8446744073709552e19\" dur=\"1\">",
    "<text start=\"2\" dur=\"-1\">",
    "</text>",
    "</transcript>",
    "<![CDATA[",
    "]]>",
    "{\"events\":[",
    "{\"segs\":[",
    "{\"utf8\":\"a\"}",
    "{\"utf8\":\"\\n\",\"tOffsetMs\":1e22}",
    "]}",
    ",",
    "\"tStartMs\":-1e300,",
    "\"tStartMs\":1.8446744073709552e22,",
];

/// What is around words in the files of `round_trip.rs`, and never a word.
const MARKUP: &[&str] = &[
    "<c>", "</", "<v ", "<i>", "<0", "-->", "align:", "tStartMs", "<text",
];

/// What happens to files on their way.
#[derive(Debug, Clone)]
enum Damage {
    Cut {
        at: sample::Index,
    },
    Flip {
        at: sample::Index,
        bit: u8,
    },
    Repeat {
        from: sample::Index,
        to: sample::Index,
    },
    Lose {
        from: sample::Index,
        to: sample::Index,
    },
    Insert {
        at: sample::Index,
        shred: &'static str,
    },
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = any::<sample::Index>;
    prop_oneof![
        place().prop_map(|at| Damage::Cut { at }),
        (place(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip { at, bit }),
        (place(), place()).prop_map(|(from, to)| Damage::Repeat { from, to }),
        (place(), place()).prop_map(|(from, to)| Damage::Lose { from, to }),
        (place(), sample::select(SHREDS)).prop_map(|(at, shred)| Damage::Insert { at, shred }),
    ]
}

fn damage_file(file: &str, damages: &[Damage]) -> Vec<u8> {
    let mut bytes = file.as_bytes().to_vec();
    for damage in damages {
        let place = |index: &sample::Index| index.index(bytes.len() + 1);
        match damage {
            Damage::Cut { at } => bytes.truncate(place(at)),
            Damage::Flip { at, bit } => {
                let at = place(at);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            Damage::Repeat { from, to } => {
                let (from, to) = (place(from), place(to));
                let stretch = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.splice(from..from, stretch);
            }
            Damage::Lose { from, to } => {
                let (from, to) = (place(from), place(to));
                bytes.drain(from.min(to)..from.max(to));
            }
            Damage::Insert { at, shred } => {
                let at = place(at);
                bytes.splice(at..at, shred.bytes());
            }
        }
    }
    bytes
}

/// What is wrong with cues, whatever they were read from.
fn fault(cues: &[Cue]) -> Option<String> {
    if cues.is_empty() {
        return Some("no cues, and no error".to_owned());
    }
    // The content tells what a file is, so any of them may be text, with times or without.
    let is_timed = cues.iter().any(|cue| cue.span.is_some());
    for cue in cues {
        let text = &cue.text;
        let is_one_line =
            !text.contains(char::is_control) && !text.contains(['\u{2028}', '\u{2029}']);
        let is_folded = text.split(' ').all(|word| !word.is_empty());
        if !is_one_line || !is_folded {
            return Some(format!("not one line of words: {text:?}"));
        }
        if cue.span.is_some() != is_timed {
            return Some(format!("times where there are none, or none: {cue:?}"));
        }
        if Cue::try_from(String::from(cue.clone())).is_err() {
            return Some(format!("cannot be read from the cache again: {cue:?}"));
        }
    }
    let times = cues.iter().filter_map(|cue| cue.span);
    let times: Vec<_> = times.flat_map(|span| [span.start, span.end]).collect();
    (!times.is_sorted()).then(|| format!("times run backwards: {times:?}"))
}

/// Whether a parser gives sound cues, or says in which line of the file it failed.
fn check(format: CaptionFormat, file: &[u8]) -> Result<(), String> {
    let file_as_text = String::from_utf8_lossy(file);
    let breaks = ['\n', '\r', '\u{2028}', '\u{2029}'];
    let lines = 2 + file_as_text.matches(breaks).count();
    match cues(format, file) {
        Ok(cues) => fault(&cues).map_or(Ok(()), Err),
        Err(CaptionsError::NoText) => Ok(()),
        Err(CaptionsError::NotValid { line, .. }) if (1..=lines).contains(&line) => Ok(()),
        Err(error) => Err(format!("{error}, in {lines} lines")),
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_parser_panic(bytes in vec(any::<u8>(), 0..300)) {
        for format in FORMATS {
            prop_assert!(check(format, &bytes) == Ok(()), "{}: {:?}", format, check(format, &bytes));
        }
    }

    #[test]
    fn no_shreds_of_files_make_a_parser_panic(shreds in vec(sample::select(SHREDS), 0..40)) {
        for format in FORMATS {
            let file = shreds.concat();
            let checked = check(format, file.as_bytes());
            prop_assert!(checked == Ok(()), "{}: {:?}", format, checked);
        }
    }

    #[test]
    fn no_damage_to_a_file_makes_a_parser_panic(
        talk in talk(),
        damages in vec(damage(), 1..6),
    ) {
        for (format, file) in files(&talk) {
            let file = damage_file(&file, &damages);
            let checked = check(format, &file);
            prop_assert!(checked == Ok(()), "{}: {:?}\n{}", format, checked, String::from_utf8_lossy(&file));
        }
    }

    #[test]
    fn lines_lost_and_doubled_leave_no_markup_among_the_words(
        talk in talk(),
        lost in any::<sample::Index>(),
        doubled in vec(any::<sample::Index>(), 0..4),
    ) {
        for (format, file) in files(&talk) {
            let mut lines: Vec<&str> = file.lines().collect();
            for place in &doubled {
                let place = place.index(lines.len());
                lines.insert(place, lines[place]);
            }
            lines.remove(lost.index(lines.len()));
            let file = lines.join("\n");
            for cue in cues(format, file.as_bytes()).unwrap_or_default() {
                let has_markup = MARKUP.iter().any(|mark| cue.text.contains(mark));
                prop_assert!(!has_markup, "{}: {}\n{}", format, cue.text, file);
            }
        }
    }

    #[test]
    fn a_file_that_breaks_off_says_no_word_that_was_not_said(
        talk in talk(),
        at in any::<sample::Index>(),
    ) {
        let spoken = talk.concat();
        for (format, file) in files_that_roll_not(&talk) {
            let cut = &file.as_bytes()[..at.index(file.len())];
            let is_in_tag = cut.iter().rev().take_while(|byte| **byte != b'>').any(|byte| *byte == b'<');
            let Some(cues) = cues(format, cut).ok().filter(|_| !is_in_tag) else {
                continue;
            };
            let words: Vec<_> = cues.iter().flat_map(|cue| cue.text.split(' ')).collect();
            // What is left of a number or a time may look spoken, and the word before it be cut.
            let is_left_of_times = |word: &&&str| word.chars().all(|letter| "0123456789:,.->".contains(letter));
            let left = words.iter().rev().take_while(is_left_of_times).count();
            let whole = &words[..(words.len() - left).saturating_sub(1)];
            prop_assert!(spoken.starts_with(whole), "{}: {:?}\n{}", format, words, String::from_utf8_lossy(cut));
        }
    }
}
