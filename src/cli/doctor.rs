//! `doctor`: what is missing or old, and how to mend it; `--install` gets a current yt-dlp first.
//!
//! The report is what this command makes, so it goes to standard output, for people or as JSON.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use console::Style;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::runtime::Runtime;
use url::Url;

use crate::catalog::Catalog;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::{credentials, output, outside, tools, trust};
use crate::doctor::endpoint::{self, CheckedEndpoint, Key};
use crate::doctor::{Check, CheckName, DoctorReport, Verdict, cookies, project, proxy, yt_dlp};
use crate::llm::ProviderKind;
use crate::llm::client::questions::PATIENCE;
use crate::llm::client::{Client, ClientSettings};
use crate::llm::key::{Authorization, ExtraHeaders};
use crate::printable::presentable;
use crate::report::{Verbosity, say};
use crate::tools::install::{InstallError, NotInstalled, install};
use crate::trust::{named_variables, sensitive_settings};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// First install or update yt-dlp and a JavaScript runtime in this program's own folder
    #[arg(long)]
    install: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Looks at everything that a run needs. What is broken is a finding, not an error.
pub(super) fn doctor(globals: &Globals, arguments: &DoctorArgs) -> Result<Ending, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::run(error, None::<String>))?;
    if arguments.install && install_tools(globals, &runtime)? == Ending::Stopped {
        return Ok(Ending::Stopped);
    }
    let report = DoctorReport::from(runtime.block_on(checks(globals))?);
    // A name that no server answers for is asked after for longer than anybody waits here.
    runtime.shutdown_background();
    if arguments.json {
        output::print(&output::json(&report))?;
    } else {
        output::print_report(&format_report(&report.checks, globals.verbosity))?;
    }
    Ok(match report.verdict {
        Verdict::Broken => Ending::Incomplete,
        _ => Ending::Complete,
    })
}

/// Puts what is current into the folder of our own, and says what is done: it takes a while.
fn install_tools(globals: &Globals, runtime: &Runtime) -> Result<Ending, Failure> {
    if globals.offline {
        let hint = "run it without `--offline`";
        return Err(Failure::usage("`--install` needs a network", Some(hint)));
    }
    let Some(tools) = tools::own_folder() else {
        let error = "this user has no home folder, so the tools have no place";
        let hint = "name a folder in the variable PROCEEDINGS_TOOLS";
        return Err(Failure::run(error, Some(hint)));
    };
    let supervisor = outside::supervisor()?;
    let is_said = globals.verbosity > Verbosity::Quiet;
    let doing = |step: &str| {
        if is_said {
            say(format_args!("{step} …"));
        }
    };
    let work = async {
        let stop = pin!(tokio::signal::ctrl_c());
        install(&tools, &supervisor, &doing, stop).await
    };
    match runtime.block_on(work) {
        Ok(not_installed) => {
            for NotInstalled { package, why } in not_installed {
                say(format_args!("yt-dlp works without {package}: {why}"));
            }
            Ok(Ending::Complete)
        }
        Err(InstallError::Stopped) => {
            say(format_args!(
                "stopped; the tools that were installed before are unchanged"
            ));
            Ok(Ending::Stopped)
        }
        Err(error) => {
            let hint = error.hint();
            Err(Failure::run(error, hint))
        }
    }
}

async fn checks(globals: &Globals) -> Result<Vec<Check>, Failure> {
    let supervisor = outside::supervisor()?;
    let (mut catalog, mut checks) = project::catalog(&globals.catalog);
    let mut hidden = Vec::new();
    let trust = catalog.as_mut().map(|catalog| {
        let sensitive = sensitive_settings(catalog);
        let untrusted = trust::withhold_untrusted(globals, catalog);
        hidden = named_variables(catalog);
        project::trust_check(&sensitive, &untrusted)
    });
    checks.extend(project::checks_beside(&globals.catalog, catalog.as_ref()));
    checks.extend(trust);
    let fetch = catalog.as_ref().map(|catalog| &catalog.fetch);
    let yt_dlp = tools::yt_dlp(fetch.and_then(|fetch| fetch.yt_dlp.as_deref()));
    let arguments = fetch.map_or(&[][..], |fetch| &fetch.yt_dlp_args);
    let now = Timestamp::now();
    let today = now.to_zoned(TimeZone::UTC).date();
    let named = outside::proxy_variables();
    let of_yt_dlp = async {
        let settings = (&hidden[..], &named[..]);
        let mut checks = yt_dlp::checks(&supervisor, &yt_dlp, arguments, settings, today).await;
        let own = tools::own_folder();
        checks.push(yt_dlp::tools_check(own.as_ref(), yt_dlp.place));
        checks.push(cookies::check(arguments, now));
        checks
    };
    let of_yt_dlp = async {
        // A conference whose recordings are all elsewhere works without yt-dlp.
        if catalog.as_ref().is_none_or(is_on_youtube) {
            of_yt_dlp.await
        } else {
            Vec::new()
        }
    };
    let (of_yt_dlp, of_proxies, of_endpoints) = tokio::join!(
        of_yt_dlp,
        proxies(globals, arguments),
        endpoints(globals, catalog.as_ref()),
    );
    checks.extend(of_yt_dlp);
    checks.extend(of_proxies);
    checks.extend(of_endpoints?);
    if catalog.is_none() {
        let is_known =
            |check: &Check| !matches!(check.name, CheckName::YtDlpArgs | CheckName::Cookies);
        checks.retain(is_known);
    }
    Ok(checks)
}

