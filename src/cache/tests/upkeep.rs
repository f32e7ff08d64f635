//! The whole cache looked at: what is not as it should be, and what nothing needs.

use std::time::{Duration, SystemTime};

use super::*;
use crate::cache::prune::{Why, Worth};

impl Fixture {
    fn flaws(&self) -> String {
        let verified = self.cache.verify().unwrap();
        let here = self.folder.path();
        let lines = verified.findings.iter().map(|finding| {
            let path = finding.path.strip_prefix(here).unwrap();
            format!("{}: {}\n", path.display(), finding.flaw)
        });
        let lines: String = lines.collect();
        lines.replace(&here.display().to_string(), "cache")
    }

    fn unused(&self, listed: &[&str]) -> Vec<(String, Why, Worth)> {
        let listed = listed.iter().map(|id| TalkId::whole(id.parse().unwrap()));
        let unused = self.cache.unused(&listed.collect::<Vec<_>>()).unwrap();
        let shown = unused.iter().map(|file| {
            let name = file.path.file_name().unwrap().to_str().unwrap();
            let stage = name.split('-').next().unwrap();
            (stage.to_owned(), file.why, file.worth)
        });
        shown.collect()
    }
}

#[tokio::test]
async fn what_is_not_as_it_should_be_is_found() {
    let fixture = Fixture::new();
    fixture.keep_metadata("first").await;
    fixture.keep_transcript("words", Some(stamp())).await;
    fixture.keep_failure(Stage::Summary, "empty").await;
    fixture.keep(&request("a"), "reply").await;
    let shelf = fixture.cache.suggestion(&request("b")).unwrap();
    assert!(matches!(shelf, Lookup::Miss));
    let said = Reply::Excerpt("list".into());
    fixture
        .cache
        .keep_suggestion(&request("b"), said)
        .await
        .unwrap();
    let verified = fixture.cache.verify().unwrap();
    assert_eq!((verified.files, verified.findings.len()), (6, 0));

    let metadata = fs::read_to_string(&fixture.file("metadata-")).unwrap();
    replace(&fixture.file("transcript-"), "über alles", "unter allem");
    let right = fixture.file("metadata-");
    let right = right.file_name().unwrap().to_str().unwrap();
    fixture.write(&format!("../aaaaaaaaaaa/{right}"), &metadata);
    fixture.write("metadata-0123456789abcdef.json", &metadata);
    fixture.write("captions.json", "{\"version\": 1");
    fixture.write("summary-0123456789abcdef.json", "{\"version\": 7}");
    fixture.write("notes.txt", "the organizer's own");
    expect![[r#"
        aaaaaaaaaaa/metadata-0a4dd9800931f1a2.json: it is about `jAtrviDGpwE`, and lies in the folder `aaaaaaaaaaa`
        jAtrviDGpwE/captions.json: `cache/jAtrviDGpwE/captions.json` is damaged
        jAtrviDGpwE/metadata-0123456789abcdef.json: what it holds would be named `metadata-0a4dd9800931f1a2.json`
        jAtrviDGpwE/summary-0123456789abcdef.json: `cache/jAtrviDGpwE/summary-0123456789abcdef.json` was written by a later version of proceedings
        jAtrviDGpwE/transcript-0ce6a109bf942919.json: what it holds would be named `transcript-71d75c235cf74081.json`
    "#]].assert_eq(&fixture.flaws());
}

#[tokio::test]
async fn folders_that_differ_only_in_case_may_be_one() {
    let fixture = Fixture::new();
    fixture.keep_metadata("first").await;
    let shared = fixture.folder.path().join(VIDEO.to_lowercase());
    std::fs::rename(fixture.folder.path().join(VIDEO), shared).unwrap();
    assert_eq!(fixture.flaws(), "");
}

#[tokio::test]
async fn only_what_nothing_needs_is_unused() {
    let fixture = Fixture::new();
    fixture.keep_metadata("first").await;
    set_made_at(&fixture.file("metadata-"), "2026-01-01T00:00:00Z");
    fixture.keep_metadata("second").await;
    fixture.keep_transcript("old words", None).await;
    fixture.keep_transcript("new words", None).await;
    fixture.keep(&request("a"), "excerpt").await;
    let (paid, b) = (Reply::Model(json!({ "choices": [] })), request("b"));
    let keep = fixture
        .cache
        .keep_reply(&fixture.talk, Stage::Summary, &b, paid);
    keep.await.unwrap();
    fixture.write(".writing-young", "half");
    fixture.write(".writing-old", "half");
    let long_ago = SystemTime::now() - Duration::from_hours(2);
    let old = std::fs::File::options()
        .write(true)
        .open(fixture.path(".writing-old"));
    old.unwrap().set_modified(long_ago).unwrap();

    let superseded = [
        (".writing", Why::Unfinished, Worth::Free),
        ("metadata", Why::Superseded, Worth::Free),
        ("transcript", Why::Superseded, Worth::Free),
    ];
    let superseded = superseded.map(|(stage, why, worth)| (stage.to_owned(), why, worth));
    assert_eq!(fixture.unused(&[VIDEO]), superseded);
    let worth = |unused: Vec<(String, Why, Worth)>| {
        let paid = unused.iter().filter(|(.., worth)| *worth == Worth::Paid);
        (paid.count(), unused.len())
    };
    assert_eq!(worth(fixture.unused(&["aaaaaaaaaaa"])), (1, 8));
}

#[tokio::test]
async fn what_is_removed_leaves_no_empty_folder_and_nothing_else_is_touched() {
    let fixture = Fixture::new();
    fixture.keep_metadata("first").await;
    let other: VideoId = "aaaaaaaaaaa".parse().unwrap();
    fixture
        .cache
        .keep_metadata(&other, &metadata("other"))
        .await
        .unwrap();
    let unused = fixture.cache.unused(&[TalkId::whole(other)]).unwrap();
    fixture.cache.remove(&unused).unwrap();
    assert!(!fixture.folder.path().join(VIDEO).exists());
    assert!(fixture.folder.path().join("aaaaaaaaaaa").exists());
}
