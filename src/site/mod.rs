//! The index of many conferences: a card each, a search across all their talks, and what speakers and
//! topics have in all of them.
//!
//! Pure but for `manifest.rs` and `said/`: the same talks give the same bytes. The index is a page that works without scripting as a
//! list of conferences. What is searched stands in a script of its own, which is loaded when
//! somebody begins to search: a page that was opened from a disk may load a script, and nothing
//! else. Every link is relative, so that the folder can be put anywhere.

mod collections;
mod folder;
mod head;
mod manifest;
pub(crate) mod said;
mod search;
mod words;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;
use thiserror::Error;
use url::Url;

use crate::locale::{Locale, ScriptMessage};
use crate::render::crawlers::{self, CrawlerFile, SitePage};
use crate::render::feed::{self, NewTalk};
use crate::render::html::message;
use crate::render::icon::icon;
use crate::render::page::{Header, Page, Section};
use crate::render::preview::{self, Bar, Preview};
use crate::render::{Format, escape, html, messages};
pub(crate) use crate::site::collections::{Gathering, Topics, gather, write_list};
pub(crate) use crate::site::folder::folder;
pub(crate) use crate::site::head::{SiteHead, common_language};
pub(crate) use crate::site::manifest::{Manifest, Removal};
pub(crate) use crate::site::search::{is_script, write_script};
use crate::talk::SummarizedTalk;
use crate::templates::{self, TemplateFault};

const TEMPLATE: &str = include_str!("index.html.hbs");
const NOT_FOUND: &str = include_str!("404.html.hbs");
/// What the index has beside the style of the conferences' pages.
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// How it searches what was said.
const SAID_SCRIPT: &str = include_str!("said.js");
const NAME: &str = "site";

/// The messages that the script of the index shows.
const SCRIPT_MESSAGES: [ScriptMessage; 14] = [
    message("talks", &["number"]),
    message("conferences", &["number"]),
    message("talks-in-conferences", &["talks", "conferences"]),
    message("no-talk-mentions", &["words"]),
    message("no-talk-left", &[]),
    message("show-for", &["talks", "words"]),
    message("similar-talks", &[]),
    message("loading-talks", &[]),
    message("talks-not-loaded", &["file"]),
    message("said-nowhere", &[]),
    message("said-in", &["talks"]),
    message("said-maybe-in", &["talks"]),
    message("said-too-short", &["words"]),
    message("said-not-loaded", &["file"]),
];

/// So many categories of a conference are named on its card, the largest first.
const MOST_NAMED: usize = 4;

/// A conference of the site.
#[derive(Debug)]
pub(crate) struct SiteConference {
    /// The folder of its page, seen from the index.
    folder: String,
    page: Page,
    seconds: Option<u64>,
    years: BTreeSet<u16>,
    /// Its newest talks, for the feed of the site.
    newest: Vec<NewTalk>,
    has_markdown: bool,
}

/// What a site searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Searched {
    /// What is written about the talks.
    Talks,
    /// What was said in them, too.
    WordsToo,
}

/// The ways to talks that a site has beside its conferences.
#[derive(Debug)]
pub(crate) struct Searches {
    pub(crate) searched: Searched,
    /// How many speakers and topics have a page.
    pub(crate) gathered: Vec<(Gathering, usize)>,
}

/// An index that could not be made.
#[derive(Debug, Error)]
#[error("the index of the conferences cannot be made")]
pub(crate) struct SiteError(#[from] TemplateFault);

/// What the template sees.
#[derive(Serialize)]
struct SiteView<'a> {
    title: &'a str,
    /// The language of the program's own words (BCP 47).
    language: &'a str,
    /// The messages for the script, as JSON.
    messages: String,
    figures: Vec<String>,
    conferences: Vec<ConferenceCard<'a>>,
    style: String,
    script: String,
    policy: String,
    icon: String,
    /// The address that the index will have.
    address: Option<&'a str>,
    /// A picture for those who link to it.
    preview: Option<String>,
    /// The feed beside it.
    feed: &'static str,
    /// Whether what was said is searched, too.
    searches_said: bool,
    /// Other ways to the talks.
    collections: Vec<CollectionsLink>,
    /// The years of all conferences, the newest first.
    all_years: Vec<u16>,
}

/// A link to the list of all speakers, or of all topics.
#[derive(Serialize)]
struct CollectionsLink {
    /// How many there are, in words.
    text: String,
    href: String,
}

/// What the template of the page for addresses that lead nowhere sees.
#[derive(Serialize)]
struct NotFoundView<'a> {
    title: &'a str,
    language: &'a str,
    style: String,
    policy: String,
    icon: String,
    /// The index.
    home: &'a str,
}

