//! The talks' pictures where a page brings its own: fetched by `build` and `fetch`, and laid beside
//! the page whenever one is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use futures::future::abortable;
use indicatif::ProgressBar;

use crate::catalog::{Entry, Thumbnails};
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::runtime::carry_out;
use crate::cli::setup::Setup;
use crate::fs::FileError;
use crate::render::pictures::Pictures;
use crate::report::{Reporter, Verbosity, causes, say};
use crate::talk::id::VideoId;
use crate::thumbnails::{self, GatherReport, PictureServer, page_files};
use crate::work::{Redo, Stage};

/// So many videos are named where pictures are lacking for one reason.
const MOST_NAMED: usize = 5;

/// Fetches the pictures that are wanted, and says how that went. What cannot be had costs no talk.
pub(super) fn gather(
    globals: &Globals,
    setup: &Setup,
    entries: &[&Entry],
    redo: &[Redo],
    reporter: &dyn Reporter,
) -> Result<Ending, Failure> {
    let Setup { catalog, cache, .. } = setup;
    if catalog.thumbnails != Thumbnails::Local {
        return Ok(Ending::Complete);
    }
    if globals.offline {
        say_lacking(globals, setup, entries)?;
        return Ok(Ending::Complete);
    }
    let settings = &catalog.fetch;
    let videos = on_youtube(entries.iter().copied());
    let wanted = if redo.contains(&Redo::Stage(Stage::Metadata)) {
        videos.collect()
    } else {
        thumbnails::videos_to_ask(cache, videos, settings.recheck_after)?
    };
    if wanted.is_empty() {
        return Ok(Ending::Complete);
    }
    let source = PictureServer::youtube(settings.retries, settings.retry_wait);
    let source = source.map_err(|error| Failure::run(error, None::<String>))?;
    let bar = if globals.verbosity == Verbosity::Quiet {
        ProgressBar::hidden()
    } else {
        ProgressBar::new(wanted.len() as u64).with_message("thumbnails")
    };
    let gathering = thumbnails::gather(cache, &source, wanted, || bar.inc(1));
    let (gathering, stop) = abortable(gathering);
    let gathered = carry_out(gathering, || stop.abort(), reporter)?;
    bar.finish_and_clear();
    match gathered {
        Ok(gathered) => report(globals, &gathered?),
        Err(_aborted) => {
            say(format_args!(
                "some thumbnails are missing; run the same command again to go on"
            ));
            return Ok(Ending::Stopped);
        }
    }
    Ok(Ending::Complete)
}

/// The videos of these entries that may have a picture on `YouTube`.
fn on_youtube<'a>(entries: impl Iterator<Item = &'a Entry>) -> impl Iterator<Item = &'a VideoId> {
    let entries = entries.filter(|entry| entry.recording.is_none());
    entries.map(|entry| &entry.id.video)
}

fn report(globals: &Globals, gathered: &GatherReport) {
    let GatherReport {
        new,
        lacking,
        untried,
    } = gathered;
    if globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "thumbnails {new} new, {} missing",
            lacking.len() + untried
        ));
    }
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (video, error) in lacking {
        reasons
            .entry(causes(error))
            .or_default()
            .push(video.as_str());
    }
    for (reason, videos) in reasons {
        let more = match videos.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = &videos[..videos.len().min(MOST_NAMED)];
        say(format_args!(
            "no picture of {}{more}: {reason}",
            named.join(", ")
        ));
    }
    if *untried > 0 {
        say(format_args!(
            "{untried} more were not fetched; the next `proceedings build` fetches them"
        ));
    }
}

/// Says once that the page lacks pictures which could be fetched.
pub(super) fn say_lacking(
    globals: &Globals,
    setup: &Setup,
    entries: &[&Entry],
) -> Result<(), Failure> {
    let Setup { catalog, cache, .. } = setup;
    if catalog.thumbnails != Thumbnails::Local || globals.verbosity == Verbosity::Quiet {
        return Ok(());
    }
    let videos = on_youtube(entries.iter().copied());
    let lacking = thumbnails::videos_to_ask(cache, videos, None)?;
    if !lacking.is_empty() {
        say(format_args!(
            "thumbnails {} not in the cache, so the page draws them; `proceedings build` fetches them",
            lacking.len()
        ));
    }
    Ok(())
}

/// What a page takes its pictures from. Its own are laid into a folder beside it, where there is
/// one to lay them into.
pub(super) fn pictures(setup: &Setup, output: Option<&Path>) -> Result<Pictures, Failure> {
    match setup.catalog.thumbnails {
        Thumbnails::Linked => Ok(Pictures::Linked),
        Thumbnails::None => Ok(Pictures::Without),
        Thumbnails::Local => local(setup, output),
    }
}

fn local(setup: &Setup, output: Option<&Path>) -> Result<Pictures, Failure> {
    let videos: BTreeSet<&VideoId> = on_youtube(setup.catalog.visible()).collect();
    let mut pictures = BTreeMap::new();
    for video in videos {
        let cached = thumbnails::find_cached(&setup.cache, video)?;
        let Some(cached) = cached else { continue };
        let picture = page_files::picture(video, &cached);
        if let Some(output) = output {
            page_files::lay(&cached, &picture, output).map_err(not_laid)?;
        }
        pictures.insert(video.clone(), picture);
    }
    Ok(Pictures::Local(pictures))
}

/// Takes away the pictures that no page in a folder shows any more.
pub(super) fn remove_unused(pictures: &Pictures, output: &Path) -> Result<(), Failure> {
    page_files::remove_unused(pictures, output).map_err(not_laid)
}

fn not_laid(error: FileError) -> Failure {
    let hint = "check that the folder of the page can be written";
    Failure::run(error, Some(hint))
}
