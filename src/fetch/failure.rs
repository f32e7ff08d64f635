//! Why a recording could not be fetched: a closed set of reasons, each with a cause in one line
//! and a next step.
//!
//! Pure. How a reason is read out of what yt-dlp says is in `messages.rs`; here is what it means:
//! how long it holds, whether another try is worth it, and whether every other video would meet it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A reason, and the words that it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{}", reason.cause(), detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default())]
pub(crate) struct FetchFailure {
    pub reason: Reason,
    /// More about it, in the words of whoever said it.
    pub detail: Option<String>,
}

/// Why a recording, or its captions, could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
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
    ConnectionReset,
    CutOff,
    Network,
    NoNetwork,
    ProxyRefused,
    Certificate,
    TimedOut,
    NoCaptions,
    CaptionsElsewhere,
    CaptionsNeedToken,
    CaptionsOnlyTranslated,
    CaptionsRefused,
    CaptionsEmpty,
    CaptionsNoText,
    CaptionsNotValid,
    LinkNotFound,
    LinkRefused,
    LinkTooManyRequests,
    LinkServerError,
    LinkUnreachable,
    LinkCutOff,
    LinkTooLarge,
    LinkNotCaptions,
    LinkLeadsAstray,
    LinkPrivate,
    YtDlpMissing,
    YtDlpOld,
    YtDlpOption,
    YtDlpGarbage,
    Offline,
    NotVisited,
    Stopped,
    Other,
}

/// How long a reason holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// The video is as it is; asking again before somebody changes it is a waste.
    Lasting,
    /// It may be otherwise at the next run.
    Passing,
}

impl Reason {
    /// The word by which the cache remembers it.
    #[must_use]
    pub(crate) fn name(self) -> String {
        let name = serde_json::to_value(self).ok();
        let name = name.and_then(|name| name.as_str().map(str::to_owned));
        name.expect("a variant without fields is written as a text")
    }

