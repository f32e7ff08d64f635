//! The wire format of batches: files with a request in each line, what is told of a batch, and files with
//! a reply in each line.
//!
//! Pure. Files of such lines are what `OpenAI`, Azure, `LiteLLM`, vLLM's `run-batch` and others read and
//! write. The body of a line is the body of a request that is sent alone.
//! Format: <https://platform.openai.com/docs/api-reference/batch>.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::llm::address::redact_url;
use crate::llm::dialect::Dialect;
use crate::llm::provider::{self, Body};
use crate::llm::reply_fault::{ReplyFault, reply_fault};
use crate::llm::{ChatRequest, DEFAULT_CONTEXT_TOKENS, ProviderKind};

/// Where a line is to be sent, below the address of the server.
const ENDPOINT: &str = "/v1/chat/completions";
/// The same where Azure has a model as the last part of the address.
const ENDPOINT_OF_DEPLOYMENTS: &str = "/chat/completions";
/// The part of such an address before the model.
const DEPLOYMENTS: &str = "deployments";

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemoteFile {
    pub id: String,
    status: String,
}

/// A batch as the endpoint tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemoteBatch {
    pub id: String,
    pub status: RemoteStatus,
    /// The file that it was made of.
    pub input: Option<String>,
    /// The file with the replies, if there is one.
    pub output: Option<String>,
    /// The file with the errors, if there is one.
    pub errors: Option<String>,
    /// Why it was refused: codes and words.
    pub refusals: Vec<String>,
    /// How many requests are through.
    pub through: u64,
    /// How many there are.
    pub total: u64,
}

/// How far a batch has come at the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RemoteStatus {
    /// It goes on; in the endpoint's word.
    UnderWay(String),
    /// It was refused, and nothing is paid for.
    Failed,
    /// It ended; what is through is paid for.
    Completed,
    /// Its time was up before all were through; what is through is paid for.
    Expired,
    /// Somebody cancelled it; what is through is paid for.
    Cancelled,
}

/// A page of the list of batches.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub batches: Vec<RemoteBatch>,
    /// Whether others follow.
    pub more: bool,
}

impl RemoteFile {
    pub(super) fn read(told: &Value) -> Option<Self> {
        Some(Self {
            id: id(&told["id"])?,
            status: told["status"].as_str().unwrap_or_default().to_owned(),
        })
    }

    /// Whether a batch may be made of it. Azure reads a file through first.
    #[must_use]
    pub(crate) fn is_ready(&self) -> bool {
        !matches!(self.status.as_str(), "pending" | "running" | "notRunning")
    }
}

impl RemoteBatch {
    pub(super) fn read(told: &Value) -> Option<Self> {
        let refusals = told["errors"]["data"].as_array().into_iter().flatten();
        let refusals = refusals.map(|refusal| {
            let words = [&refusal["code"], &refusal["message"]].map(Value::as_str);
            words.into_iter().flatten().collect::<Vec<_>>().join(": ")
        });
        let counts = &told["request_counts"];
        let count = |name: &str| counts[name].as_u64().unwrap_or(0);
        Some(Self {
            id: id(&told["id"])?,
            status: RemoteStatus::of(told["status"].as_str()?),
            input: id(&told["input_file_id"]),
            output: id(&told["output_file_id"]),
            errors: id(&told["error_file_id"]),
            refusals: refusals.collect(),
            through: count("completed") + count("failed"),
            total: count("total"),
        })
    }
}

impl RemoteStatus {
    fn of(status: &str) -> Self {
        match status {
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            "expired" => Self::Expired,
            "cancelled" | "canceled" => Self::Cancelled,
            other => Self::UnderWay(other.to_owned()),
        }
    }
}

impl Page {
    pub(super) fn read(told: &Value) -> Option<Self> {
        let batches = told["data"].as_array()?.iter();
        Some(Self {
            batches: batches.filter_map(RemoteBatch::read).collect(),
            more: told["has_more"] == true,
        })
    }
}

/// An id that may stand in an address. An empty one means that there is none.
fn id(value: &Value) -> Option<String> {
    let id = value.as_str().filter(|id| !id.is_empty())?;
    Some(id.to_owned())
}

/// The address below which files and batches are.
pub(super) fn base(base: &Url) -> Url {
    let mut above = base.clone();
    let parts: Vec<&str> = base.path_segments().into_iter().flatten().collect();
    if let Some(at) = parts.iter().position(|part| *part == DEPLOYMENTS)
        && let Ok(mut path) = above.path_segments_mut()
    {
        path.clear().extend(&parts[..at]);
    }
    above
}

/// The same as records name it.
pub(super) fn shown_base(address: &Url) -> String {
    redact_url(&base(address))
}

/// What the requests of a batch are, as an endpoint calls it.
pub(super) fn endpoint(base: &Url) -> &'static str {
    let has_deployment = base
        .path_segments()
        .is_some_and(|mut parts| parts.any(|part| part == DEPLOYMENTS));
    if has_deployment {
        ENDPOINT_OF_DEPLOYMENTS
    } else {
        ENDPOINT
    }
}

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
    method: Option<IgnoredAny>,
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
    /// It is a request.
    Request,
    /// It does not say what it answers.
    WithoutId,
    /// The reply to the request of this id, else why there is none.
    Reply(String, Result<Value, String>),
}

/// A line that asks for this, as a server is asked that has not refused anything yet.
#[must_use]
pub(crate) fn request_line(id: &str, request: &ChatRequest) -> Vec<u8> {
    request_line_in(&Dialect::FULL, ENDPOINT, id, request)
}

