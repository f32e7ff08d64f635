//! The one path to a paid reply.
//!
//! Whoever asks a model looks into the cache first ([`recall`]). What is not there goes one way: a
//! permit, the owner's lock, a second look (another run may have asked meanwhile), a reservation in
//! the budget, the key, a line that says where the talks go, the request, the reply kept before it is read,
//! the reservation booked. What the request is about is loaded only while the permit is held.
//! Nothing here knows what is asked and what a good reply is.

pub(crate) mod budget;
mod error;

pub(crate) use crate::requests::error::RequestError;

use std::cell::Cell;

use serde_json::Value;

use crate::cache::{Cache, CachedReply, Lookup, Owner, Reply, Request, RequestKey};
use crate::llm::client::{Client, Permit, Wait};
use crate::llm::error::LlmError;
use crate::llm::transcription::TranscriptionRequest;
use crate::llm::{Billed, ChatRequest, DEFAULT_CONTEXT_TOKENS, Price, Usage};
use crate::report::{Event, Reporter};
use crate::requests::budget::{Budget, Reservation};
use crate::work::Stage;

/// What fits every model; only for more is the endpoint asked how much that is.
const ALWAYS_FITS: u64 = 4_000;

/// An endpoint, and what is needed to ask it once for each reply.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requests<'a> {
    /// Where replies are kept.
    pub cache: &'a Cache,
    /// The endpoint.
    pub client: &'a Client,
    /// What the run may cost; none means whatever it takes.
    pub budget: Option<&'a Budget>,
    /// What tokens cost, where the catalog says. A budget for chats needs it.
    pub price: Option<Price>,
    /// Who hears of progress.
    pub reporter: &'a dyn Reporter,
}

/// The place of a reply in the cache: whose it is, at which stage, and to what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot<'a> {
    /// Whose the reply is.
    pub owner: Owner<'a>,
    /// At which stage.
    pub stage: Stage,
    /// What is asked.
    pub question: PaidQuestion<'a>,
    /// Which replies of earlier runs will do.
    pub earlier: Earlier,
}

/// What is asked. Thousands may wait for a permit, so each is held once meanwhile.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PaidQuestion<'a> {
    /// A conversation.
    Chat(&'a ChatRequest),
    /// To listen to a recording.
    Recording(&'a TranscriptionRequest),
}

/// Which replies of earlier runs will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Earlier {
    /// The latest. Where it was set aside, nobody is asked again.
    Latest,
    /// The latest, unless it was set aside.
    Usable,
    /// None: it is to be had anew.
    Nothing,
}

/// The right to send a request: the permit and the owner's lock are held.
#[derive(Debug)]
pub(crate) struct SendPermit<'a> {
    requests: &'a Requests<'a>,
    permit: Permit<'a>,
}

/// How many tokens a request and its reply have at most.
fn most_tokens(filled: &ChatRequest) -> u64 {
    filled.estimated_tokens() + u64::from(filled.parameters.max_tokens)
}

/// Refuses a request that says everything and does not fit a model with so much context.
pub(crate) fn ensure_fits(filled: &ChatRequest, context: u64) -> Result<(), RequestError> {
    let tokens = most_tokens(filled);
    if tokens > context {
        return Err(RequestError::TooLong { tokens, context });
    }
    Ok(())
}

/// Refuses a request whose reply will come with a batch, or whose parts are asked about there: nobody
/// pays for it twice.
pub(crate) fn ensure_in_no_batch(cache: &Cache, slot: Slot<'_>) -> Result<(), RequestError> {
    let Some(talk) = slot.owner.talk() else {
        return Ok(());
    };
    let stages: &[Stage] = match slot.stage {
        Stage::Summary | Stage::Rewrite => &[slot.stage, Stage::Part],
        _ => &[slot.stage],
    };
    for stage in stages {
        if let Some(batch) = cache.batch_of(talk, *stage).map_err(RequestError::Cache)? {
            let batch = batch.to_string();
            return Err(RequestError::InBatch { batch });
        }
    }
    Ok(())
}

impl Slot<'_> {
    /// The place of the reply in words; none where it is about no talk.
    pub(crate) fn key(&self) -> Option<RequestKey> {
        let talk = self.owner.talk()?;
        Some(RequestKey::of(talk, self.stage, &self.request()))
    }

    fn request(&self) -> Request {
        match self.question {
            PaidQuestion::Chat(chat) => Request::Chat(chat.clone()),
            PaidQuestion::Recording(recording) => Request::Transcription(recording.clone()),
        }
    }
}

