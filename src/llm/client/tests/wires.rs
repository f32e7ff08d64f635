//! Where requests go, with which key and which headers, in every wire format; and what the endpoint
//! is asked about itself.

use serde_json::json;
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::llm::DEFAULT_CONTEXT_TOKENS;
use crate::llm::key::KeyCommand;

const ALL: [ProviderKind; 4] = [
    ProviderKind::OpenAi,
    ProviderKind::Anthropic,
    ProviderKind::Gemini,
    ProviderKind::Ollama,
];

/// A completion as a provider words it.
fn completion_of(provider: ProviderKind) -> Value {
    match provider {
        ProviderKind::OpenAi => completion(),
        ProviderKind::Anthropic => json!({ "content": [{ "type": "text", "text": "hi" }] }),
        ProviderKind::Gemini => {
            json!({ "candidates": [{ "content": { "parts": [{ "text": "hi" }] } }] })
        }
        ProviderKind::Ollama => json!({ "message": { "content": "hi" }, "done_reason": "stop" }),
    }
}

fn client_of(provider: ProviderKind, base_url: &str) -> Client {
    Client::new(ClientSettings {
        provider,
        context_tokens: NonZeroU32::new(8_000),
        ..settings(base_url)
    })
    .unwrap()
}

#[tokio::test]
async fn every_provider_has_its_path_and_its_header_for_the_key() {
    for (provider, base, place, name, key) in [
        (
            ProviderKind::OpenAi,
            "/v1",
            "/v1/chat/completions",
            "authorization",
            "Bearer sk-very-secret",
        ),
        (
            ProviderKind::Anthropic,
            "",
            "/v1/messages",
            "x-api-key",
            KEY,
        ),
        (
            ProviderKind::Anthropic,
            "/v1",
            "/v1/messages",
            "x-api-key",
            KEY,
        ),
        (
            ProviderKind::Anthropic,
            "/anthropic/",
            "/anthropic/v1/messages",
            "x-api-key",
            KEY,
        ),
        (
            ProviderKind::Gemini,
            "/v1beta",
            "/v1beta/models/small:generateContent",
            "x-goog-api-key",
            KEY,
        ),
        (
            ProviderKind::Ollama,
            "",
            "/api/chat",
            "authorization",
            "Bearer sk-very-secret",
        ),
    ] {
        let server = MockServer::start().await;
        let expected = Mock::given(method("POST"))
            .and(path(place))
            .and(header(name, key));
        let reply = ResponseTemplate::new(200).set_body_json(completion_of(provider));
        expected.respond_with(reply).mount(&server).await;
        let client = client_of(provider, &format!("{}{base}", server.uri()));
        assert_eq!(ask(&client).await.unwrap(), completion_of(provider));
        let sent = server.received_requests().await.unwrap();
        assert_eq!(sent[0].url.query(), None);
    }
}

