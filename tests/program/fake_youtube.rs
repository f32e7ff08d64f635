//! The stand-in for `YouTube` in the shared folder, which the real yt-dlp takes for the real one.
//!
//! It is a proxy on loopback that answers from a folder of videos, fails as it is told to, and logs
//! every request. It needs `python3` and `openssl`, and ends with the test that started it: it stops
//! when its standard input closes, however the test ends.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use proceedings::testing::client;
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::shared::shared;
use crate::yt_dlp::host_python;

/// A `YouTube` of the test's own.
pub(crate) struct FakeYouTube {
    server: Child,
    address: String,
    authority: PathBuf,
    log: PathBuf,
    _folder: TempDir,
}

/// What the stand-in says when it is ready.
#[derive(Deserialize)]
struct Ready {
    proxy: String,
    ca: PathBuf,
}

/// A request that the stand-in has answered, or failed to answer as it was told.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// `watch` for a page, `captions`, `player`, and more.
    pub(crate) kind: String,
    pub(crate) video: Option<String>,
    #[serde(default)]
    pub(crate) query: HashMap<String, String>,
}

impl FakeYouTube {
    /// Starts one with these videos; `None` if there is no stand-in on this machine.
    pub(crate) fn with_videos(videos: &[Value]) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        fs::create_dir_all(data.join("videos")).unwrap();
        let lines: Vec<String> = videos.iter().map(Value::to_string).collect();
        fs::write(data.join("videos/videos.jsonl"), lines.join("\n")).unwrap();
        Self::start(folder, &data, &[])
    }

    /// Starts one over a folder of videos, some of which fail in a mode.
    pub(crate) fn over(data: &Path, failing: &[(&str, &str)]) -> Option<Self> {
        Self::start(TempDir::new().unwrap(), data, failing)
    }

    fn start(folder: TempDir, data: &Path, failing: &[(&str, &str)]) -> Option<Self> {
        let program = shared("fake-youtube/fake_youtube.py")?;
        let log = folder.path().join("requests.jsonl");
        let mut command = Command::new(host_python());
        command.arg(program).arg("--exit-on-stdin-eof");
        command.arg("--data").arg(data).arg("--log").arg(&log);
        for (video, mode) in failing {
            command.arg(format!("--fail={video}={mode}"));
        }
        let mut server = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let said = server.stdout.take().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        let ready: Ready = serde_json::from_str(&line).expect("it says when it is ready");
        Some(Self {
            server,
            address: ready.proxy,
            authority: ready.ca,
            log,
            _folder: folder,
        })
    }

    /// The arguments with which yt-dlp takes it for `YouTube`, and behaves alike wherever and with
    /// whatever it was installed.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--proxy".to_owned(), self.address.clone()];
        arguments.extend(
            [
                "--no-check-certificates",
                "--no-js-runtimes",
                "--no-plugin-dirs",
            ]
            .map(String::from),
        );
        arguments
    }

    /// The variables with which a program takes it for `YouTube`, on systems that take authorities
    /// to trust from the environment.
    #[cfg(target_os = "linux")]
    pub(crate) fn environment(&self) -> [(&'static str, &std::ffi::OsStr); 2] {
        [
            ("HTTPS_PROXY", self.address.as_ref()),
            ("SSL_CERT_FILE", self.authority.as_ref()),
        ]
    }

    /// Every request so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let log = fs::read_to_string(&self.log).unwrap();
        log.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// How many requests of a kind there were for a video.
    pub(crate) fn count(&self, video: &str, kind: &str) -> usize {
        self.requests()
            .iter()
            .filter(|request| request.kind == kind && request.video.as_deref() == Some(video))
            .count()
    }

    /// Fails if somebody asked for more than pages and captions.
    #[track_caller]
    pub(crate) fn assert_modest(&self) {
        for request in self.requests() {
            let is_ours = !["media", "thumbnail", "refused-host"].contains(&&*request.kind);
            assert!(is_ours, "{request:?}");
        }
    }

    /// Lets a video fail in a mode from now on, or work with `none`.
    pub(crate) async fn set(&self, video: &str, mode: &str) {
        let address = format!("{}/_control/fail?video={video}&mode={mode}", self.address);
        let client = client(Duration::from_mins(1));
        let client = client.no_proxy().build().unwrap();
        let answer = client.post(address).send().await.unwrap();
        answer.error_for_status().unwrap();
    }
}

impl Drop for FakeYouTube {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        // It stops by itself; waiting collects it.
        drop(self.server.wait());
    }
}
