//! Faults that come with success, bodies that cannot be read, models that are being loaded, and what
//! every request would meet.

use futures::FutureExt;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::*;

fn body(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

#[tokio::test]
async fn a_passing_fault_in_a_success_is_waited_out() {
    for reply in [
        json!({ "choices": [{ "message": { "content": "{\"first" }, "finish_reason": "error", "error": { "code": 502, "message": "idle" } }] }),
        json!({ "error": { "message": "limited", "code": 429 } }),
        json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } }),
        json!({ "success": false, "errors": [{ "message": "busy", "code": 3040 }] }),
    ] {
        let about = reply.to_string();
        let server = server([body(reply.clone()), body(reply), fine()]).await;
        assert_eq!(
            ask(&client(&server)).await.unwrap(),
            completion(),
            "{about}"
        );
        assert_eq!(requests(&server).await, 3, "{about}");
    }
}

#[tokio::test]
async fn a_fault_that_is_billed_is_told_and_may_be_the_last_try() {
    let usage = json!({ "prompt_tokens": 800, "completion_tokens": 40 });
    let fault = json!({ "choices": [{ "message": { "content": "{\"first" }, "finish_reason": "error" }], "usage": usage });
    let replies = [&fault, &fault].map(|fault| body(fault.clone()));
    let busy = server(replies.into_iter().chain([fine()])).await;
    let client = client(&busy);
    let permit = client.permit().await.unwrap();
    let billed = RefCell::new(Vec::new());
    let in_vain = async |usage: Usage| {
        billed.borrow_mut().push(usage.completion_tokens);
        Ok(())
    };
    let asked = request("Hello.");
    let reply = client.complete(&permit, &asked, &|_| (), in_vain).await;
    assert_eq!(reply.unwrap(), completion());
    assert_eq!(*billed.borrow(), [40, 40]);
    let lasting = server([body(fault)]).await;
    let client = super::client(&lasting);
    let permit = client.permit().await.unwrap();
    let forbid = async |_| Err(LlmError::Stopped);
    let reply = client.complete(&permit, &asked, &|_| (), forbid).await;
    assert!(matches!(reply, Err(LlmError::Stopped)));
    assert_eq!(requests(&lasting).await, 1);
}

#[tokio::test]
async fn a_page_for_browsers_is_tried_again_and_ends_the_run_when_talk_after_talk_gets_it() {
    let page = || {
        ResponseTemplate::new(200).set_body_raw(
            "<!DOCTYPE html><html><head><title>Sign in</title></head></html>",
            "text/html",
        )
    };
    let server = server([page(), page(), fine()]).await;
    assert_eq!(ask(&client(&server)).await.unwrap(), completion());
    let server = self::server((0..99).map(|_| page())).await;
    let client = client(&server);
    for talk in 1..=3 {
        let error = ask(&client).await.unwrap_err();
        assert_eq!(error.is_fatal(), talk == 3, "{error}");
        let told = format!("{error:?}");
        assert!(told.contains("an HTML page titled 'Sign in'"), "{told}");
    }
}

