//! Whose the files are in whose places a site comes to lie.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::cli::ending::Failure;
use crate::cli::site::{
    FEED, INDEX, NOT_FOUND, OWN_FOLDERS, OpenConference, SEARCH, SITE, SiteArgs, formats,
    not_written,
};
use crate::cli::{page, talk_pages};
use crate::fs;
use crate::render::recognize::is_marked;
use crate::site::{self, Manifest, said};

/// Refuses conferences whose pages would lie in one folder. To number them would move them about with
/// their order, and break links.
pub(super) fn ensure_distinct_folders(opened: &[OpenConference]) -> Result<(), Failure> {
    let mut owners: HashMap<&str, &Path> = HashMap::new();
    for OpenConference {
        folder, catalog, ..
    } in opened
    {
        let hint = "name another folder at the top of one of them: `slug = \"…\"`";
        if OWN_FOLDERS.contains(&&**folder) {
            let error = format!(
                "{} would use the folder `{folder}`, which the site needs itself",
                catalog.display()
            );
            return Err(Failure::usage(error, Some(hint)));
        }
        if let Some(other) = owners.insert(folder, catalog) {
            let (other, catalog) = (other.display(), catalog.display());
            let error = format!("{other} and {catalog} would use the same folder `{folder}`");
            return Err(Failure::usage(error, Some(hint)));
        }
    }
    Ok(())
}

/// Sees to it that the site takes the place of nothing that somebody else has written.
pub(super) fn ensure_own(
    arguments: &SiteArgs,
    opened: &[OpenConference],
    earlier: &Manifest,
) -> Result<(), Failure> {
    ensure_own_index(arguments, earlier)?;
    for opened in opened {
        ensure_own_pages(arguments, opened, earlier)?;
    }
    Ok(())
}

fn ensure_own_index(arguments: &SiteArgs, earlier: &Manifest) -> Result<(), Failure> {
    let site = &arguments.output;
    // A folder that nobody has named is to lie where it seems to.
    if site == Path::new(SITE) {
        let here = PathBuf::from(".");
        fs::confine(site, &[here]).map_err(page::not_followed)?;
    }
    let foreign = said::foreign_script(site).map_err(not_written)?;
    if let Some(path) = foreign.filter(|_| !arguments.force) {
        return Err(page::not_ours(&path));
    }
    for (name, is_own) in [
        (INDEX, is_marked as fn(&str) -> bool),
        (SEARCH, site::is_script),
        (FEED, is_marked),
        (NOT_FOUND, is_marked),
    ] {
        let path = site.join(name);
        let Ok(there) = fs::read(&path) else {
            continue;
        };
        let is_own = earlier.is_as_written(site, name) || is_own(&String::from_utf8_lossy(&there));
        if !arguments.force && !is_own {
            return Err(page::not_ours(&path));
        }
    }
    Ok(())
}

fn ensure_own_pages(
    arguments: &SiteArgs,
    opened: &OpenConference,
    earlier: &Manifest,
) -> Result<(), Failure> {
    let OpenConference { setup, folder, .. } = opened;
    let site = &arguments.output;
    let output = site.join(folder);
    fs::confine(&output, std::slice::from_ref(site)).map_err(page::not_followed)?;
    if arguments.force {
        return Ok(());
    }
    let mut formats = formats(setup);
    talk_pages::ensure_own(setup, &formats, &output)?;
    formats.retain(|format| {
        let path = format!("{folder}/{}", format.file_name());
        !earlier.is_as_written(site, &path)
    });
    page::ensure_own_formats(setup, &formats, &output)
}
