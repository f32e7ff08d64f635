//! What the names of caption files say by themselves: format, language, and often the video.
//!
//! `ID.vtt` is the plain form; `ID.en.vtt` and `Title [ID].en.vtt` are what yt-dlp writes. Pure: a
//! name in, what it says out.

use std::cmp::Ordering;

use crate::catalog::CAPTION_EXTENSIONS;
use crate::fetch::captions::CaptionFormat;
use crate::talk::id::VideoId;
use crate::talk::{is_foreign, is_language};

/// What yt-dlp writes beside captions, and is none.
const BESIDE: [&str; 3] = [".info.json", ".live_chat.json", ".live_chat.json3"];

/// The name of a caption file in its parts.
#[derive(Debug, Clone)]
pub(crate) struct CaptionName {
    /// All of it, below the captions folder.
    pub file: String,
    /// What is left without language and extension.
    pub stem: String,
    /// The language, as a tag (BCP 47).
    pub language: Option<String>,
    /// The format that the extension stands for.
    pub format: CaptionFormat,
    /// The place of the extension among those that are read.
    extension: usize,
}

impl CaptionName {
    /// Reads a file's name; `None` where its extension is none of a caption file.
    pub(crate) fn parse(file: &str) -> Option<Self> {
        if BESIDE.iter().any(|beside| file.ends_with(beside)) {
            return None;
        }
        let (name, extension) = file.rsplit_once('.')?;
        let format = CaptionFormat::from_extension(extension)?;
        let mut known = CAPTION_EXTENSIONS.iter();
        let extension = known.position(|known| known.eq_ignore_ascii_case(extension))?;
        let (stem, language) = match name.rsplit_once('.') {
            Some((stem, tag)) if is_tag(tag, stem) => (stem, Some(tag.trim_end_matches("-orig"))),
            _ => (name, None),
        };
        Some(Self {
            file: file.to_owned(),
            stem: stem.to_owned(),
            language: language.map(str::to_owned),
            format,
            extension,
        })
    }

    /// The video that the name says it belongs to.
    pub(super) fn video(&self) -> Option<VideoId> {
        id(&self.stem)
    }

    /// How well it suits who wants this language, the least first: the plain `ID.vtt`, what is in
    /// that language, what says no language, the rest.
    fn fit(&self, wanted: &str) -> u8 {
        match &self.language {
            None if self.stem.parse::<VideoId>().is_ok() => 0,
            Some(language) if language.eq_ignore_ascii_case(wanted) => 1,
            Some(language) if !is_foreign(language, wanted) => 2,
            None => 3,
            Some(_) => 4,
        }
    }
}

/// Puts the one of several files first that suits a language best; then their formats decide.
pub(super) fn by_fit(wanted: &str) -> impl Fn(&&CaptionName, &&CaptionName) -> Ordering {
    move |a, b| {
        let key = |name: &CaptionName| (name.fit(wanted), name.extension);
        key(a).cmp(&key(b)).then_with(|| a.file.cmp(&b.file))
    }
}

/// Whether what stands between two dots is a language. Only after an id does a tag of three
/// letters count: "ASP.net" is no talk in Nete.
fn is_tag(tag: &str, before: &str) -> bool {
    let longest = if id(before).is_some() { 3 } else { 2 };
    let is_plain = tag
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_plain && primary(tag).len() <= longest && is_language(tag)
}

/// The id that a stem is, or ends with in brackets.
fn id(stem: &str) -> Option<VideoId> {
    let in_brackets = || stem.strip_suffix(']')?.rsplit_once('[')?.1.parse().ok();
    stem.parse().ok().or_else(in_brackets)
}

fn primary(tag: &str) -> String {
    let primary = tag.split('-').next().unwrap_or(tag);
    primary.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{CaptionName, by_fit};

    /// Stem, language and video of a name.
    fn parts(file: &str) -> String {
        let Some(name) = CaptionName::parse(file) else {
            return "no caption file".to_owned();
        };
        let video = name
            .video()
            .map_or("-".to_owned(), |video| video.to_string());
        let language = name.language.as_deref().unwrap_or("-");
        format!("{} {language} {video}", name.stem)
    }

    #[test]
    fn names_say_video_and_language() {
        for (file, expected) in [
            ("-cBplHNM4RA.vtt", "-cBplHNM4RA - -cBplHNM4RA"),
            ("-cBplHNM4RA.SRT", "-cBplHNM4RA - -cBplHNM4RA"),
            ("-cBplHNM4RA.en.vtt", "-cBplHNM4RA en -cBplHNM4RA"),
            ("-cBplHNM4RA.en-orig.json3", "-cBplHNM4RA en -cBplHNM4RA"),
            ("-cBplHNM4RA.zh-Hans.vtt", "-cBplHNM4RA zh-Hans -cBplHNM4RA"),
            ("-cBplHNM4RA.fil.vtt", "-cBplHNM4RA fil -cBplHNM4RA"),
            (
                "Hives. And bees [-cBplHNM4RA].de.vtt",
                "Hives. And bees [-cBplHNM4RA] de -cBplHNM4RA",
            ),
            (
                "Hives [2026] [-cBplHNM4RA].txt",
                "Hives [2026] [-cBplHNM4RA] - -cBplHNM4RA",
            ),
            ("Hives. And bees.vtt", "Hives. And bees - -"),
            ("Hives.de.srt", "Hives de -"),
            ("ASP.net.vtt", "ASP.net - -"),
            ("Hives [with bees].vtt", "Hives [with bees] - -"),
            ("-cBplHNM4RA.final.vtt", "-cBplHNM4RA.final - -"),
            ("Fünf [Bienen]ä].vtt", "Fünf [Bienen]ä] - -"),
            (".vtt", " - -"),
            ("-cBplHNM4RA.sbv", "-cBplHNM4RA - -cBplHNM4RA"),
            ("-cBplHNM4RA.mp4", "no caption file"),
            ("-cBplHNM4RA.info.json", "no caption file"),
            ("vtt", "no caption file"),
            ("", "no caption file"),
        ] {
            assert_eq!(parts(file), expected, "{file}");
        }
    }

    #[test]
    fn the_plain_name_comes_first_then_the_wanted_language() {
        let best_to_worst = [
            "-cBplHNM4RA.vtt",
            "-cBplHNM4RA.txt",
            "-cBplHNM4RA.de-AT.vtt",
            "-cBplHNM4RA.de.vtt",
            "-cBplHNM4RA.de.srt",
            "Hives [-cBplHNM4RA].de-CH.txt",
            "Hives [-cBplHNM4RA].vtt",
            "-cBplHNM4RA.en.vtt",
            "-cBplHNM4RA.fr.vtt",
        ];
        let parse = |file: &&str| CaptionName::parse(file).unwrap();
        let mut names: Vec<CaptionName> = best_to_worst.iter().rev().map(parse).collect();
        names.sort_by(|a, b| by_fit("de-AT")(&a, &b));
        let sorted: Vec<&str> = names.iter().map(|name| name.file.as_str()).collect();
        assert_eq!(sorted, best_to_worst);
    }
}
