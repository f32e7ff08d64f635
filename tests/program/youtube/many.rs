//! A whole conference of 45 talks, on a bad day.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::fake_youtube::FakeYouTube;
use crate::project::{Project, talks};
use crate::shared::shared;
use crate::yt_dlp::yt_dlp;

/// One talk in five meets one of these; the first visit does not always feel it, since yt-dlp makes
/// do with less.
const PASSING: [&str; 9] = [
    "http-503:2",
    "reset:2",
    "truncated:2",
    "http-429:3",
    "captions-429:1",
    "captions-503:2",
    "captions-reset:1",
    "captions-truncated:1",
    "slow:1",
];

const PERMANENT: [(&str, &str); 5] = [
    ("private", "the video is private"),
    ("removed", "the video was removed by its uploader"),
    (
        "members-only",
        "only members of the channel can see the video",
    ),
    ("captions-disabled", "the video has no captions"),
    ("captions-empty", "the caption file is empty"),
];

/// The ids of the talks in the shared folder, and that folder.
fn listed() -> Option<(Vec<String>, PathBuf)> {
    let data = shared("data/talks")?;
    let playlist = fs::read(data.join("playlists/PLbitcointalks.json")).unwrap();
    let playlist: Value = serde_json::from_slice(&playlist).unwrap();
    let ids = playlist["videos"].as_array().unwrap().iter();
    Some((
        ids.map(|id| id.as_str().unwrap().to_owned()).collect(),
        data,
    ))
}

#[tokio::test]
async fn whatever_passes_costs_no_talk_and_what_lasts_costs_its_own() {
    let Some((ids, data)) = listed() else {
        return;
    };
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(ids.len(), 45);
    let passing = ids.iter().step_by(5).copied().zip(PASSING);
    let failing: Vec<(&str, &str)> = passing.collect();
    let lasting: Vec<&str> = ids.iter().skip(2).step_by(9).copied().collect();
    let Some(youtube) = FakeYouTube::over(&data, &failing) else {
        return;
    };
    let project = Project::with_catalog("").await;
    let table = Project::fetch_table(&yt_dlp(), &youtube.arguments());
    let talks = talks(&ids);
    project.put(
        "catalog.toml",
        &format!("title = \"T\"\ntalks = {talks}\n{table}concurrency = 8\nretry_wait = \"1ms\"\n"),
    );
    for (id, (mode, _)) in lasting.iter().zip(PERMANENT) {
        youtube.set(id, mode).await;
    }
    let transcripts = |project: &Project| {
        let cached = project.cached();
        let is_transcript = |name: &&String| name.contains("/transcript-");
        cached.iter().filter(is_transcript).count()
    };
    let ran = project
        .run("fetch")
        .await
        .ended(3)
        .says("5 of 45 talks lack");
    assert_eq!(transcripts(&project), 40);
    for (id, (_, cause)) in lasting.iter().zip(PERMANENT) {
        let explained = format!("  {id}  {cause}");
        assert!(ran.stderr.contains(&explained), "{}", ran.stderr);
        youtube.set(id, "none").await;
    }
    let redo: Vec<String> = lasting.iter().map(|id| format!("--only={id}")).collect();
    project
        .run(&format!("fetch --redo metadata {}", redo.join(" ")))
        .await
        .ended(0);
    assert_eq!(transcripts(&project), 45);
    youtube.assert_modest();
    let requests = youtube.requests().len();
    project.run("fetch").await.ended(0);
    assert_eq!(youtube.requests().len(), requests);
}
