//! What is searched, as a script that the index loads: all talks, in lists rather than objects, so
//! that thousands of them stay small.

use serde::Serialize;

use crate::render::escape::without_controls;
use crate::render::page::{Card, Section};
use crate::site::{SiteConference, is_category};

/// A conference: its folder, title, language, categories and talks.
#[derive(Serialize)]
struct IndexedConference<'a>(
    &'a str,
    &'a str,
    &'a str,
    Vec<IndexedCategory<'a>>,
    Vec<IndexedTalk<'a>>,
);

/// A category: its name, empty for what is in none, and its color.
#[derive(Serialize)]
struct IndexedCategory<'a>(&'a str, usize);

/// A talk: its place on its page, title, speakers, the place of its category, summary, what else
/// its whole title says, the talks that are most like it, the other categories that it belongs to,
/// and its seconds and its year, 0 where they are not known.
#[derive(Serialize)]
struct IndexedTalk<'a>(
    &'a str,
    &'a str,
    &'a str,
    usize,
    &'a str,
    &'a str,
    Vec<IndexedSimilar<'a>>,
    &'a [String],
    u64,
    u16,
);

/// A talk that is like another one: its address, seen from that one's page, and the words that both
/// have.
#[derive(Serialize)]
struct IndexedSimilar<'a>(&'a str, &'a str);

/// Writes the script. It calls the function that the index defines, and does nothing else.
#[must_use]
pub(crate) fn write_script(conferences: &[SiteConference]) -> String {
    let searched: Vec<IndexedConference<'_>> = conferences.iter().map(index_conference).collect();
    // These texts do not pass the template's escaping, which takes out what turns writing around.
    format!("searchable({});\n", without_controls(&json(&searched)))
}

/// Whether a file is such a script.
#[must_use]
pub(crate) fn is_script(text: &str) -> bool {
    text.starts_with("searchable([")
}

fn json(searched: &[IndexedConference<'_>]) -> String {
    serde_json::to_string(searched).expect("lists of texts serialize")
}

fn index_conference(conference: &SiteConference) -> IndexedConference<'_> {
    let page = &conference.page;
    let sections = page.sections.iter().enumerate();
    let talks = sections.flat_map(|(place, section)| {
        let cards = section.cards.iter();
        cards.map(move |card| talk(place, card, year(conference, card)))
    });
    IndexedConference(
        &conference.folder,
        &page.title,
        &page.language,
        page.sections.iter().map(category).collect(),
        talks.collect(),
    )
}

fn category(section: &Section) -> IndexedCategory<'_> {
    let name = if is_category(section) {
        &section.name
    } else {
        ""
    };
    IndexedCategory(name, section.color)
}

/// The year of a talk: that of its conference, or of several the one in which it was published.
fn year(conference: &SiteConference, card: &Card) -> Option<u16> {
    let years = &conference.years;
    let published = || card.date.as_ref()?.get(..4)?.parse().ok();
    years
        .first()
        .copied()
        .filter(|_| years.len() == 1)
        .or_else(published)
}

fn talk(place: usize, card: &Card, year: Option<u16>) -> IndexedTalk<'_> {
    IndexedTalk(
        &card.anchor,
        &card.display_title,
        card.speakers.as_deref().unwrap_or_default(),
        place,
        card.summary.as_deref().unwrap_or_default(),
        if card.title == card.display_title {
            ""
        } else {
            &card.title
        },
        (card.similar.iter())
            .map(|similar| IndexedSimilar(&similar.href, &similar.words))
            .collect(),
        &card.also,
        card.seconds.unwrap_or_default(),
        year.unwrap_or_default(),
    )
}
