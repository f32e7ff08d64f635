//! The caches of all versions in `tests/fixtures/caches`, which every later version reads. That of
//! today's version holds a file of every kind that is written today: what is new needs one there.

use std::collections::BTreeSet;

use super::*;
use crate::cache::contents::{ExaminedFile, FileKind};
use crate::cache::envelope::{ReplyFile, VERSION, read};
use crate::cache::file_name::ReplyStatus;

/// What was asked, in a word of `ASKED`.
fn asked(request: &Request) -> &'static str {
    match request {
        Request::Chat(chat) => match chat.provider {
            ProviderKind::OpenAi => "openai",
            ProviderKind::Anthropic => "anthropic",
            ProviderKind::Gemini => "gemini",
            ProviderKind::Ollama => "ollama",
        },
        Request::Excerpt(_) => "excerpt",
        Request::Words(_) => "words",
        Request::Import(_) => "import",
        Request::Transcription(_) => "transcription",
    }
}

const ASKED: [&str; 8] = [
    "openai",
    "anthropic",
    "gemini",
    "ollama",
    "excerpt",
    "words",
    "import",
    "transcription",
];

/// What came back, in a word of `ANSWERED`.
fn answered(reply: &Reply) -> &'static str {
    match reply {
        Reply::Model(_) => "model",
        Reply::Excerpt(_) => "excerpt",
        Reply::Words(_) => "words",
        Reply::ImportedSummary(_) => "imported summary",
        Reply::ImportedCategory(_) => "imported category",
    }
}

const ANSWERED: [&str; 5] = [
    "model",
    "excerpt",
    "words",
    "imported summary",
    "imported category",
];

/// What a sound file is, in words.
fn kinds_of(file: &ExaminedFile) -> Vec<String> {
    let name = match &file.kind {
        FileKind::Captions => return vec!["captions".to_owned()],
        FileKind::Failure => return vec!["failure".to_owned()],
        FileKind::Thumbnail => return vec!["thumbnail".to_owned()],
        FileKind::Evidence => return vec!["evidence".to_owned()],
        FileKind::Result(name) => name,
    };
    let mut kinds = vec![name.stage.name().to_owned()];
    if !matches!(name.stage, Stage::Metadata | Stage::Transcript) {
        let reply: ReplyFile = read(&file.path).unwrap();
        kinds.push(format!("asked: {}", asked(&reply.request)));
        kinds.push(format!("answered: {}", answered(&reply.reply)));
    }
    if name.number > 1 {
        kinds.push("repeat".to_owned());
    }
    if name.status == ReplyStatus::Rejected {
        kinds.push("set aside".to_owned());
    }
    kinds
}

#[test]
fn the_cache_of_this_version_holds_a_file_of_every_kind() {
    let caches = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/caches");
    let cache = Cache::new(caches.join(VERSION.to_string()).join("cache"));
    let mut found = BTreeSet::new();
    for folder in cache.folders().unwrap() {
        let files = cache.examine(&folder).unwrap();
        found.extend(files.iter().flat_map(kinds_of));
    }
    let others = [
        "captions",
        "failure",
        "thumbnail",
        "evidence",
        "repeat",
        "set aside",
    ];
    let written: BTreeSet<String> = others
        .map(str::to_owned)
        .into_iter()
        .chain(Stage::ALL.map(|stage| stage.name().to_owned()))
        .chain(ASKED.map(|word| format!("asked: {word}")))
        .chain(ANSWERED.map(|word| format!("answered: {word}")))
        .collect();
    assert_eq!(found, written);
}
