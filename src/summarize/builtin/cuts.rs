//! Cuts captions that have neither stops nor capitals into units that may stand as a sentence.
//!
//! A unit runs from one place where a thought seems to open to a later one. In English each place
//! is weighed by `openings`, and every stretch between two good ones is a unit, be it within
//! another; of other languages only pauses and the most telling openings are known. Each unit is
//! told how whole it is. It promises order, not grammar.

use std::ops::Range;
use std::time::Duration;

use crate::summarize::builtin::clauses::{SpokenWord, roles};
use crate::summarize::builtin::openings::openings;
use crate::summarize::builtin::ratio::ratio;
use crate::summarize::builtin::tidy::{
    bare, is_filler, is_listed, is_listed_pair, opens_in_speech,
};
use crate::summarize::builtin::wholeness::wholeness;
use crate::summarize::sentences::words;
use crate::talk::language::{Language, is_function_word};
use crate::talk::transcript::Cue;

/// A unit as it was said, and how surely it starts and ends where a thought does: zero at best,
/// and lower where it seems to be cut or to hold two sentences.
pub(super) struct Cut {
    pub(super) text: String,
    pub(super) wholeness: f64,
    /// Where it stands among the words.
    pub(super) range: Range<usize>,
}

/// Cuts unpunctuated captions into units, in the order of speech.
pub(super) fn cut(cues: &[Cue], language: Option<Language>) -> Vec<Cut> {
    let said = timed_words(cues, language);
    if language != Some(Language::English) {
        return cut_at_openings(&said, telling_pause(&said));
    }
    let mut cuts = cut_between_openings(&said);
    if cuts.is_empty() {
        cuts = cut_at_openings(&said, telling_pause(&said));
        for cut in &mut cuts {
            cut.wholeness = BROKEN;
        }
    }
    cuts
}

/// A unit that was cut anywhere is torn.
const BROKEN: f64 = -3.0;

