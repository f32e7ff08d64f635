//! No text of anybody's becomes markup, a link, a formula or a path, and none hides another,
//! whatever the format: hostile strings are put wherever a page takes texts, and what comes out is
//! read again with real parsers and compared with the same page about harmless words.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod corpus;
mod intro;
mod markdown;
mod skeleton;

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use proceedings::testing::{
    CaptionKind, Chapter, Choice, Cue, Evidence, FiledBy, Filing, Format, FoundBy, Freshness,
    Header, Model, Origin, PlacedSentence, Provenance, Span, SummarizedTalk, Summary, Talk, TalkId,
    Templates, TitleOrigin, Transcript, TranscriptRef, talk_pages,
};
use scraper::{Html, Node, Selector};
use serde_json::Value;

use crate::corpus::{HOSTILE, as_shown, lines_as_shown};

/// Words that need no escaping anywhere.
const HARMLESS: &str = "harmless words";

/// What no format but the origin's ever holds: controls, and what turns the direction of writing.
fn is_forbidden(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    is_control
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

static TEMPLATES: LazyLock<Templates> =
    LazyLock::new(|| Templates::load(Path::new("no/such/folder"), &[]).unwrap());

fn rendered(format: Format, header: &Header, talks: &[SummarizedTalk]) -> String {
    let talks: Vec<_> = talks.iter().collect();
    TEMPLATES.render(format, header, &talks).unwrap()
}

/// A page that says this wherever a page can say something.
fn page_that_says(text: &str) -> (Header, [SummarizedTalk; 2]) {
    let header = Header {
        title: text.to_owned(),
        language: "en".to_owned(),
        categories: vec![(text.to_owned(), text.to_owned())],
        ..Header::default()
    };
    let talks = ["-cBplHNM4RA", "_9xohmSa2G8"].map(|video| talk_that_says(text, video));
    (header, talks)
}

fn talk_that_says(text: &str, video: &str) -> SummarizedTalk {
    let text = || text.to_owned();
    let provenance = || {
        let model = Some(Model {
            provider: "openai",
            name: text(),
        });
        let at = "2026-06-12T10:00:00Z".parse().unwrap();
        Some(Provenance {
            model,
            at,
            from_archive: false,
        })
    };
    SummarizedTalk {
        talk: Talk {
            id: TalkId {
                video: video.parse().unwrap(),
                start: Some(3750),
            },
            recording: None,
            end: None,
            title: text(),
            title_origin: TitleOrigin::YouTube,
            speakers: vec![text(), text()],
            description: text(),
            date: Some("2026-06-12".to_owned()),
            duration: Some(600),
            language: Some(text()),
            chapters: vec![Chapter {
                start: 3800,
                title: text(),
            }],
            transcript: Some(TranscriptRef {
                digest: "3fa9c1d2e4b59a07".to_owned(),
                language: Some(text()),
                kind: CaptionKind::Automatic,
                words: 100,
                characters: 500,
                tokens: 130,
            }),
        },
        summary: Some(Summary {
            text: text(),
            sentences: Vec::new(),
            origin: Origin::Transcript,
            provenance: provenance(),
            freshness: Freshness::Current,
        }),
        places: vec![place(&text()), place(&text())],
        imported_failure: None,
        category: Some(Filing {
            choice: Choice::Category(text()),
            filed_by: FiledBy::Model,
            provenance: provenance(),
            freshness: Freshness::Current,
        }),
        also: vec![format!("also {}", text())],
    }
}

/// A sentence that is said where the talk says the same.
fn place(text: &str) -> PlacedSentence {
    PlacedSentence {
        text: text.to_owned(),
        evidence: Some(Evidence {
            quote: text.to_owned(),
            span: Span {
                start: Duration::from_millis(3_812_340),
                end: Duration::from_secs(3_820),
            },
            found_by: FoundBy::Words,
        }),
    }
}

/// The page about harmless words, and for each hostile text itself and its page.
fn pages(format: Format) -> (String, impl Iterator<Item = (&'static str, String)>) {
    let render = move |text: &str| {
        let (header, talks) = page_that_says(text);
        rendered(format, &header, &talks)
    };
    let hostile = HOSTILE.iter().map(move |&text| (text, render(text)));
    (render(HARMLESS), hostile)
}

fn assert_clean(page: &str, text: &str) {
    let forbidden = page.chars().find(|&c| is_forbidden(c));
    assert_eq!(forbidden, None, "of {text:?}");
}

#[test]
fn the_corpus_is_large_enough() {
    assert!(HOSTILE.len() >= 50, "{}", HOSTILE.len());
}

#[test]
fn html_has_the_same_elements_whatever_is_said() {
    let (harmless, hostile) = pages(Format::Html);
    let wanted = skeleton::of_html(&Html::parse_document(&harmless));
    for (text, page) in hostile {
        assert_clean(&page, text);
        let html = Html::parse_document(&page);
        assert_eq!(skeleton::of_html(&html), wanted, "of {text:?}");
        for heading in ["h1", "h3"] {
            assert_eq!(skeleton::text_of(&html, heading), as_shown(text));
        }
    }
}

/// The pages of the talks of such a page, in which the same was said.
fn pages_of_talks(text: &str) -> Vec<String> {
    let (header, talks) = page_that_says(text);
    let evidence = talks[0].places[0].evidence.as_ref().unwrap();
    let cue = |span| Cue {
        span,
        text: text.to_owned(),
    };
    let said = Transcript {
        language: Some(text.to_owned()),
        kind: CaptionKind::Automatic,
        cues: vec![cue(Some(evidence.span))],
    };
    talk_pages(&TEMPLATES, &header, &talks.each_ref(), &said)
}

#[test]
fn the_page_of_a_talk_has_the_same_elements_whatever_is_said() {
    let of = |pages: &[String]| {
        let pages = pages.iter().map(|page| Html::parse_document(page));
        let skeletons = pages.map(|page| (skeleton::of_html(&page), skeleton::of_scripts(&page)));
        skeletons.collect::<Vec<_>>()
    };
    let wanted = of(&pages_of_talks(HARMLESS));
    for text in HOSTILE {
        let pages = pages_of_talks(text);
        assert_eq!(of(&pages), wanted, "of {text:?}");
        for page in pages {
            assert_clean(&page, text);
            let page = Html::parse_document(&page);
            for shown in ["h1", ".home a", ".chapters a span + span", ".description"] {
                assert_eq!(skeleton::text_of(&page, shown), as_shown(text), "{shown}");
            }
            let said = skeleton::text_of(&page, ".transcript div p");
            assert_eq!(said, format!("1:03:32 {}", as_shown(text)));
        }
    }
}

#[test]
fn structured_data_is_json_whatever_is_said() {
    let (harmless, hostile) = pages(Format::Html);
    let wanted = skeleton::of_scripts(&Html::parse_document(&harmless));
    for (text, page) in hostile {
        let scripts = skeleton::of_scripts(&Html::parse_document(&page));
        assert_eq!(scripts, wanted, "of {text:?}");
    }
}

#[test]
fn json_has_the_same_fields_whatever_is_said() {
    let (harmless, hostile) = pages(Format::Json);
    let wanted = skeleton::of_json(&serde_json::from_str(&harmless).unwrap());
    for (text, page) in hostile {
        assert_clean(&page, text);
        let json: Value = serde_json::from_str(&page).unwrap();
        assert_eq!(skeleton::of_json(&json), wanted, "of {text:?}");
        let talk = &json["talks"][0];
        let texts = [
            &json["title"],
            &talk["title"],
            &talk["speakers"][1],
            &talk["chapters"][0]["title"],
            &talk["summary"]["text"],
            &talk["category"]["name"],
        ];
        for shown in texts {
            assert_eq!(shown, &as_shown(text));
        }
        assert_eq!(talk["description"], lines_as_shown(text));
    }
}

#[test]
fn the_feed_has_the_same_elements_whatever_is_said() {
    let (harmless, hostile) = pages(Format::Feed);
    let wanted = skeleton::of_xml(&roxmltree::Document::parse(&harmless).unwrap());
    for (text, page) in hostile {
        assert_clean(&page, text);
        let xml =
            roxmltree::Document::parse(&page).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(skeleton::of_xml(&xml), wanted, "of {text:?}");
        let named = |name| {
            let mut nodes = xml.descendants();
            nodes.rfind(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", name)))
        };
        for name in ["title", "summary", "name"] {
            assert_eq!(named(name).unwrap().text().unwrap(), as_shown(text));
        }
    }
}

#[test]
fn no_cell_of_the_table_is_a_formula() {
    for (text, page) in pages(Format::Csv).1 {
        assert_clean(&page, text);
        let mut table = csv::Reader::from_reader(page.as_bytes());
        let rows: Vec<_> = table.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2, "of {text:?}");
        for cell in rows.iter().flatten() {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell}"
            );
        }
        let title = &rows[0][0];
        assert_eq!(title.strip_prefix('\'').unwrap_or(title), unquoted(text));
    }
}

