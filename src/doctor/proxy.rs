//! Checks the proxies that the arguments of yt-dlp and the environment name: whether anybody
//! listens there.
//!
//! A proxy's user and password are never repeated. That the proxy lets us through is not tried.

use std::time::Duration;

use tokio::net::TcpStream;
use url::Url;

use crate::doctor::arguments::value;
use crate::doctor::{Check, CheckName, NOT_ASKED};

/// How long a proxy may take to accept a connection.
const LIMIT: Duration = Duration::from_secs(5);

/// A proxy, and who names it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Proxy {
    named_by: Vec<String>,
    address: Option<Address>,
    is_yt_dlps: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Address {
    scheme: String,
    host: String,
    port: u16,
}

/// Looks at every proxy that is named; `environment` holds what of it says something of proxies.
pub(crate) async fn checks(arguments: &[String], environment: &[(String, String)]) -> Vec<Check> {
    let proxies = proxies(arguments, environment);
    if proxies.is_empty() {
        return vec![Check::not_checked(CheckName::Proxy, "none is named")];
    }
    futures::future::join_all(proxies.into_iter().map(check)).await
}

/// What is to be said where nobody outside is to be asked.
#[must_use]
pub(crate) fn not_asked() -> Check {
    Check::not_checked(CheckName::Proxy, NOT_ASKED)
}

async fn check(proxy: Proxy) -> Check {
    let named_by = proxy.named_by.join(" and ");
    let Some(Address { scheme, host, port }) = &proxy.address else {
        let found = format!("{named_by} does not hold the address of a proxy");
        return Check::broken(CheckName::Proxy, found, "write it as `http://HOST:PORT`");
    };
    let shown = format!("{scheme}://{host}:{port}, named by {named_by}");
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let why = match tokio::time::timeout(LIMIT, TcpStream::connect((host, *port))).await {
        Ok(Ok(_)) => return Check::fine(CheckName::Proxy, shown),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} seconds", LIMIT.as_secs()),
    };
    let found = format!("cannot reach {shown}: {why}");
    let mend = format!("start the proxy, or correct {named_by}");
    if proxy.is_yt_dlps {
        Check::broken(CheckName::Proxy, found, mend)
    } else {
        Check::advice(CheckName::Proxy, found, mend)
    }
}

/// `YouTube` is visited through the argument `--proxy`, else through the environment's proxy for
/// https, else through the one for everything.
fn proxies(arguments: &[String], environment: &[(String, String)]) -> Vec<Proxy> {
    let mut proxies: Vec<Proxy> = Vec::new();
    let mut add = |named_by: &str, text: &str, is_yt_dlps: bool| {
        let address = address(text);
        let same = proxies.iter_mut().find(|proxy| proxy.address == address);
        match same {
            Some(proxy) => {
                proxy.named_by.push(named_by.to_owned());
                proxy.is_yt_dlps |= is_yt_dlps;
            }
            None => proxies.push(Proxy {
                named_by: vec![named_by.to_owned()],
                address,
                is_yt_dlps,
            }),
        }
    };
    let argument = value(arguments, "--proxy");
    // An empty one means none at all.
    if let Some(text) = argument.filter(|text| !text.is_empty()) {
        add("`--proxy` in `yt_dlp_args`", text, true);
    }
    let mut has_one = argument.is_some();
    for variable in ["https_proxy", "all_proxy", "http_proxy"] {
        let mut set = environment
            .iter()
            .filter(|(name, text)| name.eq_ignore_ascii_case(variable) && !text.trim().is_empty());
        if let Some((name, text)) = set.next() {
            let is_for_https = variable != "http_proxy";
            add(name, text, is_for_https && !has_one);
            has_one |= is_for_https;
        }
    }
    proxies
}

