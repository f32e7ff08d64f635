//! The one module that asks servers for captions by the links in a catalog.
//!
//! A link may be a stranger's. So only http and https are spoken; neither keys nor cookies go along,
//! nor any header of the catalog's; no address in the network of this machine is asked unless it is
//! trusted, by no redirect either; and size and time of an answer are limited. What comes is read as
//! any caption file is.

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error;
use std::iter;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};
use url::Url;

use crate::fetch::captions::{self, CaptionFormat};
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::local::names::CaptionName;
use crate::fetch::turns::{Turn, Turns};
use crate::http::public::{PrivateAddress, PrivateHosts};
use crate::http::{self, BodyError};
use crate::limits;
use crate::llm::address::is_loopback;
use crate::llm::error::deepest;
use crate::llm::quota::retry_after_header;
use crate::report::causes;
use crate::talk::transcript::{CaptionKind, Transcript};

/// So many redirects in a row are followed.
const MOST_REDIRECTS: usize = 5;

/// What asks servers for captions, with its manners.
#[derive(Debug)]
pub(crate) struct CaptionClient {
    /// By way of the proxies that the environment names.
    http: reqwest::Client,
    /// For servers on this machine.
    direct: reqwest::Client,
    private: PrivateHosts,
    /// Whose turn it is to ask.
    pub turns: Turns,
    hosts: RefCell<HashMap<String, HostState>>,
}

/// How it has gone with a server.
#[derive(Debug, Default)]
struct HostState {
    /// After so many failures in a row that the next talk would meet, too.
    streak: u32,
    is_stopped: bool,
}

/// Why there are no captions, and how long the server wants us to wait before we ask again.
#[derive(Debug)]
pub(super) struct LinkFailure {
    pub failure: FetchFailure,
    pub wait: Option<Duration>,
}

impl CaptionClient {
    /// Nothing is asked yet.
    pub(crate) fn new(
        (concurrency, pause): (usize, Duration),
        timeout: Duration,
        private: PrivateHosts,
    ) -> Result<Self, reqwest::Error> {
        let client = || http::client(timeout);
        Ok(Self {
            http: client().dns_resolver(private.clone()).build()?,
            direct: client().no_proxy().build()?,
            private,
            turns: Turns::new(concurrency, pause),
            hosts: RefCell::default(),
        })
    }

    /// Fetches captions, which are in the language that the name of the file says, else in the wanted
    /// one.
    pub(super) async fn fetch(
        &self,
        _turn: &Turn<'_>,
        link: &Url,
        wanted: &str,
    ) -> Result<Transcript, LinkFailure> {
        let response = self.follow(link).await?;
        let media_type = media_type(response.headers());
        let name = link.path_segments().and_then(|mut path| path.next_back());
        let name = name.and_then(CaptionName::parse);
        let format = name.as_ref().map(|name| name.format);
        let Some(format) = format.or_else(|| format_of(&media_type)) else {
            return Err(failure(Reason::LinkNotCaptions, media_type));
        };
        let bytes = http::read_body(response, limits::CAPTIONS).await;
        let bytes = bytes.map_err(|error| match error {
            BodyError::TooLarge { most } => {
                let most = format!("more than {}", limits::size(most));
                failure(Reason::LinkTooLarge, most)
            }
            BodyError::Network(error) => failure(Reason::LinkCutOff, deepest(&error)),
        })?;
        let language = name.and_then(|name| name.language);
        let language = language.as_deref().unwrap_or(wanted);
        let cues = captions::read(format, &bytes, Some(language));
        let cues = cues.map_err(|error| failure(Reason::LinkNotCaptions, causes(&error)))?;
        Ok(Transcript {
            language: Some(language.to_owned()),
            kind: CaptionKind::Organizer,
            cues,
        })
    }

    /// Asks for a link, and for what it leads on to.
    async fn follow(&self, link: &Url) -> Result<Response, LinkFailure> {
        let mut address = link.clone();
        for _ in 0..=MOST_REDIRECTS {
            let response = self.ask(&address).await?;
            if !response.status().is_redirection() {
                return accept(response);
            }
            address = next_address(&address, response.headers())?;
        }
        let detail = format!("more than {MOST_REDIRECTS} redirects");
        Err(failure(Reason::LinkLeadsAstray, detail))
    }

