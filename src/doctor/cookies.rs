//! Checks the cookies that yt-dlp is given: that the file is there, has the format that it reads,
//! and holds some of `YouTube`'s that have not expired.
//!
//! What the cookies say is never repeated.

use std::fs;
use std::path::Path;

use jiff::Timestamp;

use crate::doctor::arguments::value;
use crate::doctor::{Check, CheckName};

const EXPORT: &str = "export them again from a browser, in Netscape's format: https://github.com/yt-dlp/yt-dlp/wiki/FAQ";

/// Looks at the cookies that the arguments name.
#[must_use]
pub(crate) fn check(arguments: &[String], now: Timestamp) -> Check {
    if let Some(file) = value(arguments, "--cookies") {
        return match fs::read(Path::new(file)) {
            Err(error) => Check::broken(
                CheckName::Cookies,
                format!("cannot read `{file}`: {error}"),
                "correct the path after `--cookies` in `yt_dlp_args`; it is seen from the folder in which proceedings is started",
            ),
            Ok(content) => content_check(file, &content, now),
        };
    }
    match value(arguments, "--cookies-from-browser") {
        // Whether that works is found out when yt-dlp takes its arguments.
        Some(browser) => Check::fine(CheckName::Cookies, format!("from the browser {browser}")),
        None => Check::not_checked(CheckName::Cookies, "none are passed to yt-dlp"),
    }
}

fn content_check(file: &str, content: &[u8], now: Timestamp) -> Check {
    let Ok(text) = std::str::from_utf8(content) else {
        let found = format!("`{file}` is no text in UTF-8");
        return Check::broken(CheckName::Cookies, found, EXPORT);
    };
    let has_header = text
        .lines()
        .next()
        .is_some_and(|first| first.starts_with('#') && first.contains("HTTP Cookie File"));
    if !has_header {
        let found = format!("`{file}` is no cookie file in Netscape's format");
        return Check::broken(CheckName::Cookies, found, EXPORT);
    }
    let expiries: Vec<i64> = text.lines().filter_map(expiry_of_youtube).collect();
    // Those of a session have no expiry.
    let is_valid = |expiry: &&i64| **expiry == 0 || **expiry > now.as_second();
    match (expiries.len(), expiries.iter().filter(is_valid).count()) {
        (0, _) => {
            let found = format!("`{file}` has no cookies of youtube.com");
            Check::advice(CheckName::Cookies, found, EXPORT)
        }
        (_, 0) => {
            let found = format!("the cookies of youtube.com in `{file}` have expired");
            Check::advice(CheckName::Cookies, found, EXPORT)
        }
        (_, valid) => {
            let found = format!("`{file}` has {valid} of youtube.com");
            Check::fine(CheckName::Cookies, found)
        }
    }
}

/// When a cookie expires, where the line holds one of `YouTube`'s.
fn expiry_of_youtube(line: &str) -> Option<i64> {
    let line = line.strip_prefix("#HttpOnly_").unwrap_or(line);
    let fields: Vec<&str> = line.trim_end_matches('\r').split('\t').collect();
    let [domain, _, _, _, expiry, _, _] = fields[..] else {
        return None;
    };
    let domain = domain.trim_start_matches('.');
    let is_youtube = domain == "youtube.com" || domain.ends_with(".youtube.com");
    let seconds = expiry.split('.').next().unwrap_or_default();
    (is_youtube && !line.starts_with('#')).then(|| seconds.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;

    const HEADER: &str = "# Netscape HTTP Cookie File\n";

    #[test]
    fn a_cookie_file_is_of_use_or_not() {
        let cookie = |domain: &str, expiry: &str| {
            format!("{HEADER}{domain}\tTRUE\t/\tTRUE\t{expiry}\tNAME\tsecret\n")
        };
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        for (content, verdict, says) in [
            (
                cookie(".youtube.com", "1900000000"),
                Verdict::Fine,
                "has 1 of",
            ),
            (
                cookie("#HttpOnly_.youtube.com", "0"),
                Verdict::Fine,
                "has 1 of",
            ),
            (cookie("www.youtube.com", ""), Verdict::Fine, "has 1 of"),
            (
                cookie(".youtube.com", "1600000000.5"),
                Verdict::Advice,
                "have expired",
            ),
            (
                cookie(".notyoutube.com", "0"),
                Verdict::Advice,
                "has no cookies",
            ),
            (HEADER.to_owned(), Verdict::Advice, "has no cookies"),
            (
                "[{\"name\": \"x\"}]".to_owned(),
                Verdict::Broken,
                "no cookie file",
            ),
            (String::new(), Verdict::Broken, "no cookie file"),
        ] {
            let check = content_check("c.txt", content.as_bytes(), now);
            assert_eq!(check.verdict, verdict, "{content}");
            assert!(check.found.contains(says), "{}", check.found);
            assert!(!check.found.contains("secret"));
        }
        let utf16 = content_check("c.txt", &[0xff, 0xfe, b'#', 0], now);
        assert_eq!(utf16.verdict, Verdict::Broken);
    }

    #[test]
    fn cookies_come_from_a_file_a_browser_or_nowhere() {
        for (arguments, verdict, says) in [
            (
                vec!["--cookies", "no/such/file"],
                Verdict::Broken,
                "cannot read `no/such/file`",
            ),
            (
                vec!["--cookies-from-browser=firefox"],
                Verdict::Fine,
                "browser firefox",
            ),
            (vec![], Verdict::NotChecked, "none"),
        ] {
            let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
            let check = check(&arguments, Timestamp::UNIX_EPOCH);
            assert_eq!(check.verdict, verdict);
            assert!(check.found.contains(says), "{}", check.found);
        }
    }
}
