//! Files that are no captions, or none that are read: what each is, for the one who has put it there.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::StatusCode;

/// How files of other kinds begin, and what they are.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"%PDF-", "this is a PDF; save its text as .txt"),
    (
        b"PK\x03\x04",
        "this is a document of an office program, or an archive; save its text as .txt",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "this is a document of an office program; save its text as .txt",
    ),
    (b"{\\rtf", "this is rich text; save it as .txt"),
    (b"\x1f\x8b", "this is a compressed file; unpack it"),
    (b"BZh", "this is a compressed file; unpack it"),
    (b"\xfd7zXZ", "this is a compressed file; unpack it"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"ID3", RECORDING),
    (b"OggS", RECORDING),
    (b"RIFF", RECORDING),
    (b"fLaC", RECORDING),
    (b"\x1aE\xdf\xa3", RECORDING),
    (
        b"Scenarist_SCC",
        "these are closed captions of a broadcaster (SCC); convert them to .srt",
    ),
    (b"BEGIN:VCALENDAR", "this is a calendar"),
    (
        b"Traceback (most recent call last)",
        "this is how a program has failed",
    ),
    (b"diff --git ", "these are changes of source code"),
    (
        b"#EXTM3U",
        "this is the playlist of a stream, and the captions are in the files that it lists",
    ),
    (
        b"version https://git-lfs",
        "this is a placeholder of Git LFS; `git lfs pull` fetches the file itself",
    ),
];
const PICTURE: &str = "this is a picture";
const RECORDING: &str = "this is a recording, not its captions";
const BROADCAST: &str = "these are captions of a broadcaster (EBU STL); convert them to .srt";
/// Of so many characters one may be of no text.
const SHARE: usize = 50;

/// What a file is, if its first bytes say that it is no text with captions.
pub(super) fn told(bytes: &[u8]) -> Option<&'static str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = bytes.trim_ascii_start();
    let is_at = |place: usize, sign: &[u8]| {
        bytes
            .get(place..)
            .is_some_and(|rest| rest.starts_with(sign))
    };
    let begun = BEGINNINGS.iter().find(|(sign, _)| bytes.starts_with(sign));
    match begun {
        Some((_, what)) => Some(what),
        None if is_at(4, b"ftyp") => Some(RECORDING),
        None if is_at(3, b"STL25.01") || is_at(3, b"STL30.01") => Some(BROADCAST),
        None => None,
    }
}

/// Whether most lines with a clock say who has written to whom, as in the chat that Zoom saves.
fn is_chat(text: &str) -> bool {
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*\d{1,2}:\d{2}(?::\d{2})?\s").expect("the pattern is valid")
    });
    static MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"^\s*\d{1,2}:\d{2}(?::\d{2})?\s+(?:From|Von|De|Da|Van|Från|Fra|Od|От)\s+\S.{0,80}?\s+(?:to|an|à|a|para|per|aan|till|til|do|до|для|в)\s+\S.{0,80}?(?:\s*:|\))(?:\s|$)";
        Regex::new(pattern).expect("the pattern is valid")
    });
    static SENDER: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r"^\s*\d{1,2}:\d{2}:\d{2}\s*\t\s*(?:From|Von|De|Da)\s\s?\S[^:]{0,80}\s:(?:\s|$)";
        Regex::new(pattern).expect("the pattern is valid")
    });
    let clocked = text.lines().filter(|line| CLOCK.is_match(line)).count();
    let is_message = |line: &&str| MESSAGE.is_match(line) || SENDER.is_match(line);
    let messages = text.lines().filter(is_message).count();
    messages > 0 && messages * 2 > clocked
}

/// What a `WebVTT` file says of itself, where that is not captions.
fn told_by_header(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    let header = text.strip_prefix("WEBVTT")?.split("\n\n").next()?;
    let mut kinds = header.lines().filter_map(|line| line.strip_prefix("Kind:"));
    match kinds.next()?.trim() {
        "chapters" => Some("these are the chapters of a recording, not what was said in it"),
        "metadata" => Some("these are data for a player, not what was said"),
        _ => None,
    }
}

