//! Which arguments of yt-dlp are harmless: they run nothing, read and write no file, and ask no other
//! server than the one that is asked anyway. Pure.
//!
//! This is a list of what is known to be harmless, and everything else needs trust. yt-dlp has more
//! than 300 options, each release brings new ones, and it takes every beginning of a long option that
//! is the only one of its kind. So an option counts only as it is spelled here, and with a value that
//! is of the kind which is told here.

use std::net::IpAddr;

use url::Url;

/// Arguments, told apart.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct ToldApart {
    /// They need no trust.
    pub(super) harmless: Vec<String>,
    /// They need it.
    pub(super) others: Vec<String>,
}

/// Whether a value is of a kind.
type ValueCheck = fn(&str) -> bool;

/// Harmless options without a value.
const FLAGS: [&str; 17] = [
    "--ignore-config",
    "--no-config",
    "--no-plugin-dirs",
    "--no-cache-dir",
    "--no-cookies",
    "--no-cookies-from-browser",
    "--no-js-runtimes",
    "--no-remote-components",
    "--no-mark-watched",
    "--force-ipv4",
    "-4",
    "--force-ipv6",
    "-6",
    "--geo-bypass",
    "--no-geo-bypass",
    "--no-warnings",
    "--prefer-free-formats",
];

/// Harmless options with one value each, and what kind of value that is.
const OPTIONS: [(&str, ValueCheck); 33] = [
    ("--proxy", is_proxy),
    ("--geo-verification-proxy", is_proxy),
    ("--cookies-from-browser", is_browser),
    ("--js-runtimes", is_runtime),
    ("--extractor-args", is_of_youtube),
    ("--user-agent", is_text),
    ("--impersonate", is_client),
    ("--source-address", is_address),
    ("--xff", is_place),
    ("--geo-bypass-country", is_place),
    ("--geo-bypass-ip-block", is_place),
    ("--socket-timeout", is_number),
    ("--sleep-requests", is_number),
    ("--sleep-interval", is_number),
    ("--min-sleep-interval", is_number),
    ("--max-sleep-interval", is_number),
    ("--sleep-subtitles", is_number),
    ("--retry-sleep", is_wait),
    ("--retries", is_count),
    ("-R", is_count),
    ("--extractor-retries", is_count),
    ("--fragment-retries", is_count),
    ("--file-access-retries", is_count),
    ("--concurrent-fragments", is_number),
    ("-N", is_number),
    ("--limit-rate", is_size),
    ("-r", is_size),
    ("--throttled-rate", is_size),
    ("--buffer-size", is_size),
    ("--http-chunk-size", is_size),
    ("--format", is_format),
    ("-f", is_format),
    ("--format-sort", is_format),
];

/// What of `youtube` may be set by `--extractor-args`. Another host, to which the cookies' proof
/// would go, is not among it, and neither are programs that make tokens.
const OF_YOUTUBE: [&str; 8] = [
    "player_client",
    "player_skip",
    "skip",
    "lang",
    "formats",
    "webpage_skip",
    "po_token",
    "visitor_data",
];

const RUNTIMES: [&str; 4] = ["deno", "node", "quickjs", "bun"];

/// Tells harmless arguments from others. What stands after something that is not understood may mean
/// another thing to yt-dlp than it does here, but what is called harmless is so on its own.
pub(super) fn tell_apart(arguments: &[String]) -> ToldApart {
    let mut told = ToldApart::default();
    let mut rest = arguments;
    while let [argument, after @ ..] = rest {
        // What follows are addresses to yt-dlp.
        if argument == "--" {
            break;
        }
        let taken = 1 + usize::from(takes_next(argument) && !after.is_empty());
        let (these, after) = rest.split_at(taken);
        if is_harmless(these) {
            told.harmless.extend_from_slice(these);
        } else {
            told.others.extend_from_slice(these);
        }
        rest = after;
    }
    told.others.extend_from_slice(rest);
    told
}

/// Whether an argument is an option whose value comes next.
fn takes_next(argument: &str) -> bool {
    OPTIONS.iter().any(|(option, _)| *option == argument)
}

