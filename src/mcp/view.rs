//! What the answers say of talks, in the words of `page.json` where that has them. Pure.
//!
//! Texts are on one line, without controls and without characters that nobody sees.

use serde::Serialize;

use crate::mcp::ListedConference;
use crate::render::escape::line;
use crate::talk::evidence::Evidence;
use crate::talk::{Choice, Origin, SummarizedTalk, Talk, UNCATEGORIZED, clock, language_name};

/// A talk and the conference that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListedTalk<'a> {
    pub(super) conference: &'a ListedConference,
    pub(super) talk: &'a SummarizedTalk,
}

/// A talk in a list of others.
#[derive(Debug, Serialize)]
pub(super) struct TalkLink {
    conference: String,
    id: String,
    title: String,
    /// Where its summary is said, else where it begins.
    url: String,
}

/// What is known of a talk without its transcript.
#[derive(Debug, Serialize)]
pub(super) struct TalkView {
    conference: String,
    id: String,
    title: String,
    speakers: Vec<String>,
    category: Option<String>,
    date: Option<String>,
    length: Option<String>,
    language: Option<String>,
    url: String,
    summary: Option<String>,
    /// Where the summary comes from.
    origin: Option<Origin>,
}

/// Where something is said.
#[derive(Debug, Serialize)]
pub(super) struct PlaceView {
    time: String,
    url: String,
    quote: String,
}

impl<'a> ListedTalk<'a> {
    /// The category that the catalog lists for the talk; none where the conference has no categories.
    pub(super) fn category(self) -> Option<&'a str> {
        let categories = &self.conference.catalog.categories;
        if categories.is_empty() {
            return None;
        }
        let filing = self.talk.category.as_ref();
        let listed = filing.and_then(|filing| match &filing.choice {
            Choice::Category(name) => categories.iter().find(|category| category.name == *name),
            Choice::NoneFits => None,
        });
        Some(listed.map_or(UNCATEGORIZED, |category| &category.name))
    }

    pub(super) fn link(self) -> TalkLink {
        let Talk { id, title, .. } = &self.talk.talk;
        let first = self.first_place();
        TalkLink {
            conference: line(&self.conference.catalog.title),
            id: id.to_string(),
            title: line(title),
            url: first.map_or_else(|| self.talk.talk.url(), |place| place.url),
        }
    }

    pub(super) fn view(self) -> TalkView {
        let SummarizedTalk { talk, summary, .. } = self.talk;
        let language = talk.language.as_deref();
        TalkView {
            conference: line(&self.conference.catalog.title),
            id: talk.id.to_string(),
            title: line(&talk.title),
            speakers: talk.speakers.iter().map(|name| line(name)).collect(),
            category: self.category().map(line),
            date: talk.date.as_deref().map(line),
            length: talk.duration.map(clock),
            language: language.map(|tag| line(language_name(tag))),
            url: talk.url(),
            summary: summary.as_ref().map(|summary| line(&summary.text)),
            origin: summary.as_ref().map(|summary| summary.origin),
        }
    }

    /// Where the first sentence of its summary is said whose place is known.
    pub(super) fn first_place(self) -> Option<PlaceView> {
        let mut sentences = self.talk.places.iter();
        let evidence = sentences.find_map(|sentence| sentence.evidence.as_ref())?;
        Some(PlaceView::new(&self.talk.talk, evidence))
    }
}

impl PlaceView {
    pub(super) fn new(talk: &Talk, evidence: &Evidence) -> Self {
        let second = evidence.span.start.as_secs();
        Self {
            time: clock(second),
            url: talk.url_at(second),
            quote: line(&evidence.quote),
        }
    }
}
