//! What the templates of the HTML page see, and the files that the page carries in itself.
//!
//! Pure but for reading templates. The page may load pictures from one place, run one script and
//! show one player; the policy that says so is made here, from the same texts that the page gets.

mod overview;
mod structured;
pub(super) mod talk;

use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Display};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::fs::FileError;
use crate::locale::{Locale, ScriptMessage};
use crate::render::html::overview::Overview;
use crate::render::icon::icon;
use crate::render::logo::Logo;
use crate::render::page::{Card, Header, Page};
use crate::render::{Format, OwnFiles, preview};

/// The parts of the page's template, by the names that `{{> name}}` calls them by.
pub(super) const PARTIALS: [(&str, &str); 8] = [
    ("html/head", include_str!("html/head.hbs")),
    ("html/header", include_str!("html/header.hbs")),
    ("html/contents", include_str!("html/contents.hbs")),
    ("html/controls", include_str!("html/controls.hbs")),
    ("html/consent", include_str!("html/consent.hbs")),
    ("html/section", include_str!("html/section.hbs")),
    ("html/card", include_str!("html/card.hbs")),
    ("html/footer", include_str!("html/footer.hbs")),
];

/// How all pages look, unless their organizer has a style of their own.
pub(crate) const BASE: &str = include_str!("html/base.css");
/// How the page of a conference looks beside that.
pub(crate) const STYLE: &str = include_str!("html/style.css");

/// How words are found, on the page and in the index of many: it stands before either's script.
pub(crate) const SEARCH: &str = include_str!("html/search.js");

/// The words of a page for its script, before which it stands, too.
pub(crate) const WORDS: &str = include_str!("html/words.js");

/// The styles and scripts by their files, seen from the folder of templates.
pub(super) const ASSETS: [(&str, &str); 9] = [
    ("html/base.css", BASE),
    ("html/style.css", STYLE),
    ("html/talk.css", include_str!("html/talk.css")),
    ("html/words.js", WORDS),
    ("html/search.js", SEARCH),
    ("html/player.js", include_str!("html/player.js")),
    ("html/later.js", include_str!("html/later.js")),
    ("html/script.js", include_str!("html/script.js")),
    ("html/talk.js", include_str!("html/talk.js")),
];

/// The styles and scripts that stand in the pages.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Assets {
    page: PageAssets,
    talk: PageAssets,
}

/// The messages that the script of the page shows.
const SCRIPT_MESSAGES: [ScriptMessage; 37] = [
    message("talks", &["number"]),
    message("part-of-talks", &["shown", "talks", "number"]),
    message("part-of-section", &["shown", "number"]),
    message("part", &["shown", "number"]),
    message("none-of-talks", &["talks", "number"]),
    message("filter", &[]),
    message("filter-chosen", &["number"]),
    message("order-by-category", &[]),
    message("order-best", &[]),
    message("heading-best", &["talks"]),
    message("heading-newest", &["talks"]),
    message("heading-oldest", &["talks"]),
    message("heading-shortest", &["talks"]),
    message("heading-longest", &["talks"]),
    message("heading-title", &["talks"]),
    message("all-talks", &[]),
    message("length-10", &[]),
    message("length-30", &[]),
    message("length-60", &[]),
    message("length-more", &[]),
    message("no-talk-mentions", &["words"]),
    message("no-talk-left", &[]),
    message("filters-hide", &["number", "words"]),
    message("show-for", &["talks", "words"]),
    message("search-all-conferences", &[]),
    message("search-what-was-said", &[]),
    message("remove-filter", &["name"]),
    message("show-all", &[]),
    message("more", &[]),
    message("link", &[]),
    message("link-to", &["title"]),
    message("link-copied", &[]),
    message("later", &[]),
    message("later-talk", &["title"]),
    message("keep-list", &[]),
    message("copy-list", &[]),
    message("play-here-title", &["title"]),
];

pub(crate) const fn message(key: &'static str, words: &'static [&'static str]) -> ScriptMessage {
    ScriptMessage { key, words }
}

/// The style and the script of one page.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct PageAssets {
    style: String,
    script: String,
}

