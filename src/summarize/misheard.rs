//! What a model is told of names that the transcript of a talk probably has wrong.
//!
//! The list is a part of the request, and so of its digest. It is made when a model is to be asked,
//! and never before. A summary that is there is found by the list that its own request has, so
//! nobody reads a transcript to look it up, and nobody pays again because another list would be made
//! today. The transcript itself is never changed.

use std::cmp::Reverse;
use std::sync::OnceLock;

use crate::cache::Request;
use crate::catalog::{Catalog, Glossary};
use crate::llm::ChatRequest;
use crate::summarize::SummarizeError;
use crate::summarize::conversation::Conversation;
use crate::summarize::decision::Decider;
use crate::summarize::names;
use crate::summarize::near_miss::{Misheard, Trusted, misheard};
use crate::summarize::questions::PromptSource;
use crate::summarize::untrusted::escape_untrusted_line;
use crate::talk::Talk;
use crate::work::Stage;

/// So many names are told of at most; those that stand at most places come first.
const MOST: usize = 20;

/// What a list stands between in a request. No text of others has these marks.
const OPEN: &str = "<misheard>\n";
const CLOSE: &str = "\n</misheard>";

/// What all talks of a conference call things, as far as the catalog knows it: read once, when
/// somebody needs it.
#[derive(Debug, Default)]
pub(crate) struct UsedNames(OnceLock<Trusted>);

impl UsedNames {
    fn of(&self, catalog: &Catalog) -> &Trusted {
        let talks = catalog.talks.iter().map(|entry| {
            let title = entry.title.as_deref().unwrap_or_default();
            let description = entry.r#abstract.as_deref().unwrap_or_default();
            (title, description, &*entry.speakers)
        });
        let read = || Trusted::of(&catalog.glossary).and_used(&catalog.title, talks);
        self.0.get_or_init(read)
    }
}

/// What the talks of a conference call things, as it is known once they are fetched.
pub(crate) fn used_names<'t>(
    catalog: &Catalog,
    talks: impl IntoIterator<Item = &'t Talk>,
) -> Trusted {
    let talks = talks.into_iter();
    let texts = talks.map(|talk| (&*talk.title, &*talk.description, &*talk.speakers));
    Trusted::of(&catalog.glossary).and_used(&catalog.title, texts)
}

/// The names that were probably misheard in the words of a talk, without those of which the glossary
/// says already what they mean. `used` holds what the conference calls things.
#[must_use]
pub(crate) fn misheard_names(
    talk: &Talk,
    words: &str,
    used: &Trusted,
    glossary: &Glossary,
) -> Vec<Misheard> {
    let mut found = misheard(words, &used.and_talk(talk));
    found.retain(|found| names::correct(&found.heard, glossary) == found.heard);
    found
}

impl Decider<'_> {
    /// The list of names that were misheard in these words, as it stands in a request; empty where
    /// there are none. What the glossary knows comes first.
    #[must_use]
    pub(super) fn list_of_misheard(&self, talk: &Talk, words: &str) -> String {
        let catalog = self.catalog;
        let known = catalog.glossary.heard.iter();
        let known = known.filter(|(heard, _)| names::mentions(words, heard));
        let used = self.names.of(catalog);
        let mut found = misheard_names(talk, words, used, &catalog.glossary);
        found.sort_by_key(|found| Reverse(found.places.len()));
        let found = found.iter();
        let pairs = known.chain(found.map(|found| (&found.heard, &found.suggestion.name)));
        let lines = pairs.take(MOST).map(|(heard, name)| {
            let [heard, name] = [heard, name].map(|text| escape_untrusted_line(text));
            format!("{heard} → {name}")
        });
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() {
            return String::new();
        }
        format!("{OPEN}{}{CLOSE}", lines.join("\n"))
    }

    /// The same conversation about a summary, in which the model is told of misheard names. One that
    /// has begun goes on as it began.
    pub(crate) fn with_misheard_names<'t>(
        &self,
        conversation: Conversation<'t>,
    ) -> Result<Conversation<'t>, SummarizeError> {
        let is_about_words = !matches!(conversation.source, PromptSource::Abstract);
        if conversation.has_begun() || conversation.stage != Stage::Summary || !is_about_words {
            return Ok(conversation);
        }
        let talk = conversation.talk;
        let Some(transcript) = self.transcript(talk)? else {
            return Ok(conversation);
        };
        let list = self.list_of_misheard(talk, &transcript.text());
        if list.is_empty() {
            return Ok(conversation);
        }
        let source = conversation.source;
        let mut told = self.summary_conversation(talk, source, &list, self.llm())?;
        told.earlier = conversation.earlier;
        Ok(told)
    }

    /// The lists that models were told in the requests for a talk's summary of which there are
    /// replies, each once. What cannot be read is said where an older summary is looked for.
    pub(super) fn lists_told(&self, talk: &Talk) -> Vec<String> {
        let Ok(snapshot) = self.snapshot(talk) else {
            return Vec::new();
        };
        let kept = self.replies(talk, Stage::Summary).unwrap_or_default();
        let set_aside = snapshot.all_set_aside(&talk.id, Stage::Summary);
        let mut lists: Vec<String> = Vec::new();
        for kept in kept.iter().chain(&set_aside) {
            if let Request::Chat(chat) = &kept.request {
                let list = list_in(chat);
                if !list.is_empty() && !lists.iter().any(|known| known == list) {
                    lists.push(list.to_owned());
                }
            }
        }
        lists
    }
}

/// The list that a request has; empty where it has none.
#[must_use]
pub(super) fn list_in(chat: &ChatRequest) -> &str {
    let list = |text: &str| {
        let start = text.find(OPEN)?;
        let length = text[start..].find(CLOSE)? + CLOSE.len();
        Some(start..start + length)
    };
    let mut messages = chat.messages.iter();
    let found = messages.find_map(|message| Some(&message.content[list(&message.content)?]));
    found.unwrap_or_default()
}
