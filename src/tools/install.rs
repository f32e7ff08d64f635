//! Puts a current yt-dlp and a JavaScript runtime into the folder of our own, or updates them.
//!
//! Everything goes into a new virtual environment, and only when its yt-dlp runs does the pointer
//! turn to it: an installation that fails, is stopped or is killed leaves the old one as it was.
//! What is not needed for the visits of a usual run may fail, and is reported.

use std::ffi::OsString;
use std::fs::{self as files, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use thiserror::Error;

use crate::fetch::supervised::{self, NotRun, ProgramOutput};
use crate::fs::{self, Existing, FileError};
use crate::tools::python::{self, OLDEST, Python};
use crate::tools::{CURRENT, IN_USE, PREFIX, Tools, program};

/// What yt-dlp does better with. It says itself which versions of them it gets on with.
const OPTIONAL: [&str; 3] = ["yt-dlp-ejs", "deno", "curl-cffi"];

/// Prints what yt-dlp needs and may need, one requirement a line.
const REQUIREMENTS: &str =
    "import importlib.metadata as m; print('\\n'.join(m.requires('yt-dlp') or []))";

const LIMIT_OF_STEP: Duration = Duration::from_mins(3);
const LIMIT_OF_PIP: Duration = Duration::from_mins(15);

/// A package that could not be installed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotInstalled {
    /// Its name.
    pub package: &'static str,
    /// What pip said.
    pub why: String,
}

/// Why nothing was installed. What was there before is as it was.
#[derive(Debug, Error)]
pub(crate) enum InstallError {
    /// The user stopped it.
    #[error("the installation was stopped")]
    Stopped,
    /// Another one is at work.
    #[error("another installation is at work in `{}`", .0.display())]
    Busy(PathBuf),
    /// The folder is not to be used.
    #[error("the tools cannot be kept")]
    Folder(#[source] FileError),
    /// As `Folder`, for what `fs` does not do.
    #[error("the tools cannot be kept in `{}`", folder.display())]
    NoEnvironment {
        folder: PathBuf,
        #[source]
        source: io::Error,
    },
    /// There is no Python, or an old one.
    #[error("there is no Python {}.{} or newer", OLDEST.0, OLDEST.1)]
    NoPython,
    /// Debian and its kin split a part of Python off.
    #[error("the Python `{}` has no `ensurepip`, which makes virtual environments", .0.display())]
    NoEnsurePip(PathBuf),
    /// A step did not run to its end.
    #[error(transparent)]
    NotRun(NotRun),
    /// A step failed.
    #[error("{step} failed: {said}")]
    Failed {
        /// What was being done.
        step: &'static str,
        /// The last words.
        said: String,
    },
}

impl InstallError {
    #[must_use]
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Stopped => None,
            Self::Busy(_) => Some("wait for it to end"),
            Self::Folder(_) | Self::NoEnvironment { .. } => {
                Some("name another folder in the variable PROCEEDINGS_TOOLS")
            }
            Self::NoPython => Some(
                "install one from python.org or your system's packages, or a yt-dlp that brings its own: https://github.com/yt-dlp/yt-dlp/wiki/Installation",
            ),
            Self::NoEnsurePip(_) => {
                Some("install it: `apt install python3-venv` on Debian and Ubuntu")
            }
            Self::NotRun(_) | Self::Failed { .. } => Some(
                "check the network, and the proxy and index of pip (`pip config list`), then run it again",
            ),
        }
    }
}

impl From<NotRun> for InstallError {
    fn from(error: NotRun) -> Self {
        match error {
            NotRun::Stopped => Self::Stopped,
            error => Self::NotRun(error),
        }
    }
}

