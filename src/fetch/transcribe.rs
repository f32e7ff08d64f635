//! A recording without captions is listened to by a model, where the catalog names one.
//!
//! The model's reply is kept whole, in the breath in which it arrives and before it is read, under
//! the digest of what was asked; so it is paid for once, whatever happens afterwards. What it says
//! becomes a transcript like any other. The sound is in memory only while a permit to send it is
//! held, and recordings are downloaded one at a time.

pub(crate) mod error;

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::cache::{Cache, CachedReply, Owner, Reply, Request};
use crate::catalog::transcribe::TranscribeSettings;
use crate::catalog::{Catalog, Entry};
use crate::fetch::transcribe::error::TranscribeError;
use crate::fetch::yt_dlp::YtDlp;
use crate::fetch::yt_dlp::audio::{AudioFailure, Download};
use crate::fetch::{FetchError, Fetcher, captions};
use crate::llm::client::Wait;
use crate::llm::client::transcription::{Times, TranscriptionClient};
use crate::llm::error::LlmError;
use crate::llm::estimated_tokens;
use crate::llm::transcription::{
    self, ReceivedTranscription, TranscriptionFault, TranscriptionRequest,
};
use crate::report::Event;
use crate::requests::budget::Reservation;
use crate::requests::{Earlier, PaidQuestion, RequestError, Requests, SendPermit, Slot, recall};
use crate::talk::id::{TalkId, VideoId};
use crate::talk::transcript::{CaptionKind, Cue, Transcript};
use crate::work::{Redo, Stage};

/// How much of a prompt Whisper reads, in tokens.
/// <https://platform.openai.com/docs/guides/speech-to-text#prompting>
const PROMPT_TOKENS: u64 = 224;
/// What `max_megabytes` counts in.
const MEGABYTE: u64 = 1_000_000;

/// What has recordings transcribed.
#[derive(Debug)]
pub(crate) struct Transcriber<'a> {
    catalog: &'a Catalog,
    settings: &'a TranscribeSettings,
    yt_dlp: &'a YtDlp,
    listener: &'a TranscriptionClient,
    requests: Requests<'a>,
    redo: &'a [Redo],
    downloading: Mutex<()>,
}

impl Fetcher<'_> {
    /// Where a video has no captions, somebody may listen to it.
    pub(super) async fn transcribe_if_lacking(
        &self,
        entry: &Entry,
        captions: Result<(), FetchError>,
    ) -> Result<(), FetchError> {
        let video = &entry.id.video;
        let transcriber = self.transcriber.as_ref();
        let transcriber = transcriber.filter(|_| self.wants_words(entry));
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
            Err(TranscribeError::Audio(failure)) => {
                TranscribeError::Audio(self.stop_if_pointless(failure))
            }
            Err(error) => error,
        };
        Err(FetchError::NotTranscribed { lack, source })
    }
}

impl<'a> Transcriber<'a> {
    /// Nothing is downloaded or sent yet. The requests are the listener's.
    #[must_use]
    pub(crate) fn new(
        catalog: &'a Catalog,
        settings: &'a TranscribeSettings,
        yt_dlp: &'a YtDlp,
        listener: &'a TranscriptionClient,
        requests: Requests<'a>,
        redo: &'a [Redo],
    ) -> Self {
        Self {
            catalog,
            settings,
            yt_dlp,
            listener,
            requests,
            redo,
            downloading: Mutex::new(()),
        }
    }

    /// Lets nothing new start; what is being listened to is finished.
    pub(super) fn stop(&self) {
        self.requests.client.stop();
    }

    /// Gives a video a transcript.
    pub(super) async fn transcribe(&self, video: &VideoId) -> Result<(), TranscribeError> {
        let talk = TalkId::whole(video.clone());
        let request = request(self.catalog, self.settings, video);
        let slot = slot(&talk, &request, self.redo);
        let kept = match recall_transcription(self.cache(), slot, &request)? {
            Some(kept) => kept,
            None => self.ask(slot, &talk, &request).await?,
        };
        let (language, cues) = match read_transcription(&kept, &request) {
            Ok(heard) => heard,
            Err(fault) => {
                self.cache().reject(&kept).map_err(RequestError::NotKept)?;
                return Err(TranscribeError::Rejected(fault));
            }
        };
        let transcript = Transcript {
            language: request.language.or(language),
            kind: CaptionKind::Transcribed,
            cues,
        };
        let kept = self.cache().keep_transcript(video, &transcript, None).await;
        Ok(kept.map(drop).map_err(RequestError::NotKept)?)
    }

    fn cache(&self) -> &Cache {
        self.requests.cache
    }

    /// The reply of the endpoint, kept before it is read.
    async fn ask(
        &self,
        slot: Slot<'_>,
        talk: &TalkId,
        request: &TranscriptionRequest,
    ) -> Result<CachedReply, TranscribeError> {
        let known = self.known_length(&talk.video)?;
        self.ensure_short_enough(known)?;
        let reply = self.requests.reply(slot, async |permit| {
            self.listener.ready().await.map_err(RequestError::Llm)?;
            let report = |event| self.requests.reporter.report(event);
            report(Event::Transcribing { talk });
            let reply = self.listen(permit, slot, talk, request, known).await;
            let (heard, kept) = match reply {
                Ok((heard, kept)) => (Some(heard), Ok(kept)),
                Err(error) => (None, Err(error)),
            };
            report(Event::Transcribed { heard });
            kept
        });
        reply.await
    }

