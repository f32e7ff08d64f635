//! `init`: starts a catalog from a playlist, links, ids or a file of them, and adds to one that is
//! there what it does not have yet.
//!
//! Everything is an edit of a draft, which is written in one go at the end: a failure or a Ctrl-C on
//! the way leaves the catalog as it was.

mod chapters;
mod found;
mod programme;
mod sources;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::catalog::Catalog;
use crate::catalog::edit::{Draft, EditError, Saved};
use crate::catalog::lines::{NewTalk, lines};
use crate::catalog::write::{Started, started};
use crate::cli::init::chapters::Split;
use crate::cli::init::found::Found;
use crate::cli::{Ending, Failure, Globals};
use crate::fetch::listing::NoTalk;
use crate::fs;
use crate::report::{Verbosity, say};
use crate::schedule::{self, Session};
use crate::talk::id::TalkId;

/// The name of a conference that nobody has named yet.
const UNNAMED: &str = "My conference";
/// A long playlist comes in many pages.
const LEAST_TIME_TO_LIST: Duration = Duration::from_mins(5);

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Playlists, channels, links or ids; ids that begin with `-` after `--`
    #[arg(value_name = "URL or ID")]
    sources: Vec<String>,
    /// A file with one of them a line, `-` for standard input; `#` begins a comment
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,
    /// The conference's schedule, exported from pretalx or Sessionize as JSON, or a table as CSV:
    /// gives titles, speakers, abstracts and tracks
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// Visit long recordings and propose their chapters as talks
    #[arg(long)]
    split_chapters: bool,
    /// The conference's name; without it, that of the playlist
    #[arg(long)]
    title: Option<String>,
    /// The yt-dlp to run
    #[arg(long, value_name = "PATH")]
    yt_dlp: Option<PathBuf>,
    /// One more argument for yt-dlp, such as `--yt-dlp-arg=--proxy`; kept in a new catalog
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    yt_dlp_arg: Vec<String>,
}

/// What was done, for the closing lines.
#[derive(Debug, Default)]
struct Done {
    talks: usize,
    left_out: Vec<NoTalk>,
    commented_out: usize,
    others: usize,
}

/// Starts a catalog, or adds to the one that is there.
pub(super) fn init(globals: &Globals, arguments: &InitArgs) -> Result<Ending, Failure> {
    let path = &globals.catalog;
    let sources = sources::sources(&arguments.sources, arguments.ids.as_deref())?;
    let known = path.exists().then(|| Draft::load(path)).transpose();
    let known = known.map_err(refused)?;
    let is_new = known.is_none();
    let schedule = arguments
        .schedule
        .as_deref()
        .map(read_schedule)
        .transpose()?;
    if sources.is_empty() && (is_new || schedule.is_none()) {
        let hint = "give a playlist, links or ids, or a file of them with `--ids FILE`";
        return Err(Failure::usage(
            "there is nothing to start a catalog from",
            Some(hint),
        ));
    }

    let tracks = schedule
        .as_deref()
        .map(schedule::tracks)
        .unwrap_or_default();
    let begin =
        |title: &str| Draft::new(path, &new_catalog(arguments, title, &tracks)).map_err(refused);
    let mut catalog = match &known {
        Some(draft) => draft.catalog().map_err(refused)?,
        None => begin(UNNAMED)?.catalog().map_err(refused)?,
    };
    ask_as_told(&mut catalog, arguments);
    let found = Found::of(globals, &catalog, &sources)?;
    let mut draft = match known {
        Some(draft) => draft,
        None => begin(
            arguments
                .title
                .as_deref()
                .or(found.title.as_deref())
                .unwrap_or(UNNAMED),
        )?,
    };

    let (mut talks, mut done) = additions(&draft, &catalog, &found);
    if is_new && done.talks == 0 {
        return Err(no_talks(&done));
    }
    if arguments.split_chapters {
        match chapters::split(globals, &draft, &catalog, &found, talks)? {
            Split::Into(parts) => talks = parts,
            Split::Stopped => return Ok(Ending::Stopped),
        }
        done.talks = talks.iter().filter(|talk| talk.left_out.is_none()).count();
    }
    if !talks.is_empty() {
        draft.append(&lines(&talks)).map_err(refused)?;
    }
    let own: HashSet<TalkId> = catalog.talks.into_iter().map(|entry| entry.id).collect();
    let filled = match &schedule {
        Some(sessions) => Some(programme::fill(
            &mut draft,
            sessions,
            &own,
            &found.titles(),
        )?),
        None => None,
    };
    let saved = draft.save().map_err(refused)?;

    if globals.verbosity > Verbosity::Quiet {
        let path = path.display();
        match (is_new, saved, done.talks) {
            (true, ..) => say(format_args!(
                "started {path} with {}",
                count(done.talks, "talk")
            )),
            (_, Saved::Unchanged, _) => say(format_args!("nothing new for {path}")),
            (_, _, 0) => {}
            (_, _, talks) => say(format_args!("added {} to {path}", count(talks, "talk"))),
        }
        done.say();
        if !is_new && arguments.title.is_some() {
            say(format_args!("the title in {path} stays; change it there"));
        }
        if let Some(filled) = &filled {
            filled.say();
        }
        if is_new {
            say(format_args!(
                "next: add [[categories]] and an [llm] to it, then run `proceedings build`"
            ));
        }
    }
    Ok(Ending::Complete)
}

