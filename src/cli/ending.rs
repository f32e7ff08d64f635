//! How a command ends: what went wrong, in words with a hint, and the exit code.

use std::error::Error;
use std::process::ExitCode;

use crate::cache::CacheError;
use crate::llm::error::LlmError;
use crate::pipeline::RunError;
use crate::report::{say, say_labelled};

/// How a command ended well, or nearly so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Every talk has what the command makes.
    Complete,
    /// Some talks lack it.
    Incomplete,
    /// The user stopped the run.
    Stopped,
}

/// Why a command ended badly.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Box<dyn Error>,
    pub(super) hint: Option<String>,
    fate: ExitKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExitKind {
    /// Exit code 1.
    Failed,
    /// Exit code 2.
    Usage,
    /// Exit code 130: nothing went wrong, the user wanted no more.
    Stopped,
}

impl Failure {
    /// The run failed.
    pub(super) fn run(error: impl Into<Box<dyn Error>>, hint: Option<impl Into<String>>) -> Self {
        let error = error.into();
        Self {
            hint: how_to_set_variable(&*error).or(hint.map(Into::into)),
            fate: ExitKind::Failed,
            error,
        }
    }

    /// The command line or the catalog is wrong.
    pub(super) fn usage(error: impl Into<Box<dyn Error>>, hint: Option<impl Into<String>>) -> Self {
        Self {
            fate: ExitKind::Usage,
            ..Self::run(error, hint)
        }
    }

    /// The user stopped a command that has nothing to keep; what that means is said in these words.
    pub(super) fn stopped(words: &str) -> Self {
        Self {
            fate: ExitKind::Stopped,
            ..Self::run(words, None::<String>)
        }
    }
}

/// Where a variable is missing, it is named.
fn how_to_set_variable(error: &(dyn Error + 'static)) -> Option<String> {
    match error.downcast_ref::<LlmError>() {
        Some(error) => error.how_to_set(),
        None => how_to_set_variable(error.source()?),
    }
}

impl From<CacheError> for Failure {
    fn from(error: CacheError) -> Self {
        let hint = error.hint();
        Self::run(error, Some(hint))
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let hint = error.hint();
        Self::run(error, hint)
    }
}

/// What the program exits with; what went wrong is said.
pub(super) fn exit_code(result: Result<Ending, Failure>) -> ExitCode {
    match result {
        Ok(Ending::Complete) => ExitCode::SUCCESS,
        Ok(Ending::Incomplete) => ExitCode::from(3),
        Ok(Ending::Stopped) => ExitCode::from(130),
        Err(failure) => {
            if failure.fate == ExitKind::Stopped {
                say(format_args!("{}", failure.error));
            } else {
                print_failure(&failure);
            }
            ExitCode::from(match failure.fate {
                ExitKind::Failed => 1,
                ExitKind::Usage => 2,
                ExitKind::Stopped => 130,
            })
        }
    }
}

/// Says what went wrong, with its causes, and what to do next.
pub(super) fn print_failure(failure: &Failure) {
    let label =
        |word: &str, style: console::Style| style.for_stderr().bold().apply_to(word.to_owned());
    let bad = console::Style::new().red();
    say_labelled(label("error:", bad), format_args!("{}", failure.error));
    let mut cause = failure.error.source();
    while let Some(error) = cause {
        say(format_args!("  caused by: {error}"));
        cause = error.source();
    }
    if let Some(hint) = &failure.hint {
        let advice = console::Style::new().cyan();
        say_labelled(label("hint:", advice), format_args!("{hint}"));
    }
}
