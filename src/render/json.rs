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
use crate::render::similar::SimilarTalk;
use crate::talk::evidence::{Evidence, FoundBy};
use crate::talk::provenance::{FiledBy, Provenance, TitleOrigin};
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
    about: String,
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
    also: Vec<String>,
    similar: Vec<SimilarJson>,
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
    sentences: Vec<SentenceJson>,
    origin: Origin,
    made: Option<MadeJson<'a>>,
    stale: bool,
}

#[derive(Serialize)]
struct SentenceJson {
    text: String,
    evidence: Option<EvidenceJson>,
}

#[derive(Serialize)]
struct EvidenceJson {
    start: f64,
    end: f64,
    url: Option<String>,
    quote: String,
    found_by: FoundBy,
}

#[derive(Serialize)]
struct FilingJson<'a> {
    name: Option<String>,
    origin: FiledBy,
    made: Option<MadeJson<'a>>,
    stale: bool,
}

#[derive(Serialize)]
struct SimilarJson {
    id: String,
    title: String,
    url: String,
    conference: Option<String>,
    words: Vec<String>,
}

#[derive(Serialize)]
struct MadeJson<'a> {
    at: String,
    provider: Option<&'a str>,
    model: Option<String>,
    from_archive: bool,
}

/// The page as JSON.
pub(super) fn page(header: &Header, talks: &[&SummarizedTalk]) -> String {
    let similar = |at: usize| {
        let similar = header.similar.as_ref().and_then(|similar| similar.get(at));
        similar.map(Vec::as_slice).unwrap_or_default()
    };
    let page = PageJson {
        version: VERSION,
        title: line(&header.title),
        url: header.url.as_ref().map(Url::as_str),
        language: &header.language,
        intro: header.intro.as_deref().map(markdown::sanitize),
        categories: categories(header, talks),
        talks: (talks.iter().enumerate())
            .map(|(at, talk)| talk_json(talk, similar(at)))
            .collect(),
    };
    let mut json = serde_json::to_string_pretty(&page).expect("our own types serialize");
    json.push('\n');
    json
}

fn categories(header: &Header, talks: &[&SummarizedTalk]) -> Vec<CategoryJson> {
    let is_in = |talk: &SummarizedTalk, name: &str| {
        let choice = talk.category.as_ref().map(|filing| &filing.choice);
        matches!(choice, Some(Choice::Category(chosen)) if chosen == name)
    };
    let categories = header.categories.iter();
    categories
        .map(|(name, about)| CategoryJson {
            name: line(name),
            about: line(about),
            description: line(about),
            talks: talks.iter().filter(|talk| is_in(talk, name)).count(),
        })
        .collect()
}

fn talk_json<'a>(summarized: &'a SummarizedTalk, similar: &[SimilarTalk]) -> TalkJson<'a> {
    let talk = &summarized.talk;
    let chapters = talk.chapters.iter().map(|chapter| ChapterJson {
        start: chapter.start,
        title: line(&chapter.title),
        url: talk.url_at(chapter.start),
    });
    TalkJson {
        id: talk.id.to_string(),
        video: talk.id.video.as_str(),
        start: talk.id.start,
        end: talk.end,
        url: talk.url(),
        title: line(&talk.title),
        title_origin: talk.title_origin,
        speakers: talk.speakers.iter().map(|name| line(name)).collect(),
        description: without_controls(talk.description.trim()).into_owned(),
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
            sentences: sentences(summarized),
            origin: summary.origin,
            made: summary.provenance.as_ref().map(made_json),
            stale: summary.freshness == Freshness::Stale,
        }),
        category: summarized.category.as_ref().map(|filing| FilingJson {
            name: match &filing.choice {
                Choice::Category(name) => Some(line(name)),
                Choice::NoneFits => None,
            },
            origin: filing.filed_by,
            made: filing.provenance.as_ref().map(made_json),
            stale: filing.freshness == Freshness::Stale,
        }),
        also: summarized.other_categories().map(line).collect(),
        similar: similar.iter().map(similar_json).collect(),
    }
}

fn similar_json(talk: &SimilarTalk) -> SimilarJson {
    SimilarJson {
        id: talk.id.to_string(),
        title: line(&talk.title),
        url: talk.url.clone(),
        conference: talk.elsewhere.as_ref().map(|page| line(&page.title)),
        words: talk.words.iter().map(|word| line(word)).collect(),
    }
}

fn sentences(SummarizedTalk { talk, places, .. }: &SummarizedTalk) -> Vec<SentenceJson> {
    let evidence = |evidence: &Evidence| EvidenceJson {
        start: evidence.span.start.as_secs_f64(),
        end: evidence.span.end.as_secs_f64(),
        url: talk.moment(evidence.span.start.as_secs()),
        quote: line(&evidence.quote),
        found_by: evidence.found_by,
    };
    let sentences = places.iter().map(|sentence| SentenceJson {
        text: line(&sentence.text),
        evidence: sentence.evidence.as_ref().map(evidence),
    });
    sentences.collect()
}

