//! What the templates of the Markdown and HTML pages see.
//!
//! Pure: talks are grouped, put in order and turned into text. Templates decide how it looks and
//! never see a noun of the program.

use std::collections::HashSet;

use serde::Serialize;
use url::Url;

use crate::locale::Locale;
use crate::render::anchors::Anchors;
use crate::render::card::{card, day, similar_links, similar_talks};
use crate::render::common::{self, language_name};
use crate::render::groups::{CategoryGroup, group_by_category};
use crate::render::logo::Logo;
use crate::render::markdown;
use crate::render::pictures::{Picture, Pictures};
use crate::render::similar::SimilarTalk;
use crate::render::talk_pages::TalkFolders;
use crate::talk::{Origin, SummarizedTalk, one_line};

/// What stands over the talks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Header {
    /// The conference's name.
    pub title: String,
    /// Markdown that stands under the title.
    pub intro: Option<String>,
    /// The language of the page (BCP 47).
    pub language: String,
    /// The categories in the organizer's order: the name of each, and what readers are told about it.
    pub categories: Vec<(String, String)>,
    /// Where the talks' pictures come from.
    pub pictures: Pictures,
    /// The address that the page will have, if the organizer says so.
    pub url: Option<Url>,
    /// The index that the page belongs to, if it is one of several.
    pub home: Option<Home>,
    /// Whether a feed is made beside the page.
    pub has_feed: bool,
    /// Where the conference was.
    pub place: Option<String>,
    /// When it was, in the organizer's words.
    pub dates: Option<String>,
    /// The conference's own page.
    pub website: Option<Url>,
    /// Its logo.
    pub logo: Option<Logo>,
    /// For each talk in its place those that are most like it; nothing where nobody has looked.
    pub similar: Option<Vec<Vec<SimilarTalk>>>,
    /// Where the pages of talks are, if they have pages.
    pub talk_pages: Option<TalkFolders>,
}

/// An index of several pages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Home {
    /// Its title.
    pub title: String,
    /// Its address, seen from the page.
    pub href: String,
    /// The folder by which its search knows the page, where that finds what was said in the talks.
    pub searched_folder: Option<String>,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Page {
    /// The conference's name.
    pub title: String,
    /// The index that the page belongs to, if it is one of several.
    pub home: Option<Home>,
    /// The intro as Markdown, without the HTML that stood in it.
    pub intro_markdown: Option<String>,
    /// The intro as HTML, without the HTML that stood in it.
    pub intro_html: Option<String>,
    /// The language of the page (BCP 47).
    pub language: String,
    /// How many talks: `1 talk`, `88 talks`.
    pub talks: String,
    /// How long they are together: `31 hours`; none where one of them is not known.
    pub length: Option<String>,
    /// The same in seconds.
    #[serde(skip)]
    pub seconds: Option<u64>,
    /// The anchor of the list of sections.
    pub contents: String,
    /// The talks by category.
    pub sections: Vec<Section>,
    /// Whether a model wrote one of the summaries.
    pub has_written: bool,
    /// Whether one of the summaries is an excerpt.
    pub has_excerpts: bool,
    /// Whether one of the summaries was taken over from a page made earlier.
    pub has_imported: bool,
    /// Where the conference was.
    pub place: Option<String>,
    /// When it was, in the organizer's words.
    pub dates: Option<String>,
    /// The conference's own page.
    pub website: Option<String>,
    /// The days of the talks, where they are so few that no talk has to say its own.
    pub days: Option<String>,
    /// The language that all talks are held in, where it is not the page's.
    pub spoken: Option<String>,
    /// How most summaries came about: `Summaries written by a model`.
    pub usual_source: Option<String>,
    /// How the talks are laid out at first: `summaries`, or `pictures` where they are few.
    pub view: &'static str,
}

