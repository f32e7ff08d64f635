//! Archives: what goes in, what comes out, and what is not taken.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;

use jiff::SignedDuration;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::cache::archive::TranscriptPolicy;
use crate::cache::arrivals::ARRIVALS;

impl Fixture {
    fn archive(&self) -> PathBuf {
        self.folder.path().join("archive.zip")
    }

    fn import(&self, archive: &Path) -> Vec<ArchivedFile> {
        self.import_by(archive, &rules())
    }

    fn import_by(&self, archive: &Path, rules: &ImportRules<'_>) -> Vec<ArchivedFile> {
        let mut archive = Archive::open(archive).unwrap();
        let foreseen = self.cache.compare_with(&mut archive, rules).unwrap();
        let taken = self.cache.import(&mut archive, rules).unwrap();
        let fates = |files: &[ArchivedFile]| -> Vec<String> {
            let lines = files.iter();
            lines
                .map(|file| format!("{}: {:?}", file.name, file.fate))
                .collect()
        };
        assert_eq!(fates(&foreseen), fates(&taken));
        taken
    }

    fn export(&self, words: TranscriptPolicy) -> usize {
        let videos = BTreeSet::from([self.talk.video.clone()]);
        self.cache
            .export(&videos, words, &[], &self.archive())
            .unwrap()
    }
}

/// Others made it, and it may be about any talk.
fn rules() -> ImportRules<'static> {
    ImportRules {
        talks: None,
        makers: Makers::Others,
        most: None,
        now: now(),
    }
}

fn count(files: &[ArchivedFile], is_it: fn(&Fate) -> bool) -> usize {
    files.iter().filter(|file| is_it(&file.fate)).count()
}

/// How many files were taken, and how many were known.
fn counts(files: &[ArchivedFile]) -> (usize, usize) {
    let known = count(files, |fate| matches!(fate, Fate::Known));
    (count(files, Fate::is_taken), known)
}

/// An archive of these files.
fn zip(place: &Path, files: &[(&str, &[u8])]) {
    let mut archive = ZipWriter::new(File::create(place).unwrap());
    for (name, bytes) in files {
        let options = SimpleFileOptions::default();
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
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

    let taken = to.import(&from.archive());
    assert_eq!(counts(&taken), (4, 0));
    assert_eq!(to.look_up(&request("a")), "reply");
    let mut names = to.names();
    names.retain(|name| name != ARRIVALS);
    assert_eq!(names.len(), 4);
    for name in names {
        assert_eq!(
            fs::read(&to.path(&name)).unwrap(),
            fs::read(&from.path(&name)).unwrap()
        );
    }
    assert_eq!(counts(&to.import(&from.archive())), (0, 4));
    // What is passed on says nothing of where it came from.
    assert_eq!(to.export(TranscriptPolicy::Included), 4);
    assert_eq!(fs::read(&to.archive()).unwrap(), bytes);
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
        assert_eq!(counts(&to.import(&from.archive())), (new, known));
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
    to.import(&from.archive());
    assert_eq!(
        to.snapshot().transcript_ref().unwrap(),
        Some(reference.clone())
    );
    assert!(!to.snapshot().has_transcript(&reference.digest));

    // Whose own transcript is here keeps it, though the other is newer.
    let own = Fixture::new();
    let ours = own.keep_transcript("our own words", None).await;
    set_made_at(&own.path("captions.json"), "2026-01-01T00:00:00Z");
    own.import(&from.archive());
    assert_eq!(own.snapshot().transcript_ref().unwrap(), Some(ours));
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
    to.import(&from.archive());
    for name in from.names() {
        assert_eq!(fs::read_to_string(&to.path(&name)).unwrap(), later);
    }
    // The reply stands beside what may be another, and the note that it came.
    assert_eq!(to.names().len(), from.names().len() + 2);
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
    let named: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (&**name, *bytes))
        .collect();
    zip(&from.archive(), &named);

    let to = Fixture::new();
    let taken = to.import(&from.archive());
    let refused = count(&taken, |fate| matches!(fate, Fate::Refused(_)));
    assert_eq!(refused, files.len());
    assert_eq!(fs::names(to.folder.path()).unwrap(), Vec::<String>::new());
}