/// Installs what is current; `doing` hears of each step, and `stop` ends it all.
pub(crate) async fn install(
    tools: &Tools,
    supervisor: &Path,
    doing: &dyn Fn(&str),
    stop: impl Future + Unpin,
) -> Result<Vec<NotInstalled>, InstallError> {
    let folder = tools.folder();
    fs::create_dir_all(folder).map_err(InstallError::Folder)?;
    let lock = fs::try_lock(&folder.join("lock")).map_err(InstallError::Folder)?;
    let _lock = lock.ok_or_else(|| InstallError::Busy(folder.to_owned()))?;
    clear(tools);

    let mut steps = Steps {
        supervisor,
        doing,
        stop,
    };
    let environment = steps.environment(folder).await?;
    let python = program(environment.path(), "python");
    doing("installing yt-dlp");
    steps.pip(&python, "yt-dlp").await?;
    let requirements = steps
        .run(
            "yt-dlp's requirements",
            &python,
            &["-I", "-c", REQUIREMENTS],
        )
        .await?;
    let mut missing = Vec::new();
    for package in OPTIONAL {
        doing(&format!("installing {package}"));
        let wanted = requirement(&requirements.printed, package);
        match steps.pip(&python, wanted.unwrap_or(package)).await {
            Ok(_) => {}
            Err(InstallError::Failed { said: why, .. }) => {
                missing.push(NotInstalled { package, why });
            }
            Err(error) => return Err(error),
        }
    }
    let yt_dlp = program(environment.path(), "yt-dlp");
    steps
        .run("the new yt-dlp", &yt_dlp, &["--ignore-config", "--version"])
        .await?;

    let kept = environment.keep();
    let name = kept.file_name().unwrap_or_default().as_encoded_bytes();
    fs::write(&folder.join(CURRENT), name, Existing::Replace).map_err(InstallError::Folder)?;
    clear(tools);
    Ok(missing)
}

/// What takes time, one after the other.
struct Steps<'a, S> {
    supervisor: &'a Path,
    doing: &'a dyn Fn(&str),
    stop: S,
}

impl<S: Future + Unpin> Steps<'_, S> {
    /// A new environment, of the newest Python that can make one.
    async fn environment(&mut self, folder: &Path) -> Result<TempDir, InstallError> {
        let pythons = python::pythons(self.supervisor, &mut self.stop).await?;
        let mut of_newest = None;
        for python in pythons {
            let (major, minor) = python.version;
            let step = format!("making a virtual environment with Python {major}.{minor}");
            (self.doing)(&step);
            match self.environment_of(&python, folder).await {
                Err(InstallError::Stopped) => return Err(InstallError::Stopped),
                Err(error) => drop(of_newest.get_or_insert(error)),
                made => return made,
            }
        }
        Err(of_newest.unwrap_or(InstallError::NoPython))
    }

    async fn environment_of(
        &mut self,
        python: &Python,
        folder: &Path,
    ) -> Result<TempDir, InstallError> {
        let no_environment = |source| InstallError::NoEnvironment {
            folder: folder.to_owned(),
            source,
        };
        let environment = TempDir::with_prefix_in(PREFIX, folder).map_err(no_environment)?;
        let path = environment.path().to_string_lossy();
        let made = self
            .run(
                "`python -m venv`",
                &python.program,
                &["-I", "-m", "venv", &path],
            )
            .await;
        match made {
            Err(InstallError::Failed { said, .. }) if said.contains("ensurepip") => {
                Err(InstallError::NoEnsurePip(python.program.clone()))
            }
            Err(error) => Err(error),
            Ok(_) => {
                File::create(environment.path().join(IN_USE)).map_err(no_environment)?;
                Ok(environment)
            }
        }
    }

    async fn pip(
        &mut self,
        python: &Path,
        requirement: &str,
    ) -> Result<ProgramOutput, InstallError> {
        let arguments: Vec<OsString> = [
            "-I",
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
            // Whoever has it in their settings means their own Pythons.
            "--no-user",
            // What has to be compiled first is not worth the wait, nor the compiler.
            "--only-binary=:all:",
            requirement,
        ]
        .map(OsString::from)
        .into();
        let stop = &mut self.stop;
        let ran = supervised::run(self.supervisor, LIMIT_OF_PIP, python, &arguments, stop).await?;
        ensure_success("pip", ran)
    }

    async fn run(
        &mut self,
        step: &'static str,
        program: &Path,
        arguments: &[&str],
    ) -> Result<ProgramOutput, InstallError> {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        let stop = &mut self.stop;
        let ran =
            supervised::run(self.supervisor, LIMIT_OF_STEP, program, &arguments, stop).await?;
        ensure_success(step, ran)
    }
}

