//! Where the pictures of the talks come from, and what a page must be allowed to load for them.
//!
//! Pure: that a file is where its picture says is the business of whoever put it there.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::talk::id::VideoId;

/// Where a page takes its pictures from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Pictures {
    /// Linked from `YouTube`, which learns who looks at the page.
    #[default]
    Linked,
    /// Files beside the page; a video that is not in here has none.
    Local(BTreeMap<VideoId, Picture>),
    /// None at all.
    Without,
}

/// A picture that a page shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Picture {
    /// Its address, absolute or seen from the page.
    pub src: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

impl Pictures {
    /// The picture of a video, if it has one here.
    #[must_use]
    pub fn of(&self, video: &VideoId) -> Option<Picture> {
        match self {
            Self::Linked => Some(Picture {
                src: thumbnail_url(video.as_str()),
                width: 480,
                height: 360,
            }),
            Self::Local(files) => files.get(video).cloned(),
            Self::Without => None,
        }
    }

    /// The video whose picture among the page's own has this address.
    pub(crate) fn video_of(&self, src: &str) -> Option<&VideoId> {
        let Self::Local(files) = self else {
            return None;
        };
        let mut files = files.iter();
        files.find_map(|(video, picture)| (picture.src == src).then_some(video))
    }

    /// What stands after `img-src` in the page's Content-Security-Policy. The icon of the page is in the
    /// page itself.
    #[must_use]
    pub fn allowed_sources(&self) -> &'static str {
        match self {
            Self::Linked => "https://i.ytimg.com data:",
            Self::Local(_) => "'self' data:",
            Self::Without => "data:",
        }
    }
}

/// The address of the picture that `YouTube` has of every video.
pub(super) fn thumbnail_url(video: &str) -> String {
    format!("https://i.ytimg.com/vi/{video}/hqdefault.jpg")
}
