//! Names that speech recognition got wrong: told to the model, shown to people, paid for once.

use std::fs;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, SUMMARY, completion, said, talks, video};

const TALK: &str = "rustyCache1";

/// The line of the list that models are told.
const TOLD: &str = "Chainyard → Chainguard";

/// A talk about Chainguard, which its captions call Chainyard.
fn misheard() -> Value {
    let mut talk = video(TALK);
    talk["title"] = json!("Small images with Chainguard");
    talk["captions"][0]["lines"] = json!([
        [0.5, 4.0, "hello and welcome to all of you"],
        [61.0, 4.0, "at Chainyard we have what it takes"],
        [122.0, 4.0, "so that was it from Chainyard"],
    ]);
    talk
}

async fn project() -> Project {
    let project = Project::with_talks(&[TALK]).await;
    project.put_video(TALK, &misheard());
    project
}

fn text(request: &Value) -> String {
    let messages = request["messages"].as_array().unwrap().iter();
    let contents: Vec<&str> = messages.map(|m| m["content"].as_str().unwrap()).collect();
    contents.join("\n")
}

/// Adds a line to the glossary of a catalog that has none.
fn learn(project: &Project, line: &str) {
    let catalog = project.read("catalog.toml");
    project.put("catalog.toml", &format!("{catalog}\n[glossary]\n{line}\n"));
}

#[tokio::test]
async fn the_model_is_told_of_misheard_names_and_asked_once() {
    let project = project().await;
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    assert_eq!(requests.len(), 2);
    let asked = text(&requests[0]);
    assert!(
        asked.contains(&format!("<misheard>\n{TOLD}\n</misheard>")),
        "{asked}"
    );
    assert!(asked.contains("at Chainyard we have"), "{asked}");
    assert!(!text(&requests[1]).contains("Chainyard"));

    // The list is read off the request that is kept, so nobody looks into the transcript.
    let folder = project.path("cache").join(TALK);
    for file in fs::read_dir(folder).unwrap().flatten() {
        if file
            .file_name()
            .to_str()
            .unwrap()
            .starts_with("transcript-")
        {
            fs::write(file.path(), "damaged").unwrap();
        }
    }
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 2);
    let status = project.run("status --json").await.ended(0).stdout;
    let status: Value = serde_json::from_str(&status).unwrap();
    assert_eq!(
        status["talks"][0]["stages"]["summary"]["state"], "cached",
        "{status:#}"
    );
}

#[tokio::test]
async fn a_talk_without_misheard_names_is_asked_about_as_ever() {
    let project = Project::with_talks(&[TALK]).await;
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    assert!(!text(&requests[0]).contains("misheard>"));
}

#[tokio::test]
async fn another_list_is_no_reason_to_ask_again() {
    // The summary was made when nothing was told.
    let project = Project::with_talks(&[TALK]).await;
    project.run("build").await.ended(0);
    learn(&project, r#"heard = { "cache" = "KCache" }"#);
    project.run("build").await.ended(0);
    project.run("render --strict").await.ended(0);
    assert_eq!(project.requests().await.len(), 2);
    let answer = json!({ "first_sentence": SUMMARY[1], "second_sentence": SUMMARY[0] });
    project.reply("summary", [completion(&answer)]);
    project.run("build --redo summary").await.ended(0);
    let requests = project.requests().await;
    assert!(
        text(&requests[2]).contains("cache → KCache"),
        "{requests:#?}"
    );

    // And when something else was told.
    let catalog = project.read("catalog.toml");
    project.put("catalog.toml", &catalog.replace("KCache", "QCache"));
    project.run("build").await.ended(0);
    project.run("render --strict").await.ended(0);
    assert_eq!(project.requests().await.len(), requests.len());
}

#[tokio::test]
async fn a_conversation_goes_on_with_the_list_that_it_began_with() {
    let project = project().await;
    let broken = ResponseTemplate::new(402);
    project.reply("summary", [said("That is no summary."), broken]);
    project.run("build").await;
    learn(&project, r#"heard = { "welcome" = "Velcome" }"#);
    let before = project.requests().await.len();
    project.forget_replies();
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    let correction = text(&requests[before]);
    assert!(correction.contains("That is no summary."), "{correction}");
    assert!(
        correction.contains(TOLD) && !correction.contains("Velcome"),
        "{correction}"
    );
    assert_eq!(requests.len(), before + 2);
}

#[tokio::test]
async fn replies_that_were_set_aside_are_not_asked_for_again() {
    let project = project().await;
    project.reply("summary", [said("No."), said("No again.")]);
    project.run("build").await.ended(3);
    let before = project.requests().await.len();
    learn(&project, r#"heard = { "welcome" = "Velcome" }"#);
    project.run("build").await.ended(3);
    assert_eq!(project.requests().await.len(), before);
    project.run("build --redo failed").await.ended(0);
    assert!(project.requests().await.len() > before);
}

#[tokio::test]
async fn the_parts_of_a_long_talk_are_asked_about_with_the_names_that_are_heard_there() {
    let project = Project::with_talks(&[TALK]).await;
    let mut long = misheard();
    let line = |i: u32| {
        let words = format!("line {i} of a talk that goes on about keys and locks for hours");
        let name = if i == 3 {
            "and this is what we do at Chainyard. "
        } else {
            ""
        };
        json!([i * 5, 4.0, format!("{name}{words}")])
    };
    long["captions"][0]["lines"] = (0..300).map(line).collect();
    project.put_video(TALK, &long);
    let table = format!("{}context_tokens = 4600\n", project.llm_table());
    project.catalog(&talks(&[TALK]), &table);
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    let told: Vec<bool> = requests
        .iter()
        .map(|request| text(request).contains(TOLD))
        .collect();
    let parts = requests.len() - 2;
    assert!(parts >= 3, "{parts} parts");
    assert!(told[0] && told[parts], "{told:?}");
    assert_eq!(told.iter().filter(|told| **told).count(), 2, "{told:?}");
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), requests.len());
}

#[tokio::test]
async fn check_says_when_a_name_was_misheard() {
    let project = project().await;
    project.run("build").await.ended(0);
    let report = project.run("check --kind misheard").await.ended(3).stdout;
    let found = "\"Chainyard\" may be \"Chainguard\", as the title has it; heard at 1:01, 2:02";
    assert!(report.contains(found), "{report}");
    learn(&project, "terms = [\"Chainyard\"]");
    project.run("check --kind misheard").await.ended(0);
}

#[tokio::test]
async fn terms_of_another_catalog_are_trusted_when_asked_for() {
    let project = project().await;
    let mut talk = misheard();
    talk["title"] = json!("Small images");
    project.put_video(TALK, &talk);
    project.put(
        "2024/catalog.toml",
        "title = \"Last year\"\n[glossary]\nterms = [\"Chainguard\"]\n",
    );
    project.run("fetch").await.ended(0);
    project.run("check --kind misheard").await.ended(0);
    learn(&project, r#"from = ["2024/catalog.toml"]"#);
    let report = project.run("check --kind misheard").await.ended(3).stdout;
    assert!(
        report.contains("may be \"Chainguard\", as the glossary has it"),
        "{report}"
    );
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    assert!(text(&requests[0]).contains(TOLD));
    assert!(!text(&requests[0]).contains("Names at this conference"));

    project.put("2024/catalog.toml", "[glossary\n");
    project
        .run("check")
        .await
        .ended(2)
        .says("cannot read the terms in `2024/catalog.toml`");
    fs::remove_file(project.path("2024/catalog.toml")).unwrap();
    project
        .run("check")
        .await
        .ended(2)
        .says("there is no catalog `2024/catalog.toml`");
}
