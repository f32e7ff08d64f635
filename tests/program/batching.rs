//! Requests that are written into files, answered by an engine, and taken back.

use std::fs;

use serde_json::{Value, json};

use crate::batch_server::{answer, reply};
use crate::project::{Project, SUMMARY, said_body, shape_of, talks, video};

const IDS: [&str; 3] = ["rustyCache1", "-cBplHNM4RA", "kernelSched"];

/// The lines that an export has written, in all its files.
fn exported(project: &Project, folder: &str) -> Vec<Value> {
    let mut files: Vec<_> = fs::read_dir(project.path(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().contains("requests-"))
        .collect();
    files.sort();
    let texts = files.iter().map(|path| fs::read_to_string(path).unwrap());
    let lines: Vec<String> = texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn put_lines(project: &Project, name: &str, lines: &[Value]) {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    project.put(name, &(lines.join("\n") + "\n"));
}

/// The page of a build whose requests were answered alone.
async fn page_of_a_live_build() -> String {
    let live = Project::with_talks(&IDS).await;
    live.run("build").await.ended(0);
    live.read("page/index.html")
}

#[tokio::test]
async fn what_an_engine_answers_makes_the_page_of_a_live_build() {
    let project = Project::with_talks(&IDS).await;
    let ran = project.run("batch export first").await.ended(0);
    assert!(
        ran.stderr.contains("3 talks are not fetched yet"),
        "{}",
        ran.stderr
    );
    assert!(!project.path("first").exists());

    project.run("fetch").await.ended(0);
    project
        .run("batch export first --lines 2")
        .await
        .ended(0)
        .says("3 requests in 2 files");
    let lines = exported(&project, "first");
    assert_eq!(lines.len(), 3);
    // The same export again would be run again.
    project
        .run("batch export first")
        .await
        .ended(2)
        .says("is there already");
    let answers: Vec<Value> = lines.iter().rev().map(answer).collect();
    put_lines(&project, "first/replies.jsonl", &answers);
    project
        .run("batch import first")
        .await
        .ended(0)
        .says("3 lines: 3 new replies")
        .says("3 requests, 3,000 tokens in, 150 out, $0.0016");
    // Twice is harmless.
    let before = project.cached();
    project
        .run("batch import first")
        .await
        .ended(0)
        .says("3 lines: 0 new replies")
        .says("3 requests are answered already");
    assert_eq!(project.cached(), before);

    project
        .run("batch export second")
        .await
        .ended(0)
        .says("3 requests in 1 file");
    let answers: Vec<Value> = exported(&project, "second").iter().map(answer).collect();
    put_lines(&project, "second/replies.jsonl", &answers);
    project.run("batch import second").await.ended(0);
    project
        .run("batch export third")
        .await
        .ended(0)
        .says("there is nothing to ask now");
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 0);
    assert_eq!(
        project.read("page/index.html"),
        page_of_a_live_build().await
    );
    let status = project.run("status").await.ended(0).stdout;
    assert!(
        status.contains("6 requests, 6,000 tokens in, 300 out, $0.0033"),
        "{status}"
    );
}

#[tokio::test]
async fn a_line_asks_what_a_build_would_ask() {
    let project = Project::with_talks(&IDS).await;
    project.run("fetch").await.ended(0);
    project.run("batch export files").await.ended(0);
    let mut lines = exported(&project, "files");
    project.run("build").await.ended(0);
    let sent = project.requests().await;
    let mut sent: Vec<&Value> = sent
        .iter()
        .filter(|body| shape_of(body) == "summary")
        .collect();
    sent.sort_by_key(ToString::to_string);
    lines.sort_by_key(|line| line["body"].to_string());
    for (line, sent) in lines.iter().zip(&sent) {
        assert_eq!(line["body"], **sent);
        assert_eq!(line["method"], "POST");
        assert_eq!(line["url"], "/v1/chat/completions");
        let id = line["custom_id"].as_str().unwrap();
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        assert!(id.len() <= 64 && id.chars().all(is_allowed), "{id}");
        let talk = IDS.iter().find(|talk| id.ends_with(*talk)).unwrap();
        let file = project.path(&format!(
            "cache/{talk}/{}.json",
            id.trim_end_matches(&format!("-{talk}"))
        ));
        assert!(file.exists(), "{id} leads to no reply");
    }
    assert_eq!((lines.len(), sent.len()), (3, 3));
}

#[tokio::test]
async fn every_line_that_is_of_no_use_is_counted_and_named() {
    let project = Project::with_talks(&IDS).await;
    project.run("fetch").await.ended(0);
    project.run("batch export files").await.ended(0);
    let lines = exported(&project, "files");
    let [first, second, third] = &lines[..] else {
        panic!("{lines:?}");
    };
    let failed = json!({ "custom_id": first["custom_id"], "response": { "status_code": 429, "body": { "error": { "message": "too many" } } } });
    let unknown =
        json!({ "custom_id": "request-7", "response": { "status_code": 200, "body": {} } });
    let gone = json!({ "custom_id": "summary-0123456789abcdef-jAtrviDGpwE", "response": { "status_code": 200, "body": {} } });
    put_lines(
        &project,
        "files/some.jsonl",
        &[
            failed,
            unknown,
            gone,
            json!({ "response": {} }),
            answer(second),
            answer(second),
        ],
    );
    project.put(
        "files/cut.jsonl",
        &format!("{}\nKilled\n", &answer(third).to_string()[..60]),
    );
    let ran = project.run("batch import files").await.ended(3);
    for said in [
        "8 lines: 1 new reply",
        "2 lines are no JSON",
        "1 line has no `custom_id`",
        "1 line answers what another line answers",
        "2 lines answer no request that was exported or submitted from this cache: request-7, summary-0123456789abcdef-jAtrviDGpwE",
        "1 request failed: status 429 too many: rustyCache1",
        "1 request is without a reply: kernelSched",
        "next: `proceedings build` asks for what is missing",
    ] {
        assert!(
            ran.stderr.contains(said),
            "`{said}` is not in:\n{}",
            ran.stderr
        );
    }
    // A build asks for the rest.
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 5);
}

