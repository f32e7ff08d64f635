//! Checks of yt-dlp: which one it is, how old, whether it takes its arguments, and its JavaScript
//! runtime.
//!
//! What yt-dlp can use it says best itself, so it is asked, and nothing here knows which versions
//! of what it wants.

use std::path::Path;
use std::time::Duration;

use jiff::civil::Date;

use crate::doctor::arguments::without;
use crate::doctor::{Check, CheckName};
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::yt_dlp::{About, Runtime, YtDlp, YtDlpSettings, YtDlpVersion, secrets};
use crate::numbers::pluralize;
use crate::tools::{FoundYtDlp, Tools, YtDlpLocation};

/// How long yt-dlp may take to say something about itself.
const LIMIT: Duration = Duration::from_secs(20);

/// From this age on, visits fail more often than not.
const MUCH_TOO_OLD: i32 = 365;

/// The runtimes that yt-dlp uses only when it is told to.
const MORE_RUNTIMES: [&str; 3] = [
    "--js-runtimes=node",
    "--js-runtimes=quickjs",
    "--js-runtimes=bun",
];

/// Asks yt-dlp about itself. Nothing else is asked.
pub(crate) async fn checks(
    supervisor: &Path,
    found: &FoundYtDlp,
    arguments: &[String],
    (hidden_variables, proxies): (&[String], &[(String, String)]),
    today: Date,
) -> Vec<Check> {
    if found.place == YtDlpLocation::Nowhere {
        let unknown = |name| Check::not_checked(name, "there is no yt-dlp to ask");
        let missing = Check::broken(CheckName::YtDlp, "there is none", mend(found.place));
        return vec![
            missing,
            unknown(CheckName::YtDlpArgs),
            unknown(CheckName::JavaScript),
        ];
    }
    let yt_dlp = |arguments: Vec<String>| {
        YtDlp::new(YtDlpSettings {
            supervisor: supervisor.to_owned(),
            yt_dlp: found.program.clone(),
            secrets: secrets(&arguments, proxies),
            arguments,
            hidden_variables: hidden_variables.to_owned(),
            concurrency: 1,
            pause: Duration::ZERO,
            sleep_requests: Duration::ZERO,
            sleep_subtitles: Duration::ZERO,
            timeout: LIMIT,
        })
    };
    // yt-dlp would write into the cookie file.
    let wanted = without(arguments, "--cookies");
    let as_wanted = yt_dlp(wanted.clone()).ask_about().await;
    let plain = match &as_wanted {
        Err(failure) if !wanted.is_empty() && is_running(failure) => {
            yt_dlp(Vec::new()).ask_about().await
        }
        same => same.clone(),
    };
    let version = match &plain {
        Ok(about) if about.version.is_some() => about.version.clone(),
        Err(failure) if !is_running(failure) => None,
        _ => yt_dlp(Vec::new()).version().await,
    };
    let more = match &plain {
        Ok(about) if about.usable().is_none() => {
            let more = MORE_RUNTIMES.map(str::to_owned);
            let more = yt_dlp([Vec::new(), more.into()].concat()).ask_about().await;
            more.ok().and_then(|about| about.runtimes)
        }
        _ => None,
    };
    let fetches_scripts = arguments
        .iter()
        .any(|argument| argument.starts_with("--remote-components"));
    vec![
        version_check(found, version.as_ref(), plain.as_ref().err(), today),
        arguments_check(arguments, as_wanted.as_ref().err(), plain.is_ok()),
        match &plain {
            Ok(about) => runtime_check(about, &more.unwrap_or_default(), fetches_scripts),
            Err(_) => Check::not_checked(CheckName::JavaScript, "yt-dlp does not say"),
        },
    ]
}

