//! The program as its users run it: the real executable, the real yt-dlp with answers from files,
//! an endpoint on loopback. Everything else about a project is in its temporary folder.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod project;
mod yt_dlp;

mod building;
mod credentials;
mod failing;
mod importing;
mod long_talks;
mod rendering;
mod spending;
mod starting;
mod suggesting;
mod transcribing;

#[cfg(unix)]
mod fake_yt_dlp;
#[cfg(unix)]
mod stopping;
