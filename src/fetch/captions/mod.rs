//! Caption files into cues, one file a format.
//!
//! Whatever the format, every word that was spoken comes out once and in its order: what a
//! format repeats for the screen is dropped, what the speaker repeats is kept.
//! Pure: bytes in, cues out. Where the bytes come from, and which of several tracks is the right
//! one, is not known here.

use std::error::Error;
use std::fmt;

use thiserror::Error;

use crate::encoding::decode_as;
use crate::talk::transcript::Cue;

mod foreign;
mod format;
// One file a format.
mod ass;
mod clocked;
mod json3;
mod micro_dvd;
mod sami;
mod sbv;
mod segments;
mod srt;
mod srv1;
mod text;
mod timed_text;
mod tsv;
mod ttml;
mod vtt;
// What the formats share: a file goes through blocks, markup, rolling, lines, cleanup and voices.
mod blocks;
mod cleanup;
mod credits;
mod doubled;
mod emphasis;
mod growing;
mod highlights;
mod joined;
mod lines;
mod markup;
mod names;
mod patterns;
mod rolling;
mod segment_times;
mod sounds;
mod spelled_clocks;
mod spoken_words;
mod times;
mod transcript_rows;
mod voices;
mod written_breaks;

#[cfg(test)]
mod damage;
#[cfg(test)]
mod round_trip;

/// A way of writing captions down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptionFormat {
    /// `YouTube`'s JSON, in which automatic captions give the time of each word.
    Json3,
    /// W3C `WebVTT`.
    Vtt,
    /// `SubRip`.
    Srt,
    /// `YouTube`'s first XML, still what it sends when asked for no format.
    Srv1,
    /// `YouTube`'s later XML, srv2 and srv3.
    TimedText,
    /// W3C TTML and its relatives.
    Ttml,
    /// Microsoft's SAMI.
    Sami,
    /// What `YouTube` Studio saves.
    Sbv,
    /// `SubStation`.
    Ass,
    /// The JSON of Whisper and its relatives.
    Segments,
    /// The tables of Whisper, Audacity and spreadsheets.
    Tsv,
    /// Lines that count frames or tenths of a second.
    MicroDvd,
    /// Plain text, with clocks in it or without.
    Text,
}

impl CaptionFormat {
    /// The format that a file's extension (without its dot, in any case) stands for.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "json3" => Some(Self::Json3),
            "vtt" => Some(Self::Vtt),
            "srt" => Some(Self::Srt),
            "srv1" | "xml" => Some(Self::Srv1),
            "srv2" | "srv3" => Some(Self::TimedText),
            "ttml" | "dfxp" | "itt" => Some(Self::Ttml),
            "smi" | "sami" => Some(Self::Sami),
            "sbv" => Some(Self::Sbv),
            "ass" | "ssa" => Some(Self::Ass),
            "json" | "jsonl" => Some(Self::Segments),
            "tsv" | "csv" => Some(Self::Tsv),
            "sub" => Some(Self::MicroDvd),
            "txt" | "lrc" => Some(Self::Text),
            _ => None,
        }
    }
}

impl fmt::Display for CaptionFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Json3 => "json3",
            Self::Vtt => "vtt",
            Self::Srt => "srt",
            Self::Srv1 => "srv1",
            Self::TimedText => "srv3",
            Self::Ttml => "ttml",
            Self::Sami => "smi",
            Self::Sbv => "sbv",
            Self::Ass => "ass",
            Self::Segments => "json",
            Self::Tsv => "tsv",
            Self::MicroDvd => "sub",
            Self::Text => "txt",
        })
    }
}

/// Why a file gave no cues.
#[derive(Debug, Error)]
pub enum CaptionsError {
    /// The file is damaged, cut, or something else altogether, such as an error page.
    #[error("captions are not valid {format} (line {line})")]
    NotValid {
        /// What the file was read as.
        format: CaptionFormat,
        /// Where reading stopped, counted from 1.
        line: usize,
        /// What is wrong there.
        #[source]
        reason: Box<dyn Error + Send + Sync>,
    },
    /// The file is empty, or well-formed without a spoken word.
    #[error("captions hold no text")]
    NoText,
}

