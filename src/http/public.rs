//! Which addresses a link may lead to that somebody else has written: those that everybody may reach,
//! and none in the network of this machine, where it would be asked in our name.
//!
//! A name is looked up before it is asked, and what it stands for is looked at again where the
//! connection is made: a name may stand for something else a moment later.

use std::collections::BTreeSet;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use tokio::net::lookup_host;
use url::{Host, Url};

/// An address that is not everybody's.
#[derive(Debug, Error)]
#[error("`{host}` is in the network of this machine")]
pub(crate) struct PrivateAddress {
    pub host: String,
}

/// The hosts that may be asked although they are not everybody's.
#[derive(Debug, Clone, Default)]
pub(crate) struct PrivateHosts {
    /// Those that are trusted.
    trusted: BTreeSet<String>,
    /// Those by way of which others are asked.
    proxies: BTreeSet<String>,
}

impl PrivateHosts {
    /// These hosts, and the proxies at these addresses.
    pub(crate) fn new(trusted: &[String], proxies: &[String]) -> Self {
        let host = |proxy: &String| {
            let address = if proxy.contains("://") {
                Url::parse(proxy)
            } else {
                Url::parse(&format!("http://{proxy}"))
            };
            address.ok()?.host_str().map(str::to_owned)
        };
        Self {
            trusted: trusted.iter().cloned().collect(),
            proxies: proxies.iter().filter_map(host).collect(),
        }
    }

    /// Sees to it that an address is everybody's, or trusted. Of a name that cannot be looked up here
    /// whoever connects will tell.
    pub(crate) async fn check(&self, address: &Url) -> Result<(), PrivateAddress> {
        let host = address.host_str().unwrap_or_default();
        if self.trusted.contains(host) {
            return Ok(());
        }
        let is_public = match address.host() {
            Some(Host::Ipv4(address)) => is_public(address.into()),
            Some(Host::Ipv6(address)) => is_public(address.into()),
            Some(Host::Domain(name)) => match lookup_host((name, 0)).await {
                Ok(mut found) => found.any(|found| is_public(found.ip())),
                Err(_) => true,
            },
            None => false,
        };
        let host = host.to_owned();
        is_public.then_some(()).ok_or(PrivateAddress { host })
    }

    /// The addresses of a name that may be connected to.
    async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>> {
        let found = lookup_host((name, 0)).await?;
        if self.trusted.contains(name) || self.proxies.contains(name) {
            return Ok(found.collect());
        }
        let public: Vec<SocketAddr> = found.filter(|found| is_public(found.ip())).collect();
        if public.is_empty() {
            let host = name.to_owned();
            return Err(Box::new(PrivateAddress { host }));
        }
        Ok(public)
    }
}

impl Resolve for PrivateHosts {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = Arc::new(self.clone());
        Box::pin(async move {
            let addresses = hosts.addresses(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Whether everybody may reach an address, as IANA's registries of special addresses have it.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a, b, c) == (192, 0, 0);
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // What is given out to networks at all, but for examples.
    a & 0xe000 == 0x2000 && (a, b) != (0x2001, 0x0db8)
}

/// The older address that stands within a newer one, in each of the ways to do so.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let of = |at: usize| {
        let [[a, b], [c, d]] = [segments[at], segments[at + 1]].map(u16::to_be_bytes);
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0, 0, 0, 0, 0, 0 | 0xffff, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..] => Some(of(6)),
        [0x2002, ..] => Some(of(1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_everybody_may_reach_is_public() {
        for (address, expected) in [
            ("203.0.114.7", true),
            ("8.8.8.8", true),
            ("2a00:1450::1", true),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::808:808", true),
            ("2002:808:808::1", true),
            ("127.0.0.1", false),
            ("127.8.8.8", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.31.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("198.18.0.1", false),
            ("192.0.0.8", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
            ("::ffff:127.0.0.1", false),
            ("::127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[tokio::test]
    async fn a_private_address_is_asked_only_where_it_is_trusted() {
        let nobody = PrivateHosts::default();
        let trusting = PrivateHosts::new(&["127.0.0.1".to_owned(), "localhost".to_owned()], &[]);
        let by_proxy = PrivateHosts::new(&[], &["http://me:secret@localhost:3128".to_owned()]);
        for link in [
            "http://127.0.0.1:8080/a.vtt",
            "http://localhost/a.vtt",
            "http://0x7f.1/a.vtt",
            "http://2130706433/a.vtt",
        ] {
            let link = link.parse().unwrap();
            assert!(nobody.check(&link).await.is_err(), "{link}");
            assert!(by_proxy.check(&link).await.is_err(), "{link}");
            assert!(trusting.check(&link).await.is_ok(), "{link}");
        }
        let elsewhere = "http://[::1]/a.vtt".parse().unwrap();
        assert!(trusting.check(&elsewhere).await.is_err());
        assert!(nobody.addresses("localhost").await.is_err());
        assert!(trusting.addresses("localhost").await.is_ok());
        assert!(by_proxy.addresses("localhost").await.is_ok());
    }
}
