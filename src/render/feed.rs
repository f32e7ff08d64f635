//! The page as an Atom feed (RFC 4287), an entry a talk.
//!
//! Pure, and without a clock: an entry was updated when its summary was made, else when the talk
//! was published.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use quick_xml::se::Serializer;
use serde::Serialize;
use url::Url;
use uuid::Uuid;

use crate::locale::Locale;
use crate::render::Format;
use crate::render::escape::line;
use crate::render::page::Header;
use crate::talk::{Choice, SummarizedTalk, Talk};

#[derive(Serialize)]
struct Feed<'a> {
    #[serde(rename = "@xmlns")]
    namespace: &'static str,
    #[serde(rename = "@xml:lang", skip_serializing_if = "str::is_empty")]
    language: &'a str,
    id: String,
    title: String,
    updated: String,
    link: Vec<AtomLink>,
    author: AtomPerson,
    generator: &'static str,
    entry: Vec<Cow<'a, AtomEntry>>,
}

/// A talk that may be among the newest of several conferences.
#[derive(Debug)]
pub(crate) struct NewTalk {
    published: Timestamp,
    /// That of its conference (BCP 47).
    language: String,
    entry: AtomEntry,
}

impl NewTalk {
    /// Its entry in a feed of this language (BCP 47).
    fn entry_in(&self, language: &str) -> Cow<'_, AtomEntry> {
        if self.language == language {
            return Cow::Borrowed(&self.entry);
        }
        Cow::Owned(AtomEntry {
            language: Some(self.language.clone()),
            ..self.entry.clone()
        })
    }
}

/// So many talks are in the feed of several conferences.
const NEWEST: usize = 50;

#[derive(Debug, Clone, Serialize)]
struct AtomEntry {
    /// Where it is not that of the feed.
    #[serde(rename = "@xml:lang", skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    id: String,
    title: String,
    updated: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    link: AtomLink,
    author: Vec<AtomPerson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<AtomCategory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct AtomLink {
    #[serde(rename = "@rel")]
    relation: &'static str,
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    media_type: Option<&'static str>,
    #[serde(rename = "@href")]
    address: String,
}

#[derive(Debug, Clone, Serialize)]
struct AtomPerson {
    name: String,
}

#[derive(Debug, Clone, Serialize)]
struct AtomCategory {
    #[serde(rename = "@term")]
    term: String,
}

/// The feed with all talks in the organizer's order.
pub(super) fn feed(header: &Header, talks: &[&SummarizedTalk]) -> String {
    let updated = talks.iter().copied().map(updated).max();
    write(&Feed {
        updated: instant(updated.unwrap_or(Timestamp::UNIX_EPOCH)),
        entry: talks
            .iter()
            .copied()
            .map(|talk| Cow::Owned(entry(talk)))
            .collect(),
        ..empty(&header.title, &header.language, header.url.as_ref())
    })
}

/// The talks of a conference that can be the newest of several conferences: as many as a feed has,
/// of those whose day is known.
pub(crate) fn new_talks(language: &str, talks: &[&SummarizedTalk]) -> Vec<NewTalk> {
    let dated = talks.iter().filter_map(|talk| {
        let published = published(talk)?;
        Some(NewTalk {
            published,
            language: language.to_owned(),
            entry: entry(talk),
        })
    });
    let mut dated: Vec<NewTalk> = dated.collect();
    dated.sort_by_key(|talk| Reverse(talk.published));
    dated.truncate(NEWEST);
    dated
}

/// The feed of the newest of these talks, of whichever conferences.
pub(crate) fn newest<'a>(
    title: &str,
    language: &str,
    address: Option<&Url>,
    talks: impl Iterator<Item = &'a NewTalk>,
) -> String {
    let mut talks: Vec<&NewTalk> = talks.collect();
    talks.sort_by_key(|talk| Reverse(talk.published));
    let mut ids = HashSet::new();
    talks.retain(|talk| ids.insert(&talk.entry.id));
    talks.truncate(NEWEST);
    let updated = talks.first().map(|talk| talk.published);
    write(&Feed {
        updated: instant(updated.unwrap_or(Timestamp::UNIX_EPOCH)),
        entry: talks.iter().map(|talk| talk.entry_in(language)).collect(),
        ..empty(title, language, address)
    })
}

