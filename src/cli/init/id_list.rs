//! A file of ids and links, as people and their tools keep them: lists, tables, notes, pages, mail and
//! JSON.
//!
//! Words of as many letters as an id has are none. What cannot be read is named with its line.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::cli::ending::Failure;
use crate::cli::init::sources::{NoSource, VideoSource, source, with_each_video};
use crate::cli::init::{id_json, mail};
use crate::encoding::decode;
use crate::fs;
use crate::limits;
use crate::report::say;
use crate::talk::list::link;

/// Reads a file of ids, `-` for standard input.
pub(super) fn read(path: &Path) -> Result<Vec<VideoSource>, Failure> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = fs::read_all(io::stdin().lock(), &mut bytes, limits::SCHEDULE);
        read.map_err(|error| Failure::usage(error, None::<String>))?;
        ("standard input".to_owned(), bytes)
    } else {
        let hint = "give the path of a file with a link or an id a line, or `-`";
        let read = fs::read_at_most(path, limits::SCHEDULE);
        let bytes = read.map_err(|error| Failure::usage(error, Some(hint)))?;
        (path.display().to_string(), bytes)
    };
    let text = decode(&bytes);
    let text = mail::readable(&text);
    if let Some(sources) = id_json::sources(&text) {
        return Ok(sources);
    }
    // Pages and feeds may be one line.
    let text = if text.trim_start().starts_with('<') {
        text.replace("><", ">\n<")
    } else {
        text
    };
    let lines = text.lines().map(without_comment).zip(1..);
    let is_list = text.lines().map(without_comment).all(is_word);
    let (mut sources, mut passed): (Vec<VideoSource>, Vec<(usize, NoSource)>) = Default::default();
    for (line, number) in lines.filter(|(line, _)| !line.is_empty()) {
        match on_line(line) {
            Ok(found) => sources.extend(found),
            Err(error) if is_list && is_bare(line) => return Err(no_source(&name, number, &error)),
            Err(_) if line.starts_with('<') => {}
            Err(error) => passed.push((number, error)),
        }
    }
    match passed.first() {
        Some((number, error)) if sources.is_empty() => {
            return Err(no_source(&name, *number, error));
        }
        _ => {}
    }
    for (number, error) in passed {
        say(format_args!("{name}:{number} was skipped: {error}"));
    }
    let has_videos = sources
        .iter()
        .any(|source| matches!(source, VideoSource::Video { .. }));
    let among_videos = |source| match source {
        VideoSource::List(link) if has_videos => VideoSource::ListAmongVideos(link),
        source => source,
    };
    Ok(sources.into_iter().map(among_videos).collect())
}

fn no_source(name: &str, number: usize, error: &NoSource) -> Failure {
    let hint = match error {
        NoSource::Malformed(_) => "a line holds one id or link; a playlist is given as its link",
        _ => error.hint(),
    };
    Failure::usage(format!("{name}:{number}: {error}"), Some(hint))
}

/// Whether a line is one word, as each is in a list of ids.
fn is_word(line: &str) -> bool {
    !line.contains(char::is_whitespace) && !line.contains(['<', '>'])
}

/// Whether a line holds nothing but what is to be an id.
fn is_bare(line: &str) -> bool {
    !line.contains(|letter: char| letter.is_whitespace() || ":/,;|=[]".contains(letter))
}

/// What stands on a line: a source, ids or links, links among other words, or an id among the cells of a
/// table.
pub(super) fn on_line(line: &str) -> Result<Vec<VideoSource>, NoSource> {
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?i)(?:https?:)?//[^\s<>"'`|,()\[\]]+|(?:www\.|m\.)?youtu(?:be\.com|\.be)/[^\s<>"'`|,()\[\]]+"#;
        Regex::new(pattern).expect("the pattern is valid")
    });
    let line = &*with_each_video(line);
    let line = &*unescaped(line);
    let words = line.split([' ', ',', ';', '|', '\t']);
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if let ([_], Ok(source)) = (&words[..], source(line)) {
        return Ok(vec![source]);
    }
    if let Some(ids) = ids_alone(&words) {
        return Ok(ids);
    }
    let links = LINK
        .find_iter(line)
        .filter_map(|link| source(link.as_str()).ok());
    let links: Vec<VideoSource> = links.collect();
    if !links.is_empty() {
        return Ok(links);
    }
    let between = |letter: char| matches!(letter, ',' | ';' | '|' | '\t' | '→');
    let mut cells = line
        .split(between)
        .flat_map(|cell| cell.split("=>"))
        .flat_map(|cell| cell.split("->"));
    let marked = marked_ids(line);
    if !marked.is_empty() {
        return Ok(marked);
    }
    match cells.find_map(id_in) {
        Some(found) => Ok(vec![found]),
        None => source(line).map(|source| vec![source]),
    }
}

