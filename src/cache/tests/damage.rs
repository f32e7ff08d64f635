//! What cannot be used: damaged files, those of a later version, and a store that fails.

use std::error::Error;

use super::*;

/// What is said about a cache that cannot be used: message, causes and hint, without the folder.
fn told(fixture: &Fixture, error: &CacheError) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    let folder = fixture.folder.path().display().to_string();
    let hint = error.hint();
    let told = format!("{told} | {hint}").replace(&folder, "cache");
    told.replace(std::path::MAIN_SEPARATOR, "/")
}

#[tokio::test]
async fn a_damaged_file_is_an_error_that_names_it() {
    let fixture = Fixture::new();
    let kept = fixture.keep(&request("a"), "reply").await;
    for text in [
        "",
        "{\"version\": 1, \"talk\": \"jAtr",
        "<<<<<<< HEAD",
        "{\"version\": 1}",
    ] {
        std::fs::write(&kept.path, text).unwrap();
        let snapshot = fixture.snapshot();
        assert!(matches!(
            snapshot.reply(&fixture.talk, Stage::Summary, &request("a")),
            Err(CacheError::Damaged { path, .. }) if path == kept.path
        ));
        let replies = snapshot.replies(&fixture.talk, Stage::Summary);
        assert!(matches!(replies, Err(CacheError::Damaged { .. })), "{text}");
    }
    let error = fixture.snapshot().replies(&fixture.talk, Stage::Summary);
    expect!["`cache/jAtrviDGpwE/summary-711e8ce7fdc69718.json` is damaged: missing field `talk` at line 1 column 14 | move the file away, or restore it from your repository, and run again"].assert_eq(&told(&fixture, &error.unwrap_err()));

    fixture.write(CAPTIONS, "{}");
    let error = fixture.snapshot().transcript_ref().unwrap_err();
    expect!["`cache/jAtrviDGpwE/captions.json` is damaged: missing field `version` at line 1 column 2 | move the file away, or restore it from your repository, and run again"].assert_eq(&told(&fixture, &error));
}

#[tokio::test]
async fn a_file_of_a_later_version_is_refused_even_where_it_could_be_read() {
    let fixture = Fixture::new();
    let kept = fixture.keep(&request("a"), "reply").await;
    let later = [
        fs::read_to_string(&kept.path)
            .unwrap()
            .replace("\"version\": 1", "\"version\": 2"),
        "{\"version\": 7, \"all\": \"new\"}".to_owned(),
    ];
    for text in later {
        std::fs::write(&kept.path, text).unwrap();
        let found = fixture
            .snapshot()
            .reply(&fixture.talk, Stage::Summary, &request("a"));
        assert!(matches!(found, Err(CacheError::TooNew { .. })), "{found:?}");
    }
    let error = fixture.snapshot().replies(&fixture.talk, Stage::Summary);
    expect!["`cache/jAtrviDGpwE/summary-711e8ce7fdc69718.json` was written by a later version of proceedings | install the current version of proceedings"].assert_eq(&told(&fixture, &error.unwrap_err()));
}

#[tokio::test]
async fn what_a_later_version_has_written_is_not_replaced() {
    let fixture = Fixture::new();
    fixture.keep_metadata("T").await;
    fixture.keep_transcript("so hello", None).await;
    fixture.keep_failure(Stage::Summary, "private").await;
    let later = "{\"version\": 99}";
    for name in fixture.names() {
        fixture.write(&name, later);
    }
    fixture.keep_metadata("T").await;
    fixture.keep_transcript("so hello", None).await;
    fixture.keep_failure(Stage::Summary, "private").await;
    for name in fixture.names() {
        assert_eq!(fs::read_to_string(&fixture.path(&name)).unwrap(), later);
    }
}

#[tokio::test]
async fn what_is_removed_while_it_is_looked_at_is_not_there() {
    let fixture = Fixture::new();
    fixture.keep_metadata("T").await;
    let reference = fixture.keep_transcript("so hello", None).await;
    fixture.keep_failure(Stage::Summary, "private").await;
    fixture.keep(&request("a"), "reply").await;
    let snapshot = fixture.snapshot();
    std::fs::remove_dir_all(fixture.folder.path().join(VIDEO)).unwrap();
    assert_eq!(snapshot.metadata().unwrap(), None);
    assert_eq!(snapshot.transcript_ref().unwrap(), None);
    assert_eq!(snapshot.transcript(&reference.digest).unwrap(), None);
    assert_eq!(snapshot.failure(Stage::Summary).unwrap(), None);
    assert!(
        snapshot
            .replies(&fixture.talk, Stage::Summary)
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn beside_a_damaged_file_the_newest_that_can_be_read_is_legible() {
    let fixture = Fixture::new();
    for title in ["first", "second"] {
        fixture.keep_metadata(title).await;
        fixture.keep_transcript(title, None).await;
    }
    let damaged = "{\"version\": 1, \"talk\": \"jAtr";
    fixture.write("metadata-0123456789abcdef.json", damaged);
    fixture.write(CAPTIONS, damaged);
    let snapshot = fixture.snapshot();
    assert!(snapshot.metadata().is_err());
    assert_eq!(snapshot.legible_metadata(), Some(metadata("second")));
    assert!(snapshot.transcript_ref().is_err());
    let legible = snapshot.legible_transcript_ref().unwrap();
    assert_eq!(legible, reference_to(&transcript("second")));
}

#[tokio::test]
async fn a_store_that_fails_says_so() {
    let mut fixture = Fixture::new();
    let file = fixture.folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    fixture.cache = Cache::new(file);
    let metadata = metadata("T");
    let kept = fixture.cache.keep_metadata(&fixture.talk.video, &metadata);
    let error = kept.await.unwrap_err();
    let told = told(&fixture, &error);
    assert!(
        told.starts_with("cannot create the folder `cache/file/"),
        "{told}"
    );
}
