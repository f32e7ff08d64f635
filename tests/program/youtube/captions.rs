//! Failures of the captions alone: none of them costs the metadata, or a second visit.

use super::{AT_ONCE, Conference, named, report};
use crate::project::talks;

#[tokio::test]
async fn captions_that_are_not_to_be_had_are_not_asked_for_again() {
    let table = [
        ("captions-disabled", "no-captions", 0, "has no captions"),
        (
            "captions-po-token",
            "captions-need-token",
            0,
            "only for a PO token",
        ),
        ("captions-empty", "captions-empty", 1, "is empty"),
        (
            "captions-no-text",
            "captions-no-text",
            1,
            "contain no words",
        ),
    ];
    let Some(conference) = Conference::failing(table.map(|(mode, ..)| mode)).await else {
        return;
    };
    let ran = conference.run("fetch").await.ended(3);
    for (mode, reason, requests, cause) in table {
        let id = named(mode);
        let kept = ["metadata".to_owned(), format!("no transcript: {reason}")];
        assert_eq!(conference.kept(&id), kept);
        assert_eq!(conference.visits(&id), 1, "{mode}");
        assert_eq!(conference.caption_requests(&id), requests, "{mode}");
        assert!(report(&ran, &id).contains(cause), "{mode}:\n{}", ran.stderr);
    }
    let ran = ran.says("captions folder").says("--redo transcript");

    let before = conference.youtube.requests().len();
    conference.run("fetch").await.ended(3).says("found out on");
    assert_eq!(
        conference.youtube.requests().len(),
        before,
        "{}",
        ran.stderr
    );

    // Until somebody says that it was changed.
    let id = named("captions-disabled");
    conference.youtube.set(&id, "none").await;
    conference
        .run(&format!("fetch --redo transcript --only {id}"))
        .await
        .ended(0);
    assert_eq!(conference.kept(&id), ["metadata", "transcript"]);
}

#[tokio::test]
async fn captions_that_pass_are_asked_for_again_without_a_second_visit() {
    let table = [
        ("captions-429:1", 2),
        ("captions-503:1", 2),
        ("captions-reset:1", 2),
        ("captions-truncated:1", 2),
        ("captions-429:2", 3),
        ("captions-503:3", 4),
        ("captions-slow:1", 1),
    ];
    let Some(conference) = Conference::failing(table.map(|(mode, _)| mode)).await else {
        return;
    };
    conference.run("fetch").await.ended(0);
    for (mode, requests) in table {
        let id = named(mode);
        assert_eq!(conference.kept(&id), ["metadata", "transcript"], "{mode}");
        assert_eq!(conference.visits(&id), 1, "{mode}");
        assert_eq!(conference.caption_requests(&id), requests, "{mode}");
    }
}

#[tokio::test]
async fn captions_that_do_not_pass_cost_their_talk_until_the_next_run() {
    let table = [
        ("captions-429", "too-many-requests", 2, "too many requests"),
        (
            "captions-503",
            "server-error",
            2,
            "answers with a server error",
        ),
        (
            "captions-reset",
            "connection-reset",
            2,
            "closed the connection",
        ),
        ("captions-truncated", "cut-off", 2, "was cut off"),
        (
            "captions-404",
            "captions-refused",
            1,
            "YouTube refused the captions",
        ),
        (
            "captions-cut",
            "captions-not-valid",
            1,
            "damaged or cut off",
        ),
    ];
    let modes = table.map(|(mode, ..)| mode);
    let Some(conference) = Conference::failing(modes).await else {
        return;
    };
    let ids = modes.map(named);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    conference.catalog(&talks(&ids), "", &format!("{AT_ONCE}retries = 1\n"));
    let ran = conference.run("fetch").await.ended(3);
    for (mode, reason, requests, cause) in table {
        let id = named(mode);
        let kept = ["metadata".to_owned(), format!("no transcript: {reason}")];
        assert_eq!(conference.kept(&id), kept);
        assert_eq!(conference.visits(&id), 1, "{mode}");
        assert_eq!(conference.caption_requests(&id), requests, "{mode}");
        assert!(report(&ran, &id).contains(cause), "{mode}:\n{}", ran.stderr);
        conference.youtube.set(&id, "none").await;
    }
    conference.run("fetch").await.ended(0);
    for mode in modes {
        assert_eq!(
            conference.kept(&named(mode)),
            ["metadata", "transcript"],
            "{mode}"
        );
    }
}

#[tokio::test]
async fn captions_that_never_come_cost_no_metadata() {
    let Some(conference) = Conference::failing(["captions-slow:600"]).await else {
        return;
    };
    let id = named("captions-slow:600");
    let mut arguments = conference.youtube.arguments();
    arguments.push("--socket-timeout=3".to_owned());
    conference.catalog_with(&arguments, &talks(&[&id]), "", "retries = 0\n");
    let ran = conference.run("fetch").await.ended(3);
    assert!(report(&ran, &id).contains("connection to YouTube failed"));
    assert_eq!(conference.kept(&id), ["metadata", "no transcript: network"]);
}
