//! The intro is the organizer's Markdown: it may have links and emphasis, and nothing more.

use proceedings::testing::{Format, Header};
use scraper::{ElementRef, Html, Selector};

use crate::corpus::HOSTILE;
use crate::markdown::readings;
use crate::{HARMLESS, assert_clean, rendered, talk_that_says};

const HARMLESS_ELEMENTS: [&str; 34] = [
    "html",
    "head",
    "body",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "a",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "blockquote",
    "hr",
    "br",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "img",
    "sup",
    "section",
    "input",
    "div",
    "span",
];

fn page_with_intro(format: Format, intro: &str) -> String {
    let header = Header {
        title: HARMLESS.to_owned(),
        intro: Some(intro.to_owned()),
        language: "en".to_owned(),
        ..Header::default()
    };
    rendered(format, &header, &[talk_that_says(HARMLESS, "-cBplHNM4RA")])
}

fn assert_harmless(element: ElementRef<'_>, intro: &str) {
    let name = element.value().name();
    assert!(HARMLESS_ELEMENTS.contains(&name), "<{name}> of {intro:?}");
    for (attribute, value) in element.value().attrs() {
        let is_event = attribute.starts_with("on");
        assert!(
            !is_event && attribute != "style",
            "{attribute} of {intro:?}"
        );
        if let "href" | "src" = attribute {
            let scheme = value.split_once(':').map(|(scheme, _)| scheme);
            let is_safe =
                scheme.is_none_or(|scheme| ["http", "https", "mailto", "xmpp"].contains(&scheme));
            assert!(is_safe, "{value} of {intro:?}");
        }
    }
}

#[test]
fn an_intro_brings_no_html_and_no_link_that_acts_into_the_html_page() {
    let intro_of = Selector::parse(".intro *").unwrap();
    for intro in HOSTILE {
        let page = page_with_intro(Format::Html, intro);
        assert_clean(&page, intro);
        let html = Html::parse_document(&page);
        let mut elements = html.select(&intro_of);
        elements
            .by_ref()
            .for_each(|element| assert_harmless(element, intro));
        assert!(html.select(&Selector::parse("article").unwrap()).count() == 1);
    }
}

#[test]
fn an_intro_brings_none_into_the_markdown_page_and_ends_before_the_talks() {
    let elements = Selector::parse("*").unwrap();
    for intro in HOSTILE {
        let page = page_with_intro(Format::Markdown, intro);
        assert_clean(&page, intro);
        let (with_intro, _) = page.split_once("1 talk, about").unwrap();
        for html in readings(with_intro) {
            html.select(&elements)
                .for_each(|element| assert_harmless(element, intro));
        }
        for html in readings(&page) {
            let cards = Selector::parse("body > table h3 a").unwrap();
            assert_eq!(html.select(&cards).count(), 1, "of {intro:?}");
            let contents = Selector::parse("body > ul > li > a[href='#talks']").unwrap();
            assert_eq!(html.select(&contents).count(), 1, "of {intro:?}");
        }
    }
}
