//! Cuts a transcript into units that may stand as a sentence.
//!
//! Where the transcript has punctuation, its sentences are the units. Automatic captions have
//! neither stops nor capitals; `cuts` finds units in them, and how whole they are.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use crate::summarize::builtin::cuts::{Cut, cut};
use crate::summarize::builtin::ratio::ratio;
use crate::summarize::builtin::tidy::{bare, has_stop, tidy};
use crate::summarize::sentences::{sentences, words};
use crate::talk::language::Language;
use crate::talk::transcript::Cue;

/// Something that was said, tidied, and how far into the talk: 0 at the start, 1 at the end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub(super) text: String,
    pub(super) place: f64,
    /// How surely it starts and ends where a thought does; zero where nothing speaks against it.
    pub(super) wholeness: f64,
    /// Whether it was written about the talk, and not said in it.
    pub(super) is_written: bool,
}

impl Unit {
    /// A sentence of the description.
    pub(super) fn written(sentence: &str) -> Self {
        Self {
            text: sentence.to_owned(),
            place: 0.0,
            wholeness: 0.0,
            is_written: true,
        }
    }
}

/// Cuts a transcript into units, in the order of speech.
pub(super) fn units(cues: &[Cue], language: Option<Language>) -> Vec<Unit> {
    let spoken = drop_sounds(cues);
    let text = spoken
        .iter()
        .map(|cue| cue.text.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let sentences = sentences(&text);
    let whole = |(at, text): (usize, &&str)| {
        let text = match language {
            Some(Language::English) => without_heading(text),
            _ => text,
        };
        let has_lost_stop = language == Some(Language::English) && inner_opening(text).is_some();
        Cut {
            text: text.to_owned(),
            wholeness: if has_lost_stop { LOST_STOP } else { 0.0 },
            range: at..at + 1,
        }
    };
    let raw: Vec<Cut> = if is_punctuated(&sentences) {
        sentences.iter().enumerate().map(whole).collect()
    } else {
        cut(&spoken, language)
    };
    let total = raw.iter().map(|raw| raw.range.end).max().unwrap_or(0);
    raw.into_iter()
        .map(|raw| Unit {
            text: tidy(&raw.text, language),
            place: ratio(raw.range.start, total),
            wholeness: raw.wholeness,
            is_written: false,
        })
        .collect()
}

/// How much less whole two sentences are that lost the stop between them.
const LOST_STOP: f64 = -2.0;

/// Takes off a heading that has no stop: "Agenda Today we look at …".
fn without_heading(sentence: &str) -> &str {
    const LONG: usize = 6;
    let Some(opening) = inner_opening(sentence) else {
        return sentence;
    };
    let mut heading = sentence[..opening].split_whitespace();
    let names_something = heading
        .clone()
        .next()
        .is_some_and(|word| !Language::English.has_function_word(bare(word)));
    let is_heading = names_something && heading.by_ref().count() <= LONG;
    if is_heading {
        &sentence[opening..]
    } else {
        sentence
    }
}

/// Finds a function word with a capital within an English sentence, where another one opens.
///
/// Titles have such words, too, but then the next word has a capital as well. "I" always has one,
/// so it only counts where no function word stands before it.
fn inner_opening(sentence: &str) -> Option<usize> {
    let is_function_word = |word: &str| Language::English.has_function_word(bare(word));
    let starts: Vec<(usize, &str)> = sentence
        .split_word_bound_indices()
        .filter(|(at, word)| {
            let is_start = *at == 0 || sentence[..*at].ends_with(char::is_whitespace);
            is_start && word.starts_with(char::is_alphanumeric)
        })
        .collect();
    let opens = |at: usize| {
        let (offset, word) = starts[at];
        let before = sentence[..offset].trim_end();
        let is_i = word == "I" || word.starts_with("I'") || word.starts_with("I’");
        let is_first_function_word = starts[..at].iter().all(|(_, word)| !is_function_word(word));
        let has_capital = word.starts_with(char::is_uppercase) && is_function_word(word);
        let goes_on = starts
            .get(at + 1)
            .is_some_and(|(_, next)| next.starts_with(char::is_lowercase) || *next == "I");
        let is_parted = before.ends_with(|c: char| !c.is_alphanumeric() && c != ')');
        has_capital && goes_on && !is_parted && (!is_i || is_first_function_word)
    };
    (1..starts.len())
        .find(|&at| opens(at))
        .map(|at| starts[at].0)
}

/// Drops sound marks (`[Music]`, "♪") and the names of who speaks ("Speaker 2:", ">>").
fn drop_sounds(cues: &[Cue]) -> Vec<Cue> {
    static NO_SPEECH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?m)\[[^\[\]]*\]|\((?i:music|applause|laughter|laughs)\)|[♪♫]|>>+|^\s*(?:Speaker \d+|\p{Lu}[\w.]*(?: \p{Lu}[\w.]*){0,2}):(?:\s|$)",
        )
        .expect("the pattern is valid")
    });
    cues.iter()
        .map(|cue| Cue {
            span: cue.span,
            text: NO_SPEECH.replace_all(&cue.text, " ").into_owned(),
        })
        .filter(|cue| !cue.text.trim().is_empty())
        .collect()
}

