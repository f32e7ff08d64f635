//! Whether what is said in a talk supports the sentences of its summary, as a model sees it.
//!
//! The model reads the sentences and a passage for each, and not the whole talk: what is said
//! around the quote that came with a sentence, else around the place that its words are found at.
//! What it says is an opinion. It is only looked at, and changes nothing.

use crate::cache::CachedReply;
use crate::catalog::LlmSettings;
use crate::evidence::SpokenWords;
use crate::llm::{ChatRequest, Completion, Field, FieldKind, ReplyShape};
use crate::prompts::SupportView;
use crate::summarize::SummarizeError;
use crate::summarize::conversation::{Conversation, FromReply};
use crate::summarize::decision::{Decider, Decision};
use crate::summarize::form::Strictness;
use crate::summarize::questions::{PromptSource, chat_request, escape_untrusted_lines};
use crate::summarize::reply::{self, Understood};
use crate::summarize::sentences::sentences;
use crate::summarize::untrusted::{escape_untrusted, escape_untrusted_line};
use crate::talk::evidence::Evidence;
use crate::talk::provenance::Provenance;
use crate::talk::transcript::Transcript;
use crate::talk::{Freshness, Origin, SummarizedTalk, Summary, Talk, WrittenSentence, one_line};
use crate::work::{Stage, Work};

/// How many words of the talk are shown for a sentence.
const PASSAGE_WORDS: usize = 180;

/// What a model says of the two sentences of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Support {
    /// Whether each is supported by what is said.
    pub(crate) of_sentences: [bool; 2],
    /// What is not, in the model's words.
    pub(crate) missing: String,
    /// Who was asked, and when.
    pub(crate) provenance: Provenance,
}

impl Decider<'_> {
    /// What is to be done to have a summary compared with what is said.
    #[must_use]
    pub(crate) fn support<'t>(
        &self,
        talk: &'t SummarizedTalk,
        work: Work,
    ) -> Decision<'t, Support> {
        let wanted = self.support_request(talk).and_then(|chat| {
            let conversation =
                Conversation::new(&talk.talk, Stage::Support, chat, PromptSource::Abstract);
            self.recall(conversation, work)
        });
        self.decide(Stage::Support, work, wanted, || Ok(None))
    }

    fn support_request(&self, talk: &SummarizedTalk) -> Result<ChatRequest, SummarizeError> {
        let (Some(llm), Some(summary)) = (&self.catalog.llm, &talk.summary) else {
            return Err(SummarizeError::NotCached);
        };
        let [first, second] = &pair(summary).ok_or(SummarizeError::NothingToCompare)?;
        let transcript = self.transcript(&talk.talk)?;
        let transcript = transcript.ok_or(SummarizeError::NothingToCompare)?;
        let spoken = SpokenWords::of(&transcript);
        let passages = [first, second].map(|sentence| passage(sentence, &spoken, &transcript));
        if passages.iter().all(Option::is_none) {
            return Err(SummarizeError::NothingToCompare);
        }
        let passages = passages.map(Option::unwrap_or_default);
        self.request_to_compare(&talk.talk, [first, second], &passages, llm)
    }

    fn request_to_compare(
        &self,
        talk: &Talk,
        [first, second]: [&WrittenSentence; 2],
        [first_passage, second_passage]: &[String; 2],
        llm: &LlmSettings,
    ) -> Result<ChatRequest, SummarizeError> {
        let view = SupportView {
            title: &escape_untrusted_line(&talk.title),
            speakers: &escape_untrusted_lines(&talk.speakers),
            date: talk.date.as_deref().unwrap_or_default(),
            first_sentence: &escape_untrusted_line(&first.text),
            first_passage: &escape_untrusted(first_passage),
            second_sentence: &escape_untrusted_line(&second.text),
            second_passage: &escape_untrusted(second_passage),
        };
        let messages = self.prompts.support(&view);
        let messages = messages.map_err(SummarizeError::Prompt)?;
        let field = |name: &str, kind| Field {
            name: name.to_owned(),
            kind,
        };
        let shape = ReplyShape {
            name: "support".to_owned(),
            fields: vec![
                field("first_supported", FieldKind::Flag),
                field("second_supported", FieldKind::Flag),
                field("unsupported", FieldKind::Text),
            ],
        };
        Ok(chat_request(llm, messages, shape))
    }
}