    /// The reason of that word.
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    /// The cause in one line.
    #[must_use]
    pub(crate) fn cause(self) -> &'static str {
        match self {
            Self::Private => "the video is private",
            Self::Removed => "the video was removed by its uploader",
            Self::Terminated => "the account that uploaded the video was terminated",
            Self::Copyright => "the video was taken down by a copyright claim",
            Self::Unavailable => "there is no such video or playlist",
            Self::MembersOnly => "only members of the channel can see the video",
            Self::AgeGated => "the video is age-gated",
            Self::GeoBlocked => "the video is blocked in this country",
            Self::Upcoming => "the video has not started yet",
            Self::BotCheck => "YouTube asks to confirm that you are not a bot",
            Self::RateLimited => "YouTube has rate-limited this address",
            Self::TooManyRequests => "YouTube answers too many requests (HTTP 429)",
            Self::ServerError => "YouTube answers with a server error",
            Self::ConnectionReset => "YouTube closed the connection",
            Self::CutOff => "YouTube's answer was cut off",
            Self::Network => "the connection to YouTube failed",
            Self::NoNetwork => "YouTube's address cannot be found: there is no network",
            Self::ProxyRefused => "nothing listens at the address of the proxy",
            Self::Certificate => "the certificate of the connection is not trusted",
            Self::TimedOut => "the visit took longer than its limit",
            Self::NoCaptions => "the video has no captions",
            Self::CaptionsElsewhere => {
                "the recording is not on YouTube, and there is no file with its captions"
            }
            Self::CaptionsNeedToken => "YouTube gives the captions only for a PO token",
            Self::CaptionsOnlyTranslated => "the captions are machine translations only",
            Self::CaptionsRefused => "YouTube refused the captions",
            Self::CaptionsEmpty => "the caption file is empty",
            Self::CaptionsNoText => "the captions contain no words",
            Self::CaptionsNotValid => "the captions are damaged or cut off",
            Self::LinkNotFound => "there is nothing at the link of the captions",
            Self::LinkRefused => "the server of the captions refuses them",
            Self::LinkTooManyRequests => "the server of the captions gets too many requests",
            Self::LinkServerError => "the server of the captions has an error",
            Self::LinkUnreachable => "the server of the captions cannot be reached",
            Self::LinkCutOff => "the captions do not come through",
            Self::LinkTooLarge => "the file at the link of the captions is too large",
            Self::LinkNotCaptions => "there are no captions at the link",
            Self::LinkLeadsAstray => "the link of the captions leads to no file",
            Self::LinkPrivate => "the link of the captions leads into the network of this machine",
            Self::YtDlpMissing => "yt-dlp cannot be started",
            Self::YtDlpOld => "yt-dlp failed, and it is old",
            Self::YtDlpOption => "yt-dlp does not know one of its options",
            Self::YtDlpGarbage => "yt-dlp did not print a video's metadata",
            Self::Offline => "it is not cached, and this command does not fetch",
            Self::NotVisited => "not visited, since fetching stopped",
            Self::Stopped => "the run stopped before its turn came",
            Self::Other => "yt-dlp failed",
        }
    }

    #[must_use]
    pub(crate) fn next_step(self) -> &'static str {
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
            Self::Upcoming => "run again when the recording is online",
            Self::BotCheck => {
                "wait a few hours before the next visit, or pass cookies: `yt_dlp_args = [\"--cookies-from-browser\", \"firefox\"]`; what was fetched is kept"
            }
            Self::RateLimited | Self::TooManyRequests => {
                "wait an hour before the next visit, and then use a longer `pause`; what was fetched is kept"
            }
            Self::ServerError
            | Self::ConnectionReset
            | Self::CutOff
            | Self::Network
            | Self::TimedOut
            | Self::LinkServerError
            | Self::LinkCutOff => "run again a little later; what was fetched is kept",
            Self::NoNetwork => {
                "connect this machine to the network, or work from the cache with `--offline`"
            }
            Self::ProxyRefused => "check the proxy in `yt_dlp_args` or in HTTPS_PROXY",
            Self::Certificate => {
                "check the clock and the certificates of this machine, or of the proxy"
            }
            Self::NoCaptions
            | Self::CaptionsOnlyTranslated
            | Self::CaptionsEmpty
            | Self::CaptionsNoText => {
                "put a caption file named after the id into the captions folder; once there are captions, run with `--redo transcript`"
            }
            Self::CaptionsElsewhere => {
                "add the link of its captions to the catalog as `captions`, or put a caption file named after its id into the captions folder"
            }
            Self::LinkNotFound
            | Self::LinkTooLarge
            | Self::LinkNotCaptions
            | Self::LinkLeadsAstray => {
                "correct `captions` in the catalog, or put a caption file named after the id into the captions folder; once the right file is at the link, run with `--redo transcript`"
            }
            Self::LinkRefused => {
                "open the link in a browser; download the file and put it, named after the id, into the captions folder"
            }
            Self::LinkTooManyRequests => {
                "wait an hour before the next run, and then use a longer `pause`; what was fetched is kept"
            }
            Self::LinkUnreachable => "check the link and the network, and run again",
            Self::LinkPrivate => {
                "if you want this server to be asked, add its name to `private_hosts` under [fetch], and run with `--trust`"
            }
            Self::CaptionsNeedToken => {
                "try a newer yt-dlp with `--redo transcript`, or put a caption file into the captions folder"
            }
            Self::CaptionsRefused | Self::CaptionsNotValid => {
                "run again later, or put a caption file into the captions folder"
            }
            Self::YtDlpMissing => {
                "get a current one with `proceedings doctor --install`, or name yours as `yt_dlp` in the catalog"
            }
            Self::YtDlpOld => {
                "get a current one with `proceedings doctor --install`, and run again"
            }
            Self::YtDlpOption => "check `yt_dlp_args` in the catalog, and update yt-dlp",
            Self::YtDlpGarbage | Self::Other => {
                "check yt-dlp with `proceedings doctor`, and run again"
            }
            Self::Offline => "run `proceedings fetch` where there is a network",
            Self::NotVisited | Self::Stopped => "run the same command again to go on",
        }
    }

    /// How long it holds.
    #[must_use]
    pub(crate) fn persistence(self) -> Persistence {
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
            | Self::CaptionsElsewhere
            | Self::CaptionsNeedToken
            | Self::CaptionsOnlyTranslated
            | Self::CaptionsEmpty
            | Self::CaptionsNoText
            | Self::LinkNotFound
            | Self::LinkTooLarge
            | Self::LinkNotCaptions
            | Self::LinkLeadsAstray => Persistence::Lasting,
            _ => Persistence::Passing,
        }
    }

    /// Whether another try within the same run may well succeed.
    #[must_use]
    pub(crate) fn may_pass(self) -> bool {
        matches!(
            self,
            Self::TooManyRequests
                | Self::ServerError
                | Self::ConnectionReset
                | Self::CutOff
                | Self::Network
                | Self::LinkTooManyRequests
                | Self::LinkServerError
                | Self::LinkCutOff
        )
    }

    /// Whether the video can be seen and has no captions to read, so that somebody might listen.
    #[must_use]
    pub(crate) fn is_lack_of_captions(self) -> bool {
        matches!(
            self,
            Self::NoCaptions
                | Self::CaptionsEmpty
                | Self::CaptionsNoText
                | Self::CaptionsNotValid
                | Self::CaptionsOnlyTranslated
                | Self::CaptionsNeedToken
        )
    }

    /// Whether a server means us, and every further visit would make it worse.
    #[must_use]
    pub(crate) fn is_block(self) -> bool {
        matches!(
            self,
            Self::BotCheck | Self::RateLimited | Self::TooManyRequests | Self::LinkTooManyRequests
        )
    }

    /// After how many talks in a row the next one will meet it too; none where each video has its
    /// own reason.
    #[must_use]
    pub(crate) fn streak_to_stop(self) -> Option<u32> {
        match self {
            Self::BotCheck
            | Self::RateLimited
            | Self::TooManyRequests
            | Self::NoNetwork
            | Self::ProxyRefused
            | Self::Certificate
            | Self::LinkRefused
            | Self::LinkTooManyRequests
            | Self::LinkUnreachable
            | Self::YtDlpOld => Some(3),
            // Each of these talks was tried several times.
            Self::ServerError
            | Self::ConnectionReset
            | Self::CutOff
            | Self::Network
            | Self::LinkServerError
            | Self::LinkCutOff
            | Self::TimedOut => Some(5),
            _ => None,
        }
    }

    /// Whether no other visit can succeed either.
    #[must_use]
    pub(crate) fn is_hopeless(self) -> bool {
        matches!(self, Self::YtDlpMissing | Self::YtDlpOption)
    }
}