fn ensure_success(step: &'static str, ran: ProgramOutput) -> Result<ProgramOutput, InstallError> {
    if ran.code == Some(0) {
        return Ok(ran);
    }
    Err(InstallError::Failed {
        step,
        said: last_words(&ran),
    })
}

/// The errors that a program has told, else what it said last.
fn last_words(ran: &ProgramOutput) -> String {
    const LONGEST: usize = 300;
    let all: Vec<&str> = [&ran.printed, &ran.said]
        .into_iter()
        .flat_map(|text| text.lines())
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let errors: Vec<&str> = all
        .iter()
        .filter_map(|line| line.strip_prefix("ERROR: "))
        .collect();
    let words = match errors.as_slice() {
        [] => all[all.len().saturating_sub(6)..].join(" "),
        errors => errors.join("; "),
    };
    match words.char_indices().nth(LONGEST) {
        None => words,
        Some((end, _)) => format!("{}…", &words[..end]),
    }
}

/// The versions of a package that yt-dlp gets on with, `yt-dlp-ejs==0.8.0`.
fn requirement<'a>(requirements: &'a str, package: &str) -> Option<&'a str> {
    let of_package = |line: &&str| {
        let rest = line.strip_prefix(package);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    };
    let line = requirements.lines().find(of_package)?;
    line.split(';').next().map(str::trim)
}

/// Takes away what is neither current nor in use: old environments, and those that an installation
/// left half made. What cannot be removed now goes next time.
fn clear(tools: &Tools) {
    let current = tools.current();
    let names = fs::names(tools.folder()).unwrap_or_default();
    for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
        let environment = tools.folder().join(name);
        let is_current = current.as_ref() == Some(name);
        if !is_current && !is_in_use(&environment) {
            drop(files::remove_dir_all(environment));
        }
    }
}

fn is_in_use(environment: &Path) -> bool {
    let file = File::open(environment.join(IN_USE));
    file.is_ok_and(|file| matches!(file.try_lock(), Err(files::TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yt_dlp_gets_on_with_is_read_from_its_requirements() {
        let requirements = "curl-cffi!=0.6.*,<0.18,>=0.5.10; (implementation_name == 'cpython') and extra == 'curl-cffi'\n\
            yt-dlp-ejs==0.8.0; extra == 'default'\n\
            deno-types; extra == 'x'\n\
            deno>=2.9.8 ; extra == 'deno'\n\
            deno==2.9.8; extra == 'pin-deno'\n";
        for (package, wanted) in [
            ("curl-cffi", Some("curl-cffi!=0.6.*,<0.18,>=0.5.10")),
            ("yt-dlp-ejs", Some("yt-dlp-ejs==0.8.0")),
            ("deno", Some("deno>=2.9.8")),
            ("yt-dlp", None),
            ("brotli", None),
        ] {
            assert_eq!(requirement(requirements, package), wanted, "{package}");
        }
    }

    #[test]
    fn of_what_a_program_says_its_errors_are_told() {
        let ran = |printed: &str, said: &str| ProgramOutput {
            code: Some(1),
            printed: printed.to_owned(),
            said: said.to_owned(),
        };
        let pip = ran(
            "Looking in indexes\n",
            "WARNING: a retry\nERROR: Could not find a version\nERROR: No matching distribution\n",
        );
        assert_eq!(
            last_words(&pip),
            "Could not find a version; No matching distribution"
        );
        assert_eq!(last_words(&ran("one\n\ntwo\n", "three")), "one two three");
        assert_eq!(last_words(&ran("", "")), "");
    }

    #[test]
    fn what_is_neither_current_nor_in_use_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let tools = Tools::new(folder.path().to_owned());
        let make = |name: &str| {
            let environment = folder.path().join(name);
            files::create_dir(&environment).unwrap();
            File::create(environment.join(IN_USE)).unwrap()
        };
        let used = make("environment-used");
        used.lock_shared().unwrap();
        for name in ["environment-current", "environment-old", "other"] {
            drop(make(name));
        }
        files::create_dir(folder.path().join("environment-half-made")).unwrap();
        files::write(folder.path().join(CURRENT), "environment-current").unwrap();
        clear(&tools);
        let left = [
            "current",
            "environment-current",
            "environment-used",
            "other",
        ];
        assert_eq!(fs::names(folder.path()).unwrap(), left);
    }
}