    async fn ask(&self, address: &Url) -> Result<Response, LinkFailure> {
        let is_allowed = self.private.check(address).await;
        is_allowed.map_err(|error| failure(Reason::LinkPrivate, error.host))?;
        let client = if is_loopback(address) {
            &self.direct
        } else {
            &self.http
        };
        let asked = client.get(address.clone()).send().await;
        asked.map_err(|error| {
            if let Some(private) = private_address(&error) {
                return failure(Reason::LinkPrivate, private.host.clone());
            }
            // Where nothing listens, nothing will in a few seconds either.
            let reason = if error.is_connect() {
                Reason::LinkUnreachable
            } else {
                Reason::LinkCutOff
            };
            let why = if error.is_timeout() {
                "no answer in time".to_owned()
            } else {
                deepest(&error)
            };
            failure(reason, format!("{}: {why}", host(address)))
        })
    }

    /// Whether a server is not asked any more in this run.
    pub(super) fn is_stopped(&self, link: &Url) -> bool {
        let hosts = self.hosts.borrow();
        hosts.get(&host(link)).is_some_and(|host| host.is_stopped)
    }

    /// Notes how it went with a server. True where that is the reason not to ask it any more.
    pub(super) fn note(&self, link: &Url, failed: Option<Reason>) -> bool {
        let mut hosts = self.hosts.borrow_mut();
        let state = hosts.entry(host(link)).or_default();
        let Some(longest) = failed.and_then(Reason::streak_to_stop) else {
            state.streak = 0;
            return false;
        };
        state.streak += 1;
        let was_stopped = state.is_stopped;
        state.is_stopped |= state.streak >= longest;
        state.is_stopped && !was_stopped
    }
}

/// The server that a link names.
pub(super) fn host(link: &Url) -> String {
    link.host_str().unwrap_or_default().to_owned()
}

fn failure(reason: Reason, detail: String) -> LinkFailure {
    let detail = Some(detail).filter(|detail| !detail.is_empty());
    LinkFailure {
        failure: FetchFailure { reason, detail },
        wait: None,
    }
}

/// What refuses to connect a name with an address that is not everybody's.
fn private_address(error: &reqwest::Error) -> Option<&PrivateAddress> {
    let error: &(dyn Error + 'static) = error;
    iter::successors(Some(error), |error| (*error).source()).find_map(|cause| cause.downcast_ref())
}

/// Where a redirect leads. A password in it goes nowhere.
fn next_address(from: &Url, headers: &HeaderMap) -> Result<Url, LinkFailure> {
    let location = headers.get(LOCATION).and_then(|to| to.to_str().ok());
    let to = location.and_then(|to| from.join(to).ok());
    let is_open = |to: &Url| to.username().is_empty() && to.password().is_none();
    let to = to.filter(|to| matches!(to.scheme(), "http" | "https") && is_open(to));
    to.ok_or_else(|| {
        failure(
            Reason::LinkLeadsAstray,
            "a redirect to no web address".into(),
        )
    })
}

/// An answer that may hold captions.
fn accept(response: Response) -> Result<Response, LinkFailure> {
    let status = response.status();
    let reason = match status {
        status if status.is_success() => return Ok(response),
        StatusCode::NOT_FOUND | StatusCode::GONE => Reason::LinkNotFound,
        StatusCode::TOO_MANY_REQUESTS => Reason::LinkTooManyRequests,
        status if status.is_server_error() => Reason::LinkServerError,
        _ => Reason::LinkRefused,
    };
    let said = format!("HTTP {}", status.as_u16());
    Err(LinkFailure {
        wait: retry_after_header(response.headers(), Timestamp::now()),
        ..failure(reason, said)
    })
}

/// `text/vtt` for `text/vtt; charset=utf-8`.
fn media_type(headers: &HeaderMap) -> String {
    let named = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let named = named.and_then(|named| named.split(';').next());
    named.unwrap_or_default().trim().to_ascii_lowercase()
}

/// The format of a file whose name says none.
fn format_of(media_type: &str) -> Option<CaptionFormat> {
    match media_type {
        "text/vtt" => Some(CaptionFormat::Vtt),
        "application/x-subrip" | "text/srt" => Some(CaptionFormat::Srt),
        "application/ttml+xml" => Some(CaptionFormat::Ttml),
        "application/json" => Some(CaptionFormat::Segments),
        "text/tab-separated-values" => Some(CaptionFormat::Tsv),
        "text/xml" | "application/xml" => Some(CaptionFormat::Srv1),
        "" | "application/octet-stream" | "text/plain" | "text/html" => Some(CaptionFormat::Text),
        _ => None,
    }
}
