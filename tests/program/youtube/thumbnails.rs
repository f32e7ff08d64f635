//! Pictures of a page's own: fetched through the proxy and with the trust that the environment
//! names, once a video.

use super::{AT_ONCE, Conference, video};
use crate::project::Ran;

const LOCAL: &str = "thumbnails = \"local\"\n";
/// Two halves of a recording, another one, and one that is not there.
const TALKS: &str = r#"[
    { id = "oneOfManys1", end = "0:30" }, { id = "oneOfManys1", start = "0:30" },
    "oneOfManys2", "notThere___",
]"#;

impl Conference {
    /// Writes the catalog anew, with these lines at its top.
    fn catalog_beginning(&self, head: &str, talks: &str) {
        self.catalog(talks, "", AT_ONCE);
        let catalog = self.project.read("catalog.toml");
        self.project
            .put("catalog.toml", &format!("{head}{catalog}"));
    }

    /// Runs the program, which may fetch pictures too.
    async fn run_with_pictures(&self, arguments: &str) -> Ran {
        let mut command = self.project.command(arguments);
        command.envs(self.youtube.environment());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        self.project.ran(&output.await.unwrap())
    }

    fn pictures(&self, video: &str) -> usize {
        self.youtube.count(video, "thumbnail")
    }

    /// The pictures that the page links to, each of them there.
    #[track_caller]
    fn linked(&self, page: &str) -> Vec<String> {
        let page = self.project.read(page);
        let links = page.split("src=\"").skip(1);
        let links = links.map(|rest| rest.split('"').next().unwrap().to_owned());
        let links: Vec<String> = links.collect();
        for link in &links {
            let path = self.project.path(&format!("page/{link}"));
            let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{link}: {error}"));
            assert!(bytes.starts_with(b"RIFF") && &bytes[8..12] == b"WEBP");
            assert!(bytes.len() < 25_000);
        }
        links
    }
}

#[tokio::test]
async fn each_video_is_asked_for_its_picture_once_and_the_page_brings_it_along() {
    let Some(conference) = Conference::of(&[video("oneOfManys1"), video("oneOfManys2")]).await
    else {
        return;
    };
    conference.catalog_beginning(LOCAL, TALKS);
    let ran = conference.run_with_pictures("build").await.ended(3);
    let ran = ran.says("thumbnails 2 new, 1 missing");
    ran.says("no picture of notThere___: YouTube has none");
    assert_eq!(conference.pictures("oneOfManys1"), 1);
    assert_eq!(conference.pictures("oneOfManys2"), 1);
    let linked = conference.linked("page/page.md");
    assert_eq!(linked.len(), 3, "{linked:?}");
    assert_eq!(linked[0], linked[1]);

    let page = conference.project.read("page/page.md");
    let again = conference.run_with_pictures("build").await.ended(3);
    assert!(!again.stderr.contains("thumbnails"), "{}", again.stderr);
    assert_eq!(conference.pictures("oneOfManys1"), 1);
    assert_eq!(conference.project.read("page/page.md"), page);
}

#[tokio::test]
async fn without_a_network_the_page_has_the_pictures_that_are_kept_and_says_what_it_lacks() {
    let Some(conference) = Conference::of(&[video("oneOfManys1"), video("oneOfManys2")]).await
    else {
        return;
    };
    conference.catalog_beginning(LOCAL, r#"["oneOfManys1", "oneOfManys2"]"#);
    let ran = conference
        .run_with_pictures("fetch --only oneOfManys1")
        .await;
    ran.ended(0).says("thumbnails 1 new, 0 missing");
    for command in ["render", "build --offline"] {
        let ran = conference.project.run(command).await.ended(3);
        let ran = ran.says("thumbnails 1 not in the cache");
        assert_eq!(
            ran.stderr.matches("thumbnails").count(),
            1,
            "{}",
            ran.stderr
        );
        assert_eq!(conference.linked("page/page.md").len(), 1);
    }
    assert_eq!(conference.pictures("oneOfManys2"), 0);
}

#[tokio::test]
async fn pictures_are_fetched_again_with_what_else_youtube_says_and_only_where_they_are_wanted() {
    let Some(conference) = Conference::of(&[video("oneOfManys1")]).await else {
        return;
    };
    conference.catalog_beginning("", r#"["oneOfManys1"]"#);
    conference.run_with_pictures("fetch").await.ended(0);
    assert_eq!(conference.pictures("oneOfManys1"), 0);
    conference.catalog_beginning(LOCAL, r#"["oneOfManys1"]"#);
    conference.run_with_pictures("fetch").await.ended(0);
    conference.run_with_pictures("summarize").await.ended(0);
    conference.run_with_pictures("render").await.ended(0);
    assert_eq!(conference.pictures("oneOfManys1"), 1);
    let again = conference.run_with_pictures("fetch --redo metadata").await;
    again.ended(0).says("thumbnails 1 new");
    assert_eq!(conference.pictures("oneOfManys1"), 2);

    conference.catalog_beginning("thumbnails = \"none\"\n", r#"["oneOfManys1"]"#);
    conference
        .project
        .run("render --format markdown classic")
        .await;
    assert!(conference.linked("page/page.md").is_empty());
    assert!(!conference.project.path("page/thumbnails").exists());
    let classic = conference.project.read("page/classic.md");
    assert!(classic.contains("https://img.youtube.com/vi/oneOfManys1/0.jpg"));
}
