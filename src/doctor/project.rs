//! Checks the catalog and what stands beside it: prompts, templates, and the folders that are
//! written to.

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use crate::catalog::{Catalog, CatalogError, Mistake};
use crate::doctor::{Check, CheckName};
use crate::fetch::local::folder::CaptionFolder;
use crate::fetch::local::passed_over::{self, WHOSE};
use crate::prompts::Prompts;
use crate::render::Templates;
use crate::report::causes;

/// Reads a catalog; what stands beside a broken one is looked at all the same.
#[must_use]
pub(crate) fn checks(path: &Path) -> (Option<Catalog>, Vec<Check>) {
    let (catalog, mut checks) = match Catalog::load(path) {
        Ok(catalog) => {
            let check = talks_check(path, &catalog);
            (Some(catalog), vec![check])
        }
        Err(CatalogError::File(file)) if file.is_not_found() => {
            let found = format!(
                "there is no {}; only the tools are looked at",
                path.display()
            );
            let mend = CatalogError::File(file).hint().unwrap_or_default();
            return (None, vec![Check::advice(CheckName::Catalog, found, mend)]);
        }
        Err(CatalogError::Invalid { path, mistakes }) => {
            let broken = |mistake: Mistake| {
                let Mistake { line, problem, .. } = mistake;
                let found = format!("{}:{line}: {problem}", path.display());
                let mend = mistake.hint;
                let mend = mend.unwrap_or_else(|| "correct that line".to_owned());
                Check::broken(CheckName::Catalog, found, mend)
            };
            (None, mistakes.into_iter().map(broken).collect())
        }
        Err(error) => {
            let mend = error.hint().unwrap_or_default();
            let check = Check::broken(CheckName::Catalog, causes(&error), mend);
            (None, vec![check])
        }
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let usual = || folder.join("cache");
    let cache = catalog
        .as_ref()
        .map_or_else(usual, |catalog| catalog.cache.clone());
    checks.extend([
        template_check(CheckName::Prompts, Prompts::load(&folder.join("prompts"))),
        template_check(
            CheckName::Templates,
            Templates::load(&folder.join("templates")),
        ),
        folder_check(CheckName::Cache, &cache),
    ]);
    if let Some(catalog) = &catalog {
        checks.push(folder_check(CheckName::Output, &catalog.output));
        checks.push(captions_check(catalog));
    }
    (catalog, checks)
}

fn talks_check(path: &Path, catalog: &Catalog) -> Check {
    let talks = catalog.visible().count();
    let found = format!(
        "{}, with {talks} talks in {}",
        catalog.title,
        path.display()
    );
    if talks == 0 {
        let mend = "add some with `proceedings init PLAYLIST-URL`";
        return Check::advice(CheckName::Catalog, found, mend);
    }
    Check::fine(CheckName::Catalog, found)
}

fn template_check<T>(name: CheckName, loaded: Result<T, impl Error>) -> Check {
    match loaded {
        Ok(_) => Check::fine(name, "all of them compile"),
        Err(error) => Check::broken(
            name,
            causes(&error),
            "mend the template, or take it away to get the embedded one",
        ),
    }
}

/// The organizer's caption files: whether each has a talk, and each that the catalog names is there.
fn captions_check(catalog: &Catalog) -> Check {
    let folder = CaptionFolder::new(&catalog.fetch);
    let videos = catalog.talks.iter().map(|entry| &entry.id.video).collect();
    let looked = folder
        .not_there()
        .and_then(|missing| Ok((missing, folder.unclaimed(&videos)?)));
    let shown = catalog.fetch.captions.display();
    match looked {
        Err(error) => Check::broken(CheckName::Captions, causes(&error), error.hint()),
        Ok((missing, _)) if !missing.is_empty() => {
            let found = format!(
                "not in {shown}, though the catalog names them: {}",
                missing.join(", ")
            );
            let mend = "put them there, or correct `[fetch.caption_files]` in the catalog";
            Check::broken(CheckName::Captions, found, mend)
        }
        Ok((_, files)) if !files.is_empty() => {
            Check::advice(CheckName::Captions, passed_over::unclaimed(&files), WHOSE)
        }
        Ok(_) if folder.unread().is_ok_and(|unread| !unread.is_empty()) => {
            let unread = folder.unread().unwrap_or_default();
            let found = passed_over::unread(&catalog.fetch.captions, unread);
            let mend = "save them as .vtt, .srt or .txt, or take them out of the folder";
            Check::advice(CheckName::Captions, found, mend)
        }
        Ok(_) => Check::fine(
            CheckName::Captions,
            passed_over::nothing_unclaimed(&catalog.fetch.captions),
        ),
    }
}

/// A folder that is not there yet is made by the first run; then the one above it counts.
fn folder_check(name: CheckName, folder: &Path) -> Check {
    let shown = folder.display();
    let there = folder
        .ancestors()
        .map(|above| {
            if above.as_os_str().is_empty() {
                Path::new(".")
            } else {
                above
            }
        })
        .find(|above| above.symlink_metadata().is_ok())
        .unwrap_or(Path::new("."));
    if !there.is_dir() {
        let found = format!("{} is no folder", there.display());
        return Check::broken(name, found, "move it away");
    }
    match try_writing(there) {
        Ok(()) if there == folder => Check::fine(name, format!("{shown} can be written to")),
        Ok(()) => Check::fine(name, format!("{shown} is not there yet and can be made")),
        Err(error) => Check::broken(
            name,
            format!("{} cannot be written to: {error}", there.display()),
            "see to its permissions and to the space on its disk",
        ),
    }
}

/// Only trying shows what permissions, quotas and read-only disks allow.
fn try_writing(folder: &Path) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(".writing-")
        .tempfile_in(folder)?;
    file.write_all(b"written by `proceedings doctor`")?;
    file.as_file().sync_all()?;
    file.close()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::doctor::Verdict;

    #[test]
    fn a_folder_can_be_written_to_or_made_or_something_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("there")).unwrap();
        fs::write(path("file"), "").unwrap();
        for (name, verdict, says) in [
            ("there", Verdict::Fine, "can be written to"),
            ("not/there", Verdict::Fine, "can be made"),
            ("file", Verdict::Broken, "is no folder"),
            ("file/below", Verdict::Broken, "is no folder"),
        ] {
            let check = folder_check(CheckName::Cache, &path(name));
            assert_eq!(check.verdict, verdict, "{name}");
            assert!(check.found.contains(says), "{}", check.found);
        }
        assert_eq!(fs::read_dir(path("there")).unwrap().count(), 0);
        assert!(!path("not").exists());
    }
}