fn address(text: &str) -> Option<Address> {
    let text = text.trim();
    let url = if text.contains("://") {
        Url::parse(text)
    } else {
        Url::parse(&format!("http://{text}"))
    };
    let url = url.ok()?;
    let usual = if url.scheme().starts_with("socks") {
        1080
    } else {
        url.port_or_known_default()?
    };
    Some(Address {
        scheme: url.scheme().to_owned(),
        host: url.host_str().filter(|host| !host.is_empty())?.to_owned(),
        port: url.port().unwrap_or(usual),
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::doctor::Verdict;

    #[expect(clippy::needless_pass_by_value, reason = "it is called with literals")]
    fn check_proxies(arguments: &[&str], environment: &[(&str, &str)], expected: Expect) {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.into()).collect();
        let environment: Vec<(String, String)> = environment
            .iter()
            .map(|&(name, text)| (name.into(), text.into()))
            .collect();
        let line = |proxy: Proxy| {
            let address = proxy.address.map_or("?".to_owned(), |address| {
                format!("{}://{}:{}", address.scheme, address.host, address.port)
            });
            let whose = if proxy.is_yt_dlps { ", yt-dlp's" } else { "" };
            format!("{address} by {}{whose}\n", proxy.named_by.join(" and "))
        };
        let lines: String = proxies(&arguments, &environment)
            .into_iter()
            .map(line)
            .collect();
        expected.assert_eq(&lines);
    }

    #[test]
    fn the_environment_names_proxies_and_no_password_is_kept() {
        check_proxies(
            &[],
            &[
                ("HTTPS_PROXY", "http://me:secret@proxy.example:3128"),
                ("http_proxy", "proxy.example:3128"),
                ("ALL_PROXY", "socks5://[::1]"),
            ],
            expect![[r#"
                http://proxy.example:3128 by HTTPS_PROXY and http_proxy, yt-dlp's
                socks5://[::1]:1080 by ALL_PROXY
            "#]],
        );
        check_proxies(
            &[],
            &[
                ("ALL_PROXY", "proxy.example"),
                ("HTTP_PROXY", "http://other:80"),
            ],
            expect![[r#"
                http://proxy.example:80 by ALL_PROXY, yt-dlp's
                http://other:80 by HTTP_PROXY
            "#]],
        );
        check_proxies(&[], &[("HTTPS_PROXY", " ")], expect![[r#""#]]);
    }

    #[test]
    fn the_argument_comes_before_the_environment() {
        let environment = [("HTTPS_PROXY", "http://proxy.example:3128")];
        check_proxies(
            &["--proxy", "https://a:b@127.0.0.1"],
            &environment,
            expect![[r#"
                https://127.0.0.1:443 by `--proxy` in `yt_dlp_args`, yt-dlp's
                http://proxy.example:3128 by HTTPS_PROXY
            "#]],
        );
        check_proxies(
            &["--proxy="],
            &environment,
            expect![[r#"
            http://proxy.example:3128 by HTTPS_PROXY
        "#]],
        );
        check_proxies(
            &["--proxy", "http://"],
            &[],
            expect![[r#"
            ? by `--proxy` in `yt_dlp_args`, yt-dlp's
        "#]],
        );
    }

    #[tokio::test]
    async fn whether_anybody_listens_is_found_out() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://me:secret@{}", listener.local_addr().unwrap());
        let environment = [("HTTP_PROXY".to_owned(), address.clone())];
        let open = checks(&[], &environment).await;
        assert_eq!(open[0].verdict, Verdict::Fine, "{open:?}");
        drop(listener);
        let closed = checks(&[], &environment).await;
        assert_eq!(closed[0].verdict, Verdict::Advice);
        let closed = checks(&[format!("--proxy={address}")], &environment).await;
        assert_eq!(closed[0].verdict, Verdict::Broken);
        assert!(!format!("{open:?}{closed:?}").contains("secret"));
        assert_eq!(checks(&[], &[]).await[0].verdict, Verdict::NotChecked);
    }
}
