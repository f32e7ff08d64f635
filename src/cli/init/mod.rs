//! `init`: starts a catalog from a playlist, links, ids or a file of them, and adds to one that is
//! there what it does not have yet.
//!
//! Everything is an edit of a draft, which is written in one go at the end: a failure or a Ctrl-C on
//! the way leaves the catalog as it was.

mod added;
mod chapters;
mod described;
mod found;
mod id_json;
mod id_list;
mod mail;
mod programme;
mod sources;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{NonEmptyStringValueParser, PossibleValue};
use clap::{Args, ValueEnum};

use crate::catalog::edit::{Draft, EditError, Saved};
use crate::catalog::lines::lines;
use crate::catalog::presets;
use crate::catalog::write::{NewCatalog, TRACKS, format_new};
use crate::catalog::{Catalog, LlmSettings};
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::init::added::AddedTalks;
use crate::cli::init::chapters::Split;
use crate::cli::init::found::Found;
use crate::cli::init::programme::FilledProgramme;
use crate::cli::init::sources::VideoSource;
use crate::cli::trust;
use crate::cli::usage_report::typical_cost;
use crate::fs;
use crate::limits;
use crate::llm::ProviderKind;
use crate::numbers::pluralize;
use crate::report::{Verbosity, say};
use crate::schedule::{self, Schedule};
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
    /// A file with links or ids; `-` reads standard input, and `#` begins a comment
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,
    /// The conference's schedule: an export of pretalx, frab, Sessionize, Sched or Indico, pentabarf
    /// XML, a calendar, a YAML list, or a table as CSV; it fills in titles, speakers, abstracts and tracks
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// Visit long recordings and propose their chapters as talks
    #[arg(long)]
    split_chapters: bool,
    /// The conference's name [default: the playlist's]
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    title: Option<String>,
    /// Add an `[llm]` table for this provider, with a current model and its price
    #[arg(long, value_name = "PROVIDER")]
    llm: Option<ProviderKind>,
    /// The yt-dlp to run
    #[arg(long, value_name = "PATH")]
    yt_dlp: Option<PathBuf>,
    /// One more argument for yt-dlp, such as `--yt-dlp-arg=--proxy`; kept in a new catalog
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    yt_dlp_arg: Vec<String>,
}

