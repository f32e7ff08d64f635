//! `init`: starts a catalog from a playlist, links, ids or a file of them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::catalog::write::{NewTalk, Started, started};
use crate::cli::workshop::supervisor;
use crate::cli::{Ending, Failure, Globals, tools};
use crate::fetch::video_json::Listing;
use crate::fetch::yt_dlp::{YtDlp, YtDlpSettings};
use crate::fs::{self, Existing};
use crate::report::{Verbosity, say};
use crate::talk::id::VideoId;

/// The name of a conference that nobody has named yet.
const UNNAMED: &str = "My conference";

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Playlists, links or ids; ids that begin with `-` after `--`
    #[arg(value_name = "URL or ID")]
    sources: Vec<String>,
    /// A file with one of them a line; `#` begins a comment
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,
    /// The conference's name; without it, that of the playlist
    #[arg(long)]
    title: Option<String>,
    /// The yt-dlp to run
    #[arg(long, value_name = "PATH")]
    yt_dlp: Option<PathBuf>,
    /// One more argument for yt-dlp, such as `--yt-dlp-arg=--proxy`; kept in the catalog
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    yt_dlp_arg: Vec<String>,
}

/// What a source turns out to be.
enum Source {
    Video(VideoId),
    Playlist(String),
}

/// Starts a catalog; one that is there is left alone.
pub(super) fn init(globals: &Globals, arguments: &InitArgs) -> Result<Ending, Failure> {
    let path = &globals.catalog;
    if path.exists() {
        let error = format!("`{}` is there already", path.display());
        return Err(Failure::usage(
            error,
            Some("add talks to it, or start another with `--catalog FILE`"),
        ));
    }
    let sources = sources(arguments)?;
    let mut title = arguments.title.clone();
    let mut talks: Vec<NewTalk> = Vec::new();
    let mut others = 0;
    for source in sources {
        match source {
            Source::Video(video) => talks.push(NewTalk { video, title: None }),
            Source::Playlist(url) => {
                let listing = list(globals, arguments, &url)?;
                others += listing.others;
                title = title.or(listing.title);
                let videos = listing.videos.into_iter();
                talks.extend(videos.map(|listed| NewTalk {
                    video: listed.id,
                    title: listed.title,
                }));
            }
        }
    }
    let mut seen = HashSet::new();
    talks.retain(|talk| seen.insert(talk.video.clone()));

    let count = talks.len();
    if count == 0 {
        let error = "there are no videos in what was given";
        let hint = "give the link of a playlist or of a channel's `/videos`, links or ids";
        return Err(Failure::run(error, Some(hint)));
    }
    let text = started(&Started {
        title: title.unwrap_or_else(|| UNNAMED.to_owned()),
        talks,
        yt_dlp: arguments.yt_dlp.as_deref().map(as_seen_from_anywhere),
        yt_dlp_args: arguments.yt_dlp_arg.clone(),
    });
    let written = fs::write(path, text.as_bytes(), Existing::Keep);
    written.map_err(|error| Failure::run(error, None::<String>))?;
    if globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "started {} with {count} talks",
            path.display()
        ));
        if others > 0 {
            say(format_args!(
                "{others} entries are no videos and were left out"
            ));
        }
        say(format_args!(
            "next: add [[categories]] and an [llm] to it, then run `proceedings build`"
        ));
    }
    Ok(Ending::Complete)
}

/// A path in the catalog is relative to the catalog, one on the command line to this folder.
fn as_seen_from_anywhere(yt_dlp: &Path) -> String {
    let is_command = yt_dlp.components().count() == 1;
    let path = if is_command {
        Ok(yt_dlp.to_owned())
    } else {
        std::path::absolute(yt_dlp)
    };
    path.unwrap_or_else(|_| yt_dlp.to_owned())
        .to_string_lossy()
        .into_owned()
}

fn sources(arguments: &InitArgs) -> Result<Vec<Source>, Failure> {
    let mut texts = arguments.sources.clone();
    if let Some(path) = &arguments.ids {
        let file =
            fs::read_to_string(path).map_err(|error| Failure::usage(error, None::<String>))?;
        let lines = file
            .trim_start_matches('\u{feff}')
            .lines()
            .map(|line| line.split_once(" #").map_or(line, |(text, _)| text).trim());
        texts.extend(
            lines
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .map(str::to_owned),
        );
    }
    if texts.is_empty() {
        let hint = "give a playlist, links or ids, or a file of them with `--ids FILE`";
        return Err(Failure::usage(
            "there is nothing to start a catalog from",
            Some(hint),
        ));
    }
    texts.iter().map(|text| source(text)).collect()
}

fn source(text: &str) -> Result<Source, Failure> {
    match VideoId::from_id_or_link(text) {
        Ok(video) => Ok(Source::Video(video)),
        Err(_) if text.starts_with("http://") || text.starts_with("https://") => {
            Ok(Source::Playlist(text.to_owned()))
        }
        Err(error) => {
            let hint =
                "a playlist is given as its link; an id that begins with `-` stands after `--`";
            Err(Failure::usage(error, Some(hint)))
        }
    }
}

fn list(globals: &Globals, arguments: &InitArgs, url: &str) -> Result<Listing, Failure> {
    if globals.offline {
        let error = format!("`{url}` can only be listed with a network");
        return Err(Failure::usage(
            error,
            Some("run without `--offline`, or give the ids"),
        ));
    }
    let yt_dlp = YtDlp::new(YtDlpSettings {
        supervisor: supervisor()?,
        yt_dlp: tools::yt_dlp(arguments.yt_dlp.as_deref()).program,
        arguments: arguments.yt_dlp_arg.clone(),
        concurrency: 1,
        pause: Duration::ZERO,
        sleep_requests: Duration::ZERO,
        sleep_subtitles: Duration::ZERO,
        timeout: Duration::from_mins(5),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::run(error, None::<String>))?;
    runtime.block_on(yt_dlp.list(url)).map_err(|failure| {
        let hint = failure.reason.next_step();
        Failure::run(failure, Some(hint))
    })
}
