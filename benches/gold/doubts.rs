//! What `check` doubts of sentences about real talks, some of them with a planted fault.
//!
//! The sentences are in `doubts.jsonl`, in our own words; the talks are data beside the project.
//! Talks are split in two halves: thresholds are chosen on the one, and the other measures them.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::time::Duration;

use proceedings::testing::{
    CaptionKind, Catalog, Cue, Freshness, Origin, Span, Summary, Talk, TalkId, TitleOrigin,
    Transcript, doubts,
};
use serde_json::Value;

use crate::{lines, print, share};

/// What is said of sentences without a fault.
const GOOD: &str = "good";
/// Nothing in pure code finds these; they are counted apart.
const NEGATION: &str = "negation";
/// How many words a cue has, and how long it is in seconds.
const CUE: (usize, u64) = (10, 4);

struct Recorded {
    talk: Talk,
    transcript: Transcript,
    half: usize,
}

pub(super) fn measure(folder: &Path) {
    let talks = folder.join("../talks/videos/bitcointranscripts.jsonl");
    let Some(talks) = lines(&talks) else { return };
    let talks: BTreeMap<String, Recorded> = talks
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let id = line["id"].as_str().unwrap_or_default().to_owned();
            (id, recorded(line, at % 2))
        })
        .collect();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/gold/doubts.jsonl");
    let Some(items) = lines(&own) else { return };
    let catalog = Catalog::parse(Path::new("catalog.toml"), "title = \"Bitcoin\"\n")
        .expect("it is a catalog");
    let items: Vec<Item<'_>> = items.iter().map(|line| item(line, &talks)).collect();
    let mut counts: BTreeMap<(usize, &str), (usize, usize)> = BTreeMap::new();
    for item in &items {
        // A summary has another sentence of the same talk first.
        let is_other = |other: &&Item<'_>| {
            other.talk_id == item.talk_id && other.kind == GOOD && other.sentence != item.sentence
        };
        let other = items.iter().find(is_other).map(|other| other.sentence);
        let sentences: Vec<&str> = other.into_iter().chain([item.sentence]).collect();
        let summary = Summary {
            text: sentences.join(" "),
            sentences: Vec::new(),
            origin: Origin::Transcript,
            provenance: None,
            freshness: Freshness::Current,
        };
        let found = doubts(
            &item.recorded.talk,
            &summary,
            &item.recorded.transcript,
            &catalog,
        );
        let is_about = |(kind, words): &&(&str, String)| {
            item.sentence.contains(&**words) && tells(kind, item.kind)
        };
        let is_found = found.iter().any(|finding| is_about(&finding));
        let count = counts.entry((item.recorded.half, item.kind)).or_default();
        count.0 += usize::from(is_found);
        count.1 += 1;
        let is_right = is_found == (item.kind != GOOD);
        if env::var_os("PROCEEDINGS_SHOW_DOUBTS").is_some() && !is_right {
            eprintln!(
                "{} {}: {} {found:?}",
                item.recorded.half, item.kind, item.sentence
            );
        }
    }
    for (half, name) in [(0, "chosen-on"), (1, "measured-on")] {
        let of_half = counts.iter().filter(|((of, _), _)| *of == half);
        let mut planted = (0, 0);
        for ((_, kind), (found, all)) in of_half {
            print(&format!("doubts-{name}-{kind}"), share(*found, *all), *all);
            if ![GOOD, NEGATION].contains(kind) {
                planted = (planted.0 + found, planted.1 + all);
            }
        }
        print(
            &format!("doubts-{name}-found"),
            share(planted.0, planted.1),
            planted.1,
        );
    }
}

/// Whether a finding of one kind tells of a fault of another; of a good sentence it tells anything.
fn tells(finding: &str, fault: &str) -> bool {
    match fault {
        GOOD => true,
        NEGATION => false,
        "same-twice" | "repeated-title" => finding == "repetition",
        "other-talk" => matches!(finding, "off-topic" | "unsupported"),
        _ => finding == "unsupported",
    }
}

/// A sentence about a talk.
struct Item<'a> {
    talk_id: &'a str,
    recorded: &'a Recorded,
    kind: &'a str,
    sentence: &'a str,
}

fn item<'a>(line: &'a Value, talks: &'a BTreeMap<String, Recorded>) -> Item<'a> {
    let text = |key: &str| line[key].as_str().unwrap_or_default();
    Item {
        talk_id: text("talk"),
        recorded: &talks[text("talk")],
        kind: text("kind"),
        sentence: text("sentence"),
    }
}

fn recorded(line: &Value, half: usize) -> Recorded {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let words = line["captions"][0]["text"].as_str().unwrap_or_default();
    let words: Vec<&str> = words.split_whitespace().collect();
    let cue = |(at, words): (u64, &[&str])| Cue {
        span: Some(Span {
            start: Duration::from_secs(at * CUE.1),
            end: Duration::from_secs((at + 1) * CUE.1),
        }),
        text: words.join(" "),
    };
    let speakers = line["speakers"].as_array().into_iter().flatten();
    Recorded {
        talk: Talk {
            id: TalkId::whole(text("id").parse().expect("it is an id")),
            recording: None,
            end: None,
            title: text("title"),
            title_origin: TitleOrigin::YouTube,
            speakers: speakers
                .filter_map(|speaker| Some(speaker.as_str()?.to_owned()))
                .collect(),
            description: text("description"),
            date: line["upload_date"].as_str().map(str::to_owned),
            duration: None,
            language: None,
            chapters: Vec::new(),
            transcript: None,
        },
        transcript: Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            cues: (0..).zip(words.chunks(CUE.0)).map(cue).collect(),
        },
        half,
    }
}