#[tokio::test]
async fn words_in_a_place_that_nobody_knows_are_kept_as_they_came() {
    let odd =
        json!({ "verdict": { "words": "Caches of talks are explained in two short sentences." } });
    let server = server([body(odd.clone())]).await;
    let kept = ask(&client(&server)).await.unwrap();
    assert_eq!(kept, Value::String(odd.to_string()));
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn a_refusal_in_the_same_words_ends_the_run_unless_it_is_of_one_talk() {
    for (refusal, is_fatal) in [
        (fault(400, "The moon is full."), true),
        (fault(410, "It is gone."), true),
        (fault(400, "It is blocked by our content policy."), false),
    ] {
        let server = server([refusal]).await;
        let client = client(&server);
        for talk in 1..=3 {
            let error = ask(&client).await.unwrap_err();
            assert_eq!(error.is_fatal(), is_fatal && talk == 3, "{error}");
        }
    }
}

#[tokio::test]
async fn a_refusal_ends_no_run_in_which_a_talk_had_its_reply() {
    let server = server([fine(), fault(400, "The moon is full.")]).await;
    let client = client(&server);
    ask(&client).await.unwrap();
    for _ in 0..4 {
        assert!(!ask(&client).await.unwrap_err().is_fatal());
    }
}

#[tokio::test]
async fn a_lasting_fault_in_a_success_ends_the_run_at_once() {
    check(body(json!({ "error": { "message": "User not found.", "code": 401 } })), &expect!["the run, 1 asked: 127.0.0.1 rejected the API key (status 401) | put a valid key there, or name another variable as `api_key_env` in catalog.toml"]).await;
    check(body(json!({ "error": { "message": "Pay.", "code": 402 } })), &expect!["the run, 1 asked: the account has no credit or quota left: Pay. | add credit, or wait until the quota is renewed, then run again: nothing is paid for twice"]).await;
    check(body(json!({ "error": "Unexpected endpoint or method. (POST /chat/completions)" })), &expect!["the run, 1 asked: the server does not know the path `ADDRESS/`: Unexpected endpoint or method. (POST /chat/completions) | check `base_url` in catalog.toml: most addresses end in `/v1`"]).await;
}

#[tokio::test]
async fn what_every_talk_would_meet_ends_the_run_at_once() {
    check(fault(400, "User location is not supported for the API use."), &expect!["the run, 1 asked: the endpoint does not serve this country or region: User location is not supported for the API use. | choose an endpoint that serves your country, in `base_url` of catalog.toml"]).await;
    let day = fault(
        429,
        "Rate limit reached on tokens per day (TPD): Limit 100000",
    );
    check(day, &expect!["the run, 1 asked: the quota is used up: Rate limit reached on tokens per day (TPD): Limit 100000 | run again when the quota is renewed, or choose another model: nothing is paid for twice"]).await;
    let server = server([fault(429, "wait").insert_header("retry-after", "1634")]).await;
    let error = ask(&client(&server)).await.unwrap_err();
    assert!(error.is_fatal());
    let told = error.to_string();
    assert!(
        told.starts_with("the quota is used up until about 20") && told.ends_with(" UTC: wait"),
        "{told}"
    );
    check(fault(400, "Model not found: small"), &expect!["the run, 1 asked: the endpoint does not serve the model: Model not found: small | check `model` in catalog.toml; `proceedings doctor` names one that the endpoint has"]).await;
    check(fault(400, "Incorrect API key provided: no***ey."), &expect!["the run, 1 asked: 127.0.0.1 rejected the API key (status 400) | put a valid key there, or name another variable as `api_key_env` in catalog.toml"]).await;
    check(fault(400, "Client sent an HTTP request to an HTTPS server."), &expect!["the run, 1 asked: `ADDRESS/` does not speak http: Client sent an HTTP request to an HTTPS server. | write `https://` in `base_url` of catalog.toml"]).await;
}

#[tokio::test]
async fn no_more_than_a_first_round_meets_what_every_talk_would_meet() {
    let server = server([fault(401, "no")]).await;
    let client = Client::new(ClientSettings {
        concurrency: NonZeroUsize::new(60).unwrap(),
        ..settings(&server.uri())
    });
    let client = client.unwrap();
    let refused = async || {
        if ask(&client).await.is_err() {
            client.stop();
        }
    };
    future::join_all((0..100).map(|_| refused())).await;
    assert_eq!(requests(&server).await, 6);
}

#[tokio::test]
async fn a_model_that_is_being_loaded_is_waited_for() {
    let loading = || fault(503, "Loading model");
    let server = server((0..9).map(|_| loading()).chain([fine()])).await;
    let client = client(&server);
    let waits = RefCell::new(Vec::new());
    let permit = client.permit().await.unwrap();
    let heard = |wait: Wait<'_>| {
        waits
            .borrow_mut()
            .push((wait.error.to_string(), wait.is_first));
    };
    let reply = send(&client, &permit, &heard).await;
    assert_eq!(reply.unwrap(), completion());
    let waits = waits.into_inner();
    let told = "the endpoint is still loading its model: Loading model".to_owned();
    assert_eq!((waits.len(), &waits[0]), (9, &(told, true)));
    // It has not too much to do, so as many as before may ask.
    assert_eq!(
        future::join_all((0..8).map(|_| client.adaptive_limit.enter()))
            .now_or_never()
            .map(|lanes| lanes.len()),
        Some(8)
    );
}

