//! What is wrong with the way to `YouTube`, or with yt-dlp; and streaks that stop the visits.

use std::net::TcpListener;

use super::{AT_ONCE, Conference, IN_ORDER, report, video};
use crate::project::talks;

const IDS: [&str; 6] = [
    "oneOfManys1",
    "oneOfManys2",
    "oneOfManys3",
    "oneOfManys4",
    "oneOfManys5",
    "oneOfManys6",
];

/// A conference of six talks.
async fn of_six() -> Option<Conference> {
    Conference::of(&IDS.map(video)).await
}

/// How many of the six talks have a failure in the cache, and its reason, which is one.
fn failures(conference: &Conference) -> (usize, String) {
    let kept: Vec<Vec<String>> = IDS.iter().map(|id| conference.kept(id)).collect();
    let failed: Vec<&Vec<String>> = kept.iter().filter(|kept| !kept.is_empty()).collect();
    assert!(failed.iter().all(|kept| *kept == failed[0]), "{failed:?}");
    (failed.len(), failed[0].join(", "))
}

#[tokio::test]
async fn a_way_that_leads_nowhere_is_tried_three_times_and_named() {
    let Some(conference) = of_six().await else {
        return;
    };
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed_port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let closed = format!("http://127.0.0.1:{closed_port}");
    let proxy = conference.youtube.arguments()[1].clone();
    for (arguments, reason, cause) in [
        (
            ["--proxy", &*closed].as_slice(),
            "proxy-refused",
            "nothing listens",
        ),
        // A name that never resolves stands for a machine without a network.
        (
            &["--proxy", "http://proxy.invalid:80"],
            "no-network",
            "no network",
        ),
        (&["--proxy", &proxy], "certificate", "is not trusted"),
    ] {
        let arguments: Vec<String> = arguments.iter().map(|part| (*part).to_owned()).collect();
        conference.catalog_with(&arguments, &talks(&IDS), "", IN_ORDER);
        let ran = conference.run("fetch").await.ended(3);
        let ran = ran.says("fetching stops:").says(cause);
        assert_eq!(
            failures(&conference),
            (3, format!("no metadata: {reason}")),
            "{}",
            ran.stderr
        );
    }
    assert_eq!(
        conference
            .youtube
            .requests()
            .iter()
            .filter(|request| request.kind == "watch")
            .count(),
        0
    );
}

#[tokio::test]
async fn a_streak_of_blocks_stops_the_visits_and_the_rest_of_the_line_goes_on() {
    for (mode, visits, says) in [
        ("bot-check", 1, "wait a few hours"),
        ("rate-limited", 1, "wait an hour"),
        ("http-429", 1 + 2, "wait an hour"),
    ] {
        let Some(conference) = of_six().await else {
            return;
        };
        conference.catalog(&talks(&IDS), &conference.project.llm_table(), "");
        conference
            .run(&format!("fetch --only {}", IDS[0]))
            .await
            .ended(0);
        for id in &IDS[1..] {
            conference.youtube.set(id, mode).await;
        }
        let fetch = format!("{IN_ORDER}retries = 2\n");
        conference.catalog(&talks(&IDS), &conference.project.llm_table(), &fetch);
        let ran = conference
            .run("build")
            .await
            .ended(3)
            .says("fetching stops:")
            .says(says);
        let visited = IDS[1..].iter().filter(|id| conference.visits(id) > 0);
        assert_eq!(visited.count(), 3, "{mode}:\n{}", ran.stderr);
        for id in &IDS[1..=3] {
            assert_eq!(conference.visits(id), visits, "{mode}");
        }
        assert_eq!(conference.project.requests().await.len(), 1, "{mode}");
        let page = conference.project.read("page/page.md");
        assert!(IDS.iter().all(|id| page.contains(id)), "{page}");
    }
}

#[tokio::test]
async fn a_streak_of_passing_faults_stops_the_visits_too() {
    let Some(conference) = of_six().await else {
        return;
    };
    for id in IDS {
        conference.youtube.set(id, "http-503").await;
    }
    let fetch = format!("{IN_ORDER}retries = 1\n");
    conference.catalog(&talks(&IDS), "", &fetch);
    let ran = conference.run("fetch").await.ended(3);
    let ran = ran.says("fetching stops: YouTube answers with a server error");
    assert_eq!(
        failures(&conference),
        (5, "no metadata: server-error".to_owned()),
        "{}",
        ran.stderr
    );
    // Talks take turns, so the last one had its first try.
    assert!(conference.visits(IDS[5]) <= 1);
}

#[tokio::test]
async fn an_option_that_yt_dlp_does_not_know_is_named_with_its_advice() {
    let Some(conference) = of_six().await else {
        return;
    };
    let mut arguments = conference.youtube.arguments();
    arguments.push("--bogus".to_owned());
    conference.catalog_with(&arguments, &talks(&IDS), "", IN_ORDER);
    let ran = conference.run("fetch").await.ended(3);
    let ran = ran.says("fetching stops: yt-dlp does not know one of its options");
    assert!(report(&ran, IDS[0]).contains("no such option: --bogus"));
    assert_eq!(ran.stderr.matches("next: check `yt_dlp_args`").count(), 1);
    assert_eq!(conference.kept(IDS[0]), ["no metadata: yt-dlp-option"]);
    assert!(conference.youtube.requests().is_empty());
}

#[tokio::test]
async fn a_socket_that_times_out_is_a_fault_of_the_network() {
    let Some(conference) = of_six().await else {
        return;
    };
    let id = IDS[0];
    conference.youtube.set(id, "slow:2").await;
    let mut arguments = conference.youtube.arguments();
    arguments.push("--socket-timeout=0.5".to_owned());
    let fetch = format!("{AT_ONCE}retries = 1\n");
    conference.catalog_with(&arguments, &talks(&[id]), "", &fetch);
    conference
        .run("fetch")
        .await
        .ended(3)
        .says("connection to YouTube failed");
    assert_eq!(conference.kept(id), ["no metadata: network"]);
}
