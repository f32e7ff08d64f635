//! Replies in forms that were not asked for: they are understood, paid for once, and what earlier
//! versions made of them stays.

use std::fmt::Write;
use std::fs;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, SUMMARY, completion, said};

fn summary() -> Value {
    json!({ "first_sentence": SUMMARY[0], "second_sentence": SUMMARY[1] })
}

/// A completion whose message is this.
fn message(message: &Value) -> Value {
    json!({ "choices": [{ "message": message, "finish_reason": "stop" }] })
}

#[tokio::test]
async fn an_answer_in_another_place_is_paid_for_once() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let thought = json!({ "content": null, "reasoning_content": summary().to_string() });
    let thought = ResponseTemplate::new(200).set_body_json(message(&thought));
    project.reply("summary", [thought]);
    project.reply("category", [said("**Systems**.")]);
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 new; 1 request, tokens and cost unknown")
        .says("categorize 1 new; 1 request, 1,000 tokens in");
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 2);
}

#[tokio::test]
async fn a_stream_of_events_that_nobody_asked_for_is_kept_as_a_completion() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let text = summary().to_string();
    let (start, end) = text.split_at(20);
    let mut events = String::from("\u{feff}: processing\n\n");
    for delta in [json!({ "content": start }), json!({ "content": end })] {
        let chunk = json!({ "choices": [{ "delta": delta, "finish_reason": null }] });
        write!(events, "data: {chunk}\n\n").unwrap();
    }
    let last = json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }], "usage": { "prompt_tokens": 800, "completion_tokens": 50 } });
    write!(events, "data: {last}\n\ndata: [DONE]\n\n").unwrap();
    let stream = ResponseTemplate::new(200).set_body_raw(events, "text/event-stream");
    project.reply("summary", [stream]);
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 new; 1 request, 800 tokens in, 50 out, $0.0009");
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
}

#[tokio::test]
async fn what_was_asked_again_before_its_first_reply_was_understood_stays() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let empty = ResponseTemplate::new(200).set_body_json(message(&json!({ "content": "" })));
    project.reply("summary", [empty, completion(&summary())]);
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 3);
    let page = project.read("page/page.md");

    // The first reply has an answer where earlier versions did not look.
    let other = json!({ "first_sentence": SUMMARY[1], "second_sentence": SUMMARY[0] });
    let folder = project.path("cache/rustyCache1");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut first = files.filter_map(|path| {
        let mut file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).ok()?;
        let message = file.pointer_mut("/reply/model/choices/0/message")?;
        if message["content"] != "" {
            return None;
        }
        message["reasoning"] = other.to_string().into();
        Some((path, file))
    });
    let (path, file) = first.next().unwrap();
    fs::write(path, file.to_string()).unwrap();

    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 cached");
    assert_eq!(project.read("page/page.md"), page);
    assert_eq!(project.requests().await.len(), 3);
}
