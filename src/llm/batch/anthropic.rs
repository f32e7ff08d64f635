//! Batches as Anthropic has them: the order has all requests in it, and the replies are one file.
//!
//! A batch has no name of ours and tells nothing of its requests until it has ended. Where the answer
//! to an order is lost, the batch is known as the one that is newer than those before the order and has
//! as many requests. Format: <https://platform.claude.com/docs/en/api/messages/batches>.

use std::borrow::Cow;

use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use url::Url;

use crate::llm::ProviderKind;
use crate::llm::address::{address, without_path};
use crate::llm::anthropic::VERSION;
use crate::llm::batch::{
    BatchLimits, BatchListPage, BatchWire, Likeness, NO_REPLY, Order, OrderBody, RemoteBatch,
    RemoteFile, RemoteStatus, ReplyLine, Upload, id, in_words, line, time, whole,
};

const BATCHES: &str = "v1/messages/batches";

/// 256 MB are allowed, of which a little is left.
const LIMITS: BatchLimits = BatchLimits {
    requests: 100_000,
    bytes: 240_000_000,
    listed_after: SignedDuration::from_mins(2),
    kept_for: SignedDuration::from_hours(28 * 24),
    kept_in_words: "29 days",
};

/// Message Batches.
pub(super) struct AnthropicBatches;

impl BatchWire for AnthropicBatches {
    fn limits(&self) -> &'static BatchLimits {
        &LIMITS
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        VERSION
    }

    fn base(&self, endpoint: &Url) -> Url {
        without_path(endpoint, "messages")
    }

    fn request_line(&self, _endpoint: &Url, id: &str, body: &Value) -> Vec<u8> {
        line(&json!({ "custom_id": id, "params": body }))
    }

    fn upload(&self, _endpoint: &Url) -> Upload {
        Upload::InOrder
    }

    /// There are none.
    fn file(&self, endpoint: &Url, _id: &str) -> Url {
        self.base(endpoint)
    }

    fn read_file(&self, _told: &Value) -> Option<RemoteFile> {
        None
    }

    fn order(&self, endpoint: &Url, _model: &str, _order: &Order<'_>) -> (Url, OrderBody) {
        let batches = address(&self.base(endpoint), BATCHES);
        (batches, OrderBody::Lines(r#"{"requests":["#, "]}"))
    }

    fn list(&self, endpoint: &Url, page: Option<&str>) -> Url {
        let mut list = address(&self.base(endpoint), BATCHES);
        list.query_pairs_mut().append_pair("limit", "100");
        if let Some(after) = page {
            list.query_pairs_mut().append_pair("after_id", after);
        }
        list
    }

    fn read_page(&self, told: &Value) -> Option<BatchListPage> {
        let batches = told["data"].as_array()?.iter();
        Some(BatchListPage {
            batches: batches.filter_map(|told| self.read_batch(told)).collect(),
            next: id(&told["last_id"]).filter(|_| told["has_more"] == true),
        })
    }

    fn likeness(&self, listed: &RemoteBatch, order: &Order<'_>) -> Likeness {
        if listed.total == order.requests as u64 {
            Likeness::Alike
        } else {
            Likeness::Other
        }
    }

    fn batch(&self, endpoint: &Url, id: &str) -> Url {
        address(&self.base(endpoint), &format!("{BATCHES}/{id}"))
    }

    fn read_batch(&self, told: &Value) -> Option<RemoteBatch> {
        let id = id(&told["id"])?;
        let count = |name: &str| told["request_counts"][name].as_u64().unwrap_or(0);
        let through: u64 = ["succeeded", "errored", "canceled", "expired"]
            .map(count)
            .iter()
            .sum();
        let has_replies = told["results_url"].is_string();
        let status = match told["processing_status"].as_str()? {
            "ended" if !told["archived_at"].is_null() => RemoteStatus::Archived,
            "ended" if !told["cancel_initiated_at"].is_null() => RemoteStatus::Cancelled,
            "ended" if count("expired") > 0 => RemoteStatus::Expired,
            "ended" => RemoteStatus::Completed,
            other => RemoteStatus::UnderWay(other.to_owned()),
        };
        Some(RemoteBatch {
            // They have no name but that of the batch.
            files: has_replies.then(|| id.clone()).into_iter().collect(),
            id,
            status,
            name: None,
            input: None,
            refusals: Vec::new(),
            through,
            total: through + count("processing"),
            ended_at: time(&told["ended_at"]),
        })
    }

    /// Below our own address, whatever `results_url` says: the key goes along.
    fn replies(&self, endpoint: &Url, file: &str) -> Url {
        address(&self.base(endpoint), &format!("{BATCHES}/{file}/results"))
    }

    fn reply_line(&self, line: &[u8]) -> ReplyLine {
        let Ok(line) = serde_json::from_slice::<WireLine<'_>>(line) else {
            return ReplyLine::Unreadable;
        };
        if line.params.is_some() && line.result.is_null() {
            return ReplyLine::Request;
        }
        let Some(id) = line.custom_id.filter(|id| !id.is_empty()) else {
            return ReplyLine::WithoutId;
        };
        ReplyLine::Reply(id.into_owned(), reply(line.result))
    }
}

