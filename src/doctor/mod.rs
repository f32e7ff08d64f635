//! Whether everything is there that a run needs, and how to mend what is not.
//!
//! Each check looks at one thing and costs nothing: no video is visited and no model is asked. One
//! that finds something broken stops no other. Nothing here prints or reads the environment.

mod arguments;
pub(crate) mod cookies;
pub(crate) mod endpoint;
pub(crate) mod project;
pub(crate) mod proxy;
pub(crate) mod yt_dlp;

use serde::Serialize;

/// What is found of somebody outside in a run that asks nobody.
const NOT_ASKED: &str = "not asked: `--offline`";

/// All that was found. As JSON it is a promise to scripts.
#[derive(Debug, Serialize)]
pub(crate) struct DoctorReport {
    /// The gravest verdict of all.
    pub verdict: Verdict,
    /// What was looked at.
    pub checks: Vec<Check>,
}

/// What was looked at, what was found, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    /// What was looked at.
    pub name: CheckName,
    /// What to think of it.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// How to mend it.
    pub mend: Option<String>,
}

/// What is looked at. The names in the report are a promise to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub enum CheckName {
    Catalog,
    Trust,
    Prompts,
    Templates,
    Logo,
    Cache,
    Output,
    Captions,
    YtDlp,
    YtDlpArgs,
    JavaScript,
    Tools,
    Cookies,
    Proxy,
    Endpoint,
    ApiKey,
    Model,
}

/// What to think of what was found, from harmless to grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// It is not needed here, or could not be looked at.
    NotChecked,
    /// It is as it should be.
    Fine,
    /// A run does its work, but not as well as it could, or not for much longer.
    Advice,
    /// A run that needs it fails.
    Broken,
}

impl CheckName {
    /// Its name in the report.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Trust => "trust",
            Self::Prompts => "prompts",
            Self::Templates => "templates",
            Self::Logo => "logo",
            Self::Cache => "cache",
            Self::Output => "output",
            Self::Captions => "captions",
            Self::YtDlp => "yt-dlp",
            Self::YtDlpArgs => "yt-dlp-args",
            Self::JavaScript => "javascript",
            Self::Tools => "tools",
            Self::Cookies => "cookies",
            Self::Proxy => "proxy",
            Self::Endpoint => "endpoint",
            Self::ApiKey => "api-key",
            Self::Model => "model",
        }
    }
}

impl From<CheckName> for &'static str {
    fn from(name: CheckName) -> Self {
        name.as_str()
    }
}

impl Check {
    fn fine(name: CheckName, found: impl Into<String>) -> Self {
        Self::new(name, Verdict::Fine, found.into(), None)
    }

    fn not_checked(name: CheckName, found: impl Into<String>) -> Self {
        Self::new(name, Verdict::NotChecked, found.into(), None)
    }

    fn advice(name: CheckName, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(name, Verdict::Advice, found.into(), Some(mend.into()))
    }

    fn broken(name: CheckName, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(name, Verdict::Broken, found.into(), Some(mend.into()))
    }

    fn new(name: CheckName, verdict: Verdict, found: String, mend: Option<String>) -> Self {
        Self {
            name,
            verdict,
            found,
            mend,
        }
    }
}

impl From<Vec<Check>> for DoctorReport {
    fn from(checks: Vec<Check>) -> Self {
        let gravest = checks.iter().map(|check| check.verdict).max();
        Self {
            verdict: gravest.map_or(Verdict::Fine, |gravest| gravest.max(Verdict::Fine)),
            checks,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_report_has_the_shape_that_scripts_rely_on() {
        let report = DoctorReport::from(vec![
            Check::fine(CheckName::YtDlp, "2026.10.26"),
            Check::advice(CheckName::JavaScript, "there is none", "get one"),
            Check::not_checked(CheckName::ApiKey, "none is sent"),
        ]);
        expect![[r#"
            {
              "verdict": "advice",
              "checks": [
                {
                  "name": "yt-dlp",
                  "verdict": "fine",
                  "found": "2026.10.26",
                  "mend": null
                },
                {
                  "name": "javascript",
                  "verdict": "advice",
                  "found": "there is none",
                  "mend": "get one"
                },
                {
                  "name": "api-key",
                  "verdict": "not-checked",
                  "found": "none is sent",
                  "mend": null
                }
              ]
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&report).unwrap());
    }

    #[test]
    fn the_gravest_verdict_counts() {
        let fine = || Check::fine(CheckName::Cache, "");
        let broken = Check::broken(CheckName::Model, "", "");
        let not_checked = || Check::not_checked(CheckName::Proxy, "");
        for (checks, verdict) in [
            (vec![], Verdict::Fine),
            (vec![not_checked()], Verdict::Fine),
            (vec![fine(), broken, not_checked()], Verdict::Broken),
        ] {
            assert_eq!(DoctorReport::from(checks).verdict, verdict);
        }
    }
}
