//! The logo of a conference: the page carries it in itself, and so does an archive.

use scraper::{Html, Selector};

use crate::project::Project;

const LOGO: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><circle r="9"/></svg>"#;

/// A conference with a logo in a folder beside its catalog.
async fn with_logo() -> Project {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let catalog = project.read("catalog.toml");
    let catalog = format!("logo = \"brand/Our Logo.svg\"\n{catalog}");
    project.put("catalog.toml", &catalog);
    project.put("brand/Our Logo.svg", LOGO);
    project
}

/// The attributes of the logo on a page.
fn shown(page: &str, attribute: &str) -> Option<String> {
    let page = Html::parse_document(page);
    let logo = Selector::parse(".masthead img.logo").unwrap();
    let logo = page.select(&logo).next()?;
    logo.attr(attribute).map(str::to_owned)
}

#[tokio::test]
async fn the_page_carries_the_logo_in_itself() {
    let project = with_logo().await;
    project.run("build").await.ended(0);
    let page = project.read("page/index.html");
    assert_eq!(shown(&page, "alt").unwrap(), "Logo of Test Conf");
    assert_eq!(shown(&page, "width").unwrap(), "40");
    assert!(
        shown(&page, "src")
            .unwrap()
            .starts_with("data:image/svg+xml;base64,")
    );

    project.put("brand/Our Logo.svg", &LOGO.replace("40", "60"));
    project
        .run("render")
        .await
        .ended(0)
        .says("wrote page/index.html");
    assert_eq!(
        shown(&project.read("page/index.html"), "width").unwrap(),
        "60"
    );
}

#[tokio::test]
async fn a_logo_that_cannot_be_shown_is_told_before_anything_is_paid_for() {
    let project = with_logo().await;
    for (content, said) in [
        ("GIF89a", "is no SVG, PNG, JPEG or WebP picture"),
        (
            &*format!("{LOGO}{}", " ".repeat(200_000)),
            "larger than 128 KiB",
        ),
    ] {
        project.put("brand/Our Logo.svg", content);
        project.run("build").await.ended(2).says(said);
        let told = project.run("--offline doctor").await.stdout;
        assert!(told.contains(said), "{told}");
    }
    std::fs::remove_file(project.path("brand/Our Logo.svg")).unwrap();
    project
        .run("build")
        .await
        .ended(2)
        .says("there is no logo `")
        .says("correct `logo` in the catalog");
    assert_eq!(project.requests().await.len(), 0);
}

#[tokio::test]
async fn an_archive_of_the_conference_brings_the_logo_along() {
    let project = with_logo().await;
    project.run("build").await.ended(0);
    project.run("cache export whole.zip --all").await.ended(0);
    let page = project.read("page/index.html");

    let other = Project::with_catalog("").await;
    std::fs::remove_file(other.path("catalog.toml")).unwrap();
    std::fs::copy(project.path("whole.zip"), other.path("whole.zip")).unwrap();
    other.run("cache import whole.zip").await.ended(0);
    other.run("render").await.ended(0);
    assert_eq!(
        shown(&other.read("page/index.html"), "src"),
        shown(&page, "src")
    );
}
