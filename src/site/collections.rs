//! Talks of all conferences of a site, gathered by who speaks and by topic. Pure.
//!
//! A folder depends on its name alone, so links to it hold whatever else the site has.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::locale::Locale;
use crate::render::html;
use crate::render::icon::icon;
use crate::render::page::{Card, Section};
use crate::site::folder::{folder, slug_of};
use crate::site::words::WordReader;
use crate::site::{SiteConference, SiteError, SiteHead, is_category, number, render, span, style};

const PAGE: &str = include_str!("collection.html.hbs");
const LIST: &str = include_str!("collections.html.hbs");
/// The page in the folder of each collection, and in that of all of a kind.
const INDEX: &str = "index.html";
/// So long is the part of a digest that tells apart what is spelled alike.
const TOLD_APART: usize = 8;

/// By what talks are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gathering {
    /// By those who speak.
    Speakers,
    /// By the topics that the site's owner makes of categories.
    Topics,
}

/// Which categories belong to which topic.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Topics {
    /// The topics by the categories' names in small letters.
    of_categories: BTreeMap<String, String>,
}

/// The talks of a speaker, or on a topic.
#[derive(Debug)]
pub(crate) struct Collection<'a> {
    name: &'a str,
    folder: String,
    conferences: Vec<Gathered<'a>>,
}

/// Those of them that are of one conference.
#[derive(Debug)]
struct Gathered<'a> {
    conference: &'a SiteConference,
    talks: Vec<(&'a Section, &'a Card)>,
}

/// What the template of a collection sees.
#[derive(Serialize)]
struct CollectionView<'a> {
    site: &'a str,
    /// The language of the program's own words (BCP 47).
    language: &'a str,
    kind: String,
    name: &'a str,
    figures: Vec<String>,
    conferences: Vec<GatheredView<'a>>,
    style: &'a str,
    policy: String,
    icon: String,
}

#[derive(Serialize)]
struct GatheredView<'a> {
    title: &'a str,
    language: &'a str,
    href: String,
    years: Option<String>,
    talks: Vec<GatheredTalk<'a>>,
}

#[derive(Serialize)]
struct GatheredTalk<'a> {
    title: &'a str,
    href: String,
    color: usize,
    category: Option<&'a str>,
    speakers: Option<&'a str>,
    length: Option<&'a str>,
    summary: Option<&'a str>,
}

/// What the template of a list of collections sees.
#[derive(Serialize)]
struct ListView<'a> {
    site: &'a str,
    language: &'a str,
    kind: String,
    collections: Vec<ListedView<'a>>,
    style: &'a str,
    policy: String,
    icon: String,
}

#[derive(Serialize)]
struct ListedView<'a> {
    name: &'a str,
    href: String,
    talks: String,
    years: Option<String>,
}

impl Gathering {
    /// Both, in the order of the index.
    pub(crate) const ALL: [Self; 2] = [Self::Topics, Self::Speakers];

    /// The folder of its pages, seen from the index.
    #[must_use]
    pub(crate) const fn folder(self) -> &'static str {
        match self {
            Self::Speakers => "people",
            Self::Topics => "topics",
        }
    }

    /// What its list is called.
    #[must_use]
    fn title(self, locale: &Locale) -> String {
        locale.text(match self {
            Self::Speakers => "speakers-label",
            Self::Topics => "topics-label",
        })
    }

    /// How many there are, in words.
    pub(super) fn count(self, count: usize, locale: &Locale) -> String {
        let key = match self {
            Self::Speakers => "speakers",
            Self::Topics => "topics",
        };
        locale.counted(key, number(count))
    }
}

impl Topics {
    /// Reads a file with a line for each category: `"Category" = "Topic"`.
    pub(crate) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let topics: BTreeMap<String, String> = toml::from_str(text)?;
        let topics = topics.into_iter();
        let topics = topics.map(|(category, topic)| (category.to_lowercase(), topic));
        Ok(Self {
            of_categories: topics.collect(),
        })
    }

    /// The topic of a category.
    fn of(&self, category: &str) -> Option<&str> {
        let topic = self.of_categories.get(&category.to_lowercase());
        topic.map(String::as_str)
    }

    /// The categories in the file that no conference has.
    #[must_use]
    pub(crate) fn unknown(&self, conferences: &[SiteConference]) -> Vec<&str> {
        let sections = conferences.iter().flat_map(|it| &it.page.sections);
        let cards = sections.flat_map(|section| &section.cards);
        let names = cards.flat_map(|card| [&card.category].into_iter().chain(&card.also));
        let known: BTreeSet<String> = names.map(|name| name.to_lowercase()).collect();
        let categories = self.of_categories.keys().map(String::as_str);
        categories.filter(|name| !known.contains(*name)).collect()
    }
}

