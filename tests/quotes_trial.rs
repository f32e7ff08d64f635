//! A trial of the alignment of quotes on real talks: honest quotes, honest ones with what a reader
//! would put right, and false ones of seven kinds that pure code makes.
//!
//! The talks lie in `../shared/data/talks`; where they are absent the trial says so and passes. It
//! prints what is found: `cargo test --test quotes_trial -- --nocapture`.

mod shared;

use std::fs;
use std::time::Duration;

use proceedings::testing::{CaptionKind, Cue, Span, SpokenWords, Transcript};
use serde_json::Value;

use crate::shared::shared;

/// How many words a cue has, and how long it is in seconds.
const CUE: (usize, u64) = (10, 4);
const QUOTE: usize = 14;

struct Spoken {
    words: Vec<String>,
    index: SpokenWords,
}

fn talks() -> Option<Vec<Spoken>> {
    let file = shared("data/talks/videos/bitcointranscripts.jsonl")?;
    let text = fs::read_to_string(file).expect("the file is there");
    let talk = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("each line is JSON");
        let text = line["captions"][0]["text"].as_str().expect("it is text");
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let cue = |(at, words): (u64, &[String])| Cue {
            span: Some(Span {
                start: Duration::from_secs(at * CUE.1),
                end: Duration::from_secs((at + 1) * CUE.1),
            }),
            text: words.join(" "),
        };
        let cues = (0..).zip(words.chunks(CUE.0)).map(cue).collect();
        let index = SpokenWords::of(&Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            cues,
        });
        Spoken { words, index }
    };
    Some(text.lines().map(talk).collect())
}

/// Places spread over a talk, others with each seed.
fn places(talk: &Spoken, count: usize, seed: usize) -> Vec<usize> {
    let room = talk.words.len() - 2 * QUOTE;
    (0..count)
        .map(|at| (at * room / count + seed * 37 + 11) % room)
        .collect()
}

/// What a reader puts right: case, signs, and a word that was written as it sounded.
fn put_right(words: &[String]) -> String {
    let respelled = |(at, word): (usize, &String)| match at % 5 {
        2 if word.contains("ph") => word.replace("ph", "f"),
        2 if word.contains("ck") => word.replace("ck", "k"),
        2 if word.contains("ee") => word.replace("ee", "ea"),
        _ => word.to_uppercase(),
    };
    let words: Vec<String> = words.iter().enumerate().map(respelled).collect();
    format!("“{}”", words.join(", "))
}

#[test]
fn honest_quotes_lead_to_where_they_are_said() {
    let Some(talks) = talks() else { return };
    for kind in ["verbatim", "put right"] {
        let (mut all, mut linked, mut wrong) = (0, 0, 0);
        for (seed, talk) in talks.iter().enumerate() {
            for place in places(talk, 5, seed) {
                let words = &talk.words[place..place + QUOTE];
                let quote = if kind == "verbatim" {
                    words.join(" ")
                } else {
                    put_right(words)
                };
                all += 1;
                let Some(found) = talk.index.align(&quote) else {
                    continue;
                };
                let cue = u64::try_from(place / CUE.0).expect("it is small");
                let is_right = (found.span.start.as_secs() / CUE.1).abs_diff(cue) <= 1;
                linked += usize::from(is_right);
                wrong += usize::from(!is_right);
            }
        }
        eprintln!(
            "{kind}: {linked} of {all} linked right, {wrong} wrong, in {} talks",
            talks.len()
        );
        assert!(linked * 100 >= all * 95, "{kind}: {linked} of {all}");
        assert!(wrong * 100 <= all, "{kind}: {wrong} of {all}");
    }
}

#[test]
fn no_false_quote_becomes_a_link() {
    let Some(talks) = talks() else { return };
    let (mut all, mut linked) = (0, Vec::new());
    for (seed, talk) in talks.iter().enumerate() {
        let other = &talks[(seed + 7) % talks.len()];
        for place in places(talk, 3, seed + 3) {
            let words = &talk.words[place..place + QUOTE];
            for (kind, quote) in falsified(talk, other, place, words) {
                all += 1;
                if let Some(found) = talk.index.align(&quote) {
                    linked.push(format!("{kind}: {quote}\n    > {}", found.quote));
                }
            }
        }
    }
    eprintln!(
        "{} of {all} false quotes became a link\n{}",
        linked.len(),
        linked.join("\n")
    );
    assert!(all >= 100, "{all}");
    assert!(linked.is_empty(), "{} of {all}", linked.len());
}

fn falsified(
    talk: &Spoken,
    other: &Spoken,
    place: usize,
    words: &[String],
) -> Vec<(&'static str, String)> {
    let half = QUOTE / 2;
    let away = (place + talk.words.len() / 2) % (talk.words.len() - QUOTE);
    let elsewhere = place % (other.words.len() - QUOTE);
    let spliced = [&words[..half], &talk.words[away..away + half]].concat();
    let mut shuffled = words.to_vec();
    shuffled.reverse();
    shuffled.rotate_left(3);
    let mut negated = words.to_vec();
    negated.insert(half, "not".to_owned());
    let mut numbered = words.to_vec();
    numbered.insert(half, "4711".to_owned());
    let mut quotes = vec![
        (
            "another talk",
            other.words[elsewhere..elsewhere + QUOTE].join(" "),
        ),
        ("spliced", spliced.join(" ")),
        ("shuffled", shuffled.join(" ")),
        ("negated", negated.join(" ")),
        ("a number more", numbered.join(" ")),
        (
            "invented",
            format!("penguins of antarctica vote yearly on harbour tariffs near glacier {place}"),
        ),
    ];
    // A number that is said, changed.
    let number = words
        .iter()
        .position(|word| word.contains(|c: char| c.is_ascii_digit()));
    if let Some(at) = number {
        let mut changed = words.to_vec();
        "90817".clone_into(&mut changed[at]);
        quotes.push(("another number", changed.join(" ")));
    }
    quotes
}
