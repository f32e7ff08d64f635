//! Failures of a video's page, and failures of the captions that are none of theirs.

use super::{AT_ONCE, Conference, named, report, video};
use crate::project::talks;

/// What is so until somebody changes the video: the mode, which is also the word that the cache
/// remembers it by, what is said, and what to do next.
const LASTING: [(&str, &str, &str); 8] = [
    ("private", "the video is private", "correct the id"),
    ("removed", "was removed by its uploader", "correct the id"),
    (
        "terminated",
        "account that uploaded the video was terminated",
        "correct the id",
    ),
    (
        "copyright",
        "taken down by a copyright claim",
        "correct the id",
    ),
    ("unavailable", "there is no such video", "correct the id"),
    (
        "members-only",
        "only members of the channel can see the video",
        "pass cookies",
    ),
    ("age-gated", "the video is age-gated", "pass cookies"),
    (
        "geo-blocked",
        "blocked in this country",
        "in another country",
    ),
];

#[tokio::test]
async fn what_is_so_for_good_costs_one_visit_and_is_not_asked_again() {
    let modes = LASTING.map(|(mode, ..)| mode);
    let Some(conference) = Conference::failing(modes).await else {
        return;
    };
    let ran = conference.run("fetch").await.ended(3);
    for (mode, cause, next_step) in LASTING {
        let id = named(mode);
        assert_eq!(conference.kept(&id), [format!("no metadata: {mode}")]);
        assert_eq!(conference.visits(&id), 1, "{mode}");
        assert_eq!(conference.caption_requests(&id), 0, "{mode}");
        assert!(report(&ran, &id).contains(cause), "{mode}:\n{}", ran.stderr);
        assert!(ran.stderr.contains(next_step), "{mode}:\n{}", ran.stderr);
    }

    let before = conference.youtube.requests().len();
    let again = conference.run("fetch").await.ended(3);
    assert_eq!(conference.youtube.requests().len(), before);
    for (mode, cause, _) in LASTING {
        let again = report(&again, &named(mode));
        assert!(
            again.contains(cause) && again.contains("found out on"),
            "{again}"
        );
    }

    // Until somebody says that it was changed.
    let id = named("private");
    conference.youtube.set(&id, "none").await;
    let redo = format!("fetch --redo metadata --only={id}");
    conference.run(&redo).await.ended(0);
    assert_eq!(conference.kept(&id), ["metadata", "transcript"]);
}

#[tokio::test]
async fn a_video_that_does_not_exist_is_unavailable() {
    let Some(conference) = Conference::of(&[video("rustyCache1")]).await else {
        return;
    };
    conference.catalog(&talks(&["rustyCache1", "neverWasOne"]), "", AT_ONCE);
    conference
        .run("fetch")
        .await
        .ended(3)
        .says("neverWasOne  there is no such video");
    assert_eq!(conference.kept("neverWasOne"), ["no metadata: unavailable"]);
    assert_eq!(conference.kept("rustyCache1"), ["metadata", "transcript"]);
}

#[tokio::test]
async fn what_was_found_out_long_ago_is_asked_again() {
    let Some(conference) = Conference::failing(["private"]).await else {
        return;
    };
    let id = named("private");
    conference.run("fetch").await.ended(3);
    let recheck = |age: &str| {
        let fetch = format!("{AT_ONCE}recheck_after = \"{age}\"\n");
        conference.catalog(&talks(&[&id]), "", &fetch);
    };
    recheck("30d");
    conference.run("fetch").await.ended(3);
    assert_eq!(conference.visits(&id), 1);
    recheck("1ms");
    conference.run("fetch").await.ended(3);
    assert_eq!(conference.visits(&id), 2);
}

