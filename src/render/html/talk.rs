//! What the template of a talk's page sees. Pure.

use serde::Serialize;

use crate::locale::Locale;
use crate::render::card::{card, day};
use crate::render::html::{PageAssets, structured};
use crate::render::icon::icon;
use crate::render::page::{Card, Header, SimilarLink};
use crate::render::pictures::{Picture, Pictures};
use crate::render::preview;
use crate::render::similar::name_in_address;
use crate::render::talk_pages::{INDEX, TalkLink, TalkPage, UP};
use crate::talk::paragraphs::{Paragraph, paragraphs};
use crate::talk::transcript::{CaptionKind, Transcript};
use crate::talk::{Talk, is_foreign, is_language, one_line};

/// The parts of the template, which it shares with the page of the conference.
pub(in crate::render) const PARTIALS: [(&str, &str); 1] =
    [("html/consent", include_str!("consent.hbs"))];

/// What the template of a talk's page sees.
#[derive(Debug, Serialize)]
pub(in crate::render) struct TalkPageView<'a> {
    /// The name of the conference.
    conference: String,
    /// The language of the page (BCP 47).
    language: &'a str,
    /// The talk on the page of the conference, and where that says how summaries come about.
    back: String,
    sources: String,
    /// The talk as it is on the page of the conference.
    talk: Card,
    /// What it is called in addresses.
    name: String,
    /// Its description, with its lines.
    description: &'a str,
    /// What was said, if that is published.
    transcript: Option<PageTranscript>,
    /// The talks that are most like it.
    similar: &'a [SimilarLink],
    previous: Option<&'a TalkLink>,
    next: Option<&'a TalkLink>,
    policy: String,
    style: &'a str,
    script: &'a str,
    /// The address that the page will have.
    address: Option<String>,
    /// A picture for those who link to the page.
    preview: Option<String>,
    /// The icon of the conference.
    icon: String,
    /// What search engines read: JSON-LD in which nothing ends a script.
    structured_data: String,
}

/// What was said.
#[derive(Debug, Serialize)]
struct PageTranscript {
    /// The language (BCP 47), where it is not the page's.
    tag: Option<String>,
    /// Who has written it down.
    source: String,
    paragraphs: Vec<ParagraphView>,
}

#[derive(Debug, Serialize)]
struct ParagraphView {
    /// `t=754`, where no paragraph before it begins in the same second.
    anchor: Option<String>,
    /// When it begins, `12:34`.
    time: Option<String>,
    /// Where that is to be heard.
    url: Option<String>,
    words: String,
}

impl<'a> TalkPageView<'a> {
    /// The view of a talk's page, with what was said in the talk where that is to be shown.
    pub(in crate::render) fn new(
        header: &'a Header,
        page: &'a TalkPage<'a>,
        transcript: Option<&Transcript>,
        assets: &'a PageAssets,
    ) -> Self {
        let talk = &page.talk.talk;
        let mut card = Card {
            category: page.category.clone(),
            color: page.color,
            day: day(Locale::of(&header.language), page.talk),
            ..card(header, page.talk)
        };
        let url = header.url.as_ref();
        let preview = preview(header, card.picture.as_ref());
        if let (Pictures::Local(_), Some(picture)) = (&header.pictures, &mut card.picture) {
            picture.src = format!("{UP}{}", picture.src);
        }
        Self {
            conference: one_line(&header.title),
            language: &header.language,
            back: format!("{UP}{INDEX}#{}", card.anchor),
            sources: format!("{UP}{INDEX}#page.sources"),
            structured_data: structured::talk_json_ld(&card),
            talk: card,
            name: name_in_address(&talk.id),
            description: talk.description.trim(),
            transcript: transcript.map(|said| PageTranscript::new(header, talk, said)),
            similar: &page.similar,
            previous: page.previous.as_ref(),
            next: page.next.as_ref(),
            policy: assets.policy(header.pictures.allowed_sources()),
            style: assets.style(),
            script: assets.script(),
            address: url.and_then(|url| page.address(url)).map(String::from),
            preview,
            icon: icon(&header.title),
        }
    }
}

/// The picture for those who link to the page, by its whole address: the talk's own, and that of the
/// conference where there is none.
fn preview(header: &Header, picture: Option<&Picture>) -> Option<String> {
    let url = header.url.as_ref();
    let address = match (picture, &header.pictures) {
        (Some(picture), Pictures::Linked | Pictures::Without) => return Some(picture.src.clone()),
        (Some(picture), Pictures::Local(_)) => url?.join(&picture.src),
        (None, _) => url?.join(preview::FILE),
    };
    address.ok().map(String::from)
}

impl PageTranscript {
    fn new(header: &Header, talk: &Talk, transcript: &Transcript) -> Self {
        let mut before = None;
        let view = |Paragraph {
                        start, time, text, ..
                    }| {
            let is_first = start.is_some() && start != before;
            before = start;
            ParagraphView {
                anchor: start.filter(|_| is_first).map(|start| format!("t={start}")),
                time,
                url: start.and_then(|start| talk.moment(start)),
                words: one_line(&text),
            }
        };
        let tag = transcript.language.clone();
        Self {
            tag: tag.filter(|tag| is_language(tag) && is_foreign(tag, &header.language)),
            source: Locale::of(&header.language).text(source(transcript.kind)),
            paragraphs: paragraphs(transcript).into_iter().map(view).collect(),
        }
    }
}

/// The message about who has written a transcript down.
fn source(kind: CaptionKind) -> &'static str {
    match kind {
        CaptionKind::Organizer => "captions-organizer",
        CaptionKind::Manual => "captions-manual",
        CaptionKind::Automatic => "captions-automatic",
        CaptionKind::Transcribed => "captions-transcribed",
    }
}