    /// Reserves what a recording may cost, downloads its sound and sends it.
    async fn listen(
        &self,
        permit: &SendPermit<'_>,
        slot: Slot<'_>,
        talk: &TalkId,
        request: &TranscriptionRequest,
        known: Option<Duration>,
    ) -> Result<(ReceivedTranscription, CachedReply), TranscribeError> {
        // What the budget does not allow is not downloaded either.
        let longest = known.or(self.longest());
        let reserved = match longest {
            Some(length) => permit.reserve(self.cost(length)).await?,
            None => None,
        };
        let Download { audio, length } = self.download(&talk.video).await?;
        self.ensure_short_enough(length)?;
        let reserved = match (length, longest) {
            (Some(length), longest) if longest.is_none_or(|longest| length > longest) => {
                drop::<Option<Reservation<'_>>>(reserved);
                permit.reserve(self.cost(length)).await?
            }
            (None, None) if self.requests.budget.is_some() => {
                return Err(TranscribeError::UnknownLength);
            }
            _ => reserved,
        };
        let length = length.or(known);
        let times = self.times(&talk.video);
        let waiting = |wait: Wait<'_>| permit.tell_of_wait(slot.owner, &wait);
        let call = self
            .listener
            .transcribe(permit.of_client(), request, &audio, times, &waiting);
        let cost = |body: &_| self.cost(transcription::length(body).or(length)?);
        let kept = match permit.send(slot, reserved.as_ref(), call, cost).await {
            Err(RequestError::Llm(LlmError::Refused { message, .. }))
                if times == Times::Needed && transcription::is_about_detail(&message) =>
            {
                return Err(TranscribeError::NoTimes);
            }
            kept => kept?,
        };
        let told = match &kept.reply {
            Reply::Model(body) => transcription::length(body),
            _ => None,
        };
        let length = told.or(length);
        Ok((ReceivedTranscription { length }, kept))
    }

    /// The sound of a video, one at a time.
    async fn download(&self, video: &VideoId) -> Result<Download, TranscribeError> {
        let most = self.settings.max_megabytes.get();
        let download = async {
            let _alone = self.downloading.lock().await;
            self.yt_dlp
                .download_audio(video, u64::from(most) * MEGABYTE)
                .await
        };
        // A download can be had again for nothing, so a stop does not wait for it.
        let download = self.requests.client.unless_stopped(download).await;
        match download.map_err(RequestError::Llm)? {
            Ok(download) => Ok(download),
            Err(AudioFailure::Visit(failure)) => Err(TranscribeError::Audio(failure)),
            Err(AudioFailure::TooLarge { bytes }) => Err(TranscribeError::TooLarge { bytes, most }),
        }
    }

    /// What it costs to have so much listened to, in US dollars.
    fn cost(&self, length: Duration) -> Option<f64> {
        Some(self.settings.price_per_minute? * length.as_secs_f64() / 60.0)
    }

    /// The longest recording that the catalog has sent.
    fn longest(&self) -> Option<Duration> {
        let minutes = self.settings.max_minutes?.get();
        Some(Duration::from_mins(minutes.into()))
    }

    fn known_length(&self, video: &VideoId) -> Result<Option<Duration>, TranscribeError> {
        let snapshot = self.cache().snapshot(video).map_err(RequestError::Cache)?;
        let metadata = snapshot.metadata().map_err(RequestError::Cache)?;
        Ok(metadata.and_then(|metadata| metadata.duration.map(Duration::from_secs)))
    }

    fn ensure_short_enough(&self, length: Option<Duration>) -> Result<(), TranscribeError> {
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

/// Where the transcription of a recording is kept.
pub(super) fn slot<'r>(
    talk: &'r TalkId,
    request: &'r TranscriptionRequest,
    redo: &[Redo],
) -> Slot<'r> {
    Slot {
        owner: Owner::Talk(talk),
        stage: Stage::Transcription,
        question: PaidQuestion::Recording(request),
        earlier: if redo.contains(&Redo::Stage(Stage::Transcript)) {
            Earlier::Nothing
        } else if redo.contains(&Redo::Failed) {
            Earlier::Usable
        } else {
            Earlier::Latest
        },
    }
}

/// The transcription of an earlier run, or why the one that is there was set aside.
pub(super) fn recall_transcription(
    cache: &Cache,
    slot: Slot<'_>,
    request: &TranscriptionRequest,
) -> Result<Option<CachedReply>, TranscribeError> {
    match (recall(cache, slot), slot.owner) {
        (Err(RequestError::RejectedEarlier), Owner::Talk(talk)) => {
            let snapshot = cache.snapshot(&talk.video).map_err(RequestError::Cache)?;
            let asked = Request::Transcription(request.clone());
            let kept = snapshot.set_aside(talk, slot.stage, &asked);
            let fault = kept.and_then(|kept| read_transcription(&kept, request).err());
            Err(TranscribeError::RejectedEarlier(fault))
        }
        (recalled, _) => Ok(recalled?),
    }
}

/// What a model has heard.
fn read_transcription(
    kept: &CachedReply,
    request: &TranscriptionRequest,
) -> Result<(Option<String>, Vec<Cue>), TranscriptionFault> {
    match &kept.reply {
        Reply::Model(body) => {
            let prompt = request.prompt.as_deref();
            transcription::transcription(body, prompt).and_then(spoken_cues)
        }
        _ => Err(TranscriptionFault::NoTranscription),
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
fn spoken_cues(
    heard: transcription::Transcription,
) -> Result<(Option<String>, Vec<Cue>), TranscriptionFault> {
    let cues = heard.cues.into_iter().filter_map(|cue| {
        let text = captions::clean(&cue.text)?;
        Some(Cue { text, ..cue })
    });
    let cues: Vec<Cue> = cues.collect();
    if cues.is_empty() {
        return Err(TranscriptionFault::NoWords);
    }
    Ok((heard.language, cues))
}
