//! What `--dry-run` says a run would do is what the run then does: visits, recordings, requests and
//! dollars, for one kind of catalog after the other.

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, said, talks, video};

const IDS: [&str; 3] = ["rustyCache1", "-cBplHNM4RA", "kernelSched"];
/// What a request costs with the usage that the endpoint reports.
const REQUEST: f64 = 0.0011;

/// How close what is said must come to what is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Requests {
    /// As many as were said.
    Exactly,
    /// No more than were said: a category is asked for again only if its summary has changed.
    AtMost,
    /// Nobody could know: at most two for each talk that is not fetched yet.
    Unknown(u64),
}

/// What a run does, as it was said beforehand or seen afterwards.
#[derive(Debug, Default, PartialEq)]
struct Deeds {
    visits: u64,
    recordings: u64,
    requests: u64,
    dollars: f64,
}

impl Deeds {
    /// What `--dry-run` says.
    fn said(stdout: &str) -> Self {
        let line = |start: &str| stdout.lines().find(|line| line.starts_with(start));
        let number = |line: Option<&str>, unit: &str| {
            let words: Vec<&str> = line.unwrap_or_default().split([' ', ',']).collect();
            let at = words.iter().position(|word| word.starts_with(unit));
            let number = at.and_then(|at| words[at - 1].parse().ok());
            number.unwrap_or(0)
        };
        let dollars = |line: Option<&str>| {
            let (_, amount) = line?.rsplit_once('$')?;
            amount.parse().ok()
        };
        let all = line("in all");
        Self {
            visits: number(line("fetch"), "visit"),
            recordings: number(line("transcribe"), "recording"),
            requests: number(all, "request"),
            dollars: dollars(all).or(dollars(line("transcribe"))).unwrap_or(0.0),
        }
    }

    /// What was done so far.
    async fn seen(project: &Project) -> Self {
        let (requests, uploads) = (
            project.requests().await.len(),
            project.uploads().await.len(),
        );
        let requests = u64::try_from(requests).unwrap();
        let recordings = u64::try_from(uploads).unwrap();
        Self {
            // The sound of a recording is fetched by a visit of its own.
            visits: u64::try_from(project.visits()).unwrap() - recordings,
            recordings,
            requests,
            // Every recording has ten minutes.
            dollars: f64::from(u32::try_from(requests).unwrap()) * REQUEST
                + f64::from(u32::try_from(recordings).unwrap()) * 0.06,
        }
    }
}

/// Has a command say what it would do, then do it, and holds the one to the other.
async fn check(project: &Project, what: &str, command: &str, requests: Requests) -> Deeds {
    let before = Deeds::seen(project).await;
    let dry = project.run(&format!("{command} --dry-run")).await.ended(0);
    assert_eq!(
        Deeds::seen(project).await,
        before,
        "{what}: a dry run asks nobody"
    );
    let said = Deeds::said(&dry.stdout);
    let ran = project.run(command).await;
    let after = Deeds::seen(project).await;
    let done = Deeds {
        visits: after.visits - before.visits,
        recordings: after.recordings - before.recordings,
        requests: after.requests - before.requests,
        dollars: after.dollars - before.dollars,
    };
    let both = format!("{what}: {said:?} {done:?}\n{}\n{}", dry.stdout, ran.stderr);
    assert_eq!(
        (said.visits, said.recordings),
        (done.visits, done.recordings),
        "{both}"
    );
    match requests {
        Requests::Exactly => assert_eq!(said.requests, done.requests, "{both}"),
        Requests::AtMost => assert!(done.requests <= said.requests, "{both}"),
        Requests::Unknown(talks) => {
            assert!(done.requests <= said.requests + 2 * talks, "{both}");
            return done;
        }
    }
    // The endpoint's usage has nothing to do with what it was sent, so only sound is compared.
    if said.requests == 0 {
        assert!(
            (done.dollars - said.dollars).abs() < 1e-9,
            "to the cent: {both}"
        );
    }
    done
}