/// Whether the folder of our own has what it should.
#[must_use]
pub(crate) fn tools_check(tools: Option<&Tools>, used: YtDlpLocation) -> Check {
    let Some(tools) = tools else {
        return Check::not_checked(
            CheckName::Tools,
            "this user has no home folder, so the tools have no place",
        );
    };
    let folder = tools.folder().display();
    match (tools.is_used(), tools.environment(), used) {
        (false, ..) => Check::not_checked(CheckName::Tools, format!("{folder} holds no tools yet")),
        (true, None, _) => Check::advice(
            CheckName::Tools,
            format!("what was installed in {folder} is damaged, or its Python is gone"),
            "`proceedings doctor --install` installs it anew",
        ),
        (true, Some(_), YtDlpLocation::Named) => {
            let found = format!("{folder}, not used here since another yt-dlp is named");
            Check::fine(CheckName::Tools, found)
        }
        (true, Some(_), _) => Check::fine(CheckName::Tools, folder.to_string()),
    }
}

fn is_running(failure: &FetchFailure) -> bool {
    !matches!(failure.reason, Reason::YtDlpMissing | Reason::TimedOut)
}

/// In our words: what fails here is no visit.
fn why(failure: &FetchFailure) -> String {
    match failure.reason {
        Reason::TimedOut => format!("no answer within {} seconds", LIMIT.as_secs()),
        _ => failure.to_string(),
    }
}

fn mend(place: YtDlpLocation) -> &'static str {
    match place {
        YtDlpLocation::Named => {
            "update it, or name none as `yt_dlp` and get a current one with `proceedings doctor --install`"
        }
        YtDlpLocation::Tools => {
            "`proceedings doctor --install` updates it; if it stays old, install a newer Python first"
        }
        YtDlpLocation::Beside => {
            "`pip install --upgrade yt-dlp` in the same environment, or `proceedings doctor --install`, gets a current one"
        }
        YtDlpLocation::Path | YtDlpLocation::Nowhere => {
            "`proceedings doctor --install` gets a current one"
        }
    }
}

fn version_check(
    found: &FoundYtDlp,
    version: Option<&YtDlpVersion>,
    failure: Option<&FetchFailure>,
    today: Date,
) -> Check {
    let place = match found.place {
        YtDlpLocation::Named => "as named",
        YtDlpLocation::Tools => "in this program's own folder",
        YtDlpLocation::Beside => "beside this program",
        YtDlpLocation::Path | YtDlpLocation::Nowhere => "on the PATH",
    };
    let program = found.program.display();
    let mend = mend(found.place);
    match (version, failure) {
        (Some(version), failure) => {
            let age = version.age(today);
            let days = pluralize(age, "day");
            let text = format!("{version}, {days} old: {program} ({place})");
            match failure {
                Some(failure) => {
                    Check::broken(CheckName::YtDlp, format!("{text}: {}", why(failure)), mend)
                }
                None if age > MUCH_TOO_OLD => Check::broken(CheckName::YtDlp, text, mend),
                None if version.is_old(today) => Check::advice(CheckName::YtDlp, text, mend),
                None => Check::fine(CheckName::YtDlp, text),
            }
        }
        (None, Some(failure)) => {
            let text = format!("{program} ({place}): {}", why(failure));
            Check::broken(CheckName::YtDlp, text, mend)
        }
        (None, None) => {
            let text = format!("{program} ({place}) does not say which version it is");
            Check::advice(CheckName::YtDlp, text, mend)
        }
    }
}

fn arguments_check(
    arguments: &[String],
    failure: Option<&FetchFailure>,
    runs_plain: bool,
) -> Check {
    match failure {
        _ if arguments.is_empty() => Check::not_checked(CheckName::YtDlpArgs, "there are none"),
        None => Check::fine(CheckName::YtDlpArgs, "yt-dlp takes them"),
        Some(failure) if runs_plain => Check::broken(
            CheckName::YtDlpArgs,
            why(failure),
            "correct `yt_dlp_args` in the catalog",
        ),
        Some(_) => Check::not_checked(
            CheckName::YtDlpArgs,
            "yt-dlp does not run without them either",
        ),
    }
}

