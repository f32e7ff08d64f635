//! The picture for previews: drawn where the page knows its address, and never over somebody's own.

use std::fs;

use crate::project::Project;

const PICTURE: &str = "page/preview.png";

/// A conference that is published somewhere.
async fn published() -> Project {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let catalog = project.read("catalog.toml");
    let catalog = format!("url = \"https://conf.example/2026/\"\n{catalog}");
    project.put("catalog.toml", &catalog);
    project
}

#[tokio::test]
async fn a_page_that_knows_its_address_names_a_picture_that_is_drawn() {
    let project = published().await;
    project.run("build").await.ended(0);
    let page = project.read("page/index.html");
    let named = "<meta property=\"og:image\" content=\"https://conf.example/2026/preview.png\">";
    assert!(page.contains(named));
    let drawn = fs::read(project.path(PICTURE)).unwrap();
    assert!(drawn.starts_with(b"\x89PNG"));

    project.run("render --output elsewhere").await.ended(0);
    assert!(fs::read(project.path("elsewhere/preview.png")).unwrap() == drawn);
    let catalog = project.read("catalog.toml");
    project.put("catalog.toml", &catalog.replace("Test Conf", "Other Conf"));
    project.run("render").await.ended(0);
    assert!(fs::read(project.path(PICTURE)).unwrap() != drawn);

    let catalog = catalog.replace("url = \"https://conf.example/2026/\"\n", "");
    project.put("catalog.toml", &catalog);
    project.run("render").await.ended(0);
    assert!(!project.path(PICTURE).exists());
}

#[tokio::test]
async fn a_picture_of_ones_own_stays() {
    let project = published().await;
    project.put(PICTURE, "a picture that somebody has drawn");
    project.run("build").await.ended(0);
    assert_eq!(project.read(PICTURE), "a picture that somebody has drawn");
}
