//! Properties over made-up talks: what was said, written in each format as `YouTube` or an
//! organizer writes it, comes back word for word. What damaged files come to is in `damage.rs`.

use std::fmt::Write;

use html_escape::{encode_double_quoted_attribute, encode_text};
use proptest::{collection::vec, prelude::Strategy, prop_assert, prop_assert_eq, proptest, sample};
use serde_json::json;

use super::{CaptionFormat, cues};

/// Few enough for repetitions to be common, and awkward enough for escapes and markup to matter.
const WORDS: &[&str] = &[
    "no", "very", "yes", "the", "don't", "R&D", "Vec<T>", "naïve", "日本", "42", "[", "music",
    "a:b",
];
/// The lines of a talk, each spoken for two seconds.
pub(super) type SpokenLines = Vec<Vec<&'static str>>;
const LINE: usize = 2000;

pub(super) fn talk() -> impl Strategy<Value = SpokenLines> {
    vec(vec(sample::select(WORDS), 1..6), 1..12)
}

/// A talk in every format, as it is written by whoever writes that format.
pub(super) fn files(talk: &SpokenLines) -> Vec<(CaptionFormat, String)> {
    let rolling = [
        (CaptionFormat::Vtt, rolling_vtt(talk)),
        (CaptionFormat::Srt, rolling_srt(talk)),
    ];
    rolling
        .into_iter()
        .chain(files_that_roll_not(talk))
        .collect()
}

/// A talk in the forms that say each word once.
pub(super) fn files_that_roll_not(talk: &SpokenLines) -> [(CaptionFormat, String); 11] {
    [
        (CaptionFormat::Json3, automatic_json3(talk)),
        (CaptionFormat::Vtt, manual_vtt(talk)),
        (CaptionFormat::Srt, manual_srt(talk)),
        (CaptionFormat::Srv1, overlapping_srv1(talk)),
        (CaptionFormat::TimedText, automatic_timed_text(talk)),
        (CaptionFormat::Ttml, ttml(talk)),
        (CaptionFormat::Sbv, sbv(talk)),
        (CaptionFormat::Ass, ass(talk)),
        (CaptionFormat::Segments, whisper_json(talk)),
        (CaptionFormat::Tsv, whisper_tsv(talk)),
        (CaptionFormat::Text, plain_text(talk)),
    ]
}

fn clock(milliseconds: usize) -> String {
    let seconds = milliseconds / 1000;
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        milliseconds % 1000
    )
}

fn automatic_json3(talk: &SpokenLines) -> String {
    let mut events = vec![json!({"tStartMs": 0, "dDurationMs": 99_000, "id": 1})];
    for (line, words) in talk.iter().enumerate() {
        let segments = words
            .iter()
            .enumerate()
            .map(|(position, word)| match position {
                0 => json!({"utf8": word, "acAsrConf": 0}),
                _ => json!({"utf8": format!(" {word}"), "tOffsetMs": position * 400}),
            });
        let segments: Vec<_> = segments.collect();
        events.push(json!({"tStartMs": line * LINE, "dDurationMs": 2 * LINE, "segs": segments}));
        events.push(
            json!({"tStartMs": (line + 1) * LINE - 10, "aAppend": 1, "segs": [{"utf8": "\n"}]}),
        );
    }
    json!({"wireMagic": "pb3", "events": events}).to_string()
}

fn rolling_vtt(talk: &SpokenLines) -> String {
    let mut file = "WEBVTT\nKind: captions\nLanguage: en\n\n".to_owned();
    let mut above = " ".to_owned();
    for (line, words) in talk.iter().enumerate() {
        let (start, end) = (line * LINE, (line + 1) * LINE);
        let (first, others) = words.split_first().unwrap();
        let mut timed = encode_text(first).into_owned();
        for (position, word) in (1..).zip(others) {
            write!(
                timed,
                "<{}><c> {}</c>",
                clock(start + position * 400),
                encode_text(word)
            )
            .unwrap();
        }
        let plain = encode_text(&words.join(" ")).into_owned();
        let settings = "align:start position:0%";
        let (start, echo, end) = (clock(start), clock(end - 10), clock(end));
        write!(file, "{start} --> {echo} {settings}\n{above}\n{timed}\n\n").unwrap();
        write!(file, "{echo} --> {end} {settings}\n{plain}\n \n\n").unwrap();
        above = plain;
    }
    file
}

fn rolling_srt(talk: &SpokenLines) -> String {
    let mut file = String::new();
    let mut above = String::new();
    for (line, words) in talk.iter().enumerate() {
        let (number, text) = (2 * line + 1, words.join(" "));
        let (start, echo, end) = (
            clock(line * LINE),
            clock((line + 1) * LINE - 10),
            clock((line + 1) * LINE),
        );
        write!(file, "{number}\n{start} --> {echo}\n{above}{text}\n\n").unwrap();
        write!(file, "{}\n{echo} --> {end}\n{text}\n\n", number + 1).unwrap();
        above = format!("{text}\n");
    }
    file.replace('.', ",")
}

