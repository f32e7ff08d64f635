//! Talks that are longer than what fits the model: read in parts, and never cut in silence.

use serde_json::{Value, json};

use crate::project::{Project, completion, said, talks, video};
use crate::review::Review;

/// A talk of about 6,000 tokens.
fn long_video() -> Value {
    let mut long = video("rustyCache1");
    let line = |i: u32| {
        let words =
            format!("line {i} of a talk that goes on about caches and their keys for hours");
        json!([i * 5, 4.0, words])
    };
    long["captions"][0]["lines"] = (0..300).map(line).collect();
    long["duration"] = json!(1500);
    long
}

async fn project() -> Project {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put_video("rustyCache1", &long_video());
    set_context(&project, 4600);
    project
}

fn set_context(project: &Project, tokens: u32) {
    let table = format!("{}context_tokens = {tokens}\n", project.llm_table());
    project.catalog(&talks(&["rustyCache1"]), &table);
}

fn asked(requests: &[Value], words: &str) -> usize {
    let is_asked = |request: &&Value| request["messages"].to_string().contains(words);
    requests.iter().filter(is_asked).count()
}

#[tokio::test]
async fn a_talk_that_does_not_fit_is_read_in_parts() {
    let project = project().await;
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    let parts = asked(&requests, "Now write your notes");
    assert!(parts >= 3, "{parts} parts");
    assert_eq!(requests.len(), parts + 2);
    for i in 0..300 {
        assert!(asked(&requests, &format!("line {i} of")) >= 1, "line {i}");
    }
    let of_notes = &requests[parts]["messages"].to_string();
    assert_eq!(of_notes.matches("survive a power cut").count(), parts);
    assert!(!of_notes.contains("line 7 of"));

    let cached = project.cached();
    let kept = |name: &&String| name.starts_with("rustyCache1/part-");
    assert_eq!(cached.iter().filter(kept).count(), parts);
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), parts + 2);
}

#[tokio::test]
async fn a_hint_is_asked_with_the_notes_that_are_kept() {
    let project = project().await;
    project.run("build").await.ended(0);
    let before = project.requests().await.len();
    let review = Review::of(project, "--edit --ask").await;
    let mut said = Vec::new();
    for consent in ["wanted", "given", "wanted"] {
        let rewrite = json!({
            "talk": "rustyCache1", "hint": "Name the keys.", "model": "small", "consent": consent,
        });
        let (_, answer) = review.sent("rewrite", &rewrite).await;
        said.push(answer["is"].clone());
    }
    assert_eq!(said, ["foreseen", "written", "written"]);
    let requests = review.project.requests().await;
    assert_eq!(requests.len(), before + 1);
    let of_notes = requests[before]["messages"].to_string();
    assert!(of_notes.contains("Name the keys.") && of_notes.contains("survive a power cut"));
}

#[tokio::test]
async fn a_part_that_was_paid_for_is_not_paid_for_again() {
    let project = project().await;
    let notes = || completion(&json!({ "notes": "Keys are made of every input." }));
    project.reply("notes", [notes(), said("")]);
    project
        .run("build")
        .await
        .ended(3)
        .says("not in the form that was asked for");
    let status = project.run("status --all").await.stdout;
    let aside = "were set aside in an earlier run: the reply is not in the form";
    let status = status.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(status.contains(aside), "{status}");
    let before = project.requests().await.len();
    assert_eq!(before, 2);
    project.run("build").await.ended(3);
    assert_eq!(project.requests().await.len(), before);
    project.run("build --redo failed").await.ended(0);
    let requests = project.requests().await;
    assert_eq!(asked(&requests, "line 1 of"), 1);
}

#[tokio::test]
async fn notes_that_repeat_themselves_cost_no_talk() {
    for context in [3600, 4600] {
        let project = project().await;
        set_context(&project, context);
        let endless = "the recordings are kept on two disks and ".repeat(400);
        let notes = || completion(&json!({ "notes": endless }));
        project.reply("notes", (0..60).map(|_| notes()));
        project.run("build").await.ended(0);
        let requests = project.requests().await.len();
        project.run("build").await.ended(0);
        assert_eq!(project.requests().await.len(), requests);
    }
}

#[tokio::test]
async fn a_server_that_cuts_the_prompt_in_silence_is_found_out() {
    let project = project().await;
    set_context(&project, 32_000);
    // The endpoint says that it has read 1,000 tokens.
    project
        .run("build")
        .await
        .ended(3)
        .says("the server read only 1000 of about")
        .says("set `context_tokens` in the catalog");
    assert!(
        !project
            .read("page/page.md")
            .contains("Caches that can be explained")
    );
    // Nothing is paid for again until somebody does something about it.
    project
        .run("build")
        .await
        .ended(3)
        .says("the server read only 1000");
    assert_eq!(asked(&project.requests().await, "Now summarize"), 1);
    set_context(&project, 4600);
    project.run("build").await.ended(0);
    project.run("build --offline").await.ended(0);
}

#[tokio::test]
async fn notes_that_an_earlier_version_took_are_current() {
    let project = project().await;
    for file in ["summary.hbs", "condense.hbs"] {
        let earlier = format!("{}/prompts/earlier/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(earlier).unwrap();
        project.put(&format!("prompts/{file}"), &text);
    }
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    let of_notes = asked(&requests, "Now write your notes");
    assert!(of_notes >= 3 && !requests[0].to_string().contains('«'));
    std::fs::remove_dir_all(project.path("prompts")).unwrap();
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), requests.len());

    // Notes of today carry quotes.
    project.run("summarize --redo summary").await.ended(0);
    let anew = &project.requests().await[requests.len()..];
    assert!(anew[0].to_string().contains('«'));
}
