//! Addresses of endpoints: what is under them, and what of them may be shown. Pure.

use url::{Host, Url};

/// Whether an address is on this machine.
#[must_use]
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The address of a path under a base. The base may end with the path or its first part already, and
/// a leading `../` leaves its last part; a query stays where it was.
pub(super) fn address(base: &Url, path: &str) -> Url {
    let mut address = base.clone();
    let is_whole = base
        .path()
        .trim_end_matches('/')
        .ends_with(&format!("/{path}"));
    if is_whole {
        return address;
    }
    if let Ok(mut parts) = address.path_segments_mut() {
        parts.pop_if_empty();
        let path = match path.strip_prefix("../") {
            Some(path) => {
                parts.pop();
                path
            }
            None => path,
        };
        let last = base.path().trim_end_matches('/').rsplit('/').next();
        let is_there = |part: &&str| last == Some(*part) && !part.is_empty();
        let mut path = path.split('/').peekable();
        path.next_if(is_there);
        parts.extend(path);
    }
    address
}

/// A base without a path of requests that it ends with.
pub(super) fn without_path(base: &Url, path: &str) -> Url {
    let mut above = base.clone();
    let whole = base.path().trim_end_matches('/');
    if let Some(rest) = whole.strip_suffix(&format!("/{path}")) {
        above.set_path(rest);
    }
    above
}

/// An address without what may be secret in it: user, password and query.
#[must_use]
pub(crate) fn redact_url(address: &Url) -> String {
    let mut address = address.clone();
    address.set_query(None);
    // Addresses of http have a host, so they may have a user or none.
    let _ = address.set_username("").and(address.set_password(None));
    address.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_this_machine_and_no_other() {
        for (url, expected) in [
            ("http://localhost:11434/v1", true),
            ("http://LOCALHOST/", true),
            ("http://api.localhost/", true),
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:8000/v1", true),
            ("http://192.168.0.7:8000", false),
            ("http://[fe80::1]", false),
            ("https://api.openai.com/v1", false),
            ("https://localhost.example.org", false),
            ("https://notlocalhost", false),
            ("https://127.0.0.1.example.org", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn an_address_keeps_its_query_and_no_part_comes_twice() {
        for (base, path, expected) in [
            ("http://h", "chat/completions", "http://h/chat/completions"),
            (
                "http://h/v1/",
                "chat/completions",
                "http://h/v1/chat/completions",
            ),
            (
                "http://h/v1/chat/completions/",
                "chat/completions",
                "http://h/v1/chat/completions/",
            ),
            ("http://h/v1", "../props", "http://h/props"),
            ("http://h", "../props", "http://h/props"),
            ("http://h/v1", "v1/messages", "http://h/v1/messages"),
            ("http://h/v2", "v1/messages", "http://h/v2/v1/messages"),
            (
                "https://h/openai/deployments/d?api-version=2024-10-21",
                "chat/completions",
                "https://h/openai/deployments/d/chat/completions?api-version=2024-10-21",
            ),
            ("http://h", "models/a?b#c", "http://h/models/a%3Fb%23c"),
            (
                "http://h/x",
                "models/../../secret",
                "http://h/x/models/secret",
            ),
        ] {
            let base: Url = base.parse().unwrap();
            assert_eq!(address(&base, path).as_str(), expected);
        }
    }

    #[test]
    fn user_password_and_query_are_not_shown() {
        for (address, expected) in [
            ("https://a:b@h/v1?key=c", "https://h/v1"),
            ("http://h:8000/v1", "http://h:8000/v1"),
        ] {
            assert_eq!(redact_url(&address.parse().unwrap()), expected);
        }
    }
}
