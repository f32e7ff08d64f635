//! One run of yt-dlp, under supervision: its arguments, what it printed, how it ended.
//!
//! The crate `youtube_dl` starts the process; `supervise.rs` says why it starts our own executable.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use youtube_dl::YoutubeDl;

use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::messages;
use crate::fetch::supervise::{VisitEnd, VisitOutcome};
pub(super) use crate::fetch::supervised::Folder;
use crate::fetch::supervised::NoFolder;
use crate::fetch::yt_dlp::YtDlpSettings;
use crate::fetch::yt_dlp::secrets::hide_secrets;
use crate::limits;

/// What one run of yt-dlp printed and said.
pub(super) struct YtDlpOutput {
    pub(super) json: Value,
    pub(super) messages: String,
}

/// How long yt-dlp may take to say its version.
const VERSION_LIMIT: Duration = Duration::from_secs(20);

impl From<NoFolder> for FetchFailure {
    fn from(error: NoFolder) -> Self {
        Self {
            reason: Reason::Other,
            detail: Some(error.to_string()),
        }
    }
}

/// Runs yt-dlp once, for at most as long as `limit`, and reads the JSON that it prints.
pub(super) async fn json(
    settings: &YtDlpSettings,
    limit: Duration,
    folder: &Folder,
    url: &str,
    arguments: &[&str],
) -> Result<YtDlpOutput, FetchFailure> {
    let place = folder.path().to_string_lossy();
    let always = [
        "--ignore-config",
        // Captions that fail must not cost the metadata; the messages tell what failed.
        "--ignore-errors",
        "--no-update",
        "--no-simulate",
        "--socket-timeout=20",
        // What passes is tried again in one place, with back-off: in `fetch`.
        "--retries=0",
        "--extractor-retries=0",
        "--paths",
        &place,
        "--output=captions.%(ext)s",
    ];
    let pauses = [
        ("--sleep-requests", settings.sleep_requests),
        ("--sleep-subtitles", settings.sleep_subtitles),
    ];
    let pauses = pauses
        .into_iter()
        .filter(|(_, pause)| !pause.is_zero())
        .map(|(option, pause)| format!("{option}={}", pause.as_secs_f64()));
    let mut command = YoutubeDl::new(url);
    command.youtube_dl_path(&settings.supervisor);
    for argument in folder.supervision(limit, &settings.yt_dlp, &settings.hidden_variables) {
        command.extra_arg(argument);
    }
    for argument in always.iter().chain(arguments) {
        command.extra_arg(*argument);
    }
    for argument in pauses.chain(settings.arguments.iter().cloned()) {
        command.extra_arg(argument);
    }
    let printed = command.run_raw_async().await;
    let messages = read_messages(settings, folder)?;
    match printed {
        Ok(json) => Ok(YtDlpOutput { json, messages }),
        Err(_) => Err(match messages::failure(&messages) {
            FetchFailure {
                reason: Reason::Other,
                detail: None,
            } => FetchFailure::new(Reason::YtDlpGarbage),
            known => known,
        }),
    }
}

/// Asks yt-dlp for its version, such as `2026.10.26`.
pub(super) async fn version(settings: &YtDlpSettings) -> Result<String, FetchFailure> {
    let folder = Folder::new()?;
    let mut command = Command::new(&settings.supervisor);
    command
        .args(folder.supervision(VERSION_LIMIT, &settings.yt_dlp, &settings.hidden_variables))
        .args(["--ignore-config", "--version"])
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let printed = tokio::task::spawn_blocking(move || command.output()).await;
    read_messages(settings, &folder)?;
    let garbage = || FetchFailure::new(Reason::YtDlpGarbage);
    let printed = printed.map_err(|_| garbage())?.map_err(|_| garbage())?;
    Ok(String::from_utf8_lossy(&printed.stdout).trim().to_owned())
}

/// How a run has ended: with what yt-dlp said on standard error, if it ended by itself.
fn read_messages(settings: &YtDlpSettings, folder: &Folder) -> Result<String, FetchFailure> {
    let missing = |why: String| FetchFailure {
        reason: Reason::YtDlpMissing,
        detail: Some(why),
    };
    match folder.outcome() {
        None => Err(missing(format!(
            "{} could not be supervised",
            settings.yt_dlp.display()
        ))),
        Some(VisitOutcome { end, messages }) => match end {
            VisitEnd::Exited(_) => Ok(hide_secrets(&messages, &settings.secrets)),
            VisitEnd::Flooded => Err(FetchFailure {
                reason: Reason::YtDlpGarbage,
                detail: Some(format!("more than {}", limits::size(limits::LISTING))),
            }),
            VisitEnd::Overfilled => Err(FetchFailure {
                reason: Reason::Other,
                detail: Some(format!(
                    "yt-dlp downloaded more than {}",
                    limits::size(limits::DOWNLOADS)
                )),
            }),
            VisitEnd::TimedOut => Err(FetchFailure::new(Reason::TimedOut)),
            VisitEnd::NotStarted(why) => {
                Err(missing(format!("{}: {why}", settings.yt_dlp.display())))
            }
        },
    }
}

pub(super) fn no_folder(error: &dyn std::error::Error) -> FetchFailure {
    let detail = Some(format!("no temporary folder: {error}"));
    FetchFailure {
        reason: Reason::Other,
        detail,
    }
}