/// A feed of this title without an entry; `page` is the page whose talks it is about.
fn empty<'a>(title: &str, language: &'a str, page: Option<&Url>) -> Feed<'a> {
    let untitled = Locale::of(language).text("talks-label");
    Feed {
        namespace: "http://www.w3.org/2005/Atom",
        language,
        id: id(title, page),
        title: text_or(title, &untitled),
        updated: instant(Timestamp::UNIX_EPOCH),
        link: links(page),
        author: AtomPerson {
            name: text_or(title, &untitled),
        },
        generator: "proceedings",
        entry: Vec::new(),
    }
}

fn write(feed: &Feed<'_>) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned();
    let mut serializer =
        Serializer::with_root(&mut xml, Some("feed")).expect("`feed` is a name in XML");
    serializer.indent(' ', 2);
    feed.serialize(serializer).expect("our own types serialize");
    xml.push('\n');
    xml
}

/// The page's address, else what its title makes: neither changes while the conference is the same.
fn id(title: &str, page: Option<&Url>) -> String {
    if let Some(url) = page {
        return url.to_string();
    }
    let made_of_title = Uuid::new_v5(&Uuid::NAMESPACE_OID, title.as_bytes());
    made_of_title.urn().to_string()
}

fn links(page: Option<&Url>) -> Vec<AtomLink> {
    let Some(page) = page else {
        return Vec::new();
    };
    let page_link = AtomLink {
        relation: "alternate",
        media_type: Some("text/html"),
        address: page.to_string(),
    };
    let own = page.join(Format::Feed.file_name()).map(|own| AtomLink {
        relation: "self",
        media_type: Some("application/atom+xml"),
        address: own.to_string(),
    });
    [page_link].into_iter().chain(own).collect()
}

fn entry(summarized: &SummarizedTalk) -> AtomEntry {
    let talk = &summarized.talk;
    let speakers = talk.speakers.iter().map(|name| line(name));
    let category = match summarized.category.as_ref().map(|filing| &filing.choice) {
        Some(Choice::Category(name)) => Some(AtomCategory { term: line(name) }),
        Some(Choice::NoneFits) | None => None,
    };
    AtomEntry {
        language: None,
        id: entry_id(talk),
        title: text_or(&talk.title, &talk.id.to_string()),
        updated: instant(updated(summarized)),
        published: published(summarized).map(instant),
        link: AtomLink {
            relation: "alternate",
            media_type: None,
            address: talk.url(),
        },
        author: speakers
            .filter(|name| !name.is_empty())
            .map(|name| AtomPerson { name })
            .collect(),
        category,
        summary: summarized
            .summary
            .as_ref()
            .map(|summary| line(&summary.text)),
    }
}

/// The talk's own link on `YouTube`. On another host several parts may have one link, or a host may
/// move: there, link and id make it.
fn entry_id(talk: &Talk) -> String {
    match &talk.recording {
        None => talk.url(),
        Some(link) => {
            let name = format!("{link} {}", talk.id);
            let made = Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes());
            made.urn().to_string()
        }
    }
}