fn is_harmless(these: &[String]) -> bool {
    let (name, value) = match these {
        [flag] if FLAGS.contains(&flag.as_str()) => return true,
        [option, value] => (option.as_str(), value.as_str()),
        [attached] => match attached.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, value),
            _ => match attached.split_at_checked(2) {
                // A short option and its value without a space.
                Some((name, value)) if !attached.starts_with("--") => (name, value),
                _ => return false,
            },
        },
        _ => return false,
    };
    let kind = OPTIONS.iter().find(|(option, _)| *option == name);
    kind.is_some_and(|(_, is_of_kind)| is_text(value) && is_of_kind(value))
}

fn is_text(value: &str) -> bool {
    !value.chars().any(char::is_control)
}

fn is_number(value: &str) -> bool {
    value
        .parse()
        .is_ok_and(|number: f64| number.is_finite() && number >= 0.0)
}

fn is_count(value: &str) -> bool {
    value == "infinite" || value.parse::<u32>().is_ok()
}

/// Bytes, such as `4.2M`.
fn is_size(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    value.len() - number.len() <= 3 && is_number(number)
}

/// `linear=1::2`, `fragment:exp=1:20`.
fn is_wait(value: &str) -> bool {
    !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '=' | '.' | '_'))
}

/// A choice of formats; `-` alone would have yt-dlp ask.
fn is_format(value: &str) -> bool {
    value != "-"
}

/// Nothing, which means none, or where a proxy is.
fn is_proxy(value: &str) -> bool {
    let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    if value.starts_with('-') {
        return false;
    }
    let url = if value.contains("://") {
        Url::parse(value)
    } else {
        Url::parse(&format!("http://{value}"))
    };
    value.is_empty() || url.is_ok_and(|url| url.has_host() && schemes.contains(&url.scheme()))
}

fn is_address(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok()
}

/// A country, a block of addresses, `default` or `never`.
fn is_place(value: &str) -> bool {
    !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '/'))
}

/// A browser that is passed off for us, such as `chrome-110:windows-10`.
fn is_client(value: &str) -> bool {
    value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-'))
}

/// A runtime that yt-dlp is to find by itself; a path could lead to any program.
fn is_runtime(value: &str) -> bool {
    RUNTIMES.contains(&value)
}

/// `firefox`, `chrome+gnomekeyring:Profile 1::Container`: a profile by its name. A path could be one
/// of a network, and yt-dlp puts variables and homes into it.
fn is_browser(value: &str) -> bool {
    let (rest, container) = value.split_once("::").unwrap_or((value, ""));
    let (rest, profile) = rest.split_once(':').unwrap_or((rest, ""));
    let (browser, keyring) = rest.split_once('+').unwrap_or((rest, ""));
    let is_word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric());
    let is_name = |text: &str| {
        let in_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_');
        text.chars().all(in_name) && !text.contains("..")
    };
    !browser.is_empty()
        && is_word(browser)
        && is_word(keyring)
        && is_name(profile)
        && is_name(container)
}

