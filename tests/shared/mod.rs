//! The folder beside the project with data and stand-ins that are not part of it: `../shared`, or
//! what `PROCEEDINGS_SHARED` names.
//!
//! A test that needs something in it says so and passes where it is absent.

use std::env;
use std::path::{Path, PathBuf};

/// The path of something in the folder; says that the test is skipped if it is not there.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let beside_the_project = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = env::var_os("PROCEEDINGS_SHARED").map_or_else(beside_the_project, PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        eprintln!("skipped: no {}", path.display());
        return None;
    }
    Some(path)
}
