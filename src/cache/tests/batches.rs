//! The records of batches: what is asked in them, who waits for them, and how they are looked after.

use std::collections::BTreeSet;
use std::io::Write;

use flate2::write::GzEncoder;

use super::*;
use crate::cache::archive::TranscriptPolicy;
use crate::llm::batch::BatchEndpoint;

fn chat(words: &str) -> ChatRequest {
    let message = |role, content: &str| Message {
        role,
        content: content.to_owned(),
    };
    ChatRequest {
        provider: ProviderKind::OpenAi,
        model: "small".to_owned(),
        parameters: Parameters {
            temperature: 0.0,
            max_tokens: 100,
        },
        messages: vec![
            message(Role::System, "Two sentences."),
            message(Role::User, words),
        ],
        shape: ReplyShape {
            name: "summary".to_owned(),
            fields: Vec::new(),
        },
        tuning: Tuning::default(),
    }
}

impl Fixture {
    fn key(&self, words: &str) -> RequestKey {
        RequestKey::of(&self.talk, Stage::Summary, &Request::Chat(chat(words)))
    }

    /// A batch that asks so about the talk.
    fn begin(&self, words: &[&str], sent_to: Option<&str>) -> Batch {
        let mut packed = PackedRequests::new();
        for words in words {
            packed.add(self.key(words), &chat(words));
        }
        let endpoint = sent_to.map(|address| BatchEndpoint {
            provider: ProviderKind::OpenAi,
            address: address.to_owned(),
        });
        self.cache.begin_batch("small", endpoint, packed).unwrap()
    }

    fn batch_path(&self, batch: &Batch, ending: &str) -> PathBuf {
        let name = format!("{}{ending}", batch.name);
        self.folder.path().join("batches").join(name)
    }

    /// How many files there are, and what is wrong with them.
    fn verified(&self) -> (usize, Vec<String>) {
        let verified = self.cache.verify(Timestamp::now()).unwrap();
        let flaws = verified.findings.iter().map(|found| found.flaw.to_string());
        (verified.files, flaws.collect())
    }
}

#[test]
fn what_was_asked_comes_back_as_it_was() {
    let fixture = Fixture::new();
    let batch = fixture.begin(&["a", "b"], None);
    let asked: Vec<_> = fixture
        .cache
        .asked_in(&batch.name)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let expected = ["a", "b"].map(|words| (fixture.key(words), Request::Chat(chat(words))));
    assert_eq!(asked, expected);
    assert_eq!(fixture.cache.batches().unwrap().known, [batch]);
    assert_eq!(fixture.verified(), (2, Vec::new()));
}

#[tokio::test]
async fn a_request_is_in_a_batch_as_long_as_replies_may_come() {
    let fixture = Fixture::new();
    // Each time another run looks on.
    let of = |stage| {
        let other = Cache::new(fixture.folder.path().to_owned());
        let batch = other.batch_of(&fixture.talk, stage).unwrap();
        batch.map(|name| name.to_string())
    };
    let name = || of(Stage::Summary);
    assert_eq!(name(), None);
    fixture.begin(&["a"], None);
    assert_eq!(name(), None);
    let mut batch = fixture.begin(&["a"], Some("http://h/v1"));
    let id = || "batch_1".to_owned();
    let at = Timestamp::now();
    for (state, is_open) in [
        (BatchState::Uploaded { file: id() }, true),
        (
            BatchState::Ordering {
                file: Some(id()),
                newest: None,
                since: at,
            },
            true,
        ),
        (BatchState::Running { id: id() }, true),
        (BatchState::Collected { at }, false),
        (BatchState::Ended { at, why: id() }, false),
    ] {
        assert!(name().is_some() || !is_open);
        let noted = fixture.cache.note_batch(&mut batch, state);
        noted.await.unwrap();
        assert_eq!(name().as_ref(), Some(&batch.name).filter(|_| is_open));
        assert_eq!(of(Stage::Category), None);
    }
}

#[tokio::test]
async fn a_run_that_is_about_to_pay_sees_what_was_submitted_since_it_looked() {
    let fixture = Fixture::new();
    let run = Cache::new(fixture.folder.path().to_owned());
    let is_in_batch = || {
        let batch = run.batch_of(&fixture.talk, Stage::Summary);
        batch.unwrap().is_some()
    };
    assert!(!is_in_batch());
    fixture.begin(&["a"], Some("http://h/v1"));
    let _lock = run.lock(Owner::Talk(&fixture.talk), || ()).await.unwrap();
    assert!(is_in_batch());
}

#[test]
fn a_damaged_record_costs_what_it_asks_and_no_more() {
    let fixture = Fixture::new();
    let batch = fixture.begin(&["a"], Some("http://h/v1"));
    fixture.begin(&["b"], None);
    std::fs::write(fixture.batch_path(&batch, ".json"), "{").unwrap();
    let run = || Cache::new(fixture.folder.path().to_owned());
    let name = run().batch_of(&fixture.talk, Stage::Summary).unwrap();
    assert_eq!(name.as_deref(), Some(batch.name.as_str()));
    assert_eq!(
        run().batch_of(&fixture.talk, Stage::Category).unwrap(),
        None
    );
    let batches = run().batches().unwrap();
    assert_eq!((batches.known.len(), batches.damaged.len()), (1, 1));
    assert!(run().find_unused(&[]).is_ok());
    // Where nobody knows what it asks, any request may be paid for twice.
    let asked = fixture.batch_path(&batch, ".requests.gz");
    let whole = std::fs::read(&asked).unwrap();
    std::fs::write(&asked, "cut").unwrap();
    let unknown = run().batch_of(&fixture.talk, Stage::Category);
    assert!(
        unknown
            .unwrap_err()
            .to_string()
            .contains(".json` is damaged")
    );
    std::fs::write(&asked, whole).unwrap();
    run().set_record_aside(&batches.damaged[0]).unwrap();
    assert_eq!(run().batch_of(&fixture.talk, Stage::Summary).unwrap(), None);
    assert_eq!(fixture.verified(), (2, Vec::new()));
}

