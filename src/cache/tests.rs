//! What the cache keeps, finds again and passes over; replies are in `replies.rs`, and what cannot
//! be used is in `damage.rs`.

mod archives;
mod batches;
mod damage;
mod neighbours;
mod replies;
#[cfg(feature = "cloud")]
mod sharing;
mod upkeep;
mod versions;

use std::path::Path;

use expect_test::expect;
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::cache::envelope::to_pretty_json;
use crate::cache::file_name::CAPTIONS;
use crate::fs::Existing;
use crate::llm::{ChatRequest, Message, Parameters, ProviderKind, ReplyShape, Role, Tuning};
use crate::talk::Metadata;
use crate::talk::id::TalkId;
use crate::talk::transcript::{CaptionKind, Cue, Span};
use crate::work::Stage;

const VIDEO: &str = "jAtrviDGpwE";

struct Fixture {
    folder: TempDir,
    cache: Cache,
    talk: TalkId,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let talk = TalkId::whole(VIDEO.parse().unwrap());
        Self {
            folder,
            cache,
            talk,
        }
    }

    fn snapshot(&self) -> Rc<Snapshot> {
        self.cache.snapshot(&self.talk.video).unwrap()
    }

    async fn keep(&self, request: &Request, words: &str) -> CachedReply {
        let reply = Reply::Excerpt(words.to_owned());
        let kept = self
            .cache
            .keep_reply(Owner::Talk(&self.talk), Stage::Summary, request, reply);
        kept.await.unwrap()
    }

    async fn keep_metadata(&self, title: &str) {
        let metadata = metadata(title);
        let kept = self.cache.keep_metadata(&self.talk.video, &metadata);
        kept.await.unwrap();
    }

    async fn keep_transcript(&self, words: &str, file: Option<FileStamp>) -> TranscriptRef {
        let transcript = transcript(words);
        let kept = self.cache.keep_transcript(
            &self.talk.video,
            &transcript,
            file.map(CaptionSource::File),
        );
        kept.await.unwrap()
    }

    async fn keep_failure(&self, stage: Stage, reason: &str) {
        let message = "the video is private";
        let kept = self
            .cache
            .keep_failure(&self.talk.video, stage, reason, message);
        kept.await.unwrap();
    }

    /// What a request finds: the words of its reply, or what else there is to say.
    fn look_up(&self, request: &Request) -> String {
        match self
            .snapshot()
            .reply(&self.talk, Stage::Summary, request)
            .unwrap()
        {
            Lookup::Hit(found) => words(&found),
            Lookup::Rejected => "rejected".to_owned(),
            Lookup::Miss => "miss".to_owned(),
        }
    }

    fn replies(&self, talk: &TalkId) -> Vec<String> {
        let replies = self.snapshot().replies(talk, Stage::Summary).unwrap();
        replies.iter().map(words).collect()
    }

    fn names(&self) -> Vec<String> {
        fs::names(&self.folder.path().join(VIDEO)).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(VIDEO).join(name)
    }

    /// The one file whose name starts like this.
    fn file(&self, start: &str) -> PathBuf {
        let names = self.names();
        let mut fitting = names.iter().filter(|name| name.starts_with(start));
        let name = fitting.next().unwrap();
        assert_eq!(fitting.next(), None, "{names:?}");
        self.path(name)
    }

    /// A file with its name, and with the time of its making left out.
    fn shown(&self, name: &str) -> String {
        let text = fs::read_to_string(&self.path(name)).unwrap();
        let timeless = |line: &str| match line.trim().split_once(": ") {
            Some((key @ ("\"made_at\"" | "\"at\""), _)) => format!("  {key}: TIME,\n"),
            _ => format!("{line}\n"),
        };
        let lines: String = text.split_terminator('\n').map(timeless).collect();
        format!("{name}\n{lines}")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(&self.path(name), text.as_bytes(), Existing::Replace).unwrap();
    }
}

fn request(words: &str) -> Request {
    Request::Import(words.to_owned())
}

fn words(reply: &CachedReply) -> String {
    match &reply.reply {
        Reply::Excerpt(words) => words.clone(),
        other => panic!("{other:?}"),
    }
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replace(from, to).as_bytes(), Existing::Replace).unwrap();
}

/// Sets the time at which a file says it was made.
fn set_made_at(path: &Path, time: &str) {
    let mut file: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    file["made_at"] = json!(time);
    fs::write(path, &to_pretty_json(&file), Existing::Replace).unwrap();
}

fn made_at(path: &Path) -> Timestamp {
    let file: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    file["made_at"].as_str().unwrap().parse().unwrap()
}

fn now() -> Timestamp {
    Timestamp::now()
}

fn metadata(title: &str) -> Metadata {
    Metadata {
        title: title.to_owned(),
        description: "Line one.\nLine two.".into(),
        duration: Some(1800),
        ..Metadata::default()
    }
}

fn transcript(words: &str) -> Transcript {
    let second = std::time::Duration::from_secs(1);
    let span = Some(Span {
        start: second,
        end: 2 * second,
    });
    let text = words.to_owned();
    let spoken = Cue { span, text };
    let untimed = Cue {
        span: None,
        text: "über alles".into(),
    };
    Transcript {
        language: Some("en".into()),
        kind: CaptionKind::Automatic,
        cues: vec![spoken, untimed],
    }
}

