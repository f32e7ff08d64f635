//! The chart over the talks: a column a talk, as high as the talk is long, category by category.
//! Pure.

use std::fmt::Write;

use serde::Serialize;

use crate::render::page::{Card, Page};

/// The height of the chart, the width of a column and the room for it, in the chart's own units.
const HEIGHT: u64 = 100;
const COLUMN: usize = 8;
const PITCH: usize = 10;

/// A column that is there and says little: that of a talk whose length is not known.
const STUB: u64 = 8;

/// The chart, and the same in words.
#[derive(Debug, Serialize)]
pub(super) struct Overview {
    /// The width in the chart's own units.
    width: usize,
    /// Whether the columns are as high as the talks are long; else no length is known.
    is_timed: bool,
    /// The columns, a series for each category.
    series: Vec<Series>,
    /// What the chart shows, for those who do not see it.
    words: String,
}

#[derive(Debug, Serialize)]
struct Series {
    name: String,
    color: usize,
    /// The outline of all columns, as SVG has it.
    path: String,
}

impl Overview {
    /// Draws the chart; there is none where there is nothing to compare.
    pub(super) fn new(page: &Page) -> Option<Self> {
        let is_shown = page.sections.len() > 1;
        is_shown.then(|| draw(page))
    }
}

fn draw(page: &Page) -> Overview {
    let full = full_height(page);
    let is_timed = full.is_some();
    let mut x = 0;
    let mut series = Vec::with_capacity(page.sections.len());
    for section in &page.sections {
        let mut path = String::new();
        for card in &section.cards {
            let height = full.map_or(HEIGHT, |full| height(card, full));
            let y = HEIGHT - height;
            write!(path, "M{x} {y}h{COLUMN}v{height}h-{COLUMN}z")
                .expect("writing to a string does not fail");
            x += PITCH;
        }
        // Categories stand apart by one column.
        x += PITCH;
        series.push(Series {
            name: section.name.clone(),
            color: section.color,
            path,
        });
    }
    Overview {
        width: x - PITCH - (PITCH - COLUMN),
        is_timed,
        series,
        words: words(page),
    }
}

/// The length that fills the chart: the longest talk's, or three times the middle one's where a
/// recording of a whole day would flatten all others. None where no length is known.
fn full_height(page: &Page) -> Option<u64> {
    let cards = page.sections.iter().flat_map(|section| &section.cards);
    let mut lengths: Vec<u64> = cards.filter_map(|card| card.seconds).collect();
    lengths.sort_unstable();
    let middle = lengths.get(lengths.len() / 2)?;
    let longest = lengths.last()?;
    Some((*longest).min(middle.saturating_mul(3)).max(1))
}

fn height(card: &Card, full: u64) -> u64 {
    let seconds = card.seconds.unwrap_or_default().min(full);
    (seconds.saturating_mul(HEIGHT) / full).max(STUB)
}

fn words(page: &Page) -> String {
    let sections = page.sections.iter().map(|section| {
        let length = section.length.as_deref();
        let length = length.map_or(String::new(), |length| format!(", {length}"));
        format!("{}: {}{length}", section.name, section.videos)
    });
    sections.collect::<Vec<_>>().join("; ")
}