fn updated(summarized: &SummarizedTalk) -> Timestamp {
    let summary = summarized.summary.as_ref();
    let made = summary.and_then(|summary| Some(summary.provenance.as_ref()?.at));
    made.or_else(|| published(summarized))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

fn published(summarized: &SummarizedTalk) -> Option<Timestamp> {
    let date: Date = summarized.talk.date.as_ref()?.parse().ok()?;
    let midnight = date.to_zoned(TimeZone::UTC).ok()?;
    Some(midnight.timestamp())
}

/// A date as Atom has it, to the second.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A title must say something.
fn text_or(text: &str, otherwise: &str) -> String {
    let text = line(text);
    if text.is_empty() {
        otherwise.to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::*;
    use crate::render::trial;
    use crate::talk::provenance::Provenance;

    const ATOM: &str = "http://www.w3.org/2005/Atom";

    fn all<'a>(parent: Node<'a, 'a>, name: &'a str) -> Vec<Node<'a, 'a>> {
        let children = parent.children();
        let is_named = move |node: &Node<'_, '_>| node.has_tag_name((ATOM, name));
        children.filter(is_named).collect()
    }

    fn text_of<'a>(parent: Node<'a, 'a>, name: &'a str) -> &'a str {
        let [node] = all(parent, name)[..] else {
            panic!("not one `{name}`");
        };
        node.text().unwrap()
    }

    /// What RFC 4287 says must be there, for a feed (4.1.1) and for an entry (4.1.2).
    fn assert_valid(xml: &str) {
        let document = Document::parse(xml).unwrap();
        let feed = document.root_element();
        assert!(feed.has_tag_name((ATOM, "feed")));
        for node in [feed].into_iter().chain(all(feed, "entry")) {
            let id = text_of(node, "id");
            assert!(
                id.starts_with("urn:uuid:") || id.starts_with("https://"),
                "{id}"
            );
            assert!(!text_of(node, "title").is_empty());
            let updated = text_of(node, "updated");
            assert!(updated.parse::<Timestamp>().is_ok(), "{updated}");
            for author in all(node, "author") {
                assert!(!text_of(author, "name").is_empty());
            }
        }
        // Entries without an author of their own have the feed's.
        assert_eq!(all(feed, "author").len(), 1);
        let mut ids: Vec<&str> = all(feed, "entry")
            .into_iter()
            .map(|entry| text_of(entry, "id"))
            .collect();
        let entries = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), entries);
        for entry in all(feed, "entry") {
            // An entry without content must have an alternate link, and one of a type.
            let links = all(entry, "link");
            let alternate = |link: &&Node<'_, '_>| link.attribute("rel") == Some("alternate");
            assert_eq!(links.iter().filter(alternate).count(), 1);
            assert!(all(entry, "summary").len() <= 1 && all(entry, "published").len() <= 1);
        }
    }

    #[test]
    fn a_feed_has_what_it_must_have() {
        let (header, mut talks) = trial();
        assert_valid(&feed(&header, &[&talks[0]]));
        talks[0].talk.title = " ".to_owned();
        talks[0].talk.speakers = vec![String::new()];
        talks[0].summary = None;
        assert_valid(&feed(&header, &[&talks[0]]));
        assert_valid(&feed(&Header::default(), &[]));
    }

    #[test]
    fn an_entry_was_updated_when_its_summary_was_made_else_when_it_was_published() {
        let (header, mut talks) = trial();
        let entry = |talks: &[&SummarizedTalk]| {
            let xml = feed(&header, talks);
            let document = Document::parse(&xml).unwrap();
            let feed = document.root_element();
            let entry = all(feed, "entry")[0];
            assert_eq!(text_of(feed, "updated"), text_of(entry, "updated"));
            text_of(entry, "updated").to_owned()
        };
        assert_eq!(entry(&[&talks[0]]), "1970-01-01T00:00:00Z");
        talks[0].talk.date = Some("2026-06-12".to_owned());
        assert_eq!(entry(&[&talks[0]]), "2026-06-12T00:00:00Z");
        talks[0].summary.as_mut().unwrap().provenance = Some(Provenance {
            model: None,
            at: "2026-07-01T10:20:30.456Z".parse().unwrap(),
            from_archive: false,
        });
        assert_eq!(entry(&[&talks[0]]), "2026-07-01T10:20:30Z");
    }

    #[test]
    fn a_feed_that_knows_its_address_is_known_by_it() {
        let (mut header, talks) = trial();
        header.url = None;
        let without = feed(&header, &talks.each_ref());
        assert!(without.contains("<id>urn:uuid:"), "{without}");
        header.url = Some("https://conf.example/2026/?a=1&b=2".parse().unwrap());
        let with = feed(&header, &talks.each_ref());
        let document = Document::parse(&with).unwrap();
        let root = document.root_element();
        assert_eq!(text_of(root, "id"), "https://conf.example/2026/?a=1&b=2");
        let links: Vec<_> = all(root, "link")
            .into_iter()
            .map(|link| {
                (
                    link.attribute("rel").unwrap(),
                    link.attribute("href").unwrap(),
                )
            })
            .collect();
        let wanted = [
            ("alternate", "https://conf.example/2026/?a=1&b=2"),
            ("self", "https://conf.example/2026/feed.xml"),
        ];
        assert_eq!(links, wanted);
    }
}