/// What the templates of the HTML page see.
#[derive(Debug, Serialize)]
pub(super) struct HtmlPage<'a> {
    /// The language of the page (BCP 47), in which the program's own words are, too.
    language: &'a str,
    /// The messages for the script, as JSON.
    messages: String,
    /// The talks and what stands over them.
    page: &'a Page,
    /// What the page may load and run: its Content-Security-Policy.
    policy: String,
    style: &'a str,
    script: &'a str,
    /// The address that the page will have.
    address: Option<&'a str>,
    /// A picture for those who link to the page.
    preview: Option<String>,
    /// The width and the height of that, where it is drawn.
    preview_size: Option<[usize; 2]>,
    /// The icon of the conference.
    icon: String,
    /// Its logo.
    logo: Option<&'a Logo>,
    /// The feed beside the page.
    feed: Option<&'a str>,
    /// What search engines read: JSON-LD in which nothing ends a script.
    structured_data: String,
    /// The numbers of the conference.
    figures: Vec<Figure>,
    /// The bar of categories; none where there is nothing to compare.
    overview: Option<Overview>,
    /// Whether any talk has a picture.
    has_pictures: bool,
}

/// A number and what it counts: `88` `talks`.
#[derive(Debug, Serialize)]
pub(super) struct Figure {
    number: String,
    what: String,
}

impl Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.what)
    }
}

impl Assets {
    /// Reads style and script; an organizer's own win over the embedded ones.
    pub(super) fn load(own: Option<OwnFiles<'_>>) -> Result<Self, FileError> {
        let text = |(name, embedded): (&str, &str)| {
            let read = own.map_or(Ok(None), |own| own.read(name))?;
            let text = read.unwrap_or_else(|| embedded.to_owned());
            // Browsers take the digest of a text after they have made its line ends one character.
            Ok::<_, FileError>(text.replace("\r\n", "\n"))
        };
        let [
            base,
            style,
            talk_style,
            words,
            search,
            player,
            later,
            script,
            talk_script,
        ] = ASSETS;
        let base = text(base)?;
        let player = format!("{}\n{}", text(player)?, text(later)?);
        Ok(Self {
            page: PageAssets {
                style: base.clone() + &text(style)?,
                script: [text(words)?, text(search)?, player.clone(), text(script)?].join("\n"),
            },
            talk: PageAssets {
                style: base + &text(talk_style)?,
                script: format!("{player}\n{}", text(talk_script)?),
            },
        })
    }

    /// The style and the script of the page of a conference.
    pub(super) fn of_page(&self) -> &PageAssets {
        &self.page
    }

    /// The style and the script of the page of a talk.
    pub(super) fn of_talk(&self) -> &PageAssets {
        &self.talk
    }

    /// Whether no file has won over an embedded one.
    pub(super) fn are_embedded(&self) -> bool {
        Self::load(None).is_ok_and(|embedded| *self == embedded)
    }
}

impl PageAssets {
    /// What a page with these may load and run: its Content-Security-Policy. Pictures come from
    /// `pictures`.
    pub(super) fn policy(&self, pictures: &str) -> String {
        format!(
            "default-src 'none'; img-src {pictures}; style-src {}; script-src {}; \
             frame-src https://www.youtube-nocookie.com; connect-src 'self'; base-uri 'none'; form-action 'none'",
            digest(&self.style),
            digest(&self.script),
        )
    }

    pub(super) fn style(&self) -> &str {
        &self.style
    }

    pub(super) fn script(&self) -> &str {
        &self.script
    }
}

/// The messages of the script of a page in a language (BCP 47).
pub(super) fn script_messages(language: &str) -> BTreeMap<&'static str, Vec<String>> {
    Locale::of(language).for_script(&SCRIPT_MESSAGES)
}

/// Messages for a script, as JSON that may stand between `<script>` and `</script>`.
pub(crate) fn messages_json(language: &str, messages: &[ScriptMessage]) -> String {
    structured::in_script(&Locale::of(language).for_script(messages))
}

