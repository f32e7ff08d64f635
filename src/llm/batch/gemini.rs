//! Batches as Gemini has them: a file is uploaded, a batch is made of it, and a file of replies comes
//! back.
//!
//! A batch is told of as an operation: what it is stands in its `metadata`, and why it failed in its
//! `error`. Format: <https://ai.google.dev/api/batch-api>.

use std::borrow::Cow;

use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use url::Url;

use crate::llm::ProviderKind;
use crate::llm::address::address;
use crate::llm::batch::{
    BatchLimits, BatchListPage, BatchWire, Likeness, NO_REPLY, Order, OrderBody, RemoteBatch,
    RemoteFile, RemoteStatus, ReplyLine, Upload, id, in_words, line, time, whole,
};
use crate::llm::dialect::{Dialect, Structure};
use crate::llm::gemini::path_of_model;
use crate::llm::provider::count;

/// A file may have 2 GB.
const LIMITS: BatchLimits = BatchLimits {
    requests: 100_000,
    bytes: 1_900_000_000,
    listed_after: SignedDuration::from_mins(1),
    kept_for: SignedDuration::from_hours(48),
    kept_in_words: "48 hours",
};

/// `batchGenerateContent`.
pub(super) struct GeminiBatches;

impl BatchWire for GeminiBatches {
    fn limits(&self) -> &'static BatchLimits {
        &LIMITS
    }

    fn base(&self, endpoint: &Url) -> Url {
        endpoint.clone()
    }

    /// In batches the stronger form was seen to bring objects whose values are mixed up, and the older
    /// one was not: <https://github.com/crmne/ruby_llm/issues/894>.
    fn dialect(&self, alone: Dialect) -> Dialect {
        match alone.structure {
            Structure::Strongest => Dialect {
                structure: Structure::Weaker,
                ..alone
            },
            Structure::Weaker | Structure::PromptAlone => alone,
        }
    }

    fn request_line(&self, _endpoint: &Url, id: &str, body: &Value) -> Vec<u8> {
        line(&json!({ "key": id, "request": body }))
    }

    fn upload(&self, endpoint: &Url) -> Upload {
        Upload::Announced(uploads(endpoint))
    }

    fn file(&self, endpoint: &Url, id: &str) -> Url {
        address(endpoint, id)
    }

    /// What was uploaded is told within `file`, and what is asked about without.
    fn read_file(&self, told: &Value) -> Option<RemoteFile> {
        let file = told.get("file").unwrap_or(told);
        Some(RemoteFile {
            id: id(&file["name"])?,
            is_ready: file["state"] != "PROCESSING",
        })
    }

    fn order(&self, endpoint: &Url, model: &str, order: &Order<'_>) -> (Url, OrderBody) {
        let path = format!("{}:batchGenerateContent", path_of_model(model));
        let input = json!({ "fileName": order.file });
        let wanted = json!({ "batch": { "displayName": order.name, "inputConfig": input } });
        (address(endpoint, &path), OrderBody::Json(wanted))
    }

    fn list(&self, endpoint: &Url, page: Option<&str>) -> Url {
        let mut list = address(endpoint, "batches");
        list.query_pairs_mut().append_pair("pageSize", "100");
        if let Some(page) = page {
            list.query_pairs_mut().append_pair("pageToken", page);
        }
        list
    }

    /// No batches at all are an object without a list.
    fn read_page(&self, told: &Value) -> Option<BatchListPage> {
        let batches = told
            .as_object()?
            .get("operations")
            .and_then(Value::as_array);
        let batches = batches.into_iter().flatten();
        Some(BatchListPage {
            batches: batches.filter_map(|told| self.read_batch(told)).collect(),
            next: id(&told["nextPageToken"]),
        })
    }

    fn likeness(&self, listed: &RemoteBatch, order: &Order<'_>) -> Likeness {
        if listed.name.as_deref() == Some(order.name) {
            Likeness::Same
        } else {
            Likeness::Other
        }
    }

    fn batch(&self, endpoint: &Url, id: &str) -> Url {
        address(endpoint, id)
    }

    fn read_batch(&self, told: &Value) -> Option<RemoteBatch> {
        let batch = told.get("metadata").unwrap_or(told);
        let counted = |name: &str| {
            let value = &batch["batchStats"][name];
            // A count is a text, as Google writes large numbers.
            let written = || value.as_str()?.parse().ok();
            count(value).or_else(written).unwrap_or(0)
        };
        let outputs = [&batch["output"], &told["response"]];
        let outputs = outputs
            .iter()
            .find_map(|output| id(&output["responsesFile"]));
        let error = &told["error"];
        let refusal = in_words(error).filter(|_| !error.is_null());
        Some(RemoteBatch {
            id: id(&told["name"])?,
            status: status(batch["state"].as_str().unwrap_or_default(), told),
            name: id(&batch["displayName"]),
            input: id(&batch["inputConfig"]["fileName"]),
            files: outputs.into_iter().collect(),
            refusals: refusal.into_iter().collect(),
            through: counted("successfulRequestCount") + counted("failedRequestCount"),
            total: counted("requestCount"),
            ended_at: time(&batch["endTime"]),
        })
    }

    fn replies(&self, endpoint: &Url, file: &str) -> Url {
        let mut replies = address(endpoint, &format!("{file}:download"));
        replies.query_pairs_mut().append_pair("alt", "media");
        replies
    }

    fn reply_line(&self, line: &[u8]) -> ReplyLine {
        let Ok(line) = serde_json::from_slice::<WireLine<'_>>(line) else {
            return ReplyLine::Unreadable;
        };
        if line.request.is_some() && line.response.is_null() && line.error.is_null() {
            return ReplyLine::Request;
        }
        let Some(key) = line.key.filter(|key| !key.is_empty()) else {
            return ReplyLine::WithoutId;
        };
        let said = match line.response {
            Value::Null => Err(None),
            response => whole(ProviderKind::Gemini, response),
        };
        let reply = said.map_err(|why| {
            let why = why.or_else(|| in_words(&line.error));
            why.unwrap_or_else(|| NO_REPLY.to_owned())
        });
        ReplyLine::Reply(key.into_owned(), reply)
    }
}

