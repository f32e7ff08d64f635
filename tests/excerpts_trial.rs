//! A trial of the built-in excerpts on captions without stops and capitals.
//!
//! Transcripts that people punctuated lose their punctuation, and the excerpt that is taken from
//! the bare words is laid beside the original: does each of its sentences begin behind a stop and
//! end at one? That is stricter than a reader, who accepts half of a long sentence that reads as a
//! whole one. Sentences about what is mentioned were not said, and are only counted. The file lies in `../shared/data`, or below `PROCEEDINGS_SHARED`; where it is absent
//! the trial says so and passes. It prints every excerpt, for readers to judge:
//! `cargo test --test excerpts_trial -- --nocapture`.

mod shared;

use std::fs;

use proceedings::testing::{Cue, Material, excerpt};
use serde_json::Value;

use crate::shared::shared;

/// A word as it was printed, and as captions without punctuation have it.
struct Word {
    printed: String,
    bare: String,
}

impl Word {
    fn ends_sentence(&self) -> bool {
        let printed = self.printed.trim_end_matches(['"', '”', '\'', ')']);
        printed.ends_with(['.', '?', '!', '…', ':'])
    }
}

#[test]
fn bare_captions_give_sentences() {
    let Some(file) = shared("data/talks/videos/bitcointranscripts.jsonl") else {
        return;
    };
    let text = fs::read_to_string(file).expect("the file is there");
    let (mut talks, mut mentions, mut sentences, mut begun, mut ended) = (0, 0, 0, 0, 0);
    for line in text.lines() {
        let talk: Value = serde_json::from_str(line).expect("each line is JSON");
        let title = talk["title"].as_str().unwrap_or_default();
        let said = talk["captions"][0]["text"].as_str().unwrap_or_default();
        let words: Vec<Word> = said.split_whitespace().filter_map(word).collect();
        let cues: Vec<Cue> = words.chunks(8).map(cue).collect();
        let taken = excerpt(&Material {
            title,
            speakers: &[],
            description: "",
            cues: &cues,
        });
        talks += 1;
        assert!((1..=2).contains(&taken.len()), "{title}: {taken:?}");
        for sentence in taken {
            eprintln!("{title}: {sentence}");
            assert!(!sentence.starts_with(char::is_lowercase), "{sentence}");
            assert!(sentence.ends_with(['.', '?', '!']), "{sentence}");
            if sentence.starts_with("Much is said about “") {
                mentions += 1;
                continue;
            }
            let (first, last) = place(&words, &sentence).expect("an excerpt was said");
            sentences += 1;
            begun += usize::from(begins(&words, first));
            ended += usize::from(ends(&words, last));
        }
    }
    eprintln!(
        "{sentences} sentences of {talks} talks: {begun} begin behind a stop, {ended} end at one; \
         {mentions} more say what is mentioned"
    );
}

fn word(printed: &str) -> Option<Word> {
    let bare = printed
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    let printed = printed.to_owned();
    (!bare.is_empty()).then_some(Word { printed, bare })
}

fn cue(words: &[Word]) -> Cue {
    let text: Vec<&str> = words.iter().map(|word| word.bare.as_str()).collect();
    Cue {
        span: None,
        text: text.join(" "),
    }
}

/// Finds the words that a sentence was taken from; fillers and repetitions were left out.
fn place(words: &[Word], sentence: &str) -> Option<(usize, usize)> {
    const LEFT_OUT: usize = 8;
    let wanted: Vec<String> = sentence
        .split_whitespace()
        .filter_map(word)
        .map(|word| word.bare)
        .collect();
    let from = |first: usize| {
        let mut last = first;
        for wanted in &wanted[1..] {
            let near = (last + 1..words.len()).take(LEFT_OUT);
            last = near.into_iter().find(|&at| words[at].bare == *wanted)?;
        }
        Some((first, last))
    };
    (0..words.len())
        .filter(|&at| words[at].bare == wanted[0])
        .filter_map(from)
        .min_by_key(|(first, last)| last - first)
}

/// Whether only words that open a sentence in speech stand between a stop and this word.
fn begins(words: &[Word], mut first: usize) -> bool {
    while first > 0 && !words[first - 1].ends_sentence() {
        first -= 1;
        if !opens(&words[first].bare) {
            return false;
        }
    }
    true
}

fn ends(words: &[Word], mut last: usize) -> bool {
    while !words[last].ends_sentence() && last + 1 < words.len() {
        last += 1;
        if !opens(&words[last].bare) {
            return false;
        }
    }
    true
}

fn opens(word: &str) -> bool {
    "so and but okay ok now well right yeah then because basically anyway also alright"
        .split(' ')
        .any(|listed| listed == word)
}
