//! New catalogs: the commented one that `init` starts, and the one that `import` takes a page into.
//!
//! Pure: text out. The comments are for people who have
//! never seen a catalog.

use std::fmt::Write;
use std::ops::RangeInclusive;

use crate::catalog::lines::{NewTalk, lines, one_line, quote};
use crate::catalog::presets;
use crate::llm::ProviderKind;

/// What `init` knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewCatalog {
    /// The conference's name.
    pub title: String,
    /// The tracks of its schedule.
    pub tracks: Vec<String>,
    /// Who is to write its summaries.
    pub provider: Option<ProviderKind>,
    /// A yt-dlp other than the one on the path.
    pub yt_dlp: Option<String>,
    /// More arguments for yt-dlp.
    pub yt_dlp_args: Vec<String>,
}

/// What `import` took over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImportedCatalog {
    /// The conference's name.
    pub title: String,
    /// Markdown that stands under the title.
    pub intro: Option<String>,
    /// The talks with the titles of the page.
    pub talks: Vec<NewTalk>,
    /// The names of the categories.
    pub categories: Vec<String>,
}

/// The catalog that `init` starts, as yet without talks: every setting is explained, and what is
/// not needed is commented out.
#[must_use]
pub(crate) fn format_new(catalog: &NewCatalog) -> String {
    let mut text = format!("{HEAD}title = {}\n{TALKS}", quote(&catalog.title));
    text.push_str(&categories(&catalog.tracks));
    text.push_str(GLOSSARY);
    text.push_str(&llm(catalog.provider));
    text.push_str(FETCH);
    match &catalog.yt_dlp {
        Some(yt_dlp) => push_line(&mut text, format_args!("yt_dlp = {}", quote(yt_dlp))),
        None => text.push_str(YT_DLP),
    }
    if catalog.yt_dlp_args.is_empty() {
        text.push_str(YT_DLP_ARGS);
    } else {
        let arguments = catalog.yt_dlp_args.iter().map(|argument| quote(argument));
        let arguments: Vec<String> = arguments.collect();
        push_line(
            &mut text,
            format_args!("yt_dlp_args = [{}]", arguments.join(", ")),
        );
    }
    text
}

/// The table for a provider, else one as a comment that works once the `#` are taken away.
fn llm(provider: Option<ProviderKind>) -> String {
    if let Some(provider) = provider {
        return format!("{LLM}{}", presets::table(provider));
    }
    let table = presets::table(ProviderKind::OpenAi);
    let commented = table.lines().map(|line| format!("# {line}\n"));
    format!("{LLM}{}", commented.collect::<String>())
}

/// The tracks of a schedule as categories if they make a page, else how to write some.
fn categories(tracks: &[String]) -> String {
    if !TRACKS.contains(&tracks.len()) {
        return format!("{CATEGORIES}{}", tracks_remark(tracks));
    }
    let mut text = format!("\n{TRACKS_AS_CATEGORIES}");
    for (nth, track) in tracks.iter().enumerate() {
        let gap = if nth == 0 { "" } else { "\n" };
        push_line(
            &mut text,
            format_args!(
                "{gap}[[categories]]\nname = {}\ndescription = \"\"",
                quote(track)
            ),
        );
    }
    text
}

/// The tracks as a comment where they are too few or too many to be categories.
#[must_use]
pub(crate) fn tracks_remark(tracks: &[String]) -> String {
    if tracks.is_empty() {
        return String::new();
    }
    let tracks: Vec<String> = tracks.iter().map(|track| one_line(track)).collect();
    format!("# The schedule's tracks: {}\n", tracks.join("; "))
}

/// So many tracks make the categories of a page.
pub(crate) const TRACKS: RangeInclusive<usize> = 2..=20;

/// What stands above categories that were tracks.
pub(crate) const TRACKS_AS_CATEGORIES: &str = "\
# The categories that talks are filed under: the schedule's tracks. Put into each description the
# words that its talks use. Talks that the schedule files have a `category` of their own above;
# delete these keys to let the descriptions decide.
";

const HEAD: &str = "# The conference. `proceedings build` makes its page.\n";

const TALKS: &str = r#"language = "en"                     # of the summaries, and of the captions to prefer
formats = ["markdown", "html"]      # also: classic, json, feed, csv
output = "page"                     # the folder for the page
# intro = "Recordings of the day, [back to the programme](https://example.org)."

# A talk is an id, a link, or a table. What you write here wins over what is fetched or generated,
# for ever:
#   { id = "…", title = "…", speakers = ["…"], category = "…", abstract = "…", summary = "…" }
#   { id = "…", hide = true }                                    stays off the page
#   { id = "…", start = "1:02:30", end = "1:41:00", title = "…" }   a part of a longer recording
# `proceedings init` with the same playlist adds what is new and changes nothing else. What it takes
# for no talk stands here as a comment: take the # away and it is one.
talks = [
]
"#;

const CATEGORIES: &str = r#"
# The categories that talks are filed under; the description is what a model goes by, and `about`
# is for readers. Without any, the page has one section.
# [[categories]]
# name = "Performance"
# description = "profiling, throughput, latency, making things fast"
# about = "Where the time goes."
# titles = ["*benchmark*"]            # a title that matches goes here, and no model is asked
"#;

const GLOSSARY: &str = r#"
# Names as they are written here, and what speech recognition makes of them.
# [glossary]
# terms = ["Chainguard"]
# heard = { "Chainyard" = "Chainguard" }
"#;

