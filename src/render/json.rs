//! The page's data for programs, with where they come from. `docs/page-json.md` says what each
//! field means; the structs here are that promise, and mirror it in the same order.
//!
//! Pure. Texts are as on the page: on one line and without controls; the description keeps its
//! lines.

use serde::Serialize;
use url::Url;

use crate::render::escape::{line, without_controls};
use crate::render::markdown;
use crate::render::page::Header;
use crate::talk::provenance::{FiledBy, Making, TitleOrigin};
use crate::talk::transcript::CaptionKind;
use crate::talk::{Choice, Freshness, Origin, SummarizedTalk};

/// Goes up when a field that was there is no longer, or means something else.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct PageJson<'a> {
    version: u32,
    title: String,
    url: Option<&'a str>,
    language: &'a str,
    intro: Option<String>,
    categories: Vec<CategoryJson>,
    talks: Vec<TalkJson<'a>>,
}

#[derive(Serialize)]
struct CategoryJson {
    name: String,
    description: String,
    talks: usize,
}

#[derive(Serialize)]
struct TalkJson<'a> {
    id: String,
    video: &'a str,
    start: Option<u64>,
    end: Option<u64>,
    url: String,
    title: String,
    title_origin: TitleOrigin,
    speakers: Vec<String>,
    description: String,
    date: Option<String>,
    duration: Option<u64>,
    language: Option<String>,
    chapters: Vec<ChapterJson>,
    transcript: Option<TranscriptJson<'a>>,
    summary: Option<SummaryJson<'a>>,
    category: Option<FilingJson<'a>>,
}

#[derive(Serialize)]
struct ChapterJson {
    start: u64,
    title: String,
    url: String,
}

#[derive(Serialize)]
struct TranscriptJson<'a> {
    kind: CaptionKind,
    language: Option<String>,
    words: usize,
    digest: &'a str,
}

#[derive(Serialize)]
struct SummaryJson<'a> {
    text: String,
    origin: Origin,
    made: Option<MadeJson<'a>>,
    stale: bool,
}

#[derive(Serialize)]
struct FilingJson<'a> {
    name: Option<String>,
    origin: FiledBy,
    made: Option<MadeJson<'a>>,
    stale: bool,
}

#[derive(Serialize)]
struct MadeJson<'a> {
    at: String,
    provider: Option<&'a str>,
    model: Option<String>,
}

/// The page as JSON.
pub(super) fn page(header: &Header, talks: &[SummarizedTalk]) -> String {
    let page = PageJson {
        version: VERSION,
        title: line(&header.title),
        url: header.url.as_ref().map(Url::as_str),
        language: &header.language,
        intro: header.intro.as_deref().map(markdown::harmless),
        categories: categories(header, talks),
        talks: talks.iter().map(talk).collect(),
    };
    let mut json = serde_json::to_string_pretty(&page).expect("our own types serialize");
    json.push('\n');
    json
}

fn categories(header: &Header, talks: &[SummarizedTalk]) -> Vec<CategoryJson> {
    let is_in = |talk: &SummarizedTalk, name: &str| {
        let choice = talk.category.as_ref().map(|filing| &filing.choice);
        matches!(choice, Some(Choice::Category(chosen)) if chosen == name)
    };
    let categories = header.categories.iter();
    categories
        .map(|(name, description)| CategoryJson {
            name: line(name),
            description: line(description),
            talks: talks.iter().filter(|talk| is_in(talk, name)).count(),
        })
        .collect()
}

fn talk(summarized: &SummarizedTalk) -> TalkJson<'_> {
    let talk = &summarized.talk;
    let chapters = talk.chapters.iter().map(|chapter| ChapterJson {
        start: chapter.start,
        title: line(&chapter.title),
        url: talk.id.url_at(chapter.start),
    });
    TalkJson {
        id: talk.id.to_string(),
        video: talk.id.video.as_str(),
        start: talk.id.start,
        end: talk.end,
        url: talk.id.url(),
        title: line(&talk.title),
        title_origin: talk.title_origin,
        speakers: talk.speakers.iter().map(|name| line(name)).collect(),
        description: without_controls(talk.description.trim()),
        date: talk.date.as_deref().map(line),
        duration: talk.duration,
        language: talk.language.as_deref().map(line),
        chapters: chapters.collect(),
        transcript: talk.transcript.as_ref().map(|transcript| TranscriptJson {
            kind: transcript.kind,
            language: transcript.language.as_deref().map(line),
            words: transcript.words,
            digest: &transcript.digest,
        }),
        summary: summarized.summary.as_ref().map(|summary| SummaryJson {
            text: line(&summary.text),
            origin: summary.origin,
            made: summary.making.as_ref().map(made),
            stale: summary.freshness == Freshness::Stale,
        }),
        category: summarized.category.as_ref().map(|filing| FilingJson {
            name: match &filing.choice {
                Choice::Category(name) => Some(line(name)),
                Choice::NoneFits => None,
            },
            origin: filing.filed_by,
            made: filing.making.as_ref().map(made),
            stale: filing.freshness == Freshness::Stale,
        }),
    }
}

fn made(making: &Making) -> MadeJson<'_> {
    let model = making.model.as_ref();
    MadeJson {
        at: making.at.to_string(),
        provider: model.map(|model| model.provider),
        model: model.map(|model| line(&model.name)),
    }
}
