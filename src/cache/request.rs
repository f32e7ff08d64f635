//! What was asked and what came back, as the cache keeps it.
//!
//! The digest of a request names its file. A change to these types, or to how they serialize,
//! bills every user again; the test below holds the digests fast.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cache::envelope::digest_of;
use crate::llm::ChatRequest;
use crate::llm::transcription::TranscriptionRequest;
use crate::talk::Choice;
use crate::talk::id::TalkId;
use crate::work::Stage;

/// What was asked for a summary, a category or a transcription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// A model was asked. The transcript stands in the messages as its digest.
    Chat(ChatRequest),
    /// The built-in summarizer was asked.
    Excerpt(ExcerptRequest),
    /// The words of the category descriptions were compared.
    Words(WordsRequest),
    /// It was taken over from a page made earlier, with these words.
    Import(String),
    /// A model was asked to listen to the recording.
    Transcription(TranscriptionRequest),
}

/// What the built-in summarizer reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcerptRequest {
    /// The version of the summarizer: excerpts cost nothing, so a better one may replace them.
    pub version: u32,
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The digest of the transcript.
    pub transcript: Option<String>,
}

/// What is compared for a category without a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsRequest {
    /// The version of the comparison.
    pub version: u32,
    /// The title.
    pub title: String,
    /// Summary and description.
    pub text: String,
    /// The digest of the transcript, which is compared too.
    pub transcript: Option<String>,
    /// Names and descriptions of the categories.
    pub categories: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// The whole body of a model's reply, as it came; a text where it is no JSON.
    Model(Value),
    /// An excerpt of the talk's own words.
    Excerpt(String),
    /// A category found by comparing words.
    Words(Choice),
    /// A summary of a page made earlier, as it stood there.
    ImportedSummary(String),
    /// A category of a page made earlier.
    ImportedCategory(Choice),
}

impl Request {
    /// What names the file of the reply: the digest of stage, talk and request.
    #[must_use]
    pub fn digest(&self, talk: &TalkId, stage: Stage) -> String {
        self.digest_for(&talk.to_string(), stage)
    }

    /// The same for an owner that need not be a talk.
    pub(super) fn digest_for(&self, owner: &str, stage: Stage) -> String {
        digest_of(&(stage, owner, self))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::llm::{
        Field, FieldKind, Message, Parameters, ProviderKind, ReplyShape, Role, Tuning,
    };
    use crate::talk::id::VideoId;

    /// If this fails, every user pays for everything again. Do not bless it; undo the change.
    #[test]
    fn digests_never_change() {
        let talk = TalkId {
            video: "-cBplHNM4RA".parse::<VideoId>().unwrap(),
            start: None,
        };
        let part = TalkId {
            start: Some(3750),
            ..talk.clone()
        };
        let chat = Request::Chat(ChatRequest {
            provider: ProviderKind::OpenAi,
            model: "llama3.2".into(),
            parameters: Parameters {
                temperature: 0.0,
                max_tokens: 2048,
            },
            messages: vec![
                Message {
                    role: Role::System,
                    content: "Two sentences.".into(),
                },
                Message {
                    role: Role::User,
                    content: "transcript 3fa9c1d2e4b59a07".into(),
                },
            ],
            shape: ReplyShape {
                name: "summary".into(),
                fields: vec![
                    Field {
                        name: "first".into(),
                        kind: FieldKind::Text,
                    },
                    Field {
                        name: "which".into(),
                        kind: FieldKind::OneOf(vec!["é".into()]),
                    },
                    Field {
                        name: "none".into(),
                        kind: FieldKind::Flag,
                    },
                ],
            },
            tuning: Tuning::default(),
        });
        let excerpt = Request::Excerpt(ExcerptRequest {
            version: 1,
            title: "T".into(),
            description: "D".into(),
            transcript: None,
        });
        let words = Request::Words(WordsRequest {
            version: 1,
            title: "T".into(),
            text: "S".into(),
            transcript: Some("3fa9c1d2e4b59a07".into()),
            categories: vec![("A".into(), "a".into())],
        });
        let transcription = Request::Transcription(TranscriptionRequest {
            model: "whisper-1".into(),
            language: Some("de".into()),
            prompt: None,
        });
        let digests = [
            chat.digest(&talk, Stage::Summary),
            chat.digest(&part, Stage::Summary),
            excerpt.digest(&talk, Stage::Summary),
            words.digest(&talk, Stage::Category),
            Request::Import("As it stood.".into()).digest(&talk, Stage::Summary),
            transcription.digest(&talk, Stage::Transcription),
        ];
        expect![[r#"
            eed431c15452fcff
            3af290cab7433d8c
            4f917396bb6dbf1d
            44f1e15090308756
            79377b5ce0cb3d64
            7edcd4c6b8b5a77d"#]]
        .assert_eq(&digests.join("\n"));
    }

    #[test]
    fn what_a_catalog_asks_of_its_model_asks_again_and_nothing_reads_as_before() {
        let plain = json!({
            "provider": "openai", "model": "m", "messages": [],
            "parameters": { "temperature": 0.0, "max_tokens": 1 },
            "shape": { "name": "s", "fields": [] },
        });
        let read = |json: &Value| serde_json::from_value::<ChatRequest>(json.clone()).unwrap();
        assert_eq!(read(&plain).tuning, Tuning::default());
        assert_eq!(serde_json::to_value(read(&plain)).unwrap(), plain);
        let mut tuned = plain.clone();
        tuned["tuning"] = json!({ "effort": "low", "extra": { "enable_thinking": false } });
        assert_eq!(serde_json::to_value(read(&tuned)).unwrap(), tuned);
        let [plain, tuned] = [plain, tuned].map(|json| Request::Chat(read(&json)));
        let digest = |request: &Request| request.digest_for("t", Stage::Summary);
        assert_ne!(digest(&plain), digest(&tuned));
    }
}
