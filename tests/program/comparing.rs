//! `diff`: two models or two prompts over one cache, and nothing paid twice.

use expect_test::expect;
use serde_json::{Value, json};

use crate::project::{Project, completion};

/// A project whose talks were summarized by one model, with a catalog beside it that names another.
async fn two_models(ids: &[&str]) -> Project {
    let project = Project::with_talks(ids).await;
    project.run("build").await.ended(0);
    let other = project
        .read("catalog.toml")
        .replace("model = \"small\"", "model = \"large\"");
    project.put("catalog-b.toml", &other);
    project
}

#[tokio::test]
async fn two_models_stand_side_by_side() {
    let project = two_models(&["rustyCache1", "kernelSched"]).await;
    let worded = json!({
        "first_sentence": "Caches that can be explained are trusted by everybody at Kubernetes who has to live with them.",
        "second_sentence": "Keys made of every input and writes that survive a power cut turn out to be enough.",
    });
    let filed = json!({ "category": "People & Pages", "none_fits": false });
    project.reply("summary", [completion(&worded)]);
    project.reply("category", [completion(&filed)]);
    project
        .run("summarize --catalog catalog-b.toml --only rustyCache1")
        .await
        .ended(0);
    project
        .run("summarize --catalog catalog-b.toml")
        .await
        .ended(0);
    let asked = project.requests().await.len();

    let ran = project
        .run("diff catalog.toml catalog-b.toml --html diff/page.html")
        .await
        .ended(0);
    expect![[r#"
        Test Conf
        A  catalog.toml
        B  catalog-b.toml
           model  A  small
                  B  large

        rustyCache1  How rustyCache1 was made & measured
        A  ([-Systems-])
        Caches that can be explained are trusted by [-the people-] who [-have-] to live with them. Keys made of every input and writes that survive a power cut turn out to be enough.
        B  ({+People & Pages+})
        Caches that can be explained are trusted by {+everybody at Kubernetes+} who {+has+} to live with them. Keys made of every input and writes that survive a power cut turn out to be enough.
        only here: Kubernetes

        1 of 2 summaries differ
        1 of 2 categories differ
           length     A  33 words on average
                      B  34 words on average
           misheard?  A  0 names
                      B  0 names
           lacking    A  0 of 2 talks
                      B  0 of 2 talks
           paid for   A  4 requests, 4,000 tokens in, 200 out, $0.0044
                      B  4 requests, 4,000 tokens in, 200 out, $0.0044
    "#]].assert_eq(&ran.stdout);
    assert_eq!(project.requests().await.len(), asked, "nothing is asked");
    let ran = project
        .run("diff catalog.toml catalog-b.toml --json")
        .await
        .ended(0);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["catalogs"], json!(["catalog.toml", "catalog-b.toml"]));
    assert_eq!(json["settings"][0]["values"], json!(["small", "large"]));
    assert_eq!(json["totals"]["reworded"], 1);
    let different = &json["different"][0];
    assert_eq!(different["id"], "rustyCache1");
    assert_eq!(different["sides"][0]["category"], "Systems");
    assert_eq!(different["sides"][1]["names"], json!(["Kubernetes"]));
    let page = project.read("diff/page.html");
    assert!(page.contains("<del>the people</del>"), "{page}");
    assert!(
        page.contains("<ins>everybody at Kubernetes</ins>"),
        "{page}"
    );
    assert!(page.contains("Only here: Kubernetes"), "{page}");
    assert!(page.contains("<ins>People &amp; Pages</ins>"), "{page}");
}

#[tokio::test]
async fn what_is_not_cached_is_listed_and_not_asked() {
    let project = two_models(&["rustyCache1", "kernelSched"]).await;
    let asked = project.requests().await.len();
    let ran = project
        .run("diff catalog.toml catalog-b.toml")
        .await
        .ended(3)
        .says("to make what catalog-b.toml lacks of 2 talks: `proceedings summarize --catalog catalog-b.toml`");
    assert!(
        ran.stdout
            .contains("B has nothing for exactly its settings")
    );
    let listed =
        "rustyCache1  How rustyCache1 was made & measured  lacks its summary, an older one";
    assert!(ran.stdout.contains(listed), "{}", ran.stdout);
    assert!(ran.stdout.contains("0 of 0 summaries differ"));
    project
        .run("diff catalog.toml catalog-b.toml --only rustyCache1")
        .await
        .ended(3)
        .says("`proceedings summarize --catalog catalog-b.toml --only=rustyCache1`");
    let ran = project
        .run("diff catalog.toml catalog-b.toml --json")
        .await
        .ended(3);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["lacking"][0], json!([]));
    assert_eq!(json["lacking"][1][0]["what"], "summary");
    assert_eq!(project.requests().await.len(), asked, "nothing is asked");
}

