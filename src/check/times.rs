//! Talks that are parts of a longer recording: parts that run into each other, and parts that the
//! recording is too short for.

use crate::check::{Finding, Kind};
use crate::talk::id::TalkId;

/// In seconds, how far one part may run into the next: nobody cuts to the second.
const SLACK: u64 = 60;

/// A part of a recording.
#[derive(Debug, Clone)]
pub(crate) struct RecordingPart {
    pub talk: TalkId,
    /// Where it ends, in seconds, if the organizer says.
    pub end: Option<u64>,
    /// How long the recording is, in seconds, if that is known.
    pub length: Option<u64>,
}

impl RecordingPart {
    fn start(&self) -> u64 {
        self.talk.start.unwrap_or(0)
    }
}

/// The parts that cannot be right, in their order. A whole recording beside its parts is one too.
#[must_use]
pub(crate) fn findings(parts: &[RecordingPart]) -> Vec<Finding> {
    let mut sorted: Vec<&RecordingPart> = parts.iter().collect();
    sorted.sort_by_key(|part| (&part.talk.video, part.start()));
    let next = sorted.iter().skip(1).map(Some).chain([None]);
    let pairs = sorted.iter().zip(next);
    pairs
        .flat_map(|(part, next)| {
            let next = next.filter(|next| next.talk.video == part.talk.video);
            let overlap = next.and_then(|next| overlap(part, next));
            beyond(part).into_iter().chain(overlap)
        })
        .collect()
}

/// A part that ends after the next one has begun.
fn overlap(part: &RecordingPart, next: &RecordingPart) -> Option<Finding> {
    let end = part.end?;
    let is_too_much = end > next.start() + SLACK;
    is_too_much.then(|| {
        let (other, from, to) = (&next.talk, clock(next.start()), clock(end));
        let message = format!("it ends at {to}, and `{other}` begins at {from}");
        Finding::about(&part.talk, Kind::Times, to, message)
    })
}

/// A part that begins or ends where the recording is over.
fn beyond(part: &RecordingPart) -> Option<Finding> {
    let length = part.length?;
    let is_no_part = part.start() >= length;
    let ends_late = part.end.is_some_and(|end| end > length + SLACK);
    let (what, time) = match (is_no_part, part.end) {
        (true, _) => ("begins", part.start()),
        (_, Some(end)) if ends_late => ("ends", end),
        _ => return None,
    };
    let (time, length) = (clock(time), clock(length));
    let message = format!("it {what} at {time}, and the recording is over at {length}");
    Some(Finding::about(&part.talk, Kind::Times, time, message))
}

/// As people write it into the catalog: `1:02:30`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hours}:{minutes:02}:{seconds:02}")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Parts of an hour's recording, by start and end.
    fn check(parts: &[(u64, Option<u64>)], expected: &Expect) {
        let part = |(start, end): &(u64, Option<u64>)| RecordingPart {
            talk: TalkId {
                video: "jAtrviDGpwE".parse().unwrap(),
                start: Some(*start),
            },
            end: *end,
            length: Some(3600),
        };
        let parts: Vec<RecordingPart> = parts.iter().map(part).collect();
        let lines: Vec<String> = findings(&parts)
            .iter()
            .map(|found| format!("{}: {}\n", found.talk.as_ref().unwrap(), found.message))
            .collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn parts_follow_each_other_give_or_take_a_minute() {
        check(
            &[
                (0, Some(1200)),
                (1170, Some(2400)),
                (2400, Some(3630)),
                (3000, None),
            ],
            &expect![[r#"
                jAtrviDGpwE@40:00: it ends at 1:00:30, and `jAtrviDGpwE@50:00` begins at 0:50:00
            "#]],
        );
    }

    #[test]
    fn parts_within_parts_and_beyond_the_end_are_told() {
        check(
            &[
                (600, Some(1200)),
                (0, Some(1800)),
                (3000, Some(4000)),
                (3600, None),
            ],
            &expect![[r#"
                jAtrviDGpwE@0:00: it ends at 0:30:00, and `jAtrviDGpwE@10:00` begins at 0:10:00
                jAtrviDGpwE@50:00: it ends at 1:06:40, and the recording is over at 1:00:00
                jAtrviDGpwE@50:00: it ends at 1:06:40, and `jAtrviDGpwE@1:00:00` begins at 1:00:00
                jAtrviDGpwE@1:00:00: it begins at 1:00:00, and the recording is over at 1:00:00
            "#]],
        );
    }
}