/// Gathers the talks of all conferences, in the order of the names.
pub(crate) fn gather<'a>(
    gathering: Gathering,
    conferences: &'a [SiteConference],
    topics: &'a Topics,
) -> Vec<Collection<'a>> {
    let mut reader = WordReader::default();
    let mut collections: BTreeMap<String, Collection<'a>> = BTreeMap::new();
    for conference in newest_first(conferences) {
        for section in &conference.page.sections {
            for card in &section.cards {
                for name in names(gathering, topics, section, card) {
                    let key = reader.key(name);
                    let collection = collections
                        .entry(key)
                        .or_insert_with_key(|key| Collection::new(name, key));
                    collection.add(conference, section, card);
                }
            }
        }
    }
    collections.into_values().collect()
}

/// The newest conference first; of the same year, in the order of the site.
fn newest_first(conferences: &[SiteConference]) -> Vec<&SiteConference> {
    let mut sorted: Vec<&SiteConference> = conferences.iter().collect();
    sorted.sort_by_key(|conference| Reverse(conference.years.last().copied()));
    sorted
}

/// The collections that a talk is in.
fn names<'a>(
    gathering: Gathering,
    topics: &'a Topics,
    section: &'a Section,
    card: &'a Card,
) -> BTreeSet<&'a str> {
    match gathering {
        Gathering::Speakers => card.names.iter().map(String::as_str).collect(),
        Gathering::Topics => {
            let own = Some(&section.name).filter(|_| is_category(section));
            let categories = own.into_iter().chain(&card.also);
            categories.filter_map(|name| topics.of(name)).collect()
        }
    }
}

impl<'a> Collection<'a> {
    fn new(name: &'a str, key: &str) -> Self {
        Self {
            name,
            folder: folder_of(name, key),
            conferences: Vec::new(),
        }
    }

    fn add(&mut self, conference: &'a SiteConference, section: &'a Section, card: &'a Card) {
        match self.conferences.last_mut() {
            Some(last) if std::ptr::eq(last.conference, conference) => {
                let is_new = last
                    .talks
                    .last()
                    .is_none_or(|(_, last)| !std::ptr::eq(*last, card));
                if is_new {
                    last.talks.push((section, card));
                }
            }
            _ => self.conferences.push(Gathered {
                conference,
                talks: vec![(section, card)],
            }),
        }
    }

    /// Its page, seen from the index of the site.
    #[must_use]
    pub(crate) fn path(&self, gathering: Gathering) -> String {
        format!("{}/{}/{INDEX}", gathering.folder(), self.folder)
    }

    fn talks(&self) -> usize {
        self.conferences.iter().map(|it| it.talks.len()).sum()
    }

    fn years(&self) -> BTreeSet<u16> {
        let years = self.conferences.iter().flat_map(|it| &it.conference.years);
        years.copied().collect()
    }

    /// Writes its page.
    pub(crate) fn write(&self, head: &SiteHead, gathering: Gathering) -> Result<String, SiteError> {
        let style = style();
        let locale = head.locale();
        let figures = [
            Some(locale.counted("talks", number(self.talks()))),
            Some(locale.counted("conferences", number(self.conferences.len()))),
            span(&self.years()),
        ];
        let view = CollectionView {
            site: &head.title,
            language: &head.language,
            kind: gathering.title(locale),
            name: self.name,
            figures: figures.into_iter().flatten().collect(),
            conferences: self.conferences.iter().map(Gathered::view).collect(),
            policy: policy(&style),
            icon: icon(&head.title),
            style: &style,
        };
        render(PAGE, &view)
    }
}

impl Gathered<'_> {
    fn view(&self) -> GatheredView<'_> {
        let SiteConference {
            page,
            folder,
            years,
            ..
        } = self.conference;
        let conference = format!("../../{folder}/{INDEX}");
        let talks = self.talks.iter().map(|(section, card)| GatheredTalk {
            title: &card.display_title,
            href: match &card.talk_page {
                Some(own) => format!("../../{folder}/{own}"),
                None => format!("{conference}#{}", card.anchor),
            },
            color: section.color,
            category: Some(&*section.name).filter(|_| is_category(section)),
            speakers: card.speakers.as_deref(),
            length: card.length.as_deref(),
            summary: card.summary.as_deref(),
        });
        GatheredView {
            title: &page.title,
            language: &page.language,
            years: span(years).filter(|years| !page.title.contains(years)),
            talks: talks.collect(),
            href: conference,
        }
    }
}

