//! A trial of `mcp` with the official Python SDK of the Model Context Protocol, on the sample
//! conference.
//!
//! The SDK is not part of the project; the trial says so where it is not installed, and passes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "shared/sdks.rs"]
mod sdks;

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Asks the sample conference, and gives what the SDK made of the answers.
fn ask(calls: &Value) -> Option<Value> {
    let python = sdks::python_with("mcp")?;
    let mut assistant = Command::new(python)
        .args([
            "-B",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdks/assistant.py"),
        ])
        .args([
            env!("CARGO_BIN_EXE_proceedings"),
            "mcp",
            env!("CARGO_MANIFEST_DIR"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    write!(assistant.stdin.take().unwrap(), "{calls}").unwrap();
    let ended = assistant.wait_with_output().unwrap();
    assert!(ended.status.success());
    Some(serde_json::from_slice(&ended.stdout).unwrap())
}

#[test]
fn the_official_client_finds_and_reads_a_talk() {
    let calls = json!([
        ["search_talks", { "words": "flat battery in a tunnel", "limit": 3 }],
        ["read_talk", { "talk": "sample-0003", "at": "2:56" }],
        ["list_categories", {}],
        ["list_speakers", { "name": "liao" }],
        ["read_talk", { "talk": "sample-0333" }],
    ]);
    let Some(told) = ask(&calls) else {
        return;
    };
    assert_eq!(told["greeted"]["serverInfo"]["name"], "proceedings");
    let tools = told["tools"].as_array().unwrap();
    let names: Vec<_> = tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "search_talks",
            "read_talk",
            "list_categories",
            "list_speakers"
        ]
    );

    let answer = |at: usize| &told["answers"][at]["structuredContent"];
    let first = &answer(0)["talks"][0];
    assert_eq!(first["talk"]["id"], "sample-0003");
    let link = "https://www.youtube.com/watch?v=sample-0003&t=";
    assert!(
        first["said"]["url"].as_str().unwrap().starts_with(link),
        "{first}"
    );
    let sentences = answer(1)["sentences"].as_array().unwrap();
    for sentence in sentences {
        assert!(
            sentence["evidence"]["url"]
                .as_str()
                .unwrap()
                .starts_with(link),
            "{sentence}"
        );
    }
    let passage = answer(1)["passage"]["text"].as_str().unwrap();
    assert!(
        passage.contains("please leave the key out of it"),
        "{passage}"
    );
    assert_eq!(answer(2)["categories"].as_array().unwrap().len(), 4);
    assert_eq!(told["answers"][4]["isError"], true);
    let nearest = answer(4)["nearest"][0].as_str().unwrap();
    assert!(nearest.starts_with("sample-0003: "), "{nearest}");
}