/// The talks of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Section {
    /// The category's name.
    pub name: String,
    /// Where links lead: the anchor that GitHub gives the heading.
    pub anchor: String,
    /// What readers are told about it, empty where the organizer says nothing.
    pub about: String,
    /// The same, as templates of before call it.
    pub description: String,
    /// How many: `1 video`, `29 videos`.
    pub videos: String,
    /// The same in the word that the rest of the page has: `1 talk`, `29 talks`.
    pub talks: String,
    /// The number alone.
    pub count: usize,
    /// How long they are together: `3 hours`; none where one of them is not known.
    pub length: Option<String>,
    /// The color: 1 to 24 by the category's name, 0 for talks without a category.
    pub color: usize,
    /// The talks in the organizer's order.
    pub cards: Vec<Card>,
}

/// A talk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Card {
    /// An anchor with a `.` in it, which no heading has.
    pub anchor: String,
    pub video: String,
    /// Whether the recording is on `YouTube`, so that it has a player and a picture there.
    pub is_on_youtube: bool,
    /// Its title, on one line.
    pub title: String,
    /// The same without what is said beside it.
    pub display_title: String,
    /// The language of the title and of chapters (BCP 47): that which is spoken, where it is not the
    /// page's.
    pub title_tag: Option<String>,
    /// The language of the summary, where it is the talk's own words in another language.
    pub text_tag: Option<String>,
    /// The kind of talk that stood in the title: `Lightning Talk`.
    pub kind: Option<String>,
    /// Where it is to be seen.
    pub url: String,
    /// Its own page, seen from this one, if it has one.
    pub talk_page: Option<String>,
    /// The name of its section.
    pub category: String,
    /// The other categories that it belongs to.
    pub also: Vec<String>,
    /// The color of its section.
    pub color: usize,
    /// Its picture; none where there is none, or where the organizer wants none.
    pub picture: Option<Picture>,
    /// Who speaks: `A. Name, B. Name`; none where nobody is known.
    pub speakers: Option<String>,
    /// Each of them alone.
    pub names: Vec<String>,
    /// The day of publication, `2024-09-12`.
    pub date: Option<String>,
    /// The same as people write it, `12 September 2024`, where the page does not say the days of all.
    pub day: Option<String>,
    /// The length, `25:10`.
    pub length: Option<String>,
    /// The same in seconds.
    pub seconds: Option<u64>,
    /// Where the talk starts and ends in its recording, as the player's address has it.
    pub part: String,
    /// The tag of the spoken language (BCP 47), where it is known.
    pub tag: Option<String>,
    /// The name of the spoken language, where the page has talks in several.
    pub language: Option<String>,
    /// The spoken language (BCP 47), where it is not the page's.
    pub spoken: Option<String>,
    /// Speakers, date, length and language on one line; none where nothing is known.
    pub facts: Option<String>,
    /// The summary on one line.
    pub summary: Option<String>,
    /// The same sentence by sentence, where one of them leads to the second at which it is said;
    /// else empty.
    pub sentences: Vec<Sentence>,
    /// What is to be known of the summary: `Excerpt`, `From the abstract`.
    pub note: Option<String>,
    /// How the summary came about, where no organizer wrote it: `Written by a model`.
    pub source: Option<String>,
    /// The same, where it is not what the page says of most.
    pub mark: Option<String>,
    pub chapters: Vec<ChapterLink>,
    /// The talks that are most like it.
    pub similar: Vec<SimilarLink>,
}

/// A talk that is like another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct SimilarLink {
    pub title: String,
    /// Where it stands on this page, or on another conference's.
    pub href: String,
    /// The other conference's name.
    pub conference: Option<String>,
    /// The words that both have: `kernels, fusion`.
    pub words: String,
}

/// A sentence of a summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Sentence {
    /// The sentence itself.
    pub words: String,
    /// Where it is said, if that was found.
    pub place: Option<PlaceLink>,
}

/// Where a sentence is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PlaceLink {
    /// When, `12:34`.
    pub time: String,
    /// Where that is to be heard; none where no link leads to a moment.
    pub url: Option<String>,
    /// What is said there.
    pub quote: String,
    /// The language of that (BCP 47), where it is not the page's.
    pub tag: Option<String>,
}

/// A link into a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChapterLink {
    /// When it begins, `12:30`.
    pub time: String,
    pub title: String,
    /// Where it is to be seen.
    pub url: String,
}

