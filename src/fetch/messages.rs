//! What yt-dlp says on standard error, understood.
//!
//! Pure. yt-dlp speaks prose, so what is known are the phrases that `YouTube`, yt-dlp and Python's
//! network libraries use (as of 2026), each of them a reason. What is not known is
//! [`Reason::Other`], with yt-dlp's own words.

use crate::fetch::failure::{FetchFailure, Reason};
use crate::printable::printable;

/// What the lines about a page say, the telling ones first.
const OF_A_PAGE: &[(&str, Reason)] = &[
    ("Private video", Reason::Private),
    ("removed by the uploader", Reason::Removed),
    ("has been terminated", Reason::Terminated),
    ("copyright claim", Reason::Copyright),
    ("members on level", Reason::MembersOnly),
    ("members-only", Reason::MembersOnly),
    ("Join this channel", Reason::MembersOnly),
    ("confirm your age", Reason::AgeGated),
    ("not a bot", Reason::BotCheck),
    ("rate-limited by YouTube", Reason::RateLimited),
    ("available in your country", Reason::GeoBlocked),
    ("will begin in", Reason::Upcoming),
    ("Premieres in", Reason::Upcoming),
    ("This video is unavailable", Reason::Unavailable),
    ("Video unavailable", Reason::Unavailable),
    ("Incomplete YouTube ID", Reason::Unavailable),
    ("playlist does not exist", Reason::Unavailable),
    ("no such option", Reason::YtDlpOption),
];

/// What the lines about a request say, for a page or for captions.
const OF_A_REQUEST: &[(&str, Reason)] = &[
    ("HTTP Error 429", Reason::TooManyRequests),
    ("HTTP Error 5", Reason::ServerError),
    ("CERTIFICATE_VERIFY_FAILED", Reason::Certificate),
    // The words of curl, which yt-dlp uses where it passes for a browser.
    ("SSL certificate", Reason::Certificate),
    ("curl: (60)", Reason::Certificate),
    ("Connection refused", Reason::ProxyRefused),
    ("actively refused", Reason::ProxyRefused),
    ("Failed to resolve", Reason::NoNetwork),
    ("Name or service not known", Reason::NoNetwork),
    ("failure in name resolution", Reason::NoNetwork),
    ("nodename nor servname", Reason::NoNetwork),
    ("getaddrinfo failed", Reason::NoNetwork),
    ("Could not resolve", Reason::NoNetwork),
    ("Network is unreachable", Reason::NoNetwork),
    ("bytes read", Reason::CutOff),
    ("bytes, expected", Reason::CutOff),
    ("Connection closed abruptly", Reason::CutOff),
    ("Remote end closed connection", Reason::ConnectionReset),
    ("Connection reset", Reason::ConnectionReset),
    ("Connection aborted", Reason::ConnectionReset),
    ("Unable to connect to proxy", Reason::Network),
    ("timed out", Reason::Network),
];

/// The failure of a visit. Where the reason is not known, yt-dlp's last error is the detail.
pub(super) fn failure(messages: &str) -> FetchFailure {
    let reason = of_visit(messages);
    let said = errors(messages).last();
    let detail = said.filter(|_| matches!(reason, Reason::Other | Reason::YtDlpOption));
    FetchFailure {
        reason,
        detail: detail.map(|line| shorten(line.trim_start_matches("ERROR:").trim())),
    }
}

/// Why a visit failed.
fn of_visit(messages: &str) -> Reason {
    let said = |phrases| first_of(phrases, errors(messages));
    if let Some(reason) = said(OF_A_PAGE).or_else(|| said(OF_A_REQUEST)) {
        return reason;
    }
    // The cause of a missing player response stands in the warnings alone.
    if messages.contains("Failed to extract any player response")
        && let Some(reason) = first_of(OF_A_REQUEST, messages.lines())
    {
        return reason;
    }
    let is_some_request = errors(messages).any(|line| line.contains("Unable to download"));
    if is_some_request {
        Reason::Network
    } else {
        Reason::Other
    }
}

/// Why a page came with less than there is: where a part of it fails, yt-dlp makes do without, and
/// says so in a warning. Only what may come at another try is a reason.
pub(super) fn of_lesser_page(messages: &str) -> Option<Reason> {
    let warnings = messages
        .lines()
        .filter(|line| line.starts_with("WARNING: [youtube]"));
    first_of(OF_A_REQUEST, warnings).filter(|reason| reason.may_pass())
}

/// Why the captions are missing though the metadata came.
pub(super) fn of_captions(messages: &str) -> Reason {
    if messages.contains("PO token was not provided") {
        return Reason::CaptionsNeedToken;
    }
    if messages.contains("Did not get any data blocks") {
        return Reason::CaptionsEmpty;
    }
    // A page that came at the second try has warnings too, which say nothing of the captions.
    let about_captions = || {
        messages.lines().filter(|line| {
            line.contains("video subtitles") || line.contains("[download] Got error")
        })
    };
    if let Some(reason) = first_of(OF_A_REQUEST, about_captions()) {
        reason
    } else if about_captions().next().is_some() {
        Reason::CaptionsRefused
    } else {
        Reason::NoCaptions
    }
}