/// The reply of an earlier run, looked up in the cache as it is now.
pub(crate) fn recall(cache: &Cache, slot: Slot<'_>) -> Result<Option<CachedReply>, RequestError> {
    if slot.earlier == Earlier::Nothing {
        return Ok(None);
    }
    let lookup = cache.reply(slot.owner, slot.stage, &slot.request());
    match lookup.map_err(RequestError::Cache)? {
        Lookup::Hit(kept) => Ok(Some(*kept)),
        Lookup::Rejected if slot.earlier == Earlier::Latest => Err(RequestError::RejectedEarlier),
        Lookup::Rejected | Lookup::Miss => Ok(None),
    }
}

impl Requests<'_> {
    /// Has a request answered that was not in the cache when that was looked at: `send` is called
    /// with the right to send it, if nobody else has asked meanwhile.
    pub(crate) async fn reply<E: From<RequestError>>(
        &self,
        slot: Slot<'_>,
        send: impl AsyncFnOnce(&SendPermit<'_>) -> Result<CachedReply, E>,
    ) -> Result<CachedReply, E> {
        let permit = self.client.permit().await.map_err(RequestError::Llm)?;
        let talk = slot.owner.talk();
        let waiting = || self.reporter.report(Event::Locked { talk });
        let lock = self.cache.lock(slot.owner, waiting);
        let lock = self.client.unless_stopped(lock).await;
        let lock = lock.map_err(RequestError::Llm)?;
        let _lock = lock.map_err(RequestError::NotKept)?;
        match recall(self.cache, slot)? {
            // Another run has asked meanwhile; what it paid for is not paid for again.
            Some(kept) => Ok(kept),
            None => {
                let permit = SendPermit {
                    requests: self,
                    permit,
                };
                // In a box of its own, so that thousands who wait for a permit have no room for it.
                Box::pin(send(&permit)).await
            }
        }
    }

    /// Looks whether requests can be made, before anything is done that only serves them.
    pub(crate) async fn check(&self) -> Result<(), LlmError> {
        let waiting = |wait: Wait<'_>| {
            self.reporter.report(Event::Waiting {
                talk: None,
                why: wait.error,
                delay: wait.delay,
                is_first: wait.is_first,
            });
        };
        self.client.check(&waiting).await
    }

    /// How many tokens fit the model's context, for so many that are to fit.
    pub(crate) async fn context(&self, wanted: u64) -> u64 {
        let told = match wanted {
            0..=ALWAYS_FITS => self.client.known_context(),
            _ => self.client.context_tokens().await,
        };
        told.unwrap_or(DEFAULT_CONTEXT_TOKENS)
    }

    fn most(&self, chat: &ChatRequest) -> Option<f64> {
        let most = Usage {
            prompt_tokens: chat.estimated_tokens(),
            cached_tokens: 0,
            completion_tokens: chat.parameters.max_tokens.into(),
        };
        Some(self.price?.of(most))
    }
}