impl Page {
    /// Groups the talks: sections in the organizer's order, `Uncategorized` last, empty ones left
    /// out.
    #[must_use]
    pub(crate) fn new(header: &Header, talks: &[&SummarizedTalk]) -> Self {
        let title = one_line(&header.title);
        let intro = header
            .intro
            .as_deref()
            .filter(|intro| !intro.trim().is_empty())
            .map(markdown::sanitize);
        let mut anchors = Anchors::default();
        anchors.of(&title);
        for heading in intro.iter().flat_map(|intro| markdown::headings(intro)) {
            anchors.of(&heading);
        }
        let locale = Locale::of(&header.language);
        let contents = anchors.of(&locale.text("contents"));
        let origins = || {
            talks
                .iter()
                .filter_map(|talk| Some(talk.summary.as_ref()?.origin))
        };
        let spoken_language = |talk: &SummarizedTalk| {
            let tag = talk.talk.language.as_deref();
            tag.map(|tag| language_name(locale, tag))
        };
        let languages = talks.iter().filter_map(|talk| spoken_language(talk));
        let languages: HashSet<String> = languages.collect();
        let days = common::days(locale, talks);
        let usual = common::usual_origin(talks);
        let similar = similar_talks(header, talks);
        let cards = |group: &CategoryGroup<'_>| -> Vec<Card> {
            let talks = group.talks.iter();
            talks
                .map(|talk| Card {
                    similar: similar_links(&title, &similar, talk),
                    category: group.name.clone(),
                    color: group.color,
                    language: spoken_language(talk).filter(|_| languages.len() > 1),
                    mark: common::mark(talk, usual).map(|key| locale.text(key)),
                    day: day(locale, talk).filter(|_| days.is_none()),
                    ..card(header, talk)
                })
                .collect()
        };
        let sections = group_by_category(header, talks).into_iter().map(|group| {
            let name = one_line(&group.name);
            let anchor = anchors.section(&name);
            let cards = cards(&group);
            for card in &cards {
                anchors.of(&card.title);
            }
            Section {
                anchor,
                videos: locale.counted("videos", number(cards.len())),
                talks: locale.counted("talks", number(cards.len())),
                count: cards.len(),
                length: total_length(&group.talks).map(|seconds| locale.length(seconds)),
                color: group.color,
                cards,
                description: group.about.clone(),
                about: group.about,
                name,
            }
        });
        let sections: Vec<Section> = sections.collect();
        let first = sections.iter().flat_map(|section| &section.cards).next();
        let is_foreign =
            languages.len() == 1 && talks.iter().all(|talk| talk.talk.language.is_some());
        let seconds = total_length(talks);
        Self {
            title,
            home: header.home.clone(),
            place: said(header.place.as_deref()),
            dates: said(header.dates.as_deref()),
            website: header.website.as_ref().map(Url::to_string),
            spoken: first
                .and_then(|card| card.spoken.clone())
                .filter(|_| is_foreign),
            days,
            usual_source: usual.map(|origin| locale.text(common::usual_source(origin))),
            view: if talks.len() < FEW {
                "pictures"
            } else {
                "summaries"
            },
            intro_html: intro.as_deref().map(markdown::to_html),
            intro_markdown: intro,
            language: header.language.clone(),
            talks: locale.counted("talks", number(talks.len())),
            length: seconds.map(|seconds| locale.length(seconds)),
            seconds,
            contents,
            sections,
            has_written: origins()
                .any(|origin| matches!(origin, Origin::Transcript | Origin::Abstract)),
            has_excerpts: origins().any(|origin| origin == Origin::Excerpt),
            has_imported: origins().any(|origin| origin == Origin::Import),
        }
    }
}

/// A text on one line, if it says anything.
fn said(text: Option<&str>) -> Option<String> {
    text.map(one_line).filter(|text| !text.is_empty())
}

/// So few talks are shown with large pictures; more are a list to read.
const FEW: usize = 20;

/// How many seconds these talks are together; none where one of them is not known.
fn total_length(talks: &[&SummarizedTalk]) -> Option<u64> {
    let lengths: Option<u64> = talks.iter().map(|talk| talk.talk.duration).sum();
    lengths.filter(|seconds| *seconds > 0)
}

/// A count as messages have it.
fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
