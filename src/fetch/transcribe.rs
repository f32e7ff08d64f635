//! A recording without captions is listened to by a model, where the catalog names one.
//!
//! The model's reply is kept whole, in the breath in which it arrives and before it is read, under
//! the digest of what was asked; so it is paid for once, whatever happens afterwards. What it says
//! becomes a transcript like any other. The sound is in memory only while a permit to send it is
//! held, and recordings are downloaded one at a time.

pub mod error;

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::cache::{Cache, CachedReply, Lookup, Reply, Request};
use crate::catalog::transcribe::TranscribeSettings;
use crate::catalog::{Catalog, Entry};
use crate::fetch::transcribe::error::TranscribeError;
use crate::fetch::yt_dlp::YtDlp;
use crate::fetch::yt_dlp::audio::{AudioFailure, Download};
use crate::fetch::{FetchError, Fetcher, captions};
use crate::llm::client::transcription::{Times, TranscriptionClient};
use crate::llm::client::{Permit, Wait};
use crate::llm::error::LlmError;
use crate::llm::estimated_tokens;
use crate::llm::transcription::{self, Fault, Heard, TranscriptionRequest};
use crate::report::{Event, Reporter};
use crate::talk::id::{TalkId, VideoId};
use crate::talk::transcript::{CaptionKind, Cue, Transcript};
use crate::work::Stage;

/// How much of a prompt Whisper reads, in tokens.
/// <https://platform.openai.com/docs/guides/speech-to-text#prompting>
const PROMPT_TOKENS: u64 = 224;
/// What `max_megabytes` counts in.
const MEGABYTE: u64 = 1_000_000;

/// What has recordings transcribed.
#[derive(Debug)]
pub struct Transcriber<'a> {
    catalog: &'a Catalog,
    settings: &'a TranscribeSettings,
    cache: &'a Cache,
    yt_dlp: &'a YtDlp,
    client: &'a TranscriptionClient,
    redo: &'a [Stage],
    reporter: &'a dyn Reporter,
    downloading: Mutex<()>,
}

impl Fetcher<'_> {
    /// Where a video has no captions, somebody may listen to it.
    pub(super) async fn or_transcribed(
        &self,
        entry: &Entry,
        captions: Result<(), FetchError>,
    ) -> Result<(), FetchError> {
        let video = &entry.id.video;
        let transcriber = self.transcriber.as_ref().filter(|some| some.wants(video));
        let (lack, transcriber) = match (captions, transcriber) {
            (Err(FetchError::Failed(lack)), Some(transcriber))
                if lack.reason.is_lack_of_captions() =>
            {
                (lack, transcriber)
            }
            (captions, _) => return captions,
        };
        let source = match transcriber.transcribe(video).await {
            Ok(()) => return Ok(()),
            Err(TranscribeError::Audio(failure)) => TranscribeError::Audio(self.heeded(failure)),
            Err(error) => error,
        };
        Err(FetchError::NotTranscribed { lack, source })
    }
}

impl<'a> Transcriber<'a> {
    /// Nothing is downloaded or sent yet.
    #[must_use]
    pub fn new(
        catalog: &'a Catalog,
        settings: &'a TranscribeSettings,
        cache: &'a Cache,
        yt_dlp: &'a YtDlp,
        client: &'a TranscriptionClient,
        redo: &'a [Stage],
        reporter: &'a dyn Reporter,
    ) -> Self {
        Self {
            catalog,
            settings,
            cache,
            yt_dlp,
            client,
            redo,
            reporter,
            downloading: Mutex::new(()),
        }
    }

    /// Lets nothing new start; what is being listened to is finished.
    pub(super) fn stop(&self) {
        self.client.client().stop();
    }

    /// Whether the words of a video are wanted: not where the organizer has summarized every talk
    /// in it.
    pub(super) fn wants(&self, video: &VideoId) -> bool {
        let mut talks = self.catalog.visible().filter(|e| e.id.video == *video);
        talks.any(|entry| entry.summary.is_none())
    }