/// Writes the list of all collections of a kind, and says where it is, seen from the index of the site.
pub(crate) fn write_list(
    head: &SiteHead,
    gathering: Gathering,
    collections: &[Collection<'_>],
) -> Result<(String, String), SiteError> {
    let style = style();
    let locale = head.locale();
    let listed = collections.iter().map(|collection| ListedView {
        name: collection.name,
        href: format!("{}/{INDEX}", collection.folder),
        talks: locale.counted("talks", number(collection.talks())),
        years: span(&collection.years()),
    });
    let view = ListView {
        site: &head.title,
        language: &head.language,
        kind: gathering.title(locale),
        collections: listed.collect(),
        policy: policy(&style),
        icon: icon(&head.title),
        style: &style,
    };
    let path = format!("{}/{INDEX}", gathering.folder());
    Ok((path, render(LIST, &view)?))
}

fn policy(style: &str) -> String {
    format!(
        "default-src 'none'; img-src data:; style-src {}; base-uri 'none'; form-action 'none'",
        html::digest(style)
    )
}

/// The folder of a name: its letters, and a part of its digest where they are not all of it.
fn folder_of(name: &str, key: &str) -> String {
    let slug = slug_of(key);
    let is_whole = key.replace(' ', "-") == slug && folder(&slug, None) == slug;
    if is_whole {
        return slug;
    }
    let told_apart = hex(&Sha256::digest(if key.is_empty() { name } else { key }));
    format!("{slug}-{}", &told_apart[..TOLD_APART])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::{head, two};

    #[test]
    fn a_folder_is_plain_and_no_two_names_share_it() {
        let mut reader = WordReader::default();
        let mut folder = |name: &str| folder_of(name, &reader.key(name));
        assert_eq!(folder("Zoë Müller"), "zoe-muller");
        assert_eq!(folder("zoe  MULLER"), "zoe-muller");
        assert_eq!(folder("C"), "c");
        let others = [
            "C++",
            "C#",
            "张伟",
            "章伟",
            "con",
            "!",
            "?",
            "../..",
            &"a b ".repeat(40),
        ];
        let folders: BTreeSet<String> = others.map(&mut folder).into();
        assert_eq!(folders.len(), others.len());
        for folder in folders {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(
                folder.len() > TOLD_APART && folder.chars().all(is_plain),
                "{folder}"
            );
        }
    }

    #[test]
    fn talks_of_a_speaker_come_together_the_newest_conference_first() {
        let conferences = two();
        let topics = Topics::default();
        let speakers = gather(Gathering::Speakers, &conferences, &topics);
        assert_eq!(speakers.len(), 1);
        let page = speakers[0]
            .write(&head("All of them", "en"), Gathering::Speakers)
            .unwrap();
        for part in [
            "<h1 dir=\"auto\">A. Name</h1>",
            "<li>6 talks</li>\n<li>2 conferences</li>\n<li>2023–2026</li>",
            "href=\"../../a/index.html#talk.first______\"",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        let places = ["A Conf 2026</a>", "B Conf</a>"].map(|title| page.find(title).unwrap());
        assert!(places.is_sorted());
        assert_eq!(
            speakers[0].path(Gathering::Speakers),
            "people/a-name/index.html"
        );
        let (path, list) =
            write_list(&head("All of them", "en"), Gathering::Speakers, &speakers).unwrap();
        assert_eq!(path, "people/index.html");
        assert!(
            list.contains("<a href=\"a-name/index.html\" dir=\"auto\">A. Name</a>"),
            "{list}"
        );
    }

    #[test]
    fn speakers_and_topics_have_the_words_of_the_site() {
        let conferences = two();
        let topics = Topics::parse("systems = \"Machines\"\n").unwrap();
        for (language, gathering, page_words, list_words) in [
            (
                "de",
                Gathering::Speakers,
                [
                    "<html lang=\"de\">",
                    "<li>6 Vorträge</li>",
                    "<li>2 Konferenzen</li>",
                ],
                ["<h1>Vortragende</h1>", "6 Vorträge", "Zur Liste springen"],
            ),
            (
                "ja",
                Gathering::Topics,
                ["<html lang=\"ja\">", "<li>講演1件</li>", ">トピック</a>"],
                ["<h1>トピック</h1>", "講演1件", "一覧へ移動"],
            ),
        ] {
            let head = head("T", language);
            let gathered = gather(gathering, &conferences, &topics);
            let page = gathered[0].write(&head, gathering).unwrap();
            // What others have written is in their language.
            assert!(page.contains("<section class=\"found\" lang=\"en\">"));
            let (_, list) = write_list(&head, gathering, &gathered).unwrap();
            for (text, words) in [(page, page_words), (list, list_words)] {
                for word in words {
                    assert!(text.contains(word), "{word}: {text}");
                }
            }
        }
    }

    #[test]
    fn a_topic_has_the_talks_of_its_categories_whatever_their_case() {
        let conferences = two();
        let topics = "systems = \"Machines\"\n\"People\" = \"Everybody\"\nNowhere = \"Else\"\n";
        let topics = Topics::parse(topics).unwrap();
        assert_eq!(topics.unknown(&conferences), ["nowhere"]);
        let gathered = gather(Gathering::Topics, &conferences, &topics);
        let counts: Vec<_> = gathered.iter().map(|it| (it.name, it.talks())).collect();
        assert_eq!(counts, [("Everybody", 2), ("Machines", 1)]);
        assert!(Topics::parse("[a]\nb = 1\n").is_err());
    }
}
