//! What is to be done to know a talk: nothing, read the organizer's file, visit its video, fetch its
//! captions by a link, have its recording transcribed.
//!
//! Nobody is asked and nothing is kept. The run carries a decision out; `--dry-run` and `status` say
//! what it takes.

use url::Url;

use crate::cache::{CaptionSource, FileStamp, RememberedFailure, Snapshot, reference_to};
use crate::catalog::Entry;
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::transcribe::{self, error::TranscribeError};
use crate::fetch::{FetchError, Fetcher, KnownVideo, Visiting, talk};
use crate::talk::Talk;
use crate::talk::id::TalkId;
use crate::talk::transcript::{CaptionKind, Transcript, TranscriptRef};
use crate::work::{Redo, Stage, Work};

/// What is known of a talk, and what is to be done to know more.
#[derive(Debug)]
pub(crate) struct FetchDecision {
    /// The talk as it is known without asking anybody.
    pub talk: Talk,
    /// How it stands with what `YouTube` says.
    pub metadata: FetchState,
    /// How it stands with what was said.
    pub transcript: FetchState,
    /// How long the recording is, in seconds.
    pub length: Option<u64>,
    /// What is to be done.
    pub next: Next,
    /// How sure it is that somebody is paid to listen.
    pub listening: Listening,
    /// Why something is lacking that is not looked for, or is looked for in another way.
    pub(super) lack: Option<FetchError>,
    /// What the organizer's caption file says, where that is not kept yet.
    pub(super) reading: Option<NewCaptions>,
}

/// How it stands with something that is fetched.
#[derive(Debug)]
pub(crate) enum FetchState {
    /// It is there. A later visit may have failed.
    There(Option<RememberedFailure>),
    /// The organizer has given it.
    Given,
    /// The organizer's caption file is new or has changed, and the next run reads it.
    Unread {
        /// The name of the file.
        file: String,
    },
    /// The organizer's caption file that it was read from is not there any more.
    Withdrawn {
        /// The name of the file.
        file: String,
    },
    /// It came from elsewhere than the link that the catalog names.
    Outdated {
        /// The link.
        link: String,
    },
    /// Nobody has asked for it yet.
    Lacking,
    /// It was asked for in vain.
    Failed(RememberedFailure),
    /// What is there cannot be used.
    Unusable(FetchError),
}

/// What is to be done about what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Next {
    /// Nothing: all is there, or nothing more is to be had.
    Nothing,
    /// The organizer's caption file is read.
    Read,
    /// The video is visited.
    Visit,
    /// The captions are fetched by their link.
    Download,
    /// The video is visited for all but its captions, which are fetched by their link.
    VisitAndDownload,
    /// The recording is transcribed.
    Transcribe,
}

impl Next {
    /// Whether the video is visited.
    #[must_use]
    pub(crate) fn visits(self) -> bool {
        matches!(self, Self::Visit | Self::VisitAndDownload)
    }

    /// Whether captions are fetched by their link.
    #[must_use]
    pub(crate) fn downloads(self) -> bool {
        matches!(self, Self::Download | Self::VisitAndDownload)
    }
}

/// Whether a model is paid to listen to the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Listening {
    /// No: nobody needs to, or its reply is there already.
    No,
    /// Only if a visit finds that the video has no captions.
    WithoutCaptions,
    /// Yes, unless a visit finds captions that were not there before.
    Yes,
}

/// What an organizer's caption file says that is not kept yet.
#[derive(Debug)]
pub(super) enum NewCaptions {
    /// New words, and the encoding that they were read in where that is a guess.
    Words(Transcript, FileStamp, Option<&'static str>),
    /// The same words in a file that was touched.
    Touched(TranscriptRef, FileStamp),
}

/// The transcript by what is there, and what has changed about its file.
#[derive(Default)]
struct FoundTranscript {
    reference: Option<TranscriptRef>,
    changed: Option<FetchState>,
    reading: Option<NewCaptions>,
}

impl FetchDecision {
    /// The file of the cache that cannot be read. As long as it is there, no run pays for the talk.
    #[must_use]
    pub(crate) fn damage(&self) -> Option<&FetchError> {
        let states = [&self.metadata, &self.transcript];
        let mut unusable = states.into_iter().filter_map(|state| match state {
            FetchState::Unusable(error) => Some(error),
            _ => None,
        });
        unusable.find(|error| error.is_damage())
    }

