//! Where the pictures come from: the addresses at which `YouTube` has one of every video.
//!
//! Another sender beside the one to models, since it must share nothing with it: no key goes along,
//! nothing is paid for, and what comes is bytes of a stranger's choosing. So the size of an answer
//! is limited, and so is its time. What passes is tried again, here and nowhere else.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::StatusCode;
use thiserror::Error;
use url::Url;

use crate::http::{self, BodyError};
use crate::limits;
use crate::talk::id::VideoId;

/// Where `YouTube` has its pictures.
const YOUTUBE: &str = "https://i.ytimg.com/vi/";
/// The names of a video's picture, the better one first: of 640 by 480 pixels, which old videos
/// lack, and of 480 by 360, which every video has.
const NAMES: [&str; 2] = ["sddefault.jpg", "hqdefault.jpg"];
/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What has pictures.
#[derive(Debug)]
pub(crate) struct PictureServer {
    http: reqwest::Client,
    base: Url,
    waits: ExponentialBuilder,
}

/// Why a picture did not come.
#[derive(Debug, Error)]
pub(crate) enum DownloadError {
    /// The video has none.
    #[error("YouTube has none")]
    NotThere,
    /// Something else is wrong.
    #[error("YouTube answers with status {}", .0.as_u16())]
    Refused(StatusCode),
    /// It did not end where a picture does.
    #[error("it is larger than {}", limits::size(limits::PICTURE))]
    TooLarge,
    /// There was no answer, or not all of it.
    #[error("no answer comes through")]
    Network(#[source] reqwest::Error),
}

impl DownloadError {
    fn may_pass(&self) -> bool {
        match self {
            Self::NotThere | Self::TooLarge => false,
            Self::Refused(status) => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            // Where nothing listens, nothing will in a few seconds either.
            Self::Network(error) => !error.is_connect(),
        }
    }
}

impl PictureServer {
    /// `YouTube`, asked again so many times for what passes, first after `first_wait`.
    pub(crate) fn youtube(retries: usize, first_wait: Duration) -> Result<Self, DownloadError> {
        Self::at(youtube(), retries, first_wait)
    }

    pub(super) fn at(
        base: Url,
        retries: usize,
        first_wait: Duration,
    ) -> Result<Self, DownloadError> {
        let http = http::client(TIMEOUT).build();
        let waits = ExponentialBuilder::default()
            .with_min_delay(first_wait)
            .with_max_delay(first_wait.saturating_mul(60))
            .with_max_times(retries)
            .with_jitter();
        Ok(Self {
            http: http.map_err(DownloadError::Network)?,
            base,
            waits,
        })
    }

    /// The best picture of a video, as it comes.
    pub(super) async fn picture(&self, video: &VideoId) -> Result<Vec<u8>, DownloadError> {
        for name in NAMES {
            match self.in_tries(video, name).await {
                Err(DownloadError::NotThere) => {}
                picture => return picture,
            }
        }
        Err(DownloadError::NotThere)
    }

    async fn in_tries(&self, video: &VideoId, name: &str) -> Result<Vec<u8>, DownloadError> {
        let mut waits = self.waits.build();
        loop {
            let error = match self.file(video, name).await {
                Ok(bytes) => return Ok(bytes),
                Err(error) => error,
            };
            let Some(wait) = waits.next().filter(|_| error.may_pass()) else {
                return Err(error);
            };
            tokio::time::sleep(wait).await;
        }
    }

    async fn file(&self, video: &VideoId, name: &str) -> Result<Vec<u8>, DownloadError> {
        let address = self.base.join(&format!("./{video}/{name}"));
        let address = address.expect("ids and names are safe in addresses");
        let response = self.http.get(address).send().await;
        let response = response.map_err(network)?;
        match response.status() {
            status if status.is_success() => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(DownloadError::NotThere),
            status => return Err(DownloadError::Refused(status)),
        }
        let bytes = http::read_body(response, limits::PICTURE).await;
        bytes.map_err(|error| match error {
            BodyError::TooLarge { .. } => DownloadError::TooLarge,
            BodyError::Network(error) => network(error),
        })
    }
}

fn youtube() -> Url {
    Url::parse(YOUTUBE).expect("our own address is well-formed")
}

fn network(error: reqwest::Error) -> DownloadError {
    DownloadError::Network(error.without_url())
}
