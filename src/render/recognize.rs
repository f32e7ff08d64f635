//! Whether a file is a page that this program has written, by what is in it.
//!
//! Pure. Pages of earlier versions and pages that a checkout brought along are known by this alone.
//! Whoever writes such a page by hand has it written over, as before.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::render::Format;
use crate::talk::id::VideoId;

/// What pages that carry it say of themselves, and so do the index of a site and files for crawlers.
const MARKS: [&str; 4] = [
    "<meta name=\"generator\" content=\"proceedings\">",
    "<generator>proceedings</generator>",
    "<!-- generator: proceedings -->",
    "# generator: proceedings\n",
];

/// The videos that a page leads to or shows a picture of.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:watch\?v=|youtu\.be/|/embed/|/vi/)([A-Za-z0-9_-]{11})")
        .expect("the pattern is well-formed")
});

/// Whether a file that stands in the place of a page is one of a conference with these videos.
#[must_use]
pub(crate) fn is_page(format: Format, text: &str, videos: &HashSet<&VideoId>) -> bool {
    is_marked(text) || {
        let linked: HashSet<&str> = LINK
            .captures_iter(text)
            .filter_map(|found| Some(found.get(1)?.as_str()))
            .collect();
        let known = videos
            .iter()
            .filter(|video| linked.contains(video.as_str()));
        let known = known.count();
        match format {
            // A page made with a template of the organizer's own. Others write such files, too, and
            // may name a talk or two.
            Format::Html => known * 2 > videos.len(),
            // The catalog may have grown since.
            _ => known * 2 > linked.len(),
        }
    }
}

/// Whether a page says itself that this program made it.
#[must_use]
pub(crate) fn is_marked(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Templates, trial};

    fn is_page(format: Format, text: &str, videos: &[&str]) -> bool {
        let videos: Vec<VideoId> = videos.iter().map(|id| id.parse().unwrap()).collect();
        super::is_page(format, text, &videos.iter().collect())
    }

    #[test]
    fn a_page_of_ours_is_known_in_every_format() {
        let templates = Templates::load("no/such/folder".as_ref(), &[]).unwrap();
        let (header, talks) = trial();
        let talks: Vec<_> = talks.iter().collect();
        for format in Format::ALL {
            let text = templates.render(format, &header, &talks).unwrap();
            assert!(
                is_page(format, &text, &["-----------", "rustyCache1"]),
                "{text}"
            );
            let unmarked = text.replace("proceedings", "");
            assert!(is_page(format, &unmarked, &["-----------"]), "{unmarked}");
        }
    }

    #[test]
    fn what_others_write_is_not() {
        let own = "<h1>My conference</h1> <a href='https://www.youtube.com/watch?v=rustyCache1'>Keynote</a>";
        let videos = ["rustyCache1", "kernelSched", "noCaptions1"];
        assert!(!is_page(Format::Html, own, &videos));
        let reader = "# My videos https://youtu.be/rustyCache1 https://youtu.be/othersVideo https://youtu.be/another_One";
        assert!(!is_page(Format::Markdown, reader, &videos));
        for format in Format::ALL {
            assert!(!is_page(format, "", &videos));
            assert!(!is_page(format, "# Notes", &videos));
            assert!(!is_page(format, "# Notes", &[]));
        }
    }
}
