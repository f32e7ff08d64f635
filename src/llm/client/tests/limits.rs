//! How many requests go at once and a minute, and what a stop of the run ends.

use std::sync::Mutex;
use std::time::Instant;

use futures::FutureExt;
use jiff::Timestamp;
use tokio::sync::mpsc;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::*;

#[tokio::test]
async fn after_a_stop_nothing_new_starts() {
    let server = server([fine()]).await;
    let client = client(&server);
    client.stop();
    assert!(matches!(ask(&client).await, Err(LlmError::Stopped)));
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn a_stop_wakes_those_who_wait_for_a_permit() {
    let server = server([fine()]).await;
    let client = Client::new(ClientSettings {
        concurrency: NonZeroUsize::MIN,
        ..settings(&server.uri())
    })
    .unwrap();
    let held = client.permit().await.unwrap();
    let mut waiting = std::pin::pin!(client.permit());
    assert!(waiting.as_mut().now_or_never().is_none());
    client.stop();
    assert!(matches!(waiting.await, Err(LlmError::Stopped)));
    drop(held);
}

#[tokio::test]
async fn a_stop_ends_a_wait_at_once() {
    let reply = fault(503, "come back later").insert_header("retry-after", "300");
    let server = server([reply]).await;
    let client = client(&server);
    let permit = client.permit().await.unwrap();
    let begun = Instant::now();
    let stop = |_: Wait<'_>| client.stop();
    let error = send(&client, &permit, &stop).await;
    assert!(matches!(error, Err(LlmError::Stopped)));
    assert!(begun.elapsed() < Duration::from_mins(1));
    assert_eq!(requests(&server).await, 1);
}

/// Says when a request has arrived, and replies when it is let go.
struct Gate {
    arrived: mpsc::UnboundedSender<()>,
    let_go: Mutex<std::sync::mpsc::Receiver<()>>,
}

impl Respond for Gate {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        self.arrived.send(()).unwrap();
        self.let_go.lock().unwrap().recv().unwrap();
        fine()
    }
}

#[tokio::test]
async fn what_is_under_way_at_a_stop_is_finished() {
    let server = MockServer::start().await;
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let (go, let_go) = std::sync::mpsc::channel();
    let let_go = Mutex::new(let_go);
    let gate = Mock::given(any()).respond_with(Gate { arrived, let_go });
    gate.mount(&server).await;
    let client = client(&server);
    let stop = async {
        arrivals.recv().await.unwrap();
        client.stop();
        go.send(()).unwrap();
    };
    let (reply, ()) = future::join(ask(&client), stop).await;
    assert_eq!(reply.unwrap(), completion());
}

/// Notes when requests arrive.
struct Arrivals {
    noted: mpsc::UnboundedSender<Instant>,
    reply: ResponseTemplate,
}

impl Respond for Arrivals {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        self.noted.send(Instant::now()).unwrap();
        self.reply.clone()
    }
}

