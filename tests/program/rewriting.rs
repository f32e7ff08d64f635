//! Other summaries, asked for on the review page with a hint: what is paid, what is kept, and that
//! nothing is changed before somebody chooses.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, completion};
use crate::review::{IDS, Review, talk};

const HINT: &str = "The speaker is Ada Quill; say what the benchmark showed.";
const NEW: [&str; 2] = [
    "Slow caches cost every build of a large project minutes that nobody has.",
    "A benchmark of forty builds shows that keys of all inputs halve the time of each.",
];

fn new_summary() -> ResponseTemplate {
    completion(&json!({ "first_sentence": NEW[0], "second_sentence": NEW[1] }))
}

fn rewrite(consent: &str) -> Value {
    rewrite_by("small", consent)
}

fn rewrite_by(model: &str, consent: &str) -> Value {
    json!({ "talk": "rustyCache1", "hint": HINT, "model": model, "consent": consent })
}

/// A review of three talks beside a second catalog with a model of its own.
async fn review_by_two(table: impl Fn(&Project) -> String, arguments: &str) -> Review {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    let second = format!(
        "title = \"The same\"\ntalks = [\"rustyCache1\"]\n{}",
        table(&project)
    );
    project.put("catalog-b.toml", &second);
    let arguments = format!("--edit --ask --second catalog-b.toml {arguments}");
    Review::of(project, &arguments).await
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
    assert_eq!(review.conference().await["models"], json!(["small"]));
    let before = project.requests().await.len();

    let (status, answer) = review.sent("rewrite", &rewrite("wanted")).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["is"], "foreseen");
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
async fn two_models_are_asked_the_same_and_each_is_paid_for_once() {
    let table = |project: &Project| {
        let table = project.llm_table();
        table
            .replace("small", "large")
            .replace("input = 1.0", "input = 9.0")
    };
    let review = review_by_two(table, "").await;
    let (project, before) = (&review.project, review.project.requests().await.len());
    assert_eq!(
        review.conference().await["models"],
        json!(["small", "large"])
    );
    let dollars = async |model| {
        let (_, answer) = review.sent("rewrite", &rewrite_by(model, "wanted")).await;
        let cost = answer["cost"].as_str().unwrap().to_owned();
        let about = cost.split_once("about $").unwrap().1;
        about.split_once(',').unwrap().0.parse::<f64>().unwrap()
    };
    assert!(dollars("large").await > 5.0 * dollars("small").await);
    assert_eq!(project.requests().await.len(), before);

    for model in ["small", "large", "large", "small"] {
        let (status, _) = review.sent("rewrite", &rewrite_by(model, "given")).await;
        assert_eq!(status, StatusCode::OK);
    }
    let requests = project.requests().await;
    let asked = &requests[before..];
    let models: Vec<&Value> = asked.iter().map(|request| &request["model"]).collect();
    assert_eq!(models, ["small", "large"]);
    assert_eq!(asked[0]["messages"], asked[1]["messages"]);
    assert_eq!(kept(project).len(), 2);

    let (status, answer) = review.sent("rewrite", &rewrite_by("huge", "given")).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert_eq!(answer["error"], "this review asks no model `huge`");
}

#[tokio::test]
async fn one_budget_holds_for_both_models_and_a_key_that_is_missing_is_said_first() {
    let dear = |project: &Project| {
        let table = project.llm_table();
        table
            .replace("small", "large")
            .replace("input = 1.0", "input = 900.0")
    };
    let review = review_by_two(dear, "--max-cost 0.5").await;
    let (status, _) = review.sent("rewrite", &rewrite("given")).await;
    assert_eq!(status, StatusCode::OK);
    let (_, answer) = review.sent("rewrite", &rewrite_by("large", "given")).await;
    assert_eq!(answer["error"], "the budget of $0.5 does not allow it");
    drop(review);

    let keyless = |project: &Project| {
        let table = project.llm_table();
        table.replace("small", "large") + "api_key_env = \"NOBODY_SETS_IT\"\n"
    };
    let review = review_by_two(keyless, "").await;
    let (status, answer) = review.sent("rewrite", &rewrite_by("large", "wanted")).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    let error = answer["error"].as_str().unwrap();
    assert!(error.contains("`NOBODY_SETS_IT` is not set"), "{error}");
    let (status, _) = review.sent("rewrite", &rewrite("wanted")).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_second_catalog_without_a_model_or_a_price_is_refused_by_its_name() {
    let project = Project::with_talks(&IDS).await;
    let head = "title = \"The same\"\ntalks = [\"rustyCache1\"]\n";
    project.put("catalog-b.toml", head);
    let review = "review --edit --ask --second catalog-b.toml";
    let refused = project.run(review).await.ended(2);
    refused.says("`catalog-b.toml` names no model that could be asked");
    let unpriced = project.llm_table().replace("price =", "# price =");
    project.put("catalog-b.toml", &format!("{head}{unpriced}"));
    let refused = project
        .run(&format!("{review} --max-cost 1"))
        .await
        .ended(2);
    refused.says("`catalog-b.toml` names no `price` under [llm]");
    project
        .run("review --edit --second catalog-b.toml")
        .await
        .ended(2);
}

#[tokio::test]
async fn what_is_chosen_is_compared_first_and_becomes_the_organizers() {
    let review = Review::of_three_talks("--edit --ask").await;
    let draft = json!({ "talk": "rustyCache1", "texts": [NEW.join(" ")] });
    let (status, answer) = review.sent("compare", &draft).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let text = |pieces: &Value| -> String {
        let pieces = pieces.as_array().unwrap().iter();
        pieces
            .map(|piece| piece["text"].as_str().unwrap())
            .collect()
    };
    let conference = review.conference().await;
    let shown = talk(&conference, "rustyCache1")["summary"]["text"].clone();
    assert_eq!(
        (
            json!(text(&answer["shown"])),
            text(&answer["others"][0]["pieces"])
        ),
        (shown, NEW.join(" "))
    );
    assert_eq!(answer["others"][0]["findings"], json!([]));

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
            &json!({ "talk": "rustyCache1", "hint": " ", "model": "small", "consent": "given" }),
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
    assert_eq!(review.conference().await["models"], json!([]));
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
    assert!(said.contains("asked small: 1 request, "), "{said}");
    assert_eq!(kept(&review.project).len(), 1);
}