/// Whether a text is no more than the phrase of an HTTP status that is an error (RFC 9110).
fn is_refusal(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    let text = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
    let statuses = (400..600).filter_map(|code| StatusCode::from_u16(code).ok());
    let mut phrases = statuses.filter_map(|status| status.canonical_reason());
    phrases.any(|phrase| text.eq_ignore_ascii_case(phrase))
        || text.eq_ignore_ascii_case("access denied")
}

/// What a text is that was read and holds no captions.
pub(super) fn told_by_text(text: &str) -> Option<&'static str> {
    if let Some(what) = told_by_header(text) {
        return Some(what);
    }
    let is_odd =
        |letter: &char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\u{b}' | '\u{c}');
    let odd = text.chars().filter(is_odd).count();
    let pictures = text.lines().filter(|line| line.contains("#xywh="));
    if text.contains("\"replayChatItemAction\"") || is_chat(text) {
        Some("this is the chat beside a recording, not what was said in it")
    } else if odd > 4 && odd * SHARE > text.chars().count() {
        Some("this is a file of another kind, not text")
    } else if pictures.count() > 1 {
        Some("these are the pictures of a player's bar, not captions")
    } else if is_refusal(text) {
        Some("this is how a server has refused to send the file")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_kinds_are_named() {
        for (bytes, what) in [
            (&b"%PDF-1.7\n..."[..], "PDF"),
            (b"\xef\xbb\xbf{\\rtf1 So}", "rich text"),
            (b"PK\x03\x04word/document.xml", "office"),
            (b"\0\0\0\x20ftypisom", "recording"),
            (b"850STL25.010", "STL"),
            (b"Scenarist_SCC V1.0\n", "SCC"),
            (b"BEGIN:VCALENDAR\nVERSION:2.0\n", "calendar"),
        ] {
            assert!(told(bytes).unwrap().contains(what), "{what}");
        }
        assert_eq!(told(b"1\n00:00:01,000 --> 00:00:02,000\nPKs"), None);
    }

    #[test]
    fn what_is_no_text_is_told_from_text_with_a_stray_sign() {
        assert!(told_by_text("\u{1}\u{2}a\u{3}\u{4}b\u{5}").is_some());
        assert!(told_by_text(&format!("{} \u{1a}\0", "so we begin ".repeat(9))).is_none());
        assert!(told_by_text("WEBVTT\n\na.jpg#xywh=0,0,9,9\n\na.jpg#xywh=9,0,9,9\n").is_some());
    }

    #[test]
    fn chapters_data_and_refusals_are_no_speech() {
        for (text, what) in [
            (
                "WEBVTT\nKind: chapters\n\n00:00.000 --> 01:00.000\nBees\n",
                "chapters",
            ),
            (
                "\n\nWEBVTT\nKind: metadata\n\n00:00.000 --> 01:00.000\n{}\n",
                "data",
            ),
            ("Too Many Requests\n", "refused"),
            ("404 Not Found", "refused"),
        ] {
            assert!(told_by_text(text).unwrap().contains(what), "{text}");
        }
        for speech in [
            "WEBVTT\nKind: captions\n\n00:00.000 --> 01:00.000\nKind: chapters\n",
            "Too many requests came from bees.",
        ] {
            assert_eq!(told_by_text(speech), None, "{speech}");
        }
    }

    #[test]
    fn the_chat_of_a_meeting_is_no_speech() {
        for chat in [
            "00:01:02\t From  Ada Quill  to  Everyone: Can you hear us?\n00:01:09\t From  Ben Oak  to  Everyone: Yes!\n",
            "00:01:02\tFrom Ada Quill to Everyone:\n\tCan you hear us?\n00:01:09\tFrom Ben Oak to Ada Quill(Direct Message):\n\tYes!\n",
            "00:01:02\t Von  Ada Quill  an  Alle : Hört ihr uns?\n",
            "00:01:02\tFrom Ada Quill : Can you hear us?\n",
            "{\"replayChatItemAction\": {\"actions\": []}}\n",
        ] {
            assert!(told_by_text(chat).unwrap().contains("chat"), "{chat}");
        }
        for speech in [
            "00:01 From Ghent to Riga: so far.\n00:02 We went by ship.\n00:03 And slept.\n",
            "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nAda Quill: From here to everyone: hello.\n",
        ] {
            assert_eq!(told_by_text(speech), None, "{speech}");
        }
    }
}