fn errors(messages: &str) -> impl Iterator<Item = &str> {
    let is_error = |line: &&str| line.starts_with("ERROR:") || line.contains("error:");
    messages.lines().filter(is_error)
}

/// The reason of the first phrase that stands in any of the lines.
fn first_of<'a>(
    phrases: &[(&str, Reason)],
    lines: impl Iterator<Item = &'a str>,
) -> Option<Reason> {
    let lines: Vec<&str> = lines.collect();
    let known = |(phrase, _): &&(&str, Reason)| lines.iter().any(|line| line.contains(phrase));
    phrases.iter().find(known).map(|(_, reason)| *reason)
}

fn shorten(line: &str) -> String {
    const LONGEST: usize = 160;
    let line = printable(line);
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_about_a_visit_is_understood() {
        for (messages, reason) in [
            (
                "ERROR: [youtube] x: Private video. Sign in if you've been granted access",
                Reason::Private,
            ),
            (
                "WARNING: noise\nERROR: [youtube] x: Sign in to confirm you’re not a bot. Use --cookies",
                Reason::BotCheck,
            ),
            (
                "ERROR: [youtube] x: Video unavailable. This video has been removed by the uploader",
                Reason::Removed,
            ),
            ("ERROR: [youtube] x: Video unavailable", Reason::Unavailable),
            (
                "WARNING: [youtube] x: HTTP Error 429: Too Many Requests\nERROR: [youtube] x: Failed to extract any player response",
                Reason::TooManyRequests,
            ),
            (
                "ERROR: [youtube] x: Unable to download API page: HTTP Error 503: Service Unavailable",
                Reason::ServerError,
            ),
            (
                "ERROR: [youtube] x: Unable to download API page: ('Unable to connect to proxy', RemoteDisconnected('Remote end closed connection without response'))",
                Reason::ConnectionReset,
            ),
            (
                "ERROR: [youtube] x: Unable to download API page: ('Unable to connect to proxy', NewConnectionError(\"[Errno 111] Connection refused\"))",
                Reason::ProxyRefused,
            ),
            (
                "ERROR: [youtube] x: Unable to download API page: [Errno -3] Temporary failure in name resolution (caused by TransportError('[Errno -3] Temporary failure in name resolution'))",
                Reason::NoNetwork,
            ),
            (
                "ERROR: [youtube] x: x: Error reading response: 672 bytes read, 672 more expected",
                Reason::CutOff,
            ),
            (
                "ERROR: [youtube] x: Unable to download API page: a new kind of trouble",
                Reason::Network,
            ),
            (
                "yt-dlp: error: no such option: --bogus",
                Reason::YtDlpOption,
            ),
            ("ERROR: something new", Reason::Other),
            ("", Reason::Other),
        ] {
            assert_eq!(of_visit(messages), reason, "{messages}");
        }
    }

    #[test]
    fn a_page_that_came_without_a_part_of_it_is_found_out() {
        for (messages, reason) in [
            ("", None),
            (
                "WARNING: [youtube] No supported JavaScript runtime could be found",
                None,
            ),
            (
                "WARNING: [youtube] x: Unable to download API page: HTTP Error 403: Forbidden",
                None,
            ),
            (
                "WARNING: [youtube] x: Unable to download webpage: HTTP Error 429: Too Many Requests",
                Some(Reason::TooManyRequests),
            ),
            (
                "WARNING: Unable to download video subtitles for 'en': HTTP Error 429: Too Many Requests",
                None,
            ),
        ] {
            assert_eq!(of_lesser_page(messages), reason, "{messages}");
        }
    }

    #[test]
    fn what_is_said_about_captions_is_understood() {
        for (messages, reason) in [
            ("", Reason::NoCaptions),
            (
                "WARNING: [youtube] x: Unable to download webpage: HTTP Error 429: Too Many Requests",
                Reason::NoCaptions,
            ),
            (
                "WARNING: Unable to download video subtitles for 'en': HTTP Error 429: Too Many Requests",
                Reason::TooManyRequests,
            ),
            (
                "WARNING: Unable to download video subtitles for 'en': HTTP Error 404: Not Found",
                Reason::CaptionsRefused,
            ),
            (
                "ERROR: [download] Got error: HTTP Error 503: Service Unavailable",
                Reason::ServerError,
            ),
            (
                "ERROR: [download] Got error: Downloaded 23190 bytes, expected 46380 bytes",
                Reason::CutOff,
            ),
            (
                "ERROR: [download] Got error: Remote end closed connection without response",
                Reason::ConnectionReset,
            ),
            ("ERROR: Did not get any data blocks", Reason::CaptionsEmpty),
            (
                "WARNING: [youtube] x: There are missing subtitles languages because a PO token was not provided.",
                Reason::CaptionsNeedToken,
            ),
        ] {
            assert_eq!(of_captions(messages), reason, "{messages}");
        }
    }

    #[test]
    fn an_unknown_failure_keeps_the_words_it_was_told_in() {
        let failure = failure("WARNING: a\nERROR: [youtube] x: the moon is in the way\n");
        assert_eq!(
            failure.to_string(),
            "yt-dlp failed ([youtube] x: the moon is in the way)"
        );
    }
}
