//! The index of a few conferences, and what is searched.

use expect_test::{Expect, expect};
use serde_json::Value;

use super::*;
use crate::render::messages::tests::{called, own_texts, own_words, shown};
use crate::render::similar::{OtherPage, SimilarTalk};
use crate::talk::id::TalkId;
use crate::talk::provenance::FiledBy;
use crate::talk::{Choice, Filing, Freshness, Origin, Summary, Talk};

/// A talk of a category, `""` for none, an hour long.
fn talk(video: &str, title: &str, category: &str, date: Option<&str>) -> SummarizedTalk {
    let summary = Summary {
        text: format!("About {title}. And more."),
        sentences: Vec::new(),
        origin: Origin::Organizer,
        freshness: Freshness::Current,
        provenance: None,
    };
    let talk = Talk {
        speakers: vec!["A. Name".to_owned()],
        date: date.map(str::to_owned),
        duration: Some(3600),
        ..Talk::bare(TalkId::whole(video.parse().unwrap()), title)
    };
    let filing = Filing {
        choice: Choice::Category(category.to_owned()),
        freshness: Freshness::Current,
        filed_by: FiledBy::Organizer,
        provenance: None,
    };
    SummarizedTalk {
        talk,
        summary: Some(summary),
        places: Vec::new(),
        imported_failure: None,
        category: Some(filing).filter(|_| !category.is_empty()),
        also: Vec::new(),
    }
}

fn similar(like: &SummarizedTalk, elsewhere: Option<OtherPage>, words: &[&str]) -> SimilarTalk {
    SimilarTalk {
        id: like.talk.id.clone(),
        title: like.talk.title.clone(),
        speakers: like.talk.speakers.clone(),
        url: like.talk.url(),
        elsewhere,
        words: words.iter().map(|&word| word.to_owned()).collect(),
    }
}

fn header(title: &str, categories: &[&str]) -> Header {
    let categories = categories.iter();
    Header {
        title: title.to_owned(),
        language: "en".to_owned(),
        categories: categories
            .map(|name| ((*name).to_owned(), String::new()))
            .collect(),
        ..Header::default()
    }
}

pub(super) fn head(title: &str, language: &str) -> SiteHead {
    SiteHead::new(Some(title.to_owned()), language)
}

pub(super) fn two() -> [SiteConference; 2] {
    let systems = [
        talk("first______", "One", "Systems", None),
        talk("second_____", "Two", "People", None),
        talk("third______", "Three", "People", None),
        talk("fourth_____", "Four", "", None),
    ];
    let plain = [
        talk("fifth______", "Five", "", Some("2023-12-30")),
        talk("sixth______", "Six", "", Some("2024-01-02")),
    ];
    let categories = ["Systems", "People", "Nobody's"];
    let other_page = OtherPage {
        title: "B Conf".to_owned(),
        href: "../b/index.html".to_owned(),
    };
    let alike = vec![
        similar(&plain[0], Some(other_page), &["tides", "moons"]),
        similar(&systems[0], None, &["tides"]),
    ];
    let first = Header {
        similar: Some(vec![Vec::new(), alike]),
        ..header("A Conf 2026", &categories)
    };
    [
        SiteConference::new(
            "a".to_owned(),
            &first,
            &[Format::Markdown],
            &systems.each_ref(),
        ),
        SiteConference::new(
            "b".to_owned(),
            &header("B Conf", &[]),
            &[],
            &plain.each_ref(),
        ),
    ]
}

fn searches() -> Searches {
    Searches {
        searched: Searched::WordsToo,
        gathered: vec![(Gathering::Topics, 0), (Gathering::Speakers, 1)],
    }
}

/// What stands in the index between two texts.
fn check(from: &str, to: &str, expected: &Expect) {
    let index = index(&head("All of them", "en"), None, &two(), &searches()).unwrap();
    let (_, rest) = index.split_once(from).unwrap();
    expected.assert_eq(rest.split_once(to).unwrap().0);
}

