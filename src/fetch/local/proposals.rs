//! Caption files that carry the talk's name instead of its id: which is likely which talk's.
//!
//! Pure: names in, proposals out. They are not acted on before somebody has confirmed them.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::fetch::local::names::{CaptionName, by_fit};
use crate::talk::id::VideoId;
use crate::titles::pairs;

/// What a talk's files may be named after.
#[derive(Debug)]
pub(crate) struct TitledTalk {
    pub video: VideoId,
    pub title: String,
    pub speakers: Vec<String>,
    /// The language that captions are wanted in.
    pub language: String,
    /// Whether it has a caption file already. A file that is likely its own is no other talk's.
    pub has_file: bool,
}

/// A file, and the talk that it is likely of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FileProposal {
    /// The file's name.
    pub file: String,
    pub video: VideoId,
    pub title: String,
    /// How likely, 0 to 1.
    pub score: f64,
}

/// What the names of files come to.
#[derive(Debug, Default)]
pub(crate) struct Proposals {
    /// Files of talks that have none, in the order of the talks.
    pub proposed: Vec<FileProposal>,
    /// Files of talks that have one already.
    pub spare: Vec<FileProposal>,
    /// Files that are like no title, or like several.
    pub unmatched: Vec<String>,
}

/// Pairs files with talks by their titles and speakers. Of files that differ in language and
/// format alone, the one that suits the talk is proposed.
#[must_use]
pub(crate) fn proposals(files: &[CaptionName], talks: &[TitledTalk]) -> Proposals {
    let mut by_stem: BTreeMap<String, Vec<&CaptionName>> = BTreeMap::new();
    for file in files {
        let stem = file.stem.nfc().collect();
        by_stem.entry(stem).or_default().push(file);
    }
    let stems: Vec<&str> = by_stem.keys().map(String::as_str).collect();
    let titles: Vec<String> = talks
        .iter()
        .map(|talk| format!("{} {}", talk.title, talk.speakers.join(" ")))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();

    let mut found = Proposals::default();
    let mut paired = Vec::new();
    for (pair, files) in pairs(&stems, &titles).into_iter().zip(by_stem.values()) {
        match pair {
            Some(pair) => paired.push((pair, files)),
            None => found
                .unmatched
                .extend(files.iter().map(|name| name.file.clone())),
        }
    }
    paired.sort_by_key(|(pair, _)| pair.index);
    for (pair, files) in paired {
        let talk = &talks[pair.index];
        let Some(best) = files.iter().copied().min_by(by_fit(&talk.language)) else {
            continue;
        };
        let proposal = FileProposal {
            file: best.file.clone(),
            video: talk.video.clone(),
            title: talk.title.clone(),
            score: pair.score,
        };
        if talk.has_file {
            found.spare.push(proposal);
        } else {
            found.proposed.push(proposal);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(id: &str, title: &str, speaker: &str) -> TitledTalk {
        TitledTalk {
            video: id.parse().unwrap(),
            title: title.to_owned(),
            speakers: vec![speaker.to_owned()],
            language: "en".to_owned(),
            has_file: id.starts_with("has"),
        }
    }

    #[test]
    fn files_are_proposed_once_and_in_the_order_of_the_talks() {
        let talks = [
            talk("kernelSched", "Schedulers, a love story", "Ben Oak"),
            talk("rustyCache1", "Caches that explain themselves", "Ada Quill"),
            talk("has_a_file1", "Why we still print", "Cleo Reed"),
            talk("noCaptions1", "Opening", "Dan Ash"),
        ];
        let files = [
            "01 Quill - Caches that explain themselves.de.vtt",
            "01 Quill - Caches that explain themselves.en.srt",
            "01 Quill - Caches that explain themselves.en.vtt",
            "02_Ben-Oak_Schedulers.txt",
            "why we still print (final).vtt",
            "Green room.vtt",
        ];
        let files: Vec<CaptionName> = files
            .iter()
            .map(|file| CaptionName::parse(file).unwrap())
            .collect();
        let found = proposals(&files, &talks);
        let pairs = |proposals: &[FileProposal]| -> Vec<String> {
            let pairs = proposals.iter();
            pairs
                .map(|found| format!("{}: {}", found.video, found.file))
                .collect()
        };
        assert_eq!(
            pairs(&found.proposed),
            [
                "kernelSched: 02_Ben-Oak_Schedulers.txt",
                "rustyCache1: 01 Quill - Caches that explain themselves.en.vtt",
            ]
        );
        assert_eq!(
            pairs(&found.spare),
            ["has_a_file1: why we still print (final).vtt"]
        );
        assert_eq!(found.unmatched, ["Green room.vtt"]);
    }
}
