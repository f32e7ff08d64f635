//! `prompts export`: the embedded prompts as files of the organizer's own.

use std::fs;

use serde_json::{Value, json};

use crate::project::{Project, completion};

#[tokio::test]
async fn exported_prompts_ask_for_nothing_again_until_they_are_changed() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let paid = project.requests().await.len();

    let exported = project.run("prompts export").await.ended(0);
    assert!(exported.says("wrote prompts/summary.hbs").stdout.is_empty());
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), paid);

    let prompt = project.read("prompts/summary.hbs");
    project.put(
        "prompts/summary.hbs",
        &prompt.replace("Rules:", "The rules:"),
    );
    let status = project.run("status").await;
    assert!(
        status.stdout.contains("prompts/summary.hbs changed"),
        "{}",
        status.stdout
    );
}

#[tokio::test]
async fn no_prompt_is_written_over() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put("prompts/summary.hbs", "mine\n--- user ---\n{{title}}\n");
    let exported = project.run("prompts export summary category.hbs").await;
    exported
        .ended(0)
        .says("prompts/summary.hbs is there already; the program left it as it was")
        .says("wrote prompts/category.hbs");
    assert!(project.read("prompts/summary.hbs").starts_with("mine"));
    assert!(!project.path("prompts/condense.hbs").exists());
}

#[tokio::test]
async fn a_slip_in_a_name_writes_nothing() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let exported = project.run("prompts export category sumary").await;
    exported.ended(2).says("did you mean `summary`?");
    assert!(!project.path("prompts").exists());

    let exported = project
        .run("--catalog nowhere/catalog.toml prompts export")
        .await;
    exported.ended(2).says("there is no folder `nowhere`");
    assert!(!project.path("nowhere").exists());
}

/// Puts the prompts of an earlier version beside the catalog.
fn put_earlier_prompts(project: &Project) {
    for (file, text) in [
        (
            "summary.hbs",
            include_str!("../../prompts/earlier/summary.hbs"),
        ),
        (
            "condense.hbs",
            include_str!("../../prompts/earlier/condense.hbs"),
        ),
        (
            "summary-correction.hbs",
            include_str!("../../prompts/earlier/summary-correction.hbs"),
        ),
    ] {
        project.put(&format!("prompts/{file}"), text);
    }
}

fn fields(request: &Value) -> Vec<String> {
    let schema = &request["response_format"]["json_schema"]["schema"];
    let properties = schema["properties"].as_object().unwrap();
    properties.keys().cloned().collect()
}

#[tokio::test]
async fn a_sentence_is_asked_for_with_a_quote_unless_the_catalog_wants_none() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    assert_eq!(
        fields(&requests[0]),
        [
            "first_sentence",
            "first_quote",
            "second_sentence",
            "second_quote"
        ]
    );
    // The summary that is there does without the quotes, and nobody pays for it again.
    let catalog = project.read("catalog.toml");
    project.put("catalog.toml", &format!("evidence = false\n{catalog}"));
    let dry = project.run("build --dry-run").await.ended(0);
    assert!(
        dry.stdout.contains("nothing to do") || !dry.stdout.contains("1 request"),
        "{}",
        dry.stdout
    );
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), requests.len());

    project.run("summarize --redo summary").await.ended(0);
    let requests = project.requests().await;
    let last = requests
        .iter()
        .rfind(|request| !request.to_string().contains("none_fits"));
    let last = last.unwrap();
    assert_eq!(fields(last), ["first_sentence", "second_sentence"]);
    assert!(!last.to_string().contains("quote"), "{last}");
}

#[tokio::test]
async fn what_an_earlier_version_asked_for_is_current_and_never_paid_for_again() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    put_earlier_prompts(&project);
    // One of them needed the corrective request.
    let guessed = json!({
        "first_sentence": "Caches that can be explained are trusted by him and those who live with them.",
        "second_sentence": "Keys made of every input and writes that survive a power cut turn out to be enough.",
    });
    project.reply("summary", [completion(&guessed)]);
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    assert_eq!(requests.len(), 5);
    assert_eq!(fields(&requests[0]), ["first_sentence", "second_sentence"]);

    fs::remove_dir_all(project.path("prompts")).unwrap();
    let status: Value = serde_json::from_str(&project.run("status --json").await.stdout).unwrap();
    for talk in status["talks"].as_array().unwrap() {
        assert_eq!(talk["stages"]["summary"]["state"], "cached", "{talk}");
    }
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 5);

    // What is asked anew is asked in the words of today.
    project
        .run("summarize --redo summary --only kernelSched")
        .await
        .ended(0);
    assert_eq!(fields(&project.requests().await[5]).len(), 4);
}

#[tokio::test]
async fn a_slip_is_mended_and_the_rest_is_kept() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let guessed = json!({
        "first_sentence": "Caches that can be explained are trusted by him and those who live with them.",
        "second_sentence": "Keys made of every input and writes that survive a power cut turn out to be enough.",
    });
    project.reply("summary", [completion(&guessed)]);
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    let told = requests[1]["messages"][3]["content"].as_str().unwrap();
    assert!(told.contains("it says \"him\""), "{told}");
    assert!(told.contains("keep the rest"), "{told}");
    assert!(!told.contains("new"), "{told}");
}
