//! A trial of the caption parsers on a whole talk as `YouTube` sent it.
//!
//! The files lie in `../shared/data`, or below `PROCEEDINGS_SHARED`; they are not part of the
//! project, and where they are absent the trial says so and passes.

use std::path::PathBuf;
use std::{env, fs};

use proceedings::fetch::captions::{self, CaptionFormat};
use serde_json::Value;

fn shared() -> PathBuf {
    let beside_the_project = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    env::var_os("PROCEEDINGS_SHARED")
        .map_or_else(beside_the_project, PathBuf::from)
        .join("data")
}

#[test]
fn whole_talk_keeps_every_word() {
    let video = shared().join("talks/videos/F75k4Oc6g9Q.json");
    let transcript = shared().join("captions/real-2026-F75k4Oc6g9Q.srv1.xml");
    if !video.exists() || !transcript.exists() {
        eprintln!(
            "skipped: no {} or {}",
            video.display(),
            transcript.display()
        );
        return;
    }
    let video: Value = serde_json::from_slice(&fs::read(video).unwrap()).unwrap();
    let lines = video["captions"][0]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 721);
    let is_spoken = |word: &&str| !matches!(*word, "[Music]" | "[Applause]" | "[Laughter]");
    let spoken: Vec<_> = lines
        .iter()
        .flat_map(|line| line[2].as_str().unwrap().split_whitespace())
        .filter(is_spoken)
        .collect();

    let cues = captions::cues(CaptionFormat::Srv1, &fs::read(transcript).unwrap()).unwrap();

    let words: Vec<_> = cues.iter().flat_map(|cue| cue.text.split(' ')).collect();
    assert_eq!(words, spoken);
}

#[test]
fn oldest_automatic_captions_say_each_word_once() {
    let file = shared().join("captions/auto-oldest-style.en.vtt");
    if !file.exists() {
        eprintln!("skipped: no {}", file.display());
        return;
    }
    let cues = captions::cues(CaptionFormat::Vtt, &fs::read(file).unwrap()).unwrap();
    let words = cues.iter().flat_map(|cue| cue.text.split(' ')).count();
    assert_eq!(words, 8, "{cues:?}");
}