#[test]
fn what_is_no_archive_is_an_error_with_advice() {
    let fixture = Fixture::new();
    fs::write(&fixture.archive(), b"not a zip file", Existing::Replace).unwrap();
    let error = Archive::open(&fixture.archive()).unwrap_err();
    let name = fixture.archive().display().to_string();
    assert_eq!(
        error.to_string(),
        format!("cannot read the archive `{name}`: it is no ZIP file, or a damaged one")
    );
    assert!(error.hint().contains("cache export"));
}

#[tokio::test]
async fn of_two_replies_to_one_request_ours_counts_whatever_theirs_says() {
    for (time, name) in [
        ("2020-01-01T00:00:00Z", "summary-{}.json"),
        ("2020-01-01T00:00:00Z", "summary-{}.99.json"),
        ("2020-01-01T00:00:00Z", "summary-{}.4294967295.json"),
        ("2020-01-01T00:00:00Z", "summary-{}.rejected.json"),
        ("2020-01-01T00:00:00Z", "summary-{}.7.rejected.json"),
    ] {
        let (theirs, ours) = (Fixture::new(), Fixture::new());
        let kept = theirs.keep(&request("a"), "theirs").await;
        set_made_at(&kept.path, time);
        let name = format!("{VIDEO}/{}", name.replace("{}", &kept.name.digest));
        zip(&ours.archive(), &[(&name, &fs::read(&kept.path).unwrap())]);
        ours.keep(&request("a"), "ours").await;
        let before = ours.names();
        let taken = ours.import(&ours.archive());
        assert!(matches!(taken[0].fate, Fate::Stays), "{name}: {taken:?}");
        assert_eq!(taken[0].here, Some(made_at(&ours.file("summary-"))));
        assert_eq!(ours.look_up(&request("a")), "ours", "{name}");
        assert_eq!(ours.names(), before);
    }
}

#[tokio::test]
async fn what_is_made_here_after_an_import_counts_before_what_came() {
    let (theirs, ours) = (Fixture::new(), Fixture::new());
    theirs.keep_metadata("their title").await;
    theirs.keep_transcript("their words", None).await;
    theirs.keep(&request("a"), "theirs").await;
    theirs.keep(&request("b"), "their other").await;
    // The clock there is an hour ahead, which is let pass.
    let ahead = now() + SignedDuration::from_hours(1);
    for name in theirs.names() {
        set_made_at(&theirs.path(&name), &ahead.to_string());
    }
    theirs.export(TranscriptPolicy::Included);
    assert_eq!(counts(&ours.import(&theirs.archive())), (5, 0));
    assert_eq!(ours.look_up(&request("a")), "theirs");
    let hit = ours
        .snapshot()
        .reply(&ours.talk, Stage::Summary, &request("a"));
    let Lookup::Hit(hit) = hit.unwrap() else {
        panic!("it is there");
    };
    assert!(hit.provenance().from_archive);

    ours.keep_metadata("our title").await;
    let own = ours.keep_transcript("our own words", None).await;
    ours.keep(&request("a"), "ours").await;
    let snapshot = ours.snapshot();
    assert_eq!(snapshot.metadata().unwrap().unwrap().title, "our title");
    assert_eq!(snapshot.legible_metadata().unwrap().title, "our title");
    assert_eq!(snapshot.transcript_ref().unwrap(), Some(own.clone()));
    assert_eq!(snapshot.legible_transcript_ref(), Some(own));
    assert_eq!(ours.look_up(&request("a")), "ours");
    assert_eq!(ours.replies(&ours.talk), ["ours", "their other", "theirs"]);
    // What is not in use may go, and that is never ours.
    let unused = ours
        .cache
        .find_unused(std::slice::from_ref(&ours.talk))
        .unwrap();
    for file in unused {
        let text = fs::read_to_string(&file.path).unwrap();
        assert!(text.contains("their "), "{text}");
    }
    // The same again changes nothing.
    let again = ours.import(&theirs.archive());
    assert_eq!(count(&again, Fate::is_taken), 0);
    assert_eq!(ours.look_up(&request("a")), "ours");
}

