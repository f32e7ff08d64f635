//! The page of the origin, read back: title, intro, and talks by section.
//!
//! Pure. The format is the one that `render/classic.md.hbs` writes. Texts are taken over to the
//! byte, but for `&lt;` and `&gt;`, which are all that the origin escapes.

use thiserror::Error;

use crate::talk::id::VideoId;

/// A page made earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OriginPage {
    /// The conference's name.
    pub title: String,
    /// What stands between title and contents.
    pub intro: Option<String>,
    /// The sections in their order.
    pub sections: Vec<OriginSection>,
}

/// The talks of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OriginSection {
    /// The category's name.
    pub name: String,
    /// The talks in their order.
    pub talks: Vec<OriginTalk>,
}

/// A talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OriginTalk {
    pub video: VideoId,
    pub title: String,
    /// The summary, empty where there is none.
    pub summary: String,
}

/// A file that is no page of the origin.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum OriginPageError {
    /// It does not begin like one.
    #[error("it has no title and table of contents as the earlier tool writes them")]
    NotAPage,
    /// A card is not as the origin writes it.
    #[error("line {line}: the card of a talk is not as the earlier tool writes it")]
    Card {
        /// Where, counted from 1.
        line: usize,
    },
    /// There is no talk on it.
    #[error("there is no talk on it")]
    Empty,
}

const CONTENTS: &str = "<h2 id='table-of-contents'>Table of Contents</h2>\n";
const SECTION: &str = "\n<h2 id='";
const CARD: &str = "\n<h3><a href='https://www.youtube.com/watch?v=";
const END_OF_TITLE: &str = "</a></h3>\n";
const END_OF_SUMMARY: &str = "\n<div style='text-align: right;";

/// A page without a byte order mark, and with one kind of line end.
#[must_use]
pub(crate) fn normalize(page: &str) -> String {
    page.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// Reads a page.
pub(crate) fn parse(page: &str) -> Result<OriginPage, OriginPageError> {
    let page = normalize(page);
    let (head, body) = page.split_once(CONTENTS).ok_or(OriginPageError::NotAPage)?;
    let (title, between) = head.split_once('\n').ok_or(OriginPageError::NotAPage)?;
    let title = title
        .strip_prefix("# ")
        .filter(|title| !title.trim().is_empty());
    let title = title.ok_or(OriginPageError::NotAPage)?;
    let intro = between.strip_suffix("\n\n").unwrap_or(between.trim_end());

    let mut sections = Vec::new();
    let mut parts = body.split(SECTION);
    let mut offset = head.len() + CONTENTS.len() + parts.next().unwrap_or_default().len();
    for part in parts {
        sections.push(section(part, &page, offset)?);
        offset += SECTION.len() + part.len();
    }
    if sections.iter().all(|section| section.talks.is_empty()) {
        return Err(OriginPageError::Empty);
    }
    let intro = Some(intro)
        .filter(|intro| !intro.is_empty())
        .map(str::to_owned);
    Ok(OriginPage {
        title: unescape(title),
        intro,
        sections,
    })
}

/// Reads what follows `<h2 id='` up to the next section; `offset` is where that stands in the page.
fn section(part: &str, page: &str, offset: usize) -> Result<OriginSection, OriginPageError> {
    let wrong = |within: usize| OriginPageError::Card {
        line: 1 + page[..offset + within].matches('\n').count(),
    };
    let heading = part.lines().next().unwrap_or_default();
    let name = heading
        .split_once("'>")
        .and_then(|(_, name)| name.strip_suffix("</h2>"));
    let name = name.ok_or_else(|| wrong(SECTION.len()))?;
    let mut talks = Vec::new();
    let mut places = part.match_indices(CARD).map(|(place, _)| place).peekable();
    while let Some(place) = places.next() {
        // A card that has no end does not take in the others.
        let next = places.peek().copied().unwrap_or(part.len());
        let card = &part[place + CARD.len()..next];
        talks.push(talk(card).ok_or_else(|| wrong(SECTION.len() + place + 1))?);
    }
    // A card that was edited by hand must not vanish without a word.
    let cards = part.matches("<h3>").count();
    if cards != talks.len() {
        let mut headings = part.match_indices("<h3>").map(|(at, _)| at);
        // What stands before a heading may be any letter, and longer than a byte.
        let before = |at: usize| &part.as_bytes()[at.saturating_sub(1)..];
        let edited = headings.find(|at| !before(*at).starts_with(CARD.as_bytes()));
        return Err(wrong(SECTION.len() + edited.unwrap_or_default()));
    }
    Ok(OriginSection {
        name: unescape(name),
        talks,
    })
}

fn talk(card: &str) -> Option<OriginTalk> {
    let (video, rest) = card.split_once("'>")?;
    let (title, rest) = rest.split_once(END_OF_TITLE)?;
    // An empty summary is an empty line, so the line break before the end belongs to it.
    let end = rest.find(END_OF_SUMMARY)?;
    Some(OriginTalk {
        video: video.parse().ok()?,
        title: unescape(title),
        summary: unescape(&rest[..end]),
    })
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(between: &str, summary: &str) -> String {
        format!(
            "# Some &lt;Conf&gt; & more\n{between}{CONTENTS}\n- [A](#a) (1 videos)\n\n\n\n<h2 id='a-b'>A B</h2>\n\n\n<table>\n<td>{CARD}-cBplHNM4RA'>A 'title' &lt;3</a></h3>\n{summary}{END_OF_SUMMARY} font-size: 0.8em;'><a href='#table-of-contents'>back to top</a></div>\n</td>\n</tr></table>"
        )
    }

    #[test]
    fn a_card_without_an_end_does_not_take_in_the_next_one() {
        let unended = format!("A 'title'{CARD}-cBplHNM4RA'>A 'title'");
        let page = page("\n", "Two.").replace("A 'title'", &unended);
        assert_eq!(parse(&page), Err(OriginPageError::Card { line: 14 }));
    }

    #[test]
    fn a_page_is_taken_over_to_the_byte() {
        let read = parse(&page(
            "[Back](../README.md)\n\n",
            "Two.  Spaces\nand lines &amp; so.",
        ))
        .unwrap();
        assert_eq!(read.title, "Some <Conf> & more");
        assert_eq!(read.intro.as_deref(), Some("[Back](../README.md)"));
        let [section] = &read.sections[..] else {
            panic!("{read:?}")
        };
        assert_eq!(section.name, "A B");
        assert_eq!(section.talks[0].title, "A 'title' <3");
        assert_eq!(
            section.talks[0].summary,
            "Two.  Spaces\nand lines &amp; so."
        );
    }

    #[test]
    fn intros_and_empty_summaries_keep_their_lines() {
        assert_eq!(parse(&page("\n", "x")).unwrap().intro, None);
        assert_eq!(
            parse(&page("a\n\n\n", "x")).unwrap().intro.as_deref(),
            Some("a\n")
        );
        assert_eq!(
            parse(&page("\n", "")).unwrap().sections[0].talks[0].summary,
            ""
        );
    }

    #[test]
    fn what_is_no_page_says_where() {
        assert_eq!(parse("# Just Markdown\n"), Err(OriginPageError::NotAPage));
        assert_eq!(
            parse(&format!("# T\n\n{CONTENTS}\n")),
            Err(OriginPageError::Empty)
        );
        let broken = page("\n", "x").replace("-cBplHNM4RA", "too-short");
        assert_eq!(parse(&broken), Err(OriginPageError::Card { line: 14 }));
    }
}
