//! Recordings that hold several talks: their chapters are proposed as talks.
//!
//! A recording is visited once, with its captions, and what that brings is kept, so that the build
//! has nothing left to ask. What is too short for a talk, or is called a break, becomes a comment.

use std::collections::{HashMap, HashSet};

use crate::cache::Cache;
use crate::catalog::edit::Draft;
use crate::catalog::lines::{NewTalk, lines};
use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::init::described::{self, Stretch};
use crate::cli::init::edit_failure;
use crate::cli::init::found::Found;
use crate::cli::outside;
use crate::cli::runtime;
use crate::fetch::listing::ListedVideo;
use crate::fetch::{Fetcher, Visiting};
use crate::pipeline::Pipeline;
use crate::report::say;
use crate::schedule::breaks::is_break_or_frame;
use crate::talk::Talk;
use crate::talk::id::{TalkId, VideoId};
use crate::work::Work;

/// In seconds, how long a chapter is at least that is a talk.
const LEAST_TALK: u64 = 3 * 60;
/// A recording of a playlist is looked at if it is longer than this, in seconds.
const LONG_RECORDING: u64 = 2 * 60 * 60;
/// It is split if it has so many chapters of at least so many seconds.
const LONG_CHAPTERS: (usize, u64) = (3, 5 * 60);

/// What came of the visits.
pub(super) enum Split {
    /// The talks, recordings that hold several replaced by them.
    Into(Vec<NewTalk>),
    /// Ctrl-C; what was fetched until then is kept.
    Stopped,
}

/// Replaces recordings that hold several talks by these talks.
pub(super) fn split(
    globals: &Globals,
    draft: &Draft,
    catalog: &Catalog,
    found: &Found,
    talks: Vec<NewTalk>,
) -> Result<Split, Failure> {
    let there: HashSet<&VideoId> = catalog.talks.iter().map(|entry| &entry.id.video).collect();
    let videos = || found.videos.iter();
    let is_there = |video: &&ListedVideo| found.is_given(&video.id) && there.contains(&video.id);
    for video in videos().filter(is_there) {
        say(format_args!(
            "`{}` is in the catalog already; take it out, and run again to split it",
            video.id
        ));
    }
    let is_long =
        |video: &ListedVideo| video.duration.is_some_and(|length| length > LONG_RECORDING);
    let long: HashSet<&VideoId> = videos()
        .filter(|video| is_long(video))
        .map(|video| &video.id)
        .collect();
    let may_hold_several = |talk: &&NewTalk| {
        let video = &talk.id.video;
        talk.left_out.is_none() && (found.is_given(video) || long.contains(video))
    };
    let recordings: Vec<NewTalk> = talks.iter().filter(may_hold_several).cloned().collect();
    if recordings.is_empty() && videos().any(|video| is_there(&video)) {
        return Ok(Split::Into(talks));
    }
    if recordings.is_empty() {
        say(format_args!(
            "no recording is long enough to hold several talks; to split one anyway, give its link"
        ));
        return Ok(Split::Into(talks));
    }
    let Some(visited) = visit(globals, draft, catalog, &recordings)? else {
        return Ok(Split::Stopped);
    };
    let mut split = Vec::new();
    for talk in talks {
        let Some(visited) = visited.get(&talk.id) else {
            split.push(talk);
            continue;
        };
        let parts = if found.is_given(&talk.id.video) || has_long_chapters(visited) {
            parts(visited)
        } else {
            Vec::new()
        };
        if parts.is_empty() {
            say(format_args!(
                "`{}` has no chapters that could be talks, so it stays one talk",
                talk.id
            ));
            split.push(NewTalk {
                remark: talk.remark.or(Some(visited.title.clone())),
                ..talk
            });
        }
        split.extend(parts);
    }
    Ok(Split::Into(split))
}

