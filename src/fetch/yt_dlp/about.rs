//! What yt-dlp says about itself when it is asked to be verbose.
//!
//! Pure. Only what is printed before anything is fetched is read; what is not understood counts as
//! not said.

use crate::fetch::yt_dlp::version::YtDlpVersion;

/// What yt-dlp says about itself and its surroundings.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub version: Option<YtDlpVersion>,
    /// The version of the Python that runs it.
    pub python: Option<String>,
    /// The JavaScript runtimes that it may use and has found; `None` where it knows of no such
    /// thing.
    pub runtimes: Option<Vec<Runtime>>,
    /// Whether it has the scripts that a runtime is to run for it.
    pub has_scripts: bool,
}

/// A JavaScript runtime on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Runtime {
    /// Its name and version, such as `deno-2.9.8`.
    pub name: String,
    /// Whether yt-dlp can use it; otherwise it is too old.
    pub is_supported: bool,
}

impl About {
    /// Reads what was said on standard error.
    #[must_use]
    pub(crate) fn read<'a>(messages: &'a str) -> Self {
        let said = |what: &str| {
            let debug = |line: &'a str| line.strip_prefix("[debug] ");
            let mut lines = messages.lines().filter_map(debug);
            let told = lines.find_map(|line| line.strip_prefix(what))?;
            Some(told.trim())
        };
        let first_word = |text: &str| text.split_whitespace().next().map(str::to_owned);
        Self {
            version: said("yt-dlp version ").and_then(|version| {
                let version = first_word(version)?;
                // `stable@2026.10.26`: the channel, and the version in it.
                let (_, date) = version.rsplit_once('@').unwrap_or(("", &version));
                YtDlpVersion::parse(date)
            }),
            python: said("Python ")
                .and_then(|python| first_word(python.strip_prefix("version ").unwrap_or(python))),
            runtimes: said("JS runtimes:").map(runtimes),
            has_scripts: said("Optional libraries:")
                .is_some_and(|libraries| libraries.contains("yt_dlp_ejs")),
        }
    }

    /// The first runtime that it can use.
    #[must_use]
    pub(crate) fn usable(&self) -> Option<&Runtime> {
        let runtimes = self.runtimes.as_ref()?;
        runtimes.iter().find(|runtime| runtime.is_supported)
    }
}

fn runtimes(list: &str) -> Vec<Runtime> {
    list.split(',')
        .map(str::trim)
        .filter(|runtime| !runtime.is_empty() && !runtime.starts_with("none"))
        .map(|runtime| {
            let (name, remark) = runtime.split_once(' ').unwrap_or((runtime, ""));
            Runtime {
                name: name.to_owned(),
                is_supported: remark.is_empty(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_current_one_tells_everything() {
        let about = About::read(
            "[debug] Command-line config: ['--verbose']\n\
            [debug] yt-dlp version stable@2026.10.26 from yt-dlp/yt-dlp [c91f8de0b] (pip)\n\
            [debug] Python 3.13.1 (CPython x86_64 64bit) - Linux\n\
            [debug] Optional libraries: sqlite3-3.40.1, yt_dlp_ejs-0.8.0\n\
            [debug] JS runtimes: deno-2.9.8, node-20.20.2 (unsupported)\n",
        );
        assert_eq!(about.version, YtDlpVersion::parse("2026.10.26"));
        assert_eq!(about.python.as_deref(), Some("3.13.1"));
        assert!(about.has_scripts);
        let runtime = |name: &str, is_supported| Runtime {
            name: name.to_owned(),
            is_supported,
        };
        let both = vec![runtime("deno-2.9.8", true), runtime("node-20.20.2", false)];
        assert_eq!(about.runtimes, Some(both));
    }

    #[test]
    fn an_old_one_knows_of_no_runtimes() {
        let about = About::read(
            "[debug] yt-dlp version 2021.12.01 [91f071af6] (zip)\n\
            [debug] Python version 3.9.2 (CPython 64bit) - Linux\n\
            [debug] Optional libraries: sqlite\n",
        );
        assert_eq!(about.version, YtDlpVersion::parse("2021.12.01"));
        assert_eq!(about.python.as_deref(), Some("3.9.2"));
        assert_eq!(about.runtimes, None);
        assert!(!about.has_scripts);
    }

    #[test]
    fn none_is_no_runtime() {
        for list in ["none", "none (disabled)", ""] {
            let about = About::read(&format!("[debug] JS runtimes: {list}\n"));
            assert_eq!(about.runtimes, Some(Vec::new()), "{list}");
        }
        assert_eq!(About::read("nonsense"), About::default());
    }
}
