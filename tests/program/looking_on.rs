//! Whoever looks at a cache while builds write into it: nobody waits, nobody finds half a file, and
//! nothing is taken away that a build uses.

use std::process::{Child, Stdio};
use std::time::Duration;

use crate::project::{Project, talks};

const IDS: [&str; 4] = ["rustyCache1", "kernelSched", "-cBplHNM4RA", "_9xohmSa2G8"];
/// Fetched once, and in no catalog any more.
const LEFT: &str = "leftBehind1";

/// What may be run beside builds.
const LOOKING: [&str; 6] = [
    "render",
    "status",
    "check --kind damaged",
    "cache verify",
    "cache prune",
    "cache export all.zip",
];

/// A project whose talks are fetched, and whose endpoint answers after a while.
async fn project(delay: Duration) -> Project {
    let project = Project::with_talks(&[&IDS[..], &[LEFT]].concat()).await;
    project.run("fetch").await.ended(0);
    let table = format!("{}concurrency = 2\n", project.llm_table());
    project.catalog(&talks(&IDS), &table);
    project.delay(delay);
    project
}

fn start(project: &Project) -> Child {
    let mut build = project.command("build");
    let build = build.stdout(Stdio::null()).stderr(Stdio::null());
    build.spawn().unwrap()
}

fn is_at_work(build: &mut Child) -> bool {
    build.try_wait().unwrap().is_none()
}

async fn look_on(project: &Project) {
    for command in LOOKING {
        let ran = project.run(command).await;
        // Before the builds are through, talks lack their results; that is no fault of the cache.
        let is_fine = ran.code == 0 || (command == "render" && ran.code == 3);
        assert!(
            is_fine,
            "{command}: {}\n{}{}",
            ran.code, ran.stdout, ran.stderr
        );
        assert!(!ran.stderr.contains("damaged"), "{command}: {}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_half_a_file_while_two_builds_write() {
    let project = project(Duration::from_millis(100)).await;
    let mut builds = [start(&project), start(&project)];
    while builds.iter_mut().any(is_at_work) {
        look_on(&project).await;
    }
    for mut build in builds {
        assert!(build.wait().unwrap().success());
    }
    assert_eq!(project.requests().await.len(), 2 * IDS.len());
    look_on(&project).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_build_and_nothing_is_removed_meanwhile() {
    let project = project(Duration::from_mins(5)).await;
    let mut builds = [start(&project), start(&project)];
    while project.requests().await.is_empty() {
        assert!(builds.iter_mut().all(is_at_work));
        tokio::task::yield_now().await;
    }
    look_on(&project).await;
    let cached = project.cached();
    let prune = project.run("cache prune --yes").await.ended(1);
    let said = prune.says("another run writes into the cache");
    said.says("run again when it has ended");
    assert_eq!(project.cached(), cached);
    assert!(builds.iter_mut().all(is_at_work));

    for build in &mut builds {
        build.kill().unwrap();
        build.wait().unwrap();
    }
    let prune = project.run("cache prune --yes").await.ended(0);
    prune.says("removed: 3 files");
    assert!(!project.cached().concat().contains(LEFT));
}