fn made_json(provenance: &Provenance) -> MadeJson<'_> {
    let model = provenance.model.as_ref();
    MadeJson {
        at: provenance.at.to_string(),
        provider: model.map(|model| model.provider),
        model: model.map(|model| line(&model.name)),
        from_archive: provenance.from_archive,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::Value;

    use super::*;
    use crate::render::trial;
    use crate::talk::provenance::Model;
    use crate::talk::transcript::TranscriptRef;

    /// A page on which everything is known that a page can know.
    fn everything() -> String {
        let (header, mut talks) = trial();
        let talk = &mut talks[0];
        talk.talk.transcript = Some(TranscriptRef {
            digest: "3fa9c1d2e4b59a07".to_owned(),
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            words: 3035,
            characters: 17_000,
            tokens: 4000,
        });
        let provenance = Some(Provenance {
            model: Some(Model {
                provider: "openai",
                name: "small".to_owned(),
            }),
            at: "2026-06-20T08:00:00Z".parse().unwrap(),
            from_archive: false,
        });
        let summary = talk.summary.as_mut().unwrap();
        summary.origin = Origin::Transcript;
        summary.provenance.clone_from(&provenance);
        let filing = talk.category.as_mut().unwrap();
        filing.filed_by = FiledBy::Model;
        filing.provenance = provenance;
        filing.freshness = Freshness::Stale;
        page(&header, &[&talks[0]])
    }

    /// Programs rely on these names. A change to them goes into `docs/page-json.md`.
    #[test]
    #[expect(clippy::too_many_lines, reason = "a page has many fields")]
    fn the_page_is_as_it_was_promised() {
        expect![[r#"
            {
              "version": 1,
              "title": "text",
              "url": "https://conf.example/",
              "language": "text",
              "intro": "text",
              "categories": [
                {
                  "name": "text",
                  "about": "text",
                  "description": "text",
                  "talks": 1
                }
              ],
              "talks": [
                {
                  "id": "-----------@0:00",
                  "video": "-----------",
                  "start": 0,
                  "end": 60,
                  "url": "https://www.youtube.com/watch?v=-----------&t=0s",
                  "title": "text",
                  "title_origin": "youtube",
                  "speakers": [
                    "text"
                  ],
                  "description": "text",
                  "date": "text",
                  "duration": 60,
                  "language": "text",
                  "chapters": [
                    {
                      "start": 0,
                      "title": "text",
                      "url": "https://www.youtube.com/watch?v=-----------&t=0s"
                    }
                  ],
                  "transcript": {
                    "kind": "automatic",
                    "language": "en",
                    "words": 3035,
                    "digest": "3fa9c1d2e4b59a07"
                  },
                  "summary": {
                    "text": "text",
                    "sentences": [
                      {
                        "text": "text",
                        "evidence": {
                          "start": 12.34,
                          "end": 15.0,
                          "url": "https://www.youtube.com/watch?v=-----------&t=12s",
                          "quote": "text",
                          "found_by": "quote"
                        }
                      },
                      {
                        "text": "text",
                        "evidence": null
                      }
                    ],
                    "origin": "transcript",
                    "made": {
                      "at": "2026-06-20T08:00:00Z",
                      "provider": "openai",
                      "model": "small",
                      "from_archive": false
                    },
                    "stale": false
                  },
                  "category": {
                    "name": "text",
                    "origin": "model",
                    "made": {
                      "at": "2026-06-20T08:00:00Z",
                      "provider": "openai",
                      "model": "small",
                      "from_archive": false
                    },
                    "stale": true
                  },
                  "also": [
                    "another"
                  ],
                  "similar": [
                    {
                      "id": "-----------",
                      "title": "text",
                      "url": "text",
                      "conference": "text",
                      "words": [
                        "text"
                      ]
                    }
                  ]
                }
              ]
            }
        "#]]
        .assert_eq(&everything());
    }

    #[test]
    fn every_field_is_documented() {
        fn names(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(fields) => fields.iter().for_each(|(name, value)| {
                    found.push(format!("`{name}`"));
                    names(value, found);
                }),
                Value::Array(values) => values.iter().for_each(|value| names(value, found)),
                _ => {}
            }
        }
        let document = include_str!("../../docs/page-json.md");
        let mut found = Vec::new();
        names(&serde_json::from_str(&everything()).unwrap(), &mut found);
        for name in found {
            assert!(document.contains(&name), "{name}");
        }
    }
}