/// Turns a caption file into cues in the order of time.
///
/// # Errors
///
/// As `read`.
pub fn cues(format: CaptionFormat, bytes: &[u8]) -> Result<Vec<Cue>, CaptionsError> {
    read(format, bytes, None)
}

/// Reads a caption file that is called as if it were of this format, and is in that language
/// (BCP 47).
///
/// The content tells what the file is, and the name only where it could be either. A cue ends where
/// its words do and never after the next one's start, so that a pause of the speaker is a gap
/// between two spans. Plain text has no spans.
///
/// # Errors
///
/// [`CaptionsError::NotValid`] if the file is not of this format or visibly cut,
/// [`CaptionsError::NoText`] if nothing was said in it.
pub(crate) fn read(
    named: CaptionFormat,
    bytes: &[u8],
    language: Option<&str>,
) -> Result<Vec<Cue>, CaptionsError> {
    let not_valid = |what: &str| CaptionsError::NotValid {
        format: named,
        line: 1,
        reason: what.into(),
    };
    if let Some(what) = foreign::told(bytes) {
        return Err(not_valid(what));
    }
    let decoded = decode_as(bytes, language).text;
    let text = tidy(&decoded);
    if text.trim().is_empty() {
        return Err(CaptionsError::NoText);
    }
    if let Some(what) = foreign::told_by_text(&text) {
        return Err(not_valid(what));
    }
    let spoken = spoken(named, &text, language);
    let cues = voices::label(spoken.map_err(|error| error.within(&decoded))?);
    let cues = credits::without_credits(cues);
    if cues.is_empty() {
        return Err(CaptionsError::NoText);
    }
    Ok(cues)
}

impl CaptionsError {
    /// The same error in a line that the file has: line breaks that are only written as letters make no
    /// lines.
    fn within(self, file: &str) -> Self {
        const BREAKS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];
        match self {
            Self::NotValid {
                format,
                line,
                reason,
            } => Self::NotValid {
                format,
                line: line.min(1 + file.matches(BREAKS).count()),
                reason,
            },
            Self::NoText => Self::NoText,
        }
    }
}

/// A text with one kind of line break, without signs that nobody sees, and without the fence that
/// a chat puts around a file.
fn tidy(text: &str) -> String {
    let text = text.replace("\r\r\n", "\n").replace("\r\n", "\n");
    let mut text = text.replace('\r', "\n").replace(is_unseen, "");
    let is_json = text.trim_start().starts_with(['{', '[']);
    if !is_json && !text.contains('\n') {
        text = text.replace(['\u{2028}', '\u{2029}'], "\n");
    }
    if !is_json && written_breaks::are_all(&text) {
        text = written_breaks::broken(&text);
    }
    let text = text.trim_end_matches(['\0', '\u{1a}']);
    let fenced = || {
        let (first, rest) = text.trim().strip_prefix("```")?.split_once('\n')?;
        let is_language = first.chars().all(char::is_alphanumeric);
        rest.strip_suffix("```").filter(|_| is_language)
    };
    let text = fenced().unwrap_or(text);
    unquoted(text).unwrap_or_else(|| text.to_owned())
}

/// A text without the `>` with which mail and Markdown quote each of its lines.
fn unquoted(text: &str) -> Option<String> {
    let bare = |line: &str| match line.trim_end() {
        "" | ">" => Some(String::new()),
        line => line.strip_prefix("> ").map(str::to_owned),
    };
    let lines: Option<Vec<String>> = text.lines().map(bare).collect();
    let lines = lines.filter(|lines| lines.len() > 1)?;
    Some(format!("{}\n", lines.join("\n")))
}

