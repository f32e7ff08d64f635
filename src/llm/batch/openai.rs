//! Batches as `OpenAI`, Azure, `LiteLLM` and others have them: a file is uploaded, a batch is made of it,
//! and files with replies and errors come back.
//!
//! Format: <https://platform.openai.com/docs/api-reference/batch>.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use crate::llm::address::{address, without_path};
use crate::llm::batch::{
    BatchLimits, BatchListPage, BatchWire, Likeness, NO_REPLY, Order, OrderBody, RemoteBatch,
    RemoteFile, RemoteStatus, ReplyLine, Upload, id, in_words, line, whole,
};
use crate::llm::dialect::Dialect;
use crate::llm::provider::{self, Body};
use crate::llm::{ChatRequest, DEFAULT_CONTEXT_TOKENS, ProviderKind};

/// Where a line is to be sent, below the address of the server.
const ENDPOINT: &str = "/v1/chat/completions";
/// The same where Azure has a model as the last part of the address.
const ENDPOINT_OF_DEPLOYMENTS: &str = "/chat/completions";
/// The part of such an address before the model.
const DEPLOYMENTS: &str = "deployments";

/// Azure allows 200 MB, of which a little is left.
const LIMITS: BatchLimits = BatchLimits {
    requests: 50_000,
    bytes: 190_000_000,
    listed_after: SignedDuration::from_secs(10),
    kept_for: SignedDuration::from_hours(29 * 24),
    kept_in_words: "30 days",
};

/// Files and batches.
pub(super) struct OpenAiBatches;

impl BatchWire for OpenAiBatches {
    fn limits(&self) -> &'static BatchLimits {
        &LIMITS
    }

    /// A deployment has its batches above it.
    fn base(&self, endpoint: &Url) -> Url {
        let mut above = without_path(endpoint, "chat/completions");
        let parts: Vec<&str> = endpoint.path_segments().into_iter().flatten().collect();
        if let Some(at) = parts.iter().position(|part| *part == DEPLOYMENTS)
            && let Ok(mut path) = above.path_segments_mut()
        {
            path.clear().extend(&parts[..at]);
        }
        above
    }

    fn request_line(&self, endpoint: &Url, id: &str, body: &Value) -> Vec<u8> {
        line(&RequestLine {
            custom_id: id,
            method: "POST",
            url: path_of_requests(endpoint),
            body,
        })
    }

    fn upload(&self, endpoint: &Url) -> Upload {
        Upload::Form(address(&self.base(endpoint), "files"))
    }

    fn file(&self, endpoint: &Url, id: &str) -> Url {
        address(&self.base(endpoint), &format!("files/{id}"))
    }

    fn read_file(&self, told: &Value) -> Option<RemoteFile> {
        let status = told["status"].as_str().unwrap_or_default();
        Some(RemoteFile {
            id: id(&told["id"])?,
            is_ready: !matches!(status, "pending" | "running" | "notRunning"),
        })
    }

    fn order(&self, endpoint: &Url, _model: &str, order: &Order<'_>) -> (Url, OrderBody) {
        let wanted = json!({
            "input_file_id": order.file,
            "endpoint": path_of_requests(endpoint),
            "completion_window": "24h",
            "metadata": { "proceedings": order.name },
        });
        let batches = address(&self.base(endpoint), "batches");
        (batches, OrderBody::Json(wanted))
    }

    fn list(&self, endpoint: &Url, page: Option<&str>) -> Url {
        let mut list = address(&self.base(endpoint), "batches");
        list.query_pairs_mut().append_pair("limit", "100");
        if let Some(after) = page {
            list.query_pairs_mut().append_pair("after", after);
        }
        list
    }

    fn read_page(&self, told: &Value) -> Option<BatchListPage> {
        let batches = told["data"].as_array()?.iter();
        let batches: Vec<_> = batches.filter_map(|told| self.read_batch(told)).collect();
        let last = batches.last().filter(|_| told["has_more"] == true);
        Some(BatchListPage {
            next: last.map(|batch| batch.id.clone()),
            batches,
        })
    }

    fn likeness(&self, listed: &RemoteBatch, order: &Order<'_>) -> Likeness {
        if order.file.is_some() && listed.input.as_deref() == order.file {
            Likeness::Same
        } else {
            Likeness::Other
        }
    }

    fn batch(&self, endpoint: &Url, id: &str) -> Url {
        address(&self.base(endpoint), &format!("batches/{id}"))
    }

    fn read_batch(&self, told: &Value) -> Option<RemoteBatch> {
        let refusals = told["errors"]["data"].as_array().into_iter().flatten();
        let refusals = refusals.map(|refusal| {
            let words = [&refusal["code"], &refusal["message"]].map(Value::as_str);
            words.into_iter().flatten().collect::<Vec<_>>().join(": ")
        });
        let counts = &told["request_counts"];
        let count = |name: &str| counts[name].as_u64().unwrap_or(0);
        let files = [&told["output_file_id"], &told["error_file_id"]];
        let ended = ["completed_at", "expired_at", "cancelled_at", "failed_at"];
        let ended = ended.iter().find_map(|name| told[name].as_i64());
        Some(RemoteBatch {
            id: id(&told["id"])?,
            status: status(told["status"].as_str()?),
            name: id(&told["metadata"]["proceedings"]),
            input: id(&told["input_file_id"]),
            files: files.into_iter().filter_map(id).collect(),
            refusals: refusals.collect(),
            through: count("completed") + count("failed"),
            total: count("total"),
            ended_at: ended.and_then(|second| Timestamp::from_second(second).ok()),
        })
    }

    fn replies(&self, endpoint: &Url, file: &str) -> Url {
        address(&self.base(endpoint), &format!("files/{file}/content"))
    }

    fn reply_line(&self, line: &[u8]) -> ReplyLine {
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
}

