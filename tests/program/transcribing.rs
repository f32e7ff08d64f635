//! Talks without captions are listened to where the catalog says so, and paid for once.

use std::fs;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, SUMMARY, talks, video};

const ID: &str = "quietTalk01";
const KEY: &str = "sk-verysecret";

/// A talk of ten minutes with sound and without captions.
fn quiet() -> Value {
    let mut quiet = video(ID);
    quiet["captions"] = json!([]);
    quiet["audio"] = json!(2000);
    quiet
}

/// A project with a talk of that kind and an endpoint that listens.
async fn quiet_project() -> Project {
    let project = Project::with_talks(&[ID]).await;
    project.put_video(ID, &quiet());
    with_settings(&project, "price_per_minute = 0.006\n");
    project
}

fn with_settings(project: &Project, settings: &str) {
    let tables = format!(
        "{}{}{settings}",
        project.llm_table(),
        project.transcribe_table()
    );
    project.catalog(&talks(&[ID]), &tables);
}

fn words(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "text": text }))
}

/// How often the sound was fetched, and which.
fn downloads(project: &Project) -> Vec<String> {
    let log = fs::read_to_string(project.path("visits")).unwrap_or_default();
    let audio = log.lines().filter(|line| line.starts_with("audio "));
    audio.map(str::to_owned).collect()
}

