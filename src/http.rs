//! How everything that sends HTTP here is set up, and how what comes back is read: TLS as the system
//! trusts it, the proxies that the environment names, a name to be known by, and limits.
//!
//! Three rooms send: `llm/client.rs`, which carries keys and counts money, and `thumbnails/` and
//! `fetch/caption_client.rs`, which must do neither. `store/` has a library of its own send.

pub(crate) mod public;

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Response};
use rustls::crypto::ring;
use thiserror::Error;

use crate::limits;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// A body that cannot be had.
#[derive(Debug, Error)]
pub(crate) enum BodyError {
    /// It goes on after the limit.
    #[error("it is larger than {}", limits::size(*most))]
    TooLarge { most: u64 },
    /// It breaks off.
    #[error("no answer comes through")]
    Network(#[source] reqwest::Error),
}

/// A client whose requests take so long at most, from the first byte sent to the last one received.
/// It follows no redirect: that would carry what is sent, a key too, to wherever it points.
pub fn client(timeout: Duration) -> ClientBuilder {
    choose_tls();
    reqwest::Client::builder()
        .timeout(timeout)
        .connect_timeout(timeout.min(CONNECT_TIMEOUT))
        .redirect(Policy::none())
        .user_agent(concat!("proceedings/", env!("CARGO_PKG_VERSION")))
}

/// Has everything that speaks TLS do so in one way.
pub(crate) fn choose_tls() {
    // Where one is installed already, it is this one.
    drop(ring::default_provider().install_default());
}

/// Reads a body that has so many bytes at most.
pub(crate) async fn read_body(mut response: Response, most: u64) -> Result<Vec<u8>, BodyError> {
    if response.content_length().is_some_and(|said| said > most) {
        return Err(BodyError::TooLarge { most });
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Network)? {
        if (bytes.len() + chunk.len()) as u64 > most {
            return Err(BodyError::TooLarge { most });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Reads the beginning of a body: what comes after the limit, or after a fault, is left.
pub(crate) async fn read_beginning(mut response: Response, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < most
        && let Ok(Some(chunk)) = response.chunk().await
    {
        bytes.extend_from_slice(&chunk);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain;

    #[tokio::test]
    async fn a_request_that_reaches_nobody_says_so_in_one_cause() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", free.local_addr().unwrap());
        drop(free);
        let direct = client(Duration::from_secs(5)).no_proxy();
        let refused = direct.build().unwrap().get(&address).send().await;
        let refused = refused.unwrap_err();
        assert_eq!(
            plain::of_network(&refused),
            "nothing listens there (connection refused)"
        );
        assert!(!plain::is_about_proxy(&refused));
        let proxy = reqwest::Proxy::all(&address).unwrap();
        let proxied = client(Duration::from_secs(5)).proxy(proxy);
        let request = proxied.build().unwrap().get("https://host.example/").send();
        let refused = request.await.unwrap_err();
        assert_eq!(
            plain::of_network(&refused),
            "nothing listens there (connection refused)"
        );
        assert!(plain::is_about_proxy(&refused));
    }
}
