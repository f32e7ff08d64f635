//! How everything that sends HTTP here is set up: TLS as the system trusts it, the proxies that the
//! environment names, a name to be known by, and limits.
//!
//! Two rooms send: `llm/client.rs`, which carries keys and counts money, and `thumbnails/`, which
//! must do neither.

use std::time::Duration;

use reqwest::ClientBuilder;
use reqwest::redirect::Policy;
use rustls::crypto::ring;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// A client whose requests take so long at most. It follows no redirect: that would carry what is
/// sent, a key too, to wherever it points.
pub fn client(timeout: Duration) -> ClientBuilder {
    // Where one is installed already, it is this one.
    drop(ring::default_provider().install_default());
    reqwest::Client::builder()
        .timeout(timeout)
        .connect_timeout(timeout.min(CONNECT_TIMEOUT))
        .redirect(Policy::none())
        .user_agent(concat!("proceedings/", env!("CARGO_PKG_VERSION")))
}