#[tokio::test]
async fn a_model_that_is_never_loaded_is_given_up() {
    let server = server([fault(503, "Model x is currently loading")]).await;
    let client = Client::new(ClientSettings {
        timeout: Duration::from_millis(300),
        ..settings(&server.uri())
    })
    .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert!(
        matches!(error, LlmError::Loading { .. }) && !error.is_fatal(),
        "{error}"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_given_as_it_came() {
    for text in ["{\"choices\": [{\"mess", "event: odd\n\n"] {
        let reply = ResponseTemplate::new(200).set_body_string(text);
        let server = server([reply]).await;
        assert_eq!(ask(&client(&server)).await.unwrap(), Value::from(text));
        assert_eq!(requests(&server).await, 1);
    }
}

#[tokio::test]
async fn nothing_of_a_server_orders_the_terminal() {
    let server = server([fault(
        400,
        "bad \u{1b}]0;owned\u{7}\u{1b}[31mred\u{0} \u{202e}x",
    )])
    .await;
    let error = ask(&client(&server)).await.unwrap_err();
    let told = told(&error);
    assert!(
        !told.contains(|c: char| c.is_control() || c == '\u{202e}'),
        "{told:?}"
    );
    assert!(told.contains("]0;owned"), "{told}");
}

#[tokio::test]
async fn the_context_that_a_refusal_names_is_known_from_then_on() {
    let long = fault(400, "This model's maximum context length is 6000 tokens.");
    let server = server([long, fault(404, "no list")]).await;
    let client = client(&server);
    let error = ask(&client).await.unwrap_err();
    assert!(
        matches!(
            error,
            LlmError::ContextTooLong {
                context: Some(6000),
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(client.context_tokens().await, Some(6000));
}

#[tokio::test]
async fn who_thinks_longer_gets_more_room_from_then_on() {
    let cut = json!({ "choices": [{ "message": { "content": "" }, "finish_reason": "length" }] });
    let server = server([body(cut), fine()]).await;
    let client = client(&server);
    assert_eq!(
        client.with_room(&request("Hello.")).parameters.max_tokens,
        100
    );
    ask(&client).await.unwrap();
    assert_eq!(
        client.with_room(&request("Hello.")).parameters.max_tokens,
        400
    );
    ask(&client).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    let limits = sent
        .iter()
        .map(|request| request.body_json::<Value>().unwrap()["max_tokens"].clone());
    assert_eq!(limits.collect::<Vec<_>>(), [100, 400]);
}

/// Has a context of 800 tokens, and thinks for 300 of them before it answers.
struct Thinker;

impl Respond for Thinker {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let sent: Value = request.body_json().unwrap();
        let asked = sent["max_tokens"].as_u64().unwrap();
        if asked > 790 {
            let message = format!(
                "This model's maximum context length is 800 tokens. However, you requested {} tokens (10 in the messages, {asked} in the completion).",
                asked + 10
            );
            return fault(400, &message);
        }
        match asked {
            300.. => fine(),
            _ => body(
                json!({ "choices": [{ "message": { "content": "" }, "finish_reason": "length" }] }),
            ),
        }
    }
}

#[tokio::test]
async fn a_reply_that_does_not_fit_beside_its_prompt_is_asked_for_shorter() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(Thinker)
        .mount(&server)
        .await;
    let client = client(&server);
    let mut long = request("Hello.");
    long.parameters.max_tokens = 1_000;
    let permit = client.permit().await.unwrap();
    let ask = async |request: &ChatRequest| {
        let in_vain = async |_| Ok(());
        client.complete(&permit, request, &|_| {}, in_vain).await
    };
    assert_eq!(ask(&long).await.unwrap(), completion());
    // Later replies get no more room than there is.
    ask(&request("Hello.")).await.unwrap();
    ask(&request("Hello.")).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    let limits = sent
        .iter()
        .map(|request| request.body_json::<Value>().unwrap()["max_tokens"].clone());
    assert_eq!(limits.collect::<Vec<_>>(), [1_000, 790, 100, 400]);
    // The prompt has not been refused.
    assert_eq!(client.known_context(), None);
}

/// Takes no `seed`, as Mistral does not.
struct Strict;

impl Respond for Strict {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        if body.get("seed").is_none() {
            return fine();
        }
        let detail = json!([{ "type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted" }]);
        ResponseTemplate::new(422)
            .set_body_json(json!({ "object": "error", "message": { "detail": detail } }))
    }
}

#[tokio::test]
async fn the_field_that_is_refused_is_left_out_for_the_run() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Strict).mount(&server).await;
    let client = client(&server);
    for _ in 0..3 {
        ask(&client).await.unwrap();
    }
    assert_eq!(formats(&server).await, ["json_schema"; 4]);
}

