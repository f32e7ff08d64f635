//! A list of categories, proposed by a model that reads the titles and summaries of all talks, or
//! without a model by the words that talks share (`builtin.rs`).
//!
//! Where they do not fit one request, parts of them are asked about, and the lists for the parts
//! are joined by one request more. A list that breaks a rule is sent back once with its flaws
//! named, and then mended as far as software can. A reply is kept whole before it is read, so the
//! same talks are asked about once. Nothing here knows a terminal or sends HTTP.

pub(crate) mod builtin;
mod error;
pub(crate) mod proposal;
pub(crate) mod rules;
pub(crate) mod tables;

pub(crate) use crate::suggest::error::SuggestError;

use crate::alike::weights::ReadTalks;
use crate::cache::{Cache, CachedReply, Owner};
use crate::catalog::{Catalog, LlmSettings};
use crate::llm::{ChatRequest, Completion, Parameters};
use crate::prompts::{CategoriesView, NumberedLine, Prompts};
use crate::requests::{Earlier, PaidQuestion, RequestError, Requests, SendPermit, Slot, recall};
use crate::suggest::proposal::{KEY, PromptLine, Proposal, shape};
use crate::suggest::rules::{Bounds, FEWEST_TALKS, ListFlaw, Mending, flaws, mend, size};
use crate::summarize::fault::Fault;
use crate::summarize::untrusted::{escape_untrusted, escape_untrusted_line};
use crate::talk::language_name;
use crate::work::Stage;

/// The longest list that is paid for, beside its numbers; the room that reasoning models need to
/// think is in it.
const LIST_TOKENS: usize = 4_096;
/// What a number takes up in a reply.
const NUMBER_TOKENS: usize = 4;
/// How freely a model may speak when it is asked for another list than it gave.
const OTHER_TEMPERATURE: f32 = 1.0;
/// Fewer talks are no part that shows what a conference is about.
const SMALLEST_PART: usize = 15;
/// Why a list is sent back that broke no rule.
const ANOTHER_WISH: &str = "the organizer wants to see another list, with other categories";

/// What proposes categories.
#[derive(Debug)]
pub(crate) struct Suggester<'a> {
    /// The conference.
    pub catalog: &'a Catalog,
    pub llm: &'a LlmSettings,
    /// Where replies are kept.
    pub cache: &'a Cache,
    /// How models are asked.
    pub prompts: &'a Prompts,
    /// The endpoint; none means that no model is asked.
    pub requests: Option<Requests<'a>>,
    /// Which list is wanted.
    pub wish: Wish,
}

/// Which list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The last one for these talks, or the first.
    Latest,
    /// Another one than there is.
    Another,
}

/// The list, and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suggestion {
    /// The categories, the largest first; their members are the talks.
    pub categories: Vec<Proposal>,
    /// What was mended.
    pub mendings: Vec<Mending>,
    /// What could not be.
    pub flaws: Vec<ListFlaw>,
    /// How many talks are expected in no category.
    pub unplaced: usize,
}

impl Suggestion {
    /// A list, mended as far as software can.
    fn of(list: Vec<Proposal>, talks: &[PromptLine], language: &str) -> Self {
        let (mut categories, mendings) = mend(list, talks, language);
        categories.sort_by_key(|category| std::cmp::Reverse(category.members.len()));
        let placed: usize = categories
            .iter()
            .map(|category| size(category, talks))
            .sum();
        Self {
            flaws: flaws(&categories, talks, language),
            unplaced: talks.len() - placed,
            categories,
            mendings,
        }
    }
}

/// Proposes categories for these talks without a model, by the words that they share.
pub(crate) fn suggest_by_words(
    talks: &[PromptLine],
    read: &ReadTalks,
    language: &str,
) -> Result<Suggestion, SuggestError> {
    ensure_enough(talks)?;
    Ok(Suggestion::of(builtin::proposals(read), talks, language))
}

fn ensure_enough(talks: &[PromptLine]) -> Result<(), SuggestError> {
    let (count, least) = (talks.len(), FEWEST_TALKS);
    if count < least {
        return Err(SuggestError::TooFewTalks { count, least });
    }
    Ok(())
}

/// What the lines of a request are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineKind {
    Talks,
    Proposals,
}