    /// The talk, and why it is not known as it should be.
    pub(super) fn known(self) -> (Talk, Option<FetchError>) {
        let unusable = [self.metadata, self.transcript].into_iter();
        let mut unusable = unusable.filter_map(|state| match state {
            FetchState::Unusable(error) => Some(error),
            _ => None,
        });
        (self.talk, unusable.next().or(self.lack))
    }

    /// A talk of which nothing is there and for which nothing is to be done.
    pub(crate) fn lacking(talk: Talk) -> Self {
        Self {
            talk,
            metadata: FetchState::Lacking,
            transcript: FetchState::Lacking,
            length: None,
            next: Next::Nothing,
            listening: Listening::No,
            lack: None,
            reading: None,
        }
    }
}

/// A visit that failed has brought no transcript either.
fn failed(metadata: &Result<FetchState, FetchError>) -> Option<RememberedFailure> {
    match metadata {
        Ok(FetchState::Failed(failure)) => Some(failure.clone()),
        _ => None,
    }
}

impl Fetcher<'_> {
    /// Decides what is to be done for an entry. An organizer's caption file that is new is read, and
    /// kept by whoever carries the decision out.
    pub(crate) fn decide(&self, entry: &Entry, work: Work) -> FetchDecision {
        let snapshot = match self.cache.last_snapshot(&entry.id.video) {
            Ok(snapshot) => snapshot,
            Err(error) => {
                return FetchDecision {
                    metadata: FetchState::Unusable(FetchError::Cache(error)),
                    ..FetchDecision::lacking(talk(entry, KnownVideo::default()))
                };
            }
        };
        let failure = |stage| snapshot.failure(stage).map_err(FetchError::Cache);
        let mut known = KnownVideo::default();
        let metadata = snapshot.metadata().map_err(FetchError::Cache);
        let metadata = metadata.and_then(|metadata| {
            known.metadata = metadata;
            let failure = failure(Stage::Metadata)?;
            Ok(match (&known.metadata, &entry.title) {
                (Some(_), _) => FetchState::There(failure),
                (None, Some(_)) => FetchState::Given,
                (None, None) => failure.map_or(FetchState::Lacking, FetchState::Failed),
            })
        });
        let mut reading = None;
        let transcript = self.find_transcript(entry, &snapshot).and_then(|found| {
            known.transcript = found.reference;
            reading = found.reading;
            let failure = failure(Stage::Transcript)?.or_else(|| failed(&metadata));
            let is_of_link = |failure: &RememberedFailure| failure.link.is_some();
            Ok(match (found.changed, &known.transcript) {
                (Some(FetchState::Outdated { .. }), _)
                    if failure.as_ref().is_some_and(is_of_link) =>
                {
                    FetchState::There(failure)
                }
                (Some(changed), _) => changed,
                (None, Some(_)) => FetchState::There(failure),
                (None, None) => failure.map_or(FetchState::Lacking, FetchState::Failed),
            })
        });
        // What else can be read is shown, as a run would do.
        if metadata.as_ref().is_err_and(FetchError::is_damage) {
            known.metadata = snapshot.legible_metadata();
        }
        if transcript.as_ref().is_err_and(FetchError::is_damage) {
            known.transcript = snapshot.legible_transcript_ref();
        }
        let is_usable = metadata.is_ok() && transcript.is_ok();
        let transcript = transcript.unwrap_or_else(FetchState::Unusable);
        let is_enough = known.suffices(entry);
        let length = known.metadata.as_ref();
        let length = length.and_then(|metadata| metadata.duration);
        let mut decision = FetchDecision {
            length,
            reading,
            metadata: metadata.unwrap_or_else(FetchState::Unusable),
            transcript,
            ..FetchDecision::lacking(talk(entry, known))
        };
        match decision.transcript {
            _ if !is_usable => {}
            FetchState::Unread { .. } if is_enough && !self.is_redo() => decision.next = Next::Read,
            FetchState::Outdated { .. } => self.add_next_of_enough(&mut decision, entry, work),
            _ if is_enough && !self.is_redo() => {}
            _ if is_enough => self.add_next_of_enough(&mut decision, entry, work),
            _ => self.add_next(&mut decision, entry, work),
        }
        decision
    }

