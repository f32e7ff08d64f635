//! `batch import`: replies that an engine has written into files.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::batch::intake::{Intake, IntakeError};
use crate::batch::reply_files::ReplyFiles;
use crate::cache::{Batch, Cache};
use crate::cli::arguments::Globals;
use crate::cli::batch::{are, right_to_batches};
use crate::cli::ending::{Ending, Failure};
use crate::cli::runtime::carry_out;
use crate::cli::setup;
use crate::cli::usage_report::{Prices, format_usage};
use crate::fs;
use crate::llm::ProviderKind;
use crate::numbers::{first_few, pluralize, thousands};
use crate::report::lines::Lines;
use crate::report::{Verbosity, say};

/// How the names of the files end that are read.
const REPLIES: &str = ".jsonl";
/// How those begin that an export has written.
const REQUESTS: &str = "requests-";

#[derive(Debug, Args)]
pub(in crate::cli) struct BatchImportArgs {
    /// The folder with the files of replies: every `.jsonl` in it
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Takes replies into the cache. Nobody outside is asked.
pub(super) fn import(globals: &Globals, arguments: &BatchImportArgs) -> Result<Ending, Failure> {
    let catalog = setup::catalog(globals)?;
    let cache = Cache::new(catalog.cache.clone());
    let _right = right_to_batches(&cache)?;
    let mut replies = ReplyFiles::of(ProviderKind::OpenAi);
    let names = fs::names(&arguments.folder).map_err(unreadable)?;
    for name in names.iter().filter(|name| is_of_replies(name)) {
        let file = fs::open(&arguments.folder.join(name)).map_err(unreadable)?;
        replies.add(file).map_err(|error| {
            let error = format!("`{name}` cannot be read: {error}");
            unreadable(io::Error::other(error))
        })?;
    }
    let mut intake = Intake::default();
    let taken = carry_out(
        take_all(&cache, &mut replies, &mut intake),
        || (),
        &Lines::new(globals.verbosity),
    )?;
    report(globals, &replies, &intake, Prices::of(&catalog));
    taken.map_err(not_taken)?;
    Ok(ending(&replies, &intake))
}

/// Takes in what answers any batch that is known here; the newest one comes first.
async fn take_all(
    cache: &Cache,
    replies: &mut ReplyFiles,
    intake: &mut Intake,
) -> Result<(), IntakeError> {
    for batch in cache.batches()?.known.into_iter().rev() {
        let is_answered = |batch: &Batch| batch.requests.iter().any(|key| replies.has(key));
        if is_answered(&batch) {
            intake.take(cache, &batch, replies).await?;
        }
    }
    Ok(())
}

/// An export's own files hold no replies.
fn is_of_replies(name: &str) -> bool {
    let Some(name) = name.strip_suffix(REPLIES) else {
        return false;
    };
    let number = name.rsplit('-').next().unwrap_or_default();
    let is_numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    !(name.starts_with(REQUESTS) && is_numbered)
}

/// That replies could not be taken in.
pub(super) fn not_taken(error: IntakeError) -> Failure {
    match error {
        IntakeError::Cache(error) => error.into(),
        error @ IntakeError::Unreadable(_) => unreadable(error),
    }
}

fn unreadable(error: impl std::error::Error + 'static) -> Failure {
    Failure::run(error, Some("check the path of the folder"))
}

/// Whether all lines were of use and none is missing.
pub(super) fn ending(replies: &ReplyFiles, intake: &Intake) -> Ending {
    let is_whole = replies.unreadable + replies.without_id + replies.unknown.len() == 0
        && replies.left().next().is_none()
        && intake.failed.is_empty()
        && intake.misplaced.is_empty()
        && intake.missing.is_empty();
    if is_whole {
        Ending::Complete
    } else {
        Ending::Incomplete
    }
}

/// Says what became of the replies, and what to do next.
pub(super) fn report(globals: &Globals, replies: &ReplyFiles, intake: &Intake, prices: Prices) {
    if globals.verbosity > Verbosity::Quiet {
        let lines = pluralize(replies.lines, "line");
        let kept = match intake.kept.requests {
            1 => "1 new reply".to_owned(),
            count => format!("{} new replies", thousands(count)),
        };
        say(format_args!("{lines}: {kept}"));
        if intake.kept.requests > 0 {
            let used = format_usage(intake.kept, prices.halved());
            say(format_args!("in all     {used}"));
        }
        if intake.known > 0 {
            say(format_args!(
                "{} answered already, so the replies were left out",
                are(intake.known, "request")
            ));
        }
        if replies.doubled > 0 {
            say(format_args!(
                "{} what another line answers; the first reply of each was used",
                lines_say(replies.doubled, "answers", "answer")
            ));
        }
    }
    if replies.unreadable > 0 {
        say(format_args!(
            "{} no JSON; if a file was cut off, run its requests again",
            lines_say(replies.unreadable, "is", "are")
        ));
    }
    if replies.without_id > 0 {
        say(format_args!(
            "{} no `custom_id`, so nobody knows what they answer; have the engine copy it from the request",
            lines_say(replies.without_id, "has", "have")
        ));
    }
    let left = replies.left().map(ToString::to_string);
    let unknown: Vec<String> = replies.unknown.iter().cloned().chain(left).collect();
    if !unknown.is_empty() {
        let count = lines_say(unknown.len(), "answers", "answer");
        say(format_args!(
            "{count} no request that was exported or submitted from this cache: {}; import on the cache that they came from",
            first_few(unknown.into_iter())
        ));
    }
    if !intake.misplaced.is_empty() {
        let told = intake.misplaced.iter();
        let told =
            told.map(|reply| format!("{} (the words of {})", reply.key.talk, reply.words_of));
        let (count, told) = (intake.misplaced.len(), first_few(told));
        let (replies, verb) = if count == 1 {
            ("reply", "is")
        } else {
            ("replies", "are")
        };
        say(format_args!(
            "{} {replies} {verb} not taken, under the key of another talk: {told}; the engine mixes replies up, so run these requests again",
            thousands(count)
        ));
    }
    report_failed(intake);
    if !intake.missing.is_empty() {
        let talks = intake.missing.iter().map(|key| key.talk.to_string());
        say(format_args!(
            "{} without a reply: {}",
            are(intake.missing.len(), "request"),
            first_few(talks)
        ));
    }
    let is_open =
        !(intake.failed.is_empty() && intake.misplaced.is_empty() && intake.missing.is_empty());
    if is_open {
        say(format_args!(
            "    next: `proceedings build` asks for what is missing, or the next batch does"
        ));
    }
}

/// The requests that brought errors, those with the same words together.
fn report_failed(intake: &Intake) {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for (key, why) in &intake.failed {
        let talk = key.talk.to_string();
        match reasons.iter_mut().find(|(known, _)| known == why) {
            Some((_, talks)) => talks.push(talk),
            None => reasons.push((why, vec![talk])),
        }
    }
    for (why, talks) in reasons {
        let count = pluralize(talks.len(), "request");
        let talks = first_few(talks.into_iter());
        say(format_args!("{count} failed: {why}: {talks}"));
    }
}

fn lines_say(count: usize, one: &str, more: &str) -> String {
    let verb = if count == 1 { one } else { more };
    format!("{} {verb}", pluralize(count, "line"))
}
