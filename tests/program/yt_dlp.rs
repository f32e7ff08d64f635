//! The real yt-dlp for tests, and the plugin with which it answers from files.
//!
//! The first test that asks installs it below the target folder, by name from `PyPI`; all others,
//! in whatever process or thread, wait for that one. Afterwards no network is needed. Knows nothing
//! of what the fixtures say: see `tests/fixtures/yt-dlp`.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{self, Command};

/// Names a yt-dlp to use in place of one that the tests install.
const OVERRIDE: &str = "PROCEEDINGS_TEST_YT_DLP";

const HINT: &str = "The tests need Python 3.11 or newer with `venv` and, once, the network \
    (Debian: apt-get install python3-venv). Or name a yt-dlp in PROCEEDINGS_TEST_YT_DLP.";

/// Where a virtual environment keeps its programs, and what a Python may be called.
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };
const PYTHONS: [&str; 2] = if cfg!(windows) {
    ["python", "py"]
} else {
    ["python3", "python"]
};

/// The path of a yt-dlp that runs as it is.
pub(crate) fn yt_dlp() -> PathBuf {
    if let Some(path) = env::var_os(OVERRIDE) {
        return path.into();
    }
    let tools = Path::new(env!("CARGO_TARGET_TMPDIR")).join("yt-dlp");
    installed(&tools).unwrap_or_else(|| {
        fs::create_dir_all(&tools).expect("the target folder is writable");
        let lock = File::create(tools.join("lock")).expect("the target folder is writable");
        lock.lock()
            .expect("the target folder's disk has file locks");
        installed(&tools).unwrap_or_else(|| install(&tools))
    })
}

/// The arguments with which yt-dlp answers from the folder in `PROCEEDINGS_FIXTURES`.
pub(crate) fn fixture_args() -> Vec<String> {
    let plugins = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    [
        "--ignore-config",
        "--no-plugin-dirs",
        "--plugin-dirs",
        plugins,
    ]
    .map(String::from)
    .into()
}

/// What the marker names, provided that it and its Python are still there.
fn installed(tools: &Path) -> Option<PathBuf> {
    let program = PathBuf::from(fs::read_to_string(marker(tools)).ok()?);
    let python = program.with_file_name(executable("python"));
    (program.exists() && python.exists()).then_some(program)
}

/// Installs into a folder of this process's own: what an interrupted run left behind may still be
/// written to by its pip, so it is removed where possible and never built upon.
fn install(tools: &Path) -> PathBuf {
    for entry in fs::read_dir(tools)
        .expect("the folder was just made")
        .flatten()
    {
        if entry.path().is_dir() {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
    let venv = tools.join(format!("venv-{}", process::id()));
    let programs = venv.join(PROGRAMS);
    let python = programs.join(executable("python"));
    let host = host_python();
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip"]);
    if let Err(missing) = run(Command::new(host)
        .args(["-m", "venv", "--clear"])
        .arg(&venv))
    {
        // Debian splits `ensurepip` off: then the host's own pip fills the environment.
        run(Command::new(host)
            .args(["-m", "venv", "--clear", "--without-pip"])
            .arg(&venv))
        .unwrap_or_else(|_| panic!("{missing}\n{HINT}"));
        pip = Command::new(host);
        pip.args(["-m", "pip", "--python"]).arg(&python);
    }
    run(pip.args([
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "yt-dlp",
    ]))
    .unwrap_or_else(|failure| panic!("{failure}\n{HINT}"));

    let program = programs.join(executable("yt-dlp"));
    run(Command::new(&program).arg("--version")).unwrap_or_else(|failure| panic!("{failure}"));
    let path = program.to_str().expect("the target folder's path is UTF-8");
    fs::write(tools.join("marker.part"), path).expect("the target folder is writable");
    fs::rename(tools.join("marker.part"), marker(tools)).expect("the target folder is writable");
    program
}

fn marker(tools: &Path) -> PathBuf {
    tools.join("installed")
}

fn executable(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// The first Python that the current yt-dlp accepts; for an older one, pip would quietly pick an
/// old yt-dlp.
pub(crate) fn host_python() -> &'static str {
    let new_enough = ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"];
    PYTHONS
        .into_iter()
        .find(|name| run(Command::new(name).args(new_enough)).is_ok())
        .unwrap_or_else(|| panic!("no Python 3.11 or newer among {PYTHONS:?}\n{HINT}"))
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!(
            "{command:?}: {}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}
