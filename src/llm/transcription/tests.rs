//! What is asked of endpoints that transcribe, and what is made of their replies.

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
        "{\"text\":\"a\",\"error\":null}"
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