/// Starts a catalog, or adds to the one that is there.
pub(super) fn init(globals: &Globals, arguments: &InitArgs) -> Result<Ending, Failure> {
    let start = Start::of(globals, arguments)?;
    let found = Found::of(globals, &start.catalog, &start.sources)?;
    let mut draft = match start.there {
        Some(draft) => draft,
        None => {
            let of_schedule = start.schedule.as_ref();
            let of_schedule = of_schedule.and_then(|schedule| schedule.title.as_deref());
            let title = arguments.title.as_deref().or(found.title.as_deref());
            let title = title.or(of_schedule);
            begin_draft(globals, arguments, title, &start.tracks)?
        }
    };
    let mut added = AddedTalks::of(&draft, &start.catalog, &found);
    if let Some(schedule) = start.schedule.as_ref().filter(|_| start.sources.is_empty()) {
        // Where the talks come from a list, the schedule only says more about them.
        let mut talks = start.catalog.talks.iter();
        if start.is_new || talks.any(|entry| entry.recording.is_some()) {
            added.add_sessions(&draft, &start.catalog, &schedule.sessions);
        }
        if start.is_new && added.talks() == 0 {
            let error = "the schedule links to no recordings";
            let hint = "give the link of a playlist as well, or ids";
            return Err(Failure::usage(error, Some(hint)));
        }
    }
    if start.is_new && added.talks() == 0 {
        return Err(no_talks(&added));
    }
    if arguments.split_chapters {
        match chapters::split(globals, &draft, &start.catalog, &found, added.lines)? {
            Split::Into(lines) => added.lines = lines,
            Split::Stopped => {
                say(format_args!(
                    "nothing was written; run the same command again to go on"
                ));
                return Ok(Ending::Stopped);
            }
        }
    }
    if !added.lines.is_empty() {
        draft.append(&lines(&added.lines)).map_err(edit_failure)?;
    }
    let own: HashSet<TalkId> = start
        .catalog
        .talks
        .into_iter()
        .map(|entry| entry.id)
        .collect();
    let filled = start
        .schedule
        .map(|schedule| programme::fill(&mut draft, &schedule, &own, &found.titles()))
        .transpose()?;
    if let Some(provider) = arguments.llm.filter(|_| !start.is_new) {
        let added = draft.add_llm(&presets::table(provider));
        added.map_err(edit_failure)?;
    }
    let written = draft.catalog().map_err(edit_failure)?;
    let saved = draft.save().map_err(edit_failure)?;
    if start.is_new {
        // What it says about yt-dlp was on the command line.
        trust::trust_own(globals, &written);
    }

    if globals.verbosity > Verbosity::Quiet {
        let path = globals.catalog.display();
        match (start.is_new, saved, added.talks()) {
            (true, _, talks) => say(format_args!(
                "started {path} with {}",
                pluralize(talks, "talk")
            )),
            (_, Saved::Unchanged, _) => say(format_args!("there is nothing new for {path}")),
            (_, _, 0) if arguments.llm.is_some() => say(format_args!("added an [llm] to {path}")),
            (_, _, 0) => {}
            (_, _, talks) => say(format_args!("added {} to {path}", pluralize(talks, "talk"))),
        }
        added.report();
        filled.iter().for_each(FilledProgramme::report);
        if let Some(llm) = written.llm.as_ref().filter(|_| arguments.llm.is_some()) {
            say_what_is_asked(llm, written.visible().count());
        }
        let waits_for_titles = |filled: &FilledProgramme| filled.waits_for_titles();
        if filled.as_ref().is_some_and(waits_for_titles) {
            say(format_args!(
                "next: run `proceedings fetch`, then the same `init` again"
            ));
        } else if start.is_new {
            say_next(&start.tracks, &written);
        } else if arguments.title.is_some() {
            say(format_args!(
                "the title in {path} stays as it is; change it there"
            ));
        }
    }
    Ok(Ending::Complete)
}

/// What to do with a new catalog, which has the tracks of the schedule where they can be categories.
fn say_next(tracks: &[String], written: &Catalog) {
    let has_categories = TRACKS.contains(&tracks.len());
    let steps = match (has_categories, written.llm.is_some()) {
        (true, true) => "describe the [[categories]] in it",
        (false, true) => "add [[categories]] to it",
        (true, false) => "describe the [[categories]] in it, add an [llm]",
        (false, false) => "add [[categories]] and an [llm] to it",
    };
    say(format_args!("next: {steps}, then run `proceedings build`"));
}

/// Who writes the summaries, with which key, and about what that costs.
fn say_what_is_asked(llm: &LlmSettings, talks: usize) {
    let LlmSettings {
        model, provider, ..
    } = llm;
    match provider.default_key_variable() {
        Some(variable) => say(format_args!(
            "{model} writes the summaries; put its key into the variable {variable}"
        )),
        None => say(format_args!(
            "{model} writes the summaries, which costs nothing but the time of this machine"
        )),
    }
    if llm.price.is_some() {
        say(format_args!("{}", typical_cost(talks, llm.price)));
    }
}

/// What is at hand before anybody outside is asked, and has been looked at.
struct Start {
    sources: Vec<VideoSource>,
    schedule: Option<Schedule>,
    /// The tracks of the schedule.
    tracks: Vec<String>,
    /// The catalog that is there.
    there: Option<Draft>,
    is_new: bool,
    /// What it says, or would say if it were there.
    catalog: Catalog,
}

