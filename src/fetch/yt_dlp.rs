//! The one module that knows yt-dlp: its arguments, its JSON, and which caption track to take.
//!
//! One visit gives a video's metadata and one caption track. The track asked for is that of the
//! talk's language; should it turn out to be a machine translation, it is not used, and the
//! original comes from the same JSON without a second visit to the page. From then on the page is
//! looked at before a track is asked for. What passes is tried again by whoever asks.

mod about;
pub(crate) mod audio;
mod run;
mod secrets;
mod version;

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::fetch::captions::{self, CaptionFormat, CaptionsError};
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::listing::{self, Listing};
use crate::fetch::messages;
use crate::fetch::turns::{Turn, Turns};
use crate::fetch::video_json::{Track, VideoJson};
pub(crate) use crate::fetch::yt_dlp::about::{About, Runtime};
use crate::fetch::yt_dlp::run::{Folder, YtDlpOutput, no_folder};
pub(crate) use crate::fetch::yt_dlp::secrets::secrets;
pub(crate) use crate::fetch::yt_dlp::version::YtDlpVersion;
use crate::fs;
use crate::limits;
use crate::llm::error::deepest;
use crate::llm::key::ApiKey;
use crate::talk::Metadata;
use crate::talk::id::VideoId;
use crate::talk::transcript::{CaptionKind, Transcript};

/// What yt-dlp is to be run with.
#[derive(Debug)]
pub(crate) struct YtDlpSettings {
    /// This program, which supervises.
    pub supervisor: PathBuf,
    /// yt-dlp: a command or a path.
    pub yt_dlp: PathBuf,
    /// More arguments for it.
    pub arguments: Vec<String>,
    /// The variables of the environment that it does not get, beside those that are named as secrets.
    pub hidden_variables: Vec<String>,
    /// What is in them, or in its environment, that nobody is to read.
    pub secrets: Vec<ApiKey>,
    /// How many visits may be under way at once.
    pub concurrency: usize,
    /// How long to rest after a visit.
    pub pause: Duration,
    /// How long yt-dlp rests between the requests of a visit.
    pub sleep_requests: Duration,
    /// How long yt-dlp rests before it asks for captions.
    pub sleep_subtitles: Duration,
    /// How long a visit may take.
    pub timeout: Duration,
}

/// yt-dlp, with its manners.
#[derive(Debug)]
pub(crate) struct YtDlp {
    settings: YtDlpSettings,
    /// Whose turn it is to ask `YouTube`.
    pub turns: Turns,
    /// Whether the page is asked first and the track afterwards, since a track that was asked for
    /// unseen was not the right one.
    looks_first: Cell<bool>,
    version: RefCell<Option<YtDlpVersion>>,
}

/// What a visit brought home. Captions that failed never cost the metadata.
#[derive(Debug)]
pub(crate) struct Visit {
    /// What `YouTube` says about the video.
    pub metadata: Metadata,
    /// What was said in it, if captions were asked for.
    pub transcript: Option<Result<Transcript, FetchFailure>>,
    /// Why a part of the metadata did not come, where it may come at another visit.
    pub lacks: Option<FetchFailure>,
    /// The page, from which captions can be had without a second visit.
    page: VideoPage,
}

/// The page of a video.
#[derive(Debug)]
struct VideoPage {
    url: String,
    json: Value,
    video: VideoJson,
}

impl YtDlp {
    /// Nothing is started yet.
    #[must_use]
    pub(crate) fn new(settings: YtDlpSettings) -> Self {
        let turns = Turns::new(settings.concurrency, settings.pause);
        Self {
            settings,
            turns,
            looks_first: Cell::default(),
            version: RefCell::default(),
        }
    }

    /// Visits a video, for its metadata and for captions if a language is wanted (BCP 47).
    pub(crate) async fn visit(
        &self,
        _turn: &Turn<'_>,
        video: &VideoId,
        language: Option<&str>,
    ) -> Result<Visit, FetchFailure> {
        let folder = Folder::new()?;
        let url = format!("https://www.youtube.com/watch?v={video}");
        let unseen = language.filter(|_| !self.looks_first.get());
        let mut arguments = vec!["--no-playlist"];
        if language.is_some() {
            // Without them yt-dlp does not say which tracks there are, nor why there are none.
            arguments.extend(["--write-subs", "--write-auto-subs"]);
            match unseen {
                Some(language) => arguments.extend(caption_arguments(language)),
                None => arguments.push("--sub-langs=-all"),
            }
        }
        let YtDlpOutput { json, messages } = self.run(&folder, &url, &arguments).await?;
        let garbage = || FetchFailure::new(Reason::YtDlpGarbage);
        let known = VideoJson::deserialize(&json).map_err(|_| garbage())?;
        if known.id != video.as_str() {
            return Err(garbage());
        }
        if let Some(version) = known.version() {
            self.version.replace(YtDlpVersion::parse(version));
        }
        let page = VideoPage {
            url,
            json,
            video: known,
        };
        let transcript = match language {
            None => None,
            Some(wanted) => Some(
                self.read_transcript(&folder, &page, wanted, unseen, &messages)
                    .await,
            ),
        };
        let metadata = page.video.metadata();
        // Every video has a channel: without one, the page itself is missing.
        let lacks = messages::of_lesser_page(&messages).filter(|_| metadata.channel.is_none());
        Ok(Visit {
            metadata,
            transcript,
            lacks: lacks.map(FetchFailure::new),
            page,
        })
    }

