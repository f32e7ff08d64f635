//! What a run with nothing to do spends its time on, piece by piece: `cargo bench`.
//!
//! `benches/scale.py` measures whole runs. The talk here is made of our own words.

use divan::{Bencher, black_box};
use proceedings::testing::{
    Cache, ChatRequest, Choice, Completion, Field, FieldKind, FiledBy, Filing, Format, Freshness,
    Header, Lookup, Message, Metadata, Origin, Owner, Parameters, ProviderKind, Reply, ReplyShape,
    Request, Role, Rules, Stage, Strictness, SummarizedTalk, Summary, Talk, TalkId, Templates,
    TitleOrigin, Tuning, summary,
};
use serde_json::json;

const SENTENCES: [&str; 2] = [
    "Caches that can be explained are trusted by the people who have to live with them every day.",
    "Keys made of every input, and writes that survive a power cut, turn out to be enough for that.",
];
const INSTRUCTIONS: &str = include_str!("../prompts/summary.hbs");
const TALKS: usize = 1_000;

fn main() {
    divan::main();
}

#[divan::bench]
fn digest_of_a_request(bencher: Bencher) {
    let (talk, request) = (talk_id(), request());
    bencher.bench_local(|| request.digest(black_box(&talk), Stage::Summary));
}

#[divan::bench]
fn check_of_a_summary(bencher: Bencher) {
    let [first, second] = SENTENCES;
    let completion = Completion {
        text: json!({ "first_sentence": first, "second_sentence": second }).to_string(),
        ..Completion::default()
    };
    let rules = Rules {
        language: "en",
        instructions: INSTRUCTIONS,
        terms: &[],
        strictness: Strictness::Earlier,
    };
    bencher.bench_local(|| summary(black_box(&completion), rules));
}

#[divan::bench]
fn recall_of_a_talk(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let cache = Cache::new(folder.path().to_owned());
    let (talk, request) = (talk_id(), request());
    let metadata = Metadata {
        title: "Caches That Explain Themselves".to_owned(),
        ..Metadata::default()
    };
    let keeping = async {
        cache.keep_metadata(&talk.video, &metadata).await?;
        let reply = Reply::Model(json!({ "choices": [{ "message": { "content": SENTENCES } }] }));
        cache
            .keep_reply(Owner::Talk(&talk), Stage::Summary, &request, reply)
            .await
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(keeping).expect("the cache can be written");

    bencher.bench_local(|| {
        let snapshot = cache
            .snapshot(&talk.video)
            .expect("the folder can be listed");
        let lookup = snapshot.reply(&talk, Stage::Summary, &request);
        assert!(matches!(lookup, Ok(Lookup::Hit(_))));
        snapshot.metadata()
    });
}

#[divan::bench(args = [Format::Html, Format::Markdown])]
fn page_of_a_thousand_talks(bencher: Bencher, format: Format) {
    let templates = Templates::load("no such folder".as_ref(), &[]).expect("ours are well-formed");
    let header = Header {
        title: "Example Conf".to_owned(),
        language: "en".to_owned(),
        categories: vec![("Databases".to_owned(), "Where data lives.".to_owned())],
        ..Header::default()
    };
    let talk = summarized_talk();
    let talks = vec![&talk; TALKS];
    bencher.bench_local(|| templates.render(format, &header, black_box(&talks)));
}

fn talk_id() -> TalkId {
    TalkId::whole("a1B2c3D4e5F".parse().expect("it has eleven characters"))
}

fn request() -> Request {
    let message = |role, content: &str| Message {
        role,
        content: content.to_owned(),
    };
    let sentence = |name: &str| Field {
        name: name.to_owned(),
        kind: FieldKind::Text,
    };
    let said = "Title: Caches That Explain Themselves\n[[transcript 3fa9c1d2e4b59a07]]";
    Request::Chat(ChatRequest {
        provider: ProviderKind::OpenAi,
        model: "stand-in".to_owned(),
        parameters: Parameters {
            temperature: 0.0,
            max_tokens: 2_048,
        },
        messages: vec![
            message(Role::System, INSTRUCTIONS),
            message(Role::User, said),
        ],
        shape: ReplyShape {
            name: "summary".to_owned(),
            fields: vec![sentence("first_sentence"), sentence("second_sentence")],
        },
        tuning: Tuning::default(),
    })
}

fn summarized_talk() -> SummarizedTalk {
    let talk = Talk {
        id: talk_id(),
        recording: None,
        end: None,
        title: "Caches That Explain Themselves".to_owned(),
        title_origin: TitleOrigin::YouTube,
        speakers: vec!["Ada Example".to_owned()],
        description: String::new(),
        date: Some("2026-01-31".to_owned()),
        duration: Some(1_800),
        language: Some("en".to_owned()),
        chapters: Vec::new(),
        transcript: None,
    };
    let summary = Summary {
        text: SENTENCES.join(" "),
        sentences: Vec::new(),
        origin: Origin::Organizer,
        provenance: None,
        freshness: Freshness::Current,
    };
    let filing = Filing {
        choice: Choice::Category("Databases".to_owned()),
        filed_by: FiledBy::Organizer,
        provenance: None,
        freshness: Freshness::Current,
    };
    SummarizedTalk {
        talk,
        summary: Some(summary),
        places: Vec::new(),
        imported_failure: None,
        category: Some(filing),
        also: Vec::new(),
    }
}
