//! Finds a quote among the words that were spoken.
//!
//! One run of words that follow each other must be the quote from end to end: the cheapest way of
//! turning the run into the quote is found as Needleman and Wunsch do it, with both ends of the
//! run free (Sellers' approximate matching). A word that only sounds like another costs little,
//! since who quotes puts what was misheard right; words that are written apart or as one cost
//! nothing. A number or a negation that the other side lacks cannot be paid for.

use std::collections::HashMap;
use std::ops::Range;

use crate::evidence::words::{FoldedWord, WordKind, words};
use crate::evidence::{CueWord, SpokenWords};
use crate::sound::Reading;
use crate::talk::evidence::{Evidence, FoundBy};

/// How alike a quote and what was said are at least, by the weight of their words.
const ALIKE: f64 = 0.8;
/// How many words of a quote must be told by spelling alone before it is looked at more closely.
const SEED: f64 = 0.5;
/// How many words a quote has at least; two letters of a script without spaces count as one.
const FEWEST_WORDS: f64 = 5.0;
/// And how much they weigh: "and then it is a bit of a" is said everywhere.
const LEAST_WEIGHT: f64 = 3.5;
/// A longer text is no quote.
const MOST_WORDS: usize = 120;
/// Words that are written apart in one text and as one in another.
const MOST_PARTS: usize = 3;

impl SpokenWords {
    /// Finds where a quote is said; none where it is not, where it is too short to tell its place,
    /// or where no time is known.
    #[must_use]
    pub fn align(&self, quote: &str) -> Option<Evidence> {
        let quote = words(quote, self.language);
        let quote: Vec<FoldedWord> = quote
            .into_iter()
            .filter(|word| word.kind != WordKind::Filler)
            .collect();
        if !tells_its_place(&quote) {
            return None;
        }
        let weight: f64 = quote.iter().map(FoldedWord::weight).sum();
        let most = (1.0 - ALIKE) * weight;
        let runs = self.candidates(&quote, weight).into_iter();
        let best = runs
            .filter_map(|range| cheapest_run(&quote, &self.words[range.clone()], range.start))
            .filter(|run| run.cost <= most)
            // The first of those that are as good.
            .min_by(|a, b| a.cost.total_cmp(&b.cost))?;
        self.evidence(best.words, FoundBy::Quote)
    }

    /// The stretches that have so many of the quote's words that it may be there.
    fn candidates(&self, quote: &[FoldedWord], weight: f64) -> Vec<Range<usize>> {
        let length = quote.len() + quote.len() / 2 + 4;
        let mut wanted: HashMap<&str, (usize, f64)> = HashMap::new();
        for word in quote {
            let (count, _) = wanted.entry(&word.folded).or_insert((0, word.weight()));
            *count += 1;
        }
        let mut stretches: Vec<Range<usize>> = Vec::new();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut shared = 0.0;
        for (at, CueWord { word, .. }) in self.words.iter().enumerate() {
            if let Some((most, weight)) = wanted.get(&*word.folded) {
                let count = counts.entry(&word.folded).or_default();
                *count += 1;
                if *count <= *most {
                    shared += weight;
                }
            }
            if let Some(before) = at.checked_sub(length) {
                let left = &*self.words[before].word.folded;
                if let Some((most, weight)) = wanted.get(left) {
                    let count = counts.entry(left).or_default();
                    if *count <= *most {
                        shared -= weight;
                    }
                    *count -= 1;
                }
            }
            if shared + 1e-9 < SEED * weight {
                continue;
            }
            // A few words more on either side: the ends may only sound alike.
            let start = (at + 1).saturating_sub(length + MOST_PARTS);
            let end = (at + 1 + length / 2).min(self.words.len());
            match stretches.last_mut() {
                Some(last) if last.end >= start => last.end = end,
                _ => stretches.push(start..end),
            }
        }
        stretches
    }
}

/// Whether there is enough of a quote to be found by.
fn tells_its_place(quote: &[FoldedWord]) -> bool {
    let size = |word: &FoldedWord| {
        if word.kind == WordKind::Letter {
            0.5
        } else {
            1.0
        }
    };
    let size: f64 = quote.iter().map(size).sum();
    let mut different: Vec<(&str, f64)> = quote
        .iter()
        .map(|word| (&*word.folded, word.weight()))
        .collect();
    different.sort_by_key(|(word, _)| *word);
    different.dedup_by_key(|(word, _)| *word);
    let weight: f64 = different.iter().map(|(_, weight)| weight).sum();
    size >= FEWEST_WORDS && weight >= LEAST_WEIGHT && quote.len() <= MOST_WORDS
}