/// A reply, as far as it is read.
#[derive(Deserialize)]
struct WireLine<'a> {
    #[serde(borrow, default)]
    custom_id: Option<Cow<'a, str>>,
    #[serde(default)]
    params: Option<IgnoredAny>,
    #[serde(default)]
    result: Value,
}

fn reply(mut result: Value) -> Result<Value, String> {
    let said = match result["type"].as_str() {
        Some("succeeded") => match whole(ProviderKind::Anthropic, result["message"].take()) {
            Ok(message) => return Ok(message),
            Err(why) => why,
        },
        Some("canceled") => Some("the batch was cancelled before it was answered".to_owned()),
        Some("expired") => Some("the time of the batch was up before it was answered".to_owned()),
        _ => in_words(&result["error"]),
    };
    Err(said.unwrap_or_else(|| NO_REPLY.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(result: &Value) -> Result<Value, String> {
        let line = json!({ "custom_id": "a", "result": result });
        match AnthropicBatches.reply_line(line.to_string().as_bytes()) {
            ReplyLine::Reply(id, reply) => {
                assert_eq!(id, "a");
                reply
            }
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn a_line_brings_a_message_or_says_why_not() {
        let message = json!({ "type": "message", "content": [{ "type": "text", "text": "hi" }], "stop_reason": "end_turn" });
        let succeeded = json!({ "type": "succeeded", "message": message });
        assert_eq!(read(&succeeded), Ok(message));
        for (result, why) in [
            (
                json!({ "type": "errored", "error": { "type": "error", "error": { "type": "invalid_request_error", "message": "max_tokens: too large" } } }),
                "max_tokens: too large",
            ),
            (
                json!({ "type": "errored", "error": { "type": "api_error", "message": "Internal server error" } }),
                "Internal server error",
            ),
            (
                json!({ "type": "canceled" }),
                "the batch was cancelled before it was answered",
            ),
            (
                json!({ "type": "expired" }),
                "the time of the batch was up before it was answered",
            ),
            (json!({ "type": "succeeded" }), NO_REPLY),
            (json!({ "type": "of a kind that nobody knows" }), NO_REPLY),
            (Value::Null, NO_REPLY),
        ] {
            assert_eq!(read(&result), Err(why.to_owned()), "{result}");
        }
    }

    #[test]
    fn what_is_no_reply_is_told_apart() {
        let wire = AnthropicBatches;
        let endpoint = "https://h/v1".parse().unwrap();
        let request = wire.request_line(&endpoint, "a", &json!({ "model": "m" }));
        assert_eq!(
            request,
            b"{\"custom_id\":\"a\",\"params\":{\"model\":\"m\"}}\n"
        );
        assert_eq!(wire.reply_line(&request), ReplyLine::Request);
        assert_eq!(wire.reply_line(b"{"), ReplyLine::Unreadable);
        let nameless = br#"{"result":{"type":"expired"}}"#;
        assert_eq!(wire.reply_line(nameless), ReplyLine::WithoutId);
    }

    #[test]
    fn how_a_batch_has_ended_is_told_by_its_counts_and_times() {
        let url = "https://elsewhere.example/results";
        let ended = |told: Value| {
            let mut batch = json!({
                "id": "msgbatch_1", "processing_status": "ended", "results_url": url,
                "archived_at": null, "cancel_initiated_at": null, "ended_at": "2026-08-20T18:37:24.100435Z",
                "request_counts": { "processing": 0, "succeeded": 5, "errored": 1, "canceled": 0, "expired": 0 },
            });
            for (name, value) in told.as_object().unwrap() {
                batch[name] = value.clone();
            }
            AnthropicBatches.read_batch(&batch).unwrap()
        };
        let batch = ended(json!({}));
        assert_eq!(batch.status, RemoteStatus::Completed);
        assert_eq!((batch.through, batch.total), (6, 6));
        assert_eq!(batch.files, ["msgbatch_1"]);
        assert!(batch.ended_at.is_some());
        for (told, status) in [
            (
                json!({ "processing_status": "in_progress", "results_url": null }),
                RemoteStatus::UnderWay("in_progress".to_owned()),
            ),
            (
                json!({ "cancel_initiated_at": "2026-08-20T18:37:24Z" }),
                RemoteStatus::Cancelled,
            ),
            (
                json!({ "request_counts": { "succeeded": 2, "expired": 4 } }),
                RemoteStatus::Expired,
            ),
            (
                json!({ "archived_at": "2026-09-20T18:37:24Z", "results_url": null }),
                RemoteStatus::Archived,
            ),
        ] {
            assert_eq!(ended(told.clone()).status, status, "{told}");
        }
    }

    #[test]
    fn all_is_below_the_address_of_the_catalog() {
        let wire = AnthropicBatches;
        for endpoint in [
            "https://h",
            "https://h/v1",
            "https://h/v1/",
            "https://h/v1/messages",
        ] {
            let endpoint = endpoint.parse().unwrap();
            let replies = wire.replies(&endpoint, "msgbatch_1");
            let expected = "https://h/v1/messages/batches/msgbatch_1/results";
            assert_eq!(replies.as_str(), expected, "{endpoint}");
            let list = wire.list(&endpoint, Some("msgbatch_2"));
            let expected = "https://h/v1/messages/batches?limit=100&after_id=msgbatch_2";
            assert_eq!(list.as_str(), expected);
        }
    }
}
