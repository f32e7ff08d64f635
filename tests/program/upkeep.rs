//! `cache`: verified, pruned and passed on; and caches that earlier versions wrote.

use std::fs;
use std::path::Path;

use expect_test::expect;
use serde_json::Value;

use crate::project::{Project, SUMMARY, talks};

#[tokio::test]
async fn damage_is_found_and_named() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    project.run("build").await.ended(0);
    let sound = project.run("cache verify").await.ended(0);
    assert_eq!(sound.stdout, "12 files: all are in order\n");

    project.put("cache/rustyCache1/captions.json", "{ \"version\": 1, ");
    let ran = project.run("cache verify").await.ended(3);
    expect![[r#"
        `cache/rustyCache1/captions.json` is damaged: EOF while parsing a value at line 1 column 16
        12 files: one is damaged or in the wrong place; restore it from your repository, or move it away
    "#]]
    .assert_eq(&ran.stdout.replace('\\', "/"));
    let json = project.run("cache verify --json").await.ended(3);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["files"], 12);
    assert_eq!(json["findings"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_paid_for_goes_only_where_it_is_asked_for() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    project.run("build").await.ended(0);
    project
        .run("cache prune")
        .await
        .ended(0)
        .says("there is nothing to remove");

    project.catalog(&talks(&["kernelSched"]), &project.llm_table());
    let before = project.cached();
    let listed = project
        .run("cache prune")
        .await
        .ended(0)
        .says("replies that you paid for or imported stay: 2 files")
        .says("4 files, ")
        .says("`--yes` removes them");
    assert_eq!(listed.stdout.lines().count(), 4);
    assert_eq!(project.cached(), before);

    project.put(
        "other.toml",
        &project
            .read("catalog.toml")
            .replace("kernelSched", "rustyCache1"),
    );
    project
        .run("cache prune --yes --paid --used-by other.toml")
        .await
        .ended(0)
        .says("there is nothing to remove");

    project
        .run("cache prune --yes")
        .await
        .ended(0)
        .says("removed: 4 files");
    let left = [
        "kernelSched/captions.json",
        "kernelSched/category-*.json",
        "kernelSched/evidence-*.json",
        "kernelSched/metadata-*.json",
        "kernelSched/summary-*.json",
        "kernelSched/transcript-*.json",
    ];
    assert_eq!(project.cached().len(), 8);
    project
        .run("cache prune --yes --paid")
        .await
        .ended(0)
        .says("removed: 2 files");
    assert_eq!(project.cached(), left);
}

#[tokio::test]
async fn a_colleague_goes_on_where_the_archive_ends() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    project
        .run("cache export conference.zip")
        .await
        .ended(0)
        .says("6 files in conference.zip");
    let bare = "cache export bare.zip --without-transcripts";
    project.run(bare).await.ended(0).says("5 files in bare.zip");
    let page = project.read("page/page.md");

    let colleague = Project::with_talks(&["rustyCache1"]).await;
    fs::copy(
        project.path("conference.zip"),
        colleague.path("conference.zip"),
    )
    .unwrap();
    fs::copy(project.path("bare.zip"), colleague.path("bare.zip")).unwrap();
    colleague
        .run("cache import bare.zip")
        .await
        .ended(0)
        .says("5 files taken, 0 known already");
    colleague.run("render --strict").await.ended(0);
    assert_eq!(colleague.read("page/page.md"), page);
    colleague
        .run("cache import conference.zip")
        .await
        .ended(0)
        .says("1 file taken, 5 known already");
    colleague.run("build").await.ended(0);
    assert_eq!(
        (colleague.visits(), colleague.requests().await.len()),
        (0, 0)
    );

    colleague.put("no.zip", "no archive");
    colleague
        .run("cache import no.zip")
        .await
        .ended(1)
        .says("cannot read the archive `no.zip`: it is no ZIP file, or a damaged one")
        .says("`proceedings cache export`");
    colleague
        .run("cache import missing.zip")
        .await
        .ended(1)
        .says("cannot read `missing.zip`");
}

#[tokio::test]
async fn a_whole_conference_goes_into_an_archive_and_renders_where_it_arrives() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    let text = project.read("catalog.toml");
    let text = format!("cache = \"../{}\"\n{text}", "elsewhere/cache");
    project.put("conf/catalog.toml", &text);
    let prompt = include_str!("../../prompts/summary.hbs").replace("Be concrete", "Be brief");
    project.put("conf/prompts/summary.hbs", &prompt);
    project.put("conf/prompts/notes.txt", "mine");
    project.put("conf/templates/html/style.css", "body { color: teal }");
    project.put(
        "conf/captions/rustyCache1.txt",
        "A cache of our own. It is explained in words of our own.",
    );
    project
        .run("--catalog conf/catalog.toml build")
        .await
        .ended(0);
    project
        .run("--catalog conf/catalog.toml cache export whole.zip --all")
        .await
        .ended(0);
    let page = project.read("conf/page/index.html");

    let other = Project::with_catalog("").await;
    fs::remove_file(other.path("catalog.toml")).unwrap();
    fs::copy(project.path("whole.zip"), other.path("whole.zip")).unwrap();
    other
        .run("cache import whole.zip")
        .await
        .ended(0)
        .says("catalog.toml came out of the archive; read it before you build");
    assert!(!other.read("catalog.toml").contains("elsewhere"));
    assert_eq!(other.read("prompts/summary.hbs"), prompt);
    assert!(!other.path("prompts/notes.txt").exists());
    assert!(other.path("captions/rustyCache1.txt").exists());
    other.run("render --strict").await.ended(0);
    assert_eq!(other.read("page/index.html"), page);
    assert!(page.contains("teal"));

    // The same once more is known; after a loss, what is missing comes again.
    fs::remove_file(other.path("prompts/summary.hbs")).unwrap();
    other.run("cache import whole.zip").await.ended(0);
    assert_eq!(other.read("prompts/summary.hbs"), prompt);

    // What is here is not written over.
    let mine = other
        .read("catalog.toml")
        .replace("title = ", "title = \"Mine\" #");
    other.put("catalog.toml", &mine);
    fs::remove_file(other.path("prompts/summary.hbs")).unwrap();
    let listed = other.run("cache import whole.zip --list").await.ended(0);
    assert!(
        listed
            .stdout
            .contains("prompts/summary.hbs\tarchive -\there -\tit belongs to another catalog")
    );
    other
        .run("cache import whole.zip")
        .await
        .ended(0)
        .says("you have another catalog than the archive; `--force` takes the archive's");
    assert_eq!(other.read("catalog.toml"), mine);
    assert!(!other.path("prompts/summary.hbs").exists());

    other
        .run("cache import whole.zip --force")
        .await
        .ended(0)
        .says("1 file replaced, as `--force` asks for");
    assert_eq!(other.read("catalog.toml.bak"), mine);
    assert_eq!(other.read("prompts/summary.hbs"), prompt);
    other.run("render --strict").await.ended(0);
    assert_eq!(other.read("page/index.html"), page);
}

