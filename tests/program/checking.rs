//! What a reader would stumble over is found before anything is published, and nobody is asked.

use std::fs;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::importing::page;
use crate::project::{Project, SUMMARY, completion, talks, video};
use crate::yt_dlp;

const IDS: [&str; 4] = ["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8", "kernelSched"];

/// Of each talk something else is said.
const SUBJECTS: [[&str; 2]; 4] = [
    [
        "penguins",
        "find their way home over the ice after months at sea",
    ],
    [
        "bridges",
        "are tested with loads that no lorry ever brings across",
    ],
    [
        "violins",
        "change their tone while the varnish hardens for years",
    ],
    [
        "glaciers",
        "leave marks on rocks from which their age is read",
    ],
];

fn about([subject, told]: [&str; 2]) -> ResponseTemplate {
    completion(&json!({
        "first_sentence": format!("It is shown how {subject} {told}."),
        "second_sentence": format!("Nobody had measured {subject} before with tools as plain as these."),
    }))
}

pub(crate) fn findings(report: &str) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .map(|finding| (text(&finding["kind"]), text(&finding["talk"])))
        .collect()
}

#[tokio::test]
async fn where_nothing_is_wrong_nothing_is_found_and_nothing_is_changed() {
    let project = Project::with_talks(&IDS).await;
    for id in &IDS[..2] {
        let mut panel = video(id);
        panel["title"] = json!(format!("Panel on {id}"));
        project.put_video(id, &panel);
    }
    project.reply("summary", SUBJECTS.map(about));
    project.run("build").await.ended(0);
    let (cached, visits) = (project.cached(), project.visits());
    let requests = project.requests().await.len();
    let ran = project.run("check").await.ended(0);
    assert_eq!(ran.stdout, "nothing found in 4 talks\n");
    let ran = project.run("check --json").await.ended(0);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report, json!({ "talks": 4, "findings": [] }));
    assert_eq!((project.cached(), project.visits()), (cached, visits));
    assert_eq!(project.requests().await.len(), requests);
}

#[tokio::test]
async fn what_no_source_of_a_talk_has_is_named() {
    let project = Project::with_talks(&IDS[..2]).await;
    let summaries = [
        [
            "Zora Quillfeather makes the key of a cache of 480 inputs.",
            "Everybody in the team can explain the key, which every input there is goes into.",
        ],
        [
            "The key of the cache is made of every input that there is.",
            "What everybody in the team can explain is trusted by everybody.",
        ],
    ];
    let summaries = summaries.map(|[first, second]| {
        completion(&json!({ "first_sentence": first, "second_sentence": second }))
    });
    project.reply("summary", summaries);
    project.run("build").await.ended(0);
    let ran = project
        .run("check --json --kind unsupported")
        .await
        .ended(3);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = report["findings"].as_array().unwrap();
    let texts: Vec<&Value> = found.iter().map(|finding| &finding["text"]).collect();
    assert_eq!(texts, ["480", "Zora Quillfeather"]);
}

#[tokio::test]
async fn before_anything_is_made_only_that_is_said() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let found = findings(&project.run("check --json").await.ended(3).stdout);
    assert!(!found.is_empty());
    assert!(found.iter().all(|(kind, _)| kind == "missing"), "{found:?}");
}

#[tokio::test]
async fn a_finding_says_what_where_and_what_instead() {
    let project = Project::with_talks(&["-cBplHNM4RA"]).await;
    let mut talk = video("-cBplHNM4RA");
    talk["description"] = json!("How Chainguard keeps its images small.");
    project.put_video("-cBplHNM4RA", &talk);
    let misheard = "The images of Chainyard hold what a program needs and nothing else.";
    let summary = json!({ "first_sentence": misheard, "second_sentence": SUMMARY[1] });
    project.reply("summary", [completion(&summary)]);
    project.run("build").await.ended(0);
    let ran = project.run("check --json --kind name").await.ended(3);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        report,
        json!({ "talks": 1, "findings": [{
            "kind": "name",
            "talk": "-cBplHNM4RA",
            "text": "Chainyard",
            "suggestion": "Chainguard",
            "source": "description",
            "message": "\"Chainyard\" may be \"Chainguard\", as the description has it",
        }] })
    );
    let mended = "[glossary.heard]\nChainyard = \"Chainguard\"\n";
    let tables = format!("{}{mended}", project.llm_table());
    project.catalog(&talks(&["-cBplHNM4RA"]), &tables);
    project.run("check --kind name").await.ended(0);
}

