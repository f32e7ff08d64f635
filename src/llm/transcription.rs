//! The wire format of `OpenAI`'s audio transcriptions, and of the servers that speak it.
//!
//! Pure: a request goes out as the text fields of a form, a body comes back as a [`Transcription`].
//! Servers differ in what they reply; a [`Detail`] says how much is asked of one. What Whisper says
//! into silence and what it says over and over is left out.
//! Format: <https://platform.openai.com/docs/api-reference/audio/createTranscription>.

use std::time::Duration;

use isolang::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation;

use crate::talk::one_line;
use crate::talk::transcript::{Cue, Span};

/// What is asked about a recording. It names no address and no key, so the cache can be named by
/// its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptionRequest {
    /// The model's name.
    pub model: String,
    /// The language that is spoken (ISO 639-1), where it is known.
    pub language: Option<String>,
    /// Names as they are written, which the model is more likely to hear then.
    pub prompt: Option<String>,
}

/// How much a reply is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The words in segments, with times.
    Segments,
    /// The words alone.
    Words,
}

/// What a model has heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcription {
    /// The language it took it for (ISO 639-1).
    pub language: Option<String>,
    /// The words: a cue a segment, or a cue a sentence without times.
    pub cues: Vec<Cue>,
}

/// A recording that a model has listened to, which is what is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// How long it is, where that is known.
    pub length: Option<Duration>,
}

/// Why a reply is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// It has neither segments nor a text.
    #[error("the reply is no transcription")]
    NoTranscription,
    /// Nothing was said, or nothing that can be believed.
    #[error("the transcription has no words")]
    NoWords,
    /// So little was said that a model may have heard it in silence or music.
    #[error("the transcription has {words} words for {minutes} minutes")]
    FewWords {
        /// How many words there are.
        words: u64,
        /// How long the recording is.
        minutes: u64,
    },
}

/// A segment above it is said to repeat itself, by the threshold of
/// <https://github.com/openai/whisper/blob/main/whisper/transcribe.py>, where the next two are from
/// too.
const COMPRESSION_RATIO: f64 = 2.4;
/// A segment above it may be silence.
const NO_SPEECH: f64 = 0.6;
/// And it is, if the model is less sure of its words than this.
const LOG_PROBABILITY: f64 = -1.0;
/// Whoever gives a talk says a hundred words a minute. A model that is played silence says one or
/// two now and then, and a long recording may have long breaks.
const FEWEST_WORDS: u64 = 2;
/// Somebody may say "no" three times; a model that has lost the thread does not stop there.
const MOST_REPEATS: usize = 3;

/// The text fields of the form; the file is one more, named `file`.
pub(super) fn fields(
    request: &TranscriptionRequest,
    detail: Detail,
) -> Vec<(&'static str, String)> {
    let mut fields = vec![("model", request.model.clone())];
    match detail {
        Detail::Segments => fields.extend([
            ("response_format", "verbose_json".to_owned()),
            ("timestamp_granularities[]", "segment".to_owned()),
        ]),
        Detail::Words => fields.push(("response_format", "json".to_owned())),
    }
    let hints = [("language", &request.language), ("prompt", &request.prompt)];
    for (name, hint) in hints {
        fields.extend(hint.clone().map(|hint| (name, hint)));
    }
    fields
}

/// Whether a refusal is about the detail that was asked for, and not about the recording.
#[must_use]
pub fn is_about_detail(message: &str) -> bool {
    let words = ["response_format", "verbose_json", "timestamp_granularities"];
    words.iter().any(|word| message.contains(word))
}

/// The media type that goes with an extension, as far as endpoints take it.
pub(super) fn media_type(extension: &str) -> &'static str {
    match extension {
        "webm" => "audio/webm",
        "m4a" | "mp4" => "audio/mp4",
        "mp3" => "audio/mpeg",
        "ogg" | "opus" => "audio/ogg",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        _ => "application/octet-stream",
    }
}