/// Words that no other talk has.
fn own_words(talk: &str, at: usize) -> String {
    let words = (0..8).map(|word| format!("{talk}word{word}at{at}"));
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_reply_under_the_key_of_another_talk_is_found_out() {
    let project = Project::with_talks(&IDS).await;
    for id in IDS {
        let mut spoken = video(id);
        let line = |at: usize| json!([at * 5, 4.0, own_words(id, at)]);
        spoken["captions"][0]["lines"] = (0..9).map(line).collect();
        project.put_video(id, &spoken);
    }
    project.run("fetch").await.ended(0);
    project.run("batch export files").await.ended(0);
    let lines = exported(&project, "files");
    let quoting = |line: &Value, talk: &str| {
        let object = json!({
            "first_sentence": SUMMARY[0], "first_quote": own_words(talk, 3),
            "second_sentence": SUMMARY[1], "second_quote": own_words(talk, 5),
        });
        reply(line, &said_body(&object.to_string()))
    };
    // The first two are mixed up.
    let answers = [
        quoting(&lines[0], IDS[1]),
        quoting(&lines[1], IDS[0]),
        quoting(&lines[2], IDS[2]),
    ];
    put_lines(&project, "files/replies.jsonl", &answers);
    project
        .run("batch import files")
        .await
        .ended(3)
        .says("3 lines: 1 new reply")
        .says("2 replies are not taken, under the key of another talk: rustyCache1 (the words of -cBplHNM4RA), -cBplHNM4RA (the words of rustyCache1)");
    assert_eq!(
        project
            .cached()
            .iter()
            .filter(|name| name.contains("summary"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_reply_that_needs_a_correction_is_the_next_request() {
    let project = Project::with_talks(&IDS[..1]).await;
    project.run("fetch").await.ended(0);
    project.run("batch export first").await.ended(0);
    let line = &exported(&project, "first")[0];
    let bad = json!({ "first_sentence": "Too short.", "second_sentence": SUMMARY[1] });
    put_lines(
        &project,
        "first/replies.jsonl",
        &[reply(line, &said_body(&bad.to_string()))],
    );
    project.run("batch import first").await.ended(0);
    project
        .run("batch export second")
        .await
        .ended(0)
        .says("1 request in 1 file");
    let correction = &exported(&project, "second")[0];
    assert_ne!(correction["custom_id"], line["custom_id"]);
    assert_eq!(correction["body"]["messages"].as_array().unwrap().len(), 4);
    put_lines(&project, "second/replies.jsonl", &[answer(correction)]);
    project.run("batch import second").await.ended(0);
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 cached");
    assert_eq!(project.requests().await.len(), 1);
}

#[tokio::test]
async fn replies_are_kept_as_what_they_answer_when_the_prompt_has_changed() {
    let project = Project::with_talks(&IDS[..1]).await;
    project.run("fetch").await.ended(0);
    project.run("batch export files").await.ended(0);
    let answers: Vec<Value> = exported(&project, "files").iter().map(answer).collect();
    put_lines(&project, "files/replies.jsonl", &answers);
    let table = project.llm_table();
    project.catalog(&talks(&IDS[..1]), &table.replace("\"small\"", "\"other\""));
    project
        .run("batch import files")
        .await
        .ended(0)
        .says("1 new reply");
    project.catalog(&talks(&IDS[..1]), &table);
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 cached");
}

#[tokio::test]
async fn a_long_talk_is_asked_about_in_parts_first() {
    let project = Project::with_talks(&[]).await;
    let mut long = video("rustyCache1");
    let line = |at: usize| {
        json!([
            at * 5,
            4.0,
            format!("line {at} of a talk that is longer than what fits")
        ])
    };
    long["captions"][0]["lines"] = (0..400).map(line).collect();
    project.put_video("rustyCache1", &long);
    let table = project.llm_table();
    project.catalog(
        &talks(&IDS[..1]),
        &format!("{table}context_tokens = 4500\n"),
    );
    project.run("fetch").await.ended(0);
    for (folder, shape) in [
        ("parts", "notes"),
        ("whole", "summary"),
        ("category", "category"),
    ] {
        project
            .run(&format!("batch export {folder}"))
            .await
            .ended(0);
        let lines = exported(&project, folder);
        assert!(
            !lines.is_empty() && lines.iter().all(|line| shape_of(&line["body"]) == shape),
            "{shape}: {lines:?}"
        );
        assert_eq!(lines.len() > 1, shape == "notes");
        let answers: Vec<Value> = lines.iter().map(answer).collect();
        put_lines(&project, &format!("{folder}/replies.jsonl"), &answers);
        project
            .run(&format!("batch import {folder}"))
            .await
            .ended(0);
    }
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 0);
}

#[tokio::test]
async fn a_model_in_another_format_is_refused_in_words() {
    let project = Project::with_talks(&IDS[..1]).await;
    project.catalog(
        &talks(&IDS[..1]),
        "[llm]\nprovider = \"anthropic\"\nmodel = \"m\"\n",
    );
    project
        .run("batch export files")
        .await
        .ended(2)
        .says("the catalog asks anthropic in another format")
        .says("`proceedings batch submit`");
    project.catalog(&talks(&IDS[..1]), "");
    project
        .run("batch export files")
        .await
        .ended(2)
        .says("the catalog names none");
}
