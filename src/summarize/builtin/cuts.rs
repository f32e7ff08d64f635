//! Cuts captions that have neither stops nor capitals into units that may stand as a sentence.
//!
//! A unit ends at a pause or where the next words open a new thought. English captions are cut by
//! clause, and each unit is told how whole it is; of other languages only the most telling
//! openings are known. It promises order, not grammar.

use std::ops::Range;
use std::time::Duration;

use crate::summarize::builtin::clauses::{Opening, Reader, SpokenWord, WordRole, asks, roles};
use crate::summarize::builtin::ratio::ratio;
use crate::summarize::builtin::tidy::{bare, is_filler, is_listed, is_listed_pair};
use crate::summarize::language::{Language, is_function_word};
use crate::summarize::sentences::words;
use crate::talk::transcript::Cue;

/// A unit as it was said, and how surely it starts and ends where a thought does: above zero
/// where pauses say so, below where it seems to be cut or to hold two sentences.
pub(super) struct Cut {
    pub(super) text: String,
    pub(super) wholeness: f64,
}

/// Cuts unpunctuated captions into units, in the order of speech.
pub(super) fn cut(cues: &[Cue], language: Option<Language>) -> Vec<Cut> {
    let said = timed_words(cues, language);
    let pause = telling_pause(&said);
    if language != Some(Language::English) {
        return cut_at_openings(&said, pause);
    }
    let mut starts: Vec<usize> = (0..said.len())
        .filter(|&at| at == 0 || parts(&said[at - 1], &said[at], pause))
        .collect();
    starts.push(said.len());
    starts
        .windows(2)
        .flat_map(|ends| cut_at_clauses(&said[ends[0]..ends[1]]))
        .collect()
}

/// Whether the pause before a word parts thoughts: a short one only where the words agree.
fn parts(before: &SpokenWord<'_>, word: &SpokenWord<'_>, pause: Duration) -> bool {
    let is_finished = before.can_end() || before.is(WordRole::Joint);
    let words_agree = is_finished && !word.is(WordRole::Continuer);
    word.pause >= pause.saturating_mul(3)
        || (word.pause >= pause && is_finished)
        || (word.pause >= BREATH && words_agree)
}

