//! Cuts a transcript into units that may stand as a sentence.
//!
//! Where the transcript has punctuation, its sentences are the units. Automatic captions have
//! neither stops nor capitals; `cuts` finds units in them, and how whole they are.

use std::sync::LazyLock;

use regex::Regex;

use crate::summarize::builtin::cuts::{Cut, cut};
use crate::summarize::builtin::ratio::ratio;
use crate::summarize::builtin::tidy::{has_stop, tidy};
use crate::summarize::language::Language;
use crate::summarize::sentences::{sentences, words};
use crate::talk::transcript::Cue;

/// Something that was said, tidied, and how far into the talk: 0 at the start, 1 at the end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub(super) text: String,
    pub(super) place: f64,
    /// How surely it starts and ends where a thought does; zero where nothing speaks against it.
    pub(super) wholeness: f64,
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
    let whole = |text: &&str| Cut {
        text: (*text).to_owned(),
        wholeness: 0.0,
    };
    let raw: Vec<Cut> = if is_punctuated(&sentences) {
        sentences.iter().map(whole).collect()
    } else {
        cut(&spoken, language)
    };
    let total: usize = raw.iter().map(|raw| raw.text.len()).sum();
    let mut before = 0;
    raw.into_iter()
        .map(|raw| {
            let place = ratio(before, total);
            before += raw.text.len();
            Unit {
                text: tidy(&raw.text, language),
                place,
                wholeness: raw.wholeness,
            }
        })
        .collect()
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

    use super::{Language, units};
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
    fn sentences_are_kept_and_sounds_and_names_dropped() {
        let cue = Cue {
            span: None,
            text: "[Music]\nSpeaker 1:\n\nThe index is small. It fits in memory.".to_owned(),
        };
        assert_eq!(texts(&[cue]), ["The index is small.", "It fits in memory."]);
    }
}