/// Cuts where a thought probably opens; of stretches that overlap the most whole one is a unit.
fn cut_between_openings(said: &[SpokenWord<'_>]) -> Vec<Cut> {
    const LIKELY: f64 = 0.2;
    const LENGTHS: Range<usize> = 8..31;
    /// What is less sure than this is not worth judging.
    const HOPELESS: f64 = -3.5;
    let openings = openings(said);
    let mut cuts: Vec<Cut> = Vec::new();
    for start in (0..said.len()).filter(|&at| openings[at] >= LIKELY) {
        let first = start
            + said[start..]
                .iter()
                .take_while(|w| opens_in_speech(w.text))
                .count();
        let mut within = openings[start].ln();
        for end in first + 1..=said.len().min(first + LENGTHS.end - 1) {
            let sureness = within + openings[end].ln();
            let is_unit = openings[end] >= LIKELY && end - first >= LENGTHS.start;
            if is_unit && sureness > HOPELESS {
                cuts.push(Cut {
                    text: text(&said[first..end]),
                    wholeness: sureness + wholeness(&said[first..end]),
                    range: first..end,
                });
            }
            within += (1.0 - openings[end]).ln();
            if within < HOPELESS {
                break;
            }
        }
    }
    cuts.sort_by(|a, b| b.wholeness.total_cmp(&a.wholeness));
    let mut is_taken = vec![false; said.len()];
    cuts.retain(|cut| {
        let is_free = !is_taken[cut.range.clone()].contains(&true);
        if is_free {
            is_taken[cut.range.clone()].fill(true);
        }
        is_free
    });
    cuts.sort_by_key(|cut| cut.range.start);
    cuts
}

fn text(unit: &[SpokenWord<'_>]) -> String {
    let words: Vec<&str> = unit.iter().map(|word| word.text).collect();
    words.join(" ")
}

/// Longer than the breath between two words.
pub(super) const BREATH: Duration = Duration::from_millis(250);

fn timed_words(cues: &[Cue], language: Option<Language>) -> Vec<SpokenWord<'_>> {
    let pauses = pauses(cues);
    let mut words = Vec::new();
    let (mut pause, mut hesitates) = (Duration::ZERO, false);
    for (cue, pause_before) in cues.iter().zip(pauses) {
        pause = pause.max(pause_before);
        for text in cue.text.split_whitespace() {
            if is_filler(text, language) {
                hesitates = true;
                continue;
            }
            words.push(SpokenWord {
                text,
                roles: roles(text),
                pause,
                hesitates,
            });
            (pause, hesitates) = (Duration::ZERO, false);
        }
    }
    words
}

/// Finds the silence before each cue.
///
/// Where cues follow each other without a gap, their times are those of the screen: then a cue
/// that was shown for much longer than its words take ends in silence.
fn pauses(cues: &[Cue]) -> Vec<Duration> {
    const FEW: usize = 50;
    let mut gaps = vec![Duration::ZERO; cues.len()];
    let mut silent_since: Option<Duration> = None;
    for (gap, cue) in gaps.iter_mut().zip(cues) {
        if let (Some(span), Some(since)) = (cue.span, silent_since) {
            *gap = span.start.saturating_sub(since);
        }
        silent_since = cue.span.map(|span| span.end).or(silent_since);
    }
    let telling = gaps.iter().filter(|&&gap| gap >= BREATH).count();
    if telling * FEW >= cues.len() {
        return gaps;
    }
    let length = |cue: &Cue| {
        cue.span
            .map_or(Duration::ZERO, |s| s.end.saturating_sub(s.start))
    };
    let letters = |cue: &Cue| {
        u32::try_from(cue.text.chars().count())
            .unwrap_or(u32::MAX)
            .max(1)
    };
    let mut paces: Vec<Duration> = cues.iter().map(|cue| length(cue) / letters(cue)).collect();
    paces.sort_unstable();
    let pace = paces.get(paces.len() / 2).copied().unwrap_or_default();
    for next in 1..cues.len() {
        let cue = &cues[next - 1];
        let surplus = length(cue).saturating_sub(pace.saturating_mul(letters(cue)));
        gaps[next] = gaps[next].max(surplus / 6);
    }
    gaps
}

/// Finds the pause that separates thoughts for this speaker: longer than half of all pauses, and
/// longer than a breath.
pub(super) fn telling_pause(words: &[SpokenWord<'_>]) -> Duration {
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

/// Cuts at pauses and before words that open a new thought.
fn cut_at_openings(said: &[SpokenWord<'_>], pause: Duration) -> Vec<Cut> {
    const PAUSED: usize = 5;
    const SHORT: usize = 7;
    const TOO_LONG: usize = 36;
    /// Each word more makes it likelier that another thought opens within.
    const EASY: usize = 14;
    let mut units = Vec::new();
    let mut unit: Vec<&str> = Vec::new();
    let mut length = 0;
    let mut is_whole = true;
    for (at, word) in said.iter().enumerate() {
        let next = said.get(at + 1).map_or("", |next| next.text);
        let ends = word.pause >= pause.saturating_mul(3)
            || opens_clause(&unit, word.text, next)
            || (length > PAUSED && word.pause >= pause)
            || (length > SHORT && opens_thought(word.text, next));
        let may_end = length > SHORT && is_listed(word.text, ADVERBS);
        if (ends || may_end || length >= TOO_LONG) && !unit.is_empty() {
            let is_finished = ends && unit.last().is_some_and(|last| !is_function_word(last));
            let doubt = -0.2 * ratio(length.saturating_sub(EASY), 1);
            units.push(Cut {
                text: unit.join(" "),
                wholeness: if is_whole && is_finished {
                    doubt
                } else {
                    BROKEN
                },
                range: at - unit.len()..at,
            });
            unit.clear();
            length = 0;
            is_whole = ends;
        }
        unit.push(word.text);
        length += words(word.text).max(1);
    }
    units.push(Cut {
        text: unit.join(" "),
        wholeness: if is_whole { 0.0 } else { BROKEN },
        range: said.len() - unit.len()..said.len(),
    });
    units
}

/// Words that open a thought as often as they stand within one.
const ADVERBS: &str = "now also jetzt dann maintenant ahora luego adesso agora";

/// Whether a new thought is likely here, in a unit that is long enough to end.
fn opens_thought(word: &str, next: &str) -> bool {
    const MARKERS: &str = "so okay ok aber deshalb außerdem donc alors mais ensuite entonces pero bueno quindi \
        allora então";
    const JOINED: &str = "and und et y e";
    const OPENERS: &str = "so dann wir ich das nous je puis nosotros luego entonces poi noi depois";
    is_listed(word, MARKERS) || (is_listed(word, JOINED) && is_listed(next, OPENERS))
}

/// Whether a main clause surely opens here: a subject and its verb, behind a word that can end
/// one, and not behind a few words that only set the scene ("im Vortrag …").
fn opens_clause(unit: &[&str], word: &str, next: &str) -> bool {
    const SUBJECTS: &str = "ich wir es";
    const VERBS: &str = "will was werde möchte haben wollen gibt geht";
    const PAIRS: &str = "heute geht|heute möchte|heute will|heute zeige";
    const SCENE_SETTERS: &str = "in at on im bei wenn nach";
    const SCENE: usize = 9;
    let Some((&first, &last)) = unit.first().zip(unit.last()) else {
        return false;
    };
    let sets_scene = unit.len() < SCENE && is_listed(first, SCENE_SETTERS);
    let opens =
        (is_listed(word, SUBJECTS) && is_listed(next, VERBS)) || is_listed_pair(word, next, PAIRS);
    opens && !sets_scene && !is_function_word(bare(last))
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Language, timed_words};
    use crate::summarize::builtin::wholeness::wholeness;
    use crate::talk::transcript::Cue;

    fn untimed(text: &str) -> [Cue; 1] {
        [Cue {
            span: None,
            text: text.to_owned(),
        }]
    }

    /// How whole it is what was said without a pause.
    pub(in super::super) fn wholeness_of(text: &str) -> f64 {
        wholeness(&timed_words(&untimed(text), Some(Language::English)))
    }
}
