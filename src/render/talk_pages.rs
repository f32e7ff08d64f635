//! The pages of single talks: which talks have one, where it is, and what comes before and after it.
//!
//! Pure. A folder depends on its talk alone, so links to it hold whatever else the conference has.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use url::Url;

use crate::hex::hex;
use crate::render::card::{similar_link, similar_talks};
use crate::render::display_title;
use crate::render::groups::group_by_category;
use crate::render::page::{Header, SimilarLink};
use crate::render::similar::{SimilarTalk, name_in_address};
use crate::talk::id::{TalkId, VideoId};
use crate::talk::{SummarizedTalk, Talk, one_line};

/// The folder of all these pages, seen from the page of the conference.
pub(crate) const FOLDER: &str = "talk";
/// The page in the folder of a talk.
pub(crate) const INDEX: &str = "index.html";

/// The way from the page of a talk to the folder of the conference's page.
pub(super) const UP: &str = "../../";

/// How the folders of talks are named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TalkFolders {
    /// The videos whose ids differ from another one's in case alone: many disks do not tell them apart.
    alike: BTreeSet<VideoId>,
}

/// A talk that has a page of its own.
#[derive(Debug, Hash)]
pub(crate) struct TalkPage<'a> {
    pub(crate) talk: &'a SummarizedTalk,
    /// The name of its folder.
    pub(crate) folder: String,
    /// The name and the color of its section.
    pub(super) category: String,
    pub(super) color: usize,
    /// The talks before and after it on the page of the conference.
    pub(super) previous: Option<TalkLink>,
    pub(super) next: Option<TalkLink>,
    /// Those that are most like it.
    pub(super) similar: Vec<SimilarLink>,
}

/// A link from the page of a talk to that of another one.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct TalkLink {
    pub(super) title: String,
    pub(super) href: String,
}

/// Whether the page of a talk shows what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Words {
    Shown,
    Kept,
}

impl TalkPage<'_> {
    /// The address of the page, where that of the conference's page is `url`.
    #[must_use]
    pub(super) fn address(&self, url: &Url) -> Option<Url> {
        url.join(&format!("{FOLDER}/{}/", self.folder)).ok()
    }
}

impl TalkFolders {
    /// The folders for talks of these videos.
    pub(crate) fn of<'a>(videos: impl IntoIterator<Item = &'a VideoId>) -> Self {
        let mut alike: HashMap<String, BTreeSet<&VideoId>> = HashMap::new();
        for video in videos {
            let folded = video.as_str().to_ascii_lowercase();
            alike.entry(folded).or_default().insert(video);
        }
        let alike = alike.into_values().filter(|videos| videos.len() > 1);
        Self {
            alike: alike.flatten().cloned().collect(),
        }
    }

    /// The name of the folder of a talk: its id, in hexadecimal digits where a disk could take it for
    /// another one. A part of a recording has the second after it at which it begins.
    #[must_use]
    pub(crate) fn name(&self, id: &TalkId) -> String {
        let name = name_in_address(id);
        let video = id.video.as_str();
        if !self.alike.contains(&id.video) {
            return name;
        }
        name.replacen(video, &hex(video.as_bytes()), 1)
    }

    /// The page of a talk, seen from the page of the conference.
    #[must_use]
    pub(super) fn page(&self, id: &TalkId) -> String {
        format!("{FOLDER}/{}/{INDEX}", self.name(id))
    }
}

/// Whether a folder has a name that folders of talks have.
#[must_use]
pub(crate) fn is_folder(name: &str) -> bool {
    let (video, start) = match name.split_once('.') {
        Some((video, start)) => (video, Some(start)),
        None => (name, None),
    };
    let is_start = |start: &str| start.parse::<u64>().is_ok();
    let is_hex = |video: &str| video.len() == 22 && video.bytes().all(|b| b.is_ascii_hexdigit());
    (video.parse::<VideoId>().is_ok() || is_hex(video)) && start.is_none_or(is_start)
}