#[derive(Serialize)]
struct ConferenceCard<'a> {
    title: &'a str,
    language: &'a str,
    folder: &'a str,
    /// Days or years, the place, talks and hours.
    facts: Vec<Fact<'a>>,
    /// How many talks there are.
    count: usize,
    /// The categories in the organizer's order.
    shares: Vec<Share<'a>>,
    /// The largest of them.
    largest: Vec<Share<'a>>,
    /// How many there are beside these, in words.
    others: Option<String>,
}

/// A word on a card, with its language where that is not the site's.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Fact<'a> {
    text: String,
    language: Option<&'a str>,
}

/// The part of a conference's talks that is in one category.
#[derive(Clone, Serialize)]
struct Share<'a> {
    name: &'a str,
    color: usize,
    count: usize,
    /// The same, as it is written.
    number: String,
    /// How many talks are in the categories before it.
    before: usize,
}

impl SiteConference {
    /// A conference whose page is in a folder beside the index.
    #[must_use]
    pub(crate) fn new(
        folder: String,
        header: &Header,
        formats: &[Format],
        talks: &[&SummarizedTalk],
    ) -> Self {
        let lengths = talks.iter().map(|talk| talk.talk.duration);
        Self {
            folder,
            page: Page::new(header, talks),
            seconds: lengths.sum(),
            years: years(header, talks),
            newest: feed::new_talks(&header.language, talks),
            has_markdown: formats.contains(&Format::Markdown),
        }
    }

    fn talks(&self) -> usize {
        self.page.sections.iter().map(|section| section.count).sum()
    }

    fn card(&self, head: &SiteHead) -> ConferenceCard<'_> {
        let locale = head.locale();
        let shares = self.shares(locale);
        let mut largest = shares.clone();
        largest.sort_by_key(|share| Reverse(share.count));
        let others = largest.len().saturating_sub(MOST_NAMED);
        largest.truncate(MOST_NAMED);
        let language = Some(&*self.page.language);
        let organizers = |text: &Option<String>| {
            let language = language.filter(|language| *language != head.language);
            text.clone().map(|text| Fact { text, language })
        };
        let own = |text: String| Fact {
            text,
            language: None,
        };
        let facts = [
            organizers(&self.page.dates).or_else(|| span(&self.years).map(own)),
            organizers(&self.page.place),
            Some(own(locale.counted("talks", number(self.talks())))),
            (self.seconds.and_then(|seconds| length(locale, seconds))).map(own),
        ];
        ConferenceCard {
            title: &self.page.title,
            language: &self.page.language,
            folder: &self.folder,
            facts: facts.into_iter().flatten().collect(),
            count: self.talks(),
            shares,
            largest,
            others: (others > 0).then(|| locale.counted("more-categories", number(others))),
        }
    }

    fn shares(&self, locale: &Locale) -> Vec<Share<'_>> {
        let mut before = 0;
        let sections = self.page.sections.iter();
        let shares = sections
            .filter(|section| is_category(section))
            .map(|section| {
                let share = Share {
                    name: &section.name,
                    color: section.color,
                    count: section.count,
                    number: locale.number(number(section.count)),
                    before,
                };
                before += share.count;
                share
            });
        shares.collect()
    }
}

/// Whether a section holds a category, and not what is in none.
fn is_category(section: &Section) -> bool {
    section.color > 0
}

/// Writes the index.
pub(crate) fn index(
    head: &SiteHead,
    address: Option<&Url>,
    conferences: &[SiteConference],
    searches: &Searches,
) -> Result<String, SiteError> {
    let style = style();
    let scripts = [html::WORDS, html::SEARCH, SAID_SCRIPT, SCRIPT].join("\n");
    let script = normalize_line_ends(&scripts);
    let SiteHead { title, language } = head;
    let locale = head.locale();
    let cards = conferences.iter();
    let preview = address.and_then(|address| address.join(preview::FILE).ok());
    let view = SiteView {
        title,
        language,
        messages: html::messages_json(language, &SCRIPT_MESSAGES),
        preview: preview.map(String::from),
        figures: figures(locale, conferences),
        conferences: cards.map(|conference| conference.card(head)).collect(),
        policy: policy(&style, &script),
        style,
        script,
        icon: icon(title),
        address: address.map(Url::as_str),
        feed: Format::Feed.file_name(),
        searches_said: searches.searched == Searched::WordsToo,
        collections: collections_links(locale, &searches.gathered),
        all_years: all_years(conferences).into_iter().rev().collect(),
    };
    render(TEMPLATE, &view)
}

fn collections_links(locale: &Locale, collections: &[(Gathering, usize)]) -> Vec<CollectionsLink> {
    let there = collections.iter().filter(|(_, count)| *count > 0);
    let links = there.map(|(gathering, count)| CollectionsLink {
        text: gathering.count(*count, locale),
        href: format!("{}/index.html", gathering.folder()),
    });
    links.collect()
}

