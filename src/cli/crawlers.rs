//! Files for crawlers, written beside a page or the index of a site.
//!
//! Whoever has such a file of their own keeps it, and nothing is said of that: a page is none the worse.

use std::path::Path;

use crate::cli::ending::Failure;
use crate::cli::page;
use crate::fs::{self, Existing};
use crate::render::crawlers::{CrawlerFile, NAMES};
use crate::render::recognize::is_marked;

/// Writes these files into a folder, takes away those of an earlier run that are made no more, and
/// returns the names of those that are there and ours.
pub(super) fn write(files: &[CrawlerFile], folder: &Path) -> Result<Vec<String>, Failure> {
    let mut ours = Vec::new();
    for name in NAMES {
        let place = folder.join(name);
        if fs::is_link(&place) {
            continue;
        }
        let there = match fs::read(&place) {
            Err(error) if error.is_not_found() => None,
            there => Some(there.map_err(page::not_written)?),
        };
        let is_others = |there: &Vec<u8>| !is_marked(&String::from_utf8_lossy(there));
        if there.as_ref().is_some_and(is_others) {
            continue;
        }
        match files.iter().find(|file| file.name == name) {
            Some(CrawlerFile { text, .. }) => {
                if there.as_deref() != Some(text.as_bytes()) {
                    let written = fs::write(&place, text.as_bytes(), Existing::Replace);
                    written.map_err(page::not_written)?;
                }
                ours.push(name.to_owned());
            }
            None => fs::remove_if_there(&place).map_err(page::not_written)?,
        }
    }
    Ok(ours)
}
