//! `list_categories` and `list_speakers`: what there is to ask about.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::mcp::ListedConference;
use crate::mcp::arguments::{CategoriesArguments, SpeakersArguments, given};
use crate::mcp::library::{Library, talks_of};
use crate::mcp::no_answer::NoAnswer;
use crate::mcp::search::{ensure_speaker, fold, is_named};
use crate::mcp::view::{ListedTalk, TalkLink};
use crate::render::escape::line;
use crate::talk::UNCATEGORIZED;

/// How many talks stand for a category.
const SAMPLE: usize = 3;
/// How many speakers are listed where nobody says how many, and at most.
const USUAL: usize = 50;
const MOST: usize = 200;

#[derive(Debug, Serialize)]
pub(super) struct ListedCategories {
    categories: Vec<CategoryView>,
    next: &'static str,
}

#[derive(Debug, Serialize)]
struct CategoryView {
    conference: String,
    name: String,
    description: String,
    /// How many talks it has.
    talks: usize,
    /// The first of them.
    first: Vec<TalkLink>,
}

#[derive(Debug, Serialize)]
pub(super) struct ListedSpeakers {
    speakers: Vec<SpeakerView>,
    /// How many there are, with those that are not listed.
    total: usize,
    next: String,
}

#[derive(Debug, Serialize)]
struct SpeakerView {
    name: String,
    talks: Vec<TalkLink>,
}

/// The categories in the organizer's order, then what is in none.
pub(super) fn categories(
    library: &Library,
    arguments: &CategoriesArguments,
) -> Result<ListedCategories, NoAnswer> {
    let conferences = library.conferences(given(arguments.conference.as_deref()))?;
    let categories = conferences.into_iter().flat_map(categories_of);
    let categories: Vec<CategoryView> = categories.collect();
    if categories.is_empty() {
        let error = "the conference has no categories";
        return Err(NoAnswer::new(error, "search_talks finds talks by `words`"));
    }
    Ok(ListedCategories {
        categories,
        next: "search_talks with `category` lists the talks of one",
    })
}

fn categories_of(conference: &ListedConference) -> Vec<CategoryView> {
    let view = |name: &str, description: &str| {
        let is_in = |talk: &ListedTalk<'_>| talk.category() == Some(name);
        let talks: Vec<ListedTalk<'_>> = talks_of(conference).filter(is_in).collect();
        CategoryView {
            conference: line(&conference.catalog.title),
            name: line(name),
            description: line(description),
            talks: talks.len(),
            first: talks.iter().take(SAMPLE).map(|talk| talk.link()).collect(),
        }
    };
    let listed = conference.catalog.categories.iter();
    let listed = listed.map(|category| view(&category.name, &category.description));
    let unfiled = view(
        UNCATEGORIZED,
        "no listed category fits, or none was found yet",
    );
    let unfiled = Some(unfiled).filter(|unfiled| unfiled.talks > 0);
    listed.chain(unfiled).collect()
}

/// The speakers by their names, each with the talks.
pub(super) fn speakers(
    library: &Library,
    arguments: &SpeakersArguments,
) -> Result<ListedSpeakers, NoAnswer> {
    let conferences = library.conferences(given(arguments.conference.as_deref()))?;
    let name = given(arguments.name.as_deref()).unwrap_or_default();
    let talks = || {
        conferences
            .iter()
            .flat_map(|conference| talks_of(conference))
    };
    ensure_speaker(name, talks().flat_map(|talk| &talk.talk.talk.speakers))?;
    let mut speakers: BTreeMap<String, SpeakerView> = BTreeMap::new();
    for talk in talks() {
        let names = talk.talk.talk.speakers.iter();
        for speaker in names.filter(|speaker| is_named(speaker, name)) {
            let view = speakers
                .entry(fold(speaker))
                .or_insert_with(|| SpeakerView {
                    name: line(speaker),
                    talks: Vec::new(),
                });
            view.talks.push(talk.link());
        }
    }
    let total = speakers.len();
    let offset = arguments.offset.unwrap_or(0);
    let limit = arguments.limit.unwrap_or(USUAL).clamp(1, MOST);
    let speakers = speakers.into_values().skip(offset).take(limit);
    let speakers: Vec<SpeakerView> = speakers.collect();
    let end = offset + speakers.len();
    Ok(ListedSpeakers {
        speakers,
        total,
        next: if end < total {
            format!("read_talk reads a talk; `offset` {end} goes on with the list")
        } else {
            "read_talk reads a talk".to_owned()
        },
    })
}
