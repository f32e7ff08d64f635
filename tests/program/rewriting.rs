//! Other summaries, asked for on the review page with a hint: what is paid, what is kept, and that
//! nothing is changed before somebody chooses.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, completion};
use crate::review::{Review, talk};

const HINT: &str = "The speaker is Ada Quill; say what the benchmark showed.";
const NEW: [&str; 2] = [
    "Slow caches cost every build of a large project minutes that nobody has.",
    "A benchmark of forty builds shows that keys of all inputs halve the time of each.",
];

fn new_summary() -> ResponseTemplate {
    completion(&json!({ "first_sentence": NEW[0], "second_sentence": NEW[1] }))
}

fn rewrite(consent: &str) -> Value {
    json!({ "talk": "rustyCache1", "hint": HINT, "consent": consent })
}

/// The replies to hints that are kept.
fn kept(project: &Project) -> Vec<String> {
    let cached = project.cached().into_iter();
    cached.filter(|name| name.contains("rewrite-")).collect()
}

#[tokio::test]
async fn a_hint_says_its_cost_first_and_is_paid_for_once() {
    let review = Review::of_three_talks("--edit --ask").await;
    let (project, catalog) = (&review.project, review.catalog());
    let page = project.read("page/page.md");
    assert_eq!(review.conference().await["may_ask"], true);
    let before = project.requests().await.len();

    let (status, answer) = review.sent("rewrite", &rewrite("wanted")).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(
        (&answer["is"], &answer["model"]),
        (&json!("foreseen"), &json!("small"))
    );
    let cost = answer["cost"].as_str().unwrap();
    assert!(
        cost.starts_with("1 request, about ") && cost.contains("at most $0.0"),
        "{cost}"
    );
    assert_eq!(project.requests().await.len(), before);

    project.reply("summary", [new_summary()]);
    let written = json!({ "is": "written", "text": NEW.join(" ") });
    let (status, answer) = review.sent("rewrite", &rewrite("given")).await;
    assert_eq!((status, answer), (StatusCode::OK, written.clone()));
    let requests = project.requests().await;
    assert_eq!(requests.len(), before + 1);
    let asked = requests.last().unwrap()["messages"].to_string();
    assert!(
        asked.contains(HINT) && asked.contains("Now summarize this talk"),
        "{asked}"
    );
    assert_eq!(kept(project).len(), 1);

    for consent in ["wanted", "given"] {
        let (_, answer) = review.sent("rewrite", &rewrite(consent)).await;
        assert_eq!(answer, written);
    }
    // No run takes it for the summary that it would ask for.
    project.run("build").await.ended(0);
    assert_eq!(project.read("page/page.md"), page);
    assert_eq!(project.requests().await.len(), before + 1);
    assert_eq!(review.catalog(), catalog);
}

#[tokio::test]
async fn what_is_chosen_is_compared_first_and_becomes_the_organizers() {
    let review = Review::of_three_talks("--edit --ask").await;
    let draft = json!({ "talk": "rustyCache1", "text": NEW.join(" ") });
    let (status, answer) = review.sent("compare", &draft).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let text = |side: &str| -> String {
        let pieces = answer[side].as_array().unwrap().iter();
        pieces
            .map(|piece| piece["text"].as_str().unwrap())
            .collect()
    };
    let conference = review.conference().await;
    let shown = talk(&conference, "rustyCache1")["summary"]["text"].clone();
    assert_eq!(
        (json!(text("shown")), text("other")),
        (shown, NEW.join(" "))
    );
    assert_eq!(answer["findings"], json!([]));

    let edit = json!({ "do": "summary", "text": NEW.join(" "), "form": "waived" });
    let answer = review.edit("rustyCache1", edit).await;
    assert_eq!(talk(&answer, "rustyCache1")["summary"]["is_own"], true);
}

#[tokio::test]
async fn a_reply_that_is_no_summary_is_corrected_and_then_refused() {
    let review = Review::of_three_talks("--edit --ask").await;
    let slip = || completion(&json!({ "first_sentence": "Keys.", "second_sentence": "Caches." }));
    review.project.reply("summary", [slip(), slip()]);
    let (status, answer) = review.sent("rewrite", &rewrite("given")).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY, "{answer}");
    let error = answer["error"].as_str().unwrap();
    assert!(
        error.contains("both replies of the model were set aside"),
        "{error}"
    );
    assert_eq!(answer["hint"], "ask again with another hint");

    // The same hint is not paid for again, not even to fail.
    let before = review.project.requests().await.len();
    for consent in ["wanted", "given"] {
        let (status, _) = review.sent("rewrite", &rewrite(consent)).await;
        assert_eq!(status, StatusCode::BAD_GATEWAY);
    }
    assert_eq!(review.project.requests().await.len(), before);
}

#[tokio::test]
async fn what_keeps_a_model_from_replying_is_said() {
    let review = Review::of_three_talks("--edit --ask --max-cost 0.0001").await;
    let before = review.project.requests().await.len();
    let (status, answer) = review.sent("rewrite", &rewrite("given")).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert_eq!(answer["error"], "the budget of $0.0001 does not allow it");
    let (_, answer) = review
        .sent(
            "rewrite",
            &json!({ "talk": "rustyCache1", "hint": " ", "consent": "given" }),
        )
        .await;
    assert_eq!(answer["error"], "there is no hint");
    assert_eq!(review.project.requests().await.len(), before);
    drop(review);

    let review = Review::of_three_talks("--edit --ask").await;
    review
        .project
        .reply("summary", [ResponseTemplate::new(401)]);
    let (_, answer) = review.sent("rewrite", &rewrite("given")).await;
    let error = answer["error"].as_str().unwrap();
    assert!(
        error.contains("rejected a request without an API key"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_review_asks_nobody_unless_it_may() {
    let review = Review::of_three_talks("--edit").await;
    assert_eq!(review.conference().await["may_ask"], false);
    let before = review.project.requests().await.len();
    let (status, answer) = review.sent("rewrite", &rewrite("given")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(answer["hint"], "start it again with `--edit --ask`");
    let project = &review.project;
    assert_eq!(project.requests().await.len(), before);

    project.run("review --ask").await.ended(2);
    let offline = project.run("--offline review --edit --ask").await.ended(2);
    offline.says("`--offline` asks nobody");
    project.catalog("[\"rustyCache1\"]", "");
    let without = project.run("review --edit --ask").await.ended(2);
    without.says("the catalog names no model that could be asked");
}

/// The reply is paid for: it is kept, whether anybody waits for it or not.
#[cfg(unix)]
#[tokio::test]
async fn a_closed_page_and_ctrl_c_lose_no_reply() {
    use std::process::Command;

    let mut review = Review::of_three_talks("--edit --ask").await;
    review.project.delay(Duration::from_secs(12));
    let request = review.post("rewrite", &rewrite("given"));
    let left = request.timeout(Duration::from_secs(6)).send().await;
    assert!(left.unwrap_err().is_timeout());
    assert!(kept(&review.project).is_empty());
    let id = review.child.id().to_string();
    let told = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(told.success());
    let child = std::mem::replace(&mut review.child, Command::new("true").spawn().unwrap());
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
    let ended = ended.await.unwrap();
    assert_eq!(ended.status.code(), Some(0));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("asked: 1 request, "), "{said}");
    assert_eq!(kept(&review.project).len(), 1);
}
