//! The folder of pictures beside a page: what is laid into it, and what is taken out again.
//!
//! A picture goes once no page beside the folder shows it. What is not named as ours stays.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::cache::CachedThumbnail;
use crate::fs::{self, Existing, FileError};
use crate::render::Format;
use crate::render::pictures::{Picture, Pictures};
use crate::talk::id::VideoId;
use crate::thumbnails::picture::{HEIGHT, WIDTH};

/// The folder, and what pages call it.
pub(crate) const FOLDER: &str = "thumbnails";

/// The pictures as pages call them: folder, video and digest.
static PICTURE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(r"{FOLDER}/[A-Za-z0-9_-]{{11}}-[0-9a-f]{{16}}\.webp");
    Regex::new(&pattern).expect("the pattern is well-formed")
});

/// A video's picture as a page shows it that stands beside the folder.
#[must_use]
pub(crate) fn picture(video: &VideoId, cached: &CachedThumbnail) -> Picture {
    Picture {
        src: format!("{FOLDER}/{video}-{}.webp", cached.digest),
        width: WIDTH,
        height: HEIGHT,
    }
}

/// Copies a picture beside the page, unless it has been copied since it was made.
pub(crate) fn lay(
    cached: &CachedThumbnail,
    picture: &Picture,
    output: &Path,
) -> Result<(), FileError> {
    let (from, to) = (&cached.path, output.join(&picture.src));
    fs::confine(&to, &[output.to_owned()])?;
    let (made, copied) = (fs::size_and_time(from)?, fs::size_and_time(&to)?);
    if let (Some((size, made)), Some((same, copied))) = (made, copied)
        && size == same
        && copied >= made
    {
        return Ok(());
    }
    fs::write(&to, &fs::read(from)?, Existing::Replace).map(drop)
}

/// Takes away the pictures that no page in `output` shows any more; those of `pictures` are shown.
pub(crate) fn remove_unused(pictures: &Pictures, output: &Path) -> Result<(), FileError> {
    let folder = output.join(FOLDER);
    if fs::is_link(&folder) {
        // What lies there belongs to somebody else.
        return Ok(());
    }
    let names = fs::names(&folder)?.into_iter();
    let lying = names.map(|name| format!("{FOLDER}/{name}"));
    let mut unused: BTreeSet<String> = lying.filter(|path| is_ours(path)).collect();
    if let Pictures::Local(shown) = pictures {
        for picture in shown.values() {
            unused.remove(&picture.src);
        }
    }
    if unused.is_empty() {
        return Ok(());
    }
    // A page in a format that was not made this time may show older ones.
    for format in Format::ALL {
        let page = match fs::read(&output.join(format.file_name())) {
            Err(error) if error.is_not_found() => continue,
            page => page?,
        };
        for picture in PICTURE.find_iter(&String::from_utf8_lossy(&page)) {
            unused.remove(picture.as_str());
        }
    }
    for path in &unused {
        fs::remove_if_there(&output.join(path))?;
    }
    fs::remove_if_empty(&folder)
}

fn is_ours(path: &str) -> bool {
    let found = PICTURE.find(path);
    found.is_some_and(|found| found.len() == path.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_goes_once_no_page_shows_it_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path();
        let put = |path: &str, text: &str| {
            fs::write(&output.join(path), text.as_bytes(), Existing::Replace).unwrap();
        };
        let [shown, linked, unused] = ["aShownVideo", "-linked_ByMd", "notShownAny"]
            .map(|video| format!("thumbnails/{}-0123456789abcdef.webp", &video[..11]));
        for path in [&*shown, &linked, &unused, "thumbnails/logo.webp"] {
            put(path, "picture");
        }
        put("page.md", &format!("<img src=\"{linked}\">"));
        let picture = Picture {
            src: shown.clone(),
            width: WIDTH,
            height: HEIGHT,
        };
        let pictures = Pictures::Local([("aShownVideo".parse().unwrap(), picture)].into());
        let left = || fs::names(&output.join(FOLDER)).unwrap().join(" ");

        remove_unused(&pictures, output).unwrap();
        let expected = format!("{} {} logo.webp", &linked[11..], &shown[11..]);
        assert_eq!(left(), expected);

        put("page.md", "");
        remove_unused(&Pictures::Without, output).unwrap();
        assert_eq!(left(), "logo.webp");
        put(&unused, "picture");
        fs::remove_if_there(&output.join("thumbnails/logo.webp")).unwrap();
        remove_unused(&Pictures::Without, output).unwrap();
        assert!(!output.join(FOLDER).exists());
        remove_unused(&Pictures::Without, output).unwrap();
    }
}
