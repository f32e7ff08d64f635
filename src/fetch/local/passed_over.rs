//! Caption files of the organizer's that nothing is made of, and the words that say so.

use std::path::Path;

use crate::catalog::CAPTION_EXTENSIONS;
use crate::fetch::local::names::CaptionName;
use crate::numbers::{first_few, pluralize};

/// What to do about files that are nobody's.
pub(crate) const WHOSE: &str = "`proceedings captions match` proposes whose they are";

/// That files belong to no talk of the catalog.
#[must_use]
pub(crate) fn unclaimed(files: &[CaptionName]) -> String {
    let verb = match files {
        [_] => "belongs",
        _ => "belong",
    };
    let count = pluralize(files.len(), "caption file");
    let names = files.iter().map(|name| format!("`{}`", name.file));
    format!("{count} {verb} to no talk: {}", first_few(names))
}

/// That every file belongs to a talk.
#[must_use]
pub(crate) fn nothing_unclaimed(folder: &Path) -> String {
    let folder = folder.display();
    format!("every caption file in {folder} belongs to a talk")
}

/// That the names of files are none of caption files.
#[must_use]
pub(crate) fn unread(folder: &Path, files: &[String]) -> String {
    let names = first_few(files.iter().map(|file| format!("`{file}`")));
    format!(
        "not read in {}: {names}; caption files end in .{}",
        folder.display(),
        CAPTION_EXTENSIONS.join(", .")
    )
}
