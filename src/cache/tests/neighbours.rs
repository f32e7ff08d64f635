//! Several at one cache: runs that were killed, runs at the same time, and talks whose folders are
//! one on a disk that does not tell `A` from `a`.

use std::collections::HashSet;

use super::*;

/// The note that a killed run leaves, and half a file.
fn kill(fixture: &Fixture) {
    let note = fixture.folder.path().join(".locks/writers");
    fs::write(&note, b"somebody was here\n", Existing::Replace).unwrap();
    fixture.write(".writing-x7Ri0q", "{ \"half");
}

fn left(fixture: &Fixture) -> Vec<String> {
    let mut names = fixture.names();
    names.retain(|name| name.starts_with(".writing-"));
    names
}

#[tokio::test]
async fn what_a_killed_run_was_writing_is_swept_by_the_next() {
    let fixture = Fixture::new();
    kill(&fixture);
    fixture.keep(&request("a"), "reply").await;
    assert!(left(&fixture).is_empty());
    assert_eq!(fixture.look_up(&request("a")), "reply");
}

#[tokio::test]
async fn a_run_that_ends_well_leaves_nothing_to_sweep() {
    let mut fixture = Fixture::new();
    fixture.keep(&request("a"), "reply").await;
    fixture.cache = Cache::new(fixture.folder.path().to_owned());
    fixture.write(".writing-of-nobody", "{ \"half");
    fixture.keep(&request("b"), "reply").await;
    assert_eq!(left(&fixture), [".writing-of-nobody"]);
}

#[tokio::test]
async fn nothing_is_swept_while_another_run_writes() {
    let fixture = Fixture::new();
    let other = Cache::new(fixture.folder.path().to_owned());
    let metadata = metadata("T");
    let kept = other.keep_metadata(&fixture.talk.video, &metadata);
    kept.await.unwrap();
    fixture.write(".writing-x7Ri0q", "{ \"half");
    fixture.keep(&request("a"), "reply").await;
    assert_eq!(left(&fixture), [".writing-x7Ri0q"]);
}

#[tokio::test]
async fn the_shelf_at_hand_knows_what_this_run_kept_and_a_new_one_what_others_did() {
    let fixture = Fixture::new();
    let (cache, talk) = (&fixture.cache, &fixture.talk);
    let has = |snapshot: &Snapshot, asked| {
        let lookup = snapshot.reply(talk, Stage::Summary, &request(asked));
        matches!(lookup.unwrap(), Lookup::Hit(_))
    };
    assert!(!has(&cache.last_snapshot(&talk.video).unwrap(), "a"));
    let ours = fixture.keep(&request("a"), "ours").await;
    assert!(has(&cache.last_snapshot(&talk.video).unwrap(), "a"));
    cache.reject(&ours).unwrap();
    assert!(!has(&cache.last_snapshot(&talk.video).unwrap(), "a"));

    let other = Cache::new(fixture.folder.path().to_owned());
    let (asked, reply) = (request("b"), Reply::Excerpt("theirs".to_owned()));
    let kept = other.keep_reply(Owner::Talk(talk), Stage::Summary, &asked, reply);
    kept.await.unwrap();
    assert!(has(&cache.snapshot(&talk.video).unwrap(), "b"));
    assert!(has(&cache.last_snapshot(&talk.video).unwrap(), "b"));
}

#[tokio::test]
async fn what_was_read_ahead_is_given_once_and_never_instead_of_what_was_kept_since() {
    let fixture = Fixture::new();
    let (cache, talk) = (&fixture.cache, &fixture.talk);
    let other = "-cBplHNM4RB".parse::<VideoId>().unwrap();
    fixture.keep(&request("a"), "before").await;
    let path = fixture.file("summary-");

    cache.prefetch(vec![other.clone(), talk.video.clone(), talk.video.clone()]);
    let nothing = cache.last_snapshot(&other).unwrap();
    assert!(nothing.replies(talk, Stage::Summary).unwrap().is_empty());
    // Both have been read by now, for they come together.
    std::fs::remove_file(path).unwrap();
    let ahead = cache.last_snapshot(&talk.video).unwrap();
    let replies = ahead.replies(talk, Stage::Summary).unwrap();
    assert_eq!(replies.iter().map(words).collect::<Vec<_>>(), ["before"]);

    fixture.keep(&request("b"), "since").await;
    let now = cache.last_snapshot(&talk.video).unwrap();
    let replies = now.replies(talk, Stage::Summary).unwrap();
    assert_eq!(replies.iter().map(words).collect::<Vec<_>>(), ["since"]);
}