impl<'a> HtmlPage<'a> {
    pub(super) fn new(header: &'a Header, page: &'a Page, assets: &'a PageAssets) -> Self {
        let address = header.url.as_ref().map(url::Url::as_str);
        let locale = Locale::of(&header.language);
        Self {
            language: &header.language,
            messages: structured::in_script(&script_messages(&header.language)),
            policy: assets.policy(header.pictures.allowed_sources()),
            style: assets.style(),
            script: assets.script(),
            address,
            preview: preview(header, page),
            preview_size: (header.url.is_some()).then_some([preview::WIDTH, preview::HEIGHT]),
            icon: icon(&header.title),
            logo: header.logo.as_ref(),
            feed: header.has_feed.then(|| Format::Feed.file_name()),
            structured_data: structured::json_ld(page, address),
            figures: figures(locale, page),
            overview: Overview::new(page),
            has_pictures: cards(page).any(|card| card.picture.is_some()),
            page,
        }
    }
}

fn cards(page: &Page) -> impl Iterator<Item = &Card> {
    page.sections.iter().flat_map(|section| &section.cards)
}

/// The picture for those who link to the page, by its whole address: the one that is drawn, where the
/// page knows its own address, and else the first that it shows, if that is elsewhere.
fn preview(header: &Header, page: &Page) -> Option<String> {
    let address = match &header.url {
        Some(url) => url.join(preview::FILE),
        None => Url::parse(&cards(page).find_map(|card| card.picture.as_ref())?.src),
    };
    address.ok().map(String::from)
}

/// The numbers of the conference: talks, hours, categories, speakers, as far as they are known.
pub(super) fn figures(locale: &Locale, page: &Page) -> Vec<Figure> {
    let categories = page.sections.iter().filter(|section| section.color > 0);
    let speakers: HashSet<&str> = cards(page)
        .flat_map(|card| &card.names)
        .map(String::as_str)
        .collect();
    let figure = |count: u64, what| Figure {
        number: locale.number(count),
        what,
    };
    let counted = |count: usize, key| {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        figure(count, locale.counted(key, count))
    };
    let length = page.seconds.map(|seconds| locale.length_figure(seconds));
    let known = |count: usize, key| (count > 0).then(|| counted(count, key));
    let figures = [
        Some(counted(cards(page).count(), "talks-word")),
        length.map(|(count, what)| figure(count, what)),
        known(categories.count(), "categories-word"),
        known(speakers.len(), "speakers-word"),
    ];
    figures.into_iter().flatten().collect()
}

/// How a policy names the one inline text that it allows.
pub(crate) fn digest(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pictures::{Picture, Pictures};
    use crate::render::trial;

    /// The picture for those who link to a page that takes its pictures from here.
    fn previewed(pictures: Pictures, url: Option<&str>) -> Option<String> {
        let (mut header, talks) = trial();
        header.pictures = pictures;
        header.url = url.map(|url| url.parse().unwrap());
        preview(&header, &Page::new(&header, &talks.each_ref()))
    }

    #[test]
    fn who_links_to_a_page_gets_the_drawn_picture_or_one_that_the_page_shows_or_none() {
        let linked = "https://i.ytimg.com/vi/-----------/hqdefault.jpg";
        assert_eq!(previewed(Pictures::Linked, None).unwrap(), linked);
        assert_eq!(previewed(Pictures::Without, None), None);
        let own = Picture {
            src: "thumbnails/one.webp".to_owned(),
            width: 480,
            height: 270,
        };
        let video = "-----------".parse().unwrap();
        let local = Pictures::Local([(video, own)].into());
        assert_eq!(previewed(local.clone(), None), None);
        for pictures in [local, Pictures::Linked, Pictures::Without] {
            let drawn = previewed(pictures, Some("https://conf.example/2026/"));
            assert_eq!(drawn.unwrap(), "https://conf.example/2026/preview.png");
        }
    }
}
