//! Runs yt-dlp so that it can neither hang nor be left behind: the hidden command `supervise`.
//!
//! The crate `youtube_dl` starts this program in yt-dlp's place, because its own process handling
//! has faults: its time limit never fires while the child is silent, 64 KiB on standard error hang
//! it, and a dropped future leaves the child alive. Here yt-dlp gets a process group (a job on
//! Windows) of its own, both its outputs are drained, the limit is kept, and when the run that
//! wanted the visit is gone the whole group is killed. That the run lives is known by its lock on
//! a file: the lock dies with its owner, however that ends.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};
use serde::{Deserialize, Serialize};

use crate::{encoding, limits};

/// The file that the run holds a lock on while it wants the visit.
pub(super) const LIFELINE: &str = "lifeline";
/// The file in which this supervisor says how the visit ended.
pub(super) const OUTCOME: &str = "outcome.json";

/// How much of the end of standard error is kept.
const MOST_MESSAGES: usize = 64 << 10;

/// How often the child and the lifeline are looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How many of these looks there are to one at the folder.
const LOOKS_A_MEASUREMENT: usize = 10;

/// How a visit ended, and what yt-dlp said on standard error.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct VisitOutcome {
    pub(super) end: VisitEnd,
    pub(super) messages: String,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum VisitEnd {
    /// With this exit code; none where a signal ended it.
    Exited(Option<i32>),
    TimedOut,
    /// It printed more than anybody reads.
    Flooded,
    /// It downloaded more than any video has.
    Overfilled,
    NotStarted(String),
}

/// Runs a command under supervision. Its standard output becomes ours; how it ended stands in
/// `folder`, which is removed if the run that wanted this is gone. The command does not get the
/// `hidden` variables of the environment.
#[must_use]
pub(crate) fn supervise(
    folder: &Path,
    limit: Duration,
    command: &[String],
    hidden: &[String],
) -> ExitCode {
    // Where signals cannot be ignored, the visit ends with the first of them.
    let _ignored = ignore_signals();
    match run_supervised(folder, limit, command, hidden) {
        Ok(Some(outcome)) => {
            let written = serde_json::to_vec(&outcome).map_err(io::Error::from);
            match written.and_then(|json| fs::write(folder.join(OUTCOME), json)) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        }
        Ok(None) => {
            // Nobody is left to tell; the folder is all that remains of the run.
            drop(fs::remove_dir_all(folder));
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::FAILURE,
    }
}

/// Ctrl-C reaches every process of the terminal, and so do a hang-up and the signals that others
/// send to a group. The run finishes what is under way, so the visit must go on; it is the lifeline
/// that ends it. Signals that are listened to do not end the process; nobody needs to hear them.
#[cfg(unix)]
fn ignore_signals() -> io::Result<impl Sized> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let entered = runtime.enter();
    let kinds = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ];
    let listeners: Vec<_> = kinds.into_iter().map(signal).collect::<io::Result<_>>()?;
    drop(entered);
    Ok((runtime, listeners))
}

#[cfg(not(unix))]
fn ignore_signals() -> io::Result<impl Sized> {
    tokio::signal::windows::ctrl_c()
}

/// `None` means that the run that wanted the visit is gone.
fn run_supervised(
    folder: &Path,
    limit: Duration,
    command: &[String],
    hidden: &[String],
) -> io::Result<Option<VisitOutcome>> {
    let mut child = match spawn(command, hidden) {
        Ok(child) => child,
        Err(error) => {
            let end = VisitEnd::NotStarted(error.to_string());
            return Ok(Some(VisitOutcome {
                end,
                messages: String::new(),
            }));
        }
    };
    let output = child.stdout().take().expect("stdout is piped");
    let messages = child.stderr().take().expect("stderr is piped");
    let (flood, flooded) = mpsc::channel();
    let passing_on = thread::spawn(move || {
        let mut printed = Vec::new();
        // What cannot be read any more is missed by whoever parses the rest.
        drop(output.take(limits::LISTING + 1).read_to_end(&mut printed));
        if printed.len() as u64 > limits::LISTING {
            let _ = flood.send(());
            return Ok(());
        }
        io::stdout().write_all(&encoding::replace_half_characters(&printed))
    });
    let listening = thread::spawn(move || tail_of(messages));
    let run_is_gone = watch_lifeline(folder.join(LIFELINE));

    let deadline = Instant::now() + limit;
    let mut looks = (1..=LOOKS_A_MEASUREMENT).cycle();
    let end = loop {
        if let Some(status) = child.try_wait()? {
            break Some(VisitEnd::Exited(status.code()));
        }
        if run_is_gone.try_recv().is_ok() {
            break None;
        }
        if flooded.try_recv().is_ok() {
            break Some(VisitEnd::Flooded);
        }
        if Instant::now() >= deadline {
            break Some(VisitEnd::TimedOut);
        }
        if looks.next() == Some(LOOKS_A_MEASUREMENT) && size_of_files(folder) > limits::DOWNLOADS {
            break Some(VisitEnd::Overfilled);
        }
        thread::sleep(LOOK_AGAIN);
    };
    // Whatever is left of the group goes, also when the child itself has ended well; that there is
    // nothing left is the usual case and no error.
    drop(child.start_kill());
    child.wait()?;
    drop(passing_on.join());
    let messages = listening.join().unwrap_or_default();
    let end = end.map(|end| match flooded.try_recv() {
        Ok(()) => VisitEnd::Flooded,
        Err(_) => end,
    });
    Ok(end.map(|end| VisitOutcome { end, messages }))
}

/// How many bytes there are in a folder. A file that goes while it is looked at counts nothing.
fn size_of_files(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| file.metadata().ok())
        .map(|file| file.len())
        .sum()
}

fn spawn(command: &[String], hidden: &[String]) -> io::Result<Box<dyn ChildWrapper>> {
    let (program, arguments) = command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.env("PYTHONIOENCODING", "utf-8");
    // Otherwise Windows finds programs in the folder of the catalog before those of the system.
    command.env("NoDefaultCurrentDirectoryInExePath", "1");
    for variable in hidden {
        command.env_remove(variable);
    }
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    command.spawn()
}

/// The end of what is said on standard error; the rest is read and dropped, so that nobody waits.
fn tail_of(mut messages: impl Read) -> String {
    let mut tail = Vec::new();
    let mut piece = [0; 8 << 10];
    while let Ok(read @ 1..) = messages.read(&mut piece) {
        tail.extend_from_slice(&piece[..read]);
        let excess = tail.len().saturating_sub(MOST_MESSAGES);
        drop(tail.drain(..excess));
    }
    String::from_utf8_lossy(&tail).into_owned()
}

/// Says when the run's lock on the lifeline is gone, and with it the run.
fn watch_lifeline(path: PathBuf) -> Receiver<()> {
    let (gone, is_gone) = mpsc::channel();
    thread::spawn(move || {
        let waited = File::open(path).and_then(|lifeline| lifeline.lock());
        // A lifeline that cannot even be opened is gone too.
        drop(waited);
        let _ = gone.send(());
    });
    is_gone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_flood_the_end_is_kept() {
        let flood = format!("{}ERROR: at last", "noise ".repeat(100_000));
        let tail = tail_of(flood.as_bytes());
        assert!(tail.ends_with("ERROR: at last"));
        assert_eq!(tail.len(), MOST_MESSAGES);
    }
}