fn file_of(words: &str) -> FileStamp {
    FileStamp {
        name: format!("{words}.vtt"),
        ..stamp()
    }
}

/// Two talks in one folder, each as another part of the program sees it.
#[cfg(unix)]
#[tokio::test]
async fn talks_whose_folders_are_one_keep_what_is_theirs() {
    let fixture = Fixture::new();
    let other: VideoId = VIDEO.to_uppercase().parse().unwrap();
    let (here, there) = (fixture.folder.path().join(VIDEO), other.as_str());
    std::fs::create_dir(&here).unwrap();
    std::os::unix::fs::symlink(&here, fixture.folder.path().join(there)).unwrap();
    let other = TalkId::whole(other);

    for (talk, words) in [(&fixture.talk, "mine"), (&other, "theirs")] {
        let cache = &fixture.cache;
        cache
            .keep_metadata(&talk.video, &metadata(words))
            .await
            .unwrap();
        let transcript = transcript(words);
        cache
            .keep_transcript(
                &talk.video,
                &transcript,
                Some(CaptionSource::File(file_of(words))),
            )
            .await
            .unwrap();
        let (video, stage) = (&talk.video, Stage::Metadata);
        let failed = cache.keep_failure(video, stage, "private", video.as_str());
        failed.await.unwrap();
        let (asked, reply) = (request("same"), Reply::Excerpt(words.to_owned()));
        let kept = cache.keep_reply(Owner::Talk(talk), Stage::Summary, &asked, reply);
        kept.await.unwrap();
    }

    for talk in [&fixture.talk, &other] {
        fixture.cache.lock(Owner::Talk(talk), || ()).await.unwrap();
    }
    let locks = fs::names(&fixture.folder.path().join(".locks")).unwrap();
    let locks: HashSet<String> = locks.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(
        locks.len(),
        4,
        "two talks', the writers', .gitignore: {locks:?}"
    );

    // On the disk of a colleague they may be two.
    let videos = [&fixture.talk, &other].map(|talk| talk.video.clone());
    let archive = fixture.folder.path().join("archive.zip");
    let exported = fixture
        .cache
        .export(&videos.into(), TranscriptPolicy::Included, &[], &archive);
    exported.unwrap();
    let colleague = Fixture::new();
    let rules = ImportRules {
        talks: None,
        makers: Makers::Others,
        most: None,
        now: now(),
    };
    let mut archive = Archive::open(&archive).unwrap();
    let taken = colleague.cache.import(&mut archive, &rules).unwrap();
    let is_taken = |file: &&ArchivedFile| file.fate.is_taken();
    assert_eq!(taken.iter().filter(is_taken).count(), 8, "{taken:?}");
    assert_eq!(taken.len(), 8);
    assert_eq!(colleague.flaws(), "");

    let here = [
        (&fixture, &fixture.talk, "mine"),
        (&fixture, &other, "theirs"),
    ];
    let there = here.map(|(_, talk, said)| (&colleague, talk, said));
    for (at, talk, said) in here.into_iter().chain(there) {
        let snapshot = at.cache.snapshot(&talk.video).unwrap();
        assert_eq!(snapshot.metadata().unwrap(), Some(metadata(said)));
        let reference = snapshot.transcript_ref().unwrap().unwrap();
        let kept = snapshot.transcript(&reference.digest).unwrap();
        assert_eq!(kept, Some(transcript(said)));
        let replies = snapshot.replies(talk, Stage::Summary).unwrap();
        assert_eq!(replies.iter().map(words).collect::<Vec<_>>(), [said]);
        let (file, _) = snapshot.caption_source().unwrap().unwrap();
        assert_eq!(file, CaptionSource::File(file_of(said)));
    }

    let failure = |talk: &TalkId| {
        let snapshot = fixture.cache.snapshot(&talk.video).unwrap();
        let failure = snapshot.failure(Stage::Metadata).unwrap();
        failure.map(|failure| failure.message)
    };
    for (talk, other) in [(&fixture.talk, &other), (&other, &fixture.talk)] {
        assert_eq!(failure(talk).as_deref(), Some(talk.video.as_str()));
        assert_eq!(failure(other).as_deref(), Some(other.video.as_str()));
        let (cache, visited) = (&fixture.cache, metadata("visited"));
        cache.keep_metadata(&talk.video, &visited).await.unwrap();
        assert_eq!(failure(talk), None);
        let (video, stage) = (&talk.video, Stage::Metadata);
        let failed = cache.keep_failure(video, stage, "private", video.as_str());
        failed.await.unwrap();
    }
}