    /// Gives a video a transcript.
    pub(super) async fn transcribe(&self, video: &VideoId) -> Result<(), TranscribeError> {
        let talk = TalkId::whole(video.clone());
        let request = request(self.catalog, self.settings, video);
        let asked = Request::Transcription(request.clone());
        let kept = match self.recalled(&talk, &asked)? {
            Some(kept) => kept,
            None => self.paid(&talk, &request, &asked).await?,
        };
        let heard = match &kept.reply {
            Reply::Model(body) => {
                let prompt = request.prompt.as_deref();
                transcription::transcription(body, prompt).and_then(spoken)
            }
            _ => Err(Fault::NoTranscription),
        };
        let (language, cues) = match heard {
            Ok(heard) => heard,
            Err(fault) => {
                self.cache.reject(&kept).map_err(TranscribeError::NotKept)?;
                return Err(TranscribeError::Rejected(fault));
            }
        };
        let transcript = Transcript {
            language: request.language.or(language),
            kind: CaptionKind::Transcribed,
            cues,
        };
        let kept = self.cache.keep_transcript(video, &transcript, None).await;
        kept.map(drop).map_err(TranscribeError::NotKept)
    }

    /// The reply to exactly this request, unless it is to be had anew.
    fn recalled(
        &self,
        talk: &TalkId,
        asked: &Request,
    ) -> Result<Option<CachedReply>, TranscribeError> {
        if self.redo.contains(&Stage::Transcript) {
            return Ok(None);
        }
        let shelf = self.cache.shelf(&talk.video);
        let lookup = shelf.and_then(|shelf| shelf.reply(talk, Stage::Transcription, asked));
        match lookup.map_err(TranscribeError::Cache)? {
            Lookup::Hit(kept) => Ok(Some(*kept)),
            Lookup::Rejected => Err(TranscribeError::RejectedEarlier),
            Lookup::Miss => Ok(None),
        }
    }

    /// The reply of the endpoint, kept before it is read.
    async fn paid(
        &self,
        talk: &TalkId,
        request: &TranscriptionRequest,
        asked: &Request,
    ) -> Result<CachedReply, TranscribeError> {
        let known = self.known_length(&talk.video)?;
        self.is_short_enough(known)?;
        let client = self.client.client();
        let permit = client.permit().await.map_err(TranscribeError::Llm)?;
        let waiting = || self.reporter.report(Event::Locked { talk });
        let lock = client.unless_stopped(self.cache.lock(talk, waiting)).await;
        let lock = lock.map_err(TranscribeError::Llm)?;
        let _lock = lock.map_err(TranscribeError::NotKept)?;
        // Another run may have asked meanwhile; what it paid for is not paid for again.
        if let Some(kept) = self.recalled(talk, asked)? {
            return Ok(kept);
        }
        self.client.ready().await.map_err(TranscribeError::Llm)?;
        self.reporter.report(Event::Transcribing { talk });
        let reply = self.listened_to(talk, request, known, &permit).await;
        let (heard, kept) = match reply {
            Ok((body, heard)) => {
                let reply = Reply::Model(body);
                let stage = Stage::Transcription;
                let kept = self.cache.keep_reply(talk, stage, asked, reply).await;
                (Some(heard), kept.map_err(TranscribeError::NotKept))
            }
            Err(error) => (None, Err(error)),
        };
        self.reporter.report(Event::Transcribed { talk, heard });
        kept
    }