fn stamp() -> FileStamp {
    FileStamp {
        name: format!("{VIDEO}.vtt"),
        size: 5,
        modified: "2026-01-02T03:04:05Z".parse().unwrap(),
        digest: FileStamp::digest_of(b"words"),
    }
}

#[test]
fn an_empty_cache_has_nothing_and_makes_no_folder() {
    let fixture = Fixture::new();
    let snapshot = fixture.snapshot();
    assert_eq!(snapshot.metadata().unwrap(), None);
    assert_eq!(snapshot.transcript_ref().unwrap(), None);
    assert_eq!(snapshot.caption_source().unwrap(), None);
    assert_eq!(snapshot.failure(Stage::Metadata).unwrap(), None);
    assert_eq!(fixture.look_up(&request("a")), "miss");
    assert!(fixture.replies(&fixture.talk).is_empty());
    assert!(!fixture.folder.path().join(VIDEO).exists());
}

#[tokio::test]
async fn metadata_comes_back_and_the_latest_visit_counts() {
    let fixture = Fixture::new();
    for title in ["first", "second"] {
        fixture.keep_metadata(title).await;
    }
    assert_eq!(fixture.names().len(), 2);
    for (first, second, latest) in [("2025", "2026", "second"), ("2026", "2025", "first")] {
        for name in fixture.names() {
            let path = fixture.path(&name);
            let is_first = fs::read_to_string(&path).unwrap().contains("first");
            let year = if is_first { first } else { second };
            set_made_at(&path, &format!("{year}-01-01T00:00:00Z"));
        }
        let found = fixture.snapshot().metadata().unwrap();
        assert_eq!(found, Some(metadata(latest)));
    }
}

#[tokio::test]
async fn a_transcript_comes_back_by_its_digest() {
    let fixture = Fixture::new();
    let kept = transcript("so hello");
    let reference = fixture.keep_transcript("so hello", None).await;
    assert_eq!(reference.words, 4);
    assert_eq!(reference.characters, kept.text().chars().count());
    let snapshot = fixture.snapshot();
    let found = snapshot.transcript(&reference.digest).unwrap();
    assert_eq!(found, Some(kept));
    assert_eq!(snapshot.transcript("0123456789abcdef").unwrap(), None);
    assert_eq!(snapshot.caption_source().unwrap(), None);
}

#[tokio::test]
async fn which_transcript_a_video_has_is_known_without_reading_it() {
    let fixture = Fixture::new();
    let reference = fixture.keep_transcript("so hello", Some(stamp())).await;
    std::fs::remove_file(fixture.file("transcript-")).unwrap();
    let snapshot = fixture.snapshot();
    assert_eq!(snapshot.transcript_ref().unwrap(), Some(reference.clone()));
    assert_eq!(snapshot.transcript(&reference.digest).unwrap(), None);
    let file = snapshot.caption_source().unwrap();
    assert_eq!(file, Some((CaptionSource::File(stamp()), reference)));
}

#[tokio::test]
async fn without_the_pointer_the_transcript_says_the_same_of_itself() {
    let fixture = Fixture::new();
    let reference = fixture.keep_transcript("so hello", None).await;
    std::fs::remove_file(fixture.path(CAPTIONS)).unwrap();
    assert_eq!(
        fixture.snapshot().transcript_ref().unwrap(),
        Some(reference)
    );
}

#[tokio::test]
async fn the_pointer_moves_to_another_transcript_and_back() {
    let fixture = Fixture::new();
    let first = fixture.keep_transcript("first", None).await;
    let second = fixture.keep_transcript("second", None).await;
    assert_eq!(fixture.snapshot().transcript_ref().unwrap(), Some(second));
    let video = &fixture.talk.video;
    let back = fixture
        .cache
        .point_to_transcript(video, first.clone(), None);
    back.await.unwrap();
    assert_eq!(fixture.snapshot().transcript_ref().unwrap(), Some(first));
}

#[tokio::test]
async fn files_of_another_talk_in_the_folder_are_passed_over() {
    let fixture = Fixture::new();
    fixture.keep_metadata("T").await;
    fixture.keep_transcript("so hello", Some(stamp())).await;
    fixture.keep(&request("a"), "reply").await;
    fixture.keep_failure(Stage::Metadata, "private").await;
    // Where case does not count, this is what another video finds in its folder.
    for name in fixture.names() {
        replace(&fixture.path(&name), VIDEO, "JATRVIDGPWE");
    }
    let snapshot = fixture.snapshot();
    assert_eq!(snapshot.metadata().unwrap(), None);
    assert_eq!(snapshot.transcript_ref().unwrap(), None);
    assert_eq!(snapshot.caption_source().unwrap(), None);
    assert_eq!(snapshot.failure(Stage::Metadata).unwrap(), None);
    assert_eq!(fixture.look_up(&request("a")), "miss");
    assert!(fixture.replies(&fixture.talk).is_empty());

    fixture.keep(&request("a"), "mine").await;
    assert_eq!(fixture.look_up(&request("a")), "mine");
    assert_eq!(fixture.replies(&fixture.talk), ["mine"]);
}

