//! What search engines read of the page: schema.org in JSON-LD. Pure.

use std::fmt::Write;

use jiff::civil::Date;
use serde::Serialize;

use crate::render::escape;
use crate::render::page::{Card, Page};
use crate::render::pictures;

/// The vocabulary.
const CONTEXT: &str = "https://schema.org";

#[derive(Serialize)]
struct CollectionPage<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(rename = "mainEntity")]
    talks: ItemList<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemList<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    number_of_items: usize,
    #[serde(rename = "itemListElement")]
    talks: Vec<ListItem<'a>>,
}

#[derive(Serialize)]
struct ListItem<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    item: VideoObject<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VideoObject<'a> {
    /// Where it is a page of its own, and no item of a list.
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<&'static str>,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    /// The title stands in for a summary, since search engines want a text here.
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    embed_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    creator: Vec<Person<'a>>,
}

#[derive(Serialize)]
struct Person<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

/// Describes the page and its talks, as text that may stand between `<script>` and `</script>`.
pub(super) fn json_ld(page: &Page, url: Option<&str>) -> String {
    let cards = page.sections.iter().flat_map(|section| &section.cards);
    let items: Vec<ListItem<'_>> = cards
        .enumerate()
        .map(|(place, card)| ListItem {
            kind: "ListItem",
            position: place + 1,
            item: video(card),
        })
        .collect();
    let page = CollectionPage {
        context: CONTEXT,
        kind: "CollectionPage",
        name: &page.title,
        language: &page.language,
        url,
        talks: ItemList {
            kind: "ItemList",
            number_of_items: items.len(),
            talks: items,
        },
    };
    in_script(&page)
}

/// Describes a talk that has a page of its own, in the same way.
pub(super) fn talk_json_ld(card: &Card) -> String {
    let talk = VideoObject {
        context: Some(CONTEXT),
        ..video(card)
    };
    in_script(&talk)
}

/// Search engines want a time with its zone; the days of `YouTube` are those of UTC. What is no day is
/// left out.
fn upload_date(date: &str) -> Option<String> {
    let day: Date = date.parse().ok()?;
    Some(format!("{day}T00:00:00Z"))
}

fn video(card: &Card) -> VideoObject<'_> {
    let person = |name| Person {
        kind: "Person",
        name,
    };
    let on_youtube = card.is_on_youtube.then_some(card.video.as_str());
    VideoObject {
        context: None,
        kind: "VideoObject",
        name: &card.title,
        description: card.summary.as_deref().unwrap_or(&card.title),
        thumbnail_url: on_youtube.map(pictures::thumbnail_url),
        upload_date: card.date.as_deref().and_then(upload_date),
        duration: card.seconds.map(|seconds| format!("PT{seconds}S")),
        url: &card.url,
        embed_url: on_youtube
            .map(|video| format!("https://www.youtube-nocookie.com/embed/{video}")),
        in_language: card.tag.as_deref(),
        creator: card.names.iter().map(|name| person(name)).collect(),
    }
}

/// JSON in which no text can end the script, begin a comment or end a line of a script.
pub(super) fn in_script(content: &impl Serialize) -> String {
    let json = serde_json::to_string(content).expect("texts and numbers are always JSON");
    let mut escaped = String::with_capacity(json.len());
    for c in escape::without_controls(&json).chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                write!(escaped, "\\u{:04x}", u32::from(c))
                    .expect("writing to a string does not fail");
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_script_that_it_stands_in() {
        let hostile = "</script><!--<script>&lt;\u{2028}\u{2029}\u{202e}]]>";
        let json = in_script(&hostile);
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}', '\u{202e}']));
        let read: String = serde_json::from_str(&json).unwrap();
        assert_eq!(read, hostile.replace('\u{202e}', ""));
    }
}
