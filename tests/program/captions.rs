//! Caption files of the organizer's: under any name, without `YouTube`, and matched by title.

use std::fs;

use crate::project::{Project, SUMMARY};

const SPOKEN: &str =
    "WEBVTT\n\n00:01.000 --> 00:04.000\nA cache of our own, explained in words of our own.\n";

/// A catalog that knows its titles, with more settings under `[fetch]`.
fn catalog(project: &Project, fetch: &str) {
    let llm = project.llm_table();
    let categories = crate::project::CATEGORIES;
    project.put(
        "catalog.toml",
        &format!(
            r#"title = "Test Conf"
talks = [
  {{ id = "rustyCache1", title = "Caches that explain themselves", speakers = ["Ada Quill"] }},
  {{ id = "kernelSched", title = "Schedulers, a love story" }}, # Ben
]
{categories}
{llm}
[fetch]
yt_dlp = "./there-is-none"
{fetch}"#
        ),
    );
}

#[tokio::test]
async fn files_without_a_talk_and_talks_without_their_file_are_told() {
    let project = Project::with_catalog("").await;
    catalog(&project, "");
    project.put("captions/rustyCache1.vtt", SPOKEN);
    project.put("captions/kernelSched.vtt", SPOKEN);
    project.put("captions/Somebody else.vtt", SPOKEN);
    let told = "1 caption file belongs to no talk: `Somebody else.vtt`";
    project.run("build").await.ended(0).says(told);
    let ran = project.run("doctor --json").await;
    assert!(ran.stdout.contains(told), "{}", ran.stdout);

    catalog(
        &project,
        "[fetch.caption_files]\nrustyCache1 = \"gone.vtt\"\n",
    );
    let ran = project.run("doctor --json").await;
    assert!(
        ran.stdout.contains("the catalog names them: gone.vtt"),
        "{}",
        ran.stdout
    );
}

