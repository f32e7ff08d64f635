//! The place of a sentence in a meeting, and whether the meeting supports it.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use proceedings::testing::{
    CaptionKind, Cue, Evidence, Sought, Span, SpokenWords, Transcript, sentences,
};
use serde_json::Value;

use crate::{lines, print, share};

pub(super) fn measure(folder: &Path) {
    located(folder);
    supported(folder);
}

/// Turns of a meeting as cues, each a second long, so that a time tells the turn.
fn spoken(turns: &Value) -> SpokenWords {
    let cue = |(at, turn): (u64, &Value)| Cue {
        span: Some(Span {
            start: Duration::from_secs(at),
            end: Duration::from_secs(at + 1),
        }),
        text: turn.as_str().unwrap_or_default().to_owned(),
    };
    SpokenWords::of(&Transcript {
        language: Some("en".to_owned()),
        kind: CaptionKind::Manual,
        cues: (0..)
            .zip(turns.as_array().into_iter().flatten())
            .map(cue)
            .collect(),
    })
}

/// Whether a place meets one of the turns that the answer rests on.
///
/// `located` names a place for every sentence, by its words and by those that stand beside it in the
/// answer; `located-alone` by its own words only. `located-at-default` may refuse, as the page does,
/// and a refusal counts as a miss; `located-in-another-meeting` is the other side of that threshold.
/// In `located-beside-another` each sentence stands beside one that is about other turns: what is
/// beside it leads astray there, and is to do little harm.
fn located(folder: &Path) {
    let Some(meetings) = lines(&folder.join("grounding/qmsum.jsonl")) else {
        return;
    };
    let all_spoken: Vec<SpokenWords> = meetings
        .iter()
        .map(|meeting| spoken(&meeting["turns"]))
        .collect();
    let mut tally = Located::default();
    for (at, meeting) in meetings.iter().enumerate() {
        // Nothing that is said of one meeting has a place in the next.
        let other = &all_spoken[(at + 1) % all_spoken.len()];
        let answers = meeting["answers"].as_array().map_or(&[][..], Vec::as_slice);
        for answer in answers {
            let elsewhere = answers.iter().find(|other| !overlap(answer, other));
            tally.count(answer, elsewhere, &all_spoken[at], other);
        }
    }
    tally.print();
}

/// Of how many sentences the place is found.
#[derive(Default)]
struct Located {
    all: usize,
    beside: usize,
    alone: usize,
    at_default: usize,
    in_another: usize,
    with_elsewhere: usize,
    beside_another: usize,
}

impl Located {
    fn count(
        &mut self,
        answer: &Value,
        elsewhere: Option<&Value>,
        spoken: &SpokenWords,
        other: &SpokenWords,
    ) {
        let meets =
            |found: Option<Evidence>| usize::from(found.is_some_and(|found| meets(answer, &found)));
        let sentences = sentences(text(answer));
        for (at, &sentence) in sentences.iter().enumerate() {
            let others = [&sentences[..at], &sentences[at + 1..]].concat().join(" ");
            let beside = &*others;
            let sought = Sought { sentence, beside };
            self.all += 1;
            self.beside += meets(spoken.nearest(sought));
            self.alone += meets(spoken.nearest(sentence));
            self.at_default += meets(spoken.locate(sought));
            self.in_another += usize::from(other.locate(sought).is_some());
            let first = elsewhere.and_then(|other| first_sentence(text(other)));
            if let Some(beside) = first {
                self.with_elsewhere += 1;
                self.beside_another += meets(spoken.nearest(Sought { sentence, beside }));
            }
        }
    }

    fn print(&self) {
        let of_all = |measure, count| print(measure, share(count, self.all), self.all);
        of_all("located", self.beside);
        of_all("located-alone", self.alone);
        of_all("located-at-default", self.at_default);
        of_all("located-in-another-meeting", self.in_another);
        print(
            "located-beside-another",
            share(self.beside_another, self.with_elsewhere),
            self.with_elsewhere,
        );
    }
}

fn text(answer: &Value) -> &str {
    answer["answer"].as_str().unwrap_or_default()
}

fn first_sentence(text: &str) -> Option<&str> {
    sentences(text).into_iter().next()
}

/// The turns that an answer rests on, the first and the last of each row of them.
fn turns(answer: &Value) -> impl Iterator<Item = (u64, u64)> {
    let spans = answer["spans"].as_array().into_iter().flatten();
    spans.filter_map(|span| Some((span[0].as_u64()?, span[1].as_u64()?)))
}

