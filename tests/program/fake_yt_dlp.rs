//! Stand-ins for a yt-dlp that hangs, floods or talks nonsense, and the proof that none is left.
//!
//! All of them are one script in `tests/fixtures/fakes`, linked under the name of what it is to do.
//! Nothing executable is written: Linux refuses to start a file that any process holds open for
//! writing, and with tests in threads one of them may just be forking.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// What the stand-in does, whatever it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fake {
    /// Prints nothing and ignores the polite signals.
    Hang,
    /// As `Hang`, with a child that holds stdout open and ignores them too.
    HangWithChild,
    /// Prints a video and exits, while a child of it holds stdout open.
    OrphanHoldsStdout,
    /// Writes 300 kB to stderr, more than a pipe holds, and then prints a video.
    StderrFlood,
    /// Prints something that is no JSON, and succeeds.
    Garbage,
    /// Prints `null`, and succeeds.
    Null,
    /// Prints a video with a description of 5 MB.
    LongOutput,
    /// Prints without end.
    Endless,
    /// Downloads a file of 2 GiB, and goes on.
    Hoard,
    /// Fails, and says what it was given, with orders for a terminal.
    TellsAll,
    /// Was released years ago, and prints a video.
    Old,
    /// As `Old`, and does not understand what `YouTube` says.
    OldAndLost,
}

/// Puts the stand-in into `dir` and gives its path.
pub(crate) fn fake(dir: &Path, behaviour: Fake) -> PathBuf {
    let name = match behaviour {
        Fake::Hang => "hang",
        Fake::HangWithChild => "hang-with-child",
        Fake::OrphanHoldsStdout => "orphan-holds-stdout",
        Fake::StderrFlood => "stderr-flood",
        Fake::Garbage => "garbage",
        Fake::Null => "null",
        Fake::LongOutput => "long-output",
        Fake::Endless => "endless",
        Fake::Hoard => "hoard",
        Fake::TellsAll => "tells-all",
        Fake::Old => "old",
        Fake::OldAndLost => "old-and-lost",
    };
    let link = dir.join(name);
    symlink(
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/fakes/yt-dlp"),
        &link,
    )
    .expect("the folder is writable and has no such link yet");
    link
}

/// The ids of all processes that the stand-ins in `dir` started, those that ended included.
pub(crate) fn pids(dir: &Path) -> Vec<u32> {
    let noted = fs::read_to_string(dir.join("pids")).unwrap_or_default();
    noted
        .lines()
        .map(|pid| pid.parse().expect("the script writes numbers"))
        .collect()
}

/// Fails if a process of a stand-in in `dir` still runs. One that was just killed gets a moment.
pub(crate) fn assert_none_left(dir: &Path) {
    let pids = pids(dir);
    assert!(
        !pids.is_empty(),
        "no stand-in was started in {}",
        dir.display()
    );
    let deadline = Instant::now() + Duration::from_secs(5);
    for pid in pids {
        while runs(pid) {
            assert!(
                Instant::now() < deadline,
                "process {pid} of {} is left",
                dir.display()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Whether the process runs. One that ended and waits to be collected does not.
fn runs(pid: u32) -> bool {
    let state = match fs::read_to_string(format!("/proc/{pid}/stat")) {
        // `PID (NAME) STATE …`, and the name may hold anything.
        Ok(stat) => stat.rsplit(") ").next().unwrap_or_default().to_owned(),
        Err(_) if Path::new("/proc/self/stat").exists() => return false,
        Err(_) => {
            let pid = pid.to_string();
            let ps = Command::new("ps")
                .args(["-o", "state=", "-p", &pid])
                .output();
            String::from_utf8(ps.expect("ps runs").stdout).expect("ps prints ASCII")
        }
    };
    let state = state.trim_start();
    !state.is_empty() && !state.starts_with(['Z', 'X'])
}
