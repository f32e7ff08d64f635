//! Cuts a transcript into units that may stand as a sentence.
//!
//! Where the transcript has punctuation, its sentences are the units. Automatic captions have
//! neither stops nor capitals: there a unit ends at a pause or where the next words open a new
//! thought. It promises order, not grammar: whether a unit is whole is told as far as it can be.

use std::{sync::LazyLock, time::Duration};

use regex::Regex;

use crate::{
    summarize::{
        builtin::tidy::{bare, has_stop, is_listed, is_listed_pair, tidy},
        language::{Language, is_function_word},
        sentences::{sentences, words},
    },
    talk::Cue,
};

/// Something that was said, tidied, and how far into the talk: 0 at the start, 1 at the end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub(super) text: String,
    pub(super) place: f64,
    /// Whether it starts and ends where a thought does, as far as that can be told.
    pub(super) is_whole: bool,
}

/// A unit before it is tidied.
struct Raw {
    text: String,
    is_whole: bool,
}

/// Cuts a transcript into units, in the order of speech.
pub(super) fn units(cues: &[Cue], language: Option<Language>) -> Vec<Unit> {
    let spoken = spoken(cues);
    let text = spoken
        .iter()
        .map(|cue| cue.text.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let sentences = sentences(&text);
    let whole = |text: &&str| Raw {
        text: (*text).to_owned(),
        is_whole: true,
    };
    let raw: Vec<Raw> = if is_punctuated(&sentences) {
        sentences.iter().map(whole).collect()
    } else {
        cut(&spoken)
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
                is_whole: raw.is_whole,
            }
        })
        .collect()
}

/// Divides two counts; nothing divided by nothing is nothing.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words and bytes stay far below 2^52"
)]
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Drops sound marks ("[Music]", "♪") and the names of who speaks ("Speaker 2:", ">>").
fn spoken(cues: &[Cue]) -> Vec<Cue> {
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

/// A word of unpunctuated captions, and the silence before it.
struct Word<'a> {
    text: &'a str,
    pause: Duration,
}

/// Cuts unpunctuated captions at pauses and before words that open a new thought.
fn cut(cues: &[Cue]) -> Vec<Raw> {
    const PAUSED: usize = 5;
    const SHORT: usize = 7;
    const TOO_LONG: usize = 36;
    let said = timed_words(cues);
    let pause = telling_pause(&said);
    let mut units = Vec::new();
    let mut unit: Vec<&str> = Vec::new();
    let mut length = 0;
    let mut is_whole = true;
    for (at, word) in said.iter().enumerate() {
        let next = said.get(at + 1).map_or("", |next| next.text);
        let is_long_pause = word.pause >= pause.saturating_mul(3);
        let ends = is_long_pause
            || opens_clause(&unit, word.text, next)
            || (length > PAUSED && word.pause >= pause)
            || (length > SHORT && opens_thought(word.text, next));
        if (ends || length >= TOO_LONG) && !unit.is_empty() {
            let is_finished = ends && unit.last().is_some_and(|last| !is_function_word(last));
            units.push(Raw {
                text: unit.join(" "),
                is_whole: is_whole && is_finished,
            });
            unit.clear();
            length = 0;
            is_whole = ends;
        }
        unit.push(word.text);
        length += words(word.text).max(1);
    }
    units.push(Raw {
        text: unit.join(" "),
        is_whole,
    });
    units
}

fn timed_words(cues: &[Cue]) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut silent_since: Option<Duration> = None;
    for cue in cues {
        let pause = match (cue.span, silent_since) {
            (Some(span), Some(since)) => span.start.saturating_sub(since),
            _ => Duration::ZERO,
        };
        for (at, text) in cue.text.split_whitespace().enumerate() {
            words.push(Word {
                text,
                pause: if at == 0 { pause } else { Duration::ZERO },
            });
        }
        silent_since = cue.span.map(|span| span.end).or(silent_since);
    }
    words
}

/// Finds the pause that separates thoughts for this speaker: longer than half of all pauses, and
/// longer than a breath.
fn telling_pause(words: &[Word<'_>]) -> Duration {
    const BREATH: Duration = Duration::from_millis(250);
    let mut pauses: Vec<Duration> = words
        .iter()
        .map(|word| word.pause)
        .filter(|&pause| pause >= BREATH)
        .collect();
    pauses.sort_unstable();
    pauses
        .get(pauses.len() / 2)
        .copied()
        .unwrap_or(Duration::MAX / 4)
        .max(BREATH)
}

/// Whether a new thought is likely here, in a unit that is long enough to end.
fn opens_thought(word: &str, next: &str) -> bool {
    const MARKERS: &str = "so now okay ok but well alright however also finally anyway basically \
        aber jetzt dann deshalb außerdem donc alors mais maintenant ensuite entonces pero ahora \
        bueno luego quindi allora adesso então agora";
    const JOINED: &str = "and und et y e";
    const OPENERS: &str = "so then this that's we i it's the if in what dann wir ich das nous je \
        puis nosotros luego entonces poi noi depois";
    is_listed(word, MARKERS) || (is_listed(word, JOINED) && is_listed(next, OPENERS))
}

/// Whether a main clause surely opens here: a subject and its verb, behind a word that can end
/// one. Behind a function word ("what we have") the clause belongs to what stands before it, and
/// so it does behind a few words that only set the scene ("in this talk we …").
fn opens_clause(unit: &[&str], word: &str, next: &str) -> bool {
    const ALONE: &str = "i'm i'll we're we'll it's there's that's let's they're here's";
    const SUBJECTS: &str = "i we it this that there these they you ich wir es";
    const VERBS: &str = "am are is was were will want have need can could would should think \
        decided started werde möchte haben wollen gibt geht";
    const PAIRS: &str = "today i|today i'm|today i'll|today we|today we're|today we'll|\
        in general|in summary|in conclusion|when we|when you|if we|if you|what is|what are|why is|\
        why are|how do|how does|the idea|the problem|the goal|the reason|the challenge|\
        the question|the answer|my talk|my name|this talk|this session|this presentation|let me|\
        heute geht|heute möchte|heute will|heute zeige";
    const CLOSERS: &str = "again here it now right them there today together too";
    const SCENE_SETTERS: &str = "in at on for with when if after before as while since once during \
        today because first im bei wenn nach";
    const SCENE: usize = 9;
    let Some((&first, &last)) = unit.first().zip(unit.last()) else {
        return false;
    };
    let sets_scene = unit.len() < SCENE && is_listed(first, SCENE_SETTERS);
    let can_end = !is_function_word(bare(last)) || is_listed(last, CLOSERS);
    can_end
        && !sets_scene
        && (is_listed(word, ALONE)
            || (is_listed(word, SUBJECTS) && is_listed(next, VERBS))
            || is_listed_pair(word, next, PAIRS))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Language, units};
    use crate::talk::{Cue, Span};

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
