//! Finds the place of a sentence, by its quote or by its words, and makes what is quoted there short.
//!
//! A passage that was found by words alone is longer than anybody reads beside a sentence. Of it,
//! and of a long quote, the stretch is taken that shares most with the sentence; it begins and ends
//! where the talk does, as far as that costs nothing.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

use crate::evidence::locate::{Sought, each_once, stems};
use crate::evidence::words::{FoldedWord, WordKind, words};
use crate::evidence::{CueWord, SpokenWords};
use crate::talk::WrittenSentence;
use crate::talk::evidence::{Evidence, FoundBy};
use crate::talk::transcript::Span;

/// How many words are quoted at most; two letters of a script without spaces count as one.
const LONGEST: f64 = 25.0;
/// What a sentence ends with.
const STOPS: [char; 7] = ['.', '!', '?', '…', '。', '！', '？'];

impl SpokenWords {
    /// Finds where a sentence is said: by the quote that came with it, else by its own words and by
    /// those that stand beside it in its text. None where it is not found, or where no time is known.
    #[must_use]
    pub fn place(&self, written: &WrittenSentence, beside: &str) -> Option<Evidence> {
        let sentence = &*written.text;
        let quote = written.quote.as_deref();
        let quoted = quote.and_then(|quote| self.align(quote));
        let found = quoted.or_else(|| self.locate(Sought { sentence, beside }))?;
        Some(self.shorten(sentence, found))
    }

    /// The stretch of a passage that shares most with a sentence.
    fn shorten(&self, sentence: &str, found: Evidence) -> Evidence {
        let passage = self.words_of(&found);
        // A quote was chosen by who gave it; a passage is as long as passages are.
        if found.found_by == FoundBy::Quote && size(&self.words[passage.clone()]) <= LONGEST {
            return found;
        }
        let wanted = stems(sentence, self.language);
        // In one order, so that the same words weigh the same.
        let wanted: Vec<(&str, f64)> = each_once(&wanted)
            .map(|stem| (stem, self.rarity(stem)))
            .collect();
        let said: Vec<Vec<String>> = passage
            .clone()
            .map(|at| stems(self.written(at), self.language))
            .collect();
        let mut best: Option<(Rank, Range<usize>)> = None;
        for start in passage.clone() {
            let mut shared = HashSet::new();
            for end in start + 1..=passage.end {
                if size(&self.words[start..end]) > LONGEST {
                    break;
                }
                shared.extend(said[end - 1 - passage.start].iter().map(String::as_str));
                let weights = wanted.iter().filter(|(stem, _)| shared.contains(stem));
                let rank = Rank {
                    shared: weights.map(|(_, weight)| weight).sum(),
                    whole_ends: usize::from(self.begins(start)) + usize::from(self.ends(end - 1)),
                    words: Reverse(end - start),
                };
                // The first of those that are as good.
                if best.as_ref().is_none_or(|(best, _)| rank.is_above(best)) {
                    best = Some((rank, start..end));
                }
            }
        }
        let stretch = best.and_then(|(_, stretch)| self.evidence(stretch, found.found_by));
        stretch.unwrap_or(found)
    }

    /// Which words a passage is made of.
    fn words_of(&self, found: &Evidence) -> Range<usize> {
        let Span { start, end } = found.span;
        let is_within = |span: Span| span.start >= start && span.end <= end;
        let of_passage = |cue: &usize| self.cues[*cue].span.is_some_and(is_within);
        let mut cues = (0..self.cues.len()).filter(of_passage);
        let Some(first) = cues.next() else {
            return 0..0;
        };
        let last = cues.next_back().unwrap_or(first);
        let all = self.of_cue[first].start..self.of_cue[last].end;
        // A quote may begin and end within a cue.
        let quoted: Vec<FoldedWord> = words(&found.quote, self.language);
        let run = self.words[all.clone()]
            .windows(quoted.len().max(1))
            .position(|run| {
                run.iter()
                    .zip(&quoted)
                    .all(|(a, b)| a.word.folded == b.folded)
            });
        run.map_or(all.clone(), |at| {
            all.start + at..(all.start + at + quoted.len()).min(all.end)
        })
    }

    /// A word as the transcript has it.
    fn written(&self, at: usize) -> &str {
        let CueWord { word, cue } = &self.words[at];
        &self.cues[*cue].text[word.range.clone()]
    }

    /// Whether a cue or a sentence begins with a word.
    fn begins(&self, at: usize) -> bool {
        let CueWord { word, cue } = &self.words[at];
        let before = self.cues[*cue].text[..word.range.start].trim_end();
        at == self.of_cue[*cue].start || before.ends_with(STOPS)
    }

