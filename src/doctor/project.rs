//! Checks the catalog and what stands beside it: prompts, templates, the logo, and the folders that are
//! written to.

use std::error::Error;
use std::path::{Path, PathBuf};

use crate::catalog::nearest::nearest;
use crate::catalog::{Catalog, CatalogError, Mistake};
use crate::doctor::{Check, CheckName};
use crate::fetch::local::folder::CaptionFolder;
use crate::fetch::local::passed_over::{self, WHOSE};
use crate::fs;
use crate::printable::printable;
use crate::prompts::{self, Prompts, Quotes};
use crate::render::logo::Logo;
use crate::render::{self, Templates};
use crate::report::causes;
use crate::trust::SensitiveSetting;

/// Reads a catalog.
#[must_use]
pub(crate) fn catalog(path: &Path) -> (Option<Catalog>, Vec<Check>) {
    match Catalog::load(path) {
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
            (None, vec![Check::advice(CheckName::Catalog, found, mend)])
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
    }
}

/// Looks at what stands beside a catalog, also beside a broken one; nothing is looked at where there
/// is none. What the catalog is not trusted with has been taken out.
#[must_use]
pub(crate) fn checks_beside(path: &Path, catalog: Option<&Catalog>) -> Vec<Check> {
    if !path.exists() {
        return Vec::new();
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let own = [folder.to_owned()];
    let readable = catalog.map_or(&own[..], |catalog| &catalog.readable);
    let mut checks = vec![
        template_check(
            CheckName::Prompts,
            Prompts::load(&folder.join("prompts"), readable, Quotes::Wanted),
            &unused_in(folder, "prompts", &prompt_files(), readable),
        ),
        template_check(
            CheckName::Templates,
            Templates::load(&folder.join("templates"), readable),
            &unused_in(folder, "templates", &render::template_files(), readable),
        ),
    ];
    if let Some(catalog) = catalog {
        checks.extend(logo_check(catalog));
        checks.push(folder_check(CheckName::Cache, &catalog.cache));
        checks.push(folder_check(CheckName::Output, &catalog.output));
        checks.push(captions_check(catalog));
    } else if fs::confine(&folder.join("cache"), &own).is_ok() {
        checks.push(folder_check(CheckName::Cache, &folder.join("cache")));
    }
    checks
}

/// Whether the catalog is trusted with all that it does beyond a document.
#[must_use]
pub(crate) fn trust_check(sensitive: &[SensitiveSetting], untrusted: &[SensitiveSetting]) -> Check {
    if sensitive.is_empty() {
        return Check::fine(
            CheckName::Trust,
            "the catalog does nothing that needs trust",
        );
    }
    if untrusted.is_empty() {
        let mut names: Vec<&str> = sensitive.iter().map(SensitiveSetting::name).collect();
        names.dedup();
        let trusted = format!("you trust the catalog with {}", names.join(", "));
        return Check::fine(CheckName::Trust, trusted);
    }
    let wants: Vec<String> = untrusted.iter().map(SensitiveSetting::to_string).collect();
    let wants = printable(&wants.join("; "));
    Check::advice(
        CheckName::Trust,
        format!(
            "the catalog is not trusted, so runs go on without these settings: it wants to {wants}"
        ),
        "read them; if you agree, run a command once with `--trust`",
    )
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

fn template_check<T>(name: CheckName, loaded: Result<T, impl Error>, unused: &[String]) -> Check {
    match loaded {
        Ok(_) if !unused.is_empty() => Check::advice(
            name,
            unused.join("; "),
            "rename the file, or take it out of the folder",
        ),
        Ok(_) => Check::fine(name, "all of them compile"),
        Err(error) => Check::broken(
            name,
            causes(&error),
            "correct the template, or delete it to get the embedded one",
        ),
    }
}

/// The logo, where the catalog names one.
fn logo_check(catalog: &Catalog) -> Option<Check> {
    let path = catalog.logo.as_ref()?;
    Some(match Logo::load(path, &catalog.readable) {
        Ok(_) => Check::fine(
            CheckName::Logo,
            format!("the page shows {}", path.display()),
        ),
        Err(error) => Check::broken(CheckName::Logo, causes(&error), error.hint()),
    })
}

/// The organizer's caption files: whether each has a talk, and each that the catalog names is there.
fn captions_check(catalog: &Catalog) -> Check {
    let folder = CaptionFolder::new(catalog);
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
    match fs::try_writing(there) {
        Ok(()) if there == folder => Check::fine(name, format!("{shown} can be written to")),
        Ok(()) => Check::fine(
            name,
            format!("{shown} does not exist yet and can be created"),
        ),
        Err(error) => {
            let found = match causes(&error) {
                why if there == folder => why,
                why => format!("{shown} cannot be created: {why}"),
            };
            let mend = "check the permissions of the folder and the space on its disk";
            Check::broken(name, found, mend)
        }
    }
}

/// The files in `prompts/` and `templates/` beside a catalog that look like ours and are not used,
/// a sentence each.
#[must_use]
pub(crate) fn unused_files(folder: &Path, readable: &[PathBuf]) -> Vec<String> {
    let mut unused = unused_in(folder, "prompts", &prompt_files(), readable);
    let of_pages = render::template_files();
    unused.extend(unused_in(folder, "templates", &of_pages, readable));
    unused
}

fn prompt_files() -> Vec<String> {
    prompts::embedded().map(|(file, _)| file).collect()
}

fn unused_in(folder: &Path, kind: &str, known: &[String], readable: &[PathBuf]) -> Vec<String> {
    let folder = folder.join(kind);
    let names = |folder: &Path| match fs::confine(folder, readable) {
        Ok(_) => fs::names(folder).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let mut files = names(&folder);
    let below = names(&folder.join("html"));
    files.extend(below.into_iter().map(|name| format!("html/{name}")));
    let is_used = |file: &String| known.contains(file) || folder.join(file).is_dir();
    let unused = files
        .iter()
        .filter(|file| !is_used(file) && looks_like_ours(file, known));
    let told = unused.map(|file| {
        let hint = match nearest_file(file, known) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("known there: {}", known.join(", ")),
        };
        format!("`{}` is not used; {hint}", folder.join(file).display())
    });
    told.collect()
}

/// Whether a file was to be one of these; a README beside them was not.
fn looks_like_ours(file: &str, known: &[String]) -> bool {
    let endings = [".hbs", ".handlebars", ".mustache", ".css", ".js"];
    let name = base_name(file);
    let is_template = endings.iter().any(|ending| name.ends_with(ending));
    let is_hidden = file.starts_with('.');
    !is_hidden && (is_template || known.iter().any(|known| stem(known) == stem(file)))
}

/// The file that another one was to be: one of its name in another folder, one with another ending,
/// or the nearest, if any is near.
fn nearest_file<'a>(file: &str, known: &'a [String]) -> Option<&'a str> {
    let by_name = known
        .iter()
        .find(|known| base_name(known) == base_name(file));
    let by_stem = || known.iter().find(|known| stem(known) == stem(file));
    let alike = by_name.or_else(by_stem).map(String::as_str);
    alike.or_else(|| {
        let stems: Vec<String> = known.iter().map(|known| stem(known)).collect();
        let nearest = nearest(&stem(file), stems.iter().map(String::as_str))?;
        let place = stems.iter().position(|stem| stem == nearest)?;
        Some(&known[place])
    })
}