/// The two sentences of a summary that retells a talk; others cannot be compared with it.
#[must_use]
pub(crate) fn pair(summary: &Summary) -> Option<[WrittenSentence; 2]> {
    match summary.origin {
        Origin::Organizer | Origin::Excerpt => return None,
        Origin::Transcript | Origin::Abstract | Origin::Import => {}
    }
    if let [first, second] = &summary.sentences[..] {
        return Some([first.clone(), second.clone()]);
    }
    let sentences = sentences(&summary.text);
    let pair = <[&str; 2]>::try_from(sentences).ok()?;
    Some(pair.map(|text| WrittenSentence {
        text: text.to_owned(),
        quote: None,
    }))
}

/// What is said where a sentence is: around its quote, else where its own words are found. What
/// stands beside it does not count: the passage is a part of a request that may be paid for.
fn passage(
    sentence: &WrittenSentence,
    spoken: &SpokenWords,
    transcript: &Transcript,
) -> Option<String> {
    let quoted = sentence
        .quote
        .as_deref()
        .and_then(|quote| spoken.align(quote));
    let place = quoted.or_else(|| spoken.locate(&*sentence.text))?;
    Some(around(&place, transcript))
}

/// What is said around a place, on one line.
fn around(place: &Evidence, transcript: &Transcript) -> String {
    let text = one_line(&transcript.around(place.span, PASSAGE_WORDS).text());
    // A cue of an organizer's may be a page.
    let most = text.split(' ').take(2 * PASSAGE_WORDS);
    most.collect::<Vec<_>>().join(" ")
}

impl FromReply for Support {
    fn read(
        _: &Decider<'_>,
        _: &Conversation<'_>,
        completion: &Completion,
        kept: &CachedReply,
        _: Strictness,
    ) -> Understood<Self> {
        reply::support(completion).map(|(of_sentences, missing)| Self {
            of_sentences,
            missing,
            provenance: kept.provenance(),
        })
    }

    /// Other sentences, or another talk, would be another question.
    fn freshness(&self) -> Freshness {
        Freshness::Current
    }

    fn provenance(&self) -> Option<&Provenance> {
        Some(&self.provenance)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::talk::transcript::{CaptionKind, Cue, Span};

    fn transcript(cues: usize) -> Transcript {
        let cue = |at: usize| {
            let start = Duration::from_secs(u64::try_from(at).unwrap() * 4);
            Cue {
                span: Some(Span {
                    start,
                    end: start + Duration::from_secs(4),
                }),
                text: format!("then word{at} and thing{at} meet again here as said before"),
            }
        };
        Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Automatic,
            cues: (0..cues).map(cue).collect(),
        }
    }

    fn sentence(text: &str, quote: Option<&str>) -> WrittenSentence {
        WrittenSentence {
            text: text.to_owned(),
            quote: quote.map(str::to_owned),
        }
    }

    #[test]
    fn a_passage_is_what_is_said_around_the_quote() {
        let transcript = transcript(100);
        let spoken = SpokenWords::of(&transcript);
        let quoted = sentence(
            "Nothing of this is there.",
            Some("then word50 and thing50 meet again here as said"),
        );
        let passage = passage(&quoted, &spoken, &transcript).unwrap();
        let count = passage.split(' ').count();
        assert!(
            passage.contains("word50") && passage.contains("word45") && passage.contains("word55")
        );
        assert!(
            (PASSAGE_WORDS..PASSAGE_WORDS + 20).contains(&count),
            "{count}"
        );
    }

    #[test]
    fn without_a_quote_its_words_tell_the_place_and_else_there_is_none() {
        let transcript = transcript(30);
        let spoken = SpokenWords::of(&transcript);
        let found = |text: &str| passage(&sentence(text, None), &spoken, &transcript);
        assert!(found("Word7 meets thing7.").is_some_and(|passage| passage.contains("word7")));
        assert_eq!(found("Penguins swim home."), None);
    }

    #[test]
    fn at_the_ends_of_a_talk_there_is_less_to_show() {
        let transcript = transcript(3);
        let spoken = SpokenWords::of(&transcript);
        let first = sentence("", Some("then word0 and thing0 meet again here as said"));
        let passage = passage(&first, &spoken, &transcript).unwrap();
        assert_eq!(passage.split(' ').count(), 30);
    }
}