/// Whether two answers rest on turns that they share.
fn overlap(answer: &Value, other: &Value) -> bool {
    turns(answer)
        .any(|(start, end)| turns(other).any(|(first, last)| start <= last && first <= end))
}

fn meets(answer: &Value, found: &Evidence) -> bool {
    let (start, end) = (found.span.start.as_secs(), found.span.end.as_secs());
    turns(answer).any(|(first, last)| start <= last && first < end)
}

/// A sentence that people judged.
struct Judged {
    meeting: String,
    score: f64,
    /// Whether the product says that it is supported.
    at_default: bool,
    supported: bool,
}

/// For each meeting the threshold is chosen on the sentences of all other meetings.
fn supported(folder: &Path) {
    let Some(excerpts) = lines(&folder.join("grounding/dia-sum-fact.jsonl")) else {
        return;
    };
    let mut judged = Vec::new();
    for excerpt in &excerpts {
        let spoken = spoken(&excerpt["utterances"]);
        let id = excerpt["id"].as_str().unwrap_or_default();
        for sentence in excerpt["sentences"].as_array().into_iter().flatten() {
            let text = sentence["sentence"].as_str().unwrap_or_default();
            judged.push(Judged {
                meeting: id.split('-').next().unwrap_or(id).to_owned(),
                score: spoken.support(text),
                at_default: spoken.supports(text),
                supported: sentence["supported"].as_bool().unwrap_or_default(),
            });
        }
    }
    let mut verdicts: Vec<(bool, bool)> = Vec::new();
    let meetings: BTreeSet<&str> = judged.iter().map(|judged| &*judged.meeting).collect();
    for meeting in meetings {
        let is_here = |judged: &&Judged| judged.meeting == meeting;
        let others: Vec<&Judged> = judged.iter().filter(|judged| !is_here(judged)).collect();
        let threshold = best_threshold(&others);
        let here = judged.iter().filter(is_here);
        verdicts.extend(here.map(|judged| (judged.score >= threshold, judged.supported)));
    }
    let at_default = judged
        .iter()
        .map(|judged| (judged.at_default, judged.supported));
    let at_default: Vec<(bool, bool)> = at_default.collect();
    let all = judged.len();
    print("supported-balanced-accuracy", balanced(&verdicts), all);
    print(
        "false-alarms-in-100-sentences",
        false_alarms(&verdicts),
        all,
    );
    print("supported-at-default", balanced(&at_default), all);
    print("false-alarms-at-default", false_alarms(&at_default), all);
}

/// How many of 100 sentences are supported and said not to be.
fn false_alarms(verdicts: &[(bool, bool)]) -> f64 {
    let alarms = verdicts.iter().filter(|verdict| **verdict == (false, true));
    100.0 * share(alarms.count(), verdicts.len())
}

/// The mean of the thresholds that are nearly as good as the best one, which is often an accident.
fn best_threshold(judged: &[&Judged]) -> f64 {
    /// How much less accuracy is nearly as good.
    const NEARLY: f64 = 0.01;
    let accuracy = |threshold: f64| {
        let verdict = |judged: &&Judged| (judged.score >= threshold, judged.supported);
        balanced(&judged.iter().map(verdict).collect::<Vec<_>>())
    };
    let tried: Vec<(f64, f64)> = judged
        .iter()
        .map(|judged| (judged.score, accuracy(judged.score)))
        .collect();
    let best = tried.iter().map(|(_, accuracy)| *accuracy);
    let best = best.fold(0.0, f64::max);
    let mut good: Vec<f64> = tried
        .into_iter()
        .filter(|(_, accuracy)| *accuracy >= best - NEARLY)
        .map(|(threshold, _)| threshold)
        .collect();
    good.sort_by(f64::total_cmp);
    good.dedup();
    good.iter().sum::<f64>() / f64::from(u32::try_from(good.len()).expect("benchmarks are small"))
}

/// The mean of how many are told right of each kind.
fn balanced(verdicts: &[(bool, bool)]) -> f64 {
    let right = |kind: bool| {
        let of_kind: Vec<_> = verdicts
            .iter()
            .filter(|(_, truth)| *truth == kind)
            .collect();
        let right = of_kind
            .iter()
            .filter(|(verdict, _)| *verdict == kind)
            .count();
        share(right, of_kind.len())
    };
    f64::midpoint(right(true), right(false))
}