/// Parts without captions have no words of their own, and the recording's description is no part's.
#[tokio::test]
async fn parts_of_a_recording_share_no_excerpt() {
    let project = Project::with_catalog("").await;
    project.put(
        "catalog.toml",
        r#"title = "Test Conf"
talks = [
  { id = "rustyCache1", start = "0:00", end = "1:00", title = "The first part" },
  { id = "rustyCache1", start = "0:30", end = "9:00", title = "The second part" },
  { id = "rustyCache1", start = "2:00", end = "3:00", title = "Within", abstract = "Caches within caches are told of in words that are this part's own and nobody else's." },
]
[fetch]
yt_dlp = "./there-is-none"
"#,
    );
    project.put("captions/rustyCache1.vtt", SPOKEN);
    let ran = project.run("build").await.ended(3);
    ran.says("there are no words between `start` and `end` of the talk")
        .says("next: check `start` and `end`");
    let page = project.read("page/page.md");
    // Without its stop it is quoted as the place where it is said.
    assert_eq!(page.matches("words of our own.").count(), 1, "{page}");
    let ran = project.run("check --kind times").await.ended(3);
    assert!(ran.stdout.contains("it ends at 0:09:00"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("it ends at 0:01:00"), "{}", ran.stdout);
}

#[tokio::test]
async fn files_of_any_name_make_a_page_without_youtube_and_without_yt_dlp() {
    let project = Project::with_catalog("").await;
    catalog(
        &project,
        "[fetch.caption_files]\nrustyCache1 = \"day 1/Keynote – Ä. Quill.VTT\"\n",
    );
    project.put("captions/day 1/Keynote – Ä. Quill.VTT", SPOKEN);
    project.put("captions/Schedulers [kernelSched].en.vtt", SPOKEN);
    let mut command = project.command("build");
    command
        .env("PATH", "")
        .env("HTTPS_PROXY", "http://127.0.0.1:9");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await;
    project.ran(&output.unwrap()).ended(0);

    assert_eq!(project.visits(), 0);
    assert_eq!(project.requests().await.len(), 4);
    let page = project.read("page/page.md");
    for shown in [
        "Caches that explain themselves",
        "Ada Quill",
        "Schedulers, a love story",
        SUMMARY[1],
        "## Systems",
    ] {
        assert!(page.contains(shown), "{shown} is not in:\n{page}");
    }
    assert!(
        project
            .cached()
            .iter()
            .all(|file| !file.contains("metadata"))
    );
}

#[tokio::test]
async fn a_file_that_the_catalog_names_and_that_is_not_there_costs_its_talk() {
    let project = Project::with_catalog("").await;
    catalog(
        &project,
        "[fetch.caption_files]\nrustyCache1 = \"Keynot – Quill.vtt\"\n",
    );
    project.put("captions/Keynote – Quill.vtt", SPOKEN);
    project.put("captions/kernelSched.srt", SPOKEN);
    let ran = project.run("build").await.ended(3);
    let ran = ran
        .says("the catalog names the caption file `Keynot – Quill.vtt`, and there is no such file; did you mean `Keynote – Quill.vtt`?")
        .says("put the file into the captions folder, or correct `[fetch.caption_files]`");
    assert!(!ran.stderr.contains("kernelSched  "), "{}", ran.stderr);
    assert_eq!(project.requests().await.len(), 2);

    project.put("captions/Keynot – Quill.vtt", SPOKEN);
    project.run("build").await.ended(0);
    // The page needs the cache alone.
    fs::remove_dir_all(project.path("captions")).unwrap();
    project.run("render").await.ended(0);
}

#[tokio::test]
async fn of_several_files_the_plain_one_comes_first_then_the_language_of_the_catalog() {
    let project = Project::with_catalog("").await;
    catalog(&project, "");
    project.put("captions/kernelSched.vtt", SPOKEN);
    let put = |name: &str, word: &str| project.put(name, &SPOKEN.replace("cache", word));
    put("captions/rustyCache1.de.vtt", "german");
    put("captions/Caches [rustyCache1].en-GB.vtt", "english");
    let spoken = async |word: &str| {
        project.run("build").await.ended(0);
        let asked = project.requests().await;
        let is_it = |body: &&serde_json::Value| body.to_string().contains(&format!("A {word} of"));
        assert!(asked.iter().any(|body| is_it(&body)), "{word}");
    };
    spoken("english").await;
    put("captions/rustyCache1.txt", "plain");
    spoken("plain").await;
}

#[tokio::test]
async fn proposals_are_printed_and_kept_where_that_is_asked_for() {
    let project = Project::with_catalog("").await;
    catalog(&project, "");
    project.put(
        "captions/03_Quill__Caches that explain themselves (final).vtt",
        SPOKEN,
    );
    project.put(
        "captions/03_Quill__Caches that explain themselves (final).de.vtt",
        SPOKEN,
    );
    project.put("captions/Green room.txt", SPOKEN);
    project.put("captions/notes.md", "no captions");
    let before = project.read("catalog.toml");

    let ran = project.run("captions match").await.ended(0);
    let table = "[fetch.caption_files]\nrustyCache1 = \"03_Quill__Caches that explain themselves (final).vtt\"  # ";
    assert!(ran.stdout.starts_with(table), "{}", ran.stdout);
    ran.says("these files match no title, or several; name them in the catalog yourself:\n  Green room.txt\n")
        .says("talks without a caption file:\n  kernelSched  Schedulers, a love story\n")
        .says("`--write` keeps them in catalog.toml");
    assert_eq!(project.read("catalog.toml"), before);

    project.run("captions match --write").await.ended(0);
    let after = project.read("catalog.toml");
    assert!(after.starts_with(before.trim_end()), "{after}");
    assert!(
        after.ends_with("(final).vtt\"  # Caches that explain themselves\n"),
        "{after}"
    );
    assert_eq!(project.read("catalog.toml.bak"), before);

    fs::rename(
        project.path("captions/Green room.txt"),
        project.path("captions/kernelSched.txt"),
    )
    .unwrap();
    project
        .run("captions match --yes")
        .await
        .ended(0)
        .says("every caption file in captions belongs to a talk");
    project.run("build").await.ended(0);
}

#[tokio::test]
async fn titles_that_a_visit_has_brought_are_matched_too() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    project.put("captions/How rustyCache1 was made and measured.srt", SPOKEN);
    let ran = project.run("captions match").await.ended(0);
    assert_eq!(ran.stdout, "");
    ran.says("first run `proceedings fetch`, or write the titles into the catalog; talks whose titles are not known: rustyCache1, kernelSched");

    project.run("fetch --only rustyCache1").await.ended(0);
    project
        .run("captions match --yes")
        .await
        .ended(0)
        .says("titles are not known: kernelSched");
    project.run("build").await.ended(0);
    let spoken = project
        .requests()
        .await
        .iter()
        .any(|body| body.to_string().contains("explained in words of our own"));
    assert!(spoken);
}