/// The talks that the catalog does not have. What stands there as a comment is looked at again
/// only where the reason for that may have passed: all else was taken out by hand.
fn additions(draft: &Draft, catalog: &Catalog, found: &Found) -> (Vec<NewTalk>, Done) {
    let there: HashSet<_> = catalog.talks.iter().map(|entry| &entry.id.video).collect();
    let commented_out = draft.commented_out();
    let mut done = Done {
        others: found.others,
        ..Done::default()
    };
    let mut talks = Vec::new();
    for video in found
        .videos
        .iter()
        .filter(|video| !there.contains(&video.id))
    {
        let may_return = |line: &&str| {
            NoTalk::PASSING
                .iter()
                .any(|reason| line.ends_with(reason.why()))
        };
        match (commented_out.get(&video.id), video.no_talk) {
            _ if found.is_given(&video.id) => {}
            (Some(line), None) if may_return(line) => {}
            (Some(_), None) => {
                done.commented_out += 1;
                continue;
            }
            (Some(_), Some(_)) => continue,
            (None, _) => {}
        }
        match video.no_talk {
            Some(reason) => done.left_out.push(reason),
            None => done.talks += 1,
        }
        talks.push(NewTalk {
            remark: video.title.clone(),
            left_out: video.no_talk.map(NoTalk::why),
            ..NewTalk::of(video.id.clone())
        });
    }
    (talks, done)
}

impl Done {
    fn say(&self) {
        if !self.left_out.is_empty() {
            say(format_args!("left out as comments: {}", self.reasons()));
        }
        if self.commented_out > 0 {
            say(format_args!(
                "{} commented out before and left so",
                count(self.commented_out, "video")
            ));
        }
        if self.others > 0 {
            say(format_args!(
                "no videos among what was listed: {}",
                self.others
            ));
        }
    }

    /// `2 private, 1 short`.
    fn reasons(&self) -> String {
        let mut counts: Vec<(NoTalk, usize)> = Vec::new();
        for &reason in &self.left_out {
            match counts.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => counts.push((reason, 1)),
            }
        }
        let counts = counts
            .iter()
            .map(|(reason, count)| format!("{count} {}", reason.name()));
        counts.collect::<Vec<_>>().join(", ")
    }
}

/// `1 talk`, `2 talks`.
fn count(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

fn new_catalog(arguments: &InitArgs, title: &str, tracks: &[String]) -> String {
    started(&Started {
        title: title.to_owned(),
        tracks: tracks.to_vec(),
        yt_dlp: arguments.yt_dlp.as_deref().map(as_seen_from_anywhere),
        yt_dlp_args: arguments.yt_dlp_arg.clone(),
    })
}

/// What stands on the command line about yt-dlp holds for this run, whatever the catalog says.
fn ask_as_told(catalog: &mut Catalog, arguments: &InitArgs) {
    let fetch = &mut catalog.fetch;
    fetch.timeout = fetch.timeout.max(LEAST_TIME_TO_LIST);
    if let Some(yt_dlp) = &arguments.yt_dlp {
        fetch.yt_dlp = as_seen_from_anywhere(yt_dlp).into();
    }
    if !arguments.yt_dlp_arg.is_empty() {
        fetch.yt_dlp_args.clone_from(&arguments.yt_dlp_arg);
    }
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

fn read_schedule(path: &Path) -> Result<Vec<Session>, Failure> {
    let bytes = fs::read(path).map_err(|error| {
        let is_link = path.to_string_lossy().contains("://");
        Failure::usage(
            error,
            is_link.then_some("download it first: a schedule is read from a file"),
        )
    })?;
    schedule::sessions(&bytes).map_err(|error| {
        let hint = error.hint();
        Failure::usage(
            UnreadSchedule {
                path: path.to_owned(),
                error,
            },
            Some(hint),
        )
    })
}

/// A schedule that could not be read, with its path.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the schedule `{}`", path.display())]
struct UnreadSchedule {
    path: PathBuf,
    #[source]
    error: schedule::ScheduleError,
}

fn no_talks(done: &Done) -> Failure {
    let hint = "give the link of a playlist or of a channel's `/videos`, links or ids";
    let error = if done.left_out.is_empty() {
        "there are no videos in what was given".to_owned()
    } else {
        format!("there are no talks in what was given: {}", done.reasons())
    };
    Failure::run(error, Some(hint))
}

fn refused(error: EditError) -> Failure {
    let hint = error.hint();
    match error {
        EditError::File(_) | EditError::Broken(_) => Failure::run(error, hint),
        _ => Failure::usage(error, hint),
    }
}
