//! New catalogs: the commented one that `init` starts, and the one that `import` takes a page into.
//!
//! Pure: text out. The comments are for people who have
//! never seen a catalog.

use std::fmt::Write;

use crate::talk::id::VideoId;

/// A talk of a new catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTalk {
    /// The recording.
    pub video: VideoId,
    /// A title that is known already.
    pub title: Option<String>,
}

/// What `init` knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The conference's name.
    pub title: String,
    /// The talks; their titles become comments, since `YouTube` has them.
    pub talks: Vec<NewTalk>,
    /// A yt-dlp other than the one on the path.
    pub yt_dlp: Option<String>,
    /// More arguments for yt-dlp.
    pub yt_dlp_args: Vec<String>,
}

/// What `import` took over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The conference's name.
    pub title: String,
    /// Markdown that stands under the title.
    pub intro: Option<String>,
    /// The talks with the titles of the page.
    pub talks: Vec<NewTalk>,
    /// The names of the categories.
    pub categories: Vec<String>,
}

/// The catalog that `init` starts: every setting is explained, and what is not needed is commented
/// out.
#[must_use]
pub fn started(catalog: &Started) -> String {
    let mut text = format!(
        "# The conference. `proceedings build` makes its page.\n\
         title = {}\n\
         language = \"en\"                     # of the summaries, and of the captions to prefer\n\
         formats = [\"markdown\", \"html\"]      # also: classic\n\
         output = \"page\"                     # the folder for the page\n\
         # intro = \"Recordings of the day, [back to the programme](https://example.org).\"\n\n\
         # A talk is an id, a link, or a table. What you write here wins over what is fetched or\n\
         # generated, for ever:\n\
         #   {{ id = \"…\", title = \"…\", speakers = [\"…\"], category = \"…\", summary = \"…\", hide = true }}\n\
         talks = [\n",
        quoted(&catalog.title)
    );
    for talk in &catalog.talks {
        let comment = talk
            .title
            .as_deref()
            .map(one_line)
            .map(|title| format!("  # {title}"));
        line(
            &mut text,
            format_args!(
                "  {},{}",
                quoted(talk.video.as_str()),
                comment.unwrap_or_default()
            ),
        );
    }
    text.push_str(START);
    text.push_str("\n[fetch]\n# captions = \"captions\"               # your own caption files: ID.vtt, ID.srt, ID.json3, ID.txt\n# concurrency = 2\n# pause = \"1s\"\n");
    match &catalog.yt_dlp {
        Some(yt_dlp) => line(&mut text, format_args!("yt_dlp = {}", quoted(yt_dlp))),
        None => text.push_str("# yt_dlp = \"yt-dlp\"\n"),
    }
    if catalog.yt_dlp_args.is_empty() {
        text.push_str("# yt_dlp_args = [\"--cookies-from-browser\", \"firefox\"]\n");
    } else {
        let arguments: Vec<String> = catalog
            .yt_dlp_args
            .iter()
            .map(|argument| quoted(argument))
            .collect();
        line(
            &mut text,
            format_args!("yt_dlp_args = [{}]", arguments.join(", ")),
        );
    }
    text
}

const START: &str = r#"]

# The categories that talks are filed under; the description is what a model goes by. Without any,
# the page has one section.
# [[categories]]
# name = "Performance"
# description = "profiling, throughput, latency, making things fast"
# titles = ["*benchmark*"]            # a title that matches goes here, and no model is asked

# Names as they are written here, and what speech recognition makes of them.
# [glossary]
# terms = ["Chainguard"]
# heard = { "Chainyard" = "Chainguard" }

# Who writes the summaries. Without this table they are excerpts of the talks' own words, which
# cost nothing.
# [llm]
# base_url = "http://localhost:11434/v1"   # any server that speaks OpenAI's Chat Completions
# model = "llama3.2"
# api_key_env = "OPENAI_API_KEY"           # the variable that holds the key, if one is needed
# concurrency = 8
# price = { input = 0.15, cached_input = 0.075, output = 0.60 }   # US dollars a million tokens
"#;

/// The catalog of a page made earlier, which renders to the same page again.
#[must_use]
pub fn imported(catalog: &Imported) -> String {
    let mut text = String::from("# Taken over from a page made earlier.\n");
    line(
        &mut text,
        format_args!("title = {}", quoted(&catalog.title)),
    );
    if let Some(intro) = &catalog.intro {
        line(&mut text, format_args!("intro = {}", quoted(intro)));
    }
    text.push_str("language = \"en\"\nformats = [\"markdown\", \"html\"]\n\ntalks = [\n");
    for talk in &catalog.talks {
        let id = quoted(talk.video.as_str());
        match &talk.title {
            Some(title) => line(
                &mut text,
                format_args!("  {{ id = {id}, title = {} }},", quoted(title)),
            ),
            None => line(&mut text, format_args!("  {id},")),
        }
    }
    text.push_str("]\n");
    for name in &catalog.categories {
        line(
            &mut text,
            format_args!("\n[[categories]]\nname = {}", quoted(name)),
        );
    }
    text
}

/// A text as a TOML string on one line: JSON's escapes are all TOML's too, and only DEL is allowed
/// in the one and not in the other.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).expect("a text serializes");
    json.replace('\u{7f}', "\\u007F")
}

/// What may stand in a comment: one line without control characters.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn what_is_written_reads_back() {
        let title = "\"Quoted\" — 'both' \\ \u{7f}\u{1}\u{85}\n\ttwo lines";
        let talks = vec![
            NewTalk {
                video: "-cBplHNM4RA".parse().unwrap(),
                title: Some(title.to_owned()),
            },
            NewTalk {
                video: "_9xohmSa2G8".parse().unwrap(),
                title: None,
            },
        ];
        let imported = imported(&Imported {
            title: title.to_owned(),
            intro: Some("a\n".to_owned()),
            talks: talks.clone(),
            categories: vec!["AI & ML".to_owned()],
        });
        let read = Catalog::parse(Path::new("catalog.toml"), &imported).unwrap();
        assert_eq!(
            (read.title.as_str(), read.intro.as_deref()),
            (title, Some("a\n"))
        );
        assert_eq!(read.talks[0].title.as_deref(), Some(title));
        assert_eq!(read.categories.iter().count(), 1);

        let started = started(&Started {
            title: title.to_owned(),
            talks,
            yt_dlp: None,
            yt_dlp_args: vec!["--proxy".to_owned(), "http://127.0.0.1:1".to_owned()],
        });
        let read = Catalog::parse(Path::new("catalog.toml"), &started).unwrap();
        assert_eq!(read.talks.len(), 2);
        assert_eq!(read.fetch.yt_dlp_args.len(), 2);
        let uncommented = started
            .replace("# [llm]\n# base_url", "[llm]\nbase_url")
            .replace("# model =", "model =");
        assert!(
            Catalog::parse(Path::new("catalog.toml"), &uncommented)
                .unwrap()
                .llm
                .is_some()
        );
    }
}
