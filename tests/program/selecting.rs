//! Which talks a run works on, and for which of them its exit code speaks.

use crate::project::{Project, talks, video};

const PARTS: &str = r#"[
    { id = "dayLongRec1", end = "0:10", title = "Opening part" },
    { id = "dayLongRec1", start = "0:10", end = "8:00", title = "Closing part" },
    { id = "rustyCache1", hide = true },
    "kernelSched",
]"#;

async fn project_with_parts() -> Project {
    let project = Project::with_talks(&["dayLongRec1", "rustyCache1", "kernelSched"]).await;
    project.catalog(PARTS, &project.llm_table());
    project
}

#[tokio::test]
async fn a_part_is_selected_by_the_name_that_messages_give_it_and_a_video_with_all_its_parts() {
    let project = project_with_parts().await;
    project
        .run("build --only dayLongRec1@0:10")
        .await
        .ended(0)
        .says("summarize  1/1 dayLongRec1@0:10")
        .says("not selected 2 of 3 talks; 2 of them lack summary or category");
    project
        .run("build --only https://youtu.be/dayLongRec1")
        .await
        .ended(0)
        .says("summarize  1 new, 1 cached")
        .says("not selected 1 of 3 talks; 1 of them lacks");
    let status = project.run("status --json --only dayLongRec1@0:10").await;
    assert!(!status.stdout.contains("Opening part"), "{}", status.stdout);
    assert!(
        status.stdout.contains("\"requests\": 2"),
        "{}",
        status.stdout
    );
    let check = "check --json --only dayLongRec1@0:10";
    let report = project.run(check).await.stdout;
    assert!(report.contains("\"talks\": 1"), "{report}");
    let diff = "diff catalog.toml catalog.toml --json --only dayLongRec1@0:10";
    let compared = project.run(diff).await.ended(0).stdout;
    assert!(!compared.contains("Opening part"), "{compared}");
}

#[tokio::test]
async fn a_slip_in_a_name_is_answered_with_the_nearest_one() {
    let project = project_with_parts().await;
    for (name, nearest) in [
        ("kernelShed", "kernelSched"),
        ("KERNELSCHED", "kernelSched"),
        ("dayLongRec1@0:12", "dayLongRec1@0:10"),
        ("dayLongRec1@soon", "dayLongRec1@0:10"),
        ("kernelSched@0:00", "kernelSched"),
    ] {
        for command in ["fetch", "status", "check", "diff catalog.toml catalog.toml"] {
            project
                .run(&format!("{command} --only {name}"))
                .await
                .ended(2)
                .says(&format!("the catalog has no talk `{name}`"))
                .says(&format!("did you mean `{nearest}`?"));
        }
    }
    project
        .run("build --only zzzzzzzzzzz")
        .await
        .ended(2)
        .says("ID@START for one part of a video");
    project
        .run("build --only rustyCache1")
        .await
        .ended(2)
        .says("the catalog hides `rustyCache1`");
    assert_eq!(project.visits(), 0);
}

#[tokio::test]
async fn the_exit_code_is_about_the_selected_talks_and_that_of_render_about_the_page() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    let mut silent = video("kernelSched");
    silent["captions"] = serde_json::json!([]);
    project.put_video("kernelSched", &silent);
    project.catalog(
        &talks(&["rustyCache1", "kernelSched"]),
        &project.llm_table(),
    );
    for command in ["fetch", "summarize", "build"] {
        project.run(&format!("{command} --limit 1")).await.ended(0);
    }
    project
        .run("render")
        .await
        .ended(3)
        .says("1 of 2 talks lacks");
    for command in ["fetch", "build"] {
        project
            .run(&format!("{command} --only kernelSched"))
            .await
            .ended(3)
            .says("1 of 1 talks lacks");
        project.run(command).await.ended(3);
    }
}

#[tokio::test]
async fn shards_together_make_what_one_run_makes() {
    let ids = ["rustyCache1", "kernelSched", "-cBplHNM4RA", "dayLongRec1"];
    let whole = Project::with_talks(&ids).await;
    whole.run("build").await.ended(0);
    let project = Project::with_talks(&ids).await;
    for command in [
        "fetch --shard 1/2",
        "summarize --shard 1/2",
        "build --shard 2/2",
    ] {
        project
            .run(command)
            .await
            .ended(0)
            .says("not selected 2 of 4 talks");
    }
    project.run("render").await.ended(0);
    assert_eq!(project.visits(), 4);
    assert_eq!(project.requests().await.len(), 8);
    assert_eq!(
        project.read("page/index.html"),
        whole.read("page/index.html")
    );
    // A shard that no talk is in has nothing to do.
    let one = Project::with_talks(&ids[..1]).await;
    one.run("build --shard 1/8").await.ended(0);
    assert_eq!(one.visits(), 0);
}

#[tokio::test]
async fn a_shard_that_is_not_there_is_a_slip() {
    let project = project_with_parts().await;
    for command in ["build", "fetch", "summarize"] {
        for shard in ["0/3", "4/3", "x"] {
            project
                .run(&format!("{command} --shard {shard}"))
                .await
                .ended(2)
                .says("such as `3/8`");
        }
    }
    assert_eq!(project.visits(), 0);
}
