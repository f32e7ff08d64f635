//! `init`: from a playlist, links, ids or a file of them to a catalog that builds, and what a second
//! run adds to it.

use std::process::Command;

use expect_test::expect;
use serde_json::{Value, json};

use crate::project::{Project, Ran, video};
use crate::yt_dlp;

/// The playlist of the tests.
const PLAYLIST: &str = "https://www.youtube.com/playlist?list=PLtest";

/// Runs `init` with the yt-dlp that answers from files.
pub(crate) fn init(project: &Project, arguments: &str) -> Ran {
    project.ran(&command(project, arguments).output().unwrap())
}

fn command(project: &Project, arguments: &str) -> Command {
    let mut command = project.command(&format!("--catalog new.toml init {arguments} --yt-dlp"));
    command.arg(yt_dlp::yt_dlp());
    let arguments = yt_dlp::fixture_args();
    command.args(
        arguments
            .iter()
            .map(|argument| format!("--yt-dlp-arg={argument}")),
    );
    command
}

/// Puts a playlist of these videos onto the `YouTube` of files.
pub(crate) fn put_playlist(project: &Project, videos: &[&str]) {
    let playlist = json!({ "title": "Conf \"26\"", "videos": videos });
    project.put("youtube/playlists/PLtest.json", &playlist.to_string());
}

/// The lines of the talks in a catalog.
pub(crate) fn talks(catalog: &str) -> &str {
    let (_, talks) = catalog.split_once("\ntalks = [\n").unwrap();
    talks.split_once("\n]\n").unwrap().0
}

fn with(id: &str, changes: &Value) -> Value {
    let mut video = video(id);
    for (key, value) in changes.as_object().unwrap() {
        video[key] = value.clone();
    }
    video
}

#[tokio::test]
async fn a_playlist_becomes_a_commented_catalog_that_builds() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put_video("-cBplHNM4RA", &video("-cBplHNM4RA"));
    project.put_video(
        "shortVideo1",
        &with("shortVideo1", &json!({ "short": true })),
    );
    project.put_video(
        "trailerVid1",
        &with(
            "trailerVid1",
            &json!({ "title": "Trailer", "duration": 70 }),
        ),
    );
    project.put_video("privateVid1", &json!({ "error": "private" }));
    project.put_video(
        "upcomingVd1",
        &with("upcomingVd1", &json!({ "error": "upcoming" })),
    );
    let videos = [
        "rustyCache1",
        "privateVid1",
        "shortVideo1",
        "-cBplHNM4RA",
        "trailerVid1",
        "removedVid1",
        "upcomingVd1",
        "rustyCache1",
    ];
    put_playlist(&project, &videos);
    init(&project, PLAYLIST)
        .ended(0)
        .says("started new.toml with 2 talks")
        .says("added as comments: 1 private, 1 short, 1 trailer, 1 removed, 1 upcoming");
    let catalog = project.read("new.toml");
    assert!(catalog.contains("title = \"Conf \\\"26\\\"\""));
    expect![[r#"
          "rustyCache1",  # How rustyCache1 was made & measured
        # "privateVid1",  # private when this was written
        # "shortVideo1",  # How shortVideo1 was made & measured — a short
          "-cBplHNM4RA",  # How -cBplHNM4RA was made & measured
        # "trailerVid1",  # Trailer — no talk by its title and length
        # "removedVid1",  # removed when this was written
        # "upcomingVd1",  # How upcomingVd1 was made & measured — upcoming when this was written"#]]
    .assert_eq(talks(&catalog));
    project.run("--catalog new.toml fetch").await.ended(0);
    assert_eq!(project.visits(), 2);
}

#[tokio::test]
async fn a_second_run_adds_what_is_new_and_touches_nothing_else() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    project.put_video("privateVid1", &json!({ "error": "private" }));
    put_playlist(&project, &["rustyCache1", "privateVid1", "kernelSched"]);
    init(&project, PLAYLIST).ended(0);

    // What people do to a catalog.
    let edited = project
        .read("new.toml")
        .replace(
            "  \"rustyCache1\",",
            "\n  # The first.\n  { id = \"https://youtu.be/rustyCache1\", hide = true },",
        )
        .replace("  \"kernelSched\",", "#  \"kernelSched\",")
        .replace("\n]\n", "\n  # The end.\n]\n")
        .replace('\n', "\r\n");
    project.put("new.toml", &edited);
    let written = std::fs::metadata(project.path("new.toml"))
        .unwrap()
        .modified()
        .unwrap();
    init(&project, PLAYLIST)
        .ended(0)
        .says("nothing new for new.toml")
        .says("1 video commented out before and left so");
    assert_eq!(project.read("new.toml"), edited);
    assert_eq!(
        std::fs::metadata(project.path("new.toml"))
            .unwrap()
            .modified()
            .unwrap(),
        written
    );
    assert!(!project.path("new.toml.bak").exists());

    project.put_video("privateVid1", &video("privateVid1"));
    project.put_video("-cBplHNM4RA", &video("-cBplHNM4RA"));
    put_playlist(
        &project,
        &[
            "-cBplHNM4RA",
            "rustyCache1",
            "privateVid1",
            "removedVid1",
            "kernelSched",
        ],
    );
    init(&project, PLAYLIST)
        .ended(0)
        .says("added 2 talks to new.toml")
        .says("added as comments: 1 removed");
    let added = concat!(
        "  \"-cBplHNM4RA\",  # How -cBplHNM4RA was made & measured\r\n",
        "  \"privateVid1\",  # How privateVid1 was made & measured\r\n",
        "# \"removedVid1\",  # removed when this was written\r\n",
    );
    let expected = edited.replace("  # The end.\r\n", &format!("  # The end.\r\n{added}"));
    assert_eq!(project.read("new.toml"), expected);
    assert_eq!(project.read("new.toml.bak"), edited);
    init(&project, PLAYLIST)
        .ended(0)
        .says("nothing new for new.toml");
}

