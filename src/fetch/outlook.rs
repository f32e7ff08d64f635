//! How things stand with what is fetched of a talk, and whether a run would visit its video.
//!
//! Nobody is asked and nothing is kept: an organizer's caption file that is new is read, and
//! forgotten again.

use crate::cache::{Lookup, RememberedFailure, Request, Shelf, reference_to};
use crate::catalog::Entry;
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::transcribe::error::TranscribeError;
use crate::fetch::{FetchError, Fetcher, Known, talk, transcribe};
use crate::talk::Talk;
use crate::talk::id::TalkId;
use crate::talk::transcript::TranscriptRef;
use crate::work::Stage;

/// What is known of a talk, and what a run would do to know more.
#[derive(Debug)]
pub struct Outlook {
    /// The talk as the next run would find it without asking anybody.
    pub talk: Talk,
    /// How it stands with what `YouTube` says.
    pub metadata: Standing,
    /// How it stands with what was said.
    pub transcript: Standing,
    /// How long the recording is, in seconds.
    pub length: Option<u64>,
    /// What the next run would do.
    pub next: Next,
}

/// How it stands with something that is fetched.
#[derive(Debug)]
pub enum Standing {
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
    /// Nobody has asked for it yet.
    Lacking,
    /// It was asked for in vain.
    Failed(RememberedFailure),
    /// What is there cannot be used.
    Unusable(FetchError),
}

/// What the next run would do about what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Next {
    /// Nothing: all is there, or nothing more is to be had.
    Nothing,
    /// It reads the organizer's caption file.
    Read,
    /// It visits the video.
    Visit,
    /// It has the recording transcribed.
    Transcribe,
}

impl Outlook {
    /// The file of the cache that cannot be read. As long as it is there, no run pays for the talk.
    #[must_use]
    pub fn damage(&self) -> Option<&FetchError> {
        let standings = [&self.metadata, &self.transcript];
        let mut unusable = standings.into_iter().filter_map(|standing| match standing {
            Standing::Unusable(error) => Some(error),
            _ => None,
        });
        unusable.find(|error| error.is_damage())
    }
}

/// A visit that failed has brought no transcript either.
fn failed(metadata: &Result<Standing, FetchError>) -> Option<RememberedFailure> {
    match metadata {
        Ok(Standing::Failed(failure)) => Some(failure.clone()),
        _ => None,
    }
}

