//! An entry of the catalog becomes a talk: from the organizer's files, from the cache, by one visit to
//! `YouTube`, or by the link of its captions.
//!
//! A video is visited once, however many talks it holds. Captions that fail never cost the
//! metadata, a failure is remembered with its date, and where `YouTube` blocks us the stage stops
//! while everything fetched so far goes on along the line.

pub(crate) mod caption_client;
pub(crate) mod captions;
pub(crate) mod decision;
mod downloads;
mod error;
pub(crate) mod failure;
pub(crate) mod listing;
pub(crate) mod local;
mod messages;
pub(crate) mod supervise;
pub(crate) mod supervised;
pub(crate) mod transcribe;
mod turns;
pub(crate) mod video_json;
mod visits;
pub(crate) mod yt_dlp;

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::rc::Rc;

use tokio::sync::{Mutex, Semaphore};

use crate::cache::{Cache, CacheError, CaptionSource, Snapshot};
use crate::catalog::{Catalog, Entry};
use crate::fetch::caption_client::CaptionClient;
use crate::fetch::decision::{FetchDecision, NewCaptions, Next};
pub(crate) use crate::fetch::error::FetchError;
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::local::folder::CaptionFolder;
use crate::fetch::transcribe::Transcriber;
use crate::fetch::yt_dlp::YtDlp;
use crate::report::{Event, Reporter};
use crate::talk::id::VideoId;
use crate::talk::provenance::TitleOrigin;
use crate::talk::transcript::TranscriptRef;
use crate::talk::{Chapter, Metadata, Talk};
use crate::work::{How, Redo, Stage, Work};

/// How many caption files are in memory at once, between reading them and keeping their words.
const FILES_AT_ONCE: usize = 32;

/// What turns entries into talks.
#[derive(Debug)]
pub(crate) struct Fetcher<'a> {
    catalog: &'a Catalog,
    cache: &'a Cache,
    captions: CaptionFolder<'a>,
    files: Semaphore,
    visiting: Visiting<'a>,
    transcriber: Option<Transcriber<'a>>,
    redo: &'a [Redo],
    reporter: &'a dyn Reporter,
    /// What came of the visits of this run; the lock is held during a visit.
    visited: HashMap<VideoId, Mutex<Visited>>,
    streak: Cell<u32>,
    stopped_for: OnceCell<Reason>,
    has_waited: Cell<bool>,
    has_warned: Cell<bool>,
}

/// Who visits videos.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Visiting<'a> {
    /// yt-dlp does, and captions come by their links.
    With(&'a YtDlp, &'a CaptionClient),
    /// Nobody yet: what a visit would be for is only decided.
    Planned,
    /// Nobody: what is there must do.
    Never,
}

/// What came of the visit to a video in this run.
#[derive(Debug)]
enum Visited {
    NotYet,
    Done,
    Failed(FetchFailure),
}

/// A talk as far as it is known, and what could not be fetched of it.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub talk: Talk,
    /// How it was come by.
    pub how: How,
    /// What is missing, and why.
    pub problem: Option<FetchError>,
}

/// What is known of a video without asking anyone.
#[derive(Debug, Default)]
struct KnownVideo {
    metadata: Option<Metadata>,
    transcript: Option<TranscriptRef>,
}

impl KnownVideo {
    /// Whether nothing more needs to be asked for an entry.
    fn suffices(&self, entry: &Entry) -> bool {
        let has_title = self.metadata.is_some() || entry.title.is_some();
        has_title && self.transcript.is_some()
    }
}

impl<'a> Fetcher<'a> {
    /// Without a transcriber, talks without captions have no transcript.
    #[must_use]
    pub(crate) fn new(
        catalog: &'a Catalog,
        cache: &'a Cache,
        visiting: Visiting<'a>,
        transcriber: Option<Transcriber<'a>>,
        redo: &'a [Redo],
        reporter: &'a dyn Reporter,
    ) -> Self {
        let videos = catalog.talks.iter().map(|entry| entry.id.video.clone());
        let visited = videos
            .map(|video| (video, Mutex::new(Visited::NotYet)))
            .collect();
        Self {
            catalog,
            cache,
            captions: CaptionFolder::new(catalog),
            files: Semaphore::new(FILES_AT_ONCE),
            visiting,
            transcriber,
            redo,
            reporter,
            visited,
            streak: Cell::new(0),
            stopped_for: OnceCell::new(),
            has_waited: Cell::new(false),
            has_warned: Cell::new(false),
        }
    }