async fn noting_server(reply: ResponseTemplate) -> (MockServer, mpsc::UnboundedReceiver<Instant>) {
    let server = MockServer::start().await;
    let (noted, arrivals) = mpsc::unbounded_channel();
    let mock = Mock::given(any()).respond_with(Arrivals { noted, reply });
    mock.mount(&server).await;
    (server, arrivals)
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_the_catalog_allows() {
    const UNDER_WAY: Duration = Duration::from_millis(20);
    let (server, mut noted) = noting_server(fine().set_delay(UNDER_WAY)).await;
    let client = Client::new(ClientSettings {
        concurrency: NonZeroUsize::new(2).unwrap(),
        ..settings(&server.uri())
    })
    .unwrap();
    let replies = future::join_all((0..7).map(|_| ask(&client))).await;
    assert!(replies.iter().all(Result::is_ok));

    let mut arrivals = Vec::new();
    noted.recv_many(&mut arrivals, 7).await;
    for first_and_third in arrivals.windows(3) {
        let apart = first_and_third[2] - first_and_third[0];
        assert!(apart >= UNDER_WAY, "{apart:?}");
    }

    let two = (client.permit().await, client.permit().await);
    assert!(client.permit().now_or_never().is_none());
    drop(two);
    assert!(client.permit().now_or_never().is_some());
}

/// Two requests go at once, the third waits, and a stop ends its wait.
async fn check_two_a_minute(settings: ClientSettings, server: &MockServer) {
    let client = Client::new(settings).unwrap();
    for _ in 0..2 {
        ask(&client).await.unwrap();
    }
    let mut third = std::pin::pin!(ask(&client));
    let pending = tokio::time::timeout(Duration::from_millis(50), third.as_mut()).await;
    assert!(pending.is_err());
    client.stop();
    assert!(matches!(third.await, Err(LlmError::Stopped)));
    assert_eq!(requests(server).await, 2);
}

#[tokio::test]
async fn the_limit_of_requests_a_minute_is_kept() {
    let server = server([fine()]).await;
    let requests_per_minute = NonZeroU32::new(2);
    let settings = ClientSettings {
        requests_per_minute,
        ..settings(&server.uri())
    };
    check_two_a_minute(settings, &server).await;
}

#[tokio::test]
async fn the_limit_of_tokens_a_minute_is_kept() {
    let server = server([fine()]).await;
    let tokens = u32::try_from(request("Hello.").estimated_tokens()).unwrap();
    let tokens_per_minute = NonZeroU32::new(2 * tokens + 1);
    let settings = ClientSettings {
        tokens_per_minute,
        ..settings(&server.uri())
    };
    check_two_a_minute(settings, &server).await;
}

#[tokio::test]
async fn a_request_above_the_limit_of_a_minute_is_sent_all_the_same() {
    let server = server([fine()]).await;
    let tokens_per_minute = Some(NonZeroU32::MIN);
    let client = Client::new(ClientSettings {
        tokens_per_minute,
        ..settings(&server.uri())
    })
    .unwrap();
    assert!(ask(&client).await.is_ok());
}

#[tokio::test]
async fn a_request_that_is_made_simpler_counts_against_the_limit_each_time() {
    let refusal = fault(400, "response_format is not supported");
    let (server, mut arrivals) = noting_server(refusal).await;
    let requests_per_minute = NonZeroU32::new(2);
    let client = Client::new(ClientSettings {
        requests_per_minute,
        ..settings(&server.uri())
    })
    .unwrap();
    let stop = async {
        arrivals.recv().await.unwrap();
        arrivals.recv().await.unwrap();
        client.stop();
    };
    let (reply, ()) = future::join(ask(&client), stop).await;
    assert!(matches!(reply, Err(LlmError::Stopped)), "{reply:?}");
    assert_eq!(requests(&server).await, 2);
}

#[tokio::test]
async fn an_overloaded_endpoint_gets_fewer_requests_at_once() {
    const UNDER_WAY: Duration = Duration::from_millis(20);
    for status in [429, 503, 529] {
        let server = MockServer::start().await;
        let (noted, mut arrivals) = mpsc::unbounded_channel();
        let overloaded = Arrivals {
            noted: noted.clone(),
            reply: fault(status, "slow down"),
        };
        let relieved = Arrivals {
            noted,
            reply: fine().set_delay(UNDER_WAY),
        };
        let first = Mock::given(any()).respond_with(fine());
        first.up_to_n_times(1).mount(&server).await;
        let overloaded = Mock::given(any()).respond_with(overloaded);
        overloaded.up_to_n_times(8).mount(&server).await;
        Mock::given(any())
            .respond_with(relieved)
            .mount(&server)
            .await;
        let client = client(&server);
        ask(&client).await.unwrap();
        let replies = future::join_all((0..8).map(|_| ask(&client))).await;
        assert!(replies.iter().all(Result::is_ok));

        let mut times = Vec::new();
        arrivals.recv_many(&mut times, 16).await;
        assert_eq!(times.len(), 16);
        // Four requests are allowed at once, and a fifth when four requests went well.
        for first_and_sixth in times[8..].windows(6) {
            let apart = first_and_sixth[5] - first_and_sixth[0];
            assert!(apart >= UNDER_WAY, "{apart:?}");
        }
    }
}

#[tokio::test]
async fn other_faults_leave_the_number_of_requests_at_once() {
    let server = server([fault(500, "oops"), fault(400, "odd"), fine()]).await;
    let client = client(&server);
    ask(&client).await.unwrap();
    let adaptive_limit =
        future::join_all((0..8).map(|_| client.adaptive_limit.enter())).now_or_never();
    assert!(adaptive_limit.is_some());
}

#[tokio::test]
async fn where_nothing_is_left_the_reset_is_waited_for() {
    const RESET: Duration = Duration::from_millis(60);
    let used_up = fine()
        .insert_header("x-ratelimit-remaining-requests", "0")
        .insert_header("x-ratelimit-reset-requests", "60ms");
    let (server, mut arrivals) = noting_server(used_up).await;
    let client = client(&server);
    for _ in 0..2 {
        ask(&client).await.unwrap();
    }
    let mut times = Vec::new();
    arrivals.recv_many(&mut times, 2).await;
    assert!(times[1] - times[0] >= RESET, "{times:?}");
}

#[tokio::test]
async fn a_stop_ends_the_wait_for_a_reset() {
    let used_up = fine()
        .insert_header("anthropic-ratelimit-input-tokens-remaining", "0")
        .insert_header("anthropic-ratelimit-input-tokens-reset", in_a_minute());
    let server = server([used_up]).await;
    let client = client(&server);
    ask(&client).await.unwrap();
    let mut second = std::pin::pin!(ask(&client));
    let pending = tokio::time::timeout(Duration::from_millis(50), second.as_mut()).await;
    assert!(pending.is_err());
    client.stop();
    assert!(matches!(second.await, Err(LlmError::Stopped)));
    assert_eq!(requests(&server).await, 1);
}

fn in_a_minute() -> String {
    (Timestamp::now() + Duration::from_mins(1)).to_string()
}

#[tokio::test]
async fn the_server_may_say_how_long_to_wait_in_other_ways() {
    let date = (Timestamp::now() + Duration::from_mins(5)).strftime("%a, %d %b %Y %H:%M:%S GMT");
    let in_body = json!({ "error": { "message": "wait", "details": [{ "retryDelay": "300s" }] } });
    for reply in [
        fault(429, "wait").insert_header("retry-after", date.to_string()),
        fault(429, "wait").insert_header("retry-after-ms", "300000"),
        ResponseTemplate::new(429).set_body_json(in_body),
    ] {
        let server = server([reply]).await;
        let client = client(&server);
        let permit = client.permit().await.unwrap();
        let waited = Cell::new(Duration::ZERO);
        let stop = |wait: Wait<'_>| {
            waited.set(wait.delay);
            client.stop();
        };
        let reply = send(&client, &permit, &stop).await;
        assert!(matches!(reply, Err(LlmError::Stopped)));
        let seconds = waited.get().as_secs();
        assert!((290..=300).contains(&seconds), "{seconds}");
    }
}