/// A reply, as far as it is read.
#[derive(Deserialize)]
struct WireLine<'a> {
    #[serde(borrow, default)]
    key: Option<Cow<'a, str>>,
    #[serde(default)]
    request: Option<IgnoredAny>,
    #[serde(default)]
    response: Value,
    #[serde(default, alias = "status")]
    error: Value,
}

/// States are called `BATCH_STATE_…` or `JOB_STATE_…`.
fn status(state: &str, told: &Value) -> RemoteStatus {
    let word = state.rsplit_once("STATE_").map_or(state, |(_, word)| word);
    match word {
        "SUCCEEDED" | "PARTIALLY_SUCCEEDED" => RemoteStatus::Completed,
        "FAILED" => RemoteStatus::Failed,
        "CANCELLED" => RemoteStatus::Cancelled,
        "EXPIRED" => RemoteStatus::Expired,
        _ if !told["error"].is_null() => RemoteStatus::Failed,
        _ if told["done"] == true => RemoteStatus::Completed,
        "" => RemoteStatus::UnderWay("ordered".to_owned()),
        other => RemoteStatus::UnderWay(other.to_lowercase()),
    }
}

/// Where files are uploaded: Google has `upload` before the version of the API.
fn uploads(endpoint: &Url) -> Url {
    let parts = endpoint.path_segments().into_iter().flatten();
    let mut parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let version = parts.pop_if(|part| is_version(part));
    parts.push("upload");
    parts.extend(version);
    parts.push("files");
    let mut uploads = endpoint.clone();
    if let Ok(mut path) = uploads.path_segments_mut() {
        path.clear().extend(parts);
    }
    uploads
}

