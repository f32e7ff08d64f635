//! The client against loopback servers: what is sent, what is tried again and what is not. Limits
//! and stops are in `limits.rs`, addresses, headers, keys and the other wire formats in `wires.rs`.
//!
//! Nothing sleeps: the first wait is a millisecond, and what has to be pending is polled.

mod endless;
mod faults;
mod limits;
mod transcription;
mod wires;

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::{error, thread};

use expect_test::{Expect, expect};
use serde_json::json;
use wiremock::matchers::{any, bearer_token, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::*;
use crate::llm::key::ApiKey;
use crate::llm::{Message, Parameters, ReplyShape, Role, Tuning};

const KEY: &str = "sk-very-secret";

fn request(words: &str) -> ChatRequest {
    let content = words.to_owned();
    ChatRequest {
        provider: ProviderKind::OpenAi,
        model: "small".into(),
        parameters: Parameters {
            temperature: 0.0,
            max_tokens: 100,
        },
        messages: vec![Message {
            role: Role::User,
            content,
        }],
        shape: ReplyShape {
            name: "summary".into(),
            fields: Vec::new(),
        },
        tuning: Tuning::default(),
    }
}

fn settings(base_url: &str) -> ClientSettings {
    ClientSettings {
        provider: ProviderKind::OpenAi,
        base_url: base_url.parse().unwrap(),
        model: "small".into(),
        authorization: Authorization::Key(ApiKey::new(KEY)),
        headers: ExtraHeaders::default(),
        unencrypted_key: false,
        concurrency: NonZeroUsize::new(8).unwrap(),
        requests_per_minute: None,
        tokens_per_minute: None,
        context_tokens: None,
        timeout: Duration::from_secs(20),
        first_wait: Duration::from_millis(1),
    }
}

fn client(server: &MockServer) -> Client {
    Client::new(settings(&server.uri())).unwrap()
}

async fn ask(client: &Client) -> Result<Value, LlmError> {
    let permit = client.permit().await?;
    send(client, &permit, &|_| ()).await
}

/// Sends a request of which nobody minds what is billed in vain.
async fn send(
    client: &Client,
    permit: &Permit<'_>,
    waiting: &dyn Fn(Wait<'_>),
) -> Result<Value, LlmError> {
    client
        .complete(permit, &request("Hello."), waiting, async |_| Ok(()))
        .await
}

fn completion() -> Value {
    json!({ "choices": [{ "message": { "content": "hi" }, "finish_reason": "stop" }] })
}

fn fine() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(completion())
}

fn fault(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "error": { "message": message } }))
}