/// Three talks of some minutes.
async fn conference() -> Project {
    let project = Project::with_talks(&IDS).await;
    for id in IDS {
        project.put_video(id, &wordy(id, 90));
    }
    project
}

fn wordy(id: &str, lines: u32) -> Value {
    let mut wordy = video(id);
    let line = |i: u32| {
        let words =
            format!("line {i} of a talk that goes on about caches and their keys for hours");
        json!([i * 5, 4.0, words])
    };
    wordy["captions"][0]["lines"] = (0..lines).map(line).collect();
    wordy
}

#[tokio::test]
async fn from_nothing_cached_to_all_cached() {
    let project = conference().await;
    let done = check(&project, "nothing cached", "build", Requests::Unknown(3)).await;
    assert_eq!((done.visits, done.requests), (3, 6));
    let done = check(&project, "all cached", "build", Requests::Exactly).await;
    assert_eq!(done, Deeds::default());
}

#[tokio::test]
async fn fetched_and_not_summarized_yet() {
    let project = conference().await;
    check(&project, "fetch alone", "fetch", Requests::Exactly).await;
    let done = check(
        &project,
        "one talk",
        "build --only kernelSched",
        Requests::Exactly,
    )
    .await;
    assert_eq!(done.requests, 2);
    let done = check(&project, "the rest", "summarize", Requests::Exactly).await;
    assert_eq!((done.visits, done.requests), (0, 4));
}

#[tokio::test]
async fn changed_prompts_and_categories() {
    let project = conference().await;
    project.run("build").await.ended(0);
    let categories = format!(
        "{}\n[[categories]]\nname = \"Another\"\n",
        project.llm_table()
    );
    project.catalog(&talks(&IDS), &categories);
    let done = check(&project, "changed categories", "build", Requests::Exactly).await;
    assert_eq!(done.requests, 3);
    let prompt = include_str!("../../prompts/summary.hbs");
    project.put(
        "prompts/summary.hbs",
        &prompt.replacen("speaker", "person who speaks", 1),
    );
    let done = check(&project, "a stale prompt", "build", Requests::AtMost).await;
    assert!(done.requests >= 3, "{done:?}");
}

#[tokio::test]
async fn every_stage_is_done_again() {
    let project = conference().await;
    project.run("build").await.ended(0);
    for (stage, requests) in [
        ("metadata", Requests::Exactly),
        ("transcript", Requests::Exactly),
        ("summary", Requests::AtMost),
        ("category", Requests::Exactly),
    ] {
        let command = format!("build --redo {stage}");
        let done = check(&project, &command, &command, requests).await;
        assert!(done != Deeds::default(), "{command} does something");
    }
}

#[tokio::test]
async fn what_was_set_aside_is_made_again() {
    let project = conference().await;
    let bad = |count: usize| (0..count).map(|_| said("No."));
    project.reply("summary", bad(2));
    project.run("build --only rustyCache1").await.ended(3);
    project.reply("category", bad(2));
    project.run("build --only kernelSched").await.ended(3);
    project.run("build").await.ended(3);
    let done = check(&project, "nothing again", "build", Requests::Exactly).await;
    assert_eq!(done, Deeds::default());
    // A summary with its category, and a category.
    let command = "build --redo failed";
    let done = check(&project, command, command, Requests::Exactly).await;
    assert_eq!((done.visits, done.requests), (0, 3));
    let done = check(&project, "all is there", command, Requests::Exactly).await;
    assert_eq!(done, Deeds::default());
}

#[tokio::test]
async fn notes_that_were_set_aside_are_made_again() {
    let project = conference().await;
    project.put_video("kernelSched", &wordy("kernelSched", 300));
    let tables = format!("{}context_tokens = 4600\n", project.llm_table());
    project.catalog(&talks(&["kernelSched"]), &tables);
    project.reply("notes", [said("")]);
    project.run("build").await.ended(3);
    let done = check(&project, "nothing again", "build", Requests::Exactly).await;
    assert_eq!(done, Deeds::default());
    let command = "build --redo failed";
    let done = check(&project, command, command, Requests::Exactly).await;
    assert!(done.requests > 2, "{done:?}");
}