fn headers(headers: &[(&'static str, &str, &[&str])]) -> ExtraHeaders {
    let mut extra = ExtraHeaders::default();
    for (name, value, secrets) in headers {
        let secrets = secrets.iter().copied().map(ApiKey::new).collect();
        extra.add(&name.parse().unwrap(), value, secrets).unwrap();
    }
    extra
}

#[tokio::test]
async fn the_headers_of_the_catalog_are_sent_and_win() {
    let server = server([fine()]).await;
    let client = Client::new(ClientSettings {
        headers: headers(&[
            ("api-key", "az-secret", &["az-secret"]),
            ("http-referer", "https://example.org", &[]),
            ("authorization", "Basic abc", &["abc"]),
        ]),
        ..settings(&server.uri())
    })
    .unwrap();
    ask(&client).await.unwrap();
    let sent = &server.received_requests().await.unwrap()[0].headers;
    assert_eq!(sent["api-key"], "az-secret");
    assert_eq!(sent["http-referer"], "https://example.org");
    assert_eq!(sent.get_all("authorization").iter().count(), 1);
    assert_eq!(sent["authorization"], "Basic abc");
}

#[tokio::test]
async fn what_is_secret_in_a_header_or_an_address_is_seen_nowhere() {
    let repeated = "you sent Bearer tok-secret";
    for reply in [
        fault(400, repeated),
        fault(402, repeated),
        fault(404, repeated),
    ] {
        let server = server([reply]).await;
        let base = server
            .uri()
            .replace("http://", "http://somebody:pass-secret@");
        let client = Client::new(ClientSettings {
            headers: headers(&[("authorization", "Bearer tok-secret", &["tok-secret"])]),
            ..settings(&format!("{base}?key=query-secret"))
        })
        .unwrap();
        let error = ask(&client).await.unwrap_err();
        let told = format!(
            "{error:?} {} {:?} {:?}",
            told(&error),
            client.headers,
            client.key
        );
        assert!(told.contains("you sent Bearer …"), "{told}");
        assert!(!told.contains("-secret"), "{told}");
    }
    let nowhere = settings("http://somebody:pass-secret@127.0.0.1:1?key=query-secret");
    let error = ask(&Client::new(nowhere).unwrap()).await.unwrap_err();
    let told = format!("{error:?} {}", told(&error));
    assert!(!told.contains("-secret"), "{told}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_key() {
    let elsewhere = server([fine()]).await;
    let moved = ResponseTemplate::new(307).insert_header("location", elsewhere.uri());
    let server = server([moved]).await;
    let error = ask(&client(&server)).await.unwrap_err();
    let told = told(&error)
        .replace(&server.uri(), "ADDRESS")
        .replace(&elsewhere.uri(), "ELSEWHERE");
    expect!["`ADDRESS/chat/completions` has moved to ELSEWHERE | write the new address as `base_url` into catalog.toml"].assert_eq(&told);
    assert_eq!(requests(&elsewhere).await, 0);
}

#[tokio::test]
async fn a_command_that_gives_no_key_ends_the_run_before_anything_is_sent() {
    let server = server([fine()]).await;
    let client = Client::new(ClientSettings {
        authorization: Authorization::Command(KeyCommand {
            program: "no-such-password-manager".into(),
            arguments: Vec::new(),
            hidden_variables: Vec::new(),
            limit: Duration::from_secs(1),
        }),
        ..settings(&server.uri())
    })
    .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert!(error.is_fatal() && !error.is_passing());
    let told = told(&error);
    let (start, end) = (
        "`no-such-password-manager` gave no API key: cannot start it: ",
        " | run the `api_key_command` of catalog.toml yourself to see what is wrong",
    );
    assert!(told.starts_with(start) && told.ends_with(end), "{told}");
    assert_eq!(requests(&server).await, 0);
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_of_a_command_is_sent_and_hidden() {
    let repeated = fault(404, "no such key as sk-printed");
    let server = server([fine(), repeated]).await;
    let client = Client::new(ClientSettings {
        authorization: Authorization::Command(KeyCommand {
            program: "echo".into(),
            arguments: vec!["sk-printed".into()],
            hidden_variables: Vec::new(),
            limit: Duration::from_mins(1),
        }),
        ..settings(&server.uri())
    })
    .unwrap();
    ask(&client).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    assert_eq!(sent[0].headers["authorization"], "Bearer sk-printed");
    let error = ask(&client).await.unwrap_err();
    assert!(told(&error).contains("no such key as …"), "{error}");
}

/// The body of every chat request so far, as keys that say how the reply was asked for.
async fn asked_for(server: &MockServer, keys: &[&str]) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let in_body = |request: &Request| {
        let body: Value = request.body_json().unwrap();
        let there = keys.iter().filter(|key| body.pointer(key).is_some());
        there.copied().collect::<Vec<_>>().join(" ")
    };
    requests.iter().map(in_body).collect()
}

#[tokio::test]
async fn what_worked_is_remembered_in_every_wire_format() {
    for (provider, refusals, keys, expected) in [
        (
            ProviderKind::Anthropic,
            vec!["`temperature` is deprecated", "output_config: unknown"],
            ["/temperature", "/output_config", "/tool_choice"].as_slice(),
            [
                "/temperature /output_config",
                "/output_config",
                "/tool_choice",
                "/tool_choice",
            ]
            .as_slice(),
        ),
        (
            ProviderKind::Gemini,
            vec![
                "Thinking is not supported",
                "The thinking budget is invalid",
                "Unknown name responseJsonSchema",
            ],
            &[
                "/generationConfig/thinkingConfig",
                "/generationConfig/responseJsonSchema",
                "/generationConfig/responseSchema",
            ],
            &[
                "/generationConfig/thinkingConfig /generationConfig/responseJsonSchema",
                "/generationConfig/thinkingConfig /generationConfig/responseJsonSchema",
                "/generationConfig/responseJsonSchema",
                "/generationConfig/responseSchema",
                "/generationConfig/responseSchema",
            ],
        ),
        (
            ProviderKind::Ollama,
            vec!["format must be \"json\""],
            &["/format/type", "/format"],
            &["/format/type /format", "/format", "/format"],
        ),
    ] {
        let refusals = refusals.into_iter().map(|message| fault(400, message));
        let fine = ResponseTemplate::new(200).set_body_json(completion_of(provider));
        let server = server(refusals.chain([fine])).await;
        let client = client_of(provider, &server.uri());
        ask(&client).await.unwrap();
        ask(&client).await.unwrap();
        assert_eq!(asked_for(&server, keys).await, expected);
    }
}

#[tokio::test]
async fn every_provider_has_its_refusals_read() {
    for provider in ALL {
        for (status, message, is_fatal) in [
            (401, "who are you", true),
            (400, "Your credit balance is too low", true),
            (400, "the maximum context length is 10", false),
        ] {
            let server = server([fault(status, message)]).await;
            let error = ask(&client_of(provider, &server.uri())).await.unwrap_err();
            assert_eq!(error.is_fatal(), is_fatal, "{provider:?}: {error}");
            assert_eq!(requests(&server).await, 1);
        }
    }
}

#[tokio::test]
async fn a_model_that_ollama_does_not_have_is_told_with_how_to_get_it() {
    let reply = ResponseTemplate::new(404).set_body_json(json!({ "error": "model 'x' not found" }));
    let server = server([reply]).await;
    let error = ask(&client_of(ProviderKind::Ollama, &server.uri())).await;
    let error = error.unwrap_err();
    assert!(error.is_fatal());
    expect!["the endpoint does not have the model: model 'x' not found | get it with `ollama pull` and its name, or check `model` in catalog.toml"].assert_eq(&told(&error));
}

/// A server that knows one path, and says nothing of the kind elsewhere.
async fn server_with(place: &str, body: Value) -> MockServer {
    let server = MockServer::start().await;
    let reply = ResponseTemplate::new(200).set_body_json(body);
    let mock = Mock::given(path(place)).respond_with(reply);
    mock.mount(&server).await;
    server
}

#[tokio::test]
async fn the_endpoint_is_asked_once_how_much_fits() {
    for (provider, base, place, body, asked) in [
        (
            ProviderKind::OpenAi,
            "/v1",
            "/v1/models",
            json!({ "data": [{ "id": "small", "max_model_len": 4096 }] }),
            1,
        ),
        (
            ProviderKind::OpenAi,
            "/v1",
            "/props",
            json!({ "default_generation_settings": { "n_ctx": 4096 } }),
            2,
        ),
        (
            ProviderKind::Anthropic,
            "",
            "/v1/models/small",
            json!({ "max_input_tokens": 4096 }),
            1,
        ),
        (
            ProviderKind::Gemini,
            "/v1beta",
            "/v1beta/models/small",
            json!({ "inputTokenLimit": 4096 }),
            1,
        ),
        (
            ProviderKind::Ollama,
            "",
            "/api/show",
            json!({ "model_info": { "x.context_length": 4096 } }),
            1,
        ),
    ] {
        let server = server_with(place, body).await;
        let client = Client::new(ClientSettings {
            provider,
            ..settings(&format!("{}{base}", server.uri()))
        })
        .unwrap();
        let both = future::join(client.context_tokens(), client.context_tokens()).await;
        assert_eq!(both, (Some(4096), Some(4096)), "{place}");
        assert_eq!(requests(&server).await, asked, "{place}");
    }
}

#[tokio::test]
async fn an_endpoint_that_does_not_say_is_not_asked_again() {
    let server = server([fault(404, "no")]).await;
    let client = client(&server);
    assert_eq!(client.context_tokens().await, None);
    let asked = requests(&server).await;
    assert_eq!(client.context_tokens().await, None);
    assert_eq!(requests(&server).await, asked);
}

#[tokio::test]
async fn what_the_catalog_says_is_not_asked_for() {
    let server = server([fine()]).await;
    for provider in ALL {
        let client = client_of(provider, &server.uri());
        assert_eq!(client.context_tokens().await, Some(8_000));
    }
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn ollama_is_told_how_much_is_to_fit() {
    let shows = |tokens: u64| json!({ "model_info": { "llama.context_length": tokens } });
    for (shown, expected) in [
        (Some(shows(8192)), 8192),
        (Some(shows(131_072)), DEFAULT_CONTEXT_TOKENS),
        (None, DEFAULT_CONTEXT_TOKENS),
    ] {
        let server = match shown {
            Some(body) => server_with("/api/show", body).await,
            None => MockServer::start().await,
        };
        let reply = ResponseTemplate::new(200).set_body_json(completion_of(ProviderKind::Ollama));
        let chat = Mock::given(path("/api/chat")).and(body_partial_json(
            json!({ "options": { "num_ctx": expected } }),
        ));
        chat.respond_with(reply).mount(&server).await;
        let client = Client::new(ClientSettings {
            provider: ProviderKind::Ollama,
            ..settings(&server.uri())
        })
        .unwrap();
        for _ in 0..2 {
            assert!(ask(&client).await.is_ok(), "{expected}");
        }
        assert_eq!(requests(&server).await, 3);
    }
}
