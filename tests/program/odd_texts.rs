//! Titles, names and replies with characters that nobody expects: none is lost, none is mixed up
//! with another, and none breaks anything.

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::project::{Project, SUMMARY, completion, video};

/// The title of each talk, as JSON writes it.
const TITLES: [(&str, &str); 7] = [
    ("halfEmoji01", r"Cut in the middle \ud83d of an emoji"),
    ("halfEmoji02", r"\ude00 The other half"),
    ("zeroByte001", r"Zero \u0000 and bell \u0007"),
    (
        "rightToLeft",
        r"\u202eLeft\u202c to right \u05e9\u05dc\u05d5\u05dd",
    ),
    ("oneLetter01", r"Caf\u00e9 in one letter"),
    ("twoLetters1", r"Cafe\u0301 in one letter"),
    (
        "family00001",
        "👩\u{200d}👩\u{200d}👧 and 🏳\u{fe0f}\u{200d}🌈",
    ),
];
const LONG: &str = "longTitle01";

/// A video whose title and description hold a text.
fn video_with(id: &str, text: &str) -> String {
    let mut video = video(id);
    for key in ["title", "description"] {
        video[key] = json!("TEXT");
    }
    video.to_string().replace("TEXT", text)
}

async fn project() -> Project {
    let project = Project::with_talks(&[]).await;
    for (id, title) in TITLES {
        project.put(&format!("youtube/videos/{id}.json"), &video_with(id, title));
    }
    let long = "dürch ".repeat(10_000 / 6);
    project.put(
        &format!("youtube/videos/{LONG}.json"),
        &video_with(LONG, &long),
    );
    let speakers = "speakers = [\"Zoe\u{308} \u{202e}O'Neil\"]";
    let talk = |(id, _): &(&str, &str)| format!("{{ id = \"{id}\", {speakers} }}");
    let mut talks: Vec<String> = TITLES.iter().map(talk).collect();
    // The endpoint of the tests reads less than such a title.
    talks.push(format!(
        "{{ id = \"{LONG}\", summary = \"{}\", category = \"Systems\" }}",
        SUMMARY.join(" ")
    ));
    project.catalog(&format!("[{}]", talks.join(", ")), &project.llm_table());
    project
}

#[tokio::test]
async fn odd_titles_are_kept_apart_and_paid_for_once() {
    let project = project().await;
    project.run("build").await.ended(0);
    let asked = project.requests().await.len();
    assert_eq!(asked, 2 * TITLES.len());
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), asked);
    project.run("cache verify").await.ended(0);
    let status = project.run("status --json --state cached").await.ended(0);
    assert!(
        status
            .stdout
            .contains("Cut in the middle \u{fffd} of an emoji")
    );

    let page = project.read("page/page.md");
    assert_eq!(page.matches(SUMMARY[0]).count(), TITLES.len() + 1);
    for title in [
        "Caf\u{e9} in one letter",
        "Cafe\u{301} in one letter",
        "👩\u{200d}👩\u{200d}👧",
    ] {
        assert!(page.contains(title), "{title}");
    }
    assert!(page.contains(&"dürch ".repeat(1_600)), "nothing is cut off");

    // A colleague has them all, too.
    project.run("cache export all.zip").await.ended(0);
    let colleague = self::project().await;
    std::fs::copy(project.path("all.zip"), colleague.path("all.zip")).unwrap();
    colleague.run("cache import all.zip").await.ended(0);
    colleague.run("--offline build").await.ended(0);
    assert_eq!(colleague.read("page/page.md"), page);
}

#[tokio::test]
async fn half_a_character_in_a_reply_costs_no_second_request() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    let body = |text: &str| {
        let body = r#"{"choices":[{"message":{"role":"assistant","content":TEXT},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#;
        ResponseTemplate::new(200).set_body_raw(body.replace("TEXT", text), "application/json")
    };
    let reply = |half: &str| {
        format!(
            r#""{{\"first_sentence\": \"Caches {half} that can be explained are trusted by people.\", \"second_sentence\": \"{}\"}}""#,
            SUMMARY[1]
        )
    };
    // Half a character in the body, and an escaped one in the JSON that the model wrote.
    project.reply(
        "summary",
        [body(&reply(r"\ud83d")), body(&reply(r"\\ud83d"))],
    );
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 4);
    let page = project.read("page/page.md");
    assert_eq!(
        page.matches("Caches \u{fffd} that can be explained")
            .count(),
        2,
        "{page}"
    );
}

#[tokio::test]
async fn a_category_may_be_spelled_in_letters_and_accents() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let catalog = project.read("catalog.toml");
    let catalog = catalog.replace("\"Systems\"", "\"Cafe\u{301} 🦀 \u{5e9}\u{5dc}\"");
    project.put("catalog.toml", &catalog);
    let named = json!({ "category": "Caf\u{e9} 🦀 \u{5e9}\u{5dc}", "none_fits": false });
    project.reply("category", [completion(&named)]);
    project.run("build").await.ended(0);
    assert_eq!(
        project.requests().await.len(),
        2,
        "no second request for its category"
    );
    assert!(project.read("page/page.md").contains("## Cafe\u{301} 🦀"));
}
