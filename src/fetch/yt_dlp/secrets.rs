//! What yt-dlp is given and nobody is to read in what it says: passwords, and those of proxies.
//!
//! Pure. It repeats its arguments and its environment in errors, as they are or unescaped.

use std::borrow::Cow;

use url::Url;

use crate::llm::key::ApiKey;
use crate::printable::hide_passwords;

/// Options whose value is the address of a proxy.
const PROXIES: &[&str] = &["--proxy", "--geo-verification-proxy"];
/// Options whose whole value is a secret.
const PASSWORDS: &[&str] = &[
    "--password",
    "-p",
    "--twofactor",
    "-2",
    "--video-password",
    "--ap-password",
    "--client-certificate-password",
];
/// Options whose value may hold one behind its last `=` or `:`: headers, and tokens for `YouTube`.
const TOKENS: &[&str] = &["--add-headers", "--add-header", "--extractor-args"];
/// A shorter token is a word rather than a secret.
const SHORTEST_TOKEN: usize = 16;

/// The secrets in these arguments and in the proxies that the environment names, the longest first.
#[must_use]
pub(crate) fn secrets(arguments: &[String], proxies: &[(String, String)]) -> Vec<ApiKey> {
    let mut found: Vec<String> = Vec::new();
    let addresses = values(arguments, PROXIES).chain(proxies.iter().map(|(_, text)| &**text));
    for address in addresses {
        found.extend(of_proxy(address));
    }
    found.extend(values(arguments, PASSWORDS).map(str::to_owned));
    for value in values(arguments, TOKENS) {
        let parts = value.split([':', '=', ';', '+', ',', ' ']);
        let tokens = parts.filter(|part| part.len() >= SHORTEST_TOKEN);
        found.extend(tokens.map(str::to_owned));
    }
    found.retain(|secret| !secret.is_empty());
    found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    found.dedup();
    found.iter().map(|secret| ApiKey::new(secret)).collect()
}

/// What yt-dlp has said, without secrets and without the passwords of addresses.
pub(super) fn hide_secrets(said: &str, secrets: &[ApiKey]) -> String {
    let hide = |said: String, secret: &ApiKey| secret.redact_in(&said);
    let said = secrets.iter().fold(said.to_owned(), hide);
    hide_passwords(&said).into_owned()
}

/// The values of options, as `--option value` and as `--option=value`.
fn values<'a>(arguments: &'a [String], options: &[&str]) -> impl Iterator<Item = &'a str> {
    arguments.iter().enumerate().filter_map(|(at, argument)| {
        let before = at.checked_sub(1).map(|at| arguments[at].as_str());
        if before.is_some_and(|before| options.contains(&before)) {
            return Some(argument.as_str());
        }
        let attached = |option: &&str| argument.strip_prefix(*option)?.strip_prefix('=');
        options.iter().find_map(attached)
    })
}

/// User and password of a proxy, and the password alone, as they are written and unescaped.
fn of_proxy(address: &str) -> Vec<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let Some((user, _)) = rest.rsplit_once('@') else {
        return Vec::new();
    };
    let mut found = vec![user.to_owned(), unescape(user).into_owned()];
    if let Some((_, password)) = user.split_once(':') {
        found.extend([password.to_owned(), unescape(password).into_owned()]);
    }
    found
}

/// A text as it is where it was escaped for an address.
fn unescape(text: &str) -> Cow<'_, str> {
    // The query of an address is what the library unescapes; a plus is none there.
    let query = format!("http://a/?={}", text.replace('+', "%2B"));
    let address = Url::parse(&query);
    let value = address.ok().and_then(|address| {
        let mut pairs = address.query_pairs();
        pairs.next().map(|(_, value)| value.into_owned())
    });
    value.map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_in_secret_is_not_said() {
        let arguments: Vec<String> = [
            "--proxy",
            "http://me:pa%2Fss+word@proxy.example:3128",
            "--geo-verification-proxy=geo:other-secret@host",
            "-p",
            "my password",
            "--video-password=film",
            "--extractor-args",
            "youtube:po_token=web.gvs+MnQ4cLongTokenOfYouTube;player_client=web",
            "--add-headers=Cookie:SID=0123456789abcdef0123",
            "--sleep-requests",
            "1",
        ]
        .map(str::to_owned)
        .into();
        let proxies = [(
            "HTTPS_PROXY".to_owned(),
            "me2:p@ss:w/ord@host:80".to_owned(),
        )];
        let secrets = secrets(&arguments, &proxies);
        for (said, shown) in [
            (
                "ERROR: cannot connect to proxy me:pa%2Fss+word@proxy.example:3128",
                "ERROR: cannot connect to proxy …@proxy.example:3128",
            ),
            ("ProxyError('pa/ss+word')", "ProxyError('…')"),
            (
                "unknown scheme geo:other-secret@host",
                "unknown scheme …@host",
            ),
            ("wrong: my password, film", "wrong: …, …"),
            ("a filmed talk", "a filmed talk"),
            (
                "token MnQ4cLongTokenOfYouTube, SID=0123456789abcdef0123",
                "token …, SID=…",
            ),
            (
                "Invalid proxy 'me2:p@ss:w/ord@host:80'",
                "Invalid proxy '…@host:80'",
            ),
            ("http://someone:else@host", "http://…@host"),
            (
                "Sleeping 1 second for youtube",
                "Sleeping 1 second for youtube",
            ),
        ] {
            assert_eq!(hide_secrets(said, &secrets), shown);
        }
    }

    #[test]
    fn without_secrets_nothing_is_hidden() {
        let arguments = ["--cookies-from-browser", "firefox"].map(str::to_owned);
        assert!(secrets(&arguments, &[]).is_empty());
        assert!(secrets(&["--proxy".to_owned()], &[]).is_empty());
        assert!(secrets(&["--proxy=http://host:80".to_owned()], &[]).is_empty());
    }
}