/// A server that replies with these in turn, and with the last one from then on.
async fn server(replies: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let mut replies = replies.into_iter().peekable();
    while let Some(reply) = replies.next() {
        let mock = Mock::given(any()).respond_with(reply);
        match replies.peek() {
            Some(_) => mock.up_to_n_times(1).mount(&server).await,
            None => mock.mount(&server).await,
        }
    }
    server
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

/// What people are told: the message, its causes and the hint.
fn told(error: &LlmError) -> String {
    let mut told = error.to_string();
    let mut cause = error::Error::source(error);
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    match error.hint() {
        Some(hint) => format!("{told} | {hint}"),
        None => told,
    }
}

#[tokio::test]
async fn a_request_goes_to_the_chat_completions_of_the_base_url_with_its_key() {
    let server = MockServer::start().await;
    let expected = Mock::given(path("/v1/chat/completions")).and(bearer_token(KEY));
    expected.respond_with(fine()).mount(&server).await;
    for base in ["/v1", "/v1/"] {
        let client = Client::new(settings(&format!("{}{base}", server.uri()))).unwrap();
        assert_eq!(ask(&client).await.unwrap(), completion());
    }
}

#[tokio::test]
async fn without_a_key_none_is_sent() {
    let server = server([fine()]).await;
    let authorization = Authorization::None;
    let client = Client::new(ClientSettings {
        authorization,
        ..settings(&server.uri())
    })
    .unwrap();
    ask(&client).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    assert!(!sent[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_missing_key_is_an_error_only_when_something_is_asked() {
    let server = server([fine()]).await;
    let variable = "MY_KEY".to_owned();
    let authorization = Authorization::Missing { variable };
    let client = Client::new(ClientSettings {
        authorization,
        ..settings(&server.uri())
    })
    .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert!(error.is_fatal() && !error.is_passing());
    expect!["the environment variable `MY_KEY` is not set or is empty | set the variable, or name another one in catalog.toml"].assert_eq(&told(&error));
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn passing_faults_are_tried_again() {
    for reply in [
        fault(
            429,
            "Rate limit reached; see /account/billing for a higher one.",
        ),
        fault(408, "slow"),
        fault(409, "conflict"),
        fault(500, "oops"),
        fault(503, "loading the model"),
        fault(529, "overloaded"),
        ResponseTemplate::new(200).set_body_string("<html>Welcome to the wireless</html>"),
        ResponseTemplate::new(200).set_body_string(""),
        ResponseTemplate::new(200).set_body_json(json!({ "choices": [] })),
        ResponseTemplate::new(200).set_body_json(json!({ "error": { "message": "upstream" } })),
    ] {
        let about = format!("{reply:?}");
        let server = server([reply.clone(), reply, fine()]).await;
        assert!(ask(&client(&server)).await.is_ok(), "{about}");
        assert_eq!(requests(&server).await, 3, "{about}");
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_asked_for_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let whole = completion().to_string();
    let server = thread::spawn(move || {
        for sent in [&whole[..10], &whole] {
            let mut stream = listener.accept().unwrap().0;
            read_request(&mut BufReader::new(&stream));
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length:";
            write!(stream, "{head} {}\r\n\r\n{sent}", whole.len()).unwrap();
        }
    });
    let client = Client::new(settings(&format!("http://{address}"))).unwrap();
    let waits = RefCell::new(Vec::new());
    let permit = client.permit().await.unwrap();
    let heard = |wait: Wait<'_>| waits.borrow_mut().push(wait.error.to_string());
    let body = send(&client, &permit, &heard).await;
    assert_eq!(body.unwrap(), completion());
    assert_eq!(
        *waits.borrow(),
        ["the connection failed: end of file before message length reached"]
    );
    server.join().unwrap();
}

fn read_request(stream: &mut impl BufRead) {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
}

#[tokio::test]
async fn the_server_says_how_long_to_wait() {
    let server = server([
        fault(429, "slow down").insert_header("retry-after", "0"),
        fault(503, "busy").insert_header("retry-after", "0.05"),
        fault(429, "busy").insert_header("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT"),
        fine(),
    ])
    .await;
    let client = client(&server);
    let waits = RefCell::new(Vec::new());
    let permit = client.permit().await.unwrap();
    let heard = |wait: Wait<'_>| waits.borrow_mut().push(wait.delay);
    let body = send(&client, &permit, &heard).await;
    assert!(body.is_ok());
    let waits = waits.into_inner();
    // Who says "at once" is asked again after the usual while.
    assert!(waits[0] >= Duration::from_millis(1), "{waits:?}");
    assert_eq!(waits[1], Duration::from_millis(50));
    assert!(waits[2] >= Duration::from_millis(1), "{waits:?}");
}

#[tokio::test]
async fn a_lasting_fault_is_given_up_after_six_attempts_with_the_last_error() {
    let early = (0..5).map(|_| fault(500, "early"));
    let server = server(early.chain([fault(503, "the\nlast")])).await;
    let error = ask(&client(&server)).await.unwrap_err();
    expect!["the endpoint is busy (status 503): the last | look whether the endpoint tells of a fault, and run again later: nothing is paid for twice"].assert_eq(&told(&error));
    assert!(!error.is_fatal());
    assert_eq!(requests(&server).await, 6);
}

/// One refusal: what is said, whether it ends the run, and after how many requests.
async fn check(reply: ResponseTemplate, expected: &Expect) {
    let server = server([reply]).await;
    let error = ask(&client(&server)).await.unwrap_err();
    let fate = if error.is_fatal() {
        "the run"
    } else {
        "the talk"
    };
    let requests = requests(&server).await;
    let told = told(&error).replace(&server.uri(), "ADDRESS");
    expected.assert_eq(&format!("{fate}, {requests} asked: {told}"));
}

#[tokio::test]
async fn a_rejected_key_ends_the_run_at_once() {
    check(fault(401, "Incorrect API key"), &expect!["the run, 1 asked: 127.0.0.1 rejected the API key (status 401) | put a valid key there, or name another variable as `api_key_env` in catalog.toml"]).await;
    check(fault(403, "no permission for this API key"), &expect!["the run, 1 asked: 127.0.0.1 rejected the API key (status 403) | put a valid key there, or name another variable as `api_key_env` in catalog.toml"]).await;
}

#[tokio::test]
async fn an_empty_account_ends_the_run_at_once() {
    check(fault(402, "Insufficient balance"), &expect!["the run, 1 asked: the account has no credit or quota left: Insufficient balance | add credit, or wait until the quota is renewed, then run again: nothing is paid for twice"]).await;
    let message = "You exceeded your current quota, please check your plan and billing details.";
    let quota = json!({ "error": { "message": message, "code": "insufficient_quota" } });
    let reply = ResponseTemplate::new(429).set_body_json(quota);
    check(reply.insert_header("retry-after", "0"), &expect!["the run, 1 asked: the account has no credit or quota left: You exceeded your current quota, please check your plan and billing details. | add credit, or wait until the quota is renewed, then run again: nothing is paid for twice"]).await;
}

#[tokio::test]
async fn an_unknown_model_or_path_ends_the_run_at_once() {
    check(fault(404, "no model `x`"), &expect!["the run, 1 asked: `ADDRESS/chat/completions` has no such model or path: no model `x` | check `base_url` and `model` in catalog.toml"]).await;
}

#[tokio::test]
async fn a_prompt_that_does_not_fit_costs_its_talk_and_is_not_sent_again() {
    for (status, message) in [
        (400, "This model's maximum context length is 4096 tokens."),
        (400, "the request exceeds the available context size"),
        (413, "exceed_context_size_error"),
    ] {
        let server = server([fault(status, message)]).await;
        let error = ask(&client(&server)).await.unwrap_err();
        assert!(matches!(error, LlmError::ContextTooLong { .. }), "{error}");
        assert!(!error.is_fatal());
        assert_eq!(requests(&server).await, 1);
    }
    check(
        fault(400, "This model's maximum context length is 4096 tokens."),
        &expect!["the talk, 1 asked: the prompt does not fit the model's context: This model's maximum context length is 4096 tokens. | set `context_tokens` in catalog.toml to what the model takes, and longer talks are read in parts; or choose a model with a longer context"],
    )
    .await;
}

#[tokio::test]
async fn other_refusals_cost_their_talk_and_are_told_shortly() {
    check(
        fault(410, "no such field"),
        &expect!["the talk, 1 asked: the endpoint refused the request with status 410: no such field | check `model`, and `effort` and `extra` if they are there, in catalog.toml; or write the talk's `summary` or `category` into it"],
    )
    .await;
    let page = ResponseTemplate::new(405).set_body_string("<html><title>No</title>");
    check(page, &expect!["the talk, 1 asked: the endpoint refused the request with status 405: an HTML page titled 'No' | check `base_url` in catalog.toml: something else than the endpoint may be at this address"]).await;
    let reply = ResponseTemplate::new(410).set_body_string("long ".repeat(100));
    check(reply, &expect!["the talk, 1 asked: the endpoint refused the request with status 410: long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long … | check `model`, and `effort` and `extra` if they are there, in catalog.toml; or write the talk's `summary` or `category` into it"]).await;
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_ends_the_run_after_three_attempts() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(settings(&address)).unwrap();
    let waits = Cell::new(0);
    let permit = client.permit().await.unwrap();
    let heard = |_: Wait<'_>| waits.set(waits.get() + 1);
    let reply = send(&client, &permit, &heard).await;
    let error = reply.unwrap_err();
    assert_eq!(waits.get(), 2);
    assert!(error.is_fatal());
    expect!["cannot reach `ADDRESS/`: nothing listens there (connection refused)"]
        .assert_eq(&error.to_string().replace(&address, "ADDRESS"));
}

/// Refuses any `response_format`, and a request that is odd in every form.
struct OldServer;

impl Respond for OldServer {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        let is_odd = body["messages"][0]["content"] == "odd";
        if is_odd || body.get("response_format").is_some() {
            return fault(400, "response_format is not supported");
        }
        fine()
    }
}

/// The `response_format` of every request so far.
async fn formats(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let format = |request: &Request| {
        let body: Value = request.body_json().unwrap();
        let format = body["response_format"]["type"].as_str();
        format.unwrap_or("none").to_owned()
    };
    requests.iter().map(format).collect()
}

#[tokio::test]
async fn an_old_server_is_asked_for_less_and_what_worked_is_remembered() {
    let server = MockServer::start().await;
    let old = Mock::given(any()).respond_with(OldServer);
    old.mount(&server).await;
    let client = client(&server);
    ask(&client).await.unwrap();
    ask(&client).await.unwrap();
    let expected = ["json_schema", "json_object", "none", "none"];
    assert_eq!(formats(&server).await, expected);
}

#[tokio::test]
async fn what_an_old_server_takes_is_found_out_by_one_request_of_many() {
    let server = MockServer::start().await;
    let old = Mock::given(any()).respond_with(OldServer);
    old.mount(&server).await;
    let client = client(&server);
    let replies = future::join_all((0..8).map(|_| ask(&client))).await;
    assert!(replies.iter().all(Result::is_ok));
    let formats = formats(&server).await;
    let count = |format: &str| formats.iter().filter(|known| *known == format).count();
    let counts = ["json_schema", "json_object", "none"].map(count);
    assert_eq!(counts, [8, 1, 8]);
}

#[tokio::test]
async fn one_odd_request_does_not_weaken_the_others() {
    let server = MockServer::start().await;
    let old = Mock::given(any()).respond_with(OldServer);
    old.mount(&server).await;
    let client = client(&server);
    let permit = client.permit().await.unwrap();
    let ask_oddly = async || {
        let odd = request("odd");
        let reply = client.complete(&permit, &odd, &|_| (), async |_| Ok(()));
        assert!(matches!(
            reply.await,
            Err(LlmError::Refused { status: 400, .. })
        ));
    };
    ask_oddly().await;
    // Nobody knows yet what the server takes, so it is asked without the seed as well.
    assert_eq!(requests(&server).await, 6);
    ask(&client).await.unwrap();
    assert_eq!(formats(&server).await[6], "json_schema");
    let before = requests(&server).await;
    ask_oddly().await;
    assert_eq!(requests(&server).await - before, 1);
}

#[tokio::test]
async fn the_key_is_in_no_debug_output_and_no_error() {
    let shown = format!("{:?}", settings("http://127.0.0.1:1"));
    assert!(!shown.contains(KEY), "{shown}");
    let client = Client::new(settings("http://127.0.0.1:1")).unwrap();
    let unreachable = ask(&client).await.unwrap_err();
    let shown = format!("{client:?} {unreachable:?} {}", told(&unreachable));
    assert!(!shown.contains(KEY), "{shown}");

    let repeated = format!("your key was {KEY}");
    for reply in [
        fault(401, &repeated),
        fault(402, &repeated),
        fault(404, &repeated),
        fault(405, &repeated),
        fault(500, &repeated),
        fault(400, &format!("{repeated}, context length")),
        ResponseTemplate::new(200).set_body_string(format!("<p>{repeated}</p>")),
    ] {
        let server = server([reply]).await;
        let error = ask(&self::client(&server)).await.unwrap_err();
        let shown = format!("{error:?} {}", told(&error));
        assert!(!shown.contains(KEY), "{shown}");
    }
    // What cannot be read is kept, and a key is kept nowhere.
    let unreadable = server([ResponseTemplate::new(200).set_body_string(repeated)]).await;
    assert_eq!(
        ask(&self::client(&unreadable)).await.unwrap(),
        "your key was …"
    );
}

#[tokio::test]
async fn a_key_that_no_header_can_carry_is_told_and_never_sent() {
    let server = server([fine()]).await;
    let authorization = Authorization::Key(ApiKey::new(" two\nlines "));
    let client = Client::new(ClientSettings {
        authorization,
        ..settings(&server.uri())
    })
    .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert!(error.is_fatal());
    expect!["the API key holds a line break, so it cannot be sent | put the key alone into its variable, on one line and without quotation marks"].assert_eq(&told(&error));
    assert_eq!(requests(&server).await, 0);
}

#[test]
fn the_host_of_another_machine_is_named_once() {
    let client = Client::new(ClientSettings {
        authorization: Authorization::Key(ApiKey::of_variable("SOME_KEY", KEY)),
        ..settings("https://api.example.org/v1")
    });
    let client = client.unwrap();
    let destination = Destination {
        host: "api.example.org",
        secrets: vec!["the variable SOME_KEY".to_owned()],
    };
    assert_eq!(client.first_use(), Some(destination));
    assert_eq!(client.first_use(), None);
    let client = Client::new(settings("http://127.0.0.1:1/v1")).unwrap();
    assert_eq!(client.first_use(), None);
}

#[tokio::test]
async fn a_key_goes_to_no_other_machine_without_encryption_unless_told_so() {
    let open = "http://192.0.2.1:9/v1";
    let with_header = |name: &str| {
        let mut headers = ExtraHeaders::default();
        let secrets = vec![ApiKey::new(KEY)];
        headers.add(&name.parse().unwrap(), KEY, secrets).unwrap();
        headers
    };
    let no_key = || Authorization::None;
    for (authorization, headers) in [
        (
            Authorization::Key(ApiKey::new(KEY)),
            ExtraHeaders::default(),
        ),
        (no_key(), with_header("api-key")),
    ] {
        let client = Client::new(ClientSettings {
            authorization,
            headers,
            ..settings(open)
        });
        let error = ask(&client.unwrap()).await.unwrap_err();
        assert!(error.is_fatal());
        expect!["the key would go to `http://192.0.2.1:9/v1` unencrypted, so nothing is sent | write `https://` in `base_url` of catalog.toml; or, if you trust the network, `unencrypted_key = true` beside it"].assert_eq(&told(&error));
    }
    // Nobody is there; but that is found out only by those who may send.
    for (authorization, unencrypted_key) in [
        (Authorization::Key(ApiKey::new(KEY)), true),
        (no_key(), false),
    ] {
        let client = Client::new(ClientSettings {
            authorization,
            unencrypted_key,
            ..settings(open)
        });
        let key = client.unwrap().key_header().await;
        assert!(key.is_ok());
    }
}
