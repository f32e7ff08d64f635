//! The thin bar over the talks: a part a category, as wide as it has talks, which leads there. Pure.

use serde::Serialize;

use crate::render::page::Page;

/// The bar. The contents say the same in words, for those who do not see it.
#[derive(Debug, Serialize)]
pub(super) struct Overview {
    /// How many talks there are, which is the bar's width.
    width: usize,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    name: String,
    /// How many talks, in words.
    talks: String,
    anchor: String,
    color: usize,
    /// How many talks are before it.
    x: usize,
    width: usize,
}

impl Overview {
    /// Draws the bar; there is none where there is nothing to compare.
    pub(super) fn new(page: &Page) -> Option<Self> {
        if page.sections.len() < 2 {
            return None;
        }
        let mut x = 0;
        let parts = page.sections.iter().map(|section| {
            let part = Part {
                name: section.name.clone(),
                talks: section.talks.clone(),
                anchor: section.anchor.clone(),
                color: section.color,
                x,
                width: section.count,
            };
            x += section.count;
            part
        });
        let parts = parts.collect();
        Some(Self { width: x, parts })
    }
}
