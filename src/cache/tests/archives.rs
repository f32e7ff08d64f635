//! Archives: what goes in, what comes out, and what is not taken.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::cache::archive::TranscriptPolicy;

impl Fixture {
    fn archive(&self) -> PathBuf {
        self.folder.path().join("archive.zip")
    }

    fn export(&self, words: TranscriptPolicy) -> usize {
        let videos = BTreeSet::from([self.talk.video.clone()]);
        self.cache.export(&videos, words, &self.archive()).unwrap()
    }
}

#[tokio::test]
async fn an_archive_brings_everything_but_failures_and_is_always_the_same() {
    let (from, to) = (Fixture::new(), Fixture::new());
    from.keep_metadata("title").await;
    from.keep_transcript("words", None).await;
    from.keep(&request("a"), "reply").await;
    from.keep_failure(Stage::Category, "empty").await;
    assert_eq!(from.export(TranscriptPolicy::Included), 4);
    let bytes = fs::read(&from.archive()).unwrap();
    from.export(TranscriptPolicy::Included);
    assert_eq!(fs::read(&from.archive()).unwrap(), bytes);

    let taken = to.cache.import(&from.archive()).unwrap();
    assert_eq!((taken.new, taken.known, taken.refused.len()), (4, 0, 0));
    assert_eq!(to.look_up(&request("a")), "reply");
    for name in to.names() {
        assert_eq!(
            fs::read(&to.path(&name)).unwrap(),
            fs::read(&from.path(&name)).unwrap()
        );
    }
    let again = to.cache.import(&from.archive()).unwrap();
    assert_eq!((again.new, again.known), (0, 4));
}

#[tokio::test]
async fn pictures_are_passed_on_and_replace_none_that_is_here() {
    let (from, to) = (Fixture::new(), Fixture::new());
    let picture = |pixel: u8| [b"RIFF\x05\0\0\0WEBP".as_slice(), &[pixel]].concat();
    let video = &from.talk.video;
    let kept = from.cache.keep_thumbnail(video, "small", picture(1));
    kept.await.unwrap();
    assert_eq!(from.export(TranscriptPolicy::LeftOut), 1);
    let theirs = to.cache.keep_thumbnail(video, "large", picture(2));
    theirs.await.unwrap();
    for (new, known) in [(1, 0), (0, 1)] {
        let taken = to.cache.import(&from.archive()).unwrap();
        assert_eq!((taken.new, taken.known), (new, known));
    }
    for (making, pixel) in [("small", 1), ("large", 2)] {
        let cached = to.cache.thumbnail(video, making).unwrap().unwrap();
        assert_eq!(fs::read(&cached.path).unwrap(), picture(pixel));
    }
}

#[tokio::test]
async fn what_was_said_can_be_left_out() {
    let (from, to) = (Fixture::new(), Fixture::new());
    let reference = from.keep_transcript("words", None).await;
    assert_eq!(from.export(TranscriptPolicy::LeftOut), 1);
    to.cache.import(&from.archive()).unwrap();
    assert_eq!(
        to.snapshot().transcript_ref().unwrap(),
        Some(reference.clone())
    );
    assert!(!to.snapshot().has_transcript(&reference.digest));

    // Whose own transcript is here keeps it, though the other is newer.
    let own = Fixture::new();
    let ours = own.keep_transcript("our own words", None).await;
    set_made_at(&own.path("captions.json"), "2026-01-01T00:00:00Z");
    own.cache.import(&from.archive()).unwrap();
    assert_eq!(own.snapshot().transcript_ref().unwrap(), Some(ours));
}

#[tokio::test]
async fn of_two_replies_to_one_request_the_newer_counts_and_none_is_lost() {
    for (time, counts, files) in [
        ("2020-01-01T00:00:00Z", "ours", 1),
        ("2099-01-01T00:00:00Z", "theirs", 2),
    ] {
        let (theirs, ours) = (Fixture::new(), Fixture::new());
        theirs.keep(&request("a"), "theirs").await;
        set_made_at(&theirs.file("summary-"), time);
        theirs.export(TranscriptPolicy::Included);
        ours.keep(&request("a"), "ours").await;
        ours.cache.import(&theirs.archive()).unwrap();
        assert_eq!(ours.look_up(&request("a")), counts);
        assert_eq!(ours.names().len(), files);
    }
}

#[tokio::test]
async fn what_a_later_version_has_written_here_stays() {
    let (from, to) = (Fixture::new(), Fixture::new());
    from.keep_metadata("title").await;
    from.keep_transcript("words", None).await;
    from.keep(&request("a"), "reply").await;
    from.export(TranscriptPolicy::Included);
    let later = "{\"version\": 99}";
    for name in from.names() {
        to.write(&name, later);
    }
    to.cache.import(&from.archive()).unwrap();
    for name in from.names() {
        assert_eq!(fs::read_to_string(&to.path(&name)).unwrap(), later);
    }
    // The reply stands beside what may be another.
    assert_eq!(to.names().len(), from.names().len() + 1);
}

#[tokio::test]
async fn what_is_no_sound_file_of_a_cache_is_not_taken() {
    let from = Fixture::new();
    from.keep_metadata("title").await;
    let metadata = fs::read(&from.file("metadata-")).unwrap();
    let name = from.names().remove(0);
    let files: [(String, &[u8]); 6] = [
        (format!("{VIDEO}/metadata-0123456789abcdef.json"), &metadata),
        (format!("aaaaaaaaaaa/{name}"), &metadata),
        (format!("../{VIDEO}/{name}"), &metadata),
        (format!("/tmp/{name}"), &metadata),
        (format!("{VIDEO}/../../{name}"), &metadata),
        (format!("{VIDEO}/captions.json"), b"{}"),
    ];
    let mut archive = ZipWriter::new(File::create(from.archive()).unwrap());
    for (name, bytes) in &files {
        archive
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();

    let to = Fixture::new();
    let taken = to.cache.import(&from.archive()).unwrap();
    assert_eq!((taken.new, taken.refused.len()), (0, files.len()));
    assert_eq!(fs::names(to.folder.path()).unwrap(), Vec::<String>::new());
}

#[test]
fn what_is_no_archive_is_an_error_with_advice() {
    let fixture = Fixture::new();
    fs::write(&fixture.archive(), b"not a zip file", Existing::Replace).unwrap();
    let error = fixture.cache.import(&fixture.archive()).unwrap_err();
    let name = fixture.archive().display().to_string();
    assert_eq!(
        error.to_string(),
        format!("the archive `{name}` cannot be read")
    );
    assert!(error.hint().contains("cache export"));
}