/// Whether a catalog has recordings on `YouTube`, or none yet.
fn is_on_youtube(catalog: &Catalog) -> bool {
    let talks = &catalog.talks;
    talks.is_empty() || talks.iter().any(|entry| entry.recording.is_none())
}

async fn proxies(globals: &Globals, arguments: &[String]) -> Vec<Check> {
    if globals.offline {
        return vec![proxy::not_asked()];
    }
    proxy::checks(arguments, &outside::proxy_variables()).await
}

async fn endpoints(globals: &Globals, catalog: Option<&Catalog>) -> Result<Vec<Check>, Failure> {
    let Some(catalog) = catalog else {
        return Ok(Vec::new());
    };
    let mut checks = match &catalog.llm {
        None => vec![endpoint::no_endpoint()],
        Some(llm) if llm.is_withheld => vec![endpoint::withheld()],
        Some(llm) => {
            let settings = ClientSettings {
                context_tokens: llm.context_tokens,
                ..settings(llm.provider, llm.base_url.as_ref(), &llm.model)
            };
            match credentials::read(llm) {
                Ok((authorization, headers)) => {
                    let settings = ClientSettings {
                        headers,
                        unencrypted_key: llm.unencrypted_key,
                        ..settings
                    };
                    endpoint(globals, settings, authorization, llm.api_key_env.as_deref()).await?
                }
                Err(Failure { error, hint, .. }) => vec![endpoint::unusable(&*error, hint)],
            }
        }
    };
    if let Some(transcribe) = &catalog.transcribe {
        let provider = ProviderKind::OpenAi;
        let (base_url, named) = (&transcribe.base_url, transcribe.api_key_env.as_deref());
        let settings = ClientSettings {
            unencrypted_key: transcribe.unencrypted_key,
            ..settings(provider, base_url.as_ref(), &transcribe.model)
        };
        let authorization =
            credentials::authorization_from_variable(named, base_url.as_ref(), provider);
        let of_transcriptions = endpoint(globals, settings, authorization, named).await?;
        checks.extend(of_transcriptions.into_iter().map(|check| Check {
            found: format!("for transcriptions: {}", check.found),
            ..check
        }));
    }
    Ok(checks)
}

/// A client that asks one question.
fn settings(provider: ProviderKind, base_url: Option<&Url>, model: &str) -> ClientSettings {
    ClientSettings {
        provider,
        base_url: outside::address(base_url, provider),
        model: model.to_owned(),
        authorization: Authorization::None,
        headers: ExtraHeaders::default(),
        unencrypted_key: false,
        concurrency: NonZeroUsize::MIN,
        requests_per_minute: None,
        tokens_per_minute: None,
        context_tokens: None,
        timeout: PATIENCE,
        first_wait: Duration::ZERO,
    }
}

async fn endpoint(
    globals: &Globals,
    settings: ClientSettings,
    authorization: Authorization,
    named: Option<&str>,
) -> Result<Vec<Check>, Failure> {
    let variable = named.or(settings.provider.default_key_variable());
    let key = match &authorization {
        Authorization::None => Key::NotWanted,
        Authorization::Key(_) => Key::Variable(variable.unwrap_or_default().to_owned()),
        Authorization::Command(command) => Key::Command(command.program.display().to_string()),
        Authorization::Missing { variable } => Key::Missing(variable.clone()),
    };
    let wanted = CheckedEndpoint {
        provider: settings.provider,
        address: &settings.base_url.clone(),
        model: &settings.model.clone(),
        context_tokens: settings.context_tokens.map(|tokens| tokens.get().into()),
        key,
    };
    let settings = ClientSettings {
        // Whether the endpoint is there can be found out without a key.
        authorization: match authorization {
            Authorization::Missing { .. } => Authorization::None,
            given => given,
        },
        ..settings
    };
    let client = Client::new(settings).map_err(|error| Failure::run(error, None::<String>))?;
    let client = Some(&client).filter(|_| !globals.offline);
    Ok(endpoint::checks(&wanted, client).await)
}

/// The report for people: a line a check, and below it how to mend what is not fine.
fn format_report(checks: &[Check], verbosity: Verbosity) -> String {
    let mut text = String::new();
    let is_shown =
        |check: &&Check| check.verdict >= Verdict::Advice || verbosity > Verbosity::Quiet;
    for check in checks.iter().filter(is_shown) {
        let (symbol, word, style) = match check.verdict {
            Verdict::NotChecked => ("-", "not checked", Style::new().dim()),
            Verdict::Fine => ("✓", "fine", Style::new().green()),
            Verdict::Advice => ("!", "advice", Style::new().yellow()),
            Verdict::Broken => ("✗", "broken", Style::new().red().bold()),
        };
        let verdict = style.apply_to(format!("{symbol} {word:<11}"));
        let name = check.name.as_str();
        let _ = writeln!(text, "{verdict}  {name:<11}  {}", presentable(&check.found));
        if let Some(mend) = &check.mend {
            let _ = writeln!(text, "{:28}→ {}", "", presentable(mend));
        }
    }
    let count = |verdict| {
        checks
            .iter()
            .filter(|check| check.verdict == verdict)
            .count()
    };
    let (broken, advice) = (count(Verdict::Broken), count(Verdict::Advice));
    if verbosity > Verbosity::Quiet {
        let _ = writeln!(text, "{broken} broken, {advice} with advice");
    }
    text
}
