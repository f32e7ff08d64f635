//! Python packages that are not part of the project, in a virtual environment below the target folder,
//! or with the Python that `PROCEEDINGS_TEST_SDKS` names.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python that has a module; says that the test is skipped where there is none.
#[expect(clippy::print_stderr, reason = "a trial says why it was skipped")]
pub(crate) fn python_with(module: &str) -> Option<PathBuf> {
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdks");
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    let beside = || environment.join(programs).join("python");
    let python = env::var_os("PROCEEDINGS_TEST_SDKS").map_or_else(beside, PathBuf::from);
    let imported = Command::new(&python)
        .args(["-c", &format!("import {module}")])
        .stderr(Stdio::null())
        .status();
    if imported.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    eprintln!(
        "skipped: no Python with the SDK `{module}`; install openai, anthropic, google-genai, \
         mistralai, ollama and mcp into a virtual environment {}",
        environment.display()
    );
    None
}