/// Cuts what was said without a pause where clauses open; behind "and" only where it gets long.
fn cut_at_clauses(said: &[SpokenWord<'_>]) -> Vec<Cut> {
    const SHORT: usize = 8;
    let mut reader = Reader::new(said, 0);
    let mut cuts = Vec::new();
    let (mut start, mut doubts, mut joints) = (0, 0, Vec::new());
    for at in 0..=said.len() {
        let opening = if at < said.len() {
            reader.opening(at)
        } else {
            Opening::Sure
        };
        match opening {
            Opening::None => {}
            Opening::Doubtful => doubts += 1,
            Opening::Joined => joints.push(at),
            Opening::Sure => {
                joints.push(at);
                let mut from = start;
                for (nth, &joint) in joints.iter().enumerate() {
                    let is_last = nth + 1 == joints.len();
                    let is_long = at - from > LONG && joint - from >= SHORT && at - joint >= SHORT;
                    if is_last || is_long {
                        cuts.push(judge(said, from..joint, doubts));
                        from = joint;
                    }
                }
                (start, doubts) = (at, 0);
                joints.clear();
            }
        }
    }
    cuts
}

/// Judges a unit by what it starts, holds and ends with.
fn judge(said: &[SpokenWord<'_>], range: Range<usize>, doubts: usize) -> Cut {
    // A finding is told in the present more often than an anecdote, and is not about a person.
    const ANECDOTES: &str = "i i'd i've my me she he her his him somebody";
    const PAST: &str = "was were had went came said asked got did started";
    let unit = &said[range.clone()];
    let text: Vec<&str> = unit.iter().map(|word| word.text).collect();
    let text = text.join(" ");
    let reader = Reader::new(unit, 0);
    let clauses = reader.clauses();
    let first = unit
        .iter()
        .take_while(|word| word.is(WordRole::Joint))
        .count();
    let opens = |role| unit.get(first).is_some_and(|word| word.is(role));
    let is_subordinate = opens(WordRole::Subordinator) && reader.opens(first + 1);
    let flaws = [
        opens(WordRole::Continuer) && !opens(WordRole::Scene),
        asks(unit, first),
        clauses <= usize::from(is_subordinate),
        !unit.last().is_some_and(SpokenWord::can_end),
        !reader.has_early_verb() && !opens(WordRole::Scene),
    ];
    let flaws = flaws.into_iter().filter(|&is_flaw| is_flaw).count();
    let paused = [range.start == 0, range.end == said.len()];
    let count = |list| {
        let listed = unit.iter().filter(|word| is_listed(word.text, list));
        ratio(listed.count().min(3), 1)
    };
    let wholeness = [
        (0.3, f64::from(paused[0]) + f64::from(paused[1])),
        (-1.5, ratio(flaws, 1)),
        (-0.5, ratio(doubts, 1)),
        (-0.3, f64::from(unit.len() > LONG)),
        (-0.15, ratio(clauses.saturating_sub(2), 1)),
        (-0.25, count(ANECDOTES)),
        (-0.2, count(PAST)),
    ];
    Cut {
        text,
        wholeness: wholeness
            .iter()
            .map(|(weight, extent)| weight * extent)
            .sum(),
    }
}

/// More words than this are hard to follow without a comma.
const LONG: usize = 28;

/// Longer than the breath between two words.
const BREATH: Duration = Duration::from_millis(250);

fn timed_words(cues: &[Cue], language: Option<Language>) -> Vec<SpokenWord<'_>> {
    let mut words = Vec::new();
    let mut silent_since: Option<Duration> = None;
    for cue in cues {
        let pause = match (cue.span, silent_since) {
            (Some(span), Some(since)) => span.start.saturating_sub(since),
            _ => Duration::ZERO,
        };
        let spoken = |word: &&str| !is_filler(word, language);
        for (at, text) in cue.text.split_whitespace().filter(spoken).enumerate() {
            words.push(SpokenWord {
                text,
                roles: roles(text),
                pause: if at == 0 { pause } else { Duration::ZERO },
            });
        }
        silent_since = cue.span.map(|span| span.end).or(silent_since);
    }
    words
}

/// Finds the pause that separates thoughts for this speaker: longer than half of all pauses, and
/// longer than a breath.
fn telling_pause(words: &[SpokenWord<'_>]) -> Duration {
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
    const BROKEN: f64 = -0.5;
    const PAUSED: usize = 5;
    const SHORT: usize = 7;
    const TOO_LONG: usize = 36;
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
            units.push(Cut {
                text: unit.join(" "),
                wholeness: if is_whole && is_finished { 0.0 } else { BROKEN },
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
    });
    units
}

/// Whether a new thought is likely here, in a unit that is long enough to end.
fn opens_thought(word: &str, next: &str) -> bool {
    const MARKERS: &str = "so now okay ok also aber jetzt dann deshalb außerdem donc alors mais \
        maintenant ensuite entonces pero ahora bueno luego quindi allora adesso então agora";
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
    use super::{Cut, Language, cut};
    use crate::talk::transcript::Cue;

    fn cuts(text: &str, language: Language) -> Vec<Cut> {
        let cue = Cue {
            span: None,
            text: text.to_owned(),
        };
        cut(&[cue], Some(language))
    }

    /// Cuts what was said without a pause.
    pub(in super::super) fn cut_text(text: &str, language: Language) -> Vec<String> {
        let cuts = cuts(text, language);
        cuts.into_iter().map(|cut| cut.text).collect()
    }

    #[test]
    fn whole_sentence_is_preferred() {
        let wholeness = |text| cuts(text, Language::English)[0].wholeness;
        let whole = wholeness("the compiler checks every loan before the program runs");
        for lesser in [
            "the compiler checks every loan before the",
            "because the compiler checks every loan",
            "every kind of loan in the program",
            "why does the compiler check every loan",
            "of which the compiler checks every loan",
            "my compiler was told that I had a loan",
        ] {
            assert!(wholeness(lesser) < whole, "{lesser}");
        }
    }
}
