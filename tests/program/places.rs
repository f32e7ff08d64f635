//! Where a sentence is said: found in what was said, shown wherever the summary is, and kept, so that
//! nobody reads a transcript again for it.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::project::{Project, completion, video};

const ID: &str = "rustyCache1";
const SENTENCES: [&str; 2] = [
    "Caches whose keys are made of every input can be explained to the whole team.",
    "After 40 outages the group in Valparaíso moved its queues to a machine under the stairs.",
];

/// What is said in the talk, and at which second each line begins.
fn talk() -> Value {
    let mut talk = video(ID);
    talk["duration"] = json!(4000);
    talk["captions"] = json!([{ "language": "en", "kind": "automatic", "lines": [
        [0.5, 4.0, "hello and welcome so today we look at a cache"],
        [5.2, 4.0, "that everybody in the team can explain"],
        [11.9, 4.0, "the key is made of every input there is"],
        [61.0, 4.0, "now let us come to something else entirely"],
        [3605.4, 4.0, "after forty outages we moved the queues of valparaiso"],
        [3610.0, 4.0, "to an old machine under the stairs and it worked"],
    ] }]);
    talk
}

/// A project whose model gives these quotes with its two sentences.
async fn quoting(quotes: [&str; 2]) -> Project {
    let project = Project::with_talks(&[ID]).await;
    project.put_video(ID, &talk());
    let catalog = project.read("catalog.toml");
    let formats = "formats = [\"markdown\", \"html\", \"json\", \"classic\", \"csv\"]";
    let catalog = catalog.replace("formats = [\"markdown\", \"html\", \"classic\"]", formats);
    project.put("catalog.toml", &catalog);
    let reply = completion(&json!({
        "first_sentence": SENTENCES[0], "first_quote": quotes[0],
        "second_sentence": SENTENCES[1], "second_quote": quotes[1],
    }));
    project.reply("summary", [reply]);
    project.run("build").await.ended(0);
    project
}

/// Start and way of each sentence, as the data of the page have them.
fn found(project: &Project) -> Vec<(Option<f64>, Option<String>)> {
    let page: Value = serde_json::from_str(&project.read("page/page.json")).unwrap();
    let sentences = page["talks"][0]["summary"]["sentences"].as_array().unwrap();
    let evidence = sentences.iter().map(|sentence| &sentence["evidence"]);
    evidence
        .map(|evidence| {
            let way = evidence["found_by"].as_str().map(str::to_owned);
            (evidence["start"].as_f64(), way)
        })
        .collect()
}

fn by(seconds: f64, way: &str) -> (Option<f64>, Option<String>) {
    (Some(seconds), Some(way.to_owned()))
}

/// The files of the cache whose names begin so.
fn files(project: &Project, beginning: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(project.path("cache").join(ID)).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let is_wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(beginning)
    };
    files.filter(is_wanted).collect()
}

#[tokio::test]
async fn places_that_a_commit_has_left_out_are_found_again_when_the_page_is_rendered() {
    let quotes = [
        "we look at a cache that everybody in the team can explain",
        "After forty outages, we moved the queues of Valparaiso to an old machine",
    ];
    let project = quoting(quotes).await;
    let page = project.read("page/index.html");
    let kept = files(&project, "evidence-");
    assert_eq!(kept.len(), 1);
    fs::remove_file(&kept[0]).unwrap();
    project.run("render").await.ended(0);
    assert_eq!(project.read("page/index.html"), page);
    assert_eq!(files(&project, "evidence-"), kept);
}

#[tokio::test]
async fn a_sentence_leads_to_what_was_quoted_for_it() {
    for (quotes, wanted) in [
        // As it was said, over the end of a line.
        (
            [
                "we look at a cache that everybody in the team can explain",
                "After forty outages, we moved the queues of Valparaiso to an old machine",
            ],
            [by(0.5, "quote"), by(3605.4, "quote")],
        ),
        // With what was misheard put right, and a number in digits.
        (
            [
                "the keys is made of every imput there is",
                "After 40 outages we moved the queues of Valparaíso",
            ],
            [by(11.9, "quote"), by(3605.4, "quote")],
        ),
        // Nobody said so: the words of the sentences are looked for.
        (
            [
                "we sold the company to our largest rival last summer",
                "after fifty outages we moved the queues of valparaiso",
            ],
            [by(0.5, "words"), by(3605.4, "words")],
        ),
    ] {
        let project = quoting(quotes).await;
        let found = found(&project);
        for (found, wanted) in found.iter().zip(&wanted) {
            assert_eq!(found.1, wanted.1, "{quotes:?}");
            // A passage that was found by words may begin a line earlier or later.
            let apart = (found.0.unwrap() - wanted.0.unwrap()).abs();
            let allowed = if found.1.as_deref() == Some("quote") {
                0.0
            } else {
                12.0
            };
            assert!(apart <= allowed, "{quotes:?}: {found:?}");
        }
        assert_eq!(found.len(), wanted.len());
    }
}

