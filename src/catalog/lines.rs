//! The lines of `talks` that commands write: a line a talk, and comments for what is none.
//!
//! Pure: text out. What was left out stands in a comment of the same shape, so that whoever judges
//! otherwise takes the `#` away and has a talk.

use std::fmt::Write;

use crate::talk::id::{TalkId, VideoId};

/// A talk that a command writes into a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewTalk {
    /// How it is known.
    pub id: TalkId,
    /// Where it ends in the recording, in seconds.
    pub end: Option<u64>,
    /// Its title, where that is to be kept rather than asked for.
    pub title: Option<String>,
    /// What is said about it in a comment, such as the title that `YouTube` has.
    pub remark: Option<String>,
    /// Why it is a comment and no talk.
    pub left_out: Option<&'static str>,
}

impl NewTalk {
    /// A video of which nothing else is known.
    #[must_use]
    pub(crate) fn of(video: VideoId) -> Self {
        Self {
            id: TalkId::whole(video),
            end: None,
            title: None,
            remark: None,
            left_out: None,
        }
    }
}

/// The lines of these talks. Ids stand below each other whether they are talks or comments.
#[must_use]
pub(crate) fn lines(talks: &[NewTalk]) -> String {
    talks.iter().fold(String::new(), |mut text, talk| {
        let margin = talk.left_out.map_or(' ', |_| '#');
        let remark = talk.remark.as_deref().map(one_line);
        let remark = match (remark.filter(|remark| !remark.is_empty()), talk.left_out) {
            (Some(remark), Some(why)) => format!("  # {remark} — {why}"),
            (Some(remark), None) => format!("  # {remark}"),
            (None, Some(why)) => format!("  # {why}"),
            (None, None) => String::new(),
        };
        writeln!(text, "{margin} {},{remark}", entry(talk))
            .expect("writing to a string does not fail");
        text
    })
}

/// An id where that says it all, else a table.
fn entry(talk: &NewTalk) -> String {
    let id = quote(talk.id.video.as_str());
    let times = [("start", talk.id.start), ("end", talk.end)];
    let times = times.map(|(key, time)| Some((key, quote(&long_clock(time?)))));
    let title = talk.title.as_deref().map(|title| ("title", quote(title)));
    let keys = times.into_iter().chain([title]).flatten();
    let keys: Vec<String> = keys
        .map(|(key, value)| format!(", {key} = {value}"))
        .collect();
    if keys.is_empty() {
        id
    } else {
        format!("{{ id = {id}{} }}", keys.concat())
    }
}

/// `0:04:05`: times that stand below each other are of one length.
fn long_clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hours}:{minutes:02}:{seconds:02}")
}

/// A text as a TOML string on one line: JSON's escapes are all TOML's too, and only DEL is allowed
/// in the one and not in the other.
pub(super) fn quote(text: &str) -> String {
    let json = serde_json::to_string(text).expect("a text serializes");
    json.replace('\u{7f}', "\\u007F")
}

/// What may stand in a comment: one line without control characters.
#[must_use]
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn talks_and_comments_stand_below_each_other() {
        let talk = |id: &str| NewTalk::of(id.parse().unwrap());
        let part = |start, end, title: &str| NewTalk {
            id: TalkId {
                start: Some(start),
                ..talk("E98Pv36f0YI").id
            },
            end: Some(end),
            title: Some(title.to_owned()),
            ..talk("E98Pv36f0YI")
        };
        let talks = [
            NewTalk {
                remark: Some("Caches\r\nthat \u{1b}[1mexplain\ttthemselves".to_owned()),
                ..talk("rustyCache1")
            },
            talk("-cBplHNM4RA"),
            NewTalk {
                left_out: Some("private when this was written"),
                ..talk("_9xohmSa2G8")
            },
            NewTalk {
                remark: Some("Trailer".to_owned()),
                left_out: Some("a short"),
                ..talk("kernelSched")
            },
            part(0, 2105, "Opening \"words\""),
            NewTalk {
                left_out: Some("a break"),
                ..part(2105, 4000, "Coffee")
            },
        ];
        expect![[r#"
              "rustyCache1",  # Caches that [1mexplain tthemselves
              "-cBplHNM4RA",
            # "_9xohmSa2G8",  # private when this was written
            # "kernelSched",  # Trailer — a short
              { id = "E98Pv36f0YI", start = "0:00:00", end = "0:35:05", title = "Opening \"words\"" },
            # { id = "E98Pv36f0YI", start = "0:35:05", end = "1:06:40", title = "Coffee" },  # a break
        "#]]
        .assert_eq(&lines(&talks));
    }
}
