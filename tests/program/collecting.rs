//! Requests that are handed to the model's provider as batches, and collected later.

use std::fs;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::batch_server::{BatchServer, Fault, answer, reply};
use crate::project::{Project, SUMMARY, said_body, shape_of, talks};

const IDS: [&str; 4] = ["rustyCache1", "-cBplHNM4RA", "kernelSched", "_9xohmSa2G8"];

/// A conference that is fetched, and an endpoint with batches.
async fn fetched() -> (Project, BatchServer) {
    let project = Project::with_talks(&IDS).await;
    project.run("fetch").await.ended(0);
    let server = BatchServer::at(&project).await;
    (project, server)
}

/// The same with the summaries of all talks but the first in a batch.
async fn submitted() -> (Project, BatchServer) {
    let (project, server) = fetched().await;
    project
        .run("batch submit")
        .await
        .ended(0)
        .says("3 requests");
    (project, server)
}

/// The records of the batches, by how far they have come.
fn states(project: &Project) -> Vec<String> {
    let files = fs::read_dir(project.path("cache/batches"))
        .into_iter()
        .flatten();
    let mut names: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    names.sort();
    let states = names.iter().map(|path| {
        let record: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        match &record["state"] {
            Value::String(state) => state.clone(),
            Value::Object(state) => state.keys().next().unwrap().clone(),
            other => panic!("{other}"),
        }
    });
    states.collect()
}

#[tokio::test]
async fn a_batch_makes_the_page_of_a_live_build_at_half_the_price() {
    let (project, server) = fetched().await;
    // The first talk shows what the endpoint takes.
    project
        .run("batch submit")
        .await
        .ended(0)
        .says("rustyCache1 was asked about first, at the full price")
        .says("in all     2 requests, 2,000 tokens in, 100 out, $0.0022")
        .says(": 3 requests")
        .says("at half price, at most $");
    assert_eq!(server.batches(), 1);
    assert_eq!(project.requests().await.len(), 2);
    project
        .run("batch status")
        .await
        .ended(0)
        .says("validating, 0 of 0 requests are through");
    // Nobody pays for the same meanwhile.
    project
        .run("build")
        .await
        .ended(3)
        .says("3 of 4 talks are not finished: the request is in the batch")
        .says("next: run `proceedings batch collect`");
    assert_eq!(project.requests().await.len(), 2);
    project.run("build --dry-run").await.ended(0);
    project
        .run("batch submit")
        .await
        .ended(0)
        .says("3 talks are in a batch already")
        .says("there is nothing to submit now");
    project
        .run("batch collect")
        .await
        .ended(3)
        .says("validating");

    server.complete(0);
    project
        .run("batch collect")
        .await
        .ended(0)
        .says("completed")
        .says("3 lines: 3 new replies")
        .says("3 requests, 3,000 tokens in, 150 out, $0.0016");
    let before = project.cached();
    project
        .run("batch collect")
        .await
        .ended(0)
        .says("no batch is open");
    assert_eq!(project.cached(), before);

    // The categories are the next batch; the endpoint is known, and one of them is asked first.
    project
        .run("batch submit")
        .await
        .ended(0)
        .says(": 2 requests");
    server.complete(1);
    project.run("batch collect").await.ended(0);
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 3);
    let live = Project::with_talks(&IDS).await;
    live.run("build").await.ended(0);
    assert_eq!(
        project.read("page/index.html"),
        live.read("page/index.html")
    );
    assert_eq!(states(&project), ["collected", "collected"]);
    // Three at the full price, five at half of it.
    let status = project.run("status").await.ended(0).stdout;
    assert!(
        status.contains("8 requests, 8,000 tokens in, 400 out, $0.006"),
        "{status}"
    );
}

