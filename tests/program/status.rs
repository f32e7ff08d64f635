//! `status`: what is there, what is stale and why, what a build would take; and nobody is asked.

use expect_test::expect;
use serde_json::{Value, json};

use crate::project::{Project, said, talks, video};

const IDS: [&str; 3] = ["rustyCache1", "-cBplHNM4RA", "kernelSched"];

/// What `status --json` says, with these arguments.
async fn json_of(project: &Project, arguments: &str) -> Value {
    let ran = project.run(&format!("status --json {arguments}")).await;
    serde_json::from_str(&ran.ended(0).stdout).unwrap()
}

/// State, why and next step of one talk at one stage.
async fn cell(project: &Project, talk: &str, stage: &str) -> String {
    let status = json_of(project, &format!("--only={talk}")).await;
    let cell = &status["talks"][0]["stages"][stage];
    let words = ["state", "why", "next"].map(|key| cell[key].as_str().unwrap_or("-").to_owned());
    words.join(" | ")
}

#[tokio::test]
async fn what_is_there_and_what_is_missing_is_said_before_and_after_a_build() {
    let project = Project::with_talks(&IDS).await;
    let ran = project.run("status").await.ended(0);
    expect![[r#"
        Test Conf: 3 talks

                    missing
        metadata          3
        transcript        3
        summary           3
        category          3

        talk         metadata  transcript  summary  category  title
        rustyCache1  missing   missing     missing  missing   rustyCache1
        -cBplHNM4RA  missing   missing     missing  missing   -cBplHNM4RA
        kernelSched  missing   missing     missing  missing   kernelSched

        metadata missing: it was never fetched
          3 talks: rustyCache1, -cBplHNM4RA, kernelSched
          next: `proceedings build` visits the video
        transcript missing: it was never fetched
          3 talks: rustyCache1, -cBplHNM4RA, kernelSched
          next: `proceedings build` visits the video
        summary missing: it needs the transcript
          3 talks: rustyCache1, -cBplHNM4RA, kernelSched
          next: `proceedings build` makes it
        category missing: it needs the summary
          3 talks: rustyCache1, -cBplHNM4RA, kernelSched
          next: `proceedings build` makes it

        What a build would take
          fetch      3 visits to YouTube
          summarize  3 talks whose captions are not fetched: typically 6,000 tokens a talk: about $0.02 for 3 talks

        What has been paid for
          nothing
    "#]]
    .assert_eq(&ran.stdout);
    assert!(project.cached().is_empty());

    project.run("build").await.ended(0);
    let asked = project.requests().await.len();
    let ran = project.run("status").await.ended(0);
    expect![[r#"
        Test Conf: 3 talks

                    cached
        metadata         3
        transcript       3
        summary          3
        category         3

        What a build would take
          fetch      0 visits to YouTube
          summarize  no requests
          categorize no requests
          in all     no requests

        What has been paid for
          small: 6 requests, 6,000 tokens in, 300 out, $0.0066 at today's price
    "#]]
    .assert_eq(&ran.stdout);
    assert_eq!(project.requests().await.len(), asked, "nobody is asked");
    assert_eq!(project.visits(), 3, "nobody is visited");
}

#[tokio::test]
async fn what_is_stale_says_what_has_changed_and_a_build_renews_just_that() {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    let catalog = project.read("catalog.toml");

    // Another prompt: every summary, and so every category.
    let prompt = include_str!("../../prompts/summary.hbs").replace("Be concrete", "Be brief");
    project.put("prompts/summary.hbs", &prompt);
    let ran = project.run("status").await.ended(0);
    let groups = "\
summary stale: prompts/summary.hbs changed
  3 talks: rustyCache1, -cBplHNM4RA, kernelSched
  next: `proceedings build` renews it
category stale: its summary is made again
  3 talks: rustyCache1, -cBplHNM4RA, kernelSched
  next: `proceedings build` renews it
";
    assert!(ran.stdout.contains(groups), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("in all     6 requests"),
        "{}",
        ran.stdout
    );
    std::fs::remove_file(project.path("prompts/summary.hbs")).unwrap();

    // Another model.
    project.put("catalog.toml", &catalog.replace("\"small\"", "\"large\""));
    let why = cell(&project, "kernelSched", "summary").await;
    assert!(why.starts_with("stale | the model was small |"), "{why}");
    let status = json_of(&project, "").await;
    assert_eq!(
        status["talks"][0]["stages"]["summary"]["changed"],
        json!(["model"])
    );
    assert_eq!(
        status["paid"][0]["dollars"],
        Value::Null,
        "small has no price any more"
    );

    // Another description of a category: no summary.
    project.put(
        "catalog.toml",
        &catalog.replace("caches, schedulers", "caches, disks"),
    );
    let why = cell(&project, "kernelSched", "summary").await;
    assert_eq!(why, "cached | - | -");
    let why = cell(&project, "kernelSched", "category").await;
    assert!(why.starts_with("stale | the categories changed |"), "{why}");
    let status = json_of(&project, "").await;
    assert_eq!(status["build"]["requests"], 3);
    let before = project.requests().await.len();
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), before + 3);

    // A title, speakers and terms of the organizer's.
    let entry = r#"{ id = "kernelSched", title = "Schedulers", speakers = ["A. Name"] }"#;
    let edited = catalog.replace("\"kernelSched\"", entry) + "[glossary]\nterms = [\"Rust\"]\n";
    project.put("catalog.toml", &edited);
    let why = cell(&project, "kernelSched", "summary").await;
    assert!(
        why.starts_with(
            "stale | the talk's title changed, the speakers changed, the terms of the glossary changed |"
        ),
        "{why}"
    );
    let status = json_of(&project, "--stage summary --state stale").await;
    assert_eq!(status["talks"].as_array().unwrap().len(), 3);
    let requests = status["build"]["requests"].as_u64().unwrap();
    let before = project.requests().await.len();
    project.run("build").await.ended(0);
    let made = project.requests().await.len() - before;
    // The new summaries say what the old ones said, so some categories need not be asked again.
    assert!(made as u64 <= requests, "{made} of {requests}");
    let status = json_of(&project, "--state stale").await;
    assert_eq!(status["talks"], json!([]));
}

#[tokio::test]
async fn a_new_transcript_makes_the_summary_stale_before_it_is_read() {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    project.put(
        "captions/kernelSched.txt",
        "Other words. They are the organizer's own.",
    );
    let why = cell(&project, "kernelSched", "transcript").await;
    assert!(
        why.starts_with("stale | the caption file `kernelSched.txt` is new"),
        "{why}"
    );
    let why = cell(&project, "kernelSched", "summary").await;
    assert!(why.starts_with("stale | the transcript changed |"), "{why}");
    let cached = project.cached();
    project.run("status").await.ended(0);
    assert_eq!(project.cached(), cached, "nothing is kept");

    let before = project.requests().await.len();
    project.run("build").await.ended(0);
    assert_eq!(project.visits(), 3);
    assert!(project.requests().await.len() > before);
    assert_eq!(
        cell(&project, "kernelSched", "transcript").await,
        "written | it is your own caption file | -"
    );
    std::fs::remove_file(project.path("captions/kernelSched.txt")).unwrap();
    let why = cell(&project, "kernelSched", "transcript").await;
    assert!(
        why.starts_with("missing | the caption file `kernelSched.txt` is not there"),
        "{why}"
    );
}

#[tokio::test]
async fn failures_and_replies_that_were_set_aside_come_with_a_next_step() {
    let project = Project::with_talks(&IDS).await;
    let mut silent = video("kernelSched");
    silent["captions"] = json!([]);
    project.put_video("kernelSched", &silent);
    project.put_video(
        "rustyCache1",
        &json!({ "error": "Private video. Sign in if you've been granted access" }),
    );
    project.reply("summary", [said("No."), said("No.")]);
    project.run("build").await.ended(3);

    let failed = cell(&project, "rustyCache1", "metadata").await;
    assert!(
        failed.starts_with("failed | the video is private"),
        "{failed}"
    );
    let failed = cell(&project, "rustyCache1", "transcript").await;
    assert!(
        failed.starts_with("failed | the video is private"),
        "{failed}"
    );
    let failed = cell(&project, "kernelSched", "transcript").await;
    assert!(
        failed.starts_with("failed | the video has no captions | put a caption file"),
        "{failed}"
    );
    let missing = cell(&project, "kernelSched", "summary").await;
    assert!(
        missing.starts_with("missing | the talk has no transcript and no abstract"),
        "{missing}"
    );
    let aside = cell(&project, "-cBplHNM4RA", "summary").await;
    assert!(
        aside.starts_with("set-aside | the model's replies were set aside"),
        "{aside}"
    );
    assert!(aside.contains("--redo failed"), "{aside}");
    let status = json_of(&project, "").await;
    assert_eq!(status["build"]["requests"], 0);
    assert_eq!(status["build"]["cannot_be_made"], 3);
    assert_eq!(
        status["paid"][0]["requests"], 2,
        "what was set aside was paid for"
    );
    assert!(status["talks"][2]["stages"]["transcript"]["at"].is_string());

    // With an older summary a page is whole, and still nothing can be renewed.
    project
        .run("build --redo summary --only=-cBplHNM4RA")
        .await
        .ended(0);
    let prompt = include_str!("../../prompts/summary.hbs").replace("Be concrete", "Be brief");
    project.put("prompts/summary.hbs", &prompt);
    project.reply("summary", [said("No."), said("No.")]);
    let ran = project.run("build --only=-cBplHNM4RA").await.ended(3);
    assert!(!ran.stderr.contains("renews"), "{}", ran.stderr);
    let aside = cell(&project, "-cBplHNM4RA", "summary").await;
    assert!(aside.contains("; the page shows an older one"), "{aside}");
}

#[tokio::test]
async fn what_the_organizer_writes_hides_or_takes_out_is_said() {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    let written = r#"[{ id = "rustyCache1", summary = "One. Two.", category = "Systems" }, { id = "-cBplHNM4RA", hide = true }]"#;
    project.catalog(written, &project.llm_table());
    let status = json_of(&project, "").await;
    let stages = &status["talks"][0]["stages"];
    assert_eq!(stages["summary"]["state"], "written");
    assert_eq!(stages["category"]["state"], "written");
    assert_eq!(status["talks"][1]["stages"]["summary"]["state"], "hidden");
    assert_eq!(status["unlisted"], json!(["kernelSched"]));
    let ran = project.run("status").await.ended(0);
    assert!(
        ran.stdout.starts_with("Test Conf: 1 talk, 1 hidden\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .ends_with("In the cache and not in the catalog: 1 talk\n  kernelSched\n"),
        "{}",
        ran.stdout
    );
    let all = project.run("status --all").await.ended(0);
    assert!(all.stdout.contains("-cBplHNM4RA  hidden"), "{}", all.stdout);
    project.run("status --only nobodyKnows").await.ended(2);
}

#[tokio::test]
async fn a_damaged_file_is_named_and_costs_its_talk_alone() {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    let folder = project.path("cache/kernelSched");
    let files = std::fs::read_dir(&folder).unwrap().flatten();
    let summary = files
        .map(|file| file.path())
        .find(|path| path.to_str().unwrap().contains("summary-"))
        .unwrap();
    std::fs::write(&summary, "{").unwrap();
    let ran = project.run("status").await.ended(0);
    assert!(ran.stdout.contains("summary damaged: "), "{}", ran.stdout);
    assert!(ran.stdout.contains("not counted: "), "{}", ran.stdout);
    let status = json_of(&project, "--state damaged").await;
    assert_eq!(status["talks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn talks_that_are_not_fetched_are_guessed_by_those_that_are() {
    let project = Project::with_talks(&IDS).await;
    project.run("fetch --only rustyCache1").await.ended(0);
    let ran = project.run("build --dry-run").await.ended(0);
    let guess = "not in it  2 talks whose captions are not fetched: the length is not known until the captions are fetched\na guess    for them 4 requests";
    assert!(ran.stdout.contains(guess), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("with it    6 requests"),
        "{}",
        ran.stdout
    );
    let status = json_of(&project, "").await;
    assert_eq!(status["build"]["requests"], 2);
    assert_eq!(status["build"]["not_fetched"], 2);
    assert_eq!(status["build"]["guess"]["requests"], 4);
    assert!(status["build"]["guess"]["dollars"].as_f64().unwrap() > 0.0);
    // Without a price nobody knows what it costs.
    let free = project.llm_table().replace("price", "# price");
    project.catalog(&talks(&IDS), &free);
    let status = json_of(&project, "").await;
    assert_eq!(status["build"]["dollars"], Value::Null);
}

#[tokio::test]
async fn an_excerpt_gives_way_to_a_model() {
    let project = Project::with_talks(&IDS[..1]).await;
    let described = r#"[{ id = "rustyCache1", abstract = "Caches that everybody in the team can explain are trusted by the people who live with them, and keys are made of every input." }]"#;
    project.catalog(described, "");
    project.run("build").await.ended(0);
    assert_eq!(
        cell(&project, "rustyCache1", "summary").await,
        "built-in | - | -"
    );
    assert!(
        cell(&project, "rustyCache1", "category")
            .await
            .starts_with("built-in")
    );
    project.catalog(described, &project.llm_table());
    let why = cell(&project, "rustyCache1", "summary").await;
    assert!(
        why.starts_with("stale | it was made without a model |"),
        "{why}"
    );
}

#[tokio::test]
async fn captions_that_failed_to_come_are_no_talk_that_nobody_asked_for() {
    let project = Project::with_talks(&IDS[..1]).await;
    let mut busy = video(IDS[0]);
    busy["captions_error"] = json!(503);
    project.put_video(IDS[0], &busy);
    let once = project.read("catalog.toml") + "retries = 0\n";
    project.put("catalog.toml", &once);
    project.run("build").await.ended(3);
    let failed = cell(&project, IDS[0], "transcript").await;
    assert!(failed.starts_with("failed | "), "{failed}");
    assert_eq!(
        cell(&project, IDS[0], "summary").await,
        "missing | it needs the transcript, which could not be fetched | `proceedings build` makes it"
    );
}