/// The same as a server is asked whose dialect is known.
pub(super) fn request_line_in(
    dialect: &Dialect,
    endpoint: &str,
    id: &str,
    request: &ChatRequest,
) -> Vec<u8> {
    let provider = request.provider.provider();
    let call = provider::call(provider, request, dialect, DEFAULT_CONTEXT_TOKENS);
    let body = match call.body {
        Body::Json(body) => body,
        Body::Nothing => Value::Null,
    };
    let line = RequestLine {
        custom_id: id,
        method: "POST",
        url: endpoint,
        body: &body,
    };
    let mut line = serde_json::to_vec(&line).expect("our own types serialize");
    line.push(b'\n');
    line
}

/// A line that holds a reply, as an engine writes it.
#[must_use]
pub(crate) fn answer_line(id: &str, body: &Value) -> Vec<u8> {
    let response = serde_json::json!({ "status_code": 200, "body": body });
    let line = serde_json::json!({ "custom_id": id, "response": response, "error": null });
    let mut line = line.to_string().into_bytes();
    line.push(b'\n');
    line
}

/// Reads a line of replies by the same rules as a reply that comes alone.
#[must_use]
pub(crate) fn reply_line(line: &[u8]) -> ReplyLine {
    let Ok(line) = serde_json::from_slice::<WireLine<'_>>(line) else {
        return ReplyLine::Unreadable;
    };
    if line.method.is_some() && line.response.is_none() {
        return ReplyLine::Request;
    }
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
    let within = &error["error"]["message"];
    let said = [
        &error["message"],
        within,
        &error["detail"],
        error,
        &error["code"],
    ];
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

    #[test]
    fn a_request_is_no_reply() {
        let line = request_line("summary-3fa9c1d2e4b59a07-jAtrviDGpwE", &request());
        assert_eq!(reply_line(&line), ReplyLine::Request);
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
        let own = serde_json::from_slice(&answer_line("a", &body)).unwrap();
        assert_eq!(read(&own), Ok(body));
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
            (
                json!({ "custom_id": "a", "response": { "status_code": 400, "request_id": "r", "body": null }, "error": { "error": { "message": "max_tokens is too large" } } }),
                "status 400 max_tokens is too large",
            ),
            (json!({ "custom_id": "a", "error": "" }), "it has no reply"),
            (json!({ "custom_id": "a", "error": "no GPU" }), "no GPU"),
        ] {
            assert_eq!(read(&line), Err(why.to_owned()), "{line}");
        }
    }

    #[test]
    fn what_is_told_of_a_batch_is_read_with_its_oddities() {
        let told = json!({
            "id": "batch_1", "status": "completed", "input_file_id": "file-in", "output_file_id": null,
            "error_file_id": "", "request_counts": { "total": 9, "completed": 2, "failed": 3 },
        });
        let batch = RemoteBatch::read(&told).unwrap();
        assert_eq!(batch.status, RemoteStatus::Completed);
        assert_eq!((batch.output, batch.errors), (None, None));
        assert_eq!((batch.through, batch.total), (5, 9));
        let refused = json!({
            "id": "batch_1", "status": "failed", "errors": { "object": "list", "data": [
                { "code": "token_limit_exceeded", "message": "Enqueued token limit reached.", "line": null },
            ] },
        });
        let batch = RemoteBatch::read(&refused).unwrap();
        assert_eq!(batch.status, RemoteStatus::Failed);
        assert_eq!(
            batch.refusals,
            ["token_limit_exceeded: Enqueued token limit reached."]
        );
        for (status, expected) in [
            ("expired", RemoteStatus::Expired),
            ("cancelled", RemoteStatus::Cancelled),
            (
                "finalizing",
                RemoteStatus::UnderWay("finalizing".to_owned()),
            ),
        ] {
            assert_eq!(RemoteStatus::of(status), expected);
        }
        assert_eq!(RemoteBatch::read(&json!({ "status": "completed" })), None);
        assert_eq!(
            Page::read(&json!({ "data": [told, {}], "has_more": true }))
                .unwrap()
                .batches
                .len(),
            1
        );
    }

    #[test]
    fn an_address_of_a_deployment_has_its_batches_above_it() {
        for (address, above, endpoint) in [
            (
                "https://api.openai.com/v1",
                "https://api.openai.com/v1",
                ENDPOINT,
            ),
            (
                "https://r.openai.azure.com/openai/v1",
                "https://r.openai.azure.com/openai/v1",
                ENDPOINT,
            ),
            (
                "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
                "https://r.openai.azure.com/openai?api-version=2024-10-21",
                ENDPOINT_OF_DEPLOYMENTS,
            ),
        ] {
            let address: Url = address.parse().unwrap();
            assert_eq!(base(&address).as_str(), above);
            assert_eq!(super::endpoint(&address), endpoint);
        }
    }

    #[test]
    fn a_file_that_is_read_through_first_is_waited_for() {
        for (status, is_ready) in [
            ("processed", true),
            ("uploaded", true),
            ("pending", false),
            ("running", false),
        ] {
            let file = RemoteFile::read(&json!({ "id": "f", "status": status })).unwrap();
            assert_eq!(file.is_ready(), is_ready, "{status}");
        }
        assert!(RemoteFile::read(&json!({ "id": "f" })).unwrap().is_ready());
    }

    #[test]
    fn what_says_nothing_of_its_request_is_told_apart() {
        for line in [
            &b""[..],
            b"{",
            b"Killed",
            b"\xff\xfe",
            b"{\"custom_id\":\"a\"",
            b"7",
        ] {
            assert_eq!(reply_line(line), ReplyLine::Unreadable, "{line:?}");
        }
        for line in [
            &b"{}"[..],
            b"[]",
            br#"{"custom_id":null,"response":{}}"#,
            br#"{"custom_id":""}"#,
        ] {
            assert_eq!(reply_line(line), ReplyLine::WithoutId, "{line:?}");
        }
    }
}
