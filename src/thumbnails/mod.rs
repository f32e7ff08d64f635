//! Pictures of the talks that a page brings along, so that its visitors' data stay with it: fetched
//! once, made small and kept.
//!
//! A picture is never worth a talk: what cannot be had is named and counted, and a page draws
//! something in its place. Talks of one video share a picture. Only a cache that fails is an error.

mod download;
pub(crate) mod page_files;
mod picture;

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use image::ImageError;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::cache::{Cache, CacheError, CachedThumbnail};
use crate::talk::id::VideoId;
pub(crate) use crate::thumbnails::download::{DownloadError, PictureServer};
use crate::thumbnails::picture::MAKING;

/// How many pictures are fetched at once.
const AT_ONCE: usize = 4;
/// After so many in a row that the network let down, no further one is asked for.
const STREAK_TO_STOP: usize = 3;
/// The word by which the cache remembers that a video has no picture.
const NOT_THERE: &str = "not-there";

/// Why a video has no picture.
#[derive(Debug, Error)]
pub(crate) enum ThumbnailError {
    /// It did not come.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// Something came.
    #[error("what comes is no picture")]
    NotAPicture(#[source] ImageError),
}

/// What came of fetching pictures.
#[derive(Debug, Default)]
pub(crate) struct GatherReport {
    pub new: usize,
    /// The videos that have none, and why.
    pub lacking: Vec<(VideoId, ThumbnailError)>,
    /// How many were not asked for any more.
    pub untried: usize,
}

/// What is to become of a video's picture.
enum PictureOutcome {
    New,
    Lacking(ThumbnailError),
}

/// The picture of a video, if the cache has it.
pub(crate) fn find_cached(
    cache: &Cache,
    video: &VideoId,
) -> Result<Option<CachedThumbnail>, CacheError> {
    cache.thumbnail(video, MAKING)
}

/// The videos whose pictures are to be asked for: those that the cache lacks, unless an earlier run
/// has found out that there is none. That is believed for so long, or for ever.
pub(crate) fn videos_to_ask<'a>(
    cache: &Cache,
    videos: impl IntoIterator<Item = &'a VideoId>,
    believed_for: Option<Duration>,
) -> Result<BTreeSet<&'a VideoId>, CacheError> {
    let mut wanted = BTreeSet::new();
    for video in videos {
        if find_cached(cache, video)?.is_none() && !is_known_to_lack(cache, video, believed_for)? {
            wanted.insert(video);
        }
    }
    Ok(wanted)
}

fn is_known_to_lack(
    cache: &Cache,
    video: &VideoId,
    believed_for: Option<Duration>,
) -> Result<bool, CacheError> {
    let Some(failure) = cache.no_thumbnail(video)? else {
        return Ok(false);
    };
    let longest = believed_for.and_then(|longest| SignedDuration::try_from(longest).ok());
    let age = Timestamp::now().duration_since(failure.at);
    Ok(longest.is_none_or(|longest| age < longest))
}

/// Fetches the pictures of these videos and keeps them; `done` is called after each. To stop, drop
/// the future: what has come is kept.
pub(crate) async fn gather(
    cache: &Cache,
    source: &PictureServer,
    videos: BTreeSet<&VideoId>,
    done: impl Fn(),
) -> Result<GatherReport, CacheError> {
    let mut gathered = GatherReport::default();
    let mut streak = 0;
    let count = videos.len();
    let pictures = stream::iter(videos)
        .map(async |video| (video, make_picture(cache, source, video).await))
        .buffer_unordered(AT_ONCE);
    let mut pictures = pin!(pictures);
    while streak < STREAK_TO_STOP
        && let Some((video, made)) = pictures.next().await
    {
        done();
        match made? {
            PictureOutcome::New => {
                gathered.new += 1;
                streak = 0;
            }
            PictureOutcome::Lacking(error) => {
                streak = if is_catching(&error) { streak + 1 } else { 0 };
                gathered.lacking.push((video.clone(), error));
            }
        }
    }
    gathered.lacking.sort_by(|(a, _), (b, _)| a.cmp(b));
    gathered.untried = count - gathered.new - gathered.lacking.len();
    Ok(gathered)
}

/// Whether the next picture will meet the same.
fn is_catching(error: &ThumbnailError) -> bool {
    let ThumbnailError::Download(error) = error else {
        return false;
    };
    matches!(error, DownloadError::Network(_) | DownloadError::Refused(_))
}

async fn make_picture(
    cache: &Cache,
    source: &PictureServer,
    video: &VideoId,
) -> Result<PictureOutcome, CacheError> {
    let picture = match source.picture(video).await {
        Ok(bytes) => resize(bytes).await,
        Err(error) => Err(error.into()),
    };
    match picture {
        Ok(picture) => {
            cache.keep_thumbnail(video, MAKING, picture).await?;
            Ok(PictureOutcome::New)
        }
        Err(error) => {
            if matches!(error, ThumbnailError::Download(DownloadError::NotThere)) {
                let message = error.to_string();
                cache.keep_no_thumbnail(video, NOT_THERE, &message).await?;
            }
            Ok(PictureOutcome::Lacking(error))
        }
    }
}

/// Unpacking takes a while, and is done beside the thread that carries the run.
async fn resize(bytes: Vec<u8>) -> Result<Vec<u8>, ThumbnailError> {
    let resized = tokio::task::spawn_blocking(move || picture::resize(&bytes)).await;
    let resized = resized.expect("a picture that cannot be read is an error, not a panic");
    resized.map_err(ThumbnailError::NotAPicture)
}

#[cfg(test)]
mod tests;
