//! The talks of a page by category.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::locale::Locale;
use crate::render::page::Header;
use crate::talk::{Choice, SummarizedTalk, one_line};

/// How many colors there are for categories.
const COLORS: u64 = 24;

/// The talks of one category.
pub(super) struct CategoryGroup<'a> {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) color: usize,
    pub(super) talks: Vec<&'a SummarizedTalk>,
}

/// The talks by category: in the organizer's order, `Uncategorized` last, no empty ones.
pub(super) fn group_by_category<'a>(
    header: &Header,
    talks: &[&'a SummarizedTalk],
) -> Vec<CategoryGroup<'a>> {
    let last = Locale::of(&header.language).text(if header.categories.is_empty() {
        "talks-label"
    } else {
        "uncategorized"
    });
    let listed = header.categories.iter();
    let listed = listed.map(|(name, about)| CategoryGroup {
        name: name.clone(),
        about: about.clone(),
        color: color(name),
        talks: Vec::new(),
    });
    let without = CategoryGroup {
        name: last,
        about: String::new(),
        color: 0,
        talks: Vec::new(),
    };
    let mut groups: Vec<CategoryGroup<'_>> = listed.chain([without]).collect();
    let places: HashMap<&str, usize> = header
        .categories
        .iter()
        .enumerate()
        .map(|(place, (name, _))| (name.as_str(), place))
        .collect();
    for talk in talks {
        let name = match talk.category.as_ref().map(|filing| &filing.choice) {
            Some(Choice::Category(name)) => Some(name.as_str()),
            Some(Choice::NoneFits) | None => None,
        };
        let place = name
            .and_then(|name| places.get(name).copied())
            .unwrap_or(places.len());
        groups[place].talks.push(talk);
    }
    groups.retain(|group| !group.talks.is_empty());
    groups
}

/// The color of a category: of its name alone, so that it is the same at every conference.
fn color(name: &str) -> usize {
    let digest = Sha256::digest(one_line(name).to_lowercase());
    let (first, _) = digest
        .split_first_chunk()
        .expect("SHA-256 has more than eight bytes");
    let color = u64::from_be_bytes(*first) % COLORS;
    usize::try_from(color).expect("there are few colors") + 1
}