#[tokio::test]
async fn a_reply_that_came_with_a_batch_says_so_and_others_stay_as_they_were() {
    let fixture = Fixture::new();
    let request = Request::Chat(chat("a"));
    let body = || Reply::Model(json!({ "choices": [] }));
    let owner = Owner::Talk(&fixture.talk);
    let alone = fixture
        .cache
        .keep_reply(owner, Stage::Summary, &request, body());
    let alone = alone.await.unwrap();
    let key = fixture.key("a");
    let batched = fixture.cache.keep_batch_reply("b", &key, &request, body());
    let batched = batched.await.unwrap();
    let text = |kept: &CachedReply| fs::read_to_string(&kept.path).unwrap();
    assert!(!text(&alone).contains("\"batch\""));
    assert!(text(&batched).contains("\"batch\": \"b\""));
    let ledger = fixture.cache.ledger().unwrap();
    let by_batch: Vec<bool> = ledger.map(|paid| paid.unwrap().by_batch).collect();
    assert_eq!(by_batch, [true, false]);
}

#[test]
fn damage_to_the_records_is_found() {
    let fixture = Fixture::new();
    let batch = fixture.begin(&["a", "b"], None);
    let asked = fixture.batch_path(&batch, ".requests.gz");
    let whole = std::fs::read(&asked).unwrap();
    let flawed = |bytes: &[u8]| {
        std::fs::write(&asked, bytes).unwrap();
        fixture.verified().1.len()
    };
    assert_eq!(flawed(&whole[..whole.len() / 2]), 1);
    let repacked = |lines: &str| {
        let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(lines.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let line = |words: &str| {
        let line = json!({ "key": fixture.key("a").to_string(), "request": chat(words) });
        format!("{line}\n")
    };
    // One is missing, or asks something else than its key says.
    assert_eq!(flawed(&repacked(&line("a"))), 1);
    assert_eq!(flawed(&repacked(&line("other"))), 1);
    std::fs::remove_file(&asked).unwrap();
    assert_eq!(fixture.verified().1.len(), 1);
    // Without its record nobody misses it: whoever was killed had handed nothing over.
    let record = fixture.batch_path(&batch, ".json");
    std::fs::remove_file(&record).unwrap();
    std::fs::write(&asked, &whole).unwrap();
    assert_eq!(fixture.verified(), (0, Vec::new()));
    let unused = fixture.cache.find_unused(&[]).unwrap();
    assert_eq!(unused.len(), 1);
    std::fs::write(&record, "{").unwrap();
    assert_eq!(fixture.verified().1.len(), 1);
}

#[tokio::test]
async fn batches_that_are_over_can_be_removed_and_no_others() {
    let fixture = Fixture::new();
    let over = |fixture: &Fixture| {
        let listed = [fixture.talk.clone()];
        let unused = fixture.cache.find_unused(&listed).unwrap();
        unused
            .iter()
            .filter(|file| file.why == UnusedReason::Over)
            .count()
    };
    let mut batch = fixture.begin(&["a"], Some("http://h/v1"));
    fixture.begin(&["a"], None);
    assert_eq!(over(&fixture), 0);
    let at = Timestamp::now();
    let collected = BatchState::Collected { at };
    let noted = fixture.cache.note_batch(&mut batch, collected);
    noted.await.unwrap();
    assert_eq!(over(&fixture), 2);
    let reply = Reply::Model(json!({}));
    let (key, request) = (fixture.key("a"), Request::Chat(chat("a")));
    let kept = fixture.cache.keep_batch_reply("b", &key, &request, reply);
    kept.await.unwrap();
    assert_eq!(over(&fixture), 4);
    // Whoever has written is still among the writers, so another one removes.
    let listed = [fixture.talk.clone()];
    let folder = fixture.folder.path().to_owned();
    drop(fixture.cache);
    let cache = Cache::new(folder);
    let unused = cache.find_unused(&listed).unwrap();
    assert_eq!(cache.remove(unused, &listed).unwrap().len(), 4);
    assert!(cache.batches().unwrap().known.is_empty());
}

#[test]
fn an_archive_takes_batches_along_and_only_ones_own_come_in() {
    let (from, to) = (Fixture::new(), Fixture::new());
    let batch = from.begin(&["a"], Some("http://h/v1"));
    let archive = from.folder.path().join("archive.zip");
    let videos = BTreeSet::from([from.talk.video.clone()]);
    let policy = TranscriptPolicy::Included;
    assert_eq!(
        from.cache.export(&videos, policy, &[], &archive).unwrap(),
        2
    );
    let import = |makers| {
        let rules = ImportRules {
            talks: None,
            makers,
            most: None,
            now: Timestamp::now(),
        };
        let mut archive = Archive::open(&archive).unwrap();
        let files = to.cache.import(&mut archive, &rules).unwrap();
        files
            .iter()
            .map(|file| format!("{:?}", file.fate))
            .collect::<Vec<_>>()
    };
    assert_eq!(import(Makers::Others), ["OthersBatch", "OthersBatch"]);
    assert!(to.cache.batches().unwrap().known.is_empty());
    assert_eq!(import(Makers::Ourselves), ["New", "New"]);
    assert_eq!(
        to.cache.batches().unwrap().known,
        std::slice::from_ref(&batch)
    );
    assert_eq!(to.cache.asked_in(&batch.name).unwrap().count(), 1);
    assert_eq!(import(Makers::Ourselves), ["Known", "Known"]);
}
