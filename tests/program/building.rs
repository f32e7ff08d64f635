//! The main job: talks are fetched, summarized, categorized and rendered, and nothing twice.

use std::fs;

use serde_json::json;

use crate::project::{Project, SUMMARY, completion, said, talks, video};

#[tokio::test]
async fn a_build_makes_the_page_and_a_second_one_pays_nothing() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8"]).await;
    project
        .run("build")
        .await
        .ended(0)
        .says("6 requests, 6,000 tokens in, 300 out, $0.0066");
    let (pages, requests, visits) = (
        pages(&project),
        project.requests().await.len(),
        project.visits(),
    );
    assert_eq!((requests, visits), (6, 3));
    assert!(pages[0].contains(SUMMARY[0]));

    project
        .run("build")
        .await
        .ended(0)
        .says("fetch      3 cached");
    assert_eq!(self::pages(&project), pages);
    assert_eq!((project.requests().await.len(), project.visits()), (6, 3));
}

#[tokio::test]
async fn the_cache_holds_every_stage_of_every_talk() {
    let project = Project::with_talks(&["-cBplHNM4RA"]).await;
    project.run("").await.ended(0);
    assert_eq!(
        project.cached(),
        [
            "-cBplHNM4RA/captions.json",
            "-cBplHNM4RA/category-*.json",
            "-cBplHNM4RA/evidence-*.json",
            "-cBplHNM4RA/metadata-*.json",
            "-cBplHNM4RA/summary-*.json",
            "-cBplHNM4RA/transcript-*.json",
        ]
    );
}

#[tokio::test]
async fn offline_a_build_gives_the_same_page() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let pages = pages(&project);
    // The endpoint refuses, and the yt-dlp of this catalog does not exist.
    let tables = format!("{}[fetch]\nyt_dlp = \"./gone\"\n", project.llm_table());
    let catalog = project.read("catalog.toml");
    let (head, _) = catalog.split_once("[llm]").unwrap();
    project.put("catalog.toml", &format!("{head}{tables}"));
    project.run("--offline build").await.ended(0);
    project.run("render").await.ended(0);
    assert_eq!(self::pages(&project), pages);
    assert_eq!(project.requests().await.len(), 2);
}

#[tokio::test]
async fn the_transcript_comes_before_the_task_and_once_only() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let [summary, category] = &project.requests().await[..] else {
        panic!("two requests")
    };
    let asked = summary["messages"][1]["content"].as_str().unwrap();
    let transcript = asked.find("everybody in the team").unwrap();
    assert!(transcript < asked.rfind("first_sentence").unwrap());
    assert!(
        !category["messages"]
            .to_string()
            .contains("everybody in the team")
    );
    assert!(
        category["messages"]
            .to_string()
            .contains("Systems: caches, schedulers, storage")
    );
    let kept = project.read(&format!("cache/rustyCache1/{}", file(&project, "summary-")));
    assert!(kept.contains("[[transcript ") && !kept.contains("everybody in the team"));
}

#[tokio::test]
async fn a_rule_on_the_title_asks_no_model() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put_video(
        "rustyCache1",
        &json!({ "title": "Closing Panel", "captions": video("x")["captions"] }),
    );
    project
        .run("build")
        .await
        .ended(0)
        .says("categorize 1 given");
    assert_eq!(project.requests().await.len(), 1);
    assert!(
        project
            .read("page/classic.md")
            .contains("<h2 id='people-&-pages'>People & Pages</h2>")
    );
}

#[tokio::test]
async fn what_the_organizer_writes_wins_and_costs_nothing() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let talk = r#"[{ id = "https://youtu.be/rustyCache1", title = "Mine", speakers = ["A. Name"], category = "people & pages", summary = "My own words." }]"#;
    project.catalog(talk, &project.llm_table());
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 0);
    let page = project.read("page/page.md");
    for words in [
        "Mine",
        "A. Name · 2026-06-12 · 10:00",
        "My own words.",
        "People &#38; Pages",
    ] {
        assert!(page.contains(words), "{words} is not in\n{page}");
    }
}

#[tokio::test]
async fn a_hidden_talk_costs_nothing_and_is_not_on_the_page() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.catalog(
        r#"[{ id = "rustyCache1", hide = true }]"#,
        &project.llm_table(),
    );
    project.run("build").await.ended(0);
    assert_eq!((project.requests().await.len(), project.visits()), (0, 0));
    assert!(!project.read("page/page.md").contains("rustyCache1"));
}

