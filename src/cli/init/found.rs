//! The videos that the sources of `init` hold, in their order and each once.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::catalog::Catalog;
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::init::sources::VideoSource;
use crate::cli::outside;
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::listing::{ListedVideo, Listing};
use crate::fetch::yt_dlp::YtDlp;
use crate::report::{Verbosity, causes, say};
use crate::talk::id::VideoId;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The title of the first playlist.
    pub(super) title: Option<String>,
    /// The videos, each once.
    pub(super) videos: Vec<ListedVideo>,
    /// How many entries of playlists are no videos.
    pub(super) others: usize,
    /// The videos that were asked for one by one.
    given: HashSet<VideoId>,
    /// The moments that links to them lead to.
    moments: HashMap<VideoId, BTreeSet<u64>>,
}

impl Found {
    /// Lists what is a list.
    pub(super) fn of(
        globals: &Globals,
        catalog: &Catalog,
        sources: &[VideoSource],
    ) -> Result<Self, Failure> {
        let mut found = Self::default();
        let mut places: HashMap<VideoId, usize> = HashMap::new();
        for source in sources {
            let listing = match source {
                VideoSource::List(url) => list(globals, catalog, url)?,
                VideoSource::ListAmongVideos(url) => match list(globals, catalog, url) {
                    Ok(listing) => listing,
                    Err(failure) => {
                        let hint = failure.hint.unwrap_or_default();
                        let why = causes(&*failure.error);
                        say(format_args!("a list was skipped: {why}; {hint}"));
                        continue;
                    }
                },
                VideoSource::Video {
                    video,
                    playlist,
                    start,
                } => {
                    if let Some(playlist) = playlist
                        && globals.verbosity > Verbosity::Quiet
                    {
                        say(format_args!(
                            "only `{video}` was added; its link also names a playlist: for all of it, run `proceedings init {playlist}`"
                        ));
                    }
                    found.given.insert(video.clone());
                    let moments = found.moments.entry(video.clone()).or_default();
                    moments.extend(start);
                    single_video(video)
                }
            };
            let title = listing.title.filter(|title| !title.trim().is_empty());
            found.title = found.title.or(title);
            found.others += listing.others;
            for listed in listing.videos {
                match places.get(&listed.id) {
                    // A video that was given as an id gets its title from a playlist, and is a talk
                    // since somebody says so.
                    Some(&place) => {
                        let known: &mut ListedVideo = &mut found.videos[place];
                        known.no_talk = known.no_talk.and(listed.no_talk);
                        known.title = known.title.take().or(listed.title);
                        known.duration = known.duration.or(listed.duration);
                    }
                    None => {
                        places.insert(listed.id.clone(), found.videos.len());
                        found.videos.push(listed);
                    }
                }
            }
        }
        Ok(found)
    }

    /// Whether a video was asked for by its id or link.
    pub(super) fn is_given(&self, video: &VideoId) -> bool {
        self.given.contains(video)
    }

    /// Where the parts of a recording begin that several links lead to; none where it is one talk.
    pub(super) fn parts(&self, video: &VideoId) -> Vec<u64> {
        let moments = self.moments.get(video).into_iter().flatten();
        let starts: Vec<u64> = moments.copied().collect();
        if starts.len() > 1 { starts } else { Vec::new() }
    }

    /// The titles as `YouTube` has them.
    pub(super) fn titles(&self) -> HashMap<VideoId, String> {
        let titled = self.videos.iter();
        titled
            .filter_map(|video| Some((video.id.clone(), video.title.clone()?)))
            .collect()
    }
}

fn single_video(video: &VideoId) -> Listing {
    Listing {
        title: None,
        videos: vec![ListedVideo {
            id: video.clone(),
            title: None,
            duration: None,
            no_talk: None,
        }],
        others: 0,
    }
}

fn list(globals: &Globals, catalog: &Catalog, url: &str) -> Result<Listing, Failure> {
    if globals.offline {
        let error = format!("`{url}` needs a network");
        return Err(Failure::usage(
            error,
            Some("run without `--offline`, or give the ids"),
        ));
    }
    if globals.verbosity > Verbosity::Quiet {
        say(format_args!("listing {url}"));
    }
    let yt_dlp: YtDlp = outside::yt_dlp(catalog)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::run(error, None::<String>))?;
    let listed = runtime.block_on(async {
        tokio::select! {
            listed = yt_dlp.list(url) => Some(listed),
            _ = tokio::signal::ctrl_c() => None,
        }
    });
    let listed = listed.ok_or_else(|| Failure::stopped("stopped; nothing was written"))?;
    listed.map_err(|failure| {
        let hint = match failure.reason {
            Reason::Unavailable | Reason::Private => {
                "check that the link is complete, and that the playlist is public or unlisted"
            }
            Reason::YtDlpMissing => {
                "get a current one with `proceedings doctor --install`, or name yours with `--yt-dlp`"
            }
            reason => reason.next_step(),
        };
        let url = url.to_owned();
        Failure::run(CannotList { url, failure }, Some(hint))
    })
}

/// A list that could not be fetched.
#[derive(Debug, thiserror::Error)]
#[error("cannot list {url}")]
struct CannotList {
    url: String,
    #[source]
    failure: FetchFailure,
}
