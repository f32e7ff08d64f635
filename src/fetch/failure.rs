//! Why a recording could not be fetched: a closed set of reasons, each with a cause in one line
//! and a next step.
//!
//! Pure. yt-dlp says what went wrong in prose on standard error, so [`Reason::of_messages`] looks
//! for the phrases that `YouTube` and yt-dlp use (as of 2026); what it does not know is `Other`,
//! with yt-dlp's own words.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A reason, and the words that it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{}", reason.cause(), detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default())]
pub struct FetchFailure {
    /// The reason.
    pub reason: Reason,
    /// More about it, in the words of whoever said it.
    pub detail: Option<String>,
}

/// Why a recording, or its captions, could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "`cause` says in words what each one means")]
pub enum Reason {
    Private,
    Removed,
    Terminated,
    Copyright,
    Unavailable,
    MembersOnly,
    AgeGated,
    GeoBlocked,
    Upcoming,
    BotCheck,
    RateLimited,
    TooManyRequests,
    ServerError,
    Network,
    ProxyRefused,
    Certificate,
    TimedOut,
    NoCaptions,
    CaptionsNeedToken,
    CaptionsOnlyTranslated,
    CaptionsRefused,
    CaptionsEmpty,
    CaptionsNotValid,
    YtDlpMissing,
    YtDlpOption,
    YtDlpGarbage,
    Offline,
    Stopped,
    Other,
}

/// How long a reason holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duration {
    /// The video is as it is; asking again before somebody changes it is a waste.
    Lasting,
    /// It may be otherwise at the next run.
    Passing,
}

impl Reason {
    /// The word by which the cache remembers it.
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// The reason of that word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    /// The cause in one line.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Self::Private => "the video is private",
            Self::Removed => "the video was removed by its uploader",
            Self::Terminated => "the account that uploaded the video was terminated",
            Self::Copyright => "the video was taken down by a copyright claim",
            Self::Unavailable => "there is no such video or playlist",
            Self::MembersOnly => "the video is for members of its channel only",
            Self::AgeGated => "the video is age-gated",
            Self::GeoBlocked => "the video is blocked in this country",
            Self::Upcoming => "the video has not begun yet",
            Self::BotCheck => "YouTube asks to confirm that you are not a bot",
            Self::RateLimited => "YouTube has rate-limited this address",
            Self::TooManyRequests => "YouTube answers too many requests (HTTP 429)",
            Self::ServerError => "YouTube answers with a server error",
            Self::Network => "the connection to YouTube failed",
            Self::ProxyRefused => "the proxy refused the connection",
            Self::Certificate => "the certificate of the connection is not trusted",
            Self::TimedOut => "the visit took longer than its limit",
            Self::NoCaptions => "the video has no captions",
            Self::CaptionsNeedToken => "YouTube gives the captions only for a PO token",
            Self::CaptionsOnlyTranslated => "the captions are machine translations only",
            Self::CaptionsRefused => "YouTube refused the captions",
            Self::CaptionsEmpty => "the captions have no words",
            Self::CaptionsNotValid => "the captions are damaged or cut off",
            Self::YtDlpMissing => "yt-dlp cannot be started",
            Self::YtDlpOption => "yt-dlp does not know one of its options",
            Self::YtDlpGarbage => "yt-dlp printed something else than a video's metadata",
            Self::Offline => "it is not cached, and this run does not fetch",
            Self::Stopped => "the run was stopped before its turn came",
            Self::Other => "yt-dlp failed",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        match self {
            Self::Private
            | Self::Removed
            | Self::Terminated
            | Self::Copyright
            | Self::Unavailable => {
                "correct the id or set `hide = true`; once it can be seen, run with `--redo metadata`"
            }
            Self::MembersOnly | Self::AgeGated => {
                "pass cookies of an account that may see it, `yt_dlp_args = [\"--cookies-from-browser\", \"firefox\"]`, and run with `--redo metadata`"
            }
            Self::GeoBlocked => {
                "fetch with `--redo metadata` in another country, then go on here with the same cache"
            }
            Self::Upcoming => "run again when the recording is up",
            Self::BotCheck => {
                "wait an hour or more, or pass cookies: `yt_dlp_args = [\"--cookies-from-browser\", \"firefox\"]`; what was fetched is kept"
            }
            Self::RateLimited | Self::TooManyRequests => {
                "wait an hour or more, then run again with a longer `pause`; what was fetched is kept"
            }
            Self::ServerError | Self::Network | Self::TimedOut => {
                "run again; what was fetched is kept"
            }
            Self::ProxyRefused => "check the proxy in `yt_dlp_args` or in HTTPS_PROXY",
            Self::Certificate => {
                "check the clock and the certificates of this machine, or of the proxy"
            }
            Self::NoCaptions | Self::CaptionsOnlyTranslated | Self::CaptionsEmpty => {
                "put a caption file named after the id into the captions folder; once there are captions, run with `--redo transcript`"
            }
            Self::CaptionsNeedToken | Self::CaptionsRefused | Self::CaptionsNotValid => {
                "run again later with `--redo transcript`, or put a caption file into the captions folder"
            }
            Self::YtDlpMissing => {
                "install it with `pip install yt-dlp`, or name it as `yt_dlp` in the catalog"
            }
            Self::YtDlpOption => "check `yt_dlp_args` in the catalog, and update yt-dlp",
            Self::YtDlpGarbage | Self::Other => {
                "update yt-dlp (`pip install -U yt-dlp`) and run again"
            }
            Self::Offline => "run `proceedings fetch` where there is a network",
            Self::Stopped => "run the same command again to go on",
        }
    }

    /// How long it holds.
    #[must_use]
    pub fn duration(self) -> Duration {
        match self {
            Self::Private
            | Self::Removed
            | Self::Terminated
            | Self::Copyright
            | Self::Unavailable
            | Self::MembersOnly
            | Self::AgeGated
            | Self::GeoBlocked
            | Self::NoCaptions
            | Self::CaptionsOnlyTranslated
            | Self::CaptionsEmpty => Duration::Lasting,
            _ => Duration::Passing,
        }
    }

    /// Whether the video can be seen and has no captions to read, so that somebody might listen.
    #[must_use]
    pub fn is_lack_of_captions(self) -> bool {
        matches!(
            self,
            Self::NoCaptions
                | Self::CaptionsEmpty
                | Self::CaptionsNotValid
                | Self::CaptionsOnlyTranslated
                | Self::CaptionsNeedToken
        )
    }

    /// Whether `YouTube` means us, and every further visit would make it worse.
    #[must_use]
    pub fn is_block(self) -> bool {
        matches!(
            self,
            Self::BotCheck | Self::RateLimited | Self::TooManyRequests
        )
    }

    /// Whether no other visit can succeed either.
    #[must_use]
    pub fn is_about_yt_dlp(self) -> bool {
        matches!(self, Self::YtDlpMissing | Self::YtDlpOption)
    }

    /// Reads the reason for a failed visit out of yt-dlp's messages.
    #[must_use]
    pub fn of_messages(messages: &str) -> Self {
        let errors = || {
            messages
                .lines()
                .filter(|line| line.starts_with("ERROR:") || line.contains("error:"))
        };
        let known = |(phrase, reason): &(&str, Self)| {
            errors()
                .any(|line| line.contains(phrase))
                .then_some(*reason)
        };
        if let Some(reason) = PHRASES.iter().find_map(known) {
            return reason;
        }
        // The cause of a missing player response stands in the warnings alone.
        if messages.contains("HTTP Error 429") {
            return Self::TooManyRequests;
        }
        Self::Other
    }

    /// Reads why the captions are missing though the metadata came.
    #[must_use]
    pub fn of_missing_captions(messages: &str) -> Self {
        let says = |phrase: &str| messages.contains(phrase);
        if says("PO token was not provided") {
            Self::CaptionsNeedToken
        } else if says("Did not get any data blocks") {
            Self::CaptionsEmpty
        } else if says("HTTP Error 429") {
            Self::TooManyRequests
        } else if says("HTTP Error 5") {
            Self::ServerError
        } else if says("HTTP Error") {
            Self::CaptionsRefused
        } else if says("Giving up after") || says("bytes read") {
            Self::Network
        } else {
            Self::NoCaptions
        }
    }
}

