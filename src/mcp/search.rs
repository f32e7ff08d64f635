//! `search_talks`: which talks have these words, and where each says them.

use deunicode::deunicode;
use serde::Serialize;

use crate::catalog::nearest::nearest;
use crate::evidence::SpokenWords;
use crate::mcp::ListedConference;
use crate::mcp::arguments::{SearchArguments, given};
use crate::mcp::library::{Library, transcript};
use crate::mcp::no_answer::NoAnswer;
use crate::mcp::view::{ListedTalk, PlaceView, TalkView};
use crate::render::escape::line;
use crate::talk::{UNCATEGORIZED, WrittenSentence};

/// How many talks are listed where nobody says how many, and at most.
const USUAL: usize = 10;
const MOST: usize = 50;

/// The talks that were found, the best first.
#[derive(Debug, Serialize)]
pub(super) struct FoundTalks {
    talks: Vec<FoundTalk>,
    /// How many there are, with those that are not listed.
    total: usize,
    /// What was looked at.
    searched: &'static str,
    next: String,
    /// What was probably meant, where nothing was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<String>,
}

#[derive(Debug, Serialize)]
struct FoundTalk {
    talk: TalkView,
    /// Where the words are said, else where the summary is.
    said: Option<PlaceView>,
}

/// Searches the talks, or lists them in the organizer's order where no words are given.
pub(super) fn search(
    library: &Library,
    arguments: &SearchArguments,
) -> Result<FoundTalks, NoAnswer> {
    let words = given(arguments.words.as_deref());
    let wanted = Wanted {
        conferences: library.conferences(given(arguments.conference.as_deref()))?,
        category: given(arguments.category.as_deref()),
        speaker: given(arguments.speaker.as_deref()),
    };
    wanted.ensure_known()?;
    let all: Vec<ListedTalk<'_>> = library.talks().collect();
    let found = match words {
        Some(words) => library.words().search(words),
        None => (0..all.len()).collect(),
    };
    let found = found.into_iter().map(|at| all[at]);
    let found: Vec<ListedTalk<'_>> = found.filter(|talk| wanted.takes(*talk)).collect();
    let offset = arguments.offset.unwrap_or(0);
    let limit = arguments.limit.unwrap_or(USUAL).clamp(1, MOST);
    let listed = found.iter().skip(offset).take(limit);
    let listed = listed.map(|talk| found_talk(*talk, words));
    let talks: Vec<FoundTalk> = listed.collect();
    let end = offset + talks.len();
    let next = match (found.len(), words) {
        (0, Some(_)) => "use fewer or other words, or leave the other conditions out".to_owned(),
        (0, None) => "leave a condition out".to_owned(),
        (total, _) if end < total && !talks.is_empty() => {
            format!("read_talk reads one of them; `offset` {end} goes on with the list")
        }
        _ => "read_talk reads one of them".to_owned(),
    };
    let near = words.filter(|_| found.is_empty());
    Ok(FoundTalks {
        talks,
        total: found.len(),
        searched: if library.searches_transcripts() {
            "titles, speakers, summaries, chapters, descriptions and transcripts"
        } else {
            "titles, speakers, summaries, chapters and descriptions"
        },
        next,
        nearest: near.and_then(|words| nearest(words, library.words().words()).map(line)),
    })
}

fn found_talk(listed: ListedTalk<'_>, words: Option<&str>) -> FoundTalk {
    let said = words.and_then(|words| {
        let spoken = SpokenWords::of(&transcript(listed)?);
        let wanted = WrittenSentence {
            text: words.to_owned(),
            quote: None,
        };
        Some(PlaceView::new(
            &listed.talk.talk,
            &spoken.place(&wanted, "")?,
        ))
    });
    FoundTalk {
        talk: listed.view(),
        said: said.or_else(|| listed.first_place()),
    }
}

/// Which talks are looked at.
struct Wanted<'a> {
    conferences: Vec<&'a ListedConference>,
    category: Option<&'a str>,
    speaker: Option<&'a str>,
}

impl Wanted<'_> {
    fn takes(&self, listed: ListedTalk<'_>) -> bool {
        let is_of_conference = || {
            let mut conferences = self.conferences.iter();
            conferences.any(|conference| std::ptr::eq(*conference, listed.conference))
        };
        let is_of_category = |name: &str| {
            let named = listed.conference.catalog.categories.named(name);
            let name = named.map_or(name, |category| &category.name);
            let own = listed.category();
            own.is_some_and(|own| own.eq_ignore_ascii_case(name))
        };
        is_of_conference()
            && self.category.is_none_or(is_of_category)
            && self.speaker.is_none_or(|name| has_speaker(listed, name))
    }

    /// Refuses a category or a speaker that no conference has.
    fn ensure_known(&self) -> Result<(), NoAnswer> {
        if let Some(name) = self.category {
            self.ensure_category(name)?;
        }
        if let Some(name) = self.speaker {
            let talks = || self.conferences.iter().flat_map(|it| it.talks.iter());
            ensure_speaker(name, talks().flat_map(|talk| &talk.talk.speakers))?;
        }
        Ok(())
    }

    fn ensure_category(&self, name: &str) -> Result<(), NoAnswer> {
        let catalogs = || self.conferences.iter().map(|it| &it.catalog);
        let is_known = catalogs().any(|catalog| catalog.categories.named(name).is_some());
        if is_known || name.eq_ignore_ascii_case(UNCATEGORIZED) {
            return Ok(());
        }
        let names = catalogs().flat_map(|catalog| catalog.categories.iter());
        let near = nearest(name, names.map(|category| category.name.as_str())).map(line);
        let error = format!("there is no category `{}`", line(name));
        Err(NoAnswer::new(error, "list_categories has the names").with_nearest(near))
    }
}

/// Refuses a name that none of the speakers has.
pub(super) fn ensure_speaker<'a>(
    name: &str,
    speakers: impl Iterator<Item = &'a String>,
) -> Result<(), NoAnswer> {
    let speakers: Vec<&str> = speakers.map(String::as_str).collect();
    if speakers.is_empty() {
        let error = "the catalog names no speakers";
        let next = "search_talks finds names by `words` in what is written and said";
        return Err(NoAnswer::new(error, next));
    }
    if speakers.iter().any(|speaker| is_named(speaker, name)) {
        return Ok(());
    }
    let near = nearest(name, speakers.into_iter()).map(line);
    let error = format!("there is no speaker `{}`", line(name));
    let next = "list_speakers has the names; search_talks also finds names by `words`";
    Err(NoAnswer::new(error, next).with_nearest(near))
}

fn has_speaker(listed: ListedTalk<'_>, name: &str) -> bool {
    let mut speakers = listed.talk.talk.speakers.iter();
    speakers.any(|speaker| is_named(speaker, name))
}

/// Whether a speaker has this in the name, whatever its case and its accents.
pub(super) fn is_named(speaker: &str, name: &str) -> bool {
    fold(speaker).contains(&fold(name))
}

/// A name as all of its spellings have it in common.
pub(super) fn fold(name: &str) -> String {
    deunicode(&line(name)).to_lowercase()
}