    /// Asks once more for the captions of a video that was visited, without visiting its page.
    pub(crate) async fn fetch_captions(
        &self,
        _turn: &Turn<'_>,
        visit: &Visit,
        language: &str,
    ) -> Result<Transcript, FetchFailure> {
        let Some(track) = visit.page.video.track_for(language) else {
            return Err(FetchFailure::new(Reason::NoCaptions));
        };
        let folder = Folder::new()?;
        self.fetch_track(&folder, &visit.page, &track).await
    }

    /// Lists a playlist without visiting its videos.
    pub(crate) async fn list(&self, url: &str) -> Result<Listing, FetchFailure> {
        let folder = Folder::new()?;
        let ran = self
            .run(&folder, url, &["--flat-playlist", "--yes-playlist"])
            .await?;
        Ok(listing::listing(&ran.json))
    }

    /// The version of yt-dlp, where it can be had.
    pub(crate) async fn version(&self) -> Option<YtDlpVersion> {
        if self.version.borrow().is_none() {
            let said = run::version(&self.settings).await.ok()?;
            self.version.replace(YtDlpVersion::parse(&said));
        }
        self.version.borrow().clone()
    }

    /// What yt-dlp says about itself. It reads its arguments as for a visit and visits nothing.
    pub(crate) async fn ask_about(&self) -> Result<About, FetchFailure> {
        let folder = Folder::new()?;
        let info = folder.path().join("info.json");
        let nothing = br#"{"id": "none", "title": "none", "extractor": "none", "url": "http://127.0.0.1:9/", "ext": "mp4"}"#;
        fs::write(&info, nothing, fs::Existing::Replace).map_err(|error| no_folder(&error))?;
        // With a page that is there already, no address is looked at, nor one in the arguments.
        let info = info.to_string_lossy();
        let arguments = ["--skip-download", "--verbose", "--load-info-json", &info];
        let (settings, address) = (&self.settings, "https://www.youtube.com/");
        let ran = run::json(settings, settings.timeout, &folder, address, &arguments).await?;
        Ok(About::read(&ran.messages))
    }

    /// The words of the right track: the one that came with the visit, else another one.
    async fn read_transcript(
        &self,
        folder: &Folder,
        page: &VideoPage,
        wanted: &str,
        asked: Option<&str>,
        messages: &str,
    ) -> Result<Transcript, FetchFailure> {
        match page.video.track_for(wanted) {
            Some(track) if asked == Some(&track.language) => read_track(folder, &track, messages),
            Some(track) => {
                let was_in_vain = asked.is_some_and(|key| page.video.offers(key));
                self.looks_first.set(self.looks_first.get() || was_in_vain);
                self.fetch_track(folder, page, &track).await
            }
            None if page.video.has_translations() => {
                Err(FetchFailure::new(Reason::CaptionsOnlyTranslated))
            }
            None => Err(FetchFailure::new(messages::of_captions(messages))),
        }
    }

    /// Fetches a track of a page that is there already: it is not visited again.
    async fn fetch_track(
        &self,
        folder: &Folder,
        page: &VideoPage,
        track: &Track,
    ) -> Result<Transcript, FetchFailure> {
        let info = folder.path().join("info.json");
        let bytes =
            serde_json::to_vec(&page.json).map_err(|_| FetchFailure::new(Reason::YtDlpGarbage))?;
        fs::write(&info, &bytes, fs::Existing::Replace).map_err(|error| no_folder(&error))?;
        let info = info.to_string_lossy();
        let which = match track.kind {
            CaptionKind::Automatic => "--write-auto-subs",
            CaptionKind::Manual | CaptionKind::Organizer | CaptionKind::Transcribed => {
                "--write-subs"
            }
        };
        let arguments = ["--load-info-json", &info, which];
        let arguments = [&arguments, &caption_arguments(&track.language)[..]].concat();
        let ran = self.run(folder, &page.url, &arguments).await?;
        read_track(folder, track, &ran.messages)
    }

    /// Runs yt-dlp once for the JSON of a page. What it prints as `null` is a failure.
    async fn run(
        &self,
        folder: &Folder,
        url: &str,
        arguments: &[&str],
    ) -> Result<YtDlpOutput, FetchFailure> {
        let arguments = [&["--skip-download"], arguments].concat();
        let limit = self.settings.timeout;
        let ran = run::json(&self.settings, limit, folder, url, &arguments).await?;
        if ran.json.is_null() {
            return Err(messages::failure(&ran.messages));
        }
        Ok(ran)
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
        let reason = match messages::of_captions(messages) {
            // The track is listed, so that there are none cannot be the reason.
            Reason::NoCaptions => Reason::CaptionsRefused,
            reason => reason,
        };
        return Err(FetchFailure::new(reason));
    };
    let bytes = fs::read_at_most(&folder.path().join(name), limits::CAPTIONS);
    let bytes = bytes.map_err(|error| FetchFailure {
        reason: Reason::CaptionsNotValid,
        detail: Some(deepest(&error)),
    })?;
    let cues = captions::cues(format, &bytes).map_err(|error| FetchFailure {
        reason: match error {
            CaptionsError::NoText => Reason::CaptionsNoText,
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