/// The talks that have pages, in the order of the page of the conference; none where none has one.
pub(crate) fn talk_pages<'a>(header: &Header, talks: &[&'a SummarizedTalk]) -> Vec<TalkPage<'a>> {
    let Some(folders) = &header.talk_pages else {
        return Vec::new();
    };
    let similar = similar_talks(header, talks);
    let mut pages: Vec<TalkPage<'a>> = Vec::with_capacity(talks.len());
    for group in group_by_category(header, talks) {
        for talk in group.talks {
            let folder = folders.name(&talk.talk.id);
            let mut page = TalkPage {
                talk,
                folder,
                category: one_line(&group.name),
                color: group.color,
                previous: None,
                next: None,
                similar: similar_links(
                    header,
                    folders,
                    similar.get(&talk.talk.id).copied().unwrap_or_default(),
                ),
            };
            if let Some(before) = pages.last_mut() {
                before.next = Some(link(header, &page));
                page.previous = Some(link(header, before));
            }
            pages.push(page);
        }
    }
    pages
}

/// The links to these talks: to their own pages, or to where they are on another conference's.
fn similar_links(
    header: &Header,
    folders: &TalkFolders,
    similar: &[SimilarTalk],
) -> Vec<SimilarLink> {
    let conference = one_line(&header.title);
    let links = similar.iter().map(|talk| SimilarLink {
        href: match talk.elsewhere {
            None => format!("../{}/{INDEX}", folders.name(&talk.id)),
            Some(_) => format!("{UP}{}", talk.href()),
        },
        ..similar_link(&conference, talk)
    });
    links.collect()
}

/// The link from another talk's page to this one.
fn link(header: &Header, page: &TalkPage<'_>) -> TalkLink {
    let Talk {
        title, speakers, ..
    } = &page.talk.talk;
    let names: Vec<String> = speakers.iter().map(|name| one_line(name)).collect();
    let display = display_title::display(&one_line(title), &one_line(&header.title), &names);
    TalkLink {
        title: display.title,
        href: format!("../{}/{INDEX}", page.folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::trial;

    fn id(video: &str, start: Option<u64>) -> TalkId {
        TalkId {
            video: video.parse().unwrap(),
            start,
        }
    }

    #[test]
    fn a_folder_is_named_so_that_every_disk_tells_it_from_the_others() {
        let videos = ["-cBplHNM4RA", "jAtrviDGpwE", "JATRVIDGPWE", "jAtrviDGpwE"];
        let videos = videos.map(|video| video.parse().unwrap());
        let folders = TalkFolders::of(&videos);
        for (talk, folder) in [
            (id("-cBplHNM4RA", None), "-cBplHNM4RA"),
            (id("-cBplHNM4RA", Some(3750)), "-cBplHNM4RA.3750"),
            (id("jAtrviDGpwE", None), "6a41747276694447707745"),
            (id("JATRVIDGPWE", Some(0)), "4a41545256494447505745.0"),
        ] {
            assert_eq!(folders.name(&talk), folder);
            assert!(is_folder(folder), "{folder}");
            assert_eq!(folders.page(&talk), format!("talk/{folder}/index.html"));
        }
        for other in [
            "",
            "slides",
            "-cBplHNM4RA.mp4",
            "-cBplHNM4RA.",
            "..",
            "6a41",
        ] {
            assert!(!is_folder(other), "{other}");
        }
    }

    #[test]
    fn talks_are_linked_in_the_order_of_the_page() {
        let (mut header, [mut last, first]) = trial();
        header.talk_pages = Some(TalkFolders::default());
        last.talk.id.start = Some(7);
        last.category = None;
        let mut filed = first.clone();
        filed.category = trial().1[0].category.clone();
        let talks = [&last, &filed];
        let pages = talk_pages(&header, &talks);
        let folders: Vec<&str> = pages.iter().map(|page| &*page.folder).collect();
        assert_eq!(folders, ["-----------.0", "-----------.7"]);
        let href = |link: &Option<TalkLink>| link.as_ref().map(|link| link.href.clone());
        assert_eq!(href(&pages[0].previous), None);
        assert_eq!(href(&pages[0].next).unwrap(), "../-----------.7/index.html");
        assert_eq!(
            href(&pages[1].previous).unwrap(),
            "../-----------.0/index.html"
        );
        assert_eq!(href(&pages[1].next), None);
        header.talk_pages = None;
        assert!(talk_pages(&header, &talks).is_empty());
    }
}