/// Writes the page that a server shows for an address that leads nowhere, with a search. It may be
/// shown at any address, so it has to know that of the index.
pub(crate) fn not_found(head: &SiteHead, address: &Url) -> Result<String, SiteError> {
    let SiteHead { title, language } = head;
    let style = style();
    let view = NotFoundView {
        title,
        language,
        policy: format!(
            "default-src 'none'; img-src data:; style-src {}; base-uri 'none'; form-action 'self'",
            html::digest(&style)
        ),
        style,
        icon: icon(title),
        home: address.as_str(),
    };
    render(NOT_FOUND, &view)
}

/// The picture for those who link to the index: a bar for each conference, in the color of its largest
/// category.
#[must_use]
pub(crate) fn preview(head: &SiteHead, conferences: &[SiteConference]) -> Preview {
    let bar = |conference: &SiteConference| {
        let shares = conference.shares(head.locale());
        let largest = shares.iter().max_by_key(|share| share.count)?;
        Some(Bar {
            name: conference.page.title.clone(),
            count: conference.talks(),
            color: largest.color,
        })
    };
    Preview {
        title: head.title.clone(),
        lines: vec![figures(head.locale(), conferences)],
        bars: conferences.iter().filter_map(bar).collect(),
    }
}

/// Writes the feed of the newest talks of all conferences.
pub(crate) fn feed(
    head: &SiteHead,
    address: Option<&Url>,
    conferences: &[SiteConference],
) -> String {
    let newest = conferences.iter().flat_map(|conference| &conference.newest);
    feed::newest(&head.title, head.locale().tag(), address, newest)
}

/// The files for crawlers beside the index.
pub(crate) fn crawler_files(
    head: &SiteHead,
    address: &Url,
    conferences: &[SiteConference],
) -> Vec<CrawlerFile> {
    let conferences = conferences.iter().map(|conference| SitePage {
        folder: &conference.folder,
        title: &conference.page.title,
        has_markdown: conference.has_markdown,
    });
    let conferences: Vec<SitePage<'_>> = conferences.collect();
    crawlers::of_site(address, &head.title, head.locale(), &conferences)
}

fn render(template: &str, view: &impl Serialize) -> Result<String, SiteError> {
    let mut templates = templates::strict_registry(escape::html);
    messages::register(&mut templates, escape::html);
    let registered = templates.register_template_string(NAME, normalize_line_ends(template));
    registered.map_err(|error| SiteError(error.into()))?;
    let page = templates.render(NAME, view);
    page.map_err(|error| SiteError(error.into()))
}

/// The style of all pages, that of a conference's and what the index has beside these.
fn style() -> String {
    normalize_line_ends(&format!("{}{}\n{STYLE}", html::BASE, html::STYLE))
}

/// What all conferences come to together.
fn figures(locale: &Locale, conferences: &[SiteConference]) -> Vec<String> {
    let talks: usize = conferences.iter().map(SiteConference::talks).sum();
    let seconds: Option<u64> = conferences
        .iter()
        .map(|conference| conference.seconds)
        .sum();
    let figures = [
        Some(locale.counted("conferences", number(conferences.len()))),
        Some(locale.counted("talks", number(talks))),
        seconds.and_then(|seconds| length(locale, seconds)),
        span(&all_years(conferences)),
    ];
    figures.into_iter().flatten().collect()
}

fn all_years(conferences: &[SiteConference]) -> BTreeSet<u16> {
    let years = conferences.iter().flat_map(|conference| &conference.years);
    years.copied().collect()
}

/// What the page may look like and run: itself, and what its script loads.
fn policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; img-src data:; style-src {}; script-src {} 'strict-dynamic'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'",
        html::digest(style),
        html::digest(script),
    )
}

/// The years that the conference's name speaks of, else those in which its talks were published.
fn years(header: &Header, talks: &[&SummarizedTalk]) -> BTreeSet<u16> {
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(?:19|20)[0-9]{2}\b").expect("the pattern is well-formed"));
    let named: BTreeSet<u16> = YEAR
        .find_iter(&header.title)
        .filter_map(|year| year.as_str().parse().ok())
        .collect();
    if !named.is_empty() {
        return named;
    }
    let dates = talks.iter().filter_map(|talk| talk.talk.date.as_deref());
    dates
        .filter_map(|date| date.get(..4)?.parse().ok())
        .collect()
}

fn span(years: &BTreeSet<u16>) -> Option<String> {
    let (first, last) = (years.first()?, years.last()?);
    Some(if first == last {
        first.to_string()
    } else {
        format!("{first}–{last}")
    })
}

/// About how long talks are together, if anybody knows.
fn length(locale: &Locale, seconds: u64) -> Option<String> {
    (seconds > 0).then(|| locale.length(seconds))
}

/// A count as messages have it.
fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The same bytes wherever this program was checked out.
fn normalize_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests;