fn base_name(file: &str) -> String {
    file.rsplit('/').next().unwrap_or_default().to_lowercase()
}

fn stem(file: &str) -> String {
    let name = base_name(file);
    name.split('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use expect_test::expect;

    use super::*;
    use crate::doctor::Verdict;

    #[test]
    fn what_is_named_nearly_as_a_prompt_or_a_template_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for file in [
            "prompts/summary.hbs",
            "prompts/sumary.hbs",
            "prompts/category.hbs.txt",
            "prompts/README.md",
            "prompts/.draft.hbs",
            "prompts/tone.hbs",
            "templates/page.md.hbs",
            "templates/style.css",
            "templates/html/script.js",
            "templates/html/styles.css",
        ] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let told = unused_files(folder.path(), &[folder.path().to_owned()]).join("\n");
        let told = told.replace(folder.path().to_str().unwrap(), ".");
        expect![[r#"
            `./prompts/category.hbs.txt` is not used; did you mean `category.hbs`?
            `./prompts/sumary.hbs` is not used; did you mean `summary.hbs`?
            `./prompts/tone.hbs` is not used; did you mean `condense.hbs`?
            `./templates/style.css` is not used; did you mean `html/style.css`?
            `./templates/html/styles.css` is not used; did you mean `html/style.css`?"#]]
        .assert_eq(&told.replace('\\', "/"));
        assert!(unused_files(&folder.path().join("none"), &[folder.path().to_owned()]).is_empty());
    }

    #[test]
    fn a_folder_can_be_written_to_or_made_or_something_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("there")).unwrap();
        fs::write(path("file"), "").unwrap();
        for (name, verdict, says) in [
            ("there", Verdict::Fine, "can be written to"),
            ("not/there", Verdict::Fine, "can be created"),
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