/// What yt-dlp's error lines say, the telling ones first.
const PHRASES: &[(&str, Reason)] = &[
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
    ("HTTP Error 429", Reason::TooManyRequests),
    ("HTTP Error 5", Reason::ServerError),
    ("CERTIFICATE_VERIFY_FAILED", Reason::Certificate),
    ("Connection refused", Reason::ProxyRefused),
    ("Failed to resolve", Reason::Network),
    ("Unable to connect to proxy", Reason::Network),
    ("timed out", Reason::Network),
    ("bytes read", Reason::Network),
    ("Unable to download", Reason::Network),
];

impl FetchFailure {
    /// A reason that says all there is to say.
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self {
            reason,
            detail: None,
        }
    }

    /// The failure of a visit, read from yt-dlp's messages. Where the reason is not known, yt-dlp's
    /// last error is the detail.
    #[must_use]
    pub fn of_messages(messages: &str) -> Self {
        let reason = Reason::of_messages(messages);
        let said = messages
            .lines()
            .rev()
            .find(|line| line.starts_with("ERROR:") || line.contains("error:"));
        let detail = said.filter(|_| matches!(reason, Reason::Other | Reason::YtDlpOption));
        Self {
            reason,
            detail: detail.map(|line| shortened(line.trim_start_matches("ERROR:").trim())),
        }
    }
}

fn shortened(line: &str) -> String {
    const LONGEST: usize = 160;
    match line.char_indices().nth(LONGEST) {
        None => line.to_owned(),
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yt_dlp_says_is_understood() {
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
                "yt-dlp: error: no such option: --bogus",
                Reason::YtDlpOption,
            ),
            ("ERROR: something new", Reason::Other),
            ("", Reason::Other),
        ] {
            assert_eq!(Reason::of_messages(messages), reason, "{messages}");
        }
    }

    #[test]
    fn an_unknown_failure_keeps_the_words_it_was_told_in() {
        let failure =
            FetchFailure::of_messages("WARNING: a\nERROR: [youtube] x: the moon is in the way\n");
        assert_eq!(
            failure.to_string(),
            "yt-dlp failed ([youtube] x: the moon is in the way)"
        );
    }
}