    /// Lets nothing new start; what is under way is finished.
    pub(crate) fn stop(&self) {
        if let Visiting::With(yt_dlp, client) = self.visiting {
            yt_dlp.turns.stop();
            client.turns.stop();
        }
        self.transcriber.iter().for_each(Transcriber::stop);
    }

    /// Has the cache read ahead what it holds of the entries that will come, in their order.
    pub(crate) fn prefetch(&self, entries: &[&Entry]) {
        let videos = entries.iter().map(|entry| entry.id.video.clone());
        self.cache.prefetch(videos.collect());
    }

    /// Finds or fetches a talk. There is always a talk, with what is known of it, unless
    /// `before_visit` finds that nobody should be visited.
    pub(crate) async fn fetch<E>(
        &self,
        entry: &Entry,
        work: Work,
        before_visit: impl AsyncFnOnce(&Talk) -> Result<(), E>,
    ) -> Result<Fetched, E> {
        if !work.makes() {
            return Ok(self.recall(entry));
        }
        let room = self.files.acquire().await;
        let mut decision = self.decide(entry, work);
        let kept = match decision.reading.take() {
            Some(reading) => self.keep(entry, reading).await,
            None => Ok(()),
        };
        drop(room);
        Ok(match (kept, decision.next) {
            (Err(error), _) => Fetched {
                talk: decision.talk,
                how: How::Missing,
                problem: Some(error),
            },
            (Ok(()), Next::Nothing | Next::Read) => Fetched::known(decision.known()),
            (Ok(()), Next::Visit | Next::Download | Next::VisitAndDownload | Next::Transcribe) => {
                Box::pin(before_visit(&decision.talk)).await?;
                Box::pin(self.complete(entry, decision, work)).await
            }
        })
    }

    /// Finds a talk, whoever's captions they are.
    fn recall(&self, entry: &Entry) -> Fetched {
        let snapshot = match self.cache.last_snapshot(&entry.id.video) {
            Ok(snapshot) => snapshot,
            Err(error) => {
                let talk = talk(entry, KnownVideo::default());
                return Fetched::known((talk, Some(FetchError::Cache(error))));
            }
        };
        let (metadata, no_metadata) = split(snapshot.metadata(), || snapshot.legible_metadata());
        let transcript = snapshot.transcript_ref();
        let (transcript, no_transcript) = split(transcript, || snapshot.legible_transcript_ref());
        let is_unknown = metadata.is_none() && entry.title.is_none();
        let known = KnownVideo {
            metadata,
            transcript,
        };
        // Of a video that could not be visited the reason is more than that nothing is cached.
        let lasting = || self.check_remembered(entry).err().filter(|_| is_unknown);
        let unusable = no_metadata.or(no_transcript);
        Fetched::known((talk(entry, known), unusable.or_else(lasting)))
    }

    /// Keeps what the organizer's own file says.
    async fn keep(&self, entry: &Entry, reading: NewCaptions) -> Result<(), FetchError> {
        let video = &entry.id.video;
        let kept = match reading {
            NewCaptions::Touched(transcript, stamp) => {
                let pointed = self.cache.point_to_transcript(
                    video,
                    transcript,
                    Some(CaptionSource::File(stamp)),
                );
                // The new stamp only saves reading the file the next time.
                drop(pointed.await);
                return Ok(());
            }
            NewCaptions::Words(transcript, stamp, guessed) => {
                if let Some(encoding) = guessed {
                    let file = &stamp.name;
                    let event = Event::EncodingGuessed { file, encoding };
                    self.reporter.report(event);
                }
                self.cache
                    .keep_transcript(video, &transcript, Some(CaptionSource::File(stamp)))
                    .await
            }
        };
        kept.map(drop).map_err(FetchError::NotKept)
    }