impl Fetcher<'_> {
    /// Looks at what is there of an entry.
    pub fn outlook(&self, entry: &Entry) -> Outlook {
        let shelf = match self.shelf(&entry.id.video) {
            Ok(shelf) => shelf,
            Err(error) => {
                return Outlook {
                    talk: talk(entry, Known::default()),
                    metadata: Standing::Unusable(error),
                    transcript: Standing::Lacking,
                    length: None,
                    next: Next::Nothing,
                };
            }
        };
        let failure = |stage| shelf.failure(stage).map_err(FetchError::Cache);
        let mut known = Known::default();
        let metadata = shelf.metadata().map_err(FetchError::Cache);
        let metadata = metadata.and_then(|metadata| {
            known.metadata = metadata;
            let failure = failure(Stage::Metadata)?;
            Ok(match (&known.metadata, &entry.title) {
                (Some(_), _) => Standing::There(failure),
                (None, Some(_)) => Standing::Given,
                (None, None) => failure.map_or(Standing::Lacking, Standing::Failed),
            })
        });
        let transcript = self
            .read_transcript(entry, &shelf)
            .and_then(|(transcript, changed)| {
                known.transcript = transcript;
                let failure = failure(Stage::Transcript)?.or_else(|| failed(&metadata));
                Ok(match (changed, &known.transcript) {
                    (Some(changed), _) => changed,
                    (None, Some(_)) => Standing::There(failure),
                    (None, None) => failure.map_or(Standing::Lacking, Standing::Failed),
                })
            });
        let transcript = match transcript {
            Ok(Standing::Failed(failure)) => self.or_set_aside(entry, &shelf, failure),
            known => known,
        };
        // What else can be read is shown, as a run would do.
        if metadata.as_ref().is_err_and(FetchError::is_damage) {
            known.metadata = shelf.legible_metadata();
        }
        if transcript.as_ref().is_err_and(FetchError::is_damage) {
            known.transcript = shelf.legible_transcript_ref();
        }
        let is_usable = metadata.is_ok() && transcript.is_ok();
        let transcript = transcript.unwrap_or_else(Standing::Unusable);
        let next = match &transcript {
            _ if !is_usable => Next::Nothing,
            _ if self.is_again() => Next::Visit,
            Standing::Unread { .. } if known.suffices(entry) => Next::Read,
            _ if known.suffices(entry) => Next::Nothing,
            _ => self.next(entry),
        };
        Outlook {
            length: known
                .metadata
                .as_ref()
                .and_then(|metadata| metadata.duration),
            talk: talk(entry, known),
            metadata: metadata.unwrap_or_else(Standing::Unusable),
            transcript,
            next,
        }
    }

    /// What a run would do about an entry of which something is missing.
    fn next(&self, entry: &Entry) -> Next {
        match self.remembered(entry) {
            Ok(()) => Next::Visit,
            Err(FetchError::Failed(failure)) if self.would_listen(entry, failure.reason) => {
                Next::Transcribe
            }
            Err(_) => Next::Nothing,
        }
    }

    /// A recording whose captions failed, and in which a model has heard nothing of use either.
    fn or_set_aside(
        &self,
        entry: &Entry,
        shelf: &Shelf,
        failure: RememberedFailure,
    ) -> Result<Standing, FetchError> {
        let settings = self.catalog.transcribe.as_ref();
        let settings = settings.filter(|_| !self.is_again());
        let (Some(settings), Some(reason)) = (settings, Reason::named(&failure.reason)) else {
            return Ok(Standing::Failed(failure));
        };
        let video = &entry.id.video;
        let asked = Request::Transcription(transcribe::request(self.catalog, settings, video));
        let talk = TalkId::whole(video.clone());
        match shelf.reply(&talk, Stage::Transcription, &asked) {
            Ok(Lookup::Rejected) => Err(FetchError::NotTranscribed {
                lack: FetchFailure::new(reason),
                source: TranscribeError::RejectedEarlier,
            }),
            Ok(_) => Ok(Standing::Failed(failure)),
            Err(error) => Err(FetchError::Cache(error)),
        }
    }

    fn would_listen(&self, entry: &Entry, reason: Reason) -> bool {
        let video = &entry.id.video;
        let mut talks = self.catalog.visible().filter(|e| e.id.video == *video);
        let is_wanted = talks.any(|entry| entry.summary.is_none());
        self.catalog.transcribe.is_some() && reason.is_lack_of_captions() && is_wanted
    }

    /// The transcript that the next run would find, and what has changed about its file.
    fn read_transcript(
        &self,
        entry: &Entry,
        shelf: &Shelf,
    ) -> Result<(Option<TranscriptRef>, Option<Standing>), FetchError> {
        let language = self.wanted_language(entry);
        let read_from = shelf.caption_file().map_err(FetchError::Cache)?;
        let file = self.captions.find(&entry.id.video, language)?;
        let Some(file) = file else {
            return match read_from {
                None => Ok((shelf.transcript_ref().map_err(FetchError::Cache)?, None)),
                Some((stamp, _)) => {
                    let file = stamp.name;
                    Ok((None, Some(Standing::Withdrawn { file })))
                }
            };
        };
        let known = read_from.filter(|(_, transcript)| shelf.has_transcript(&transcript.digest));
        if let Some((stamp, transcript)) = &known
            && file.is_as(stamp)
        {
            return Ok((Some(transcript.clone()), Some(Standing::Given)));
        }
        let (bytes, stamp) = file.read()?;
        let same =
            known.filter(|(known, _)| known.name == stamp.name && known.digest == stamp.digest);
        if let Some((_, transcript)) = same {
            return Ok((Some(transcript), Some(Standing::Given)));
        }
        let transcript = file.transcript(&bytes, language)?;
        let file = stamp.name;
        Ok((
            Some(reference_to(&transcript)),
            Some(Standing::Unread { file }),
        ))
    }
}