/// Marks of byte order and of writing direction, also in the midst of times.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn spoken(
    named: CaptionFormat,
    text: &str,
    language: Option<&str>,
) -> Result<Vec<Cue>, CaptionsError> {
    if format::is_web_page(text) {
        return Err(CaptionsError::NotValid {
            format: named,
            line: 1,
            reason: "this is a web page".into(),
        });
    }
    let lines = match format::told(text, named) {
        CaptionFormat::Json3 => json3::lines(text)?,
        CaptionFormat::Vtt => vtt::lines(text.trim_start_matches('\n'))?,
        CaptionFormat::Srt => srt::lines(text)?,
        CaptionFormat::Srv1 => srv1::lines(text)?,
        CaptionFormat::TimedText => timed_text::lines(text)?,
        CaptionFormat::Ttml => ttml::lines(text, language)?,
        CaptionFormat::Sami => sami::lines(text, language)?,
        CaptionFormat::Sbv => sbv::lines(text)?,
        CaptionFormat::Ass => ass::lines(text)?,
        CaptionFormat::Segments => segments::lines(text)?,
        CaptionFormat::Tsv => tsv::lines(text)?,
        CaptionFormat::MicroDvd => micro_dvd::lines(text)?,
        CaptionFormat::Text => return Ok(text::cues(text)),
    };
    Ok(lines::cues(lines))
}

/// What of a text was spoken, for words that come from no caption file; `None` if nothing.
pub(super) fn clean(text: &str) -> Option<String> {
    cleanup::clean(text)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::Expect;

    use super::{CaptionFormat, CaptionsError, Cue, cues};

    /// Compares what a file gives, one cue a line, with what is expected of it.
    pub(super) fn check(format: CaptionFormat, file: &str, expected: &Expect) {
        expected.assert_eq(&match cues(format, file.as_bytes()) {
            Ok(cues) => listing(&cues),
            Err(error @ CaptionsError::NoText) => error.to_string(),
            Err(CaptionsError::NotValid { line, reason, .. }) => format!("line {line}: {reason}"),
        });
    }

    /// One cue a line, its times in seconds.
    pub(super) fn listing(cues: &[Cue]) -> String {
        cues.iter()
            .fold(String::new(), |mut listing, Cue { span, text }| {
                if let Some(span) = span {
                    let (start, end) = (span.start.as_secs_f64(), span.end.as_secs_f64());
                    write!(listing, "{start:.2}-{end:.2} ").unwrap();
                }
                writeln!(listing, "{text}").unwrap();
                listing
            })
    }

    fn plain(bytes: &[u8]) -> String {
        cues(CaptionFormat::Text, bytes).unwrap().remove(0).text
    }

    #[test]
    fn extension_names_the_format_in_any_case() {
        assert_eq!(
            CaptionFormat::from_extension("VTT"),
            Some(CaptionFormat::Vtt)
        );
        assert_eq!(
            CaptionFormat::from_extension("xml"),
            Some(CaptionFormat::Srv1)
        );
        assert_eq!(CaptionFormat::from_extension("mp4"), None);
    }

    #[test]
    fn a_file_that_is_quoted_is_read() {
        let quoted = "> 1\n> 00:00:01,000 --> 00:00:02,000\n> So we begin.\n>\n> 2\n> 00:00:02,000 --> 00:00:03,000\n> >> And go on.\n";
        check(
            CaptionFormat::Srt,
            quoted,
            &expect_test::expect![[r"
                1.00-2.00 So we begin.
                2.00-3.00 And go on.
            "]],
        );
    }

    #[test]
    fn usual_encodings_are_told_apart() {
        assert_eq!(plain("Grüße".as_bytes()), "Grüße");
        assert_eq!(plain(b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe"), "Grüße");
        assert_eq!(plain(b"\xff\xfeG\0r\0\xfc\0"), "Grü");
        assert_eq!(plain(b"\xfe\xff\0G\0r\0\xfc"), "Grü");
        assert_eq!(plain(b"Gr\xfc\xdfe"), "Grüße");
    }

    #[test]
    fn file_cut_within_a_letter_stays_utf8() {
        assert_eq!(plain(b"Gr\xc3\xbc\xc3"), "Grü\u{fffd}");
    }

    #[test]
    fn empty_file_has_no_text_in_any_format() {
        for extension in ["json3", "vtt", "srt", "xml", "txt"] {
            let format = CaptionFormat::from_extension(extension).unwrap();
            for bytes in [&b""[..], b"\xef\xbb\xbf", b" \r\n\r\n"] {
                assert!(matches!(cues(format, bytes), Err(CaptionsError::NoText)));
            }
        }
    }
}
