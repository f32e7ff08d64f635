//! What an endpoint says about its limits: what is left until a reset, and how long to wait.
//!
//! Pure; the time is given. Providers write times in many ways: seconds, `6m0s`, RFC 3339, a date
//! of HTTP, seconds or milliseconds since 1970. What cannot be read is as good as not said.

use std::sync::LazyLock;
use std::time::Duration;

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::llm::refusal::RefusalBody;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuotaUnit {
    Requests,
    /// Of prompts.
    Tokens,
}

/// How much is left until a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Remaining {
    pub(super) unit: QuotaUnit,
    pub(super) amount: u64,
    pub(super) reset: Duration,
}

/// The headers in which it is said: what is left, and when that ends.
const HEADERS: &[(QuotaUnit, &str, &str)] = &[
    (
        QuotaUnit::Requests,
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests",
    ),
    (
        QuotaUnit::Tokens,
        "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-tokens",
    ),
    (
        QuotaUnit::Requests,
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ),
    (
        QuotaUnit::Requests,
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ),
    (
        QuotaUnit::Tokens,
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    ),
    (
        QuotaUnit::Tokens,
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-reset",
    ),
];

/// Tokens of replies are not known beforehand: only that none are left stops the next request.
const OUTPUT: (&str, &str) = (
    "anthropic-ratelimit-output-tokens-remaining",
    "anthropic-ratelimit-output-tokens-reset",
);

/// How long to wait by the words of a refusal, as gateways pass them on without headers.
static WAIT: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = concat!(
        r"(?i)(?:try again|retry(?:ing)?(?: again)?|wait|available|resets?)(?: in| after| for)? ",
        r"((?:[0-9]+(?:\.[0-9]+)? ?(?:ms|h|m|s)[a-z]* ?)+)",
    );
    Regex::new(pattern).expect("the pattern is well-formed")
});

/// Headers that say when a limit ends, each with the one that says how much is left until then.
const RESETS: &[(&str, &str)] = &[
    ("x-ratelimit-reset", "x-ratelimit-remaining"),
    ("ratelimit-reset", "ratelimit-remaining"),
    (
        "x-ratelimit-reset-requests",
        "x-ratelimit-remaining-requests",
    ),
    ("x-ratelimit-reset-tokens", "x-ratelimit-remaining-tokens"),
];

/// What is left by the headers of a reply.
pub(super) fn remaining(headers: &HeaderMap, now: Timestamp) -> Vec<Remaining> {
    let read = |unit, remaining, reset| {
        Some(Remaining {
            unit,
            amount: text(headers, remaining)?.parse().ok()?,
            reset: time_until(text(headers, reset)?, now)?,
        })
    };
    let output = read(QuotaUnit::Requests, OUTPUT.0, OUTPUT.1).filter(|left| left.amount == 0);
    HEADERS
        .iter()
        .filter_map(|&(unit, remaining, reset)| read(unit, remaining, reset))
        .chain(output)
        .collect()
}

/// How long any server asks to wait, in the header that is made for it.
pub(crate) fn retry_after_header(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    time_until(text(headers, RETRY_AFTER.as_str())?, now)
}

/// How long an endpoint asks to wait: by its headers, or by its refusal.
pub(super) fn retry_after(
    headers: &HeaderMap,
    refusal: &RefusalBody,
    now: Timestamp,
) -> Option<Duration> {
    const MILLISECONDS: [&str; 2] = ["retry-after-ms", "x-ms-retry-after-ms"];
    let in_milliseconds = || {
        let told = MILLISECONDS.iter().find_map(|name| text(headers, name))?;
        Duration::try_from_secs_f64(told.parse::<f64>().ok()? / 1e3).ok()
    };
    let told = in_milliseconds().or_else(|| retry_after_header(headers, now));
    told.or_else(|| in_body(refusal.json(), now))
        .or_else(|| length(&WAIT.captures(refusal.message())?[1].replace(' ', "")))
}

