//! The one module that knows yt-dlp: its arguments, its JSON, and which caption track to take.
//!
//! One visit gives a video's metadata and one caption track. The track asked for is that of the
//! talk's language; should it turn out to be a machine translation, it is not used, and the
//! original comes from the same JSON without a second visit to the page. The crate `youtube_dl`
//! starts the process; `supervise.rs` says why it starts our own executable.

pub mod audio;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use futures::future::{self, Either};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use youtube_dl::YoutubeDl;

use crate::fetch::captions::{self, CaptionFormat, CaptionsError};
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::supervise::{End, LIFELINE, OUTCOME, Outcome};
use crate::fetch::video_json::{self, Listing, Track, VideoJson};
use crate::fs;
use crate::talk::Metadata;
use crate::talk::id::VideoId;
use crate::talk::transcript::{CaptionKind, Transcript};

/// What yt-dlp is to be run with.
#[derive(Debug)]
pub struct YtDlpSettings {
    /// This program, which supervises.
    pub supervisor: PathBuf,
    /// yt-dlp: a command or a path.
    pub yt_dlp: PathBuf,
    /// More arguments for it.
    pub arguments: Vec<String>,
    /// How many visits may be under way at once.
    pub concurrency: usize,
    /// How long to rest after a visit.
    pub pause: Duration,
    /// How long a visit may take.
    pub timeout: Duration,
}

/// yt-dlp, with its manners.
#[derive(Debug)]
pub struct YtDlp {
    settings: YtDlpSettings,
    permits: Semaphore,
    stopped: Semaphore,
    /// When the rests end that are due after finished visits, the earliest first.
    rests: RefCell<VecDeque<Instant>>,
}

/// What a visit brought home. Captions that failed never cost the metadata.
#[derive(Debug)]
pub struct Visit {
    /// What `YouTube` says about the video.
    pub metadata: Metadata,
    /// What was said in it, if captions were asked for.
    pub transcript: Option<Result<Transcript, FetchFailure>>,
}

/// What one run of yt-dlp printed and said.
struct Ran {
    json: Value,
    messages: String,
}

impl YtDlp {
    /// Nothing is started yet.
    #[must_use]
    pub fn new(settings: YtDlpSettings) -> Self {
        let permits = Semaphore::new(settings.concurrency);
        Self {
            settings,
            permits,
            stopped: Semaphore::new(0),
            rests: RefCell::default(),
        }
    }

    /// Lets nothing new start; what is under way is finished.
    pub fn stop(&self) {
        self.permits.close();
        self.stopped.close();
    }

    /// Visits a video, for its metadata and for captions if a language is wanted (BCP 47); `begun`
    /// is called when its turn has come.
    pub async fn visit(
        &self,
        video: &VideoId,
        language: Option<&str>,
        begun: impl FnOnce(),
    ) -> Result<Visit, FetchFailure> {
        let visit = async || {
            begun();
            self.visit_now(video, language).await
        };
        self.in_turn(visit).await
    }

    /// Waits for a turn and for the rest that is due before it.
    async fn in_turn<T>(
        &self,
        visit: impl AsyncFnOnce() -> Result<T, FetchFailure>,
    ) -> Result<T, FetchFailure> {
        let stopped = || FetchFailure::new(Reason::Stopped);
        let _permit = self.permits.acquire().await.map_err(|_| stopped())?;
        // The rest is taken before the next visit, so that what this one brings is kept at once.
        let rest = self.rests.borrow_mut().pop_front();
        if let Some(until) = rest {
            let is_over = pin!(tokio::time::sleep_until(until));
            match future::select(is_over, pin!(self.stopped.acquire())).await {
                Either::Left(_) => {}
                Either::Right(_) => return Err(stopped()),
            }
        }
        let visit = visit().await;
        let rested = Instant::now() + self.settings.pause;
        self.rests.borrow_mut().push_back(rested);
        visit
    }

