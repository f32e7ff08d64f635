//! `prompts export`: the embedded prompts as files that an organizer can change.
//!
//! No file that is there is written over, and the catalog is not read: it may not exist yet.

use std::path::Path;

use clap::{Args, Subcommand};

use crate::catalog::nearest::did_you_mean;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::fs::{self, Existing, FileError};
use crate::prompts;
use crate::report::{Verbosity, say};

#[derive(Debug, Subcommand)]
pub(super) enum PromptsCommand {
    /// Write the prompts into `prompts/` beside the catalog; files that are there stay
    Export(ExportArgs),
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The prompts to write, such as `summary` [default: all]
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Writes the chosen prompts and says which files were there.
pub(super) fn export(globals: &Globals, arguments: &ExportArgs) -> Result<Ending, Failure> {
    let chosen = choose(&arguments.names)?;
    let folder = globals.catalog.with_file_name("prompts");
    let home = folder.parent().filter(|home| !home.as_os_str().is_empty());
    if let Some(home) = home.filter(|home| !home.is_dir()) {
        let error = format!("there is no folder `{}`", home.display());
        return Err(Failure::usage(
            error,
            Some("name a catalog with `--catalog`"),
        ));
    }
    let failed = |error: FileError| {
        let hint =
            "make the folder of the catalog writable, or name a catalog elsewhere with `--catalog`";
        Failure::run(error, Some(hint))
    };
    let own = home.unwrap_or(Path::new("")).to_owned();
    fs::confine(&folder, &[own]).map_err(|error| {
        let hint = "take the link away, or write the files into its folder yourself";
        Failure::run(error, Some(hint))
    })?;
    fs::create_dir_all(&folder).map_err(failed)?;
    for (file, source) in chosen {
        let path = folder.join(file);
        let is_new = fs::write(&path, source.as_bytes(), Existing::Keep).map_err(failed)?;
        let path = path.display();
        if !is_new {
            say(format_args!(
                "{path} is there already; the program left it as it was"
            ));
        } else if globals.verbosity > Verbosity::Quiet {
            say(format_args!("wrote {path}"));
        }
    }
    if globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "the program now uses these files; delete those that you do not change, since later versions may bring better ones"
        ));
    }
    Ok(Ending::Complete)
}

/// The prompts with these names, with or without `.hbs`; all, if none is given.
fn choose(names: &[String]) -> Result<Vec<(String, &'static str)>, Failure> {
    if names.is_empty() {
        return Ok(prompts::embedded().collect());
    }
    names
        .iter()
        .map(|name| {
            let bare = name.trim_end_matches(".hbs");
            let found = prompts::embedded().find(|(file, _)| file.trim_end_matches(".hbs") == bare);
            found.ok_or_else(|| {
                let files: Vec<String> = prompts::embedded().map(|(file, _)| file).collect();
                let known = files.iter().map(|file| file.trim_end_matches(".hbs"));
                let hint = did_you_mean(bare, known.clone()).unwrap_or_else(|| {
                    format!("choose from {}", known.collect::<Vec<_>>().join(", "))
                });
                Failure::usage(format!("there is no prompt `{bare}`"), Some(hint))
            })
        })
        .collect()
}