impl FetchFailure {
    /// A reason that says all there is to say.
    #[must_use]
    pub(crate) fn new(reason: Reason) -> Self {
        Self {
            reason,
            detail: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_remembered_by_its_word() {
        for (reason, word) in [
            (Reason::Private, "private"),
            (Reason::TooManyRequests, "too-many-requests"),
            (Reason::CaptionsNoText, "captions-no-text"),
        ] {
            assert_eq!(reason.name(), word);
            assert_eq!(Reason::named(word), Some(reason));
        }
        assert_eq!(Reason::named("moonlight"), None);
    }

    #[test]
    fn what_every_talk_would_meet_stops_the_visits_sooner_or_later() {
        for (reason, streak) in [
            (Reason::BotCheck, Some(3)),
            (Reason::NoNetwork, Some(3)),
            (Reason::ServerError, Some(5)),
            (Reason::ConnectionReset, Some(5)),
            (Reason::Private, None),
            (Reason::NoCaptions, None),
        ] {
            assert_eq!(reason.streak_to_stop(), streak, "{reason:?}");
        }
    }

    #[test]
    fn what_is_tried_again_is_never_believed_for_good() {
        for reason in [
            Reason::TooManyRequests,
            Reason::ServerError,
            Reason::ConnectionReset,
            Reason::CutOff,
            Reason::Network,
        ] {
            assert!(reason.may_pass());
            assert_eq!(reason.persistence(), Persistence::Passing, "{reason:?}");
        }
    }
}
