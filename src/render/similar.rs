//! Talks that are like a talk, as pages show them. Which they are is found elsewhere.

use crate::talk::id::TalkId;

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
