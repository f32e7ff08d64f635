//! The batches of Anthropic and Gemini: each trap of them has a state that is said, and a next step.

use std::fs;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::batch_server::{BatchServer, Fault, Wire};
use crate::project::{Project, Ran};

const IDS: [&str; 4] = ["rustyCache1", "-cBplHNM4RA", "kernelSched", "_9xohmSa2G8"];
const WIRES: [Wire; 2] = [Wire::Anthropic, Wire::Gemini];

/// A conference that is fetched, and an endpoint with batches.
async fn fetched(wire: Wire) -> (Project, BatchServer) {
    let project = Project::with_catalog("").await;
    write_catalog(&project, &wire.llm_table(&project));
    for id in IDS {
        let words = format!("Talk {id} is about caches, and about archives of talks. ").repeat(9);
        project.put(&format!("captions/{id}.txt"), &words);
    }
    project.run("fetch").await.ended(0);
    let server = BatchServer::speaking(wire, &project).await;
    (project, server)
}

/// A catalog of talks that need no visit.
fn write_catalog(project: &Project, tables: &str) {
    let talks = IDS.map(|id| format!("{{ id = \"{id}\", title = \"About {id}\" }}"));
    project.catalog(&format!("[{}]", talks.join(", ")), tables);
}

/// The same with the summaries of all talks but the first in a batch.
async fn submitted(wire: Wire) -> (Project, BatchServer) {
    let (project, server) = fetched(wire).await;
    let ran = project.run("batch submit").await;
    ran.ended(0).says("3 requests");
    (project, server)
}

/// The records of the batches as they are.
fn records(project: &Project) -> Vec<(String, Value)> {
    let files = fs::read_dir(project.path("cache/batches"));
    let paths = files.into_iter().flatten().map(|file| file.unwrap().path());
    let records = paths.filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    let names = records.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
    let mut names: Vec<String> = names.collect();
    names.sort();
    let record = |name: String| {
        let text = project.read(&format!("cache/batches/{name}"));
        (name, serde_json::from_str(&text).unwrap())
    };
    names.into_iter().map(record).collect()
}

/// How far the batches have come.
fn states(project: &Project) -> Vec<String> {
    let states = records(project).into_iter().map(|(_, record)| {
        let state = &record["state"];
        let with_more = || state.as_object().unwrap().keys().next().unwrap().as_str();
        state.as_str().unwrap_or_else(with_more).to_owned()
    });
    states.collect()
}

/// Changes the only record.
fn change_record(project: &Project, change: impl FnOnce(&mut Value)) {
    let (name, mut record) = records(project).remove(0);
    change(&mut record);
    project.put(&format!("cache/batches/{name}"), &record.to_string());
}

/// Makes it long ago that the only batch was ordered.
fn age_order(project: &Project) {
    change_record(project, |record| {
        record["state"]["ordering"]["since"] = json!("2026-01-01T00:00:00Z");
    });
}

fn refusal(status: u16, message: &str) -> Fault {
    let error = json!({ "type": "error", "error": { "message": message } });
    Fault::Refused(ResponseTemplate::new(status).set_body_json(error))
}

async fn collected(project: &Project) -> Ran {
    project.run("batch collect").await
}

#[tokio::test]
async fn a_batch_makes_the_page_of_a_live_build_at_half_the_price() {
    for wire in WIRES {
        let (project, server) = fetched(wire).await;
        project
            .run("batch submit")
            .await
            .ended(0)
            .says("rustyCache1 was asked about first, at the full price")
            .says(": 3 requests")
            .says("at half price, at most $");
        assert_eq!((server.batches(), server.alone().len()), (1, 2));
        let status = project.run("batch status").await.ended(0);
        status.says("0 of 3 requests are through");
        // Nobody pays for the same meanwhile.
        project.run("build").await.ended(3).says("is in the batch");
        assert_eq!(server.alone().len(), 2);

        server.complete(0);
        collected(&project)
            .await
            .ended(0)
            .says("completed")
            .says("3 lines: 3 new replies")
            .says("3 requests, 3,000 tokens in, 150 out, $0.0016");
        let before = project.cached();
        let again = collected(&project).await.ended(0);
        again.says("no batch is open");
        assert_eq!(project.cached(), before, "{wire:?}");

        // The categories are the next batch.
        let ran = project.run("batch submit").await.ended(0);
        ran.says(": 2 requests");
        server.complete(1);
        collected(&project).await.ended(0);
        project.run("build").await.ended(0);
        assert_eq!(server.alone().len(), 3);
        assert_eq!(states(&project), ["collected", "collected"]);
        let (live, _) = fetched(wire).await;
        live.run("build").await.ended(0);
        let page = |project: &Project| project.read("page/index.html");
        assert_eq!(page(&project), page(&live), "{wire:?}");
    }
}

