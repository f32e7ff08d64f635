//! Replies come in: each is kept as what it answers, in the place where a build would have kept it, and
//! nothing that is there is displaced.

use std::collections::BTreeSet;
use std::io;

use futures::future::try_join_all;
use serde_json::Value;
use thiserror::Error;

use crate::batch::misplaced::{Doubtful, Runs};
use crate::batch::reply_files::ReplyFiles;
use crate::cache::{
    Batch, Cache, CacheError, CachedReply, Lookup, Owner, Reply, Request, RequestKey,
};
use crate::llm::Billed;
use crate::report::tally::RequestUsage;
use crate::talk::id::VideoId;

/// So many replies are kept at once: a disk takes its time for each.
const AT_ONCE: usize = 32;

/// What became of the lines of replies that answer requests of batches.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    /// How many replies were kept, and what they used.
    pub kept: RequestUsage,
    /// How many requests have a reply already, which stays.
    pub known: usize,
    /// The requests that brought an error, with what it says.
    pub failed: Vec<(RequestKey, String)>,
    /// The replies that have the words of another recording.
    pub misplaced: Vec<Misplaced>,
    /// The requests of these batches without a line and without a reply.
    pub missing: Vec<RequestKey>,
}

/// A reply that was mixed up with another.
#[derive(Debug)]
pub(crate) struct Misplaced {
    /// The request that it says to answer.
    pub key: RequestKey,
    /// The recording whose words it has.
    pub words_of: VideoId,
    pub body: Value,
}

/// Why replies could not be taken in. What was kept before stays kept.
#[derive(Debug, Error)]
pub(crate) enum IntakeError {
    /// A file of replies could not be read.
    #[error("the replies cannot be read")]
    Unreadable(#[source] io::Error),
    /// The cache could not be read or written.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// A reply with what it answers.
struct ReceivedReply {
    key: RequestKey,
    request: Request,
    body: Value,
}

impl Intake {
    /// Takes in the replies to the requests of a batch.
    pub(crate) async fn take(
        &mut self,
        cache: &Cache,
        batch: &Batch,
        replies: &mut ReplyFiles,
    ) -> Result<(), IntakeError> {
        let mut ready = Vec::new();
        let mut doubtful = Doubtful::default();
        let mut doubted = Vec::new();
        for asked in cache.asked_in(&batch.name)? {
            let (key, request) = asked?;
            let reply = replies.take(&key).map_err(IntakeError::Unreadable)?;
            let body = match reply {
                None => {
                    if !is_answered(cache, &key, &request)? {
                        self.missing.push(key);
                    }
                    continue;
                }
                Some(Err(why)) => {
                    self.failed.push((key, why));
                    continue;
                }
                Some(Ok(body)) => body,
            };
            let answer = ReceivedReply { key, request, body };
            match doubts(cache, &answer)? {
                Some(runs) => {
                    doubtful.add(doubted.len(), runs);
                    doubted.push(answer);
                }
                None => ready.push(answer),
            }
            if ready.len() == AT_ONCE {
                self.keep(cache, batch, &ready).await?;
                ready.clear();
            }
        }
        if !doubtful.is_empty() {
            look_around(cache, batch, &mut doubtful)?;
        }
        for (number, answer) in doubted.into_iter().enumerate() {
            match doubtful
                .belongs_to(number)
                .and_then(|video| video.parse().ok())
            {
                Some(words_of) => self.misplaced.push(Misplaced {
                    key: answer.key,
                    words_of,
                    body: answer.body,
                }),
                None => ready.push(answer),
            }
        }
        for answers in ready.chunks(AT_ONCE) {
            self.keep(cache, batch, answers).await?;
        }
        Ok(())
    }

    async fn keep(
        &mut self,
        cache: &Cache,
        batch: &Batch,
        answers: &[ReceivedReply],
    ) -> Result<(), IntakeError> {
        let kept = answers.iter().map(|answer| keep(cache, batch, answer));
        for kept in try_join_all(kept).await? {
            match kept {
                Some(kept) => self.kept.add(Billed::by(kept.completion().as_ref())),
                None => self.known += 1,
            }
        }
        Ok(())
    }
}

/// Keeps a reply where none is; `None` where there is one, be it that it was set aside.
async fn keep(
    cache: &Cache,
    batch: &Batch,
    answer: &ReceivedReply,
) -> Result<Option<CachedReply>, CacheError> {
    let ReceivedReply { key, request, body } = answer;
    let _lock = cache.lock(Owner::Talk(&key.talk), || ()).await?;
    if is_answered(cache, key, request)? {
        return Ok(None);
    }
    let reply = Reply::Model(body.clone());
    let kept = cache.keep_batch_reply(&batch.name, key, request, reply);
    kept.await.map(Some)
}

/// Whether a request has a reply. In the place of one that nobody can read another is kept.
fn is_answered(cache: &Cache, key: &RequestKey, request: &Request) -> Result<bool, CacheError> {
    match cache.reply(Owner::Talk(&key.talk), key.stage, request) {
        Err(error) if error.is_damage() => Ok(false),
        lookup => Ok(!matches!(lookup?, Lookup::Miss)),
    }
}

/// The runs of words of a reply that shares none with what is said in its own recording.
fn doubts(cache: &Cache, answer: &ReceivedReply) -> Result<Option<Runs>, CacheError> {
    let Request::Chat(chat) = &answer.request else {
        return Ok(None);
    };
    let Some(completion) = chat.provider.completion(&answer.body) else {
        return Ok(None);
    };
    let runs = Runs::of(&completion.text);
    if runs.is_empty() {
        return Ok(None);
    }
    let own = words(cache, &answer.key.talk.video)?;
    let is_its_own = own.is_none_or(|own| runs.are_in(&own));
    Ok((!is_its_own).then_some(runs))
}

/// Compares doubtful replies with all recordings of their batch.
fn look_around(cache: &Cache, batch: &Batch, doubtful: &mut Doubtful) -> Result<(), CacheError> {
    let videos = batch.requests.iter().map(|key| &key.talk.video);
    let videos: BTreeSet<&VideoId> = videos.collect();
    for video in videos {
        if let Some(words) = words(cache, video)? {
            doubtful.look_into(video.as_str(), &words);
        }
    }
    Ok(())
}

/// What is said in a recording, where that is kept and can be read.
fn words(cache: &Cache, video: &VideoId) -> Result<Option<String>, CacheError> {
    let read = || {
        let snapshot = cache.snapshot(video)?;
        let Some(reference) = snapshot.transcript_ref()? else {
            return Ok(None);
        };
        let transcript = snapshot.transcript(&reference.digest)?;
        Ok(transcript.map(|transcript| transcript.text()))
    };
    match read() {
        Err(CacheError::Damaged { .. }) => Ok(None),
        words => words,
    }
}