#[tokio::test]
async fn what_we_fetched_stays_where_theirs_is_newer() {
    let (theirs, ours) = (Fixture::new(), Fixture::new());
    ours.keep_metadata("our title").await;
    let own = ours.keep_transcript("our own words", None).await;
    theirs.keep_metadata("their title").await;
    theirs.keep_transcript("their words", None).await;
    theirs.export(TranscriptPolicy::Included);
    let before = ours.names();
    let taken = ours.import(&theirs.archive());
    assert_eq!(count(&taken, |fate| matches!(fate, Fate::Stays)), 3);
    assert_eq!(ours.names(), before);
    // Without the pointer, too: the words that are here are in use.
    fs::remove_if_there(&ours.path(CAPTIONS)).unwrap();
    ours.import(&theirs.archive());
    assert_eq!(ours.snapshot().transcript_ref().unwrap(), Some(own));

    // A backup of one's own is another matter.
    let rules = ImportRules {
        makers: Makers::Ourselves,
        ..rules()
    };
    ours.import_by(&theirs.archive(), &rules);
    let snapshot = ours.snapshot();
    assert_eq!(snapshot.metadata().unwrap().unwrap().title, "their title");
    assert!(!ours.names().contains(&ARRIVALS.to_owned()));
}

#[tokio::test]
async fn the_words_that_were_left_out_of_a_commit_come_back() {
    let (theirs, ours) = (Fixture::new(), Fixture::new());
    theirs.keep_transcript("words", None).await;
    theirs.export(TranscriptPolicy::Included);
    let own = ours.keep_transcript("words", None).await;
    fs::remove_if_there(&ours.file("transcript-")).unwrap();
    assert_eq!(counts(&ours.import(&theirs.archive())).0, 1);
    assert!(ours.snapshot().has_transcript(&own.digest));
}

#[tokio::test]
async fn among_what_came_out_of_archives_the_newer_counts() {
    let (first, second, ours) = (Fixture::new(), Fixture::new(), Fixture::new());
    for (theirs, words, time) in [
        (&first, "first", "2026-01-01T00:00:00Z"),
        (&second, "second", "2026-02-01T00:00:00Z"),
    ] {
        theirs.keep_metadata(words).await;
        theirs.keep(&request("a"), words).await;
        for name in theirs.names() {
            set_made_at(&theirs.path(&name), time);
        }
        theirs.export(TranscriptPolicy::Included);
    }
    for archive in [first.archive(), second.archive(), first.archive()] {
        ours.import(&archive);
    }
    assert_eq!(ours.look_up(&request("a")), "second");
    assert_eq!(ours.snapshot().metadata().unwrap().unwrap().title, "second");
    let other = Fixture::new();
    other.import(&second.archive());
    let late = other.import(&first.archive());
    assert_eq!(other.look_up(&request("a")), "second");
    assert_eq!(
        other.snapshot().metadata().unwrap().unwrap().title,
        "second"
    );
    assert_eq!(count(&late, |fate| matches!(fate, Fate::Stays)), 1);
}

#[tokio::test]
async fn a_date_that_is_still_to_come_is_refused_and_named() {
    let (theirs, ours) = (Fixture::new(), Fixture::new());
    theirs.keep_metadata("title").await;
    theirs.keep(&request("a"), "theirs").await;
    for name in theirs.names() {
        set_made_at(&theirs.path(&name), "2099-01-01T00:00:00Z");
    }
    theirs.export(TranscriptPolicy::Included);
    let taken = ours.import(&theirs.archive());
    for file in &taken {
        let Fate::Refused(Some(flaw)) = &file.fate else {
            panic!("{file:?}");
        };
        assert_eq!(
            flaw.to_string(),
            "it is dated 2099-01-01, which is in the future"
        );
    }
    assert_eq!(taken.len(), 2);
    // One that is here already is found.
    let verified = theirs.cache.verify(now()).unwrap();
    assert_eq!(verified.findings.len(), 2);
    assert!(ours.cache.verify(now()).unwrap().findings.is_empty());
}