    /// Downloads the sound, sends it, and returns the body of the reply.
    async fn listened_to(
        &self,
        talk: &TalkId,
        request: &TranscriptionRequest,
        known: Option<Duration>,
        permit: &Permit<'_>,
    ) -> Result<(serde_json::Value, Heard), TranscribeError> {
        let most = self.settings.max_megabytes.get();
        let client = self.client.client();
        let download = async {
            let _alone = self.downloading.lock().await;
            self.yt_dlp
                .audio(&talk.video, u64::from(most) * MEGABYTE)
                .await
        };
        // A download can be had again for nothing, so a stop does not wait for it.
        let download = client.unless_stopped(download).await;
        let Download { audio, length } = match download.map_err(TranscribeError::Llm)? {
            Ok(download) => download,
            Err(AudioFailure::Visit(failure)) => return Err(TranscribeError::Audio(failure)),
            Err(AudioFailure::TooLarge { bytes }) => {
                return Err(TranscribeError::TooLarge { bytes, most });
            }
        };
        self.is_short_enough(length)?;
        if let Some(host) = client.first_use() {
            self.reporter.report(Event::SendingAudio { host });
        }
        let waiting = |wait: Wait<'_>| {
            self.reporter.report(Event::Waiting {
                talk,
                why: wait.error,
                delay: wait.delay,
                is_first: wait.is_first,
            });
        };
        let times = self.times(&talk.video);
        let sent = self
            .client
            .transcribe(permit, request, &audio, times, &waiting);
        let body = match sent.await {
            Err(LlmError::Refused { message, .. })
                if times == Times::Needed && transcription::is_about_detail(&message) =>
            {
                return Err(TranscribeError::NoTimes);
            }
            reply => reply.map_err(TranscribeError::Llm)?,
        };
        let length = transcription::length(&body).or(length).or(known);
        Ok((body, Heard { length }))
    }

    fn known_length(&self, video: &VideoId) -> Result<Option<Duration>, TranscribeError> {
        let shelf = self.cache.shelf(video).map_err(TranscribeError::Cache)?;
        let metadata = shelf.metadata().map_err(TranscribeError::Cache)?;
        Ok(metadata.and_then(|metadata| metadata.duration.map(Duration::from_secs)))
    }

    fn is_short_enough(&self, length: Option<Duration>) -> Result<(), TranscribeError> {
        let Some((most, length)) = self.settings.max_minutes.zip(length) else {
            return Ok(());
        };
        let (most, minutes) = (most.get(), length.as_secs().div_ceil(60));
        if minutes > u64::from(most) {
            return Err(TranscribeError::TooLong { minutes, most });
        }
        Ok(())
    }

    /// Whether a talk of the catalog is only a part of a video.
    fn times(&self, video: &VideoId) -> Times {
        let mut talks = self.catalog.visible().filter(|e| e.id.video == *video);
        if talks.any(|entry| entry.id.start.is_some()) {
            Times::Needed
        } else {
            Times::Welcome
        }
    }
}

/// What is asked about a video, whichever of its talks comes first.
pub(super) fn request(
    catalog: &Catalog,
    settings: &TranscribeSettings,
    video: &VideoId,
) -> TranscriptionRequest {
    let talks = catalog.talks.iter().filter(|e| e.id.video == *video);
    let talks: Vec<_> = talks.collect();
    let languages = talks.iter().filter_map(|entry| entry.language.as_deref());
    let languages: HashSet<_> = languages.collect();
    // Where several are spoken, the model may find out for itself.
    let language = match languages.len() {
        1 => languages.into_iter().find_map(transcription::language_code),
        _ => None,
    };
    let speakers = talks.iter().flat_map(|entry| &entry.speakers);
    let glossary = &catalog.glossary;
    let names = speakers
        .chain(&glossary.terms)
        .chain(glossary.heard.values());
    TranscriptionRequest {
        model: settings.model.clone(),
        language,
        prompt: prompt(names.map(String::as_str)),
    }
}

/// Names in a row, each once, as many as Whisper reads.
fn prompt<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut prompt = String::new();
    let mut seen = HashSet::new();
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        let longer = match prompt.as_str() {
            "" => name.to_owned(),
            before => format!("{before}, {name}"),
        };
        if seen.insert(name) && estimated_tokens(&longer) <= PROMPT_TOKENS {
            prompt = longer;
        }
    }
    (!prompt.is_empty()).then_some(prompt)
}

/// What of it was spoken: marks of sounds are not.
fn spoken(heard: transcription::Transcription) -> Result<(Option<String>, Vec<Cue>), Fault> {
    let cues = heard.cues.into_iter().filter_map(|cue| {
        let text = captions::cleaned(&cue.text)?;
        Some(Cue { text, ..cue })
    });
    let cues: Vec<Cue> = cues.collect();
    if cues.is_empty() {
        return Err(Fault::NoWords);
    }
    Ok((heard.language, cues))
}