#[tokio::test]
async fn transcriptions_that_were_set_aside_are_made_again() {
    let project = quiet_conference("price_per_minute = 0.006\n").await;
    let silence = || ResponseTemplate::new(200).set_body_json(json!({ "text": " " }));
    project.reply("transcription", [silence()]);
    project.run("build").await.ended(3);
    let done = check(&project, "nothing again", "build", Requests::Exactly).await;
    assert_eq!(done, Deeds::default());
    let command = "fetch --redo failed";
    let done = check(&project, command, command, Requests::Exactly).await;
    assert_eq!((done.visits, done.recordings), (0, 1));
}

#[tokio::test]
async fn offline_nobody_is_asked_and_nothing_else_is_said() {
    let project = conference().await;
    let done = check(
        &project,
        "offline and empty",
        "--offline build",
        Requests::Exactly,
    )
    .await;
    assert_eq!(done, Deeds::default());
    let dry = project.run("--offline build --dry-run").await.ended(0);
    assert!(dry.stdout.contains("fetch      0 visits"), "{}", dry.stdout);
    project.run("fetch").await.ended(0);
    let done = check(
        &project,
        "offline and fetched",
        "--offline build",
        Requests::Exactly,
    )
    .await;
    assert_eq!(done, Deeds::default());
}

#[tokio::test]
async fn parts_of_a_recording_are_visited_once() {
    let project = conference().await;
    let parts = r#"[{ id = "rustyCache1", start = "0:00", end = "3:00", title = "One" },
        { id = "rustyCache1", start = "3:00", title = "Two" }]"#;
    project.catalog(parts, &project.llm_table());
    let done = check(
        &project,
        "parts, not fetched",
        "build",
        Requests::Unknown(2),
    )
    .await;
    assert_eq!((done.visits, done.requests), (1, 4));
    let command = "build --redo summary,category";
    let done = check(&project, "parts again", command, Requests::Exactly).await;
    assert_eq!(done.requests, 4);
}

#[tokio::test]
async fn long_talks_are_counted_part_by_part() {
    let project = conference().await;
    project.put_video("kernelSched", &wordy("kernelSched", 300));
    let tables = format!("{}context_tokens = 4600\n", project.llm_table());
    project.catalog(&talks(&["kernelSched"]), &tables);
    project.run("fetch").await.ended(0);
    let done = check(&project, "a long talk", "build", Requests::Exactly).await;
    assert!(done.requests > 3, "{done:?}");
    // Its notes are kept, so only the summary of them and the category are asked for again.
    let done = check(
        &project,
        "its notes are kept",
        "build --redo summary,category",
        Requests::Exactly,
    )
    .await;
    assert_eq!(done.requests, 2);
}

#[tokio::test]
async fn a_damaged_file_keeps_its_talk_from_being_paid_for() {
    let project = conference().await;
    project.run("fetch").await.ended(0);
    let damaged = std::fs::read_dir(project.path("cache/kernelSched")).unwrap();
    let damaged = damaged.map(|file| file.unwrap().path()).find(|path| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("metadata-")
    });
    std::fs::write(damaged.unwrap(), "{").unwrap();
    let done = check(&project, "a damaged file", "build", Requests::Exactly).await;
    assert_eq!((done.visits, done.requests), (0, 4));
}

/// Three recordings of ten minutes that nobody has captions of.
async fn quiet_conference(price_per_minute: &str) -> Project {
    let project = Project::with_talks(&IDS).await;
    for id in IDS {
        let mut quiet = video(id);
        quiet["captions"] = json!([]);
        quiet["audio"] = json!(2000);
        project.put_video(id, &quiet);
    }
    let tables = format!(
        "{}{}{price_per_minute}",
        project.llm_table(),
        project.transcribe_table()
    );
    project.catalog(&talks(&IDS), &tables);
    project
}

