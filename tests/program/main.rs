//! The program as its users run it: the real executable, the real yt-dlp with answers from files,
//! an endpoint on loopback. Everything else about a project is in its temporary folder.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod assistant;
mod batch_server;
mod fake_youtube;
mod project;
mod review;
#[cfg(feature = "cloud")]
#[path = "../shared/sdks.rs"]
mod sdks;
#[path = "../shared/mod.rs"]
mod shared;
mod yt_dlp;

mod archives;
mod asking;
mod batch_wires;
mod batching;
mod building;
mod captions;
mod checking;
mod collecting;
mod comparing;
mod credentials;
mod damage;
mod desk;
mod doctor;
mod endless;
mod failing;
mod foreseeing;
mod formats;
mod hearing;
mod importing;
mod links;
mod logo;
mod long_talks;
mod looking_on;
mod odd_texts;
mod outside;
mod packaging;
mod places;
mod preview;
mod prompting;
mod rendering;
mod reviewing;
mod rewriting;
mod scheduling;
mod selecting;
mod sharing;
mod site;
mod slips;
mod spending;
mod starting;
mod status;
mod suggesting;
mod talk_pages;
mod transcribing;
mod understanding;
mod untrusted;
mod upkeep;
mod youtube;

#[cfg(unix)]
mod fake_yt_dlp;
#[cfg(target_os = "linux")]
mod full_disk;
#[cfg(target_os = "linux")]
mod mounts;
#[cfg(unix)]
mod raw_words;
#[cfg(unix)]
mod reaching;
#[cfg(target_os = "linux")]
mod read_only;
#[cfg(unix)]
mod stopping;
#[cfg(unix)]
mod trusting;
