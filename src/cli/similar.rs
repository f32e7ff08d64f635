//! Which talks are most like each talk, by title, summary and description: of one conference, or of
//! all that are on a site.
//!
//! It follows from the talks, and takes time where there are thousands. So it is found only when a
//! page is made that shows it.

use crate::alike::TalkText;
use crate::alike::neighbours::neighbours;
use crate::alike::weights::ReadTalks;
use crate::render::similar::{OtherPage, SimilarTalk};
use crate::talk::SummarizedTalk;

/// So many are shown of each talk.
const MOST: usize = 3;

/// The talks of a conference, with the page that they are on as others see it.
pub(super) struct ListedTalks<'a> {
    /// The conference's name.
    pub(super) title: &'a str,
    /// The address of its page, seen from the pages of other conferences.
    pub(super) href: String,
    pub(super) talks: Vec<&'a SummarizedTalk>,
}

/// For each talk of a conference with this title those of the same conference that are most like it.
pub(super) fn similar(title: &str, talks: &[&SummarizedTalk]) -> Vec<Vec<SimilarTalk>> {
    let alone = ListedTalks {
        title,
        href: String::new(),
        talks: talks.to_vec(),
    };
    similar_across(&[alone]).remove(0)
}

/// For each talk of each conference those of all conferences that are most like it.
pub(super) fn similar_across(conferences: &[ListedTalks<'_>]) -> Vec<Vec<Vec<SimilarTalk>>> {
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
