//! The lines of `talks` that commands write: a line a talk, and comments for what is none.
//!
//! Pure: text out. What was left out stands in a comment of the same shape, so that whoever judges
//! otherwise takes the `#` away and has a talk.

use std::fmt::Write;

use url::Url;

use crate::talk::id::{TalkId, VideoId};

/// A talk that a command writes into a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewTalk {
    /// How it is known.
    pub id: TalkId,
    /// The link of its recording, if that is not on `YouTube`.
    pub recording: Option<Url>,
    /// The link of its captions.
    pub captions: Option<Url>,
    /// Where it ends in the recording, in seconds.
    pub end: Option<u64>,
    /// Its title, where that is to be kept rather than asked for.
    pub title: Option<String>,
    /// When it was held, `2026-02-01`.
    pub date: Option<String>,
    /// How long it is, in seconds.
    pub duration: Option<u64>,
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
            recording: None,
            captions: None,
            end: None,
            title: None,
            date: None,
            duration: None,
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
    let links = [("video", &talk.recording), ("captions", &talk.captions)];
    let links = links.map(|(key, link)| Some((key, quote(link.as_ref()?.as_str()))));
    let time = |key, time: Option<u64>| Some((key, quote(&long_clock(time?))));
    let text = |key, text: &Option<String>| Some((key, quote(text.as_deref()?)));
    let others = [
        time("start", talk.id.start),
        time("end", talk.end),
        text("title", &talk.title),
        text("date", &talk.date),
        time("duration", talk.duration),
    ];
    let keys = links.into_iter().chain(others).flatten();
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
        let elsewhere = NewTalk {
            recording: Some("https://v.example/a.mp4".parse().unwrap()),
            captions: Some("https://v.example/a.vtt".parse().unwrap()),
            title: Some("Far away".to_owned()),
            date: Some("2026-02-01".to_owned()),
            duration: Some(3000),
            ..talk("uu7lxzaphmx")
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
            elsewhere,
        ];
        expect![[r#"
              "rustyCache1",  # Caches that [1mexplain tthemselves
              "-cBplHNM4RA",
            # "_9xohmSa2G8",  # private when this was written
            # "kernelSched",  # Trailer — a short
              { id = "E98Pv36f0YI", start = "0:00:00", end = "0:35:05", title = "Opening \"words\"" },
            # { id = "E98Pv36f0YI", start = "0:35:05", end = "1:06:40", title = "Coffee" },  # a break
              { id = "uu7lxzaphmx", video = "https://v.example/a.mp4", captions = "https://v.example/a.vtt", title = "Far away", date = "2026-02-01", duration = "0:50:00" },
        "#]]
        .assert_eq(&lines(&talks));
    }
}
