//! A run that is stopped, killed or hangs leaves no yt-dlp behind.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{AT_ONCE, Conference, report, video};
use crate::project::talks;

const IDS: [&str; 2] = ["hangingVid1", "hangingVid2"];

/// A conference whose pages answer after so many seconds.
async fn slow(seconds: u32, limit: &str) -> Option<Conference> {
    let conference = Conference::of(&IDS.map(video)).await?;
    for id in IDS {
        conference.youtube.set(id, &format!("slow:{seconds}")).await;
    }
    let fetch = format!("{AT_ONCE}timeout = \"{limit}\"\n");
    conference.catalog(&talks(&IDS), "", &fetch);
    Some(conference)
}

/// Starts to fetch, with a temporary folder by which its processes are known.
fn start(conference: &Conference) -> Child {
    let folder = conference.project.path("tmp");
    fs::create_dir_all(&folder).unwrap();
    let mut command = conference.project.command("fetch");
    command.env("TMPDIR", &folder).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// How many processes were told to work in the project's temporary folder: a supervisor and a yt-dlp
/// a visit.
fn processes(conference: &Conference) -> usize {
    let folder = conference.project.path("tmp");
    let folder = folder.to_str().unwrap();
    command_lines()
        .iter()
        .filter(|line| line.contains(folder))
        .count()
}

/// How every process was started.
fn command_lines() -> Vec<String> {
    let Ok(processes) = fs::read_dir("/proc") else {
        let ps = Command::new("ps").args(["-Aww", "-o", "args="]).output();
        let printed = String::from_utf8_lossy(&ps.unwrap().stdout).into_owned();
        return printed.lines().map(str::to_owned).collect();
    };
    let started = |process: &Path| fs::read(process.join("cmdline")).ok();
    processes
        .flatten()
        .filter_map(|process| started(&process.path()))
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .collect()
}

#[track_caller]
fn wait_until(what: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !what() {
        assert!(Instant::now() < deadline, "waited in vain");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Fails if a process of the run is left. One that was just killed gets a moment.
#[track_caller]
fn assert_none_left(conference: &Conference) {
    wait_until(|| processes(conference) == 0);
    let folder = conference.project.path("tmp");
    wait_until(|| fs::read_dir(&folder).unwrap().next().is_none());
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.unwrap().success());
}

#[tokio::test]
async fn a_visit_that_hangs_is_ended() {
    let Some(conference) = slow(600, "3s").await else {
        return;
    };
    let child = start(&conference);
    wait_until(|| processes(&conference) >= 4);
    let ran = conference.project.ran(&child.wait_with_output().unwrap());
    let ran = ran.ended(3);
    assert_none_left(&conference);
    for id in IDS {
        assert_eq!(conference.kept(id), ["no metadata: timed-out"]);
        assert!(report(&ran, id).contains("took longer than its limit"));
    }
    // What hung once is not waited for again.
    assert!(!ran.stderr.contains("waiting"), "{}", ran.stderr);
}

#[tokio::test]
async fn ctrl_c_lets_visits_end_and_keeps_what_they_bring() {
    let Some(conference) = slow(1, "60s").await else {
        return;
    };
    let mut child = start(&conference);
    wait_until(|| processes(&conference) >= 4);
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_none_left(&conference);
    for id in IDS {
        assert_eq!(conference.kept(id), ["metadata", "transcript"]);
    }
}

#[tokio::test]
async fn ctrl_c_ends_the_wait_for_another_try() {
    for mode in ["http-429", "http-503"] {
        let Some(conference) = Conference::of(&IDS.map(video)).await else {
            return;
        };
        for id in IDS {
            conference.youtube.set(id, mode).await;
        }
        conference.catalog(&talks(&IDS), "", "retry_wait = \"10m\"\n");
        let mut child = start(&conference);
        let said = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = said.map(Result::unwrap);
        assert!(said.any(|line| line.starts_with("waiting ")));
        interrupt(&child);
        said.for_each(drop);
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert_none_left(&conference);
        // Nothing is known of a talk whose tries were not over.
        for id in IDS {
            assert!(conference.kept(id).is_empty(), "{mode}");
        }
    }
}

#[tokio::test]
async fn a_second_ctrl_c_ends_the_visits() {
    let Some(conference) = slow(600, "60s").await else {
        return;
    };
    let mut child = start(&conference);
    wait_until(|| processes(&conference) >= 4);
    let status = loop {
        interrupt(&child);
        thread::sleep(Duration::from_millis(50));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
    };
    assert_eq!(status.code(), Some(130));
    assert_none_left(&conference);
}

#[tokio::test]
async fn a_run_that_is_killed_takes_its_visits_with_it() {
    let Some(conference) = slow(600, "60s").await else {
        return;
    };
    let mut child = start(&conference);
    wait_until(|| processes(&conference) >= 4);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_none_left(&conference);
}