#[tokio::test]
async fn only_the_selected_talks_are_worked_on() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA"]).await;
    project
        .run("build --only=-cBplHNM4RA")
        .await
        .ended(0)
        .says("summarize  1 new; 1 request,")
        .says("not selected 1 of 2 talks; 1 of them lacks summary or category");
    assert_eq!((project.requests().await.len(), project.visits()), (2, 1));
    let ran = project.run("build -v --limit 1").await.ended(0);
    let ran = ran.says("summarize  1/1 rustyCache1");
    assert!(!ran.stderr.contains("1 cached"), "{}", ran.stderr);
    project
        .run("build --limit 0")
        .await
        .ended(2)
        .says("--limit");
    assert_eq!((project.requests().await.len(), project.visits()), (4, 2));
    project
        .run("build --only https://youtu.be/rustyCache1")
        .await
        .ended(0);
    assert_eq!((project.requests().await.len(), project.visits()), (4, 2));
    project
        .run("build --only jAtrviDGpwE")
        .await
        .ended(2)
        .says("the catalog has no talk `jAtrviDGpwE`");
}

#[tokio::test]
async fn redo_makes_a_new_file_and_keeps_the_old_one() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let better = json!({ "first_sentence": SUMMARY[1], "second_sentence": SUMMARY[0] });
    project.reply("summary", [completion(&better)]);
    project.run("build --redo summary").await.ended(0);
    assert!(
        project
            .cached()
            .contains(&"rustyCache1/summary-*.2.json".to_owned())
    );
    assert!(
        project
            .read("page/classic.md")
            .contains(&format!("{} {}", SUMMARY[1], SUMMARY[0]))
    );
    let requests = project.requests().await.len();
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), requests);
}

#[tokio::test]
async fn without_an_endpoint_the_page_has_excerpts_and_says_so() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let mut talk = video("rustyCache1");
    talk["description"] = json!(
        "Caches are mysterious to most teams that use them every day. This one writes down why each entry was used.\n\nhttps://example.org\n"
    );
    project.put_video("rustyCache1", &talk);
    project.catalog(&talks(&["rustyCache1"]), "");
    project
        .run("build")
        .await
        .ended(0)
        .says("the page shows excerpts for 1 talk");
    let page = project.read("page/page.md");
    for words in [
        "Caches are mysterious to most teams that use them every day.",
        "This one writes down why each entry was used.",
        " <sub>(Excerpt)</sub>",
    ] {
        assert!(page.contains(words), "{page}");
    }
    assert_eq!(project.requests().await.len(), 0);

    // A written summary is never displaced by an excerpt.
    project.catalog(&talks(&["rustyCache1"]), &project.llm_table());
    project.run("build").await.ended(0);
    project.catalog(&talks(&["rustyCache1"]), "");
    project.run("build").await.ended(0);
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
}

#[tokio::test]
async fn captions_of_the_organizer_need_no_youtube() {
    let project = Project::with_talks(&[]).await;
    project.put(
        "captions/rustyCache1.vtt",
        "WEBVTT\n\n00:01.000 --> 00:04.000\nA cache of our own, explained in words of our own.\n",
    );
    project.catalog(
        r#"[{ id = "rustyCache1", title = "Our own" }]"#,
        &project.llm_table(),
    );
    project.run("build").await.ended(0);
    assert_eq!(project.visits(), 0);
    assert!(
        project.requests().await[0]["messages"]
            .to_string()
            .contains("explained in words of our own")
    );

    project.put(
        "captions/rustyCache1.vtt",
        "WEBVTT\n\n00:01.000 --> 00:04.000\nThe corrected captions of a cache of our own.\n",
    );
    project.run("build").await.ended(0);
    assert!(
        project.requests().await[2]["messages"]
            .to_string()
            .contains("corrected captions")
    );
}

#[tokio::test]
async fn a_talk_in_another_language_is_read_in_that_language() {
    let project = Project::with_talks(&["deutschTalk"]).await;
    let captions = json!([{ "language": "de", "kind": "automatic", "translated_to": ["en"], "lines": [[0.0, 3.0, "guten tag und willkommen zu unserem vortrag"]] }]);
    project.put_video(
        "deutschTalk",
        &json!({ "title": "Ein Vortrag", "language": "de", "captions": captions }),
    );
    project.run("build").await.ended(0);
    let asked = project.requests().await[0]["messages"].to_string();
    assert!(
        asked.contains("guten tag und willkommen") && !asked.contains("[en]"),
        "{asked}"
    );
    assert_eq!(project.visits(), 1);
    assert!(project.read("page/page.md").contains("in German"));
}

