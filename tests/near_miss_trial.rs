//! A trial of the detector of misheard names on summaries that a model wrote, and on abstracts
//! that people wrote.
//!
//! The files lie in `../shared/data`, or below `PROCEEDINGS_SHARED`; they are not part of the
//! project, and where they are absent the trial says so and passes. It prints what is found:
//! `cargo test --test near_miss_trial -- --nocapture`.

use std::path::PathBuf;
use std::{env, fs};

use proceedings::testing::{Talk, TalkId, TitleOrigin, Trusted, VideoId, near_misses};
use serde_json::Value;

fn shared(file: &str) -> PathBuf {
    let beside_the_project = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    env::var_os("PROCEEDINGS_SHARED")
        .map_or_else(beside_the_project, PathBuf::from)
        .join("data")
        .join(file)
}

fn read(file: PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(file).expect("the file is there");
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("each line is JSON")
}

fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().unwrap_or_default()
}

fn talk(line: &Value, description: &str) -> Talk {
    let speakers = line["speakers"].as_array().into_iter().flatten();
    Talk {
        id: TalkId::whole(VideoId::from_id_or_link(text(line, "id")).expect("the id is one")),
        recording: None,
        end: None,
        title: text(line, "title").to_owned(),
        title_origin: TitleOrigin::YouTube,
        speakers: speakers
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        description: description.to_owned(),
        date: None,
        duration: None,
        language: None,
        chapters: Vec::new(),
        transcript: None,
    }
}

/// What is reported, a line each.
fn reports(talk: &Talk, text: &str) -> Vec<String> {
    near_misses(text, &Trusted::default().and_talk(talk))
        .into_iter()
        .map(|found| format!("{}: {} > {:?}", talk.id, found.word, found.suggestion))
        .collect()
}

#[test]
fn summaries_of_a_model_hold_misheard_names() {
    let file = shared("origin-pages/with-human-abstract.jsonl");
    if !file.exists() {
        eprintln!("skipped: no {}", file.display());
        return;
    }
    let lines = read(file);
    let found: Vec<String> = lines
        .iter()
        .map(|line| (talk(line, text(line, "human_abstract")), line))
        .flat_map(|(talk, line)| reports(&talk, text(line, "origin_summary")))
        .collect();
    eprintln!("{}", found.join("\n"));
    assert_eq!(found.len(), 5, "of {} talks", lines.len());
}

#[test]
fn abstracts_of_people_hold_hardly_any() {
    let file = shared("scale/videos/rubyevents.jsonl");
    if !file.exists() {
        eprintln!("skipped: no {}", file.display());
        return;
    }
    let mut lines = read(file);
    lines.truncate(1000);
    let found: Vec<String> = lines
        .iter()
        .flat_map(|line| reports(&talk(line, ""), text(line, "description")))
        .collect();
    eprintln!("{}", found.join("\n"));
    assert!(found.len() < 10, "{} in {}", found.len(), lines.len());
}