    async fn visit_now(
        &self,
        video: &VideoId,
        language: Option<&str>,
    ) -> Result<Visit, FetchFailure> {
        let folder = Folder::new()?;
        let url = format!("https://www.youtube.com/watch?v={video}");
        let mut arguments = vec!["--no-playlist"];
        if let Some(language) = language {
            arguments.extend(["--write-subs", "--write-auto-subs"]);
            arguments.extend(caption_arguments(language));
        }
        let ran = self.run(&folder, &url, &arguments).await?;
        let garbage = || FetchFailure::new(Reason::YtDlpGarbage);
        if ran.json.is_null() {
            return Err(FetchFailure::of_messages(&ran.messages));
        }
        let json = VideoJson::deserialize(&ran.json).map_err(|_| garbage())?;
        if json.id != video.as_str() {
            return Err(garbage());
        }
        let transcript = match language {
            None => None,
            Some(language) => Some(self.transcript(&folder, &url, &ran, &json, language).await),
        };
        Ok(Visit {
            metadata: json.metadata(),
            transcript,
        })
    }

    /// The words of the right track: the one that came with the visit, else another one.
    async fn transcript(
        &self,
        folder: &Folder,
        url: &str,
        ran: &Ran,
        json: &VideoJson,
        language: &str,
    ) -> Result<Transcript, FetchFailure> {
        match json.track_for(language) {
            Some(track) if track.language == language => read_track(folder, &track, &ran.messages),
            Some(track) => self.original(folder, url, &ran.json, &track).await,
            None if json.has_translations() => {
                Err(FetchFailure::new(Reason::CaptionsOnlyTranslated))
            }
            None => Err(FetchFailure::new(Reason::of_missing_captions(
                &ran.messages,
            ))),
        }
    }

    /// Fetches another track of a video whose JSON is there already: no page is visited again.
    async fn original(
        &self,
        folder: &Folder,
        url: &str,
        json: &Value,
        track: &Track,
    ) -> Result<Transcript, FetchFailure> {
        let info = folder.path().join("info.json");
        let bytes =
            serde_json::to_vec(json).map_err(|_| FetchFailure::new(Reason::YtDlpGarbage))?;
        fs::write(&info, &bytes, fs::Existing::Replace).map_err(|error| no_folder(&error))?;
        let info = info.to_string_lossy();
        let which = match track.kind {
            CaptionKind::Automatic => "--write-auto-subs",
            CaptionKind::Manual | CaptionKind::Organizer | CaptionKind::Transcribed => {
                "--write-subs"
            }
        };
        let arguments = ["--load-info-json", &info, which];
        let ran = self
            .run(
                folder,
                url,
                &[&arguments, &caption_arguments(&track.language)[..]].concat(),
            )
            .await?;
        read_track(folder, track, &ran.messages)
    }

    /// Lists a playlist without visiting its videos.
    pub async fn list(&self, url: &str) -> Result<Listing, FetchFailure> {
        let folder = Folder::new()?;
        let ran = self
            .run(&folder, url, &["--flat-playlist", "--yes-playlist"])
            .await?;
        if ran.json.is_null() {
            return Err(FetchFailure::of_messages(&ran.messages));
        }
        Ok(video_json::listing(&ran.json))
    }

    /// Runs yt-dlp once for the JSON of a page.
    async fn run(
        &self,
        folder: &Folder,
        url: &str,
        arguments: &[&str],
    ) -> Result<Ran, FetchFailure> {
        let arguments = [&["--skip-download"], arguments].concat();
        self.run_within(self.settings.timeout, folder, url, &arguments)
            .await
    }