/// Captions count as punctuated where most words stand in sentences that have a stop and that a
/// mouth can speak.
fn is_punctuated(sentences: &[&str]) -> bool {
    const LONG_SENTENCE: usize = 60;
    let (mut spoken, mut all) = (0, 0);
    for sentence in sentences {
        let length = words(sentence);
        all += length;
        if has_stop(sentence) && length <= LONG_SENTENCE {
            spoken += length;
        }
    }
    spoken * 2 > all
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Language, inner_opening, units, without_heading};
    use crate::talk::transcript::{Cue, Span};

    fn cue(start: u64, end: u64, text: &str) -> Cue {
        let span = Span {
            start: Duration::from_millis(start),
            end: Duration::from_millis(end),
        };
        Cue {
            span: Some(span),
            text: text.to_owned(),
        }
    }

    fn texts(cues: &[Cue]) -> Vec<String> {
        units(cues, Some(Language::English))
            .into_iter()
            .map(|unit| unit.text)
            .collect()
    }

    #[test]
    fn unpunctuated_speech_is_cut_at_pauses() {
        let cues = [
            cue(0, 2000, "the garbage collector stops every thread in"),
            cue(2000, 3000, "the whole program"),
            cue(
                3900,
                6000,
                "our new one runs beside the program all the time",
            ),
        ];
        assert_eq!(
            texts(&cues),
            [
                "The garbage collector stops every thread in the whole program.",
                "Our new one runs beside the program all the time."
            ]
        );
    }

    #[test]
    fn speech_without_times_is_cut_where_a_thought_opens() {
        let text = "the old scheduler kept one queue for all of the cores and every core had to wait \
                    so we gave each core a queue of its own and let idle cores steal";
        let cue = Cue {
            span: None,
            text: text.to_owned(),
        };
        assert_eq!(
            texts(&[cue]),
            [
                "The old scheduler kept one queue for all of the cores and every core had to wait.",
                "We gave each core a queue of its own and let idle cores steal."
            ]
        );
    }

    #[test]
    fn headings_and_lost_stops_are_told_by_capitals() {
        for (said, kept) in [
            (
                "Agenda Today we look at queues.",
                "Today we look at queues.",
            ),
            (
                "Introduction I'm going to show a queue.",
                "I'm going to show a queue.",
            ),
            (
                "Lost messages (a story) The queue was full.",
                "The queue was full.",
            ),
            (
                "What I am going to show is a queue.",
                "What I am going to show is a queue.",
            ),
            ("In 2031 I was in Kyoto.", "In 2031 I was in Kyoto."),
            (
                "Queues In Practice is a book.",
                "Queues In Practice is a book.",
            ),
            (
                "Well, We Queue is a product.",
                "Well, We Queue is a product.",
            ),
        ] {
            assert_eq!(without_heading(said), kept);
        }
        assert!(inner_opening("The queue was full We lost a message.").is_some());
        assert!(inner_opening("The queue that I made is full.").is_none());
    }

    #[test]
    fn sentences_are_kept_and_sounds_and_names_dropped() {
        let cue = Cue {
            span: None,
            text: "[Music]\nSpeaker 1:\n\nThe index is small. It fits in memory.".to_owned(),
        };
        assert_eq!(texts(&[cue]), ["The index is small.", "It fits in memory."]);
    }
}
