//! Files of the cache that cannot be used: damaged, or of a later version. Each is named with what
//! to do about it, and nothing is paid for in its place.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::project::{Project, completion, video};

/// A project whose cache holds a file of every stage.
async fn of_every_stage() -> Project {
    let project = Project::with_talks(&[]).await;
    let mut long = video("rustyCache1");
    let line = |i: u32| {
        json!([
            i * 5,
            4.0,
            format!("line {i} of a talk that goes on and on")
        ])
    };
    long["captions"][0]["lines"] = (0..500).map(line).collect();
    project.put_video("rustyCache1", &long);
    let mut quiet = video("quietTalk01");
    quiet["captions"] = json!([]);
    quiet["audio"] = json!(2000);
    project.put_video("quietTalk01", &quiet);

    let written = |number| {
        format!(
            "{{ id = \"gardenTalk{number}\", title = \"Bees {number}\", summary = \"They are looked at. They do well.\", category = \"Systems\" }}"
        )
    };
    let written: Vec<String> = (0..8).map(written).collect();
    project.catalog(
        &format!("[\"rustyCache1\", \"quietTalk01\", {}]", written.join(", ")),
        &format!(
            "{}context_tokens = 4800\n{}",
            project.llm_table(),
            project.transcribe_table()
        ),
    );
    let only = "--only rustyCache1 quietTalk01";
    project.run(&format!("fetch {only}")).await.ended(0);
    project.run("build --offline").await;
    project.run("summarize").await;
    project.run("check --again").await;
    let all: Vec<u32> = (1..=10).collect();
    let list = json!({ "categories": [{ "name": "All", "description": "all", "talks": all }] });
    project.reply("categories", [completion(&list)]);
    project.run("categories suggest").await;
    project
}

