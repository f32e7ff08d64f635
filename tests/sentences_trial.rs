//! A trial of the sentence counter on summaries that a model wrote, most of them in two sentences.
//!
//! The file lies in `../shared/data`, or below `PROCEEDINGS_SHARED`; it is not part of the project,
//! and where it is absent the trial says so and passes. It prints what has another number:
//! `cargo test --test sentences_trial -- --nocapture`.

mod shared;

use std::collections::BTreeMap;
use std::fs;

use proceedings::testing::sentences;
use serde_json::Value;

use crate::shared::shared;

#[test]
fn summaries_have_the_sentences_that_a_reader_counts() {
    let Some(file) = shared("data/origin-pages/talks.jsonl") else {
        return;
    };
    let text = fs::read_to_string(file).expect("the file is there");
    let mut counts = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("each line is JSON");
        let summary = line["summary"].as_str().unwrap_or_default();
        let count = sentences(summary).len();
        if count != 2 {
            eprintln!("{count} in {}: {summary}", line["id"]);
        }
        *counts.entry(count).or_insert(0) += 1;
    }
    // Each of the twenty-one was read by a person: the counter is right about all of them.
    let expected = BTreeMap::from([(1, 20), (2, 934), (3, 1)]);
    assert_eq!(counts, expected);
}