#[tokio::test]
async fn recordings_are_paid_for_as_it_was_said() {
    let project = quiet_conference("price_per_minute = 0.006\n").await;
    let dry = project.run("build --dry-run").await.ended(0);
    let maybe = "maybe      up to 3 recordings";
    assert!(dry.stdout.contains(maybe), "{}", dry.stdout);
    project.run("build").await.ended(0);
    assert_eq!(project.uploads().await.len(), 3);
    // Defect: that the recordings are paid for again was never mentioned.
    let command = "build --redo transcript";
    let done = check(&project, command, command, Requests::AtMost).await;
    assert_eq!((done.visits, done.recordings), (3, 3));
    let command = "fetch --redo transcript";
    let done = check(&project, command, command, Requests::Exactly).await;
    assert_eq!((done.visits, done.recordings), (3, 3));
    let done = check(&project, "all heard", "build", Requests::Exactly).await;
    assert_eq!(done, Deeds::default());
}

#[tokio::test]
async fn a_budget_holds_for_recordings_too() {
    let project = quiet_conference("price_per_minute = 0.006\n").await;
    let ran = project.run("build --max-cost 0").await.ended(3);
    let ran = ran.says("3 of 3 talks are not finished: the budget of $0 does not allow it");
    assert_eq!(project.uploads().await.len(), 0, "{}", ran.stderr);
    // What the budget does not allow is not downloaded either.
    let visits = std::fs::read_to_string(project.path("visits")).unwrap();
    assert!(!visits.contains("audio "), "{visits}");

    let ran = project.run("fetch --max-cost 0.07").await.ended(3);
    let ran = ran.says("transcribe 1 recording, 10 min, $0.0600");
    assert_eq!(project.uploads().await.len(), 1, "{}", ran.stderr);
    let ran = project.run("build --max-cost 1").await.ended(0);
    let ran = ran.says("in all     2 recordings, 6 requests,");
    let cost = 2.0 * 0.06 + 6.0 * REQUEST;
    let ran = ran.says(&format!("${cost:.4}"));
    assert_eq!(project.uploads().await.len(), 3, "{}", ran.stderr);
}

#[tokio::test]
async fn a_budget_without_a_price_of_minutes_is_refused() {
    let project = quiet_conference("").await;
    for command in ["fetch", "build"] {
        let ran = project
            .run(&format!("{command} --max-cost 1"))
            .await
            .ended(2);
        ran.says("the catalog names no `price_per_minute` under [transcribe]");
    }
    // Without a model that writes, the one that listens is held to the budget all the same.
    let tables = format!("{}price_per_minute = 0.006\n", project.transcribe_table());
    project.catalog(&talks(&IDS), &tables);
    let ran = project.run("build --max-cost 0.01").await.ended(3);
    ran.says("the budget of $0.01 does not allow it");
    assert_eq!(project.uploads().await.len(), 0);
}

#[tokio::test]
async fn a_dry_run_says_that_a_budget_ends_the_run_early() {
    let project = conference().await;
    project.run("fetch").await.ended(0);
    let dry = project.run("build --dry-run --max-cost 0").await.ended(0);
    let early = "The run stops before it costs more than $0.";
    assert!(dry.stdout.contains(early), "{}", dry.stdout);
    // A budget of the sum alone leaves no room for the longest reply to the last request.
    let dry = project.run("build --dry-run").await.ended(0);
    let sum = dry.stdout.lines().find(|line| line.starts_with("in all"));
    let sum = sum.unwrap().rsplit('$').next().unwrap();
    let dry = format!("build --dry-run --max-cost {sum}");
    let dry = project.run(&dry).await.ended(0).stdout;
    let enough = dry.split("`--max-cost ").nth(1).unwrap();
    let enough = enough.split('`').next().unwrap();
    let dry = format!("build --dry-run --max-cost {enough}");
    let dry = project.run(&dry).await.ended(0);
    assert!(!dry.stdout.contains("The run may stop"), "{}", dry.stdout);
    // Defect: `fetch`, which pays no model that writes, counted the summaries in.
    for command in [
        "build --dry-run --max-cost 5",
        "fetch --dry-run --max-cost 0",
    ] {
        let dry = project.run(command).await.ended(0);
        assert!(!dry.stdout.contains("The run stops"), "{}", dry.stdout);
    }
}
