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

use crate::encoding;
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
pub(crate) enum Detail {
    /// The words in segments, with times.
    Segments,
    /// The words alone.
    Words,
}

/// What a model has heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transcription {
    /// The language it took it for (ISO 639-1).
    pub language: Option<String>,
    /// The words: a cue a segment, or a cue a sentence without times.
    pub cues: Vec<Cue>,
}

/// A recording that a model has listened to, which is what is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReceivedTranscription {
    /// How long it is, where that is known.
    pub length: Option<Duration>,
}

/// Why a reply is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum TranscriptionFault {
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
pub(crate) fn is_about_detail(message: &str) -> bool {
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
    let body = encoding::json(bytes)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(bytes).trim()));
    let is_reply = match &body {
        Value::String(text) => !text.is_empty() && !text.starts_with('<'),
        body => body.get("error").is_none_or(Value::is_null),
    };
    is_reply.then_some(body)
}

/// Reads a stored or received body, the reply to a request with this prompt.
pub(crate) fn transcription(
    body: &Value,
    prompt: Option<&str>,
) -> Result<Transcription, TranscriptionFault> {
    let segments = body["segments"].as_array().filter(|all| !all.is_empty());
    let cues = match (segments, body["text"].as_str()) {
        (Some(segments), _) => segments
            .iter()
            .filter_map(|segment| cue(segment, prompt))
            .collect(),
        (None, Some(text)) => sentences(text),
        (None, None) => return Err(TranscriptionFault::NoTranscription),
    };
    let cues = without_loops(&cues);
    if cues.is_empty() {
        return Err(TranscriptionFault::NoWords);
    }
    let words = cues
        .iter()
        .map(|cue| cue.text.unicode_words().count() as u64);
    let (words, minutes) = (words.sum(), length(body).unwrap_or_default().as_secs() / 60);
    if words < FEWEST_WORDS * minutes {
        return Err(TranscriptionFault::FewWords { words, minutes });
    }
    let language = body["language"].as_str().and_then(language_code);
    Ok(Transcription { language, cues })
}

/// How long the recording is that a body is about, where it says so.
#[must_use]
pub(crate) fn length(body: &Value) -> Option<Duration> {
    let usage = &body["usage"];
    let billed = Some(&usage["seconds"]).filter(|_| usage["type"] == "duration");
    billed
        .and_then(duration)
        .or_else(|| duration(&body["duration"]))
}

/// The two letters of a language that is given as a tag or by its English name.
#[must_use]
pub(crate) fn language_code(language: &str) -> Option<String> {
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
mod tests;
