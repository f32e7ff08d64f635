//! Several catalogs on one command line.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::cli::ending::{Failure, print_failure};
use crate::fs;
use crate::report::say;

/// The catalogs that are meant, each of them once.
pub(super) fn deduplicate(named: &[PathBuf]) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let mut catalogs = Vec::new();
    for path in named {
        let catalog = if path.is_dir() {
            path.join("catalog.toml")
        } else {
            path.clone()
        };
        // A catalog that is not there is reported when it is opened.
        let file = fs::resolve_links(&catalog).unwrap_or_else(|_| catalog.clone());
        if seen.insert(file) {
            catalogs.push(catalog);
        } else {
            let catalog = catalog.display();
            say(format_args!("{catalog} was named twice; it counts once"));
        }
    }
    catalogs
}

/// What came of a catalog, unless it cannot be used: then that is said, and what it is left out of.
pub(super) fn ok_or_report<T>(catalog: &Path, made: Result<T, Failure>, whole: &str) -> Option<T> {
    match made {
        Ok(made) => Some(made),
        Err(failure) => {
            print_failure(&failure);
            let catalog = catalog.display();
            say(format_args!("{catalog} is left out of {whole}"));
            None
        }
    }
}

/// Refuses a catalog that is not there.
pub(super) fn ensure_there(catalog: &Path) -> Result<(), Failure> {
    if catalog.exists() {
        return Ok(());
    }
    let error = format!("there is no `{}`", catalog.display());
    let hint = "name catalogs, or folders with a `catalog.toml`";
    Err(Failure::usage(error, Some(hint)))
}

/// That there is nothing to do, since each of the catalogs was left out.
pub(super) fn none_can_be_used() -> Failure {
    let hint = "`proceedings --catalog FILE render` tries one alone";
    Failure::usage("the program can use none of these catalogs", Some(hint))
}