#[tokio::test]
async fn what_a_reader_would_stumble_over_is_found() {
    let project = Project::with_talks(&["rustyCache1", "brokenTitle", "gonePrivate"]).await;
    let mut broken = video("brokenTitle");
    broken["title"] = json!("CafÃ© caches, and who keeps them warm");
    project.put_video("brokenTitle", &broken);
    project.put_video("gonePrivate", &json!({ "title": "x", "error": "private" }));
    project.run("build").await.ended(3);
    let ran = project.run("check").await.ended(3);
    assert!(
        ran.stdout.contains("Café caches, and who keeps them warm"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("the video is private"),
        "{}",
        ran.stdout
    );

    let ran = project
        .run("check --json --kind mojibake missing")
        .await
        .ended(3);
    let found = findings(&ran.stdout);
    let has = |kind: &str, talk: &str| found.contains(&(kind.to_owned(), talk.to_owned()));
    assert!(
        has("mojibake", "brokenTitle") && has("missing", "gonePrivate"),
        "{found:?}"
    );
    let ran = project
        .run("check --json --only rustyCache1 --kind mojibake missing")
        .await;
    assert_eq!(findings(&ran.ended(0).stdout), []);
}

#[tokio::test]
async fn check_refuses_what_it_does_not_know() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("check --kind moonlight").await.ended(2);
    project.run("check --only -- nobodyKnows").await.ended(2);
    project
        .run("check --kind unstable")
        .await
        .ended(2)
        .says("add `--again`");
    project.run("check --max-cost 1").await.ended(2);
    project.catalog(&talks(&["rustyCache1"]), "");
    project.run("check --again").await.ended(2).says("[llm]");
}

#[tokio::test]
async fn a_damaged_file_is_a_finding_and_no_crash() {
    let project = Project::with_talks(&IDS[..2]).await;
    project.run("build").await.ended(0);
    for (id, stage) in [("rustyCache1", "summary-"), ("-cBplHNM4RA", "transcript-")] {
        let folder = fs::read_dir(project.path(&format!("cache/{id}"))).unwrap();
        let mut names = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
        let name = names.find(|name| name.starts_with(stage)).unwrap();
        project.put(&format!("cache/{id}/{name}"), "{ torn");
    }
    let ran = project.run("check --json --kind damaged missing").await;
    let found = findings(&ran.ended(3).stdout);
    let damaged = |id: &str| ("damaged".to_owned(), id.to_owned());
    assert_eq!(found, [damaged("rustyCache1"), damaged("-cBplHNM4RA")]);
}

#[tokio::test]
async fn an_imported_page_is_checked_with_what_was_fetched_since() {
    let project = Project::with_catalog("").await;
    let cut = "Caches That Everybody Can Explain: Lessons from...";
    let whole = "Caches That Everybody Can Explain: Lessons from a Year of Nights";
    project.put("old.md", &page("").replace("Second", cut));
    project.run("import old.md --into new").await.ended(0);
    let report = project
        .run("--catalog new/catalog.toml check")
        .await
        .ended(3)
        .stdout;
    for words in [
        "it is one sentence, and exactly two are needed",
        "What’s \"new\" & 'old' in <Caches>",
        "no summary: the imported page says \"Failed to generate summary.\"",
        "no category fits \"Fourth\"",
    ] {
        assert!(report.contains(words), "{words} is not in\n{report}");
    }
    assert!(!report.contains("cut off"), "{report}");

    let mut second = video("_9xohmSa2G8");
    second["description"] = json!(format!("{whole}\n\nAll about it."));
    project.put_video("_9xohmSa2G8", &second);
    let catalog = project.read("new/catalog.toml");
    let fetch = Project::fetch_table(&yt_dlp::yt_dlp(), &yt_dlp::fixture_args());
    project.put("new/catalog.toml", &format!("{catalog}\n{fetch}"));
    project
        .run("--catalog new/catalog.toml fetch --only _9xohmSa2G8")
        .await
        .ended(0);
    let ran = project
        .run("--catalog new/catalog.toml check --json --kind truncated-title")
        .await
        .ended(3);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["findings"][0]["suggestion"], whole);
    assert_eq!(report["findings"][0]["source"], "description");
}