#[tokio::test]
async fn an_archive_brings_nothing_out_of_its_folder() {
    let bring = |files: &[(&str, &str)]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in files {
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(*name, options).unwrap();
            std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let catalog = "title = \"T\"\ntalks = [\"rustyCache1\"]\n";
    let project = Project::with_catalog("").await;
    fs::remove_file(project.path("catalog.toml")).unwrap();
    let import = async |files: &[(&str, &str)]| {
        fs::write(project.path("a.zip"), bring(files)).unwrap();
        project
            .run("--catalog in/catalog.toml cache import a.zip")
            .await
    };
    for key in [
        "cache = \"../cache\"",
        "cache = \"captions\"",
        "[fetch]\ncaptions = \"~/captions\"",
        "[fetch]\ncaptions = \"cache\"",
        "[fetch]\ncaptions = \"../in/captions\"",
    ] {
        let text = format!("{catalog}{key}\n");
        import(&[
            ("conference/catalog.toml", &text),
            ("conference/captions/rustyCache1.vtt", "WEBVTT"),
        ])
        .await
        .ended(1)
        .says("the catalog in the archive keeps its c")
        .says("nothing was taken");
        assert!(!project.path("in").exists(), "{key}");
    }
    import(&[("conference/catalog.toml", "title = ")])
        .await
        .ended(1)
        .says("the catalog in the archive cannot be used");
    let files = [
        ("conference/catalog.toml", catalog),
        ("conference/captions/../../evil.vtt", "WEBVTT"),
        ("conference/run.sh", "echo"),
        ("conference/captions/rustyCache1.vtt", "WEBVTT"),
        ("conference/captions/RUSTYCACHE1.vtt", "WEBVTT of another"),
    ];
    let listed = project
        .run("--catalog in/catalog.toml cache import a.zip --list")
        .await
        .ended(1);
    listed.says("the catalog in the archive cannot be used");
    import(&files)
        .await
        .ended(3)
        .says("not taken: captions/RUSTYCACHE1.vtt")
        .says("not taken: captions/../../evil.vtt")
        .says("not taken: run.sh");
    assert!(project.path("in/captions/rustyCache1.vtt").exists());
    assert!(!project.path("in/evil.vtt").exists() && !project.path("evil.vtt").exists());

    // Nothing comes in over what is here, be there a catalog or not, or over a link that leads away.
    fs::remove_file(project.path("in/catalog.toml")).unwrap();
    project.put("in/captions/rustyCache1.vtt", "mine");
    let stays = import(&files).await.ended(3);
    stays.says("1 file not taken, since what is here stays");
    assert_eq!(project.read("in/captions/rustyCache1.vtt"), "mine");
    fs::remove_dir_all(project.path("in")).unwrap();
    #[cfg(unix)]
    {
        fs::create_dir_all(project.path("in")).unwrap();
        fs::create_dir_all(project.path("away")).unwrap();
        std::os::unix::fs::symlink(project.path("away"), project.path("in/captions")).unwrap();
        import(&files).await.ended(3).says("which is elsewhere");
        assert!(!project.path("away/rustyCache1.vtt").exists());
        fs::remove_dir_all(project.path("in")).unwrap();
    }
    import(&[("rustyCache1/nothing.json", "{}")])
        .await
        .ended(2)
        .says("there is no in/catalog.toml, and the archive brings no catalog")
        .says("`proceedings cache export --all`");
}

#[tokio::test]
async fn an_empty_cache_is_not_exported() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project
        .run("cache export empty.zip")
        .await
        .ended(1)
        .says("nothing of these talks is cached, so no archive was written");
    assert!(!project.path("empty.zip").exists());
}

/// A cache of every version that was ever released stands in `tests/fixtures/caches`. What was paid
/// for then is read, and shown, for ever; the folders are never changed.
#[tokio::test]
async fn a_cache_of_every_version_is_read() {
    let caches = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/caches");
    for version in ["1"] {
        let project = Project::with_catalog("").await;
        copy(&caches.join(version), &project.path("."));
        let verified = project.run("cache verify").await.ended(0);
        assert!(verified.stdout.ends_with("all are in order\n"));

        let json = "render --format markdown --output -";
        let page = project.run(json).await.ended(3).stdout;
        for words in [
            SUMMARY[0],
            SUMMARY[1],
            "Systems",
            "How rustyCache1 was made &amp; measured",
        ] {
            assert!(page.contains(words), "`{words}` is not in:\n{page}");
        }
        assert_eq!(page.matches(SUMMARY[0]).count(), 2, "{page}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