/// How long to wait by a field of a refusal.
fn in_body(body: &Value, now: Timestamp) -> Option<Duration> {
    let error = &body["error"];
    let seconds = |value: &Value| Duration::try_from_secs_f64(value.as_f64()?).ok();
    let fields = [
        &error["retry_after"],
        &error["retry_after_seconds"],
        &body["retry_after"],
        &body["retry_after_seconds"],
        // Hugging Face says how long a model takes to load.
        &body["estimated_time"],
    ];
    let details = error["details"].as_array().into_iter().flatten();
    let mut delays = details.filter_map(|detail| detail["retryDelay"].as_str());
    // OpenRouter repeats the headers of those behind it.
    let behind = error["metadata"]["headers"]["X-RateLimit-Reset"].as_str();
    let told = fields.into_iter().find_map(seconds);
    told.or_else(|| length(delays.next()?))
        .or_else(|| time_until(behind?, now))
}

/// How long until a limit ends of which nothing is left, the latest of them.
pub(super) fn reset(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let is_used_up = |left: &str| text(headers, left).is_none_or(|left| left == "0");
    let used_up = RESETS.iter().filter(|(_, left)| is_used_up(left));
    used_up
        .filter_map(|(reset, _)| time_until(text(headers, reset)?, now))
        .max()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// A time that is ahead, however it is written; of a time that has passed nothing can be told.
fn time_until(text: &str, now: Timestamp) -> Option<Duration> {
    const YEAR_2001: f64 = 1e9;
    const IN_MILLISECONDS: f64 = 1e12;
    let since_1970 = || match text.parse::<f64>().ok()? {
        seconds if seconds < YEAR_2001 => None,
        #[expect(clippy::cast_possible_truncation, reason = "a part of a millisecond")]
        seconds if seconds < IN_MILLISECONDS => {
            Timestamp::from_millisecond((seconds * 1e3) as i64).ok()
        }
        #[expect(clippy::cast_possible_truncation, reason = "a part of a millisecond")]
        milliseconds => Timestamp::from_millisecond(milliseconds as i64).ok(),
    };
    let moment = since_1970()
        .or_else(|| text.parse().ok())
        .or_else(|| Some(rfc2822::parse(text).ok()?.timestamp()));
    match moment {
        Some(moment) => Duration::try_from(moment.duration_since(now)).ok(),
        None => length(text),
    }
}

/// A length of time: seconds, or numbers with units.
fn length(text: &str) -> Option<Duration> {
    match text.parse() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => Duration::try_from(text.parse::<SignedDuration>().ok()?).ok(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use reqwest::header::{HeaderName, HeaderValue};
    use serde_json::json;

    use super::*;

    fn headers(lines: &str) -> HeaderMap {
        let lines = lines.lines().filter_map(|line| line.split_once(": "));
        let header = |(name, value): (&str, &str)| {
            let name: HeaderName = name.trim().parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        };
        lines.map(header).collect()
    }

    fn now() -> Timestamp {
        "2026-10-19T12:00:00Z".parse().unwrap()
    }

    fn check(lines: &str, expected: &Expect) {
        let left = remaining(&headers(lines), now());
        let line = |left: &Remaining| format!("{:?} {} {:?}\n", left.unit, left.amount, left.reset);
        expected.assert_eq(&left.iter().map(line).collect::<String>());
    }

    #[test]
    fn what_is_left_is_read_as_every_provider_says_it() {
        check(
            "x-ratelimit-limit-requests: 500
             x-ratelimit-remaining-requests: 499
             x-ratelimit-reset-requests: 120ms
             x-ratelimit-remaining-tokens: 0
             x-ratelimit-reset-tokens: 6m0s",
            &expect![[r"
                Requests 499 120ms
                Tokens 0 360s
            "]],
        );
        check(
            "anthropic-ratelimit-requests-remaining: 49
             anthropic-ratelimit-requests-reset: 2026-10-19T12:00:02Z
             anthropic-ratelimit-input-tokens-remaining: 1000
             anthropic-ratelimit-input-tokens-reset: 2026-10-19T12:01:00Z
             anthropic-ratelimit-output-tokens-remaining: 8000
             anthropic-ratelimit-output-tokens-reset: 2026-10-19T12:01:00Z",
            &expect![[r"
                Requests 49 2s
                Tokens 1000 60s
            "]],
        );
        check(
            "anthropic-ratelimit-output-tokens-remaining: 0
             anthropic-ratelimit-output-tokens-reset: 2026-10-19T12:00:30.5Z",
            &expect![[r"
                Requests 0 30.5s
            "]],
        );
        check(
            "x-ratelimit-remaining: 3
             x-ratelimit-reset: 1792411210000",
            &expect![[r"
                Requests 3 10s
            "]],
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_said() {
        check(
            "x-ratelimit-remaining-requests: 3
             x-ratelimit-remaining-tokens: many
             x-ratelimit-reset-tokens: 1s
             x-ratelimit-remaining: 5
             x-ratelimit-reset: tomorrow
             anthropic-ratelimit-requests-remaining: 0
             anthropic-ratelimit-requests-reset: 2026-10-19T11:00:00Z",
            &expect![""],
        );
    }

    fn check_wait(lines: &str, body: &Value, expected: Option<u64>) {
        let refusal = RefusalBody::of(body.clone());
        let wait = retry_after(&headers(lines), &refusal, now());
        assert_eq!(wait, expected.map(Duration::from_millis), "{lines}");
    }

    #[test]
    fn a_wait_is_read_in_every_form() {
        for (value, expected) in [
            ("7", Some(7_000)),
            ("0", Some(0)),
            ("1.5", Some(1_500)),
            ("Mon, 19 Oct 2026 12:00:30 GMT", Some(30_000)),
            ("2026-10-19T12:00:30Z", Some(30_000)),
            ("1792411205", Some(5_000)),
            ("2m59.56s", Some(179_560)),
            ("Fri, 31 Dec 1999 23:59:59 GMT", None),
            ("-1", None),
            ("NaN", None),
            ("1e300", None),
            ("soon", None),
            ("", None),
        ] {
            check_wait(&format!("retry-after: {value}"), &Value::Null, expected);
        }
        check_wait(
            "retry-after-ms: 1500\nretry-after: 60",
            &Value::Null,
            Some(1_500),
        );
        let body = json!({ "error": { "message": "limited", "details": [
            { "@type": "type.googleapis.com/google.rpc.Help" },
            { "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "36.5s" },
        ] } });
        check_wait("", &body, Some(36_500));
        check_wait("retry-after: 2", &body, Some(2_000));
        check_wait(
            "",
            &json!({ "error": "loading", "estimated_time": 20.5 }),
            Some(20_500),
        );
        for (words, wait) in [
            ("Please try again in 7m12.5s. Visit …", Some(432_500)),
            ("Rate limit; try again in 850ms.", Some(850)),
            ("Too many requests, retry after 12 seconds", Some(12_000)),
            ("Try again in 1 hour 5 minutes", Some(3_900_000)),
            ("Please wait 40 seconds before retrying.", Some(40_000)),
            ("Throttled. Expected available in 3 seconds.", Some(3_000)),
            ("The limit resets in 3 sec", Some(3_000)),
            ("You have to wait", None),
            ("Please try again in a moment", None),
            ("Try again later", None),
        ] {
            check_wait("", &json!({ "error": { "message": words } }), wait);
        }
        check_wait(
            "",
            &json!({ "error": "limited", "retry_after": 3 }),
            Some(3_000),
        );
        let behind = json!({ "error": { "message": "limited", "metadata": { "headers": { "X-RateLimit-Reset": "1792411210000" } } } });
        check_wait("", &behind, Some(10_000));
    }

    #[test]
    fn the_end_of_a_limit_is_waited_for_where_nothing_is_left() {
        for (lines, expected) in [
            ("x-ratelimit-reset: 1792411205", Some(5_000)),
            ("ratelimit-reset: 3\nratelimit-remaining: 0", Some(3_000)),
            (
                "x-ratelimit-reset-requests: 13h20m\nx-ratelimit-remaining-requests: 0\nx-ratelimit-reset-tokens: 2s\nx-ratelimit-remaining-tokens: 0",
                Some(48_000_000),
            ),
            (
                "x-ratelimit-reset-requests: 13h20m\nx-ratelimit-remaining-requests: 7",
                None,
            ),
        ] {
            let wait = reset(&headers(lines), now());
            assert_eq!(wait, expected.map(Duration::from_millis), "{lines}");
        }
    }
}
