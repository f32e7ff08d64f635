//! Replies in forms that were not asked for: they are understood, paid for once, and what earlier
//! versions made of them stays.

use std::fmt::Write;
use std::fs;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, SUMMARY, completion, said, talks};

fn summary() -> Value {
    json!({ "first_sentence": SUMMARY[0], "second_sentence": SUMMARY[1] })
}

/// A completion whose message is this.
fn message(message: &Value) -> Value {
    json!({ "choices": [{ "message": message, "finish_reason": "stop" }] })
}

#[tokio::test]
async fn an_answer_in_another_place_is_paid_for_once() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let thought = json!({ "content": null, "reasoning_content": summary().to_string() });
    let thought = ResponseTemplate::new(200).set_body_json(message(&thought));
    project.reply("summary", [thought]);
    project.reply("category", [said("**Systems**.")]);
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 new; 1 request, tokens and cost unknown")
        .says("categorize 1 new; 1 request, 1,000 tokens in");
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 2);
}

#[tokio::test]
async fn a_stream_of_events_that_nobody_asked_for_is_kept_as_a_completion() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let text = summary().to_string();
    let (start, end) = text.split_at(20);
    let mut events = String::from("\u{feff}: processing\n\n");
    for delta in [json!({ "content": start }), json!({ "content": end })] {
        let chunk = json!({ "choices": [{ "delta": delta, "finish_reason": null }] });
        write!(events, "data: {chunk}\n\n").unwrap();
    }
    let last = json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }], "usage": { "prompt_tokens": 800, "completion_tokens": 50 } });
    write!(events, "data: {last}\n\ndata: [DONE]\n\n").unwrap();
    let stream = ResponseTemplate::new(200).set_body_raw(events, "text/event-stream");
    project.reply("summary", [stream]);
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 new; 1 request, 800 tokens in, 50 out, $0.0009");
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
}

#[tokio::test]
async fn what_was_asked_again_before_its_first_reply_was_understood_stays() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let empty = ResponseTemplate::new(200).set_body_json(message(&json!({ "content": "" })));
    project.reply("summary", [empty, completion(&summary())]);
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 3);
    let page = project.read("page/page.md");

    // The first reply has an answer where earlier versions did not look.
    let other = json!({ "first_sentence": SUMMARY[1], "second_sentence": SUMMARY[0] });
    let folder = project.path("cache/rustyCache1");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut first = files.filter_map(|path| {
        let mut file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).ok()?;
        let message = file.pointer_mut("/reply/model/choices/0/message")?;
        if message["content"] != "" {
            return None;
        }
        message["reasoning"] = other.to_string().into();
        Some((path, file))
    });
    let (path, file) = first.next().unwrap();
    fs::write(path, file.to_string()).unwrap();

    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 cached");
    assert_eq!(project.read("page/page.md"), page);
    assert_eq!(project.requests().await.len(), 3);
}

/// How often a summary was asked for.
async fn questions(project: &Project) -> usize {
    let requests = project.requests().await;
    let is_question = |request: &&Value| !request.to_string().contains("none_fits");
    requests.iter().filter(is_question).count()
}

/// Told in the first person, which earlier versions let pass.
fn ours() -> Value {
    let first = "Caches that we can explain are trusted by the people who have to live with them.";
    json!({ "first_sentence": first, "second_sentence": SUMMARY[1] })
}

#[tokio::test]
async fn what_an_earlier_version_accepted_stays_accepted() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.reply("summary", [completion(&ours())]);
    project.run("build").await.ended(0);
    assert_eq!(questions(&project).await, 2);

    // An earlier version asked for no correction.
    let files = fs::read_dir(project.path("cache/rustyCache1")).unwrap();
    let corrections = files.map(|file| file.unwrap().path()).filter(|path| {
        let file = fs::read(path).unwrap();
        let file: Value = serde_json::from_slice(&file).unwrap_or_default();
        let messages = file.pointer("/request/chat/messages");
        messages.is_some_and(|messages| messages.as_array().unwrap().len() > 2)
    });
    let corrections: Vec<_> = corrections.collect();
    assert_eq!(corrections.len(), 1);
    fs::remove_file(&corrections[0]).unwrap();

    let dry = project.run("summarize --dry-run").await.ended(0);
    assert!(
        dry.stdout.contains("summarize  no requests"),
        "{}",
        dry.stdout
    );
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 cached");
    assert_eq!(questions(&project).await, 2);
    assert!(
        project
            .read("page/page.md")
            .contains("Caches that we can explain")
    );
}