const LLM: &str = "
# Who writes the summaries. Without this table they are excerpts of the talks' own words, which
# cost nothing. docs/endpoints.md has the lines for other providers and for servers of your own.
";

const FETCH: &str = r#"
[fetch]
# captions = "captions"             # your own caption files: ID.vtt, ID.srt, ID.json3, ID.txt
# concurrency = 2                   # visits to YouTube at once
# pause = "1s"                      # the rest after each
# timeout = "3m"                    # how long one may take
# retries = 3                       # how often what passes is tried again
# retry_wait = "5s"                 # how long to wait before; doubled each time
# sleep_requests = "0s"             # yt-dlp's own rests, between requests
# sleep_subtitles = "0s"            # and before captions
# recheck_after = "30d"             # look again for what was missing so long ago
"#;

const YT_DLP: &str = "# yt_dlp = \"yt-dlp\"                 # the yt-dlp to run\n";

const YT_DLP_ARGS: &str =
    "# yt_dlp_args = [\"--cookies-from-browser\", \"firefox\"]   # more arguments for it\n";

/// The catalog of a page made earlier, which renders to the same page again.
#[must_use]
pub(crate) fn format_imported(catalog: &ImportedCatalog) -> String {
    let mut text = String::from("# Taken over from a page made earlier.\n");
    push_line(&mut text, format_args!("title = {}", quote(&catalog.title)));
    if let Some(intro) = &catalog.intro {
        push_line(&mut text, format_args!("intro = {}", quote(intro)));
    }
    text.push_str("language = \"en\"\nformats = [\"markdown\", \"html\"]\n\ntalks = [\n");
    text.push_str(&lines(&catalog.talks));
    text.push_str("]\n");
    for name in &catalog.categories {
        push_line(
            &mut text,
            format_args!("\n[[categories]]\nname = {}", quote(name)),
        );
    }
    text
}

fn push_line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Catalog;

    fn read(text: &str) -> Catalog {
        Catalog::parse(Path::new("catalog.toml"), text).unwrap()
    }

    const TITLE: &str = "\"Quoted\" — 'both' \\ \u{7f}\u{1}\u{85}\n\ttwo lines";

    #[test]
    fn what_is_imported_reads_back() {
        let talk = |id: &str, title: Option<&str>| NewTalk {
            title: title.map(str::to_owned),
            ..NewTalk::of(id.parse().unwrap())
        };
        let imported = read(&format_imported(&ImportedCatalog {
            title: TITLE.to_owned(),
            intro: Some("a\n".to_owned()),
            talks: vec![talk("-cBplHNM4RA", Some(TITLE)), talk("_9xohmSa2G8", None)],
            categories: vec!["AI & ML".to_owned()],
        }));
        assert_eq!(
            (imported.title.as_str(), imported.intro.as_deref()),
            (TITLE, Some("a\n"))
        );
        assert_eq!(imported.talks[0].title.as_deref(), Some(TITLE));
        assert_eq!(imported.talks[1].title, None);
        assert_eq!(imported.categories.iter().count(), 1);
    }

    fn start(tracks: &[&str]) -> String {
        format_new(&NewCatalog {
            title: TITLE.to_owned(),
            tracks: tracks.iter().map(|track| (*track).to_owned()).collect(),
            provider: None,
            yt_dlp: Some("tools/yt-dlp".to_owned()),
            yt_dlp_args: vec!["--proxy".to_owned(), "http://127.0.0.1:1".to_owned()],
        })
    }

    #[test]
    fn what_is_started_reads_back_with_every_comment_taken_away() {
        let text = start(&[]);
        let catalog = read(&text);
        assert_eq!(catalog.title, TITLE);
        assert_eq!(catalog.fetch.yt_dlp_args.len(), 2);
        assert!(catalog.llm.is_none() && catalog.categories.is_empty());

        let is_setting = |line: &str| line.starts_with("# [") || line.contains(" = ");
        let uncommented = text.lines().map(|line| match line.strip_prefix("# ") {
            Some(setting) if is_setting(line) && !setting.starts_with(' ') => setting,
            _ => line,
        });
        let uncommented = read(&uncommented.collect::<Vec<_>>().join("\n"));
        assert!(uncommented.fetch.recheck_after.is_some());
        let llm = uncommented.llm.unwrap();
        assert_eq!((llm.provider, llm.base_url), (ProviderKind::OpenAi, None));
        assert_eq!((llm.api_key_env, llm.price.is_some()), (None, true));
        assert_eq!(uncommented.categories.iter().count(), 1);
    }

    #[test]
    fn a_provider_that_is_named_writes_the_summaries() {
        let text = format_new(&NewCatalog {
            title: TITLE.to_owned(),
            tracks: Vec::new(),
            provider: Some(ProviderKind::Gemini),
            yt_dlp: None,
            yt_dlp_args: Vec::new(),
        });
        let llm = read(&text).llm.unwrap();
        assert_eq!(llm.provider, ProviderKind::Gemini);
        assert_eq!(llm.model, "gemini-3.5-flash-lite");
    }

    #[test]
    fn tracks_become_categories_where_they_make_a_page() {
        let names = |text: &str| -> Vec<String> {
            let catalog = read(text);
            let names = catalog.categories.iter();
            names.map(|category| category.name.clone()).collect()
        };
        assert_eq!(names(&start(&["AI \"2\"", "Web"])), ["AI \"2\"", "Web"]);
        let single = start(&["Main\ntrack"]);
        assert!(names(&single).is_empty());
        assert!(single.contains("# The schedule's tracks: Main track\n"));
    }
}