#[track_caller]
fn leaves_no_sound(project: &Project) {
    let left = fs::read_dir(project.path("temporary")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_talk_without_captions_is_listened_to_once() {
    let project = quiet_project().await;
    project
        .run("build")
        .await
        .ended(0)
        .says("transcribing quietTalk01")
        .says("transcribe 1 recording, 10 min, $0.0600");
    leaves_no_sound(&project);
    assert_eq!(
        project.cached(),
        [
            "quietTalk01/captions.json",
            "quietTalk01/category-*.json",
            "quietTalk01/evidence-*.json",
            "quietTalk01/metadata-*.json",
            "quietTalk01/summary-*.json",
            "quietTalk01/transcript-*.json",
            "quietTalk01/transcription-*.json",
        ]
    );
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
    let status = project.run("status").await.ended(0).stdout;
    let paid = "whisper-1: 1 request, 10 min listened to, $0.0600 at today's price";
    assert!(status.contains(paid), "{status}");
    assert!(
        project
            .read("cache/quietTalk01/captions.json")
            .contains("\"kind\": \"transcribed\"")
    );
    // The smallest of what was spoken, and not the dubbed one that is smaller still.
    assert_eq!(downloads(&project), ["audio quietTalk01 en"]);
    let uploads = project.uploads().await;
    assert!(
        uploads[0].contains("sound of quietTalk01 ~~"),
        "{}",
        uploads[0]
    );
    assert!(
        uploads[0].contains("filename=\"audio.m4a\""),
        "{}",
        uploads[0]
    );
    let asked = project.requests().await[0].to_string();
    assert!(
        asked.contains("Today we look at ears.\\nThey hear"),
        "{asked}"
    );

    let visits = project.visits();
    let page = project.read("page/page.md");
    let ran = project.run("build").await.ended(0);
    assert!(!ran.stderr.contains("transcri"), "{}", ran.stderr);
    assert_eq!(
        (project.uploads().await.len(), project.visits()),
        (1, visits)
    );
    assert_eq!(project.read("page/page.md"), page);
}

#[tokio::test]
async fn a_run_that_was_killed_after_the_reply_pays_nothing_twice() {
    let project = quiet_project().await;
    project.run("fetch").await.ended(0);
    let folder = project.path("cache/quietTalk01");
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if name == "captions.json" || name.starts_with("transcript-") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    project.run("build").await.ended(0);
    assert_eq!(project.uploads().await.len(), 1);
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
}

#[tokio::test]
async fn a_talk_with_captions_is_never_transcribed() {
    let project = quiet_project().await;
    let mut spoken = video(ID);
    spoken["audio"] = json!(2000);
    project.put_video(ID, &spoken);
    project.run("build").await.ended(0);
    assert_eq!(project.uploads().await.len(), 0);

    // Nor one with a file of the organizer's.
    project.put_video(ID, &quiet());
    fs::remove_dir_all(project.path("cache")).unwrap();
    project.put("captions/quietTalk01.txt", "Everything that was said.\n");
    project.run("build").await.ended(0);
    assert_eq!(project.uploads().await.len(), 0);
    assert_eq!(downloads(&project), Vec::<String>::new());
}

#[tokio::test]
async fn without_the_table_or_a_network_nothing_is_listened_to() {
    let project = quiet_project().await;
    project.catalog(&talks(&[ID]), &project.llm_table());
    project
        .run("build")
        .await
        .ended(3)
        .says("quietTalk01  the video has no captions\n");
    with_settings(&project, "");
    project
        .run("build --offline")
        .await
        .ended(3)
        .says("the video has no captions");
    project
        .run("summarize")
        .await
        .ended(3)
        .says("the video has no captions");
    assert_eq!(
        (downloads(&project).len(), project.uploads().await.len()),
        (0, 0)
    );

    // What was found out before the table was there need not be found out again.
    let visits = project.visits();
    project
        .run("build")
        .await
        .ended(0)
        .says("cost unknown (the catalog names no `price_per_minute`)");
    assert_eq!(project.visits(), visits + 1);
}

#[tokio::test]
async fn passing_faults_and_hidden_videos_are_no_reason_to_listen() {
    let project = quiet_project().await;
    let mut busy = video(ID);
    busy["audio"] = json!(2000);
    busy["captions_error"] = json!(429);
    project.put_video(ID, &busy);
    project
        .run("fetch")
        .await
        .ended(3)
        .says("too many requests");
    project.put_video(
        ID,
        &json!({ "title": "x", "error": "private", "audio": 2000 }),
    );
    project
        .run("fetch")
        .await
        .ended(3)
        .says("the video is private");
    assert_eq!(
        (downloads(&project).len(), project.uploads().await.len()),
        (0, 0)
    );
}

#[tokio::test]
async fn names_and_language_of_the_catalog_help_the_model() {
    let project = quiet_project().await;
    let tables = format!(
        "{}{}[glossary]\nterms = [\"Brindlet\"]\nheard = {{ \"Low Hikko\" = \"Lohikko\" }}\n",
        project.llm_table(),
        project.transcribe_table()
    );
    let entry = "[{ id = \"quietTalk01\", speakers = [\"Jördis Özdemir\"], language = \"de-AT\" }]";
    project.catalog(entry, &tables);
    project.run("fetch").await.ended(0);
    let upload = project.uploads().await.remove(0);
    for field in [
        "name=\"model\"\r\n\r\nwhisper-1\r\n",
        "name=\"language\"\r\n\r\nde\r\n",
        "name=\"prompt\"\r\n\r\nJördis Özdemir, Brindlet, Lohikko\r\n",
        "name=\"response_format\"\r\n\r\nverbose_json\r\n",
        "name=\"timestamp_granularities[]\"\r\n\r\nsegment\r\n",
    ] {
        assert!(upload.contains(field), "{field} is not in {upload}");
    }
}

#[tokio::test]
async fn a_reply_without_words_is_set_aside_and_not_paid_for_again() {
    let project = quiet_project().await;
    project.reply(
        "transcription",
        [words(" "), words("[Music]"), words("Now. It speaks.")],
    );
    project
        .run("build")
        .await
        .ended(3)
        .says("the video has no captions, and it was not transcribed: the model's reply was set aside: the transcription has no words")
        .says("--redo failed")
        .says("transcribe 1 recording, 10 min, $0.0600");
    let rejected = "quietTalk01/transcription-*.rejected.json".to_owned();
    assert!(project.cached().contains(&rejected));
    let status = project.run("status").await.ended(0).stdout;
    let set_aside = "and it was not transcribed: the model's reply was set aside in an earlier run: the transcription has no words";
    assert!(
        status.contains("transcript set-aside: the video has no captions"),
        "{status}"
    );
    let status = status.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(status.contains(set_aside), "{status}");
    assert!(
        !status.contains("transcribe "),
        "nothing is promised: {status}"
    );
    project
        .run("build")
        .await
        .ended(3)
        .says("set aside in an earlier run");
    assert_eq!(
        (downloads(&project).len(), project.uploads().await.len()),
        (1, 1)
    );

    project.run("build --redo transcript").await.ended(3);
    project.run("build --redo failed").await.ended(0);
    assert_eq!(project.uploads().await.len(), 3);
    assert!(project.cached().contains(&rejected));
    assert!(
        project
            .cached()
            .contains(&"quietTalk01/transcription-*.3.json".to_owned())
    );
}

#[tokio::test]
async fn redo_asks_for_captions_first() {
    let project = quiet_project().await;
    project.run("fetch").await.ended(0);
    project.run("fetch --redo transcript").await.ended(0);
    assert_eq!(project.uploads().await.len(), 2);
    assert!(
        project
            .cached()
            .contains(&"quietTalk01/transcription-*.2.json".to_owned())
    );

    project.put_video(ID, &video(ID));
    project.run("fetch --redo transcript").await.ended(0);
    assert_eq!(project.uploads().await.len(), 2);
    assert!(
        project
            .read("cache/quietTalk01/captions.json")
            .contains("\"kind\": \"automatic\"")
    );
    // New metadata alone are no reason to pay again.
    project.put_video(ID, &quiet());
    project.run("fetch --redo metadata").await.ended(0);
    assert_eq!(project.uploads().await.len(), 2);
}

#[tokio::test]
async fn what_the_catalog_finds_too_long_or_too_large_is_not_sent() {
    let project = quiet_project().await;
    with_settings(&project, "max_minutes = 9\n");
    project
        .run("fetch")
        .await
        .ended(3)
        .says("the recording has 10 minutes, and `max_minutes` allows 9");
    assert_eq!(downloads(&project).len(), 0);

    let mut long = quiet();
    long["audio"] = json!(1_260_000);
    project.put_video(ID, &long);
    with_settings(&project, "max_megabytes = 1\n");
    project
        .run("fetch")
        .await
        .ended(3)
        .says("the audio has 1.3 MB, and `max_megabytes` allows 1")
        .says("raise `max_megabytes`");
    assert_eq!(project.uploads().await.len(), 0);

    // What the endpoint finds too large is said with what to do.
    with_settings(&project, "");
    project.reply("transcription", [ResponseTemplate::new(413)]);
    project
        .run("fetch")
        .await
        .ended(3)
        .says("status 413")
        .says("lower `max_megabytes` to what the endpoint takes");
    leaves_no_sound(&project);
    project.run("fetch").await.ended(0);
}

#[tokio::test]
async fn sound_that_cannot_be_had_costs_its_talk_alone() {
    let project = quiet_project().await;
    let mut refused = quiet();
    refused["audio_error"] = json!(403);
    project.put_video(ID, &refused);
    project
        .run("build")
        .await
        .ended(3)
        .says("not transcribed: the audio could not be fetched: yt-dlp failed (unable to download video data: HTTP Error 403");
    assert_eq!(project.uploads().await.len(), 0);
    leaves_no_sound(&project);
    project.put_video(ID, &quiet());
    project.run("build").await.ended(0);
}

#[tokio::test]
async fn a_model_without_times_serves_whole_recordings_and_no_parts() {
    let project = quiet_project().await;
    let refusal = || {
        let message = "response_format 'verbose_json' is not compatible with model 'x'";
        ResponseTemplate::new(400).set_body_json(json!({ "error": { "message": message } }))
    };
    let tables = format!("{}{}", project.llm_table(), project.transcribe_table());
    let part = "[{ id = \"quietTalk01\", start = \"0:03\", end = \"5:00\" }]";
    project.catalog(part, &tables);
    project.reply("transcription", [refusal()]);
    project
        .run("build")
        .await
        .ended(3)
        .says("a talk is a part of the recording, and the model gives no times");
    assert_eq!(project.uploads().await.len(), 1);

    project.catalog(&talks(&[ID]), &tables);
    project.reply(
        "transcription",
        [refusal(), words("First this. Then that.")],
    );
    project.run("build").await.ended(0);
    assert_eq!(project.uploads().await.len(), 3);

    // The catalog may name a part of it later.
    project.catalog(part, &tables);
    project
        .run("build")
        .await
        .ended(3)
        .says("the transcription has no times, so the talk cannot be told from the rest");
    assert_eq!(project.uploads().await.len(), 3);
}

#[tokio::test]
async fn the_parts_of_a_recording_share_one_transcription() {
    let project = quiet_project().await;
    let tables = format!("{}{}", project.llm_table(), project.transcribe_table());
    let parts = "[{ id = \"quietTalk01\", end = \"5:00\", title = \"One\" }, { id = \"quietTalk01\", start = \"5:00\", title = \"Two\" }]";
    project.catalog(parts, &tables);
    project.run("build").await.ended(0);
    assert_eq!(
        (downloads(&project).len(), project.uploads().await.len()),
        (1, 1)
    );
    let asked = project.requests().await;
    let about = |words: &str| {
        let about = asked.iter().filter(|body| body.to_string().contains(words));
        about.count()
    };
    assert_eq!((about("look at ears"), about("now to questions")), (1, 1));
}

#[tokio::test]
async fn every_part_says_why_its_recording_was_not_transcribed() {
    let project = quiet_project().await;
    let parts =
        "[{ id = \"quietTalk01\", end = \"2:00\" }, { id = \"quietTalk01\", start = \"2:00\" }]";
    let tables = format!("{}max_minutes = 9\n", project.transcribe_table());
    project.catalog(parts, &tables);
    let ran = project.run("fetch").await.ended(3);
    let why = "the recording has 10 minutes, and `max_minutes` allows 9\n";
    for told in [
        format!("quietTalk01@0:00  the video has no captions, and it was not transcribed: {why}"),
        "quietTalk01@2:00  the video has no captions (not transcribed: the recording".to_owned(),
    ] {
        assert!(ran.stderr.contains(&told), "{}", ran.stderr);
    }
    assert_eq!(project.visits(), 1);
}

#[tokio::test]
async fn talks_that_the_organizer_has_summarized_are_not_paid_for() {
    let project = quiet_project().await;
    let tables = format!("{}{}", project.llm_table(), project.transcribe_table());
    project.catalog(
        "[{ id = \"quietTalk01\", summary = \"In our words. And these.\" }]",
        &tables,
    );
    project.run("build").await.ended(0);
    assert_eq!(project.uploads().await.len(), 0);
}

#[tokio::test]
async fn the_key_is_asked_for_before_anything_is_fetched_and_shown_nowhere() {
    let project = quiet_project().await;
    with_settings(&project, "api_key_env = \"TEST_KEY\"\n");
    project
        .run("build")
        .await
        .ended(1)
        .says("`TEST_KEY` is not set");
    assert_eq!(downloads(&project).len(), 0);

    let refused = format!("no such key: {KEY}");
    let refused = ResponseTemplate::new(401).set_body_string(refused);
    project.reply("transcription", [refused]);
    let with_key = async || {
        let mut command = project.command("-v build");
        command.env("TEST_KEY", KEY);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        project.ran(&output.await.unwrap())
    };
    let ran = with_key().await.ended(1).says("rejected the API key");
    assert!(!ran.stderr.contains(KEY), "{}", ran.stderr);
    let ran = with_key().await.ended(0);
    assert!(!ran.stderr.contains(KEY), "{}", ran.stderr);
    for entry in fs::read_dir(project.path("cache/quietTalk01"))
        .unwrap()
        .flatten()
    {
        let file = fs::read_to_string(entry.path()).unwrap();
        assert!(!file.contains(KEY) && !file.contains("127.0.0.1"), "{file}");
    }
}

#[tokio::test]
async fn passing_faults_of_the_endpoint_are_tried_again() {
    let project = quiet_project().await;
    let busy = |status| ResponseTemplate::new(status).insert_header("retry-after", "0");
    project.reply("transcription", [busy(429), busy(503)]);
    project.run("fetch").await.ended(0);
    assert_eq!(
        (downloads(&project).len(), project.uploads().await.len()),
        (1, 3)
    );
}
