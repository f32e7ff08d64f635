//! The page in all its formats, as the program writes them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::project::{CATEGORIES, Project, SUMMARY, video};

const ALL: &str = "markdown,html,classic,json,feed,csv";
const FILES: [&str; 6] = [
    "page.md",
    "index.html",
    "classic.md",
    "page.json",
    "feed.xml",
    "page.csv",
];

/// One talk of each origin.
async fn built() -> Project {
    let project = Project::with_talks(&["rustyCache1", "panelTalk-1", "_organized1"]).await;
    let mut panel = video("panelTalk-1");
    panel["title"] = json!("Closing Panel");
    project.put_video("panelTalk-1", &panel);
    let talks = r#"["rustyCache1", "panelTalk-1", { id = "_organized1", title = "Ours", summary = "Our words.", category = "Systems" }]"#;
    project.catalog(talks, &project.llm_table());
    project.run("build").await.ended(0);
    project
}

fn pages(project: &Project, folder: &str) -> Vec<String> {
    let read = |name| project.read(&format!("{folder}/{name}"));
    FILES.into_iter().map(read).collect()
}

/// Copies a folder, the last file first.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let mut names: Vec<_> = fs::read_dir(from)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    for name in names.into_iter().rev() {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copied(&from, &to);
        } else {
            fs::write(to, fs::read(from).unwrap()).unwrap();
        }
    }
}

#[tokio::test]
async fn the_same_cache_gives_the_same_bytes() {
    let project = built().await;
    for folder in ["first", "second"] {
        let render = format!("render --format {ALL} --output {folder}");
        project.run(&render).await.ended(0);
    }
    let first = pages(&project, "first");
    assert_eq!(first, pages(&project, "second"));

    let elsewhere = Project::with_catalog(&project.read("catalog.toml")).await;
    copied(&project.path("cache"), &elsewhere.path("cache"));
    let render = format!("render --format {ALL} --output third");
    elsewhere.run(&render).await.ended(0);
    assert_eq!(first, pages(&elsewhere, "third"));
}

#[tokio::test]
async fn the_data_say_where_they_come_from() {
    let project = built().await;
    let printed = project.run("render --format json --output -").await;
    let page: Value = serde_json::from_str(&printed.ended(0).stdout).unwrap();
    let [cache, panel, ours] = &page["talks"].as_array().unwrap()[..] else {
        panic!("not three talks");
    };
    assert_eq!(cache["summary"]["text"], SUMMARY.join(" "));
    assert_eq!(cache["transcript"]["kind"], "automatic");
    for made in [&cache["summary"]["made"], &cache["category"]["made"]] {
        assert_eq!(
            (&made["provider"], &made["model"]),
            (&json!("openai"), &json!("small"))
        );
    }
    let origins = |talk: &Value| {
        json!([
            talk["title_origin"],
            talk["summary"]["origin"],
            talk["category"]["origin"]
        ])
    };
    assert_eq!(origins(cache), json!(["youtube", "transcript", "model"]));
    assert_eq!(
        origins(panel),
        json!(["youtube", "transcript", "title-rule"])
    );
    assert_eq!(
        origins(ours),
        json!(["organizer", "organizer", "organizer"])
    );
    assert_eq!(ours["summary"]["made"], Value::Null);
    assert_eq!(
        page["categories"][1],
        json!({
            "name": "People & Pages",
            "about": "",
            "description": "",
            "talks": 1,
        })
    );
}

#[tokio::test]
async fn without_a_model_the_data_say_so() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let mut talk = video("rustyCache1");
    talk["description"] = json!(
        "Caches are trusted when people can explain them, and this talk explains one from end to end. \
         It shows how a key is made of every input there is, and why a write must survive a power cut. \
         At last it measures what schedulers and storage make of it on three machines of different ages."
    );
    project.put_video("rustyCache1", &talk);
    project.catalog(r#"["rustyCache1"]"#, "");
    project.run("build").await.ended(0);
    let printed = project.run("render --format json --output -").await;
    let page: Value = serde_json::from_str(&printed.ended(0).stdout).unwrap();
    let talk = &page["talks"][0];
    assert_eq!(talk["summary"]["origin"], "excerpt");
    assert_eq!(talk["category"]["origin"], "words");
    assert_eq!(talk["summary"]["made"]["model"], Value::Null);
    assert!(talk["summary"]["made"]["at"].is_string());
}

#[tokio::test]
async fn the_catalog_names_the_formats_and_a_slip_is_put_right() {
    let project = built().await;
    let catalog = |formats: &str| {
        let catalog = format!(
            "title = \"Test Conf\"\nformats = [{formats}]\ntalks = [\"rustyCache1\"]\n{CATEGORIES}"
        );
        project.put("catalog.toml", &catalog);
    };
    catalog(r#""json", "feed", "csv""#);
    let wrote = project.run("render").await.ended(0);
    let wrote = wrote.says("page.json").says("feed.xml").says("page.csv");
    assert!(!wrote.stderr.contains("index.html"), "{}", wrote.stderr);
    catalog(r#""jsno""#);
    project
        .run("render")
        .await
        .ended(2)
        .says("did you mean `json`?");
    catalog(r#""json""#);
    let slip = project.run("render --format fed").await.ended(2);
    slip.says("a similar value exists: 'feed'");
}
