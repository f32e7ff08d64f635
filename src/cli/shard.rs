//! One shard of a conference, for those who share the work among several machines.
//!
//! The id of a talk's video says which shard it is in, so that all parts of a recording are in the same
//! one: they share a visit and a transcript. No other talk changes that, and neither does the order of
//! the catalog.

use std::num::NonZeroU64;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::talk::id::TalkId;

/// How a shard is written, for those who wrote it otherwise.
const FORM: &str =
    "write the number of the shard and how many there are, such as `3/8`; the first is 1";

/// One of so many shards, by its number from 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    number: u64,
    count: NonZeroU64,
}

impl Shard {
    /// Whether a talk is in it: the first 64 bits of SHA-256 of the video's id, as a number (the
    /// highest byte first), divided by the number of shards, leave one less than the shard's number.
    pub(super) fn has(self, talk: &TalkId) -> bool {
        let digest = Sha256::digest(talk.video.as_str());
        let bytes = digest.iter().take(8);
        let number = bytes.fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        number % self.count == self.number - 1
    }
}

impl Shard {
    /// As it may stand in the name of a file: `3-of-8`.
    pub(super) fn name(self) -> String {
        format!("{}-of-{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, count) = text.split_once('/').ok_or(FORM)?;
        let number: u64 = number.parse().map_err(|_| FORM)?;
        let count: NonZeroU64 = count.parse().map_err(|_| FORM)?;
        if (1..=count.get()).contains(&number) {
            Ok(Self { number, count })
        } else {
            Err(FORM)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(text: &str) -> Shard {
        text.parse().unwrap()
    }

    fn talk(video: &str, start: Option<u64>) -> TalkId {
        TalkId {
            video: video.parse().unwrap(),
            start,
        }
    }

    #[test]
    fn a_talk_is_in_the_same_shard_for_ever() {
        let shards = ["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8", "kernelSched"].map(|video| {
            let is_in = |number: &u64| shard(&format!("{number}/8")).has(&talk(video, None));
            (1..=8).filter(is_in).collect::<Vec<u64>>()
        });
        assert_eq!(shards, [[6], [1], [7], [5]]);
    }

    #[test]
    fn the_parts_of_a_recording_are_together() {
        for number in 1..=8 {
            let shard = shard(&format!("{number}/8"));
            let whole = shard.has(&talk("dayLongRec1", None));
            assert_eq!(shard.has(&talk("dayLongRec1", Some(3_750))), whole);
        }
    }

    #[test]
    fn one_shard_has_everything() {
        assert!(shard("1/1").has(&talk("rustyCache1", None)));
    }

    #[test]
    fn a_shard_that_is_not_there_is_refused() {
        for text in [
            "0/3", "4/3", "x", "", "1", "1/", "/3", "1/0", "-1/3", "1/3/3", "1 /3", "1.5/3",
        ] {
            assert_eq!(text.parse::<Shard>(), Err(FORM), "{text}");
        }
    }
}