#[tokio::test]
async fn ids_and_links_need_no_network() {
    let project = Project::with_catalog("").await;
    project.put(
        "ids.txt",
        "# the day\nrustyCache1\nhttps://youtu.be/_9xohmSa2G8 # the second\n\n-cBplHNM4RA\n",
    );
    project
        .run("--catalog new.toml init --ids ids.txt --title Conf -- -cBplHNM4RA")
        .await
        .ended(0)
        .says("with 3 talks");
    let catalog = project.read("new.toml");
    for id in ["\"-cBplHNM4RA\",", "\"rustyCache1\",", "\"_9xohmSa2G8\","] {
        assert!(catalog.contains(id), "{catalog}");
    }
    project.run("--catalog new.toml render").await.ended(3);
    project
        .run("--catalog new.toml init https://www.youtube.com/watch?v=kernelSched&list=PLtest")
        .await
        .ended(0)
        .says("added 1 talk to new.toml")
        .says("for all of it, run `proceedings init https://www.youtube.com/playlist?list=PLtest");
}

#[tokio::test]
async fn ids_are_read_from_standard_input() {
    let project = Project::with_catalog("").await;
    project.put("ids.txt", "rustyCache1\n");
    let mut command = project.command("--catalog new.toml init --ids -");
    command.stdin(std::fs::File::open(project.path("ids.txt")).unwrap());
    project
        .ran(&command.output().unwrap())
        .ended(0)
        .says("with 1 talk");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_written() {
    let project = Project::with_catalog("title = \"mine\"\ntalk = []\n").await;
    project
        .run("init rustyCache1")
        .await
        .ended(2)
        .says("catalog.toml:2: unknown key `talk`");
    assert_eq!(
        project.read("catalog.toml"),
        "title = \"mine\"\ntalk = []\n"
    );
    for (arguments, complaint) in [
        ("", "the command needs a playlist, links or ids"),
        ("nonsense", "neither a video id"),
        (
            "https://www.youtube.com/@conf/playlists",
            "is a list of playlists, not of videos",
        ),
        ("https://vimeo.com/1234", "is no link of YouTube"),
        ("--ids nowhere.txt", "cannot read `nowhere.txt`"),
        (
            "rustyCache1 --schedule nowhere.json",
            "cannot read `nowhere.json`",
        ),
        (
            "--offline https://www.youtube.com/playlist?list=PLx",
            "needs a network",
        ),
    ] {
        let ran = project
            .run(&format!("--catalog new.toml init {arguments}"))
            .await;
        ran.ended(2).says(complaint);
    }
    init(&project, "PLnowhere")
        .ended(1)
        .says("cannot list https://www.youtube.com/playlist?list=PLnowhere");
    project.put_video("privateVid1", &json!({ "error": "private" }));
    put_playlist(&project, &["privateVid1"]);
    init(&project, PLAYLIST)
        .ended(1)
        .says("there are no talks in it: 1 private");
    assert!(!project.path("new.toml").exists());
}

#[tokio::test]
async fn an_id_that_looks_like_flags_is_known_and_a_slip_in_a_flag_is_none() {
    let project = Project::with_catalog("").await;
    let hint = "hint: an id that begins with `-` is written";
    for (command, how) in [
        (
            "build --only -cBplHNM4RA",
            "as `--only=-cBplHNM4RA`, or after `--`",
        ),
        ("init -cBplHNM4RA", "after `--`: `init -- -cBplHNM4RA`"),
    ] {
        let said = format!("{hint} {how}");
        project.run(command).await.ended(2).says(&said);
    }
    let slip = project.run("build --max-costs 1").await.ended(2);
    assert!(!slip.stderr.contains("an id that"), "{}", slip.stderr);
}

#[tokio::test]
async fn a_file_of_notes_gives_every_video_in_it() {
    let project = Project::with_catalog("").await;
    project.put(
        "notes.md",
        "# The day\n* [A talk](https://www.youtube.com/watch?v=kernelSched)\n| B | https://youtu.be/_9xohmSa2G8 |\n\
         The panel: https://youtu.be/rustyCache1?t=0s and https://youtu.be/rustyCache1?t=1800\n\
         https://www.youtube.com/clip/UgkxAAAAAAAA\nhttps://www.youtube.com/embed/videoseries?list=PLgone\n",
    );
    project
        .run("--catalog new.toml --offline init --ids notes.md --title Conf")
        .await
        .ended(0)
        .says("with 4 talks")
        .says("notes.md:5 was skipped")
        .says("a list was skipped");
    let catalog = project.read("new.toml");
    for talk in [
        "\"kernelSched\",",
        "\"_9xohmSa2G8\",",
        "{ id = \"rustyCache1\", start = \"0:00:00\", end = \"0:30:00\" },",
        "{ id = \"rustyCache1\", start = \"0:30:00\" },",
    ] {
        assert!(catalog.contains(talk), "{catalog}");
    }
}

#[tokio::test]
async fn who_writes_the_summaries_can_be_said_at_once() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project
        .run("--catalog new.toml init rustyCache1 kernelSched --llm openai")
        .await
        .ended(0)
        .says("gpt-5.4-nano writes the summaries; put its key into the variable OPENAI_API_KEY")
        .says("typically 6,000 tokens a talk: about $0.00 for 2 talks")
        .says("next: add [[categories]] to it, then run `proceedings build`");
    let catalog = project.read("new.toml");
    assert!(catalog.contains("\n[llm]   # the key is read from the variable OPENAI_API_KEY\nmodel = \"gpt-5.4-nano\"\n"), "{catalog}");
    let guess = project
        .run("--catalog new.toml build --dry-run")
        .await
        .ended(0)
        .stdout;
    assert!(
        guess.contains("2 talks whose captions are not fetched: typically 6,000 tokens a talk"),
        "{guess}"
    );

    project
        .run("--catalog new.toml init --llm gemini")
        .await
        .ended(2)
        .says("new.toml has an [llm] already");
    project.put(
        "plain.toml",
        "title = \"T\"\ntalks = [\"rustyCache1\"] # one\n",
    );
    project
        .run("--catalog plain.toml init --llm ollama")
        .await
        .ended(0)
        .says("added an [llm] to plain.toml")
        .says("qwen3:8b writes the summaries, which costs nothing");
    assert_eq!(
        project.read("plain.toml"),
        "title = \"T\"\ntalks = [\"rustyCache1\"] # one\n\n[llm]\nprovider = \"ollama\"\nmodel = \"qwen3:8b\"\ncontext_tokens = 32000\nconcurrency = 2\n"
    );
}