    /// Visits the video or has it transcribed, once in a run.
    async fn complete(&self, entry: &Entry, decision: FetchDecision, work: Work) -> Fetched {
        let visited = self.visited.get(&entry.id.video);
        let mut visited = visited.expect("every entry's video is listed").lock().await;
        let outcome = match &*visited {
            Visited::NotYet => {
                let captions = match (decision.next, decision.lack) {
                    (Next::Transcribe, Some(lack)) => Err(lack),
                    (Next::Download, _) => self.download(entry, work).await,
                    (Next::VisitAndDownload, _) => match self.visit(entry, work).await {
                        Ok(()) => self.download(entry, work).await,
                        failed => failed,
                    },
                    _ => self.visit(entry, work).await,
                };
                self.transcribe_if_lacking(entry, captions).await
            }
            Visited::Done => Ok(()),
            Visited::Failed(failure) => Err(failure.clone().into()),
        };
        *visited = match &outcome {
            Err(FetchError::Failed(failure)) => Visited::Failed(failure.clone()),
            Err(FetchError::NotTranscribed { source, .. }) if source.is_stop() => Visited::NotYet,
            Err(FetchError::NotTranscribed { lack, source }) => Visited::Failed(FetchFailure {
                reason: lack.reason,
                detail: Some(format!("not transcribed: {source}")),
            }),
            // Another talk of the video meets the same, or does better.
            Err(FetchError::Local(_) | FetchError::Cache(_) | FetchError::NotKept(_)) => {
                Visited::NotYet
            }
            Ok(()) => Visited::Done,
        };
        drop(visited);
        // What the visit brought is read back from where it is kept.
        let recalled = self.recall(entry);
        match outcome {
            Ok(()) => Fetched {
                how: How::New,
                ..recalled
            },
            Err(error) => Fetched {
                how: How::Missing,
                problem: Some(error),
                ..recalled
            },
        }
    }

    fn yt_dlp(&self) -> Option<&'a YtDlp> {
        match self.visiting {
            Visiting::With(yt_dlp, _) => Some(yt_dlp),
            Visiting::Planned | Visiting::Never => None,
        }
    }

    fn caption_client(&self) -> Option<&'a CaptionClient> {
        match self.visiting {
            Visiting::With(_, client) => Some(client),
            Visiting::Planned | Visiting::Never => None,
        }
    }

    /// Whether what was fetched is to be fetched again.
    fn is_redo(&self) -> bool {
        let stages = [Stage::Metadata, Stage::Transcript].map(Redo::Stage);
        stages.iter().any(|stage| self.redo.contains(stage))
    }

    /// The language that captions are wanted in.
    fn wanted_language<'e>(&'e self, entry: &'e Entry) -> &'e str {
        entry.language.as_deref().unwrap_or(&self.catalog.language)
    }

    fn snapshot(&self, video: &VideoId) -> Result<Rc<Snapshot>, FetchError> {
        self.cache.snapshot(video).map_err(FetchError::Cache)
    }
}

impl Fetched {
    fn known((talk, problem): (Talk, Option<FetchError>)) -> Self {
        let how = match problem {
            None => How::Cached,
            Some(_) => How::Missing,
        };
        Self { talk, how, problem }
    }
}

/// Splits what is there from why it is not. In the place of a damaged file stands what else can be
/// read: it is shown, and nothing is paid for by it.
fn split<T>(
    result: Result<Option<T>, CacheError>,
    legible: impl FnOnce() -> Option<T>,
) -> (Option<T>, Option<FetchError>) {
    match result {
        Ok(value) => (value, None),
        Err(error) => (legible(), Some(FetchError::Cache(error))),
    }
}

/// What may be done for the summary of a talk after its fetching: what a talk is of whose files one
/// is damaged, nobody knows, so it is not paid for.
#[must_use]
pub(crate) fn work_after(work: Work, damage: Option<&FetchError>) -> Work {
    match damage {
        Some(_) => Work::Recall,
        None => work,
    }
}

/// Puts together what is known of a talk; the organizer's words win.
fn talk(entry: &Entry, known: KnownVideo) -> Talk {
    let metadata = known.metadata.unwrap_or_default();
    let fetched_title = Some(metadata.title).filter(|title| !title.trim().is_empty());
    let (title, title_origin) = match (&entry.title, fetched_title) {
        (Some(title), _) => (title.clone(), TitleOrigin::Organizer),
        (None, Some(title)) => (title, TitleOrigin::YouTube),
        (None, None) => (entry.id.to_string(), TitleOrigin::Id),
    };
    let spoken = known
        .transcript
        .as_ref()
        .and_then(|transcript| transcript.language.clone());
    let start = entry.id.start.unwrap_or(0);
    let end = entry.end.or(metadata.duration);
    let is_inside =
        |chapter: &Chapter| chapter.start >= start && end.is_none_or(|end| chapter.start < end);
    Talk {
        id: entry.id.clone(),
        recording: entry.recording.clone(),
        end: entry.end,
        title,
        title_origin,
        speakers: entry.speakers.clone(),
        description: entry.r#abstract.clone().unwrap_or(metadata.description),
        date: entry.date.clone().or(metadata.date),
        duration: match (entry.end, entry.duration) {
            (None, Some(duration)) => Some(duration),
            _ => end.map(|end| end.saturating_sub(start)),
        },
        language: entry.language.clone().or(spoken).or(metadata.language),
        chapters: metadata.chapters.into_iter().filter(is_inside).collect(),
        transcript: known.transcript,
    }
}