#[tokio::test]
async fn two_prompts_in_two_folders_share_a_cache() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let other = format!("cache = \"../cache\"\n{}", project.read("catalog.toml"));
    project.put("b/catalog.toml", &other);
    // The same prompts ask the same, and that is paid for already.
    let asked = project.requests().await.len();
    let visits = project.visits();
    project.run("build --catalog b/catalog.toml").await.ended(0);
    let ran = project
        .run("diff catalog.toml b/catalog.toml")
        .await
        .ended(0);
    assert!(ran.stdout.contains("nothing differs in the settings"));
    assert_eq!(project.requests().await.len(), asked);

    let prompt = include_str!("../../prompts/summary.hbs").replace("Be concrete", "Be brief");
    project.put("b/prompts/summary.hbs", &prompt);
    project
        .run("summarize --catalog b/catalog.toml")
        .await
        .ended(0);
    let ran = project
        .run("diff catalog.toml b/catalog.toml")
        .await
        .ended(0);
    assert!(ran.stdout.contains("summary.hbs"), "{}", ran.stdout);
    assert!(ran.stdout.contains("0 of 1 summaries differ"));
    assert_eq!(project.visits(), visits);
    assert!(!project.path("b/cache").exists());
}

#[tokio::test]
async fn hostile_words_stay_words() {
    let project = two_models(&["rustyCache1"]).await;
    let hostile = r#"{ id = "rustyCache1", title = "<b>Bold\u001b[31m</b>", summary = "A <script>alert(1)</script> \u001b[31mred\u202e one." }"#;
    let other = project
        .read("catalog-b.toml")
        .replace("\"rustyCache1\"", hostile);
    project.put("catalog-b.toml", &other);
    project
        .run("summarize --catalog catalog-b.toml")
        .await
        .ended(0);
    let ran = project
        .run("diff catalog-b.toml catalog.toml --html page.html")
        .await
        .ended(0);
    assert!(ran.stdout.contains("script"), "{}", ran.stdout);
    assert!(
        !ran.stdout.contains(['\u{1b}', '\u{202e}']),
        "{}",
        ran.stdout
    );
    let page = project.read("page.html");
    assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
    assert!(page.contains("&lt;"), "{page}");
    assert!(!page.contains(['\u{1b}', '\u{202e}']), "{page}");
}

#[tokio::test]
async fn talks_that_one_catalog_has_are_listed() {
    let project = two_models(&["rustyCache1", "kernelSched"]).await;
    let fewer = project
        .read("catalog.toml")
        .replace(", \"kernelSched\"", "");
    project.put("catalog-b.toml", &fewer);
    let ran = project
        .run("diff catalog.toml catalog-b.toml")
        .await
        .ended(0);
    assert!(
        ran.stdout.contains("only in A\nkernelSched"),
        "{}",
        ran.stdout
    );
    project
        .run("diff catalog.toml catalog-b.toml --only nobodyKnows")
        .await
        .ended(2)
        .says("the catalog has no talk `nobodyKnows`");
    project
        .run("diff catalog.toml catalog-c.toml")
        .await
        .ended(2)
        .says("cannot load the catalog");
}
