//! `init --schedule` and `init --split-chapters`: what a schedule and chapters say about talks.

use expect_test::expect;
use serde_json::json;

use crate::project::{Project, video};
use crate::starting::{init, put_playlist, talks};

const SCHEDULE: &str = "\
Title,Speakers,Abstract,Track
Caches that explain themselves,\"Ada Quill, Ben Oak\",\"<p>Keys.</p><p>Values &amp; writes.</p>\",Storage
Schedulers: a love story,Cleo Fir,,Kernel
Lunch,,,
Printing explained,Fay Gum,,Storage
Never recorded,Dan Elm,Lost.,Kernel
";

fn put_videos(project: &Project) {
    for (id, title) in [
        (
            "rustyCache1",
            "Ada Quill & Ben Oak: Caches that explain themselves | Conf 26",
        ),
        (
            "kernelSched",
            "Schedulers – a love story (Cleo Fir) | Conf 26",
        ),
        ("printingTlk", "Printing explained"),
        ("-cBplHNM4RA", "Behind the scenes | Conf 26"),
    ] {
        let mut video = video(id);
        video["title"] = title.into();
        project.put_video(id, &video);
    }
}

#[tokio::test]
async fn a_schedule_beats_youtube() {
    let project = Project::with_catalog("").await;
    put_videos(&project);
    put_playlist(
        &project,
        &["rustyCache1", "kernelSched", "printingTlk", "-cBplHNM4RA"],
    );
    project.put("schedule.csv", SCHEDULE);
    init(&project, "PLtest --schedule schedule.csv")
        .ended(0)
        .says("the schedule matches 3 talks, and 3 got data from it")
        .says("no session for 1 talk:\n  -cBplHNM4RA  Behind the scenes | Conf 26")
        .says("no video for 1 session:\n  Dan Elm: Never recorded");
    let catalog = project.read("new.toml");
    expect![[r#"
          { id = "rustyCache1", title = "Caches that explain themselves", speakers = ["Ada Quill", "Ben Oak"], category = "Storage", abstract = """
        Keys.

        Values & writes.
        """ },  # Ada Quill & Ben Oak: Caches that explain themselves | Conf 26
          { id = "kernelSched", title = "Schedulers: a love story", speakers = ["Cleo Fir"], category = "Kernel" },  # Schedulers – a love story (Cleo Fir) | Conf 26
          { id = "printingTlk", title = "Printing explained", speakers = ["Fay Gum"], category = "Storage" },
          "-cBplHNM4RA",  # Behind the scenes | Conf 26
          # no video: Dan Elm: Never recorded"#]]
    .assert_eq(talks(&catalog));
    expect![[r#"
        [[categories]]
        name = "Storage"
        description = ""

        [[categories]]
        name = "Kernel"
        description = ""
    "#]]
    .assert_eq(
        &catalog[catalog.find("[[categories]]").unwrap()..catalog.find("\n# Names").unwrap()],
    );

    init(&project, "--schedule schedule.csv")
        .ended(0)
        .says("nothing new for new.toml");
    assert_eq!(project.read("new.toml"), catalog);
    project.run("--catalog new.toml render").await.ended(3);
    let page = project.read("page/page.md");
    assert!(page.contains("Schedulers: a love story"), "{page}");
}

#[tokio::test]
async fn a_schedule_waits_for_the_titles_of_talks() {
    let project = Project::with_catalog("").await;
    put_videos(&project);
    project.put("schedule.csv", SCHEDULE);
    let ran = init(&project, "rustyCache1 kernelSched --schedule schedule.csv")
        .ended(0)
        .says("the program matches sessions by title, but 2 of 2 talks have no title yet")
        .says("next: run `proceedings fetch`, then the same `init` again");
    assert!(!ran.stderr.contains("no video"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("the schedule knows"), "{}", ran.stderr);
    assert!(!project.read("new.toml").contains("no video"));

    project.run("--catalog new.toml fetch").await.ended(0);
    init(&project, "--schedule schedule.csv")
        .ended(0)
        .says("the schedule matches 2 talks, and 2 got data from it")
        .says("no video for 2 sessions");
    let catalog = project.read("new.toml");
    assert!(catalog.contains("  # no video: Fay Gum: Printing explained\n"));

    // What is noted is taken out again once the session has its video.
    init(&project, "printingTlk --schedule schedule.csv").ended(0);
    assert!(project.read("new.toml").contains("no video: Fay Gum"));
    project.run("--catalog new.toml fetch").await.ended(0);
    init(&project, "--schedule schedule.csv").ended(0);
    let catalog = project.read("new.toml");
    assert!(!catalog.contains("no video: Fay Gum"), "{catalog}");
    assert!(catalog.contains("  # no video: Dan Elm: Never recorded\n"));
}

#[tokio::test]
async fn a_schedule_does_not_wait_for_a_title_that_youtube_does_not_tell() {
    let project = Project::with_catalog("").await;
    put_videos(&project);
    project.put_video("gonePrivate", &json!({ "title": "x", "error": "private" }));
    project.put("schedule.csv", SCHEDULE);
    init(&project, "rustyCache1 gonePrivate --schedule schedule.csv")
        .ended(0)
        .says("next: run `proceedings fetch`, then the same `init` again");
    project.run("--catalog new.toml fetch").await.ended(3);
    let ran = init(&project, "--schedule schedule.csv")
        .ended(0)
        .says("the schedule matches 1 talk, and 1 got data from it")
        .says("no title for 1 talk:\n  gonePrivate  the video is private")
        .says("give each of them the `title` of its session in the catalog, or `hide = true`")
        .says("no video for 3 sessions");
    assert!(!ran.stderr.contains("next: run"), "{}", ran.stderr);
    let catalog = project.read("new.toml");
    assert!(catalog.contains("  # no video: Dan Elm: Never recorded\n"));
}

#[tokio::test]
async fn what_an_organizer_wrote_is_not_touched() {
    let project = Project::with_catalog("").await;
    project.put("schedule.csv", SCHEDULE);
    let catalog = "\
title = \"Mine\"
talks = [
  # The first.
  { id = \"rustyCache1\", title = \"Caches that explain themselves, revised\", category = \"Mine\" }, # cut
  \"kernelSched\",  # Schedulers – a love story (Cleo Fir) | Conf 26
  # no video: Fay Gum: Printing explained
  { id = \"-cBplHNM4RA\", title = \"Never recorded\", hide = true } ]

[[categories]]
name = \"Mine\"
[[categories]]
name = \"KERNEL\"
";
    project.put("catalog.toml", catalog);
    project
        .run("init --schedule schedule.csv")
        .await
        .ended(0)
        .says("the schedule matches 3 talks, and 2 got data from it");
    let expected = catalog
        .replace("category = \"Mine\" }", "category = \"Mine\", speakers = [\"Ada Quill\", \"Ben Oak\"], abstract = \"\"\"\nKeys.\n\nValues & writes.\n\"\"\" }")
        .replace("\"kernelSched\"", "{ id = \"kernelSched\", title = \"Schedulers: a love story\", speakers = [\"Cleo Fir\"], category = \"KERNEL\" }");
    assert_eq!(project.read("catalog.toml"), expected);
    assert_eq!(project.read("catalog.toml.bak"), catalog);
}

#[tokio::test]
async fn a_file_that_is_no_schedule_is_told_before_anything_is_asked() {
    let project = Project::with_catalog("").await;
    for (content, complaint) in [
        ("", "the file is empty"),
        (
            "{ \"name\": \"x\" }",
            "this JSON is no schedule of pretalx, frab, Sessionize, Sched or Indico",
        ),
        ("<html></html>", "this is a web page"),
        (
            "When;Where\n10:00;Hall\n",
            "no column of this table holds titles: When, Where",
        ),
        ("Title;Speaker\n", "there are no sessions in this schedule"),
    ] {
        project.put("schedule", content);
        let ran = project
            .run("--catalog new.toml init PLtest --schedule schedule")
            .await;
        ran.ended(2)
            .says("cannot read the schedule `schedule`")
            .says(complaint)
            .says("hint: ");
    }
}

#[tokio::test]
async fn a_recording_of_a_day_becomes_its_talks_with_one_visit() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let mut day = video("E98Pv36f0YI");
    day["duration"] = 9000.into();
    day["chapters"] = json!([
        { "start": 0, "title": "Welcome" },
        { "start": 600, "title": "Ada Quill: Caches that explain themselves" },
        { "start": 3000, "title": "Lunch break" },
        { "start": 6000, "title": "Schedulers" },
    ]);
    day["captions"][0]["lines"] = json!([
        [10.0, 4.0, "hello and welcome to the day"],
        [
            700.0,
            4.0,
            "a cache that everybody in the team can explain is a cache that people trust"
        ],
        [
            6100.0,
            4.0,
            "a scheduler is a promise that somebody has to keep in the end"
        ],
    ]);
    project.put_video("E98Pv36f0YI", &day);
    project.put("schedule.csv", SCHEDULE);
    init(
        &project,
        "--split-chapters E98Pv36f0YI rustyCache1 --schedule schedule.csv",
    )
    .ended(0)
    .says("`rustyCache1` has no chapters that could be talks, so it stays one talk")
    .says("started new.toml with 3 talks");
    let catalog = project.read("new.toml");
    expect![[r##"
        # { id = "E98Pv36f0YI", start = "0:00:00", end = "0:10:00", title = "Welcome" },  # no talk by its name
          { id = "E98Pv36f0YI", start = "0:10:00", end = "0:50:00", title = "Caches that explain themselves", speakers = ["Ada Quill", "Ben Oak"], category = "Storage", abstract = """
        Keys.

        Values & writes.
        """ },
        # { id = "E98Pv36f0YI", start = "0:50:00", end = "1:40:00", title = "Lunch break" },  # no talk by its name
          { id = "E98Pv36f0YI", start = "1:40:00", end = "2:30:00", title = "Schedulers: a love story", speakers = ["Cleo Fir"], category = "Kernel" },
          "rustyCache1",  # How rustyCache1 was made & measured
          # no video: Fay Gum: Printing explained
          # no video: Dan Elm: Never recorded"##]]
    .assert_eq(talks(&catalog));
    assert_eq!(project.visits(), 2);
    project.run("--catalog new.toml fetch").await.ended(0);
    assert_eq!(project.visits(), 2);
    let asked = project.read("visits");
    assert_eq!(asked.matches("captions E98Pv36f0YI").count(), 1, "{asked}");
    init(&project, "--split-chapters E98Pv36f0YI")
        .ended(0)
        .says("is in the catalog already")
        .says("nothing new for new.toml");
}
