//! What is searched, as a script that the index loads: all talks, in lists rather than objects, so
//! that thousands of them stay small.

use serde::Serialize;

use crate::render::escape::without_controls;
use crate::render::page::{Card, Section};
use crate::site::{Conference, is_category};

/// A conference: its folder, title, language, categories and talks.
#[derive(Serialize)]
struct Searched<'a>(&'a str, &'a str, &'a str, Vec<Category<'a>>, Vec<Talk<'a>>);

/// A category: its name, empty for what is in none, and its color.
#[derive(Serialize)]
struct Category<'a>(&'a str, usize);

/// A talk: its place on its page, title, speakers, the place of its category, summary.
#[derive(Serialize)]
struct Talk<'a>(&'a str, &'a str, &'a str, usize, &'a str);

/// Writes the script. It calls the function that the index defines, and does nothing else.
#[must_use]
pub fn search(conferences: &[Conference]) -> String {
    let searched: Vec<Searched<'_>> = conferences.iter().map(searched).collect();
    // These texts do not pass the template's escaping, which takes out what turns writing around.
    format!("searchable({});\n", without_controls(&json(&searched)))
}

fn json(searched: &[Searched<'_>]) -> String {
    serde_json::to_string(searched).expect("lists of texts serialize")
}

fn searched(conference: &Conference) -> Searched<'_> {
    let page = &conference.page;
    let sections = page.sections.iter().enumerate();
    let talks = sections.flat_map(|(place, section)| {
        let cards = section.cards.iter();
        cards.map(move |card| talk(place, card))
    });
    Searched(
        &conference.folder,
        &page.title,
        &page.language,
        page.sections.iter().map(category).collect(),
        talks.collect(),
    )
}

fn category(section: &Section) -> Category<'_> {
    let name = if is_category(section) {
        &section.name
    } else {
        ""
    };
    Category(name, section.color)
}

fn talk(place: usize, card: &Card) -> Talk<'_> {
    Talk(
        &card.anchor,
        &card.title,
        card.speakers.as_deref().unwrap_or_default(),
        place,
        card.summary.as_deref().unwrap_or_default(),
    )
}
