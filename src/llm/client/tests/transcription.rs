//! Recordings as they are sent: the form, the fall-back to words alone, and what is not tried twice.

use bytes::Bytes;

use super::*;
use crate::llm::client::transcription::{Audio, Times, TranscriptionClient};
use crate::llm::transcription::TranscriptionRequest;

fn listener(server: &MockServer) -> TranscriptionClient {
    TranscriptionClient::new(settings(&server.uri())).unwrap()
}

async fn transcribe(listener: &TranscriptionClient, times: Times) -> Result<Value, LlmError> {
    let request = TranscriptionRequest {
        model: "whisper-1".into(),
        language: Some("de".into()),
        prompt: Some("Lohikko".into()),
    };
    let audio = Audio {
        extension: "webm".into(),
        bytes: Bytes::from_static(b"all that was heard"),
    };
    let permit = listener.client().permit().await?;
    listener
        .transcribe(&permit, &request, &audio, times, &|_| ())
        .await
}

async fn hear(listener: &TranscriptionClient) -> Result<Value, LlmError> {
    transcribe(listener, Times::Welcome).await
}

fn heard() -> Value {
    json!({ "text": "Hello." })
}

fn fine() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(heard())
}

fn no_segments() -> ResponseTemplate {
    fault(
        400,
        "response_format 'verbose_json' is not compatible with model 'x'",
    )
}

/// The response format that each request asked for.
async fn formats(server: &MockServer) -> Vec<&'static str> {
    let received = server.received_requests().await.unwrap();
    let format = |request: &Request| {
        let form = String::from_utf8_lossy(&request.body);
        if form.contains("verbose_json") {
            "verbose_json"
        } else {
            "json"
        }
    };
    received.iter().map(format).collect()
}

#[tokio::test]
async fn a_recording_is_one_part_of_a_form_and_goes_with_the_key() {
    let server = MockServer::start().await;
    let expected = Mock::given(path("/v1/audio/transcriptions")).and(bearer_token(KEY));
    expected.respond_with(fine()).mount(&server).await;
    let settings = settings(&format!("{}/v1/", server.uri()));
    let listener = TranscriptionClient::new(settings).unwrap();
    assert_eq!(hear(&listener).await.unwrap(), heard());

    let request = &server.received_requests().await.unwrap()[0];
    let content_type = request.headers["content-type"].to_str().unwrap();
    let (_, boundary) = content_type.split_once("boundary=").unwrap();
    let form = String::from_utf8(request.body.clone()).unwrap();
    expect![[r#"
        --
        Content-Disposition: form-data; name="model"

        whisper-1
        --
        Content-Disposition: form-data; name="response_format"

        verbose_json
        --
        Content-Disposition: form-data; name="timestamp_granularities[]"

        segment
        --
        Content-Disposition: form-data; name="language"

        de
        --
        Content-Disposition: form-data; name="prompt"

        Lohikko
        --
        Content-Disposition: form-data; name="file"; filename="audio.webm"
        Content-Type: audio/webm

        all that was heard
        ----
    "#]]
    .assert_eq(&form.replace(boundary, "").replace('\r', ""));
    assert!(request.headers.contains_key("content-length"));
}

#[tokio::test]
async fn an_endpoint_without_segments_is_asked_for_words_from_then_on() {
    let server = server([no_segments(), fine()]).await;
    let listener = listener(&server);
    hear(&listener).await.unwrap();
    hear(&listener).await.unwrap();
    assert_eq!(formats(&server).await, ["verbose_json", "json", "json"]);
}

#[tokio::test]
async fn what_is_of_no_use_without_times_is_not_asked_for_without() {
    let server = server([no_segments(), fine()]).await;
    let listener = listener(&server);
    let error = transcribe(&listener, Times::Needed).await.unwrap_err();
    assert!(matches!(error, LlmError::Refused { status: 400, .. }));
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn what_an_endpoint_cannot_read_is_uploaded_once() {
    for refusal in [
        fault(400, "Invalid file format."),
        fault(413, "Maximum content size limit (26214400) exceeded"),
    ] {
        let server = server([refusal, fine()]).await;
        let error = hear(&listener(&server)).await.unwrap_err();
        assert!(matches!(error, LlmError::Refused { .. }), "{error}");
        assert_eq!(requests(&server).await, 1);
    }
}

#[tokio::test]
async fn passing_faults_are_tried_again_with_all_of_the_recording() {
    let page = ResponseTemplate::new(200).set_body_string("<html>Welcome to the wireless</html>");
    let busy = fault(429, "Rate limit reached");
    let server = server([busy, fault(500, "oops"), page, fine()]).await;
    assert_eq!(hear(&listener(&server)).await.unwrap(), heard());
    for request in server.received_requests().await.unwrap() {
        let form = String::from_utf8(request.body).unwrap();
        assert!(form.contains("all that was heard"), "{form}");
    }
    assert_eq!(requests(&server).await, 4);
}

#[tokio::test]
async fn what_may_be_paid_for_is_returned_as_it_came() {
    for (sent, returned) in [
        ("{\"segments\": []}", json!({ "segments": [] })),
        (
            "1\n00:00 --> 00:04\nHello.",
            json!("1\n00:00 --> 00:04\nHello."),
        ),
    ] {
        let server = server([ResponseTemplate::new(200).set_body_string(sent)]).await;
        assert_eq!(hear(&listener(&server)).await.unwrap(), returned);
        assert_eq!(requests(&server).await, 1);
    }
}

#[tokio::test]
async fn what_takes_too_long_is_not_paid_for_again() {
    let server = server([fine().set_delay(Duration::from_secs(20))]).await;
    let listener = TranscriptionClient::new(ClientSettings {
        timeout: Duration::from_millis(100),
        ..settings(&server.uri())
    });
    let error = hear(&listener.unwrap()).await.unwrap_err();
    assert!(!error.is_fatal() && !error.is_passing());
    assert!(
        told(&error).ends_with("| raise `timeout` in catalog.toml, then run again"),
        "{error}"
    );
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn without_its_key_or_after_a_stop_nothing_is_sent() {
    let server = server([fine()]).await;
    let variable = "MY_KEY".to_owned();
    let keyless = TranscriptionClient::new(ClientSettings {
        authorization: Authorization::Missing { variable },
        ..settings(&server.uri())
    });
    let error = keyless.unwrap().ready().await.unwrap_err();
    assert!(matches!(error, LlmError::KeyMissing { .. }));

    let listener = listener(&server);
    assert!(listener.ready().await.is_ok());
    let permit = listener.client().permit().await.unwrap();
    listener.client().stop();
    let request = TranscriptionRequest {
        model: "whisper-1".into(),
        language: None,
        prompt: None,
    };
    let audio = Audio {
        extension: "webm".into(),
        bytes: Bytes::new(),
    };
    let stopped = listener
        .transcribe(&permit, &request, &audio, Times::Welcome, &|_| ())
        .await;
    assert!(matches!(stopped, Err(LlmError::Stopped)));
    assert_eq!(requests(&server).await, 0);
}
