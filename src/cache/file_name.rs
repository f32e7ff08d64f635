//! The names of the files in a talk's folder: `<stage>-<digest>[.N][.rejected].json`, and those of
//! which a video has one.
//!
//! Pure: a name is read and written here and nowhere else.

use std::fmt;

use crate::hex::hex;
use crate::work::Stage;

/// The file that says which transcript a video has, so that nobody needs to read it to know.
pub(super) const CAPTIONS: &str = "captions.json";
/// Says that a video has no picture.
pub(super) const NO_THUMBNAIL: &str = "failed-thumbnail.json";

/// The name of a file that holds a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileName {
    pub(super) stage: Stage,
    pub(super) digest: String,
    /// 1 for the first result of a request, 2 for its first repeat, and so on.
    pub(super) number: u32,
    pub(super) status: ReplyStatus,
}

/// Whether a reply may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReplyStatus {
    Kept,
    /// It failed the check, and so did the one corrective request: set aside.
    Rejected,
}

impl FileName {
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (stage, rest) = name.strip_suffix(".json")?.split_once('-')?;
        let (rest, status) = match rest.strip_suffix(".rejected") {
            Some(rest) => (rest, ReplyStatus::Rejected),
            None => (rest, ReplyStatus::Kept),
        };
        let (digest, number) = match rest.split_once('.') {
            Some((digest, number)) => (digest, number.parse().ok().filter(|&number| number > 1)?),
            None => (rest, 1),
        };
        let stage = Stage::named(stage).filter(|_| is_digest(digest))?;
        Some(Self {
            stage,
            digest: digest.to_owned(),
            number,
            status,
        })
    }

    /// Whether this is a later reply to the same request, and so is used in the other's place.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        let is_same = (self.stage, &self.digest) == (other.stage, &other.digest);
        is_same && self.status == ReplyStatus::Kept && self.number > other.number
    }
}

/// The file that says why a stage of a video has no result.
pub(super) fn failure_name(stage: Stage) -> String {
    format!("failed-{}.json", stage.name())
}

/// What a file of which a video has one is named where that of another video stands in its place,
/// as on a disk that does not tell upper from lower case: with the id in hexadecimal digits.
pub(super) fn qualified_name(name: &str, video: &str) -> String {
    let stem = name.trim_end_matches(".json");
    format!("{stem}-{}.json", hex(video.as_bytes()))
}

/// What a file that was set apart is named elsewhere.
pub(super) fn unqualified_name(name: &str) -> Option<String> {
    let (stem, id) = name.strip_suffix(".json")?.rsplit_once('-')?;
    let is_id = id.len() == 22 && id.bytes().all(|b| b.is_ascii_hexdigit());
    is_id.then(|| format!("{stem}.json"))
}

/// Whether this is the part of a name that tells files of one kind apart.
pub(super) fn is_digest(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.stage.name(), self.digest)?;
        if self.number > 1 {
            write!(f, ".{}", self.number)?;
        }
        f.write_str(match self.status {
            ReplyStatus::Kept => ".json",
            ReplyStatus::Rejected => ".rejected.json",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in [
            "summary-3fa9c1d2e4b59a07.json",
            "summary-3fa9c1d2e4b59a07.2.json",
            "category-3fa9c1d2e4b59a07.rejected.json",
            "category-3fa9c1d2e4b59a07.12.rejected.json",
        ] {
            assert_eq!(FileName::parse(name).unwrap().to_string(), name);
        }
    }

    #[test]
    fn a_name_that_was_set_apart_says_what_it_is_elsewhere() {
        let (upper, lower) = (
            qualified_name(CAPTIONS, "AAAAAAAAAAA"),
            qualified_name(CAPTIONS, "aAAAAAAAAAA"),
        );
        assert_eq!(upper, "captions-4141414141414141414141.json");
        assert!(!upper.eq_ignore_ascii_case(&lower));
        for name in [CAPTIONS, NO_THUMBNAIL, "failed-metadata.json"] {
            let apart = qualified_name(name, "rustyCache1");
            assert_eq!(FileName::parse(&apart), None);
            assert_eq!(unqualified_name(&apart).as_deref(), Some(name));
            assert_eq!(unqualified_name(name), None);
        }
    }

    #[test]
    fn files_of_others_are_nobodys() {
        for name in [
            "captions.json",
            "failed-metadata.json",
            "summary-short.json",
            "summary-3fa9c1d2e4b59a07.1.json",
            "summary-3fa9c1d2e4b59a07.x.json",
            "summary-3fa9c1d2e4b59a07.json.tmp",
            ".writing-summary-3fa9c1d2e4b59a07.json",
            "notes-3fa9c1d2e4b59a07.json",
        ] {
            assert_eq!(FileName::parse(name), None, "{name}");
        }
    }
}
