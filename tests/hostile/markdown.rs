//! Markdown, as two of its readers make HTML of it: comrak, which follows GitHub's, and
//! pulldown-cmark.

use comrak::Anchorizer;
use proceedings::testing::{Choice, Format, Header, SummarizedTalk};
use pulldown_cmark::{Options, Parser};
use regex::Regex;
use scraper::{ElementRef, Html, Selector};

use crate::corpus::as_shown;
use crate::{assert_clean, pages, rendered, skeleton, talk_that_says};

/// As GitHub reads it, and whatever else such readers offer.
fn as_on_github(markdown: &str) -> Html {
    let mut options = comrak::Options::default();
    options.render.r#unsafe = true;
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.math_dollars = true;
    extension.alerts = true;
    Html::parse_document(&comrak::markdown_to_html(markdown, &options))
}

fn as_elsewhere(markdown: &str) -> Html {
    let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, options));
    Html::parse_document(&html)
}

/// Both readings.
pub(crate) fn readings(markdown: &str) -> [Html; 2] {
    [as_on_github(markdown), as_elsewhere(markdown)]
}

#[test]
fn markdown_has_the_same_elements_whatever_is_said() {
    let (harmless, hostile) = pages(Format::Markdown);
    let wanted = readings(&harmless).map(|html| without_separators(&html));
    for (text, page) in hostile {
        assert_clean(&page, text);
        for (html, wanted) in readings(&page).iter().zip(&wanted) {
            assert_eq!(&without_separators(html), wanted, "of {text:?}");
            for heading in ["h1", "ul a", "h3"] {
                assert_eq!(skeleton::text_of(html, heading), as_shown(text));
            }
        }
    }
}

/// The skeleton, without the elements that keep signs apart.
fn without_separators(html: &Html) -> Vec<String> {
    let mut skeleton = skeleton::of_html(html);
    skeleton.retain(|element| !element.ends_with(" span "));
    skeleton
}

#[test]
fn nothing_is_left_for_the_filters_that_make_links_of_words() {
    let reference = Regex::new(r"@\w|#\d|://|(?i)www\.").unwrap();
    for (text, page) in pages(Format::Markdown).1 {
        let html = as_on_github(&page);
        for words in html.root_element().text() {
            assert!(!reference.is_match(words), "{words:?} of {text:?}");
        }
    }
}

#[test]
fn every_link_within_the_page_leads_to_its_heading() {
    let names = [
        "Systems",
        "Contents",
        "C",
        "C++",
        "C#",
        "AI & ML",
        "机器学习",
        "Größe – groß",
        "🚀 Launches",
        "⚠\u{fe0f} Careful",
        "*Stars* and [brackets]",
        "snake_case",
        "???",
        "1. Numbers",
    ];
    let header = Header {
        title: "Systems".to_owned(),
        intro: Some("# C\n\nWelcome to *all*.".to_owned()),
        language: "en".to_owned(),
        categories: names.map(|name| (name.to_owned(), String::new())).into(),
        ..Header::default()
    };
    let talks = names.map(|name| filed("AI & ML", name));
    let page = rendered(Format::Markdown, &header, &talks);
    for html in readings(&page) {
        // That every link leads somewhere is seen to where the skeleton is made.
        skeleton::of_html(&html);
        let headings = headings(&html);
        let links = Selector::parse("li a[href^='#']").unwrap();
        let links: Vec<ElementRef<'_>> = html.select(&links).collect();
        assert_eq!(links.len(), names.len());
        for ((link, name), (heading, anchor)) in links.iter().zip(names).zip(&headings[1..]) {
            assert_eq!(
                (skeleton::words(*link).as_str(), heading.as_str()),
                (name, name)
            );
            let target = skeleton::percent_decoded(&link.attr("href").unwrap()[1..]);
            let has_anchor = name != "???";
            assert!(
                !has_anchor || target == *anchor,
                "{target} to {name}: {anchor}"
            );
        }
    }
}

fn filed(title: &str, category: &str) -> SummarizedTalk {
    let mut talk = talk_that_says(title, "-cBplHNM4RA");
    talk.category.as_mut().unwrap().choice = Choice::Category(category.to_owned());
    talk
}

/// The headings of contents and sections, with the anchors that another maker of GitHub's anchors
/// gives them.
fn headings(html: &Html) -> Vec<(String, String)> {
    let mut anchorizer = Anchorizer::new();
    let mut sections = Vec::new();
    for heading in html.select(&Selector::parse("h1, h2, h3, h4, h5, h6").unwrap()) {
        let text = skeleton::words(heading);
        let anchor = anchorizer.anchorize(&text);
        if heading.value().name() == "h2" {
            sections.push((text, anchor));
        }
    }
    sections
}
