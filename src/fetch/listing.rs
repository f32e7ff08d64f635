//! A flat listing of a playlist, and what of it is a talk as far as a listing shows.
//!
//! Pure. Nothing is dropped: what is private, a short or a trailer is listed with the reason why it
//! is no talk, so that a person can see it and judge otherwise. In doubt a video is a talk.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::talk::id::VideoId;

/// In seconds, how long a trailer is at most.
const TRAILER: u64 = 10 * 60;
/// Both are shorter than this share of the usual talk beside them: a minute is a talk among minutes.
const SHARE: u64 = 4;

/// A playlist as a flat listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listing {
    pub title: Option<String>,
    /// Its videos in order.
    pub videos: Vec<ListedVideo>,
    /// How many of its entries are no videos, such as the tabs of a channel.
    pub others: usize,
}

/// A video in a flat listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListedVideo {
    /// The video.
    pub id: VideoId,
    /// Its title, as far as the listing says.
    pub title: Option<String>,
    /// Its length in seconds.
    pub duration: Option<u64>,
    /// Why it is no talk; none where it may be one.
    pub no_talk: Option<NoTalk>,
}

/// Why a listed video is no talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoTalk {
    Private,
    MembersOnly,
    Removed,
    Upcoming,
    Live,
    Short,
    Trailer,
}

impl NoTalk {
    /// The reasons that pass: such a video may be a talk the next time.
    pub(crate) const PASSING: [Self; 5] = [
        Self::Private,
        Self::MembersOnly,
        Self::Removed,
        Self::Upcoming,
        Self::Live,
    ];

    /// The reason in a word.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::MembersOnly => "for members only",
            Self::Removed => "removed",
            Self::Upcoming => "upcoming",
            Self::Live => "live",
            Self::Short => "short",
            Self::Trailer => "trailer",
        }
    }

    /// The reason in words, as it stands in a catalog.
    #[must_use]
    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::Private => "private when this was written",
            Self::MembersOnly => "for members only when this was written",
            Self::Removed => "removed when this was written",
            Self::Upcoming => "upcoming when this was written",
            Self::Live => "live when this was written",
            Self::Short => "a short",
            Self::Trailer => "no talk by its title and length",
        }
    }
}

/// An entry of a listing, read leniently.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EntryJson {
    id: Option<String>,
    url: Option<String>,
    title: Option<String>,
    duration: Option<f64>,
    live_status: Option<String>,
    availability: Option<String>,
    view_count: Option<f64>,
    channel: Option<String>,
    uploader: Option<String>,
}

/// Reads a flat listing of a playlist, or a single video as a list of one.
pub(super) fn listing(json: &Value) -> Listing {
    let alone = std::slice::from_ref(json);
    let entries = json["entries"].as_array().map_or(alone, Vec::as_slice);
    let read = entries.iter().filter_map(parse_entry);
    let mut videos: Vec<ListedVideo> = read.collect();
    let others = entries.len() - videos.len();
    let usual = usual_duration(&videos);
    for video in &mut videos {
        video.no_talk = video.no_talk.or_else(|| too_short(video, usual?));
    }
    Listing {
        title: json["title"].as_str().map(str::to_owned),
        videos,
        others,
    }
}

fn parse_entry(entry: &Value) -> Option<ListedVideo> {
    let entry = EntryJson::deserialize(entry).ok()?;
    let id = entry.id.as_deref()?.parse().ok()?;
    let duration = entry.duration.and_then(super::video_json::seconds);
    let (title, no_talk) = match entry.placeholder() {
        Some(reason) => (None, Some(reason)),
        None => (entry.title.clone(), entry.no_talk()),
    };
    Some(ListedVideo {
        id,
        title,
        duration,
        no_talk,
    })
}

impl EntryJson {
    /// Why only a placeholder is listed: it has a title in brackets, in whatever language, and
    /// nothing that a video has.
    fn placeholder(&self) -> Option<NoTalk> {
        static REMOVED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?i)delet|remov|gelöscht|supprim|elimin|borrad|exclu|apagad|usuni|verwijder|удал|видал|smazan|slett|slettet|raderad|töröl|silin|削除|删除|刪除|삭제")
                .expect("the pattern is well-formed")
        });
        let title = self.title.as_deref()?.trim();
        let is_bracketed = title.starts_with('[') && title.ends_with(']');
        let has_nothing = self.duration.is_none()
            && self.view_count.is_none()
            && self.channel.is_none()
            && self.uploader.is_none()
            && self.live_status.is_none();
        (is_bracketed && has_nothing).then(|| {
            if REMOVED.is_match(title) {
                NoTalk::Removed
            } else {
                NoTalk::Private
            }
        })
    }

    fn no_talk(&self) -> Option<NoTalk> {
        let has_address = self
            .url
            .as_ref()
            .is_some_and(|url| url.contains("/shorts/"));
        let words = self.title.as_deref().unwrap_or_default().split_whitespace();
        let has_tag = words
            .map(str::to_lowercase)
            .any(|word| matches!(&*word, "#short" | "#shorts"));
        match (self.availability.as_deref(), self.live_status.as_deref()) {
            (Some("private"), _) => Some(NoTalk::Private),
            (Some("subscriber_only" | "premium_only"), _) => Some(NoTalk::MembersOnly),
            (_, Some("is_upcoming")) => Some(NoTalk::Upcoming),
            (_, Some("is_live")) => Some(NoTalk::Live),
            _ if has_address || has_tag => Some(NoTalk::Short),
            _ => None,
        }
    }
}

/// The length of the middle one of the videos.
fn usual_duration(videos: &[ListedVideo]) -> Option<u64> {
    let may_be_talks = videos.iter().filter(|video| video.no_talk.is_none());
    let mut durations: Vec<u64> = may_be_talks.filter_map(|video| video.duration).collect();
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied()
}

