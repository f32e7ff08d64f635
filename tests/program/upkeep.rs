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
    assert_eq!(sound.stdout, "10 files: all is as it should be\n");

    project.put("cache/rustyCache1/captions.json", "{ \"version\": 1, ");
    let ran = project.run("cache verify").await.ended(3);
    expect![[r#"
        `cache/rustyCache1/captions.json` is damaged: EOF while parsing a value at line 1 column 16
        10 files: one is not as it should be; restore it from your repository, or move it away
    "#]]
    .assert_eq(&ran.stdout.replace('\\', "/"));
    let json = project.run("cache verify --json").await.ended(3);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["files"], 10);
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
        .says("nothing is to be removed");

    project.catalog(&talks(&["kernelSched"]), &project.llm_table());
    let before = project.cached();
    let listed = project
        .run("cache prune")
        .await
        .ended(0)
        .says("what was paid for or imported stays: 2 files")
        .says("3 files, ")
        .says("`--yes` removes them");
    assert_eq!(listed.stdout.lines().count(), 3);
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
        .says("nothing is to be removed");

    project
        .run("cache prune --yes")
        .await
        .ended(0)
        .says("removed: 3 files");
    let left = [
        "kernelSched/captions.json",
        "kernelSched/category-*.json",
        "kernelSched/metadata-*.json",
        "kernelSched/summary-*.json",
        "kernelSched/transcript-*.json",
    ];
    assert_eq!(project.cached().len(), 7);
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
        .says("5 files in conference.zip");
    let bare = "cache export bare.zip --without-transcripts";
    project.run(bare).await.ended(0).says("4 files in bare.zip");
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
        .says("4 files taken, 0 known already");
    colleague.run("render --strict").await.ended(0);
    assert_eq!(colleague.read("page/page.md"), page);
    colleague
        .run("cache import conference.zip")
        .await
        .ended(0)
        .says("1 file taken, 4 known already");
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
        .says("the archive `no.zip` cannot be read")
        .says("`proceedings cache export`");
    colleague
        .run("cache import missing.zip")
        .await
        .ended(1)
        .says("cannot read `missing.zip`");
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
        assert!(verified.stdout.ends_with("all is as it should be\n"));

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
