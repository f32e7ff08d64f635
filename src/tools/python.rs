//! The Pythons of this machine that a current yt-dlp runs on.

use std::cmp::Reverse;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::fetch::supervised::{self, NotRun};

/// For an older one, pip would quietly pick an old yt-dlp.
pub(super) const OLDEST: (u32, u32) = (3, 11);

/// How long a Python may take to say its version; one that virus scanners look at first is slow.
const LIMIT: Duration = Duration::from_secs(20);

/// Prints the version in two numbers, and in the second line where it is.
const QUESTION: &str = "import sys; print(*sys.version_info[:2]); print(sys.executable)";

/// A Python that is new enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Python {
    pub(super) version: (u32, u32),
    pub(super) program: PathBuf,
}

/// The Pythons that are new enough, the newest first; each of them once.
pub(super) async fn pythons(
    supervisor: &Path,
    mut stop: impl Future + Unpin,
) -> Result<Vec<Python>, NotRun> {
    let mut found: Vec<Python> = Vec::new();
    for name in names() {
        let Ok(program) = which::which(&name) else {
            continue;
        };
        // Names of users are in its path, and they may be in any script.
        let arguments = ["-I", "-X", "utf8", "-c", QUESTION].map(OsString::from);
        let answer = match supervised::run(supervisor, LIMIT, &program, &arguments, &mut stop).await
        {
            Err(NotRun::Stopped) => return Err(NotRun::Stopped),
            // What stands under such a name may be a stub that only tells how to get a Python.
            Err(_) => continue,
            Ok(ran) => ran,
        };
        let python = read(&answer.printed).filter(|_| answer.code == Some(0));
        found.extend(python.filter(|python| python.version >= OLDEST));
    }
    found.sort_by_key(|python| Reverse(python.version));
    found.dedup();
    Ok(found)
}

/// What a Python may be called.
fn names() -> Vec<String> {
    let usual: &[&str] = if cfg!(windows) {
        &["py", "python", "python3"]
    } else {
        &["python3", "python"]
    };
    let numbered = (OLDEST.1..=OLDEST.1 + 9).map(|minor| format!("python3.{minor}"));
    usual
        .iter()
        .map(|&name| name.to_owned())
        .chain(numbered)
        .collect()
}

fn read(answer: &str) -> Option<Python> {
    let mut lines = answer.lines().map(str::trim);
    let (major, minor) = lines.next()?.split_once(' ')?;
    let program = lines.next().filter(|program| !program.is_empty())?;
    Some(Python {
        version: (major.parse().ok()?, minor.parse().ok()?),
        program: program.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_a_python_is_read() {
        for (answer, version) in [
            ("3 13\n/usr/bin/python3.13\n", Some((3, 13))),
            ("3 9\r\nC:\\Python\\python.exe\r\n", Some((3, 9))),
            ("3 13\n\n", None),
            ("Python was not found", None),
            ("", None),
        ] {
            assert_eq!(read(answer).map(|python| python.version), version);
        }
    }
}