/// The body of a success. What is no JSON is kept as a text, since it may be paid for as well;
/// `None` where it is an error or the page of somebody on the way.
pub(super) fn body(bytes: &[u8]) -> Option<Value> {
    let body = serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(bytes).trim()));
    let is_reply = match &body {
        Value::String(text) => !text.is_empty() && !text.starts_with('<'),
        body => body.get("error").is_none_or(Value::is_null),
    };
    is_reply.then_some(body)
}

/// Reads a stored or received body, the reply to a request with this prompt.
pub fn transcription(body: &Value, prompt: Option<&str>) -> Result<Transcription, Fault> {
    let segments = body["segments"].as_array().filter(|all| !all.is_empty());
    let cues = match (segments, body["text"].as_str()) {
        (Some(segments), _) => segments
            .iter()
            .filter_map(|segment| cue(segment, prompt))
            .collect(),
        (None, Some(text)) => sentences(text),
        (None, None) => return Err(Fault::NoTranscription),
    };
    let cues = without_loops(&cues);
    if cues.is_empty() {
        return Err(Fault::NoWords);
    }
    let words = cues
        .iter()
        .map(|cue| cue.text.unicode_words().count() as u64);
    let (words, minutes) = (words.sum(), length(body).unwrap_or_default().as_secs() / 60);
    if words < FEWEST_WORDS * minutes {
        return Err(Fault::FewWords { words, minutes });
    }
    let language = body["language"].as_str().and_then(language_code);
    Ok(Transcription { language, cues })
}

/// How long the recording is that a body is about, where it says so.
#[must_use]
pub fn length(body: &Value) -> Option<Duration> {
    let usage = &body["usage"];
    let billed = Some(&usage["seconds"]).filter(|_| usage["type"] == "duration");
    billed
        .and_then(duration)
        .or_else(|| duration(&body["duration"]))
}

/// The two letters of a language that is given as a tag or by its English name.
#[must_use]
pub fn language_code(language: &str) -> Option<String> {
    let primary = language.split(['-', '_']).next().unwrap_or(language);
    let primary = primary.trim().to_lowercase();
    let mut letters = primary.chars();
    let first = letters.next()?.to_ascii_uppercase();
    let name = format!("{first}{}", letters.as_str());
    let known = Language::from_639_1(&primary)
        .or_else(|| Language::from_639_3(&primary))
        .or_else(|| Language::from_name(&name));
    Some(known?.to_639_1()?.to_owned())
}

fn cue(segment: &Value, prompt: Option<&str>) -> Option<Cue> {
    let text = one_line(segment["text"].as_str()?);
    let above = |name: &str, limit: f64| segment[name].as_f64().is_some_and(|value| value > limit);
    let is_unsure = segment["avg_logprob"]
        .as_f64()
        .is_some_and(|sure| sure < LOG_PROBABILITY);
    // Of names in its prompt, a model is quite sure to hear them where nobody speaks.
    let is_echo = prompt.is_some_and(|prompt| prompt.contains(text.trim_end_matches(['.', ','])));
    let is_silence = (is_unsure || is_echo) && above("no_speech_prob", NO_SPEECH);
    if is_silence || above("compression_ratio", COMPRESSION_RATIO) {
        return None;
    }
    let times = duration(&segment["start"]).zip(duration(&segment["end"]));
    let span = times.map(|(start, end)| Span {
        start,
        end: end.max(start),
    });
    (!text.is_empty()).then_some(Cue { span, text })
}

fn sentences(text: &str) -> Vec<Cue> {
    let sentences = text.split_sentence_bounds().map(one_line);
    sentences
        .filter(|text| !text.is_empty())
        .map(|text| Cue { span: None, text })
        .collect()
}

/// Of a text that is said more often in a row than anybody would, one is left.
fn without_loops(cues: &[Cue]) -> Vec<Cue> {
    let is_same = |a: &Cue, b: &Cue| a.text.to_lowercase() == b.text.to_lowercase();
    let runs = cues.chunk_by(is_same);
    runs.flat_map(|run| match run.len() {
        0..=MOST_REPEATS => run,
        _ => &run[..1],
    })
    .cloned()
    .collect()
}