/// A run of spoken words, and what it costs to turn it into the quote.
struct PricedRun {
    words: Range<usize>,
    cost: f64,
}

/// A way of turning words that end here into the head of the quote.
#[derive(Clone, Copy)]
struct Way {
    cost: f64,
    start: usize,
}

/// The run among some spoken words that is turned into the quote at the least cost.
fn cheapest_run(quote: &[FoldedWord], spoken: &[CueWord], offset: usize) -> Option<PricedRun> {
    let said: Vec<&FoldedWord> = spoken.iter().map(|spoken| &spoken.word).collect();
    let mut likenesses = Likenesses::default();
    let free = |start| Way { cost: 0.0, start };
    let none = Way {
        cost: f64::INFINITY,
        start: 0,
    };
    let mut table: Vec<Vec<Way>> = vec![(0..=said.len()).map(free).collect()];
    for i in 1..=quote.len() {
        let mut row = vec![none; said.len() + 1];
        for j in 0..=said.len() {
            let mut best = none;
            let mut consider = |from: Way, cost: f64| {
                let cost = from.cost + cost;
                if cost < best.cost {
                    best = Way {
                        cost,
                        start: from.start,
                    };
                }
            };
            consider(table[i - 1][j], surplus_cost(quote, i - 1));
            if j > 0 {
                consider(row[j - 1], skip_cost(&said, j - 1));
                let cost = likenesses.exchange_cost(&quote[i - 1], said[j - 1]);
                consider(table[i - 1][j - 1], cost);
            }
            for parts in 2..=MOST_PARTS.min(j) {
                let apart = said[j - parts..j].iter().copied();
                let cost = likenesses.joined_cost(&quote[i - 1], apart);
                consider(table[i - 1][j - parts], cost);
            }
            if j > 0 {
                for parts in 2..=MOST_PARTS.min(i) {
                    let apart = quote[i - parts..i].iter();
                    let cost = likenesses.joined_cost(said[j - 1], apart);
                    consider(table[i - parts][j - 1], cost);
                }
            }
            row[j] = best;
        }
        table.push(row);
    }
    let last = table.last()?;
    let (end, way) = last
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| a.cost.total_cmp(&b.cost))?;
    (way.cost.is_finite() && way.start < end).then(|| PricedRun {
        words: offset + way.start..offset + end,
        cost: way.cost,
    })
}

/// What it costs that only the quote has a word: nothing where it is only said again.
fn surplus_cost(quote: &[FoldedWord], at: usize) -> f64 {
    let word = &quote[at];
    // Who quotes stutters in nothing that matters: "not not" is the opposite of "not".
    if word.is_fixed() {
        return f64::INFINITY;
    }
    let is_again = at
        .checked_sub(1)
        .is_some_and(|before| quote[before].folded == word.folded);
    if is_again && word.kind != WordKind::Letter {
        0.0
    } else {
        word.weight()
    }
}

/// What it costs that only the talk has a word: nothing where a speaker stutters.
fn skip_cost(said: &[&FoldedWord], at: usize) -> f64 {
    let word = said[at];
    let is_again = at
        .checked_sub(1)
        .is_some_and(|before| said[before].folded == word.folded);
    match word.kind {
        _ if is_again && word.kind != WordKind::Letter => 0.0,
        _ if word.is_fixed() => f64::INFINITY,
        _ => word.weight(),
    }
}

/// Numbers and negations that sound like other words.
const HOMOPHONES: [(&str, &str); 6] = [
    ("2", "to"),
    ("2", "too"),
    ("4", "for"),
    ("8", "ate"),
    ("no", "know"),
    ("not", "knot"),
];

/// What sounds like what, each looked at once.
#[derive(Default)]
struct Likenesses {
    readings: HashMap<String, Reading>,
    known: HashMap<(String, String), f64>,
}

impl Likenesses {
    /// What it costs to read one word for another.
    fn exchange_cost(&mut self, a: &FoldedWord, b: &FoldedWord) -> f64 {
        const HOMOPHONE: f64 = 0.25;
        if a.folded == b.folded {
            return 0.0;
        }
        if a.is_fixed() || b.is_fixed() {
            let is_pair = |(x, y): &(&str, &str)| {
                (*x == a.folded && *y == b.folded) || (*x == b.folded && *y == a.folded)
            };
            let is_homophone = HOMOPHONES.iter().any(is_pair);
            return if is_homophone {
                HOMOPHONE
            } else {
                f64::INFINITY
            };
        }
        let weight = a.weight().max(b.weight());
        if a.kind == WordKind::Letter || b.kind == WordKind::Letter {
            return weight;
        }
        weight * (1.0 - self.likeness(&a.folded, &b.folded))
    }