/// A text as it is shown, without the apostrophe that may be its own.
fn unquoted(text: &str) -> String {
    let shown = as_shown(text);
    shown.strip_prefix('\'').unwrap_or(&shown).to_owned()
}

/// The origin escapes `<` and `>` and nothing else, and its page must stay what it was. So Markdown
/// in a text may be obeyed, and controls stay; but no text of a talk becomes an element that acts,
/// since no text of a talk stands in an attribute. Names of categories do, and are the organizer's.
#[test]
fn the_classic_page_escapes_what_the_origin_escapes() {
    let elements = Selector::parse("script, style, iframe, svg, form, base, meta, [style*=evil]");
    let elements = elements.unwrap();
    for text in HOSTILE {
        let (mut header, mut talks) = page_that_says(text);
        header.categories = vec![(HARMLESS.to_owned(), String::new())];
        for talk in &mut talks {
            let choice = &mut talk.category.as_mut().unwrap().choice;
            *choice = Choice::Category(HARMLESS.to_owned());
        }
        let page = rendered(Format::Classic, &header, &talks);
        let escaped = text.replace('<', "&lt;").replace('>', "&gt;");
        let link = "https://www.youtube.com/watch?v=-cBplHNM4RA&t=3750s";
        let card = format!("<h3><a href='{link}'>{escaped}</a></h3>\n{escaped}\n<div");
        assert!(page.contains(&card), "of {text:?}");
        for html in markdown::readings(&page) {
            assert_eq!(html.select(&elements).count(), 0, "of {text:?}");
            let attributes = html.tree.values().filter_map(Node::as_element);
            let mut names = attributes.flat_map(|element| element.attrs().map(|(name, _)| name));
            assert!(names.all(|name| !name.starts_with("on")), "of {text:?}");
        }
    }
}
