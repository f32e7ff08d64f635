//! Where a catalog leads outside its own folder: with absolute paths, with `..`, and over links.
//!
//! A catalog comes with its folder, and may read and write all of it. What lies elsewhere on this
//! machine is somebody's who has not made the catalog. Links are looked for where files are read that
//! come with a catalog.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf, Prefix};

use crate::catalog::Catalog;
use crate::trust::SensitiveSetting;
use crate::{fs, prompts, render};

/// The folders outside its own that a catalog leads to.
pub(super) fn folders(catalog: &Catalog) -> Vec<SensitiveSetting> {
    let page = outside(catalog, &catalog.output).map(|folder| SensitiveSetting::Page { folder });
    let cache = outside(catalog, &catalog.cache).map(|folder| SensitiveSetting::Cache { folder });
    let reading = read(catalog).into_iter();
    let reading = reading.map(|folder| SensitiveSetting::Reading { folder });
    page.into_iter().chain(cache).chain(reading).collect()
}

/// Those that it reads in, and none that is in another one of them.
fn read(catalog: &Catalog) -> Vec<PathBuf> {
    let captions = &catalog.fetch.captions;
    let (prompts, templates) = (own(catalog, "prompts"), own(catalog, "templates"));
    let in_folders = [&prompts, &templates, &templates.join("html"), captions];
    let mut found: BTreeSet<PathBuf> = in_folders
        .into_iter()
        .filter_map(|folder| outside(catalog, folder))
        .collect();

    let of_prompts = prompts::embedded().map(|(file, _)| prompts.join(file));
    let of_pages = render::template_files().into_iter();
    let of_pages = of_pages.map(|file| templates.join(file));
    let mut files: Vec<PathBuf> = of_prompts.chain(of_pages).collect();
    files.retain(|file| fs::is_link(file));
    // Who is trusted with a folder is so with the links in it.
    if outside(catalog, captions).is_none() {
        files.extend(fs::links(captions).unwrap_or_default());
    }
    let named = catalog.fetch.caption_files.values();
    files.extend(named.map(|file| captions.join(file)));
    files.extend(catalog.glossary.from.iter().cloned());
    files.extend(catalog.logo.clone());
    for file in files {
        let place = outside(catalog, &file);
        found.extend(place.as_deref().and_then(Path::parent).map(Path::to_owned));
    }

    let mut apart: Vec<PathBuf> = Vec::new();
    for folder in found {
        // A folder comes before those in it.
        if !apart.last().is_some_and(|above| folder.starts_with(above)) {
            apart.push(folder);
        }
    }
    apart
}

/// The place that a path of a catalog leads to, where that is outside the catalog's folder.
fn outside(catalog: &Catalog, path: &Path) -> Option<PathBuf> {
    let place = place(path);
    let own = fs::resolve(&catalog.folder).unwrap_or_else(|_| catalog.folder.clone());
    (!place.starts_with(own)).then_some(place)
}

/// Where a path leads.
pub(super) fn place(path: &Path) -> PathBuf {
    // To look at a folder of another machine is to send it the user's name already.
    let is_of_network = matches!(
        path.components().next(),
        Some(Component::Prefix(prefix))
            if !matches!(prefix.kind(), Prefix::Disk(_) | Prefix::VerbatimDisk(_))
    );
    if is_of_network {
        return path.to_owned();
    }
    fs::resolve(path).unwrap_or_else(|_| path.to_owned())
}

/// A folder in that of the catalog, with this name or the next one that is no link.
pub(super) fn own_folder(catalog: &Catalog, name: &str) -> PathBuf {
    let first = own(catalog, name);
    let others = (2..).map(|number| own(catalog, &format!("{name}-{number}")));
    let mut all = std::iter::once(first.clone()).chain(others);
    all.find(|folder| !fs::is_link(folder)).unwrap_or(first)
}

fn own(catalog: &Catalog, name: &str) -> PathBuf {
    catalog.folder.join(name)
}
