//! The sound of a recording, at the lowest bitrate there is, for whoever listens to it.
//!
//! It is on disk for as long as it is downloaded and in memory from then on, so that no file is
//! left behind, however a run ends. Nothing is converted: endpoints take containers as they come.

use std::time::Duration;

use bytes::Bytes;

use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::messages;
use crate::fetch::turns::Turn;
use crate::fetch::yt_dlp::YtDlp;
use crate::fetch::yt_dlp::run::{self, Folder, YtDlpOutput, no_folder};
use crate::fs;
use crate::llm::client::transcription::Audio;
use crate::talk::id::VideoId;

/// A recording takes longer than a page: so many times the limit of a visit.
const LONGER: u32 = 10;

/// The sound of a recording.
#[derive(Debug)]
pub(crate) struct Download {
    /// All of it.
    pub audio: Audio,
    /// How long the recording is, where it is known.
    pub length: Option<Duration>,
}

/// Why there is no sound.
#[derive(Debug)]
pub(crate) enum AudioFailure {
    /// The visit failed.
    Visit(FetchFailure),
    /// It is larger than wanted.
    TooLarge { bytes: u64 },
}

impl YtDlp {
    /// Visits a video for its sound, of at most so many bytes.
    pub(crate) async fn download_audio(
        &self,
        video: &VideoId,
        most: u64,
    ) -> Result<Download, AudioFailure> {
        let turn = self
            .turns
            .wait_for_turn()
            .await
            .map_err(AudioFailure::Visit)?;
        let visited = self.run_download(turn, video, most).await;
        let (folder, ran) = visited.map_err(AudioFailure::Visit)?;
        let name = sound_in(&folder).map_err(AudioFailure::Visit)?;
        let expected = ran.json["filesize"].as_u64();
        let Some((name, extension)) = name else {
            return Err(match expected {
                Some(bytes) if bytes > most => AudioFailure::TooLarge { bytes },
                _ => AudioFailure::Visit(messages::failure(&ran.messages)),
            });
        };
        let sound = fs::read(&folder.path().join(&name));
        let sound = sound.map_err(|error| AudioFailure::Visit(no_folder(&error)))?;
        // What comes in pieces, or in more than was said, is only measured afterwards.
        let bytes = sound.len() as u64;
        if bytes > most {
            return Err(AudioFailure::TooLarge { bytes });
        }
        let length = ran.json["duration"].as_f64();
        Ok(Download {
            audio: Audio {
                extension,
                bytes: Bytes::from(sound),
            },
            length: length.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        })
    }

    async fn run_download(
        &self,
        _turn: Turn<'_>,
        video: &VideoId,
        most: u64,
    ) -> Result<(Folder, YtDlpOutput), FetchFailure> {
        let folder = Folder::new()?;
        let url = format!("https://www.youtube.com/watch?v={video}");
        let most = most.to_string();
        let arguments = [
            "--no-playlist",
            // The best is the smallest here, of what was spoken and not of a dubbed track.
            "--format=bestaudio/best",
            "--format-sort=lang,+size,+br",
            // What broke off is gone on with, which is not a new visit.
            "--retries=5",
            "--fragment-retries=5",
            "--max-filesize",
            &most,
            "--output=audio.%(ext)s",
        ];
        let limit = self.settings.timeout.saturating_mul(LONGER);
        let ran = run::json(&self.settings, limit, &folder, &url, &arguments).await?;
        match ran.json["id"].as_str() {
            Some(id) if id == video.as_str() => Ok((folder, ran)),
            Some(_) => Err(FetchFailure::new(Reason::YtDlpGarbage)),
            None => Err(messages::failure(&ran.messages)),
        }
    }
}

/// The name and the extension of a finished download.
fn sound_in(folder: &Folder) -> Result<Option<(String, String)>, FetchFailure> {
    let names = fs::names(folder.path()).map_err(|error| no_folder(&error))?;
    let finished = names.into_iter().find_map(|name| {
        let extension = name.strip_prefix("audio.")?.to_owned();
        // What is under way or given up is `audio.m4a.part`.
        (!extension.contains('.')).then_some((name, extension))
    });
    Ok(finished)
}