    /// The same where what is there will do, should nobody be asked again.
    fn add_next_of_enough(&self, decision: &mut FetchDecision, entry: &Entry, work: Work) {
        self.add_next(decision, entry, work);
        decision.lack = decision
            .lack
            .take()
            .filter(|_| decision.next != Next::Nothing);
    }

    /// Adds what is to be done about an entry of which something is missing, or is to be had again.
    fn add_next(&self, decision: &mut FetchDecision, entry: &Entry, work: Work) {
        let has_file = matches!(
            decision.transcript,
            FetchState::Given | FetchState::Unread { .. }
        );
        let downloads = entry.captions.is_some() && !has_file;
        let is_titled = !matches!(
            decision.metadata,
            FetchState::Lacking | FetchState::Failed(_)
        );
        let visits = entry.recording.is_none() && (!downloads || !is_titled || self.is_redo());
        let next = match (visits, downloads) {
            (true, true) => Next::VisitAndDownload,
            (true, false) => Next::Visit,
            (false, true) => Next::Download,
            (false, false) => {
                decision.lack = Some(FetchFailure::new(Reason::CaptionsElsewhere).into());
                return;
            }
        };
        let may_visit = work.asks() && !matches!(self.visiting, Visiting::Never);
        match self.check_remembered(entry) {
            Err(lasting) if !self.is_redo() => {
                self.add_listening(decision, entry, lasting, may_visit);
            }
            remembered if may_visit => {
                let had_none = matches!(&remembered, Err(error) if error.is_lack_of_captions())
                    || is_transcribed(decision.talk.transcript.as_ref());
                decision.next = next;
                decision.listening = match self.would_listen(entry) {
                    _ if next != Next::Visit => Listening::No,
                    Ok(true) if had_none => Listening::Yes,
                    Ok(true) => Listening::WithoutCaptions,
                    _ => Listening::No,
                };
            }
            _ => decision.lack = Some(FetchFailure::new(Reason::Offline).into()),
        }
    }

    /// Adds what is to be done about a lack that lasts: where it is one of captions, a model may
    /// listen.
    fn add_listening(
        &self,
        decision: &mut FetchDecision,
        entry: &Entry,
        lasting: FetchError,
        may_visit: bool,
    ) {
        if may_visit && lasting.is_lack_of_captions() && self.wants_words(entry) {
            match (self.would_listen(entry), lasting) {
                (Ok(pays), lasting) => {
                    decision.next = Next::Transcribe;
                    decision.lack = Some(lasting);
                    if pays {
                        decision.listening = Listening::Yes;
                    }
                }
                (Err(source), FetchError::Failed(lack)) => {
                    let error = FetchError::NotTranscribed { lack, source };
                    decision.transcript = FetchState::Unusable(error);
                }
                (Err(_), lasting) => decision.lack = Some(lasting),
            }
        } else {
            decision.lack = Some(lasting);
        }
    }

    /// Whether a model would be paid to listen to a recording without captions.
    fn would_listen(&self, entry: &Entry) -> Result<bool, TranscribeError> {
        let Some(settings) = &self.catalog.transcribe else {
            return Ok(false);
        };
        let talk = TalkId::whole(entry.id.video.clone());
        let request = transcribe::request(self.catalog, settings, &talk.video);
        let slot = transcribe::slot(&talk, &request, self.redo);
        let kept = transcribe::recall_transcription(self.cache, slot, &request)?;
        Ok(kept.is_none() && self.wants_words(entry))
    }

