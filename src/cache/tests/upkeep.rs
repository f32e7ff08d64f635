//! The whole cache looked at: what is not as it should be, and what nothing needs.

use super::*;
use crate::cache::prune::{UnusedReason, Worth};

impl Fixture {
    pub(super) fn flaws(&self) -> String {
        let verified = self.cache.verify(now()).unwrap();
        let here = self.folder.path();
        let lines = verified.findings.iter().map(|finding| {
            let path = finding.path.strip_prefix(here).unwrap();
            format!("{}: {}\n", path.display(), finding.flaw)
        });
        let lines: String = lines.collect();
        let lines = lines.replace(&here.display().to_string(), "cache");
        lines.replace(std::path::MAIN_SEPARATOR, "/")
    }

    /// The same cache in the hands of another process.
    fn pruner(&self) -> Cache {
        Cache::new(self.folder.path().to_owned())
    }

    fn unused(&self, listed: &[&str]) -> Vec<(String, UnusedReason, Worth)> {
        let listed = listed.iter().map(|id| TalkId::whole(id.parse().unwrap()));
        let unused = self.cache.find_unused(&listed.collect::<Vec<_>>()).unwrap();
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
    let snapshot = fixture
        .cache
        .reply(Owner::AllTalks, Stage::Suggestion, &request("b"))
        .unwrap();
    assert!(matches!(snapshot, Lookup::Miss));
    let said = Reply::Excerpt("list".into());
    fixture
        .cache
        .keep_reply(Owner::AllTalks, Stage::Suggestion, &request("b"), said)
        .await
        .unwrap();
    let verified = fixture.cache.verify(now()).unwrap();
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
        aaaaaaaaaaa/metadata-0a4dd9800931f1a2.json: it is about `jAtrviDGpwE`, but it is in the folder `aaaaaaaaaaa`
        jAtrviDGpwE/captions.json: `cache/jAtrviDGpwE/captions.json` is damaged
        jAtrviDGpwE/metadata-0123456789abcdef.json: its content belongs under the name `metadata-0a4dd9800931f1a2.json`
        jAtrviDGpwE/summary-0123456789abcdef.json: `cache/jAtrviDGpwE/summary-0123456789abcdef.json` was written by a later version of proceedings
        jAtrviDGpwE/transcript-0ce6a109bf942919.json: its content belongs under the name `transcript-71d75c235cf74081.json`
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
        .keep_reply(Owner::Talk(&fixture.talk), Stage::Summary, &b, paid);
    keep.await.unwrap();

    let superseded = [
        ("metadata", UnusedReason::Superseded, Worth::Free),
        ("transcript", UnusedReason::Superseded, Worth::Free),
    ];
    let superseded = superseded.map(|(stage, why, worth)| (stage.to_owned(), why, worth));
    assert_eq!(fixture.unused(&[VIDEO]), superseded);
    let worth = |unused: Vec<(String, UnusedReason, Worth)>| {
        let paid = unused.iter().filter(|(.., worth)| *worth == Worth::Paid);
        (paid.count(), unused.len())
    };
    assert_eq!(worth(fixture.unused(&["aaaaaaaaaaa"])), (1, 7));
}

#[tokio::test]
async fn what_is_removed_leaves_no_empty_folder_and_nothing_else_is_touched() {
    let mut fixture = Fixture::new();
    fixture.keep_metadata("first").await;
    let other: VideoId = "aaaaaaaaaaa".parse().unwrap();
    fixture
        .cache
        .keep_metadata(&other, &metadata("other"))
        .await
        .unwrap();
    let listed = [TalkId::whole(other)];
    let unused = fixture.cache.find_unused(&listed).unwrap();
    let busy = fixture.pruner().remove(unused.clone(), &listed);
    assert!(matches!(busy, Err(CacheError::Busy)), "{busy:?}");
    assert!(fixture.folder.path().join(VIDEO).exists());
    fixture.cache = fixture.pruner();
    let removed = fixture.cache.remove(unused.clone(), &listed).unwrap();
    assert_eq!(removed, unused);
    assert!(!fixture.folder.path().join(VIDEO).exists());
    assert!(fixture.folder.path().join("aaaaaaaaaaa").exists());
}

#[tokio::test]
async fn what_has_come_into_use_since_it_was_listed_is_not_removed() {
    let mut fixture = Fixture::new();
    let old = fixture.keep_transcript("old words", None).await;
    fixture.keep_transcript("new words", None).await;
    let listed = [fixture.talk.clone()];
    let unused = fixture.cache.find_unused(&listed).unwrap();
    assert_eq!(unused.len(), 1);
    let video = &fixture.talk.video;
    let back = fixture.cache.point_to_transcript(video, old.clone(), None);
    back.await.unwrap();

    fixture.cache = fixture.pruner();
    assert_eq!(fixture.cache.remove(unused, &listed).unwrap(), []);
    assert!(fixture.snapshot().has_transcript(&old.digest));
}

#[tokio::test]
async fn a_damaged_reply_that_a_later_one_replaces_is_missed_by_nobody() {
    let fixture = Fixture::new();
    let old = fixture.keep(&request("a"), "old").await;
    let new = fixture.keep(&request("a"), "new").await;
    std::fs::write(&old.path, "{ \"version\": 1").unwrap();
    let verified = fixture.cache.verify(now()).unwrap();
    let replaced = verified.findings.iter().map(|found| &found.replaced_by);
    assert_eq!(replaced.collect::<Vec<_>>(), [&Some(new.path.clone())]);
    assert_eq!(fixture.replies(&fixture.talk), ["new"]);
    let unused = fixture.unused(&[VIDEO]);
    assert_eq!(
        unused,
        [("summary".to_owned(), UnusedReason::Replaced, Worth::Paid)]
    );

    // Set aside, the later one replaces nothing any more.
    fixture.cache.reject(&new).unwrap();
    let verified = fixture.cache.verify(now()).unwrap();
    assert_eq!(verified.findings[0].replaced_by, None);
    assert_eq!(fixture.unused(&[VIDEO]), []);
    let replies = fixture.snapshot().replies(&fixture.talk, Stage::Summary);
    assert!(matches!(replies, Err(CacheError::Damaged { .. })));
}

#[tokio::test]
async fn pictures_are_looked_after_like_the_rest() {
    let fixture = Fixture::new();
    let picture = b"RIFF\x08\0\0\0WEBPVP8 ".to_vec();
    let (video, other) = (&fixture.talk.video, VIDEO.to_uppercase());
    let kept = fixture
        .cache
        .keep_thumbnail(video, "small", picture.clone());
    kept.await.unwrap();
    assert_eq!(fixture.flaws(), "");
    // Where case does not count, the other video has its pictures in the same folder.
    for listed in [VIDEO, &other] {
        assert_eq!(fixture.unused(&[listed]), []);
    }
    let unlisted = [("thumbnail".to_owned(), UnusedReason::NotListed, Worth::Free)];
    assert_eq!(fixture.unused(&["aaaaaaaaaaa"]), unlisted);

    let half = fixture
        .cache
        .keep_thumbnail(video, "small", picture[..9].to_vec());
    half.await.unwrap();
    assert!(fixture.flaws().ends_with(".webp: it is no whole picture\n"));
}
