//! The picture for previews, drawn beside a page that knows its own address.
//!
//! Whoever has such a picture of their own keeps it, and networks show that.

use std::path::Path;

use crate::cli::ending::Failure;
use crate::cli::page;
use crate::cli::setup::Setup;
use crate::fs::{self, Existing};
use crate::render::page::{Header, Page};
use crate::render::preview::{FILE, Preview};
use crate::render::recognize::is_marked;
use crate::talk::SummarizedTalk;

/// Draws the picture of a conference, unless it is there as it would be drawn of these inputs, and
/// returns its name where it is there and ours. One that is wanted no more goes.
pub(super) fn write(
    setup: &Setup,
    header: &Header,
    talks: &[&SummarizedTalk],
    inputs: Option<&str>,
    output: &Path,
) -> Result<Option<String>, Failure> {
    let place = output.join(FILE);
    if !is_free(&place)? {
        return Ok(None);
    }
    if header.url.is_none() {
        fs::remove_if_there(&place).map_err(page::not_written)?;
        return Ok(None);
    }
    let is_current = |inputs| setup.cache.has_written(&place, inputs);
    if !inputs.is_some_and(is_current) {
        let drawn = Preview::of_page(header, &Page::new(header, talks)).draw();
        fs::write(&place, &drawn, Existing::Replace).map_err(page::not_written)?;
        if let Some(inputs) = inputs {
            setup.cache.remember_written(&place, inputs, &drawn);
        }
    }
    Ok(Some(FILE.to_owned()))
}

/// Draws a picture into a folder, and returns its name where it is there and ours.
pub(super) fn draw(preview: &Preview, folder: &Path) -> Result<Option<String>, Failure> {
    let place = folder.join(FILE);
    if !is_free(&place)? {
        return Ok(None);
    }
    let written = fs::write(&place, &preview.draw(), Existing::Replace);
    written.map_err(page::not_written)?;
    Ok(Some(FILE.to_owned()))
}

/// Whether nothing is in the place of the picture but one of ours.
fn is_free(place: &Path) -> Result<bool, Failure> {
    if fs::is_link(place) {
        return Ok(false);
    }
    match fs::read(place) {
        Err(error) if error.is_not_found() => Ok(true),
        there => {
            let there = there.map_err(page::not_written)?;
            Ok(is_marked(&String::from_utf8_lossy(&there)))
        }
    }
}