    /// Whether the words of a video are to be had from a model: not where the organizer has
    /// summarized every talk in it.
    pub(super) fn wants_words(&self, entry: &Entry) -> bool {
        let video = &entry.id.video;
        let mut talks = self.catalog.visible().filter(|e| e.id.video == *video);
        self.catalog.transcribe.is_some() && talks.any(|entry| entry.summary.is_none())
    }

    /// The transcript that counts: of the organizer's file, where there is one.
    fn find_transcript(
        &self,
        entry: &Entry,
        snapshot: &Snapshot,
    ) -> Result<FoundTranscript, FetchError> {
        let language = self.wanted_language(entry);
        let source = snapshot.caption_source().map_err(FetchError::Cache)?;
        let file = self.captions.find(&entry.id.video, language)?;
        let Some(file) = file else {
            return found_elsewhere(entry, snapshot, source);
        };
        let given = |reference, reading| FoundTranscript {
            reference: Some(reference),
            changed: Some(FetchState::Given),
            reading,
        };
        let again = self.redo.contains(&Redo::Stage(Stage::Transcript));
        let read_from = source.and_then(|(source, transcript)| match source {
            CaptionSource::File(stamp) => Some((stamp, transcript)),
            CaptionSource::Link(_) => None,
        });
        let known = read_from
            .filter(|(_, transcript)| !again && snapshot.has_transcript(&transcript.digest));
        if let Some((stamp, transcript)) = &known
            && file.is_as(stamp)
        {
            return Ok(given(transcript.clone(), None));
        }
        let (bytes, stamp) = file.read()?;
        let same =
            known.filter(|(known, _)| known.name == stamp.name && known.digest == stamp.digest);
        if let Some((_, transcript)) = same {
            let touched = NewCaptions::Touched(transcript.clone(), stamp);
            return Ok(given(transcript, Some(touched)));
        }
        let transcript = file.transcript(&bytes, language)?;
        let guessed = file.doubtful_encoding(&bytes, language);
        let file = stamp.name.clone();
        Ok(FoundTranscript {
            reference: Some(reference_to(&transcript)),
            changed: Some(FetchState::Unread { file }),
            reading: Some(NewCaptions::Words(transcript, stamp, guessed)),
        })
    }
}

/// The transcript that counts where the organizer has no file: that of the link in the catalog, else the
/// one that came with a visit.
fn found_elsewhere(
    entry: &Entry,
    snapshot: &Snapshot,
    source: Option<(CaptionSource, TranscriptRef)>,
) -> Result<FoundTranscript, FetchError> {
    let reference = || snapshot.transcript_ref().map_err(FetchError::Cache);
    let link = entry.captions.as_ref().map(Url::as_str);
    Ok(match (source, link) {
        // What was taken away does not count any more.
        (Some((CaptionSource::File(FileStamp { name: file, .. }), _)), _)
        | (Some((CaptionSource::Link(file), _)), None) => FoundTranscript {
            changed: Some(FetchState::Withdrawn { file }),
            ..FoundTranscript::default()
        },
        (Some((CaptionSource::Link(from), _)), Some(link)) if from == link => FoundTranscript {
            reference: reference()?,
            ..FoundTranscript::default()
        },
        (_, None) => FoundTranscript {
            reference: reference()?,
            ..FoundTranscript::default()
        },
        (_, Some(link)) => {
            let reference = reference()?;
            let link = link.to_owned();
            FoundTranscript {
                changed: reference.is_some().then_some(FetchState::Outdated { link }),
                reference,
                reading: None,
            }
        }
    })
}

fn is_transcribed(transcript: Option<&TranscriptRef>) -> bool {
    transcript.is_some_and(|transcript| transcript.kind == CaptionKind::Transcribed)
}