    /// What it costs to read one word for several.
    fn joined_cost<'w>(
        &mut self,
        one: &FoldedWord,
        several: impl Iterator<Item = &'w FoldedWord> + Clone,
    ) -> f64 {
        // Less would be chance, with so many words to put together.
        const ENOUGH: f64 = 0.8;
        let is_unjoinable = |word: &FoldedWord| word.is_fixed() || word.kind == WordKind::Letter;
        if is_unjoinable(one) || several.clone().any(is_unjoinable) {
            return f64::INFINITY;
        }
        let weight: f64 = several.clone().map(FoldedWord::weight).sum();
        let joined: String = several.map(|word| word.folded.as_str()).collect();
        let is_alike = self.likeness(&one.folded, &joined);
        if is_alike < ENOUGH {
            return f64::INFINITY;
        }
        weight.max(one.weight()) * (1.0 - is_alike)
    }

    /// From 0 to 1.
    fn likeness(&mut self, a: &str, b: &str) -> f64 {
        if a == b {
            return 1.0;
        }
        let key = (a.to_owned(), b.to_owned());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let [x, y] = [a, b].map(|word| {
            let reading = self.readings.entry(word.to_owned());
            reading.or_insert_with(|| Reading::of(word)).clone()
        });
        let likeness = x.likeness(&y) / 2.0;
        self.known.insert(key, likeness);
        likeness
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::evidence::SpokenWords;
    use crate::talk::evidence::FoundBy;
    use crate::talk::transcript::{CaptionKind, Cue, Span, Transcript};

    fn spoken(language: &str, cues: &[&str]) -> SpokenWords {
        let cue = |(at, text): (u64, &&str)| Cue {
            span: Some(Span {
                start: Duration::from_secs(at * 10),
                end: Duration::from_secs(at * 10 + 10),
            }),
            text: (*text).to_owned(),
        };
        SpokenWords::of(&Transcript {
            language: Some(language.to_owned()),
            kind: CaptionKind::Automatic,
            cues: (0..).zip(cues).map(cue).collect(),
        })
    }

    const TALK: [&str; 4] = [
        "good morning uh and thank you for coming",
        "we moved twenty five servers to cube control and um",
        "the the scheduler could not keep up with carpenter",
        "in the end we do not use post gres for the queue",
    ];

    #[test]
    fn honest_quotes_are_found_as_the_talk_has_them() {
        let spoken = spoken("en", &TALK);
        for (quote, start, end) in [
            (
                "We moved 25 servers to Cube Control, and the scheduler",
                10,
                30,
            ),
            ("the scheduler couldn't keep up with Karpenter", 20, 30),
            ("In the end, we don't use Postgres for the queue.", 30, 40),
        ] {
            let found = spoken.align(quote).expect(quote);
            let span = (found.span.start.as_secs(), found.span.end.as_secs());
            assert_eq!(
                (span, found.found_by),
                ((start, end), FoundBy::Quote),
                "{quote}"
            );
        }
        let found = spoken.align("the scheduler couldn't keep up with Karpenter");
        assert!(
            found
                .unwrap()
                .quote
                .ends_with("scheduler could not keep up with carpenter")
        );
    }

    #[test]
    fn what_is_not_said_or_says_too_little_is_not_found() {
        let spoken = spoken("en", &TALK);
        for quote in [
            "we moved 26 servers to cube control and the scheduler",
            "the scheduler could keep up with Karpenter",
            "the scheduler could not not keep up with Karpenter",
            "in the end we use Postgres for the queue",
            "we moved 25 servers to post gres for the queue",
            "for the queue in the end we do not use Postgres",
            "and um the the",
            "",
        ] {
            assert_eq!(spoken.align(quote), None, "{quote}");
        }
    }

    #[test]
    fn scripts_without_spaces_are_aligned_by_their_letters() {
        let spoken = spoken(
            "ja",
            &[
                "今日は良い天気ですね",
                "新しい索引は速く動きます。",
                "ありがとう",
            ],
        );
        let found = spoken.align("新しい索引は、速く動きます").unwrap();
        assert_eq!(found.span.start.as_secs(), 10);
        assert_eq!(spoken.align("新しい索引は速く動きません"), None);
    }

    #[test]
    fn a_place_without_a_time_is_none() {
        let cue = Cue {
            span: None,
            text: TALK[2].to_owned(),
        };
        let spoken = SpokenWords::of(&Transcript {
            language: None,
            kind: CaptionKind::Automatic,
            cues: vec![cue],
        });
        assert_eq!(spoken.align(TALK[2]), None);
        assert_eq!(
            spoken.locate("The scheduler did not keep up with Karpenter."),
            None
        );
    }
}
