//! A page a talk: where it is, what it shows, what goes again, and whose words stay off every file.

use std::fs;
use std::path::PathBuf;

use scraper::{Html, Selector};

use crate::project::Project;

/// Talks that need neither a visit nor a model; one is a part of a recording, and the ids of two differ
/// in case alone.
const TALKS: &str = r#"
  { id = "-firstTalk1", title = "Caches for Everybody", speakers = ["A. Name"], date = "2026-06-12" },
  { id = "wholeDay_01", start = "1:00:00", end = "1:30:00", title = "Keys", summary = "One. Two.", date = "2026-06-12" },
  { id = "sameLetters", title = "Upper", summary = "One. Two.", date = "2026-06-12" },
  { id = "SAMELETTERS", title = "Lower", summary = "One. Two.", date = "2026-06-12" },
"#;

const CAPTIONS: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:09.000\nEvery cache needs an owner and a clock.\n\n\
    00:00:15.000 --> 00:00:19.000\nA stale zebra is worse than a slow answer, as everybody in the team has seen by now.\n\n\
    00:01:40.000 --> 00:01:49.000\nSo the keys are made of all that there is.\n";

/// A conference whose talks have pages and captions.
async fn conference() -> Project {
    let project = Project::with_catalog("").await;
    with_talks(&project, TALKS);
    project.put("captions/-firstTalk1.vtt", CAPTIONS);
    project.put(
        "captions/wholeDay_01.vtt",
        "WEBVTT\n\n00:10:00.000 --> 00:10:09.000\nThis is another talk.\n\n\
         01:02:30.000 --> 01:02:39.000\nThis is the talk about keys.\n",
    );
    project
}

fn with_talks(project: &Project, talks: &str) {
    let head = "title = \"Test Conf\"\npages = true\ntranscripts = true\nurl = \"https://conf.example/2026/\"\n";
    let formats = "formats = [\"html\", \"markdown\", \"json\", \"feed\", \"csv\", \"classic\"]\n";
    project.put(
        "catalog.toml",
        &format!("{head}{formats}talks = [{talks}]\n"),
    );
}

/// All files under a folder, by their paths from the project.
fn files(project: &Project, folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(project.path(folder))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            files.extend(self::files(project, &name));
        } else {
            files.push((name.clone(), project.read(&name)));
        }
    }
    files.sort();
    files
}

fn pages(project: &Project) -> Vec<String> {
    let pages = files(project, "page/talk").into_iter();
    pages.map(|(path, _)| path).collect()
}

#[tokio::test]
async fn each_talk_has_a_page_and_its_title_leads_there() {
    let project = conference().await;
    let ran = project.run("--offline build").await.ended(0);
    ran.says("wrote 4 pages of talks in page/talk");
    let expected = [
        "page/talk/-firstTalk1/index.html",
        "page/talk/53414d454c455454455253/index.html",
        "page/talk/73616d654c657474657273/index.html",
        "page/talk/wholeDay_01.3600/index.html",
    ];
    assert_eq!(pages(&project), expected);
    let index = project.read("page/index.html");
    assert!(index.contains("<h3 dir=\"auto\"><a href=\"talk/-firstTalk1/index.html\""));
    assert!(index.contains("href=\"talk/wholeDay_01.3600/index.html\""));
    let printed = project
        .run("render --format html --output -")
        .await
        .ended(0);
    assert!(!printed.stdout.contains("href=\"talk/"));

    let page = Html::parse_document(&project.read("page/talk/-firstTalk1/index.html"));
    let select = |selector: &str| {
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector)
            .next()
            .unwrap_or_else(|| panic!("{selector:?}"))
    };
    let text = |selector: &str| select(selector).text().collect::<String>();
    assert_eq!(text("h1"), "Caches for Everybody");
    assert_eq!(text(".speakers"), "A. Name");
    assert_eq!(
        text("[id='t=1']"),
        "0:01 Every cache needs an owner and a clock. A stale zebra is worse than a slow answer, \
         as everybody in the team has seen by now."
    );
    let moment = select("[id='t=100'] a").attr("href").unwrap();
    assert_eq!(moment, "https://www.youtube.com/watch?v=-firstTalk1&t=100s");
    let canonical = select("link[rel=canonical]").attr("href").unwrap();
    assert_eq!(canonical, "https://conf.example/2026/talk/-firstTalk1/");
    assert_eq!(
        select("a[rel=next]").attr("href").unwrap(),
        "../wholeDay_01.3600/index.html"
    );
    assert_eq!(
        select(".home a").attr("href").unwrap(),
        "../../index.html#talk.-firstTalk1"
    );
    let data = text("script[type='application/ld+json']");
    assert!(
        data.contains("\"uploadDate\":\"2026-06-12T00:00:00Z\""),
        "{data}"
    );

    let part = project.read("page/talk/wholeDay_01.3600/index.html");
    assert!(part.contains("the talk about keys") && !part.contains("another talk"));
}