    /// Runs yt-dlp once, under supervision.
    async fn run_within(
        &self,
        limit: Duration,
        folder: &Folder,
        url: &str,
        arguments: &[&str],
    ) -> Result<Ran, FetchFailure> {
        let settings = &self.settings;
        let place = folder.path().to_string_lossy();
        let limit = format!("{}ms", limit.as_millis());
        let program = settings.yt_dlp.to_string_lossy();
        let supervise = [
            "supervise",
            "--folder",
            &place,
            "--limit",
            &limit,
            "--",
            &program,
        ];
        let always = [
            "--ignore-config",
            // Captions that fail must not cost the metadata; the messages tell what failed.
            "--ignore-errors",
            "--no-update",
            "--no-simulate",
            "--socket-timeout=20",
            "--paths",
            &place,
            "--output=captions.%(ext)s",
        ];
        let mut command = YoutubeDl::new(url);
        command.youtube_dl_path(&settings.supervisor);
        for argument in supervise.iter().chain(&always).chain(arguments) {
            command.extra_arg(*argument);
        }
        for argument in &settings.arguments {
            command.extra_arg(argument);
        }
        let printed = command.run_raw_async().await;
        let outcome: Option<Outcome> = fs::read(&folder.path().join(OUTCOME))
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok());
        let failure = |reason, detail: String| FetchFailure {
            reason,
            detail: Some(detail),
        };
        match (outcome, printed) {
            (None, Err(error)) => Err(failure(Reason::YtDlpMissing, error.to_string())),
            (None, Ok(_)) => Err(FetchFailure::new(Reason::YtDlpGarbage)),
            (
                Some(Outcome {
                    end: End::NotStarted(why),
                    ..
                }),
                _,
            ) => Err(failure(Reason::YtDlpMissing, format!("{program}: {why}"))),
            (
                Some(Outcome {
                    end: End::TimedOut, ..
                }),
                _,
            ) => Err(FetchFailure::new(Reason::TimedOut)),
            (Some(Outcome { messages, .. }), Ok(json)) => Ok(Ran { json, messages }),
            (Some(Outcome { messages, .. }), Err(_)) => {
                Err(match FetchFailure::of_messages(&messages) {
                    FetchFailure {
                        reason: Reason::Other,
                        detail: None,
                    } => FetchFailure::new(Reason::YtDlpGarbage),
                    known => known,
                })
            }
        }
    }
}

/// A folder for one visit, with the lifeline in it. Dropping it ends the visit.
struct Folder {
    folder: TempDir,
    _lifeline: File,
}

impl Folder {
    fn new() -> Result<Self, FetchFailure> {
        let made = || {
            let folder = TempDir::with_prefix("proceedings-")?;
            let lifeline = File::create(folder.path().join(LIFELINE))?;
            lifeline.lock()?;
            Ok(Self {
                folder,
                _lifeline: lifeline,
            })
        };
        made().map_err(|error: std::io::Error| no_folder(&error))
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn no_folder(error: &dyn std::error::Error) -> FetchFailure {
    let detail = Some(format!("no temporary folder: {error}"));
    FetchFailure {
        reason: Reason::Other,
        detail,
    }
}

/// One track, never a wildcard: each match would be one more request.
fn caption_arguments(language: &str) -> [&str; 4] {
    [
        "--sub-langs",
        language,
        "--sub-format",
        "json3/srv1/vtt/srt",
    ]
}

/// Reads the caption file of a track that a run has left in the folder.
fn read_track(folder: &Folder, track: &Track, messages: &str) -> Result<Transcript, FetchFailure> {
    let names = fs::names(folder.path()).map_err(|error| no_folder(&error))?;
    let prefix = format!("captions.{}.", track.language);
    let format_of = |name: &str| CaptionFormat::from_extension(name.strip_prefix(&prefix)?);
    let found = names.iter().find_map(|name| Some((name, format_of(name)?)));
    let Some((name, format)) = found else {
        let reason = match Reason::of_missing_captions(messages) {
            // The track is listed, so that there are none cannot be the reason.
            Reason::NoCaptions => Reason::CaptionsRefused,
            reason => reason,
        };
        return Err(FetchFailure::new(reason));
    };
    let bytes = fs::read(&folder.path().join(name)).map_err(|error| no_folder(&error))?;
    let cues = captions::cues(format, &bytes).map_err(|error| FetchFailure {
        reason: match error {
            CaptionsError::NoText => Reason::CaptionsEmpty,
            CaptionsError::NotValid { .. } => Reason::CaptionsNotValid,
        },
        detail: None,
    })?;
    Ok(Transcript {
        language: Some(track.spoken().to_owned()),
        kind: track.kind,
        cues,
    })
}
