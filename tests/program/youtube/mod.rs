//! Every way in which `YouTube` fails, with the real yt-dlp against the stand-in in the shared
//! folder: what is found out, how often is asked, what is kept, and what is said.
//!
//! All of them pass where there is no stand-in, and say so. A visit is one request for a video's
//! page: yt-dlp's own retries are off.

mod captions;
mod many;
mod network;
mod page;
#[cfg(unix)]
mod stopping;
#[cfg(target_os = "linux")]
mod thumbnails;
mod tracks;

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::fake_youtube::FakeYouTube;
use crate::project::{Project, Ran, talks};
use crate::yt_dlp::yt_dlp;

/// Several visits at once, and waits that are none.
const AT_ONCE: &str = "concurrency = 4\nretry_wait = \"1ms\"\n";
/// As `AT_ONCE`, in the catalog's order.
const IN_ORDER: &str = "concurrency = 1\nretry_wait = \"1ms\"\n";

/// A conference whose recordings are on the stand-in.
struct Conference {
    project: Project,
    youtube: FakeYouTube,
}

impl Conference {
    /// Talks of these videos; `None` if there is no stand-in on this machine.
    async fn of(videos: &[Value]) -> Option<Self> {
        let youtube = FakeYouTube::with_videos(videos)?;
        let project = Project::with_catalog("").await;
        let conference = Self { project, youtube };
        let ids: Vec<&str> = videos.iter().map(id).collect();
        conference.catalog(&talks(&ids), "", AT_ONCE);
        Some(conference)
    }

    /// A conference with a talk for each mode, which its video fails in and is named after.
    async fn failing<'a>(modes: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let videos: Vec<Value> = modes.into_iter().map(failing).collect();
        Self::of(&videos).await
    }

    /// Writes the catalog anew: its talks, more tables, and more about fetching.
    fn catalog(&self, talks: &str, tables: &str, fetch: &str) {
        self.catalog_with(&self.youtube.arguments(), talks, tables, fetch);
    }

    /// As `catalog`, with other arguments for yt-dlp.
    fn catalog_with(&self, arguments: &[String], talks: &str, tables: &str, fetch: &str) {
        let table = Project::fetch_table(&yt_dlp(), arguments);
        let head = "title = \"Test Conf\"\nformats = [\"markdown\"]\n";
        self.project.put(
            "catalog.toml",
            &format!("{head}talks = {talks}\n{tables}\n{table}{fetch}"),
        );
    }

    /// Runs the program; whatever it does, nobody asks for more than pages and captions.
    async fn run(&self, arguments: &str) -> Ran {
        let ran = self.project.run(arguments).await;
        self.youtube.assert_modest();
        ran
    }

    fn visits(&self, video: &str) -> usize {
        self.youtube.count(video, "watch")
    }

    fn caption_requests(&self, video: &str) -> usize {
        self.youtube.count(video, "captions")
    }

    /// The stages of which the cache holds something, a failure as `no STAGE: REASON`.
    fn kept(&self, video: &str) -> Vec<String> {
        let folder = format!("{video}/");
        let files = self.project.cached();
        let kept = |file: &str| match file.split_once('-') {
            Some(("failed", failed)) => {
                let reason = self.cached(video, file)["reason"].clone();
                let stage = failed.trim_end_matches(".json");
                Some(format!("no {stage}: {}", reason.as_str().unwrap()))
            }
            Some((stage, _)) => Some(stage.to_owned()),
            // What points to a transcript.
            None => None,
        };
        let of_video = files.iter().filter_map(|name| name.strip_prefix(&folder));
        let kept: BTreeSet<String> = of_video.filter_map(kept).collect();
        kept.into_iter().collect()
    }

    /// What the cache holds of a video's metadata.
    fn metadata(&self, video: &str) -> Value {
        self.cached(video, "metadata-")["content"].clone()
    }

    /// What the cache holds of a video's transcript.
    fn transcript(&self, video: &str) -> Value {
        self.cached(video, "transcript-")["content"].clone()
    }

    /// The file of a video in the cache whose name begins so.
    fn cached(&self, video: &str, name: &str) -> Value {
        let folder = self.project.path(&format!("cache/{video}"));
        let files = fs::read_dir(folder).unwrap().flatten();
        let mut paths = files.map(|file| file.path());
        let path = paths.find(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(name)
        });
        serde_json::from_slice(&fs::read(path.unwrap()).unwrap()).unwrap()
    }
}

/// The line of the report on a talk that lacks something.
#[track_caller]
fn report<'a>(ran: &'a Ran, video: &str) -> &'a str {
    let begin = format!("  {video}  ");
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let alone = lines.iter().find(|line| line.starts_with(&begin));
    // Talks that lack the same for the same reason are named below it.
    let names =
        |line: &str| line.starts_with("    ") && line.trim().split(", ").any(|id| id == video);
    let together = || {
        lines
            .windows(2)
            .find(|pair| names(pair[1]))
            .map(|pair| pair[0])
    };
    let line = alone.copied().or_else(together);
    line.unwrap_or_else(|| panic!("nothing on {video} in:\n{}", ran.stderr))
}

/// A video with automatic English captions.
fn video(id: &str) -> Value {
    let lines = [
        (0.5, "good morning this is about a page that nobody read"),
        (4.5, "and about the one line that changed it"),
    ];
    video_with(id, &json!([track("en", "auto", &lines)]))
}

/// A video with these caption tracks.
fn video_with(id: &str, captions: &Value) -> Value {
    json!({
        "id": id,
        "title": format!("About {id}"),
        "description": "A page, its readers, and one line.",
        "channel": "Test Conf",
        "upload_date": "2026-06-12",
        "duration": 90,
        "chapters": [{ "start": 0, "title": "The page" }, { "start": 4, "title": "The line" }],
        "captions": captions,
    })
}

/// A caption track.
fn track(language: &str, kind: &str, lines: &[(f64, &str)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(at, text)| json!([at, 4.0, text]))
        .collect();
    json!({ "language": language, "kind": kind, "lines": lines })
}

/// A video that fails in a mode.
fn failing(mode: &str) -> Value {
    let mut failing = video(&named(mode));
    failing["failure"] = json!([mode]);
    failing
}

/// The id of the video that fails in a mode: the end of the mode's name.
fn named(mode: &str) -> String {
    let padded = format!("{mode:_>11}").replace(':', "_");
    padded[padded.len() - 11..].to_owned()
}

fn id(video: &Value) -> &str {
    video["id"].as_str().unwrap()
}