#[tokio::test]
async fn what_the_endpoint_takes_is_found_out_before_the_batch() {
    let (project, server) = fetched().await;
    let refusal = json!({ "error": { "message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "param": "max_tokens" } });
    project.reply(
        "summary",
        [ResponseTemplate::new(400).set_body_json(refusal)],
    );
    project.run("batch submit").await.ended(0);
    for line in server.lines(0) {
        assert_eq!(line["body"]["max_tokens"], Value::Null);
        assert!(line["body"]["max_completion_tokens"].is_u64(), "{line}");
    }
}

#[tokio::test]
async fn whoever_knows_the_endpoint_pays_the_full_price_for_nothing() {
    let (project, server) = fetched().await;
    project
        .run("batch submit --without-trial")
        .await
        .ended(0)
        .says(": 4 requests");
    assert!(project.requests().await.is_empty());
    server.complete(0);
    project
        .run("batch collect")
        .await
        .ended(0)
        .says("4 new replies");
    assert!(project.requests().await.is_empty());
}

#[tokio::test]
async fn where_the_first_talk_cannot_be_asked_nothing_is_submitted() {
    let (project, server) = fetched().await;
    project.reply("summary", [ResponseTemplate::new(401)]);
    project.run("batch submit").await.ended(1).says("rejected");
    assert_eq!(server.batches(), 0);
    assert!(states(&project).is_empty());
}

#[tokio::test]
async fn a_budget_holds_for_what_a_batch_can_cost_at_most() {
    let (project, server) = fetched().await;
    // The first talk costs 0.22 cents, and each other one half of about half a cent at most.
    let ran = project
        .run("batch submit --max-cost 0.008")
        .await
        .ended(3)
        .says("the budget of $0.008 does not allow more");
    let lines = server.lines(0).len();
    assert!((1..3).contains(&lines), "{lines}: {}", ran.stderr);
    let free = project.llm_table().replace("price", "# price");
    project.catalog(&talks(&IDS), &free);
    project
        .run("batch submit --max-cost 1")
        .await
        .ended(2)
        .says("names no `price`");
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_is_looked_for_and_not_repeated() {
    let (project, server) = fetched().await;
    server.fault("/batches", Fault::Lost);
    project
        .run("batch submit")
        .await
        .ended(1)
        .says("the answer was lost")
        .says("batch collect` again");
    assert_eq!(states(&project), ["ordering"]);
    project.run("build").await.ended(3).says("is in the batch");
    project
        .run("batch submit")
        .await
        .ended(0)
        .says("it was made")
        .says("there is nothing to submit");
    assert_eq!(server.batches(), 1);
    server.complete(0);
    project
        .run("batch collect")
        .await
        .ended(0)
        .says("3 new replies");
}

#[tokio::test]
async fn an_order_that_never_arrived_is_due_again() {
    let (project, server) = fetched().await;
    server.fault("/batches", Fault::Refused(ResponseTemplate::new(502)));
    project
        .run("batch submit")
        .await
        .ended(1)
        .says("the answer was lost");
    assert_eq!(server.batches(), 0);
    project
        .run("batch collect")
        .await
        .ended(0)
        .says("3 requests are due again");
    project.run("batch submit").await.ended(0);
    assert_eq!(server.batches(), 1);
}

#[tokio::test]
async fn an_order_that_is_refused_costs_nothing_and_is_due_again() {
    let (project, server) = fetched().await;
    let refusal = json!({ "error": { "message": "billing hard limit" } });
    server.fault(
        "/batches",
        Fault::Refused(ResponseTemplate::new(400).set_body_json(refusal)),
    );
    project
        .run("batch submit")
        .await
        .ended(1)
        .says("billing hard limit");
    project
        .run("batch submit")
        .await
        .ended(0)
        .says("3 requests are due again");
    assert_eq!(server.batches(), 1);
}

#[tokio::test]
async fn an_endpoint_that_lists_no_batches_leaves_it_to_its_user() {
    let (project, server) = fetched().await;
    server.fault("/batches", Fault::Lost);
    project.run("batch submit").await.ended(1);
    server.fault("/batches", Fault::Refused(ResponseTemplate::new(405)));
    let ran = project
        .run("batch collect")
        .await
        .ended(3)
        .says("does not list its batches");
    let name = ran
        .stderr
        .split("batch forget ")
        .nth(1)
        .unwrap()
        .split('`')
        .next()
        .unwrap();
    project
        .run(&format!("batch forget {name}"))
        .await
        .ended(0)
        .says("3 requests are due again");
    project
        .run("batch forget nothing")
        .await
        .ended(2)
        .says("no open batch is called `nothing`");
    project.run("build").await.ended(0);
}

#[tokio::test]
async fn an_endpoint_without_batches_is_told_apart() {
    let project = Project::with_talks(&IDS).await;
    project.run("fetch").await.ended(0);
    project
        .run("batch submit")
        .await
        .ended(1)
        .says("`proceedings batch export` writes the requests into files");
}

#[tokio::test]
async fn every_end_of_a_batch_has_its_next_step() {
    for (told, code, said) in [
        (
            json!({ "status": "completed" }),
            3,
            "there is no file with replies",
        ),
        (
            json!({ "status": "completed", "error_file_id": "" }),
            3,
            "batch forget",
        ),
        (
            json!({ "status": "failed", "errors": { "data": [{ "code": "token_limit_exceeded", "message": "Enqueued token limit reached" }] } }),
            3,
            "as many tokens waiting as it may have",
        ),
        (
            json!({ "status": "failed", "errors": { "data": [{ "code": "invalid_json", "message": "line 3" }] } }),
            3,
            "it was refused: invalid_json: line 3; nothing is paid for, and 3 requests are due again",
        ),
        (
            json!({ "status": "finalizing", "request_counts": { "total": 3, "completed": 2, "failed": 1 } }),
            3,
            "finalizing, 3 of 3 requests are through",
        ),
        (json!({ "status": "cancelled" }), 3, "it was cancelled"),
        (
            json!({ "status": "completed", "output_file_id": "file-77" }),
            3,
            "use the key that it was submitted with",
        ),
    ] {
        let (project, server) = submitted().await;
        server.tell(0, &told);
        let ran = project.run("batch collect").await.ended(code);
        assert!(ran.stderr.contains(said), "{told}: {}", ran.stderr);
        let is_open = ["completed", "finalizing"].contains(&told["status"].as_str().unwrap());
        let state = states(&project).remove(0);
        assert_eq!(state == "running", is_open, "{told}: {state}");
    }
}

#[tokio::test]
async fn what_is_paid_for_of_an_expired_batch_comes_in_and_the_rest_is_due() {
    let (project, server) = submitted().await;
    let lines = server.lines(0);
    let output = server.keep(&[answer(&lines[2])]);
    let expired = json!({ "custom_id": lines[0]["custom_id"], "response": null, "error": { "code": "batch_expired", "message": "too late" } });
    let errors = server.keep(&[expired]);
    server.tell(
        0,
        &json!({ "status": "expired", "output_file_id": output, "error_file_id": errors }),
    );
    project
        .run("batch collect")
        .await
        .ended(3)
        .says("its time was up; what was answered before is paid for and comes in")
        .says("2 lines: 1 new reply")
        .says("1 request failed: too late")
        .says("1 request is without a reply");
    project.run("batch submit").await.ended(0);
    let again = server.lines(1);
    assert_eq!(
        again
            .iter()
            .filter(|line| shape_of(&line["body"]) == "summary")
            .count(),
        1
    );
}

#[tokio::test]
async fn a_reply_that_was_mixed_up_is_kept_aside() {
    let (project, server) = submitted().await;
    let lines = server.lines(0);
    // Of the talks of this conference only one has words of its own.
    let words = "one two three four five six seven eight nine ten eleven";
    let talk = lines[1]["custom_id"]
        .as_str()
        .unwrap()
        .split('-')
        .next_back()
        .unwrap();
    let spoken = fs::read_dir(project.path(&format!("cache/{talk}"))).unwrap();
    let spoken = spoken.map(|file| file.unwrap().path());
    for path in spoken.filter(|path| path.to_str().unwrap().contains("transcript-")) {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(
            &path,
            text.replace("the key is made of every input there is", words),
        )
        .unwrap();
    }
    let object = json!({ "first_sentence": SUMMARY[0], "first_quote": words, "second_sentence": SUMMARY[1], "second_quote": "" });
    let mixed_up = reply(&lines[0], &said_body(&object.to_string()));
    let output = server.keep(&[mixed_up, answer(&lines[1]), answer(&lines[2])]);
    server.tell(
        0,
        &json!({ "status": "completed", "output_file_id": output }),
    );
    project
        .run("batch collect")
        .await
        .ended(3)
        .says("1 reply is not taken, under the key of another talk");
    let kept = project.cached();
    let aside = kept
        .iter()
        .find(|name| name.ends_with(".misplaced.jsonl"))
        .unwrap();
    assert!(project.read(&format!("cache/{aside}")).contains(words));
}

#[tokio::test]
async fn a_damaged_file_costs_no_reply_that_was_paid_for() {
    let (project, server) = submitted().await;
    let line = &server.lines(0)[1];
    let id = line["custom_id"].as_str().unwrap();
    let digest = id.split('-').nth(1).unwrap();
    let talk = &id["summary-".len() + digest.len() + 1..];
    project.put(&format!("cache/{talk}/summary-{digest}.json"), "{");
    project.put(&format!("cache/{talk}/captions.json"), "{");
    server.complete(0);
    project
        .run("batch collect")
        .await
        .ended(0)
        .says("3 new replies");
    let kept = project.cached();
    let second = format!("{talk}/summary-*.2.json");
    assert!(kept.contains(&second), "{kept:?}");
}

#[tokio::test]
async fn only_errors_leave_everything_due() {
    let (project, server) = submitted().await;
    let failed = server.lines(0).iter().map(|line| {
        json!({ "custom_id": line["custom_id"], "response": { "status_code": 400, "body": { "error": { "message": "bad field" } } } })
    }).collect::<Vec<_>>();
    let errors = server.keep(&failed);
    server.tell(
        0,
        &json!({ "status": "completed", "output_file_id": null, "error_file_id": errors }),
    );
    project
        .run("batch collect")
        .await
        .ended(3)
        .says("3 requests failed: status 400 bad field");
    project.run("build").await.ended(0);
}

#[tokio::test]
async fn another_key_or_a_deleted_batch_does_not_lose_it() {
    let (project, server) = submitted().await;
    server.fault(
        "/batch-0",
        Fault::Refused(
            ResponseTemplate::new(404)
                .set_body_json(json!({ "error": { "message": "No batch found" } })),
        ),
    );
    project
        .run("batch collect")
        .await
        .ended(3)
        .says("the endpoint does not know it");
    server.complete(0);
    project
        .run("batch collect")
        .await
        .ended(0)
        .says("3 new replies");
}

#[tokio::test]
async fn after_a_month_the_replies_are_gone_and_that_is_said() {
    let (project, server) = submitted().await;
    server.fault(
        "/batch-0",
        Fault::Refused(
            ResponseTemplate::new(404)
                .set_body_json(json!({ "error": { "message": "No batch found" } })),
        ),
    );
    age(&project);
    project
        .run("batch collect")
        .await
        .ended(3)
        .says("these are gone; 3 requests are due again");
    project.run("build").await.ended(0);
}

/// Makes the only batch three months older.
fn age(project: &Project) {
    let files = fs::read_dir(project.path("cache/batches")).unwrap();
    for path in files.map(|file| file.unwrap().path()) {
        if path.extension().is_some_and(|ending| ending == "json") {
            let text = fs::read_to_string(&path).unwrap();
            let mut record: Value = serde_json::from_str(&text).unwrap();
            record["made_at"] = json!("2026-01-01T00:00:00Z");
            fs::write(&path, record.to_string()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_batch_of_another_endpoint_is_left_alone() {
    let (project, server) = submitted().await;
    let table = project.llm_table();
    project.catalog(&talks(&IDS), &table.replace("/v1\"", "/v2\""));
    project
        .run("batch collect")
        .await
        .ended(3)
        .says("and the catalog names");
    project.catalog(&talks(&IDS), &table);
    server.complete(0);
    project.run("batch collect").await.ended(0);
}

#[tokio::test]
async fn replies_that_are_there_stay() {
    let (project, server) = submitted().await;
    server.complete(0);
    project.run("batch collect").await.ended(0);
    let before = project.cached();
    // As if the run had been killed before it noted that it was through.
    let files = fs::read_dir(project.path("cache/batches")).unwrap();
    for path in files.map(|file| file.unwrap().path()) {
        if path.extension().is_some_and(|ending| ending == "json") {
            let text = fs::read_to_string(&path).unwrap();
            let mut record: Value = serde_json::from_str(&text).unwrap();
            record["state"] = json!({ "running": { "id": "batch-0" } });
            fs::write(&path, record.to_string()).unwrap();
        }
    }
    project
        .run("batch collect")
        .await
        .ended(0)
        .says("3 requests are answered already");
    assert_eq!(project.cached(), before);
}

#[tokio::test]
async fn an_offline_run_says_what_is_known() {
    let (project, _) = submitted().await;
    project
        .run("batch status --offline")
        .await
        .ended(0)
        .says("3 requests, at its endpoint");
    for command in ["submit", "collect"] {
        project
            .run(&format!("batch {command} --offline"))
            .await
            .ended(2)
            .says("`--offline` asks nobody");
    }
}
