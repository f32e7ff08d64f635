//! The lines of a batch: a request in each, and a reply in each.
//!
//! Pure. Files of such lines are what `OpenAI`, Azure, `LiteLLM`, vLLM's `run-batch` and others read and
//! write. The body of a line is the body of a request that is sent alone.
//! Format: <https://platform.openai.com/docs/api-reference/batch>.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::llm::dialect::Dialect;
use crate::llm::provider::{self, Body};
use crate::llm::reply_fault::{ReplyFault, reply_fault};
use crate::llm::{ChatRequest, DEFAULT_CONTEXT_TOKENS, ProviderKind};

/// Where a line is to be sent, below the address of the server.
pub(crate) const ENDPOINT: &str = "/v1/chat/completions";

/// A request.
#[derive(Serialize)]
struct RequestLine<'a> {
    custom_id: &'a str,
    method: &'a str,
    url: &'a str,
    body: &'a Value,
}

/// A reply, as far as it is read.
#[derive(Deserialize)]
struct WireLine<'a> {
    #[serde(borrow, default)]
    custom_id: Option<Cow<'a, str>>,
    #[serde(default)]
    response: Option<WireResponse>,
    #[serde(default)]
    error: Value,
}

/// An engine that sends nothing has no status; some leave out the body around the reply.
#[derive(Deserialize)]
struct WireResponse {
    status_code: Option<u16>,
    body: Option<Value>,
    choices: Option<Value>,
    usage: Option<Value>,
}

/// What a line brings.
#[derive(Debug, PartialEq)]
pub(crate) enum ReplyLine {
    /// It is no JSON object.
    Unreadable,
    /// It does not say what it answers.
    WithoutId,
    /// The reply to the request of this id, else why there is none.
    Reply(String, Result<Value, String>),
}

/// A line that asks for this, as a server is asked that has not refused anything yet.
#[must_use]
pub(crate) fn request_line(id: &str, request: &ChatRequest) -> Vec<u8> {
    request_line_in(&Dialect::FULL, id, request)
}

/// The same as a server is asked whose dialect is known.
pub(super) fn request_line_in(dialect: &Dialect, id: &str, request: &ChatRequest) -> Vec<u8> {
    let provider = request.provider.provider();
    let call = provider::call(provider, request, dialect, DEFAULT_CONTEXT_TOKENS);
    let body = match call.body {
        Body::Json(body) => body,
        Body::Nothing => Value::Null,
    };
    let line = RequestLine {
        custom_id: id,
        method: "POST",
        url: ENDPOINT,
        body: &body,
    };
    let mut line = serde_json::to_vec(&line).expect("our own types serialize");
    line.push(b'\n');
    line
}

/// Reads a line of replies by the same rules as a reply that comes alone.
#[must_use]
pub(crate) fn reply_line(line: &[u8]) -> ReplyLine {
    let Ok(line) = serde_json::from_slice::<WireLine<'_>>(line) else {
        return ReplyLine::Unreadable;
    };
    let Some(id) = line.custom_id.filter(|id| !id.is_empty()) else {
        return ReplyLine::WithoutId;
    };
    ReplyLine::Reply(id.into_owned(), reply(line.response, &line.error))
}

fn reply(response: Option<WireResponse>, error: &Value) -> Result<Value, String> {
    const OK: u16 = 200;
    let Some(response) = response else {
        return Err(in_words(error).unwrap_or_else(|| "it has no reply".to_owned()));
    };
    let body = match (response.body, response.choices) {
        (Some(body), _) => body,
        (None, Some(choices)) => {
            let mut body = serde_json::json!({ "choices": choices });
            if let Some(usage) = response.usage {
                body["usage"] = usage;
            }
            body
        }
        (None, None) => Value::Null,
    };
    let status = response.status_code.unwrap_or(OK);
    if status != OK {
        let words = in_words(&body["error"]).or_else(|| in_words(&body));
        let words = words.or_else(|| in_words(error)).unwrap_or_default();
        return Err(format!("status {status} {words}").trim_end().to_owned());
    }
    match reply_fault(ProviderKind::OpenAi, &body) {
        Some(ReplyFault::Error(refusal, _)) => Err(refusal.message().to_owned()),
        Some(ReplyFault::Empty) => Err("the model sent an empty reply".to_owned()),
        Some(ReplyFault::Loading) => Err("the model was still being loaded".to_owned()),
        None if ProviderKind::OpenAi.completion(&body).is_none() => {
            Err(in_words(error).unwrap_or_else(|| "it has no reply".to_owned()))
        }
        None => Ok(body),
    }
}

