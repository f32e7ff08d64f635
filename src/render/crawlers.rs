//! Files beside a page for programs that find their way by themselves: a sitemap, what robots may read,
//! and where a language model finds the words. Pure.
//!
//! They name whole addresses, so they are made only where the page knows its own. Each says that this
//! program made it, and whoever has such a file of their own keeps it.

use std::fmt::Write;

use url::Url;

use crate::locale::Locale;
use crate::render::Format;
use crate::render::escape;
use crate::render::page::Header;
use crate::render::talk_pages::TalkPage;

/// A map of the addresses of a page, for search engines.
pub(crate) const SITEMAP: &str = "sitemap.xml";
/// What robots may read; looked for at the root of a server alone.
pub(crate) const ROBOTS: &str = "robots.txt";
/// Where models find the words (llmstxt.org).
pub(crate) const LLMS: &str = "llms.txt";
/// All of them.
pub(crate) const NAMES: [&str; 3] = [SITEMAP, ROBOTS, LLMS];

/// A file for crawlers.
#[derive(Debug)]
pub(crate) struct CrawlerFile {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// The page of a conference on a site.
#[derive(Debug)]
pub(crate) struct SitePage<'a> {
    /// The folder of its page, seen from the index.
    pub(crate) folder: &'a str,
    pub(crate) title: &'a str,
    pub(crate) has_markdown: bool,
}

/// The files beside the page of a conference; `talks` are the pages of single talks.
pub(crate) fn of_conference(
    header: &Header,
    talks: &[TalkPage<'_>],
    formats: &[Format],
) -> Vec<CrawlerFile> {
    let Some(url) = &header.url else {
        return Vec::new();
    };
    let talks = talks.iter().filter_map(|talk| talk.address(url));
    let addresses = [url.clone()].into_iter().chain(talks);
    let mut files = vec![sitemap(addresses)];
    files.extend(robots(url));
    let readable = [Format::Markdown, Format::Json];
    let readable = readable
        .into_iter()
        .filter(|format| formats.contains(format));
    let links = readable
        .filter_map(|format| Some((format.file_name(), url.join(format.file_name()).ok()?)));
    let links: Vec<(&str, Url)> = links.collect();
    let locale = Locale::of(&header.language);
    files.extend(llms(locale, &header.title, &links));
    files
}

/// The files beside the index of a site, which is at this address.
pub(crate) fn of_site(
    url: &Url,
    title: &str,
    locale: &Locale,
    conferences: &[SitePage<'_>],
) -> Vec<CrawlerFile> {
    let within = |conference: &SitePage<'_>, file: &str| {
        url.join(&format!("{}/{file}", conference.folder)).ok()
    };
    let maps = conferences
        .iter()
        .filter_map(|conference| within(conference, SITEMAP));
    let mut files = vec![sitemap_index(maps)];
    files.extend(robots(url));
    let with_markdown = conferences
        .iter()
        .filter(|conference| conference.has_markdown);
    let pages = with_markdown.filter_map(|conference| {
        let page = within(conference, Format::Markdown.file_name())?;
        Some((conference.title, page))
    });
    files.extend(llms(locale, title, &pages.collect::<Vec<_>>()));
    files
}

fn sitemap(addresses: impl Iterator<Item = Url>) -> CrawlerFile {
    let entries = addresses.map(|address| format!("<url><loc>{}</loc></url>\n", escaped(&address)));
    let entries: String = entries.collect();
    map("urlset", &entries)
}

/// A map of maps.
fn sitemap_index(maps: impl Iterator<Item = Url>) -> CrawlerFile {
    let entries = maps.map(|map| format!("<sitemap><loc>{}</loc></sitemap>\n", escaped(&map)));
    let entries: String = entries.collect();
    map("sitemapindex", &entries)
}

fn map(root: &str, entries: &str) -> CrawlerFile {
    let namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    CrawlerFile {
        name: SITEMAP,
        text: format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- generator: proceedings -->\n\
             <{root} xmlns=\"{namespace}\">\n{entries}</{root}>\n"
        ),
    }
}

/// What robots may read, where the page is at the root of its server: they look nowhere else.
fn robots(url: &Url) -> Option<CrawlerFile> {
    let sitemap = url.join(SITEMAP).ok()?;
    (url.path() == "/").then(|| CrawlerFile {
        name: ROBOTS,
        text: format!("# generator: proceedings\nUser-agent: *\nAllow: /\nSitemap: {sitemap}\n"),
    })
}

fn llms(locale: &Locale, title: &str, links: &[(&str, Url)]) -> Option<CrawlerFile> {
    if links.is_empty() {
        return None;
    }
    let mut text = format!(
        "# {}\n\n> {}\n\n## {}\n\n",
        escape::markdown(title),
        locale.text("about-recordings"),
        locale.text("talks-label"),
    );
    for (name, address) in links {
        let name = escape::markdown(name);
        writeln!(text, "- [{name}]({address})").expect("writing to a string does not fail");
    }
    text.push_str("\n<!-- generator: proceedings -->\n");
    Some(CrawlerFile { name: LLMS, text })
}

fn escaped(address: &Url) -> String {
    escape::html(address.as_str())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::render::talk_pages::talk_pages;
    use crate::render::trial;

    #[test]
    fn a_page_that_knows_its_address_tells_crawlers_where_everything_is() {
        let (mut header, [talk, _]) = trial();
        let files = |header: &Header, formats: &[Format]| {
            let talks = [&talk];
            let files = of_conference(header, &talk_pages(header, &talks), formats);
            let files = files
                .iter()
                .map(|file| format!("-- {}\n{}", file.name, file.text));
            files.collect::<String>()
        };
        header.title = "A & [B]".to_owned();
        header.url = "https://conf.example/2026/".parse().ok();
        expect![[r#"
            -- sitemap.xml
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- generator: proceedings -->
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            <url><loc>https://conf.example/2026/</loc></url>
            <url><loc>https://conf.example/2026/talk/-----------.0/</loc></url>
            </urlset>
            -- llms.txt
            # A &#38; &#91;B&#93;

            > Recordings of talks, each summarized in two sentences.

            ## Talks

            - [page.md](https://conf.example/2026/page.md)

            <!-- generator: proceedings -->
        "#]]
        .assert_eq(&files(&header, &[Format::Html, Format::Markdown]));
        header.url = "https://conf.example/".parse().ok();
        header.talk_pages = None;
        expect![[r#"
            -- sitemap.xml
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- generator: proceedings -->
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            <url><loc>https://conf.example/</loc></url>
            </urlset>
            -- robots.txt
            # generator: proceedings
            User-agent: *
            Allow: /
            Sitemap: https://conf.example/sitemap.xml
        "#]]
        .assert_eq(&files(&header, &[Format::Html]));
        header.url = None;
        assert_eq!(files(&header, &Format::ALL), "");
    }
}