fn status(word: &str) -> RemoteStatus {
    match word {
        "completed" => RemoteStatus::Completed,
        "failed" => RemoteStatus::Failed,
        "expired" => RemoteStatus::Expired,
        "cancelled" | "canceled" => RemoteStatus::Cancelled,
        other => RemoteStatus::UnderWay(other.to_owned()),
    }
}

/// What the requests of a batch are, as an endpoint calls it.
fn path_of_requests(endpoint: &Url) -> &'static str {
    let has_deployment = endpoint
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

/// A line that asks for this, as an engine is asked that has not refused anything yet.
#[must_use]
pub(crate) fn request_line(id: &str, request: &ChatRequest) -> Vec<u8> {
    let provider = request.provider.provider();
    let call = provider::call(provider, request, &Dialect::FULL, DEFAULT_CONTEXT_TOKENS);
    let body = match call.body {
        Body::Json(body) => body,
        Body::Nothing => Value::Null,
    };
    line(&RequestLine {
        custom_id: id,
        method: "POST",
        url: ENDPOINT,
        body: &body,
    })
}

/// A line that holds a reply, as an engine writes it.
#[must_use]
pub(crate) fn answer_line(id: &str, body: &Value) -> Vec<u8> {
    let response = json!({ "status_code": 200, "body": body });
    line(&json!({ "custom_id": id, "response": response, "error": null }))
}

fn reply(response: Option<WireResponse>, error: &Value) -> Result<Value, String> {
    const OK: u16 = 200;
    let Some(response) = response else {
        return Err(in_words(error).unwrap_or_else(|| NO_REPLY.to_owned()));
    };
    let body = match (response.body, response.choices) {
        (Some(body), _) => body,
        (None, Some(choices)) => {
            let mut body = json!({ "choices": choices });
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
    whole(ProviderKind::OpenAi, body).map_err(|why| {
        let why = why.or_else(|| in_words(error));
        why.unwrap_or_else(|| NO_REPLY.to_owned())
    })
}
#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::llm::samples::request;

    fn reply_line(line: &[u8]) -> ReplyLine {
        OpenAiBatches.reply_line(line)
    }

    fn read_batch(told: &Value) -> Option<RemoteBatch> {
        OpenAiBatches.read_batch(told)
    }

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
        let batch = read_batch(&told).unwrap();
        assert_eq!(batch.status, RemoteStatus::Completed);
        assert!(batch.files.is_empty(), "{batch:?}");
        assert_eq!((batch.through, batch.total), (5, 9));
        let refused = json!({
            "id": "batch_1", "status": "failed", "errors": { "object": "list", "data": [
                { "code": "token_limit_exceeded", "message": "Enqueued token limit reached.", "line": null },
            ] },
        });
        let batch = read_batch(&refused).unwrap();
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
            assert_eq!(super::status(status), expected);
        }
        assert_eq!(read_batch(&json!({ "status": "completed" })), None);
        assert_eq!(
            OpenAiBatches
                .read_page(&json!({ "data": [told, {}], "has_more": true }))
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
            ("http://h/v1/chat/completions/", "http://h/v1", ENDPOINT),
            (
                "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
                "https://r.openai.azure.com/openai?api-version=2024-10-21",
                ENDPOINT_OF_DEPLOYMENTS,
            ),
        ] {
            let address: Url = address.parse().unwrap();
            assert_eq!(OpenAiBatches.base(&address).as_str(), above);
            assert_eq!(path_of_requests(&address), endpoint);
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
            let file = OpenAiBatches
                .read_file(&json!({ "id": "f", "status": status }))
                .unwrap();
            assert_eq!(file.is_ready, is_ready, "{status}");
        }
        let file = OpenAiBatches.read_file(&json!({ "id": "f" })).unwrap();
        assert!(file.is_ready);
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
