//! What the template of the classic page sees: the origin's page, byte for byte.
//!
//! Pure. The origin's oddities are kept on purpose: sections in code point order, anchors that are
//! lower case with `-` for spaces and nothing else, "1 videos", an empty line where a summary is
//! missing, and an imported error text that lives on here alone.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::render::page::Header;
use crate::talk::{Choice, SummarizedTalk, UNCATEGORIZED};

/// The section of a conference without categories.
const ALL_TALKS: &str = "Talks";

/// The origin's page.
#[derive(Debug, Serialize)]
pub(super) struct ClassicPage<'a> {
    title: &'a str,
    intro: Option<&'a str>,
    sections: Vec<ClassicSection<'a>>,
}

#[derive(Debug, Serialize)]
struct ClassicSection<'a> {
    name: &'a str,
    anchor: String,
    count: usize,
    cards: Vec<ClassicCard<'a>>,
}

#[derive(Debug, Serialize)]
struct ClassicCard<'a> {
    video: &'a str,
    is_on_youtube: bool,
    url: String,
    title: &'a str,
    summary: &'a str,
    is_last: bool,
}

/// Groups the talks as the origin does.
pub(super) fn page<'a>(header: &'a Header, talks: &[&'a SummarizedTalk]) -> ClassicPage<'a> {
    let none = if header.categories.is_empty() {
        ALL_TALKS
    } else {
        UNCATEGORIZED
    };
    let mut groups: BTreeMap<&str, Vec<ClassicCard<'_>>> = BTreeMap::new();
    for summarized in talks {
        let name = match summarized.category.as_ref().map(|filing| &filing.choice) {
            Some(Choice::Category(name)) => name,
            Some(Choice::NoneFits) => UNCATEGORIZED,
            None => none,
        };
        groups.entry(name).or_default().push(card(summarized));
    }
    let last = groups.len().saturating_sub(1);
    let sections = groups
        .into_iter()
        .enumerate()
        .map(|(place, (name, mut cards))| {
            if let Some(card) = cards.last_mut() {
                card.is_last = place == last;
            }
            let anchor = name.to_lowercase().replace(' ', "-");
            ClassicSection {
                name,
                anchor,
                count: cards.len(),
                cards,
            }
        });
    let intro = header.intro.as_deref().filter(|intro| !intro.is_empty());
    ClassicPage {
        title: &header.title,
        intro,
        sections: sections.collect(),
    }
}

fn card(summarized: &SummarizedTalk) -> ClassicCard<'_> {
    let summary = summarized
        .summary
        .as_ref()
        .map(|summary| summary.text.as_str());
    ClassicCard {
        video: summarized.talk.id.video.as_str(),
        is_on_youtube: summarized.talk.recording.is_none(),
        url: summarized.talk.url(),
        title: &summarized.talk.title,
        summary: summary
            .or(summarized.imported_failure.as_deref())
            .unwrap_or_default(),
        is_last: false,
    }
}