/// Visits recordings and keeps what that brings; none if Ctrl-C came in between. What could not be
/// fetched is not among the talks, and has been said.
fn visit(
    globals: &Globals,
    draft: &Draft,
    catalog: &Catalog,
    recordings: &[NewTalk],
) -> Result<Option<HashMap<TalkId, Talk>>, Failure> {
    let mut with_recordings = draft.clone();
    with_recordings
        .append(&lines(recordings))
        .map_err(edit_failure)?;
    let mut with_recordings = with_recordings.catalog().map_err(edit_failure)?;
    with_recordings.fetch.clone_from(&catalog.fetch);

    let cache = Cache::new(catalog.cache.clone());
    let yt_dlp = outside::yt_dlp(&with_recordings)?;
    let captions = outside::caption_client(&with_recordings)?;
    let reporter = runtime::reporter(globals.verbosity, None);
    let visiting = if globals.offline {
        Visiting::Never
    } else {
        Visiting::With(&yt_dlp, &captions)
    };
    let fetcher = Fetcher::new(&with_recordings, &cache, visiting, None, &[], &*reporter);
    let pipeline = Pipeline::new(fetcher, None, None, &*reporter);
    let entries: Vec<&Entry> = with_recordings
        .talks
        .iter()
        .filter(|entry| recordings.iter().any(|recording| recording.id == entry.id))
        .collect();
    let visits = pipeline.run(&entries, |_| Work::Make);
    let outcomes = runtime::carry_out(visits, || pipeline.stop(), &*reporter)??;
    if pipeline.was_stopped() {
        return Ok(None);
    }
    let talks = outcomes.into_iter().map(|outcome| outcome.talk.talk);
    let is_known = |talk: &Talk| talk.duration.is_some() || !talk.chapters.is_empty();
    Ok(Some(
        talks
            .filter(is_known)
            .map(|talk| (talk.id.clone(), talk))
            .collect(),
    ))
}

/// The chapters that `YouTube` knows, or those of the description where it lists more of them, or
/// tells more about them.
fn chapters(recording: &Talk) -> Vec<Stretch> {
    let described = described::chapters(&recording.description, recording.duration);
    let named = || {
        recording
            .chapters
            .iter()
            .filter(|chapter| !is_untitled(&chapter.title))
    };
    let holds_clocks = named().any(|chapter| described::begins_with_clock(&chapter.title));
    let last_ends = |stretches: &[Stretch]| stretches.last().and_then(|last| last.end);
    let has_end = last_ends(&described) != recording.duration;
    let is_fuller =
        described.len() > named().count() || described.len() == named().count() && has_end;
    if is_fuller || holds_clocks && !described.is_empty() {
        return described;
    }
    let starts = recording
        .chapters
        .iter()
        .skip(1)
        .map(|next| Some(next.start));
    let ends = starts.chain([recording.duration]);
    let stretches = recording
        .chapters
        .iter()
        .zip(ends)
        .map(|(chapter, end)| Stretch {
            start: chapter.start,
            end,
            title: chapter.title.clone(),
        });
    stretches.collect()
}

fn has_long_chapters(recording: &Talk) -> bool {
    let (count, least) = LONG_CHAPTERS;
    let is_long = |stretch: &Stretch| stretch.length().is_none_or(|length| length >= least);
    chapters(recording)
        .iter()
        .filter(|stretch| is_long(stretch))
        .count()
        >= count
}

/// The chapters as talks and comments; nothing where they are not at least two talks.
fn parts(recording: &Talk) -> Vec<NewTalk> {
    let parts = chapters(recording).into_iter().map(|stretch| NewTalk {
        id: TalkId {
            start: Some(stretch.start),
            ..recording.id.clone()
        },
        end: stretch.end,
        left_out: reason_to_skip(&stretch.title, stretch.length()),
        title: Some(stretch.title),
        ..NewTalk::of(recording.id.video.clone())
    });
    let parts: Vec<NewTalk> = parts.collect();
    let talks = parts.iter().filter(|part| part.left_out.is_none()).count();
    if talks < 2 { Vec::new() } else { parts }
}