#[tokio::test]
async fn a_correction_that_was_asked_for_in_other_words_is_not_paid_for_again() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put(
        "prompts/summary-correction.hbs",
        "That will not do: {{fault}}. Once more, please.",
    );
    project.reply("summary", [completion(&ours())]);
    project.run("build").await.ended(0);
    let asked = project.requests().await;
    let told = asked[1]["messages"][3]["content"].as_str().unwrap();
    assert!(told.starts_with("That will not do: "), "{told}");
    let page = project.read("page/page.md");
    assert!(page.contains(SUMMARY[0]));

    fs::remove_dir_all(project.path("prompts")).unwrap();
    project
        .run("build")
        .await
        .ended(0)
        .says("summarize  1 cached");
    assert_eq!(project.requests().await.len(), asked.len());
    assert_eq!(project.read("page/page.md"), page);
}

/// A reply that was cut off after so many tokens of thought.
fn cut_off(tokens: u64) -> ResponseTemplate {
    let choice =
        json!({ "message": { "content": "", "reasoning": "Hm." }, "finish_reason": "length" });
    let usage = json!({ "prompt_tokens": 900, "completion_tokens": tokens });
    ResponseTemplate::new(200).set_body_json(json!({ "choices": [choice], "usage": usage }))
}

/// How long a reply may be, and how much thought it may take, in each request.
async fn room_and_effort(project: &Project) -> Vec<(u64, Option<String>)> {
    let requests = project.requests().await;
    let read = |body: &Value| {
        let effort = body["reasoning_effort"].as_str().map(str::to_owned);
        (body["max_tokens"].as_u64().unwrap(), effort)
    };
    requests.iter().map(read).collect()
}

#[tokio::test]
async fn who_thinks_through_all_the_room_is_told_to_think_less_from_then_on() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    let ids = talks(&["rustyCache1", "kernelSched"]);
    let room = "max_tokens = 32768\ncontext_tokens = 128000\nconcurrency = 1\n";
    project.catalog(&ids, &(project.llm_table() + room));
    project.reply("summary", [cut_off(32_768)]);
    project.run("build").await.ended(0);
    let low = || (32_768, Some("low".to_owned()));
    let asked = room_and_effort(&project).await;
    assert_eq!(asked[0], (32_768, None));
    assert_eq!(asked[1..], [low(), low(), low(), low()]);
    let page = project.read("page/page.md");
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 5);
    assert_eq!(project.read("page/page.md"), page);
}

#[tokio::test]
async fn the_context_bounds_the_room_for_thoughts() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let table = project.llm_table() + "context_tokens = 6000\n";
    project.catalog(&talks(&["rustyCache1"]), &table);
    project.reply("summary", [cut_off(2_048), cut_off(3_900), cut_off(3_900)]);
    project
        .run("build")
        .await
        .ended(3)
        .says("all 3 replies of the model were set aside");
    let asked = room_and_effort(&project).await;
    let (room, efforts): (Vec<u64>, Vec<_>) = asked.into_iter().unzip();
    assert_eq!(efforts, [None, None, Some("low".to_owned())]);
    assert_eq!(room[0], 2_048);
    assert!(
        (3_000..5_500).contains(&room[1]) && room[1] == room[2],
        "{room:?}"
    );
    project.run("build").await.ended(3);
    assert_eq!(project.requests().await.len(), 3);
}

#[tokio::test]
async fn what_a_model_says_gives_the_terminal_no_orders() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let orders = "\u{1b}]0;owned\u{7}\u{202e}";
    let category = json!({ "category": orders, "none_fits": false });
    project.reply("category", [completion(&category), completion(&category)]);
    let ran = project.run("build").await.ended(3);
    let ran = ran.says("\"\u{fffd}]0;owned\u{fffd}\u{fffd}\", which is not one of your categories");
    assert!(!ran.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}']));
}