/// `more` is what yt-dlp finds when it is told to use everything.
fn runtime_check(about: &About, more: &[Runtime], fetches_scripts: bool) -> Check {
    const INSTALL: &str = "`proceedings doctor --install` gets one";
    let Some(_) = about.runtimes else {
        let found = "this yt-dlp is too old to use one";
        return Check::advice(CheckName::JavaScript, found, "update yt-dlp");
    };
    if let Some(runtime) = about.usable() {
        let name = &runtime.name;
        if about.has_scripts || fetches_scripts {
            return Check::fine(CheckName::JavaScript, name);
        }
        return Check::advice(
            CheckName::JavaScript,
            format!("{name}, but this yt-dlp has no scripts for it"),
            "install `yt-dlp-ejs` beside yt-dlp; `proceedings doctor --install` has it all",
        );
    }
    if let Some(usable) = more.iter().find(|runtime| runtime.is_supported) {
        let found = format!(
            "{} is installed, but yt-dlp uses it only when told to",
            usable.name
        );
        let (name, _) = usable.name.rsplit_once('-').unwrap_or((&usable.name, ""));
        let name = name.trim_end_matches("-ng");
        let mend = format!("set `yt_dlp_args = [\"--js-runtimes\", \"{name}\"]`, or {INSTALL}");
        return Check::advice(CheckName::JavaScript, found, mend);
    }
    let too_old = about.runtimes.iter().flatten().chain(more).next();
    let found = match too_old {
        Some(runtime) => format!("{} is too old for yt-dlp", runtime.name),
        None => {
            "there is none; metadata and captions work without one, as long as YouTube allows it"
                .to_owned()
        }
    };
    Check::advice(CheckName::JavaScript, found, INSTALL)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use jiff::civil::date;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "it is called with literals")]
    fn check(checks: impl IntoIterator<Item = Check>, expected: Expect) {
        let line = |check: Check| {
            let mend = check
                .mend
                .map_or(String::new(), |mend| format!(" | {mend}"));
            format!("{:?}: {}{mend}\n", check.verdict, check.found)
        };
        expected.assert_eq(&checks.into_iter().map(line).collect::<String>());
    }

    fn found(place: YtDlpLocation) -> FoundYtDlp {
        FoundYtDlp {
            program: "bin/yt-dlp".into(),
            place,
        }
    }

    #[test]
    fn the_age_of_a_version_decides() {
        let today = date(2026, 11, 23);
        let of = |text, place| {
            let version = YtDlpVersion::parse(text);
            version_check(&found(place), version.as_ref(), None, today)
        };
        check(
            [
                of("2026.11.22", YtDlpLocation::Tools),
                of("2026.08.25", YtDlpLocation::Path),
                of("2026.08.24", YtDlpLocation::Path),
                of("2025.11.23.001122", YtDlpLocation::Named),
                of("2025.11.22", YtDlpLocation::Named),
                of("2027.01.01", YtDlpLocation::Tools),
                of("unknown", YtDlpLocation::Tools),
                of("2026.08.24", YtDlpLocation::Beside),
            ],
            expect![[r#"
                Fine: 2026.11.22, 1 day old: bin/yt-dlp (in this program's own folder)
                Fine: 2026.08.25, 90 days old: bin/yt-dlp (on the PATH)
                Advice: 2026.08.24, 91 days old: bin/yt-dlp (on the PATH) | `proceedings doctor --install` gets a current one
                Advice: 2025.11.23.001122, 365 days old: bin/yt-dlp (as named) | update it, or name none as `yt_dlp` and get a current one with `proceedings doctor --install`
                Broken: 2025.11.22, 366 days old: bin/yt-dlp (as named) | update it, or name none as `yt_dlp` and get a current one with `proceedings doctor --install`
                Fine: 2027.01.01, 0 days old: bin/yt-dlp (in this program's own folder)
                Advice: bin/yt-dlp (in this program's own folder) does not say which version it is | `proceedings doctor --install` updates it; if it stays old, install a newer Python first
                Advice: 2026.08.24, 91 days old: bin/yt-dlp (beside this program) | `pip install --upgrade yt-dlp` in the same environment, or `proceedings doctor --install`, gets a current one
            "#]],
        );
    }

    #[test]
    fn a_yt_dlp_that_does_not_run_is_broken() {
        let failed = |reason, detail: Option<&str>, version: Option<YtDlpVersion>| {
            let detail = detail.map(str::to_owned);
            let failure = FetchFailure { reason, detail };
            let today = date(2026, 11, 23);
            version_check(
                &found(YtDlpLocation::Path),
                version.as_ref(),
                Some(&failure),
                today,
            )
        };
        check(
            [
                failed(Reason::YtDlpMissing, Some("bin/yt-dlp: no such file"), None),
                failed(Reason::TimedOut, None, None),
                failed(
                    Reason::YtDlpOption,
                    Some("no such option: --paths"),
                    YtDlpVersion::parse("2020.01.01"),
                ),
            ],
            expect![[r#"
                Broken: bin/yt-dlp (on the PATH): yt-dlp cannot be started (bin/yt-dlp: no such file) | `proceedings doctor --install` gets a current one
                Broken: bin/yt-dlp (on the PATH): no answer within 20 seconds | `proceedings doctor --install` gets a current one
                Broken: 2020.01.01, 2,518 days old: bin/yt-dlp (on the PATH): yt-dlp does not know one of its options (no such option: --paths) | `proceedings doctor --install` gets a current one
            "#]],
        );
    }

    #[test]
    fn arguments_are_to_blame_only_when_yt_dlp_runs_without_them() {
        let failure = FetchFailure {
            reason: Reason::YtDlpOption,
            detail: Some("no such option: --bogus".to_owned()),
        };
        let some = ["--bogus".to_owned()];
        check(
            [
                arguments_check(&[], None, true),
                arguments_check(&some, None, true),
                arguments_check(&some, Some(&failure), true),
                arguments_check(&some, Some(&failure), false),
            ],
            expect![[r#"
                NotChecked: there are none
                Fine: yt-dlp takes them
                Broken: yt-dlp does not know one of its options (no such option: --bogus) | correct `yt_dlp_args` in the catalog
                NotChecked: yt-dlp does not run without them either
            "#]],
        );
    }

    #[test]
    fn a_runtime_is_wanted_that_yt_dlp_uses_and_has_scripts_for() {
        let runtime = |name: &str, is_supported| Runtime {
            name: name.to_owned(),
            is_supported,
        };
        let about = |runtimes: &[Runtime], has_scripts| About {
            runtimes: Some(runtimes.to_vec()),
            has_scripts,
            ..About::default()
        };
        let deno = [runtime("deno-2.9.8", true)];
        let of = |about: &About, more: &[Runtime]| runtime_check(about, more, false);
        check(
            [
                of(&about(&deno, true), &[]),
                of(&about(&deno, false), &[]),
                runtime_check(&about(&deno, false), &[], true),
                of(&about(&[], true), &[]),
                of(&about(&[], true), &[runtime("node-20.20.2", false)]),
                of(&about(&[], true), &[runtime("node-22.1.0", true)]),
                of(&about(&[], true), &[runtime("quickjs-ng-0.10.1", true)]),
                of(&about(&[runtime("deno-1.0.0", false)], true), &[]),
                of(&About::default(), &[]),
            ],
            expect![[r#"
                Fine: deno-2.9.8
                Advice: deno-2.9.8, but this yt-dlp has no scripts for it | install `yt-dlp-ejs` beside yt-dlp; `proceedings doctor --install` has it all
                Fine: deno-2.9.8
                Advice: there is none; metadata and captions work without one, as long as YouTube allows it | `proceedings doctor --install` gets one
                Advice: node-20.20.2 is too old for yt-dlp | `proceedings doctor --install` gets one
                Advice: node-22.1.0 is installed, but yt-dlp uses it only when told to | set `yt_dlp_args = ["--js-runtimes", "node"]`, or `proceedings doctor --install` gets one
                Advice: quickjs-ng-0.10.1 is installed, but yt-dlp uses it only when told to | set `yt_dlp_args = ["--js-runtimes", "quickjs"]`, or `proceedings doctor --install` gets one
                Advice: deno-1.0.0 is too old for yt-dlp | `proceedings doctor --install` gets one
                Advice: this yt-dlp is too old to use one | update yt-dlp
            "#]],
        );
    }
}
