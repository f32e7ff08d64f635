//! How `YouTube` names lists of videos: playlists by their ids, and the tabs of channels. Pure.

use url::Url;

/// Whether a bare word is how `YouTube` names a list that somebody keeps, and not a video.
pub(crate) fn is_playlist_id(text: &str) -> bool {
    const KINDS: [&str; 5] = ["PL", "UU", "OL", "FL", "EC"];
    let is_kind = KINDS.iter().any(|kind| text.starts_with(kind));
    is_kind && text.len() != 11 && text.bytes().all(in_playlist_id)
}

/// The id of the list that a link names, of whatever kind and length: yt-dlp knows whether it can be
/// listed.
pub(crate) fn playlist_of(link: &Url) -> Option<String> {
    let (_, list) = link.query_pairs().find(|(key, _)| key == "list")?;
    let is_id = !list.is_empty() && list.bytes().all(in_playlist_id);
    is_id.then(|| list.into_owned())
}

/// Whether a link leads to `YouTube`.
pub(crate) fn is_youtube(link: &Url) -> bool {
    let host = link.host_str().unwrap_or_default();
    let is_host = |known: &str| host == known || host.ends_with(&format!(".{known}"));
    matches!(link.scheme(), "http" | "https") && (is_host("youtube.com") || is_host("youtu.be"))
}

/// A link, with or without its scheme; `@NAME` is one to a channel.
pub(crate) fn link(text: &str) -> Option<Url> {
    if text.starts_with('@') {
        return Url::parse(&format!("https://www.youtube.com/{text}")).ok();
    }
    if text.contains("://") {
        return Url::parse(text).ok();
    }
    let url = Url::parse(&format!("https://{text}")).ok();
    url.filter(|url| url.host_str().is_some_and(|host| host.contains('.')))
}

/// Whether a text that names no video names a list of them: a playlist or a channel.
pub(crate) fn names_a_list(text: &str) -> bool {
    let leads_to_channel = |link: &Url| {
        let first = link
            .path_segments()
            .and_then(|mut segments| segments.next());
        let first = first.unwrap_or_default();
        first.starts_with('@') || matches!(first, "c" | "channel" | "user")
    };
    is_playlist_id(text)
        || link(text)
            .filter(is_youtube)
            .is_some_and(|link| playlist_of(&link).is_some() || leads_to_channel(&link))
}

fn in_playlist_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_from_everything_else() {
        for (text, is_list) in [
            ("https://www.youtube.com/playlist?list=PLtinyconf2024", true),
            ("youtube.com/playlist?list=PLtinyconf2024", true),
            ("PLtinyconf2024", true),
            ("@tinyconf", true),
            ("https://www.youtube.com/@tinyconf/videos", true),
            ("https://www.youtube.com/channel/UCabc", true),
            ("https://www.youtube.com/feed/trending", false),
            ("https://vimeo.com/playlist?list=PLtinyconf2024", false),
            ("jAtrviDGpw", false),
            ("", false),
        ] {
            assert_eq!(names_a_list(text), is_list, "{text}");
        }
    }
}
