//! The folder of our own with a current yt-dlp and a JavaScript runtime.
//!
//! Each installation is a virtual environment in a folder of its own, and the file `current` names
//! the one to use, so that whoever looks finds a whole one or none. An environment is held as long
//! as somebody uses it, and only then is it kept after its successor is there. Where the folder is
//! and where else yt-dlp may be is decided in `cli/`.

pub(crate) mod install;
mod python;

use std::env;
use std::fs::File;
use std::mem;
use std::path::{Path, PathBuf};

use crate::fs;

/// The file that names the environment to use.
const CURRENT: &str = "current";
/// How the names of environments begin.
const PREFIX: &str = "environment-";
/// The file in an environment that is locked by those who use it.
const IN_USE: &str = "in-use";
/// Where a virtual environment keeps its programs.
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// A yt-dlp, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundYtDlp {
    /// A command or a path.
    pub program: PathBuf,
    /// Who named it.
    pub place: YtDlpLocation,
}

/// Where yt-dlp is looked for; the first place that has one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum YtDlpLocation {
    /// The catalog names it, or the command line does.
    Named,
    /// The folder of our own.
    Tools,
    /// The folder of this program, into which pip puts both.
    Beside,
    /// A folder of the variable PATH.
    Path,
    Nowhere,
}

/// The folder of our own.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    folder: PathBuf,
}

/// A virtual environment. It stays where it is as long as this value lives.
#[derive(Debug)]
pub(crate) struct Environment {
    folder: PathBuf,
    #[expect(dead_code, reason = "held, not read")]
    in_use: Option<File>,
}

impl Tools {
    /// The folder need not be there.
    #[must_use]
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    #[must_use]
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether anything was ever installed.
    #[must_use]
    pub(crate) fn is_used(&self) -> bool {
        self.current().is_some()
    }

    /// The environment to use, if it is whole.
    #[must_use]
    pub(crate) fn environment(&self) -> Option<Environment> {
        loop {
            let name = self.current()?;
            let environment = Environment::hold(self.folder.join(&name));
            // Another installation may have ended meanwhile and taken this one away.
            if self.current() == Some(name) {
                return environment.is_whole().then_some(environment);
            }
        }
    }

    /// What the pointer names.
    fn current(&self) -> Option<String> {
        let name = fs::read_to_string(&self.folder.join(CURRENT)).ok()?;
        let name = name.trim();
        let is_name = name.starts_with(PREFIX) && Path::new(name).components().count() == 1;
        is_name.then(|| name.to_owned())
    }
}

impl Environment {
    /// Those who take environments away find it in use. A disk that knows no locks is no reason to
    /// stop.
    fn hold(folder: PathBuf) -> Self {
        let in_use = File::open(folder.join(IN_USE)).ok();
        let in_use = in_use.filter(|file| file.try_lock_shared().is_ok());
        Self { folder, in_use }
    }

    #[must_use]
    pub(crate) fn yt_dlp(&self) -> PathBuf {
        program(&self.folder, "yt-dlp")
    }

    /// Holds it until this program ends.
    pub(crate) fn leak(self) {
        mem::forget(self);
    }

    /// The Python of an environment leads to one that an upgrade of the system may take away.
    fn is_whole(&self) -> bool {
        self.yt_dlp().exists() && program(&self.folder, "python").exists()
    }
}

/// A program of the environment in a folder.
fn program(environment: &Path, name: &str) -> PathBuf {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    environment.join(PROGRAMS).join(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::Existing;

    fn put(path: &Path, content: &str) {
        fs::write(path, content.as_bytes(), Existing::Replace).unwrap();
    }

    #[test]
    fn only_what_the_pointer_names_and_is_whole_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let tools = Tools::new(folder.path().to_owned());
        assert!(!tools.is_used() && tools.environment().is_none());

        let made = folder.path().join("environment-1");
        put(&program(&made, "yt-dlp"), "");
        assert!(tools.environment().is_none());
        for name in ["elsewhere", "../environment-1", "environment-1/.."] {
            put(&folder.path().join(CURRENT), name);
            assert!(!tools.is_used(), "{name}");
        }
        put(&folder.path().join(CURRENT), "environment-1\n");
        assert!(tools.is_used() && tools.environment().is_none());

        put(&program(&made, "python"), "");
        let environment = tools.environment().unwrap();
        assert_eq!(environment.yt_dlp(), program(&made, "yt-dlp"));
    }
}