/// What yt-dlp calls a stretch before the first chapter that has a name.
fn is_untitled(title: &str) -> bool {
    title.starts_with("<Untitled Chapter")
}

/// Why a chapter is no talk of its own.
fn reason_to_skip(title: &str, length: Option<u64>) -> Option<&'static str> {
    if length.is_some_and(|length| length < LEAST_TALK) {
        Some("too short for a talk")
    } else if is_untitled(title) || is_break_or_frame(title) {
        Some("no talk by its name")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::talk::Chapter;

    fn recording(duration: Option<u64>, chapters: &[(u64, &str)]) -> Talk {
        let chapters = chapters.iter().map(|&(start, title)| Chapter {
            start,
            title: title.to_owned(),
        });
        Talk {
            duration,
            chapters: chapters.collect(),
            ..Talk::bare(TalkId::whole("E98Pv36f0YI".parse().unwrap()), "Hall A")
        }
    }

    #[test]
    fn chapters_become_talks_and_breaks_become_comments() {
        let day = [
            (0, "<Untitled Chapter 1>"),
            (600, "Ada Quill: Caches that explain themselves"),
            (2400, "Q&A"),
            (2700, "Coffee break"),
            (4500, "Ben Oak: Schedulers"),
            (6300, "Thanks"),
        ];
        expect![[r#"
            # { id = "E98Pv36f0YI", start = "0:00:00", end = "0:10:00", title = "<Untitled Chapter 1>" },  # no talk by its name
              { id = "E98Pv36f0YI", start = "0:10:00", end = "0:40:00", title = "Ada Quill: Caches that explain themselves" },
            # { id = "E98Pv36f0YI", start = "0:40:00", end = "0:45:00", title = "Q&A" },  # no talk by its name
            # { id = "E98Pv36f0YI", start = "0:45:00", end = "1:15:00", title = "Coffee break" },  # no talk by its name
              { id = "E98Pv36f0YI", start = "1:15:00", end = "1:45:00", title = "Ben Oak: Schedulers" },
            # { id = "E98Pv36f0YI", start = "1:45:00", end = "1:46:40", title = "Thanks" },  # too short for a talk
        "#]]
        .assert_eq(&lines(&parts(&recording(Some(6400), &day))));
    }

    #[test]
    fn chapters_of_the_description_count_where_they_say_more() {
        let mut day = recording(
            Some(10_800),
            &[
                (0, "- 00:15:00 Welcome"),
                (900, "- 01:00:00 Ada Quill: Lighthouses"),
            ],
        );
        day.description = "Day 1\n00:00:00 - 00:15:00 Welcome\n00:15:00 - 01:00:00 Ada Quill: Lighthouses\n01:00:00 - 02:40:00 Ben Oak: Tides".to_owned();
        expect![[r#"
            # { id = "E98Pv36f0YI", start = "0:00:00", end = "0:15:00", title = "Welcome" },  # no talk by its name
              { id = "E98Pv36f0YI", start = "0:15:00", end = "1:00:00", title = "Ada Quill: Lighthouses" },
              { id = "E98Pv36f0YI", start = "1:00:00", end = "2:40:00", title = "Ben Oak: Tides" },
        "#]]
        .assert_eq(&lines(&parts(&day)));
    }

    #[test]
    fn the_last_talk_may_have_no_end() {
        let parts = parts(&recording(None, &[(0, "Caches"), (1800, "Schedulers")]));
        assert_eq!(parts[1].end, None);
        assert_eq!(parts[1].left_out, None);
    }

    #[test]
    fn the_chapters_of_one_talk_are_no_talks() {
        let talk = [
            (0, "Intro"),
            (120, "Caches"),
            (1500, "Demo"),
            (1600, "Questions"),
        ];
        let talk = recording(Some(1800), &talk);
        assert!(parts(&talk).is_empty());
        assert!(!has_long_chapters(&talk));
        assert!(parts(&recording(Some(1800), &[])).is_empty());
    }
}
