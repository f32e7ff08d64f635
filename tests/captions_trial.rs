//! A trial of the caption parsers on a whole talk as `YouTube` sent it.
//!
//! The files are not part of the project; where they are absent, the trial says so and passes.

mod shared;

use std::fs;

use proceedings::testing::{CaptionFormat, cues};
use serde_json::Value;

use crate::shared::shared;

#[test]
fn whole_talk_keeps_every_word() {
    let (Some(video), Some(transcript)) = (
        shared("data/talks/videos/F75k4Oc6g9Q.json"),
        shared("data/captions/real-2026-F75k4Oc6g9Q.srv1.xml"),
    ) else {
        return;
    };
    let video: Value = serde_json::from_slice(&fs::read(video).unwrap()).unwrap();
    let lines = video["captions"][0]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 721);
    let is_spoken = |word: &&str| !matches!(*word, "[Music]" | "[Applause]" | "[Laughter]");
    let spoken: Vec<_> = lines
        .iter()
        .flat_map(|line| line[2].as_str().unwrap().split_whitespace())
        .filter(is_spoken)
        .collect();

    let cues = cues(CaptionFormat::Srv1, &fs::read(transcript).unwrap()).unwrap();

    let words: Vec<_> = cues.iter().flat_map(|cue| cue.text.split(' ')).collect();
    assert_eq!(words, spoken);
}

#[test]
fn oldest_automatic_captions_say_each_word_once() {
    let Some(file) = shared("data/captions/auto-oldest-style.en.vtt") else {
        return;
    };
    let cues = cues(CaptionFormat::Vtt, &fs::read(file).unwrap()).unwrap();
    let words = cues.iter().flat_map(|cue| cue.text.split(' ')).count();
    assert_eq!(words, 8, "{cues:?}");
}
