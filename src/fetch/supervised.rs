//! Has a program run under supervision: the other side of `supervise.rs`.
//!
//! What is started here has a limit of time, reads nothing, and is gone, with all it has started,
//! when whoever wanted it is gone. Knows nothing of what is run.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::process::{Command, Stdio};
use std::time::Duration;

use futures::future::{self, Either};
use tempfile::TempDir;
use thiserror::Error;

use crate::fetch::supervise::{LIFELINE, OUTCOME, VisitEnd, VisitOutcome};
use crate::{fs, limits};

/// A folder for one errand, with the lifeline in it. Dropping it ends the errand.
pub(super) struct Folder {
    /// Closed before the folder goes: some systems remove none in which a file is open.
    _lifeline: File,
    folder: TempDir,
}

/// There is no place for temporary files.
#[derive(Debug, Error)]
#[error("no temporary folder: {0}")]
pub(super) struct NoFolder(io::Error);

/// What a program printed and said, and how it ended.
#[derive(Debug)]
pub(crate) struct ProgramOutput {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What stands on standard output.
    pub printed: String,
    /// The end of what stands on standard error.
    pub said: String,
}

/// Why a program did not run to its end.
#[derive(Debug, Error)]
pub(crate) enum NotRun {
    /// There is no such program, or it may not be started.
    #[error("`{program}` cannot be started: {why}")]
    NotStarted {
        program: String,
        /// The system's words.
        why: String,
    },
    /// It took longer than it may.
    #[error("`{program}` took longer than {}", humantime::format_duration(*limit))]
    TimedOut {
        program: String,
        /// How long it may take.
        limit: Duration,
    },
    /// It printed more than anybody reads.
    #[error("`{program}` printed more than {}", limits::size(limits::LISTING))]
    Flooded { program: String },
    /// It wrote more than anybody needs.
    #[error("`{program}` wrote more than {}", limits::size(limits::DOWNLOADS))]
    Overfilled { program: String },
    /// It was stopped, and nothing of it is left.
    #[error("it was stopped")]
    Stopped,
    /// This program cannot be started, or has no place for temporary files.
    #[error("`{program}` could not be supervised")]
    NotSupervised { program: String },
}

impl Folder {
    pub(super) fn new() -> Result<Self, NoFolder> {
        let made = || {
            let folder = TempDir::with_prefix("proceedings-")?;
            let lifeline = File::create(folder.path().join(LIFELINE))?;
            lifeline.lock()?;
            Ok(Self {
                folder,
                _lifeline: lifeline,
            })
        };
        made().map_err(NoFolder)
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The arguments that have our own executable supervise a program; its own follow. Variables that
    /// are named as secrets are hidden from it anyway, and these are too.
    pub(super) fn supervision(
        &self,
        limit: Duration,
        program: &Path,
        hidden: &[String],
    ) -> Vec<String> {
        let begin = [
            "supervise",
            "--folder",
            &self.path().to_string_lossy(),
            "--limit",
            &format!("{}ms", limit.as_millis()),
        ];
        let begin = begin.map(str::to_owned).into_iter();
        let hide = hidden.iter().map(|variable| format!("--hide={variable}"));
        let program = ["--".to_owned(), program.to_string_lossy().into_owned()];
        begin.chain(hide).chain(program).collect()
    }

    /// How the errand ended, if the supervisor has lived to tell.
    pub(super) fn outcome(&self) -> Option<VisitOutcome> {
        let json = fs::read(&self.path().join(OUTCOME)).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// Runs a program to its end, or until `stop` is through: then it is killed, with all that it has
/// started, before this returns.
pub(crate) async fn run(
    supervisor: &Path,
    limit: Duration,
    program: &Path,
    arguments: &[OsString],
    stop: impl Future,
) -> Result<ProgramOutput, NotRun> {
    let name = || program.display().to_string();
    let not_supervised = || NotRun::NotSupervised { program: name() };
    let folder = Folder::new().map_err(|_| not_supervised())?;
    let mut command = Command::new(supervisor);
    command
        .args(folder.supervision(limit, program, &[]))
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let running = tokio::task::spawn_blocking(move || command.output());
    let output = match future::select(running, pin!(stop)).await {
        Either::Left((output, _)) => output,
        Either::Right((_, running)) => {
            drop(folder);
            drop(running.await);
            return Err(NotRun::Stopped);
        }
    };
    let output = output
        .ok()
        .and_then(Result::ok)
        .ok_or_else(not_supervised)?;
    let VisitOutcome { end, messages } = folder.outcome().ok_or_else(not_supervised)?;
    match end {
        VisitEnd::Exited(code) => Ok(ProgramOutput {
            code,
            printed: String::from_utf8_lossy(&output.stdout).into_owned(),
            said: messages,
        }),
        VisitEnd::TimedOut => Err(NotRun::TimedOut {
            program: name(),
            limit,
        }),
        VisitEnd::Flooded => Err(NotRun::Flooded { program: name() }),
        VisitEnd::Overfilled => Err(NotRun::Overfilled { program: name() }),
        VisitEnd::NotStarted(why) => Err(NotRun::NotStarted {
            program: name(),
            why,
        }),
    }
}