impl Suggester<'_> {
    /// Proposes categories for these talks.
    pub(crate) async fn suggest(&self, talks: &[PromptLine]) -> Result<Suggestion, SuggestError> {
        let language = &self.catalog.language;
        ensure_enough(talks)?;
        let parts = self.parts(talks).await?;
        let list = if let [whole] = parts[..] {
            self.list(whole, LineKind::Talks, self.wish).await?
        } else {
            self.join_parts(&parts).await?
        };
        Ok(Suggestion::of(list, talks, language))
    }

    /// The talks in as few parts as fit the model; parts that were asked about before stay so.
    async fn parts<'l>(
        &self,
        talks: &'l [PromptLine],
    ) -> Result<Vec<&'l [PromptLine]>, SuggestError> {
        let divisions = (1..=(talks.len() / SMALLEST_PART).max(1)).map(|count| {
            talks
                .chunks(talks.len().div_ceil(count))
                .collect::<Vec<_>>()
        });
        let divisions: Vec<_> = divisions.collect();
        for parts in &divisions {
            if self.are_all_kept(parts)? {
                return Ok(parts.clone());
            }
        }
        let requests = self.requests.ok_or(SuggestError::NotCached)?;
        let context = requests.context(u64::MAX).await;
        let mut tokens = 0;
        for parts in divisions {
            tokens = 0;
            for part in &parts {
                tokens = tokens.max(most_tokens(&self.request(part, LineKind::Talks)?));
            }
            if tokens <= context {
                return Ok(parts);
            }
        }
        Err(RequestError::TooLong { tokens, context }.into())
    }

    fn are_all_kept(&self, parts: &[&[PromptLine]]) -> Result<bool, SuggestError> {
        for part in parts {
            if self
                .recall(&self.request(part, LineKind::Talks)?)?
                .is_none()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The lists for parts of the talks, joined to one.
    async fn join_parts(&self, parts: &[&[PromptLine]]) -> Result<Vec<Proposal>, SuggestError> {
        let mut proposals = Vec::new();
        let mut first = 0;
        for part in parts {
            for mut proposal in self.list(part, LineKind::Talks, Wish::Latest).await? {
                proposal.members.iter_mut().for_each(|line| *line += first);
                proposals.push(proposal);
            }
            first += part.len();
        }
        let lines: Vec<PromptLine> = proposals.iter().map(line_of).collect();
        let mut list = self.list(&lines, LineKind::Proposals, self.wish).await?;
        for category in &mut list {
            let members = category.members.iter();
            category.members = members
                .flat_map(|proposal| proposals[*proposal].members.clone())
                .collect();
        }
        Ok(list)
    }

    /// The list for these lines: the better one of the reply and its correction.
    async fn list(
        &self,
        lines: &[PromptLine],
        what: LineKind,
        wish: Wish,
    ) -> Result<Vec<Proposal>, SuggestError> {
        let language = &self.catalog.language;
        let chat = self.ask_for_another(self.request(lines, what)?, wish)?;
        let (first, completion) = self.reply(&chat).await?;
        let one = self.understand(&chat, &completion, lines.len())?;
        let flaws_of = |list: &Vec<Proposal>| flaws(list, lines, language);
        let faults = match &one {
            Ok(list) => describe_flaws(&flaws_of(list)),
            Err(fault) => fault.to_string(),
        };
        if faults.is_empty() {
            return one.map_err(SuggestError::Rejected);
        }
        let correction = self.send_back(&chat, &completion, &faults)?;
        let corrected = match self.reply(&correction).await {
            Ok((second, completion)) => {
                let other = proposal::read(&completion, lines.len()).value();
                if let (Err(_), Err(_)) = (&one, &other) {
                    for kept in [&first, &second] {
                        self.cache.reject(kept).map_err(RequestError::NotKept)?;
                    }
                }
                other
            }
            // What was paid for can be mended, if it can be read.
            Err(error) if error.is_unasked() && one.is_ok() => {
                return one.map_err(SuggestError::Rejected);
            }
            Err(error) => return Err(error),
        };
        // A list with fewer flaws once it is mended is the better one, and of equals the later.
        let left = |list: &Vec<Proposal>| flaws_of(&mend(list.clone(), lines, language).0).len();
        match (one, corrected) {
            (Ok(one), Ok(other)) if left(&one) < left(&other) => Ok(one),
            (Ok(one), Err(_)) => Ok(one),
            (_, other) => other.map_err(SuggestError::Rejected),
        }
    }

    /// The list in a reply. What an earlier version, which understood less, has asked about it
    /// counts.
    fn understand(
        &self,
        chat: &ChatRequest,
        completion: &Completion,
        lines: usize,
    ) -> Result<Result<Vec<Proposal>, Fault>, SuggestError> {
        let understood = proposal::read(completion, lines);
        if let (Err(fault), Some(_)) = (&understood.as_asked, &understood.otherwise) {
            let correction = self.send_back(chat, completion, &fault.to_string())?;
            if self.recall(&correction)?.is_some() {
                return Ok(understood.as_asked);
            }
        }
        Ok(understood.value())
    }

    /// The first request for a list of these lines.
    fn request(&self, lines: &[PromptLine], what: LineKind) -> Result<ChatRequest, SuggestError> {
        let bounds = Bounds::of(lines.iter().map(|line| line.talks).sum());
        let numbered = lines.iter().enumerate().map(|(at, line)| NumberedLine {
            number: at + 1,
            title: &line.title,
            text: &line.text,
        });
        let view = CategoriesView {
            conference: &escape_untrusted(&self.catalog.title),
            language: language_name(&self.catalog.language),
            least: bounds.least,
            most: bounds.most,
            smallest: bounds.smallest,
            largest: bounds.largest,
            key: KEY,
            are_proposals: what == LineKind::Proposals,
            lines: numbered.collect(),
        };
        let messages = self.prompts.categories(&view);
        let max_tokens = LIST_TOKENS + NUMBER_TOKENS * lines.len();
        Ok(ChatRequest {
            provider: self.llm.provider,
            model: self.llm.model.clone(),
            parameters: Parameters {
                temperature: 0.0,
                max_tokens: u32::try_from(max_tokens).unwrap_or(u32::MAX),
            },
            messages: messages.map_err(SuggestError::Prompt)?,
            shape: shape(),
            tuning: self.llm.tuning.clone(),
        })
    }

    /// The conversation, gone on with to the list that is wanted. What was asked for as another
    /// list takes the place of the one before.
    fn ask_for_another(
        &self,
        mut chat: ChatRequest,
        wish: Wish,
    ) -> Result<ChatRequest, SuggestError> {
        while let Some((_, completion)) = self.recall(&chat)? {
            let next = self.send_back(&chat, &completion, ANOTHER_WISH)?;
            if wish == Wish::Latest && self.recall(&next)?.is_none() {
                break;
            }
            chat = next;
        }
        Ok(chat)
    }

    /// The conversation, gone on with: the list is sent back.
    fn send_back(
        &self,
        chat: &ChatRequest,
        completion: &Completion,
        faults: &str,
    ) -> Result<ChatRequest, SuggestError> {
        let correction = self.prompts.categories_correction(faults);
        let correction = correction.map_err(SuggestError::Prompt)?;
        let mut next = chat.follow_up(&completion.text, correction);
        next.parameters.temperature = OTHER_TEMPERATURE;
        Ok(next)
    }

    /// The reply to a request: from the cache, else from the model, and kept before it is read.
    async fn reply(&self, chat: &ChatRequest) -> Result<(CachedReply, Completion), SuggestError> {
        if let Some(recalled) = self.recall(chat)? {
            return Ok(recalled);
        }
        let slot = self.slot(chat);
        // A list that was set aside is asked for again where another one is wanted.
        recall(self.cache, slot)?;
        let requests = self.requests.ok_or(SuggestError::NotCached)?;
        let send = async |permit: &SendPermit<'_>| permit.chat(slot, chat).await;
        let kept = requests.reply(slot, send).await?;
        let completion = kept.completion();
        let completion = completion.ok_or(SuggestError::Rejected(Fault::NotTheObject))?;
        let sent = chat.estimated_tokens();
        if let Some(read) = completion.cut_to(sent) {
            self.cache.reject(&kept).map_err(RequestError::NotKept)?;
            return Err(RequestError::Truncated { sent, read }.into());
        }
        Ok((kept, completion))
    }

    /// The reply that is kept for a request and was not set aside.
    fn recall(
        &self,
        chat: &ChatRequest,
    ) -> Result<Option<(CachedReply, Completion)>, SuggestError> {
        let earlier = Earlier::Usable;
        let slot = self.slot(chat);
        let kept = recall(self.cache, Slot { earlier, ..slot })?;
        Ok(kept.and_then(|kept| {
            let completion = kept.completion()?;
            Some((kept, completion))
        }))
    }

    fn slot<'c>(&self, chat: &'c ChatRequest) -> Slot<'c> {
        Slot {
            owner: Owner::AllTalks,
            stage: Stage::Suggestion,
            question: PaidQuestion::Chat(chat),
            earlier: match self.wish {
                Wish::Latest => Earlier::Latest,
                Wish::Another => Earlier::Usable,
            },
        }
    }
}

/// A talk as the prompt shows it: on one line.
#[must_use]
pub(crate) fn line(title: &str, summary: &str) -> PromptLine {
    PromptLine {
        title: escape_untrusted_line(title),
        text: escape_untrusted_line(summary),
        talks: 1,
    }
}

/// A proposal for a part of the talks as the prompt shows it.
fn line_of(proposal: &Proposal) -> PromptLine {
    let talks = proposal.members.len();
    let noun = if talks == 1 { "talk" } else { "talks" };
    PromptLine {
        title: format!("{} [{talks} {noun}]", proposal.name),
        text: proposal.description.clone(),
        talks,
    }
}

/// The most tokens that prompt and reply can have.
fn most_tokens(chat: &ChatRequest) -> u64 {
    chat.estimated_tokens() + u64::from(chat.parameters.max_tokens)
}

fn describe_flaws(flaws: &[ListFlaw]) -> String {
    let flaws: Vec<String> = flaws.iter().map(ListFlaw::to_string).collect();
    flaws.join("; ")
}