/// Why a video that is far shorter than the usual one is no talk. A title alone is no proof:
/// "Trailer parks and data lakes" is a talk. So is what takes five minutes and has no such title:
/// lightning talks are talks.
fn too_short(video: &ListedVideo, usual: u64) -> Option<NoTalk> {
    static TRAILERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)\b(trailers?|teasers?|promo|after[ -]?movie|highlights?|recap|save\ the\ date
            |call\ for\ (papers|speakers|proposals)|announcement|(coming|starting)\ soon
            |starts?\ (soon|shortly)|live\ ?stream|stand\ ?by|test\ ?stream|stream\ test)\b",
        )
        .expect("the pattern is well-formed")
    });
    // Of a length of nothing, nothing is known.
    let duration = video
        .duration
        .filter(|duration| (1..usual / SHARE).contains(duration))?;
    let is_trailer = video
        .title
        .as_ref()
        .is_some_and(|title| TRAILERS.is_match(title));
    match duration {
        ..=TRAILER if is_trailer => Some(NoTalk::Trailer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_an_id_is_listed_and_the_rest_counted() {
        let json = json!({ "title": "Conf", "entries": [{ "id": "-cBplHNM4RA", "title": "A" }, null, { "id": "short" }] });
        let listing = listing(&json);
        assert_eq!(listing.title.as_deref(), Some("Conf"));
        assert_eq!((listing.videos.len(), listing.others), (1, 2));
        assert_eq!(listing.videos[0].title.as_deref(), Some("A"));
    }

    #[test]
    fn a_single_video_is_a_list_of_one() {
        let video = json!({ "id": "-cBplHNM4RA", "title": "A", "duration": 61.5 });
        let listing = listing(&video);
        assert_eq!(listing.videos[0].duration, Some(61));
        assert_eq!(listing.videos[0].no_talk, None);
    }

    /// Why the first of a list of half-hour talks is none.
    fn no_talk(first: Value) -> Option<NoTalk> {
        let talk = || json!({ "id": "rustyCache1", "title": "A talk", "duration": 1800.0 });
        let mut entries = vec![first, talk(), talk(), talk()];
        entries[0]["id"] = "-cBplHNM4RA".into();
        listing(&json!({ "entries": entries })).videos[0].no_talk
    }

    #[test]
    fn what_nobody_can_see_or_nobody_would_call_a_talk_is_told() {
        for (entry, expected) in [
            (json!({ "title": "[Private video]" }), Some(NoTalk::Private)),
            (json!({ "title": "[Deleted video]" }), Some(NoTalk::Removed)),
            (
                json!({ "title": "[Privates Video]", "view_count": null }),
                Some(NoTalk::Private),
            ),
            (json!({ "title": "[Vidéo privée]" }), Some(NoTalk::Private)),
            (
                json!({ "title": "[Gelöschtes Video]" }),
                Some(NoTalk::Removed),
            ),
            (
                json!({ "title": "[Keynote]", "view_count": 12, "channel": "Conf" }),
                None,
            ),
            (
                json!({ "title": "Caches", "availability": "subscriber_only" }),
                Some(NoTalk::MembersOnly),
            ),
            (
                json!({ "title": "Caches", "live_status": "post_live" }),
                None,
            ),
            (
                json!({ "title": "Caches", "availability": "private" }),
                Some(NoTalk::Private),
            ),
            (
                json!({ "title": "Caches", "availability": "unlisted" }),
                None,
            ),
            (
                json!({ "title": "Caches", "live_status": "is_upcoming" }),
                Some(NoTalk::Upcoming),
            ),
            (
                json!({ "title": "Caches", "live_status": "is_live", "duration": null }),
                Some(NoTalk::Live),
            ),
            (
                json!({ "title": "Caches", "live_status": "was_live", "duration": 30000 }),
                None,
            ),
            (
                json!({ "title": "Caches in a minute", "duration": 60 }),
                None,
            ),
            (
                json!({ "title": "Caches in a minute #Shorts", "duration": 60 }),
                Some(NoTalk::Short),
            ),
            (
                json!({ "title": "Caches", "url": "https://www.youtube.com/shorts/-cBplHNM4RA", "duration": 170 }),
                Some(NoTalk::Short),
            ),
            (json!({ "title": "Caches", "duration": 0 }), None),
            (
                json!({ "title": "Example Conf 2026 – Trailer", "duration": 95 }),
                Some(NoTalk::Trailer),
            ),
            (
                json!({ "title": "Official Aftermovie", "duration": 240 }),
                Some(NoTalk::Trailer),
            ),
            (
                json!({ "title": "Livestream starts soon", "duration": 300 }),
                Some(NoTalk::Trailer),
            ),
            (
                json!({ "title": "Livestream, day 1, hall A", "duration": 28000 }),
                None,
            ),
            (
                json!({ "title": "Trailer parks and data lakes", "duration": 1500 }),
                None,
            ),
            (
                json!({ "title": "Lightning talk: caches", "duration": 190 }),
                None,
            ),
            (json!({ "title": "Teaser", "duration": null }), None),
        ] {
            assert_eq!(no_talk(entry.clone()), expected, "{entry}");
        }
    }

    #[test]
    fn among_short_talks_neither_a_title_nor_a_minute_proves_anything() {
        let talks: Vec<Value> = ["rustyCache1", "kernelSched", "deutschTalk"]
            .map(|id| json!({ "id": id, "title": "Highlights of my cache", "duration": 50 }))
            .into();
        let listing = listing(&json!({ "entries": talks }));
        assert!(listing.videos.iter().all(|video| video.no_talk.is_none()));
    }
}
