//! Where yt-dlp is: the one that is named, then that of our own folder, then one beside this program, then
//! the PATH.
//!
//! Every command finds it here, in this order.

use std::env;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::home;
use crate::tools::{FoundYtDlp, Tools, YtDlpLocation};

/// Names the folder of our own, for tests and for caches of CI.
const VARIABLE: &str = "PROCEEDINGS_TOOLS";

/// The folder of our own; none where this user has no home.
pub(super) fn own_folder() -> Option<Tools> {
    let named = env::var_os(VARIABLE).filter(|path| !path.is_empty());
    let named = named.map(PathBuf::from);
    let folder = named.or_else(|| Some(user_folder()?.join("tools")))?;
    let folder = home::expand(&folder).ok()?;
    std::path::absolute(folder).ok().map(Tools::new)
}

/// What this program keeps for its user, whatever the conference; none where there is no home.
pub(super) fn user_folder() -> Option<PathBuf> {
    // A Python with spaces in its path, as Apple's own folders have, is a trial for scripts.
    let home = etcetera::choose_base_strategy().ok()?;
    Some(home.data_dir().join("proceedings"))
}

/// The yt-dlp to run. One of our own stays where it is until this program ends.
pub(super) fn yt_dlp(named: Option<&Path>) -> FoundYtDlp {
    if let Some(named) = named {
        return FoundYtDlp {
            // Windows starts scripts only by their full name.
            program: which::which(named).unwrap_or_else(|_| named.to_owned()),
            place: YtDlpLocation::Named,
        };
    }
    if let Some(environment) = own_folder().and_then(|tools| tools.environment()) {
        let program = environment.yt_dlp();
        environment.leak();
        return FoundYtDlp {
            program,
            place: YtDlpLocation::Tools,
        };
    }
    let (program, place) = if let Some(program) = beside_us() {
        (program, YtDlpLocation::Beside)
    } else if let Ok(program) = which::which("yt-dlp") {
        (program, YtDlpLocation::Path)
    } else {
        ("yt-dlp".into(), YtDlpLocation::Nowhere)
    };
    FoundYtDlp { program, place }
}

/// The yt-dlp that pip puts beside this program; the PATH leads to neither where pipx installs them.
fn beside_us() -> Option<PathBuf> {
    let program = env::current_exe().ok()?.canonicalize().ok()?;
    let folder = program.parent()?;
    which::which_in("yt-dlp", Some(folder), folder).ok()
}
