//! Talks that are like a talk, as pages show them: of one conference, or of all that are on a site.
//!
//! Which they are follows from titles, summaries and descriptions, and takes time where there are
//! thousands. So it is found only when a page is made that shows it.

use std::borrow::Cow;

use crate::alike::TalkText;
use crate::alike::neighbours::neighbours;
use crate::alike::weights::ReadTalks;
use crate::render::page::Header;
use crate::talk::SummarizedTalk;
use crate::talk::id::TalkId;

/// So many are shown of each talk.
const MOST: usize = 3;

/// A talk that is like another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SimilarTalk {
    /// How it is known.
    pub id: TalkId,
    /// Its title.
    pub title: String,
    /// Who speaks, as far as the organizer says.
    pub speakers: Vec<String>,
    /// Where it is to be seen.
    pub url: String,
    /// The page that it is on, where that is another conference's.
    pub elsewhere: Option<OtherPage>,
    /// The words that both have, the weightiest first.
    pub words: Vec<String>,
}

/// The page of another conference of the same site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OtherPage {
    /// The conference's name.
    pub title: String,
    /// Its address, seen from the page.
    pub href: String,
}

impl SimilarTalk {
    /// Where the talk stands, seen from the page: on it, or on the other one.
    pub(super) fn href(&self) -> String {
        let page = self.elsewhere.as_ref().map_or("", |page| &page.href);
        format!("{page}#{}", anchor(&self.id))
    }
}

/// The anchor of a talk on its page, with a `.` in it, which no heading has.
pub(super) fn anchor(id: &TalkId) -> String {
    format!("talk.{}", name_in_address(id))
}

/// How a talk is called in addresses: the id of its video and, for a part of it, where that begins.
pub(super) fn name_in_address(TalkId { video, start }: &TalkId) -> String {
    match start {
        None => video.to_string(),
        Some(start) => format!("{video}.{start}"),
    }
}

/// The talks of a conference, with the page that they are on as others see it.
pub(crate) struct ListedTalks<'a> {
    /// The conference's name.
    pub(crate) title: &'a str,
    /// The address of its page, seen from the pages of other conferences.
    pub(crate) href: String,
    pub(crate) talks: Vec<&'a SummarizedTalk>,
}

/// What stands over the talks, with those that are like each talk, unless that is known already.
pub(crate) fn with_similar<'h>(header: &'h Header, talks: &[&SummarizedTalk]) -> Cow<'h, Header> {
    if header.similar.is_some() {
        return Cow::Borrowed(header);
    }
    Cow::Owned(Header {
        similar: Some(similar(&header.title, talks)),
        ..header.clone()
    })
}

/// For each talk of a conference with this title those of the same conference that are most like it.
fn similar(title: &str, talks: &[&SummarizedTalk]) -> Vec<Vec<SimilarTalk>> {
    let alone = ListedTalks {
        title,
        href: String::new(),
        talks: talks.to_vec(),
    };
    similar_across(&[alone]).remove(0)
}

/// For each talk of each conference those of all conferences that are most like it.
pub(crate) fn similar_across(conferences: &[ListedTalks<'_>]) -> Vec<Vec<Vec<SimilarTalk>>> {
    let all = || {
        conferences
            .iter()
            .flat_map(|listed| listed.talks.iter().map(move |talk| (listed, *talk)))
    };
    let mut read = ReadTalks::default();
    for (listed, talk) in all() {
        read.read(TalkText {
            title: &own_words(&talk.talk.title, listed.title),
            text: &own_words(&talk.written(), listed.title),
        });
    }
    let all: Vec<(&ListedTalks<'_>, &SummarizedTalk)> = all().collect();
    // The recording of a talk may be on another page, too.
    let mut found = neighbours(&read, MOST + 1).into_iter().zip(&all);
    let of_conference = |here: &ListedTalks<'_>| {
        let talks = found.by_ref().take(here.talks.len());
        let similar = talks.map(|(alike, (_, talk))| {
            let alike = alike
                .into_iter()
                .map(|other| (all[other.talk], other.words));
            let others = alike.filter(|((_, other), _)| other.talk.id != talk.talk.id);
            let shown = others
                .take(MOST)
                .map(
                    |((there, SummarizedTalk { talk, .. }), words)| SimilarTalk {
                        id: talk.id.clone(),
                        title: talk.title.clone(),
                        speakers: talk.speakers.clone(),
                        url: talk.url(),
                        elsewhere: (!std::ptr::eq(here, there)).then(|| OtherPage {
                            title: there.title.to_owned(),
                            href: there.href.clone(),
                        }),
                        words,
                    },
                );
            shown.collect()
        });
        similar.collect()
    };
    conferences.iter().map(of_conference).collect()
}

/// A text without links and without the name of its conference, which many talks share.
fn own_words(text: &str, conference: &str) -> String {
    let words = text.split_whitespace();
    let words: Vec<&str> = words.filter(|word| !word.contains("://")).collect();
    let text = words.join(" ");
    match conference.trim() {
        "" => text,
        name => text.replace(name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_the_conferences_name_make_no_talks_alike() {
        for (text, conference, own) in [
            ("Rye | Baking Day 2026", "Baking Day 2026", "Rye | "),
            ("Slides: https://a.example/b.pdf today", "", "Slides: today"),
            ("Rye and salt", "Baking Day", "Rye and salt"),
        ] {
            assert_eq!(own_words(text, conference), own);
        }
    }
}
