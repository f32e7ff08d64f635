//! Turns a conference's recordings into a page: two sentences a talk, grouped by category, with
//! everything cached on disk.
//!
//! The program is one straight line, and a value only ever moves to the right:
//!
//! ```text
//! catalog.toml → Entry → fetch → Talk → summarize → Summary → categorize → Category → Page → render
//! ```
//!
//! The modules stand in suggested reading order; `ARCHITECTURE.md` has the plan of the house.

mod alike;
mod batch;
mod cache;
mod catalog;
mod check;
mod compare;
mod doctor;
mod encoding;
mod evidence;
mod fetch;
mod fs;
mod hex;
mod home;
mod http;
mod limits;
mod llm;
mod locale;
mod mcp;
mod numbers;
mod origin_page;
mod pipeline;
mod plain;
mod printable;
mod prompts;
mod render;
mod report;
mod requests;
mod review;
mod schedule;
mod script;
mod site;
mod sound;
mod status;
mod store;
mod suggest;
mod summarize;
mod talk;
mod templates;
mod thumbnails;
mod titles;
mod tools;
mod trust;
mod work;
mod xml;

pub mod cli;

/// What the tests, benches and fuzz targets of this project look at, and nobody else.
#[doc(hidden)]
pub mod testing {
    pub use crate::alike::TalkText;
    pub use crate::alike::clusters::{Cluster, clusters};
    pub use crate::alike::filing::{CategoryText, file};
    pub use crate::alike::neighbours::{Neighbour, neighbours};
    pub use crate::alike::weights::ReadTalks;
    pub use crate::cache::{Archive, Cache, ImportRules, Lookup, Makers, Owner, Reply, Request};
    pub use crate::catalog::Catalog;
    pub use crate::evidence::{Sought, SpokenWords};
    pub use crate::fetch::captions::{CaptionFormat, cues};
    pub use crate::http::client;
    pub use crate::llm::{
        ChatRequest, Completion, Field, FieldKind, Message, Parameters, ProviderKind, ReplyShape,
        Role, Tuning,
    };
    pub use crate::render::page::Header;
    pub use crate::render::{Format, Templates};
    pub use crate::suggest::builtin::propose;
    pub use crate::summarize::builtin::{Material, excerpt};
    pub use crate::summarize::form::Strictness;
    pub use crate::summarize::near_miss::{Misheard, Trusted, misheard, near_misses};
    pub use crate::summarize::reply::{Rules, summary};
    pub use crate::summarize::sentences::sentences;
    pub use crate::talk::evidence::{Evidence, FoundBy, PlacedSentence, SummaryEvidence};
    pub use crate::talk::id::{TalkId, VideoId};
    pub use crate::talk::provenance::{FiledBy, Model, Provenance, TitleOrigin};
    pub use crate::talk::transcript::{CaptionKind, Cue, Span, Transcript, TranscriptRef};
    pub use crate::talk::{
        Chapter, Choice, Filing, Freshness, Metadata, Origin, SummarizedTalk, Summary, Talk,
    };
    pub use crate::titles::pairs;
    pub use crate::work::Stage;

    /// What `check` finds about a summary beside its transcript: of what kind, and in which words.
    #[must_use]
    pub fn doubts(
        talk: &Talk,
        summary: &Summary,
        transcript: &Transcript,
        catalog: &Catalog,
    ) -> Vec<(&'static str, String)> {
        let found = crate::check::about_transcript(talk, Some(summary), transcript, catalog);
        let found = found
            .into_iter()
            .chain(crate::check::repetition::findings(talk, summary));
        found
            .map(|finding| (finding.kind.name(), finding.text))
            .collect()
    }

    /// The pages of single talks, each of which shows that this was said.
    #[must_use]
    pub fn talk_pages(
        templates: &Templates,
        header: &Header,
        talks: &[&SummarizedTalk],
        said: &Transcript,
    ) -> Vec<String> {
        let header = &Header {
            talk_pages: Some(crate::render::talk_pages::TalkFolders::default()),
            ..header.clone()
        };
        let pages = crate::render::talk_pages::talk_pages(header, talks);
        let pages = pages.iter().map(|page| {
            let page = templates.render_talk(header, page, Some(said));
            page.expect("an embedded template renders")
        });
        pages.collect()
    }

    /// The titles of the sessions of a schedule, each with its speakers.
    #[must_use]
    pub fn schedule(bytes: &[u8]) -> Option<Vec<(String, Vec<String>)>> {
        let sessions = crate::schedule::read(bytes).ok()?.sessions.into_iter();
        Some(
            sessions
                .map(|session| (session.title, session.speakers))
                .collect(),
        )
    }

    /// The talks of a page of the origin, each with its id and all its text.
    #[must_use]
    pub fn origin_page(text: &str) -> Option<Vec<(String, String)>> {
        let page = crate::origin_page::parse(text).ok()?;
        let talks = page.sections.into_iter().flat_map(|section| section.talks);
        let texts = talks.map(|talk| (talk.video.to_string(), talk.title + &talk.summary));
        Some(texts.collect())
    }

    /// The body of a model's reply, as it comes over the wire.
    #[must_use]
    pub fn reply_body(bytes: &[u8]) -> Option<serde_json::Value> {
        crate::llm::body::unpacked_value(bytes)
    }

    /// The notes in a model's reply.
    #[must_use]
    pub fn notes(completion: &Completion) -> Option<String> {
        crate::summarize::reply::notes(completion).ok()
    }
}
