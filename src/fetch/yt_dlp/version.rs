//! The version of yt-dlp, which is a date.

use std::fmt;

use jiff::civil::Date;

/// From this age on yt-dlp itself warns; `YouTube` changes more often than that.
const OLD: i32 = 90;

/// A release of yt-dlp, such as `2026.10.26` or, of a nightly one, `2026.10.26.232813`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YtDlpVersion {
    text: String,
    released: Date,
}

impl YtDlpVersion {
    /// Reads a version; `None` where it is no date.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut parts = text.split('.');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        Some(Self {
            text: text.to_owned(),
            released: Date::new(year, month, day).ok()?,
        })
    }

    /// How many days old it is on a day.
    #[must_use]
    pub(crate) fn age(&self, today: Date) -> i32 {
        today
            .since(self.released)
            .map_or(0, |span| span.get_days())
            .max(0)
    }

    /// Whether it is so old on a day that failures are likely to be its fault.
    #[must_use]
    pub(crate) fn is_old(&self, today: Date) -> bool {
        self.age(today) > OLD
    }
}

impl fmt::Display for YtDlpVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_version_is_as_old_as_its_date() {
        let today = date(2026, 11, 22);
        for (text, age) in [
            ("2026.10.26", Some(27)),
            ("2026.11.22.232813", Some(0)),
            ("2025.11.22", Some(365)),
            ("2027.01.01", Some(0)),
            ("stable", None),
            ("2026.13.01", None),
        ] {
            let version = YtDlpVersion::parse(text);
            assert_eq!(version.map(|version| version.age(today)), age, "{text}");
        }
        assert!(YtDlpVersion::parse("2026.08.01").unwrap().is_old(today));
        assert!(!YtDlpVersion::parse("2026.09.01").unwrap().is_old(today));
    }
}