/// A line without the backslashes of JSON and Markdown, with links decoded that were encoded whole,
/// links within a page of `YouTube` made whole, and a blank between links that touch.
fn unescaped(line: &str) -> Cow<'_, str> {
    static BACKSLASH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\\([/?=&_\-.])").expect("the pattern is valid"));
    static TOUCHING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([A-Za-z0-9_-]{11}|;)(https?://)").expect("the pattern is valid")
    });
    static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(href=["']?)/(watch\?|shorts/|live/)"#).expect("the pattern is valid")
    });
    let is_encoded = line.contains("%3A%2F%2F") && !line.contains("://");
    let line = if is_encoded {
        percent_encoding::percent_decode_str(line).decode_utf8_lossy()
    } else {
        Cow::Borrowed(line)
    };
    let line = BACKSLASH.replace_all(&line, "$1");
    let line = WITHIN.replace_all(&line, "${1}https://www.youtube.com/$2");
    Cow::Owned(TOUCHING.replace_all(&line, "$1 $2").into_owned())
}

/// The ids behind names that say they are some, or in the name of a file as downloaders write it.
fn marked_ids(line: &str) -> Vec<VideoSource> {
    static MARKS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
        [
            r#"(?i)(?:\bvideo_?id|youtube|\byt:video|\bytdl|\bid|\bv|\bvideo:)["']?\s*(?:::?|[=>\]]|\s)(?://)?\s*(?:id=)?["']?([A-Za-z0-9_-]{11})(?:[^A-Za-z0-9_-]|$)"#,
            r"\[([A-Za-z0-9_-]{11})\](?:\.\w+)*\s*$",
            r"(?:^|-)([A-Za-z0-9_-]{11})(?:\.[A-Za-z-]{2,7})?\.(?:mp4|mkv|webm|m4a|mp3|opus|vtt|srt|json|txt)$",
        ]
        .map(|pattern| Regex::new(pattern).expect("the pattern is valid"))
    });
    // What looks like an id in a link to another site is none.
    let leads_elsewhere = line.contains("://") && !line.contains("youtu") && !line.contains("ytdl");
    if leads_elsewhere {
        return Vec::new();
    }
    let marked = MARKS.iter().map(|mark| {
        let ids = mark
            .captures_iter(line)
            .filter_map(|found| Some(found.get(1)?.as_str()));
        let ids = ids.filter(|id| looks_like_id(id));
        ids.filter_map(|id| source(id).ok()).collect()
    });
    let mut marked = marked.filter(|ids: &Vec<VideoSource>| !ids.is_empty());
    marked.next().unwrap_or_default()
}

/// The ids of a line that holds nothing else, without words of as many letters.
fn ids_alone(words: &[&str]) -> Option<Vec<VideoSource>> {
    let around = |letter: char| "\"'`[](){}".contains(letter);
    let words: Vec<&str> = words.iter().map(|word| word.trim_matches(around)).collect();
    let is_id = |word: &&str| word.len() == 11 && link(word).is_none();
    if !words.iter().all(is_id) || !words.iter().any(|word| id_in(word).is_some()) {
        return None;
    }
    let ids = words.into_iter().filter(|word| looks_like_id(word));
    ids.map(|word| source(word).ok()).collect()
}

/// The id that a cell is, begins with, or lists as downloaders do. A word of eleven letters is none.
fn id_in(cell: &str) -> Option<VideoSource> {
    static MARKER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:(?:[-*+•]\s+)?\[[ xX]?\]|[-*+•]|\d{1,4}[.)]?|youtube)\s+")
            .expect("the pattern is valid")
    });
    let around = |letter: char| letter.is_whitespace() || "\"'`[]()<>".contains(letter);
    let cell = MARKER.replace(cell.trim(), "");
    let cell = cell.trim_matches(around);
    let cell = MARKER.replace(cell, "");
    let word = cell.split_whitespace().next()?.trim_matches(around);
    source(word).ok().filter(|_| looks_like_id(word))
}

/// Whether eleven letters are no word, nor one with a year behind it.
pub(super) fn looks_like_id(word: &str) -> bool {
    let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let has_digit = bare.contains(|letter: char| letter.is_ascii_digit());
    let Some((_, rest)) = bare.split_at_checked(1) else {
        return word.len() == 11;
    };
    let has_capital = rest.contains(|letter: char| letter.is_ascii_uppercase());
    let has_small = bare.contains(|letter: char| letter.is_ascii_lowercase());
    let has_number = bare.len() < word.len();
    let is_mixed = has_capital && (has_small || has_number);
    word.len() == 11 && (has_digit || is_mixed || has_number && !has_small)
}