#[test]
fn the_index_counts_over_all_conferences() {
    check(
        "<ul class=\"figures\">",
        "</ul>",
        &expect![[r#"

            <li>2 conferences</li>
            <li>6 talks</li>
            <li>6 hours</li>
            <li>2023–2026</li>
        "#]],
    );
}

#[test]
fn a_card_says_what_a_conference_is_about_and_leads_to_its_page() {
    check(
        "<ul class=\"cards conferences\">",
        "</section>",
        &expect![[r#"

            <li class="card">
            <svg class="shares" aria-hidden="true" viewBox="0 0 4 1" preserveAspectRatio="none"><rect class="color-15" x="0" width="1" height="1"></rect><rect class="color-23" x="1" width="2" height="1"></rect></svg>
            <h3 lang="en"><a href="a/index.html">A Conf 2026</a></h3>
            <ul class="facts"><li>2026</li><li>4 talks</li><li>4 hours</li></ul>
            <ul class="categories" aria-label="Categories">
            <li class="color-23"><span class="name" lang="en">People</span> <span class="count">2</span></li>
            <li class="color-15"><span class="name" lang="en">Systems</span> <span class="count">1</span></li>
            </ul>
            </li>
            <li class="card">
            <svg class="shares" aria-hidden="true" viewBox="0 0 2 1" preserveAspectRatio="none"></svg>
            <h3 lang="en"><a href="b/index.html">B Conf</a></h3>
            <ul class="facts"><li>2023–2024</li><li>2 talks</li><li>2 hours</li></ul>
            </li>
            </ul>
        "#]],
    );
}

#[test]
fn every_talk_is_searched_and_lies_where_its_page_has_it() {
    let script = write_script(&two());
    let json = script.strip_prefix("searchable(").unwrap();
    let searched: Value = serde_json::from_str(json.strip_suffix(");\n").unwrap()).unwrap();
    expect![[r##"["a","A Conf 2026","en",[["Systems",15],["People",23],["",0]],[["talk.first______","One","A. Name",0,"About One. And more.","",[],[],3600,2026],["talk.second_____","Two","A. Name",1,"About Two. And more.","",[["../b/index.html#talk.fifth______","tides, moons"],["#talk.first______","tides"]],[],3600,2026],["talk.third______","Three","A. Name",1,"About Three. And more.","",[],[],3600,2026],["talk.fourth_____","Four","A. Name",2,"About Four. And more.","",[],[],3600,2026]]]"##]]
    .assert_eq(&searched[0].to_string());
    assert_eq!(searched[1][4][1][0], "talk.sixth______");
}

#[test]
fn no_text_becomes_markup_and_none_is_turned_around() {
    let hostile = "</script><script>a()</script> \"'<b onload=c> {{title}} \u{202e}evil";
    let talks = [talk("first______", hostile, hostile, None)];
    let conference = SiteConference::new(
        "a".to_owned(),
        &header(hostile, &[hostile]),
        &[Format::Markdown],
        &talks.each_ref(),
    );
    let address = "https://talks.example/?a=<b&c".parse().unwrap();
    let head = head(hostile, hostile);
    let conferences = std::slice::from_ref(&conference);
    let index = index(&head, Some(&address), conferences, &searches()).unwrap();
    let not_found = not_found(&head, &address).unwrap();
    let files = crawler_files(&head, &address, conferences);
    let mut texts: Vec<String> = files.into_iter().map(|file| file.text).collect();
    let topics = Topics::parse(&format!("{hostile:?} = {hostile:?}").replace("u{202e}", "u202e"));
    let topics = topics.unwrap();
    for gathering in Gathering::ALL {
        let gathered = gather(gathering, conferences, &topics);
        assert_eq!(gathered.len(), 1);
        texts.push(gathered[0].write(&head, gathering).unwrap());
        texts.push(write_list(&head, gathering, &gathered).unwrap().1);
    }
    texts.push(feed(&head, Some(&address), conferences));
    let search = write_script(&[conference]);
    assert_eq!(index.matches("<script").count(), 2);
    assert_eq!(not_found.matches("<script").count(), 0);
    texts.extend([index, not_found]);
    for text in &texts {
        assert!(!text.contains("<b ") && !text.contains("\"'<"), "{text}");
    }
    for text in texts.into_iter().chain([search]) {
        assert!(!text.contains('\u{202e}'));
    }
}

#[test]
fn the_feed_has_the_newest_talks_of_all_conferences_once() {
    let head = head("All of them", "en");
    let feed = feed(&head, None, &two());
    let feed = roxmltree::Document::parse(&feed).unwrap();
    let titles = feed
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "title")));
    let titles: Vec<&str> = titles.filter_map(|title| title.text()).collect();
    assert_eq!(titles, ["All of them", "Six", "Five"]);
    let twice: Vec<SiteConference> = two().into_iter().chain(two()).collect();
    let feed = super::feed(&head, None, &twice);
    assert_eq!(feed.matches("<entry>").count(), 2);
}

#[test]
fn crawlers_find_every_conference_below_the_address_of_the_site() {
    let files = |address: &str| {
        let files = crawler_files(
            &head("All of them", "en"),
            &address.parse().unwrap(),
            &two(),
        );
        let files = files
            .into_iter()
            .map(|file| format!("-- {}\n{}", file.name, file.text));
        files.collect::<String>()
    };
    expect![[r#"
        -- sitemap.xml
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- generator: proceedings -->
        <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>https://talks.example/a/sitemap.xml</loc></sitemap>
        <sitemap><loc>https://talks.example/b/sitemap.xml</loc></sitemap>
        </sitemapindex>
        -- robots.txt
        # generator: proceedings
        User-agent: *
        Allow: /
        Sitemap: https://talks.example/sitemap.xml
        -- llms.txt
        # All of them

        > Recordings of talks, each summarized in two sentences.

        ## Talks

        - [A Conf 2026](https://talks.example/a/page.md)

        <!-- generator: proceedings -->
    "#]]
    .assert_eq(&files("https://talks.example/"));
    assert!(!files("https://talks.example/conf/").contains("robots.txt"));
}

#[test]
fn a_length_that_is_not_known_makes_no_sum() {
    let mut talks = [
        talk("first______", "One", "", None),
        talk("second_____", "Two", "", None),
    ];
    talks[1].talk.duration = None;
    let header = header("A Conf", &[]);
    let conference = SiteConference::new("a".to_owned(), &header, &[], &talks.each_ref());
    let english = head("All of them", "en");
    let facts = conference.card(&english).facts;
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].text, "2 talks");
    assert_eq!(
        figures(english.locale(), &[conference]),
        ["1 conference", "2 talks"]
    );
}

#[test]
fn the_index_speaks_the_language_of_all_its_pages() {
    assert_eq!(common_language(["de-AT", "de"]), "de");
    assert_eq!(common_language(["ja"]), "ja");
    for mixed in [&["de", "fr"][..], &["ko"], &["de", "tlh"], &[]] {
        assert_eq!(common_language(mixed.iter().copied()), "en");
    }
    let german = SiteHead::new(None, "de");
    let german = index(&german, None, &two(), &searches()).unwrap();
    for said in [
        "<html lang=\"de\">",
        "<h1>Konferenzen</h1>",
        "<li>2 Konferenzen</li>",
        "Mehr zeigen",
    ] {
        assert!(german.contains(said), "{said}");
    }
    let address = "https://talks.example/".parse().unwrap();
    let japanese = not_found(&head("T", "ja"), &address).unwrap();
    assert!(japanese.contains("<h1>ページが見つかりません</h1>"));
}

#[test]
fn a_word_in_another_language_than_the_site_says_which() {
    let header = Header {
        language: "de".to_owned(),
        dates: Some("18.–20. September 2024".to_owned()),
        ..header("A Conf", &[])
    };
    let dated = talk("first______", "One", "", Some("2024-09-18"));
    let conferences = [SiteConference::new("a".to_owned(), &header, &[], &[&dated])];
    for (language, fact) in [
        (
            "en",
            "<li lang=\"de\">18.–20. September 2024</li><li>1 talk</li>",
        ),
        ("de", "<li>18.–20. September 2024</li><li>1 Vortrag</li>"),
    ] {
        let head = head("All of them", language);
        let index = index(&head, None, &conferences, &searches()).unwrap();
        assert!(index.contains(fact), "{index}");
        let feed = feed(&head, None, &conferences);
        assert!(
            feed.contains(&format!("xml:lang=\"{language}\">")),
            "{feed}"
        );
        let entry = feed.split_once("<entry").unwrap().1;
        assert_eq!(entry.contains("lang=\"de\""), language == "en", "{feed}");
    }
}

#[test]
fn crawlers_and_feeds_hear_the_language_of_the_site() {
    let address = "https://talks.example/".parse().unwrap();
    let files = crawler_files(&head("Alle", "de"), &address, &two());
    let llms = files.iter().find(|file| file.name == "llms.txt").unwrap();
    assert!(llms.text.starts_with(
        "# Alle\n\n> Aufzeichnungen von Vorträgen, jeder in zwei Sätzen zusammengefasst.\n\n## Vorträge\n"
    ));
    let nameless = feed(&head(" ", "ja"), None, &two());
    assert!(nameless.contains("<title>講演</title>"), "{nameless}");
}

#[test]
fn the_picture_of_the_index_has_a_bar_for_each_conference_with_categories() {
    let preview = preview(&head("All of them", "en"), &two());
    let bars = preview.bars.iter();
    let bars: Vec<_> = bars.map(|bar| (&*bar.name, bar.count, bar.color)).collect();
    assert_eq!(bars, [("A Conf 2026", 4, 23)]);
    assert_eq!(preview.lines[0][0], "2 conferences");
}

#[test]
fn a_site_has_no_words_of_its_own_and_all_messages() {
    let index = Locale::of("en").for_script(&SCRIPT_MESSAGES);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/site");
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let paths = files.map(|file| file.path());
    let templates: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|kind| kind == "hbs"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    assert_eq!(templates.len(), 4);
    for template in templates {
        assert_eq!(own_words(&template), [""; 0]);
        for key in called(&template) {
            assert!(Locale::of("en").find(&key, []).is_some(), "{key}");
        }
    }
    assert_eq!(own_texts(SCRIPT), [""; 0]);
    let shown = shown(SCRIPT);
    let keys: Vec<&str> = index.keys().copied().collect();
    assert_eq!(shown.iter().map(String::as_str).collect::<Vec<_>>(), keys);
}
