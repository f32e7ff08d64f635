//! What the review page proposes for many talks, or for a finding, and what its preview shows.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::importing::page;
use crate::project::{Project, SUMMARY, completion, video};
use crate::review::{IDS, Review, talk};

#[tokio::test]
async fn titles_that_name_their_speakers_are_split_together_and_undone_in_one_step() {
    let project = Project::with_talks(&IDS).await;
    for (id, title) in IDS.into_iter().zip([
        "Caches that hold - Mira Okafor, Acme",
        "Queues <b>at rest</b> – Bo Chenwi & Mira Okafor",
        "Keys of all things - Mira Okafor",
    ]) {
        let mut talk = video(id);
        talk["title"] = title.into();
        project.put_video(id, &talk);
    }
    let talks = r#"[
  "rustyCache1", # the opening
  # Recorded twice.
  { id = "-cBplHNM4RA", title = "Queues <b>at rest</b> – Bo Chenwi & Mira Okafor" },
  { id = "_9xohmSa2G8", speakers = ["Mira Okafor"] }, # mine
]"#;
    project.catalog(talks, &project.llm_table());
    project.run("build").await.ended(0);
    let review = Review::of(project, "--edit").await;
    let before = review.catalog();
    assert_eq!(review.conference().await["has_splits"], true);
    let found = review.get("titles/preview").send().await.unwrap();
    let found: Value = found.json().await.unwrap();
    assert_eq!(found["left_alone"], 1, "{found}");
    let marks = found["titles"].as_array().unwrap().iter();
    let marks: Vec<&Value> = marks.map(|title| &title["mark"]).collect();
    assert_eq!(marks, [&Value::Null, &"title of your catalog".into()]);
    let expected = json!({
        "id": "rustyCache1", "before": "Caches that hold - Mira Okafor, Acme",
        "title": "Caches that hold", "speakers": ["Mira Okafor"], "dropped": ["Acme"],
        "mark": null,
    });
    assert_eq!(found["titles"][0], expected);

    // What an organizer has written is not touched, whoever asks for it.
    let (status, answer) = review
        .change("titles", json!(["_9xohmSa2G8", "nobody"]))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(review.catalog(), before);
    let (status, answer) = review.change("titles", json!(IDS)).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["undo"]["what"], "split of 2 titles");
    assert_eq!(answer["has_splits"], false);
    let split = before
        .replace(
            r#""rustyCache1", # the"#,
            r#"{ id = "rustyCache1", title = "Caches that hold", speakers = ["Mira Okafor"] }, # the"#,
        )
        .replace(
            r#"{ id = "-cBplHNM4RA", title = "Queues <b>at rest</b> – Bo Chenwi & Mira Okafor" },"#,
            r#"{ id = "-cBplHNM4RA", title = "Queues <b>at rest</b>", speakers = ["Bo Chenwi", "Mira Okafor"] },"#,
        );
    assert_eq!(review.catalog(), split);
    let (status, _) = review.change("undo", Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(review.catalog(), before);
}

#[tokio::test]
async fn the_preview_shows_what_was_said_no_more_than_the_page_does() {
    let project = Project::with_talks(&IDS).await;
    let quoted = json!({
        "first_sentence": SUMMARY[0], "first_quote": "today we look at a cache that everybody in the team can explain",
        "second_sentence": SUMMARY[1], "second_quote": "the key is made of every input there is",
    });
    project.reply("summary", vec![completion(&quoted); 3]);
    let talks = r#"["rustyCache1", { id = "-cBplHNM4RA", transcript = false }, { id = "_9xohmSa2G8", hide = true }]"#;
    project.catalog(talks, &project.llm_table());
    project.run("build").await.ended(0);
    let review = Review::of(project, "").await;
    let preview = review.get("preview").send().await.unwrap();
    let preview = preview.text().await.unwrap();
    assert_eq!(preview, review.project.read("page/index.html"));
    assert_eq!(
        preview.matches("everybody in the team can explain").count(),
        1
    );
}

#[tokio::test]
async fn an_opening_that_says_nothing_can_be_cut_where_a_whole_sentence_is_left() {
    let project = Project::with_catalog("").await;
    let shown = "One sentence alone.";
    let imported = "The speaker says that caches stay warm for a whole night. This talk is about keys that nobody reads any more.";
    project.put("old.md", &page("").replace(shown, imported));
    project.run("import old.md --into old").await.ended(0);
    let command = project.command("--catalog old/catalog.toml review --edit");
    let review = Review::started(project, command).await;
    let conference = review.conference().await;
    let cuts = json!([{
        "opening": "The speaker says",
        "text": "Caches stay warm for a whole night. This talk is about keys that nobody reads any more.",
    }]);
    assert_eq!(
        talk(&conference, "-cBplHNM4RA")["cuts"],
        cuts,
        "{conference}"
    );
}