#[tokio::test]
async fn a_failure_is_remembered_until_the_stage_succeeds() {
    let fixture = Fixture::new();
    for stage in [Stage::Metadata, Stage::Transcript] {
        for reason in ["network", "private"] {
            fixture.keep_failure(stage, reason).await;
        }
        let failure = fixture.snapshot().failure(stage).unwrap().unwrap();
        assert_eq!(failure.reason, "private");
        assert_eq!(failure.message, "the video is private");
    }
    fixture.keep_metadata("T").await;
    assert_eq!(fixture.snapshot().failure(Stage::Metadata).unwrap(), None);
    assert!(
        fixture
            .snapshot()
            .failure(Stage::Transcript)
            .unwrap()
            .is_some()
    );
    fixture.keep_transcript("so hello", None).await;
    assert_eq!(fixture.snapshot().failure(Stage::Transcript).unwrap(), None);
}

#[tokio::test]
async fn temporary_files_and_files_of_others_are_not_looked_at() {
    let fixture = Fixture::new();
    fixture.keep(&request("a"), "reply").await;
    let digest = request("a").digest(&fixture.talk, Stage::Summary);
    for name in [
        ".writing-x7Kq2".to_owned(),
        format!("summary-{digest}.2.json.tmp"),
        format!(".summary-{digest}.3.json"),
        format!("summary-{digest} (copy).json"),
        "notes.json".to_owned(),
    ] {
        fixture.write(&name, "half a fi");
    }
    assert_eq!(fixture.look_up(&request("a")), "reply");
    assert_eq!(fixture.replies(&fixture.talk), ["reply"]);
    assert_eq!(fixture.snapshot().metadata().unwrap(), None);
}

fn chat() -> Request {
    let message = |role, content: &str| Message {
        role,
        content: content.to_owned(),
    };
    Request::Chat(ChatRequest {
        provider: ProviderKind::OpenAi,
        model: "llama3.2".into(),
        parameters: Parameters {
            temperature: 0.0,
            max_tokens: 100,
        },
        messages: vec![
            message(Role::System, "Two sentences.\nNo more."),
            message(Role::User, "transcript 3fa9c1d2e4b59a07"),
        ],
        shape: ReplyShape {
            name: "summary".into(),
            fields: Vec::new(),
        },
        tuning: Tuning::default(),
    })
}

/// The files are made to be reviewed, and later versions have to read them.
#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one of each kind of file, side by side"
)]
async fn files_stay_as_they_are() {
    let fixture = Fixture::new();
    let reply = Reply::Model(json!({ "choices": [{ "message": { "content": "Über <all>." } }] }));
    let chat = chat();
    let kept = fixture
        .cache
        .keep_reply(Owner::Talk(&fixture.talk), Stage::Summary, &chat, reply);
    kept.await.unwrap();
    fixture.keep_transcript("so hello", Some(stamp())).await;
    fixture.keep_failure(Stage::Metadata, "private").await;

    let all: Vec<String> = fixture
        .names()
        .iter()
        .map(|name| fixture.shown(name))
        .collect();
    expect![[r#"
        captions.json
        {
          "version": 1,
          "talk": "jAtrviDGpwE",
          "made_at": TIME,
          "transcript": {
            "digest": "8c5fef64c6d9af4b",
            "language": "en",
            "kind": "automatic",
            "words": 4,
            "characters": 19,
            "tokens": 6
          },
          "file": {
            "name": "jAtrviDGpwE.vtt",
            "size": 5,
            "modified": "2026-01-02T03:04:05Z",
            "digest": "dba36bffa5cab0f9"
          }
        }
        failed-metadata.json
        {
          "talk": "jAtrviDGpwE",
          "at": TIME,
          "reason": "private",
          "message": "the video is private"
        }
        summary-8e40b7d61a41e4fe.json
        {
          "version": 1,
          "talk": "jAtrviDGpwE",
          "stage": "summary",
          "made_at": TIME,
          "request": {
            "chat": {
              "provider": "openai",
              "model": "llama3.2",
              "parameters": {
                "temperature": 0.0,
                "max_tokens": 100
              },
              "messages": [
                {
                  "role": "system",
                  "content": "Two sentences.\nNo more."
                },
                {
                  "role": "user",
                  "content": "transcript 3fa9c1d2e4b59a07"
                }
              ],
              "shape": {
                "name": "summary",
                "fields": []
              }
            }
          },
          "reply": {
            "model": {
              "choices": [
                {
                  "message": {
                    "content": "Über <all>."
                  }
                }
              ]
            }
          }
        }
        transcript-8c5fef64c6d9af4b.json
        {
          "version": 1,
          "talk": "jAtrviDGpwE",
          "stage": "transcript",
          "made_at": TIME,
          "content": {
            "language": "en",
            "kind": "automatic",
            "cues": [
              "1.000 2.000 so hello",
              "- - über alles"
            ]
          }
        }
    "#]]
    .assert_eq(&all.concat());
}