fn manual_vtt(talk: &SpokenLines) -> String {
    let mut file = "WEBVTT\n\n".to_owned();
    for (line, words) in talk.iter().enumerate() {
        let (start, end) = (clock(line * LINE), clock((line + 1) * LINE));
        write!(
            file,
            "{start} --> {end} align:start position:0%\n<v Ann>{}\n\n",
            encode_text(&words.join(" "))
        )
        .unwrap();
    }
    file
}

fn manual_srt(talk: &SpokenLines) -> String {
    let mut file = String::new();
    for (line, words) in talk.iter().enumerate() {
        let (start, end) = (clock(line * LINE), clock((line + 1) * LINE));
        write!(
            file,
            "{}\r\n{start} --> {end}\r\n<i>{}</i>\r\n\r\n",
            line + 1,
            words.join(" ")
        )
        .unwrap();
    }
    file
}

fn overlapping_srv1(talk: &SpokenLines) -> String {
    let mut file = "<?xml version=\"1.0\" encoding=\"utf-8\" ?><transcript>".to_owned();
    for (line, words) in talk.iter().enumerate() {
        let text = encode_double_quoted_attribute(&words.join(" ")).into_owned();
        let (start, text) = (2 * line, encode_text(&text));
        write!(file, "<text start=\"{start}\" dur=\"4.5\">{text}</text>").unwrap();
    }
    file + "</transcript>"
}

fn automatic_timed_text(talk: &SpokenLines) -> String {
    let mut file = "<timedtext format=\"3\"><head/><body><w t=\"0\" id=\"1\"/>".to_owned();
    for (line, words) in talk.iter().enumerate() {
        let start = line * LINE;
        write!(file, "<p t=\"{start}\" d=\"{}\" w=\"1\">", 2 * LINE).unwrap();
        for (position, word) in words.iter().enumerate() {
            let blank = if position == 0 { "" } else { " " };
            let (offset, word) = (position * 400, encode_text(word));
            write!(file, "<s t=\"{offset}\" ac=\"0\">{blank}{word}</s>").unwrap();
        }
        write!(
            file,
            "</p><p t=\"{}\" w=\"1\" a=\"1\">\n</p>",
            start + LINE - 10
        )
        .unwrap();
    }
    file + "</body></timedtext>"
}

fn ttml(talk: &SpokenLines) -> String {
    let mut file = "<tt xmlns=\"http://www.w3.org/ns/ttml\"><head/><body>\n<div>\n".to_owned();
    for (line, words) in talk.iter().enumerate() {
        let (start, end) = (clock(line * LINE), clock((line + 1) * LINE));
        let text = words.join(" ");
        let text = encode_text(&text);
        writeln!(file, "<p begin=\"{start}\" end=\"{end}\">{text}</p>").unwrap();
    }
    file + "</div></body></tt>"
}

fn sbv(talk: &SpokenLines) -> String {
    let mut file = String::new();
    for (line, words) in talk.iter().enumerate() {
        let (start, end) = (clock(line * LINE), clock((line + 1) * LINE));
        write!(file, "{start},{end}\n{}\n\n", words.join(" ")).unwrap();
    }
    file
}

fn ass(talk: &SpokenLines) -> String {
    let mut file = "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Text\n".to_owned();
    for (line, words) in talk.iter().enumerate() {
        let (start, end) = (clock(line * LINE), clock((line + 1) * LINE));
        writeln!(
            file,
            "Dialogue: 0,{start},{end},{{\\i1}}{}",
            words.join(" ")
        )
        .unwrap();
    }
    file
}

fn whisper_json(talk: &SpokenLines) -> String {
    let segments = talk.iter().enumerate();
    let segments = segments.map(|(line, words)| {
        let text = format!(" {}", words.join(" "));
        json!({"id": line, "start": line * LINE / 1000, "end": (line + 1) * LINE / 1000, "text": text})
    });
    json!({"text": "", "segments": segments.collect::<Vec<_>>(), "language": "en"}).to_string()
}

fn whisper_tsv(talk: &SpokenLines) -> String {
    let mut file = "start\tend\ttext\n".to_owned();
    for (line, words) in talk.iter().enumerate() {
        let (start, end) = (line * LINE, (line + 1) * LINE);
        writeln!(file, "{start}\t{end}\t{}", words.join(" ")).unwrap();
    }
    file
}

fn plain_text(talk: &SpokenLines) -> String {
    talk.iter()
        .map(|words| words.join(" "))
        .collect::<Vec<_>>()
        .join("\n\n")
}

proptest! {
    #[test]
    fn every_word_comes_back_once_and_in_order(talk in talk()) {
        let spoken = talk.concat();
        for (format, file) in files(&talk) {
            let cues = cues(format, file.as_bytes()).unwrap();
            let words: Vec<_> = cues.iter().flat_map(|cue| cue.text.split(' ')).collect();
            prop_assert_eq!(&words, &spoken, "{}\n{}", format, file);
            let spans: Vec<_> = cues.iter().filter_map(|cue| cue.span).collect();
            let timed = if format == CaptionFormat::Text { 0 } else { cues.len() };
            prop_assert_eq!(spans.len(), timed);
            let are_apart = spans.windows(2).all(|pair| pair[0].end <= pair[1].start);
            prop_assert!(are_apart, "spans overlap: {:?}", spans);
        }
    }
}