#[tokio::test]
async fn the_parts_of_a_recording_share_one_visit_and_read_their_own_words() {
    let project = Project::with_talks(&["dayLongRec1"]).await;
    let talks = r#"[
        { id = "dayLongRec1", end = "0:10", title = "Opening part" },
        { id = "dayLongRec1", start = "0:10", title = "Closing part" },
    ]"#;
    project.catalog(talks, &project.llm_table());
    project.run("build").await.ended(0);
    assert_eq!(project.visits(), 1);
    let asked: Vec<String> = project
        .requests()
        .await
        .iter()
        .map(|body| body["messages"].to_string())
        .collect();
    let summaries: Vec<&String> = asked
        .iter()
        .filter(|asked| asked.contains("<transcript>"))
        .collect();
    let of = |title: &str| {
        summaries
            .iter()
            .find(|asked| asked.contains(title))
            .unwrap()
    };
    assert!(
        of("Opening part").contains("everybody in the team")
            && !of("Opening part").contains("every input")
    );
    assert!(
        of("Closing part").contains("every input")
            && !of("Closing part").contains("everybody in the team")
    );
    assert!(
        project
            .read("page/page.md")
            .contains("watch?v=dayLongRec1&amp;t=10s")
    );
}

#[tokio::test]
async fn a_talk_without_captions_is_summarized_from_its_abstract() {
    let project = Project::with_talks(&["noCaptions1"]).await;
    let description =
        "Words of an abstract that goes on for long enough to be worth a summary. ".repeat(6);
    project.put_video(
        "noCaptions1",
        &json!({ "title": "No captions", "description": description }),
    );
    project
        .run("build")
        .await
        .ended(0)
        .says("the video has no captions");
    assert!(project.read("page/page.md").contains("(From the abstract)"));
}

#[tokio::test]
async fn names_in_the_glossary_are_put_right() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let tables = format!(
        "[glossary]\nterms = [\"Chainguard\"]\nheard = {{ \"Caches\" = \"Chainguard\" }}\n{}",
        project.llm_table()
    );
    project.catalog(&talks(&["rustyCache1"]), &tables);
    project.run("build").await.ended(0);
    assert!(
        project
            .read("page/classic.md")
            .contains("Chainguard that can be explained")
    );
    assert!(
        project.requests().await[0]["messages"][0]["content"]
            .as_str()
            .unwrap()
            .contains("Chainguard")
    );
}

#[tokio::test]
async fn a_conference_without_categories_has_one_section() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let catalog = project
        .read("catalog.toml")
        .replace(crate::project::CATEGORIES, "");
    project.put("catalog.toml", &catalog);
    project
        .run("build")
        .await
        .ended(0)
        .says("no [[categories]]");
    assert_eq!(project.requests().await.len(), 1);
    assert!(project.read("page/page.md").contains("## Talks"));
}

#[tokio::test]
async fn a_server_without_schemas_is_asked_in_words() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let refusal =
        || wiremock::ResponseTemplate::new(400).set_body_string("response_format is not supported");
    let spoken = format!("Sure! {{\"summary\": \"{} {}\"}}", SUMMARY[0], SUMMARY[1]);
    project.reply("summary", [refusal(), refusal(), said(&spoken)]);
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    assert_eq!(requests.len(), 4);
    assert!(requests[3].get("response_format").is_none());
}

#[tokio::test]
async fn a_caption_file_that_is_bad_or_taken_away_is_not_used() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put("captions/rustyCache1.vtt", "no captions at all");
    let ran = project.run("build").await.ended(3);
    assert!(
        ran.stderr
            .contains("captions/rustyCache1.vtt` cannot be used"),
        "{}",
        ran.stderr
    );
    assert_eq!((project.visits(), project.requests().await.len()), (0, 0));

    let spoken =
        "WEBVTT\n\n00:01.000 --> 00:04.000\nWords of the organizer's own file, said aloud.\n";
    project.put("captions/rustyCache1.vtt", spoken);
    project.run("build").await.ended(0);
    project.put("captions/rustyCache1.vtt", "broken again");
    project.run("fetch").await.ended(3);
    project.run("render").await.ended(0);
    assert!(
        project
            .read("page/page.md")
            .contains("How rustyCache1 was made")
    );

    fs::remove_file(project.path("captions/rustyCache1.vtt")).unwrap();
    project.run("build").await.ended(0);
    let asked = project.requests().await;
    let last = asked
        .iter()
        .rfind(|body| body.to_string().contains("<transcript>"));
    assert!(last.unwrap().to_string().contains("everybody in the team"));
}

