//! Money: what a run may cost, and what it says it has cost.

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::project::{Project, SUMMARY, completion, talks};

const IDS: [&str; 4] = ["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8", "kernelSched"];

#[tokio::test]
async fn a_run_stops_before_it_costs_more_than_it_may() {
    let project = Project::with_talks(&IDS).await;
    project.run("fetch").await.ended(0);
    // Each request may cost up to half a cent, and costs a tenth.
    let ran = project.run("build --max-cost 0.008").await.ended(3);
    assert!(
        ran.stderr
            .contains("the budget of $0.008 does not allow it"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("next: run again with a larger `--max-cost`"),
        "{}",
        ran.stderr
    );
    let paid = project.requests().await.len();
    assert!((1..8).contains(&paid), "{paid} requests");
    project.run("build --max-cost 1").await.ended(0);
    assert_eq!(project.requests().await.len(), 8);
    project.run("build --max-cost 0").await.ended(0);
}

#[tokio::test]
async fn what_is_over_the_budget_is_counted_and_said_once() {
    let project = Project::with_talks(&IDS).await;
    let ran = project.run("build --max-cost 0").await.ended(3).says(
        "4 of 4 talks are not finished: the budget of $0 does not allow it\n    next: run again with",
    );
    let lines = ran.stderr.matches("budget").count();
    assert_eq!(lines, 1, "{}", ran.stderr);
    assert_eq!(project.requests().await.len(), 0);
}

#[tokio::test]
async fn a_limit_that_cannot_be_kept_is_refused() {
    let project = Project::with_talks(&IDS).await;
    let free = project.llm_table().replace("price", "# price");
    project.catalog(&talks(&IDS), &free);
    project
        .run("build --max-cost 1")
        .await
        .ended(2)
        .says("the catalog names no `price` under [llm]");
    project
        .run("build --max-cost lots")
        .await
        .ended(2)
        .says("2.50");
    assert_eq!(project.requests().await.len(), 0);
}

#[tokio::test]
async fn the_report_says_what_each_step_and_talk_cost() {
    let project = Project::with_talks(&IDS[..2]).await;
    project
        .run("build -v")
        .await
        .ended(0)
        .says("summarize  2 new; 2 requests, 2,000 tokens in, 100 out, $0.0022")
        .says("categorize 2 new; 2 requests, 2,000 tokens in, 100 out, $0.0022")
        .says("  rustyCache1  2 requests, 2,000 tokens in, 100 out, $0.0022")
        .says("in all     4 requests, 4,000 tokens in, 200 out, $0.0044");
}

#[tokio::test]
async fn a_dry_run_says_what_a_run_would_take_and_asks_nobody() {
    let project = Project::with_talks(&IDS).await;
    let ran = project.run("build --dry-run").await.ended(0);
    assert!(ran.stdout.contains("fetch      4 visits"), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("4 talks whose captions are not fetched: typically 6,000 tokens a talk"),
        "{}",
        ran.stdout
    );
    assert_eq!(project.visits(), 0);
    assert!(project.cached().is_empty());

    project.run("fetch").await.ended(0);
    let ran = project.run("summarize --dry-run").await.ended(0);
    assert!(
        ran.stdout.contains("summarize  4 requests, about "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("categorize 4 requests, about "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("in all     8 requests, about "),
        "{}",
        ran.stdout
    );
    assert_eq!(project.requests().await.len(), 0);
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 8);

    let ran = project.run("build --dry-run").await.ended(0);
    assert!(
        ran.stdout.contains("in all     no requests"),
        "{}",
        ran.stdout
    );
    let again = project
        .run("build --dry-run --redo category --only kernelSched")
        .await
        .ended(0);
    assert!(
        again.stdout.contains("in all     1 request,"),
        "{}",
        again.stdout
    );
}

/// A reply that broke off and is billed all the same: 0.2 cents with the prices of the tests.
fn broken_off() -> ResponseTemplate {
    let usage = json!({ "prompt_tokens": 1_000, "completion_tokens": 500 });
    let choice = json!({ "message": { "content": "{" }, "finish_reason": "error" });
    ResponseTemplate::new(200).set_body_json(json!({ "choices": [choice], "usage": usage }))
}

#[tokio::test]
async fn a_fault_that_is_billed_is_counted_and_takes_its_part_of_the_budget() {
    let summary = json!({ "first_sentence": SUMMARY[0], "second_sentence": SUMMARY[1] });
    let project = Project::with_talks(&IDS[..1]).await;
    project.reply("summary", [broken_off(), completion(&summary)]);
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 new; 2 requests, 2,000 tokens in, 550 out, $0.0031");

    let project = Project::with_talks(&IDS[..1]).await;
    project.reply("summary", [broken_off(), broken_off()]);
    project
        .run("build --max-cost 0.0085")
        .await
        .ended(3)
        .says("the budget of $0.0085 does not allow it")
        .says("summarize  1 missing; 2 requests, 2,000 tokens in, 1,000 out, $0.0040");
}