/// Takes no `seed`, and does not say so.
struct Silent;

impl Respond for Silent {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        match body.get("seed") {
            Some(_) => fault(400, "1210: see the documents"),
            None => fine(),
        }
    }
}

#[tokio::test]
async fn a_server_that_does_not_say_why_is_asked_without_a_seed_at_last() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Silent).mount(&server).await;
    let client = client(&server);
    ask(&client).await.unwrap();
    ask(&client).await.unwrap();
    let expected = [
        "json_schema",
        "json_object",
        "none",
        "json_schema",
        "json_schema",
    ];
    assert_eq!(formats(&server).await, expected);
}

#[tokio::test]
async fn a_refusal_of_any_kind_that_every_talk_meets_is_fatal_after_three() {
    let words = "There is only tea.";
    let server = server((0..3).map(|_| fault(418, words))).await;
    let client = client(&server);
    for is_last in [false, false, true] {
        let error = ask(&client).await.unwrap_err();
        assert_eq!(matches!(error, LlmError::SameForAll { .. }), is_last);
    }
}

#[tokio::test]
async fn what_should_pass_and_lasts_ends_the_run_where_no_talk_ever_had_a_reply() {
    let down = || fault(502, "bad gateway");
    let lasting = server([down()]).await;
    let client_of_lasting = client(&lasting);
    for is_last in [false, false, true] {
        let error = ask(&client_of_lasting).await.unwrap_err();
        assert_eq!(matches!(error, LlmError::SameForAll { .. }), is_last);
    }
    // Where it went well once, it may again.
    let at_times = server([fine(), down()]).await;
    let client = client(&at_times);
    ask(&client).await.unwrap();
    for _ in 0..4 {
        assert!(!ask(&client).await.unwrap_err().is_fatal());
    }
}

#[tokio::test]
async fn the_wait_for_the_next_minute_is_not_told_as_the_renewal_of_a_day() {
    let quota = |wait: &str| {
        let violation = json!({ "quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier" });
        let details = json!([{ "violations": [violation] }, { "retryDelay": wait }]);
        let error = json!({ "message": "No quota.", "details": details });
        ResponseTemplate::new(429).set_body_json(json!({ "error": error }))
    };
    for (wait, is_told) in [("37s", false), ("7200s", true)] {
        let server = server([quota(wait)]).await;
        let error = ask(&client(&server)).await.unwrap_err();
        let LlmError::UsedUp { until, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(until.is_some(), is_told, "{wait}");
    }
}

#[tokio::test]
async fn a_rejected_key_in_a_header_is_told_as_one() {
    let server = server([fault(401, "No.")]).await;
    let mut headers = ExtraHeaders::default();
    let name = "api-key".parse().unwrap();
    headers.add(&name, KEY, vec![ApiKey::new(KEY)]).unwrap();
    let client = Client::new(ClientSettings {
        authorization: Authorization::None,
        headers,
        ..settings(&server.uri())
    });
    let error = ask(&client.unwrap()).await.unwrap_err();
    assert!(
        told(&error).contains("rejected the key in `headers` of catalog.toml"),
        "{error}"
    );
}

/// Fails to write JSON about one talk.
struct OddTalk;

impl Respond for OddTalk {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        if body["messages"][0]["content"] == "odd" && body.get("response_format").is_some() {
            return fault(400, "json_validate_failed: Failed to generate JSON.");
        }
        fine()
    }
}

#[tokio::test]
async fn a_generation_that_failed_weakens_its_own_request_alone() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(OddTalk)
        .mount(&server)
        .await;
    let client = client(&server);
    let permit = client.permit().await.unwrap();
    client
        .complete(&permit, &request("odd"), &|_| (), async |_| Ok(()))
        .await
        .unwrap();
    ask(&client).await.unwrap();
    let expected = ["json_schema", "json_object", "none", "json_schema"];
    assert_eq!(formats(&server).await, expected);
}

#[tokio::test]
async fn one_side_that_speaks_https_is_told() {
    let server = server([fine()]).await;
    let address = server.uri().replace("http://", "https://");
    let error = ask(&Client::new(settings(&address)).unwrap())
        .await
        .unwrap_err();
    assert!(error.is_fatal() && !error.is_passing(), "{error:?}");
    let told = told(&error);
    assert!(
        told.ends_with("| write `http://` in `base_url` of catalog.toml"),
        "{told}"
    );
    assert_eq!(requests(&server).await, 0);
}