/// What an error says.
fn in_words(error: &Value) -> Option<String> {
    let said = [&error["message"], &error["detail"], error, &error["code"]];
    let said = said.into_iter().find_map(Value::as_str);
    said.filter(|said| !said.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::llm::samples::request;

    #[test]
    fn a_line_asks_as_a_request_that_is_sent_alone() {
        let line = request_line("summary-3fa9c1d2e4b59a07-jAtrviDGpwE", &request());
        let line = String::from_utf8(line).unwrap();
        expect![[r#"
            {"custom_id":"summary-3fa9c1d2e4b59a07-jAtrviDGpwE","method":"POST","url":"/v1/chat/completions","body":{"model":"small","messages":[{"role":"system","content":"Choose well."},{"role":"user","content":"Which one?"}],"max_tokens":100,"temperature":0.0,"seed":0,"response_format":{"type":"json_schema","json_schema":{"name":"choice","strict":true,"schema":{"type":"object","properties":{"why":{"type":"string"},"category":{"type":"string","enum":["A","B"]},"none_fits":{"type":"boolean"}},"required":["why","category","none_fits"],"additionalProperties":false}}}}}
        "#]]
        .assert_eq(&line);
    }

    fn read(line: &Value) -> Result<Value, String> {
        match reply_line(line.to_string().as_bytes()) {
            ReplyLine::Reply(id, reply) => {
                assert_eq!(id, "a");
                reply
            }
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn a_reply_is_read_however_its_engine_writes_it() {
        let body = json!({ "choices": [{ "message": { "content": "hi" } }], "usage": { "prompt_tokens": 3 } });
        for (engine, line) in [
            (
                "OpenAI",
                json!({ "id": "batch_req_1", "custom_id": "a", "response": { "status_code": 200, "request_id": "r", "body": body }, "error": null }),
            ),
            (
                "vLLM",
                json!({ "id": "vllm-1", "custom_id": "a", "response": { "status_code": 200, "request_id": "vllm-batch-1", "body": body }, "error": null }),
            ),
            (
                "nothing around the reply",
                json!({ "custom_id": "a", "response": body }),
            ),
        ] {
            assert_eq!(read(&line), Ok(body.clone()), "{engine}");
        }
    }

    #[test]
    fn a_line_without_a_reply_says_why() {
        let empty = json!({ "choices": [{ "message": { "content": "" }, "finish_reason": "stop" }], "usage": { "completion_tokens": 0 } });
        for (line, why) in [
            (
                json!({ "custom_id": "a", "response": null, "error": { "code": "batch_expired", "message": "This request could not be executed before the completion window expired." } }),
                "This request could not be executed before the completion window expired.",
            ),
            (
                json!({ "custom_id": "a", "response": { "status_code": 400, "body": { "error": { "message": "Unsupported parameter: 'max_tokens'" } } }, "error": null }),
                "status 400 Unsupported parameter: 'max_tokens'",
            ),
            (
                json!({ "custom_id": "a", "response": { "status_code": 500 } }),
                "status 500",
            ),
            (
                json!({ "custom_id": "a", "response": { "status_code": 200, "body": { "error": { "message": "overloaded" } } } }),
                "overloaded",
            ),
            (
                json!({ "custom_id": "a", "response": { "status_code": 200, "body": empty } }),
                "the model sent an empty reply",
            ),
            (
                json!({ "custom_id": "a", "response": { "status_code": 200, "body": {} } }),
                "it has no reply",
            ),
            (json!({ "custom_id": "a", "error": "" }), "it has no reply"),
            (json!({ "custom_id": "a", "error": "no GPU" }), "no GPU"),
        ] {
            assert_eq!(read(&line), Err(why.to_owned()), "{line}");
        }
    }

    #[test]
    fn what_says_nothing_of_its_request_is_told_apart() {
        for line in [
            &b""[..],
            b"{",
            b"Killed",
            b"\xff\xfe",
            b"{\"custom_id\":\"a\"",
            b"[]",
            b"7",
        ] {
            assert_eq!(reply_line(line), ReplyLine::Unreadable, "{line:?}");
        }
        for line in [
            &b"{}"[..],
            br#"{"custom_id":null,"response":{}}"#,
            br#"{"custom_id":""}"#,
        ] {
            assert_eq!(reply_line(line), ReplyLine::WithoutId, "{line:?}");
        }
    }
}
