//! The index of many conferences: a card each, and a search across all their talks.
//!
//! Pure but for `manifest.rs`: the same talks give the same bytes. The index is a page that works without scripting as a
//! list of conferences. What is searched stands in a script of its own, which is loaded when
//! somebody begins to search: a page that was opened from a disk may load a script, and nothing
//! else. Every link is relative, so that the folder can be put anywhere.

mod folder;
mod manifest;
mod search;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;
use thiserror::Error;

use crate::numbers::{self, pluralize};
use crate::render::page::{Header, Page, Section};
use crate::render::{escape, html};
pub(crate) use crate::site::folder::folder;
pub(crate) use crate::site::manifest::{Manifest, Removal};
pub(crate) use crate::site::search::{is_script, write_script};
use crate::talk::SummarizedTalk;
use crate::templates::{self, TemplateFault};

const TEMPLATE: &str = include_str!("index.html.hbs");
/// What the index has beside the style of the conferences' pages.
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
const NAME: &str = "site";

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
}

/// An index that could not be made.
#[derive(Debug, Error)]
#[error("the index of the conferences cannot be made")]
pub(crate) struct SiteError(#[from] TemplateFault);

/// What the template sees.
#[derive(Serialize)]
struct SiteView<'a> {
    title: &'a str,
    figures: Vec<String>,
    conferences: Vec<ConferenceCard<'a>>,
    style: String,
    script: String,
    policy: String,
}

#[derive(Serialize)]
struct ConferenceCard<'a> {
    title: &'a str,
    language: &'a str,
    folder: &'a str,
    /// Years, talks and hours.
    facts: Vec<String>,
    /// How many talks there are.
    count: usize,
    /// The categories in the organizer's order.
    shares: Vec<Share<'a>>,
    /// The largest of them.
    largest: Vec<Share<'a>>,
    /// How many there are beside these, in words.
    others: Option<String>,
}

/// The part of a conference's talks that is in one category.
#[derive(Clone, Serialize)]
struct Share<'a> {
    name: &'a str,
    color: usize,
    count: usize,
    /// How many talks are in the categories before it.
    before: usize,
}

impl SiteConference {
    /// A conference whose page is in a folder beside the index.
    #[must_use]
    pub(crate) fn new(folder: String, header: &Header, talks: &[&SummarizedTalk]) -> Self {
        let lengths = talks.iter().map(|talk| talk.talk.duration);
        Self {
            folder,
            page: Page::new(header, talks),
            seconds: lengths.sum(),
            years: years(header, talks),
        }
    }

    fn talks(&self) -> usize {
        self.page.sections.iter().map(|section| section.count).sum()
    }

    fn card(&self) -> ConferenceCard<'_> {
        let shares = self.shares();
        let mut largest = shares.clone();
        largest.sort_by_key(|share| Reverse(share.count));
        let others = largest.len().saturating_sub(MOST_NAMED);
        largest.truncate(MOST_NAMED);
        let facts = [
            span(&self.years),
            Some(pluralize(self.talks(), "talk")),
            self.seconds.and_then(length),
        ];
        ConferenceCard {
            title: &self.page.title,
            language: &self.page.language,
            folder: &self.folder,
            facts: facts.into_iter().flatten().collect(),
            count: self.talks(),
            shares,
            largest,
            others: (others > 0).then(|| format!("and {others} more")),
        }
    }

    fn shares(&self) -> Vec<Share<'_>> {
        let mut before = 0;
        let sections = self.page.sections.iter();
        let shares = sections
            .filter(|section| is_category(section))
            .map(|section| {
                let share = Share {
                    name: &section.name,
                    color: section.color,
                    count: section.count,
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
pub(crate) fn index(title: &str, conferences: &[SiteConference]) -> Result<String, SiteError> {
    let mut templates = templates::strict_registry(escape::html);
    let registered = templates.register_template_string(NAME, normalize_line_ends(TEMPLATE));
    registered.map_err(|error| SiteError(error.into()))?;
    let style = normalize_line_ends(&format!("{}{}\n{STYLE}", html::BASE, html::STYLE));
    let script = normalize_line_ends(&format!("{}\n{SCRIPT}", html::SEARCH));
    let view = SiteView {
        title,
        figures: figures(conferences),
        conferences: conferences.iter().map(SiteConference::card).collect(),
        policy: policy(&style, &script),
        style,
        script,
    };
    let page = templates.render(NAME, &view);
    page.map_err(|error| SiteError(error.into()))
}

/// What all conferences come to together.
fn figures(conferences: &[SiteConference]) -> Vec<String> {
    let talks: usize = conferences.iter().map(SiteConference::talks).sum();
    let seconds: Option<u64> = conferences
        .iter()
        .map(|conference| conference.seconds)
        .sum();
    let years = conferences.iter().flat_map(|conference| &conference.years);
    let figures = [
        Some(pluralize(conferences.len(), "conference")),
        Some(pluralize(talks, "talk")),
        seconds.and_then(length),
        span(&years.copied().collect()),
    ];
    figures.into_iter().flatten().collect()
}

/// What the page may look like and run: itself, and what its script loads.
fn policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; style-src {}; script-src {} 'strict-dynamic'; base-uri 'none'; form-action 'none'",
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
fn length(seconds: u64) -> Option<String> {
    (seconds > 0).then(|| numbers::length(seconds))
}

/// The same bytes wherever this program was checked out.
fn normalize_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests;