#[tokio::test]
async fn only_results_of_the_catalogs_talks_are_taken_unless_all_are_wanted() {
    let (from, to) = (Fixture::new(), Fixture::new());
    from.keep_metadata("title").await;
    from.keep(&request("a"), "reply").await;
    from.export(TranscriptPolicy::Included);
    let other = TalkId::whole("rustyCache1".parse().unwrap());
    for (talk, taken) in [(&other, 0), (&to.talk, 2)] {
        let talks = [talk.clone()];
        let rules = ImportRules {
            talks: Some(&talks),
            ..rules()
        };
        let to = Fixture::new();
        let files = to.import_by(&from.archive(), &rules);
        assert_eq!(count(&files, Fate::is_taken), taken, "{talk}");
        let others = count(&files, |fate| matches!(fate, Fate::OtherTalk));
        assert_eq!(others, 2 - taken, "{talk}");
    }
    assert_eq!(counts(&to.import(&from.archive())), (2, 0));
}

#[tokio::test]
async fn what_came_is_named_and_what_takes_its_place_is_not() {
    let (theirs, ours) = (Fixture::new(), Fixture::new());
    theirs.keep(&request("a"), "theirs").await;
    theirs.export(TranscriptPolicy::Included);
    ours.import(&theirs.archive());
    ours.keep(&request("b"), "ours").await;
    let arrived = ours.cache.verify(now()).unwrap().arrived;
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].1.archive, "archive.zip");
    // One that fails the check is set aside, and is still theirs.
    let Lookup::Hit(hit) = ours
        .snapshot()
        .reply(&ours.talk, Stage::Summary, &request("a"))
        .unwrap()
    else {
        panic!("it is there");
    };
    ours.cache.reject(&hit).unwrap();
    assert_eq!(ours.cache.verify(now()).unwrap().arrived.len(), 1);
    // A note that cannot be read is named, and costs its talk.
    ours.write(ARRIVALS, "{");
    let verified = ours.cache.verify(now()).unwrap();
    assert_eq!(verified.findings[0].path, ours.path(ARRIVALS));
    assert!(ours.snapshot().replies(&ours.talk, Stage::Summary).is_err());
}

#[tokio::test]
async fn names_and_kinds_of_entries_lead_nowhere_else() {
    let from = Fixture::new();
    from.keep_metadata("title").await;
    let name = from.names().remove(0);
    let metadata = fs::read(&from.path(&name)).unwrap();
    let arrivals = format!("{VIDEO}/{ARRIVALS}");
    let (upper, lower) = (VIDEO.to_uppercase(), VIDEO.to_lowercase());
    let names = [
        arrivals,
        ".locks/writers".to_owned(),
        ".locks/.gitignore".to_owned(),
        format!(".locks/{name}"),
        format!(r"{VIDEO}\{name}"),
        format!("C:/{name}"),
        format!(r"C:\{VIDEO}\{name}"),
        format!(r"\\?\C:\{name}"),
        format!("{VIDEO}/NUL"),
        format!("{VIDEO}/{name}:stream"),
        format!("{VIDEO}/{name}."),
        format!("{VIDEO}/{name} "),
        format!("{VIDEO}/{}", name.to_uppercase()),
        format!("{VIDEO}//{name}"),
        format!("{VIDEO}/./{name}"),
        format!("./{VIDEO}/{name}"),
        format!("categories/{name}"),
        format!("{VIDEO}/.writing-{name}"),
        format!("{VIDEO}/{name}\0"),
    ];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*metadata)).collect();
    zip(&from.archive(), &files);
    let to = Fixture::new();
    let taken = to.import(&from.archive());
    for file in &taken {
        assert!(matches!(file.fate, Fate::Refused(_)), "{file:?}");
    }
    assert_eq!(taken.len(), names.len());
    assert_eq!(fs::names(to.folder.path()).unwrap(), Vec::<String>::new());

    // Names that differ in case alone lead to the folder of whom they are about, and there once.
    let same = [upper, VIDEO.to_owned(), lower].map(|folder| format!("{folder}/{name}"));
    let files: Vec<(&str, &[u8])> = same.iter().map(|name| (&**name, &*metadata)).collect();
    zip(&from.archive(), &files);
    assert_eq!(counts(&to.import(&from.archive())), (1, 2));
    assert_eq!(fs::names(to.folder.path()).unwrap(), [".locks", VIDEO]);

    // A link is no file, whatever it leads to.
    let mut archive = ZipWriter::new(File::create(from.archive()).unwrap());
    let link = format!("{VIDEO}/{name}");
    let options = SimpleFileOptions::default();
    archive.add_symlink(link, "/etc/passwd", options).unwrap();
    archive.finish().unwrap();
    let taken = Fixture::new().import(&from.archive());
    assert!(matches!(taken[0].fate, Fate::Refused(None)));
}