#[tokio::test]
async fn asked_again_a_model_decides_for_itself_and_displaces_nothing() {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    let page = project.read("page/page.md");
    let other = json!({ "category": "People & Pages", "none_fits": false });
    project.reply("category", [completion(&other)]);
    let ran = project
        .run("check --again --json --kind unstable")
        .await
        .ended(3)
        .says("in all     4 requests, 4,000 tokens in, 200 out, $0.0044")
        .says("asked again, 1 of 4 talks change category");
    let first = findings(&ran.stdout);
    assert_eq!(first.len(), 1);

    let requests = project.requests().await;
    assert_eq!(requests.len(), 12);
    for again in &requests[8..] {
        let asked = again["messages"][1]["content"].as_str().unwrap();
        let places = ["- People & Pages", "- Systems"].map(|name| asked.find(name).unwrap());
        assert!(places.is_sorted(), "the list stands the other way round");
    }

    // What was paid for once is not paid for again, and is there without a network.
    for command in ["check --again", "--offline check --again"] {
        let ran = project
            .run(&format!("{command} --json --kind unstable"))
            .await
            .ended(3);
        assert_eq!(findings(&ran.stdout), first);
    }
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 12);
    assert_eq!(project.read("page/page.md"), page);

    // Nor does it stand in where the first answer is stale.
    let prompt = include_str!("../../prompts/category.hbs").replace("The categories:", "Choose:");
    project.put("prompts/category.hbs", &prompt);
    project.run("render").await.ended(0);
    assert_eq!(project.read("page/page.md"), page);
}

#[tokio::test]
async fn asking_again_keeps_to_its_budget_and_to_open_questions() {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    let ran = project
        .run("check --again --max-cost 0 --kind unstable")
        .await
        .ended(0)
        .says("4 more have no second answer: the budget of $0 does not allow it");
    assert_eq!(ran.stderr.matches("budget").count(), 1, "{}", ran.stderr);
    // Where the organizer decides, there is no requests.
    let decided = r#"[{ id = "rustyCache1", category = "Systems" }]"#;
    project.catalog(decided, &project.llm_table());
    project
        .run("check --again --kind unstable")
        .await
        .ended(0)
        .says("0 of 0 talks");
    assert_eq!(project.requests().await.len(), 8);
}

#[tokio::test]
async fn a_model_compares_summaries_with_what_is_said_and_is_paid_once() {
    let project = Project::with_talks(&IDS[..2]).await;
    let told = completion(&json!({
        "first_sentence": "The key of a cache is made of every input that there is.",
        "first_quote": "the key is made of every input there is",
        "second_sentence": "Everybody in the team can explain it, as 480 people did.",
        "second_quote": "that everybody in the team can explain",
    }));
    project.reply("summary", [told.clone(), told]);
    project.run("build").await.ended(0);
    let page = project.read("page/page.md");
    project
        .run("check --kind doubted")
        .await
        .ended(2)
        .says("`--evidence`");
    project
        .run("check --evidence --max-cost 0 --kind doubted")
        .await
        .ended(0)
        .says("2 more have no second answer: the budget of $0 does not allow it");
    assert_eq!(project.requests().await.len(), 4);

    let doubt = json!({
        "first_supported": true, "second_supported": false, "unsupported": "480 people",
    });
    project.reply("support", [completion(&doubt)]);
    let ran = project
        .run("check --evidence --json --kind doubted")
        .await
        .ended(3)
        .says("in all     2 requests, 2,000 tokens in, 100 out, $0.0022")
        .says("the model was asked about the summaries of 2 talks and doubts 1");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = &report["findings"][0];
    assert_eq!(
        found["text"],
        "Everybody in the team can explain it, as 480 people did."
    );
    assert!(
        found["message"]
            .as_str()
            .unwrap()
            .contains("\"480 people\"")
    );
    let asked = project.requests().await;
    assert_eq!(asked.len(), 6);
    let asked = asked[4]["messages"][1]["content"].as_str().unwrap();
    for words in [
        "that everybody in the team can explain",
        "as 480 people did",
        "</transcript>",
    ] {
        assert!(asked.contains(words), "{asked}");
    }

    // What was paid for once is not paid for again, and is there without a network.
    for command in ["check --evidence", "--offline check --evidence"] {
        let ran = project
            .run(&format!("{command} --json --kind doubted"))
            .await
            .ended(3);
        assert_eq!(findings(&ran.stdout), findings(&report.to_string()));
    }
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 6);
    assert_eq!(project.read("page/page.md"), page);
}