#[tokio::test]
async fn a_line_asks_as_a_request_that_is_sent_alone() {
    for wire in WIRES {
        let (_project, server) = submitted(wire).await;
        let mut alone = server.alone().remove(0);
        let lines = server.lines(0);
        let mut in_batch = wire.body(&lines[0]).clone();
        if wire == Wire::Gemini {
            // In batches the shape is asked for in the older form.
            let taken = |body: &mut Value, name: &str| body["generationConfig"][name].take();
            assert!(taken(&mut alone, "responseJsonSchema").is_object());
            assert!(taken(&mut in_batch, "responseSchema").is_object());
        }
        for talk in ["messages", "contents"] {
            alone[talk].take();
            in_batch[talk].take();
        }
        let fields = |body: &Value| {
            let text = body.to_string();
            text.replace("\"responseJsonSchema\":null,", "")
                .replace("\"responseSchema\":null,", "")
                .replace(",\"responseJsonSchema\":null", "")
                .replace(",\"responseSchema\":null", "")
        };
        assert_eq!(fields(&in_batch), fields(&alone), "{wire:?}");
    }
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_is_looked_for_and_not_repeated() {
    for wire in WIRES {
        let (project, server) = fetched(wire).await;
        // As many requests, and older: it is not the one.
        server.make_of_others(3);
        server.fault(wire.orders(), Fault::Lost);
        let ran = project.run("batch submit").await.ended(1);
        ran.says("the answer was lost");
        assert_eq!(states(&project), ["ordering"]);
        project.run("build").await.ended(3).says("is in the batch");
        let ran = project.run("batch submit").await.ended(0);
        ran.says("it was made").says("there is nothing to submit");
        assert_eq!(server.batches(), 2, "{wire:?}");
        server.complete(1);
        let ran = collected(&project).await.ended(0);
        ran.says("3 new replies");
    }
}

#[tokio::test]
async fn an_order_that_never_arrived_is_due_again() {
    for wire in WIRES {
        let (project, server) = fetched(wire).await;
        let unavailable = ResponseTemplate::new(502);
        server.fault(wire.orders(), Fault::Refused(unavailable));
        let ran = project.run("batch submit").await.ended(1);
        ran.says("the answer was lost");
        age_order(&project);
        let ran = collected(&project).await.ended(0);
        ran.says("3 requests are due again");
        project.run("batch submit").await.ended(0);
        assert_eq!(server.batches(), 1, "{wire:?}");
    }
}

#[tokio::test]
async fn an_order_that_is_refused_costs_nothing_and_is_due_again() {
    for wire in WIRES {
        let (project, server) = fetched(wire).await;
        server.fault(wire.orders(), refusal(400, "requests: no"));
        let ran = project.run("batch submit").await.ended(1);
        ran.says("requests: no");
        let ran = project.run("batch submit").await.ended(0);
        ran.says("3 requests are due again");
        assert_eq!(server.batches(), 1, "{wire:?}");
    }
}

#[tokio::test]
async fn a_batch_without_a_name_is_not_guessed_among_several() {
    let (project, server) = fetched(Wire::Anthropic).await;
    server.fault(Wire::Anthropic.orders(), Fault::Lost);
    let ran = project.run("batch submit").await.ended(1);
    let ran = ran.says("the answer was lost");
    assert_eq!(server.batches(), 1, "{}", ran.stderr);
    server.make_of_others(3);
    let ran = collected(&project).await.ended(3);
    ran.says("several batches of the endpoint may be it")
        .says("batch forget");
    assert_eq!(states(&project), ["ordering"]);
}

#[tokio::test]
async fn a_batch_that_was_taken_for_ours_and_is_not_is_left_alone() {
    for wire in WIRES {
        let (project, server) = submitted(wire).await;
        server.make_of_others(3);
        change_record(&project, |record| {
            record["state"]["running"]["id"] = json!(wire.id(1));
        });
        let others: Vec<Value> = server.lines(1);
        let replies: Vec<Value> = others
            .iter()
            .map(|line| wire.failure(line, "of others"))
            .collect();
        server.end(1, &replies);
        let ran = collected(&project).await.ended(3);
        ran.says("its replies answer none of its requests")
            .says("batch forget");
        assert_eq!(states(&project), ["running"], "{wire:?}");
    }
}

#[tokio::test]
async fn every_end_of_a_batch_has_its_next_step() {
    let long_ago = "2026-01-01T00:00:00Z";
    for (wire, told, state, said) in [
        (
            Wire::Anthropic,
            json!({ "processing_status": "canceling" }),
            "running",
            "canceling, 0 of 3 requests are through",
        ),
        (
            Wire::Anthropic,
            json!({ "processing_status": "ended", "archived_at": long_ago, "results_url": null }),
            "ended",
            "the endpoint keeps replies for 29 days, and these are gone; 3 requests are due again",
        ),
        (
            Wire::Anthropic,
            json!({ "processing_status": "ended", "results_url": null }),
            "running",
            "there is no file with replies",
        ),
        (
            Wire::Gemini,
            json!({ "state": "JOB_STATE_RUNNING", "batchStats": { "requestCount": "3", "successfulRequestCount": "2" } }),
            "running",
            "running, 2 of 3 requests are through",
        ),
        (
            Wire::Gemini,
            json!({ "state": "BATCH_STATE_FAILED", "error": { "code": 3, "message": "line 3 is no request" } }),
            "ended",
            "it was refused: line 3 is no request; nothing is paid for, and 3 requests are due again",
        ),
        (
            Wire::Gemini,
            json!({ "state": "BATCH_STATE_SUCCEEDED" }),
            "running",
            "there is no file with replies",
        ),
        (
            Wire::Gemini,
            json!({ "state": "BATCH_STATE_CANCELLED", "error": { "code": 1, "message": "cancelled" } }),
            "collected",
            "it was cancelled",
        ),
        (
            Wire::Gemini,
            json!({ "state": "BATCH_STATE_EXPIRED" }),
            "collected",
            "its time was up",
        ),
        (
            Wire::Gemini,
            json!({ "state": "BATCH_STATE_SUCCEEDED", "endTime": long_ago, "output": { "responsesFile": "files/77" } }),
            "ended",
            "the endpoint keeps replies for 48 hours, and these are gone",
        ),
        (
            Wire::Gemini,
            json!({ "state": "BATCH_STATE_SUCCEEDED", "output": { "responsesFile": "files/77" } }),
            "running",
            "the endpoint does not know it, or its files",
        ),
    ] {
        let (project, server) = submitted(wire).await;
        server.tell(0, &told);
        let ran = project.run("batch collect").await.ended(3);
        assert!(ran.stderr.contains(said), "{told}: {}", ran.stderr);
        assert_eq!(states(&project), [state], "{told}");
    }
}

#[tokio::test]
async fn what_is_paid_for_of_a_batch_that_was_not_finished_comes_in_and_the_rest_is_due() {
    for (wire, told, unanswered) in [
        (
            Wire::Anthropic,
            json!({ "request_counts": { "succeeded": 1, "expired": 1, "processing": 0 } }),
            "the time of the batch was up before it was answered",
        ),
        (
            Wire::Gemini,
            json!({ "state": "BATCH_STATE_EXPIRED" }),
            "too late",
        ),
    ] {
        let (project, server) = submitted(wire).await;
        let lines = server.lines(0);
        let expired = match wire {
            Wire::Anthropic => {
                json!({ "custom_id": lines[0]["custom_id"], "result": { "type": "expired" } })
            }
            _ => wire.failure(&lines[0], unanswered),
        };
        // They come in any order.
        server.end(0, &[wire.answer(&lines[2]), expired]);
        server.tell(0, &told);
        collected(&project)
            .await
            .ended(3)
            .says("its time was up; what was answered before is paid for and comes in")
            .says("2 lines: 1 new reply")
            .says(&format!("1 request failed: {unanswered}"))
            .says("1 request is without a reply");
        project.run("build").await.ended(0);
    }
}

#[tokio::test]
async fn odd_lines_are_told_one_by_one_and_cost_no_other_reply() {
    for wire in WIRES {
        let (project, server) = submitted(wire).await;
        let lines = server.lines(0);
        let id = |line: &Value| wire.key(line).to_owned();
        let mut stranger = lines[0].clone();
        let name = if wire == Wire::Gemini {
            "key"
        } else {
            "custom_id"
        };
        stranger[name] = json!("request-1");
        let mut nameless = wire.answer(&lines[0]);
        nameless[name] = Value::Null;
        let file = server.keep_text(vec![
            wire.answer(&lines[2]).to_string(),
            wire.answer(&lines[2]).to_string(),
            wire.failure(&lines[1], "invalid_request").to_string(),
            wire.answer(&stranger).to_string(),
            nameless.to_string(),
            "{\"cut".to_owned(),
        ]);
        server.end_with(0, &file);
        collected(&project)
            .await
            .ended(3)
            .says("6 lines: 1 new reply")
            .says("1 line answers what another line answers")
            .says("1 request failed: invalid_request")
            .says("request-1")
            .says("1 line has no `custom_id`")
            .says("1 line is no JSON")
            .says("1 request is without a reply");
        let kept = project.cached();
        let talk = &id(&lines[2])["summary-".len() + 17..];
        assert!(kept.contains(&format!("{talk}/summary-*.json")), "{kept:?}");
        project.run("build").await.ended(0);
    }
}

#[tokio::test]
async fn a_page_in_place_of_replies_loses_none() {
    for wire in WIRES {
        let (project, server) = submitted(wire).await;
        let file = server.keep_text(vec!["<html>".to_owned(), "busy".to_owned()]);
        server.end_with(0, &file);
        let ran = collected(&project).await.ended(3);
        ran.says("cannot be read");
        assert_eq!(states(&project), ["running"], "{wire:?}");
        server.complete(0);
        collected(&project).await.ended(0).says("3 new replies");
    }
}

#[tokio::test]
async fn an_endpoint_that_forgets_a_batch_for_a_while_does_not_lose_it() {
    for (wire, status) in [
        (Wire::Anthropic, 404),
        (Wire::Gemini, 404),
        (Wire::Gemini, 403),
    ] {
        let (project, server) = submitted(wire).await;
        let ending = format!("/{}", wire.id(0));
        server.fault(&ending, refusal(status, "it may not exist"));
        let ran = collected(&project).await.ended(3);
        ran.says("the endpoint does not know it")
            .says("a little later");
        server.complete(0);
        collected(&project).await.ended(0).says("3 new replies");
    }
}

#[tokio::test]
async fn a_batch_in_another_wire_format_is_left_alone() {
    let (project, server) = submitted(Wire::Anthropic).await;
    write_catalog(&project, &project.llm_table());
    let ran = collected(&project).await.ended(3);
    ran.says("(anthropic), and the catalog names");
    write_catalog(&project, &Wire::Anthropic.llm_table(&project));
    server.complete(0);
    collected(&project).await.ended(0);
}

#[tokio::test]
async fn another_machine_with_the_cache_collects() {
    for wire in WIRES {
        let (project, server) = submitted(wire).await;
        server.complete(0);
        project.run("cache export all.zip").await.ended(0);
        fs::remove_dir_all(project.path("cache")).unwrap();
        project.run("cache import --own all.zip").await.ended(0);
        collected(&project).await.ended(0).says("3 new replies");
    }
}

#[tokio::test]
async fn a_refusal_for_too_many_waiting_tokens_says_how_to_go_on() {
    for wire in WIRES {
        let (project, server) = fetched(wire).await;
        let full = refusal(400, "insufficient_quota: enqueued tokens");
        server.fault(wire.orders(), full);
        let ran = project.run("batch submit").await.ended(1);
        ran.says("--shard");
        assert_eq!(server.batches(), 0, "{wire:?}");
    }
}

#[tokio::test]
async fn a_damaged_record_costs_the_requests_of_its_batch_alone() {
    let (project, server) = submitted(Wire::Anthropic).await;
    let (name, record) = records(&project).remove(0);
    let place = format!("cache/batches/{name}");
    project.put(&place, "{");
    let ran = project.run("build").await.ended(3);
    ran.says("3 of 4 talks are not finished: the request is in the batch");
    project.run("cache prune --yes").await.ended(0);
    for command in ["collect", "submit"] {
        let ran = project.run(&format!("batch {command}")).await.ended(3);
        ran.says(&format!("{name}` is damaged"))
            .says("restore the file");
    }
    project.put(&place, &record.to_string());
    server.complete(0);
    collected(&project).await.ended(0).says("3 new replies");
}

#[tokio::test]
async fn a_batch_whose_record_is_lost_can_be_forgotten() {
    let (project, server) = submitted(Wire::Gemini).await;
    let (name, _) = records(&project).remove(0);
    project.put(&format!("cache/batches/{name}"), "");
    let batch = name.strip_suffix(".json").unwrap();
    let ran = project.run(&format!("batch forget {batch}")).await;
    ran.ended(0).says("due again");
    project.run("batch submit").await.ended(0);
    assert_eq!(server.batches(), 2);
}

#[tokio::test]
async fn ollama_has_no_batches_and_that_is_said() {
    let project = Project::with_catalog("").await;
    let table = project.llm_table();
    let table = table.replace("[llm]", "[llm]\nprovider = \"ollama\"");
    write_catalog(&project, &table);
    for command in ["submit", "collect"] {
        let ran = project.run(&format!("batch {command}")).await.ended(2);
        ran.says("has no batches");
    }
}