/// The files whose path in the cache starts like this.
fn files(project: &Project, start: &str) -> Vec<PathBuf> {
    let (folder, name) = start.split_once('/').unwrap();
    let entries = fs::read_dir(project.path("cache").join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = names
        .filter(|path| {
            let file = path.file_name().unwrap().to_str().unwrap();
            file.starts_with(name)
        })
        .collect();
    assert!(!found.is_empty(), "no {start} in {:?}", project.cached());
    found
}

async fn paid(project: &Project) -> usize {
    project.requests().await.len() + project.uploads().await.len()
}

/// Where a file is, what else must be missing for it to be needed, and who needs it then.
const NEEDED: [(&str, &[&str], &str); 9] = [
    ("rustyCache1/metadata-", &[], "build --only rustyCache1"),
    ("rustyCache1/captions.json", &[], "build --only rustyCache1"),
    (
        "rustyCache1/transcript-",
        &["rustyCache1/summary-"],
        "summarize --only rustyCache1",
    ),
    (
        "quietTalk01/transcription-",
        &["quietTalk01/captions.json", "quietTalk01/transcript-"],
        "build --only quietTalk01",
    ),
    (
        "rustyCache1/part-",
        &["rustyCache1/summary-"],
        "build --only rustyCache1",
    ),
    ("rustyCache1/summary-", &[], "build --only rustyCache1"),
    ("rustyCache1/category-", &[], "build --only rustyCache1"),
    (
        "rustyCache1/opinion-",
        &[],
        "check --again --only rustyCache1",
    ),
    ("categories/suggestion-", &[], "categories suggest"),
];

/// Spoils a file of each stage in turn. What is said names it; it stays as it is, and costs nothing.
async fn spoiled(spoil: impl Fn(&str) -> String, said: &str) {
    let project = of_every_stage().await;
    for (start, missing, command) in NEEDED {
        let mut were = Vec::new();
        for path in missing.iter().flat_map(|start| files(&project, start)) {
            were.push((path.clone(), fs::read(&path).unwrap()));
            fs::remove_file(path).unwrap();
        }
        let mut spoiled = Vec::new();
        for path in files(&project, start) {
            let text = fs::read_to_string(&path).unwrap();
            spoiled.push((path.clone(), spoil(&text)));
            fs::write(&path, spoil(&text)).unwrap();
            were.push((path, text.into_bytes()));
        }
        let before = paid(&project).await;
        let ran = project.run(command).await;
        let all = format!("{}{}", ran.stdout, ran.stderr).replace('\\', "/");
        let is_named = all
            .lines()
            .any(|line| line.contains(start) && line.contains(said));
        assert!(is_named, "{start}: {all}");
        assert_ne!(ran.code, 0, "{start}: {all}");
        assert_eq!(paid(&project).await, before, "{start}: {all}");
        for (path, text) in spoiled {
            assert_eq!(fs::read_to_string(path).unwrap(), text, "{start}");
        }
        for (path, bytes) in were {
            fs::write(path, bytes).unwrap();
        }
    }
    project.run("cache verify").await.ended(0);
}

#[tokio::test]
async fn half_a_file_is_named_kept_and_not_paid_for_again() {
    let half = |text: &str| text.chars().take(text.chars().count() / 2).collect();
    spoiled(half, "is damaged").await;
}

#[tokio::test]
async fn a_file_of_a_later_version_is_named_kept_and_not_paid_for_again() {
    let later = |text: &str| text.replace("\"version\": 1,", "\"version\": 99,");
    spoiled(later, "was written by a later version").await;
}

const ID: &str = "rustyCache1";

/// What `status --json` says about the one talk.
async fn status(project: &Project) -> Value {
    let ran = project.run("status --json").await.ended(0);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn spoil(project: &Project, start: &str) {
    for path in files(project, start) {
        fs::write(path, "{ \"version\": 1, ").unwrap();
    }
}

#[tokio::test]
async fn where_the_metadata_is_damaged_the_page_shows_an_older_visit() {
    let project = Project::with_talks(&[ID]).await;
    project.run("build").await.ended(0);
    let [old] = &files(&project, "rustyCache1/metadata-")[..] else {
        panic!("{:?}", project.cached());
    };
    let mut renamed = video(ID);
    renamed["title"] = json!("Another title");
    project.put_video(ID, &renamed);
    project.run("build --redo metadata").await.ended(0);
    for new in files(&project, "rustyCache1/metadata-") {
        if new != *old {
            fs::write(new, "{ \"version\": 1, ").unwrap();
        }
    }
    let before = paid(&project).await;
    let ran = project.run("build").await.ended(3).says("is damaged");
    assert!(ran.stderr.contains("move the file away"), "{}", ran.stderr);
    let page = project.read("page/page.md");
    let title = "How rustyCache1 was made &amp; measured";
    assert!(page.contains(title), "{page}");
    let status = status(&project).await;
    assert_eq!(
        status["talks"][0]["title"],
        "How rustyCache1 was made & measured"
    );
    assert_eq!(paid(&project).await, before);
}

#[tokio::test]
async fn what_a_damaged_file_keeps_from_being_made_is_no_cost_of_a_build() {
    let project = Project::with_talks(&[ID]).await;
    project.run("build").await.ended(0);
    spoil(&project, "rustyCache1/metadata-");
    let status = status(&project).await;
    let stages = &status["talks"][0]["stages"];
    assert_eq!(stages["metadata"]["state"], "damaged");
    assert_eq!(stages["summary"]["state"], "stale");
    let next = stages["summary"]["next"].as_str().unwrap();
    assert!(next.starts_with("restore the damaged file"), "{next}");
    assert_eq!(status["build"]["requests"], 0);
    assert_eq!(status["build"]["cannot_be_made"], 2);
}

#[tokio::test]
async fn a_damaged_pointer_costs_no_result_and_is_counted_once_by_everybody() {
    let project = Project::with_talks(&[ID]).await;
    project.run("build").await.ended(0);
    let page = project.read("page/page.md");
    spoil(&project, "rustyCache1/captions.json");

    project
        .run("build")
        .await
        .ended(3)
        .says("1 of 1 talks has a file that cannot be read:\n")
        .says("captions.json` is damaged");
    assert_eq!(project.read("page/page.md"), page);
    let status = status(&project).await;
    let totals = &status["totals"];
    assert_eq!(totals["transcript"], json!({ "damaged": 1 }));
    assert_eq!(totals["summary"], json!({ "cached": 1 }));
    assert_eq!(totals["category"], json!({ "cached": 1 }));
    for command in [
        "check --json --kind damaged,stale,missing",
        "cache verify --json",
    ] {
        let ran = project.run(command).await.ended(3);
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(
            found["findings"].as_array().unwrap().len(),
            1,
            "{}",
            ran.stdout
        );
    }
}

#[tokio::test]
async fn a_category_waits_for_a_damaged_summary_and_says_so() {
    let project = Project::with_talks(&[ID]).await;
    project.run("build").await.ended(0);
    spoil(&project, "rustyCache1/summary-");
    let status = status(&project).await;
    let category = &status["talks"][0]["stages"]["category"];
    assert_eq!(
        category["why"],
        "there is no summary to file it by; the page shows an older one"
    );
}

#[tokio::test]
async fn a_damaged_reply_that_a_later_one_replaces_is_found_and_no_fault() {
    let project = Project::with_talks(&[ID]).await;
    project.run("build").await.ended(0);
    let first = files(&project, "rustyCache1/summary-").remove(0);
    project.run("build --redo summary").await.ended(0);
    fs::write(first, "{ \"version\": 1, ").unwrap();
    let ran = project.run("cache verify").await.ended(0);
    let lines = [
        "is damaged",
        ".2.json` is used in its place",
        "cache prune --paid",
    ];
    for words in lines {
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
    }
    // Nobody misses it, also when everything else is stale.
    let prompt = include_str!("../../prompts/summary.hbs").replace("Be concrete", "Be brief");
    project.put("prompts/summary.hbs", &prompt);
    project.run("render").await.ended(0).says("stale");
    project
        .run("cache prune --yes")
        .await
        .ended(0)
        .says("stay: 1 file");
    project
        .run("cache prune --yes --paid")
        .await
        .ended(0)
        .says("removed: 1 file");
    let ran = project.run("cache verify").await.ended(0);
    assert!(ran.stdout.ends_with("all are in order\n"), "{}", ran.stdout);
}

#[tokio::test]
async fn whoever_asks_for_it_has_a_damaged_reply_made_anew_and_the_old_one_stays() {
    let project = Project::with_talks(&[ID]).await;
    project.run("build").await.ended(0);
    spoil(&project, "rustyCache1/summary-");
    let before = paid(&project).await;
    project.run("build").await.ended(3);
    assert_eq!(paid(&project).await, before);
    let plan = project.run("build --redo summary --dry-run").await;
    assert!(
        plan.stdout.contains("summarize  1 request"),
        "{}",
        plan.stdout
    );
    project.run("build --redo summary").await.ended(0);
    assert_eq!(paid(&project).await, before + 1);
    assert_eq!(files(&project, "rustyCache1/summary-").len(), 2);
    project.run("build").await.ended(0).says("1 cached");
    assert_eq!(paid(&project).await, before + 1);

    for path in files(&project, "rustyCache1/category-") {
        fs::write(path, "{ \"version\": 99 }").unwrap();
    }
    let refused = project.run("build --redo category").await.ended(3);
    refused.says("later version");
    assert_eq!(paid(&project).await, before + 1);
}