#[tokio::test]
async fn what_passes_is_visited_again() {
    // The page and what yt-dlp asks in its stead fail; then all is well.
    let modes = ["http-503:2", "reset:2", "truncated:2", "http-429:3"];
    let Some(conference) = Conference::failing(modes).await else {
        return;
    };
    conference.run("fetch").await.ended(0);
    for mode in modes {
        let id = named(mode);
        assert_eq!(conference.kept(&id), ["metadata", "transcript"], "{mode}");
        assert_eq!(conference.visits(&id), 2, "{mode}");
        assert_eq!(conference.caption_requests(&id), 1, "{mode}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_visited_so_often_and_asked_again_by_the_next_run() {
    let table = [
        ("http-503", "server-error", "answers with a server error"),
        ("reset", "connection-reset", "closed the connection"),
        ("truncated", "cut-off", "was cut off"),
        ("http-429", "too-many-requests", "too many requests"),
    ];
    let modes = table.map(|(mode, ..)| mode);
    let Some(conference) = Conference::failing(modes).await else {
        return;
    };
    let ids = modes.map(named);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    conference.catalog(&talks(&ids), "", &format!("{AT_ONCE}retries = 1\n"));
    let ran = conference.run("fetch").await.ended(3);
    for (mode, reason, cause) in table {
        let id = named(mode);
        assert_eq!(conference.kept(&id), [format!("no metadata: {reason}")]);
        assert_eq!(conference.visits(&id), 1 + 1, "{mode}");
        assert!(report(&ran, &id).contains(cause), "{mode}:\n{}", ran.stderr);
    }
    // Three tries more are what a catalog that says nothing gets.
    conference.catalog(&talks(&ids[..1]), "", AT_ONCE);
    conference.run("fetch").await.ended(3);
    assert_eq!(conference.visits(ids[0]), 2 + 1 + 3);

    conference.catalog(&talks(&ids), "", "concurrency = 4\nretries = 0\n");
    for id in &ids {
        conference.youtube.set(id, "none").await;
    }
    conference.run("fetch").await.ended(0);
    for id in &ids {
        assert_eq!(conference.kept(id), ["metadata", "transcript"]);
    }
}

#[tokio::test]
async fn a_page_that_failed_costs_no_part_of_the_metadata() {
    // yt-dlp makes do with less when a part of a visit fails, and says so in a warning alone.
    let modes = [
        "http-503:1",
        "reset:1",
        "truncated:1",
        "http-429:1",
        "http-429:2",
        "slow:1",
    ];
    let Some(conference) = Conference::failing(modes).await else {
        return;
    };
    conference.run("fetch").await.ended(0);
    for mode in modes {
        let id = named(mode);
        let metadata = conference.metadata(&id);
        assert_eq!(metadata["date"], "2026-06-12", "{mode}");
        assert_eq!(metadata["channel"], "Test Conf", "{mode}");
        assert_eq!(metadata["chapters"].as_array().unwrap().len(), 2, "{mode}");
        assert_eq!(conference.kept(&id), ["metadata", "transcript"], "{mode}");
        assert!(conference.visits(&id) <= 2, "{mode}");
    }
}

#[tokio::test]
async fn blocks_are_not_provoked_any_further() {
    let table = [
        (
            "bot-check",
            "confirm that you are not a bot",
            "--cookies-from-browser",
        ),
        (
            "rate-limited",
            "has rate-limited this address",
            "wait an hour",
        ),
    ];
    let modes = table.map(|(mode, ..)| mode);
    let Some(conference) = Conference::failing(modes).await else {
        return;
    };
    let ran = conference.run("fetch").await.ended(3);
    for (mode, cause, next_step) in table {
        let id = named(mode);
        assert_eq!(conference.kept(&id), [format!("no metadata: {mode}")]);
        assert_eq!(conference.visits(&id), 1, "{mode}");
        assert!(report(&ran, &id).contains(cause), "{mode}:\n{}", ran.stderr);
        assert!(ran.stderr.contains(next_step), "{mode}:\n{}", ran.stderr);
        conference.youtube.set(&id, "none").await;
    }
    conference.run("fetch").await.ended(0);
}

#[tokio::test]
async fn a_recording_that_has_not_begun_is_asked_for_again() {
    let Some(conference) = Conference::failing(["upcoming"]).await else {
        return;
    };
    let id = named("upcoming");
    let ran = conference.run("fetch").await.ended(3);
    ran.says("has not started yet")
        .says("run again when the recording is online");
    assert_eq!(conference.kept(&id), ["no metadata: upcoming"]);
    assert_eq!(conference.visits(&id), 1);
    conference.youtube.set(&id, "none").await;
    conference.run("fetch").await.ended(0);
    assert_eq!(conference.kept(&id), ["metadata", "transcript"]);
}
