//! A run that is stopped, killed or hangs: nothing is lost, nothing is paid for twice, and neither
//! a yt-dlp nor what it fetched is left behind.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::fake_yt_dlp::{Fake, assert_none_left, fake, pids};
use crate::project::{Project, said, talks, video};

const IDS: [&str; 6] = [
    "stoppedTlk1",
    "stoppedTlk2",
    "stoppedTlk3",
    "stoppedTlk4",
    "stoppedTlk5",
    "stoppedTlk6",
];

/// A project whose talks are fetched and whose endpoint answers slowly, two requests at a time.
async fn slow_project() -> Project {
    let project = Project::with_talks(&IDS).await;
    let tables = format!("{}concurrency = 2\n", project.llm_table());
    project.catalog(&talks(&IDS), &tables);
    project.run("fetch").await.ended(0);
    project.delay(Duration::from_millis(150));
    project
}

fn start(project: &Project) -> Child {
    project
        .command("build")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

async fn wait_for(what: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !what().await {
        assert!(Instant::now() < deadline, "waited in vain");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn signal(child: &Child, name: &str) {
    assert!(
        Command::new("kill")
            .args([name, &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
}

fn replies(project: &Project) -> usize {
    project
        .cached()
        .iter()
        .filter(|name| name.contains("/summary-") || name.contains("/category-"))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_a_build_goes_on_where_it_was() {
    let project = slow_project().await;
    let mut child = start(&project);
    wait_for(async || replies(&project) >= 3).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let under_way = 2;
    project.run("build").await.ended(0);
    let requests = project.requests().await.len();
    assert!(
        (12..=12 + under_way).contains(&requests),
        "{requests} requests for 12 replies"
    );
    assert_eq!(replies(&project), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_finishes_what_is_under_way_and_keeps_it() {
    let project = slow_project().await;
    let child = start(&project);
    wait_for(async || !project.requests().await.is_empty()).await;
    signal(&child, "-INT");
    let ran = project.ran(
        &tokio::task::spawn_blocking(|| child.wait_with_output().unwrap())
            .await
            .unwrap(),
    );
    let ran = ran
        .ended(130)
        .says("stopping: open requests are finished and kept");
    let goes_on = "talks are not finished; run the same command again to go on";
    assert!(ran.stderr.contains(goes_on), "{}", ran.stderr);
    assert_eq!(project.requests().await.len(), replies(&project));
    assert!(replies(&project) < 12);
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_keeps_what_other_commands_have_paid_for() {
    let filed = slow_project().await;
    filed.run("build").await.ended(0);
    let summarized = Project::with_catalog("").await;
    let talk = |number| {
        format!("  {{ id = \"stoppedTlk{number}\", title = \"T\", summary = \"It is told.\" }},\n")
    };
    let talks: String = (0..10).map(talk).collect();
    let llm = summarized.llm_table();
    summarized.put(
        "catalog.toml",
        &format!("title = \"T\"\ntalks = [\n{talks}]\n{llm}"),
    );
    // Two are under way at once; a bad list is asked for once more.
    for (project, arguments, under_way, all) in [
        (filed, "check --again", 2, 6),
        (summarized, "categories suggest", 1, 2),
    ] {
        project.delay(Duration::from_millis(400));
        let before = project.requests().await.len();
        let asked = async || project.requests().await.len() - before;
        let mut command = project.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        wait_for(async || asked().await > 0).await;
        signal(&child, "-INT");
        let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
        let ran = project.ran(&output.await.unwrap()).ended(130);
        ran.says("stopping: open requests are finished and kept");
        assert!(asked().await <= under_way, "{arguments}");
        // What is left is asked, and nothing twice.
        project.run(arguments).await;
        assert_eq!(asked().await, all, "{arguments}");
    }
}

/// The lock of a run that is killed dies with it, and a page is made of what there is meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_the_locks_and_is_killed_lets_the_others_go_on() {
    let project = slow_project().await;
    project.delay(Duration::from_secs(20));
    let mut first = start(&project);
    wait_for(async || project.requests().await.len() >= 2).await;
    project.run("render").await.ended(3);
    project.delay(Duration::ZERO);
    let mut second = start(&project);
    let said = BufReader::new(second.stderr.take().unwrap()).lines();
    let mut said = said.map(Result::unwrap);
    assert!(said.any(|line| line.contains("another run works on")));
    first.kill().unwrap();
    first.wait().unwrap();
    drop(said);
    assert_eq!(second.wait().unwrap().code(), Some(0));
    assert_eq!(project.requests().await.len(), 2 + 12);
    assert_eq!(replies(&project), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_builds_at_once_pay_once() {
    let project = slow_project().await;
    let (one, other) = (start(&project), start(&project));
    let wait = |child: Child| tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
    let (one, other) = (wait(one).await.unwrap(), wait(other).await.unwrap());
    let (one, other) = (project.ran(&one).ended(0), project.ran(&other).ended(0));
    let said = format!("{}{}", one.stderr, other.stderr);
    assert!(said.contains("another run works on"), "{said}");
    assert_eq!(project.requests().await.len(), 12);
    assert_eq!(replies(&project), 12);
}

#[tokio::test]
async fn two_fetches_at_once_visit_once() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8"]).await;
    let (one, other) = tokio::join!(project.run("fetch"), project.run("fetch"));
    one.ended(0);
    other.ended(0);
    assert_eq!(project.visits(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_builds_at_once_set_the_same_bad_replies_aside() {
    let project = slow_project().await;
    project.reply("summary", (0..24).map(|_| said("no JSON at all")));
    let (one, other) = (start(&project), start(&project));
    let wait = |child: Child| tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
    let (one, other) = (wait(one).await.unwrap(), wait(other).await.unwrap());
    for output in [one, other] {
        let ran = project.ran(&output).ended(3);
        assert!(!ran.stderr.contains("cannot read"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("cannot rename"), "{}", ran.stderr);
    }
    for talk in fs::read_dir(project.path("cache")).unwrap().flatten() {
        for file in fs::read_dir(talk.path()).unwrap().flatten() {
            // A summary that counts is an excerpt here.
            let name = file.file_name().into_string().unwrap();
            if name.starts_with("summary-") && !name.contains("rejected") {
                let content = fs::read_to_string(file.path()).unwrap();
                assert!(!content.contains("no JSON at all"), "{name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_the_wait_for_another_run() {
    let project = slow_project().await;
    project.delay(Duration::from_secs(20));
    let mut first = start(&project);
    wait_for(async || project.requests().await.len() >= 2).await;
    let mut second = start(&project);
    let said = BufReader::new(second.stderr.take().unwrap()).lines();
    let mut said = said.map(Result::unwrap);
    assert!(said.any(|line| line.contains("another run works on")));
    signal(&second, "-INT");
    assert_eq!(second.wait().unwrap().code(), Some(130));
    assert_eq!(project.requests().await.len(), 2);
    first.kill().unwrap();
    first.wait().unwrap();
}

/// A project with a talk without captions, and an endpoint that listens for as long as it takes.
async fn listening_project(delay: Duration) -> Project {
    let project = Project::with_talks(&["stoppedTlk1"]).await;
    let mut quiet = video("stoppedTlk1");
    quiet["captions"] = json!([]);
    quiet["audio"] = json!(2000);
    project.put_video("stoppedTlk1", &quiet);
    let tables = format!("{}{}", project.llm_table(), project.transcribe_table());
    project.catalog(&talks(&["stoppedTlk1"]), &tables);
    project.delay(delay);
    project
}

#[tokio::test(flavor = "multi_thread")]
async fn talks_that_a_stopped_run_did_not_reach_are_not_counted_as_done() {
    let project = slow_project().await;
    let child = start(&project);
    wait_for(async || !project.requests().await.is_empty()).await;
    signal(&child, "-INT");
    let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
    let ran = project.ran(&output.await.unwrap()).ended(130);
    let counted = |step: &str| {
        let lines = ran.stderr.lines().filter(|line| line.starts_with(step));
        lines.filter(|line| line.contains("/6 ")).count()
    };
    let done = counted("summarize");
    assert!((1..6).contains(&done), "{}", ran.stderr);
    let last = format!("summarize  {done}/6 ");
    let ran = ran.says(&last).says("talks are not finished");
    assert!(!ran.stderr.contains("missing"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_is_listened_to_a_recording_leaves_no_sound_behind() {
    let project = listening_project(Duration::from_secs(20)).await;
    let mut child = start(&project);
    wait_for(async || !project.uploads().await.is_empty()).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let left = fs::read_dir(project.path("temporary")).unwrap().count();
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_waits_for_what_is_listened_to_and_keeps_it() {
    let project = listening_project(Duration::from_millis(500)).await;
    let child = start(&project);
    wait_for(async || !project.uploads().await.is_empty()).await;
    signal(&child, "-INT");
    let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
    project.ran(&output.await.unwrap()).ended(130);
    project.delay(Duration::ZERO);
    project.run("build").await.ended(0);
    assert_eq!(project.uploads().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_does_not_wait_for_a_download_that_can_be_had_again() {
    let programs = TempDir::new().unwrap();
    let project = listening_project(Duration::ZERO).await;
    project.catalog(&talks(&["stoppedTlk1"]), "");
    project.run("fetch").await.ended(3);
    let fetch = Project::fetch_table(&fake(programs.path(), Fake::Hang), &[]);
    let tables = format!("{}{fetch}", project.transcribe_table());
    let head = "title = \"T\"\ntalks = [\"stoppedTlk1\"]\n";
    project.put("catalog.toml", &format!("{head}{tables}"));
    let mut child = start(&project);
    wait_for(async || !pids(programs.path()).is_empty()).await;
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_none_left(programs.path());
    assert_eq!(project.uploads().await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_builds_at_once_listen_once() {
    let project = listening_project(Duration::from_millis(500)).await;
    let (one, other) = (start(&project), start(&project));
    let wait = |child: Child| tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
    let (one, other) = (wait(one).await.unwrap(), wait(other).await.unwrap());
    project.ran(&one).ended(0);
    project.ran(&other).ended(0);
    assert_eq!(project.uploads().await.len(), 1);
}

#[tokio::test]
async fn misbehaving_yt_dlps_cost_their_talk_alone() {
    for (behaviour, limit, says) in [
        (Fake::Hang, "300ms", "took longer than its limit"),
        (Fake::HangWithChild, "300ms", "took longer than its limit"),
        (Fake::Garbage, "30s", "did not print a video's metadata"),
        (Fake::Null, "30s", "yt-dlp failed"),
        (Fake::OrphanHoldsStdout, "30s", "has no captions"),
        (Fake::StderrFlood, "30s", "has no captions"),
        (Fake::LongOutput, "30s", "has no captions"),
        (Fake::Endless, "30s", "more than 64 MiB"),
        (Fake::Hoard, "30s", "downloaded more than 1024 MiB"),
        (Fake::OldAndLost, "30s", "it is old (2023.03.04 is"),
    ] {
        let programs = TempDir::new().unwrap();
        let project = with_fake(programs.path(), behaviour, limit).await;
        project.run("fetch").await.ended(3).says(says);
        assert_none_left(programs.path());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_leaves_no_yt_dlp_behind() {
    let programs = TempDir::new().unwrap();
    let project = with_fake(programs.path(), Fake::HangWithChild, "60s").await;
    let mut child = project
        .command("fetch")
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(async || pids(programs.path()).len() >= 2).await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_none_left(programs.path());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_ctrl_c_leaves_at_once_and_leaves_nothing_behind() {
    let programs = TempDir::new().unwrap();
    let project = with_fake(programs.path(), Fake::Hang, "60s").await;
    let mut child = project
        .command("fetch")
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(async || !pids(programs.path()).is_empty()).await;
    let status = loop {
        signal(&child, "-INT");
        thread::sleep(Duration::from_millis(50));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
    };
    assert_eq!(status.code(), Some(130));
    assert_none_left(programs.path());
}

/// Sixteen loops within each other make nothing for days.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_never_done_ends_with_ctrl_c() {
    let project = Project::with_talks(&IDS).await;
    let talk = |id: &&str| format!("{{ id = \"{id}\", category = \"{id}\" }},\n");
    let talks: String = IDS.iter().map(talk).collect();
    let categories = IDS.map(|id| format!("[[categories]]\nname = \"{id}\"\n"));
    let tables = format!("{}{}", project.llm_table(), categories.concat());
    project.catalog(&format!("[{talks}]"), &tables);
    project.run("build").await.ended(0);
    let loops = "{{#each @root.sections}}".repeat(16);
    let endless = format!("{loops}{}", "{{/each}}".repeat(16));
    project.put("templates/page.md.hbs", &endless);
    let mut child = start(&project);
    let deadline = Instant::now() + Duration::from_secs(30);
    let status = loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "it goes on and on");
        signal(&child, "-INT");
    };
    assert_eq!(status.code(), Some(130));
}

/// `timeout` and a closed terminal signal the whole group, the supervisor with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_to_the_whole_group_leaves_no_yt_dlp_behind() {
    for name in ["-TERM", "-HUP"] {
        let programs = TempDir::new().unwrap();
        let project = with_fake(programs.path(), Fake::Hang, "60s").await;
        let mut command = project.command("fetch");
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        wait_for(async || !pids(programs.path()).is_empty()).await;
        let group = format!("-{}", child.id());
        assert!(
            Command::new("kill")
                .args([name, "--", &group])
                .status()
                .unwrap()
                .success()
        );
        child.wait().unwrap();
        assert_none_left(programs.path());
    }
}

async fn with_fake(programs: &Path, behaviour: Fake, limit: &str) -> Project {
    let project = Project::with_talks(&["borrowTalk1"]).await;
    let fetch = Project::fetch_table(&fake(programs, behaviour), &[]);
    project.put(
        "catalog.toml",
        &format!("title = \"T\"\ntalks = [\"borrowTalk1\"]\n{fetch}timeout = \"{limit}\"\n"),
    );
    project
}