/// Seconds, as a number or, from some servers, as a text.
fn duration(seconds: &Value) -> Option<Duration> {
    let seconds = match seconds {
        Value::String(text) => text.trim().parse().ok(),
        number => number.as_f64(),
    };
    Duration::try_from_secs_f64(seconds?).ok()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn check(body: &Value, expected: &Expect) {
        let heard = match transcription(body, Some("Tomasz Nowak, Brindlet")) {
            Ok(Transcription { language, cues }) => {
                let lines = cues.into_iter().map(String::from);
                let language = language.unwrap_or_else(|| "unknown".to_owned());
                [language].into_iter().chain(lines).collect::<Vec<_>>()
            }
            Err(fault) => vec![fault.to_string()],
        };
        expected.assert_eq(&(heard.join("\n") + "\n"));
    }

    fn segment(second: u32, text: &str) -> Value {
        json!({ "start": second, "end": second + 4, "text": text, "avg_logprob": -0.2,
                "compression_ratio": 1.4, "no_speech_prob": 0.01 })
    }

    #[test]
    fn times_are_asked_for_and_hints_are_sent_where_there_are_any() {
        let request = TranscriptionRequest {
            model: "whisper-1".into(),
            language: None,
            prompt: None,
        };
        let lines = |request: &TranscriptionRequest, detail| {
            let fields = fields(request, detail);
            let lines = fields.iter().map(|(name, value)| format!("{name}={value}"));
            lines.collect::<Vec<_>>().join("\n")
        };
        expect![[r#"
            model=whisper-1
            response_format=verbose_json
            timestamp_granularities[]=segment"#]]
        .assert_eq(&lines(&request, Detail::Segments));
        let hinted = TranscriptionRequest {
            language: Some("de".into()),
            prompt: Some("Brindlet, Lohikko".into()),
            ..request
        };
        expect![[r#"
            model=whisper-1
            response_format=json
            language=de
            prompt=Brindlet, Lohikko"#]]
        .assert_eq(&lines(&hinted, Detail::Words));
    }

    #[test]
    fn only_a_refusal_of_the_detail_is_one() {
        for (message, is_one) in [
            (
                "response_format 'verbose_json' is not compatible with model 'x'. Use 'json' or 'text' instead.",
                true,
            ),
            ("unexpected field timestamp_granularities[]", true),
            (
                "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3']",
                false,
            ),
            (
                "audio duration 2200 seconds is longer than 1400 seconds",
                false,
            ),
        ] {
            assert_eq!(is_about_detail(message), is_one, "{message}");
        }
    }

    #[test]
    fn segments_become_cues_with_times() {
        check(
            &json!({ "language": "english", "duration": 8.47, "text": "Welcome to the talk. Today: caches.",
                     "segments": [
                        { "start": 0.0, "end": 3.319_999_933, "text": " Welcome to\nthe talk." },
                        { "start": "4.5", "end": "4.0", "text": " Today: caches." },
                        { "start": null, "end": 9.0, "text": " No time." },
                        { "start": 9.0, "end": 9.5, "text": "  " },
                     ] }),
            &expect![[r#"
                en
                0.000 3.320 Welcome to the talk.
                4.500 4.500 Today: caches.
                - - No time.
            "#]],
        );
    }

    #[test]
    fn a_text_alone_becomes_a_cue_a_sentence() {
        check(
            &json!({ "text": " Guten Tag. Heute geht es um 3.5 Dinge! Gut?\n", "segments": [] }),
            &expect![[r#"
                unknown
                - - Guten Tag.
                - - Heute geht es um 3.5 Dinge!
                - - Gut?
            "#]],
        );
    }

    #[test]
    fn what_is_said_into_silence_and_over_and_over_is_left_out() {
        let mut silence = segment(0, "Thanks for watching!");
        silence["no_speech_prob"] = json!(0.9);
        silence["avg_logprob"] = json!(-1.3);
        let mut sure = segment(4, "You may still hear me.");
        sure["no_speech_prob"] = json!(0.9);
        let mut echo = sure.clone();
        echo["text"] = json!(" Brindlet.");
        let said = segment(6, "Brindlet.");
        let mut stuck = segment(8, "la la la la la la la la la la");
        stuck["compression_ratio"] = json!(7.5);
        let mut segments = vec![silence, sure, echo, said, stuck];
        segments.extend((12..15).map(|second| segment(second, "No.")));
        segments.extend((15..25).map(|second| segment(second, "So, this is it.")));
        segments.push(segment(25, "Thank you."));
        check(
            &json!({ "language": "de", "segments": segments }),
            &expect![[r#"
                de
                4.000 8.000 You may still hear me.
                6.000 10.000 Brindlet.
                12.000 16.000 No.
                13.000 17.000 No.
                14.000 18.000 No.
                15.000 19.000 So, this is it.
                25.000 29.000 Thank you.
            "#]],
        );
    }

    #[test]
    fn a_reply_without_words_and_one_that_is_something_else_are_told_apart() {
        let no_words = expect![[r#"
            the transcription has no words
        "#]];
        check(&json!({ "text": " " }), &no_words);
        check(
            &json!({ "segments": [segment(0, "")], "text": "x" }),
            &no_words,
        );
        let no_transcription = expect![[r#"
            the reply is no transcription
        "#]];
        for body in [json!({}), json!("WEBVTT"), json!([]), json!(null)] {
            check(&body, &no_transcription);
        }
    }

    #[test]
    fn what_is_heard_in_half_an_hour_of_silence_is_no_talk() {
        let all = (0..60).map(|turn| segment(turn * 30, ["You", "Bye."][turn as usize % 2]));
        let body = json!({ "duration": 1800.0, "segments": all.take(50).collect::<Vec<_>>() });
        check(
            &body,
            &expect![[r#"
            the transcription has 50 words for 30 minutes
        "#]],
        );
    }

    #[test]
    fn errors_and_pages_of_others_are_no_reply() {
        let kept = |bytes: &str| body(bytes.as_bytes()).map(|body| body.to_string());
        assert_eq!(kept("{\"text\": \"a\"}").unwrap(), "{\"text\":\"a\"}");
        assert_eq!(
            kept("{\"text\": \"a\", \"error\": null}").unwrap(),
            "{\"error\":null,\"text\":\"a\"}"
        );
        assert_eq!(kept("just words\n").unwrap(), "\"just words\"");
        for bytes in [
            "",
            "<html>Welcome to the wireless</html>",
            "{\"error\": \"upstream\"}",
        ] {
            assert_eq!(kept(bytes), None, "{bytes}");
        }
    }

    #[test]
    fn the_length_is_what_is_billed_else_what_was_heard() {
        let seconds = |body| length(&body).map(|length| length.as_secs_f64());
        let billed = json!({ "duration": 8.47, "usage": { "type": "duration", "seconds": 9 } });
        assert_eq!(seconds(billed), Some(9.0));
        assert_eq!(seconds(json!({ "duration": "8.5" })), Some(8.5));
        assert_eq!(
            seconds(json!({ "usage": { "type": "tokens", "seconds": 9 } })),
            None
        );
        assert_eq!(seconds(json!({ "duration": -1.0 })), None);
        assert_eq!(seconds(json!("words")), None);
    }

    #[test]
    fn languages_are_known_by_tag_and_by_name() {
        for (given, code) in [
            ("en", Some("en")),
            ("de-AT", Some("de")),
            ("pt_BR", Some("pt")),
            ("deu", Some("de")),
            ("german", Some("de")),
            ("English", Some("en")),
            ("yue", None),
            ("", None),
            ("élfico", None),
        ] {
            assert_eq!(language_code(given).as_deref(), code, "{given}");
        }
    }
}