#[tokio::test]
async fn every_page_for_people_has_the_times_and_the_origins_has_none() {
    let project = quoting([
        "the key is made of every input there is",
        "we moved the queues of valparaiso to an old machine",
    ])
    .await;
    let html = project.read("page/index.html");
    let link = "https://www.youtube.com/watch?v=rustyCache1&amp;t=3605s";
    assert!(html.contains(&format!(
        "<a class=\"moment\" href=\"{link}\" lang=\"en\" aria-label=\"Listen at 1:00:05\" \
         title=\"Listen at 1:00:05\">1:00:05</a></p>"
    )));
    assert!(
        html.contains("<q dir=\"auto\">we moved the queues of valparaiso to an old machine</q>")
    );
    let markdown = project.read("page/page.md");
    let after = format!("under the stairs. <sub>(<a href=\"{link}\">1:00:05</a>)</sub></p>");
    assert!(markdown.contains(&after), "{markdown}");
    for name in ["page/classic.md", "page/page.csv"] {
        let page = project.read(name);
        assert!(page.contains(&SENTENCES.join(" ")), "{page}");
        assert!(
            !page.contains("3605") && !page.contains("1:00:05"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_was_found_is_shown_again_without_reading_the_transcript() {
    let project = quoting([
        "the key is made of every input there is",
        "we moved the queues of valparaiso to an old machine",
    ])
    .await;
    let page = project.read("page/page.json");
    let [transcript] = &files(&project, "transcript-")[..] else {
        panic!("one transcript is kept");
    };
    let [evidence] = &files(&project, "evidence-")[..] else {
        panic!("the places are kept once");
    };
    let said = fs::read(transcript).unwrap();
    let requests = project.requests().await.len();

    // Whoever read this would say so, and find nothing.
    fs::write(transcript, "{").unwrap();
    fs::remove_dir_all(project.path("page")).unwrap();
    for command in ["render", "build --offline"] {
        let ran = project.run(command).await;
        assert!(!ran.stderr.contains("damaged"), "{}", ran.stderr);
        assert_eq!(project.read("page/page.json"), page, "{command}");
    }
    let kept = fs::read_to_string(evidence).unwrap();
    fs::remove_file(evidence).unwrap();
    project.run("render").await;
    assert_eq!(found(&project), [], "there is nothing to look in");

    // With the words back, a file that is gone or damaged is made anew.
    fs::write(transcript, said).unwrap();
    for damage in [None, Some(kept[..kept.len() / 2].to_owned())] {
        if let Some(damage) = damage {
            fs::write(evidence, damage).unwrap();
        }
        project.run("render").await.ended(0);
        assert_eq!(project.read("page/page.json"), page);
        let again: Value = serde_json::from_slice(&fs::read(evidence).unwrap()).unwrap();
        let before: Value = serde_json::from_str(&kept).unwrap();
        assert_eq!(again["places"], before["places"]);
    }
    assert_eq!(project.requests().await.len(), requests, "nobody was asked");
    project.run("cache verify").await.ended(0);
}

#[tokio::test]
async fn a_catalog_that_wants_no_evidence_gets_none() {
    let project = Project::with_talks(&[ID]).await;
    project.put_video(ID, &talk());
    let catalog = project.read("catalog.toml");
    project.put("catalog.toml", &format!("evidence = false\n{catalog}"));
    let sentences = json!({ "first_sentence": SENTENCES[0], "second_sentence": SENTENCES[1] });
    project.reply("summary", [completion(&sentences)]);
    project.run("build").await.ended(0);
    assert!(files(&project, "evidence-").is_empty());
    let html = project.read("page/index.html");
    assert!(html.contains(&format!(
        "<p class=\"text\" dir=\"auto\">{}</p>",
        SENTENCES.join(" ")
    )));
    assert!(!html.contains("class=\"moment\""));
}

#[tokio::test]
async fn a_part_of_a_recording_leads_to_the_second_of_the_whole() {
    let project = Project::with_talks(&[ID]).await;
    project.put_video(ID, &talk());
    let parts = format!(
        "[{{ id = \"{ID}\", start = \"0:00\", end = \"1:00:00\" }}, {{ id = \"{ID}\", start = \"1:00:00\" }}]"
    );
    project.catalog(&parts, &project.llm_table());
    let quoted = |quote: &str| {
        completion(&json!({
            "first_sentence": SENTENCES[1], "first_quote": quote,
            "second_sentence": SENTENCES[0], "second_quote": "",
        }))
    };
    let said = "an old machine under the stairs and it worked";
    project.reply("summary", [quoted(said), quoted(said)]);
    project.run("build").await.ended(0);
    let html = project.read("page/index.html");
    let (first, second) = html.split_once("id=\"talk.rustyCache1.3600\"").unwrap();
    assert!(
        second.contains("watch?v=rustyCache1&amp;t=3610s"),
        "{second}"
    );
    assert!(
        !first.contains("t=3610s"),
        "it is not said in the first part"
    );
}