/// Writes another size into the list of an archive of one file, and beside the file.
fn claim_size(archive: &Path, size: u32) {
    let mut bytes = fs::read(archive).unwrap();
    for (mark, place) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let at = bytes.windows(4).position(|four| four == mark).unwrap();
        bytes[at + place..at + place + 4].copy_from_slice(&size.to_le_bytes());
    }
    fs::write(archive, &bytes, Existing::Replace).unwrap();
}

#[tokio::test]
async fn an_archive_unpacks_to_what_it_says_and_no_further_than_a_limit() {
    let from = Fixture::new();
    let name = format!("{VIDEO}/metadata-0123456789abcdef.json");
    let bomb = vec![b' '; 3 << 20];
    zip(&from.archive(), &[(&name, &bomb)]);
    let to = Fixture::new();
    // It says that it is small, and is not.
    claim_size(&from.archive(), 100);
    let taken = to.import(&from.archive());
    assert!(matches!(taken[0].fate, Fate::Refused(Some(_))), "{taken:?}");
    // It says that it is larger than any file of a cache: nobody begins to read it.
    claim_size(&from.archive(), 65 << 20);
    let taken = to.import(&from.archive());
    assert!(matches!(
        taken[0].fate,
        Fate::Refused(Some(FileFlaw::TooLarge))
    ));
    // It says how large it is, and that is too much.
    claim_size(&from.archive(), u32::try_from(bomb.len()).unwrap());
    let rules = ImportRules {
        most: Some(1 << 20),
        ..rules()
    };
    let mut archive = Archive::open(&from.archive()).unwrap();
    let error = to.cache.import(&mut archive, &rules).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("would unpack to 3.15 MB; the limit is 1.05 MB"),
        "{error}"
    );
    // Thousands of tiny files take a block each.
    let names: Vec<String> = (2..1000)
        .map(|number| format!("{VIDEO}/summary-0123456789abcdef.{number}.json"))
        .collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (&**name, b"{}".as_slice()))
        .collect();
    zip(&from.archive(), &files);
    let archive = Archive::open(&from.archive()).unwrap();
    assert_eq!(archive.extent(&rules), (998, 998 * 4096));
    assert_eq!(fs::names(to.folder.path()).unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn of_two_entries_of_one_name_one_is_taken() {
    let from = Fixture::new();
    from.keep_metadata("title").await;
    let name = from.names().remove(0);
    let sound = fs::read(&from.path(&name)).unwrap();
    // The writer refuses a second one, so its name is mended afterwards.
    let (first, second) = (
        format!("{VIDEO}/{name}"),
        format!("{VIDEO}/{name}").replace("json", "jsoN"),
    );
    zip(&from.archive(), &[(&first, &sound), (&second, b"{}")]);
    let bytes = String::from_utf8_lossy(&fs::read(&from.archive()).unwrap()).into_owned();
    assert!(bytes.contains("jsoN"));
    let mut bytes = fs::read(&from.archive()).unwrap();
    while let Some(at) = bytes.windows(4).position(|four| four == b"jsoN") {
        bytes[at + 3] = b'n';
    }
    fs::write(&from.archive(), &bytes, Existing::Replace).unwrap();
    let to = Fixture::new();
    let files = to.import(&from.archive());
    // What is taken was examined; that the other one hides it is no way in.
    assert_eq!(files.len(), 1);
    assert!(files[0].fate.is_taken() || matches!(files[0].fate, Fate::Refused(Some(_))));
}