    /// Whether a cue or a sentence ends with a word.
    fn ends(&self, at: usize) -> bool {
        let CueWord { word, cue } = &self.words[at];
        let behind = &self.cues[*cue].text[word.range.end..];
        at + 1 == self.of_cue[*cue].end || behind.starts_with(STOPS)
    }
}

/// How well a stretch shows what a passage has of a sentence.
struct Rank {
    shared: f64,
    whole_ends: usize,
    /// Fewer are better: a place is as exact as what is quoted there is short.
    words: Reverse<usize>,
}

impl Rank {
    fn is_above(&self, other: &Self) -> bool {
        let by_shape = (self.whole_ends, self.words).cmp(&(other.whole_ends, other.words));
        self.shared.total_cmp(&other.shared).then(by_shape).is_gt()
    }
}

fn size(words: &[CueWord]) -> f64 {
    let size = |spoken: &CueWord| match spoken.word.kind {
        WordKind::Letter => 0.5,
        _ => 1.0,
    };
    words.iter().map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::transcript::{CaptionKind, Cue, Transcript};

    /// A talk in which each line takes ten seconds.
    fn spoken(lines: &[&str]) -> SpokenWords {
        let cue = |(at, line): (usize, &&str)| {
            let cue = format!("{}.000 {}.000 {line}", at * 10, at * 10 + 10);
            Cue::try_from(cue).unwrap()
        };
        SpokenWords::of(&Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Manual,
            cues: lines.iter().enumerate().map(cue).collect(),
        })
    }

    fn place(lines: &[&str], text: &str, quote: Option<&str>) -> Option<(String, u64, FoundBy)> {
        let sentence = WrittenSentence {
            text: text.to_owned(),
            quote: quote.map(str::to_owned),
        };
        let found = spoken(lines).place(&sentence, "")?;
        Some((found.quote, found.span.start.as_secs(), found.found_by))
    }

    const TALK: [&str; 6] = [
        "Good morning to all of you who came so early on a Sunday.",
        "My name is on the slide, so I need not say it here once more.",
        "The pumps of the harbour ran for nine years without a pause.",
        "Then a jellyfish came through the grating and stopped them all.",
        "We were in the dark for an hour, and nobody knew at first why.",
        "What we changed afterwards is a matter of patience and of mesh.",
    ];

    #[test]
    fn of_a_passage_the_stretch_is_quoted_that_the_sentence_is_about() {
        let text = "A jellyfish that came through the grating stopped the pumps of the harbour.";
        let (quote, start, found_by) = place(&TALK, text, None).unwrap();
        assert_eq!(
            quote,
            format!("{} {}", TALK[2], TALK[3]).trim_end_matches('.')
        );
        assert_eq!((start, found_by), (20, FoundBy::Words));
    }

    #[test]
    fn a_place_begins_no_earlier_than_what_is_quoted() {
        let text = "Nobody knew why they were in the dark for an hour.";
        let (quote, start, _) = place(&TALK, text, None).unwrap();
        assert_eq!(quote, TALK[4].trim_end_matches('.'));
        assert_eq!(start, 40);
    }

    #[test]
    fn a_quote_that_is_not_said_gives_way_to_the_words_of_the_sentence() {
        let text = "Nobody knew why they were in the dark for an hour.";
        let false_quote = "we sold every pump of the harbour to a museum of the sea";
        let (_, start, found_by) = place(&TALK, text, Some(false_quote)).unwrap();
        assert_eq!((start, found_by), (40, FoundBy::Words));
        let text = "Bakers in Lyon count their ovens twice.";
        assert_eq!(place(&TALK, text, Some(false_quote)), None);
    }

    #[test]
    fn a_talk_of_few_cues_has_places_too() {
        let whole = TALK.join(" ");
        let text = "A jellyfish that came through the grating stopped the pumps of the harbour.";
        for lines in [&[&*whole][..], &TALK[2..4], &TALK[3..4]] {
            let (quote, ..) = place(lines, text, None).unwrap();
            assert!(quote.contains("jellyfish"), "{quote}");
            let other = "Bakers in Lyon count their ovens twice.";
            assert_eq!(place(lines, other, None), None);
        }
    }

    #[test]
    fn no_more_is_quoted_than_anybody_reads() {
        let much = ["and so on"; 20].join(" ");
        let long = format!("{much} a whale and {much} came to the window {much}");
        let lines = [&TALK[..], &[&*long]].concat();
        let (quote, ..) = place(&lines, "A whale came to the window.", None).unwrap();
        assert!(
            quote.contains("whale") || quote.contains("window"),
            "{quote}"
        );
        assert!(quote.split(' ').count() <= 25, "{quote}");
    }
}