impl Start {
    fn of(globals: &Globals, arguments: &InitArgs) -> Result<Self, Failure> {
        let path = &globals.catalog;
        let there = path.exists().then(|| Draft::load(path)).transpose();
        let there = there.map_err(edit_failure)?;
        let is_new = there.is_none();
        let sources = sources::sources(&arguments.sources, arguments.ids.as_deref())?;
        let schedule = arguments
            .schedule
            .as_deref()
            .map(read_schedule)
            .transpose()?;
        let is_edit = schedule.is_some() || arguments.llm.is_some();
        if sources.is_empty() && (if is_new { schedule.is_none() } else { !is_edit }) {
            let error = "the command needs a playlist, links or ids";
            let hint = "run `proceedings init PLAYLIST-URL`, or name a file of links with `--ids FILE`, or a schedule that links to recordings with `--schedule FILE`";
            return Err(Failure::usage(error, Some(hint)));
        }
        let tracks = schedule
            .as_ref()
            .map(|schedule| schedule::tracks(&schedule.sessions))
            .unwrap_or_default();
        let mut catalog = match &there {
            Some(draft) => {
                let mut catalog = draft.catalog().map_err(edit_failure)?;
                trust::withhold_untrusted(globals, &mut catalog);
                catalog
            }
            None => begin_draft(globals, arguments, None, &tracks)?
                .catalog()
                .map_err(edit_failure)?,
        };
        if there.is_some() && catalog.llm.is_some() && arguments.llm.is_some() {
            let error = format!("{} has an [llm] already", path.display());
            let hint = "change the model there, or take the table out first";
            return Err(Failure::usage(error, Some(hint)));
        }
        apply_arguments(&mut catalog, arguments);
        Ok(Self {
            sources,
            schedule,
            tracks,
            there,
            is_new,
            catalog,
        })
    }
}

/// A catalog that is yet to be written.
fn begin_draft(
    globals: &Globals,
    arguments: &InitArgs,
    title: Option<&str>,
    tracks: &[String],
) -> Result<Draft, Failure> {
    let text = format_new(&NewCatalog {
        title: title.unwrap_or(UNNAMED).to_owned(),
        tracks: tracks.to_vec(),
        provider: arguments.llm,
        yt_dlp: arguments.yt_dlp.as_deref().map(absolute),
        yt_dlp_args: arguments.yt_dlp_arg.clone(),
    });
    Draft::new(&globals.catalog, &text).map_err(edit_failure)
}

/// What stands on the command line about yt-dlp holds for this run, whatever the catalog says.
fn apply_arguments(catalog: &mut Catalog, arguments: &InitArgs) {
    let fetch = &mut catalog.fetch;
    fetch.timeout = fetch.timeout.max(LEAST_TIME_TO_LIST);
    if let Some(yt_dlp) = &arguments.yt_dlp {
        fetch.yt_dlp = Some(absolute(yt_dlp).into());
    }
    if !arguments.yt_dlp_arg.is_empty() {
        fetch.yt_dlp_args.clone_from(&arguments.yt_dlp_arg);
    }
}

/// A path in the catalog is relative to the catalog, one on the command line to this folder.
fn absolute(yt_dlp: &Path) -> String {
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

fn read_schedule(path: &Path) -> Result<Schedule, Failure> {
    let bytes = fs::read_at_most(path, limits::SCHEDULE).map_err(|error| {
        let hint = if path.to_string_lossy().contains("://") {
            "download it first; the program reads a schedule from a file"
        } else {
            "give the path of the schedule's export, as JSON or CSV"
        };
        Failure::usage(error, Some(hint))
    })?;
    schedule::read(&bytes).map_err(|error| {
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

fn no_talks(added: &AddedTalks) -> Failure {
    let hint = "give the link of a playlist or of a channel's `/videos`, links or ids";
    let error = if added.left_out.is_empty() {
        "there are no videos in it".to_owned()
    } else {
        format!("there are no talks in it: {}", added.reasons())
    };
    Failure::run(error, Some(hint))
}

fn edit_failure(error: EditError) -> Failure {
    let hint = error.hint();
    match error {
        EditError::File(_) | EditError::Broken(_) => Failure::run(error, hint),
        _ => Failure::usage(error, hint),
    }
}

impl ValueEnum for ProviderKind {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::OpenAi, Self::Anthropic, Self::Gemini, Self::Ollama]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