#[tokio::test]
async fn a_transcript_left_out_of_a_commit_is_read_from_the_file_again() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let spoken =
        "WEBVTT\n\n00:01.000 --> 00:04.000\nWords of the organizer's own file, said aloud.\n";
    project.put("captions/rustyCache1.vtt", spoken);
    project.run("fetch").await.ended(0);
    fs::remove_file(project.path(&format!(
        "cache/rustyCache1/{}",
        file(&project, "transcript-")
    )))
    .unwrap();
    project.run("build").await.ended(0);
    assert!(
        project.requests().await[0]
            .to_string()
            .contains("Words of the organizer's own file")
    );
}

#[tokio::test]
async fn a_part_in_which_nothing_is_said_is_not_paid_for() {
    let project = Project::with_talks(&["dayLongRec1"]).await;
    let talks = r#"[{ id = "dayLongRec1", start = "1:00:00" }]"#;
    project.catalog(talks, &project.llm_table());
    project
        .run("build")
        .await
        .ended(3)
        .says("there are no words between `start` and `end`");
    assert_eq!(project.requests().await.len(), 0);
}

#[tokio::test]
async fn a_category_that_was_chosen_is_not_displaced_by_comparing_words() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.reply(
        "category",
        [completion(
            &json!({ "category": "People & Pages", "none_fits": false }),
        )],
    );
    project.run("build").await.ended(0);
    project.catalog(&talks(&["rustyCache1"]), "");
    project
        .run("build")
        .await
        .ended(0)
        .says("categorize 1 cached");
    assert!(
        project
            .read("page/page.md")
            .contains("## People &#38; Pages")
    );
}

#[tokio::test]
async fn a_redo_that_fails_leaves_the_good_reply_in_use() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    project.reply("summary", [said("no JSON"), said("none either")]);
    project.run("build --redo summary").await.ended(3);
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 cached");
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
}

#[tokio::test]
async fn words_of_other_languages_are_no_english_pronouns() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let catalog = project.read("catalog.toml");
    project.put("catalog.toml", &format!("language = \"de\"\n{catalog}"));
    let german = json!({
        "first_sentence": "Ein Team stellt seinen Zwischenspeicher von Grund auf neu her.",
        "second_sentence": "Nach einem Jahr hin und her kennt jeder seine Schlüssel.",
    });
    project.reply("summary", [completion(&german)]);
    project.run("build").await.ended(0);
    assert!(
        project.requests().await[0]
            .to_string()
            .contains("in German")
    );
    assert!(
        project
            .read("page/page.md")
            .contains("von Grund auf neu her.")
    );
}

fn pages(project: &Project) -> [String; 3] {
    ["page/page.md", "page/index.html", "page/classic.md"].map(|name| project.read(name))
}

fn file(project: &Project, prefix: &str) -> String {
    let folder = fs::read_dir(project.path("cache/rustyCache1")).unwrap();
    let names = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
    names
        .into_iter()
        .find(|name| name.starts_with(prefix))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_a_run_is_added_to_the_summary_of_a_step() {
    let project = Project::with_talks(&["summaryTlk1", "summaryTlk2"]).await;
    project.put("step.md", "# Before\n\n");
    project.run("build --summary step.md").await.ended(0);
    project.run("fetch --summary step.md").await.ended(0);
    let step = project.read("step.md");
    let headings: Vec<&str> = step.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(
        headings,
        [
            "# Before",
            "## `proceedings build`: complete",
            "## `proceedings fetch`: complete"
        ]
    );
    assert!(step.contains("\n    summarize  2 new"), "{step}");
    assert!(step.contains("\n    wrote page/page.md\n"), "{step}");
    // Nothing is done whose report could not be kept.
    let ran = project
        .run("build --summary no/such/folder.md")
        .await
        .ended(1);
    ran.says("name another file than no/such/folder.md as `--summary`");
}