/// Whether a part of an address is a version, such as `v1beta`.
fn is_version(part: &str) -> bool {
    let number = part.strip_prefix('v').unwrap_or_default();
    number.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::samples::request;

    fn read(line: &Value) -> Result<Value, String> {
        match GeminiBatches.reply_line(line.to_string().as_bytes()) {
            ReplyLine::Reply(key, reply) => {
                assert_eq!(key, "a");
                reply
            }
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn a_line_brings_a_response_or_says_why_not() {
        let response = json!({ "candidates": [{ "content": { "parts": [{ "text": "hi" }] } }] });
        let line = json!({ "key": "a", "response": response });
        assert_eq!(read(&line), Ok(response));
        for (line, why) in [
            (
                json!({ "key": "a", "error": { "code": 400, "message": "Request contains an invalid argument." } }),
                "Request contains an invalid argument.",
            ),
            (
                json!({ "key": "a", "status": { "code": 13, "message": "internal" } }),
                "internal",
            ),
            (
                json!({ "key": "a", "response": { "error": { "code": 503, "message": "overloaded" } } }),
                "overloaded",
            ),
            (json!({ "key": "a", "response": {} }), NO_REPLY),
            (json!({ "key": "a" }), NO_REPLY),
        ] {
            assert_eq!(read(&line), Err(why.to_owned()), "{line}");
        }
    }

    #[test]
    fn what_is_no_reply_is_told_apart() {
        let wire = GeminiBatches;
        let endpoint = "https://h/v1beta".parse().unwrap();
        let request = wire.request_line(&endpoint, "a", &json!({ "contents": [] }));
        assert_eq!(request, b"{\"key\":\"a\",\"request\":{\"contents\":[]}}\n");
        assert_eq!(wire.reply_line(&request), ReplyLine::Request);
        assert_eq!(wire.reply_line(b"7"), ReplyLine::Unreadable);
        let nameless = br#"{"response":{"candidates":[]}}"#;
        assert_eq!(wire.reply_line(nameless), ReplyLine::WithoutId);
    }

    #[test]
    fn a_shape_is_asked_for_in_the_older_form() {
        let provider = ProviderKind::Gemini.provider();
        let body = |dialect: Dialect| format!("{:?}", provider.chat(&request(), &dialect, 8_000));
        let alone = body(Dialect::FULL);
        let in_batch = body(GeminiBatches.dialect(Dialect::FULL));
        assert!(alone.contains("responseJsonSchema"), "{alone}");
        assert!(in_batch.contains("responseSchema"), "{in_batch}");
    }

    #[test]
    fn an_operation_tells_of_a_batch() {
        let told = json!({
            "name": "batches/1", "done": true,
            "metadata": {
                "displayName": "20260820-183724-00000001", "state": "BATCH_STATE_SUCCEEDED",
                "endTime": "2026-08-20T18:37:24Z", "output": { "responsesFile": "files/replies-1" },
                "batchStats": { "requestCount": "3", "successfulRequestCount": "2", "failedRequestCount": 1 },
            },
        });
        let batch = GeminiBatches.read_batch(&told).unwrap();
        assert_eq!(batch.status, RemoteStatus::Completed);
        assert_eq!(batch.name.as_deref(), Some("20260820-183724-00000001"));
        assert_eq!(batch.files, ["files/replies-1"]);
        assert_eq!((batch.through, batch.total), (3, 3));
        let only_response = json!({ "name": "batches/1", "done": true, "response": { "responsesFile": "files/2" } });
        let batch = GeminiBatches.read_batch(&only_response).unwrap();
        assert_eq!(batch.status, RemoteStatus::Completed);
        assert_eq!(batch.files, ["files/2"]);
    }

    #[test]
    fn states_are_known_under_both_of_their_names() {
        let status = |state: &str| super::status(state, &json!({}));
        for prefix in ["BATCH_STATE_", "JOB_STATE_"] {
            for (word, expected) in [
                ("SUCCEEDED", RemoteStatus::Completed),
                ("PARTIALLY_SUCCEEDED", RemoteStatus::Completed),
                ("FAILED", RemoteStatus::Failed),
                ("CANCELLED", RemoteStatus::Cancelled),
                ("EXPIRED", RemoteStatus::Expired),
                ("PENDING", RemoteStatus::UnderWay("pending".to_owned())),
            ] {
                assert_eq!(status(&format!("{prefix}{word}")), expected);
            }
        }
        assert_eq!(status(""), RemoteStatus::UnderWay("ordered".to_owned()));
        let refused = json!({ "done": true, "error": { "code": 3, "message": "line 3" } });
        assert_eq!(super::status("", &refused), RemoteStatus::Failed);
    }

    #[test]
    fn files_are_uploaded_beside_the_version_of_the_api() {
        for (endpoint, expected) in [
            ("https://h/v1beta", "https://h/upload/v1beta/files"),
            ("https://h/v1beta/", "https://h/upload/v1beta/files"),
            ("https://h/gemini/v1", "https://h/gemini/upload/v1/files"),
            ("https://h", "https://h/upload/files"),
        ] {
            assert_eq!(uploads(&endpoint.parse().unwrap()).as_str(), expected);
        }
    }

    #[test]
    fn a_list_may_be_empty_and_may_go_on() {
        let page = GeminiBatches.read_page(&json!({})).unwrap();
        assert!(page.batches.is_empty() && page.next.is_none());
        let told = json!({ "operations": [{ "name": "batches/1" }], "nextPageToken": "t" });
        let page = GeminiBatches.read_page(&told).unwrap();
        assert_eq!(page.batches.len(), 1);
        assert_eq!(page.next.as_deref(), Some("t"));
        assert_eq!(GeminiBatches.read_page(&json!([])), None);
    }
}
