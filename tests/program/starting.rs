//! `init`: from a playlist, links, ids or a file of them to a catalog that builds.

use serde_json::json;

use crate::project::{Project, video};
use crate::yt_dlp;

#[tokio::test]
async fn a_playlist_becomes_a_commented_catalog_that_builds() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put_video("-cBplHNM4RA", &video("-cBplHNM4RA"));
    let playlist = json!({ "title": "Conf \"26\"", "videos": ["rustyCache1", "-cBplHNM4RA"] });
    project.put("youtube/playlists/PLtest.json", &playlist.to_string());
    let mut command = project.command(
        "--catalog new/catalog.toml init https://www.youtube.com/playlist?list=PLtest --yt-dlp",
    );
    command.arg(yt_dlp::yt_dlp());
    command.args(
        yt_dlp::fixture_args()
            .iter()
            .map(|argument| format!("--yt-dlp-arg={argument}")),
    );
    project
        .ran(&command.output().unwrap())
        .ended(0)
        .says("started new/catalog.toml with 2 talks");
    let catalog = project.read("new/catalog.toml");
    assert!(catalog.contains("title = \"Conf \\\"26\\\"\""));
    assert!(
        catalog.contains("  \"-cBplHNM4RA\",  # How -cBplHNM4RA was made & measured"),
        "{catalog}"
    );
    project
        .run("--catalog new/catalog.toml fetch")
        .await
        .ended(0);
    assert_eq!(project.visits(), 2);
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
}

#[tokio::test]
async fn what_is_there_is_left_alone_and_what_is_wrong_is_named() {
    let project = Project::with_catalog("title = \"mine\"\n").await;
    project
        .run("init rustyCache1")
        .await
        .ended(2)
        .says("is there already");
    assert_eq!(project.read("catalog.toml"), "title = \"mine\"\n");
    project
        .run("--catalog new.toml init")
        .await
        .ended(2)
        .says("nothing to start a catalog from");
    project
        .run("--catalog new.toml init nonsense")
        .await
        .ended(2)
        .says("neither a video id");
    project
        .run("--catalog new.toml init --ids nowhere.txt")
        .await
        .ended(2)
        .says("cannot read `nowhere.txt`");
    project
        .run("--catalog new.toml --offline init https://www.youtube.com/playlist?list=PLx")
        .await
        .ended(2);
    assert!(!project.path("new.toml").exists());
}
