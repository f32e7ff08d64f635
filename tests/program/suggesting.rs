//! `categories suggest`: asked once, sent back once, written without touching what stands there.

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, completion, said, talks};

const REMARK: &str = "# Kept: why this conference has these talks.\n";

/// A catalog of ten talks about three subjects, summarized by the organizer.
async fn garden(tables: &str) -> Project {
    let project = Project::with_catalog("").await;
    project.put("catalog.toml", &catalog(&project, 10, "", tables));
    project
}

fn catalog(project: &Project, talks: usize, more: &str, tables: &str) -> String {
    let talk = |number: usize| {
        let subject = ["Bees", "Soil", "Trees"][number % 3];
        format!(
            "  {{ id = \"gardenTalk{number}\", title = \"{subject} {number}\", summary = \"{subject} are looked at. They do well.\"{more} }},\n"
        )
    };
    let talks: String = (0..talks).map(talk).collect();
    let llm = project.llm_table();
    format!("title = \"Garden Days\"\n{REMARK}talks = [\n{talks}]\n\n{llm}{tables}# The end.\n")
}

fn list(categories: &[(&str, &[usize])]) -> ResponseTemplate {
    let category = |(name, talks): &(&str, &[usize])| json!({ "name": name, "description": format!("words about {name}"), "talks": talks });
    let categories: Vec<Value> = categories.iter().map(category).collect();
    completion(&json!({ "categories": categories }))
}

const GOOD: [(&str, &[usize]); 3] = [
    ("Beekeeping", &[1, 4, 7, 10]),
    ("Soil & Compost", &[2, 5, 8]),
    ("Orchards", &[3, 6, 9]),
];

const BAD: [(&str, &[usize]); 4] = [
    ("Gardens", &[1, 2, 3, 4, 5, 6, 7]),
    ("Orchards", &[8]),
    ("Orchard", &[9]),
    ("Other", &[10]),
];

#[tokio::test]
async fn a_list_is_printed_and_paid_for_once() {
    let project = garden("").await;
    project.reply("categories", [list(&GOOD)]);
    let first = project
        .run("categories suggest")
        .await
        .ended(0)
        .says("asked: 1 request, 1,000 tokens in, 50 out, $0.0011")
        .says("next: `proceedings categories suggest --write` writes them into catalog.toml");
    assert!(
        first.stdout.starts_with(
            "# 4 talks expected, such as:\n#   Bees 0\n#   Bees 3\n#   Bees 6\n[[categories]]\nname = \"Beekeeping\"\n"
        ),
        "{}",
        first.stdout
    );
    assert_eq!(project.cached(), ["categories/suggestion-*.json"]);
    let again = project.run("categories suggest").await.ended(0);
    let offline = project.run("categories suggest --offline").await.ended(0);
    assert_eq!(again.stdout, first.stdout);
    assert_eq!(offline.stdout, first.stdout);
    let requests = project.requests().await;
    assert_eq!(requests.len(), 1);
    let asked = requests[0]["messages"][1]["content"].to_string();
    assert!(
        asked.contains("10. Bees 9: Bees are looked at. They do well."),
        "{asked}"
    );
}

#[tokio::test]
async fn a_list_that_breaks_rules_is_sent_back_once() {
    let project = garden("").await;
    project.reply("categories", [list(&BAD), list(&GOOD)]);
    let ran = project.run("categories suggest").await.ended(0);
    assert!(ran.stdout.contains("Beekeeping"), "{}", ran.stdout);
    let requests = project.requests().await;
    assert_eq!(requests.len(), 2);
    let correction = requests[1]["messages"][3]["content"].to_string();
    for flaw in [
        "\\\"Gardens\\\" has 7 of 10 talks, and at most 4 are wanted in one",
        "\\\"Orchards\\\" has 1 of the talks",
        "\\\"Other\\\" does not say what is in it",
    ] {
        assert!(correction.contains(flaw), "{correction}");
    }
    project.run("categories suggest --write").await.ended(0);
    assert_eq!(project.requests().await.len(), 2);
}

#[tokio::test]
async fn what_is_left_is_mended_or_reported_and_never_written() {
    let project = garden("").await;
    project.reply("categories", [list(&BAD), list(&BAD)]);
    let before = project.read("catalog.toml");
    let ran = project
        .run("categories suggest --write")
        .await
        .ended(3)
        .says("changed: \"Other\" was left out: its name does not say what is in it")
        .says("changed: \"Orchard\" became part of \"Orchards\"")
        .says("problem: \"Gardens\" has 7 of 10 talks")
        .says("the catalog was not changed");
    assert!(ran.stdout.contains("name = \"Gardens\""), "{}", ran.stdout);
    assert_eq!(project.read("catalog.toml"), before);
    // Another list is asked for, and stays the one that counts.
    project.reply("categories", [list(&GOOD)]);
    project.run("categories suggest --again").await.ended(0);
    let ran = project.run("categories suggest").await.ended(0);
    assert!(ran.stdout.contains("Beekeeping"), "{}", ran.stdout);
    assert_eq!(project.requests().await.len(), 3);
}

#[tokio::test]
async fn replies_that_nobody_can_read_are_set_aside() {
    let project = garden("").await;
    project.reply("categories", [said("Bees, soil."), said("Bees and soil.")]);
    project
        .run("categories suggest")
        .await
        .ended(1)
        .says("no reply of the model could be used")
        .says("`--again`");
    assert_eq!(
        project.cached(),
        [
            "categories/suggestion-*.rejected.json",
            "categories/suggestion-*.rejected.json"
        ]
    );
    project
        .run("categories suggest")
        .await
        .ended(1)
        .says("set aside in an earlier run");
    assert_eq!(project.requests().await.len(), 2);
    project.reply("categories", [list(&GOOD)]);
    project.run("categories suggest --again").await.ended(0);
    project.run("categories suggest --offline").await.ended(0);
}