/// A line without what stands behind its `#`; a link may hold one too, but not after a space.
fn without_comment(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') {
        return "";
    }
    line.split_once([' ', '\t'])
        .filter(|(_, rest)| rest.trim_start().starts_with('#'))
        .map_or(line, |(text, _)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The videos that are found on a line, with their moments, or why there are none.
    fn found(line: &str) -> String {
        let one = |source: &VideoSource| match source {
            VideoSource::Video {
                video,
                start: Some(start),
                ..
            } => format!("{video}@{start}"),
            VideoSource::Video { video, .. } => video.to_string(),
            VideoSource::List(link) | VideoSource::ListAmongVideos(link) => link.clone(),
        };
        match on_line(line) {
            Ok(sources) => sources.iter().map(one).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn ids_of_pages_and_exports_are_found_beside_words_of_as_many_letters() {
        for line in [
            "-cBplHNM4RA;Lighthouses",
            r#"<a href="/watch?v=-cBplHNM4RA&amp;index=1">Caches</a>"#,
            "<yt:videoId>-cBplHNM4RA</yt:videoId>",
            "<id>yt:video:-cBplHNM4RA</id>",
            "[youtube]-cBplHNM4RA[/youtube]",
            "video::-cBplHNM4RA[youtube]",
            "- [x] -cBplHNM4RA Caches",
            "07 -cBplHNM4RA Caches",
            "Caches => -cBplHNM4RA",
            "URL=https://youtu.be/-cBplHNM4RA",
            ".. youtube:: -cBplHNM4RA",
        ] {
            assert_eq!(found(line), "-cBplHNM4RA", "{line}");
        }
        let line = r#"[{"videoId": "-cBplHNM4RA"}, {"videoId": "rustyCache1"}]"#;
        assert_eq!(found(line), "-cBplHNM4RA rustyCache1");
    }

    #[test]
    fn ids_are_found_in_lists_and_tables_as_people_have_them() {
        for line in [
            "<https://youtu.be/-cBplHNM4RA>",
            "\"https://youtu.be/-cBplHNM4RA\"",
            "- https://youtu.be/-cBplHNM4RA",
            "* [A talk](https://www.youtube.com/watch?v=-cBplHNM4RA)",
            "| A talk | https://www.youtube.com/watch?v=-cBplHNM4RA |",
            "A talk,https://www.youtube.com/watch?v=-cBplHNM4RA,Ada Quill",
            "1. -cBplHNM4RA",
            "-cBplHNM4RA, A talk",
            "A talk; -cBplHNM4RA",
            "youtube -cBplHNM4RA",
            "see youtu.be/-cBplHNM4RA.",
            r#"{"url": "https:\/\/youtu.be\/-cBplHNM4RA"},"#,
            r"https://www.youtube.com/watch\?v\=-cBplHNM4RA",
            "https%3A%2F%2Fyoutu.be%2F-cBplHNM4RA",
            "  video_id: \"-cBplHNM4RA\"",
            "{ id = \"-cBplHNM4RA\", title = \"A talk\" },",
            "{{< youtube -cBplHNM4RA >}}",
            "<lite-youtube videoid=\"-cBplHNM4RA\"></lite-youtube>",
            "vnd.youtube:-cBplHNM4RA",
            "/watch?v=-cBplHNM4RA",
            "A talk [-cBplHNM4RA].mp4",
            "-cBplHNM4RA.en.vtt",
        ] {
            assert_eq!(found(line), "-cBplHNM4RA", "{line}");
        }
        assert_eq!(
            found("https://youtu.be/-cBplHNM4RA?t=1h2m3s"),
            "-cBplHNM4RA@3723"
        );
        for line in [
            "-cBplHNM4RA, rustyCache1",
            "-cBplHNM4RA rustyCache1",
            "-cBplHNM4RA;rustyCache1;",
            "-cBplHNM4RA\tkernelSched",
            "https://youtu.be/-cBplHNM4RA, https://youtu.be/rustyCache1",
            "https://youtu.be/-cBplHNM4RA,https://youtu.be/rustyCache1",
            "https://youtu.be/-cBplHNM4RA https://youtu.be/rustyCache1",
            "Day 1: https://youtu.be/-cBplHNM4RA and youtu.be/rustyCache1",
            "<https://youtu.be/-cBplHNM4RA> | <https://youtu.be/rustyCache1>",
            "https://youtu.be/-cBplHNM4RA;https://youtu.be/rustyCache1",
            "https://youtu.be/-cBplHNM4RAhttps://youtu.be/rustyCache1",
            "['-cBplHNM4RA', 'rustyCache1']",
        ] {
            let both = found(line).replace("kernelSched", "rustyCache1");
            assert_eq!(both, "-cBplHNM4RA rustyCache1", "{line}");
        }
        assert_eq!(
            found("https://www.youtube.com/embed/videoseries?list=PLtinyconf2024"),
            "https://www.youtube.com/playlist?list=PLtinyconf2024"
        );
        for line in [
            "performance, and engineering",
            "Ada Quill, Keynote2026, Ghent",
            "https://video.example.org/style.css?v=-cBplHNM4RA",
            "ytsearch:tinyconf",
            "https://www.youtube.com/clip/UgkxAAAAAAAA",
        ] {
            assert!(on_line(line).is_err(), "{line}");
        }
    }

    #[test]
    fn comments_end_lines_of_ids_and_not_links() {
        for (line, text) in [
            ("rustyCache1", "rustyCache1"),
            ("  rustyCache1\t# the first", "rustyCache1"),
            ("rustyCache1 #first", "rustyCache1"),
            (
                "https://youtu.be/rustyCache1#t=3",
                "https://youtu.be/rustyCache1#t=3",
            ),
            ("# all", ""),
            ("", ""),
        ] {
            assert_eq!(without_comment(line), text);
        }
    }
}