/// `youtube:player_client=web;lang=en`.
fn is_of_youtube(value: &str) -> bool {
    let Some(("youtube", settings)) = value.split_once(':') else {
        return false;
    };
    let is_known = |setting: &str| {
        let (name, _) = setting.split_once('=').unwrap_or((setting, ""));
        OF_YOUTUBE.contains(&name)
    };
    !value.contains('\\') && settings.split(';').all(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arguments: &[&str]) -> (String, String) {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.into()).collect();
        let ToldApart { harmless, others } = tell_apart(&arguments);
        (harmless.join(" "), others.join(" "))
    }

    #[test]
    fn harmless_arguments_need_no_trust() {
        for arguments in [
            &["--cookies-from-browser", "firefox"][..],
            &["--cookies-from-browser=chrome+gnomekeyring:Profile 1"],
            &["--cookies-from-browser", "firefox:default-release::none"],
            &["--cookies-from-browser", "firefox::Work"],
            &["--proxy", "http://me:secret@proxy.example:3128"],
            &["--proxy=socks5h://127.0.0.1:9050"],
            &["--proxy", ""],
            &["--proxy", "proxy.example:3128"],
            &["--sleep-requests", "1.5", "--sleep-interval=5"],
            &["-r", "50K", "-R3", "-4", "--limit-rate", "4.2M"],
            &["-f", "bestaudio[ext=m4a]/best", "--format-sort=+size"],
            &["--js-runtimes", "node"],
            &["--extractor-args", "youtube:player_client=web,mweb;lang=de"],
            &[
                "--retries",
                "infinite",
                "--retry-sleep",
                "fragment:exp=1:20",
            ],
            &["--user-agent", "Mozilla/5.0 (X11)", "--xff", "DE"],
            &[
                "--source-address",
                "::1",
                "--impersonate",
                "chrome-110:windows-10",
            ],
            &["--ignore-config", "--no-plugin-dirs"],
        ] {
            assert_eq!(told(arguments), (arguments.join(" "), String::new()));
        }
    }

    #[test]
    fn all_else_needs_it() {
        for arguments in [
            // What runs something.
            &["--exec", "touch owned"][..],
            &["--exec=touch owned"],
            &["--exe", "touch owned"],
            &["--exec-before-download", "x"],
            &["--netrc-cmd", "x"],
            &["--downloader", "x"],
            &["--external-downloader=x"],
            &["--external-downloader-args", "x"],
            &["--ffmpeg-location", "x"],
            &["--postprocessor-args", "x"],
            &["--ppa", "x"],
            &["--use-postprocessor", "x"],
            &["--js-runtimes", "node:/tmp/x"],
            &["--js-runtimes=deno:x"],
            &["--remote-components", "ejs:github"],
            &["--plugin-dirs", "x"],
            &["--plugin-d", "x"],
            &["--alias", "--proxy", "--exec {0}"],
            &["-t", "sleep"],
            // What reads more arguments.
            &["--config-locations", "x"],
            &["--config-loc=x"],
            &["--batch-file", "x"],
            &["-a", "x"],
            &["-ax"],
            // What reads or writes files.
            &["--cookies", "x"],
            &["--cookies=x"],
            &["--load-info-json", "x"],
            &["--load-pages"],
            &["--netrc"],
            &["-n"],
            &["--netrc-location", "x"],
            &["--client-certificate", "x"],
            &["--output", "x"],
            &["-o", "x"],
            &["-ox"],
            &["-P", "x"],
            &["-Px"],
            &["--paths=x"],
            &["--print-to-file", "x", "y"],
            &["--write-info-json"],
            &["--write-link"],
            &["--write-pages"],
            &["--cache-dir", "x"],
            &["--rm-cache-dir"],
            &["--download-archive", "x"],
            &["--enable-file-urls"],
            &["--update"],
            &["-U"],
            // What weakens or shows what is secret.
            &["--no-check-certificates"],
            &["--prefer-insecure"],
            &["--print-traffic"],
            &["--add-headers", "Cookie:x"],
            &["--mark-watched"],
            &["--username", "x"],
            // Other servers.
            &["--extractor-args", "youtube:innertube_host=evil.example"],
            &[
                "--extractor-args",
                "youtube:lang=en;innertube_host=evil.example",
            ],
            &["--extractor-args", "youtube:Lang=en"],
            &["--extractor-args", "youtube:lang=en\\;skip=hls"],
            &["--extractor-args", "youtubepot-bgutilscript:script_path=x"],
            &["--extractor-args", "generic:impersonate"],
            &["https://evil.example/"],
            &["--", "https://evil.example/", "--proxy"],
            // Values of another kind.
            &["--proxy", "file:///etc/passwd"],
            &["--proxy", "--exec"],
            &["--proxy"],
            &["--cookies-from-browser", "firefox:/home/me/.mozilla"],
            &["--cookies-from-browser", "firefox:\\\\evil\\share"],
            &["--cookies-from-browser", "firefox:~"],
            &["--cookies-from-browser", "firefox:$HOME"],
            &["--cookies-from-browser", "firefox:.."],
            &["--cookies-from-browser", "firefox::../x"],
            &["--sleep-requests", "-1"],
            &["--sleep-requests", "inf"],
            &["--user-agent", "a\r\nCookie: b"],
            &["-f", "-"],
            // Several in one.
            &["-4o", "x"],
            &["-vo", "x"],
            &["-é"],
            &["-"],
            &[""],
        ] {
            let (harmless, others) = told(arguments);
            assert_eq!(others, arguments.join(" "));
            assert_eq!(harmless, "");
        }
    }

    #[test]
    fn what_is_harmless_is_kept_beside_what_is_not() {
        let (harmless, others) = told(&[
            "--proxy",
            "http://p",
            "--exec",
            "--sleep-requests",
            "2",
            "-4",
            "--",
            "-6",
        ]);
        assert_eq!(harmless, "--proxy http://p --sleep-requests 2 -4");
        assert_eq!(others, "--exec -- -6");
    }
}