impl<'a> SendPermit<'a> {
    /// Sends a chat that says everything, and keeps the reply in its slot. Nothing is cut off
    /// silently: what does not fit the model is an error.
    pub(crate) async fn chat(
        &self,
        slot: Slot<'_>,
        filled: &ChatRequest,
    ) -> Result<CachedReply, RequestError> {
        let context = self.requests.context(most_tokens(filled)).await;
        ensure_fits(filled, context)?;
        ensure_in_no_batch(self.requests.cache, slot)?;
        let Requests {
            client, reporter, ..
        } = self.requests;
        let cost_of = |usage| self.requests.price.map(|price| price.of(usage));
        // What cannot be read does not say what it used, and may be paid for all the same.
        let billed = |body: &Value| match filled.provider.completion(body) {
            Some(completion) => Billed::by(Some(&completion)),
            None => Billed::Unknown,
        };
        let cost = |body: &Value| match billed(body) {
            Billed::Nothing => Some(0.0),
            Billed::Unknown => None,
            Billed::Tokens(usage) => cost_of(usage),
        };
        let (task, talk) = (slot.stage.into(), slot.owner.talk());
        let answered = |billed| reporter.report(Event::Answered { task, talk, billed });
        let mut is_repeated = false;
        loop {
            let most = self.requests.most(&client.with_room(filled));
            let reserved = self.reserve(most).await?;
            let (is_under_way, is_over_budget) = (Cell::new(true), Cell::new(false));
            let waiting = |wait: Wait<'_>| {
                if !is_under_way.replace(true) {
                    reporter.report(Event::Asked { task });
                }
                self.tell_of_wait(slot.owner, &wait);
            };
            // A fault in the place of a reply may be billed like one.
            let in_vain = async |usage| {
                answered(Some(Billed::Tokens(usage)));
                is_under_way.set(false);
                let Some(reserved) = &reserved else {
                    return Ok(());
                };
                let renewed = client.unless_stopped(reserved.renew(cost_of(usage)));
                is_over_budget.set(!renewed.await?);
                if is_over_budget.get() {
                    Err(LlmError::Stopped)
                } else {
                    Ok(())
                }
            };
            let call = async {
                reporter.report(Event::Asked { task });
                let reply = client.complete(&self.permit, filled, &waiting, in_vain);
                let reply = reply.await;
                if is_under_way.get() {
                    answered(match &reply {
                        Ok(body) => Some(billed(body)),
                        Err(error) if error.may_be_billed() => Some(Billed::Unknown),
                        Err(error) => error.was_sent().then_some(Billed::Nothing),
                    });
                }
                reply
            };
            let kept = match self.send(slot, reserved.as_ref(), call, cost).await {
                Err(_) if is_over_budget.get() => return Err(self.over_budget()),
                kept => kept?,
            };
            // What cannot be read is asked for once more, and both are kept.
            let is_read = kept.completion().is_some() || kept.is_far_too_long();
            if is_repeated || is_read {
                return Ok(kept);
            }
            is_repeated = true;
        }
    }

    /// Sets aside the most that a request can cost, in US dollars. What nobody can put a price on
    /// fits no budget.
    pub(crate) async fn reserve(
        &self,
        most: Option<f64>,
    ) -> Result<Option<Reservation<'a>>, RequestError> {
        let Some(budget) = self.requests.budget else {
            return Ok(None);
        };
        let reserved = budget.reserve(most.unwrap_or(f64::INFINITY));
        let reserved = self.requests.client.unless_stopped(reserved).await;
        match reserved.map_err(RequestError::Llm)? {
            Some(reserved) => Ok(Some(reserved)),
            None => Err(self.over_budget()),
        }
    }

    fn over_budget(&self) -> RequestError {
        let most = self.requests.budget.map_or(0.0, Budget::most);
        RequestError::OverBudget { most }
    }

    /// Makes a call whose most is reserved, keeps the reply before anybody reads it, and books what it
    /// did cost, in US dollars as far as the body says.
    pub(crate) async fn send(
        &self,
        slot: Slot<'_>,
        reserved: Option<&Reservation<'_>>,
        call: impl Future<Output = Result<Value, LlmError>>,
        cost: impl FnOnce(&Value) -> Option<f64>,
    ) -> Result<CachedReply, RequestError> {
        let Requests {
            cache,
            client,
            reporter,
            ..
        } = self.requests;
        // That something is sent is said only once nothing here keeps it from being sent.
        client.ready().await.map_err(RequestError::Llm)?;
        if let Some(to) = client.first_use() {
            let what = contents(slot.stage);
            reporter.report(Event::Sending { what, to: &to });
        }
        let body = match call.await {
            Ok(body) => body,
            Err(error) => {
                if let Some(reserved) = reserved.filter(|_| error.may_be_billed()) {
                    reserved.commit(None);
                }
                return Err(RequestError::Llm(error));
            }
        };
        let cost = cost(&body);
        let kept = cache
            .keep_reply(slot.owner, slot.stage, &slot.request(), Reply::Model(body))
            .await
            .map_err(RequestError::NotKept)?;
        if let Some(reserved) = reserved {
            reserved.commit(cost);
        }
        Ok(kept)
    }

    /// How many tokens fit the model's context.
    pub(crate) async fn context(&self) -> u64 {
        self.requests.context(u64::MAX).await
    }

    /// Whether the endpoint is known to refuse prompts that are too long.
    #[must_use]
    pub(crate) fn refuses_for_length(&self) -> bool {
        self.requests.client.refuses_for_length()
    }

    /// The right to be at work on one request.
    #[must_use]
    pub(crate) fn of_client(&self) -> &Permit<'a> {
        &self.permit
    }

    /// Tells the reporter that a request waits.
    pub(crate) fn tell_of_wait(&self, owner: Owner<'_>, wait: &Wait<'_>) {
        self.requests.reporter.report(Event::Waiting {
            talk: owner.talk(),
            why: wait.error,
            delay: wait.delay,
            is_first: wait.is_first,
        });
    }
}

/// What leaves this machine at a stage.
fn contents(stage: Stage) -> &'static str {
    match stage {
        Stage::Transcription => "the audio of talks without captions, and names from the catalog,",
        Stage::Suggestion => "titles and summaries of the talks",
        Stage::Metadata
        | Stage::Transcript
        | Stage::Part
        | Stage::Summary
        | Stage::Category
        | Stage::Opinion
        | Stage::Support
        | Stage::Rewrite => "titles, descriptions and transcripts of the talks",
    }
}