#[tokio::test]
async fn a_list_is_written_with_every_comment_kept() {
    let project = garden("").await;
    project
        .run("render")
        .await
        .ended(0)
        .says("`proceedings categories suggest` proposes some");
    project.reply("categories", [list(&GOOD)]);
    let before = project.read("catalog.toml");
    let ran = project
        .run("categories suggest --write")
        .await
        .ended(0)
        .says("wrote 3 categories into catalog.toml (backup: catalog.toml.bak)")
        .says("run `proceedings build`: it files each talk with one small request");
    assert_eq!(ran.stdout, "");
    assert_eq!(project.read("catalog.toml.bak"), before);
    let after = project.read("catalog.toml");
    let kept = before.strip_suffix("# The end.\n").unwrap();
    assert!(after.starts_with(kept), "{after}");
    assert!(after.contains("name = \"Soil & Compost\"\n"), "{after}");
    assert!(after.ends_with("# The end.\n"), "{after}");
    let category = |name: &str| completion(&json!({ "category": name, "none_fits": false }));
    project.reply("category", (0..10).map(|_| category("Orchards")));
    project.run("build").await.ended(0);
    // What stands in the catalog is replaced only when that is wanted.
    project
        .run("categories suggest --write")
        .await
        .ended(2)
        .says("`--write --replace`");
    assert_eq!(project.read("catalog.toml"), after);
}

#[tokio::test]
async fn categories_that_talks_are_filed_under_are_not_lost() {
    let project = Project::with_catalog("").await;
    let tables = "[[categories]] # mine\nname = \"Old\"\n";
    let filed = catalog(&project, 10, ", category = \"Old\"", tables);
    project.put("catalog.toml", &filed);
    project.reply("categories", [list(&GOOD)]);
    project
        .run("categories suggest --write --replace")
        .await
        .ended(2)
        .says("gardenTalk0 under `Old`");
    assert_eq!(project.read("catalog.toml"), filed);
    project.put("catalog.toml", &catalog(&project, 10, "", tables));
    project
        .run("categories suggest --write --replace")
        .await
        .ended(0);
    let after = project.read("catalog.toml");
    assert!(
        !after.contains("Old") && after.contains("Orchards"),
        "{after}"
    );
    assert_eq!(project.requests().await.len(), 1);
}

#[tokio::test]
async fn what_does_not_fit_is_asked_about_in_parts() {
    let project = Project::with_catalog("").await;
    let small = project.llm_table() + "context_tokens = 5400\n";
    let talk = |number: usize| {
        format!(
            "{{ id = \"gardenTal{number:02}\", title = \"Talk {number}\", summary = \"{}\" }}, ",
            "Bees and soil and trees. ".repeat(5)
        )
    };
    let all: String = (0..30).map(talk).collect();
    project.put(
        "catalog.toml",
        &format!("title = \"Garden\"\ntalks = [{all}]\n{small}"),
    );
    let part: [(&str, &[usize]); 5] = [
        ("Bees", &[1, 2, 3]),
        ("Soil", &[4, 5, 6]),
        ("Trees", &[7, 8, 9]),
        ("Water", &[10, 11, 12]),
        ("Tools", &[13, 14, 15]),
    ];
    let whole: [(&str, &[usize]); 5] = [
        ("Beekeeping", &[1, 6]),
        ("Compost", &[2, 7]),
        ("Orchards", &[3, 8]),
        ("Irrigation", &[4, 9]),
        ("Implements", &[5, 10]),
    ];
    project.reply("categories", [list(&part), list(&part), list(&whole)]);
    let ran = project.run("categories suggest").await.ended(0);
    assert!(
        ran.stdout
            .starts_with("# 6 talks expected, such as:\n#   Talk 0\n#   Talk 1\n#   Talk 2\n"),
        "{}",
        ran.stdout
    );
    let requests = project.requests().await;
    assert_eq!(requests.len(), 3);
    let joining = requests[2]["messages"][1]["content"].to_string();
    assert!(
        joining.contains("6. Bees [3 talks]: words about Bees"),
        "{joining}"
    );
    project.run("categories suggest --offline").await.ended(0);
}

#[tokio::test]
async fn what_is_missing_is_named_with_the_next_step() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project
        .run("categories suggest")
        .await
        .ended(1)
        .says("no talk has a summary yet")
        .says("run `proceedings build` first");
    project.run("build").await.ended(0);
    project
        .run("categories suggest")
        .await
        .ended(1)
        .says("categories are suggested for 8 summarized talks or more, and there are 1");
    // Without a model, the words of the talks propose, and again need as many of them.
    project.catalog(&talks(&["rustyCache1"]), "");
    project
        .run("categories suggest")
        .await
        .ended(1)
        .says("categories are suggested for 8 summarized talks or more, and there are 1");
    project
        .run("categories suggest --again")
        .await
        .ended(2)
        .says("name an endpoint under [llm]");

    let project = garden("").await;
    project
        .run("categories suggest --offline")
        .await
        .ended(1)
        .says("no suggestion is cached for the summaries as they are");
    project
        .run("categories suggest --max-cost 0.001")
        .await
        .ended(1)
        .says("the budget of $0.001 does not allow it");
    assert_eq!(project.requests().await.len(), 0);
}