#[tokio::test]
async fn what_would_be_the_same_stays_and_what_no_talk_has_goes_if_it_is_ours() {
    let project = conference().await;
    project.run("--offline build").await.ended(0);
    let first = "page/talk/-firstTalk1/index.html";
    let modified = || {
        fs::metadata(project.path(first))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = (modified(), files(&project, "page"));
    project
        .run("--offline build")
        .await
        .ended(0)
        .says("page/talk is up to date");
    assert_eq!((modified(), files(&project, "page")), before);

    project.put("page/talk/mine/index.html", "mine");
    project.put("page/talk/othersVideo/index.html", "somebody else's");
    let changed = "page/talk/wholeDay_01.3600/index.html";
    let edited = project.read(changed) + "<p>By hand.</p>";
    project.put(changed, &edited);
    with_talks(
        &project,
        "{ id = \"sameLetters\", title = \"Upper\", summary = \"One. Two.\" }",
    );
    let ran = project.run("--offline build").await.ended(0);
    ran.says("removed page/talk/-firstTalk1/index.html, since no talk has this page any more")
        .says("page/talk/wholeDay_01.3600/index.html stays, although")
        .says("wrote 1 page of talks");
    let expected = [
        "page/talk/mine/index.html",
        "page/talk/othersVideo/index.html",
        "page/talk/sameLetters/index.html",
        changed,
    ];
    assert_eq!(pages(&project), expected);
    assert!(!project.path("page/talk/-firstTalk1").exists());

    // Where the note on what was written is lost, a page says itself whose it is.
    fs::remove_dir_all(project.path("cache/.locks")).unwrap();
    let catalog = project.read("catalog.toml").replace("pages = true\n", "");
    project.put("catalog.toml", &catalog);
    project.run("--offline build").await.ended(0);
    assert_eq!(pages(&project), expected[..2]);
}

#[tokio::test]
async fn a_page_takes_the_place_of_nothing_that_others_have_written() {
    let project = conference().await;
    project.put("page/talk/-firstTalk1/index.html", "mine");
    let ran = project.run("--offline build").await.ended(1);
    ran.says("`page/talk/-firstTalk1/index.html` was not written by this program");
    assert_eq!(pages(&project), ["page/talk/-firstTalk1/index.html"]);
    project.run("--offline render --format markdown").await;
    project.run("--offline build --force").await.ended(0);
    assert!(
        project
            .read("page/talk/-firstTalk1/index.html")
            .contains("zebra")
    );
}

#[tokio::test]
async fn words_that_are_not_to_be_published_are_in_no_file() {
    let project = conference().await;
    let holders = || {
        let files = ["page", "site"].map(|folder| files(&project, folder));
        let holding = files.into_iter().flatten().filter(|(_, text)| {
            ["zebra", "owner and a clock", "made of all"]
                .iter()
                .any(|words| text.contains(words))
        });
        let paths = holding.map(|(path, _)| path);
        paths.collect::<Vec<_>>()
    };
    project.run("--offline build").await.ended(0);
    project.run("site .").await.ended(0);
    assert!(holders().len() > 6, "{:?}", holders());

    let private = TALKS.replacen("title =", "transcript = false, title =", 1);
    with_talks(&project, &private);
    // A talk whose words are not told lacks a summary until somebody writes one.
    for step in ["render", "build", "render"] {
        project.run(&format!("--offline {step}")).await;
        project.run("site .").await;
        assert_eq!(holders(), Vec::<String>::new(), "after {step}");
    }
    let page = project.read("page/talk/-firstTalk1/index.html");
    assert!(page.contains("Caches for Everybody") && !page.contains("talk.transcript"));

    with_talks(&project, TALKS);
    project.run("--offline build").await.ended(0);
    assert!(!holders().is_empty());
    with_talks(
        &project,
        &TALKS.replacen("title =", "hide = true, title =", 1),
    );
    project.run("--offline build").await.ended(0);
    project.run("site .").await.ended(0);
    assert_eq!(holders(), Vec::<String>::new());
    assert!(!project.path("page/talk/-firstTalk1").exists());
    assert!(!project.path("site/test-conf/talk/-firstTalk1").exists());
}

#[tokio::test]
async fn a_talk_without_its_transcript_has_a_page_that_is_made_whole_later() {
    let project = conference().await;
    project.run("--offline build").await.ended(0);
    let path = "page/talk/-firstTalk1/index.html";
    let page = project.read(path);
    let cached = fs::read_dir(project.path("cache/-firstTalk1")).unwrap();
    let mut cached = cached.map(|file| file.unwrap().path());
    let is_transcript = |path: &PathBuf| path.to_str().unwrap().contains("/transcript-");
    let transcript = cached.find(is_transcript).unwrap();
    let aside = project.path("aside.json");
    fs::rename(&transcript, &aside).unwrap();
    fs::remove_dir_all(project.path("page")).unwrap();
    let ran = project.run("render").await;
    ran.says("the page of -firstTalk1 is without its transcript");
    assert!(!project.read(path).contains("talk.transcript"));
    fs::rename(&aside, &transcript).unwrap();
    project.run("render").await.ended(0);
    assert_eq!(project.read(path), page);
}

#[tokio::test]
async fn the_pages_of_a_conference_leave_a_site_with_it() {
    let project = conference().await;
    project.run("--offline fetch").await;
    fs::create_dir(project.path("other")).unwrap();
    let catalog = "title = \"Other\"\ntalks = [{ id = \"otherTalk_1\", title = \"T\", summary = \"One. Two.\" }]\n";
    project.put("other/catalog.toml", catalog);
    project.run("site . other").await.ended(0);
    let page = project.read("site/test-conf/talk/-firstTalk1/index.html");
    assert!(page.contains("href=\"../../index.html#talk.-firstTalk1\""));
    project.run("site . other").await.ended(0);
    project.run("site other").await.ended(0);
    assert!(!project.path("site/test-conf").exists());
}
